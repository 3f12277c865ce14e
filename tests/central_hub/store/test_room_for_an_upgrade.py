"""Before a hub or a node changes the tables of a database that is in use, there is room for it, or nothing is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from central_hub.store.hub_store import Embedded, HubStore, Postgres
from central_hub.store.schema import MIGRATIONS as HUB_STEPS
from edge_node.store.node_store import NodeStore
from edge_node.store.schema import MIGRATIONS as NODE_STEPS
from sync_protocol.adapters.checkup import State, check_migrations
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, MadeWith
from sync_protocol.adapters.sqlite import Migration, Room, migrate, open_database, room_at
from sync_protocol.adapters.storage_errors import UpgradeNeedsRoom

KEY = b"k" * 32
Free = Callable[[Path], int]
Store = NodeStore | HubStore


class Shell(msgspec.Struct, frozen=True):
    """One of the two programs: its steps, how it opens a database, and where it keeps its single values."""

    steps: tuple[Migration, ...]
    open: Callable[[Path, Free], Store]
    state: str


NODE = Shell(NODE_STEPS, lambda path, free: NodeStore(path, KEY, free), "node_state")
HUB = Shell(HUB_STEPS, lambda path, free: HubStore(Embedded(path, KEY, free=free)), "hub_state")


@pytest.fixture(params=[NODE, HUB], ids=["node", "hub"])
def shell(request: pytest.FixtureRequest) -> Shell:
    found: Shell = request.param
    return found


@pytest.fixture
def earlier(shell: Shell, tmp_path: Path) -> Path:
    """A database as the release before left it: the last step is still to come."""
    path = tmp_path / "kept.db"
    connection = open_database(path, KEY)
    migrate(connection, shell.steps[:-1])
    connection.close()
    return path


def steps_in(path: Path) -> int:
    connection = open_database(path, KEY, read_only=True)
    try:
        return len(connection.execute("SELECT name FROM migration").fetchall())
    finally:
        connection.close()


def test_without_room_nothing_is_touched_and_the_refusal_says_what_is_lacking(shell: Shell, earlier: Path) -> None:
    before = earlier.read_bytes()
    needed = 2 * len(before)
    with pytest.raises(UpgradeNeedsRoom) as refused:
        shell.open(earlier, lambda _: needed - 1)
    assert {one.name: one.read_bytes() for one in earlier.parent.iterdir()} == {earlier.name: before}
    problem = refused.value
    assert (problem.code, problem.exit_code) == ("STO-018", 74)
    assert f"1 steps may want {needed} bytes on its volume, {needed - 1} are free" in problem.operator_line
    mb = -(-needed // 2**20)
    assert f"cần {mb} MB trống" in problem.clerk_sentence and f"chỉ còn {mb - 1} MB" in problem.clerk_sentence
    assert "còn nguyên" in problem.clerk_sentence and "bản phần mềm cũ" in problem.clerk_next_step


def test_with_just_enough_room_the_upgrade_runs(shell: Shell, earlier: Path) -> None:
    shell.open(earlier, lambda _: 2 * earlier.stat().st_size).close()
    assert steps_in(earlier) == len(shell.steps)


def test_the_room_asked_for_is_that_of_the_folder_the_database_lies_in(shell: Shell, earlier: Path) -> None:
    asked: list[Path] = []
    shell.open(earlier, lambda folder: asked.append(folder) or 2**40).close()  # type: ignore[func-returns-value]
    assert set(asked) == {earlier.parent}


def test_a_new_database_and_one_that_is_up_to_date_want_no_room(shell: Shell, tmp_path: Path) -> None:
    for _ in range(2):
        shell.open(tmp_path / "new.db", lambda _: 0).close()
    assert steps_in(tmp_path / "new.db") == len(shell.steps)


def test_a_fold_of_everything_anew_wants_room_as_a_step_does(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    shell.open(path, lambda _: 0).close()
    connection = open_database(path, KEY)
    older = msgspec.msgpack.encode(MadeWith(b"another fold", ()))
    connection.execute(f"UPDATE {shell.state} SET value = ? WHERE key = ?", (older, VIEWS_MADE_WITH))
    connection.close()
    with pytest.raises(UpgradeNeedsRoom, match="0 steps"):
        shell.open(path, lambda _: 0)
    shell.open(path, lambda _: 2**40).close()


def test_the_need_is_twice_the_file_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    connection = open_database(path, KEY)
    connection.execute("CREATE TABLE a(x)")
    file, log = path.stat().st_size, path.with_name("kept.db-wal").stat().st_size
    assert log > 0 and room_at(path, lambda _: 7) == Room(2 * (file + log), 7)
    connection.close()


def test_a_hub_over_postgres_does_not_see_the_disk_of_its_server() -> None:
    assert Postgres("postgresql://nowhere/none").room() is None


@pytest.mark.parametrize(
    ("room", "state", "said"),
    [
        (Room(2**20 + 1, 2**30), State.SOON, "còn 1 bước, cần 2 MB trống, ổ đĩa còn 1024 MB"),
        (Room(2**20 + 1, 2**20), State.BROKEN, "còn 1 bước, cần 2 MB trống, ổ đĩa còn 1 MB"),
        (None, State.SOON, "còn 1 bước"),
    ],
)
def test_the_check_up_says_beforehand_whether_an_upgrade_has_room(earlier: Path, shell: Shell, room: Room | None, state: State, said: str) -> None:
    connection = open_database(earlier, KEY)
    line = check_migrations(connection, shell.steps, room)
    connection.close()
    assert (line.state, line.finding) == (state, said) and line.next_step
