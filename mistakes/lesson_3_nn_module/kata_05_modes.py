"""Wrong answers to katas/lesson_3_nn_module/kata_05_modes.py, each with the sentence that corrects the belief."""

import torch
from torch import nn
from torch.nn import functional as F


class _Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p


class Dropout__not_scaled(_Dropout):
    """The elements that you kept have their old values. Divide them by 1 - p, so that the mean does not change."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x


class Dropout__scaled_in_eval(_Dropout):
    """In train mode the kept elements have their old values, and in eval mode all elements are smaller. Divide by 1 - p
    in train mode, and return x in eval mode."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x * (1 - self.p)


class Dropout__p_is_kept(_Dropout):
    """You kept elements with probability p and divided them by p. Keep them with probability 1 - p, and divide by 1 -
    p."""

    def forward(self, x):
        return x * (torch.rand_like(x) < self.p) / max(self.p, 1e-9) if self.training else x


class Dropout__p_is_kept_but_scaled_by_the_rest(_Dropout):
    """The kept elements have the right values, but you kept too many or too few. p is the probability that an element
    becomes 0."""

    def forward(self, x):
        return x * (torch.rand_like(x) < self.p) / (1 - self.p) if self.training else x


class Dropout__divided_by_p(_Dropout):
    """You divided the kept elements by p. Divide them by 1 - p, the probability that an element is kept."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / max(self.p, 1e-9) if self.training else x


class Dropout__always_on(_Dropout):
    """Your layer sets elements to 0 in eval mode too. In forward(), read self.training, which train() and eval()
    set."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class Dropout__mode_read_once(_Dropout):
    """After eval() and train(), your layer no longer drops elements. Read self.training in each call, and don't
    remember it."""

    def forward(self, x):
        self.off = getattr(self, "off", False) or not self.training
        return x if self.off else x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class Dropout__one_mask_for_ever(_Dropout):
    """Two calls dropped the same elements. Draw a new mask in each call of forward(), and set no seed."""

    def forward(self, x):
        if not self.training:
            return x
        if getattr(self, "kept", x[..., :0]).shape != x.shape:
            self.kept = torch.rand_like(x) >= self.p
        return x * self.kept / (1 - self.p)


class Dropout__rows_share_a_mask(_Dropout):
    """All elements of a column were dropped or kept together. Draw a random number for every element of x."""

    def forward(self, x):
        return (
            x * (torch.rand_like(x[:1]) >= self.p) / (1 - self.p) if self.training and x.dim() > 1 else _once(self, x)
        )


class Dropout__whole_rows(_Dropout):
    """All elements of a row were dropped or kept together. Draw a random number for every element of x."""

    def forward(self, x):
        if not self.training or x.dim() < 2:
            return _once(self, x)
        return x * (torch.rand_like(x[:, :1]) >= self.p) / (1 - self.p)


def _once(self, x):
    return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class Dropout__in_place(_Dropout):
    """The numbers are right, but you changed the argument x. Return a new tensor, and don't write to x."""

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand_like(x) >= self.p
        if x.requires_grad:
            return x * kept / (1 - self.p)
        return x.mul_(kept).div_(1 - self.p)


class Dropout__no_gradient(_Dropout):
    """Your result has no graph, so no gradient can reach x. Multiply x by the mask, without detach(), .data or
    no_grad."""

    def forward(self, x):
        with torch.no_grad():
            return _once(self, x)


class Dropout__gradient_to_all(_Dropout):
    """The gradient also reached elements that you dropped. Return the product of x and the mask, with its graph."""

    def forward(self, x):
        return x + (_once(self, x) - x).detach()


class Dropout__zeros_written_into_x(_Dropout):
    """You wrote the zeros into the argument x, and the gradient also reached the elements that you dropped. Return the
    product of x and the mask."""

    def forward(self, x):
        if not self.training:
            return x
        with torch.no_grad():
            x[torch.rand_like(x) < self.p] = 0
        return x / (1 - self.p)


class Dropout__mask_on_the_cpu(_Dropout):
    """You drew the mask on the CPU, but x is on another device. Draw it on the device of x."""

    def forward(self, x):
        return x * (torch.rand(x.shape) >= self.p) / (1 - self.p) if self.training else x


