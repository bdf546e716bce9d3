"""Names that a person types: of lessons, katas and steps, old names, and names that are unclear."""

from __future__ import annotations

import dataclasses
import json

import pytest

from dojo.course.curriculum import Curriculum, Kata, Lesson, Step, read_curriculum
from dojo.course.moved import Move
from dojo.progress.bests import bests
from dojo.progress.memory import Memory
from dojo.support.errors import UnclearName

from ..small_course import ROOT

KATA = "lesson_1_numbers/kata_01_doubling"
ROWS = [
    {"from": "lesson_0_before/kata_03_sums/sum_rows", "to": f"{KATA}/sum_each", "since": "1.1.0"},
    {"from": f"{KATA}/sum_each", "to": f"{KATA}/total", "since": "2.0.0"},
]


def _curriculum(*moves: Move) -> Curriculum:
    """Two lessons. `freeze` is in both, `linear` and `Linear` differ in case, and `modes` is a kata and a step."""

    def lesson(number, folder, katas):
        made = []
        for index, (title, names) in enumerate(katas.items(), start=1):
            kata_id = f"{folder}/kata_{index:02}_{title}"
            steps = tuple(Step(f"{kata_id}/{name}", name, n, ("t",)) for n, name in enumerate(names, start=1))
            made.append(Kata(kata_id, index, title.replace("_", " "), steps))
        return Lesson(folder, number, folder.partition("_")[2].partition("_")[2], tuple(made))

    return Curriculum(
        (
            lesson(1, "lesson_1_tensors", {"broadcasting": ["linear", "freeze"], "last_one": ["end"]}),
            lesson(2, "lesson_2_modules", {"linear": ["Linear", "freeze"], "modes": ["modes"], "last_one": ["close"]}),
        ),
        moves,
    )


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("end", "lesson_1_tensors/kata_02_last_one/end"),
        ("END()", "lesson_1_tensors/kata_02_last_one/end"),
        ("linear", "lesson_1_tensors/kata_01_broadcasting/linear"),
        ("Linear", "lesson_2_modules/kata_01_linear/Linear"),
        ("lesson_2/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("modules/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("2/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("linear/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("kata_01_linear/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("kata_01_linear.freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("lesson_2/linear/freeze", "lesson_2_modules/kata_01_linear/freeze"),
        ("katas/lesson_2_modules/kata_01_linear.py::freeze", "lesson_2_modules/kata_01_linear/freeze"),
    ],
)
def test_a_step_is_named_alone_or_with_its_kata_or_its_lesson(name, step):
    assert _curriculum().named(name).id == step
    if name != "linear":
        assert [each.id for each in _curriculum().chosen(name)] == [step]


@pytest.mark.parametrize(
    ("name", "number"), [("lesson_2", 4), ("2", 4), ("modules", 4), ("kata_02_modes", 1), ("lesson_1/last one", 1)]
)
def test_a_lesson_and_a_kata_stand_for_their_steps(name, number):
    assert len(_curriculum().chosen(name)) == number


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("freeze", ["dojo run lesson_1/freeze -x", "dojo run lesson_2/freeze -x"]),
        ("linear", ["dojo run lesson_1/linear -x", "dojo run kata_01_linear -x"]),
        ("LINEAR", ["dojo run lesson_1/linear -x", "dojo run kata_01_linear -x", "dojo run Linear -x"]),
        ("modes", ["dojo run kata_02_modes -x", "dojo run kata_02_modes/modes -x"]),
        ("last_one", ["dojo run kata_02_last_one -x", "dojo run kata_03_last_one -x"]),
        ("freez", ["dojo run lesson_1/freeze -x", "dojo run lesson_2/freeze -x"]),
        ("lesson_3/Linaer", ["dojo run lesson_1/linear -x", "dojo run kata_01_linear -x", "dojo run Linear -x"]),
        ("qqqqqq", []),
    ],
)
def test_an_unclear_name_is_answered_with_commands_that_can_be_copied(name, commands):
    curriculum = _curriculum()
    with pytest.raises(UnclearName) as caught:
        curriculum.chosen(name)
    first, *lines = caught.value.as_commands(["dojo", "run", name, "-x"]).splitlines()
    assert [line.strip() for line in lines] == commands
    assert name in first
    # Each command is understood.
    for command in commands:
        assert curriculum.chosen(command.split()[2])


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["dojo", "run", "run", "--fresh"], "dojo run lesson_1/run --fresh"),
        (["pytest", "--step=run"], "pytest --step=lesson_1/run"),
        (["pytest", "--step", "run", "-k", "a b"], "pytest --step lesson_1/run -k 'a b'"),
    ],
)
def test_only_the_name_is_replaced_in_a_command(words, command):
    assert UnclearName("Unclear.", "run", ["lesson_1/run"]).as_commands(words) == f"Unclear.\n  {command}"


