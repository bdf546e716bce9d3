"""The specification of katas/lesson_4_training_loop/kata_02_optimizers.py."""

import functools

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import Mismatch, assert_no_graph, assert_shares_memory, assert_tensor, forbid
from katas.lesson_4_training_loop import kata_02_optimizers as kata

CORE = ("PlainSGD", "Momentum", "Adam")

SHAPES = ((2, 3), (3,))
STEPS = 50
# The learning rate is halved before this step of a run.
SLOWER = 25


def leaf(device, values, dtype=torch.float32):
    return torch.tensor(values, dtype=dtype, device=device, requires_grad=True)


def give(parameter, gradient):
    """Set .grad, as autograd does: to None, or to a new tensor."""
    if gradient is None:
        parameter.grad = None
    else:
        parameter.grad = torch.tensor(gradient, dtype=parameter.dtype, device=parameter.device)


def assert_values(parameter, expected, name="the parameter"):
    """Check the values of a float32 parameter, which must be on the device that it was made on."""
    __tracebackhide__ = True
    assert_tensor(parameter.detach(), np.array(expected, np.float32), device=parameter.device, name=name)


def gradient_at(step, number):
    """The gradient of parameter `number` at a step of a run: random, but sometimes all zeros, and sometimes None."""
    if number == 1 and step % 8 == 3:
        return None
    if number == 0 and step % 16 == 5:
        return np.zeros(SHAPES[0])
    return np.random.default_rng([step, number]).normal(size=SHAPES[number])


def start_values(device):
    return [leaf(device, np.random.default_rng(7).normal(size=shape), torch.float64) for shape in SHAPES]


@functools.cache
def run_of_pytorch(optimizer_name, slots=(), **settings):
    """What torch.optim computes: for each step a list of parameters, and one more list for each slot."""
    parameters = start_values("cpu")
    optimizer = getattr(torch.optim, optimizer_name)(parameters, **settings)
    run = []
    for step in range(STEPS):
        if step == SLOWER:
            optimizer.param_groups[0]["lr"] /= 2
        for number, parameter in enumerate(parameters):
            give(parameter, gradient_at(step, number))
        optimizer.step()
        state = [[optimizer.state[parameter][slot].clone() for parameter in parameters] for slot in slots]
        run.append([[parameter.detach().clone() for parameter in parameters], *state])
    return run


def assert_same_run(device, make, run, lists=()):
    """Check that an optimizer and its lists match PyTorch's optimizer after each step."""
    __tracebackhide__ = True
    parameters = start_values(device)
    optimizer = make(iter(parameters))
    for name in lists:
        zeros = torch.zeros(SHAPES[0], dtype=torch.float64)
        assert_tensor(getattr(optimizer, name)[0], zeros.numpy(), device=device, name=f"{name}[0] at first")
    for step, (wanted, *state) in enumerate(run):
        if step == SLOWER:
            optimizer.lr /= 2
        optimizer.zero_grad()
        for number, parameter in enumerate(parameters):
            give(parameter, gradient_at(step, number))
        optimizer.step()
        for number, parameter in enumerate(parameters):
            assert_close(parameter, wanted[number], f"parameter {number} after step {step + 1}")
            # A wrong list shows in the parameters too. Reading it at each step would only be slow.
            seen = step < 4 or step % 10 == 9
            for name, kept in zip(lists, state, strict=True) if seen else ():
                actual = getattr(optimizer, name)[number]
                assert_close(actual, kept[number], f"{name}[{number}] after step {step + 1}", device)


def assert_close(actual, wanted, name, device=None):
    __tracebackhide__ = True
    device = actual.device if device is None else device
    assert_tensor(actual, wanted.numpy(), device=device, rtol=1e-9, atol=1e-11, name=name)


def assert_skips(make, lists, device):
    """Check that a parameter without a gradient and its entries in the lists do not change, and that others do."""
    __tracebackhide__ = True
    never, now_and_then = leaf(device, [5.0, -3.0]), leaf(device, [[1.0, -4.0]])
    optimizer = make([never, now_and_then])
    give(now_and_then, [[2.0, -1.0]])
    optimizer.step()
    before = [
        value.detach().cpu().numpy().copy() for value in [now_and_then, *(getattr(optimizer, x)[1] for x in lists)]
    ]
    if np.array_equal(before[0], [[1.0, -4.0]]):
        raise Mismatch(
            "statement", "The first parameter has no gradient, but the second one has. The second one must change."
        )
    give(now_and_then, None)
    optimizer.step()
    assert_values(never, [5.0, -3.0], "the parameter that never had a gradient")
    assert_values(now_and_then, before[0], "the parameter that no longer has a gradient")
    for name, kept in zip(lists, before[1:], strict=True):
        assert_tensor(getattr(optimizer, name)[1], kept, device=device, name=f"its entry in {name}")