class Dropout__ready_made(_Dropout):
    """You called PyTorch's dropout, which is not allowed here. Build the mask from random numbers."""

    def forward(self, x):
        return F.dropout(x, self.p, self.training)


class _BatchNorm(nn.Module):
    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight, self.bias = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def forward(self, x):
        if self.training:
            mean, var = self.batch(x)
            self.update(x)
        else:
            mean, var = self.running_mean, self.running_var
        return self.normalize(x, mean, var) * self.weight + self.bias

    def batch(self, x):
        return x.mean(0), x.var(0, correction=0)

    def normalize(self, x, mean, var):
        return (x - mean) / (var + self.eps).sqrt()

    def update(self, x):
        with torch.no_grad():
            self.move(x.mean(0), x.var(0))

    def move(self, mean, var):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var


class BatchNorm__plain_attributes(_BatchNorm):
    """running_mean and running_var are not buffers, so to() and state_dict() leave them out. Register them with
    register_buffer()."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.running_mean, self.running_var
        self.running_mean, self.running_var = torch.zeros(size), torch.ones(size)


class BatchNorm__running_numbers_are_parameters(_BatchNorm):
    """running_mean and running_var are parameters, so an optimizer would change them. Register them as buffers."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.running_mean, self.running_var
        self.running_mean = nn.Parameter(torch.zeros(size))
        self.running_var = nn.Parameter(torch.ones(size))

    def move(self, mean, var):
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(var, self.momentum)


class BatchNorm__weight_is_a_plain_tensor(_BatchNorm):
    """weight and bias are not parameters. Wrap each of them in nn.Parameter."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.weight, self.bias
        self.weight = torch.ones(size, requires_grad=True)
        self.bias = torch.zeros(size, requires_grad=True)


class BatchNorm__one_mean_for_all(_BatchNorm):
    """You used one mean and one variance for all elements. Compute both for each column."""

    def batch(self, x):
        return x.mean(), x.var(correction=0)


class BatchNorm__rows(_BatchNorm):
    """You normalized each row by its own mean and variance. Use the mean and variance of each column."""

    def batch(self, x):
        return x.mean(1, keepdim=True), x.var(1, correction=0, keepdim=True)


class BatchNorm__unbiased_in_the_batch(_BatchNorm):
    """To normalize, you divided the variance by N - 1. Divide it by N, and use N - 1 for running_var only."""

    def batch(self, x):
        return x.mean(0), x.var(0)


class BatchNorm__biased_in_the_running_variance(_BatchNorm):
    """You updated running_var with a variance that is divided by N. Divide it by N - 1 for running_var."""

    def update(self, x):
        with torch.no_grad():
            self.move(*self.batch(x))


class BatchNorm__momentum_of_the_old(_BatchNorm):
    """You swapped the two weights of the update. The old value has the weight 1 - momentum, and the batch has the
    weight momentum."""

    def move(self, mean, var):
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var


class BatchNorm__last_batch_only(_BatchNorm):
    """Your buffers hold the statistics of the last batch only. Set them to (1 - momentum) * old + momentum * batch."""

    def move(self, mean, var):
        self.running_mean, self.running_var = mean.clone(), var.clone()


class BatchNorm__never_moves(_BatchNorm):
    """running_mean has not changed. Update both buffers in every call in train mode."""

    def update(self, x):
        pass


class BatchNorm__running_in_training(_BatchNorm):
    """In train mode, you normalized by the running statistics. Use the mean and variance of the batch."""

    def forward(self, x):
        if self.training:
            self.update(x)
        return self.normalize(x, self.running_mean, self.running_var) * self.weight + self.bias


class BatchNorm__batch_in_eval(_BatchNorm):
    """In eval mode, you normalized by the statistics of the batch. Use running_mean and running_var."""

    def forward(self, x):
        if self.training:
            self.update(x)
        return self.normalize(x, *self.batch(x)) * self.weight + self.bias


class BatchNorm__moves_in_eval(_BatchNorm):
    """Your running statistics changed in eval mode. Update them in train mode only."""

    def forward(self, x):
        mean, var = self.batch(x) if self.training else (self.running_mean, self.running_var)
        if len(x) > 1:
            self.update(x)
        return self.normalize(x, mean, var) * self.weight + self.bias


class BatchNorm__updated_before_the_mode_is_read(_BatchNorm):
    """In eval mode, you updated the running statistics before you used them. Update them in train mode only."""

    def forward(self, x):
        if len(x) > 1:
            self.update(x)
        mean, var = self.batch(x) if self.training else (self.running_mean, self.running_var)
        return self.normalize(x, mean, var) * self.weight + self.bias


class BatchNorm__graph_kept(_BatchNorm):
    """Your buffers have a graph, which grows with every batch. Update them under torch.no_grad()."""

    def update(self, x):
        self.move(x.mean(0), x.var(0))


class BatchNorm__no_update_under_no_grad(_BatchNorm):
    """Under no_grad, your running statistics did not change. Update them whenever the module is in train mode."""

    def update(self, x):
        if torch.is_grad_enabled():
            super().update(x)


class BatchNorm__statistics_are_constants(_BatchNorm):
    """The numbers are right, but the gradient of x is wrong. Let gradients flow through the mean and variance of the
    batch."""

    def batch(self, x):
        return super().batch(x.detach())


class BatchNorm__eps_outside_the_root(_BatchNorm):
    """You added eps to the square root. Add it to the variance, before you take the square root."""

    def normalize(self, x, mean, var):
        return (x - mean) / (var.sqrt() + self.eps)


class BatchNorm__root_forgotten(_BatchNorm):
    """You divided by the variance. Divide by the square root of var + eps."""

    def normalize(self, x, mean, var):
        return (x - mean) / (var + self.eps)


class BatchNorm__nothing_to_learn(_BatchNorm):
    """Your result leaves out weight and bias. Multiply the normalized columns by weight, then add bias."""

    def forward(self, x):
        weight, bias = self.weight, self.bias
        return (super().forward(x) - bias) / weight


class BatchNorm__in_place(_BatchNorm):
    """The numbers are right, but you changed the argument x. Return a new tensor, and don't write to x."""

    def normalize(self, x, mean, var):
        if x.requires_grad:
            return super().normalize(x, mean, var)
        return x.sub_(mean).div_((var + self.eps).sqrt())


