"""Points come from the rules in the instructor's dojo.toml, and each system's file fits what the system publishes."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from dojo.classroom.grade_files import FORMATS, submitted_at
from dojo.classroom.grading import Grade, GradeRules, grade_of, nothing_judged, read_rules, time_said
from dojo.course.curriculum import read_curriculum
from dojo.progress.data import CourseVersion, Diagnosis, StepFailure
from dojo.support.errors import DojoError

from ..small_course import ROOT
from .grade_schemas import CODEGRADE, GRADESCOPE, PRAIRIELEARN, check, check_classroom_50

UTC = datetime.timezone.utc
DUE = datetime.datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
LATE = "[grade.late]\ndue = 2026-12-01T23:00:00Z\nper_day = 20\n"
STEPS = ("double", "total", "Counter", "shout")
CLASSROOM = {
    "CLASSROOM": "ml",
    "ASSIGNMENT": "katas",
    "OWNER": "ada",
    "ASSIGNMENT_TYPE": "individual",
    "SUBMISSION_TAG": "submit/2026-12-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/x/ml-katas-ada/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/x/ml-katas-ada/releases/tag/submit%2F2026",
    "REVIEW_URL": "https://github.com/x/ml-katas-ada/compare/1...2",
}


@pytest.fixture
def rules(course):
    """A way to read rules: the text of a dojo.toml."""

    def rules(text=""):
        path = course.write("dojo.toml", text)
        return read_rules(path, read_curriculum(course.root), "The course")

    return rules


@pytest.fixture
def graded(course, rules):
    """A way to grade: the steps that are green, and the text of a dojo.toml."""

    def graded(green, text="", submitted=None, **about):
        progress = nothing_judged(read_curriculum(course.root), CourseVersion("The course"), "The sum is wrong.")
        for step in progress.steps:
            if step.name in green:
                step.status, step.failure = "green", None
            else:
                step.failure = StepFailure("value", ["The sum is wrong."], file=course.kata, line=3)
                step.diagnosis = Diagnosis("columns", "You summed over rows.")
        return grade_of(progress, rules(text), submitted, **about)

    return graded


def points_of(rules):
    return {step.rsplit("/", 1)[1]: points for step, points in rules.points.items()}


def test_without_a_table_the_core_steps_are_worth_100_points(course, rules):
    assert points_of(rules()) == dict.fromkeys(STEPS, Fraction(25))
    course.mark("double", "shout")
    assert points_of(rules("practice = true")) == {"double": 50, "shout": 50}


def test_core_and_practice_have_points_of_their_own_and_lessons_have_weights(course, rules):
    course.mark("double", "total", "shout")
    found = rules('[grade]\nname = "Katas (17)"\ncore = 80\npractice = 20.5\n[grade.lessons]\nlesson_2 = 2\n')
    assert points_of(found) == {"double": 20, "total": 20, "Counter": Fraction(41, 2), "shout": 40}
    assert (found.name, found.most) == ("Katas (17)", Fraction(201, 2))
    only = rules("[grade.lessons]\nlesson_1_numbers = 1\n2 = 0\n")
    assert points_of(only) == {"double": 50, "total": 50}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[grade\n", "is not valid TOML"),
        ("grade = 3", "grade must be a table: [grade]."),
        ("[grade]\nparctice = 3", "[grade] there is no setting parctice. Did you mean practice"),
        ("[grade]\ncore = true", "[grade] core must be a number from 0 to 1,000,000, not True."),
        ("[grade]\ncore = -1", "[grade] core must be a number"),
        ("[grade]\ncore = nan", "[grade] core must be a number"),
        ("[grade]\ncore = inf", "[grade] core must be a number"),
        ('[grade]\nname = "a\\nb"', "[grade] name must be text on one line"),
        ("[grade]\ncore = 0", "[grade] gives no points. Set core or practice to more than 0."),
        ("[grade]\npractice = 20", "[grade] gives 20 points for practice steps, but no practice step counts."),
        ("[grade.lessons]\nlesson_1 = 0\nlesson_2 = 0", "gives 100 points for core steps, but no core step counts."),
        ("[grade.lessons]\nlesson_3 = 1", "[grade.lessons] there is no lesson lesson_3. Did you mean "),
        ("[grade.late]\nper_day = 10", "[grade.late] due must be a time with an offset, for example "),
        ("[grade.late]\ndue = 2026-12-01\nper_day = 10", "[grade.late] due must be a time with an offset"),
        ("[grade.late]\ndue = 2026-12-01T10:00:00\nper_day = 10", "[grade.late] due must be a time with an offset"),
        ("[grade.late]\ndue = 2026-12-01T10:00:00Z", "[grade.late] per_day is missing"),
        ("[grade.late]\ndue = 2026-12-01T10:00:00Z\nper_day = 101", "per_day must be a number from 0 to 100, not 101."),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(rules, text, says):
    with pytest.raises(DojoError) as caught:
        rules(text)
    assert says in str(caught.value)
    assert "dojo.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("after", "lost"),
    [(0, 0), (10, 0), (10.01, 20), (24 * 60, 20), (24 * 60 + 1, 40), (9 * 24 * 60, 50), (-999, 0)],
)
def test_each_day_that_has_begun_costs_after_the_time_of_grace_until_there_is_no_more_to_lose(graded, after, lost):
    text = f"{LATE}grace_minutes = 10\nat_most = 50\n"
    grade = graded(STEPS, text, DUE + datetime.timedelta(minutes=after))
    assert grade.points == 100 - lost
    assert ("of the points are lost" in grade.late) == bool(lost)


def test_a_late_rule_without_a_time_is_said_and_not_applied(graded):
    grade = graded(STEPS, LATE)
    assert grade.points == 100
    assert grade.remarks[-1].startswith(
        "The late rule was not applied, because the time of the submission is unknown. Give --submitted TIME."
    )
    # The rule does not matter if nothing was judged.
    assert graded([], LATE, problem="There is no kata.").remarks == ()


def test_gradescope(graded):
    data = json.loads(FORMATS["gradescope"].text(graded(["double"], LATE, DUE + datetime.timedelta(hours=1))))
    check(data, GRADESCOPE)
    assert (data["score"], len(data["tests"])) == (20, 4)
    assert data["tests"][0] == {
        "number": "1.1.1",
        "name": "lesson 1 · numbers · doubling · double",
        "score": 25.0,
        "max_score": 25.0,
        "status": "passed",
    }
    assert "The sum is wrong." in data["tests"][1]["output"]
    assert data["output"].splitlines() == [
        "20 of 100 points",
        "Submitted 2026-12-02 00:00 UTC, 1 day late: 20% of the points are lost.",
    ]


def test_classroom_50_takes_whole_numbers_in_the_same_ratios(graded, monkeypatch):
    for name, value in CLASSROOM.items():
        monkeypatch.setenv(name, value)
    text = "[grade]\ncore = 70\n[grade.lessons]\nlesson_2 = 2.5\n"
    data = json.loads(FORMATS["classroom50"].text(graded(["total", "shout"], text)))
    check_classroom_50(data)
    assert [test["max-score"] for test in data["tests"]] == [2, 2, 2, 5]
    assert (data["score"], data["max-score"], data["owner"]) == (7, 11, "ada")
    late = graded(["total", "shout"], text + LATE, DUE + datetime.timedelta(days=1))
    data = json.loads(FORMATS["classroom50"].text(late))
    check_classroom_50(data)
    # 80% of 7, in whole numbers.
    assert (data["score"], data["max-score"]) == (6, 11)
    assert data["tests"][-1]["test-name"].endswith("20% of the points are lost.")
    monkeypatch.delenv("RELEASE_URL")
    with pytest.raises(DojoError, match="RELEASE_URL is not set"):
        FORMATS["classroom50"].text(late)


def codegrade_score(data):
    """The score that CodeGrade computes: the weights of the tests that pass, of all weights."""
    cases = [case for result in data["results"] for case in result["testCases"]]
    passed = sum(case["weight"] for case in cases if case["status"] == "success")
    return Fraction(passed, sum(case["weight"] for case in cases))


@pytest.mark.parametrize(("hours", "lost"), [(0, 0), (1, 20), (25, 40)])
def test_codegrade_computes_the_same_score_from_the_weights(graded, hours, lost):
    text = "[grade.lessons]\nlesson_2 = 2.5\n" + LATE
    grade = graded(["total", "shout"], text, DUE + datetime.timedelta(hours=hours))
    data = json.loads(FORMATS["codegrade"].text(grade))
    check(data, CODEGRADE)
    assert codegrade_score(data) == grade.points / 100 == Fraction(7, 11) * (100 - lost) / 100


def test_codegrade_has_no_points_for_what_is_far_too_late(graded):
    data = json.loads(FORMATS["codegrade"].text(graded(STEPS, LATE, DUE + datetime.timedelta(days=9))))
    check(data, CODEGRADE)
    assert data == {"tag": "points", "points": "0/1"}


def test_prairielearn(graded):
    data = json.loads(FORMATS["prairielearn"].text(graded(["double"])))
    check(data, PRAIRIELEARN)
    assert (data["score"], data["message"]) == (0.25, "25 of 100 points")
    problem = "There is no verdict: it took longer than 600 s."
    data = json.loads(FORMATS["prairielearn"].text(graded([], problem=problem)))
    check(data, PRAIRIELEARN)
    assert data == {"gradable": False, "format_errors": [problem]}


def test_prairielearn_gets_at_most_1_mb(graded):
    grade = graded(["double"])
    for step in grade.progress.steps:
        if step.failure:
            step.failure.says[0] = "é" * 400_000
    # As many steps as a large course has.
    rules = GradeRules("", {str(number): Fraction(25) for number in range(240)})
    text = FORMATS["prairielearn"].text(Grade(rules, grade.progress, grade.steps * 60))
    assert len(text.encode()) <= 1_000_000
    check(json.loads(text), PRAIRIELEARN)


def test_junit_nests_and_counts_as_pytest_does(graded, course):
    course.solve(double="return x")
    course.pytest("--all", "--junitxml=own.xml", "-o", "junit_family=xunit1")
    own = ElementTree.parse(course.root / "own.xml").getroot()
    ours = ElementTree.fromstring(FORMATS["junit"].text(graded(["total"])))
    for root in (own, ours):
        nested = {(outer.tag, inner.tag) for outer in root.iter() for inner in outer}
        assert nested - {("testsuite", "properties"), ("properties", "property")} == {
            ("testsuites", "testsuite"),
            ("testsuite", "testcase"),
            ("testcase", "failure"),
        }
        for suite in root:
            cases = suite.findall("testcase")
            assert int(suite.get("tests")) == len(cases) > 0
            assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
            assert (suite.get("errors"), suite.get("skipped")) == ("0", "0")
            assert all({"classname", "name", "time"} <= set(case.attrib) for case in cases)
            assert all(failure.get("message") and failure.text for failure in suite.iter("failure"))


def test_what_the_recipes_show_can_be_read(tmp_path):
    text = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (settings,) = [block for kind, block in blocks if kind == "toml"]
    (tmp_path / "dojo.toml").write_text(settings, encoding="utf-8")
    rules = read_rules(tmp_path / "dojo.toml", read_curriculum(ROOT), "")
    assert (rules.name, rules.most, rules.late is not None) == ("PyTorch katas", 100, True)
    assert not any(step.startswith("lesson_1_") for step in rules.points)
    for kind, block in blocks:
        if kind == "python":
            compile(block, "autograder.py", "exec")
        if kind == "sh":
            subprocess.run(["bash", "-n"], input=block.encode(), check=True)


def test_the_systems_say_when_a_submission_reached_them(tmp_path, monkeypatch):
    submission = tmp_path / "submission"
    when = {name: lambda name=name: submitted_at(FORMATS[name], submission) for name in FORMATS}
    assert [read() for read in when.values()] == [None] * 5
    (tmp_path / "submission_metadata.json").write_text('{"created_at": "2018-07-01T14:22:32.365935-07:00"}')
    assert when["gradescope"]() == datetime.datetime(2018, 7, 1, 21, 22, 32, tzinfo=UTC)
    monkeypatch.setenv("CG_INFO", '{"submitted_at": "2024-09-09T21:00:00-05:00", "deadline": null}')
    assert when["codegrade"]() == datetime.datetime(2024, 9, 10, 2, tzinfo=UTC)
    monkeypatch.setenv("SUBMISSION_TAG", CLASSROOM["SUBMISSION_TAG"])
    assert when["classroom50"]() == datetime.datetime(2026, 12, 1, 14, 32, 5, tzinfo=UTC)


def test_a_time_is_said_as_people_say_it():
    assert time_said("2026-12-01T23:00:00Z", "--submitted") == DUE
    assert time_said("2026-12-02T00:00+01:00", "--submitted") == DUE
    assert time_said("2026-12-01", "--as-of") == datetime.datetime(2026, 12, 1).astimezone()
    with pytest.raises(DojoError, match=r"^--as-of tomorrow: this is not a time\."):
        time_said("tomorrow", "--as-of")