def assert_keeps_gradients(make, device):
    """Check that step() changes neither a .grad nor which tensor it is."""
    __tracebackhide__ = True
    parameter = leaf(device, [[1.0, -2.0, 4.0]])
    optimizer = make([parameter])
    for gradient in ([[2.0, 4.0, -8.0]], [[-1.0, 0.5, 3.0]]):
        give(parameter, gradient)
        given = parameter.grad
        before = given.cpu().clone()
        optimizer.step()
        if not torch.equal(given.cpu(), before):
            raise Mismatch("mutated", "step() changed the values of .grad.", actual=given, expected=before)
        if parameter.grad is not given:
            raise Mismatch("mutated", "step() replaced .grad. After step(), it must be the same tensor.")


def assert_keeps_grad_mode(make, device):
    """Check that step() does not change whether autograd records."""
    __tracebackhide__ = True
    for recording in (True, False):
        parameter = leaf(device, [1.0, -2.0])
        optimizer = make([parameter])
        give(parameter, [2.0, 4.0])
        with torch.set_grad_enabled(recording):
            optimizer.step()
            after = torch.is_grad_enabled()
        if recording and not after:
            raise Mismatch("statement", "After step(), autograd no longer records. Restore the grad mode.")
        if after and not recording:
            raise Mismatch(
                "statement", "Autograd did not record before step(), but it does after it. Restore the mode."
            )


def assert_in_place(make, device):
    """Check that step() writes to the parameter's memory, and that the parameter is still a leaf that requires grad."""
    __tracebackhide__ = True
    parameter = leaf(device, [1.0, -2.0])
    memory = parameter.detach()
    optimizer = make([parameter])
    give(parameter, [2.0, 4.0])
    optimizer.step()
    assert_shares_memory(parameter, memory, name="the parameter", other_name="the parameter before the step")
    if not parameter.is_leaf or not parameter.requires_grad:
        raise Mismatch("graph", "After step(), the parameter is no longer a leaf tensor that requires grad.")


def assert_by_hand(make, device):
    __tracebackhide__ = True
    because = "PyTorch's own optimizers are not allowed here. Build the update from the formula."
    with forbid("torch.optim.Optimizer", because=because):
        parameter = leaf(device, [1.0, -2.0])
        optimizer = make([parameter])
        give(parameter, [2.0, 4.0])
        optimizer.step()


def assert_one_for_each(values, count, name):
    """Check that a list has one tensor for each of `count` parameters."""
    __tracebackhide__ = True
    if not isinstance(values, list) or len(values) != count:
        raise Mismatch("statement", f"{name} must be a list with one tensor for each parameter.", actual=values)


def assert_cleared(parameters):
    __tracebackhide__ = True
    for number, parameter in enumerate(parameters):
        if parameter.grad is not None and parameter.grad.count_nonzero().item():
            says = f"After zero_grad(), the .grad of parameter {number} must be None or zeros, but it is not."
            raise Mismatch("value", says, actual=parameter.grad)


def test_PlainSGD__updates_each_parameter(device):
    matrix, vector = leaf(device, [[1.0, -2.0, 4.0], [0.0, 8.0, 3.0]]), leaf(device, [5.0, -6.0])
    optimizer = kata.PlainSGD([matrix, vector], lr=0.25)
    give(matrix, [[2.0, 4.0, -8.0], [1.0, 0.0, -4.0]])
    give(vector, [10.0, -2.0])
    optimizer.step()
    assert_values(matrix, [[0.5, -3.0, 6.0], [-0.25, 8.0, 4.0]], "the first parameter")
    assert_values(vector, [2.5, -5.5], "the second parameter")


def test_PlainSGD__accepts_a_generator_and_makes_several_steps(device):
    layer = nn.Linear(2, 1).to(device)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.0, 2.0]]))
        layer.bias.fill_(-1.0)
    optimizer = kata.PlainSGD(layer.parameters(), 0.5)
    for gradient in ([[2.0, 4.0]], [[-6.0, 1.0]]):
        give(layer.weight, gradient)
        give(layer.bias, [gradient[0][0]])
        optimizer.step()
    assert_values(layer.weight, [[3.0, -0.5]], "the weight after two steps")
    assert_values(layer.bias, [1.0], "the bias after two steps")


def test_PlainSGD__updates_the_parameter_in_place(device):
    assert_in_place(lambda parameters: kata.PlainSGD(parameters, 0.5), device)


def test_PlainSGD__does_not_change_the_grad_mode(device):
    assert_keeps_grad_mode(lambda parameters: kata.PlainSGD(parameters, 0.5), device)


def test_PlainSGD__does_not_change_the_gradients(device):
    assert_keeps_gradients(lambda parameters: kata.PlainSGD(parameters, 0.5), device)


