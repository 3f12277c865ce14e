"""The intake form: what was typed, kept as typed, and turned into the use case's form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Literal, cast

import msgspec
from litestar.datastructures import FormMultiDict

from edge_node.intake.outcomes import Grounds
from edge_node.intake.promise import IntakeForm
from edge_node.web.errors import NeedsText, NothingChosen
from edge_node.web.form_reading import TEXT_MAX, full_day, only_digits, possible_day, tidy, within
from sync_protocol.adapters.web.errors import FormUnreadable
from sync_protocol.bodies import Party
from sync_protocol.card_qr import read_card_qr
from sync_protocol.catalogue import Catalogue
from sync_protocol.folding import digits, folded
from sync_protocol.ids import RecordId
from sync_protocol.procedure import Procedure, Submitter
from sync_protocol.view import DossierView

FOUND_MAX = 12
NUMBER_MAX = 50  # characters
NOTE_MAX = 2_000
FOUNDED_FIRST = dt.date(1800, 1, 1)
_FORM_ID = re.compile(r"[0-9a-f]{32}")


class Typed(msgspec.Struct):
    """Every box of the form, as typed. `rule` is `submitter|case`; `doubt_seen` says the officer was asked about the number.

    `form_id` was given out with the form (32 hexadecimal digits), `application` names what was handed in online; `missing` and `take` are positions in the list of components.
    """

    procedure: str = ""
    rule: str = ""
    kind: Literal["person", "organisation"] = "person"
    name: str = ""
    personal_id: str = ""
    birth_date: str = ""
    founded_year: str = ""
    bhxh_number: str = ""
    unit_number: str = ""
    tax_code: str = ""
    address: str = ""
    phone: str = ""
    sex: str = ""
    channel: Literal["in_person", "postal", "online"] = "in_person"
    postmark: str = ""
    authorised_name: str = ""
    authorised_id: str = ""
    account_check: Literal["exists", "created", "declined", "not_done_offline"] = "not_done_offline"
    note: str = ""
    qr: str = ""
    doubt_seen: str = ""
    form_id: str = ""
    application: str = ""
    outcome: Literal["accept", "supplement", "refused"] = "accept"
    missing: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    request: str = ""
    explanation: str = ""

    @property
    def has_doubt(self) -> bool:
        """The number has an unusual length and nobody was asked yet: a warning, never a refusal (C.1)."""
        number = digits(self.personal_id)
        return self.kind == "person" and bool(number) and len(number) != 12 and not self.doubt_seen

    @property
    def submitter(self) -> Submitter:
        """Who submits, as far as the chosen rule says it."""
        return cast(Submitter, self.rule.partition("|")[0] or "any")

    @property
    def own_id(self) -> bytes:
        """The form's number; empty for one that was never given out."""
        return bytes.fromhex(self.form_id) if _FORM_ID.fullmatch(self.form_id) else b""

    @property
    def application_id(self) -> RecordId | None:
        """What was handed in online and is answered by this form; None for a person at the counter."""
        return RecordId(bytes.fromhex(self.application)) if _FORM_ID.fullmatch(self.application) else None

    @property
    def grounds(self) -> Grounds:
        """Why the intake ends without acceptance. Raises TextTooLong."""
        within(self.request, label="Nội dung khác cần bổ sung, hoàn thiện", box="request", most=TEXT_MAX)
        within(self.explanation, label="Lý do cụ thể, hướng dẫn người nộp", box="explanation", most=TEXT_MAX)
        requests = tuple(tidy(line) for line in self.request.splitlines() if tidy(line))
        return Grounds(
            missing=numbers(self.missing), requests=requests, reasons=self.reasons, explanation=tidy(self.explanation)
        )


def typed_from_application(view: DossierView, form_id: str) -> Typed:
    """The form as a person filled it in online; the officer checks it like any other."""
    told = view.application
    if told is None:
        return Typed(form_id=form_id)
    party = told.applicant
    birth = dt.date.fromisoformat(party.birth_date).strftime("%d/%m/%Y") if party.birth_date else ""
    return Typed(
        procedure=told.procedure, kind=party.kind, name=party.name, personal_id=party.personal_id, birth_date=birth, founded_year=party.founded_year,
        bhxh_number=party.bhxh_number, unit_number=party.unit_number, tax_code=party.tax_code, address=party.address, phone=party.phone, sex=party.sex,
        channel="online", account_check="exists" if view.account_check == "exists" else "not_done_offline", note=told.note,
        form_id=form_id, application=view.rid.hex(),
    )  # fmt: skip


def numbers(texts: tuple[str, ...]) -> tuple[int, ...]:
    """Positions as sent by checkboxes; what is no small number was not sent by our page and is left out."""
    return tuple(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 4)


def typed_of(form: FormMultiDict) -> Typed:
    """What was typed. Raises FormUnreadable where a closed choice holds something else."""
    lists = ("missing", "take", "reasons")
    plain = {name: str(form[name]) for name in Typed.__struct_fields__ if name in form and name not in lists}
    several = {name: tuple(str(one) for one in form.getall(name, [])) for name in lists}
    try:
        return msgspec.convert({**plain, **several}, Typed)
    except msgspec.ValidationError as error:
        raise FormUnreadable() from error


