"""`dojo ci publish` writes the branch `progress` without a checkout, from files that may be damaged or forged."""

from __future__ import annotations

import concurrent.futures
import json

import pytest

from dojo.ci import publish

from ..forks import ENV, clone_of, commit, fork_of, git, history, publish_course, report, write_report
from ..small_course import ROOT

STEPS = ("double", "total", "Counter", "shout")


@pytest.fixture
def upstream(course, tmp_path):
    return publish_course(course, tmp_path)


@pytest.fixture
def fork(upstream, tmp_path):
    return fork_of(upstream, tmp_path)


def _publish(course, *options, env=None):
    return course.dojo("ci", "publish", "--progress", "report/progress.json", *options, env=ENV | (env or {}))


def _files(remote, branch="progress"):
    return git(remote, "ls-tree", "--name-only", branch).split()


def test_the_branch_holds_the_report_its_history_a_badge_and_a_page(fork, tmp_path):
    remote = tmp_path / "fork.git"
    first = commit(fork, "one")
    write_report(fork)
    fork.write("unsaved", "mine")
    before = git(fork.root, "status", "--porcelain"), git(fork.root, "branch", "--verbose")
    ran = _publish(fork)
    assert (ran.status, ran.out) == (0, f"The report of {first[:10]} is on the branch progress.\n")
    assert _files(remote) == ["badge.svg", "history.jsonl", "index.html", "progress.json"]
    assert before == (git(fork.root, "status", "--porcelain"), git(fork.root, "branch", "--verbose"))
    second = commit(fork, "two")
    write_report(fork, green=("double", "total"))
    assert _publish(fork).status == 0
    lines = history(remote)
    assert [line["commit"] for line in lines] == [first, second]
    assert [line["totals"]["green"] for line in lines] == [0, 2]
    assert [step.rpartition("/")[2] for step in lines[1]["green"]] == ["double", "total"]
    assert json.loads(git(remote, "show", "progress:progress.json"))["course"]["commit"] == second
    assert "2 of 4 green" in git(remote, "show", "progress:badge.svg")
    assert git(remote, "show", "progress:index.html").lower().startswith("<!doctype html>")
    assert git(remote, "rev-list", "--count", "progress") == "2"


def test_a_commit_that_is_judged_again_keeps_its_one_line(fork, tmp_path):
    commit(fork, "one")
    for green in ((), ("double",)):
        write_report(fork, green=green)
        _publish(fork)
    assert [line["totals"]["green"] for line in history(tmp_path / "fork.git")] == [1]


def test_somebody_who_pushes_in_between_keeps_their_line(fork, tmp_path, monkeypatch, capsys):
    remote = tmp_path / "fork.git"
    other = clone_of(remote, tmp_path / "other")
    for each in (fork, other):
        commit(each, each.root.name)
        write_report(each)
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    store, pushed = publish._commit, []

    def store_late(*arguments):
        made = store(*arguments)
        if not pushed:
            pushed.append(_publish(other))
        return made

    monkeypatch.setattr(publish, "_commit", store_late)
    wanted = {"remote": "origin", "branch": "progress", "commit": None, "upstream": None}
    path = fork.root / "report" / "progress.json"
    assert publish.publish(fork.root, file=path, push_options=[], **wanted) == 0
    assert pushed[0].status == 0
    assert "This report is added on top of theirs" in capsys.readouterr().out
    heads = [git(each.root, "rev-parse", "HEAD") for each in (other, fork)]
    assert sorted(line["commit"] for line in history(remote)) == sorted(heads)


def test_three_clones_that_publish_at_once_leave_three_lines(fork, tmp_path):
    remote = tmp_path / "fork.git"
    clones = [fork, *(clone_of(remote, tmp_path / name) for name in ("second", "third"))]
    heads = []
    for clone in clones:
        heads.append(commit(clone, clone.root.name))
        write_report(clone)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        ran = list(pool.map(_publish, clones))
    assert [each.status for each in ran] == [0, 0, 0], ran
    assert sorted(line["commit"] for line in history(remote)) == sorted(heads)


