"""Codes: the dossier code a citizen holds on paper, and the digitization-result code of a paper.

A dossier code is composed by the grammar in force on the day of receipt and never rewritten; older and foreign ones are
recognised and kept as they are. A digitization-result code cannot be split on dots, because procedure codes
(1.001667), result codes (KQ.G24.000027) and numbers contain them; and it is not unique, so it is never a key. It is
kept in parts, composed for display, and read back only with the catalogue, longest match first.

Invariant: the number and symbol of a paper stays as spelled on the paper; only keys for comparison are normalised.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 10; Thông tư 01/2018/TT-VPCP, Điều 19; Quyết định 20/2020/QĐ-TTg.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

import msgspec

from sync_protocol.catalogue import Catalogue, CodeGrammar
from sync_protocol.law_problems import CodePartUnusable, NumbersExhausted, UnknownGrammar

_KEY_SEPARATOR = "\x1f"
_FILE_NAME_CHARS = 80


class DossierCode(msgspec.Struct, frozen=True):
    """A recognised dossier code: `text` as it stands on paper, and what its grammar tells (empty or None if silent)."""

    text: str
    grammar: str
    unit: str
    date: dt.date | None
    sequence: int | None


class CodeBlock(msgspec.Struct, frozen=True):
    """Daily numbers `start`–`end` (inclusive) that one desk of an office may give without asking."""

    unit: str
    start: int
    end: int

    def number(self, used: int, day: dt.date) -> int:
        """Return the next number of a day on which `used` numbers of this block were given.

        Raises NumbersExhausted (LAW-003) where the block is used up.
        """
        following = self.start + used
        if not self.start <= following <= self.end:
            raise NumbersExhausted(start=self.start, end=self.end, day=f"{day:%d/%m/%Y}")
        return following

    def overlaps(self, other: CodeBlock) -> bool:
        """True where both blocks belong to one office and share a number."""
        return self.unit == other.unit and self.start <= other.end and other.start <= self.end


class DigitizationCode(msgspec.Struct, frozen=True):
    """The parts of a digitization-result code. `owner` and `number_symbol` may be empty; `procedure` is None for a result."""

    owner: str
    procedure: str | None
    doc_type_or_result: str
    number_symbol: str


def compose_dossier_code(grammar: CodeGrammar, unit: str, day: dt.date, sequence: int) -> str:
    """Write the code of a dossier received on a Vietnam date. `unit` is the office's e-identifier.

    Raises UnknownGrammar (LAW-004) where the grammar only recognises or cannot carry the unit, NumbersExhausted (LAW-003)
    where the number has more digits than the grammar.
    """
    if not grammar.template or not grammar.valid_from <= day <= (grammar.valid_to or day):
        raise UnknownGrammar(day=f"{day:%d/%m/%Y}", what=f"{grammar.name} does not compose")
    largest = 10**grammar.sequence_digits - 1
    if not 1 <= sequence <= largest:
        raise NumbersExhausted(start=1, end=largest, day=f"{day:%d/%m/%Y}")
    try:
        text = grammar.template.format(unit=unit, date=f"{day:%y%m%d}", sequence=sequence)
    except (KeyError, IndexError, ValueError) as error:
        raise UnknownGrammar(day=f"{day:%d/%m/%Y}", what=f"template of {grammar.name}") from error
    if not re.fullmatch(grammar.pattern, text):
        raise UnknownGrammar(day=f"{day:%d/%m/%Y}", what=f"{grammar.name} cannot carry unit {unit!r}")
    return text


def recognise_dossier_code(text: str, grammars: Iterable[CodeGrammar]) -> DossierCode | None:
    """Read a dossier code by the first grammar that fits, in force or not; None means: keep it as a foreign number."""
    trimmed = unicodedata.normalize("NFC", text).strip()
    for grammar in grammars:
        found = re.fullmatch(grammar.pattern, trimmed)
        if found is not None:
            parts = found.groupdict()
            date, sequence = _day(parts.get("date")), parts.get("sequence")
            return DossierCode(
                trimmed, grammar.name, parts.get("unit") or "", date, int(sequence) if sequence else None
            )
    return None


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def compose(code: DigitizationCode) -> str:
    """Write a digitization-result code. Raises CodePartUnusable (LAW-007) for control characters or an empty type.

    >>> compose(DigitizationCode("001185012345", None, "KQ.G24.000027", "1234/QĐ-BHXH"))
    '001185012345.KQ.G24.000027.1234/QĐ-BHXH'
    >>> compose(DigitizationCode("", "1.001667", "GRV", "56/GRV"))
    '.1.001667.GRV.56/GRV'
    """
    if not code.doc_type_or_result:
        raise CodePartUnusable(part="loại giấy tờ")
    parts = (code.owner, code.procedure, code.doc_type_or_result, code.number_symbol)
    for name, part in zip(("chủ giấy tờ", "thủ tục", "loại giấy tờ", "số, ký hiệu"), parts, strict=True):
        if part and any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in part):
            raise CodePartUnusable(part=name)
    return ".".join(part for part in parts if part is not None)


def comparison_key(code: DigitizationCode) -> str:
    """Return the key under which two spellings of one code are equal: NFC, trimmed, upper case. Not for display."""
    parts = (code.owner, code.procedure or "", code.doc_type_or_result, code.number_symbol)
    return _KEY_SEPARATOR.join(_folded(part) for part in parts)


def paper_key(code: DigitizationCode) -> str:
    """Return the key by which a paper is found again in another procedure: owner, type and number only.

    Source: the procedure stands inside the non-result form (Điều 10.3), so the same paper gets two codes.
    """
    return _KEY_SEPARATOR.join(_folded(part) for part in (code.owner, code.doc_type_or_result, code.number_symbol))


def _folded(part: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", part).strip()).upper()


def match(text: str, catalogue: Catalogue) -> DigitizationCode | None:
    """Read a code back with the catalogue's codes of any date; None where no known code stands in it.

    The owner ends at the first dot after which a known type follows; there the longest known type wins. Composing the
    answer gives the (NFC) text again.
    """
    normal = unicodedata.normalize("NFC", text).strip()
    for dot in (place for place, character in enumerate(normal) if character == "."):
        heads = list(_heads(normal[dot + 1 :], catalogue))
        if heads:
            procedure, kind = max(heads, key=lambda head: len(head[0] or "") + len(head[1]))
            length = len(kind) + (len(procedure) + 1 if procedure is not None else 0)
            return DigitizationCode(normal[:dot], procedure, kind, normal[dot + length + 2 :])
    return None


def _heads(rest: str, catalogue: Catalogue) -> Iterable[tuple[str | None, str]]:
    """Yield each (procedure or None, type) of the catalogue that `rest` begins with, a dot behind it."""
    types = {entry.code for entry in catalogue.document_types}
    for code in types | {entry.code for entry in catalogue.results}:
        if rest.startswith(f"{code}."):
            yield None, code
    for procedure in {entry.code for entry in catalogue.procedures}:
        if rest.startswith(f"{procedure}."):
            behind = rest[len(procedure) + 1 :]
            yield from ((procedure, code) for code in types if behind.startswith(f"{code}."))


def safe_file_name(code: DigitizationCode, document_id: str) -> str:
    """Return an ASCII file stem for the code. The owner is left out: a file name must not carry a personal number.

    `document_id` is our own id; it makes the name unique.

    >>> safe_file_name(DigitizationCode("001185012345", None, "KQ.G24.000027", "1234/QĐ-BHXH"), "0f3a")
    'KQ-G24-000027_1234-QD-BHXH_0f3a'
    """
    stems = (_ascii(part)[:_FILE_NAME_CHARS] for part in (code.doc_type_or_result, code.number_symbol))
    return "_".join(part for part in (*stems, _ascii(document_id)) if part)


def _ascii(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(character for character in bare if not unicodedata.combining(character))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
