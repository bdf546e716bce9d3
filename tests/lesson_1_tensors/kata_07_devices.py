"""The specification of katas/lesson_1_tensors/kata_07_devices.py."""

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from dojo.expect import Mismatch, assert_owns_memory, assert_tensor, assert_unchanged, assert_value
from katas.lesson_1_tensors import kata_07_devices as kata

CORE = ("best_device", "row_numbers", "move_batch", "to_number")


def assert_place(actual, name):
    if not isinstance(actual, torch.device):
        assert_value(actual, torch.device(name))
    # "cuda" and "cuda:0" are both right: the type of the device is what counts.
    assert_value(actual.type, name, name="the type of the device")


@pytest.mark.parametrize("name", ["cuda", "xpu", "mps"])
def test_best_device__is_the_accelerator_that_is_there(name):
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
def test_best_device__goes_by_rank_and_not_by_the_order_of_the_list(available, name):
    assert_place(kata.best_device(available), name)


@pytest.mark.parametrize("available", [["cpu"], ["meta", "cpu"], []])
def test_best_device__is_the_cpu_where_there_is_no_other(available):
    assert_place(kata.best_device(available), "cpu")


@pytest.mark.parametrize("shape", [(4, 2), (3, 5)])
def test_row_numbers__counts_the_rows_where_the_input_lives(device, shape):
    x = torch.ones(shape, device=device)
    assert_tensor(kata.row_numbers(x), np.arange(shape[0], dtype=np.float32), device=device)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float16, torch.bool])
def test_row_numbers__is_float32_whatever_the_input_is(device, dtype):
    x = torch.ones(3, 4, dtype=dtype, device=device)
    assert_tensor(kata.row_numbers(x), np.arange(3, dtype=np.float32), device=device)


def test_row_numbers__may_be_one_or_none(device):
    for rows in (1, 0):
        x = torch.ones(rows, 2, device=device)
        assert_tensor(kata.row_numbers(x), np.arange(rows, dtype=np.float32), device=device)


@pytest.mark.parametrize(
    ("rows", "offsets"),
    [([[1, 2, 3], [4, 5, 6]], [10.5, -20, 0.25]), ([[1, 2], [3, 4], [5, 9]], [100, 7])],
)
def test_add_offsets__gives_each_column_its_own(device, rows, offsets):
    x = torch.tensor(rows, dtype=torch.float32, device=device)
    expected = (np.array(rows) + np.array(offsets)).astype(np.float32)
    assert_tensor(kata.add_offsets(x, offsets), expected, device=device)


def test_add_offsets__goes_by_column_where_there_are_as_many_rows(device):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], device=device)
    expected = np.array([[1.5, 12.0], [3.5, 14.0]], dtype=np.float32)
    assert_tensor(kata.add_offsets(x, [0.5, 10]), expected, device=device)


def test_add_offsets__leaves_the_input_as_it_is(device):
    x = torch.tensor([[1.0, 2.0, 4.0]], device=device)
    with assert_unchanged(x=x):
        answer = kata.add_offsets(x, [1, 2, 3])
    assert_tensor(answer, np.array([[2, 4, 7]], dtype=np.float32), device=device)


def test_add_offsets__takes_a_batch_of_none(device):
    x = torch.ones(0, 2, device=device)
    assert_tensor(kata.add_offsets(x, [1, 2.5]), np.ones((0, 2), dtype=np.float32), device=device)


LEFT = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32)
RIGHT = np.array([[10, 30, 20], [0.5, -5, 70]], dtype=np.float32)


def test_meet__adds_two_on_one_device(device):
    a, b = torch.tensor(LEFT, device=device), torch.tensor(RIGHT, device=device)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device=device)


def test_meet__brings_b_from_the_cpu(device):
    a, b = torch.tensor(LEFT, device=device), torch.tensor(RIGHT)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device=device)


def test_meet__brings_b_to_the_cpu(device):
    a, b = torch.tensor(LEFT), torch.tensor(RIGHT, device=device)
    assert_tensor(kata.meet(a, b), LEFT + RIGHT, device="cpu")


