"""Forms: which slip exists, under which number and title, from when to when, and what it cannot do without.

Forms are named by their numbers of TT 03/2025/TT-VPCP. Slips of an earlier day keep the number and title of that day. The
text of TT 03/2025 was not seen; its titles are second-hand and its first day is taken as that of NĐ 118/2025
(provisional, to be confirmed by the owner: domain.md G3).

Source: TT 01/2018/TT-VPCP Điều 9–10 and annex; TT 03/2025/TT-VPCP (provisional).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from edge_node.slips.errors import FormNotInForce
from sync_protocol.catalogue import Catalogue

Form = Literal["01", "02", "03", "04", "05", "06", "07"]
FORMS: tuple[Form, ...] = ("01", "02", "03", "04", "05", "06", "07")
_FIRST_SET = dt.date(2019, 1, 8)
_SECOND_SET = dt.date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of a form.

    `printed_number` is what stands on the paper, `required` the facts (fields of `SlipFacts`) with their Vietnamese labels,
    `valid_to` the first day it is no longer in force.
    """

    form: Form
    printed_number: str
    title: str
    template: str
    source: str
    required: tuple[tuple[str, str], ...]
    valid_from: dt.date
    valid_to: dt.date | None = None
    provisional: bool = False


_DOSSIER = (("dossier_code", "mã hồ sơ"), ("applicant", "tên người nộp"), ("procedure", "tên thủ tục"))
_REQUIRED: dict[Form, tuple[tuple[str, str], ...]] = {
    "01": (*_DOSSIER, ("components", "thành phần hồ sơ"), ("received_at", "giờ tiếp nhận"), ("due_at", "giờ hẹn trả")),
    "02": (("applicant", "tên người nộp"), ("procedure", "tên thủ tục"), ("requests", "nội dung cần bổ sung")),
    "03": (("applicant", "tên người nộp"), ("procedure", "tên thủ tục"), ("reason", "lý do từ chối")),
    "04": (*_DOSSIER, ("reason", "lý do chậm"), ("due_at", "ngày hẹn cũ"), ("new_due_at", "ngày hẹn mới")),
    "05": (*_DOSSIER, ("reason", "lý do dừng")),
    "06": (("dossier_code", "mã hồ sơ"), ("hand_overs", "các lần bàn giao")),
    "07": (("year", "năm của sổ"),),
}
_TITLES: dict[Form, tuple[str, str]] = {
    "01": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "receipt"),
    "02": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "supplement"),
    "03": ("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "refusal"),
    "04": ("Văn bản xin lỗi, đề nghị gia hạn", "apology"),
    "05": ("Thông báo dừng giải quyết hồ sơ", "stop"),
    "06": ("Phiếu kiểm soát quá trình giải quyết hồ sơ", "control"),
    "07": ("Sổ theo dõi hồ sơ", "register"),
}
_FIRST_NUMBERS: dict[Form, str] = {"01": "01", "02": "02", "03": "03", "04": "04", "06": "05", "07": "06"}
_FIRST_TITLES: dict[Form, str] = {"04": "Phiếu xin lỗi và hẹn lại ngày trả kết quả"}


def _versions() -> tuple[FormVersion, ...]:
    first = [
        FormVersion(
            form,
            number,
            _FIRST_TITLES.get(form, _TITLES[form][0]),
            _TITLES[form][1],
            "Ban hành kèm theo Thông tư số 01/2018/TT-VPCP",
            _REQUIRED[form],
            _FIRST_SET,
            _SECOND_SET,
        )
        for form, number in _FIRST_NUMBERS.items()
    ]
    second = [
        FormVersion(
            form,
            form,
            *_TITLES[form],
            "Ban hành kèm theo Thông tư số 03/2025/TT-VPCP",
            _REQUIRED[form],
            _SECOND_SET,
            provisional=True,
        )
        for form in FORMS
    ]
    return (*first, *second)


VERSIONS = _versions()


def form_on(form: Form, day: dt.date) -> FormVersion:
    """Return the version of a form in force on a Vietnam calendar day.

    Raises:
        FormNotInForce: there is none.
    """
    for version in VERSIONS:
        if version.form == form and version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
            return version
    title = _TITLES[form][0] if form in _TITLES else form
    raise FormNotInForce(form=form, title=title, day=day.strftime("%d/%m/%Y"))


def published_form(form: Form, day: dt.date, catalogue: Catalogue) -> FormVersion:
    """Return the version of a form in force on a day: number, title and regulation as the catalogue has them, where it has them.

    What a form must contain and how it is drawn stay the program's own.

    Raises:
        FormNotInForce: neither the catalogue nor this release has one.
    """
    found = catalogue.form(form, day)
    if found is None:
        return form_on(form, day)
    return FormVersion(
        form, found.printed_number, found.name, _TITLES[form][1], found.issued_with, _REQUIRED[form], found.valid_from,
        None if found.valid_to is None else found.valid_to + dt.timedelta(days=1), found.provisional,
    )  # fmt: skip
