"""The composition root of the hub: builds everything once, from a state folder. Workers share the database and one queue group."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import structlog
from nats.aio.client import Client

from central_hub.directory.in_force import CatalogueInForce
from central_hub.enrolment.certificates import KeyAndCertificate, issue_server, make_authority
from central_hub.enrolment.embedded_server import EmbeddedServer, EmbeddedSettings
from central_hub.enrolment.handout import HubAddress
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.private_files import read_private, write_private
from central_hub.enrolment.trust import Trust
from central_hub.errors import HubNotRunning
from central_hub.folder import HubFolder
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.service import BUSY_RETRY_MS, HubIdentity, HubService
from central_hub.operations.backups import back_up
from central_hub.settings import HubSettings
from central_hub.store.epoch import EPOCH
from central_hub.store.epoch_anchor import EpochAnchor, mark_of, open_epoch
from central_hub.store.errors import WorkerAlone
from central_hub.store.file_store import file_store_of
from central_hub.store.hub_store import Embedded, Engine, HubStore, Postgres, read_state
from sync_protocol.adapters.backup.manifest import BackupReport
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.crew import Crew
from sync_protocol.adapters.bus.errors import NotConnected
from sync_protocol.adapters.bus.hub import HubBus
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.keys import KeyFileOnDisk, Keys, Passphrase, unlock_keys
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.adapters.settings import load_settings
from sync_protocol.cut_off import CutOff
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.ids import HubEpoch, NodeId
from sync_protocol.messages import Busy, Refusal
from sync_protocol.subjects import REQUEST_VERBS, Verb
from sync_protocol.wire import pack

_log = structlog.get_logger(__name__)


def utc_now() -> dt.datetime:
    """The real clock; everything else is given this."""
    return dt.datetime.now(dt.UTC)


class Hub:
    """The hub over its state folder: database, files, keys and the answers to nodes. The bus is started by `serve_bus`.

    With `is_worker` it is one more process beside the hub that serves: it answers for records, and leaves the epoch, the message server,
    files, pages and backups to that one.
    """

    def __init__(
        self,
        root: Path,
        opening: Passphrase | KeyFileOnDisk,
        *,
        environment: Mapping[str, str] | None = None,
        now: Callable[[], dt.datetime] = utc_now,
        is_worker: bool = False,
    ) -> None:
        self.folder = HubFolder(root)
        self.folder.require()
        self.settings = load_settings(HubSettings, self.folder.settings, environment or {}).values
        if is_worker and not self.settings.store.postgres:
            raise WorkerAlone()
        self._is_worker = is_worker
        self.keys: Keys = unlock_keys(self.folder.keys, opening)
        self.now = now
        self.store = HubStore(engine_of(self.folder, self.settings, self.keys.database_key))
        self.files = HubFiles(self.store, file_store_of(self.folder, self.settings.files, self.keys), self.now_ms)
        self.anchor = anchor_of(self.folder, self.settings)
        self.identity = HubIdentity(self.settings.name, self._held_epoch() if is_worker else self._open_epoch())
        self.service = HubService(self.identity, self.store, self.files, self.keys.signer, now_ms=self.now_ms)
        self.service.sticks = StickReader(self.keys.sticks_key)
        self.law = CatalogueInForce(self.store, self.files.files, self.keys.signer.public_key)
        self.service.law = self.law.seen_by
        self.trust = Trust.load_or_make(self.folder.trust, secrets.token_bytes, self._now_s())
        self.registry = NodeRegistry(self.folder.trust, self.trust, secrets.token_bytes)
        self.totals: dict[str, int] = {}  # as counted last (operations.keeping)
        self.is_watching = False  # whether the message server tells us now who comes and who goes
        self._server: EmbeddedServer | None = None
        self._bus: HubBus | None = None

    def now_ms(self) -> int:
        """Milliseconds UTC."""
        return int(self.now().timestamp() * 1000)

    def _now_s(self) -> int:
        return int(self.now().timestamp())

    def _held_epoch(self) -> HubEpoch:
        """The epoch under which the serving hub speaks. Raises HubNotRunning when none ever served."""
        held = self.store.readers.run(lambda c: read_state(c, EPOCH))
        if held is None:
            raise HubNotRunning()
        return HubEpoch(held)

    def _open_epoch(self) -> HubEpoch:
        """The epoch held, or a new one where the database turns out to be a copy of the past."""
        fresh = HubEpoch(secrets.token_bytes(16))
        epoch, reason = self.store.writer.run(lambda c: open_epoch(c, self.anchor, fresh, self.now_ms()))
        if reason:
            (_log.info if reason == "created" else _log.warning)("hub.epoch.opened", reason=reason)
            self.mark()
        return epoch

    def mark(self) -> None:
        """Write the mark outside the database, when the log grew. Raises MarkUnwritable."""
        self.anchor.write(self.store.readers.run(mark_of))

    def backups(self) -> Path:
        """Where backups lie."""
        chosen = self.settings.backup.folder
        return self.folder.root / chosen if chosen else self.folder.backups

    def back_up(self, root: Path) -> BackupReport:
        """One verified backup below `root`, and the old ones gone. Raises BackupProblem, StorageProblem."""
        return back_up(
            self.folder, self.store, self.files.files, self.keys, self.settings.name, root, self.settings.backup.keep, self.now(),
            self.settings.seals.trust_folder,
        )  # fmt: skip

    @property
    def authority_pem(self) -> bytes:
        """The certificate of the hub's own authority, which nodes trust and nothing else."""
        return self.folder.authority.read_bytes()

    def address(self, server: str) -> HubAddress:
        """How a node finds and recognises this hub."""
        servers = self.settings.bus.public_servers or (server,)
        return HubAddress(
            hub_id=self.identity.hub, hub_public_key=self.keys.signer.public_key, servers=servers, authority_pem=self.authority_pem
        )  # fmt: skip

    def system_settings(self, *servers: str) -> BusSettings:
        """A short-lived way to push accounts to the message server."""
        return BusSettings(
            name="enrol", servers=servers, ca_pem=self.authority_pem,
            credentials=read_credentials(self.trust.system_credentials(secrets.token_bytes, self._now_s())),
        )  # fmt: skip

    async def serve_bus(self) -> str:
        """Answer nodes over our own message server (TLS, operator mode), or over those that IT runs; returns the address for this machine."""
        outside = self.settings.bus.servers
        if outside:
            await self.answer_at(outside, REQUEST_VERBS)
            await self._push_known_accounts(outside)
            return outside[0]
        self._server = await self._start_server()
        await self.answer_at((self._server.url,), REQUEST_VERBS)
        await self._push_known_accounts((self._server.url,))
        return self._server.url

    async def _start_server(self) -> EmbeddedServer:
        authority = KeyAndCertificate(self.authority_pem, read_private(self.folder.authority_key))
        chosen = self.settings.bus
        return await EmbeddedServer.start(
            EmbeddedSettings(
                state_dir=self.folder.bus, host=chosen.host, port=chosen.port, monitor_port=chosen.monitor_port,
                name=self.identity.hub, tls=issue_server(authority, chosen.names, self.now()), authority_pem=self.authority_pem,
                feed_bytes=self.settings.feed.bytes,
            ),
            self.trust,
        )  # fmt: skip

    async def answer_at(self, servers: tuple[str, ...], verbs: Iterable[Verb]) -> None:
        """Answer nodes' requests that arrive at these message servers. Raises BusProblem when it cannot be reached."""
        worker = BusSettings(
            name=f"{self.identity.hub}-worker", servers=servers, ca_pem=self.authority_pem,
            credentials=read_credentials(self.trust.worker_credentials("worker", secrets.token_bytes, self._now_s())),
        )  # fmt: skip
        is_one_of_many = isinstance(self.store.engine, Postgres)
        self._bus = HubBus(
            worker, error_reply=_error_reply, clock=self.now, chance=secrets.SystemRandom().random,
            crew=Crew(secrets.token_hex(8), time.monotonic) if is_one_of_many else None,
            on_queue=self.service.pushes.see_queue,
        )  # fmt: skip
        self.service.tell = self._tell
        self.service.on_cut_off = partial(self._cut_off_again, servers)
        await self._bus.serve({verb: self.service.answer for verb in verbs}, wait_s=15)

    async def _push_known_accounts(self, servers: tuple[str, ...]) -> None:
        """After a start the server knows what it stored; accounts it lost are pushed again."""
        from central_hub.enrolment.admission import push_accounts
        from central_hub.enrolment.cut_again import revoke_forgotten

        self.store.readers.run(lambda c: revoke_forgotten(self.registry, c, self._now_s()))
        tokens = self.registry.account_tokens(self._now_s())
        if tokens:
            await push_accounts(self.system_settings(*servers), tokens)

    async def _cut_off_again(self, servers: tuple[str, ...], names: Sequence[CutOff]) -> None:
        """A desk showed what a restore made this hub forget: the message server hears of it, too."""
        from central_hub.enrolment.cut_again import cut_accounts_again

        await cut_accounts_again(self.registry, self.system_settings(*servers), names, self._now_s())

    def bus_client(self) -> Client:
        """The connection to the message server, for the event feed. Raises BusProblem while there is none."""
        if self._bus is None:
            raise NotConnected(lane="hub", reason="not serving")
        return self._bus.client

    async def _tell(self, node: NodeId, payload: bytes) -> bool:
        return self._bus is not None and await self._bus.send_hint(node, payload)

    async def stop(self) -> None:
        """Stop answering, stop the message server, close the database. Idempotent."""
        if self._bus is not None:
            await self._bus.close()
            self._bus = None
        if self._server is not None:
            await self._server.stop()
            self._server = None
        try:
            if not self._is_worker:
                await asyncio.to_thread(self.mark)
        except Problem as problem:  # a full disk; the next start finds a mark that is behind, which is no sign of a restore
            _log.error("hub.mark.unwritable", code=problem.code, detail=problem.operator_line)
        finally:
            await asyncio.to_thread(self.store.close)


def make_hub_authority(folder: HubFolder, name: str, now: dt.datetime) -> None:
    """The hub's own certificate authority, made once."""
    made = make_authority(name, now)
    write_private(folder.authority, made.certificate_pem)
    write_private(folder.authority_key, made.key_pem)


def engine_of(folder: HubFolder, settings: HubSettings, key: bytes) -> Engine:
    """What keeps the tables, as the settings want it."""
    return Postgres(settings.store.postgres) if settings.store.postgres else Embedded(folder.database, key)


def anchor_of(folder: HubFolder, settings: HubSettings) -> EpochAnchor:
    """The mark outside the database, where the settings want it."""
    return EpochAnchor(folder.root / settings.anchor_file if settings.anchor_file else folder.anchor)


def _error_reply(node: str, verb: Verb, error: Exception) -> bytes:
    """What a node hears when answering it failed: never silence, never a traceback."""
    if isinstance(error, Problem):
        busy = error.code == "BUS-030"
        return pack(Busy(BUSY_RETRY_MS) if busy else Refusal(error.code, error.operator_line))
    _log.error("hub.answer.failed", node=node, verb=verb, exception=type(error).__name__)
    return pack(Refusal(RemoteProtocolError.code, type(error).__name__, BUSY_RETRY_MS))
