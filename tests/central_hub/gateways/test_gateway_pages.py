"""The mailbox on screen: what waits and why, who may act, and that a person's data are not on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from central_hub.gateways import mailbox, portal
from central_hub.gateways.checkup import check_gateways
from central_hub.ingest.nodes import enrol_node
from central_hub.settings import GatewaysChoice, HubSettings
from sync_protocol.adapters.checkup import State
from sync_protocol.ids import NodeId, OfficeCode
from tests.browser.hub import web_of_hub
from tests.central_hub.gateways.post_office import PostOffice, application
from tests.central_hub.web.person import Person
from tests.doubles.outside import Outside, serving


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with serving(Outside()) as outside:
        outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-9", "H99")], "Moc": "1"}
        outside.refuses = "00101-261122-0001"
        one = PostOffice(
            tmp_path,
            outside,
            "portal",
            settings='[web]\nmetrics_clients = ["testclient"]\n[gateways.portal]\naddress = "https://portal.example"\n',
        )
        one.hub.store.writer.run(lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), b"k" * 32, 1))
        one.receive(1, "Lê Thị Ổn", "001185000001")
        one.run()
        yield one
        one.hub.store.close()


def test_the_mailbox_says_what_waits_why_and_what_to_do_without_a_person(office: PostOffice) -> None:
    text = Person(web_of_hub(office.hub), "operator").get("/gateways").text
    for shown in (
        "00101-261122-0001",
        "2 · Được tiếp nhận",
        "Bị từ chối",
        "GWY-003",
        "DVC-9",
        "đơn vị H99",
        "GWY-006",
        "Gửi ngay",
    ):
        assert shown in text, shown
    for hidden in ("Lê Thị Ổn", "001185", "Phạm Thị Ẩn"):
        assert hidden not in text, hidden
    assert "Gửi ngay" not in Person(web_of_hub(office.hub), "auditor").get("/gateways").text


def test_an_operator_sends_again_drops_with_a_reason_and_places_by_hand(office: PostOffice) -> None:
    person = Person(web_of_hub(office.hub), "operator")
    assert person.post("/gateways/letters/1/again").status_code == 303
    assert office.rows("SELECT state FROM gateway_letter") == [("waiting",)]
    assert "WEB-031" in person.post("/gateways/letters/1/drop", {"reason": " "}).text
    assert person.post("/gateways/letters/1/drop", {"reason": "cổng đã có"}).status_code == 303
    assert person.post("/gateways/letters/1/again").status_code == 409
    assert "GWY-006" in person.post("/gateways/arrivals/1/place", {"office": "09999"}).text
    assert person.post("/gateways/arrivals/1/place", {"office": "00101"}).status_code == 303
    assert office.rows("SELECT state, office FROM gateway_arrival") == [("placed", "00101")]
    whats = [row[0] for row in office.rows("SELECT what FROM audit ORDER BY id")]
    assert whats == ["gateway.letter.again", "gateway.letter.drop", "gateway.arrival.place"]


def test_figures_and_doctor_tell_the_same(office: PostOffice, tmp_path: Path) -> None:
    text = Person(web_of_hub(office.hub), "operator").get("/metrics").text
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "gateway" in sample.name
    }
    assert found["lienthong_gateway_arrivals_held"] == 1
    chosen = office.hub.settings.gateways
    line = office.hub.store.readers.run(lambda c: check_gateways(tmp_path, chosen, c, office.hub.now_ms()))
    assert line.state is State.SOON and "1 thư bị từ chối, 1 hồ sơ" in line.finding
    off = office.hub.store.readers.run(lambda c: check_gateways(tmp_path, GatewaysChoice(), c, 1))
    assert off.state is State.WELL


@pytest.mark.parametrize(
    "address", ["http://portal.example", "ftp://x", "https://u:p@portal.example", "https://portal.example?id=1"]
)
def test_an_address_without_tls_or_with_more_than_a_place_is_not_taken(address: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "x", "gateways": {"portal": {"address": address}}}, HubSettings)
    assert HubSettings("x").gateways.portal.address == ""


def test_a_gateway_that_is_not_used_offers_no_sending_and_says_when_its_letters_go(office: PostOffice) -> None:
    office.hub.settings = msgspec.structs.replace(office.hub.settings, gateways=GatewaysChoice())
    text = Person(web_of_hub(office.hub), "operator").get("/gateways").text
    assert "Gửi ngay" not in text and "Thử ngay tất cả" not in text and "đang không dùng; thư đi khi" in text
    assert "Bỏ, ghi lý do" in text


def test_a_list_that_is_cut_says_so(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Danh sách hiện" not in Person(web_of_hub(office.hub), "operator").get("/gateways").text
    monkeypatch.setattr(mailbox, "SHOWN", 1)
    assert "Danh sách hiện 1 mục đầu" in Person(web_of_hub(office.hub), "operator").get("/gateways").text
