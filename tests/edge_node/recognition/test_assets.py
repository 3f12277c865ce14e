"""Only the measured model files are loaded, and nothing is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from edge_node.recognition.assets import ASTERNET, ASTERNET_ALPHABET, DETECTOR, TRUEOCR, ModelFile, checked
from edge_node.recognition.errors import LanguageDataMissing, ModelMismatch
from edge_node.recognition.tesseract import LineTesseract


@pytest.mark.parametrize("model", [DETECTOR, ASTERNET, ASTERNET_ALPHABET, *TRUEOCR], ids=lambda m: m.path)
def test_the_installed_models_are_the_measured_ones(model: ModelFile) -> None:
    assert checked(model).is_file()


@pytest.mark.parametrize(
    "model",
    [
        replace(ASTERNET_ALPHABET, sha256="0" * 64),
        replace(ASTERNET_ALPHABET, path="asterocr/assets/other.json"),
        replace(ASTERNET_ALPHABET, package="not-installed-anywhere"),
    ],
)
def test_another_or_missing_file_is_refused(model: ModelFile) -> None:
    with pytest.raises(ModelMismatch) as refused:
        checked(model)
    assert model.path in refused.value.operator_line


def test_missing_language_data_is_said_with_its_folder(tmp_path: object) -> None:
    with pytest.raises(LanguageDataMissing) as refused:
        LineTesseract(str(tmp_path))
    assert str(tmp_path) in refused.value.operator_line


def test_importing_the_node_side_loads_no_model_library() -> None:
    code = (
        "import sys, edge_node.recognition.service, edge_node.extraction.proposal, edge_node.imaging.upright, edge_node.imaging.quality;"
        "print([m for m in ('cv2', 'onnxruntime', 'rapidocr_onnxruntime', 'trueocr', 'asterocr', 'tesserocr') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