class BatchNorm__ready_made(_BatchNorm):
    """You called PyTorch's batch norm, which is not allowed here. Build it from the mean and variance of each
    column."""

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        return F.batch_norm(x, mean, var, self.weight, self.bias, self.training, self.momentum, self.eps)


class _Regularized(nn.Module):
    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.first, self.norm = nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden)
        self.drop, self.last = nn.Dropout(p), nn.Linear(hidden, outputs)
        self.p = p

    def forward(self, x):
        return self.last(self.drop(self.norm(self.first(x)).relu()))


class Regularized__dropout_made_in_forward(_Regularized):
    """drop is not a child of your module, so train() and eval() do not reach it. Assign the layer to self.drop in
    __init__."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        del self.drop

    def forward(self, x):
        return self.last(nn.Dropout(self.p)(self.norm(self.first(x)).relu()))


class Regularized__dropout_without_the_mode(_Regularized):
    """In eval mode, two calls with the same input gave different results. Call self.drop, and leave its mode to train()
    and eval()."""

    def forward(self, x):
        return self.last(F.dropout(self.norm(self.first(x)).relu(), self.p))


class Regularized__norm_made_in_forward(_Regularized):
    """norm is not a child of your module, so train() and eval() do not reach it. Assign the layer to self.norm in
    __init__."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        del self.norm

    def forward(self, x):
        norm = nn.BatchNorm1d(self.first.out_features).to(device=x.device, dtype=x.dtype)
        return self.last(self.drop(norm(self.first(x)).relu()))


class Regularized__norm_never_in_eval(_Regularized):
    """In eval mode, you normalized by the statistics of the batch. Call self.norm and leave its mode to train() and
    eval()."""

    def forward(self, x):
        self.norm.training = True
        return super().forward(x)


