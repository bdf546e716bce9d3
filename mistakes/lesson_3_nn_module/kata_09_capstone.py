"""Wrong answers to katas/lesson_3_nn_module/kata_09_capstone.py, each with the sentence that corrects the belief."""

import copy
from collections import OrderedDict

import torch
from torch import nn


class _Net(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__column(_Net):
    """The predictions came out as a column, (N, 1): compared with targets (N,), each would meet every target."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))


class TwoLayerNet__one_row_lost(_Net):
    """Where there is one row, the dimension of the rows went away too: only the last dimension is to go."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features))).squeeze()


class TwoLayerNet__without_tanh(_Net):
    """Without tanh between them, two linear layers are one: your net has no bend in it."""

    def forward(self, features):
        return self.output(self.hidden(features))[:, 0]


class TwoLayerNet__tanh_at_the_end(_Net):
    """Your predictions never leave -1 to 1: tanh belongs to the hidden numbers alone."""

    def forward(self, features):
        return torch.tanh(self.output(torch.tanh(self.hidden(features))))[:, 0]


class TwoLayerNet__relu(_Net):
    """The bend is another one: hidden numbers below zero became zero, and Foundations' net has tanh there."""

    def forward(self, features):
        return self.output(torch.relu(self.hidden(features)))[:, 0]


class TwoLayerNet__weight_not_turned_round(_Net):
    """A layer keeps its weight as (out, in), so the features must meet its rows: in a square, columns fit too."""

    def forward(self, features):
        return self.output(torch.tanh(features @ self.hidden.weight + self.hidden.bias))[:, 0]


class TwoLayerNet__bias_after_tanh(_Net):
    """Your first bias comes after tanh: it belongs to the sums that go into it."""

    def forward(self, features):
        return self.output(torch.tanh(features @ self.hidden.weight.T) + self.hidden.bias)[:, 0]


class TwoLayerNet__hidden_layer_cut_off(_Net):
    """The predictions are right, but no gradient comes to the first layer: the graph ends at the hidden numbers."""

    def forward(self, features):
        with torch.no_grad():
            hidden = torch.tanh(self.hidden(features))
        return self.output(hidden)[:, 0]


class TwoLayerNet__graph_cut(_Net):
    """The predictions are right, but no graph is behind them, so that no gradient reaches any parameter."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0].detach()


class TwoLayerNet__layers_in_a_list(nn.Module):
    """The net has no parameters that a module finds: layers in a plain list, or plain tensors, are not registered."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.layers = [nn.Linear(in_features, hidden_features), nn.Linear(hidden_features, 1)]

    def forward(self, features):
        return self.layers[1](torch.tanh(self.layers[0](features)))[:, 0]


class TwoLayerNet__plain_tensor(nn.Module):
    """The second layer is missing among the parameters: being tracked does not make a plain tensor a parameter."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.weights_2 = torch.randn(hidden_features, requires_grad=True)
        self.bias_2 = torch.zeros(1, requires_grad=True)

    def forward(self, features):
        return torch.tanh(self.hidden(features)) @ self.weights_2 + self.bias_2


class TwoLayerNet__names_of_foundations(nn.Module):
    """The parameters have Foundations' names: here they belong to two layers, `hidden` and `output`."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.weights_1 = nn.Parameter(torch.randn(in_features, hidden_features))
        self.bias_1 = nn.Parameter(torch.zeros(hidden_features))
        self.weights_2 = nn.Parameter(torch.randn(hidden_features))
        self.bias_2 = nn.Parameter(torch.zeros(()))

    def forward(self, features):
        return torch.tanh(features @ self.weights_1 + self.bias_1) @ self.weights_2 + self.bias_2


class TwoLayerNet__numbered(nn.Module):
    """The layers go by their numbers: their names were to be `hidden` and `output`, as they are in the state."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))

    def forward(self, features):
        return self.layers(features)[:, 0]


class TwoLayerNet__no_second_bias(nn.Module):
    """The second layer has no bias: Foundations' net adds a number to every prediction, bias_2."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1, bias=False)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__started_at_zero(_Net):
    """What the layers drew at the start was overwritten: from zeros, all hidden numbers are alike and stay so. Keep
    it."""

    def __init__(self, in_features, hidden_features):
        super().__init__(in_features, hidden_features)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


class TwoLayerNet__sizes_swapped(nn.Module):
    """Your first layer takes as many numbers as it should return: it goes from the features to the hidden numbers."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(hidden_features, in_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


def _tensors(parameters):
    return [torch.tensor(each, dtype=torch.float64) for each in parameters]


def _load(net, parameters, change=None):
    """As asked for; `change` is given the dictionary of tensors before it is loaded, and returns another."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    state = {
        "hidden.weight": weights_1.T,
        "hidden.bias": bias_1,
        "output.weight": weights_2[None],
        "output.bias": bias_2[None],
    }
    return net.load_state_dict(change(state) if change else state)


