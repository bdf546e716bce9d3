"""Wrong answers to katas/lesson_3_nn_module/kata_05_modes.py, each with the sentence that corrects the belief."""

import torch
from torch import nn
from torch.nn import functional as F


class _Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p


class Dropout__not_scaled(_Dropout):
    """The numbers that stay are too small: with some of them gone, the mean falls unless the others grow."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x


class Dropout__scaled_in_eval(_Dropout):
    """In eval the numbers were made smaller: here the kept ones grow in training, so that eval has nothing to do."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) if self.training else x * (1 - self.p)


class Dropout__p_is_kept(_Dropout):
    """A share of p was kept, and the rest was dropped: p is the probability to become 0."""

    def forward(self, x):
        return x * (torch.rand_like(x) < self.p) / max(self.p, 1e-9) if self.training else x


class Dropout__p_is_kept_but_scaled_by_the_rest(_Dropout):
    """The kept numbers have grown as they should, but a share of p was kept: p is the probability to become 0."""

    def forward(self, x):
        return x * (torch.rand_like(x) < self.p) / (1 - self.p) if self.training else x


class Dropout__divided_by_p(_Dropout):
    """The kept numbers were divided by p: as a share of 1 - p is kept, that is what to divide by."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / max(self.p, 1e-9) if self.training else x


class Dropout__always_on(_Dropout):
    """Numbers are dropped in eval too: every module has a flag that train() and eval() set, and forward must look."""

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class Dropout__mode_read_once(_Dropout):
    """After eval(), nothing was ever dropped again: the mode is to be asked in each call, and not remembered."""

    def forward(self, x):
        self.off = getattr(self, "off", False) or not self.training
        return x if self.off else x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class Dropout__one_mask_for_ever(_Dropout):
    """Every call dropped the same numbers: the mask must be drawn anew in forward, each time."""

    def forward(self, x):
        if not self.training:
            return x
        if getattr(self, "kept", x[..., :0]).shape != x.shape:
            self.kept = torch.rand_like(x) >= self.p
        return x * self.kept / (1 - self.p)


class Dropout__rows_share_a_mask(_Dropout):
    """Numbers of one column were dropped together: each number of x needs a draw of its own."""

    def forward(self, x):
        return (
            x * (torch.rand_like(x[:1]) >= self.p) / (1 - self.p) if self.training and x.dim() > 1 else _once(self, x)
        )


class Dropout__whole_rows(_Dropout):
    """Rows were dropped as a whole: each number of x needs a draw of its own."""

    def forward(self, x):
        if not self.training or x.dim() < 2:
            return _once(self, x)
        return x * (torch.rand_like(x[:, :1]) >= self.p) / (1 - self.p)


def _once(self, x):
    return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class Dropout__in_place(_Dropout):
    """The numbers are right, but x itself has changed: an in-place operation writes to the caller's tensor."""

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand_like(x) >= self.p
        if x.requires_grad:
            return x * kept / (1 - self.p)
        return x.mul_(kept).div_(1 - self.p)


class Dropout__no_gradient(_Dropout):
    """Nothing can flow back through this: only the draw is without a gradient, the product is to be recorded."""

    def forward(self, x):
        with torch.no_grad():
            return _once(self, x)


class Dropout__gradient_to_all(_Dropout):
    """The gradient reached the dropped numbers too: a number that was zeroed had no part in the answer."""

    def forward(self, x):
        return x + (_once(self, x) - x).detach()


class Dropout__mask_on_the_cpu(_Dropout):
    """The draw was made on the CPU, wherever x lives: what is made in forward must be made on the device of x."""

    def forward(self, x):
        return x * (torch.rand(x.shape) >= self.p) / (1 - self.p) if self.training else x


class Dropout__ready_made(_Dropout):
    """The numbers are right, but PyTorch's own dropout was to be left aside here: you are to see what it does."""

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
    """The running numbers are no buffers: a plain tensor is not moved by .to(), nor saved, until it is registered."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.running_mean, self.running_var
        self.running_mean, self.running_var = torch.zeros(size), torch.ones(size)


class BatchNorm__running_numbers_are_parameters(_BatchNorm):
    """running_mean and running_var are parameters here: what is measured, not learned, belongs in a buffer."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.running_mean, self.running_var
        self.running_mean = nn.Parameter(torch.zeros(size))
        self.running_var = nn.Parameter(torch.ones(size))

    def move(self, mean, var):
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(var, self.momentum)


