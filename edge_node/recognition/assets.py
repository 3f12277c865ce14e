"""Model files: found through the installed package's own list, checked by SHA-256 before they are loaded.

The packages are young and from one publisher each; what was measured is these exact bytes and nothing else. `asterocr` also
carries a trainer and a web studio: its two asset files are read, the package is never imported.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

from edge_node.recognition.errors import ModelMismatch
from edge_node.recognition.model import RecogniserKind


@dataclass(frozen=True)
class ModelFile:
    """One file of an installed package: `path` inside it, and the digest of its bytes."""

    package: str
    path: str
    sha256: str


DETECTOR = ModelFile(
    "rapidocr-onnxruntime",
    "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx",
    "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
)
DETECTOR_WITHOUT_DETOURS = "ade2d494e3509c9720f7303830ce0dac3d4b77b5b5928b88457b0a1e6144c55a"
"""Digest of the model that `detector_network` makes of it: what was measured is these bytes and nothing else."""

ASTERNET = ModelFile(
    "asterocr", "asterocr/assets/asternet.onnx", "10c96b533e1f64031d73edfddafd7d4b13595544f11891f0531bcd72cb29be80"
)
ASTERNET_IN_EIGHT_BITS = "8d0938102052537f363d8d273e3699b91d34324e7d390cdb388932cddb8200d9"
"""The same for the model that `line_network` makes of it."""

ASTERNET_ALPHABET = ModelFile(
    "asterocr", "asterocr/assets/vocab.json", "82c6df018ceca8c10876947e0f7df798ed321825276ed7f3bb12ae3ed6dc647b"
)
TRUEOCR = tuple(
    ModelFile("trueocr", f"trueocr/models/{name}", digest)
    for name, digest in (
        ("det.onnx", "f2bd4cba23e9c328cf7ec824634e423e191a2c6aacbbf35c62bd79dd70f62f59"),
        ("rec.onnx", "360b800dcbebd1099270f703ac35a43a6c86b40de049c4be78a130184b3bfef0"),
        ("orient.onnx", "20eaf670f55a7cf9facfe1bdd6c7b8e40be75bbf4d48a3df43f66aa3bbd874fd"),
        ("order.onnx", "a42db2e8b536ad3d84045a4b7f9b0a72667cf8be4aa02d63f7b38004719fb180"),
        ("meta.json", "934c619f2b8579aa0fa0ead0ec20afc79fd92966be0255ebaf821142fe8740cd"),
    )
)


@dataclass(frozen=True)
class OwnFile:
    """A file of this package, made by us: its name beside the modules, and the digest of its bytes."""

    name: str
    sha256: str


TONE_NET = OwnFile("tone_net.onnx", "b369e8aa8b613e16905b1bef7ec3c8f5b062f1d4303431adf60d99bbc7078a04")


FILES_OF: dict[RecogniserKind, tuple[ModelFile | OwnFile, ...]] = {
    RecogniserKind.TWO_READERS: (DETECTOR, ASTERNET, ASTERNET_ALPHABET, *TRUEOCR, TONE_NET),
    RecogniserKind.FAST: (*TRUEOCR, TONE_NET),
    RecogniserKind.LINES: (DETECTOR,),
    RecogniserKind.MANUAL: (),
}
"""What each reader loads, but for Tesseract's language data."""


def proved(file: ModelFile | OwnFile) -> Path:
    """As `checked` or `checked_own`."""
    return checked(file) if isinstance(file, ModelFile) else checked_own(file)


def checked(model: ModelFile) -> Path:
    """Where the file lies, once its bytes have proved to be the measured ones.

    Raises:
        ModelMismatch: the package is not installed, the file is missing, or its digest differs.
    """
    try:
        path = Path(str(importlib.metadata.distribution(model.package).locate_file(model.path)))
    except importlib.metadata.PackageNotFoundError:
        raise ModelMismatch(file=model.path, expected=model.sha256[:12], found="nothing") from None
    return _proved(path, model.path, model.sha256)


def checked_bytes(name: str, made: bytes, sha256: str) -> bytes:
    """The same bytes, once they have proved to be the measured ones.

    Raises:
        ModelMismatch: their digest differs.
    """
    found = hashlib.sha256(made).hexdigest()
    if found != sha256:
        raise ModelMismatch(file=name, expected=sha256[:12], found=found[:12])
    return made


def checked_own(file: OwnFile, folder: Path = Path(__file__).parent) -> Path:
    """As `checked`, for a file of our own."""
    return _proved(folder / file.name, file.name, file.sha256)


def _proved(path: Path, name: str, sha256: str) -> Path:
    try:
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise ModelMismatch(file=name, expected=sha256[:12], found="nothing") from None
    if found != sha256:
        raise ModelMismatch(file=name, expected=sha256[:12], found=found[:12])
    return path
