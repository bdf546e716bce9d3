"""The versions of installed packages. The packages are not imported, because an import may take seconds."""

from __future__ import annotations

import functools
import platform

from dojo.support.errors import DojoError


@functools.cache
def version_of(package: str) -> str | None:
    """The version of a package; None if the package is not installed."""
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


_OLDEST_TORCH = (2, 6)


def check_torch() -> None:
    """Raise DojoError if PyTorch is missing or too old for the course."""
    install = "Install the course as the README says: pip install -c constraints.txt -e ."
    version = version_of("torch")
    if version is None:
        raise DojoError(f"PyTorch is not installed in this Python ({platform.python_version()}). {install}")
    numbers = tuple(int(part) if part.isdigit() else 0 for part in version.split("+")[0].split(".")[:2])
    if numbers < _OLDEST_TORCH:
        oldest = ".".join(map(str, _OLDEST_TORCH))
        raise DojoError(f"PyTorch {version} is older than {oldest}, which the course needs. {install}")
