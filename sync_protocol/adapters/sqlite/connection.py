"""Opening a database under the one SQLite policy of this product.

Invariant: a connection that leaves this module is encrypted when a key was given, has `synchronous=FULL` and WAL read back
and confirmed, and its file header was seen not to be plaintext. The header is read through SQLite's own file handle:
a plain `open()` of a database file would drop the POSIX locks of every connection of this process when it is closed.

Measured 2026-11-22: AEGIS-256 costs 1.00-1.05 x on look-ups, ChaCha20 1.15-1.6 x; a raw key opens in 0.2 ms.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from pathlib import Path

import apsw

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import torn_header
from sync_protocol.adapters.sqlite.translation import close_quietly, storage_problems

PLAINTEXT_HEADER = b"SQLite format 3\x00"
KEY_SIZE_BYTES = 32
BUSY_TIMEOUT_MS = 5_000
WAL_AUTOCHECKPOINT_PAGES = 1_000
WRITER_CACHE_KIB = 32 * 1024  # a batch of 500 dossiers dirties 4 MB: in the default 2 MB it was written and decrypted twice
READER_CACHE_KIB = 4 * 1024
JOURNAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024
SYNCHRONOUS_FULL = 2

_READ_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_MANIFEST = "CREATE TABLE IF NOT EXISTS database_manifest(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"


class Cipher(enum.StrEnum):
    """Page ciphers with a MAC per page, in the library's own names."""

    AEGIS_256 = "aegis"
    CHACHA20_POLY1305 = "chacha20"


def preferred_cipher(cpu_flags: Path = Path("/proc/cpuinfo")) -> Cipher:
    """AEGIS-256 where the processor has AES instructions, else ChaCha20-Poly1305."""
    try:
        flags = cpu_flags.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Cipher.CHACHA20_POLY1305
    has_aes = any("aes" in line.split() for line in flags.splitlines() if line.startswith(("flags", "Features")))
    return Cipher.AEGIS_256 if has_aes else Cipher.CHACHA20_POLY1305


def open_database(
    path: Path | str,
    key: bytes | None,
    *,
    vfs: str | None = None,
    read_only: bool = False,
    exclusive: bool = False,
    cipher: Cipher | None = None,
    checkpoint_pages: int = WAL_AUTOCHECKPOINT_PAGES,
) -> apsw.Connection:
    """A connection under the house policy; the caller closes it and uses it from one thread at a time.

    `key` is 32 raw bytes, or None for a database that is public by nature (a signed catalogue). `vfs` names a registered VFS;
    with a key it is used through `multipleciphers-<vfs>`. `exclusive` keeps the write-ahead index in this process (for a
    VFS without shared memory). `cipher` is for a new file only: an existing one keeps the cipher it was created with,
    which is pinned in the table `database_manifest`. `checkpoint_pages` is how long the write-ahead log grows before its pages are
    copied home: few keep every commit short, many write a page that changes with every commit once instead of each time.

    Raises:
        EncryptionMissing, PlaintextDatabase, WrongDatabaseKey, PolicyNotKept, StorageUnavailable, StorageFull, StorageBusy.
    """
    if not hasattr(apsw, "mc_version"):
        raise problems.EncryptionMissing()
    if key is not None and len(key) != KEY_SIZE_BYTES:
        raise problems.WrongDatabaseKey()
    wanted = cipher or preferred_cipher()
    candidates: list[Cipher | None] = [None]
    if key is not None:
        candidates = [wanted, *(other for other in Cipher if other is not wanted)]
    for candidate in candidates:
        connection = _connect(path, key, candidate, vfs, read_only)
        try:
            if exclusive:
                connection.pragma("locking_mode", "exclusive")
            if not _opens(connection):
                close_quietly(connection)
                continue
            _apply_policy(connection, read_only, checkpoint_pages)
            _pin(connection, candidate, read_only)
        except BaseException:
            close_quietly(connection)
            raise
        return connection
    if key is not None and not read_only and _is_mended(path, key, candidates, vfs):
        return open_database(path, key, vfs=vfs, exclusive=exclusive, cipher=cipher, checkpoint_pages=checkpoint_pages)
    raise problems.WrongDatabaseKey()


