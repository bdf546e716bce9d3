"""The specification of katas/lesson_4_training_loop/kata_06_control.py."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas.lesson_4_training_loop import kata_06_control as kata

CORE = ("clipped_step", "run_schedule", "read_curves")


def on(device, values):
    return torch.tensor(np.array(values), dtype=torch.float32, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def numbers(tensor):
    return tensor.detach().cpu().double().numpy()


def parameters_with(device, gradients):
    """Return one parameter of sevens for each gradient; None stands for a parameter without a gradient."""
    parameters = []
    for gradient in gradients:
        shape = np.shape(gradient) if gradient is not None else (2,)
        parameter = nn.Parameter(torch.full(shape, 7.0, device=device))
        parameter.grad = None if gradient is None else on(device, gradient)
        parameters.append(parameter)
    return parameters


def line(device, weight, bias=None):
    """An nn.Linear with one output, these weights and this bias."""
    layer = nn.Linear(len(weight), 1, bias=bias is not None).to(device)
    with torch.no_grad():
        layer.weight.copy_(on(device, [weight]))
        if bias is not None:
            layer.bias.fill_(bias)
    return layer


def weighed(outputs, labels):
    """A loss whose gradient for the outputs is the labels, divided by the number of labels."""
    return (outputs * labels - labels**2).mean()


def squared(outputs, labels):
    return (outputs.squeeze(1) - labels).square().mean()


def batches_on(device):
    """Three batches: the gradient of `weighed` for the weight is 1, 2 and 4, whatever the weight is."""
    return [
        (on(device, [[1.0], [1.0]]), on(device, [[0.5], [1.5]])),
        (on(device, [[2.0]]), on(device, [[1.0]])),
        (on(device, [[4.0], [2.0], [3.0]]), on(device, [[1.0], [1.0], [2.0]])),
    ]


def uneven(device, sizes, seed=0):
    """Batches of these sizes with two features. All values are multiples of 1/8, which float32 represents exactly."""
    generator = np.random.default_rng(seed)
    draw = [(generator.integers(-16, 17, (n, 2)) / 8, generator.integers(-16, 17, n) / 4) for n in sizes]
    return [(on(device, features), on(device, labels)) for features, labels in draw]


@pytest.mark.parametrize("rate", [1.0, 0.5])
def test_clipped_step__updates_by_the_clipped_gradient(device, rate):
    model = line(device, [5.0, 7.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    kata.clipped_step(model, weighed, optimizer, on(device, [[30.0, 40.0]]), on(device, [[1.0]]), 2.0)
    expected = float32([[5 - 1.2 * rate, 7 - 1.6 * rate]])
    assert_tensor(model.weight.detach(), expected, device=device, name="the weight")


def test_clipped_step__uses_one_norm_for_all_parameters(device):
    # The gradient is the mean of label times row: (2, 3) for the weight, and 6, the labels' mean, for the bias.
    model = line(device, [5.0, 7.0], bias=9.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    features, labels = on(device, [[-1.0, 0.5], [1.0, 0.5]]), on(device, [[4.0], [8.0]])
    actual = kata.clipped_step(model, weighed, optimizer, features, labels, 3.5)
    assert_tensor(model.weight.detach(), float32([[4.0, 5.5]]), device=device, name="the weight")
    assert_tensor(model.bias.detach(), float32([6.0]), device=device, name="the bias")
    assert_value(actual, 7.0, tolerance=1e-5)


def test_clipped_step__returns_the_norm_before_clipping(device):
    model = line(device, [5.0, 7.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    features, labels = on(device, [[30.0, 40.0]]), on(device, [[1.0]])
    assert_value(kata.clipped_step(model, weighed, optimizer, features, labels, 2.0), 50.0, tolerance=1e-5)


def test_clipped_step__does_not_clip_a_small_gradient(device):
    model = line(device, [5.0, 7.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    features, labels = on(device, [[0.75, 1.0]]), on(device, [[1.0]])
    assert_value(kata.clipped_step(model, weighed, optimizer, features, labels, 80.0), 1.25, tolerance=1e-5)
    assert_tensor(model.weight.detach(), float32([[4.25, 6.0]]), device=device, name="the weight")


def test_clipped_step__ignores_old_gradients(device):
    model = line(device, [5.0, 7.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    model.weight.grad = on(device, [[-900.0, 100.0]])
    features, labels = on(device, [[30.0, 40.0]]), on(device, [[1.0]])
    for times in (1, 2):
        assert_value(kata.clipped_step(model, weighed, optimizer, features, labels, 2.0), 50.0, tolerance=1e-5)
        expected = float32([[5 - 1.2 * times, 7 - 1.6 * times]])
        assert_tensor(model.weight.detach(), expected, device=device, name="the weight")


def test_clipped_step__does_what_its_example_shows(example):
    example.check(kata)


def schedule_case(device, rate, size, shrink):
    model = line(device, [0.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    return model, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, step_size=size, gamma=shrink)


def test_run_schedule__returns_the_rate_of_each_update(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 2, 0.5)
    actual = kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 4)
    assert_value(actual, [1.0] * 6 + [0.5] * 6, name="the list of rates")
    model, optimizer, scheduler = schedule_case(device, 8.0, 1, 0.25)
    actual = kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device)[1:], 3)
    assert_value(actual, [8.0, 8.0, 2.0, 2.0, 0.5, 0.5], name="the list of rates")


def test_run_schedule__makes_the_updates_with_these_rates(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 2, 0.5)
    kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 4)
    # An epoch's gradients are 1, 2 and 3: 1 * 0.5 + 1 * 1.5 over 2; 2; and 4 + 2 + 6 over 3 is 4. So 7 an epoch.
    assert_tensor(model.weight.detach(), float32([[-(7 + 7 + 3.5 + 3.5)]]), device=device, name="the weight")


def test_run_schedule__uses_the_batches_in_order(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 2, 0.5)
    sizes = []
    model.register_forward_pre_hook(lambda module, inputs: sizes.append(len(inputs[0])))
    kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 2)
    if sizes != [2, 1, 3] * 2:
        raise Mismatch(
            "statement",
            "Use each batch once in every epoch, in order. Shown are the sizes of the model's inputs.",
            actual=sizes,
            expected=[2, 1, 3] * 2,
        )


def test_run_schedule__returns_the_rates_of_the_first_group(device):
    model = line(device, [0.0], bias=0.0)
    groups = [{"params": [model.weight], "lr": 2.0}, {"params": [model.bias], "lr": 0.5}]
    optimizer = torch.optim.SGD(groups, lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    actual = kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device)[:1], 3)
    assert_value(actual, [2.0, 1.0, 0.5], name="the list of rates")


def test_run_schedule__ignores_old_gradients(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 1, 0.5)
    model.weight.grad = on(device, [[64.0]])
    kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 2)
    assert_tensor(model.weight.detach(), float32([[-(7 + 3.5)]]), device=device, name="the weight")


def test_run_schedule__steps_the_scheduler_once_after_each_epoch(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 1, 0.5)
    kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 4)
    if scheduler.last_epoch != 4:
        raise Mismatch(
            "statement", f"After 4 epochs, the scheduler has made {scheduler.last_epoch} steps. It must have made 4."
        )
    assert_value(optimizer.param_groups[0]["lr"], 0.0625, name="the rate after the run")


def test_run_schedule__steps_the_scheduler_after_the_updates(device):
    model, optimizer, scheduler = schedule_case(device, 1.0, 1, 0.5)
    order, step = [], scheduler.step
    optimizer.register_step_post_hook(lambda *args: order.append("update"))
    scheduler.step = lambda *args: (order.append("schedule"), step(*args))[1]
    kata.run_schedule(model, weighed, optimizer, scheduler, batches_on(device), 2)
    if order != ["update", "update", "update", "schedule"] * 2:
        raise Mismatch(
            "statement",
            "In an epoch of 3 batches, there must be 3 updates first, and then one step of the scheduler.",
            actual=order,
            expected=["update", "update", "update", "schedule"] * 2,
        )


def test_run_schedule__does_what_its_example_shows(example):
    example.check(kata)


def assert_reading(training, validation, epoch, overfits):
    __tracebackhide__ = True
    actual = kata.read_curves(training, validation)
    if isinstance(actual, tuple) and len(actual) == 2:
        assert_value(actual[0], epoch, name="the epoch")
        if isinstance(actual[1], bool) and actual[1] is not overfits:
            says = f"overfits is {actual[1]}. It must be {overfits}."
            raise Mismatch("value", says, actual=actual[1], expected=overfits)
    assert_value(actual, (epoch, overfits))


@pytest.mark.parametrize(
    ("training", "validation", "expected"),
    [
        ([3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 3.0], (1, True)),
        ([5.0, 4.0, 3.0, 2.0, 1.0], [6.0, 5.0, 4.5, 4.0, 4.25], (3, True)),
        ([5.0, 4.0, 3.0], [6.0, 5.0, 4.5], (2, False)),
    ],
)
def test_read_curves__finds_the_lowest_validation_loss(training, validation, expected):
    assert_reading(training, validation, *expected)


@pytest.mark.parametrize("epochs", [5, 4])
def test_read_curves__does_not_stop_at_the_first_rise(epochs):
    # The validation loss rises from epoch 1 to 2, and is lowest at 3.
    training, validation = [5.0, 4.0, 3.0, 2.0, 1.5], [6.0, 4.0, 4.5, 3.0, 3.5]
    assert_reading(training[:epochs], validation[:epochs], 3, epochs == 5)


@pytest.mark.parametrize("last", [4.0, 2.0])
def test_read_curves__asks_for_a_lower_training_loss_too(last):
    assert_reading([3.0, 2.0, last], [3.5, 2.5, 4.5], 1, False)


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        # The training loss falls below that of epoch 1, but at the end it is higher.
        ([3.0, 2.0, 1.0, 2.5], [3.5, 2.5, 2.75, 3.0]),
        # The validation loss rises above that of epoch 1, but at the end it is equal.
        ([3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 2.5]),
    ],
)
def test_read_curves__does_not_look_at_the_epochs_in_between(training, validation):
    assert_reading(training, validation, 1, False)


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        # The validation loss falls in the last epoch, but is still higher than at epoch 1.
        ([3.0, 2.0, 1.0, 0.5], [3.0, 2.0, 4.0, 3.5]),
        # The training loss rises in the last epoch, but is still lower than at epoch 1.
        ([3.0, 2.0, 1.0, 1.5], [3.0, 2.0, 2.5, 3.5]),
    ],
)
def test_read_curves__compares_the_last_epoch_with_the_best(training, validation):
    assert_reading(training, validation, 1, True)


@pytest.mark.parametrize(
    ("training", "validation", "epoch"),
    [
        # The validation loss is far above the training loss, but still falls.
        ([1.0, 0.5, 0.25], [9.0, 8.0, 7.0], 2),
        # It is far above the training loss and has risen, but the training loss has risen too.
        ([1.0, 0.5, 0.75], [9.0, 8.0, 8.5], 1),
    ],
)
def test_read_curves__does_not_call_a_gap_overfitting(training, validation, epoch):
    assert_reading(training, validation, epoch, False)


def test_read_curves__needs_no_gap_for_overfitting():
    # The validation loss is below the training loss, but rises while the training loss falls.
    assert_reading([9.0, 8.0, 7.0, 6.5], [4.0, 3.0, 3.25, 3.5], 1, True)


@pytest.mark.parametrize("epochs", [4, 3])
def test_read_curves__returns_the_first_of_equal_losses(epochs):
    assert_reading([3.0, 2.0, 1.0, 0.5][:epochs], [2.5, 2.0, 2.0, 2.25][:epochs], 1, epochs == 4)


def test_read_curves__accepts_a_single_epoch():
    assert_reading([3.0], [4.0], 0, False)


def test_read_curves__leaves_the_lists_unchanged():
    curves = [3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 3.0]
    before = copy.deepcopy(curves)
    kata.read_curves(*curves)
    if curves != before:
        raise Mismatch("mutated", "You changed a list that was passed in.")


def test_read_curves__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("gradients", "largest"),
    [([[30.0, 40.0]], 2.0), ([[[2.0, -3.0]], 6.0], 3.5), ([[[1.0, 2.0], [4.0, 6.0]], [8.0], [0.0, 2.0, 10.0]], 0.5)],
)
def test_clip_norm__multiplies_all_gradients_by_one_factor(device, gradients, largest):
    parameters = parameters_with(device, gradients)
    kata.clip_norm(parameters, largest)
    norm = math.sqrt(sum(np.square(gradient).sum() for gradient in gradients))
    for parameter, gradient in zip(parameters, gradients, strict=True):
        expected = float32(np.array(gradient) * largest / norm)
        assert_tensor(parameter.grad, expected, device=device, rtol=1e-5, name="a gradient")


def test_clip_norm__leaves_gradients_of_a_small_norm_unchanged(device):
    for gradients in ([[0.3, -0.4], 1.2], [[[0.5]], [0.25, 0.125]]):
        parameters = parameters_with(device, gradients)
        kata.clip_norm(parameters, 1.5)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            assert_tensor(parameter.grad, float32(gradient), device=device, name="a gradient")


def test_clip_norm__returns_the_norm_before_clipping(device):
    assert_value(kata.clip_norm(parameters_with(device, [[[2.0, -3.0]], 6.0]), 3.5), 7.0, tolerance=1e-5)
    assert_value(kata.clip_norm(parameters_with(device, [[0.3, -0.4], 1.2]), 1.5), 1.3, tolerance=1e-5)


def test_clip_norm__accepts_a_generator(device):
    model = line(device, [1.0, 2.0], bias=3.0)
    model.weight.grad, model.bias.grad = on(device, [[2.0, -3.0]]), on(device, [6.0])
    assert_value(kata.clip_norm(model.parameters(), 3.5), 7.0, tolerance=1e-5)
    assert_tensor(model.weight.grad, float32([[1.0, -1.5]]), device=device, rtol=1e-5, name="a gradient")
    assert_tensor(model.bias.grad, float32([3.0]), device=device, rtol=1e-5, name="a gradient")


def test_clip_norm__skips_parameters_without_a_gradient(device):
    parameters = parameters_with(device, [None, [30.0, 40.0], None])
    kata.clip_norm(parameters, 10.0)
    assert_tensor(parameters[1].grad, float32([6.0, 8.0]), device=device, rtol=1e-5, name="a gradient")
    if parameters[0].grad is not None or parameters[2].grad is not None:
        raise Mismatch("value", "The .grad of a parameter was None, and now it is a tensor. Leave it at None.")


def test_clip_norm__changes_the_gradients_in_place(device):
    parameters = parameters_with(device, [[30.0, 40.0], [[120.0]]])
    held = [parameter.grad for parameter in parameters]
    kata.clip_norm(parameters, 13.0)
    if any(parameter.grad is not gradient for parameter, gradient in zip(parameters, held, strict=True)):
        raise Mismatch(
            "memory",
            "The .grad of a parameter is a different tensor now. Change the given tensor in place.",
        )
    assert_tensor(held[1], float32([[12.0]]), device=device, rtol=1e-5, name="a gradient")


def test_clip_norm__leaves_the_parameters_unchanged(device):
    first, second = parameters_with(device, [[30.0, 40.0], [[120.0]]])
    with assert_unchanged(first=first, second=second):
        kata.clip_norm([first, second], 1.0)


def test_clip_norm__accepts_gradients_of_zeros(device):
    (parameter,) = parameters_with(device, [[0.0, 0.0, 0.0]])
    assert_value(kata.clip_norm([parameter], 2.0), 0.0)
    assert_tensor(parameter.grad, float32([0.0, 0.0, 0.0]), device=device, name="the gradient")


def test_clip_norm__returns_0_without_gradients(device):
    assert_value(kata.clip_norm(parameters_with(device, [None, None]), 2.0), 0.0)


def test_clip_norm__does_not_use_torch_nn_utils(device, monkeypatch):
    parameters = parameters_with(device, [[30.0, 40.0], [120.0]])

    def refuse(*args, **kwargs):
        raise Mismatch("forbidden", "Your code uses torch.nn.utils, which is not allowed in this step.")

    # clip_grad_norm_ is a Python function, which forbid does not see. It looks for its own parts in nn.utils.clip_grad.
    for place in (nn.utils, nn.utils.clip_grad):
        for name in ("clip_grad_norm_", "get_total_norm", "clip_grads_with_norm_"):
            monkeypatch.setattr(place, name, refuse, raising=False)
        for name in ("_get_total_norm", "_clip_grads_with_norm_"):
            monkeypatch.setattr(nn.utils.clip_grad, name, refuse, raising=False)
    kata.clip_norm(parameters, 1.0)


def test_clip_norm__does_what_its_example_shows(example):
    example.check(kata)


def factor(step, warmup, total):
    """The formula of the card."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if step >= total:
        return 0.0
    return 0.5 + 0.5 * math.cos(math.pi * (step - warmup) / (total - warmup))


