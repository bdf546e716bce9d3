"""Wrong answers to katas/lesson_3_nn_module/kata_06_state.py, each with the sentence that corrects the belief."""

import copy
import math
import pickle

import torch
from torch import nn


def snapshot__the_dictionary_alone(model):
    """The tensors in it are still the model's own: neither a second dictionary nor detach copies numbers."""
    return model.state_dict().copy()


def snapshot__parameters_only(model):
    """The buffers are missing: what a model has gathered, such as running means, is part of its state too."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


def snapshot__buffers_not_copied(model):
    """The parameters are copies, but the buffers are still the model's own memory: copy all of the state."""
    kept = model.state_dict()
    for name, parameter in model.named_parameters():
        kept[name] = parameter.detach().clone()
    return kept


def snapshot__copies_with_a_graph(model):
    """The numbers are copies, but autograd has recorded the copying: a snapshot is no step of a computation."""
    return {name: tensor.clone() for name, tensor in model.state_dict(keep_vars=True).items()}


def snapshot__parameters_again(model):
    """The copies are leaves that are tracked, as parameters are: a snapshot holds numbers, and nothing trains it."""
    return copy.deepcopy(dict(model.state_dict(keep_vars=True)))


def snapshot__on_the_cpu(model):
    """The copies live on the CPU, wherever the model lives: they are asked for where the model's tensors are."""
    return {name: tensor.cpu().clone() for name, tensor in model.state_dict().items()}


def snapshot__numpy_arrays(model):
    """These are NumPy arrays, which no model can load back: the copies must be tensors."""
    return {name: tensor.cpu().numpy().copy() for name, tensor in model.state_dict().items()}


def snapshot__all_of_one_dtype(model):
    """Everything is float32 now, the count of batches too, which is an integer: each tensor keeps its own dtype."""
    return {name: tensor.clone().float() for name, tensor in model.state_dict().items()}


def snapshot__list_of_tensors(model):
    """The tensors came without their names, and nobody can tell which is which: a dictionary is asked for."""
    return [tensor.clone() for tensor in model.state_dict().values()]


def _differ(model, before, differ=lambda a, b: not torch.equal(a, b)):
    return [name for name, tensor in model.state_dict().items() if differ(tensor, before[name])]


def changed__compares_the_model_with_itself(model, before):
    """Nothing ever differs: what was compared is one memory with itself. Compare the model's numbers with before's."""
    now = model.state_dict()
    return [name for name, tensor in model.state_dict().items() if not torch.equal(tensor, now[name])]


def changed__loads_before_first(model, before):
    """Nothing ever differs, and the model has lost its numbers: before was loaded into it, and compared with itself."""
    model.load_state_dict(before)
    return _differ(model, before)


def changed__parameters_only(model, before):
    """Buffers were left out: a running mean that moves is a change of the model's state too."""
    return [name for name, tensor in model.named_parameters() if not torch.equal(tensor, before[name])]


def changed__tracked_ones_only(model, before):
    """What is not tracked was left out: a frozen parameter or a buffer can change too, and is to be named."""
    return [name for name, p in model.named_parameters() if p.requires_grad and not torch.equal(p, before[name])]


def changed__every_number_must_differ(model, before):
    """A tensor was named only if all its numbers differ: one that differs is enough."""
    return _differ(model, before, lambda a, b: bool((a != b).all()))


def changed__larger_only(model, before):
    """Numbers that have grown smaller went unnoticed: a difference has two directions."""
    return _differ(model, before, lambda a, b: bool((a > b).any()))


def changed__largest_difference(model, before):
    """A weight that became nan went unnoticed: nothing is larger or smaller than nan, no difference with it either."""
    return _differ(model, before, lambda a, b: a.numel() > 0 and bool((a.double() - b.double()).abs().max() > 0))


def changed__sums(model, before):
    """Two tensors can have one sum and differ all the same: compare number with number."""
    return _differ(model, before, lambda a, b: bool(a.sum() != b.sum()))


def changed__nearly_equal(model, before):
    """A difference so small was taken for rounding: here nothing is computed anew, and equal means equal."""
    return _differ(model, before, lambda a, b: not torch.allclose(a, b))


def changed__differences_added_up(model, before):
    """The numbers were subtracted, and bools, which a buffer may hold, can't be: ask whether they are equal."""
    return _differ(model, before, lambda a, b: bool((a - b).abs().sum() > 0))


