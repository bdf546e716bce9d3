"""Wrong answers to katas/lesson_3_nn_module/kata_09_capstone.py, each with the sentence that corrects the belief."""

import copy
import itertools
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
    """Your predictions have shape (N, 1). Return the only column, shape (N,), because (N, 1) minus targets (N,)
    broadcasts to (N, N)."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))


class TwoLayerNet__one_row_lost(_Net):
    """For one row, your result has shape () instead of (1,). Remove only the last dimension."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features))).squeeze()


class TwoLayerNet__without_tanh(_Net):
    """Your predictions are those of a net without tanh between its layers. Apply tanh to the result of hidden."""

    def forward(self, features):
        return self.output(self.hidden(features))[:, 0]


class TwoLayerNet__tanh_at_the_end(_Net):
    """Your predictions never leave the range from -1 to 1. Apply tanh to the hidden values only, not to the result of
    output."""

    def forward(self, features):
        return torch.tanh(self.output(torch.tanh(self.hidden(features))))[:, 0]


class TwoLayerNet__relu(_Net):
    """You applied relu to the hidden values. Apply tanh, as `foundations.net_predict` does."""

    def forward(self, features):
        return self.output(torch.relu(self.hidden(features)))[:, 0]


class TwoLayerNet__weight_not_transposed(_Net):
    """Your first layer uses its weight as (in, out), but nn.Linear keeps (out, in). Call the layer, or multiply by
    weight.T."""

    def forward(self, features):
        return self.output(torch.tanh(features @ self.hidden.weight + self.hidden.bias))[:, 0]


class TwoLayerNet__tanh_of_the_features(_Net):
    """You applied tanh to the features instead of the hidden values. Apply it to the result of hidden."""

    def forward(self, features):
        return self.output(self.hidden(torch.tanh(features)))[:, 0]


class TwoLayerNet__bias_after_tanh(_Net):
    """You added the first bias after tanh. Add it before, as the call of hidden does."""

    def forward(self, features):
        return self.output(torch.tanh(features @ self.hidden.weight.T) + self.hidden.bias)[:, 0]


class TwoLayerNet__hidden_layer_cut_off(_Net):
    """The predictions are right, but no gradient reaches the first layer. Compute the hidden values without detach(),
    .data or no_grad."""

    def forward(self, features):
        with torch.no_grad():
            hidden = torch.tanh(self.hidden(features))
        return self.output(hidden)[:, 0]


class TwoLayerNet__graph_cut(_Net):
    """The predictions are right, but they have no graph. Compute them without detach(), .data or no_grad."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0].detach()


class TwoLayerNet__sigmoid(_Net):
    """You applied the sigmoid to the hidden values. Apply tanh, as `foundations.net_predict` does."""

    def forward(self, features):
        return self.output(torch.sigmoid(self.hidden(features)))[:, 0]


class TwoLayerNet__first_row(_Net):
    """You returned the first row of the last layer's result. Return its only column, which has one number for each row
    of features."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[0]


class TwoLayerNet__layers_in_a_list(nn.Module):
    """parameters() finds no parameters in your net. Assign two nn.Linear layers to self.hidden and self.output."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.layers = [nn.Linear(in_features, hidden_features), nn.Linear(hidden_features, 1)]

    def forward(self, features):
        return self.layers[1](torch.tanh(self.layers[0](features)))[:, 0]


class TwoLayerNet__plain_tensor(nn.Module):
    """parameters() finds only hidden.weight and hidden.bias. Assign a second nn.Linear to self.output."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.weights_2 = torch.randn(hidden_features, requires_grad=True)
        self.bias_2 = torch.zeros(1, requires_grad=True)

    def forward(self, features):
        return torch.tanh(self.hidden(features)) @ self.weights_2 + self.bias_2


