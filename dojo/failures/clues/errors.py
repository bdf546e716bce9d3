"""An error that the answer raised: plain words for PyTorch's and Python's well-known errors, and what the line held."""

from __future__ import annotations

import linecache
import math
import re
import traceback
import types
from collections.abc import Callable
from pathlib import Path

from dojo.failures.clues.clue import Clue
from dojo.failures.clues.failing_line import dtypes_of, names_on_line, shapes_of
from dojo.support.text import with_article
from dojo.testbed.tracebacks import own_frames

# What an error says of the line: nothing, shapes, dtypes, or which name is None.
_SHAPES, _DTYPES, _NONE = "shapes", "dtypes", "None"

# A pattern of the error's own words, the kind of clue, a plain sentence, and what to add of the line.
_KNOWN: tuple[tuple[str, str, str, str], ...] = (
    (
        r"mat1 and mat2 shapes cannot|size mismatch, got|Expected size for first two dimensions of batch2"
        r"|inconsistent tensor size, expected tensor",
        "matmul_shapes",
        "In a matrix product, the last size of the left factor must equal the second last of the right one.",
        _SHAPES,
    ),
    (
        r"The size of tensor a .* must match|are not broadcastable|could not be broadcast|doesn't match the broadcast",
        "broadcast_shapes",
        "Shapes are compared from the right: two sizes must be equal, or one of them 1.",
        _SHAPES,
    ),
    (
        r"must have the same dtype|to have the same dtype, but got|Expected self.dtype to be equal",
        "mixed_dtypes",
        "This operation needs tensors of one dtype.",
        _DTYPES,
    ),
    (
        r"could not infer output dtype|must be either a floating point",
        "needs_floats",
        "This operation needs floats.",
        _DTYPES,
    ),
    (
        r"is invalid for input of size",
        "element_count",
        "A new shape must have exactly as many entries as the tensor.",
        _SHAPES,
    ),
    (
        r"view size is not compatible",
        "view_of_strided",
        "These entries do not lie in one block of memory, and view never copies.",
        "",
    ),
    (
        r"grad can be implicitly created only",
        "backward_of_many",
        "A backward pass without a given gradient starts at a single number; this tensor has several.",
        _SHAPES,
    ),
    (
        r"leaf Variable that requires grad is being used in an in-place",
        "leaf_in_place",
        "A leaf tensor that requires grad was changed in place while autograd was recording.",
        "",
    ),
    (
        r"modified by an inplace operation",
        "version_counter",
        "A tensor that the backward pass needs was changed in place after the operation that used it.",
        "",
    ),
    (
        r"backward through the graph a second time",
        "graph_freed",
        "An earlier backward pass went through this graph and freed it.",
        "",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "nothing_recorded",
        "The backward pass starts at a tensor that was not computed from one that requires grad.",
        "",
    ),
    (
        r"appears to not have been used in the graph",
        "unused_input",
        "The gradient is asked for a tensor that has no part in this result.",
        "",
    ),
    (
        r"Target -?\d+ is out of bounds",
        "label_range",
        "A label is not between 0 and the number of classes minus 1.",
        _SHAPES,
    ),
    (
        r"expected target dtype|expected scalar type Long",
        "label_dtype",
        "This loss takes class indices as int64.",
        _DTYPES,
    ),
    (
        r"can't be cast to the desired output type",
        "float_into_integer",
        "Floats can't be written into integers.",
        _DTYPES,
    ),
    (
        r"numpy\(\) on Tensor that requires grad",
        "numpy_of_recorded",
        "This tensor requires grad, and NumPy records nothing.",
        "",
    ),
    (
        r"cannot be converted to Scalar|can only be converted to Python scalars|only one element tensors"
        r"|only one-element tensors|only integer tensors of a single element",
        "one_element",
        "A tensor with several entries was taken for a single number.",
        _SHAPES,
    ),
    (
        r"Boolean value of Tensor with more than one value",
        "truth_of_many",
        "A tensor with several entries was used as one True or False: in an if, and, or, not, in, or min and max.",
        _SHAPES,
    ),
    (
        r"stack expects each tensor to be equal size",
        "stack_shapes",
        "stack needs tensors that all have the same shape.",
        _SHAPES,
    ),
    (
        r"zero-dimensional tensor .* cannot be concatenated",
        "cat_scalars",
        "cat joins tensors along a dimension that they have; tensors of shape () have none.",
        "",
    ),
    (r"only Tensors of floating point", "integer_grad", "Only a tensor of floats can require grad.", _DTYPES),
    (
        r"can only change requires_grad flags of leaf",
        "not_a_leaf",
        "This tensor was computed from others; only a leaf tensor's requires_grad can be set.",
        "",
    ),
    (
        r"before Module\.__init__\(\) call",
        "module_init",
        "A module must call super().__init__() before it assigns parameters or modules.",
        "",
    ),
    (
        r"cannot assign .* as parameter",
        "assigned_tensor",
        "The name of a parameter can hold only an nn.Parameter or None, not a plain tensor.",
        "",
    ),
    (
        r"missing the required \"forward\"",
        "no_forward",
        "The module has no method of its own that is called forward.",
        "",
    ),
    (r"out of bounds for dimension", "index_range", "An index is outside its dimension.", _SHAPES),
    (
        r"Dimension out of range|number of dimensions in the tensor input",
        "dimension_range",
        "The tensor has fewer dimensions than this.",
        _SHAPES,
    ),
    (r"tensors used as indices must be", "index_dtype", "An index must be made of integers or booleans.", _DTYPES),
    (
        r"Index tensor must have the same number of dimensions",
        "gather_dimensions",
        "The index needs as many dimensions as the tensor.",
        _SHAPES,
    ),
    (
        r"'torch\.return_types\.(\w+)'",
        "pair_of_results",
        "With a dimension, this function returns a pair: values and indices.",
        "",
    ),
    (
        r"of type 'generator' has no len|'generator' object (is not subscriptable|has no attribute)",
        "generator",
        "A generator has no length and no items: it can only be read, and only once.",
        "",
    ),
    (r"Torch not compiled with CUDA|No CUDA GPUs|NVIDIA driver", "no_cuda", "This machine has no CUDA device.", ""),
    (
        r"same device|not on the expected device|device .* (but|and) ",
        "mixed_devices",
        "Tensors on different devices met in one operation.",
        "",
    ),
    (
        r"Weights only load failed|Unsupported global",
        "unsafe_file",
        "The file holds more than tensors and plain Python, and torch.load refuses that by default.",
        "",
    ),
    (
        r"loading state_dict[^\0]*(Missing key|Unexpected key|size mismatch)",
        "state_mismatch",
        "The names or shapes in the state are not those of the model.",
        "",
    ),
    (
        r"Inference tensors cannot",
        "inference_tensor",
        "A tensor that was made in inference mode can't take part in a recorded computation.",
        "",
    ),
    (
        r"support the deepcopy protocol",
        "copy_of_result",
        "A tensor that was computed from one that requires grad can't be deep-copied.",
        "",
    ),
    (
        r"can't optimize a non-leaf",
        "optimizer_leaf",
        "An optimizer accepts leaf tensors only, and this one was computed from others.",
        "",
    ),
    (r"optimizer got an empty parameter list", "no_parameters", "The optimizer was given no parameters at all.", ""),
    (r"without overflow", "overflow", "A number is outside the range of this dtype.", ""),
    (
        r"all elements of input should be between 0 and 1",
        "not_probabilities",
        "This loss expects probabilities, and some entries are below 0 or above 1.",
        "",
    ),
    (
        r"Target size .* must be the same as input size",
        "loss_shapes",
        "This loss needs predictions and targets of one shape.",
        _SHAPES,
    ),
    (
        r"[Jj]acobian mismatch",
        "gradcheck_raises",
        "gradcheck raised its finding as an error instead of returning it.",
        "",
    ),
    (
        r"at least one input tensor to require gradient",
        "gradcheck_input",
        "gradcheck needs an input that requires grad, and was given none.",
        "",
    ),
    (
        r"non-empty (TensorList|list)",
        "empty_list",
        "stack and cat need at least one tensor, and this list is empty.",
        "",
    ),
    (
        r"'(function|method|builtin_function_or_method)' object is not (iterable|subscriptable)",
        "function_not_called",
        "A function stands here in the place of what it would return: it was not called.",
        "",
    ),
    (
        r"'(int|float|list|tuple|str)' object is not callable",
        "not_a_function",
        "A plain value is called here as if it were a function.",
        "",
    ),
    (r"NoneType", "none", "", _NONE),
)


