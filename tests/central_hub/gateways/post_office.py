"""A hub with its post over a double of an outside system, and the ways to move it."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

from central_hub.app import Hub
from central_hub.gateways.client import Client
from central_hub.gateways.mailbox import Gateway
from central_hub.gateways.post import Post
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import GENESIS, EventId, OfficeCode, RecordId
from tests.browser.desk import Clock
from tests.browser.hub import make_hub
from tests.central_hub.cases.heard import say
from tests.central_hub.directory.published import published
from tests.doubles.outside import Outside
from tests.offices import reception, rid


class Law:
    """The shipped catalogue, or none."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        self._catalogue = catalogue

    def current(self) -> Catalogue | None:
        return self._catalogue


class PostOffice:
    """A hub, its clock and its post."""

    def __init__(
        self, root: Path, outside: Outside, *gateways: Gateway, units: dict[str, str] | None = None, settings: str = ""
    ) -> None:
        self.clock = Clock()
        self.hub: Hub = make_hub(root / "hub", self.clock, settings)
        self._seq = 0
        self._last: EventId = GENESIS
        self.told: list[set[OfficeCode]] = []
        token = root / "token"
        token.write_text("secret-token\n")

        async def spread(news: set[OfficeCode]) -> None:
            self.told.append(news)

        self.post = Post(
            self.hub.store, {one: Client(one, outside.address, token, timeout_s=2) for one in gateways}, epoch=self.hub.identity.epoch,
            now_ms=self.hub.now_ms, chance=lambda: 1.0, spread=spread, catalogue=Law(published()), units=units or {},  # type: ignore[arg-type]
        )  # fmt: skip
        asyncio.run(self.post.step())  # switched on: from here on things are told

    def run(self, looks: int = 12) -> None:
        """Look until nothing moves."""

        async def move() -> None:
            for _ in range(looks):
                if not await self.post.step():
                    return

        asyncio.run(move())

    def receive(self, number: int, name: str, personal_id: str, record: RecordId | None = None) -> None:
        """A desk's reception arrives, one after the other in its log."""
        self._seq += 1
        at = int.from_bytes(record or rid(number), "big")
        body = reception(number, "00101", name, personal_id)
        self._last = self.hub.store.writer.run(lambda c: say(c, self.hub, at, "00101", body, self._seq, self._last))

    def later(self, minutes: float) -> None:
        self.clock.at += dt.timedelta(minutes=minutes)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.hub.store.readers.run(lambda c: c.execute(sql).fetchall())


def application(number: str, unit: str = "00101", **changed: Any) -> dict[str, Any]:
    """An application in the portal's words."""
    return {
        "MaHoSo": number, "MaDonVi": unit, "MaTTHC": "1.014166", "ChuHoSo": "Phạm Thị Ẩn", "SoDinhDanh": "001185012345", "NgaySinh": "19850201",
        "NgayNop": "20261121093000", "TaiLieuNop": [{"TenGiayTo": "Giấy khai sinh"}],
    } | changed  # fmt: skip