class TwoLayerNet__names_of_foundations(nn.Module):
    """Your parameters have the names of Foundations. Use two nn.Linear layers, assigned to self.hidden and
    self.output."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.weights_1 = nn.Parameter(torch.randn(in_features, hidden_features))
        self.bias_1 = nn.Parameter(torch.zeros(hidden_features))
        self.weights_2 = nn.Parameter(torch.randn(hidden_features))
        self.bias_2 = nn.Parameter(torch.zeros(()))

    def forward(self, features):
        return torch.tanh(features @ self.weights_1 + self.bias_1) @ self.weights_2 + self.bias_2


class TwoLayerNet__numbered(nn.Module):
    """The names of your parameters contain the numbers of layers in a container. Assign the layers to self.hidden and
    self.output."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))

    def forward(self, features):
        return self.layers(features)[:, 0]


class TwoLayerNet__output_first(nn.Module):
    """Your net lists output before hidden. Assign hidden first, because parameters() keeps the order of the
    assignments."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.output = nn.Linear(hidden_features, 1)
        self.hidden = nn.Linear(in_features, hidden_features)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__many_outputs(nn.Module):
    """output returns as many numbers as hidden. The net has one prediction for each row, so output goes from H to 1."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, hidden_features)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__no_second_bias(nn.Module):
    """Your net has no output.bias. Foundations' net adds bias_2 to each prediction, so keep the bias of output."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1, bias=False)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__started_at_zero(_Net):
    """hidden.weight has entries that are 0 at the start. Keep all initial values that nn.Linear draws."""

    def __init__(self, in_features, hidden_features):
        super().__init__(in_features, hidden_features)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


class TwoLayerNet__biases_at_zero(_Net):
    """A bias of your net is 0 at the start. Keep the initial values that nn.Linear draws."""

    def __init__(self, in_features, hidden_features):
        super().__init__(in_features, hidden_features)
        nn.init.zeros_(self.hidden.bias)
        nn.init.zeros_(self.output.bias)


class TwoLayerNet__sizes_swapped(nn.Module):
    """Your hidden layer goes from hidden_features to in_features. Pass in_features to nn.Linear first, then
    hidden_features."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(hidden_features, in_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


def _tensors(parameters):
    return [torch.tensor(each, dtype=torch.float64) for each in parameters]


def _load(net, parameters, change=None):
    """The right way. `change` gets the dictionary of tensors and returns the one to load."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    state = {
        "hidden.weight": weights_1.T,
        "hidden.bias": bias_1,
        "output.weight": weights_2[None],
        "output.bias": bias_2[None],
    }
    return net.load_state_dict(change(state) if change else state)


def load_foundations__not_transposed(net, parameters):
    """You loaded weights_1 in its own layout, (D, H). The layer keeps (H, D), so transpose weights_1."""
    _load(net, parameters, lambda state: state | {"hidden.weight": state["hidden.weight"].T})


def load_foundations__not_transposed_and_copied(net, parameters):
    """You copied weights_1 in its own layout, (D, H). The layer keeps (H, D), so transpose weights_1, also if D = H."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    with torch.no_grad():
        net.hidden.weight.copy_(weights_1)
        net.hidden.bias.copy_(bias_1)
        net.output.weight.copy_(weights_2)
        net.output.bias.copy_(bias_2)


def load_foundations__reshaped(net, parameters):
    """hidden.weight has the right shape, but its values are in the wrong places. Transpose weights_1, and don't reshape
    it."""
    weight = torch.tensor(parameters[0], dtype=torch.float64).reshape(net.hidden.weight.shape)
    _load(net, parameters, lambda state: state | {"hidden.weight": weight})


def load_foundations__name_rebound(net, parameters):
    """The parameters have not changed. Write into the net's parameters in place, because assigning to a local name
    changes no tensor."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    for parameter, values in zip(net.parameters(), (weights_1.T, bias_1, weights_2[None], bias_2[None]), strict=True):
        if parameter.shape != values.shape:
            raise ValueError("a shape does not fit")
        parameter = values  # noqa: PLW2901


def load_foundations__tensors_assigned(net, parameters):
    """You assigned a plain tensor to the name of a parameter, which a module refuses. Write into the existing
    parameter."""
    net.hidden.weight = torch.tensor(parameters[0].T)


def load_foundations__arrays_loaded(net, parameters):
    """You passed NumPy arrays to load_state_dict, which accepts only tensors. Make tensors of them first."""
    weights_1, bias_1, weights_2, bias_2 = parameters
    arrays = (weights_1.T, bias_1, weights_2[None], bias_2)
    net.load_state_dict(dict(zip(net.state_dict(), arrays, strict=True)))


def load_foundations__new_parameters(net, parameters):
    """The values are right, but the net has new parameter objects. Write into the existing ones, because an optimizer
    would hold these."""
    _load(net, parameters)
    for layer in (net.hidden, net.output):
        layer.weight = nn.Parameter(layer.weight.detach().clone())
        layer.bias = nn.Parameter(layer.bias.detach().clone())


def load_foundations__broadcast(net, parameters):
    """Your code accepted an array with a wrong shape. Compare the shapes first, or use load_state_dict."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    with torch.no_grad():
        net.hidden.weight.copy_(weights_1.T)
        net.hidden.bias.copy_(bias_1)
        net.output.weight.copy_(weights_2)
        net.output.bias.copy_(bias_2)


