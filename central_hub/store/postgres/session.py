"""How a session with PostgreSQL is opened under the house policy.

Invariant: a connection that leaves `open_postgres` was seen to keep the durability of this product: `fsync`, `full_page_writes` and
`synchronous_commit` are on, text is UTF-8.
"""

from __future__ import annotations

from typing import Final, cast

import apsw
import psycopg
from psycopg.types.numeric import IntDumper, IntLoader
from psycopg.types.string import BytesBinaryDumper

from central_hub.store.postgres.connection import PostgresConnection
from central_hub.store.postgres.dialect import ALONE, FOLLOWING, SHARING
from central_hub.store.postgres.problems import postgres_problems
from sync_protocol.adapters import storage_errors as problems

CONNECT_TIMEOUT_S: Final = 5
SILENCE_MS: Final = 15_000  # a server that does not acknowledge our bytes for so long is gone
STANDSTILL_MS: Final = 60_000
"""A writing session that stands still in its transaction for so long (its worker is frozen, or its machine went without a word) is ended by the
server: it holds the order for which all other workers wait. PostgreSQL by itself would wait for ever, and for a dead machine two hours."""
_DURABLE: Final = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
}
# Asked for 500 keys at once, the server reads a table of some ten thousand rows from end to end instead, which costs a push its whole time, and goes on so where
# a question was prepared while its table was small; or it calls other processes to help, which costs more than the answer.
_BY_KEY: Final[dict[str, str | int]] = {"enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": 0}


def open_postgres(url: str, *, read_only: bool = False, opening: str = ALONE) -> apsw.Connection:
    """A session under the house policy; the caller closes it.

    Args:
        url: how PostgreSQL is reached, in libpq's words; the password best lies in a password file.
        read_only: for a reader: writing is refused by the server.
        opening: what a writing transaction begins with: `ALONE` in the order of all; `LOOKING` where nothing is written but what looking leaves
            behind; `SHARING` for pushes that stay within their office (ingest/beside.py); `FOLLOWING` for what is made from the log behind it.

    Returns:
        A `PostgresConnection`, typed as what the hub's functions are written for.

    Raises:
        DatabaseAway: nobody answers, or does not let us in. PolicyNotKept: the server would not keep what it confirms.
    """
    with postgres_problems("opening the database"):
        session = psycopg.connect(
            url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, tcp_user_timeout=SILENCE_MS, keepalives_idle=10,
            application_name="lienthong", options=_session_options(read_only=read_only, opening=opening),
        )  # fmt: skip
    try:
        with postgres_problems("applying the database policy"):
            session.adapters.register_dumper(bool, IntDumper)  # the tables know whole numbers, no truth values
            session.adapters.register_dumper(None, BytesBinaryDumper)  # for the columns of a copy: psycopg's own is written in Python
            session.adapters.register_loader("numeric", IntLoader)  # what sum() makes of whole numbers
            for name, expected in _DURABLE.items():
                row = session.execute(f"SHOW {name}".encode()).fetchone()
                if row is None or row[0] != expected:
                    raise problems.PolicyNotKept(pragma=name, expected=expected, found=row[0] if row else "nothing")
    except BaseException:
        session.close()
        raise
    return cast(apsw.Connection, PostgresConnection(session, opening=opening))


def _session_options(*, read_only: bool, opening: str) -> str:
    """What the server is to do with this session, also when nothing is heard of us any more."""
    silence_s = SILENCE_MS // 1_000
    settings = {
        "synchronous_commit": "on", "default_transaction_read_only": "on" if read_only else "off",
        "tcp_user_timeout": SILENCE_MS, "tcp_keepalives_idle": silence_s, "tcp_keepalives_interval": silence_s // 3, "tcp_keepalives_count": 3,
    }  # fmt: skip
    if not read_only:  # a reader holds up nobody, and may hash files for an hour between two of its questions
        settings["idle_in_transaction_session_timeout"] = STANDSTILL_MS
    if opening in (SHARING, FOLLOWING):  # all that these ask is by a key
        settings |= _BY_KEY
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
