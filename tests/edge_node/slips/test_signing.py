"""A signed slip is accepted by the same verifier as a copy."""

from __future__ import annotations

import pytest

from edge_node.signing.errors import AlreadySigned
from edge_node.slips.signing import sign_slip
from edge_node.slips.typesetting import make_slip
from sync_protocol.adapters.signature_names import SLIP_FIELD
from sync_protocol.adapters.verification.report import Expectation
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world
from tests.edge_node.slips.material import FACTS


def test_a_signed_slip_is_valid_and_a_changed_one_is_not() -> None:
    signed = sign_slip(make_slip("01", FACTS), world().key("officer_p256"), at=CAPTURED_AT, roots=world().roots)
    expected = Expectation(fields=(SLIP_FIELD,), sha256=signed.sha256, length=signed.length, visible=False)
    assert verify_copy(signed.data, trust=world().trust, expected=expected, now=NOW).verdict == "valid"
    changed = signed.data.replace(b"%PDF-1.7", b"%PDF-1.6")
    assert verify_copy(changed, trust=world().trust, expected=expected, now=NOW).verdict == "invalid"


def test_a_slip_is_signed_once() -> None:
    key = world().key("officer_p256")
    with pytest.raises(AlreadySigned):
        sign_slip(sign_slip(make_slip("01", FACTS), key, at=CAPTURED_AT).data, key, at=CAPTURED_AT)
