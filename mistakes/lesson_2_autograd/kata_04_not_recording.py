"""Wrong answers to katas/lesson_2_autograd/kata_04_not_recording.py, each with the sentences that correct it."""

import copy

import numpy as np
import torch


def step_downhill__another_tensor_of_that_name(parameters, learning_rate):
    """The given tensors have not changed: you made new tensors. Write into the given ones, for example with `-=`."""
    for p in parameters:
        if p.grad is not None:
            p = p - learning_rate * p.grad


def step_downhill__recorded(parameters, learning_rate):
    """You changed a leaf tensor in place while autograd was recording. Change it while recording is off, under
    torch.no_grad()."""
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad


def step_downhill__uphill(parameters, learning_rate):
    """You added learning_rate * .grad. The gradient points to where the loss grows, so subtract it."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p += learning_rate * p.grad


def step_downhill__no_longer_tracked(parameters, learning_rate):
    """The numbers are right, but a parameter no longer requires grad. Switch recording off for the update, and leave
    requires_grad."""
    for p in parameters:
        if p.grad is not None:
            p.requires_grad_(False)
            p -= learning_rate * p.grad


def step_downhill__new_memory(parameters, learning_rate):
    """The parameter has new memory, and a view of its old memory still shows the old values. Write into
    the old memory."""
    for p in parameters:
        if p.grad is not None:
            p.data = p.data - learning_rate * p.grad


def step_downhill__gradient_cleared(parameters, learning_rate):
    """The parameters are right, but you cleared their gradients. Leave every .grad unchanged."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= learning_rate * p.grad
                p.grad = None


def step_downhill__gradient_set_to_zero(parameters, learning_rate):
    """The parameters are right, but each .grad holds zeros now. Leave every .grad unchanged."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= learning_rate * p.grad
                p.grad.zero_()


def step_downhill__gradient_scaled(parameters, learning_rate):
    """The parameters are right, but .grad holds the gradient times learning_rate now. Compute the product as a new
    tensor."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p.grad *= learning_rate
                p -= p.grad


def step_downhill__none_not_expected(parameters, learning_rate):
    """You used a .grad as a tensor while it was None. Skip a parameter whose .grad is None."""
    with torch.no_grad():
        for p in parameters:
            p -= learning_rate * p.grad


def step_downhill__ends_at_none(parameters, learning_rate):
    """You stopped at a parameter whose .grad is None, so the later ones have not changed. Skip only that parameter."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is None:
                return
            p -= learning_rate * p.grad


def step_downhill__recording_left_off(parameters, learning_rate):
    """Your code left recording off. A `with` block under torch.no_grad() restores the grad mode by itself."""
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad


def step_downhill__recording_switched_on(parameters, learning_rate):
    """Your code left recording on, although it was off before the call. Restore the mode that you found."""
    torch.set_grad_enabled(False)
    for p in parameters:
        if p.grad is not None:
            p -= learning_rate * p.grad
    torch.set_grad_enabled(True)


def step_downhill__returned(parameters, learning_rate):
    """The parameters are right, but you also returned something. Return None, as Python's in-place methods do."""
    with torch.no_grad():
        for p in parameters:
            if p.grad is not None:
                p -= learning_rate * p.grad
    return parameters


def predict_untracked__recorded(features, weights):
    """The numbers are right, but your result requires grad if the weights do. Switch recording off for the product."""
    return features @ weights


def predict_untracked__weights_alone_detached(features, weights):
    """The result has a graph if the features require grad. Switch recording off, or detach both inputs."""
    return features @ weights.detach()


def predict_untracked__cut_afterwards(features, weights):
    """Your result has no graph, but autograd recorded the product first and kept its inputs. Compute the product with
    recording off."""
    return (features @ weights).detach()


def predict_untracked__untracks_the_inputs(features, weights):
    """The result is right, but an input no longer requires grad. Switch recording off, and leave requires_grad."""
    return features.detach() @ weights.requires_grad_(False)


def predict_untracked__recording_left_off(features, weights):
    """Your code left recording off, although it was on before the call. A `with` block under torch.no_grad() restores
    the grad mode by itself."""
    torch.set_grad_enabled(False)
    return features @ weights


def predict_untracked__recording_switched_on(features, weights):
    """Your code left recording on, although it was off before the call. Restore the mode that you found."""
    torch.set_grad_enabled(False)
    try:
        return features @ weights
    finally:
        torch.set_grad_enabled(True)


