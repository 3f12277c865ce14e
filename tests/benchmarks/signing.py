"""A personal signature beside OpenSSL on the same bytes, with the same key, in the same run.

Run: `python -m tests.benchmarks.signing`. Processor time of this process and of those it started; wall times are weather.

Ours is the whole step of the desk for one document of a batch: opening the PDF, the agency's empty field, the visible stamp, the CMS
object, the written file. OpenSSL is measured in two ways, because neither alone is fair: `openssl cms -sign -cades` as a process, which
pays for its start and for reading the key each time (as a script over a folder would), and OpenSSL within this process (PKCS#7 of
`cryptography`, key loaded, a signing over the same bytes), which does nothing to a PDF and writes no file. The process is what the target names.
"""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from deploy.demo.authority import Identity, certify
from edge_node.copies.model import CopyPage
from edge_node.copies.profile import encode_page
from edge_node.copies.writer import make_copy
from edge_node.signing import pades
from edge_node.signing.keys import SigningKey, mechanism_of, software_signature
from edge_node.signing.personal import certify as certify_copy
from tests.edge_node.signing.material import CAPTURED_AT, world

SIZES_KB = (20, 131, 2048)
TIMES = 21


def cpu_s() -> float:
    """Processor seconds of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def medians_ms(steps: list[Callable[[], object]]) -> list[float]:
    """Median processor time of each step; they take turns, so that a slow moment of the machine meets all of them."""
    for step in steps:
        step()
    measured: list[list[float]] = [[] for _ in steps]
    for _ in range(TIMES):
        for times, step in zip(measured, steps, strict=True):
            begun = cpu_s()
            step()
            times.append((cpu_s() - begun) * 1000)
    return [statistics.median(times) for times in measured]


def copy_of_about(size_kb: int, typefaces: Path) -> bytes:
    """A copy of one page of noise that is about as large: small for 20 KB, many pages' worth of bytes for 2 MB."""
    side = {20: 190, 131: 580, 2048: 2330}[size_kb]
    noise = np.random.default_rng(size_kb).integers(0, 256, (side, side, 3), dtype=np.uint8)
    page = CopyPage(encode_page(noise), side, side, 200)
    # A page must be able to carry two stamps: the noise is drawn at the size of a sheet.
    page = CopyPage(page.jpeg, side, side, max(1, side * 72 // 595))
    return make_copy([page], title="x", captured_at=CAPTURED_AT, typefaces_dir=typefaces)


def opened(person: Identity, issuer: Identity) -> SigningKey:
    """The identity as an opened software key."""
    return SigningKey(
        person.certificate, (issuer.certificate,), mechanism_of(person.certificate), software_signature(person.key)
    )


def openssl_process(person: Identity, copy: bytes, folder: Path) -> Callable[[], object]:
    """`openssl cms -sign` over the copy."""
    (folder / "key.pem").write_bytes(person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(person.certificate.public_bytes(Encoding.PEM))
    (folder / "copy.pdf").write_bytes(copy)
    command = ["openssl", "cms", "-sign", "-binary", "-cades", "-md", "sha256", "-outform", "DER", "-in", "copy.pdf"]
    command += ["-signer", "cert.pem", "-inkey", "key.pem", "-out", "out.p7s"]
    return lambda: subprocess.run(command, cwd=folder, check=True)


def openssl_within(person: Identity, copy: bytes) -> Callable[[], object]:
    """OpenSSL's own signing with the key in memory."""
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]

    def sign() -> bytes:
        builder = PKCS7SignatureBuilder().set_data(copy).add_signer(person.certificate, person.key, SHA256())
        return builder.sign(Encoding.DER, options)

    return sign


def main() -> None:
    """Print one row for each key and size."""
    made, now = world(), dt.datetime.now(dt.UTC)
    people = {
        "RSA-2048": certify("Nguyễn Thị Ẵm", made.authority.issuing, now, rsa_bits=2048),
        "RSA-3072": certify("Nguyễn Thị Ẵm", made.authority.issuing, now, rsa_bits=3072),
        "P-256": certify("Nguyễn Thị Ẵm", made.authority.issuing, now),
    }
    print("key       copy KB   ours ms  files/s   openssl process ms  ratio   OpenSSL within ms  ratio")
    for size in SIZES_KB:
        copy = copy_of_about(size, made.typefaces)
        for name, person in people.items():
            key = opened(person, made.authority.issuing)
            with tempfile.TemporaryDirectory() as folder:

                def ours(copy: bytes = copy, key: SigningKey = key) -> bytes:
                    return certify_copy(
                        pades.open_for_signing(copy), key, at=CAPTURED_AT, typefaces_dir=made.typefaces
                    )

                mine, process, within = medians_ms(
                    [ours, openssl_process(person, copy, Path(folder)), openssl_within(person, copy)]
                )
            print(
                f"{name:9s} {len(copy) / 1024:7.0f}  {mine:8.1f} {1000 / mine:8.0f}   {process:18.1f} {mine / process:6.2f}   {within:17.2f} {mine / within:6.1f}"
            )


if __name__ == "__main__":
    main()
