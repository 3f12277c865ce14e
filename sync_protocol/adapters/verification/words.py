"""What a judgement means, in the words of a person at a desk: who signed, when, what it covers, what holds and what does not.

Invariant: every word here says what the report says and nothing more; names come from certificates, never from the page.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from rich.markup import escape

from sync_protocol.adapters.sandbox import errors as sandbox_errors
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD, SLIP_FIELD
from sync_protocol.adapters.terminal import print_json, say
from sync_protocol.adapters.verification import errors as verification_errors
from sync_protocol.adapters.verification.report import SignatureFinding, VerificationReport
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from sync_protocol.adapters.verification.files import JudgedFile

_VIETNAM = dt.timezone(dt.timedelta(hours=7))
_VERDICTS = {
    "valid": "Có giá trị: chữ ký đúng, nội dung không bị sửa.",
    "valid_but_modified": "Chữ ký thật, nhưng tệp đã bị thay đổi sau khi ký.",
    "invalid": "Không dùng được.",
}
_FIELDS = {
    OFFICER_FIELD: "Chữ ký cá nhân của người quét",
    AGENCY_FIELD: "Chữ ký số cơ quan",
    SLIP_FIELD: "Chữ ký của người lập phiếu",
}
_BY_CODE: dict[str, type[Problem]] = {
    kind.code: kind
    for room in (verification_errors, sandbox_errors)
    for kind in vars(room).values()
    if inspect.isclass(kind) and issubclass(kind, Problem)
}


def reason_sentence(code: str) -> str:
    """The clerk's sentence of a reason (Vietnamese); of a code this release does not know, a general one with the code.

    >>> reason_sentence("VER-004")
    'Tệp được đặt mật khẩu nên không kiểm tra được.'
    """
    kind = _BY_CODE.get(code)
    if kind is None or "{" in kind.sentence:
        return f"Trung tâm giữ riêng tệp này ({code})." if code else "Trung tâm giữ riêng tệp này."
    return kind.sentence


def report_lines(name: str, report: VerificationReport) -> list[str]:
    """A report as lines of plain Vietnamese. `name` is how the reader calls the file."""
    lines = [f"{name}: {_VERDICTS[report.verdict]}"]
    lines.append(f"  {_number(report.length)} byte, {report.pages} trang, SHA-256 {report.sha256}")
    lines += [f"  • {_signature(one, report.length)}" for one in report.signatures]
    for reason in report.reasons:
        lines += [f"  ! {reason.sentence} ({reason.code})", f"    → {reason.next_step}"]
    return lines


def show_judged(judged: Sequence[JudgedFile], *, as_json: bool) -> bool:
    """Print reports of files for a person, or as a JSON list; True when every file is valid."""
    if as_json:
        print_json([{"file": one.file, **msgspec.to_builtins(one.report)} for one in judged])
    else:
        for one in judged:
            for line in report_lines(one.file, one.report):
                say(escape(line))
    return all(one.report.verdict == "valid" for one in judged)


def _signature(one: SignatureFinding, length: int) -> str:
    at = one.at.astimezone(_VIETNAM).strftime("%H:%M:%S %d/%m/%Y +07:00") if one.at else "không ghi giờ"
    if one.kind == "timestamp":
        what = f"Dấu thời gian của “{one.signer_name}”, {at}"
    else:
        what = f"{_FIELDS.get(one.field, 'Chữ ký')}: “{one.signer_name}”, ký lúc {at}"
    return f"{what}; {_covered(one, length)}; {_standing(one)}."


def _covered(one: SignatureFinding, length: int) -> str:
    if one.coverage == "less":
        return "không bao trùm trọn phần tệp có lúc ký"
    if one.coverage == "entire_file" or one.covers == length:
        return "bao trùm toàn bộ tệp"
    return f"bao trùm {_number(one.covers)} byte đầu, phần sau được thêm khi đã ký"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _standing(one: SignatureFinding) -> str:
    if not one.intact:
        return "KHÔNG khớp nội dung"
    return "nguyên vẹn, chứng thư tin cậy" if one.trusted else "nguyên vẹn, chứng thư chưa được tin cậy"