def predict_untracked__not_put_back_on_error(features, weights):
    """After an error, your code left recording off. Use a `with` block, which restores the grad mode after an error
    too."""
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    predictions = features @ weights
    torch.set_grad_enabled(before)
    return predictions


def predict_untracked__switched_off_and_on(features, weights):
    """Your code left recording on although it was off before, and off after an error. A `with` block restores the mode
    in both cases."""
    torch.set_grad_enabled(False)
    predictions = features @ weights
    torch.set_grad_enabled(True)
    return predictions


def predict_untracked__products_not_summed(features, weights):
    """You returned the products of single entries. Sum them in each row, or use the operator @."""
    with torch.no_grad():
        return features * weights


def predict_untracked__summed_over_the_samples(features, weights):
    """Your result has one entry for each feature. Sum over the features, so that it has one entry for each sample."""
    with torch.no_grad():
        return (features * weights).sum(dim=0)


def frozen_copy__shared(x):
    """The graph is cut, but your result shares memory with x, so an update of x changes it. Copy the values too."""
    return x.detach()


def frozen_copy__recorded(x):
    """Your result still has a graph. Copy the values, and cut the graph."""
    return x.clone()


def frozen_copy__deep(x):
    """You used copy.deepcopy, which raises an error for a tensor with a graph and copies requires_grad. Copy only the
    values."""
    return copy.deepcopy(x)


def frozen_copy__flag_of_the_copy(x):
    """You set requires_grad of a tensor that has a graph. PyTorch allows this only for leaf tensors, so cut the graph
    first."""
    return x.clone().requires_grad_(False)


def frozen_copy__x_cut_off(x):
    """detach_() works on x itself: it cuts x from its graph, and it fails for a view. Use detach(), which leaves x
    unchanged."""
    return x.detach_().clone()


def frozen_copy__only_if_tracked(x):
    """If x does not require grad, your result shares memory with x. Copy it in this case too."""
    return x.detach().clone() if x.requires_grad else x


def frozen_copy__only_if_not_in_order(x):
    """Your result is a copy only if x is non-contiguous. Otherwise it shares memory with x, so copy it in
    every case."""
    return x.detach().contiguous()


def frozen_copy__tracked_anew(x):
    """Your result has no graph, but it requires grad. Return a detached copy, and leave its requires_grad at False."""
    return x.detach().clone().requires_grad_()


def running_mean_loss__tensor(losses):
    """Your result is a tensor that keeps a graph. Turn each loss into a float before you add it: loss.item() gives you
    one."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss
        count += 1
    return total / count


def running_mean_loss__detached_tensor(losses):
    """Your result has no graph, but it is a tensor. Return a Python float: item() gives you one."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss.detach()
        count += 1
    return total / count


def running_mean_loss__total_is_a_tensor(losses):
    """The number is right, but you kept the graphs of earlier losses in memory. Add floats, not losses: loss.item()
    gives you one."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss
        count += 1
    return (total / count).item()


def running_mean_loss__kept_in_a_list(losses):
    """The number is right, but you kept more than one loss in memory, each with its graph. Keep only numbers:
    loss.item() gives you one."""
    losses = list(losses)
    return sum(loss.item() for loss in losses) / len(losses)


def running_mean_loss__added_into_the_first(losses):
    """You changed the first loss, because your total shares memory with it. Add floats instead: loss.item() gives you
    one."""
    total, count = None, 0
    for loss in losses:
        if total is None:
            total = loss.detach()
        else:
            total += loss.detach()
        count += 1
    return total.item() / count


def running_mean_loss__numpy(losses):
    """You passed tensors that require grad to NumPy. Turn each loss into a float first, with loss.item()."""
    return float(np.mean(list(losses)))


def running_mean_loss__length_of_a_generator(losses):
    """You called len() on a generator, which has no length. Count the losses in your loop."""
    return sum(loss.item() for loss in losses) / len(losses)


def running_mean_loss__read_twice(losses):
    """You read the losses twice, but a generator is empty after the first time. Count the losses while you add them."""
    count = sum(1 for _ in losses)
    return sum(loss.item() for loss in losses) / count


def running_mean_loss__cut_in_place(losses):
    """The number is right, but you cut the losses from their graphs. Read the number with item(), which does not change
    the loss."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss.detach_().item()
        count += 1
    return total / count


