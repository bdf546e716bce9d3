"""Whether a run walks the practice steps too. Only `practice_choice` decides this."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from dojo.support.errors import DojoError
from dojo.support.files import write_json

# An instructor's settings, in the root folder of the class's fork. The course itself never has this file.
SETTINGS = "dojo.toml"
_SCHEMA = 1
_REMEMBERED = "practice.json"


@dataclasses.dataclass(frozen=True)
class PracticeChoice:
    """Whether a run without a selection walks the practice steps too. `source` names the setting that decided."""

    practice: bool
    source: str

    def __str__(self) -> str:
        walked = "core and practice steps" if self.practice else "core steps"
        return f"{walked} ({self.source})"


def practice_choice(root: Path, *, option: bool = False) -> PracticeChoice:
    """The choice for the course at `root`. The first of these decides: the option --practice, .dojo/, dojo.toml.

    Otherwise only the core steps are walked. Raises DojoError if dojo.toml decides and can't be read.
    """
    if option:
        return PracticeChoice(True, "the option --practice")
    remembered = _remembered(root)
    if remembered is not None:
        return PracticeChoice(remembered, f"dojo practice {'on' if remembered else 'off'}")
    settings = read_settings(root / SETTINGS)
    if "practice" in settings:
        return PracticeChoice(settings["practice"], f"{SETTINGS}: practice = {str(settings['practice']).lower()}")
    return PracticeChoice(False, "the default")


def remember_practice(root: Path, practice: bool) -> None:
    """Remember the learner's choice in .dojo/. Raises DojoError if it can't be written."""
    try:
        write_json(root / ".dojo" / _REMEMBERED, {"schema": _SCHEMA, "practice": practice})
    except OSError as error:
        raise DojoError(f"The choice could not be saved in .dojo/ ({error.strerror}).") from None


def read_settings(path: Path) -> dict[str, Any]:
    """The settings in a dojo.toml file; {} if there is no file. The value of the key `practice` is a bool.

    Raises DojoError if the file can't be read, if it is not TOML, or if `practice` is neither true nor false.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        settings = _parsed(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    except ValueError as error:
        raise DojoError(f"{path} is not valid TOML: {error}. Fix the file or remove it.") from None
    if not isinstance(settings.get("practice", False), bool):
        raise DojoError(f"{path}: practice must be true or false, not {settings['practice']!r}.")
    return settings


def _parsed(text: str) -> dict[str, Any]:
    """Parse TOML. Raises ValueError if the text is not TOML."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        # pytest installs tomli on Python 3.10.
        import tomli as tomllib
    return tomllib.loads(text)


def _remembered(root: Path) -> bool | None:
    """The learner's choice; None if there is none, or if its file is damaged."""
    try:
        found = json.loads((root / ".dojo" / _REMEMBERED).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    practice = found.get("practice") if isinstance(found, dict) else None
    return practice if isinstance(practice, bool) else None
