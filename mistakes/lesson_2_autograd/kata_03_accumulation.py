"""Wrong answers to katas/lesson_2_autograd/kata_03_accumulation.py, each with the sentence that corrects the belief."""

import torch


def gradients_seen__one_tensor_many_times(loss_of, w, times):
    """.grad is one tensor that every pass adds to in place: whoever holds it sees the later passes too."""
    seen = []
    for _ in range(times):
        loss_of(w).backward()
        seen.append(w.grad)
    return seen


def gradients_seen__last_not_copied(loss_of, w, times):
    """The last entry is .grad itself, or shares its memory: it changes with the next pass that anyone makes."""
    seen = []
    for number in range(times):
        loss_of(w).backward()
        seen.append(w.grad.clone() if number < times - 1 else w.grad)
    return seen


def gradients_seen__cleared_in_between(loss_of, w, times):
    """backward adds into .grad and never sets it: these are the gradients of single passes, not what .grad grew to."""
    seen = []
    for _ in range(times):
        w.grad = None
        loss_of(w).backward()
        seen.append(w.grad.clone())
    return seen


def gradients_seen__cleared_at_first(loss_of, w, times):
    """What .grad held before the first pass is missing: backward adds to that too."""
    w.grad = None
    seen = []
    for _ in range(times):
        loss_of(w).backward()
        seen.append(w.grad.clone())
    return seen


def gradients_seen__one_graph_for_all(loss_of, w, times):
    """A backward pass frees the graph that it went through: the next pass needs a loss worked out anew."""
    loss = loss_of(w)
    seen = []
    for _ in range(times):
        loss.backward()
        seen.append(w.grad.clone())
    return seen


def gradients_seen__one_graph_kept(loss_of, w, times):
    """The numbers are right, but one loss served for all the passes: each is to have a loss worked out for it anew."""
    loss = loss_of(w)
    seen = []
    for _ in range(times):
        loss.backward(retain_graph=True)
        seen.append(w.grad.clone())
    return seen


def gradients_seen__grad_passed_over(loss_of, w, times):
    """w.grad was to be filled by the passes, and it is as if there had been none."""
    seen, total = [], torch.zeros_like(w) if w.grad is None else w.grad
    for _ in range(times):
        total = (total + torch.autograd.grad(loss_of(w), w)[0]).detach()
        seen.append(total)
    return seen


def gradients_seen__last_alone(loss_of, w, times):
    """This is what .grad held at the end: a list is asked for, with one tensor for each pass."""
    for _ in range(times):
        loss_of(w).backward()
    return w.grad.clone()


def clear__zero_in_place(parameters):
    """A parameter that has had no backward pass yet has None for a gradient, not zeros, and None has no methods."""
    for parameter in parameters:
        parameter.grad.zero_()


def clear__number_zero(parameters):
    """.grad takes a tensor or None, and nothing else: the number 0 is neither."""
    for parameter in parameters:
        parameter.grad = 0


def clear__name_only(parameters):
    """Every gradient is as it was: another value for a local name, or a cleared copy, leaves .grad alone."""
    for parameter in parameters:
        grad = parameter.grad
        grad = None  # noqa: F841


def clear__first_alone(parameters):
    """Only the first parameter has lost its gradient: every one of them has its own."""
    next(iter(parameters)).grad = None


def clear__as_a_list(parameters):
    """A generator has no length and no positions: it can only be gone through, once."""
    for i in range(len(parameters)):
        parameters[i].grad = None


def clear__two_loops(parameters):
    """A generator can be gone through only once: what a first look has used up is not there for a second loop."""
    if all(parameter.grad is None for parameter in parameters):
        return
    for parameter in parameters:
        parameter.grad = None


def clear__stops_at_none(parameters):
    """One parameter without a gradient says nothing about those behind it: go on to the next, do not stop."""
    for parameter in parameters:
        if parameter.grad is None:
            break
        parameter.grad.zero_()


