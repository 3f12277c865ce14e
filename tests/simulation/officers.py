"""What officers do: receive, note, correct names, settle conflicts, move dossiers, look up, take over. Each act that was shown as saved is remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import apsw
import msgspec

from edge_node.intake.errors import NoNumbers
from edge_node.letting_go.tombstones import knows_exits
from edge_node.store.ledger import Act, Draft, own_lane
from edge_node.store.node_store import read_number, write_number
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.storage_errors import StorageProblem
from sync_protocol.bodies import (
    ConflictResolved,
    DossierReceived,
    ExitAsked,
    IdentityAsserted,
    NoteAdded,
    Party,
    StatusMoved,
)
from sync_protocol.clock import tick
from sync_protocol.envelope import Event, Header, make_event
from sync_protocol.ids import ActId, OfficeCode, RecordId
from sync_protocol.lifecycle import DossierMove, DossierState, moves_from
from sync_protocol.messages import OpenRecord, Purpose, TakeCustody
from sync_protocol.view import DossierView
from tests.simulation import papers
from tests.simulation.node import SimNode, Work
from tests.simulation.stores import Crashed
from tests.simulation.world import World

NAMES = ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA", "Nguyễn Thị Hoa", "Trần Văn Ẵm")
UNKNOWN_TYPE = "tương lai"


class Officers:
    """All officers of a world. `truth` is what anybody was shown as saved: act → node."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.truth: dict[ActId, SimNode] = {}
        self.codes: dict[str, Header] = {}  # who printed it first
        self.rids: list[RecordId] = []
        # Two cases that nothing can prevent, only show (domain.md D.10): an incarnation that two disks believe to be theirs until the
        # hub tells them, and a block that both the node and the hub forgot in a restore
        # (a hub that does not know of its restore grants it to whoever asks before somebody reminds it).
        self.shared: set[bytes] = set()
        self.forgetful: set[str] = set()
        self.broken: list[str] = []

    def work(self, node: SimNode) -> None:
        """One thing at one desk."""
        self._work(node, self._act)

    def let_go(self, nodes: Sequence[SimNode]) -> None:
        """Somewhere an officer lets a dossier go, mostly one that the office only follows; or looks one up, or takes it over, so that there is one."""
        chance, roll = self.world.leaving, self.world.leaving.random()
        nodes = [one for one in chance.sample(nodes, len(nodes)) if one.is_up and not one.store.hides]
        if roll < 0.5:
            for node in nodes[:1] if self.rids else ():
                if node.state.phase == "open":
                    node.start_work(self._ask(node, chance.choice(self.rids), roll < 0.15))
            return
        for node in nodes:
            views = node.store.readers.run(lambda c: projection.newest(c, 30) if knows_exits(c) else [])
            chosen = [one for one in views if _only_follows(node.office, one)] or (views if chance.random() < 0.03 else [])
            if chosen:
                self._work(node, partial(self._let_go, rid=chance.choice(chosen).rid))
                return

    def do(self, node: SimNode, what: Callable[[SimNode], Sequence[Event]]) -> None:
        """One act of another room at one desk, with its crashes and refusals."""
        self._work(node, what)

    def _let_go(self, node: SimNode, rid: RecordId) -> Sequence[Event]:
        self.world.counters["leaving"] += 1
        body = ExitAsked(office=node.office, reason="looked_up", officer="cb", at_ms=1, note=f"lần {self.world.leaving.randrange(99)}")
        return self.save(node, rid, body)

    def _work(self, node: SimNode, what: Callable[[SimNode], Sequence[Event]]) -> None:
        if not node.is_up:
            return
        node.plan_crash()
        try:
            events = what(node)
        except NoNumbers:
            self.world.counters["no_numbers"] += 1
            return
        except Crashed:
            node.died()
            return
        except StorageProblem:  # the screen says that nothing was saved
            self.world.counters["refused_by_disk"] += 1
            return
        finally:
            node.store.crash_at = ""
        for event in events:
            self.truth[act_id(event.header)] = node
            self.world.counters["saved"] += 1

    def _act(self, node: SimNode) -> Sequence[Event]:
        chance = self.world.chance
        if (
            self.world.weather.menu != "first"
            and chance.random() < 0.2
            and (done := papers.work(self, node)) is not None
        ):
            return done
        views = node.store.readers.run(lambda c: projection.newest(c, 30))
        roll = chance.random()
        if roll < 0.3 or not views:
            return self._receive(node)
        view = chance.choice(views)
        if roll < 0.45 and "note.added" not in node.store.hides:
            return self.save(node, view.rid, NoteAdded(text=f"ghi {chance.randrange(99)}", officer="cb", at_ms=1))
        if roll < 0.6:
            return self._name(node, view)
        if roll < 0.68:
            return self._settle(node, view)
        if roll < 0.8:
            return self._move(node, view)
        if roll < 0.84 and self.world.weather.has("unknown_type"):
            self.world.counters["unknown_type"] += 1
            return self._raw(node, view.rid, UNKNOWN_TYPE, 9)
        if self.world.happens("poison", 0.1):  # a body that nobody can read, in a dossier and under a name of its own
            rid = chance.choice((view.rid, RecordId(chance.randbytes(16))))
            return self._raw(node, rid, chance.choice(("note.added", "dossier.received")), 1)
        self._elsewhere(node)
        return ()

    def save(
        self, node: SimNode, rid: RecordId, body: msgspec.Struct, base: tuple[ActId, ...] = (), fence: int | None = None
    ) -> Sequence[Event]:
        drafts = [Draft(rid, body, base=base, fence=fence)]
        events = node.ledger.save(Act("cb", "intake", "work"), drafts)
        if self.world.happens("double_click", 0.1):
            events += node.ledger.save(Act("cb", "intake", "work"), drafts)
        return events

    def _receive(self, node: SimNode) -> Sequence[Event]:
        chance = self.world.chance
        rid = RecordId(chance.randbytes(16))

        def decide(connection: apsw.Connection) -> tuple[Sequence[Draft], str]:
            day = dt.date(2026, 11, 22)
            if self.world.weather.menu != "first":
                day = dt.datetime.fromtimestamp(node.clock() / 1000, dt.UTC).date()
            code = _next_number(connection, node.office, day)
            body = DossierReceived(
                code=code, procedure="1.014166", channel="in_person", office=node.office, received_ms=self.world.now,
                applicant=Party(kind="person", name=chance.choice(NAMES), personal_id=f"00118501234{chance.randrange(10)}"),
                officer="cb",
            )  # fmt: skip
            if self._writes_newer_fields(node):
                body = msgspec.structs.replace(body, submitter_type="authorised", due_date="2026-12-01", postmark="2026-11-20")
            return [Draft(rid, body)], code

        events, code = node.ledger.act(Act("cb", "intake", "receive"), decide)
        printed = self.codes.setdefault(code, events[0].header)
        if printed.rid != rid:
            put_back = self.world.counters["hub_restore"] + self.world.counters["failover"]
            both = (printed, events[0].header)  # which of the two was the copy's is chance
            if any(one.inc in self.shared for one in both) or (
                (any(one.node in self.forgetful for one in both) or self.world.is_unannounced) and put_back
            ):
                self.world.counters["code_twice_by_copy"] += 1
            else:
                self.broken.append(f"I9 code {code} was printed twice")
        self.rids.append(rid)
        return events

    def _name(self, node: SimNode, view: DossierView) -> Sequence[Event]:
        chance = self.world.chance
        heads = [head.id for one in view.identity if one.field == "name" for head in one.settled.heads]
        base = tuple(heads) if chance.random() < 0.5 else ()
        # a desk's own program writes that the word awaits another; the other half are those of a program that has it count at once
        body = IdentityAsserted(field="name", value=chance.choice(NAMES), proof="", officer="cb", awaits=not base)
        return self.save(node, view.rid, body, base)

    def _settle(self, node: SimNode, view: DossierView) -> Sequence[Event]:
        for conflict in view.conflicts:
            heads = next(one.settled.heads for one in view.identity if one.field == conflict.field)
            body = ConflictResolved(
                conflict=conflict.id, field=conflict.field, value=conflict.values[0], reason="x", officer="cb", office=node.office
            )
            self.world.counters["conflict_settled" if view.custody.office == node.office else "settled_without_right"] += 1
            return self.save(node, view.rid, body, tuple(head.id for head in heads))
        return ()

    def _move(self, node: SimNode, view: DossierView) -> Sequence[Event]:
        chance = self.world.chance
        fence = view.custody.fence
        if view.custody.office != node.office:
            if chance.random() < 0.7 or fence == 0:
                return ()
            fence -= 1  # an officer whose screen was old
        moves = [one for one in moves_from(DossierState(view.state)) if one is not DossierMove.REOPEN]  # an act of its own
        allowed = moves or [DossierMove.HAND_OVER]
        body = StatusMoved(move=chance.choice(allowed).value, office=node.office, officer="cb", at_ms=1)
        if self._writes_newer_fields(node):
            body = msgspec.structs.replace(body, new_due_date="2026-12-09", answer_by="2026-12-05")
        self.world.counters["moved"] += 1
        return self.save(node, view.rid, body, fence=fence)

    def _writes_newer_fields(self, node: SimNode) -> bool:
        is_newer = self.world.weather.has("fewer_fields") and not any(":" in one for one in node.store.hides)
        self.world.counters["newer_fields_written"] += is_newer
        return is_newer

    def _raw(self, node: SimNode, rid: RecordId, name: str, version: int) -> Sequence[Event]:
        """An event as a newer, or a broken, version of this node's software would write it."""

        def work(connection: apsw.Connection) -> list[Event]:
            lane = own_lane(connection)
            hlc = tick(read_number(connection, "hlc"), node.clock())
            event = make_event(
                node=lane.node, inc=lane.inc, seq=lane.head.seq + 1, prev=lane.head.id, type=name, tv=version, rid=rid, hlc=hlc,
                actor="cb", body=b"\xc1" + self.world.chance.randbytes(5),
            )  # fmt: skip
            event_log.append(connection, lane, [event], node.clock())
            projection.project(connection, [event])
            write_number(connection, "hlc", hlc)
            return [event]

        events = node.store.run(work)
        node.saved(events[-1].header.seq)
        return events

    def _elsewhere(self, node: SimNode) -> None:
        """Look a dossier of another office up, or take it over."""
        if self.rids and node.state.phase == "open":
            node.start_work(self._ask(node, self.world.chance.choice(self.rids), self.world.chance.random() < 0.5))

    def _ask(self, node: SimNode, rid: RecordId, takes: bool) -> Work:
        purpose = Purpose("mã nháp", "giải quyết hồ sơ", "cb", "resolving")
        yield TakeCustody(rid, purpose) if takes else OpenRecord(rid, purpose)
        self.world.counters["custody_asked" if takes else "opened"] += 1


def _only_follows(office: OfficeCode, view: DossierView) -> bool:
    return office not in {view.office, view.custody.office, *(one.other_office for one in view.suspicions if not one.judged)}


def _next_number(connection: apsw.Connection, office: OfficeCode, on: dt.date) -> str:
    """As intake/numbers.py, without a catalogue: the next number of the own incarnation's block."""
    inc = own_lane(connection).inc
    row = connection.execute(
        "SELECT first, last FROM code_block WHERE inc = ? AND office = ?", (inc, office)
    ).fetchone()
    if row is None:
        raise NoNumbers()
    day = on.isoformat()
    held = connection.execute("SELECT used FROM code_used WHERE inc = ? AND first = ? AND day = ?", (inc, row[0], day))
    used = next((int(one[0]) for one in held), 0)
    if int(row[0]) + used > int(row[1]):
        raise NoNumbers()
    connection.execute(
        "INSERT OR REPLACE INTO code_used(inc, first, day, used) VALUES(?,?,?,?)", (inc, row[0], day, used + 1)
    )
    return f"{office}-{on:%y%m%d}-{int(row[0]) + used:04d}"
