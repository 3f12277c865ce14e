"""What operators read is true: every setting and every verb is written down, examples are what the code renders, the two commands exist."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterator
from typing import Any

import cyclopts
import msgspec
import pytest

from central_hub.cli.commands import app as hub_app
from central_hub.operations.overview import totals
from central_hub.settings import HubSettings
from deploy.nats.cluster import SERVERS, example
from edge_node.cli.commands import app as node_app
from edge_node.operations.overview import _COUNTS
from edge_node.settings import NodeSettings
from sync_protocol.adapters.disk import RESERVE_NAME
from sync_protocol.adapters.fact_words import FACT_WORDS
from tests.central_hub.operations.kept_tables import empty_tables
from tests.documentation.problems import ROOT, problem_classes

GUIDE = (ROOT / "deploy" / "README.md").read_text("utf-8")


def settings_of(kind: Any, prefix: str = "") -> Iterator[str]:
    """Dotted names of all settings of a Struct."""
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from settings_of(field.type, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name


def verbs_of(app: cyclopts.App) -> set[str]:
    return {name for name in app if not name.startswith("-")}


@pytest.mark.parametrize("kind", [HubSettings, NodeSettings])
def test_every_setting_is_documented(kind: type[msgspec.Struct]) -> None:
    names = list(settings_of(kind))
    assert len(names) > 10
    assert [name for name in names if f"`{name}`" not in GUIDE] == []


@pytest.mark.parametrize("app", [hub_app, node_app], ids=["hub", "node"])
def test_every_verb_is_documented(app: cyclopts.App) -> None:
    assert {verb for verb in verbs_of(app) if f"`{verb}`" not in GUIDE} == set()
    assert {"doctor", "backup", "restore"} <= verbs_of(app)


def test_the_two_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in ("deploy/demo.sh", "deploy/test.sh"):
        assert f"sh {command}" in readme and (ROOT / command).is_file()
    for path in set(re.findall(r"`(deploy/[\w./-]+)`", readme + GUIDE)):
        assert list(ROOT.glob(path.rstrip("*") + "*")), path


@pytest.mark.parametrize("name", SERVERS)
def test_the_cluster_examples_are_what_the_code_renders(name: str) -> None:
    assert (ROOT / "deploy" / "nats" / f"{name}.conf").read_bytes() == example(name), "run: python -m deploy.nats"


@pytest.mark.parametrize("unit", ["lienthong-hub", "lienthong-node"])
def test_units_are_locked_down_and_start_verbs_that_exist(unit: str) -> None:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(ROOT / "deploy" / "systemd" / f"{unit}.service", encoding="utf-8")
    service = parsed["Service"]
    assert service["Type"] == "notify" and service["ProtectSystem"] == "strict" and service["NoNewPrivileges"] == "yes"
    assert int(service["WatchdogSec"]) > 0 and service["MemoryMax"]
    program, verb = service["ExecStart"].split()[:2]
    assert verb in verbs_of(hub_app if program.endswith("central-hub") else node_app)


def test_scripts_of_the_package_may_run() -> None:
    for path in (ROOT / "deploy" / "debian").glob("*.sh"):
        assert os.access(path, os.X_OK) and path.read_text("utf-8").startswith("#!/bin/sh")


def test_every_exit_code_of_a_problem_is_written_down_for_operators() -> None:
    listed = {int(code) for code in re.findall(r"(?<![\w.–-])(\d{1,3})(?=[ ,])", GUIDE[GUIDE.index("Mã thoát:") : GUIDE.index("Mã lỗi:")])}
    used = {kind.exit_code for kind in problem_classes()}
    assert used <= listed, used - listed


def options_of(app: cyclopts.App, words: list[str]) -> set[str]:
    """The options of the verb that these words begin with; empty when they name none."""
    for word in words:
        if word.startswith("-") or word not in set(app):
            break
        app = app[word]
    return set() if app.default_command is None else {name for one in app.assemble_argument_collection() for name in one.names}


PAGES = sorted((ROOT / "deploy" / "runbook").glob("???-???.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.stem)
def test_a_runbook_page_names_only_verbs_and_settings_that_exist(page: Any) -> None:
    text = page.read_text("utf-8")
    sections = {
        field.name for kind in (HubSettings, NodeSettings) for field in msgspec.structs.fields(kind)
    }
    named = set(re.findall(r"phần \[([a-z]+)\]", text)) | set(re.findall(r"\[([a-z]+)\](?= trong| của hub| của node)", text))
    assert named <= sections, named - sections
    for program, app in (("central-hub", hub_app), ("edge-node", node_app)):
        assert set(re.findall(rf"`{program} ([a-z][a-z-]*)", text)) <= verbs_of(app)
        for call in re.findall(rf"`{program} ([a-z][^`]*)`", text):
            assert set(re.findall(r"(?<= )--[a-z-]+", call)) <= options_of(app, call.split()), call


@pytest.mark.parametrize(("program", "app"), [("central-hub", hub_app), ("edge-node", node_app)], ids=["hub", "node"])
def test_the_guide_names_only_options_that_exist(program: str, app: cyclopts.App) -> None:
    calls = re.findall(rf"{program} ([a-z][^`\n#]*)", GUIDE)
    assert len(calls) > 5
    for call in calls:
        assert set(re.findall(r"(?<= )--[a-z-]+", call)) <= options_of(app, call.split()), call


@pytest.mark.parametrize("code", ["STO-004", "STO-016", "STO-018"])
def test_the_reserve_that_the_runbook_gives_back_is_named_as_the_services_name_it(code: str) -> None:
    assert f"`{RESERVE_NAME}`" in (ROOT / "deploy" / "runbook" / f"{code}.md").read_text("utf-8")


def test_every_figure_of_a_status_has_a_word_of_its_own() -> None:
    connection = empty_tables()
    counted = set(totals(connection)) | set(_COUNTS)
    assert counted <= set(FACT_WORDS), counted - set(FACT_WORDS)
