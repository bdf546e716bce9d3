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
    """Your chain registers none of the modules. It does not look into lists, tuples and dicts, so make each module an
    attribute."""

    def __init__(self, *modules):
        super().__init__()
        self.steps = list(modules)

    def forward(self, x):
        for module in self.steps:
            x = module(x)
        return x


class Chain__forward_called(_Chain):
    """The numbers are right, but you did not call each module once as module(x). Don't call module.forward(x)."""

    def forward(self, x):
        for number in range(self.count):
            x = getattr(self, str(number)).forward(x)
        return x


class Chain__children_each_once(_Chain):
    """A module that was given twice ran only once. Run it as often as it was given: children(), a set and the keys of
    a dict contain it once."""

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


class Chain__sorted_names(_Chain):
    """With more than ten modules, your chain runs them in another order. As strings, "10" sorts before "2", so keep the
    order of registration."""

    def forward(self, x):
        for name in sorted(self._modules):
            x = self._modules[name](x)
        return x


class Chain__counted_from_1(nn.Module):
    """The names of the children start at 1. Start at 0, like nn.Sequential."""

    def __init__(self, *modules):
        super().__init__()
        self.count = len(modules)
        for number, module in enumerate(modules, start=1):
            self.add_module(str(number), module)

    def forward(self, x):
        for number in range(1, self.count + 1):
            x = getattr(self, str(number))(x)
        return x


class Chain__other_names(nn.Module):
    """The children have other names than "0", "1" and so on. A child's name is that of the attribute."""

    def __init__(self, *modules):
        super().__init__()
        self.names = [f"layer_{number}" for number in range(len(modules))]
        for name, module in zip(self.names, modules):
            self.add_module(name, module)

    def forward(self, x):
        for name in self.names:
            x = getattr(self, name)(x)
        return x


class Chain__method_hidden(nn.Module):
    """Your attribute `modules` hides the method modules(), which every module has. Choose another name."""

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
    """Your attribute `children` hides the method children(), which every module has. Choose another name."""

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
    """The given modules are children of a module inside the chain, so their names are too long. Register them in the
    chain itself."""

    def __init__(self, *modules):
        super().__init__()
        self.steps = nn.ModuleList(modules)

    def forward(self, x):
        for module in self.steps:
            x = module(x)
        return x


class Chain__one_name_for_all(nn.Module):
    """Your chain has only one child, because each module replaced the one before. Give each module its own name."""

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            self.add_module("0", module)

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


class Chain__always_the_first_x(_Chain):
    """You passed x to every module. Each module must get the result of the one before."""

    def forward(self, x):
        answer = x
        for number in range(self.count):
            answer = getattr(self, str(number))(x)
        return answer


class Chain__not_recorded(_Chain):
    """The numbers are right, but your result has no graph. Pass on each result as it is, without no_grad, detach() or
    .data."""

    def forward(self, x):
        with torch.no_grad():
            return super().forward(x)


class Chain__last_to_first(_Chain):
    """You applied the modules in the opposite order. Start with the first one."""

    def forward(self, x):
        for number in reversed(range(self.count)):
            x = getattr(self, str(number))(x)
        return x


class Chain__none_is_one_too_few(_Chain):
    """Your chain fails if it has no modules. In this case, return x."""

    def forward(self, x):
        for number in range(self.count - 1):
            x = getattr(self, str(number))(x)
        return getattr(self, str(self.count - 1))(x)


class Chain__ready_made(nn.Sequential):
    """You used nn.Sequential, which is not allowed here. Register the modules in one loop, and call them in another."""


class Chain__copies(_Chain):
    """The children are copies of the given modules. Register the given modules themselves."""

    def __init__(self, *modules):
        super().__init__(*[copy.deepcopy(module) for module in modules])


def _modules(sizes):
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs), nn.Tanh()]
    return found[:-1]


def mlp__list_not_unpacked(sizes):
    """You passed a list to nn.Sequential. Pass each module as a separate argument: unpack the list with *."""
    return nn.Sequential(_modules(sizes))


