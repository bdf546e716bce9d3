"""Wrong answers to katas/lesson_4_training_loop/kata_02_optimizers.py, each with the sentence that corrects it."""

import torch


class _SGD:
    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr = lr

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None


class PlainSGD__generator_kept(_SGD):
    """Nothing moves after the first pass: a generator can be gone through only once, so put what it holds in a list."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = parameters, lr


class PlainSGD__recorded(_SGD):
    """The update was about to be recorded: autograd refuses to change a tracked leaf in place while it records."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad


class PlainSGD__name_rebound(_SGD):
    """Nothing has moved: a new tensor under an old name is not the parameter, which must itself change, in place."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter = parameter - self.lr * parameter.grad


class PlainSGD__copies_held(_SGD):
    """Neither step nor zero_grad reaches the parameters: copies were held, and gradients arrive at the originals."""

    def __init__(self, parameters, lr):
        super().__init__([parameter.detach().clone() for parameter in parameters], lr)


class PlainSGD__memory_replaced(_SGD):
    """The numbers are right, but they lie in new memory: views of the parameter, made before, still see the old."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data = parameter.data - self.lr * parameter.grad


class PlainSGD__uphill(_SGD):
    """The parameters went up the gradient, where the loss grows: the minus is missing."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter += self.lr * parameter.grad


class PlainSGD__no_gradient_no_check(_SGD):
    """A parameter that took no part in the loss has no gradient: its .grad is None, which can't be multiplied."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter -= self.lr * parameter.grad


class PlainSGD__truth_of_the_gradient(_SGD):
    """A gradient of many numbers is neither true nor false, and zeros are a gradient too: ask whether it is None."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad:
                parameter -= self.lr * parameter.grad


class PlainSGD__gradient_scaled(_SGD):
    """The .grad itself was multiplied by lr: scale a tensor of your own, for others read .grad after the step."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad *= self.lr
                parameter -= parameter.grad


class PlainSGD__zeroed_after_the_step(_SGD):
    """step has set the gradients to zeros: that is for zero_grad to do, and others may read them after the step."""

    def step(self):
        super().step()
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.zero_()


class PlainSGD__stops_at_the_first_without(_SGD):
    """All that comes after a parameter without gradient was left out too: skip the one, and go on."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is None:
                break
            parameter -= self.lr * parameter.grad


class PlainSGD__cleared_before_the_step(_SGD):
    """The gradients were gone before they moved anything: a step uses .grad, and leaves clearing to zero_grad."""

    def step(self):
        self.zero_grad()
        super().step()


class PlainSGD__cleared_after_the_step(_SGD):
    """step has cleared the gradients too: whoever wants to look at them after the step finds none."""

    def step(self):
        super().step()
        self.zero_grad()


class PlainSGD__parentheses_forgotten(_SGD):
    """zero_grad changed nothing, and gradients add up: a method that is named without parentheses does not run."""

    def zero_grad(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.zero_


class PlainSGD__clears_what_is_not_there(_SGD):
    """zero_grad met a parameter that has no gradient yet: None has nothing that could be set to zero."""

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad.zero_()


class PlainSGD__lr_of_the_beginning(_SGD):
    """A new .lr was ignored: the rate was fixed when the optimizer was made, and is to be looked up at each step."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, lr)
        self.rate = lr

    def step(self):
        asked, self.lr = self.lr, self.rate
        super().step()
        self.lr = asked


class PlainSGD__recording_left_off(_SGD):
    """Recording was switched off and stayed off: nothing after the step would ever have a gradient again."""

    def step(self):
        super().step()
        torch.set_grad_enabled(False)


class PlainSGD__recording_switched_on(_SGD):
    """Recording is on after the step, though it was off before: the mode must become what it was, whatever that is."""

    def step(self):
        super().step()
        torch.set_grad_enabled(True)


class PlainSGD__ready_made(torch.optim.SGD):
    """The numbers may be right, but PyTorch's own optimizer made them: this step is to write the update itself."""


class _Momentum(_SGD):
    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.update(i, parameter, parameter.grad)

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + gradient
        self.move(parameter, gradient, self.velocities[i])

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (gradient + self.mu * velocity if self.nesterov else velocity)


