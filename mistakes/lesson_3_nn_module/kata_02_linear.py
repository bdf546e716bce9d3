"""Wrong answers to katas/lesson_3_nn_module/kata_02_linear.py, each with the sentence that corrects the belief."""

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
    """The layer computes, but nobody finds its numbers: a plain tensor on self is no parameter unless made one."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = torch.zeros(out_features, in_features, requires_grad=True)
        self.bias = torch.zeros(out_features, requires_grad=True)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__made_in_every_call(nn.Module):
    """The layer has no numbers that stay from call to call: make them once, in __init__; forward only uses them."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features

    def forward(self, inputs):
        return nn.Linear(self.in_features, self.out_features, device=inputs.device, dtype=inputs.dtype)(inputs)


class Linear__weight_not_turned_round(_Linear):
    """The inputs met the columns of weight, but each output's numbers stand in a row: turn it round. With a square
    weight, this mistake raises no error."""

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Linear__weight_first(_Linear):
    """The rows of weight met the columns of the inputs: that is right for a vector, but in a matrix each row is an
    item, and it is these that the rows of weight must meet."""

    def forward(self, inputs):
        return self.weight @ inputs + self.bias


class Linear__kept_in_out(nn.Module):
    """The weight is kept as in Foundations, a column for each output: PyTorch keeps a row for each, (out, in)."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Linear__dimensions_in_front_melted(_Linear):
    """The dimensions in front came out as one: a layer maps the last dimension, and all others are the batch's."""

    def forward(self, inputs):
        return inputs.reshape(-1, inputs.shape[-1]) @ self.weight.T + self.bias


class Linear__items_flattened(_Linear):
    """Each item was made one long row first: a layer maps the last dimension alone, and leaves those in front alone."""

    def forward(self, inputs):
        return (inputs.flatten(1) if inputs.dim() > 1 else inputs) @ self.weight.T + self.bias


class Linear__inputs_turned_round(_Linear):
    """What works for rows fails with three dimensions: the weight must meet the last, and leave the others alone."""

    def forward(self, inputs):
        return (self.weight @ inputs.T).T + self.bias


class Linear__bias_forgotten(_Linear):
    """The bias is there, but it was not added: every output has a bias of its own."""

    def forward(self, inputs):
        return inputs @ self.weight.T


class Linear__one_bias_for_all(nn.Module):
    """One bias for all outputs is broadcast without a word: every output has a bias of its own."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__started_at_random(nn.Module):
    """These numbers are right in shape, but the parameters were to start at zeros here: random ones come later."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features))
        self.bias = nn.Parameter(torch.randn(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__graph_cut(_Linear):
    """The outputs are right, but no gradient reaches the parameters: compute with them, not with detached numbers."""

    def forward(self, inputs):
        return inputs @ self.weight.data.T + self.bias.data


class Linear__not_tracked(nn.Module):
    """The parameters are there, but not tracked, so that nothing can train them: a layer's parameters are tracked."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(out_features), requires_grad=False)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__ready_made(_Linear):
    """The numbers are right, but PyTorch's own layer was to be left aside here: it is a product and a sum."""

    def forward(self, inputs):
        return nn.functional.linear(inputs, self.weight, self.bias)


class Linear__wrapped(nn.Module):
    """The parameters belong to a layer inside, and their names begin with its name: these two are to be your own."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.layer = nn.Linear(in_features, out_features)
        nn.init.zeros_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)

    def forward(self, inputs):
        return self.layer(inputs)


class _OptionalBias(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__plain_None(nn.Module):
    """A plain tensor took the place of None: the name is kept for a parameter only if None is registered as one."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__no_attribute(nn.Module):
    """Without a bias the attribute is missing, and whoever asks for it gets an error: it must be there, and be None."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.has_bias = bias
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.has_bias else outputs


class OptionalBias__asked_for_its_values(_OptionalBias):
    """A bias of zeros was not added, and so gets no gradient: whether there is a bias is not whether it has values."""

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.bias is not None and self.bias.any() else outputs


class OptionalBias__zeros_instead(nn.Module):
    """A bias of zeros was kept though none was asked for: it is listed and saved, and training would change it."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class OptionalBias__zeros_in_a_buffer(nn.Module):
    """Zeros that are no parameter were kept in place of None: they are saved with the weight, and bias is no None."""

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
    """The sum was taken without a look at the bias: None can't be added to a tensor."""

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class OptionalBias__asked_in_init_alone(_OptionalBias):
    """A bias that was put there later is not added: look in forward at the bias there is, not at what __init__ got."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__(in_features, out_features, bias)
        self.use_bias = bias

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.use_bias else outputs


class OptionalBias__asked_whether_true(_OptionalBias):
    """Whether a tensor is true can't be said when it has several numbers: ask whether it is None."""

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.bias else outputs


class OptionalBias__never_added(_OptionalBias):
    """The bias is listed, but has no say in the outputs: where there is one, it must be added."""

    def forward(self, inputs):
        return inputs @ self.weight.T


class OptionalBias__left_out_unless_asked_for(nn.Module):
    """Who says nothing about the bias gets none: it is to be there by default."""

    def __init__(self, in_features, out_features, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)) if bias else None)

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__weight_not_turned_round(_OptionalBias):
    """The inputs met the columns of weight, but each output's numbers stand in a row: turn it round. With a square
    weight, this mistake raises no error."""

    def forward(self, inputs):
        outputs = inputs @ self.weight
        return outputs if self.bias is None else outputs + self.bias


