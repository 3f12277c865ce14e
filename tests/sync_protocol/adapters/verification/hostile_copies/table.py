"""The table: every hostile or honest copy with its verdict and one reason that must be among those given."""

from __future__ import annotations

import datetime as dt

from pikepdf import Dictionary, Name, String

from tests.edge_node.signing.material import CAPTURED_AT, NOW
from tests.sync_protocol.adapters.verification.hostile_copies.case import (
    Case,
    only,
    stale_lists,
    stranger,
    without_lists,
)
from tests.sync_protocol.adapters.verification.hostile_copies.edits import (
    active,
    add_note,
    add_page,
    annotated,
    cyclic_pages,
    deep_pages,
    double_bomb,
    drop_agency_signature,
    embedded_file,
    javascript_later,
    many_pages,
    overwrite_content,
    swap_catalogue,
    swap_image,
)
from tests.sync_protocol.adapters.verification.hostile_copies.forgeries import (
    big_object_stream,
    empty_contents,
    encrypted,
    false_stamp,
    moved_range,
    second_officer_signature,
    sha1_signature,
    signed_for_the_agency_by_an_officer,
    two_contents,
    wrapped_signature,
)
from tests.sync_protocol.adapters.verification.hostile_copies.further import FURTHER
from tests.sync_protocol.adapters.verification.hostile_copies.later import (
    add_layers,
    add_private_data,
    crop_page,
    exchange_metadata,
    rename_field,
    turn_page,
)
from tests.sync_protocol.adapters.verification.hostile_copies.ways import (
    broken_tree,
    changed_bytes,
    flipped,
    raw_update,
    resigned,
    sealed,
    signed,
    signed_by,
    updated,
)

_JS = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
_LAUNCH = Dictionary(S=Name.Launch, F=String("cmd.exe"))
_URI = Dictionary(S=Name.URI, URI=String("http://evil.example/"))
_BACKDATED = CAPTURED_AT - dt.timedelta(days=200)

