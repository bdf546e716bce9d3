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


def collapse__weights_in_the_wrong_order(first, second):
    """Your product has the two weights in the wrong order. The weight of the first layer stands on the right, next
    to x."""
    return _layer(first.weight @ second.weight, second(first(_zeros(first))))


def collapse__weights_as_in_and_out(first, second):
    """Your weight has shape (in, out). PyTorch stores one row for each output: (out, in)."""
    return _layer(first.weight.T @ second.weight.T, second(first(_zeros(first))))


def collapse__biases_added(first, second):
    """You added the two biases as they are. Multiply the first bias by the weight of the second layer before you add
    it."""
    return _layer(second.weight @ first.weight, first.bias + second.bias)


def collapse__first_bias_forgotten(first, second):
    """Your bias lacks the first layer's part. The second layer multiplies the first bias by its weight."""
    return _layer(second.weight @ first.weight, second(_zeros(second)))


def collapse__first_bias_summed(first, second):
    """Your bias contains the sum of the first bias. The second layer multiplies the first bias by its weight: W2 @
    b1."""
    if first.bias is None:
        return _layer(second.weight @ first.weight, second(_zeros(second)))
    return _layer(second.weight @ first.weight, second(_zeros(second)) + first.bias.sum())


def collapse__second_bias_forgotten(first, second):
    """Your bias lacks the bias of the second layer. Add it at the end."""
    return _layer(second.weight @ first.weight, second.weight @ first(_zeros(first)))


def collapse__random_bias_kept(first, second):
    """If second has no bias, your bias contains random initial values of nn.Linear. Replace the whole bias."""
    one = nn.Linear(first.in_features, second.out_features, dtype=first.weight.dtype, device=first.weight.device)
    with torch.no_grad():
        one.weight.copy_(second.weight @ first.weight)
        if second.bias is not None:
            one.bias.copy_(second.bias)
        elif first.bias is None:
            one.bias.zero_()
        if first.bias is not None:
            one.bias += second.weight @ first.bias
    return one


def collapse__computed_with_None(first, second):
    """Your code computes with a bias that is None. Treat a missing bias like zeros."""
    return _layer(second.weight @ first.weight, second.weight @ first.bias + second.bias)


def collapse__a_sequential(first, second):
    """You returned the two layers in a row. Return one nn.Linear with a new weight and bias."""
    return nn.Sequential(first, second)


def collapse__into_the_second(first, second):
    """You changed one of the given layers. Make a new nn.Linear and leave both unchanged."""
    bias = second(first(_zeros(first)))
    second.weight, second.bias = nn.Parameter(second.weight @ first.weight), nn.Parameter(bias)
    second.in_features = first.in_features
    return second


def collapse__no_bias(first, second):
    """If neither layer has a bias, your result has none either. It must have a bias of zeros."""
    one = _layer(second.weight @ first.weight, second(first(_zeros(first))))
    if first.bias is None and second.bias is None:
        one.bias = None
    return one


def collapse__bias_left_at_random(first, second):
    """Your bias still has random initial values. Set it to what the two biases add to the result."""
    one = nn.Linear(first.in_features, second.out_features).to(first.weight)
    with torch.no_grad():
        one.weight.copy_(second.weight @ first.weight)
    return one


def collapse__bias_at_random_if_one_is_missing(first, second):
    """If only one layer has a bias, your bias keeps its random initial values. Set it to what this one bias adds to the
    result."""
    one = nn.Linear(first.in_features, second.out_features).to(first.weight)
    with torch.no_grad():
        one.weight.copy_(second.weight @ first.weight)
        if first.bias is not None and second.bias is not None:
            one.bias.copy_(second(first(_zeros(first))))
    return one


def collapse__never_a_bias(first, second):
    """Your layer has no bias. Make it with a bias, and set this to what the two biases add to the result."""
    one = nn.Linear(first.in_features, second.out_features, bias=False)
    one.weight = nn.Parameter((second.weight @ first.weight).detach())
    return one


