"""A procedure version that ended or changed unknown to the desk: the office with custody is told once, looks, and the case closes everywhere (D.9)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.directory.build import build_from
from edge_node.app import Node
from edge_node.intake.service import Received, dossier
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.law_changes import count_changes, keep_version, open_changes
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import event_log
from sync_protocol.bodies import StatusMoved
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import BlobDigest, OfficeCode
from sync_protocol.law_changes import LawChange
from sync_protocol.merge import fold
from sync_protocol.messages import CatalogueOffer
from sync_protocol.procedure import Procedure
from tests.browser.desk import HUB_SIGNER, Clock, make_node
from tests.browser.officers import receive_one

CODE = "1.014166"
RECEIVED = dt.date(2026, 11, 20)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    one = make_node(tmp_path / "node", Clock())
    yield one
    one.close()


def used(node: Node) -> Procedure:
    found = node.desk.catalogue.procedure(CODE, RECEIVED)
    assert found is not None
    return found


def published(node: Node, *versions: Procedure, number: int = 202612) -> None:
    """The hub publishes a catalogue with these versions of the procedure, and the desk takes it."""
    now = node.desk.catalogue
    others = tuple(one for one in now.procedures if one.code != CODE)
    catalogue: Catalogue = msgspec.structs.replace(now, version=str(number), procedures=(*others, *versions))
    path = node.folder.root / f"{number}.db"
    made = build_from(catalogue, path, sign=HUB_SIGNER.sign)
    content = path.read_bytes()
    digest = BlobDigest(hashlib.sha256(content).digest())
    node.catalogues.take(CatalogueOffer(version=number, digest=digest, size=len(content), signature=made.signature), content)
    node.review_law()


def rows(node: Node) -> list[LawChange]:
    return [one for _, one in node.store.readers.run(lambda c: open_changes(c, node.catalogues.current(), node.identity.office))]


def ended(node: Node, day: dt.date = dt.date(2026, 11, 15)) -> tuple[Procedure, Procedure]:
    """The version used ended on a day, and another one follows it."""
    old = used(node)
    return (
        msgspec.structs.replace(old, valid_to=day),
        msgspec.structs.replace(old, version=old.version + 1, valid_from=day + dt.timedelta(days=1)),
    )


def test_a_version_that_had_ended_before_the_receipt_is_a_row_for_the_office_with_custody(node: Node) -> None:
    received = receive_one(node)
    assert node.review_law() == 1 and rows(node) == []
    before = used(node).version
    published(node, *ended(node))
    (row,) = rows(node)
    assert (row.kind, row.version, row.in_force, row.ended_on) == ("ended", before, before + 1, dt.date(2026, 11, 15))
    assert node.store.readers.run(lambda c: count_changes(c, node.identity.office)) == 1
    assert dossier(node.desk, received.rid).procedure_version == str(before), "the dossier keeps its version"


def test_a_version_that_ends_later_concerns_nobody_received_before(node: Node) -> None:
    receive_one(node)
    published(node, *ended(node, dt.date(2026, 11, 20)))
    assert rows(node) == []


def test_another_limit_or_another_required_paper_of_the_same_version_is_a_row(node: Node) -> None:
    receive_one(node)
    old = used(node)
    other_limit = tuple(msgspec.structs.replace(one, amount=one.amount + 30) for one in old.deadlines)
    published(node, msgspec.structs.replace(old, deadlines=other_limit))
    (row,) = rows(node)
    assert row.kind == "deadline" and row.promised not in row.due_rules
    more = msgspec.structs.replace(old.components[0], document_type="SO-BHXH", name="Sổ BHXH", required=True, submitter="any")
    published(node, msgspec.structs.replace(old, components=(*old.components, more)), number=202613)
    (row,) = rows(node)
    assert (row.kind, row.missing) == ("components", ("Sổ BHXH",))


def test_the_officer_who_looked_keeps_it_with_a_reason_and_it_is_closed_wherever_the_events_are(node: Node) -> None:
    received = receive_one(node)
    published(node, *ended(node))
    (row,) = rows(node)
    with pytest.raises(WhyMissing):
        keep_version(node.desk, "only-resolving", received.rid, row.id, " ")
    keep_version(node.desk, "only-resolving", received.rid, row.id, "điều khoản chuyển tiếp: giữ quy định cũ")
    assert rows(node) == [] and node.store.readers.run(lambda c: count_changes(c, node.identity.office)) == 0
    with pytest.raises(NothingToSettle):
        keep_version(node.desk, "only-resolving", received.rid, row.id, "lần nữa")
    elsewhere = fold(received.rid, node.store.readers.run(lambda c: event_log.events_of(c, received.rid)))
    assert elsewhere.versions_kept == (row.id,) and elsewhere.procedure_version == str(row.version)


def test_what_the_law_says_next_is_another_case_and_the_same_again_is_none(node: Node) -> None:
    received = receive_one(node)
    versions = ended(node)
    published(node, *versions)
    (row,) = rows(node)
    keep_version(node.desk, "all", received.rid, row.id, "đã xem")
    published(node, *versions, number=202613)
    assert rows(node) == []
    published(node, msgspec.structs.replace(versions[0], valid_to=dt.date(2026, 11, 10)), msgspec.structs.replace(versions[1], valid_from=dt.date(2026, 11, 11)), number=202614)
    (later,) = rows(node)
    assert later.id != row.id and later.ended_on == dt.date(2026, 11, 10)


def test_a_version_that_the_catalogue_no_longer_names_is_told_and_a_newer_one_elsewhere_is_not(node: Node) -> None:
    receive_one(node)
    old = used(node)
    published(node, msgspec.structs.replace(old, version=old.version + 1))
    assert [(one.kind, one.ended_on) for one in rows(node)] == [("ended", old.valid_from - dt.timedelta(days=1))]
    published(node, msgspec.structs.replace(old, version=old.version - 1), number=202613)
    assert rows(node) == [], "this catalogue may be older than the desk that received"


def test_a_receipt_moved_before_the_versions_first_day_is_told(node: Node) -> None:
    receive_one(node)
    published(node, msgspec.structs.replace(used(node), valid_from=dt.date(2026, 11, 25)))
    assert [(one.kind, one.ended_on) for one in rows(node)] == [("early", dt.date(2026, 11, 24))]


def test_what_is_over_or_in_other_hands_is_nobodys_to_check_here(node: Node) -> None:
    received = receive_one(node)
    published(node, *ended(node))
    assert len(rows(node)) == 1
    assert node.store.readers.run(lambda c: open_changes(c, node.catalogues.current(), OfficeCode("03401"))) == []
    for what in ("hand_over", "take_up", "stop"):
        move = StatusMoved(move=what, office=node.identity.office, officer="all", at_ms=1, reason="x")
        node.desk.ledger.save(Act("all", "resolving", what), [Draft(received.rid, move, fence=0)])
    node.review_law()
    assert rows(node) == [] and node.store.readers.run(lambda c: count_changes(c, node.identity.office)) == 0


def test_a_dossier_that_comes_after_the_catalogue_is_looked_at_when_it_comes(node: Node) -> None:
    old = node.desk.catalogue
    versions = ended(node)
    published(node, *versions)
    node.desk.current_catalogue = lambda: old  # taken in at a desk that did not know
    received: Received = receive_one(node)
    node.desk.current_catalogue = node.catalogues.current
    assert rows(node) == []
    assert node.review_law() == 1 and len(rows(node)) == 1 and received.code
    assert node.review_law() == 0
