"""Papers at another office are found for a purpose, once per form, and taken by reference; without a line the answer says whose it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from edge_node.intake.service import receive, take_papers
from edge_node.store.ledger import Act, Draft
from edge_node.sync.line import Line
from edge_node.web.checklist import asked_elsewhere, checklist, open_parts
from edge_node.web.intake_form import Typed, intake_form
from edge_node.web.live import LiveState
from edge_node.web.office import Office as Pages
from sync_protocol import sender
from sync_protocol.bodies import CopyCaptured, DocumentCoded
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.procedure import Procedure
from tests.browser.desk import Clock, make_node
from tests.browser.test_line import Enrolled
from tests.offices import Clock as Milliseconds
from tests.offices import DirectLine, Hub, Office, drained, reception, rid

PERSON, PAPER = "034185000007", DocumentId(b"D" * 16)


class Country:
    """One office with pages, a hub, and another office that holds a coded birth certificate of the person at the counter."""

    def __init__(self, root: Path) -> None:
        clock = Milliseconds()
        self.node = make_node(root / "node", Clock())
        self.hub = Hub(root / "hub", clock)
        self.hub.enrol(Enrolled(self.node))  # type: ignore[arg-type]
        self.other = Office(root / "other", "n03401a", "03401", clock, seed=b"B")
        self.hub.enrol(self.other)
        self.carrier = DirectLine(self.node.identity.node, self.hub)
        self.pages = Pages(self.node, LiveState())
        self.tasks: list[asyncio.Task[None]] = []
        found = self.node.desk.catalogue.procedure("1.014166", self.node.now().date())
        assert found is not None
        self.procedure: Procedure = found

    async def connect(self) -> None:
        other = self.other.join(self.hub)
        part = ComponentId(b"C" * 16)
        self.other.ledger.save(Act("cb02", "intake", "receive"), [
            Draft(rid(7), reception(7, "03401", "Vũ Thị Ổn", PERSON)),
            Draft(rid(7), CopyCaptured(
                component_id=part, document_id=PAPER, pdf=BlobDigest(b"p" * 32), pdf_size=9, pages=1, images=1, officer="cb02",
                signer_name="x", captured_ms=1,
            )),
            Draft(rid(7), DocumentCoded(
                document_id=PAPER, owner=PERSON, procedure="1.014166", document_type="GKS", number_symbol="21/KS", code=f"{PERSON}.GKS.21",
            )),
        ])  # fmt: skip
        self.tasks.append(asyncio.create_task(other.run()))
        other.tell(sender.Saved(3))
        other.tell(sender.LineUp())
        await drained(other)
        driver = self.node.driver(Line(self.carrier))
        self.pages.live.driver = driver
        self.tasks.append(asyncio.create_task(driver.run()))
        driver.tell(sender.LineUp())
        await drained(driver)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for one in (self.node, self.other, self.hub):
            one.close()


def typed(form: str = "ab" * 16, **more: object) -> Typed:
    return Typed(procedure="1.014166", rule="worker|", name="Vũ Thị Ổn", personal_id=PERSON, form_id=form, **more)  # type: ignore[arg-type]


async def test_a_paper_of_another_office_fills_the_component_by_reference(tmp_path: Path) -> None:
    country = Country(tmp_path)
    await country.connect()
    found = await checklist(country.pages, country.procedure, typed(), "all")
    row = next(one for one in found.rows if one.paper is not None)
    assert (
        row.paper is not None and row.paper.office == "03401" and row.rule.document_type == "GKS" and found.as_of_ms > 0
    )
    asked = country.carrier.requests
    taken = await checklist(country.pages, country.procedure, typed(take=(str(row.number),)), "all")
    assert country.carrier.requests == asked, "one form asks once"
    form = intake_form(typed(), vietnam_date(country.node.desk.now()))
    got = await asyncio.to_thread(lambda: receive(country.node.desk, "all", form, reuse=taken.reuse, checked="full"))
    part = next(one for one in got.components if one.decision == "reused")
    assert (
        part.source is not None
        and part.source.document_id == PAPER
        and part.source.rid == rid(7)
        and part.reuse_check == "full"
    )
    rows = country.hub.store.readers.run(lambda c: c.execute("SELECT what, dossier, reason FROM audit").fetchall())
    assert rows == [("find:personal_id", "00101-TN-ABABABAB", rows[0][2])] and "13.3b" in str(rows[0][2])
    await country.close()


async def test_without_a_line_the_answer_is_this_machines_and_is_checked_when_the_line_is_back(tmp_path: Path) -> None:
    country = Country(tmp_path)
    found = await checklist(country.pages, country.procedure, typed(), "all")
    assert found.as_of_ms == 0 and not any(row.paper for row in found.rows)
    got = await asyncio.to_thread(lambda: receive(country.node.desk, "all", intake_form(typed(), vietnam_date(country.node.desk.now()))))
    await country.connect()
    view = country.pages.view(got.rid)
    assert view.applicant is not None
    answer = await asked_elsewhere(country.pages, view.applicant, got.rid.hex(), view.reference, "all")
    parts = await open_parts(country.pages, view, answer)
    papers = {one.component.component_id: one.paper for one in parts if one.paper}
    assert answer is not None and len(papers) == 1
    take = take_papers
    count = await asyncio.to_thread(lambda: take(country.node.desk, "all", got.rid, papers, checked="local_only"))
    assert count == 1 and [one.reuse_check for one in country.pages.view(got.rid).components if one.source] == [
        "local_only"
    ]
    count = await asyncio.to_thread(
        lambda: take(country.node.desk, "all", got.rid, {}, checked="full", known=answer.known)
    )
    again = [one for one in country.pages.view(got.rid).components if one.source]
    assert count == 1 and [one.reuse_check for one in again] == ["full"] and again[0].state == "reused"
    assert await asyncio.to_thread(lambda: take(country.node.desk, "all", got.rid, papers, checked="full")) == 0, (
        "a decision stays"
    )
    await country.close()


async def test_a_line_that_falls_while_asking_is_as_good_as_none(tmp_path: Path) -> None:
    country = Country(tmp_path)
    await country.connect()
    country.carrier.is_cut = True
    found = await checklist(country.pages, country.procedure, typed("cd" * 16), "all")
    assert found.as_of_ms == 0 and len(found.rows) == len(country.procedure.components_for("worker"))
    assert found.reuse == {}
    await country.close()
