"""Wrong answers to katas/lesson_4_training_loop/kata_02_optimizers.py, each with the sentences that a learner reads."""

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
    """Only the first loop found any parameters. A generator can be read only once, so keep list(parameters)."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = parameters, lr


class PlainSGD__recorded(_SGD):
    """You changed a leaf in place while autograd was recording. Do it inside `with torch.no_grad():`."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad


class PlainSGD__name_rebound(_SGD):
    """The given parameters have not changed. New tensors and changed copies do not reach them, so use -= on each
    parameter itself."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter = parameter - self.lr * parameter.grad


class PlainSGD__copies_held(_SGD):
    """Your object does not hold the given parameters themselves, so step() and zero_grad() have no effect on them. Keep
    list(parameters)."""

    def __init__(self, parameters, lr):
        super().__init__([parameter.detach().clone() for parameter in parameters], lr)


class PlainSGD__memory_replaced(_SGD):
    """The values are right, but the parameter has new memory, and views of it see the old values. Change
    it in place."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.data = parameter.data - self.lr * parameter.grad


class PlainSGD__uphill(_SGD):
    """The parameters moved in the direction of the gradient, so the loss grows. Subtract lr * gradient."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter += self.lr * parameter.grad


class PlainSGD__no_gradient_no_check(_SGD):
    """You used .grad as a tensor while it was None. Skip a parameter whose .grad is None."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter -= self.lr * parameter.grad


class PlainSGD__truth_of_the_gradient(_SGD):
    """You used a gradient as a condition. A tensor with several elements is neither true nor false: ask
    `is not None`."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad:
                parameter -= self.lr * parameter.grad


class PlainSGD__gradient_scaled(_SGD):
    """You multiplied .grad itself by lr. Leave .grad unchanged, and compute lr * gradient as a new tensor."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad *= self.lr
                parameter -= parameter.grad


class PlainSGD__zeroed_after_the_step(_SGD):
    """step() filled .grad with zeros. Leave .grad unchanged in step(), and clear it only in zero_grad()."""

    def step(self):
        super().step()
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.zero_()


class PlainSGD__stops_at_the_first_without(_SGD):
    """You stopped at a parameter without a gradient, so those after it were not updated. Continue with the next one."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is None:
                break
            parameter -= self.lr * parameter.grad


class PlainSGD__cleared_before_the_step(_SGD):
    """You cleared the gradients before the update, so nothing has changed. Clear them only in zero_grad()."""

    def step(self):
        self.zero_grad()
        super().step()


class PlainSGD__cleared_after_the_step(_SGD):
    """step() cleared or replaced .grad. Leave .grad unchanged in step(), and clear it only in zero_grad()."""

    def step(self):
        super().step()
        self.zero_grad()


class PlainSGD__cleared_in_the_loop(_SGD):
    """Only the first parameter was updated, because you then cleared all gradients. Leave .grad unchanged in step()."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad
            self.zero_grad()


class PlainSGD__first_parameter_only(_SGD):
    """Only the first parameter was updated. Update all parameters in the loop, and return after it."""

    @torch.no_grad()
    def step(self):
        self.parameters[0].sub_(self.lr * self.parameters[0].grad)


class PlainSGD__values_set_to_0(_SGD):
    """zero_grad() did not clear the gradients: it changed the parameters. Set each .grad to None or to zeros."""

    @torch.no_grad()
    def zero_grad(self):
        for parameter in self.parameters:
            parameter.zero_()