class Momentum__gradient_damped(_Momentum):
    """The gradient was scaled by 1 - mu, which makes a mean of it: here it is added whole, and steps grow larger."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + (1 - self.mu) * gradient
        self.move(parameter, gradient, self.velocities[i])


class Momentum__lr_inside(_Momentum):
    """Older gradients still count with the lr of their day: a velocity is free of it, and scaled as a whole."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.moves = [torch.zeros_like(parameter) for parameter in self.parameters]

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + gradient
        self.moves[i] = self.mu * self.moves[i] + self.lr * gradient
        parameter -= self.lr * gradient + self.mu * self.moves[i] if self.nesterov else self.moves[i]


class Momentum__velocity_holds_lr(_Momentum):
    """The velocity itself was made of lr times gradient: after a change of lr it is wrong, and so is what it shows."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] - self.lr * gradient
        parameter += self.mu * self.velocities[i] - self.lr * gradient if self.nesterov else self.velocities[i]


class Momentum__gradient_itself_kept(_Momentum):
    """The first velocity is the very tensor .grad: what is written to one shows in the other. Keep a copy."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.begun = set()

    def update(self, i, parameter, gradient):
        if i in self.begun:
            self.velocities[i].mul_(self.mu).add_(gradient)
        else:
            self.begun.add(i)
            self.velocities[i] = gradient
        self.move(parameter, gradient, self.velocities[i])


class Momentum__gradient_kept_at_first(_Momentum):
    """The first velocity is the very tensor .grad: when that is written to, what the velocity was is lost."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.begun = set()

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + gradient if i in self.begun else gradient
        self.begun.add(i)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__nothing_remembered(_Momentum):
    """Every step began from a velocity of zero: momentum is what is left of the steps before."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = gradient.clone()
        self.move(parameter, gradient, self.velocities[i])


class Momentum__forgets_at_zero_grad(_Momentum):
    """zero_grad has emptied the velocities too: gradients are new for each batch, the velocity goes on."""

    def zero_grad(self):
        super().zero_grad()
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]


class Momentum__never_slows(_Momentum):
    """The velocity only ever grew: of the old one, the share mu is to be kept."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.velocities[i] + gradient
        self.move(parameter, gradient, self.velocities[i])


class Momentum__friction_on_the_sum(_Momentum):
    """The new gradient was scaled by mu as well: mu is for the old velocity alone, and the gradient is added whole."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * (self.velocities[i] + gradient)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__coasts_without_gradient(_Momentum):
    """None was taken for zeros: a parameter without gradient is left out of the step, and its velocity waits."""

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            self.update(i, parameter, gradient)


class Momentum__zeros_taken_for_none(_Momentum):
    """A gradient of zeros stopped the parameter: only None means no gradient, and at zeros the velocity rolls on."""

    def update(self, i, parameter, gradient):
        if gradient.any():
            super().update(i, parameter, gradient)


class Momentum__nesterov_ignored(_Momentum):
    """With nesterov the same came out as without: then mu times the new velocity, and the gradient once more, count."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * velocity


class Momentum__nesterov_without_gradient(_Momentum):
    """With nesterov, only the velocity has moved the parameter: the gradient counts once more beside it."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (self.mu * velocity if self.nesterov else velocity)


class Momentum__nesterov_whole_velocity(_Momentum):
    """With nesterov, the whole velocity was added to the gradient: it is the share mu of it that is added."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (gradient + velocity if self.nesterov else velocity)


class Momentum__gradient_overwritten(_Momentum):
    """The sum was written into .grad: an in-place operation on a gradient changes what others will read there."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (gradient.add_(velocity, alpha=self.mu) if self.nesterov else velocity)