def collapse__bias_shared(first, second):
    """Your bias shares memory with the second layer's bias if the first layer has none. Copy it."""
    one = _layer(second.weight @ first.weight, second(first(_zeros(first))))
    if first.bias is None:
        one.bias = second.bias
    return one


def collapse__sizes_of_the_first(first, second):
    """The numbers are right, but in_features or out_features is not. Make the layer with first.in_features and
    second.out_features."""
    one = nn.Linear(first.in_features, first.out_features)
    one.weight = nn.Parameter((second.weight @ first.weight).detach())
    one.bias = nn.Parameter(second(first(_zeros(first))).detach())
    return one


def collapse__frozen(first, second):
    """The numbers are right, but a parameter does not require grad, so it can't be trained. nn.Parameter(tensor)
    requires grad by default."""
    return _layer(second.weight @ first.weight, second(first(_zeros(first)))).requires_grad_(False)


def collapse__float32_always(first, second):
    """Your layer is float32, although the given layers are float64. Make it with their dtype."""
    return _layer((second.weight @ first.weight).float(), second(first(_zeros(first))).float())


def collapse__graph_kept(first, second):
    """A weight or bias of your layer is not a leaf tensor. Copy the values into the layer's own parameters, without a
    graph."""
    one = nn.Linear(first.in_features, second.out_features, dtype=first.weight.dtype)
    del one.weight, one.bias
    one.weight, one.bias = second.weight @ first.weight, second(first(_zeros(first)))
    return one


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
    """Your net has no bend between the layers, so it is one linear layer. Apply relu to the result of hidden."""

    def forward(self, x):
        return self.output(self.hidden(x)).squeeze(1)


class Xor__relu_after_the_output(_Xor):
    """Your code applies relu to the output instead of the hidden units. Apply it between the two layers."""

    def forward(self, x):
        return torch.relu(self.output(self.hidden(x))).squeeze(1)


class Xor__relu_of_the_inputs(_Xor):
    """Your code applies relu to x, and there is no bend between the layers. Apply relu to the result of hidden."""

    def forward(self, x):
        return self.output(self.hidden(torch.relu(x))).squeeze(1)


class Xor__sigmoid_between(_Xor):
    """Your code applies sigmoid between the two layers. Apply relu there."""

    def __init__(self):
        super().__init__()
        self._set([100.0, 100.0, -100.0, -100.0], [-50.0, 150.0], [1.0, 1.0], -1.0)

    def forward(self, x):
        return self.output(torch.sigmoid(self.hidden(x))).squeeze(1)


class Xor__tanh_between(_Xor):
    """Your code applies tanh between the two layers. Apply relu there."""

    def __init__(self):
        super().__init__()
        self._set([100.0, 100.0, -100.0, -100.0], [-50.0, 150.0], [0.5, 0.5], 0.0)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(x))).squeeze(1)


class Xor__step_at_the_end(_Xor):
    """With other weights, your results never leave the range from 0 to 1. Return the numbers of the output layer."""

    def forward(self, x):
        return (super().forward(x) > 0.5).to(x.dtype)


class Xor__start_values_of_PyTorch(nn.Module):
    """Your results are not those of xor, because the layers start at random. Set weights and biases in __init__."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze(1)


class Xor__biases_at_0(_Xor):
    """Your results are minus the number of ones, so no bend shows. Let the two hidden units bend at different
    places."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, 0.0], [1.0, -2.0], 0.0)


class Xor__output_bias_left_at_random(_Xor):
    """All four results are off by the same number. The bias of output adds the same number to each, so set it."""

    def __init__(self):
        nn.Module.__init__(self)
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [1.0, -2.0], self.output.bias.item())


class Xor__either_or_both(_Xor):
    """Your net returns 1 for (1, 1), so it computes "or". It must return 0 there."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [1.0, -1.0], 0.0)


class Xor__both(_Xor):
    """Your net computes "and": 1 if both inputs are 1. It must return 1 if exactly one is 1."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [0.0, 1.0], 0.0)


