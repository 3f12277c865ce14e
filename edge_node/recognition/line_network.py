"""AsterNet's network in 8 bits, written down from its own weights: half the time of the original, and a quarter of its memory.

The package's file stays the source and is checked as before. From it the same network is made whenever a reader starts: a stem, seven blocks that widen, filter,
weigh their channels and narrow again, two recurrent layers, two layers of attention over them, a gate between both, and the letters. The bytes of
the result are the same on every machine and have a digest of their own (`assets.py`). Where activations lie says `line_levels`.

Apart from the 8 bits it gives what the original gives, with three differences: one grey channel instead of three equal ones; channels last, so that no
layer is laid out anew for the next; and differences before a softmax end at −80, because beyond −87 floats become denormal, which cost
a seventh of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

import numpy as np

from edge_node.recognition.eight_bits import Graph, Level
from edge_node.recognition.limits import LINE_HEIGHT_PX
from edge_node.recognition.onnx_file import RUNTIME, Floats, tensors_of

_WIDE = 512
_HEADS = 4
_LETTERS = 227
_FAINTEST = -80.0
_PLACES = LINE_HEIGHT_PX * 1024
"""Places of the largest layer that is averaged, a line of the greatest width at full height."""


class Block(NamedTuple):
    """One block by the numbers of its weights in the original's graph; `beside` is the shortcut's convolution, 0 where it is none."""

    name: str
    widen: int
    filter: int
    weigh: int
    narrow: int
    beside: int
    strides: tuple[int, int]


BLOCKS = (
    Block("layer1.0", 1276, 1279, 1351, 1282, 0, (1, 1)),
    Block("layer1.1", 1288, 1291, 1355, 1294, 1285, (2, 1)),
    Block("layer2.0", 1297, 1300, 1359, 1303, 0, (1, 1)),
    Block("layer2.1", 1309, 1312, 1363, 1315, 1306, (2, 2)),
    Block("layer3.0", 1318, 1321, 1367, 1324, 0, (1, 1)),
    Block("layer3.1", 1330, 1333, 1371, 1336, 1327, (2, 2)),
    Block("layer4.0", 1339, 1342, 1375, 1345, 0, (1, 1)),
)


def in_eight_bits(original: bytes, levels: Mapping[str, Level]) -> bytes:
    """The model's bytes: `images` `(1, 1, 32, width) float32` in, `log_probs` `(1, steps, 227)` out. Pure."""
    return _Writer(cast("dict[str, Floats]", tensors_of(original)), levels).model()


