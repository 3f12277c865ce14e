"""The index from hub to desk: nothing coded is missed, nothing is older than it says, a cut line costs a repetition, and R-10 is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.existence.entries import coded_papers
from central_hub.existence.publishing import KEY_LIFE_MS, files_in_force, publish
from central_hub.lookup import audit
from edge_node.existence.asking_again import ask_again, owed, repeat_of, repeats_with_finds
from edge_node.existence.known import Existence
from edge_node.existence.taking import take_index
from edge_node.store.ledger import Act, Draft
from edge_node.sync.driver import SyncDriver
from edge_node.sync.errors import NoLine
from edge_node.sync.line import Line
from edge_node.sync.pushing import HubKnown
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters.key_errors import SignatureRejected
from sync_protocol.bodies import ComponentDeclared, CopyCaptured, DocumentCoded, Party, Revoked
from sync_protocol.errors import Problem
from sync_protocol.existence import Offered
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.messages import ExistenceOffer
from tests.offices import HUB_NAME, Clock, Hub, Office, reception, rid

ENTROPY = random.Random(5).randbytes
MOTHER = "001185012345"


def person(number: str) -> Party:
    return Party(kind="person", name="", personal_id=number)


class Country:
    """A hub and two offices of different provinces."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.north = Office(root / "north", "n00101a", "00101", self.clock)
        self.south = Office(root / "south", "n07901a", "07901", self.clock, seed=b"B")
        for office in (self.north, self.south):
            self.hub.enrol(office)
        self.known = HubKnown(HUB_NAME, self.hub.signer.public_key)

    def code_paper(self, office: Office, number: int, owner: str, kind: str, applicant: str = "") -> DocumentId:
        """A dossier with one coded paper."""
        document, record = DocumentId(number.to_bytes(16, "big")), rid(number)
        bodies = (
            reception(number, office.office, personal_id=applicant or owner),
            CopyCaptured(
                component_id=ComponentId(b"c" * 16), document_id=document, pdf=BlobDigest(bytes(32)), pdf_size=1, pages=1, images=1,
                officer="cb", signer_name="x", captured_ms=1,
            ),
            DocumentCoded(document_id=document, owner=owner, procedure="1", document_type=kind, number_symbol="7", code=f"{owner}.1.{kind}.7"),
        )  # fmt: skip
        office.ledger.save(Act("cb", "intake", "x"), [Draft(record, body) for body in bodies])
        return document

    def publish(self, **more: object) -> object:
        """A publication, a day later."""
        self.clock.ms += 86_400_000
        return publish(self.hub.store, self.hub.service.files.files, self.clock(), ENTROPY, **more)  # type: ignore[arg-type]

    async def sync(self, office: Office) -> SyncDriver:
        """Up and down."""
        return await office.exchange(self.hub)

    async def take(self, office: Office) -> bool:
        """Greet and bring the index."""
        driver = office.join(self.hub)
        await driver.greet_once()
        assert driver.welcome is not None
        return await take_index(driver.line, office.transfers, office.store, self.known, driver.welcome.existence_ms)

    def existence(self, office: Office) -> Existence:
        return Existence(office.store, office.files, office.office)

    def close(self) -> None:
        self.hub.close()
        self.north.close()
        self.south.close()


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    one = Country(tmp_path)
    yield one
    one.close()


def test_a_desk_without_a_line_knows_what_another_province_has_and_as_of_when(country: Country) -> None:
    country.code_paper(country.south, 1, MOTHER, "G1")
    asyncio.run(country.sync(country.south))
    assert country.existence(country.north).known(person(MOTHER), "G1").as_of_ms == 0
    country.publish()
    assert asyncio.run(country.take(country.north)) and not asyncio.run(country.take(country.north))
    found = country.existence(country.north).known(person(MOTHER), "G1")
    assert found.offices == ("07901",) and found.as_of_ms == country.clock()
    assert country.existence(country.north).known(person(MOTHER), "G2").offices == ()
    assert country.existence(country.north).known(person("001185012346"), "G1").offices == ()
    assert country.existence(country.south).known(person(MOTHER), "G1").as_of_ms == 0


def test_what_is_coded_here_is_no_news_from_elsewhere(country: Country) -> None:
    country.code_paper(country.north, 1, MOTHER, "G1")
    asyncio.run(country.sync(country.north))
    country.publish()
    asyncio.run(country.take(country.north))
    assert country.existence(country.north).known(person(MOTHER), "G1").offices == ()


