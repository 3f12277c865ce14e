"""Drafts: what an officer sent and must see again, held for the redirect that shows it, so that Back never asks to send a form anew.

Invariant: in memory only, for the account that typed it; what was saved is dropped, and after a restart the page starts empty.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from edge_node.web.intake_form import Typed
from sync_protocol.errors import Problem

KEPT = 200


@dataclass(frozen=True)
class Draft:
    """A form as typed, and why it was not taken. `doubt` asks about the number."""

    account: str
    typed: Typed
    problem: Problem | None = None
    doubt: bool = False


class Drafts:
    """Drafts by form number. Used from the event loop only."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Draft] = OrderedDict()

    def keep(self, draft: Draft) -> None:
        """Hold a draft; the oldest are forgotten first."""
        self._held[draft.typed.form_id] = draft
        self._held.move_to_end(draft.typed.form_id)
        while len(self._held) > KEPT:
            self._held.popitem(last=False)

    def of(self, form_id: str, account: str) -> Draft | None:
        """The draft of this form, for the account that typed it."""
        held = self._held.get(form_id)
        return held if held is not None and held.account == account else None

    def drop(self, form_id: str) -> None:
        """The form was saved."""
        self._held.pop(form_id, None)
