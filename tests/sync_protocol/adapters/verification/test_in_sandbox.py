"""The verifier does its work in the sandbox: the genuine copy comes through, the bomb does no harm."""

from __future__ import annotations

import pytest

from sync_protocol.adapters.sandbox.sandbox import Sandbox, open_sandbox
from sync_protocol.adapters.verification.task import (
    COPY_TASK,
    RECORD_TASK,
    copy_arguments,
    read_report,
    record_arguments,
)
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world
from tests.sync_protocol.adapters.verification.hostile_copies import CASES


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return open_sandbox({"copy": COPY_TASK, "record": RECORD_TASK})


def test_a_genuine_copy_is_found_valid_in_the_sandbox(sandbox: Sandbox) -> None:
    arguments = copy_arguments(world().trust, world().expected(sealed=True), NOW)
    assert read_report(sandbox.run("copy", world().sealed.data, arguments)).verdict == "valid"


def test_a_record_is_judged_in_the_sandbox(sandbox: Sandbox) -> None:
    from edge_node.signing.record import sign_record

    p7s = sign_record(b'{"a":1}', world().key("officer_p256"), at=CAPTURED_AT)
    arguments = record_arguments(world().trust, p7s, NOW)
    assert read_report(sandbox.run("record", b'{"a":1}', arguments)).verdict == "valid"
    assert read_report(sandbox.run("record", b'{"a":2}', arguments)).codes == ("VER-010",)


def test_without_namespaces_the_verifier_has_all_it_needs_before_the_filter_closes() -> None:
    sandbox = open_sandbox({"copy": COPY_TASK, "record": RECORD_TASK}, use_namespaces=False)
    arguments = copy_arguments(world().trust, world().expected(sealed=True), NOW)
    assert read_report(sandbox.run("copy", world().sealed.data, arguments)).verdict == "valid"


@pytest.mark.parametrize("name", ["22 doubly deflated bomb", "23 object stream bomb"])
def test_a_bomb_is_refused_within_the_sandboxes_limits(name: str, sandbox: Sandbox) -> None:
    case = next(case for case in CASES if case.name == name)
    arguments = copy_arguments(world().trust, world().expected(bound=False), NOW)
    assert case.code in read_report(sandbox.run("copy", case.make(world()), arguments)).codes
