"""Every package that the project asks for has its licence written down."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def asked_for() -> set[str]:
    """Names of the direct dependencies, with and without which the product runs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [line for group in project["optional-dependencies"].values() for line in group]
    return {re.match(r"[A-Za-z0-9._-]+", line).group() for line in wanted}  # type: ignore[union-attr]


def test_every_direct_dependency_stands_in_the_list_of_licences() -> None:
    page = (ROOT / "deploy" / "licences.md").read_text(encoding="utf-8")
    assert sorted(name for name in asked_for() if f"`{name}`" not in page) == []
