"""The house's walls, held by the test run: who may import whom, who may touch the database file, what may be committed."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELLS = ("edge_node", "central_hub")
CORE_ROOMS = ("bodies", "figures", "messages")  # packages of the core; the only other one, adapters, touches the world
CORE = sorted([*(path.stem for path in (ROOT / "sync_protocol").glob("*.py") if path.stem != "__init__"), *CORE_ROOMS])
MAY_USE_SQLITE_UTILS = {  # processes of their own, on files nobody has open
    "central_hub/directory/build_file.py", "central_hub/figures/analyst_build.py",
}  # fmt: skip
APOLOGY = re.compile("xin lỗi", re.IGNORECASE)  # to apologise is an act of the procedure (form 04); no Problem does it
MAY_READ_ENVIRONMENT = ("cli/", "adapters/sandbox", "adapters/terminal")


@functools.cache
def tree_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module, read once."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@functools.cache
def imports_of(path: Path) -> frozenset[str]:
    """Names of everything a module imports, at any depth of its code."""
    found: set[str] = set()
    for node in tree_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return frozenset(found)


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_every_core_module_is_under_every_contract_of_the_core() -> None:
    for contract in contracts():
        if contract["type"] == "forbidden":
            assert set(contract["source_modules"]) == {f"sync_protocol.{name}" for name in CORE}  # type: ignore[call-overload]


def test_shells_never_import_each_other_and_the_protocol_imports_neither() -> None:
    for package, others in (
        ("edge_node", ["central_hub"]),
        ("central_hub", ["edge_node"]),
        ("sync_protocol", list(SHELLS)),
    ):
        for path in modules(package):
            assert not {name.partition(".")[0] for name in imports_of(path)} & set(others), path


def test_the_core_imports_only_the_standard_library_and_msgspec() -> None:
    import sys

    allowed = set(sys.stdlib_module_names) | {"msgspec", "sync_protocol", "backports"}
    world = {
        "asyncio",
        "socket",
        "logging",
        "sqlite3",
        "random",
        "time",
        "os",
        "pathlib",
        "subprocess",
        "threading",
        "tempfile",
        "secrets",
    }
    core = [path for path in modules("sync_protocol") if "adapters" not in path.parts]
    assert {path.relative_to(ROOT / "sync_protocol").parts[0].removesuffix(".py") for path in core} == {
        *CORE,
        "__init__",
    }
    for path in core:
        tops = {one.partition(".")[0] for one in imports_of(path)}
        assert tops <= allowed - world, (path, tops - (allowed - world))
        assert not any(one.startswith("sync_protocol.adapters") for one in imports_of(path)), path


def test_one_sqlite_library_per_serving_process() -> None:
    users = {
        str(path.relative_to(ROOT))
        for package in (*SHELLS, "sync_protocol")
        for path in modules(package)
        if {name.partition(".")[0] for name in imports_of(path)} & {"sqlite3", "sqlite_utils"}
    }
    assert users <= MAY_USE_SQLITE_UTILS, users


def test_nobody_opens_a_live_database_file_by_hand() -> None:
    """Closing any handle of the file drops SQLite's locks on it (reliability of POSIX locks)."""
    bad = re.compile(
        r"database\.(read_bytes|open|write_bytes)\(|open\([^)]*(node|hub)\.db|\bcopy(file|2)?\([^)]*database[,)]"
    )
    for package in (*SHELLS, "sync_protocol"):
        for path in modules(package):
            assert not bad.search(path.read_text("utf-8")), path
    assert bad.search("shutil.copyfile(folder.database, x)") and bad.search("self.database.read_bytes()")  # canary


def test_no_module_reads_the_environment_but_the_commands() -> None:
    for package in (*SHELLS, "sync_protocol"):
        for path in modules(package):
            if re.search(r"os\.environ|os\.getenv", path.read_text("utf-8")):
                assert any(part in str(path) for part in MAY_READ_ENVIRONMENT), path


def committed() -> list[str]:
    """Names of everything in the repository; empty where this is no checkout."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split()


def test_nothing_of_others_is_committed() -> None:
    foreign = (".ttf", ".otf", ".woff", ".woff2", ".onnx", ".p12", ".pfx", ".pem", ".key", ".min.js", ".so", ".whl")
    ours = ["edge_node/recognition/tone_net.onnx"]  # made in tests/benchmarks/tones, whose record names its digest
    assert [name for name in committed() if name.endswith(foreign)] == ours


@pytest.mark.parametrize("lock", ["runtime.lock", "tests.lock"])
def test_locks_hold_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "deploy" / lock).read_text("utf-8")
    assert "--hash=sha256:" in text and not re.search(r"https?://|--index-url|--find-links|file:", text)
    assert "opencv-python==" not in text and "apsw==" not in text


def test_pages_load_nothing_from_outside() -> None:
    for package in (*SHELLS, "sync_protocol"):
        for path in (ROOT / package).rglob("*"):
            if path.suffix in {".html", ".css", ".js", ".svg"}:
                found = [
                    url
                    for url in re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8"))
                    if "www.w3.org" not in url
                ]
                assert found == [], path


def test_no_screen_speaks_with_a_banned_word() -> None:
    from tests.documentation.problems import speaks_badly

    for package in (*SHELLS, "sync_protocol"):
        for path in (ROOT / package).rglob("*"):
            if path.suffix in {".html", ".toml", ".typ"} and "sources" not in path.parts:
                text = APOLOGY.sub("", path.read_text("utf-8"))
                assert speaks_badly(text) == [], path


def literals_of(path: Path) -> Iterator[str]:
    """Every text in a module that is no docstring."""
    prose = {
        id(node.body[0].value)
        for node in tree_of(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in tree_of(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def test_no_literal_speaks_with_a_banned_word() -> None:
    from tests.documentation.problems import speaks_badly

    for package in (*SHELLS, "sync_protocol"):
        for path in modules(package):
            for text in literals_of(path):
                assert speaks_badly(APOLOGY.sub("", text)) == [], (path, text)
