"""The hub's root of trust for messaging: operator, system account and hub account, made once and kept in one file.

Losing this file means enrolling every office again; leaking it means that anybody can be any office. It belongs to the
hub's key backup and to nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from central_hub.enrolment.accounts import hub_account_token, open_user_token, operator_token, system_account_token
from central_hub.enrolment.errors import MaterialDamaged
from central_hub.enrolment.keys import Entropy, SigningKey
from central_hub.enrolment.private_files import read_private, write_private
from central_hub.enrolment.tokens import credentials_text

TRUST_FILE: Final = "trust.json"


class _Seeds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    operator: str
    system: str
    hub: str
    made_at_s: int


class Trust:
    """The three keys and the tokens that follow from them.

    The tokens are minted with the time the keys were made, so that they are the same bytes at every start: the server
    then finds its stored copies unchanged.
    """

    def __init__(self, seeds: _Seeds) -> None:
        self._seeds = seeds
        self.operator = SigningKey(seeds.operator)
        self.system = SigningKey(seeds.system)
        self.hub = SigningKey(seeds.hub)

    @classmethod
    def make(cls, entropy: Entropy, now_s: int) -> Trust:
        """New keys from `entropy`."""
        operator, system, hub = (SigningKey.make(role, entropy) for role in ("operator", "account", "account"))
        return cls(_Seeds(operator.seed, system.seed, hub.seed, now_s))

    @classmethod
    def load_or_make(cls, folder: Path, entropy: Entropy, now_s: int) -> Trust:
        """The keys in `folder`; made and stored on the first call only.

        Raises:
            MaterialDamaged: the file is there but unreadable. It is never replaced: that would cut off every office.
        """
        path = folder / TRUST_FILE
        if path.exists():
            try:
                return cls(msgspec.json.decode(read_private(path), type=_Seeds))
            except msgspec.MsgspecError:
                raise MaterialDamaged(name=TRUST_FILE, reason="not the expected JSON") from None
        trust = cls.make(entropy, now_s)
        write_private(path, msgspec.json.encode(trust._seeds))
        return trust

    @property
    def operator_token(self) -> str:
        """For the server's `operator` setting."""
        return operator_token(self.operator, self.system.public, self._seeds.made_at_s)

    def preload(self, feed_bytes: int) -> dict[str, str]:
        """Account key → token for the server's `resolver_preload`: the two accounts that must exist before any push."""
        return {
            self.system.public: system_account_token(self.operator, self.system.public, self._seeds.made_at_s),
            self.hub.public: hub_account_token(self.operator, self.hub.public, self._seeds.made_at_s, feed_bytes),
        }

    def worker_credentials(self, name: str, entropy: Entropy, now_s: int, lifetime_s: int | None = None) -> str:
        """Credentials for one hub worker. Made anew at each start and never stored."""
        return self._open_user(self.hub, name, entropy, now_s, lifetime_s)

    def system_credentials(self, entropy: Entropy, now_s: int, lifetime_s: int | None = 3600) -> str:
        """Credentials to push accounts with. Short-lived and never stored."""
        return self._open_user(self.system, "pusher", entropy, now_s, lifetime_s)

    @staticmethod
    def _open_user(account: SigningKey, name: str, entropy: Entropy, now_s: int, lifetime_s: int | None) -> str:
        user = SigningKey.make("user", entropy)
        expires_at_s = None if lifetime_s is None else now_s + lifetime_s
        return credentials_text(open_user_token(account, user.public, name, now_s, expires_at_s), user)
