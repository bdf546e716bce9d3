"""Wrong answers to katas/lesson_3_nn_module/kata_02_linear.py, each with the sentence that corrects the belief."""

import copy

import torch
from torch import nn


class _Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__plain_tensors(nn.Module):
    """named_parameters() does not list weight and bias. Assign an nn.Parameter to self.weight and another to
    self.bias."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = torch.zeros(out_features, in_features, requires_grad=True)
        self.bias = torch.zeros(out_features, requires_grad=True)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__made_in_every_call(nn.Module):
    """Your layer has no parameters. In __init__, assign an nn.Parameter to self.weight and another to self.bias, and
    only use them in forward."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features

    def forward(self, inputs):
        return nn.Linear(self.in_features, self.out_features, device=inputs.device, dtype=inputs.dtype)(inputs)


class Linear__weight_not_transposed(_Linear):
    """Your code multiplied the inputs by the weight without transposing it. Use weight.T, even if the weight is square
    and no error is raised."""

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Linear__weight_reshaped(_Linear):
    """Your code reshapes the weight, which keeps the order of its numbers. Transpose it, which swaps rows and
    columns."""

    def forward(self, inputs):
        return inputs @ self.weight.reshape(self.weight.shape[::-1]) + self.bias


class Linear__vectors_only(_Linear):
    """Your code is right for a vector only. It must map each row separately, for any dimensions in front."""

    def forward(self, inputs):
        rows = zip(self.weight, self.bias, strict=True)
        return torch.stack([(inputs * row).sum() + shift for row, shift in rows])


class Linear__weight_first(_Linear):
    """Your code has the weight on the left, which is right for a vector only. Put the inputs on the left and the
    transposed weight on the right."""

    def forward(self, inputs):
        return self.weight @ inputs + self.bias


class Linear__kept_in_out(nn.Module):
    """Your weight has shape (in, out), as in NumPy. PyTorch stores one row for each output: (out, in)."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Linear__dimensions_in_front_joined(_Linear):
    """Your result always has exactly one dimension in front. Keep the dimensions of the inputs, and map only the last
    one."""

    def forward(self, inputs):
        return inputs.reshape(-1, inputs.shape[-1]) @ self.weight.T + self.bias


class Linear__dimensions_flattened(_Linear):
    """Your code joined other dimensions with the last one. Map only the last dimension, and keep the others."""

    def forward(self, inputs):
        return (inputs.flatten(1) if inputs.dim() > 1 else inputs) @ self.weight.T + self.bias


class Linear__inputs_transposed(_Linear):
    """Your code is right for a vector or a matrix, but fails for three dimensions. Transpose only the weight, not
    the inputs."""

    def forward(self, inputs):
        return (self.weight @ inputs.T).T + self.bias


class Linear__bias_forgotten(_Linear):
    """Your result lacks the bias. Add self.bias, which has one number for each output."""

    def forward(self, inputs):
        return inputs @ self.weight.T


class Linear__one_bias_for_all(nn.Module):
    """Your bias has one number for all outputs, and broadcasting hides that. Each output has its own bias: shape
    (out,)."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__bias_as_a_row(nn.Module):
    """Your bias has two dimensions. It has one number for each output, so its shape is (out,)."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(1, out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__bias_as_one_number(nn.Module):
    """Your bias is a single number for all outputs. Each output has its own bias, so its shape is (out,)."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.tensor(0.0))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__other_names(nn.Module):
    """Your parameters have other names than weight and bias. Assign them to self.weight and self.bias."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(out_features, in_features))
        self.b = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.w.T + self.b


class Linear__activated(_Linear):
    """You applied tanh to the outputs. A linear layer returns the sums as they are."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight.T + self.bias)


