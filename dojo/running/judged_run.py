"""The supervisor of a judgement, a program that dojo.judging.judge starts. It runs pytest and sends one verdict.

Standard output is for the verdict alone, and the nonce comes through standard input. Processes that run a learner's
code have neither. The nonce is read after those processes have ended, so it was never in the memory of one of them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys

import pytest

from dojo.judging.lockdown import Lockdown, be_unreadable, end_all_of
from dojo.progress.data import Progress, to_json
from dojo.running.one_run import RUN
from dojo.support.processes import adopt_orphans, children, die_with_parent, end_orphans


class _Collector:
    """Takes the progress out of the run at its end."""

    progress: Progress | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        run = session.config.stash.get(RUN, None)
        self.progress = run.progress if run is not None else None


def main(arguments: list[str]) -> int:
    """Run pytest with `arguments`, which include --dojo-judged, and send the verdict; return pytest's exit status."""
    be_unreadable()
    die_with_parent()
    rules = Lockdown.from_text(arguments[arguments.index("--dojo-judged") + 1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    # No program inherits these copies. What is printed goes to standard error.
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
    # When Python ends, it restores the default handler, which would kill this process.
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.flush()
    end_orphans(before)
    if rules.user is not None:
        end_all_of(rules.user)
    progress = collector.progress
    if progress is not None and status in (0, 1):
        # If pytest and the progress disagree, a test that tests no step has failed. Then no result can be trusted.
        status = status if status == int(progress.focus is not None) else 3
        message = {"nonce": os.read(asked, 100).decode(), "status": status, "progress": to_json(progress)}
        with os.fdopen(answer, "w", encoding="utf-8") as pipe:
            json.dump(message, pipe)
    return status


def _end_with_the_judge(asked: int, user: int | None) -> None:
    """End this process when the judge closes the pipe `asked`, because then nobody waits for a verdict.

    The pipe is read once a second. die_with_parent is not enough: sudo or bubblewrap may be between the two processes.
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