def mlp__function_for_a_module(sizes):
    """You passed something to nn.Sequential that is not a module. torch.tanh is a function, and nn.Tanh() is a
    module."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs), torch.tanh]
    return nn.Sequential(*found[:-1])


def mlp__tanh_after_the_last(sizes):
    """You added an nn.Tanh after the last layer. The outputs must not be limited to -1 to 1."""
    return nn.Sequential(*_modules(sizes), nn.Tanh())


def mlp__no_tanh(sizes):
    """There is no nn.Tanh between your linear layers. Add one after each layer but the last."""
    return nn.Sequential(*[module for module in _modules(sizes) if isinstance(module, nn.Linear)])


def mlp__tanh_first(sizes):
    """You put an nn.Tanh before each layer. Put it after each layer but the last."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Tanh(), nn.Linear(inputs, outputs)]
    return nn.Sequential(*found)


def mlp__nested(sizes):
    """Your net contains further containers. Put all layers directly into one nn.Sequential."""
    found = [nn.Sequential(nn.Linear(*pair), nn.Tanh()) for pair in zip(sizes[:-2], sizes[1:-1])]
    return nn.Sequential(*found, nn.Linear(*sizes[-2:]))


def mlp__another_function(sizes):
    """Between your linear layers is another module than nn.Tanh. Use nn.Tanh."""
    return nn.Sequential(*[nn.ReLU() if isinstance(module, nn.Tanh) else module for module in _modules(sizes)])


def mlp__sizes_swapped(sizes):
    """Each of your layers has its two sizes swapped. nn.Linear takes the number of inputs first."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(outputs, inputs), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__one_layer_for_equal_sizes(sizes):
    """Layers with equal sizes share their parameters. Create a new layer for each pair of sizes."""
    made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
    found = []
    for pair in zip(sizes[:-1], sizes[1:]):
        found += [made[pair], nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__copies_for_equal_sizes(sizes):
    """Layers with equal sizes start with equal weights. Create a new nn.Linear for each layer, and do not set a
    seed."""
    made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
    found = []
    for pair in zip(sizes[:-1], sizes[1:]):
        found += [copy.deepcopy(made[pair]), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__seeded(sizes):
    """Two calls of mlp gave equal weights. Each call must draw new ones, so do not set a seed."""
    torch.manual_seed(0)
    return nn.Sequential(*_modules(sizes))


def mlp__plain_list(sizes):
    """You returned a plain list. Return an nn.Sequential of the modules."""
    return _modules(sizes)


def mlp__list_of_modules(sizes):
    """You returned an nn.ModuleList, which can't be called. Return an nn.Sequential."""
    return nn.ModuleList(_modules(sizes))


