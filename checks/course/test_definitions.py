"""Reading a file's definitions, and the definition of an unwritten step."""

from __future__ import annotations

import codecs
import warnings

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.course.definitions import (
    bound_by,
    end_of_head,
    is_unwritten,
    names_in,
    read_definitions,
    read_editable,
    read_source,
)
from dojo.course.stubs import unwritten_steps
from dojo.support.files import read_text

from ..small_course import DOUBLING, SOLVED, SmallCourse

STUB = '''\
"""Doubling."""

import torch


# A comment of the course.
def double(x):
    """Return twice x."""
    raise NotImplementedError


class Counter:
    """Counts."""

    def __init__(self, start):
        """Begin."""
        raise NotImplementedError

    def __call__(self):
        raise NotImplementedError
'''

# A repair step gives broken code.
BROKEN = "def double(x):\n    y = x * 3\n    return y\n"


def _unwritten(own: str, name: str = "double", given: str | None = STUB) -> bool:
    source = read_source(own)
    assert source is not None
    return is_unwritten(name, source, read_source(given) if given else None)


@pytest.mark.parametrize("given", [STUB, None], ids=["given", "usual"])
@pytest.mark.parametrize("name", ["double", "Counter"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("\n", "\r\n"),
        ('    """Return twice x."""\n', ""),
        ("Return twice x.", "My own notes: raise NotImplementedError, return 2 * x"),
        ('        """Begin."""\n', '        # from start\n        """Anything."""\n'),
        ("# A comment of the course.\n", "# double = 2\n"),
        ("raise NotImplementedError", "raise NotImplementedError  # later"),
        ("raise NotImplementedError\n", "raise NotImplementedError\n    # return 2 * x\n"),
    ],
)
def test_docstrings_comments_and_line_ends_do_not_count(before, after, name, given):
    assert _unwritten(STUB.replace(before, after), name, given)


@pytest.mark.parametrize("name", ["double", "Counter"])
@pytest.mark.parametrize(
    "addition",
    [
        "def helper(x):\n    double = 2 * x\n    return double",
        "class Other:\n    def double(self):\n        return 2\n\n    Counter = 3",
        "if __name__ == '__main__':\n    print(double(1), Counter(1))",
        "def modes(model):\n    model.eval()\n    return vars(model), model.modules()",
    ],
)
def test_code_that_does_not_bind_the_name_does_not_count(addition, name):
    assert _unwritten(STUB + "\n\n" + addition + "\n", name)


@pytest.mark.parametrize("given", [STUB, None], ids=["given", "usual"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("raise NotImplementedError", "return 2 * x"),
        ("raise NotImplementedError", "pass"),
        ("raise NotImplementedError", "raise NotImplementedError()"),
        ("raise NotImplementedError", "raise NotImplementedError('later')"),
        ("raise NotImplementedError", "x = 2 * x\n    raise NotImplementedError"),
        ("raise NotImplementedError", "def inner():\n        raise NotImplementedError\n    return inner"),
        ("def double", "async def double"),
        ("def double", "@torch.no_grad()\ndef double"),
        ("def double", "@answer\ndef double"),
        ("def double", "def duoble"),
        ("def double(x):\n", "if True: pass\nelse:\n  def double(x):\n"),
        ("def double(x):\n", "for double in [double]:\n"),
    ],
)
def test_a_step_whose_code_differs_is_written(before, after, given):
    assert not _unwritten(STUB.replace(before, after, 1), given=given)


def test_a_step_whose_arguments_differ_is_written():
    assert not _unwritten(STUB.replace("def double(x)", "def double(x, y=2)"))


