"""Hostile copies: files that somebody made to be believed, generated afresh from a genuine one.

Each maker takes the world (authority, genuine copy) and returns the bytes. `CASES` says what the verifier must answer.
"""

from __future__ import annotations

from tests.sync_protocol.adapters.verification.hostile_copies.case import Case, expectation
from tests.sync_protocol.adapters.verification.hostile_copies.table import CASES
from tests.sync_protocol.adapters.verification.hostile_copies.ways import signed_by

__all__ = ["CASES", "Case", "expectation", "signed_by"]
