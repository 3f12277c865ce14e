"""The hub accepts what is good, sets everything else apart with its reason, tells both sides, and never stops at a bad file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from central_hub.seals import judgement
from edge_node.signing.record import canonical_record, sign_record
from edge_node.store.sync_words import SyncWord
from sync_protocol.bodies import DocumentExamined
from sync_protocol.ids import BlobDigest
from tests.central_hub.seals.hub_with_papers import scene
from tests.edge_node.signing.material import CAPTURED_AT, SEALED_AT, World, world
from tests.sync_protocol.adapters.verification.hostile_copies import CASES, signed_by


def hostile(name: str) -> bytes:
    return next(case for case in CASES if case.name.startswith(name)).make(world())


def without_agency_field(w: World) -> bytes:
    """Properly signed, but made without the place for the agency's signature."""
    from edge_node.copies.typefaces import load_typeface
    from edge_node.signing import pades
    from edge_node.signing.placement import place_on
    from edge_node.signing.stamp import draw_stamp, shown_time
    from sync_protocol.adapters.signature_names import OFFICER_FIELD

    writer, key = pades.open_for_signing(w.copy), w.key("officer_rsa")
    place = place_on(pades.first_page_shape(writer), "top-left")
    words = (f"Người quét: {key.signer_name}", f"Thời gian quét: {shown_time(CAPTURED_AT)}")
    stamp = draw_stamp(words, place, load_typeface("stamp", w.typefaces), at=CAPTURED_AT)
    request = pades.SignatureRequest(OFFICER_FIELD, CAPTURED_AT, certify=True, box=place.box, appearance=stamp)
    return pades.append_signature(writer, key, request)


@dataclass(frozen=True)
class Refusal:
    """A file that must be set apart, and one reason that must be given."""

    name: str
    make: Callable[[World], bytes]
    code: str
    person: str = "officer_rsa"


