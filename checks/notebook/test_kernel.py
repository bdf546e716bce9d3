"""A learner works in the notebook of the small course: real kernel, real runs. One kernel runs all cells in order."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import threading
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from ..forks import ENV, git, publish_course
from ..processes import wait_until
from ..small_course import ROOT, SmallCourse, small_course

pytestmark = pytest.mark.full

KATA = SmallCourse.kata
DOUBLE = "%%kata double\ndef double(x):\n"
# What a child of the kernel has in its environment, so that the checks find it.
MARK = "DOJO_CHECKS_NOTEBOOK"


@dataclasses.dataclass
class Notebook:
    """The generated notebook of lesson 1, in a kernel that runs in an empty folder. `course` is what it fetches."""

    client: NotebookClient
    course: SmallCourse
    upstream: Path

    def cells(self) -> list[str]:
        return [cell.source for cell in self.client.nb.cells if cell.cell_type == "code"]

    def run(self, source: str) -> list[nbformat.NotebookNode]:
        """Run a new cell and return its outputs."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return cell.outputs

    def text(self, source: str) -> str:
        """Run a new cell and return what it shows where there is no HTML."""
        outputs = self.run(source)
        return "".join(each["text"] if "text" in each else each["data"]["text/plain"] for each in outputs)

    def fetch(self) -> str:
        """Run the first cell, with the address of the course, and return what it prints."""
        return self.text(self.cells()[0].replace('COURSE = ""', f'COURSE = "{self.upstream}"'))

    def limit(self, seconds: int) -> None:
        """Set the time limit of a test."""
        path = self.course.root / "pyproject.toml"
        path.write_text(re.sub(r"^timeout = \d+", f"timeout = {seconds}", path.read_text(), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    published = small_course(folder / "published")
    published.add_win()
    upstream = publish_course(published, folder)
    assert published.dojo("notebooks", env=ENV).status == 0
    made = nbformat.read(published.root / "notebooks" / "lesson_1.ipynb", 4)
    empty = folder / "empty"
    empty.mkdir()
    env = os.environ | ENV | {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p only_the_cpu", MARK: "1"}
    client = NotebookClient(made, timeout=60, allow_errors=True, resources={"metadata": {"path": str(empty)}})
    with client.setup_kernel(env=env):
        yield Notebook(client, SmallCourse(empty / "upstream"), upstream)


def test_the_first_cell_fetches_the_course_and_names_the_device(notebook):
    assert "Set COURSE above to its address" in str(notebook.run(notebook.cells()[0]))
    said = notebook.fetch()
    assert said.startswith(f"The course is in {notebook.course.root}. PyTorch 2.")
    assert "Device: " in said
    assert (notebook.course.root / KATA).is_file()
    # It may be run again.
    assert notebook.text("start(_root)") == said


def test_a_cell_shows_what_the_command_line_shows(notebook):
    (output,) = notebook.run(f"{DOUBLE}    return x * x\n")
    page, shown = output["data"]["text/html"], output["data"]["text/plain"]
    assert "next:" not in shown
    ran = notebook.course.pytest("--step", "double", env={"COLUMNS": "88"})
    assert "Squaring is not doubling" in shown
    # Each names its own way to go on.
    own = shown.replace("%hint", "dojo hint").replace("again: %%kata double", "again: pytest --step double")
    assert own.strip() == ran.out.strip()
    assert page.startswith("<pre")
    assert re.search(r'<span style="color: #d64040[^"]*">✗ double</span>', page)


def test_the_answer_is_in_the_file_with_its_card(notebook):
    assert "✓ double is green" in notebook.text(f"{DOUBLE}    return 2 * x\n")
    text = (notebook.course.root / KATA).read_text()
    given = (notebook.course.root.parents[1] / "published" / KATA).read_text()
    assert text == given.replace("    raise NotImplementedError\n", "    return 2 * x\n", 1)
    # The version before is kept, and other cells can try the new one.
    kept = sorted((notebook.course.root / ".dojo" / "backups").rglob("*.py"))[-1]
    assert "return x * x" in kept.read_text()
    assert notebook.text("double(torch.ones(2))") == "tensor([2., 2.])"


def test_an_unwritten_cell_is_not_told_its_card_again(notebook):
    shown = notebook.text("%%kata total\ndef total(rows):\n    raise NotImplementedError\n")
    assert "Write it where the cell says raise NotImplementedError." in shown
    assert "Return the sum of each row" not in shown


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("while True: pass", "It was still running after 1 s. It was on line 16"),
        ("__import__('os')._exit(3)", "Your code ends Python itself (exit status 3)"),
        ("return 2 *", "Nothing was written: Python can't read line 3 of this cell.\n\n        return 2 *\n"),
    ],
    ids=["hangs", "crashes", "is no Python"],
)
def test_whatever_an_answer_does_the_cell_says_it_and_the_kernel_lives(notebook, body, says):
    notebook.limit(1)
    assert says in notebook.text(f"{DOUBLE}    {body}\n")
    assert notebook.text("6 * 7") == "42"


def test_an_interrupt_ends_the_run_and_everything_it_started(notebook):
    notebook.limit(60)

    def interrupt() -> None:
        wait_until(MARK, "--step", runs=True, seconds=60)
        time.sleep(1.0)
        os.killpg(notebook.client.km.provisioner.pgid, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    began = time.monotonic()
    (output,) = notebook.run(f"{DOUBLE}    while True: pass\n")
    thread.join()
    assert output["traceback"] == ["Interrupted: the run was ended."]
    assert time.monotonic() - began < 20
    wait_until(MARK, "pytest", runs=False, seconds=5)


def test_a_restart_loses_nothing(notebook):
    notebook.text(f"{DOUBLE}    return x + x\n")
    run_sync(notebook.client.km.restart_kernel)(now=True)
    run_sync(notebook.client.kc.wait_for_ready)(timeout=30)
    notebook.fetch()
    # The notebook may be a fresh one, whose cell holds the given code.
    shown: list[str] = []
    reply = run_sync(notebook.client.kc.execute_interactive)(
        f"{DOUBLE}    raise NotImplementedError\n", timeout=30, output_hook=lambda message: shown.append(str(message))
    )
    assert "✓ double is green" in "".join(shown)
    (payload,) = reply["content"]["payload"]
    assert (payload["source"], payload["replace"]) == ("set_next_input", True)
    assert payload["text"] == f"{DOUBLE}    return x + x"
    assert "return x + x" in (notebook.course.root / KATA).read_text()


def test_hints_and_pictures_are_drawn_in_the_notebook(notebook):
    assert "Hint 1 of 3" in notebook.text("%hint total")
    notebook.course.solve()
    example = '    """Twice x.\n\n    >>> double(torch.tensor([1.0], requires_grad=True))\n    """\n'
    notebook.run(f"{DOUBLE}{example}    return x + x\n")
    (graph,) = notebook.run("%graph double")
    assert graph["data"]["image/svg+xml"].startswith("<svg")
    assert ">add</text>" in graph["data"]["image/svg+xml"]
    (picture,) = notebook.run("%show lesson_1")
    assert picture["data"]["image/png"].startswith("iVBOR")
    assert "Name the step, for example: %kata double" in notebook.text("%kata")
    nameless = notebook.text("%%kata\ndef double(x):\n    return 2 * x\n")
    assert "Name the step in the first line of this cell, for example: %%kata double" in nameless
    unknown = notebook.text("%show doubel")
    assert unknown == "There is no step named doubel. Did you mean:\n  %show double"
    late = notebook.text("import math\n%%kata double\ndef double(x):\n    return 2 * x\n")
    assert late == "UsageError: %%kata double must be the first line of its cell.\n"
    assert "The command watch does not work in a notebook." in notebook.text("%dojo watch")
    assert "✓ double" in notebook.text("%dojo list")
    assert "the reference" in notebook.text("%diff double")


def test_answers_leave_the_notebook(notebook):
    assert "4 of 4 steps green" in notebook.text("%progress")
    assert notebook.text("%progress --push") == "katas/ is pushed to origin, branch main.\n"
    own = (notebook.course.root / KATA).read_bytes()
    assert git(notebook.upstream, "show", f"main:{KATA}").encode() + b"\n" == own
    assert git(notebook.upstream, "log", "--format=%s", "-1", "main") == "Answers from the notebook"
    assert "answers.zip" in notebook.text("%progress --save")
    with zipfile.ZipFile(notebook.course.root / "answers.zip") as archive:
        assert {KATA, "progress.html"} < set(archive.namelist())
    notebook.course.dojo("reset", "double")
    loaded = notebook.text("%progress --load answers.zip")
    assert loaded.startswith("katas/ has the answers of answers.zip now. To undo this: %dojo restore ")
    assert "Name the file, for example: %progress --load answers.zip" in notebook.text("%progress --load")
    assert "%progress --push accepts one address." in notebook.text("%progress --push a b")
    missing = notebook.course.root / "answer.zip"
    assert f"There is no file {missing}." in notebook.text("%progress --load answer.zip")
    assert (notebook.course.root / KATA).read_bytes() == own
