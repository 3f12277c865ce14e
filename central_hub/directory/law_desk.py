"""The law desk: writing, judging and publishing drafts of the catalogue.

Whoever wrote in a draft never approves it (four eyes). Publishing builds and signs one whole new file; the row that puts it in force, the end of
the draft and the audit row are one transaction, which is refused when another version came in between. Going back is a draft too: the
differences to an older version, approved by a second person, published under a new number.

Source: QĐ 1333/QĐ-BHXH (25/9/2023) Điều 14 (who owns the catalogues); domain.md C, G.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable

import apsw
import msgspec

from central_hub.directory import drafts, preview
from central_hub.directory.build import build_from
from central_hub.directory.changes import Change, applied, closed_before, difference, encode_entry, entries_of, key_of
from central_hub.directory.complaint import Complaint
from central_hub.directory.drafts import Draft
from central_hub.directory.errors import (
    CatalogueMoved,
    DraftContradicts,
    DraftEmpty,
    EntryMoved,
    EntryTaken,
    EntryUnknown,
    SamePerson,
)
from central_hub.directory.held import HeldCatalogues
from central_hub.directory.validation import find_complaints
from central_hub.folder import HubFolder
from central_hub.ingest.greeting import publish_catalogue
from central_hub.ingest.law_numbers import newest_version, next_version
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import BlobDigest


class DraftView(msgspec.Struct, frozen=True):
    """A draft with everything an approver has to see. `number` is that of the version it would become."""

    draft: Draft
    authors: frozenset[str]
    base: Catalogue
    after: Catalogue
    lines: tuple[preview.Line, ...]
    complaints: tuple[Complaint, ...]
    newest: int
    number: int

    @property
    def is_behind(self) -> bool:
        """Another version was published since the draft was begun."""
        return self.draft.published is None and self.newest != self.draft.base


class LawDesk:
    """Drafts over one hub's store and files. Blocking: pages call it in a thread."""

    def __init__(
        self, store: HubStore, files: FileStore, folder: HubFolder, held: HeldCatalogues, sign: Callable[[bytes], bytes],
        now: Callable[[], dt.datetime],
    ) -> None:  # fmt: skip
        self.store, self.held = store, held
        self._files, self._folder, self._sign, self._now = files, folder, sign, now

    def _now_ms(self) -> int:
        return int(self._now().timestamp() * 1000)

    def today(self) -> dt.date:
        """The day in Vietnam."""
        return vietnam_date(self._now())

    def view(self, draft: int) -> DraftView:
        """One draft and what it leads to. Raises DraftUnknown; what reading its base raises."""

        def read(connection: apsw.Connection) -> tuple[Draft, tuple[Change, ...], frozenset[str], int, int]:
            found = drafts.draft_of(connection, draft)
            return (
                found,
                drafts.changes_of(connection, draft),
                drafts.authors_of(connection, draft),
                newest_version(connection),
                next_version(connection),
            )

        found, changes, authors, newest, number = self.store.readers.run(read)
        base = self.held.get(found.base)
        after = applied(base, changes, version=str(number), built_at=self._now().replace(microsecond=0))
        complaints = tuple(find_complaints(after)) if found.state in ("open", "submitted") else ()
        return DraftView(
            found, authors, base, after, tuple(preview.lines_of(changes, self.today(), base)), complaints, newest, number
        )

    def effects(self, view: DraftView) -> tuple[list[preview.Effect], list[tuple[str, str, int]]]:
        """Open dossiers that the draft touches: by procedure and office, and by changed type of paper and office."""
        papers = [
            line.change.key.partition("|")[0]
            for line in view.lines
            if line.change.place in ("document_types", "results")
        ]

        def read(connection: apsw.Connection) -> tuple[list[preview.Group], list[tuple[str, str, int]]]:
            return preview.open_groups(connection), preview.papers_open(connection, papers)

        groups, found = self.store.readers.run(read)
        return preview.effects_of(groups, view.base, view.after), found

    def begin(self, by: Visitor, title: str, reason: str) -> int:
        """A new draft on the version in force. Raises NothingPublished."""
        version, _ = self.held.newest()
        return self.store.writer.run(lambda c: drafts.open_draft(c, by, title, reason, version, self._now_ms()))

    def begin_with(self, by: Visitor, title: str, reason: str, wanted: Catalogue, what: str) -> int:
        """A new draft that makes the catalogue in force hold what `wanted` holds. Raises NothingPublished."""
        version, newest = self.held.newest()
        changes = difference(newest, wanted)

        def work(connection: apsw.Connection) -> int:
            draft = drafts.open_draft(connection, by, title, reason, version, self._now_ms())
            drafts.keep_changes(connection, by, draft, changes, what, self._now_ms())
            return draft

        return self.store.writer.run(work)

    def put(
        self, by: Visitor, draft: int, place: str, key: str, entry: msgspec.Struct, *, seen: str, is_new_version: bool
    ) -> None:
        """Keep an edited, a new, or the next version of an entry.

        Args:
            key: the entry that was opened, "" for a new one.
            seen: how that entry stood when it was opened (`mark_of`), so that nobody overwrites what they have not read.
            is_new_version: the opened entry stays and ends on the day before the new one begins.

        Raises:
            DraftUnknown, DraftNotOpen, EntryUnknown, EntryMoved, EntryTaken.
        """
        view = self.view(draft)
        before, held = entries_of(view.base, place), entries_of(view.after, place)
        opened = held.get(key)
        if key and opened is None:
            raise EntryUnknown(place=place, key=key)
        if mark_of(opened) != seen:
            raise EntryMoved(key=key)
        if key_of(place, entry) != key and key_of(place, entry) in held:
            raise EntryTaken(key=key_of(place, entry))
        made = [Change(place, key_of(place, entry), before.get(key_of(place, entry)), entry)]
        if opened is not None and is_new_version:
            made.append(Change(place, key, before.get(key), closed_before(opened, entry.valid_from)))  # type: ignore[attr-defined]
        elif opened is not None and key_of(place, entry) != key:
            made.append(Change(place, key, before.get(key), None))
        self.keep(by, draft, made, "law.change")

    def keep(self, by: Visitor, draft: int, changes: Iterable[Change], what: str) -> None:
        """Keep several changes at once. Raises DraftUnknown, DraftNotOpen."""
        made = tuple(changes)
        self.store.writer.run(lambda c: drafts.keep_changes(c, by, draft, made, what, self._now_ms()))

    def remove(self, by: Visitor, draft: int, place: str, key: str) -> None:
        """Leave an entry out of the catalogue. Raises DraftUnknown, DraftNotOpen, EntryUnknown."""
        view = self.view(draft)
        if key not in entries_of(view.after, place):
            raise EntryUnknown(place=place, key=key)
        self.keep(by, draft, [Change(place, key, entries_of(view.base, place).get(key), None)], "law.remove")

    def take_back(self, by: Visitor, draft: int, place: str, key: str) -> None:
        """Forget one change of a draft. Idempotent. Raises DraftUnknown, DraftNotOpen."""
        former = entries_of(self.view(draft).base, place).get(key)
        self.keep(by, draft, [Change(place, key, former, former)], "law.take_back")

    def submit(self, by: Visitor, draft: int) -> None:
        """Ask for approval. Raises DraftUnknown, DraftNotOpen, DraftEmpty, DraftContradicts."""
        _require_sound(self.view(draft))
        self.store.writer.run(lambda c: drafts.submit(c, by, draft, self._now_ms()))

    def give_back(self, by: Visitor, draft: int, reason: str) -> None:
        """Return a submitted draft. Raises DraftUnknown, DraftNotOpen."""
        self.store.writer.run(lambda c: drafts.give_back(c, by, draft, reason, self._now_ms()))

    def drop(self, by: Visitor, draft: int, reason: str) -> None:
        """Give an open draft up. Raises DraftUnknown, DraftNotOpen."""
        self.store.writer.run(lambda c: drafts.drop(c, by, draft, reason, self._now_ms()))

    def follow(self, by: Visitor, draft: int) -> None:
        """Let an open draft stand on the version in force. Raises DraftUnknown, DraftNotOpen, CatalogueMoved where both changed an entry."""
        view = self.view(draft)
        newest, catalogue = self.held.newest()
        places = {line.change.place for line in view.lines}
        now = {place: entries_of(catalogue, place) for place in places}
        met = [one.change.key for one in view.lines if now[one.change.place].get(one.change.key) != one.change.former]
        if met:
            raise CatalogueMoved(
                draft=draft, base=view.draft.base, newest=newest, entries=f" đã sửa {', '.join(met[:5])}"
            )
        self.store.writer.run(lambda c: drafts.rebase(c, by, draft, newest, self._now_ms()))

    def approve(self, by: Visitor, draft: int) -> int:
        """Publish a submitted draft of others; returns the new version, in force from now on.

        Raises:
            SamePerson: the approver is an author. CatalogueMoved, DraftNotOpen, DraftEmpty, DraftContradicts, DraftUnknown.
            CatalogueBuildFailed: the former version stays in force, the draft stays submitted.
        """
        view = self.view(draft)
        drafts.require(view.draft, "submitted")
        if by.account in view.authors:
            raise SamePerson(draft=draft)
        _require_newest(view.draft, view.newest)
        _require_sound(view)
        version = view.number
        self._folder.catalogues.mkdir(exist_ok=True)
        path = self._folder.catalogues / f"catalogue-{version}.draft-{draft}.db"
        try:
            built = build_from(view.after, path, sign=self._sign)
            content = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".sig").unlink(missing_ok=True)
        digest = BlobDigest(bytes.fromhex(self._files.put(content)))

        def work(connection: apsw.Connection) -> None:
            _require_newest(view.draft, newest_version(connection))
            if by.account in drafts.authors_of(connection, draft):
                raise SamePerson(draft=draft)
            publish_catalogue(connection, version, digest, len(content), built.signature, self._now_ms())
            drafts.settle_published(connection, by, draft, version, self._now_ms())

        self.store.writer.run(work)
        return version


def mark_of(entry: msgspec.Struct | None) -> str:
    """How an entry stands, for `put`: a fingerprint of its text, "" for none."""
    text = encode_entry(entry)
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def _require_sound(view: DraftView) -> None:
    if not view.lines:
        raise DraftEmpty(draft=view.draft.id)
    if view.complaints:
        raise DraftContradicts(draft=view.draft.id, count=len(view.complaints))


def _require_newest(draft: Draft, newest: int) -> None:
    if newest != draft.base:
        raise CatalogueMoved(draft=draft.id, base=draft.base, newest=newest, entries="")
