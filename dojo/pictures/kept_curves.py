"""The learner's own curves, which `dojo show` keeps in `.dojo/curves.json` for the progress page."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from pathlib import Path
from typing import Any

from dojo.pictures.data import Curves, Picture
from dojo.support.files import write_json
from dojo.support.text import clean

_MOST_BYTES = 8_000_000
_MOST_POINTS = 10_000
_MOST_SERIES = 12


def keep_curves(path: Path, step_id: str, pictures: list[Picture]) -> None:
    """Keep the curves among a step's pictures in the file `path`. Curves with nan or inf are not kept."""
    curves = [dataclasses.asdict(picture) for picture in pictures if isinstance(picture, Curves)]
    if not curves:
        return
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    # If the file can't be written, that is no error: the picture is on the screen already.
    with contextlib.suppress(OSError, ValueError):
        write_json(path, (known if isinstance(known, dict) else {}) | {step_id: curves})


def read_curves(path: Path) -> dict[str, list[Curves]]:
    """The kept curves of each step, by the step's id. Damaged entries are left out; no file means no curves."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    curves = {}
    for step_id, pictures in found.items() if isinstance(found, dict) else ():
        read = [_picture(each) for each in pictures] if isinstance(pictures, list) else []
        drawable = [each for each in read if each is not None]
        if drawable:
            curves[clean(step_id)] = drawable
    return curves


def _picture(found: Any) -> Curves | None:
    if not isinstance(found, dict) or not isinstance(found.get("series"), dict):
        return None
    series = {
        clean(name): [float(number) for number in numbers[:_MOST_POINTS]]
        for name, numbers in list(found["series"].items())[:_MOST_SERIES]
        if isinstance(numbers, list) and len(numbers) > 1 and all(_is_number(number) for number in numbers)
    }
    texts = [found.get(key, "") for key in ("title", "x", "y")]
    if not series or not all(isinstance(text, str) for text in texts):
        return None
    return Curves(clean(texts[0]), series, clean(texts[1]), clean(texts[2]))


def _is_number(found: object) -> bool:
    # The comparison is False for nan too.
    return isinstance(found, (int, float)) and not isinstance(found, bool) and abs(found) < 1e300
