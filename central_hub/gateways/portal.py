"""The national portal's own words: which of its ten states a dossier is in, and how its fields are called. Nothing outside this module knows them.

The list 1–10 is the one several public integrations use; names of fields and addresses were not published by the portal and are PROVISIONAL:
when the agreement with the portal is at hand, this module alone changes.
Source: NĐ 61/2018/NĐ-CP Điều 25–27 (states are shared with the portal); QĐ 766/QĐ-TTg (dossiers synchronised to the portal).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from central_hub.gateways.errors import ApplicationUnreadable, GatewayUnreadable
from sync_protocol.bodies import ApplicationArrived, Party
from sync_protocol.folding import digits
from sync_protocol.ids import OfficeCode
from sync_protocol.view import DossierView

NAME: Final = "Cổng Dịch vụ công quốc gia"
STATUS_PATH: Final = "/dossiers/status"
POLL_PATH: Final = "/applications/poll"
POLL_MOST: Final = 50
_VIETNAM = dt.timezone(dt.timedelta(hours=7))
_MOMENT = "%Y%m%d%H%M%S"

STATES: Final[Mapping[str, int]] = {
    "draft": 1, "received": 2, "refused": 3, "handed_over": 4, "in_processing": 4, "consulting": 4, "extended": 4,
    "supplement_at_intake": 5, "supplement_requested": 5, "withdrawn": 7, "stopped": 8, "returned_with_notice": 8,
    "result_ready": 9, "result_returned": 10, "archived": 10,
}  # fmt: skip
"""6, waiting for a fee or tax, has no dossier here: these procedures cost nothing."""
LABELS: Final[Mapping[int, str]] = {
    1: "Mới đăng ký", 2: "Được tiếp nhận", 3: "Không được tiếp nhận", 4: "Đang xử lý", 5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính", 7: "Công dân yêu cầu rút hồ sơ", 8: "Dừng xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả",
}  # fmt: skip


class Application(msgspec.Struct, frozen=True):
    """One application as the portal told it, and the unit it is meant for."""

    number: str
    unit: str
    procedure: str
    applicant: Party
    submitted_ms: int
    papers: tuple[str, ...]
    note: str

    def arrived_at(self, office: OfficeCode) -> ApplicationArrived:
        """What the office is told."""
        return ApplicationArrived(
            number=self.number, procedure=self.procedure, office=office, applicant=self.applicant, submitted_ms=self.submitted_ms,
            papers=self.papers, note=self.note,
        )  # fmt: skip


def state_of(view: DossierView) -> int | None:
    """The portal's state of a dossier; None while there is nothing to tell: no promise and no refusal yet."""
    return STATES.get(view.state) if view.is_whole and view.reference else None


def status_letter(view: DossierView, state: int, at_ms: int) -> dict[str, str]:
    """One change of state as the portal reads it: numbers and codes, nobody's data."""
    return {
        "MaHoSo": view.application.number if view.application else view.reference, "MaHoSoDonVi": view.reference,
        "MaTTHC": view.procedure, "MaDonVi": view.custody.office, "TrangThai": str(state), "ThoiDiem": _told(at_ms),
        "NgayHenTra": view.due_date.replace("-", ""),
    }  # fmt: skip


def poll(cursor: str) -> dict[str, str | int]:
    """Ask for applications after a cursor."""
    return {"SauMoc": cursor, "SoLuong": POLL_MOST}


def polled(answer: Any) -> tuple[list[dict[str, Any]], str]:
    """The applications of an answer, still in the portal's words, and the next cursor. Raises GatewayUnreadable."""
    items = answer.get("HoSo") if isinstance(answer, dict) else None
    cursor = answer.get("Moc") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not isinstance(cursor, str) or not all(isinstance(one, dict) for one in items):
        raise GatewayUnreadable(gateway=NAME, what="poll")
    return items[:POLL_MOST], cursor[:200]


def number_of(item: Mapping[str, Any]) -> str:
    """The portal's number of an application, however unreadable the rest; "" without one."""
    return _text(item, "MaHoSo", 64)


def unit_of(item: Mapping[str, Any]) -> str:
    """The unit an application is meant for, as the portal calls it."""
    return _text(item, "MaDonVi", 64)


def application_of(item: Mapping[str, Any]) -> Application:
    """Read one application. Raises ApplicationUnreadable, which names the field and never its value."""
    needed = {name: _text(item, name, 200) for name in ("MaHoSo", "MaTTHC", "MaDonVi", "ChuHoSo", "NgayNop")}
    for name, value in needed.items():
        if not value:
            raise ApplicationUnreadable(field=name)
    papers = item.get("TaiLieuNop", [])
    if not isinstance(papers, list):
        raise ApplicationUnreadable(field="TaiLieuNop")
    return Application(
        number=needed["MaHoSo"][:64], unit=needed["MaDonVi"][:64], procedure=needed["MaTTHC"][:32], applicant=_applicant(item),
        submitted_ms=_moment(needed["NgayNop"]), papers=tuple(filter(None, (_text(one, "TenGiayTo", 200) for one in papers[:50] if isinstance(one, dict)))),
        note=_text(item, "GhiChu", 500),
    )  # fmt: skip


def _applicant(item: Mapping[str, Any]) -> Party:
    is_organisation = _text(item, "LoaiDoiTuong", 4) == "2"
    return Party(
        kind="organisation" if is_organisation else "person", name=_text(item, "ChuHoSo", 200),
        personal_id="" if is_organisation else digits(_text(item, "SoDinhDanh", 20)), tax_code=_text(item, "MaSoThue", 20),
        birth_date=_day(_text(item, "NgaySinh", 8)), address=_text(item, "DiaChi", 300), phone=_text(item, "DienThoai", 20),
    )  # fmt: skip


def _text(item: Mapping[str, Any], name: str, most: int) -> str:
    """One line of text without control and direction marks, which no form of ours takes either and no column of PostgreSQL keeps."""
    value = item.get(name, "")
    if not isinstance(value, str):
        return ""
    kept = "".join(one for one in value if one.isspace() or unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    return " ".join(kept.split())[:most]


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date().isoformat()  # noqa: DTZ007  # a calendar day
    except ValueError as error:
        raise ApplicationUnreadable(field="NgaySinh") from error


def _moment(text: str) -> int:
    try:
        return int(dt.datetime.strptime(text, _MOMENT).replace(tzinfo=_VIETNAM).timestamp() * 1000)
    except ValueError as error:
        raise ApplicationUnreadable(field="NgayNop") from error


def _told(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1000, _VIETNAM).strftime(_MOMENT)
