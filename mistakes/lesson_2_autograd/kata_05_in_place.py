"""Wrong answers to katas/lesson_2_autograd/kata_05_in_place.py, each with the sentences that correct it."""

import numpy as np
import torch


def exp_plus_one__added_in_place(x):
    """The values are right, but you changed the result of exp in place, and the graph needs it. Add the 1 into a new
    tensor."""
    y = x.exp()
    y += 1
    return y


def exp_plus_one__write_hidden(x):
    """The gradient is exp(x) + 1: the result of exp, which the graph needs, was changed unnoticed. Add the 1 into a new
    tensor."""
    y = x.exp()
    y.data += 1
    return y


def exp_plus_one__not_recorded(x):
    """Your result has no graph, so no gradient can reach x. Let autograd record both operations."""
    with torch.no_grad():
        y = x.exp()
        y += 1
    return y


def exp_plus_one__one_forgotten(x):
    """You returned exp(x). Add 1."""
    return x.exp()


def exp_plus_one__of_the_sum(x):
    """You returned exp(x + 1). Add the 1 after exp."""
    return torch.exp(x + 1)


def exp_plus_one__through_numpy(x):
    """You passed x to NumPy, which works only on the CPU and records nothing. Compute exp with PyTorch."""
    return torch.from_numpy(np.exp(x.detach().numpy()) + 1)


def exp_plus_one__x_overwritten(x):
    """You changed the argument x: it holds exp(x) now. Compute exp into a new tensor."""
    x.data.exp_()
    return x + 1


def exp_plus_one__x_written_to(x):
    """You wrote into x itself, which autograd refuses for a leaf tensor that requires grad. Compute exp into a new
    tensor."""
    return x.exp_() + 1


def zero_negatives__written_into_x(x):
    """You wrote into x itself, which autograd refuses for a leaf tensor that requires grad. Write into a copy of x."""
    x[x < 0] = 0
    return x


def zero_negatives__written_into_a_view(x):
    """You wrote into a view of x, which shares memory with x. Write into a copy."""
    y = x.view(x.shape)
    y[y < 0] = 0
    return y


def zero_negatives__write_hidden(x):
    """The values are right, but the gradient still reaches the negative elements. Let autograd record the operation
    that makes them 0."""
    y = x.clone()
    y.data[y < 0] = 0
    return y


def zero_negatives__cut_off(x):
    """Your result has no graph, so no gradient reaches x. Copy x with a method that autograd records, while recording
    is on."""
    y = x.detach().clone()
    y[y < 0] = 0
    return y


def zero_negatives__signs_dropped(x):
    """You returned the absolute values. Put 0 in place of the negative elements."""
    return x.abs()


def zero_negatives__positives_replaced(x):
    """You kept the negative elements, and put 0 in place of the positive ones. Do it the other way round."""
    return x.clamp(max=0)


def zero_negatives__the_mask(x):
    """Your result holds only 0 and 1: it is a mask. Keep the values of x where x > 0."""
    return (x > 0).float()


def zero_negatives__tracked_anew(x):
    """Your result has no graph, although it requires grad. Copy x with a method that autograd records, while recording
    is on."""
    y = x.detach().clone()
    y[y < 0] = 0
    return y.requires_grad_()


def zero_negatives__copy_as_in_numpy(x):
    """You called copy(), which is a method of NumPy's arrays. A tensor's method has another name."""
    y = x.copy()
    y[y < 0] = 0
    return y


def column_replaced__written_into_the_table(table, column, values):
    """You wrote into the table itself, which autograd refuses for a leaf tensor that requires grad. Write
    into a copy."""
    table[:, column] = values
    return table


def column_replaced__table_cut_off(table, column, values):
    """No gradient reaches the table. Copy the table with a method that autograd records, while recording is on."""
    answer = table.detach().clone()
    answer[:, column] = values
    return answer


def column_replaced__write_hidden(table, column, values):
    """The gradient of the column reaches the table, and not the values. Let autograd record the assignment."""
    answer = table.clone()
    with torch.no_grad():
        answer[:, column] = values
    return answer


def column_replaced__values_cut_off(table, column, values):
    """No gradient reaches the values. Assign the values themselves, with their graph."""
    answer = table.clone()
    answer[:, column] = values.detach()
    return answer


def column_replaced__as_numbers(table, column, values):
    """Your result has no graph, so no gradient reaches the inputs. Let autograd record the copy of the table and the
    assignment."""
    result = torch.tensor(table.tolist(), device=table.device)
    result[:, column] = torch.tensor(values.tolist(), device=table.device)
    return result


