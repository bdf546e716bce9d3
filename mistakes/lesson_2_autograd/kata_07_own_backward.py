"""Wrong answers to katas/lesson_2_autograd/kata_07_own_backward.py, each with the sentence that corrects the belief."""

import torch


class Square__upstream_forgotten(torch.autograd.Function):
    """Your gradient does not depend on the upstream gradient. Multiply the local derivative by upstream."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 2 * x


class Square__half(torch.autograd.Function):
    """Your gradient is half of the right one. The derivative of x**2 is 2 * x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * x


class Square__upstream_alone(torch.autograd.Function):
    """Your gradient is the upstream gradient itself. Multiply it by the local derivative, 2 * x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream


class Square__square_in_the_gradient(torch.autograd.Function):
    """Your gradient is the upstream gradient times 2 * x**2. Use x itself, because the derivative of x**2 is 2 * x."""

    @staticmethod
    def forward(ctx, x):
        result = x**2
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, upstream):
        (result,) = ctx.saved_tensors
        return upstream * 2 * result


class Square__nothing_returned(torch.autograd.Function):
    """x received no gradient: your backward returned None. Return the gradient at x."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        upstream * 2 * x  # noqa: B018


class Square__kept_in_an_attribute(torch.autograd.Function):
    """x was changed in place after forward, and your backward used the new x. Keep x with ctx.save_for_backward, which
    checks this."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * ctx.x


class Square__tuple_not_unpacked(torch.autograd.Function):
    """You multiplied a tuple or list by a tensor. ctx.saved_tensors is a tuple even for one tensor, so take its first
    entry."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return 2 * ctx.saved_tensors * upstream


class Square__nothing_saved(torch.autograd.Function):
    """Your backward tried to unpack an empty tuple. ctx.saved_tensors holds only what forward has passed to
    ctx.save_for_backward."""

    @staticmethod
    def forward(ctx, x):
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Square__kept_in_self(torch.autograd.Function):
    """You used self, but both methods are static and have no self. Keep x in ctx."""

    @staticmethod
    def forward(ctx, x):
        self.x = x  # noqa: F821
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * self.x  # noqa: F821


class Square__not_unpacked(torch.autograd.Function):
    """Your backward used the name x, which exists only in forward. Read x from ctx.saved_tensors."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 2 * x  # noqa: F821


class Square__in_place(torch.autograd.Function):
    """You changed the argument x in forward. Compute the square into a new tensor."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.square_()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Square__doubled(torch.autograd.Function):
    """Your result is 2 * x. Multiply x by itself instead."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Relu__upstream_written_to(torch.autograd.Function):
    """You changed the upstream gradient in place. Return a new tensor, because other nodes may use upstream too."""

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
    """Your gradient does not depend on the upstream gradient: it is 0 or 1. Multiply it by upstream."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return (x > 0).to(x.dtype)


class Relu__upstream_clamped(torch.autograd.Function):
    """Your gradient is 0 where the upstream gradient is negative. It must be 0 where x <= 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream.clamp(min=0)


class Relu__upstream_alone(torch.autograd.Function):
    """Your gradient is the upstream gradient itself. Set it to 0 where x <= 0, in a new tensor."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream


class Relu__other_side(torch.autograd.Function):
    """Your gradient is 0 where x > 0, and upstream elsewhere. It must be upstream where x > 0, and 0 elsewhere."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x <= 0)


class Relu__times_the_result(torch.autograd.Function):
    """Your gradient is upstream times relu(x). Multiply by the local derivative, which is 0 or 1."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * x.clamp(min=0)


class Relu__one_at_0(torch.autograd.Function):
    """Your gradient is right, except where x is exactly 0: there it must be 0. Compare with x > 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x >= 0)


class Relu__tuple_not_unpacked(torch.autograd.Function):
    """You compared a tuple with a number. ctx.saved_tensors is a tuple even for one tensor, so take its first entry."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (ctx.saved_tensors > 0)


class Relu__kept_in_self(torch.autograd.Function):
    """You used self, but both methods are static and have no self. Keep x in ctx."""

    @staticmethod
    def forward(ctx, x):
        self.x = x  # noqa: F821
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (self.x > 0)  # noqa: F821


