"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_07_own_backward.py, for another reason."""

import torch


class Square__tuple_not_unpacked__a_list(torch.autograd.Function):
    """backward multiplies a list that forward has made."""

    @staticmethod
    def forward(ctx, x):
        ctx.kept = [x]
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return 2 * ctx.kept * upstream


class Square__nothing_saved__saved_twice(torch.autograd.Function):
    """forward calls save_for_backward a second time, with nothing."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.save_for_backward()
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Square__kept_in_an_attribute__detached(torch.autograd.Function):
    """forward keeps a detached x, which shares memory with x."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x.detach()
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * ctx.x


class Product__own_factor__without_asking(torch.autograd.Function):
    """The two factors are swapped and both gradients are always computed."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * a, upstream * b


class Product__always_both__computed_first(torch.autograd.Function):
    """Both gradients are computed before needs_input_grad is asked."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        at_a, at_b = upstream * b, upstream * a
        return at_a if ctx.needs_input_grad[0] else None, at_b if ctx.needs_input_grad[1] else None


class SoftmaxCrossEntropy__zero_times_log_of_zero__log_of_sum(torch.autograd.Function):
    """The log of the sum of exp, without a shift, is inf - inf."""

    @staticmethod
    def forward(ctx, scores, labels):
        ctx.save_for_backward(torch.softmax(scores, dim=1), labels)
        return (scores.exp().sum(dim=1).log() - scores.gather(1, labels[:, None])[:, 0]).mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__epsilon_in_the_log__clamped(torch.autograd.Function):
    """The probability is clamped from below."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = torch.softmax(scores, dim=1)
        ctx.save_for_backward(shares, labels)
        return -shares.gather(1, labels[:, None]).clamp(min=1e-12).log().mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__columns__transposed(torch.autograd.Function):
    """softmax of the transposed scores, along their rows."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores.T, dim=1).T
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__gradient_over_all_entries__two_divisions(torch.autograd.Function):
    """The gradient is divided by the number of rows, and by the number of columns."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / logs.shape[0] / logs.shape[1], None
