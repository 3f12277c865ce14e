"""The work list of this room: which files wait to be judged, which to be stamped, and when to look again.

A held file needs no row to be due; a row only says "not before". Waiting grows from a minute to an hour, for each file by itself.
Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import apsw
import msgspec

from central_hub.seals.claims import NO_DOCUMENT, Claim
from central_hub.seals.judgement import Outcome
from sync_protocol.adapters import projection
from sync_protocol.bodies import DocumentExamined
from sync_protocol.ids import BlobDigest, DocumentId, RecordId

AGAIN_FIRST_MS = 60_000
AGAIN_LAST_MS = 3_600_000
Level = Literal["", "B-B", "B-LTA"]


class Due(msgspec.Struct, frozen=True):
    """A file that waits, and since when it lies here (ms UTC)."""

    digest: BlobDigest
    arrived_ms: int


def due_to_judge(connection: apsw.Connection, now_ms: int) -> Due | None:
    """The file that has waited longest for a judgement, or None."""
    row = connection.execute(
        "SELECT b.digest, b.at_ms FROM blob b LEFT JOIN seal_work w ON w.digest = b.digest WHERE b.state = 'held'"
        " AND coalesce(w.again_ms, 0) <= ? ORDER BY b.at_ms, b.digest LIMIT 1",
        (now_ms,),
    ).fetchone()
    return None if row is None else Due(BlobDigest(bytes(row[0])), int(row[1]))


def due_to_stamp(connection: apsw.Connection, now_ms: int) -> BlobDigest | None:
    """An accepted file that has no time stamp yet and may be tried now, or None."""
    row = connection.execute(
        "SELECT digest FROM seal_work WHERE kind = 'stamp' AND again_ms <= ? ORDER BY again_ms LIMIT 1", (now_ms,)
    ).fetchone()
    return None if row is None else BlobDigest(bytes(row[0]))


def look_again(
    connection: apsw.Connection, digest: BlobDigest, kind: Literal["judge", "stamp"], reason: str, now_ms: int
) -> None:
    """Put a file off, each time for twice as long; the reason of a held file is shown beside it."""
    row = connection.execute("SELECT tries FROM seal_work WHERE digest = ? AND kind = ?", (digest, kind)).fetchone()
    tries = int(row[0]) if row else 0
    wait = min(AGAIN_FIRST_MS << min(tries, 10), AGAIN_LAST_MS)
    connection.execute(
        "INSERT OR REPLACE INTO seal_work(digest, kind, again_ms, reason, tries) VALUES(?,?,?,?,?)",
        (digest, kind, now_ms + wait, reason, tries + 1),
    )
    if kind == "judge":
        connection.execute("UPDATE blob SET reason = ? WHERE digest = ? AND state = 'held'", (reason, digest))


def ask_for_stamp(connection: apsw.Connection, digest: BlobDigest, now_ms: int) -> None:
    """Let an accepted file be stamped as soon as that is possible."""
    connection.execute(
        "INSERT OR REPLACE INTO seal_work(digest, kind, again_ms, reason, tries) VALUES(?,'stamp',?,'',0)",
        (digest, now_ms),
    )


def settle(connection: apsw.Connection, digest: BlobDigest, outcomes: Mapping[int, Outcome]) -> str:
    """Record the state of a judged file and take it off the list; returns the state.

    One good claim is enough: a false claim of another dossier must not take a genuine file away from its owner.
    """
    accepted = any(one.verdict == "accepted" for one in outcomes.values())
    codes = () if accepted else tuple(dict.fromkeys(code for one in outcomes.values() for code in one.codes))
    state = "accepted" if accepted else "quarantined"
    connection.execute("UPDATE blob SET state = ?, reason = ? WHERE digest = ?", (state, " ".join(codes), digest))
    connection.execute("DELETE FROM seal_work WHERE digest = ?", (digest,))
    return state


def news_of(
    connection: apsw.Connection, digest: BlobDigest, claims: list[Claim], outcomes: Mapping[int, Outcome], level: Level
) -> list[tuple[RecordId, DocumentExamined]]:
    """What the dossiers do not know yet about this file: one event for each claim, none twice."""
    news: list[tuple[RecordId, DocumentExamined]] = []
    for place, claim in enumerate(claims):
        outcome = outcomes[place]
        if outcome.verdict == "waiting":
            continue
        reached: Level = level if outcome.verdict == "accepted" else ""
        body = DocumentExamined(
            document_id=claim.document_id, pdf=digest, verdict=outcome.verdict, codes=outcome.codes, level=reached
        )
        if not _is_known(connection, claim.rid, body):
            news.append((claim.rid, body))
    return news


def _is_known(connection: apsw.Connection, rid: RecordId, body: DocumentExamined) -> bool:
    view = projection.view_of(connection, rid)
    if view is None:
        return False
    if body.document_id == NO_DOCUMENT:
        return any(
            (one.pdf, one.examined, one.examined_reasons) == (body.pdf, body.verdict, body.codes) for one in view.slips
        )
    held = view.document(DocumentId(body.document_id))
    return held is not None and (held.pdf, held.examined, held.examined_reasons, held.examined_level) == (
        body.pdf, body.verdict, body.codes, body.level,
    )  # fmt: skip
