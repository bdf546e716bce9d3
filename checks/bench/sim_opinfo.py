"""How far `sim` agrees with the CPU: python checks/bench/sim_opinfo.py [--write docs/sim_operators.md]

Tries every operator of PyTorch's own OpInfo database, each in a forked child. The samples need the package
`expecttest`, which the `dev` extra installs.

- Agreement: for up to six sample inputs, in float32 if the operator accepts it, the results and the gradient of the
  first input must equal those of the CPU within 1e-3 and be on `sim`. Samples that fail on the CPU too are ignored.
- Mixing: the first sample with a second tensor of one dimension or more must raise an error if the first tensor is on
  `sim` and the others are on the CPU. Operators that raise none are listed.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

warnings.simplefilter("ignore")

import torch  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402
from torch.utils._pytree import tree_leaves, tree_map  # noqa: E402

import dojo.sim  # noqa: E402

_SAMPLES = 6
_SECONDS = 60
# They return uninitialized memory or random numbers, which can't be compared. `sim` has no sparse tensors.
_INCOMPARABLE = {
    *("empty", "empty_like", "new_empty", "new_empty_strided", "empty_strided", "empty_permuted"),
    *("rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "bernoulli", "multinomial", "normal"),
    *("uniform", "cauchy", "exponential", "geometric", "log_normal"),
}
# tensor_split requires its indices on the CPU, on every device.
_LEGAL = {"tensor_split"}


def moved(value: Any, device: str) -> Any:
    """A structure with every tensor, device and device name moved to another device. Leaf tensors stay leaves."""

    def move(each: Any) -> Any:
        if isinstance(each, torch.Tensor):
            return each.detach().to(device).requires_grad_(each.requires_grad)
        if isinstance(each, torch.device):
            return torch.device(device)
        return device if isinstance(each, str) and each == "cpu" else each

    return tree_map(move, value)


def computed(op: Any, sample: Any, device: str, gradients: bool) -> tuple[Any, Any]:
    """The result of an operator for a sample on a device, and the gradient of the first input."""
    torch.manual_seed(0)
    first, args, kwargs = moved(sample.input, device), moved(sample.args, device), moved(sample.kwargs, device)
    result = op(first, *args, **kwargs)
    outputs = [
        each for each in tree_leaves(result) if isinstance(each, torch.Tensor) and each.requires_grad and gradients
    ]
    if not outputs:
        return result, None
    torch.stack(
        [(each.abs() if each.is_complex() else each).sum().to(torch.float64) for each in outputs]
    ).sum().backward()
    leaf = first[0] if isinstance(first, (list, tuple)) else first
    return result, leaf.grad


def agreement(op: Any) -> str:
    """`pass`, `none` if no sample works on the CPU, or a description of the difference."""
    if not op.dtypes:
        return "none"  # an operator of GPUs alone
    dtype = torch.float32 if torch.float32 in op.dtypes else next(iter(op.dtypes))
    gradients = op.supports_autograd and dtype == torch.float32
    compared = 0
    for number, sample in enumerate(op.sample_inputs("cpu", dtype, requires_grad=gradients)):
        if number >= _SAMPLES:
            break
        try:
            expected = computed(op, sample, "cpu", gradients)
        except Exception:
            continue
        actual = computed(op, sample, "sim", gradients)
        compared += 1
        for mine, theirs in zip(tree_leaves(actual), tree_leaves(expected), strict=True):
            if isinstance(mine, torch.Tensor):
                if mine.device.type != "sim" and theirs.layout is torch.strided:
                    return f"the result is on {mine.device}"
                torch.testing.assert_close(mine.cpu(), theirs, rtol=1e-3, atol=1e-3, equal_nan=True)
    return "pass" if compared else "none"


def mixing(op: Any) -> str:
    """`raises`, `silent`, `other: …` for an error about something else, or `none` if there is no such sample."""
    if torch.float32 not in op.dtypes:
        return "none"
    for number, sample in enumerate(op.sample_inputs("cpu", torch.float32, requires_grad=False)):
        if number >= 8:
            break
        others = [
            each
            for each in tree_leaves((sample.args, sample.kwargs))
            if isinstance(each, torch.Tensor) and each.dim() > 0
        ]
        if not others or not isinstance(sample.input, torch.Tensor) or sample.input.dim() == 0:
            continue
        try:
            op(sample.input, *sample.args, **sample.kwargs)
        except Exception:
            continue
        try:
            op(sample.input.to("sim"), *sample.args, **sample.kwargs)
        except Exception as error:
            return "raises" if "device" in str(error).lower() else f"other: {type(error).__name__}: {error}"
        return "silent"
    return "none"


def in_child(question: Callable[[Any], str], op: Any) -> str:
    """The answer of a forked child; `crash` if it returned no answer."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(_SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            answer = question(op)
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(writer, " ".join(answer.split())[:160].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(pid, 0)
    return answer or "crash"


def main() -> None:
    """Compare, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="FILE", help="write the lists as markdown")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dojo.sim.install()
    started = time.perf_counter()
    agrees: dict[str, str] = {}
    mixes: dict[str, str] = {}
    for op in op_db:
        name = f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name
        if "sparse" not in op.name and op.name.split(".")[-1] not in _INCOMPARABLE:
            agrees[name] = in_child(agreement, op)
        if "sparse" not in op.name and op.name not in _LEGAL:
            mixes[name] = in_child(mixing, op)
    lines = summary(agrees, mixes)
    print("\n".join(lines))
    print(f"\n{time.perf_counter() - started:.0f} s", file=sys.stderr)
    if options.write:
        with open(options.write, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def summary(agrees: dict[str, str], mixes: dict[str, str]) -> list[str]:
    """The figures and the lists, as markdown."""
    compared = {name: answer for name, answer in agrees.items() if answer != "none"}
    failed = {name: answer for name, answer in compared.items() if answer != "pass"}
    tried = {name: answer for name, answer in mixes.items() if answer != "none"}
    raised = [name for name, answer in tried.items() if answer == "raises"]
    rest = {name: answer for name, answer in tried.items() if answer != "raises"}
    refused = 100 * len(raised) / len(tried)
    share = 100 * (len(compared) - len(failed)) / len(compared)
    return [
        "# `sim` against the CPU on PyTorch's OpInfo database",
        "",
        f"Made by `python checks/bench/sim_opinfo.py --write docs/sim_operators.md` on PyTorch {torch.__version__}.",
        "",
        "## Values and first gradients",
        "",
        f"{len(compared) - len(failed)} of {len(compared)} entries that the CPU passes agree ({share:.1f}%); "
        f"{sum(answer == 'crash' for answer in compared.values())} crashed. The others:",
        "",
        *(f"- `{name}`: {answer}" for name, answer in failed.items()),
        "",
        "## Mixing with a CPU tensor",
        "",
        f"{len(raised)} of {len(tried)} entries raise PyTorch's own error about devices ({refused:.1f}%). The others:",
        "",
        *(f"- `{name}`: {answer}" for name, answer in rest.items()),
    ]


if __name__ == "__main__":
    main()
