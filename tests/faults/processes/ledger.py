"""The independent ledger: what people were shown as saved, kept outside the product, and what may be missing of it.

Only one thing excuses a missing act: the disks that alone held it were put back to an older state, by us, and it stood on
no other disk. That is looked up on the disks at that very moment and not concluded afterwards.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.faults.processes.clerk import Saved


@dataclass
class Ledger:
    """Everything acknowledged so far."""

    acts: dict[str, str] = field(default_factory=dict)  # act → who said so
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # printed number → dossier, and the act that opened it
    tokens: dict[str, str] = field(default_factory=dict)  # note → dossier
    files: dict[str, str] = field(default_factory=dict)  # SHA-256 → the act that names it
    destroyed: set[str] = field(default_factory=set)  # acts and files
    twice: list[str] = field(default_factory=list)
    twice_excused: set[str] = field(default_factory=set)
    counters: Counter[str] = field(default_factory=Counter)

    def note(self, who: str, saved: Saved, *, is_copy: bool) -> None:
        """Somebody was shown this. `is_copy`: by a machine that does not know yet that it is a copy (domain.md D.10)."""
        if saved.refused:
            self.counters[f"refused {saved.refused}"] += 1
            return
        self.counters["acts"] += len(saved.acts)
        for act in saved.acts:
            self.acts[act] = who
        if saved.token:
            self.tokens[saved.token] = saved.rid
        if saved.file:
            self.files[saved.file] = saved.acts[-1]
        if saved.code:
            self._print(who, saved.code, (saved.rid, saved.acts[0]), is_copy=is_copy)

    def _print(self, who: str, code: str, opened: tuple[str, str], *, is_copy: bool) -> None:
        """A number on paper. Twice is excused where nobody can know better (domain.md D.10), and counted."""
        first = self.codes.setdefault(code, opened)
        if first == opened:
            return
        self.twice_excused.add(code)
        if is_copy:
            self.counters["number twice by a copy"] += 1
        elif first[1] in self.destroyed:
            self.counters["number twice, the first went with its disk"] += 1
            self.codes[code] = opened
        else:
            self.twice_excused.discard(code)
            self.twice.append(f"number {code} was printed twice, now at {who}")

    def destroy(self, before: set[str], after: set[str]) -> None:
        """Disks were put back: what was on a disk before and is on none after is gone with them."""
        gone = (before - after) & (self.acts.keys() | self.files.keys())
        self.destroyed |= gone
        self.counters["destroyed with their disks"] += len(gone)

    def owed(self) -> set[str]:
        """Acts that must be found."""
        return self.acts.keys() - self.destroyed

    def owed_files(self) -> set[str]:
        """Files that must open."""
        return {digest for digest, act in self.files.items() if not {digest, act} & self.destroyed}
