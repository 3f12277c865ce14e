"""Model files are read and written as ONNX Runtime reads them."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.recognition.assets import DETECTOR, checked_bytes
from edge_node.recognition.errors import ModelMismatch
from edge_node.recognition.inference import session
from edge_node.recognition.onnx_file import model_of, node, nodes_of, tensors_of, with_outputs


def test_what_was_written_is_read_back() -> None:
    constants = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([-1, 300], np.int64), "c": np.array(7, np.uint8)}
    model = model_of([node("Identity", ["a"], ["y"])], constants, {}, {"y": [2, "wide"]})
    found = tensors_of(model)
    assert found.keys() == constants.keys()
    assert all(np.array_equal(found[name], value) and found[name].dtype == value.dtype for name, value in constants.items())
    assert [one.kind for one in nodes_of(model)[0]] == ["Identity"]


def test_an_inner_tensor_can_be_asked_for_as_well() -> None:
    nodes = [node("Neg", ["x"], ["inner"]), node("Abs", ["inner"], ["y"])]
    model = with_outputs(model_of(nodes, {}, {"x": [1]}, {"y": [1]}), ["inner"])
    assert [list(one) for one in session(model).run(["inner", "y"], {"x": np.array([2], np.float32)})] == [[-2], [2]]


def test_bytes_of_another_digest_are_refused() -> None:
    with pytest.raises(ModelMismatch) as refused:
        checked_bytes("the detector", b"anything", DETECTOR.sha256)
    assert "the detector" in refused.value.operator_line
