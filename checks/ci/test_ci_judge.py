"""dojo ci judge: the course's own tests, at the version the fork stands on, judge the fork's katas."""

from __future__ import annotations

import json
import shutil

import pytest

from dojo.ci import judge as ci_judge
from dojo.ci.annotations import annotation_lines
from dojo.ci.course_version import find_pinned, refuse_itself
from dojo.ci.github import command
from dojo.progress.data import StepFailure
from dojo.progress.reading import parse_progress

from ..forks import ENV, clone_of, commit, fork_of, git, publish_course, report, write_report
from ..small_course import FILES, MISTAKES

SHOUT = "lesson_2_words/kata_01_shouting"


@pytest.fixture
def upstream(course, tmp_path):
    return publish_course(course, tmp_path)


@pytest.fixture
def fork(upstream, tmp_path):
    return fork_of(upstream, tmp_path)


def _judge(fork, upstream, *options, env=None):
    arguments = ["ci", "judge", "--upstream", str(upstream), "--out", "report", "-n", "1", *options]
    return fork.dojo(*arguments, env=ENV | (env or {}))


def _read(fork):
    return json.loads((fork.root / "report" / "progress.json").read_text())


def _statuses(progress):
    return {
        step["name"]: step["status"]
        for lesson in progress["lessons"]
        for kata in lesson["katas"]
        for step in kata["steps"]
    }