def changed__other_objects(model, before):
    """Every name came back: two tensors are never one object here, and asked for is whether their numbers differ."""
    return _differ(model, before, lambda a, b: a is not b)


def changed__those_that_stayed(model, before):
    """These are the names that have not changed: the others are asked for."""
    return _differ(model, before, torch.equal)


def changed__in_alphabetical_order(model, before):
    """The names are right, but sorted by the alphabet: they are asked for in the order of the model's state."""
    return sorted(_differ(model, before))


def changed__in_the_order_of_before(model, before):
    """The names are right, but in the order of before: the order of the model's state is asked for."""
    now = model.state_dict()
    return [name for name in before if not torch.equal(now[name], before[name])]


def changed__place_by_place(model, before):
    """The tensors were paired by their place, and before may have another order: pair them by name."""
    pairs = zip(model.state_dict().items(), before.values(), strict=True)
    return [name for (name, tensor), old in pairs if tensor.shape != old.shape or not torch.equal(tensor, old)]


def changed__set_of_names(model, before):
    """A set has no order, and a list is asked for."""
    return set(_differ(model, before))


def save__the_model_itself(model, path):
    """The module itself is in the file, code by name and all: torch.load does not trust that. Write its state only."""
    torch.save(model, path)


def save__method_not_called(model, path):
    """What is in the file is a method, and not what it returns: it was not called, the brackets are missing."""
    torch.save(model.state_dict, path)


def save__parameters_only(model, path):
    """The buffers are missing from the file: a model that is loaded from it has no running statistics."""
    torch.save(dict(model.named_parameters()), path)


def save__numpy_arrays(model, path):
    """NumPy arrays are in the file, and torch.load trusts tensors and plain Python only: write the tensors."""
    torch.save({name: tensor.cpu().numpy() for name, tensor in model.state_dict().items()}, path)


def save__list_of_tensors(model, path):
    """The names are not in the file: a list of tensors does not tell which is which."""
    torch.save(list(model.state_dict().values()), path)


def save__state_within_a_dictionary(model, path):
    """The names stand one level too deep: the state itself is to be what is in the file."""
    torch.save({"model": model.state_dict()}, path)


def save__pickle(model, path):
    """A file that pickle wrote is not what torch.load reads: PyTorch has a writer of its own."""
    with open(path, "wb") as file:
        pickle.dump({name: tensor.cpu() for name, tensor in model.state_dict().items()}, file)


def save__name_with_an_ending(model, path):
    """The file is not where it was asked for: an ending was added to the name, as np.save does."""
    torch.save(model.state_dict(), f"{path}.pt")


def save__returns_the_state(model, path):
    """The file is right, but something came back too: nothing is to be returned."""
    torch.save(model.state_dict(), path)
    return model.state_dict()


def save__in_evaluation_mode(model, path):
    """The model is in evaluation mode from now on: its mode is not in its state, and saving must not change it."""
    model.eval()
    torch.save(model.state_dict(), path)


def save__model_moved_to_the_cpu(model, path):
    """The model itself has moved to the CPU, and stays there: .cpu() of a module moves that very module."""
    torch.save(model.cpu().state_dict(), path)


def load__returns_the_report(model, path):
    """The model is loaded, but what came back is load_state_dict's report on the names: return the model itself."""
    return model.load_state_dict(torch.load(path))


def load__nothing_returned(model, path):
    """The model is loaded, but nothing came back: the model is to be returned."""
    model.load_state_dict(torch.load(path))


def load__path_for_a_state(model, path):
    """A path is not a state: the file must be read before what is in it can be loaded."""
    model.load_state_dict(path)
    return model


def load__the_state_alone(model, path):
    """The file was read, but nothing has reached the model: what came back is the dictionary."""
    return torch.load(path)


def load__a_copy_of_the_model(model, path):
    """A second module has the numbers, and the one that came in has not: load into the model itself."""
    loaded = copy.deepcopy(model)
    loaded.load_state_dict(torch.load(path))
    return loaded


def load__parameters_exchanged(model, path):
    """The numbers are right, but the file's tensors took the place of the parameters: copy into the old ones."""
    model.load_state_dict(torch.load(path), assign=True)
    return model


def load__names_forgiven(model, path):
    """Names that don't fit passed in silence, and part of a model may be left as it was drawn: let that be an error."""
    model.load_state_dict(torch.load(path), strict=False)
    return model