def clue_for_error(error: BaseException, folder: Path) -> Clue | None:
    """A plain sentence on an error raised under `folder`; None if there is nothing to say beyond its own words."""
    try:
        frames = own_frames(error.__traceback__, folder)
        names = names_on_line(*frames[-1]) if frames else {}
        source = _source(frames[-1]) if frames else ""
        return _of_situation(error, source) or _of_words(error, names) or _of_line(error, names)
    except Exception:
        # A clue is a kindness: the error still stands, in its own words.
        return None


def _source(frame: tuple[types.FrameType, int]) -> str:
    return linecache.getline(frame[0].f_code.co_filename, frame[1]).strip()


def _of_situation(error: BaseException, source: str) -> Clue | None:
    """Errors that need more than their words: the source line, or where in PyTorch they were raised."""
    text, kind = str(error), type(error).__name__
    expected = getattr(error, "expected_instead", "")
    if source.startswith(("raise ", "assert ")):
        if expected:
            return Clue("other_error", f"`except {expected}` does not catch {kind}.")
        word = source.partition(" ")[0]
        return Clue("own_raise", f"The `{word}` on this line of yours refuses what the test passed in.")
    if re.search(r"context manager protocol|__enter__", text):
        found = re.search(r"with ([\w.]*(no_grad|enable_grad|inference_mode))\b(?!\()", source)
        if found:
            return Clue("context_not_made", f"{found[1]} is a class. `with` needs an object of it: {found[1]}().")
    inside = {(Path(f.f_code.co_filename).name, f.f_code.co_name) for f, _ in traceback.walk_tb(error.__traceback__)}
    if ("loss.py", "__init__") in inside and "Boolean value" in text:
        return Clue("loss_settings", "The loss class was given the tensors as settings: it was made, not called.")
    if isinstance(error, RecursionError):
        return Clue("recursion", "A function called itself deeper than Python allows, about 1,000 calls.")
    return _of_backward(text) or _of_python(error, text)


