"""Hostile learner code, as data: what a learner may write, and what must come of it.

A piece stands in the place of `double` in the small course (all else is solved), or is a whole kata file. `kind` is the
kind of failure that the step must have (dojo/course/failure_kinds.py), or "green" where the answer is right and what else the
code does must only be put back; `says` must be in what is said of it. In a whole file every step is red.
"""

from __future__ import annotations

import dataclasses

from ..small_course import SOLVED as SMALL

# The kata of the small course: the text before and after the step that is replaced.
HEAD = SMALL.partition("def double")[0]
REST = SMALL.partition("    return 2 * x\n")[2]
SOLVED = HEAD + "def double(x):\n    return 2 * x\n" + REST


@dataclasses.dataclass(frozen=True)
class Piece:
    """One piece: `body` is the body of `double`, or `file` is the whole file. slow: it needs seconds or much memory."""

    name: str
    kind: str
    says: str = ""
    body: str = ""
    file: str | bytes = ""
    slow: bool = False
    # For a whole file: whether its other steps are judged as usual.
    others_green: bool = True

    @property
    def quick(self) -> bool:
        """Whether a verdict on it is quick."""
        return not self.slow and self.kind != "timeout"

    @property
    def text(self) -> str | bytes:
        if self.file:
            return self.file
        lines = "".join(f"    {line}\n" for line in self.body.splitlines())
        return HEAD + f"def double(x):\n{lines}" + REST


# The kind and the words that dojo.judging requires of a piece instead. There, the solutions and the learner's files are
# hidden, and code that traces is refused.
IN_THE_JUDGE = {
    "delete_a_solution": ("green", ""),
    "delete_the_cache": ("error", "Read-only file system"),
    "trace": ("cheating", "traces or rewrites the code that judges it"),
    "import_the_solution": ("error", "ModuleNotFoundError"),
    "importlib_the_solution": ("error", "ModuleNotFoundError"),
    "import_quietly": ("error", ""),
    # It reaches its time limit or the limit on its output, whichever comes first.
    "prints_without_end": ("", ""),
    "solution_at_import": ("broken", ""),
}


def _whole(name: str, kind: str, says: str, file: str | bytes, **more: object) -> Piece:
    return Piece(name, kind, says, file=file, others_green=False, **more)  # type: ignore[arg-type]


def _ahead(code: str) -> str:
    return HEAD + code + "\n\n\ndef double(x):\n    return 2 * x\n" + REST


RUNNING = "It was still running after"
ENDS = "Your code ends Python itself"
ERROR = "Your code raises an error"
BROKEN = "broken"