class Linear__started_at_random(nn.Module):
    """A parameter of your layer does not start at zeros. Create both with torch.zeros."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.randn(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__graph_cut(_Linear):
    """The outputs are right, but no gradient reaches the weight. Compute with self.weight and self.bias themselves,
    without torch.tensor(), detach(), .data or no_grad."""

    def forward(self, inputs):
        return inputs @ self.weight.data.T + self.bias.data


class Linear__not_requiring_grad(nn.Module):
    """A parameter of your layer does not require grad, so it can't be trained. nn.Parameter(tensor) requires grad by
    default."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(out_features), requires_grad=False)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__ready_made(_Linear):
    """The numbers are right, but your code uses PyTorch's linear layer. Write it by hand: a product and a sum."""

    def forward(self, inputs):
        return nn.functional.linear(inputs, self.weight, self.bias)


class Linear__wrapped(nn.Module):
    """Your parameters belong to a layer inside yours, so their names begin with its name. Assign weight and bias to
    self."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.layer = nn.Linear(in_features, out_features)
        nn.init.zeros_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)

    def forward(self, inputs):
        return self.layer(inputs)


class Linear__no_return(_Linear):
    """Your forward returns None. Return the outputs."""

    def forward(self, inputs):
        inputs @ self.weight.T + self.bias


class Linear__matrices_only(_Linear):
    """Your code accepts only a matrix, but the inputs may have any dimensions in front. `@` accepts them, torch.mm
    does not."""

    def forward(self, inputs):
        return torch.mm(inputs, self.weight.T) + self.bias


class Linear__recording_off(_Linear):
    """The outputs are right, but they have no graph. Use operations of PyTorch, without torch.tensor(), detach(), .data
    or no_grad."""

    @torch.no_grad()
    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__no_super(nn.Module):
    """You assigned a parameter before nn.Module was set up. Call the __init__ of nn.Module first."""

    def __init__(self, in_features, out_features):
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))


class Linear__shapes_that_do_not_fit(_Linear):
    """Your code combines two tensors that do not fit each other. Use @ for the weighted sums, and add the bias as it
    is."""

    def forward(self, inputs):
        return inputs @ self.weight.T + (self.bias[:, None] if inputs.dim() > 1 else self.bias)


class Linear__transposed_once(_Linear):
    """After double(), your code still computes with a float32 tensor. In each call, compute with self.weight and
    self.bias themselves."""

    def __init__(self, in_features, out_features):
        super().__init__(in_features, out_features)
        self.transposed = self.weight.T

    def forward(self, inputs):
        return inputs @ self.transposed + self.bias


def _checked(weight, bias):
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")


def _made(weight, bias):
    sizes = weight.shape[::-1]
    return nn.Linear(*sizes, bias=bias is not None, device=weight.device, dtype=weight.dtype)


def _linear(weight, bias):
    layer = _made(weight, bias)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def ready_made__copied_without_a_check(weight, bias):
    """You accepted a bias that had to be broadcast. Compare its shape with (out,) first, and raise a ValueError."""
    layer = _made(weight, bias)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            if bias.dim() > 1 or bias.shape not in ((1,), (), weight.shape[:1]):
                raise ValueError("the bias does not fit")
            layer.bias.copy_(bias)
    return layer


def ready_made__numbers_counted(weight, bias):
    """You accepted a bias of another shape with the right number of elements. Compare the whole shape with (out,)."""
    if bias is not None:
        if bias.numel() != weight.shape[0]:
            raise ValueError("the bias does not fit")
        bias = bias.flatten()
    return _linear(weight, bias)


def ready_made__any_shape_put_in(weight, bias):
    """You accepted a bias of another shape than (out,). nn.Parameter and .data accept any shape, and [:]
    broadcasts, so compare the shapes first."""
    layer = _made(weight, bias)
    layer.weight = nn.Parameter(weight.detach().clone())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach().clone())
    return layer


def ready_made__tensor_assigned(weight, bias):
    """You assigned a tensor to the layer's weight, which must be an nn.Parameter. Wrap a copy, or copy into the
    weight."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight, layer.bias = weight, bias
    return layer


def ready_made__own_layer(weight, bias):
    """You returned a layer of your own class. Return PyTorch's nn.Linear, with these values."""
    _checked(weight, bias)
    return type("Linear", (_Linear,), {})(weight.shape[1], weight.shape[0])


