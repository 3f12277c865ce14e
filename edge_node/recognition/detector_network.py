"""The detector's network without its detours: the same numbers but for rounding, in two thirds of the time.

As it was exported, every convolution is followed by a factor and a summand for the whole tensor, a hard swish in four steps, and another factor and
summand: seven walks over up to nine million numbers where one would do. A factor or summand behind a convolution goes into its weights; one before
a convolution too, but a summand only where the convolution has no border, which is padded with noughts; the swish takes two steps; a tensor that is added
to its own weighted channels is weighted once by one more. Nothing is left out, and the weights stay floats.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np

from edge_node.recognition.onnx_file import Floats, Node, attribute, model_of, nodes_of

_CONVOLUTIONS = ("Conv", "ConvTranspose")
_ANY = "any"
"""Name of a side of the picture; both are known only when the network runs."""


def without_detours(original: bytes) -> bytes:
    """The model's bytes; inputs and outputs keep their names. Pure."""
    return _Network(original).model()


class _Network:
    def __init__(self, original: bytes) -> None:
        self._nodes, self._constants = nodes_of(original)
        self._count()

    def model(self) -> bytes:
        last = self._nodes[-1].gives[0]
        self._each(self._behind_convolution)
        self._each(self._swish)
        self._each(self._before_convolutions)
        self._each(self._added_to_itself)
        kept = {name: self._constants[name] for node in self._nodes for name in node.takes if name in self._constants}
        first = self._nodes[0].takes[0]
        return model_of([node.written() for node in self._nodes], kept, {first: [1, 3, _ANY, _ANY]}, {last: [1, 1, _ANY, _ANY]})

    def _each(self, change: Callable[[Node], None]) -> None:
        for gives in [node.gives for node in self._nodes]:
            found = self._made.get(gives[0])
            if found:
                change(found)
                self._count()

    def _count(self) -> None:
        self._made = {name: node for node in self._nodes for name in node.gives}
        self._uses = Counter(name for node in self._nodes for name in node.takes)

    def _replace(self, old: Node, new: Node) -> None:
        self._nodes[self._nodes.index(old)] = new

    def _drop(self, node: Node, instead: str) -> None:
        """Take an operation out; who took its result takes `instead`."""
        self._nodes.remove(node)
        for other in [one for one in self._nodes if node.gives[0] in one.takes]:
            self._replace(other, other._replace(takes=tuple(instead if name == node.gives[0] else name for name in other.takes)))

    def _parts(self, node: Node) -> tuple[str, Floats] | None:
        """The tensor and the constant of a sum or product, None where both are tensors."""
        if len(node.takes) != 2:
            return None
        one, other = node.takes
        if one in self._constants:
            one, other = other, one
        return (one, np.asarray(self._constants[other], np.float32)) if other in self._constants and one not in self._constants else None

    def _behind_convolution(self, node: Node) -> None:
        before = self._made.get(node.takes[0]) or self._made.get(node.takes[-1])
        if before is None or before.kind not in _CONVOLUTIONS or self._uses[before.gives[0]] != 1:
            return
        parts = self._parts(node)
        if node.kind == "BatchNormalization":
            gain, shift, mean, spread = (np.asarray(self._constants[name], np.float32) for name in node.takes[1:])
            factor = gain / np.sqrt(spread + np.float32(node.number("epsilon", 1e-5)))
            self._fold(before, factor, shift - mean * factor)
        elif node.kind == "Mul" and parts:
            self._fold(before, parts[1].reshape(-1), np.zeros(1, np.float32))
        elif node.kind == "Add" and parts:
            self._fold(before, np.ones(1, np.float32), parts[1].reshape(-1))
        else:
            return
        self._drop(node, before.gives[0])

    def _fold(self, convolution: Node, factor: Floats, summand: Floats) -> None:
        weights = np.asarray(self._constants[convolution.takes[1]], np.float32)
        channels = weights.shape[1] if convolution.kind == "ConvTranspose" else weights.shape[0]
        bias = np.asarray(self._constants[convolution.takes[2]], np.float32) if len(convolution.takes) > 2 else np.zeros(channels, np.float32)
        side = (1, -1, 1, 1) if convolution.kind == "ConvTranspose" else (-1, 1, 1, 1)
        self._weigh(convolution, weights * factor.reshape(side), bias * factor + summand)

    def _weigh(self, convolution: Node, weights: Floats, bias: Floats) -> None:
        at = convolution.gives[0]
        self._constants[f"{at}.weights"], self._constants[f"{at}.bias"] = weights, bias
        self._replace(convolution, convolution._replace(takes=(convolution.takes[0], f"{at}.weights", f"{at}.bias")))

    def _swish(self, node: Node) -> None:
        """x · clip(x + 3, 0, 6) / 6, from its last step backwards."""
        if node.kind != "Div":
            return
        product = self._made[node.takes[0]]
        x = product.takes[0]
        clip = self._made[product.takes[1]]
        added = self._made[clip.takes[0]]
        numbers = (self._constants[name] for name in (node.takes[1], *clip.takes[1:], added.takes[1]))
        if [float(one.reshape(())) for one in numbers] != [6.0, 0.0, 6.0, 3.0] or added.takes[0] != x:
            return
        slope = {"alpha": attribute("alpha", 1 / 6), "beta": attribute("beta", 0.5)}
        self._replace(clip, Node("HardSigmoid", (x,), clip.gives, slope))
        self._nodes.remove(added)
        self._drop(node, product.gives[0])

    def _before_convolutions(self, node: Node) -> None:
        """A factor and a summand of a whole tensor that only convolutions take."""
        factor, add = self._parts(node), self._user(node.gives[0])
        summand = self._parts(add) if add and add.kind == "Add" else None
        if node.kind != "Mul" or not factor or not add or not summand or factor[1].size != 1 or summand[1].size != 1 or not factor[1].any():
            return
        users = [one for one in self._nodes if add.gives[0] in one.takes]
        if any(one.kind != "Conv" for one in users):
            return
        weights = {one.gives[0]: np.asarray(self._constants[one.takes[1]], np.float32) for one in users}
        is_bordered = any(one.shape[2:] != (1, 1) for one in weights.values())
        for one in users:
            held, shift = weights[one.gives[0]], np.zeros(1, np.float32)
            bias = np.asarray(self._constants[one.takes[2]], np.float32) if len(one.takes) > 2 else shift
            if not is_bordered:
                sums = [math.fsum(row) for row in held.reshape(len(held), -1).tolist()]
                shift = np.array(sums, np.float64).astype(np.float32) * summand[1].reshape(())
            self._weigh(one, held * factor[1].reshape(()), np.broadcast_to(bias + shift, len(held)).copy())
        if is_bordered:
            name = f"{add.gives[0]}.summand"
            self._constants[name] = summand[1] / factor[1]
            self._replace(add, add._replace(takes=(factor[0], name)))
            self._nodes.remove(node)
        else:
            self._drop(add, factor[0])
            self._nodes.remove(node)

    def _added_to_itself(self, node: Node) -> None:
        """x + x · s, where s weighs channels, is x · (1 + s)."""
        if node.kind != "Add" or any(name in self._constants for name in node.takes):
            return
        product = self._made[node.takes[1]]
        if product.kind != "Mul" or product.takes[0] != node.takes[0] or self._made[product.takes[1]].kind != "HardSigmoid":
            return
        self._constants["one"] = np.ones(1, np.float32)
        self._replace(product, Node("Add", (product.takes[1], "one"), product.gives))
        self._replace(node, Node("Mul", node.takes, node.gives))

    def _user(self, name: str) -> Node | None:
        """The only operation that takes a tensor."""
        return next(one for one in self._nodes if name in one.takes) if self._uses[name] == 1 else None
