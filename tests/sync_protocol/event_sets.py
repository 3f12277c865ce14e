"""Random but valid histories of one dossier: several nodes, the hub, registers with bases, grants, unknown types, erased bodies, re-issues."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

import msgspec
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import (
    GENESIS,
    HUB_NODE,
    ActId,
    BlobDigest,
    ComponentId,
    DocumentId,
    EventId,
    Incarnation,
    NodeId,
    OfficeCode,
    RecordId,
)

RID = RecordId(bytes(15) + b"\x01")
OTHER = RecordId(bytes(15) + b"\x02")
OFFICES = {"n00101a": "00101", "n00101b": "00101", "n03401a": "03401"}
NODES = tuple(OFFICES)
NAMES = ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA", "Nguyễn Thị Hoa", "Trần Văn Ẵm")
MOVES = (
    "hand_over",
    "take_up",
    "consult",
    "answer",
    "extend",
    "ask_supplement",
    "complete_supplement",
    "stop",
    "nhảy cóc",
)


class History:
    """Grows lanes event by event; `events` is everything anybody ever signed."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.heads: dict[tuple[str, bytes], tuple[int, EventId]] = {}
        self.incs: dict[str, int] = {}
        self.fence = 0
        self.custodian = "00101"

    def inc(self, node: str) -> Incarnation:
        """The node's present incarnation."""
        return Incarnation(hashlib.sha256(f"{node}/{self.incs.get(node, 0)}".encode()).digest()[:16])

    def add(
        self, node: str, hlc: int, body: msgspec.Struct | bytes, *, type: str = "", base: tuple[ActId, ...] = (),
        fence: int | None = None, erased: bool = False,
    ) -> Event:  # fmt: skip
        """Append one event to the node's present lane."""
        raw = body if isinstance(body, bytes) else b.encode_body(body)
        name = type or _type_of(body)
        event = self._place(node, hlc, name, raw, base, fence)
        if erased:
            event = msgspec.structs.replace(event, body=None)
        self.events.append(event)
        return event

    def again(self, event: Event) -> Event:
        """The same act under the node's next incarnation."""
        h = event.header
        self.incs[h.node] = self.incs.get(h.node, 0) + 1
        copy = self._place(h.node, h.hlc, h.type, event.body or b"", h.base, h.fence, h.body_hash)
        copy = msgspec.structs.replace(copy, body=event.body)
        self.events.append(copy)
        return copy

    def _place(
        self, node: str, hlc: int, type: str, raw: bytes, base: tuple[EventId, ...], fence: int | None,
        body_hash: bytes | None = None,
    ) -> Event:  # fmt: skip
        inc = self.inc(node)
        seq, prev = self.heads.get((node, inc), (0, GENESIS))
        event = make_event(
            node=NodeId(node), inc=inc, seq=seq + 1, prev=prev, type=type, tv=1, rid=RID, hlc=hlc, actor="cb01", body=raw,
            base=base, fence=fence, body_hash=body_hash,
        )  # fmt: skip
        self.heads[(node, inc)] = (seq + 1, event.id)
        return event


def _type_of(body: msgspec.Struct | bytes) -> str:
    assert isinstance(body, msgspec.Struct), "raw bodies name their type"
    return b.TYPE_OF_BODY[type(body)]


def reception(office: str, name: str) -> b.DossierReceived:
    """A reception with one planned component."""
    return b.DossierReceived(
        code=f"{office}-261122-0001", procedure="1.014166", channel="in_person", office=OfficeCode(office), received_ms=1,
        applicant=b.Party(kind="person", name=name, personal_id="001185012345"), officer="cb01",
        components=(b.PlannedComponent(_component(1), "gks", "Giấy khai sinh"),),
    )  # fmt: skip


def ended(office: str, name: str, outcome: Literal["supplement", "refused"] = "supplement") -> b.IntakeEnded:
    """An intake that ended without acceptance, of the same person and component."""
    received = reception(office, name)
    return b.IntakeEnded(
        outcome=outcome, procedure=received.procedure, channel="in_person", office=received.office, applicant=received.applicant, at_ms=1,
        officer="cb01", components=received.components, missing=(_component(1),), requests=("Giấy khai sinh",),
        reasons=(b.GivenReason("BS-01", "Thiếu giấy tờ"),),
    )  # fmt: skip


def _component(n: int) -> ComponentId:
    return ComponentId(bytes([n]) * 16)


def _document(n: int) -> DocumentId:
    return DocumentId(bytes([0x40 + n]) * 16)


def _digest(n: int) -> BlobDigest:
    return BlobDigest(bytes([n]) * 32)