class Xor__the_other_way(_Xor):
    """Your net returns 1 where it must return 0, and 0 where it must return 1. Return 0 for equal inputs."""

    def __init__(self):
        super().__init__()
        self._set([1.0, 1.0, 1.0, 1.0], [0.0, -1.0], [-1.0, 2.0], 1.0)


class Xor__column(_Xor):
    """Your result has shape (N, 1). Remove the last dimension."""

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x)))


class Xor__every_1_squeezed(_Xor):
    """For a single row, your result has shape (). Remove only the last dimension."""

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze()


class Xor__first_row_only(_Xor):
    """Your result has one entry, whatever N is. [0] takes the first row, and [:, 0] takes the only column."""

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x)))[0]


class Xor__weight_as_it_is(_Xor):
    """Your code uses the hidden weight as (in, out), but it is (out, in). Call the layer instead."""

    def forward(self, x):
        return self.output(torch.relu(x @ self.hidden.weight + self.hidden.bias)).squeeze(1)


class Xor__relu_at_the_end(_Xor):
    """With other weights, your net has no negative results. Apply relu only between the layers."""

    def forward(self, x):
        return torch.relu(super().forward(x))


class Xor__sigmoid_at_the_end(_Xor):
    """Your results are sigmoids of the right numbers. Nothing follows the output layer."""

    def forward(self, x):
        return torch.sigmoid(super().forward(x))


class Xor__another_bend(_Xor):
    """With other weights, your net does not compute output(relu(hidden(x))). Apply relu, and nothing else, between the
    two layers."""

    def __init__(self):
        super().__init__()
        self._set([1.0, -1.0, -1.0, 1.0], [0.0, 0.0], [0.5, 0.5], 0.0)

    def forward(self, x):
        return self.output(self.hidden(x).abs()).squeeze(1)


class Xor__results_without_the_layers(_Xor):
    """Your results do not follow the current weights. Set the weights only in __init__, and compute
    output(relu(hidden(x)))."""

    def forward(self, x):
        return (x[:, 0] - x[:, 1]).abs() + 0 * super().forward(x)


class Xor__function_in_sequential(nn.Module):
    """nn.Sequential accepts only modules, and F.relu is a function. The module is nn.ReLU()."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.layers = nn.Sequential(self.hidden, F.relu, self.output)


class Xor__list_in_sequential(nn.Module):
    """nn.Sequential accepts modules one by one, not a list. Write a star before the list."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.layers = nn.Sequential([self.hidden, nn.ReLU(), self.output])


class Xor__listed_twice(_Xor):
    """state_dict() lists the two layers under a second name too. Register each layer once."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(self.hidden, nn.ReLU(), self.output)

    def forward(self, x):
        return self.layers(x).squeeze(1)


class Xor__named_by_number(nn.Module):
    """Your net has no attribute hidden. Assign the two nn.Linear layers to self.hidden and self.output."""

    def __init__(self):
        super().__init__()
        net = _Xor()
        self.layers = nn.Sequential(net.hidden, nn.ReLU(), net.output)

    def forward(self, x):
        return self.layers(x).squeeze(1)


class Xor__tensor_for_a_weight(nn.Module):
    """You assigned a tensor to a layer's weight, which must be an nn.Parameter. Copy the values into the weight."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.hidden.weight = torch.ones(2, 2)


class Xor__output_weight_flat(_Xor):
    """The weight of output must have one row, for its one output. Write two pairs of brackets:
    torch.tensor([[…, …]])."""

    def __init__(self):
        super().__init__()
        self.output.weight.data = self.output.weight.data[0]


