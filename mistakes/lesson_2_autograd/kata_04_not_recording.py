"""Wrong answers to katas/lesson_2_autograd/kata_04_not_recording.py, each with the sentence that corrects it."""

import copy

import numpy as np
import torch


def step_downhill__another_tensor_of_that_name(parameters, learning_rate):
    """The caller's tensors have not moved: p = p - … makes a new tensor and gives it the name."""
    for p in parameters:
        if p.grad is not None:
            p = p - learning_rate * p.grad


def step_downhill__put_into_the_list(parameters, learning_rate):
    """The list holds new tensors now, but whoever has the old ones sees no step: change the tensors, not the list."""
    with torch.no_grad():
        for i, p in enumerate(parameters):
            if p.grad is not None:
                parameters[i] = (p - learning_rate * p.grad).requires_grad_()


def step_downhill__recorded(parameters, learning_rate):
    """A tracked leaf can't be changed in place while autograd records: the update must not be recorded."""
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad


def step_downhill__uphill(parameters, learning_rate):
    """The gradient points to where the loss grows: the step goes the other way."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p += learning_rate * p.grad


def step_downhill__no_longer_tracked(parameters, learning_rate):
    """The numbers are right, but a parameter is no longer tracked afterwards: the next backward will not reach it."""
    for p in parameters:
        if p.grad is not None:
            p.requires_grad_(False)
            p -= learning_rate * p.grad


def step_downhill__new_memory(parameters, learning_rate):
    """The parameter got other memory: every view of the old one still shows the old values. Write into what it has."""
    for p in parameters:
        if p.grad is not None:
            p.data = p.data - learning_rate * p.grad


def step_downhill__gradient_cleared(parameters, learning_rate):
    """The step is right, but the gradients are gone: clearing them is another job, and the caller's choice."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= learning_rate * p.grad
                p.grad = None


def step_downhill__gradient_scaled(parameters, learning_rate):
    """The gradient itself was multiplied by the learning rate, in place: work with a new tensor instead."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p.grad *= learning_rate
                p -= p.grad


def step_downhill__none_not_expected(parameters, learning_rate):
    """Not every parameter has a gradient: where nothing has gone backward to it, .grad is None."""
    with torch.no_grad():
        for p in parameters:
            p -= learning_rate * p.grad


def step_downhill__ends_at_none(parameters, learning_rate):
    """One parameter without a gradient ends it for all that come after: leave out that one only."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                return
            p -= learning_rate * p.grad


def step_downhill__two_passes(parameters, learning_rate):
    """A list works, but a generator was used up by a first pass, and the second found nothing: go through it once."""
    with torch.no_grad():
        for p, gradient in zip(parameters, [p.grad for p in parameters]):
            if gradient is not None:
                p -= learning_rate * gradient


def step_downhill__recording_left_off(parameters, learning_rate):
    """Recording is off for everyone afterwards: what your code switches off, it must put back."""
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad


def step_downhill__recording_switched_on(parameters, learning_rate):
    """Recording is on afterwards even where it was off before: put back what there was."""
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad
    torch.set_grad_enabled(True)


def predict_untracked__recorded(features, weights):
    """The numbers are right, but the result is tracked: a product with tracked weights is recorded by itself."""
    return features @ weights


def predict_untracked__weights_alone_detached(features, weights):
    """Tracked features are enough for a record: the result has a graph that leads back to them."""
    return features @ weights.detach()


def predict_untracked__cut_afterwards(features, weights):
    """The result has no graph, but the product was recorded first: its inputs were kept for a backward never wanted."""
    return (features @ weights).detach()


def predict_untracked__untracks_the_inputs(features, weights):
    """The result is right, but the caller's weights are no longer tracked: they were switched off for good."""
    return features.detach() @ weights.requires_grad_(False)


def predict_untracked__recording_left_off(features, weights):
    """Recording is off for everyone afterwards: what your code switches off, it must put back."""
    torch.set_grad_enabled(False)
    return features @ weights


