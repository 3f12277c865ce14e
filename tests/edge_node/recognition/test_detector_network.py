"""The detector's network without its detours gives what the original gives, and is the same bytes on every machine."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.recognition.assets import DETECTOR, DETECTOR_WITHOUT_DETOURS, checked, checked_bytes
from edge_node.recognition.detector_input import detector_input
from edge_node.recognition.detector_network import without_detours
from edge_node.recognition.inference import session
from edge_node.recognition.onnx_file import Tensor, model_of, node, nodes_of
from tests.edge_node.imaging.pictures import FORM, typeset


@pytest.fixture(scope="module")
def made() -> bytes:
    return without_detours(checked(DETECTOR).read_bytes())


def test_the_detector_is_made_of_the_same_bytes_everywhere(made: bytes) -> None:
    assert checked_bytes("detector", made, DETECTOR_WITHOUT_DETOURS) is made


def test_it_finds_what_the_original_finds(made: bytes) -> None:
    picture = detector_input(np.ascontiguousarray(typeset(FORM)[:1000, :, 0]), 1280)
    ours, theirs = (session(model).run(None, {"x": picture})[0] for model in (made, checked(DETECTOR)))
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-3
    assert ((ours > 0.3) != (theirs > 0.3)).mean() < 1e-5


def test_two_thirds_of_its_walks_over_the_page_are_saved(made: bytes) -> None:
    before, after = (
        sum(one.kind in ("Add", "Mul", "Div", "Clip", "HardSigmoid", "BatchNormalization") for one in nodes_of(model)[0])
        for model in (checked(DETECTOR).read_bytes(), made)
    )
    assert (before, after) == (236, 94)


@pytest.mark.parametrize("kernel", [1, 3])
def test_a_summand_before_a_convolution_is_folded_only_where_no_border_is_padded(kernel: int) -> None:
    rng = np.random.default_rng(3)
    weights = {
        "w0": rng.normal(size=(4, 3, 1, 1)),
        "a": np.array([2.0]),
        "b": np.array([0.5]),
        "three": np.array(3.0),
        "nought": np.array(0.0),
        "six": np.array(6.0),
        "c": np.array([-1.5]),
        "d": np.array([0.7]),
        "w1": rng.normal(size=(1, 4, kernel, kernel)),
    }
    constants: dict[str, Tensor] = {name: value.astype(np.float32) for name, value in weights.items()}
    nodes = [
        node("Conv", ["x", "w0"], ["n0"], kernel_shape=[1, 1]),
        node("Mul", ["a", "n0"], ["n1"]),
        node("Add", ["n1", "b"], ["n2"]),
        node("Add", ["n2", "three"], ["n3"]),
        node("Clip", ["n3", "nought", "six"], ["n4"]),
        node("Mul", ["n2", "n4"], ["n5"]),
        node("Div", ["n5", "six"], ["n6"]),
        node("Mul", ["c", "n6"], ["n7"]),
        node("Add", ["n7", "d"], ["n8"]),
        node("Conv", ["n8", "w1"], ["y"], kernel_shape=[kernel, kernel], pads=[kernel // 2] * 4),
    ]
    original = model_of(nodes, constants, {"x": [1, 3, "h", "w"]}, {"y": [1, 1, "h", "w"]})
    light = without_detours(original)
    kinds = [one.kind for one in nodes_of(light)[0]]
    assert kinds == ["Conv", "HardSigmoid", "Mul", *(["Add"] if kernel == 3 else []), "Conv"]
    picture = {"x": rng.normal(size=(1, 3, 6, 7)).astype(np.float32)}
    ours, theirs = (session(model).run(["y"], picture)[0] for model in (light, original))
    assert np.allclose(ours, theirs, atol=1e-4)