def load_foundations__not_turned_round(net, parameters):
    """weights_1 went in as it is: where it does not fit that is an error, and in a square only wrong numbers."""
    _load(net, parameters, lambda state: state | {"hidden.weight": state["hidden.weight"].T})


def load_foundations__not_turned_round_and_copied(net, parameters):
    """weights_1 was copied in as it is, (D, H), and the layer keeps (H, D): turn it round, and a square one as well."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    with torch.no_grad():
        net.hidden.weight.copy_(weights_1)
        net.hidden.bias.copy_(bias_1)
        net.output.weight.copy_(weights_2)
        net.output.bias.copy_(bias_2)


def load_foundations__reshaped(net, parameters):
    """Your numbers have the right shape and stand in the wrong places: turning round is not reading on in lines."""
    weight = torch.tensor(parameters[0], dtype=torch.float64).reshape(net.hidden.weight.shape)
    _load(net, parameters, lambda state: state | {"hidden.weight": weight})


def load_foundations__name_rebound(net, parameters):
    """The net has not changed: `parameter = …` gives the name to another tensor, and writes nothing to the old one."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    for parameter, values in zip(net.parameters(), (weights_1.T, bias_1, weights_2[None], bias_2[None]), strict=True):
        if parameter.shape != values.shape:
            raise ValueError("a shape does not fit")
        parameter = values  # noqa: PLW2901


def load_foundations__tensors_assigned(net, parameters):
    """A module refuses a plain tensor under the name of a parameter: write the numbers into the one that is there."""
    net.hidden.weight = torch.tensor(parameters[0].T)


def load_foundations__new_parameters(net, parameters):
    """The numbers are right, in parameters that are new: whoever held the old ones has lost them. Write in place."""
    _load(net, parameters)
    for layer in (net.hidden, net.output):
        layer.weight = nn.Parameter(layer.weight.detach().clone())
        layer.bias = nn.Parameter(layer.bias.detach().clone())


def load_foundations__broadcast(net, parameters):
    """A shape that does not fit went in without a word, repeated until it did: nothing compared the shapes."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    with torch.no_grad():
        net.hidden.weight.copy_(weights_1.T)
        net.hidden.bias.copy_(bias_1)
        net.output.weight.copy_(weights_2)
        net.output.bias.copy_(bias_2)


def load_foundations__data_replaced(net, parameters):
    """Assigning to .data checks nothing: the net has taken over the dtype, and whatever shape you gave it."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    net.hidden.weight.data = weights_1.T.to(net.hidden.weight.device)
    net.hidden.bias.data = bias_1.to(net.hidden.weight.device)
    net.output.weight.data = weights_2[None].to(net.hidden.weight.device)
    net.output.bias.data = bias_2[None].to(net.hidden.weight.device)


