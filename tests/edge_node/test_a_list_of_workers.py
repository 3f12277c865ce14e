"""A list of workers from reading to signed record: rows travel as fields, doubts stop, typing alone suffices (QĐ 1333 Điều 9.1, 9.2 k)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from edge_node.app import Node
from edge_node.capture.proposals import VALUES_PER_EVENT, recorded
from edge_node.coding.service import issue_code
from edge_node.extraction.model import DocumentProposal, FieldReading, FieldTrust, RowReading, TableReading
from edge_node.intake.service import Received, dossier
from edge_node.review.errors import FieldsMissing, NotLookedAt, RowsDiffer
from edge_node.review.service import confirm, lines, table
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters.event_log import events_of
from sync_protocol.bodies import RecordSigned, decode_body, encode_body
from sync_protocol.ids import DocumentId
from sync_protocol.limits import EVENT_BODY_BYTES_MAX
from sync_protocol.table_rows import cell_name, is_row_field
from sync_protocol.view import DocumentView
from tests.browser.desk import Clock, make_node
from tests.browser.lists import listed
from tests.browser.officers import KEY_PASSPHRASE, give_keys

DOUBTS = ("rows/r002/full_name", "rows/r003/bhxh_number")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    root, clock = tmp_path_factory.mktemp("list"), Clock()
    made = make_node(root / "node", clock)
    authority = give_keys(made, root / "pki")
    begins = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(microsecond=0)
    clock.at = begins + (authority.people["officer_rsa"].certificate.not_valid_after_utc - begins) / 2
    made.open_key("all", KEY_PASSPHRASE)
    yield made
    made.close()


def typed_for(node: Node, got: Received, document: DocumentId) -> dict[str, str]:
    """The paper's own fields, typed."""
    return {
        line.field: "05/10/2026" if "date" in line.field else "0100109106" if "tax" in line.field else "Một"
        for line in lines(node.desk, got.rid, document)
    }


def document_of(node: Node, got: Received) -> DocumentView:
    return dossier(node.desk, got.rid).documents[0]


def test_what_only_a_machine_read_is_no_data_until_somebody_stands_for_it(node: Node) -> None:
    got, document = listed(node)
    held = document_of(node, got)
    assert len(held.rows) == 3 and held.confirmed_rows == {}
    assert [line.settled for line in lines(node.desk, got.rid, document)] == [""] * len(
        lines(node.desk, got.rid, document)
    )
    typed = typed_for(node, got, document)
    with pytest.raises(NotLookedAt) as stopped:
        confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed)
    assert "dòng 2, Họ và tên" in stopped.value.clerk_sentence
    looked_at = confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed, accepted=DOUBTS)
    assert looked_at == len(typed) + len(DOUBTS)
    assert [row["full_name"] for row in document_of(node, got).confirmed_rows.values()] == [
        "Nguyễn Thị Ẵm",
        "Trần Văn Bửu",
        "Lê Thị Chuyên",
    ]


def test_both_readers_strings_box_and_grammar_travel_with_every_cell(node: Node) -> None:
    got, _ = listed(node)
    read = {one.field: one for one in document_of(node, got).readings}
    doubtful = read["rows/r002/full_name"]
    assert (doubtful.value, doubtful.second, doubtful.grammar, doubtful.trust) == (
        "Trần Văn Bửu",
        "Trần Văn Bữu",
        "holds",
        "check",
    )
    assert doubtful.page == 1 and doubtful.box is not None and doubtful.score > 0.9
    assert read["rows/count"].value == "3"


