"""`dojo doctor`: versions, devices, faults, and the command that fixes each fault."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _doctor(course, patch="", **env):
    course.write("sitecustomize.py", patch)
    return course.dojo("doctor", env={"PATH": PATH, **env})


@pytest.mark.full
def test_a_sound_installation(course):
    ran = _doctor(course)
    assert ran.status == 0, ran.out
    assert "nothing is wrong here" in ran.out
    for word in ("course", "python", "torch", "numpy", "pytest", "device   cpu", "device   sim"):
        assert any(line.startswith(word) for line in ran.lines), word


@pytest.mark.full
def test_a_package_that_is_missing_or_old(course):
    patch = (
        "import importlib.metadata as m\nreal = m.version\n"
        "def version(name):\n"
        "    if name == 'rich': raise m.PackageNotFoundError(name)\n"
        "    return '1.25.0' if name == 'numpy' else real(name)\n"
        "m.version = version\n"
    )
    ran = _doctor(course, patch)
    assert ran.status == 1
    assert "rich is not installed." in ran.out
    assert "numpy 1.25.0 is not >=1.26." in ran.out
    assert "fix it with: pip install -c constraints.txt -e ." in ran.out


def test_another_pytest_on_the_path(course):
    other = course.write("bin/pytest", "#!/bin/sh\n")
    other.chmod(0o755)
    ran = _doctor(course, PATH=f"{other.parent}{os.pathsep}{os.environ['PATH']}")
    assert ran.status == 1
    assert f"The command pytest is {other}" in ran.out


@pytest.mark.full
def test_a_device_that_is_left_out_and_a_memory_that_is_stuck(course):
    course.write(".dojo", "in the way")
    ran = _doctor(course, "import torch\ntorch._C._get_privateuse1_backend_name = lambda: 'npu'\n")
    assert "device   sim (left out: another backend (npu)" in ran.out
    assert "can't write to its folder .dojo/" in ran.out
    assert ran.status == 1
