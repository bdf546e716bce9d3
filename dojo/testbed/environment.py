"""A digest of everything except the course's files that a verdict depends on: the dojo's code, versions, devices."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

import dojo
from dojo.support.versions import version_of
from dojo.testbed.devices import asked_names

_PACKAGES = ("torch", "numpy", "pytest", "pytest-timeout")
# Files that the system has if there is an accelerator, and variables that hide one. Asking PyTorch takes seconds.
_SIGNS = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/kfd", "/dev/dxg", "/dev/dri")
_VARIABLES = (
    "CUDA_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES",
    "ROCR_VISIBLE_DEVICES",
    "ZE_AFFINITY_MASK",
    "MKL_NUM_THREADS",
)


def environment_digest(devices: Iterable[str] = ()) -> str:
    """12 hexadecimal digits. Two runs with equal digests give equal verdicts on equal code.

    devices: the values of --device.
    """
    asked = sorted(set(asked_names(devices)))
    return hashlib.sha256("\0".join([_machine(), *asked]).encode()).hexdigest()[:12]


@functools.cache
def _machine() -> str:
    parts = [sys.version, platform.machine(), sys.platform, _own_code()]
    parts += [f"{package} {version_of(package)}" for package in _PACKAGES]
    parts += [path for path in _SIGNS if os.path.exists(path)]
    parts += [f"{name}={os.environ.get(name)}" for name in _VARIABLES]
    return "\0".join(parts)


def _own_code() -> str:
    """A digest of this package's files. Its version does not tell about local changes."""
    digest = hashlib.sha256()
    for path in sorted(Path(dojo.__file__).parent.rglob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
