"""Wrong answers to katas/lesson_4_training_loop/kata_10_digits.py, each with the sentence that corrects the belief."""

import torch
import torch.nn.functional as F
from torch import nn


def _tensors(images, labels):
    inputs = torch.from_numpy(images).reshape(len(images), 64).to(torch.float32) / 16
    return inputs, torch.from_numpy(labels)


def _cut(inputs, labels, order, held_out=None):
    count = len(inputs) // 5 if held_out is None else held_out
    last, first = order[:count], order[count:]
    return (inputs[first], labels[first]), (inputs[last], labels[last])


def _order(count, generator):
    return torch.randperm(count, generator=generator)


def prepare_digits__cut_without_shuffling(images, labels, generator):
    """The held-out images all lie side by side in the data: where data is sorted, some digits would never be learnt."""
    return _cut(*_tensors(images, labels), torch.arange(len(images)))


def prepare_digits__overlapping(images, labels, generator):
    """The two parts were drawn each by itself, so they share images: the accuracy would count what was learnt."""
    inputs, targets = _tensors(images, labels)
    count = len(images) // 5
    held_out, training = _order(len(images), generator)[:count], _order(len(images), generator)[count:]
    return (inputs[training], targets[training]), (inputs[held_out], targets[held_out])


def prepare_digits__labels_shuffled_apart(images, labels, generator):
    """Images and labels were shuffled each in an order of its own: no label is beside its image any more."""
    inputs, targets = _tensors(images, labels)
    targets = targets[_order(len(images), generator)]
    return _cut(inputs, targets, _order(len(images), generator))


def prepare_digits__labels_in_their_old_order(images, labels, generator):
    """The images were shuffled, and the labels stayed in the order in which they came: shuffle both alike."""
    inputs, targets = _tensors(images, labels)
    (training, _), (held_out, _) = _cut(inputs, targets, _order(len(images), generator))
    count = len(images) // 5
    return (training, targets[count:].clone()), (held_out, targets[:count].clone())


def prepare_digits__ink_left_at_16(images, labels, generator):
    """These numbers still go from 0 to 16, and 1 is asked for as the largest."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16, targets, _order(len(images), generator))


def prepare_digits__divided_by_255(images, labels, generator):
    """255 is the ink of photographs in bytes; here it is 16, and after the division by 255 all is nearly 0."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16 / 255, targets, _order(len(images), generator))


def prepare_digits__divided_by_the_largest(images, labels, generator):
    """The scale came from the images at hand, and others would get another: full ink is 16, even where none has it."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs / inputs.max(), targets, _order(len(images), generator))


def prepare_digits__column_after_column(images, labels, generator):
    """The pixels of an image came out column after column: asked for is row after row."""
    inputs, targets = _tensors(images.transpose(0, 2, 1), labels)
    return _cut(inputs, targets, _order(len(images), generator))


def prepare_digits__still_square(images, labels, generator):
    """The images are still 8 by 8: a linear layer takes a row of 64 numbers for each."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs.reshape(-1, 8, 8), targets, _order(len(images), generator))


def prepare_digits__float64_kept(images, labels, generator):
    """NumPy's float64 came through: the weights of a layer are float32, and the two do not mix."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs.double(), targets, _order(len(images), generator))


def prepare_digits__labels_as_floats(images, labels, generator):
    """The labels became floats: they are numbers of classes, and stay int64."""
    inputs, targets = _tensors(images, labels)
    return _cut(inputs, targets.float(), _order(len(images), generator))


def prepare_digits__parts_swapped(images, labels, generator):
    """Four fifths are held out, and one is left to learn from: the parts are the wrong way round."""
    return _cut(*_tensors(images, labels), _order(len(images), generator))[::-1]


def prepare_digits__global_generator(images, labels, generator):
    """The split was drawn from the global generator: the one passed in had no say, and other draws were disturbed."""
    return _cut(*_tensors(images, labels), torch.randperm(len(images)))


def prepare_digits__seed_set_inside(images, labels, generator):
    """Every split is the same, whatever generator comes: whoever passes one has chosen its seed already."""
    return _cut(*_tensors(images, labels), _order(len(images), torch.Generator().manual_seed(0)))


def prepare_digits__divided_in_place(images, labels, generator):
    """The tensors are right, but the caller's array was divided too: a division in place writes to it."""
    images /= 16
    inputs, targets = _tensors(images, labels)
    return _cut(inputs * 16, targets, _order(len(images), generator))