def column_replaced__the_column_before(table, column, values):
    """You replaced the column before the given one. Columns are counted from 0."""
    result = table.clone()
    result[:, column - 1] = values
    return result


def column_replaced__added(table, column, values):
    """You added the values to the old column. Replace the column."""
    result = table.clone()
    result[:, column] += values
    return result


def column_replaced__inserted(table, column, values):
    """Your result has one column too many. Leave the old column out."""
    return torch.cat([table[:, :column], values[:, None], table[:, column:]], dim=1)


def column_replaced__others_zero(table, column, values):
    """The other columns hold zeros. Keep the table's values there."""
    result = torch.zeros_like(table)
    result[:, column] = values
    return result


def column_replaced__others_replaced(table, column, values):
    """You kept the old column, and replaced all the others. Do it the other way round."""
    chosen = torch.arange(table.shape[1], device=table.device) == column
    return torch.where(chosen, table, values[:, None])


def column_replaced__row(table, column, values):
    """You replaced a row. The first index counts rows, the second counts columns."""
    answer = table.clone()
    answer[column] = values
    return answer


def column_replaced__mixed_by_a_mask(table, column, values):
    """Your result has nan in the column, because you computed with nan and inf. Assign the values, and don't use the
    old column."""
    mask = (torch.arange(table.shape[1], device=table.device) == column).float()
    return table * (1 - mask) + values[:, None] * mask


def column_replaced__copy_as_in_numpy(table, column, values):
    """You called copy(), which is a method of NumPy's arrays. A tensor's method has another name."""
    answer = table.copy()
    answer[:, column] = values
    return answer


def checked_backward__unchecked(loss_of, w):
    """A gradient became nan, and your code raised no error. Run the forward pass and the backward pass in
    anomaly mode."""
    loss_of(w).backward()


def checked_backward__backward_alone(loss_of, w):
    """The error is right, but no warning names the line of loss_of. Switch anomaly mode on before you compute the loss,
    and leave warnings on."""
    loss = loss_of(w)
    with torch.autograd.detect_anomaly():
        loss.backward()


def checked_backward__without_its_check(loss_of, w):
    """Anomaly mode was on, but its check for nan was not. Leave check_nan at its default, which is True."""
    with torch.autograd.detect_anomaly(check_nan=False):
        loss_of(w).backward()


def checked_backward__error_caught(loss_of, w):
    """Neither error of the backward pass reached the caller. If you catch an error, raise it again."""
    try:
        with torch.autograd.detect_anomaly():
            loss_of(w).backward()
    except RuntimeError as error:
        print(error)


def checked_backward__left_on(loss_of, w):
    """Anomaly mode is still on after the call. A `with` block switches it off again."""
    torch.autograd.set_detect_anomaly(True)
    loss_of(w).backward()


def checked_backward__left_on_after_an_error(loss_of, w):
    """After an error, anomaly mode is still on. A `with` block switches it off after an error too."""
    torch.autograd.set_detect_anomaly(True)
    loss_of(w).backward()
    torch.autograd.set_detect_anomaly(False)


def checked_backward__own_check(loss_of, w):
    """Your error does not name the operation whose gradient is nan. Let anomaly mode raise the error."""
    loss_of(w).backward()
    if w.grad.isnan().any():
        raise RuntimeError("a gradient is nan")


def checked_backward__not_called(loss_of, w):
    """You used a class itself in the `with` line, which needs an object. Call the class, for example
    detect_anomaly()."""
    with torch.autograd.detect_anomaly:
        loss_of(w).backward()


def checked_backward__gradient_elsewhere(loss_of, w):
    """A nan raises the right error, but w.grad is None after the call. Call backward(), which fills w.grad."""
    with torch.autograd.detect_anomaly():
        return torch.autograd.grad(loss_of(w), w)[0]


def checked_backward__another_error(loss_of, w):
    """Your code raised another error in the place of PyTorch's RuntimeError. Let PyTorch's error pass on
    to the caller."""
    try:
        with torch.autograd.detect_anomaly():
            loss_of(w).backward()
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def checked_backward__computed_twice(loss_of, w):
    """You called loss_of twice. Compute the loss once, and call backward() on it."""
    with torch.autograd.detect_anomaly():
        loss_of(w)
        loss_of(w).backward()


def checked_backward__returned(loss_of, w):
    """The gradient is right, but you also returned something. Return None."""
    with torch.autograd.detect_anomaly():
        loss = loss_of(w)
        loss.backward()
    return loss.item()


