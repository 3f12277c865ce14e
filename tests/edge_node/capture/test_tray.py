"""The page tray, the decision to digitize, the scan standard and phone links: pure rules."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.capture import phone_link, quality, tray
from edge_node.capture.digitization import (
    DigitizationDecision,
    PaperFacts,
    Waiver,
    digitization_decision,
    refuse_secret_stamp,
    secret_stamp_in,
)
from edge_node.capture.errors import (
    BelowScanStandard,
    ClassifiedPaper,
    PageNotInTray,
    PassesDoNotMatch,
    TrayMismatch,
    WaiverIncomplete,
)
from edge_node.capture.source_errors import PhoneLinkClosed
from edge_node.capture.tray import Tray, TrayPage

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def of(*names: str) -> Tray:
    """A tray of pages with these ids."""
    return tray.add(Tray(), [TrayPage(name, name.encode()) for name in names])


def ids(some: Tray) -> str:
    """Page ids in order."""
    return "".join(page.page_id for page in some.pages)


def test_a_page_scanned_twice_is_stored_once() -> None:
    assert ids(tray.add(of("a", "b"), [TrayPage("b", b"b"), TrayPage("c", b"c")])) == "abc"
    assert ids(tray.add(tray.remove(of("a"), "a", reason="mờ"), [TrayPage("a", b"a")])) == ""


def test_a_note_is_marked_expected_completed_and_taken_off_with_one_key() -> None:
    waiting = tray.toggle_note(of("a"), "a")
    assert [(page.note, page.pair) for page in waiting.pages] == [("with_note", "a")]
    arrived = tray.add(waiting, [TrayPage("b", b"b")])
    whole = tray.toggle_note(arrived, "a")
    assert [page.note for page in whole.pages] == ["with_note", "without_note"]
    assert tray.reconcile(whole, 1, 1).is_complete and tray.note_page_numbers(whole) == (1,)
    assert tray.toggle_note(whole, "b") == of("a", "b")
    assert tray.toggle_note(waiting, "a") == of("a")


def test_declared_notes_are_marked_in_an_untouched_stack_and_counted_as_pages() -> None:
    marked = tray.mark_declared_notes(of("a", "b", "c", "d"), 3, (2,))
    assert [page.note for page in marked.pages] == [None, "with_note", "without_note", None]
    assert tray.note_page_numbers(marked) == (2,)
    assert not tray.reconcile(tray.mark_declared_notes(of("a"), 1, (1,)), 1, 1).is_complete


def test_a_page_taken_out_can_be_put_back_once() -> None:
    out = tray.remove(of("a", "b"), "a", reason="thừa")
    assert ids(tray.restore(out, "a")) == "ba" and tray.restore(out, "a").removed == ()
    assert tray.restore(tray.restore(out, "a"), "a") == tray.restore(out, "a")


def test_pages_can_be_put_between_moved_turned_split_and_merged() -> None:
    start = of("a", "b", "c", "d")
    assert ids(tray.add(start, [TrayPage("x", b"x")], at=1)) == "axbcd"
    assert ids(tray.move(start, "d", to=0)) == "dabc"
    assert ids(tray.move(start, "a", to=3)) == "bcda"
    assert tray.rotate(tray.rotate(start, "b", turns=-1), "b", turns=2).pages[1].turns == 1
    first, second = tray.split(start, "c")
    assert (ids(first), ids(second)) == ("ab", "cd")
    assert tray.merge(first, second) == start


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.data())
def test_no_action_ever_loses_a_page(names: list[str], data: st.DataObject) -> None:
    some = of(*names)
    for _ in range(4):
        name = data.draw(st.sampled_from(names))
        if data.draw(st.booleans()):
            some = tray.move(some, name, to=data.draw(st.integers(0, len(names))))
        else:
            some = tray.merge(*tray.split(some, name))
    assert sorted(ids(some)) == sorted(names)


def test_two_single_sided_passes_are_interleaved() -> None:
    assert ids(tray.interleave(of("1", "3", "5"), of("6", "4", "2"))) == "123456"
    assert ids(tray.interleave(of("1", "3"), of("2", "4"), backs_reversed=False)) == "1234"
    with pytest.raises(PassesDoNotMatch) as caught:
        tray.interleave(of("1", "3", "5"), of("2", "4"))
    assert "3 ảnh" in caught.value.clerk_sentence


def test_a_removed_page_is_kept_with_its_reason() -> None:
    (removal,) = tray.remove(of("a", "b"), "a", reason="mờ").removed
    assert (removal.page.page_id, removal.reason) == ("a", "mờ")


def test_an_unknown_page_is_a_problem() -> None:
    with pytest.raises(PageNotInTray):
        tray.rotate(of("a"), "z", turns=1)


@pytest.mark.parametrize(("pages", "declared", "complete"), [("abc", 3, True), ("ab", 3, False), ("abcd", 3, False)])
def test_the_count_blocks_signing_unless_it_agrees(pages: str, declared: int, complete: bool) -> None:
    found = tray.reconcile(of(*pages), declared, 0)
    assert found.is_complete is complete
    if not complete:
        with pytest.raises(TrayMismatch) as caught:
            found.require_complete()
        assert f"{len(pages)} ảnh" in caught.value.clerk_sentence


def test_a_page_with_a_note_needs_both_its_captures() -> None:
    four = of("a", "n", "b", "c")
    assert not tray.reconcile(four, 3, 1).is_complete
    one_side = tray.expect_note_pair(four, "n")
    assert tray.reconcile(one_side, 3, 1).incomplete_pairs == ("n",)
    both = tray.mark_note_pair(four, with_note="n", without_note="b")
    found = tray.reconcile(both, 3, 1)
    assert found.is_complete and found.expected_images == 4
    assert not tray.reconcile(both, 4, 0).is_complete


def test_equal_images_are_told_as_duplicates() -> None:
    twice = tray.add(of("a"), [TrayPage("b", b"a")])
    assert tray.reconcile(twice, 2, 0).duplicates == (("a", "b"),)


@pytest.mark.parametrize(("paper", "outcome", "clause"), [
    (PaperFacts("earlier_result", "original"), "digitize", "4.1a"),
    (PaperFacts("required_by_law", "photo_compared_with_original"), "digitize", "4.1b"),
    (PaperFacts("catalogue", "photocopy"), "digitize", "4.1c"),
    (PaperFacts("requested", "original"), "digitize", "4.1d"),
    (PaperFacts("verification_result", "original"), "digitize", "4.2"),
    (PaperFacts("required_by_law", "original", has_legal_data=True), "exempt", "5.1"),
    (PaperFacts("required_by_law", "photocopy"), "exempt", "5.2"),
    (PaperFacts("required_by_law", "certified_paper_copy"), "exempt", "5.2"),
    (PaperFacts("required_by_law", "electronic_certified_copy"), "digitize", "4.1b"),
    (PaperFacts("required_by_law", "presented_only"), "exempt", "5.3"),
])  # fmt: skip
def test_the_decision_names_its_clause(paper: PaperFacts, outcome: str, clause: str) -> None:
    decision = digitization_decision(paper)
    assert (decision.outcome, decision.clause) == (outcome, clause)


def test_a_classified_paper_is_refused_whatever_else_is_true() -> None:
    with pytest.raises(ClassifiedPaper):
        digitization_decision(PaperFacts("catalogue", "presented_only", is_classified=True))


@pytest.mark.parametrize("line", ["MẬT", "TỐI MẬT", " TUYỆT  MẬT ", "Độ mật: MẬT".upper(), "[TỐI MẬT]", "MẬT"])
def test_a_secrecy_stamp_is_found_in_what_was_read(line: str) -> None:
    assert secret_stamp_in(["BẢO HIỂM XÃ HỘI VIỆT NAM", line]) is not None
    with pytest.raises(ClassifiedPaper):
        refuse_secret_stamp([line])


@pytest.mark.parametrize("line", ["Bảo mật thông tin cá nhân", "BẢO MẬT", "mật khẩu", "SỎI MẬT", "Viêm túi mật", "MẤT"])
def test_a_sentence_about_other_things_is_no_secrecy_stamp(line: str) -> None:
    assert secret_stamp_in([line]) is None


def test_a_fragile_original_is_copied_first_or_waived_by_a_leader() -> None:
    fragile = PaperFacts("required_by_law", "original", is_fragile=True)
    assert digitization_decision(fragile).advice
    waiver = Waiver("lanh-dao-1", NOW, "Giấy mục, rách khi ép phẳng")
    decision = digitization_decision(fragile, waiver=waiver)
    assert isinstance(decision, DigitizationDecision)
    assert (decision.outcome, decision.waiver) == ("waived", waiver)


@pytest.mark.parametrize("waiver", [Waiver("", NOW, "mục"), Waiver("a", NOW, " ")])
def test_a_waiver_without_decider_or_reason_is_refused(waiver: Waiver) -> None:
    with pytest.raises(WaiverIncomplete):
        digitization_decision(PaperFacts("catalogue", "original", is_fragile=True), waiver=waiver)


def test_a_waiver_for_a_paper_that_is_not_fragile_is_refused() -> None:
    with pytest.raises(WaiverIncomplete):
        digitization_decision(PaperFacts("catalogue", "original"), waiver=Waiver("a", NOW, "b"))


A4 = (210.0, 297.0)


@pytest.mark.parametrize(("capture", "found"), [
    (quality.Capture(1654, 2339, 200, True, A4), ()),
    (quality.Capture(2339, 1654, 200, True, A4), ()),
    (quality.Capture(1646, 2328, 199, True), ("resolution_low",)),
    (quality.Capture(1654, 2339, 0, True), ("resolution_unknown",)),
    (quality.Capture(1654, 2339, 200, False), ("not_colour",)),
    (quality.Capture(1654, 2339, 300, True, A4), ("scaled",)),
])  # fmt: skip
def test_the_scan_standard_at_its_limits(capture: quality.Capture, found: tuple[str, ...]) -> None:
    assert quality.findings(capture) == found


def test_advice_can_be_overruled_with_a_reason_and_a_stop_cannot() -> None:
    quality.require_standard(2, ("not_colour",), accepted_because="bản gốc đen trắng")
    with pytest.raises(BelowScanStandard) as caught:
        quality.require_standard(2, ("not_colour",))
    assert "Trang 2" in caught.value.clerk_sentence
    with pytest.raises(BelowScanStandard):
        quality.require_standard(2, ("resolution_low",), accepted_because="gấp")


@pytest.mark.parametrize(
    ("header", "passes"), [(b"%PDF-1.3", False), (b"%PDF-1.4", True), (b"%PDF-2.0", True), (b"", False)]
)
def test_a_pdf_must_be_of_version_1_4_or_later(header: bytes, passes: bool) -> None:
    assert (quality.pdf_findings(header) == ()) is passes


def _link() -> tuple[str, phone_link.PhoneLink]:
    return phone_link.mint("tray-1", "officer-1", random_bytes=b"\x07" * 32, now=NOW)


def test_a_phone_link_opens_its_own_tray_until_it_expires() -> None:
    token, link = _link()
    used = phone_link.redeem(link, token, tray_id="tray-1", now=NOW + dt.timedelta(minutes=9))
    assert used.uploads_left == link.uploads_left - 1
    assert token.encode() not in link.token_hash


@pytest.mark.parametrize(
    ("token", "tray_id", "minutes"), [("wrong", "tray-1", 0), ("", "tray-2", 0), ("", "tray-1", 10)]
)
def test_a_phone_link_opens_nothing_else(token: str, tray_id: str, minutes: int) -> None:
    right, link = _link()
    with pytest.raises(PhoneLinkClosed):
        phone_link.redeem(link, token or right, tray_id=tray_id, now=NOW + dt.timedelta(minutes=minutes))


def test_a_phone_link_ends_when_it_is_closed_or_used_up() -> None:
    token, link = _link()
    with pytest.raises(PhoneLinkClosed):
        phone_link.redeem(phone_link.close(link), token, tray_id="tray-1", now=NOW)
    for _ in range(phone_link.UPLOADS_MAX):
        link = phone_link.redeem(link, token, tray_id="tray-1", now=NOW)
    with pytest.raises(PhoneLinkClosed):
        phone_link.redeem(link, token, tray_id="tray-1", now=NOW)