def mlp__one_size_too_far(sizes):
    """Your code used an index past the end of a list. There is one layer fewer than there are sizes."""
    found = []
    for i in range(len(sizes)):
        found += [nn.Linear(sizes[i], sizes[i + 1]), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__one_hidden_layer(sizes):
    """For two sizes, your code used an index past the end of a list. Use no fixed indices: create a layer from each
    size to the next."""
    sizes[2]
    return nn.Sequential(*_modules(sizes))


def mlp__last_layer_missing(sizes):
    """The last layer is missing. There must be a layer from each size to the next."""
    return nn.Sequential(*_modules(sizes[:-1])) if len(sizes) > 2 else nn.Sequential()


def mlp__no_bias(sizes):
    """Your layers have no bias. Leave nn.Linear's bias=True, its default."""
    found = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        found += [nn.Linear(inputs, outputs, bias=False), nn.Tanh()]
    return nn.Sequential(*found[:-1])


def mlp__biases_at_0(sizes):
    """Your biases start at 0. Leave the parameters as nn.Linear initializes them."""
    found = _modules(sizes)
    for module in found[::2]:
        nn.init.zeros_(module.bias)
    return nn.Sequential(*found)


def mlp__sizes_used_up(sizes):
    """The net is right, but you changed the list sizes. Only read it."""
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
    """The layers are in a plain list, so the module does not register their parameters. Use an nn.ModuleList."""

    def keep(self, layers):
        return layers


class Stack__plain_dict(nn.Module):
    """The layers are in a plain dict, so the module does not register their parameters. Use an nn.ModuleList."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = dict(enumerate(_linears(sizes)))

    def forward(self, x):
        for number in range(len(self.layers) - 1):
            x = torch.tanh(self.layers[number](x))
        return self.layers[len(self.layers) - 1](x)


class Stack__another_name(nn.Module):
    """No child has the name `layers`. Assign an nn.ModuleList of the linear layers to self.layers."""

    def __init__(self, sizes):
        super().__init__()
        self.linears = nn.ModuleList(_linears(sizes))

    def forward(self, x):
        for layer in self.linears[:-1]:
            x = torch.tanh(layer(x))
        return self.linears[-1](x)


class Stack__list_of_parameters(nn.Module):
    """The stack has no attribute `layers`, and it registers no parameters. Keep nn.Linear layers in an nn.ModuleList
    named layers."""

    def __init__(self, sizes):
        super().__init__()
        self.weights = [layer.weight for layer in _linears(sizes)]
        self.biases = [nn.Parameter(torch.zeros(size)) for size in sizes[1:]]

    def forward(self, x):
        for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
            x = torch.tanh(x @ weight.T + bias)
        return x @ self.weights[-1].T + self.biases[-1]


class Stack__local_name(_Stack):
    """The stack has no attribute `layers`. Assign the list to self.layers in __init__."""

    def __init__(self, sizes):
        nn.Module.__init__(self)
        layers = nn.ModuleList(_linears(sizes))


class Stack__comma(_Stack):
    """`layers` is a tuple, and a module does not look into tuples. Assign an nn.ModuleList, without a comma at the end
    of the line."""

    def keep(self, layers):
        return (nn.ModuleList(layers),)


class Stack__made_in_forward(nn.Module):
    """Your stack gives different results in each call, because it creates new layers. Create them once, in __init__,
    and assign them to self.layers."""

    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        layers = [layer.to(x) for layer in _linears(self.sizes)]
        for layer in layers[:-1]:
            x = torch.tanh(layer(x))
        return layers[-1](x)


class Stack__list_called(_Stack):
    """You called the nn.ModuleList, which has no forward(). Loop over its layers."""

    def forward(self, x):
        return self.layers(x)


class Stack__sequential(_Stack):
    """`layers` is an nn.Sequential. Use an nn.ModuleList, and apply the layers and tanh in forward()."""

    def keep(self, layers):
        return nn.Sequential(*layers)


class Stack__layer_added_as_a_list(nn.Module):
    """You added a single layer with += or extend(), which expect several modules. Use append()."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for layer in _linears(sizes):
            self.layers += layer


class Stack__layers_not_called(_Stack):
    """The numbers are right, but you did not call each layer once as layer(x). Don't use layer.forward(x), or the
    layer's weight."""

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer.forward(x))
        return self.layers[-1].forward(x)


class Stack__before_super(nn.Module):
    """You assigned a module before the __init__ of nn.Module had run. Call it first, through super()."""

    def __init__(self, sizes):
        self.layers = nn.ModuleList(_linears(sizes))
        super().__init__()


class Stack__tanh_after_the_last(_Stack):
    """You applied tanh after the last layer too. Leave the outputs of the last layer as they are."""

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x


class Stack__tanh_of_x(_Stack):
    """You applied tanh before each layer, so also to x. Apply it after each layer but the last."""

    def forward(self, x):
        for layer in self.layers:
            x = layer(torch.tanh(x))
        return x


class Stack__another_function(_Stack):
    """You applied relu after the layers. Apply tanh."""

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


class Stack__last_layer_left_out(_Stack):
    """You did not apply the last layer. Apply it after the loop, without tanh."""

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return x


class Stack__no_tanh(_Stack):
    """You applied the layers without tanh. Apply tanh after each layer but the last."""

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Stack__one_layer_again(_Stack):
    """Layers with equal sizes share their parameters. Create a new layer for each pair of sizes."""

    def __init__(self, sizes):
        nn.Module.__init__(self)
        made = {pair: nn.Linear(*pair) for pair in zip(sizes[:-1], sizes[1:])}
        self.layers = nn.ModuleList(made[pair] for pair in zip(sizes[:-1], sizes[1:]))


class Stack__rows_only(_Stack):
    """Your forward() fails unless x has two dimensions. Pass x to the layers as it is: nn.Linear accepts any leading
    dimensions."""

    def forward(self, x):
        rows, columns = x.shape
        return super().forward(x)


