"""The walk judges both signatures over a metadata record, and the clerk's batch signs the newest record of each paper."""

from __future__ import annotations

from pathlib import Path

from edge_node.operations.verification import walk
from edge_node.resolution.sealing import newest_record
from edge_node.signing.record import sign_record
from edge_node.sync.pushing import HubKnown
from sync_protocol.adapters.log_walk import Finding
from tests.central_hub.seals.hub_with_papers import RID, Scene, document, scene
from tests.central_hub.seals.test_examination import bound_record
from tests.edge_node.signing.material import CAPTURED_AT, NOW, SEALED_AT, world
from tests.offices import HUB_NAME


def walked(s: Scene) -> tuple[int, list[Finding]]:
    hub = HubKnown(HUB_NAME, s.hub.signer.public_key)
    found = s.office.store.readers.run(lambda c: walk(c, s.office.files, hub, s.office.node, world().trust, NOW))
    return found.records, [one for one in found.findings if "record" in one.kind]


def prepared(s: Scene, by_agency: bytes) -> None:
    w = world()
    paper = s.capture(w.signed.data)
    record = bound_record(w)
    s.record(paper, record, sign_record(record, w.key("officer_rsa"), at=CAPTURED_AT))
    s.seal(paper, w.sealed.data, prefix=w.signed.data, record_signature=by_agency)


def test_the_officers_and_the_agencys_signature_over_the_record_are_judged(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        prepared(s, sign_record(bound_record(world()), world().key("agency"), at=SEALED_AT))
        assert walked(s) == (2, [])


def test_an_agency_signature_over_something_else_is_found(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        prepared(s, sign_record(b'{"a":1}', world().key("agency"), at=SEALED_AT))
        count, findings = walked(s)
        assert count == 2
        assert [(one.kind, one.code) for one in findings] == [("agency record", "VER-010")]


def test_the_clerk_signs_the_newest_record_of_the_paper(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(world().signed.data)
        for record in (b'{"a":1}', b'{"a":2}'):
            s.record(paper, record, b"")
        read = s.office.store.readers.run
        assert read(lambda c: newest_record(c, RID, paper.document_id)) == b'{"a":2}'
        assert read(lambda c: newest_record(c, RID, document(9))) == b""
