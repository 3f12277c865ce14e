"""Every Problem class of the product, found by importing every module of its three packages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from sync_protocol.errors import Problem

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "deploy" / "runbook"
PACKAGES = ("sync_protocol", "edge_node", "central_hub")
BANNED = ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi", "rất tiếc", "bắt buộc nhập")
CODE = re.compile(r"[A-Z]{3}-[0-9]{3}")


def module_names() -> list[str]:
    """Dotted names of all modules of the product, packages included."""
    names: list[str] = []
    for package in PACKAGES:
        found = importlib.import_module(package)
        names += [package, *(one.name for one in pkgutil.walk_packages(found.__path__, package + "."))]
    return names


def problem_classes() -> list[type[Problem]]:
    """Problem itself and all subclasses defined in the product, by code."""
    for name in module_names():
        importlib.import_module(name)
    found: dict[str, type[Problem]] = {}
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.partition(".")[0] in PACKAGES:
            found[f"{one.__module__}.{one.__qualname__}"] = one
    return sorted(found.values(), key=lambda one: (one.code, one.__qualname__))


def speaks_badly(text: str) -> list[str]:
    """Words that a clerk is never told, as far as `text` uses them.

    >>> speaks_badly("Số này không hợp lệ.")
    ['không hợp lệ']
    """
    lowered = text.lower()
    return [word for word in BANNED if word in lowered]
