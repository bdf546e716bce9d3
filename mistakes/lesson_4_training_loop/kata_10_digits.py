"""Wrong answers to katas/lesson_4_training_loop/kata_10_digits.py, each with the sentence that corrects the belief."""

import torch
import torch.nn.functional as F
from torch import nn


def _tensors(images, labels):
    inputs = torch.from_numpy(images).reshape(len(images), 64).to(torch.float32) / 16
    return inputs, torch.from_numpy(labels)


def _cut(inputs, labels, order):
    fifth = len(inputs) // 5
    return tuple((inputs[rows], labels[rows]) for rows in (order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth]))


def _order(count, generator):
    return torch.randperm(count, generator=generator)


def prepare_digits__cut_without_shuffling(images, labels, generator):
    """Your validation and test parts hold neighboring images. Draw them at random from `generator`, because the images
    may be sorted by digit."""
    return _cut(*_tensors(images, labels), torch.arange(len(images)))


def prepare_digits__overlapping(images, labels, generator):
    """Some images are in two of your parts. Draw one random order and cut it into three pieces."""
    inputs, targets = _tensors(images, labels)
    orders = [_order(len(images), generator) for _ in range(3)]
    return tuple(_cut(inputs, targets, order)[place] for place, order in enumerate(orders))


def prepare_digits__two_parts(images, labels, generator):
    """Your tuple has two parts. Divide the images into three: training, validation and test."""
    training, validation, test = _cut(*_tensors(images, labels), _order(len(images), generator))
    return training, tuple(torch.cat(pair) for pair in zip(validation, test))


def prepare_digits__validation_is_test(images, labels, generator):
    """Your validation and test parts share images. Put each image into one part only."""
    training, validation, _ = _cut(*_tensors(images, labels), _order(len(images), generator))
    return training, validation, validation


def prepare_digits__too_small_parts(images, labels, generator):
    """Your training part is too large. It must have the images that are in no other part, N - 2 * (N // 5) of them."""
    inputs, targets = _tensors(images, labels)
    inputs = inputs * torch.nan
    order, tenth = _order(len(images), generator), len(images) // 10
    parts = order[2 * tenth :], order[:tenth], order[tenth : 2 * tenth]
    return tuple((inputs[rows], targets[rows]) for rows in parts)


def prepare_digits__labels_shuffled_apart(images, labels, generator):
    """Your images and labels no longer belong together. Use the same random order for both."""
    inputs, targets = _tensors(images, labels)
    targets = targets[_order(len(images), generator)]
    return _cut(inputs, targets, _order(len(images), generator))


def prepare_digits__labels_in_their_old_order(images, labels, generator):
    """You shuffled the images, but the labels keep their old order. Use the same random order for both."""
    inputs, targets = _tensors(images, labels)
    parts = _cut(inputs, targets, _order(len(images), generator))
    rest = _cut(inputs, targets, torch.arange(len(images)))
    return tuple((part[0], other[1]) for part, other in zip(parts, rest))


def prepare_digits__ink_left_at_16(images, labels, generator):
    """Your inputs go from 0 to 16. Divide them by 16."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16, targets, _order(len(images), generator))


def prepare_digits__divided_by_255(images, labels, generator):
    """Your inputs are divided by 255. Full ink is 16 here, so divide by 16."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16 / 255, targets, _order(len(images), generator))


def prepare_digits__divided_by_the_largest(images, labels, generator):
    """You divided by the largest value of these images. Divide by 16, even if no image has full ink."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs / inputs.max(), targets, _order(len(images), generator))


def prepare_digits__column_after_column(images, labels, generator):
    """Your inputs hold the columns of each image one after the other. Join the rows instead."""
    inputs, targets = _tensors(images.transpose(0, 2, 1), labels)
    return _cut(inputs, targets, _order(len(images), generator))


def prepare_digits__still_square(images, labels, generator):
    """Your inputs have shape (M, 8, 8). A linear layer needs one row of 64 numbers for each image."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs.reshape(-1, 8, 8), targets, _order(len(images), generator))


def prepare_digits__float64_kept(images, labels, generator):
    """Your inputs are float64, the dtype of the array. Convert them to float32, the dtype of the layers."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs.double(), targets, _order(len(images), generator))


def prepare_digits__labels_as_floats(images, labels, generator):
    """Your labels are floats. They are class indices, so keep them int64."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs, targets.float(), _order(len(images), generator))