def clear__times_zero(parameters):
    """A zero computed from nan or inf is nan (nan * 0, inf - inf): a gradient that went wrong once would never go
    away."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad *= 0


def clear__values_too(parameters):
    """The parameters themselves are zero now: only their gradients were to go."""
    for parameter in parameters:
        parameter.grad = None
        parameter.data.zero_()


def clear__values_instead(parameters):
    """The parameters' own values are zero now, and their gradients are as they were: only these were to go."""
    for parameter in parameters:
        parameter.data.zero_()


def clear__turned_off(parameters):
    """requires_grad says whether a leaf gets gradients in time to come; it is to stay as it is when one is cleared."""
    for parameter in parameters:
        parameter.grad = None
        parameter.requires_grad_(False)


def clear__of_the_container(parameters):
    """The gradients belong to the single parameters: a list or a generator of them has no .grad."""
    parameters.grad = None


def clear__returned(parameters):
    """The gradients are gone, as asked, but something came back: what is done in place has nothing to return."""
    parameters = list(parameters)
    for parameter in parameters:
        parameter.grad = None
    return parameters


def fresh_gradient__added_to_the_old(loss_of, w):
    """backward adds into .grad and never sets it: what was there before is in this sum, so clear it first."""
    loss_of(w).backward()
    return w.grad.clone()


def fresh_gradient__cleared_afterwards(loss_of, w):
    """Clearing after the pass comes too late for what was there before it, and leaves .grad with nothing at the end."""
    loss_of(w).backward()
    gradient = w.grad.clone()
    w.grad = None
    return gradient


def fresh_gradient__cleared_before_and_after(loss_of, w):
    """The answer is right, but .grad has nothing in it afterwards, and it was to hold this gradient."""
    w.grad = None
    loss_of(w).backward()
    gradient, w.grad = w.grad, None
    return gradient


def fresh_gradient__grad_itself(loss_of, w):
    """The answer is .grad itself, or shares its memory: the next pass that adds to .grad changes it too."""
    w.grad = None
    loss_of(w).backward()
    return w.grad


def fresh_gradient__difference(loss_of, w):
    """The answer is right, but .grad still holds the sum of the old gradient and the new one."""
    before = torch.zeros_like(w) if w.grad is None else w.grad.clone()
    loss_of(w).backward()
    return w.grad - before


def fresh_gradient__grad_passed_over(loss_of, w):
    """The answer is right, but .grad is as it was before the call, and it was to hold this gradient."""
    return torch.autograd.grad(loss_of(w), w)[0]


def fresh_gradient__zero_in_place(loss_of, w):
    """Before the first backward pass .grad is None, not zeros, and None has no methods."""
    w.grad.zero_()
    loss_of(w).backward()
    return w.grad.clone()


def fresh_gradient__graph_kept(loss_of, w):
    """The numbers are right, but the answer still carries a graph: the pass backward was recorded itself."""
    (gradient,) = torch.autograd.grad(loss_of(w), w, create_graph=True)
    w.grad = gradient.detach().clone()
    return gradient


def accumulate__mean_losses_added(loss_of, batches):
    """Each batch's mean counted in full: a mean over n samples is only worth its share of all the samples."""
    for features, targets in batches:
        loss_of(features, targets).backward()


def accumulate__divided_by_the_batches(loss_of, batches):
    """All batches counted alike: a mean of means is the mean of all only where the batches are of one size."""
    for features, targets in batches:
        (loss_of(features, targets) / len(batches)).backward()


def accumulate__gradient_of_the_sum(loss_of, batches):
    """This is the gradient of the sum of all losses: the number of samples is still to be divided by."""
    for features, targets in batches:
        (loss_of(features, targets) * len(targets)).backward()


def accumulate__share_upside_down(loss_of, batches):
    """The share is upside down: the smaller a batch, the more it counted here."""
    count = sum(len(targets) for _, targets in batches)
    for features, targets in batches:
        (loss_of(features, targets) * count / len(targets)).backward()