def predict_untracked__recording_switched_on(features, weights):
    """Recording is on afterwards even where it was off before: put back what there was."""
    torch.set_grad_enabled(False)
    try:
        return features @ weights
    finally:
        torch.set_grad_enabled(True)


def predict_untracked__not_put_back_on_error(features, weights):
    """An error jumps over the line that puts recording back: it must be put back even then."""
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    predictions = features @ weights
    torch.set_grad_enabled(before)
    return predictions


def predict_untracked__switched_off_and_on(features, weights):
    """Recording is on afterwards where it was off, and is off after an error: put back what was, whatever happens."""
    torch.set_grad_enabled(False)
    predictions = features @ weights
    torch.set_grad_enabled(True)
    return predictions


def predict_untracked__products_not_summed(features, weights):
    """Each number was multiplied with its weight, but a row's products are still to be summed."""
    with torch.no_grad():
        return features * weights


def without_history__itself(x):
    """This is x itself, graph and all: switching recording off changes nothing about a tensor that is there already."""
    with torch.no_grad():
        return x


def without_history__a_copy(x):
    """The graph is cut, but the values were copied: here they stay in the memory of x."""
    return x.detach().clone()


def without_history__a_recorded_copy(x):
    """A copy made by clone is recorded like any other operation: its graph leads back to x."""
    return x.clone()


def without_history__x_cut_off(x):
    """This takes the graph from x itself, through which no gradient flows back any more; a view of another refuses."""
    return x.detach_()


def without_history__flag_of_x(x):
    """Only a leaf can be told to be untracked, and a leaf changed so is lost to its owner: leave x as it is."""
    return x.requires_grad_(False)


def without_history__put_in_order(x):
    """A transposed tensor came out as a copy: numbers that do not lie in order need not be put in order here."""
    return x.detach().contiguous()


def without_history__tracked_anew(x):
    """There is no graph behind it, but the answer is a tracked leaf: a new graph starts there."""
    return x.detach().requires_grad_()


def frozen_copy__shared(x):
    """The graph is cut, but the memory is still that of x: the next update changes the copy as well."""
    return x.detach()


def frozen_copy__recorded(x):
    """The memory is its own, but the copying was recorded: the copy still has a graph that leads back to x."""
    return x.clone()


def frozen_copy__deep(x):
    """A copy of everything copies the tracking too, and fails where a graph hangs on x: copy the values only."""
    return copy.deepcopy(x)


def frozen_copy__flag_of_the_copy(x):
    """The copy was recorded, so it is no leaf, and only a leaf can be told to be untracked: cut the graph instead."""
    return x.clone().requires_grad_(False)


def frozen_copy__x_cut_off(x):
    """The copy is right, but x lost its own graph on the way: no gradient flows back through it any more."""
    return x.detach_().clone()


def frozen_copy__only_if_tracked(x):
    """A tensor that is not tracked came back as it is: the next change of it shows, so it needs copying too."""
    return x.detach().clone() if x.requires_grad else x


def frozen_copy__only_if_not_in_order(x):
    """A copy was made only where the numbers did not lie in order in memory: elsewhere it is the memory of x still."""
    return x.detach().contiguous()


def running_mean_loss__tensor(losses):
    """A tensor came out, and the losses or their graphs were held on to: a number for a log is a plain Python float."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss
        count += 1
    return total / count


def running_mean_loss__detached_tensor(losses):
    """No graph is held on to, but a tensor came out: a number for a log is a plain Python float."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss.detach()
        count += 1
    return total / count


