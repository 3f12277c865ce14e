"""Names of the signature fields in a copy: what the signing side writes and the verifying side expects, word for word."""

from __future__ import annotations

OFFICER_FIELD = "NguoiQuet_1"
"""The personal signature of the person who captured the copy, top-left of the first page."""

AGENCY_FIELD = "CoQuan_1"
"""The agency signature, top-right of the first page; present and empty from capture on."""

SLIP_FIELD = "CanBo_1"
"""The signature of the officer who issues a slip."""

TIMESTAMP_FIELD_PREFIX = "DauThoiGian_"
"""Document time stamps added at the hub; a number follows."""
