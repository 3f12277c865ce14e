"""The officer of the story: reads what the machine proposes, types from the paper what it is unsure of, and stands for it.

For the project's own papers the "paper" is their ground truth. For a visitor's files nobody knows the truth: the officer then accepts what is
there and marks the rest as unreadable, so that every step still happens on real input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.demo.job.offices import Office


@dataclass
class Looked:
    """How the reading fared over all confirmed papers."""

    fields: int = 0
    proposed: int = 0
    agreed: int = 0
    needed_person: int = 0
    agreed_but_wrong: int = 0


def confirm_all(
    office: Office, code: str, truth: Mapping[str, Mapping[str, str]], looked: Looked, role: str = "resolving"
) -> int:
    """Confirm every unconfirmed paper of a dossier; returns how many got a code. `truth` maps document type → field → value."""
    done = 0
    for document in office.actor.run("review", code, "--json"):
        if document["confirmed"]:
            continue
        paper = truth.get(document["type"], {})
        words: list[str] = []
        for field in document["fields"]:
            words += _judge(field, paper, looked, has_truth=bool(paper) and not field["row"])
        if document["stated_rows"] not in (0, document["rows"]):
            words.append("--recounted")
        office.actor.run(
            "confirm", code, document["document"], "--officer", office.account, "--role", role, *words, "--json"
        )
        done += 1
    return done


def _judge(field: Mapping[str, Any], paper: Mapping[str, str], looked: Looked, *, has_truth: bool) -> list[str]:
    name, proposal, trust = field["field"], field["proposal"], field["trust"]
    looked.fields += 1
    looked.proposed += bool(proposal)
    right = paper.get(name, "")
    if trust == "agrees":
        looked.agreed += 1
        looked.agreed_but_wrong += bool(right) and _same(proposal, right) is False
        return [f"--value.{name}", right] if right and not _same(proposal, right) else []
    looked.needed_person += 1
    if right:
        return ["--accept", name] if proposal == right else [f"--value.{name}", right]
    if proposal:
        return [f"--value.{name}", ""] if has_truth and not field["required"] else ["--accept", name]
    return ["--unreadable", name] if field["required"] else []


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