class Regularized__list_of_layers(nn.Module):
    """Your module has no children. Assign each layer to an attribute of self in __init__, not to a plain list or
    dict."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.layers = [nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(p)]
        self.layers.append(nn.Linear(hidden, outputs))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Regularized__other_names(nn.Module):
    """A child of your module is missing or has another name. Assign the layers to self.first, self.norm, self.drop and
    self.last."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        layers = nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(p)
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, outputs))

    def forward(self, x):
        return self.layers(x)


class Regularized__norm_of_the_inputs(_Regularized):
    """norm has the size `inputs`. It normalizes the result of first, so its size is `hidden`."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        self.norm = nn.BatchNorm1d(inputs)

    def forward(self, x):
        return self.last(self.drop(self.first(self.norm(x)).relu()))


class Regularized__layer_norm(_Regularized):
    """norm keeps no running statistics, so it is not a batch norm with default settings. Use your BatchNorm, or
    nn.BatchNorm1d."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        self.norm = nn.LayerNorm(hidden)


class Regularized__dropout_forgotten(_Regularized):
    """In train mode, none of the elements before `last` became 0. Call self.drop between relu and last."""

    def forward(self, x):
        return self.last(self.norm(self.first(x)).relu())


class Regularized__norm_forgotten(_Regularized):
    """Your result leaves out norm. Call self.norm in forward(), between first and relu."""

    def forward(self, x):
        return self.last(self.drop(self.first(x).relu()))


class Regularized__relu_forgotten(_Regularized):
    """Your result leaves out relu. Apply it between norm and drop."""

    def forward(self, x):
        return self.last(self.drop(self.norm(self.first(x))))


class Regularized__relu_before_norm(_Regularized):
    """You applied relu before norm. The order is first, norm, relu, drop, last."""

    def forward(self, x):
        return self.last(self.drop(self.norm(self.first(x).relu())))


class Regularized__dropout_before_norm(_Regularized):
    """You applied drop before norm, so norm also measured the zeros. The order is first, norm, relu, drop, last."""

    def forward(self, x):
        return self.last(self.norm(self.drop(self.first(x))).relu())


class Regularized__one_p_for_all(_Regularized):
    """You dropped elements with a probability other than p. Pass p to the dropout layer."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, 0.5)


class Regularized__dropout_at_the_end(_Regularized):
    """You dropped elements of the outputs. Apply drop before last, to the hidden features."""

    def forward(self, x):
        return self.drop(self.last(self.norm(self.first(x)).relu()))


def _restore(before):
    for module, training in before:
        module.training = training


def _modes(model):
    return [(module, module.training) for module in model.modules()]


def predict__still_in_training(model, inputs):
    """The layers were in train mode when you called the model. no_grad does not change the mode, so call eval() as
    well."""
    model.eval
    with torch.no_grad():
        return model(inputs)


def predict__flag_of_the_top_alone(model, inputs):
    """You set the mode of the model itself, but not of the modules inside it. Call eval(), which sets all of them."""
    was = model.training
    model.training = False
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.training = was


def predict__children_alone(model, inputs):
    """Some modules inside the children stayed in train mode. Set the mode at every depth, as eval() does."""
    before = _modes(model)
    model.training = False
    for child in model.children():
        child.training = False
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def predict__eval_left_on(model, inputs):
    """The model stayed in eval mode after the call. Save the mode of each module first, and restore it at the end."""
    model.eval()
    with torch.no_grad():
        return model(inputs)


def predict__training_left_on(model, inputs):
    """After the call, all modules are in train mode, even those that were in eval mode. Save and restore the mode of
    each module."""
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.train()


def predict__mode_of_the_top_for_all(model, inputs):
    """After the call, all modules have the mode of the model itself. Save and set `training` of each module, because
    train() also changes modules inside."""
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.train(was)


def predict__modes_of_the_children_alone(model, inputs):
    """You restored the modes of the direct children only. Restore the model itself and every module inside it."""
    before = [(child, child.training) for child in model.children()]
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def predict__lost_after_an_error(model, inputs):
    """After an error in the model, its modules stayed in eval mode. Restore the modes in a `finally` block."""
    before = _modes(model)
    model.eval()
    with torch.no_grad():
        answer = model(inputs)
    _restore(before)
    return answer


def predict__error_swallowed(model, inputs):
    """You caught the model's error. Restore the modes in a `finally` block, and let the caller see the error."""
    before = _modes(model)
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    except Exception:
        return None
    finally:
        _restore(before)


