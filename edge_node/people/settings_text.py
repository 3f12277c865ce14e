"""The settings file as people keep it: office lines set, an officer, a token or a scanner added, everything else and every comment left as it stands.

Invariant: what is written was first read back as settings; a text that would not start the node is never written.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from edge_node.people.officers import Officer
from edge_node.settings import NodeSettings, ScannerSettings
from edge_node.signing.place import TokenPlace
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.settings import load_settings

_TABLE = re.compile(r"(?m)^\s*\[")
_TABLE_LINE = re.compile(r"(?m)^[ \t]*\[")
_OFFICER = re.compile(r"[ \t]*\[\[\s*officers\s*\]\]")
_AGENCY = re.compile(r"[ \t]*\[\s*agency\s*\]")
_TOKEN_TABLE = re.compile(r"[ \t]*\[\s*(?:officers|agency)\s*\.\s*token\s*\]")
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
    key += _token_line(officer.token) if officer.token else ""
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
    head, tables = _split(text)
    return head + "".join(one for one in tables if not (_SCANNER.match(one) and _address(one) == address))


def with_token(text: str, account: str | None, token: TokenPlace | None) -> str:
    """The text in which this token, and no key file, holds the key of an officer, or of the agency (None). Pure.

    Without a token, what names one is taken out. Unchanged where the officer has no table of its own.

    >>> with_token('[agency]\\nkey_file = "a.p12"\\n', None, TokenPlace("/d.so", "L", "K"))
    '[agency]\\ntoken = { driver = "/d.so", label = "L", key_label = "K" }\\n'
    >>> with_token('[agency]\\nname = "A"\\n[agency.token]\\ndriver = "/d.so"\\n[web]\\n', None, None)
    '[agency]\\nname = "A"\\n[web]\\n'
    """
    head, tables = _split(text)
    for at, table in enumerate(tables):
        is_meant = _AGENCY.match(table) if account is None else _OFFICER.match(table) and _account(table) == account
        if is_meant:
            following = tables[at + 1 :]
            if following and _TOKEN_TABLE.match(following[0]):
                following = following[1:]
            return head + "".join([*tables[:at], _holding(table, token), *following])
    if account is None and token is not None:
        return f"{text.rstrip()}\n\n[agency]\n{_token_line(token)}"
    return text


def _holding(table: str, token: TokenPlace | None) -> str:
    """One table with its token line; a line of its own for the header is all it needs."""
    names = "token" if token is None else "token|key_file"
    header, _, rest = re.sub(rf"(?m)^[ \t]*(?:{names})[ \t]*=.*\n?", "", table).partition("\n")
    return f"{header}\n{_token_line(token) if token else ''}{rest}"


def _token_line(token: TokenPlace) -> str:
    parts = [("driver", token.driver), ("label", token.label), ("key_label", token.key_label), ("serial", token.serial)]
    return "token = { " + ", ".join(f"{name} = {_quoted(value)}" for name, value in parts if value) + " }\n"


def _split(text: str) -> tuple[str, list[str]]:
    """What stands before the first table, and the tables."""
    starts = [*(found.start() for found in _TABLE_LINE.finditer(text)), len(text)]
    return text[: starts[0]], [text[start:end] for start, end in zip(starts, starts[1:], strict=False)]


def _address(table: str) -> str:
    return _named(table, "address", "capture", "scanners")


def _account(table: str) -> str:
    return _named(table, "account", "officers")


def _named(table: str, name: str, *path: str) -> str:
    """What an array's only table here says under a name; "" where it does not parse."""
    try:
        found: Any = tomllib.loads(table)
        for step in path:
            found = found[step]
        return str(found[0].get(name, ""))
    except (tomllib.TOMLDecodeError, KeyError, IndexError):
        return ""


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
