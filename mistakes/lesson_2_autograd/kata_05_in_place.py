"""Wrong answers to katas/lesson_2_autograd/kata_05_in_place.py, each with the sentence that corrects the belief."""

import torch


def exp_plus_one__added_in_place(x):
    """The values are right, but exp's node keeps its result for the way back, and that very tensor was written to."""
    y = x.exp()
    y += 1
    return y


def exp_plus_one__write_hidden(x):
    """The gradient is exp(x) + 1: the result that exp's node keeps was written to, and autograd was not told of it."""
    y = x.exp()
    y.data += 1
    return y


def exp_plus_one__not_recorded(x):
    """No graph is behind this answer: it was cut off, or recording was off, so that no gradient can flow back to x."""
    with torch.no_grad():
        y = x.exp()
        y += 1
    return y


def exp_plus_one__one_forgotten(x):
    """This is exp(x) alone: the 1 does not change the gradient, but it belongs to the values."""
    return x.exp()


def exp_plus_one__x_overwritten(x):
    """The exponentials stand in x itself now: whoever passed it in has lost the values, and the graph never saw it."""
    x.data.exp_()
    return x + 1


def exp_plus_one__x_written_to(x):
    """The exponentials went into x: autograd refuses that for a tracked leaf, and any other x has lost its values."""
    return x.exp_() + 1


def zero_negatives__written_into_x(x):
    """Zeros were written into x: the caller's values are lost, and where x is a tracked leaf, autograd refuses."""
    x[x < 0] = 0
    return x


def zero_negatives__written_into_a_view(x):
    """A view is the memory of x under another name: what you write into it, you write into x."""
    y = x.view(x.shape)
    y[y < 0] = 0
    return y


def zero_negatives__write_hidden(x):
    """The zeros are there, but they were not recorded: the gradient still flows to the negatives, as it did before."""
    y = x.clone()
    y.data[y < 0] = 0
    return y


def zero_negatives__cut_off(x):
    """The copy was cut from the graph: no gradient flows back from it, neither to the negatives nor to the others."""
    y = x.detach().clone()
    y[y < 0] = 0
    return y


def zero_negatives__signs_dropped(x):
    """The negatives became positive: 0 was to stand in their place."""
    return x.abs()


def zero_negatives__times_a_mask(x):
    """What comes of computing with -inf is nan (-inf * 0, -inf + inf): what is to be replaced must not go into the
    result."""
    return x * (x > 0)


def zero_negatives__copy_as_in_numpy(x):
    """That is NumPy's word for it: a tensor has a method that copies it too, under another name."""
    y = x.copy()
    y[y < 0] = 0
    return y


def move_leaf__recorded(w, amount):
    """Autograd refuses to record a write to a tracked leaf: this move is to be no part of any graph."""
    w += amount
    return w


def move_leaf__sum_returned(w, amount):
    """The numbers came back in another tensor, and w has kept its own: the sum went into a new one."""
    w = w + amount
    return w


def move_leaf__tracking_left_off(w, amount):
    """The numbers moved, but w is untracked now: it is the recording of this move that you don't want, not of all."""
    w.requires_grad_(False)
    w += amount
    return w


def move_leaf__new_memory(w, amount):
    """The tensor has got other memory: what looks at the old memory, such as a view of w, does not see the move."""
    w.data = w.data + amount
    return w


def move_leaf__another_name(w, amount):
    """The numbers of w are right, but what was returned is a second tensor: w itself was asked for."""
    return w.detach().add_(amount)


def move_leaf__written_into_the_amount(w, amount):
    """The sum was written into the amount, and w has kept its numbers: what stands on the left is what changes."""
    amount += w
    return amount


def move_leaf__recording_left_off(w, amount):
    """Recording is off for everyone afterwards: what your code switches off, it must put back."""
    torch.set_grad_enabled(False)
    w += amount
    return w