def test_PlainSGD__skips_a_parameter_without_a_gradient(device):
    first, second, third = leaf(device, [1.0, 2.0]), leaf(device, [3.0]), leaf(device, [[4.0, 5.0]])
    optimizer = kata.PlainSGD([first, second, third], 0.5)
    give(second, [4.0])
    give(third, [[-2.0, 2.0]])
    optimizer.step()
    assert_values(first, [1.0, 2.0], "the parameter without a gradient")
    assert_values(second, [1.0], "the parameter after it")
    assert_values(third, [[5.0, 4.0]], "the last parameter")


def test_PlainSGD__uses_a_new_lr(device):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = kata.PlainSGD([parameter], lr=0.5)
    give(parameter, [2.0, -4.0])
    optimizer.step()
    optimizer.lr = 0.125
    optimizer.step()
    assert_values(parameter, [-0.25, 4.5])


def test_PlainSGD__clears_the_gradients(device):
    first, second, without = leaf(device, [1.0, 2.0]), leaf(device, [[3.0]]), leaf(device, [7.0])
    optimizer = kata.PlainSGD(iter([first, without, second]), 0.5)
    give(first, [2.0, -4.0])
    give(second, [[1.0]])
    optimizer.zero_grad()
    assert_cleared([first, without, second])
    assert_values(first, [1.0, 2.0], "the first parameter after zero_grad()")


def test_PlainSGD__trains_with_backward_step_and_zero_grad(device):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = kata.PlainSGD([parameter], 0.25)
    for _ in range(3):
        optimizer.zero_grad()
        (parameter**2).sum().backward()
        optimizer.step()
    # Each step halves w: w - 0.25 * 2 * w.
    assert_values(parameter, [0.125, 0.25])


@pytest.mark.float64
def test_PlainSGD__matches_pytorch_for_50_steps(device):
    assert_same_run(device, lambda parameters: kata.PlainSGD(parameters, lr=0.3), run_of_pytorch("SGD", lr=0.3))


def test_PlainSGD__is_built_by_hand(device):
    assert_by_hand(lambda parameters: kata.PlainSGD(parameters, 0.5), device)


def test_PlainSGD__does_what_its_example_shows(example):
    example.check(kata)


def two_steps(device, make, gradients=((2.0, 4.0, -8.0), (1.0, -6.0, 2.0))):
    """The parameters (a row, a single number) after two steps from [1, -2, 4] and 8, with the optimizer."""
    row, single = leaf(device, [[1.0, -2.0, 4.0]]), leaf(device, [8.0])
    optimizer = make([row, single])
    for gradient in gradients:
        give(row, [gradient])
        give(single, [gradient[0]])
        optimizer.step()
    return row, single, optimizer


@pytest.mark.parametrize(
    ("mu", "expected", "single"),
    # The first element of the row, with mu 0.75: the velocity is 2, then 2.5. The element is 1, then 0.5, then -0.125.
    [(0.75, [-0.125, -2.25, 7.0], 6.875), (0.25, [0.125, -1.75, 6.0], 7.125), (0.0, [0.25, -1.5, 5.5], 7.25)],
)
def test_Momentum__adds_up_a_velocity(device, mu, expected, single):
    row, number, _ = two_steps(device, lambda parameters: kata.Momentum(parameters, 0.25, mu))
    assert_values(row, [expected], "the first parameter after two steps")
    assert_values(number, [single], "the second parameter after two steps")


def test_Momentum__applies_a_new_lr_to_the_whole_velocity(device):
    parameter = leaf(device, [1.0, -2.0])
    optimizer = kata.Momentum([parameter], lr=0.25, mu=0.25)
    give(parameter, [4.0, -8.0])
    optimizer.step()
    optimizer.lr = 0.5
    give(parameter, [2.0, 0.0])
    optimizer.step()
    # The velocities are 4 and -8, then 3 and -2.
    assert_values(parameter, [-1.5, 1.0])


def test_Momentum__shares_no_memory_with_grad(device):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = kata.Momentum([parameter], lr=0.5, mu=0.25)
    give(parameter, [2.0, -4.0])
    optimizer.step()
    parameter.grad.zero_()
    parameter.grad.add_(torch.tensor([4.0, 2.0], device=device))
    optimizer.step()
    # The velocities are 2 and -4, then 4.5 and 1.
    assert_values(parameter, [-2.25, 3.5])