class Momentum__ready_made(_Momentum):
    """The numbers may be right, but PyTorch's own optimizer made them: this step is to write the update itself."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.optimizer = torch.optim.SGD(self.parameters, lr, momentum=mu, nesterov=nesterov)

    def step(self):
        self.optimizer.param_groups[0]["lr"] = self.lr
        self.optimizer.step()
        for i, parameter in enumerate(self.parameters):
            state = self.optimizer.state.get(parameter)
            if state:
                self.velocities[i] = state["momentum_buffer"]


class _Decayed(_SGD):
    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, lr)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.move(parameter, parameter.grad)


class DecayedSGD__gradient_overwritten(_Decayed):
    """The decay was written into .grad: it is no part of the loss, and whoever reads the gradient finds it there."""

    def move(self, parameter, gradient):
        return self.lr * gradient.add_(parameter, alpha=self.weight_decay)


class DecayedSGD__decays_without_gradient(_Decayed):
    """A parameter without gradient has shrunk: where .grad is None, the step leaves it out altogether."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter *= 1 - self.lr * self.weight_decay
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad


class DecayedSGD__zeros_taken_for_none(_Decayed):
    """A gradient of zeros kept the parameter from decaying: only None means that there is no gradient."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter) * bool(gradient.any())


class DecayedSGD__decay_after_the_move(_Decayed):
    """The decay took its share of the parameter after the move: both start from where the parameter was before."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad
                parameter *= 1 - self.lr * self.weight_decay


class DecayedSGD__decay_without_lr(_Decayed):
    """Your decay does not depend on lr: as a part of the gradient, it is to be scaled by lr too."""

    def move(self, parameter, gradient):
        return self.lr * gradient + self.weight_decay * parameter


class DecayedSGD__grows(_Decayed):
    """The parameter is pushed away from 0: the penalty's gradient has the sign of the parameter, and is added."""

    def move(self, parameter, gradient):
        return self.lr * (gradient - self.weight_decay * parameter)


class DecayedSGD__doubled(_Decayed):
    """The decay is twice too strong: the penalty is half the square, so that its derivative has no factor of 2."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + 2 * self.weight_decay * parameter)


class DecayedSGD__sign_only(_Decayed):
    """All numbers are pulled alike, large or small, which is L1: here the pull grows with the number."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter.sign())


class DecayedSGD__biases_spared(_Decayed):
    """Parameters of one dimension did not decay: this optimizer does not tell weights from biases, and shrinks all."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter * (parameter.dim() > 1))


class DecayedSGD__no_decay(_Decayed):
    """Nothing decays: the weight decay was taken, and has no effect."""

    def move(self, parameter, gradient):
        return self.lr * gradient


class _Adam(_SGD):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.updates = [0] * len(self.parameters)
        self.begin()

    def begin(self):
        self.exp_avg = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.updates[i] += 1
                self.average(i, parameter.grad, *self.betas)
                parameter -= self.move(i, self.updates[i], *self.betas)

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i] = beta1 * self.exp_avg[i] + (1 - beta1) * gradient
        self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + (1 - beta2) * gradient**2

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1**t)
        v = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * m / (v.sqrt() + self.eps)


class Adam__not_corrected(_Adam):
    """The first steps have the wrong size: both averages begin at 0, and are too small until they are corrected."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__only_the_mean_corrected(_Adam):
    """The average of the squares begins at 0 too: without its own correction, the first steps are far too large."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__eps_under_the_root(_Adam):
    """eps was added before the root was taken: it belongs beside the root."""

    def move(self, i, t, beta1, beta2):
        v = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (v + self.eps).sqrt()


class Adam__eps_before_the_correction(_Adam):
    """eps was enlarged by the correction: correct the average of the squares first, take the root, then add eps."""

    def move(self, i, t, beta1, beta2):
        root = (self.exp_avg_sq[i].sqrt() + self.eps) / (1 - beta2**t) ** 0.5
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / root


class Adam__not_squared(_Adam):
    """The second average is one of sizes, not of squares: square each gradient before it is averaged."""

    def average(self, i, gradient, beta1, beta2):
        super().average(i, gradient, beta1, beta2)
        self.exp_avg_sq[i] += (1 - beta2) * (gradient.abs() - gradient**2)


class Adam__no_root(_Adam):
    """The mean was divided by the mean square itself: without the root, large gradients make tiny steps."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (self.exp_avg_sq[i] / (1 - beta2**t) + self.eps)


