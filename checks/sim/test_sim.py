"""`sim` compared with the CPU: the same values and gradients, and PyTorch's own errors for mixed devices."""

from __future__ import annotations

import copy
import io
import pickle
import threading

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

import dojo.sim
from dojo.expect import count_operators

# `sim` stays installed until the process ends, so checks/conftest.py runs these tests in one process.

A = torch.arange(12.0).reshape(3, 4)
B = torch.tensor([[0.5, -1.0, 2.0, 0.1], [1.5, 0.3, -0.7, 0.0], [-0.2, 0.9, 1.1, -1.3]])
SAME = "Expected all tensors to be on the same device"


@pytest.fixture(autouse=True, scope="module")
def _sim():
    dojo.sim.install()


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def same(actual, expected, tolerance=1e-6):
    """`actual` is on sim, and equal to `expected` on the CPU."""
    assert actual.device == torch.device("sim:0")
    assert type(actual.cpu()) in (torch.Tensor, nn.Parameter)
    torch.testing.assert_close(actual.cpu(), expected, rtol=tolerance, atol=tolerance)


def leaves(result):
    return result if isinstance(result, (tuple, list)) else [result]


FACTORIES = {
    "zeros": lambda d: torch.zeros(2, 3, device=d),
    "ones": lambda d: torch.ones(2, device=d),
    "full": lambda d: torch.full((2,), 3.0, device=d),
    "arange": lambda d: torch.arange(5, device=d),
    "linspace": lambda d: torch.linspace(0, 1, 5, device=d),
    "eye": lambda d: torch.eye(3, device=d),
    "tensor": lambda d: torch.tensor([[1, 2], [3, 4]], device=d),
    "tensor of an array": lambda d: torch.tensor(np.ones(3), device=d),
    "as_tensor": lambda d: torch.as_tensor([1.0, 2.0], device=d),
    "a device object": lambda d: torch.zeros(2, device=torch.device(d)),
    "an index": lambda d: torch.zeros(2, device=f"{d}:0"),
    "zeros_like": lambda d: torch.zeros_like(A.to(d)),
    "full_like": lambda d: torch.full_like(A.to(d), 2.0),
    "new_zeros": lambda d: A.to(d).new_zeros(2, 2),
    "new_tensor": lambda d: A.to(d).new_tensor([1.0]),
    "new_full": lambda d: A.to(d).new_full((2,), 7),
    "tril_indices": lambda d: torch.tril_indices(3, 3, device=d),
    "no elements": lambda d: torch.zeros(0, 3, device=d),
    "requires_grad": lambda d: torch.ones(2, device=d, requires_grad=True).detach(),
}


@pytest.mark.parametrize("name", FACTORIES)
def test_made_on_the_device(name):
    same(FACTORIES[name]("sim"), FACTORIES[name]("cpu"))


def test_moved_by_every_spelling():
    for moved in (
        A.to("sim"),
        A.to(torch.device("sim")),
        A.to(torch.device("sim", 0)),
        A.to(torch.zeros(1, device="sim")),
        A.to(device="sim", non_blocking=True),
        A.sim(),
        A.type_as(torch.zeros(1, device="sim")),
        torch.empty(3, 4, device="sim").copy_(A),
    ):
        same(moved, A)
    x = A.to("sim")
    assert x.to("sim") is x
    assert type(x) is torch.Tensor
    assert x.is_sim
    assert not x.is_cpu
    assert (x.get_device(), x.device.index) == (0, 0)
    same(A.to("sim", torch.float64), A.double())
    same(x.half().float(), A)
    assert torch.equal(x.cpu(), A)
    y = torch.empty(3, 4).copy_(x)
    assert torch.equal(y, A)


def test_made_there_by_default():
    with torch.device("sim"):
        x, layer = torch.zeros(3), nn.Linear(3, 2)
    assert x.is_sim
    assert layer.weight.is_sim
    torch.set_default_device("sim")
    try:
        assert torch.randn(2).is_sim
        model = nn.Sequential(nn.Linear(4, 2), nn.ReLU())
        model(A.to("sim")).sum().backward()
        assert repr(model[0].weight)
        assert sorted(torch.randperm(4).tolist()) == [0, 1, 2, 3]
    finally:
        torch.set_default_device(None)


