"""Drafts in the hub's database: opened, changed entry by entry, submitted, then published, given back or dropped.

`open → submitted → published`, and back from `submitted` to `open` with a reason; an open draft may be dropped. Every step is a row of the
audit chain in the same transaction. Who opened a draft or ever changed anything in it stays its author, so that four eyes hold.

Invariant: only an open draft changes; a published one never changes again.
"""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from central_hub.directory.changes import Change, decode_entry, encode_entry
from central_hub.directory.errors import DraftNotOpen, DraftUnknown
from central_hub.lookup.audit import record_act
from sync_protocol.adapters.web.guard import Visitor

DraftState = Literal["open", "submitted", "published", "dropped"]
STATE_WORDS = {"open": "đang soạn", "submitted": "chờ duyệt", "published": "đã phát hành", "dropped": "đã bỏ"}


class Draft(msgspec.Struct, frozen=True):
    """One draft. Times in ms UTC; `base` is the published version it changes, `published` the version it became."""

    id: int
    title: str
    reason: str
    base: int
    state: DraftState
    opened_by: str
    opened_ms: int
    submitted_by: str
    submitted_ms: int | None
    settled_by: str
    settled_ms: int | None
    settled_reason: str
    published: int | None


_COLUMNS = ", ".join(Draft.__struct_fields__)


def all_drafts(connection: apsw.Connection, limit: int = 100) -> list[Draft]:
    """Newest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM catalogue_draft ORDER BY id DESC LIMIT ?", (limit,))
    return [msgspec.convert(dict(zip(Draft.__struct_fields__, row, strict=True)), Draft) for row in rows]


def draft_of(connection: apsw.Connection, draft: int) -> Draft:
    """One draft. Raises DraftUnknown."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM catalogue_draft WHERE id = ?", (draft,)).fetchone()
    if row is None:
        raise DraftUnknown(draft=draft)
    return msgspec.convert(dict(zip(Draft.__struct_fields__, row, strict=True)), Draft)


def changes_of(connection: apsw.Connection, draft: int) -> tuple[Change, ...]:
    """What a draft changes, place by place."""
    rows = connection.execute(
        "SELECT place, key, former, entry FROM catalogue_change WHERE draft = ? ORDER BY place, key", (draft,)
    )
    return tuple(Change(str(p), str(k), decode_entry(str(p), f), decode_entry(str(p), e)) for p, k, f, e in rows)


def authors_of(connection: apsw.Connection, draft: int) -> frozenset[str]:
    """Every account that opened the draft or changed anything in it."""
    rows = connection.execute("SELECT account FROM catalogue_author WHERE draft = ?", (draft,))
    return frozenset(str(account) for (account,) in rows)


def open_draft(connection: apsw.Connection, by: Visitor, title: str, reason: str, base: int, now_ms: int) -> int:
    """Begin a draft on a published version; returns its number."""
    connection.execute(
        "INSERT INTO catalogue_draft(title, reason, base, state, opened_by, opened_ms) VALUES(?,?,?,'open',?,?)",
        (title, reason, base, by.account, now_ms),
    )
    draft = connection.last_insert_rowid()
    _note(connection, by, "law.open", draft, now_ms, reason=reason, outcome=f"base {base}")
    _sign_up(connection, draft, by)
    return draft


def keep_changes(
    connection: apsw.Connection, by: Visitor, draft: int, changes: tuple[Change, ...], what: str, now_ms: int
) -> None:
    """Put changes into an open draft; one that leaves its entry as it was takes an earlier change back.

    Raises:
        DraftUnknown, DraftNotOpen.
    """
    require(draft_of(connection, draft), "open")
    for one in changes:
        if one.former == one.entry:
            connection.execute(
                "DELETE FROM catalogue_change WHERE draft = ? AND place = ? AND key = ?", (draft, one.place, one.key)
            )
        else:
            connection.execute(
                "INSERT OR REPLACE INTO catalogue_change(draft, place, key, former, entry, author, at_ms) VALUES(?,?,?,?,?,?,?)",
                (draft, one.place, one.key, encode_entry(one.former), encode_entry(one.entry), by.account, now_ms),
            )
    told = ", ".join(f"{one.place} {one.key}" for one in changes[:5]) + (
        f" +{len(changes) - 5}" if len(changes) > 5 else ""
    )
    _note(connection, by, what, draft, now_ms, outcome=told)
    _sign_up(connection, draft, by)


