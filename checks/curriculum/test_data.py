"""The data of the course exists, is as its page describes it, and is what its script makes."""

from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pytest

from dojo.course.layout import find_root

ROOT = find_root()


def test_the_digits_are_as_their_page_says():
    with np.load(ROOT / "data" / "digits.npz") as file:
        images, labels = file["images"], file["labels"]
    assert (images.shape, images.dtype, images.min(), images.max()) == ((1797, 8, 8), np.uint8, 0, 16)
    assert (labels.shape, labels.dtype, set(labels.tolist())) == ((1797,), np.uint8, set(range(10)))
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert "10.24432/C50P49" in page
    assert "CC BY 4.0" in page


def test_the_script_makes_the_same_numbers(tmp_path):
    pytest.importorskip("sklearn")
    shutil.copy(ROOT / "data" / "make_digits.py", tmp_path)
    subprocess.run([sys.executable, "make_digits.py"], cwd=tmp_path, check=True, capture_output=True)
    with np.load(tmp_path / "digits.npz") as made, np.load(ROOT / "data" / "digits.npz") as shipped:
        assert all((made[name] == shipped[name]).all() for name in ("images", "labels"))