def filled_from_card(typed: Typed) -> Typed:
    """The boxes filled from the card's QR text: a typing aid, no proof. Raises UnreadableQr."""
    card = read_card_qr(typed.qr)
    birth = f"{card.birth_date:%d/%m/%Y}" if card.birth_date else typed.birth_date
    return msgspec.structs.replace(
        typed, kind="person", name=card.full_name, personal_id=card.personal_id, birth_date=birth, address=card.address, qr="",
        sex=card.sex or "",
    )  # fmt: skip


def party_of(typed: Typed) -> Party:
    """The applicant as typed so far, without the date, which may not be one yet."""
    is_person = typed.kind == "person"
    return Party(
        kind=typed.kind, name=tidy(typed.name), personal_id=digits(typed.personal_id) if is_person else "",
        bhxh_number=digits(typed.bhxh_number), tax_code=tidy(typed.tax_code), unit_number=tidy(typed.unit_number).upper(),
        address=tidy(typed.address), phone=tidy(typed.phone), sex=tidy(typed.sex),
    )  # fmt: skip


def intake_form(typed: Typed, today: dt.date) -> IntakeForm:
    """What the use case takes; `today` (Vietnam) is the last day on which anybody was born or anything posted.

    Raises:
        NothingChosen, NeedsDate, NeedsDigits, DayNotPossible, NeedsFullDate, TextTooLong, NeedsText: WEB-013, WEB-014, WEB-017 … WEB-021.
    """
    procedure = tidy(typed.procedure)
    if not procedure:
        raise NothingChosen(what="thủ tục", what_code="procedure", box="procedure", label="Thủ tục")
    code = procedure.partition(" ")[0]
    postmark = full_day(typed.postmark, label="Ngày dấu bưu điện", box="postmark", last=today) if typed.channel == "postal" else None
    return IntakeForm(
        procedure=code if any(one.isdigit() for one in code) else procedure[:80], channel=typed.channel, applicant=_applicant(typed, today),
        submitter=typed.submitter, case=typed.rule.partition("|")[2], account_check=typed.account_check, postmark=postmark,
        note=within(typed.note, label="Ghi chú", box="note", most=NOTE_MAX), authorised=_authorised(typed),
    )  # fmt: skip


def _applicant(typed: Typed, today: dt.date) -> Party:
    """The applicant as it will be promised something: every box holds what it may."""
    within(typed.name, label="Họ và tên hoặc tên đơn vị", box="name")
    within(typed.address, label="Địa chỉ", box="address")
    within(typed.phone, label="Điện thoại", box="phone", most=NUMBER_MAX)
    within(typed.unit_number, label="Mã số đơn vị", box="unit_number", most=NUMBER_MAX)
    within(typed.tax_code, label="Mã số thuế", box="tax_code", most=NUMBER_MAX)
    party = party_of(typed)
    if typed.kind == "organisation":
        year = possible_day(typed.founded_year, label="Năm thành lập", box="founded_year", first=FOUNDED_FIRST, last=today)
        return msgspec.structs.replace(party, founded_year=year[:4])
    for text, label, box in (
        (typed.personal_id, "Số định danh cá nhân", "personal_id"), (typed.bhxh_number, "Mã số BHXH", "bhxh_number"),
    ):  # fmt: skip
        within(only_digits(text, label=label, box=box), label=label, box=box, most=NUMBER_MAX)
    return msgspec.structs.replace(party, birth_date=possible_day(typed.birth_date, label="Ngày sinh", box="birth_date", last=today))


def _authorised(typed: Typed) -> Party | None:
    name = within(typed.authorised_name, label="Họ tên người được ủy quyền", box="authorised_name")
    number = only_digits(typed.authorised_id, label="Số định danh cá nhân", box="authorised_id")
    if number and not name:
        raise NeedsText(label="Họ tên người được ủy quyền", box="authorised_name", otherwise="xóa số định danh của người được ủy quyền")
    return Party(kind="person", name=name, personal_id=number) if name else None


def matching(catalogue: Catalogue, day: dt.date, asked: str) -> list[Procedure]:
    """Open procedures whose code or folded name holds every asked word; those of the newer list first."""
    words = folded(asked).split()
    if not words:
        return []
    found = [
        one
        for one in catalogue.procedures_on(day)
        if one.is_open and all(word in f"{one.code} {folded(one.name)}" for word in words)
    ]
    return sorted(found, key=lambda one: (bool(one.replaced_by), one.code))[:FOUND_MAX]


def rules_of(procedure: Procedure | None, kind: str) -> Sequence[tuple[str, Any]]:
    """The choices of submitter and case that decide the deadline: (`submitter|case`, rule), the likeliest for this applicant first."""
    likely = "employer" if kind == "organisation" else "worker"
    rules = sorted(procedure.deadlines, key=lambda rule: rule.submitter not in (likely, "any")) if procedure else []
    return [(f"{rule.submitter}|{rule.case}", rule) for rule in rules]