OPERATIONS = {
    "add": lambda x: x + x,
    "numbers": lambda x: 2 - x / 3 + 1 // (x + 1) + x % 3 + (x + 1) ** -1,
    "numpy number": lambda x: x * np.float32(2),
    "0-dim cpu tensor": lambda x: x * torch.tensor(2.0),
    "integers": lambda x: x.long() % 3 + x.int() // 2,
    "complex": lambda x: torch.view_as_real(torch.sgn(torch.complex(x, x)).conj() * 2),
    "matmul": lambda x: x @ x.T,
    "einsum": lambda x: torch.einsum("ij,kj->ik", x, x),
    "sum": lambda x: (x.sum(), x.sum(0), x.sum(1, keepdim=True)),
    "mean and spread": lambda x: (x.mean(0), x.var(0), x.std(), x.std(0, correction=0), x.median(), x.quantile(0.3)),
    "max": lambda x: (*x.max(1), x.argmax(1), x.amax(0), x.topk(2).indices, x.sort(descending=True).values),
    "cumulative": lambda x: (x.cumsum(0), x.logsumexp(1), x.norm(), x.prod(), x.unique(), (x > 3).any(1)),
    "softmax": lambda x: (x.softmax(-1), x.log_softmax(1)),
    "rows": lambda x: (x[1], x[-1, 2], x[:, ::2], x[None].squeeze(0), x[..., 0]),
    "indexing": lambda x: (x[[0, 2]], x[torch.tensor([2, 0])], x[x > 4], x[torch.arange(3), [0, 1, 2]]),
    "gather": lambda x: x.gather(1, torch.tensor([[0], [1], [2]], device=x.device)),
    "where": lambda x: (torch.where(x > 3, x, -x), x.masked_fill(x > 3, 0.0), x.clamp(2, 6)),
    "views": lambda x: (x.view(4, 3), x.reshape(-1), x.t(), x.permute(1, 0), x.flatten(), x.unfold(1, 2, 1)),
    "expand": lambda x: (x[0].expand(2, 4), x[:1].repeat(2, 1), x.repeat_interleave(2, 0), x.chunk(2, 1)[0]),
    "cat and stack": lambda x: (torch.cat([x, x]), torch.stack([x, x], 1), torch.cat([x, x], dim=1)),
    "bincount": lambda x: torch.bincount(x.long().flatten() % 3),
    "histogram": lambda x: torch.histc(x, 4),
    "one_hot": lambda x: F.one_hot(x.long()),
    "cdist": lambda x: torch.cdist(x, x),
    "tril": lambda x: x.tril() + x.triu(1),
    "interpolate": lambda x: F.interpolate(x[None, None], scale_factor=2.0, mode="bilinear"),
    "comparisons": lambda x: (x == x, x >= 3, ~(x > 1), (x > 1) & (x < 5)),
    "foreach": lambda x: torch._foreach_add([x, x], 1.0),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_computes_as_the_cpu_does(name):
    results = zip(leaves(OPERATIONS[name](A.to("sim"))), leaves(OPERATIONS[name](A)), strict=True)
    for actual, expected in results:
        same(actual, expected, 1e-5)


def test_in_place_operations_write_where_they_should():
    def change(x):
        x = x.clone()
        x += 1
        x.mul_(2).clamp_(max=20)
        x[0] = 7
        x[x > 10] = 0
        x[:, 1] += 5
        x[[0, 2], 3] = torch.tensor([1.0, 2.0], device=x.device)
        x.index_add_(0, torch.tensor([0], device=x.device), x[:1].clone())
        x.scatter_(1, torch.zeros(3, 1, dtype=torch.long, device=x.device), 9.0)
        x.t_().relu_().fill_diagonal_(3)
        return x

    same(change(A.to("sim")), change(A))


def test_views_share_their_memory():
    x = A.clone().to("sim")
    x[1].zero_()
    assert x[1].sum().item() == 0
    x.view(-1)[0] = 5
    assert x[0, 0].item() == 5
    x.detach()[0, 1] = 9
    x.data[0, 2] = 8
    assert x[0].tolist() == [5, 9, 8, 3]
    assert x[1]._base is x
    assert x.untyped_storage().data_ptr() == x.detach().untyped_storage().data_ptr()


def test_out_and_resize():
    x = A.to("sim")
    for out in (torch.empty(3, 4, device="sim"), torch.empty(0, device="sim")):
        assert torch.add(x, x, out=out) is out
        same(out, A + A)
    values, indices = torch.empty(0, device="sim"), torch.empty(0, dtype=torch.long, device="sim")
    torch.max(x, 1, out=(values, indices))
    same(indices, A.argmax(1))
    same(torch.empty(0, device="sim").resize_(4).fill_(1), torch.ones(4))


def test_comes_back_to_the_host():
    x = A.to("sim")
    assert x.sum().item() == 66
    assert x.tolist() == A.tolist()
    assert (float(x[1, 1]), int(x[0, 2]), bool(x[0, 1])) == (5.0, 2, True)
    assert f"{x[0, 1]:.2f}" == "1.00"
    assert [row.sum().item() for row in x] == [6, 22, 38]
    assert (x.cpu().numpy() == A.numpy()).all()


def test_prints():
    x = A.to("sim")
    assert "11." in repr(x)
    assert "device='sim:0'" in repr(x)
    assert "grad_fn=<MulBackward0>" in repr(x.requires_grad_() * 2)
    for value in (
        nn.Parameter(A.to("sim")),
        A.to("sim") > 0,
        torch.empty(0, device="sim"),
        torch.tensor(1, device="sim"),
    ):
        assert "sim:0" in repr(value)


def test_comparing_functions():
    x = A.to("sim")
    assert torch.equal(x, x.clone())
    assert torch.allclose(x, x + 1e-9)
    torch.testing.assert_close(x, x.clone())
    with pytest.raises(AssertionError, match="device"):
        torch.testing.assert_close(x, A)


MIXED = {
    "add": lambda s, c: s + c,
    "add, the other way": lambda s, c: c + s,
    "matmul": lambda s, c: s @ c.T,
    "matmul, the other way": lambda s, c: c @ s.T,
    "cat": lambda s, c: torch.cat([s, c]),
    "stack": lambda s, c: torch.stack([c, s]),
    "where": lambda s, c: torch.where(c > 1, s, s),
    "in place": lambda s, c: s.add_(c),
    "in place, the other way": lambda s, c: c.clone().add_(s),
    "out": lambda s, c: torch.add(s, s, out=torch.empty(3, 4)),
    "mse": F.mse_loss,
    "cross entropy": lambda s, c: F.cross_entropy(s, torch.tensor([0, 1, 2])),
    "a module on the cpu": lambda s, c: nn.Linear(4, 2)(s),
    "a module on the device": lambda s, c: nn.Linear(4, 2).to("sim")(c),
    "embedding": lambda s, c: nn.Embedding(5, 2).to("sim")(torch.tensor([1, 2])),
    "batch norm": lambda s, c: nn.BatchNorm1d(4)(s),
    "convolution": lambda s, c: F.conv1d(s[None], torch.ones(2, 3, 2)),
    "gather": lambda s, c: s.gather(1, torch.zeros(3, 1, dtype=torch.long)),
    "einsum": lambda s, c: torch.einsum("ij,ij->i", s, c),
    "equal": torch.equal,
    "index_select": lambda s, c: s.index_select(0, torch.tensor([0])),
}


@pytest.mark.parametrize("name", MIXED)
def test_mixing_with_the_cpu_is_refused_in_pytorchs_words(name):
    with pytest.raises(RuntimeError, match=SAME):
        MIXED[name](A.to("sim"), A.clone())


def test_other_refusals_in_pytorchs_words():
    with pytest.raises(RuntimeError, match="indices should be either on cpu or on the same device"):
        A[torch.tensor([0], device="sim")]
    for to_numpy in (lambda: A.to("sim").numpy(), lambda: np.asarray(A.to("sim"))):
        with pytest.raises(TypeError, match="convert sim:0 device type tensor to numpy"):
            to_numpy()
    with pytest.raises(RuntimeError, match="Expected a 'sim' device type for generator but found 'cpu'"):
        torch.randn(3, device="sim", generator=torch.Generator())
    with pytest.raises(RuntimeError, match=r"there is no sim:7\. The simulated GPU is sim:0"):
        torch.Generator(7)


def test_an_optimizers_state_on_the_wrong_device_is_refused():
    model = nn.Linear(4, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(A).sum().backward()
    optimizer.step()
    model.to("sim")
    model.zero_grad()
    model(A.to("sim")).sum().backward()
    with pytest.raises(RuntimeError, match=SAME):
        optimizer.step()


GRADIENTS = {
    "linear": lambda x: (x @ torch.ones(4, 2, device=x.device)).pow(2).mean(),
    "masks and slices": lambda x: (x[x > 3] ** 3).sum() + x[:, 1].exp().mean(),
    "cat and max": lambda x: torch.cat([x, 2 * x]).max(0)[0].sum(),
    "softmax": lambda x: x.softmax(1)[:, 0].log().sum(),
    "to the host": lambda x: (x * 2).cpu().sum(),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_those_of_the_cpu(name):
    found = {}
    for device in ("sim", "cpu"):
        x = A.clone().to(device).requires_grad_()
        GRADIENTS[name](x).backward()
        found[device] = x.grad
    same(found["sim"], found["cpu"], 1e-4)


def test_autograd_beyond_backward():
    x = B.to("sim").requires_grad_()
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    first.sum().backward()
    same(x.grad, 6 * B)
    seen = []
    x.register_hook(lambda gradient: seen.append(gradient.device.type))
    (x * 2).sum().backward()
    assert seen == ["sim"]
    with torch.no_grad():
        assert not (x * 2).requires_grad
    with torch.inference_mode():
        assert not (x * 2).requires_grad
    assert (x * 2).detach().grad_fn is None
    x.grad.zero_()
    x.grad = None


def test_a_function_of_ones_own_and_gradcheck():
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return 2 * x

        @staticmethod
        def backward(ctx, gradient):
            assert ctx.saved_tensors[0].is_sim
            assert gradient.is_sim
            return 2 * gradient

    x = B.to("sim").requires_grad_()
    Double.apply(x).sum().backward()
    same(x.grad, torch.full((3, 4), 2.0))
    assert torch.autograd.gradcheck(lambda x: (x**2).sum(), B.double().to("sim").requires_grad_())
    assert torch.autograd.gradcheck(Double.apply, B.double().to("sim").requires_grad_())


def test_a_backward_in_another_thread():
    found = []

    def work():
        w = torch.ones(3, device="sim", requires_grad=True)
        (w * 2).sum().backward()
        found.append(w.grad.sum().item())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [6.0]


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cell = kind(4, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.cell(x[:, None].expand(-1, 3, -1))[0][:, -1])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(4, 2, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.attend(x[None], x[None], x[None], need_weights=False)[0][0])


NETS = {
    "mlp": lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)),
    "batch norm": lambda: nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3)),
    "layer norm": lambda: nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)),
    "convolution": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 3, 2, padding=1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3, 3)
    ),
    "rnn": lambda: Recurrent(nn.RNN),
    "lstm": lambda: Recurrent(nn.LSTM),
    "gru": lambda: Recurrent(nn.GRU),
    "attention": Attention,
}

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1),
    "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.1),
    "nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, 0.01),
    "adam, one by one": lambda p: torch.optim.Adam(p, 0.01, foreach=False),
    "amsgrad": lambda p: torch.optim.Adam(p, 0.01, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, 0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.01),
}