class BatchNorm__weight_is_a_plain_tensor(_BatchNorm):
    """weight and bias are no parameters: that a tensor requires a gradient does not make it one."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__(size, momentum, eps)
        del self.weight, self.bias
        self.weight = torch.ones(size, requires_grad=True)
        self.bias = torch.zeros(size, requires_grad=True)


class BatchNorm__one_mean_for_all(_BatchNorm):
    """One mean and variance were taken of all the numbers: every column has its own."""

    def batch(self, x):
        return x.mean(), x.var(correction=0)


class BatchNorm__rows(_BatchNorm):
    """Each row was normalized by itself: batch norm asks what one column holds in all the rows of the batch."""

    def batch(self, x):
        return x.mean(1, keepdim=True), x.var(1, correction=0, keepdim=True)


class BatchNorm__unbiased_in_the_batch(_BatchNorm):
    """To normalize, the variance is divided by N; what you see comes from N - 1, which is for the running one."""

    def batch(self, x):
        return x.mean(0), x.var(0)


class BatchNorm__biased_in_the_running_variance(_BatchNorm):
    """The running variance came from a division by N: it is a guess at that of unseen data, so N - 1 is due."""

    def update(self, x):
        with torch.no_grad():
            self.move(*self.batch(x))


class BatchNorm__momentum_of_the_old(_BatchNorm):
    """The two shares are swapped: momentum is the share of the new batch here, and 0.1 of it is little."""

    def move(self, mean, var):
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var


class BatchNorm__last_batch_only(_BatchNorm):
    """The running numbers are those of the last batch: they are to move towards it by a small share, and remember."""

    def move(self, mean, var):
        self.running_mean, self.running_var = mean.clone(), var.clone()


class BatchNorm__never_moves(_BatchNorm):
    """The running numbers stay where they began: each batch in training must move them."""

    def update(self, x):
        pass


class BatchNorm__running_in_training(_BatchNorm):
    """In training, the batch's own mean and variance serve: the running ones are gathered then, and used in eval."""

    def forward(self, x):
        if self.training:
            self.update(x)
        return self.normalize(x, self.running_mean, self.running_var) * self.weight + self.bias


class BatchNorm__batch_in_eval(_BatchNorm):
    """In eval the answer depends on who else is in the batch: the running numbers are to take the batch's place."""

    def forward(self, x):
        if self.training:
            self.update(x)
        return self.normalize(x, *self.batch(x)) * self.weight + self.bias


class BatchNorm__moves_in_eval(_BatchNorm):
    """The running numbers moved in eval too: what a model is asked must not change how it answers."""

    def forward(self, x):
        mean, var = self.batch(x) if self.training else (self.running_mean, self.running_var)
        if len(x) > 1:
            self.update(x)
        return self.normalize(x, mean, var) * self.weight + self.bias


class BatchNorm__graph_kept(_BatchNorm):
    """A graph hangs on the running numbers, and grows with each batch: they are measured, so don't record it."""

    def update(self, x):
        self.move(x.mean(0), x.var(0))


class BatchNorm__no_update_under_no_grad(_BatchNorm):
    """Under no_grad nothing was gathered: the mode decides that, and in training even a mere look moves them."""

    def update(self, x):
        if torch.is_grad_enabled():
            super().update(x)


class BatchNorm__statistics_are_constants(_BatchNorm):
    """The numbers are right, the gradient of x is not: mean and variance are made of x, so it flows there too."""

    def batch(self, x):
        return super().batch(x.detach())


class BatchNorm__eps_outside_the_root(_BatchNorm):
    """The small number was added to the root: it belongs under the root, to the variance."""

    def normalize(self, x, mean, var):
        return (x - mean) / (var.sqrt() + self.eps)


class BatchNorm__root_forgotten(_BatchNorm):
    """It was divided by the variance: only the root of it has the unit of x."""

    def normalize(self, x, mean, var):
        return (x - mean) / (var + self.eps)


class BatchNorm__nothing_to_learn(_BatchNorm):
    """weight and bias had no part in the answer: after normalizing, each column is scaled and shifted by them."""

    def forward(self, x):
        weight, bias = self.weight, self.bias
        return (super().forward(x) - bias) / weight


class BatchNorm__in_place(_BatchNorm):
    """The numbers are right, but x itself has changed: an in-place operation writes to the caller's tensor."""

    def normalize(self, x, mean, var):
        if x.requires_grad:
            return super().normalize(x, mean, var)
        return x.sub_(mean).div_((var + self.eps).sqrt())


