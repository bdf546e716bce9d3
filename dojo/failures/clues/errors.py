"""An error that the answer raised: plain words for well-known errors, and what the names on the line held."""

from __future__ import annotations

import builtins
import dataclasses
import difflib
import linecache
import math
import re
import traceback
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dojo.course.definitions import read_definitions
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import listed
from dojo.failures.clues.failing_line import attributes_of, dtypes_of, names_on_line, shapes_of
from dojo.support.text import sentence_start, with_article
from dojo.testbed.tracebacks import own_frames


def _shapes(names: dict[str, object], text: str) -> str:
    shapes = _those_in(text, shapes_of(names))
    if not 1 <= len(shapes) <= 4:
        return ""
    return f"Here {listed([f'{name} has shape {shape}' for name, shape in shapes.items()])}."


def _those_in(text: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The shapes that an error in a product or in broadcasting is about; all shapes if the error has no sizes.

    A layer multiplies by the transpose of its weight.
    """
    found = re.search(r"mat \((\d+)x(\d+)\), vec \((\d+)\)", text)
    if found:
        rows, columns, size = map(int, found.groups())
        return {name: shape for name, shape in shapes.items() if shape in ((rows, columns), (columns, rows), (size,))}
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


def _vectors(_names: dict[str, object], text: str) -> str:
    found = re.search(r"expected tensor \[(\d+)\] and src \[(\d+)\]", text)
    return f"Here the left vector has size {found[1]}, and the right vector has size {found[2]}." if found else ""


def _dtypes(names: dict[str, object], _text: str) -> str:
    dtypes = dtypes_of(names)
    if not 1 <= len(dtypes) <= 4:
        return ""
    return f"Here {listed([f'{name} is {dtype}' for name, dtype in dtypes.items()])}."


def _none(names: dict[str, object], _text: str) -> str:
    empty = [name for name, value in names.items() if value is None]
    results = [name for name in empty if name.endswith(".grad") and _is_result(names.get(name.removesuffix(".grad")))]
    if results:
        owner = results[0].removesuffix(".grad")
        reason = f"{owner} was computed from other tensors, and by default only a leaf tensor gets a .grad."
        return f"{results[0]} is None here. {reason}"
    return f"{listed(empty)} {'is' if len(empty) == 1 else 'are'} None here." if 1 <= len(empty) <= 3 else ""


def _is_result(value: object) -> bool:
    return getattr(value, "grad_fn", None) is not None


@dataclasses.dataclass(frozen=True)
class _Known:
    """A well-known error, and the clue to it.

    Attributes:
        pattern: found in the error's own words.
        kind, sentence: the clue, in plain words.
        more: computes what to add, from the names on the line and the error's words; None if nothing.
    """

    pattern: str
    kind: str
    sentence: str
    more: Callable[[dict[str, object], str], str] | None = None


_KNOWN = (
    _Known(
        r"mat1 and mat2 shapes cannot|Expected size for first two dimensions of batch2",
        "matmul_shapes",
        "In a matrix product, the last size of the left factor must equal the second-to-last size of the right factor.",
        _shapes,
    ),
    _Known(
        r"inconsistent tensor size, expected tensor",
        "matmul_shapes",
        "In a product of two vectors, both must have the same size.",
        _vectors,
    ),
    _Known(
        r"size mismatch, got",
        "matmul_shapes",
        "In a product with a vector, the last size of the left factor must equal the size of the vector.",
        _shapes,
    ),
    _Known(
        r"The size of tensor a .* must match|are not broadcastable|could not be broadcast",
        "broadcast_shapes",
        "Broadcasting compares shapes from the right. Two sizes must be equal, or one of them must be 1.",
        _shapes,
    ),
    _Known(
        r"doesn't match the broadcast",
        "in_place_shape",
        "The result of an in-place operation must have the shape of the tensor that it changes.",
        _shapes,
    ),
    _Known(
        r"must have the same dtype|to have the same dtype, but got|Expected self.dtype to be equal",
        "mixed_dtypes",
        "This operation needs tensors of the same dtype.",
        _dtypes,
    ),
    _Known(
        r"could not infer output dtype|must be either a floating point",
        "needs_floats",
        "This operation needs floats.",
        _dtypes,
    ),
    _Known(
        r"is invalid for input of size",
        "element_count",
        "The new shape must have the same number of entries as the tensor.",
        _shapes,
    ),
    _Known(r"view size is not compatible", "view_of_strided", "This tensor is non-contiguous, and view never copies."),
    _Known(
        r"grad can be implicitly created only for scalar",
        "backward_of_many",
        "Without a given gradient, a backward pass must start at a tensor with one entry.",
        _shapes,
    ),
    _Known(
        r"leaf Variable that requires grad is being used in an in-place",
        "leaf_in_place",
        "A leaf tensor that requires grad was changed in place while autograd was recording.",
    ),
    _Known(
        r"modified by an inplace operation",
        "version_counter",
        "A tensor that the backward pass needs was changed in place after the operation that used it.",
    ),
    _Known(
        r"backward through the graph a second time",
        "graph_freed",
        "An earlier backward pass has already freed this graph.",
    ),
    _Known(
        r"does not require grad and does not have a grad_fn",
        "nothing_recorded",
        "The backward pass starts at a tensor that does not require grad and has no graph.",
    ),
    _Known(
        r"appears to not have been used in the graph",
        "unused_input",
        "A gradient was requested for a tensor that is not in the graph of this result.",
    ),
    _Known(
        r"Target -?\d+ is out of bounds",
        "label_range",
        "A label is not between 0 and the number of classes minus 1.",
        _shapes,
    ),
    _Known(
        r"expected target dtype|expected scalar type Long",
        "label_dtype",
        "This loss needs class indices as int64.",
        _dtypes,
    ),
    _Known(
        r"can't be cast to the desired output type",
        "float_into_integer",
        "The result is written into a tensor whose dtype can't hold it.",
        _dtypes,
    ),
    _Known(
        r"numpy\(\) on Tensor that requires grad",
        "numpy_of_recorded",
        "This tensor requires grad, and NumPy does not record operations.",
    ),
    _Known(
        r"cannot be converted to Scalar|can only be converted to Python scalars|only one-element tensors",
        "one_element",
        "A tensor was used as a single number, but it does not have exactly one entry.",
        _shapes,
    ),
    _Known(
        r"only integer tensors of a single element",
        "one_integer",
        "A tensor was used as a single integer. It must have one entry and an integer dtype.",
        _shapes,
    ),
    _Known(
        r"Boolean value of Tensor with more than one value",
        "truth_of_many",
        "A tensor with several entries was used as a single True or False, "
        "for example in `if`, `and`, `or`, `not`, `in`, min() or max().",
        _shapes,
    ),
    _Known(
        r"stack expects each tensor to be equal size", "stack_shapes", "stack needs tensors of the same shape.", _shapes
    ),
    _Known(
        r"zero-dimensional tensor .* cannot be concatenated",
        "cat_scalars",
        "cat joins tensors along a dimension, but a tensor of shape () has no dimensions.",
    ),
    _Known(r"only Tensors of floating point", "integer_grad", "Only a tensor of floats can require grad.", _dtypes),
    _Known(
        r"can only change requires_grad flags of leaf",
        "not_a_leaf",
        "Only a leaf tensor's requires_grad can be changed, but this tensor was computed from others.",
    ),
    _Known(
        r"before Module\.__init__\(\) call",
        "module_init",
        "A module must call super().__init__() before it assigns parameters or modules.",
    ),
    _Known(
        r"cannot assign .* as parameter",
        "assigned_tensor",
        "The name of a parameter can hold only an nn.Parameter or None, not a plain tensor.",
    ),
    _Known(r"missing the required \"forward\"", "no_forward", "The class of this module does not define forward."),
    _Known(r"out of bounds for dimension", "index_range", "An index is outside its dimension.", _shapes),
    _Known(r"Dimension out of range", "dimension_range", "The tensor has no dimension with this number.", _shapes),
    _Known(
        r"number of dimensions in the tensor input",
        "permuted_dimensions",
        "permute needs every dimension of the tensor exactly once.",
        _shapes,
    ),
    _Known(
        r"tensors used as indices must be",
        "index_dtype",
        "A tensor that is used as an index must hold integers or booleans.",
        _dtypes,
    ),
    _Known(
        r"Index tensor must have the same number of dimensions",
        "gather_dimensions",
        "The index must have the same number of dimensions as the tensor.",
        _shapes,
    ),
    _Known(
        r"'torch\.return_types\.\w+'",
        "pair_of_results",
        "This function returned a tuple of several tensors, for example values and indices.",
    ),
    _Known(
        r"of type 'generator' has no len|'generator' object (is not subscriptable|has no attribute)",
        "generator",
        "A generator has no length and no indices. It can only be read, and only once.",
    ),
    _Known(
        r"Torch not compiled with CUDA|No CUDA GPUs|NVIDIA driver|object on a CUDA device but",
        "no_cuda",
        "This machine has no CUDA device.",
    ),
    _Known(
        r"device type for generator", "generator_device", "The generator and the result must be on the same device."
    ),
    _Known(
        r"same device|not on the expected device",
        "mixed_devices",
        "One operation was given tensors on different devices.",
    ),
    _Known(
        r"Weights only load failed|Unsupported global",
        "unsafe_file",
        "The file holds objects other than tensors and plain Python values. torch.load refuses them by default.",
    ),
    _Known(
        r"loading state_dict[^\0]*(Missing key|Unexpected key|size mismatch)",
        "state_mismatch",
        "The names or shapes in the state differ from those of the model.",
    ),
    _Known(
        r"Inference tensors cannot",
        "inference_tensor",
        "A tensor that was made in inference mode can't take part in a recorded computation.",
    ),
    _Known(
        r"support the deepcopy protocol",
        "copy_of_result",
        "Only a leaf tensor can be deep-copied, but this tensor was computed from others.",
    ),
    _Known(
        r"can't optimize a non-leaf",
        "optimizer_leaf",
        "An optimizer accepts only leaf tensors, but this tensor was computed from others.",
    ),
    _Known(r"optimizer got an empty parameter list", "no_parameters", "The optimizer was given no parameters."),
    _Known(r"without overflow", "overflow", "A number is outside the range of this dtype."),
    _Known(
        r"all elements of input should be between 0 and 1",
        "not_probabilities",
        "This loss expects probabilities, but some entries are not between 0 and 1.",
    ),
    _Known(
        r"Target size .* must be the same as input size",
        "loss_shapes",
        "This loss needs predictions and targets of the same shape.",
        _shapes,
    ),
    _Known(
        r"[Jj]acobian mismatch",
        "gradcheck_raises",
        "gradcheck found a wrong gradient, and raised an error instead of returning False.",
    ),
    _Known(
        r"at least one input tensor to require gradient",
        "gradcheck_input",
        "gradcheck needs an input that requires grad, but it was given none.",
    ),
    _Known(
        r"non-empty (TensorList|list)", "empty_list", "stack and cat need at least one tensor, but this list is empty."
    ),
    _Known(
        r"'(function|method|builtin_function_or_method)' object is not (iterable|subscriptable)",
        "function_not_called",
        "A function itself is used here, not the result of calling it.",
    ),
    _Known(
        r"'(int|float|list|tuple|str)' object is not callable",
        "not_a_function",
        "A plain value is called here as if it were a function.",
    ),
    _Known(r"NoneType", "none", "", _none),
)


def clue_for_error(error: BaseException, folder: Path) -> Clue | None:
    """A plain sentence about an error raised under `folder`; None if there is nothing to add to the error's words."""
    frames = own_frames(error.__traceback__, folder)
    names = names_on_line(*frames[-1]) if frames else {}
    source = linecache.getline(frames[-1][0].f_code.co_filename, frames[-1][1]).strip() if frames else ""
    return (
        _of_situation(error, source)
        or _of_name(error, frames[-1][0] if frames else None)
        or _of_words(error, names)
        or _of_attribute(error, source)
        or _of_line(error, names)
    )


def _of_situation(error: BaseException, source: str) -> Clue | None:
    """Errors that need more than their words: the source line, or where in PyTorch they were raised."""
    text, kind = str(error), type(error).__name__
    expected = getattr(error, "expected_instead", "")
    # A stub raises NotImplementedError, and the headline names the stub.
    if source.startswith(("raise ", "assert ")) and not source.startswith("raise NotImplementedError"):
        if expected:
            return Clue("other_error", f"`except {expected}` does not catch {kind}.")
        word = source.partition(" ")[0]
        return Clue("own_raise", f"This error comes from the `{word}` that you wrote on this line.")
    if re.search(r"context manager protocol|__enter__", text):
        found = re.search(r"with ([\w.]*(no_grad|enable_grad|inference_mode))\b(?!\()", source)
        if found:
            return Clue("context_not_made", f"{found[1]} is a class. `with` needs an instance: {found[1]}().")
    inside = {(Path(f.f_code.co_filename).name, f.f_code.co_name) for f, _ in traceback.walk_tb(error.__traceback__)}
    if ("loss.py", "__init__") in inside and "Boolean value" in text:
        said = "You passed the tensors when you created the loss. Pass them when you call the loss."
        return Clue("loss_settings", said)
    if isinstance(error, RecursionError):
        return Clue("recursion", "Calls were nested more deeply than Python allows, which is about 1,000 levels.")
    return _of_backward(text)


def _of_backward(text: str) -> Clue | None:
    """What autograd says about the value that the learner's own backward returned."""
    found = re.search(r"Backward returned an incorrect number of gradients \(expected (\d+), got (\d+)\)", text)
    if found:
        wanted, got = (f"{count} {{}}" if count == "1" else f"{count} {{}}s" for count in found.groups())
        said = f"Your backward returned {got.format('value')}, but forward has {wanted.format('argument')} besides ctx."
        return Clue("gradient_count", said)
    found = re.search(r"Backward returned an invalid gradient at index (\d+) - got (.*?) but .* with (\[.*?\])", text)
    if found:
        index, got, wanted = found.groups()
        said = f"Gradient [{index}] that your backward returned has shape {got}, but its input has shape {wanted}."
        return Clue("gradient_shape", said)
    return None


def _of_name(error: BaseException, frame: types.FrameType | None) -> Clue | None:
    found = re.search(r"'(\w+)'", str(error)) if isinstance(error, NameError) else None
    if found is None:
        return None
    if isinstance(error, UnboundLocalError):
        said = f"{found[1]} gets its value later in this function, or in a branch that did not run."
        return Clue("local_name", said)
    known = {**vars(builtins), **frame.f_globals, **frame.f_locals} if frame else {}
    said = f"Nothing in this file has the name {found[1]} when this line runs."
    file = _other_kata(found[1], Path(frame.f_code.co_filename)) if frame else ""
    if file:
        return Clue("unknown_name", f"{said} It is in {file}, but each kata stands alone: write its lines here again.")
    return Clue("unknown_name", f"{said} {_did_you_mean(found[1], known)}".strip())


def _other_kata(name: str, kata: Path) -> str:
    """The file of another kata that defines a function or a class, as `lesson/kata.py`; empty if none does."""
    for path in sorted(kata.parent.parent.glob("lesson_*/kata_*.py")):
        if path != kata and name in read_definitions(path):
            return f"{path.parent.name}/{path.name}"
    return ""


def _of_attribute(error: BaseException, source: str) -> Clue | None:
    """The attribute that was meant, if it is misspelled on the failing line."""
    name = getattr(error, "name", None)
    owner: Any = getattr(error, "obj", None)
    if not isinstance(error, AttributeError) or not name or f".{name}" not in source:
        return None
    meant = _did_you_mean(name, attributes_of(owner))
    has_name = isinstance(owner, (type, types.ModuleType))
    what = owner.__name__ if has_name else sentence_start(with_article(type(owner).__name__))
    return Clue("misspelled", f"{what} has no {name}. {meant}") if meant else None


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """`Did you mean mean?` with the most similar name; "" if no name is similar.

    Private and in-place names are left out, unless `name` looks like one.
    """
    ends = [name.startswith("_"), name.endswith("_")]
    fitting = [each for each in known if [each.startswith("_"), each.endswith("_")] == ends]
    close = difflib.get_close_matches(name, fitting, n=1, cutoff=0.75)
    close += [each for each in fitting if each.casefold() == name.casefold()]
    return f"Did you mean {close[0]}?" if close else ""


def _of_words(error: BaseException, names: dict[str, object]) -> Clue | None:
    text = str(error)
    known = next((each for each in _KNOWN if re.search(each.pattern, text)), None)
    if known is None:
        return None
    said = " ".join(filter(None, (known.sentence, known.more(names, text) if known.more else "")))
    return Clue(known.kind, said) if said else None


def _of_line(error: BaseException, names: dict[str, object]) -> Clue | None:
    """For any other error: the type of the object that lacks an attribute, or the shapes on the line."""
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