def test_a_push_that_was_overtaken_adds_its_line_and_leaves_the_newer_report(fork, tmp_path):
    remote = tmp_path / "fork.git"
    old = commit(fork, "one")
    new = commit(fork, "two")
    write_report(fork, green=STEPS)
    _publish(fork)
    write_report(fork, made_at="2031-01-30T11:00:00+00:00")
    ran = _publish(fork, "--commit", old)
    assert f"The report of {new[:10]}, a newer commit, stays. {old[:10]} is added" in ran.out
    assert {line["commit"] for line in history(remote)} == {old, new}
    assert json.loads(git(remote, "show", "progress:progress.json"))["totals"]["green"] == 4


def test_a_newer_commit_that_this_clone_lacks_is_fetched_from_the_named_remote(fork, tmp_path):
    old = commit(fork, "one")
    git(fork.root, "push", "--quiet", "origin", "main")
    other = clone_of(tmp_path / "fork.git", tmp_path / "other")
    new = commit(other, "two")
    git(other.root, "push", "--quiet", "origin", "main")
    for clone in (other, fork):
        write_report(clone)
    _publish(other)
    git(fork.root, "remote", "rename", "origin", "mine")
    ran = _publish(fork, "--remote", "mine")
    assert f"The report of {new[:10]}, a newer commit, stays. {old[:10]} is added to the history." in ran.out


def test_a_rewritten_history_keeps_the_lines_and_is_reported(fork, tmp_path):
    remote = tmp_path / "fork.git"
    lost = commit(fork, "one")
    write_report(fork)
    _publish(fork)
    git(fork.root, "reset", "--quiet", "--hard", "HEAD~1")
    fork.write("other", "")
    kept = commit(fork, "rewritten")
    ran = _publish(fork)
    assert ran.status == 0
    assert (
        f"The last report was about {lost[:10]}, which is not an earlier commit of {kept[:10]}: the history was "
        "rewritten" in ran.out
    )
    assert [line["commit"] for line in history(remote)] == [lost, kept]


def _put(fork, files):
    """Push a branch `progress` with these files, as somebody else might do; return its commit."""
    lines = []
    for name, data in files.items():
        blob = git(fork.root, "hash-object", "-w", "--stdin", given=data)
        lines.append(f"100644 blob {blob}\t{name}\n")
    tree = git(fork.root, "mktree", given="".join(lines).encode())
    made = git(fork.root, "commit-tree", tree, "-m", "strange")
    git(fork.root, "push", "--quiet", "origin", f"{made}:refs/heads/progress")
    return made


def test_a_branch_with_other_files_keeps_them(fork, tmp_path):
    remote = tmp_path / "fork.git"
    strange = _put(fork, {"diary.txt": b"mine"})
    write_report(fork)
    ran = _publish(fork)
    assert (ran.status, "The branch progress had no report. Its files stay" in ran.out) == (0, True)
    assert git(remote, "show", "progress:diary.txt") == "mine"
    assert git(remote, "rev-parse", "progress~1") == strange


@pytest.mark.full
@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        (b"{", "progress.json is damaged: it is not JSON."),
        (b'{"schema": 99}', "progress.json comes from a newer version of the course (schema 99)"),
        (b'{"schema": 1, "lessons": [], "totals": {"green": 7}}', "its totals do not match its steps"),
        (b" " * 10_000_000, "progress.json is larger than 8 MB"),
    ],
    ids=["no json", "newer", "forged", "10 MB"],
)
def test_a_damaged_branch_keeps_its_readable_lines(fork, tmp_path, damaged, says):
    remote = tmp_path / "fork.git"
    first = commit(fork, "one")
    write_report(fork)
    _publish(fork)
    lines = git(remote, "show", "progress:history.jsonl").encode()
    git(remote, "branch", "-D", "progress")
    strange = _put(fork, {"progress.json": damaged, "history.jsonl": b"<<<<\n" + lines + b"\n\x00\x1b]0;\n"})
    second = commit(fork, "two")
    ran = _publish(fork)
    assert ran.status == 0
    assert says in ran.out
    assert "2 lines of history.jsonl could not be read. The rest is kept." in ran.out
    assert [line["commit"] for line in history(remote)] == [first, second]
    assert git(remote, "rev-parse", "progress~1") == strange