class PlainSGD__parentheses_forgotten(_SGD):
    """zero_grad() did not clear the gradients. Set each .grad to None, or call zero_() on it, with parentheses."""

    def zero_grad(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad.zero_


class PlainSGD__clears_what_is_not_there(_SGD):
    """In zero_grad(), you used .grad as a tensor while it was None. Assign None to .grad, or skip this parameter."""

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad.zero_()


class PlainSGD__zero_assigned(_SGD):
    """In zero_grad(), you assigned a number to .grad. It accepts only a tensor or None."""

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = 0


class PlainSGD__requires_grad_off(_SGD):
    """Your parameters no longer require grad after step(). Leave requires_grad unchanged, and update under
    torch.no_grad()."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.requires_grad_(False).sub_(self.lr * parameter.grad)


class PlainSGD__lr_of_the_beginning(_SGD):
    """Your step used the first lr, although .lr had changed. Read self.lr in each step."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, lr)
        self.rate = lr

    def step(self):
        asked, self.lr = self.lr, self.rate
        super().step()
        self.lr = asked


class PlainSGD__recording_left_off(_SGD):
    """After step(), autograd no longer records. Use `with torch.no_grad():`, which restores the mode."""

    def step(self):
        super().step()
        torch.set_grad_enabled(False)


class PlainSGD__recording_switched_on(_SGD):
    """step() switched recording on, although it was off before. Use torch.no_grad(), which restores the mode."""

    def step(self):
        super().step()
        torch.set_grad_enabled(True)


class PlainSGD__ready_made(torch.optim.SGD):
    """You used torch.optim, which is not allowed here. Write the class yourself, from the formula."""


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
    """You multiplied the gradient by 1 - mu. Add the whole gradient to the velocity."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + (1 - self.mu) * gradient
        self.move(parameter, gradient, self.velocities[i])


class Momentum__lr_inside(_Momentum):
    """You multiplied each gradient by lr before you added it up. Add up the gradients alone, and multiply the whole
    velocity by the current lr."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.moves = [torch.zeros_like(parameter) for parameter in self.parameters]

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + gradient
        self.moves[i] = self.mu * self.moves[i] + self.lr * gradient
        parameter -= self.lr * gradient + self.mu * self.moves[i] if self.nesterov else self.moves[i]


class Momentum__velocity_holds_lr(_Momentum):
    """Your velocity contains -lr. Keep lr and the minus sign out of it, and use them when you update the parameter."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] - self.lr * gradient
        parameter += self.mu * self.velocities[i] - self.lr * gradient if self.nesterov else self.velocities[i]


class Momentum__gradient_itself_kept(_Momentum):
    """Your first velocity is the tensor .grad itself, so one changes with the other. Start from zeros, or clone the
    gradient."""

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
    """Your first velocity is the tensor .grad itself. When .grad is overwritten, the velocity is lost: start from
    zeros."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.begun = set()

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + gradient if i in self.begun else gradient
        self.begun.add(i)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__nothing_remembered(_Momentum):
    """Each step started with a velocity of zero. Keep the velocities from step to step."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = gradient.clone()
        self.move(parameter, gradient, self.velocities[i])


class Momentum__forgets_at_zero_grad(_Momentum):
    """zero_grad() cleared the velocities too. Clear only the gradients."""

    def zero_grad(self):
        super().zero_grad()
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]


class Momentum__never_slows(_Momentum):
    """You added the gradient to the whole old velocity. Multiply the old velocity by mu first."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.velocities[i] + gradient
        self.move(parameter, gradient, self.velocities[i])


class Momentum__friction_on_the_sum(_Momentum):
    """You multiplied the new gradient by mu too. Multiply only the old velocity by mu, then add the gradient."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * (self.velocities[i] + gradient)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__coasts_without_gradient(_Momentum):
    """A parameter without a gradient was still updated. Skip it, and leave its velocity unchanged."""

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            self.update(i, parameter, gradient)


class Momentum__zeros_taken_for_none(_Momentum):
    """A gradient of all zeros stopped your update. Skip a parameter only if its .grad is None."""

    def update(self, i, parameter, gradient):
        if gradient.any():
            super().update(i, parameter, gradient)


class Momentum__nesterov_ignored(_Momentum):
    """With nesterov, your update is the same as without. Subtract lr * (g + mu * velocity), with the new velocity."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * velocity


class Momentum__nesterov_without_gradient(_Momentum):
    """With nesterov, you subtracted only lr * mu * velocity. Add the gradient: lr * (g + mu * velocity)."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (self.mu * velocity if self.nesterov else velocity)


class Momentum__nesterov_whole_velocity(_Momentum):
    """With nesterov, you added the whole velocity to the gradient. Multiply the velocity by mu first."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (gradient + velocity if self.nesterov else velocity)


class Momentum__gradient_overwritten(_Momentum):
    """You wrote the sum into .grad. Make a new tensor: `+` does not change .grad, but add_() and += do."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (gradient.add_(velocity, alpha=self.mu) if self.nesterov else velocity)


class Momentum__velocity_without_gradient_decays(_Momentum):
    """A velocity changed although its parameter has no gradient. Skip this parameter, and leave both unchanged."""

    @torch.no_grad()
    def step(self):
        super().step()
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is None:
                self.velocities[i] = self.mu * self.velocities[i]


class Momentum__started_at_the_parameters(_Momentum):
    """Your velocities start with the values of the parameters. Start with zeros: torch.zeros_like(parameter)."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.velocities = [parameter.detach().clone() for parameter in self.parameters]


class Momentum__generator_read_twice(_Momentum):
    """Your list of velocities is empty at first. Make the zeros in __init__, from a list of the parameters: a generator
    can be read only once."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.velocities = [torch.zeros_like(parameter) for parameter in parameters]

    @torch.no_grad()
    def step(self):
        for i, (parameter, _) in enumerate(zip(self.parameters, self.velocities, strict=False)):
            if parameter.grad is not None:
                self.update(i, parameter, parameter.grad)


class Momentum__velocity_contains_lr(_Momentum):
    """Your velocity contains lr. Keep lr out of it, and multiply by lr when you update the parameter."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] + self.lr * gradient
        parameter -= self.lr * gradient + self.mu * self.velocities[i] if self.nesterov else self.velocities[i]


class Momentum__nesterov_swapped(_Momentum):
    """With nesterov, you multiplied the gradient by mu in place of the velocity. Subtract lr * (g + mu * velocity)."""

    def move(self, parameter, gradient, velocity):
        parameter -= self.lr * (velocity + self.mu * gradient if self.nesterov else velocity)


class Momentum__old_velocity(_Momentum):
    """You updated the parameter with the old velocity. Compute the new velocity first, then use it."""

    def update(self, i, parameter, gradient):
        self.move(parameter, gradient, self.velocities[i])
        self.velocities[i] = self.mu * self.velocities[i] + gradient


class Momentum__numbers_at_first(_Momentum):
    """Your velocities are numbers at first. Start with tensors: torch.zeros_like(parameter)."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.velocities = [0] * len(self.parameters)


class Momentum__velocities_in_the_default_dtype(_Momentum):
    """Your velocities differ from their parameters in dtype or device. Make them with torch.zeros_like(parameter)."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.velocities = [torch.zeros(parameter.shape) for parameter in self.parameters]

    def update(self, i, parameter, gradient):
        self.velocities[i].mul_(self.mu).add_(gradient)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__one_velocity_for_all(_Momentum):
    """One of your velocities has another shape than its parameter. Make a separate tensor for each parameter:
    torch.zeros_like(parameter)."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr, mu, nesterov)
        self.velocities = [torch.zeros_like(self.parameters[0])] * len(self.parameters)

    def update(self, i, parameter, gradient):
        self.velocities[i].mul_(self.mu).add_(gradient)
        self.move(parameter, gradient, self.velocities[i])


class Momentum__one_number_for_all(_Momentum):
    """All elements of a parameter have changed by the same amount, because your velocity is one number. Keep one tensor
    for each parameter, of its shape."""

    def update(self, i, parameter, gradient):
        self.velocity = self.mu * getattr(self, "velocity", 0) + gradient.mean()
        self.move(parameter, gradient, self.velocity)


class Momentum__one_attribute_for_all(_Momentum):
    """Your velocity is shared by all parameters, although their shapes differ. Keep one tensor for each parameter."""

    def update(self, i, parameter, gradient):
        self.velocity = self.mu * getattr(self, "velocity", 0) + gradient
        self.move(parameter, gradient, self.velocity)


class Momentum__velocity_with_a_minus(_Momentum):
    """Your velocity has the wrong sign. Add the gradient to the velocity, and subtract lr * velocity from the
    parameter."""

    def update(self, i, parameter, gradient):
        self.velocities[i] = self.mu * self.velocities[i] - gradient
        self.move(parameter, gradient, -self.velocities[i])


class Momentum__ready_made(_Momentum):
    """You used torch.optim, which is not allowed here. Write the class yourself, from the formula."""

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
    """You did not correct the averages, which start at 0. Divide exp_avg by 1 - beta1**t, and exp_avg_sq by 1 -
    beta2**t."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__only_the_mean_corrected(_Adam):
    """You corrected only exp_avg. Divide exp_avg_sq by 1 - beta2**t too."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__eps_under_the_root(_Adam):
    """You added eps before the square root. Add it afterwards: sqrt(v) + eps."""

    def move(self, i, t, beta1, beta2):
        v = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (v + self.eps).sqrt()


class Adam__eps_before_the_correction(_Adam):
    """You added eps before the correction, so eps is divided too. Correct first, then take the root, then add eps."""

    def move(self, i, t, beta1, beta2):
        root = (self.exp_avg_sq[i].sqrt() + self.eps) / (1 - beta2**t) ** 0.5
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / root


class Adam__not_squared(_Adam):
    """Your exp_avg_sq averages absolute values. Square each gradient before you average it."""

    def average(self, i, gradient, beta1, beta2):
        super().average(i, gradient, beta1, beta2)
        self.exp_avg_sq[i] += (1 - beta2) * (gradient.abs() - gradient**2)


class Adam__no_root(_Adam):
    """You divided by v itself. Divide by its square root: sqrt(v) + eps."""

    def move(self, i, t, beta1, beta2):
        return self.lr * self.exp_avg[i] / (1 - beta1**t) / (self.exp_avg_sq[i] / (1 - beta2**t) + self.eps)


class Adam__counts_from_0(_Adam):
    """In the first update you divided by zero, because beta1**0 is 1. Count the updates from 1."""

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1 ** (t - 1))
        v = self.exp_avg_sq[i] / (1 - beta2 ** (t - 1))
        return self.lr * m / (v.sqrt() + self.eps)


class Adam__one_count_for_every_update(_Adam):
    """Your parameters share one count, which grows with every update of any parameter. Keep a count for each
    parameter."""

    def move(self, i, t, beta1, beta2):
        self.total = getattr(self, "total", 0) + 1
        return super().move(i, self.total, beta1, beta2)


class Adam__one_count_for_all(_Adam):
    """Your count also grew while a parameter had no gradient. Count the updates of each parameter."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr, betas, eps)
        self.steps = 0

    def step(self):
        self.steps += 1
        super().step()

    def move(self, i, t, beta1, beta2):
        return super().move(i, self.steps, beta1, beta2)


class Adam__always_the_first_correction(_Adam):
    """You always used the correction of the first update. Increase t in each update of a parameter."""

    def move(self, i, t, beta1, beta2):
        return super().move(i, 1, beta1, beta2)


class Adam__betas_swapped(_Adam):
    """You swapped the betas. beta1 is for the gradients, and beta2 for their squares."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr, betas[::-1], eps)


class Adam__shares_swapped(_Adam):
    """You swapped the weights of the averages. The old average has the weight beta1 or beta2, and the new value has the
    rest."""

    def average(self, i, gradient, beta1, beta2):
        super().average(i, gradient, 1 - beta1, 1 - beta2)


class Adam__corrected_ones_kept(_Adam):
    """You stored the corrected averages in the lists, so the next step corrects them again. Use m and v only in the
    update."""

    def move(self, i, t, beta1, beta2):
        self.exp_avg[i] = self.exp_avg[i] / (1 - beta1**t)
        self.exp_avg_sq[i] = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * self.exp_avg[i] / (self.exp_avg_sq[i].sqrt() + self.eps)


class Adam__counts_from_2(_Adam):
    """Your first update used t = 2. Use t = 1 in the first update of a parameter."""

    def move(self, i, t, beta1, beta2):
        return super().move(i, t + 1, beta1, beta2)


class Adam__eps_added_to_the_quotient(_Adam):
    """Your eps is not part of the divisor. Use parentheses: lr * m / (sqrt(v) + eps)."""

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1**t)
        v = self.exp_avg_sq[i] / (1 - beta2**t)
        return self.lr * m / v.sqrt() + self.eps


class Adam__one_list_for_both(_Adam):
    """exp_avg and exp_avg_sq hold the same tensors. Make new tensors of zeros for each of the two lists."""

    def begin(self):
        self.exp_avg = self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.parameters]

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i].mul_(beta1).add_((1 - beta1) * gradient)
        self.exp_avg_sq[i].mul_(beta2).add_((1 - beta2) * gradient**2)


class Adam__beta_times_t(_Adam):
    """You multiplied beta1 and beta2 by t in the correction. Use a power: 1 - beta1**t and 1 - beta2**t."""

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1 * t)
        v = self.exp_avg_sq[i] / (1 - beta2 * t)
        return self.lr * m / (v.sqrt() + self.eps)


class Adam__one_beta_in_both_corrections(_Adam):
    """You corrected both averages with beta1. Divide exp_avg_sq by 1 - beta2**t."""

    def move(self, i, t, beta1, beta2):
        m = self.exp_avg[i] / (1 - beta1**t)
        v = self.exp_avg_sq[i] / (1 - beta1**t)
        return self.lr * m / (v.sqrt() + self.eps)


class Adam__square_of_the_average(_Adam):
    """You averaged the squares of exp_avg. Average the squares of the gradients."""

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i] = beta1 * self.exp_avg[i] + (1 - beta1) * gradient
        self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + (1 - beta2) * self.exp_avg[i] ** 2


class Adam__new_value_in_full(_Adam):
    """You added the new values in full. Multiply g by 1 - beta1, and g**2 by 1 - beta2."""

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i] = beta1 * self.exp_avg[i] + gradient
        self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + gradient**2


class Adam__uphill(_Adam):
    """The parameters moved in the direction of the gradient, so the loss grows. Subtract lr * m / (sqrt(v) + eps)."""

    def move(self, i, t, beta1, beta2):
        return -super().move(i, t, beta1, beta2)


class Adam__without_averages(_Adam):
    """You used the gradient in place of the average m. Divide exp_avg by 1 - beta1**t, and use the result."""

    def average(self, i, gradient, beta1, beta2):
        super().average(i, gradient, beta1, beta2)
        self.last = gradient

    def move(self, i, t, beta1, beta2):
        return self.lr * self.last / ((self.exp_avg_sq[i] / (1 - beta2**t)).sqrt() + self.eps)


class Adam__forgets_at_zero_grad(_Adam):
    """zero_grad() cleared the averages too. Clear only the gradients."""

    def zero_grad(self):
        super().zero_grad()
        self.begin()
        self.updates = [0] * len(self.parameters)


class Adam__nothing_remembered(_Adam):
    """Each step started anew, with averages of zero. Keep the averages and the counts from step to step."""

    def step(self):
        self.begin()
        self.updates = [0] * len(self.parameters)
        super().step()


class Adam__zeros_taken_for_none(_Adam):
    """A gradient of all zeros stopped your update. Skip a parameter only if its .grad is None."""

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
    """A parameter without a gradient was still updated. Skip it, and leave its averages unchanged."""

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            self.updates[i] += 1
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            self.average(i, gradient, *self.betas)
            parameter -= self.move(i, self.updates[i], *self.betas)


class Adam__gradient_overwritten(_Adam):
    """You squared .grad in place. Make a new tensor: g**2 does not change .grad, but square_() does."""

    def average(self, i, gradient, beta1, beta2):
        self.exp_avg[i] = beta1 * self.exp_avg[i] + (1 - beta1) * gradient
        self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + (1 - beta2) * gradient.square_()


class Adam__ready_made(_Adam):
    """You used torch.optim, which is not allowed here. Write the class yourself, from the formula."""

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


class _Decayed(_SGD):
    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, lr)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.move(parameter, parameter.grad)


class DecayedSGD__recorded(_Decayed):
    """You changed a leaf in place while autograd was recording. Do it inside `with torch.no_grad():`."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.move(parameter, parameter.grad)

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter)


