"""The composition root of a node: builds everything once, from a state folder, and runs it in one event loop.

Nothing here decides anything; it only says who gets what.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog
import uuid_utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate

from edge_node.capture.decode import DECODE_ENTRY, DECODE_TASK
from edge_node.capture.look import LOOK_ENTRY, LOOK_TASK
from edge_node.catalogues import Catalogues
from edge_node.counter.ticket import series_of
from edge_node.desk import Desk
from edge_node.existence.known import Existence
from edge_node.identity import Identity, StateFolder
from edge_node.incarnation import Lane
from edge_node.people.officers import Officers
from edge_node.recognition.service import ReadingService, ReadingSettings
from edge_node.resolution.law_changes import review
from edge_node.review.page_image import PAGES_ENTRY, PAGES_TASK
from edge_node.settings import NodeSettings
from edge_node.signing.keys import SigningKey
from edge_node.signing.office_keys import AGENCY_ACCOUNT, OfficeKeys
from edge_node.signing.standing import Standing, standings
from edge_node.store.audit import note_certificate
from edge_node.store.ledger import Ledger, own_lane
from edge_node.store.node_store import NodeStore
from edge_node.sync.driver import SyncDriver
from edge_node.sync.line import Line
from edge_node.sync.pushing import HubKnown
from edge_node.sync.transfers import Transfers
from edge_node.trust_lists import HeldLists
from sync_protocol.adapters.anchor import AnchorFile
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.settings import BusSettings, BusTiming
from sync_protocol.adapters.disk import disk_state
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.keys import KeyFileOnDisk, Keys, Passphrase, unlock_keys
from sync_protocol.adapters.sandbox.sandbox import SandboxOnDemand
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.adapters.settings import load_settings
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.calendar import vietnam_date
from sync_protocol.errors import Problem
from sync_protocol.ids import NodeId
from sync_protocol.survey import CHANCE_BYTES, make_ticket

_log = structlog.get_logger(__name__)
SANDBOX_TASKS = {DECODE_TASK: DECODE_ENTRY, LOOK_TASK: LOOK_ENTRY, PAGES_TASK: PAGES_ENTRY}


def utc_now() -> dt.datetime:
    """The real clock; everything else is given this."""
    return dt.datetime.now(dt.UTC)


class Node:
    """One office's node over its state folder. `opening` unlocks the keys: a passphrase, or the unattended key file."""

    def __init__(
        self,
        root: Path,
        opening: Passphrase | KeyFileOnDisk,
        *,
        environment: dict[str, str] | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.folder = StateFolder(root)
        self.identity: Identity = self.folder.read_identity()
        self.settings = load_settings(NodeSettings, self.folder.settings, environment or {}).values
        self.keys: Keys = unlock_keys(self.folder.keys, opening)
        self.sticks = StickReader(self.keys.sticks_key)
        self.now = now
        self.store = NodeStore(self.folder.database, self.keys.database_key)
        self.files = FilesOnDisk(self.folder.files, Sealing(self.keys.files_key, self.keys.names_key))
        self.lane = Lane(self.store, AnchorFile(self.folder.anchor), secrets.token_bytes, self._now_ms)
        self.hub = HubKnown(self.identity.hub, self.identity.hub_public_key)
        self.catalogues = Catalogues(self.folder.catalogues, self.store, self.hub.verify, self._now_ms)
        ledger = Ledger(self.store, NodeId(self.identity.node), self._now_ms, self.lane.reserve)
        self.desk = Desk(
            node=self.identity.node, office=self.identity.office, store=self.store, files=self.files, ledger=ledger,
            officers=Officers(self.settings.officers), sandbox=SandboxOnDemand(SANDBOX_TASKS),
            reading=ReadingService(ReadingSettings(kind=self.settings.reading.kind, tessdata=self.settings.reading.tessdata)),
            reader=self.settings.reading.kind.value, fast_above=self.settings.reading.fast_above, now=now,
            new_id=lambda: uuid_utils.uuid7().bytes, typefaces_dir=self.folder.typefaces,
            current_catalogue=self.catalogues.current, current_areas=self.catalogues.areas, reserve_code=self.lane.reserve_code, ticket_series=series_of(self.settings.counter.series, self.identity.node),
            seal_is_final=self.settings.agency.seal_is_final, survey_ticket=self._survey_ticket,
            require_room=lambda: disk_state(self.folder.root).require_uploads(),
        )  # fmt: skip
        self.lists = HeldLists(self.folder.root, self.hub.verify)
        self.existence = Existence(self.store, self.files, self.identity.office)
        self.signing = OfficeKeys(root, lambda: self.settings, self.trust, now, self._note_use)

    def review_law(self) -> int:
        """Note the dossiers in custody of which the catalogue in force says something else than at their receipt; returns how many were looked at."""
        return review(self.store, self.catalogues.current(), self.catalogues.current_digest(), self.identity.office)

    def _survey_ticket(self, form: str) -> str:
        """A fresh survey ticket of this office, signed with the node's key: no line is needed to print one."""
        ticket = make_ticket(
            self.identity.node, self.identity.office, form, vietnam_date(self.now()), secrets.token_bytes(CHANCE_BYTES)
        )
        return ticket.signed(self.keys.signer.sign)

    def _now_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def open_key(self, account: str, secret: bytes) -> SigningKey:
        """Open an officer's signing key for this process by its passphrase or PIN; once for any number of papers.

        Raises:
            KeyNotOpen (no key configured, nothing typed), PassphraseRefused, and what a token reports (one log-in at most).
        """
        return self.signing.open(account, secret)

    def key_of(self, account: str) -> SigningKey:
        """An officer's key: opened before, or by the configured passphrase file of an unattended machine.

        Raises:
            KeyNotOpen: somebody has to type the passphrase or PIN first.
        """
        return self.signing.get(account)

    def agency_key(self, secret: bytes) -> SigningKey:
        """The agency's key, opened by the clerk for one batch; the caller closes it. Raises as `open_key` does."""
        return self.signing.open_agency(secret)

    def _note_use(self, account: str, certificate: Certificate) -> None:
        name = certificate.fingerprint(SHA256()).hex()
        with contextlib.suppress(Problem):  # and not waited for: a full disk costs the name in the audit, never the signature
            self.store.writer.submit(lambda c: note_certificate(c, account, name))

    def certificate_standings(self, accounts: tuple[str, ...] = ()) -> list[Standing]:
        """Days left, and warnings from the revocation lists held here, of certificates opened at this desk. Never a bar.

        Every account's, where none is named.
        """
        accounts = accounts or (*(one.account for one in self.settings.officers), AGENCY_ACCOUNT)
        trust, published = self.trust(), self.lists.current()
        crls = (*(trust.crls if trust else ()), *(published.crls if published else ()))
        return standings(self.folder.root, accounts, crls, self.now())

    def trust(self) -> Trust | None:
        """Whose signatures count here, with the hub's newest lists; None where nobody has been named yet."""
        named = self.settings.trust.folder
        if named is None:
            return None
        folder = self.folder.root / named
        published = self.lists.current()
        issuers, crls = (published.issuers, published.crls) if published else ((), ())
        return Trust(
            roots=tuple(path.read_bytes() for path in sorted(folder.glob("*.root.der"))),
            intermediates=tuple(path.read_bytes() for path in sorted(folder.glob("*.issuer.der"))) + issuers,
            crls=tuple(path.read_bytes() for path in sorted(folder.glob("*.crl"))) + crls,
        )

    def driver(self, line: Line) -> SyncDriver:
        """A sync driver over a line."""
        return SyncDriver(
            self.store, line, node=self.identity.node, office=self.identity.office, hub=self.hub, signer=self.keys.signer,
            now_ms=self._now_ms, new_incarnation=self.lane.renew, stick_key=self.sticks.public_key,
        )  # fmt: skip

    def bus(self, timing: BusTiming | None = None) -> NodeBus:
        """A bus to the hub; connecting is the caller's."""
        settings = BusSettings(
            name=self.identity.node, servers=self.identity.servers, credentials=read_credentials(self.identity.credentials),
            ca_pem=self.identity.authority_pem or None, server_name=self.identity.server_name, timing=timing or BusTiming(),
        )  # fmt: skip
        return NodeBus(self.identity.node, settings, clock=self.now, chance=secrets.SystemRandom().random)

    @contextlib.asynccontextmanager
    async def online(self, wait_s: float = 15.0) -> AsyncIterator[tuple[SyncDriver, Transfers]]:
        """Connected to the hub, greeted, for one command. Raises a BusProblem when there is no line within `wait_s`."""
        bus = self.bus()
        await bus.connect(wait_s)
        line = Line(bus)
        driver = self.driver(line)
        transfers = Transfers(self.store, self.files, line, self._now_ms)
        try:
            await driver.greet_once()
            yield driver, transfers
        finally:
            await bus.close()

    def head(self) -> int:
        """Last own event saved here."""
        return self.store.readers.run(own_lane).head.seq

    def close(self) -> None:
        """End the opened keys, the reader and the database."""
        self.signing.opened.close()
        self.desk.reading.close()
        self.store.close()