def test_Momentum__keeps_a_list_of_velocities(device):
    matrix, number = leaf(device, [[1.0, -2.0, 4.0]]), leaf(device, [8.0])
    optimizer = kata.Momentum((each for each in [matrix, number]), 0.25, 0.25)
    assert_one_for_each(optimizer.velocities, 2, "velocities")
    assert_tensor(optimizer.velocities[0], np.zeros((1, 3), np.float32), device=device, name="velocities[0] at first")
    for _ in range(2):
        give(matrix, [[2.0, 4.0, -8.0]])
        give(number, [1.0])
        optimizer.step()
    assert_tensor(optimizer.velocities[0], np.float32([[2.5, 5, -10]]), device=device, name="velocities[0]")
    assert_tensor(optimizer.velocities[1], np.float32([1.25]), device=device, name="velocities[1]")
    for number in range(2):
        assert_no_graph(optimizer.velocities[number], name=f"velocities[{number}]")


def test_Momentum__keeps_the_velocities_in_zero_grad(device):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = kata.Momentum([parameter], 0.5, 0.25)
    for gradient in ([2.0, -4.0], [4.0, 2.0]):
        optimizer.zero_grad()
        assert_cleared([parameter])
        give(parameter, gradient)
        optimizer.step()
    assert_values(parameter, [-2.25, 3.5])


@pytest.mark.parametrize("nesterov", [False, True])
def test_Momentum__keeps_moving_if_the_gradient_is_zero(device, nesterov):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = kata.Momentum([parameter], 0.5, 0.25, nesterov)
    give(parameter, [2.0, -4.0])
    optimizer.step()
    give(parameter, [0.0, 0.0])
    optimizer.step()
    assert_values(parameter, [-0.3125, 4.625] if nesterov else [-0.25, 4.5])


def test_Momentum__skips_a_parameter_without_a_gradient(device):
    assert_skips(lambda parameters: kata.Momentum(parameters, 0.5, 0.25), ["velocities"], device)


def test_Momentum__follows_the_nesterov_formula(device):
    row, number, _ = two_steps(device, lambda parameters: kata.Momentum(parameters, 0.25, 0.75, nesterov=True))
    # The row's first element changes by -0.25 * (2 + 0.75 * 2), then by -0.25 * (1 + 0.75 * 2.5).
    assert_values(row, [[-0.59375, -1.6875, 7.75]], "the first parameter after two steps")
    assert_values(number, [6.40625], "the second parameter after two steps")


@pytest.mark.parametrize("nesterov", [False, True])
def test_Momentum__does_not_change_the_gradients(device, nesterov):
    assert_keeps_gradients(lambda parameters: kata.Momentum(parameters, 0.5, 0.25, nesterov), device)


def test_Momentum__updates_the_parameter_in_place(device):
    assert_in_place(lambda parameters: kata.Momentum(parameters, 0.5, 0.25), device)


def test_Momentum__does_not_change_the_grad_mode(device):
    assert_keeps_grad_mode(lambda parameters: kata.Momentum(parameters, 0.5, 0.25), device)


@pytest.mark.float64
@pytest.mark.parametrize("nesterov", [False, True])
def test_Momentum__matches_pytorch_for_50_steps(device, nesterov):
    run = run_of_pytorch("SGD", ("momentum_buffer",), lr=0.1, momentum=0.9, nesterov=nesterov)
    assert_same_run(device, lambda parameters: kata.Momentum(parameters, 0.1, 0.9, nesterov), run, ["velocities"])


def test_Momentum__is_built_by_hand(device):
    assert_by_hand(lambda parameters: kata.Momentum(parameters, 0.5, 0.25), device)


def test_Momentum__does_what_its_example_shows(example):
    example.check(kata)


# With betas of 0.5 and 0.75 and two gradients a and b, m is a and v is a**2 after the first step; after the second,
# m is (a + 2 * b) / 3 and v is (3 * a**2 + 4 * b**2) / 7. So 2 and 5 make v 16 and m 4, and 3 and -3 v 9 and m -1.
ADAM_GRADIENTS = ((2.0, 3.0, -4.0), (5.0, -3.0, -10.0))


def test_Adam__makes_a_first_step_of_the_size_of_lr(device):
    # With the default eps, the first step has the size lr for every gradient that is not tiny.
    parameter = leaf(device, [1.0, 2.0, 3.0])
    optimizer = kata.Adam([parameter], lr=0.5)
    give(parameter, [300.0, -2.0, 0.25])
    optimizer.step()
    assert_values(parameter, [0.5, 2.5, 2.5])


def test_Adam__has_the_default_settings(device):
    parameter = leaf(device, [1.0, -2.0])
    optimizer = kata.Adam([parameter])
    for gradient in ([2.0, 1e-8], [-1.0, 1e-8]):
        give(parameter, gradient)
        optimizer.step()
    # The second element changes by lr / 2 in each step, because its gradient is equal to eps.
    first = 1 - 0.001 - 0.001 * ((0.9 * 2 - 1) / 1.9) / np.sqrt((0.999 * 4 + 1) / 1.999)
    assert_values(parameter, [first, -2.001])