class _DigitNet(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.hidden(inputs)))


class DigitNet__softmax_at_the_end(_DigitNet):
    """These are probabilities: the loss takes the softmax itself, and a second one lets it sink no lower than 1.46."""

    def forward(self, inputs):
        return super().forward(inputs).softmax(dim=1)


class DigitNet__log_softmax_at_the_end(_DigitNet):
    """These are logarithms of probabilities: each row is shifted, and asked for is what the last layer says."""

    def forward(self, inputs):
        return super().forward(inputs).log_softmax(dim=1)


class DigitNet__relu_at_the_end(_DigitNet):
    """No logit is below 0: the last layer's numbers are the answer as they are, those below 0 too."""

    def forward(self, inputs):
        return torch.relu(super().forward(inputs))


class DigitNet__relu_at_the_end_alone(_DigitNet):
    """No number below 0 comes out, and nothing is between the layers: the ReLU belongs there, not behind the last."""

    def forward(self, inputs):
        return torch.relu(self.output(self.hidden(inputs)))


class DigitNet__nothing_between(_DigitNet):
    """Two linear layers with nothing between them are one linear layer: the numbers below 0 must become 0."""

    def forward(self, inputs):
        return self.output(self.hidden(inputs))


class DigitNet__tanh_between(_DigitNet):
    """Between the layers was tanh, as in the net before: here it is ReLU."""

    def forward(self, inputs):
        return self.output(torch.tanh(self.hidden(inputs)))


class DigitNet__layers_in_a_list(nn.Module):
    """The module does not know its layers: they lie in a plain list, and no optimizer will ever get them."""

    def __init__(self, hidden_features):
        super().__init__()
        self.layers = [nn.Linear(64, hidden_features), nn.Linear(hidden_features, 10)]

    def forward(self, inputs):
        return self.layers[1](torch.relu(self.layers[0](inputs)))


class DigitNet__one_layer_in_a_list(nn.Module):
    """The module knows output alone: the layer before it is hidden from the optimizer, and stays as it was drawn."""

    def __init__(self, hidden_features):
        super().__init__()
        self.first = [nn.Linear(64, hidden_features)]
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.first[0](inputs)))


class DigitNet__names_of_a_sequential(nn.Module):
    """The parameters are called by numbers: give the two layers the names that are asked for."""

    def __init__(self, hidden_features):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(64, hidden_features), nn.ReLU(), nn.Linear(hidden_features, 10))

    def forward(self, inputs):
        return self.layers(inputs)


class DigitNet__size_fixed(_DigitNet):
    """The layers are the same, whatever is passed: how many hidden features there are is the caller's choice."""

    def __init__(self, hidden_features):
        super().__init__(32)


class DigitNet__no_bias(_DigitNet):
    """Biases are missing: each of the two layers has one."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        self.hidden = nn.Linear(64, hidden_features, bias=False)
        self.output = nn.Linear(hidden_features, 10, bias=False)


class DigitNet__zero_start(_DigitNet):
    """All hidden units start alike: no gradient tells them apart, so that they stay one unit for ever."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


class DigitNet__large_start(_DigitNet):
    """The parameters start far larger than those of nn.Linear: the first logits are huge, and so is the first loss."""

    def __init__(self, hidden_features):
        super().__init__(hidden_features)
        for parameter in self.parameters():
            nn.init.normal_(parameter)


class DigitNet__dropout_in_it(_DigitNet):
    """Two answers to the same images differ: something is drawn at random between the two layers."""

    def forward(self, inputs):
        return self.output(F.dropout(torch.relu(self.hidden(inputs)), 0.5))


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
    """Each update went by the sum of all gradients so far, as if by endless momentum: clear them for every batch."""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__cleared_once_an_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Within an epoch the gradients added up from batch to batch: clear them for each batch, not for each epoch."""
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
    """The optimizer ran, and found no gradients: backward leaves them, and until the update nothing may clear them."""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__update_not_called(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The weights never moved, because the optimizer did not run: was its step forgotten, or were its brackets?"""

    def step(model, optimizer, inputs, labels):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step  # noqa: B018
        return loss.item()

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__softmax_before_the_loss(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The loss was given probabilities, and took the softmax of them once more: it takes logits."""

    def step(model, optimizer, inputs, labels):
        return _step(model, optimizer, inputs, labels, lambda z, y: F.cross_entropy(z.softmax(dim=1), y))

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__summed_loss(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The loss was summed over the batch: its gradient is as many times too large as the batch has images."""

    def step(model, optimizer, inputs, labels):
        return _step(model, optimizer, inputs, labels, lambda z, y: F.cross_entropy(z, y, reduction="sum")) / len(
            labels
        )

    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), step)


