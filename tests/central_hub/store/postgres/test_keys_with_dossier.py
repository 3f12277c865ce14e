"""A hub of an earlier release takes the keys of each dossier over into its row, on both engines, and finds and refolds as before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.store.hub_store import Embedded
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.folded import read_keys
from sync_protocol.adapters.projection_tables import KEYS_WITH_DOSSIER
from sync_protocol.adapters.sqlite import migrate
from sync_protocol.bodies import encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, Incarnation, NodeId
from sync_protocol.merge import fold
from sync_protocol.search_keys import keys_of
from tests.central_hub.store.postgres.server import Server
from tests.offices import reception, rid

EARLIER = MIGRATIONS[: MIGRATIONS.index(KEYS_WITH_DOSSIER)]
EVENT = make_event(
    node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type="dossier.received", tv=1, rid=rid(1), hlc=1 << 16,
    actor="cb01", body=encode_body(reception(1, "00101", name='Đặng "Ẩn"', personal_id="001185012345")),
)  # fmt: skip
KEYS = sorted(set(keys_of(fold(rid(1), [EVENT]))))


@pytest.fixture(params=["embedded", "postgres"])
def upgraded(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[apsw.Connection]:
    """A hub with one dossier and one row without keys, made by the steps before and then brought up to date."""
    engine = Embedded(tmp_path / "a.db", b"k" * 32) if request.param == "embedded" else server.empty_at(tmp_path)
    connection = engine.open(read_only=False)
    migrate(connection, EARLIER)
    connection.execute("BEGIN IMMEDIATE")
    lane = event_log.open_lane(connection, EVENT.header.node, EVENT.header.inc, "peer")
    event_log.append(connection, lane, [EVENT], 1)
    for one, keys in ((rid(1), KEYS), (rid(2), [])):
        connection.execute(
            "INSERT INTO dossier(rid, code, procedure, office, custodian, state, received_ms, due_date, conflicts, suspicions, view)"
            " VALUES(?,'','','00101','00101','received',1,'',0,0,?)", (one, b"\x80"),
        )  # fmt: skip
        connection.executemany("INSERT INTO search_key(key, rid) VALUES(?,?)", [(key, one) for key in keys])
    connection.execute("COMMIT")
    migrate(connection, MIGRATIONS)
    yield connection
    connection.close()


def test_every_row_names_the_keys_that_stood_in_the_index(upgraded: apsw.Connection) -> None:
    found = {
        bytes(one): sorted(read_keys(keys))
        for one, keys in upgraded.execute("SELECT rid, keys FROM dossier").fetchall()
    }
    assert found == {bytes(rid(1)): KEYS, bytes(rid(2)): []}


def test_a_dossier_folded_again_after_the_upgrade_keeps_its_keys_once(upgraded: apsw.Connection) -> None:
    upgraded.execute("BEGIN IMMEDIATE")
    projection.refold(upgraded, rid(1))
    upgraded.execute("COMMIT")
    rows = upgraded.execute("SELECT key FROM search_key WHERE rid = ? ORDER BY key", (rid(1),)).fetchall()
    assert [key for (key,) in rows] == KEYS


def test_a_key_that_no_longer_holds_leaves_with_the_next_fold(upgraded: apsw.Connection) -> None:
    upgraded.execute("BEGIN IMMEDIATE")
    upgraded.execute("UPDATE dossier SET keys = ? WHERE rid = ?", ('["code:OLD"]', rid(1)))
    upgraded.execute("DELETE FROM search_key WHERE rid = ?", (rid(1),))
    upgraded.execute("INSERT INTO search_key(key, rid) VALUES('code:OLD', ?)", (rid(1),))
    projection.refold(upgraded, rid(1))
    upgraded.execute("COMMIT")
    assert upgraded.execute("SELECT 1 FROM search_key WHERE key = 'code:OLD'").fetchone() is None
