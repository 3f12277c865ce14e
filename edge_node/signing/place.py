"""Place: where a signing key is kept, as the settings say it. A key file is named by its path; a token by what is written here."""

from __future__ import annotations

import msgspec


class TokenPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key in a device (PKCS#11). `driver`: absolute path of the maker's library; `label`: the token's own; `key_label`: of certificate and key.

    `serial` tells two plugged-in tokens of the same label apart; empty where there is only one. The PIN is never a setting.
    """

    driver: str
    label: str
    key_label: str
    serial: str = ""

    def is_same_device(self, other: object) -> bool:
        """Whether both name one token, which knows one log-in at a time."""
        mine = (self.driver, self.label, self.serial)
        return isinstance(other, TokenPlace) and mine == (other.driver, other.label, other.serial)


def require_one_place(key_file: str | None, token: TokenPlace | None) -> None:
    """A key lies in a file or in a token; nobody has both. Raises ValueError, which settings report."""
    if key_file is not None and token is not None:
        raise ValueError("set key_file or token, not both")