@pytest.mark.parametrize(("warmup", "total"), [(3, 7), (4, 14), (1, 3)])
def test_warmup_cosine__rises_and_falls(warmup, total):
    for step in range(total):
        actual = kata.warmup_cosine(step, warmup, total)
        assert_value(actual, factor(step, warmup, total), name=f"the factor at step {step}")


def test_warmup_cosine__is_1_after_the_warmup_and_0_at_the_end():
    for warmup, total in ((3, 7), (10, 11), (5, 25)):
        assert_value(kata.warmup_cosine(0, warmup, total), 1 / (warmup + 1), name="the factor at step 0")
        assert_value(kata.warmup_cosine(warmup, warmup, total), 1.0, name=f"the factor at step {warmup}")
        assert_value(kata.warmup_cosine(total, warmup, total), 0.0, name=f"the factor at step {total}")


def test_warmup_cosine__stays_0_after_the_end():
    for step in (8, 9, 11, 15, 100):
        assert_value(kata.warmup_cosine(step, 3, 7), 0.0, name=f"the factor at step {step}")


def test_warmup_cosine__accepts_a_warmup_of_0():
    for step in range(5):
        assert_value(kata.warmup_cosine(step, 0, 4), factor(step, 0, 4), name=f"the factor at step {step}")


def test_warmup_cosine__does_what_its_example_shows(example):
    example.check(kata)


