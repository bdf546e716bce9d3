"""The specification of katas/lesson_1_tensors/kata_07_devices.py."""

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from dojo.expect import Mismatch, assert_owns_memory, assert_tensor, assert_unchanged, assert_value, kind_of
from katas.lesson_1_tensors import kata_07_devices as kata

CORE = ("best_device", "row_numbers", "to_number", "move_batch")


def assert_place(actual, name):
    if not isinstance(actual, torch.device):
        assert_value(actual, torch.device(name))
    # "cuda" and "cuda:0" are both right, so only the types are compared.
    assert_value(actual.type, name, name="the type of the device")


@pytest.mark.parametrize("name", ["cuda", "xpu", "mps"])
def test_best_device__is_the_accelerator_in_the_list(name):
    assert_place(kata.best_device(["cpu", name]), name)


@pytest.mark.parametrize(
    ("available", "name"),
    [
        (["cpu", "mps", "xpu"], "xpu"),
        (["mps", "cuda", "cpu"], "cuda"),
        (["xpu", "cuda"], "cuda"),
        (["cuda", "mps"], "cuda"),
    ],
)
def test_best_device__prefers_cuda_then_xpu_then_mps_in_any_order(available, name):
    assert_place(kata.best_device(available), name)


@pytest.mark.parametrize("available", [["cpu"], ["meta", "cpu"], []])
def test_best_device__is_the_cpu_without_an_accelerator(available):
    assert_place(kata.best_device(available), "cpu")


def test_best_device__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(4, 2), (3, 5)])
def test_row_numbers__counts_the_rows_on_the_device_of_x(device, shape):
    x = torch.ones(shape, device=device)
    assert_tensor(kata.row_numbers(x), np.arange(shape[0], dtype=np.float32), device=device)


# Each dtype but int64 is too small for some of these row numbers: whoever counts in it gets other numbers or an error.
@pytest.mark.parametrize(
    ("dtype", "rows"),
    [(torch.int64, 3), (torch.bfloat16, 300), (torch.float16, 2100), (torch.uint8, 300), (torch.bool, 3)],
)
def test_row_numbers__is_float32_for_any_dtype_of_x(device, dtype, rows):
    x = torch.ones(rows, 2, dtype=dtype, device=device)
    assert_tensor(kata.row_numbers(x), np.arange(rows, dtype=np.float32), device=device)


def test_row_numbers__accepts_one_row_or_none(device):
    for rows in (1, 0):
        x = torch.ones(rows, 2, device=device)
        assert_tensor(kata.row_numbers(x), np.arange(rows, dtype=np.float32), device=device)


def test_row_numbers__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_to_number__is_a_python_float(device, shape):
    loss = torch.full(shape, 0.123456789, device=device)
    assert_value(kata.to_number(loss), float(np.float32(0.123456789)), tolerance=0)


def test_to_number__is_exact_for_integers_and_for_tiny_and_negative_values(device):
    for value in (3.0, 1e-20, -2.75):
        assert_value(kata.to_number(torch.tensor(value, device=device)), float(np.float32(value)), tolerance=0)


@pytest.mark.parametrize("shape", [(), (1,)])
def test_to_number__accepts_a_loss_that_requires_grad(device, shape):
    loss = torch.full(shape, 4.5, device=device, requires_grad=True)
    assert_value(kata.to_number(loss), 4.5)
    if not loss.requires_grad:
        raise Mismatch("mutated", "Your code switched requires_grad of the loss off. Leave the loss unchanged.")


def test_to_number__does_what_its_example_shows(example):
    example.check(kata)


def assert_batch(actual, expected, device, whole="your result", place=""):
    """Check that a batch has the containers, keys, order and values of another, and its tensors on a device."""
    name = f"entry {place} of {whole}" if place else whole
    if isinstance(expected, torch.Tensor):
        assert_tensor(actual, expected, device=device, name=name)
    elif not isinstance(expected, (dict, list, tuple)):
        assert_value(actual, expected, name=name)
    else:
        if type(actual) is not type(expected):
            assert_value(actual, expected, name=name)
        keys = list(actual) if isinstance(actual, dict) else list(range(len(actual)))
        wanted_keys = list(expected) if isinstance(expected, dict) else list(range(len(expected)))
        assert_value(keys, wanted_keys, name=f"the list of keys or indices of {name}")
        for key in wanted_keys:
            assert_batch(actual[key], expected[key], device, whole, f"{place}[{key!r}]")