def running_mean_loss__total_is_a_tensor(losses):
    """The number is right, but the graphs of the losses are held on to: a sum that is a tensor does so, for one."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss
        count += 1
    return (total / count).item()


def running_mean_loss__kept_in_a_list(losses):
    """The number is right, but all the losses were alive at once, each with its graph: keep numbers, not tensors."""
    losses = list(losses)
    return sum(loss.item() for loss in losses) / len(losses)


def running_mean_loss__added_into_the_first(losses):
    """The first loss holds the sum of all now: detach makes no copy, and += writes where the loss itself stands."""
    total, count = None, 0
    for loss in losses:
        if total is None:
            total = loss.detach()
        else:
            total += loss.detach()
        count += 1
    return total.item() / count


def running_mean_loss__numpy(losses):
    """NumPy can't take tensors that are tracked: get a plain number from each loss first."""
    return float(np.mean(list(losses)))


def running_mean_loss__length_of_a_generator(losses):
    """A generator has no length: nobody knows how many losses come, so count them as they do."""
    return sum(loss.item() for loss in losses) / len(losses)


def running_mean_loss__recording_off(losses):
    """The generator runs inside your loop, in your grad mode: with recording off there, its losses have no graph."""
    total, count = 0.0, 0
    with torch.no_grad():
        for loss in losses:
            total += loss
            count += 1
    return (total / count).item()


def running_mean_loss__sum(losses):
    """This is the sum of the losses: it is still to be divided by how many came."""
    return sum(loss.item() for loss in losses)


def running_mean_loss__last(losses):
    """This is the last loss alone: the others count as much as it does."""
    for loss in losses:
        number = loss.item()
    return number


def running_mean_loss__mean_of_the_mean(losses):
    """Averaging the mean so far with the next loss makes each loss count as much as all before it together."""
    mean = None
    for loss in losses:
        mean = loss.item() if mean is None else (mean + loss.item()) / 2
    return mean


def towards_target__target_with_gradient(prediction_of, w, target_of):
    """The loss is right, but its gradient flows through the target too: the target is to count as a constant."""
    return ((prediction_of(w) - target_of(w)) ** 2).mean()


def towards_target__prediction_cut_off(prediction_of, w, target_of):
    """The wrong one of the two is constant: the gradient moves the target to the prediction, not the other way."""
    return ((prediction_of(w).detach() - target_of(w)) ** 2).mean()


def towards_target__both_cut_off(prediction_of, w, target_of):
    """There is no graph left: the prediction has to be recorded, only the target is a constant."""
    with torch.no_grad():
        return ((prediction_of(w) - target_of(w)) ** 2).mean()


def towards_target__w_alone_detached(prediction_of, w, target_of):
    """No gradient flows to w through the target, but other tracked tensors in it get one: cut where the target ends."""
    return ((prediction_of(w) - target_of(w.detach())) ** 2).mean()


def towards_target__unrecorded_target(prediction_of, w, target_of):
    """With recording off, what is made is untracked, but a target that is w itself is not made there: it is tracked."""
    with torch.no_grad():
        target = target_of(w)
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__as_a_number(prediction_of, w, target_of):
    """Only a tensor of one number turns into a Python number: the target has N of them."""
    return ((prediction_of(w) - target_of(w).item()) ** 2).mean()


def towards_target__sum(prediction_of, w, target_of):
    """This is the sum of the squares: the mean is asked for."""
    return ((prediction_of(w) - target_of(w).detach()) ** 2).sum()


def towards_target__gone_backward(prediction_of, w, target_of):
    """The gradients are in .grad already: going backward, and when, is left to whoever gets the loss."""
    loss = ((prediction_of(w) - target_of(w).detach()) ** 2).mean()
    loss.backward(retain_graph=True)
    return loss


def towards_target__graph_used_up(prediction_of, w, target_of):
    """The graph of the loss is used up: going backward, and when, is left to whoever gets the loss."""
    loss = ((prediction_of(w) - target_of(w).detach()) ** 2).mean()
    loss.backward()
    return loss