LOOPS = [
    Piece("loop", "timeout", RUNNING, "while True:\n    y = x"),
    Piece(
        "loop_that_swallows", "timeout", RUNNING, "while True:\n    try:\n        x.sum()\n    except Exception: pass"
    ),
    Piece(
        "loop_that_swallows_all",
        "timeout",
        RUNNING,
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    ),
    Piece("loop_in_operators", "timeout", RUNNING, "y = torch.ones(300, 300)\nwhile True:\n    y = y @ y"),
    Piece(
        "loop_in_one_operator",
        "timeout",
        RUNNING,
        "return torch.ones(4000, 4000).matrix_power(2**60)",
    ),
    Piece("sleep", "timeout", RUNNING, "import time\ntime.sleep(1000)"),
    Piece("sleep_in_c", "timeout", RUNNING, "import ctypes\nctypes.PyDLL(None).sleep(60)"),
    Piece(
        "loop_without_alarm",
        "timeout",
        RUNNING,
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: pass",
    ),
    Piece(
        "loop_in_generator",
        "timeout",
        RUNNING,
        "def numbers():\n    while True: yield 1\nreturn torch.tensor(sum(numbers()))",
    ),
    Piece(
        "loop_in_del",
        "timeout",
        RUNNING,
        "class Left:\n    def __del__(self):\n        while True: pass\nleft = Left()\ndel left\nreturn 2 * x",
    ),
    Piece(
        "loop_in_repr",
        "type",
        "It must be a tensor",
        "class Odd:\n    def __repr__(self):\n        while True: pass\nreturn Odd()",
    ),
    Piece(
        "loop_in_a_thread",
        "green",
        "running. End each thread",
        "import threading\ndef turn():\n    while True: pass\nthreading.Thread(target=turn, daemon=True).start()\nreturn 2 * x",
    ),
    Piece(
        "thread_that_is_waited_for",
        "timeout",
        RUNNING,
        "import threading\ndef turn():\n    while True: pass\nt = threading.Thread(target=turn)\nt.start()\nt.join()",
    ),
    Piece("deadlock", "timeout", RUNNING, "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    _whole("loop_at_import", BROKEN, "The file was still running", _ahead("while True: pass")),
]

ENDINGS = [
    Piece("sys_exit", "error", "SystemExit", "import sys\nsys.exit(0)"),
    Piece("quit", "error", "SystemExit", "quit()"),
    Piece("os_exit", "crash", f"{ENDS} (exit status 0)", "import os\nos._exit(0)"),
    Piece("keyboard_interrupt", "error", "KeyboardInterrupt", "raise KeyboardInterrupt"),
    Piece("generator_exit", "error", "GeneratorExit", "raise GeneratorExit"),
    Piece("segfault", "crash", "SIGSEGV", "import ctypes\nctypes.string_at(0)"),
    Piece("abort", "crash", "SIGABRT", "import os\nos.abort()"),
    Piece("kill", "crash", "The system killed your code", "import os\nos.kill(os.getpid(), 9)"),
    Piece(
        "kill_the_group",
        "crash",
        "",
        "import os, signal\nos.killpg(os.getpgrp(), signal.SIGTERM)\nimport time\ntime.sleep(1)",
    ),
    Piece("recursion", "error", "RecursionError", "return double(x) + 1"),
    Piece(
        "stack_overflow",
        "crash",
        "",
        "import sys\nsys.setrecursionlimit(10**8)\ndef deep(n): return [*map(deep, [n])]\ndeep(1)",
    ),
    Piece("pytest_exit", "error", "Exit", "import pytest\npytest.exit('enough')"),
    Piece("pytest_skip", "error", "Skipped", "import pytest\npytest.skip('not today')"),
    Piece("pytest_xfail", "error", "XFailed", "import pytest\npytest.xfail('as expected')"),
    Piece("unittest_skip", "error", "SkipTest", "import unittest\nraise unittest.SkipTest('no')"),
    _whole("exit_at_import", BROKEN, "ends Python when it is imported", _ahead("raise SystemExit")),
    _whole(
        "exit_at_the_end_of_the_file", BROKEN, "ends Python when it is imported", SOLVED + "\n\nraise SystemExit(0)\n"
    ),
    _whole("os_exit_at_import", "crash", ENDS, _ahead("import os\nos._exit(0)")),
    _whole("error_at_the_end_of_the_file", BROKEN, "ZeroDivisionError", SOLVED + "\n\n1 / 0\n"),
]

RESOURCES = [
    Piece("memory_in_torch", "error", "allocate", "return torch.ones(10**13)"),
    Piece("memory_30_gb", "error", "", "return bytearray(30 * 2**30)"),
    Piece("memory_that_grows", "error", "", "kept = []\nwhile True:\n    kept.append(torch.empty(10**9))"),
    Piece(
        "threads",
        "",
        "",
        "import threading\nwait = threading.Event()\nfor n in range(10_000):\n    threading.Thread(target=wait.wait, daemon=True).start()\nraise RuntimeError('10000 threads')",
        slow=True,
    ),
    Piece(
        "process_left",
        "green",
        "",
        "import subprocess\nsubprocess.Popen(['sleep', '4711'], start_new_session=True)\nreturn 2 * x",
    ),
    Piece("fork_that_comes_back", "green", "", "import os\nif os.fork() == 0: return x\nreturn 2 * x"),
    Piece("prints", "", "", "for _ in range(100): print('x' * 1_000_000)\nreturn x", slow=True),
    Piece("prints_without_end", "timeout", RUNNING, "while True: print('again' * 20)"),
]

STREAMS = [
    Piece("close_stdout", "", "", "import sys\nsys.stdout.close()\nreturn 3 * x"),
    Piece("close_descriptors", "value", "", "import os\nos.close(1)\nos.close(2)\nreturn x"),
    Piece("close_all_descriptors", "crash", "", "import os\nos.closerange(0, 2000)\nreturn 2 * x"),
    Piece(
        "write_everywhere",
        "crash",
        "breaks the test process",
        "import os\nfor n in range(3, 1000):\n    try: os.write(n, b'{\"say\": 1\\n')\n    except OSError: pass\nreturn 2 * x",
    ),
    Piece(
        "redirect_stdout",
        "green",
        "",
        "import io, sys\nsys.stdout = io.StringIO()\nprint('gone')\nreturn 2 * x",
    ),
    Piece("no_stderr", "green", "", "import sys\nsys.stderr = None\nreturn 2 * x"),
    Piece("escapes", "value", "", "print('\\x1b[2J\\x1b]0;owned\\x07\\x1b[?1049h')\nreturn x"),
    Piece("escapes_in_an_error", "error", "ValueError", "raise ValueError('\\x1b[2Jowned\\x1b[31m')"),
    Piece("input", "error", "nobody can type while tests run", "input('x? ')"),
    Piece("terminal", "value", "", "try: open('/dev/tty', 'w').write('\\x1b[2J')\nexcept OSError: pass\nreturn x"),
]

FILES = [
    Piece("chdir", "green", "changed the current folder", "import os\nos.chdir('/')\nreturn 2 * x"),
    Piece(
        "folder_is_gone",
        "green",
        "changed the current folder",
        "import os, tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)\nreturn 2 * x",
    ),
    Piece("delete_the_tests", "cheating", "Nothing was changed", "import shutil\nshutil.rmtree('tests')\nreturn 2 * x"),
    Piece(
        "delete_a_solution",
        "cheating",
        "Nothing was changed",
        "from pathlib import Path\nfor p in Path('solutions').rglob('*.py'): p.unlink()\nreturn 2 * x",
    ),
    Piece(
        "delete_the_cache",
        "cheating",
        "Nothing was changed",
        "import os\nos.makedirs('.dojo', exist_ok=True)\nos.rename('.dojo', '.gone')\nreturn 2 * x",
    ),
    Piece(
        "overwrite_the_test",
        "cheating",
        "Nothing was changed",
        "open('tests/lesson_1_numbers/kata_01_doubling.py', 'w').write('')\nreturn 2 * x",
    ),
    Piece(
        "overwrite_itself", "error", "The code of a kata must not change", "open(__file__, 'w').write('')\nreturn 2 * x"
    ),
    Piece(
        "write_to_tmp",
        "green",
        "",
        "import tempfile\nwith tempfile.TemporaryFile('w+') as f: f.write('fine')\nreturn 2 * x",
    ),
]

PATCHES = [
    Piece(
        f"patch_{target.replace('.', '_')}",
        "cheating",
        f"replaces {target.removeprefix('builtins.')}",
        f"import {target.partition('.')[0]}\nimport numpy.testing, torch.testing, dojo.expect, dojo.plugin\n{target} = lambda *a, **k: True\nreturn x",
    )
    for target in (
        "torch.allclose",
        "torch.equal",
        "torch.testing.assert_close",
        "torch.Tensor.equal",
        "torch.Tensor.__eq__",
        "torch.tensor",
        "numpy.isclose",
        "numpy.array_equal",
        "numpy.count_nonzero",
        "pytest.raises",
        "time.monotonic",
        "time.perf_counter",
        "builtins.isinstance",
        "builtins.len",
        "builtins.all",
        "math.isclose",
        "dojo.expect.assert_tensor",
        "dojo.expect._difference",
        "dojo.plugin.explain",
        "os.getcwd",
        "json.dumps",
    )
] + [
    Piece("delete_a_name", "cheating", "replaces torch.allclose", "del torch.allclose\nreturn 2 * x"),
    _whole("patch_at_import", "cheating", "replaces torch.equal", _ahead("torch.equal = lambda *a: True")),
]

SETTINGS = [
    Piece(name, "green", says, f"y = 2 * x\n{code}\nreturn y")
    for name, says, code in (
        ("threads_of_torch", "the number of threads", "torch.set_num_threads(3)"),
        ("grad_mode", "grad mode", "torch.set_grad_enabled(False)"),
        ("matmul_precision", "matmul precision", "torch.set_float32_matmul_precision('medium')"),
        ("deterministic", "deterministic algorithms", "torch._C._set_deterministic_algorithms(True)"),
        ("anomaly", "anomaly detection", "torch.autograd.set_detect_anomaly(True)"),
        ("rng", "", "import random, numpy\ntorch.manual_seed(1)\nnumpy.random.seed(1)\nrandom.seed(1)"),
        ("warning_filters", "", "import warnings\nwarnings.simplefilter('error')"),
        ("environment", "the environment (DOJO_ODD)", "import os\nos.environ['DOJO_ODD'] = '1'"),
        ("environment_gone", "the environment", "import os\nos.environ.clear()"),
        ("sys_path", "sys.path", "import sys\nsys.path[:] = []"),
        ("sys_modules", "sys.modules", "import sys\nsys.modules.pop('json', None)"),
        ("signal_handler", "SIGTERM", "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)"),
        ("recursion_limit", "recursion limit", "import sys\nsys.setrecursionlimit(2500)"),
        ("trace", "trace", "import sys\nsys.settrace(lambda *a: None)"),
        ("garbage_collector", "", "import gc\ngc.disable()"),
    )
]

_EQUAL = "class Same:\n    def __eq__(self, other): return True\n    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self\nreturn Same()"
_SEEN_BY_THE_TEST = [
    # The test makes tensors after the call, with the changed setting.
    Piece("default_dtype", "dtype", "", "y = 2 * x\ntorch.set_default_dtype(torch.float64)\nreturn y"),
    Piece("default_device", "", "", "y = 2 * x\ntorch.set_default_device('meta')\nreturn y"),
    Piece("numpy_is_gone", "error", "", "import sys\nsys.modules['numpy'] = None\nimport numpy"),
]
ANSWERS = [
    Piece("equal_to_everything", "cheating", "says that it equals everything", _EQUAL),
    Piece("any", "cheating", "says that it equals everything", "from unittest.mock import ANY\nreturn ANY"),
    Piece(
        "hostile_eq",
        "type",
        "It must be a tensor",
        "class Odd:\n    def __eq__(self, other): raise KeyError('eq')\nreturn Odd()",
    ),
    Piece(
        "hostile_repr",
        "type",
        "It must be a tensor",
        "class Odd:\n    def __repr__(self): raise KeyboardInterrupt\nreturn Odd()",
    ),
    Piece(
        "hostile_array",
        "type",
        "It must be a tensor",
        "class Odd:\n    def __array__(self, *a, **k): raise SystemExit\nreturn Odd()",
    ),
    Piece(
        "hostile_class",
        "type",
        "",
        "class Odd:\n    @property\n    def __class__(self): return torch.Tensor\nreturn Odd()",
    ),
    Piece(
        "hostile_getattr",
        "error",
        "",
        "class Odd:\n    def __getattribute__(self, name): raise SystemExit\nreturn Odd()",
    ),
    Piece(
        "hostile_torch_function",
        "type",
        "must be an ordinary tensor",
        "class Yes(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, func, types, args=(), kwargs=None):\n        return True if func.__name__ in ('equal', 'allclose') else super().__torch_function__(func, types, args, kwargs or {})\nreturn x.as_subclass(Yes)",
    ),
    Piece(
        "tensor_subclass",
        "type",
        "must be an ordinary tensor",
        "class Mine(torch.Tensor): pass\nreturn (2 * x).as_subclass(Mine)",
    ),
    Piece(
        "subclass_in_torchs_name",
        "type",
        "must be an ordinary tensor",
        "class Mine(torch.Tensor):\n    __module__ = 'torch'\n    shape = (2,)\nreturn x.as_subclass(Mine)",
    ),
    Piece("nan", "value", "", "return x * float('nan')"),
    Piece("infinite", "value", "", "return x / 0"),
    Piece("empty", "shape", "", "return x[:0]"),
    Piece("huge", "shape", "", "return x[0].expand(10**6, 10**6)"),
    Piece("sparse", "type", "sparse", "return (2 * x).to_sparse()"),
    Piece("meta", "device", "meta", "return (2 * x).to('meta')"),
    Piece("a_gradient_too_many", "green", "", "return (2 * x).requires_grad_()"),
    Piece("none", "type", "is None", "2 * x"),
    Piece(
        "lazily_failing",
        "type",
        "It must be a tensor",
        "class Later:\n    def __getattr__(self, name): raise RuntimeError('later')\nreturn Later()",
    ),
    Piece(
        "error_with_hostile_str",
        "error",
        ERROR,
        "class Bad(Exception):\n    def __str__(self): raise SystemExit\nraise Bad",
    ),
    Piece("mutates_its_input", "mutated", "You changed the values of the argument", "x *= 2\nreturn x"),
    Piece("remembers", "", "", "global seen\ntry: return seen\nexcept NameError: seen = 2 * x\nreturn seen"),
    Piece("hard_coded", "", "", "return torch.tensor([2.0, 5.0])"),
    Piece("generator", "type", "a generator", "yield 2 * x"),
]

CHEATS = [
    Piece(
        "import_the_solution",
        "cheating",
        "Your code reads solutions/",
        "from solutions.lesson_1_numbers import kata_01_doubling as k\nreturn k.double(x)",
    ),
    Piece(
        "importlib_the_solution",
        "cheating",
        "Your code reads solutions/",
        "import importlib\nreturn importlib.import_module('solutions.lesson_1_numbers.kata_01_doubling').double(x)",
    ),
    Piece(
        "import_quietly",
        "cheating",
        "Your code reads solutions/",
        "try:\n    from solutions.lesson_1_numbers.kata_01_doubling import double as d\nexcept BaseException: pass\nreturn d(x)",
    ),
    Piece(
        "open_the_solution",
        "cheating",
        "Your code reads solutions/",
        "code = open('solutions/lesson_1_numbers/kata_01_doubling.py').read()\nnames = {}\nexec(code, names)\nreturn names['double'](x)",
    ),
    Piece(
        "pathlib_the_solution",
        "cheating",
        "Your code reads solutions/",
        "from pathlib import Path\nPath('solutions/lesson_1_numbers/kata_01_doubling.py').read_text()\nreturn 2 * x",
    ),
    Piece(
        "read_the_test",
        "cheating",
        "Your code reads tests/",
        "open('tests/lesson_1_numbers/kata_01_doubling.py').read()\nreturn 2 * x",
    ),
    Piece(
        "import_the_test",
        "cheating",
        "Your code reads tests/",
        "import tests.lesson_1_numbers.kata_01_doubling\nreturn 2 * x",
    ),
    Piece(
        "read_the_mistakes",
        "cheating",
        "Your code reads mistakes/",
        "open('mistakes/lesson_1_numbers/kata_01_doubling.py').read()\nreturn 2 * x",
    ),
    Piece(
        "getframe",
        "cheating",
        "looks into the test",
        "import sys\nsys._getframe(1).f_locals.get('expected')\nreturn 2 * x",
    ),
    Piece(
        "inspect_stack",
        "cheating",
        "looks into the test",
        "import inspect\n[f.frame.f_locals for f in inspect.stack()]\nreturn 2 * x",
    ),
    Piece(
        "currentframe",
        "cheating",
        "looks into the test",
        "import inspect\ninspect.currentframe().f_back.f_locals\nreturn 2 * x",
    ),
    Piece(
        "traceback_frame",
        "cheating",
        "looks into the test",
        "try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame.f_back.f_locals\nreturn 2 * x",
    ),
    _whole(
        "solution_at_import",
        "cheating",
        "Your code reads solutions/",
        HEAD + "from solutions.lesson_1_numbers.kata_01_doubling import *\n",
    ),
]

HONEST = [
    Piece(
        "reads_its_own_source",
        "green",
        "",
        "import inspect\ninspect.getsource(double)\ninspect.signature(double)\nreturn 2 * x",
    ),
    Piece(
        "prints_the_stack",
        "green",
        "",
        "import traceback, logging\ntraceback.print_stack()\nlogging.warning('here')\nreturn 2 * x",
    ),
    Piece(
        "named_tuple_and_enum",
        "green",
        "",
        "import collections, enum\ncollections.namedtuple('P', 'a b')\nenum.Enum('E', 'a b')\nreturn 2 * x",
    ),
    Piece(
        "saves_and_loads",
        "green",
        "",
        "import tempfile, os\nwith tempfile.TemporaryDirectory() as d:\n    torch.save(x, os.path.join(d, 'x.pt'))\n    y = torch.load(os.path.join(d, 'x.pt'))\nreturn 2 * y",
    ),
    Piece("prints_a_little", "green", "", "print(x)\nreturn 2 * x"),
]

TEXTS = [
    Piece(
        "defined_twice",
        "green",
        "",
        file=SOLVED.replace("def double(x):", "def double(x):\n    return x\n\n\ndef double(x):", 1),
    ),
    Piece("async_function", "type", "", file=SOLVED.replace("def double", "async def double", 1)),
    Piece("renamed", "missing", "There is no double", file=SOLVED.replace("def double", "def duoble", 1)),
    _whole(
        "import_cycle",
        "green",
        "",
        HEAD
        + "from katas.lesson_1_numbers import kata_01_doubling as own\n\n\ndef double(x):\n    return 2 * x\n"
        + REST,
    ),
    _whole("bom", "green", "", b"\xef\xbb\xbf" + SOLVED.encode()),
    _whole("crlf", "green", "", SOLVED.replace("\n", "\r\n").encode()),
    _whole("null_bytes", BROKEN, "Python can't read this file", SOLVED.encode() + b"\x00\x00"),
    _whole("latin_1", BROKEN, "is not UTF-8", SOLVED.encode() + b"# caf\xe9\n"),
    _whole("five_megabytes", "green", "", SOLVED + "# x\n" * 1_250_000, slow=True),
    _whole("deep_expression", BROKEN, "", SOLVED + "x = " + "(" * 5000 + ")" * 5000 + "\n"),
    _whole("empty_file", "missing", "The file is empty", b"\n"),
    _whole("syntax_error", BROKEN, "Python can't read this file", HEAD + "def double(x:\n"),
]

PIECES = [
    *LOOPS,
    *ENDINGS,
    *RESOURCES,
    *STREAMS,
    *FILES,
    *PATCHES,
    *SETTINGS,
    *_SEEN_BY_THE_TEST,
    *ANSWERS,
    *CHEATS,
    *HONEST,
    *TEXTS,
]
