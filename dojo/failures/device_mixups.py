"""Which tensor is on which device, after an error that mixed devices: PyTorch names the devices, not the tensors."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path
from typing import Any

from dojo.testbed.tracebacks import own_frames

# The functions of torch that make a tensor from no other tensor.
_FACTORIES = "tensor zeros ones full empty arange linspace eye rand randn randint randperm"


def mixed_devices(error: BaseException, folder: Path) -> str:
    """Name the device of each tensor on the learner's line that raised `error`.

    Args:
        error: any exception, with its traceback.
        folder: the folder of the learner's files.

    Returns:
        A sentence that names each tensor, its device, and the line of the same function that made it; empty if
        the tensors are on one device or the error is not about devices.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None or not isinstance(error, (RuntimeError, TypeError)) or "device" not in str(error):
        return ""
    try:
        return _clue(torch, error.__traceback__, folder)
    except Exception:
        # Without the sentence, the report still shows PyTorch's own words.
        return ""


def _clue(torch: Any, tb: types.TracebackType | None, folder: Path) -> str:
    own = own_frames(tb, folder)
    if not own:
        return ""
    frame, line = own[-1]
    tree = ast.parse(Path(frame.f_code.co_filename).read_bytes())
    statement = _innermost(tree, line)
    if statement is None:
        return ""
    found: dict[str, str] = {}
    for node in ast.walk(statement):
        if isinstance(node, (ast.Name, ast.Attribute)):
            device = _device_of(torch, _value(node, frame))
            if device:
                found.setdefault(ast.unparse(node), device)
    said = [f"{name}{_origin(tree, name, frame, line)} is on {device}" for name, device in found.items()]
    said += [f"{made} here is on cpu" for made in _made_here(statement)]
    devices = {text.rpartition(" on ")[2] for text in said}
    return f"{'; '.join(said)}." if len(devices) > 1 else ""


def _innermost(tree: ast.AST, line: int) -> ast.stmt | None:
    """The shortest statement that spans a line."""
    spans = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(spans, key=lambda node: (node.end_lineno or node.lineno) - node.lineno, default=None)


def _value(node: ast.Name | ast.Attribute, frame: types.FrameType) -> Any:
    """The value of a name or of its attribute, read without running a property; None if it can't be read so."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if not isinstance(node.value, ast.Name):
        return None
    owner = _value(node.value, frame)
    for place in ("__dict__", "_parameters", "_buffers", "_modules"):
        members = getattr(owner, place, None)
        if isinstance(members, dict) and node.attr in members and not isinstance(owner, types.ModuleType):
            return members[node.attr]
    return None


def _device_of(torch: Any, value: Any) -> str:
    """The device type of a tensor, or of a module's first parameter; empty for any other value.

    Also empty for a CPU tensor of shape (), because PyTorch allows it next to a tensor on any device.
    """
    if isinstance(value, torch.nn.Module):
        value = next(value.parameters(), None)
    if not isinstance(value, torch.Tensor) or (value.dim() == 0 and value.device.type == "cpu"):
        return ""
    return str(value.device.type)


def _origin(tree: ast.AST, name: str, frame: types.FrameType, line: int) -> str:
    """Words for the line of the same function that last assigned a name; empty if there is none."""
    start = frame.f_code.co_firstlineno
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and start <= node.lineno < line:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if name in map(ast.unparse, targets):
                lines.append(node.lineno)
    return f", made on line {max(lines)}," if lines else ""


def _made_here(statement: ast.stmt) -> list[str]:
    """The calls in a statement that make a tensor without naming a device, so that it is on the CPU."""
    return [
        ast.unparse(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "torch"
        and node.func.attr in _FACTORIES.split()
        and not any(keyword.arg == "device" for keyword in node.keywords)
    ]
