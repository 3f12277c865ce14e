"""What the hub publishes and this desk cannot take is set aside with its code: the news behind it come, and the former stays in force."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from central_hub.directory.build import SOURCES, build_catalogue
from central_hub.ingest.greeting import publish_catalogue
from edge_node.catalogues import Catalogues
from edge_node.store.ledger import Act, Draft
from edge_node.sync import offers
from edge_node.sync.not_taken import not_taken
from edge_node.sync.service import Synchroniser
from edge_node.trust_lists import HeldLists
from sync_protocol import sender
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.storage_errors import StorageFull
from sync_protocol.catalogue_seal import sealed_bytes
from sync_protocol.ids import BlobDigest
from tests.offices import Clock, Hub, Office, drained, on_line, reception, rid


class Joined:
    """A desk's synchroniser over a direct line, one round at a time."""

    def __init__(self, office: Office, hub: Hub) -> None:
        driver = office.join(hub)
        known = driver._pusher._hub
        self.seconds = 0.0
        node = SimpleNamespace(
            store=office.store, files=office.files, hub=known, identity=SimpleNamespace(office=office.office),
            desk=SimpleNamespace(now_ms=office.clock), driver=lambda _: driver,
            catalogues=Catalogues(office.root / "catalogues", office.store, known.verify, office.clock),
            lists=HeldLists(office.root, known.verify), review_law=lambda: None,
        )  # fmt: skip
        bus = SimpleNamespace(request=office.carrier.request, on_state=lambda _: None, on_hint=lambda _: None)  # type: ignore[union-attr]
        self.sync = Synchroniser(node, bus)  # type: ignore[arg-type]
        self.sync.offers._clock = lambda: self.seconds
        self.office, self.line = office, office.carrier

    async def greet(self) -> None:
        """Hear again what the hub offers."""
        driver = self.sync.driver
        before, heard = driver.welcome, asyncio.Event()
        driver.on_change = lambda: heard.set() if driver.welcome is not before else None
        driver.tell(sender.Woken())
        await asyncio.wait_for(heard.wait(), 30)
        await drained(driver)

    async def rounds(self, count: int = 1) -> None:
        """So many rounds, each of them due."""
        for _ in range(count):
            self.sync._due_s = 0.0
            await self.sync._round()

    def news(self) -> int:
        """Events of others here."""
        return int(self.office.store.readers.run(lambda c: c.execute("SELECT count(*) FROM dossier").get))


@contextlib.asynccontextmanager
async def joining(tmp_path: Path, hub: Hub) -> AsyncIterator[Joined]:
    writer, reader = (Office(tmp_path / name, f"n00101{name}", "00101", Clock(), name.encode()) for name in "ab")
    for office in (writer, reader):
        hub.enrol(office)
    writer.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    await writer.exchange(hub)
    one = Joined(reader, hub)
    async with on_line(one.sync.driver):
        await drained(one.sync.driver)
        yield one
    writer.close()
    reader.close()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A good catalogue file and the hub's signature over it."""
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.db"
    hub = SoftwareSigner(b"H" * 32)
    made = build_catalogue(
        SOURCES, path, version="2026.1", built_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), sign=hub.sign
    )
    return path.read_bytes(), made.signature


def offer(hub: Hub, version: int, content: bytes, signature: bytes, *, is_here: bool = True) -> None:
    named = BlobDigest(hashlib.sha256(content).digest())
    if is_here:
        hub.service.files.files.put(content)
    hub.store.writer.run(lambda c: publish_catalogue(c, version, named, len(content), signature, 1))


def forged(hub: Hub, content: bytes, signature: bytes) -> None:
    offer(hub, 1, content, b"s" * 64)


def damaged(hub: Hub, content: bytes, signature: bytes) -> None:
    offer(hub, 1, content[:-9], signature)


def nonsense(hub: Hub, content: bytes, signature: bytes) -> None:
    said = b"no catalogue"
    offer(hub, 1, said, hub.signer.sign(sealed_bytes(hashlib.sha256(said).digest())))


def gone(hub: Hub, content: bytes, signature: bytes) -> None:
    offer(hub, 1, content, signature, is_here=False)


def swapped(hub: Hub, content: bytes, signature: bytes) -> None:
    offer(hub, 1, content, signature, is_here=False)
    hub.service.files.files.read_chunk = lambda digest, at, length: bytes(length)  # type: ignore[method-assign]
    hub.service.files.files.size = lambda digest: len(content)  # type: ignore[method-assign]


BAD = [(forged, "CAT-002"), (damaged, "CAT-002"), (nonsense, "CAT-003"), (gone, "FIL-001"), (swapped, "FIL-003")]