def repeated__one_layer_again(make, count):
    """All places hold the same layer, so there is only one set of parameters. Call make() again for each layer."""
    return nn.Sequential(*[make()] * count) if count else nn.Sequential()


def repeated__list_not_unpacked(make, count):
    """You passed a list to nn.Sequential. Pass each module as a separate argument: unpack the list with *."""
    return nn.Sequential([make() for _ in range(count)])


def repeated__make_not_called(make, count):
    """You passed the function make to nn.Sequential. Call it: make() returns a layer."""
    return nn.Sequential(*[make] * count)


def repeated__equal_weights(make, count):
    """Your layers start with equal weights. Call make() for each layer, and use the returned module unchanged."""
    layers = [make() for _ in range(count)]
    for layer in layers[1:]:
        layer.load_state_dict(layers[0].state_dict())
    return nn.Sequential(*layers)


def repeated__copies(make, count):
    """You called make once for several layers, and the layers start with equal weights. Call make() for each layer."""
    first = make() if count else None
    return nn.Sequential(*[copy.deepcopy(first) for _ in range(count)])


def repeated__layers_of_its_own(make, count):
    """Your layers do not come from make. Call make() for each layer, whatever it returns."""
    return nn.Sequential(*[nn.Linear(4, 4) for _ in range(count)])


def repeated__one_made_for_nothing(make, count):
    """You called make once more than there are layers. Call it once for each layer."""
    make()
    return nn.Sequential(*[make() for _ in range(count)])


def repeated__one_too_many(make, count):
    """There is one layer too many. Call make() exactly `count` times."""
    return nn.Sequential(*[make() for _ in range(count + 1)])


def repeated__at_least_one(make, count):
    """Your result has a layer even if count is 0. Return an empty nn.Sequential then."""
    return nn.Sequential(make(), *[make() for _ in range(count - 1)])


def repeated__last_first(make, count):
    """Your layers are in the opposite order. The first module that make() returned comes first."""
    return nn.Sequential(*reversed([make() for _ in range(count)]))


def repeated__list_of_modules(make, count):
    """You returned an nn.ModuleList, which can't be called. Return an nn.Sequential."""
    return nn.ModuleList(make() for _ in range(count))


def repeated__plain_list(make, count):
    """You returned a plain list. Return an nn.Sequential of the layers."""
    return [make() for _ in range(count)]


def _names(model, forgets):
    return sorted(name for name, value in vars(model).items() if forgets(value))


def _held(value):
    return value if isinstance(value, list) else [value]


def _lost(each):
    return isinstance(each, (torch.Tensor, nn.Module))


def _right(model):
    return _names(model, lambda value: any(map(_lost, _held(value))))


def forgotten__tensors_only(model):
    """You found plain tensors, but no lists. A module does not look into a list, so look at its items."""
    return _names(model, lambda value: isinstance(value, torch.Tensor))


def forgotten__lists_only(model):
    """You found lists, but no plain tensors. A plain tensor as an attribute is not registered either."""
    return _names(model, lambda value: isinstance(value, list) and any(map(_lost, value)))


def forgotten__only_if_it_requires_grad(model):
    """You left out tensors that do not require grad. They are not registered either, so list them."""
    return _names(
        model,
        lambda value: any(
            isinstance(each, nn.Module) or (isinstance(each, torch.Tensor) and each.requires_grad)
            for each in _held(value)
        ),
    )


def forgotten__only_if_it_does_not_require_grad(model):
    """You left out tensors that require grad. Only an nn.Parameter is registered, so list them."""
    return [name for name in _right(model) if not getattr(getattr(model, name), "requires_grad", False)]


def forgotten__no_modules(model):
    """You left out lists of modules. The module does not register the parameters of these modules."""
    return _names(model, lambda value: any(isinstance(each, torch.Tensor) for each in _held(value)))


def forgotten__no_tensors_in_lists(model):
    """You left out lists of tensors. A tensor in a list is not registered, even if it is a Parameter."""
    return _names(
        model,
        lambda value: (
            isinstance(value, torch.Tensor)
            or (isinstance(value, list) and any(isinstance(each, nn.Module) for each in value))
        ),
    )


