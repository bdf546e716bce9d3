"""Wrong answers to katas/lesson_3_nn_module/kata_06_state.py, each with the sentence that corrects the belief."""

import copy
import math
import os
import pickle
import re

import torch
from torch import nn


def snapshot__the_dictionary_alone(model):
    """The tensors in your dict share memory with the model, so they change when it trains. Copy each tensor with
    clone()."""
    return model.state_dict().copy()


def snapshot__parameters_only(model):
    """Your dict lacks the model's buffers, for example the running means. Copy every entry of model.state_dict()."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


def snapshot__buffers_not_copied(model):
    """The buffers in your dict share memory with the model. Copy every entry of model.state_dict(), not only the
    parameters."""
    kept = model.state_dict()
    for name, parameter in model.named_parameters():
        kept[name] = parameter.detach().clone()
    return kept


def snapshot__copies_with_a_graph(model):
    """The values are right, but some of your tensors have a graph. Copy the entries of model.state_dict(), which do not
    require grad."""
    return {name: tensor.clone() for name, tensor in model.state_dict(keep_vars=True).items()}


def snapshot__parameters_again(model):
    """The values are right, but some of your tensors are leaf tensors that require grad. Copy the entries of
    model.state_dict(), which do not require grad."""
    return copy.deepcopy(dict(model.state_dict(keep_vars=True)))


def snapshot__on_the_cpu(model):
    """Your copies are on the CPU, but the model is on another device. clone() keeps the device."""
    return {name: tensor.cpu().clone() for name, tensor in model.state_dict().items()}


def snapshot__numpy_arrays(model):
    """Your dict contains NumPy arrays, and load_state_dict does not accept them. Copy each tensor with clone()."""
    return {name: tensor.cpu().numpy().copy() for name, tensor in model.state_dict().items()}


def snapshot__all_of_one_dtype(model):
    """num_batches_tracked is an integer, but your copy of it is a float. clone() keeps the dtype."""
    return {name: tensor.clone().float() for name, tensor in model.state_dict().items()}


def snapshot__lists_of_numbers(model):
    """Your dict contains lists or numbers instead of tensors. Copy each tensor with clone()."""
    return {name: tensor.tolist() for name, tensor in model.state_dict().items()}


def snapshot__list_of_tensors(model):
    """You returned a list. Return a dict from each name to the copy of its tensor."""
    return [tensor.clone() for tensor in model.state_dict().values()]


def snapshot__parameters_and_buffers(model):
    """If a parameter has two names, for example, your names differ from those of model.state_dict(). Copy the entries
    of this dict."""
    return {
        name: tensor.detach().clone()
        for names in (model.named_parameters(), model.named_buffers())
        for name, tensor in names
    }


def snapshot__the_model_copied(model):
    """You returned a module. Return a dict of tensors, one for each name in model.state_dict()."""
    return copy.deepcopy(model)


def save__the_model_itself(model, path):
    """Your file contains a module, which torch.load refuses, because loading a module can run any code. Write
    model.state_dict()."""
    torch.save(model, path)


def save__method_not_called(model, path):
    """Your file contains a method, not the dict that it returns. Call state_dict(), with parentheses."""
    torch.save(model.state_dict, path)


def save__parameters_only(model, path):
    """Your file lacks the model's buffers. Write all of model.state_dict(), not only the parameters."""
    torch.save(dict(model.named_parameters()), path)


def save__numpy_arrays(model, path):
    """Your file contains NumPy arrays, and torch.load refuses them. Write the tensors of model.state_dict()."""
    torch.save({name: tensor.cpu().numpy() for name, tensor in model.state_dict().items()}, path)


def save__lists_of_numbers(model, path):
    """Your file contains lists or numbers instead of tensors. Write the tensors of model.state_dict()."""
    torch.save({name: tensor.tolist() for name, tensor in model.state_dict().items()}, path)


def save__list_of_tensors(model, path):
    """Your file contains a list. Write model.state_dict(), which is a dict."""
    torch.save(list(model.state_dict().values()), path)


def save__state_within_a_dictionary(model, path):
    """The names in your file are not those of model.state_dict(). Write this dict itself, without another dict around
    it."""
    torch.save({"model": model.state_dict()}, path)


def save__pickle(model, path):
    """There is a file, but it was not written by torch.save, and torch.load refuses it. Write it with torch.save."""
    with open(path, "wb") as file:
        pickle.dump({name: tensor.cpu() for name, tensor in model.state_dict().items()}, file)


