"""Catalogue file: the signed SQLite file a hub publishes, opened on a node.

The bytes are read once, their signature is verified, and those very bytes are what SQLite then reads from memory. Nothing
can be exchanged between the check and the reading, no lock or journal ever appears beside the file, and the file is
never written.

Invariant: no value leaves this module that the hub did not sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import msgspec

from sync_protocol.catalogue import Catalogue
from sync_protocol.catalogue_rows import (
    FORMAT,
    LATER_COLUMNS,
    LATER_TABLES,
    NESTED_TABLES,
    TOP_TABLES,
    columns,
    from_rows,
)
from sync_protocol.catalogue_seal import sealed_bytes
from sync_protocol.law_problems import CatalogueTampered, CatalogueTooNew, CatalogueUnreadable

Verify = Callable[[bytes, bytes], None]
"""Given the message and the signature, returns if the hub signed it and raises anything if not."""

MAX_CATALOGUE_BYTES = 64 * 1024 * 1024


def open_catalogue(path: Path, signature: bytes, verify: Verify) -> Catalogue:
    """Return the catalogue in a signed file. Reading twice gives equal values; the file is left untouched.

    Raises CatalogueUnreadable (CAT-003) where there is no catalogue, CatalogueTampered (CAT-002) where the signature does
    not hold for these bytes, CatalogueTooNew (CAT-005) where it was written for a newer program.
    """
    return read_catalogue(_read(path), signature, verify)


def read_catalogue(content: bytes, signature: bytes, verify: Verify) -> Catalogue:
    """Return the catalogue in the bytes of a signed file. Raises as `open_catalogue`."""
    digest = hashlib.sha256(content)
    try:
        verify(sealed_bytes(digest.digest()), signature)
    except Exception as error:  # the verifier is the caller's; whatever it raises means: not signed
        raise CatalogueTampered(sha256=digest.hexdigest()) from error
    connection = apsw.Connection(":memory:")
    try:
        connection.deserialize("main", content)
        connection.pragma("query_only", 1)
        return _catalogue(connection)
    except (apsw.Error, msgspec.MsgspecError, KeyError, IndexError, ValueError, TypeError) as error:
        raise CatalogueUnreadable(what=type(error).__name__) from error
    finally:
        connection.close()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_CATALOGUE_BYTES:
            raise CatalogueUnreadable(what=f"larger than {MAX_CATALOGUE_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise CatalogueUnreadable(what=type(error).__name__) from error


def _catalogue(connection: apsw.Connection) -> Catalogue:
    about = _rows(connection, "about")
    if about and about[0]["format"] > FORMAT:
        raise CatalogueTooNew(found=about[0]["format"], known=FORMAT)
    tables = {table: _rows(connection, table) for table in (*TOP_TABLES, *NESTED_TABLES)}
    return from_rows({"about": about, **tables})


def _rows(connection: apsw.Connection, table: str) -> list[dict[str, Any]]:
    """Read a table in the order it was written; the names come from our own description, never from the file."""
    names = tuple(columns(table))
    if any(later == table for later, _ in LATER_COLUMNS):  # SQLite takes the quoted name of a missing column for a text
        held = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}
        names = tuple(name for name in names if name in held or (table, name) not in LATER_COLUMNS)
    if (
        table in LATER_TABLES
        and not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    ):
        return []
    selected = ", ".join(f'"{name}"' for name in names)
    rows = connection.execute(f'SELECT {selected} FROM "{table}" ORDER BY rowid')
    return [dict(zip(names, row, strict=True)) for row in rows]