def test_a_child_s_paper_is_found_under_the_mother_who_brought_it(country: Country) -> None:
    country.code_paper(country.south, 1, "001219000001", "KS", applicant=MOTHER)
    asyncio.run(country.sync(country.south))
    country.publish()
    asyncio.run(country.take(country.north))
    known = country.existence(country.north)
    assert known.known(person(MOTHER), "KS").offices == known.known(person("001219000001"), "KS").offices == ("07901",)


def test_a_paper_whose_dossier_arrives_after_it_is_in_the_next_daily_file(country: Country) -> None:
    """Two desks of an office, one without a line: what was coded at the second arrives before the reception at the first."""
    number, office = 41, country.south.office
    document = DocumentId(number.to_bytes(16, "big"))
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=document, pdf=BlobDigest(bytes(32)), pdf_size=1, pages=1, images=1,
        officer="cb", signer_name="x", captured_ms=1,
    )  # fmt: skip
    coded = DocumentCoded(
        document_id=document, owner="001219000001", procedure="1", document_type="KS", number_symbol="7", code="001219000001.1.KS.7"
    )
    country.code_paper(country.north, 1, "001219000009", "KS")
    asyncio.run(country.sync(country.north))
    country.publish()
    for body in (captured, coded):
        country.south.ledger.save(Act("cb", "intake", "x"), [Draft(rid(number), body)])
    asyncio.run(country.sync(country.south))
    country.publish()
    country.south.ledger.save(
        Act("cb", "intake", "x"), [Draft(rid(number), reception(number, office, personal_id=MOTHER))]
    )
    asyncio.run(country.sync(country.south))
    country.publish()
    asyncio.run(country.take(country.north))
    assert country.existence(country.north).known(person(MOTHER), "KS").offices == ("07901",)


def test_every_day_brings_a_small_file_and_nothing_coded_is_ever_missed(country: Country) -> None:
    owners = [f"0011850{number:05d}" for number in range(1, 25)]
    made = []
    for number, owner in enumerate(owners, start=1):
        country.code_paper(country.south, number, owner, "G1")
        if number % 8 == 0:
            asyncio.run(country.sync(country.south))
            made.append(country.publish())
            asyncio.run(country.take(country.north))
            known = country.existence(country.north)
            assert all(known.known(person(one), "G1").offices for one in owners[:number])
    assert [one.is_base for one in made] == [True, False, False]  # type: ignore[attr-defined]
    assert [one.entries for one in made] == [8, 8, 8]  # type: ignore[attr-defined]
    assert country.hub.store.readers.run(coded_papers) == 24


def test_a_revoked_paper_leaves_the_index_and_the_old_files_leave_the_disk(country: Country) -> None:
    document = country.code_paper(country.south, 1, MOTHER, "G1")
    country.code_paper(country.south, 2, "001185000002", "G1")
    asyncio.run(country.sync(country.south))
    country.publish()
    asyncio.run(country.take(country.north))
    (first,) = country.hub.store.readers.run(files_in_force)
    revoked = Revoked(document_id=document, authority=OfficeCode("07901"), reason="x", officer="ld", at_ms=1)
    country.south.ledger.save(Act("ld", "leader", "x"), [Draft(rid(1), revoked)])
    asyncio.run(country.sync(country.south))
    assert country.publish().is_base  # type: ignore[attr-defined]
    assert country.existence(country.north).known(person(MOTHER), "G1").offices == ("07901",)  # as of the day before
    asyncio.run(country.take(country.north))
    known = country.existence(country.north)
    assert known.known(person(MOTHER), "G1").offices == () and known.known(person("001185000002"), "G1").offices == (
        "07901",
    )
    for files in (country.hub.service.files.files, country.north.files):
        assert not files.has(first.digest.hex())


def test_a_country_is_cut_into_several_files_and_still_answers(country: Country) -> None:
    owners = [f"0011850{number:05d}" for number in range(1, 12)]
    for number, owner in enumerate(owners, start=1):
        country.code_paper(country.south, number, owner, "G1")
    asyncio.run(country.sync(country.south))
    assert country.publish(file_entries=4).files == 3  # type: ignore[attr-defined]
    asyncio.run(country.take(country.north))
    assert all(country.existence(country.north).known(person(one), "G1").offices == ("07901",) for one in owners)


