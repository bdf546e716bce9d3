"""How a job talks to GitHub: JSON from its API, the files that its runner reads, and workflow commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dojo.support.errors import DojoError
from dojo.support.files import read_at_most, writing

_MOST_BYTES = 25_000_000


def read_json(path: Path) -> str:
    """The text of a file that GitHub's API has sent. Raises DojoError if it can't be read or is too large."""
    return read_at_most(path, _MOST_BYTES).decode("utf-8", errors="replace")


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file that GitHub's API has sent. Raises DojoError if the file has anything else."""
    try:
        found = json.loads(read_json(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DojoError(f"{path} is not a JSON object. Give a file with the answer of GitHub's API.")
    return found


def tell(variable: str, text: str) -> None:
    """Append text to the file that GITHUB_OUTPUT or GITHUB_STEP_SUMMARY names. Outside GitHub, do nothing."""
    if os.environ.get(variable):
        path = Path(os.environ[variable])
        with writing(path), path.open("a", encoding="utf-8") as file:
            file.write(text)


def command(kind: str, text: str, **properties: str | int) -> str:
    """`::kind name=value,…::text`. Nothing in a value or in the text can end the command early."""
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