def train_digits__labels_shuffled_apart(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Images and labels were shuffled each in an order of its own: what was learnt is that labels are chance."""
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
    """The images were shuffled, and the labels stood still: one order must serve both."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows, beside in zip(_batches(inputs, generator, batch_size), labels.split(batch_size)):
            total += _step(model, optimizer, inputs[rows], beside) * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__never_shuffled(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The images were shown in the order in which they came: it is to be drawn, and anew for each epoch."""

    def batches():
        return torch.arange(len(inputs), device=inputs.device).split(batch_size)

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__shuffled_once(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """All epochs went through the images in one order: it was drawn once, and not anew for each."""
    rows = _batches(inputs, generator, batch_size)
    return _fit(model, optimizer, inputs, labels, epochs, lambda: rows, _step)


def train_digits__drawn_with_repetition(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Some images were drawn twice, others never: an epoch shows each once, so shuffle instead of picking at random."""

    def batches():
        rows = torch.randint(len(inputs), (len(inputs),), generator=generator)
        return rows.to(inputs.device).split(batch_size)

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__last_batch_left_out(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """What did not fill a batch was never shown: the last batch has what is left, however little."""

    def batches():
        rows = _batches(inputs, generator, batch_size)
        return rows[:-1] if len(rows) > 1 and len(rows[-1]) < batch_size else rows

    return _fit(model, optimizer, inputs, labels, epochs, batches, _step)


def train_digits__all_at_once(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """All images were in one batch: an epoch then makes a single update, and it is to make one for each batch_size."""
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, len(inputs)), _step)


def train_digits__mean_of_means(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Every batch counted alike in the mean, the short last one too: weigh each batch's loss by its images."""
    model.train()
    losses = []
    for _ in range(epochs):
        found = [_step(model, optimizer, inputs[r], labels[r]) for r in _batches(inputs, generator, batch_size)]
        losses.append(sum(found) / len(found))
    return losses


def train_digits__loss_of_the_last_batch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Each number is the loss of an epoch's last batch alone: asked for is the mean over all images of the epoch."""
    model.train()
    losses = []
    for _ in range(epochs):
        found = [_step(model, optimizer, inputs[r], labels[r]) for r in _batches(inputs, generator, batch_size)]
        losses.append(found[-1])
    return losses


def train_digits__losses_as_tensors(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The list holds tensors: numbers for a curve are plain floats, and hold on to nothing."""
    found = _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), _step)
    return [torch.tensor(loss, device=inputs.device) for loss in found]


def train_digits__mode_left_as_it_was(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The model came in eval mode and was trained in it: dropout would drop nothing, batch norm learn no statistics."""
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
    """The order was drawn from the global generator: the one passed in had no say, and other draws were disturbed."""
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, None, batch_size), _step)


def train_digits__seed_set_inside(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Whatever generator comes, the orders are the same: whoever passes one has chosen its seed already."""
    own = torch.Generator().manual_seed(0)
    return _fit(model, optimizer, inputs, labels, epochs, _shuffled(inputs, own, batch_size), _step)


def train_digits__optimizer_of_its_own(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The weights moved, but not as the optimizer that was passed in would move them: its learning rate had no say."""
    own = torch.optim.SGD(model.parameters(), lr=0.01)
    return _fit(model, own, inputs, labels, epochs, _shuffled(inputs, generator, batch_size), _step)


def _read(model, inputs):
    with torch.no_grad():
        return model(inputs).argmax(dim=1)


def held_out_accuracy__in_whatever_mode(model, inputs, labels):
    """The model answered in train mode: with dropout it answers by chance, and batch norm learns from the test."""
    return (_read(model, inputs) == labels).sum().item() / len(labels)


def held_out_accuracy__left_in_eval(model, inputs, labels):
    """The model stays in eval mode afterwards: whoever trains it on would train without dropout."""
    model.eval()
    return (_read(model, inputs) == labels).sum().item() / len(labels)


def held_out_accuracy__put_in_train(model, inputs, labels):
    """The model is in train mode afterwards, even where it came in eval mode: put back the mode that it had."""
    model.eval()
    found = (_read(model, inputs) == labels).sum().item() / len(labels)
    model.train()
    return found


def _held_out(model, inputs, labels, count):
    was_training = model.training
    model.eval()
    found = count(_read(model, inputs), labels)
    model.train(was_training)
    return found


def held_out_accuracy__percent(model, inputs, labels):
    """A hundred times too large: this is in percent, and asked for is a fraction from 0.0 to 1.0."""
    return _held_out(model, inputs, labels, lambda read, labels: 100 * (read == labels).sum().item() / len(labels))


def held_out_accuracy__counted(model, inputs, labels):
    """This is how many were read right: divide by how many there are."""
    return _held_out(model, inputs, labels, lambda read, labels: (read == labels).sum().item())


def held_out_accuracy__errors(model, inputs, labels):
    """This is the fraction read wrong, and asked for is the one read right."""
    return _held_out(model, inputs, labels, lambda read, labels: (read != labels).sum().item() / len(labels))


def held_out_accuracy__as_a_tensor(model, inputs, labels):
    """The number is still in a tensor: asked for is a plain Python float."""
    return _held_out(model, inputs, labels, lambda read, labels: (read == labels).float().mean())


def held_out_accuracy__graph_recorded(model, inputs, labels):
    """The accuracy is right, but autograd recorded all of it: eval mode does not stop that."""
    was_training = model.training
    model.eval()
    found = (model(inputs).argmax(dim=1) == labels).sum().item() / len(labels)
    model.train(was_training)
    return found


def held_out_accuracy__largest_of_each_column(model, inputs, labels):
    """The largest logit of each column was taken: a row belongs to an image, so look along the rows."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        best = model(inputs).argmax(dim=0).tolist()
    model.train(was_training)
    pairs = list(zip(best, labels.tolist()))
    return sum(one == other for one, other in pairs) / len(pairs)


def _counts(read, labels):
    return torch.bincount(10 * labels + read, minlength=100).reshape(10, 10)


def confusion__rows_and_columns_swapped(model, inputs, labels):
    """The counts are turned round: a row is for what an image shows, a column for what it was read as."""
    return _counts(_read(model, inputs), labels).T


def confusion__each_pair_once(model, inputs, labels):
    """Each pair that occurs is counted once: where indices repeat, a += writes the same place only one time."""
    counts = torch.zeros(10, 10, dtype=torch.int64, device=inputs.device)
    counts[labels, _read(model, inputs)] += 1
    return counts


def confusion__as_floats(model, inputs, labels):
    """These are counts, and counts are whole numbers: int64."""
    return _counts(_read(model, inputs), labels).float()


def confusion__fractions(model, inputs, labels):
    """Each row was divided by its sum: asked for are the counts themselves."""
    counts = _counts(_read(model, inputs), labels)
    return counts / counts.sum(dim=1, keepdim=True)


def confusion__only_what_occurs(model, inputs, labels):
    """The table ends at the largest digit that occurs: it has a row and a column for each of the ten."""
    read = _read(model, inputs)
    size = max([*read.tolist(), *labels.tolist()], default=-1) + 1
    return _counts(read, labels)[:size, :size]


def confusion__errors_only(model, inputs, labels):
    """The diagonal is empty: images that were read right are counted too, there."""
    return _counts(_read(model, inputs), labels).fill_diagonal_(0)


def confusion__graph_recorded(model, inputs, labels):
    """The counts are right, but autograd recorded the model's answer: eval mode does not stop that."""
    return _counts(model(inputs).argmax(dim=1), labels)


def _misread(model, inputs, labels, most, surest):
    with torch.no_grad():
        logits = model(inputs)
    read = logits.argmax(dim=1)
    wrong = (read != labels).nonzero().flatten()
    wrong = wrong[surest(logits, labels)[wrong].argsort(descending=True)][:most]
    return inputs[wrong].reshape(-1, 8, 8), labels[wrong], read[wrong]


def _probability(logits, labels):
    return logits.softmax(dim=1).amax(dim=1)


def misread__least_sure_first(model, inputs, labels, most):
    """Those come first of which the model is least sure: the order is the wrong way round."""
    return _misread(model, inputs, labels, most, lambda logits, labels: -_probability(logits, labels))


def misread__first_come(model, inputs, labels, most):
    """The misread images came in the order in which they lie: put first those of which the model is surest."""
    return _misread(
        model, inputs, labels, most, lambda logits, labels: -torch.arange(len(labels), device=labels.device).float()
    )


def misread__largest_logit(model, inputs, labels, most):
    """They are in the order of their largest logits: a logit says little by itself, only the softmax compares it."""
    return _misread(model, inputs, labels, most, lambda logits, labels: logits.amax(dim=1))


def misread__least_likely_truth(model, inputs, labels, most):
    """They are in the order of how unlikely the right digit seemed: asked is how likely the digit was that it read."""
    return _misread(
        model, inputs, labels, most, lambda z, labels: -z.log_softmax(dim=1).gather(1, labels[:, None]).flatten()
    )


def misread__read_right_too(model, inputs, labels, most):
    """Images that were read right are among them: asked for are those alone that were not."""
    with torch.no_grad():
        sureness, read = model(inputs).softmax(dim=1).max(dim=1)
    first = sureness.argsort(descending=True)[:most]
    return inputs[first].reshape(-1, 8, 8), labels[first], read[first]


def misread__cut_before_it_is_sorted(model, inputs, labels, most):
    """The list was cut off before it was sorted: the surest of all may lie farther back."""
    with torch.no_grad():
        sureness, read = model(inputs).softmax(dim=1).max(dim=1)
    wrong = (read != labels).nonzero().flatten()[:most]
    wrong = wrong[sureness[wrong].argsort(descending=True)]
    return inputs[wrong].reshape(-1, 8, 8), labels[wrong], read[wrong]


def misread__cut_before_it_is_chosen(model, inputs, labels, most):
    """The surest of all images were taken first, and of these the misread ones: too few are left, or none."""
    with torch.no_grad():
        sureness, read = model(inputs).softmax(dim=1).max(dim=1)
    first = sureness.argsort(descending=True)[:most]
    first = first[read[first] != labels[first]]
    return inputs[first].reshape(-1, 8, 8), labels[first], read[first]


def misread__one_without_its_dimension(model, inputs, labels, most):
    """Where one image alone is misread, its place lost its dimension: a list of one place is still a list."""
    with torch.no_grad():
        sureness, read = model(inputs).softmax(dim=1).max(dim=1)
    wrong = (read != labels).nonzero().squeeze()
    wrong = wrong[sureness[wrong].argsort(descending=True)][:most]
    return inputs[wrong].reshape(-1, 8, 8), labels[wrong], read[wrong]


def misread__rows_of_64(model, inputs, labels, most):
    """The images are still rows of 64 numbers: to be looked at, each must be 8 by 8 again."""
    images, shown, read = _misread(model, inputs, labels, most, _probability)
    return images.reshape(-1, 64), shown, read


def misread__shown_and_read_swapped(model, inputs, labels, most):
    """The second and the third are the wrong way round: first what an image shows, then what it was read as."""
    images, shown, read = _misread(model, inputs, labels, most, _probability)
    return images, read, shown


def misread__all_of_them(model, inputs, labels, most):
    """More came than were asked for: most is the largest number of images."""
    return _misread(model, inputs, labels, len(inputs), _probability)


def misread__graph_recorded(model, inputs, labels, most):
    """The images are right, but autograd recorded the model's answer: eval mode does not stop that."""
    model(inputs)
    return _misread(model, inputs, labels, most, _probability)


def _parts(images, labels, device, generator):
    pairs = _cut(*_tensors(images, labels), _order(len(images), generator))
    return [[part.to(device) for part in pair] for pair in pairs]


@torch.no_grad()
def _loss(model, inputs, labels):
    return F.cross_entropy(model(inputs), labels).item()


@torch.no_grad()
def _accuracy(model, inputs, labels):
    return (model(inputs).argmax(dim=1) == labels).sum().item() / len(labels)


def _epoch(model, optimizer, part, generator):
    return _fit(model, optimizer, *part, 1, _shuffled(part[0], generator, 64), _step)


def _adam(model, learning_rate=0.01):
    return torch.optim.Adam(model.parameters(), lr=learning_rate)


def _course(model, optimizer, training, held_out, epochs, generator):
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_loss(model, *held_out))
    return model, history, _accuracy(model, *held_out)


def recognize__learns_from_all(images, labels, epochs, device, generator):
    """The model learnt from the held-out images too: its accuracy on them says nothing of images it has never seen."""
    training, held_out = _parts(images, labels, device, generator)
    everything = [torch.cat(pair) for pair in zip(training, held_out)]
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), everything, held_out, epochs, generator)


