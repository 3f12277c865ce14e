"""Marker personal data never gets out through the log, whatever way it goes in."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from sync_protocol.adapters.files.errors import FileAbsent
from sync_protocol.adapters.logs import configure_logs, logger

MARKERS = ("079185001234", "7912345678", "0912345678", "Nguyễn Thị Dấu", "12 Lý Thường Kiệt")
DIGEST = "1234567890" * 3 + "ab" + "9" * 32


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs(written, lambda: "2026-11-22 03:00:00+00:00", cache=False)
    yield written
    structlog.reset_defaults()


def assert_no_marker(text: str) -> None:
    assert not [marker for marker in MARKERS if marker in text]


def test_no_marker_gets_out(stream: io.StringIO) -> None:
    log = logger(node="n0202")
    number, insurance, phone, name, address = MARKERS
    log.info("intake.saved", applicant_name=name, home_address=address, personal_id_number=number, dossier="d-1")
    log.info(
        "intake.saved", dossier={"holder": name, "ids": [number, int(insurance), {"phone": phone}]}, raw=name.encode()
    )
    log.info(f"free text {number} and 079 185 001 234 and {phone}", detail=f"CCCD{number}", bhxh=insurance)
    try:
        raise ValueError(f"no such person {name} {number}")
    except ValueError as error:
        log.exception("intake.failed", error=error)
    assert_no_marker(stream.getvalue())
    assert "079 185" not in stream.getvalue()


def test_the_check_itself_notices_a_marker() -> None:
    with pytest.raises(AssertionError):
        assert_no_marker(json.dumps({"event": "x 079185001234"}))


def test_ids_measures_and_problems_stay_readable(stream: io.StringIO) -> None:
    try:
        raise FileAbsent(digest=DIGEST)
    except FileAbsent:
        logger(node="n0202").exception("file.absent", digest=DIGEST, free_bytes=1_073_741_824, seq=123456789)
    line = json.loads(stream.getvalue())
    assert (line["digest"], line["free_bytes"], line["seq"]) == (DIGEST, 1_073_741_824, 123456789)
    assert line["exception"].startswith("FIL-001") and line["node"] == "n0202"
    assert line["timestamp"] == "2026-11-22 03:00:00+00:00" and line["traceback"][0].startswith("test_logs.py:")


def test_a_long_value_is_cut(stream: io.StringIO) -> None:
    logger().warning("x", detail="a" * 10_000)
    assert len(stream.getvalue()) < 1_000


def test_a_log_on_a_full_disk_costs_lines_and_never_the_program(tmp_path: Path) -> None:
    path = tmp_path / "node.log"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with path.open("w", encoding="utf-8", buffering=1) as file:
        configure_logs(file, lambda: "2026-11-22 03:00:00+00:00", cache=False)
        log = logger(node="n0202")
        log.info("sync.begun")
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
        try:
            log.info("sync.waiting")
            log.info("sync.waiting")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        log.info("sync.resumed")
    structlog.reset_defaults()
    last = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    assert last["event"] == "sync.resumed" and last["missed_lines"] == 2


def test_a_log_that_nobody_reads_any_more_never_ends_the_program() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    file = os.fdopen(writing, "w", buffering=1)
    configure_logs(file, lambda: "2026-11-22 03:00:00+00:00", cache=False)
    logger(node="n0202").info("sync.begun")
    structlog.reset_defaults()
    with contextlib.suppress(BrokenPipeError):  # Python gives the line out once more at the end
        file.close()
