"""Operations of a network in 8 bits: weights of −63…63 for each output, activations of 0…255 on a level that was measured.

A product of 8 bits runs three to four times as fast as one of floats where the processor has instructions for it, and no slower where it has not. Weights
use 7 of their 8 bits: two products of 255 and 63 fit into 16 bits, so that older processors, which add pairs there, do not overflow, and
every machine reads the same. Between products everything stays in floats, channels last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edge_node.recognition.onnx_file import RUNTIME, Floats, Shape, Tensor, model_of, node

_TOP = 63


class Level(NamedTuple):
    """How 0…255 lie on a tensor's values: `(number - zero) * scale`."""

    scale: float
    zero: int


class Eights(NamedTuple):
    """A tensor in 8 bits: its own name, and those of its scale and zero."""

    name: str
    scale: str
    zero: str


class Graph:
    """A network that is written down operation by operation; each gives the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: dict[str, Tensor] = {}

    def op(self, kind: str, *takes: str, domain: str = "", **attributes: float | str | Sequence[int]) -> str:
        """One operation with one result."""
        return self.ops(kind, *takes, results=1, domain=domain, **attributes)[0]

    def ops(self, kind: str, *takes: str, results: int, domain: str = "", **attributes: float | str | Sequence[int]) -> list[str]:
        """One operation with several results."""
        gives = [f"n{len(self._nodes)}_{number}" for number in range(results)]
        self._nodes.append(node(kind, takes, gives, domain, **attributes))
        return gives

    def const(self, value: Tensor | np.generic | Sequence[int]) -> str:
        """A constant; whole numbers in a list are sides or axes."""
        name = f"c{len(self._constants)}"
        self._constants[name] = np.asarray(value, np.int64) if isinstance(value, list) else np.asarray(value)
        return name

    def model(self, takes: Mapping[str, Shape], gives: Mapping[str, tuple[str, Shape]]) -> bytes:
        """The bytes of the whole network; `gives`: for each output the result that it is, and its sides."""
        named = [node("Identity", [result], [name]) for name, (result, _) in gives.items()]
        return model_of([*self._nodes, *named], self._constants, takes, {name: shape for name, (_, shape) in gives.items()})

    def silu(self, x: str) -> str:
        """x times its sigmoid."""
        return self.op("QuickGelu", x, domain=RUNTIME, alpha=1.0)

    def quantised(self, x: str, level: Level) -> Eights:
        """A tensor of floats in 8 bits."""
        scale, zero = self._level(level)
        return Eights(self.op("QuantizeLinear", x, scale, zero), scale, zero)

    def floats(self, x: Eights) -> str:
        """The same tensor in floats."""
        return self.op("DequantizeLinear", *x)

    def added(self, one: Eights, other: Eights, gives: Level) -> Eights:
        """A sum of two tensors of one shape."""
        scale, zero = self._level(gives)
        return Eights(self.op("QLinearAdd", *one, *other, scale, zero, domain=RUNTIME), scale, zero)

    def pointwise(self, x: Eights, at: Level, weights: Floats, bias: Floats, gives: Level) -> Eights:
        """A convolution of 1 × 1: `x` is `(1, height, width, in)` at level `at`, `weights` `(out, in)`."""
        return self._convolved(x, at, weights[:, :, None, None], bias, gives, kernel_shape=[1, 1])

    def depthwise(self, x: Eights, at: Level, weights: Floats, bias: Floats, gives: Level, strides: Sequence[int]) -> Eights:
        """A convolution of 3 × 3 in each channel alone; `weights` `(channels, 1, 3, 3)`."""
        return self._convolved(x, at, weights, bias, gives, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=strides, group=len(weights))

    def _convolved(self, x: Eights, at: Level, weights: Floats, bias: Floats, gives: Level, **how: int | Sequence[int]) -> Eights:
        flat, scales = _in_eight_bits(weights.reshape(len(weights), -1), axis=1)
        whole_bias = np.rint(bias / (scales * np.float32(at.scale))).astype(np.int32)
        scale, zero = self._level(gives)
        kept = self.const(flat.reshape(weights.shape)), self.const(scales), self.const(np.zeros(len(scales), np.int8))
        done = self.op(
            "QLinearConv", *x, *kept, scale, zero, self.const(whole_bias), domain=RUNTIME, channels_last=1, **how
        )
        return Eights(done, scale, zero)

    def product(self, x: str, weights: Floats, bias: Floats) -> str:
        """`x` times `weights` `(in, out)`, at a level that is measured when it runs."""
        whole, scales = _in_eight_bits(weights, axis=0)
        kept = self.const(whole), self.const(scales), self.const(np.zeros(len(scales), np.int8)), self.const(bias)
        return self.op("DynamicQuantizeMatMul", x, *kept, domain=RUNTIME)

    def recurrent(self, x: str, weights: Floats, again: Floats, bias: Floats) -> str:
        """Both ways through a sequence `(steps, 1, in)`; weights as in a model, `(2, 4 * hidden, in)`; `(steps, 1, 2 * hidden)`."""
        (taken, scales), (kept, scales_again) = (_in_eight_bits(np.ascontiguousarray(w.transpose(0, 2, 1)), axis=1) for w in (weights, again))
        none = self.const(np.zeros(scales.shape, np.int8))
        levels = self.const(scales), none, self.const(scales_again), none
        hidden = again.shape[2]
        both = self.op(
            "DynamicQuantizeLSTM", x, self.const(taken), self.const(kept), self.const(bias), "", "", "", "", *levels,
            domain=RUNTIME, direction="bidirectional", hidden_size=hidden,
        )  # fmt: skip
        return self.op("Reshape", self.op("Transpose", both, perm=[0, 2, 1, 3]), self.const([0, 0, 2 * hidden]))

    def _level(self, level: Level) -> tuple[str, str]:
        return self.const(np.float32(level.scale)), self.const(np.uint8(level.zero))


def _in_eight_bits(weights: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Whole weights and the scale of each output; `axis` is that of the inputs."""
    scales = np.abs(weights).max(axis=axis, keepdims=True) / np.float32(_TOP)
    scales = np.where(scales == 0, np.float32(1), scales)
    whole = np.clip(np.rint(weights / scales), -_TOP, _TOP).astype(np.int8)
    return whole, np.squeeze(scales, axis)
