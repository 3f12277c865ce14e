"""Batch: many documents under one PIN, with an outcome for each.

One poison file never stops the others. A token that is gone stops all that follow, without another attempt: each of them
is reported as not signed for that reason, and nothing is signed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from edge_node.signing.errors import PinLocked, PinRefused, TokenAbsent, TokenGone
from sync_protocol.errors import Problem

Signed = TypeVar("Signed")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Outcome(Generic[Item, Signed]):
    """What became of one item: exactly one of `signed` and `problem` is set."""

    item: Item
    signed: Signed | None = None
    problem: Problem | None = None


def sign_batch(items: Iterable[Item], sign: Callable[[Item], Signed]) -> list[Outcome[Item, Signed]]:
    """Sign the items one after another and return their outcomes in the same order.

    Args:
        items: whatever `sign` understands, e.g. stored copies.
        sign: signs one item with the key that was opened for the batch; reports failure as a `Problem`.
    """
    outcomes: list[Outcome[Item, Signed]] = []
    stopped: Problem | None = None
    for item in items:
        if stopped is not None:
            outcomes.append(Outcome(item, problem=stopped))
            continue
        try:
            outcomes.append(Outcome(item, signed=sign(item)))
        except Problem as problem:
            outcomes.append(Outcome(item, problem=problem))
            if isinstance(problem, (TokenGone, TokenAbsent, PinRefused, PinLocked)):
                stopped = problem
    return outcomes