def checked_backward__not_backward(loss_of, w):
    """The tensor w has no gradient after the call. Call backward() on the loss."""
    with torch.autograd.detect_anomaly():
        loss_of(w)


def checked_backward__run_again(loss_of, w):
    """You called loss_of twice. Use anomaly mode in the first call."""
    try:
        loss_of(w).backward()
        failed = bool(w.grad.isnan().any())
    except RuntimeError:
        failed = True
    if failed:
        with torch.autograd.detect_anomaly():
            loss_of(w).backward()


def step_together__moved_in_between(first_of, second_of, a, b, learning_rate):
    """You updated a leaf tensor before the last backward pass, which needed its old values. Run both backward passes
    before both updates."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    first.backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
    b.grad = None
    second.backward()
    with torch.no_grad():
        b -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__move_hidden(first_of, second_of, a, b, learning_rate):
    """You updated a before the second backward pass, so b's gradient belongs to the new a. Run both backward passes
    first."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    first.backward()
    a.data -= learning_rate * a.grad
    b.grad = None
    second.backward()
    b.data -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__one_after_the_other(first_of, second_of, a, b, learning_rate):
    """You computed the second loss after the update of a. Compute both losses and gradients at the old values."""
    first = first_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    with torch.no_grad():
        a -= learning_rate * to_a
    second = second_of(a, b)
    (to_b,) = torch.autograd.grad(second, b)
    with torch.no_grad():
        b -= learning_rate * to_b
    return first.item(), second.item()


def step_together__one_after_the_other_in_grad(first_of, second_of, a, b, learning_rate):
    """The second loss belongs to the new a, and b's update contains the gradient of the first loss. Compute both
    gradients first, separately."""
    a.grad = b.grad = None
    first = first_of(a, b)
    first.backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
    second = second_of(a, b)
    second.backward()
    with torch.no_grad():
        b -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__new_memory(first_of, second_of, a, b, learning_rate):
    """A leaf tensor has new memory, and a view of its old memory still shows the old values. Write into the old
    memory."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    a.data = a.data - learning_rate * to_a
    b.data = b.data - learning_rate * to_b
    return first.item(), second.item()


def step_together__another_tensor_of_that_name(first_of, second_of, a, b, learning_rate):
    """The given a and b have not changed. `a = a - …` makes a new tensor, so write into a itself."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    a = a - learning_rate * to_a
    b = b - learning_rate * to_b
    return first.item(), second.item()


def step_together__first_loss_for_both(first_of, second_of, a, b, learning_rate):
    """You updated b by the gradient of the first loss. Use the second loss for b."""
    first, second = first_of(a, b), second_of(a, b)
    to_a, to_b = torch.autograd.grad(first, (a, b))
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()


def step_together__tuple_of_gradients(first_of, second_of, a, b, learning_rate):
    """You multiplied a tuple by learning_rate. torch.autograd.grad returns a tuple, so take its only element first."""
    first, second = first_of(a, b), second_of(a, b)
    to_a = torch.autograd.grad(first, a)
    to_b = torch.autograd.grad(second, b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()


def step_together__losses_after_the_update(first_of, second_of, a, b, learning_rate):
    """The updates are right, but your losses belong to the new a and b. Return the losses from before the update."""
    (to_a,) = torch.autograd.grad(first_of(a, b), a)
    (to_b,) = torch.autograd.grad(second_of(a, b), b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first_of(a, b).item(), second_of(a, b).item()


def step_together__swapped(first_of, second_of, a, b, learning_rate):
    """You updated each tensor by the other one's loss. The first loss is for a, and the second is for b."""
    first, second = first_of(a, b), second_of(a, b)
    (to_b,) = torch.autograd.grad(first, b)
    (to_a,) = torch.autograd.grad(second, a)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()


def step_together__tensors(first_of, second_of, a, b, learning_rate):
    """The updates are right, but a loss in your result is a tensor. Return floats: loss.item() gives you one."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first, second


def step_together__gradients_of_the_sum(first_of, second_of, a, b, learning_rate):
    """You updated both tensors by the gradient of the sum of the losses. Use the first loss for a only, and the second
    for b only."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    first.backward()
    second.backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
        b -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__earlier_gradients_counted(first_of, second_of, a, b, learning_rate):
    """Your update includes an old gradient, because backward() adds to .grad. Clear it first, or use
    torch.autograd.grad."""
    first, second = first_of(a, b), second_of(a, b)
    first.backward(inputs=[a])
    second.backward(inputs=[b])
    with torch.no_grad():
        a -= learning_rate * a.grad
        b -= learning_rate * b.grad
    return first.item(), second.item()