def save__name_with_an_ending(model, path):
    """There is no file at the given path. Write to `path` exactly as it is, without another ending."""
    torch.save(model.state_dict(), f"{path}.pt")


def save__returns_the_state(model, path):
    """Your function returned a value. Write the file, and return nothing."""
    torch.save(model.state_dict(), path)
    return model.state_dict()


def save__returns_the_path(model, path):
    """Your function returned the path. Write the file, and return nothing."""
    torch.save(model.state_dict(), path)
    return path


def save__older_file_kept(model, path):
    """Your code did not replace the file that was already there. Write the file in any case."""
    if not os.path.exists(path):
        torch.save(model.state_dict(), path)


def save__in_evaluation_mode(model, path):
    """The model is in eval mode after your call, but it was in train mode. A state has no modes, so leave them as they
    were."""
    model.eval()
    torch.save(model.state_dict(), path)


def save__model_moved_to_the_cpu(model, path):
    """The model is on the CPU after your call. cpu() moves a module itself, so save the state without moving the
    model."""
    torch.save(model.cpu().state_dict(), path)


def save__as_text(model, path):
    """Your file contains a string. Write model.state_dict() itself, which is a dict of tensors."""
    torch.save(str(model.state_dict()), path)


def save__arguments_swapped(model, path):
    """Your code called torch.save with its arguments in the wrong order. The object comes first, then the path."""
    torch.save(path, model.state_dict())


def load__returns_the_report(model, path):
    """The model is loaded, but you returned what load_state_dict returns. Return the model."""
    return model.load_state_dict(torch.load(path))


def load__nothing_returned(model, path):
    """The model is loaded, but you returned None. Return the model."""
    model.load_state_dict(torch.load(path))


def load__path_for_a_state(model, path):
    """Your code used the path as if it were the state. Read the file with torch.load(path) first."""
    model.load_state_dict(path)
    return model


def load__the_state_alone(model, path):
    """You returned the dict from the file, and the model has its old values. Load the dict into the model, and return
    the model."""
    return torch.load(path)


def load__nothing_loaded(model, path):
    """You returned the model, but it has its old values. Pass the dict from the file to model.load_state_dict()."""
    model.state_dict().update(torch.load(path))
    return model


def load__a_copy_of_the_model(model, path):
    """You returned another module, and the given one has its old values. Load the state into the given model, and
    return it."""
    loaded = copy.deepcopy(model)
    loaded.load_state_dict(torch.load(path))
    return loaded


def load__parameters_exchanged(model, path):
    """The values are right, but the parameters are new objects, and an optimizer would still have the old ones. Copy
    in place."""
    model.load_state_dict(torch.load(path), assign=True)
    return model


def load__names_forgiven(model, path):
    """You accepted a state whose names differ from those of the model. Raise a RuntimeError, as load_state_dict does
    with strict=True."""
    model.load_state_dict(torch.load(path), strict=False)
    return model


def load__refused_by_a_value_error(model, path):
    """You raised a ValueError for a state that does not fit. Raise a RuntimeError, as load_state_dict does."""
    state, own = torch.load(path), model.state_dict()
    if state.keys() != own.keys() or any(state[name].shape != own[name].shape for name in own):
        raise ValueError("the state does not fit the model")
    model.load_state_dict(state)
    return model


def load__parameters_only(model, path):
    """The buffers have their old values. Load every entry of the file, not only the parameters."""
    state = torch.load(path)
    fitting = {name: state.pop(name) for name, _ in model.named_parameters()}
    model.load_state_dict({**{n: t for n, t in model.state_dict().items() if n in state}, **fitting})
    return model


def load__copied_without_a_check(model, path):
    """If the names differ, your code raises no RuntimeError. Raise one, as load_state_dict does."""
    own = model.state_dict()
    for name, tensor in torch.load(path).items():
        own[name].copy_(tensor)
    return model


def load__shapes_not_checked(model, path):
    """You accepted an entry of another shape, which PyTorch can broadcast. Compare the shapes, as load_state_dict
    does."""
    state, own = torch.load(path), model.state_dict()
    if state.keys() != own.keys():
        raise RuntimeError("the names do not fit")
    for name, tensor in state.items():
        own[name].copy_(tensor)
    return model


