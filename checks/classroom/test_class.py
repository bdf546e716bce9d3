"""`dojo class` fetches real forks on this disk with git, shows them, and verifies them."""

from __future__ import annotations

import base64
import contextlib
import csv
import dataclasses
import hashlib
import http.server
import importlib.util
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import pytest
from rich.console import Console

from dojo.classroom.fork_data import Fork, Verdict
from dojo.classroom.forks import Forks
from dojo.classroom.grade_files import FORMATS
from dojo.commands import class_ as command
from dojo.judging import sandbox
from dojo.judging.judge import why_no_other_user

from ..small_course import FILES, ROOT
from .browser import browser  # noqa: F401 - a fixture

WHO = {f"GIT_{who}_{what}": "x@y.z" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
TOTAL = "lesson_1_numbers/kata_01_doubling/total"
DOUBLE = "lesson_1_numbers/kata_01_doubling/double"
BWRAP = (
    shutil.which("bwrap") is not None
    and not subprocess.run(
        ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"], capture_output=True, check=False
    ).returncode
)


def git(folder, *arguments, **env):
    ran = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=os.environ | WHO | env, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def progress_of(green=(), red=None, *, made_at="2026-01-05T10:00:00+00:00", commit=None, says="You summed over rows."):
    """Return the data of a progress file of the small course, with these steps green and one step red."""

    def step(kata, name):
        identity = f"{kata}/{name}"
        status = "green" if name in green else "red" if name == red else "not_run"
        tests = 2 if name == "double" else 1
        return {
            "id": identity,
            "name": name,
            "status": status,
            "tests": tests,
            "passed": tests if status == "green" else 0,
            "devices": {"cpu": status},
            "seconds": 0.1,
            "notes": [],
            "failing_test": f"test_{name}__x" if status == "red" else None,
            "failing_device": "cpu" if status == "red" else None,
            "behaviour": "sums each row" if status == "red" else None,
            "failure": {"kind": "shape", "says": ["no"], "raised": None, "file": None, "line": None}
            if status == "red"
            else None,
            "report": [],
            "diagnosis": {"mistake": "columns", "says": says} if status == "red" else None,
        }

    katas = {
        "lesson_1_numbers": ("lesson_1_numbers/kata_01_doubling", ("double", "total", "Counter")),
        "lesson_2_words": ("lesson_2_words/kata_01_shouting", ("shout",)),
    }
    lessons = [
        {
            "id": lesson,
            "number": number,
            "title": lesson,
            "katas": [{"id": kata, "number": 1, "title": kata, "steps": [step(kata, name) for name in names]}],
        }
        for number, (lesson, (kata, names)) in enumerate(katas.items(), 1)
    ]
    steps = [each for lesson in lessons for kata in lesson["katas"] for each in kata["steps"]]
    statuses = ("green", "red", "broken", "ahead", "not_run")
    return {
        "schema": 1,
        "course": {"name": "x", "version": "0.1.0", "commit": commit},
        "judged": "katas",
        "made_at": made_at,
        "python": "3.12.0",
        "torch": "2.6",
        "seconds": 1.0,
        "devices": [{"name": "cpu", "status": "run", "reason": ""}],
        "totals": {s: sum(e["status"] == s for e in steps) for s in statuses} | {"steps": len(steps)},
        "focus": next((e["id"] for e in steps if e["status"] == "red"), None),
        "judge": None,
        "lessons": lessons,
    }


def push_of(progress, made_at=None):
    return (
        {"commit": None, "green": [], "red": []}
        | {key: progress[key] for key in ("made_at", "totals", "focus")}
        | ({"made_at": made_at} if made_at else {})
    )


class Class:
    """A teacher's course, published with git, and its forks."""

    def __init__(self, course, tmp_path):
        self.course = course
        self.forks = tmp_path / "forks"
        self.roster = tmp_path / "roster.csv"
        self.out = tmp_path / "out"
        self.rows = []
        course.write(".gitignore", ".log\n__pycache__/\n.dojo/\n")
        course.write("dojo/README", "the machinery\n")
        course.write(".github/workflows/progress.yml", "on: push\n")
        git(course.root, "init", "-q", "-b", "main")
        git(course.root, "add", "-A")
        git(course.root, "commit", "-q", "-m", "published")

    def fork(self, name, *, solved=(), **columns):
        folder = self.forks / name
        git(".", "clone", "-q", str(self.course.root), str(folder))
        self.rows.append({"name": name, "url": str(folder), **columns})
        if solved:
            self.commit(name, {f"katas/{path}": FILES[f"solutions/{path}"] for path in solved})
        return folder

    def commit(self, name, files, branch="main"):
        folder = self.forks / name
        git(folder, "checkout", "-q", branch)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "work")

    def publish(self, name, progress, history=None, *, amend=False):
        """Write the fork's branch `progress` as its CI does."""
        folder = self.forks / name
        text = progress if isinstance(progress, bytes) else json.dumps(progress).encode()
        lines = [push_of(progress)] if history is None and isinstance(progress, dict) else history or []
        blobs = {"progress.json": text, "history.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}
        tree = ""
        for path, content in sorted(blobs.items(), reverse=True):
            store = ["git", "-C", str(folder), "hash-object", "-w", "--stdin"]
            blob = subprocess.run(store, input=content, capture_output=True, check=True).stdout.decode().strip()
            tree = f"100644 blob {blob}\t{path}\n" + tree
        made = (
            subprocess.run(["git", "-C", str(folder), "mktree"], input=tree.encode(), capture_output=True, check=True)
            .stdout.decode()
            .strip()
        )
        has = subprocess.run(["git", "-C", str(folder), "rev-parse", "-q", "--verify", "progress"], capture_output=True)
        parents = ["-p", "progress"] if has.returncode == 0 and not amend else []
        commit = git(folder, "commit-tree", made, *parents, "-m", "progress")
        git(folder, "update-ref", "refs/heads/progress", commit)

    def write_roster(self):
        heads = list(dict.fromkeys(head for row in self.rows for head in row))
        with self.roster.open("w", newline="") as file:
            writer = csv.DictWriter(file, heads, restval="")
            writer.writeheader()
            writer.writerows(self.rows)

    def show(self, *arguments, env=None):
        self.write_roster()
        return self.course.dojo("class", str(self.roster), "--out", str(self.out), *arguments, env=env)

    def data(self):
        return json.loads((self.out / "class.json").read_text())

    def learner(self, name):
        return next(each for each in self.data()["learners"] if each["name"] == name)


@pytest.fixture
def class_(course, tmp_path):
    return Class(course, tmp_path)


def test_the_progress_of_an_older_fork_is_read_through_the_rows_of_moved_steps(class_):
    class_.fork("Ada")
    old = json.dumps(progress_of(["double"], "total")).replace("/double", "/twice").replace("/total", "/sum_rows")
    class_.publish("Ada", json.loads(old))
    rows = [
        {"from": DOUBLE.replace("double", "twice"), "to": DOUBLE, "since": "2.0.0"},
        {"from": TOTAL.replace("total", "sum_rows"), "to": TOTAL, "since": "2.0.0"},
    ]
    class_.show()
    assert (class_.learner("Ada")["green"], class_.learner("Ada")["focus"]) == (0, None)
    class_.course.write("tests/moved.json", json.dumps(rows))
    class_.show()
    ada = class_.learner("Ada")
    assert (ada["green"], ada["focus"], ada["status"][DOUBLE]) == (1, TOTAL, "green")
    assert (ada["red"][TOTAL]["mistake"], ada["pushes"][0]["focus"]) == ("columns", TOTAL)


def test_a_class_is_fetched_shown_and_counted(class_):
    for name, cohort in (("Ada", "red"), ("Björn", "blue"), ("Cleo", "red")):
        class_.fork(name, cohort=cohort)
    first = progress_of(["double"], "total", made_at="2026-01-02T10:00:00+00:00")
    later = progress_of(["double"], "total", made_at="2026-01-05T10:00:00+00:00")
    class_.publish(
        "Ada", later, [push_of(progress_of([], "double"), "2026-01-01T10:00:00Z"), push_of(first), push_of(later)]
    )
    class_.publish("Björn", progress_of(["double", "total", "Counter", "shout"]))
    ran = class_.show()
    assert ran.status == 1
    assert ran.lines[0].startswith("Cleo: the fork has no branch progress. In a new fork, Actions are off")
    assert "3 learners, 3 with something new, 1 with a problem, 0 that changed the course" in ran.out
    data = class_.data()
    ada, bjorn = class_.learner("Ada"), class_.learner("Björn")
    assert ada["lessons"] == {"lesson_1_numbers": 1, "lesson_2_words": 0}
    assert (ada["focus"], ada["stuck_since"]) == (TOTAL, "2026-01-02T10:00:00+00:00")
    assert ada["groups"] == {"cohort": "red"}
    assert bjorn["green"] == 4
    assert bjorn["focus"] is None
    # Nothing is known of Cleo.
    cleo = class_.learner("Cleo")
    assert (cleo["green"], cleo["core_green"], cleo["mark"]) == (None, None, "no report")
    assert set(cleo["lessons"].values()) == set(cleo["core_lessons"].values()) == {None}
    assert data["totals"] | {"learners": 3, "with_progress": 2, "done": 1, "problems": 1} == data["totals"]
    costly = {each["step"]: each for each in data["costly"]}
    # Three days from 2 to 5 January, and after the last push at most seven.
    assert costly[TOTAL]["days"] == 3 + 7
    assert costly[DOUBLE]["days"] == 1
    assert data["diagnoses"] == [{"step": TOTAL, "mistake": "columns", "says": "You summed over rows.", "learners": 1}]
    rows = list(csv.DictReader((class_.out / "class.csv").open(encoding="utf-8")))
    assert [(row["name"], row["cohort"], row["green"], row["focus"]) for row in rows[:2]] == [
        ("Ada", "red", "1", TOTAL),
        ("Björn", "blue", "4", ""),
    ]
    assert {rows[2][key] for key in ("green", "core_green", "lesson_1_numbers", "lesson_2_words")} == {""}


def test_a_step_that_cheats_is_named_on_the_screen_and_in_the_files(class_):
    class_.fork("Ben")
    progress = progress_of(["double"], "total")
    step = progress["lessons"][0]["katas"][0]["steps"][1]
    step |= {"cheating": True, "diagnosis": None}
    says = "Your code reads solutions/x.py. An answer must not read the files that judge it."
    step["failure"] |= {"kind": "cheating", "says": [says]}
    class_.publish("Ben", progress)
    said = "The code of total reads solutions/x.py."
    assert f"Ben: {said}" in class_.show().lines
    assert class_.learner("Ben")["cheats"] == {TOTAL: says}
    assert [row["cheats"] for row in csv.DictReader((class_.out / "class.csv").open(encoding="utf-8"))] == [said]
    assert f'"x":["{said}"]' in (class_.out / "index.html").read_text(encoding="utf-8")


def test_a_verdict_on_other_katas_is_dropped(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    keep_verdict(class_, "Ada", "", ["double"])
    class_.commit("Ada", {"README": "more\n"})
    class_.show()
    assert class_.learner("Ada")["verified"]["green"] == 1
    class_.commit("Ada", {class_.course.kata: WRONG})
    class_.show()
    assert class_.learner("Ada")["verified"] is None


def test_a_kept_verdict_that_does_not_say_why_steps_are_red_is_dropped(class_):
    """The verdicts that version 1.0.0 kept have no reasons."""
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    keep_verdict(class_, "Ada", "", ["double"])
    [kept] = (class_.out / "cache").glob("*/fork.json")
    fork = json.loads(kept.read_text(encoding="utf-8"))
    del fork["verified"]["red"], fork["verified"]["focus"]
    kept.write_text(json.dumps(fork), encoding="utf-8")
    class_.show()
    assert class_.learner("Ada")["verified"] is None


def test_a_verdict_without_a_claim_differs_from_nothing(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    keep_verdict(class_, "Ada", "", ["double", "total"])
    [kept] = (class_.out / "cache").glob("*/fork.json")
    kept.write_text(json.dumps(json.loads(kept.read_text(encoding="utf-8")) | {"progress": None}), encoding="utf-8")
    class_.show()
    [row] = csv.DictReader((class_.out / "class.csv").open(encoding="utf-8"))
    assert (row["verified_green"], row["verified_differs"]) == ("2", "")


def test_a_private_fork_and_a_private_course_get_a_line_that_says_what_to_do(class_):
    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/x.git"
        class_.rows.append({"name": "Priv", "url": url})
        ran = class_.show()
        judged = class_.course.dojo("ci", "judge", "--upstream", url, "--out", "report")
        server.shutdown()
    assert ran.lines[0].startswith(f"Priv: {url} is private, or does not exist. Give git access first, for example: gh")
    assert class_.learner("Priv")["mark"] == "private"
    assert judged.out.rstrip().endswith(". If the course is private, see DOJO_READ_TOKEN in docs/forks.md.")


def test_git_ignores_what_an_instructor_must_not_publish():
    paths = ["class/index.html", "report/progress.json", "roster.csv", "roster-monday.csv", "autograder.zip"]
    paths += sorted({each.file for each in FORMATS.values()})
    told = subprocess.run(["git", "check-ignore", "--no-index", *paths], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.split() == paths


def test_a_class_counts_core_and_practice_by_the_marks_of_the_instructors_course(class_):
    class_.course.mark("double", "shout")
    for name in ("Ada", "Björn"):
        class_.fork(name)
    # These progress files have no marks: a fork of version 1.0.0 wrote them.
    class_.publish("Ada", progress_of(["double", "total"], "Counter"))
    class_.publish("Björn", progress_of(["double", "shout"]))
    assert class_.show().status == 0
    ada, bjorn = class_.learner("Ada"), class_.learner("Björn")
    assert (ada["green"], ada["core_green"], bjorn["green"], bjorn["core_green"]) == (2, 1, 2, 2)
    assert ada["lessons"] == {"lesson_1_numbers": 2, "lesson_2_words": 0}
    assert ada["core_lessons"] == {"lesson_1_numbers": 1, "lesson_2_words": 0}
    assert class_.data()["totals"]["done"] == 1
    kata = class_.data()["lessons"][0]["katas"][0]
    assert (len(kata["steps"]), kata["core"]) == (3, [DOUBLE])
    rows = list(csv.DictReader((class_.out / "class.csv").open(encoding="utf-8")))
    assert [(row["green"], row["core_green"]) for row in rows] == [("2", "1"), ("2", "2")]


def test_the_step_in_focus_is_the_first_red_core_step_if_the_file_has_marks(class_):
    class_.course.mark("double", "shout")
    class_.fork("Ada")
    progress = progress_of(["double"], "total")
    steps = [step for lesson in progress["lessons"] for kata in lesson["katas"] for step in kata["steps"]]
    for step in steps:
        step["core"] = step["name"] in ("double", "shout")
    steps[3] |= {"status": "red", "failure": {"kind": "value", "says": [], "raised": None, "file": None, "line": None}}
    progress["totals"] |= {"red": 2, "not_run": 1}
    class_.publish("Ada", progress, [push_of(progress) | {"core_focus": steps[3]["id"]}])
    assert class_.show().status == 0
    assert class_.learner("Ada")["focus"] == steps[3]["id"] == class_.learner("Ada")["pushes"][0]["focus"]


def test_only_what_changed_is_fetched_again(class_):
    for name in ("Ada", "Bo"):
        class_.fork(name)
        class_.publish(name, progress_of(["double"], "total"))
    assert "2 with something new" in class_.show().out
    assert "0 with something new" in class_.show().out
    class_.publish("Bo", progress_of(["double", "total"], "Counter", made_at="2026-01-06T10:00:00+00:00"))
    ran = class_.show()
    assert ran.status == 0
    assert "1 with something new" in ran.out
    assert class_.learner("Bo")["green"] == 2
    assert len(class_.learner("Bo")["pushes"]) == 2
    # The cache keeps no objects of the forks.
    assert not list((class_.out / "cache").rglob("objects"))


def test_a_fork_that_does_not_answer_keeps_what_was_known(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    (class_.forks / "Ada").rename(class_.forks / "gone")
    ran = class_.show()
    assert ran.status == 1
    assert f"Ada: there is no git repository at {class_.forks / 'Ada'}" in ran.lines
    assert class_.learner("Ada")["green"] == 1


def test_a_damaged_file_of_the_cache_is_fetched_again(class_):
    url = str(class_.fork("Ada"))
    class_.publish("Ada", progress_of(["double"], "total"))
    forks = Forks(class_.out, branch="progress", seconds=60, known=lambda path, identity: True)
    known = forks.refresh(url)
    (kept,) = class_.out.glob("*/fork.json")
    whole = json.loads(kept.read_text())
    for damaged in ("{", "[]", "{}", whole | {"history": 3}, whole | {"progress": {}}, whole | {"other": 1}):
        kept.write_text(damaged if isinstance(damaged, str) else json.dumps(damaged))
        assert dataclasses.replace(forks.refresh(url), fetched_at=known.fetched_at) == known
        assert json.loads(kept.read_text()).keys() == whole.keys()


def test_a_branch_that_went_away_and_one_of_another_name(class_):
    folder = class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    git(folder, "branch", "-m", "progress", "report")
    assert "Ada: the fork no longer has a branch progress" in class_.show().out
    assert class_.learner("Ada")["green"] == 1
    assert class_.show("--branch", "report").status == 0


def test_a_host_that_never_answers_costs_its_time_limit_and_nobody_else(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        class_.rows.append({"name": "Slow", "url": f"http://me:secret@127.0.0.1:{port}/x.git"})
        ran = class_.show("--timeout", "1")
    assert f"Slow: http://127.0.0.1:{port}/x.git did not answer within 1 s" in ran.lines
    assert class_.learner("Ada")["green"] == 1
    written = [path.read_text() for path in class_.out.iterdir() if path.is_file()]
    assert not any("secret" in text for text in (ran.out, *written))


def test_a_url_that_refuses_gets_one_line(class_):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    class_.rows.append({"name": "Off", "url": f"http://127.0.0.1:{port}/x.git"})
    ran = class_.show()
    assert ran.lines[0].startswith(f"Off: http://127.0.0.1:{port}/x.git does not answer: ")
    assert len(ran.lines) == 3


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "its progress.json is damaged: it is not JSON"),
        (b"[]", "not a progress file"),
        (json.dumps({"schema": 99}).encode(), "comes from a newer version of the course (schema 99)"),
        (
            json.dumps(progress_of(["double"]) | {"totals": {"green": 4}}).encode(),
            "its totals do not match its steps",
        ),
        (b" " * 100_000_000 + b"{}", "its progress.json is larger than 8 MB"),
    ],
    ids=["damaged", "other", "newer", "forged", "100 MB"],
)
def test_a_bad_progress_file_gets_one_line_and_the_last_good_one_stays(class_, text, says):
    class_.fork("Ada")
    class_.fork("Bo")
    for name in ("Ada", "Bo"):
        class_.publish(name, progress_of(["double"], "total"))
    class_.show()
    class_.publish("Ada", text)
    ran = class_.show()
    assert ran.status == 1
    assert ran.lines[0].startswith("Ada: ")
    assert says in ran.lines[0]
    assert class_.learner("Ada")["green"] == 1
    assert class_.learner("Bo")["problem"] is None
    # The problem is printed again, although nothing is fetched.
    assert says in class_.show().lines[0]


def test_html_and_escapes_in_names_are_text(class_):
    evil = "</script><img src=x onerror=alert(1)>\x1b]0;owned\x07"
    class_.fork("fork", group="<b>")
    class_.rows[0]["name"] = evil
    bad = progress_of(["double"], "total", says="<script>alert(2)</script>\x1b[31m")
    class_.publish("fork", bad)
    class_.rows.append({"name": "=HYPERLINK(1)", "url": str(class_.forks / "fork"), "group": ""})
    ran = class_.show()
    page = (class_.out / "index.html").read_text()
    assert "\x1b" not in ran.out + page
    assert "<img" not in page
    assert page.count("</script>") == 2
    assert "'=HYPERLINK(1)" in (class_.out / "class.csv").read_text()


def test_steps_the_course_does_not_have_count_for_nothing(class_):
    class_.fork("Ada")
    text = json.dumps(progress_of(["double", "total", "Counter", "shout"])).replace(
        "kata_01_doubling", "kata_99_forged"
    )
    class_.publish("Ada", text.encode())
    class_.show()
    assert class_.learner("Ada")["green"] == 1


def test_a_time_in_the_future_counts_as_now(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total", made_at="9999-12-31T23:59:59+00:00"))
    class_.show()
    assert class_.learner("Ada")["made_at"] == class_.data()["made_at"]


def test_a_rewritten_history_is_marked_and_what_it_held_is_kept(class_):
    class_.fork("Ada")
    pushes = [push_of(progress_of(["double"], "total"), f"2026-01-0{day}T10:00:00Z") for day in (1, 2, 3)]
    class_.publish("Ada", progress_of(["double"], "total"), pushes)
    class_.show()
    assert class_.learner("Ada")["rewritten"] is None
    other = progress_of(["double", "total"], "Counter", made_at="2026-01-07T10:00:00+00:00")
    class_.publish("Ada", other, [push_of(other)], amend=True)
    # The fork's main branch has a new history too.
    git(class_.forks / "Ada", "checkout", "-q", "--orphan", "anew")
    git(class_.forks / "Ada", "commit", "-q", "-m", "anew")
    git(class_.forks / "Ada", "branch", "-q", "-M", "main")
    ran = class_.show()
    assert "Ada: the history of its progress was rewritten" in ran.lines
    found = class_.learner("Ada")
    assert found["rewritten"]
    assert len(found["pushes"]) == 4
    assert found["green"] == 2


def test_what_was_changed_in_the_course_is_named(class_):
    class_.fork("Honest", solved=["lesson_1_numbers/kata_01_doubling.py"])
    class_.fork("Cheat")
    for name in ("Honest", "Cheat"):
        class_.publish(name, progress_of(["double"], "total"))
    class_.commit("Cheat", {class_.course.tests: "def test_double__passes():\n    pass\n", "tests/more.py": ""})
    git(class_.forks / "Cheat", "rm", "-q", "-r", "mistakes", "conftest.py")
    class_.commit("Cheat", {".github/workflows/progress.yml": "on: never\n"})
    ran = class_.show()
    assert class_.learner("Honest")["changed"] == []
    assert class_.learner("Cheat")["changed"] == [
        class_.course.tests,
        "tests/more.py",
        "conftest.py (missing)",
        "mistakes (missing)",
        ".github/workflows/progress.yml",
    ]
    assert f"Cheat: changed {class_.course.tests}, tests/more.py, conftest.py (missing) and 2 more" in ran.lines


def test_a_folder_in_the_place_of_a_file_of_the_course_is_named(class_):
    class_.fork("Odd")
    class_.publish("Odd", progress_of(["double"], "total"))
    git(class_.forks / "Odd", "rm", "-q", "conftest.py")
    class_.commit("Odd", {"conftest.py/x": "mine"})
    ran = class_.show()
    assert ran.status == 0, ran.out
    assert class_.learner("Odd")["changed"] == ["conftest.py/x"]


def test_an_older_published_version_is_no_change(class_):
    class_.fork("Early")
    class_.publish("Early", progress_of(["double"], "total"))
    root = class_.course.root
    old = git(root, "rev-parse", "HEAD")
    class_.course.write(
        "tests/lesson_2_words/kata_01_shouting.py", FILES["tests/lesson_2_words/kata_01_shouting.py"] + "\n"
    )
    class_.course.write("mistakes/new.txt", "")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "next")
    class_.show()
    early = class_.learner("Early")
    assert (early["changed"], early["older"], early["version"]) == ([], [], old)
    # The fork now has new mistakes and old tests. Both were published, but in different versions.
    class_.commit("Early", {"mistakes/new.txt": ""})
    class_.show()
    assert class_.learner("Early")["older"] == ["tests"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "is empty"),
        (b"name,url\n", "lists no learners"),
        (b"name,link\nAda,x\n", "line 1 must name the columns, for example: name,url. It is: name,link"),
        (b"name,url\nAda\n", "line 2: line 1 has 2 fields, but this line has 1"),
        (b"name,url\nAda,x\nAda,y\n", "line 3: Ada is also in line 2"),
        (b"name,url\n,x\n", "line 2: the name is missing"),
        (b"name,url\nAda,\n", "line 2: the url is missing"),
        (b"name,url\nAda,ext::sh -c id\n", "dojo class does not fetch from ext::sh"),
        (b"name,url\nAda,--upload-pack=id\n", "dojo class does not fetch from --upload-pack"),
        (b"name,url\nAda,ftp://x/y\n", "dojo class does not fetch from ftp://."),
        (b'name,url\n"Ada,x\n', "Is a closing quotation mark missing?"),
        (b"name,url\n\xff\xfe,x\n", "line 2: the file is not UTF-8 text"),
        (b"name,url\nA\0,x\n", "line 2: the file is not text"),
        (b"name,url,url\nAda,x,y\n", "line 1 must name the columns"),
        (b"name,url,\nAda,x,y\n", "give each column a different name"),
        (b"name,url\nAda," + b"x" * 2000 + b"\n", "more than 1000 characters"),
    ],
)
def test_a_malformed_roster_gets_one_line(course, tmp_path, text, says):
    roster = tmp_path / "roster.csv"
    roster.write_bytes(text)
    ran = course.dojo("class", str(roster), "--out", str(tmp_path / "out"))
    assert ran.status == 2
    assert says in ran.out
    assert len(ran.lines) == 1
    assert not (tmp_path / "out").exists()


def test_a_roster_from_a_spreadsheet_with_semicolons_and_relative_paths(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.write_roster()
    class_.roster.write_bytes("\ufeffName;URL;Kurs\r\nAda;forks/Ada;7b\r\n\r\n".encode())
    ran = class_.course.dojo("class", str(class_.roster), "--out", str(class_.out))
    assert ran.status == 0
    assert class_.learner("Ada")["groups"] == {"Kurs": "7b"}


def test_a_page_that_the_dojo_did_not_write_is_not_overwritten(class_):
    class_.fork("Ada")
    class_.out.mkdir()
    (class_.out / "index.html").write_text("my own")
    ran = class_.show()
    assert ran.status == 2
    assert f"{class_.out / 'index.html'} is not a page of dojo class, so the file was not changed." in ran.out
    assert (class_.out / "index.html").read_text() == "my own"


def test_options_that_make_no_sense_get_one_line(class_):
    class_.fork("Ada")
    for arguments, says in {
        ("--jobs", "0"): "--jobs 0: give a number greater than 0",
        ("--timeout", "-1"): "--timeout -1: give",
        ("--unsafe",): "--unsafe is for --verify",
        ("--dask", "tcp://x:1"): "--dask is for --verify",
        ("--branch", "a..b"): "this is not a valid name of a branch",
    }.items():
        ran = class_.show(*arguments)
        assert (ran.status, len(ran.lines)) == (2, 1)
        assert says in ran.out


def test_hooks_and_settings_of_a_fork_run_nothing(class_, tmp_path):
    folder = class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    note = tmp_path / "ran"
    for hook in ("post-checkout", "post-merge", "reference-transaction", "pre-auto-gc", "post-index-change"):
        path = folder / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch {note}\n")
        path.chmod(0o755)
    git(folder, "config", "uploadpack.packObjectsHook", f"touch {note}; exec")
    assert class_.show().status == 0
    assert not note.exists()


def test_a_course_outside_git_is_compared_with_nothing(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    shutil.rmtree(class_.course.root / ".git")
    assert class_.show().status == 0
    assert class_.learner("Ada")["changed"] is None


WRONG = "import torch\n\n\ndef double(x):\n    return x * x\n\n\ndef total(rows):\n    return rows.sum(dim=1)\n"


def _two_to_verify(class_):
    class_.fork("Honest", solved=[name.partition("/")[2] for name in FILES if name.startswith("solutions/")])
    class_.fork("Forger")
    class_.commit("Forger", {class_.course.kata: WRONG, "tests/lesson_1_numbers/kata_01_doubling.py": "x = 1\n"})
    for name in ("Honest", "Forger"):
        class_.publish(name, progress_of(["double", "total", "Counter", "shout"]))


def _are_verified(class_, ran):
    assert "Forger: claimed 4 green, verified 1" in ran.lines
    assert "1 with a verdict other than claimed" in ran.out
    honest, forger = class_.learner("Honest")["verified"], class_.learner("Forger")["verified"]
    assert (honest["problem"], honest["green"], honest["differs"]) == (None, 4, {})
    # Focus and reasons are the verdict's, as the claim has no red step.
    assert (class_.learner("Forger")["focus"], class_.learner("Honest")["focus"]) == (DOUBLE, None)
    assert class_.learner("Forger")["red"][DOUBLE]["kind"] == "value"
    assert forger["problem"] is None
    assert sorted(forger["differs"]) == [
        "lesson_1_numbers/kata_01_doubling/Counter",
        DOUBLE,
        "lesson_2_words/kata_01_shouting/shout",
    ]


@pytest.mark.skipif(not BWRAP, reason="bubblewrap does not run here")
def test_equal_katas_are_judged_once_and_after_a_lost_verdict_the_other_forks_are_judged(monkeypatch, tmp_path):
    asked = []

    def judged(archive, urls, katas, limits, *, jobs, unsafe):
        asked.append(list(urls))
        return ((url, Verdict("it was lost", {}) if url == "a" else Verdict("", {"x": "green"})) for url in urls)

    monkeypatch.setattr(command, "verify_here", judged)
    monkeypatch.setattr(command, "archive_of", lambda root: b"")
    found = {url: Fork(url, trees={"katas": tree}) for url, tree in {"a": "1", "b": "1", "c": "2", "d": "1"}.items()}
    forks = types.SimpleNamespace(katas=None, keep=lambda fork: None)
    options = types.SimpleNamespace(verify_timeout=1.0, unsafe=True, dask=None, jobs=1)
    command._verify(tmp_path, Console(file=io.StringIO()), forks, found, options)
    assert asked == [["a", "c"], ["b", "d"]]
    assert {url: fork.verified.problem for url, fork in found.items()} == {
        "a": "it was lost",
        "b": "",
        "c": "",
        "d": "",
    }


def test_verify_judges_the_katas_with_the_instructors_own_tests(class_):
    _two_to_verify(class_)
    _are_verified(class_, class_.show("--verify", "--jobs", "2"))
    # The verdicts are known now, so nothing is judged again.
    kept = [path.stat().st_mtime_ns for path in sorted((class_.out / "cache").glob("*/fork.json"))]
    _are_verified(class_, class_.show("--verify"))
    assert kept == [path.stat().st_mtime_ns for path in sorted((class_.out / "cache").glob("*/fork.json"))]


def _without_bwrap(tmp_path):
    """Return an environment whose PATH has git and what Python needs, but no bubblewrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "sh", "env", "head", "tail", "ssh"):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return {"PATH": str(folder)}


@pytest.mark.full
def test_without_a_sandbox_verify_refuses_unless_told_unsafe(class_, tmp_path):
    _two_to_verify(class_)
    env = _without_bwrap(tmp_path)
    ran = class_.show("--verify", env=env)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "bubblewrap is not installed" in ran.out
    assert "unless you add --unsafe" in ran.out
    assert not class_.out.exists()
    ran = class_.show("--verify", "--unsafe", env=env)
    if os.geteuid() == 0 and why_no_other_user():
        assert (ran.status, len(ran.lines)) == (2, 1)
        assert ran.out.startswith("dojo: Learners' code does not run as root, and ")
    else:
        _are_verified(class_, ran)


PRYING = """
import os, socket, pathlib

def double(x):
    found = []
    try:
        socket.create_connection(("127.0.0.1", {port}), timeout=1)
        found.append("network")
    except OSError:
        pass
    for path in ({secret!r}, {solutions!r}, "/judge/solutions", "/judge/.git"):
        if os.path.exists(path):
            found.append(path)
    for folder in ("/judge", "/learner/katas", "/usr", "/", {home!r}):
        try:
            pathlib.Path(folder, "note").write_text("x")
            if folder != "/":
                found.append("wrote " + folder)
        except OSError:
            pass
    try:
        hog = bytearray(6_000_000_000)
        found.append("memory")
    except MemoryError:
        pass
    if found:
        raise RuntimeError(" ".join(found))
    return 2 * x
"""


@pytest.mark.skipif(not BWRAP, reason="bubblewrap does not run here")
def test_the_sandbox_has_no_network_no_files_and_no_more_memory_than_allowed(class_, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    class_.fork("Pry")
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        here.listen()
        told = {
            "port": here.getsockname()[1],
            "secret": str(secret),
            "solutions": str(class_.course.root / "solutions"),
        }
        class_.commit("Pry", {class_.course.kata: PRYING.format(**told, home=str(tmp_path))})
        class_.publish("Pry", progress_of(["double"]))
        class_.show("--verify")
    # The step is green, so the code found, wrote and reached nothing.
    assert class_.learner("Pry")["verified"] | {"green": 1, "problem": None} == class_.learner("Pry")["verified"]
    assert not (tmp_path / "note").exists()


SLEEPER = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        time.sleep(9)
    except BaseException:
        pass
"""


@pytest.mark.full
@pytest.mark.skipif(not BWRAP, reason="bubblewrap does not run here")
def test_a_verification_that_does_not_end_is_ended(class_):
    class_.fork("Sleeper")
    class_.commit("Sleeper", {class_.course.kata: SLEEPER})
    class_.publish("Sleeper", progress_of(["double"]))
    class_.show("--verify", "--verify-timeout", "4")
    assert class_.learner("Sleeper")["verified"]["problem"] == "it took longer than 4 s"


# Dask is not imported here, because other tests fork this process, and Dask's threads would stay in it.
DASK = importlib.util.find_spec("distributed")
DASK_PATHS = os.pathsep.join([str(ROOT), *([str(Path(DASK.origin).parents[1])] if DASK else [])])
DASK_ENV = os.environ | {"PYTHONPATH": DASK_PATHS}
CLIENT = """
import sys
from distributed import Client
with Client(scheduler_file=sys.argv[1], timeout=60, set_as_default=False) as client:
    client.wait_for_workers(int(sys.argv[2]), timeout=60)
    print(client.scheduler.address, *client.run(lambda dask_worker: dask_worker.state.executed_count).values())
"""


class Cluster:
    """A Dask scheduler and its workers, as processes."""

    def __init__(self, folder, stack):
        self.folder, self.stack = folder, stack
        self.contact = str(folder / "scheduler.json")
        self.scheduler = self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")

    def work(self, *names):
        worker = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--name")
        return [self._start(*worker, name) for name in names]

    def ask(self, workers):
        """The scheduler's address, and how many tasks each worker has done."""
        asked = [sys.executable, "-c", CLIENT, self.contact, str(workers)]
        return subprocess.run(asked, env=DASK_ENV, capture_output=True, text=True, check=True).stdout.split()

    def _start(self, module, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--scheduler-file", self.contact, "--no-dashboard", *arguments],
            env=DASK_ENV,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process


@pytest.fixture
def cluster(tmp_path):
    if DASK is None:
        pytest.skip("distributed is not installed")
    with contextlib.ExitStack() as stack:
        yield Cluster(tmp_path, stack)


ON_A_CLUSTER = ["--verify", *([] if BWRAP else ["--unsafe"]), "--dask"]


def test_two_workers_of_dask_verify_a_class(class_, cluster):
    _two_to_verify(class_)
    cluster.work("one", "two")
    address, *_ = cluster.ask(workers=2)
    ran = class_.show(*ON_A_CLUSTER, address, env={"PYTHONPATH": DASK_PATHS})
    _are_verified(class_, ran)
    # Each worker judged one of the two forks.
    assert cluster.ask(workers=2)[1:] == ["1", "1"]


@pytest.mark.parametrize("victim", ["worker", "scheduler"])
def test_a_dead_worker_or_scheduler_leads_to_no_verdict(class_, cluster, victim):
    class_.fork("Sleeper")
    class_.commit("Sleeper", {class_.course.kata: SLEEPER})
    class_.publish("Sleeper", progress_of(["double"]))
    (worker,) = cluster.work("one")
    address, *_ = cluster.ask(workers=1)
    ended = threading.Thread(
        target=_end_while_it_judges, args=(worker, {"worker": worker, "scheduler": cluster.scheduler}[victim])
    )
    ended.start()
    ran = class_.show(*ON_A_CLUSTER, address, env={"PYTHONPATH": DASK_PATHS})
    ended.join()
    assert ran.status == 1
    assert ran.lines[0] == "Sleeper: no verdict: its worker, or the scheduler, has ended"


def _end_while_it_judges(worker, victim):
    """Kill a process as soon as a worker has started the supervisor of a judgement."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            begun = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in sandbox._members(worker.pid, None)[0]]
            if any(b"judged_run" in words for words in begun):
                break
        time.sleep(0.1)
    victim.kill()


@pytest.mark.skipif(DASK is None, reason="distributed is not installed")
def test_a_scheduler_that_is_not_there_gets_one_line(class_):
    _two_to_verify(class_)
    ran = class_.show("--verify", "--dask", "tcp://127.0.0.1:1", env={"PYTHONPATH": DASK_PATHS})
    assert ran.status == 2
    assert "no scheduler answers there" in ran.lines[-1]


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PROBE = """<script>
const by = id => document.getElementById(id), find = what => document.querySelector(what);
const page = document.documentElement;
const rows = () => [...document.querySelectorAll("tr.row")].map(row => row.cells[0].textContent);
const seen = { errors: window.failed || [], rows: rows(), tiles: by("tiles").textContent };
const cells = [...document.querySelectorAll("tr.row")].map(row => [...row.cells].map(cell => cell.textContent));
seen.marks = cells.map(row => row.at(-1)); seen.cells = cells.map(row => row.slice(1, 3));
seen.trust = by("trust").textContent; seen.height = by("scroll").offsetHeight;
seen.wide = page.scrollWidth - page.clientWidth;
seen.names = Math.round(find("tr.row td").offsetWidth);
const change = (box, kind, value) => { box.value = value; box.dispatchEvent(new Event(kind)); return rows(); };
const search = text => change(by("search"), "input", text);
const group = value => find("#groups select") ? change(find("#groups select"), "change", value) : rows();
seen.filtered = search("ADA"); seen.none = search("nobody"); search("");
find('[data-sort="l0"]').click(); find('[data-sort="l0"]').click(); seen.sorted = rows();
seen.blue = group("blue"); group("");
find('[data-only="done"]').click(); seen.done = rows(); find('[data-only=""]').click();
for (const id of ["stuck", "costly", "diagnoses", "quiet"]) seen[id] = by(id).textContent;
const press = row => row.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
const last = [...document.querySelectorAll("tr.row")].at(-1);
press(last); seen.next = by("dialog").textContent; by("dialog").close();
find("#diagnoses button")?.click(); seen.diagnosed = rows(); by("clear").click();
press(find("tr.row"));
seen.dialog = by("dialog").textContent; seen.open = by("dialog").open; seen.images = document.images.length;
seen.wideDialog = by("dialog").scrollWidth - by("dialog").clientWidth;
document.title = btoa(unescape(encodeURIComponent(JSON.stringify(seen))));
</script>"""


def _in_chromium(page, tmp_path, width):
    text = page.read_text(encoding="utf-8")
    policy = re.search(r"<meta http-equiv.*?>", text)[0]
    # The page's policy allows only its own script. This copy has two more.
    text = text.replace(
        policy, "<script>addEventListener('error', e => (window.failed ||= []).push(e.message))</script>"
    )
    probed = tmp_path / "probed.html"
    probed.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    # A window of Chromium has at least 500 pixels, so a narrower page is shown in a frame.
    frame = tmp_path / "frame.html"
    frame.write_text(f"<iframe src=probed.html style='width:{width}px;height:800px;border:0'></iframe>")
    shown = frame if width < 500 else probed
    more = ["--allow-file-access-from-files", "--window-size=1280,900", "--dump-dom"]
    if shown is frame:
        frame.write_text(
            frame.read_text()
            + "<script>addEventListener('load', () => document.title = frames[0].document.title)</script>"
        )
    # Chromium reserves more address space than a run of pytest may use.
    freed = ["sh", "-c", 'ulimit -S -v "$(ulimit -H -v)"; exec "$@"', "sh"]
    command = [*freed, CHROMIUM, *options, *more, shown.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    title = re.search(r"<title>(.*?)</title>", ran.stdout)
    assert title, ran.stdout[:500] + ran.stderr[-2000:]
    return json.loads(base64.b64decode(title[1]))


@pytest.mark.full
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_sorts_filters_and_opens_a_learner(class_, tmp_path, width):
    evil = "<img src=x onerror=alert(1)>"
    for name, cohort in (("Ada", "red"), ("Björn", "blue"), ("Cleo", "red")):
        class_.fork(name, cohort=cohort, desk=f"desk of {name}", mail=f"{name}@example.org")
    class_.publish("Ada", progress_of(["double"], "total", says=evil))
    class_.publish("Björn", progress_of(["double", "total", "Counter", "shout"]))
    class_.rows[2]["name"] = "Cleo " + evil
    class_.show("--filter", "Cohort", "--private", "mail")
    # A column that is not named is shown, and is no filter.
    page = (class_.out / "index.html").read_text(encoding="utf-8")
    assert ("example.org" in page, "desk of Ada" in page, '"filters":[0]' in page) == (False, True, True)
    assert "Ada@example.org" in (class_.out / "class.csv").read_text(encoding="utf-8")
    seen = _in_chromium(class_.out / "index.html", tmp_path, width)
    everyone = ["Ada", "Björn", "Cleo " + evil]
    assert seen["errors"] == []
    assert seen["images"] == 0
    assert max(seen["wide"], seen["wideDialog"]) <= 0
    assert seen["rows"] == everyone
    assert seen["names"] > 60
    assert (seen["filtered"], seen["none"], seen["blue"], seen["done"]) == (["Ada"], [], ["Björn"], ["Björn"])
    assert seen["sorted"] == ["Björn", "Ada", everyone[2]]
    assert "3learners" in seen["tiles"]
    assert seen["stuck"].startswith("total: 1 learnerAda since 2026-01-05")
    assert seen["costly"].startswith("total: 7 days")
    assert seen["diagnoses"] == "total: 1 learner" + evil
    assert seen["diagnosed"] == ["Ada"]
    assert seen["quiet"].startswith(f"No push of 1 learner is knownCleo {evil}Ada: ")
    assert seen["open"]
    assert "4 of 4 steps green on 2026-01-05" in seen["dialog"]


def keep_verdict(class_, name, problem, green):
    """Write a verdict on a learner into the cache."""
    for kept in (class_.out / "cache").glob("*/fork.json"):
        fork = json.loads(kept.read_text(encoding="utf-8"))
        if Path(fork["url"]).name == name:
            status = {step: "green" if step.rsplit("/")[-1] in green else "red" for step in fork["progress"]["status"]}
            why = {"behaviour": "is right", "kind": "value", "mistake": None, "says": None}
            red = {} if problem else {step: why for step in status if status[step] == "red"}
            fork["verified"] = {"key": "", "problem": problem, "status": {} if problem else status, "red": red}
            fork["verified"]["focus"] = next(iter(red), None)
            kept.write_text(json.dumps(fork), encoding="utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_the_page_sorts_by_core_and_counts_practice_beside_it(class_, tmp_path):
    class_.course.mark("double", "shout")
    for name in ("Ada", "Björn", "Cleo"):
        class_.fork(name, cohort="blue" if name == "Björn" else "red")
    class_.publish("Ada", progress_of(["total", "Counter"], "double"))
    class_.publish("Björn", progress_of(["double", "shout"]))
    class_.publish("Cleo", progress_of(["double", "total"], "shout"))
    class_.show()
    assert "None of them is verified." in _in_chromium(class_.out / "index.html", tmp_path, 1280)["trust"]
    # Verdicts as --verify keeps them: as claimed, different from the claim, and none.
    keep_verdict(class_, "Ada", "", ["total", "Counter"])
    keep_verdict(class_, "Björn", "", ["double"])
    keep_verdict(class_, "Cleo", "it took longer than 4 s", [])
    class_.show("--filter", "cohort")
    seen = _in_chromium(class_.out / "index.html", tmp_path, 1280)
    assert seen["errors"] == []
    assert seen["marks"] == ["✓", "differs", "no verdict"]
    assert seen["trust"].startswith("The numbers of 2 learners are verified on this machine")
    assert "1with a different verdict" in seen["tiles"]
    # The verdicts count, and of Cleo nothing is known: the claims are 0, 2 and 1 green core steps.
    assert seen["cells"] == [["0/1", "0/1"], ["1/1", "0/1"], ["–", "–"]]
    assert seen["sorted"] == ["Björn", "Ada", "Cleo"]
    assert seen["done"] == []
    assert "0core green" in seen["tiles"]
    assert "claims 2 of 2 core · 0 of 2 practice on 2026-01-05" in seen["dialog"]
    assert "Verified here: 1 of 2 core · 0 of 2 practice. The verdict on 1 step differs." in seen["dialog"]
    assert "✗ shout, claimed green" in seen["dialog"]
    assert "In focus: total" in seen["dialog"]
    assert "In focus" not in seen["dialog"].partition("Last push")[0]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_learner_of_whom_nothing_is_known_is_unknown_on_the_page(class_, tmp_path):
    class_.rows.append({"name": "Gone", "url": str(class_.forks / "gone")})
    class_.fork("Ada")
    progress = progress_of(["double"], "total")
    for kata in (lesson["katas"][0] for lesson in progress["lessons"]):
        for step in kata["steps"]:
            if step["status"] == "not_run":
                failure = {"kind": "not_written", "says": [], "raised": None, "file": None, "line": None}
                step |= {"status": "red", "behaviour": "adds up", "failure": failure}
    progress["totals"] |= {"red": 3, "not_run": 0}
    class_.publish("Ada", progress)
    class_.show()
    seen = _in_chromium(class_.out / "index.html", tmp_path, 1280)
    assert (seen["marks"], seen["cells"][0]) == (["no fork", ""], ["–", "–"])
    assert seen["quiet"].startswith("No push of 1 learner is knownGone")
    # The table is as high as its two rows.
    assert seen["height"] < 150
    assert seen["next"].count("unknown") == 2
    assert " of " not in seen["next"].partition("There is no report.")[2]
    assert "2 steps are not written yet.Red nowtotal You summed over rows.1 numbers" in seen["dialog"]


@pytest.mark.full
@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_the_page_breaks_no_rule_of_accessibility(class_, browser, scheme):  # noqa: F811
    for name in ("Ada", "Björn", "Cleo"):
        class_.fork(name, cohort="blue" if name == "Björn" else "red")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    page = class_.out / "index.html"
    assert browser.violations(page, f"--blink-settings=preferredColorScheme={scheme}") == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--filter", "group"), "--filter group: the roster has no such column. Besides name and url it has: cohort."),
        (("--private", "url"), "--private url: the roster has no such column. Besides name and url it has: cohort."),
        (("--private", "cohort", "--filter", "Cohort"), "--filter and --private both name cohort: a filter shows"),
    ],
)
def test_a_column_that_cannot_be_shown_so_is_one_clear_error(class_, options, says):
    class_.fork("Ada", cohort="red")
    ran = class_.show(*options)
    assert (ran.status, len(ran.lines), says in ran.out) == (2, 1, True), ran.out
    assert not (class_.out / "index.html").exists()


def test_clues_of_one_kind_count_together_whatever_their_numbers_are(class_):
    for name, factor in (("Ada", 2), ("Björn", 3), ("Cleo", 3)):
        class_.fork(name)
        says = f"Every entry is {factor} times too large."
        text = json.dumps(progress_of(["double"], "total", says=says)).replace(
            '"diagnosis": {"mistake": "columns"', '"diagnosis": null, "clue": {"kind": "constant_factor"'
        )
        class_.publish(name, json.loads(text))
    class_.show()
    expected = {"step": TOTAL, "mistake": "clue: constant_factor", "says": "Every entry is 3 times too large."}
    assert class_.data()["diagnoses"] == [expected | {"learners": 3}]


def test_the_page_lets_no_script_in_but_its_own(class_):
    class_.fork("Ada")
    class_.publish("Ada", progress_of(["double"], "total"))
    class_.show()
    page = (class_.out / "index.html").read_text()
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert "http" not in page.replace("http-equiv", "").replace("https?:", "").replace("http://www.w3.org/2000/svg", "")