def test_Adam__adds_eps_to_the_root(device):
    row, number, _ = two_steps(device, lambda p: kata.Adam(p, 0.5, (0.5, 0.75), 1.0), ADAM_GRADIENTS[:1])
    # The first element changes by 0.5 * 2 / (2 + 1).
    assert_values(row, [[1 - 1 / 3, -2 - 3 / 8, 4 + 2 / 5]], "the first parameter after one step")
    assert_values(number, [8 - 1 / 3], "the second parameter after one step")


def test_Adam__corrects_both_averages_in_every_step(device):
    row, number, _ = two_steps(device, lambda p: kata.Adam(p, 0.5, (0.5, 0.75), 1.0), ADAM_GRADIENTS)
    # In the second step, the first element changes by 0.5 * 4 / (4 + 1), the second one by 0.5 * -1 / (3 + 1).
    moved = [1 - 1 / 3 - 2 / 5, -2 - 3 / 8 + 1 / 8, 4 + 2 / 5 + 4 / 9]
    assert_values(row, [moved], "the first parameter after two steps")
    assert_values(number, [8 - 1 / 3 - 2 / 5], "the second parameter after two steps")


def test_Adam__keeps_lists_of_averages(device):
    parameter, number = leaf(device, [[1.0, -2.0, 4.0]]), leaf(device, [8.0])
    optimizer = kata.Adam(iter([parameter, number]), 0.5, (0.5, 0.75), 1.0)
    for averages, name in ((optimizer.exp_avg, "exp_avg"), (optimizer.exp_avg_sq, "exp_avg_sq")):
        assert_one_for_each(averages, 2, name)
        assert_tensor(averages[0], np.zeros((1, 3), np.float32), device=device, name=f"{name}[0] at first")
    for gradient in ADAM_GRADIENTS:
        give(parameter, [gradient])
        give(number, [gradient[0]])
        optimizer.step()
    # a / 4 + b / 2, and 3 * a**2 / 16 + b**2 / 4
    assert_tensor(optimizer.exp_avg[0], np.float32([[3, -0.75, -6]]), device=device, name="exp_avg[0]")
    assert_tensor(optimizer.exp_avg_sq[0], np.float32([[7, 3.9375, 28]]), device=device, name="exp_avg_sq[0]")
    assert_tensor(optimizer.exp_avg[1], np.float32([3]), device=device, name="exp_avg[1]")
    assert_tensor(optimizer.exp_avg_sq[1], np.float32([7]), device=device, name="exp_avg_sq[1]")
    for number in range(2):
        assert_no_graph(optimizer.exp_avg[number], name=f"exp_avg[{number}]")
        assert_no_graph(optimizer.exp_avg_sq[number], name=f"exp_avg_sq[{number}]")


def test_Adam__keeps_the_averages_in_zero_grad(device):
    parameter = leaf(device, [1.0, -2.0, 4.0])
    optimizer = kata.Adam([parameter], 0.5, (0.5, 0.75), 1.0)
    for gradient in ADAM_GRADIENTS:
        optimizer.zero_grad()
        assert_cleared([parameter])
        give(parameter, gradient)
        optimizer.step()
    assert_values(parameter, [1 - 1 / 3 - 2 / 5, -2 - 3 / 8 + 1 / 8, 4 + 2 / 5 + 4 / 9])


def test_Adam__keeps_moving_if_the_gradient_is_zero(device):
    parameter = leaf(device, [1.0, -2.0])
    optimizer = kata.Adam([parameter], 0.5, (0.5, 0.0), 1.0)
    for gradient in ([6.0, -3.0], [0.0, 0.0]):
        give(parameter, gradient)
        optimizer.step()
    # With beta2 = 0, v is 0 in the second step, and m is a third of the first gradient.
    assert_values(parameter, [1 - 3 / 7 - 1, -2 + 3 / 8 + 1 / 2])


def test_Adam__skips_a_parameter_without_a_gradient(device):
    assert_skips(lambda parameters: kata.Adam(parameters, 0.5, (0.5, 0.75)), ["exp_avg", "exp_avg_sq"], device)


def test_Adam__counts_the_updates_of_each_parameter(device):
    early, late = leaf(device, [1.0]), leaf(device, [1.0, 2.0])
    optimizer = kata.Adam([early, late], lr=0.5)
    for _ in range(3):
        give(early, [2.0])
        optimizer.step()
    give(late, [40.0, -0.5])
    optimizer.step()
    # The first update of a parameter has the size lr, in whichever step it comes.
    assert_values(late, [0.5, 2.5], "the parameter that has its first gradient in the fourth step")


def test_Adam__does_not_change_the_gradients(device):
    assert_keeps_gradients(lambda parameters: kata.Adam(parameters, 0.5), device)


