"""`dojo publish-solutions` writes a branch to compare with, without a checkout."""

from __future__ import annotations

import pytest

from ..forks import ENV, clone_of, commit, fork_of, git, publish_course
from ..small_course import FILES


@pytest.fixture
def upstream(course, tmp_path):
    course.write("katas/foundations.py", "GIVEN = 1\n")
    return publish_course(course, tmp_path)


def _publish(course, *options):
    return course.dojo("publish-solutions", *options, env=ENV)


def test_the_tree_is_mains_with_the_katas_filled_in(course, upstream):
    before = git(course.root, "status", "--porcelain"), git(course.root, "rev-parse", "HEAD")
    ran = _publish(course)
    made = git(course.root, "rev-parse", "solutions")
    assert ran.out == f"The branch solutions is at {made[:10]}. To compare: git diff solutions -- katas\n"
    assert ran.status == 0
    for name, text in FILES.items():
        wanted = FILES[name.replace("katas/", "solutions/")] if name.endswith(".py") else text
        assert git(course.root, "show", f"solutions:{name}") == wanted.strip(), name
    assert git(course.root, "show", "solutions:katas/foundations.py") == "GIVEN = 1"
    changed = git(course.root, "diff", "--name-only", "main", "solutions", "--").split()
    assert changed == [name for name in sorted(FILES) if name.startswith("katas/") and name.endswith(".py")]
    assert (git(course.root, "status", "--porcelain"), git(course.root, "rev-parse", "HEAD")) == before
    assert git(course.root, "symbolic-ref", "--short", "HEAD") == "main"


def test_the_same_head_gives_the_same_commit_elsewhere_and_later(course, upstream, tmp_path):
    _publish(course)
    made = git(course.root, "rev-parse", "solutions")
    assert _publish(course).status == 0
    other = clone_of(upstream, tmp_path / "other")
    someone = {"GIT_AUTHOR_NAME": "Another", "GIT_COMMITTER_DATE": "@1234567890 +0000"}
    assert other.dojo("publish-solutions", env=ENV | someone).status == 0
    assert {made, git(course.root, "rev-parse", "solutions")} == {git(other.root, "rev-parse", "solutions")}


def test_a_learners_fork_can_be_compared_with_it(course, upstream, tmp_path):
    fork = fork_of(upstream, tmp_path)
    fork.solve(double="return x + x")
    commit(fork, "mine")
    _publish(fork)
    difference = git(fork.root, "diff", "solutions", "--", "katas/lesson_1_numbers")
    assert "+    return x + x" in difference
    assert git(fork.root, "diff", "solutions", "--", "katas/lesson_2_words") == ""


def test_pushing_again_after_the_course_went_on(course, upstream):
    assert _publish(course, "--push", "origin").status == 0
    assert git(upstream, "rev-parse", "solutions") == git(course.root, "rev-parse", "solutions")
    course.write("README.md", "more\n")
    commit(course, "more")
    ran = _publish(course, "--push", "origin")
    assert (ran.status, ", and on origin." in ran.out) == (0, True)
    assert git(upstream, "rev-parse", "solutions~1") == git(course.root, "rev-parse", "main")
    assert git(upstream, "show", "solutions:README.md") == "more"


def test_a_checkout_of_mains_commit_is_accepted_and_of_another_is_refused(course, upstream, tmp_path):
    clone = clone_of(upstream, tmp_path / "clone")
    git(clone.root, "checkout", "--quiet", "--detach")
    assert _publish(clone).status == 0
    commit(clone, "elsewhere")
    ran = _publish(clone)
    assert ran.lines == ["dojo: The solutions are published from main, and you are on no branch: git switch main"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda c: c.write("solutions/new.py", ""),
            "Not committed: solutions/new.py. Commit this first, or put it away (git stash -u).",
        ),
        (
            lambda c: (c.write(c.kata, "x"), c.write(c.tests, "x")),
            "Not committed: katas/lesson_1_numbers/kata_01_doubling.py, tests/lesson_1_numbers/kata_01_doubling.py. "
            "Commit this first, or put it away (git stash -u).",
        ),
        (
            lambda c: git(c.root, "switch", "--quiet", "-c", "idea"),
            "The solutions are published from main, and you are on idea: git switch main",
        ),
        (
            lambda c: git(c.root, "branch", "solutions"),
            "The branch solutions holds work that dojo publish-solutions did not make, and it would be overwritten. "
            "Give the solutions another name with --branch.",
        ),
        (
            lambda c: (git(c.root, "rm", "--quiet", "solutions/lesson_2_words/kata_01_shouting.py"), commit(c, "less")),
            "There is no solutions/lesson_2_words/kata_01_shouting.py, so "
            "katas/lesson_2_words/kata_01_shouting.py can't be filled in.",
        ),
    ],
    ids=["untracked", "changed", "another branch", "a branch of somebody's", "no solution"],
)
def test_a_wrong_base_is_refused_in_one_line(course, upstream, spoil, says):
    spoil(course)
    before = git(course.root, "for-each-ref")
    ran = _publish(course)
    assert (ran.status, ran.lines) == (2, [f"dojo: {says}"])
    assert git(course.root, "for-each-ref") == before


def test_a_branch_of_somebodys_at_the_remote_is_not_overwritten(course, upstream):
    git(upstream, "branch", "solutions", "main")
    ran = _publish(course, "--push", "origin")
    assert (ran.status, "The branch solutions of origin holds work" in ran.out) == (2, True)
    assert git(upstream, "rev-parse", "solutions") == git(upstream, "rev-parse", "main")
    assert git(course.root, "branch", "--list", "solutions") == ""
    ran = _publish(course, "--push", "nowhere")
    assert (ran.status, ran.out.startswith("dojo: The branch solutions could not be pushed to nowhere: ")) == (2, True)


def test_a_branch_that_is_checked_out_is_left_alone(course, upstream, tmp_path):
    _publish(course)
    git(course.root, "worktree", "add", "--quiet", str(tmp_path / "tree"), "solutions")
    ran = _publish(course)
    assert ran.lines == ["dojo: The branch solutions is checked out. Change to main first: git switch main"]