def accumulate__first_size_for_all(loss_of, batches):
    """The first batch's size was taken for that of all: the batches may differ, the last one often does."""
    size = len(batches[0][1])
    for features, targets in batches:
        (loss_of(features, targets) * len(targets) / (size * len(batches))).backward()


def accumulate__backward_at_the_end(loss_of, batches):
    """The gradient is right, but one batch's graph was still alive when the next loss was worked out: taking parts
    is to save memory."""
    count = sum(len(targets) for _, targets in batches)
    sum(loss_of(features, targets) * len(targets) / count for features, targets in batches).backward()


def accumulate__all_in_one(loss_of, batches):
    """The gradient is right, but all samples went through one graph: memory is what parts are to save."""
    features, targets = zip(*batches, strict=True)
    loss_of(torch.cat(features), torch.cat(targets)).backward()


def accumulate__last_batch_alone(loss_of, batches):
    """Only the last batch has a part in this gradient: each one needs a backward pass of its own."""
    count = sum(len(targets) for _, targets in batches)
    for features, targets in batches:
        loss = loss_of(features, targets) * len(targets) / count
    loss.backward()


def accumulate__numbers_added(loss_of, batches):
    """No gradient reached the parameters: a loss turned into a plain number has no graph to go back through."""
    count = sum(len(targets) for _, targets in batches)
    total = sum(loss_of(features, targets).item() * len(targets) for features, targets in batches)
    torch.tensor(total / count, requires_grad=True).backward()


def train__as_it_was(loss_of, parameters, learning_rate, steps):
    """Each backward pass adds to the gradients of the steps before it: take them out before the next one."""
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__cleared_once(loss_of, parameters, learning_rate, steps):
    """What was there at the start is gone, but from then on the gradients add up: clear them in every step."""
    for parameter in parameters:
        parameter.grad = None
    return train__as_it_was(loss_of, parameters, learning_rate, steps)


def train__cleared_after_the_update_only(loss_of, parameters, learning_rate, steps):
    """The first step used what the gradients held before the call: they must be empty ahead of the first pass too."""
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
                parameter.grad = None
        losses.append(loss.item())
    return losses


def train__cleared_before_the_update(loss_of, parameters, learning_rate, steps):
    """No parameter has moved: cleared gradients move none, and p = p - … only gives the name p to a new tensor.
    Change the tensors given, while the gradients are there."""
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter.grad.zero_()
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__new_tensors_in_the_list(loss_of, parameters, learning_rate, steps):
    """The list got new tensors, and whoever holds the old ones sees no training: change the memory of those given."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss = loss_of(*parameters)
        loss.backward()
        for place, parameter in enumerate(parameters):
            parameters[place] = (parameter.detach() - learning_rate * parameter.grad).requires_grad_()
        losses.append(loss.item())
    return losses


def train__none_before_the_update(loss_of, parameters, learning_rate, steps):
    """A gradient that is None can't be multiplied: clear before the backward pass, not between it and the update."""
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter.grad = None
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__zero_in_place(loss_of, parameters, learning_rate, steps):
    """Before the first backward pass a gradient is None, not zeros, and None has no methods."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad.zero_()
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__first_parameter_cleared(loss_of, parameters, learning_rate, steps):
    """Only the first parameter's gradient was cleared: in the others, the gradients of all steps add up."""
    losses = []
    for _ in range(steps):
        parameters[0].grad = None
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__loss_worked_out_too_early(loss_of, parameters, learning_rate, steps):
    """A loss worked out before the update belongs to the old values: it has to go backward before the update too."""
    losses, loss = [], loss_of(*parameters)
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        losses.append(loss.item())
        loss.backward()
        loss = loss_of(*parameters)
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
    return losses


