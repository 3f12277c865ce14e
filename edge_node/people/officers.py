"""Officers of this office: account, roles by stage, and where each one's signing key is.

Source: QĐ 1333/QĐ-BHXH Điều 3.1, 6.1b; NĐ 30/2020 Điều 32–33 (the clerk keeps the agency's key).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from edge_node.signing.place import TokenPlace, require_one_place
from sync_protocol.errors import Problem

Role = Literal["intake", "postal", "resolving", "leader", "clerk", "archive", "administrator"]


class UnknownOfficer(Problem):
    """No such account at this office."""

    code = "PEO-001"
    sentence = "Điểm này chưa có tài khoản {account}."
    next_step = "Kiểm tra tên tài khoản, hoặc nhờ người quản trị của cơ quan thêm tài khoản."
    operator = "officer account {account} is not configured"
    http_status = 404
    event = "people.unknown"


class RoleMissing(Problem):
    """The account may not do this."""

    code = "PEO-002"
    sentence = "Tài khoản {account} chưa được giao việc này."
    next_step = "Nhờ người có vai trò {role} làm bước này, hoặc nhờ người quản trị giao thêm vai trò."
    operator = "officer {account} lacks role {role}"
    http_status = 403
    event = "people.role"


class Officer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account. Its key lies in `key_file` (PKCS#12) or in a `token`; an account with neither signs nothing."""

    account: str
    name: str
    roles: tuple[Role, ...]
    key_file: str | None = None
    token: TokenPlace | None = None

    def __post_init__(self) -> None:
        """Refuse two places for one key."""
        require_one_place(self.key_file, self.token)


class Officers:
    """The accounts of this office."""

    def __init__(self, officers: tuple[Officer, ...]) -> None:
        self._by_account = {one.account: one for one in officers}

    def get(self, account: str, role: Role) -> Officer:
        """The officer, who must hold the role.

        Raises:
            UnknownOfficer, RoleMissing.
        """
        officer = self._by_account.get(account)
        if officer is None:
            raise UnknownOfficer(account=account)
        if role not in officer.roles:
            raise RoleMissing(account=account, role=role)
        return officer

    def acting(self, account: str, roles: Sequence[Role]) -> Role:
        """The first of these roles that the officer holds; the last one is named where none is held. Raises UnknownOfficer, RoleMissing."""
        held = next((role for role in roles for one in self.all() if one.account == account and role in one.roles), roles[-1])
        self.get(account, held)
        return held

    def all(self) -> tuple[Officer, ...]:
        """Every account, in the order of the settings."""
        return tuple(self._by_account.values())