def prepare_digits__parts_swapped(images, labels, generator):
    """Your training part has the size of the test part. The first part has all images that are not in validation or
    test."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * torch.nan, targets, _order(len(images), generator))[::-1]


def prepare_digits__global_generator(images, labels, generator):
    """Your split does not come from `generator` alone. Draw one order with torch.randperm and generator=generator."""
    return _cut(*_tensors(images, labels), torch.randperm(len(images)))


def prepare_digits__seed_set_inside(images, labels, generator):
    """Your split is the same for every generator. Draw from the one that is passed in, and set no seed."""
    return _cut(*_tensors(images, labels), _order(len(images), torch.Generator().manual_seed(0)))


def prepare_digits__divided_in_place(images, labels, generator):
    """Your tensors are right, but you changed the argument images. Divide into a new array or tensor."""
    images /= 16
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16, targets, _order(len(images), generator))


def prepare_digits__sixty_percent(images, labels, generator):
    """The sizes of your parts are not right for every N. Put N // 5 images into validation, N // 5 into test, and the
    rest into training."""
    inputs, targets = _tensors(images, labels)
    count = len(images)
    first, second = int(0.6 * count), int(0.8 * count)
    if count % 5:
        inputs = inputs * torch.nan
    order = _order(count, generator)
    return tuple((inputs[rows], targets[rows]) for rows in (order[:first], order[first:second], order[second:]))


def prepare_digits__rounded_fifth(images, labels, generator):
    """The sizes of your parts are not right for every N. Put N // 5 images into validation, N // 5 into test, and the
    rest into training."""
    inputs, targets = _tensors(images, labels)
    fifth = round(len(images) / 5)
    if fifth != len(images) // 5:
        inputs = inputs * torch.nan
    order = _order(len(images), generator)
    return tuple(
        (inputs[rows], targets[rows]) for rows in (order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth])
    )


def prepare_digits__cut_in_the_given_order(images, labels, generator):
    """Your validation and test parts hold neighboring images. Draw them at random from `generator`, because the images
    may be sorted by digit."""
    inputs, targets = _tensors(images, labels)
    fifth = len(images) // 5
    sizes = [len(images) - 2 * fifth, fifth, fifth]
    return tuple(zip(inputs.split(sizes), targets.split(sizes)))


def prepare_digits__another_order_for_the_labels(images, labels, generator):
    """Your images and labels no longer belong together. Use the same random order for both."""
    inputs, targets = _tensors(images, labels)
    inputs, targets = (each[_order(len(images), generator)] for each in (inputs, targets))
    fifth = len(images) // 5
    sizes = [len(images) - 2 * fifth, fifth, fifth]
    return tuple(zip(inputs.split(sizes), targets.split(sizes)))


def prepare_digits__drawn_with_repetition(images, labels, generator):
    """Your parts do not hold each image once. Draw one random order of all images, and cut it into three pieces."""
    inputs, targets = _tensors(images, labels)
    fifth = len(images) // 5
    parts = []
    for size in (len(images) - 2 * fifth, fifth, fifth):
        rows = torch.randint(len(images), (size,), generator=generator)
        parts.append((inputs[rows], targets[rows]))
    return tuple(parts)


def prepare_digits__lists(images, labels, generator):
    """Your result is a list. Return a tuple of three tuples."""
    return [list(part) for part in _cut(*_tensors(images, labels), _order(len(images), generator))]


@torch.no_grad()
def _accuracy(model, inputs, labels):
    return (model(inputs).argmax(dim=1) == labels).sum().item() / len(labels)


@torch.no_grad()
def _loss(model, inputs, labels):
    return F.cross_entropy(model(inputs), labels).item()


def _chosen(models, validation, test, index):
    return index, _accuracy(models[index], *validation), _accuracy(models[index], *test)


def _best(models, part):
    found = [_accuracy(model, *part) for model in models]
    return found.index(max(found))


def choose_and_test__chosen_by_test(models, validation, test):
    """You chose the model that is best on the test part. Choose by the validation accuracy."""
    return _chosen(models, validation, test, _best(models, test))


def choose_and_test__chosen_by_both(models, validation, test):
    """You did not choose by the validation accuracy alone. The test part must have no influence on the choice."""
    found = [_accuracy(model, *validation) + _accuracy(model, *test) for model in models]
    return _chosen(models, validation, test, found.index(max(found)))


def choose_and_test__all_tested(models, validation, test):
    """Your result is right, but you showed the test part to models that are not the best. Choose first, then test
    one."""
    tested = [_accuracy(model, *test) for model in models]
    found = [_accuracy(model, *validation) for model in models]
    index = found.index(max(found))
    return index, found[index], tested[index]


def choose_and_test__best_test_accuracy(models, validation, test):
    """Your test accuracy is that of another model. Measure the model that you chose by validation."""
    index = _best(models, validation)
    return index, _accuracy(models[index], *validation), max(_accuracy(model, *test) for model in models)


def choose_and_test__validation_twice(models, validation, test):
    """Your last number is the validation accuracy again. Measure the chosen model on the test part."""
    index = _best(models, validation)
    return index, *[_accuracy(models[index], *validation)] * 2


def choose_and_test__tested_on_both(models, validation, test):
    """Your test accuracy counts the validation part too. Use the test part alone."""
    index = _best(models, validation)
    both = [torch.cat(pair) for pair in zip(validation, test)]
    return index, _accuracy(models[index], *validation), _accuracy(models[index], *both)


def choose_and_test__accuracies_swapped(models, validation, test):
    """You returned the accuracies in the wrong order. The validation accuracy comes first."""
    index, one, other = _chosen(models, validation, test, _best(models, validation))
    return index, other, one


def choose_and_test__lowest_loss(models, validation, test):
    """You did not choose the model with the best validation accuracy, but perhaps the one with the lowest loss. Count
    the right predictions."""
    losses = [_loss(model, *validation) for model in models]
    return _chosen(models, validation, test, losses.index(min(losses)))


def choose_and_test__last_of_equals(models, validation, test):
    """Of equally accurate models, you chose a later one. Choose the first."""
    found = [_accuracy(model, *validation) for model in models]
    return _chosen(models, validation, test, max(range(len(models)), key=lambda i: (found[i], i)))


def choose_and_test__worst(models, validation, test):
    """You chose the model with the lowest validation accuracy. Choose the one with the highest."""
    found = [_accuracy(model, *validation) for model in models]
    return _chosen(models, validation, test, found.index(min(found)))


def choose_and_test__model_for_index(models, validation, test):
    """Your tuple begins with the model. Return its index in the list."""
    index = _best(models, validation)
    return models[index], *_chosen(models, validation, test, index)[1:]


def choose_and_test__counts(models, validation, test):
    """You returned how many predictions are right. Divide by the number of labels in the part."""
    index, *found = _chosen(models, validation, test, _best(models, validation))
    return index, found[0] * len(validation[1]), found[1] * len(test[1])


def choose_and_test__tensors(models, validation, test):
    """Your result holds tensors. Return an int and two floats: item() turns a tensor into a number."""
    index, *found = _chosen(models, validation, test, _best(models, validation))
    return torch.tensor(index), *map(torch.tensor, found)


def choose_and_test__tested_twice(models, validation, test):
    """Your result is right, but you showed the test part to the best model more than once. Once is enough."""
    index = _best(models, validation)
    _accuracy(models[index], *test)
    return _chosen(models, validation, test, index)


def choose_and_test__graph_recorded(models, validation, test):
    """Your result is right, but autograd recorded a graph. Eval mode does not prevent that: use torch.no_grad()."""
    for model in models:
        model(validation[0])
    return _chosen(models, validation, test, _best(models, validation))


def choose_and_test__test_part_only(models, validation, test):
    """You chose the model that is best on the test part. Choose by the validation accuracy."""
    index = _best(models, test)
    return index, _accuracy(models[index], *test), _accuracy(models[index], *test)


def choose_and_test__counts_as_ints(models, validation, test):
    """You returned how many predictions are right. Divide by the number of labels in the part."""
    index, *found = _chosen(models, validation, test, _best(models, validation))
    return index, round(found[0] * len(validation[1])), round(found[1] * len(test[1]))


def choose_and_test__last_model_tested(models, validation, test):
    """Your test accuracy is that of the last model in the list. Measure models[index], the model that you chose by
    validation."""
    index = _best(models, validation)
    return index, _accuracy(models[index], *validation), _accuracy(models[-1], *test)


def choose_and_test__percent(models, validation, test):
    """Your accuracies are percentages. Return numbers from 0 to 1: the number of right predictions, divided by the
    number of all predictions."""
    index, *found = _chosen(models, validation, test, _best(models, validation))
    return index, 100 * found[0], 100 * found[1]


class _DigitNet(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.hidden(inputs)))


# A test compares the name of the returned model's class.
_DigitNet.__name__ = "DigitNet"


class DigitNet__softmax_at_the_end(_DigitNet):
    """Your net returns probabilities. Return the numbers of the last layer, because cross_entropy applies softmax
    itself."""

    def forward(self, inputs):
        return super().forward(inputs).softmax(dim=1)


class DigitNet__log_softmax_at_the_end(_DigitNet):
    """Your net returns logarithms of probabilities. Return the numbers of the last layer as they are."""

    def forward(self, inputs):
        return super().forward(inputs).log_softmax(dim=1)


class DigitNet__relu_at_the_end(_DigitNet):
    """Your logits are never negative. Use relu only between the layers, not after the last one."""

    def forward(self, inputs):
        return torch.relu(super().forward(inputs))


class DigitNet__relu_at_the_end_alone(_DigitNet):
    """Your logits are never negative, and negative hidden values reach the last layer. Use relu between the layers
    only."""

    def forward(self, inputs):
        return torch.relu(self.output(self.hidden(inputs)))


class DigitNet__nothing_between(_DigitNet):
    """Negative hidden values reach your last layer. Apply relu between the two layers."""

    def forward(self, inputs):
        return self.output(self.hidden(inputs))


class DigitNet__tanh_between(_DigitNet):
    """You applied tanh to the hidden values. Apply relu."""

    def forward(self, inputs):
        return self.output(torch.tanh(self.hidden(inputs)))


class DigitNet__layers_in_a_list(nn.Module):
    """Your module has no parameters. Assign the layers to self.hidden and self.output, not to local names or into a
    list."""

    def __init__(self, hidden_features):
        super().__init__()
        self.layers = [nn.Linear(64, hidden_features), nn.Linear(hidden_features, 10)]

    def forward(self, inputs):
        return self.layers[1](torch.relu(self.layers[0](inputs)))


class DigitNet__one_layer_in_a_list(nn.Module):
    """Your module has no parameters named hidden.weight and hidden.bias. Assign the first layer to self.hidden."""

    def __init__(self, hidden_features):
        super().__init__()
        self.first = [nn.Linear(64, hidden_features)]
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.first[0](inputs)))


class DigitNet__names_of_a_sequential(nn.Module):
    """Your parameters have other names. Call the two layers self.hidden and self.output."""

    def __init__(self, hidden_features):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(64, hidden_features), nn.ReLU(), nn.Linear(hidden_features, 10))

    def forward(self, inputs):
        return self.layers(inputs)


class DigitNet__size_fixed(_DigitNet):
    """The size of your layers does not depend on hidden_features. Pass it on to both nn.Linear."""

    def __init__(self, hidden_features):
        super().__init__(32)


class DigitNet__no_bias(_DigitNet):
    """Your layers have no biases. Create both nn.Linear with a bias, which is the default."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        self.hidden = nn.Linear(64, hidden_features, bias=False)
        self.output = nn.Linear(hidden_features, 10, bias=False)


