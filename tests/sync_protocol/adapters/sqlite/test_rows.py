"""Typed values of rows."""

from __future__ import annotations

import pytest

from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.adapters.storage_errors import StorageCorrupt


def test_a_value_of_another_kind_is_damage() -> None:
    assert (as_int(7), as_bytes(b"x"), one_int(None), one_int((3,))) == (7, b"x", 0, 3)
    for wrong in (lambda: as_int("7"), lambda: as_bytes(None), lambda: one_int((None,))):
        with pytest.raises(StorageCorrupt):
            wrong()
