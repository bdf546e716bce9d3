"""`dojo new` writes a skeleton into every tree. The skeleton fails the checks until an author has filled it in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.authoring.scaffold import left_to_do, names_in
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import ALL_TREES, file_in

from ..small_course import ROOT

DOUBLING = "lesson_1_numbers/kata_01_doubling"
SHOUTING = "lesson_2_words/kata_01_shouting"

# The parts of a step, written as CONTRIBUTING.md says.
FILLED = {
    "tests": """\
def test_halve__is_half_of_the_input(device):
    x = torch.tensor([1.0, -3.0], device=device)
    assert_tensor(kata.halve(x), torch.tensor([0.5, -1.5]), device=device)


def test_halve__does_what_its_example_shows(example):
    example.check(kata)
""",
    "katas": '''\
def halve(x):
    """Return half of x.

    Args:
        x: a tensor (N,).

    Example:
        >>> halve(torch.tensor([1.0, 2.0]))
        tensor([0.5000, 1.0000])

    Foundations: x / 2.
    """
    raise NotImplementedError
''',
    "solutions": '''\
def halve(x):
    """TODO: the card. The command `dojo sync-cards` copies it from katas/."""
    return x / 2
''',
    "hints": """\
## halve

### Hint 1

Which operator undoes doubling?

### Hint 2

