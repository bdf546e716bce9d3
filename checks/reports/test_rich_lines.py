"""Styled lines that are printed without rich: the same bytes, and no import of rich."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import hypothesis
import pytest
from hypothesis import strategies
from rich.cells import cell_len
from rich.console import Console

from dojo.reports.rich_lines import print_lines, styled
from dojo.support.styled_lines import STYLES, Piece, address_line, folded, text_of

from ..small_course import ROOT

LINES = [
    [Piece(f"  {style} ", style) for style in STYLES],
    [Piece("plain, then "), Piece("日本語の長い名前" * 4, "good"), Piece(" and [bold]no markup[/bold]", "bad")],
    [Piece("chosen", "chosen")],
    [],
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize("columns", [7, 24, 25, 80])
@pytest.mark.parametrize(
    "environment", [{"TERM": "xterm-256color"}, {"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}]
)
def test_the_bytes_are_those_of_rich(monkeypatch, stream, columns, environment):
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**environment, "COLUMNS": str(columns)}.items():
        monkeypatch.setenv(name, value)
    expected, printed = stream(), stream()
    console = Console(file=expected, highlight=False)
    for line in folded(LINES, console.width) if expected.isatty() else LINES:
        console.print(styled(line), soft_wrap=True)
    monkeypatch.setattr(sys, "stdout", printed)
    print_lines(LINES)
    assert printed.getvalue() == expected.getvalue()


def test_an_address_is_clickable_in_a_terminal_and_never_cut(monkeypatch):
    address = "https://docs.pytorch.org/docs/stable/generated/torch.full.html"
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setenv("TERM", "xterm-256color")
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stdout", stream)
        print_lines([address_line(address, "  ")])
        assert f"{address}" in stream.getvalue()
        assert (f"\x1b]8;;{address}\x1b\\" in stream.getvalue()) == stream.isatty()
    wide = io.StringIO()
    Console(file=wide, force_terminal=True, width=90).print(styled(address_line(address)))
    assert re.search(rf"\x1b\]8;id=\d+;{re.escape(address)}\x1b", wide.getvalue())


def test_a_line_that_is_too_wide_goes_on_in_the_next_ones():
    address = "https://docs.pytorch.org/docs/stable/generated/torch.full.html"
    line = [Piece("  ✗ ", "bad"), Piece("a hint that is longer"), Piece(" than its"), Piece(" line", "dim")]
    lines = folded([line, address_line(address), []], 20)
    assert list(map(text_of, lines)) == ["  ✗ a hint that is ", "    longer than its ", "    line", address, ""]
    assert lines[0][0].style == "bad"
    assert lines[2][1].style == "dim"
    broken = folded([address_line(address)], 24, breaks_words=True)
    assert max(len(text_of(line)) for line in broken) <= 24
    assert "".join(text_of(line).strip() for line in broken) == address
    assert all(line[-1].link == address for line in broken)


@hypothesis.given(
    strategies.lists(strategies.tuples(strategies.text("ab 語", max_size=30), strategies.sampled_from(list(STYLES)))),
    strategies.integers(8, 40),
)
def test_folding_loses_nothing_and_keeps_the_width(parts, width):
    line = [Piece(text, style) for text, style in parts]
    lines = folded([line], width, breaks_words=True)
    assert "".join(text_of(lines_) for lines_ in lines).replace(" ", "") == text_of(line).replace(" ", "")
    assert all(cell_len(text_of(each).rstrip()) <= width for each in lines)


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        # Spaces that come in two pieces, after a word that is as wide as a line may be.
        (["  語", "aaaa ", " aa語"], ["  語aaaa ", "    aa語"]),
        # An indent that is wider than the line.
        ([" " * 30, "abc"], ["    abc"]),
    ],
)
def test_spaces_make_no_line_too_wide(parts, lines):
    found = [text_of(each).rstrip() for each in folded([[Piece(text) for text in parts]], 8, breaks_words=True)]
    assert found == [each.rstrip() for each in lines]


def test_the_list_imports_neither_rich_nor_what_judges():
    code = "import sys; from dojo.cli import main; main(['list']); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Lesson 1" in ran.stdout
    slow = {"torch", "rich.console", "importlib.metadata", "dojo.failures.failure", "dojo.progress.results"}
    assert not slow & set(ran.stderr.split())
