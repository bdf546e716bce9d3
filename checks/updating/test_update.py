"""`dojo update` over three versions of the small course, with real git. It must not lose any of the learner's work."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dojo import __version__
from dojo.course.definitions import read_definitions

from ..small_course import DOUBLING, FILES, MISTAKES, ONLY_THE_CPU, ROOT, SOLVED, TESTS, SmallCourse

DOUBLING_FILE, WORDS = SmallCourse.kata, "katas/lesson_2_words/kata_01_shouting.py"
CAPITALS, ADDING = "katas/lesson_2_words/kata_01_capitals.py", "katas/lesson_3_more/kata_01_adding.py"
COUNTING = "katas/lesson_3_more/kata_02_counting.py"

TRIPLE = '''\
def triple(x):
    """Return three times x.

    >>> triple(torch.tensor([1.0]))
    tensor([3.])

    In Foundations: 3 * x.
    """
    raise NotImplementedError


'''
ADD = "def add(a, b):\n    raise NotImplementedError\n"
COUNTER = DOUBLING[DOUBLING.index("class Counter") :]
TRIPLE_TEST = """\
def test_triple__is_three_times_the_input():
    assert_tensor(kata.triple(torch.tensor([1.0])), torch.tensor([3.0]))


"""
# A test that the solution of double fails.
STRICTER = """\
def test_double__keeps_a_list_a_list():
    assert_value(kata.double([1]), [2])


"""


def _with_triple(text: str, addition: str, before: str) -> str:
    return text.replace(before, addition + before, 1)


def _versions() -> list[dict[str, str]]:
    """Return three versions of the course, each as its files by path."""
    v1 = FILES | {
        ".gitignore": (ROOT / ".gitignore").read_text(),
        "README.md": "# Small\n",
        "constraints.txt": "torch==2.6.0\n",
        "only_the_cpu.py": ONLY_THE_CPU,
        "conftest.py": (ROOT / "conftest.py").read_text(),
        "pyproject.toml": (ROOT / "pyproject.toml").read_text(),
        "docs/old.md": "Old.\n",
    }
    # v2 adds a step in the middle, a test and a lesson. It changes a docstring and renames a kata.
    v2 = dict(v1)
    v2[DOUBLING_FILE] = _with_triple(DOUBLING, TRIPLE, "def total").replace("the sum of each row", "each row's sum")
    v2[SmallCourse.tests] = _with_triple(TESTS, STRICTER + TRIPLE_TEST, "def test_total")
    v2["solutions/lesson_1_numbers/kata_01_doubling.py"] = SOLVED + "\n\ndef triple(x):\n    return 3 * x\n"
    v2["mistakes/lesson_1_numbers/kata_01_doubling.py"] = MISTAKES + "\n"
    for tree, ending in (("katas", "py"), ("tests", "py"), ("solutions", "py"), ("mistakes", "py"), ("hints", "md")):
        text = v2.pop(f"{tree}/lesson_2_words/kata_01_shouting.{ending}")
        v2[f"{tree}/lesson_2_words/kata_01_capitals.{ending}"] = text.replace("kata_01_shouting", "kata_01_capitals")
    v2[ADDING] = ADD
    v2["tests/lesson_3_more/kata_01_adding.py"] = (
        "from dojo.expect import assert_value\nfrom katas.lesson_3_more import kata_01_adding as kata\n\n\n"
        "def test_add__adds():\n    assert_value(kata.add(1, 2), 3)\n"
    )
    v2["constraints.txt"] = "torch==2.7.0\n"
    del v2["docs/old.md"]
    # v3 drops a step, moves a step to another kata, adds an import, and changes a docstring.
    v3 = dict(v2)
    text = v2[DOUBLING_FILE]
    v3[DOUBLING_FILE] = (
        text[: text.index("def total")].rstrip().replace("import torch\n", "import numpy as np\nimport torch\n", 1)
        + "\n"
    )
    v3[COUNTING] = '"""Counting."""\n\n\n' + COUNTER
    tests = v2[SmallCourse.tests]
    v3[SmallCourse.tests] = tests[: tests.index("def test_total")].rstrip() + "\n"
    v3["tests/lesson_3_more/kata_02_counting.py"] = (
        "from dojo.expect import assert_value\nfrom katas.lesson_3_more import kata_02_counting as kata\n\n\n"
        + tests[tests.index("def test_Counter") :]
    )
    v3[CAPITALS] = 'def shout(text):\n    """Shout."""\n    raise NotImplementedError\n'
    return [v1, v2, v3]


VERSIONS = _versions()


@dataclasses.dataclass
class Fork(SmallCourse):
    """A learner's clone of the course's first version. Its remote `upstream` is the course."""

    upstream: Path

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        ran = subprocess.run(["git", *arguments], cwd=cwd or self.root, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def commit(self, message: str = "mine") -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def read(self, name: str) -> str:
        return (self.root / name).read_text()

    def update(self, *arguments: str, status: int = 0) -> str:
        ran = self.dojo("update", *arguments)
        assert ran.status == status, ran.out
        assert "Traceback" not in ran.out
        for name in self.files():
            assert b"<<<<<<<" not in (self.root / name).read_bytes(), name
        if status:
            assert len(ran.lines) == 1, ran.out
        return ran.out

    def files(self) -> dict[str, bytes]:
        """Return the files on disk that belong to the learner or the course, by path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not {".git", ".dojo", "__pycache__", ".pytest_cache", ".log"} & set(path.parts)
        }

    def state(self) -> tuple[dict[str, bytes], str, str]:
        """Return what an update must not change if it fails."""
        return self.files(), self.git("rev-parse", "HEAD"), self.git("status", "--porcelain")

    def backup(self) -> Path:
        return max((self.root / ".dojo" / "backups").glob("*_update*"))

    def steps(self, name: str) -> list[str]:
        ast.parse(self.read(name))
        return list(read_definitions(self.root / name))


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """The course's own repository, with the tags v1, v2 and v3. Its main branch is at v3."""
    root = tmp_path_factory.mktemp("published") / "upstream"
    root.mkdir()
    git = ["git", "-c", "user.name=Course", "-c", "user.email=course@example.org"]
    subprocess.run([*git, "init", "-qb", "main"], cwd=root, check=True)
    for number, files in enumerate(VERSIONS, start=1):
        for path in root.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        subprocess.run([*git, "add", "-A"], cwd=root, check=True)
        subprocess.run([*git, "commit", "-qm", f"v{number}"], cwd=root, check=True)
        subprocess.run([*git, "tag", f"v{number}"], cwd=root, check=True)
    return root