class DecayedSGD__gradient_overwritten(_Decayed):
    """You wrote the decay into .grad. Make a new tensor: `+` does not change .grad, but add_() and += do."""

    def move(self, parameter, gradient):
        return self.lr * gradient.add_(parameter, alpha=self.weight_decay)


class DecayedSGD__decays_without_gradient(_Decayed):
    """A parameter without a gradient has decayed. Skip it, so that it does not change."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter *= 1 - self.lr * self.weight_decay
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad


class DecayedSGD__zeros_taken_for_none(_Decayed):
    """With a gradient of all zeros, the parameter did not decay. Skip a parameter only if its .grad is None."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter) * bool(gradient.any())


class DecayedSGD__decay_after_the_move(_Decayed):
    """You computed the decay from the updated parameter. Compute it from the parameter before the update."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad
                parameter *= 1 - self.lr * self.weight_decay


class DecayedSGD__decay_without_lr(_Decayed):
    """Your decay does not depend on lr. Subtract lr * (g + weight_decay * parameter)."""

    def move(self, parameter, gradient):
        return self.lr * gradient + self.weight_decay * parameter


class DecayedSGD__grows(_Decayed):
    """Your decay moves the parameters away from 0. Add weight_decay * parameter to the gradient."""

    def move(self, parameter, gradient):
        return self.lr * (gradient - self.weight_decay * parameter)


class DecayedSGD__doubled(_Decayed):
    """Your decay is twice as large as it must be. Add weight_decay * parameter, without a factor of 2."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + 2 * self.weight_decay * parameter)


