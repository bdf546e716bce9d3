"""Reads text, and writes a file either whole or not at all: a temporary file in the same folder is renamed."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dojo.support.errors import DojoError


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with \\n as its line ending. Invalid bytes are replaced. Raises OSError."""
    return path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def read_text_or_empty(path: Path) -> str:
    """Like `read_text`, but "" if the file can't be read."""
    try:
        return read_text(path)
    except OSError:
        return ""


def bytes_like(old: bytes, text: str) -> bytes:
    """The bytes of a text, with the line endings and the byte order mark of `old`, a file's previous content."""
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in old else text).encode()


def write_bytes(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write `data` either whole or not at all, and make the missing folders. Raises OSError.

    A file that exists keeps its permissions, and everybody may read a new file. With `durable`, the data is on the
    disk before it replaces the old file. Then a power cut leaves either the old file or the new one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        mode = 0o644
        with contextlib.suppress(FileNotFoundError):
            mode = path.stat().st_mode & 0o777
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, as `write_bytes` does. Raises OSError."""
    write_bytes(path, text.encode())


def write_or_refuse(path: Path, text: str) -> None:
    """Write text as `write_text` does. Raises a DojoError that names the file."""
    with writing(path):
        write_text(path, text)


def write_json(path: Path, data: object) -> None:
    """Write JSON, as `write_bytes` does. A dataclass in `data` becomes an object of its fields. Raises OSError."""
    # Without indentation, json is ten times as fast, and the learner waits for it after each save.
    write_text(path, json.dumps(data, ensure_ascii=False, allow_nan=False, default=vars) + "\n")


def read_at_most(path: Path, most: int) -> bytes:
    """The bytes of a file. Raises DojoError if it can't be read or has more than `most` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    if len(data) > most:
        raise DojoError(f"{path} is larger than {most // 1_000_000} MB, so it was not read.")
    return data


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError in the block into a DojoError that names the file."""
    try:
        yield
    except OSError as error:
        raise DojoError(f"{path} could not be written ({error.strerror}).") from None
