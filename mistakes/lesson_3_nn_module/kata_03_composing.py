"""Wrong answers to katas/lesson_3_nn_module/kata_03_composing.py, each with the sentence that corrects the belief."""

import copy

import torch
from torch import nn


class _Chain(nn.Module):
    """A right Chain: the mistakes change one thing each."""

    def __init__(self, *modules):
        super().__init__()
        self.count = len(modules)
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for number in range(self.count):
            x = getattr(self, str(number))(x)
        return x


class Chain__plain_list(nn.Module):
    """Modules in a list or tuple are not registered: only a module that is an attribute itself becomes a child."""

    def __init__(self, *modules):
        super().__init__()
        self.steps = list(modules)

    def forward(self, x):
        for module in self.steps:
            x = module(x)
        return x


class Chain__forward_called(_Chain):
    """The numbers are right, but the modules' hooks slept: call the module itself, not its forward."""

    def forward(self, x):
        for number in range(self.count):
            x = getattr(self, str(number)).forward(x)
        return x


class Chain__children_each_once(_Chain):
    """A module that was given twice had one turn: going through the children meets each module once only."""

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


class Chain__counted_from_1(nn.Module):
    """The names begin at 1: nn.Sequential counts from 0, and a state_dict fits only where all names are the same."""

    def __init__(self, *modules):
        super().__init__()
        self.count = len(modules)
        for number, module in enumerate(modules, start=1):
            self.add_module(str(number), module)

    def forward(self, x):
        for number in range(1, self.count + 1):
            x = getattr(self, str(number))(x)
        return x


class Chain__method_hidden(nn.Module):
    """An attribute of yours has the name of a method that every module has, and hides it: give yours another name."""

    def __init__(self, *modules):
        super().__init__()
        self.modules = modules
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for module in self.modules:
            x = module(x)
        return x


class Chain__children_hidden(nn.Module):
    """Every module has methods, such as children(), by which it reaches its parts: a tuple of that name hides one."""

    def __init__(self, *modules):
        super().__init__()
        self.children = modules
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for module in self.children:
            x = module(x)
        return x


class Chain__list_between(nn.Module):
    """The modules are children of a container, whose name comes first in theirs: here the chain is the container."""

    def __init__(self, *modules):
        super().__init__()
        self.steps = nn.ModuleList(modules)

    def forward(self, x):
        for module in self.steps:
            x = module(x)
        return x


class Chain__one_name_for_all(nn.Module):
    """All modules were given the same name, so each took the place of the one before, and the last alone is left."""

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            self.add_module("0", module)

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


class Chain__always_the_first_x(_Chain):
    """Every module was given the chain's own x: each but the first must get what the one before it returned."""

    def forward(self, x):
        answer = x
        for number in range(self.count):
            answer = getattr(self, str(number))(x)
        return answer


class Chain__last_to_first(_Chain):
    """The modules had their turns in the opposite order: x meets the first module first."""

    def forward(self, x):
        for number in reversed(range(self.count)):
            x = getattr(self, str(number))(x)
        return x


class Chain__none_is_one_too_few(_Chain):
    """A chain of no modules must work too: x was never passed on, because there was no last module to ask."""

    def forward(self, x):
        for number in range(self.count - 1):
            x = getattr(self, str(number))(x)
        return getattr(self, str(self.count - 1))(x)


class Chain__ready_made(nn.Sequential):
    """It works, but PyTorch's own container was to be left aside here: a loop in __init__, one in forward."""


class Chain__copies(_Chain):
    """The children are copies: whoever gave the modules still holds the originals, which the chain never uses."""

    def __init__(self, *modules):
        super().__init__(*[copy.deepcopy(module) for module in modules])


def _modules(sizes):
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs), nn.Tanh()]
    return found[:-1]


def mlp__list_not_unpacked(sizes):
    """nn.Sequential takes modules one by one, and was given a whole list: unpack it."""
    return nn.Sequential(_modules(sizes))