def load_foundations__data_replaced(net, parameters):
    """A float32 net has float64 parameters now. Compare the shapes, and then write into the parameters, which keep
    their dtype."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    net.hidden.weight.data = weights_1.T.to(net.hidden.weight.device)
    net.hidden.bias.data = bias_1.to(net.hidden.weight.device)
    net.output.weight.data = weights_2[None].to(net.hidden.weight.device)
    net.output.bias.data = bias_2[None].to(net.hidden.weight.device)


def load_foundations__recorded(net, parameters):
    """You changed a leaf in place while autograd was recording. Do it under torch.no_grad()."""
    weights_1, bias_1, weights_2, bias_2 = _tensors(parameters)
    net.hidden.weight.copy_(weights_1.T)
    net.hidden.bias.copy_(bias_1)
    net.output.weight.copy_(weights_2[None])
    net.output.bias.copy_(bias_2[None])


def load_foundations__left_frozen(net, parameters):
    """The values are right, but the parameters no longer require grad. Leave their requires_grad unchanged."""
    _load(net, parameters)
    net.requires_grad_(False)


def load_foundations__recording_left_off(net, parameters):
    """The values are right, but gradient recording is off after the call. Use torch.no_grad() in a with statement,
    which restores the mode."""
    torch.set_grad_enabled(False)
    _load(net, parameters)


def load_foundations__rounded(net, parameters):
    """All values in a float64 net were rounded to float32. Keep float64 on the way from the arrays to the net."""
    _load(net, parameters, lambda state: {name: tensor.float() for name, tensor in state.items()})


def load_foundations__bias_2_rounded(net, parameters):
    """bias_2 was rounded to float32. PyTorch makes a float32 tensor from a Python float, unless you pass a dtype."""
    _load(net, parameters, lambda state: state | {"output.bias": state["output.bias"].float()})


def load_foundations__second_bias_forgotten(net, parameters):
    """output.bias still has its old value. Write bias_2 into it."""
    _load(net, parameters, lambda state: state | {"output.bias": net.output.bias.detach()})


def load_foundations__vectors_swapped(net, parameters):
    """You swapped bias_1 and weights_2. bias_1 belongs to the hidden layer, and weights_2 to output."""
    weights_1, bias_1, weights_2, bias_2 = parameters
    _load(net, (weights_1, weights_2, bias_1, bias_2))


def load_foundations__what_loading_returns(net, parameters):
    """The net is right, but you also returned something. Return None."""
    return _load(net, parameters)


def load_foundations__net_returned(net, parameters):
    """The net is right, but you also returned it. Return None, as Python's in-place methods do."""
    _load(net, parameters)
    return net


def _loss(net, features, targets):
    return ((net(features) - targets) ** 2).mean()


def _shaped(gradients):
    weight_1, bias_1, weight_2, bias_2 = gradients
    return weight_1.T, bias_1, weight_2[0], bias_2[0]


def _gradients(net, features, targets):
    return torch.autograd.grad(_loss(net, features, targets), list(net.parameters()))


def net_slopes__gradients_add_up(net, features, targets):
    """Your result includes the old gradients, because backward() adds to .grad. torch.autograd.grad does not
    use .grad."""
    _loss(net, features, targets).backward()
    return _shaped(parameter.grad.clone() for parameter in net.parameters())


