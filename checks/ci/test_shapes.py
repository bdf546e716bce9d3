"""The workflow files, run line by line in the shapes that the repositories of a class have on GitHub."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..forks import commit, git, history
from .hub import Hosted
from .private_host import private_host


def _report(hosted: Hosted) -> dict:
    return json.loads(git(hosted.bare, "show", "progress:progress.json"))


def _started(runs) -> set[tuple[str, str]]:
    """The jobs that ran, with their results."""
    return {(name, job.result) for run in runs.values() for name, job in run.jobs.items() if job.result != "skipped"}


WENT_WELL = {("judge", "success"), ("publish", "success")}


@pytest.mark.full
def test_a_learners_fork_is_judged_and_published_by_the_workflows_own_lines(hub, original):
    fork = hub.host("ada/course", original.bare, parent=original)
    (hub.home / "real").touch()
    head = fork.answer(double="return x * x")
    fork.variables["DOJO_FAIL_ON"] = "any-red"
    runs = hub.push(fork)
    assert _started(runs) == {("judge", "failure"), ("publish", "success")}
    run = runs["progress", "main"]
    assert run.summary.startswith(
        "Role: learner. The course at https://github.com/teachers/course.git judges this repository."
    )
    assert run.artifacts["progress"]["retention-days"] == "5"
    assert sorted(fork.tips()) == ["main", "progress"]
    assert _report(fork)["judge"] == {"commit": git(original.bare, "rev-parse", "main"), "changed": []}
    double = _report(fork)["lessons"][0]["katas"][0]["steps"][0]
    assert (double["status"], double["diagnosis"]["mistake"]) == ("red", "squared")
    assert [line["commit"] for line in history(fork.bare)] == [head]
    assert git(fork.bare, "diff", "--stat", head, "main") == ""
    # The course's code ran, and the cache of pip is for the job that reads.
    assert [line for line in run.asked if line.startswith("pip")] == [
        "pip install --extra-index-url https://download.pytorch.org/whl/cpu -c course/constraints.txt ./course",
        "pip install --no-deps ./course",
    ]


@pytest.mark.full
def test_a_report_is_started_by_hand_and_a_side_branch_changes_nothing(hub, original):
    fork = hub.host("ada/course", original.bare, parent=original)
    # Actions were enabled after the push.
    head = fork.answer()
    assert _started({"": hub.start(fork, "progress", "workflow_dispatch")}) == WENT_WELL
    assert [line["commit"] for line in history(fork.bare)] == [head]
    fork.answer("try", total="return rows.sum(dim=1)")
    before = fork.tips()
    runs = hub.push(fork, "try")
    assert _started(runs) == {("judge", "success")}
    assert fork.tips() == before
    run = runs["progress", "try"]
    assert "2 of 4 steps green" in run.summary
    assert "This branch changes no report. Reports are of the branch main." in run.summary
    assert run.artifacts == {}
    # The branch can be named.
    fork.variables["DOJO_BRANCH"] = "try"
    assert _started(hub.push(fork, "try")) == WENT_WELL
    assert _report(fork)["course"]["commit"] == before["try"]
    assert hub.push(fork)["progress", "main"].jobs["publish"].result == "skipped"


@pytest.mark.full
def test_the_fork_of_a_class_publishes_solutions_and_is_not_judged_and_forks_of_it_are(hub, original):
    school = hub.host("school/course", original.bare, parent=original)
    school.variables["DOJO_ROLE"] = "class"
    runs = hub.push(school)
    assert _started(runs) == {("role", "success"), ("solutions", "success")}
    assert sorted(school.tips()) == ["main", "solutions"]
    run = hub.start(school, "course", "workflow_dispatch")
    assert _started({"": run}) == {(name, "success") for name in ("role", "check", "learner", "judge")}
    assert run.asked.count("dojo check") == 3
    fork = hub.host("ada/course", school.bare, parent=school)
    head = fork.answer()
    assert _started(hub.push(fork)) == WENT_WELL
    assert _report(fork)["course"]["commit"] == head


@pytest.mark.full
def test_without_a_variable_the_role_of_a_class_follows_from_its_forks(hub, original):
    school = hub.host("school/course", original.bare, parent=original, forks_count=2)
    runs = hub.push(school)
    assert _started(runs) == {("judge", "success"), ("role", "success"), ("solutions", "success")}
    judge = runs["progress", "main"]
    assert judge.summary.startswith(
        "Role: class. This repository was made from https://github.com/teachers/course.git, others"
    )
    assert not [line for line in judge.asked if line.startswith("pip")]
    # A learner's fork that others have forked holds answers.
    fork = hub.host("ada/course", original.bare, parent=original, forks_count=1)
    fork.answer()
    assert _started(hub.push(fork)) == WENT_WELL | {("role", "success")}


def test_the_course_checks_itself_and_publishes_solutions(hub, original):
    runs = hub.push(original)
    done = {(name, "success") for name in ("role", "check", "learner", "judge", "solutions")}
    assert _started(runs) == done
    run = runs["course", "main"]
    assert run.summary.startswith("Role: course.")
    assert (
        "pip install --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt -e .[dev]" in run.asked
    )
    assert "Nothing is judged, because no course is named" in runs["progress", "main"].jobs["judge"].log
    assert sorted(original.tips()) == ["main", "solutions"]
    weekly = hub.start(original, "course", "schedule")
    assert _started({"": weekly}) == {("role", "success"), ("coming", "success"), ("full", "success")}
    assert "pytest --against solutions --device cpu --device sim" in weekly.asked
    assert "dojo check --full" in weekly.asked


def _copy(hub, original, name, version="main", **about):
    """Host a copy of a version of the course that shares no history with it, as GitHub makes of a template."""
    folder = hub.folder / name.replace("/", "_")
    git(hub.folder, "clone", "--quiet", str(original.bare), str(folder))
    git(folder, "checkout", "--quiet", version)
    git(folder, "checkout", "--quiet", "--orphan", "copy")
    git(folder, "commit", "--quiet", "--message", "Initial commit")
    git(folder, "branch", "--force", "main", "copy")
    git(folder, "switch", "--quiet", "main")
    git(folder, "branch", "--delete", "copy")
    return hub.host(name, folder, **about)


@pytest.mark.full
def test_a_copy_of_a_template_is_judged_by_the_version_that_it_is_a_copy_of(hub, original):
    first = git(original.bare, "rev-parse", "main~1")
    copy = _copy(hub, original, "school/ada", first, template_repository=original, private=True)
    head = copy.answer()
    runs = hub.push(copy)
    assert _started(runs) == WENT_WELL
    assert _report(copy)["judge"] == {"commit": first, "changed": []}
    assert [line["commit"] for line in history(copy.bare)] == [head]
    assert (
        f"This copy shares no history with the course. Version {first[:10]} of the course judged this copy"
        in runs["progress", "main"].summary
    )
    # An instructor's own copy is a template itself.
    school = _copy(hub, original, "school/course", template_repository=original, is_template=True)
    runs = hub.push(school)
    assert _started(runs) == {("judge", "success"), ("role", "success"), ("solutions", "success")}


@pytest.mark.parametrize("private", [True, False])
def test_a_copy_without_a_named_course_ends_with_one_line(hub, original, private):
    copy = _copy(hub, original, "school/ada", private=private)
    copy.answer()
    before = copy.tips()
    runs = hub.push(copy)
    # GitHub counts a minute for each job that starts.
    assert _started(runs) == {("judge", "success")} | (set() if private else {("role", "success")})
    assert runs["progress", "main"].jobs["judge"].log == (
        "Nothing is judged, because no course is named: set DOJO_UPSTREAM (docs/forks.md).\n"
    )
    assert copy.tips() == before
    if not private:
        assert (
            runs["course", "main"]
            .jobs["role"]
            .log.startswith("Nothing is done here, because the address of the course is unknown")
        )
        return
    # Named in a variable, the course judges.
    copy.variables["DOJO_UPSTREAM"] = original.url
    assert _started(hub.push(copy)) == WENT_WELL


def _fails(hub, hosted):
    """Push to a repository whose job must fail before anything is installed; return what the job said."""
    before = hosted.tips()
    runs = hub.push(hosted)
    assert _started(runs) == {("judge", "failure")}
    run = runs["progress", "main"]
    assert not [line for line in run.asked if line.startswith(("pip", "dojo"))]
    assert hosted.tips() == before
    return run.jobs["judge"].log


@pytest.mark.full
def test_nothing_judges_itself(hub, original):
    fork = hub.host("ada/course", original.bare, parent=original)
    fork.answer()
    fork.variables["DOJO_UPSTREAM"] = "git@github.com:Ada/course"
    said = _fails(hub, fork)
    assert "can't be fetched from git@github.com:Ada/course" in said
    fork.variables["DOJO_UPSTREAM"] = "https://github.com/ada/course"
    said = _fails(hub, fork)
    assert "https://github.com/ada/course is this repository itself, and nothing judges itself. In a learner's" in said
    # Another learner's fork is no course either.
    other = hub.host("bob/course", original.bare, parent=original)
    other.answer()
    git(other.bare, "fetch", "--quiet", str(fork.bare), "+main:main")
    fork.variables["DOJO_UPSTREAM"] = other.url
    run = hub.push(fork)["progress", "main"]
    assert run.jobs["judge"].result == "failure"
    assert "https://github.com/bob/course.git is not a course" in run.jobs["judge"].log.replace("../course", other.url)
    fork.variables["DOJO_UPSTREAM"] = "https://github.com/nobody/course"
    said = _fails(hub, fork)
    assert "::error::The course can't be fetched from https://github.com/nobody/course. If the address is wrong" in said
    fork.variables["DOJO_ROLE"] = "teacher"
    assert "no job" not in said
    assert _started(hub.push(fork)) == set()


@pytest.mark.full
def test_two_pushes_at_once_a_force_push_and_a_first_push_of_everything_end_well(hub, original):
    fork = hub.host("ada/course", original.bare, parent=original)
    fork.variables["DOJO_FAIL_ON"] = "never"
    heads = [fork.answer()]
    first = git(fork.bare, "rev-parse", "main")
    # The second push comes before the first is judged.
    with ThreadPoolExecutor() as pool:
        one = pool.submit(hub.push, fork)
        heads.append(fork.answer(total="return rows.sum(dim=1)"))
        other = pool.submit(hub.push, fork)
        assert _started(one.result()) == _started(other.result()) == WENT_WELL
    assert set(heads[1:]) <= {line["commit"] for line in history(fork.bare)} <= set(heads)
    clone = fork.clone()
    git(clone.root, "reset", "--quiet", "--hard", f"{first}~1")
    clone.answer(double="return x + x")
    rewritten = commit(clone, "rewritten")
    git(clone.root, "push", "--quiet", "--force", "origin", "main")
    lines = len(history(fork.bare))
    assert _started(hub.push(fork)) == WENT_WELL
    assert [line["commit"] for line in history(fork.bare)][lines:] == [rewritten]
    # A repository that was empty gets all branches at once, also the reports that another one had.
    new = hub.host("ada/new", fork.bare, parent=original)
    git(new.bare, "branch", "try", "main")
    assert _started(hub.push(new, "main", "try")) == WENT_WELL
    assert len(history(new.bare)) == len(history(fork.bare))


@pytest.mark.full
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
def test_a_stray_pull_request_is_answered_by_the_course_and_by_a_class(hub, original, variables, about, answered):
    if about.pop("parent", False):
        about["parent"] = original
    hosted = hub.host("school/course", original.bare, **{k: v for k, v in about.items() if k != "answers"})
    hosted.variables |= variables
    if "answers" in about:
        hosted.answer()
    repositories = {"head": {"repo": {"full_name": "ada/course"}}, "base": {"repo": {"full_name": "school/course"}}}
    told = {"pull_request": {"number": 7, "user": {"login": "ada"}} | repositories, "files": ["katas/x.py"]}
    run = hub.start(hosted, "stray-pull-requests", "pull_request_target", **told)
    closed = [line for line in run.asked if line.startswith("gh pr")]
    assert [line.split()[:4] for line in closed] == (
        [["gh", "pr", "comment", "7"], ["gh", "pr", "close", "7"]] * answered
    )


@pytest.mark.full
def test_the_token_of_a_private_course_fetches_it_and_is_never_where_katas_run(hub, original):
    copy = _copy(hub, original, "school/ada", private=True)
    head = copy.answer()
    with private_host(hub.repositories, "the-read-token") as address:
        copy.variables["DOJO_UPSTREAM"] = f"{address}teachers/course.git"
        assert "If the course is private, it needs the secret DOJO_READ_TOKEN" in _fails(hub, copy)
        copy.secrets["DOJO_READ_TOKEN"] = "the-read-token"
        run = hub.push(copy)["progress", "main"]
    assert _started({"": run}) == WENT_WELL
    assert _report(copy)["course"]["commit"] == head
    # Neither the environment of the judge nor a file that katas could read has the token, in any spelling.
    sent = base64.b64encode(b"x-access-token:the-read-token")
    files = [path for path in run.folder.rglob("*") if path.is_file()]
    assert any(path.name == "environment_ci_judge" for path in files)
    assert any(path.match("course/.git/config") for path in files)
    for path in files:
        data = path.read_bytes()
        assert b"the-read-token" not in data, path
        assert sent not in data, path