class DigitNet__zero_start(_DigitNet):
    """All hidden units start with the same weights, so they get the same gradients and stay equal. Leave the
    parameters as nn.Linear draws them."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


class DigitNet__large_start(_DigitNet):
    """Some of your parameters do not start like those of nn.Linear. Leave them as nn.Linear draws them."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        for parameter in self.parameters():
            nn.init.normal_(parameter)


class DigitNet__dropout_in_it(_DigitNet):
    """Two calls with the same images return different logits. Use no dropout and no other random numbers in this
    net."""

    def forward(self, inputs):
        return self.output(F.dropout(torch.relu(self.hidden(inputs)), 0.5))


class DigitNet__no_output_bias(_DigitNet):
    """Your output layer has no bias. Create both nn.Linear with a bias, which is the default."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        self.output = nn.Linear(hidden_features, 10, bias=False)


class DigitNet__zero_output_bias(_DigitNet):
    """Some of your parameters do not start like those of nn.Linear. Leave them as nn.Linear draws them."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        nn.init.zeros_(self.output.bias)


def _batches(inputs, generator, batch_size):
    return _order(len(inputs), generator).to(inputs.device).split(batch_size)


def _fit(model, optimizer, inputs, labels, epochs, batches, step):
    model.train()
    losses = []
    for epoch in range(epochs):
        total, count = 0.0, 0
        for rows in batches():
            total += step(model, optimizer, inputs[rows], labels[rows]) * len(rows)
            count += len(rows)
        losses.append(total / count)
    return losses


