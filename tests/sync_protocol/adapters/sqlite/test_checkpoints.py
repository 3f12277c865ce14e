"""The write-ahead log goes home beside the writer; where nobody copies it, the writer does."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import apsw
import pytest

from sync_protocol.adapters.sqlite import Checkpoints, Turn, Writer, checkpoints, open_database
from sync_protocol.adapters.storage_errors import StorageUnavailable

KEY = b"k" * 32
NO_CHECKPOINTS = 0
PATIENCE_S = 30


def opened(path: Path) -> apsw.Connection:
    return open_database(path, KEY, checkpoint_pages=NO_CHECKPOINTS)


def fill(writer: Writer, rows: int) -> None:
    writer.run(lambda c: c.execute("CREATE TABLE IF NOT EXISTS t(a BLOB)"))
    for _ in range(rows):
        writer.run(lambda c: c.execute("INSERT INTO t VALUES(randomblob(4000))"))


class Told(Checkpoints):
    """Says when a pass has been counted."""

    _count = 0

    @property
    def counted(self) -> threading.Semaphore:
        return self.__dict__.setdefault("_counted", threading.Semaphore(0))  # type: ignore[no-any-return]

    @property
    def _passed(self) -> int:
        return self._count

    @_passed.setter
    def _passed(self, count: int) -> None:
        self._count = count
        if count:
            self.counted.release()


def test_a_log_that_has_grown_is_copied_home_by_another_connection(tmp_path: Path) -> None:
    path, was_opened = tmp_path / "a.db", threading.Event()

    def open_other() -> apsw.Connection:
        was_opened.set()
        return opened(path)

    care = Checkpoints(open_other, pages=40, most_pages=10_000)
    with Writer(lambda: care.watch(opened(path))) as writer:
        fill(writer, 5)
        before = path.stat().st_size
        assert not was_opened.is_set()
        fill(writer, 30)
        assert was_opened.wait(PATIENCE_S)
        care.close()
        assert path.stat().st_size > before
        care.close()


@pytest.mark.parametrize("passes", [1, 3])
def test_after_so_many_passes_the_writer_copies_the_rest_and_the_log_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passes: int
) -> None:
    path, whose, copy = tmp_path / "a.db", [], checkpoints._copy

    def noted(connection: apsw.Connection) -> None:
        copy(connection)
        whose.append(threading.current_thread().name)

    monkeypatch.setattr(checkpoints, "_copy", noted)
    care = Told(lambda: opened(path), pages=20, most_pages=10_000, passes=passes)
    with Writer(lambda: care.watch(opened(path))) as writer, contextlib.closing(opened(path)) as reader:
        fill(writer, 1)
        with reader:  # somebody reads: no pass leaves nothing behind, as when commits come meanwhile
            reader.execute("SELECT count(*) FROM t").fetchall()
            for _ in range(passes):
                begun = care._begun
                while care._begun == begun:
                    fill(writer, 1)
                assert care.counted.acquire(timeout=PATIENCE_S)
            grown = care._seen
        fill(writer, 1)
        assert whose == ["database-checkpoints"] * passes + ["database-writer"]
        fill(writer, 1)
        assert care._seen < grown
    care.close()


@pytest.mark.parametrize("is_ended", [False, True])
def test_queues_wait_for_the_last_pass_and_looks_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_ended: bool) -> None:
    path, whose, may, copy = tmp_path / "a.db", [], threading.Semaphore(1), checkpoints._copy

    def noted(connection: apsw.Connection) -> None:
        if threading.current_thread().name == "database-checkpoints":
            may.acquire(timeout=PATIENCE_S)
        copy(connection)
        whose.append(threading.current_thread().name)

    monkeypatch.setattr(checkpoints, "_copy", noted)
    care = Told(lambda: opened(path), pages=20, most_pages=10_000, has_calm_pass=True)
    with Writer(lambda: care.watch(opened(path)), stands_back=care.stands_back) as writer, contextlib.closing(opened(path)) as reader, reader:
        fill(writer, 1)
        reader.execute("SELECT count(*) FROM t").fetchall()  # somebody reads: the pass leaves something behind
        while care._begun == 0:
            fill(writer, 1)
        assert care.counted.acquire(timeout=PATIENCE_S)
        assert not care.stands_back()
        fill(writer, 1)
        assert care.stands_back()
        queue = writer.submit(lambda c: c.execute("INSERT INTO t VALUES('queue')"))
        for turn in (Turn.LOOK, Turn.ACT):
            writer.submit(lambda c: c.execute("INSERT INTO t VALUES('people')"), turn=turn).result(PATIENCE_S)
        assert not queue.done()
        ending = threading.Thread(target=care.close)
        if is_ended:
            ending.start()
        may.release()
        queue.result(PATIENCE_S)
        assert not care.stands_back()
        assert whose == ["database-checkpoints"] * 2 + ["database-writer"]
        assert [a for (a,) in writer.run(lambda c: c.execute("SELECT a FROM t").fetchall())][-3:] == ["people", "people", "queue"]
        if is_ended:
            ending.join()
    may.release()  # the pass at the end
    care.close()


def test_where_nobody_copies_the_writer_does_before_the_log_grows_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    def fails() -> apsw.Connection:
        raise StorageUnavailable(sqlite_code=0, what="a test")

    care = Checkpoints(fails, pages=5, most_pages=40)
    with Writer(lambda: care.watch(opened(path))) as writer:
        fill(writer, 60)
        assert path.stat().st_size > 30 * 4096
    care.close()


@pytest.mark.parametrize("troubles", [1, 3])
def test_a_disk_that_was_away_is_tried_again_with_the_next_commit(tmp_path: Path, troubles: int) -> None:
    path, left, copies = tmp_path / "a.db", threading.Semaphore(troubles), threading.Event()
    asked = threading.Semaphore(0)

    def open_other() -> apsw.Connection:
        asked.release()
        if left.acquire(blocking=False):
            raise StorageUnavailable(sqlite_code=0, what="a test")
        copies.set()
        return opened(path)

    care = Checkpoints(open_other, pages=1, most_pages=10_000)
    with Writer(lambda: care.watch(opened(path))) as writer:
        for _ in range(troubles + 1):
            fill(writer, 1)
            assert asked.acquire(timeout=PATIENCE_S)
        assert copies.wait(PATIENCE_S)
    care.close()
