"""`dojo ci stray-pull-request` recognises a stray pull request by its files, and writes a friendly note."""

from __future__ import annotations

import json

import pytest

from dojo.ci.stray_pull_request import changed_files
from dojo.support.errors import DojoError

KATA = "katas/lesson_1_numbers/kata_01_doubling.py"


def _event(**pull):
    return {
        "action": "opened",
        "pull_request": {
            "number": 7,
            "user": {"login": "ada"},
            "author_association": "NONE",
            "head": {"repo": {"full_name": "ada/course", "html_url": "https://git.example.org/ada/course"}},
            "base": {"repo": {"full_name": "school/course"}},
        }
        | pull,
    }


def _look(course, files, event=None):
    course.write("event.json", json.dumps(_event() if event is None else event))
    course.write("files", files if isinstance(files, str) else json.dumps(files))
    arguments = ["--event", "event.json", "--files", "files", "--out", "note.md"]
    return course.dojo("ci", "stray-pull-request", *arguments, env={"GITHUB_OUTPUT": str(course.root / "out")})


def test_answers_and_notebooks_are_stray_and_the_note_is_kind(course):
    ran = _look(course, [{"filename": KATA}, {"filename": "notebooks/lesson_1.ipynb"}])
    says = "It changes only answers and notebooks: it was meant for the learner's own fork.\n"
    assert (ran.status, ran.out) == (0, says)
    assert (course.root / "out").read_text() == "stray=true\n"
    note = (course.root / "note.md").read_text()
    assert note.startswith("Hello @ada, and thank you")
    assert "<https://git.example.org/ada/course>" in note
    assert "You lose nothing" in note


@pytest.mark.parametrize(
    ("files", "pull", "why"),
    [
        ([{"filename": KATA}, {"filename": "tests/x.py"}], {}, "it changes tests/x.py"),
        ([{"filename": KATA, "previous_filename": "hints/x.md"}], {}, "it changes hints/x.md"),
        ([{"filename": "katas/../tests/x.py"}], {}, "it changes katas/../tests/x.py"),
        ([{"filename": "katas.md"}], {}, "it changes katas.md"),
        ([{"filename": ".vscode/settings.json"}], {}, "it changes nothing in katas/"),
        ([], {}, "it changes no files"),
        ([{"filename": KATA}], {"changed_files": 3001}, "it changes 3001 files, but only 1 are in the list"),
        ([{"filename": KATA}], {"author_association": "MEMBER"}, "its author may push to the course"),
        (
            [{"filename": KATA}],
            {"head": {"repo": {"full_name": "school/course"}}},
            "it comes from a branch of the",
        ),
    ],
)
def test_what_is_not_stray_is_left_open(course, files, pull, why):
    ran = _look(course, files, _event(**pull))
    assert ran.status == 0
    assert ran.out.startswith(f"Not stray: {why}")
    assert (course.root / "out").read_text() == "stray=false\n"
    assert not (course.root / "note.md").exists()


def test_an_author_and_a_fork_that_are_gone(course):
    _look(course, [{"filename": KATA}], _event(user=None, head={"repo": None}))
    assert (course.root / "note.md").read_text().startswith("Hello, and thank you")


@pytest.mark.parametrize(
    "text",
    [
        f"{KATA}\ntests/x.py\n",
        json.dumps([{"filename": KATA}]) + '[{"filename":"tests/x.py"}]',
    ],
    ids=["lines", "pages"],
)
def test_lists_of_files_as_they_come(text):
    assert changed_files(text, "files") == [KATA, "tests/x.py"]


@pytest.mark.parametrize("text", ['[{"filename": 3}]', "[1]", '{"message": "Not Found"}', '["a"', "[" * 100_000])
def test_a_damaged_list_is_one_line(course, text):
    with pytest.raises(DojoError, match=r"is not a list of changed files|is damaged"):
        changed_files(text, "files")
    ran = _look(course, text)
    assert (ran.status, len(ran.lines)) == (2, 1)


def test_an_event_of_something_else(course):
    ran = _look(course, [], {"action": "opened"})
    assert ran.lines == ["dojo: event.json is not an event of a pull request."]
