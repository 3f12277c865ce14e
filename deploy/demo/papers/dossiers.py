"""The dossiers of the demo: three visits to office A, what office B adds, the result, the mother's second request."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import msgspec
import numpy as np

from deploy.demo.papers import agency, book, card, cast, civil, employer, fonts, health, requests
from deploy.demo.papers.employer import Absence
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.people import Population
from deploy.demo.papers.scan import Look
from deploy.demo.papers.story import Applicant, Dossier, Paper, person_applicant

Visit = tuple[Dossier, list[Paper]]
_FILED = dt.date(2026, 11, 16)
_TODAY_A = requests.Filing(cast.BUREAU_A.name, "Hà Nội", _FILED)


def _dossier(key: str, office: str, procedure: str, applicant: Applicant) -> Dossier:
    """A visit in person by the worker herself; what differs is replaced by the caller."""
    code, name = cast.OFFICES[office]
    return Dossier(
        key=key,
        office=office,
        office_code=code,
        office_name=name,
        procedure=procedure,
        channel="in_person",
        submitter_type="direct_worker",
        applicant=applicant,
        components=[],
    )


def _birth(face: fonts.Typeface) -> Callable[[np.random.Generator], list[Drawn]]:
    birth = civil.Birth(
        cast.CHILD_NAME,
        "Nữ",
        cast.BIRTH_DATE,
        cast.CHILD_ID,
        "Bệnh viện Phụ sản Thăng Đô, Hà Nội",
        cast.MOTHER,
        cast.FATHER,
    )
    return lambda rng: civil.birth_certificate(face, birth, cast.REGISTRY_BIRTH, rng)


def mother(face: fonts.Typeface) -> Visit:
    """A mother asks for maternity benefit herself."""
    on_card = dataclasses.replace(cast.MOTHER, address=cast.MOTHER_CARD_ADDRESS)
    dates = card.CardDates(dt.date(2021, 5, 10), dt.date(2034, 8, 14))
    stay = health.Stay(
        cast.MOTHER,
        "Bệnh viện Phụ sản Thăng Đô",
        "Khoa Sản thường",
        "Đẻ thường, con thứ nhất, thai 39 tuần",
        "Theo dõi sau đẻ, kháng sinh dự phòng",
        dt.date(2026, 10, 5),
        dt.date(2026, 10, 9),
        "10482",
        "Hà Nội",
        "Tạ Thị Nhẫn",
        "Nghiêm Xuân Đoàn",
    )
    wish = (
        "Đề nghị giải quyết trợ cấp thai sản khi sinh con theo Luật Bảo hiểm xã hội cho người lao "
        "động đã thôi việc trước thời điểm sinh con."
    )
    reason = (
        "Tôi sinh con ngày 06/10/2026, đã đóng bảo hiểm xã hội bắt buộc đủ 06 tháng trong thời "
        "gian 12 tháng trước khi sinh con."
    )
    papers = [
        Paper(
            "CCCD",
            "Bản chụp thẻ căn cước công dân",
            lambda rng: card.identity_card(fonts.serif(), on_card, dates, rng),
            form="photo_with_original",
            look=Look(skew_degrees=-0.4),
        ),
        Paper("GKS", "Giấy khai sinh", _birth(face), look=Look(skew_degrees=0.3)),
        Paper("GRV", "Giấy ra viện", lambda rng: health.discharge_paper(face, stay, rng), look=Look(skew_degrees=1.5)),
        Paper(
            "14-HSB",
            "Đơn đề nghị",
            lambda rng: requests.benefit_request(face, cast.MOTHER, _TODAY_A, wish, reason, "1508205046327", rng),
            look=Look(skew_degrees=-0.2),
        ),
    ]
    return _dossier("mother", "A", "1.014166", person_applicant(cast.MOTHER)), papers


def employer_by_post(face: fonts.Typeface) -> Visit:
    """An employer sends the sick-leave list of its workers by post."""
    people = Population(np.random.default_rng(6108))
    absences = []
    for _ in range(25):
        first = dt.date(2026, 10, 1) + dt.timedelta(days=int(people.number(1)) * 2)
        absences.append(Absence(people.person(1970, 2003), first, first + dt.timedelta(days=1 + int(people.number(1)))))
    sick = absences[0]
    leave = health.Stay(
        sick.worker,
        "Bệnh viện Đa khoa Vũ Thư",
        "Khoa Khám bệnh",
        "Viêm phế quản cấp, đã ổn định",
        "Kháng sinh, hạ sốt, nghỉ ngơi",
        sick.first,
        sick.last,
        "3207",
        "Hưng Yên",
        "Bế Thị Nhung",
        "Khổng Minh Triển",
    )
    firm, letter = cast.FIRM, dt.date(2026, 11, 10)
    applicant = Applicant(
        kind="organisation",
        name=firm.name,
        address=firm.address,
        unit_number=firm.unit_number,
        tax_code=firm.tax_code,
        founded_year=firm.founded_year,
    )
    papers = [
        Paper(
            "CV",
            "Công văn đề nghị của đơn vị",
            lambda rng: employer.cover_letter(face, firm, "118", letter, cast.BUREAU_A.name, len(absences), rng),
            look=Look(skew_degrees=0.5),
        ),
        Paper(
            "01B-HSB",
            "Danh sách đề nghị hưởng chế độ",
            lambda rng: employer.worker_list(face, firm, tuple(absences), "119", letter, rng),
            look=Look(skew_degrees=-0.3),
        ),
        Paper(
            "GCN-NV",
            "Giấy chứng nhận nghỉ việc hưởng BHXH",
            lambda rng: health.leave_certificate(face, leave, firm.name, rng),
            note_pages=(1,),
        ),
    ]
    dossier = _dossier("employer", "A", "1.014163", applicant)
    return msgspec.structs.replace(dossier, submitter_type="employer", channel="postal"), papers


def survivor(face: fonts.Typeface) -> Visit:
    """A widow without a personal number asks for the monthly survivor's allowance."""
    filing = requests.Filing(cast.BUREAU_A.name, "Hà Nội", dt.date(2026, 11, 17))
    relatives = (("Lê Thị Khuyên", "1957", "Vợ"), ("Hoàng Thị Dậu", "1931", "Mẹ đẻ"))
    periods = tuple(
        (f"01/{year}", f"12/{year + 1}", text, wage)
        for year, text, wage in (
            (1984, "Công nhân, Xí nghiệp Gạch ngói Cầu Giẽ", "290"),
            (1986, "Thợ nguội, Nhà máy Cơ khí Trường Thịnh", "312"),
            (1988, "Thợ nguội bậc 3, Nhà máy Cơ khí Trường Thịnh", "35.700"),
            (1990, "Thợ nguội bậc 4, Nhà máy Cơ khí Trường Thịnh", "272.000"),
            (1992, "Tổ phó, Nhà máy Cơ khí Trường Thịnh", "325.400"),
            (1994, "Tổ trưởng, Nhà máy Cơ khí Trường Thịnh", "446.000"),
            (1996, "Đốc công, Công ty Cổ phần Cơ khí Trường Thịnh", "812.500"),
            (1998, "Đốc công, Công ty Cổ phần Cơ khí Trường Thịnh", "1.034.000"),
        )
    )
    papers = [
        Paper(
            "09-HSB",
            "Tờ khai của thân nhân",
            lambda rng: requests.relatives_declaration(
                face, cast.WIDOW, cast.DEAD, cast.DEATH_DATE, relatives, filing, rng
            ),
            look=Look(skew_degrees=0.2),
        ),
        Paper(
            "TL-KT",
            "Trích lục khai tử",
            lambda rng: civil.death_extract(face, cast.DEAD, cast.DEATH_DATE, cast.WIDOW, cast.REGISTRY_DEATH, rng),
            form="register_e_copy",
            look=Look(skew_degrees=-0.7),
        ),
        Paper(
            "SO-BHXH",
            "Sổ bảo hiểm xã hội",
            lambda rng: book.insurance_book(
                face,
                cast.DEAD,
                dt.date(2023, 5, 12),
                "Bảo hiểm xã hội thành phố Hà Nội",
                "Hà Nội",
                "Uông Đức Phẩm",
                periods,
                rng,
            ),
            form="photo_with_original",
            look=Look(skew_degrees=0.4),
        ),
    ]
    dossier = _dossier("survivor", "A", "1.014178", person_applicant(cast.WIDOW))
    return msgspec.structs.replace(dossier, submitter_type="relative"), papers


