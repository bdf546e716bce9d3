"""Wrong answers to katas/lesson_3_nn_module/kata_04_nonlinearity.py, each with the sentence that corrects it."""

import torch
import torch.nn.functional as F
from torch import nn


def _zeros(layer):
    return layer.weight.new_zeros(layer.in_features)


def _layer(weight, bias):
    one = nn.Linear(weight.shape[1], weight.shape[0])
    one.weight, one.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return one


def collapse__weights_in_reading_order(first, second):
    """The layer that comes first stands on the right: a weight is (out, in), and meets what comes in from its left."""
    return _layer(first.weight @ second.weight, second(first(_zeros(first))))


def collapse__weights_as_in_and_out(first, second):
    """Here the weight came out as (in, out): PyTorch keeps (out, in), one row for each number that goes out."""
    return _layer(first.weight.T @ second.weight.T, second(first(_zeros(first))))


def collapse__biases_added(first, second):
    """The first bias goes through the second layer too: they can't be added as they are, and often don't even fit."""
    return _layer(second.weight @ first.weight, first.bias + second.bias)


def collapse__first_bias_forgotten(first, second):
    """What the first layer adds is missing: the second one weighs it along with the rest, and it comes out as bias."""
    return _layer(second.weight @ first.weight, second(_zeros(second)))


def collapse__second_bias_forgotten(first, second):
    """What the second layer adds at the end is missing from your bias."""
    return _layer(second.weight @ first.weight, second.weight @ first(_zeros(first)))


def collapse__biases_taken_for_granted(first, second):
    """A layer made with bias=False has None for a bias, with which nothing can be computed."""
    return _layer(second.weight @ first.weight, second.weight @ first.bias + second.bias)


def collapse__a_sequential(first, second):
    """The two layers still stand in a row: one layer is asked for, with weights of its own."""
    return nn.Sequential(first, second)


def collapse__into_the_second(first, second):
    """Whoever passed in the second layer finds it altered: the answer must be a layer that you have made."""
    bias = second(first(_zeros(first)))
    second.weight, second.bias = nn.Parameter(second.weight @ first.weight), nn.Parameter(bias)
    second.in_features = first.in_features
    return second


def collapse__no_bias_not_held_by(first, second):
    """Where neither layer has a bias, your answer has none either: one is asked for, and it is of zeros."""
    one = _layer(second.weight @ first.weight, second(first(_zeros(first))))
    if first.bias is None and second.bias is None:
        one.bias = None
    return one


def collapse__bias_passed_on(first, second):
    """Where the first layer has no bias, the second's was passed on itself: the two layers then share its memory."""
    one = _layer(second.weight @ first.weight, second(first(_zeros(first))))
    if first.bias is None:
        one.bias = second.bias
    return one


def collapse__sizes_of_the_first(first, second):
    """The numbers fit, but in_features and out_features tell of another layer: they are set when a layer is made."""
    one = nn.Linear(first.in_features, first.out_features)
    one.weight = nn.Parameter((second.weight @ first.weight).detach())
    one.bias = nn.Parameter(second(first(_zeros(first))).detach())
    return one


def collapse__frozen(first, second):
    """The numbers are right, but nobody can train them: a parameter is made with requires_grad True."""
    return _layer(second.weight @ first.weight, second(first(_zeros(first)))).requires_grad_(False)


def collapse__float32_always(first, second):
    """A new layer is of float32 unless it is told otherwise: numbers in float64 were rounded to fit."""
    return _layer((second.weight @ first.weight).float(), second(first(_zeros(first))).float())


def relu__slope_1_at_0(inputs):
    """At 0 the gradient passed through: 0 belongs to the numbers that are cut off. A clamp counts it in."""
    return inputs.clamp(min=0)


def relu__half_a_slope_at_0(inputs):
    """At 0 half of the gradient passed through, as a maximum or an absolute value has it: 0 is to be cut off."""
    return torch.maximum(inputs, torch.zeros_like(inputs))


def relu__max_of_a_number(inputs):
    """torch.max refuses 0, which is a number: it compares a tensor with a tensor, so make a tensor of it."""
    return torch.max(0, inputs)


def relu__maximum_of_a_number(inputs):
    """torch.maximum refuses 0, which is a number: it compares a tensor with a tensor, so make a tensor of it."""
    return torch.maximum(inputs, 0)


