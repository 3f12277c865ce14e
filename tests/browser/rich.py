"""A desk in the middle of its day: a dossier in every state, a conflict, hostile names, papers in the Kho. For pictures and for walks over all screens."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from edge_node.app import Node
from edge_node.capture.jobs import stopped_jobs
from edge_node.capture.service import hand_in, work_off
from edge_node.coding.service import issue_code
from edge_node.counter.service import call_next, draw
from edge_node.counter.service import start as start_visit
from edge_node.intake.outcomes import Grounds, end_intake
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import Choice, Received, declare, dossier, receive
from edge_node.resolution.service import decide, hand_over, move
from edge_node.review.service import confirm, lines
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ConflictResolved, DuplicateSuspected, Party
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.lifecycle import DossierMove
from tests.browser.lists import listed
from tests.browser.officers import KEY_PASSPHRASE, scanned_paper
from tests.edge_node.intake.test_applications import arrive

CAPITALS = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰĐ"
HOSTILE = ("<script>alert(1)</script>\"'&", "Nguyễn \u202eAn", "Nguyễn " + "Ễ" * 490, CAPITALS, "{{ 7*7 }}")


class Rich:
    """The dossiers that pages are opened for."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.number = 0
        node.open_key("all", KEY_PASSPHRASE)
        for name in HOSTILE:
            self.received(name)
        self.conflict = self.received("NGUYỄN THỊ HƯỜNG")
        node.desk.ledger.save(
            Act("all", "resolving", "settle"),  # two officers who did not see each other's word
            [
                Draft(self.conflict.rid, ConflictResolved(
                    conflict=b"", field="name", value=value, reason="thẻ căn cước", officer="all", office=node.desk.office
                ))
                for value in ("NGUYỄN THỊ HƯỜNG", "NGUYỄN THỊ HƯƠNG")
            ],
        )
        self.paper = self.scanned(CAPITALS)
        self.document = self.confirmed(self.paper)
        other = self.scanned("LÊ VĂN ƯỚC")
        twin = dossier(node.desk, other.rid).documents[0].document_id
        suspicion = DuplicateSuspected(
            kind="document", other_rid=other.rid, other_office=node.desk.office, tier=1, document_id=self.document, other_document_id=twin
        )  # fmt: skip
        node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(self.paper.rid, suspicion)])
        self.ready = self.scanned("ĐỖ THỊ ẨM")
        self.confirmed(self.ready)
        decide(node.desk, "all", self.ready.rid, "granted", number_symbol="12/QĐ-BHXH", issue_date="2027-01-05")
        self.working = self.received("VŨ THỊ ỔN", days_ago=9)
        hand_over(node.desk, "all", self.working.rid, to_section="Bộ phận nghiệp vụ")
        move(node.desk, "all", self.working.rid, DossierMove.TAKE_UP)
        self.late = self.received("PHẠM ĐÌNH Ữ", days_ago=30)
        self.returned = self.scanned("HOÀNG THỊ ỔI")
        hand_over(node.desk, "all", self.returned.rid, to_section="Bộ phận nghiệp vụ")
        notice = dossier(node.desk, self.returned.rid).documents[0].document_id
        move(
            node.desk,
            "all",
            self.returned.rid,
            DossierMove.RETURN_WITH_NOTICE,
            reason="không đủ điều kiện hưởng",
            notice=notice,
        )
        self.asked = end_intake(
            node.desk, "all", self.form("TRẦN VĂN ẪN"), "supplement", Grounds(requests=("Bản chính thẻ căn cước",))
        )
        end_intake(node.desk, "all", self.form("BÙI THỊ ẴM"), "refused", Grounds(explanation="không thuộc thẩm quyền"))
        self.listed, self.list_paper = listed(node, stated=4)
        for at, name in enumerate(HOSTILE):
            arrive(node, RecordId(bytes([at]) * 16), node.desk.office, name)
        for kind in ("submit", "collect", "advice"):
            draw(node.desk, "all", kind)  # type: ignore[arg-type]
        called = call_next(node.desk, "all", 3)
        assert called is not None
        start_visit(node.desk, called.id, 3)

    def form(self, name: str, days_ago: int = 0) -> IntakeForm:
        self.number += 1
        party = Party(
            kind="person",
            name=name,
            personal_id=f"00118501{self.number:04d}",
            birth_date="1985-02-01",
            address=f"Phường {name}"[:60],
        )
        at = self.node.now() - dt.timedelta(days=days_ago)
        return IntakeForm(
            procedure="1.014166", channel="in_person", submitter="worker", applicant=party, received_at=at
        )

    def received(self, name: str, days_ago: int = 0) -> Received:
        return receive(self.node.desk, "all", self.form(name, days_ago))

    def scanned(self, name: str) -> Received:
        """A dossier with one signed paper, not yet confirmed."""
        made = self.received(name)
        part = made.components[0]
        declare(self.node.desk, "all", made.rid, part, Choice(decision="digitize", declared_pages=1))
        hand_in(self.node.desk, "all", made.rid, part.component_id, [("trang.jpg", scanned_paper())], declared_pages=1)
        done = work_off(self.node.desk, self.node.key_of)
        assert done == 1, self.node.store.readers.run(stopped_jobs)
        return made

    def confirmed(self, made: Received) -> DocumentId:
        """Its paper confirmed and coded."""
        desk, rid = self.node.desk, made.rid
        view = dossier(desk, rid)
        document = view.documents[0].document_id
        name = view.person("name")
        typed = {
            one.field: "05/10/2026"
            if "date" in one.field
            else view.person("personal_id")
            if "_id" in one.field
            else "123/CS"
            if "number" in one.field
            else name
            for one in lines(desk, rid, document)
        }
        confirm(desk, "all", rid, document, role="resolving", typed=typed)
        issue_code(desk, "all", rid, document, self.node.key_of("all"))
        return document

    def pages(self) -> dict[str, str]:
        """Every screen of the desk by a short name: its address."""
        paper, conflict = f"/dossiers/{self.paper.rid.hex()}", f"/dossiers/{self.conflict.rid.hex()}"
        return {
            "today": "/today", "today-hand-over": "/today?show=hand_over", "today-due": "/today?show=due", "counter": "/quay", "board": "/quay/board",
            "intake": "/intake", "applications": "/applications", "tray": "/tray", "scanners": "/scanners", "queue": "/queue", "conflicts": "/conflicts", "lookup": "/lookup",
            "repository": "/repository", "seals": "/agency-signatures", "system": "/system?now=true", "log": "/log", "reports": "/bao-cao", "people": "/people", "help": "/help", "account": "/my-account",
            "first-run": "/first-run/check", "api": "/api/v1/docs", "dossier": paper, "dossier-conflict": conflict,
            "dossier-ready": f"/dossiers/{self.ready.rid.hex()}", "dossier-working": f"/dossiers/{self.working.rid.hex()}",
            "dossier-returned": f"/dossiers/{self.returned.rid.hex()}", "dossier-asked": f"/dossiers/{self.asked.hex()}",
            "review": f"{paper}/papers/{self.document.hex()}", "review-list": f"/dossiers/{self.listed.rid.hex()}/papers/{self.list_paper.hex()}", "reuse": f"{conflict}/reuse", "separators": f"{conflict}/separators",
            "component": f"{conflict}/components/{self.conflict.components[0].component_id.hex()}",
        }  # fmt: skip


def filled(node: Node) -> Rich:
    """The desk, filled in a thread of its own: signing starts an event loop, and the browser's thread has one already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(Rich, node).result()
