"""The version is the same in all places, the changelog lists it, and the recorded screens are those of this course."""

from __future__ import annotations

import datetime
import re

import pytest

import dojo
from dojo.course.curriculum import read_curriculum

from .small_course import ROOT


def test_there_is_one_version():
    project = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert project is not None
    assert project[1] == dojo.__version__


def test_the_newest_release_of_the_changelog_is_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    releases = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]
    assert None not in releases, headings
    assert ".".join(releases[0].groups()[:3]) == dojo.__version__
    order = [(tuple(map(int, each.groups()[:3])), datetime.date.fromisoformat(each[4])) for each in releases]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("page", ["README.md", "docs/watch.md", "docs/pictures/watch.svg"])
def test_the_recorded_screens_count_the_steps_of_this_course(page):
    steps = list(read_curriculum(ROOT).steps())
    core = sum(step.is_core for step in steps)
    counts = re.findall(r"of (\d+) core steps · \d+ of (\d+) practice", (ROOT / page).read_text(encoding="utf-8"))
    assert counts
    assert set(counts) == {(str(core), str(len(steps) - core))}, "Run: python checks/watch_frames.py"
