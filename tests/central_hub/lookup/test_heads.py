"""Countersigned audit chains: every way to change a node's or the hub's past shows at the hub, at the node, or at both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.ingest.greeting import greet
from central_hub.ingest.nodes import find_node
from central_hub.lookup import audit as hub_audit
from central_hub.lookup.gauges import oversight_gauges
from central_hub.lookup.heads import OWN, mark_own, tamper_report
from edge_node.operations.verification import _walk_audit_mark
from edge_node.store import audit
from edge_node.sync import memory
from edge_node.sync.asking import audit_heads, hello
from edge_node.sync.pushing import HubKnown
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.audit_head import AuditHead, AuditMark, check_mark, sign_mark
from sync_protocol.errors import Problem
from sync_protocol.ids import Incarnation, NodeId
from sync_protocol.messages import Hello, HelloReply
from tests.offices import HUB_NAME, Clock, Hub, Office

COLUMNS = ("at_ms", "actor", "role", "what", "rid", "purpose", "outcome", "certificate")


class World:
    """A hub and a node that say hello when a test says so."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.office = Office(root / "office", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)
        self.known = HubKnown(HUB_NAME, self.hub.signer.public_key)

    def act(self, count: int = 3) -> None:
        for _ in range(count):
            self.office.store.writer.run(
                lambda c: audit.record(
                    c, at_ms=self.clock(), actor="cb01", role="intake", what="read", rid=None, purpose="x", outcome="ok"
                )
            )

    def ask(self) -> Hello:
        return self.office.store.readers.run(
            lambda c: hello(
                c, office=self.office.office, floor=0, public_key=self.office.signer.public_key, now_ms=self.clock()
            )
        )

    def answer(self, ask: Hello) -> HelloReply:
        def work(c: apsw.Connection) -> HelloReply:
            reply = greet(
                c,
                find_node(c, self.office.node),
                ask,
                HUB_NAME,
                self.hub.service.identity.epoch,
                self.clock(),
                self.hub.signer.sign,
            )
            assert isinstance(reply, HelloReply)
            return reply

        return self.hub.store.writer.run(work)

    def greet(self) -> None:
        self.clock.ms += 1_000
        reply = self.answer(self.ask())
        self.office.store.writer.run(lambda c: memory.keep_welcome(c, reply, self.clock()))

    def tamper(self, change: Callable[[apsw.Connection], object]) -> None:
        self.office.store.writer.run(lambda c: (change(c), None)[1])

    def doubts(self) -> list[str]:
        return [one.kind for one in self.hub.store.readers.run(tamper_report).doubts]

    def findings(self) -> list[str]:
        return [
            one.kind
            for one in self.office.store.readers.run(lambda c: _walk_audit_mark(c, self.known, self.office.node))
        ]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    one.act()
    one.greet()
    yield one
    one.office.close()
    one.hub.close()


def rewrite(c: apsw.Connection) -> None:
    """The whole chain anew, every hash right: only somebody who had seen the old one can tell."""
    rows = c.execute(f"SELECT id, {', '.join(COLUMNS)} FROM audit ORDER BY id").fetchall()
    prev = bytes(32)
    for identifier, *content in rows:
        content[1] = "other"
        link = hashlib.sha256(prev + msgspec.msgpack.encode(tuple(content))).digest()
        c.execute("UPDATE audit SET actor = 'other', prev = ?, hash = ? WHERE id = ?", (prev, link, identifier))
        prev = link


def test_an_honest_node_is_marked_and_stays_clean(world: World) -> None:
    for _ in range(3):
        world.act()
        world.greet()
    report = world.hub.store.readers.run(tamper_report)
    newest, at_mark = world.office.store.readers.run(audit_heads)
    assert report.is_clean and world.findings() == [] and newest == at_mark
    assert [(one.node, one.rows) for one in report.heads] == [("n00101a", newest.rows if newest else 0)]


def test_a_chain_written_anew_shows_at_the_node_and_at_the_hub(world: World) -> None:
    world.tamper(rewrite)
    assert world.office.store.readers.run(audit.broken_at) is None, "the chain itself looks whole"
    assert world.findings() == ["audit"]
    world.act()
    world.greet()
    assert world.doubts() == ["rewritten"] and not world.hub.store.readers.run(tamper_report).is_clean


def test_a_tail_that_was_cut_shows(world: World) -> None:
    world.tamper(lambda c: c.execute("DELETE FROM audit WHERE id > 1").fetchall())
    assert world.findings() == ["audit"]
    world.greet()
    assert world.doubts() == ["shorter"]


def test_a_cut_tail_that_was_filled_again_shows(world: World) -> None:
    world.tamper(lambda c: c.execute("DELETE FROM audit WHERE id > 1").fetchall())
    world.clock.ms += 5
    world.act(9)
    world.greet()
    assert world.doubts() == ["rewritten"]


def test_an_answer_lost_on_the_line_is_no_doubt_and_is_made_good(world: World) -> None:
    for _ in range(3):
        world.act()
        world.clock.ms += 1_000
        world.answer(world.ask())  # the node never hears it
    assert world.doubts() == []
    world.greet()
    world.act()
    world.greet()
    assert world.doubts() == [] and world.findings() == []
    newest, at_mark = world.office.store.readers.run(audit_heads)
    assert newest == at_mark


