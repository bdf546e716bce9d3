"""Other right answers to katas/lesson_1_tensors/kata_06_broadcasting.py: the tests must accept them."""

import torch


def centre_columns__sum_over_count(x):
    return x - x.sum(0, keepdim=True) / len(x)


def centre_columns__column_by_column(x):
    return torch.stack([column - column.mean() for column in x.T], dim=1)


def centre_columns__copy_changed(x):
    centred = x.clone()
    centred -= torch.mean(x, axis=0)
    return centred


def softmax__logsumexp(scores):
    return torch.exp(scores - torch.logsumexp(scores, dim=1, keepdim=True))


def softmax__spelled_out(scores):
    powers = torch.exp(scores - scores.max(dim=1).values[:, None])
    return powers / powers.sum(dim=-1)[:, None]


def softmax__row_by_row(scores):
    rows = [(row - row.max()).exp() for row in scores]
    return torch.stack([row / row.sum() for row in rows])


def softmax__maximum_of_the_pair(scores):
    largest, _ = torch.max(scores, 1)
    powers = (scores - largest.unsqueeze(1)).exp()
    return (powers.T / powers.T.sum(dim=0)).T


def squared_errors__tuples(predictions, targets):
    if tuple(predictions.shape) != tuple(targets.shape):
        raise ValueError(f"{tuple(predictions.shape)} is not {tuple(targets.shape)}")
    return (predictions - targets) ** 2


def squared_errors__lists(predictions, targets):
    if predictions.size() == targets.size():
        difference = predictions - targets
        return difference * difference
    raise ValueError("shapes: " + str(list(predictions.shape)) + " " + str(list(targets.shape)))


def squared_errors__ready_made(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError(predictions.shape, targets.shape)
    return torch.nn.functional.mse_loss(predictions, targets, reduction="none")


def linear__einsum(x, weight, bias):
    return torch.einsum("...i,oi->...o", x, weight) + bias


def linear__flat_and_back(x, weight, bias):
    flat = torch.addmm(bias, x.reshape(-1, x.shape[-1]), weight.transpose(0, 1))
    return flat.reshape(*x.shape[:-1], len(bias))


def linear__broadcast(x, weight, bias):
    return (x.unsqueeze(-2) * weight).sum(dim=-1) + bias


def linear__tensordot(x, weight, bias):
    return torch.tensordot(x, weight, dims=([-1], [1])) + bias


def pairwise_distances__norm(left, right):
    return torch.linalg.vector_norm(left.unsqueeze(1) - right, dim=-1)


def pairwise_distances__expanded(left, right):
    shape = (left.shape[0], right.shape[0], left.shape[1])
    differences = left[:, None].expand(shape) - right[None].expand(shape)
    return torch.sqrt(torch.sum(differences**2, dim=-1))


def pairwise_distances__einsum(left, right):
    differences = left[:, None] - right
    return torch.einsum("nmd,nmd->nm", differences, differences) ** 0.5


def pairwise_distances__repeated(left, right):
    n, m = len(left), len(right)
    gaps = left.repeat_interleave(m, dim=0) - right.repeat(n, 1)
    return gaps.norm(dim=1).reshape(n, m)


def gram__einsum(batch):
    return torch.einsum("bnd,bmd->bnm", batch, batch)


def gram__bmm(batch):
    return torch.bmm(batch, batch.mT)


def gram__broadcast(batch):
    return (batch[:, :, None, :] * batch[:, None, :, :]).sum(dim=3)
