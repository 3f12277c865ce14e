"""A list 01B-HSB with three workers on one drawn page, signed, and read as two recorded readers would: two cells doubtful, one empty."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import io

import msgspec
from PIL import Image, ImageDraw, ImageFont

from edge_node.app import Node
from edge_node.capture.known_names import gazetteer_of
from edge_node.capture.proposals import recorded
from edge_node.capture.service import hand_in, work_off
from edge_node.extraction.proposal import extract
from edge_node.imaging.geometry import Box
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import Choice, Received, declare, dossier, receive
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.model import DocumentReading, Line, PageReading, RecogniserKind
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import Party
from sync_protocol.ids import DocumentId

_LEFT = (90, 170, 600, 800, 980, 1240)
_HEAD = ("TT", "Họ và tên", "Mã số BHXH", "Ngày sinh", "Số định danh cá nhân", "Số ngày")
WORKERS = (
    ("1", "Nguyễn Thị Ẵm", "0112345678", "01/02/1985", "001185012345", "4"),
    ("2", "Trần Văn Bửu", "0212345678", "03/04/1990", "001090054321", "5"),
    ("3", "Lê Thị Chuyên", "0312345678", "05/06/1992", "001192067890", ""),
)
DOUBTFUL = {"Trần Văn Bửu": "Trần Văn Bữu", "0312345678": "0312345673"}
"""What the second reader saw differently. The third number of days, which the others have, is doubtful too."""


def drawn_list(stated: int = 3) -> tuple[bytes, PageReading]:
    """The page at 200 dpi as JPEG, and its reading; `stated` is how many people the paper says it lists."""
    image = Image.new("RGB", (1654, 2339), "white")
    pen = ImageDraw.Draw(image)
    file = next(
        f for f in importlib.metadata.files("fontpkg-be-vietnam-pro") or () if f.name == "BeVietnamPro-Regular.ttf"
    )
    font = ImageFont.truetype(str(file.locate()), 27)
    lines: list[Line] = []

    def put(x: int, y: int, text: str) -> None:
        pen.text((x, y), text, font=font, fill="black")
        left, top, right, bottom = (round(edge) for edge in pen.textbbox((x, y), text, font=font))
        draft = LineDraft(text, Box(left, top, right - left, max(30, bottom - top)), 0.99)
        lines.append(Line(text, draft.box, 0.99, words_of(draft), DOUBTFUL.get(text, text), 0.9))

    put(520, 150, "DANH SÁCH ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ")
    put(90, 260, "Tên đơn vị: CÔNG TY CỔ PHẦN DỆT MAY SÔNG LÔ")
    put(90, 310, "Mã đơn vị: TZ0112L")
    for row, cells in enumerate((_HEAD, *WORKERS)):
        for x, text in zip(_LEFT, cells, strict=True):
            if text:
                put(x, 420 + 70 * row, text)
    put(90, 760, f"Danh sách gồm {stated} người lao động.")
    out = io.BytesIO()
    image.save(out, "JPEG", dpi=(200, 200), quality=70)
    reading = PageReading(
        RecogniserKind.TWO_READERS, 200, 1654, 2339, tuple(sorted(lines, key=lambda one: (one.box.y, one.box.x)))
    )
    return out.getvalue(), reading


def listed(node: Node, *, read: bool = True, stated: int = 3, in_a_hurry: bool = False) -> tuple[Received, DocumentId]:
    """A dossier whose list is scanned and signed; `read`: with proposals, else as an office without a recogniser has it; `in_a_hurry`: by the first
    reader alone. Needs "all"'s key."""
    party = Party(kind="person", name="Nguyễn Thị Ẵm", personal_id="001185012345", birth_date="1985-02-01")
    received = receive(
        node.desk, "all", IntakeForm(procedure="1.014164", channel="in_person", submitter="worker", applicant=party)
    )
    part = next(one for one in received.components if one.document_type == "01B-HSB")
    picture, reading = drawn_list(stated)
    declare(node.desk, "all", received.rid, part, Choice(decision="digitize", declared_pages=1))
    hand_in(node.desk, "all", received.rid, part.component_id, [("danh-sach.jpg", picture)], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1
    document = dossier(node.desk, received.rid).documents[0].document_id
    if in_a_hurry:
        alone = tuple(msgspec.structs.replace(line, second=None) for line in reading.lines)
        reading = msgspec.structs.replace(reading, recogniser=RecogniserKind.FAST, lines=alone)
    if read:
        types = node.desk.catalogue.document_types
        today = dt.date(2026, 11, 20)
        proposal = extract(DocumentReading((reading,)), types, gazetteer_of(node.desk), None, "01B-HSB", today)
        events = recorded(proposal, [1.0], document, "01B-HSB", reading.recogniser.value, 200)
        node.desk.ledger.save(Act("all", "intake", "capture"), [Draft(received.rid, event) for event in events])
    return received, document
