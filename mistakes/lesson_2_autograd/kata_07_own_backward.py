"""Wrong answers to katas/lesson_2_autograd/kata_07_own_backward.py, each with the sentence that corrects the belief."""

import torch


class Square__upstream_forgotten(torch.autograd.Function):
    """This is the local derivative alone: the gradient that arrives at the node is still to be multiplied in."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 2 * x


class Square__half(torch.autograd.Function):
    """The gradient is half of what it must be: x times x has two paths from x, each with the derivative x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * x


class Square__upstream_alone(torch.autograd.Function):
    """What arrived was passed on as it is: multiply it by the local derivative of the node."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream


class Square__kept_without_watch(torch.autograd.Function):
    """x was changed in place after it was squared, and the walk back used the new x, without a word."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * ctx.x


class Square__tuple_not_opened(torch.autograd.Function):
    """saved_tensors is a tuple, also where one tensor was saved: take that one out before you compute with it."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return 2 * ctx.saved_tensors * upstream


class Square__nothing_saved(torch.autograd.Function):
    """saved_tensors holds nothing: backward finds there what forward has saved, and nothing else."""

    @staticmethod
    def forward(ctx, x):
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Square__kept_in_self(torch.autograd.Function):
    """forward and backward are static, without a self: what one keeps for the other, it keeps in ctx."""

    @staticmethod
    def forward(ctx, x):
        self.x = x  # noqa: F821
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * self.x  # noqa: F821


class Square__not_taken_out(torch.autograd.Function):
    """backward knows no x: that was a name inside forward. What was saved has to be taken out of ctx."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * x  # noqa: F821


class Square__in_place(torch.autograd.Function):
    """x itself has changed: an operation in place writes to the caller's x, in forward too."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.square_()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Relu__upstream_written_to(torch.autograd.Function):
    """The gradient that arrives is shared with other paths: it was written to, and they read what you wrote."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        upstream[x <= 0] = 0
        return upstream


class Relu__upstream_forgotten(torch.autograd.Function):
    """This is the local derivative alone, 0 or 1: the gradient that arrives is still to be multiplied in."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return (x > 0).to(x.dtype)


class Relu__upstream_clamped(torch.autograd.Function):
    """It is where x is below 0 that the gradient stops, not where the gradient itself is below 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream.clamp(min=0)


class Relu__one_at_0(torch.autograd.Function):
    """Where x is exactly 0, the gradient went through: there it is to stop, by agreement."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x >= 0)


class Relu__tuple_not_opened(torch.autograd.Function):
    """saved_tensors is a tuple, also where one tensor was saved: take that one out before you compare it."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (ctx.saved_tensors > 0)


class Relu__kept_in_self(torch.autograd.Function):
    """forward and backward are static, without a self: what one keeps for the other, it keeps in ctx."""

    @staticmethod
    def forward(ctx, x):
        self.x = x  # noqa: F821
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (self.x > 0)  # noqa: F821


class Relu__not_taken_out(torch.autograd.Function):
    """backward knows no x: that was a name inside forward. What was saved has to be taken out of ctx."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (x > 0)  # noqa: F821


class Relu__sizes(torch.autograd.Function):
    """Numbers below 0 kept their size and lost their sign: they are to become 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.abs()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * x.sign()


class Relu__in_place(torch.autograd.Function):
    """x itself has changed: a write to it in forward is a write to the caller's x."""

    @staticmethod
    def forward(ctx, x):
        x[x < 0] = 0
        ctx.save_for_backward(x)
        return x

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x > 0)


class Relu__ready_made(torch.autograd.Function):
    """The numbers are right, but PyTorch's own relu was to be left aside here."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x > 0)


class Product__other_way_round(torch.autograd.Function):
    """The gradients came back in the wrong order: the first belongs to the first input of forward."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * a if ctx.needs_input_grad[1] else None, upstream * b if ctx.needs_input_grad[0] else None


class Product__result_divided(torch.autograd.Function):
    """Where a factor is 0, the gradient is nan: the result divided by one factor is the other only where that one
    is not 0."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b, a * b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b, product = ctx.saved_tensors
        at_a = upstream * product / a if ctx.needs_input_grad[0] else None
        return at_a, upstream * product / b if ctx.needs_input_grad[1] else None


class Product__one_too_few(torch.autograd.Function):
    """backward gave one gradient back, and forward has two inputs: each of them must find its own, in its place."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b


