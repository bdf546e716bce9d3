"""Headless Chromium for pages: the document after its script ran, and the lines of the console."""

from __future__ import annotations

import base64
import dataclasses
import importlib.resources
import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclasses.dataclass
class Shown:
    """A page after loading: its document, and the lines of the console."""

    document: str
    console: list[str]


class Browser:
    """Starts Chromium once for each page, with a profile in `folder`."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder

    def load(self, page: Path, *, part: str = "", options: tuple[str, ...] = ()) -> Shown:
        """Load a file. `part` is the end of its address, for example `#step-3`."""
        ran = self._run("--dump-dom", "--enable-logging=stderr", "--v=0", *options, f"{page.as_uri()}{part}")
        return Shown(ran.stdout, [line for line in ran.stderr.splitlines() if "CONSOLE" in line])

    def picture(self, page: Path, file: Path, width: int, height: int, *options: str) -> None:
        """Draw a file as a PNG."""
        self._run(f"--screenshot={file}", f"--window-size={width},{height}", *options, page.as_uri())

    def ask(self, page: Path, width: int, script: str, *, scripts: bool = True) -> dict[str, object]:
        """Return the result of `script` on the page, which is in a frame of `width` pixels.

        The script is the body of a function that has the page's window (`page`) and document (`doc`). A frame can be
        as narrow as a phone, but a window of Chromium can't.
        """
        outside = self.folder / "outside.html"
        sandbox = "" if scripts else 'sandbox="allow-same-origin"'
        outside.write_text(
            f'<!DOCTYPE html><meta charset="utf-8"><iframe id="frame" {sandbox} '
            f'style="border:0;width:{width}px;height:800px" '
            f'srcdoc="{escape(page.read_text(encoding="utf-8"))}"></iframe><pre id="answer"></pre><script>'
            "addEventListener('load', () => {const page = document.getElementById('frame').contentWindow;"
            f"const doc = page.document; const answer = (() => {{{script}}})();"
            "document.getElementById('frame').remove();"
            "document.getElementById('answer').textContent = JSON.stringify(answer)})</script>",
            encoding="utf-8",
        )
        shown = self.load(outside)
        answer = re.search(r'<pre id="answer">(.*?)</pre>', shown.document, re.DOTALL)
        assert answer, shown
        assert answer[1], shown.console
        assert not [line for line in shown.console if scripts or "Blocked script execution" not in line]
        found: dict[str, object] = json.loads(unescape(answer[1]))
        return found

    def violations(self, page: Path, *options: str) -> list[str]:
        """The rules of axe (accessibility: WCAG, and good practice) that a page breaks, each with the first element."""
        text = page.read_text(encoding="utf-8")
        axe = (
            Path(importlib.util.find_spec("axe_core_python").submodule_search_locations[0]) / "axe.min.js"
        ).read_text()
        # The policy of the page lets no script in but its own. This copy has two more.
        text = re.sub(r"<meta http-equiv=.?Content-Security-Policy.*?>", "", text)
        text = text.replace(
            "</body>",
            f"<script>{axe}</script><script>axe.run(document).then(found => {{ document.title = "
            "btoa(unescape(encodeURIComponent(JSON.stringify([found.passes.length, found.violations.map(each => "
            "`${each.id}: ${each.help}: ${each.nodes[0].html.slice(0, 200)}`)]))))})</script></body>",
        )
        copy = self.folder / "axe.html"
        copy.write_text(text, encoding="utf-8")
        shown = self.load(copy, options=("--virtual-time-budget=20000", "--window-size=1280,900", *options))
        title = re.search(r"<title>([\w+/=]*)</title>", shown.document)
        assert title, shown.console
        passed, broken = json.loads(base64.b64decode(title[1]))
        assert passed, "axe looked at nothing"
        return list(broken)

    def _run(self, *options: str) -> subprocess.CompletedProcess[str]:
        ran = subprocess.run(
            [
                # Chromium reserves more addresses than a run of pytest may.
                *("sh", "-c", 'ulimit -S -v unlimited; exec "$0" "$@"'),
                *(self.program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-dev-shm-usage", f"--user-data-dir={self.folder / 'profile'}"),
                *options,
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, (ran.returncode, ran.stderr)
        return ran


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Chromium. Without Chromium the test is skipped, or it fails if the variable NEEDS_CHROMIUM is set."""
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        assert not os.environ.get("NEEDS_CHROMIUM"), "Chromium is not installed"
        pytest.skip("did not run: Chromium is not installed")
    folder = tmp_path / "browser"
    folder.mkdir()
    return Browser(program, folder)