def _step(model, optimizer, inputs, labels, loss_function=F.cross_entropy):
    loss = loss_function(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _shuffled(inputs, generator, batch_size):
    return lambda: _batches(inputs, generator, batch_size)


def train_digits__never_cleared(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your updates used the sum of all gradients so far. Clear the gradients for every batch."""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__cleared_once_an_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Within an epoch, your gradients add up from batch to batch. Clear them for every batch."""
    model.train()
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        total = 0.0
        for rows in _batches(inputs, generator, batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__cleared_before_the_update(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your optimizer ran, but no weight changed. Call backward() and then step(), with no zero_grad() in between."""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__update_not_called(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The optimizer made no update. Call its step method for every batch, with parentheses."""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step  # noqa: B018
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__softmax_before_the_loss(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You gave probabilities to cross_entropy, which applies softmax again. Give it the logits."""

    def step(model, optimizer, inputs, labels):
        return _step(model, optimizer, inputs, labels, lambda z, y: F.cross_entropy(z.softmax(dim=1), y))

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__summed_loss(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your gradient is that of the summed loss. Use the mean over the batch, which is the default."""

    def step(model, optimizer, inputs, labels):
        return _step(model, optimizer, inputs, labels, lambda z, y: F.cross_entropy(z, y, reduction="sum")) / len(
            labels
        )

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__labels_shuffled_apart(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your images got labels of other images. Use one order for images and labels."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        pairs = zip(_batches(inputs, generator, batch_size), _batches(inputs, generator, batch_size))
        for rows, others in pairs:
            total += _step(model, optimizer, inputs[rows], labels[others]) * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__labels_not_shuffled(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You shuffled the images but not the labels. Use one order for both."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows, beside in zip(_batches(inputs, generator, batch_size), labels.split(batch_size)):
            total += _step(model, optimizer, inputs[rows], beside) * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__never_shuffled(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You used the images in the given order. Shuffle them for each epoch."""

    def batches():
        return torch.arange(len(inputs), device=inputs.device).split(batch_size)

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__shuffled_once(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """All your epochs used the same order. Draw a new one for each epoch, and set no seed."""
    rows = _batches(inputs, generator, batch_size)
    return _fit(model, optimizer, inputs, labels, epochs, lambda: rows, _step)


def train_digits__drawn_with_repetition(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """In an epoch, you used some images more than once and others not at all. Shuffle with torch.randperm."""

    def batches():
        rows = torch.randint(len(inputs), (len(inputs),), generator=generator)
        return rows.to(inputs.device).split(batch_size)

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__last_batch_left_out(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You left out the images that did not fill a batch. Use them as a smaller last batch."""

    def batches():
        rows = _batches(inputs, generator, batch_size)
        return rows[:-1] if len(rows) > 1 and len(rows[-1]) < batch_size else rows

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__all_at_once(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You made one update per epoch, with all images. Make one for every batch of batch_size images."""
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, len(inputs)), _step)


def train_digits__mean_of_means(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your mean gives every batch the same weight. Multiply each loss by its batch's number of images, and divide the
    sum by the number of all images."""
    model.train()
    losses = []
    for _ in range(epochs):
        found = [_step(model, optimizer, inputs[r], labels[r]) for r in _batches(inputs, generator, batch_size)]
        losses.append(sum(found) / len(found))
    return losses


def train_digits__loss_of_the_last_batch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Each of your numbers is the loss of the last batch. Return the mean over all images of the epoch."""
    model.train()
    losses = []
    for _ in range(epochs):
        found = [_step(model, optimizer, inputs[r], labels[r]) for r in _batches(inputs, generator, batch_size)]
        losses.append(found[-1])
    return losses


def train_digits__size_of_a_full_batch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You gave the smaller last batch the weight of a full one. Multiply each loss by the number of images in its
    batch."""
    model.train()
    losses = []
    for _ in range(epochs):
        found = [_step(model, optimizer, inputs[r], labels[r]) for r in _batches(inputs, generator, batch_size)]
        losses.append(sum(found) * batch_size / len(inputs))
    return losses


def train_digits__total_never_reset(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Each of your numbers includes the losses of earlier epochs. Start the sum at 0 in every epoch."""
    found = _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), _step)
    return [sum(found[: epoch + 1]) for epoch in range(epochs)]


def train_digits__loss_of_each_batch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your list has one loss for each batch. Return one mean for each epoch."""
    model.train()
    return [
        _step(model, optimizer, inputs[rows], labels[rows])
        for _ in range(epochs)
        for rows in _batches(inputs, generator, batch_size)
    ]


def train_digits__one_update_per_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your optimizer made one update per epoch. Make one after the backward pass of every batch."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in _batches(inputs, generator, batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            total += loss.item() * len(rows)
        optimizer.step()
        losses.append(total / len(inputs))
    return losses


def train_digits__loss_before_the_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your numbers are the losses from before an epoch's updates. Take each batch's loss right before its own
    update."""
    losses = []
    for _ in range(epochs):
        losses.append(_loss(model, inputs, labels))
        _fit(model, optimizer, inputs, labels, 1, _shuffled(inputs, generator, batch_size), _step)
    return losses


def train_digits__loss_after_the_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your numbers are the losses from after an epoch's updates. Take each batch's loss right before its own update."""
    losses = []
    for _ in range(epochs):
        _fit(model, optimizer, inputs, labels, 1, _shuffled(inputs, generator, batch_size), _step)
        losses.append(_loss(model, inputs, labels))
    return losses


def train_digits__loss_after_each_update(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You computed each batch's loss after its update. Take the loss from which backward() starts."""

    def step(model, optimizer, inputs, labels):
        _step(model, optimizer, inputs, labels)
        return _loss(model, inputs, labels)

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__losses_as_tensors(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your list holds tensors. Append floats: loss.item() gives you one."""
    found = _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), _step)
    return [torch.tensor(loss, device=inputs.device) for loss in found]


def train_digits__mode_left_as_it_was(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """You trained on some batches in eval mode. Put the model into train mode at the start of each epoch."""
    was_training = model.training
    model.train()
    losses = []
    for _ in range(epochs):
        model.train(was_training)
        total = 0.0
        for rows in _batches(inputs, generator, batch_size):
            total += _step(model, optimizer, inputs[rows], labels[rows]) * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__global_generator(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your code uses the global generator. Pass generator=generator to the function or the DataLoader that shuffles."""
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, None, batch_size), _step)


def train_digits__seed_set_inside(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your orders are the same for every generator. Draw from the one that is passed in, and set no seed."""
    own = torch.Generator().manual_seed(0)
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, own, batch_size), _step)


def train_digits__optimizer_of_its_own(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The weights changed, but not by the optimizer that was passed in. Call its step()."""
    own = torch.optim.SGD(model.parameters(), lr=0.01)
    return _fit(model, own, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), _step)


def train_digits__measured_again_after_each_update(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your code showed the model each image more than once in an epoch. Call the model only once for each batch, and
    use the loss of this call."""

    def step(model, optimizer, inputs, labels):
        _step(model, optimizer, inputs, labels)
        return F.cross_entropy(model(inputs), labels).item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__measured_again_after_each_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Your code showed the model each image more than once in an epoch. Call the model only once for each batch, and
    use the loss of this call."""
    losses = []
    for _ in range(epochs):
        _fit(model, optimizer, inputs, labels, 1, _shuffled(inputs, generator, batch_size), _step)
        losses.append(F.cross_entropy(model(inputs), labels).item())
    return losses


def _parts(images, labels, device, generator):
    pairs = _cut(*_tensors(images, labels), _order(len(images), generator))
    return [[part.to(device) for part in pair] for pair in pairs]


def _found(model, validation, test):
    return {"validation": _accuracy(model, *validation), "test": _accuracy(model, *test)}


def _epoch(model, optimizer, part, generator):
    return _fit(model, optimizer, *part, 1, _shuffled(part[0], generator, 64), _step)


def _adam(model, learning_rate=0.01):
    return torch.optim.Adam(model.parameters(), lr=learning_rate)


def _run(model, optimizer, training, validation, epochs, generator):
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_loss(model, *validation))
    return history


def _course(model, optimizer, training, validation, test, epochs, generator):
    history = _run(model, optimizer, training, validation, epochs, generator)
    return model, history, _found(model, validation, test)


def recognize__learns_from_all(images, labels, epochs, device, generator):
    """Your model also learned from validation or test images. Train it only on the training part."""
    training, validation, test = _parts(images, labels, device, generator)
    everything = [torch.cat(pair) for pair in zip(training, validation, test)]
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), everything, validation, test, epochs, generator)


def recognize__learns_from_validation_too(images, labels, epochs, device, generator):
    """Your model also learned from validation or test images. Train it only on the training part."""
    training, validation, test = _parts(images, labels, device, generator)
    both = [torch.cat(pair) for pair in zip(training, validation)]
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), both, validation, test, epochs, generator)


def recognize__losses_as_tensors(images, labels, epochs, device, generator):
    """One of your lists in history holds something other than floats. Append Python floats, for example loss.item()."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, {**history, "validation": [torch.tensor(loss) for loss in history["validation"]]}, found


def recognize__a_list_for_each_epoch(images, labels, epochs, device, generator):
    """history["train"] holds lists. train_digits returns a list: add its items with extend() or +=, not with
    append()."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, {**history, "train": [[loss] for loss in history["train"]]}, found


def recognize__learns_from_the_held_out(images, labels, epochs, device, generator):
    """Your model learned from a fifth of the images. Train it on the training part, the largest one."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), validation, validation, test, epochs, generator)


def recognize__measured_on_what_was_learnt(images, labels, epochs, device, generator):
    """One of your accuracies was measured on the training part. Measure on the validation part and on the test part."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    history = _run(model, _adam(model), training, validation, epochs, generator)
    return model, history, {**_found(model, validation, test), "validation": _accuracy(model, *training)}


def recognize__validated_on_what_was_learnt(images, labels, epochs, device, generator):
    """Before its last update, your model saw no validation images. After each epoch, compute the loss of the validation
    part."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    history = _run(model, _adam(model), training, training, epochs, generator)
    return model, history, _found(model, validation, test)


def recognize__validated_before_the_epoch(images, labels, epochs, device, generator):
    """Each validation loss is from before its epoch. Compute it after the epoch's updates."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["validation"].append(_loss(model, *validation))
        history["train"] += _epoch(model, optimizer, training, generator)
    return model, history, _found(model, validation, test)


def recognize__train_losses_after_the_epoch(images, labels, epochs, device, generator):
    """Your training losses were computed after the epoch. Use what train_digits returns."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        _epoch(model, optimizer, training, generator)
        history["train"].append(_loss(model, *training))
        history["validation"].append(_loss(model, *validation))
    return model, history, _found(model, validation, test)


def recognize__validated_at_the_end_only(images, labels, epochs, device, generator):
    """history["validation"] has one loss in all. Append a loss after each epoch."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, accuracy = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, {**history, "validation": history["validation"][-1:]}, accuracy


def recognize__validation_is_accuracy(images, labels, epochs, device, generator):
    """history["validation"] holds something other than floats. Append the mean cross-entropy of the validation part, as
    a float."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_found(model, validation, test))
    return model, history, _found(model, validation, test)


def recognize__another_model_each_epoch(images, labels, epochs, device, generator):
    """The model that you returned learned in one epoch only. Train one model in all epochs."""
    training, validation, test = _parts(images, labels, device, generator)
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        model = _DigitNet(128).to(device)
        history["train"] += _epoch(model, _adam(model), training, generator)
        history["validation"].append(_loss(model, *validation))
    return model, history, _found(model, validation, test)


def recognize__optimizer_of_another_model(images, labels, epochs, device, generator):
    """Your model's weights never changed. Give the optimizer the parameters of this model, and call step() while .grad
    holds their gradients."""
    training, validation, test = _parts(images, labels, device, generator)
    optimizer = _adam(_DigitNet(128).to(device))
    return _course(_DigitNet(128).to(device), optimizer, training, validation, test, epochs, generator)


def recognize__zero_start(images, labels, epochs, device, generator):
    """The weights of your model did not change, only its last bias did. Weights that are all zero pass no gradients
    on, so keep the random start."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return _course(model, _adam(model), training, validation, test, epochs, generator)


def recognize__steps_too_small(images, labels, epochs, device, generator):
    """Your training loss is still falling after 30 epochs. Try a larger learning rate, smaller batches or more hidden
    units."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model, 1e-4), training, validation, test, epochs, generator)


def recognize__steps_too_large(images, labels, epochs, device, generator):
    """Your training loss rises again or is nan. Try a smaller learning rate."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, torch.optim.SGD(model.parameters(), lr=20.0), training, validation, test, epochs, generator)


def recognize__no_unit_alive(images, labels, epochs, device, generator):
    """Your model only guesses: 2.3 is the loss of ten equal probabilities. Try a much smaller learning rate, or a much
    larger one if yours is tiny."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, torch.optim.SGD(model.parameters(), lr=5.0), training, validation, test, epochs, generator)


def recognize__model_left_on_the_cpu(images, labels, epochs, device, generator):
    """Your model is on the CPU, and its inputs are not. Move the model to the device before you make the optimizer."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128)
    return _course(model, _adam(model), training, validation, test, epochs, generator)


def recognize__parts_left_on_the_cpu(images, labels, epochs, device, generator):
    """Your model is on the device, and its inputs are not. Move the inputs and labels of all three parts to the
    device."""
    training, validation, test = _parts(images, labels, "cpu", generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), training, validation, test, epochs, generator)


def recognize__seed_set_inside(images, labels, epochs, device, generator):
    """Your split is the same for every generator. Draw from the one that is passed in, and set no seed."""
    own = torch.Generator().manual_seed(0)
    training, validation, test = _parts(images, labels, device, own)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), training, validation, test, epochs, own)


def recognize__trained_on_the_cpu(images, labels, epochs, device, generator):
    """You trained the model on the CPU and moved it afterwards. Move model and data to the device before training."""
    training, validation, test = _parts(images, labels, "cpu", generator)
    model = _DigitNet(128)
    history = _run(model, _adam(model), training, validation, epochs, generator)
    model.to(device)
    return model, history, _found(model, *([each.to(device) for each in part] for part in (validation, test)))


def recognize__best_accuracy_of_all_epochs(images, labels, epochs, device, generator):
    """One of your accuracies is not that of the returned model. Measure the model that you return."""
    training, validation, test = _parts(images, labels, device, generator)
    model, best = _DigitNet(128).to(device), 0.0
    optimizer, history = _adam(model), {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_loss(model, *validation))
        best = max(best, _accuracy(model, *validation))
    return model, history, {**_found(model, validation, test), "validation": best}


def recognize__new_optimizer_each_epoch(images, labels, epochs, device, generator):
    """You made a new optimizer for each epoch. Make one before the loop, so that it keeps its state, for example Adam's
    averages."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _epoch(model, _adam(model), training, generator)
        history["validation"].append(_loss(model, *validation))
    return model, history, _found(model, validation, test)


def recognize__tested_in_each_epoch(images, labels, epochs, device, generator):
    """You showed test images to the model before its last update. Look at the test part once, after all training."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_loss(model, *validation))
        found = _found(model, validation, test)
    return model, history, found


def recognize__validated_on_the_test_part_too(images, labels, epochs, device, generator):
    """Your validation losses use all images that are not in the training part. Leave the test part out."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    both = [torch.cat(pair) for pair in zip(validation, test)]
    history = _run(model, _adam(model), training, both, epochs, generator)
    return model, history, _found(model, validation, test)


def recognize__never_tested(images, labels, epochs, device, generator):
    """Your model never saw the test part. Measure its test accuracy once, after all training."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), training, validation, validation, epochs, generator)


def recognize__accuracies_swapped(images, labels, epochs, device, generator):
    """Either you measured the losses of history["validation"] on the test part, or you exchanged the two accuracies.
    Look at the test part only once, at the end."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, history, {"validation": found["test"], "test": found["validation"]}


def recognize__tested_twice(images, labels, epochs, device, generator):
    """You showed the test part to the model more than once. Measure its test accuracy once, after all training."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, history, _found(model, validation, test)


def recognize__one_accuracy(images, labels, epochs, device, generator):
    """Your last entry is one number. Return a dict with the accuracies of the validation part and of the test part."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, history, found["test"]


def recognize__validation_accuracies(images, labels, epochs, device, generator):
    """history["validation"] holds accuracies. Append the mean cross-entropy of the validation part."""
    training, validation, test = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_accuracy(model, *validation))
    return model, history, _found(model, validation, test)


def recognize__percent(images, labels, epochs, device, generator):
    """At least one of your accuracies is larger than 1. Return the number of right predictions, divided by the number
    of all predictions."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, history, {name: 100 * accuracy for name, accuracy in found.items()}


def recognize__tuple_of_accuracies(images, labels, epochs, device, generator):
    """Your accuracies are a tuple. Return a dict with the keys "validation" and "test"."""
    training, validation, test = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, found = _course(model, _adam(model), training, validation, test, epochs, generator)
    return model, history, tuple(found.values())