def load__trusts_the_file(model, path):
    """Your load ran code that was in the file. Call torch.load with its default, weights_only=True."""
    model.load_state_dict(torch.load(path, weights_only=False))
    return model


def load__in_evaluation_mode(model, path):
    """The model is in eval mode after your call, but it was in train mode. A state has no modes, so leave them as they
    were."""
    model.load_state_dict(torch.load(path))
    return model.eval()


def load__all_unfrozen(model, path):
    """A frozen parameter requires grad after your call. A state has no requires_grad, so leave it as it was."""
    model.load_state_dict(torch.load(path))
    return model.requires_grad_()


def strip_prefix__single_characters(state, prefix):
    """Your code removed more than the prefix. strip() and lstrip() remove single characters, so use removeprefix()."""
    return {name.lstrip(prefix): tensor for name, tensor in state.items()}


def strip_prefix__everywhere(state, prefix):
    """Your code removed the prefix several times, or from the middle of a name. Remove it once, at the beginning."""
    return {name.replace(prefix, ""): tensor for name, tensor in state.items()}


def strip_prefix__the_first_one_anywhere(state, prefix):
    """Your code removed the prefix from the middle of a name. Remove it only if the name begins with it."""
    return {name.replace(prefix, "", 1): tensor for name, tensor in state.items()}


def strip_prefix__again_and_again(state, prefix):
    """If a name begins with the prefix twice, your code removes both. Remove only the first."""
    result = {}
    for name, tensor in state.items():
        short = name
        while short.startswith(prefix):
            short = short[len(prefix) :]
        result[short] = tensor
    return result


def strip_prefix__every_name_cut(state, prefix):
    """Your code shortened names that do not begin with the prefix. Check this first, or use removeprefix()."""
    return {name[len(prefix) :]: tensor for name, tensor in state.items()}


def strip_prefix__first_part_cut(state, prefix):
    """Your code removed everything up to the first dot of a name. Remove only the prefix, at the beginning of the
    name."""
    return {name.split(".", 1)[-1]: tensor for name, tensor in state.items()}


def strip_prefix__last_part_only(state, prefix):
    """Your code kept only the last part of each name, after the last dot. Keep everything after the prefix."""
    return {name.split(".")[-1]: tensor for name, tensor in state.items()}


def strip_prefix__other_names_left_out(state, prefix):
    """Your dict lacks the names that do not begin with the prefix. Keep these names unchanged."""
    return {name[len(prefix) :]: tensor for name, tensor in state.items() if name.startswith(prefix)}


def strip_prefix__split_at_the_prefix(state, prefix):
    """If the prefix comes again later in a name, your code loses the rest of the name. Remove only the prefix at the
    beginning."""
    return {name.split(prefix)[1] if name.startswith(prefix) else name: tensor for name, tensor in state.items()}


def strip_prefix__after_the_last_one(state, prefix):
    """Your code kept only the part after the last prefix in a name. Remove the prefix once, at the beginning."""
    return {name.split(prefix)[-1]: tensor for name, tensor in state.items()}


def strip_prefix__as_a_pattern(state, prefix):
    """Your code read the prefix as a pattern, in which a dot stands for any character. Compare the text itself, with
    startswith()."""
    return {re.sub("^" + prefix, "", name): tensor for name, tensor in state.items()}


def strip_prefix__in_place(state, prefix):
    """Your code changed the names in `state`. Build a new dict instead."""
    for name in list(state):
        if name.startswith(prefix):
            state[name[len(prefix) :]] = state.pop(name)
    return state


def strip_prefix__in_place_in_the_loop(state, prefix):
    """Your code changed `state` while a loop was reading it. Build a new dict instead."""
    for name in state:
        if name.startswith(prefix):
            state[name[len(prefix) :]] = state.pop(name)
    return state


def strip_prefix__nothing_removed(state, prefix):
    """Your names still begin with the prefix. Remove it from each name that begins with it."""
    return dict(state)


def strip_prefix__copies(state, prefix):
    """Your tensors are new objects. Put the tensors of `state` themselves into the new dict."""
    return {name.removeprefix(prefix): tensor.clone() for name, tensor in state.items()}


def strip_prefix__names_only(state, prefix):
    """You returned a list. Return a dict from each new name to its tensor."""
    return [name.removeprefix(prefix) for name in state]


def _fitting(model, state):
    own = model.state_dict()
    return {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}