def test_Adam__updates_the_parameter_in_place(device):
    assert_in_place(lambda parameters: kata.Adam(parameters, 0.5), device)


def test_Adam__does_not_change_the_grad_mode(device):
    assert_keeps_grad_mode(lambda parameters: kata.Adam(parameters, 0.5), device)


@pytest.mark.float64
@pytest.mark.parametrize(("betas", "eps"), [((0.9, 0.999), 1e-8), ((0.75, 0.5), 0.125)])
def test_Adam__matches_pytorch_for_50_steps(device, betas, eps):
    run = run_of_pytorch("Adam", ("exp_avg", "exp_avg_sq"), lr=0.1, betas=betas, eps=eps)
    assert_same_run(device, lambda p: kata.Adam(p, 0.1, betas, eps), run, ["exp_avg", "exp_avg_sq"])


def test_Adam__is_built_by_hand(device):
    assert_by_hand(lambda parameters: kata.Adam(parameters, 0.5), device)


def test_Adam__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("lr", "weight_decay", "expected", "single"),
    # The row's first element, with lr 0.5: 1 - 0.5 * (2 + 0.5) is -0.25, and -0.25 - 0.5 * (1 - 0.125) is -0.6875.
    [
        (0.5, 0.5, [-0.6875, 0.375, 4.25], 3.25),
        (0.25, 2.0, [-0.25, 0.5, 1.5], 1.5),
        (0.25, 0.0, [0.25, -1.5, 5.5], 7.25),
    ],
)
def test_DecayedSGD__adds_the_decay_to_the_gradient(device, lr, weight_decay, expected, single):
    row, number, _ = two_steps(device, lambda parameters: kata.DecayedSGD(parameters, lr, weight_decay))
    assert_values(row, [expected], "the first parameter after two steps")
    assert_values(number, [single], "the second parameter after two steps")


def test_DecayedSGD__does_not_change_the_gradients(device):
    assert_keeps_gradients(lambda parameters: kata.DecayedSGD(parameters, 0.5, 0.25), device)


def test_DecayedSGD__decays_if_the_gradient_is_zero(device):
    parameter = leaf(device, [8.0, -4.0])
    optimizer = kata.DecayedSGD([parameter], lr=0.5, weight_decay=0.5)
    give(parameter, [0.0, 0.0])
    optimizer.step()
    assert_values(parameter, [6.0, -3.0])


def test_DecayedSGD__skips_a_parameter_without_a_gradient(device):
    assert_skips(lambda parameters: kata.DecayedSGD(parameters, 0.5, 0.5), [], device)


def test_DecayedSGD__updates_the_parameter_in_place(device):
    assert_in_place(lambda parameters: kata.DecayedSGD(parameters, 0.5, 0.5), device)


def test_DecayedSGD__does_not_change_the_grad_mode(device):
    assert_keeps_grad_mode(lambda parameters: kata.DecayedSGD(parameters, 0.5, 0.5), device)


@pytest.mark.float64
def test_DecayedSGD__matches_pytorch_for_50_steps(device):
    run = run_of_pytorch("SGD", lr=0.3, weight_decay=0.2)
    assert_same_run(device, lambda parameters: kata.DecayedSGD(parameters, lr=0.3, weight_decay=0.2), run)


def test_DecayedSGD__is_built_by_hand(device):
    assert_by_hand(lambda parameters: kata.DecayedSGD(parameters, 0.5, 0.5), device)


def test_DecayedSGD__does_what_its_example_shows(example):
    example.check(kata)


def test_AdamW__multiplies_the_parameter_and_then_makes_the_update_of_adam(device):
    row, number, _ = two_steps(device, lambda p: kata.AdamW(p, 0.5, (0.5, 0.75), 1.0, 0.25), ADAM_GRADIENTS)
    # Each step first multiplies by 7/8. The updates are those of Adam, without decay.
    start, first = np.array([1.0, -2.0, 4.0]), np.array([1 / 3, 3 / 8, -2 / 5])
    second = np.array([2 / 5, -1 / 8, -4 / 9])
    assert_values(row, [(start * 7 / 8 - first) * 7 / 8 - second], "the first parameter after two steps")
    assert_values(number, [(7 - 1 / 3) * 7 / 8 - 2 / 5], "the second parameter after two steps")


def test_AdamW__decays_if_the_gradient_is_zero(device):
    parameter = leaf(device, [8.0, -4.0])
    optimizer = kata.AdamW([parameter], lr=0.5, weight_decay=0.5)
    give(parameter, [0.0, 0.0])
    optimizer.step()
    assert_values(parameter, [6.0, -3.0])