def towards_target__detached_in_place(prediction_of, w, target_of):
    """A target that is w itself was taken from the graph in place: then w is untracked, and the prediction as well."""
    target = target_of(w).detach_()
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__flag_of_the_target(prediction_of, w, target_of):
    """Only a leaf can be told to be untracked: a result of operations has to be taken from its graph in another way."""
    target = target_of(w)
    target.requires_grad = False
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__w_cut_off(prediction_of, w, target_of):
    """Now w itself is no longer tracked: no gradient will come to it from anywhere."""
    predictions = prediction_of(w)
    return ((predictions - target_of(w.requires_grad_(False)).detach()) ** 2).mean()


def freeze__misspelled(parameters):
    """The parameters are tracked as before: no_grad() changes no tensor that is there already, nor does an attribute
    with one letter wrong, which a tensor takes without a word."""
    for p in parameters:
        p.require_grad = False
        p.grad = None


def freeze__another_tensor_of_that_name(parameters):
    """The caller's tensors are as they were: p = … gives the name to another tensor, and changes none."""
    for p in parameters:
        p = p.detach()
        p.grad = None


def freeze__gradient_kept(parameters):
    """The parameters are untracked, but the old gradients are still there, and the next update would use them."""
    for p in parameters:
        p.requires_grad_(False)


def freeze__gradient_of_zeros(parameters):
    """The gradients are zeros, which take as much memory as before: here .grad is to be None."""
    for p in parameters:
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()


def freeze__zero_in_place(parameters):
    """A parameter that nothing has gone backward to has None for a gradient, and None has no methods."""
    for p in parameters:
        p.requires_grad_(False)
        p.grad.zero_()


def freeze__first_only(parameters):
    """The first parameter alone was frozen: the loop ends before it has come to the others."""
    for p in parameters:
        p.requires_grad_(False)
        p.grad = None
        return


def freeze__two_passes(parameters):
    """A list works, but a generator was used up by a first pass, and the second found nothing: go through it once."""
    for p in parameters:
        p.requires_grad_(False)
    for p in parameters:
        p.grad = None


def freeze__switched_on(parameters):
    """This tracks them all, those too that were not tracked before: the method without an argument means True."""
    for p in parameters:
        p.requires_grad_()
        p.grad = None


def freeze__recording_off(parameters):
    """Recording is off for everyone, and the parameters are tracked as before: they would learn again once it is on."""
    torch.set_grad_enabled(False)
    for p in parameters:
        p.grad = None


def evaluate__inference(f, x):
    """What comes out of inference mode can't be used in a recorded computation later: there is another way."""
    with torch.inference_mode():
        return f(x)


def evaluate__recorded(f, x):
    """The values are right, but f was recorded: its result has a graph that leads back to whatever was tracked."""
    return f(x)


def evaluate__x_detached(f, x):
    """An untracked x is not enough: f can use tracked tensors of its own, and is recorded for them."""
    return f(x.detach())


def evaluate__cut_afterwards(f, x):
    """The result has no graph, but recording was on while f ran: the whole graph was built, only to be cut off."""
    return f(x).detach()


def evaluate__recording_left_off(f, x):
    """Recording is off for everyone afterwards: what your code switches off, it must put back."""
    torch.set_grad_enabled(False)
    return f(x)


def evaluate__recording_switched_on(f, x):
    """Recording is on afterwards even where it was off before: put back what there was."""
    torch.set_grad_enabled(False)
    try:
        return f(x)
    finally:
        torch.set_grad_enabled(True)


def evaluate__not_put_back_on_error(f, x):
    """An error in f jumps over the line that puts recording back: it must be put back even then."""
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    result = f(x)
    torch.set_grad_enabled(before)
    return result


def evaluate__switched_off_and_on(f, x):
    """Recording is on afterwards where it was off, and is off after an error: put back what was, whatever happens."""
    torch.set_grad_enabled(False)
    result = f(x)
    torch.set_grad_enabled(True)
    return result


def evaluate__tracked_anew(f, x):
    """The result has no graph behind it, but it is a tracked leaf: later graphs would send gradients to it."""
    with torch.no_grad():
        return f(x).requires_grad_()