_FIRST: tuple[Case, ...] = (
    Case("00a officer", signed, "valid", bound=True),
    Case("00b officer and agency", sealed, "valid", sealed=True, bound=True),
    Case("00c officer with P-256", signed_by("officer_p256"), "valid"),
    Case("01 flipped image byte", flipped(b"JFIF", 600), "invalid", "VER-010"),
    Case("01b flipped image byte, bound", flipped(b"JFIF", 600), "invalid", "VER-003", bound=True),
    Case("02 flipped byte of the CMS object", flipped(b"/Contents <", 2500), "invalid"),
    Case("03 overwritten content", updated(overwrite_content), "valid_but_modified", "VER-011"),
    Case("04 added note", updated(add_note), "valid_but_modified", "VER-011"),
    Case("05 exchanged picture", updated(swap_image), "valid_but_modified", "VER-011"),
    Case("06 exchanged page tree", updated(swap_catalogue), "valid_but_modified", "VER-011"),
    Case("07 enlarged gap", wrapped_signature, "invalid"),
    Case("08 byte range null", changed_bytes(rb"/ByteRange\s*\[[^\]]*\]", b"/ByteRange null"), "invalid"),
    Case("09 empty signature", empty_contents, "invalid"),
    Case("10 added page", updated(add_page), "valid_but_modified", "VER-011"),
    Case("11 truncated to the officer's revision", signed, "invalid", "VER-007", sealed=True),
    Case("12 agency signature taken out", updated(drop_agency_signature, sealed), "invalid", "VER-007", sealed=True),
    Case("13 expired certificate", signed_by("expired"), "invalid", "VER-012"),
    Case("13b expired, back-dated claim", signed_by("expired", NOW - dt.timedelta(days=500)), "invalid", "VER-012"),
    Case("14 issuer of the same name", signed_by("false_issuer"), "invalid", "VER-014"),
    Case("15 SHA-1", sha1_signature, "invalid", "VER-016", expect=only(visible=False)),
    Case("16 truncated", lambda world: signed(world)[:-500], "invalid", "VER-001"),
    Case("16b half a file", lambda world: signed(world)[: len(signed(world)) // 2], "invalid"),
    Case("17 empty", lambda world: b"", "invalid", "VER-001"),
    Case("18 no PDF", lambda world: b"MZ\x90\x00" * 100, "invalid", "VER-001"),
    Case("19 encrypted", encrypted, "invalid", "VER-004"),
    Case("20 JavaScript, signed", resigned(active(OpenAction=_JS)), "invalid", "VER-005"),
    Case("20b JavaScript, added later", updated(javascript_later), "invalid", "VER-005"),
    Case("21 Launch, signed", resigned(annotated(_LAUNCH)), "invalid", "VER-005"),
    Case("21b address, signed", resigned(annotated(_URI)), "invalid", "VER-005"),
    Case("21c additional actions", resigned(active(AA=Dictionary(WC=_JS))), "invalid", "VER-005"),
    Case("21d embedded file", resigned(embedded_file), "invalid", "VER-005"),
    Case("22 doubly deflated bomb", resigned(double_bomb), "invalid", "VER-006"),
    Case("23 object stream bomb", big_object_stream, "invalid", "VER-002"),
    Case("24 too many pages", resigned(many_pages), "invalid", "VER-002"),
    Case("25 revoked", signed_by("revoked"), "invalid", "VER-013"),
    Case("25b no revocation list", signed, "invalid", "VER-017", trust=without_lists),
    Case("25c stale revocation list", signed, "invalid", "VER-017", trust=stale_lists),
    Case("26 no non-repudiation", signed_by("no_nonrepudiation"), "invalid", "VER-015"),
    Case(
        "27 back-dated claim",
        signed_by("officer_rsa", _BACKDATED),
        "invalid",
        "VER-023",
        expect=only(not_before=CAPTURED_AT - dt.timedelta(days=1)),
    ),
    Case(
        "27b claim from the future",
        signed,
        "invalid",
        "VER-023",
        expect=only(not_after=CAPTURED_AT - dt.timedelta(hours=1)),
    ),
    Case(
        "28 another name shown",
        false_stamp(("Người quét: Lãnh Đạo", "22-11-2026 09:15:03 +07:00")),
        "invalid",
        "VER-021",
    ),
    Case(
        "28b another time shown",
        false_stamp(("Người quét: Nguyễn Thị Ẵm", "01-01-2020 09:15:03 +07:00")),
        "invalid",
        "VER-022",
    ),
    Case("29 deep page tree", broken_tree(deep_pages), "invalid"),
    Case("30 cyclic page tree", broken_tree(cyclic_pages), "invalid", "VER-006"),
    Case(
        "31 bytes after the end mark", lambda world: signed(world) + b"PK\x03\x04" * 9, "valid_but_modified", "VER-020"
    ),
    Case(
        "31b an unlisted object after the end mark",
        raw_update(b"<< /Type /Catalog >>"),
        "valid_but_modified",
        "VER-020",
    ),
    Case("32 bytes before the header", lambda world: b"GIF89a" + signed(world), "invalid", "VER-001"),
    Case("33 unsigned", lambda world: world.copy, "invalid", "VER-007"),
    Case("34 a signature nobody expects", second_officer_signature, "invalid", "VER-007"),
    Case("35 a signer nobody registered", signed, "invalid", "VER-024", expect=stranger),
    Case("36 another genuine file", signed_by("officer_rsa", CAPTURED_AT), "invalid", "VER-003", bound=True),
    Case("37 contents named twice", two_contents, "invalid", "VER-006"),
    Case("38 overlapping byte range", moved_range(lambda a, b, c: (0, a + 4000, b - 2000, c + 2000)), "invalid"),
    Case("38b byte range without a gap", moved_range(lambda a, b, c: (0, b + c, b + c, 0)), "invalid", "VER-010"),
    Case("38c byte range that begins late", moved_range(lambda a, b, c: (1, a - 1, b, c)), "invalid", "VER-010"),
    Case("38d byte range of negative length", moved_range(lambda a, b, c: (0, a, b, -1)), "invalid", "VER-010"),
    Case("39 the officer's key in the agency's field", signed_for_the_agency_by_an_officer, "invalid", sealed=True),
    Case("39b the agency's key in the officer's field", signed_by("agency"), "invalid", "VER-024", expect=stranger),
    Case("40 a page turned later", updated(turn_page), "valid_but_modified", "VER-011"),
    Case("40b a page cropped later", updated(crop_page), "valid_but_modified", "VER-011"),
    Case("41 a field renamed later", updated(rename_field), "invalid", "VER-007"),
    Case(
        "42 metadata exchanged later",
        updated(exchange_metadata),
        "valid_but_modified",
        "VER-020",
        expect=only(trailing_allowed=False),
    ),
    Case("42b private data added later", updated(add_private_data), "valid_but_modified", "VER-011"),
    Case("42c layers added later", updated(add_layers), "valid_but_modified", "VER-011"),
    Case("43 the file twice in a row", lambda world: signed(world) + signed(world), "valid_but_modified", "VER-020"),
    Case("43b the unsigned copy behind the signed", lambda world: signed(world) + world.copy, "invalid", "VER-007"),
    Case("44 a name with letters that turn the line", false_stamp(("Người quét: \u202eNguyễn Thị Ẵm", "x")), "invalid"),
)

CASES: tuple[Case, ...] = (*_FIRST, *FURTHER)