REFUSALS = (
    Refusal("a signer who is not registered", signed_by("officer_p256"), "VER-024", "officer_p256"),
    Refusal("another officer than the event says", signed_by("officer_p256"), "VER-024"),
    Refusal("a revoked certificate", signed_by("revoked"), "VER-013", "revoked"),
    Refusal("a certificate of a false authority", signed_by("false_issuer"), "VER-014", "false_issuer"),
    Refusal("content changed after signing", lambda w: hostile("03"), "VER-011"),
    Refusal("a flipped bit", lambda w: hostile("01"), "VER-010"),
    Refusal("a script inside", lambda w: hostile("20"), "VER-005"),
    Refusal("no place for the agency", without_agency_field, "VER-007"),
    Refusal("cut off in the middle", lambda w: w.signed.data[: len(w.signed.data) // 2], "VER-001"),
    Refusal("not a PDF at all", lambda w: b"\x89PNG\r\n\x1a\n" * 40, "VER-001"),
    Refusal("a bomb", lambda w: hostile("22"), "VER-006"),
)


def test_a_good_copy_is_accepted_and_both_sides_know(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(world().signed.data)
        s.sent_and_judged()
        assert s.state(paper.pdf) == ("accepted", "")
        for view in (s.at_hub(paper.document_id), s.at_office(paper.document_id)):
            assert (view.examined, view.examined_reasons, view.examined_level) == ("accepted", (), "B-B")
        assert s.told == [{"00101"}]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
def test_a_bad_copy_is_set_apart_with_its_reason_on_both_sides(case: Refusal, tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(case.make(world()), person=case.person)
        s.sent_and_judged()
        state, reason = s.state(paper.pdf)
        assert state == "quarantined"
        assert case.code in reason.split()
        for view in (s.at_hub(paper.document_id), s.at_office(paper.document_id)):
            assert view.examined == "quarantined"
            assert case.code in view.examined_reasons
            assert not view.has_legal_value


def test_the_clerk_is_asked_to_look_and_told_why(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        good, bad = s.capture(world().signed.data), s.capture(hostile("20"))
        s.sent_and_judged()
        said = {"good": s.word(good.pdf), "bad": s.word(bad.pdf)}
        assert said["good"].word == SyncWord.AT_HUB
        assert said["bad"].word == SyncWord.NEEDS_YOU
        assert "tự chạy" in said["bad"].reason


def test_a_poison_file_never_stops_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene(tmp_path) as s:
        poison, good = s.capture(hostile("22")), s.capture(world().signed.data)
        s.send()
        real = judgement.judge

        def explode(*args: object, **words: object) -> judgement.Outcome:
            if args[1] != world().signed.data:
                raise RecursionError("a file that reached our own code")
            return real(*args, **words)  # type: ignore[arg-type]

        monkeypatch.setattr("central_hub.seals.examination.judge", explode)
        s.judge()
        assert s.state(good.pdf) == ("accepted", "")
        assert s.state(poison.pdf) == ("quarantined", "SEA-001")


def test_a_task_that_dies_in_the_sandbox_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(world().signed.data)
        s.send()
        from sync_protocol.adapters.sandbox.sandbox import SandboxLimits

        monkeypatch.setattr(judgement, "LIMITS", SandboxLimits(memory_mb=2048, cpu_s=20, wall_s=0.001))
        s.judge()
        assert s.state(paper.pdf) == ("quarantined", "SBX-002")


def test_without_a_trust_folder_nothing_is_ever_accepted(tmp_path: Path) -> None:
    from central_hub.seals.errors import NoTrustFolder

    with scene(tmp_path) as s:
        s.empty_trust()
        paper = s.capture(world().signed.data)
        s.send()
        with pytest.raises(NoTrustFolder):
            s.judge()
        assert s.state(paper.pdf)[0] == "held"
        assert s.at_hub(paper.document_id).examined == ""
        s.fill_trust()
        s.judge()
        assert s.state(paper.pdf) == ("accepted", "")


def test_without_a_fresh_list_a_file_waits_and_is_judged_when_there_is_one(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        for one in s.trust_folder.glob("*.crl"):
            one.unlink()
        paper = s.capture(world().signed.data)
        s.send()
        s.judge()
        assert s.state(paper.pdf) == ("held", "VER-017")
        s.fill_trust()
        assert s.judge() == 0  # not yet: the next look is a minute away
        s.clock.ms += 61_000
        s.judge()
        assert s.state(paper.pdf) == ("accepted", "")


def test_registering_the_signer_lets_the_file_be_judged_again(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(signed_by("officer_p256")(world()), person="officer_p256")
        s.send()
        s.judge()
        assert s.state(paper.pdf) == ("quarantined", "VER-024")
        s.let_sign("officer_p256")
        s.judge()
        assert s.state(paper.pdf) == ("accepted", "")
        assert s.at_hub(paper.document_id).examined == "accepted"


def test_a_certificate_registered_for_another_office_does_not_count(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        s.let_sign("officer_p256", office="03401")
        paper = s.capture(signed_by("officer_p256")(world()), person="officer_p256")
        s.send()
        s.judge()
        assert s.state(paper.pdf) == ("quarantined", "VER-024")


def bound_record(w: World) -> bytes:
    return canonical_record(
        {"document_type": "GRV"}, pdf_sha256=w.signed.sha256, pdf_len=w.signed.length, office="00101", seq=1, prev="",
        last_acknowledgement="",
    )  # fmt: skip


def test_the_agencys_version_is_accepted_with_both_signatures_over_the_record(tmp_path: Path) -> None:
    w = world()
    with scene(tmp_path) as s:
        paper = s.capture(w.signed.data)
        record = bound_record(w)
        s.record(paper, record, sign_record(record, w.key("officer_rsa"), at=CAPTURED_AT))
        by_agency = sign_record(record, w.key("agency"), at=SEALED_AT)
        s.seal(paper, w.sealed.data, prefix=w.signed.data, record_signature=by_agency)
        s.sent_and_judged()
        assert s.state(paper.pdf) == ("accepted", "")
        view = s.at_office(paper.document_id)
        assert view.examined == "accepted"
        assert view.has_legal_value


def test_an_agency_signature_over_another_record_is_set_apart(tmp_path: Path) -> None:
    w = world()
    with scene(tmp_path) as s:
        paper = s.capture(w.signed.data)
        record = bound_record(w)
        s.record(paper, record, sign_record(record, w.key("officer_rsa"), at=CAPTURED_AT))
        s.seal(
            paper,
            w.sealed.data,
            prefix=w.signed.data,
            record_signature=sign_record(b"{}", w.key("agency"), at=SEALED_AT),
        )
        s.sent_and_judged()
        assert "VER-010" in s.at_office(paper.document_id).examined_reasons


def test_an_agency_signed_file_that_does_not_begin_with_the_officers_is_set_apart(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(signed_by("officer_rsa", SEALED_AT)(world()))  # another paper of the same officer
        own = s.office.files.get(paper.pdf.hex())
        s.seal(paper, world().sealed.data, prefix=own)
        s.sent_and_judged()
        assert "VER-003" in s.at_hub(paper.document_id).examined_reasons
        assert not s.at_office(paper.document_id).has_legal_value


def test_an_agency_signature_on_a_copy_nobody_captured_waits(tmp_path: Path) -> None:
    w = world()
    with scene(tmp_path) as s:
        paper = s.capture(signed_by("officer_rsa", SEALED_AT)(w))
        s.seal(paper, w.sealed.data, prefix=w.signed.data)
        s.send()
        s.judge()
        sealed = BlobDigest(bytes.fromhex(w.sealed.sha256))
        assert s.state(sealed) == ("held", "SEA-003")


def test_a_false_claim_elsewhere_does_not_take_a_file_from_its_owner(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        true, false = s.capture(world().signed.data), s.capture(world().signed.data, person="officer_p256")
        s.sent_and_judged()
        assert s.state(true.pdf) == ("accepted", "")
        assert s.at_hub(true.document_id).examined == "accepted"
        assert s.at_hub(false.document_id).examined_reasons == ("VER-024",)


def test_a_file_that_comes_twice_keeps_what_was_said(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        paper = s.capture(world().signed.data)
        s.sent_and_judged()
        s.office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'local', sent = 0") and None)
        s.send()
        assert s.state(paper.pdf) == ("accepted", "")
        assert s.judge() == 0


def test_no_node_may_say_what_the_hub_found(tmp_path: Path) -> None:
    from central_hub.ingest.commit import HUB_ONLY
    from sync_protocol.bodies import TYPE_OF_BODY

    assert TYPE_OF_BODY[DocumentExamined] in HUB_ONLY


@pytest.mark.parametrize("removed", ["signers", "prepared"])
def test_a_removed_check_turns_this_table_red(removed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary: with one rule taken out, the file that only this rule refuses is accepted."""
    import msgspec

    from sync_protocol.adapters.verification.report import Expectation, Trust
    from sync_protocol.adapters.verification.task import copy_arguments

    empty: object = {} if removed == "signers" else ()

    def weakened(
        trust: Trust, expected: Expectation, now: dt.datetime, proven_at: dt.datetime | None = None
    ) -> dict[str, object]:
        return copy_arguments(trust, msgspec.structs.replace(expected, **{removed: empty}), now, proven_at)

    monkeypatch.setattr(judgement, "copy_arguments", weakened)
    case = next(one for one in REFUSALS if one.code == ("VER-024" if removed == "signers" else "VER-007"))
    with scene(tmp_path) as s:
        paper = s.capture(case.make(world()), person=case.person)
        s.send()
        s.judge()
        assert s.state(paper.pdf) == ("accepted", "")