def load__refused_by_a_value_error(model, path):
    """A state that doesn't fit was refused, but by a ValueError: a RuntimeError is asked for, as PyTorch has it."""
    state, own = torch.load(path), model.state_dict()
    if state.keys() != own.keys() or any(state[name].shape != own[name].shape for name in own):
        raise ValueError("the state does not fit the model")
    model.load_state_dict(state)
    return model


def load__parameters_only(model, path):
    """The parameters are there, but not the buffers: they are in the file too."""
    state = torch.load(path)
    fitting = {name: state.pop(name) for name, _ in model.named_parameters()}
    model.load_state_dict({**{n: t for n, t in model.state_dict().items() if n in state}, **fitting})
    return model


def load__trusts_the_file(model, path):
    """What the file holds was read without a check: such a file can run any code. The default refuses it."""
    model.load_state_dict(torch.load(path, weights_only=False))
    return model


def load__in_evaluation_mode(model, path):
    """The model was in training mode, and now it is not: a state says nothing of the mode, so it must stay."""
    model.load_state_dict(torch.load(path))
    return model.eval()


def load__all_unfrozen(model, path):
    """A parameter that was frozen is tracked again: a state says nothing of requires_grad, so it must stay."""
    model.load_state_dict(torch.load(path))
    return model.requires_grad_()


def _fitting(model, state):
    own = model.state_dict()
    return {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}


def _left_over(model, state, used):
    return sorted(model.state_dict().keys() - set(used)), sorted(state.keys() - set(used))


def load_what_fits__not_strict_is_enough(model, state):
    """strict=False forgives names that are missing or unexpected, but a wrong shape is an error still."""
    report = model.load_state_dict(state, strict=False)
    return sorted(report.missing_keys), sorted(report.unexpected_keys)


def load_what_fits__wrong_shapes_not_told(model, state):
    """A name of the wrong shape is in neither list: it got nothing, and its entry was not used, so both must tell."""
    model.load_state_dict(_fitting(model, state), strict=False)
    return _left_over(model, state, model.state_dict().keys() & state.keys())


def load_what_fits__wrong_shape_on_one_side(model, state):
    """A name of the wrong shape is told as unused only: the model's tensor of that name got nothing, too."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - state.keys()), sorted(state.keys() - used.keys())


def load_what_fits__wrong_shape_told_as_missing_only(model, state):
    """A name of the wrong shape is told as missing only: the entry of that name in state was not used, too."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - used.keys()), sorted(state.keys() - model.state_dict().keys())


def load_what_fits__reshaped(model, state):
    """As many numbers is not the same shape: what was reshaped to fit stands in the wrong places."""
    own = model.state_dict()
    used = {n: t.reshape(own[n].shape) for n, t in state.items() if n in own and own[n].numel() == t.numel()}
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)


def load_what_fits__broadcast(model, state):
    """A tensor that can be broadcast does not have the shape: the copying went through, and wrote it many times."""
    own, used = model.state_dict(), []
    for name in own.keys() & state.keys():
        try:
            own[name].copy_(state[name])
            used.append(name)
        except RuntimeError:
            pass
    return _left_over(model, state, used)


def load_what_fits__all_or_nothing(model, state):
    """One entry that doesn't fit kept all the others out: each is to be judged by itself."""
    if len(_fitting(model, state)) < max(len(state), len(model.state_dict())):
        return _left_over(model, state, [])
    model.load_state_dict(state)
    return [], []


def load_what_fits__lists_swapped(model, state):
    """The two lists are the wrong way round: the model's names come first."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)[::-1]


def load_what_fits__not_sorted(model, state):
    """The names are right, but in the order of the dictionaries: sorted lists are asked for."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    return [n for n in model.state_dict() if n not in used], [n for n in state if n not in used]


def load_what_fits__the_report(model, state):
    """This report of load_state_dict knows only of what it was handed, and it is no plain tuple: make two lists."""
    return model.load_state_dict(_fitting(model, state), strict=False)


def load_what_fits__parameters_only(model, state):
    """Buffers were passed over: they are part of the state, and an entry that fits a buffer is to be loaded."""
    used = {name: state[name] for name in _fitting(model, state) if name in dict(model.named_parameters())}
    model.load_state_dict(used, strict=False)
    return _left_over(model, state, used)


def load_what_fits__nothing_loaded(model, state):
    """The lists are right, but the model is as it was: what fits was to be copied into it."""
    return _left_over(model, state, _fitting(model, state))