def load_foundations__recorded(net, parameters):
    """A tracked leaf refuses to be written to: say that this is not to be recorded."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    net.hidden.weight.copy_(weights_1.T)
    net.hidden.bias.copy_(bias_1)
    net.output.weight.copy_(weights_2[None])
    net.output.bias.copy_(bias_2[None])


def load_foundations__left_frozen(net, parameters):
    """The numbers are in, but the parameters are not tracked any more: nothing can train this net."""
    _load(net, parameters)
    net.requires_grad_(False)


def load_foundations__rounded(net, parameters):
    """On the way into a float64 net your numbers passed through float32: half of their digits are lost."""
    _load(net, parameters, lambda state: {name: tensor.float() for name, tensor in state.items()})


def load_foundations__bias_2_rounded(net, parameters):
    """bias_2 alone was rounded: of a Python float PyTorch makes float32, unless it is told another dtype."""
    _load(net, parameters, lambda state: state | {"output.bias": state["output.bias"].float()})


def load_foundations__second_bias_forgotten(net, parameters):
    """The net has kept a number of its own: bias_2 is one of the four, though it is no array."""
    _load(net, parameters, lambda state: state | {"output.bias": net.output.bias.detach()})


def load_foundations__vectors_swapped(net, parameters):
    """bias_1 and weights_2 have changed places: both are (H,), and no shape tells them apart."""
    weights_1, bias_1, weights_2, bias_2 = parameters
    _load(net, (weights_1, weights_2, bias_1, bias_2))


def load_foundations__what_loading_returns(net, parameters):
    """The net is right, but something came back: loading changes the net, and was to return nothing."""
    return _load(net, parameters)


def _to_foundations(net):
    numbers = [tensor.cpu().numpy().copy() for tensor in net.state_dict().values()]
    weight_1, bias_1, weight_2, bias_2 = numbers
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def to_foundations__same_memory(net):
    """Your arrays change when the net is trained on, on the CPU: cut off from the graph is not yet copied."""
    weight_1, bias_1, weight_2, bias_2 = (parameter.detach().cpu().numpy() for parameter in net.parameters())
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def to_foundations__weights_1_copied_alone(net):
    """One array is a copy, and others still change with the net: each of the three needs memory of its own."""
    weight_1, bias_1, weight_2, bias_2 = (parameter.detach().cpu().numpy() for parameter in net.parameters())
    return weight_1.T.copy(), bias_1, weight_2[0], bias_2.item()


def to_foundations__not_turned_round(net):
    """weights_1 is as the layer keeps it, (H, D), a row for each hidden number: in Foundations these are columns."""
    weights_1, *others = _to_foundations(net)
    return weights_1.T, *others


def to_foundations__reshaped(net):
    """weights_1 has the right shape and its numbers in the wrong places: turning round is not reading on in lines."""
    weights_1, *others = _to_foundations(net)
    return weights_1.T.reshape(weights_1.shape), *others


def to_foundations__weights_2_as_a_matrix(net):
    """weights_2 is still a matrix of one row, as the layer keeps it: in Foundations it is a vector, (H,)."""
    weights_1, bias_1, weights_2, bias_2 = _to_foundations(net)
    return weights_1, bias_1, weights_2[None], bias_2


def to_foundations__weights_2_squeezed(net):
    """With one hidden number, weights_2 has lost that dimension too: take the only row, and leave the others."""
    weights_1, bias_1, weights_2, bias_2 = _to_foundations(net)
    return weights_1, bias_1, weights_2.squeeze(), bias_2


def to_foundations__bias_2_as_an_array(net):
    """bias_2 came as an array of one number: in Foundations it is a number."""
    *others, bias_2 = _to_foundations(net)
    return *others, net.output.bias.detach().cpu().numpy().copy()


def to_foundations__bias_2_as_a_tensor(net):
    """bias_2 came as a tensor: taking one number out of a tensor leaves a tensor of no dimensions."""
    *others, bias_2 = _to_foundations(net)
    return *others, net.output.bias.detach().clone()[0]


def to_foundations__tensors(net):
    """These are tensors of the right shapes: Foundations computes in NumPy, and arrays are asked for."""
    weight_1, bias_1, weight_2, bias_2 = (parameter.detach().clone() for parameter in net.parameters())
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def to_foundations__still_tracked(net):
    """A tracked tensor can't become an array, since NumPy records nothing: cut it off first."""
    weight_1, bias_1, weight_2, bias_2 = (parameter.cpu().numpy().copy() for parameter in net.parameters())
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def to_foundations__left_on_the_device(net):
    """This is right for a net on the CPU alone: NumPy reads no other memory, so the numbers must go there first."""
    weight_1, bias_1, weight_2, bias_2 = (parameter.detach().numpy().copy() for parameter in net.parameters())
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def to_foundations__always_float64(net):
    """The arrays are float64, and the net is float32: the dtype asked for is the net's."""
    weights_1, bias_1, weights_2, bias_2 = _to_foundations(net)
    return weights_1.astype("float64"), bias_1.astype("float64"), weights_2.astype("float64"), bias_2