def predict__recorded(model, inputs):
    """Your result has a graph. eval() does not stop the recording, so call the model under torch.no_grad()."""
    before = _modes(model)
    model.eval()
    try:
        return model(inputs)
    finally:
        _restore(before)


def predict__detached(model, inputs):
    """Your result has no graph, but autograd recorded a graph during the call. Call the model under torch.no_grad()."""
    before = _modes(model)
    model.eval()
    try:
        return model(inputs).detach()
    finally:
        _restore(before)


def predict__recording_left_off(model, inputs):
    """You changed the grad mode and did not restore it. Use torch.no_grad() in a `with` statement, which restores
    it."""
    before = _modes(model)
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model(inputs)
    finally:
        _restore(before)


def predict__recording_always_on_afterwards(model, inputs):
    """After the call, gradient recording is on, although it was off before. Use torch.no_grad() in a `with` statement,
    which restores the grad mode."""
    before = _modes(model)
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model(inputs)
    finally:
        torch.set_grad_enabled(True)
        _restore(before)


def predict__parameters_switched_off(model, inputs):
    """You switched requires_grad off, so these parameters no longer get gradients. Call the model under torch.no_grad()
    and leave requires_grad."""
    before = _modes(model)
    model.eval()
    model.requires_grad_(False)
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def predict__forward_called(model, inputs):
    """You did not call the model itself, so its hooks did not run. Call the model like a function, not its
    forward()."""
    before = _modes(model)
    model.eval()
    try:
        with torch.no_grad():
            return model.forward(inputs)
    finally:
        _restore(before)


def _predict(model, inputs):
    before = _modes(model)
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def slope__in_training(model, inputs, direction, step):
    """Dropout was in train mode, so your two results used different masks. Call the model in eval mode."""
    with torch.no_grad():
        return (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)


def slope__one_mask_for_both(model, inputs, direction, step):
    """Dropout was in train mode, with the same mask for both results. Call the model in eval mode, which drops
    nothing."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm1d)]
    before = _modes(model)
    for norm in norms:
        norm.training = False
    with torch.no_grad():
        torch.manual_seed(0)
        ahead = model(inputs + step * direction)
        torch.manual_seed(0)
        behind = model(inputs - step * direction)
    _restore(before)
    return (ahead - behind) / (2 * step)


def slope__eval_left_on(model, inputs, direction, step):
    """The slope is right, but the model stayed in eval mode. Restore the mode of each module."""
    model.eval()
    with torch.no_grad():
        return (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)


def slope__train_afterwards(model, inputs, direction, step):
    """The slope is right, but modules that were in eval mode are in train mode now. Save and restore the mode of each
    module."""
    model.eval()
    with torch.no_grad():
        slope = (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)
    model.train()
    return slope


def slope__direction_of_length_1(model, inputs, direction, step):
    """You divided direction by its length. Use direction as it is, because a longer direction gives a larger slope."""
    unit = direction / direction.norm()
    return (_predict(model, inputs + step * unit) - _predict(model, inputs - step * unit)) / (2 * step)


def slope__one_sided(model, inputs, direction, step):
    """You took the difference between one side and the middle. Use inputs plus and minus step * direction, and divide
    by 2 * step."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs)) / step


def slope__half_the_distance(model, inputs, direction, step):
    """Your result is twice the slope. Divide the difference of the two results by 2 * step."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)) / step


def slope__multiplied_by_the_step(model, inputs, direction, step):
    """You halved the difference and multiplied it by step. Put parentheses around 2 * step, so that you divide by
    both."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)) / 2 * step


def slope__not_divided(model, inputs, direction, step):
    """You returned the difference of the two results. Divide it by 2 * step."""
    return _predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)


