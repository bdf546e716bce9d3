"""`dojo class --gradebook` writes what Canvas and Moodle import, and `--as-of` takes what was there at a deadline."""

from __future__ import annotations

import csv

import pytest

from dojo.classroom.csv_text import csv_text

from ..small_course import FILES
from .grade_schemas import read_as_canvas_does
from .test_class import BWRAP, Class, git, keep_verdict, progress_of

ONE = "lesson_1_numbers/kata_01_doubling.py"
BEFORE = {"GIT_COMMITTER_DATE": "2026-01-02T10:00:00Z", "GIT_AUTHOR_DATE": "2026-01-02T10:00:00Z"}
AFTER = {"GIT_COMMITTER_DATE": "2026-01-09T10:00:00Z", "GIT_AUTHOR_DATE": "2026-01-09T10:00:00Z"}


@pytest.fixture
def class_(course, tmp_path):
    class_ = Class(course, tmp_path)
    course.write("dojo.toml", '[grade]\nname = "Katas (4711)"\ncore = 50\n[grade.lessons]\nlesson_2 = 2\n')
    return class_


def rows_of(class_, system):
    with (class_.out / f"{system}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_canvas(class_):
    columns = {"ID": "99", "SIS User ID": "s-1", "SIS Login ID": "ada", "Section": "Monday"}
    class_.fork("Ada Lovelace", **columns)
    class_.fork("=Björn")
    class_.fork("Cleo")
    class_.publish("Ada Lovelace", progress_of(["double", "shout"]))
    class_.publish("=Björn", progress_of([]))
    ran = class_.show("--gradebook", "canvas")
    assert read_as_canvas_does(rows_of(class_, "canvas")) == (
        "Katas (4711)",
        50,
        {"Ada Lovelace": (("99", "s-1", "ada", "Monday"), 30), "'=Björn": (("", "", "", ""), 0)},
    )
    assert ran.lines[-3:] == [
        f"{class_.out / 'canvas.csv'}: grades out of 50 points",
        "left out, because their steps or their ids are unknown: Cleo",
        "The grades are what the learners' own reports claim. --verify judges their katas here.",
    ]
    # What finds a learner in a gradebook is on no page.
    for name in ("index.html", "class.csv", "class.json"):
        assert "s-1" not in (class_.out / name).read_text(encoding="utf-8")
    assert class_.learner("Ada Lovelace")["groups"] == {"Section": "Monday"}


def test_kept_verdicts_and_claims_are_told_apart(class_):
    for name in ("Ada", "Björn"):
        class_.fork(name)
        class_.publish(name, progress_of(["double", "shout"]))
    class_.show()
    keep_verdict(class_, "Ada", "", ["double"])
    ran = class_.show("--gradebook", "canvas")
    assert [row[-1] for row in rows_of(class_, "canvas")[2:]] == ["10", "30"]
    assert ran.lines[-2:] == [
        "The grades of 1 learner are verdicts of this machine.",
        "The other grades are what the learners' own reports claim. --verify judges their katas here.",
    ]
    keep_verdict(class_, "Björn", "", ["double"])
    assert "reports claim" not in class_.show("--gradebook", "canvas").out


def test_the_columns_of_a_gradebook_are_never_on_the_page(class_):
    class_.fork("Ada", email="ada@example.org")
    assert "no page shows this column" in class_.show("--filter", "email").out
    ran = class_.show("--private", "Email")
    assert "1 learner" in ran.lines[-2]
    assert "--private id: the roster has no such column" in class_.show("--private", "id").out


def test_moodle(class_):
    class_.fork("Ada", email="ada@example.org", **{"ID number": "17"})
    class_.fork("Björn", email="b@example.org")
    class_.fork("Cleo")
    for name in ("Ada", "Björn", "Cleo"):
        class_.publish(name, progress_of(["double", "total", "Counter"]))
    class_.course.write("dojo.toml", "[grade.late]\ndue = 2026-01-01T00:00:00Z\nper_day = 10\n")
    ran = class_.show("--gradebook", "moodle")
    assert rows_of(class_, "moodle") == [
        ["ID number", "Email address", "course"],
        ["17", "ada@example.org", "75"],
        ["", "b@example.org", "75"],
    ]
    assert "left out, because their steps or their ids are unknown: Cleo" in ran.lines
    assert ran.lines[-1].startswith("The late rule was not applied: nothing says when they submitted.")


def test_a_gradebook_without_grades_keeps_its_columns(class_):
    class_.fork("Ada", email="ada@example.org")
    ran = class_.show("--gradebook", "moodle")
    assert rows_of(class_, "moodle") == [["Email address", "Katas (4711)"]]
    assert "left out, because their steps or their ids are unknown: Ada" in ran.lines


def test_a_fork_whose_head_names_no_branch_gets_a_line_and_with_verify_no_grade(class_):
    folder = class_.fork("Ada")
    class_.publish("Ada", progress_of(["double", "total", "Counter", "shout"]))
    git(folder, "symbolic-ref", "HEAD", "refs/heads/master")
    said = "Ada: its HEAD names no branch, so its katas can't be read. Run there: git symbolic-ref HEAD refs/heads/main"
    ran = class_.show("--gradebook", "canvas")
    assert (ran.status, ran.lines[0], rows_of(class_, "canvas")[-1][-1]) == (1, said, "50")
    # Nothing is judged here, so no code runs.
    ran = class_.show("--gradebook", "canvas", "--verify", "--unsafe")
    if not ran.out.startswith("dojo: Learners' code does not run as root, and "):
        assert "Ada: no verdict: its katas could not be read" in ran.lines
        assert "left out, because their steps or their ids are unknown: Ada" in ran.lines
    git(folder, "branch", "-q", "-D", "progress")
    assert class_.show().lines[0] == said


def test_moodle_needs_a_column_and_settings_must_be_right_before_anything_is_fetched(class_):
    class_.fork("Ada")
    ran = class_.show("--gradebook", "moodle")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "Give the roster a column email, id number or username." in ran.out
    class_.course.write("dojo.toml", "[grade]\ncore = -1\n")
    ran = class_.show("--gradebook", "canvas")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "[grade] core must be a number" in ran.out
    assert not class_.out.exists()


@pytest.mark.full
@pytest.mark.skipif(not BWRAP, reason="bubblewrap does not run here")
def test_as_of_judges_the_last_commit_before_a_date_whatever_was_merged_later(class_):
    class_.fork("Ada")
    folder = class_.forks / "Ada"
    solved = FILES[f"solutions/{ONE}"]

    def commit(text, name, **env):
        (folder / "katas" / ONE).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", name, **env)

    commit(solved.replace("2 * x", "x * x"), "half", **BEFORE)
    # Another branch has a commit before the date, but it came in after it.
    git(folder, "checkout", "-q", "-b", "course")
    commit(FILES[f"katas/{ONE}"], "newer, and not Ada's", GIT_COMMITTER_DATE="2026-01-04T00:00:00Z")
    git(folder, "checkout", "-q", "main")
    commit(solved, "all", **AFTER)
    git(folder, "merge", "-q", "-s", "ours", "-m", "merged", "course", **AFTER)
    class_.publish("Ada", progress_of(["double", "total", "Counter"]))
    ran = class_.show("--as-of", "2026-01-05T00:00:00Z", "--verify", "--gradebook", "canvas")
    assert class_.learner("Ada")["verified"]["green"] == 2, ran.out
    assert class_.data()["as_of"] == "2026-01-05T00:00:00+00:00" < class_.data()["made_at"]
    assert ran.lines[0] == "Ada: its branch progress has no commit before 2026-01-05 00:00 UTC"
    assert rows_of(class_, "canvas")[-1][-1] == "20"
    # What was known at another time changes nothing of what is known now.
    class_.show()
    assert (class_.learner("Ada")["green"], class_.learner("Ada")["verified"]) == (3, None)


@pytest.mark.full
def test_as_of_takes_the_report_of_that_time(class_):
    class_.fork("Ada")
    folder = class_.forks / "Ada"
    class_.publish("Ada", progress_of(["double"], made_at="2026-01-02T10:00:00+00:00"))
    git(folder, "branch", "-m", "progress", "first")
    old = git(folder, "rev-parse", "first^{tree}")
    first = git(folder, "commit-tree", old, "-m", "progress", **BEFORE)
    git(folder, "update-ref", "refs/heads/progress", first)
    class_.publish("Ada", progress_of(["double", "total", "Counter"]))
    assert class_.show().status == 0
    assert class_.learner("Ada")["green"] == 3
    ran = class_.show("--as-of", "2026-01-05")
    assert class_.learner("Ada")["green"] == 1, ran.out
    ran = class_.show("--as-of", "2026-01-01")
    assert ran.lines[0].startswith("Ada: its branch progress has no commit before 2026-01-01 ")
    ran = class_.show("--as-of", "yesterday")
    assert (ran.status, ran.lines[0].partition(". ")[0]) == (2, "dojo: --as-of yesterday: this is not a time")


def test_no_spreadsheet_takes_a_cell_for_a_formula():
    assert csv_text([["=1+1", 3, "a,b"]]) == '\'=1+1,3,"a,b"\n'
