"""Dated copies of the learner's files. A command makes a copy before it changes such a file."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from pathlib import Path

from dojo.support.errors import DojoError
from dojo.support.files import write_bytes
from dojo.support.text import nearest

_STAMP = "%Y-%m-%d_%H-%M-%S"
_LENGTH = len("2000-01-01_00-00-00")


@dataclasses.dataclass(frozen=True)
class Backup:
    """Copies of files in katas/. `name` begins with the date and time, and `files` are paths below katas/."""

    name: str
    folder: Path
    files: tuple[str, ...]


def back_up(root: Path, files: list[Path], why: str) -> Backup:
    """Copy files in katas/ into a new backup.

    Raises DojoError if this fails. Then the caller must not change any of the files.
    """
    place = root / ".dojo" / "backups"
    copied = []
    try:
        folder = _new_folder(place, f"{_stamp(place)}_{why}")
        for path in files:
            if path.exists():
                relative = path.relative_to(root / "katas")
                target = folder / relative
                write_bytes(target, path.read_bytes(), durable=True)
                copied.append(relative.as_posix())
    except OSError as error:
        raise DojoError(f"Your version could not be copied to {place}, so nothing was changed: {error}.") from None
    return Backup(folder.name, folder, tuple(copied))


def _new_folder(place: Path, name: str) -> Path:
    """Make a new folder: `name`, or `name` with a number if another process has just made that."""
    for number in range(1000):
        folder = place / (name + (f"_{number}" if number else ""))
        with contextlib.suppress(FileExistsError):
            folder.mkdir(parents=True)
            break
    return folder


def _stamp(place: Path) -> str:
    """The date and time as a name. It sorts after the name of every backup, even if the clock was set back."""
    moment = datetime.datetime.now()
    for path in place.iterdir() if place.is_dir() else []:
        with contextlib.suppress(ValueError, OverflowError):
            last = datetime.datetime.strptime(path.name[:_LENGTH], _STAMP)
            moment = max(moment, last + datetime.timedelta(seconds=1))
    return moment.strftime(_STAMP)


def backups(root: Path) -> list[Backup]:
    """Every backup, the newest first."""
    place = root / ".dojo" / "backups"
    found = []
    for folder in sorted(place.iterdir(), reverse=True) if place.is_dir() else []:
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
        if folder.is_dir() and files:
            found.append(Backup(folder.name, folder, tuple(files)))
    return found


def backup_named(root: Path, name: str | None) -> Backup:
    """The backup whose name begins with `name` (default: the newest). Raises DojoError if there is none."""
    known = backups(root)
    if not known:
        raise DojoError("There is nothing to restore, because there are no backups yet.")
    if name is None:
        return known[0]
    found = [backup for backup in known if backup.name.startswith(name)]
    if len(found) == 1 or (found and found[-1].name == name):
        return found[-1]
    if found:
        raise DojoError(f"{name} could mean {', '.join(backup.name for backup in found)}. Type more of the name.")
    close = nearest(name, [backup.name for backup in known])
    raise DojoError(f"There is no backup named {name}. {close or 'dojo restore --list shows all backups.'}")


def bring_back(root: Path, backup: Backup) -> Backup | None:
    """Put the files of a backup back into katas/.

    Returns a new backup of the files that were replaced, or None if no file differed.
    """
    changed = []
    for name in backup.files:
        target = root / "katas" / name
        if not target.exists() or target.read_bytes() != (backup.folder / name).read_bytes():
            changed.append(name)
    if not changed:
        return None
    before = back_up(root, [root / "katas" / name for name in changed], "restore")
    for name in changed:
        replace(root / "katas" / name, (backup.folder / name).read_bytes())
    return before


def replace(path: Path, data: bytes) -> None:
    """Write a learner's file whole or not at all. Raises DojoError."""
    try:
        write_bytes(path, data, durable=True)
    except OSError as error:
        raise DojoError(f"{path} could not be written ({error.strerror}). The file has not changed.") from None
