"""An office lets a dossier go: the hub decides, the desk keeps a tombstone, nothing that anybody did is lost, and a look-up brings everything back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.erasure import orders
from central_hub.ingest import leaving as hub_leaving
from central_hub.ingest.backup_cover import cover_feeds, feed_heads
from central_hub.ingest.courier import answer_courier
from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.nodes import find_node
from central_hub.ingest.ranges import compare
from central_hub.lookup.service import open_record, take_custody
from central_hub.store.epoch import EPOCH, begin_epoch
from central_hub.store.hub_store import read_state
from edge_node.letting_go.service import WHY as OBSTACLES
from edge_node.letting_go.service import following, what_hinders
from edge_node.letting_go.tombstones import tombstone_of
from edge_node.store.ledger import Act, Draft
from edge_node.sync import comparing
from edge_node.sync.courier import export_courier
from edge_node.sync.courier_answer import Desk, take_answer
from edge_node.sync.pushing import HubKnown
from sync_protocol import leaving
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, exits, projection
from sync_protocol.bodies import (
    ComponentDeclared,
    DecisionMade,
    ExitAsked,
    IdentityAsserted,
    NoteAdded,
    ProposalDismissed,
    StatusMoved,
)
from sync_protocol.ids import ComponentId, EventId, HubEpoch, OfficeCode, RecordId
from sync_protocol.messages import OpenRecord, Purpose, TakeCustody
from sync_protocol.ranges import prints_of
from sync_protocol.view import DossierView
from tests.edge_node.sync.test_comparing import level
from tests.offices import HUB_NAME, Clock, Hub, Office, reception, rid

FIRST = HubEpoch(b"e" * 16)
ONE = rid(7)
GUEST = OfficeCode("03401")
WHY = Purpose("00101-1", "x", "cb", "resolving")
WORK = Act("cb", "resolving", "work")


class Story:
    """Office 00101 received dossier ONE; office 03401 opened it and wrote a note. Both know all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.hub = Hub(folder / "hub", self.clock)
        self.hub.store.writer.run(lambda c: begin_epoch(c, FIRST, 1))
        self.home = Office(folder / "a", "n00101a", "00101", self.clock)
        self.guest = Office(folder / "c", "n03401a", "03401", self.clock, seed=b"C")
        for office in (self.home, self.guest):
            self.hub.enrol(office)
        self.home.ledger.save(WORK, [Draft(ONE, reception(1, "00101"))])
        self.level()
        self.look_up()
        self.say(self.guest, "đã xem")
        self.level()

    def level(self) -> None:
        for _ in range(2):
            asyncio.run(level(self.hub, self.home, self.guest))

    def greet(self, office: Office) -> None:
        asyncio.run(office.join(self.hub).greet_once())

    def say(self, office: Office, text: str) -> None:
        office.ledger.save(WORK, [Draft(ONE, NoteAdded(text=text, officer="cb", at_ms=1))])

    def look_up(self) -> None:
        self.hub.store.writer.run(lambda c: open_record(c, find_node(c, self.guest.node), OpenRecord(ONE, WHY), self.clock.ms))

    def take_custody(self) -> None:
        row = self.hub.store.readers.run(lambda c: find_node(c, self.guest.node))
        self.hub.store.writer.run(lambda c: take_custody(c, row, TakeCustody(ONE, WHY), self.hub.service.identity.epoch, self.clock.ms))

    def let_go(self, office: Office) -> None:
        self.clock.ms += 1_000
        office.ledger.save(WORK, [Draft(ONE, ExitAsked(office=office.office, reason="looked_up", officer="cb", at_ms=self.clock.ms))])

    def back_up(self) -> None:
        self.hub.store.writer.run(lambda c: cover_feeds(c, feed_heads(c)))

    def entitled(self, office: Office) -> bool:
        return self.hub.store.readers.run(lambda c: is_in_scope(c, ONE, office.office))

    def copy_hub(self) -> None:
        self.hub.close()
        shutil.rmtree(self.folder / "copy", ignore_errors=True)
        shutil.copytree(self.folder / "hub", self.folder / "copy")
        self.hub = Hub(self.folder / "hub", self.clock)

    def put_hub_back(self, epoch: bytes | None = None) -> None:
        """As it was when it was copied; with another epoch where it knows."""
        self.hub.close()
        shutil.rmtree(self.folder / "hub")
        shutil.copytree(self.folder / "copy", self.folder / "hub")
        self.hub = Hub(self.folder / "hub", self.clock, epoch or FIRST)
        if epoch:
            self.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(epoch), self.clock.ms))

    def close(self) -> None:
        for one in (self.hub, self.home, self.guest):
            one.close()


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    one = Story(tmp_path)
    yield one
    one.close()


