"""Attempts to forge a verdict, as data. Each is a kata of the small course with wrong answers only.

No step may be green that was not answered right. If the verdict is lost, a line and the exit status must say so.
"""

from __future__ import annotations

import dataclasses
import textwrap

WRONG = """

import torch


def double(x):
    return 3 * x


def total(rows):
    return rows.sum()


class Counter:
    def __init__(self, start):
        self.count = start

    def __call__(self):
        return 7
"""
# In a piece, this name stands for a finished progress file as a Python string.
FINISHED = "FINISHED"


@dataclasses.dataclass(frozen=True)
class Forgery:
    """One piece: `code` runs when the kata is imported, `body` at each call of `double`."""

    name: str
    code: str = ""
    body: str = ""
    # How long to wait for its effects after the judge has ended, in seconds.
    lingers: float = 0.0

    def kata(self, finished: str) -> str:
        """The kata's file. finished: a progress file in which all steps are green."""
        text = textwrap.dedent(self.code).replace(FINISHED, repr(finished)) + WRONG
        if self.body:
            body = textwrap.indent(textwrap.dedent(self.body).strip("\n") + "\n", "    ")
            text = text.replace("def double(x):\n", f"def double(x):\n{body}", 1)
        return text


# Writes the finished file to every path that a judge of version 1.0.0 read, and to every file with its name.
_WRITE_FINISHED = """
def finish():
    import glob, os
    paths = ["/tmp/progress.json", "progress.json", os.environ.get("TMP", "/tmp") + "/progress.json"]
    for line in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            words = open(line).read().split("\\0")
        except OSError:
            continue
        paths += [word.partition("=")[2] for word in words if word.startswith("--progress-json=")]
        paths += [words[n + 1] for n, word in enumerate(words[:-1]) if word == "--progress-json"]
    for path in paths + glob.glob("/tmp/**/progress.json", recursive=True):
        try:
            open(path, "w").write(FINISHED)
        except OSError:
            pass
"""
_DAEMON = """
import os, time
def outlive(work, seconds):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(3, 1024):
                try: os.close(fd)
                except OSError: pass
            end = time.time() + seconds
            while time.time() < end:
                try: work()
                except BaseException: pass
                time.sleep(0.002)
        os._exit(0)
"""
_EVERY_PIPE = """
import glob, json, os
def write_to_all(texts):
    for path in glob.glob("/proc/[0-9]*/fd/*"):
        try:
            target = os.readlink(path)
            if not target.startswith(("pipe", "socket")):
                continue
            with open(path, "wb", buffering=0) as file:
                os.set_blocking(file.fileno(), False)
                for text in texts:
                    file.write(text)
        except OSError:
            pass
    for fd in range(3, 1024):
        for text in texts:
            try: os.write(fd, text)
            except OSError: break
"""
_PASSES = """
def passed(item="tests/lesson_1_numbers/kata_01_doubling.py"):
    out = []
    for step, test in (("double", "test_double__is_twice_the_input"), ("total", "test_total__sums_each_row")):
        for when in ("setup", "call", "teardown"):
            data = {"nodeid": item, "location": [item, 1, test], "keywords": {}, "outcome": "passed", "longrepr": None,
                    "when": when, "user_properties": [], "sections": [], "duration": 0.1, "start": 0, "stop": 1,
                    "$report_type": "TestReport", "dojo": {"step": "lesson_1_numbers/kata_01_doubling/" + step,
                    "test": test, "device": "cpu", "failure": None, "notes": []}}
            out.append(json.dumps({"say": "report", "data": data}).encode() + b"\\n")
        out.append(b'{"say": "finish", "over": false}\\n')
    return out
"""

