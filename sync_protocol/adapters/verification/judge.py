"""The verifier inside the sandbox: bytes in, bytes out.

The sandbox's allow list names these two functions; their arguments are what `copy_arguments` and `record_arguments` make.
Importing this module loads pyHanko whole: before the filter closes, and once for all files that a stem will judge.
"""

from __future__ import annotations

import importlib
from typing import Any

import msgspec

from sync_protocol.adapters.verification.task import CopyArguments, RecordArguments
from sync_protocol.adapters.verification.verify import verify_copy, verify_record
from sync_protocol.adapters.verification.zone import load_validation

load_validation()
for _needed in (
    "asn1crypto.cms",
    "cryptography.hazmat.backends.openssl.backend",
    "lxml.etree",
    "pikepdf",
    "pyhanko.pdf_utils.filters",
    "pyhanko.sign.validation.dss",
    "sync_protocol.adapters.verification.signatures",
):
    importlib.import_module(_needed)


def judge_copy(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Judge a copy inside the sandbox; the answer is read with `read_report`."""
    told = msgspec.convert(arguments, CopyArguments)
    return msgspec.msgpack.encode(
        verify_copy(payload, trust=told.trust, expected=told.expected, now=told.now, proven_at=told.proven_at)
    )


def judge_record(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Judge a record inside the sandbox; the answer is read with `read_report`."""
    told = msgspec.convert(arguments, RecordArguments)
    return msgspec.msgpack.encode(
        verify_record(payload, told.p7s, told.trust, told.now, signers=told.signers, proven_at=told.proven_at)
    )
