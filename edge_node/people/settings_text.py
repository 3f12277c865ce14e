"""The settings file as people keep it: office lines set, an officer or a scanner added, everything else and every comment left as it stands.

Invariant: what is written was first read back as settings; a text that would not start the node is never written.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from edge_node.people.officers import Officer
from edge_node.settings import NodeSettings, ScannerSettings
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.settings import load_settings

_TABLE = re.compile(r"(?m)^\s*\[")
_TABLE_LINE = re.compile(r"(?m)^[ \t]*\[")
_SCANNER = re.compile(r"[ \t]*\[\[\s*capture\s*\.\s*scanners\s*\]\]")


def with_value(text: str, key: str, value: str) -> str:
    """The text with a top-level key set. Pure.

    >>> with_value('office_name = "a"\\n[web]\\nport = 1\\n', "office_name", "b")
    'office_name = "b"\\n[web]\\nport = 1\\n'
    >>> with_value('[web]\\nport = 1\\n', "place", "Hà Nội")
    'place = "Hà Nội"\\n[web]\\nport = 1\\n'
    """
    first_table = _TABLE.search(text)
    cut = first_table.start() if first_table else len(text)
    head, rest = text[:cut], text[cut:]
    line = f"{key} = {_quoted(value)}"
    line_of_key = re.compile(rf"(?m)^{re.escape(key)}\s*=.*$")
    if line_of_key.search(head):
        return line_of_key.sub(lambda _: line, head, count=1) + rest
    return f"{head}{line}\n{rest}"


def with_officer(text: str, officer: Officer) -> str:
    """The text with one more account at its end. Pure."""
    roles = ", ".join(_quoted(role) for role in officer.roles)
    key = f"key_file = {_quoted(officer.key_file)}\n" if officer.key_file else ""
    added = (
        f"[[officers]]\naccount = {_quoted(officer.account)}\nname = {_quoted(officer.name)}\nroles = [{roles}]\n{key}"
    )
    return f"{text.rstrip()}\n\n{added}"


def with_scanner(text: str, scanner: ScannerSettings) -> str:
    """The text with one more network scanner at its end. Pure."""
    added = f"[[capture.scanners]]\nname = {_quoted(scanner.name)}\naddress = {_quoted(scanner.address)}\n"
    return f"{text.rstrip()}\n\n{added}"


def without_scanner(text: str, address: str) -> str:
    """The text without the table of the scanner at this address; unchanged where none has a table of its own. Pure.

    >>> without_scanner('a = 1\\n\\n[[capture.scanners]]\\nname = "K"\\naddress = "http://x"\\n\\n[web]\\n', "http://x")
    'a = 1\\n\\n[web]\\n'
    """
    starts = [*(found.start() for found in _TABLE_LINE.finditer(text)), len(text)]
    kept = [text[: starts[0]]]
    for start, end in zip(starts, starts[1:], strict=False):
        table = text[start:end]
        if not (_SCANNER.match(table) and _address(table) == address):
            kept.append(table)
    return "".join(kept)


def _address(table: str) -> str:
    try:
        (scanner,) = tomllib.loads(table)["capture"]["scanners"]
    except (tomllib.TOMLDecodeError, ValueError):
        return ""
    return str(scanner.get("address", ""))


def save_settings(path: Path, text: str) -> NodeSettings:
    """Write the settings durably, having read them as such; returns what they say now.

    Raises:
        SettingsUnreadable, SettingsRejected: the text is none; the former file stays.
    """
    draft = path.with_name(path.name + ".draft")
    write_durably(draft, text.encode())
    try:
        values = load_settings(NodeSettings, draft, {}).values
    finally:
        draft.unlink(missing_ok=True)
    write_durably(path, text.encode())
    return values


def _quoted(value: str) -> str:
    return msgspec.json.encode(value).decode()  # JSON text is TOML text here