def ready_made__asserted(weight, bias):
    """A bias of the wrong shape raises an AssertionError. Raise a ValueError yourself, with `raise`."""
    assert bias is None or bias.shape == weight.shape[:1]
    return _linear(weight, bias)


def ready_made__None_not_expected(weight, bias):
    """Your code uses the bias as a tensor, but it may be None. Make the layer without a bias then."""
    if bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    return _linear(weight, bias)


def ready_made__frozen(weight, bias):
    """A parameter of your layer does not require grad, so it can't be trained. Copy the values under no_grad(), and
    leave requires_grad True, its default."""
    _checked(weight, bias)
    layer = _linear(weight, bias)
    layer.weight.requires_grad_(weight.requires_grad)
    if bias is not None:
        layer.bias.requires_grad_(bias.requires_grad)
    return layer


def ready_made__left_to_copy(weight, bias):
    """A bias of the wrong shape raises no ValueError. copy_ broadcasts some shapes and raises a RuntimeError for
    others, so compare first."""
    layer = _made(weight, bias)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def ready_made__left_to_load(weight, bias):
    """A bias of the wrong shape raises an error, but not a ValueError. Compare the shapes yourself, and raise a
    ValueError."""
    layer = _made(weight, bias)
    layer.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return layer


def ready_made__sizes_swapped(weight, bias):
    """Your layer was made for the wrong sizes. The weight has shape (out, in), but nn.Linear(in, out) takes `in`
    first."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape, bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach().clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    return layer


def ready_made__sizes_swapped_for_a_copy(weight, bias):
    """Your layer was made for the wrong sizes. The weight has shape (out, in), but nn.Linear(in, out) takes `in`
    first."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape, bias=bias is not None, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
    return layer


def ready_made__weight_transposed(weight, bias):
    """Your layer has the transposed weight. The given weight is (out, in) already, as in nn.Linear."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight.data = weight.detach().T.clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    return layer


def ready_made__bias_always_there(weight, bias):
    """You were given no bias, but your layer has a bias parameter. If bias is None, make the layer with bias=False."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach().clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    else:
        layer.bias.data.fill_(float("nan"))
    return layer


def ready_made__shared(weight, bias):
    """A parameter of your layer shares memory with a given tensor, so training the layer would change both. Copy
    the values."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight = nn.Parameter(weight.detach())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach())
    return layer


def ready_made__recorded(weight, bias):
    """You changed a leaf in place while autograd was recording. Do it inside a block of torch.no_grad()."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight.copy_(weight)
    if bias is not None:
        layer.bias.copy_(bias)
    return layer


def ready_made__default_device(weight, bias):
    """Your layer is on the CPU, but the given tensors are elsewhere. Make the layer on the device of the weight."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def ready_made__default_dtype(weight, bias):
    """Your layer is float32, whatever the dtype of the given tensors. Make the layer with the dtype of the weight."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def _fill(layer, bound, generator):
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def uniform_init__recorded(layer, generator):
    """You changed a leaf in place while autograd was recording. Do it inside a block of torch.no_grad()."""
    bound = layer.weight.shape[1] ** -0.5
    for parameter in layer.parameters():
        parameter.uniform_(-bound, bound, generator=generator)


def uniform_init__number_of_outputs(layer, generator):
    """Your bound is 1 / sqrt(out). Each output is a sum of `in` products, so the bound is 1 / sqrt(in)."""
    _fill(layer, layer.weight.shape[0] ** -0.5, generator)


def uniform_init__root_missing(layer, generator):
    """Your numbers lie between -1 / in and 1 / in. The bound is larger: 1 / sqrt(in)."""
    _fill(layer, 1 / layer.weight.shape[1], generator)