def forgotten__all_items(model):
    """You left out lists that also hold other items. One tensor or module in a list is enough, and an empty list does
    not count."""
    return _names(model, lambda value: all(map(_lost, _held(value))))


def forgotten__first_item(model):
    """You left out a list whose first item is something else. One tensor or module in the list is enough."""
    return _names(model, lambda value: any(map(_lost, _held(value)[:1])))


def forgotten__every_list(model):
    """You listed lists without a tensor or module in them. The module misses nothing in such lists, so leave them
    out."""
    return _names(model, lambda value: isinstance(value, (torch.Tensor, list)))


def forgotten__registered_too(model):
    """You listed parameters, buffers or children, which the module registers. Leave them out: vars(model) does not
    list them."""
    registered = {**model._parameters, **model._buffers, **model._modules}
    return sorted([*_right(model), *registered])


def forgotten__buffers_too(model):
    """You listed a buffer, which the module registers. Leave it out: vars(model) does not list it."""
    return sorted([*_right(model), *model._buffers])


def forgotten__lists_in_lists(model):
    """You listed a list of lists, none of whose items is a tensor or a module. Look only at the items themselves."""

    def deep(value):
        return any(map(deep, value)) if isinstance(value, list) else _lost(value)

    return _names(model, deep)


def forgotten__every_attribute(model):
    """You listed attributes of every kind. List only tensors, and lists with a tensor or a module in them."""
    return sorted(vars(model))


def forgotten__children_too(model):
    """You listed attributes of the children. Look only at the attributes of the model itself."""
    return sorted({name for module in model.modules() for name in _right(module)})


def forgotten__not_sorted(model):
    """Your names are in the wrong order. Sort them, as sorted() does."""
    right = _right(model)
    return [name for name in vars(model) if name in right]


def forgotten__set(model):
    """You returned a set. Return a sorted list."""
    return set(_right(model))


def forgotten__values(model):
    """You returned the values of the attributes. Return their names."""
    return [getattr(model, name) for name in _right(model)]


class _Residual(nn.Module):
    """A right Residual: the mistakes change one thing each."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Residual__inner_alone(_Residual):
    """You returned inner(x) alone. Add x to it."""

    def forward(self, x):
        return self.inner(x)


class Residual__difference(_Residual):
    """You returned inner(x) - x. Return x + inner(x)."""

    def forward(self, x):
        return self.inner(x) - x


class Residual__inner_subtracted(_Residual):
    """You returned x - inner(x). Return x + inner(x)."""

    def forward(self, x):
        return x - self.inner(x)


class Residual__product(_Residual):
    """You returned x * inner(x). Return x + inner(x)."""

    def forward(self, x):
        return x * self.inner(x)


class Residual__way_around_cut(_Residual):
    """The gradient at x lacks the part of the direct path. Add x itself, not a detached tensor."""

    def forward(self, x):
        return x.detach() + self.inner(x)


class Residual__inner_not_recorded(_Residual):
    """No gradient reaches the parameters of inner. Call inner without no_grad, and use its result without detach() or
    .data."""

    def forward(self, x):
        with torch.no_grad():
            y = self.inner(x)
        return x + y


class Residual__inner_of_a_detached_x(_Residual):
    """The gradient at x lacks the part of the path through inner. Call inner on x itself, not on a detached tensor."""

    def forward(self, x):
        return x + self.inner(x.detach())


class Residual__in_place(_Residual):
    """The numbers are right, but you changed the argument x. += and add_() write into x, so make a new tensor with
    +."""

    def forward(self, x):
        x += self.inner(x)
        return x


class Residual__in_place_on_what_inner_returned(_Residual):
    """You changed the tensor that inner returned, which may be x itself. Make a new tensor: x + inner(x)."""

    def forward(self, x):
        answer = self.inner(x)
        answer += x
        return answer


class Residual__forward_called(_Residual):
    """The numbers are right, but you did not call inner as inner(x). Don't call inner.forward(x)."""

    def forward(self, x):
        return x + self.inner.forward(x)


class Residual__inner_of_the_sum(_Residual):
    """You called inner twice, the second time on a sum. Call it once, on x."""

    def forward(self, x):
        return x + self.inner(x + self.inner(x))


