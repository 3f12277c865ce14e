"""The sandbox holds: nothing gets out, every misbehaviour becomes a Problem, with and without namespaces."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync_protocol.adapters.sandbox import process as sandbox_process
from sync_protocol.adapters.sandbox import sandbox as sandbox_module
from sync_protocol.adapters.sandbox import stem as sandbox_stem
from sync_protocol.adapters.sandbox.errors import (
    SandboxOutOfMemory,
    SandboxProblem,
    SandboxResultTooLarge,
    SandboxTaskRaised,
    SandboxTaskUnknown,
    SandboxTimeout,
    SandboxUnavailable,
)
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from tests.sync_protocol.adapters.sandbox import escapes

TASKS = {
    "attempt": "tests.sync_protocol.adapters.sandbox.escapes:attempt",
    "misbehave": "tests.sync_protocol.adapters.sandbox.escapes:misbehave",
    "remember": "tests.sync_protocol.adapters.sandbox.escapes:remember",
    "missing": "tests.sync_protocol.adapters.sandbox.escapes:no_such_function",
    "echo": "sync_protocol.adapters.sandbox.probe:echo",
}
SHORT = SandboxLimits(memory_mb=256, cpu_s=1, wall_s=1.5, result_mb=1)


@pytest.fixture(scope="module", params=["namespaces", "bare"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """The sandbox as it is here, and as it is on a machine without user namespaces."""
    return open_sandbox(TASKS, use_namespaces=request.param == "namespaces")


@pytest.mark.parametrize("name", sorted(escapes.ATTEMPTS))
def test_no_way_out(sandbox: Sandbox, name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"data")
    target = tmp_path / "new" if name == "write" else secret
    answer = sandbox.run("attempt", b"", {"attempt": name, "target": str(target)})
    assert answer in (b"PermissionError", b"FileNotFoundError", b"OSError", b"ValueError"), answer
    assert secret.read_bytes() == b"data"
    assert not (tmp_path / "new").exists()
    assert not Path("/tmp/escaped").exists()


@pytest.mark.parametrize("name", ["socket", "unix_socket", "write", "read_passwd", "read_data", "kill_parent"])
def test_the_attempts_succeed_outside_the_sandbox(name: str, tmp_path: Path) -> None:
    """Canary: a harness whose attempts fail everywhere would prove nothing."""
    (tmp_path / "secret").write_bytes(b"data")
    assert escapes.attempt(b"", {"attempt": name, "target": str(tmp_path / "secret")}) == escapes.OUT


@pytest.mark.parametrize(
    ("how", "problem"),
    [("spin", SandboxTimeout), ("grow", SandboxOutOfMemory), ("abort", SandboxProblem), ("crash", SandboxProblem)],
)
def test_a_task_that_misbehaves_is_a_problem(sandbox: Sandbox, how: str, problem: type[SandboxProblem]) -> None:
    with pytest.raises(SandboxProblem) as caught:
        sandbox.run("misbehave", b"", {"how": how}, limits=SandboxLimits(memory_mb=256, cpu_s=1, wall_s=10))
    assert type(caught.value) is problem


def test_a_task_that_sleeps_is_ended_by_the_wall_limit(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxTimeout) as caught:
        sandbox.run("misbehave", b"", {"how": "hang"}, limits=SHORT)
    assert caught.value.facts["which"] == "wall"


def test_a_result_at_the_cap_passes_and_one_byte_more_does_not(sandbox: Sandbox) -> None:
    assert len(sandbox.run("misbehave", b"", {"how": "flood", "size": 1 << 20}, limits=SHORT)) == 1 << 20
    with pytest.raises(SandboxResultTooLarge):
        sandbox.run("misbehave", b"", {"how": "flood", "size": (1 << 20) + 1}, limits=SHORT)


def test_an_exception_crosses_by_type_and_never_by_its_words(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxTaskRaised) as caught:
        sandbox.run("misbehave", b"", {"how": "raise"})
    assert caught.value.facts["raised"] == "ValueError"
    assert "person" not in caught.value.operator_line


def test_what_one_file_leaves_behind_the_next_file_does_not_meet(sandbox: Sandbox) -> None:
    assert [sandbox.run("remember", mark, {}) for mark in (b"one", b"two")] == [b"one", b"two"]


def test_after_a_crash_the_next_file_is_judged_as_if_nothing_had_been(sandbox: Sandbox) -> None:
    for how in ("crash", "abort", "grow"):
        with pytest.raises(SandboxProblem):
            sandbox.run("misbehave", b"", {"how": how}, limits=SHORT)
        assert sandbox.run("misbehave", b"", {"how": "flood", "size": 3}, limits=SHORT) == b"xxx"


def test_a_stem_that_was_killed_is_started_anew(sandbox: Sandbox) -> None:
    sandbox.run("echo", b"a", {})
    for stem in sandbox._stems._idle[TASKS["echo"]]:
        os.killpg(stem._process.pid, signal.SIGKILL)
        stem._process.wait()
    assert sandbox.run("echo", b"b", {}) == b"b"


def test_a_stem_nobody_asks_ends_by_itself_and_the_next_file_gets_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hasty = tmp_path / "sandbox_stem.py"
    hasty.write_text(Path(sandbox_stem.__file__).read_text("utf-8").replace("IDLE_S = 120.0", "IDLE_S = 0.5"), "utf-8")
    monkeypatch.setattr(sandbox_stem, "__file__", str(hasty))
    sandbox = open_sandbox(TASKS, use_namespaces=False)
    assert sandbox.run("echo", b"a", {}) == b"a"
    assert sandbox._stems._idle[TASKS["echo"]][0]._process.wait(timeout=30) == 0
    assert sandbox.run("echo", b"b", {}) == b"b"


def test_nothing_is_left_when_the_owner_is_gone(sandbox: Sandbox) -> None:
    owner = (
        "import os, signal; from sync_protocol.adapters.sandbox.sandbox import open_sandbox;"
        f"s = open_sandbox({TASKS!r}, use_namespaces={sandbox.layers.namespaces}); s.run('echo', b'', {{}});"
        "print(next(iter(s._stems._idle.values()))[0]._process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run([sys.executable, "-c", owner], stdout=subprocess.PIPE, check=False, timeout=60)
    watch = _watch(int(told.stdout))
    assert watch is None or select.select([watch], [], [], 10)[0], "the stem outlived its owner"


def _watch(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def test_only_tasks_on_the_allow_list_run(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxTaskUnknown):
        sandbox.run("os:system", b"", {})


def test_a_task_that_does_not_exist_is_told_to_the_operator(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        sandbox.run("missing", b"", {})
    assert "AttributeError" in caught.value.operator_line


def test_a_payload_goes_in_and_comes_out_unchanged_with_its_price(sandbox: Sandbox) -> None:
    payload = bytes(range(256)) * 20_000
    ballast = bytearray(300 << 20)  # what this process holds is not the task's price
    finished = sandbox.run_measured("echo", payload, {"any": [1, "hai", None]})
    assert finished.result == payload
    assert 10 < finished.resident_mb < 200
    assert finished.cpu_s > 0
    assert ballast


def test_the_layers_are_told_at_start(sandbox: Sandbox) -> None:
    told = sandbox.describe()
    assert told["resource_limits"] and told["system_call_filter"]
    assert told["namespaces"] or told["reason"]


def test_a_machine_where_namespaces_are_forbidden_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "bubblewrap_command", lambda packages: ["/bin/false", "--"])
    fallen = open_sandbox(TASKS)
    assert fallen.layers.namespaces is False
    assert "SBX-001" in fallen.layers.reason
    assert fallen.run("echo", b"abc", {}) == b"abc"


def test_a_machine_without_the_filter_opens_no_file_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: bool) -> bytes:
        raise RuntimeError("Unable to find libseccomp")

    monkeypatch.setattr(sandbox_process, "compile_filter", missing)
    with pytest.raises(SandboxUnavailable):
        open_sandbox(TASKS)
