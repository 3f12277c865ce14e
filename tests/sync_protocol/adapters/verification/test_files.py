"""Any file laid on the desk gets a report in plain words: who, when, what it covers, and why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_node.signing.record import sign_record
from sync_protocol.adapters.verification.files import FileUnreadable, judge_files
from sync_protocol.adapters.verification.words import reason_sentence, report_lines, show_judged
from tests.edge_node.signing.material import AGENCY, CAPTURED_AT, NOW, world
from tests.sync_protocol.adapters.verification.hostile_copies import CASES


def lay(folder: Path) -> list[Path]:
    modified = next(case for case in CASES if case.name.startswith("03"))
    script = next(case for case in CASES if case.name.startswith("20"))
    files = {
        "good.pdf": world().sealed.data, "modified.pdf": modified.make(world()), "script.pdf": script.make(world()),
        "plain.pdf": world().copy, "picture.png": b"\x89PNG\r\n\x1a\n", "record.json": b'{"a":1}',
        "record.json.p7s": sign_record(b'{"a":1}', world().key("officer_p256"), at=CAPTURED_AT),
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files if not name.endswith(".p7s")]


def test_each_file_gets_its_verdict_and_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = judge_files(lay(tmp_path), world().trust, NOW)
    told = {Path(one.file).name: (one.report.verdict, one.report.codes) for one in judged}
    assert told == {
        "good.pdf": ("valid", ()),
        "modified.pdf": ("valid_but_modified", told["modified.pdf"][1]),
        "script.pdf": ("invalid", ("VER-005",)),
        "plain.pdf": ("invalid", ("VER-008",)),
        "picture.png": ("invalid", ("VER-001",)),
        "record.json": ("valid", ()),
    }
    good = "\n".join(report_lines("good.pdf", judged[0].report))
    assert "Có giá trị" in good
    assert "Chữ ký cá nhân của người quét: “Nguyễn Thị Ẵm”, ký lúc" in good
    assert f"Chữ ký số cơ quan: “{AGENCY}”" in good
    assert f"bao trùm {world().signed.length:,} byte đầu".replace(",", ".") in good
    assert "bao trùm toàn bộ tệp" in good
    assert " byte, 1 trang, SHA-256 " in good
    assert show_judged(judged, as_json=True) is False
    assert '"verdict": "valid_but_modified"' in capsys.readouterr().out


def test_a_path_that_names_nothing_is_told_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as raised:
        judge_files([tmp_path / "nguyen-van-a.pdf"], world().trust, NOW)
    assert "nguyen" not in raised.value.operator_line


def test_an_unknown_reason_is_shown_with_its_code() -> None:
    assert "VER-999" in reason_sentence("VER-999")
    assert reason_sentence("VER-013") == "Chứng thư của người ký đã bị thu hồi."