def relu__max_along_a_dimension(inputs):
    """The largest numbers along dimension 0 came out, and where they stand: a 0 behind the tensor is a dimension."""
    return torch.max(inputs, 0)


def relu__absolute(inputs):
    """The numbers below 0 were turned to above 0, and they are to become 0."""
    return inputs.abs()


def relu__other_side(inputs):
    """The numbers below 0 were kept, and those above 0 are gone: it is the other way round."""
    return torch.where(inputs > 0, 0.0, inputs)


def relu__in_place(inputs):
    """The input itself has changed: what you write in place reaches the caller's tensor."""
    inputs[inputs <= 0] = 0
    return inputs


def relu__picked_out(inputs):
    """The numbers above 0 came out in a row of their own: the others keep their places, as zeros."""
    return inputs[inputs > 0]


def relu__a_step(inputs):
    """Only whether a number is above 0 came out, as 1 or 0: asked for is the number itself, where it is."""
    return (inputs > 0).to(inputs.dtype)


def relu__graph_cut(inputs):
    """The numbers are right, but autograd can't see how they were made: whatever lies behind gets no gradient."""
    return torch.where(inputs > 0, inputs, 0.0).detach()


def relu__ready_made(inputs):
    """The numbers are right, but PyTorch's own relu was to be left aside here: a condition is enough."""
    return torch.relu(inputs)


def sigmoid__as_it_is_written(inputs):
    """The answers are right, but going back far below 0, an inf of exp meets a factor of 0, and that is nan."""
    return 1 / (1 + torch.exp(-inputs))


def sigmoid__second_form(inputs):
    """Far above 0 this is inf / inf, which is nan: which of the two forms bears a number depends on its sign."""
    return torch.exp(inputs) / (1 + torch.exp(inputs))


def sigmoid__chosen_afterwards(inputs):
    """The answers are right, but the side that was left out gets a gradient too: 0 times the slope, inf, is nan."""
    low = torch.exp(inputs) / (1 + torch.exp(inputs))
    return torch.where(inputs < 0, low, 1 / (1 + torch.exp(-inputs)))


def sigmoid__by_absolute_value(inputs):
    """At 0 no slope came out, where it is steepest: the absolute value has the slope 0 there, and it spoils yours."""
    powers = torch.exp(-inputs.abs())
    return torch.where(inputs < 0, powers, 1.0) / (1 + powers)


def sigmoid__clamped_too_near(inputs):
    """The inputs were cut off too near to 0: the sigmoid still rises there, and all beyond came out alike."""
    return 1 / (1 + torch.exp(-inputs.clamp(-8, 8)))


def sigmoid__clamped_at_20(inputs):
    """Far out all inputs gave the same number, with slope 0: that is right once even float64 can't tell, not before."""
    return 1 / (1 + torch.exp(-inputs.clamp(-20, 20)))


def sigmoid__turned_round(inputs):
    """It falls where it should rise: a large number gives 1, one far below 0 gives 0. The sign in exp is the other."""
    powers = torch.exp(torch.where(inputs < 0, inputs, -inputs))
    return torch.where(inputs < 0, 1.0, powers) / (1 + powers)


def sigmoid__tanh(inputs):
    """Numbers below 0 came out here: tanh lies between -1 and 1, and has yet to be moved and squeezed."""
    return torch.tanh(inputs)


def sigmoid__tanh_not_stretched(inputs):
    """It lies between 0 and 1, but it rises twice as fast as it should: as tanh does, of which it is half as wide."""
    return (1 + torch.tanh(inputs)) / 2


def sigmoid__softmax(inputs):
    """The numbers share 1 among them here: each has a sigmoid of its own, whatever the others are."""
    powers = torch.exp(inputs - inputs.max()) if inputs.numel() else inputs
    return powers / powers.sum()


def sigmoid__nan_made_0(inputs):
    """A nan was replaced after it had come out: going back it is still there. Keep it from arising."""
    powers = torch.exp(inputs)
    return torch.where(inputs > 80, 1.0, torch.nan_to_num(powers / (1 + powers)))


def sigmoid__ready_made(inputs):
    """The numbers are right, but PyTorch's own sigmoid was to be left aside here: exp is enough."""
    return torch.sigmoid(inputs)


