"""Values in words for the learner: few, short, aligned lines. A value's own methods may fail, and are never trusted."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import inspect
import linecache
import re
import sys
import textwrap
import types
from typing import Any

from dojo.support.text import cut, with_article
from dojo.testbed import torch_private

_WIDE = 66
_ROWS = 8
_NUMBERS = 40
# One line does not show all of a value if it contains "<float32 tensor (3, 3)>" or an ellipsis.
_PART = re.compile(r"<\w+ (?:tensor|array) |…")
# The learner knows the functions of these packages, or finds them in the documentation.
_KNOWN = ("katas", "torch", "numpy", "dojo", "builtins")


@dataclasses.dataclass(frozen=True)
class Shown:
    """A value in words.

    Attributes:
        summary: one line: "float32 tensor, shape (2, 3)".
        lines: the value's elements.
        items: the items of a container; then there are no lines.
        brief: the summary and all elements on one line, for a report with little room; empty if that is too long.
    """

    summary: str
    lines: tuple[str, ...] = ()
    items: tuple[Shown, ...] = ()
    brief: str = ""

    def rows(self, most: int) -> list[str]:
        """At most `most` lines with elements. Each item of a container gets one line before any gets a second one."""
        texts = list(self.lines)
        for each in range(most, -1, -1) if self.items else ():
            texts = [text for item in self.items for text in (item.summary, *(f"  {row}" for row in item.rows(each)))]
            if len(texts) <= most:
                break
        if len(texts) > most > 0:
            texts[most - 1] = texts[most - 1].removesuffix("…").rstrip() + " …"
        return texts[:most]


def show(value: object, digits: int = -1) -> Shown:
    """Put any value into words. A value whose own methods fail is described by its type.

    digits: the number of digits after the decimal point. -1 means at most 8 for a few floats, and at most 4 for many.
    """
    try:
        return (
            _show_torch(value, digits)
            or _show_numpy(value, digits)
            or _show_built_in(value, digits)
            or _show_object(value)
        )
    except BaseException as error:  # A value may raise SystemExit too.
        return Shown(f"{with_article(type(value).__name__)} that can't be shown ({type(error).__name__})")


def show_both(actual: object, expected: object, rtol: float, atol: float) -> tuple[Shown, Shown]:
    """Put two compared values into words. Both get the same number of digits, enough to show each difference."""
    digits = -1
    with contextlib.suppress(Exception):
        digits = _digits_apart(actual, expected, rtol, atol)
    return show(actual, digits), show(expected, digits)


def show_named(name: str, value: object, digits: int = -1) -> Shown:
    """Put a value into words after its name. A short value is on the first line, as it would be typed."""
    shown = show(value, digits)
    typed = f"{name}: {inline(value, digits)}"
    if len(typed) > _WIDE or ".grad is set" in shown.summary or parameter_lines(value) or source_lines(value):
        typed = ""
    if _PART.search(typed):
        return Shown(typed if shown.items else f"{name}: {shown.summary}", shown.lines, shown.items)
    if typed and len(shown.lines) == 1:
        return Shown(typed)
    return Shown(f"{name}: {shown.summary}", shown.lines, shown.items, typed if shown.lines else "")


def _show_torch(value: object, digits: int) -> Shown | None:
    torch, _ = _modules()
    if torch is None:
        return None
    if isinstance(value, (torch.dtype, torch.device)):
        return Shown(f"{value} (torch.{type(value).__name__})")
    if not isinstance(value, torch.Tensor):
        return None
    summary = f"{dtype_name(value.dtype)} tensor, {shape_words(value.shape)}, on {value.device.type}"
    if value.is_leaf and value.grad is not None:
        summary += ", .grad is set"
    elif value.requires_grad:
        summary += ", requires grad" if value.is_leaf else f", from {type(value.grad_fn).__name__}"
    if value.layout is not torch.strided:
        return Shown(f"{summary}, {str(value.layout).removeprefix('torch.')}")
    lines = _value_lines(as_array(value), digits)
    brief = f"{summary}: {lines[0]}"
    return Shown(summary, lines, brief=brief if len(lines) == 1 and len(brief) <= _WIDE else "")


def _show_numpy(value: object, digits: int) -> Shown | None:
    _, numpy = _modules()
    if numpy is not None and isinstance(value, numpy.ndarray):
        return Shown(f"{value.dtype} NumPy array, {shape_words(value.shape)}", _value_lines(value, digits))
    if numpy is not None and isinstance(value, numpy.generic):
        return Shown(f"{value} (numpy.{type(value).__name__})")
    return None


def _show_built_in(value: object, digits: int) -> Shown | None:
    if value is None:
        return Shown("None")
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return Shown(f"{cut(repr(value))} ({type(value).__name__})")
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        name = kind_name(value)
        return _show_items(name if name.endswith(")") else f"{name} of {len(value)}", value, digits)
    return None


def kind_name(value: object) -> str:
    """The name of a value's type. The tuples that functions of PyTorch return are named by their fields."""
    kind = type(value)
    if kind.__module__ != "torch.return_types":
        return kind.__name__
    return f"named tuple ({', '.join(_fields(value))})"