def test_a_node_that_forgets_its_mark_is_given_it_again_and_cannot_slip_by(world: World) -> None:
    world.tamper(lambda c: c.execute("DELETE FROM node_state WHERE key = 'audit_mark'").fetchall())
    world.tamper(rewrite)
    world.act()
    world.greet()
    assert world.doubts() == [], "not proven yet"
    assert world.findings() == ["audit"]
    world.act()
    world.greet()
    assert world.doubts() == ["rewritten"]


def test_a_restored_node_is_told_apart_from_tampering(world: World) -> None:
    ask = world.ask()
    world.act(4)
    world.greet()
    world.clock.ms += 1_000
    world.answer(msgspec.structs.replace(ask, inc=Incarnation(b"r" * 16)))
    report = world.hub.store.readers.run(tamper_report)
    assert [one.kind for one in report.doubts] == ["restored"] and report.is_clean


def test_a_mark_of_another_hub_or_node_proves_nothing(world: World) -> None:
    other = SoftwareSigner(b"X" * 32)
    head = AuditHead(1, b"h" * 32)
    for name, node, signer in (
        (HUB_NAME, "n99999a", world.hub.signer),
        ("hub-other", "n00101a", world.hub.signer),
        (HUB_NAME, "n00101a", other),
    ):
        mark = sign_mark(AuditMark(name, NodeId(node), Incarnation(b"i" * 16), head, 1), signer.sign)
        with pytest.raises(Problem):
            check_mark(mark, hub=HUB_NAME, node=NodeId("n00101a"), verify=world.known.verify)
        world.office.store.writer.run(
            lambda c, m=mark: c.execute(
                "INSERT OR REPLACE INTO node_state VALUES('audit_mark', ?)", (msgspec.msgpack.encode(m),)
            ).fetchall()
        )  # type: ignore[misc]
        assert world.findings() == ["audit mark"]


def test_the_hubs_own_chain_is_marked_and_its_rewriting_shows(world: World) -> None:
    def look(outcome: str) -> None:
        world.hub.store.writer.run(
            lambda c: hub_audit.record_act(
                c, at_ms=1, officer="lan", roles=(), what="open", subject="x", outcome=outcome
            )
        )

    def mark() -> None:
        world.clock.ms += 90_000_000
        world.hub.store.writer.run(lambda c: mark_own(c, HUB_NAME, world.clock(), world.hub.signer.sign))

    look("a")
    look("b")
    mark()
    look("c")
    mark()
    assert world.doubts() == []
    world.hub.store.writer.run(lambda c: c.execute("UPDATE audit SET outcome = 'z' WHERE id = 1").fetchall())
    report = world.hub.store.readers.run(tamper_report)
    assert report.broken_row == 1 and not report.is_clean
    world.hub.store.writer.run(lambda c: c.execute("DELETE FROM audit WHERE id > 1").fetchall())
    mark()
    assert world.doubts() == ["shorter"] and OWN == b""
    told = {
        one.name: one.values[""] for one in world.hub.store.readers.run(lambda c: oversight_gauges(c, world.clock()))
    }
    assert told == {"audit_doubts": 1.0, "look_alarms_day": 0.0, "figures_behind_events": 0.0}


def delete_middle(c: apsw.Connection) -> None:
    c.execute("DELETE FROM audit WHERE id = 2")


def cut_tail(c: apsw.Connection) -> None:
    c.execute("DELETE FROM audit WHERE id > 1")


def cut_and_fill(c: apsw.Connection) -> None:
    cut_tail(c)
    for _ in range(9):
        audit.record(c, at_ms=7, actor="cb09", role="intake", what="read", rid=None, purpose="y", outcome="ok")


def rewrite_with_the_nodes_key(c: apsw.Connection) -> None:
    """As `rewrite`, and a mark forged with the only key the node has: its own."""
    rewrite(c)
    newest, _ = audit_heads(c)
    assert newest is not None
    forged = sign_mark(
        AuditMark(HUB_NAME, NodeId("n00101a"), Incarnation(b"x" * 16), newest, 9), SoftwareSigner(b"N" * 32).sign
    )
    memory.write_state(c, "audit_mark", msgspec.msgpack.encode(forged))


def alter_whom_it_was_about(c: apsw.Connection) -> None:
    c.execute("UPDATE audit SET purpose = 'something else' WHERE id = 2")


def alter_who_did_it(c: apsw.Connection) -> None:
    c.execute("UPDATE audit SET actor = 'cb09' WHERE id = 2")


ATTACKS = (
    alter_who_did_it,
    alter_whom_it_was_about,
    delete_middle,
    cut_tail,
    cut_and_fill,
    rewrite,
    rewrite_with_the_nodes_key,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_all_seven_attacks_on_a_nodes_audit_are_seen(world: World, attack: Callable[[apsw.Connection], object]) -> None:
    """reliability.md §6 and §8 row 8: by the walk at the node, or by the hub at the next hello; and a clean chain raises neither."""
    assert world.doubts() == [] and world.office.store.readers.run(audit.broken_at) is None
    world.tamper(attack)
    broken = world.office.store.readers.run(audit.broken_at)
    world.act()
    world.greet()
    assert broken is not None or world.doubts(), attack.__name__