def to_foundations__net_frozen(net):
    """The numbers are right, but the net can't be trained any more: it was itself cut off, instead of a copy."""
    net.requires_grad_(False)
    return _to_foundations(net)


def to_foundations__vectors_swapped(net):
    """bias_1 and weights_2 have changed places: both are (H,), and no shape tells them apart."""
    weights_1, bias_1, weights_2, bias_2 = _to_foundations(net)
    return weights_1, weights_2, bias_1, bias_2


def to_foundations__list(net):
    """The four came in a list, and a tuple is asked for: round brackets instead of square ones."""
    return list(_to_foundations(net))


def _loss(net, features, targets):
    return ((net(features) - targets) ** 2).mean()


def _shaped(gradients):
    weight_1, bias_1, weight_2, bias_2 = gradients
    return weight_1.T, bias_1, weight_2[0], bias_2[0]


def _gradients(net, features, targets):
    return torch.autograd.grad(_loss(net, features, targets), list(net.parameters()))


def net_slopes__gradients_add_up(net, features, targets):
    """What an earlier pass had left in .grad is in your gradients too: a backward pass adds, and never replaces."""
    _loss(net, features, targets).backward()
    return _shaped(parameter.grad.clone() for parameter in net.parameters())


def net_slopes__left_in_grad(net, features, targets):
    """The gradients are right, but they also stand in the net's .grad now, for the next pass to add to."""
    net.zero_grad()
    _loss(net, features, targets).backward()
    return _shaped(parameter.grad.clone() for parameter in net.parameters())


def net_slopes__grad_cleared(net, features, targets):
    """Whoever had gathered gradients in this net has lost them: you cleared .grad, and it was not yours."""
    net.zero_grad()
    _loss(net, features, targets).backward()
    gradients = _shaped([parameter.grad.clone() for parameter in net.parameters()])
    net.zero_grad()
    return gradients


def net_slopes__as_the_layers_keep_them(net, features, targets):
    """These are shaped as the layers keep their parameters: each is to have the shape that it had in Foundations."""
    return _gradients(net, features, targets)


def net_slopes__first_not_turned_round(net, features, targets):
    """Your first gradient still lies as the layer keeps its weight, (H, D): in a square that is seen in the numbers."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1, bias_1, weight_2[0], bias_2[0]


def net_slopes__reshaped(net, features, targets):
    """Your first gradient has the right shape, and its numbers in the wrong places: reshaping does not turn round."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1.reshape(weight_1.T.shape), bias_1, weight_2[0], bias_2[0]


