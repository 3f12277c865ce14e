"""The fleet names offices as people do: an operator knows a place, not its code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.ingest.nodes import enrol_node
from sync_protocol.ids import NodeId, OfficeCode
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.directory.desk_of_law import publish_shipped
from tests.central_hub.web.person import Person

PLACE = "Bảo hiểm xã hội cơ sở Ba Đình"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    publish_shipped(one, tmp_path)
    for node, office in (("n00101a", "00101"), ("n90001a", "90001")):
        one.store.writer.run(
            lambda c, n=node, o=office: enrol_node(c, NodeId(n), OfficeCode(o), b"k" * 32, 1)  # type: ignore[misc]
        )
    yield one
    one.store.close()


@pytest.mark.parametrize("path", ["/fleet", "/fleet?view=table", "/fleet/list?view=table", "/nodes/n00101a"])
def test_an_office_stands_with_its_name(hub: Hub, path: str) -> None:
    assert PLACE in Person(web_of_hub(hub), "operator").get(path).text


def test_an_office_is_found_by_its_name_also_without_marks(hub: Hub) -> None:
    found = Person(web_of_hub(hub), "operator").get("/fleet/list?view=table&q=ba dinh").text
    assert "n00101a" in found and "n90001a" not in found


def test_names_are_made_once_for_a_version_and_a_day(hub: Hub) -> None:
    assert hub.law.names(hub.now()) is hub.law.names(hub.now())
