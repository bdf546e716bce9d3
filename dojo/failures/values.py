"""Values as a learner should see them: small, aligned, on few lines. Nothing here trusts the value's own methods."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import linecache
import types
from typing import Any

from dojo.support.text import cut, with_article
from dojo.testbed import torch_private

_WIDE = 72
_ROWS = 8


@dataclasses.dataclass(frozen=True)
class Shown:
    """A value in words: `summary` is one line ("float32 tensor, shape (2, 3)"), `lines` its numbers."""

    summary: str
    lines: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any] | None) -> Shown | None:
        return cls(data["summary"], tuple(data["lines"])) if data else None


def show(value: object) -> Shown:
    """Any value, shown. A value whose own methods fail is shown by its type."""
    try:
        return _show(value)
    except BaseException as error:  # also what would end the run: it comes from the value
        return Shown(f"{with_article(type(value).__name__)} that can't be shown ({type(error).__name__})")


def _show(value: object) -> Shown:
    torch, numpy = _modules()
    if torch is not None and isinstance(value, torch.Tensor):
        summary = f"{dtype_name(value.dtype)} tensor, {shape_words(value.shape)}, on {value.device.type}"
        if value.requires_grad:
            summary += ", tracked" if value.is_leaf else f", from {type(value.grad_fn).__name__}"
        if value.is_leaf and value.grad is not None:
            summary += ", with something in its .grad"
        if value.layout is not torch.strided:
            return Shown(f"{summary}, {str(value.layout).removeprefix('torch.')}")
        return Shown(summary, value_lines(as_array(value)))
    if numpy is not None and isinstance(value, numpy.ndarray):
        return Shown(f"{value.dtype} NumPy array, {shape_words(value.shape)}", value_lines(value))
    if numpy is not None and isinstance(value, numpy.generic):
        return Shown(f"{value} (numpy.{type(value).__name__})")
    if torch is not None and isinstance(value, (torch.dtype, torch.device)):
        return Shown(f"{value} (torch.{type(value).__name__})")
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return Shown(cut(repr(value)) if value is None else f"{cut(repr(value))} ({type(value).__name__})")
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return Shown(f"{type(value).__name__} of {len(value)}", (cut(inline(value)),))
    if callable(value) and hasattr(value, "__name__"):
        kind = "class" if isinstance(value, type) else "function"
        return Shown(_lambda_text(value) or f"the {kind} {value.__name__}")
    brief = _brief(value)
    if brief:
        return Shown(with_article(brief))
    return Shown(
        with_article(type(value).__name__), tuple(cut(line, _WIDE) for line in repr(value).splitlines()[:_ROWS])
    )


def inline(value: object) -> str:
    """A value on one line, as it would be typed where that is short."""
    try:
        return _inline(value, 0)
    except BaseException:
        return f"<{type(value).__name__}>"


def _inline(value: object, depth: int) -> str:
    torch, numpy = _modules()
    if depth > 4:
        return "…"
    if torch is not None and isinstance(value, torch.Tensor):
        if value.layout is torch.strided and value.numel() <= 8:
            return f"tensor({_numbers(as_array(value))}{_unsaid(torch, value)})"
        return f"<{dtype_name(value.dtype)} tensor {tuple(value.shape)}>"
    if numpy is not None and isinstance(value, numpy.ndarray):
        return f"array({_numbers(value)})" if value.size <= 8 else f"<{value.dtype} array {value.shape}>"
    if torch is not None and isinstance(value, (torch.dtype, torch.device)):
        return str(value) if isinstance(value, torch.dtype) else repr(str(value))
    if type(value) in (list, tuple, set) and isinstance(value, (list, tuple, set)):
        parts = [_inline(item, depth + 1) for item in list(value)[:8]] + (["…"] if len(value) > 8 else [])
        left, right = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}[type(value)]
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return left + ", ".join(parts) + comma + right
    if type(value) is dict:
        pairs = [f"{_inline(k, depth + 1)}: {_inline(v, depth + 1)}" for k, v in list(value.items())[:8]]
        return "{" + ", ".join(pairs + (["…"] if len(value) > 8 else [])) + "}"
    if callable(value) and hasattr(value, "__name__"):
        return _lambda_text(value) or str(value.__name__)
    return _brief(value) or cut(" ".join(repr(value).split()), 60)


def _lambda_text(value: Any) -> str:
    """The source of a short lambda; empty for other functions, and where it can't be found."""
    if value.__name__ != "<lambda>":
        return ""
    code = value.__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno)
    found = [node for node in ast.walk(_parsed(line)) if isinstance(node, ast.Lambda)]
    return ast.unparse(found[0]) if len(found) == 1 else ""


def _parsed(line: str) -> ast.AST:
    """A line of code by itself, also one that opens a block or is an argument of a call begun before."""
    text = line.strip()
    for whole in (text, f"({text})", f"({text.rstrip(',')})", text + " pass", f"f({text}"):
        with contextlib.suppress(SyntaxError, ValueError):
            return ast.parse(whole)
    return ast.Module([], [])


def _brief(value: Any) -> str:
    """Words for what has no short repr of its own: an optimizer, a generator."""
    if isinstance(value, types.GeneratorType):
        return "generator"
    groups = getattr(value, "param_groups", None)
    if isinstance(groups, list) and groups and isinstance(groups[0], dict) and "lr" in groups[0]:
        rates = ", ".join(dict.fromkeys(f"lr={group.get('lr')}" for group in groups))
        return f"{type(value).__name__}({rates})"
    if getattr(type(value), "__repr__", None) is object.__repr__ or type(value).__module__ == torch_private.EXTENSION:
        return type(value).__name__
    return ""


def _unsaid(torch: Any, value: Any) -> str:
    """What a tensor's numbers don't say by themselves: its size, dtype, device and history, where not the usual."""
    said = value.dtype in (torch.float32, torch.bool) or (value.dtype == torch.int64 and value.numel() > 0)
    parts = [] if value.numel() or value.dim() == 1 else [f"size={tuple(value.shape)}"]
    if not said:
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
    """Four digits behind the point, and where there are few numbers as many as tell them from their neighbours."""
    return 8 if array.size <= 6 and array.dtype.kind == "f" and (abs(array - array.round(4)) < 1e-4).all() else 4


def value_lines(array: Any) -> tuple[str, ...]:
    """The numbers of a NumPy array, aligned, at most eight lines of 72 columns."""
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
    """A tensor's numbers as a NumPy array in host memory, whatever its device, dtype and history."""
    import torch

    host = tensor.detach().to("cpu").resolve_conj().resolve_neg()
    if host.dtype == torch.bfloat16 or (host.dtype.itemsize < 2 and host.dtype.is_floating_point):
        host = host.float()
    return host.numpy()


def dtype_name(dtype: object) -> str:
    return str(dtype).removeprefix("torch.")


def shape_words(shape: Any) -> str:
    """`shape (2, 3)`, and for a scalar `shape () (a single number)`."""
    sizes = tuple(shape)
    return f"shape {sizes}" if sizes else "shape () (a single number)"


def _modules() -> tuple[Any, Any]:
    """torch and numpy, where the run has imported them: showing a value never imports either."""
    import sys

    return sys.modules.get("torch"), sys.modules.get("numpy")