def net_slopes__left_in_grad(net, features, targets):
    """The gradients are right, but the .grad of the parameters holds them too. Leave each .grad as it was before the
    call."""
    net.zero_grad()
    _loss(net, features, targets).backward()
    return _shaped(parameter.grad.clone() for parameter in net.parameters())


def net_slopes__grad_cleared(net, features, targets):
    """You cleared the .grad of the parameters, so gradients from before the call are lost. Leave each .grad as
    it was."""
    net.zero_grad()
    _loss(net, features, targets).backward()
    gradients = _shaped([parameter.grad.clone() for parameter in net.parameters()])
    net.zero_grad()
    return gradients


def net_slopes__as_the_layers_keep_them(net, features, targets):
    """Your gradients have the shapes of the layers' parameters. Convert them to the shapes of Foundations: (D, H),
    (H,), (H,) and ()."""
    return _gradients(net, features, targets)


def net_slopes__first_not_transposed(net, features, targets):
    """Your first gradient has the layout of hidden.weight, (H, D). Transpose it to (D, H), also if D = H."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1, bias_1, weight_2[0], bias_2[0]


def net_slopes__reshaped(net, features, targets):
    """Your first gradient has the right shape, but its values are in the wrong places. Transpose it, and don't reshape
    it."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1.reshape(weight_1.T.shape), bias_1, weight_2[0], bias_2[0]


def net_slopes__last_as_a_vector(net, features, targets):
    """Your gradient of bias_2 has shape (1,). Take out its only element, because bias_2 has shape ()."""
    weight_1, bias_1, weight_2, bias_2 = _gradients(net, features, targets)
    return weight_1.T, bias_1, weight_2[0], bias_2


def net_slopes__sum_of_squares(net, features, targets):
    """Your gradients are N times too large. Differentiate the mean of the squares, not their sum."""
    loss = ((net(features) - targets) ** 2).sum()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__half(net, features, targets):
    """Your gradients are half as large as they must be. The loss has no factor of 1/2."""
    return _shaped(gradient / 2 for gradient in _gradients(net, features, targets))


def net_slopes__errors_not_squared(net, features, targets):
    """Your gradients are those of the mean difference. Square the differences before you take the mean."""
    loss = (net(features) - targets).mean()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__errors_of_all_pairs(net, features, targets):
    """Your gradients are those of the differences of every prediction to every target. Don't broadcast (N, 1) with
    (N,)."""
    loss = ((net(features)[:, None] - targets) ** 2).mean()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__absolute_errors(net, features, targets):
    """Your gradients are those of the mean absolute difference. Square the differences instead."""
    loss = (net(features) - targets).abs().mean()
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__graph_kept(net, features, targets):
    """The gradients are right, but they have a graph. Return tensors that do not require grad."""
    loss = _loss(net, features, targets)
    return _shaped(torch.autograd.grad(loss, list(net.parameters()), create_graph=True))


def net_slopes__nothing_recorded(net, features, targets):
    """Your loss has no graph, so PyTorch can't compute gradients. Compute the loss without no_grad, detach() or
    .data."""
    with torch.no_grad():
        loss = _loss(net, features, targets)
    return _shaped(torch.autograd.grad(loss, list(net.parameters())))


def net_slopes__list(net, features, targets):
    """You returned a list. Return a tuple."""
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
    """From the second update on, the gradients of earlier updates were added. Clear .grad before each backward pass."""
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
    """Your first update includes the old gradient from before the call. Clear .grad before the first backward
    pass too."""
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
    """The net has not changed. Update each parameter in place, with -=, and clear .grad only afterwards."""
    losses = []
    for _ in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
            parameter = parameter - learning_rate * slope  # noqa: PLW2901
    return losses


def go_downhill__generator_used_up(net, features, targets, learning_rate, steps):
    """Only your first update has changed the net. net.parameters() is an iterator, which can be read only once, so make
    a list of it."""
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
    """You changed a leaf in place while autograd was recording. Do the update under torch.no_grad()."""
    losses = []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
                parameter -= learning_rate * slope
    return losses


def go_downhill__new_parameters(net, features, targets, learning_rate, steps):
    """The values are right, but the net has new parameter objects. Update the given ones in place."""
    losses = _descend(net, features, targets, learning_rate, steps)
    for module in net.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(parameter.detach().clone()))
    return losses