class OptionalBias__ready_made(_OptionalBias):
    """The numbers are right, but PyTorch's own layer was to be left aside here: it is a product, and maybe a sum."""

    def forward(self, inputs):
        return nn.functional.linear(inputs, self.weight, self.bias)


def _fill(layer, bound, generator):
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def uniform_init__recorded(layer, generator):
    """Autograd refuses to write to a tracked leaf in place: filling a parameter is no step of any computation."""
    bound = layer.weight.shape[1] ** -0.5
    for parameter in layer.parameters():
        parameter.uniform_(-bound, bound, generator=generator)


def uniform_init__number_of_outputs(layer, generator):
    """The bound follows the number of outputs: what adds up in an output is as many products as there are inputs."""
    _fill(layer, layer.weight.shape[0] ** -0.5, generator)


def uniform_init__root_forgotten(layer, generator):
    """The numbers lie within 1 / in, which is too little: the bound is 1 over the root of the number of inputs."""
    _fill(layer, 1 / layer.weight.shape[1], generator)


def uniform_init__never_negative(layer, generator):
    """None of the numbers is below zero: they are to lie between -b and b, and not between 0 and b."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(0, bound, generator=generator)


def uniform_init__normal(layer, generator):
    """Numbers lie beyond the bound, and not evenly, as from a normal distribution: uniform ones fill every part of
    the range alike."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, layer.weight.shape[1] ** -0.5, generator=generator)


def uniform_init__normal_cut_off(layer, generator):
    """All numbers lie within the bound, but more in some parts of the range than in others: uniform ones fill every
    part alike."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, bound / 2, generator=generator).clamp_(-bound, bound)


def uniform_init__between_0_and_1(layer, generator):
    """The numbers lie between 0 and 1, however many inputs there are: the bound is to follow their number."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(generator=generator)


def uniform_init__bias_bound_of_its_own(layer, generator):
    """The bound of the bias follows its own length: the number of inputs gives the bound of both."""
    with torch.no_grad():
        layer.weight.uniform_(-(layer.weight.shape[1] ** -0.5), layer.weight.shape[1] ** -0.5, generator=generator)
        if layer.bias is not None:
            layer.bias.uniform_(-(layer.bias.shape[0] ** -0.5), layer.bias.shape[0] ** -0.5, generator=generator)


def uniform_init__weight_alone(layer, generator):
    """The bias is as it was: where there is one, it is filled too."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)


def uniform_init__bias_taken_for_granted(layer, generator):
    """A layer may have no bias: then the attribute is None, and there is nothing to fill."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        layer.bias.uniform_(-bound, bound, generator=generator)


def uniform_init__None_copied_into(layer, generator):
    """None has no memory to copy into: a layer without a bias has None in its place, which is to be left alone."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in (layer.weight, layer.bias):
            parameter.copy_(
                2 * bound * torch.rand(parameter.shape, generator=generator, device=generator.device) - bound
            )


def uniform_init__data_of_None(layer, generator):
    """None has no data: where a layer has no bias, there is nothing to reach into."""
    bound = layer.weight.shape[1] ** -0.5
    for parameter in (layer.weight, layer.bias):
        parameter.data.uniform_(-bound, bound, generator=generator)


def uniform_init__shape_of_None(layer, generator):
    """None has no shape to draw numbers for: ask first whether the layer has a bias at all."""
    bound = layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in (layer.weight, layer.bias):
            drawn = torch.rand(parameter.shape, generator=generator, device=generator.device)
            parameter.copy_(2 * bound * drawn - bound)


def uniform_init__new_parameters(layer, generator):
    """The numbers are right, but the layer has got new parameters: write into those that it has."""
    bound = layer.weight.shape[1] ** -0.5
    for name, parameter in list(layer.named_parameters()):
        drawn = torch.empty_like(parameter, requires_grad=False).uniform_(-bound, bound, generator=generator)
        setattr(layer, name, nn.Parameter(drawn))


def uniform_init__tensor_assigned(layer, generator):
    """A plain tensor can't take a parameter's place, so an error came: write the numbers into the parameter."""
    bound = layer.weight.shape[1] ** -0.5
    drawn = torch.rand(layer.weight.shape, generator=generator, device=generator.device)
    layer.weight = (2 * drawn - 1) * bound


def uniform_init__generator_forgotten(layer, generator):
    """The numbers came from PyTorch's global generator, so the seed of yours says nothing about them."""
    _fill(layer, layer.weight.shape[1] ** -0.5, None)