def move_leaf__recording_switched_on(w, amount):
    """Recording is on afterwards even where it was off before: put back what there was."""
    torch.set_grad_enabled(False)
    w += amount
    torch.set_grad_enabled(True)
    return w


def move_leaf__gradient_cleared(w, amount):
    """The move is right, but w.grad is gone: clearing it is another job, and the caller's choice."""
    with torch.no_grad():
        w += amount
    w.grad = None
    return w


def column_replaced__written_into_the_table(table, column, values):
    """The table itself was written to: the caller's column is lost, and autograd refuses it for a tracked leaf."""
    table[:, column] = values
    return table


def column_replaced__table_cut_off(table, column, values):
    """No gradient reaches the table: the copy of it was made without the graph. The values have theirs."""
    answer = table.detach().clone()
    answer[:, column] = values
    return answer


def column_replaced__write_hidden(table, column, values):
    """The write was not recorded: the gradient of the column flows to the table, whose numbers are there no more."""
    answer = table.clone()
    with torch.no_grad():
        answer[:, column] = values
    return answer


def column_replaced__values_cut_off(table, column, values):
    """No gradient reaches the values: only their numbers were put into the column, as constants."""
    answer = table.clone()
    answer[:, column] = values.detach()
    return answer


def column_replaced__row(table, column, values):
    """The values went into a row: the first index counts the rows, the second the columns."""
    answer = table.clone()
    answer[column] = values
    return answer


def column_replaced__mixed_by_a_mask(table, column, values):
    """inf * 0, inf - inf and all that is computed with nan are nan: the old column must not go into the result."""
    mask = (torch.arange(table.shape[1], device=table.device) == column).float()
    return table * (1 - mask) + values[:, None] * mask


def column_replaced__copy_as_in_numpy(table, column, values):
    """That is NumPy's word for it: a tensor has a method that copies it too, under another name."""
    answer = table.copy()
    answer[:, column] = values
    return answer


def step_together__moved_in_between(first_of, second_of, a, b, learning_rate):
    """A leaf was moved before the last walk backward: the graph still needed its old numbers, and autograd noticed."""
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
    """b's gradient was computed with the moved a: the move came before the walk backward, hidden from autograd."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    first.backward()
    a.data -= learning_rate * a.grad
    b.grad = None
    second.backward()
    b.data -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__one_after_the_other(first_of, second_of, a, b, learning_rate):
    """The second loss was computed after a had moved: it and its gradient belong to other numbers than the first."""
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
    """Two faults: the second loss was computed after a had moved, and b moved against the first loss too, whose
    gradient was in b.grad still."""
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


def step_together__another_tensor_of_that_name(first_of, second_of, a, b, learning_rate):
    """The caller's a and b have not moved: a = a - … makes a new tensor and gives it the name."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    a = a - learning_rate * to_a
    b = b - learning_rate * to_b
    return first.item(), second.item()


def step_together__swapped(first_of, second_of, a, b, learning_rate):
    """Each moved against the other's loss: the first loss is the one for a, the second the one for b."""
    first, second = first_of(a, b), second_of(a, b)
    (to_b,) = torch.autograd.grad(first, b)
    (to_a,) = torch.autograd.grad(second, a)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()


def step_together__tensors(first_of, second_of, a, b, learning_rate):
    """The moves are right, but a tensor is among the losses: the number in it has still to be taken out."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first, second


def step_together__gradients_of_the_sum(first_of, second_of, a, b, learning_rate):
    """Each moved against both losses: a sum of losses mixes their gradients, and .grad does so too, as each walk
    backward adds to that of every leaf that it reaches."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    first.backward()
    second.backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
        b -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__earlier_gradients_counted(first_of, second_of, a, b, learning_rate):
    """What was in .grad before the call went into the move: backward adds to it, and does not begin at 0."""
    first, second = first_of(a, b), second_of(a, b)
    first.backward(inputs=[a])
    second.backward(inputs=[b])
    with torch.no_grad():
        a -= learning_rate * a.grad
        b -= learning_rate * b.grad
    return first.item(), second.item()