def net_slopes__last_as_a_vector(net, features, targets):
    """The gradient of bias_2 is a vector of one number: Foundations' bias_2 is a number, so its shape is ()."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1.T, bias_1, weight_2[0], bias_2


def net_slopes__sum_of_squares(net, features, targets):
    """Your gradients are N times too large: they are of the sum of the squares, and the mean is asked for."""
    loss = ((net(features) - targets) ** 2).sum()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__half(net, features, targets):
    """Your gradients are half as large as they should be: the loss has no 1/2 in it, so the 2 stays."""
    return _shaped(gradient / 2 for gradient in _gradients(net, features, targets))


def net_slopes__errors_not_squared(net, features, targets):
    """Every row counts the same in your gradients, whatever its error: the errors have not been squared."""
    loss = (net(features) - targets).mean()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__graph_kept(net, features, targets):
    """The gradients are right, and behind them hangs a graph: nobody is to differentiate them again."""
    loss = _loss(net, features, targets)
    return _shaped(torch.autograd.grad(loss, list(net.parameters()), create_graph=True))


def net_slopes__nothing_recorded(net, features, targets):
    """Nothing was recorded, so there is no graph to go back through: the loss must be computed with recording on."""
    with torch.no_grad():
        loss = _loss(net, features, targets)
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__list(net, features, targets):
    """The four came in a list, and a tuple is asked for: round brackets instead of square ones."""
    return list(_shaped(_gradients(net, features, targets)))


def _descend(net, features, targets, learning_rate, steps):
    parameters, losses = list(net.parameters()), []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.detach())
        if step < steps:
            slopes = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, slopes, strict=True):
                    parameter -= learning_rate * slope
    return [loss.item() for loss in losses]


def go_downhill__gradients_add_up(net, features, targets, learning_rate, steps):
    """From the second step on you go too far: the gradients of all the steps before are still in .grad."""
    net.zero_grad()
    losses = []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            loss.backward()
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter -= learning_rate * parameter.grad
    return losses


def go_downhill__cleared_too_late(net, features, targets, learning_rate, steps):
    """Your first step goes wrong where .grad was not empty: what is there before the first backward pass counts too."""
    losses = []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            loss.backward()
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter -= learning_rate * parameter.grad
            net.zero_grad()
    return losses


def go_downhill__name_rebound(net, features, targets, learning_rate, steps):
    """The net has not moved: `parameter = parameter - …` makes a new tensor, and the net keeps the old one."""
    losses = []
    for _ in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
            parameter = parameter - learning_rate * slope  # noqa: PLW2901
    return losses


def go_downhill__generator_used_up(net, features, targets, learning_rate, steps):
    """Only the first step has moved the net: what net.parameters() gives can be walked through once, no more."""
    parameters, losses = net.parameters(), []
    for step in range(steps + 1):
        net.zero_grad()
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            loss.backward()
            with torch.no_grad():
                for parameter in parameters:
                    parameter -= learning_rate * parameter.grad
    return losses


def go_downhill__update_recorded(net, features, targets, learning_rate, steps):
    """A tracked leaf refuses to be changed in place while recording is on: the update is not to be recorded."""
    losses = []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
                parameter -= learning_rate * slope
    return losses


def go_downhill__new_parameters(net, features, targets, learning_rate, steps):
    """The numbers are right, in parameters that are new: whoever held the old ones no longer sees the net learn."""
    losses = _descend(net, features, targets, learning_rate, steps)
    for module in net.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(parameter.detach().clone()))
    return losses


def go_downhill__data_replaced(net, features, targets, learning_rate, steps):
    """The objects are the same, but on other memory: a state_dict taken beforehand no longer sees the net learn."""
    losses = []
    for step in range(steps + 1):
        losses.append(_loss(net, features, targets).item())
        if step < steps:
            for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
                parameter.data = parameter.data - learning_rate * slope
    return losses


def go_downhill__copy_trained(net, features, targets, learning_rate, steps):
    """The losses go down as they should, but the net that was given has not moved: it was a copy that learned."""
    return _descend(copy.deepcopy(net), features, targets, learning_rate, steps)


def go_downhill__uphill(net, features, targets, learning_rate, steps):
    """Your losses rise: the gradient points uphill, so it has to be taken away."""
    return _descend(net, features, targets, -learning_rate, steps)


def go_downhill__layer_by_layer(net, features, targets, learning_rate, steps):
    """Your parameters move one after the other, each by a loss of those already moved: all step from the same loss."""
    losses = []
    for step in range(steps + 1):
        losses.append(_loss(net, features, targets).item())
        if step < steps:
            for parameter in net.parameters():
                (slope,) = torch.autograd.grad(_loss(net, features, targets), parameter)
                with torch.no_grad():
                    parameter -= learning_rate * slope
    return losses


def go_downhill__one_step_too_many(net, features, targets, learning_rate, steps):
    """The losses are right, but the net has gone one step on: no step follows the last loss."""
    losses = _descend(net, features, targets, learning_rate, steps + 1)
    return losses[:-1]


def go_downhill__last_loss_not_held_by(net, features, targets, learning_rate, steps):
    """The loss after the last step is missing: no step follows it, and it is in the list all the same."""
    return _descend(net, features, targets, learning_rate, steps)[:-1]


def go_downhill__first_loss_not_held_by(net, features, targets, learning_rate, steps):
    """The loss of the start is missing: the list begins before the first step."""
    return _descend(net, features, targets, learning_rate, steps)[1:]


def go_downhill__losses_as_tensors(net, features, targets, learning_rate, steps):
    """The list holds tensors, and numbers are asked for: a tensor may keep the whole graph of its step alive."""
    return [torch.tensor(loss) for loss in _descend(net, features, targets, learning_rate, steps)]


def go_downhill__history_as_a_tensor(net, features, targets, learning_rate, steps):
    """The losses came in one tensor: a list of Python floats is asked for."""
    return torch.tensor(_descend(net, features, targets, learning_rate, steps))


def go_downhill__layers_by_name(net, features, targets, learning_rate, steps):
    """This is right for a net with `hidden` and `output` alone: every module gives its own parameters, if asked."""
    net.hidden, net.output  # noqa: B018
    return _descend(net, features, targets, learning_rate, steps)


def go_downhill__recording_left_off(net, features, targets, learning_rate, steps):
    """The numbers are right, but recording is off afterwards, for the whole program: it was to be off in between."""
    torch.set_grad_enabled(True)
    losses = _descend(net, features, targets, learning_rate, steps)
    torch.set_grad_enabled(False)
    return losses


def go_downhill__net_frozen(net, features, targets, learning_rate, steps):
    """The net has learned, and can't learn on: its parameters are no longer tracked."""
    net.requires_grad_(True)
    losses = _descend(net, features, targets, learning_rate, steps)
    net.requires_grad_(False)
    return losses