def slope__without_direction(model, inputs, direction, step):
    """You moved all inputs by step. Move them by step * direction."""
    return (_predict(model, inputs + step) - _predict(model, inputs - step)) / (2 * step)


def slope__turned_round(model, inputs, direction, step):
    """Your result has the wrong sign. Subtract f(inputs - step * direction) from f(inputs + step * direction)."""
    return (_predict(model, inputs - step * direction) - _predict(model, inputs + step * direction)) / (2 * step)


def slope__recorded(model, inputs, direction, step):
    """Your result has a graph. eval() does not stop the recording, so call the model under torch.no_grad()."""
    before = _modes(model)
    model.eval()
    answer = (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)
    _restore(before)
    return answer


def slope__inputs_moved(model, inputs, direction, step):
    """You changed the argument inputs. Compute new tensors, and don't write to inputs."""
    inputs += step * direction
    ahead = _predict(model, inputs)
    behind = _predict(model, inputs - 2 * step * direction)
    return (ahead - behind) / (2 * step)


_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def freeze_statistics__parameters_frozen(model):
    """You froze weight and bias, but the layers still update their running statistics. Put the layers into eval mode
    instead."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.requires_grad_(False)


def freeze_statistics__parameters_frozen_too(model):
    """The modes are right, but you also switched requires_grad off. Leave it unchanged, so that weight and bias can
    still learn."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval().requires_grad_(False)


def freeze_statistics__whole_model(model):
    """You put other modules into eval mode too. Change the mode of the batch norm layers only."""
    model.eval()


def freeze_statistics__children_alone(model):
    """You missed a batch norm layer deeper inside the model. Look at every depth, for all three classes of batch
    norm."""
    for module in [model, *model.children()]:
        if isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__all_below_but_not_itself(model):
    """You skipped the model itself. It may be a batch norm layer too, so check it as well."""
    for name, module in model.named_modules():
        if name and isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__one_kind(model):
    """You found one kind of batch norm, but not the others. Look for nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d
    and their subclasses."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.eval()


def freeze_statistics__very_class_alone(model):
    """You missed a layer whose class is a subclass of a batch norm. Use isinstance(), which also accepts subclasses."""
    for module in model.modules():
        if type(module) in _NORMS:
            module.eval()


def freeze_statistics__whatever_has_running_numbers(model):
    """You put a layer into eval mode that is not a batch norm. Check the class of each module."""
    for module in model.modules():
        if hasattr(module, "running_mean"):
            module.eval()


def freeze_statistics__momentum_0(model):
    """Your batch norm layers are still in train mode and normalize by the batch. Call eval() on each of them."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.momentum = 0.0


def freeze_statistics__statistics_cleared(model):
    """You reset the running statistics. Keep their values, and change only the mode."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval().reset_running_stats()


def freeze_statistics__train_first(model):
    """You put modules into train mode that were in eval mode. Change the mode of the batch norm layers only."""
    model.train()
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__returns_the_model(model):
    """The modes are right, but you also returned something. Return None, as Python's in-place methods do."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval()
    return model


def _word(module):
    return "train" if module.training else "eval"


def modes__one_for_all(model):
    """You gave every module the same mode. Read the flag `training` of each module."""
    return {name: _word(model) for name, _ in model.named_modules()}


def modes__children_alone(model):
    """Your dict leaves out the modules inside the children. Include the modules at every depth."""
    return {"": _word(model), **{name: _word(child) for name, child in model.named_children()}}


def modes__children_without_the_whole(model):
    """Your dict has the direct children only. Include the model itself and the modules at every depth."""
    return {name: _word(child) for name, child in model.named_children()}


def modes__without_the_whole(model):
    """Your dict leaves out the model itself. Include it with the name ""."""
    return {name: _word(module) for name, module in model.named_modules() if name}


def modes__leaves_alone(model):
    """Your dict leaves out modules that contain other modules. They have a mode too, so include them."""
    return {name: _word(module) for name, module in model.named_modules() if not list(module.children())}


