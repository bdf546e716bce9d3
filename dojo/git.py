"""Git, asked and told: plumbing that leaves the working tree and the index as they are."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dojo.course import DojoError

# Who makes commits where nobody has told git a name, as on a machine of a CI.
_NOBODY = {"NAME": "PyTorch Dojo", "EMAIL": "dojo@localhost"}
_PATIENCE = 600.0


class GitError(DojoError):
    """A command of git that failed; `said` is git's own last line."""

    def __init__(self, text: str, said: str) -> None:
        super().__init__(text)
        self.said = said


class Repository:
    """A repository of git on disk. Every method raises GitError where git refuses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def around(cls, start: Path) -> Repository:
        """The repository whose working tree `start` is in. Raises DojoError where it is in none."""
        try:
            return cls(Path(cls(start).text("rev-parse", "--show-toplevel")))
        except GitError:
            raise DojoError(f"{start} is in no git repository. Change into the folder that you cloned.") from None

    def run(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What a command of git prints; `given` is its standard input."""
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        try:
            ran = subprocess.run(
                ["git", *arguments],
                cwd=self.root,
                env=os.environ | quiet | dict(env or {}),
                input=given,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except FileNotFoundError as error:
            what = "git is not installed" if error.filename == "git" else f"{self.root} is no folder"
            raise GitError(f"{what}.", str(error)) from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} took longer than {_PATIENCE:.0f} s.", "") from None
        if ran.returncode:
            lines = ran.stderr.decode("utf-8", errors="replace").strip().splitlines()
            told = [line for line in lines if line.startswith(("fatal:", "error:", " ! "))] or lines[-1:]
            said = " ".join(told[0].split()) if told else f"exit status {ran.returncode}"
            raise GitError(f"git {arguments[0]}: {said}", said)
        return ran.stdout

    def text(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """What a command of git prints, as text without white space at its ends."""
        return self.run(*arguments, env=env).decode("utf-8", errors="replace").strip()

    def names(self, *arguments: str) -> list[str]:
        """The paths that a command prints when told -z."""
        return [name.decode("utf-8", errors="replace") for name in self.run(*arguments).split(b"\0") if name]

    def commit(self, name: str) -> str | None:
        """The id of the commit that a name means; None where there is none."""
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError:
            return None

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Is the commit `older` in the history of `newer`? False where one of them is not here."""
        try:
            self.run("merge-base", "--is-ancestor", older, newer)
        except GitError:
            return False
        return True

    def remote_tip(self, remote: str, branch: str) -> str | None:
        """The commit that a branch of a remote is at; None where the remote has no such branch."""
        found = self.text("ls-remote", "--", remote, f"refs/heads/{branch}")
        return found.split()[0] if found else None

    def fetch(self, remote: str, what: str, to: str) -> None:
        """Fetch `what` of a remote into the reference `to`, whatever that was before."""
        self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, f"+{what}:{to}")

    def size(self, name: str) -> int | None:
        """The size of a file in a commit (`commit:path`), in bytes; None where it is not there."""
        try:
            return int(self.text("cat-file", "-s", name)) if self._is_file(name) else None
        except GitError:
            return None

    def _is_file(self, name: str) -> bool:
        return self.text("cat-file", "-t", name) == "blob"

    def write_file(self, data: bytes) -> str:
        """Store a file; its id."""
        return self.run("hash-object", "-w", "--stdin", given=data).decode().strip()

    def write_tree(self, base: str | None, files: Mapping[str, str]) -> str:
        """Store the tree of `base` (a commit or a tree) with these files (path: id) put in; its id."""
        with tempfile.TemporaryDirectory(prefix="dojo_index_") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if base is not None:
                self.run("read-tree", base, env=env)
            lines = "".join(f"100644 {blob}\t{path}\0" for path, blob in files.items())
            # A folder that has a file's name gives way to it.
            self.run("update-index", "-z", "--replace", "--index-info", given=lines.encode(), env=env)
            return self.text("write-tree", env=env)

    def write_commit(self, tree: str, parents: list[str], message: str, env: Mapping[str, str] | None = None) -> str:
        """Store a commit; its id. `env` may name its author and date (GIT_AUTHOR_NAME, …)."""
        someone = dict(env or {})
        if not someone:
            for who in ("AUTHOR", "COMMITTER"):
                for what, default in _NOBODY.items():
                    key = f"GIT_{who}_{what}"
                    someone[key] = os.environ.get(key) or self._configured(f"user.{what.lower()}") or default
        options = [word for parent in parents for word in ("-p", parent)]
        return self.text("commit-tree", tree, *options, "-m", message, env=someone)

    def _configured(self, key: str) -> str:
        try:
            return self.text("config", key)
        except GitError:
            return ""