def go_downhill__data_replaced(net, features, targets, learning_rate, steps):
    """The parameters are the same objects, but their memory is new. Change their values in place, for example with
    `-=`."""
    losses = []
    for step in range(steps + 1):
        losses.append(_loss(net, features, targets).item())
        if step < steps:
            for parameter, slope in zip(net.parameters(), _gradients(net, features, targets), strict=True):
                parameter.data = parameter.data - learning_rate * slope
    return losses


def go_downhill__copy_trained(net, features, targets, learning_rate, steps):
    """The losses are right, but the given net has not changed. Update the given net, not a copy."""
    return _descend(copy.deepcopy(net), features, targets, learning_rate, steps)


def go_downhill__uphill(net, features, targets, learning_rate, steps):
    """Your update adds the gradient, so the losses rise. Subtract it."""
    return _descend(net, features, targets, -learning_rate, steps)


def go_downhill__layer_by_layer(net, features, targets, learning_rate, steps):
    """You updated the parameters one after the other, each with a new loss. Compute all gradients from one loss, then
    update."""
    losses = []
    for step in range(steps + 1):
        losses.append(_loss(net, features, targets).item())
        if step < steps:
            for parameter in net.parameters():
                (slope,) = torch.autograd.grad(_loss(net, features, targets), parameter)
                with torch.no_grad():
                    parameter -= learning_rate * slope
    return losses


def go_downhill__sum_of_squares(net, features, targets, learning_rate, steps):
    """Your losses are sums over the rows. Use the mean of the squares, also for the gradients."""
    parameters, losses = list(net.parameters()), []
    for step in range(steps + 1):
        loss = ((net(features) - targets) ** 2).sum()
        losses.append(loss.item())
        if step < steps:
            slopes = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, slopes, strict=True):
                    parameter -= learning_rate * slope
    return losses


def go_downhill__one_step_too_many(net, features, targets, learning_rate, steps):
    """The losses are right, but you updated the net once too often. Don't update it after the last loss."""
    losses = _descend(net, features, targets, learning_rate, steps + 1)
    return losses[:-1]


def go_downhill__last_loss_missing(net, features, targets, learning_rate, steps):
    """Your list lacks the loss after the last update. Append it too, so that there are steps + 1 losses."""
    return _descend(net, features, targets, learning_rate, steps)[:-1]


def go_downhill__first_loss_missing(net, features, targets, learning_rate, steps):
    """Your list lacks the loss at the start. Append a loss before the first update too."""
    return _descend(net, features, targets, learning_rate, steps)[1:]


def go_downhill__losses_as_tensors(net, features, targets, learning_rate, steps):
    """Your losses are tensors. Return Python floats, for example with loss.item()."""
    return [torch.tensor(loss) for loss in _descend(net, features, targets, learning_rate, steps)]


def go_downhill__optimizer(net, features, targets, learning_rate, steps):
    """The numbers are right, but torch.optim is not allowed here. Write the update yourself."""
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=learning_rate), []
    for step in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        if step < steps:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return losses


def go_downhill__history_as_a_tensor(net, features, targets, learning_rate, steps):
    """You returned one tensor. Return a list of Python floats."""
    return torch.tensor(_descend(net, features, targets, learning_rate, steps))


def go_downhill__layers_by_name(net, features, targets, learning_rate, steps):
    """Your code needs a net with certain attributes. Use net.parameters(), which every nn.Module has."""
    net.hidden, net.output  # noqa: B018
    return _descend(net, features, targets, learning_rate, steps)


def go_downhill__recording_left_off(net, features, targets, learning_rate, steps):
    """The numbers are right, but gradient recording is off after the call. Use torch.no_grad() in a with statement,
    which restores the mode."""
    torch.set_grad_enabled(True)
    losses = _descend(net, features, targets, learning_rate, steps)
    torch.set_grad_enabled(False)
    return losses


def go_downhill__net_frozen(net, features, targets, learning_rate, steps):
    """The net is trained, but its parameters no longer require grad. Leave their requires_grad unchanged."""
    net.requires_grad_(True)
    losses = _descend(net, features, targets, learning_rate, steps)
    net.requires_grad_(False)
    return losses