@pytest.mark.full
def test_the_verdict_is_from_the_courses_own_tests_and_red_is_what_went_red(fork, course, upstream, tmp_path):
    # The fork's own history: all was green at its last report.
    fork.solve()
    commit(fork, "solved")
    write_report(fork, green=("double", "total", "Counter", "shout"))
    fork.dojo("ci", "publish", "--progress", "report/progress.json", env=ENV)
    # The course goes on meanwhile: what the fork has not taken over does not judge it.
    course.write(f"tests/{SHOUT}.py", "def test_shout__is_impossible():\n    assert False\n")
    commit(course, "harder")
    git(course.root, "push", "--quiet", "origin", "main")
    # Now two steps go wrong, their tests are made to look away, and the code speaks to the CI.
    shouts = 'print("::error::not from the judge")'
    fork.answer(double=f'{shouts}\nimport os\nraise ValueError(os.environ.get("GITHUB_TOKEN"))')
    fork.write(f"katas/{SHOUT}.py", "def shout(text):\n    return text.capitalize()\n")
    fork.write(f"tests/{SHOUT}.py", "def test_shout__is_easy():\n    pass\n")
    head = commit(fork, "worse")
    env = {name: str(fork.root / "report" / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    ran = _judge(fork, upstream, env=env | {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "secret"})
    assert ran.status == 1, ran.out
    progress = _read(fork)
    assert _statuses(progress) == {"double": "red", "total": "green", "Counter": "green", "shout": "red"}
    assert progress["judge"] == {
        "commit": git(upstream, "rev-parse", "main~1"),
        "changed": [f"tests/{SHOUT}.py"],
    }
    assert progress["course"]["commit"] == head
    assert progress["judged"] == "katas"
    shout = progress["lessons"][1]["katas"][0]["steps"][0]
    assert shout["failing_test"] == "test_shout__is_all_capitals"
    assert shout["diagnosis"]["mistake"] == "capitalized"
    double = progress["lessons"][0]["katas"][0]["steps"][0]
    assert (double["failure"]["file"], double["failure"]["line"]) == (fork.kata, _line(fork, "raise ValueError"))
    text = json.dumps(progress)
    assert str(tmp_path) not in text
    assert "dojo_course_" not in text
    assert "secret" not in text + ran.out
    # What it says where people look.
    summary = (fork.root / "report" / "summary.md").read_text()
    assert (fork.root / "report" / "GITHUB_STEP_SUMMARY").read_text() == summary
    assert (fork.root / "report" / "GITHUB_OUTPUT").read_text() == "written=true\n"
    assert "2 steps went from green to red" in summary
    assert "Green in the last report and red now: double, shout." in ran.out
    errors = [line for line in ran.lines if line.startswith("::error ")]
    assert len(errors) == 2
    assert errors[0].startswith(f"::error file={fork.kata},line={_line(fork, 'raise ValueError')},title=double%3A ")
    assert f"file=katas/{SHOUT}.py,line=1,title=shout%3A is all capitals::" in errors[1]
    assert "%0AWhy: A capital at the front is not all capitals." in errors[1]
    begun = next(n for n, line in enumerate(ran.lines) if line.startswith("::stop-commands::"))
    ended = ran.lines.index(f"::{ran.lines[begun].removeprefix('::stop-commands::')}::")
    assert all(begun < n < ended for n, line in enumerate(ran.lines) if "not from the judge" in line)
    quality = json.loads((fork.root / "report" / "codequality.json").read_text())
    assert [each["check_name"] for each in quality] == ["double", "shout"]
    assert {each["severity"] for each in quality} == {"critical"}
    assert quality[0]["location"] == {"path": fork.kata, "lines": {"begin": _line(fork, "raise ValueError")}}
    # Nothing is left behind.
    assert git(fork.root, "worktree", "list").count("\n") == 0
    assert git(fork.root, "status", "--porcelain") == ""
    assert not list((fork.root / "katas").rglob("__pycache__"))


def _line(fork, text):
    lines = (fork.root / fork.kata).read_text().splitlines()
    return next(n for n, line in enumerate(lines, start=1) if text in line)


@pytest.mark.full
@pytest.mark.parametrize("imports", ["", "import pathlib\n\nNOTES = pathlib.Path('notes')\n"], ids=["plain", "imports"])
def test_the_given_code_of_a_repair_step_is_not_run(course, tmp_path, imports):
    name = "mistakes/lesson_1_numbers/kata_01_doubling.py"
    course.write(name, MISTAKES.replace("double__squared", "double__as_it_was").replace("return x * x", "return 3 * x"))
    assert course.dojo("reset", "double").status == 0
    # A given file that reads data of the course, as that of the digits does.
    course.write("data/one.txt", "1")
    place = 'pathlib.Path(__file__).resolve().parent.parent / "data" / "one.txt"'
    course.write("katas/given.py", f"import pathlib\n\nONE = int(({place}).read_text())\n")
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    for code, kind in (("return 3 * x", "not_written"), ("x = 3 * x\n    return x", "value")):
        text = (course.root / course.kata).read_text().replace("return 3 * x", code)
        fork.write(fork.kata, text.replace("import torch\n", f"import torch\n{imports}", 1))
        fork.answer(total="from katas import given\nreturn given.ONE * rows.sum(dim=1)")
        commit(fork, code)
        assert _judge(fork, upstream).status == 0
        double, total, _ = _read(fork)["lessons"][0]["katas"][0]["steps"]
        assert (double["status"], double["failure"]["kind"]) == ("red", kind)
        assert total["status"] == "green", total["failure"]


@pytest.mark.full
def test_a_broken_file_and_a_conftest_in_katas_do_not_stop_the_judge(fork, upstream):
    fork.solve()
    fork.write(fork.kata, "def f(:\n")
    fork.write("katas/conftest.py", "raise SystemExit(0)\n")
    fork.write("conftest.py", "raise SystemExit(0)\n")
    commit(fork, "broken")
    ran = _judge(fork, upstream, "--fail-on", "any-red", env={"GITHUB_ACTIONS": "true"})
    assert ran.status == 1, ran.out
    assert _statuses(_read(fork)) == {"double": "broken", "total": "broken", "Counter": "broken", "shout": "green"}
    assert _read(fork)["judge"]["changed"] == ["conftest.py"]
    assert "in one of the course's own files: conftest.py. The verdict comes from the course's own files." in ran.out
    assert f"::warning file={fork.kata},line=1,title=double" in ran.out


def test_a_run_that_ends_without_a_verdict_is_one_sentence(fork, upstream):
    # The course itself at that version can't run.
    fork.write("report/old", "")
    ran = _judge(fork, upstream, "-n", "nonsense")
    # By hand, nothing that pytest prints is relayed.
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert ran.lines[0].startswith("dojo: No verdict: the judge ended with status 4: ")
    assert not (fork.root / "report" / "progress.json").exists()
    assert git(fork.root, "worktree", "list").count("\n") == 0


@pytest.fixture
def quick(fork, upstream, monkeypatch):
    """dojo ci judge in this process, with a report that is given instead of a run."""
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    monkeypatch.delenv("GITHUB_OUTPUT")

    def judge(data, *, fail_on="went-red", url=None):
        text = data if isinstance(data, str) else json.dumps(data)
        monkeypatch.setattr(ci_judge, "_judged", lambda *_: (parse_progress(text.encode(), "its verdict"), ""))
        return ci_judge.judge_fork(
            fork.root,
            upstream=str(url or upstream),
            out=fork.root / "report",
            fail_on=fail_on,
            processes="1",
            annotate=False,
            remote="origin",
            progress_branch="progress",
        )

    return judge


def test_what_makes_the_job_red_is_chosen(fork, quick):
    write_report(fork, green=("double",))
    fork.dojo("ci", "publish", "--progress", "report/progress.json", env=ENV)
    for green, wanted in ((("double",), (0, 1, 0)), (("total",), (1, 1, 0)), (("double", "total"), (0, 1, 0))):
        data = report(fork, green=green)
        assert tuple(quick(data, fail_on=choice) for choice in ("went-red", "any-red", "never")) == wanted
    every = report(fork, green=("double", "total", "Counter", "shout"))
    assert quick(every, fail_on="any-red") == 0


def test_any_red_means_a_core_step(fork, quick):
    data = report(fork, green=("double", "shout"))
    # The marks below are others than the run's.
    del data["core_totals"]
    for lesson in data["lessons"]:
        for kata in lesson["katas"]:
            for step in kata["steps"]:
                step["core"] = step["name"] in ("double", "shout")
    assert quick(data, fail_on="any-red") == 0
    data["lessons"][0]["katas"][0]["steps"][1]["core"] = True
    assert quick(data, fail_on="any-red") == 1


def test_a_last_report_that_is_damaged_is_said_and_not_compared_with(fork, quick, capsys):
    blob = git(fork.root, "hash-object", "-w", "--stdin", given=b"{")
    tree = git(fork.root, "mktree", given=f"100644 blob {blob}\tprogress.json\n".encode())
    made = git(fork.root, "commit-tree", tree, "-m", "damaged")
    git(fork.root, "push", "--quiet", "origin", f"{made}:refs/heads/progress")
    assert quick(report(fork)) == 0
    assert "This report is not compared with the last one: progress.json on the branch progress is damaged" in (
        capsys.readouterr().out
    )


def test_a_report_that_the_learners_code_damaged_is_no_verdict(fork, quick):
    with pytest.raises(ci_judge.DojoError, match="its verdict is damaged: it is not JSON"):
        quick("{")
    assert not (fork.root / "report" / "progress.json").exists()


def test_a_fork_with_a_rewritten_history_is_judged_by_the_version_that_it_is_most_like(fork, upstream, quick, capsys):
    git(fork.root, "switch", "--quiet", "--orphan", "anew")
    for name, text in FILES.items():
        fork.write(name, text)
    head = commit(fork, "a history of its own")
    assert quick(report(fork)) == 0
    assert "This copy shares no history with the course. Version " in capsys.readouterr().out
    data = json.loads((fork.root / "report" / "progress.json").read_text())
    assert data["judge"]["commit"] == git(upstream, "rev-parse", "main")
    assert data["course"]["commit"] == head
    assert "This copy shares no history" in (fork.root / "report" / "summary.md").read_text()


def test_of_versions_with_equal_tests_a_copy_is_based_on_the_one_with_its_other_files(fork, upstream, tmp_path, quick):
    made_from = git(upstream, "rev-parse", "main")
    other = clone_of(upstream, tmp_path / "other")
    other.write("dojo.toml", "practice = true\n")
    commit(other, "only a setting")
    git(other.root, "push", "--quiet", "origin", "HEAD:main")
    git(fork.root, "switch", "--quiet", "--orphan", "anew")
    for name, text in FILES.items():
        fork.write(name, text)
    commit(fork, "a history of its own")
    assert quick(report(fork)) == 0
    data = json.loads((fork.root / "report" / "progress.json").read_text())
    assert data["judge"]["commit"] == made_from


def test_a_shallow_clone_is_completed(fork, upstream, tmp_path):
    commit(fork, "one")
    git(fork.root, "push", "--quiet", "origin", "main")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{tmp_path}/fork.git", "shallow")
    repository = ci_judge.Repository(tmp_path / "shallow")
    assert find_pinned(repository, str(upstream)).commit == git(upstream, "rev-parse", "main")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{tmp_path}/fork.git", "cut_off")
    git(tmp_path / "cut_off", "remote", "set-url", "origin", "nowhere")
    with pytest.raises(ci_judge.DojoError, match="This clone is shallow, and the rest of its history could"):
        find_pinned(ci_judge.Repository(tmp_path / "cut_off"), str(upstream))


def test_an_upstream_that_does_not_answer(fork, quick, tmp_path):
    with pytest.raises(
        ci_judge.DojoError,
        match=r"The course could not be fetched from .*nowhere: .* see DOJO_UPSTREAM in docs/forks.md",
    ):
        quick(report(fork), url=tmp_path / "nowhere")


def test_a_repository_without_katas_is_not_judged(fork, quick):
    data = report(fork)
    shutil.rmtree(fork.root / "katas")
    with pytest.raises(ci_judge.DojoError, match=r"is not a fork of a course, because it has no folder katas/\.$"):
        quick(data)


def test_outside_git_and_without_katas(tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    with pytest.raises(ci_judge.DojoError, match="is not in a git repository"):
        ci_judge.Repository.around(folder)


def test_an_annotation_ends_where_it_should():
    assert command("error", "50 % of\r\nlines", file="a,b:c%.py", line=3) == (
        "::error file=a%2Cb%3Ac%25.py,line=3::50 %25 of%0D%0Alines"
    )


def test_no_more_annotations_than_are_shown_and_what_is_not_written_is_no_fault(fork):
    progress = parse_progress(json.dumps(report(fork)).encode(), "a report")
    steps = progress.steps
    for step in steps:
        step.failure = StepFailure("not_written", [])
    lines = annotation_lines(fork.root, progress, [], [])
    assert len(lines) == 1
    assert lines[0] == f"::notice file={fork.kata},line=6,title=double::This is the next step to write."
    for step in steps:
        step.failure = StepFailure("value", [])
    assert [line[:9] for line in annotation_lines(fork.root, progress, [steps[3].id], [])] == [
        "::error f",
        *["::warning"] * 3,
    ]


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://github.com/ada/course.git", "git@github.com:Ada/Course"),
        ("ssh://git@gitlab.example:2222/ada/course.git", "https://token@gitlab.example/ada/course/"),
        ("../fork.git", "file://{folder}/fork.git"),
        ("C:\\Users\\Ada\\course", "C:\\Users\\Ada\\course"),
        ("../fork.git", "."),
        ("../fork.git", "../other_clone"),
    ],
)
def test_nothing_judges_itself_however_its_address_is_spelled(fork, tmp_path, origin, address):
    git(fork.root, "remote", "set-url", "origin", origin)
    clone_of(tmp_path / "fork.git", tmp_path / "other_clone")
    repository = ci_judge.Repository(fork.root)
    with pytest.raises(ci_judge.DojoError, match=r"is this repository itself, .* set the variable DOJO_UPSTREAM to"):
        refuse_itself(repository, address.format(folder=tmp_path))
    for other in ("https://github.com/bob/course", "../upstream.git", "git@github.com:ada/course2", "D:\\course"):
        refuse_itself(repository, other)


def test_somebodys_answers_are_no_course(fork, upstream, tmp_path):
    fork.solve()
    commit(fork, "solved")
    git(fork.root, "push", "--quiet", "origin", "main")
    copy = fork_of(tmp_path / "fork.git", tmp_path, "copy")
    with pytest.raises(ci_judge.DojoError, match=r"fork\.git is not a course: its commit \w+ has answers in katas/"):
        find_pinned(ci_judge.Repository(copy.root), str(tmp_path / "fork.git"))
    assert find_pinned(ci_judge.Repository(copy.root), str(upstream)).note == ""


def test_the_commands_name_what_is_missing(fork):
    assert fork.dojo("complete", "--", "ci").lines == ["--help", "role", "judge", "publish", "stray-pull-request"]
    assert "--fail-on" in fork.dojo("complete", "--", "ci", "judge").lines
    assert fork.dojo("ci").lines == ["dojo ci: the following arguments are required: COMMAND"]


@pytest.mark.full
def test_the_report_has_the_courses_rows_of_moved_steps_and_an_older_report_is_read_through_them(course, tmp_path):
    kata = "lesson_1_numbers/kata_01_doubling"
    rows = [{"from": f"{kata}/sum_rows", "to": f"{kata}/total", "since": "2.0.0"}]
    course.write("tests/moved.json", json.dumps(rows))
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    commit(fork, "before")
    # Version 1.0.0 wrote no rows.
    old = {key: value for key, value in report(fork, green=("total",)).items() if key != "moved"}
    old = json.dumps(old).replace("/total", "/sum_rows").replace('"total"', '"sum_rows"')
    fork.write("report/progress.json", old)
    fork.dojo("ci", "publish", "--progress", "report/progress.json", env=ENV)
    # The step was green under its old name, and is red now.
    fork.solve(total="return rows")
    commit(fork, "worse")
    ran = _judge(fork, upstream)
    assert ran.status == 1, ran.out
    assert "Green in the last report and red now: total." in ran.out
    assert _read(fork)["moved"] == rows