def _left_over(model, state, used):
    return sorted(model.state_dict().keys() - set(used)), sorted(state.keys() - set(used))


def load_what_fits__not_strict_is_enough(model, state):
    """Your code raised an error for an entry of another shape, even with strict=False. Don't load it, and put its
    name in both lists."""
    report = model.load_state_dict(state, strict=False)
    return sorted(report.missing_keys), sorted(report.unexpected_keys)


def load_what_fits__wrong_shapes_not_told(model, state):
    """A name with another shape is in neither of your lists. It was not loaded and not used, so put it in both."""
    model.load_state_dict(_fitting(model, state), strict=False)
    return _left_over(model, state, model.state_dict().keys() & state.keys())


def load_what_fits__wrong_shape_on_one_side(model, state):
    """A name with another shape is only in your second list. The model's tensor was not loaded, so put it in the first
    list too."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - state.keys()), sorted(state.keys() - used.keys())


def load_what_fits__wrong_shape_told_as_missing_only(model, state):
    """A name with another shape is only in your first list. The entry in `state` was not used, so put it in the second
    list too."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - used.keys()), sorted(state.keys() - model.state_dict().keys())


def load_what_fits__reshaped(model, state):
    """Your code used an entry of another shape that has the same number of values. An entry fits only if the shapes
    are equal."""
    own = model.state_dict()
    used = {n: t.reshape(own[n].shape) for n, t in state.items() if n in own and own[n].numel() == t.numel()}
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)


def load_what_fits__broadcast(model, state):
    """Your code used an entry of another shape that can be broadcast. An entry fits only if the shapes are equal."""
    own, used = model.state_dict(), []
    for name in own.keys() & state.keys():
        try:
            own[name].copy_(state[name])
            used.append(name)
        except RuntimeError:
            pass
    return _left_over(model, state, used)


def load_what_fits__all_or_nothing(model, state):
    """If one entry does not fit, your code loads none of the others. Decide for each entry by itself."""
    if len(_fitting(model, state)) < max(len(state), len(model.state_dict())):
        return _left_over(model, state, [])
    model.load_state_dict(state)
    return [], []


def load_what_fits__lists_swapped(model, state):
    """Your two lists are in the wrong order. The names of the model that were not loaded come first."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)[::-1]


def load_what_fits__not_sorted(model, state):
    """The names are right, but your lists are not sorted. Return each list sorted."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return [n for n in model.state_dict() if n not in used], [n for n in state if n not in used]


def load_what_fits__list_of_lists(model, state):
    """You returned a list. Return a tuple of two lists."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return list(_left_over(model, state, used))


def load_what_fits__loaded_names(model, state):
    """Your first list has the names that were loaded. It must have the model's names that were not loaded."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return sorted(used), _left_over(model, state, used)[1]


def load_what_fits__sets(model, state):
    """You returned sets. Return two sorted lists."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return model.state_dict().keys() - used.keys(), state.keys() - used.keys()


def load_what_fits__lists_of_a_filtered_load(model, state):
    """Your second list is always empty. Compute it from `state`: the names of all entries that you did not load."""
    report = model.load_state_dict(_fitting(model, state), strict=False)
    return sorted(report.missing_keys), sorted(report.unexpected_keys)


def load_what_fits__the_report(model, state):
    """You returned what load_state_dict returns. Return a plain tuple, and build both of its lists yourself."""
    return model.load_state_dict(_fitting(model, state), strict=False)


def load_what_fits__parameters_only(model, state):
    """Your code did not load the buffers. They are in the state too, so load every entry that fits."""
    used = {name: state[name] for name in _fitting(model, state) if name in dict(model.named_parameters())}
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)


def load_what_fits__only_among_parameters(model, state):
    """Your code compares the state with the parameters alone, and so it leaves out the buffers. Compare it with
    model.state_dict()."""
    own = dict(model.named_parameters())
    used = {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}
    model.load_state_dict(used, strict=False)
    return sorted(own.keys() - used.keys()), sorted(state.keys() - used.keys())


def load_what_fits__nothing_loaded(model, state):
    """The model has its old values. Load the entries that fit into the model."""
    return _left_over(model, state, _fitting(model, state))


def load_what_fits__parameters_exchanged(model, state):
    """The values are right, but the parameters are new objects, and an optimizer would still have the old ones. Copy
    in place."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False, assign=True)
    return _left_over(model, state, used)


