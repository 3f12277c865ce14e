"""Office keys: which key belongs to which officer and to the agency, as the settings stand, and how each is opened.

A key file asks for its passphrase, a token for its PIN; an empty one is not tried, because a token counts it. Only key files open by the
passphrase file of an unattended machine: a PIN that a program repeats by itself locks the token.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from edge_node.errors import KeyNotOpen
from edge_node.people.officers import Officer
from edge_node.settings import AgencySettings, NodeSettings
from edge_node.signing.certificates import certificates_in
from edge_node.signing.keys import SigningKey, open_pkcs12
from edge_node.signing.opened import OpenedKeys, Place
from edge_node.signing.place import TokenPlace
from edge_node.signing.standing import keep_certificate
from edge_node.signing.token import open_pkcs11
from sync_protocol.adapters.verification.report import Trust

AGENCY_ACCOUNT = "cơ quan"


class OfficeKeys:
    """The signing keys of one office. `settings` and `trust` are asked each time: both change while the node runs.

    `used` is told account and certificate of an officer's key that was opened.
    """

    def __init__(
        self,
        root: Path,
        settings: Callable[[], NodeSettings],
        trust: Callable[[], Trust | None],
        now: Callable[[], dt.datetime],
        used: Callable[[str, x509.Certificate], None],
    ) -> None:
        self._root, self._settings, self._trust, self._now, self._used = root, settings, trust, now, used
        self.opened = OpenedKeys()

    def place_of(self, account: str) -> Place | None:
        """Where an officer's (or `AGENCY_ACCOUNT`'s) key lies; None where none is configured."""
        settings = self._settings()
        owners: dict[str, Officer | AgencySettings] = {one.account: one for one in settings.officers}
        owner = settings.agency if account == AGENCY_ACCOUNT else owners.get(account)
        if owner is None:
            return None
        return owner.token or (self._root / owner.key_file if owner.key_file else None)

    def asks_pin(self, account: str) -> bool:
        """Whether what opens this key is a token's PIN and no passphrase."""
        return isinstance(self.place_of(account), TokenPlace)

    def open(self, account: str, secret: bytes) -> SigningKey:
        """An officer's key for this process; one passphrase or PIN for any number of papers.

        Raises:
            KeyNotOpen: no key configured, or nothing typed. PassphraseRefused; what `open_pkcs11` raises, after one log-in at most.
        """
        place = self.place_of(account)
        if place is None:
            raise KeyNotOpen(account=account)

        def make() -> SigningKey:
            key = self._open(account, place, secret)
            self._used(account, key.certificate)
            return key

        return self.opened.open(account, place, make)

    def get(self, account: str) -> SigningKey:
        """An officer's key: opened before, or, for a key file, by the configured passphrase file.

        Raises:
            KeyNotOpen: somebody has to type the passphrase or PIN first.
        """
        held, passphrase_file = self.opened.get(account), self._settings().passphrase_file
        if held is not None:
            return held
        if passphrase_file is None or self.asks_pin(account):
            raise KeyNotOpen(account=account)
        return self.open(account, (self._root / passphrase_file).read_bytes().strip())

    def open_agency(self, secret: bytes) -> SigningKey:
        """The agency's key, for one batch: the caller closes it. Raises as `open` does."""
        place = self.place_of(AGENCY_ACCOUNT)
        if place is None:
            raise KeyNotOpen(account=AGENCY_ACCOUNT)
        self.opened.release(place)
        return self._open(AGENCY_ACCOUNT, place, secret)

    def _open(self, account: str, place: Place, secret: bytes) -> SigningKey:
        if not secret:
            raise KeyNotOpen(account=account)
        if isinstance(place, TokenPlace):
            trust = self._trust()
            issuers, roots = (trust.intermediates, trust.roots) if trust else ((), ())
            key = open_pkcs11(
                place, secret.decode("utf-8", "replace"), now=self._now(), issuers=certificates_in(issuers), roots=certificates_in(roots)
            )  # fmt: skip
        else:
            key = open_pkcs12(place, secret)
        keep_certificate(self._root, account, key.certificate)
        return key