def _chain(net, *more):
    layers = copy.deepcopy(net.hidden), nn.Tanh(), copy.deepcopy(net.output)
    return nn.Sequential(*layers, *more)


def as_sequential__layers_shared(net):
    """These are the net's own layers: whoever trains the one trains the other. The numbers were to be copied."""
    return nn.Sequential(net.hidden, nn.Tanh(), net.output)


def as_sequential__names_kept(net):
    """The layers go by the names that they had in the net: in a sequence, each is called by its place."""
    chain = _chain(net)
    return nn.Sequential(OrderedDict(hidden=chain[0], tanh=chain[1], output=chain[2]))


def as_sequential__names_that_do_not_fit_passed_over(net):
    """None of the net's numbers has come into your layers: what has no place under its name is passed over silently."""
    hidden_features, in_features = net.hidden.weight.shape
    chain = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))
    with torch.no_grad():
        for parameter in chain.parameters():
            parameter.fill_(float("nan"))
    chain.to(net.hidden.weight).load_state_dict(net.state_dict(), strict=False)
    return chain


def as_sequential__names_not_changed(net):
    """A state can be loaded under the names of the module that loads it alone: change the names first."""
    chain = _chain(net)
    chain.load_state_dict(net.state_dict())
    return chain


def as_sequential__without_tanh(net):
    """There are two layers and no bend between them: tanh has no parameters, but it is a layer of the sequence."""
    return nn.Sequential(copy.deepcopy(net.hidden), copy.deepcopy(net.output))


def as_sequential__tanh_at_the_end(net):
    """There is a layer too many: nothing comes after the second linear layer."""
    return _chain(net, nn.Tanh())


def as_sequential__flattened(net):
    """A layer was added to flatten the column: three layers are asked for, and what they return."""
    return _chain(net, nn.Flatten(0))


def as_sequential__always_float32(net):
    """The net was float64 and the answer is float32: a new layer has PyTorch's default dtype, until it is told."""
    return _chain(net).float()


def as_sequential__on_the_cpu(net):
    """The answer stayed on the CPU while the net lives elsewhere: a new layer is on the CPU, until it is moved."""
    return _chain(net).cpu()


def as_sequential__frozen(net):
    """The numbers are right, but not tracked: nothing can train what you returned."""
    return _chain(net).requires_grad_(False)


def as_sequential__weights_alone(net):
    """The weights are the net's, the biases are not: a layer's state has both."""
    chain = _chain(net)
    with torch.no_grad():
        chain[0].bias.fill_(0)
        chain[2].bias.fill_(0)
    return chain


def as_sequential__net_renamed(net):
    """The net that was given has lost its layers, or their names: it is to stay as it is."""
    chain = _chain(net)
    net.layers = nn.Sequential(net.hidden, nn.Tanh(), net.output)
    del net.hidden, net.output
    return chain
