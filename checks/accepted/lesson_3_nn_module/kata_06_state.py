"""Other right answers to katas/lesson_3_nn_module/kata_06_state.py: the tests must accept them."""

import copy
import io
import math
import re

import torch
from torch import nn


def snapshot__deepcopy(model):
    return copy.deepcopy(model.state_dict())


def snapshot__through_a_file(model):
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    return torch.load(file)


def snapshot__loop(model):
    kept = {}
    for name, tensor in model.state_dict().items():
        kept[name] = torch.empty_like(tensor)
        kept[name].copy_(tensor)
    return kept


def snapshot__state_of_a_copy(model):
    return copy.deepcopy(model).state_dict()


def save__plain_dictionary(model, path):
    torch.save(dict(model.state_dict()), path)


def save__on_the_cpu(model, path):
    torch.save({name: tensor.cpu() for name, tensor in model.state_dict().items()}, path)


def save__by_name(model, path):
    torch.save({name: tensor.clone() for name, tensor in model.state_dict(keep_vars=True).items()}, path)


def save__open_file(model, path):
    with open(path, "wb") as file:
        torch.save(model.state_dict(), file)


def load__in_two_lines(model, path):
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state)
    return model


def load__open_file(model, path):
    with open(path, "rb") as file:
        model.load_state_dict(torch.load(file, map_location="cpu"))
    return model


def load__name_by_name(model, path):
    state, own = torch.load(path), model.state_dict()
    if state.keys() != own.keys():
        raise RuntimeError(f"names that do not fit: {state.keys() ^ own.keys()}")
    for name, tensor in state.items():
        if tensor.shape != own[name].shape:
            raise RuntimeError(f"{name} has another shape")
        own[name].copy_(tensor)
    return model


def strip_prefix__loop(state, prefix):
    result = {}
    for name, tensor in state.items():
        if name.startswith(prefix):
            name = name[len(prefix) :]
        result[name] = tensor
    return result


def strip_prefix__pattern(state, prefix):
    return {re.sub(rf"\A{re.escape(prefix)}", "", name): tensor for name, tensor in state.items()}


def strip_prefix__of_PyTorch(state, prefix):
    result = copy.copy(state)
    nn.modules.utils.consume_prefix_in_state_dict_if_present(result, prefix)
    return result


def load_what_fits__name_by_name(model, state):
    own = model.state_dict()
    missing, unused = set(own), set(state)
    for name in own:
        if name in state and state[name].shape == own[name].shape:
            own[name].copy_(state[name])
            missing.discard(name)
            unused.discard(name)
    return sorted(missing), sorted(unused)


def load_what_fits__state_completed(model, state):
    own = model.state_dict()
    used = [name for name in own if name in state and state[name].shape == own[name].shape]
    model.load_state_dict({name: state[name] if name in used else tensor for name, tensor in own.items()})
    return sorted(set(own) - set(used)), sorted(set(state) - set(used))


def load_what_fits__missing_by_the_report(model, state):
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    fitting = {name: tensor for name, tensor in state.items() if shapes.get(name) == tensor.shape}
    report = model.load_state_dict(fitting, strict=False)
    return sorted(report.missing_keys), sorted(name for name in state if name not in fitting)


def independent_copy__made_by_hand(model, known=None):
    known = {} if known is None else known
    twin = copy.copy(model)
    twin.__dict__ = dict(model.__dict__)
    for kind in ("_parameters", "_buffers"):
        copies = {}
        for name, tensor in getattr(model, kind).items():
            if tensor is not None and id(tensor) not in known:
                numbers = tensor.detach().clone()
                is_parameter = isinstance(tensor, nn.Parameter)
                known[id(tensor)] = nn.Parameter(numbers, tensor.requires_grad) if is_parameter else numbers
            copies[name] = None if tensor is None else known[id(tensor)]
        twin.__dict__[kind] = copies
    twin.__dict__["_modules"] = {n: independent_copy__made_by_hand(m, known) for n, m in model._modules.items()}
    return twin


def independent_copy__through_a_file(model):
    file = io.BytesIO()
    torch.save(model, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


class Tied__functional(nn.Module):
    def __init__(self, visible, hidden):
        super().__init__()
        self.bias_2 = nn.Parameter(torch.zeros(visible))
        self.bias_1 = nn.Parameter(torch.zeros(hidden))
        self.weight = nn.Parameter((2 * torch.rand(hidden, visible) - 1) / math.sqrt(visible))

    def encode(self, x):
        return nn.functional.linear(x, self.weight, self.bias_1).tanh()

    def decode(self, h):
        return nn.functional.linear(h, self.weight.T, self.bias_2)

    def forward(self, x):
        return self.decode(self.encode(x))


class Tied__registered(nn.Module):
    def __init__(self, visible, hidden):
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.empty(hidden, visible)))
        self.register_parameter("bias_1", nn.Parameter(torch.zeros(hidden)))
        self.register_parameter("bias_2", nn.Parameter(torch.zeros(visible)))
        nn.init.uniform_(self.weight, -(visible**-0.5), visible**-0.5)

    def encode(self, x):
        return torch.tanh(torch.einsum("...v,hv->...h", x, self.weight) + self.bias_1)

    def decode(self, h):
        return torch.einsum("...h,hv->...v", h, self.weight) + self.bias_2

    def forward(self, x):
        hidden = torch.tanh(torch.matmul(x, self.weight.mT) + self.bias_1)
        return torch.matmul(hidden, self.weight) + self.bias_2


def load_onto__moved_first(path, model, device):
    model.to(device)
    model.load_state_dict(torch.load(path, map_location=device))
    return model


def load_onto__read_onto_the_cpu(path, model, device):
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state)
    model.to(torch.device(device))
    return model


def load_onto__place_by_a_function(path, model, device):
    state = torch.load(path, map_location=lambda storage, place: storage)
    model.load_state_dict(state)
    return model.to(device)