class Xor__no_biases(nn.Module):
    """A layer of yours has no bias. Leave out bias=False, even if the bias is 0."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2, bias=False)
        self.output = nn.Linear(2, 1, bias=False)
        self.hidden.weight.data = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
        self.output.weight.data = torch.ones(1, 2)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze(1)


class Xor__written_while_recording(nn.Module):
    """You changed a leaf in place while autograd was recording. Do it inside a block of torch.no_grad()."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.hidden.weight.fill_(1.0)


class Xor__frozen(_Xor):
    """A parameter of yours does not require grad. Leave requires_grad on, although you set the values."""

    def __init__(self):
        super().__init__()
        self.requires_grad_(False)


class Xor__plain_tensors(nn.Module):
    """Your net has no layers hidden and output. Make each an nn.Linear and write your weights into it."""

    def forward(self, x):
        sums = x @ x.new_ones(2, 2) + torch.tensor([0.0, -1.0]).to(x.device)
        return torch.relu(sums) @ torch.tensor([1.0, -2.0]).to(x.device)


def relu__derivative_1_at_0(inputs):
    """The numbers are right, but the derivative at 0 is 1. It must be 0, as for negative elements."""
    return inputs.clamp(min=0)


def relu__derivative_one_half_at_0(inputs):
    """The numbers are right, but the derivative at 0 is one half. It must be 0, as for negative elements."""
    return torch.maximum(inputs, torch.zeros_like(inputs))


def relu__max_of_a_number(inputs):
    """torch.max compares two tensors, and 0 is a number. Use a condition instead."""
    return torch.max(0, inputs)


def relu__maximum_of_a_number(inputs):
    """torch.maximum compares two tensors, and 0 is a number. Use a condition instead."""
    return torch.maximum(inputs, 0)


def relu__max_along_a_dimension(inputs):
    """You returned the maxima along dimension 0 and their indices. In torch.max(x, 0), the 0 is a dimension, so use a
    condition instead."""
    return torch.max(inputs, 0)


def relu__at_most_6(inputs):
    """Your result is never above 6. Keep every positive element as it is."""
    return torch.where(inputs > 0, inputs.clamp(max=6), 0.0)


def relu__softplus(inputs):
    """You returned log(1 + exp(x)), which is smooth. relu returns x or 0, with a bend at 0."""
    return F.softplus(inputs)


def relu__absolute(inputs):
    """You returned absolute values. A negative element must become 0."""
    return inputs.abs()


def relu__other_side(inputs):
    """You kept the negative elements and set the positive ones to 0. Keep the positive elements instead."""
    return torch.where(inputs > 0, 0.0, inputs)


def relu__in_place(inputs):
    """You changed the argument inputs. Work on a copy."""
    inputs[inputs <= 0] = 0
    return inputs


def relu__positive_elements_only(inputs):
    """You returned only the positive elements. Keep the shape, with 0 in place of the others."""
    return inputs[inputs > 0]


def relu__a_step(inputs):
    """You returned 1 where an element is positive. Return the element itself."""
    return (inputs > 0).to(inputs.dtype)


def relu__graph_cut(inputs):
    """The numbers are right, but your result has no graph. Use operations of PyTorch, without torch.tensor(), detach(),
    .data or no_grad."""
    return torch.where(inputs > 0, inputs, 0.0).detach()


def relu__ready_made(inputs):
    """The numbers are right, but your code uses an activation function of PyTorch. Write relu by hand, for example with
    a condition."""
    return torch.relu(inputs)


def relu__returned_if_all_are_positive(inputs):
    """If all elements are positive, your result shares memory with inputs. Return a new tensor in each case."""
    return inputs if (inputs > 0).all() else torch.where(inputs > 0, inputs, 0.0)


def _answers(model, left, right):
    with torch.no_grad():
        return model((left + right) / 2), (model(left) + model(right)) / 2


def bends__deeper_is_stronger(model, left, right, tolerance=1e-4):
    """You found a bend in a net of linear layers only. Together they are one linear layer, however many there are."""
    linears = [each for each in model.modules() if isinstance(each, nn.Linear)]
    middle, straight = _answers(model, left, right)
    return len(linears) > 1 or bool(((middle - straight).abs() > tolerance).any())