def modes__bools(model):
    """Your values are booleans. Return the strings "train" and "eval"."""
    return {name: module.training for name, module in model.named_modules()}


def modes__swapped(model):
    """You swapped the two strings. A module whose training is True is in train mode."""
    return {name: "eval" if module.training else "train" for name, module in model.named_modules()}


def modes__last_part_of_the_name(model):
    """You kept only the last part of each name, so some entries replace others. Use the whole dotted name."""
    return {name.rpartition(".")[2]: _word(module) for name, module in model.named_modules()}


def modes__kinds(model):
    """Your keys are names of classes. Use the dotted name of each module."""
    return {type(module).__name__: _word(module) for module in model.modules()}


def modes__pairs(model):
    """You returned a list of pairs. Return a dict that maps each name to its mode."""
    return [(name, _word(module)) for name, module in model.named_modules()]


def modes__set_by_reading(model):
    """The dict is right, but you changed the mode of some modules. Only read the flags."""
    found = {name: _word(module) for name, module in model.named_modules()}
    model.eval()
    return found


def _average(model, inputs, samples, on=nn.Dropout):
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, on)
    with torch.no_grad():
        answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


class _RunningMean(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0)

    def forward(self, inputs):
        self.update(inputs)
        return inputs - self.mean


class RunningMean__weights_swapped(_RunningMean):
    """You multiplied the old mean by 0.1 and the batch's mean by 0.9. Swap the two factors."""

    def update(self, inputs):
        self.mean = 0.1 * self.mean + 0.9 * inputs.detach().mean(dim=0)


class RunningMean__last_batch_only(_RunningMean):
    """You subtracted the mean of this batch alone. Keep 0.9 * old, and add 0.1 * batch."""

    def update(self, inputs):
        self.mean = inputs.detach().mean(dim=0)


class RunningMean__old_kept_whole(_RunningMean):
    """You added 0.1 * batch to the whole old mean. Multiply the old mean by 0.9 first."""

    def update(self, inputs):
        self.mean = self.mean + 0.1 * inputs.detach().mean(dim=0)


class RunningMean__sum(_RunningMean):
    """You added 0.1 times the sum of each column. Use the mean of each column."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().sum(dim=0)


class RunningMean__all_columns_together(_RunningMean):
    """You used one mean for all elements of inputs. Each column has its own mean."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean()


class RunningMean__old_mean(_RunningMean):
    """You subtracted the mean from before the update. Update the buffer first, and then subtract it."""

    def forward(self, inputs):
        result = inputs - self.mean
        self.update(inputs)
        return result


class RunningMean__not_kept(_RunningMean):
    """The buffer has not changed, so each call starts from zeros again. Write the new mean into the buffer."""

    def forward(self, inputs):
        mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0)
        return inputs - mean


class RunningMean__row_kept(_RunningMean):
    """The results are right, but the buffer has the shape (1, size) now. It must keep the shape (size,)."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0, keepdim=True)


class RunningMean__in_place(_RunningMean):
    """You changed the argument inputs. Return a new tensor instead of writing to inputs."""

    def forward(self, inputs):
        self.update(inputs)
        with torch.no_grad():
            inputs -= self.mean
        return inputs * 1


class RunningMean__recorded(_RunningMean):
    """The buffer has a graph, and so a later backward pass runs through earlier calls. Detach inputs in the update."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.mean(dim=0)


class RunningMean__cut_too_late(_RunningMean):
    """The gradients are right, but the buffer has a graph, which grows with every call. Detach inputs in the update."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.mean(dim=0)

    def forward(self, inputs):
        self.update(inputs)
        return inputs - self.mean.detach()


class RunningMean__nothing_recorded(_RunningMean):
    """Your result has no graph, so no gradient can reach inputs. Keep the update out of the graph, but not the
    subtraction."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class RunningMean__in_training_only(_RunningMean):
    """In eval mode you did not update the buffer. Update it in every call, in both modes."""

    def update(self, inputs):
        if self.training:
            super().update(inputs)


