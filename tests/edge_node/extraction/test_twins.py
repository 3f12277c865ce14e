"""A hook that both readers may have taken for an acute goes to a person, unless our own eye for tones surely sees the acute too; and so does an acute taken for a hook in a name."""

from __future__ import annotations

import msgspec
import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.vouching import vouched
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types


@pytest.mark.parametrize(
    ("name", "seen", "trust"),
    [
        ("Nguyễn Thị Ấn", (False, False, False), FieldTrust.CHECK),
        ("Nguyễn Thị Ấn", (False, False, True), FieldTrust.AGREES),
        ("Nguyễn Thị Ấn", (True, True, False), FieldTrust.CHECK),
        ("Ấn Thị Ấn", (False, True, True), FieldTrust.CHECK),
        ("Nguyễn Thị Ẩn", (False, False, False), FieldTrust.CHECK),
        ("Nguyễn Thị Ẩn", (False, False, True), FieldTrust.AGREES),
        ("Nguyễn Thị Cẩm", (False, False, False), FieldTrust.AGREES),
    ],
)
def test_only_the_eye_itself_stands_for_an_acute_where_a_hook_may_be(
    name: str, seen: tuple[bool, ...], trust: FieldTrust
) -> None:
    drawn = line(150, 600, f"Họ và tên: {name}")
    *label, first, middle, last = drawn.words
    eyed = [
        msgspec.structs.replace(word, tone_seen=sure) for word, sure in zip((first, middle, last), seen, strict=True)
    ]
    paper = document(msgspec.structs.replace(drawn, words=(*label, *eyed)))
    field = extract(paper, TYPES, Gazetteer(), chosen_type="TK1-TS").field("full_name")
    assert field is not None and (field.proposal, field.trust) == (name, trust)


@pytest.mark.parametrize(
    ("kind", "first", "second", "seen", "is_settled"),
    [
        ("name", "Lê Văn Hồ", "Lê Văn Hổ", ["Lê", "Văn", "Hồ"], True),
        ("name", "Lê Văn Hồ", "Lê Văn Hổ", ["Lê", "Văn"], False),  # the eye is not sure of it
        ("name", "Lê Văn Hồ", "Lê Văn Hở", ["Hồ"], False),  # another letter, which the eye does not judge
        ("name", "Ngô Thuỷ Gấm", "Ngô Thuỷ Gãm", ["Gấm"], True),  # the second reader took the hat for a part of the tone
        ("name", "Ngô Thuỷ Gấm", "Ngô Thuỷ Gắm", ["Gấm"], False),  # one tone, two hats: the eye cannot tell
        ("name", "Ngô Thuỷ Gấm", "Ngô Thuỷ Gẵm", ["Gấm"], False),
        ("address", "ấp Hồ Sơ, xã Ea Súp", "ấp Hố Sở, xã Ea Súp", ["Hồ"], False),
        ("address", "phường Bình Xuyên Phú Thọ", "phướng Bình Xuyên, Phú Thọ", ["phường"], False),  # nor a lost comma
        ("address", "phường Bình Xuyên, Phú Thọ.", "phướng Bình Xuyên,Phú Thọ", ["phường"], True),
        ("personal_id", "001185012345", "001185012346", ["001185012345"], False),
    ],
)
def test_a_tone_that_the_eye_surely_sees_settles_a_difference_in_tone_and_nothing_else(
    kind: str, first: str, second: str, seen: list[str], is_settled: bool
) -> None:
    assert vouched(kind, first, second, Gazetteer(), seen) is is_settled
