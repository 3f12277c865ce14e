"""Two dossiers under one printed code: the later one gets another from its own office, the old one finds both (D.10)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import ChoiceUnknown
from central_hub.cases.model import read_cases
from edge_node.app import Node
from edge_node.intake.service import Received, dossier, dossier_by_code
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.new_code import give_new_code
from edge_node.resolution.settling import judge
from edge_node.store.ledger import Act, Draft
from edge_node.sync.line import Line
from sync_protocol.adapters import projection
from sync_protocol.bodies import DossierRecoded, DuplicateSuspected
from sync_protocol.ids import HubEpoch, OfficeCode, RecordId
from sync_protocol.merge import fold
from sync_protocol.merge_pairs import PairKey, key_of
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView
from tests.browser.desk import PASSWORD, make_node, web_of
from tests.browser.desk import Clock as DeskClock
from tests.browser.officers import receive_one
from tests.offices import Clock, DirectLine, Hub, Office, drained, on_line, reception, rid
from tests.sync_protocol.event_sets import NODES, RID, History
from tests.sync_protocol.event_sets import reception as received

FIRST = rid(1)
EPOCH = HubEpoch(b"e" * 16)


class Enrolled:
    """What the hub needs to know of the node under test."""

    def __init__(self, node: Node) -> None:
        self.node, self.office, self.signer = node.identity.node, node.identity.office, node.keys.signer


class Scene:
    """A dossier of the desk bears the code of one that another office received earlier; both, and the hub, know."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.node = make_node(root / "node", DeskClock())
        self.other = Office(root / "b", "n03401a", "03401", self.clock, seed=b"B")
        self.hub.enrol(Enrolled(self.node))  # type: ignore[arg-type]
        self.hub.enrol(self.other)
        self.made: Received = receive_one(self.node)
        body = msgspec.structs.replace(reception(1, "03401", personal_id="034185000001"), code=self.made.code, received_ms=1_700_000_000_000)
        self.other.ledger.save(Act("cb02", "intake", "receive"), [Draft(FIRST, body)])
        self.exchange()

    def exchange(self) -> None:
        for _ in range(2):
            self.clock.ms += 1_000
            asyncio.run(self._on_line())
            asyncio.run(self.other.exchange(self.hub))

    async def _on_line(self) -> None:
        driver = self.node.driver(Line(DirectLine(self.node.identity.node, self.hub)))
        async with on_line(driver):
            await drained(driver)
            await driver.pull_all()

    def pair(self, rid: RecordId) -> PairKey:
        return next(key_of(one) for one in self.at_hub(rid).suspicions if one.kind == "code")

    def at_hub(self, rid: RecordId) -> DossierView:
        view = self.hub.store.readers.run(lambda c: projection.view_of(c, rid))
        assert view is not None
        return view

    def close(self) -> None:
        self.node.close()
        self.other.close()
        self.hub.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def test_the_later_dossier_gets_a_code_of_its_own_and_the_case_closes_everywhere(scene: Scene) -> None:
    former, rid = scene.made.code, scene.made.rid
    with pytest.raises(WhyMissing):
        give_new_code(scene.node.desk, "all", rid, scene.pair(rid), reason=" ")
    code = give_new_code(scene.node.desk, "all", rid, scene.pair(rid), reason="máy được sao từ bản cũ")
    assert code != former and code.rpartition("-")[0] == former.rpartition("-")[0]
    scene.exchange()
    for view in (dossier(scene.node.desk, rid), scene.at_hub(rid)):
        assert (view.code, view.other_codes) == (code, (former,))
    assert scene.at_hub(FIRST).code == former and scene.hub.store.readers.run(read_cases) == []
    other = scene.other.store.readers.run(lambda c: projection.view_of(c, FIRST))
    assert other is not None and [one.judged for one in other.suspicions] == ["not_same"]
    found = scene.hub.store.readers.run(lambda c: projection.find(c, key_for("code", former)))
    assert [one.rid for one in found] == [FIRST, rid]  # both, first the one that bears it
    assert dossier_by_code(scene.node.desk, former).rid == dossier_by_code(scene.node.desk, code).rid == rid
    with pytest.raises(NothingToSettle):
        give_new_code(scene.node.desk, "all", rid, ("code", FIRST, None, None), reason="lần nữa")


def test_neither_a_desk_nor_the_hub_may_call_them_two_without_a_new_code(scene: Scene) -> None:
    with pytest.raises(NothingToSettle):
        judge(scene.node.desk, "all", scene.made.rid, scene.pair(scene.made.rid), same=False, reason="hai người khác nhau")
    (case,) = scene.hub.store.readers.run(read_cases)
    who = Decider("lan", ("conflict_officer",), EPOCH, scene.clock())
    with pytest.raises(ChoiceUnknown):
        scene.hub.store.writer.run(lambda c: decisions.decide(c, case.rid, case.id, "not_same", "x", who))


def test_the_dossier_that_was_received_first_keeps_its_code(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", DeskClock())
    made = receive_one(node)
    body = DuplicateSuspected(kind="code", other_rid=FIRST, other_office=OfficeCode("03401"), tier=1, lead=made.rid)
    node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(made.rid, body)])
    with pytest.raises(NothingToSettle):
        give_new_code(node.desk, "all", made.rid, ("code", FIRST, None, None), reason="x")
    assert dossier(node.desk, made.rid).code == made.code
    node.close()


def test_the_button_stands_at_the_later_dossier_and_gives_the_code(scene: Scene) -> None:
    with TestClient(web_of(scene.node)) as client:
        token = client.get("/login").text.partition('name="_csrf_token" value="')[2].partition('"')[0]
        client.post("/login", data={"account": "only-resolving", "password": PASSWORD, "_csrf_token": token})
        page = client.get("/conflicts").text
        assert "cấp mã mới cho hồ sơ này" in page and 'value="no"' not in page
        token = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
        form = {"rid": scene.made.rid.hex(), "other": FIRST.hex(), "kind": "code", "same": "new_code", "reason": "trùng mã", "_csrf_token": token}
        assert client.post("/conflicts/pair", data=form, follow_redirects=False).status_code == 303
        assert "Mã đã in trước đây" in client.get(f"/dossiers/{scene.made.rid.hex()}").text
    assert dossier(scene.node.desk, scene.made.rid).code != scene.made.code


def recoded(former: str, code: str, office: str = "00101") -> DossierRecoded:
    return DossierRecoded(former=former, code=code, office=OfficeCode(office), officer="cb", reason="x", at_ms=1)


def test_of_two_new_codes_the_first_counts_all_stay_aliases_and_no_other_office_gives_one() -> None:
    history = History()
    history.add(NODES[0], 1 << 16, received("00101", "An"))
    old = "00101-261122-0001"
    history.add(NODES[2], 2 << 16, recoded(old, "foreign", "03401"))
    history.add(NODES[1], 4 << 16, recoded(old, "second"))
    history.add(NODES[0], 3 << 16, recoded(old, "first"))
    history.add(NODES[0], 5 << 16, recoded("first", "third"))
    for events in (history.events, history.events[::-1], history.events * 2):
        view = fold(RID, events)
        assert (view.code, view.other_codes) == ("third", (old, "first", "foreign", "second"))