@pytest.mark.parametrize("shape", [(3,), ()])
def test_meet__leaves_a_as_it_is(device, shape):
    for a_device, b_device in [(device, device), (device, "cpu"), ("cpu", device)]:
        a, b = torch.full(shape, 2.0, device=a_device), torch.full(shape, 3.0, device=b_device)
        with assert_unchanged(a=a):
            answer = kata.meet(a, b)
        assert_tensor(answer, np.full(shape, 5, dtype=np.float32), device=a_device)


def test_meet__leaves_b_as_it_is(device):
    for a_device, b_device in [(device, device), (device, "cpu"), ("cpu", device)]:
        a, b = torch.tensor([2.0, 4.0], device=a_device), torch.tensor([3.0, 0.5], device=b_device)
        with assert_unchanged(b=b):
            answer = kata.meet(a, b)
        assert_tensor(answer, np.array([5, 4.5], dtype=np.float32), device=a_device)


def assert_batch(actual, expected, device, name="the answer"):
    """Check that a batch has the types, keys, order and leaves of another, and its tensors on a device."""
    if isinstance(expected, torch.Tensor):
        assert_tensor(actual, expected, device=device, name=name)
    elif not isinstance(expected, (dict, list, tuple)):
        assert_value(actual, expected, name=name)
    else:
        if type(actual) is not type(expected):
            is_type, wanted = type(actual).__name__, type(expected).__name__
            raise Mismatch("type", f"The type of {name} is {is_type}; it must be {wanted}.", actual=actual)
        keys = list(actual) if isinstance(actual, dict) else list(range(len(actual)))
        wanted_keys = list(expected) if isinstance(expected, dict) else list(range(len(expected)))
        assert_value(keys, wanted_keys, name=f"the list of keys or positions of {name}")
        for key in wanted_keys:
            assert_batch(actual[key], expected[key], device, f"{name}[{key!r}]")


def some_batch(device):
    return {
        "image": torch.tensor([[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]], device=device),
        "target": (torch.tensor([3, 1], device=device), [torch.tensor([True, False], device=device), "cat"]),
        "meta": {"epoch": 2, "scale": 0.5, "note": None, "train": True, "ids": ["a7", "b9"]},
    }


def test_move_batch__moves_every_tensor_and_keeps_the_rest(device):
    assert_batch(kata.move_batch(some_batch("cpu"), device), some_batch("cpu"), device)


def test_move_batch__brings_it_back_to_the_cpu(device):
    assert_batch(kata.move_batch(some_batch(device), torch.device("cpu")), some_batch("cpu"), "cpu")


def test_move_batch__takes_any_of_them_at_the_top(device):
    for batch in (torch.tensor([1, 2]), [torch.tensor(4.0), 7], (torch.tensor([3.0]), "x"), None, "dog", [], {}, ()):
        assert_batch(kata.move_batch(batch, device), batch, device)


def test_move_batch__makes_containers_of_its_own(device):
    batch = some_batch(device)
    answer = kata.move_batch(batch, device)
    pairs = [("the batch", answer, batch), ("its 'meta'", answer["meta"], batch["meta"])]
    pairs.append(("the list in its 'target'", answer["target"][1], batch["target"][1]))
    for name, new, given in pairs:
        if new is given:
            raise Mismatch("memory", f"What came back for {name} is the very container that was given.")


def test_move_batch__leaves_the_given_batch_as_it_is(device):
    batch = some_batch("cpu")
    kata.move_batch(batch, device)
    assert_batch(batch, some_batch("cpu"), "cpu", "the batch that was given")


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_to_number__is_a_number_of_python(device, shape):
    loss = torch.full(shape, 0.123456789, device=device)
    assert_value(kata.to_number(loss), float(np.float32(0.123456789)), tolerance=0)


def test_to_number__keeps_whole_and_tiny_and_negative_numbers(device):
    for value in (3.0, 1e-20, -2.75):
        assert_value(kata.to_number(torch.tensor(value, device=device)), float(np.float32(value)), tolerance=0)


@pytest.mark.parametrize("shape", [(), (1,)])
def test_to_number__takes_a_tracked_loss(device, shape):
    loss = torch.full(shape, 4.5, device=device, requires_grad=True)
    assert_value(kata.to_number(loss), 4.5)
    assert loss.requires_grad, "The loss itself has lost its requires_grad."


