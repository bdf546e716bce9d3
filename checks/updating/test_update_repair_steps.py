"""`dojo update` and the given code of repair steps: untouched code is renewed, and a fix stays."""

from __future__ import annotations

import pytest

from checks.forks import ENV, commit, fork_of, git, publish_course
from checks.small_course import MISTAKES, SmallCourse
from dojo.updating.merge_katas import unwritten

KATA = "lesson_1_numbers/kata_01_doubling"
_COMMENT = "# Fix the code below. Unchanged code counts as raise NotImplementedError."
GIVEN = f"    {_COMMENT}\n    return rows.sum(dim=0)\n"
NEW = GIVEN.replace("rows.sum(dim=0)", "rows.sum(0)")


def _give(course: SmallCourse, code: str) -> None:
    """Make `total` a repair step with this given code."""
    mistakes = MISTAKES.replace("total__columns", "total__as_it_was").replace("rows.sum(dim=0)", code)
    course.write(f"mistakes/{KATA}.py", mistakes)
    assert course.dojo("reset", "total").status == 0


@pytest.fixture
def fork(course: SmallCourse, tmp_path) -> SmallCourse:
    """A fork of a course with given code, which is older than the course's."""
    _give(course, "rows.sum(dim=0)")
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    git(fork.root, "remote", "add", "upstream", str(upstream))
    _give(course, "rows.sum(0)")
    commit(course, "other code to fix")
    git(course.root, "push", "--quiet", "origin", "main")
    return fork


def test_untouched_given_code_becomes_the_new_given_code(fork):
    assert GIVEN in (fork.root / fork.kata).read_text()
    ran = fork.dojo("update", env=ENV)
    assert ran.status == 0, ran.out
    assert NEW in (fork.root / fork.kata).read_text()
    assert not list(fork.root.glob("katas/**/*.new*"))


def test_a_fix_stays_and_the_new_given_code_is_put_beside_it(fork):
    fork.answer(total="return rows.sum(dim=1)")
    ran = fork.dojo("update", env=ENV)
    assert ran.status == 0, ran.out
    assert "return rows.sum(dim=1)" in (fork.root / fork.kata).read_text()
    assert NEW in (fork.root / "katas/lesson_1_numbers/kata_01_doubling.total.new.txt").read_text()


def test_a_course_with_a_fix_in_its_katas_is_refused(fork, course):
    course.answer(total="return rows.sum(dim=1)")
    commit(course, "an answer")
    git(course.root, "push", "--quiet", "origin", "main")
    ran = fork.dojo("update", env=ENV)
    assert ran.status == 2
    assert "holds answers in katas/" in ran.out


def test_given_code_counts_as_unwritten_only_beside_its_mistake():
    katas = {f"katas/{KATA}.py": b"def total(rows):\n    return rows.sum(dim=0)\n"}
    mistake = b'def total__as_it_was(rows):\n    """No."""\n    return rows.sum(dim=0)\n'
    assert unwritten(katas, {f"mistakes/{KATA}.py": mistake})
    assert not unwritten(katas, {f"mistakes/{KATA}.py": mistake.replace(b"as_it_was", b"columns")})
    assert not unwritten(katas, {f"mistakes/{KATA}.py": mistake.replace(b"dim=0", b"dim=1")})
    assert not unwritten(katas, {})