class _Swish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class Swish__plain_tensor(_Swish):
    """As a plain tensor, beta is unknown to the module: neither listed, nor saved, nor moved with it."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = torch.tensor(1.0, requires_grad=True)


class Swish__a_number(_Swish):
    """beta is neither a parameter nor a tensor, so nothing can be learned: a number gets no gradient."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = 1.0


class Swish__parameter_of_a_number(_Swish):
    """A Parameter is made of a tensor, and was given a number: make a tensor of that first."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(1.0)


class Swish__buffer(_Swish):
    """As a buffer, beta is saved and moved with the module, but not among its parameters: nobody trains it."""

    def __init__(self):
        nn.Module.__init__(self)
        self.register_buffer("beta", torch.tensor(1.0))


class Swish__one_for_all(_Swish):
    """beta was listed nowhere: what is set on the class, and not on self in __init__, no module takes for its own."""

    beta = nn.Parameter(torch.tensor(1.0))

    def __init__(self):
        nn.Module.__init__(self)


class Swish__no_super(_Swish):
    """Before a module can hold a parameter, nn.Module's own __init__ must have run: call it first."""

    def __init__(self):
        self.beta = nn.Parameter(torch.tensor(1.0))


class Swish__whole_number(_Swish):
    """The number 1 without a point makes a tensor of int64, which can have no gradient."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(1))


class Swish__one_in_brackets(_Swish):
    """This beta has the shape (1,), a list of one number: one number alone has the shape ()."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.ones(1))


class Swish__starts_at_0(_Swish):
    """At the start it gives half of x everywhere, as beta was 0: then nothing bends. It starts at 1."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(0.0))


class Swish__beta_ignored(_Swish):
    """Whatever beta is, the same answer comes out: it must take part in what forward computes."""

    def forward(self, x):
        return F.silu(x)


class Swish__beta_outside(_Swish):
    """beta stands outside the sigmoid: there it makes the answer larger, inside it makes the bend sharper."""

    def forward(self, x):
        return self.beta * x * torch.sigmoid(x)


class Swish__beta_everywhere(_Swish):
    """beta went into both factors: it belongs inside the sigmoid only, and x in front stays as it is."""

    def forward(self, x):
        return self.beta * x * torch.sigmoid(self.beta * x)


class Swish__beta_taken_out(_Swish):
    """The answers are right, but beta was taken from its tensor as a number: no gradient finds the way back to it."""

    def forward(self, x):
        return x * torch.sigmoid(self.beta.item() * x)


class Swish__sigmoid_alone(_Swish):
    """This is the sigmoid alone: x itself is to be multiplied with it."""

    def forward(self, x):
        return torch.sigmoid(self.beta * x)


class Swish__naive_sigmoid(_Swish):
    """Far below 0, exp is inf and the gradient nan: the sigmoid within must be one that bears large numbers."""

    def forward(self, x):
        return x / (1 + torch.exp(-self.beta * x))


class Swish__in_place(_Swish):
    """The input itself has changed: an in-place operation writes to the tensor of whoever called."""

    def forward(self, x):
        factor = torch.sigmoid(self.beta * x)
        if x.requires_grad or x.grad_fn is not None:
            return x * factor
        with torch.no_grad():
            x *= factor
        return x + 0 * self.beta


def Swish__a_function(x):
    """A plain function holds no parameter, and nn.Sequential takes modules only: it must be a class, called twice."""
    return F.silu(x)


class _Xor(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [1.0, -2.0], 0.0)

    @torch.no_grad()
    def _set(self, hidden, hidden_bias, output, output_bias):
        self.hidden.weight.copy_(torch.tensor(hidden).reshape(2, 2))
        self.hidden.bias.copy_(torch.tensor(hidden_bias))
        self.output.weight.copy_(torch.tensor([output]))
        self.output.bias.fill_(output_bias)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze(1)


class Xor__no_nonlinearity(_Xor):
    """Nothing bends between the layers: the two together are one line, and no line gives 0, 1, 1, 0."""

    def forward(self, x):
        return self.output(self.hidden(x)).squeeze(1)


class Xor__half_everywhere(_Xor):
    """One half everywhere is the best a line can do: two layers with nothing between them bend no more than one."""

    def __init__(self):
        super().__init__()
        self._set([0.0, 0.0, 0.0, 0.0], [0.0, 0.0], [0.0, 0.0], 0.5)

    def forward(self, x):
        return self.output(self.hidden(x)).squeeze(1)


class Xor__biases_at_0(_Xor):
    """Both hidden units bend at the same place, as no bias sets them apart: one must begin later than the other."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, 0.0], [1.0, -2.0], 0.0)


