"""Numbers of people: two people for every change, all dossiers or none, old codes that keep leading, signed files untouched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.lookup.at_hub import ask
from central_hub.numbers import changes
from central_hub.numbers.errors import AnotherApprover, ChangeIncomplete, ChangeSettled, DossierMoved, NumberUnreadable
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import CopyCaptured, DocumentCoded, IdentityAsserted, PlannedComponent
from sync_protocol.ids import GENESIS, BlobDigest, ComponentId, DocumentId, RecordId
from sync_protocol.merge import fold
from sync_protocol.messages import Purpose
from sync_protocol.view import DossierView
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.test_cases import person, say
from tests.central_hub.operations.kept_tables import empty_tables
from tests.offices import reception, rid

WRONG, RIGHT = "001185000001", "001185000777"


def received(hub: Hub, number: int, office: str, owner: str, *, is_coded: bool = True) -> None:
    """A dossier with one signed paper of an owner ("" for nobody's), coded unless it is still in work."""
    import msgspec

    part, paper = ComponentId(bytes([number]) * 16), DocumentId(bytes([number + 64]) * 16)
    told = reception(number, office, "Lê Thị Ổn", owner or WRONG)
    party = msgspec.structs.replace(told.applicant, personal_id=owner)
    told = msgspec.structs.replace(told, applicant=party, components=(PlannedComponent(part, "GKS", "Giấy khai sinh"),))
    copy = CopyCaptured(
        component_id=part, document_id=paper, pdf=BlobDigest(bytes([number]) * 32), pdf_size=1, pages=1, images=1, officer="cb", signer_name="x", captured_ms=1
    )  # fmt: skip
    code = DocumentCoded(
        document_id=paper, owner=owner, procedure="1.014166", document_type="GKS", number_symbol="5/KS", code=f"{owner}.1.014166.GKS.5/KS"
    )  # fmt: skip
    seq, prev = 1, GENESIS
    for body in (told, copy, code)[: 3 if is_coded else 2]:
        prev = hub.store.writer.run(lambda c, b=body, s=seq, p=prev: say(c, hub, number, office, b, s, p))  # type: ignore[misc]
        seq += 1


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    received(one, 1, "00101", WRONG)
    received(one, 2, "03401", WRONG)
    yield one
    one.store.close()


def view(hub: Hub, number: int) -> DossierView:
    found = hub.store.readers.run(lambda c: projection.view_of(c, rid(number)))
    assert found is not None
    return found


def propose(
    hub: Hub,
    kind: str,
    rids: list[RecordId],
    *,
    old: str = WRONG,
    new: str = RIGHT,
    proof: str = "căn cước",
    reason: str = "ghi nhầm",
) -> int:
    return hub.store.writer.run(
        lambda c: changes.propose(c, kind, old, new, rids, proof=proof, reason=reason, decider=person(hub))
    )


def approve(hub: Hub, change: int, officer: str = "minh") -> set[str]:
    return set(hub.store.writer.run(lambda c: changes.approve(c, change, person(hub, officer))))


def test_a_corrected_number_reaches_every_dossier_and_the_old_code_stays_an_alias(hub: Hub) -> None:
    before = {n: view(hub, n).documents[0] for n in (1, 2)}
    change = propose(hub, "corrected", [rid(1), rid(2)])
    assert view(hub, 1).person("personal_id") == WRONG, "nothing changes on one person's word"
    with pytest.raises(AnotherApprover):
        approve(hub, change, "LAN")
    assert approve(hub, change) == {"00101", "03401"}
    for n in (1, 2):
        now = view(hub, n)
        assert now.person("personal_id") == RIGHT and not now.conflicts
        assert (
            now.documents[0].codes == (f"{WRONG}.1.014166.GKS.5/KS", f"{RIGHT}.1.014166.GKS.5/KS")
            and now.documents[0].owner == RIGHT
        )
        assert now.documents[0].pdf == before[n].pdf
        events = hub.store.readers.run(lambda c, n=n: event_log.events_of(c, rid(n)))  # type: ignore[misc]
        assert fold(rid(n), reversed(events)) == now
    purpose = Purpose("x", "y", "lan", "")
    found = hub.store.writer.run(lambda c: ask(c, "personal_id", WRONG, "", purpose, hub.now_ms()))
    assert {one.rid for one in found.found} == {rid(1), rid(2)}, "the number on old papers still leads to the person"
    with pytest.raises(ChangeSettled):
        approve(hub, change)


def test_a_split_moves_the_chosen_dossier_and_leaves_the_other(hub: Hub) -> None:
    approve(hub, propose(hub, "split", [rid(2)]))
    assert (view(hub, 1).person("personal_id"), view(hub, 2).person("personal_id")) == (WRONG, RIGHT)
    found = hub.store.writer.run(lambda c: ask(c, "personal_id", WRONG, "", Purpose("x", "y", "lan", ""), hub.now_ms()))
    assert [one.rid for one in found.found] == [rid(1)]


def test_papers_still_in_work_do_not_hide_the_one_without_an_owner(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_DOSSIERS_READ", 2)
    for number in range(3, 8):
        received(hub, number, f"0790{number}", "", is_coded=False)
    for number in (8, 9, 10):
        received(hub, number, f"079{number:02d}", "")
    assert [one.rid for one in hub.store.readers.run(changes.unassigned)] == [rid(8), rid(9), rid(10)]
    assert [one.rid for one in hub.store.readers.run(lambda c: changes.unassigned(c, 1))] == [rid(8)]


def test_papers_without_an_owner_are_found_through_an_index() -> None:
    plan = empty_tables().execute("EXPLAIN QUERY PLAN SELECT DISTINCT rid FROM document WHERE owner = '' AND rid > x'00'").fetchall()
    assert "document_unassigned" in str(plan)


def test_a_paper_without_an_owner_is_listed_until_a_number_is_obtained(hub: Hub) -> None:
    received(hub, 3, "07906", "")
    assert [one.rid for one in hub.store.readers.run(changes.unassigned)] == [rid(3)]
    approve(hub, propose(hub, "obtained", [rid(3)], old=""))
    assert hub.store.readers.run(changes.unassigned) == []
    now = view(hub, 3)
    assert (
        now.documents[0].owner == RIGHT
        and now.documents[0].codes[0] == ".1.014166.GKS.5/KS"
        and now.person("personal_id") == RIGHT
    )


def test_a_dossier_that_changed_meanwhile_stops_the_whole_change(hub: Hub) -> None:
    change = propose(hub, "merged", [rid(1), rid(2)])
    heads = tuple(
        one.id for field in view(hub, 2).identity if field.field == "personal_id" for one in field.settled.heads
    )
    body = IdentityAsserted(field="personal_id", value="001185000555", proof="x", officer="cb")
    hub.store.writer.run(lambda c: say_based(c, hub, body, heads))
    recode = DocumentCoded(
        document_id=view(hub, 2).documents[0].document_id,
        owner="001185000555",
        procedure="1.014166",
        document_type="GKS",
        number_symbol="5/KS",
        code="x",
    )
    hub.store.writer.run(lambda c: say_based(c, hub, recode, ()))
    with pytest.raises(DossierMoved):
        approve(hub, change)
    assert view(hub, 1).person("personal_id") == WRONG
    hub.store.writer.run(lambda c: changes.withdraw(c, change, person(hub, "minh")))
    assert [one.state for one in hub.store.readers.run(changes.changes)] == ["withdrawn"]


def say_based(c: object, hub: Hub, body: object, base: tuple[bytes, ...]) -> None:
    from central_hub.ingest.commit import place_hub_events

    place_hub_events(c, hub.identity.epoch, [(rid(2), body)], hub.now_ms(), "cb", base)  # type: ignore[arg-type,list-item]


def test_what_a_change_lacks_is_said(hub: Hub) -> None:
    with pytest.raises(ChangeIncomplete):
        propose(hub, "corrected", [rid(1)], proof=" ")
    with pytest.raises(ChangeIncomplete):
        propose(hub, "corrected", [rid(1)], reason="")
    with pytest.raises(ChangeIncomplete):
        propose(hub, "other", [rid(1)])
    with pytest.raises(ChangeIncomplete):
        propose(hub, "corrected", [])
    for new in ("123", WRONG, "00118500077x"):
        with pytest.raises(NumberUnreadable):
            propose(hub, "corrected", [rid(1)], new=new)
    with pytest.raises(DossierMoved):
        propose(hub, "corrected", [rid(9)])


def test_the_page_shows_who_carries_a_number_proposes_and_approves(hub: Hub) -> None:
    officer, leader = client_of(hub, "conflict_officer"), client_of(hub, "leader")

    def post(who: TestClient[Litestar], path: str, **data: object) -> object:
        return who.post(path, data={"_csrf_token": who.cookies["form"], **data}, follow_redirects=False)

    empty = post(officer, "/numbers/carriers", old=" ")
    assert empty.status_code == 400 and "Số hiện đang ghi" in empty.text and "chưa biết hồ sơ nào" not in empty.text  # type: ignore[attr-defined]
    text = post(officer, "/numbers/carriers", old=WRONG).text  # type: ignore[attr-defined]
    assert "00101-261122-0001" in text and "03401-261122-0002" in text
    typed = {
        "old": WRONG,
        "new": "12",
        "kind": "corrected",
        "proof": "căn cước",
        "reason": "ghi nhầm",
        "rid": [rid(1).hex(), rid(2).hex()],
    }
    refused = post(officer, "/numbers", **typed).text  # type: ignore[attr-defined]
    assert "NUM-002" in refused and 'value="căn cước"' in refused
    assert post(officer, "/numbers", **(typed | {"new": RIGHT})).status_code == 303  # type: ignore[attr-defined]
    assert "Duyệt, ghi vào" not in officer.get("/numbers").text
    assert re.search(r"Duyệt, ghi vào", leader.get("/numbers").text)
    assert post(leader, "/numbers/1/approve").status_code == 303  # type: ignore[attr-defined]
    assert "Đã duyệt" in leader.get("/numbers").text and RIGHT not in leader.get("/numbers").text
    noted = hub.store.readers.run(lambda c: c.execute("SELECT DISTINCT what FROM audit ORDER BY what").fetchall())
    assert [what for (what,) in noted] == ["number.approved", "number.carriers", "number.propose"]


def test_papers_without_an_owner_beyond_the_first_page_are_reached(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "UNASSIGNED_SHOWN", 2)
    for number in range(8, 13):
        received(hub, number, f"079{number:02d}", "")
    seen, address = [], "/numbers"
    client = client_of(hub, "conflict_officer")
    while address:
        page = client.get(address).text
        seen.append(re.findall(r'id="u-[0-9a-f]*?([0-9a-f]{2})"', page))
        further = re.search(r'href="(/numbers\?after=[0-9a-f]+)#unassigned"', page)
        address = further[1] if further else ""
    assert client.get("/numbers?after=zz").status_code == 404
    assert seen == [["08", "09"], ["0a", "0b"], ["0c"]]