@pytest.mark.parametrize(("publish", "code"), BAD, ids=[one.__name__ for one, _ in BAD])
async def test_a_bad_catalogue_holds_back_no_news_and_leaves_its_code(
    tmp_path: Path, hub: Hub, catalogue: tuple[bytes, bytes], publish: Callable[[Hub, bytes, bytes], None], code: str
) -> None:
    async with joining(tmp_path, hub) as joined:
        publish(hub, *catalogue)
        await joined.greet()
        await joined.rounds()
        assert joined.news() == 1
        assert joined.office.store.readers.run(not_taken) == {"catalogue": code}


async def test_what_nobody_foresaw_while_a_catalogue_is_kept_holds_back_no_news(
    tmp_path: Path, hub: Hub, catalogue: tuple[bytes, bytes]
) -> None:
    async with joining(tmp_path, hub) as joined:
        offer(hub, 1, *catalogue)
        await joined.greet()
        (joined.office.root / "catalogues").write_bytes(b"a file where the folder should be")
        await joined.rounds()
        assert joined.news() == 1
        assert joined.office.store.readers.run(not_taken) == {"catalogue": "SYN-001"}


async def test_what_was_set_aside_is_left_alone_for_a_while_then_tried_again_and_forgotten(
    tmp_path: Path, hub: Hub, catalogue: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joining(tmp_path, hub) as joined:
        content, signature = catalogue
        offer(hub, 1, content, signature, is_here=False)
        await joined.greet()
        fetched = []
        fetch = joined.sync.transfers.fetch

        async def counted(digest: BlobDigest, size: int) -> bytes:
            fetched.append(digest)
            return await fetch(digest, size)

        monkeypatch.setattr(joined.sync.transfers, "fetch", counted)
        await joined.rounds(5)
        assert len(fetched) == 1
        hub.service.files.files.put(content)
        joined.seconds = offers.ASIDE_S
        await joined.rounds()
        assert len(fetched) == 2 and joined.sync.node.catalogues.current() is not None
        assert joined.office.store.readers.run(not_taken) == {}


async def test_a_page_of_news_that_proves_nothing_holds_back_no_file_and_leaves_its_code(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joining(tmp_path, hub) as joined:
        sent = []
        monkeypatch.setattr(joined.sync.transfers, "send_waiting", _noting(sent))
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(hub.service, "signer", SoftwareSigner(b"X" * 32))
            await joined.rounds()
        assert sent and joined.news() == 0
        assert joined.office.store.readers.run(not_taken) == {"news": "KEY-005"}
        await joined.rounds()
        assert joined.news() == 1 and joined.office.store.readers.run(not_taken) == {}


async def test_a_new_desk_whose_snapshot_proves_nothing_is_filled_by_the_feed(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joining(tmp_path, hub) as joined:
        monkeypatch.setattr(joined.sync.filling, "_wants", _always)
        monkeypatch.setattr(hub.service.snapshots, "_sign", lambda message: b"s" * 64)
        await joined.rounds()
        assert joined.news() == 1
        assert joined.office.store.readers.run(not_taken) == {"snapshot": "KEY-005"}


async def _always(*_: object) -> bool:
    return True


async def test_what_only_time_mends_is_not_told_to_people(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joining(tmp_path, hub) as joined:

        async def full(*, asks: bool) -> int:
            raise StorageFull(sqlite_code=13)

        monkeypatch.setattr(joined.sync, "take_news", full)
        await joined.rounds()
        assert joined.office.store.readers.run(not_taken) == {}


async def test_refused_files_that_a_full_disk_kept_from_being_tried_again_are_tried_when_there_is_room(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joining(tmp_path, hub) as joined:
        joined.office.store.writer.run(
            lambda c: c.execute(
                "INSERT INTO blob(digest, size, state, reason, at_ms, priority) VALUES(x'aa', 1, 'refused', 'FIL-007', 1, 0)"
            ).fetchone()
        )
        with monkeypatch.context() as disk:
            disk.setattr(joined.office.store.writer, "run_async", _full)
            await joined.rounds()
        monkeypatch.setattr(joined.sync.transfers, "send_waiting", _noting([]))
        await joined.rounds()
        assert joined.office.store.readers.run(lambda c: c.execute("SELECT state FROM blob").get) == "local"


async def _full(*_: object, **__: object) -> object:
    raise StorageFull(sqlite_code=13)


def _noting(calls: list[object]) -> Callable[[object], Awaitable[int]]:
    async def send_waiting(may_go: object) -> int:
        calls.append(may_go)
        return 0

    return send_waiting