def test_a_cut_line_leaves_the_former_index_in_force_and_costs_no_second_file(country: Country) -> None:
    for number in range(1, 9):
        country.code_paper(country.south, number, f"0011850{number:05d}", "G1")
    asyncio.run(country.sync(country.south))
    country.publish(file_entries=3)

    async def cut_after(requests: int) -> None:
        driver = country.north.join(country.hub)
        await driver.greet_once()
        carrier, left = country.north.carrier, [requests]
        assert carrier is not None and driver.welcome is not None
        real = carrier.request

        async def request(verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
            left[0] -= 1
            if left[0] < 0:
                raise NoLine()
            return await real(verb, payload, timeout=timeout, lane=lane)

        carrier.request = request  # type: ignore[method-assign]
        with pytest.raises(Problem):
            await take_index(
                driver.line, country.north.transfers, country.north.store, country.known, driver.welcome.existence_ms
            )

    asyncio.run(cut_after(2))
    assert country.existence(country.north).known(person("001185000001"), "G1").as_of_ms == 0
    assert sum(country.north.files.has(one.digest.hex()) for one in country.hub.store.readers.run(files_in_force)) == 1
    asyncio.run(country.take(country.north))
    assert country.existence(country.north).known(person("001185000001"), "G1").offices == ("07901",)


def test_an_offer_that_the_hub_did_not_sign_is_refused(country: Country) -> None:
    class Forger(Line):
        async def expect(self, request, kind):  # type: ignore[no-untyped-def]
            return ExistenceOffer(Offered(b"k" * 32, ()), b"s" * 64)

    line = Forger(country.north.join(country.hub).line._carrier)
    transfers = Transfers(country.north.store, country.north.files, line, country.clock)
    with pytest.raises(SignatureRejected):
        asyncio.run(take_index(line, transfers, country.north.store, country.known, 7))


def test_a_file_that_is_gone_or_damaged_is_no_index_and_never_a_no(country: Country) -> None:
    country.code_paper(country.south, 1, MOTHER, "G1")
    asyncio.run(country.sync(country.south))
    country.publish()
    asyncio.run(country.take(country.north))
    for one in country.hub.store.readers.run(files_in_force):
        country.north.files.remove(one.digest.hex())
    assert country.existence(country.north).known(person(MOTHER), "G2").as_of_ms == 0


def test_the_key_changes_every_year_and_with_it_every_file(country: Country) -> None:
    country.code_paper(country.south, 1, MOTHER, "G1")
    asyncio.run(country.sync(country.south))
    country.publish()
    first = country.hub.store.readers.run(files_in_force)
    country.clock.ms += KEY_LIFE_MS
    assert country.publish().is_base  # type: ignore[attr-defined]
    assert not set(first) & set(country.hub.store.readers.run(files_in_force))
    asyncio.run(country.take(country.north))
    assert country.existence(country.north).known(person(MOTHER), "G1").offices == ("07901",)


def received_offline(country: Country, check: str) -> RecordId:
    """A dossier of the mother at the north office, with a birth certificate to scan."""
    record = rid(77)
    declared = ComponentDeclared(
        component_id=ComponentId(b"k" * 16),
        document_type="KS",
        name="Giấy khai sinh",
        decision="digitize",
        reuse_check=check,  # type: ignore[arg-type]
    )
    bodies = (reception(77, "00101", personal_id=MOTHER), declared)
    country.north.ledger.save(Act("cb", "intake", "x"), [Draft(record, body) for body in bodies])
    return record


def again(country: Country) -> list[object]:
    async def work() -> list[object]:
        driver = await country.sync(country.north)
        return list(await ask_again(driver.line, country.north.store, country.north.office, country.clock()))

    return asyncio.run(work())


def test_a_check_that_was_only_local_is_made_again_at_the_next_connection_and_reported(country: Country) -> None:
    country.code_paper(country.south, 1, "001219000001", "KS", applicant=MOTHER)
    asyncio.run(country.sync(country.south))
    record = received_offline(country, "local_only")
    assert len(country.north.store.readers.run(lambda c: owed(c, country.north.office, country.clock()))) == 1
    assert len(again(country)) == 1 and again(country) == []
    repeat = country.north.store.readers.run(lambda c: repeat_of(c, record))
    assert repeat is not None and repeat.as_of_ms == country.clock()
    assert [(one.component, one.office) for one in repeat.found] == [("Giấy khai sinh", "07901")]
    assert [one.rid for one in country.north.store.readers.run(repeats_with_finds)] == [record]
    rows = country.hub.store.readers.run(lambda c: c.execute("SELECT what, dossier FROM audit").fetchall())
    assert (
        set(rows) == {("find:personal_id", "00101-261122-0077")}
        and country.hub.store.readers.run(audit.broken_at) is None
    )


def test_a_check_of_every_source_is_not_made_again(country: Country) -> None:
    received_offline(country, "full")
    assert again(country) == []


def test_nothing_found_is_kept_as_an_answer_too(country: Country) -> None:
    record = received_offline(country, "local_only")
    assert len(again(country)) == 1
    repeat = country.north.store.readers.run(lambda c: repeat_of(c, record))
    assert repeat is not None and repeat.found == () and country.north.store.readers.run(repeats_with_finds) == []