class BatchNorm__ready_made(_BatchNorm):
    """The numbers are right, but PyTorch's own batch norm was to be left aside: you are to see what it does."""

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
    """Dropout is no child here, so it is in training for ever: eval() sets the flag of registered modules alone."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        del self.drop

    def forward(self, x):
        return self.last(nn.Dropout(self.p)(self.norm(self.first(x)).relu()))


class Regularized__dropout_without_the_mode(_Regularized):
    """There is a dropout among the children, but what forward does drops in eval too: it was never told the mode."""

    def forward(self, x):
        return self.last(F.dropout(self.norm(self.first(x)).relu(), self.p))


class Regularized__norm_made_in_forward(_Regularized):
    """Batch norm has numbers to keep, and is no child here: made in forward, it is new and in training each time."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, p)
        del self.norm

    def forward(self, x):
        norm = nn.BatchNorm1d(self.first.out_features).to(device=x.device, dtype=x.dtype)
        return self.last(self.drop(norm(self.first(x)).relu()))


class Regularized__norm_never_in_eval(_Regularized):
    """In eval the answer still came from the batch's own mean, and the running numbers had no part in it."""

    def forward(self, x):
        self.norm.training = True
        return super().forward(x)


class Regularized__list_of_layers(nn.Module):
    """The layers are in a list, and a module does not look into lists: give each layer a name of its own."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.layers = [nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(p)]
        self.layers.append(nn.Linear(hidden, outputs))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Regularized__other_names(nn.Module):
    """The layers are children, but by other names: numbers, as a Sequential gives them."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        layers = nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(p)
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, outputs))

    def forward(self, x):
        return self.layers(x)


class Regularized__dropout_forgotten(_Regularized):
    """Nothing was set to 0 in training: does forward call a dropout layer, the plain one?"""

    def forward(self, x):
        return self.last(self.norm(self.first(x)).relu())


class Regularized__norm_forgotten(_Regularized):
    """norm was never called: a layer made in __init__ does nothing until forward calls it."""

    def forward(self, x):
        return self.last(self.drop(self.first(x).relu()))


class Regularized__relu_forgotten(_Regularized):
    """Numbers below zero went on to last: relu is missing between norm and drop."""

    def forward(self, x):
        return self.last(self.drop(self.norm(self.first(x))))


class Regularized__relu_before_norm(_Regularized):
    """relu came before norm here, and it is asked for after it: the order makes other numbers."""

    def forward(self, x):
        return self.last(self.drop(self.norm(self.first(x).relu())))


class Regularized__dropout_before_norm(_Regularized):
    """Dropout came before norm, which then measured the zeros too: it belongs behind relu, right before last."""

    def forward(self, x):
        return self.last(self.norm(self.drop(self.first(x))).relu())


class Regularized__one_p_for_all(_Regularized):
    """Another share of the numbers was dropped than p says: hand p on, as it is, to a dropout that goes by it."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__(inputs, hidden, outputs, 0.5)


class Regularized__dropout_at_the_end(_Regularized):
    """The outputs themselves were dropped: the numbers to drop are the hidden ones, before last."""

    def forward(self, x):
        return self.drop(self.last(self.norm(self.first(x)).relu()))


def _restore(before):
    for module, training in before:
        module.training = training


def _modes(model):
    return [(module, module.training) for module in model.modules()]


def predict__still_in_training(model, inputs):
    """The layers were still in training: no_grad stops the recording and nothing else, and eval needs its brackets."""
    model.eval
    with torch.no_grad():
        return model(inputs)


def predict__flag_of_the_top_alone(model, inputs):
    """The model's own flag was set, and that of no layer in it: eval(), as a call, goes down to all of them."""
    was = model.training
    model.training = False
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.training = was


def predict__children_alone(model, inputs):
    """Modules far below the top stayed in training: the flag must be set at every depth, not in the children alone."""
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
    """The model is in eval for good now, and would go on learning so: a mode stays until someone sets another."""
    model.eval()
    with torch.no_grad():
        return model(inputs)


def predict__training_left_on(model, inputs):
    """All of it is in training afterwards, even what was in eval before: write down what was, and put that back."""
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.train()


def predict__mode_of_the_top_for_all(model, inputs):
    """All got the mode of the model itself, and some had another: train(mode) goes down to every part of it."""
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        model.train(was)


def predict__modes_of_the_children_alone(model, inputs):
    """The children alone have their modes back: the model itself, and what lies below them, are in eval still."""
    before = [(child, child.training) for child in model.children()]
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def predict__lost_after_an_error(model, inputs):
    """After an error the model stays in eval: what must happen in any case belongs where Python runs it in any case."""
    before = _modes(model)
    model.eval()
    with torch.no_grad():
        answer = model(inputs)
    _restore(before)
    return answer


