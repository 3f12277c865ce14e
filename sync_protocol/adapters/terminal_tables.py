"""Tables that both command lines print in the same words: the census, the backup report, a backup that was read in full."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from sync_protocol.adapters.backup.making import Digests
from sync_protocol.adapters.backup.manifest import BackupReport, Kind
from sync_protocol.adapters.backup.restore import check_backup
from sync_protocol.adapters.census import DossierCount
from sync_protocol.adapters.keys import Keys
from sync_protocol.adapters.terminal import print_json, show, show_facts
from sync_protocol.glossary import label

_CENSUS = {
    "code": "mã hồ sơ",
    "state": "trạng thái",
    "events": "sự kiện",
    "pages": "trang",
    "files": "tệp",
    "codes": "mã",
    "print": "vân",
}


def show_census(title: str, counts: list[DossierCount], *, as_json: bool) -> None:
    """Every dossier's figures; as JSON with whole fingerprints, to be compared with another replica's."""
    if as_json:
        print_json(counts)
        return
    words = [label("dossier_state", one.state) for one in counts]
    rows = [
        (one.code, word, one.events, one.declared_pages, one.files, one.codes, one.fingerprint[:8])
        for one, word in zip(counts, words, strict=True)
    ]
    show(title, _CENSUS, rows, as_json=False)


def show_backup(report: BackupReport, *, as_json: bool) -> None:
    """The report. Exit code 1 when files were lacking: the copy is good, and not whole."""
    show_facts("Bản dự phòng", msgspec.structs.asdict(report), as_json=as_json)
    if report.lacking:
        sys.exit(1)


def show_checked(folder: Path, kind: Kind, keys: Keys, digests: Digests, *, as_json: bool) -> NoReturn:
    """Read a backup in full and say what is in it; ends with exit code 1 when files are lacking. Raises as `check_backup` does."""
    held, read, lacking = check_backup(folder, kind, keys, digests)
    facts: dict[str, object] = {"backup": held.folder.name, "rows": read.rows, "files": held.manifest.files, "lacking": lacking}
    show_facts("Bản dự phòng đọc được", facts, as_json=as_json)
    sys.exit(1 if lacking else 0)
