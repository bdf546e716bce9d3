"""Runs git in the user's own repository. Only `run` may change the working tree or the index.

`dojo.classroom.untrusted_git` reads repositories of strangers.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from dojo.support.errors import DojoError

# The author of a commit if git does not know who the user is, for example on a CI machine.
_NOBODY = {"NAME": "PyTorch Dojo", "EMAIL": "dojo@localhost"}
# The address of a remote: https://host/path, ssh://user@host:port/path or user@host:path.
_REMOTE = re.compile(r"(?:(?:https?|ssh)://(?:[^@/]*@)?|[^@/:]+@)([\w.-]+)(?::\d+(?=/))?[:/](.+?)(?:\.git)?/*")


class GitError(DojoError):
    """A git command failed.

    `command` is its name, for example "fetch". `said` is the line in which git says why, or "" if the command took too
    long.
    """

    def __init__(self, text: str, command: str, said: str) -> None:
        super().__init__(text)
        self.command = command
        self.said = said


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file in a tree or in the index: its mode, as git writes it ("100644"), and the id of its content."""

    mode: str
    oid: str


class Repository:
    """A git repository on disk. Every method raises GitError if git fails, unless its docstring says otherwise."""

    def __init__(self, root: Path, *, seconds: float = 600.0, may_ask: bool = False) -> None:
        """seconds: the time limit of each command. may_ask: whether git may ask for a password in the terminal."""
        self.root = root
        self._seconds = seconds
        self._settings = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"} | ({} if may_ask else {"GIT_TERMINAL_PROMPT": "0"})

    @classmethod
    def around(cls, start: Path) -> Repository:
        """Return the repository whose working tree contains `start`. Raises DojoError if there is none."""
        try:
            return cls(Path(cls(start).text("rev-parse", "--show-toplevel")))
        except GitError:
            raise DojoError(f"{start} is not in a git repository. Change into the folder that you cloned.") from None

    def run(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Return what a command prints. `given` is its standard input."""
        command = arguments[0]
        try:
            ran = subprocess.run(
                ["git", *arguments],
                cwd=self.root,
                env=os.environ | self._settings | dict(env or {}),
                input=given,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except OSError as error:
            what = "git is not installed" if error.filename == "git" else f"{self.root} is not a folder"
            raise GitError(f"{what}.", command, str(error)) from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {command} took longer than {self._seconds:.0f} s.", command, "") from None
        if ran.returncode:
            said = _reason(ran)
            raise GitError(f"git {command}: {said}", command, said)
        return ran.stdout

    def text(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Return what a command prints, as text without surrounding white space."""
        return self.run(*arguments, env=env).decode("utf-8", errors="replace").strip()

    def text_or_none(self, *arguments: str) -> str | None:
        """Like `text`, but return None if the command fails. Raises GitError if the command does not end in time."""
        try:
            return self.text(*arguments)
        except GitError as error:
            if not error.said:
                raise
            return None

    def records(self, *arguments: str) -> list[str]:
        """Return the records that a command with the option -z prints. Bytes that are not UTF-8 become surrogates."""
        printed = self.run(*arguments).decode("utf-8", errors="surrogateescape")
        return [record for record in printed.split("\0") if record]

    def commit(self, name: str) -> str | None:
        """Return the id of the commit that `name` refers to, or None."""
        return self.text_or_none("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Return whether the commit `older` is in the history of `newer`; False if one of them is missing."""
        return self.text_or_none("merge-base", "--is-ancestor", older, newer) is not None

    def remote_tip(self, remote: str, branch: str) -> str | None:
        """Return the last commit of a branch of a remote, or None if the remote has no such branch."""
        found = self.text("ls-remote", "--", remote, f"refs/heads/{branch}")
        return found.split()[0] if found else None

    def fetch(self, remote: str, what: str, to: str) -> None:
        """Fetch the reference `what` of a remote into the reference `to`, which is overwritten."""
        self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, f"+{what}:{to}")

    def complete_history(self) -> bool:
        """Fetch the history that a shallow clone lacks; return False if the clone is still shallow afterwards."""
        shallow = ("rev-parse", "--is-shallow-repository")
        if self.text(*shallow) == "true":
            self.text_or_none("fetch", "--quiet", "--no-tags", "--unshallow")
        return self.text(*shallow) != "true"

    def ids(self, names: Iterable[str]) -> list[str | None]:
        """Return the id of each object (`commit:path`), or None for an object that does not exist."""
        lines = self._look_up(names, "%(objectname)")
        return [None if line.endswith(" missing") else line for line in lines]

    def _look_up(self, names: Iterable[str], what: str) -> list[str]:
        asked = "".join(f"{name}\n" for name in names).encode("utf-8", errors="surrogateescape")
        printed = self.run("cat-file", f"--batch-check={what}", given=asked)
        return printed.decode("utf-8", errors="surrogateescape").splitlines()

    def tree(self, name: str) -> dict[str, Entry]:
        """Return every file of a commit or tree, by path."""
        found = {}
        for record in self.records("ls-tree", "-r", "-z", "--full-tree", name):
            about, _, path = record.partition("\t")
            mode, _, oid = about.split()
            found[path] = Entry(mode, oid)
        return found

    def changed(self) -> dict[str, str]:
        """Return two letters for each path that differs from HEAD: the state of the index and of the working tree."""
        records = self.records("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        return {record[3:]: record[:2] for record in records}

    def untracked(self, folder: str) -> list[str]:
        """Return the paths under `folder` that git neither tracks nor ignores."""
        return self.records("ls-files", "-z", "--others", "--exclude-standard", "--", folder)

    def file(self, name: str) -> bytes:
        """Return the content of a file (`commit:path`)."""
        return self.run("cat-file", "blob", name)

    def file_or_none(self, name: str) -> bytes | None:
        """Return the content of a file, named `commit:path`. Returns None if the file does not exist."""
        return self.file(name) if self._look_up([name], "%(objecttype)") == ["blob"] else None

    def files(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of files by their ids. Contents that the repository has lost are left out."""
        wanted = list(dict.fromkeys(oids))
        printed = self.run("cat-file", "--batch", given="".join(f"{oid}\n" for oid in wanted).encode())
        found, at = {}, 0
        for oid in wanted:
            begin = printed.index(b"\n", at) + 1
            size = printed[at:begin].split()[-1]
            at = begin
            if size.isdigit():
                found[oid] = printed[begin : begin + int(size)]
                at += int(size) + 1
        return found

    def write_file(self, data: bytes) -> Entry:
        """Store the content of a file."""
        return Entry("100644", self.run("hash-object", "-w", "--stdin", given=data).decode().strip())

    def write_tree(self, files: Mapping[str, Entry], base: str | None = None) -> str:
        """Store a tree with these files by path, added to the files of the commit or tree `base`; return its id."""
        lines = "".join(f"{entry.mode} {entry.oid}\t{path}\0" for path, entry in files.items())
        given = lines.encode("utf-8", errors="surrogateescape")
        with tempfile.TemporaryDirectory(prefix="dojo_index_") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            options = ["-z"]
            if base is not None:
                self.run("read-tree", base, env=env)
                # If a folder in `base` has the name of one of the files, the file replaces the folder.
                options.append("--replace")
            self.run("update-index", *options, "--index-info", given=given, env=env)
            return self.text("write-tree", env=env)

    def write_commit(self, tree: str, parents: list[str], message: str, env: Mapping[str, str] | None = None) -> str:
        """Store a commit; return its id. `env` may set its author, committer and dates (GIT_AUTHOR_NAME, …)."""
        options = [word for parent in parents for word in ("-p", parent)]
        return self.text("commit-tree", tree, *options, "-m", message, env=env or self.author())

    def author(self) -> dict[str, str]:
        """Return the environment variables that name the author of a commit: the configured name, or a neutral one."""
        found = {}
        for who in ("AUTHOR", "COMMITTER"):
            for what, default in _NOBODY.items():
                key = f"GIT_{who}_{what}"
                configured = self.text_or_none("config", f"user.{what.lower()}")
                found[key] = os.environ.get(key) or configured or default
        return found

    def address_of(self, remote: str) -> str:
        """Return the address of a remote, or "" if there is no such remote."""
        return self.text_or_none("remote", "get-url", remote) or ""

    def main_branch(self, remote: str) -> str:
        """Return the name of a remote's main branch at the time of the clone; "main" if it is not known."""
        found = self.text_or_none("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
        return (found or f"{remote}/main").partition("/")[2]


def web_address(address: str) -> str:
    """Return the address of a repository for a browser, without user name and password; "" if it has no host."""
    match = _REMOTE.fullmatch(address)
    return f"https://{match[1]}/{match[2]}" if match else ""


def checked_out_commit(root: Path) -> str | None:
    """Return the id of the commit that is checked out, or None.

    The id is read from git's own files if possible, because starting git takes longer than a test.
    """
    try:
        folder = root / ".git"
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (folder / name).exists():
            return (folder / name).read_text(encoding="utf-8").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        pass
    # In a worktree, `.git` is a file. In a subfolder of a larger repository, there is no `.git`.
    try:
        return Repository(root, seconds=5.0).text("rev-parse", "HEAD") or None
    except GitError:
        return None


def _reason(ran: subprocess.CompletedProcess[bytes]) -> str:
    """Return the line in which a failed command says why."""
    lines = ran.stderr.decode("utf-8", errors="replace").strip().splitlines()
    told = [line for line in lines if line.startswith(("fatal:", "error:", " ! "))] or lines[-1:]
    said = " ".join(told[0].split()) if told else ""
    return "".join(c if c.isprintable() else "?" for c in said) or f"exit status {ran.returncode}"