class Relu__not_unpacked(torch.autograd.Function):
    """Your backward used the name x, which exists only in forward. Read x from ctx.saved_tensors."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * (x > 0)  # noqa: F821


class Relu__sizes(torch.autograd.Function):
    """Your result has |x| where x is negative. Set these elements to 0."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.abs()

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * x.sign()


class Relu__mask(torch.autograd.Function):
    """Your result is 1 where x is positive, but it must be x there. Only the local derivative is 0 or 1."""

    @staticmethod
    def forward(ctx, x):
        mask = (x > 0).to(x.dtype)
        ctx.save_for_backward(mask)
        return mask

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.saved_tensors[0]


class Relu__in_place(torch.autograd.Function):
    """You changed the argument x in forward. Work on a copy, or compute a new tensor."""

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
    """The numbers are right, but you used PyTorch's relu. Use clamp, maximum or where."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x > 0)


class ClampStraightThrough__stopped_outside(torch.autograd.Function):
    """Your gradient is 0 outside the range, like the gradient of clamp. Return upstream itself, for every element."""

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


class ClampStraightThrough__upstream_clamped(torch.autograd.Function):
    """You clamped the upstream gradient. Only x is clamped, in forward: return upstream unchanged."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.range = low, high
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream.clamp(*ctx.range), None, None


class ClampStraightThrough__one_alone(torch.autograd.Function):
    """Your backward returned too few gradients: forward has three inputs. Return None for low and None for high too."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream


class ClampStraightThrough__numbers_saved(torch.autograd.Function):
    """You passed a number to save_for_backward, which keeps only tensors. backward needs no input here, so save
    nothing."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward(x, low, high)
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class ClampStraightThrough__bounds_in_float32(torch.autograd.Function):
    """In float64, low and high appear in your result rounded to float32. Use them as Python numbers, or in the dtype of
    x."""

    @staticmethod
    def forward(ctx, x, low, high):
        low, high = (torch.tensor(float(each), dtype=torch.float32, device=x.device) for each in (low, high))
        return torch.where(x < low, low, torch.where(x > high, high, x))

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class ClampStraightThrough__zeros_for_numbers(torch.autograd.Function):
    """Your backward returned a gradient for low or high. They are Python numbers, so return None for each."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, torch.zeros_like(upstream), torch.zeros_like(upstream)


class ClampStraightThrough__ones(torch.autograd.Function):
    """Your gradient is 1 everywhere. Return the upstream gradient."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return torch.ones_like(upstream), None, None


class ClampStraightThrough__low_only(torch.autograd.Function):
    """Your result has elements above high. Replace them by high."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(min=low)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class ClampStraightThrough__in_place(torch.autograd.Function):
    """You changed the argument x in forward. Use an operation that returns a new tensor, for example clamp."""

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp_(low, high).clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class Product__other_way_round(torch.autograd.Function):
    """Your two gradients are in the wrong order. The first one belongs to a, and the second one to b."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * a if ctx.needs_input_grad[1] else None, upstream * b if ctx.needs_input_grad[0] else None


class Product__own_factor(torch.autograd.Function):
    """Your gradient at a is the upstream gradient times a. The derivative of a * b with respect to a is b, the other
    factor."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        at_a = upstream * a if ctx.needs_input_grad[0] else None
        return at_a, upstream * b if ctx.needs_input_grad[1] else None


class Product__result_divided(torch.autograd.Function):
    """Your gradient is nan where a factor is 0, because 0 / 0 is nan. Multiply by the other factor instead of
    dividing."""

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
    """Your backward returned one gradient, but forward has two inputs. Return a tuple of two."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b


class Product__upstream_forgotten(torch.autograd.Function):
    """Your gradients do not depend on the upstream gradient. Multiply both by upstream."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return b.clone() if ctx.needs_input_grad[0] else None, a.clone() if ctx.needs_input_grad[1] else None


class Product__always_both(torch.autograd.Function):
    """The numbers are right, but you computed a gradient that is not needed. Check ctx.needs_input_grad before each
    product."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b, upstream * a


