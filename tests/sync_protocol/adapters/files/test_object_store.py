"""The object store keeps the same promises, over obstore's memory and folder stores and over an S3 spoken to by HTTP with signed requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore

from central_hub.settings import FilesChoice
from central_hub.store.file_store import Credentials, open_bucket
from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.object_store import FilesInObjectStore
from sync_protocol.adapters.files.sealing import HEADER_BYTES
from sync_protocol.adapters.files.store import FileStore
from tests.doubles.s3_server import BUCKET, KEY_ID, SECRET, S3Double, s3_server
from tests.sync_protocol.adapters.files.promises import SEALING, FileStorePromises


def bucket_at(s3: S3Double) -> ObjectStore:
    return open_bucket(FilesChoice(s3=f"s3://{BUCKET}/hub", endpoint=s3.endpoint), Credentials(KEY_ID, SECRET))


class TestFilesInObjectStore(FileStorePromises):
    """The conformance suite, three times."""

    @pytest.fixture(params=["memory", "folder", "s3"])
    def objects(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
        match request.param:
            case "memory":
                yield MemoryStore()
            case "folder":
                yield LocalStore(tmp_path)
            case _:
                with s3_server() as s3:
                    yield bucket_at(s3)

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