def running_mean_loss__one_too_few(losses):
    """You divided by one less than the number of losses. Note that enumerate() counts from 0 by default."""
    total = 0.0
    for count, loss in enumerate(losses):
        total += loss.item()
    return total / count


def running_mean_loss__not_returned(losses):
    """Your function returned None. Return the mean."""
    total, count = 0.0, 0
    for loss in losses:
        total += loss.item()
        count += 1
    print(total / count)


def running_mean_loss__first(losses):
    """You returned the first loss alone. Return the mean of all losses."""
    for loss in losses:
        return loss.item()


def running_mean_loss__recording_off(losses):
    """Recording was off while the generator computed a loss, so the loss has no graph. Use item() without no_grad()."""
    total, count = 0.0, 0
    with torch.no_grad():
        for loss in losses:
            total += loss
            count += 1
    return (total / count).item()


def running_mean_loss__sum(losses):
    """You returned the sum of the losses. Divide by their number."""
    return sum(loss.item() for loss in losses)


def running_mean_loss__last(losses):
    """You returned the last loss alone. Return the mean of all losses."""
    for loss in losses:
        number = loss.item()
    return number


def running_mean_loss__mean_of_the_mean(losses):
    """In your mean, the last loss counts half, and earlier losses count less. Add all losses, then divide once."""
    mean = None
    for loss in losses:
        mean = loss.item() if mean is None else (mean + loss.item()) / 2
    return mean


def towards_target__target_with_gradient(prediction_of, w, target_of):
    """The loss is right, but its gradient flows through the target too. Detach the target."""
    return ((prediction_of(w) - target_of(w)) ** 2).mean()


def towards_target__prediction_cut_off(prediction_of, w, target_of):
    """The gradient flows through the target and not through the prediction. Detach the target instead."""
    return ((prediction_of(w).detach() - target_of(w)) ** 2).mean()


def towards_target__both_cut_off(prediction_of, w, target_of):
    """Your loss has no graph, so no gradient can flow back. Record the prediction, and detach only the target."""
    with torch.no_grad():
        return ((prediction_of(w) - target_of(w)) ** 2).mean()


def towards_target__w_alone_detached(prediction_of, w, target_of):
    """No gradient flows to w through the target, but other tensors in the target get one. Detach the result of
    target_of."""
    return ((prediction_of(w) - target_of(w.detach())) ** 2).mean()


def towards_target__unrecorded_target(prediction_of, w, target_of):
    """If target_of returns w itself, your target still requires grad: no_grad() changes no existing tensor. Detach the
    target."""
    with torch.no_grad():
        target = target_of(w)
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__as_a_number(prediction_of, w, target_of):
    """You turned the target into a Python number, but it has N entries. Detach it and leave it a tensor."""
    return ((prediction_of(w) - target_of(w).item()) ** 2).mean()


def towards_target__sum(prediction_of, w, target_of):
    """You returned the sum of the squared errors. Return their mean."""
    return ((prediction_of(w) - target_of(w).detach()) ** 2).sum()


def towards_target__absolute_errors(prediction_of, w, target_of):
    """You returned the mean of the absolute errors. Square each error instead."""
    return (prediction_of(w) - target_of(w).detach()).abs().mean()


def towards_target__gone_backward(prediction_of, w, target_of):
    """The loss is right, but .grad already holds a gradient. Don't call backward(): the caller does."""
    loss = ((prediction_of(w) - target_of(w).detach()) ** 2).mean()
    loss.backward(retain_graph=True)
    return loss


def towards_target__graph_used_up(prediction_of, w, target_of):
    """The loss is right, but a backward pass has already freed its graph. Don't call backward(): the caller does."""
    loss = ((prediction_of(w) - target_of(w).detach()) ** 2).mean()
    loss.backward()
    return loss


def towards_target__detached_in_place(prediction_of, w, target_of):
    """If target_of returns w itself, w no longer requires grad. Use detach(), which makes a second tensor, not
    detach_()."""
    target = target_of(w).detach_()
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__flag_of_the_target(prediction_of, w, target_of):
    """You set requires_grad of a target that has a graph. PyTorch allows this only for leaf tensors, so detach the
    target."""
    target = target_of(w)
    target.requires_grad = False
    return ((prediction_of(w) - target) ** 2).mean()


