"""A desk whose officers can sign: the demonstration authority's keys, and one paper to scan."""

from __future__ import annotations

import importlib.metadata
import io
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFont

from deploy.demo.authority import PASSPHRASE, Authority, make_authority
from edge_node.app import Node, utc_now
from edge_node.capture.service import hand_in, work_off
from edge_node.coding.service import issue_code
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import Choice, Received, declare, dossier, receive
from edge_node.review.service import confirm, lines
from sync_protocol.bodies import Party

KEY_PASSPHRASE = PASSPHRASE
CARD = "001185012345||NGUYỄN THỊ ẴM|01021985|Nữ|Phường Đống Đa, Hà Nội|10052021"


def give_keys(node: Node, folder: Path) -> Authority:
    """Let every officer of the node sign with the demonstration officer's key, and the clerk with the agency's."""
    authority = make_authority(folder, utc_now())
    officers = tuple(
        msgspec.structs.replace(one, key_file=authority.people["officer_rsa"].p12) for one in node.settings.officers
    )
    agency = msgspec.structs.replace(
        node.settings.agency, name="BHXH cơ sở Đống Đa", key_file=authority.people["agency"].p12
    )
    node.settings = msgspec.structs.replace(node.settings, officers=officers, agency=agency)
    return authority


def receive_one(node: Node, name: str = "Nguyễn Thị Ẵm", number: str = "001185012345") -> Received:
    """A maternity dossier of an invented person."""
    party = Party(kind="person", name=name, personal_id=number, birth_date="1985-02-01")
    form = IntakeForm(procedure="1.014166", channel="in_person", submitter="worker", applicant=party)
    return receive(node.desk, "all", form)


def coded_paper(node: Node, document_type: str) -> Received:
    """A dossier of the same person whose paper of this type is signed, confirmed and coded: on file for later dossiers. Needs "all"'s key."""
    received = receive_one(node)
    part = next(one for one in received.components if one.document_type == document_type)
    declare(node.desk, "all", received.rid, part, Choice(decision="digitize", declared_pages=1))
    hand_in(node.desk, "all", received.rid, part.component_id, [("trang.jpg", scanned_paper())], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1
    document = dossier(node.desk, received.rid).documents[0].document_id
    dates = {line.field for line in lines(node.desk, received.rid, document) if "date" in line.field}
    typed = {
        line.field: "05/10/2026" if line.field in dates else "001185012345" if "_id" in line.field else "123/CS"
        for line in lines(node.desk, received.rid, document)
    }
    confirm(node.desk, "all", received.rid, document, role="resolving", typed=typed)
    issue_code(node.desk, "all", received.rid, document, node.key_of("all"))
    return received


def scanned_paper() -> bytes:
    """One page at 200 dpi with a heading and three lines, as JPEG."""
    image = Image.new("RGB", (1654, 2339), "white")
    pen = ImageDraw.Draw(image)
    letters = [
        one
        for one in importlib.metadata.files("fontpkg-be-vietnam-pro") or ()
        if one.name == "BeVietnamPro-Regular.ttf"
    ]
    font = ImageFont.truetype(str(letters[0].locate()), 48)
    for row, line in enumerate(
        ("GIẤY CHỨNG SINH", "Số: 123/CS", "Họ và tên mẹ: NGUYỄN THỊ ẴM", "Ngày cấp: 05/10/2026")
    ):
        pen.text((200, 200 + row * 120), line, font=font, fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", dpi=(200, 200), quality=70)
    return out.getvalue()
