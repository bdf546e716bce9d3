"""Which versions of packages are installed, asked of the installation once a process: importing them takes seconds."""

from __future__ import annotations

import functools
from importlib import metadata


@functools.cache
def version_of(package: str) -> str | None:
    """The version of an installed package; None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