def _bodies(office: OfficeCode) -> tuple[Callable[[int], msgspec.Struct], ...]:
    return (
        lambda n: b.NoteAdded(text=f"ghi chú {n % 5}", officer="cb01", at_ms=n),
        lambda n: b.IdentityAsserted(field=("name", "birth_date")[n % 2], value=NAMES[n % 4], proof="", officer="cb01"),
        lambda n: b.CopyCaptured(
            component_id=_component(n % 3), document_id=_document(n % 4), pdf=_digest(n % 5), pdf_size=9, pages=1, images=1,
            officer="cb01", signer_name="x", captured_ms=n,
        ),
        lambda n: b.ReadingRecorded(
            document_id=_document(n % 4), reader="r", dpi=300,
            values=(
                b.FieldReading("number_symbol", f"{n % 3}/KS", "ocr"), b.FieldReading("number_symbol", f"{n % 2}/KS", "qr")
            ),
        ),
        lambda n: b.MetadataConfirmed(
            document_id=_document(n % 4), role=("intake", "resolving")[n % 2], officer="cb01",
            values=(b.ConfirmedValue("number_symbol", f"{n % 3}/KS"),), confirmed_ms=n,
        ),
        lambda n: b.DocumentCoded(
            document_id=_document(n % 4), owner="001185012345", procedure="1.014166", document_type="gks",
            number_symbol=f"{n % 3}/KS", code=f"001185012345.{n % 3}",
        ),
        lambda n: b.SlipIssued(form="01", number=f"{n % 3}", pdf=_digest(n % 5), pdf_size=9, officer="cb01", issued_ms=n),
        lambda n: b.StatusMoved(move=MOVES[n % len(MOVES)], office=office, officer="cb01", at_ms=n),
        lambda n: b.DecisionMade(outcome=("granted", "refused", "returned")[n % 3], office=office, officer="cb01", decided_ms=n),
        lambda n: b.ComponentWithdrawn(component_id=_component(n % 3), reason=f"r{n % 3}", officer="cb01"),
        lambda n: b.ComponentDeclared(
            component_id=_component(n % 3), document_type="gks", name="Giấy khai sinh",
            decision=("digitize", "waived")[n % 2], office=office,
        ),
        lambda n: b.AgencySigned(
            document_id=_document(n % 4), pdf=_digest(9), pdf_size=9, prefix=_digest(n % 5), prefix_size=9, form="SAO Y",
            agency="BHXH", office=office, officer="cb01", signed_ms=n,
        ),
        lambda n: b.ResultReturned(office=office, officer="cb01", method="counter", at_ms=n),
        lambda n: b.DuplicateJudged(other_rid=OTHER, same=n % 2 == 0, reason="x", officer="cb01"),
        lambda n: b.Revoked(document_id=_document(n % 4), authority=office, reason="thu hồi", officer="cb01", at_ms=n),
        lambda n: b.ConflictResolved(
            conflict=b"c" * 32, field="name", value=NAMES[n % 4], reason="x", officer="cb01", office=(OfficeCode(""), office)[n % 2]
        ),
        lambda n: b.ConflictResolved(
            conflict=b"c" * 32, field="number_symbol", value=f"{n % 3}/KS", reason="x", officer="cb01", document_id=_document(n % 4), office=office
        ),
        lambda n: b.VersionKept(case=bytes([n % 3]) * 32, procedure="1.014166", version="1", reason="x", office=office, officer="cb01", at_ms=n),
        lambda n: b.ReceiptCorrected(
            received_ms=n, former_ms=1, due_date=f"2026-12-{n % 9 + 1:02d}", reason="x", office=office, officer="cb01", at_ms=n
        ),
        lambda n: b.IdentityAsserted(
            field=("name", "personal_id")[n % 2], value=(NAMES[n % 4], f"00118501{n % 3:04d}")[n % 2], proof="căn cước", officer="cb01", awaits=True,
            former=(NAMES[0], "001185012345")[n % 2],
        ),
        lambda n: ended(office, NAMES[n % 4], ("supplement", "refused")[n % 2]),
        lambda n: msgspec.structs.replace(reception(office, NAMES[n % 4]), code=f"{office}-261122-{n % 3 + 2:04d}"),
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, steps: int = 18) -> History:
    """One dossier's history: a reception, or an intake that ended without one, then anything."""
    history = History()
    begin = draw(st.sampled_from((reception, ended)))
    history.add(NODES[0], 1 << 16, begin("00101", NAMES[0]))
    clock = {node: draw(st.integers(0, 400)) << 16 for node in (*NODES, HUB_NODE)}  # devices disagree
    kinds = len(_bodies(OfficeCode("00101"))) + 5
    for kind, who, n, seen in draw(
        st.lists(
            st.tuples(st.integers(0, kinds - 1), st.integers(0, 2), st.integers(0, 40), st.integers(0, 3)),
            max_size=steps,
        )
    ):
        node = NODES[who]
        clock[node] += (n + 1) << 10
        if kind == 0:
            _grant(history, clock, n, seen)
        elif kind == 1:
            history.add(node, clock[node], b"\xc1 not a body", type="tương lai")
        elif kind == 2:
            history.add(node, clock[node], b.NoteAdded(text="x", officer="cb01", at_ms=n), erased=True)
        elif kind == 3:
            history.again(history.events[n % len(history.events)])
        elif kind == 4:
            clock[HUB_NODE] += (n + 1) << 10
            acts = tuple(act_id(one.header) for one in history.events[-seen:]) if seen else ()
            history.add(HUB_NODE, clock[HUB_NODE], _hub_s(n), base=acts)
        else:
            acts = tuple(act_id(one.header) for one in history.events[-seen:]) if seen else ()
            body = _bodies(OfficeCode(OFFICES[node]))[kind - 5](n)
            history.add(node, clock[node], body, base=acts, fence=n % (history.fence + 1))
    return history


def _hub_s(n: int) -> msgspec.Struct:
    """What two people at the hub say of a person."""
    if n % 2:
        return b.IdentityAsserted(field="name", value=NAMES[n % 4], proof="x", officer="lan+minh")
    return b.ConflictResolved(conflict=b"c" * 32, field="name", value=NAMES[n % 4], reason="x", officer="lan+minh")


def _grant(history: History, clock: dict[str, int], n: int, seen: int) -> None:
    """The hub moves custody; some of the moves under the old fence are then late."""
    office = ("00101", "03401")[n % 2]
    clock[HUB_NODE] += 1 << 16
    until = tuple((NodeId(node), inc, max(0, seq - seen)) for (node, inc), (seq, _) in sorted(history.heads.items()))
    history.fence += 1
    body = b.CustodyGranted(
        office=OfficeCode(office), fence=history.fence, previous_office=OfficeCode(history.custodian), reason="x", officer="cb02",
        until=until,
    )  # fmt: skip
    history.custodian = office
    history.add(HUB_NODE, clock[HUB_NODE], body)