class Adam__counts_from_0(_Adam):
    """The first correction divided by zero, as anything to the power of 0 is 1: the first update is number 1."""

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1 ** (t - 1))
        v = self.exp_avg_sq[i] / (1 - beta2 ** (t - 1))
        return self.lr * m / (v.sqrt() + self.eps)


class Adam__one_count_for_every_update(_Adam):
    """Each parameter has advanced the count of the others: with two of them, t runs twice as fast as it should."""

    def move(self, i, t, beta1, beta2):
        self.total = getattr(self, "total", 0) + 1
        return super().move(i, self.total, beta1, beta2)


class Adam__one_count_for_all(_Adam):
    """The count has gone on while a parameter had no gradient: each has its own, of the updates that it got."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr, betas, eps)
        self.steps = 0

    def step(self):
        self.steps += 1
        super().step()

    def move(self, i, t, beta1, beta2):
        return super().move(i, self.steps, beta1, beta2)


class Adam__always_the_first_correction(_Adam):
    """The correction is that of the first step for ever: it must fade as t grows, and the powers with it."""

    def move(self, i, t, beta1, beta2):
        return super().move(i, 1, beta1, beta2)


class Adam__betas_swapped(_Adam):
    """The two betas have changed places: the first is for the gradients, the second for their squares."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr, betas[::-1], eps)


class Adam__shares_swapped(_Adam):
    """beta went to the new gradient: it is the share of the old average, and the new gradient gets the rest."""

    def average(self, i, gradient, beta1, beta2):
        super().average(i, gradient, 1 - beta1, 1 - beta2)


class Adam__corrected_ones_kept(_Adam):
    """The corrected averages were kept in place of the averages: the next step then corrects them again."""

    def move(self, i, t, beta1, beta2):
        self.exp_avg[i] = self.exp_avg[i] / (1 - beta1**t)
        self.exp_avg_sq[i] = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * self.exp_avg[i] / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__forgets_at_zero_grad(_Adam):
    """zero_grad has emptied the averages too: gradients are new for each batch, the averages go on."""

    def zero_grad(self):
        super().zero_grad()
        self.begin()
        self.updates = [0] * len(self.parameters)


class Adam__nothing_remembered(_Adam):
    """Each step is taken as if it were the first, so all have the size of lr: the averages must last."""

    def step(self):
        self.begin()
        self.updates = [0] * len(self.parameters)
        super().step()


class Adam__zeros_taken_for_none(_Adam):
    """A gradient of zeros stopped the parameter: only None means no gradient, and zeros count in the averages."""

    @torch.no_grad()
    def step(self):
        given = [parameter.grad for parameter in self.parameters]
        for parameter in self.parameters:
            if parameter.grad is not None and not parameter.grad.any():
                parameter.grad = None
        super().step()
        for parameter, gradient in zip(self.parameters, given, strict=True):
            parameter.grad = gradient


class Adam__coasts_without_gradient(_Adam):
    """None was taken for zeros: a parameter without gradient is left out of the step, its averages too."""

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            self.updates[i] += 1
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            self.average(i, gradient, *self.betas)
            parameter -= self.move(i, self.updates[i], *self.betas)


class Adam__gradient_overwritten(_Adam):
    """.grad was squared in place: whoever reads the gradient after the step finds its square."""

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i] = beta1 * self.exp_avg[i] + (1 - beta1) * gradient
        self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + (1 - beta2) * gradient.square_()