@pytest.mark.parametrize("given", [STUB, None], ids=["given", "usual"])
@pytest.mark.parametrize(
    "addition",
    [
        "def double(x):\n    return 2 * x",
        "def double(x):\n    raise NotImplementedError",
        "if True:\n    def double(x):\n        return 2 * x",
        "class double:\n    pass",
        "double = lambda x: 2 * x",
        "other, double = 1, torch.add",
        "double += 1",
        "double: int = 1",
        "print(double := 2)",
        "for double in range(3):\n    pass",
        "with open('x') as double:\n    pass",
        "try:\n    pass\nexcept OSError as double:\n    pass",
        "match 1:\n    case double:\n        pass",
        "match {}:\n    case {**double}:\n        pass",
        "del double",
        "import double",
        "from mine import two as double",
        "from mine import *",
        "def write():\n    def inner():\n        global double\n        double = 1\n    inner()",
        "class Other:\n    global double\n    double = 1",
        "def write(x=(double := 1)):\n    pass",
        "globals()['double'] = 1",
        "vars().update(double=1)",
        "exec('double = 1')",
        "import sys\n\nsys.modules[__name__].double = 1",
    ],
)
def test_a_step_whose_name_may_be_bound_again_is_written(addition, given):
    assert not _unwritten(STUB + "\n\n" + addition + "\n", given=given)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self, start", "self, begin"),
        ("class Counter:", "class Counter(list):"),
        ("    def __call__", "    def _helper(self):\n        return 1\n\n    def __call__"),
        ("    def __call__", "    count = 0\n\n    def __call__"),
        ('        """Begin."""\n        raise NotImplementedError', "        self.count = start"),
    ],
)
def test_a_class_with_anything_of_the_learner_is_written(before, after):
    assert not _unwritten(STUB.replace(before, after, 1), "Counter")


def test_a_class_without_one_of_the_given_methods_is_written():
    assert not _unwritten(STUB[: STUB.index("    def __call__")], "Counter")


def test_a_repair_step_is_unwritten_as_long_as_it_has_the_given_code():
    assert _unwritten(BROKEN, given=BROKEN)
    assert _unwritten(BROKEN.replace("    y", '    """My docstring."""\n    # why 3?\n    y'), given=BROKEN)
    assert not _unwritten(BROKEN.replace("3", "2"), given=BROKEN)
    assert not _unwritten(STUB, given=BROKEN)
    assert not _unwritten(BROKEN, given=None)


def test_a_step_that_the_given_source_lacks_is_compared_with_the_usual_stub():
    assert _unwritten(STUB, given="import torch\n")
    assert not _unwritten(STUB.replace("raise NotImplementedError", "return 2 * x", 1), given="import torch\n")


def _steps(course: SmallCourse) -> frozenset[str]:
    return unwritten_steps(course.root, read_curriculum(course.root).lessons[0].katas[0])


def test_unwritten_steps_of_a_kata(course):
    assert _steps(course) == {"double", "total", "Counter"}
    course.solve(total="raise NotImplementedError")
    assert _steps(course) == {"total"}
    course.write(course.kata, codecs.BOM_UTF8 + DOUBLING.replace("\n", "\r\n").encode())
    assert _steps(course) == {"double", "total", "Counter"}
    course.write(course.kata, DOUBLING.encode() + b"# caf\xe9\n")
    assert _steps(course) == {"double", "total", "Counter"}
    course.write(course.kata, SOLVED)
    assert _steps(course) == frozenset()


@pytest.mark.parametrize("text", [DOUBLING + "\ndef x(:\n", DOUBLING + "\0", "(" * 5000])
def test_no_step_of_a_file_that_does_not_parse_is_unwritten(course, text):
    course.write(course.kata, text)
    assert _steps(course) == frozenset()


def test_no_step_of_a_missing_file_is_unwritten_and_solutions_may_be_missing(course):
    solution = course.root / "solutions" / f"{course.kata.removeprefix('katas/')}"
    for text in ("def double(:\n", b"\xff\xfe"):
        course.write(solution.relative_to(course.root).as_posix(), text)
        assert _steps(course) == {"double", "total", "Counter"}
    solution.unlink()
    assert _steps(course) == {"double", "total", "Counter"}
    (course.root / course.kata).unlink()
    assert _steps(course) == frozenset()