def is_seen(office: Office) -> bool:
    return office.store.readers.run(lambda c: projection.view_of(c, ONE)) is not None


def types_at(office: Office) -> list[str]:
    return sorted(one.header.type for one in office.store.readers.run(lambda c: event_log.events_of(c, ONE)))


def notes_of(office: Office) -> tuple[str, ...]:
    view = office.store.readers.run(lambda c: projection.view_of(c, ONE))
    return () if view is None else view.notes


def answer_of(office: Office) -> str:
    return office.store.readers.run(lambda c: exits.exits_of(c, ONE, office.office))[-1].obstacle


def test_an_office_that_only_follows_leaves_and_keeps_a_tombstone_and_its_own_acts(story: Story) -> None:
    story.let_go(story.guest)
    story.level()
    assert not story.entitled(story.guest) and story.entitled(story.home)
    left = story.guest.store.readers.run(lambda c: tombstone_of(c, ONE))
    assert left is not None and left.code == "00101-261122-0001" and left.procedure == "1.014166" and not left.is_bare
    assert not is_seen(story.guest) and "dossier.received" in types_at(story.guest)  # it may be a witness until the backup covers it
    story.back_up()
    story.greet(story.guest)
    left = story.guest.store.readers.run(lambda c: tombstone_of(c, ONE))
    assert left is not None and left.is_bare
    assert types_at(story.guest) == ["exit.asked", "exit.judged", "note.added"]
    found = story.guest.store.readers.run(lambda c: c.execute("SELECT count(*) FROM search_key").fetchone())
    assert found == (0,)


def test_what_others_do_afterwards_is_not_told_to_it(story: Story) -> None:
    story.let_go(story.guest)
    story.level()
    story.say(story.home, "việc sau đó")
    story.level()
    assert types_at(story.guest).count("note.added") == 1


@pytest.mark.parametrize("again", ["look-up", "custody", "an act"])
def test_entering_again_brings_the_whole_past_back(story: Story, again: str) -> None:
    story.let_go(story.guest)
    story.level()
    story.back_up()
    story.greet(story.guest)
    story.say(story.home, "việc sau đó")
    story.level()
    if again == "look-up":
        story.look_up()
    elif again == "custody":
        story.take_custody()
    else:
        story.say(story.guest, "việc muộn")
    story.level()
    assert story.entitled(story.guest) and story.guest.store.readers.run(lambda c: tombstone_of(c, ONE)) is None
    same = [one.store.readers.run(lambda c: projection.view_of(c, ONE)) for one in (story.hub, story.home, story.guest)]
    assert same[0] is not None and same[0] == same[1] == same[2] and "việc sau đó" in same[2].notes


@pytest.mark.parametrize(("who", "obstacle"), [("home", "received_here"), ("guest", "custodian"), ("party", "open_case")])
def test_who_received_it_has_custody_or_is_party_to_a_case_stays_and_is_told_why(story: Story, who: str, obstacle: str) -> None:
    if who == "guest":
        story.take_custody()
    if who == "party":
        story.guest.ledger.save(WORK, [Draft(ONE, IdentityAsserted(field="name", value="Trần Văn Ẵm", proof="", officer="cb"))])
    story.level()
    office = story.home if who == "home" else story.guest
    story.let_go(office)
    story.level()
    assert story.entitled(office) and is_seen(office) and answer_of(office) == obstacle


def wish_with_a_move_open(story: Story) -> None:
    """The guest's move came on a cut line, after custody had gone on; then it asks to leave."""
    story.take_custody()
    story.level()
    hand_back(story)
    story.guest.ledger.save(WORK, [Draft(ONE, StatusMoved(move="hand_over", office=GUEST, officer="cb", at_ms=1), fence=1)])
    story.level()
    story.let_go(story.guest)
    story.level()


def dismiss(story: Story, fence: int) -> None:
    """The custodian says of everything that waits that it stays without effect."""
    view = view_at(story.home)
    assert view is not None
    said = [ProposalDismissed(act=one.act, office=OfficeCode("00101"), officer="cb", reason="đã làm rồi", at_ms=1) for one in view.open_proposals]
    story.home.ledger.save(WORK, [Draft(ONE, one, fence=fence) for one in said])
    story.level()


def view_at(office: Office | Hub) -> DossierView | None:
    return office.store.readers.run(lambda c: projection.view_of(c, ONE))


def answers_told(office: Office) -> list[str]:
    view = view_at(office)
    return [] if view is None else [one.settled_reason for one in view.proposals if one.office == office.office]