def _fields(value: object) -> tuple[str, ...]:
    return tuple(getattr(type(value), "__match_args__", ()))


def _show_items(summary: str, value: Any, digits: int) -> Shown:
    """A container: on one line if that shows all of it, else numbers on a few lines, or each item by itself."""
    whole = inline(value, digits)
    if len(whole) <= _WIDE and not _PART.search(whole):
        return Shown(summary, (whole,))
    if isinstance(value, dict):
        items = [(f"[{inline(key)}]", item) for key, item in value.items()]
    else:
        names = _fields(value) or [f"[{index}]" for index in range(len(value))]
        items = list(zip(names, value, strict=False))
    if not isinstance(value, dict) and all(isinstance(item, (bool, int, float, str)) for _, item in items):
        text = ", ".join(repr(item) for _, item in items[:_NUMBERS]) + (", …" if len(items) > _NUMBERS else "")
        left, right = _BRACKETS.get(type(value), ("{", "}"))
        lines = textwrap.wrap(f"{left}{text}{right}", _WIDE, subsequent_indent=" ", break_on_hyphens=False)
        return Shown(summary, tuple(lines))
    return Shown(summary, items=tuple(show_named(name, item, digits) for name, item in items[: _ROWS + 1]))


_BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")")}


def _show_object(value: object) -> Shown:
    if callable(value) and hasattr(value, "__name__"):
        kind = "class" if isinstance(value, type) else "function"
        first, *others = source_lines(value) or (f"the {kind} {value.__name__}",)
        return Shown(first, tuple(others))
    brief = _brief(value)
    if brief:
        return Shown(with_article(brief))
    name = type(value).__name__
    lines, held = repr(value).splitlines(), parameter_lines(value)
    if held and len(lines) == 1:
        return Shown(with_article(lines[0]) if lines[0].startswith(name) else lines[0], held)
    if _is_module(value) and len(lines) > 1:
        # The first line is the name of the class and a bracket, and the last one is a bracket.
        lines = [line.removeprefix("  ") for line in lines[1:-1]]
    lines += held if len(lines) + len(held) <= _ROWS else ()
    more = ["…"] if len(lines) > _ROWS else []
    return Shown(with_article(name), tuple(cut(line, _WIDE) for line in [*lines[: _ROWS - len(more)], *more]))


def parameter_lines(value: Any) -> tuple[str, ...]:
    """A line for each parameter of a module, with the numbers if they are few; () for any other value.

    A module that has only layers of PyTorch, with many numbers, gets no lines, because their repr says the sizes.
    """
    lines, tells = [], False
    # A parameter may be one that has no shape yet, and a module may lack what nn.Module creates.
    with contextlib.suppress(Exception):
        for name, parameter in value.named_parameters() if _is_module(value) else ():
            owner = type(value.get_submodule(name.rpartition(".")[0]))
            is_layer = owner.__module__.startswith("torch.nn.modules.") and owner.__name__ != "Module"
            numbers = f": {as_array(parameter.double()).round(4).tolist()}" if parameter.numel() <= 8 else ""
            frozen = "" if parameter.requires_grad else ", frozen"
            lines.append(f"{name} {tuple(parameter.shape)}{frozen}{numbers}")
            tells = tells or bool(numbers or frozen) or not is_layer
    return tuple(lines) if tells and len(lines) <= _ROWS else ()


def _is_module(value: object) -> bool:
    """Whether a value is an nn.Module. If torch is not imported, no value is one."""
    torch, _ = _modules()
    return torch is not None and isinstance(value, torch.nn.Module)


def inline(value: object, digits: int = -1) -> str:
    """Put a value on one line: as it would be typed, if that is short."""
    try:
        return _inline(value, 0, digits)
    except BaseException:
        return f"<{type(value).__name__}>"


def _inline(value: object, depth: int, digits: int) -> str:
    if depth > 4:
        return "…"
    return _inline_numbers(value, digits) or _inline_container(value, depth, digits) or _inline_object(value)


