"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_06_state.py for another reason."""

import copy
import math

import torch
from torch import nn


def snapshot__the_dictionary_alone__detached(model):
    """A new dict of detached tensors."""
    return {name: tensor.detach() for name, tensor in model.state_dict().items()}


def snapshot__parameters_only__buffers_filtered_out(model):
    """The names of buffers are left out of a copied state."""
    buffers = dict(model.named_buffers())
    return {name: tensor.clone() for name, tensor in model.state_dict().items() if name not in buffers}


def snapshot__on_the_cpu__new_tensors(model):
    """The tensors are made anew from lists, without a device."""
    return {name: torch.tensor(t.tolist(), dtype=t.dtype).reshape(t.shape) for name, t in model.state_dict().items()}


def save__state_within_a_dictionary__names_with_a_prefix(model, path):
    """The names got a prefix."""
    torch.save({f"model.{name}": tensor for name, tensor in model.state_dict().items()}, path)


def save__name_with_an_ending__path_forgotten(model, path):
    """The file is in the folder of the path, under another name."""
    from pathlib import Path

    torch.save(model.state_dict(), Path(path).parent / "state")


def save__in_evaluation_mode__each_module(model, path):
    """Every module is put into eval mode by hand, after the file is written."""
    torch.save(model.state_dict(), path)
    for module in model.modules():
        module.training = False


def load__names_forgiven__entries_chosen(model, path):
    """Only the names of the model are looked up in the file, and a missing one keeps the model's own tensor."""
    state, own = torch.load(path), model.state_dict()
    model.load_state_dict({name: state.get(name, tensor) for name, tensor in own.items()})
    return model


def load__parameters_exchanged__new_parameters(model, path):
    """Each module gets new parameters, after the state has been loaded."""
    model.load_state_dict(torch.load(path))
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(parameter.detach().clone(), parameter.requires_grad))
    return model


def load__all_unfrozen__one_by_one(model, path):
    """requires_grad is set for each parameter before loading."""
    for parameter in model.parameters():
        parameter.requires_grad = True
    model.load_state_dict(torch.load(path))
    return model


def strip_prefix__single_characters__one_by_one(state, prefix):
    """A loop removes characters as long as they are in the prefix."""
    result = {}
    for name, tensor in state.items():
        short = name
        while short and short[0] in prefix:
            short = short[1:]
        result[short] = tensor
    return result


def strip_prefix__everywhere__split(state, prefix):
    """The names are split at the prefix and joined again."""
    return {"".join(name.split(prefix)): tensor for name, tensor in state.items()}


def strip_prefix__in_place__two_loops(state, prefix):
    """The new names are added first, and the old ones deleted afterwards."""
    old = [name for name in state if name.startswith(prefix)]
    result = {name.removeprefix(prefix): tensor for name, tensor in state.items()}
    for name in old:
        del state[name]
    return result


def load_what_fits__reshaped__viewed_in_copy(model, state):
    """The values are copied in flat."""
    own, used = model.state_dict(), []
    for name, tensor in state.items():
        if name in own and own[name].numel() == tensor.numel():
            own[name].view(-1).copy_(tensor.flatten())
            used.append(name)
    return sorted(own.keys() - set(used)), sorted(state.keys() - set(used))


def load_what_fits__lists_swapped__sets_subtracted_the_other_way(model, state):
    """The lists are made in the wrong order."""
    own = model.state_dict()
    used = {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}
    model.load_state_dict(used, strict=False)
    unused, missing = sorted(own.keys() - used.keys()), sorted(state.keys() - used.keys())
    return missing, unused


def independent_copy__one_mode_for_all__mode_of_the_first(model):
    """eval() or train() is called, depending on the model's mode."""
    twin = copy.deepcopy(model)
    return twin.train() if model.training else twin.eval()


