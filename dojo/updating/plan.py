"""The plan of an update. It is complete before anything in the fork changes. Making it only writes git objects."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from dojo.course.layout import beside, shared_judging_parts, used_parts
from dojo.course.moved import MOVED_FILE, Move, current_id, parse_moves
from dojo.course.notebooks import is_unedited
from dojo.course.practice import SETTINGS
from dojo.support.errors import DojoError
from dojo.support.git import Entry, Repository
from dojo.support.text import listed
from dojo.updating.fork import ASK, Tree, base_of, files_in
from dojo.updating.merge_katas import Files, KatasMerge, merge_katas, unwritten

# Learners may adapt these files. Their versions stay until the course changes the files itself.
_ADAPTED = {"README.md", "docs", ".gitignore", ".gitattributes"}
# The files outside katas/ and tests/ on which the verdict of every step depends.
_JUDGE = shared_judging_parts()
# The files in these folders change when they are used.
_USED = tuple(f"{folder}/" for folder in used_parts())


@dataclasses.dataclass
class Plan:
    """How to bring a fork to a newer version of the course.

    Attributes:
        head: the fork's commit.
        base: the commit of the course that the fork was made from, or last updated to.
        new: the commit of the course to update to.
        tree, index: the files that are committed and staged after the update.
        katas: what happens to the learner's files as they are on disk.
        new_tree, head_tree: the files of `new` and of `head`.
        moves: the steps that had another id before `new`.
        write: the files on disk that change. Each has its bytes, or None if it comes from `tree`.
        delete: the files on disk that are deleted.
        replaced, returned: files of the course that the learner had changed, or had deleted.
        used: files that have changed because the learner used them. They stay. Each has the path of the course's new
            version, which is put next to it.
    """

    head: str
    base: str
    new: str
    tree: Tree
    index: Tree
    katas: KatasMerge
    new_tree: Tree
    head_tree: Tree
    moves: tuple[Move, ...]
    write: dict[str, bytes | None] = dataclasses.field(default_factory=dict)
    delete: list[str] = dataclasses.field(default_factory=list)
    replaced: list[str] = dataclasses.field(default_factory=list)
    returned: list[str] = dataclasses.field(default_factory=list)
    used: dict[str, str] = dataclasses.field(default_factory=dict)

    def changes(self, *paths: str) -> bool:
        """Return whether the commit changes one of these files, or a file in one of these folders."""
        folders = tuple(f"{path}/" for path in paths)
        return any(
            self.tree.get(path) != self.head_tree.get(path)
            for path in self.tree.keys() | self.head_tree.keys()
            if path in paths or path.startswith(folders)
        )

    def changes_verdict(self, kata_id: str) -> bool:
        """Return whether the commit changes a file on which the verdict of a kata's steps depends."""
        return self.changes(*_JUDGE, f"katas/{kata_id}.py", f"tests/{kata_id}.py")

    def new_id(self, step_id: str) -> str:
        """Return the id of a step after the update, from its id before."""
        if current_id(step_id, self.moves) != step_id:
            return current_id(step_id, self.moves)
        kata_id, _, name = step_id.rpartition("/")
        path = f"katas/{kata_id}.py"
        moved = dict(self.katas.moved)
        path, _, name = moved.get(f"{path}:{name}", f"{self.katas.renamed.get(path, path)}:{name}").partition(":")
        return f"{path.removeprefix('katas/').removesuffix('.py')}/{name}"


def make_plan(fork: Repository, head: str, new: str) -> Plan:
    """Plan the update of the fork at `head` to the course's commit `new`. Raises DojoError if it is impossible."""
    new_tree = fork.tree(new)
    new_katas = _katas_of_course(fork, new, new_tree)
    base = base_of(fork, head, new)
    if base is None:
        raise DojoError(f"This fork and that course have nothing in common, so nothing was changed. {ASK}")
    base_tree, head_tree, index = fork.tree(base), fork.tree(head), _index(fork)
    changed = fork.changed()
    _refuse_changes_of_the_course(changed)
    base_katas, head_katas, index_katas = (files_in(fork, tree, "katas") for tree in (base_tree, head_tree, index))
    disk_katas = _on_disk(fork, index_katas, changed)
    renamed = _renamed(fork, base, new)
    moves = _moves_at(fork, new, new_tree)

    def merged(files: Files) -> KatasMerge:
        return merge_katas(base_katas, files, new_katas, renamed, moves)

    for_head = merged(head_katas)
    for_index = for_head if index_katas == head_katas else merged(index_katas)
    for_disk = for_head if disk_katas == head_katas else merged(disk_katas)

    plan = Plan(head, base, new, {}, {}, for_disk, new_tree, head_tree, moves)
    _plan_outside_katas(plan, base_tree)
    known = [(index_katas, index), (head_katas, head_tree), (new_katas, new_tree)]
    entries = {data: tree[path] for files, tree in known for path, data in files.items()}
    plan.index = plan.tree | _stored(fork, for_index.files, entries)
    plan.tree = plan.tree | _stored(fork, for_head.files, entries)
    _refuse_files_as_folders(plan.tree)
    _plan_disk(plan, fork.root, index, disk_katas, for_head.files)
    _plan_used(plan, fork, base_tree, index, changed)
    _refuse_what_is_in_the_way(plan, fork.root)
    return plan


