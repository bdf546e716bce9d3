"""An assistant's client talks to `dojo mcp`. One server serves all of these tests, in order."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from dojo.course.curriculum import Step, read_curriculum
from dojo.course.hints import Hint, read_hints
from dojo.tutor.server import Tools, server_for

from ..processes import commands_of, wait_until
from ..small_course import FILES, ROOT, SmallCourse, small_course

pytestmark = pytest.mark.full

DOUBLE, TOTAL = (f"lesson_1_numbers/kata_01_doubling/{name}" for name in ("double", "total"))
MARK = "DOJO_CHECKS_TUTOR"
# What only a solution, a mistake or a hint that nobody asked for says.
SECRETS = ("return 2 * x", "rows.sum(dim=1)", "self.count", "x * x", "rows.sum(dim=0)", "Almost the answer of total")


@dataclasses.dataclass
class Assistant:
    """An assistant that is connected to a server, and everything that the server has answered."""

    course: SmallCourse
    portal: BlockingPortal
    client: Client
    heard: list[str] = dataclasses.field(default_factory=list)

    def ask(self, tool: str, **arguments: str) -> Any:
        """Call a tool and return its answer, or the sentence of its error."""
        return self.answer(self.begin(tool, **arguments))

    def begin(self, tool: str, **arguments: str) -> Future:
        return self.portal.start_task_soon(self.client.call_tool, tool, arguments)

    def answer(self, future: Future) -> Any:
        result = future.result(60)
        text = "".join(each.text for each in result.content)
        self.heard.append(text)
        if result.is_error:
            return text
        data = result.structured_content
        return data["result"] if set(data) == {"result"} else data


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("tutor") / "course")
    settings = course.root / "pyproject.toml"
    settings.write_text(re.sub(r"^timeout = \d+", "timeout = 1", settings.read_text(), flags=re.MULTILINE))
    env = {"PYTHONPATH": f"{ROOT}{os.pathsep}{course.root}", "PYTEST_ADDOPTS": "-p only_the_cpu", MARK: "1"}
    server = StdioServerParameters(command=sys.executable, args=["-m", "dojo", "mcp"], cwd=course.root, env=env)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(stdio_client(server))) as client:
        yield Assistant(course, portal, client)


def test_an_assistant_learns_the_contract_and_the_tools(assistant):
    assert "Never write the answer to a step" in assistant.client.instructions
    tools = assistant.portal.call(assistant.client.list_tools).tools
    assert {tool.name for tool in tools} == {"where", "card", "run", "hint", "docs", "progress"}
    assert all(tool.description and tool.output_schema for tool in tools)


def test_it_sees_where_the_learner_is_and_what_is_asked(assistant):
    place = assistant.ask("where")
    assert (place["step"], place["status"], place["hints_shown"], place["hints"]) == (DOUBLE, "not_run", [], 3)
    assert (place["file"], place["line"], place["next"]) == (SmallCourse.kata, 6, "dojo run double")
    assert "def double(x):" in assistant.ask("card")
    assert "Return the sum of each row." in assistant.ask("card", step="total")
    assert "double has no page yet" in assistant.ask("docs")


def test_a_run_says_what_the_command_line_says(assistant):
    assistant.course.answer(double="return x ** 2")
    answer = assistant.ask("run")
    assert (answer["status"], answer["step"], answer["failure"]) == ("red", DOUBLE, "value")
    assert answer["why"] == "Squaring is not doubling: only 2 squared looks like it."
    assert (answer["clue"], answer["next"]) == (None, "dojo hint double")
    printed = assistant.course.pytest("--step", "double").out
    assert "\n".join(answer["report"]) in re.sub(r" +$", "", printed, flags=re.MULTILINE)
    place = assistant.ask("where")
    assert (place["status"], place["failure"], place["test"]) == ("red", "value", "is twice the input")


def test_a_hint_is_shown_once_and_counts(assistant):
    assert [assistant.ask("hint")["hints"][0]["number"] for _ in range(2)] == [1, 2]
    assert assistant.ask("where")["hints_shown"] == [1, 2]
    # The command line goes on where the assistant stopped.
    assert "Hint 3 of 3" in assistant.course.dojo("hint").out
    assert len(assistant.ask("hint")["hints"]) == 3


def test_a_file_that_python_cannot_read(assistant):
    kata = assistant.course.root / assistant.course.kata
    before = kata.read_text()
    kata.write_text(before + "\ndef broken(:\n")
    answer = assistant.ask("run", step="total")
    assert (answer["status"], answer["failure"], answer["next"]) == ("broken", "broken", "dojo run total")
    assert any("def broken(:" in line for line in answer["report"])
    # What is only read still answers.
    assert "Return the sum of each row." in assistant.ask("card", step="total")
    kata.write_text(before)


def test_two_runs_at_once_do_not_mix_and_a_hanging_answer_ends(assistant):
    assistant.course.answer(double="while True: pass", total="return rows.sum(dim=0)")
    runs = [assistant.begin("run", step=name) for name in ("double", "total")]
    # What needs no run does not wait for one.
    assert assistant.ask("where", step="total")["step"] == TOTAL
    assert not runs[0].done()
    # The second run begins when the first one has ended: both remember what they have found.
    at_once = []
    while not runs[0].done():
        at_once.append(sum(" run " in command for command in commands_of(MARK)))
        time.sleep(0.05)
    assert 1 in at_once
    # One look may see the end of the first run and the beginning of the second.
    assert at_once.count(2) <= 1
    hanging, wrong = map(assistant.answer, runs)
    assert hanging["step"] == DOUBLE
    assert any("It was still running after 1 s." in line for line in hanging["report"])
    assert wrong["step"] == TOTAL
    assert wrong["why"].startswith("The dim that is summed is the one that disappears")
    # Both are remembered.
    known = {step["step"]: step["status"] for step in assistant.ask("progress")["steps"]}
    assert (known[DOUBLE], known[TOTAL]) == ("red", "red")


def test_a_green_step_names_the_next_one(assistant):
    assistant.course.answer(double="return x + x")
    answer = assistant.ask("run", step="double")
    assert (answer["status"], answer["green"], answer["report"]) == ("green", [DOUBLE], [])
    assert answer["next"] == "dojo run total"
    counts = assistant.ask("progress", name="lesson_2")
    assert [lesson["core_green"] for lesson in counts["lessons"]] == [1, 0]
    assert [step["step"] for step in counts["steps"]] == ["lesson_2_words/kata_01_shouting/shout"]


@pytest.mark.parametrize("tool", ["where", "card", "run", "hint", "docs"])
def test_an_unknown_step_gets_a_sentence(assistant, tool):
    answer = assistant.ask(tool, step="totl")
    assert "There is no step named totl. Did you mean:\n  total" in answer
    assert "Traceback" not in answer


def test_no_answer_so_far_holds_a_secret(assistant):
    # The card of a step that has lost its docstring is the solution's.
    kata = assistant.course.root / assistant.course.kata
    kata.write_text(re.sub(r'(def total.*?)""".*?"""', r"\1pass", kata.read_text(), flags=re.DOTALL))
    assert "Return the sum of each row." in assistant.ask("card", step="total")
    assert len(assistant.heard) > 20
    assert not [secret for secret in SECRETS if any(secret in text for text in assistant.heard)]
    assert all(any(secret in text for name, text in FILES.items() if "katas" not in name) for secret in SECRETS)


def test_an_assistant_that_no_longer_waits_ends_the_run(assistant):
    assistant.course.answer(double="__import__('time').sleep(60)")
    settings = assistant.course.root / "pyproject.toml"
    settings.write_text(settings.read_text().replace("timeout = 1\n", "timeout = 60\n"))
    future = assistant.begin("run", step="double")
    wait_until(MARK, "pytest", runs=True, seconds=60)
    future.cancel()
    wait_until(MARK, "pytest", runs=False, seconds=10)
    # The server goes on.
    assert assistant.ask("where", step="total")["step"] == TOTAL


def test_the_cards_of_the_course_show_nothing_of_a_solution():
    curriculum = read_curriculum(ROOT)
    steps = list(curriculum.steps())

    async def ask() -> list[str]:
        async with Client(server_for(Tools(ROOT))) as client:
            return [(await client.call_tool("card", {"step": step.id})).content[0].text for step in steps]

    for step, said in zip(steps, anyio.run(ask), strict=True):
        kata = (ROOT / "katas" / f"{step.kata_id}.py").read_text()
        assert step.name in said
        for line in _statements(ROOT / "solutions" / f"{step.kata_id}.py", step.name):
            assert line in kata or line not in said, (step.id, line)


def _statements(path: Path, name: str) -> list[str]:
    """The statements of a definition that stand on one line and say something, without docstrings."""
    tree = ast.parse(path.read_text())
    (definition,) = (node for node in tree.body if getattr(node, "name", "") == name)
    found = [ast.get_source_segment(path.read_text(), node) for node in ast.walk(definition) if _is_statement(node)]
    return [line for line in found if line and "\n" not in line and len(line) > 12]


def _is_statement(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.stmt) and not is_text


def test_two_requests_at_once_get_two_hints(course, monkeypatch):
    def slow(root: Path, step: Step) -> list[Hint]:
        time.sleep(0.1)
        return read_hints(root, step)

    # By now it is known which hints were shown before, but not yet which one is shown.
    monkeypatch.setattr("dojo.tutor.hint_answer.read_hints", slow)
    numbers: list[int] = []

    async def ask() -> None:
        async def hint() -> None:
            result = await client.call_tool("hint", {})
            numbers.extend(each["number"] for each in result.structured_content["hints"])

        async with Client(server_for(Tools(course.root))) as client, anyio.create_task_group() as both:
            both.start_soon(hint)
            both.start_soon(hint)

    anyio.run(ask)
    assert sorted(numbers) == [1, 2]


def test_a_run_that_takes_too_long_is_ended(course):
    course.answer(double="__import__('time').sleep(60)")

    async def ask() -> str:
        async with Client(server_for(Tools(course.root, limit=0.2))) as client:
            result = await client.call_tool("run", {})
            assert result.is_error
            return result.content[0].text

    assert anyio.run(ask).endswith("The run took longer than 0.2 s, so it was ended.")


def test_without_the_package_one_sentence_says_what_to_install(course, tmp_path):
    (tmp_path / "mcp.py").write_text("raise ImportError")
    ran = course.dojo("mcp", env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    assert ran.status == 2
    assert ran.out == 'dojo: mcp 2.0 or newer is not installed: pip install -c constraints.txt -e ".[tutor]"\n'