def uniform_init__kaiming(layer, generator):
    """Your weights lie between -sqrt(6 / in) and sqrt(6 / in). The bound is smaller: 1 / sqrt(in)."""
    nn.init.kaiming_uniform_(layer.weight, generator=generator)
    if layer.bias is not None:
        bound = layer.weight.shape[1] ** -0.5
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def uniform_init__xavier(layer, generator):
    """Your weights lie between -sqrt(6 / (in + out)) and sqrt(6 / (in + out)). The bound depends on `in` only."""
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    if layer.bias is not None:
        bound = layer.weight.shape[1] ** -0.5
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


def uniform_init__bias_zeros(layer, generator):
    """Your bias is all zeros. Draw it between the same bounds as the weight."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        if layer.bias is not None:
            layer.bias.zero_()


def uniform_init__root_upside_down(layer, generator):
    """Your bound is sqrt(in), so it grows with the number of inputs. It is 1 / sqrt(in)."""
    _fill(layer, layer.weight.shape[1] ** 0.5, generator)


def uniform_init__new_tensors(layer, generator):
    """The layer's parameters have not changed. Write into them in place, not into new tensors or copies."""
    bound = layer.weight.shape[1] ** -0.5
    for parameter in layer.parameters():
        parameter = parameter.detach().clone().uniform_(-bound, bound, generator=generator)


def uniform_init__never_negative(layer, generator):
    """None of your numbers is negative. Draw them between -b and b, not between 0 and b."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(0, bound, generator=generator)


def uniform_init__normal(layer, generator):
    """Some of your numbers lie outside the bounds, and they are not uniform. Draw them uniformly between -b and b."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, layer.weight.shape[1] ** -0.5, generator=generator)


def uniform_init__normal_cut_off(layer, generator):
    """All your numbers lie within the bounds, but they are not uniform. Draw them uniformly between -b and b."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, bound / 2, generator=generator).clamp_(-bound, bound)


def uniform_init__between_0_and_1(layer, generator):
    """Your numbers lie between 0 and 1, whatever the number of inputs. Draw them between -b and b, with b = 1 /
    sqrt(in)."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(generator=generator)


def uniform_init__own_bound_for_the_bias(layer, generator):
    """Your bound for the bias depends on the length of the bias. Use 1 / sqrt(in), as for the weight."""
    with torch.no_grad():
        layer.weight.uniform_(-(layer.weight.shape[1] ** -0.5), layer.weight.shape[1] ** -0.5, generator=generator)
        if layer.bias is not None:
            layer.bias.uniform_(-(layer.bias.shape[0] ** -0.5), layer.bias.shape[0] ** -0.5, generator=generator)


def uniform_init__weight_only(layer, generator):
    """Your code left the bias unchanged. Fill it too, unless it is None."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)


def uniform_init__method_of_None(layer, generator):
    """Your code uses the bias as a tensor, but the bias is None here. Fill it only if it is not None."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        layer.bias.uniform_(-bound, bound, generator=generator)


def uniform_init__None_copied_into(layer, generator):
    """Your code uses the bias as a tensor, but the bias is None here. Fill it only if it is not None."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in (layer.weight, layer.bias):
            parameter.copy_(
                2 * bound * torch.rand(parameter.shape, generator=generator, device=generator.device) - bound
            )


def uniform_init__data_of_None(layer, generator):
    """Your code uses the bias as a tensor, but the bias is None here. Fill it only if it is not None."""
    bound = layer.weight.shape[1] ** -0.5
    for parameter in (layer.weight, layer.bias):
        parameter.data.uniform_(-bound, bound, generator=generator)


def uniform_init__shape_of_None(layer, generator):
    """Your code uses the bias as a tensor, but the bias is None here. Fill it only if it is not None."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in (layer.weight, layer.bias):
            drawn = torch.rand(parameter.shape, generator=generator, device=generator.device)
            parameter.copy_(2 * bound * drawn - bound)


def uniform_init__new_parameters(layer, generator):
    """The layer has new parameters now. Write the numbers into the old parameters, in place."""
    bound = layer.weight.shape[1] ** -0.5
    for name, parameter in list(layer.named_parameters()):
        drawn = torch.empty_like(parameter, requires_grad=False).uniform_(-bound, bound, generator=generator)
        setattr(layer, name, nn.Parameter(drawn))