def some_batch(device):
    return {
        "image": torch.tensor([[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]], device=device),
        "target": (torch.tensor([3, 1], device=device), [torch.tensor([True, False], device=device), "cat"]),
        "meta": {"epoch": 2, "scale": 0.5, "note": None, "train": True, "ids": ["a7", "b9"]},
    }


def test_move_batch__moves_every_tensor_and_keeps_the_rest(device):
    assert_batch(kata.move_batch(some_batch("cpu"), device), some_batch("cpu"), device)


def test_move_batch__moves_tensors_back_to_the_cpu(device):
    assert_batch(kata.move_batch(some_batch(device), torch.device("cpu")), some_batch("cpu"), "cpu")


def test_move_batch__accepts_any_kind_of_batch_by_itself(device):
    for batch in (torch.tensor([1, 2]), [torch.tensor(4.0), 7], (torch.tensor([3.0]), "x"), None, "dog", [], {}, ()):
        assert_batch(kata.move_batch(batch, device), batch, device)


def test_move_batch__makes_new_containers(device):
    batch = some_batch(device)
    answer = kata.move_batch(batch, device)
    pairs = [("the batch", answer, batch), ("batch['meta']", answer["meta"], batch["meta"])]
    pairs.append(("batch['target'][1]", answer["target"][1], batch["target"][1]))
    for name, new, given in pairs:
        if new is given:
            raise Mismatch("memory", f"Your result contains a given container: {name} itself. Return a new container.")


def test_move_batch__does_not_modify_the_given_batch(device):
    batch = some_batch("cpu")
    kata.move_batch(batch, device)
    assert_batch(batch, some_batch("cpu"), "cpu", "the given batch")


def test_move_batch__does_what_its_example_shows(example):
    example.check(kata)


LEFT = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32)
RIGHT = np.array([[10, 30, 20], [0.5, -5, 70]], dtype=np.float32)


def test_meet__adds_two_tensors_on_one_device(device):
    a, b = torch.tensor(LEFT, device=device), torch.tensor(RIGHT, device=device)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device=device)


def test_meet__moves_b_from_the_cpu(device):
    a, b = torch.tensor(LEFT, device=device), torch.tensor(RIGHT)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device=device)


def test_meet__moves_b_to_the_cpu(device):
    a, b = torch.tensor(LEFT), torch.tensor(RIGHT, device=device)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device="cpu")


@pytest.mark.parametrize("shape", [(3,), ()])
def test_meet__does_not_modify_a(device, shape):
    for a_device, b_device in [(device, device), (device, "cpu"), ("cpu", device)]:
        a, b = torch.full(shape, 2.0, device=a_device), torch.full(shape, 3.0, device=b_device)
        with assert_unchanged(a=a):
            answer = kata.meet(a, b)
        assert_tensor(answer, np.full(shape, 5, dtype=np.float32), device=a_device)


def test_meet__does_not_modify_b(device):
    for a_device, b_device in [(device, device), (device, "cpu"), ("cpu", device)]:
        a, b = torch.tensor([2.0, 4.0], device=a_device), torch.tensor([3.0, 0.5], device=b_device)
        with assert_unchanged(b=b):
            answer = kata.meet(a, b)
        assert_tensor(answer, np.array([5, 4.5], dtype=np.float32), device=a_device)


def test_meet__does_what_its_example_shows(example):
    example.check(kata)


def assert_array(actual, expected):
    if not isinstance(actual, np.ndarray):
        kind = type(actual).__name__
        raise Mismatch("type", f"Your result has the type {kind}. It must be a NumPy array.", actual=actual)
    try:
        assert_tensor(torch.from_numpy(actual.copy()), expected)
    except Mismatch as mismatch:
        # The report shows the array, not this tensor.
        mismatch.actual, mismatch.expected = actual, expected
        raise