def mlp__function_for_a_module(sizes):
    """A container holds modules only, and torch.tanh is a function: there is a module for it."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs), torch.tanh]
    return nn.Sequential(*found[:-1])


def mlp__tanh_after_the_last(sizes):
    """A tanh stands after the last layer too: then no output could be above 1 or below -1."""
    return nn.Sequential(*_modules(sizes), nn.Tanh())


def mlp__no_tanh(sizes):
    """Nothing stands between the linear layers: without tanh, all of them together are only one linear layer."""
    return nn.Sequential(*[module for module in _modules(sizes) if isinstance(module, nn.Linear)])


def mlp__another_function(sizes):
    """Between the layers stands another function than tanh."""
    return nn.Sequential(*[nn.ReLU() if isinstance(module, nn.Tanh) else module for module in _modules(sizes)])


def mlp__sizes_turned_round(sizes):
    """The layers' sizes are turned round: nn.Linear is told the number of inputs first, then that of outputs."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(outputs, inputs), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__one_layer_for_equal_sizes(sizes):
    """Layers of equal sizes are one and the same object, so they share their parameters: make a new one for each."""
    made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
    found = []
    for pair in zip(sizes[:-1], sizes[1:]):
        found += [made[pair], nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__copies_for_equal_sizes(sizes):
    """Layers of equal sizes start with the same numbers, as copies do: every layer draws its own."""
    made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
    found = []
    for pair in zip(sizes[:-1], sizes[1:]):
        found += [copy.deepcopy(made[pair]), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__list_of_modules(sizes):
    """An nn.ModuleList keeps modules, but has no forward and can't be called: a container that can is asked for."""
    return nn.ModuleList(_modules(sizes))


def mlp__one_size_too_far(sizes):
    """There is one layer fewer than there are sizes: the last size is where the last layer ends, and none begins."""
    found = []
    for i in range(len(sizes)):
        found += [nn.Linear(sizes[i], sizes[i + 1]), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__last_layer_missing(sizes):
    """The last layer is missing: every size but the first is where a layer ends."""
    return nn.Sequential(*_modules(sizes[:-1])) if len(sizes) > 2 else nn.Sequential()


def mlp__no_bias(sizes):
    """The layers have no bias: without it each is 0 at 0, whatever its weights are."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs, bias=False), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__biases_at_0(sizes):
    """A bias starts with zeros alone: leave the layers as nn.Linear makes them, which draws biases too."""
    found = _modules(sizes)
    for module in found[::2]:
        nn.init.zeros_(module.bias)
    return nn.Sequential(*found)


def mlp__sizes_used_up(sizes):
    """The net is right, but the caller's list of sizes was changed on the way: read it, take nothing from it."""
    found = []
    while len(sizes) > 1:
        found += [nn.Linear(sizes.pop(0), sizes[0]), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def _linears(sizes):
    return [nn.Linear(inputs, outputs) for inputs, outputs in zip(sizes[:-1], sizes[1:])]


class _Stack(nn.Module):
    """A right Stack: the mistakes change one thing each."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = self.keep(_linears(sizes))

    def keep(self, layers):
        return nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


class Stack__plain_list(_Stack):
    """Layers in a Python list are not registered: they compute, but parameters(), state_dict() and to() miss them."""

    def keep(self, layers):
        return layers


class Stack__plain_dict(nn.Module):
    """Layers in a Python dict are not registered: they compute, but parameters(), state_dict() and to() miss them."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = dict(enumerate(_linears(sizes)))

    def forward(self, x):
        for number in range(len(self.layers) - 1):
            x = torch.tanh(self.layers[number](x))
        return self.layers[len(self.layers) - 1](x)


class Stack__list_of_parameters(nn.Module):
    """A Python list hides parameters as it hides layers: nothing inside a plain list or dict is registered."""

    def __init__(self, sizes):
        super().__init__()
        self.weights = [layer.weight for layer in _linears(sizes)]
        self.biases = [nn.Parameter(torch.zeros(size)) for size in sizes[1:]]

    def forward(self, x):
        for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
            x = torch.tanh(x @ weight.T + bias)
        return x @ self.weights[-1].T + self.biases[-1]


class Stack__local_name(_Stack):
    """There is no attribute `layers`: what is assigned to a bare name in __init__ is gone when __init__ ends."""

    def __init__(self, sizes):
        nn.Module.__init__(self)
        layers = nn.ModuleList(_linears(sizes))


class Stack__comma(_Stack):
    """`layers` is a tuple, as a comma at the end of an assignment makes one: what is in a tuple is not registered."""

    def keep(self, layers):
        return (nn.ModuleList(layers),)


class Stack__made_in_forward(nn.Module):
    """Every pass makes new layers with new numbers, so nothing can be learned: layers are made once, in __init__."""

    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        layers = [layer.to(x) for layer in _linears(self.sizes)]
        for layer in layers[:-1]:
            x = torch.tanh(layer(x))
        return layers[-1](x)


class Stack__list_called(_Stack):
    """An nn.ModuleList keeps modules, but doesn't know in which order to use them: it can't be called."""

    def forward(self, x):
        return self.layers(x)


class Stack__sequential(_Stack):
    """`layers` is an nn.Sequential, which has a forward of its own without your tanh: a mere list is asked for."""

    def keep(self, layers):
        return nn.Sequential(*layers)


class Stack__before_super(nn.Module):
    """A module can't register a child before nn.Module's own __init__ has run: call that first."""

    def __init__(self, sizes):
        self.layers = nn.ModuleList(_linears(sizes))
        super().__init__()


class Stack__tanh_after_the_last(_Stack):
    """tanh was taken of the last layer's outputs too: they must be free to be above 1 or below -1."""

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x


class Stack__tanh_of_x(_Stack):
    """tanh was taken of x before the first layer had it: it belongs behind every layer but the last."""

    def forward(self, x):
        for layer in self.layers:
            x = layer(torch.tanh(x))
        return x


class Stack__no_tanh(_Stack):
    """Nothing happens between the layers: without tanh, all of them together are only one linear layer."""

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Stack__one_layer_again(_Stack):
    """Layers of equal sizes are one and the same object, so they share their parameters: make a new one for each."""

    def __init__(self, sizes):
        nn.Module.__init__(self)
        made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
        self.layers = nn.ModuleList(made[pair] for pair in zip(sizes[:-1], sizes[1:]))


class Stack__rows_only(_Stack):
    """This works for rows in two dimensions alone: a linear layer takes any dimensions in front, so let it."""

    def forward(self, x):
        rows, columns = x.shape
        return super().forward(x)


def repeated__one_layer_again(make, count):
    """Every place holds the same layer: a list times a number repeats one object, it makes no new ones."""
    return nn.Sequential(*[make()] * count) if count else nn.Sequential()


def repeated__list_not_unpacked(make, count):
    """nn.Sequential takes modules one by one, and was given a whole list: unpack it."""
    return nn.Sequential([make() for _ in range(count)])


def repeated__make_not_called(make, count):
    """The function itself was put into the container: what it returns is the layer, so it must be called."""
    return nn.Sequential(*[make] * count)


def repeated__copies(make, count):
    """The layers have memory of their own, but all start with the same numbers, as copies of one layer do."""
    first = make() if count else None
    return nn.Sequential(*[copy.deepcopy(first) for _ in range(count)])


def repeated__one_made_for_nothing(make, count):
    """make was called once more than there are layers: every call makes a layer, and every one must have its place."""
    make()
    return nn.Sequential(*[make() for _ in range(count)])


def repeated__one_too_many(make, count):
    """There is one layer more than asked for: range(count) has count numbers already, beginning at 0."""
    return nn.Sequential(*[make() for _ in range(count + 1)])


def repeated__last_first(make, count):
    """The layers stand in the opposite order: the one made first comes first."""
    return nn.Sequential(*reversed([make() for _ in range(count)]))


def repeated__list_of_modules(make, count):
    """An nn.ModuleList keeps modules, but has no forward and can't be called: a container that can is asked for."""
    return nn.ModuleList(make() for _ in range(count))


def repeated__plain_list(make, count):
    """This is a Python list: it is no module, so that it can neither be called nor tell its parameters."""
    return [make() for _ in range(count)]


class _Residual(nn.Module):
    """A right Residual: the mistakes change one thing each."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Residual__inner_alone(_Residual):
    """This is what inner returns, and no more: x itself is still to be added."""

    def forward(self, x):
        return self.inner(x)


class Residual__difference(_Residual):
    """x was taken away from what inner returns, but it is to be added."""

    def forward(self, x):
        return self.inner(x) - x


class Residual__product(_Residual):
    """x was multiplied with what inner returns, but it is to be added."""

    def forward(self, x):
        return x * self.inner(x)


class Residual__way_around_cut(_Residual):
    """The gradient of x lacks the share that goes around inner: detached from its graph, x can't hand it on."""

    def forward(self, x):
        return x.detach() + self.inner(x)


class Residual__inner_not_recorded(_Residual):
    """inner ran unrecorded: its parameters get no gradient, and can never learn."""

    def forward(self, x):
        with torch.no_grad():
            y = self.inner(x)
        return x + y


class Residual__in_place(_Residual):
    """The numbers are right, but x itself was changed: an in-place sum writes to the caller's tensor."""

    def forward(self, x):
        x += self.inner(x)
        return x


class Residual__in_place_on_what_inner_returned(_Residual):
    """What inner returned was changed in place: it may be x itself, or numbers that backward still needs."""

    def forward(self, x):
        answer = self.inner(x)
        answer += x
        return answer


class Residual__forward_called(_Residual):
    """The numbers are right, but inner's hooks slept: call inner itself, not its forward."""

    def forward(self, x):
        return x + self.inner.forward(x)


class Residual__inner_of_the_sum(_Residual):
    """inner had two turns, the second on a sum: one is enough, on x itself."""

    def forward(self, x):
        return x + self.inner(x + self.inner(x))


class Residual__two_turns(_Residual):
    """inner had two turns in a pass: all the numbers are right, but it worked, and told its hooks, twice."""

    def forward(self, x):
        return x + (self.inner(x) + self.inner(x)) / 2


class Residual__comma(_Residual):
    """A comma at the end of an assignment makes a tuple: it can't be called, and the module in it is no child."""

    def __init__(self, inner):
        nn.Module.__init__(self)
        self.inner = (inner,)


class Residual__plain_list(nn.Module):
    """A module inside a list is not registered: only a module that is an attribute itself becomes a child."""

    def __init__(self, inner):
        super().__init__()
        self.parts = [inner]

    def forward(self, x):
        return x + self.parts[0](x)


class Residual__local_name(_Residual):
    """There is no attribute `inner`: what is assigned to a bare name in __init__ is gone when __init__ ends."""

    def __init__(self, inner):
        nn.Module.__init__(self)
        inner = inner


class Residual__another_name(nn.Module):
    """The child has another name than `inner`, and the names in state_dict() are made from it."""

    def __init__(self, inner):
        super().__init__()
        self.block = inner

    def forward(self, x):
        return x + self.block(x)


class Residual__copy(_Residual):
    """The child is a copy: whoever gave inner still holds the original, which the block never uses."""

    def __init__(self, inner):
        super().__init__(copy.deepcopy(inner))


class _Branches(nn.Module):
    """A right Branches: the mistakes change one thing each."""

    def __init__(self, heads):
        super().__init__()
        self.heads = self.keep(heads)

    def keep(self, heads):
        return nn.ModuleDict(heads)

    def forward(self, x):
        return {name: head(x) for name, head in self.heads.items()}


class Branches__plain_dict(_Branches):
    """Modules in a Python dict are not registered: they compute, but parameters(), state_dict() and to() miss them."""

    def keep(self, heads):
        return dict(heads)


class Branches__callers_dict(_Branches):
    """This is the caller's own dict: it registers nothing, and whoever changes it afterwards changes the model."""

    def keep(self, heads):
        return heads


class Branches__names_lost(nn.Module):
    """The names in state_dict() are numbers: a list of modules forgets what each of them was called."""

    def __init__(self, heads):
        super().__init__()
        self.names = list(heads)
        self.heads = nn.ModuleList(heads.values())

    def forward(self, x):
        return {name: head(x) for name, head in zip(self.names, self.heads)}


class Branches__attributes(nn.Module):
    """The modules are children of the model itself, but a child called `heads` is to hold them all."""

    def __init__(self, heads):
        super().__init__()
        self.names = list(heads)
        for name, head in heads.items():
            self.add_module(name, head)

    def forward(self, x):
        return {name: getattr(self, name)(x) for name in self.names}


class Branches__list_of_outputs(_Branches):
    """The outputs came in a list: whoever wants one of them asks for it by its name."""

    def forward(self, x):
        return [head(x) for head in self.heads.values()]


class Branches__in_turn(_Branches):
    """Every module was given what the one before it returned: side by side, all of them get x."""

    def forward(self, x):
        outputs = {}
        for name, head in self.heads.items():
            x = outputs[name] = head(x)
        return outputs


class Branches__last_only(_Branches):
    """Only the last output came back: each must be added to the answer, and none may take the place of another."""

    def forward(self, x):
        outputs = {}
        for name, head in self.heads.items():
            outputs = {name: head(x)}
        return outputs


class Branches__in_order_of_names(_Branches):
    """The outputs stand in another order than the heads, the alphabet's for one: the order of the heads is asked
    for."""

    def forward(self, x):
        return {name: self.heads[name](x) for name in sorted(self.heads)}


class Branches__modules_for_outputs(_Branches):
    """The answer holds the modules themselves: asked for is what each of them returns for x."""

    def forward(self, x):
        return dict(self.heads.items())


class Branches__forward_called(_Branches):
    """The numbers are right, but the modules' hooks slept: call the module itself, not its forward."""

    def forward(self, x):
        return {name: head.forward(x) for name, head in self.heads.items()}


class Branches__outputs_detached(_Branches):
    """The outputs are cut off from their graph: no gradient can go back to the heads, nor to x."""

    def forward(self, x):
        return {name: head(x).detach() for name, head in self.heads.items()}


class Branches__copies(_Branches):
    """The heads are copies: whoever gave the modules still holds the originals, which the model never uses."""

    def keep(self, heads):
        return nn.ModuleDict(copy.deepcopy(heads))


def _kind(module):
    return type(module).__name__


def leaf_modules__all_modules(model):
    """Modules that have children are listed too, the model itself among them: only those without any are asked for."""
    return [(name, _kind(module)) for name, module in model.named_modules()]


def leaf_modules__children_only(model):
    """Only the model's own children were looked at: children may have children, down to any depth."""
    return [(name, _kind(module)) for name, module in model.named_children()]


def leaf_modules__root_not_held_by(model):
    """A model without children is a leaf itself, and is missing: its name is the empty string."""
    return [(name, _kind(m)) for name, m in model.named_modules() if name and not list(m.children())]


def leaf_modules__last_part_of_the_name(model):
    """The names tell only the last step of the way: parts with the same last name can't be told apart."""
    found = [(name, _kind(m)) for name, m in model.named_modules() if not list(m.children())]
    return [(name.rpartition(".")[2], kind) for name, kind in found]


def leaf_modules__the_class_itself(model):
    """The class itself stands in the tuple: its name is asked for, a str."""
    return [(name, type(m)) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__class_as_printed(model):
    """This is the class as it is printed, <class '...'>, with the way to it: its bare name is asked for."""
    return [(name, str(type(m))) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__as_printed(model):
    """This is the module as it is printed, with its sizes: the name of its class alone is asked for."""
    return [(name, str(m)) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__with_parameters(model):
    """A module without parameters is missing, as tanh is: it has no children, and so it counts."""
    found = {name.rpartition(".")[0] for name, _ in model.named_parameters()}
    return [(name, _kind(m)) for name, m in model.named_modules() if name in found and not list(m.children())]


def leaf_modules__sorted(model):
    """The list is in the alphabet's order, where 10 comes before 2: the order of registration is asked for."""
    return sorted((name, _kind(m)) for name, m in model.named_modules() if not list(m.children()))


def leaf_modules__shared_again(model):
    """A module in several places is listed at every one of them: once is enough, under its first name."""
    found = model.named_modules(remove_duplicate=False)
    return [(name, _kind(m)) for name, m in found if not list(m.children())]


def leaf_modules__containers_by_class(model):
    """Containers were left out by their class: an empty one has no children, and others' classes have some too."""
    containers = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
    return [(name, _kind(m)) for name, m in model.named_modules() if not isinstance(m, containers)]


def leaf_modules__names_alone(model):
    """The names stand alone: each is to be in a tuple, with the name of the module's class."""
    return [name for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__by_class(model):
    """The two parts of the tuples are in the other order: the dotted name comes first."""
    return [(_kind(m), name) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__dict(model):
    """The answer is a dict: a list of tuples is asked for."""
    return {name: _kind(m) for name, m in model.named_modules() if not list(m.children())}