@pytest.fixture
def fork(tmp_path, published, monkeypatch) -> Fork:
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Learner\n\temail = learner@example.org\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    fork = Fork(tmp_path / "fork", published)
    subprocess.run(["git", "clone", "-q", "--no-tags", str(published), str(fork.root)], check=True)
    fork.git("reset", "-q", "--hard", fork.git("rev-parse", "v1", cwd=published))
    fork.git("remote", "rename", "origin", "upstream")
    return fork


def _with_settings(fork: Fork, text: str | None) -> None:
    """Publish a version of the course with this dojo.toml, or without one, as an instructor's fork may have it."""
    course = fork.root.parent / "classroom"
    if not course.exists():
        fork.git("clone", "-q", str(fork.upstream), str(course))
        fork.git("remote", "set-url", "upstream", str(course))
    path = course / "dojo.toml"
    path.unlink(missing_ok=True) if text is None else path.write_text(text)
    fork.git("add", "-A", cwd=course)
    fork.git("commit", "-qm", "settings", cwd=course)


def test_settings_come_from_the_fork_that_has_them_and_otherwise_stay(fork):
    _with_settings(fork, "practice = true\n")
    out = fork.update()
    assert fork.read("dojo.toml") == "practice = true\n"
    assert "replaced" not in out
    # The class's fork drops the file: the learner's stays, and the next update changes nothing of it.
    _with_settings(fork, None)
    fork.update()
    assert fork.read("dojo.toml") == "practice = true\n"
    fork.write("dojo.toml", "practice = false\n")
    fork.commit()
    _with_settings(fork, "practice = true\n")
    assert "dojo.toml is the course's version again. Yours is in .dojo/replaced/" in fork.update()
    assert fork.read("dojo.toml") == "practice = true\n"
    assert fork.git("status", "--porcelain") == ""


def test_a_learners_own_settings_stay_if_the_course_has_none(fork):
    fork.write("dojo.toml", "practice = true\n")
    fork.commit()
    assert "dojo.toml" not in fork.update()
    assert fork.read("dojo.toml") == "practice = true\n"


def test_an_untouched_fork_becomes_the_course_itself(fork):
    out = fork.update()
    assert fork.git("rev-parse", "HEAD") == fork.git("rev-parse", "v3", cwd=fork.upstream)
    assert {name: text.encode() for name, text in VERSIONS[2].items()} == fork.files()
    assert fork.git("status", "--porcelain") == ""
    assert "new       triple  in katas/lesson_1_numbers/kata_01_doubling.py" in out
    assert "renewed   total: not written yet" not in out
    assert "pip install -c constraints.txt -e ." in out
    assert fork.update().startswith("Already up to date with upstream (")


def test_answers_stay_new_steps_come_and_a_changed_task_is_put_beside(fork):
    fork.solve()
    fork.commit()
    before = fork.git("rev-parse", "HEAD")
    out = fork.update("--to", "v2")
    text = fork.read(DOUBLING_FILE)
    assert fork.steps(DOUBLING_FILE) == ["double", "triple", "total", "Counter"]
    assert text == SOLVED.replace("def total", TRIPLE + "def total")
    beside = "katas/lesson_1_numbers/kata_01_doubling.total.new.txt"
    assert f"kept      total: your answer stays, but its task has changed. See {beside}" in out
    assert fork.read(beside).startswith('def total(rows):\n    """Return each row\'s sum.')
    assert fork.read(beside).endswith("raise NotImplementedError\n")
    # The answer moved with its kata, whose file has a new name.
    assert fork.read(CAPITALS) == FILES["solutions/lesson_2_words/kata_01_shouting.py"]
    assert not (fork.root / WORDS).exists()
    assert f"{WORDS} is now called {CAPITALS}" in out
    assert fork.read(ADDING) == ADD
    # All files outside katas/ are those of the new version.
    for name, wanted in VERSIONS[1].items():
        if not name.startswith("katas/"):
            assert fork.read(name) == wanted, name
    assert not (fork.root / "docs").exists()
    # The commit has two parents: the fork's commit and the course's.
    assert fork.git("rev-parse", "HEAD^1") == before
    assert fork.git("rev-parse", "HEAD^2") == fork.git("rev-parse", "v2", cwd=fork.upstream)
    assert fork.git("status", "--porcelain") == ""
    assert fork.git("symbolic-ref", "--short", "HEAD") == "main"
    # The old files of katas/ can be restored.
    assert f"dojo restore {fork.backup().name}" in out
    assert (fork.backup() / DOUBLING_FILE.removeprefix("katas/")).read_text() == SOLVED
    assert fork.update("--to", "v2").startswith("Already up to date")