@pytest.mark.parametrize(
    ("damaged", "says"),
    [
        (b"\xff\xfe", "is damaged: it is not JSON."),
        (b"[" * 200_000, "is damaged: it is not JSON."),
        (b'{"schema": 2}', "comes from a newer version of the course (schema 2)"),
        (b" " * 100_000_000, "is larger than 8 MB, so it is not a progress file."),
    ],
    ids=["no json", "deep", "newer", "100 MB"],
)
def test_a_file_that_is_no_report_is_refused_in_one_line(fork, tmp_path, damaged, says):
    fork.write("report/progress.json", damaged)
    ran = _publish(fork)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert ran.out.startswith("dojo: report/progress.json ")
    assert says in ran.out
    assert git(tmp_path / "fork.git", "branch", "--list", "progress") == ""


def test_forged_totals_are_refused_and_a_claim_about_the_judge_is_not_believed(fork, upstream, tmp_path):
    data = report(fork)
    fork.write("report/progress.json", json.dumps(data | {"totals": data["totals"] | {"green": 4, "red": 0}}))
    ran = _publish(fork)
    assert (ran.status, "forged: its totals do not match its steps" in ran.out) == (2, True)
    fork.write("tests/lesson_2_words/kata_01_shouting.py", "def test_shout__is_easy():\n    pass\n")
    head = commit(fork, "easier")
    forged = {"judge": {"commit": "f" * 40, "changed": []}, "course": {"name": "x", "version": "9", "commit": "0" * 40}}
    fork.write("report/progress.json", json.dumps(report(fork) | forged))
    assert _publish(fork, "--upstream", str(upstream)).status == 0
    found = json.loads(git(tmp_path / "fork.git", "show", "progress:progress.json"))
    assert found["judge"] == {
        "commit": git(upstream, "rev-parse", "main"),
        "changed": ["tests/lesson_2_words/kata_01_shouting.py"],
    }
    assert found["course"]["commit"] == head


def test_what_a_terminal_or_a_page_would_obey_is_published_as_text(fork, tmp_path):
    text = json.dumps(report(fork)).replace("The value is wrong.", "<script>alert(1)</script>\\u001b[2J")
    fork.write("report/progress.json", text)
    assert _publish(fork).status == 0
    remote = tmp_path / "fork.git"
    assert "<script>alert" not in git(remote, "show", "progress:index.html")
    assert "\\u001b" not in git(remote, "show", "progress:progress.json")


def test_a_remote_that_refuses_is_reported_once(fork, tmp_path):
    hook = tmp_path / "fork.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    write_report(fork)
    ran = _publish(fork)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert ran.out.startswith("dojo: The branch progress could not be pushed to origin: ")
    assert "pre-receive hook declined" in ran.out
    ran = _publish(fork, "--remote", "nowhere")
    assert ran.out.startswith("dojo: The branch progress could not be fetched from nowhere: ")


def test_publishing_needs_nothing_but_python(fork):
    write_report(fork)
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in ("torch", "numpy", "pytest", "rich", "watchfiles"))
    fork.write("report/sitecustomize.py", f"import sys\n{blocked}")
    ran = _publish(fork, env={"PYTHONPATH": f"{fork.root / 'report'}:{ROOT}"})
    assert ran.status == 0, ran.out


def test_a_renamed_step_that_stays_green_is_not_newly_green(fork, tmp_path):
    commit(fork, "one")
    old = json.dumps(report(fork, green=("double", "total")))
    fork.write("report/progress.json", old.replace("/total", "/sum_rows").replace('"total"', '"sum_rows"'))
    assert _publish(fork).status == 0
    second = commit(fork, "two")
    kata = "lesson_1_numbers/kata_01_doubling"
    rows = [{"from": f"{kata}/sum_rows", "to": f"{kata}/total", "since": "2.0.0"}]
    fork.write("report/progress.json", json.dumps(report(fork, green=("double", "total", "shout")) | {"moved": rows}))
    assert _publish(fork).status == 0
    line = history(tmp_path / "fork.git")[1]
    assert (line["commit"], line["green"], line["red"]) == (second, ["lesson_2_words/kata_01_shouting/shout"], [])
    assert "sum_rows" not in git(tmp_path / "fork.git", "show", "progress:index.html")
    assert json.loads(git(tmp_path / "fork.git", "show", "progress:progress.json"))["moved"] == rows


@pytest.mark.parametrize("rows", ["x", [1], [{"from": "total", "to": "x", "since": "2"}]])
def test_forged_rows_of_moved_steps_are_refused(fork, rows):
    commit(fork, "one")
    fork.write("report/progress.json", json.dumps(report(fork) | {"moved": rows}))
    ran = _publish(fork)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "is damaged or forged: moved" in ran.out
