"""Other right answers to katas/lesson_1_tensors/kata_05_indexing.py: the tests must accept them."""

import random

import numpy as np
import torch


def drop_nan__compared_with_itself(x):
    is_number = x == x
    return x[is_number], x[is_number.all(dim=1)]


def drop_nan__selected_by_index(x):
    keep = x.isnan().logical_not()
    rows = keep.all(dim=1).nonzero()[:, 0]
    return x.masked_select(keep), x.index_select(0, rows)


def drop_nan__counted(x):
    missing = torch.isnan(x).sum(dim=1)
    flat = x.flatten()
    return flat[~torch.isnan(flat)], x[missing == 0, :]


def replace_negatives__masked_fill(x, value):
    return x.masked_fill(x < 0, value)


def replace_negatives__in_a_clone(x, value):
    changed = x.clone()
    changed[changed < 0] = value
    return changed


def replace_negatives__full_like(x, value):
    return torch.where(x.lt(0), torch.full_like(x, value), x)


def label_scores__gathered(scores, labels):
    return scores.gather(1, labels.unsqueeze(1)).squeeze(1)


def label_scores__flat_positions_of_each_row(scores, labels):
    rows = torch.arange(scores.shape[0], device=scores.device)
    return scores.reshape(-1)[rows * scores.shape[1] + labels]


def label_scores__masked(scores, labels):
    columns = torch.arange(scores.shape[1], device=scores.device)
    return scores[columns == labels[:, None]]


def label_scores__diagonal(scores, labels):
    return scores[:, labels].diagonal()


def label_scores__range_of_rows(scores, labels):
    return scores[range(len(scores)), labels]


def label_scores__along_a_dimension(scores, labels):
    return torch.take_along_dim(scores, labels.reshape(-1, 1), 1).reshape(-1)


def most_likely__argmax_and_amax(probabilities):
    return probabilities.argmax(dim=1), probabilities.amax(dim=1)


def most_likely__pair_reversed(probabilities):
    return probabilities.max(1)[::-1]


def most_likely__picked_by_index(probabilities):
    classes = probabilities.argmax(dim=-1)
    return classes, probabilities[torch.arange(len(classes), device=classes.device), classes]


def most_likely__sorted(probabilities):
    values, columns = probabilities.sort(dim=1)
    return columns[:, -1], values[:, -1]


def most_likely__the_best_one(probabilities):
    largest, classes = probabilities.topk(1, dim=1)
    return classes.squeeze(1), largest.squeeze(1)


def top_classes__sorted_downwards(scores, k):
    return scores.argsort(dim=-1, descending=True)[:, :k]


def top_classes__sorted_and_flipped(scores, k):
    return scores.sort(dim=1)[1].flip(1)[:, :k]


def top_classes__one_at_a_time(scores, k):
    left, found = scores.clone(), []
    for _ in range(k):
        best = left.argmax(dim=1, keepdim=True)
        found.append(best)
        left.scatter_(1, best, float("-inf"))
    return torch.cat(found, dim=1)


def top_classes__negated(scores, k):
    return (-scores).argsort(dim=1)[:, :k]


def bottom_stripes__two_slices(x):
    return x[len(x) - 2 :][:, ::2]


def bottom_stripes__narrowed(x):
    return x.narrow(0, x.shape[0] - 2, 2)[..., 0::2]


def chosen_rows__index_select(x, rows):
    return x.index_select(0, torch.tensor(rows, device=x.device))


def chosen_rows__stacked(x, rows):
    return torch.stack([x[row] for row in rows])


def chosen_rows__index_left_on_the_cpu(x, rows):
    return x[torch.tensor(rows), :]


def clear_rows__a_loop(x, rows, column):
    for row in rows.tolist():
        x[row, column] = 0
    return x


def clear_rows__a_column_filled(x, rows, column):
    x[:, column].index_fill_(0, rows, 0)
    return x


def clear_rows__index_put(x, rows, column):
    columns = torch.full_like(rows, column)
    return x.index_put_((rows, columns), torch.zeros((), dtype=x.dtype, device=x.device))


def clear_rows__a_view_of_the_column(x, rows, column):
    x[:, column][rows] = 0
    return x


def in_parts__split_by_length(x, parts):
    return torch.split(x, len(x) // parts)


def in_parts__sliced(x, parts):
    size = len(x) // parts
    return [x[start : start + size] for start in range(0, len(x), size)]


def in_parts__rows_of_a_reshape(x, parts):
    return list(x.reshape(parts, -1))


def in_parts__unbound(x, parts):
    return x.reshape(parts, -1).unbind(0)


def in_parts__tensor_split(x, parts):
    return x.tensor_split(parts)


def shuffle_together__sorted_by_random_keys(inputs, labels, seed):
    keys = torch.rand(len(labels), generator=torch.Generator().manual_seed(seed))
    order = keys.argsort().to(inputs.device)
    return inputs.index_select(0, order), labels.index_select(0, order)


def shuffle_together__numpy_generator(inputs, labels, seed):
    order = torch.from_numpy(np.random.default_rng(seed).permutation(len(labels)))
    return inputs[order], labels[order]


def shuffle_together__python_generator(inputs, labels, seed):
    order = list(range(len(labels)))
    random.Random(seed).shuffle(order)
    return inputs[order], labels[order]


def shuffle_together__two_generators_one_seed(inputs, labels, seed):
    first = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(seed))
    second = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return inputs[first.to(inputs.device)], labels[second.to(labels.device)]


def shuffle_together__state_put_back(inputs, labels, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        order = torch.randperm(len(labels))
    return inputs[order], labels[order]
