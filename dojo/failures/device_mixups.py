"""Which tensor is on which device, after an error about mixed devices. PyTorch names the devices, not the tensors."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path
from typing import Any

from dojo.failures.clues.failing_line import names_on_line, parsed, statement_at
from dojo.testbed.tracebacks import own_frames

# The functions of torch that make a tensor without using another tensor.
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
    own = own_frames(error.__traceback__, folder)
    try:
        return _sentence(torch, *own[-1]) if own else ""
    except Exception:
        # Without the sentence, the report still shows PyTorch's own words.
        return ""


def _sentence(torch: Any, frame: types.FrameType, line: int) -> str:
    tree = parsed(frame.f_code.co_filename)
    devices = {name: _device_of(torch, value) for name, value in names_on_line(frame, line).items()}
    said = {
        f"{name}{_origin(tree, name, frame, line)} is on {device}": device for name, device in devices.items() if device
    }
    said |= {f"{made} here is on cpu": "cpu" for made in _made_here(statement_at(tree, line))}
    return f"{'; '.join(said)}." if len(set(said.values())) > 1 else ""


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


def _made_here(statement: ast.stmt | None) -> list[str]:
    """The calls in a statement that make a tensor without naming a device, so that it is on the CPU."""
    return [
        ast.unparse(node)
        for node in (ast.walk(statement) if statement else ())
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "torch"
        and node.func.attr in _FACTORIES.split()
        and not any(keyword.arg == "device" for keyword in node.keywords)
    ]