def assert_array(actual, expected):
    if not isinstance(actual, np.ndarray):
        kind = type(actual).__name__
        raise Mismatch("type", f"The answer has the type {kind}; it must be a NumPy array.", actual=actual)
    try:
        assert_tensor(torch.from_numpy(actual.copy()), expected)
    except Mismatch as mismatch:
        # What is shown is the array, not the tensor made of it here.
        mismatch.actual, mismatch.expected = actual, expected
        raise


class Travellers(TorchFunctionMode):
    """Counts the numbers that leave an accelerator for the CPU."""

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
def test_largest_on_host__is_an_array_with_the_largest_first(device, shape, k):
    array = np.random.default_rng(k).permutation(np.arange(-5, 20)).astype(np.float32)[: np.prod(shape)] / 2
    x = torch.tensor(array.reshape(shape), device=device)
    assert_array(kata.largest_on_host(x, k), np.sort(array)[::-1][:k].copy())


def test_largest_on_host__takes_numbers_that_are_all_negative(device):
    x = torch.tensor([[-3.0, -8.0, -1.5], [-2.0, -9.0, -4.0]], device=device)
    assert_array(kata.largest_on_host(x, 2), np.array([-1.5, -2.0], dtype=np.float32))


def test_largest_on_host__takes_a_tracked_tensor(device):
    x = torch.tensor([2.0, 9.0, 4.0], device=device, requires_grad=True)
    assert_array(kata.largest_on_host(x, 2), np.array([9, 4], dtype=np.float32))


def test_largest_on_host__takes_a_transposed_input_and_leaves_it(device):
    x = torch.tensor([[6.0, 1.0, 8.0], [2.0, 7.0, 3.0]], device=device).t()
    with assert_unchanged(x=x):
        answer = kata.largest_on_host(x, 4)
    assert_array(answer, np.array([8, 7, 6, 3], dtype=np.float32))


def test_largest_on_host__does_not_bring_over_all_numbers_for_a_few(device):
    x = torch.tensor([[6.0, 1.0, 8.0, 4.0], [2.0, 7.0, 3.0, 5.0]], device=device)
    came = {}
    for k in (8, 1):
        with Travellers() as travellers:
            answer = kata.largest_on_host(x, k)
        assert_array(answer, np.arange(8, 8 - k, -1, dtype=np.float32))
        came[k] = travellers.count
    if came[8] and came[1] >= came[8]:
        raise Mismatch("device", "All 8 numbers came over to the CPU where only the largest was asked for.")


def assert_list(history, expected):
    if not isinstance(history, list):
        raise Mismatch("type", f"The answer has the type {type(history).__name__}; it must be a list.", actual=history)
    assert_value(len(history), len(expected), name="the length of the list")
    for i in range(len(expected)):
        assert_tensor(history[i], expected[i], device="cpu", name=f"entry {i} of the list")


def test_history_of__holds_what_w_was_after_each_update(device):
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


def test_history_of__forgets_nothing_when_w_changes_later(device):
    w = torch.tensor([1.0, 2.0], device=device)
    history = kata.history_of(w, [torch.tensor([3.0, 4.0], device=device)])
    w.zero_()
    assert_list(history, np.array([[4, 6]], dtype=np.float32))


def test_history_of__gives_each_entry_memory_of_its_own(device):
    w = torch.zeros(3, device=device)
    history = kata.history_of(w, [torch.ones(3, device=device), torch.ones(3, device=device)])
    assert_list(history, np.array([[1, 1, 1], [2, 2, 2]], dtype=np.float32))
    assert_owns_memory(history[0], history[1], name="entry 0 of the list", other_name="entry 1")


def test_history_of__takes_a_column_of_a_larger_tensor(device):
    table = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], device=device)
    history = kata.history_of(table[:, 1], [torch.tensor([1.0, 10.0, 100.0], device=device)])
    assert_list(history, np.array([[3, 14, 106]], dtype=np.float32))
    expected = np.array([[1, 3], [3, 14], [5, 106]], dtype=np.float32)
    assert_tensor(table, expected, device=device, name="the tensor that w is a column of")


def test_history_of__is_empty_without_updates(device):
    w = torch.tensor([1.0, 2.0], device=device)
    assert_list(kata.history_of(w, []), np.zeros((0, 2), dtype=np.float32))
