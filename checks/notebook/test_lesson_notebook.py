"""The notebooks of the course are what `dojo notebooks` writes, and have a card, an answer and a hint for each step."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile

import nbformat
import pytest

from dojo.course.curriculum import read_curriculum
from dojo.course.notebooks import is_unedited
from dojo.notebook.lesson_notebook import Links, notebook_of, path_of
from dojo.notebook.saving import credentials, load
from dojo.notebook.start import missing
from dojo.support.errors import DojoError
from dojo.support.git import web_address

from ..forks import ENV, git
from ..small_course import FILES, ROOT

CURRICULUM = read_curriculum(ROOT)


@pytest.mark.parametrize("lesson", CURRICULUM.lessons, ids=lambda lesson: lesson.id)
def test_a_notebook_is_what_the_command_writes(lesson):
    text = (ROOT / path_of(lesson)).read_text(encoding="utf-8")
    about = json.loads(text)["metadata"]["dojo"]
    # Which repository the links lead to is for whoever writes the notebooks to say.
    links = Links(about["address"], about["branch"])
    assert text == notebook_of(ROOT, CURRICULUM, lesson, links), "Run: dojo notebooks"
    assert is_unedited(text.encode())
    notebook = nbformat.reads(text, 4)
    nbformat.validate(notebook)
    cells = [cell.source for cell in notebook.cells]
    for step in lesson.steps:
        name = CURRICULUM.spelling_of(step)
        at = cells.index(f"%hint {name}")
        assert cells[at - 2].startswith(f"### {step.name}".replace("_", r"\_"))
        assert re.match(rf"%%kata {re.escape(name)}\n(def|class) {step.name}\b", cells[at - 1])
        # The card is in one cell only.
        assert "Example:" in cells[at - 2]
        assert "Example:" not in cells[at - 1]


def test_a_notebook_has_nothing_of_an_answer(course):
    lesson = course.root / "notebooks" / "lesson_1.ipynb"
    assert course.dojo("notebooks").status == 0
    given = lesson.read_text()
    course.solve()
    text = (course.root / course.kata).read_text()
    course.write(course.kata, "import secrets\n" + text.replace("Doubling.", "Mine."))
    assert course.dojo("notebooks").out.startswith("notebooks/lesson_1.ipynb: nothing has changed\n")
    assert lesson.read_text() == given


def test_an_edited_notebook_stays_and_the_new_one_is_put_beside_it(course):
    course.dojo("notebooks")
    lesson = course.root / "notebooks" / "lesson_1.ipynb"
    edited = lesson.read_text().replace("raise NotImplementedError", "return 2 * x", 1)
    lesson.write_text(edited)
    says = "notebooks/lesson_1.ipynb: you have edited it, so the new one is notebooks/lesson_1.new.ipynb"
    assert course.dojo("notebooks").lines[0] == says
    assert lesson.read_text() == edited


def test_links_lead_to_the_repository_that_origin_names(course):
    git(course.root, "init", "--quiet", "--initial-branch=main")
    git(course.root, "remote", "add", "origin", "https://someone:secret@github.com/school/katas.git")
    assert course.dojo("notebooks", env=ENV).lines[-1] == "Links lead to https://github.com/school/katas."
    text = (course.root / "notebooks" / "lesson_2.ipynb").read_text()
    assert "https://colab.research.google.com/github/school/katas/blob/main/notebooks/lesson_2.ipynb" in text
    assert 'COURSE = \\"https://github.com/school/katas\\"' in text
    assert "secret" not in text
    first = nbformat.read(course.root / "notebooks" / "lesson_1.ipynb", 4).cells
    assert "*core step 3 of 3*" in next(cell.source for cell in first if cell.source.startswith("### Counter"))
    heading, _, following = first[-1].source.partition("\n\n")
    assert heading == "## What comes next"
    assert "(https://colab.research.google.com/github/school/katas/blob/main/notebooks/lesson_2.ipynb)" in following
    assert "(https://github.com/school/katas/blob/main/notebooks/lesson_2.ipynb)" in following
    assert "What comes next" not in text
    course.dojo("notebooks", "--for", "https://gitlab.com/school/katas.git/", env=ENV)
    text = (course.root / "notebooks" / "lesson_2.ipynb").read_text()
    assert "colab" not in text
    assert "https://gitlab.com/school/katas/blob/main/katas/lesson_2_words/README.md" in text
    refused = course.dojo("notebooks", "--for", "katas", env=ENV)
    assert refused.status == 2
    assert "--for katas: this is not the address of a repository" in refused.out


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/school/katas", "https://github.com/school/katas"),
        ("https://token@github.com/school/katas.git/", "https://github.com/school/katas"),
        ("git@github.com:school/katas.git", "https://github.com/school/katas"),
        ("ssh://git@git.example.org:2222/school/group/katas.git", "https://git.example.org/school/group/katas"),
        ("/home/someone/katas", ""),
        ("../katas.git", ""),
        ("file:///home/someone/katas", ""),
    ],
)
def test_the_address_of_a_remote_for_a_browser(remote, address):
    assert web_address(remote) == address


def test_the_first_cell_installs_what_is_missing_and_never_another_pytorch(tmp_path, monkeypatch):
    assert missing(ROOT) == []
    versions = {"torch": "2.1.0+cu118", "numpy": "1.25.9", "pytest": "8.10.1", "rich": None}
    monkeypatch.setattr("dojo.notebook.start.version_of", lambda name: versions.get(name, "99"))
    assert missing(ROOT) == ["numpy>=1.26", "rich>=13.7"]
    versions["torch"] = None
    assert "torch>=2.6" in missing(ROOT)


def test_the_token_goes_to_github_alone_and_into_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    git(tmp_path, "init", "--quiet")

    def asked(host: str) -> str:
        given = f"protocol=https\nhost={host}\n\n".encode()
        env = os.environ | ENV | {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "false"} | credentials()
        command = ["git", "credential", "fill"]
        ran = subprocess.run(command, cwd=tmp_path, env=env, input=given, capture_output=True, check=False)
        return ran.stdout.decode()

    assert "password=ghp_secret" in asked("github.com")
    assert "ghp_secret" not in asked("example.org")
    assert not any("ghp_secret" in path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())


def test_a_file_that_holds_no_answers_changes_nothing(course):
    zipped = course.root / "answers.zip"
    for name, says in (("other.txt", "has no folder katas/"), (course.kata, "is larger than 1 MB")):
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr(name, "#" * 1_000_001)
        with pytest.raises(DojoError, match=says):
            load(course.root, zipped)
    zipped.write_bytes(b"no zip")
    with pytest.raises(DojoError, match=r"answers.zip can't be read"):
        load(course.root, zipped)
    assert (course.root / course.kata).read_text() == FILES[course.kata]