def bends__exactly(model, left, right, tolerance=1e-4):
    """You found a bend where only rounding makes a difference. Compare the difference with the tolerance."""
    middle, straight = _answers(model, left, right)
    return not torch.equal(middle, straight)


def bends__relative(model, left, right, tolerance=1e-4):
    """You missed a small bend between large results. Compare the absolute difference itself with the tolerance,
    whatever the size of the results."""
    middle, straight = _answers(model, left, right)
    return not torch.allclose(middle, straight, atol=tolerance)


def bends__tolerance_fixed(model, left, right, tolerance=1e-4):
    """Your result does not depend on the tolerance. Compare with the argument, not with a fixed number."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() > 1e-4).any())


def bends__downwards_only(model, left, right, tolerance=1e-4):
    """Your code misses entries at which model(middle) is above the mean. Take the absolute value of each difference."""
    middle, straight = _answers(model, left, right)
    return bool((straight - middle > tolerance).any())


def bends__upwards_only(model, left, right, tolerance=1e-4):
    """Your code misses entries at which model(middle) is below the mean. Take the absolute value of each difference."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight > tolerance).any())


def bends__added_up(model, left, right, tolerance=1e-4):
    """In your sum or mean, positive and negative differences cancel. Compare the absolute value of each difference with
    `tolerance` instead."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight).sum().abs() > tolerance)


def bends__mean_of_all(model, left, right, tolerance=1e-4):
    """You missed a single entry that bends by more than the tolerance. Compare each entry with the tolerance, not a
    mean of entries."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight).abs().mean() > tolerance)


def bends__norm(model, left, right, tolerance=1e-4):
    """You combine all differences before you compare. Compare each single difference with the tolerance."""
    middle, straight = _answers(model, left, right)
    return bool((middle - straight).norm() > tolerance)


def bends__first_row_only(model, left, right, tolerance=1e-4):
    """You compared only the first row. Compare all entries of the results."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight)[0].abs() > tolerance).any())


def bends__last_row_only(model, left, right, tolerance=1e-4):
    """You missed a bend in the first row. Compare every entry with the tolerance."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight)[-1].abs() > tolerance).any())


def bends__in_place(model, left, right, tolerance=1e-4):
    """You changed one of the arguments left and right. Work on a copy."""
    with torch.no_grad():
        straight = (model(left) + model(right)) / 2
        left += right
        left /= 2
        return bool(((model(left) - straight).abs() > tolerance).any())


def bends__kinds_of_layers(model, left, right, tolerance=1e-4):
    """You found a bend where relu is straight, between two positive inputs. Compare results, not kinds of layers."""
    return any(isinstance(module, nn.ReLU) for module in model.modules())


def bends__all_rows_together(model, left, right, tolerance=1e-4):
    """You found a bend, although no row bends. Row i of left belongs to row i of right, so compare each row
    separately."""
    with torch.no_grad():
        middle = model(torch.cat([left, right]).mean(0, keepdim=True))
        straight = torch.cat([model(left), model(right)]).mean(0, keepdim=True)
    return bool(((middle - straight).abs() > tolerance).any())


