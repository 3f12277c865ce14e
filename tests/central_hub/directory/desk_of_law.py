"""A hub with the shipped catalogue published, its law desk, and a few people to work at it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from central_hub.app import Hub
from central_hub.directory.build import SOURCES, build_catalogue
from central_hub.directory.law_desk import LawDesk
from central_hub.directory.web_state import law_desk_of
from central_hub.ingest.greeting import publish_catalogue
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.bodies import TYPE_OF_BODY, DossierReceived, Party, encode_body
from sync_protocol.catalogue_seal import sealed_bytes
from sync_protocol.envelope import make_event
from sync_protocol.ids import BlobDigest, Incarnation, NodeId, OfficeCode, RecordId
from tests.browser.desk import Clock
from tests.browser.hub import make_hub
from tests.central_hub.directory.published import BUILT_AT

LAN = Visitor("lan", "Lê Thị Lan", ("catalogue_keeper",))
MINH = Visitor("minh", "Đỗ Minh", ("catalogue_keeper",))
LEADER = Visitor("leader", "Lãnh đạo", ("leader",))
_BUILT: list[bytes] = []


def published_file(folder: Path) -> bytes:
    """The shipped sources as a file, built once per run; every hub signs it anew."""
    if not _BUILT:
        path = folder / "shipped.db"
        build_catalogue(SOURCES, path, version="1", built_at=BUILT_AT, sign=lambda message: b"")
        _BUILT.append(path.read_bytes())
    return _BUILT[0]


def hub_with_law(root: Path, settings: str = "") -> tuple[Hub, LawDesk]:
    """A hub on 20 November 2026 with version 1 in force."""
    root.mkdir(parents=True, exist_ok=True)
    hub = make_hub(root / "hub", Clock(), settings)
    publish_shipped(hub, root)
    return hub, law_desk_of(hub)


def publish_shipped(hub: Hub, scratch: Path) -> None:
    """Put the shipped sources in force as version 1."""
    content = published_file(scratch)
    digest = BlobDigest(bytes.fromhex(hub.files.files.put(content)))
    signature = hub.keys.signer.sign(sealed_bytes(hashlib.sha256(content).digest()))
    hub.store.writer.run(lambda c: publish_catalogue(c, 1, digest, len(content), signature, hub.now_ms()))


def receive(
    hub: Hub, number: int, *, procedure: str, office: str = "00101", received_ms: int | None = None, due: str = ""
) -> RecordId:
    """One open dossier of an invented person at an office."""
    rid = RecordId(number.to_bytes(16, "big"))
    body = DossierReceived(
        code=f"G12.{office}-261120-{number:04d}", procedure=procedure, procedure_version="1", channel="in_person",
        office=OfficeCode(office), applicant=Party(kind="person", name="Trần Thị Ộp"), submitter_type="worker",
        received_ms=hub.now_ms() if received_ms is None else received_ms, due_date=due, officer="cb01",
    )  # fmt: skip
    node, inc = NodeId(f"n{office}a"), Incarnation(b"i" * 16)

    def work(connection: object) -> None:
        c = connection
        lane = event_log.open_lane(c, node, inc, "peer")  # type: ignore[arg-type]
        event = make_event(
            node=node, inc=inc, seq=lane.head.seq + 1, prev=lane.head.id, type=TYPE_OF_BODY[type(body)], tv=1, rid=rid, hlc=number,
            actor="cb01", body=encode_body(body), base=(), fence=None,
        )  # fmt: skip
        event_log.append(c, lane, [event], hub.now_ms())  # type: ignore[arg-type]
        projection.project(c, [event])  # type: ignore[arg-type]

    hub.store.writer.run(work)
    return rid


def acts(hub: Hub) -> list[tuple[str, str]]:
    """(account, act) of every audit row."""
    return hub.store.readers.run(
        lambda c: [(str(a), str(w)) for a, w in c.execute("SELECT officer, what FROM audit ORDER BY id")]
    )