def train__update_recorded(loss_of, parameters, learning_rate, steps):
    """A tracked leaf can't be changed in place while autograd records: that block has its reason."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss = loss_of(*parameters)
        loss.backward()
        for parameter in parameters:
            parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__new_tensors(loss_of, parameters, learning_rate, steps):
    """The losses are right, but the parameters given have not moved: the caller holds those, not your new ones."""
    losses = []
    for _ in range(steps):
        leaves = [parameter.detach().requires_grad_() for parameter in parameters]
        loss = loss_of(*leaves)
        loss.backward()
        parameters = [leaf.detach() - learning_rate * leaf.grad for leaf in leaves]
        losses.append(loss.item())
    return losses


def train__losses_with_their_graphs(loss_of, parameters, learning_rate, steps):
    """These losses are tensors: as Python floats they are plain numbers, with no graph to hold on to."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss)
    return losses


def train__losses_after_the_updates(loss_of, parameters, learning_rate, steps):
    """The parameters are right, but each loss is one update late: the first is that of the values given."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss_of(*parameters).backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
            losses.append(loss_of(*parameters).item())
    return losses


def mean_and_sum__added_up(losses_of, w):
    """The second pass added to what the first had left in .grad, so the second gradient holds both."""
    w.grad = None
    losses_of(w).mean().backward()
    of_mean = w.grad.clone()
    losses_of(w).sum().backward()
    return of_mean, w.grad


def mean_and_sum__two_passes(losses_of, w):
    """Both gradients are right, but one backward pass is enough: each of them follows from the other."""
    w.grad = None
    losses_of(w).mean().backward()
    of_mean, w.grad = w.grad, None
    losses_of(w).sum().backward()
    return of_mean, w.grad


def mean_and_sum__graph_freed(losses_of, w):
    """The second pass found the graph freed by the first. One pass will do: each gradient follows from the other."""
    losses = losses_of(w)
    w.grad = None
    losses.mean().backward()
    of_mean, w.grad = w.grad, None
    losses.sum().backward()
    return of_mean, w.grad


def mean_and_sum__swapped(losses_of, w):
    """The two have changed places: the gradient of the mean comes first, and the sum's is N times as large."""
    losses = losses_of(w)
    of_sum = torch.autograd.grad(losses.sum(), w)[0]
    return of_sum, of_sum / len(losses)


def mean_and_sum__old_gradient_counted(losses_of, w):
    """What .grad held before has been counted: a backward pass adds to it."""
    losses = losses_of(w)
    losses.sum().backward()
    return w.grad / len(losses), w.grad


def mean_and_sum__old_gradient_times_n(losses_of, w):
    """What .grad held before is in both, in the second N times over: a backward pass adds to what it finds."""
    losses = losses_of(w)
    losses.mean().backward()
    return w.grad, w.grad * len(losses)


def mean_and_sum__size_of_w(losses_of, w):
    """The mean goes over the samples: divide by how many losses there are, not by how many numbers w has."""
    of_sum = torch.autograd.grad(losses_of(w).sum(), w)[0]
    return of_sum / w.numel(), of_sum


def mean_and_sum__times_the_size_of_w(losses_of, w):
    """The sum goes over the samples: its gradient is the mean's times how many losses there are, not numbers in w."""
    of_mean = torch.autograd.grad(losses_of(w).mean(), w)[0]
    return of_mean, of_mean * w.numel()


def mean_and_sum__both_of_the_mean(losses_of, w):
    """Both are the gradient of the mean: that of the sum is larger, by as many times as there are losses."""
    of_mean = torch.autograd.grad(losses_of(w).mean(), w)[0]
    return of_mean, of_mean.clone()


def mean_and_sum__divided_in_place(losses_of, w):
    """Both are one tensor, and dividing it in place has changed both: only a copy would have kept the sum's."""
    losses = losses_of(w)
    of_sum = torch.autograd.grad(losses.sum(), w)[0]
    of_mean = of_sum
    of_mean /= len(losses)
    return of_mean, of_sum


def mean_and_sum__backward_from_many(losses_of, w):
    """backward starts from a single number unless told more: make one of the N losses first."""
    losses = losses_of(w)
    w.grad = None
    losses.backward()
    return w.grad / len(losses), w.grad