def rates_of(optimizer, scheduler, steps):
    """Return the rate of each group at each of `steps` updates, as an array (steps, groups)."""
    rates = []
    for _ in range(steps):
        rates.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    return np.array(rates)


def group_of(device, *rates):
    return [{"params": parameters_with(device, [[1.0]]), "lr": rate} for rate in rates]


def check_rates(optimizer, scheduler, warmup, total, base):
    if not isinstance(scheduler, torch.optim.lr_scheduler.LRScheduler):
        raise Mismatch("type", "The result is not a scheduler of torch.optim.lr_scheduler.")
    wanted = [[rate * factor(step, warmup, total) for rate in base] for step in range(total + 3)]
    assert_tensor(
        torch.from_numpy(rates_of(optimizer, scheduler, total + 3)),
        np.array(wanted),
        name="the table of rates (a row for each step, a column for each group)",
    )


@pytest.mark.parametrize(("warmup", "total", "rate"), [(3, 7, 8.0), (0, 4, 0.5), (5, 8, 2.0)])
def test_scheduler_for__gives_each_step_its_rate(device, warmup, total, rate):
    optimizer = torch.optim.SGD(parameters_with(device, [[1.0], [2.0]]), lr=rate)
    check_rates(optimizer, kata.scheduler_for(optimizer, warmup, total), warmup, total, [rate])


