"""`dojo grade` judges bare files without git, by the instructor's course and settings, and says what it left out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest

from dojo.judging.judge import Walls, walls_here

from ..small_course import FILES, ROOT
from .grade_schemas import GRADESCOPE, PRAIRIELEARN, check, check_classroom_50
from .test_grading import CLASSROOM

ONE = "lesson_1_numbers/kata_01_doubling.py"
TWO = "lesson_2_words/kata_01_shouting.py"
SOLVED = FILES[f"solutions/{ONE}"]
JUDGES = pytest.mark.skipif(
    not sys.platform.startswith("linux") or walls_here(in_container=True) is Walls.NONE,
    reason="neither a sandbox nor another user can be had here",
)


@pytest.fixture
def hand_in(tmp_path):
    """A way to hand in: a folder called submission with these files."""

    def hand_in(files):
        for name, text in files.items():
            path = tmp_path / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path / "submission")

    return hand_in


@JUDGES
def test_bare_files_get_points_for_what_is_green_and_a_sentence_on_what_is_missing(course, hand_in, tmp_path):
    place = hand_in({f"ada/katas/{ONE}": SOLVED.replace("return 2 * x", "return x * x")})
    # Whoever hands in may write settings, but only the instructor's are read.
    hand_in({"dojo.toml": "[grade]\ncore = 999\n", "ada/dojo.toml": "practice = 3\n"})
    course.write("dojo.toml", "[grade]\ncore = 80\n[grade.lessons]\nlesson_2 = 5\n")
    out = tmp_path / "out" / "results.json"
    ran = course.dojo_with_torch("grade", place, "--container", "--as", "gradescope", "--out", str(out))
    assert ran.status == 0, ran.out
    assert ran.lines[:5] == [
        "lesson 1, numbers: 2 of 3 green, 20 of 30 points",
        "lesson 2, words: 0 of 1 green, 0 of 50 points",
        "20 of 80 points",
        "The katas were found in ada/katas.",
        "1 kata is missing: lesson_2_words/kata_01_shouting. Its steps count as not written.",
    ]
    assert ran.lines[-1] == str(out)
    data = json.loads(out.read_text())
    check(data, GRADESCOPE)
    assert [test["score"] for test in data["tests"]] == [0, 10, 10, 0]
    assert "Squaring is not doubling" in data["tests"][0]["output"]
    assert data["score"] == 20


@JUDGES
def test_a_step_that_reads_the_solutions_is_named(course, hand_in):
    peeks = """
    try:
        open(__file__.replace("katas", "solutions")).read()
    except OSError:
        return 2 * x"""
    place = hand_in({f"katas/{ONE}": SOLVED.replace("\n    return 2 * x", peeks)})
    ran = course.dojo_with_torch("grade", place, "--container")
    assert f"The code of double reads solutions/{ONE}." in ran.lines
    assert ran.lines[0].startswith("lesson 1, numbers: 2 of 3 green")


@JUDGES
def test_a_zip_that_cannot_be_read_gets_one_line(course, tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK")
    ran = course.dojo("grade", str(tmp_path / "bad.zip"), "--container")
    assert (ran.status, ran.lines) == (
        1,
        ["Nothing was judged. bad.zip is not a zip that can be read (file is not a zip file)."],
    )


@JUDGES
def test_nothing_to_judge_is_said_in_every_form(course, hand_in, tmp_path):
    place = hand_in({"essay.docx": b"PK\3\4"})
    ran = course.dojo("grade", place, "--container", "--as", "prairielearn", "--out", "-")
    assert ran.status == 1
    data = json.loads(ran.out[: ran.out.rindex("}") + 1])
    check(data, PRAIRIELEARN)
    assert data["gradable"] is False
    assert data["format_errors"][0].startswith("There is no kata of this course in the submission (1 file, 0.0 MB).")
    env = dict(CLASSROOM)
    out = tmp_path / "result.json"
    ran = course.dojo("grade", place, "--container", "--as", "classroom50", "--out", str(out), env=env)
    assert ran.status == 1
    assert "There is no kata of this course in the submission" in ran.out
    check_classroom_50(json.loads(out.read_text()))
    assert json.loads(out.read_text())["score"] == 0


@pytest.mark.full
@JUDGES
def test_code_that_spends_the_time_of_all_gets_no_points_and_a_sentence(course, hand_in):
    place = hand_in({f"katas/{ONE}": "while True:\n    pass\n", f"katas/{TWO}": FILES[f"solutions/{TWO}"]})
    ran = course.dojo_with_torch("grade", place, "--container", "--timeout", "3")
    assert ran.status == 1
    assert ran.lines == ["Nothing was judged. There is no verdict: it took longer than 3 s."]


@JUDGES
def test_the_learners_own_settings_and_course_are_never_the_graders(course, hand_in):
    ran = course.dojo("grade", ".")
    assert ran.status == 2
    assert f"The course is part of the submission: {course.root}. Run dojo grade in your own copy" in ran.out
    place = hand_in({f"katas/{ONE}": SOLVED, "dojo.toml": ""})
    ran = course.dojo("grade", place, "--config", f"{place}/dojo.toml", "--container")
    assert ran.status == 2
    assert "The settings are part of the submission" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--as", "canvas"), "--as canvas: choose gradescope, classroom50, codegrade, prairielearn or junit."),
        (("--out", "x.json"), "--out is for --as"),
        (("--timeout", "0"), "--timeout 0: give a number greater than 0."),
        (("--config", "none.toml"), "--config none.toml: there is no such file."),
        (("--submitted", "soon"), "--submitted soon: this is not a time."),
    ],
)
def test_an_option_that_makes_no_sense_is_one_sentence(course, hand_in, arguments, says):
    ran = course.dojo("grade", hand_in({"x": "x"}), *arguments)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert says in ran.out


def test_broken_settings_are_named_before_anything_is_judged(course, hand_in):
    course.write("dojo.toml", "[grade]\ncore = 'many'\n")
    ran = course.dojo("grade", hand_in({f"katas/{ONE}": SOLVED}), "--container")
    assert ran.status == 2
    assert ran.lines == [
        "dojo: " + f"{course.root / 'dojo.toml'}: [grade] core must be a number from 0 to 1,000,000, not 'many'."
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the judge works on Linux alone")
def test_without_a_sandbox_nothing_runs_unless_this_is_a_container(course, hand_in, tmp_path):
    place = hand_in({f"katas/{ONE}": SOLVED})
    (tmp_path / "bin").mkdir()
    ran = course.dojo("grade", place, env={"PATH": str(tmp_path / "bin")})
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "bubblewrap is not installed" in ran.out
    assert ran.out.rstrip().endswith("If this is such a container, add --container.")


def test_the_zip_for_gradescope_holds_what_gradescope_asks_for(course, tmp_path):
    course.write("dojo.toml", "[grade]\ncore = 40\n")
    course.write("constraints.txt", "torch\n")
    ran = course.dojo("autograder", "--out", str(tmp_path / "autograder.zip"))
    assert ran.lines == [f"{tmp_path / 'autograder.zip'}: 40 points. Upload it to Gradescope as the autograder."]
    first = (tmp_path / "autograder.zip").read_bytes()
    archive = zipfile.ZipFile(io.BytesIO(first))
    names = archive.namelist()
    assert {"setup.sh", "run_autograder", "dojo.toml", "pyproject.toml", "constraints.txt", f"tests/{ONE}"} <= set(
        names
    )
    assert not [name for name in names if name.startswith("katas/lesson_1_numbers/kata")]
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & 0o111
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        subprocess.run(["bash", "-n"], input=archive.read(name), check=True)
    course.dojo("autograder", "--out", str(tmp_path / "autograder.zip"))
    assert (tmp_path / "autograder.zip").read_bytes() == first


@pytest.mark.full
@JUDGES
def test_the_zip_of_the_course_grades_a_submission_as_gradescope_would(course, tmp_path, hand_in):
    """Unpacked into a folder, with its own run_autograder: only /autograder and the virtual environment are others."""
    course.write("dojo.toml", "[grade]\ncore = 40\n[grade.late]\ndue = 2026-12-01T00:00:00Z\nper_day = 50\n")
    for name in ("README.md", "constraints.txt"):
        course.write(name, (ROOT / name).read_text())
    course.dojo("autograder", "--out", "autograder.zip")
    place = tmp_path / "autograder"
    with zipfile.ZipFile(course.root / "autograder.zip") as archive:
        archive.extractall(place / "source")
    os.rename(hand_in({ONE: SOLVED}), place / "submission")
    (place / "results").mkdir()
    (place / "submission_metadata.json").write_text('{"created_at": "2026-12-01T01:00:00.5+00:00"}')
    script = (place / "source" / "run_autograder").read_text().replace("/autograder", str(place))
    script = script.replace("/opt/dojo/bin/dojo", f"{sys.executable} -m dojo")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    data = json.loads((place / "results" / "results.json").read_text())
    check(data, GRADESCOPE)
    assert data["score"] == 15
    assert "Submitted 2026-12-01 01:00 UTC, 1 day late: 50% of the points are lost." in data["output"]