def test_AdamW__decays_by_a_new_lr(device):
    parameter = leaf(device, [8.0, -4.0])
    optimizer = kata.AdamW([parameter], lr=0.5, weight_decay=0.5)
    give(parameter, [0.0, 0.0])
    optimizer.lr = 0.25
    optimizer.step()
    assert_values(parameter, [7.0, -3.5])


def test_AdamW__skips_a_parameter_without_a_gradient(device):
    make = functools.partial(kata.AdamW, lr=0.5, betas=(0.5, 0.75), weight_decay=0.5)
    assert_skips(make, ["exp_avg", "exp_avg_sq"], device)


def test_AdamW__does_not_change_the_gradients(device):
    assert_keeps_gradients(lambda parameters: kata.AdamW(parameters, 0.5, weight_decay=0.5), device)


def test_AdamW__updates_the_parameter_in_place(device):
    assert_in_place(lambda parameters: kata.AdamW(parameters, 0.5, weight_decay=0.5), device)


def test_AdamW__does_not_change_the_grad_mode(device):
    assert_keeps_grad_mode(lambda parameters: kata.AdamW(parameters, 0.5, weight_decay=0.5), device)


@pytest.mark.float64
@pytest.mark.parametrize("settings", [{}, {"lr": 0.1, "betas": (0.75, 0.5), "eps": 0.125, "weight_decay": 0.5}])
def test_AdamW__matches_pytorch_for_50_steps(device, settings):
    run = run_of_pytorch("AdamW", ("exp_avg", "exp_avg_sq"), **settings)
    assert_same_run(device, lambda p: kata.AdamW(p, **settings), run, ["exp_avg", "exp_avg_sq"])


def test_AdamW__is_built_by_hand(device):
    assert_by_hand(lambda parameters: kata.AdamW(parameters, 0.5), device)


def test_AdamW__does_what_its_example_shows(example):
    example.check(kata)


class Branched(nn.Module):
    """Layers of several kinds at several depths, and two parameters of the model itself."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.words = nn.Embedding(5, 3)
        self.body = nn.Sequential(
            nn.Conv1d(3, 4, 2), nn.BatchNorm1d(4), nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3))
        )
        self.table = nn.Parameter(torch.ones(1, 2))


def assert_groups(groups, model, weights, others, weight_decay):
    """Check the two groups; `weights` and `others` are names of the model's parameters."""
    __tracebackhide__ = True
    if not isinstance(groups, list) or [type(group) for group in groups] != [dict, dict]:
        raise Mismatch("type", "Return a list of two dicts.", actual=groups)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    for which, group, wanted, decay in (
        ("first", groups[0], weights, weight_decay),
        ("second", groups[1], others, 0.0),
    ):
        if set(group) != {"params", "weight_decay"}:
            says = f'The {which} dict must have the keys "params" and "weight_decay".'
            raise Mismatch("statement", f"{says} It has {sorted(map(str, group))}.")
        if not isinstance(group["params"], list):
            kind = type(group["params"]).__name__
            raise Mismatch("type", f'"params" of the {which} group has type {kind}. It must be a list.')
        found = [names.get(id(parameter), "a tensor that the model does not have") for parameter in group["params"]]
        if found != wanted and sorted(found) == sorted(wanted):
            says = f"The {which} group holds the right parameters in the wrong order. The order must be"
            raise Mismatch("statement", f"{says} {', '.join(wanted)}.")
        if found != wanted:
            says = f"The {which} group holds {', '.join(found) or 'nothing'}. It must hold"
            raise Mismatch("statement", f"{says} {', '.join(wanted) or 'nothing'}.")
        if group["weight_decay"] != decay:
            raise Mismatch(
                "statement", f"The weight_decay of the {which} group is {group['weight_decay']}. It must be {decay}."
            )


@pytest.mark.parametrize("weight_decay", [0.25, 0.01])
def test_parameter_groups__separates_weights_from_biases(device, weight_decay):
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).to(device)
    groups = kata.parameter_groups(model, weight_decay)
    assert_groups(groups, model, ["0.weight", "2.weight"], ["0.bias", "2.bias"], weight_decay)


def test_parameter_groups__goes_by_the_number_of_dimensions(device):
    model = Branched().to(device)
    weights = ["table", "words.weight", "body.0.weight", "body.2.0.weight"]
    others = ["scale", "body.0.bias", "body.1.weight", "body.1.bias", "body.2.0.bias"]
    others += ["body.2.1.weight", "body.2.1.bias"]
    assert_groups(kata.parameter_groups(model, 0.5), model, weights, others, 0.5)


def test_parameter_groups__leaves_out_frozen_parameters(device):
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)).to(device)
    model[0].weight.requires_grad_(False)
    model[1].bias.requires_grad_(False)
    assert_groups(kata.parameter_groups(model, 0.5), model, ["1.weight"], ["0.bias"], 0.5)