def train(device, net, optimizer, steps=5):
    torch.manual_seed(0)
    model = net().to(device)
    x, y = B.to(device), torch.tensor([0, 1, 2]).to(device)
    step = optimizer(model.parameters())
    for _ in range(steps):
        step.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        step.step()
    return loss.detach(), model, step


@pytest.mark.parametrize("name", NETS)
def test_a_net_trains_as_on_the_cpu(name):
    actual, expected = (train(device, NETS[name], OPTIMIZERS["sgd"]) for device in ("sim", "cpu"))
    same(actual[0], expected[0], 1e-4)
    for mine, theirs in zip(actual[1].state_dict().values(), expected[1].state_dict().values(), strict=True):
        same(mine, theirs, 1e-4)
    actual[1].eval()(B.to("sim"))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_steps_as_on_the_cpu(name):
    actual, expected = (train(device, NETS["mlp"], OPTIMIZERS[name]) for device in ("sim", "cpu"))
    for mine, theirs in zip(actual[1].parameters(), expected[1].parameters(), strict=True):
        same(mine.detach(), theirs.detach(), 1e-4)


def test_an_embedding_trains():
    layer = nn.Embedding(5, 3).to("sim")
    layer(torch.tensor([1, 1, 4], device="sim")).sum().backward()
    assert layer.weight.grad.sum(1).tolist() == [0, 6, 0, 0, 3]


