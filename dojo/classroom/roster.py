"""The roster of a class: a CSV file. Each line has the name of a learner, and the URL or path of the fork."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import re
from pathlib import Path

from dojo.support.errors import DojoError
from dojo.support.files import read_at_most
from dojo.support.text import clean, cut

# In bytes. A roster of 100,000 learners has 20 MB.
_MOST_BYTES = 64_000_000
_MOST_FIELD = 1_000
_SCHEMES = ("https", "http", "ssh", "git", "file")
# Canvas and Moodle find a learner by these columns. The names are those in their exported grades.
_IDS = {each: each for each in ("id", "sis user id", "sis login id", "username", "id number", "email address")}
_IDS["email"] = "email address"
_ENCODINGS = "Save it as CSV in UTF-8."


@dataclasses.dataclass(frozen=True)
class Learner:
    """One line of a roster. git fetches from `url`. `groups` has the other columns by heading.

    `ids` has the columns by which a gradebook finds the learner, by heading in small letters. No page shows them.
    """

    name: str
    url: str
    groups: dict[str, str]
    ids: dict[str, str] = dataclasses.field(default_factory=dict)

    def has_id(self, heading: str) -> bool:
        """Return whether the roster has this column, and it is one by which a gradebook finds the learner."""
        return _IDS.get(heading.casefold()) in self.ids


def read_roster(path: Path) -> list[Learner]:
    """Return the learners of a roster, in its order. Relative paths in a roster start at the roster's own folder.

    The first line names the columns: `name`, `url`, and any others. Raises DojoError with the number of the line that
    is wrong.
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
            raise DojoError(f"{where}: {learner.name} is also in line {first}. Give each learner a different name.")
        learners[learner.name] = (line, learner)
    if not learners:
        raise DojoError(f"{path} lists no learners. Add one line for each learner below the first line.")
    return [learner for _, learner in learners.values()]


def is_local(url: str) -> bool:
    """Return whether a fork is on a disk of this machine."""
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
            found = f"It is: {cut(','.join(headings))}"
            raise DojoError(f"{path}, line 1 must name the columns, for example: name,url. {found}")
    if len(set(columns)) < len(columns) or "" in columns:
        raise DojoError(f"{path}, line 1: give each column a different name.")
    return headings


def _learner(headings: list[str], row: list[str], folder: Path, where: str) -> Learner:
    """Return the learner of one line. Raises DojoError if the line is wrong."""
    if len(row) != len(headings):
        raise DojoError(f"{where}: line 1 has {len(headings)} fields, but this line has {len(row)}.")
    groups = {heading: cell.strip() for heading, cell in zip(headings, row, strict=True)}
    if any(len(cell) > _MOST_FIELD for cell in groups.values()):
        raise DojoError(f"{where}: a field has more than {_MOST_FIELD} characters. Shorten it.")
    name, url = (groups.pop(next(h for h in headings if h.casefold() == needed)) for needed in ("name", "url"))
    if not clean(name):
        raise DojoError(f"{where}: the name is missing.")
    ids = {_IDS[heading.casefold()]: clean(cell) for heading, cell in groups.items() if heading.casefold() in _IDS}
    groups = {heading: clean(cell) for heading, cell in groups.items() if heading.casefold() not in _IDS}
    return Learner(clean(name), _address(url, folder, where), groups, ids)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number. Raises DojoError if the file is not CSV."""
    data = read_at_most(path, _MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DojoError(f"{path}, line {line}: the file is not UTF-8 text. {_ENCODINGS}") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DojoError(f"{path}, line {line}: the file is not text. {_ENCODINGS}")
    # In countries with a decimal comma, spreadsheets separate fields with semicolons or tabs.
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        problem = f"{error}. Is a closing quotation mark missing?"
        raise DojoError(f"{path}, line {max(reader.line_num, 1)}: {problem}") from None
    return rows


def _address(url: str, folder: Path, where: str) -> str:
    """Return the address that git fetches from. Raises DojoError if git must not get this URL."""
    if not url:
        raise DojoError(f"{where}: the url is missing.")
    if clean(url) != url or (any(character.isspace() for character in url) and "://" in url):
        raise DojoError(f"{where}: the url has a character that no URL may have. Remove it.")
    scheme, separator, _ = url.partition("://")
    if url.startswith("-") or "::" in url.partition("/")[0]:
        raise DojoError(f"{where}: dojo class does not fetch from {url}. Give https://…, ssh://… or a path.")
    if separator:
        if scheme.casefold() not in _SCHEMES:
            known = ", ".join(f"{each}://" for each in _SCHEMES)
            raise DojoError(f"{where}: dojo class does not fetch from {scheme}://. Give {known} or a path.")
        return url
    # ssh and git write host:path. A single letter before the colon is a drive of Windows.
    if re.match(r"[^/\\:]{2,}:", url):
        return url
    return os.path.normpath(folder / Path(url).expanduser())