class DecayedSGD__sign_only(_Decayed):
    """Your decay has the same size for all elements, which is L1. Make it proportional: weight_decay * parameter."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter.sign())


class DecayedSGD__constant(_Decayed):
    """Your decay does not depend on the parameter. Add weight_decay * parameter to the gradient."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay)


class DecayedSGD__penalty_itself(_Decayed):
    """You added the penalty itself, one number for all elements. Add its derivative, weight_decay * parameter."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay / 2 * parameter.square().sum())


class DecayedSGD__gradient_scaled(_Decayed):
    """You multiplied the gradient by 1 + weight_decay. Add weight_decay * parameter to the gradient."""

    def move(self, parameter, gradient):
        return self.lr * (1 + self.weight_decay) * gradient


class DecayedSGD__squared(_Decayed):
    """Your decay grows with the square of the parameter. Add weight_decay * parameter to the gradient."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter**2)


class DecayedSGD__biases_spared(_Decayed):
    """Parameters of one dimension did not decay. This optimizer decays all parameters that have a gradient."""

    def move(self, parameter, gradient):
        return self.lr * (gradient + self.weight_decay * parameter * (parameter.dim() > 1))


class DecayedSGD__no_decay(_Decayed):
    """Your parameters do not decay. Add weight_decay * parameter to the gradient."""

    def move(self, parameter, gradient):
        return self.lr * gradient


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
    """Your decay passed through the averages, as in Adam with L2. Multiply the parameter by 1 - lr * weight_decay
    instead."""

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
    """Your decay does not depend on lr. Multiply the parameter by 1 - lr * weight_decay."""

    def shrink(self, parameter):
        return 1 - self.weight_decay