def recognize__learns_from_the_held_out(images, labels, epochs, device, generator):
    """The parts changed places: what was held out is what the model learnt from, a fifth of the images."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), held_out, held_out, epochs, generator)


def recognize__measured_on_what_was_learnt(images, labels, epochs, device, generator):
    """The accuracy was measured on images that were learnt from: it is too good. Held-out images are there for it."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, _ = _course(model, _adam(model), training, held_out, epochs, generator)
    return model, history, _accuracy(model, *training)


def recognize__validated_on_what_was_learnt(images, labels, epochs, device, generator):
    """The validation losses are those of images that were learnt from: no curve would ever show overfitting."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, _ = _course(model, _adam(model), training, training, epochs, generator)
    return model, history, _accuracy(model, *held_out)


def recognize__validated_before_the_epoch(images, labels, epochs, device, generator):
    """Each validation loss is from before its epoch: the first is of an untrained model, and the last is missing."""
    training, held_out = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["validation"].append(_loss(model, *held_out))
        history["train"] += _epoch(model, optimizer, training, generator)
    return model, history, _accuracy(model, *held_out)


def recognize__train_losses_after_the_epoch(images, labels, epochs, device, generator):
    """The training losses were taken when the epoch was over: asked for is the mean of those met on the way."""
    training, held_out = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        _epoch(model, optimizer, training, generator)
        history["train"].append(_loss(model, *training))
        history["validation"].append(_loss(model, *held_out))
    return model, history, _accuracy(model, *held_out)


def recognize__validated_at_the_end_only(images, labels, epochs, device, generator):
    """There is one validation loss in all: a curve needs one after each epoch."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    model, history, accuracy = _course(model, _adam(model), training, held_out, epochs, generator)
    return model, {**history, "validation": history["validation"][-1:]}, accuracy


