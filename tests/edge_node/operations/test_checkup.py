"""The node's check-up and figures on a real state folder, with real models and fonts; offline is nothing to be broken about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.cli.status import status
from edge_node.operations.checkup import node_checks
from edge_node.settings import CaptureSettings, NodeSettings, ReadingChoice, ScannerSettings
from edge_node.sync import not_taken, refusal
from sync_protocol.adapters.checkup import Line, State, examine
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.settings_errors import SettingsRejected
from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.web.visitor import signed_in


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    one = make_node(tmp_path_factory.mktemp("node"), Clock())
    yield one
    one.close()


def lines_of(node: Node) -> dict[str, Line]:
    found = node.store.readers.run(
        lambda c: examine(node_checks(node.folder, node.identity, node.settings, c, node.now(), full=False))
    )
    return {line.name: line for line in found}


def test_the_check_up_reads_everything_and_an_office_without_a_line_is_not_broken(node: Node) -> None:
    lines = lines_of(node)
    for name in ("Cơ sở dữ liệu", "Bước nâng cấp dữ liệu", "Danh mục", "Mô hình đọc chữ", "Phông chữ", "Hàng chờ gửi"):
        assert lines[name].state is State.WELL, lines[name]
    assert lines["Đường tới trung tâm"].state is not State.BROKEN
    assert lines["Hộp cát"].state is not State.BROKEN
    assert all(line.next_step for line in lines.values() if line.state is not State.WELL)


def test_a_catalogue_that_was_touched_is_broken_in_its_line(node: Node) -> None:
    path = next(node.folder.catalogues.glob("catalogue-*.db"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert lines_of(node)["Danh mục"].state is State.BROKEN
    path.write_bytes(whole)


def test_sources_of_scans_are_examined_where_the_office_has_set_them(node: Node, tmp_path: Path) -> None:
    assert not {"Thư mục máy quét", "Máy quét"} & set(lines_of(node))
    before, folder = node.settings, tmp_path / "quet"
    away = ScannerSettings("Quầy 3", "http://127.0.0.1:9/eSCL")
    node.settings = msgspec.structs.replace(before, capture=CaptureSettings(str(folder), (away,)))
    assert [lines_of(node)[name].state for name in ("Thư mục máy quét", "Máy quét")] == [State.SOON, State.SOON]
    assert "Quầy 3" in lines_of(node)["Máy quét"].finding
    folder.mkdir()
    assert lines_of(node)["Thư mục máy quét"].state is State.WELL
    node.settings = before


def test_the_desk_is_ready_offline_and_shows_its_figures_to_named_addresses_only(node: Node) -> None:
    with TestClient(web_of(node)) as outside:
        assert outside.get("/health/ready").status_code == 200
        assert outside.get("/metrics", headers={"accept": "application/json"}).status_code == 404
    web = msgspec.structs.replace(node.settings.web, metrics_clients=("testclient",))
    node.settings = msgspec.structs.replace(node.settings, web=web)
    with TestClient(web_of(node)) as inside:
        text = inside.get("/metrics").text
    assert 'lienthong_held{kind="dossiers"} 0.0' in text and "lienthong_disk_free_bytes" in text


def test_a_desk_that_the_hub_refuses_says_so_with_the_code_and_the_page_to_open(
    node: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lines_of(node)["Trung tâm nhận điểm này"].state is not State.BROKEN
    node.store.writer.run(lambda c: refusal.note(c, "refused", "HUB-002", 1_795_000_000_000))
    line = lines_of(node)["Trung tâm nhận điểm này"]
    assert line.state is State.BROKEN and "HUB-002" in line.finding and "trang HUB-002" in line.next_step
    for text in (said_by_status(node, capsys), signed_in(web_of(node), "all").get("/system/lines").text):
        assert "HUB-002" in text and "thu hồi" in text
    node.store.writer.run(lambda c: refusal.note(c, "refused", "XYZ-9", 1_795_000_000_000))
    assert "trang XYZ-9" in lines_of(node)["Trung tâm nhận điểm này"].next_step
    node.store.writer.run(lambda c: refusal.note(c, "open", "", 1_795_000_000_000))
    assert lines_of(node)["Trung tâm nhận điểm này"].state is not State.BROKEN


def test_what_was_set_aside_stands_in_the_check_up_with_its_code(node: Node, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines_of(node)["Bản mới từ trung tâm"].state is State.WELL
    node.store.writer.run(lambda c: not_taken.note(c, "catalogue", "CAT-002"))
    line = lines_of(node)["Bản mới từ trung tâm"]
    assert line.state is State.SOON and "danh mục mới" in line.finding and "trang CAT-002" in line.next_step
    assert "CAT-002" in said_by_status(node, capsys)
    node.store.writer.run(lambda c: not_taken.note(c, "catalogue", ""))
    assert lines_of(node)["Bản mới từ trung tâm"].state is State.WELL


def said_by_status(node: Node, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    status(state=node.folder.root)
    return capsys.readouterr().out


def reading_line(node: Node, **chosen: object) -> Line:
    """The line about the reader, with these settings."""
    before = node.settings
    node.settings = msgspec.structs.replace(before, reading=msgspec.convert(chosen, ReadingChoice))
    try:
        return lines_of(node)["Mô hình đọc chữ"]
    finally:
        node.settings = before


def test_the_files_of_the_reader_that_was_chosen_are_examined_and_no_others(node: Node, tmp_path: Path) -> None:
    assert reading_line(node, kind="two_readers").state is State.WELL
    assert reading_line(node, kind="manual").finding == "không dùng máy đọc: các ô được nhập tay"
    missing = reading_line(node, kind="lines", tessdata=str(tmp_path))
    assert missing.state is State.BROKEN and "vie.traineddata" in missing.finding
    (tmp_path / "vie.traineddata").write_bytes(b"x")
    assert reading_line(node, kind="lines", tessdata=str(tmp_path)).state is State.WELL


def test_a_reader_that_there_is_not_is_refused_with_the_settings_own_sentence(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text('office_name = "BHXH cơ sở Ba Đình"\n[reading]\nkind = "tesseract"\n', encoding="utf-8")
    with pytest.raises(SettingsRejected) as refused:
        load_settings(NodeSettings, path, {})
    assert "reading.kind" in refused.value.operator_line