def towards_target__w_cut_off(prediction_of, w, target_of):
    """The tensor w no longer requires grad after the call. Leave w unchanged, and detach the target."""
    predictions = prediction_of(w)
    return ((predictions - target_of(w.requires_grad_(False)).detach()) ** 2).mean()


def without_history__itself(x):
    """Your result still has the graph of x. no_grad() does not change existing tensors, so cut the graph with a method
    of x."""
    with torch.no_grad():
        return x


def without_history__view_without_recording(x):
    """Your result still requires grad. Even under no_grad(), a view of x requires grad if x does, so use x.detach()."""
    with torch.no_grad():
        return x.view_as(x)


def without_history__a_copy(x):
    """The graph is cut, but your result is a copy. Return a tensor that shares memory with x."""
    return x.detach().clone()


def without_history__a_recorded_copy(x):
    """Your result is a copy of x, and it has a graph that leads back to x. Cut the graph, and don't copy."""
    return x.clone()


def without_history__x_cut_off(x):
    """detach_() works on x itself: it cuts x from its graph, and it fails for a view. Make a second tensor with
    detach()."""
    return x.detach_()


def without_history__flag_of_x(x):
    """You set requires_grad of x itself, which PyTorch allows only for leaf tensors. Leave x unchanged, and make a
    second tensor."""
    return x.requires_grad_(False)


def without_history__flag_of_a_leaf(x):
    """If x is a leaf, you set requires_grad of x itself to False. Make a second tensor with x.detach()."""
    if x.is_leaf:
        return x.requires_grad_(False)
    return x.detach()


def without_history__put_in_order(x):
    """For a transposed x, your result is a copy. Keep the memory of x, contiguous or not."""
    return x.detach().contiguous()


def without_history__tracked_anew(x):
    """The graph is cut, but your result requires grad. Leave its requires_grad at False."""
    return x.detach().requires_grad_()


def freeze__misspelled(parameters):
    """A parameter still requires grad. Set the attribute requires_grad of each one to False, and check its spelling."""
    for p in parameters:
        p.require_grad = False
        p.grad = None


def freeze__another_tensor_of_that_name(parameters):
    """The given parameters have not changed. Assign to the attributes requires_grad and .grad of each given parameter
    itself."""
    for p in parameters:
        p = p.detach()
        p.grad = None


def freeze__gradient_kept(parameters):
    """The parameters no longer require grad, but a .grad still holds the old gradient. Set each .grad to None."""
    for p in parameters:
        p.requires_grad_(False)


def freeze__gradient_of_zeros(parameters):
    """Each .grad is a tensor of zeros now. Set it to None, which frees its memory."""
    for p in parameters:
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()


def freeze__zero_in_place(parameters):
    """You used a .grad as a tensor while it was None. Assign None to .grad, whatever it holds."""
    for p in parameters:
        p.requires_grad_(False)
        p.grad.zero_()


def freeze__first_only(parameters):
    """Only the first parameter has changed. Change every parameter before you return."""
    for p in parameters:
        p.requires_grad_(False)
        p.grad = None
        return


def freeze__switched_on(parameters):
    """Every parameter requires grad now. requires_grad_() without an argument means True, so pass False."""
    for p in parameters:
        p.requires_grad_()
        p.grad = None


def freeze__recording_off(parameters):
    """Your code left recording off, and the parameters still require grad. Set requires_grad of each one to False."""
    torch.set_grad_enabled(False)
    for p in parameters:
        p.grad = None


def freeze__returned(parameters):
    """The parameters are right, but you also returned something. Return None, as Python's in-place methods do."""
    for p in parameters:
        p.requires_grad_(False)
        p.grad = None
    return parameters


def evaluate__inference(f, x):
    """Your result is an inference tensor. Copy it with clone() after the `with` block, because a copy made inside is an
    inference tensor too."""
    with torch.inference_mode():
        return f(x)


def evaluate__recorded(f, x):
    """The values are right, but your result has a graph. Call f inside a block under torch.inference_mode()."""
    return f(x)


def evaluate__unrecorded(f, x):
    """Your result is right, but f ran outside inference mode. Call f inside a block under torch.inference_mode()."""
    with torch.no_grad():
        return f(x)


def evaluate__tracked_anew(f, x):
    """Your result is an ordinary tensor, but it requires grad. Leave its requires_grad at False."""
    with torch.inference_mode():
        result = f(x)
    return result.clone().requires_grad_()