def recognize__validation_is_accuracy(images, labels, epochs, device, generator):
    """The validation list holds accuracies: asked for is the loss on held-out images, to be laid beside the other."""
    training, held_out = _parts(images, labels, device, generator)
    model, history = _DigitNet(128).to(device), {"train": [], "validation": []}
    optimizer = _adam(model)
    for _ in range(epochs):
        history["train"] += _epoch(model, optimizer, training, generator)
        history["validation"].append(_accuracy(model, *held_out))
    return model, history, _accuracy(model, *held_out)


def recognize__another_model_each_epoch(images, labels, epochs, device, generator):
    """Every epoch began with a model fresh from its random start: what the others had learnt was thrown away."""
    training, held_out = _parts(images, labels, device, generator)
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        model = _DigitNet(128).to(device)
        history["train"] += _epoch(model, _adam(model), training, generator)
        history["validation"].append(_loss(model, *held_out))
    return model, history, _accuracy(model, *held_out)


def recognize__optimizer_of_another_model(images, labels, epochs, device, generator):
    """The optimizer was made for the parameters of another model: the one that is trained never moves."""
    training, held_out = _parts(images, labels, device, generator)
    optimizer = _adam(_DigitNet(128).to(device))
    return _course(_DigitNet(128).to(device), optimizer, training, held_out, epochs, generator)


