"""A program to be killed: an officer at a desk, as a process of its own over the node's real folder.

For every line on standard input one act is saved through the product's own use cases; what was saved is said on standard output as one JSON
line, after the use case has returned and never before. What stands there has been shown to a person as saved.

With `--says-first` it speaks inside the transaction, before the COMMIT: the canary that the harness must notice.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import msgspec

from edge_node.app import Node
from edge_node.cli.opening import open_node
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import receive
from edge_node.store.ledger import Act, Draft
from sync_protocol.acts import act_id
from sync_protocol.adapters import projection
from sync_protocol.bodies import (
    ComponentDeclared,
    CopyCaptured,
    DocumentCoded,
    IdentityAsserted,
    NoteAdded,
    Party,
)
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.view import DossierView

OFFICER = "cb"
PROCEDURE = "1.014178"
BEFORE_COMMIT_S = 0.3  # the canary's pause: long enough that a kill after its word always comes in time
NAMES = ("Nguyễn Thị Hoà", "NGUYỄN THỊ HÒA", "Nguyễn Thị Hoa", "Trần Văn Ẵm")


class Saved(msgspec.Struct):
    """One act as it was shown: ids of its events' acts in hexadecimal, and what else must be found again."""

    acts: list[str] = []
    code: str = ""
    rid: str = ""
    token: str = ""  # a note's text, unique in the country
    file: str = ""  # SHA-256
    refused: str = ""  # a stable code: nothing was saved, and the screen says so


class Clerk:
    """Does one thing after the other. `says_first` speaks before the COMMIT."""

    def __init__(self, node: Node, seed: int, *, says_first: bool = False) -> None:
        self._node = node
        self._chance = random.Random(seed)
        self._seed = seed
        self._number = 0
        self._events: list[str] = []
        ledger, append = node.desk.ledger, node.desk.ledger._append

        def noted(connection: apsw.Connection, act: Act, drafts: Any) -> Any:
            events = append(connection, act, drafts)
            self._events = [act_id(event.header).hex() for event in events]  # a repeated transaction counts once
            if says_first:
                say(Saved(acts=list(self._events)))
                time.sleep(BEFORE_COMMIT_S)
            return events

        ledger._append = noted  # type: ignore[method-assign]  # the ids of what is being saved are nobody else's business

    def work(self) -> Saved:
        """One act of a random kind. What the desk refuses is a word on the screen, not the end of the clerk."""
        self._number += 1
        self._events = []
        try:
            shown = self._some_act()()
        except Problem as problem:
            return Saved(refused=problem.code)
        shown.acts = self._events
        return shown

    def _some_act(self) -> Callable[[], Saved]:
        views = [one for one in self._node.store.readers.run(lambda c: projection.newest(c, 40)) if one.is_whole]
        roll = self._chance.random()
        if roll < 0.3 or not views:
            return self._receive
        view = self._chance.choice(views)
        own = [one for one in views if one.office == self._node.identity.office]
        if roll < 0.65:
            return lambda: self._note(view)
        if roll < 0.8 or not own:
            return lambda: self._name(view)
        return lambda: self._capture(self._chance.choice(own))

    def _receive(self) -> Saved:
        person = Party(
            kind="person", name=self._chance.choice(NAMES), personal_id=f"{self._chance.randrange(10**12):012d}",
            birth_date="1990-01-01", phone="0900000000",
        )  # fmt: skip
        got = receive(self._node.desk, OFFICER, IntakeForm(procedure=PROCEDURE, channel="in_person", applicant=person))
        return Saved(code=got.code, rid=got.rid.hex())

    def _note(self, view: DossierView) -> Saved:
        token = f"{self._node.identity.node} {self._seed} {self._number}"
        self._save(view, NoteAdded(text=token, officer=OFFICER, at_ms=1))
        return Saved(rid=view.rid.hex(), token=token)

    def _name(self, view: DossierView) -> Saved:
        body = IdentityAsserted(field="name", value=self._chance.choice(NAMES), proof="", officer=OFFICER, awaits=True)
        self._save(view, body)
        return Saved(rid=view.rid.hex())

    def _capture(self, view: DossierView) -> Saved:
        content = self._chance.randbytes(self._chance.choice((900, 40_000, 700_000)))
        self._node.files.put(content)
        component, paper = ComponentId(self._chance.randbytes(16)), DocumentId(self._chance.randbytes(16))
        digest, office = BlobDigest(hashlib.sha256(content).digest()), self._node.identity.office
        self._save(
            view,
            ComponentDeclared(component_id=component, document_type="CCCD", name="CCCD", decision="digitize", office=office),
            CopyCaptured(
                component_id=component, document_id=paper, pdf=digest, pdf_size=len(content), pages=1, images=1, officer=OFFICER,
                signer_name="CB", captured_ms=1,
            ),
            DocumentCoded(
                document_id=paper, owner="", procedure=view.procedure, document_type="CCCD", number_symbol="", code=paper.hex()
            ),
        )  # fmt: skip
        return Saved(rid=view.rid.hex(), file=digest.hex())

    def _save(self, view: DossierView, *bodies: msgspec.Struct) -> None:
        self._node.desk.ledger.save(Act(OFFICER, "intake", "work"), [Draft(view.rid, body) for body in bodies])


def say(what: Saved) -> None:
    """One line, at once."""
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """`python -m tests.faults.processes.clerk STATE SEED [--says-first]`."""
    node = open_node(Path(sys.argv[1]))
    clerk = Clerk(node, int(sys.argv[2]), says_first="--says-first" in sys.argv)
    for _ in sys.stdin:
        say(clerk.work())
    node.close()


if __name__ == "__main__":
    main()