def test_one_version_after_the_other_ends_as_both_at_once(fork, tmp_path):
    fork.solve()
    fork.commit()
    twin = Fork(tmp_path / "twin", fork.upstream)
    shutil.copytree(fork.root, twin.root)
    fork.update("--to", "v2")
    fork.update()
    out = twin.update()
    katas = [{name: data for name, data in each.files().items() if ".new." not in name} for each in (fork, twin)]
    assert katas[0] == katas[1]
    # The step total is gone. Counter and its answer have moved to another kata.
    assert fork.steps(DOUBLING_FILE) == ["double", "triple"]
    assert "import numpy as np\n" in fork.read(DOUBLING_FILE)
    assert "self.count += 1" in fork.read(COUNTING)
    assert "dropped   total is no longer a step. Your answer is in the backup" in out
    assert f"Counter has moved to {COUNTING}. Your answer stays." in out
    assert "rows.sum(dim=1)" in (twin.backup() / DOUBLING_FILE.removeprefix("katas/")).read_text()
    assert fork.read("katas/lesson_2_words/kata_01_capitals.shout.new.txt") == VERSIONS[2][CAPITALS]


@pytest.mark.full
def test_a_green_step_whose_test_changed_and_that_is_red_now_is_named(fork):
    fork.solve()
    fork.commit()
    assert fork.pytest("--all").status == 0
    out = fork.update("--to", "v2")
    assert "red       lesson_1_numbers/kata_01_doubling/double was green before this update" in out
    # The three are total, Counter, and shout under its new name.
    assert "3 of 4 are still green." in out
    assert "✓ shout" in fork.dojo("list").out
    # The memory still has steps that no longer exist. No command fails because of them.
    fork.update()
    for command in (("list",), ("stats",), ("hint", "double")):
        ran = fork.dojo(*command)
        assert ran.status == 0, ran.out
        assert "damaged" not in ran.out


def test_helpers_imports_and_notes_of_the_learner_stay(fork):
    mine = SOLVED.replace("import torch\n", "import math\n\nimport torch\n\nROWS = 1\n", 1).replace(
        "return rows.sum(dim=1)",
        "return _summed(rows)  # by the helper\n    # not rows.sum()\n\n\n"
        "def _summed(rows):\n    return rows.sum(dim=ROWS)",
    )
    mine += "\n\nif __name__ == '__main__':\n    print(math.pi, double(torch.ones(2)), total(torch.ones(2, 2)))\n"
    fork.write(DOUBLING_FILE, mine)
    fork.commit()
    fork.update("--to", "v2")
    assert fork.read(DOUBLING_FILE) == mine.replace("def total", TRIPLE + "def total")
    out = fork.update()
    # The step total is gone, but the learner's own code calls it.
    assert "kept      total is no longer a step, but your code calls it." in out
    text = fork.read(DOUBLING_FILE)
    assert "import numpy as np\n" in text
    assert text.replace("import numpy as np\n", "").startswith(mine[: mine.index("def double")])
    assert "def _summed" in text
    assert "if __name__ ==" in text
    assert "class Counter" not in text


def test_an_answer_that_moves_takes_its_helpers_and_imports_along(fork):
    mine = SOLVED.replace("import torch\n", "import math\n\nimport torch\n", 1).replace(
        "self.count += 1", "self.count = _more(self.count)"
    )
    fork.write(DOUBLING_FILE, mine + "\n\ndef _more(n):\n    return n + math.floor(1.5)\n")
    fork.commit()
    fork.update()
    text = fork.read(COUNTING)
    assert text.startswith('"""Counting."""\n\nimport math\n')
    assert "def _more(n):" in text
    assert text.index("def _more") < text.index("class Counter")


def test_uncommitted_work_stays_uncommitted_and_is_kept(fork):
    fork.write(WORDS, FILES["solutions/lesson_2_words/kata_01_shouting.py"])
    fork.commit()
    fork.write(DOUBLING_FILE, SOLVED)
    fork.write("katas/notes.txt", "mine\n")
    out = fork.update("--to", "v2")
    assert fork.git("show", f"HEAD:{DOUBLING_FILE}") + "\n" == VERSIONS[1][DOUBLING_FILE]
    assert fork.read(DOUBLING_FILE) == SOLVED.replace("def total", TRIPLE + "def total")
    assert fork.git("status", "--porcelain").splitlines() == [f"M {DOUBLING_FILE}", "?? katas/notes.txt"]
    assert "The changes in katas/ that you had not committed are still not committed." in out
    assert (fork.backup() / DOUBLING_FILE.removeprefix("katas/")).read_text() == SOLVED
    assert (fork.backup() / "notes.txt").read_text() == "mine\n"


