"""Whose number is it? A paper names others too: an agent with a telephone, a clinic in its head, relatives in a table, the officer who signs.

What stands behind a person's name is that person's until the next one is named. Of several values for a field the one that stands behind the
paper's own subject is taken; where none does, what was found may be somebody else's, and a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.amounts import amount_meant
from edge_node.extraction.body import labelled_values
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.mentions import LABEL_ABOVE, Mention, last_before, mentions_in, with_names
from edge_node.extraction.of_the_dead import is_of_declarer, is_of_the_dead, who_died
from edge_node.extraction.rows import Row
from edge_node.extraction.stated import called, of_a_parent, only_amount, sex_behind, stated, under_a_parent, unit_code
from edge_node.extraction.unlabelled import named_without_label
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldTemplate

_SUBJECTS = ("full_name", "owner_name", "child_name", "deceased_name")
"""Whom a paper is about: the first of these that its template has."""

_OF_A_PERSON = frozenset(["phone", "personal_id", "owner_id", "birth_date", "owner_birth_date", "child_birth_date", "bhxh_number", "sex", "address", "death_date"])
_OF_A_LEAVE = ("leave_from", "leave_to", "admission_date", "discharge_date")
_OF_AN_OFFICE = frozenset(["phone", "address"])
"""What an organisation has too: in front of every name it is the organisation's."""

_IDENTITY = re.compile(r"\b(?:cccd|cmnd|can cuoc|dinh danh|ddcn|ho chieu)\b")
_ISSUER = re.compile(r"\b(?:tai|noi cap|cong an|canh sat)\b")
_OTHER_PARTY = re.compile(r"\b(?:ben|nguoi) (?:duoc|nhan) uy quyen|\bnguoi (?:nha|lien he|giam ho|dai dien|nop ho so|nop thay)\b")

_ALONE = re.compile(r"\W*(?:ngay\W*)?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\W*")
"""A row that holds a day and nothing else."""

_OF_RELATIVE = re.compile(r"\b(?:cua|la) (?:cha|me|bo|vo|chong|con|anh|chi|em)\b[^:]*$|\b(?:cha|me|bo|vo|chong|con|chau)(?: ruot| de)? (?:la|ten)\b[^:]*$")
_FOR_CALLERS = re.compile(r"\b(?:thong tin lien he|lien he(?: voi)?:? (?:phong|van phong|bo phan|to)|hotline|duong day nong|tong dai)\b")

