"""Words of the highlands' languages in names of people and places, which no rule of Vietnamese syllables allows ("Ksor", "Ea Súp", "Chư Păh").

They only keep such a name from being called misspelled; both readers must agree on it all the same.
"""

from __future__ import annotations

import re

_OF_PEOPLE = "ksor kpă kpa rcom rmah siu nay niê nie ayun êban eban byă mlô kbuôr adrơng rahlan puih rơ chăm rơchâm hmok h y ya ama kră krajăn liêng hót cil bnông hwing hờ"
_OF_PLACES = (
    "ea ia krông krong đắk đăk dak chư kon plông glei păh prông kbang glong lắk ana pắc súp kar mđrắk drăng mgar yersin ayun mil mang yang hra rong tô rve rbin plei sê puh trul pơr"
)
_PEOPLE, _PLACES = frozenset(_OF_PEOPLE.split()), frozenset((*_OF_PEOPLE.split(), *_OF_PLACES.split()))


def of_people(word: str) -> bool:
    """Whether a word stands in such names of people.

    >>> of_people("Ksor"), of_people("Kxor")
    (True, False)
    """
    return word.lower() in _PEOPLE


def letters_of(word: str) -> str:
    """A word of a name without the particle before it, a woman's of the Ê Đê or the first letter of a clan's.

    >>> letters_of("H'Nuel"), letters_of("R'CHÂM"), letters_of("Hoa")
    ('Nuel', 'CHÂM', 'Hoa')
    """
    return re.sub(r"^[BĐGHKMNPRSTY]['’`‘](?=[^\W\d_])", "", word)


def without_places(text: str) -> str:
    """The text without such words and without abbreviations: what is left must be Vietnamese.

    >>> without_places("xã Ea Súp, HĐLĐ")
    'xã , '
    """
    text = re.sub(r"(?<!\w)(?:V/v|[BCDĐGHKLMNPQRSTVX]{2,7})(?!\w)", "", text)
    kept = re.sub(r"[^\W\d_]+", lambda found: "" if found[0].lower() in _PLACES else found[0], text)
    return re.sub(r" +", " ", kept)