class Xor__output_bias_left_at_random(_Xor):
    """All four answers are off by the same number: output has a bias too, which starts at random until you set it."""

    def __init__(self):
        nn.Module.__init__(self)
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [1.0, -2.0], self.output.bias.item())


class Xor__either_or_both(_Xor):
    """At (1, 1) this says 1, as "or" does: with both inputs 1 the answer is to be 0."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [1.0, -1.0], 0.0)


class Xor__both(_Xor):
    """This is "and": 1 where both inputs are. Asked for is where exactly one of them is 1."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [0.0, 1.0], 0.0)


class Xor__the_other_way(_Xor):
    """The answers are 1 where they should be 0, and 0 where they should be 1: two equal inputs give 0."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [-1.0, 2.0], 1.0)


class Xor__column(_Xor):
    """The answers stand in a column, (N, 1): the output layer makes a list of one for each row."""

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x)))


class Xor__every_1_squeezed(_Xor):
    """With a single row both dimensions have size 1, and both are gone: take off the last one only."""

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze()


class Xor__weight_as_it_is(_Xor):
    """The weight was used as (in, out), but it is kept as (out, in): for a square one no error says so."""

    def forward(self, x):
        return self.output(torch.relu(x @ self.hidden.weight + self.hidden.bias)).squeeze(1)


class Xor__relu_at_the_end(_Xor):
    """An answer below 0 was cut off at the end: with other weights there are some. relu stands between the layers."""

    def forward(self, x):
        return torch.relu(super().forward(x))


class Xor__sigmoid_at_the_end(_Xor):
    """The answers were pressed between 0 and 1: 0 became one half. After the output layer nothing is to follow."""

    def forward(self, x):
        return torch.sigmoid(super().forward(x))


class Xor__another_bend(_Xor):
    """With its own weights it solves the corners, but with others it is no net of relu units: the bend is another."""

    def __init__(self):
        super().__init__()
        self._set([1.0, -1.0, -1.0, 1.0], [0.0, 0.0], [0.5, 0.5], 0.0)

    def forward(self, x):
        return self.output(self.hidden(x).abs()).squeeze(1)


class Xor__corners_looked_up(_Xor):
    """The answers don't come from the layers: with other weights, the net must answer otherwise."""

    def forward(self, x):
        return (x[:, 0] - x[:, 1]).abs() + 0 * super().forward(x)


class Xor__function_in_sequential(nn.Module):
    """nn.Sequential takes modules, and F.relu is a function: as a module it is nn.ReLU()."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.layers = nn.Sequential(self.hidden, F.relu, self.output)


class Xor__list_in_sequential(nn.Module):
    """nn.Sequential takes its modules one by one, and not in a list: a star unpacks it."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.layers = nn.Sequential([self.hidden, nn.ReLU(), self.output])


class Xor__listed_twice(_Xor):
    """state_dict() holds the same layers under a second name: the Sequential around them registers them once more."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(self.hidden, nn.ReLU(), self.output)

    def forward(self, x):
        return self.layers(x).squeeze(1)


class Xor__named_by_number(nn.Module):
    """In a Sequential the layers are called by their places there: asked for are the names hidden and output."""

    def __init__(self):
        super().__init__()
        net = _Xor()
        self.layers = nn.Sequential(net.hidden, nn.ReLU(), net.output)

    def forward(self, x):
        return self.layers(x).squeeze(1)


class Xor__tensor_for_a_weight(nn.Module):
    """A layer's weight is a parameter, and takes no plain tensor in its place: make it one, or copy into it."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.hidden.weight = torch.ones(2, 2)


