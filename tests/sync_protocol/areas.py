"""A small country for tests: one province of before the reform with a district, its communes, and what became of them."""

from __future__ import annotations

import datetime as dt

from sync_protocol.areas import Area, AreaBasis, Areas

EVE, REFORM = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
BASES = (
    AreaBasis("Nghị quyết 202/2025/QH15", "2", False, REFORM, None),
    AreaBasis("Nghị quyết 1666/NQ-UBTVQH15", "2", False, REFORM, None),
    AreaBasis("Quyết định 124/2004/QĐ-TTg", "2", True, None, EVE),
)
COUNTRY = Areas(
    BASES,
    (
        Area("33", "Hưng Yên", "tỉnh", "province", "", 0),
        Area("24", "Bắc Ninh", "tỉnh", "province", "", 0),
        Area("79", "Hồ Chí Minh", "thành phố", "province", "", 0),
        Area("12817", "Vũ Thư", "xã", "commune", "33", 1),
        Area("12826", "Tân Thuận", "xã", "commune", "33", 1),
        Area("12829", "Thư Trì", "xã", "commune", "33", 1),
        Area("12452", "Trần Lãm", "phường", "commune", "33", 1),
        Area("07777", "Tân Thuần", "xã", "commune", "24", 1),
        Area("09193", "Yên Phong", "xã", "commune", "24", 1),
        Area("27442", "Bình Thạnh", "phường", "commune", "79", 1),
        Area("34", "Thái Bình", "tỉnh", "province", "", 2),
        Area("79", "Hồ Chí Minh", "thành phố", "province", "", 2),
        Area("344", "Vũ Thư", "huyện", "district", "34", 2),
        Area("336", "Thái Bình", "thành phố", "district", "34", 2),
        Area("760", "1", "quận", "district", "79", 2),
        Area("12841", "Song Lãng", "xã", "commune", "344", 2, ("12829",)),
        Area("12844", "Hòa Bình", "xã", "commune", "344", 2, ("12829", "12817")),
        Area("12850", "Minh Lãng", "xã", "commune", "344", 2, ("12829",)),
        Area("12853", "Minh Láng", "xã", "commune", "336", 2, ("12829",)),
        Area("62", "Kon Tum", "tỉnh", "province", "", 2),
        Area("610", "Đắk Glei", "huyện", "district", "62", 2),
        Area("23353", "Đắk Pék", "xã", "commune", "610", 2),
        Area("64", "Gia Lai", "tỉnh", "province", "", 2),
        Area("622", "Pleiku", "thành phố", "district", "64", 2),
        Area("23557", "Hội Thương", "phường", "commune", "622", 2),
        Area("26740", "Bến Nghé", "phường", "commune", "760", 2),
    ),
)
"""Tân Thuận and Tân Thuần, Minh Lãng and Minh Láng differ in a mark only (the latter two are invented)."""
