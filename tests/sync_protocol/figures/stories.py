"""Stories: dossiers told in plain days, as events, and as figures counted one by one without any of the product's counting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, HUB_NODE, ComponentId, DocumentId, Incarnation, NodeId, OfficeCode, RecordId

DAY_MS = 86_400_000
VIETNAM_MS = 7 * 3_600_000
FIRST = dt.date(2020, 12, 1)
EPOCH = dt.date(1970, 1, 1)
BOUNDS_MS = (0, 1, DAY_MS - 1, DAY_MS - 1000, DAY_MS // 2)  # of a Vietnam day: 00:00:00 … 23:59:59.999


def at(day: dt.date, of_day_ms: int = DAY_MS // 2) -> int:
    """Milliseconds UTC of a time of a Vietnam day."""
    return (day - EPOCH).days * DAY_MS + of_day_ms - VIETNAM_MS


@dataclass(frozen=True)
class Story:
    """One dossier. Days are Vietnam days; None: it did not happen."""

    number: int
    office: str
    received: dt.date
    of_day_ms: int
    due: dt.date | None
    channel: str
    asked: dt.date | None = None
    completed: dt.date | None = None
    new_due: dt.date | None = None
    ended: dt.date | None = None
    outcome: str = ""
    taken_by: str = ""
    coded: tuple[dt.date, ...] = ()
    reused: int = 0
    exempt: int = 0
    open_parts: int = 0

    @property
    def custodian(self) -> str:
        return self.taken_by or self.office

    def overdue_on(self, day: dt.date) -> bool:
        """Whether it is overdue at the end of a day: looked at day by day, by what was known on that day."""
        if day < self.received or (self.ended and self.ended <= day) or self.waiting_on(day):
            return False
        promised = (self.new_due or self.due) if self.completed and self.completed <= day else self.due
        return promised is not None and promised < day

    def waiting_on(self, day: dt.date) -> bool:
        if not self.asked or self.asked > day:
            return False
        until = self.completed or self.ended
        return until is None or until > day

    @property
    def last_due(self) -> dt.date | None:
        return self.new_due if self.completed and self.new_due else self.due


def events_of(story: Story) -> list[Event]:
    """The story as events of one node, and of the hub where another office takes it over."""
    node, inc = NodeId(f"n{story.office}a"), Incarnation(story.number.to_bytes(16, "big"))
    rid = RecordId(story.number.to_bytes(16, "big"))
    events: list[Event] = []
    heads: dict[str, tuple[int, bytes]] = {}
    hlc = 1

    def add(body: object, who: NodeId = node, when_ms: int = 0, fence: int | None = None) -> None:
        nonlocal hlc
        hlc = max(hlc + 1, when_ms << 16)
        seq, prev = heads.get(who, (0, GENESIS))
        event = make_event(
            node=who, inc=inc, seq=seq + 1, prev=prev, type=b.TYPE_OF_BODY[type(body)], tv=1, rid=rid, hlc=hlc, actor="cb01",  # type: ignore[index,arg-type]
            body=b.encode_body(body), base=(), fence=fence,  # type: ignore[arg-type]
        )  # fmt: skip
        heads[who] = (seq + 1, event.id)
        events.append(event)

    parts = len(story.coded) + story.reused + story.exempt + story.open_parts
    plans = tuple(b.PlannedComponent(ComponentId(bytes([n + 1]) * 16), "gks", "Giấy") for n in range(parts))
    received_ms = at(story.received, story.of_day_ms)
    office, mover = OfficeCode(story.office), OfficeCode(story.custodian)
    add(
        b.DossierReceived(
            code=f"{story.office}-{story.number}", procedure="1.014166", channel=story.channel, office=office,  # type: ignore[arg-type]
            applicant=b.Party(kind="person", name="Vũ Thị Ẩn"), received_ms=received_ms, officer="cb01",
            due_date=story.due.isoformat() if story.due else "", components=plans,
        ), when_ms=received_ms,
    )  # fmt: skip
    for n, plan in enumerate(plans[len(story.coded) : len(story.coded) + story.reused + story.exempt]):
        decision = "reused" if n < story.reused else "exempt"
        add(
            b.ComponentDeclared(component_id=plan.component_id, document_type="gks", name="Giấy", decision=decision),
            when_ms=received_ms,
        )  # type: ignore[arg-type]
    for n, day in enumerate(story.coded):
        document = DocumentId(bytes([n + 65]) * 16)
        add(
            b.CopyCaptured(
                component_id=plans[n].component_id, document_id=document, pdf=bytes([n]) * 32, pdf_size=1, pages=1, images=1,  # type: ignore[arg-type]
                officer="cb01", signer_name="x", captured_ms=received_ms,
            ), when_ms=received_ms,
        )  # fmt: skip
        add(
            b.DocumentCoded(
                document_id=document, owner="", procedure="", document_type="gks", number_symbol="", code="x"
            ),
            when_ms=at(day),
        )
    fence = 0
    if story.taken_by:
        fence = 1
        add(
            b.CustodyGranted(office=mover, fence=1, previous_office=office, reason="x", officer="cb02"),
            HUB_NODE,
            received_ms,
        )

    def move(name: str, day: dt.date, due: dt.date | None = None) -> None:
        add(
            b.StatusMoved(move=name, office=mover, officer="cb02", at_ms=at(day), new_due_date=due.isoformat() if due else ""),
            when_ms=at(day), fence=fence,
        )  # fmt: skip

    move("hand_over", story.received)
    move("take_up", story.received)
    if story.asked:
        move("ask_supplement", story.asked)
        if story.completed:
            move("complete_supplement", story.completed, story.new_due)
    if story.ended and story.outcome in ("granted", "refused"):
        add(
            b.DecisionMade(outcome=story.outcome, office=mover, officer="cb02", decided_ms=at(story.ended), reason="x"),  # type: ignore[arg-type]
            when_ms=at(story.ended), fence=fence,
        )  # fmt: skip
    elif story.ended:
        move({"stopped": "stop", "withdrawn": "withdraw"}[story.outcome], story.ended)
    return events


@st.composite
def stories(draw: st.DrawFn, number: int = 1) -> Story:
    """One plausible dossier, with receptions on the very bounds of a day and months around the 15th."""
    near = draw(
        st.sampled_from([dt.date(2020, 12, 15), dt.date(2021, 3, 15), dt.date(2021, 6, 15), dt.date(2021, 9, 15)])
    )
    received = near + dt.timedelta(days=draw(st.sampled_from([-40, -2, -1, 0, 1, 20])))
    step = st.integers(0, 45)
    due = received + dt.timedelta(days=draw(step)) if draw(st.integers(0, 9)) else None
    asked = received + dt.timedelta(days=draw(step)) if draw(st.booleans()) else None
    completed = asked + dt.timedelta(days=draw(step)) if asked and draw(st.booleans()) else None
    new_due = completed + dt.timedelta(days=draw(step)) if completed and draw(st.booleans()) else None
    outcome = draw(st.sampled_from(["", "granted", "granted", "refused", "stopped", "withdrawn"]))
    waits = asked is not None and completed is None
    if waits and outcome == "granted":
        outcome = "refused"  # a result needs the missing papers
    ended = (completed or asked or received) + dt.timedelta(days=draw(step)) if outcome else None
    office = draw(st.sampled_from(["00101", "03401", "03402"]))
    return Story(
        number=number, office=office, received=received, of_day_ms=draw(st.sampled_from(BOUNDS_MS)), due=due,
        channel=draw(st.sampled_from(["in_person", "online", "postal"])), asked=asked, completed=completed, new_due=new_due, ended=ended,
        outcome=outcome, taken_by=draw(st.sampled_from(["", "", "00102"])),
        coded=tuple(received + dt.timedelta(days=n) for n in sorted(draw(st.lists(st.integers(0, 40), max_size=2)))),
        reused=draw(st.integers(0, 1)), exempt=draw(st.integers(0, 1)), open_parts=draw(st.integers(0, 1)),
    )  # fmt: skip


def counted(told: list[Story], start: dt.date, end: dt.date) -> dict[str, int]:
    """The figures of the days `start` … `end`, by looking at each story."""

    def within(day: dt.date | None) -> bool:
        return day is not None and start <= day <= end

    ended = [one for one in told if within(one.ended) and one.outcome in ("granted", "refused")]
    cohort = [one for one in told if within(one.received)]
    timely = [
        one
        for one in cohort
        if one.ended
        and one.ended <= end
        and one.outcome in ("granted", "refused")
        and one.last_due
        and one.ended <= one.last_due
    ]
    open_at = [one for one in told if one.received <= end and not (one.ended and one.ended <= end)]
    return {
        "received": len(cohort),
        "received_online": sum(one.channel == "online" for one in cohort),
        "received_elsewhere": sum(bool(one.taken_by) for one in cohort),
        "carried_over": sum(one.received < start and not (one.ended and one.ended < start) for one in told),
        "finished_early": sum(bool(one.last_due and one.ended and one.ended < one.last_due) for one in ended),
        "finished_on_time": sum(one.ended == one.last_due for one in ended),
        "finished_late": sum(bool(one.last_due and one.ended and one.ended > one.last_due) for one in ended),
        "finished_without_limit": sum(one.last_due is None for one in ended),
        "refused": sum(one.outcome == "refused" for one in ended),
        "closed": sum(within(one.ended) and one.outcome in ("stopped", "withdrawn") for one in told),
        "in_progress": len(open_at),
        "overdue": sum(one.overdue_on(end) for one in told),
        "waiting": sum(one.waiting_on(end) for one in told),
        "cohort": len(cohort),
        "cohort_timely": len(timely),
        "cohort_components_due": sum(len(one.coded) + one.reused + one.open_parts for one in cohort),
        "cohort_components_digitized": sum(day <= end for one in cohort for day in one.coded),
        "cohort_components_reused": sum(one.reused for one in cohort),
        "results": sum(one.outcome == "granted" for one in ended),
    }
