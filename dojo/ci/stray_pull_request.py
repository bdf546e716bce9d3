"""`dojo ci stray-pull-request`: decide whether a pull request was meant for the learner's own fork.

It only reads data, and runs nothing of the pull request.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dojo.course.layout import used_parts
from dojo.support.errors import DojoError
from dojo.support.text import clean

_MOST_BYTES = 25_000_000
# People who may push to the course do not send it a pull request by mistake.
_INSIDERS = ("OWNER", "MEMBER", "COLLABORATOR")

NOTE = """\
Hello{who}, and thank you: this looks like your own work on the katas.

It came here by mistake, I think: a pull request goes to the course itself, and this one changes nothing but your
answers and your notebooks. They belong in your fork{fork}, where they are already, and where they count: push to it,
and your own progress report is made there by itself. (On a fork it has to be switched on once, under **Actions**.)

So I close this pull request. Nothing of yours is lost by that. If you meant to mend a stub of the course,
say so here, and somebody will open it again.
"""


def look_at_pull_request(event: Path, *, files: Path, out: Path) -> int:
    """Decide whether a pull request is stray, and print the decision. If it is, write the note to `out`. Return 0.

    event: the event that GitHub gives to a workflow. files: the changed files, as GitHub's API lists them (JSON), or
    one path per line.
    A pull request is stray if it comes from another repository and from somebody who may not push to the course, and
    if it changes files in katas/, and besides them only files that change by use. Raises DojoError if a file can't be
    read or `out` can't be written.
    """
    told = _object(_read(event), event)
    pull = told.get("pull_request")
    if not isinstance(pull, dict):
        raise DojoError(f"{event} is no event of a pull request.")
    names = changed_files(_read(files).decode("utf-8", errors="replace"), str(files))
    why = _why_not(pull, names)
    if why is None:
        try:
            out.write_text(note(pull), encoding="utf-8")
        except OSError as error:
            raise DojoError(f"{out} could not be written ({error.strerror}).") from None
    stray = "true" if why is None else "false"
    if os.environ.get("GITHUB_OUTPUT"):
        with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
            file.write(f"stray={stray}\n")
    stray_words = "It changes only answers and notebooks: it was meant for the learner's own fork."
    print(stray_words if why is None else f"Not stray: {why}.")
    return 0


def changed_files(text: str, name: str) -> list[str]:
    """Return the paths in a list of changed files, including the old paths of renamed files.

    text: the JSON of GitHub's API, one page after another, or a JSON list of paths, or one path per line.
    name: what errors call the list. Raises DojoError if the text begins like JSON but is not.
    """
    if not text.lstrip().startswith(("[", "{")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    decoder, at, pages = json.JSONDecoder(), 0, []
    text = text.strip()
    while at < len(text):
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise DojoError(f"{name} is damaged: it is no JSON.") from None
        pages.append(found)
        while at < len(text) and text[at].isspace():
            at += 1
    return _paths(pages, name)


def note(pull: dict[str, Any]) -> str:
    """Return the note to the author, with the author's name and fork if the event has them."""
    login = _named(pull, "user", "login")
    fork = _named(pull, "head", "repo", "html_url")
    return NOTE.format(who=f" @{clean(login)}" if login else "", fork=f", <{clean(fork)}>," if fork else "")


def _why_not(pull: dict[str, Any], names: list[str]) -> str | None:
    """Return why a pull request is not stray, or None if it is."""
    own = ("katas/", *(f"{folder}/" for folder in used_parts()))
    outside = next((name for name in names if not name.startswith(own) or ".." in name.split("/")), None)
    number = pull.get("changed_files")
    if pull.get("author_association") in _INSIDERS:
        return "it is from someone who may push to the course"
    if _named(pull, "head", "repo", "full_name") == _named(pull, "base", "repo", "full_name"):
        return "it is from a branch of the course itself"
    if not names:
        return "it changes no file"
    if outside is not None:
        return f"it changes {clean(outside)}"
    if not any(name.startswith("katas/") for name in names):
        return "it changes nothing in katas/"
    if isinstance(number, int) and number > len(names):
        return f"it changes {number} files, and only {len(names)} were listed"
    return None


def _named(data: Any, *keys: str) -> str:
    """Return the text under nested keys, or "" if there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def _paths(found: Any, name: str) -> list[str]:
    if isinstance(found, str):
        return [found]
    if isinstance(found, list):
        return [path for each in found for path in _paths(each, name)]
    paths = [found.get(key) for key in ("filename", "previous_filename")] if isinstance(found, dict) else []
    if not paths or not isinstance(paths[0], str):
        raise DojoError(f"{name} is no list of changed files.")
    return [path for path in paths if isinstance(path, str)]


def _object(data: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise DojoError(f"{path} is damaged: it is no JSON.") from None
    return found if isinstance(found, dict) else {}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    if len(data) > _MOST_BYTES:
        raise DojoError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB.")
    return data