class _Writer:
    def __init__(self, weights: Mapping[str, Floats], levels: Mapping[str, Level]) -> None:
        self._weights, self._levels, self._graph = weights, levels, Graph()
        self._ones = self._graph.const(np.ones((1, _PLACES), np.float32))

    def model(self) -> bytes:
        x = self._stem("images")
        for block in BLOCKS:
            x = self._block(x, block)
        sequence = self._steps(x)
        for first in (1421, 1464):
            bias, weights, again = (self._weights[f"onnx::LSTM_{first + n}"] for n in range(3))
            sequence = self._graph.recurrent(sequence, weights, again, bias)
        steps = self._graph.op("Reshape", sequence, self._graph.const([1, -1, _WIDE]))
        letters = self._letters(steps, self._attended(steps))
        return self._graph.model({"images": [1, 1, LINE_HEIGHT_PX, "width"]}, {"log_probs": (letters, [1, "steps", _LETTERS])})

    def _conv(self, number: int) -> tuple[Floats, Floats]:
        return self._weights[f"onnx::Conv_{number}"], self._weights[f"onnx::Conv_{number + 1}"]

    def _stem(self, images: str) -> str:
        """Strokes, and edges beside them; three equal channels are one whose weights are their sum, a filter before a mixing is one filter."""
        graph, (strokes, bias) = self._graph, self._conv(1270)
        edges, (mixing, mixed_bias), gamma = self._weights["onnx::Conv_1350"], self._conv(1273), self._weights["backbone.stem.gamma"]
        one = strokes[:, :1] + strokes[:, 1:2] + strokes[:, 2:]
        other = sum(mixing[:, n : n + 1] * edges[n : n + 1] for n in range(3)) * gamma
        inked, edged = (
            graph.op("Conv", images, graph.const(w), graph.const(b), kernel_shape=[3, 3], pads=[1, 1, 1, 1])
            for w, b in ((one, bias), (other, mixed_bias * gamma))
        )
        return graph.op("Transpose", graph.op("Add", graph.silu(inked), edged), perm=[0, 2, 3, 1])

    def _block(self, x: str, block: Block) -> str:
        graph, at = self._graph, {kind: self._levels[f"{block.name}.{kind}"] for kind in ("in", "wide", "mid", "filtered", "weighed", "out", "sum")}
        eights = graph.quantised(x, at["in"])
        weights, bias = self._conv(block.widen)
        y = graph.silu(graph.floats(graph.pointwise(eights, at["in"], weights[:, :, 0, 0], bias, at["wide"])))
        weights, bias = self._conv(block.filter)
        y = graph.silu(graph.floats(graph.depthwise(graph.quantised(y, at["mid"]), at["mid"], weights, bias, at["filtered"], block.strides)))
        y = graph.op("Mul", y, self._weighing(y, block))
        weights, bias = self._conv(block.narrow)
        narrow = graph.pointwise(graph.quantised(y, at["weighed"]), at["weighed"], weights[:, :, 0, 0], bias, at["out"])
        beside = eights
        if block.beside:
            ends = graph.const([0, 0]), graph.const([2**31, 2**31]), graph.const([1, 2]), graph.const(list(block.strides))
            fewer = eights._replace(name=graph.op("Slice", eights.name, *ends))
            weights, bias = self._conv(block.beside)
            beside = graph.pointwise(fewer, at["in"], weights[:, :, 0, 0], bias, self._levels[f"{block.name}.beside"])
        return graph.silu(graph.floats(graph.added(narrow, beside, at["sum"])))

    def _weighing(self, y: str, block: Block) -> str:
        """How much each channel counts on this line. The mean is a product with ones, five times as fast as the operation for it."""
        graph = self._graph
        flat = graph.op("Reshape", y, graph.const([-1, len(self._conv(block.filter)[1])]))
        start, step = graph.const([0]), graph.const([1])
        places = graph.op("Slice", graph.op("Shape", flat), start, step)
        ones = graph.op("Slice", self._ones, start, places, step)
        mean = graph.op("Div", graph.op("MatMul", ones, flat), graph.op("Cast", places, to=1))
        few, many = (graph.const(self._weights[f"onnx::MatMul_{block.weigh + n}"]) for n in (0, 1))
        return graph.op("Sigmoid", graph.op("MatMul", graph.silu(graph.op("MatMul", mean, few)), many))

    def _steps(self, x: str) -> str:
        """All four rows of a column become one step: `(steps, 1, 512)`."""
        graph, level = self._graph, self._levels["last.in"]
        weights, bias = self._conv(1348)
        eights = graph.quantised(x, level)
        columns = graph.op("Transpose", eights.name, perm=[2, 0, 1, 3])
        flat = eights._replace(name=graph.op("Reshape", columns, graph.const([1, 1, -1, 4 * _WIDE])))
        rows = np.ascontiguousarray(weights[:, :, :, 0].transpose(0, 2, 1)).reshape(_WIDE, 4 * _WIDE)
        done = graph.silu(graph.floats(graph.pointwise(flat, level, rows, bias, self._levels["last.out"])))
        return graph.op("Reshape", done, graph.const([-1, 1, _WIDE]))

    def _attended(self, steps: str) -> str:
        """Two layers of attention over the steps, each of which knows its place."""
        graph = self._graph
        count = graph.op("Gather", graph.op("Shape", steps), graph.const([1]))
        places = np.ascontiguousarray(self._weights["language_head.pos_encoder.pe"].transpose(1, 0, 2))
        x = graph.op("Add", steps, graph.op("Slice", graph.const(places), graph.const([0]), count, graph.const([1])))
        for number, first in ((0, 1470), (1, 1478)):
            at = f"language_head.transformer.layers.{number}."
            asked = self._product(self._normed(x, f"{at}norm1"), f"onnx::MatMul_{first}", f"{at}self_attn.in_proj_bias")
            seen = self._attention(asked)
            out = np.ascontiguousarray(self._weights[f"{at}self_attn.out_proj.weight"].T)
            x = graph.op("Add", x, graph.product(seen, out, self._weights[f"{at}self_attn.out_proj.bias"]))
            wide = self._product(self._normed(x, f"{at}norm2"), f"onnx::MatMul_{first + 6}", f"{at}linear1.bias")
            bent = graph.op("Gelu", wide, domain=RUNTIME)
            x = graph.op("Add", x, self._product(bent, f"onnx::MatMul_{first + 7}", f"{at}linear2.bias"))
        return self._normed(x, "language_head.norm")

    def _attention(self, asked: str) -> str:
        graph, side = self._graph, _WIDE // _HEADS
        query, key, value = (
            graph.op("Transpose", graph.op("Reshape", part, graph.const([0, 0, _HEADS, side])), perm=perm)
            for part, perm in zip(graph.ops("Split", asked, results=3, axis=2), ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
        )
        near = graph.op("MatMul", graph.op("Mul", query, graph.const(np.float32(side**-0.5))), key)
        below = graph.op("Sub", near, graph.op("ReduceMax", near, axes=[-1], keepdims=1))
        shares = graph.op("Softmax", graph.op("Max", below, graph.const(np.float32(_FAINTEST))), axis=-1)
        seen = graph.op("Transpose", graph.op("MatMul", shares, value), perm=[0, 2, 1, 3])
        return graph.op("Reshape", seen, graph.const([0, 0, _WIDE]))

    def _letters(self, steps: str, attended: str) -> str:
        """A gate says for each step and channel which of both counts how much."""
        graph = self._graph
        gate = self._product(graph.op("Concat", steps, attended, axis=-1), "onnx::MatMul_1486", "fusion.gate_linear.bias")
        apart = graph.op("Mul", graph.op("Sigmoid", gate), graph.op("Sub", steps, attended))
        scores = self._product(graph.op("Add", attended, apart), "onnx::MatMul_1487", "classifier.bias")
        return graph.op("LogSoftmax", scores, axis=-1)

    def _product(self, x: str, weights: str, bias: str) -> str:
        return self._graph.product(x, self._weights[weights], self._weights[bias])

    def _normed(self, x: str, at: str) -> str:
        weight, bias = (self._graph.const(self._weights[f"{at}.{part}"]) for part in ("weight", "bias"))
        return self._graph.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-5)
