"""Where somebody lives, as a sentence says it: "hiện ngụ tại số 46, khóm 3, / phường 2, thị xã Vĩnh Châu, tỉnh Sóc Trăng, căn cước công dân số …".

No label announces it and no row's end closes it: it begins behind a word for living at a word for a place, and ends with the last of its parts that can be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import takewhile

from edge_node.extraction.continuation import ANY_LABEL, NEW_ITEM
from edge_node.extraction.find import Find
from edge_node.extraction.persons import begins_statement
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare

_UNIT = r"(?:tinh|thanh pho|tp\b\.?|quan|huyen|thi xa|tx\b\.?|phuong|xa|thi tran|tt\b\.?)"
_HAMLET = r"(?:so(?: nha)? \d|nha so|to \d|to dan pho|tdp|thon|xom|ap|ban|buon|bon|lang|plei|khu|khom|khoi|doi|duong|pho|ngo|ngach|hem|kiet|can ho|chung cu|\d{1,4}[a-z]?(?:[/-]\d+[a-z]?)*,? )"
_LIVES = re.compile(rf"\b(?:cu tru|thuong tru|tam tru|tru quan|tru|cu ngu|ngu|sinh song|o)(?: hien nay)?(?: tai| o| o tai)?:?\s+(?={_HAMLET}|{_UNIT} )")
_PLACE = re.compile(rf"\s*(?:{_HAMLET}|{_UNIT})")
_LAST = re.compile(r"\s*tinh ")
_SENTENCE_ENDS = re.compile(r"[.;](?=\s+[^\W\d]|\s*$)(?<!tp\.)(?<!tx\.)(?<!tt\.)(?<!\bp\.)(?<!\bq\.)|[()]")
_ROWS, _LONGEST_PART, _LEAST = 3, 7, 2


def address_in(text: str) -> tuple[int, int] | None:
    """Where in a text the first address stands that a sentence says.

    >>> said = "Hiện tôi ở tại thôn Sà, xã Pả Vi, tỉnh Hà Giang. Khi cần, gọi tôi"
    >>> said[slice(*address_in(said))]
    'thôn Sà, xã Pả Vi, tỉnh Hà Giang'
    """
    plain = bare(text)
    for lives in _LIVES.finditer(plain):
        end, parts = lives.end(), 0
        stop = _SENTENCE_ENDS.search(plain, lives.end())
        for part in re.finditer(r"[^,]+", plain[lives.end() : stop.start() if stop else len(plain)]):
            said = text[lives.end() + part.start() : lives.end() + part.end()].strip()
            if not said or len(said.split()) > _LONGEST_PART or not (_PLACE.match(part[0]) or (said[0].isupper() and not begins_statement(said))):
                break
            end, parts = lives.end() + part.end(), parts + 1
            if _LAST.match(part[0]):
                break
        if parts >= _LEAST:
            return lives.end(), end
    return None


def _goes_on(row: Row, below: Row) -> bool:
    """Whether a sentence may go on from one row in another: below its left half, and not with a new item or label."""
    plain = bare(below.text)
    return below.page_number == row.page_number and below.box.x < row.box.x + row.box.w / 2 and not NEW_ITEM.match(plain) and not ANY_LABEL.match(plain)


def addresses(rows: Sequence[Row]) -> Iterator[Find]:
    """Every address that a sentence says, in the order of the paper. Nobody can be sure whose it is and where it ends."""
    for number, row in enumerate(rows):
        joined = [row, *takewhile(partial(_goes_on, row), rows[number + 1 : number + _ROWS])]
        place = address_in(" ".join(one.text for one in joined))
        if place is None or place[0] > len(row.text):
            continue  # what begins on the next row has its own turn
        start, end = place
        ends = [sum(len(one.text) + 1 for one in joined[:n]) for n in range(1, len(joined) + 1)]
        last = next(n for n, at in enumerate(ends) if end < at)
        begin = 0 if not last else ends[last - 1]
        yield Find("address", row, start, len(row.text) if last else end, tuple(joined[1 : last + 1]), of_another=True, is_open=True, until=end - begin if last else None)