def load_what_fits__state_used_up(model, state):
    """Your code removed the entries that fit from `state`. Build a new dict, and leave `state` unchanged."""
    used = {name: state.pop(name) for name in list(_fitting(model, state))}
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - used.keys()), sorted(state)


def load_what_fits__state_emptied(model, state):
    """Your code removed the entries that do not fit from `state`. Build a new dict, and leave `state` unchanged."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    left = _left_over(model, state, used)
    for name in left[1]:
        del state[name]
    return left


def load_what_fits__removed_before_the_list(model, state):
    """Your list of unused names is empty, because you removed these entries from `state`. Build a new dict, and leave
    `state` unchanged."""
    used = _fitting(model, state)
    for name in state.keys() - used.keys():
        del state[name]
    model.load_state_dict(state, strict=False)
    return _left_over(model, state, used)


def independent_copy__the_model_itself(model):
    """You returned the given model, not a second one. Copy the module and every object inside it."""
    return model


def independent_copy__shallow(model):
    """The parameters and buffers of your copy share memory with the model. Copy the objects inside the module too."""
    return copy.copy(model)


def independent_copy__top_level_only(model):
    """The tensors of modules inside your copy share memory with the model's. Copy the inner modules too."""
    twin = copy.copy(model)
    twin._parameters, twin._buffers = copy.deepcopy((model._parameters, model._buffers))
    return twin


def independent_copy__rebuilt_from_children(model):
    """Your copy has another class or other names than the model. Copy the object itself."""
    return nn.Sequential(*copy.deepcopy(list(model.children())))


def independent_copy__the_state_alone(model):
    """You returned the state, not a module. Return a second module of the same class."""
    return copy.deepcopy(model.state_dict())


def independent_copy__constructed_without_arguments(model):
    """Your code called the constructor, but you do not know its arguments. Copy the given object instead."""
    twin = type(model)()
    twin.load_state_dict(model.state_dict())
    return twin


def independent_copy__without_a_constructor(model):
    """Your module was made without running a constructor, so PyTorch can't use it. Copy the given object instead."""
    twin = type(model).__new__(type(model))
    twin.load_state_dict(model.state_dict())
    return twin


def independent_copy__buffers_shared(model):
    """The buffers of your copy share memory with the model. Copy the buffers too."""
    twin = copy.deepcopy(model)
    for mine, original in zip(twin.modules(), model.modules(), strict=True):
        mine._buffers.update(original._buffers)
    return twin


def independent_copy__parameters_shared(model):
    """The parameters of your copy share memory with the model, so training one trains both. Copy the parameters too."""
    return copy.deepcopy(model, {id(parameter): parameter for parameter in model.parameters()})


def independent_copy__in_training_mode(model):
    """A module that was in eval mode is in train mode in your copy. Keep the mode of each module."""
    return copy.deepcopy(model).train()


def independent_copy__one_mode_for_all(model):
    """All modules of your copy have the mode of the outermost module. Keep the mode of each module."""
    return copy.deepcopy(model).train(model.training)


def independent_copy__in_evaluation_mode(model):
    """A module that was in train mode is in eval mode in your copy. Keep the mode of each module."""
    return copy.deepcopy(model).eval()


def independent_copy__all_unfrozen(model):
    """A parameter that does not require grad requires grad in your copy. Keep requires_grad of each parameter."""
    return copy.deepcopy(model).requires_grad_()


def independent_copy__all_frozen(model):
    """No parameter of your copy requires grad, so the copy can't be trained. Keep requires_grad of each parameter."""
    return copy.deepcopy(model).requires_grad_(False)


def independent_copy__each_name_by_itself(model):
    """A parameter with two names became two parameters in your copy. Copy each object once, not each name."""
    twin = copy.deepcopy(model)
    for mine in twin.modules():
        for name, parameter in list(mine._parameters.items()):
            if parameter is not None:
                mine._parameters[name] = copy.deepcopy(parameter)
    return twin


class _Tied(nn.Module):
    def __init__(self, visible, hidden):
        super().__init__()
        bound = 1 / math.sqrt(visible)
        self.make(torch.empty(hidden, visible).uniform_(-bound, bound), torch.zeros(hidden), torch.zeros(visible))

    def make(self, weight, bias_1, bias_2):
        self.weight, self.bias_1, self.bias_2 = nn.Parameter(weight), nn.Parameter(bias_1), nn.Parameter(bias_2)

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