class AdamW__decay_after_the_step(_AdamW):
    """You multiplied the parameter after Adam's update. Multiply it first, and then make the update."""

    @torch.no_grad()
    def step(self):
        _Adam.step(self)
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= self.shrink(parameter)


class AdamW__decays_without_gradient(_AdamW):
    """A parameter without a gradient has decayed. Skip it, so that it does not change."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            parameter *= self.shrink(parameter)
        _Adam.step(self)


class AdamW__zeros_taken_for_none(_AdamW):
    """With a gradient of all zeros, the parameter did not decay. Skip a parameter only if its .grad is None."""

    def shrink(self, parameter):
        return super().shrink(parameter) if parameter.grad.any() else 1


class AdamW__lr_of_the_beginning(_AdamW):
    """Your decay used the first lr, although .lr had changed. Read self.lr in each step."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps, weight_decay)
        self.factor = 1 - lr * weight_decay

    def shrink(self, parameter):
        return self.factor


class AdamW__grows(_AdamW):
    """Your decay moves the parameters away from 0. Multiply each one by 1 - lr * weight_decay."""

    def shrink(self, parameter):
        return 1 + self.lr * self.weight_decay


class AdamW__a_step_for_each_parameter(_AdamW):
    """You made Adam's step once for each parameter. Decay all parameters in the loop, and make the step after it."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= self.shrink(parameter)
                _Adam.step(self)


class AdamW__recorded(_AdamW):
    """You changed a leaf in place while autograd was recording. Do it inside `with torch.no_grad():`."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= self.shrink(parameter)
        _Adam.step(self)