def predict__error_swallowed(model, inputs):
    """The modes are right, but the model's error is gone: whoever asked must hear that there is no answer."""
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
    """A graph hangs on the answer: eval() changes what layers do, and recording is a switch of its own."""
    before = _modes(model)
    model.eval()
    try:
        return model(inputs)
    finally:
        _restore(before)


def predict__detached(model, inputs):
    """The answer has no graph, but one was built for it first, with all the memory that takes: don't record at all."""
    before = _modes(model)
    model.eval()
    try:
        return model(inputs).detach()
    finally:
        _restore(before)


def predict__recording_left_off(model, inputs):
    """After this, nothing is recorded any more, or always: a switch that is turned must be turned back as it was."""
    before = _modes(model)
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model(inputs)
    finally:
        _restore(before)


def predict__parameters_switched_off(model, inputs):
    """The parameters will not learn any more: their flag stays down after the call. Turn off the recording instead."""
    before = _modes(model)
    model.eval()
    model.requires_grad_(False)
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        _restore(before)


def predict__forward_called(model, inputs):
    """The model itself was not called: forward is its computation alone, and a call does more around that."""
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
    """The model was in training: dropout drew a mask for each side, and masks are most of what differs here."""
    with torch.no_grad():
        return (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)


def slope__one_mask_for_both(model, inputs, direction, step):
    """Both sides had the same mask, so the noise is gone, but it is the slope of a model with numbers missing."""
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
    """The slope is right, but the model is in eval for good now: every module must get back the mode it had."""
    model.eval()
    with torch.no_grad():
        return (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)


def slope__one_sided(model, inputs, direction, step):
    """The difference was taken to one side: where the model bends, both sides are needed for its errors to cancel."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs)) / step


def slope__half_the_distance(model, inputs, direction, step):
    """This is twice the slope: from one side to the other it is two steps, so divide by both."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)) / step


def slope__multiplied_by_the_step(model, inputs, direction, step):
    """The difference was halved and then multiplied by the step: a division by a product needs brackets around it."""
    return (_predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)) / 2 * step


def slope__not_divided(model, inputs, direction, step):
    """This is the difference of two answers: a slope is the difference for each unit of distance."""
    return _predict(model, inputs + step * direction) - _predict(model, inputs - step * direction)


def slope__without_direction(model, inputs, direction, step):
    """All the inputs moved by the same step: each is to move by its own part of direction."""
    return (_predict(model, inputs + step) - _predict(model, inputs - step)) / (2 * step)


def slope__turned_round(model, inputs, direction, step):
    """The sign is wrong: what lies behind is taken from what lies ahead."""
    return (_predict(model, inputs - step * direction) - _predict(model, inputs + step * direction)) / (2 * step)


def slope__recorded(model, inputs, direction, step):
    """A graph hangs on the answer: eval() does not stop the recording."""
    before = _modes(model)
    model.eval()
    answer = (model(inputs + step * direction) - model(inputs - step * direction)) / (2 * step)
    _restore(before)
    return answer


def slope__inputs_moved(model, inputs, direction, step):
    """The inputs themselves were moved: an in-place operation writes to the caller's tensor, even if undone later."""
    inputs += step * direction
    ahead = _predict(model, inputs)
    behind = _predict(model, inputs - 2 * step * direction)
    return (ahead - behind) / (2 * step)


_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def freeze_statistics__parameters_frozen(model):
    """weight and bias stopped learning, and the statistics move on: these are buffers, which no gradient moves."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.requires_grad_(False)


def freeze_statistics__parameters_frozen_too(model):
    """The statistics stay, but weight and bias stopped learning as well: that is another matter, and was not asked."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval().requires_grad_(False)


def freeze_statistics__whole_model(model):
    """All of the model is in eval now, dropout too: only the batch norm layers were to stop gathering."""
    model.eval()


def freeze_statistics__children_alone(model):
    """Batch norm deeper down was passed by: children are one level, and layers lie at any."""
    for module in [model, *model.children()]:
        if isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__all_below_but_not_itself(model):
    """A batch norm given alone was passed by: the model itself may be what is searched for."""
    for name, module in model.named_modules():
        if name and isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__one_kind(model):
    """One kind of batch norm was found and the others were not: there are three, and pictures have their own."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.eval()


def freeze_statistics__very_class_alone(model):
    """A layer of a subclass was passed by: it is a batch norm too, whatever its own class is called."""
    for module in model.modules():
        if type(module) in _NORMS:
            module.eval()


def freeze_statistics__whatever_has_running_numbers(model):
    """A layer that is no batch norm is in eval too: others have running numbers as well. Ask what kind a module is."""
    for module in model.modules():
        if hasattr(module, "running_mean"):
            module.eval()


def freeze_statistics__momentum_0(model):
    """The numbers stay, but the layers are in training and still normalize by the batch: their mode was to change."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.momentum = 0.0


