"""The degree of completion that a citizen sees: four steps, derived from the dossier's state, and nothing more (domain.md E.1)."""

from __future__ import annotations

from typing import Literal

Stage = Literal["received", "processing", "ready", "returned", "waiting", "ended"]
STEPS: tuple[Stage, ...] = ("received", "processing", "ready", "returned")
_STAGES: dict[str, Stage] = {
    "draft": "received", "received": "received", "handed_over": "processing", "in_processing": "processing", "consulting": "processing",
    "extended": "processing", "supplement_at_intake": "waiting", "supplement_requested": "waiting", "result_ready": "ready",
    "result_returned": "returned", "archived": "returned", "refused": "ended", "returned_with_notice": "ended", "stopped": "ended",
    "withdrawn": "ended",
}  # fmt: skip


def stage(state: str) -> Stage:
    """The step a state belongs to; a state this release does not know is shown as being processed."""
    return _STAGES.get(state, "processing")
