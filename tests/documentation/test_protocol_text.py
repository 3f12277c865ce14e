"""The protocol's text says what the code does: messages, verbs, bounds, domains of signatures, header and phases."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from edge_node.sync import line
from sync_protocol import (
    audit_head,
    batch,
    courier,
    cut_off,
    existence,
    limits,
    page_proof,
    register,
    sender,
    snapshot,
    stick_key,
)
from sync_protocol.envelope import Header
from sync_protocol.messages import Reply, Request
from sync_protocol.subjects import Verb

FOLDER = Path(batch.__file__).parent
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")


def _tag(message: type) -> str:
    return str(message.__struct_config__.tag)  # type: ignore[attr-defined]


def _rows(heading: str) -> list[list[str]]:
    """Cells of the first table below a heading, without its own head."""
    part = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [one for one in part.splitlines() if one.startswith("|")]
    return [[cell.strip() for cell in one.strip("|").split("|")] for one in lines[2:]]


def _tags(cell: str) -> set[str]:
    return set(re.findall(r"`([a-z.]+)`", cell))


def test_every_request_stands_beside_the_verb_on_which_it_travels() -> None:
    said = {row[0]: _tags(row[1]) for row in _rows("The frame")}
    done: dict[str, set[str]] = {verb.value: set() for verb in Verb}
    for kind in get_args(Request):
        done[line._VERBS[kind].value].add(_tag(kind))
    assert said == done


def test_every_answer_is_named() -> None:
    named = {tag for row in _rows("The frame") for tag in _tags(row[2])} | {"busy", "refusal"}
    assert named == {_tag(kind) for kind in get_args(Reply)}
    assert "`busy`" in TEXT and "`refusal`" in TEXT


@pytest.mark.parametrize(("name", "value"), [(row[0].strip("`"), row[1]) for row in _rows("Bounds")])
def test_a_bound_in_the_text_is_the_bound_in_the_code(name: str, value: str) -> None:
    assert getattr(limits, name) == int(value)


def test_every_domain_of_a_signature_is_in_the_table() -> None:
    said = {row[0].strip("`") for row in _rows("What is signed")}
    of_code = (
        batch._BATCH_DOMAIN, batch._ACKNOWLEDGEMENT_DOMAIN, page_proof._DOMAIN, snapshot._DOMAIN, existence._OFFER_DOMAIN, audit_head._DOMAIN, cut_off._DOMAIN,
        courier._SENT, courier._ANSWERED, stick_key._DOMAIN,
    )  # fmt: skip
    assert said == {one.rstrip(b"\0").decode() for one in of_code}


def test_no_module_of_the_core_has_a_domain_that_the_text_does_not_know() -> None:
    apart = {"lienthong/survey/1"}  # the code on a slip, not a message (survey.py)
    for module in FOLDER.glob("*.py"):
        for domain in re.findall(r'b"(lienthong/[a-z-]+/\d)', module.read_text(encoding="utf-8")):
            assert domain in TEXT or domain in apart, (module.name, domain)
    assert "lienthong/conflict/1" in (FOLDER / Path(register.__file__).name).read_text(encoding="utf-8")


def test_the_header_is_told_field_by_field_in_its_order() -> None:
    told = TEXT.split("in this order", 1)[1].split("\n\n", 1)[0]
    assert tuple(re.findall(r"`([a-z_]+)`", told)) == Header.__struct_fields__


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("batch", batch.Batch),
        ("each of its events", batch.WireEvent),
        ("acknowledgement", batch.Acknowledgement),
        ("page", page_proof.PageProof),
    ],
)
def test_evidence_is_told_field_by_field_in_its_order(name: str, kind: type) -> None:
    told = TEXT.split(f"\n- {name}: ", 1)[1].split("\n", 1)[0]
    assert tuple(re.findall(r"`([a-z_]+)`", told)) == kind.__struct_fields__  # type: ignore[attr-defined]


def test_the_phases_of_the_sender_are_all_in_the_picture() -> None:
    picture = TEXT.split("## Sending", 1)[1].split("\n- ", 1)[0]
    assert [phase for phase in get_args(sender.Phase) if phase not in picture] == []
