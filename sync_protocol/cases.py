"""What in a dossier waits for a person: moves without effect, values in dispute, pairs that may be one, reuses of a revoked paper; each with what was said of it.

They are parts of the view (view.py) and are folded anew with it. Each has an id that is the same on every replica, so one word closes it everywhere.

Source: design.md §5; domain.md D.2–D.5, D.10.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.bodies import ReuseSource
from sync_protocol.ids import ActId, ComponentId, DocumentId, EventId, NodeId, OfficeCode, RecordId


class Proposal(msgspec.Struct, frozen=True, array_like=True):
    """A move that was not effective: late, without the fence, or illegal from the state it met. Kept for a person.

    `settled` is empty while nobody who may has said anything: "accepted" where the same move was made again naming this one, "dismissed" where the
    custodian let it stand. Times are UTC ms by the actor's clock. A revocation by an office that had no right to it is one, too (`move` "revoke", of `document_id`).
    """

    act: ActId
    move: str
    office: OfficeCode
    officer: str
    reason: str
    at_ms: int = 0
    settled: Literal["", "accepted", "dismissed"] = ""
    settled_office: OfficeCode = OfficeCode("")
    settled_officer: str = ""
    settled_ms: int = 0
    settled_reason: str = ""
    document_id: DocumentId | None = None

    @property
    def is_supplement(self) -> bool:
        """No move, but a supplement that whoever ended the dossier did not know of: it proposes to reopen it (merge_late.py)."""
        return self.reason in ("supplement_before", "supplement_after")


class Judgement(msgspec.Struct, frozen=True, array_like=True):
    """What one person said of a pair. `act` is the same in both dossiers; `is_copy` says that the hub carried it here from the other one.

    `base` are the judgements that were seen, `office` is "" for the hub's own officers and for what older programs wrote.
    """

    act: ActId
    same: bool
    officer: str
    office: OfficeCode
    node: NodeId
    hlc: int
    base: tuple[EventId, ...] = ()
    is_copy: bool = False
    reissue: bool = False  # not the same: one was issued again in the other's place

    @property
    def word(self) -> str:
        """What it says of the pair."""
        return "same" if self.same else "reissue" if self.reissue else "not_same"


class Suspicion(msgspec.Struct, frozen=True, array_like=True):
    """A possible duplicate that a person must judge, with what was said of it.

    `judged` is empty while nobody judged, and again where people who did not know of each other said different things.
    """

    kind: Literal["dossier", "document", "code"]
    other_rid: RecordId
    other_office: OfficeCode
    tier: int
    key: str
    judged: str = ""  # "", "same", "not_same", "reissue"
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None
    judgements: tuple[Judgement, ...] = ()
    since_ms: int = 0  # when the hub first wrote it down, UTC
    lead: RecordId | None = None  # of two dossiers under one code the one that keeps it

    @property
    def heads(self) -> tuple[Judgement, ...]:
        """The judgements that no later one has seen: what a new one must name as its base."""
        seen = {one for judgement in self.judgements for one in judgement.base if one != judgement.act}
        return tuple(one for one in self.judgements if one.act not in seen)


class ConflictView(msgspec.Struct, frozen=True, array_like=True):
    """An open register: at least two values that no person has settled."""

    id: bytes
    field: str
    document_id: DocumentId | None
    values: tuple[str, ...]


class RevokedReuse(msgspec.Struct, frozen=True, array_like=True):
    """A component whose reused paper was revoked in its own dossier: by whom, why and when (UTC ms), and who keeps it all the same."""

    id: bytes
    component_id: ComponentId
    source: ReuseSource
    office: OfficeCode
    officer: str
    reason: str
    at_ms: int
    since_ms: int  # when this dossier was told
    kept_office: OfficeCode = OfficeCode("")
    kept_by: str = ""
    kept_reason: str = ""
    kept_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Nobody has decided."""
        return not self.kept_reason