def _katas_of_course(fork: Repository, new: str, tree: Tree) -> Files:
    """Return katas/ of a commit. Raises DojoError if the commit is not the course."""
    if not all(any(path.startswith(folder) for path in tree) for folder in ("katas/", "tests/")):
        raise DojoError(f"The commit {new[:7]} is not a version of the course, because it lacks katas/ or tests/.")
    katas = files_in(fork, tree, "katas")
    if not unwritten(katas, files_in(fork, tree, "mistakes")):
        raise DojoError(f"The commit {new[:7]} is not a version of the course, because it holds answers in katas/.")
    return katas


def _moves_at(fork: Repository, new: str, tree: Tree) -> tuple[Move, ...]:
    """Return the steps that have moved, as a commit of the course lists them. Raises DojoError if it can't be read."""
    if MOVED_FILE not in tree:
        return ()
    return parse_moves(fork.file(f"{new}:{MOVED_FILE}"), f"{MOVED_FILE} of {new[:7]}")


def _index(fork: Repository) -> Tree:
    """Return every file of the index. Raises DojoError if a merge left conflicts in the index."""
    found = {}
    for record in fork.records("ls-files", "-s", "-z"):
        about, _, path = record.partition("\t")
        mode, oid, stage = about.split()
        if stage != "0":
            raise DojoError("A merge has left conflicts here. Resolve and commit them (git status), then update.")
        found[path] = Entry(mode, oid)
    return found


def _on_disk(fork: Repository, index: Files, changed: dict[str, str]) -> Files:
    """Return the files of katas/ on disk. An unchanged file is as the index has it, which may differ in line ends."""
    found = dict(index)
    paths = [path for path, letters in changed.items() if letters[1] != " " and path.startswith("katas/")]
    for path in [*paths, *fork.untracked("katas")]:
        file = fork.root / path
        found.pop(path, None)
        if file.is_file() and not file.is_symlink():
            found[path] = _read(fork, path)
    return found


def _read(fork: Repository, path: str) -> bytes:
    try:
        return (fork.root / path).read_bytes()
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}), so nothing was changed.") from None


def _read_if_there(fork: Repository, path: str) -> bytes | None:
    return _read(fork, path) if (fork.root / path).is_file() else None


def _renamed(fork: Repository, base: str, new: str) -> dict[str, str]:
    """Return the files of katas/ that git considers renamed: the new path by the old path."""
    records = fork.records("diff", "--name-status", "-z", "-M", "--diff-filter=R", base, new, "--", "katas")
    return dict(zip(records[1::3], records[2::3], strict=True))


def _stored(fork: Repository, files: Files, entries: dict[bytes, Entry]) -> Tree:
    """Store files in the repository. `entries` holds the contents that are stored already. New ones are added to it."""
    for data in files.values():
        if data not in entries:
            entries[data] = fork.write_file(data)
    return {path: entries[data] for path, data in files.items()}


def _plan_outside_katas(plan: Plan, base: Tree) -> None:
    """Take the course's files outside katas/. Files that the course has never had stay."""
    for path, entry in _courses_own(plan.new_tree):
        mine, before = plan.head_tree.get(path), base.get(path)
        if mine is not None and before == entry and PurePosixPath(path).parts[0] in _ADAPTED:
            entry = mine
        elif mine is None and before is not None:
            plan.returned.append(path)
        elif mine not in (None, before, entry):
            plan.replaced.append(path)
        plan.tree[path] = entry
    for path, mine in _courses_own(plan.head_tree):
        if path in plan.new_tree:
            continue
        # The settings come from an instructor's fork, not from the course. So the learner's settings stay.
        if path not in base or path == SETTINGS:
            plan.tree[path] = mine
        elif mine != base[path]:
            plan.replaced.append(path)