class AdamW__kept_share_only(_AdamW):
    """You multiplied the parameter by lr * weight_decay. Multiply it by 1 - lr * weight_decay."""

    def shrink(self, parameter):
        return self.lr * self.weight_decay


class AdamW__no_decay(_AdamW):
    """Your parameters do not decay. If a parameter has a gradient, change it in place with mul_(1 - lr *
    weight_decay)."""

    def shrink(self, parameter):
        return 1


class AdamW__biases_spared(_AdamW):
    """Parameters of one dimension did not decay. This optimizer decays all parameters that have a gradient."""

    def shrink(self, parameter):
        return super().shrink(parameter) if parameter.dim() > 1 else 1


class AdamW__ready_made(_AdamW):
    """You used torch.optim, which is not allowed here. Write the class yourself, from the formula."""

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
    """Your second group is empty. Check its condition, and if you read one generator twice, make a list of it first."""
    parameters = (parameter for parameter in model.parameters() if parameter.requires_grad)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__by_name(model, weight_decay):
    """You chose by the word bias. Choose by the number of dimensions: the weight of a norm layer has only one."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    weights = [parameter for name, parameter in named if "bias" not in name]
    others = [parameter for name, parameter in named if "bias" in name]
    return _groups(weights, others, weight_decay)


def parameter_groups__called_weight(model, weight_decay):
    """You chose by the word weight. Choose by the number of dimensions: names can be anything."""
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    weights = [parameter for name, parameter in named if "weight" in name]
    others = [parameter for name, parameter in named if "weight" not in name]
    return _groups(weights, others, weight_decay)


def parameter_groups__matrices_only(model, weight_decay):
    """Your first group has only parameters of exactly two dimensions. The weight of a convolution has more: use dim()
    >= 2."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() == 2]
    others = [parameter for parameter in parameters if parameter.dim() != 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__more_than_two(model, weight_decay):
    """Your first group leaves out parameters of two dimensions. Use dim() >= 2."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() > 2]
    others = [parameter for parameter in parameters if parameter.dim() <= 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__linear_layers_only(model, weight_decay):
    """Your groups have only the parameters of nn.Linear layers. model.parameters() yields those of all modules."""
    layers = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    parameters = {id(p): p for layer in layers for p in layer.parameters() if p.requires_grad}.values()
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__tuple(model, weight_decay):
    """You returned a tuple. Return a list of the two dicts."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return tuple(_groups(weights, others, weight_decay))


def parameter_groups__scalars_lost(model, weight_decay):
    """A parameter of shape () is in neither group. Put all parameters of fewer than two dimensions into the second
    group."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() == 1]
    return _groups(weights, others, weight_decay)


def parameter_groups__frozen_kept(model, weight_decay):
    """Your groups contain frozen parameters. Leave out each parameter whose requires_grad is False."""
    parameters = list(model.parameters())
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__frozen_weights_among_the_others(model, weight_decay):
    """Your second group contains frozen parameters. Leave out each parameter whose requires_grad is False."""
    weights = [parameter for parameter in _trainable(model) if parameter.dim() >= 2]
    others = [parameter for parameter in model.parameters() if parameter.dim() < 2 or not parameter.requires_grad]
    return _groups(weights, others, weight_decay)


def parameter_groups__sorted(model, weight_decay):
    """Your groups have the right parameters in another order. Keep the order of model.parameters()."""
    parameters = sorted(_trainable(model), key=torch.numel)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__dicts_of_names(model, weight_decay):
    """\"params\" is a dict. Make a list of the parameters, without their names."""
    named = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    return [
        {"params": {name: p for name, p in named.items() if p.dim() >= 2}, "weight_decay": weight_decay},
        {"params": {name: p for name, p in named.items() if p.dim() < 2}, "weight_decay": 0.0},
    ]


def parameter_groups__copies(model, weight_decay):
    """Your groups hold other tensors than the model's parameters. Use the objects that model.parameters() yields."""
    parameters = [parameter.detach().clone().requires_grad_() for parameter in _trainable(model)]
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__shared_twice(model, weight_decay):
    """A shared parameter is in your groups twice, so a step would update it twice. Take each object once."""
    parameters = [p for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def parameter_groups__swapped(model, weight_decay):
    """Your groups are in the wrong order. Put the parameters of two or more dimensions first, with weight_decay."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(others, weights, weight_decay)


def parameter_groups__no_word_of_decay(model, weight_decay):
    """Your second dict has no weight_decay, so the optimizer's own default would apply. Set it to 0.0."""
    groups = _groups([], [], weight_decay)
    parameters = _trainable(model)
    groups[0]["params"] = [parameter for parameter in parameters if parameter.dim() >= 2]
    return [groups[0], {"params": [parameter for parameter in parameters if parameter.dim() < 2]}]


def parameter_groups__all_decay(model, weight_decay):
    """Your second group decays too. Set its weight_decay to 0.0."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return [{"params": group, "weight_decay": weight_decay} for group in (weights, others)]


def parameter_groups__empty_group_left_out(model, weight_decay):
    """You left out a group that has no parameters. Return both groups: "params" may be an empty list."""
    parameters = _trainable(model)
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return [group for group in _groups(weights, others, weight_decay) if group["params"]]


def parameter_groups__generator_expressions(model, weight_decay):
    """ "params" is a generator, which can be read only once. Make lists."""
    parameters = _trainable(model)
    return [
        {"params": (parameter for parameter in parameters if parameter.dim() >= 2), "weight_decay": weight_decay},
        {"params": (parameter for parameter in parameters if parameter.dim() < 2), "weight_decay": 0.0},
    ]


def parameter_groups__generators(model, weight_decay):
    """ "params" is a filter object, which can be read only once. Make lists."""
    parameters = _trainable(model)
    return [
        {"params": filter(lambda parameter: parameter.dim() >= 2, parameters), "weight_decay": weight_decay},
        {"params": filter(lambda parameter: parameter.dim() < 2, parameters), "weight_decay": 0.0},
    ]


def parameter_groups__children_only(model, weight_decay):
    """You left out parameters of modules deeper inside. model.parameters() yields those of all modules."""
    parameters = [p for child in [model, *model.children()] for p in child.parameters(recurse=False)]
    parameters = list({id(p): p for p in parameters if p.requires_grad}.values())
    weights = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    return _groups(weights, others, weight_decay)


def set_learning_rate__attribute(optimizer, lr):
    """The next step used the old learning rate. step() reads the learning rate only from group["lr"] in
    optimizer.param_groups."""
    optimizer.lr = lr


def set_learning_rate__first_group(optimizer, lr):
    """You changed only the first group. Each group has its own lr: change all of them."""
    optimizer.param_groups[0]["lr"] = lr


def set_learning_rate__last_group(optimizer, lr):
    """You changed only the last group. Each group has its own lr: change all of them."""
    optimizer.param_groups[-1]["lr"] = lr


def set_learning_rate__attribute_of_a_group(optimizer, lr):
    """You set an attribute of a group. A group is a dict: assign to group["lr"]."""
    for group in optimizer.param_groups:
        group.lr = lr


def set_learning_rate__list_indexed_by_a_name(optimizer, lr):
    """You used a name as an index of a list. param_groups is a list of dicts: loop over it, and assign to
    group["lr"]."""
    optimizer.param_groups["lr"] = lr


def set_learning_rate__groups_replaced(optimizer, lr):
    """You changed other settings of a group too. Change only its lr."""
    optimizer.param_groups = [{"params": group["params"], "lr": lr} for group in optimizer.param_groups]


def set_learning_rate__scaled(optimizer, lr):
    """Your groups still have different learning rates. Set the lr of each group to the new value."""
    scale = lr / optimizer.param_groups[0]["lr"]
    for group in optimizer.param_groups:
        group["lr"] *= scale


def set_learning_rate__made_anew(optimizer, lr):
    """Your optimizer has forgotten its earlier steps, as if it were new. Change only lr in its groups."""
    optimizer.__init__(list(optimizer.param_groups), lr=lr)
    for group in optimizer.param_groups:
        group["lr"] = lr


def set_learning_rate__one_group_for_all(optimizer, lr):
    """Your optimizer no longer has its groups, so their settings are lost. Keep the groups, and change only the lr of
    each one."""
    optimizer.__init__([parameter for group in optimizer.param_groups for parameter in group["params"]], lr=lr)


def set_learning_rate__all_settings_reset(optimizer, lr):
    """You changed other settings of a group too. Change only its lr."""
    for group in optimizer.param_groups:
        group.update(optimizer.defaults, lr=lr)


def set_learning_rate__factor(optimizer, lr):
    """You multiplied the old learning rate by the new one. Replace it."""
    for group in optimizer.param_groups:
        group["lr"] *= lr


def set_learning_rate__steps_too(optimizer, lr):
    """Your function updated the parameters. Change only lr, and leave step() to the caller."""
    for group in optimizer.param_groups:
        group["lr"] = lr
    optimizer.step()


def set_learning_rate__optimizer_returned(optimizer, lr):
    """The learning rate is right, but you also returned something. Return None."""
    for group in optimizer.param_groups:
        group["lr"] = lr
    return optimizer