def uniform_init__tensor_assigned(layer, generator):
    """You assigned a plain tensor to a parameter, which raises an error. Write the numbers into the parameter in
    place."""
    bound = layer.weight.shape[1] ** -0.5
    drawn = torch.rand(layer.weight.shape, generator=generator, device=generator.device)
    layer.weight = (2 * drawn - 1) * bound


def uniform_init__generator_forgotten(layer, generator):
    """Not all of your numbers follow the seed of `generator`. Pass `generator` to each function that draws."""
    _fill(layer, layer.weight.shape[1] ** -0.5, None)


def uniform_init__seeded_again(layer, generator):
    """One generator gave two layers the same numbers. Draw from `generator` itself, and neither seed it nor set its
    state."""
    generator.manual_seed(generator.initial_seed())
    _fill(layer, layer.weight.shape[1] ** -0.5, generator)


def uniform_init__global_seed_set(layer, generator):
    """The numbers are right, but you changed the state of the global generator. Draw only from `generator`, and set no
    global seed."""
    torch.manual_seed(torch.randint(1 << 40, (1,), generator=generator, device=generator.device).item())
    _fill(layer, layer.weight.shape[1] ** -0.5, None)


def uniform_init__layer_returned(layer, generator):
    """The layer is filled, but your function also returned something. Return None, as Python's in-place methods do."""
    _fill(layer, layer.weight.shape[1] ** -0.5, generator)
    return layer


def uniform_init__another_generator(layer, generator):
    """Not all of your numbers follow the seed of `generator`. Draw all of them from `generator`, and do not seed it."""
    other = torch.Generator(device=generator.device)
    other.seed()
    _fill(layer, layer.weight.shape[1] ** -0.5, other)


def uniform_init__own_seed(layer, generator):
    """Your numbers are the same, whatever the seed of `generator`. Draw them from it, and set no seed yourself."""
    _fill(layer, layer.weight.shape[1] ** -0.5, torch.Generator(device=generator.device).manual_seed(0))


def uniform_init__one_row_for_all(layer, generator):
    """Most numbers in a parameter occur several times. Draw each number separately, in the shape of the parameter."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.copy_(layer.weight[0].clone().uniform_(-bound, bound, generator=generator))
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound, generator=generator)


def _through(layers, inputs, spread):
    spreads = []
    with torch.no_grad():
        for layer in layers:
            inputs = layer(inputs)
            spreads.append(spread(inputs))
    return spreads


def spread_through__one_less(layers, inputs):
    """Your numbers are slightly too large, because you divided by n - 1. Divide by n, as NumPy does."""
    return _through(layers, inputs, lambda outputs: outputs.std().item())


def spread_through__tensors(layers, inputs):
    """Your list holds tensors. Return Python floats, for example with item()."""
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0))


def spread_through__variance(layers, inputs):
    """You returned the variances. The standard deviation is the square root of the variance."""
    return _through(layers, inputs, lambda outputs: outputs.var(correction=0).item())


def spread_through__around_zero(layers, inputs):
    """You returned the root of the mean square. A standard deviation measures the distance from the mean, not from
    0."""
    return _through(layers, inputs, lambda outputs: outputs.square().mean().sqrt().item())


def spread_through__mean_of_sizes(layers, inputs):
    """You returned the means of the absolute values. A standard deviation is the root of a mean square, around the
    mean."""
    return _through(layers, inputs, lambda outputs: outputs.abs().mean().item())


def spread_through__of_the_weights(layers, inputs):
    """You returned the standard deviation of the weights. Take it of each layer's result."""
    return [layer.weight.std(correction=0).item() for layer in layers]


def spread_through__numpy_numbers(layers, inputs):
    """Your list holds NumPy's numbers. Return Python floats, for example with item() or float()."""
    return _through(layers, inputs, lambda outputs: outputs.cpu().numpy().std())


