"""Teaches the network on drawn words. The only module that needs `torch` and `onnx`; both are imported when it runs.

Five small convolutions over a window of 48 × 64 px and one layer over what they found: about 64,000 weights. One thread, stopped by CPU time, so
that the cost is the same on a busy machine; weights of two runs differ by the order of sums only as far as the thread's library does.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from edge_node.recognition.tone_picture import HEIGHT_PX, WIDTH_PX
from edge_node.recognition.tones import MARKS

BATCH = 128
PEAK_RATE = 4e-3
_SHIFT_PX = 2
_REPORT_SECONDS = 60.0


def network() -> Any:
    """The network, untrained: `(n, 1, 48, 64)` ink in, `(n, 6)` scores of tones out."""
    from torch import nn

    def layer(taken: int, given: int, shrink: bool) -> list[Any]:
        parts: list[Any] = [
            nn.Conv2d(taken, given, 3, padding=1, bias=False),
            nn.BatchNorm2d(given),
            nn.ReLU(inplace=True),
        ]
        return [*parts, nn.MaxPool2d(2)] if shrink else parts

    sight = [
        *layer(1, 16, True),
        *layer(16, 32, True),
        *layer(32, 48, False),
        *layer(48, 48, True),
        *layer(48, 32, False),
    ]
    return nn.Sequential(
        *sight, nn.Flatten(), nn.Dropout(0.1), nn.Linear(32 * (HEIGHT_PX // 8) * (WIDTH_PX // 8), len(MARKS))
    )


def train(lessons: Sequence[Path], cpu_seconds: float, seed: int, out: Path) -> None:
    """Teach for so many CPU seconds, write the network to `out` and print its digest. `out` is also written now and then on the way."""
    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    kept = [np.load(path) for path in lessons]
    pictures = np.concatenate([part["pictures"] for part in kept])
    tones = np.concatenate([part["tones"] for part in kept]).astype(np.int64)
    net = network().to(memory_format=torch.channels_last)
    print(f"{len(pictures)} words, {sum(p.numel() for p in net.parameters())} weights", flush=True)
    teacher = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    began, said, seen, loss_sum, right = time.process_time(), 0.0, 0, 0.0, 0
    order, at = rng.permutation(len(pictures)), 0
    net.train()
    while (used := time.process_time() - began) < cpu_seconds:
        share = used / cpu_seconds
        rate = PEAK_RATE * min(share / 0.08, 1.0) * (1.0 - max(0.0, share - 0.08) / 0.92) ** 1.3 + 2e-5
        for group in teacher.param_groups:
            group["lr"] = rate
        if at + BATCH > len(order):
            order, at = rng.permutation(len(pictures)), 0
        chosen = np.sort(order[at : at + BATCH])
        at += BATCH
        shown = torch.from_numpy(_moved(pictures[chosen], rng)).contiguous(memory_format=torch.channels_last)
        wanted = torch.from_numpy(tones[chosen])
        scores = net(shown)
        loss = cross_entropy(scores, wanted)
        teacher.zero_grad(set_to_none=True)
        loss.backward()
        teacher.step()
        seen, loss_sum = seen + BATCH, loss_sum + float(loss.detach()) * BATCH
        right += int((scores.argmax(1) == wanted).sum())
        if used - said > _REPORT_SECONDS:
            print(f"{used:6.0f} s CPU, loss {loss_sum / seen:.3f}, right {100 * right / seen:.2f} %", flush=True)
            said, seen, loss_sum, right = used, 0, 0.0, 0
            _write(net, out)
            net.train()
    _write(net, out)
    print(f"{out}: {out.stat().st_size} bytes, sha256 {hashlib.sha256(out.read_bytes()).hexdigest()}")


def _moved(pictures: np.ndarray[Any, Any], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """The pictures as `(n, 1, 48, 64) float32`, each batch moved by up to two pixels and a little darker or paler."""
    down, across = (int(rng.integers(-_SHIFT_PX, _SHIFT_PX + 1)) for _ in range(2))
    shifted = np.roll(pictures, (down, across), axis=(1, 2)).astype(np.float32) / 255
    gain = rng.uniform(0.85, 1.15, (len(shifted), 1, 1)).astype(np.float32)
    return np.clip(shifted * gain, 0.0, 1.0)[:, None]


def _write(net: Any, out: Path) -> None:
    """The network as an ONNX file with its norms folded in; the number of pictures is free."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    net.eval()
    parts, folded = list(net), []
    for at, part in enumerate(parts):
        if isinstance(part, torch.nn.Conv2d):
            folded.append(fuse_conv_bn_eval(part, parts[at + 1]))
        elif not isinstance(part, (torch.nn.BatchNorm2d, torch.nn.Dropout)):
            folded.append(part)
    example = torch.zeros(2, 1, HEIGHT_PX, WIDTH_PX)
    torch.onnx.export(
        torch.nn.Sequential(*folded).eval(), (example,), str(out), input_names=["pictures"], output_names=["scores"],
        dynamic_axes={"pictures": {0: "n"}, "scores": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
