"""A command that a cell runs ends, whatever it does, and what it printed is shown in color or as text."""

from __future__ import annotations

import re
import time

import pytest

from dojo.notebook import child
from dojo.support.errors import DojoError


def _python(code: str) -> list[str]:
    return ["timeit", "-n1", "-r1", code]


def test_a_command_that_takes_too_long_is_ended(tmp_path):
    marker = tmp_path / "alive"
    code = f"import time, pathlib\nwhile True: pathlib.Path({str(marker)!r}).touch(); time.sleep(0.05)"
    with pytest.raises(DojoError, match=re.escape("This took longer than 0.7 s, so it was ended.")):
        child.run(tmp_path, _python(code), 0.7)
    assert marker.exists()
    marker.unlink()
    time.sleep(0.2)
    assert not marker.exists()


def test_a_process_that_outlives_the_command_is_not_waited_for(tmp_path):
    began = time.monotonic()
    ran = child.run(tmp_path, _python("import subprocess; subprocess.Popen(['sleep', '20']); print('é')"), 15.0)
    assert ran.printed.startswith("é\n")
    assert ran.status == 0
    assert time.monotonic() - began < 15


def test_what_was_printed_is_shown_in_color_and_as_text(monkeypatch):
    shown = []
    monkeypatch.setattr(child, "display", lambda bundle, raw: shown.append(bundle))
    child.show("dojo: \x1b[31mred\x1b[0m <b> & dojo hint\nhttps://docs.pytorch.org/x.html")
    (bundle,) = shown
    assert bundle["text/plain"] == "red <b> & %hint\nhttps://docs.pytorch.org/x.html"
    assert re.search(r'<span style="color: #d64040[^"]*">red</span> &lt;b&gt; &amp; %hint\n', bundle["text/html"])
    assert '<a href="https://docs.pytorch.org/x.html"' in bundle["text/html"]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("To compare: \x1b[36mdojo diff double\x1b[0m", "To compare: \x1b[36m%diff double\x1b[0m"),
        ("To undo this: dojo restore 2026_again", "To undo this: %dojo restore 2026_again"),
        ("\x1b[31mdojo: no such step. dojo list shows all names.", "\x1b[31mno such step. %dojo list shows all names."),
        ("dojo graph: no step", "%graph: no step"),
        (
            "python -m dojo list, pytorch-dojo list, %dojo list, a dojo",
            "python -m dojo list, pytorch-dojo list, %dojo list, a dojo",
        ),
        (
            "In a terminal, this command stops there: dojo run double",
            "In a terminal, this command stops there: dojo run double",
        ),
    ],
)
def test_commands_are_shown_as_magics(printed, shown):
    assert child.as_magics(printed) == shown
