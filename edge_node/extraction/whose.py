"""Whose number is it? A paper names others too: an agent with a telephone, a clinic in its head, relatives in a table, the officer who signs.

What stands behind a person's name is that person's until the next one is named. Of several values for a field the one that stands behind the
paper's own subject is taken; where none does, what was found may be somebody else's, and a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from edge_node.extraction.body import labelled_values
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.persons import names_in
from edge_node.extraction.rows import Row
from edge_node.extraction.stated import called, of_a_parent, only_amount, stated, who_died
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldTemplate

_SUBJECTS = ("full_name", "owner_name", "child_name", "deceased_name")
"""Whom a paper is about: the first of these that its template has."""

_OF_A_PERSON = frozenset(["phone", "personal_id", "owner_id", "birth_date", "owner_birth_date", "child_birth_date", "bhxh_number", "sex", "address", "death_date"])
_OF_A_LEAVE = ("leave_from", "leave_to")
_OF_AN_OFFICE = frozenset(["phone", "address"])
"""What an organisation has too: in front of every name it is the organisation's."""

_ANNOUNCES = re.compile(
    r"\b(?:ho(?:,? chu dem,?)?(?: va)? ten|ten (?:toi|nguoi|benh nhan)|toi (?:ten )?la|nguoi|benh nhan|chong|vo|cha|me|bo|con|chu ho|dai dien|than nhan)\b[^:;]{0,50}$"
)
"""Words in front of a colon behind which a person's name stands."""

_NEW_LABEL = re.compile(r"^\W*(?:\d{1,2}|[ivx]{1,4}|[a-e])\s?[.)\]]|[^:]{1,45}:")

_FULL_NAME = re.compile(r"\b(?:ho(?:,? chu dem,?)?(?: va)?,? ten|ten (?:toi )?la|toi la)\b")
_PARTY = re.compile(
    r"^\W*(?:(?:[ivx]{1,4}|[a-e]|\d{1,2}|phan [a-eivx\d]{1,3})\s?[.)/:\-]\s?)*(?:thong tin (?:ve |cua )?)?(?:ben (?:duoc |uy |nhan |[ab]\b|thu )|nguoi (?:duoc|dai dien|nhan|giam ho|lien he|chet"
    r"|khai|nop|su dung|lao dong)|than nhan|cha,? me|dai dien)"
)
"""How a part of the form begins that is about somebody else, or about the subject; the name behind it says which."""


_IDENTITY = re.compile(r"\b(?:cccd|cmnd|can cuoc|dinh danh|ddcn|ho chieu)\b")
_ISSUER = re.compile(r"\b(?:tai|noi cap|cong an|canh sat)\b")
_OTHER_PARTY = re.compile(r"\b(?:ben|nguoi) (?:duoc|nhan) uy quyen|\bnguoi (?:nha|lien he|giam ho|dai dien|nop ho so|nop thay)\b")

_OF_RELATIVE = re.compile(r"\b(?:cua|la) (?:cha|me|bo|vo|chong|con|anh|chi|em)\b[^:]*$")
_FOR_CALLERS = re.compile(r"\b(?:thong tin lien he|lien he(?: voi)?:? (?:phong|van phong|bo phan|to)|hotline|duong day nong|tong dai)\b")

_NEXT_COLUMN = 0.2
"""Share of the page's width by which the beginnings of two columns are apart."""

_LABEL_ABOVE = 3
"""Rows, the columns of one height counted one by one, by which a name may stand below its label."""


@dataclass(frozen=True)
class _Mention:
    """Somebody begins to be spoken of at character `start` of row `row`; `x` in px is where."""

    row: int
    start: int
    x: int


def _mentions(rows: Sequence[Row]) -> list[_Mention]:
    below = [*rows[1:], None]
    return [mention for number, row in enumerate(rows) for mention in sorted(_in_row(number, row, below[number]), key=lambda mention: mention.start)]


def _in_row(number: int, row: Row, below: Row | None) -> Iterator[_Mention]:
    plain = bare(row.text)
    is_left_empty = plain.rstrip(" .").endswith(":") and below is not None and _NEW_LABEL.match(bare(below.text)) is not None  # nobody is named
    starts = {named.title for named in names_in(row.text)}
    starts |= {found.start() for found in _FULL_NAME.finditer(plain) if not (is_left_empty and ":" in plain[found.end() :])}
    for colon in re.finditer(":", plain):
        said = _ANNOUNCES.search(plain[: colon.start()])
        if said and names_in("Ông " + row.text[colon.end() :].lstrip()):
            starts.add(said.start())
    if (party := _PARTY.match(plain)) and not starts:
        starts.add(party.start())
    for start in starts:
        inside = row.words_between(start, start + 1)
        yield _Mention(number, start, inside[0].box.x if inside else row.box.x)


