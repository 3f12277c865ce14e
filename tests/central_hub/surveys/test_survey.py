"""The survey: a desk's own code, once, without a name; counted for the office whose slip it was; and on paper as a code that a phone reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.figures.report import make_report
from central_hub.ingest.nodes import enrol_node
from central_hub.surveys.answers import SurveyFigures, answers_between
from edge_node.app import Node
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.figures.periods import ReportKind, month_period, report_period
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.survey import QUESTIONS, VALID_DAYS, address_of, make_ticket, read_ticket
from tests.browser.desk import Clock, make_node
from tests.browser.hub import make_hub, web_of_hub

SIGNER = SoftwareSigner(b"s" * 32)
DAY = dt.date(2026, 11, 20)
ALL_FIVE = dict.fromkeys(QUESTIONS, "5")


def ticket(
    chance: bytes = b"c" * 9, *, office: str = "00101", day: dt.date = DAY, signer: SoftwareSigner = SIGNER
) -> str:
    return make_ticket(NodeId("n00101a"), OfficeCode(office), "01", day, chance).signed(signer.sign)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), SIGNER.public_key, 1))
    yield one
    one.store.close()


@pytest.fixture
def citizen(hub: Hub) -> TestClient[object]:
    client = TestClient(web_of_hub(hub))
    client.get("/khao-sat")
    return client  # type: ignore[return-value]


def send(client: TestClient[object], text: str, **grades: str) -> tuple[int, str]:
    data = {"t": text, "_csrf_token": client.cookies["form"], **(grades or ALL_FIVE)}
    answer = client.post("/khao-sat", data=data)
    return answer.status_code, answer.text


@given(st.text(max_size=250))
def test_text_that_is_no_ticket_is_no_error(text: str) -> None:
    assert read_ticket(text) is None


def test_a_ticket_reads_back_and_says_no_dossier_and_no_person() -> None:
    text = ticket()
    found = read_ticket(text)
    assert found is not None and (found[0].office, found[0].form, found[0].day) == ("00101", "01", DAY)
    assert len(address_of("https://lienthong.example.vn/", text)) < 200
    assert re.fullmatch(r"1\.n00101a\.00101\.01\.20261120\.[\w-]{12}\.[\w-]{86}", text)


def test_a_person_answers_once_without_signing_in_and_without_a_script(hub: Hub, citizen: TestClient[object]) -> None:
    page = citizen.get(f"/khao-sat?t={ticket()}")
    assert page.status_code == 200 and page.text.count('type="radio"') == 25 and "00101" in page.text
    assert "Đã nhận góp ý" in send(citizen, ticket())[1]
    assert send(citizen, ticket())[0] == 409 and "SUR-002" in citizen.get(f"/khao-sat?t={ticket()}").text
    assert hub.store.readers.run(lambda c: answers_between(c, DAY, DAY)) == {
        OfficeCode("00101"): SurveyFigures(answers=1, satisfied=1, sums=(5,) * 5)
    }


@pytest.mark.parametrize(
    "text",
    [
        "", "x", ticket(signer=SoftwareSigner(b"t" * 32)), ticket(office="00102"), ticket(day=DAY - dt.timedelta(days=VALID_DAYS + 1)),
        ticket(day=DAY + dt.timedelta(days=3)), ticket()[:-9] + "A" * 9, ticket().replace("n00101a", "n99999a"),
    ],
)  # fmt: skip
def test_a_code_that_no_desk_made_or_that_is_too_old_is_not_answered(
    hub: Hub, citizen: TestClient[object], text: str
) -> None:
    status, page = send(citizen, text)
    assert status == 404 and "SUR-001" in page
    assert hub.store.readers.run(lambda c: answers_between(c, DAY, DAY)) == {}


def test_a_question_left_out_is_asked_for_again_and_the_others_stay_chosen(citizen: TestClient[object]) -> None:
    status, page = send(citizen, ticket(), **(ALL_FIVE | {"overall": "9"}))
    assert status == 422 and "SUR-003" in page and page.count(" checked") == 4


def test_answers_are_rate_limited(citizen: TestClient[object]) -> None:
    assert [send(citizen, "x")[0] for _ in range(12)][-1] == 429


def test_answers_are_figures_of_their_office_in_the_month_of_the_answer(hub: Hub, citizen: TestClient[object]) -> None:
    send(citizen, ticket(b"1" * 9))
    send(citizen, ticket(b"2" * 9), **(ALL_FIVE | {"overall": "2", "attitude": "1"}))
    report = hub.store.readers.run(lambda c: make_report(c, month_period(DAY), None, DAY))
    assert (report.survey.answers, report.survey.percent, report.survey.averages) == (
        2,
        50.0,
        (5.0, 5.0, 3.0, 5.0, 3.5),
    )
    assert [line.office for line in report.surveys] == ["00101"]
    assert next(one.value for one in report.appendix if one.row.number == "1.4.1") == "2"
    before = hub.store.readers.run(lambda c: make_report(c, report_period(ReportKind.QUARTER_1, 2026), None))
    assert before.survey.answers == 0 and before.survey.percent is None


def test_a_desk_without_a_line_makes_tickets_that_the_hub_takes(
    hub: Hub, citizen: TestClient[object], tmp_path: Path
) -> None:
    node: Node = make_node(tmp_path / "node", Clock(), settings='citizen_address = "https://hub.example"')
    hub.store.writer.run(
        lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), node.keys.signer.public_key, 1)
    )
    first, second = node.desk.survey_ticket("02"), node.desk.survey_ticket("02")
    node.close()
    assert first != second and send(citizen, first)[0] == 200 and send(citizen, second)[0] == 200


def test_only_the_three_slips_of_intake_carry_the_code_and_only_where_the_hub_is_known(tmp_path: Path) -> None:
    from edge_node.slips.service import _survey

    node = make_node(tmp_path / "node", Clock(), settings='citizen_address = "https://hub.example"')
    printed = {form: _survey(node.desk, node.settings, form) for form in ("01", "02", "03", "04", "06")}
    unknown = msgspec.structs.replace(node.settings, citizen_address="")
    assert [form for form, text in printed.items() if text.startswith("https://hub.example/khao-sat?t=1.")] == [
        "01",
        "02",
        "03",
    ]
    assert _survey(node.desk, unknown, "01") == ""
    node.close()
