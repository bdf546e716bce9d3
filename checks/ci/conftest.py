"""What the checks of the workflow files share: a course with workflows, and a hub that hosts it."""

from __future__ import annotations

import shutil

import pytest

from ..forks import commit, git
from ..small_course import ROOT, small_course
from .hub import Hub

PARTS = (".github", ".gitlab-ci.yml", "constraints.txt", "dojo")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A course with the machinery and the workflows of this one, in two versions; return its repository."""
    folder = tmp_path_factory.mktemp("published")
    course = small_course(folder / "course")
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        options = {"ignore": shutil.ignore_patterns("__pycache__")} if (ROOT / name).is_dir() else {}
        copy(ROOT / name, course.root / name, **options)
    course.write(".gitignore", "__pycache__/\n.dojo/\n.pytest_cache/\n.log\n/report/\n")
    git(course.root, "init", "--quiet", "--initial-branch=main")
    commit(course, "The first version")
    course.write("tests/lesson_2_words/kata_01_shouting.py", NEW_TEST)
    course.write("README.md", "# A course\n")
    commit(course, "The second version")
    return course.root


NEW_TEST = """
from dojo.expect import assert_value
from katas.lesson_2_words import kata_01_shouting as kata


def test_shout__is_all_capitals():
    assert_value(kata.shout("hello"), "HELLO")
"""


@pytest.fixture
def hub(tmp_path, published):
    return Hub(tmp_path / "hub", published.parent)


@pytest.fixture
def original(hub, published):
    """The course, hosted."""
    return hub.host("teachers/course", published)
