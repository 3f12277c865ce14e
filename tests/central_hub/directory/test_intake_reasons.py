"""Reasons for ending an intake: in force on a day, by outcome; a catalogue of before them is read as having none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import apsw

from central_hub.directory.build import SOURCES, build_catalogue
from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.adapters.signatures import SoftwareSigner
from tests.central_hub.directory.published import published

SIGNER = SoftwareSigner(b"R" * 32)
DAY = dt.date(2026, 11, 22)


def test_every_outcome_has_reasons_in_force_with_their_source() -> None:
    made = published()
    for outcome in ("supplement", "refused"):
        found = made.intake_reasons_on(outcome, DAY)
        assert len(found) >= 5 and all(one.source and one.text and one.outcome == outcome for one in found)
        assert made.intake_reasons_on(outcome, dt.date(2018, 1, 1)) == ()
    assert len({one.code for one in made.intake_reasons}) == len(made.intake_reasons)


def test_a_file_published_before_reasons_existed_is_read_with_none(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    build_catalogue(SOURCES, path, version="2026.1", built_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), sign=SIGNER.sign)
    connection = apsw.Connection(str(path))
    connection.execute("DROP TABLE intake_reasons")
    connection.close()
    found = open_catalogue(path, b"", lambda message, signature: None)
    assert found.intake_reasons == () and found.procedures
