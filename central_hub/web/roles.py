"""Who sees which page of the hub: roles by the work they do, as the guard wants them. A route that names none answers nobody.

An operator keeps machines, nodes and accounts; a catalogue keeper writes the law as data; a conflict officer settles what offices
disagree on; an auditor reads and changes nothing; a leader approves and reads. Nobody approves what they wrote themselves.
Source: domain.md A.1, D (who may decide), E.3.
"""

from __future__ import annotations

from typing import Any

from sync_protocol.adapters.web.guard import ANYONE_SIGNED_IN

ALL_ROLES = ("operator", "catalogue_keeper", "conflict_officer", "auditor", "leader")
WATCHERS = ("operator", "auditor", "leader")
WORKLISTS = ("operator", "conflict_officer", "auditor", "leader")
SETTLERS = ("conflict_officer", "auditor", "leader")
KEEPERS_OF_MACHINES = ("operator",)
WRITERS_OF_LAW = ("catalogue_keeper",)
READERS_OF_LAW = ("catalogue_keeper", "leader", "auditor")
APPROVERS = ("catalogue_keeper", "leader")
REPORT_KEEPERS = ("leader",)
CONFLICT_OFFICERS = ("conflict_officer",)
CASE_APPROVERS = ("conflict_officer", "leader")
LOOKERS = ("conflict_officer", "leader")
AUDITORS = ("auditor",)

ANYONE: dict[str, Any] = {"roles": ANYONE_SIGNED_IN}


def only(*roles: str) -> dict[str, Any]:
    """The mark of a route for these roles."""
    return {"roles": roles}


def live(*roles: str) -> dict[str, Any]:
    """The mark of a part that a page refreshes by itself: no act of a person."""
    return {"roles": roles, "live": True}