def test_parameter_groups__takes_a_shared_weight_once(device):
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3)).to(device)
    model[2].weight = model[0].weight
    assert_groups(kata.parameter_groups(model, 0.5), model, ["0.weight"], ["0.bias", "2.bias"], 0.5)


def test_parameter_groups__may_leave_a_group_empty(device):
    no_bias = nn.Linear(3, 2, bias=False).to(device)
    assert_groups(kata.parameter_groups(no_bias, 0.5), no_bias, ["weight"], [], 0.5)
    norm = nn.BatchNorm1d(3).to(device)
    assert_groups(kata.parameter_groups(norm, 0.5), norm, [], ["weight", "bias"], 0.5)


def test_parameter_groups__makes_an_optimizer_decay_only_weights(device):
    model = nn.Linear(2, 1).to(device)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[8.0, -4.0]]))
        model.bias.fill_(2.0)
    optimizer = torch.optim.SGD(kata.parameter_groups(model, 0.5), lr=0.5, weight_decay=0.25)
    give(model.weight, [[0.0, 0.0]])
    give(model.bias, [0.0])
    optimizer.step()
    assert_values(model.weight, [[6.0, -3.0]], "the weight after a step with gradients of zero")
    assert_values(model.bias, [2.0], "the bias after a step with gradients of zero")


def test_parameter_groups__does_what_its_example_shows(example):
    example.check(kata)


def set_and_check(optimizer, lr):
    """Call set_learning_rate, and check that it changes no other setting of a group."""
    __tracebackhide__ = True
    before = [dict(group) for group in optimizer.param_groups]
    answer = kata.set_learning_rate(optimizer, lr)
    if len(optimizer.param_groups) != len(before):
        says = f"The optimizer had {len(before)} groups of parameters, and now it has {len(optimizer.param_groups)}."
        raise Mismatch("statement", f"{says} Change the lr in the groups that are there.")
    for group, settings in zip(optimizer.param_groups, before, strict=True):
        for key in settings.keys() - {"params", "lr"}:
            if key not in group or group[key] != settings[key]:
                raise Mismatch("statement", "A group has other settings than before. Only its lr may change.")
    return answer


def test_set_learning_rate__affects_the_next_step(device):
    parameter = leaf(device, [1.0, 2.0])
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    give(parameter, [2.0, -4.0])
    optimizer.step()
    set_and_check(optimizer, 0.125)
    optimizer.step()
    assert_values(parameter, [-0.25, 4.5])
    set_and_check(optimizer, 1.0)
    optimizer.step()
    assert_values(parameter, [-2.25, 8.5])


def test_set_learning_rate__reaches_every_group(device):
    parameters = [leaf(device, [1.0]) for _ in range(3)]
    optimizer = torch.optim.SGD([{"params": [p], "lr": lr} for p, lr in zip(parameters, (1, 2, 4), strict=True)], lr=8)
    set_and_check(optimizer, 0.25)
    for parameter in parameters:
        give(parameter, [2.0])
    optimizer.step()
    for number, parameter in enumerate(parameters):
        assert_values(parameter, [0.5], f"the parameter of group {number}")


def test_set_learning_rate__keeps_what_the_optimizer_remembers(device):
    parameter = leaf(device, [1.0, -2.0])
    optimizer = torch.optim.SGD([parameter], lr=0.25, momentum=0.5)
    give(parameter, [4.0, -8.0])
    optimizer.step()
    set_and_check(optimizer, 0.5)
    give(parameter, [2.0, 0.0])
    optimizer.step()
    assert_values(parameter, [-2.0, 2.0])


def test_set_learning_rate__keeps_the_other_settings_of_a_group(device):
    weight, bias = leaf(device, [8.0, -4.0]), leaf(device, [2.0])
    groups = [{"params": [weight], "weight_decay": 0.5}, {"params": [bias]}]
    optimizer = torch.optim.SGD(groups, lr=0.25, weight_decay=0.25)
    set_and_check(optimizer, 0.5)
    give(weight, [0.0, 0.0])
    give(bias, [0.0])
    optimizer.step()
    assert_values(weight, [6.0, -3.0], "the parameter of the group with a weight decay of 0.5")
    assert_values(bias, [1.75], "the parameter of the group with a weight decay of 0.25")


def test_set_learning_rate__updates_no_parameter(device):
    parameter = leaf(device, [1.0, -2.0])
    optimizer = torch.optim.Adam([parameter], lr=0.25)
    give(parameter, [4.0, -8.0])
    answer = set_and_check(optimizer, 0.5)
    assert_values(parameter, [1.0, -2.0])
    if answer is not None:
        raise Mismatch(
            "type", "Your function returned something. Change the optimizer itself, and return None.", actual=answer
        )


def test_set_learning_rate__does_what_its_example_shows(example):
    example.check(kata)
