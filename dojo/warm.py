"""The warm process: it has imported what every run needs, and runs pytest as soon as it is asked.

Started by `dojo.runner` as `python -m dojo.warm ROOT fork|spawn`; it is asked in JSON lines on its standard input and
answers in JSON lines on its standard output:

    asked     {"run": 3, "arguments": ["--step", "full_of"], "log": "…"}      {"cancel": 3}
    answers   {"ready": true}     {"run": 3, "status": 1}  (negative: the signal that ended the run)

With `fork` each run is a fork of this process, which never runs a learner's code itself. With `spawn` it runs once in
this process, and ends. It ends when its standard input closes, and takes whatever a run left behind with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from dojo.curriculum import read_curriculum
from dojo.processes import adopt_orphans, end_group, end_orphans

# What the first optimizer imports: 1.5 s that no save should wait for.
_LATER = ("torch._dynamo",)


def main() -> None:
    """Warm up, say so, and serve."""
    root, way = Path(sys.argv[1]), sys.argv[2]
    os.chdir(root)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but answers may reach the one who asked.
    os.dup2(2, 1)
    gc.disable()
    for name in ("numpy", "torch", "pytest", "dojo.plugin", "dojo.expect", "pytest_timeout", "xdist.plugin"):
        importlib.import_module(name)
    sys.modules["torch"].set_num_threads(1)
    _answer(answers, {"ready": True})
    if way == "fork":
        _serve(root, answers)
    else:
        _run_once(answers)


def _serve(root: Path, answers: Any) -> None:
    """Fork for each run until nobody asks any more; in a quiet moment, warm up what is left."""
    adopt_orphans()
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda signum, frame: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    running: dict[int, int] = {}
    buffer = b""
    warm = False
    while True:
        quiet = None if warm else 0.2
        ready = select.select([0, reader], [], [], quiet)[0]
        if not ready and not running and not warm:
            _warm_up(root)
            warm = True
        if reader in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(reader, 4096)
            _bury(running, answers)
        if 0 in ready:
            chunk = os.read(0, 1 << 16)
            if not chunk:
                for pid in running:
                    end_group(pid)
                end_orphans(set(running))
                return
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                if "cancel" in asked:
                    for pid, run in running.items():
                        if run == asked["cancel"]:
                            end_group(pid)
                    continue
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    _run(asked)
                running[pid] = asked["run"]


def _warm_up(root: Path) -> None:
    """Import what only some runs need, and run pytest once on a reference answer, so that everything is there."""
    import pytest

    for name in _LATER:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    first = next(read_curriculum(root).steps(), None)
    if first is not None and (root / "solutions").is_dir():
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            pytest.main(["--step", first.id, "--against", "solutions", "-p", "no:cacheprovider"])
        # A run must read the course's files as they are then.
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(root / "tests")):
                del sys.modules[name]
    gc.enable()
    gc.collect()
    gc.freeze()


def _run_once(answers: Any) -> None:
    """Wait for the one run that this process is for. Its end is the answer."""
    threading.Thread(target=lambda: [importlib.import_module(name) for name in _LATER], daemon=True).start()
    line = sys.stdin.readline()
    if line:
        _run(json.loads(line))


def _run(asked: dict[str, Any]) -> None:
    """Run pytest in this process, its output in a file, and end."""
    status = 70
    try:
        with contextlib.suppress(OSError, AttributeError):
            os.setsid()
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, target)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        import pytest

        status = int(pytest.main(asked["arguments"]))
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _bury(running: dict[int, int], answers: Any) -> None:
    """Take note of every child that has ended, and of what the runs have left behind."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        run = running.pop(pid, None)
        if run is not None:
            end_group(pid)
            end_orphans(set(running))
            _answer(answers, {"run": run, "status": os.waitstatus_to_exitcode(status)})


def _answer(answers: Any, message: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):
        answers.write(json.dumps(message) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