def _with_names(rows: Sequence[Row], mentions: Sequence[_Mention], names: Sequence[Find]) -> list[_Mention]:
    """The same, where a name was found that one instead of its label, which may stand above it."""
    kept = list(mentions)
    places = sorted(((next(n for n, row in enumerate(rows) if row is name.row), name.start, name.end, name) for name in names), key=lambda place: place[:2])
    for at, start, end, name in places:
        label = _last_before(name, rows, kept)
        above = [label] if label is not None and 0 < at - label.row <= _LABEL_ABOVE and not any(label.row == other for other, *_ in places) else []
        last = max((other_end for other, _, other_end, _ in places if other == at and other_end <= start), default=0)
        kept = [m for m in kept if m not in above and not (m.row == at and last <= m.start < end)]
        words = name.row.words_between(start, start + 1)
        kept = sorted([*kept, _Mention(at, start, words[0].box.x if words else name.row.box.x)], key=lambda mention: (mention.row, mention.start))
    return kept


def of_the_subject(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """The same finds, those of a person that stand behind somebody else exchanged for the subject's own, or else marked as doubtful."""
    mentions = _with_names(rows, _mentions(rows), [find for find in finds.values() if find.kind == "name"])
    done = dict(finds)
    if "issue_date" in done and _is_of_identity_card(done["issue_date"], rows):
        done["issue_date"] = replace(done["issue_date"], of_another=True)
    if "full_name" in done and _is_of_other_party(done["full_name"], rows, mentions):
        done["full_name"] = replace(done["full_name"], of_another=True)
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
        if field.kind == "name" and is_lacking and (name := called(field, rows, field.field == subject) or of_a_parent(field, rows)) is not None:
            done[field.field] = name
        if field.field == "deceased_name" and field.field not in done and (dead := who_died(rows)) is not None:
            done[field.field] = dead
        if field.field == "amount" and field.field not in done and (amount := only_amount(rows)) is not None:
            done[field.field] = amount
    mentions = _with_names(rows, _mentions(rows), [find for find in done.values() if find.kind == "name"])
    for field in template:
        if field.field in _OF_A_LEAVE and field.field not in done and (day := next(stated(field, rows), None)) is not None:
            done[field.field] = day
        if field.field in _OF_A_PERSON and (field.field not in done or done[field.field].of_another):
            whom, owner = _whom(field, done, subject)
            said = (find for find in stated(field, rows) if field.field == "death_date" or not _is_said_of_another(find, field, rows))  # a relative tells of the dead
            own = (find for find in said if whom and _is_own(find, field, rows, mentions, whom, owner is not None))
            if (find := next(own, None)) is not None:
                done[field.field] = find
    return done


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


def _is_of_other_party(name: Find, rows: Sequence[Row], mentions: Sequence[_Mention]) -> bool:
    """Whether the part of the paper in which a name stands begins with words for somebody who acts for the subject."""
    at = next(number for number, row in enumerate(rows) if row is name.row)
    heading = next((m for m in reversed(mentions) if (m.row, m.start) < (at, name.start)), None)
    said = bare(rows[heading.row].text) if heading is not None and at - heading.row <= _LABEL_ABOVE else ""
    return _OTHER_PARTY.search(said if heading is None or heading.row < at else said[: name.start]) is not None


def _is_own(find: Find, field: FieldTemplate, rows: Sequence[Row], mentions: Sequence[_Mention], whom: Sequence[Find], is_of_person: bool) -> bool:
    """Whether a value stands behind one of these names and nobody else's; in front of all names, unless an organisation may have it."""
    before = _last_before(find, rows, mentions)
    if not is_of_person:
        return before is None
    if not whom:
        return len(mentions) <= 1
    own = [_last_before(name, rows, mentions, inclusive=True) for name in whom]
    if before is None:
        return field.field not in _OF_AN_OFFICE and own[0] in (None, mentions[0])
    return before in own


def _last_before(find: Find, rows: Sequence[Row], mentions: Sequence[_Mention], inclusive: bool = False) -> _Mention | None:
    """The last one named before a value; of two who are named on one height, the one in whose column it stands."""
    at = next(number for number, row in enumerate(rows) if row is find.row)
    before = [m for m in mentions if m.row < at or (m.row == at and (m.start < find.start or (inclusive and m.start <= find.start)))]
    if not before:
        return None
    here, last = rows[at].box, rows[before[-1].row].box
    if abs(last.x - here.x) > _NEXT_COLUMN * find.row.page.width_px:  # two columns, each read from top to bottom
        own = [m for m in before if abs(rows[m.row].box.x - here.x) < here.h]
        before = own or before
    level = [m for m in before if rows[m.row].page_number == rows[before[-1].row].page_number and rows[m.row].box.same_row(rows[before[-1].row].box)]
    words = find.row.words_between(find.start, find.start + 1)
    x = words[0].box.x if words else find.row.box.x
    beside = [m for m in level if m.x <= x + find.row.box.h]
    return max(beside or level, key=lambda m: m.x)