class DeepNet__as_it_was(nn.Module):
    """eval() and parameters() do not find your hidden layers. A module does not look into Python lists, tuples and
    dicts."""

    def __init__(self, sizes, p):
        super().__init__()
        self.hidden = []
        for i in range(len(sizes) - 2):
            linear = nn.Linear(sizes[i], sizes[i + 1])
            self.hidden.append(nn.Sequential(linear, nn.Tanh(), nn.Dropout(p)))
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for block in self.hidden:
            features = block(features)
        return self.last(features)


class _DeepNet(nn.Module):
    """The right one: the mistakes change one thing each."""

    def __init__(self, sizes, p):
        super().__init__()
        self.p = p
        self.layers = nn.ModuleList(map(nn.Linear, sizes[:-1], sizes[1:]))

    def dropped(self, features):
        return nn.functional.dropout(features, self.p, self.training)

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = self.dropped(torch.tanh(layer(features)))
        return self.layers[-1](features)


class DeepNet__mode_passed_on(nn.Module):
    """Dropout is off in eval mode now, but parameters() still misses the hidden layers. Let the module find these
    layers."""

    def __init__(self, sizes, p):
        super().__init__()
        self.p = p
        self.hidden = [nn.Linear(*pair) for pair in itertools.pairwise(sizes[:-1])]
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for layer in self.hidden:
            layer.to(self.last.weight)
            features = nn.functional.dropout(torch.tanh(layer(features)), self.p, self.training)
        return self.last(features)


class DeepNet__parameters_listed_by_hand(nn.Module):
    """parameters() is complete now, but dropout is still on in eval mode. Each dropout must follow the mode of
    the net."""

    def __init__(self, sizes, p):
        super().__init__()
        self.hidden = [
            nn.Sequential(nn.Linear(*pair), nn.Tanh(), nn.Dropout(p)) for pair in itertools.pairwise(sizes[:-1])
        ]
        self.listed = nn.ParameterList(each for block in self.hidden for each in block.parameters())
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for block in self.hidden:
            features = block(features)
        return self.last(features)


class DeepNet__nothing_dropped(_DeepNet):
    """In train mode, your net drops no elements. Keep dropout in train mode, and let eval() switch it off."""

    def dropped(self, features):
        return features


class DeepNet__dropout_before_tanh(_DeepNet):
    """In train mode, your predictions are wrong. Apply nn.Dropout(p) once, right after each tanh, and nowhere else."""

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = torch.tanh(self.dropped(layer(features)))
        return self.layers[-1](features)


class DeepNet__dropout_once(_DeepNet):
    """In train mode, too many hidden values are kept. Apply dropout after every tanh, not only after one of them."""

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = torch.tanh(layer(features))
        return self.layers[-1](self.dropped(features))


class DeepNet__another_probability(_DeepNet):
    """In train mode, too many or too few hidden values are dropped. Drop each with the probability p."""

    def dropped(self, features):
        return nn.functional.dropout(features, 1 - self.p, self.training)


class DeepNet__features_dropped(_DeepNet):
    """In train mode, your net drops features. Apply dropout after each tanh, and nowhere else."""

    def forward(self, features):
        return super().forward(self.dropped(features))


class DeepNet__predictions_dropped(_DeepNet):
    """In train mode, too many predictions are exactly 0. Don't apply dropout to the predictions."""

    def forward(self, features):
        return self.dropped(super().forward(features))


class DeepNet__tanh_after_the_last_layer(_DeepNet):
    """In eval mode, your predictions never leave the range from -1 to 1. Apply neither tanh nor dropout after the
    last layer."""

    def forward(self, features):
        return torch.tanh(super().forward(features))


class DeepNet__without_tanh(_DeepNet):
    """Your predictions are those of a net without tanh. Apply it after each linear layer but the last."""

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = self.dropped(layer(features))
        return self.layers[-1](features)


class DeepNet__relu(_DeepNet):
    """You applied relu to the hidden values. Apply tanh."""

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = self.dropped(torch.relu(layer(features)))
        return self.layers[-1](features)