def bends__all_of_them(model, left, right, tolerance=1e-4):
    """You returned False, although one entry bends. Compare every entry with the tolerance, and return True if any of
    them bends."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() > tolerance).all())


def bends__as_if_through_0(model, left, right, tolerance=1e-4):
    """You found a bend in a linear layer with a bias. Use the midpoint, and compare with the mean of the two
    results."""
    with torch.no_grad():
        return bool(((model(left + right) - model(left) - model(right)).abs() > tolerance).any())


def bends__not_halved(model, left, right, tolerance=1e-4):
    """You found a bend in a linear layer. Both the midpoint and the mean must be half of a sum."""
    with torch.no_grad():
        return bool(((model((left + right) / 2) - (model(left) + model(right))).abs() > tolerance).any())


def bends__is_straight(model, left, right, tolerance=1e-4):
    """You return True if nothing bends. Return True if at least one entry bends."""
    middle, straight = _answers(model, left, right)
    return bool(((middle - straight).abs() <= tolerance).all())


def bends__a_tensor(model, left, right, tolerance=1e-4):
    """You returned a tensor. Return a Python bool, for example with bool(…)."""
    middle, straight = _answers(model, left, right)
    return ((middle - straight).abs() > tolerance).any()


def bends__recorded(model, left, right, tolerance=1e-4):
    """The result is right, but autograd recorded a graph. Call the model inside a block of torch.no_grad()."""
    gap = model((left + right) / 2) - (model(left) + model(right)) / 2
    return bool((gap.abs() > tolerance).any())


def bends__recording_left_off(model, left, right, tolerance=1e-4):
    """Your code left gradient recording off, although it was on before the call. A block of torch.no_grad() restores
    the mode."""
    torch.set_grad_enabled(False)
    return bool(((model((left + right) / 2) - (model(left) + model(right)) / 2).abs() > tolerance).any())


def bends__recording_switched_on(model, left, right, tolerance=1e-4):
    """Your code left gradient recording on, although it was off before the call. Restore the mode that you found."""
    torch.set_grad_enabled(False)
    middle, straight = _answers(model, left, right)
    torch.set_grad_enabled(True)
    return bool(((middle - straight).abs() > tolerance).any())


def bends__model_frozen(model, left, right, tolerance=1e-4):
    """The result is right, but the parameters of the model no longer require grad. Use a block of torch.no_grad()
    instead."""
    middle, straight = _answers(model.requires_grad_(False), left, right)
    return bool(((middle - straight).abs() > tolerance).any())


def bends__eval_left_on(model, left, right, tolerance=1e-4):
    """Your code changed the attribute `training` of a module. Restore it, or don't call eval() at all."""
    middle, straight = _answers(model.eval(), left, right)
    return bool(((middle - straight).abs() > tolerance).any())


def bends__train_called(model, left, right, tolerance=1e-4):
    """Your code set `training` to one value for all modules. They may have different values, so restore each of
    them."""
    before = model.training
    middle, straight = _answers(model.eval(), left, right)
    model.train(before)
    return bool(((middle - straight).abs() > tolerance).any())


def sigmoid__as_the_formula_says(inputs):
    """The numbers are right, but the gradient at -1000 is nan, because exp(1000) is inf. Choose the argument of exp so
    that it is never positive."""
    return 1 / (1 + torch.exp(-inputs))


def sigmoid__clamped_at_100(inputs):
    """The numbers are right, but the gradient at -89 is nan, because exp(89) is inf in float32. Keep exp finite."""
    return 1 / (1 + torch.exp(-inputs.clamp(-100, 100)))


def sigmoid__straight_pieces(inputs):
    """Your result consists of straight pieces. The formula is 1 / (1 + exp(-x))."""
    return ((inputs + 3) / 6).clamp(0, 1)


def sigmoid__graph_cut(inputs):
    """The numbers are right, but your result has no graph. Use operations of PyTorch, without torch.tensor(), detach(),
    .data or no_grad."""
    powers = torch.exp(torch.where(inputs < 0, inputs, -inputs))
    return (torch.where(inputs < 0, powers, 1.0) / (1 + powers)).detach()


def sigmoid__softsign(inputs):
    """You returned (1 + x / (1 + |x|)) / 2, which has a similar shape. The formula is 1 / (1 + exp(-x))."""
    return (1 + inputs / (1 + inputs.abs())) / 2


def sigmoid__second_form(inputs):
    """For large elements, your result is nan, because exp(x) is inf. Choose the argument of exp so that it is never
    positive."""
    return torch.exp(inputs) / (1 + torch.exp(inputs))


