"""Other right answers to katas/lesson_3_nn_module/kata_09_capstone.py: the tests must accept them."""

import copy
import itertools

import numpy as np
import torch
from torch import nn


class TwoLayerNet__only_column(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(self.hidden(features).tanh())[:, 0]


class TwoLayerNet__functional(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.add_module("hidden", nn.Linear(in_features, hidden_features))
        self.add_module("output", nn.Linear(hidden_features, out_features=1))

    def forward(self, features):
        hidden = torch.tanh(nn.functional.linear(features, self.hidden.weight, self.hidden.bias))
        return hidden @ self.output.weight[0] + self.output.bias


class TwoLayerNet__activation_as_an_attribute(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.activation = nn.Tanh()
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(self.activation(self.hidden(features))).flatten()


class TwoLayerNet__tanh_as_a_child(nn.Module):
    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return nn.Sequential(self.hidden, nn.Tanh(), self.output, nn.Flatten(0))(features)


def load_foundations__net_state(net, parameters):
    weights_1, bias_1, weights_2, bias_2 = parameters
    arrays = {
        "hidden.weight": weights_1.T,
        "hidden.bias": bias_1,
        "output.weight": weights_2.reshape(1, -1),
        "output.bias": np.array([bias_2]),
    }
    net.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})


def load_foundations__shapes_compared(net, parameters):
    weights_1, bias_1, weights_2, bias_2 = parameters
    layers = net.hidden, net.output
    if [weights_1.T.shape, bias_1.shape, weights_2[None].shape] != [*(p.shape for p in net.parameters())][:3]:
        raise ValueError("these parameters are those of a net with other sizes")
    with torch.no_grad():
        for layer, weights, bias in zip(layers, (weights_1, weights_2), (bias_1, bias_2), strict=True):
            layer.weight.copy_(torch.tensor(weights.T))
            layer.bias.copy_(torch.as_tensor(bias, dtype=torch.float64))


def load_foundations__number_by_number(net, parameters):
    weights_1, bias_1, weights_2, bias_2 = parameters
    d, h = net.hidden.in_features, net.hidden.out_features
    if (weights_1.shape, bias_1.shape, weights_2.shape) != ((d, h), (h,), (h,)):
        raise ValueError("a shape does not fit")
    with torch.no_grad():
        for j in range(h):
            for i in range(d):
                net.hidden.weight[j, i] = float(weights_1[i, j])
            net.hidden.bias[j] = float(bias_1[j])
            net.output.weight[0, j] = float(weights_2[j])
        net.output.bias.fill_(bias_2)


def net_slopes__copy_sent_backward(net, features, targets):
    twin = copy.deepcopy(net)
    twin.zero_grad()
    ((twin(features) - targets) ** 2).mean().backward()
    weight_1, bias_1, weight_2, bias_2 = (parameter.grad for parameter in twin.parameters())
    return weight_1.T, bias_1, weight_2.squeeze(0), bias_2.squeeze(0)


def net_slopes__grad_put_back(net, features, targets):
    before = [parameter.grad for parameter in net.parameters()]
    net.zero_grad()
    torch.nn.functional.mse_loss(net(features), targets).backward()
    found = [parameter.grad for parameter in net.parameters()]
    for parameter, grad in zip(net.parameters(), before, strict=True):
        parameter.grad = grad
    return found[0].T, found[1], found[2].reshape(-1), found[3].reshape(())


def net_slopes__one_by_one(net, features, targets):
    def gradient(parameter):
        loss = torch.square(targets - net(features)).sum() / len(targets)
        return torch.autograd.grad(loss, parameter)[0]

    hidden, output = net.hidden, net.output
    return gradient(hidden.weight).T, gradient(hidden.bias), gradient(output.weight)[0], gradient(output.bias)[0]


def go_downhill__by_backward(net, features, targets, learning_rate, steps):
    losses = []
    for step in range(steps + 1):
        net.zero_grad()
        loss = torch.nn.functional.mse_loss(net(features), targets)
        losses.append(loss.item())
        if step < steps:
            loss.backward()
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter.sub_(learning_rate * parameter.grad)
    return losses


def go_downhill__through_data(net, features, targets, learning_rate, steps):
    losses = []
    for _ in range(steps):
        loss = ((net(features) - targets) ** 2).mean()
        losses.append(float(loss))
        slopes = torch.autograd.grad(loss, list(net.parameters()))
        for parameter, slope in zip(net.parameters(), slopes, strict=True):
            parameter.data -= learning_rate * slope
    with torch.no_grad():
        return [*losses, ((net(features) - targets) ** 2).mean().item()]


def go_downhill__copied_over(net, features, targets, learning_rate, steps):
    losses = []
    for step in range(steps + 1):
        loss = ((net(features) - targets) ** 2).mean()
        losses += [loss.item()]
        if step == steps:
            break
        slopes = torch.autograd.grad(loss, list(net.parameters()))
        new = [p - learning_rate * slope for p, slope in zip(net.parameters(), slopes, strict=True)]
        with torch.no_grad():
            for parameter, values in zip(net.parameters(), new, strict=True):
                parameter.copy_(values)
    return losses


class DeepNet__layers_and_one_dropout(nn.Module):
    def __init__(self, sizes, p):
        super().__init__()
        self.linears = nn.ModuleList([nn.Linear(*pair) for pair in itertools.pairwise(sizes)])
        self.dropout = nn.Dropout(p)

    def forward(self, features):
        for linear in self.linears[:-1]:
            features = self.dropout(torch.tanh(linear(features)))
        return self.linears[-1](features)


class DeepNet__one_sequential(nn.Module):
    def __init__(self, sizes, p):
        super().__init__()
        layers = []
        for inputs, outputs in itertools.pairwise(sizes[:-1]):
            layers += [nn.Linear(inputs, outputs), nn.Tanh(), nn.Dropout(p)]
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))

    def forward(self, features):
        return self.layers(features)


class DeepNet__blocks_added_by_name(nn.Module):
    def __init__(self, sizes, p):
        super().__init__()
        self.hidden = []
        for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes[:-1])):
            block = nn.Sequential(nn.Linear(inputs, outputs), nn.Tanh(), nn.Dropout(p))
            self.hidden.append(block)
            self.add_module(f"block_{number}", block)
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for block in self.hidden:
            features = block(features)
        return self.last(features)


def as_sequential__layers_copied(net):
    return nn.Sequential(copy.deepcopy(net.hidden), nn.Tanh(), copy.deepcopy(net.output))


def as_sequential__state_by_place(net):
    place = {"dtype": net.hidden.weight.dtype, "device": net.hidden.weight.device}
    hidden, output = net.hidden, net.output
    chain = nn.Sequential(
        nn.Linear(hidden.in_features, hidden.out_features, **place),
        nn.Tanh(),
        nn.Linear(output.in_features, output.out_features, **place),
    )
    chain.load_state_dict(dict(zip(chain.state_dict(), net.state_dict().values(), strict=True)))
    return chain


def as_sequential__copied_over(net):
    hidden, output = net.hidden, net.output
    chain = nn.Sequential(
        nn.Linear(hidden.in_features, hidden.out_features), nn.Tanh(), nn.Linear(output.in_features, 1)
    )
    chain = chain.to(device=hidden.weight.device, dtype=hidden.weight.dtype)
    with torch.no_grad():
        for mine, theirs in zip(chain.parameters(), net.parameters(), strict=True):
            mine.copy_(theirs)
    return chain
