"""The table of the course's parts, and the lists that are made from it."""

from __future__ import annotations

import pytest

from dojo.authoring.scaffold import TASKS
from dojo.course import layout

from ..small_course import ROOT


def test_every_part_exists_and_every_folder_of_the_course_is_a_part():
    assert not [part.path for part in layout.PARTS if not (ROOT / part.path).exists()]
    known = {part.path.partition("/")[0] for part in layout.PARTS} | {"docs"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    # What runs and tools leave behind is not part of the course.
    assert {name for name in folders - known if (ROOT / name / "__init__.py").exists()} == set()


def test_a_tree_has_a_file_for_each_kata_with_its_ending():
    assert set(layout.ALL_TREES) == set(TASKS) == {*layout.TREES, "checks/accepted"}
    for tree in layout.ALL_TREES:
        for kata in layout.kata_files(ROOT / "tests"):
            assert (ROOT / layout.file_in(tree, f"{kata.parent.name}/{kata.stem}")).is_file()


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (layout.TREES, {"katas", "tests", "hints", "solutions", "mistakes"}),
        (layout.published_trees(), {"tests", "hints", "solutions", "mistakes"}),
        (layout.trees_without_tests(), {"katas", "solutions", "mistakes", "hints", "checks/accepted"}),
        (layout.judging_parts(), {"tests", "mistakes", "data", "dojo", "conftest.py", "pyproject.toml"}),
        (layout.shared_judging_parts(), {"data", "dojo", "conftest.py", "pyproject.toml"}),
        (layout.secret_folders(), {"solutions", "tests", "mistakes", "checks"}),
        (
            layout.read_parts(),
            {"tests", "dojo", "hints", "solutions", "mistakes", "conftest.py", "pyproject.toml"},
        ),
        (
            layout.pinned_parts(),
            {*layout.read_parts(), "constraints.txt", ".github/workflows", ".gitlab-ci.yml"},
        ),
    ],
)
def test_the_lists_hold_what_they_are_for(found, wanted):
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_what_changes_by_use_is_no_difference_from_the_course():
    assert layout.used_parts() == ("notebooks", ".vscode")
    assert not {*layout.used_parts()} & {*layout.pinned_parts(), *layout.reported_parts(), *layout.judging_parts()}


def test_reports_name_the_parts_in_this_order():
    wanted = ("tests", "dojo", "conftest.py", "solutions", "mistakes", ".github/workflows")
    assert layout.reported_parts() == wanted


def test_the_given_files_and_the_pages_are_found():
    assert [path.name for path in layout.given_files(ROOT)] == ["digits.py", "foundations.py"]
    assert len(layout.lesson_pages(ROOT)) == len({path.parent for path in layout.kata_files(ROOT / "tests")})