def test_scheduler_for__sets_the_first_rate_at_once(device):
    optimizer = torch.optim.SGD(parameters_with(device, [[1.0]]), lr=8.0)
    kata.scheduler_for(optimizer, 3, 7)
    assert_value(optimizer.param_groups[0]["lr"], 2.0, name="the rate of the group")


def test_scheduler_for__keeps_a_rate_for_each_group(device):
    optimizer = torch.optim.SGD(group_of(device, 8.0, 0.5, 2.0), lr=1.0)
    check_rates(optimizer, kata.scheduler_for(optimizer, 2, 6), 2, 6, [8.0, 0.5, 2.0])


def test_scheduler_for__gives_the_updates_these_rates(device):
    optimizer = torch.optim.SGD(parameters_with(device, [[1.0]]), lr=8.0)
    scheduler = kata.scheduler_for(optimizer, 3, 5)
    for _ in range(5):
        optimizer.step()
        scheduler.step()
    # 7 minus the rates 2 + 4 + 6 + 8 + 4, with a gradient of 1.
    parameter = optimizer.param_groups[0]["params"][0].detach()
    assert_tensor(parameter, float32([-17.0]), device=device, name="the parameter")


def test_scheduler_for__does_what_its_example_shows(example):
    example.check(kata)


def whole_batch(batches, weight):
    """The mean squared error of `features @ weight` over all samples, and its gradient."""
    features = np.concatenate([numbers(features) for features, _ in batches])
    errors = features @ np.array(weight) - np.concatenate([numbers(labels) for _, labels in batches])
    return float((errors**2).mean()), 2 * features.T @ errors / len(errors)


