"""A snapshot names the files of its dossiers as the hub's own rows do."""

from __future__ import annotations

from pathlib import Path

from central_hub.bootstrap.reading import parts_of, rids_of
from sync_protocol.ids import OfficeCode
from tests.central_hub.ingest.test_folded_ahead import EPOCH, rows_after, work_of_a_day
from tests.offices import HUB_NAME, Clock, Hub


def test_a_snapshot_names_the_files_that_the_hub_has_rows_of(tmp_path: Path) -> None:
    rows = rows_after(tmp_path, [work_of_a_day()], ahead=True)["blob_reference"]
    hub = Hub(tmp_path / "hub", Clock())
    office = OfficeCode("00101")
    parts = hub.store.readers.run(
        lambda c: list(parts_of(c, rids_of(c, office), 7, hub=HUB_NAME, epoch=EPOCH, office=office, sign=hub.signer.sign))
    )
    hub.close()
    assert len(rows) == 120
    assert sorted(row for part in parts for row in part.references) == sorted(rows)  # type: ignore[type-var]
