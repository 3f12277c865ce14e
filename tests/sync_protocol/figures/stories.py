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
    told = Telling(story)
    told.reception()
    told.papers()
    told.course()
    return told.events


class Telling:
    """Tells one story, act by act, in lanes that hold."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.events: list[Event] = []
        self._node, self._inc = NodeId(f"n{story.office}a"), Incarnation(story.number.to_bytes(16, "big"))
        self._rid = RecordId(story.number.to_bytes(16, "big"))
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._hlc = 1
        self._received_ms = at(story.received, story.of_day_ms)
        self._office, self._mover = OfficeCode(story.office), OfficeCode(story.custodian)
        parts = len(story.coded) + story.reused + story.exempt + story.open_parts
        self._plans = tuple(b.PlannedComponent(ComponentId(bytes([n + 1]) * 16), "gks", "Giấy") for n in range(parts))

    def reception(self) -> None:
        """The dossier is received with its planned papers."""
        story = self.story
        self._add(
            b.DossierReceived(
                code=f"{story.office}-{story.number}", procedure="1.014166", channel=story.channel, office=self._office,  # type: ignore[arg-type]
                applicant=b.Party(kind="person", name="Vũ Thị Ẩn"), received_ms=self._received_ms, officer="cb01",
                due_date=story.due.isoformat() if story.due else "", components=self._plans,
            )
        )  # fmt: skip

    def papers(self) -> None:
        """Some are captured and coded, some reused, some exempt; the others stay open."""
        story, coded = self.story, len(self.story.coded)
        for n, plan in enumerate(self._plans[coded : coded + story.reused + story.exempt]):
            decision = "reused" if n < story.reused else "exempt"
            self._add(
                b.ComponentDeclared(component_id=plan.component_id, document_type="gks", name="Giấy", decision=decision)  # type: ignore[arg-type]
            )
        for n, day in enumerate(story.coded):
            document = DocumentId(bytes([n + 65]) * 16)
            self._add(
                b.CopyCaptured(
                    component_id=self._plans[n].component_id, document_id=document, pdf=bytes([n]) * 32, pdf_size=1, pages=1, images=1,  # type: ignore[arg-type]
                    officer="cb01", signer_name="x", captured_ms=self._received_ms,
                )
            )  # fmt: skip
            self._add(
                b.DocumentCoded(document_id=document, owner="", procedure="", document_type="gks", number_symbol="", code="x"),
                when_ms=at(day),
            )  # fmt: skip

    def course(self) -> None:
        """Custody, supplement, and how it ended."""
        story = self.story
        if story.taken_by:
            body = b.CustodyGranted(office=self._mover, fence=1, previous_office=self._office, reason="x", officer="cb02")
            self._add(body, who=HUB_NODE)
        self._move("hand_over", story.received)
        self._move("take_up", story.received)
        if story.asked:
            self._move("ask_supplement", story.asked)
            if story.completed:
                self._move("complete_supplement", story.completed, story.new_due)
        if story.ended and story.outcome in ("granted", "refused"):
            self._add(
                b.DecisionMade(outcome=story.outcome, office=self._mover, officer="cb02", decided_ms=at(story.ended), reason="x"),  # type: ignore[arg-type]
                when_ms=at(story.ended), fence=self._fence,
            )  # fmt: skip
        elif story.ended:
            self._move({"stopped": "stop", "withdrawn": "withdraw"}[story.outcome], story.ended)

    def reopening(self, day: dt.date, due: str) -> None:
        """What ended is taken up again."""
        body = b.DecisionReopened(office=self._mover, officer="ld", reason="x", at_ms=at(day), new_due_date=due)
        self._add(body, when_ms=at(day), fence=self._fence)

    @property
    def _fence(self) -> int:
        return 1 if self.story.taken_by else 0

    def _move(self, name: str, day: dt.date, due: dt.date | None = None) -> None:
        new_due = due.isoformat() if due else ""
        self._add(
            b.StatusMoved(move=name, office=self._mover, officer="cb02", at_ms=at(day), new_due_date=new_due),
            when_ms=at(day), fence=self._fence,
        )  # fmt: skip

    def _add(
        self, body: object, *, who: NodeId | None = None, when_ms: int | None = None, fence: int | None = None
    ) -> None:
        """The next act of a lane; without a time it was at the reception."""
        who = who or self._node
        self._hlc = max(self._hlc + 1, (self._received_ms if when_ms is None else when_ms) << 16)
        seq, prev = self._heads.get(who, (0, GENESIS))
        event = make_event(
            node=who, inc=self._inc, seq=seq + 1, prev=prev, type=b.TYPE_OF_BODY[type(body)], tv=1, rid=self._rid, hlc=self._hlc,  # type: ignore[index,arg-type]
            actor="cb01", body=b.encode_body(body), base=(), fence=fence,  # type: ignore[arg-type]
        )  # fmt: skip
        self._heads[who] = (seq + 1, event.id)
        self.events.append(event)


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