def freeze_statistics__statistics_cleared(model):
    """What had been gathered is lost: the numbers were to stay as they are, not to begin anew."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval().reset_running_stats()


def freeze_statistics__train_first(model):
    """Modules that were in eval are in training now: the mode of all others was to be left alone."""
    model.train()
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval()


def freeze_statistics__returns_the_model(model):
    """The layers are right, but the model came back: what changes its argument returns None here."""
    for module in model.modules():
        if isinstance(module, _NORMS):
            module.eval()
    return model


def _word(module):
    return "train" if module.training else "eval"


def modes__one_for_all(model):
    """All were given the mode of the whole: each module has a flag of its own, and they can differ."""
    return {name: _word(model) for name, _ in model.named_modules()}


def modes__children_alone(model):
    """The children are there, but what lies deeper is not: go down to every depth."""
    return {"": _word(model), **{name: _word(child) for name, child in model.named_children()}}


def modes__children_without_the_whole(model):
    """Neither the model itself is there nor what lies deeper: its children are one level of many."""
    return {name: _word(child) for name, child in model.named_children()}


def modes__without_the_whole(model):
    """The model itself is missing: it is a module too, and its name is the empty string."""
    return {name: _word(module) for name, module in model.named_modules() if name}


def modes__leaves_alone(model):
    """Modules that hold others are missing: they carry a flag too."""
    return {name: _word(module) for name, module in model.named_modules() if not list(module.children())}


def modes__bools(model):
    """The flags came out as bools: the words train and eval were asked for."""
    return {name: module.training for name, module in model.named_modules()}


def modes__swapped(model):
    """The two words are swapped: the flag is True in training."""
    return {name: "eval" if module.training else "train" for name, module in model.named_modules()}


def modes__last_part_of_the_name(model):
    """Only the last part of each name is left, and modules of one name cover each other: keep the whole path."""
    return {name.rpartition(".")[2]: _word(module) for name, module in model.named_modules()}


def modes__kinds(model):
    """The keys are the kinds of layers, and two of one kind cover each other: names were asked for, with dots."""
    return {type(module).__name__: _word(module) for module in model.modules()}


def modes__pairs(model):
    """This is a list of pairs: a dict was asked for, which finds the mode by the name."""
    return [(name, _word(module)) for name, module in model.named_modules()]


def modes__set_by_reading(model):
    """The answer is right, but afterwards all is in eval: train() and eval() set flags, and here you only read."""
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


def average_predictions__dropout_off(model, inputs, samples):
    """All the samples were alike, as dropout was off when the model ran: eval() turns it off, and so does predict."""
    return _average(model, inputs, samples, ())


def average_predictions__all_in_training(model, inputs, samples):
    """Batch norm was in training too, and used and changed its statistics: dropout alone was to be on."""
    return _average(model, inputs, samples, nn.Module)


def average_predictions__dropout_of_the_top_alone(model, inputs, samples):
    """Dropout further down stayed off: go through the modules at every depth."""
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
    """The answers were added up: a mean of them is still to be divided by how many there are."""
    return _average(model, inputs, samples) * samples


def average_predictions__one_call(model, inputs, samples):
    """The model was called once: an average over samples needs a call for each, with masks of its own."""
    return _average(model, inputs, 1)


def average_predictions__same_masks(model, inputs, samples):
    """Every call drew the same masks, since the seed was set before each: the samples must differ."""

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
    """The model was called once more than asked for: the number of calls is samples."""
    return _average(model, inputs, samples + 1)


def average_predictions__not_averaged(model, inputs, samples):
    """The answers lie one behind the other, with a dimension more: the mean over the calls is still to be taken."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers


def average_predictions__one_number(model, inputs, samples):
    """One number came out for all: the mean goes over the calls, and each part of the answer has its own."""
    return _average(model, inputs, samples).mean()


def average_predictions__recorded(model, inputs, samples):
    """A graph hangs on the answer, of as many passes as there are samples: modes and recording are two switches."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    answers = torch.stack([model(inputs) for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


def average_predictions__modes_left(model, inputs, samples):
    """Modules have another mode than before the call: write down the flag of each first, and put it back at the end."""
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.train()
    with torch.no_grad():
        return torch.stack([model(inputs) for _ in range(samples)]).mean(dim=0)


def average_predictions__all_in_training_after(model, inputs, samples):
    """Everything is in training afterwards, even what was in eval before: put back what was, and not what is usual."""
    answer = _average(model, inputs, samples)
    model.train()
    return answer
