"""`python -m tests.benchmarks.line_levels --set DIR`: measure where the line network's activations lie, and print `edge_node/recognition/line_levels.py` anew.

The pages of a drawn set are read; of the line pictures that the first reader was given a draw goes through the original network, and for each tensor that
is kept in 8 bits that range is taken which loses least (least squares; behind a bend, what is left after it). Run it with a set that judges nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.recognition.assets import ASTERNET, checked
from edge_node.recognition.asternet import AsterNet, as_input
from edge_node.recognition.eight_bits import Level
from edge_node.recognition.line_network import BLOCKS
from edge_node.recognition.onnx_file import Floats, with_outputs
from edge_node.recognition.page_reader import read_picture
from edge_node.recognition.readers import TwoReaders
from tests.benchmarks.truth_set import documents

_BINS = 8192
_LEAST_SILU = -0.2785
_BENT = ("wide", "filtered", "sum", "last.out")
"""Tensors on which a SiLU follows: what it makes of their error counts."""


def places() -> dict[str, str]:
    """For each level the tensor's name in the original."""
    found: dict[str, str] = {}
    before = "/backbone/stem/Add"
    for block in BLOCKS:
        at = f"/backbone/{block.name[:6]}/{block.name}"
        inner = {"in": before, "wide": f"{at}/pw1/Conv", "mid": f"{at}/act1/Mul", "filtered": f"{at}/dw/Conv", "weighed": f"{at}/se/Mul", "out": f"{at}/pw2/Conv", "sum": f"{at}/Add"}
        if block.beside:
            inner["beside"] = f"{at}/shortcut/shortcut.0/Conv"
        found |= {f"{block.name}.{kind}": f"{name}_output_0" for kind, name in inner.items()}
        before = f"{at}/Mul"
    return found | {"last.in": f"{before}_output_0", "last.out": "/backbone/layer4/layer4.1/Conv_output_0"}


def best_level(counts: NDArray[np.float64], low: float, high: float, kind: str) -> Level:
    """The level of a histogram between `low` and `high` that loses least."""
    values = low + (np.arange(_BINS) + 0.5) * (high - low) / _BINS
    is_bent = kind.endswith(_BENT)
    lows = [low * share for share in np.linspace(0.2, 1, 17)] if low < _LEAST_SILU * 1.01 else [low]
    found: list[tuple[float, Level]] = []
    for start in lows:
        for share in np.linspace(0.2, 1, 41):
            scale = float(f"{(high * share - start) / 255:.4g}")
            zero = round(-start / scale)
            kept = (np.clip(np.rint(values / scale) + zero, 0, 255) - zero) * scale
            lost = _silu(kept) - _silu(values) if is_bent else kept - values
            found.append((float((counts * lost**2).sum()), Level(scale, zero)))
    return min(found)[1]


def _silu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(x / (1 + np.exp(-x)), np.float64)


def line_pictures(folder: Path) -> list[Grey]:
    """What the first reader is given on the pages of a set."""
    reader, seen = TwoReaders(), list[Grey]()
    read = AsterNet._line

    def seeing(letters: AsterNet, crop: Grey, sign_width: float) -> tuple[str, float, tuple[float, ...]]:
        seen.append(crop.copy())
        return read(letters, crop, sign_width)

    setattr(AsterNet, "_line", seeing)  # noqa: B010
    for document in documents(folder):
        for path, truth in document.pages:
            read_picture(reader, path.read_bytes(), truth.dpi)
    return seen


def levels(inputs: Sequence[Floats]) -> Iterator[tuple[str, Level]]:
    """Each level by name; the lines go through the network twice, for the ends and for what lies between."""
    import onnxruntime

    at = places()
    network = onnxruntime.InferenceSession(with_outputs(checked(ASTERNET).read_bytes(), at.values()))

    def through() -> Iterator[list[Floats]]:
        return (network.run(list(at.values()), {"images": np.repeat(one, 3, axis=1)}) for one in inputs)

    ends = np.array([[(one.min(), one.max()) for one in found] for found in through()])
    lows, highs = ends[:, :, 0].min(axis=0), ends[:, :, 1].max(axis=0)
    counts = np.zeros((len(at), _BINS))
    for found in through():
        for n, one in enumerate(found):
            counts[n] += np.histogram(one, _BINS, (lows[n], highs[n]))[0]
    for n, kind in enumerate(at):
        yield kind, best_level(counts[n], float(lows[n]), float(highs[n]), kind)


def main() -> int:
    """Print the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=250)
    chosen = parser.parse_args()
    pictures = line_pictures(chosen.set)
    drawn = np.random.default_rng(1).permutation(len(pictures))[: chosen.lines]
    for kind, level in levels([as_input(pictures[n]) for n in drawn]):
        print(f'    "{kind}": Level({level.scale:.4g}, {level.zero}),')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