def uniform_init__seeded_anew(layer, generator):
    """Every layer gets the same numbers: a generator that is set back to its seed at each use draws them again."""
    generator.manual_seed(generator.initial_seed())
    _fill(layer, layer.weight.shape[1] ** -0.5, generator)


def uniform_init__global_seed_set(layer, generator):
    """Right numbers, but the global generator was seeded to draw them: pass the generator on to whatever draws."""
    torch.manual_seed(torch.randint(1 << 40, (1,), generator=generator, device=generator.device).item())
    _fill(layer, layer.weight.shape[1] ** -0.5, None)


def uniform_init__layer_returned(layer, generator):
    """The layer came back: a function that changes what it is given in place returns nothing here."""
    _fill(layer, layer.weight.shape[1] ** -0.5, generator)
    return layer


def _checked(weight, bias):
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")


def _made(weight, bias):
    sizes = weight.shape[::-1]
    return nn.Linear(*sizes, bias=bias is not None, device=weight.device, dtype=weight.dtype)


def ready_made__copied_without_a_check(weight, bias):
    """Copying broadcasts: one number filled every place of the bias, without a word. Compare the shapes first."""
    layer = _made(weight, bias)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            if bias.dim() > 1 or bias.shape not in ((1,), (), weight.shape[:1]):
                raise ValueError("the bias does not fit")
            layer.bias.copy_(bias)
    return layer


def ready_made__any_shape_put_in(weight, bias):
    """A bias of a wrong shape became the layer's: neither .data nor a new parameter checks shapes, so you must."""
    layer = _made(weight, bias)
    layer.weight = nn.Parameter(weight.detach().clone())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach().clone())
    return layer


def ready_made__left_to_copy(weight, bias):
    """copy_ refuses a bias of a wrong size with a RuntimeError, and broadcasts the rest: a ValueError is asked for."""
    layer = _made(weight, bias)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def ready_made__left_to_load(weight, bias):
    """load_state_dict refuses a bias of another shape, but with a RuntimeError: a ValueError is asked for."""
    layer = _made(weight, bias)
    layer.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return layer


def ready_made__sizes_swapped(weight, bias):
    """The sizes of the weight are (out, in), but a layer is made with the number of inputs first: they are swapped."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape, bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach().clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    return layer


def ready_made__weight_turned_round(weight, bias):
    """The weight was turned round on its way into the layer: a layer keeps it as (out, in), which it is already."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight.data = weight.detach().T.clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    return layer


def ready_made__bias_always_there(weight, bias):
    """No bias was given, and the layer has one all the same: its bias must be None itself, and no Parameter, not
    even one made of None."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach().clone()
    if bias is not None:
        layer.bias.data = bias.detach().clone()
    else:
        layer.bias.data.fill_(float("nan"))
    return layer


def ready_made__shared(weight, bias):
    """The layer stands on the memory of the tensors given: what trains the layer changes them too. Copy the numbers."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight = nn.Parameter(weight.detach())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach())
    return layer


def ready_made__recorded(weight, bias):
    """Autograd refuses to write to a tracked leaf in place: filling a parameter is no step of any computation."""
    _checked(weight, bias)
    layer = _made(weight, bias)
    layer.weight.copy_(weight)
    if bias is not None:
        layer.bias.copy_(bias)
    return layer


def ready_made__default_device(weight, bias):
    """The layer was made on the CPU, wherever the numbers live: a layer is made on a device, as a tensor is."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def ready_made__default_dtype(weight, bias):
    """The layer is in float32, whatever the numbers are: a layer is made in a dtype, and copying does not change it."""
    _checked(weight, bias)
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def _linear(weight, bias):
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer


def from_foundations__copied_as_it_is(weights, biases):
    """A layer keeps (out, in), so (in, out) can't be copied into it, but for a square, where it is silently wrong."""
    layer = nn.Linear(*weights.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights))
        layer.bias.copy_(torch.from_numpy(biases))
    return layer


def from_foundations__shape_never_checked(weights, biases):
    """The layer has a weight of (in, out), and nothing refuses it before the first call: turn it round, check it."""
    layer = nn.Linear(*weights.shape)
    layer.weight.data = torch.tensor(weights, dtype=torch.float32)
    layer.bias.data = torch.tensor(biases, dtype=torch.float32)
    return layer


