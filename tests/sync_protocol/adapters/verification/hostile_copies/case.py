"""A case of the table: a copy, what the verifier must answer, and what it is told to expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sync_protocol.adapters.signature_names import OFFICER_FIELD
from sync_protocol.adapters.verification.report import Expectation, Trust
from tests.edge_node.signing.material import NOW, World

Maker = Callable[[World], bytes]


@dataclass(frozen=True)
class Case:
    """One hostile (or honest) file. `code` is empty where nothing may be said against it."""

    name: str
    make: Maker
    verdict: str
    code: str = ""
    sealed: bool = False
    bound: bool = False
    trust: Callable[[World], Trust] = lambda world: world.trust
    expect: Callable[[Expectation], Expectation] = lambda expected: expected


def expectation(case: Case, world: World) -> Expectation:
    """Return what the step of this case expects."""
    return case.expect(world.expected(sealed=case.sealed, bound=case.bound))


def without_lists(world: World) -> Trust:
    return replace_trust(world, crls=())


def stale_lists(world: World) -> Trust:
    from deploy.demo.authority import revocation_list

    return replace_trust(
        world, crls=(world.authority.crls[0], revocation_list(world.authority, NOW - dt.timedelta(days=30)))
    )


def replace_trust(world: World, **changes: Any) -> Trust:
    import msgspec

    return msgspec.structs.replace(world.trust, **changes)


def only(**changes: Any) -> Callable[[Expectation], Expectation]:
    import msgspec

    return lambda expected: msgspec.structs.replace(expected, **changes)


def stranger(expected: Expectation) -> Expectation:
    return only(signers={OFFICER_FIELD: frozenset({"0" * 64})})(expected)