class Residual__two_turns(_Residual):
    """The numbers are right, but you called inner twice. Call it once, and use its result."""

    def forward(self, x):
        return x + (self.inner(x) + self.inner(x)) / 2


class Residual__comma(_Residual):
    """self.inner is a tuple, so it can't be called. Assign the module itself, without a comma at the end of the
    line."""

    def __init__(self, inner):
        nn.Module.__init__(self)
        self.inner = (inner,)


class Residual__plain_list(nn.Module):
    """inner is not registered as a child. Assign the module itself to self.inner, not a list that contains it."""

    def __init__(self, inner):
        super().__init__()
        self.parts = [inner]

    def forward(self, x):
        return x + self.parts[0](x)


class Residual__local_name(_Residual):
    """The block has no attribute `inner`. Assign the module to self.inner in __init__."""

    def __init__(self, inner):
        nn.Module.__init__(self)
        inner = inner


class Residual__another_name(nn.Module):
    """The child has another name than `inner`. Assign the module to self.inner."""

    def __init__(self, inner):
        super().__init__()
        self.block = inner

    def forward(self, x):
        return x + self.block(x)


class Residual__copy(_Residual):
    """The child is a copy of the given module. Register the given module itself."""

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
    """The modules are in a plain dict, so the module does not register their parameters. Use an nn.ModuleDict."""

    def keep(self, heads):
        return dict(heads)


class Branches__names_lost(nn.Module):
    """The modules are registered under numbers. Use an nn.ModuleDict, which keeps their names."""

    def __init__(self, heads):
        super().__init__()
        self.names = list(heads)
        self.heads = nn.ModuleList(heads.values())

    def forward(self, x):
        return {name: head(x) for name, head in zip(self.names, self.heads)}


class Branches__another_name(nn.Module):
    """The child has another name than `heads`. Assign the nn.ModuleDict to self.heads."""

    def __init__(self, heads):
        super().__init__()
        self.branches = nn.ModuleDict(heads)

    def forward(self, x):
        return {name: head(x) for name, head in self.branches.items()}


class Branches__attributes(nn.Module):
    """The given modules are children of the Branches itself. Put them into one child, an nn.ModuleDict named heads."""

    def __init__(self, heads):
        super().__init__()
        self.names = list(heads)
        for name, head in heads.items():
            self.add_module(name, head)

    def forward(self, x):
        return {name: getattr(self, name)(x) for name in self.names}


class Branches__list_of_outputs(_Branches):
    """You returned a list. Return a dict with the names of the heads."""

    def forward(self, x):
        return [head(x) for head in self.heads.values()]


class Branches__in_turn(_Branches):
    """You passed each module the result of the one before. Pass x to every module."""

    def forward(self, x):
        outputs = {}
        for name, head in self.heads.items():
            x = outputs[name] = head(x)
        return outputs


class Branches__last_only(_Branches):
    """Your dict holds only the last result. Add each result to the same dict."""

    def forward(self, x):
        outputs = {}
        for name, head in self.heads.items():
            outputs = {name: head(x)}
        return outputs


class Branches__in_order_of_names(_Branches):
    """The results are in another order than the heads. Keep the order of the dict `heads`."""

    def forward(self, x):
        return {name: self.heads[name](x) for name in sorted(self.heads)}


class Branches__modules_for_outputs(_Branches):
    """Your dict holds the modules themselves. Call each of them on x."""

    def forward(self, x):
        return dict(self.heads.items())


class Branches__forward_called(_Branches):
    """The numbers are right, but you did not call each module once as module(x). Don't call module.forward(x)."""

    def forward(self, x):
        return {name: head.forward(x) for name, head in self.heads.items()}


class Branches__outputs_detached(_Branches):
    """Your results have no graph, so no gradient can reach x or the parameters. Compute them without no_grad, detach()
    or .data."""

    def forward(self, x):
        return {name: head(x).detach() for name, head in self.heads.items()}


class Branches__results_in_a_ModuleDict(_Branches):
    """You put a tensor into a container of modules. Return a plain dict of the results."""

    def forward(self, x):
        outputs = nn.ModuleDict()
        for name, head in self.heads.items():
            outputs[name] = head(x)
        return outputs


