"""The pages of the orders: who sees the button, what stays typed, what is gone afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.erasure import orders
from central_hub.people.accounts import Account, Accounts
from sync_protocol.adapters import projection
from tests.browser.desk import CHEAP, PASSWORD, Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.web.test_pages import CITIZEN, RID, fill

PAGE = f"/erasures/{RID.hex()}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: fill(c, one.now_ms()))
    Accounts(one.folder.root, CHEAP).put(Account("both", "Cả hai", ("conflict_officer", "leader")), PASSWORD)
    yield one
    one.store.close()


def typed(client: object, **more: object) -> dict[str, object]:
    return {"_csrf_token": client.cookies["form"], **more}  # type: ignore[attr-defined]


def test_an_order_goes_from_the_dossier_to_the_second_person_and_is_carried_out(hub: Hub) -> None:
    asker = client_of(hub, "both")
    assert PAGE in asker.get(f"/dossiers/{RID.hex()}").text
    form = asker.get(PAGE).text
    assert CITIZEN not in form and "Tiếp nhận hồ sơ" in form
    event = re.search(r'name="event" value="([0-9a-f]{64})"', form)
    assert event is not None
    lacking = asker.post(PAGE, data=typed(asker, number="", reason="theo đơn", event=event[1]))
    assert (
        lacking.status_code == 422
        and "ERA-001" in lacking.text
        and "theo đơn" in lacking.text
        and "checked" in lacking.text
    )
    asker.post(PAGE, data=typed(asker, number="12/QĐ-BHXH", reason="theo đơn", event=event[1]))
    waiting = asker.get("/erasures").text
    assert "12/QĐ-BHXH" in waiting and "Chờ phê duyệt" in waiting and "Phê duyệt và xóa" not in waiting
    refused = asker.post("/erasures/approve", data=typed(asker, id=1))
    assert refused.status_code == 403 and "ERA-003" in refused.text
    leader = client_of(hub, "leader")
    assert "Phê duyệt và xóa" in leader.get("/erasures").text
    done = leader.post("/erasures/approve", data=typed(leader, id=1), follow_redirects=True).text
    assert "Đã thực hiện" in done
    view = hub.store.readers.run(lambda c: projection.view_of(c, RID))
    assert view is not None and view.person("name") == "" and len(view.erased) == 1
    assert "đã xóa theo lệnh số 12/QĐ-BHXH" in asker.get(f"/dossiers/{RID.hex()}").text
    assert "không còn nội dung nào xóa được" in asker.get(PAGE).text


def test_a_waiting_order_can_be_withdrawn_and_then_not_approved(hub: Hub) -> None:
    event = hub.store.readers.run(lambda c: orders.erasable(c, RID))[0].event
    hub.store.writer.run(lambda c: orders.ask(c, RID, [event], number="1", reason="x", officer="both", now_ms=1))
    leader = client_of(hub, "leader")
    assert "Đã rút" in leader.post("/erasures/withdraw", data=typed(leader, id=1), follow_redirects=True).text
    late = leader.post("/erasures/approve", data=typed(leader, id=1))
    assert late.status_code == 409 and "ERA-004" in late.text


def test_addresses_and_names_that_are_none_are_answered_in_words(hub: Hub) -> None:
    asker = client_of(hub, "conflict_officer")
    for address in ("/erasures/zz", "/erasures/" + "00" * 16):
        assert asker.get(address).status_code == 404
    answer = asker.post(PAGE, data=typed(asker, number="1", reason="x", event="zz"))
    assert answer.status_code == 409 and "ERA-002" in answer.text


def test_orders_beyond_the_first_page_are_reached_page_by_page(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "SHOWN", 2)
    event = hub.store.readers.run(lambda c: orders.erasable(c, RID))[0].event
    for number in range(1, 6):
        hub.store.writer.run(lambda c, n=number: orders.ask(c, RID, [event], number=f"{n}/QD-X", reason="x", officer="both", now_ms=n))  # type: ignore[misc]
        if number != 3:
            hub.store.writer.run(lambda c, n=number: orders.withdraw(c, n, "both", n))  # type: ignore[misc]
    leader, seen, address = client_of(hub, "leader"), [], "/erasures"
    while address:
        page = leader.get(address).text
        seen.append(re.findall(r"(\d)/QD-X</td>", page))
        further = re.search(r'href="(/erasures\?before=\d+)"', page)
        address = further[1] if further else ""
    assert seen == [["3", "5"], ["4", "2"], ["1"]], "the waiting one first, each order once"
    assert leader.get("/erasures?before=-1").status_code == 200 and leader.get("/erasures?before=x").status_code < 500