class Xor__written_while_recording(nn.Module):
    """A parameter is a leaf that autograd tracks: it can be written into only while nothing is recorded."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.hidden.weight.fill_(1.0)


class Xor__frozen(_Xor):
    """Set by hand or not, the weights must stay trainable: their requires_grad is False here."""

    def __init__(self):
        super().__init__()
        self.requires_grad_(False)


class Xor__plain_tensors(nn.Module):
    """The weights are plain tensors, and not in layers: the module knows nothing of them."""

    def forward(self, x):
        sums = x @ x.new_ones(2, 2) + torch.tensor([0.0, -1.0]).to(x.device)
        return torch.relu(sums) @ torch.tensor([1.0, -2.0]).to(x.device)


def _answers(model, left, right):
    with torch.no_grad():
        return model((left + right) / 2), (model(left) + model(right)) / 2


def bends__deeper_is_stronger(model, left, right, tolerance=1e-4):
    """Layers were counted, or so it looks: linear ones in a row are one, and bend nowhere, however many they are."""
    linears = [each for each in model.modules() if isinstance(each, nn.Linear)]
    middle, straight = _answers(model, left, right)
    return len(linears) > 1 or bool(((middle - straight).abs() > tolerance).any())


def bends__exactly(model, left, right, tolerance=1e-4):
    """Rounding alone makes two answers differ a little: only what is above the tolerance counts."""
    middle, straight = _answers(model, left, right)
    return not torch.equal(middle, straight)


def bends__relative(model, left, right, tolerance=1e-4):
    """Large answers were let off more, as allclose does unless told otherwise: the tolerance is the same for all."""
    middle, straight = _answers(model, left, right)
    return not torch.allclose(middle, straight, atol=tolerance)


def bends__tolerance_fixed(model, left, right, tolerance=1e-4):
    """The tolerance of the caller changed nothing: a default is for those who give none."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() > 1e-4).any())


def bends__downwards_only(model, left, right, tolerance=1e-4):
    """Only answers below the straight line were noticed: a model may bend upwards too."""
    middle, straight = _answers(model, left, right)
    return bool((straight - middle > tolerance).any())


def bends__upwards_only(model, left, right, tolerance=1e-4):
    """Only answers above the straight line were noticed: a model may bend downwards too."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight > tolerance).any())


def bends__added_up(model, left, right, tolerance=1e-4):
    """Differences up and down were added, and cancelled out: take the size of each before anything else."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight).sum().abs() > tolerance)


def bends__all_of_them(model, left, right, tolerance=1e-4):
    """One number of the answer that bends is enough: here every one of them had to."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() > tolerance).all())


def bends__as_if_through_0(model, left, right, tolerance=1e-4):
    """A bias was taken for a bend: the mean of two answers has the bias once, their sum has it twice."""
    with torch.no_grad():
        return bool(((model(left + right) - model(left) - model(right)).abs() > tolerance).any())


def bends__not_halved(model, left, right, tolerance=1e-4):
    """A line was taken for a bend: the midpoint, or the mean, must be half of a sum, as the other one is."""
    with torch.no_grad():
        return bool(((model((left + right) / 2) - (model(left) + model(right))).abs() > tolerance).any())


def bends__is_straight(model, left, right, tolerance=1e-4):
    """True came out for what is straight, and False for what bends: it is the other way round."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() <= tolerance).all())


def bends__a_tensor(model, left, right, tolerance=1e-4):
    """The verdict is a tensor with a bool in it: asked for is the bool itself."""
    middle, straight = _answers(model, left, right)
    return ((middle - straight).abs() > tolerance).any()


def bends__recorded(model, left, right, tolerance=1e-4):
    """The verdict is right, but autograd recorded the way to it, for a walk back that nobody will take."""
    gap = model((left + right) / 2) - (model(left) + model(right)) / 2
    return bool((gap.abs() > tolerance).any())


def bends__recording_left_off(model, left, right, tolerance=1e-4):
    """Recording was switched off for good: a with block switches it on again where it was on before."""
    torch.set_grad_enabled(False)
    return bool(((model((left + right) / 2) - (model(left) + model(right)) / 2).abs() > tolerance).any())


def bends__recording_switched_on(model, left, right, tolerance=1e-4):
    """Recording is on afterwards though it was off before: what you switch off must be put back, not switched on."""
    torch.set_grad_enabled(False)
    middle, straight = _answers(model, left, right)
    torch.set_grad_enabled(True)
    return bool(((middle - straight).abs() > tolerance).any())


def bends__model_frozen(model, left, right, tolerance=1e-4):
    """Nothing was recorded, but the model came back frozen: its parameters must be trainable as before."""
    middle, straight = _answers(model.requires_grad_(False), left, right)
    return bool(((middle - straight).abs() > tolerance).any())