def _is_mended(path: Path | str, key: bytes, candidates: Sequence[Cipher | None], vfs: str | None) -> bool:
    """Whether it was not the key: the first page was torn, and is whole again."""
    unread = _connect(path, None, None, vfs, read_only=True)
    try:
        with storage_problems("reading the header"):
            if not torn_header.is_torn(unread):
                return False
    finally:
        close_quietly(unread)
    return any(torn_header.bring_home(lambda name, c=one: _connect(path, key, c, name, False), vfs) for one in candidates)  # type: ignore[misc]


def manifest(connection: apsw.Connection) -> dict[str, str]:
    """What the database says about itself: cipher, and whatever a room pinned with it."""
    with storage_problems("reading the database manifest"):
        if not connection.table_exists("main", "database_manifest"):
            return {}
        return {
            str(name): str(value) for name, value in connection.execute("SELECT name, value FROM database_manifest")
        }


def _connect(
    path: Path | str, key: bytes | None, cipher: Cipher | None, vfs: str | None, read_only: bool
) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READONLY if read_only else _READ_WRITE
    name = f"multipleciphers-{vfs}" if vfs and key is not None else vfs
    with storage_problems("opening the database"):
        connection = apsw.Connection(str(path), flags=flags, vfs=name)
        try:
            connection.set_busy_timeout(BUSY_TIMEOUT_MS)
            if key is not None and cipher is not None:
                _, header = connection.read("main", 0, 0, len(PLAINTEXT_HEADER))
                if header == PLAINTEXT_HEADER:
                    raise problems.PlaintextDatabase()
                connection.pragma("cipher", cipher.value)
                connection.pragma("key", "raw:" + key.hex())
        except BaseException:
            close_quietly(connection)
            raise
    return connection


def _opens(connection: apsw.Connection) -> bool:
    """Whether page 1 decrypts and authenticates with the key in use."""
    try:
        with storage_problems("reading the first page"):
            connection.pragma("schema_version")
    except problems.StorageCorrupt:
        return False
    return True


def _apply_policy(connection: apsw.Connection, read_only: bool, checkpoint_pages: int) -> None:
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    wanted: dict[str, int | str] = {
        "foreign_keys": 1,
        "cell_size_check": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "synchronous": SYNCHRONOUS_FULL,
        "secure_delete": 1,
    }
    if read_only:
        wanted["query_only"] = 1
    else:
        wanted |= {"journal_mode": "wal", "journal_size_limit": JOURNAL_SIZE_LIMIT_BYTES}
    with storage_problems("applying the database policy"):
        connection.pragma("cache_size", -(READER_CACHE_KIB if read_only else WRITER_CACHE_KIB))
        connection.pragma("mmap_size", 0)  # a disk error must be an error code, not a bus error that ends the process
        for pragma, value in wanted.items():
            connection.pragma(pragma, value)
            found = connection.pragma(pragma)
            if found != value:
                raise problems.PolicyNotKept(pragma=pragma, expected=value, found=found)
        if not read_only:
            connection.wal_autocheckpoint(checkpoint_pages)


def _pin(connection: apsw.Connection, cipher: Cipher | None, read_only: bool) -> None:
    """Record the cipher of a new database once; hold an existing one to what it recorded."""
    name = cipher.value if cipher else "none"
    found = manifest(connection).get("cipher")
    if found is None and not read_only:
        with storage_problems("writing the database manifest"), connection:
            connection.execute(_MANIFEST)
            connection.execute("INSERT OR IGNORE INTO database_manifest VALUES('cipher', ?)", (name,))
    elif found is not None and found != name:
        raise problems.PolicyNotKept(pragma="cipher", expected=found, found=name)
