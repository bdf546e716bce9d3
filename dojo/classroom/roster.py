"""Who is in the class: a CSV file. Each line has a name, and the URL or path of a fork."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import re
from pathlib import Path

from dojo.support.errors import DojoError
from dojo.support.text import clean

# In bytes. The roster of a hundred thousand learners has 20 MB.
_MOST_BYTES = 64_000_000
_MOST_FIELD = 1_000
_SCHEMES = ("https", "http", "ssh", "git", "file")
# The columns by which Canvas and Moodle find a learner, as they call them when they export grades.
_IDS = {each: each for each in ("id", "sis user id", "sis login id", "username", "id number", "email address")}
_IDS["email"] = "email address"
_ENCODINGS = "Save it as UTF-8 text, as CSV."


@dataclasses.dataclass(frozen=True)
class Learner:
    """One line of a roster. `url` is what git is given, and `groups` has the other columns by heading.

    `ids` says how a gradebook finds the learner, by heading in small letters. No page shows it.
    """

    name: str
    url: str
    groups: dict[str, str]
    ids: dict[str, str] = dataclasses.field(default_factory=dict)


def read_roster(path: Path) -> list[Learner]:
    """Return the learners of a roster, in its order. A relative path in it starts at the roster's own folder.

    The first line names the columns: `name`, `url`, and any others. Raises
    DojoError with the number of the line that is wrong.
    """
    rows = _rows(path)
    if not rows:
        raise DojoError(f"{path} is empty. Its first line must be: name,url")
    headings = _headings(path, rows[0][1])
    learners: dict[str, tuple[int, Learner]] = {}
    for line, row in rows[1:]:
        where = f"{path}, line {line}"
        learner = _learner(headings, row, path.absolute().parent, where)
        if learner.name in learners:
            first = learners[learner.name][0]
            raise DojoError(f"{where}: {learner.name} stands in line {first} already. Names must differ.")
        learners[learner.name] = (line, learner)
    if not learners:
        raise DojoError(f"{path} names no learner: below its first line there must be one line for each.")
    return [learner for _, learner in learners.values()]


def is_local(url: str) -> bool:
    """Return whether a fork is on this machine's own disk."""
    return url.startswith(("/", "file://")) or (os.name == "nt" and "://" not in url and Path(url).is_absolute())


def shown_url(url: str) -> str:
    """Return a URL without a password or token in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", clean(url))


def _headings(path: Path, row: list[str]) -> list[str]:
    """Return the headings of the columns. Raises DojoError if they are not what a roster needs."""
    headings = [clean(heading.strip()) for heading in row]
    columns = [heading.casefold() for heading in headings]
    for needed in ("name", "url"):
        if columns.count(needed) != 1:
            raise DojoError(f"{path}, line 1: there must be one column {needed}. The line must be: name,url")
    if len(set(columns)) < len(columns) or "" in columns:
        raise DojoError(f"{path}, line 1: every column needs a name of its own.")
    return headings


def _learner(headings: list[str], row: list[str], folder: Path, where: str) -> Learner:
    """Return the learner of one line. Raises DojoError if the line is wrong."""
    if len(row) != len(headings):
        raise DojoError(f"{where}: it has {len(row)} fields, and line 1 has {len(headings)}.")
    groups = {heading: cell.strip() for heading, cell in zip(headings, row, strict=True)}
    if any(len(cell) > _MOST_FIELD for cell in groups.values()):
        raise DojoError(f"{where}: a field is longer than {_MOST_FIELD} characters.")
    name, url = (groups.pop(next(h for h in headings if h.casefold() == needed)) for needed in ("name", "url"))
    if not clean(name):
        raise DojoError(f"{where}: the name is missing.")
    ids = {_IDS[heading.casefold()]: clean(cell) for heading, cell in groups.items() if heading.casefold() in _IDS}
    groups = {heading: clean(cell) for heading, cell in groups.items() if heading.casefold() not in _IDS}
    return Learner(clean(name), _address(url, folder, where), groups, ids)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number. Raises DojoError if the file is no CSV."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    if len(data) > _MOST_BYTES:
        raise DojoError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB: it is no roster.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DojoError(f"{path}, line {line}: it is not UTF-8 text. {_ENCODINGS}") from None
    if "\0" in text:
        raise DojoError(f"{path}, line {text[: text.index(chr(0))].count(chr(10)) + 1}: it is no text. {_ENCODINGS}")
    # Spreadsheets separate fields with semicolons or tabs in countries that have a decimal comma.
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise DojoError(f"{path}, line {max(reader.line_num, 1)}: {error}. Is a quotation mark left open?") from None
    return rows


def _address(url: str, folder: Path, where: str) -> str:
    """Return what git is given to fetch from. Raises DojoError if git must not be given this URL."""
    if not url:
        raise DojoError(f"{where}: the url is missing.")
    if clean(url) != url or (any(character.isspace() for character in url) and "://" in url):
        raise DojoError(f"{where}: the url holds characters that no URL has.")
    scheme, separator, _ = url.partition("://")
    if url.startswith("-") or "::" in url.partition("/")[0]:
        raise DojoError(f"{where}: {url} is no URL that is fetched from. Give https://…, ssh://… or a path.")
    if separator:
        if scheme.casefold() not in _SCHEMES:
            known = ", ".join(f"{each}://" for each in _SCHEMES)
            raise DojoError(f"{where}: {scheme}:// is not fetched from. Give {known} or a path.")
        return url
    # ssh and git write host:path. A single letter before the colon is a drive of Windows.
    if re.match(r"[^/\\:]{2,}:", url):
        return url
    return os.path.normpath(folder / Path(url).expanduser())