def from_foundations__sizes_swapped(weights, biases):
    """The layer takes as many inputs as there were outputs: weights is (in, out), and a layer's weight (out, in)."""
    layer = nn.Linear(*weights.shape[::-1])
    layer.weight.data = torch.tensor(weights, dtype=torch.float32)
    layer.bias.data = torch.tensor(biases, dtype=torch.float32)
    return layer


def from_foundations__reshaped(weights, biases):
    """The shape is right, but the numbers stand elsewhere: a reshape keeps their order, turning round changes it."""
    return _linear(torch.tensor(weights).reshape(weights.shape[::-1]), torch.tensor(biases))


def from_foundations__float64(weights, biases):
    """The layer is in float64, as NumPy's numbers are: inputs in PyTorch are float32 unless told otherwise."""
    return _linear(torch.tensor(weights.T), torch.tensor(biases)).double()


def from_foundations__shared(weights, biases):
    """Float32 numbers were not copied, so the layer stands on the arrays' memory: it must own what it is made of."""
    layer = nn.Linear(*weights.shape)
    layer.weight = nn.Parameter(torch.from_numpy(weights.T).float())
    layer.bias = nn.Parameter(torch.from_numpy(biases).float())
    return layer


def from_foundations__biases_not_held_by(weights, biases):
    """The layer has no bias: what was added in NumPy must be added here too."""
    layer = nn.Linear(*weights.shape, bias=False)
    layer.weight = nn.Parameter(torch.tensor(weights.T, dtype=torch.float32))
    return layer


def _through(layers, inputs, spread):
    spreads = []
    with torch.no_grad():
        for layer in layers:
            inputs = layer(inputs)
            spreads.append(spread(inputs))
    return spreads


def spread_through__one_less(layers, inputs):
    """These are a little too large: torch divides by n - 1 unless told otherwise, and NumPy by n."""
    return _through(layers, inputs, lambda outputs: outputs.std().item())


def spread_through__tensors(layers, inputs):
    """The list holds tensors: a tensor of one number is no Python float until you take the number out of it."""
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0))


def spread_through__variance(layers, inputs):
    """These are the squares of what is asked for, or nearly: the standard deviation is the root of the variance."""
    return _through(layers, inputs, lambda outputs: outputs.var(correction=0).item())


def spread_through__around_zero(layers, inputs):
    """The sizes were measured from zero: a standard deviation is measured from the mean of the numbers."""
    return _through(layers, inputs, lambda outputs: outputs.square().mean().sqrt().item())


def spread_through__by_column(layers, inputs):
    """Each output was measured by itself, and then the mean was taken: all numbers together have one spread."""
    return _through(layers, inputs, lambda outputs: outputs.std(dim=0, correction=0).mean().item())


def spread_through__by_row(layers, inputs):
    """Each row was measured by itself, and then the mean was taken: all numbers together have one spread."""
    return _through(layers, inputs, lambda outputs: outputs.std(dim=-1, correction=0).mean().item())


def spread_through__same_inputs_for_all(layers, inputs):
    """Each layer was given the first inputs: it is to be given what the layer before it returned."""
    with torch.no_grad():
        return [layer(inputs).std(correction=0).item() for layer in layers]


def spread_through__inputs_too(layers, inputs):
    """The spread of the inputs came first: the list is to begin behind the first layer, with one float for each."""
    return [
        inputs.std(correction=0).item(),
        *_through(layers, inputs, lambda outputs: outputs.std(correction=0).item()),
    ]


def spread_through__last_alone(layers, inputs):
    """Only the last layer was measured: the list has a float for each of them."""
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())[-1:]


def spread_through__recorded(layers, inputs):
    """The numbers are right, but autograd recorded all the layers: you only look, and no gradient is asked for."""
    spreads = []
    for layer in layers:
        inputs = layer(inputs)
        spreads.append(inputs.std(correction=0).item())
    return spreads


def spread_through__switched_off_for_good(layers, inputs):
    """Recording was switched off and never on again, for the whole program: use a block, which puts it back."""
    torch.set_grad_enabled(False)
    return _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())


def spread_through__switched_on_again(layers, inputs):
    """Recording is on afterwards though it was off before: what you switch off must be put back, not switched on."""
    torch.set_grad_enabled(False)
    spreads = _through(layers, inputs, lambda outputs: outputs.std(correction=0).item())
    torch.set_grad_enabled(True)
    return spreads


def spread_through__from_the_start_each_time(layers, inputs):
    """The numbers are right, but the first layers ran again for each later one: carry on from what you have."""
    spreads = []
    with torch.no_grad():
        for count in range(1, len(layers) + 1):
            spreads.append(nn.Sequential(*layers[:count])(inputs).std(correction=0).item())
    return spreads
