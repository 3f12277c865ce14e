"""A hub that judges: real database, files and sandbox; an office whose papers were really signed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from central_hub.seals.examination import Examiner
from central_hub.seals.judgement import judging_sandbox
from central_hub.seals.registry import register, registration_of
from central_hub.seals.stamping import Stamping
from edge_node.store.ledger import Act, Draft
from edge_node.store.sync_words import ItemState, file_state
from sync_protocol import sender
from sync_protocol.adapters.projection import view_of
from sync_protocol.adapters.sandbox.sandbox import Sandbox
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.adapters.timestamps import Post
from sync_protocol.bodies import AgencySigned, CopyCaptured, DossierReceived, Party, RecordSigned
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.view import DocumentView
from tests.edge_node.signing.material import AGENCY, CAPTURED_AT, NOW, SEALED_AT, world
from tests.offices import Clock, Hub, Office, drained

RECEIVED_AT = CAPTURED_AT - dt.timedelta(minutes=5)
RID = RecordId(b"R" * 16)


def ms(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


@lru_cache(maxsize=1)
def sandbox() -> Sandbox:
    return judging_sandbox()


def document(number: int) -> DocumentId:
    return DocumentId(number.to_bytes(16, "big"))


class Scene:
    """One office (A) with a received dossier, a hub with an examiner; papers are handed in, sent and judged."""

    def __init__(self, root: Path, *, post: Post | None = None) -> None:
        self.clock = Clock(ms(NOW))
        self.hub = Hub(root / "hub", self.clock)
        self.office = Office(root / "a", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)
        self.trust_folder = root / "trust"
        self.fill_trust()
        self.told: list[set[OfficeCode]] = []
        stamping = Stamping(self.hub.store, self.hub.service.files.files, post, now=self.now) if post else None
        self.examiner = Examiner(
            self.hub.store, self.hub.service.files.files, self.hub.service.identity.epoch, sandbox(), self.trust_folder,
            now=self.now, spread=self._spread, stamping=stamping,
        )  # fmt: skip
        self._papers = 0
        self._save(
            DossierReceived(
                code="00101-261122-0001", procedure="1.014166", channel="in_person", office=OfficeCode("00101"),
                applicant=Party(kind="person", name="Nguyễn Thị Ẩn"), received_ms=ms(RECEIVED_AT), officer="cb01",
            )
        )  # fmt: skip

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock.ms / 1000, dt.UTC)

    async def _spread(self, offices: set[OfficeCode]) -> None:
        self.told.append(set(offices))

    def fill_trust(self) -> None:
        """The demonstration authority, as an operator would put it there."""
        authority = world().authority
        self.trust_folder.mkdir(exist_ok=True)
        (self.trust_folder / "a.root.der").write_bytes(authority.root.der)
        (self.trust_folder / "a.issuer.der").write_bytes(authority.issuing.der)
        for number, content in enumerate(authority.crls):
            (self.trust_folder / f"{number}.crl").write_bytes(content)

    def empty_trust(self) -> None:
        shutil.rmtree(self.trust_folder)
        self.trust_folder.mkdir()

    def let_sign(self, person: str, office: str = "00101", role: str = "officer") -> None:
        """Register somebody's certificate."""
        entry = registration_of(world().authority.people[person].der, OfficeCode(office), role)  # type: ignore[arg-type]
        self.hub.store.writer.run(lambda c: register(c, entry, self.clock()))

    def capture(self, data: bytes, *, person: str = "officer_rsa", claims: bytes | None = None) -> DocumentView:
        """Hand in a paper as captured; `claims` is what the event says it was."""
        self._papers += 1
        identifier = document(self._papers)
        digest = BlobDigest(bytes.fromhex(self.office.files.put(data)))
        certificate = hashlib.sha256(world().authority.people[person].der).digest()
        self._save(
            CopyCaptured(
                component_id=ComponentId(identifier), document_id=identifier, pdf=digest,
                pdf_size=len(claims if claims is not None else data), pages=1, images=1, officer="cb01", signer_name="",
                certificate=certificate, captured_ms=ms(CAPTURED_AT),
            )
        )  # fmt: skip
        return self.at_office(identifier)

    def seal(self, paper: DocumentView, data: bytes, *, prefix: bytes, record_signature: bytes = b"") -> None:
        """Hand in the version with the agency's signature."""
        digest = BlobDigest(bytes.fromhex(self.office.files.put(data)))
        self._save(
            AgencySigned(
                document_id=paper.document_id, pdf=digest, pdf_size=len(data), prefix=BlobDigest(hashlib.sha256(prefix).digest()),
                prefix_size=len(prefix), form="SAO Y", agency=AGENCY, office=OfficeCode("00101"), officer="vt01",
                signed_ms=ms(SEALED_AT), record_signature=record_signature,
            )
        )  # fmt: skip

    def record(self, paper: DocumentView, record: bytes, signature: bytes) -> None:
        self._save(RecordSigned(document_id=paper.document_id, record=record, signature=signature, signer_name=""))

    def _save(self, body: object) -> None:
        self.office.ledger.save(Act("cb01", "intake", "test"), [Draft(RID, body)])  # type: ignore[arg-type]

    def send(self) -> None:
        """Events and files go to the hub."""
        asyncio.run(self._send())

    def judge(self) -> int:
        """Let the examiner work until nothing is due; how many steps it took. Raises what a step raises."""
        return asyncio.run(self._judge())

    def sent_and_judged(self) -> None:
        """Send, judge, and let the office hear what the hub has to say."""
        self.send()
        self.judge()
        asyncio.run(self._hear())

    async def _send(self) -> None:
        driver = self.office.join(self.hub)
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        try:
            await drained(driver)
            await self.office.transfers.send_waiting(lambda: True)
        finally:
            await end_task(running)

    async def _judge(self) -> int:
        steps = 0
        while await self.examiner.step():
            steps += 1
        return steps

    async def _hear(self) -> None:
        driver = self.office.join(self.hub)
        await driver.greet_once()
        await driver.pull_all()

    def state(self, digest: bytes) -> tuple[str, str]:
        """(state, reason) of a file at the hub."""
        row = self.hub.store.readers.run(
            lambda c: c.execute("SELECT state, reason FROM blob WHERE digest = ?", (digest,)).fetchone()
        )
        return (str(row[0]), str(row[1])) if row else ("", "")

    def word(self, digest: BlobDigest) -> ItemState:
        """What the office's screen says of a file."""
        return self.office.store.readers.run(lambda c: file_state(c, digest))

    def at_hub(self, identifier: DocumentId) -> DocumentView:
        view = self.hub.store.readers.run(lambda c: view_of(c, RID))
        found = view.document(identifier) if view else None
        assert found is not None
        return found

    def at_office(self, identifier: DocumentId) -> DocumentView:
        view = self.office.store.readers.run(lambda c: view_of(c, RID))
        found = view.document(identifier) if view else None
        assert found is not None
        return found

    def close(self) -> None:
        self.office.close()
        self.hub.close()


@contextmanager
def scene(root: Path, *, post: Post | None = None) -> Iterator[Scene]:
    """A scene in which the officer and the agency of the demonstration may sign."""
    made = Scene(root, post=post)
    made.let_sign("officer_rsa")
    made.let_sign("agency", role="agency")
    try:
        yield made
    finally:
        made.close()
