"""The line network in 8 bits: the same letters as the original, the same bytes and numbers on every machine."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.recognition.assets import ASTERNET, ASTERNET_IN_EIGHT_BITS, checked, checked_bytes
from edge_node.recognition.asternet import AsterNet, as_input
from edge_node.recognition.errors import ModelMismatch
from edge_node.recognition.inference import session
from edge_node.recognition.line_levels import LEVELS
from edge_node.recognition.line_network import in_eight_bits
from edge_node.recognition.onnx_file import tensors_of
from tests.edge_node.imaging.pictures import FORM, typeset


@pytest.fixture(scope="module")
def made() -> bytes:
    return in_eight_bits(checked(ASTERNET).read_bytes(), LEVELS)


def printed_lines() -> list[Grey]:
    """The rows of the form, each cut out by its ink."""
    grey = np.ascontiguousarray(typeset(FORM)[:, :, 0])
    inked = np.flatnonzero((grey < 128).any(axis=1))
    rows = np.split(inked, np.flatnonzero(np.diff(inked) > 12) + 1)
    lines = [grey[row[0] - 4 : row[-1] + 5] for row in rows if len(row) > 12]
    columns = [np.flatnonzero((line < 128).any(axis=0)) for line in lines]
    return [np.ascontiguousarray(line[:, at[0] - 4 : at[-1] + 5]) for line, at in zip(lines, columns, strict=True)]


def test_the_network_is_made_of_the_same_bytes_everywhere(made: bytes) -> None:
    assert checked_bytes("asternet", made, ASTERNET_IN_EIGHT_BITS) is made


def test_a_network_of_other_bytes_is_refused(made: bytes) -> None:
    with pytest.raises(ModelMismatch) as refused:
        checked_bytes("asternet", made[:-1], ASTERNET_IN_EIGHT_BITS)
    assert "asternet" in refused.value.operator_line


def test_two_products_never_overflow_sixteen_bits(made: bytes) -> None:
    weights = [one for one in tensors_of(made).values() if one.dtype == np.int8]
    assert max(int(np.abs(one.astype(np.int16)).max()) for one in weights) * 255 * 2 < 2**15


def test_it_reads_what_the_original_reads(made: bytes) -> None:
    light, original = session(made), session(checked(ASTERNET))
    steps = differ = 0
    for line in printed_lines():
        picture = as_input(line)
        ours = light.run(["log_probs"], {"images": picture})[0][0]
        theirs = original.run(["log_probs"], {"images": np.repeat(picture, 3, axis=1)})[0][:, 0]
        assert ours.shape == theirs.shape
        steps, differ = steps + len(ours), differ + int((ours.argmax(axis=1) != theirs.argmax(axis=1)).sum())
    assert steps > 300
    assert differ <= steps // 50


@pytest.mark.parametrize("width", [1, 31, 33, 1023, 5000])
def test_lines_of_any_width_are_read(width: int) -> None:
    text, score, centres = AsterNet()([np.full((32, width), 255, np.uint8)])[0]
    assert len(text) == len(centres)
    assert 0 <= score <= 1