def _inline_numbers(value: object, digits: int) -> str:
    """A tensor, an array, a dtype or a device on one line; empty for other values."""
    torch, numpy = _modules()
    if torch is not None and isinstance(value, torch.Tensor):
        if value.layout is torch.strided and value.numel() <= 8:
            return f"tensor({_numbers(as_array(value), digits)}{_unusual(torch, value)})"
        return f"<{dtype_name(value.dtype)} tensor {tuple(value.shape)}>"
    if numpy is not None and isinstance(value, numpy.ndarray):
        return f"array({_numbers(value, digits)})" if value.size <= 8 else f"<{value.dtype} array {value.shape}>"
    if torch is not None and isinstance(value, (torch.dtype, torch.device)):
        return str(value) if isinstance(value, torch.dtype) else repr(str(value))
    return ""


def _inline_container(value: Any, depth: int, digits: int) -> str:
    """A list, tuple, set or dict on one line, with at most eight items; empty for other values."""
    kind: Any = type(value)
    if kind.__module__ == "torch.return_types":
        parts = [_inline(item, depth + 1, digits) for item in value]
        named = zip(_fields(value), parts, strict=False)
        return f"{kind.__name__}({', '.join(f'{name}={part}' for name, part in named)})"
    if kind not in (list, tuple, set, dict):
        return ""
    parts = [_inline(item, depth + 1, digits) for item in list(value)[:8]]
    if kind is dict:
        values = list(value.values())
        parts = [f"{key}: {_inline(each, depth + 1, digits)}" for key, each in zip(parts, values, strict=False)]
    if len(value) > 8:
        parts.append("…")
    comma = "," if kind is tuple and len(value) == 1 else ""
    left, right = _BRACKETS.get(kind, ("{", "}"))
    return f"{left}{', '.join(parts)}{comma}{right}"


def _inline_object(value: object) -> str:
    if callable(value) and hasattr(value, "__name__"):
        return " ".join(source_lines(value)) if value.__name__ == "<lambda>" else str(value.__name__)
    if _is_module(value) and "\n" in repr(value):
        return f"{type(value).__name__}(…)"
    return _brief(value) or cut(" ".join(repr(value).split()), 60)


def source_lines(function: Any) -> tuple[str, ...]:
    """The source of a function of the test, without its docstring. A lambda is one line. Empty for other functions."""
    if not isinstance(function, types.FunctionType):
        return ()
    if function.__name__ != "<lambda>" and str(function.__module__).partition(".")[0] in _KNOWN:
        return ()
    return _source(function.__code__)


@functools.lru_cache(maxsize=100)
def _source(code: types.CodeType) -> tuple[str, ...]:
    text = linecache.getlines(code.co_filename)
    found: list[Any] = []
    with contextlib.suppress(SyntaxError, ValueError):
        found = [node for node in ast.walk(ast.parse("".join(text))) if _is_source(node, code)]
    if len(found) != 1:
        return tuple(line.strip() for line in text[code.co_firstlineno - 1 : code.co_firstlineno])
    node = found[0]
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
        node.body = node.body[1:] or [ast.Pass()]
    return tuple(ast.unparse(node).splitlines())


def _is_source(node: Any, code: types.CodeType) -> bool:
    """Whether a function or a lambda was compiled to this code."""
    if isinstance(node, ast.FunctionDef):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return (node.name, first) == (code.co_name, code.co_firstlineno)
    if not isinstance(node, ast.Lambda) or (code.co_name, code.co_firstlineno) != ("<lambda>", node.lineno):
        return False
    # Since Python 3.11, code knows its columns. Before that, two lambdas on one line can't be told apart.
    places = code.co_positions() if sys.version_info >= (3, 11) else ()
    starts = [place[::2] for place in places]
    return not starts or (node.body.lineno, node.body.col_offset) in starts


def _brief(value: Any) -> str:
    """Words for a value whose repr says little or is long, for example a generator or an optimizer; else empty."""
    if isinstance(value, types.GeneratorType):
        return "generator"
    groups = getattr(value, "param_groups", None)
    if isinstance(groups, list) and groups and isinstance(groups[0], dict) and "lr" in groups[0]:
        return f"{type(value).__name__}({'; '.join(dict.fromkeys(_options(type(value), each) for each in groups))})"
    if getattr(type(value), "__repr__", None) is object.__repr__ or type(value).__module__ == torch_private.EXTENSION:
        return type(value).__name__
    return ""


def _options(kind: type, group: dict[str, Any]) -> str:
    """The options of a group of an optimizer: the learning rate, and those that differ from the class's defaults."""
    known = inspect.signature(kind).parameters
    changed = {
        name: setting
        for name, setting in group.items()
        if name != "lr" and name in known and name != "params" and setting != known[name].default
    }
    return ", ".join(f"{name}={_inline(setting, 1, -1)}" for name, setting in {"lr": group["lr"], **changed}.items())


