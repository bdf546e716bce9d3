"""Mutation testing of the solutions: python checks/bench/mutants.py [KATA …] [--jobs 2] [--survivors FILE]

Changes each solution in one place (an operator, a comparison, a number, a keyword left out, a method call undone, a
statement removed, …) and runs its step's tests on it, on every device. Prints how many go red, and the survivors.
KATA is a part of a kata's path; without it all are tested.
"""

from __future__ import annotations

import argparse
import ast
import copy
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dojo.authoring.judge_answers import judge_kata
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)

_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """Every way to change one node by itself; each is a copy."""

    def changed(**fields: object) -> ast.AST:
        twin = copy.deepcopy(node)
        for name, value in fields.items():
            setattr(twin, name, value)
        return twin

    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _ARITHMETIC:
        yield changed(op=_ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield changed(ops=[_COMPARISONS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield changed(op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield changed(value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield changed(value=node.value + 1)
        yield changed(value=node.value - 1)
    elif isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield changed(keywords=node.keywords[:index] + node.keywords[index + 1 :])
        if len(node.args) > 1:
            yield changed(args=[node.args[1], node.args[0], *node.args[2:]])
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) not in ("torch", "np", "nn"):
            yield copy.deepcopy(node.func.value)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield changed(value=ast.Constant(None))
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield changed(test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, (ast.Assign, ast.Expr)) and not _is_docstring(node):
        yield ast.Pass()


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target = target
        self.replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.target else self.generic_visit(node)


def mutants(definition: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """The source of a function or class, changed in one place, in every way there is; its signature stays."""
    seen = {ast.unparse(definition)}
    for number, node in enumerate(ast.walk(definition)):
        if isinstance(node, ast.arguments):
            continue
        for replacement in variants(node):
            twin = copy.deepcopy(definition)
            target = list(ast.walk(twin))[number]
            source = ast.unparse(ast.fix_missing_locations(_Replace(target, replacement).visit(twin)))
            if source not in seen:
                seen.add(source)
                yield source


def test_kata(kata_id: str) -> tuple[str, int, list[str]]:
    """How many mutants of a kata there are, and the survivors, each as a line of difference."""
    text = (ROOT / "solutions" / f"{kata_id}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    definitions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    found: dict[str, tuple[str, str]] = {}
    sources = [text]
    for definition in definitions:
        if definition.name.startswith("_"):
            continue
        for number, source in enumerate(mutants(definition)):
            name = f"{definition.name}__m{number:03}"
            found[name] = (ast.unparse(definition), source)
            sources.append(
                source.replace(f" {definition.name}(", f" {name}(", 1).replace(
                    f"class {definition.name}:", f"class {name}:", 1
                )
            )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutants", f"{kata_id}.py")
        path.parent.mkdir(parents=True)
        path.write_text("\n\n\n".join(sources), encoding="utf-8")
        judged = judge_kata(ROOT, kata_id, ROOT / "solutions", [Path(folder, "mutants")])
    green: dict[str, bool] = dict.fromkeys(found, True)
    for trial, verdict in judged.verdicts.items():
        name = trial.answer.partition(":")[2]
        if name and not verdict.green:
            green[name] = False
    survivors = [f"{name}: {_difference(*found[name])}" for name, alive in green.items() if alive]
    return kata_id, len(found), survivors


test_kata.__test__ = False  # type: ignore[attr-defined]


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    lines = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
    return f"`{lines[0][0].strip()}` → `{lines[0][1].strip()}`" if lines else "`…` → a line less"


def main() -> None:
    """Test, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kata", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--survivors", metavar="FILE", help="write the survivors, a line each")
    options = parser.parse_args()
    katas = [kata.id for kata in read_curriculum(ROOT).katas()]
    chosen = [kata for kata in katas if not options.kata or any(part in kata for part in options.kata)]
    if not chosen:
        sys.exit(f"no kata's path contains {' or '.join(options.kata)}")
    started = time.perf_counter()
    total, alive = 0, []
    with multiprocessing.Pool(options.jobs, maxtasksperchild=1) as pool:
        for kata_id, count, survivors in pool.imap(test_kata, chosen):
            print(f"{kata_id}: {count - len(survivors)} of {count} red")
            for line in survivors:
                print(f"    {line}")
            total += count
            alive += [f"{kata_id}/{line}" for line in survivors]
    print(f"{total - len(alive)} of {total} mutants red ({100 * (total - len(alive)) / total:.1f}%)", end=" ")
    print(f"in {time.perf_counter() - started:.0f} s")
    if options.survivors:
        Path(options.survivors).write_text("\n".join(alive) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