class Product__only_the_first(torch.autograd.Function):
    """b received no gradient, although it requires grad. Return a gradient for b too."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return upstream * b, None


class Product__upstream_written_to(torch.autograd.Function):
    """You changed the upstream gradient in place. Multiply into a new tensor, because other nodes may use upstream
    too."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        at_b = upstream * a if ctx.needs_input_grad[1] else None
        return upstream.mul_(b) if ctx.needs_input_grad[0] else None, at_b


class SoftmaxCrossEntropy__columns(torch.autograd.Function):
    """Your loss applies softmax to each column of scores. Apply it to each row, with dim=1."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=0)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__columns_in_backward(torch.autograd.Function):
    """Your gradient applies softmax to each column of scores. Apply it to each row, with dim=1."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(torch.log_softmax(scores, dim=0), labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__mean_over_all_entries(torch.autograd.Function):
    """Your loss is divided by N * K, the number of all scores. Divide by N, the number of rows."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -(logs * torch.nn.functional.one_hot(labels, scores.shape[1])).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__gradient_over_all_entries(torch.autograd.Function):
    """Your loss is right, but your gradient is divided by N * K, the number of all scores. Divide by N, the number of
    rows."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / logs.numel(), None


class SoftmaxCrossEntropy__every_label_in_every_row(torch.autograd.Function):
    """In every row, your loss averages over all N labels. Take one entry per row: row i, column labels[i]."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs[:, labels].mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__upstream_forgotten(torch.autograd.Function):
    """Your gradient does not depend on the upstream gradient. Multiply it by upstream."""

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
    """Your gradient is N times too large, like the gradient of a sum over rows. The loss is a mean, so divide by N."""

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
    """Your gradient is upstream * softmax / N, so one_hot is missing. Subtract 1 at the label of each row."""

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


class SoftmaxCrossEntropy__classes_counted_from_the_labels(torch.autograd.Function):
    """Two tensors in your backward have 2 and 3 columns. one_hot counts classes up to the largest label, so pass the
    number of classes."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels)
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__overflow(torch.autograd.Function):
    """Your loss is nan for large scores, because their exp or softmax is inf or 0 in float32. Use log_softmax
    instead."""

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
    """Your loss is inf for large scores, because a softmax probability is rounded to 0. Use log_softmax instead of log
    after softmax."""

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


class SoftmaxCrossEntropy__zero_times_log_of_zero(torch.autograd.Function):
    """Your loss is nan for large scores, because their exp or softmax is inf or 0 in float32. Use log_softmax
    instead."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = torch.softmax(scores, dim=1)
        ctx.save_for_backward(shares, labels)
        return -(torch.nn.functional.one_hot(labels, scores.shape[1]) * shares.log()).sum() / len(labels)

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__one_loss_per_row(torch.autograd.Function):
    """You returned one loss per row. Return their mean, shape ()."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None])[:, 0]

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream[:, None] * (logs.exp() - one_hot), None


class SoftmaxCrossEntropy__losses_squeezed(torch.autograd.Function):
    """You returned one loss per row. Return their mean, shape ()."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).squeeze()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None


class SoftmaxCrossEntropy__epsilon_in_the_log(torch.autograd.Function):
    """Your loss is too small where the probability of the label is tiny. Use log_softmax, without an epsilon or a
    clamp."""

    @staticmethod
    def forward(ctx, scores, labels):
        shares = torch.softmax(scores, dim=1)
        ctx.save_for_backward(shares, labels)
        return -(shares.gather(1, labels[:, None]) + 1e-9).log().mean()

    @staticmethod
    def backward(ctx, upstream):
        shares, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, shares.shape[1])
        return upstream * (shares - one_hot) / len(labels), None


class SoftmaxCrossEntropy__logs_for_probabilities(torch.autograd.Function):
    """Your gradient contains log(softmax) instead of softmax. Take exp of the logs first."""

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs - one_hot) / len(labels), None


class SoftmaxCrossEntropy__saved_written_to(torch.autograd.Function):
    """The first backward pass changed a saved tensor in place, so a second one fails. Only read what ctx.saved_tensors
    holds."""

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
    """The numbers are right, but you called PyTorch's cross_entropy. Build the loss from log_softmax instead."""

    @staticmethod
    def forward(ctx, scores, labels):
        ctx.save_for_backward(torch.log_softmax(scores, dim=1), labels)
        return torch.nn.functional.cross_entropy(scores, labels)

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None