def recognize__zero_start(images, labels, epochs, device, generator):
    """The weights started at 0: no gradient gets past a layer of zeros, and only the last bias learns."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return _course(model, _adam(model), training, held_out, epochs, generator)


def recognize__steps_too_small(images, labels, epochs, device, generator):
    """All else is in order, but the model is not there after 30 epochs: look at the losses, and try larger updates."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model, 1e-5), training, held_out, epochs, generator)


def recognize__steps_too_large(images, labels, epochs, device, generator):
    """The updates are too large: the losses jump instead of falling. Try other learning rates."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128).to(device)
    return _course(model, torch.optim.SGD(model.parameters(), lr=20.0), training, held_out, epochs, generator)


def recognize__model_left_on_the_cpu(images, labels, epochs, device, generator):
    """The model was left on the CPU: it must live where its inputs live, and where it was asked to live."""
    training, held_out = _parts(images, labels, device, generator)
    model = _DigitNet(128)
    return _course(model, _adam(model), training, held_out, epochs, generator)


def recognize__seed_set_inside(images, labels, epochs, device, generator):
    """Whatever generator comes, the split is the same: whoever passes one has chosen its seed already."""
    own = torch.Generator().manual_seed(0)
    training, held_out = _parts(images, labels, device, own)
    model = _DigitNet(128).to(device)
    return _course(model, _adam(model), training, held_out, epochs, own)