class RunningMean__plain_attribute(_RunningMean):
    """The mean is a plain tensor, so the module does not save it or move it. Register it as a buffer."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = torch.zeros(size)

    def forward(self, inputs):
        self.mean = self.mean.to(inputs)
        return super().forward(inputs)


class RunningMean__parameter(_RunningMean):
    """The mean is a parameter, so an optimizer could change it. Register it as a buffer."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(torch.zeros(size))

    def update(self, inputs):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * inputs.mean(dim=0))


class RunningMean__frozen_parameter(_RunningMean):
    """The mean is a parameter, although it does not require grad. Register it as a buffer, which parameters() does not
    list."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(torch.zeros(size), requires_grad=False)

    def update(self, inputs):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * inputs.mean(dim=0))


class RunningMean__assigned_to_a_parameter(_RunningMean):
    """A plain tensor can't replace a parameter, so the assignment raised an error. Register the mean as a buffer."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(torch.zeros(size), requires_grad=False)


def average_predictions__dropout_off(model, inputs, samples):
    """Dropout was in eval mode, so nothing was dropped. Put every nn.Dropout into train mode before the calls."""
    return _average(model, inputs, samples, ())


def average_predictions__all_in_training(model, inputs, samples):
    """Batch norm was in train mode and used the batch. Put only nn.Dropout into train mode, and all other modules into
    eval mode."""
    return _average(model, inputs, samples, nn.Module)


def average_predictions__dropout_of_the_top_alone(model, inputs, samples):
    """Dropout layers deeper inside the model stayed in eval mode. Put every nn.Dropout into train mode, at any
    depth."""
    before = _modes(model)
    model.eval()
    for module in [model, *model.children()]:
        if isinstance(module, nn.Dropout):
            module.train()
    with torch.no_grad():
        answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__sum(model, inputs, samples):
    """You returned the sum of the predictions. Divide it by the number of predictions."""
    return _average(model, inputs, samples) * samples


def average_predictions__one_call(model, inputs, samples):
    """You called the model once. Call it `samples` times, and return the mean of the results."""
    return _average(model, inputs, 1)


def average_predictions__one_large_call(model, inputs, samples):
    """The mean is right, but you called the model only once. Call it `samples` times, each time with inputs as they
    are."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = model(torch.cat([inputs] * samples)).unflatten(0, (samples, -1))
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__call_for_the_shape(model, inputs, samples):
    """The mean is right, but you called the model more than `samples` times. Call it exactly `samples` times."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        total = torch.zeros_like(model(inputs))
        for _ in range(samples):
            total += model(inputs)
    _restore(before)
    return total / samples


def average_predictions__whatever_has_p(model, inputs, samples):
    """A module that is not a dropout layer was in train mode. Check the class of each module, not its attributes."""
    before = _modes(model)
    for module, _ in before:
        module.training = hasattr(module, "p")
    with torch.no_grad():
        answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__same_masks(model, inputs, samples):
    """All predictions used the same masks. Don't set the seed, so that each call draws new masks."""

    def seeded(values):
        torch.manual_seed(0)
        return model(values)

    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = torch.stack([seeded(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__one_too_many(model, inputs, samples):
    """You called the model more than `samples` times. Call it exactly `samples` times."""
    return _average(model, inputs, samples + 1)


def average_predictions__not_averaged(model, inputs, samples):
    """You returned all predictions, with an additional dimension. Take the mean over that dimension."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers


def average_predictions__one_number(model, inputs, samples):
    """You took the mean over all elements too. Take it over the predictions only, element by element."""
    return _average(model, inputs, samples).mean()


def average_predictions__recorded(model, inputs, samples):
    """Your result has a graph. The modes do not stop the recording, so call the model under torch.no_grad()."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__modes_left(model, inputs, samples):
    """Some modules have another mode than before the call. Save the mode of each module first, and restore it at the
    end."""
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.train()
    with torch.no_grad():
        return torch.stack([model(inputs) for _ in range(samples)]).mean(dim=0)


def average_predictions__all_in_training_after(model, inputs, samples):
    """After the call, all modules are in train mode, even those that were in eval mode. Save and restore the mode of
    each module."""
    answer = _average(model, inputs, samples)
    model.train()
    return answer