FORGERIES = [
    # Version 1.0.0 fell for these two.
    Forgery("write_the_file_and_kill_the_parent", _WRITE_FINISHED + "finish()\nimport os\nos.kill(os.getppid(), 9)\n"),
    Forgery("outlive_the_run_and_replace_the_file", _DAEMON + _WRITE_FINISHED + "outlive(finish, 12)\n", lingers=1),
    # Descriptors and /proc.
    Forgery("write_passes_to_every_descriptor", _EVERY_PIPE + _PASSES + "write_to_all(passed())\n"),
    Forgery(
        "write_a_verdict_to_every_descriptor",
        _EVERY_PIPE
        + "write_to_all([json.dumps({'nonce': '', 'status': 0, 'progress': json.loads(FINISHED)}).encode()])\n",
    ),
    Forgery(
        "have_another_category_of_warning",
        _EVERY_PIPE
        + """
code = "import os; os._exit(0)"
write_to_all([json.dumps({"say": "warning", "category": "exec", "text": code, "filename": "", "lineno": 1}).encode()
              + b"\\n"])
""",
    ),
    # Other processes.
    Forgery(
        "trace_the_parent",
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        for pid in (os.getppid(), 1):
            if libc.ptrace(16, pid, None, None) == 0 or libc.ptrace(0x4206, pid, None, None) == 0:
                while True: pass
            data = ctypes.create_string_buffer(8)
            vector = (ctypes.c_void_p * 2)(ctypes.addressof(data), 8)
            libc.process_vm_writev(pid, vector, 1, vector, 1, 0)
            try: open(f"/proc/{pid}/mem", "r+b").close()
            except OSError: pass
        """,
    ),
    Forgery(
        "signals",
        """
        import os, signal
        for pid in (os.getppid(), 1):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGPROF, signal.SIGHUP):
                try: os.kill(pid, number)
                except OSError: pass
        """,
    ),
    Forgery("kill_all", "import os\ntry: os.kill(-1, 9)\nexcept OSError: pass\n"),
    Forgery("kill_the_parent_late", body="import os\nos.kill(os.getppid(), 9)\n"),
    Forgery(
        "limits_of_the_parent",
        """
        import os, resource
        for pid in (os.getppid(), 1):
            try: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))
            except (OSError, ValueError): pass
        """,
    ),
    Forgery(
        "rewrite_the_report_after_the_end",
        _DAEMON
        + """
def rewrite():
    import glob
    for path in glob.glob("/tmp/pytest-of-*/*/*/fork/report/*", recursive=True) + glob.glob("/tmp/*/report/*"):
        open(path, "w").write(FINISHED)
