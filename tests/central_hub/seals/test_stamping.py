"""Accepted files get their time stamp as soon as the authority answers, and a new one before that ends; silence costs nothing but time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from central_hub.seals.preserved import Preserved, preserved_of
from deploy.demo.authority import certify, revocation_list, root_revocation_list
from sync_protocol.adapters.timestamp_renewal import newest_stamp
from sync_protocol.ids import BlobDigest
from tests.central_hub.seals.hub_with_papers import Scene, ms, scene
from tests.doubles.dated_authority import DatedAuthority
from tests.edge_node.signing.material import NOW, world

YEAR = dt.timedelta(days=365)


def dated(years: tuple[int, int]) -> DatedAuthority:
    return DatedAuthority(
        certify("TSA", world().authority.issuing, NOW, rsa_bits=2048, time_stamping=True, years=years), NOW
    )


def lasting(s: Scene, digest: BlobDigest) -> Preserved | None:
    return s.hub.store.readers.run(lambda c: preserved_of(c, digest))


def test_an_accepted_file_is_kept_beside_its_lasting_copy(tmp_path: Path) -> None:
    with scene(tmp_path, post=dated((1, 5)).answer) as s:
        paper = s.capture(world().signed.data)
        s.sent_and_judged()
        kept = lasting(s, paper.pdf)
        assert kept is not None
        files = s.hub.service.files.files
        assert files.get(paper.pdf.hex()) == world().signed.data
        assert files.get(kept.preserved.hex()).startswith(world().signed.data)
        assert s.at_office(paper.document_id).examined_level == "B-LTA"


def test_a_silent_authority_costs_a_level_and_is_asked_again_later(tmp_path: Path) -> None:
    authority = dated((1, 5))
    answers = False

    def sometimes(query: bytes) -> bytes:
        if not answers:
            raise ConnectionRefusedError
        return authority.answer(query)

    with scene(tmp_path, post=sometimes) as s:
        first, second = s.capture(world().signed.data), s.capture(world().signed.data[:-1])
        s.sent_and_judged()
        assert s.state(first.pdf) == ("accepted", "")
        assert s.state(second.pdf)[0] == "quarantined"  # the silence held up nobody
        assert s.at_office(first.document_id).examined_level == "B-B"
        assert lasting(s, first.pdf) is None
        answers = True
        assert s.judge() == 0  # not asked again at once
        s.clock.ms += 10 * 60_000
        authority.clock = s.now()
        s.sent_and_judged()
        assert lasting(s, first.pdf) is not None
        assert s.at_office(first.document_id).examined_level == "B-LTA"


def test_a_stamp_is_renewed_once_before_its_authority_ends(tmp_path: Path) -> None:
    authority = dated((1, 1))
    with scene(tmp_path, post=authority.answer) as s:
        paper = s.capture(world().signed.data)
        s.sent_and_judged()
        before = lasting(s, paper.pdf)
        later = NOW + dt.timedelta(days=300)
        s.clock.ms = ms(later)
        authority.clock, authority.identity = later, dated((1, 4)).identity
        (s.trust_folder / "0.crl").write_bytes(root_revocation_list(world().authority, later))
        (s.trust_folder / "1.crl").write_bytes(revocation_list(world().authority, later))
        assert s.judge() == 1
        after = lasting(s, paper.pdf)
        assert before is not None and after is not None
        assert (before.stamps, after.stamps) == (1, 2)
        assert after.ends_ms > before.ends_ms + ms(NOW + YEAR) - ms(NOW)
        found = newest_stamp(s.hub.service.files.files.get(after.preserved.hex()))
        assert found is not None and found.number == 2
        assert s.judge() == 0