def _of_backward(text: str) -> Clue | None:
    """What autograd says of the value that a backward of the learner's own returned."""
    found = re.search(
        r"function (\w+)Backward returned an incorrect number of gradients \(expected (\d+), got (\d+)\)", text
    )
    if found:
        return Clue(
            "gradient_count",
            f"Your backward returned {_values(int(found[3]))}; forward has {_arguments(int(found[2]))} besides ctx.",
        )
    found = re.search(r"unction (\w+)Backward returned an invalid gradient at index (\d+) - got (\[.*?\]) but", text)
    if found:
        return Clue(
            "gradient_shape",
            f"Gradient {int(found[2]) + 1} that your backward returned has shape {found[3]}, not that of its input.",
        )
    return None


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _arguments(count: int) -> str:
    return "1 argument" if count == 1 else f"{count} arguments"


def _of_python(error: BaseException, text: str) -> Clue | None:
    if isinstance(error, UnboundLocalError):
        found = re.search(r"'(\w+)'", text)
        if found:
            return Clue(
                "local_name", f"{found[1]} gets its value later in this function, or in a branch that did not run."
            )
    elif isinstance(error, NameError):
        found = re.search(r"name '(\w+)'", text)
        if found:
            return Clue("unknown_name", f"Nothing in this file is called {found[1]} when this line runs.")
    return None


