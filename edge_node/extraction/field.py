"""One field: the value taken out of its stretch of paper, both readers' views of it, and the verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from edge_node.extraction.agencies import behind_an_office, is_body
from edge_node.extraction.codes import CODE_FIELDS, code_in, with_dashes, with_noughts, with_spaces
from edge_node.extraction.country import Seen
from edge_node.extraction.find import Find
from edge_node.extraction.free_text import Value
from edge_node.extraction.gazetteer import Gazetteer, is_kind_of_agency
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.judge import judged
from edge_node.extraction.label_words import label_in
from edge_node.extraction.model import FieldReading, FieldSource, Place
from edge_node.extraction.persons import names_in
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS
from edge_node.extraction.stated_address import address_in
from edge_node.extraction.term import as_printed, ends_on
from edge_node.extraction.twins import surely_seen
from edge_node.extraction.vouching import vouched
from edge_node.imaging.geometry import around
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldKind, FieldTemplate

_STOPS = ",.;:()"
_WHERE_IT_LIES = re.compile(r",\s*(?:(?:thon|xom|ap|xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh|khu pho|to dan pho|kcn|khu cong nghiep)\s|tp\b)")
_OF_A_PLACE = re.compile(r"(?:ubnd|uy ban|cong an|hdnd|hoi dong|toa an|bhxh|bao hiem xa hoi|tram y te|ban chi huy|chi cuc|so )")
_TERM = "valid_until"
_NEXT = 4
"""Characters that may stand between a label and its value: ": ", " số "."""


def propose(
    template: FieldTemplate, find: Find | None, label_seen: bool, gazetteer: Gazetteer, titles: Sequence[str] = (), tall: float = math.inf, is_cell: bool = False
) -> FieldReading:
    """The judged proposal for one field. `label_seen`: its label stands on the paper; `titles`: the type's known names; `tall`: height in
    px over which a row of print is no longer one: people write numbers larger than forms are printed; `is_cell`: the borders of a list's cell say
    where it ends, and its address may be a hamlet alone.
    """
    empty = FieldReading(
        field=template.field, label=template.label, kind=template.kind, item=template.item, required=template.required
    )
    if find is not None and template.field == _TERM and template.kind == "text" and (day := ends_on(find)) is not None:
        said = msgspec.structs.replace(template, kind="date", anchors=())
        read = propose(said, day, label_seen, gazetteer, tall=tall)
        return msgspec.structs.replace(read, kind=template.kind, proposal=read.proposal and as_printed(day))
    if find is None or (template.field in CODE_FIELDS and (find := _code(find)) is None):
        return judged(empty, label_seen, False)
    find = _without_office(find) if template.kind == "organisation" else find
    read, places = _read(empty, find, template, tall, gazetteer)
    is_whole = template.kind == "organisation" and folded(read.proposal).startswith("bo ")  # "BỘ CÔNG AN" announces nobody else
    if folded(read.proposal) in {folded(anchor) for anchor in template.anchors} and template.kind != "sex" and not is_whole:
        return judged(empty, True, False)  # a label is never its own value
    if template.kind == "organisation" and is_kind_of_agency(read.proposal):
        read = msgspec.structs.replace(read, grammar_holds=False)  # "Công ty TNHH": the name is missing
    known = template.kind == "organisation" and gazetteer.knows(read.proposal)
    of_another = find.of_another or (template.kind == "organisation" and not is_body(folded(read.proposal)))
    is_open = find.is_open or _says_too_little_or_more(template, read.proposal) or (template.kind in ("address", "organisation") and gazetteer.country.is_cut(read.proposal))
    is_open = is_open or (template.kind == "address" and not is_cell and not gazetteer.country.ends_in_a_unit(read.proposal))
    if template.field == "document_name":
        known = not find.doubt and any(read.proposal.casefold() == title.casefold() for title in titles)  # a general word may go on below
    odd = gazetteer.odd_marks(places.without(read.proposal)) if template.kind in ("organisation", "address", "text") else None
    is_vouched = vouched(template.kind, read.proposal, read.second or "", gazetteer, read.tones_seen, places)
    return judged(read, True, known, odd, is_vouched, of_another, is_open, places, find.doubt)


def _says_too_little_or_more(template: FieldTemplate, said: str) -> bool:
    """Whether an address is a single place, cut off in front or behind; a body's name goes on with a remark ("… (của mẹ)") or with where it lies
    ("Trường Mầm non Cường Lợi, huyện Na Rì"; the authorities of a place have it in their name, but who issued the paper does not say it in the letterhead:
    "UBND xã Tà Cạ, tỉnh …, số 33" stands in an extract's entry); or words stand behind an account's number that no dash parts from it.
    """
    if template.kind == "address":
        return len(said.split()) < 3
    if template.kind == "organisation":
        if said.rstrip().endswith(")") or (template.field == "issuing_body" and "," in said):
            return True
        return _WHERE_IT_LIES.search(bare(said)) is not None and not _OF_A_PLACE.match(bare(said))
    return template.field == "account" and re.search(r"\d(?! - )\W+[^\W\d]{2}", said) is not None


def _without_office(find: Find) -> Find:
    """A body's stretch without the office of who signs for it in front ("CỤC TRƯỞNG CỤC …")."""
    said = find.row.text[find.start : find.end]
    own = said.lstrip(" :")
    lead = behind_an_office(bare(own))
    return replace(find, start=find.start + len(said) - len(own) + lead) if lead else find


def _code(find: Find) -> Find | None:
    """The stretch of a code alone, or None where only words stand; a code never goes on in the next row."""
    place = code_in(find.row.text[find.start : find.end])
    return None if place is None else replace(find, start=find.start + place[0], end=find.start + place[1], more=())


def _places(kind: FieldKind, said: str, gazetteer: Gazetteer) -> Seen:
    """What the list of administrative units says to a value: of an address, and of a body that is named after its place."""
    if kind not in ("address", "organisation"):
        return Seen()
    seen = gazetteer.country.seen_in(said)
    return seen._replace(against=seen.against or (gazetteer.country.unknown_unit(said) if kind == "organisation" else ""))


def _read(empty: FieldReading, find: Find, template: FieldTemplate, tall: float, gazetteer: Gazetteer) -> tuple[FieldReading, Seen]:
    """Take the value out of its stretch, with the second reader's view of the same place and what the list of units says to it. Digits in a row higher than `tall` may be written."""
    text = find.text
    options = values(template.kind, text, template.precision)
    rows = (find.row, *find.more)
    raw = " ".join(text.split())
    if not options:
        place = find.row.place(find.start, find.end)
        only = _only_second(rows, find, template)
        return msgspec.structs.replace(
            empty, first=raw, place=place, score=find.row.score, second=_second_raw(rows), proposal=only, grammar_holds=bool(only), mended=bool(only), source=FieldSource.READ if only else empty.source
        ), Seen()
    value = options[0]
    stretch_end = find.end if find.more else min(find.end, find.start + value.end)
    words = find.row.words_between(find.start + value.start, stretch_end)
    second = _second_value(rows, find, template, value.text)
    parted = template.kind == "name" and not value.holds and _parts_it(second or "", value.text)
    if template.field in CODE_FIELDS and (code := code_in(second or "")) is not None:
        second = (second or "")[slice(*code)]
    has_code = template.kind == "number_symbol" or template.field in CODE_FIELDS
    said = (_second_raw(rows) or "").split()  # a mended word that the second reader has so, and whose tone our eye sees, has two witnesses
    inked = [*words, *(word for row in find.more for word in row.words)]
    places = _places(template.kind, value.text, gazetteer)
    dashed = with_spaces(with_dashes(value.text, second or ""), second or "") if template.kind in ("text", "address", "organisation") and not has_code else value.text
    is_impossible = template.kind == "date" and not value.holds and _is_a_day(second)
    holds = is_impossible or value.holds or bool(places.spans) and _holds(template.kind, places.without(value.text))  # "Pleiku" is no syllable, and is listed
    return msgspec.structs.replace(
        empty,
        proposal=second if (parted or is_impossible) and second else with_noughts(value.text, second or "") if has_code else dashed,
        first=raw,
        second=second,
        score=min(row.score for row in rows),
        place=_place(find, value.start, stretch_end),
        grammar_holds=parted or (holds and not _is_no_code(template, value.text)) and (len(options) == 1 or template.kind in ("date", "sex", "money") or _is_next(find, value)),
        by_hand=any(word.by_hand for word in inked) or _filled_in(template.kind, text) or (template.kind in NUMERIC_KINDS and max((word.box.h for word in words), default=0) > tall),
        mended=parted or is_impossible or dashed != value.text or any(word.mended and not (word.tone_seen and word.text in said) and word.text.strip(_STOPS) not in places.firm for word in inked),
        tones_seen=surely_seen(inked),
        source=FieldSource.READ,
    ), places


def _holds(kind: FieldKind, text: str) -> bool:
    """Whether this text is, as far as its kind can tell, spelled well."""
    return all(value.holds for value in values(kind, text))


def _is_no_code(template: FieldTemplate, text: str) -> bool:
    """Whether a diagnosis ends with digits where the international code of a disease has a letter and digits: both readers see "O82" as "082"."""
    return template.field == "diagnosis" and re.search(r"\(\s?[\dIl]\d\d(?:\.\d)?\s?\)", text) is not None


def _is_a_day(second: str | None) -> bool:
    """Whether what the second reader read is a day of the calendar: it stands in for one of the first reader that is none ("01/00/2025"), and a person looks."""
    found = values("date", second or "")
    return len(found) == 1 and found[0].holds


def _parts_it(second: str, first: str) -> bool:
    """Whether the second reader parts a name into words where the first lost a space ("MÙAA PÁO", "MÙA A PÁO")."""
    found = values("name", second)
    return bool(found) and found[0].holds and found[0].text.replace(" ", "") == first.replace(" ", "")


def _filled_in(kind: str, text: str) -> bool:
    """Whether there is a gap in front of a number's stroke, or an amount has no stops: there forms have theirs written in, and tidy digits do
    not give the pen away.
    """
    return bool(kind == "number_symbol" and re.search(r"\d\s[/-]", text)) or bool(kind == "money" and re.match(r"\W*\d{5,}\b(?![.,]\d)", text))


def _is_next(find: Find, value: Value) -> bool:
    """Whether a number stands right behind its label, so that others on the row are no rivals."""
    return find.start > 0 and find.kind in ("personal_id", "bhxh_number", "number_symbol") and value.start <= _NEXT


def _place(find: Find, value_start: int, end: int) -> Place:
    first = find.row.place(find.start + value_start, end)
    same_page = [row.place(0, len(row.text)) for row in find.more if row.page_number == first.page]
    return Place(first.page, around([first.box, *(place.box for place in same_page)]), first.dpi)


def _second_raw(rows: Sequence[Row]) -> str | None:
    said = [row.second for row in rows]
    return None if all(text is None for text in said) else " ".join(text or "" for text in said)


def _second_value(rows: Sequence[Row], find: Find, template: FieldTemplate, proposal: str) -> str | None:
    """The second reader's own value: found by its own reading of the label, never by the first reader's positions."""
    said = _second_raw(rows)
    if said is None:
        return None
    if find.kind == "address" and find.is_open and find.of_another and (place := address_in(said)) is not None:
        return said[slice(*place)]
    begin = _behind_label(said, template) if find.start else None
    if begin is None and template.kind == "name" and (named := names_in(said)):
        return next((one.text for one in named if one.text == proposal), named[0].text)
    if begin is None and template.kind in ("name", "text", "address", "organisation") and find.start:
        begin = _after_colon(said)
    options = values(template.kind, said[begin or 0 :], template.precision)
    if not options and template.kind == "date":
        begin, options = None, values("date", said, template.precision)  # "Hôm nay, ngày 5 tháng 10": the label took the day's own word
    if begin is None and template.kind in NUMERIC_KINDS:
        # Its label was not found; the very same number on the same row is as good a witness.
        return proposal if any(option.text == proposal for option in options) else options[0].text if options else ""
    return options[0].text if options else ""


def _behind_label(said: str, template: FieldTemplate) -> int | None:
    """Where the second reader's own reading of the label ends, the type's or another form's."""
    begin = label_in(said, template)
    if begin is None and template.field in OTHER_SPELLINGS:
        begin = label_in(said, msgspec.structs.replace(template, anchors=OTHER_SPELLINGS[template.field]))
    return begin


def _only_second(rows: Sequence[Row], find: Find, template: FieldTemplate) -> str:
    """A number that the second reader read behind its label, and the first did not: "03/03/19823" is no day, "03/03/1982;" is one. A person looks."""
    said = _second_raw(rows) or ""
    if template.kind == "money" and said.strip() in ("0", "o", "O") and find.text.strip().lower() == "o":
        return "0"
    if template.kind == "date" and not find.start:  # a cell has no label of its own
        days = {value.text for value in values("date", said, template.precision) if value.holds}
        return days.pop() if len(days) == 1 else ""
    begin = _behind_label(said, template) if template.kind in NUMERIC_KINDS and template.kind != "number_symbol" and find.start else None
    found = values(template.kind, said[begin:], template.precision) if begin is not None else []
    return found[0].text if found and found[0].holds and found[0].start <= _NEXT else ""


def _after_colon(said: str) -> int:
    return said.find(":") + 1
