"""What a page says of a problem."""

from __future__ import annotations

from edge_node.resolution.errors import NotCustodian, WhyMissing
from sync_protocol.adapters.web.templating import speaking


def test_an_office_is_named_where_names_are_known_and_else_by_its_code() -> None:
    said = speaking(lambda code: f"BHXH Thái Bình ({code})")
    assert said(NotCustodian(office="01204"))[0] == "Hồ sơ này đang do BHXH Thái Bình (01204) giải quyết."
    assert speaking(None)(NotCustodian(office="01204"))[0] == "Hồ sơ này đang do 01204 giải quyết."


def test_what_names_no_office_is_said_as_it_is() -> None:
    problem = WhyMissing()
    assert speaking(str.upper)(problem) == (problem.clerk_sentence, problem.clerk_next_step)
