"""The desk: everything a use case needs, made once by the composition root and passed by hand.

A use case is a public function `verb(desk, …)`. It reads the catalogue of the day, decides, and saves through the ledger in one
transaction; it never looks at a clock, a random source, the environment or the network by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from edge_node.capture.decode import RunsTasks
from edge_node.people.officers import Officers
from edge_node.recognition.service import ReadingService
from edge_node.store.ledger import Ledger
from edge_node.store.node_store import NodeStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.areas import Areas
from sync_protocol.catalogue import Catalogue
from sync_protocol.errors import Problem
from sync_protocol.ids import NodeId, OfficeCode

if TYPE_CHECKING:
    from edge_node.extraction.gazetteer import Gazetteer


class NoCatalogue(Problem):
    """The desk has no rules of law yet."""

    code = "LAW-020"
    sentence = "Máy này chưa nhận được danh mục thủ tục từ trung tâm."
    next_step = "Kết nối mạng một lần để nhận danh mục, hoặc nạp danh mục từ USB do trung tâm cấp."
    operator = "no catalogue has been taken yet"
    http_status = 503
    event = "catalogue.absent"


@dataclass
class Desk:
    """One office's means of work."""

    node: NodeId
    office: OfficeCode
    store: NodeStore
    files: FileStore
    ledger: Ledger
    officers: Officers
    sandbox: RunsTasks
    reading: ReadingService
    reader: str  # its kind, as recorded with every reading
    now: Callable[[], dt.datetime]  # aware, UTC
    new_id: Callable[[], bytes]  # 16 bytes, UUIDv7
    typefaces_dir: Path
    current_catalogue: Callable[[], Catalogue | None]
    reserve_code: Callable[[int, dt.date, int], None]
    fast_above: int = 0  # papers waiting above which the fast reader takes over; 0: never
    current_areas: Callable[[], Areas | None] = lambda: None  # the administrative units that go with the catalogue
    ticket_series: str = ""  # before the numbers of this node's tickets
    # the text of a survey's ticket for a slip of this form; "": none is printed
    survey_ticket: Callable[[str], str] = lambda form: ""
    # raises StorageProblem where the disk is too short of room for new scans; what was taken in may still be finished
    require_room: Callable[[], None] = lambda: None
    seal_is_final: bool = False  # the agency's signature closes a file; prepared when the paper is captured
    # CPU seconds per page and stage, for the closing table
    stage_seconds: dict[str, list[float]] = field(default_factory=dict)
    known_names: tuple[Catalogue, Areas | None, Gazetteer] | None = None  # made from the catalogue once, kept with what it was made from

    @property
    def catalogue(self) -> Catalogue:
        """The rules in force.

        Raises:
            NoCatalogue: none was taken yet.
        """
        found = self.current_catalogue()
        if found is None:
            raise NoCatalogue()
        return found

    def now_ms(self) -> int:
        """Milliseconds UTC."""
        return int(self.now().timestamp() * 1000)

    def took(self, stage: str, seconds: float) -> None:
        """Remember how long a stage took."""
        self.stage_seconds.setdefault(stage, []).append(seconds)
