"""The first run of a fresh office: its name, its administrator, and whether everything it needs is there.

Invariant: it is open only while no account of this office has a password, and only for whoever reads the code on the machine's own console;
afterwards its pages do not exist. Nothing is written before all of it can be.

Source: ux.md §9 (wizard: office, administrator, catalogue, certificate and time, printer).
"""

from __future__ import annotations

import datetime as dt
import hmac

import apsw
import msgspec

from edge_node.app import Node
from edge_node.operations.checkup import node_checks
from edge_node.people.errors import NameOrAccountMissing, SetUpAlready
from edge_node.people.keeping import Keeping, take_settings
from edge_node.people.settings_text import save_settings, with_officer, with_value
from edge_node.slips.model import SlipComponent, SlipFacts
from sync_protocol.adapters.checkup import Line, examine
from sync_protocol.adapters.people.errors import PasswordTooShort
from sync_protocol.adapters.people.passwords import LEAST_CHARACTERS, Passwords

LOOKED_AT = (
    "Ổ đĩa",
    "Đồng hồ",
    "Đường tới trung tâm",
    "Chứng thư kết nối",
    "Danh mục",
    "Phông chữ",
    "Hộp cát",
    "Chữ ký số",
    "Bản dự phòng",
)
SAMPLE = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰĐ"


class OfficeForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the first person types. `code` is the one on the console."""

    code: str = ""
    office_name: str = ""
    parent_name: str = ""
    place: str = ""
    account: str = ""
    name: str = ""
    password: str = ""


def is_fresh(node: Node, passwords: Passwords) -> bool:
    """Nobody can sign in yet. Raises PasswordsUnreadable."""
    with_password = set(passwords.accounts())
    return not any(one.account in with_password for one in node.settings.officers)


def set_up(node: Node, keeping: Keeping, passwords: Passwords, form: OfficeForm, code: str) -> str:
    """Write the office and its administrator; returns the account. `code` is this start's, "" where there is none.

    Raises:
        SetUpAlready: a wrong code, or somebody has a password already. NameOrAccountMissing, PasswordTooShort; a Problem of the settings.
    """
    if not code or not hmac.compare_digest(form.code.strip().encode(), code.encode()) or not is_fresh(node, passwords):
        raise SetUpAlready()
    if not form.office_name.strip():
        raise NameOrAccountMissing()
    if len(form.password) < LEAST_CHARACTERS:
        raise PasswordTooShort(least=LEAST_CHARACTERS)
    known = {one.account for one in node.settings.officers}
    path = node.folder.settings
    text = path.read_text("utf-8")
    for key, value in (("office_name", form.office_name), ("parent_name", form.parent_name), ("place", form.place)):
        if value.strip():
            text = with_value(text, key, " ".join(value.split()))
    account = form.account.strip()
    if account not in known:  # an officer of the prepared settings may be the first to come in
        text = with_officer(text, keeping.checked(account, form.name, ("administrator",)))
    take_settings(node, save_settings(path, text))
    passwords.set(account, form.password)
    return account


def findings(node: Node, connection: apsw.Connection) -> list[Line]:
    """What stands how at this office, for the wizard's second page: the quick lines of `edge-node doctor`."""
    checks = node_checks(node.folder, node.identity, node.settings, connection, node.now(), full=False)
    return examine([(name, check) for name, check in checks if name in LOOKED_AT])


def printer_page(node: Node) -> bytes:
    """A page for the printer with every capital that a poor driver cuts: PDF/A, A5, not signed, saved nowhere.

    Raises:
        SlipNotDrawn: the typesetter failed.
    """
    from edge_node.slips.typesetting import make_slip

    at = node.now().astimezone(dt.timezone(dt.timedelta(hours=7)))
    facts = SlipFacts(
        office=node.settings.office_name, parent_office=node.settings.parent_name, place=node.settings.place, issued_at=at,
        officer_name="Người thử máy in", number="IN THỬ", dossier_code="TRANG IN THỬ", procedure="Trang in thử, không có giá trị",
        applicant=SAMPLE, address=SAMPLE.lower(), components=(SlipComponent(SAMPLE),), received_at=at, due_at=at, time_limit="không tính",
        return_place=node.settings.office_name, tracking_url="lienthong:in-thu", survey_url="lienthong:in-thu",
    )  # fmt: skip
    return make_slip("01", facts)
