"""A real PKCS#11 token in software (SoftHSM): filled with people's certificates and keys, pulled out and plugged in again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.demo.authority import Identity
from edge_node.signing.place import TokenPlace

LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"
LOADED = str(Path(LIBRARY).resolve())
LABEL = "lienthong"
PIN = "246810"


class SoftToken:
    """One token in a folder of its own. `place(name)` is what settings say of one person's key on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "tokens").mkdir(parents=True)
        conf = home / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {home}/tokens\nobjectstore.backend = file\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        call = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "13579"]
        subprocess.run(call, check=True, capture_output=True)

    def place(self, name: str) -> TokenPlace:
        return TokenPlace(LIBRARY, LABEL, name)

    def pull_out(self) -> None:
        (self.home / "tokens").rename(self.home / "away")
        (self.home / "tokens").mkdir()

    def plug_in(self) -> None:
        (self.home / "tokens").rmdir()
        (self.home / "away").rename(self.home / "tokens")


@contextmanager
def soft_token(home: Path, people: Mapping[str, Identity]) -> Iterator[SoftToken]:
    """A token that holds these people's certificates and keys under their names; its driver begins anew with it."""
    import pkcs11

    before = os.environ.get("SOFTHSM2_CONF")
    made = SoftToken(home)
    library = pkcs11.lib(LOADED)
    library.reinitialize()
    with library.get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        for name, person in people.items():
            store(session, name, person)
    try:
        yield made
    finally:
        os.environ.pop("SOFTHSM2_CONF") if before is None else os.environ.update(SOFTHSM2_CONF=before)


def store(session: Any, name: str, person: Identity, **further: Any) -> None:
    """One person's key and certificate; `further` goes into the key by attribute name."""
    import pkcs11
    from asn1crypto import keys as asn1_keys
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util import ec as pkcs11_ec
    from pkcs11.util import rsa as pkcs11_rsa

    if isinstance(person.key, rsa.RSAPrivateKey):
        der = person.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        template = pkcs11_rsa.decode_rsa_private_key(asn1_keys.PrivateKeyInfo.load(der)["private_key"].parsed.dump())
    else:
        der = person.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        template = pkcs11_ec.decode_ec_private_key(der)
    more = {Attribute[key]: value for key, value in further.items()}
    session.create_object({**template, Attribute.TOKEN: True, Attribute.LABEL: name, Attribute.SIGN: True, **more})
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509, Attribute.TOKEN: True,
            Attribute.PRIVATE: False, Attribute.LABEL: name, Attribute.SUBJECT: person.certificate.subject.public_bytes(),
            Attribute.VALUE: person.der, Attribute.ID: name.encode(),
        }
    )  # fmt: skip
