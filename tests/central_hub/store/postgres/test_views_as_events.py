"""A hub of the release before, whose rows hold the view of every reception, on both engines: what is read stays the same, and is written shorter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.store.hub_store import Embedded
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.folded import read_keys
from sync_protocol.adapters.log_walk import walk_views
from sync_protocol.adapters.sqlite import migrate
from sync_protocol.adapters.storage_errors import DatabaseNewer
from sync_protocol.adapters.stored_views import VIEWS_AS_EVENTS, fingerprints
from sync_protocol.merge import fold
from sync_protocol.view import encode_view
from tests.central_hub.store.postgres.server import Server
from tests.offices import rid
from tests.sync_protocol.adapters.test_stored_views import chain, stored

EARLIER = MIGRATIONS[: MIGRATIONS.index(VIEWS_AS_EVENTS)]
FIRST, SECOND = chain(1), chain(2)


@pytest.fixture(params=["embedded", "postgres"])
def upgraded(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[apsw.Connection]:
    """A hub with one reception as the release before wrote it, brought up to date."""
    engine = Embedded(tmp_path / "a.db", b"k" * 32) if request.param == "embedded" else server.empty_at(tmp_path)
    connection = engine.open(read_only=False)
    migrate(connection, EARLIER)
    connection.execute("BEGIN IMMEDIATE")
    lane = event_log.open_lane(connection, FIRST.header.node, FIRST.header.inc, "peer")
    event_log.append(connection, lane, [FIRST], 1)
    projection.project(connection, [FIRST], fresh={rid(1)})  # what a program of today would ask of older tables is not asked
    connection.execute("UPDATE dossier SET view = ? WHERE rid = ?", (encode_view(fold(rid(1), [FIRST])), rid(1)))
    connection.execute("COMMIT")
    migrate(connection, MIGRATIONS)
    yield connection
    connection.close()


def test_a_row_of_the_release_before_is_read_and_found_true_as_it_stands(upgraded: apsw.Connection) -> None:
    assert stored(upgraded, 1) == encode_view(fold(rid(1), [FIRST]))
    assert projection.view_of(upgraded, rid(1)) == fold(rid(1), [FIRST])
    assert walk_views(upgraded) == (1, [])


def test_a_reception_after_the_upgrade_stands_without_bytes_beside_it_and_is_found_by_every_way(upgraded: apsw.Connection) -> None:
    upgraded.execute("BEGIN IMMEDIATE")
    lane = event_log.find_lane(upgraded, SECOND.header.node, SECOND.header.inc)
    assert lane is not None
    event_log.append(upgraded, lane, [SECOND], 2)
    projection.project(upgraded, [SECOND])
    upgraded.execute("COMMIT")
    views = [fold(rid(number), [event]) for number, event in ((1, FIRST), (2, SECOND))]
    assert stored(upgraded, 2) == b""
    assert sorted(projection.newest(upgraded), key=lambda one: one.rid) == views
    assert fingerprints(upgraded, [rid(1), rid(2), rid(3)]) == {one.rid: encode_view(one) for one in views}
    keys = upgraded.execute("SELECT keys FROM dossier WHERE rid = ?", (rid(2),)).fetchone()
    assert keys is not None
    for key in read_keys(str(keys[0])):
        assert views[1] in projection.find(upgraded, key)
    assert walk_views(upgraded) == (2, [])


def test_the_release_before_refuses_the_database_instead_of_reading_no_bytes(upgraded: apsw.Connection) -> None:
    with pytest.raises(DatabaseNewer):
        migrate(upgraded, EARLIER)
