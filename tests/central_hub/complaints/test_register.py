"""The complaints register: entered once, answered once, and from it indicators 7 and 8, which nobody types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.app import Hub
from central_hub.complaints.errors import ComplaintAnswered, ComplaintKnown, DaysReversed
from central_hub.complaints.register import Entry, Outcome, answer, complaints, enter
from central_hub.figures.errors import ItemUnknown
from central_hub.figures.report import make_report
from central_hub.figures.sums import catch_up
from central_hub.figures.typed import UNIT, keep_value
from central_hub.ingest.nodes import enrol_node
from sync_protocol.figures.periods import ReportKind, report_period
from sync_protocol.ids import NodeId, OfficeCode
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.figures.hub_with_stories import empty_hub, tell
from tests.central_hub.web.person import Person
from tests.sync_protocol.figures.stories import Story

HALF_YEAR = report_period(ReportKind.HALF_YEAR, 2021)
TODAY = dt.date(2021, 6, 14)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[apsw.Connection]:
    """Two dossiers of 00101 ended early, one of 00102 on its day."""
    connection = empty_hub(tmp_path)
    for number, office, ended in ((1, "00101", 9), (2, "00101", 9), (3, "00102", 10)):
        tell(
            connection,
            Story(
                number,
                office,
                dt.date(2021, 6, 1),
                0,
                dt.date(2021, 6, 10),
                "in_person",
                ended=dt.date(2021, 6, ended),
                outcome="granted",
            ),
        )
    with connection:
        while catch_up(connection):
            pass
    yield connection
    connection.close()


def complain(
    c: apsw.Connection,
    letter: str,
    office: str = "00101",
    dossier: str = "",
    *,
    due: int = 12,
    said: Outcome = "",
    on: int = 11,
) -> None:
    entry = Entry(OfficeCode(office), letter, dossier, "attitude", dt.date(2021, 6, 2), dt.date(2021, 6, due))
    enter(c, entry, account="lan", roles=("conflict_officer",), today=TODAY, now_ms=1)
    if said:
        number = max(one.id for one in complaints(c))
        answer(c, number, said, dt.date(2021, 6, on), account="lan", roles=(), today=TODAY, now_ms=2)


def indicators(c: apsw.Connection, number: int) -> dict[str, float | None]:
    report = make_report(c, HALF_YEAR, None, TODAY)
    return {one.office: one.indicators[number - 1] for one in report.units}


def code_of(c: apsw.Connection, office: str) -> str:
    return str(c.execute("SELECT code FROM dossier WHERE office = ? ORDER BY code LIMIT 1", (office,)).fetchall()[0][0])


def test_without_a_complaint_attitude_follows_the_time_and_handling_is_full(hub: apsw.Connection) -> None:
    assert indicators(hub, 7) == {"00101": 2.0, "00102": 1.0} and indicators(hub, 8) == {"00101": 2.0, "00102": 2.0}


def test_a_complaint_about_a_dossier_takes_its_points_and_a_disproved_one_does_not(hub: apsw.Connection) -> None:
    complain(hub, "1", dossier=code_of(hub, "00101"), said="disproved")
    assert indicators(hub, 7)["00101"] == 2.0
    complain(hub, "2", dossier=code_of(hub, "00101"), said="upheld")
    assert indicators(hub, 7)["00101"] == 1.0
    report = make_report(hub, HALF_YEAR, None, TODAY)
    assert {one.indicators[4] for one in report.officers if one.office == "00101"} == {1.0}
    assert {one.indicators[4] for one in report.officers if one.office == "00102"} == {1.0}


def test_a_complaint_about_no_dossier_is_one_more_nought(hub: apsw.Connection) -> None:
    complain(hub, "1")
    assert indicators(hub, 7) == {"00101": 1.3, "00102": 1.0}


def test_handling_counts_what_is_answered_or_past_its_day(hub: apsw.Connection) -> None:
    for number in range(9):
        complain(hub, f"t{number}", said="disproved")
    complain(hub, "open", due=20)
    assert indicators(hub, 8)["00101"] == 2.0
    complain(hub, "late", due=10, said="upheld", on=11)
    assert indicators(hub, 8)["00101"] == 1.0
    complain(hub, "overdue", due=13)
    assert indicators(hub, 8)["00101"] == 0.0


def test_nobody_types_what_the_register_says(hub: apsw.Connection) -> None:
    for item in ("7", "8"):
        with pytest.raises(ItemUnknown):
            keep_value(hub, HALF_YEAR, UNIT, item, "2", account="leader", now_ms=1, office="00101")


def test_a_letter_is_entered_once_answered_once_and_its_days_follow_each_other(hub: apsw.Connection) -> None:
    complain(hub, "1", said="partly")
    with pytest.raises(ComplaintKnown):
        complain(hub, "1")
    with pytest.raises(ComplaintAnswered):
        answer(hub, 1, "disproved", TODAY, account="x", roles=(), today=TODAY, now_ms=1)
    with pytest.raises(DaysReversed):
        complain(hub, "2", due=1)
    complain(hub, "3")
    for day in (dt.date(2021, 6, 1), dt.date(2021, 6, 15)):
        with pytest.raises(DaysReversed):
            answer(hub, 2, "upheld", day, account="x", roles=(), today=TODAY, now_ms=1)
    assert [(one.letter, one.outcome) for one in complaints(hub)] == [("3", ""), ("1", "partly")]


def test_on_screen_an_officer_enters_and_answers_and_an_auditor_reads(tmp_path: Path) -> None:
    hub: Hub = make_hub(tmp_path / "hub", Clock())
    hub.store.writer.run(lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), b"k" * 32, 1))
    person = Person(web_of_hub(hub), "conflict_officer")
    typed = {
        "office": "00101",
        "letter": "12/PAKN",
        "dossier": "",
        "about": "delay",
        "received": "18/11/2026",
        "due": "27/11/2026",
    }
    assert "WEB-030" in person.post("/complaints", typed | {"due": "mai"}).text
    assert "CPL-004" in person.post("/complaints", typed | {"office": "99999"}).text
    assert person.post("/complaints", typed).status_code == 303
    assert "CPL-001" in person.post("/complaints", typed).text
    assert "12/PAKN" in person.get("/complaints").text and "Chưa trả lời" in person.get("/complaints").text
    assert person.post("/complaints/1/answer", {"day": "20/11/2026", "outcome": "disproved"}).status_code == 303
    auditor = Person(web_of_hub(hub), "auditor").get("/complaints").text
    assert "Phản ánh sai" in auditor and "Ghi vào sổ" not in auditor
    whats = hub.store.readers.run(lambda c: [row[0] for row in c.execute("SELECT what FROM audit ORDER BY id")])
    assert whats == ["complaint.enter", "complaint.answer"]
    hub.store.close()