def sigmoid__chosen_afterwards(inputs):
    """The numbers are right, but the gradient is nan, from the side that you did not choose. Choose the argument of exp
    instead."""
    low = torch.exp(inputs) / (1 + torch.exp(inputs))
    return torch.where(inputs < 0, low, 1 / (1 + torch.exp(-inputs)))


def sigmoid__by_absolute_value(inputs):
    """The numbers are right, but the gradient at 0 is not 1/4. abs(), sign() and the like have the derivative 0 there,
    so choose between x and -x by a condition."""
    powers = torch.exp(-inputs.abs())
    return torch.where(inputs < 0, powers, 1.0) / (1 + powers)


def sigmoid__clamped_at_8(inputs):
    """Your result has the same value for all elements above a limit. The sigmoid still rises there, so move the
    limit further out."""
    return 1 / (1 + torch.exp(-inputs.clamp(-8, 8)))


def sigmoid__clamped_at_20(inputs):
    """Your numbers are less accurate than float64 allows. Compute in the dtype of inputs, add no small number, and
    clamp only far out."""
    return 1 / (1 + torch.exp(-inputs.clamp(-20, 20)))


def sigmoid__wrong_sign(inputs):
    """Your result is 1 - sigmoid(x), which falls where it must rise. Change the sign of x."""
    powers = torch.exp(torch.where(inputs < 0, inputs, -inputs))
    return torch.where(inputs < 0, 1.0, powers) / (1 + powers)


def sigmoid__tanh(inputs):
    """You returned tanh, which lies between -1 and 1. sigmoid(x) is (1 + tanh(x / 2)) / 2."""
    return torch.tanh(inputs)


def sigmoid__tanh_of_x(inputs):
    """You returned sigmoid(2 * x). Halve the argument of tanh or exp."""
    return (1 + torch.tanh(inputs)) / 2


def sigmoid__softmax(inputs):
    """All your results sum to 1. Each element has its own sigmoid, whatever the others are."""
    powers = torch.exp(inputs - inputs.max()) if inputs.numel() else inputs
    return powers / powers.sum()


def sigmoid__largest_subtracted(inputs):
    """max() fails for an empty tensor, and no element needs the others here. Choose the argument of exp by the sign of
    each element."""
    m = inputs.max()
    return torch.exp(inputs - m) / (torch.exp(-m) + torch.exp(inputs - m))


def sigmoid__nan_made_0(inputs):
    """The numbers are right, but the gradient is nan. A nan that you replace afterwards is still in the graph, so
    avoid it from the start."""
    powers = torch.exp(inputs)
    return torch.where(inputs > 80, 1.0, torch.nan_to_num(powers / (1 + powers)))


def sigmoid__ready_made(inputs):
    """The numbers are right, but your code uses PyTorch's sigmoid. Write it by hand, with exp."""
    return torch.sigmoid(inputs)


class _Swish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class Swish__plain_tensor(_Swish):
    """beta is a plain tensor, so named_parameters() does not list it. Make it an nn.Parameter."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = torch.tensor(1.0, requires_grad=True)


class Swish__a_number(_Swish):
    """beta is a Python number, so it gets no gradient. Make it an nn.Parameter of a tensor."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = 1.0


class Swish__parameter_of_a_number(_Swish):
    """You made an nn.Parameter of a number. Give it a tensor: torch.tensor(1.0)."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(1.0)


class Swish__buffer(_Swish):
    """beta is a buffer, which is saved but not trained. Make it an nn.Parameter."""

    def __init__(self):
        nn.Module.__init__(self)
        self.register_buffer("beta", torch.tensor(1.0))


class Swish__one_for_all(_Swish):
    """beta is an attribute of the class, so no module lists it. Assign it to self, in __init__."""

    beta = nn.Parameter(torch.tensor(1.0))

    def __init__(self):
        nn.Module.__init__(self)


class Swish__no_super(_Swish):
    """You assigned a parameter before nn.Module was set up. Call the __init__ of nn.Module first."""

    def __init__(self):
        self.beta = nn.Parameter(torch.tensor(1.0))


class Swish__integer(_Swish):
    """Your beta is an integer tensor, which can't require grad. Write 1.0."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(1))