class Adam__ready_made(_Adam):
    """The numbers may be right, but PyTorch's own optimizer made them: this step is to write the update itself."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr, betas, eps)
        self.optimizer = torch.optim.Adam(self.parameters, lr, betas, eps)

    def step(self):
        self.optimizer.param_groups[0]["lr"] = self.lr
        self.optimizer.step()
        for i, parameter in enumerate(self.parameters):
            state = self.optimizer.state.get(parameter)
            if state:
                self.exp_avg[i], self.exp_avg_sq[i] = state["exp_avg"], state["exp_avg_sq"]


class _AdamW(_Adam):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= self.shrink(parameter)
        super().step()

    def shrink(self, parameter):
        return 1 - self.lr * self.weight_decay


class AdamW__decay_in_the_gradient(_AdamW):
    """The decay went through the averages, which is Adam with L2: divided by the root, it no longer grows with w."""

    def shrink(self, parameter):
        return 1

    @torch.no_grad()
    def step(self):
        given = [parameter.grad for parameter in self.parameters]
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad = parameter.grad + self.weight_decay * parameter
        super().step()
        for parameter, gradient in zip(self.parameters, given, strict=True):
            parameter.grad = gradient


class AdamW__decay_without_lr(_AdamW):
    """The decay is far too strong, whatever lr is: the share that is taken away is lr times weight_decay."""

    def shrink(self, parameter):
        return 1 - self.weight_decay


class AdamW__decay_after_the_step(_AdamW):
    """The decay has shrunk the step of Adam as well: first the parameter shrinks, and then the step is taken."""

    @torch.no_grad()
    def step(self):
        _Adam.step(self)
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= self.shrink(parameter)


class AdamW__decays_without_gradient(_AdamW):
    """A parameter without gradient has shrunk: where .grad is None, the step leaves it out altogether."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter *= self.shrink(parameter)
        _Adam.step(self)


class AdamW__zeros_taken_for_none(_AdamW):
    """A gradient of zeros kept the parameter from decaying: only None means that there is no gradient."""

    def shrink(self, parameter):
        return super().shrink(parameter) if parameter.grad.any() else 1


class AdamW__lr_of_the_beginning(_AdamW):
    """After a change of lr, the decay is still that of the old one: it was worked out when the optimizer was made."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps, weight_decay)
        self.factor = 1 - lr * weight_decay

    def shrink(self, parameter):
        return self.factor


class AdamW__kept_share_only(_AdamW):
    """Hardly anything is left: lr times weight_decay is the share that goes, and what stays is 1 less that."""

    def shrink(self, parameter):
        return self.lr * self.weight_decay


class AdamW__no_decay(_AdamW):
    """This is Adam alone: the weight decay was taken, and has no effect."""

    def shrink(self, parameter):
        return 1


class AdamW__biases_spared(_AdamW):
    """Parameters of one dimension did not decay: this optimizer does not tell weights from biases, and shrinks all."""

    def shrink(self, parameter):
        return super().shrink(parameter) if parameter.dim() > 1 else 1


class AdamW__ready_made(_AdamW):
    """The numbers may be right, but PyTorch's own optimizer made them: this step is to write the update itself."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps, weight_decay)
        self.optimizer = torch.optim.AdamW(self.parameters, lr, betas, eps, weight_decay)

    def step(self):
        self.optimizer.param_groups[0]["lr"] = self.lr
        self.optimizer.step()
        for i, parameter in enumerate(self.parameters):
            state = self.optimizer.state.get(parameter)
            if state:
                self.exp_avg[i], self.exp_avg_sq[i] = state["exp_avg"], state["exp_avg_sq"]


def _groups(weights, others, weight_decay):
    return [{"params": list(weights), "weight_decay": weight_decay}, {"params": list(others), "weight_decay": 0.0}]


def _trainable(model):
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def parameter_groups__generator_used_up(model, weight_decay):
    """The second group is empty: parameters() is a generator, and the first pass has used it up. Keep a list."""
    parameters = (parameter for parameter in model.parameters() if parameter.requires_grad)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__by_name(model, weight_decay):
    """A norm's weight is called weight too, but has one dimension: the name says less than the dimensions."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    weights = [parameter for name, parameter in named if "bias" not in name]
    others = [parameter for name, parameter in named if "bias" in name]
    return _groups(weights, others, weight_decay)


def parameter_groups__called_weight(model, weight_decay):
    """A norm's weight has one dimension, and one of two may be called otherwise: go by dimensions, not names."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    weights = [parameter for name, parameter in named if "weight" in name]
    others = [parameter for name, parameter in named if "weight" not in name]
    return _groups(weights, others, weight_decay)


