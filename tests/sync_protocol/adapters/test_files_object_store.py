"""The object store keeps the same promises, over obstore's memory and folder stores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore

from sync_protocol.adapters import file_errors as problems
from sync_protocol.adapters.file_sealing import HEADER_BYTES
from sync_protocol.adapters.files import FileStore
from sync_protocol.adapters.files_object_store import FilesInObjectStore
from tests.sync_protocol.adapters.file_store_promises import SEALING, FileStorePromises


class TestFilesInObjectStore(FileStorePromises):
    """The conformance suite, twice."""

    @pytest.fixture(params=["memory", "folder"])
    def objects(self, request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
        return MemoryStore() if request.param == "memory" else LocalStore(tmp_path)

    @pytest.fixture
    def store(self, objects: ObjectStore) -> FileStore:
        return FilesInObjectStore(objects, SEALING)

    @pytest.fixture
    def damage(self, objects: ObjectStore) -> Callable[[], None]:
        def flip() -> None:
            path = next(item["path"] for page in obstore.list(objects, prefix="objects") for item in page)
            whole = bytearray(obstore.get(objects, path).bytes())
            whole[-1] ^= 1
            obstore.put(objects, path, bytes(whole))

        return flip

    @pytest.mark.parametrize("length", [0, 10, HEADER_BYTES, HEADER_BYTES + 5])
    def test_an_object_cut_off_is_damaged(self, objects: ObjectStore, store: FileStore, length: int) -> None:
        digest = store.put(b"content")
        path = next(item["path"] for page in obstore.list(objects, prefix="objects") for item in page)
        obstore.put(objects, path, bytes(obstore.get(objects, path).bytes())[:length])
        with pytest.raises(problems.FileDamaged):
            store.get(digest)
