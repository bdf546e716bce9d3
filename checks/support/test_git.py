"""The wrapper of git, over a small real repository."""

from __future__ import annotations

import pytest

from dojo.support.errors import DojoError
from dojo.support.git import Entry, GitError, Repository, checked_out_commit

from ..forks import ENV, git


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("one\n")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return Repository(tmp_path)


def test_a_command_that_fails_names_itself_and_the_reason(repository):
    with pytest.raises(GitError, match=r"git rev-parse: fatal: Needed a single revision") as caught:
        repository.text("rev-parse", "--verify", "nothing")
    assert (caught.value.command, caught.value.said) == ("rev-parse", "fatal: Needed a single revision")
    assert repository.text_or_none("rev-parse", "--verify", "nothing") is None


def test_a_command_that_does_not_end_in_time_is_never_a_mere_failure(repository):
    slow = Repository(repository.root, seconds=0.2)
    with pytest.raises(GitError, match=r"git -c took longer than 0 s\.") as caught:
        slow.text_or_none("-c", "alias.wait=!sleep 5", "wait")
    assert caught.value.said == ""


def test_git_asks_for_a_password_only_if_it_may(repository, monkeypatch):
    monkeypatch.delenv("GIT_TERMINAL_PROMPT", raising=False)
    show = ("-c", "alias.show-it=!echo $GIT_TERMINAL_PROMPT", "show-it")
    assert repository.text(*show) == "0"
    assert Repository(repository.root, may_ask=True).text(*show) == ""


def test_objects_are_found_by_commit_and_path(repository):
    entry = repository.tree("HEAD")["folder/file"]
    assert entry.mode == "100644"
    assert repository.ids(["HEAD:folder/file", "HEAD:gone"]) == [entry.oid, None]
    found = [repository.file_or_none(f"HEAD:{name}") for name in ("folder/file", "folder", "gone")]
    assert found == [repository.file("HEAD:folder/file"), None, None] == [b"one\n", None, None]
    # An object that is not there is left out.
    assert repository.files(["0" * 40, entry.oid]) == {entry.oid: b"one\n"}


def test_a_tree_is_written_alone_or_over_another_one(repository):
    entry = repository.write_file(b"two\n")
    alone = repository.write_tree({"new": entry})
    assert repository.tree(alone) == {"new": entry}
    over = repository.write_tree({"new": entry}, base="HEAD")
    assert repository.tree(over) == repository.tree("HEAD") | {"new": entry}
    # A file replaces a folder of the same name.
    assert repository.tree(repository.write_tree({"folder": entry}, base="HEAD")) == {"folder": entry}
    # The working tree and the index are as they were.
    assert git(repository.root, "status", "--porcelain") == ""


def test_paths_that_are_not_utf_8_survive(repository):
    entry = repository.write_file(b"")
    path = b"caf\xe9".decode("utf-8", errors="surrogateescape")
    assert repository.tree(repository.write_tree({path: entry})) == {path: Entry("100644", entry.oid)}


def test_the_checked_out_commit_is_found_in_every_kind_of_checkout(repository, tmp_path):
    root, head = repository.root, git(repository.root, "rev-parse", "HEAD")
    assert checked_out_commit(root) == head
    git(root, "pack-refs", "--all")
    assert checked_out_commit(root) == head
    git(root, "checkout", "--quiet", "--detach")
    assert checked_out_commit(root) == head
    git(root, "worktree", "add", "--quiet", str(root / "tree"))
    assert checked_out_commit(root / "tree") == checked_out_commit(root / "folder") == head
    assert checked_out_commit(root / "nowhere") is None


def test_a_folder_in_no_repository(tmp_path):
    with pytest.raises(DojoError, match="is not in a git repository"):
        Repository.around(tmp_path)
    assert checked_out_commit(tmp_path) is None
