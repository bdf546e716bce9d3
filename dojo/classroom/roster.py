"""Who is in the class: a CSV file with a name, and the URL or path of a fork, on each line."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import re
from pathlib import Path

from dojo.support.errors import DojoError
from dojo.support.text import clean

# A class of a hundred thousand is 20 MB; what is larger is no roster.
_MOST_BYTES = 64_000_000
_MOST_FIELD = 1_000
_SCHEMES = ("https", "http", "ssh", "git", "file")
_ENCODINGS = "Save it as UTF-8 text, as CSV."


@dataclasses.dataclass(frozen=True)
class Learner:
    """One line of a roster. `groups` holds the further columns, by heading; `url` is what git is given."""

    name: str
    url: str
    groups: dict[str, str]


def read_roster(path: Path) -> list[Learner]:
    """The learners of a roster, in its order. A relative path in it is looked up from the roster's own folder.

    The first line names the columns: `name` and `url`, and any others, by which the page can be filtered.
    Raises DojoError with the line that is wrong.
    """
    rows = _rows(path)
    if not rows:
        raise DojoError(f"{path} is empty. Its first line must be: name,url")
    headings = [clean(heading.strip()) for heading in rows[0][1]]
    columns = [heading.casefold() for heading in headings]
    for needed in ("name", "url"):
        if columns.count(needed) != 1:
            raise DojoError(f"{path}, line 1: there must be one column {needed}. The line must be: name,url")
    if len(set(columns)) < len(columns) or "" in columns:
        raise DojoError(f"{path}, line 1: every column needs a name of its own.")
    learners: dict[str, tuple[int, Learner]] = {}
    for line, row in rows[1:]:
        where = f"{path}, line {line}"
        if len(row) != len(columns):
            raise DojoError(f"{where}: it has {len(row)} fields, and line 1 has {len(columns)}.")
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=True))
        if any(len(cell) > _MOST_FIELD for cell in cells.values()):
            raise DojoError(f"{where}: a field is longer than {_MOST_FIELD} characters.")
        name = clean(cells["name"])
        if not name:
            raise DojoError(f"{where}: the name is missing.")
        if name in learners:
            raise DojoError(f"{where}: {name} stands in line {learners[name][0]} already. Names must differ.")
        url = _address(cells["url"], path.absolute().parent, where)
        groups = {
            heading: clean(cells[column])
            for heading, column in zip(headings, columns, strict=True)
            if column not in ("name", "url")
        }
        learners[name] = (line, Learner(name, url, groups))
    if not learners:
        raise DojoError(f"{path} names no learner: below its first line there must be one line for each.")
    return [learner for _, learner in learners.values()]


def is_local(url: str) -> bool:
    """Whether a fork is on this machine's own disk."""
    return url.startswith(("/", "file://")) or (os.name == "nt" and "://" not in url and Path(url).is_absolute())


def shown_url(url: str) -> str:
    """A URL without the password or token that may stand in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", clean(url))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
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
    # Spreadsheets put semicolons or tabs where a comma is the decimal sign.
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
    # host:path, as ssh and git write it; one letter before the colon is a drive.
    if re.match(r"[^/\\:]{2,}:", url):
        return url
    return os.path.normpath(folder / Path(url).expanduser())