def supplement(face: fonts.Typeface) -> Visit:
    """Office B verifies the mother's residence and adds its record to her dossier."""
    finding = (
        "Bà Nguyễn Thị Ấn sinh ra và đăng ký thường trú tại thôn Đông Trì, xã Vũ Hội, huyện Vũ "
        "Thư, tỉnh Thái Bình (nay là xã Vũ Thư, tỉnh Hưng Yên) đến ngày 15/02/2023, sau đó chuyển "
        "đến phường Ngọc Hà, Hà Nội. Cháu Trần Nguyễn Bảo Châu là con đẻ của bà Ấn và ông Trần Văn "
        "Quyết."
    )
    record = Paper(
        "BB",
        "Biên bản xác minh",
        lambda rng: agency.verification_record(
            face, cast.BUREAU_B, cast.MOTHER, "36", dt.date(2026, 11, 18), finding, rng
        ),
        look=Look(skew_degrees=-0.5),
    )
    dossier = _dossier("supplement", "B", "1.014166", person_applicant(cast.MOTHER))
    return msgspec.structs.replace(dossier, adds_to="mother"), [record]


def result(face: fonts.Typeface) -> Visit:
    """Office B, which took the dossier over, decides; the page is clean as from the typesetter."""
    paper = Paper(
        "QD",
        "Quyết định hưởng chế độ thai sản",
        lambda rng: agency.decision(
            face, cast.BUREAU_B, cast.MOTHER, "2147", dt.date(2026, 11, 20), "39.840.000", cast.CHILD_NAME, rng
        ),
        clean=True,
    )
    dossier = _dossier("result", "B", "1.014166", person_applicant(cast.MOTHER))
    return msgspec.structs.replace(dossier, adds_to="mother", result_code="KQ.G09.000360"), [paper]


def second(face: fonts.Typeface) -> Visit:
    """Later the mother moves home and has her data changed at office B; her child's certificate is already known."""
    moved = dataclasses.replace(cast.MOTHER, address=cast.MOTHER_LATER_ADDRESS)
    filing = requests.Filing(cast.BUREAU_B.name, "Hưng Yên", dt.date(2026, 11, 22))
    change = (
        "Điều chỉnh địa chỉ nơi cư trú và nơi đăng ký khám bệnh, chữa bệnh ban đầu; bổ sung thông tin con mới sinh."
    )
    paper = Paper(
        "TK1-TS",
        "Tờ khai tham gia, điều chỉnh thông tin",
        lambda rng: requests.participant_declaration(face, moved, filing, change, rng),
        look=Look(skew_degrees=0.3),
    )
    dossier = _dossier("second", "B", "1.014162", person_applicant(moved))
    return msgspec.structs.replace(dossier, reuses=["mother/GKS"]), [paper]


def visits(face: fonts.Typeface) -> list[Visit]:
    """All visits in the order of the story."""
    return [tell(face) for tell in (mother, employer_by_post, survivor, supplement, result, second)]