class Branches__names_unpacked(_Branches):
    """Your loop over a container yields only names, and a name is not a pair. Loop over items()."""

    def forward(self, x):
        return {name: head(x) for name, head in self.heads}


class Branches__x_detached(_Branches):
    """The results are right, but no gradient reaches x. Call each module on x itself, not on a detached copy."""

    def forward(self, x):
        return {name: head(x.detach()) for name, head in self.heads.items()}


class Branches__heads_used_up(nn.Module):
    """The results are right, but you changed the given dict. Only read it."""

    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict()
        for name in list(heads):
            self.heads[name] = heads.pop(name)

    def forward(self, x):
        return {name: head(x) for name, head in self.heads.items()}


class Branches__copies(_Branches):
    """The heads are copies of the given modules. Register the given modules themselves."""

    def keep(self, heads):
        return nn.ModuleDict(copy.deepcopy(heads))


def _kind(module):
    return type(module).__name__


def leaf_modules__all_modules(model):
    """You listed modules that have children too, such as the model itself. List only modules without children."""
    return [(name, _kind(module)) for name, module in model.named_modules()]


def leaf_modules__children_only(model):
    """You listed only the children of the model. Go down to any depth."""
    return [(name, _kind(module)) for name, module in model.named_children()]


def leaf_modules__two_levels(model):
    """Your list goes down two levels, but modules may be deeper. Go down to any depth."""
    found = []
    for name, child in model.named_children():
        inside = [(f"{name}.{inner}", _kind(module)) for inner, module in child.named_children()]
        found += inside or [(name, _kind(child))]
    return found or [("", _kind(model))]


def leaf_modules__root_missing(model):
    """A model without children is missing from your list. List it under the name ""."""
    return [(name, _kind(m)) for name, m in model.named_modules() if name and not list(m.children())]


def leaf_modules__iterator_as_a_condition(model):
    """Your list is empty. If your code uses children() as a condition, make a list of it, because an iterator always
    counts as true."""
    return [(name, _kind(module)) for name, module in model.named_modules() if not module.children()]


def leaf_modules__last_part_of_the_name(model):
    """Your names are only the last part of the dotted names. Return the whole name, for example "1.0"."""
    found = [(name, _kind(m)) for name, m in model.named_modules() if not list(m.children())]
    return [(name.rpartition(".")[2], kind) for name, kind in found]


def leaf_modules__the_class_itself(model):
    """Your tuples hold the class itself. Return its name, a string."""
    return [(name, type(m)) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__class_as_printed(model):
    """Your tuples hold the class as it is printed. Return only its name, for example "Linear"."""
    return [(name, str(type(m))) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__as_printed(model):
    """Your tuples hold the module as it is printed. Return only the name of its class."""
    return [(name, str(m)) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__with_parameters(model):
    """A module without parameters is missing from your list, for example an nn.Tanh. It has no children, so list it."""
    found = {name.rpartition(".")[0] for name, _ in model.named_parameters()}
    return [(name, _kind(m)) for name, m in model.named_modules() if name in found and not list(m.children())]


def leaf_modules__sorted(model):
    """Your list is sorted by name, which puts "10" before "2". Keep the order of registration."""
    return sorted((name, _kind(m)) for name, m in model.named_modules() if not list(m.children()))


def leaf_modules__shared_again(model):
    """A module that is registered several times is listed several times. List it once, under its first name."""
    found = model.named_modules(remove_duplicate=False)
    return [(name, _kind(m)) for name, m in found if not list(m.children())]


def leaf_modules__containers_by_class(model):
    """You left out containers by their class. An empty container is a leaf, and other classes may have children."""
    containers = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
    return [(name, _kind(m)) for name, m in model.named_modules() if not isinstance(m, containers)]


def leaf_modules__names_alone(model):
    """Your list holds names alone. Return tuples of the name and the class name."""
    return [name for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__by_class(model):
    """The two parts of your tuples are swapped. The dotted name comes first."""
    return [(_kind(m), name) for name, m in model.named_modules() if not list(m.children())]


def leaf_modules__dict(model):
    """You returned a dict. Return a list of tuples."""
    return {name: _kind(m) for name, m in model.named_modules() if not list(m.children())}