def test_what_is_staged_stays_staged(fork):
    fork.write(WORDS, FILES["solutions/lesson_2_words/kata_01_shouting.py"])
    fork.git("add", WORDS)
    fork.write(WORDS, "def shout(text):\n    return text.upper() + ''\n")
    fork.update("--to", "v2")
    assert fork.git("status", "--porcelain") == f"MM {CAPITALS}"
    assert "return text.upper()" in fork.git("show", f":{CAPITALS}")
    assert fork.read(CAPITALS).endswith("+ ''\n")


def test_a_file_that_does_not_parse_stays_and_the_new_one_is_beside_it(fork):
    broken = DOUBLING.replace("raise NotImplementedError", "return (2 * x", 1)
    fork.write(DOUBLING_FILE, broken)
    fork.write(WORDS, b"def shout(text):\n    return '\xff'\n")
    fork.commit()
    out = fork.update("--to", "v2")
    assert fork.read(DOUBLING_FILE) == broken
    beside = "katas/lesson_1_numbers/kata_01_doubling.new.txt"
    assert fork.read(beside) == VERSIONS[1][DOUBLING_FILE]
    assert f"kept      {DOUBLING_FILE} stays as you have it. The course's new version is next to it: {beside}" in out
    # The file has a new name and the old content.
    assert (fork.root / CAPITALS).read_bytes() == b"def shout(text):\n    return '\xff'\n"
    assert "total" not in fork.read("tests/lesson_2_words/kata_01_capitals.py")


def test_windows_line_ends_and_a_byte_order_mark_stay(fork):
    mine = b"\xef\xbb\xbf" + SOLVED.replace("\n", "\r\n").encode()
    fork.write(DOUBLING_FILE, mine)
    fork.commit()
    fork.update("--to", "v2")
    found = (fork.root / DOUBLING_FILE).read_bytes()
    assert found == b"\xef\xbb\xbf" + SOLVED.replace("def total", TRIPLE + "def total").replace("\n", "\r\n").encode()


def test_edited_tests_are_the_courses_again_and_what_was_edited_is_kept(fork):
    edited = TESTS.replace("[2.0, 5.0]", "[1.0, 1.0]")
    fork.write(SmallCourse.tests, edited)
    fork.write("conftest.py", VERSIONS[0]["conftest.py"] + "# mine\n")
    fork.write("README.md", "# Small\n\nMy badge.\n")
    fork.write("notes/diary.md", "Day 1.\n")
    (fork.root / "hints/lesson_1_numbers/kata_01_doubling.md").unlink()
    fork.commit()
    # The learner has never committed this file, and the course now has a file of the same name.
    fork.write("tests/lesson_3_more/kata_01_adding.py", "mine = 1\n")
    out = fork.update("--to", "v2")
    for name, wanted in VERSIONS[1].items():
        assert fork.read(name) == (wanted if name != "README.md" else "# Small\n\nMy badge.\n"), name
    assert fork.read("notes/diary.md") == "Day 1.\n"
    kept = fork.root / ".dojo" / "replaced" / fork.backup().name
    assert (kept / SmallCourse.tests).read_text() == edited
    assert (kept / "conftest.py").read_text().endswith("# mine\n")
    assert (kept / "tests/lesson_3_more/kata_01_adding.py").read_text() == "mine = 1\n"
    assert (
        f"replaced  {SmallCourse.tests} is the course's version again. Yours is in .dojo/replaced/{kept.name}/" in out
    )
    assert "returned  hints/lesson_1_numbers/kata_01_doubling.md" in out
    assert fork.git("status", "--porcelain") == ""


def test_a_lesson_page_that_both_changed_stays_and_the_new_one_is_beside_it(fork):
    page = "katas/lesson_1_numbers/README.md"
    fork.write(page, "# Lesson 1: numbers\n\nMy notes.\n")
    fork.commit()
    course = fork.root.parent / "course"
    fork.git("clone", "-q", str(fork.upstream), str(course))
    (course / page).write_text("# Lesson 1: all the numbers\n")
    fork.git("commit", "-qam", "v4", cwd=course)
    fork.update("--from", str(course))
    assert "My notes." in fork.read(page)
    assert fork.read("katas/lesson_1_numbers/README.new.md") == "# Lesson 1: all the numbers\n"


def test_dry_run_says_all_of_it_and_changes_nothing(fork):
    fork.solve()
    before = fork.state()
    out = fork.update("--dry-run")
    assert "dropped   total is no longer a step. Your answer will be in a backup." in out
    assert "This was --dry-run: nothing has changed." in out
    assert fork.state() == before
    assert not (fork.root / ".dojo" / "backups").exists()


def test_uncommitted_changes_outside_katas_are_refused(fork):
    fork.write(SmallCourse.tests, TESTS + "# mine\n")
    fork.git("add", SmallCourse.tests)
    before = fork.state()
    out = fork.update(status=2)
    assert f"There are changes outside katas/ that are not committed: {SmallCourse.tests}." in out
    assert fork.state() == before


