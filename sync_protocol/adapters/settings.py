"""Settings: one TOML file, environment overrides, one frozen Struct, every problem at once.

Invariant: the caller passes the environment in; nothing here reads it. What a field is called in the file is its dotted path
(`hub.url`), in the environment the prefix with the path in capitals (`LIENTHONG_HUB__URL`). A field whose name ends in a
word of `SECRET_ENDINGS` is never shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from sync_protocol.adapters import settings_errors as problems

S = TypeVar("S", bound=msgspec.Struct)
ENVIRONMENT_PREFIX = "LIENTHONG_"
SECRET_ENDINGS = ("secret", "password", "passphrase", "token", "key", "pin", "seed", "credentials")
MASK = "••••"


class EffectiveValue(msgspec.Struct, frozen=True):
    """One setting as it is in force."""

    name: str
    value: str
    origin: str


class Settings(msgspec.Struct, Generic[S], frozen=True):
    """Checked settings with the origin of each value."""

    values: S
    origins: dict[str, str]

    def explain(self) -> list[EffectiveValue]:
        """Every value in force, in the order of the Struct, secrets masked."""
        return [
            EffectiveValue(name, MASK if is_secret(name) and value else str(value), self.origins.get(name, "default"))
            for name, value in _leaves(msgspec.to_builtins(self.values))
        ]


def load_settings(
    kind: type[S], path: Path | None, environment: Mapping[str, str], *, prefix: str = ENVIRONMENT_PREFIX
) -> Settings[S]:
    """`kind` filled from defaults, then the TOML file at `path` (None: no file), then `environment`.

    Relative order is fixed: the environment wins. Unknown names are problems, in the file and under the prefix.

    Raises:
        SettingsUnreadable: the file is missing or is not TOML.
        SettingsRejected: with every problem in `problems`, one line each, without values.
    """
    given = _from_file(path) if path is not None else {}
    origins = {name: str(path.name if path else "") for name, _ in _leaves(given)}
    fields = dict(_fields(kind))
    found: list[str] = []
    for variable in sorted(name for name in environment if name.startswith(prefix)):
        name = variable.removeprefix(prefix).lower().replace("__", ".")
        if name in fields:
            _place(given, name, _read_text(environment[variable], fields[name]))
            origins[name] = variable
        else:
            found.append(f"{variable}: unknown setting")
    converted = _convert(kind, given, "", found)
    if found or converted is None:
        raise problems.SettingsRejected(count=len(found), problems=tuple(found), listing="; ".join(found))
    return Settings(converted, origins)


def is_secret(name: str) -> bool:
    """Whether the last part of a dotted name says that its value is secret."""
    last = name.rpartition(".")[2]
    return any(last == ending or last.endswith("_" + ending) for ending in SECRET_ENDINGS)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise problems.SettingsUnreadable(what=f"{path.name}, errno {error.errno}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problems.SettingsUnreadable(what=f"{path.name} is not TOML: {error}") from error


def _fields(kind: type[msgspec.Struct], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted name and type of every leaf of a Struct."""
    for field in msgspec.structs.fields(kind):
        name = above + field.name
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from _fields(field.type, name + ".")
        else:
            yield name, field.type


def _leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield above + name, value


def _read_text(text: str, kind: Any) -> Any:
    """A value from the environment: itself where the field takes text, else as TOML would read it."""
    try:
        msgspec.convert(text, kind, strict=False)
        return text
    except msgspec.ValidationError:
        pass
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _place(given: dict[str, Any], name: str, value: Any) -> None:
    *above, last = name.split(".")
    for part in above:
        inner = given.setdefault(part, {})
        if not isinstance(inner, dict):
            inner = given[part] = {}
        given = inner
    given[last] = value


def _convert(kind: type[S], given: Mapping[str, Any], above: str, found: list[str]) -> S | None:
    """Field by field, so that one bad value does not hide the next; None once anything was found.

    Messages name the setting, never its value.
    """
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    found.extend(f"{above}{name}: unknown setting" for name in given if name not in known)
    arguments: dict[str, Any] = {}
    for name, field in known.items():
        if (
            isinstance(field.type, type)
            and issubclass(field.type, msgspec.Struct)
            and isinstance(given.get(name, {}), Mapping)
        ):
            if name in given or field.required:
                arguments[name] = _convert(field.type, given.get(name, {}), f"{above}{name}.", found)
        elif name in given:
            try:
                arguments[name] = msgspec.convert(given[name], field.type, strict=False)
            except msgspec.ValidationError as error:
                reason = "value refused" if is_secret(name) else str(error).partition(", got")[0]
                found.append(f"{above}{name}: {reason}")
        elif field.required:
            found.append(f"{above}{name}: missing")
    if found:
        return None
    try:
        return kind(**arguments)
    except (ValueError, TypeError) as error:  # the Struct's own cross-field check
        found.append(f"{above or 'settings'}: {error}")
        return None