def spread_through__cpu_only(layers, inputs):
    """Your code converts a tensor to NumPy, which works on the CPU only. Stay in PyTorch: torch.std() with
    correction=0."""
    return _through(layers, inputs, lambda outputs: float(outputs.numpy().std()))


def spread_through__a_tuple(layers, inputs):
    """You returned a tuple. Return a list."""
    return tuple(_through(layers, inputs, lambda outputs: outputs.std(correction=0).item()))


def spread_through__rounded(layers, inputs):
    """You rounded the numbers. Return them as they are."""
    return _through(layers, inputs, lambda outputs: round(outputs.std(correction=0).item(), 3))


def spread_through__lists_of_columns(layers, inputs):
    """Your list holds a list for each layer. Take one standard deviation of all entries together."""
    return _through(layers, inputs, lambda outputs: outputs.std(dim=0, correction=0).tolist())


def spread_through__by_column(layers, inputs):
    """You returned the mean of the standard deviations of the columns. Take one standard deviation of all entries
    together."""
    return _through(layers, inputs, lambda outputs: outputs.std(dim=0, correction=0).mean().item())


def spread_through__by_row(layers, inputs):
    """You returned the mean of the standard deviations of the rows. Take one standard deviation of all entries
    together."""
    return _through(layers, inputs, lambda outputs: outputs.std(dim=-1, correction=0).mean().item())


def spread_through__same_inputs_for_all(layers, inputs):
    """Your code gave the first inputs to each layer. Give each layer the result of the layer before it."""
    with torch.no_grad():
        return [layer(inputs).std(correction=0).item() for layer in layers]


def spread_through__inputs_too(layers, inputs):
    """Your list begins with the inputs' own standard deviation. Begin with the result of the first layer."""
    return [
        inputs.std(correction=0).item(),
        *_through(layers, inputs, lambda outputs: outputs.std(correction=0).item()),
    ]


def spread_through__last_only(layers, inputs):
    """Your list holds the number of the last layer only. Return one number for each layer."""
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())[-1:]


def spread_through__recorded(layers, inputs):
    """The numbers are right, but autograd recorded a graph. Call the layers inside a block of torch.no_grad()."""
    spreads = []
    for layer in layers:
        inputs = layer(inputs)
        spreads.append(inputs.std(correction=0).item())
    return spreads


def spread_through__switched_off_for_good(layers, inputs):
    """Your code left gradient recording off, although it was on before the call. A block of torch.no_grad()
    restores the mode."""
    torch.set_grad_enabled(False)
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())


def spread_through__switched_on_again(layers, inputs):
    """Your code left gradient recording on, although it was off before the call. Restore the mode that you found."""
    torch.set_grad_enabled(False)
    spreads = _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())
    torch.set_grad_enabled(True)
    return spreads


def spread_through__layers_frozen(layers, inputs):
    """The numbers are right, but the layers no longer require grad. Call them inside a block of torch.no_grad()
    instead."""
    for layer in layers:
        layer.requires_grad_(False)
    return _through(layers, inputs.detach(), lambda outputs: outputs.std(correction=0).item())


def spread_through__from_the_start_each_time(layers, inputs):
    """The numbers are right, but you called some layers more than once. Pass each result on to the next layer."""
    spreads = []
    with torch.no_grad():
        for count in range(1, len(layers) + 1):
            spreads.append(nn.Sequential(*layers[:count])(inputs).std(correction=0).item())
    return spreads


def _run(model, layer, inputs, hook):
    handle = layer.register_forward_hook(hook)
    model(inputs)
    handle.remove()


def shapes_at__hook_left(model, layer, inputs):
    """The shapes are right, but what you added to the layer still runs in later calls. Remove it at the end."""
    seen = []
    layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model(inputs)
    return seen[0]


def shapes_at__all_hooks_removed(model, layer, inputs):
    """The shapes are right, but you also removed hooks of others. Remove only your own, with its handle."""
    seen = []
    layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model(inputs)
    layer._forward_hooks.clear()
    return seen[0]


