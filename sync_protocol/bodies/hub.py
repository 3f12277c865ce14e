"""What only the hub says, in its own lane."""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.bodies.reception import Party
from sync_protocol.ids import ActId, BlobDigest, DocumentId, EventId, NodeId, OfficeCode, RecordId
from sync_protocol.limits import Natural


class CustodyGranted(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: from here on this office alone may move the dossier's state.

    `until` are the lane heads the hub held when it granted: a move under the previous fence counts only up to them.
    """

    office: OfficeCode
    fence: int
    previous_office: OfficeCode
    reason: str
    officer: str
    until: tuple[tuple[NodeId, bytes, int], ...] = ()


class CurrentCopy(msgspec.Struct, frozen=True, array_like=True):
    """Which digitization of a paper is current, and where it lies. Of several words the highest `turn` counts (merge_current.py)."""

    rid: RecordId
    document_id: DocumentId
    office: OfficeCode
    turn: Natural


class DuplicateSuspected(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: the same procedure for the same person, the same paper or the same printed code exists elsewhere (D.1, D.5, D.10).

    `lead` is the one of two dossiers under one code that was received first and keeps it; None from older programs, and for other kinds.
    `current` is said of papers that people called one, each time that it changes; the pair itself is known by then.
    """

    kind: Literal["dossier", "document", "code"]
    other_rid: RecordId
    other_office: OfficeCode
    tier: int
    key: str = ""
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None
    lead: RecordId | None = None
    current: CurrentCopy | None = None


class BodyErased(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: by lawful order the body of one act is dropped everywhere, with every copy of it; headers and chains stay.

    `order` is the number of the written order, `reason` its ground without personal data. `act` and `body_hash` recognise the body wherever
    it turns up later; `kept` is what of it may stay (erasure.py), `asked_by` and the header's actor are the two people who stand for it.
    """

    event: EventId
    order: str
    act: ActId = ActId(EventId(b""))
    body_hash: bytes = b""
    reason: str = ""
    asked_by: str = ""
    kept: bytes = b""


class DocumentExamined(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: a received file was judged by the rules of acceptance; only the newest word about a file counts.

    `document_id` is empty for a slip. `codes` are the reasons of a quarantine; `level` says how long the proof lasts: `B-B`
    as long as the certificates, `B-LTA` with validation data and a time stamp.
    """

    document_id: DocumentId
    pdf: BlobDigest
    verdict: Literal["accepted", "quarantined"]
    codes: tuple[str, ...] = ()
    level: Literal["", "B-B", "B-LTA"] = ""


class ApplicationArrived(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: a person applied online and the competent office has not looked yet; no promise, no code, no clock (portal state 1).

    `number` is the portal's own number, `papers` the names of what lies there. An office answers by receiving the dossier, asking for a
    supplement or refusing, under the same record id. As it names a person, it may be erased by order like the acts of offices.
    """

    number: str
    procedure: str
    office: OfficeCode
    applicant: Party
    submitted_ms: Natural
    papers: tuple[str, ...] = ()
    note: str = ""


class AccountChecked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: what the population database says of an applicant whose account could not be asked for at the desk (Điều 13.2).

    `absent`: no activated account; `mismatch`: number, name and birth date do not belong together. It decides nothing by itself.
    """

    outcome: Literal["exists", "absent", "mismatch"]
    at_ms: Natural
