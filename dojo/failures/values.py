"""Values in words for the learner: few, short, aligned lines. A value's own methods may fail, and are never trusted."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import inspect
import linecache
import sys
import types
from typing import Any

from dojo.support.text import cut, with_article
from dojo.testbed import torch_private

_WIDE = 72
_ROWS = 8


@dataclasses.dataclass(frozen=True)
class Shown:
    """A value in words: `summary` is one line ("float32 tensor, shape (2, 3)"), `lines` the value's elements."""

    summary: str
    lines: tuple[str, ...] = ()


def show(value: object) -> Shown:
    """Put any value into words. A value whose own methods fail is described by its type."""
    try:
        return _show_torch(value) or _show_numpy(value) or _show_built_in(value) or _show_object(value)
    except BaseException as error:  # A value may raise SystemExit too.
        return Shown(f"{with_article(type(value).__name__)} that can't be shown ({type(error).__name__})")


def _show_torch(value: object) -> Shown | None:
    torch, _ = _modules()
    if torch is None:
        return None
    if isinstance(value, (torch.dtype, torch.device)):
        return Shown(f"{value} (torch.{type(value).__name__})")
    if not isinstance(value, torch.Tensor):
        return None
    summary = f"{dtype_name(value.dtype)} tensor, {shape_words(value.shape)}, on {value.device.type}"
    if value.requires_grad:
        summary += ", requires grad" if value.is_leaf else f", from {type(value.grad_fn).__name__}"
    if value.is_leaf and value.grad is not None:
        summary += ", .grad is set"
    if value.layout is not torch.strided:
        return Shown(f"{summary}, {str(value.layout).removeprefix('torch.')}")
    return Shown(summary, _value_lines(as_array(value)))


def _show_numpy(value: object) -> Shown | None:
    _, numpy = _modules()
    if numpy is not None and isinstance(value, numpy.ndarray):
        return Shown(f"{value.dtype} NumPy array, {shape_words(value.shape)}", _value_lines(value))
    if numpy is not None and isinstance(value, numpy.generic):
        return Shown(f"{value} (numpy.{type(value).__name__})")
    return None


def _show_built_in(value: object) -> Shown | None:
    if value is None:
        return Shown("None")
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return Shown(f"{cut(repr(value))} ({type(value).__name__})")
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return Shown(f"{type(value).__name__} of {len(value)}", (cut(inline(value)),))
    return None


def _show_object(value: object) -> Shown:
    if callable(value) and hasattr(value, "__name__"):
        kind = "class" if isinstance(value, type) else "function"
        return Shown(_lambda_text(value) or f"the {kind} {value.__name__}")
    brief = _brief(value)
    if brief:
        return Shown(with_article(brief))
    lines = repr(value).splitlines()[:_ROWS]
    return Shown(with_article(type(value).__name__), tuple(cut(line, _WIDE) for line in lines))


def inline(value: object) -> str:
    """Put a value into one line, as it would be typed if that is short."""
    try:
        return _inline(value, 0)
    except BaseException:
        return f"<{type(value).__name__}>"


def _inline(value: object, depth: int) -> str:
    if depth > 4:
        return "…"
    return _inline_numbers(value) or _inline_container(value, depth) or _inline_object(value)


def _inline_numbers(value: object) -> str:
    """A tensor, an array, a dtype or a device on one line; empty for other values."""
    torch, numpy = _modules()
    if torch is not None and isinstance(value, torch.Tensor):
        if value.layout is torch.strided and value.numel() <= 8:
            return f"tensor({_numbers(as_array(value))}{_unusual(torch, value)})"
        return f"<{dtype_name(value.dtype)} tensor {tuple(value.shape)}>"
    if numpy is not None and isinstance(value, numpy.ndarray):
        return f"array({_numbers(value)})" if value.size <= 8 else f"<{value.dtype} array {value.shape}>"
    if torch is not None and isinstance(value, (torch.dtype, torch.device)):
        return str(value) if isinstance(value, torch.dtype) else repr(str(value))
    return ""


def _inline_container(value: Any, depth: int) -> str:
    """A list, tuple, set or dict on one line, with at most eight items; empty for other values."""
    kind: Any = type(value)
    if kind not in (list, tuple, set, dict):
        return ""
    parts = [_inline(item, depth + 1) for item in list(value)[:8]]
    if kind is dict:
        values = list(value.values())
        parts = [f"{key}: {_inline(each, depth + 1)}" for key, each in zip(parts, values, strict=False)]
    if len(value) > 8:
        parts.append("…")
    comma = "," if kind is tuple and len(value) == 1 else ""
    left, right = {list: ("[", "]"), tuple: ("(", ")")}.get(kind, ("{", "}"))
    return f"{left}{', '.join(parts)}{comma}{right}"


def _inline_object(value: object) -> str:
    if callable(value) and hasattr(value, "__name__"):
        return _lambda_text(value) or str(value.__name__)
    return _brief(value) or cut(" ".join(repr(value).split()), 60)


def _lambda_text(value: Any) -> str:
    """The source of a short lambda; empty for other functions, and if the source can't be found."""
    if value.__name__ != "<lambda>":
        return ""
    code = value.__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno)
    found = [node for node in ast.walk(_parsed(line)) if isinstance(node, ast.Lambda)]
    return ast.unparse(found[0]) if len(found) == 1 else ""


def _parsed(line: str) -> ast.AST:
    """Parse a line of code by itself. The line may open a block, or be an argument of a call that began earlier."""
    text = line.strip()
    for whole in (text, f"({text})", f"({text.rstrip(',')})", text + " pass", f"f({text}"):
        with contextlib.suppress(SyntaxError, ValueError):
            return ast.parse(whole)
    return ast.Module([], [])


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
    return ", ".join(f"{name}={_inline(setting, 1)}" for name, setting in {"lr": group["lr"], **changed}.items())


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


def _numbers(array: Any) -> str:
    import numpy as np

    return " ".join(np.array2string(array, separator=", ", precision=_digits(array), max_line_width=10_000).split())


def _digits(array: Any) -> int:
    """The number of digits after the point: eight for at most six finite floats, else four."""
    return 8 if array.size <= 6 and array.dtype.kind == "f" and (abs(array - array.round(4)) < 1e-4).all() else 4


def _value_lines(array: Any) -> tuple[str, ...]:
    """The elements of a NumPy array, aligned, on at most eight lines of 72 columns."""
    import numpy as np

    if array.size == 0:
        return ("(no elements)",)
    text = np.array2string(
        array,
        separator=", ",
        precision=_digits(array),
        suppress_small=True,
        threshold=40,
        edgeitems=3,
        max_line_width=_WIDE,
    )
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