def parameter_groups__matrices_only(model, weight_decay):
    """A convolution's weight has three dimensions or more, and was not taken for a weight: two are enough."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() == 2]
    others = [parameter for parameter in parameters if parameter.dim() != 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__scalars_lost(model, weight_decay):
    """A parameter of no dimensions is in neither group, so nothing would move it: the second takes all the rest."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() == 1]
    return _groups(weights, others, weight_decay)


def parameter_groups__frozen_kept(model, weight_decay):
    """Frozen parameters are in the groups: they are not to be trained, so no optimizer should hold them."""
    parameters = list(model.parameters())
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__copies(model, weight_decay):
    """These tensors are copies: an optimizer would move them, and the model would never notice."""
    parameters = [parameter.detach().clone().requires_grad_() for parameter in _trainable(model)]
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__shared_twice(model, weight_decay):
    """A weight that stands in two places came twice: a step would move it twice. Each object counts once."""
    parameters = [p for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__swapped(model, weight_decay):
    """The groups are the wrong way round: it is the weights that come first and decay."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(others, weights, weight_decay)


def parameter_groups__no_word_of_decay(model, weight_decay):
    """A group that does not say how it decays takes what the optimizer was given for all: say 0.0 there."""
    groups = _groups([], [], weight_decay)
    parameters = _trainable(model)
    groups[0]["params"] = [parameter for parameter in parameters if parameter.dim() >= 2]
    return [groups[0], {"params": [parameter for parameter in parameters if parameter.dim() < 2]}]


def parameter_groups__all_decay(model, weight_decay):
    """The second group decays like the first: then there was no need of two."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return [{"params": group, "weight_decay": weight_decay} for group in (weights, others)]


def parameter_groups__generators(model, weight_decay):
    """What the dicts hold is no list: a generator or filter can be gone through only once, and has no length."""
    parameters = _trainable(model)
    return [
        {"params": filter(lambda parameter: parameter.dim() >= 2, parameters), "weight_decay": weight_decay},
        {"params": filter(lambda parameter: parameter.dim() < 2, parameters), "weight_decay": 0.0},
    ]


def parameter_groups__children_only(model, weight_decay):
    """Parameters of the model itself or of modules deeper inside are missing: look at all of the model."""
    parameters = [p for child in [model, *model.children()] for p in child.parameters(recurse=False)]
    parameters = list({id(p): p for p in parameters if p.requires_grad}.values())
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def set_learning_rate__attribute(optimizer, lr):
    """The step went on at the old rate: it looks into the groups, not at the optimizer's attributes or defaults."""
    optimizer.lr = lr


def set_learning_rate__first_group(optimizer, lr):
    """Only the first group has the new rate: each group has an lr of its own."""
    optimizer.param_groups[0]["lr"] = lr


def set_learning_rate__last_group(optimizer, lr):
    """Only the last group has the new rate: each group has an lr of its own."""
    optimizer.param_groups[-1]["lr"] = lr


def set_learning_rate__attribute_of_a_group(optimizer, lr):
    """A group is a plain dict: what it holds is reached by its key, in square brackets."""
    for group in optimizer.param_groups:
        group.lr = lr


def set_learning_rate__made_anew(optimizer, lr):
    """What the optimizer remembered is gone, as if it had been made anew: momentum begins at zero again."""
    optimizer.__init__(list(optimizer.param_groups), lr=lr)
    for group in optimizer.param_groups:
        group["lr"] = lr


def set_learning_rate__all_settings_reset(optimizer, lr):
    """Other settings of a group were lost: it has gone back to what the optimizer was given for all."""
    for group in optimizer.param_groups:
        group.update(optimizer.defaults, lr=lr)


def set_learning_rate__factor(optimizer, lr):
    """The old rate was multiplied by the new one: lr is to take its place."""
    for group in optimizer.param_groups:
        group["lr"] *= lr


def set_learning_rate__steps_too(optimizer, lr):
    """The parameters have moved already: a new rate is for the next step, which somebody else will call."""
    for group in optimizer.param_groups:
        group["lr"] = lr
    optimizer.step()


def set_learning_rate__optimizer_returned(optimizer, lr):
    """The optimizer has the new rate, but something came back too: what changes its argument returns None here."""
    for group in optimizer.param_groups:
        group["lr"] = lr
    return optimizer