def test_who_made_a_move_without_effect_stays_until_the_custodian_has_answered(story: Story) -> None:
    wish_with_a_move_open(story)
    assert story.entitled(story.guest) and is_seen(story.guest) and answer_of(story.guest) == "open_case"
    said = story.guest.store.readers.run(lambda c: (what_hinders(c, ONE, GUEST), following(c, ONE, GUEST)))
    assert said[0] == said[1].refused == "own_proposal" and not said[1].may_ask and "chưa trả lời" in OBSTACLES[said[0]]
    dismiss(story, fence=2)
    assert answers_told(story.guest) == ["đã làm rồi"]
    story.let_go(story.guest)
    story.level()
    assert not story.entitled(story.guest) and answer_of(story.guest) == ""


def test_without_the_rule_it_leaves_and_is_not_told_the_answer(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (leaving, hub_leaving):  # who asks, and who has left
        monkeypatch.setattr(where, "awaits_answer", lambda view, office: False)
    wish_with_a_move_open(story)
    dismiss(story, fence=2)
    assert answer_of(story.guest) == "" and not story.entitled(story.guest) and answers_told(story.guest) == []


def supplement_not_seen_at_the_end(story: Story) -> None:
    """The guest brings a paper and leaves; then the custodian's end arrives, of a desk that had not seen the paper."""
    opening = act_id(story.home.store.readers.run(lambda c: next(iter(event_log.events_of(c, ONE)))).header)
    brought = ComponentDeclared(component_id=ComponentId(b"s" * 16), document_type="gks", name="GKS", decision="digitize", is_supplement=True, office=GUEST)
    story.guest.ledger.save(WORK, [Draft(ONE, brought)])
    story.level()
    story.let_go(story.guest)
    story.level()
    assert not story.entitled(story.guest)
    moves = [StatusMoved(move=one, office=OfficeCode("00101"), officer="cb", at_ms=1) for one in ("hand_over", "take_up")]
    ended = DecisionMade(outcome="refused", office=OfficeCode("00101"), officer="cb", decided_ms=2, reason="x")
    story.home.ledger.save(WORK, [*(Draft(ONE, one, fence=0) for one in moves), Draft(ONE, ended, base=(opening,), fence=0)])
    story.level()


def test_whose_act_comes_to_wait_for_an_answer_after_it_left_enters_again_and_is_told_the_answer(story: Story) -> None:
    supplement_not_seen_at_the_end(story)
    assert story.entitled(story.guest) and story.guest.store.readers.run(lambda c: tombstone_of(c, ONE)) is None
    assert answers_told(story.guest) == [""] and view_at(story.guest) == view_at(story.home) == view_at(story.hub)
    dismiss(story, fence=0)
    assert answers_told(story.guest) == ["đã làm rồi"]
    story.let_go(story.guest)
    story.level()
    assert not story.entitled(story.guest) and view_at(story.guest) is None


def test_without_that_rule_it_is_not_told(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_leaving, "awaits_answer", lambda view, office: False)
    supplement_not_seen_at_the_end(story)
    dismiss(story, fence=0)
    assert not story.entitled(story.guest) and answers_told(story.guest) == []


def hand_back(story: Story) -> None:
    """The office that received it takes custody again, while the other has no line."""
    row = story.hub.store.readers.run(lambda c: find_node(c, story.home.node))
    story.hub.store.writer.run(lambda c: take_custody(c, row, TakeCustody(ONE, WHY), story.hub.service.identity.epoch, story.clock.ms))


def test_work_behind_the_wish_takes_it_back_and_is_not_lost(story: Story) -> None:
    story.let_go(story.guest)
    story.say(story.guest, "việc sau đơn")
    story.level()
    assert answer_of(story.guest) == "acted_since" and story.entitled(story.guest)
    assert notes_of(story.home) == ("đã xem", "việc sau đơn")


def test_a_wish_that_arrives_twice_is_answered_once(story: Story) -> None:
    story.let_go(story.guest)
    driver = story.guest.join(story.hub)
    assert driver is not None and story.guest.carrier is not None
    story.guest.carrier.drop_replies = 1
    story.level()
    story.level()
    events = story.hub.store.readers.run(lambda c: event_log.events_of(c, ONE))
    assert [one.header.type for one in events].count("exit.judged") == 1


def test_an_exit_is_not_taken_for_a_forgotten_entitlement(story: Story) -> None:
    """An entitlement that is missing proves a restore only where the log does not say that the office left (0002, seed 1351832)."""
    story.let_go(story.guest)
    story.level()
    story.level()
    assert story.hub.store.readers.run(lambda c: read_state(c, EPOCH)) == FIRST


def test_a_desk_that_reads_its_feed_anew_is_told_nothing_but_that_it_left(story: Story) -> None:
    other = Office(story.folder / "d", "n03401b", "03401", story.clock, seed=b"D")
    try:
        story.hub.enrol(other)
        story.let_go(story.guest)
        story.level()
        asyncio.run(level(story.hub, other))
        assert types_at(other) == ["exit.judged"] and not is_seen(other)
        assert other.store.readers.run(lambda c: tombstone_of(c, ONE)) is not None
    finally:
        other.close()


async def test_a_stick_carries_the_wish_and_the_later_line_the_answer(story: Story) -> None:
    story.let_go(story.guest)
    known = HubKnown(HUB_NAME, story.hub.signer.public_key)
    stick = export_courier(story.guest.store, story.guest.files, HUB_NAME, story.guest.signer.sign, story.guest.node).content
    answered = await answer_courier(story.hub.service, stick)
    await take_answer(Desk(story.guest.store, story.guest.files, known, story.guest.node, story.guest.office, story.clock), answered.content)
    assert not story.entitled(story.guest)
    await level(story.hub, story.guest)
    assert not is_seen(story.guest)


def erase(story: Story, kind: str) -> None:
    """An order of two people over the one act of this kind."""

    def order(connection: apsw.Connection) -> None:
        (act,) = [one for one in orders.erasable(connection, ONE) if one.type == kind]
        asked = orders.ask(connection, ONE, [act.event], number="7/QĐ", reason="x", officer="a", now_ms=1)
        orders.approve(connection, asked, "b", FIRST, 2)

    story.hub.store.writer.run(order)
    story.level()


def bodies_at(office: Office) -> dict[str, bytes | None]:
    return {one.header.type: one.body for one in office.store.readers.run(lambda c: event_log.events_of(c, ONE))}


def test_an_order_of_erasure_still_reaches_what_the_office_itself_wrote(story: Story) -> None:
    story.let_go(story.guest)
    story.level()
    erase(story, "note.added")
    assert bodies_at(story.guest)["note.added"] is None and not story.entitled(story.guest)


def test_an_order_of_erasure_reaches_a_machine_of_the_version_before_whose_office_left(story: Story) -> None:
    """It knows nothing of leaving and lets nothing go: what others wrote is still there."""
    story.let_go(story.guest)
    story.level()
    story.guest.store.writer.run(lambda c: (c.execute("DELETE FROM tombstone").fetchone(), projection.rebuild(c)))
    assert bodies_at(story.guest)["dossier.received"] is not None
    erase(story, "dossier.received")
    assert bodies_at(story.guest)["dossier.received"] is None and not story.entitled(story.guest)


def test_a_dossier_that_nobody_asked_about_is_untouched(story: Story) -> None:
    other = RecordId(b"z" * 16)
    story.home.ledger.save(WORK, [Draft(other, reception(2, "00101", "Lò Văn Ửng", "001185020002"))])
    story.let_go(story.guest)
    story.level()
    assert story.home.store.readers.run(lambda c: projection.view_of(c, other)) is not None and is_seen(story.home)


async def test_a_desk_of_the_version_before_is_not_told_that_it_differs_where_its_office_left(story: Story) -> None:
    """It holds what it was told and knows nothing of leaving: nobody can say what that should be."""
    story.let_go(story.guest)
    await level(story.hub, story.home, story.guest)
    await level(story.hub, story.home, story.guest)
    ask = story.guest.store.readers.run(lambda c: comparing.question(c, b""))
    assert ask is not None
    ask = msgspec.structs.replace(ask, prints=prints_of([(ONE, EventId(b"x" * 32))], b""))  # type: ignore[list-item]
    for leaves_out in (False, True):
        asked = msgspec.structs.replace(ask, leaves_out=leaves_out)
        reply = story.hub.store.readers.run(lambda c, one=asked: compare(c, find_node(c, story.guest.node), one, FIRST))  # type: ignore[misc]
        assert reply.feed_head == ask.cursor and bool(reply.differing) is leaves_out


def test_a_desk_that_is_upgraded_after_it_was_told_lets_go_as_well(story: Story) -> None:
    """The program before stored the hub's word without knowing what it says."""
    story.let_go(story.guest)
    story.level()
    story.guest.store.writer.run(lambda c: (c.execute("DELETE FROM tombstone").fetchone(), projection.rebuild(c)))
    assert is_seen(story.guest)
    story.back_up()
    story.greet(story.guest)
    left = story.guest.store.readers.run(lambda c: tombstone_of(c, ONE))
    assert left is not None and left.is_bare and not is_seen(story.guest) and "dossier.received" not in types_at(story.guest)
