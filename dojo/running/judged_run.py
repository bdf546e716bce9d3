"""Run as a program: the supervisor of a judgement (dojo.judging.judge). It runs pytest, and sends one verdict.

Standard output is for the verdict alone, and the nonce comes through standard input; processes that run a learner's
code have neither. The nonce is read after those processes have ended, so no fork of this one has held it in memory.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from typing import Any

import pytest

from dojo.judging.lockdown import Lockdown, be_unreadable, end_all_of
from dojo.progress.data import to_json
from dojo.running.one_run import RUN
from dojo.support.processes import adopt_orphans, children, die_with_parent, end_orphans


class _Collector:
    """Takes the progress out of the run at its end."""

    def __init__(self) -> None:
        self.progress: dict[str, Any] | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        run = session.config.stash.get(RUN, None)
        if run is not None and run.progress is not None:
            self.progress = to_json(run.progress)


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments`, one of which is --dojo-judged, and send the verdict; return pytest's exit status."""
    be_unreadable()
    die_with_parent()
    rules = Lockdown.from_text(arguments[arguments.index("--dojo-judged") + 1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    # Copies that no program inherits; what is printed goes to standard error.
    asked, answer = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    _end_with_the_judge(asked, rules.user)
    adopt_orphans()
    before = children()
    collector = _Collector()
    status = int(pytest.main(arguments, plugins=[collector]))
    # Python puts the system's own handlers back when it ends.
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.flush()
    end_orphans(before)
    if rules.user is not None:
        end_all_of(rules.user)
    progress = collector.progress
    if progress is not None and status in (0, 1):
        # A test that is no step's has failed: then nothing that the run says can be relied on.
        red = progress["totals"]["red"] + progress["totals"]["broken"]
        status = status if status == int(red > 0) else 3
        message = {"nonce": os.read(asked, 100).decode(), "status": status, "progress": progress}
        with os.fdopen(answer, "w", encoding="utf-8") as pipe:
            json.dump(message, pipe)
    return status


def _end_with_the_judge(asked: int, user: int | None) -> None:
    """Look once a second whether the judge has closed the pipe that it asked through: then nobody waits any more.

    The system cannot tell, as sudo, or bubblewrap as another user, is between the two.
    """
    pipe = select.poll()
    pipe.register(asked, 0)

    def look(*_: object) -> None:
        if pipe.poll(0):
            if user is not None:
                end_all_of(user)
            os._exit(3)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
