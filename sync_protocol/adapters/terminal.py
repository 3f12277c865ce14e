"""The terminal: tables and progress for people, JSON for scripts, one way in which a command ends.

Exit codes are an interface: 0 done, 1 something is wrong (the Problem says what), 2 the command's words are off, and the codes that Problems
own (3 nothing initialised here, 4 a key must be opened, 5 a service must run, 70 installation, 74 storage, 77 keys, 78 settings); 10 where something wants a look.
"""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import cyclopts
import msgspec
from rich.console import Console
from rich.table import Table

from sync_protocol.adapters.fact_words import fact_word
from sync_protocol.adapters.terminal_errors import NobodyToAsk, place_problem
from sync_protocol.errors import Problem

T = TypeVar("T")
_out = Console()
_err = Console(stderr=True)


def run_app(app: cyclopts.App, arguments: Sequence[str] | None = None) -> None:
    """Run a command line to its end; a Problem becomes its sentence, its next step and its exit code.

    So does a file or folder that the system refuses; any other exception is a bug and keeps its traceback.
    """
    try:
        app(arguments, exit_on_error=True)
    except Problem as problem:
        _end(problem)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.filename is None:
            raise
        _end(place_problem(error))


def _end(problem: Problem) -> NoReturn:
    """Say a problem and leave. What it says is no markup: a setting's section stands in brackets."""
    _err.print(problem.clerk_sentence, style="bold red", markup=False, highlight=False)
    _err.print(problem.clerk_next_step, markup=False, highlight=False)
    _err.print(problem.operator_line, style="dim", markup=False, highlight=False, soft_wrap=True)
    sys.exit(problem.exit_code)


def ask_secret(question: str) -> str:
    """A secret typed at the terminal, never shown. Raises NobodyToAsk where there is no terminal."""
    try:
        return getpass.getpass(question)
    except EOFError:
        raise NobodyToAsk() from None


def show(title: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]], *, as_json: bool) -> None:
    """Print rows as a table for people, or as a JSON list of objects. `columns` maps the JSON key to the column's heading."""
    listed = [list(row) for row in rows]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in listed])
        return
    table = Table(title=title, title_justify="left", header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in listed:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    _out.print(table)


def show_facts(title: str, facts: dict[str, object], *, as_json: bool) -> None:
    """Print named facts: JSON with their keys, a table with their words."""
    if as_json:
        print_json(facts)
        return
    show(title, {"fact": "mục", "value": "thấy gì"}, [(fact_word(name), value) for name, value in facts.items()], as_json=False)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(_plain(value)), indent=2).decode() + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line for people, on standard error so that JSON on standard output stays whole."""
    _err.print(text, highlight=False, soft_wrap=True)


def console() -> Console:
    """The console for progress bars (standard error)."""
    return _err


def in_loop(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run one coroutine to its end."""
    return asyncio.run(work())


def _plain(value: Any) -> Any:
    """Builtins for JSON; identifiers and hashes in hexadecimal, as every command takes them."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, msgspec.Struct):
        return {field: _plain(getattr(value, field)) for field in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
