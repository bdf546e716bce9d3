"""Forks whose repositories are made to cost memory or time: each stays within 300 MB and within its time limit."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import pytest

from dojo.classroom.untrusted_git import entries_of
from dojo.support.processes import end_group

from ..small_course import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures memory as Linux tells it")
MOST = 300_000_000
SECONDS = 8
WHO = {f"GIT_{who}_{what}": "x@y.z" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
# Fetches a fork and its katas in a process of its own, and tells what that cost it and its children.
FETCH = """
import json, resource, sys, time
from pathlib import Path
from dojo.classroom.forks import Forks
from dojo.support.errors import DojoError
forks = Forks(Path(sys.argv[2]), branch="progress", seconds=float(sys.argv[3]), known=lambda path, tree: False)
started = time.monotonic()
fork = forks.refresh(sys.argv[1])
refreshed = time.monotonic() - started
try:
    katas, problem = len(forks.katas(fork)), ""
except DojoError as error:
    katas, problem = 0, str(error)
took = time.monotonic() - started - refreshed
# The system's own count for this process starts with the memory of the process that made it.
own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
most = [kilobytes * 1024 for kilobytes in (own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)]
print(json.dumps({"refreshed": refreshed, "took": took, "katas": katas, "problem": problem or fork.problem,
                  "most": most, "cached": sum(p.stat().st_size for p in Path(sys.argv[2]).rglob("*") if p.is_file())}))
"""


def _git(folder, *arguments, given=b""):
    ran = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=os.environ | WHO, input=given, capture_output=True, check=True
    )
    return ran.stdout.decode().strip()


@pytest.fixture
def hostile(tmp_path):
    """A repository with a tree in the place of katas/, and what fetching it costs."""
    repository = tmp_path / "fork.git"
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
    _git(repository, "config", "core.compression", "1")

    def blob(data):
        return _git(repository, "hash-object", "-w", "--stdin", given=data)

    def tree(entries):
        lines = b"".join(f"{mode} {kind} {identity}\t{name}\0".encode() for mode, kind, identity, name in entries)
        return _git(repository, "mktree", "-z", given=lines)

    def cost(katas, url=None, names=0):
        top = tree([("040000", "tree", katas, "katas"), ("040000", "tree", katas, "tests")])
        commit = _git(repository, "commit-tree", top, "-m", "hostile")
        for branch in ("main", "progress"):
            _git(repository, "update-ref", f"refs/heads/{branch}", commit)
        _git(repository, "symbolic-ref", "HEAD", "refs/heads/main")
        if names:
            lines = "".join(f"{commit} refs/heads/{n:07}/HEAD\n" for n in range(names))
            (repository / "packed-refs").write_text(lines)
        ran = subprocess.run(
            [sys.executable, "-c", FETCH, url or str(repository), str(tmp_path / "cache"), str(SECONDS)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        assert max(told["most"]) < MOST, told
        assert told["refreshed"] < SECONDS + 3, told
        assert told["took"] < SECONDS + 3, told
        return told

    hostile = type("Hostile", (), {"blob": staticmethod(blob), "tree": staticmethod(tree), "cost": staticmethod(cost)})
    hostile.repository = repository
    return hostile


def test_many_names_for_one_blob(hostile):
    blob = hostile.blob(os.urandom(900_000))
    katas = hostile.tree([("100644", "blob", blob, f"kata_{n:04}.py") for n in range(1_900)])
    assert hostile.cost(katas)["problem"] == "its katas/ has more than 20 MB"


@pytest.mark.full
@pytest.mark.parametrize("number", [2_500, 40_000])
def test_many_entries(hostile, number):
    blob = hostile.blob(b"x = 1\n")
    katas = hostile.tree([("100644", "blob", blob, f"kata_{n:05}.py") for n in range(number)])
    assert hostile.cost(katas)["problem"] in (
        "its katas/ has more than 2,000 files",
        "its branch progress has no progress.json",
    )


def test_trees_of_trees(hostile):
    tree = hostile.tree([("100644", "blob", hostile.blob(b"x = 1\n"), "x.py")])
    for _ in range(8):
        tree = hostile.tree([("040000", "tree", tree, f"t{n:03}") for n in range(200)])
    hostile.cost(tree)
    empty = hostile.tree([])
    for _ in range(8):
        empty = hostile.tree([("040000", "tree", empty, f"t{n:03}") for n in range(200)])
    hostile.cost(empty)


@pytest.mark.full
def test_a_server_that_ignores_filters(hostile):
    # Told by a setting not to leave anything out, as an old server does.
    _git(hostile.repository, "config", "uploadpack.allowFilter", "false")
    large = [("100644", "blob", hostile.blob(os.urandom(50_000_000)), f"large{n}.bin") for n in range(3)]
    katas = hostile.tree(large)
    with _served(hostile.repository.parent) as url:
        told = hostile.cost(katas, url)
    assert told["problem"] in ("the fork sends more than 64 MB", f"{url} did not answer within {SECONDS} s")
    assert told["cached"] < 1_000_000


@contextlib.contextmanager
def _served(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["git", "daemon", f"--base-path={folder}", "--export-all", f"--port={port}", "--listen=127.0.0.1"]
    daemon = subprocess.Popen([*command, "--reuseaddr"], stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"git://127.0.0.1:{port}/fork.git"
    finally:
        end_group(daemon.pid)
        daemon.wait()


@pytest.mark.full
@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (40_000, "the names of its branches have more than 1 MB"),
        (1_000_000, "git needs more than 200 MB of memory to read what the fork sends"),
    ],
)
def test_a_server_with_many_names(hostile, number, problem):
    katas = hostile.tree([("100644", "blob", hostile.blob(b"x = 1\n"), "kata.py")])
    assert hostile.cost(katas, names=number)["problem"] == problem


@pytest.mark.full
def test_a_blob_that_unpacks_to_half_a_gigabyte(hostile):
    data = hostile.blob(bytes(500_000_000))
    assert hostile.cost(hostile.tree([("100644", "blob", data, "kata.py")]), f"file://{hostile.repository}")


def test_entries_are_read_in_linear_time():
    def seconds(number):
        tree = b"".join(b"100644 kata_%06d.py\0" % n + bytes(20) for n in range(number))
        started = time.process_time()
        assert len(entries_of(tree)) == number
        return time.process_time() - started

    few = min(seconds(10_000) for _ in range(3))
    assert min(seconds(80_000) for _ in range(3)) < 8 * few * 3
