"""The few parts of the ONNX file format that are needed to take the weights out of a model and to write another network around them.

A model is nested protobuf messages; the numbers of their fields are those of `onnx.proto`, IR version 8. Reading and writing are pure and the
same on every machine, so that the bytes of a derived model can be held to one digest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edge_node.recognition import protobuf

Tensor = NDArray[np.generic]
Floats = NDArray[np.float32]
Shape = Sequence[int | str]
"""Sides of a tensor; a name stands for a side that is known only when the network runs."""

_KINDS = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
_DTYPES = {number: np.dtype(name) for name, number in _KINDS.items()}
_FLOAT, _INT, _STRING, _INTS = 1, 2, 3, 7
_IR_VERSION, _OPSET, _OPSET_OF_RUNTIME = 8, 17, 1

RUNTIME = "com.microsoft"
"""Domain of the operations that ONNX Runtime has beside the standard."""


class Node(NamedTuple):
    """One operation as it stands in a model: its kind, the names it takes and gives, and its attributes as they are written."""

    kind: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    attributes: Mapping[str, bytes] = {}

    def written(self) -> bytes:
        """The operation as bytes of a graph."""
        return node(self.kind, self.takes, self.gives) + b"".join(protobuf.message(5, one) for one in self.attributes.values())

    def number(self, name: str, otherwise: float) -> float:
        """A float among the attributes."""
        for field, value in protobuf.fields(memoryview(self.attributes.get(name, b""))):
            if field == 2 and isinstance(value, memoryview):
                return float(struct.unpack("<f", value)[0])
        return otherwise


def nodes_of(model: bytes) -> tuple[list[Node], dict[str, Tensor]]:
    """The operations of a model in their order, and its constants, also those that are written as operations. Pure."""
    nodes, constants = [], tensors_of(model)
    for graph in protobuf.messages(memoryview(model), 7):
        for message in protobuf.messages(graph, 1):
            one = _node_in(message)
            if one.kind == "Constant":
                constants[one.gives[0]] = _tensor_in(next(protobuf.messages(memoryview(one.attributes["value"]), 5)))[1]
            else:
                nodes.append(one)
    return nodes, constants


def tensors_of(model: bytes) -> dict[str, Tensor]:
    """The constants of a model's graph by name; they lie in the model's own bytes. Pure."""
    found: dict[str, Tensor] = {}
    for graph in protobuf.messages(memoryview(model), 7):
        for one in protobuf.messages(graph, 5):
            name, value = _tensor_in(one)
            found[name] = value
    return found


def node(kind: str, takes: Iterable[str], gives: Iterable[str], domain: str = "", **attributes: float | str | Sequence[int]) -> bytes:
    """One operation of a graph; an empty name among `takes` is an input left out. Pure."""
    body = b"".join(protobuf.text(1, name) for name in takes) + b"".join(protobuf.text(2, name) for name in gives) + protobuf.text(4, kind)
    body += b"".join(protobuf.message(5, attribute(name, value)) for name, value in attributes.items())
    return body + (protobuf.text(7, domain) if domain else b"")


def model_of(nodes: Sequence[bytes], constants: Mapping[str, Tensor], takes: Mapping[str, Shape], gives: Mapping[str, Shape]) -> bytes:
    """A whole model of nodes in the order in which they run; `takes` and `gives` are float tensors. Pure."""
    graph = b"".join(protobuf.message(1, one) for one in nodes) + protobuf.text(2, "graph")
    graph += b"".join(protobuf.message(5, _tensor(name, value)) for name, value in constants.items())
    graph += b"".join(protobuf.message(11, _described(name, shape)) for name, shape in takes.items())
    graph += b"".join(protobuf.message(12, _described(name, shape)) for name, shape in gives.items())
    sets = protobuf.message(8, protobuf.number(2, _OPSET)) + protobuf.message(8, protobuf.text(1, RUNTIME) + protobuf.number(2, _OPSET_OF_RUNTIME))
    return protobuf.number(1, _IR_VERSION) + protobuf.message(7, graph) + sets


def with_outputs(model: bytes, names: Iterable[str]) -> bytes:
    """The same model, which gives these inner tensors as well: messages that are written twice are read as one. Pure."""
    return model + protobuf.message(7, b"".join(protobuf.message(12, protobuf.text(1, name)) for name in names))


def _node_in(message: memoryview) -> Node:
    found: dict[int, list[memoryview]] = {}
    for field, value in protobuf.fields(message):
        if isinstance(value, memoryview):
            found.setdefault(field, []).append(value)
    takes, gives, (kind,) = (tuple(bytes(one).decode() for one in found.get(field, [])) for field in (1, 2, 4))
    attributes = {bytes(next(protobuf.messages(one, 1))).decode(): bytes(one) for one in found.get(5, [])}
    return Node(kind, takes, gives, attributes)


def _tensor_in(message: memoryview) -> tuple[str, Tensor]:
    """A constant, whether its values are written raw, as floats or as whole numbers one by one."""
    dims: list[int] = []
    whole: list[int] = []
    name, kind, raw = "", 0, b""
    for field, value in protobuf.fields(message):
        if isinstance(value, int):
            dims, whole, kind = (dims + [value] if field == 1 else dims), (whole + [value] if field == 7 else whole), (value if field == 2 else kind)
        elif field == 1:
            dims += protobuf.varints(value)
        elif field == 7:
            whole += protobuf.varints(value)
        elif field == 8:
            name = bytes(value).decode()
        elif field in (4, 9):
            raw += value
    values = np.array(whole, np.int64) if whole else np.frombuffer(raw, _DTYPES[kind])
    return name, values.reshape(dims)


def _tensor(name: str, value: Tensor) -> bytes:
    dims = b"".join(protobuf.number(1, side) for side in value.shape)
    kept = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
    return dims + protobuf.number(2, _KINDS[value.dtype.name]) + protobuf.text(8, name) + protobuf.message(9, kept.tobytes())


def _described(name: str, shape: Shape) -> bytes:
    sides = b"".join(protobuf.message(1, protobuf.number(1, side) if isinstance(side, int) else protobuf.text(2, side)) for side in shape)
    return protobuf.text(1, name) + protobuf.message(2, protobuf.message(1, protobuf.number(1, _KINDS["float32"]) + protobuf.message(2, sides)))


def attribute(name: str, value: float | str | Sequence[int]) -> bytes:
    """One attribute of an operation. Pure."""
    if isinstance(value, str):
        return protobuf.text(1, name) + protobuf.number(20, _STRING) + protobuf.text(4, value)
    if isinstance(value, int):
        return protobuf.text(1, name) + protobuf.number(20, _INT) + protobuf.number(3, value)
    if isinstance(value, float):
        return protobuf.text(1, name) + protobuf.number(20, _FLOAT) + protobuf.key(2, protobuf.FOUR_BYTES) + struct.pack("<f", value)
    return protobuf.text(1, name) + protobuf.number(20, _INTS) + b"".join(protobuf.number(8, one) for one in value)
