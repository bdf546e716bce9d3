"""What the names on the failing line hold: the shapes, dtypes and types that an error is about."""

from __future__ import annotations

import ast
import contextlib
import sys
import types
from pathlib import Path
from typing import Any, TypeGuard

from dojo.failures.values import dtype_name


def names_on_line(frame: types.FrameType, line: int) -> dict[str, object]:
    """The names and attributes in the statement at a line, as they are written, with their values.

    The learner's own properties are not run. Names of modules, functions and classes are left out.
    """
    statement = statement_at(parsed(frame.f_code.co_filename), line)
    # `a += b` reads a, although it is the target.
    target = statement.target if isinstance(statement, ast.AugAssign) else None
    found: dict[str, object] = {}
    for node in sorted(_expressions(statement), key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, (ast.Name, ast.Attribute)) and (isinstance(node.ctx, ast.Load) or node is target):
            value = _value(node, frame)
            if value is not ... and not isinstance(value, (types.ModuleType, types.FunctionType, type)):
                found.setdefault(ast.unparse(node), value)
    return found


def unreached(file: str, line: int) -> bool:
    """Whether statements follow the `raise` at a line in the same block. Python never reaches them."""
    for node in ast.walk(parsed(file)):
        body: Any = getattr(node, "body", None)
        raises = [each for each in body if isinstance(each, ast.Raise)] if isinstance(body, list) else []
        if any(each.lineno == line for each in raises) and body[-1].lineno > line:
            return True
    return False


def parsed(file: str) -> ast.Module:
    """A learner's file as a tree; an empty tree if the file can't be read or parsed."""
    try:
        return ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


def statement_at(tree: ast.Module, line: int) -> ast.stmt | None:
    """The shortest statement that spans a line; None if there is none."""
    spans = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(spans, key=lambda node: (node.end_lineno or node.lineno) - node.lineno, default=None)


def _expressions(statement: ast.stmt | None) -> list[ast.expr]:
    """All expressions in a statement; for a block, for example a loop, only those in its head."""
    if statement is None:
        return []
    parts: list[ast.AST] = [statement]
    if hasattr(statement, "body"):
        heads = [getattr(statement, field, None) for field in ("test", "iter", "items")]
        parts = [part for head in heads if head is not None for part in (head if isinstance(head, list) else [head])]
    return [node for part in parts for node in ast.walk(part) if isinstance(node, ast.expr)]


def _value(node: ast.Name | ast.Attribute, frame: types.FrameType) -> Any:
    """What a name or an attribute holds; `...` if finding out would run the learner's code."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id, ...))
    owner = _value(node.value, frame) if isinstance(node.value, (ast.Name, ast.Attribute)) else ...
    torch: Any = sys.modules.get("torch")
    if owner is ... or isinstance(owner, types.ModuleType):
        return ...
    if torch is not None and type(owner) in (torch.Tensor, torch.nn.Parameter):
        if node.attr != "grad":
            return ...
        # PyTorch warns if the .grad of a result is read; it is None.
        return owner.grad if owner.is_leaf or owner.retains_grad else None
    attributes = getattr(owner, "__dict__", {})
    if node.attr in attributes:
        return attributes[node.attr]
    if torch is not None and isinstance(owner, torch.nn.Module):
        # It reads parameters, buffers and children only. The learner's own class may have a __getattr__ too.
        with contextlib.suppress(AttributeError):
            return torch.nn.Module.__getattr__(owner, node.attr)
    return ...


def attributes_of(owner: object) -> list[str]:
    """The names of an object's attributes. The learner's own __dir__ is not run."""
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(owner, torch.nn.Module):
        return list(torch.nn.Module.__dir__(owner))
    return list(type.__dir__(owner) if isinstance(owner, type) else object.__dir__(owner))


def shapes_of(names: dict[str, object]) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors and arrays among the names, and of the weights of the layers."""
    torch: Any = sys.modules.get("torch")
    found: dict[str, tuple[int, ...]] = {}
    for name, value in names.items():
        if torch is not None and isinstance(value, torch.nn.Module):
            weight = dict(value.named_parameters(recurse=False)).get("weight")
            if weight is not None:
                found[f"{name}.weight"] = tuple(weight.shape)
        elif _is_array(value):
            found[name] = tuple(value.shape)
    return found


def dtypes_of(names: dict[str, object]) -> dict[str, str]:
    """The dtypes of the tensors and arrays among the names, and of the first parameter of modules."""
    torch: Any = sys.modules.get("torch")
    found = {}
    for name, value in names.items():
        if torch is not None and isinstance(value, torch.nn.Module) and name != "self":
            for which, parameter in list(value.named_parameters())[:1]:
                found[f"{name}.{which}"] = dtype_name(parameter.dtype)
        elif _is_array(value):
            found[name] = dtype_name(value.dtype)
    return found


def _is_array(value: Any) -> TypeGuard[Any]:
    kinds = (("torch", "Tensor"), ("numpy", "ndarray"))
    return any(isinstance(value, getattr(sys.modules[module], kind)) for module, kind in kinds if module in sys.modules)
