"""Wrong answers that behave like a mistake of kata_09_capstone for another reason, which each docstring names."""

import copy
import itertools

import torch
from torch import nn


class _Net(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__layers_in_a_list__plain_tensors(nn.Module):
    """The net has plain tensors that require grad, and no layers."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.weights_1 = torch.randn(in_features, hidden_features, requires_grad=True)
        self.weights_2 = torch.randn(hidden_features, requires_grad=True)

    def forward(self, features):
        return torch.tanh(features @ self.weights_1) @ self.weights_2


class TwoLayerNet__plain_tensor__list(nn.Module):
    """The second layer is in a Python list."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.others = [nn.Linear(hidden_features, 1)]

    def forward(self, features):
        return self.others[0](torch.tanh(self.hidden(features)))[:, 0]


class TwoLayerNet__graph_cut__no_grad(_Net):
    """The predictions were computed under no_grad."""

    def forward(self, features):
        with torch.no_grad():
            return super().forward(features)


class TwoLayerNet__hidden_layer_cut_off__detached(_Net):
    """The hidden values were detached."""

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)).detach())[:, 0]


class TwoLayerNet__without_tanh__collapsed(_Net):
    """The two weights were multiplied into one."""

    def forward(self, features):
        weight = self.hidden.weight.T @ self.output.weight[0]
        return features @ weight + self.hidden.bias @ self.output.weight[0] + self.output.bias


def _tensors(parameters):
    weights_1, bias_1, weights_2, bias_2 = (torch.tensor(each, dtype=torch.float64) for each in parameters)
    return weights_1.T, bias_1, weights_2[None], bias_2[None]


def load_foundations__name_rebound__copy(net, parameters):
    """The values went into a copy of the net."""
    with torch.no_grad():
        for parameter, values in zip(copy.deepcopy(net).parameters(), _tensors(parameters), strict=True):
            if parameter.shape != values.shape:
                raise ValueError("a shape does not fit")
            parameter.copy_(values)


def load_foundations__rounded__by_numpy(net, parameters):
    """NumPy rounded the arrays, and PyTorch the float."""
    for parameter, values in zip(net.parameters(), _tensors(parameters), strict=True):
        if parameter.shape != values.shape:
            raise ValueError("a shape does not fit")
        parameter.data.copy_(torch.from_numpy(values.numpy().astype("float32")))


def _loss(net, features, targets):
    return ((net(features) - targets) ** 2).mean()


def net_slopes__sum_of_squares__times_n(net, features, targets):
    """The gradients of the mean were multiplied by N."""
    loss = _loss(net, features, targets)
    weight_1, bias_1, weight_2, bias_2 = torch.autograd.grad(loss, list(net.parameters()))
    n = len(features)
    return n * weight_1.T, n * bias_1, n * weight_2[0], n * bias_2[0]


def go_downhill__name_rebound__cleared(net, features, targets, learning_rate, steps):
    """The gradients were cleared between backward() and the update."""
    losses = []
    for _ in range(steps + 1):
        loss = _loss(net, features, targets)
        losses.append(loss.item())
        loss.backward()
        net.zero_grad(set_to_none=False)
        with torch.no_grad():
            for parameter in net.parameters():
                parameter -= learning_rate * parameter.grad
    return losses


def go_downhill__losses_as_tensors__with_graphs(net, features, targets, learning_rate, steps):
    """The losses were kept as they are, with their graphs."""
    parameters, losses = list(net.parameters()), []
    for step in range(steps + 1):
        losses.append(_loss(net, features, targets))
        if step < steps:
            slopes = torch.autograd.grad(losses[-1], parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, slopes, strict=True):
                    parameter -= learning_rate * slope
    return losses


class DeepNet__as_it_was__dict(nn.Module):
    """The hidden layers are in a Python dict."""

    def __init__(self, sizes, p):
        super().__init__()
        pairs = itertools.pairwise(sizes[:-1])
        self.hidden = {
            str(number): nn.Sequential(nn.Linear(*pair), nn.Tanh(), nn.Dropout(p)) for number, pair in enumerate(pairs)
        }
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for block in self.hidden.values():
            features = block(features)
        return self.last(features)


class DeepNet__mode_passed_on__train_overridden(nn.Module):
    """train() sets the modes of the layers in the list."""

    def __init__(self, sizes, p):
        super().__init__()
        self.hidden = [
            nn.Sequential(nn.Linear(*pair), nn.Tanh(), nn.Dropout(p)) for pair in itertools.pairwise(sizes[:-1])
        ]
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def train(self, mode=True):
        for block in self.hidden:
            block.train(mode)
        return super().train(mode)

    def forward(self, features):
        for block in self.hidden:
            features = block.to(self.last.weight)(features)
        return self.last(features)


class _DeepNet(nn.Module):
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


class DeepNet__parameters_listed_by_hand__functional(_DeepNet):
    """The function dropout was called without the mode."""

    def dropped(self, features):
        return nn.functional.dropout(features, self.p)


class DeepNet__nothing_dropped__eval_for_ever(_DeepNet):
    """The mode was set to eval in the call."""

    def dropped(self, features):
        self.eval()
        return super().dropped(features)


class DeepNet__another_probability__half(_DeepNet):
    """The probability is p / 2."""

    def dropped(self, features):
        return nn.functional.dropout(features, self.p / 2, self.training)


class DeepNet__another_probability__default(_DeepNet):
    """nn.Dropout() has its default probability."""

    def __init__(self, sizes, p):
        super().__init__(sizes, p)
        self.drop = nn.Dropout()

    def dropped(self, features):
        return self.drop(features)


class DeepNet__dropout_before_tanh__not_scaled(_DeepNet):
    """The hidden values are dropped and not divided by 1 - p."""

    def dropped(self, features):
        return features * (torch.rand_like(features) >= self.p) if self.training else features


class DeepNet__features_dropped__before_each_layer(_DeepNet):
    """Dropout comes before each layer."""

    def forward(self, features):
        for layer in self.layers[:-1]:
            features = torch.tanh(layer(self.dropped(features)))
        return self.layers[-1](self.dropped(features))


class DeepNet__dropout_once__first(_DeepNet):
    """Dropout follows only the first tanh."""

    def forward(self, features):
        for number, layer in enumerate(self.layers[:-1]):
            features = torch.tanh(layer(features))
            features = features if number else self.dropped(features)
        return self.layers[-1](features)


def as_sequential__names_that_do_not_fit_passed_over__new_layers(net):
    """The layers are new, and nothing is copied."""
    hidden_features, in_features = net.hidden.weight.shape
    chain = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))
    return chain.to(net.hidden.weight)


class TwoLayerNet__started_at_zero__one_weight(_Net):
    """Only the first weight is zeros."""

    def __init__(self, in_features, hidden_features):
        super().__init__(in_features, hidden_features)
        nn.init.zeros_(self.hidden.weight)


def load_foundations__broadcast__data(net, parameters):
    """The .data of each parameter is replaced, by tensors of whatever shape."""
    for parameter, values in zip(net.parameters(), _tensors(parameters), strict=True):
        parameter.data = values.to(parameter)


def net_slopes__nothing_recorded__detached(net, features, targets):
    """The predictions are detached."""
    loss = ((net(features).detach() - targets) ** 2).mean()
    weight_1, bias_1, weight_2, bias_2 = torch.autograd.grad(loss, list(net.parameters()))
    return weight_1.T, bias_1, weight_2[0], bias_2[0]