def test_unwritten_steps_are_found_and_nothing_is_run(course, tmp_path):
    course.write(course.kata, f"open({str(tmp_path / 'ran')!r}, 'w')\n" + DOUBLING)
    assert _steps(course) == {"double", "total", "Counter"}
    assert not (tmp_path / "ran").exists()


def test_a_definition_knows_its_lines_its_comments_and_its_code():
    source = read_source(
        "\n# Not this.\n\n# One.\n# Two.\n@a\n@b\ndef f(x):\n    '''Doc.'''\n\n    return x\n    # End.\n"
    )
    assert source is not None
    (found,) = source.definitions
    assert (found.line, found.first_line, found.end_line, found.top) == (8, 6, 11, 3)
    assert found.comments == ("# One.", "# Two.")
    assert found.block == tuple(source.lines[found.top : found.end_line])
    assert (found.signature, found.docstring) == ("x", "Doc.")
    assert found.code == ["@a", "@b", "def f(x):", "    return x"]
    assert source.lines[source.end_of(found) - 1] == "    # End."


def test_line_ends_form_feeds_and_separators_do_not_move_lines(tmp_path):
    path = tmp_path / "kata.py"
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes(f"x = 'a\u2028b'{end}\f{end}def f():{end}    return 1{end}".encode())
        found = read_definitions(path)["f"]
        assert (found.line, found.lines) == (3, ("def f():", "    return 1"))


def test_a_broken_file_has_names_and_lines_only(tmp_path):
    path = tmp_path / "kata.py"
    path.write_bytes(codecs.BOM_UTF8 + b"class A:\r\n    def inner(self): pass\r\nasync def f(:\r\n\xff\r\n")
    found = read_definitions(path)
    assert [(each.name, each.line, each.lines, each.code) for each in found.values()] == [
        ("A", 1, ("class A:",), ["class A:"]),
        ("f", 3, ("async def f(:",), ["async def f(:"]),
    ]
    assert all(each.node is None and not each.signature + each.docstring for each in found.values())
    assert names_in(read_text(path)) == ["A", "f"]
    assert read_definitions(tmp_path) == read_definitions(tmp_path / "missing.py") == {}


def test_a_file_is_read_again_once_it_has_changed(tmp_path):
    path = tmp_path / "kata.py"
    path.write_text("def f(): pass\n")
    assert list(read_definitions(path)) == ["f"]
    path.write_text("def g(): pass; 1\n")
    assert list(read_definitions(path)) == ["g"]


@pytest.mark.parametrize("text", ["x = 1; y = 2\n", "def f(): pass\r\n", "def f(:\n", "def f(): pass; x = 1\n"])
def test_only_whole_lines_can_be_edited(text):
    assert (read_editable(text) is None) == (text != "def f(): pass; x = 1\n")


def test_an_invalid_escape_sequence_is_no_warning_here():
    # Only this kind: a garbage collection can warn of an open file at any time.
    with warnings.catch_warnings():
        warnings.simplefilter("error", SyntaxWarning)
        warnings.simplefilter("error", DeprecationWarning)
        assert read_source("x = '\\d'\n") is not None


def test_bound_by_lists_each_binding_of_a_scope():
    source = read_source("import a.b, c as d\nfrom e import f\nx = y = 1\nx += 1\ndef g(z):\n    w = 1\n")
    assert source is not None
    assert sorted(bound_by(*source.tree.body)) == ["a", "d", "f", "g", "x", "x", "y"]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("def f(x):\n    # In two cases:\n    return x\n", 1),
        ("def f(\n    x,\n):\n\n    return x\n", 3),
        ('def f(x):\n    """Doc:\n    more."""\n    return x\n', 3),
        ("class A(B):\n    # The weight:\n\n    @property\n    def f(self):\n        return 1\n", 1),
    ],
)
def test_the_head_of_a_definition_ends_with_its_docstring_or_its_signature(text, end):
    source = read_source(text)
    assert end_of_head(source.definitions[0].node, source.lines) == end