LOSSES = {
    "cross entropy": lambda x, y: F.cross_entropy(x, y, label_smoothing=0.1),
    "weighted": lambda x, y: F.cross_entropy(x, y, weight=torch.ones(4, device=x.device), ignore_index=0),
    "nll": lambda x, y: F.nll_loss(F.log_softmax(x, 1), y),
    "mse": lambda x, y: F.mse_loss(x, x.detach() + 1),
    "l1": lambda x, y: F.l1_loss(x, x.detach() * 2),
    "huber": lambda x, y: F.huber_loss(x, x.detach() * 3),
    "bce": lambda x, y: F.binary_cross_entropy_with_logits(x, (x.detach() > 0).float()),
    "kl": lambda x, y: F.kl_div(x.log_softmax(1), x.detach().softmax(0), reduction="batchmean"),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_gradient(name):
    found = {}
    for device in ("sim", "cpu"):
        x = B.clone().to(device).requires_grad_()
        loss = LOSSES[name](x, torch.tensor([0, 1, 2], device=device))
        loss.backward()
        found[device] = loss.detach(), x.grad
    same(found["sim"][0], found["cpu"][0], 1e-5)
    same(found["sim"][1], found["cpu"][1], 1e-5)


def test_dropout():
    x = torch.ones(1000, device="sim", requires_grad=True)
    y = F.dropout(x, 0.5)
    # The count of 1,000 draws with probability 1/2 has a standard deviation of 16. This allows six of them.
    assert abs((y == 0).sum().item() - 500) < 96
    y.sum().backward()
    assert torch.equal(x.grad, y.detach())
    layer = nn.Dropout(0.5).to("sim").eval()
    assert torch.equal(layer(x), x)


def test_a_module_moves_and_keeps_its_parameters():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.enter = nn.Embedding(5, 4)
            self.leave = nn.Linear(4, 5, bias=False)
            self.leave.weight = self.enter.weight
            self.register_buffer("scale", torch.ones(1))

    model = Tied()
    weight = model.enter.weight
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    model.to("sim")
    assert model.enter.weight is model.leave.weight is weight
    assert weight.is_sim
    assert weight.is_leaf
    assert isinstance(weight, nn.Parameter)
    assert model.scale.is_sim
    model.leave(model.enter(torch.tensor([1], device="sim"))).sum().backward()
    before = weight.detach().clone()
    optimizer.step()
    assert not torch.equal(before, weight.detach())
    assert model.cpu().enter.weight is weight
    assert not weight.is_sim
    assert nn.ReLU().to("sim")(A.to("sim")).is_sim


def test_state_goes_both_ways():
    there, here = NETS["mlp"]().to("sim"), NETS["mlp"]()
    here.load_state_dict(there.state_dict())
    same(there[0].weight.detach(), here[0].weight.detach())
    there.load_state_dict(NETS["mlp"]().state_dict())
    assert there[0].weight.is_sim
    buffer = io.BytesIO()
    torch.save({"state": there.state_dict(), "view": there[0].weight.detach()[1:]}, buffer)
    for place, device in [(None, "sim"), ("sim", "sim"), (torch.device("sim:0"), "sim"), ("cpu", "cpu")]:
        buffer.seek(0)
        loaded = torch.load(buffer, map_location=place)
        weight = loaded["state"]["0.weight"]
        assert weight.device.type == device
        assert torch.equal(weight.cpu(), there[0].weight.detach().cpu())
        assert torch.equal(loaded["view"].cpu(), weight[1:].cpu())
    buffer = io.BytesIO()
    torch.save(here.state_dict(), buffer)
    buffer.seek(0)
    assert torch.load(buffer, map_location="sim")["0.weight"].is_sim


def test_optimizer_state_follows_its_parameters():
    _, model, optimizer = train("sim", NETS["mlp"], OPTIMIZERS["adam"])
    buffer = io.BytesIO()
    torch.save(optimizer.state_dict(), buffer)
    buffer.seek(0)
    resumed = torch.optim.Adam(model.parameters())
    resumed.load_state_dict(torch.load(buffer, map_location="cpu"))
    assert resumed.state[model[0].weight]["exp_avg"].is_sim


def test_copies_are_independent_and_keep_what_is_shared():
    model = NETS["mlp"]().to("sim")
    twin = copy.deepcopy(model)
    assert twin[0].weight.is_sim
    assert twin[0].weight.data_ptr() != model[0].weight.data_ptr()
    same(twin[0].weight.detach(), model[0].weight.detach().cpu())
    x = A.to("sim")
    pair = copy.deepcopy([x, x[0]])
    pair[0][0, 0] = 99
    assert pair[1][0].item() == 99
    assert x[0, 0].item() == 0
    same(pickle.loads(pickle.dumps(x)), A)


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_move_to_the_device(workers):
    data = TensorDataset(A, torch.arange(3))
    for x, y in DataLoader(data, batch_size=2, shuffle=True, num_workers=workers):
        assert (x.to("sim", non_blocking=True).sum(1) >= y.to("sim")).all()


def test_batches_made_on_the_device_or_pinned():
    for (x,) in DataLoader(TensorDataset(A.to("sim")), batch_size=2):
        assert x.is_sim
    for (x,) in DataLoader(TensorDataset(A), batch_size=2, pin_memory=True):
        assert not x.is_sim
    parts = random_split(range(10), [5, 5], generator=torch.Generator().manual_seed(0))
    assert sorted([*parts[0], *parts[1]]) == list(range(10))


def test_random_numbers_repeat_and_leave_the_cpus_stream_alone():
    draws = []
    for _ in range(2):
        torch.manual_seed(3)
        draws.append([torch.randn(4, device="sim"), torch.rand(2, device="sim"), torch.randperm(5, device="sim")])
    for first, second in zip(*draws, strict=True):
        assert torch.equal(first, second)
    torch.manual_seed(3)
    expected = torch.randn(4)
    torch.manual_seed(3)
    torch.randn(9, device="sim")
    F.dropout(A.to("sim"))
    torch.bernoulli(torch.full((5,), 0.5, device="sim"))
    torch.multinomial(torch.ones(5, device="sim"), 3)
    assert torch.equal(torch.randn(4), expected)


def test_generators():
    generator = torch.Generator(device="sim").manual_seed(1)
    assert generator.device.type == "sim"
    first = torch.randn(3, device="sim", generator=generator)
    assert torch.equal(first, torch.randn(3, device="sim", generator=torch.Generator("sim").manual_seed(1)))
    other = torch.Generator(device="sim")
    other.set_state(generator.get_state())
    assert torch.equal(torch.rand(2, device="sim", generator=generator), torch.rand(2, device="sim", generator=other))
    for each in (torch.Generator(), generator, torch.default_generator):
        assert isinstance(each, torch.Generator)
    with torch.random.fork_rng(devices=[0], device_type="sim"):
        torch.randn(3, device="sim")


def test_the_accelerator_interface():
    assert torch.accelerator.current_accelerator().type == "sim"
    assert torch.accelerator.device_count() == 1
    torch.accelerator.synchronize()
    torch.sim.synchronize()
    with torch.sim.device(0):
        assert torch.sim.current_device() == 0


def test_autocast_lowers_the_precision():
    with torch.autocast("sim", torch.bfloat16):
        assert nn.Linear(4, 2).to("sim")(A.to("sim")).dtype == torch.bfloat16


def test_function_transforms():
    same(torch.func.grad(lambda x: (x**2).sum())(A.to("sim")), 2 * A)
    same(torch.func.vmap(lambda row: row @ row)(A.to("sim")), (A * A).sum(1))


def test_a_subclass_stays_itself():
    class Mine(torch.Tensor):
        pass

    y = A.to("sim").as_subclass(Mine) + 1
    assert type(y) is Mine
    assert y.is_sim


def test_nothing_is_kept_alive():
    import weakref

    x = torch.ones(100, device="sim")
    y = (x * 2 + 1).relu()
    watched = weakref.ref(y)
    del y
    assert watched() is None, "without waiting for the garbage collector"


def test_installing_twice_does_nothing():
    dojo.sim.install()
    assert dojo.sim.is_installed()


# PyTorch makes a tensor from a list on such a device in a special way, and raises an error in a dispatch mode.
@pytest.mark.parametrize(
    "make",
    [
        lambda x: torch.tensor(3, device=x.device),
        lambda x: torch.tensor([1.0, 2.0], device=x.device, requires_grad=True),
        lambda x: torch.tensor([x[0, 0], x[0, 1]], device=x.device),
        lambda x: torch.as_tensor([2.0], device=x.device),
        lambda x: x.new_tensor([3.0]),
        lambda x: x[[0, 1]],
        lambda x: x[:, [2, 0]],
        lambda x: x.clone().index_fill_(0, torch.tensor([1], device=x.device), 5.0),
    ],
)
def test_what_is_made_of_lists_can_be_counted(make):
    expected = make(A)
    with count_operators() as operators:
        actual = make(A.to("sim"))
    same(actual.detach(), expected.detach())
    assert actual.requires_grad is expected.requires_grad
    assert operators.total >= 1


def test_writing_at_a_list_of_rows_can_be_counted():
    x = A.to("sim")
    with count_operators() as operators:
        x[[0, 2]] = 7.0
    expected = A.clone()
    expected[[0, 2]] = 7.0
    same(x, expected)
    assert operators.total >= 1