def of_the_subject(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """The same finds, those of a person that stand behind somebody else exchanged for the subject's own, or else marked as doubtful."""
    mentions = with_names(rows, mentions_in(rows), [find for find in finds.values() if find.kind == "name"])
    done = dict(finds)
    if "issue_date" in done and _is_of_identity_card(done["issue_date"], rows):
        done["issue_date"] = replace(done["issue_date"], of_another=True)
    for field in (field for field in template if field.field == "issue_date" and "issue_date" in done and _is_an_appointment(done["issue_date"].row)):
        alone = (find for find in labelled_values(field, rows, template) if not _is_an_appointment(find.row) and _ALONE.fullmatch(bare(find.row.text)))
        done["issue_date"] = replace(next(alone, done["issue_date"]), of_another=True)
    if "full_name" in done and _is_of_other_party(done["full_name"], rows, mentions):
        done["full_name"] = replace(done["full_name"], of_another=True)
    for field in (field for field in template if field.field in _SUBJECTS and field.field in finds):
        if under_a_parent(finds[field.field].row, rows):
            own = (find for find in labelled_values(field, rows, template) if not under_a_parent(find.row, rows))
            done[field.field] = replace(next(own, finds[field.field]), of_another=True)
    done |= _of_the_right_part(rows, template, done)
    subject = next((name for name in _SUBJECTS if any(field.field == name for field in template)), None)
    for field in template:
        if field.field not in finds or field.field not in _OF_A_PERSON:
            continue
        whom, owner = _whom(field, finds, subject)
        if owner is not None and _is_said_of_another(finds[field.field], field, rows):
            done[field.field] = replace(finds[field.field], of_another=True)
        elif not _is_own(finds[field.field], field, rows, mentions, whom, owner is not None):
            options = (find for find in labelled_values(field, rows, template) if _is_own(find, field, rows, mentions, whom, owner is not None))
            done[field.field] = next(options, replace(finds[field.field], of_another=True))
    return done


def _of_the_right_part(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """The names that stood in the part of the paper that is about somebody else, exchanged for one that does not; a person looks at all of them."""
    wrong = {"deceased_name": is_of_declarer, "child_name": is_of_declarer}
    wrong |= {"full_name": is_of_the_dead} if any(field.field == "deceased_name" for field in template) else {}
    found: dict[str, Find] = {}
    for field in (field for field in template if field.field in wrong and field.field in finds):
        if wrong[field.field](finds[field.field], rows):
            own = (find for find in labelled_values(field, rows, template) if not wrong[field.field](find, rows))
            found[field.field] = replace(next(own, finds[field.field]), of_another=True)
    return found


def _is_said_of_another(find: Find, field: FieldTemplate, rows: Sequence[Row]) -> bool:
    """Whether a sentence gives the value to a relative ("… của cha là ông X, mã số BHXH …"), or a telephone stands in an office's block for callers."""
    box = find.row.box
    over = [r for r in rows if r.page_number == find.row.page_number and r.box.middle_y < box.y and r.box.x < box.right and r.box.right > box.x]
    above = max(over, key=lambda row: row.box.y).text if over else ""
    before = bare(f"{above} {find.row.text[: find.start]}")
    if field.field.split("_")[0] not in ("child", "father", "mother") and _OF_RELATIVE.search(re.split(r"[.;](?:\s|$)", before)[-1]):
        return True
    return field.field == "phone" and _FOR_CALLERS.search(before) is not None


def with_stated(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """The same finds, and what only a sentence or a table of the parents says (`stated`), where nothing or somebody else's was found. All of it is doubtful."""
    done = dict(finds)
    subject = next((name for name in _SUBJECTS if any(field.field == name for field in template)), None)
    for field in template:
        found = done.get(field.field)
        is_lacking = found is None or not values("name", found.row.text[found.start : found.end])  # "Họ và tên NLĐ: …" has no name behind the label
        name = (called(field, rows, field.field == subject) or of_a_parent(field, rows)) if field.kind == "name" and is_lacking else None
        if name is None and found is None and field.field == "full_name":
            name = named_without_label(rows)
        done |= {field.field: name} if name is not None else {}
        if field.field == "deceased_name" and field.field not in done and (dead := who_died(rows)) is not None:
            done[field.field] = dead
        if field.field == "unit_number" and field.field not in done and (code := unit_code(rows)) is not None:
            done[field.field] = code
        if field.field == "amount" and (meant := amount_meant(done.get("amount"), rows)) is not None:
            done["amount"] = meant
        if field.field == "amount" and field.field not in done and (amount := only_amount(rows)) is not None:
            done[field.field] = amount
    mentions = with_names(rows, mentions_in(rows), [find for find in done.values() if find.kind == "name"])
    for field in template:
        if field.field in _OF_A_LEAVE and not _has_value(done.get(field.field)) and (day := next(stated(field, rows), None)) is not None:
            done[field.field] = day
        if field.kind == "sex" and field.field not in done and subject in done and (sex := sex_behind(done[subject])) is not None:
            done[field.field] = sex
        if field.field in _OF_A_PERSON and (field.field not in done or (done[field.field].of_another and field.kind != "address")):
            whom, owner = _whom(field, done, subject)
            said = (find for find in stated(field, rows) if field.field == "death_date" or not _is_said_of_another(find, field, rows))  # a relative tells of the dead
            own = (find for find in said if whom and _is_own(find, field, rows, mentions, whom, owner is not None))
            if (find := next(own, None)) is not None:
                done[field.field] = find
    return done


def _has_value(find: Find | None) -> bool:
    """Whether a value of the kind stands there: behind "Chẩn đoán khi ra viện:" there is no day."""
    return find is not None and bool(values(find.kind, find.text))


def _whom(field: FieldTemplate, finds: Mapping[str, Find], subject: str | None) -> tuple[list[Find], str | None]:
    """The names behind which a field's value may stand, and the field of the first."""
    owner = "deceased_name" if (field.field == "death_date" or "người chết" in field.label) and "deceased_name" in finds else subject
    whom = [finds[owner]] if owner is not None and owner in finds else []
    if field.field in _OF_AN_OFFICE:  # a certificate of birth has the parents' address only, and nobody calls the dead
        also = ("deceased_name",) if field.field == "phone" else tuple(name for name, find in finds.items() if find.kind == "name")
        whom += [finds[name] for name in also if name in finds and name != owner]
    return whom, owner


def _is_of_identity_card(day: Find, rows: Sequence[Row]) -> bool:
    """Whether a day stands behind an identity card's number and is that card's ("Số CCCD: …, cấp ngày …"), on its row or the next."""
    at = next(number for number, row in enumerate(rows) if row is day.row)
    before = bare(day.row.text[: day.start])
    behind = bare(" ".join([day.row.text[day.start :], *(row.text for row in rows[at + 1 : at + 2])]))
    above = bare(rows[at - 1].text) if at and len(before) < 20 and "cap" in before and _ISSUER.search(behind) else ""
    return _IDENTITY.search(f"{above} {before}") is not None


def _is_an_appointment(row: Row) -> bool:
    """Whether a row says what will be on its day ("Ngày 28/08/2025 tại Phòng khám Hen"), which is the value of another label and no day on which a paper is made out."""
    day = next(iter(values("date", row.text)), None)
    return day is not None and bare(row.text[: day.start]).strip(" .:-") in ("", "ngay") and re.search(r"[^\W\d]{2}", row.text[day.end :]) is not None


def _is_of_other_party(name: Find, rows: Sequence[Row], mentions: Sequence[Mention]) -> bool:
    """Whether the part of the paper in which a name stands begins with words for somebody who acts for the subject."""
    at = next(number for number, row in enumerate(rows) if row is name.row)
    heading = next((m for m in reversed(mentions) if (m.row, m.start) < (at, name.start)), None)
    said = bare(rows[heading.row].text) if heading is not None and at - heading.row <= LABEL_ABOVE else ""
    return _OTHER_PARTY.search(said if heading is None or heading.row < at else said[: name.start]) is not None


def _is_own(find: Find, field: FieldTemplate, rows: Sequence[Row], mentions: Sequence[Mention], whom: Sequence[Find], is_of_person: bool) -> bool:
    """Whether a value stands behind one of these names and nobody else's; in front of all names, unless an organisation may have it."""
    before = last_before(find, rows, mentions)
    if not is_of_person:
        return before is None
    if not whom:
        return len(mentions) <= 1
    own = [last_before(name, rows, mentions, inclusive=True) for name in whom]
    if before is None:
        return field.field not in _OF_AN_OFFICE and own[0] in (None, mentions[0])
    return before in own