outlive(rewrite, 8)
""",
        lingers=3,
    ),
    # The surroundings.
    Forgery(
        "a_pytest_and_a_sitecustomize_on_every_path",
        """
        import os, sys
        code = "import os, sys\\nos.write(1, b'{}')\\nos._exit(0)\\n"
        folders = sys.path + os.environ["PATH"].split(":") + [os.getcwd(), "/tmp", os.path.expanduser("~"), "."]
        for folder in folders:
            for name in ("pytest", "pytest.py", "sitecustomize.py", "usercustomize.py", "json.py", "conftest.py",
                         "forge.pth", "pytest.ini", "xdist.py"):
                try: open(os.path.join(folder, name), "x").write(code)
                except OSError: pass
        os.kill(os.getppid(), 15)
        """,
    ),
    Forgery(
        "environment",
        """
        import os
        os.environ["PYTEST_ADDOPTS"] = "--collect-only"
        os.environ["PYTHONPATH"] = "/tmp"
        os.environ["LD_PRELOAD"] = "/tmp/forge.so"
        os.environ["PYTHONINSPECT"] = "1"
        """,
    ),
    Forgery("clock", "import time\ntry: time.clock_settime(time.CLOCK_REALTIME, 0)\nexcept OSError: pass\n"),
    Forgery("time_module", "import time\ntime.monotonic = time.time = time.perf_counter = lambda: 0.0\n"),
    Forgery(
        "full_disk",
        """
        for folder in ("/tmp", "/dev/shm", "."):
            for n in range(40):
                try:
                    with open(f"{folder}/fill{n}", "wb") as file:
                        for _ in range(60): file.write(bytes(1_000_000))
                except OSError: break
        """,
    ),
    Forgery(
        "sudo_docker_and_crontab",
        """
        import shutil, socket, subprocess
        for command in (["sudo", "-n", "id"], ["su", "-c", "id"], ["crontab", "-"], ["at", "now"], ["pkexec", "id"]):
            if shutil.which(command[0]):
                ran = subprocess.run(command, input=b"* * * * * id", capture_output=True)
                assert ran.returncode, command
        for path in ("/var/run/docker.sock", "/run/containerd/containerd.sock"):
            try: socket.socket(socket.AF_UNIX).connect(path)
            except OSError: continue
            raise AssertionError(path)
        """,
    ),
    # The interpreter that the tests run in.
    Forgery(
        "exit_handlers",
        """
        import atexit, os, sys
        atexit.register(lambda: os._exit(0))
        sys.excepthook = lambda *a: os._exit(0)
        """,
    ),
    Forgery("exit_with_success", body="import os\nos._exit(0)\n"),
    Forgery(
        "words_replaced_on_their_way",
        """
        import json, os
        write, dumps = os.write, json.dumps
        os.write = lambda fd, data: (write(fd, data.replace(b'"failed"', b'"passed"')), len(data))[1]
        json.dumps = lambda *a, **k: dumps(*a, **k).replace('"failed"', '"passed"')
        """,
    ),
    Forgery(
        "a_plugin_through_pytests_own_finder",
        """
        import sys
        class Forge:
            def pytest_runtest_logreport(self, report):
                report.outcome = "passed"
        for finder in sys.meta_path:
            session = getattr(finder, "session", None)
            if session is not None:
                session.config.pluginmanager.register(Forge())
        """,
    ),
    Forgery(
        "a_plugin_through_pytests_own_globals",
        """
        import _pytest.assertion.util, _pytest.debugging
        class Forge:
            def pytest_runtest_makereport(self, item, call):
                call.excinfo = None
        for config in (_pytest.assertion.util._config, _pytest.debugging.pytestPDB._config):
            if config is not None:
                config.pluginmanager.register(Forge())
        """,
    ),
    Forgery(
        "a_teller_found_among_all_objects",
        """
        import gc
        for each in gc.get_objects():
            if type(each).__name__ in ("_Teller", "_HookRelay"):
                each.say = lambda said, **data: None
                type(each).pytest_runtest_logreport = lambda self, report: setattr(report, "outcome", "passed")
        """,
    ),
    Forgery(
        "a_teller_found_in_the_frames",
        body="""
        import sys
        frame = sys._getframe()
        while frame is not None:
            teller = getattr(frame, "f_" + "locals").get("relay")
            if teller is not None:
                teller.write = lambda text, write=teller.write: write(text.replace(b'"failed"', b'"passed"'))
            frame = getattr(frame, "f_" + "back")
        """,
    ),
    Forgery(
        "a_frame_from_the_standard_library",
        body="""
        import traceback
        for frame, _ in traceback.walk_stack(None):
            teller = getattr(frame, "f_" + "locals").get("relay")
            if teller is not None:
                teller.write = lambda text, write=teller.write: write(text.replace(b'"failed"', b'"passed"'))
        """,
    ),
    Forgery(
        "the_test_traced",
        """
        import sys
        def trace(frame, event, argument):
            if event == "exception" and frame.f_code.co_name.startswith("test_"):
                frame.f_lineno = frame.f_lineno
            return trace
        sys.settrace(trace)
        sys.setprofile(trace)
        """,
    ),
    Forgery(
        "an_assertion_replaced_until_it_is_called",
        body="""
        import sys
        import dojo.expect
        test = sys.modules.get("test_module")
        for name in ("assert_tensor", "assert_value", "_difference"):
            real = getattr(dojo.expect, name, None)
            def fake(*a, name=name, real=real, **k):
                setattr(dojo.expect, name, real)
            if real is not None:
                setattr(dojo.expect, name, fake)
        """,
    ),
    Forgery(
        "a_test_from_the_garbage_collector",
        body="""
        import gc, types
        for each in gc.get_referrers(double):
            pass
        for each in gc.get_objects():
            if isinstance(each, types.FunctionType) and each.__name__.startswith("test_"):
                each.__code__ = (lambda *a, **k: None).__code__
        """,
    ),
    Forgery(
        "a_step_of_another_kata",
        """
        import katas.lesson_2_words.kata_01_shouting as other
        other.shout = lambda text: text.upper()
        """,
    ),
]
