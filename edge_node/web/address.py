"""Identifiers in addresses: hexadecimal, never a name, a number of a person, or a dossier code."""

from __future__ import annotations

from edge_node.web.errors import AddressUnreadable
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, RecordId


def record_id(text: str) -> RecordId:
    """A dossier's id. Raises AddressUnreadable."""
    return RecordId(_bytes(text, 16))


def component_id(text: str) -> ComponentId:
    """A component's id. Raises AddressUnreadable."""
    return ComponentId(_bytes(text, 16))


def document_id(text: str) -> DocumentId:
    """A paper's id. Raises AddressUnreadable."""
    return DocumentId(_bytes(text, 16))


def blob_digest(text: str) -> BlobDigest:
    """A file's digest. Raises AddressUnreadable."""
    return BlobDigest(_bytes(text, 32))


def job_id(text: str) -> bytes:
    """A capture job's id. Raises AddressUnreadable."""
    return _bytes(text, 16)


def pile_id(text: str) -> bytes:
    """The id of a pile or a file of the tray. Raises AddressUnreadable."""
    return _bytes(text, 16)


def _bytes(text: str, length: int) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise AddressUnreadable() from error
    if len(raw) != length:
        raise AddressUnreadable()
    return raw
