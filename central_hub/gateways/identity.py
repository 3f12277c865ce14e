"""The identity check's own words: has this person an activated account, and do number, name and birth date belong together (Điều 13.2)?

Field names and address are PROVISIONAL: the agreement with the population database was not at hand. Asked in the body of a request over TLS,
never in an address; the answer is one word.
Source: QĐ 1333/QĐ-BHXH Điều 13.2; domain.md E.3 (an activated VNeID account since 20/7/2026).
"""

from __future__ import annotations

from typing import Any, Final, Literal

from central_hub.gateways.errors import GatewayUnreadable
from sync_protocol.folding import digits
from sync_protocol.view import DossierView

NAME: Final = "Cơ sở dữ liệu quốc gia về dân cư"
CHECK_PATH: Final = "/accounts/check"
Outcome = Literal["exists", "absent", "mismatch"]
_OUTCOMES: Final[dict[str, Outcome]] = {"1": "exists", "0": "absent", "2": "mismatch"}
PERSONAL_ID_DIGITS: Final = 12


def is_wanted(view: DossierView) -> bool:
    """Whether the desk could not ask and there is somebody to ask for."""
    number = digits(view.person("personal_id"))
    return (
        view.is_whole
        and view.account_check == "not_done_offline"
        and len(number) == PERSONAL_ID_DIGITS
        and bool(view.person("name"))
    )


def question(view: DossierView) -> dict[str, str]:
    """What is asked about the applicant."""
    return {
        "MaYeuCau": view.rid.hex(), "SoDinhDanh": digits(view.person("personal_id")), "HoTen": view.person("name"),
        "NgaySinh": view.person("birth_date").replace("-", ""), "MucDich": "TTHC", "MaHoSo": view.reference,
    }  # fmt: skip


def outcome_of(answer: Any) -> Outcome:
    """What was answered. Raises GatewayUnreadable."""
    found = _OUTCOMES.get(str(answer.get("KetQua"))) if isinstance(answer, dict) else None
    if found is None:
        raise GatewayUnreadable(gateway=NAME, what="check")
    return found
