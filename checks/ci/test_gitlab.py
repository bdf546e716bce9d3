"""`.gitlab-ci.yml`, run line by line in the shapes that the repositories of a class have on GitLab."""

from __future__ import annotations

import pytest

from ..forks import git, history
from .gitlab import run_pipeline
from .private_host import private_host

PUSH = {"progress": {"DOJO_PUSH_TOKEN": "the-push-token"}}
WENT_WELL = {"course": True, "judge": True, "publish": True}


@pytest.fixture
def fork(hub, original):
    fork = hub.host("ada/course", original.bare)
    fork.variables["DOJO_UPSTREAM"] = original.url
    fork.answer()
    return fork


@pytest.mark.full
def test_a_learners_repository_is_judged_and_published(hub, original, fork):
    done = run_pipeline(hub, fork, scoped=PUSH)
    assert done.results == WENT_WELL, done.logs
    assert "Role: learner. The course at https://github.com/teachers/course.git judges" in done.logs["judge"]
    assert [line["commit"] for line in history(fork.bare)] == [fork.tips()["main"]]
    assert done.asked[-1].endswith(["--upstream ", "course --push-option ci.skip"][1])
    # The job that runs katas has no token. Without one, the report is an artifact, and that is no failure.
    before = fork.tips()
    done = run_pipeline(hub, fork)
    assert done.results == WENT_WELL
    assert "No DOJO_PUSH_TOKEN, so no branch progress." in done.logs["publish"]
    assert (done.folder / "kept_judge" / "report" / "progress.json").is_file()
    assert fork.tips() == before


def test_another_branch_changes_no_report_unless_it_is_named(hub, fork):
    fork.answer("try", total="return rows.sum(dim=1)")
    assert run_pipeline(hub, fork, branch="try", scoped=PUSH).results == {"course": True, "judge": True}
    assert "progress" not in fork.tips()
    fork.variables["DOJO_BRANCH"] = "try"
    assert run_pipeline(hub, fork, branch="try", source="web", only_plan=True).results == WENT_WELL
    assert run_pipeline(hub, fork, only_plan=True).results.keys() == {"course", "judge"}
    git(fork.bare, "branch", "solutions", "main")
    assert run_pipeline(hub, fork, branch="solutions", only_plan=True).results == {}


@pytest.mark.full
def test_the_course_and_a_class_do_their_own_work(hub, original):
    original.variables["DOJO_ROLE"] = "course"
    done = run_pipeline(hub, original, scoped=PUSH)
    assert done.results == {"check": True, "solutions": True}, done.logs
    assert sorted(original.tips()) == ["main", "solutions"]
    school = hub.host("school/course", original.bare)
    # A group's variable reaches the class's own repository too.
    school.variables |= {"DOJO_ROLE": "class", "DOJO_UPSTREAM": "https://gitlab.example/school/course.git"}
    assert run_pipeline(hub, school, only_plan=True).results == {"solutions": True}
    assert run_pipeline(hub, school, source="web", only_plan=True).results == {"check": True}
    school.variables.pop("DOJO_ROLE")
    done = run_pipeline(hub, school, scoped=PUSH)
    assert done.results == {"course": True, "judge": False, "publish": True}
    assert "https://gitlab.example/school/course.git is this repository itself" in done.logs["judge"]
    assert done.logs["publish"] == "There is no report to publish.\n"


def test_a_copy_without_a_named_course_ends_with_one_line(hub, original):
    copy = hub.host("ada/copy", original.bare)
    copy.answer()
    done = run_pipeline(hub, copy, scoped=PUSH)
    assert done.results == {"role": True}
    assert done.logs["role"].startswith("Nothing is done here. Set DOJO_UPSTREAM in a learner's repository,")
    assert done.logs["role"].count("\n") == 1


def test_the_token_of_a_private_course_is_only_where_no_katas_run(hub, fork):
    with private_host(hub.repositories, "the-read-token") as address:
        fork.variables["DOJO_UPSTREAM"] = f"{address}teachers/course.git"
        done = run_pipeline(hub, fork, scoped=PUSH)
        assert (done.results["course"], "judge" in done.results) == (False, False)
        assert "If the course is private, it needs DOJO_READ_TOKEN" in done.logs["course"]
        tokens = {"course": {"DOJO_READ_TOKEN": "the-read-token"}}
        done = run_pipeline(hub, fork, scoped=PUSH | tokens)
    assert done.results == WENT_WELL, done.logs
    environment = (done.folder / "home" / "environment_ci_judge").read_text()
    assert "-token" not in environment
    assert git(fork.bare, "log", "--format=%s", "progress").count("\n") == 0