class Tied__plain_tensor__data_of_a_parameter(nn.Module):
    """The .data of an nn.Parameter is a plain tensor."""

    def __init__(self, visible, hidden):
        super().__init__()
        bound = 1 / math.sqrt(visible)
        self.bias_1, self.bias_2 = nn.Parameter(torch.zeros(hidden)), nn.Parameter(torch.zeros(visible))
        self.weight = nn.Parameter(torch.empty(hidden, visible).uniform_(-bound, bound)).data

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


class Tied__weight_of_zeros__ones(nn.Module):
    """The weight is full of one other number."""

    def __init__(self, visible, hidden):
        super().__init__()
        self.bias_1, self.bias_2 = nn.Parameter(torch.zeros(hidden)), nn.Parameter(torch.zeros(visible))
        self.weight = nn.Parameter(torch.full((hidden, visible), 1 / math.sqrt(visible)))

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


def load_onto__model_left_where_it_was__state_moved(path, model, device):
    """The state is moved after it was read on the CPU."""
    state = {name: tensor.to(device) for name, tensor in torch.load(path, map_location="cpu").items()}
    model.load_state_dict(state)
    return model


def load__nothing_loaded__read_alone(model, path):
    """The file is read, and the dict is not used."""
    torch.load(path)
    return model


class Tied__biases_drawn__one_of_them(nn.Module):
    """One bias is drawn."""

    def __init__(self, visible, hidden):
        super().__init__()
        bound = 1 / math.sqrt(visible)
        self.weight = nn.Parameter(torch.empty(hidden, visible).uniform_(-bound, bound))
        self.bias_1 = nn.Parameter(torch.zeros(hidden))
        self.bias_2 = nn.Parameter(torch.empty(visible).uniform_(-bound, bound))

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


def load_onto__data_of_each_parameter__buffers_too(path, model, device):
    """The .data of buffers is replaced too."""
    model.load_state_dict(torch.load(path, map_location="cpu"))
    for tensor in [*model.parameters(), *model.buffers()]:
        tensor.data = tensor.data.to(device)
    return model


def snapshot__list_of_tensors__pairs(model):
    """The list has the names too."""
    return [(name, tensor.clone()) for name, tensor in model.state_dict().items()]


def save__list_of_tensors__pairs(model, path):
    """The list has the names too."""
    torch.save(list(model.state_dict().items()), path)


def save__returns_the_state__nothing_written(model, path):
    """No file is written."""
    return model.state_dict()


def strip_prefix__copies__detached(state, prefix):
    """The tensors share memory with those in the state, but are other objects."""
    return {name.removeprefix(prefix): tensor.detach() for name, tensor in state.items()}


def strip_prefix__names_only__pairs(state, prefix):
    """The list has the tensors too."""
    return [(name.removeprefix(prefix), tensor) for name, tensor in state.items()]


def load_what_fits__the_report__not_filtered(model, state):
    """The whole state is loaded, so an entry of another shape raises an error."""
    return model.load_state_dict(state, strict=False)


def load_what_fits__nothing_loaded__empty_lists(model, state):
    """The lists are wrong too."""
    return [], []


class _Tied(nn.Module):
    def __init__(self, visible, hidden):
        super().__init__()
        bound = 1 / math.sqrt(visible)
        self.weight = nn.Parameter(torch.empty(hidden, visible).uniform_(-bound, bound))
        self.bias_1, self.bias_2 = nn.Parameter(torch.zeros(hidden)), nn.Parameter(torch.zeros(visible))

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


class Tied__encoder_detached__no_grad(_Tied):
    """All of encode runs under no_grad."""

    def encode(self, x):
        with torch.no_grad():
            return super().encode(x)


class Tied__encoder_detached__result_detached(_Tied):
    """forward detaches what encode returns."""

    def forward(self, x):
        return self.decode(self.encode(x).detach())


def strip_prefix__copies__every_name_cut(state, prefix):
    """Names without the prefix are wrong too."""
    return {name[len(prefix) :]: tensor.clone() for name, tensor in state.items()}


def load_what_fits__sets__of_names_alone(model, state):
    """The shapes are not compared."""
    own = model.state_dict()
    model.load_state_dict(state, strict=False)
    return own.keys() - state.keys(), state.keys() - own.keys()