def load_what_fits__parameters_exchanged(model, state):
    """The numbers are right, but the tensors of state took the place of the parameters: copy into the old ones."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False, assign=True)
    return _left_over(model, state, used)


def load_what_fits__state_used_up(model, state):
    """What fits is gone from state: whoever passed it in has lost it. Look its entries up, and leave them there."""
    used = {name: state.pop(name) for name in list(_fitting(model, state))}
    model.load_state_dict(used, strict=False)
    return sorted(model.state_dict().keys() - used.keys()), sorted(state)


def load_what_fits__state_emptied(model, state):
    """The model is right, but names are gone from state: whoever passed it in has lost them. Make a new dictionary."""
    used = _fitting(model, state)
    model.load_state_dict(used, strict=False)
    left = _left_over(model, state, used)
    for name in left[1]:
        del state[name]
    return left


def independent_copy__the_model_itself(model):
    """This is the model itself under a second name: a module is not copied by being returned."""
    return model


def independent_copy__shallow(model):
    """The module is a second one, but what is in it is not: its tensors are the model's. The copying must go deeper."""
    return copy.copy(model)


def independent_copy__constructed_without_arguments(model):
    """What a class needs to construct a module differs from class to class: copy the object instead."""
    twin = type(model)()
    twin.load_state_dict(model.state_dict())
    return twin


def independent_copy__buffers_shared(model):
    """The parameters are copies, but the buffers are still the model's: both write their statistics to one memory."""
    twin = copy.deepcopy(model)
    for mine, original in zip(twin.modules(), model.modules(), strict=True):
        mine._buffers.update(original._buffers)
    return twin


def independent_copy__parameters_shared(model):
    """The buffers are copies, but the parameters are still the model's: what trains one model trains both."""
    return copy.deepcopy(model, {id(parameter): parameter for parameter in model.parameters()})


def independent_copy__in_training_mode(model):
    """Some module of the copy is in training mode, and was not so in the model: every module has a mode of its own."""
    return copy.deepcopy(model).train()


def independent_copy__one_mode_for_all(model):
    """The mode of the whole was given to all its parts: a part may be in another mode than the module around it."""
    return copy.deepcopy(model).train(model.training)


def independent_copy__in_evaluation_mode(model):
    """The whole copy is in evaluation mode, also what was in training mode: every module has a mode of its own."""
    return copy.deepcopy(model).eval()


def independent_copy__all_unfrozen(model):
    """A parameter that was frozen is tracked in the copy: requires_grad is to be as it was."""
    return copy.deepcopy(model).requires_grad_()


def independent_copy__all_frozen(model):
    """No parameter of the copy is tracked any more, and it can't be trained: requires_grad is to be as it was."""
    return copy.deepcopy(model).requires_grad_(False)


def independent_copy__each_name_by_itself(model):
    """A parameter with two names was copied twice, once for each: copy object by object, and not name by name."""
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
    """The weight is a tensor, and a module takes in parameters only: nobody who trains, saves or moves it finds it."""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.weight = weight.requires_grad_()


class Tied__comma_at_the_end(_Tied):
    """The weight is in a tuple, as a comma at the end of a line makes one: a module does not look into tuples."""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.weight = (nn.Parameter(weight),)


class Tied__buffer(_Tied):
    """The weight is a buffer, which is saved and moved, but not trained: it is to be a parameter."""

    def make(self, weight, bias_1, bias_2):
        self.bias_1, self.bias_2 = nn.Parameter(bias_1), nn.Parameter(bias_2)
        self.register_buffer("weight", weight)


class Tied__a_weight_for_each_layer(_Tied):
    """There are two weights that go their own ways: a copy is not tied. Use the one parameter in both directions."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.weight_2 = nn.Parameter(weight.T.clone())

    def decode(self, h):
        return h @ self.weight_2.T + self.bias_2


class Tied__two_parameters_on_one_memory(_Tied):
    """One memory, but two parameters: it is counted twice, and each has only its share of the gradient."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.weight_2 = nn.Parameter(self.weight.detach().T)

    def decode(self, h):
        return h @ self.weight_2.T + self.bias_2


class Tied__transposed_the_other_way(_Tied):
    """The weight is (visible, hidden), and the other way round is asked for: a row for each hidden unit."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight.T.clone(), bias_1, bias_2)

    def encode(self, x):
        return torch.tanh(x @ self.weight + self.bias_1)

    def decode(self, h):
        return h @ self.weight.T + self.bias_2


class Tied__transposed_once_for_all(_Tied):
    """A transposed weight kept from the constructor is not a parameter: it stays behind when the module is moved."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, bias_1, bias_2)
        self.turned = self.weight.T

    def encode(self, x):
        return torch.tanh(x @ self.turned + self.bias_1)