class Transfers(TorchFunctionMode):
    """Counts the elements that are transferred from an accelerator to the CPU."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        away = [each for each in args if isinstance(each, torch.Tensor) and each.device.type != "cpu"]
        if away and isinstance(result, torch.Tensor) and result.device.type == "cpu":
            self.count += result.numel()
        elif away and func in (torch.Tensor.item, torch.Tensor.tolist):
            self.count += away[0].numel()
        return result


@pytest.mark.parametrize(("shape", "k"), [((3, 4), 5), ((7,), 1), ((2, 3, 2), 12)])
def test_largest_on_host__returns_an_array_with_the_largest_first(device, shape, k):
    array = np.random.default_rng(k).permutation(np.arange(-5, 20)).astype(np.float32)[: np.prod(shape)] / 2
    x = torch.tensor(array.reshape(shape), device=device)
    assert_array(kata.largest_on_host(x, k), np.sort(array)[::-1][:k].copy())


def test_largest_on_host__keeps_equal_elements(device):
    x = torch.tensor([[2.0, 7.0, 7.0], [5.0, 7.0, 5.0]], device=device)
    assert_array(kata.largest_on_host(x, 5), np.array([7, 7, 7, 5, 5], dtype=np.float32))


def test_largest_on_host__accepts_negative_elements(device):
    x = torch.tensor([[-3.0, -8.0, -1.5], [-2.0, -9.0, -4.0]], device=device)
    assert_array(kata.largest_on_host(x, 2), np.array([-1.5, -2.0], dtype=np.float32))


def test_largest_on_host__accepts_a_transposed_input_and_does_not_modify_it(device):
    x = torch.tensor([[6.0, 1.0, 8.0], [2.0, 7.0, 3.0]], device=device).t()
    with assert_unchanged(x=x):
        answer = kata.largest_on_host(x, 4)
    assert_array(answer, np.array([8, 7, 6, 3], dtype=np.float32))


def test_largest_on_host__transfers_only_k_elements(device):
    x = torch.tensor([[6.0, 1.0, 8.0, 4.0], [2.0, 7.0, 3.0, 5.0]], device=device)
    transferred = {}
    for k in (8, 1):
        with Transfers() as transfers:
            answer = kata.largest_on_host(x, k)
        assert_array(answer, np.arange(8, 8 - k, -1, dtype=np.float32))
        transferred[k] = transfers.count
    if transferred[8] and transferred[1] >= transferred[8]:
        raise Mismatch(
            "device", "For k = 1, your code transferred all 8 elements to the CPU. Transfer only the largest one."
        )


def test_largest_on_host__does_what_its_example_shows(example):
    example.check(kata)


def assert_list(history, expected):
    if not isinstance(history, list):
        raise Mismatch("type", f"Your result is {kind_of(history)}. It must be a list.", actual=history)
    assert_value(len(history), len(expected), name="the length of the list")
    for i in range(len(expected)):
        assert_tensor(history[i], expected[i], device="cpu", name=f"entry {i} of the list")


def test_history_of__returns_w_after_each_update(device):
    w = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], device=device)
    steps = [np.full((2, 3), 0.5), np.array([[1, 0, 0], [0, 0, -2]]), np.array([[0, 0, 3], [1, 1, 1]])]
    history = kata.history_of(w, [torch.tensor(step, dtype=torch.float32, device=device) for step in steps])
    expected = np.arange(1, 7).reshape(2, 3) + np.cumsum(steps, axis=0)
    assert_list(history, expected.astype(np.float32))


def test_history_of__changes_w_in_place(device):
    w = torch.tensor([1.0, 2.0], device=device)
    updates = [torch.tensor([10.0, 20.0], device=device), torch.tensor([0.5, 0.0], device=device)]
    with assert_unchanged(updates_0=updates[0], updates_1=updates[1]):
        kata.history_of(w, updates)
    assert_tensor(w, np.array([11.5, 22.0], dtype=np.float32), device=device, name="the tensor w afterwards")


def test_history_of__does_not_change_if_w_changes_later(device):
    w = torch.tensor([1.0, 2.0], device=device)
    history = kata.history_of(w, [torch.tensor([3.0, 4.0], device=device)])
    w.zero_()
    assert_list(history, np.array([[4, 6]], dtype=np.float32))


def test_history_of__returns_entries_that_share_no_memory(device):
    w = torch.zeros(3, device=device)
    history = kata.history_of(w, [torch.ones(3, device=device), torch.ones(3, device=device)])
    assert_list(history, np.array([[1, 1, 1], [2, 2, 2]], dtype=np.float32))
    assert_owns_memory(history[0], history[1], name="entry 0 of the list", other_name="entry 1")


def test_history_of__accepts_a_column_of_a_larger_tensor(device):
    table = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], device=device)
    history = kata.history_of(table[:, 1], [torch.tensor([1.0, 10.0, 100.0], device=device)])
    assert_list(history, np.array([[3, 14, 106]], dtype=np.float32))
    expected = np.array([[1, 3], [3, 14], [5, 106]], dtype=np.float32)
    assert_tensor(table, expected, device=device, name="the tensor whose column w is")


def test_history_of__is_empty_without_updates(device):
    w = torch.tensor([1.0, 2.0], device=device)
    assert_list(kata.history_of(w, []), np.zeros((0, 2), dtype=np.float32))


def test_history_of__does_what_its_example_shows(example):
    example.check(kata)
