"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_02_linear.py for another reason."""

import copy

import numpy as np
import torch
from torch import nn


class Linear__started_at_random__as_PyTorch_starts(nn.Module):
    """The initial values are PyTorch's own."""

    def __init__(self, in_features, out_features):
        super().__init__()
        layer = nn.Linear(in_features, out_features)
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__graph_cut__detached(nn.Module):
    """The parameters are detached."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.detach().T + self.bias.detach()


class Linear__shapes_that_do_not_fit__elementwise(nn.Module):
    """`*` in the place of `@`."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return (inputs * self.weight).sum(-1) + self.bias


class Linear__plain_tensors__in_a_list(nn.Module):
    """The parameters are in a plain list, and on the attributes are their data."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.kept = [nn.Parameter(torch.zeros(out_features, in_features)), nn.Parameter(torch.zeros(out_features))]
        self.weight, self.bias = (each.data for each in self.kept)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


def uniform_init__seeded_again__state_restored(layer, generator):
    """The generator gets back the state that it had before the draw."""
    state, bound = generator.get_state(), layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
    generator.set_state(state)


def uniform_init__own_seed__numbers_by_formula(layer, generator):
    """Nothing is drawn from a generator: NumPy's generator has a fixed seed."""
    bound, numpy_generator = layer.weight.shape[1] ** -0.5, np.random.default_rng(0)
    with torch.no_grad():
        for parameter in layer.parameters():
            drawn = numpy_generator.uniform(-bound, bound, tuple(parameter.shape))
            parameter.copy_(torch.tensor(drawn, dtype=torch.float32, device=parameter.device))


def uniform_init__new_tensors__drawn_into_a_copy_of_the_layer(layer, generator):
    """A copy of the layer is filled."""
    bound, other = layer.weight.shape[1] ** -0.5, copy.deepcopy(layer)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def ready_made__any_shape_put_in__broadcast(weight, bias):
    """An assignment to all elements, which broadcasts some shapes and accepts dimensions of size 1 in front."""
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight[:] = weight
        if bias is not None:
            layer.bias[:] = bias
    return layer


def ready_made__frozen__always(weight, bias):
    """The layer is frozen, whatever was given."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return layer.requires_grad_(False)


def ready_made__shared__weight_only(weight, bias):
    """Only the weight was not copied."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach()
    if bias is not None:
        layer.bias.data.copy_(bias.detach())
    return layer


def spread_through__from_the_start_each_time__two_calls(layers, inputs):
    """Each layer is called twice, once for the number and once for the next layer."""
    spreads = []
    with torch.no_grad():
        for layer in layers:
            spreads.append(layer(inputs).std(correction=0).item())
            inputs = layer(inputs)
    return spreads


def shapes_at__copy_called__parts_by_hand(model, layer, inputs):
    """The parts of the model are called one after the other."""
    if not hasattr(model, "body"):
        return inputs.shape, model(inputs).shape
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model.last(model.body(inputs) + 1)
    handle.remove()
    return seen[0]


def spread_through__recorded__detached_afterwards(layers, inputs):
    """Each result is detached after the layer was recorded."""
    spreads = []
    for layer in layers:
        inputs = layer(inputs).detach()
        spreads.append(inputs.std(correction=0).item())
    return spreads


def shapes_at__hook_left__not_called(model, layer, inputs):
    """`handle.remove` has no parentheses, so it is not called."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model(inputs)
    handle.remove  # noqa: B018
    return seen[0]


def shapes_at__hook_left__forward_replaced(model, layer, inputs):
    """The layer keeps a new forward."""
    seen, forward = [], layer.forward

    def noting(x):
        result = forward(x)
        seen.append((x.shape, result.shape))
        return result

    layer.forward = noting
    model(inputs)
    return seen[0]


def shapes_at__of_the_model__run_by_hand(model, layer, inputs):
    """No hook at all: the model's own argument and result."""
    return inputs.shape, model(inputs).shape


def shapes_at__removed_too_early__model_not_called(model, layer, inputs):
    """The model is never called."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    handle.remove()
    return seen[0]


def shapes_at__forward_called__only_modules_inside(model, layer, inputs):
    """Only the modules inside the model get a hook."""
    seen, handles = [], []
    for module in model.modules():
        if module is layer and module is not model:
            handles.append(module.register_forward_hook(lambda _, args, out: seen.append((args[0].shape, out.shape))))
    model(inputs)
    for handle in handles:
        handle.remove()
    return seen[0]


class OptionalBias__no_attribute__flag(nn.Module):
    """A flag says if there is a bias."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.has_bias = bias
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.has_bias else outputs


class _Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__made_in_every_call__local_names(_Linear):
    """The parameters are assigned to local names."""

    def __init__(self, in_features, out_features):
        nn.Module.__init__(self)
        weight = nn.Parameter(torch.zeros(out_features, in_features))  # noqa: F841
        bias = nn.Parameter(torch.zeros(out_features))  # noqa: F841


class Linear__plain_tensors__detached_after_wrapping(_Linear):
    """Each Parameter is detached."""

    def __init__(self, in_features, out_features):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.zeros(out_features, in_features)).detach()
        self.bias = nn.Parameter(torch.zeros(out_features)).detach()


class Linear__weight_reshaped__view(_Linear):
    """view() in the place of reshape()."""

    def forward(self, inputs):
        return inputs @ self.weight.view(self.weight.shape[1], -1) + self.bias


class Linear__graph_cut__copied_unrecorded(_Linear):
    """The weight is copied while nothing is recorded."""

    def forward(self, inputs):
        with torch.no_grad():
            weight = self.weight.clone()
        return inputs @ weight.T + self.bias


class Linear__recording_off__detached(_Linear):
    """The outputs are detached."""

    def forward(self, inputs):
        return super().forward(inputs).detach()


def ready_made__frozen__to_copy_into_it(weight, bias):
    """The weight is frozen, so that values can be copied into it."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.weight.requires_grad_(False).copy_(weight.detach())
    if bias is not None:
        layer.bias.data.copy_(bias.detach())
    return layer


def uniform_init__method_of_None__function(layer, generator):
    """nn.init.uniform_ is called with the bias."""
    bound = layer.weight.shape[1] ** -0.5
    nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def uniform_init__new_parameters__generator_forgotten(layer, generator):
    """The parameters are new, and their numbers do not come from the generator."""
    bound = layer.weight.shape[1] ** -0.5
    for name, parameter in list(layer.named_parameters()):
        drawn = torch.empty_like(parameter, requires_grad=False).uniform_(-bound, bound)
        setattr(layer, name, nn.Parameter(drawn))


def uniform_init__generator_forgotten__bias_only(layer, generator):
    """Only the weight is drawn from the generator."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound)


def uniform_init__another_generator__seeded_at_random(layer, generator):
    """The generator gets a random seed."""
    bound = layer.weight.shape[1] ** -0.5
    generator.seed()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def uniform_init__global_seed_set__reset_first(layer, generator):
    """The layer's own initialization runs first."""
    bound = layer.weight.shape[1] ** -0.5
    layer.reset_parameters()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


class _OptionalBias(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__left_out_by_default__condition_negated(_OptionalBias):
    """The condition is the wrong way around."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__(in_features, out_features, not bias)


class OptionalBias__compared_by_value__detached(_OptionalBias):
    """The bias is detached before it is added."""

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias.detach()