class Tied__plain_tensor(_Tied):
    """weight is a plain tensor, so training, saving and moving the module leave it out. Wrap the finished
    tensor in nn.Parameter: the result of an operation is a plain tensor."""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.weight = weight.requires_grad_()


class Tied__comma_at_the_end(_Tied):
    """self.weight is a tuple, and a module does not look for parameters in tuples. Is there a comma at the end of the
    line?"""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.weight = (nn.Parameter(weight),)


class Tied__buffer(_Tied):
    """weight is a buffer, so it is saved and moved, but not trained. Make it an nn.Parameter."""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.register_buffer("weight", weight)


class Tied__a_weight_for_each_layer(_Tied):
    """Your module has another weight that does not share memory with self.weight. Remove it, and use self.weight in
    encode and decode."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.weight_2 = nn.Parameter(weight.T.clone())

    def decode(self, h):
        return h @ self.weight_2.T + self.bias_2


class Tied__two_parameters_on_one_memory(_Tied):
    """Two of your parameters share memory, but each gets only a part of the gradient. Use one parameter, self.weight,
    twice."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.weight_2 = nn.Parameter(self.weight.detach().T)

    def decode(self, h):
        return h @ self.weight_2.T + self.bias_2


class Tied__transposed_the_other_way(_Tied):
    """Your weight has shape (visible, hidden). It must have one row for each hidden unit: (hidden, visible)."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight.T.clone(), bias_1, bias_2)

    def encode(self, x):
        return torch.tanh(x @ self.weight + self.bias_1)

    def decode(self, h):
        return h @ self.weight.T + self.bias_2


class Tied__transposed_once_for_all(_Tied):
    """Your module keeps a tensor computed from the weight, and does not convert it with the weight. Use self.weight in
    each call."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.turned = self.weight.T

    def encode(self, x):
        return torch.tanh(x @ self.turned + self.bias_1)


class Tied__decoder_detached(_Tied):
    """weight.grad lacks the part from decode. Use self.weight there without detach() or .data."""

    def decode(self, h):
        return h @ self.weight.detach() + self.bias_2


class Tied__encoder_detached(_Tied):
    """weight.grad lacks the part from encode. Use no detach(), .data or no_grad in encode and in forward."""

    def encode(self, x):
        return torch.tanh(x @ self.weight.detach().T + self.bias_1)


class Tied__tanh_both_ways(_Tied):
    """Your decode applies tanh to its result. Only encode has a tanh."""

    def decode(self, h):
        return torch.tanh(super().decode(h))


class Tied__no_tanh(_Tied):
    """Your encode returns x @ weight.T + bias_1 without tanh. Apply tanh to this sum."""

    def encode(self, x):
        return x @ self.weight.T + self.bias_1


class Tied__bias_after_tanh(_Tied):
    """Your encode adds the bias after tanh. Add bias_1 to the product first, then apply tanh."""

    def encode(self, x):
        return torch.tanh(x @ self.weight.T) + self.bias_1


class Tied__forward_only_encodes(_Tied):
    """Your forward returns encode(x). Return decode(encode(x))."""

    def forward(self, x):
        return self.encode(x)


class Tied__weight_in_a_layer(nn.Module):
    """There is no self.weight in your module. Create weight, bias_1 and bias_2 as parameters of the module itself."""

    def __init__(self, visible, hidden):
        super().__init__()
        self.encoder, self.decoder = nn.Linear(visible, hidden), nn.Linear(hidden, visible)

    def encode(self, x):
        return torch.tanh(self.encoder(x))

    def decode(self, h):
        return self.decoder(h)

    def forward(self, x):
        return self.decode(self.encode(x))


class Tied__normal_weight(_Tied):
    """Some entries of your weight are outside the bounds. Draw them uniformly, with the bound 1 / sqrt(visible)."""

    def make(self, weight, bias_1, bias_2):
        super().make(torch.randn_like(weight) / math.sqrt(weight.shape[1]), bias_1, bias_2)


