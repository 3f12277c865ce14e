"""The kinds of pages of the reading set, drawn from random people: running text, forms, tables, copies of cards."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np

from deploy.demo.papers import agency, card, civil, employer, fonts, health, requests
from deploy.demo.papers.column import Table, paragraph, table
from deploy.demo.papers.employer import Absence, Firm
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.letterhead import set_title
from deploy.demo.papers.people import Population, date_text
from deploy.demo.papers.sheet import Sheet, value
from deploy.demo.papers.truth import nfc

Drawer = Callable[[fonts.Typeface, Population, np.random.Generator], list[Drawn]]
_SENTENCES = Path(__file__).parent / "sentences.txt"
_ROWS = 15
_RESIDENTS = Table(
    (70, 380, 190, 780), ("TT", "Họ và tên", "Ngày sinh", "Nơi cư trú"), size_px=28, left=150, centered=(0, 2)
)


def _sentences() -> list[str]:
    return [line for line in nfc(_SENTENCES.read_text(encoding="utf-8")).splitlines() if line]


def _bureau(people: Population) -> agency.Bureau:
    province, commune = people.pick("provinces")[4:], people.pick("communes")
    parent = f"BẢO HIỂM XÃ HỘI TỈNH {province.upper()}"
    return agency.Bureau(parent, f"Bảo hiểm xã hội cơ sở {commune}", province, people.person().name)


def _filing(people: Population) -> requests.Filing:
    bureau = _bureau(people)
    return requests.Filing(bureau.name, bureau.place, people.day(2025, 2025))


def _registry(people: Population) -> civil.Registry:
    commune, province = f"xã {people.pick('communes')}", f"Tỉnh {people.pick('provinces')[4:]}"
    return civil.Registry(
        commune, province, people.number(3), people.day(2026, 2026).replace(month=3, day=17), people.person().name
    )


def _stay(people: Population) -> health.Stay:
    first = people.day(2025, 2025)
    last = first + dt.timedelta(days=2 + int(people.number(1)))
    return health.Stay(
        people.person(),
        people.pick("hospitals"),
        "Khoa Điều trị tổng hợp",
        people.pick("diagnoses"),
        "Nội khoa, nghỉ ngơi",
        first,
        last,
        people.number(4),
        people.pick("provinces")[4:],
        people.person().name,
        people.person().name,
    )


def _firm(people: Population) -> Firm:
    name = people.pick("companies")
    unit = f"TZ{people.number(4)}L"
    short = " ".join(name.split()[-2:])
    province = people.pick("provinces")[4:]
    return Firm(name, people.tax_code(), unit, 2004, people.address(), province, people.person().name, short)


def letter(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A page of administrative prose with names and addresses; every second one numbered and dated by hand."""
    chosen = rng.permutation(_sentences())[:7]
    facts = [people.person() for _ in range(3)]
    prose = [str(sentence) for sentence in chosen]
    for place, person in zip((1, 3, 5), facts, strict=True):
        born = date_text(person.birth_date)
        prose.insert(place, f"Trường hợp {person.name}, sinh ngày {born}, cư trú tại {person.address}.")
    subject = "Về việc phối hợp rà soát, xác minh thông tin người tham gia"
    number = people.number(3)
    by_pen = rng.random() < 0.5
    return agency.official_letter(
        face, _bureau(people), number, people.day(2025, 2025), subject, tuple(prose), rng, pen=by_pen
    )


def residents_list(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A table of people with their addresses, the page that carries most names and places."""
    sheet = Sheet(face, rng, size_px=32)
    sheet.y = 190
    set_title(sheet, "DANH SÁCH LAO ĐỘNG THAM GIA BẢO HIỂM XÃ HỘI", "Mẫu số: D02-TS", size_px=38)
    rows = []
    for number in range(1, _ROWS + 1):
        person = people.person()
        name, born = value(person.name, "full_name", "name"), value(date_text(person.birth_date), "birth_date", "date")
        rows.append((str(number), name, born, value(person.address, "address", "address")))
    table(sheet, _RESIDENTS, rows)
    paragraph(sheet, f"Danh sách gồm {_ROWS} người.")
    return [(sheet.image, sheet.finish("D02-TS", 1, 1))]


def workers_list(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """The first page of a list 01B-HSB."""
    first = people.day(2025, 2025)
    absences = tuple(
        Absence(people.person(), first, first + dt.timedelta(days=3)) for _ in range(employer.WORKERS_PER_PAGE)
    )
    return employer.worker_list(face, _firm(people), absences, people.number(3), people.day(2025, 2025), rng)


def discharge(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A discharge paper."""
    return health.discharge_paper(face, _stay(people), rng)


def leave(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A certificate of sick leave."""
    return health.leave_certificate(face, _stay(people), people.pick("companies"), rng)


def birth(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A birth certificate."""
    child, mother, father = people.person(2025, 2025), people.person(1985, 2004, "Nữ"), people.person(1985, 2004, "Nam")
    facts = civil.Birth(
        f"{father.name.split()[0]} {child.name.split(' ', 1)[1]}",
        child.sex,
        child.birth_date,
        child.personal_id,
        people.pick("hospitals"),
        mother,
        father,
    )
    return civil.birth_certificate(face, facts, _registry(people), rng)


def death(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """An extract of a death entry, with number and day written by hand."""
    return civil.death_extract(
        face, people.person(1930, 1960), people.day(2025, 2025), people.person(), _registry(people), rng
    )


def request(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """The first page of a request 14-HSB."""
    wish = "Đề nghị giải quyết hưởng chế độ theo quy định của Luật Bảo hiểm xã hội."
    reason = str(rng.choice(_sentences()))
    return requests.benefit_request(face, people.person(), _filing(people), wish, reason, people.number(13), rng)[:1]


def declaration(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A declaration TK1-TS whose numbers are written by hand."""
    change = f"Điều chỉnh nơi cư trú về {people.address()}"
    return requests.participant_declaration(face, people.person(), _filing(people), change, rng, pen=True)


def identity_card(face: fonts.Typeface, people: Population, rng: np.random.Generator) -> list[Drawn]:
    """A copy of both sides of an identity card."""
    person = people.person()
    short = ", ".join(part.split(" ", 1)[1] if part[0].islower() else part for part in person.address.split(", "))
    short = short if len(short) < 46 else short.partition(", ")[2]
    issued = people.day(2021, 2023)
    return card.identity_card(
        face,
        dataclasses.replace(person, address=short, origin=short),
        card.CardDates(issued, issued.replace(year=issued.year + 15, day=1)),
        rng,
    )


DRAWERS: tuple[tuple[str, Drawer], ...] = (
    ("text", letter),
    ("form", discharge),
    ("table", residents_list),
    ("form", death),
    ("text", letter),
    ("form", request),
    ("card", identity_card),
    ("table", workers_list),
    ("form", birth),
    ("form", declaration),
    ("text", letter),
    ("table", residents_list),
    ("form", leave),
)
