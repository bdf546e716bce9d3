"""The workflow files in the shapes that repositories of a class have on GitHub, run line by line on bare repositories."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..forks import clone_of, commit, git, history
from ..small_course import ROOT, SmallCourse, small_course
from .hub import Hosted, Hub

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
def course(hub, published):
    return hub.host("dojo/course", published)


def _clone(hosted: Hosted) -> SmallCourse:
    return clone_of(hosted.bare, hosted.bare.with_suffix(f".clone{len(list(hosted.bare.parent.iterdir()))}"))


def _write(hosted: Hosted, branch: str = "main", **answers: str) -> str:
    """Push answers to a branch; return the commit."""
    clone = _clone(hosted)
    if branch != "main":
        git(clone.root, "switch", "--quiet", "--create", branch)
    clone.answer(**(answers or {"double": "return 2 * x"}))
    made = commit(clone, "mine")
    git(clone.root, "push", "--quiet", "origin", branch)
    return made


def _tips(hosted: Hosted) -> dict[str, str]:
    lines = git(hosted.bare, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
    return dict(line.split() for line in lines.splitlines())


def _report(hosted: Hosted) -> dict:
    return json.loads(git(hosted.bare, "show", "progress:progress.json"))


def _started(runs) -> set[tuple[str, str]]:
    """The jobs that ran, with their results."""
    return {(name, job.result) for run in runs.values() for name, job in run.jobs.items() if job.result != "skipped"}


WENT_WELL = {("judge", "success"), ("publish", "success")}


def test_a_learners_fork_is_judged_and_published_by_the_workflows_own_lines(hub, course):
    fork = hub.host("ada/course", course.bare, parent=course)
    (hub.home / "real").touch()
    head = _write(fork, double="return x * x")
    fork.variables["DOJO_FAIL_ON"] = "any-red"
    runs = hub.push(fork)
    assert _started(runs) == {("judge", "failure"), ("publish", "success")}
    run = runs["progress", "main"]
    assert run.summary.startswith("Role: learner. https://github.com/dojo/course.git is the course that judges it.")
    assert run.artifacts["progress"]["retention-days"] == "5"
    assert sorted(_tips(fork)) == ["main", "progress"]
    assert _report(fork)["judge"] == {"commit": git(course.bare, "rev-parse", "main"), "changed": []}
    double = _report(fork)["lessons"][0]["katas"][0]["steps"][0]
    assert (double["status"], double["diagnosis"]["mistake"]) == ("red", "squared")
    assert [line["commit"] for line in history(fork.bare)] == [head]
    assert git(fork.bare, "diff", "--stat", head, "main") == ""
    # The course's code ran, and the cache of pip is for the job that reads.
    assert [line for line in run.asked if line.startswith("pip")] == [
        "pip install --extra-index-url https://download.pytorch.org/whl/cpu -c course/constraints.txt ./course",
        "pip install --no-deps ./course",
    ]


def test_a_side_branch_has_a_summary_and_changes_nothing(hub, course):
    fork = hub.host("ada/course", course.bare, parent=course)
    _write(fork)
    hub.push(fork)
    _write(fork, "try", total="return rows.sum(dim=1)")
    before = _tips(fork)
    runs = hub.push(fork, "try")
    assert _started(runs) == {("judge", "success")}
    assert _tips(fork) == before
    run = runs["progress", "try"]
    assert "2 of 4 steps green" in run.summary
    assert "This branch changes no report. Reports are of the branch main." in run.summary
    assert run.artifacts == {}
    # The branch can be named.
    fork.variables["DOJO_BRANCH"] = "try"
    assert _started(hub.push(fork, "try")) == WENT_WELL
    assert _report(fork)["course"]["commit"] == before["try"]
    assert hub.push(fork)["progress", "main"].jobs["publish"].result == "skipped"


def test_a_report_can_be_started_by_hand_after_actions_were_enabled(hub, course):
    fork = hub.host("ada/course", course.bare, parent=course)
    head = _write(fork)
    for _ in range(2):
        run = hub.start(fork, "progress", "workflow_dispatch")
        assert _started({"": run}) == WENT_WELL
    assert [line["commit"] for line in history(fork.bare)] == [head]


def test_the_fork_of_a_class_publishes_solutions_and_is_not_judged_and_forks_of_it_are(hub, course):
    school = hub.host("school/course", course.bare, parent=course)
    school.variables["DOJO_ROLE"] = "class"
    runs = hub.push(school)
    assert _started(runs) == {("role", "success"), ("solutions", "success")}
    assert sorted(_tips(school)) == ["main", "solutions"]
    run = hub.start(school, "course", "workflow_dispatch")
    assert _started({"": run}) == {(name, "success") for name in ("role", "check", "learner", "judge")}
    assert run.asked.count("dojo check") == 3
    fork = hub.host("ada/course", school.bare, parent=school)
    head = _write(fork)
    assert _started(hub.push(fork)) == WENT_WELL
    assert _report(fork)["course"]["commit"] == head


def test_without_a_variable_the_role_of_a_class_follows_from_its_forks(hub, course):
    school = hub.host("school/course", course.bare, parent=course, forks_count=2)
    runs = hub.push(school)
    assert _started(runs) == {("judge", "success"), ("role", "success"), ("solutions", "success")}
    judge = runs["progress", "main"]
    assert judge.summary.startswith("Role: class. It was made from https://github.com/dojo/course.git, others")
    assert not [line for line in judge.asked if line.startswith("pip")]
    # A learner's fork that others have forked holds answers.
    fork = hub.host("ada/course", course.bare, parent=course, forks_count=1)
    _write(fork)
    assert _started(hub.push(fork)) == WENT_WELL | {("role", "success")}


def test_the_course_checks_itself_and_publishes_solutions(hub, course):
    runs = hub.push(course)
    done = {(name, "success") for name in ("role", "check", "learner", "judge", "solutions")}
    assert _started(runs) == done
    run = runs["course", "main"]
    assert run.summary.startswith("Role: course.")
    assert "pip install --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt -e .[dev]" in run.asked
    assert "Nothing is judged: no course is named" in runs["progress", "main"].jobs["judge"].log
    assert sorted(_tips(course)) == ["main", "solutions"]
    weekly = hub.start(course, "course", "schedule")
    assert _started({"": weekly}) == {("role", "success"), ("coming", "success")}
    assert "pytest --against solutions --device cpu --device sim" in weekly.asked


def _copy(hub, course, name, version="main", **about):
    """Host a copy of a version of the course that shares no history with it, as GitHub makes of a template."""
    folder = hub.folder / name.replace("/", "_")
    git(hub.folder, "clone", "--quiet", str(course.bare), str(folder))
    git(folder, "checkout", "--quiet", version)
    git(folder, "checkout", "--quiet", "--orphan", "copy")
    git(folder, "commit", "--quiet", "--message", "Initial commit")
    git(folder, "branch", "--force", "main", "copy")
    git(folder, "switch", "--quiet", "main")
    git(folder, "branch", "--delete", "copy")
    return hub.host(name, folder, **about)


def test_a_copy_of_a_template_is_judged_by_the_version_that_it_is_a_copy_of(hub, course):
    first = git(course.bare, "rev-parse", "main~1")
    copy = _copy(hub, course, "school/ada", first, template_repository=course, private=True)
    head = _write(copy)
    runs = hub.push(copy)
    assert _started(runs) == WENT_WELL
    assert _report(copy)["judge"] == {"commit": first, "changed": []}
    assert [line["commit"] for line in history(copy.bare)] == [head]
    assert f"This copy shares no history with the course. Version {first[:10]} judged it" in runs["progress", "main"].summary
    # An instructor's own copy is a template itself.
    school = _copy(hub, course, "school/course", template_repository=course, is_template=True)
    runs = hub.push(school)
    assert _started(runs) == {("judge", "success"), ("role", "success"), ("solutions", "success")}


@pytest.mark.parametrize("private", [True, False])
def test_a_copy_without_a_named_course_ends_with_one_line(hub, course, private):
    copy = _copy(hub, course, "school/ada", private=private)
    _write(copy)
    before = _tips(copy)
    runs = hub.push(copy)
    # GitHub counts a minute for each job that starts.
    assert _started(runs) == {("judge", "success")} | (set() if private else {("role", "success")})
    assert runs["progress", "main"].jobs["judge"].log == (
        "Nothing is judged: no course is named (DOJO_UPSTREAM, docs/forks.md).\n"
    )
    if not private:
        assert runs["course", "main"].jobs["role"].log.startswith("Nothing is done here, because nothing says where")
    assert _tips(copy) == before
    # Named in a variable, the course judges.
    copy.variables["DOJO_UPSTREAM"] = course.url
    assert _started(hub.push(copy)) == WENT_WELL


def _fails(hub, hosted):
    """Push to a repository whose job must fail before anything is installed; return what the job said."""
    before = _tips(hosted)
    runs = hub.push(hosted)
    assert _started(runs) == {("judge", "failure")}
    run = runs["progress", "main"]
    assert not [line for line in run.asked if line.startswith(("pip", "dojo"))]
    assert _tips(hosted) == before
    return run.jobs["judge"].log


def test_nothing_judges_itself(hub, course):
    fork = hub.host("ada/course", course.bare, parent=course)
    _write(fork)
    fork.variables["DOJO_UPSTREAM"] = "git@github.com:Ada/course"
    said = _fails(hub, fork)
    assert "can't be fetched from git@github.com:Ada/course" in said
    fork.variables["DOJO_UPSTREAM"] = "https://github.com/ada/course"
    said = _fails(hub, fork)
    assert "https://github.com/ada/course is this repository itself, and nothing judges itself. In a learner's" in said
    # Another learner's fork is no course either.
    other = hub.host("bob/course", course.bare, parent=course)
    _write(other)
    git(other.bare, "fetch", "--quiet", str(fork.bare), "+main:main")
    fork.variables["DOJO_UPSTREAM"] = other.url
    run = hub.push(fork)["progress", "main"]
    assert run.jobs["judge"].result == "failure"
    assert "https://github.com/bob/course.git is no course" in run.jobs["judge"].log.replace("../course", other.url)
    fork.variables["DOJO_UPSTREAM"] = "https://github.com/nobody/course"
    said = _fails(hub, fork)
    assert "::error::The course can't be fetched from https://github.com/nobody/course. If the address is wrong" in said
    fork.variables["DOJO_ROLE"] = "teacher"
    assert "no job" not in said
    assert _started(hub.push(fork)) == set()


def test_two_pushes_at_once_a_force_push_and_a_first_push_of_everything_end_well(hub, course):
    fork = hub.host("ada/course", course.bare, parent=course)
    fork.variables["DOJO_FAIL_ON"] = "never"
    heads = [_write(fork)]
    first = git(fork.bare, "rev-parse", "main")
    # The second push comes before the first is judged.
    with ThreadPoolExecutor() as pool:
        one = pool.submit(hub.push, fork)
        heads.append(_write(fork, total="return rows.sum(dim=1)"))
        other = pool.submit(hub.push, fork)
        assert _started(one.result()) == _started(other.result()) == WENT_WELL
    assert set(heads[1:]) <= {line["commit"] for line in history(fork.bare)} <= set(heads)
    clone = _clone(fork)
    git(clone.root, "reset", "--quiet", "--hard", f"{first}~1")
    clone.answer(double="return x + x")
    rewritten = commit(clone, "rewritten")
    git(clone.root, "push", "--quiet", "--force", "origin", "main")
    lines = len(history(fork.bare))
    assert _started(hub.push(fork)) == WENT_WELL
    assert [line["commit"] for line in history(fork.bare)][lines:] == [rewritten]
    # A repository that was empty gets all branches at once, also the reports that another one had.
    new = hub.host("ada/new", fork.bare, parent=course)
    git(new.bare, "branch", "try", "main")
    assert _started(hub.push(new, "main", "try")) == WENT_WELL
    assert len(history(new.bare)) == len(history(fork.bare))


@pytest.mark.parametrize(
    ("variables", "about", "answered"),
    [
        ({}, {}, True),
        ({"DOJO_ROLE": "class"}, {"parent": True}, True),
        ({}, {"parent": True, "forks_count": 1}, True),
        ({}, {"parent": True, "answers": True, "forks_count": 1}, False),
        ({"DOJO_ROLE": "learner"}, {"parent": True}, False),
    ],
    ids=["course", "class", "class by its state", "learner by its state", "learner"],
)
def test_a_stray_pull_request_is_answered_by_the_course_and_by_a_class(hub, course, variables, about, answered):
    if about.pop("parent", False):
        about["parent"] = course
    hosted = hub.host("school/course", course.bare, **{k: v for k, v in about.items() if k != "answers"})
    hosted.variables |= variables
    if "answers" in about:
        _write(hosted)
    repositories = {"head": {"repo": {"full_name": "ada/course"}}, "base": {"repo": {"full_name": "school/course"}}}
    told = {"pull_request": {"number": 7, "user": {"login": "ada"}} | repositories, "files": ["katas/x.py"]}
    run = hub.start(hosted, "stray-pull-requests", "pull_request_target", **told)
    closed = [line for line in run.asked if line.startswith("gh pr")]
    assert [line.split()[:4] for line in closed] == ([["gh", "pr", "comment", "7"], ["gh", "pr", "close", "7"]] * answered)
