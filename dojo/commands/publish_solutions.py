"""`dojo publish-solutions`: a branch that is the course with katas/ filled in, so that git itself compares."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath

from dojo.commands.parser import Command
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

_MARK = "Solutions-of: "


def publish_solutions(start: Path, *, branch: str, main: str, push: str | None) -> int:
    """Write the branch from HEAD, and push it to the remote `push` where one is named; return 0.

    Its tree is HEAD's, each kata replaced by its solution. The same HEAD gives the same commit. Neither the working
    tree nor the index is touched. Raises DojoError on a dirty tree, off the branch `main`, and where a branch of that
    name was not made by this command; then nothing is changed.
    """
    repository = Repository.around(start)
    head = _head(repository, main)
    _refuse_foreign(repository, repository.commit(f"refs/heads/{branch}"), f"The branch {branch}")
    if f"branch refs/heads/{branch}\n" in repository.text("worktree", "list", "--porcelain") + "\n":
        raise DojoError(f"The branch {branch} is checked out. Change to {main} first: git switch {main}")
    made = _commit(repository, head)
    if push is not None:
        _push(repository, push, branch, made)
    repository.run("update-ref", f"refs/heads/{branch}", made)
    where = f", and on {push}" if push is not None else ""
    print(f"The branch {branch} is at {made[:10]}{where}. To compare: git diff {branch} -- katas")
    return 0


def _head(repository: Repository, main: str) -> str:
    """HEAD's commit, where it is right to start from it."""
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet.")
    try:
        on = repository.text("symbolic-ref", "--quiet", "--short", "HEAD")
    except GitError:
        # A CI checks a commit out, and no branch: that of main will do.
        on = main if repository.commit(f"refs/remotes/origin/{main}") == head else "no branch"
    if on != main:
        raise DojoError(f"The solutions are published from {main}, and you are on {on}: git switch {main}")
    changed = repository.names("status", "--porcelain", "-z", "--no-renames")
    if changed:
        others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise DojoError(f"{changed[0][3:]}{others} differs from what is committed. Commit it, or git stash -u.")
    return head


def _refuse_foreign(repository: Repository, tip: str | None, what: str) -> None:
    """Raise DojoError where a commit was not made by this command."""
    if tip is None:
        return
    lines = repository.text("show", "--no-patch", "--format=%P%n%B", tip).splitlines()
    if not any(line == f"{_MARK}{lines[0]}" for line in lines[1:]):
        raise DojoError(
            f"{what} holds work that dojo publish-solutions did not make, and would be overwritten: "
            "give the solutions another name with --branch."
        )


def _commit(repository: Repository, head: str) -> str:
    """Store the commit: its author, its committer and its dates are those of HEAD."""
    solutions = _files(repository, head, "solutions")
    stubs = _files(repository, head, "katas")
    katas = [name for name in stubs if PurePosixPath(name).match("lesson_*/kata_*.py")]
    missing = next((name for name in katas if name not in solutions), None)
    if missing or not solutions:
        raise DojoError(f"solutions/{missing or ''} is not there: what belongs in katas/{missing or ''} is not known.")
    files = {f"katas/{name}": blob for name, blob in solutions.items()}
    tree = repository.write_tree(head, files)
    keys = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE")]
    shown = "--format=%an%x00%ae%x00@%ad%x00%cn%x00%ce%x00@%cd"
    told = repository.text("show", "--no-patch", "--date=raw", shown, head)
    message = f"The course with its katas filled in\n\n{_MARK}{head}"
    return repository.write_commit(tree, [head], message, env=dict(zip(keys, told.split("\0"), strict=True)))


def _files(repository: Repository, commit: str, tree: str) -> dict[str, str]:
    """The files of a top-level folder in a commit: path within it, and the file's id."""
    found = {}
    for entry in repository.names("ls-tree", "-r", "-z", commit, "--", f"{tree}/"):
        about, _, path = entry.partition("\t")
        _, kind, blob = about.split()
        if kind == "blob":
            found[path.partition("/")[2]] = blob
    return found


def _push(repository: Repository, remote: str, branch: str, made: str) -> None:
    try:
        tip = repository.remote_tip(remote, branch)
        if tip is not None and tip != made:
            repository.fetch(remote, f"refs/heads/{branch}", "refs/dojo/solutions")
            _refuse_foreign(repository, tip, f"The branch {branch} of {remote}")
        lease = f"--force-with-lease=refs/heads/{branch}:{tip or ''}"
        repository.run("push", "--quiet", lease, "--", remote, f"{made}:refs/heads/{branch}")
    except GitError as error:
        raise DojoError(f"The branch {branch} could not be pushed to {remote}: {error.said}") from None


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--branch", default="solutions", metavar="NAME", help="the branch (default: solutions)")
    parser.add_argument("--main", default="main", metavar="NAME", help="the branch to start from (default: main)")
    parser.add_argument("--push", metavar="REMOTE", help="also push the branch to this remote")


def _run(arguments: argparse.Namespace) -> int:
    return publish_solutions(Path.cwd(), branch=arguments.branch, main=arguments.main, push=arguments.push)


COMMANDS = {
    "publish-solutions": Command(
        "Write a branch whose tree is this one with katas/ filled in from solutions/. Your files are not touched."
        " Then git diff solutions -- katas/lesson_1_tensors shows what differs.",
        "dojo publish-solutions    or, for the course's own repository: dojo publish-solutions --push origin",
        _options,
        _run,
    ),
}
