"""The first cell of a notebook: installs what is missing, adds the magics, and names the device.

Nothing but Python's standard library may be installed yet.
"""

from __future__ import annotations

import ast
import importlib
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from dojo.support.errors import DojoError
from dojo.support.versions import check_torch, version_of

_REQUIREMENT = re.compile(r"([\w-]+)>=([\d.]+)")


def start(root: Path) -> None:
    """Prepare a kernel for the notebooks of the course at `root`. Prints what it did."""
    os.chdir(root)
    try:
        _install(missing(root))
        check_torch()
    except DojoError as error:
        print(error, file=sys.stderr)
        return
    import numpy
    import torch
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    shell.extension_manager.load_extension("dojo.notebook")
    # A learner tries a step in another cell, which needs these names.
    shell.push({"np": numpy, "torch": torch, "nn": torch.nn})
    print(f"The course is in {root}. PyTorch {version_of('torch')}, Python {platform.python_version()}. {_device()}")
    print("You can use torch, nn and np in any cell.")


def missing(root: Path) -> list[str]:
    """The requirements of the course that this Python does not meet. An installed PyTorch is never among them."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"^dependencies = (\[.*?^\])", text, re.MULTILINE | re.DOTALL)
    needed = ast.literal_eval(found[1]) if found else []
    return [each for each in needed if not _is_met(each)]


def _is_met(requirement: str) -> bool:
    match = _REQUIREMENT.fullmatch(requirement)
    assert match is not None, requirement
    version = version_of(match[1])
    return version is not None and (match[1] == "torch" or _numbers(version) >= _numbers(match[2]))


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.partition("+")[0])]


def _install(requirements: list[str]) -> None:
    """Install packages without changing PyTorch. Raises DojoError if this fails."""
    if not requirements:
        return
    print(f"Installing {', '.join(requirements)} …")
    torch = version_of("torch")
    # A new package must not make pip replace PyTorch.
    pinned = [f"torch=={torch}"] if torch else []
    command = [sys.executable, "-m", "pip", "install", "--quiet", *requirements, *pinned]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise DojoError(f"{ran.stderr.strip()}\n\npip could not install {', '.join(requirements)}.")
    importlib.invalidate_caches()
    version_of.cache_clear()


def _device() -> str:
    import torch

    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if found is None:
        return "Device: the CPU. The course needs no GPU."
    name = f" ({torch.cuda.get_device_name()})" if found.type == "cuda" else ""
    return f"Device: {found.type}{name}. Your code is tested on the CPU and on this device."
