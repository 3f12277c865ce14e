"""What is said of one paper from the desk to its code: declared, captured, read, confirmed, coded, signed, withdrawn, revoked, and kept all the same.

Source: QĐ 1333/QĐ-BHXH Điều 4–10.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.limits import Natural


class ReuseSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where already existing data was found."""

    rid: RecordId
    document_id: DocumentId
    code: str = ""


class ComponentDeclared(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What happens with one component, and by which rule (Điều 4, 5; R-6, R-9, R-18)."""

    component_id: ComponentId
    document_type: str
    name: str
    decision: Literal["digitize", "reused", "presented_only", "exempt", "waived"]
    submitted_form: str = "original"
    rule: str = ""
    reason: str = ""
    decided_by: str = ""
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()
    reuse_check: Literal["", "local_only", "full"] = ""
    source: ReuseSource | None = None
    is_supplement: bool = False
    office: OfficeCode = OfficeCode("")


class CopyCaptured(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One component became one signed file (Điều 8; R-19…R-26). `pdf` is the file as the officer signed it."""

    component_id: ComponentId
    document_id: DocumentId
    pdf: BlobDigest
    pdf_size: Natural
    pages: int
    images: int
    note_images: int = 0
    profile: str = ""
    officer: str
    signer_name: str
    certificate: bytes = b""  # SHA-256 of the signing certificate
    captured_ms: int
    warnings: tuple[str, ...] = ()
    text_found: bool = False


class FieldReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One machine reading of one field: a proposal, never data (P1). Box in px at the page's dpi, origin top-left.

    `first` and `second` are the two readers' strings, `first` empty where it is `value` letter for letter; `grammar` is empty in
    events from before it was recorded. A cell of a list is a field too (table_rows.py).
    """

    field: str
    value: str
    source: Literal["ocr", "qr"] = "ocr"
    second: str = ""
    score: float = 0.0
    page: int = 0
    box: tuple[int, int, int, int] | None = None
    trust: Literal["agrees", "check", "unreadable"] = "check"
    reason: str = ""
    first: str = ""
    grammar: Literal["", "holds", "broken"] = ""


class ReadingRecorded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the readers proposed for one document; a long list is told in several of these, which add up."""

    document_id: DocumentId
    reader: str
    dpi: int
    document_type: str = ""
    values: tuple[FieldReading, ...] = ()


class ConfirmedValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value a person stands for. `source` says where it came from before the person agreed."""

    field: str
    value: str
    source: Literal["ocr", "qr", "typed", "reused"] = "typed"
    changed: bool = False
    unreadable: bool = False


class MetadataConfirmed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A person confirmed fields a–l. The resolving officer is accountable (Điều 9.3, R-29), reception pre-fills.

    A long list is confirmed in several of these with the same base.
    """

    document_id: DocumentId
    role: Literal["intake", "resolving"]
    officer: str
    values: tuple[ConfirmedValue, ...]
    confirmed_ms: int


class DocumentCoded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The digitization-result code as its parts (Điều 10; A.6: never split on dots, never a key)."""

    document_id: DocumentId
    owner: str
    procedure: str
    document_type: str
    number_symbol: str
    code: str
    is_result: bool = False


class RecordSigned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The metadata record's canonical bytes and the officer's detached CAdES signature over them."""

    document_id: DocumentId
    record: bytes
    signature: bytes
    signer_name: str


class ComponentWithdrawn(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A component was taken back, with its reason; the file stays. `office` is "" in what older programs wrote."""

    component_id: ComponentId
    reason: str
    officer: str
    office: OfficeCode = OfficeCode("")


class Revoked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A paper was revoked by its authority; beats every later edit (D.4, merge_revoked.py)."""

    document_id: DocumentId
    authority: OfficeCode
    reason: str
    officer: str
    at_ms: int


class SourceRevoked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A paper that this dossier reuses was revoked, in the dossier `source` where it lies (D.4).

    Said by the hub, and by the revoking office itself in the dossiers that it has in its own hands: without a line nobody else would. `office` is
    who says it, "" for the hub; the rest is what the revocation said.
    """

    source: RecordId
    document_id: DocumentId
    authority: OfficeCode
    officer: str
    reason: str
    at_ms: int
    office: OfficeCode = OfficeCode("")


class ReuseKept(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The resolving officer looked at a reuse whose paper was revoked and lets it stand (D.4). `case` is the id of what was open (merge_reuse.py)."""

    case: bytes
    component_id: ComponentId
    reason: str
    officer: str
    office: OfficeCode
    at_ms: int