class Product__upstream_forgotten(torch.autograd.Function):
    """These are the local derivatives alone: the gradient that arrives is still to be multiplied into both."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return b.clone() if ctx.needs_input_grad[0] else None, a.clone() if ctx.needs_input_grad[1] else None


class Product__always_both(torch.autograd.Function):
    """The numbers are right, but a gradient that nobody asked for was computed: that of an untracked input."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b, upstream * a


class Product__only_the_first(torch.autograd.Function):
    """b gets no gradient at all: it is tracked too, and changes the result just as a does."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b, None


class ClampStraightThrough__stopped_outside(torch.autograd.Function):
    """The gradient stopped outside the range, as clamp has it: this node lets it through everywhere."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x)
        ctx.range = low, high
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        low, high = ctx.range
        return upstream * ((x >= low) & (x <= high)), None, None


class ClampStraightThrough__one_alone(torch.autograd.Function):
    """forward has three inputs, and backward gave one thing back: the numbers need their places too."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream


class ClampStraightThrough__numbers_saved(torch.autograd.Function):
    """save_for_backward keeps tensors only. (Plain numbers can be attributes of ctx; and does backward need any?)"""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x, low, high)
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class ClampStraightThrough__bounds_in_float32(torch.autograd.Function):
    """The bounds were rounded to float32 on the way: a tensor made of a float is float32 unless its dtype is given."""

    @staticmethod
    def forward(ctx, x, low, high):
        low, high = (torch.tensor(float(each), dtype=torch.float32, device=x.device) for each in (low, high))
        return torch.where(x < low, low, torch.where(x > high, high, x))

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class ClampStraightThrough__zeros_for_numbers(torch.autograd.Function):
    """A gradient came back for a number: zeros are a gradient as well. Only a tensor can have one."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, torch.zeros_like(upstream), torch.zeros_like(upstream)


class ClampStraightThrough__ones(torch.autograd.Function):
    """A gradient of 1 came back, whatever arrived: pass on what arrives from upstream."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return torch.ones_like(upstream), None, None


class ClampStraightThrough__in_place(torch.autograd.Function):
    """x itself was brought into the range: the caller's numbers are lost."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp_(low, high).clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class SoftmaxCrossEntropy__upstream_forgotten(torch.autograd.Function):
    """The gradient is the same whatever arrives: the loss may be scaled later, so multiply by the upstream gradient."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__rows_not_counted(torch.autograd.Function):
    """The loss is a mean over N rows, and its gradient came out N times too large: that of a sum."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot), None


class SoftmaxCrossEntropy__softmax_alone(torch.autograd.Function):
    """This gradient pushes all scores of a row down: that of the label is pushed up, by 1 less its probability."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * logs.exp() / len(labels), None


class SoftmaxCrossEntropy__overflow(torch.autograd.Function):
    """exp of such scores is inf or 0 in float32, and what follows is inf or nan: each row has to be shifted first."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = scores.exp() / scores.exp().sum(dim=1, keepdim=True)
        ctx.save_for_backward(shares, labels)
        return -shares.gather(1, labels[:, None]).log().mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__log_of_softmax(torch.autograd.Function):
    """The loss is inf where the label's share is too small for float32 and became 0: its log can be worked out
    without the share."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = torch.softmax(scores, dim=1)
        ctx.save_for_backward(shares, labels)
        return -shares.gather(1, labels[:, None]).log().mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__saved_written_to(torch.autograd.Function):
    """The first walk back wrote to what forward had saved, so there can be no second: only read what is saved."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = torch.softmax(scores, dim=1)
        ctx.save_for_backward(shares, labels)
        return -torch.log_softmax(scores, dim=1).gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        shares -= torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * shares / len(labels), None


class SoftmaxCrossEntropy__ready_made(torch.autograd.Function):
    """The numbers are right, but cross_entropy, the answer ready-made, was to be left aside here."""

    @staticmethod
    def forward(ctx, scores, labels):
        ctx.save_for_backward(torch.log_softmax(scores, dim=1), labels)
        return torch.nn.functional.cross_entropy(scores, labels)

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None