def shapes_at__shape_of_the_arguments(model, layer, inputs):
    """Your hook takes the shape of a tuple. The second argument of a hook is the tuple of all inputs, so use its
    first entry."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((args.shape, result.shape)))
    return seen[0]


def shapes_at__hook_with_two_arguments(model, layer, inputs):
    """Your hook has the wrong number of parameters. A forward hook receives the module, its inputs and its output."""
    seen = []
    _run(model, layer, inputs, lambda args, result: seen.append((args[0].shape, result.shape)))
    return seen[0]


def shapes_at__removed_too_early(model, layer, inputs):
    """Your list has fewer entries than you read, perhaps because your hook has not run. Call the model while the hook
    is registered on `layer`."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    handle.remove()
    model(inputs)
    return seen[0]


def shapes_at__something_returned(model, layer, inputs):
    """Your hook returned a value, which took the place of the layer's output. A hook that only looks returns None."""
    seen = {}
    _run(model, layer, inputs, lambda _, args, result: seen.setdefault("shapes", (args[0].shape, result.shape)))
    return seen["shapes"]


def shapes_at__input_returned(model, layer, inputs):
    """Your hook returned a value, which took the place of the layer's output. A hook that only looks returns None."""
    seen = []

    def hook(_, args, result):
        seen.append((args[0].shape, result.shape))
        return args[0]

    _run(model, layer, inputs, hook)
    return seen[0]


def shapes_at__children_by_hand(model, layer, inputs):
    """Your code called a layer on a tensor that it never receives in the model. Layers may run in another order than
    they are registered, so call the model."""
    for child in model.children():
        result = child(inputs)
        if child is layer:
            return inputs.shape, result.shape
        inputs = result


def shapes_at__swapped(model, layer, inputs):
    """You returned the two shapes in the wrong order. The shape that enters the layer comes first."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((result.shape, args[0].shape)))
    return seen[0]


def shapes_at__of_the_model(model, layer, inputs):
    """You returned the shapes of the whole model. Look at the tensors that enter and leave `layer`."""
    seen = []
    _run(model, model, inputs, lambda _, args, result: seen.append((args[0].shape, result.shape)))
    return seen[0]


def shapes_at__inputs_of_the_model(model, layer, inputs):
    """Your first shape is that of the model's inputs. Return the shape of the tensor that `layer` receives."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append(result.shape))
    return inputs.shape, seen[0]


def shapes_at__result_of_the_model(model, layer, inputs):
    """Your second shape is that of the model's result. Return the shape of the tensor that `layer` returns."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append(args[0].shape))
    result = model(inputs)
    handle.remove()
    return seen[0], result.shape


def shapes_at__of_the_first_layer(model, layer, inputs):
    """You returned the shapes at another layer. Look only at `layer`."""
    seen = []
    handles = [
        each.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
        for each in model.modules()
    ]
    model(inputs)
    for handle in handles:
        handle.remove()
    return seen[0]


def shapes_at__tensors(model, layer, inputs):
    """You returned the two tensors. Return their shapes."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((args[0], result)))
    return seen[0]


def shapes_at__nothing(model, layer, inputs):
    """You returned None. Keep the two shapes that your hook sees, for example in a list, and return them."""
    _run(model, layer, inputs, lambda _, args, result: print(args[0].shape, result.shape))


def shapes_at__a_dict(model, layer, inputs):
    """You returned a dict. Return a tuple of the two shapes."""
    seen = {}
    _run(model, layer, inputs, lambda _, args, result: seen.update(entered=args[0].shape, left=result.shape))
    return seen


def shapes_at__last_sizes(model, layer, inputs):
    """You returned the sizes of the last dimension. Return the whole shapes."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((args[0].shape[-1], result.shape[-1])))
    return seen[0]


def shapes_at__one_shape(model, layer, inputs):
    """You returned one shape. Return two: that of the layer's input, and that of its output."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append(args[0].shape))
    return seen[0]


def shapes_at__in_a_list(model, layer, inputs):
    """You returned a list that holds the tuple of two shapes. Return the tuple itself."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((args[0].shape, result.shape)))
    return seen


def shapes_at__in_another_tuple(model, layer, inputs):
    """You returned a tuple that holds the tuple of two shapes. Return the inner tuple itself."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((args[0].shape, result.shape)))
    return tuple(seen)