class Tied__biases_drawn(_Tied):
    """Your biases are not 0 at the start. Create both with torch.zeros."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, torch.rand(len(bias_1)) + 1, torch.rand(len(bias_2)) + 1)


class Tied__weight_of_zeros(_Tied):
    """All entries of your weight are equal, so all hidden units stay equal in training. Draw the weight at random."""

    def make(self, weight, bias_1, bias_2):
        super().make(torch.zeros_like(weight), bias_1, bias_2)


class Tied__bound_by_the_hidden_size(_Tied):
    """Your weight does not fill the interval from -1 / sqrt(visible) to 1 / sqrt(visible). Check both bounds."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight * math.sqrt(weight.shape[1] / weight.shape[0]), bias_1, bias_2)


class Tied__rows_only(_Tied):
    """Your code works for matrices only. The operator @ accepts any number of dimensions in front."""

    def encode(self, x):
        return torch.tanh(torch.addmm(self.bias_1, x, self.weight.T))


def load_onto__map_location_forgotten(path, model, device):
    """torch.load puts the tensors on the device that they were saved from, which may not exist here. Pass map_location
    to it."""
    model.load_state_dict(torch.load(path))
    return model.to(device)


def load_onto__model_left_where_it_was(path, model, device):
    """The model is not on the given device. load_state_dict copies to where the model is, so move the model too."""
    model.load_state_dict(torch.load(path, map_location=device))
    return model


def load_onto__nothing_loaded(path, model, device):
    """The model is on the device, but it has its old values. Pass what torch.load returns to load_state_dict."""
    torch.load(path, map_location=device)
    return model.to(device)


def load_onto__returns_the_report(path, model, device):
    """The model is loaded, but you returned what load_state_dict returns. Return the model."""
    model.to(device)
    return model.load_state_dict(torch.load(path, map_location=device))


def load_onto__nothing_returned(path, model, device):
    """The model is loaded, but you returned None. Return the model."""
    model.to(device).load_state_dict(torch.load(path, map_location=device))


def load_onto__dictionary_moved(path, model, device):
    """Your code called to() on a dict, which has no such method. Pass map_location to torch.load instead."""
    model.to(device).load_state_dict(torch.load(path, map_location="cpu").to(device))
    return model


def load_onto__path_for_a_state(path, model, device):
    """Your code used the path as if it were the state. Read the file with torch.load first."""
    model.to(device).load_state_dict(path)
    return model


def load_onto__the_state_alone(path, model, device):
    """You returned the dict from the file, and the model has its old values. Load the dict into the model, and return
    the model."""
    return torch.load(path, map_location=device)


def load_onto__a_copy_of_the_model(path, model, device):
    """You returned another module, and the given one has its old values. Load and move the given model."""
    moved = copy.deepcopy(model).to(device)
    moved.load_state_dict(torch.load(path, map_location=device))
    return moved


def load_onto__state_in_place_of_moving(path, model, device):
    """A buffer that is not in the file is still on the old device. Move the model itself too."""
    model.load_state_dict(torch.load(path, map_location=device), assign=True)
    return model


def load_onto__names_forgiven(path, model, device):
    """You accepted a state whose names differ from those of the model. Raise a RuntimeError, as load_state_dict does
    with strict=True."""
    model.load_state_dict(torch.load(path, map_location=device), strict=False)
    return model.to(device)


def load_onto__in_evaluation_mode(path, model, device):
    """The model is in eval mode after your call, but it was in train mode. A state has no modes, so leave them as they
    were."""
    model.load_state_dict(torch.load(path, map_location=device))
    return model.to(device).eval()


def load_onto__shapes_not_checked(path, model, device):
    """You accepted an entry of another shape, which PyTorch can broadcast. Compare the shapes, as load_state_dict
    does."""
    state, own = torch.load(path, map_location=device), model.to(device).state_dict()
    if state.keys() != own.keys():
        raise RuntimeError("the names do not fit")
    for name, tensor in state.items():
        own[name].copy_(tensor)
    return model


def load_onto__data_of_each_parameter(path, model, device):
    """You assigned a tensor on another device to .data, which PyTorch refuses for some devices. Call model.to(), which
    moves the whole model."""
    model.load_state_dict(torch.load(path, map_location="cpu"))
    for parameter in model.parameters():
        parameter.data = parameter.data.to(device)
    return model


def load_onto__parameters_moved_alone(path, model, device):
    """The parameters are on the device, but the buffers are not. model.to() moves both."""
    model.load_state_dict(torch.load(path, map_location="cpu"))
    for module in model.modules():
        for name, parameter in list(module._parameters.items()):
            module._parameters[name] = nn.Parameter(parameter.detach().to(device), parameter.requires_grad)
    return model