def _courses_own(tree: Tree) -> Iterable[tuple[str, Entry]]:
    return ((path, entry) for path, entry in tree.items() if not path.startswith(("katas/", *_USED)))


def _plan_used(plan: Plan, fork: Repository, base: Tree, index: Tree, changed: dict[str, str]) -> None:
    """Take the course's files that change when they are used. A file that the learner has changed stays."""
    trees = [_used_files(tree) for tree in (base, plan.new_tree, plan.head_tree, index)]
    contents = fork.files(entry.oid for tree in trees for entry in tree.values())
    for path in sorted(set().union(*trees)):
        before, new, at_head, staged = (contents.get(tree[path].oid) if path in tree else None for tree in trees)
        for to, tree, mine in ((plan.tree, trees[2], at_head), (plan.index, trees[3], staged)):
            source = tree if _is_changed(mine, before) else trees[1]
            if path in source:
                to[path] = source[path]
        is_as_staged = path in index and changed.get(path, "  ")[1] == " "
        _plan_used_on_disk(plan, path, before, new, staged if is_as_staged else _read_if_there(fork, path))


def _used_files(tree: Tree) -> Tree:
    return {path: entry for path, entry in tree.items() if path.startswith(_USED)}


def _plan_used_on_disk(plan: Plan, path: str, before: bytes | None, new: bytes | None, on_disk: bytes | None) -> None:
    """Plan one such file on disk. `before` and `new`: its contents in the course's two versions."""
    if not _is_changed(on_disk, before):
        if new is None and on_disk is not None:
            plan.delete.append(path)
        elif new is not None and new != on_disk:
            plan.write[path] = new
    elif new is not None and new not in (before, on_disk):
        plan.used[path] = beside(path)
        plan.write[beside(path)] = new


def _is_changed(mine: bytes | None, before: bytes | None) -> bool:
    """Return whether the learner has changed a file. The outputs of a notebook do not count."""
    return mine is not None and mine != before and not is_unedited(mine)


def _plan_disk(plan: Plan, root: Path, index: Tree, disk_katas: Files, committed: Files) -> None:
    """Add to the plan the files on disk that change. `committed`: the files of katas/ in the new commit."""
    for path in sorted(plan.tree.keys() | plan.head_tree.keys()):
        if path.startswith(("katas/", *_USED)):
            continue
        if path not in plan.tree:
            plan.delete.append(path)
        elif plan.tree[path] != index.get(path):
            plan.write[path] = None
            if path not in index and (root / path).is_file():
                # The learner has a file that was never committed, and now the course has a file of the same name.
                plan.replaced.append(path)
    for path, data in plan.katas.files.items():
        if path not in disk_katas or disk_katas[path] != data:
            plan.write[path] = None if committed.get(path) == data else data
    plan.write |= plan.katas.beside
    plan.delete += [path for path in disk_katas if path not in plan.katas.files]


def _refuse_changes_of_the_course(changed: dict[str, str]) -> None:
    outside = sorted(path for path in changed if not path.startswith(("katas/", *_USED)))
    if outside:
        raise DojoError(
            f"There are changes outside katas/ that are not committed: {listed(outside)}. "
            "Commit them, or put them away (git stash), then update."
        )


def _refuse_files_as_folders(tree: Tree) -> None:
    folders = {str(parent) for path in tree for parent in PurePosixPath(path).parents}
    for path in sorted(folders & tree.keys()):
        raise DojoError(
            f"{path} is a file in your fork and a folder in the new course. Rename yours, commit, then update."
        )


def _refuse_what_is_in_the_way(plan: Plan, root: Path) -> None:
    """Raise DojoError if an uncommitted folder has the name of one of the course's files, or the other way round."""
    leaving = set(plan.delete)
    for path in plan.write:
        target = root / path
        if target.is_dir() and not target.is_symlink():
            inside = (file.relative_to(root).as_posix() for file in target.rglob("*") if not file.is_dir())
            if any(name not in leaving for name in inside):
                raise DojoError(f"{path} is a folder here and a file in the new course. Move yours away, then update.")
        for parent in PurePosixPath(path).parents:
            if (root / parent).is_file() and str(parent) not in leaving:
                raise DojoError(
                    f"{parent} is a file here and a folder in the new course. Move yours away, then update."
                )