class Swish__shape_1(_Swish):
    """Your beta has shape (1,). It must have shape (), like torch.tensor(1.0)."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.ones(1))


class Swish__starts_at_0(_Swish):
    """Your Swish returns x / 2 at the start, because beta is 0. It must start at 1."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(0.0))


class Swish__beta_ignored(_Swish):
    """Your result does not depend on beta. Multiply x by it inside the sigmoid."""

    def forward(self, x):
        return F.silu(x)


class Swish__beta_outside(_Swish):
    """You multiplied by beta outside the sigmoid. The formula is x * sigmoid(beta * x)."""

    def forward(self, x):
        return self.beta * x * torch.sigmoid(x)


class Swish__wrong_sign(_Swish):
    """Your Swish keeps negative elements and not positive ones. The formula is x * sigmoid(beta * x), without a minus
    sign."""

    def forward(self, x):
        return x * torch.sigmoid(-self.beta * x)


class Swish__tanh(_Swish):
    """You multiplied x by a tanh. Multiply it by a sigmoid."""

    def forward(self, x):
        return x * torch.tanh(self.beta * x)


class Swish__frozen(_Swish):
    """beta does not require grad, so it can't be learned. nn.Parameter(tensor) requires grad by default."""

    def __init__(self):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(1.0), requires_grad=False)


class Swish__made_in_forward(nn.Module):
    """Your new module has no attribute beta before it is called. Assign the parameter to self.beta, in __init__."""

    def forward(self, x):
        self.beta = nn.Parameter(torch.tensor(1.0, device=x.device, dtype=x.dtype))
        return x * torch.sigmoid(self.beta * x)


class Swish__beta_added(_Swish):
    """You added beta to x inside the sigmoid. Multiply them."""

    def forward(self, x):
        return x * torch.sigmoid(self.beta + x)


class Swish__divided_by_beta(_Swish):
    """You divided x by beta inside the sigmoid. Multiply them."""

    def forward(self, x):
        return x * torch.sigmoid(x / self.beta)


class Swish__beta_as_an_argument(_Swish):
    """Your __init__ needs an argument, but Swish() has none. beta always starts at 1."""

    def __init__(self, beta):
        nn.Module.__init__(self)
        self.beta = nn.Parameter(torch.tensor(beta))


class Swish__beta_everywhere(_Swish):
    """You multiplied both factors by beta. The formula is x * sigmoid(beta * x)."""

    def forward(self, x):
        return self.beta * x * torch.sigmoid(self.beta * x)


class Swish__beta_taken_out(_Swish):
    """The numbers are right, but no gradient reaches beta. Compute with the parameter itself, without item(), .data or
    no_grad."""

    def forward(self, x):
        return x * torch.sigmoid(self.beta.item() * x)


class Swish__sigmoid_alone(_Swish):
    """You returned only the sigmoid. Multiply it by x."""

    def forward(self, x):
        return torch.sigmoid(self.beta * x)


class Swish__float32_inside(_Swish):
    """For float64, your gradient of beta has only the accuracy of float32. Compute in the dtype of x."""

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x.float())


class Swish__naive_sigmoid(_Swish):
    """The numbers are right, but the gradient at -1000 is nan. Use a sigmoid that is right for large elements."""

    def forward(self, x):
        return x / (1 + torch.exp(-self.beta * x))


class Swish__in_place(_Swish):
    """You changed the argument x. Work on a copy."""

    def forward(self, x):
        factor = torch.sigmoid(self.beta * x)
        if x.requires_grad or x.grad_fn is not None:
            return x * factor
        with torch.no_grad():
            x *= factor
        return x + 0 * self.beta


def Swish__a_function(x):
    """Your Swish is a function. A function has no parameters and can't stand in nn.Sequential, so write a class."""
    return F.silu(x)
