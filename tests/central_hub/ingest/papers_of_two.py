"""Papers that arrive in the dossiers of two offices, and what the hub makes of two that may be one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import ConfirmedValue, CopyCaptured, DocumentCoded, MetadataConfirmed
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.merge_pairs import pair_id
from sync_protocol.view import DossierView
from tests.offices import Office, reception, rid
from tests.two_offices import TwoOffices

PERSON, NEIGHBOUR = "001185012345", "001185054321"
FORM = {"issue_date": "2026-11-20", "holder_name": "Lê Thị Ổn"}
WORK = Act("cb01", "intake", "work")


class Scene(TwoOffices):
    """Two offices with one dossier each per number: odd ones in Hà Nội, even ones in Hưng Yên."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.papers = 0

    @property
    def offices(self) -> tuple[Office, Office]:
        """`offices[number % 2]` received dossier `number`."""
        return self.hungyen, self.hanoi

    def at_desk(self, number: int) -> DossierView:
        """A dossier as the office that received it sees it."""
        return self.at(self.offices[number % 2], rid(number))

    def at_hub(self, number: int) -> DossierView:
        return self.at(self.hub, rid(number))

    def paper(
        self, number: int, *, owner: str = PERSON, type: str = "tk1", symbol: str = "", file: bytes = b"", confirmed: dict[str, str] | None = None
    ) -> DocumentId:  # fmt: skip
        """A paper of dossier `number` arrives: captured, and where there are values, confirmed and coded."""
        office = self.offices[number % 2]
        self.papers += 1
        paper = DocumentId(bytes([self.papers]) * 16)
        digest = BlobDigest((file or bytes([self.papers])).ljust(32, b"."))
        bodies: list[msgspec.Struct] = []
        if office.store.readers.run(lambda c: projection.view_of(c, rid(number))) is None:
            body = reception(number, office.office, personal_id=f"0011850{number:05d}")
            bodies.append(msgspec.structs.replace(body, procedure=f"1.{number:06d}"))
        bodies.append(CopyCaptured(
            component_id=ComponentId(bytes([self.papers]) * 16), document_id=paper, pdf=digest, pdf_size=9, pages=1, images=1, officer="cb01",
            signer_name="x", captured_ms=self.papers,
        ))  # fmt: skip
        if confirmed is not None:
            values = tuple(ConfirmedValue(field, value) for field, value in confirmed.items())
            bodies.append(MetadataConfirmed(document_id=paper, role="intake", officer="cb01", values=values, confirmed_ms=1))
            bodies.append(DocumentCoded(
                document_id=paper, owner=owner, procedure="1.014166", document_type=type, number_symbol=symbol, code=f"{owner}.{type}.{symbol}"
            ))  # fmt: skip
        office.ledger.save(WORK, [Draft(rid(number), one) for one in bodies])
        asyncio.run(office.exchange(self.hub))
        return paper

    def pairs(self, *numbers: int) -> dict[bytes, int]:
        """The tier of each open case about papers, by its id, as these dossiers show them at the hub."""
        found: dict[bytes, int] = {}
        for number in numbers:
            view = self.at_hub(number)
            found |= {pair_id(view.rid, one): one.tier for one in view.suspicions if one.kind == "document"}
        return found
