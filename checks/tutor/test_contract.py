"""What assistants read leads to AGENTS.md, names what exists, and keeps answers out of their context."""

from __future__ import annotations

import dataclasses
import json
import re

import anyio

from dojo.cli import COMMANDS
from dojo.course.layout import TREES, secret_folders
from dojo.tutor.hint_answer import ShownHint
from dojo.tutor.server import Tools, server_for

from ..small_course import ROOT

IGNORE_FILES = (".cursorignore", ".aiignore", ".aiexclude", ".geminiignore", ".codeiumignore")


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _tools() -> set[str]:
    return {tool.name for tool in anyio.run(server_for(Tools(ROOT)).list_tools)}


def test_the_files_of_other_assistants_lead_to_the_contract():
    # Claude Code and Gemini CLI import the file behind an @ at the start of a line.
    assert _text("CLAUDE.md") == "@AGENTS.md\n"
    assert _text("GEMINI.md") == "@./AGENTS.md\n"
    assert "[AGENTS.md](../AGENTS.md)" in _text(".github/copilot-instructions.md")


def test_the_contract_names_commands_and_tools_that_exist():
    for path in ("AGENTS.md", "docs/assistants.md", ".github/copilot-instructions.md"):
        text = _text(path)
        assert set(re.findall(r"`dojo ([a-z-]+)", text)) <= COMMANDS.keys(), path
    (tools,) = re.findall(r"its tools do the same: (.*)\.", _text("AGENTS.md"))
    table = _text("docs/assistants.md").partition("| Tool |")[2].partition("\n\n")[0]
    assert set(re.findall(r"\w+", tools)) == _tools() == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def test_ignore_files_name_every_folder_that_holds_answers():
    texts = {_text(path) for path in IGNORE_FILES}
    assert len(texts) == 1
    named = re.findall(r"^/(.+)/$", texts.pop(), re.MULTILINE)
    denied = json.loads(_text(".claude/settings.json"))["permissions"]["deny"]
    assert denied == [f"Read(./{folder}/**)" for folder in named]
    assert {folder for folder in TREES if folder not in ("katas", "tests")} <= set(named)
    assert set(secret_folders()) - {"tests"} == {folder.partition("/")[0] for folder in named} - {"hints"}
    assert all((ROOT / folder).is_dir() for folder in named)
    table = re.findall(r"^\| `(\.\w+)` \|", _text("docs/assistants.md"), re.MULTILINE)
    assert {*table} == {*IGNORE_FILES}


def test_editors_start_the_server_and_complete_nothing():
    assert json.loads(_text(".mcp.json"))["mcpServers"]["dojo"] == {"command": "dojo", "args": ["mcp"]}
    server = json.loads(_text(".vscode/mcp.json"))["servers"]["dojo"]
    assert (server["type"], server["args"]) == ("stdio", ["-m", "dojo", "mcp"])
    settings = re.sub(r"^ *//.*", "", _text(".vscode/settings.json"), flags=re.MULTILINE)
    assert json.loads(settings)["editor.inlineSuggest.enabled"] is False


def test_the_keys_of_a_hint_in_a_list_are_documented():
    (said,) = re.findall(r"^A hint has a (.*)\.$", _text("docs/assistants.md"), re.MULTILINE)
    assert re.findall(r"`(\w+)`", said) == [field.name for field in dataclasses.fields(ShownHint)]
