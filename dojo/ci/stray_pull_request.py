"""`dojo ci stray-pull-request`: decide whether a pull request was meant for the learner's own fork.

It only reads data. It runs no code of the pull request.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from dojo.ci.github import read_json, read_object, tell
from dojo.course.layout import used_parts
from dojo.support.errors import DojoError
from dojo.support.files import write_text, writing
from dojo.support.text import clean

# People who may push to the course do not send it a pull request by mistake.
_INSIDERS = ("OWNER", "MEMBER", "COLLABORATOR")

_NOTE = """\
Hello{who}, and thank you. This pull request looks like your own work on the katas.

I think that it came here by mistake. A pull request goes to the course itself, but this one changes only answers and
notebooks. They belong in your fork{fork}, and they are already there. When you push to your fork, you get your own
progress report. (In a new fork, enable this once under **Actions**.)

So I am closing this pull request. You lose nothing. If you meant to correct a stub of the course, say so here, and
somebody will open the pull request again.
"""


@dataclasses.dataclass(frozen=True)
class _PullRequest:
    """A pull request, as GitHub describes it. A text that GitHub leaves out is empty.

    association: the author's role in the course's repository. source, target: the names of the repositories that the
    pull request comes from and goes to. fork: the web address of `source`. files: the number of changed files.
    """

    author: str
    association: str
    source: str
    target: str
    fork: str
    files: int

    @classmethod
    def read(cls, event: Path) -> _PullRequest:
        """The pull request of an event. Raises DojoError if the event is about something else."""
        pull = read_object(event).get("pull_request")
        if not isinstance(pull, dict):
            raise DojoError(f"{event} is not an event of a pull request.")
        number = pull.get("changed_files")
        return cls(
            _text(pull, "user", "login"),
            _text(pull, "author_association"),
            _text(pull, "head", "repo", "full_name"),
            _text(pull, "base", "repo", "full_name"),
            _text(pull, "head", "repo", "html_url"),
            number if isinstance(number, int) else 0,
        )

    @property
    def note(self) -> str:
        """The note to the author, with the author's name and fork if they are known."""
        who, fork = clean(self.author), clean(self.fork)
        return _NOTE.format(who=f" @{who}" if who else "", fork=f", <{fork}>" if fork else "")


def look_at_pull_request(event: Path, *, files: Path, out: Path) -> int:
    """Decide whether a pull request is stray, and print the decision. If it is, write the note to `out`. Return 0.

    event: the event that GitHub gives to a workflow. files: the changed files, as GitHub's API lists them (JSON), or
    one path per line.
    A stray pull request comes from another repository, and its author may not push to the course. It changes files in
    katas/, and otherwise only files that change when a learner works. Raises DojoError if a file can't be read or
    written.
    """
    pull = _PullRequest.read(event)
    why = _why_not(pull, changed_files(read_json(files), str(files)))
    if not why:
        with writing(out):
            write_text(out, pull.note)
    tell("GITHUB_OUTPUT", f"stray={'false' if why else 'true'}\n")
    stray = "It changes only answers and notebooks: it was meant for the learner's own fork."
    print(f"Not stray: {why}." if why else stray)
    return 0


def changed_files(text: str, name: str) -> list[str]:
    """Return the paths in a list of changed files, including the old paths of renamed files.

    text: the JSON of GitHub's API, one page after another, or one path per line. name: what errors call the list.
    Raises DojoError if the text begins like JSON but is damaged.
    """
    text = text.strip()
    if not text.startswith(("[", "{")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    names: list[str] = []
    while text:
        try:
            page, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            raise DojoError(f"{name} is damaged, because it is not JSON.") from None
        text = text[end:].lstrip()
        for found in page if isinstance(page, list) else [page]:
            paths = [_text(found, "filename"), _text(found, "previous_filename")]
            if not paths[0]:
                raise DojoError(f"{name} is not a list of changed files.")
            names += filter(None, paths)
    return names


def _why_not(pull: _PullRequest, names: list[str]) -> str:
    """Return why a pull request is not stray, or "" if it is."""
    own = ("katas/", *(f"{folder}/" for folder in used_parts()))
    outside = next((name for name in names if not name.startswith(own) or ".." in name.split("/")), None)
    if pull.association in _INSIDERS:
        return "its author may push to the course"
    if pull.source == pull.target:
        return "it comes from a branch of the course itself"
    if not names:
        return "it changes no files"
    if outside is not None:
        return f"it changes {clean(outside)}"
    if not any(name.startswith("katas/") for name in names):
        return "it changes nothing in katas/"
    if pull.files > len(names):
        return f"it changes {pull.files} files, but only {len(names)} are in the list"
    return ""


def _text(data: Any, *keys: str) -> str:
    """Return the text under nested keys, or "" if there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""
