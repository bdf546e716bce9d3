"""The sentinel sees what code in the watched folder reaches for, also if the code tries to look away from it."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Watches the folder of the file in the first argument, runs the file, and prints what was refused.
WATCHED = """
import os, runpy, sys, time
from dojo.judging import sentinel
def refuse(says):
    print(says, flush=True)
    time.sleep(0.3)
sentinel.watch(os.path.dirname(sys.argv[1]) + os.sep, refuse)
runpy.run_path(sys.argv[1])
"""
OBJECTS = "Your code searches Python's own memory."
FRAMES = "Your code looks into the test that calls it."


def _refused(code, folder):
    file = folder / "kata_01_one.py"
    file.write_text(code)
    ran = subprocess.run([sys.executable, "-c", WATCHED, str(file)], capture_output=True, text=True, check=False)
    return ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import gc\ngc.get_objects()", OBJECTS),
        ("import sys\nsys._getframe()", FRAMES),
        ("import sys\nexec('sys._getframe()')", FRAMES),
        ("import inspect\ninspect.currentframe()", FRAMES),
        ("def one(): pass\none.__code__ = (lambda: 1).__code__", "Your code traces or rewrites the code"),
        ("import ctypes\nctypes.string_at(b'a')", "Your code can change Python's memory (ctypes)."),
    ],
)
def test_what_the_code_reaches_for_is_refused_once(tmp_path, code, says):
    out, _ = _refused(f"{code}\n" * 2, tmp_path)
    assert len(out.splitlines()) == 1
    assert out.startswith(says)


def test_other_code_is_not_refused(tmp_path):
    code = "import collections, dataclasses, sys\ncollections.namedtuple('A', 'b')\nprint(sys.audit('mine', 1))\n"
    assert _refused(code, tmp_path) == ("None\n", "")


def test_the_hook_runs_no_code_of_an_object_that_it_is_given(tmp_path):
    code = """
import gc, sys
class Name:
    def __hash__(self):
        print("the code ran", len(gc.get_objects()))
        return 1
    __class__ = property(lambda self: print("the code ran"))
for event in ("object.__setattr__", "object.__getattr__"):
    sys.audit(event, None, Name())
class File(str):
    def startswith(self, *others):
        print("the code ran")
    endswith = startswith
exec(compile("import sys; sys._getframe()", File("file"), "exec"))
"""
    assert _refused(code, tmp_path)[0] == ""


def test_what_happens_while_another_thread_is_refused_is_refused_too(tmp_path):
    code = """
import gc, sys, threading, time
thread = threading.Thread(target=lambda: sys._getframe())
thread.start()
time.sleep(0.1)
gc.get_objects()
thread.join()
"""
    first, second = _refused(code, tmp_path)[0].splitlines()
    assert first.startswith(FRAMES)
    assert second.startswith(OBJECTS)
