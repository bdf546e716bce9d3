"""Moves answers out of a notebook: to the learner's fork, or into a file to download. The file brings them back."""

from __future__ import annotations

import contextlib
import os
import tempfile
import zipfile
from pathlib import Path

from dojo.course.backups import back_up, replace
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import file_in, kata_files
from dojo.notebook.child import run
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

_TOKEN = "GITHUB_TOKEN"
# git asks this helper for the name and the password, and only for github.com. No argument and no file has the token.
_HELPER = '!f() { test "$1" = get && echo username=x-access-token && echo "password=$DOJO_TOKEN"; }; f'
_FILE = "answers.zip"
# A larger file is not a kata. In bytes.
_LARGEST = 1_000_000


def push(root: Path, address: str | None) -> str:
    """Commit katas/ and push it to `address` (default: the remote origin). Returns a sentence.

    Raises DojoError if git refuses. A commit that was not pushed stays.
    """
    repository = Repository(root, seconds=120.0)
    branch = repository.text_or_none("symbolic-ref", "--quiet", "--short", "HEAD")
    if branch is None:
        raise DojoError("No branch is checked out here, so nothing can be pushed. Choose a branch: git switch main")
    target = address or "origin"
    try:
        repository.run("add", "--all", "--", "katas")
        if repository.text("status", "--porcelain", "--untracked-files=no", "--", "katas"):
            author = repository.author()
            repository.run("commit", "--quiet", "--message", "Answers from the notebook", "--", "katas", env=author)
        repository.run("push", "--quiet", "--", target, f"HEAD:refs/heads/{branch}", env=credentials())
    except GitError as error:
        remedy = (
            "It has commits that this clone lacks. Get them (git pull --rebase), then push again."
            if "rejected" in error.said
            else "Is it a fork of yours, and does git know your token there? See docs/notebook.md."
        )
        raise DojoError(f"Nothing was pushed to {target}: {error.said or error}. {remedy}") from None
    return f"katas/ is pushed to {target}, branch {branch}."


def save(root: Path, file: Path | None, seconds: float) -> str:
    """Write the answers and the page of the progress into a zip file, and offer it for download. Returns a sentence.

    seconds: the time limit of the run that makes the page. Raises DojoError if the file can't be written.
    """
    file = file or root / _FILE
    with tempfile.TemporaryDirectory(prefix="dojo-notebook-") as folder:
        page = Path(folder) / "progress.html"
        ran = run(root, ["dojo", "progress", "--html", str(page)], seconds)
        if not page.is_file():
            raise DojoError(ran.printed)
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in kata_files(root / "katas"):
                    archive.write(path, path.relative_to(root).as_posix())
                archive.write(page, page.name)
        except OSError as error:
            raise DojoError(f"{file} could not be written ({error.strerror}).") from None
    with contextlib.suppress(ImportError):
        from google.colab import files

        files.download(str(file))
    return f"Your answers and the page of your progress are in {file}."


def load(root: Path, file: Path) -> str:
    """Bring back the answers that `save` wrote, after a backup of the files that change. Returns a sentence.

    Raises DojoError if the file can't be read. Then no file has changed.
    """
    changed: dict[Path, bytes] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            for kata in read_curriculum(root).katas():
                name = file_in("katas", kata.id)
                if name in names:
                    with archive.open(name) as member:
                        data = member.read(_LARGEST + 1)
                    if len(data) > _LARGEST:
                        raise DojoError(
                            f"{file}: {name} is larger than {_LARGEST // 1_000_000} MB, so it is not a kata."
                        )
                    if not (root / name).is_file() or (root / name).read_bytes() != data:
                        changed[root / name] = data
    except FileNotFoundError:
        raise DojoError(f"There is no file {file}.") from None
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise DojoError(f"{file} can't be read: {error}") from None
    if not any(name.startswith("katas/") for name in names):
        raise DojoError(f"{file} has no folder katas/, so %progress --save did not write it.")
    if not changed:
        return "katas/ already has these answers."
    backup = back_up(root, list(changed), "notebook")
    for path, data in changed.items():
        replace(path, data)
    return f"katas/ has the answers of {file.name} now. To undo this: dojo restore {backup.name}"


def credentials() -> dict[str, str]:
    """The environment in which git knows the learner's token for GitHub; without a token, git asks its own helpers."""
    token = os.environ.get(_TOKEN) or _from_colab() or _from_kaggle()
    if not token:
        return {}
    key = "credential.https://github.com.helper"
    return {"DOJO_TOKEN": token, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": _HELPER}


def _from_colab() -> str:
    # Without the secret, or without the notebook's access to it, Colab raises an error of its own.
    with contextlib.suppress(Exception):
        from google.colab import userdata

        return str(userdata.get(_TOKEN) or "")
    return ""


def _from_kaggle() -> str:
    with contextlib.suppress(Exception):
        from kaggle_secrets import UserSecretsClient

        return str(UserSecretsClient().get_secret(_TOKEN) or "")
    return ""