def test_the_signed_record_holds_the_rows_in_the_order_of_the_paper(node: Node) -> None:
    got, document = listed(node)
    added = {cell_name("r004-0a1b2c", "full_name"): "Đặng Thị Ữ", cell_name("r004-0a1b2c", "days"): "7"}
    typed = typed_for(node, got, document) | added
    confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed, accepted=DOUBTS, removed=["r001"])
    issue_code(node.desk, "all", got.rid, document, node.key_of("all"))
    bodies = [decode_body(event) for event in node.store.readers.run(lambda c: events_of(c, got.rid))]
    (signed,) = [body for body in bodies if isinstance(body, RecordSigned)]
    record = json.loads(signed.record)
    assert [row["full_name"] for row in record["rows"]] == ["Trần Văn Bửu", "Lê Thị Chuyên", "Đặng Thị Ữ"]
    assert record["rows"][2] == {"full_name": "Đặng Thị Ữ", "days": "7"}
    assert not [name for name in record if name.startswith("rows/")]


def test_another_number_of_rows_than_the_paper_states_needs_a_second_count(node: Node) -> None:
    got, document = listed(node, stated=5)
    typed = typed_for(node, got, document)
    with pytest.raises(RowsDiffer) as stopped:
        confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed, accepted=DOUBTS)
    assert "5 dòng" in stopped.value.clerk_sentence and "3 dòng" in stopped.value.clerk_sentence
    confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed, accepted=DOUBTS, recounted=True)
    assert document_of(node, got).confirmed("rows/count") == "3"


def test_a_row_taken_back_stands_again_and_a_confirmed_list_confirms_again_as_it_is(node: Node) -> None:
    got, document = listed(node)
    typed = typed_for(node, got, document)
    confirm(
        node.desk,
        "all",
        got.rid,
        document,
        role="resolving",
        typed=typed,
        accepted=DOUBTS,
        removed=["r003"],
        recounted=True,
    )
    held = table(node.desk, got.rid, document)
    assert held is not None and [row.is_removed for row in held.rows] == [False, False, True]
    confirm(node.desk, "all", got.rid, document, role="resolving", accepted=DOUBTS[1:])
    assert len(document_of(node, got).confirmed_rows) == 3


def test_a_list_is_typed_whole_where_nothing_reads_and_a_row_without_a_name_is_refused(node: Node) -> None:
    got, document = listed(node, read=False)
    shown = table(node.desk, got.rid, document)
    assert shown is not None and shown.rows == () and len(shown.columns) == 9
    typed = typed_for(node, got, document)
    nameless = typed | {cell_name("r001-aaaaaa", "bhxh_number"): "0112345678"}
    with pytest.raises(FieldsMissing):
        confirm(node.desk, "all", got.rid, document, role="intake", typed=nameless)
    confirm(
        node.desk,
        "all",
        got.rid,
        document,
        role="intake",
        typed=nameless | {cell_name("r001-aaaaaa", "full_name"): "Hồ Thị Én"},
    )
    assert list(document_of(node, got).confirmed_rows.values()) == [
        {"full_name": "Hồ Thị Én", "bhxh_number": "0112345678"}
    ]


def test_a_list_of_four_hundred_workers_fits_into_events_and_comes_back_whole(node: Node) -> None:
    got, document = listed(node, read=False)
    rows = tuple(
        RowReading(
            f"r{n:03d}",
            tuple(
                FieldReading(
                    field=name,
                    label=name,
                    kind="text",
                    proposal=f"{name} {n} " + "ữ" * 40,
                    first="ẫ" * 60,
                    second="ẵ" * 60,
                    trust=FieldTrust.AGREES,
                )
                for name in ("full_name", "bhxh_number", "birth_date", "personal_id", "days", "note")
            ),
        )
        for n in range(1, 401)
    )
    events = recorded(
        DocumentProposal("01B-HSB", (), (), TableReading(rows, 400)), [1.0], document, "01B-HSB", "two_readers", 200
    )
    assert len(events) > 1 and max(len(event.values) for event in events) == VALUES_PER_EVENT
    node.desk.ledger.save(Act("all", "intake", "capture"), [Draft(got.rid, event) for event in events])
    confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed_for(node, got, document))
    held = document_of(node, got)
    assert len(held.confirmed_rows) == 400 and sum(is_row_field(one.field) for one in held.readings) == 2401
    assert max(len(encode_body(event)) for event in events) < EVENT_BODY_BYTES_MAX