def test_refusals_are_one_line_and_change_nothing(fork, tmp_path):
    fork.solve()
    fork.commit()
    before = fork.state()
    other = tmp_path / "other"
    fork.git("init", "-q", str(other))
    fork.git("commit", "-q", "--allow-empty", "-m", "empty", cwd=other)
    for arguments, words in [
        (("--to", "v9"), "has no branch, tag or commit named v9"),
        (("--to", "abcdef1"), "has no branch, tag or commit named abcdef1"),
        (("--to", "a b"), "that is not the name of a branch"),
        (("--to", "x:refs/heads/main"), "that is not the name of a branch"),
        (("--from", str(tmp_path / "nowhere")), "can't be fetched, and nothing was changed: fatal:"),
        (("--from", "http://127.0.0.1:9/course.git"), "can't be fetched, and nothing was changed: fatal:"),
        (("--from=--upload-pack=touch x",), "that is not a remote, URL or path"),
        (("--from", str(other)), "is not a version of the course, because it lacks katas/"),
    ]:
        assert words in fork.update(*arguments, status=2), arguments
        assert fork.state() == before, arguments
    # A friend's fork, which has answers in katas/.
    fork.git("clone", "-q", str(fork.root), str(tmp_path / "friend"))
    (tmp_path / "friend" / "x").write_text("x")
    fork.git("add", "x", cwd=tmp_path / "friend")
    fork.git("commit", "-qm", "x", cwd=tmp_path / "friend")
    assert "holds answers in katas/" in fork.update("--from", str(tmp_path / "friend"), status=2)
    fork.git("switch", "-q", "--detach")
    assert "no branch is checked out" in fork.update(status=2)
    fork.git("switch", "-q", "main")
    (fork.root / ".git" / "MERGE_HEAD").write_text(fork.git("rev-parse", "HEAD") + "\n")
    assert "A merge is in progress here." in fork.update(status=2)
    (fork.root / ".git" / "MERGE_HEAD").unlink()
    assert fork.state() == before


def test_where_the_course_comes_from(fork):
    fork.git("remote", "rename", "upstream", "origin")
    # In a clone of the course itself, origin is accepted.
    assert "From origin:" in fork.update("--to", "v2")
    # If origin is the learner's own fork with answers in it, it is refused.
    pushed = fork.root.parent / "pushed.git"
    fork.git("clone", "-q", "--bare", str(fork.root), str(pushed))
    fork.git("remote", "set-url", "origin", str(pushed))
    fork.solve()
    fork.commit()
    fork.git("push", "-q", "origin", "main")
    before = fork.state()
    assert "The remote origin is a fork with answers in it" in fork.update(status=2)
    fork.git("remote", "remove", "origin")
    assert "This clone has no remote. Say where the course is: dojo update --from URL" in fork.update(status=2)
    assert fork.state() == before
    # A relative path starts at the current folder.
    ran = fork.dojo("update", "--from", os.path.relpath(fork.upstream, fork.root / "katas"), cwd="katas")
    assert ran.status == 0, ran.out
    assert fork.steps(COUNTING) == ["Counter"]


def test_a_folder_that_is_no_repository(fork):
    shutil.rmtree(fork.root / ".git")
    ran = fork.dojo("update")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "is not a separate git repository" in ran.out


def test_a_shallow_clone_and_a_copy_without_history(fork, tmp_path):
    fork.solve()
    fork.commit()
    shallow = Fork(tmp_path / "shallow", fork.upstream)
    fork.git("clone", "-q", "--depth", "1", f"file://{fork.root}", str(shallow.root))
    assert shallow.git("rev-list", "--count", "HEAD") == "1"
    shallow.update("--from", f"file://{fork.upstream}")
    # A copy with a new history, and no remote that could complete it.
    copy = Fork(tmp_path / "copy", fork.upstream)
    shutil.copytree(fork.root, copy.root, ignore=shutil.ignore_patterns(".git"))
    copy.git("init", "-q")
    copy.commit()
    copy.update("--from", str(fork.upstream))
    fork.update()
    assert fork.files() == shallow.files() == copy.files()
    assert shallow.git("status", "--porcelain") == copy.git("status", "--porcelain") == ""
    assert copy.update("--from", str(fork.upstream)).startswith("Already up to date")


def test_a_folder_in_the_way_leaves_everything_as_it_was(fork):
    fork.solve()
    fork.commit()
    # An uncommitted folder has the name of a file that the course adds.
    fork.write(f"{ADDING}/x", "mine")
    before = fork.state()
    out = fork.update(status=2)
    assert f"{ADDING} is a folder here and a file in the new course. Move yours away, then update." in out
    assert fork.state() == before
    shutil.rmtree(fork.root / ADDING)
    fork.update()
    assert fork.steps(ADDING) == ["add"]