@pytest.mark.parametrize("sizes", [(3, 1), (2, 5, 1), (4,), (2, 2, 2)])
def test_accumulated_step__makes_the_update_of_the_whole_batch(device, sizes):
    model, batches = line(device, [0.5, -1.0]), uneven(device, sizes)
    kata.accumulated_step(model, squared, torch.optim.SGD(model.parameters(), lr=0.25), batches)
    _, gradient = whole_batch(batches, [0.5, -1.0])
    expected = float32([[0.5, -1.0] - 0.25 * gradient])
    assert_tensor(model.weight.detach(), expected, device=device, rtol=1e-5, name="the weight")


@pytest.mark.parametrize("sizes", [(3, 1), (2, 5, 1)])
def test_accumulated_step__returns_the_mean_loss_before_the_update(device, sizes):
    model, batches = line(device, [0.5, -1.0]), uneven(device, sizes)
    actual = kata.accumulated_step(model, squared, torch.optim.SGD(model.parameters(), lr=0.25), batches)
    assert_value(actual, whole_batch(batches, [0.5, -1.0])[0], tolerance=1e-5)


def test_accumulated_step__ignores_old_gradients(device):
    model, batches = line(device, [0.5, -1.0]), uneven(device, (3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    model.weight.grad = on(device, [[-16.0, 32.0]])
    weight = np.array([0.5, -1.0])
    for _ in range(2):
        kata.accumulated_step(model, squared, optimizer, batches)
        weight = weight - 0.25 * whole_batch(batches, weight)[1]
        assert_tensor(model.weight.detach(), float32([weight]), device=device, rtol=1e-4, name="the weight")


def test_accumulated_step__makes_one_update(device):
    model, batches = line(device, [0.5, -1.0]), uneven(device, (3, 1, 2))
    optimizer, count = torch.optim.SGD(model.parameters(), lr=0.25), []
    optimizer.register_step_post_hook(lambda *args: count.append(1))
    kata.accumulated_step(model, squared, optimizer, batches)
    if len(count) != 1:
        raise Mismatch("statement", f"The optimizer made {len(count)} updates on 3 small batches. It must make one.")


def test_accumulated_step__calls_the_model_on_one_batch_at_a_time(device):
    model, batches = line(device, [0.5, -1.0]), uneven(device, (3, 1, 2))
    sizes = []
    model.register_forward_pre_hook(lambda module, inputs: sizes.append(len(inputs[0])))
    kata.accumulated_step(model, squared, torch.optim.SGD(model.parameters(), lr=0.25), batches)
    if sizes != [3, 1, 2]:
        raise Mismatch(
            "statement",
            "Call the model once for each small batch, in order. Shown are the sizes of its inputs.",
            actual=sizes,
            expected=[3, 1, 2],
        )


def test_accumulated_step__keeps_one_graph_at_a_time(device):
    model, batches = line(device, [0.5, -1.0]), uneven(device, (3, 1, 2))
    events = []

    def note(module, inputs, outputs):
        events.append("forward")
        if outputs.requires_grad:
            outputs.register_hook(lambda gradient: events.append("backward"))

    model.register_forward_hook(note)
    kata.accumulated_step(model, squared, torch.optim.SGD(model.parameters(), lr=0.25), batches)
    if events != ["forward", "backward"] * 3:
        raise Mismatch(
            "statement",
            "The backward pass of a batch must come before the next call of the model. "
            f"Your order: {', '.join(events)}.",
        )


def test_accumulated_step__does_what_its_example_shows(example):
    example.check(kata)


class Net(nn.Module):
    """Parameters of 0 to 3 dimensions. The name "weight" does not tell how many dimensions there are."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(100.0))
        self.table = nn.Parameter(torch.tensor([[[1.0, -2.0]], [[3.0, 0.5]]]))
        self.norm = nn.LayerNorm(3)
        self.layer = nn.Linear(3, 1)
        with torch.no_grad():
            self.norm.weight.fill_(10.0)
            self.layer.weight.copy_(torch.tensor([[4.0, -1.0, 2.0]]))
            self.layer.bias.fill_(50.0)


def loss_of(model, device):
    """A loss of 3.25. Its gradient is (1, 2, 4) for the layer's weight and 1 for the layer's bias."""
    outputs = model.layer(on(device, [[1.0, 2.0, 4.0]])).sum()
    return outputs - outputs.detach() + 3.25


@pytest.mark.parametrize("strength", [3.0, 0.5, 0.0])
def test_penalized_loss__adds_the_squares_of_the_weights(device, strength):
    model = Net().to(device)
    actual = kata.penalized_loss(loss_of(model, device), model, strength)
    squares = 1 + 4 + 9 + 0.25 + 16 + 1 + 4
    assert_tensor(actual, torch.tensor(3.25 + strength * squares, device=device))


def test_penalized_loss__adds_to_the_gradient_of_each_weight(device):
    model = Net().to(device)
    answer = kata.penalized_loss(loss_of(model, device), model, 0.25)
    assert_has_graph(answer)
    answer.backward()
    if model.table.grad is None or model.layer.weight.grad is None:
        raise Mismatch("graph", "After the backward pass, a weight has no gradient.")
    table = float32([[[0.5, -1.0]], [[1.5, 0.25]]])
    assert_tensor(model.table.grad, table, device=device, name="the gradient of a weight that only the penalty uses")
    weight = float32([[1 + 2, 2 - 0.5, 4 + 1]])
    assert_tensor(model.layer.weight.grad, weight, device=device, name="the gradient of the layer's weight")


def test_penalized_loss__leaves_biases_out(device):
    model = Net().to(device)
    kata.penalized_loss(loss_of(model, device), model, 0.25).backward()
    assert_tensor(model.layer.bias.grad, float32([1.0]), device=device, name="the gradient of the bias")
    for parameter in (model.norm.weight, model.norm.bias, model.scale):
        if parameter.grad is not None and numbers(parameter.grad).any():
            raise Mismatch("value", "A parameter with fewer than two dimensions got a gradient from the penalty.")


def test_penalized_loss__leaves_loss_and_weights_unchanged(device):
    model = Net().to(device)
    loss = loss_of(model, device)
    with assert_unchanged(loss=loss, table=model.table, weight=model.layer.weight):
        kata.penalized_loss(loss, model, 0.25)
    for parameter in model.parameters():
        if parameter.grad is not None:
            raise Mismatch("statement", "A parameter has a gradient after the call. Leave backward() to the caller.")


def test_penalized_loss__counts_a_shared_weight_once(device):
    layer = nn.Linear(2, 2).to(device)
    with torch.no_grad():
        layer.weight.copy_(on(device, [[1.0, 2.0], [3.0, -1.0]]))
    model = nn.Sequential(layer, nn.ReLU(), layer)
    loss = model(on(device, [[0.0, 0.0]])).sum() * 0
    assert_tensor(kata.penalized_loss(loss, model, 2.0), torch.tensor(30.0, device=device))


def test_penalized_loss__does_what_its_example_shows(example):
    example.check(kata)
