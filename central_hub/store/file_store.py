"""Where the hub's files are kept, as the settings want it: sealed on its own disk, or sealed in an S3-compatible store."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, Final

import msgspec

from central_hub.folder import HubFolder
from central_hub.settings import FilesChoice
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.keys import Keys
from sync_protocol.adapters.settings_errors import SettingsUnreadable

if TYPE_CHECKING:
    from obstore.store import S3Store

CONNECT_TIMEOUT: Final = "5s"
ANSWER_TIMEOUT: Final = "30s"
RETRIES: Final = 3
RETRY_FOR: Final = dt.timedelta(seconds=20)


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who the hub is at the store."""

    access_key_id: str
    secret_access_key: str


def file_store_of(folder: HubFolder, chosen: FilesChoice, keys: Keys) -> FileStore:
    """The store in force. Touches no network yet.

    Raises:
        SettingsUnreadable: the credentials of an S3-compatible store are missing or not readable.
    """
    sealing = Sealing(keys.files_key, keys.names_key)
    if not chosen.s3:
        return FilesOnDisk(folder.files, sealing)
    # a hub with its own disk never loads the client
    from sync_protocol.adapters.files.object_store import FilesInObjectStore

    return FilesInObjectStore(open_bucket(chosen, read_credentials(folder, chosen)), sealing)


def open_bucket(chosen: FilesChoice, who: Credentials) -> S3Store:
    """The bucket with our time limits; `prefix` keeps several hubs apart in one bucket."""
    from obstore.store import S3Store

    bucket, _, prefix = chosen.s3.removeprefix("s3://").partition("/")
    return S3Store(
        bucket, prefix=prefix.strip("/") or None, region=chosen.region, access_key_id=who.access_key_id,
        secret_access_key=who.secret_access_key, endpoint=chosen.endpoint or f"https://s3.{chosen.region}.amazonaws.com",
        client_options={"connect_timeout": CONNECT_TIMEOUT, "timeout": ANSWER_TIMEOUT, "allow_http": chosen.endpoint.startswith("http://")},
        retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_FOR},
    )  # fmt: skip


def read_credentials(folder: HubFolder, chosen: FilesChoice) -> Credentials:
    """The access key from its own file, so that it stands in no settings that people show each other. Raises SettingsUnreadable."""
    path = folder.root / chosen.credentials_file
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Credentials)
    except OSError as error:
        raise SettingsUnreadable(what=f"{path.name}, errno {error.errno}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsUnreadable(what=f"{path.name} must name access_key_id and secret_access_key") from error


def copy_files(source: FileStore, target: FileStore, digests: list[bytes]) -> tuple[int, list[bytes]]:
    """Copy files from one store to another, each proven by its hash; returns how many and which the source could not give. Idempotent."""
    lacking = []
    for digest in digests:
        try:
            if not target.has(digest.hex()):
                target.put(source.get(digest.hex()))
        except (FileAbsent, FileDamaged):
            lacking.append(digest)
    return len(digests) - len(lacking), lacking
