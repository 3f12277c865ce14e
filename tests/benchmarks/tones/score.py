"""How well the network reads tones on drawn words: by fault, by case, and how often it is surely wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from edge_node.recognition.tone_marks import CONFIRMS, OVERRULES, possible_chances
from edge_node.recognition.tone_net import ToneNet
from edge_node.recognition.tones import toneless
from tests.benchmarks.tones.strips import FAULTS

NAMES = ("ngang", "huyền", "ngã", "hỏi", "sắc", "nặng")
HUYEN, NGA, HOI, SAC = 1, 2, 3, 4
_CERTAINTIES = (0.9, CONFIRMS, OVERRULES)


def report(net: Path | None, files: Sequence[Path]) -> None:
    """Print accuracy and, for each certainty, how many words are that sure and how many of them are wrong."""
    eye = ToneNet(net) if net else ToneNet()
    kept = [np.load(path) for path in files]
    pictures, tones, faults, words = (
        np.concatenate([part[name] for part in kept]) for name in ("pictures", "tones", "faults", "words")
    )
    raw = np.concatenate([eye(pictures[at : at + 256].astype(np.float32) / 255) for at in range(0, len(pictures), 256)])
    chances = np.stack([possible_chances(str(word), chance) for word, chance in zip(words, raw, strict=True)])
    said, sure = chances.argmax(axis=1), chances.max(axis=1)
    capitals = np.array([str(word).isupper() and len(str(word)) > 1 for word in words])
    circumflex = np.array([any(sign in "âêô" for sign in toneless(str(word)).lower()) for word in words])
    groups: dict[str, Any] = {
        "all": np.ones(len(words), bool),
        "capitals": capitals,
        "capitals, circumflex": capitals & circumflex,
    }
    groups |= {fault: faults == at for at, fault in enumerate(FAULTS)}
    for name, chosen in groups.items():
        _line(name, chosen, said == tones, sure)
    for one, other in ((HOI, SAC), (HOI, HUYEN), (NGA, SAC), (NGA, HOI)):
        mixed = int(((tones == one) & (said == other)).sum() + ((tones == other) & (said == one)).sum())
        print(
            f"{NAMES[one]} and {NAMES[other]} taken for each other: {mixed} of {int(np.isin(tones, (one, other)).sum())}"
        )
    _confirmations(circumflex, tones, chances)


def _line(name: str, chosen: Any, right: Any, sure: Any) -> None:
    parts = [f"{name:22} {chosen.sum():6} words, right {100 * right[chosen].mean():6.2f} %"]
    for bound in _CERTAINTIES:
        above = chosen & (sure >= bound)
        parts.append(
            f"≥{bound}: {100 * above.sum() / max(1, chosen.sum()):5.1f} %, wrong {int((~right & above).sum())}"
        )
    print("; ".join(parts))


def _confirmations(circumflex: Any, tones: Any, chances: Any) -> None:
    """Of the words with one tone over a circumflex, how many the eye would surely take for its twin: what a wrong ✓ in a name needs."""
    for truly, read in ((HOI, SAC), (SAC, HOI), (HOI, HUYEN), (HUYEN, HOI)):
        chosen = circumflex & (tones == truly)
        false, right = (int((chances[chosen][:, tone] >= CONFIRMS).sum()) for tone in (read, truly))
        print(
            f"{NAMES[truly]} over a circumflex: {chosen.sum()} words, surely seen as such {right}, surely as {NAMES[read]} {false}"
        )
