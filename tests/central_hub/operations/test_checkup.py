"""The hub's check-up and figures on a real state folder: well, worth a look, broken; and never a citizen's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.enrolment.certificates import KeyAndCertificate, issue_server
from central_hub.enrolment.private_files import read_private
from central_hub.ingest.greeting import newest_catalogue
from central_hub.operations.checkup import hub_checks
from central_hub.settings import SealsChoice
from sync_protocol.adapters.checkup import Line, State, examine, exit_code, refused
from sync_protocol.adapters.settings_errors import SettingsRejected
from sync_protocol.errors import Problem
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.directory.desk_of_law import publish_shipped


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


def lines_of(hub: Hub) -> dict[str, Line]:
    checks = hub.store.readers.run(
        lambda c: examine(
            hub_checks(hub.folder, hub.settings, hub.keys, hub.store.engine, c, hub.anchor, hub.now(), full=True)
        )
    )
    return {line.name: line for line in checks}


def test_a_fresh_hub_is_sound_and_says_what_is_still_to_do(hub: Hub) -> None:
    lines = lines_of(hub)
    for name in (
        "Cơ sở dữ liệu",
        "Bước nâng cấp dữ liệu",
        "Mốc kỷ nguyên",
        "Khóa",
        "Chứng thư gốc",
        "Máy chủ chuyển tin",
    ):
        assert lines[name].state is State.WELL, lines[name]
    for name in ("Danh mục", "Bản dự phòng", "Dịch vụ"):
        assert lines[name].state is State.SOON and lines[name].next_step


def test_every_line_that_is_not_well_names_the_next_step(hub: Hub) -> None:
    hub.folder.keys.chmod(0o644)
    hub.folder.authority.unlink()
    hub.folder.anchor.unlink()
    lines = lines_of(hub)
    assert lines["Khóa"].state is State.BROKEN and lines["Chứng thư gốc"].state is State.BROKEN
    assert lines["Mốc kỷ nguyên"].state is State.SOON
    assert all(line.next_step for line in lines.values() if line.state is not State.WELL)
    assert exit_code(list(lines.values())) == 1


def test_a_backup_turns_its_line_well(hub: Hub) -> None:
    hub.back_up(hub.backups())
    assert lines_of(hub)["Bản dự phòng"].state is State.WELL


def test_a_check_that_fails_is_a_line_and_never_the_end() -> None:
    def trips() -> Line:
        raise ValueError("anything")

    def refuses() -> Line:
        raise Problem()

    lines = examine([("a", trips), ("b", refuses), ("c", lambda: Line("c", State.WELL, "có"))])
    assert [line.state for line in lines] == [State.BROKEN, State.BROKEN, State.WELL]
    assert "anything" not in lines[0].finding


def test_figures_are_prometheus_text_for_named_addresses_and_no_page_for_others(hub: Hub) -> None:
    with TestClient(web_of_hub(hub)) as outside:
        assert outside.get("/metrics", headers={"accept": "application/json"}).status_code == 404
        assert outside.get("/health/ready").text == "ready" and outside.get("/health/live").text == "ok"
    web = msgspec.structs.replace(hub.settings.web, metrics_clients=("testclient",))
    hub.settings = msgspec.structs.replace(hub.settings, web=web)
    with TestClient(web_of_hub(hub)) as inside:
        answer = inside.get("/metrics")
    assert answer.status_code == 200 and 'lienthong_held{kind="events"} 0.0' in answer.text


def test_a_catalogue_published_on_screen_is_found_sound(hub: Hub, tmp_path: Path) -> None:
    publish_shipped(hub, tmp_path)
    line = lines_of(hub)["Danh mục"]
    assert line.state == State.WELL and "bản 1" in line.finding


def test_a_catalogue_that_the_file_store_lost_is_broken(hub: Hub, tmp_path: Path) -> None:
    publish_shipped(hub, tmp_path)
    offer = hub.store.readers.run(newest_catalogue)
    assert offer is not None
    hub.files.files.remove(offer.digest.hex())
    assert lines_of(hub)["Danh mục"].state == State.BROKEN


def test_a_certificate_that_it_brought_for_the_pages_is_watched(hub: Hub) -> None:
    authority = KeyAndCertificate(hub.authority_pem, read_private(hub.folder.authority_key))
    old = issue_server(authority, ("hub.example.vn",), hub.now() - dt.timedelta(days=3650))
    web = msgspec.structs.replace(hub.settings.web, name="hub.example.vn", certificate_file="it.crt", key_file="it.key")
    hub.settings = msgspec.structs.replace(hub.settings, web=web)
    assert "it.crt, it.key" in lines_of(hub)["Chứng thư trang"].finding
    (hub.folder.root / "it.crt").write_bytes(old.certificate_pem)
    (hub.folder.root / "it.key").write_bytes(old.key_pem)
    line = lines_of(hub)["Chứng thư trang"]
    assert line.state is State.BROKEN and "Thay tệp chứng thư" in line.next_step


def test_pages_open_to_the_network_without_tls_are_worth_a_line(hub: Hub) -> None:
    web = msgspec.structs.replace(hub.settings.web, host="0.0.0.0")
    hub.settings = msgspec.structs.replace(hub.settings, web=web)
    line = lines_of(hub)["Chứng thư trang"]
    assert line.state is State.SOON and "web.name" in line.next_step


def test_files_that_nobody_judges_are_worth_a_line(hub: Hub) -> None:
    assert lines_of(hub)["Đối chiếu chữ ký"].state is State.SOON
    hub.settings = msgspec.structs.replace(hub.settings, seals=SealsChoice(trust_folder="tin"))
    assert lines_of(hub)["Đối chiếu chữ ký"].state is State.BROKEN
    (hub.folder.root / "tin").mkdir()
    (hub.folder.root / "tin" / "goc.root.der").write_bytes(b"x")
    assert "1 chứng thư gốc" in lines_of(hub)["Đối chiếu chữ ký"].finding


def test_a_setting_that_is_off_is_named_by_the_check_up() -> None:
    line = refused("Mở trung tâm", SettingsRejected(count=1, problems=("weeb",), listing="weeb: unknown setting"))
    assert line.state is State.BROKEN and "weeb: unknown setting" in line.finding