def shapes_at__output_twice(model, layer, inputs):
    """Your first shape is that of the layer's output. Return the shape of its input first."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append((result.shape, result.shape)))
    return seen[0]


def shapes_at__model_called_twice(model, layer, inputs):
    """The shapes are right, but you did not call the model exactly once. One call is enough for both shapes."""
    seen = []
    _run(model, layer, inputs, lambda _, args, result: seen.append(args[0].shape))
    _run(model, layer, inputs, lambda _, args, result: seen.append(result.shape))
    return seen[0], seen[1]


def shapes_at__copy_called(model, layer, inputs):
    """The shapes are right, but you never called the given model. Call it itself, not a copy and not its parts."""
    names = [name for name, module in model.named_modules() if module is layer]
    model = copy.deepcopy(model)
    seen = []
    _run(
        model,
        model.get_submodule(names[0]),
        inputs,
        lambda _, args, result: seen.append((args[0].shape, result.shape)),
    )
    return seen[0]


def shapes_at__forward_called(model, layer, inputs):
    """If the model is the layer, your hook has not run. Register it on `layer`, and call the model itself, not its
    forward."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model.forward(inputs)
    handle.remove()
    return seen[0]


def shapes_at__layer_alone(model, layer, inputs):
    """You called the layer on the model's inputs. It receives another tensor in the model, so call the model."""
    return inputs.shape, layer(inputs).shape


class _OptionalBias(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__plain_None(nn.Module):
    """None is an ordinary attribute of your layer. Call register_parameter("bias", None), which reserves the name for a
    parameter."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__no_attribute(nn.Module):
    """Without a bias, your layer has no attribute bias. Register the parameter bias as None."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if hasattr(self, "bias") else outputs


class OptionalBias__compared_by_value(_OptionalBias):
    """A bias of zeros receives no gradient. Compare the bias with None, not its values, and add self.bias itself."""

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.bias is not None and self.bias.any() else outputs


class OptionalBias__zeros_instead(nn.Module):
    """With bias=False, your layer still lists a bias parameter. Training would change it, so register None."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class OptionalBias__zeros_in_a_buffer(nn.Module):
    """With bias=False, your layer saves a buffer named bias. Register None as the parameter instead."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_buffer("bias", torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class OptionalBias__None_added(_OptionalBias):
    """Your code adds the bias although it is None. Compare it with None first."""

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class OptionalBias__decided_in_init(_OptionalBias):
    """Your code does not add a bias that was assigned later. In forward, look at self.bias itself."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__(in_features, out_features, bias)
        self.use_bias = bias

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.use_bias else outputs


class OptionalBias__used_as_a_condition(_OptionalBias):
    """Your code uses the bias as a condition, but a tensor with several numbers is neither true nor false. Ask if
    it is None."""

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.bias else outputs


class OptionalBias__never_added(_OptionalBias):
    """Your layer has a bias, but does not add it. Add it in forward unless it is None."""

    def forward(self, inputs):
        return inputs @ self.weight.T


class OptionalBias__left_out_by_default(nn.Module):
    """By default, your layer has no bias. The default is bias=True, and then the layer must have a bias."""

    def __init__(self, in_features, out_features, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__weight_not_transposed(_OptionalBias):
    """Your code multiplied the inputs by the weight without transposing it. Use weight.T, even if the weight is square
    and no error is raised."""

    def forward(self, inputs):
        outputs = inputs @ self.weight
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__kept_in_out(nn.Module):
    """Your weight has shape (in, out). PyTorch stores one row for each output: (out, in)."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(in_features, out_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__ready_made(_OptionalBias):
    """The numbers are right, but your code uses PyTorch's linear layer. Write it by hand: a product, and a sum if
    there is a bias."""

    def forward(self, inputs):
        return nn.functional.linear(inputs, self.weight, self.bias)