def _of_words(error: BaseException, names: dict[str, object]) -> Clue | None:
    text = str(error)
    for pattern, kind, sentence, add in _KNOWN:
        if re.search(pattern, text):
            said = _ADDED[add](names, text) if add else ""
            joined = " ".join(part for part in (sentence, said) if part)
            return Clue(kind, joined) if joined else None
    return None


def _of_line(error: BaseException, names: dict[str, object]) -> Clue | None:
    """For another error: the type of what lacks an attribute, or the shapes on the line."""
    found = re.search(r"'(\w+)' object (has no attribute|is not|does not)", str(error))
    if found:
        fitting = [name for name, value in names.items() if type(value).__name__ == found[1]]
        if len(fitting) == 1:
            return Clue("type_on_line", f"{fitting[0]} is {with_article(found[1])} here.")
    found = re.search(r"unsupported operand type\(s\) for .*: '(?:torch\.)?(\w+)' and '(?:torch\.)?(\w+)'", str(error))
    kinds = {kind for kind in (found.groups() if found else ()) if kind not in ("Tensor", "float", "int", "str")}
    fitting = [name for name, value in names.items() if type(value).__name__ in kinds]
    if len(kinds) == 1 and len(fitting) == 1:
        return Clue("type_on_line", f"{fitting[0]} is {with_article(kinds.pop())} here.")
    about_shapes = re.search(r"\b(sizes?|shapes?|dim(ension)?s?|expand|match)\b", str(error))
    comparable = about_shapes and len(shapes_of(names)) > 1
    said = _shapes(names, str(error)) if comparable else ""
    return Clue("shapes_on_line", said) if said else None


def _shapes(names: dict[str, object], text: str) -> str:
    shapes = _those_in(text, shapes_of(names))
    if not 1 <= len(shapes) <= 4:
        return ""
    return f"Here {_and([f'{name} has shape {shape}' for name, shape in shapes.items()])}."


def _those_in(text: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The shapes that an error of a matrix product or of broadcasting is about; all if the error has no sizes.

    A layer multiplies by the transpose of its weight.
    """
    found = re.search(r"\((\d+)x(\d+) and (\d+)x(\d+)\)", text)
    if found:
        rows, columns, rows_2, columns_2 = map(int, found.groups())
        factors = ((rows, columns), (rows_2, columns_2))
        fitting: dict[str, tuple[int, ...]] = {}
        for name, shape in shapes.items():
            if name.endswith(".weight") and shape == (columns_2, rows_2):
                fitting[f"{name}.T"] = shape[::-1]
            elif shape and (math.prod(shape[:-1]), shape[-1]) in factors:
                fitting[name] = shape
        return fitting
    found = re.search(r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", text)
    if found:
        sizes = set(map(int, found.groups()))
        return {name: shape for name, shape in shapes.items() if sizes & set(shape)}
    return shapes


def _dtypes(names: dict[str, object], _text: str) -> str:
    dtypes = dtypes_of(names)
    if not 1 <= len(dtypes) <= 4:
        return ""
    return f"Here {_and([f'{name} is {dtype}' for name, dtype in dtypes.items()])}."


def _none(names: dict[str, object], _text: str) -> str:
    empty = [name for name, value in names.items() if value is None]
    results = [name for name in empty if name.endswith(".grad") and _is_result(names.get(name.removesuffix(".grad")))]
    if results:
        owner = results[0].removesuffix(".grad")
        return f"{results[0]} is None: {owner} was computed from other tensors, and only a leaf gets a .grad."
    return f"{_and(empty)} {'is' if len(empty) == 1 else 'are'} None here." if 1 <= len(empty) <= 3 else ""


def _is_result(value: object) -> bool:
    return getattr(value, "grad_fn", None) is not None


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


_ADDED: dict[str, Callable[[dict[str, object], str], str]] = {_SHAPES: _shapes, _DTYPES: _dtypes, _NONE: _none}