A division: [`torch.div`](https://docs.pytorch.org/docs/stable/generated/torch.div.html).

### Hint 3: wrong shape

It goes for every element at once.
""",
    "mistakes": '''\
def halve__doubled(x):
    """You multiplied by 2. Divide by 2."""
    return x * 2


def halve__rounded_down(x):
    """You rounded down, because // does that. Use / for a true division."""
    return x // 2
''',
    "checks/accepted": """\
def halve__times_a_half(x):
    return x * 0.5


def halve__less_a_half(x):
    return x - x / 2
""",
}


def tree(course) -> dict[str, bytes]:
    """The contents of every file of the course."""
    return {
        str(path.relative_to(course.root)): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def fill_in(course, kata_id: str, step: str) -> None:
    """Replace the skeleton by finished parts, and copy the card as CONTRIBUTING.md says."""
    for name, text in FILLED.items():
        path = course.root / file_in(name, kata_id)
        lines = path.read_text().splitlines()
        first = next(n for n, line in enumerate(lines) if re.match(rf"(def (test_)?|## ){step}\b|.*{step}__", line))
        last = len(lines)
        for number in range(first + 1, len(lines)):
            if re.match(r"(def |class |## )", lines[number]) and step not in lines[number]:
                last = number
                break
        gap = "\n" if name == "hints" else "\n\n"
        rest = "\n".join(lines[last:])
        path.write_text("\n".join(lines[:first]) + "\n" + text + (gap + rest + "\n" if rest else ""))
    ran = course.dojo("sync-cards", kata_id)
    assert ran.status == 0, ran.out


def check(course, *arguments: str) -> tuple[int, str]:
    """Run the checks of the curriculum on the small course, in a separate Python process."""
    shutil.copytree(ROOT / "checks" / "curriculum", course.root / "checks" / "curriculum", dirs_exist_ok=True)
    for name in ("__init__.py", "conftest.py", "small_course.py"):
        shutil.copy(ROOT / "checks" / name, course.root / "checks")
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "only_the_cpu",
            "-p",
            "no:cacheprovider",
            "checks/curriculum",
            *arguments,
        ],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": f"{course.root}{os.pathsep}{ROOT}", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.full
def test_a_step_fails_with_what_is_to_be_written_and_passes_once_it_is(course):
    ran = course.dojo("new", "numbers", "doubling", "halve", "--after", "double")
    assert ran.status == 0, ran.out
    assert "halve is step 2 of lesson_1_numbers/kata_01_doubling." in ran.out
    status, out = check(course, "-k", "halve")
    assert status == 1
    assert "halve is not finished. Still to be written:" in out
    assert re.search(r"1 failed, \d+ skipped", out), out
    for name in ALL_TREES:
        assert re.search(rf"^{file_in(name, DOUBLING)}:\d+: ", out, re.MULTILINE), name

    fill_in(course, DOUBLING, "halve")
    assert left_to_do(course.root, DOUBLING, "halve") == []
    status, out = check(course, "-k", "halve")
    assert status == 0, out
    assert re.search(r"= [12]\d passed, \d+ deselected", out), out
    order = ["double", "halve", "total", "Counter"]
    assert [step.name for step in read_curriculum(course.root).lessons[0].steps] == order


SYMPTOM = "as given, the example returns tensor([2., 4.])."
REPAIRED = {
    "katas": FILLED["katas"]
    .replace("Return half of x.", "Fix this, which returns too much.")
    .replace("    Example:", "    Symptom: as given, the example returns tensor([2., 4.]).\n\n    Example:"),
    "mistakes": FILLED["mistakes"].replace("halve__doubled", "halve__as_it_was"),
}


@pytest.mark.full
def test_a_repair_step_has_the_code_to_fix_as_its_stub(course, monkeypatch):
    ran = course.dojo("new", "numbers", "doubling", "halve", "--repair")
    assert ran.status == 0, ran.out
    assert "the code to fix, halve__as_it_was, and another mistake" in ran.out
    assert re.search(r'^def halve__as_it_was\(x\):\n    """TODO', _text(course, "mistakes"), re.MULTILINE)
    assert "    Symptom: as given, the example TODO: " in _text(course, "katas")
    monkeypatch.setattr(f"{__name__}.FILLED", FILLED | REPAIRED)
    fill_in(course, DOUBLING, "halve")
    assert course.dojo("reset", "halve").status == 0
    assert left_to_do(course.root, DOUBLING, "halve") == []
    given = "    # Fix the code below. Unchanged code counts as raise NotImplementedError.\n    return x * 2\n"
    assert _text(course, "katas").endswith(f'    """\n{given}')
    status, out = check(course, "-k", "halve")
    assert status == 0, out
    assert re.search(r"= [12]\d passed, \d+ deselected", out), out
    # A Symptom that is not what the example shows.
    for name in ("katas", "solutions"):
        course.write(file_in(name, DOUBLING), _text(course, name).replace("tensor([2., 4.])", "tensor([3.])"))
    status, out = check(course, "-k", "halve")
    assert status == 1
    assert "the example does not show 3." in out


def _text(course, name: str) -> str:
    return (course.root / file_in(name, DOUBLING)).read_text()


@pytest.mark.parametrize("left", FILLED)
def test_one_part_that_is_not_filled_in_is_enough_to_fail(course, left):
    course.dojo("new", "1", "1", "halve")
    skeleton = (course.root / file_in(left, DOUBLING)).read_bytes()
    fill_in(course, DOUBLING, "halve")
    course.write(file_in(left, DOUBLING), skeleton)
    found = left_to_do(course.root, DOUBLING, "halve")
    assert found
    assert {line.partition(":")[0] for line in found} == {file_in(left, DOUBLING)}


@pytest.mark.parametrize("after", [[], ["--after", "double"], ["--after", "Counter"]])
@pytest.mark.parametrize("kind", [[], ["--class"]])
def test_it_stands_in_the_same_place_everywhere_and_nothing_else_changes(course, after, kind):
    before = tree(course)
    ran = course.dojo("new", "lesson_1", "kata_01_doubling", "Halve", *after, *kind)
    assert ran.status == 0, ran.out
    order = ["double", "total", "Counter"]
    order.insert(order.index(after[1]) + 1 if after else 3, "Halve")
    for name in ALL_TREES:
        path = course.root / file_in(name, DOUBLING)
        text = path.read_text()
        places = [re.search(rf"(def test_|def |class |## ){step}\b|{step}__", text) for step in order]
        at = [place.start() for place in places if place]
        assert at == sorted(at)
        assert len(at) == (1 if name == "checks/accepted" else 4)
        old = before.get(file_in(name, DOUBLING), b"").decode().splitlines()
        # Every old line is still there, in its order. Only imports may change.
        left = iter(text.splitlines())
        assert all(line in left for line in old if "import" not in line), name
        if name != "hints":
            compile(text, str(path), "exec")
    after_it = tree(course)
    assert {name for name in after_it if after_it[name] != before.get(name)} == {
        file_in(name, DOUBLING) for name in ALL_TREES
    }


@pytest.mark.parametrize("kind", [[], ["--class"]])
def test_a_new_kata_gets_its_six_files_and_the_style_of_the_others(course, kind):
    ran = course.dojo("new", "1", "kata_02_by_halves", "Halve", *kind)
    assert ran.status == 0, ran.out
    assert "katas/lesson_1_numbers/README.md" in ran.out
    kata = read_curriculum(course.root).lessons[0].katas[1]
    assert (kata.number, kata.title, [step.name for step in kata.steps]) == (2, "by halves", ["Halve"])
    assert (course.root / file_in("hints", kata.id)).read_text().startswith("# Hints: By halves\n\n## Halve\n")
    assert (course.root / file_in("katas", kata.id)).read_text().startswith('"""By halves.\n')
    ran = course.pytest(file_in("tests", kata.id))
    assert "Halve" in ran.out
    assert "import" not in ran.out
    # The top of a new file must be written too, and counts for each step of the file.
    left = left_to_do(course.root, kata.id, "Halve")
    assert f"{file_in('katas', kata.id)}:9: do what." in left
    assert any(line.startswith(f"{file_in('solutions', kata.id)}:1: the introduction") for line in left)
    # A second step joins the first one.
    assert course.dojo("new", "1", "by halves", "quarter").status == 0
    assert [step.name for step in read_curriculum(course.root).lessons[0].katas[1].steps] == ["Halve", "quarter"]
    files = [str(course.root / file_in(name, kata.id)) for name in ALL_TREES if name != "hints"]
    ruff = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
    course.write("dojo/expect.py", "")  # so that ruff takes dojo for the course's own, as it is in the course
    if Path(ruff).exists():
        # Imports that are still unused (F401) are used once the parts are written.
        for arguments in (["format", "--check"], ["check", "--ignore", "F401"]):
            ran = subprocess.run(
                [ruff, *arguments, *files], cwd=course.root, capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr


def test_imports_that_are_missing_come_in_sorted(course):
    assert course.dojo("new", "words", "shouting", "whisper").status == 0
    text = (course.root / file_in("tests", SHOUTING)).read_text()
    assert text.startswith(
        "import torch\n\nfrom dojo.expect import assert_tensor, assert_value\n"
        "from katas.lesson_2_words import kata_01_shouting as kata\n"
    )
    assert (course.root / file_in("katas", SHOUTING)).read_text().startswith("import torch\n\n\ndef shout(text):\n")
    ran = course.pytest("-k", "whisper")
    assert "It is not written yet." in ran.out, ran.out


def test_a_lesson_that_has_only_its_page_gets_its_first_kata(course):
    ran = course.dojo("new", "lesson_3_sounds", "kata_01_noises", "bang")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "For a new lesson, first make its folder in katas/ with a README.md." in ran.out
    course.write("katas/lesson_3_sounds/README.md", "# Lesson 3: sounds and noises\n")
    assert course.dojo("new", "sounds and noises", "kata_01_noises", "bang").status == 0
    assert read_curriculum(course.root).lessons[2].katas[0].steps[0].name == "bang"


REFUSED = [
    (("9", "doubling", "halve"), "There is no lesson 9."),
    (("1", "doublign", "halve"), "Did you mean kata_01_doubling?"),
    (("1", "kata_07_halves", "halve"), "the next kata of lesson_1_numbers is number 2, kata_02_halves."),
    (("1", "halves", "halve"), "A new one is called kata_02_halves."),
    (("1", "doubling", "double"), "already has something named double"),
    (("1", "doubling", "torch"), "already has something named torch"),
    (("1", "doubling", "kata"), "already has something named kata"),
    (("1", "doubling", "class"), "class can't be the name of a step"),
    (("1", "doubling", "two words"), "two words can't be the name of a step"),
    (("1", "doubling", "a__b"), "a__b can't be the name of a step"),
    (("1", "doubling", "_hidden"), "_hidden can't be the name of a step"),
    (("1", "doubling", "halve", "--after", "totl"), "has no such step. Did you mean total?"),
    (("1", "kata_02_halves", "halve", "--after", "total"), "has no such step. It is new."),
]


@pytest.mark.full
@pytest.mark.parametrize(("arguments", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_what_can_not_be_is_one_line_and_changes_nothing(course, arguments, says):
    before = tree(course)
    ran = course.dojo("new", *arguments)
    assert (ran.status, len(ran.lines)) == (2, 1), ran.out
    assert says in ran.out
    assert tree(course) == before


def test_a_name_that_any_tree_knows_is_taken(course):
    course.write(
        file_in("mistakes", DOUBLING), "def _share(x):\n    return x\n\n\ndef halve__doubled(x):\n    return x\n"
    )
    ran = course.dojo("new", "1", "1", "halve")
    assert (ran.status, ran.out) == (
        2,
        f"dojo: {file_in('mistakes', DOUBLING)} already has something named halve. Choose another name.\n",
    )


@pytest.mark.full
def test_a_thirteenth_step_is_refused(course):
    for name in ("four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"):
        assert course.dojo("new", "1", "1", name).status == 0
    before = tree(course)
    ran = course.dojo("new", "1", "1", "thirteen")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "has 12 steps, and a kata has at most 12" in ran.out
    assert tree(course) == before


def test_a_new_step_is_core_and_with_practice_it_is_not(course):
    course.mark("double")
    assert "a core step" in course.dojo("new", "1", "1", "halve", "--after", "double").out
    assert "a practice step" in course.dojo("new", "1", "1", "thirds", "--practice").out
    text = (course.root / course.tests).read_text()
    assert 'CORE = ("double", "halve")\n' in text
    assert [step.name for step in read_curriculum(course.root).walked(practice=False)] == ["double", "halve"]


def test_the_first_practice_step_of_a_kata_makes_the_others_core(course):
    assert course.dojo("new", "1", "1", "thirds", "--practice").status == 0
    assert 'CORE = ("double", "total", "Counter")\n' in (course.root / course.tests).read_text()
    walked = [step.name for step in read_curriculum(course.root).walked(practice=False)]
    assert walked == ["double", "total", "Counter", "shout"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("shout", "lesson_2_words/kata_01_shouting already has a step shout."), ("sum", "Python has built in")],
)
def test_a_name_that_is_taken_is_refused(course, name, says):
    before = tree(course)
    ran = course.dojo("new", "1", "1", name)
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert says in ran.out
    assert tree(course) == before


def test_a_new_kata_has_its_mark(course):
    assert course.dojo("new", "1", "kata_02_halving", "halve").status == 0
    text = (course.root / "tests/lesson_1_numbers/kata_02_halving.py").read_text()
    assert text.count('\nCORE = ("halve",)\n') == 1
    assert text.index("import torch") < text.index("CORE") < text.index("def test_halve__")


def test_a_file_that_does_not_parse_is_named_and_nothing_changes(course):
    course.write(file_in("solutions", DOUBLING), "def double(x:\n")
    before = tree(course)
    ran = course.dojo("new", "1", "1", "halve")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert file_in("solutions", DOUBLING) in ran.out
    assert tree(course) == before


def test_a_file_that_can_not_be_written_leaves_the_others_as_they_were(course):
    before = tree(course)
    course.write("checks/accepted", "a file where a folder should be")
    ran = course.dojo("new", "1", "1", "halve")
    assert ran.status == 2, ran.out
    assert {name: text for name, text in tree(course).items() if name != "checks/accepted"} == before


@pytest.mark.full
def test_every_name_of_the_course_is_found_in_its_files():
    for kata in read_curriculum(ROOT).katas():
        for name in ALL_TREES:
            text = (ROOT / file_in(name, kata.id)).read_text(encoding="utf-8")
            assert {step.name for step in kata.steps} <= names_in(name, text), (kata.id, name)