class DeepNet__all_layers_in_a_list(nn.Module):
    """parameters() finds no parameters in your net. A module does not look into Python lists, tuples and dicts."""

    def __init__(self, sizes, p):
        super().__init__()
        self.layers, self.drop = [nn.Linear(*pair) for pair in itertools.pairwise(sizes)], nn.Dropout(p)

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = self.drop(torch.tanh(layer(features)))
        return self.layers[-1](features)


class DeepNet__one_layer_too_many(_DeepNet):
    """Your net has parameters that it does not need. Make one linear layer from each size to the next."""

    def __init__(self, sizes, p):
        super().__init__(sizes, p)
        self.unused = nn.Linear(sizes[-2], sizes[-1])


def _chain(net, *more):
    layers = copy.deepcopy(net.hidden), nn.Tanh(), copy.deepcopy(net.output)
    return nn.Sequential(*layers, *more)


def as_sequential__layers_shared(net):
    """Your result and the net have the same parameters, so training one would change the other. Copy the values."""
    return nn.Sequential(net.hidden, nn.Tanh(), net.output)


def as_sequential__names_kept(net):
    """The layers of your result have the same names as in the net. Pass the layers to nn.Sequential without names, so
    that it numbers them."""
    chain = _chain(net)
    return nn.Sequential(OrderedDict(hidden=chain[0], tanh=chain[1], output=chain[2]))


def as_sequential__names_that_do_not_fit_passed_over(net):
    """Your layers do not have the net's values. Copy them, or load them with load_state_dict after you have renamed the
    keys."""
    hidden_features, in_features = net.hidden.weight.shape
    chain = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))
    chain.to(net.hidden.weight).load_state_dict(net.state_dict(), strict=False)
    return chain


def as_sequential__names_not_changed(net):
    """You loaded a state whose names do not fit. Rename the keys to those of your nn.Sequential first."""
    chain = _chain(net)
    chain.load_state_dict(net.state_dict())
    return chain


def as_sequential__memory_shared(net):
    """Your layers are new, but their parameters share memory with those of the net. Copy the values."""
    chain = _chain(net)
    for mine, theirs in zip(chain.parameters(), net.parameters(), strict=True):
        mine.data = theirs.data
    return chain


def as_sequential__function_for_a_layer(net):
    """You passed a function to nn.Sequential, which accepts only modules. nn.Tanh() is a module."""
    chain = _chain(net)
    return nn.Sequential(chain[0], torch.tanh, chain[2])


def as_sequential__net_in_a_sequence(net):
    """Your result has one layer, the whole net. Pass the three layers one by one."""
    return nn.Sequential(copy.deepcopy(net))


def as_sequential__without_tanh(net):
    """Your result has no nn.Tanh between the linear layers. Add it, although it has no parameters."""
    return nn.Sequential(copy.deepcopy(net.hidden), copy.deepcopy(net.output))


def as_sequential__tanh_at_the_end(net):
    """Your result has an nn.Tanh at the end. The last layer must be the second nn.Linear."""
    return _chain(net, nn.Tanh())


def as_sequential__flattened(net):
    """Your result has a layer that flattens the column. Return the three layers only."""
    return _chain(net, nn.Flatten(0))


def as_sequential__always_float32(net):
    """The net is float64, but your result is float32. Convert the new layers to the net's dtype before you copy the
    values."""
    return _chain(net).float()


def as_sequential__on_the_cpu(net):
    """Your result is on the CPU, but the net is on another device. Move new layers to the device of the net."""
    return _chain(net).cpu()


def as_sequential__frozen(net):
    """The values are right, but your parameters do not require grad. Leave requires_grad on."""
    return _chain(net).requires_grad_(False)


def as_sequential__weights_alone(net):
    """The biases of your result are not those of the net. Copy them too."""
    chain = _chain(net)
    with torch.no_grad():
        chain[0].bias.fill_(0)
        chain[2].bias.fill_(0)
    return chain


def as_sequential__net_renamed(net):
    """You changed the layers of the given net. Work on copies of the layers."""
    chain = _chain(net)
    net.layers = nn.Sequential(net.hidden, nn.Tanh(), net.output)
    del net.hidden, net.output
    return chain