def test_a_file_that_cannot_be_replaced_leaves_everything_as_it_was(fork):
    fork.solve()
    fork.commit()
    before = fork.state()
    code = (
        "import os, sys\n"
        "from dojo.commands import update as update_command; from dojo.updating import apply as m\n"
        "replace, seen = os.replace, []\n"
        "def failing(a, b):\n"
        "    seen.append(b)\n"
        "    if len(seen) == 6: raise PermissionError(13, 'Permission denied', str(b))\n"
        "    return replace(a, b)\n"
        "move = m.move\n"
        "def watched(*a):\n"
        "    os.replace = failing; return move(*a)\n"
        "update_command.move = watched\n"
        "from dojo.cli import main; sys.exit(main(['update']))\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=fork.root, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.startswith("dojo: The update failed, and everything is as it was: Permission denied: ")
    assert fork.state() == before
    assert not (fork.root / ".dojo" / "update").exists()


def test_a_file_becomes_a_folder_and_a_folder_a_file(fork, tmp_path):
    course = tmp_path / "course"
    fork.git("clone", "-q", str(fork.upstream), str(course))
    fork.git("rm", "-rq", "README.md", "hints", cwd=course)
    (course / "README.md").mkdir()
    (course / "README.md" / "page").write_text("1\n")
    (course / "hints").write_text("none\n")
    fork.git("add", "-A", cwd=course)
    fork.git("commit", "-qm", "v4", cwd=course)
    before = fork.files()
    fork.git("remote", "set-url", "upstream", str(course))
    for moment in (20, 33):
        _killed(fork, "call", moment)
    fork.update()
    assert fork.read("README.md/page") == "1\n"
    assert fork.read("hints") == "none\n"
    assert before.keys() - fork.files().keys() >= {"README.md"}


def test_what_the_learner_deleted_stays_deleted_unless_it_changed(fork):
    (fork.root / WORDS).unlink()
    fork.write(DOUBLING_FILE, DOUBLING[: DOUBLING.index("class Counter")].rstrip() + "\n")
    fork.commit()
    fork.update("--to", "v2")
    assert not (fork.root / CAPITALS).exists()
    assert fork.steps(DOUBLING_FILE) == ["double", "triple", "total"]
    fork.update()
    assert fork.steps(CAPITALS) == ["shout"]


def test_a_dropped_step_of_a_renamed_kata_is_named_as_the_backup_has_it(fork, tmp_path):
    course = tmp_path / "course"
    fork.git("clone", "-q", str(fork.upstream), str(course))
    fork.git("reset", "-q", "--hard", fork.git("rev-parse", "v1", cwd=fork.upstream), cwd=course)
    for tree, ending in (("katas", "py"), ("tests", "py"), ("solutions", "py")):
        old, new = (f"{tree}/lesson_1_numbers/kata_01_{name}.{ending}" for name in ("doubling", "twice"))
        fork.git("mv", old, new, cwd=course)
    text = (course / "katas/lesson_1_numbers/kata_01_twice.py").read_text()
    (course / "katas/lesson_1_numbers/kata_01_twice.py").write_text(
        text[: text.index("def total")] + text[text.index("class Counter") :]
    )
    (course / "pyproject.toml").write_text((course / "pyproject.toml").read_text().replace(__version__, "9.0.0"))
    (course / "constraints.txt").write_text("# What is tested.\ntorch==2.6.0\n")
    fork.git("commit", "-qam", "twice", cwd=course)
    fork.git("remote", "set-url", "upstream", str(course))
    fork.solve()
    fork.commit()
    out = fork.update()
    assert f"dropped   total is no longer a step. Your answer is in the backup ({DOUBLING_FILE})" in out
    assert "def total" in (fork.backup() / DOUBLING_FILE.removeprefix("katas/")).read_text()
    # Another version of the course alone asks for nothing.
    assert "other versions of its packages" not in out


@pytest.mark.full
def test_a_step_that_the_learner_has_broken_since_it_was_green_is_not_called_green(fork):
    fork.solve()
    fork.commit()
    assert fork.pytest("--all").status == 0
    fork.answer(double="return x", total="return rows")
    out = fork.update("--to", "v2")
    assert "red  " not in out
    # They are Counter and shout.
    assert "2 of 2 are still green." in out


@pytest.mark.parametrize("kind", ["solved", "stub", "broken"])
def test_a_dropped_kata_is_deleted_and_its_answer_is_backed_up(fork, tmp_path, kind):
    course = tmp_path / "course"
    fork.git("clone", "-q", str(fork.upstream), str(course))
    fork.git("reset", "-q", "--hard", fork.git("rev-parse", "v1", cwd=fork.upstream), cwd=course)
    fork.git("rm", "-rq", *(f"{tree}/lesson_2_words" for tree in ("katas", "tests", "solutions", "hints")), cwd=course)
    fork.git("commit", "-qm", "without words", cwd=course)
    fork.git("remote", "set-url", "upstream", str(course))
    mine = {
        "solved": FILES["solutions/lesson_2_words/kata_01_shouting.py"],
        "stub": fork.read(WORDS),
        "broken": "def shout(text:\n",
    }[kind]
    fork.write(WORDS, mine)
    if kind != "stub":
        fork.commit()
    out = fork.update()
    assert not (fork.root / WORDS).exists()
    assert fork.git("status", "--porcelain") == ""
    if kind == "stub":
        assert "dropped" not in out
        return
    what = "shout is no longer a step" if kind == "solved" else f"{WORDS} is no longer a kata"
    assert f"dropped   {what}. Your answer is in the backup ({WORDS})" in out
    assert (fork.backup() / WORDS.removeprefix("katas/")).read_text() == mine


def test_a_user_without_a_name_in_git_is_refused(fork, tmp_path):
    fork.solve()
    fork.commit()
    (tmp_path / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    before = fork.state()
    assert "git does not know who you are" in fork.update(status=2)
    assert fork.state() == before


def test_a_full_disk_leaves_everything_as_it_was(fork):
    fork.solve()
    fork.commit()
    before = fork.state()
    code = (
        "import sys, resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from dojo.commands import update as u; move = u.move\n"
        "def full(*a):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); return move(*a)\n"
        "u.move = full\n"
        "from dojo.cli import main; sys.exit(main(['update']))\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=fork.root, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2, ran.stderr
    assert "nothing was changed" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert fork.state() == before
    fork.update()


def _killed(fork: Fork, kind: str, moment: float) -> None:
    """Run an update and kill it, after `moment` seconds or before the call number `moment` that may change the disk."""
    code = (
        "import os, signal, sys\n"
        "from dojo.commands import update as u; from dojo.updating import apply as m\n"
        f"left = [{moment if kind == 'call' else 10**9}]\n"
        "def counted(f):\n"
        "    def call(*a, **k):\n"
        "        left[0] -= 1\n"
        "        if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return f(*a, **k)\n"
        "    return call\n"
        "move = m.move\n"
        "def watched(*a):\n"
        "    os.replace = counted(os.replace); m.Repository.run = counted(m.Repository.run)\n"
        "    m.Path.unlink = counted(m.Path.unlink); return move(*a)\n"
        "u.move = watched\n"
        "from dojo.cli import main\n"
        "sys.exit(main(['update']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=fork.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        process.wait(moment if kind == "clock" else 30)
    except subprocess.TimeoutExpired:
        process.kill()
    _, errors = process.communicate()
    assert b"Traceback" not in errors, errors
    if kind == "call":
        assert process.returncode == -signal.SIGKILL, errors


@pytest.mark.full
@pytest.mark.parametrize("kind", ["clock", "call"])
def test_a_killed_update_loses_nothing_and_the_next_one_ends_it(fork, tmp_path, kind):
    fork.solve()
    fork.commit()
    fork.write(WORDS, FILES["solutions/lesson_2_words/kata_01_shouting.py"] + "# not committed\n")
    wanted = Fork(tmp_path / "wanted", fork.upstream)
    shutil.copytree(fork.root, wanted.root)
    began = time.monotonic()
    wanted.update()
    whole = time.monotonic() - began
    before, after = fork.files(), wanted.files()
    chance = random.Random(5)
    moments = [chance.uniform(0.1, 1.0) * whole for _ in range(4)] if kind == "clock" else [0, 4, 12, 28]
    for number, moment in enumerate(moments):
        victim = Fork(tmp_path / f"victim_{number}", fork.upstream)
        shutil.copytree(fork.root, victim.root)
        _killed(victim, kind, moment)
        # Each file is complete: either the old one or the new one.
        for name, data in victim.files().items():
            assert data in (before.get(name), after.get(name)), (moment, name)
        # No answer is lost: each is in its place or in a backup.
        for name in before:
            if name.startswith("katas/") and not (victim.root / name).exists():
                copies = list((victim.root / ".dojo" / "backups").rglob(Path(name).name))
                assert any(copy.read_bytes() == before[name] for copy in copies), (moment, name)
        victim.update()
        assert victim.files() == after, moment
        assert victim.git("status", "--porcelain") == wanted.git("status", "--porcelain")
        assert not (victim.root / ".dojo" / "update").exists()


def test_an_update_that_was_killed_at_its_very_end_is_not_called_undone(fork):
    fork.solve()
    fork.commit()
    code = (
        "import os, signal, sys; from dojo.updating import apply as m; rmtree = m.shutil.rmtree\n"
        "def killed(path, **options):\n"
        "    if '.dojo' not in str(path): return rmtree(path, **options)\n"
        "    (path / 'note.json').unlink(missing_ok=True)\n"
        "    if path.exists(): os.kill(os.getpid(), signal.SIGKILL)\n"
        "m.shutil.rmtree = killed\n"
        "from dojo.cli import main; sys.exit(main(['update']))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=fork.root, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    assert ran.returncode == -signal.SIGKILL
    assert fork.update().startswith("Already up to date")


@pytest.mark.full
@pytest.mark.parametrize("moment", [12, 24, 28])
def test_what_is_written_after_an_update_was_killed_stays(fork, moment):
    fork.solve()
    fork.commit()
    _killed(fork, "call", moment)
    assert (fork.root / ".dojo" / "update" / "note.json").exists()
    assert "An earlier update was interrupted" in fork.update("--dry-run", status=2)
    fork.write(DOUBLING_FILE, fork.read(DOUBLING_FILE) + "\n\nmine = 1\n")
    brought = "def total" not in fork.read(DOUBLING_FILE)
    out = fork.update()
    how = "complete now, and what you have written since is kept" if brought else "undone now, and starts again"
    assert out.startswith(f"An earlier update was interrupted. It is {how}.\n")
    assert fork.read(DOUBLING_FILE).endswith("mine = 1\n")
    assert fork.git("status", "--porcelain") == f"M {DOUBLING_FILE}"
    # The new version has moved this step to another kata.
    assert "self.count += 1" in fork.read(COUNTING)
    assert not (fork.root / ".dojo" / "update").exists()


def test_a_second_update_at_the_same_time_is_refused(fork):
    from dojo.updating.apply import alone

    with alone(fork.root):
        assert fork.update(status=2) == "dojo: Another dojo update is running here. Wait until it has ended.\n"
    fork.update()


def test_line_ends_that_git_converts_stay_converted(fork):
    fork.git("config", "core.autocrlf", "true")
    fork.git("rm", "-rqf", "--cached", ".")
    fork.git("reset", "-q", "--hard")
    assert b"\r\n" in (fork.root / WORDS).read_bytes()
    fork.write(DOUBLING_FILE, SOLVED.replace("\n", "\r\n"))
    fork.git("commit", "-qam", "mine")
    fork.update("--to", "v2")
    assert fork.git("status", "--porcelain") == ""
    for name in (DOUBLING_FILE, CAPITALS, ADDING, SmallCourse.tests):
        data = (fork.root / name).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n"), name
    assert b"def triple" in (fork.root / DOUBLING_FILE).read_bytes()


ROWS = [
    {"from": f"lesson_1_numbers/kata_01_doubling/{old}", "to": new, "since": "2.0.0"}
    for old, new in (
        ("total", "lesson_1_numbers/kata_01_doubling/sums"),
        ("Counter", "lesson_3_more/kata_02_counting/Tally"),
    )
]


GREEN_AFTER_THREE = {"status": "green", "runs": "3", "green_at": "1"}


def _renaming_course(fork: Fork, folder: Path) -> Path:
    """A version after v1 that renames a step, and moves and renames another one."""
    course = folder / "renaming"
    fork.git("clone", "-q", str(fork.upstream), str(course))
    fork.git("reset", "-q", "--hard", "v1", cwd=course)
    counter = COUNTER.replace("class Counter", "class Tally").replace("Counter(3)", "Tally(3)")
    for tree, text in (("katas", DOUBLING), ("solutions", SOLVED)):
        kept = text[: text.index("class Counter")].rstrip() + "\n"
        (course / tree / "lesson_1_numbers/kata_01_doubling.py").write_text(
            kept.replace("def total", "def sums").replace("the sum of each row.", "each row's sum.")
        )
        (course / tree / "lesson_3_more").mkdir()
        (course / tree / "lesson_3_more/kata_02_counting.py").write_text(counter)
    kept = TESTS[: TESTS.index("def test_Counter")].rstrip() + "\n"
    (course / SmallCourse.tests).write_text(kept.replace("test_total", "test_sums").replace("kata.total", "kata.sums"))
    (course / "tests/lesson_3_more").mkdir()
    (course / "tests/lesson_3_more/kata_02_counting.py").write_text(
        "from dojo.expect import assert_value\nfrom katas.lesson_3_more import kata_02_counting as kata\n\n\n"
        + TESTS[TESTS.index("def test_Counter") :].replace("Counter", "Tally")
    )
    (course / "tests/moved.json").write_text(json.dumps(ROWS))
    fork.git("add", "-A", cwd=course)
    fork.git("commit", "-qm", "renamed", cwd=course)
    return course


@pytest.mark.full
def test_the_rows_of_moved_steps_carry_answers_along(fork, tmp_path):
    course = _renaming_course(fork, tmp_path)
    mine = DOUBLING.replace("raise NotImplementedError", "return 2 * x", 1)
    mine = mine.replace("raise NotImplementedError", "return _rows(rows) if total else total(rows)", 1)
    mine = mine.replace("raise NotImplementedError", "self.count = _more(start - 1)", 1)
    mine = mine.replace("raise NotImplementedError", "self.count = _more(self.count)\n        return self.count", 1)
    mine += "\n\ndef _more(n):\n    return n + 1\n\n\ndef _rows(rows):\n    return rows.sum(dim=1) if total else None\n"
    fork.write(DOUBLING_FILE, mine)
    fork.commit()
    fork.write(
        ".dojo/steps.json",
        json.dumps({"schema": 1, "data": {row["from"]: GREEN_AFTER_THREE for row in ROWS}}),
    )
    out = fork.update("--from", str(course))
    assert "renamed   total is now called sums. Your answer stays." in out
    assert f"moved     Counter has moved to {COUNTING} and is now called Tally. Your answer stays." in out
    assert "dropped" not in out
    text = fork.read(DOUBLING_FILE)
    # The card is the new one, because the learner had not changed the old one; the code is the learner's.
    assert 'def sums(rows):\n    """Return each row\'s sum.' in text
    assert "return _rows(rows) if sums else sums(rows)" in text
    assert "rows.sum(dim=1) if sums else None" in text
    assert "renewed   sums: the card is new, and your answer stays" in out
    assert not list((fork.root / "katas").rglob("*.new.txt"))
    assert fork.steps(COUNTING) == ["_more", "Tally"]
    assert "self.count = _more(start - 1)" in fork.read(COUNTING)
    assert "2 of 2 are still green." in out
    known = {step["name"]: step["runs"] for step in json.loads(fork.dojo("list", "--json").out)}
    assert (known["sums"], known["Tally"]) == (3, 3)


def test_a_damaged_file_of_moved_steps_is_one_clear_error(fork, tmp_path):
    course = _renaming_course(fork, tmp_path)
    (course / "tests/moved.json").write_text('[{"from": "total"}]')
    fork.git("commit", "-qam", "damaged", cwd=course)
    before = fork.state()
    assert "row 1: a row has exactly the keys" in fork.update("--from", str(course), status=2)
    assert fork.state() == before