class Tied__decoder_detached(_Tied):
    """Decoding took a detached weight, and its share of the gradient is lost: both uses count."""

    def decode(self, h):
        return h @ self.weight.detach() + self.bias_2


class Tied__encoder_detached(_Tied):
    """Encoding took a detached weight, and its share of the gradient is lost: both uses count."""

    def encode(self, x):
        return torch.tanh(x @ self.weight.detach().T + self.bias_1)


class Tied__tanh_both_ways(_Tied):
    """What is decoded has gone through tanh too, and can't leave -1 to 1: only encoding has a tanh."""

    def decode(self, h):
        return torch.tanh(super().decode(h))


class Tied__no_tanh(_Tied):
    """The tanh is missing: what encode returns is the sums alone."""

    def encode(self, x):
        return x @ self.weight.T + self.bias_1


class Tied__bias_after_tanh(_Tied):
    """The bias was added to what tanh returned: it belongs to the sum, before tanh."""

    def encode(self, x):
        return torch.tanh(x @ self.weight.T) + self.bias_1


class Tied__forward_only_encodes(_Tied):
    """The answer is what encode makes of x, and half of the way is missing: decode it too."""

    def forward(self, x):
        return self.encode(x)


class Tied__biases_drawn(_Tied):
    """The biases are drawn at random: zeros are asked for at the start."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight, torch.rand(len(bias_1)) + 1, torch.rand(len(bias_2)) + 1)


class Tied__weight_of_zeros(_Tied):
    """With a weight of zeros all hidden units are alike and stay so: draw it at random."""

    def make(self, weight, bias_1, bias_2):
        super().make(torch.zeros_like(weight), bias_1, bias_2)


class Tied__bound_by_the_hidden_size(_Tied):
    """The weight does not reach as far as asked: the bound goes by the count of the visible, not of the hidden."""

    def make(self, weight, bias_1, bias_2):
        super().make(weight * math.sqrt(weight.shape[1] / weight.shape[0]), bias_1, bias_2)


class Tied__rows_only(_Tied):
    """This works for a matrix of rows alone: a product with @ takes any dimensions in front."""

    def encode(self, x):
        return torch.tanh(torch.addmm(self.bias_1, x, self.weight.T))


def load_onto__map_location_forgotten(path, model, device):
    """The file's tensors belong on a device that may not be here: torch.load must be told where to put them instead."""
    model.load_state_dict(torch.load(path))
    return model.to(device)


def load_onto__model_left_where_it_was(path, model, device):
    """The model is where it was: numbers that are loaded are copied to where the model's tensors are. Move it, too."""
    model.load_state_dict(torch.load(path, map_location=device))
    return model


def load_onto__nothing_loaded(path, model, device):
    """The model has moved, but its numbers are its own: what was read from the file must be put into it."""
    torch.load(path, map_location=device)
    return model.to(device)


def load_onto__returns_the_report(path, model, device):
    """What came back is load_state_dict's report on the names: the model itself is asked for."""
    model.to(device)
    return model.load_state_dict(torch.load(path, map_location=device))


def load_onto__path_for_a_state(path, model, device):
    """A path is not a state: the file must be read before what is in it can be loaded."""
    model.to(device).load_state_dict(path)
    return model


def load_onto__the_state_alone(path, model, device):
    """The state is on the device, but it is a dictionary, and the model does not have it: load it, return the model."""
    return torch.load(path, map_location=device)


def load_onto__a_copy_of_the_model(path, model, device):
    """A second module is on the device, and the one that came in is as it was: move and load the model itself."""
    moved = copy.deepcopy(model).to(device)
    moved.load_state_dict(torch.load(path, map_location=device))
    return moved


def load_onto__state_in_place_of_moving(path, model, device):
    """What the file holds is on the device, but a buffer that no state holds was left behind: move the model itself."""
    model.load_state_dict(torch.load(path, map_location=device), assign=True)
    return model


def load_onto__names_forgiven(path, model, device):
    """Names that don't fit passed in silence, and part of a model may be left as it was drawn: let that be an error."""
    model.load_state_dict(torch.load(path, map_location=device), strict=False)
    return model.to(device)


def load_onto__in_evaluation_mode(path, model, device):
    """The model was in training mode, and now it is not: loading says nothing of the mode, so it must stay."""
    model.load_state_dict(torch.load(path, map_location=device))
    return model.to(device).eval()
