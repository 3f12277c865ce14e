"""Reports on screen and as files: what a leader sees, types and freezes, and what nobody finds in them."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.figures.counting import count_all
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.sync_protocol.figures.stories import DAY_MS, Story, events_of

HALF_YEAR = "kind=half_year&year=2021"
CITIZEN = "Vũ Thị Ẩn"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    clock = Clock()
    clock.at = dt.datetime(2021, 6, 20, 2, 0, tzinfo=dt.UTC)
    one = make_hub(tmp_path / "hub", clock)
    june = dt.date(2021, 6, 1)
    for number, ended in ((1, 9), (2, 10), (3, 12), (4, None)):
        done = dt.date(2021, 6, ended) if ended else None
        tell(
            one,
            Story(
                number,
                "00101",
                june,
                0,
                dt.date(2021, 6, 10),
                "online",
                ended=done,
                outcome="granted" if done else "",
                open_parts=1,
            ),
        )
    yield one
    one.store.close()


def tell(hub: Hub, story: Story) -> None:
    hub.store.writer.run(lambda c: arrive_in(c, story))


def arrive_in(connection: object, story: Story) -> None:
    from central_hub.ingest.commit import spread_events
    from sync_protocol.adapters import event_log
    from tests.central_hub.figures.hub_with_stories import EPOCH

    for event in events_of(story):
        lane = event_log.open_lane(connection, event.header.node, event.header.inc, "peer")  # type: ignore[arg-type]
        _, placed = event_log.append(connection, lane, [event], 1)  # type: ignore[arg-type]
        spread_events(connection, EPOCH, placed, 1)  # type: ignore[arg-type]


def post(client: TestClient[Litestar], path: str, **data: str) -> object:
    return client.post(
        path,
        data={"kind": "half_year", "year": "2021", "_csrf_token": client.cookies["form"], **data},
        follow_redirects=False,
    )


def test_the_page_says_that_events_still_wait_and_then_shows_rates_with_their_formula(hub: Hub) -> None:
    client = client_of(hub, "leader")
    assert "sự kiện đang tính" in client.get(f"/reports?{HALF_YEAR}").text
    count_all(hub)
    text = client.get(f"/reports?{HALF_YEAR}").text
    assert "sự kiện đang tính" not in text
    assert "50,0 %" in text and "2 trên 4" in text and "÷ mọi hồ sơ tiếp nhận trong kỳ" in text
    assert CITIZEN not in text and text.count('<svg class="chart"') == 3


def test_a_period_that_does_not_exist_is_said(hub: Hub) -> None:
    client = client_of(hub, "leader")
    assert client.get("/reports?kind=quarter_2&year=2021").status_code == 404
    assert client.get("/reports?kind=month&year=2021&month=13").status_code == 404
    assert client.get("/reports").status_code == 200
    for asked, said in (("kind=month&year=2021&month=13", "13/2021"), ("kind=month&month=abc", "abc"), ("kind=year&year=1900", "1900"), ("kind=x&year=2021", "x")):
        assert f"Không có kỳ báo cáo “{said}”" in client.get(f"/reports?{asked}").text, asked


@pytest.mark.parametrize("section", ["", "/quality", "/appendix", "/file/xlsx"])
@pytest.mark.parametrize(
    "asked",
    [
        "kind=month&year=2026&month=99999999999", "kind=month&year=99999999999&month=1", "kind=year&year=-1", "kind=month&month=%00",
        f"kind=month&year=2021&month={'9' * 5000}", "kind=day&year=2021",
    ],
)  # fmt: skip
def test_a_period_that_nobody_can_mean_is_said_and_nothing_fails(hub: Hub, section: str, asked: str) -> None:
    answer = client_of(hub, "leader").get(f"/reports{section}?{asked}")
    assert answer.status_code == 404 and "FIG-001" in answer.text


@pytest.mark.parametrize("section", ["", "/quality", "/appendix", "/file/xlsx"])
def test_a_period_without_anything_is_a_report_of_nothing(hub: Hub, section: str) -> None:
    count_all(hub)
    answer = client_of(hub, "leader").get(f"/reports{section}?kind=year&year=2005")
    assert answer.status_code == 200
    if not section:
        assert "chưa có gì để tính" in answer.text and "0,0 %" not in answer.text


def test_a_leader_freezes_and_a_late_dossier_shows_beside(hub: Hub) -> None:
    client = client_of(hub, "leader")
    assert "FIG-012" in post(client, "/reports/freeze").text  # type: ignore[attr-defined]
    count_all(hub)
    answer = post(client, "/reports/freeze")
    assert answer.headers["location"] == "/reports/frozen/1"  # type: ignore[attr-defined]
    assert "chưa có gì thay đổi" in client.get("/reports/frozen/1").text
    tell(hub, Story(5, "03401", dt.date(2021, 6, 14), DAY_MS - 1, None, "postal"))
    count_all(hub)
    text = client.get("/reports/frozen/1").text
    assert "Tiếp nhận trong kỳ: +1" in text and "03401" in text
    assert "FIG-011" in post(client, "/reports/freeze", kind="year").text  # type: ignore[attr-defined]
    noted = hub.store.readers.run(lambda c: c.execute("SELECT what, dossier FROM audit").fetchall())
    assert ("report.freeze", "2020-12-15/2021-06-14") in noted


def test_an_auditor_sees_and_changes_nothing(hub: Hub) -> None:
    client = client_of(hub, "auditor")
    text = client.get(f"/reports/appendix?{HALF_YEAR}").text
    assert "Phụ lục 3" in text and '<input class="w-6"' not in text
    assert post(client, "/reports/freeze").status_code == 403  # type: ignore[attr-defined]


def test_manual_cells_are_typed_and_computed_ones_are_not(hub: Hub) -> None:
    count_all(hub)
    client = client_of(hub, "leader")
    answer = post(client, "/reports/values", form="appendix", **{"appendix::1.1": "12", "appendix::6.1": ""})
    assert answer.status_code == 303  # type: ignore[attr-defined]
    text = client.get(f"/reports/appendix?{HALF_YEAR}").text
    assert re.search(r'name="appendix::1.1"[^>]*value="12"', text) and "50,0" in text
    refused = post(client, "/reports/values", form="appendix", **{"appendix::1.1": "mười", "appendix::1.2": "3"})
    assert "FIG-014" in refused.text and 'value="mười"' in refused.text  # type: ignore[attr-defined]
    assert "FIG-013" in post(client, "/reports/values", form="appendix", **{"appendix::2.4": "100"}).text  # type: ignore[attr-defined]
    kept = hub.store.readers.run(lambda c: c.execute("SELECT item, value FROM report_value").fetchall())
    assert kept == [("1.1", "12")]
    post(client, "/reports/values", form="quality", **{"unit:00101:6": "2", "quality::satisfaction": "17,5"})
    text = client.get(f"/reports/quality?{HALF_YEAR}").text
    assert 'value="17,5"' in text and "Tạm tính" in text and "cb01" in text


def test_the_workbook_holds_what_the_page_shows(hub: Hub) -> None:
    import zipfile

    count_all(hub)
    answer = client_of(hub, "leader").get(f"/reports/file/xlsx?{HALF_YEAR}")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    strings = book.read("xl/sharedStrings.xml").decode()
    assert names == ["Tổng hợp", "Theo cơ quan", "Phụ lục 3", "Chỉ số 766", "Đơn vị", "Viên chức"]
    assert "Giải quyết đúng hạn" in strings and CITIZEN not in strings
    assert not any(b"<f>" in book.read(one) for one in book.namelist())


def test_the_printed_report_is_a_pdf_with_its_words(hub: Hub) -> None:
    import pypdfium2

    count_all(hub)
    client = client_of(hub, "leader")
    post(client, "/reports/freeze")
    answer = client.get("/reports/file/pdf?number=1")
    assert answer.headers["content-type"] == "application/pdf" and "chot-1.pdf" in answer.headers["content-disposition"]
    pages = pypdfium2.PdfDocument(answer.content)
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    assert "BÁO CÁO 6 THÁNG" in text and "50,0 %" in text and CITIZEN not in text


def test_the_analysts_file_holds_counts_and_nobody(hub: Hub, tmp_path: Path) -> None:
    count_all(hub)
    content = client_of(hub, "leader").get(f"/reports/file/sqlite?{HALF_YEAR}").content
    assert content.startswith(b"SQLite format 3") and CITIZEN.encode() not in content and b"cb01" not in content
    path = tmp_path / "figures.sqlite"
    path.write_bytes(content)
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute(\"SELECT sum(n) FROM figure WHERE measure = 'received'\").fetchone()[0])"
    told = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "4"


def test_a_file_of_another_shape_does_not_exist(hub: Hub) -> None:
    assert client_of(hub, "leader").get("/reports/file/exe").status_code == 404
