"""The office as its pages see it: the node, the moving parts beside it, and what many pages ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import apsw
import msgspec

from edge_node.app import Node
from edge_node.bootstrap.progress import Progress, read_progress
from edge_node.capture.jobs import Job, held_jobs, stopped_jobs, waiting_jobs
from edge_node.intake.elsewhere import FoundElsewhere
from edge_node.intake.service import dossier
from edge_node.reports.report import KeptReport
from edge_node.repository.reading import is_here
from edge_node.resolution.law_changes import count_changes
from edge_node.review.page_image import PageImages
from edge_node.signing.office_keys import AGENCY_ACCOUNT
from edge_node.signing.standing import Standing
from edge_node.store.damaged import count_for_people
from edge_node.store.paper_lists import NEWEST, Place
from edge_node.store.sync_words import dossier_state
from edge_node.store.worklists import to_settle
from edge_node.sync.queue import LineState, Queue, WaitingCounter, read_queue
from edge_node.web.deadline import deadline_of, warned_until
from edge_node.web.dossier_page import DossierPage, Row, read_page
from edge_node.web.drafts import Drafts
from edge_node.web.live import LiveState
from edge_node.web.roles import LOOKERS
from edge_node.web.today_list import Shown, Today, today_reader
from sync_protocol.adapters import projection
from sync_protocol.calendar import WorkingCalendar, vietnam_date
from sync_protocol.catalogue import Catalogue, IntakeReason, in_force
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView

T = TypeVar("T")


def office_of_node(connection: apsw.Connection) -> dict[str, str]:
    """Which office each other machine stands at, as the hub said."""
    return {str(node): str(office) for node, office in connection.execute("SELECT node, office FROM peer_office")}


class Bar(msgspec.Struct, frozen=True):
    """The line at the top of every page."""

    line: LineState
    waiting_dossiers: int
    waiting_files: int
    waiting_bytes: int
    to_look_at: int
    filling: Progress = Progress("")

    @property
    def look(self) -> str:
        """Style class: red only where a person is needed; being offline is a normal state."""
        return "trouble" if self.to_look_at else "open" if self.line.is_open else "calm"


@dataclass
class Office:
    """What handlers are given."""

    node: Node
    live: LiveState
    elsewhere: FoundElsewhere = field(default_factory=FoundElsewhere)
    drafts: Drafts = field(default_factory=Drafts)
    key_problems: dict[str, Problem] = field(default_factory=dict)
    waiting: WaitingCounter = field(default_factory=WaitingCounter)
    month_report: KeptReport = field(default_factory=KeptReport)
    asked_report: KeptReport = field(default_factory=KeptReport)
    pages: PageImages = field(init=False)

    def __post_init__(self) -> None:
        desk = self.node.desk
        self.pages = PageImages(desk.sandbox, lambda digest: desk.files.get(digest.hex()))

    async def read(self, function: Callable[[apsw.Connection], T]) -> T:
        """One consistent look at the database."""
        return await self.node.store.readers.run_async(function)

    async def do(self, function: Callable[[], T]) -> T:
        """A use case, in a thread: it may hash, sign and wait for the disk."""
        return await asyncio.to_thread(function)

    def line(self) -> LineState:
        """The line now."""
        return self.live.line(self.node.desk.now_ms())

    def catalogue(self) -> Catalogue | None:
        """The rules in force, or None where the hub has not sent any yet."""
        return self.node.desk.current_catalogue()

    def calendar(self) -> WorkingCalendar | None:
        """The working days in force, or None where the hub has not sent any yet."""
        catalogue = self.catalogue()
        return WorkingCalendar.of(catalogue.days) if catalogue and catalogue.days else None

    def document_types(self) -> list[tuple[str, str]]:
        """(code, name) of the paper types in force today, by name."""
        catalogue = self.catalogue()
        found = in_force(catalogue.document_types, vietnam_date(self.node.now())) if catalogue else ()
        return sorted(((one.code, one.name) for one in found), key=lambda pair: pair[1])

    def intake_reasons(self, outcome: str) -> tuple[IntakeReason, ...]:
        """The catalogue's reasons for ending an intake in this way today; none without a catalogue."""
        catalogue = self.catalogue()
        return catalogue.intake_reasons_on(outcome, vietnam_date(self.node.now())) if catalogue else ()

    def queue(self) -> Callable[[apsw.Connection], tuple[Queue, list[Job], list[Job]]]:
        """Reads the outbox and the capture jobs that wait or stopped."""
        return lambda c: (read_queue(c), waiting_jobs(c), stopped_jobs(c))

    def bar(self) -> Callable[[apsw.Connection], Bar]:
        """Reads the bar."""
        line = self.line()

        def read(connection: apsw.Connection) -> Bar:
            waits = self.waiting.read(connection)
            look_at = waits.files_refused + len(stopped_jobs(connection)) + len(held_jobs(connection)) + to_settle(connection) + count_for_people(connection) + count_changes(connection, self.node.desk.office)
            return Bar(line, waits.dossiers, waits.files, waits.files_bytes, look_at, read_progress(connection))

        return read

    def row(self) -> Callable[[apsw.Connection, DossierView], Row]:
        """Makes rows by the rules and the day of this moment."""
        catalogue, calendar, day = self.catalogue(), self.calendar(), vietnam_date(self.node.now())
        return lambda c, view: Row(
            view, procedure_name(catalogue, view), deadline_of(view, day, calendar), dossier_state(c, view.rid)
        )

    def today(self, shown: Shown = "work", before: Place = NEWEST) -> Callable[[apsw.Connection], Today]:
        """Reads today's numbers and the list that one of them opens."""
        now = self.node.now()
        urgent = warned_until(vietnam_date(now), self.calendar())
        return today_reader(shown, self.node.desk.office, now, urgent, self.row(), before)

    def office_name(self, code: str) -> str:
        """An office by its name as of today, by its code where no name is known."""
        if code == self.node.desk.office:
            return self.node.settings.office_name
        catalogue = self.catalogue()
        unit = catalogue.unit(code, vietnam_date(self.node.now())) if catalogue else None
        return f"{unit.name} ({code})" if unit else code

    def officer_name(self, account: str) -> str:
        """An officer of this office by name; accounts of other offices as they are."""
        return next((one.name for one in self.node.settings.officers if one.account == account), account)

    def may_look(self, account: str) -> bool:
        """Whether an account may look anybody up; a postal agent takes in and looks up nothing (E.2 rule 11)."""
        return any(one.account == account and set(one.roles) & set(LOOKERS) for one in self.node.settings.officers)

    def page(self, rid: RecordId, account: str) -> Callable[[apsw.Connection], DossierPage]:
        """Reads everything the dossier page shows."""
        make_row, key_open = self.row(), self.has_open_key(account)

        def row_of(connection: apsw.Connection, wanted: RecordId) -> Row | None:
            view = projection.view_of(connection, wanted)
            return None if view is None else make_row(connection, view)

        return lambda c: read_page(c, rid, row_of, lambda digest: is_here(self.node.desk, digest), key_open)

    def view(self, rid: RecordId) -> DossierView:
        """The dossier as it stands here, in a thread. Raises UnknownDossier."""
        return dossier(self.node.desk, rid)

    def asks_pin(self, account: str) -> bool:
        """Whether this officer's key lies in a token, so that a PIN is asked for and no passphrase."""
        return self.node.signing.asks_pin(account)

    def agency_asks_pin(self) -> bool:
        """The same of the agency's key."""
        return self.node.signing.asks_pin(AGENCY_ACCOUNT)

    def key_warning(self, account: str) -> Standing | None:
        """What an officer who signs now should know of the own certificate, by the lists this desk holds; never a bar to signing."""
        return next((one for one in self.node.certificate_standings((account,)) if one.warning), None)

    def key_problem(self, account: str) -> Problem | None:
        """Why this officer's signing key did not open a moment ago; told once, at the field."""
        return self.key_problems.pop(account, None)

    def has_open_key(self, account: str) -> bool:
        """Whether this officer's signing key is open in this process."""
        try:
            self.node.key_of(account)
        except Problem:
            return False
        return True


def procedure_name(catalogue: Catalogue | None, view: DossierView) -> str:
    """The procedure under the name it had when the dossier was received; its code where no catalogue is at hand."""
    if catalogue is None:
        return view.procedure
    version = int(view.procedure_version) if view.procedure_version.isdigit() else 0
    found = catalogue.procedure_version(view.procedure, version)
    return found.name if found else view.procedure
