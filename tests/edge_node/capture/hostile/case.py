"""A case of the corpus: one generated file and the codes that are a right answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One file: what it is called, what it is, and which codes are right (none: it must be accepted)."""

    name: str
    category: str
    make: Callable[[], bytes]
    codes: frozenset[str]
    pages: int = 1


CASES: list[Case] = []


def case(category: str, *codes: str, pages: int = 1) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a generator; its name with underscores is the case's name."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES.append(Case(make.__name__, category, make, frozenset(codes), pages))
        return make

    return register


def add(name: str, category: str, make: Callable[[], bytes], *codes: str, pages: int = 1) -> None:
    """Register a case made by a lambda."""
    CASES.append(Case(name, category, make, frozenset(codes), pages))
