"""Files whose only mention was erased: off the disk after the order's commit, and at every start until it is done."""

from __future__ import annotations

from sync_protocol.adapters.erasures import files_removed, files_to_remove
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite import Readers, Writer


def remove_erased_files(readers: Readers, writer: Writer, files: FileStore) -> int:
    """Take erased files away; returns how many. Idempotent: what fails now is tried again by the next call.

    Raises:
        FileStoreUnavailable, a Problem of the store.
    """
    gone = readers.run(files_to_remove)
    for digest in gone:
        files.remove(digest.hex())
    if gone:
        writer.run(lambda c: files_removed(c, gone))
    return len(gone)