def test_every_step_of_the_course_has_a_short_name_that_means_it_alone():
    curriculum = read_curriculum(ROOT)
    for step in curriculum.steps():
        name = curriculum.spelling_of(step)
        assert curriculum.chosen(name) == (step,)
        assert name.count("/") <= 1


def test_an_old_name_is_understood_and_a_name_of_today_wins():
    gone = Move("lesson_1_tensors/kata_01_broadcasting/plus", "lesson_2_modules/kata_01_linear/freeze", "2.0.0")
    taken = Move("lesson_9_gone/kata_01_old/end", "lesson_2_modules/kata_01_linear/Linear", "2.0.0")
    curriculum = _curriculum(gone, taken)
    for name in ("plus", "lesson_1/plus", "broadcasting/plus", gone.old):
        assert curriculum.named(name).id == gone.new
        assert curriculum.remark_on(name) == f"The new name of {name} is lesson_2/freeze."
    assert curriculum.named("end").name == "end"
    assert curriculum.named("lesson_9/end").name == "Linear"
    assert curriculum.remark_on("end") == curriculum.remark_on("freeze") == curriculum.remark_on("nothing") == ""


@pytest.mark.full
def test_every_command_understands_an_old_name_and_says_the_new_one(course):
    course.write("tests/moved.json", json.dumps(ROWS))
    course.solve()
    for arguments in (("list", "sum_rows"), ("hint", "kata_03_sums/sum_rows"), ("run", "lesson_0/sum_rows")):
        ran = course.dojo(*arguments)
        assert ran.status == 0, ran.out
        assert f"The new name of {arguments[1]} is total." in ran.lines
        assert "total" in ran.out.replace("is total.", "")
    found = course.dojo("list", "--json", "sum_each").out
    assert json.loads(found[: found.index("\n]") + 2])[0]["name"] == "total"
    ran = course.pytest("--step", "sum_rows")
    assert ran.status == 0
    assert "The new name of sum_rows is total." in ran.lines
    # A name of today is no old name.
    assert "new name" not in course.dojo("list", "total").out + course.pytest("--step", "total").out


def test_what_was_remembered_under_an_old_name_is_known(course):
    for name, data in (
        ("steps.json", {f"{KATA}/sum_each": {"status": "green", "runs": "7"}, f"{KATA}/double": {"status": "red"}}),
        ("hints.json", {"lesson_0_before/kata_03_sums/sum_rows": ["1", "2"]}),
    ):
        course.write(f".dojo/{name}", json.dumps({"schema": 1, "data": data}))
    course.write(
        ".dojo/bests.json", json.dumps({f"{KATA}/sum_each": {"runs": 1, "seconds": 9, "hints": 0, "rounds": 2}})
    )
    course.write("tests/moved.json", json.dumps(ROWS))
    total = read_curriculum(course.root).named("total")
    memory = Memory(course.root)
    assert (memory.status(total), memory.effort(total).runs, memory.effort(total).hints) == ("green", 7, 2)
    assert set(memory.steps) == {f"{KATA}/total", f"{KATA}/double"}
    assert dataclasses.astuple(bests(memory)[total.id]) == (1, 9, 0, 2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "is not valid JSON"),
        ("{}", "must be a list of rows"),
        ("[1]", 'row 1: a row has exactly the keys "from", "to" and "since"'),
        (json.dumps([ROWS[1] | {"note": ""}]), "row 1: a row has exactly the keys"),
        (json.dumps([ROWS[1] | {"from": "total"}]), 'row 1: "from" must be an id of the form lesson/kata/name'),
        (json.dumps([ROWS[1] | {"to": 3}]), 'row 1: "to" must be an id'),
        (json.dumps([ROWS[1] | {"since": "next"}]), 'row 1: "since" must be a version, for example 2.0.0'),
        (json.dumps([ROWS[1] | {"to": f"{KATA}/sum_each"}]), 'row 1: "from" and "to" are the same'),
        (json.dumps([ROWS[1], ROWS[1]]), f"row 2: an earlier row already says where {KATA}/sum_each is"),
        (json.dumps([ROWS[1] | {"to": ROWS[0]["from"]}, ROWS[0]]), "the rows lead in a circle"),
        (json.dumps([ROWS[1] | {"to": f"{KATA}/nothing"}]), f"row 1: the course has no step {KATA}/nothing"),
        (json.dumps([ROWS[1] | {"from": f"{KATA}/double"}]), f"row 1: the course still has the step {KATA}/double"),
    ],
)
def test_a_malformed_file_is_one_clear_error(course, text, problem):
    course.write("tests/moved.json", text)
    ran = course.dojo("list")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert ran.out.startswith("dojo: tests/moved.json")
    assert problem in ran.out
    if text == "[":
        ran = course.pytest()
        assert ran.status == 4
        assert ran.out.startswith("ERROR: tests/moved.json is not valid JSON.")
        assert "Traceback" not in ran.out