def submit(connection: apsw.Connection, by: Visitor, draft: int, now_ms: int) -> None:
    """Ask for approval. Raises DraftUnknown, DraftNotOpen."""
    require(draft_of(connection, draft), "open")
    connection.execute(
        "UPDATE catalogue_draft SET state = 'submitted', submitted_by = ?, submitted_ms = ?, settled_reason = '' WHERE id = ?",
        (by.account, now_ms, draft),
    )
    _note(connection, by, "law.submit", draft, now_ms)
    _sign_up(connection, draft, by)


def give_back(connection: apsw.Connection, by: Visitor, draft: int, reason: str, now_ms: int) -> None:
    """Return a submitted draft to its authors. Raises DraftUnknown, DraftNotOpen."""
    require(draft_of(connection, draft), "submitted")
    _settle(connection, by, draft, "open", reason, now_ms)
    _note(connection, by, "law.return", draft, now_ms, reason=reason)


def drop(connection: apsw.Connection, by: Visitor, draft: int, reason: str, now_ms: int) -> None:
    """Give an open draft up; it stays readable. Raises DraftUnknown, DraftNotOpen."""
    require(draft_of(connection, draft), "open")
    _settle(connection, by, draft, "dropped", reason, now_ms)
    _note(connection, by, "law.drop", draft, now_ms, reason=reason)


def rebase(connection: apsw.Connection, by: Visitor, draft: int, newest: int, now_ms: int) -> None:
    """Let an open draft stand on a newer version; the caller has seen that their changes do not meet."""
    require(draft_of(connection, draft), "open")
    connection.execute("UPDATE catalogue_draft SET base = ? WHERE id = ?", (newest, draft))
    _note(connection, by, "law.rebase", draft, now_ms, outcome=f"base {newest}")


def settle_published(connection: apsw.Connection, by: Visitor, draft: int, version: int, now_ms: int) -> None:
    """The draft became a version. Raises DraftNotOpen where it was given back meanwhile."""
    require(draft_of(connection, draft), "submitted")
    _settle(connection, by, draft, "published", "", now_ms)
    connection.execute("UPDATE catalogue_draft SET published = ? WHERE id = ?", (version, draft))
    _note(connection, by, "law.publish", draft, now_ms, outcome=f"version {version}")


def require(draft: Draft, state: DraftState) -> None:
    """Raises DraftNotOpen when the draft stands elsewhere."""
    if draft.state != state:
        raise DraftNotOpen(draft=draft.id, state=STATE_WORDS[draft.state])


def _settle(connection: apsw.Connection, by: Visitor, draft: int, state: DraftState, reason: str, now_ms: int) -> None:
    connection.execute(
        "UPDATE catalogue_draft SET state = ?, settled_by = ?, settled_ms = ?, settled_reason = ? WHERE id = ?",
        (state, by.account, now_ms, reason, draft),
    )


def _sign_up(connection: apsw.Connection, draft: int, by: Visitor) -> None:
    connection.execute("INSERT OR IGNORE INTO catalogue_author(draft, account) VALUES(?,?)", (draft, by.account))


def _note(
    connection: apsw.Connection,
    by: Visitor,
    what: str,
    draft: int,
    now_ms: int,
    *,
    reason: str = "",
    outcome: str = "done",
) -> None:
    record_act(
        connection, at_ms=now_ms, officer=by.account, roles=by.roles, what=what, subject=f"draft {draft}", reason=reason,
        outcome=outcome,
    )  # fmt: skip