def _unusual(torch: Any, value: Any) -> str:
    """A tensor's size, dtype, device and history, unless they are the usual ones or its numbers show them."""
    shows_dtype = value.dtype in (torch.float32, torch.bool) or (value.dtype == torch.int64 and value.numel() > 0)
    parts = [] if value.numel() or value.dim() == 1 else [f"size={tuple(value.shape)}"]
    if not shows_dtype:
        parts.append(f"dtype={dtype_name(value.dtype)}")
    if value.device.type != "cpu":
        parts.append(f"device='{value.device.type}'")
    if value.requires_grad:
        parts.append("requires_grad=True" if value.is_leaf else f"grad_fn=<{type(value.grad_fn).__name__}>")
    return "".join(f", {part}" for part in parts)


def _numbers(array: Any, digits: int) -> str:
    return " ".join(_printed(array, digits, 9, 10_000).split())


def _digits(array: Any) -> int:
    """The number of digits after the decimal point: eight for at most six floats, else four."""
    return 8 if array.size <= 6 and array.dtype.kind == "f" else 4


def _digits_apart(actual: Any, expected: Any, rtol: float, atol: float) -> int:
    """The number of decimals that shows every difference between two tensors or arrays; -1 for other values."""
    import numpy as np

    if isinstance(actual, (list, tuple)) and isinstance(expected, (list, tuple)):
        pairs = zip(actual, expected, strict=False)
        return max((_digits_apart(left, right, rtol, atol) for left, right in pairs), default=-1)
    torch, _ = _modules()
    left, right = (as_array(each) if isinstance(each, torch.Tensor) else each for each in (actual, expected))
    if not isinstance(left, np.ndarray) or not isinstance(right, np.ndarray):
        return -1
    if left.shape != right.shape or left.dtype.kind != "f" or left.size > 1000:
        return -1
    if (np.abs(left[np.isfinite(left)]) >= 1e8).any() or (np.abs(right[np.isfinite(right)]) >= 1e8).any():
        # NumPy writes these numbers with an exponent, and the decimals belong to the factor before it.
        return 8
    wrong = np.flatnonzero(~np.isclose(left, right, rtol=rtol, atol=atol, equal_nan=True))
    for most in range(_digits(left), 18):
        both = [[np.format_float_positional(each, most) for each in array.reshape(-1)] for array in (left, right)]
        if all(both[0][at] != both[1][at] for at in wrong):
            break
    return max(len(text.partition(".")[2]) for texts in both for text in texts)


def _printed(array: Any, digits: int, most: int, width: int) -> str:
    """The elements of an array, aligned, or some of them if the array has more than `most`."""
    import numpy as np

    return np.array2string(
        array,
        separator=", ",
        precision=digits if digits >= 0 else _digits(array),
        floatmode="fixed" if digits >= 0 else "maxprec",
        suppress_small=width == _WIDE,
        threshold=most,
        edgeitems=3,
        max_line_width=width,
    )


def _value_lines(array: Any, digits: int) -> tuple[str, ...]:
    """The elements of a NumPy array, aligned, on a few lines."""
    if array.size == 0:
        return ("(no elements)",)
    text = _printed(array, digits, _NUMBERS, _WIDE)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _ROWS:
        lines = [*lines[: _ROWS - 2], " …", lines[-1]]
    return tuple(cut(line, _WIDE) for line in lines)


def as_array(tensor: Any) -> Any:
    """A tensor's elements as a NumPy array in host memory, whatever the tensor's device, dtype and history.

    The array may share memory with the tensor. Dtypes that NumPy lacks (bfloat16, float8) become float32.
    """
    import torch

    host = tensor.detach().to("cpu").resolve_conj().resolve_neg()
    if host.dtype == torch.bfloat16 or (host.dtype.itemsize < 2 and host.dtype.is_floating_point):
        host = host.float()
    return host.numpy()


def dtype_name(dtype: object) -> str:
    """`float32` for torch.float32."""
    return str(dtype).removeprefix("torch.")


def shape_words(shape: Any) -> str:
    """`shape (2, 3)`, and `shape () (a single number)` for a tensor without dimensions."""
    sizes = tuple(shape)
    return f"shape {sizes}" if sizes else "shape () (a single number)"


def _modules() -> tuple[Any, Any]:
    """torch and numpy, or None for a module that is not imported yet: showing a value imports neither."""
    return sys.modules.get("torch"), sys.modules.get("numpy")
