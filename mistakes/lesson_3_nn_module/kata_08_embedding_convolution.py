"""Wrong answers to katas/lesson_3_nn_module/kata_08_embedding_convolution.py, each with a sentence that corrects it."""

import torch
import torch.nn.functional as F
from torch import nn


class _Embedding(nn.Module):
    """The right one: the mistakes change one thing each."""

    def __init__(self, count, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        return self.weight[labels]


class Embedding__plain_tensor(_Embedding):
    """named_parameters() does not list weight. Assign it to self.weight, wrapped in nn.Parameter."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = torch.randn(count, size)


class Embedding__buffer(_Embedding):
    """named_parameters() does not list weight, because it is a buffer. Assign an nn.Parameter to self.weight."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.register_buffer("weight", torch.randn(count, size))


class Embedding__frozen(_Embedding):
    """weight does not require grad, so it can't be learned. An nn.Parameter requires grad by default."""

    def __init__(self, count, size):
        super().__init__(count, size)
        self.weight.requires_grad_(False)


class Embedding__named_otherwise(_Embedding):
    """Your parameter has another name. Call the attribute weight, so that a state of nn.Embedding fits."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.table = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        return self.table[labels]


class Embedding__columns_for_labels(_Embedding):
    """weight has shape (size, count). Each label has a row, so the shape must be (count, size)."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.randn(size, count))

    def forward(self, labels):
        return self.weight.T[labels]


class Embedding__even_start(_Embedding):
    """Your initial values have a mean of about 0.5. Draw them from a normal distribution with mean 0: torch.randn."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.rand(count, size))


class Embedding__zeros_at_the_start(_Embedding):
    """All of your initial values are 0, so all labels start alike. Draw them from a normal distribution."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.zeros(count, size))


class Embedding__small_start(_Embedding):
    """The standard deviation of your initial values is too small. Draw them with torch.randn, without any scaling."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.randn(count, size) / size**0.5)


class Embedding__tiny_start(_Embedding):
    """The standard deviation of your initial values is much too small. Draw them with torch.randn, without any
    scaling."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(0.01 * torch.randn(count, size))


class Embedding__uniform_from_minus_1_to_1(_Embedding):
    """The standard deviation of your initial values is below 1. Draw them from a normal distribution, with
    torch.randn."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.rand(count, size) * 2 - 1)


class Embedding__uniform_of_the_right_width(_Embedding):
    """The mean and the standard deviation are right, but the values are not normally distributed. Draw them with
    torch.randn."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter((torch.rand(count, size) * 2 - 1) * 3**0.5)


class Embedding__labels_as_floats(_Embedding):
    """You used floats as an index. Leave the labels int64."""

    def forward(self, labels):
        return self.weight[labels.float()]


class Embedding__label_times_a_row(_Embedding):
    """You multiplied one row by each label. A label is the index of a row, so select rows with it."""

    def forward(self, labels):
        return labels[..., None].to(self.weight.dtype) * self.weight[0]


class Embedding__labels_as_factors(_Embedding):
    """You multiplied the labels by the table. A label is the index of a row, so select rows with it."""

    def forward(self, labels):
        return labels.to(self.weight.dtype) @ self.weight


class Embedding__columns_guessed(_Embedding):
    """Your one-hot rows have a column for each label up to the largest one given. Make one column for each row of
    weight."""

    def forward(self, labels):
        return F.one_hot(labels).to(self.weight.dtype) @ self.weight


class Embedding__columns_selected(_Embedding):
    """You selected columns of weight. The row of a label is weight[label]."""

    def forward(self, labels):
        return self.weight[:, labels]


class Embedding__flat_list_of_rows(_Embedding):
    """The rows are right, but your result has one dimension for all labels. Its shape must be labels.shape +
    (size,)."""

    def forward(self, labels):
        return self.weight[labels.reshape(-1)]


class Embedding__graph_cut(_Embedding):
    """The rows are right, but they have no graph. Select them from weight itself, without detach(), .data or
    no_grad."""

    def forward(self, labels):
        return self.weight.detach()[labels]


class _LastOneWins(torch.autograd.Function):
    @staticmethod
    def forward(ctx, weight, labels):
        ctx.save_for_backward(labels)
        ctx.shape = weight.shape
        return weight[labels]

    @staticmethod
    def backward(ctx, upstream):
        # In a loop: which of several writes to one row comes last is not settled otherwise.
        (labels,) = ctx.saved_tensors
        grad = upstream.new_zeros(ctx.shape)
        flat = upstream.reshape(-1, upstream.shape[-1])
        for label, row in zip(labels.flatten().tolist(), flat, strict=True):
            grad[label] = row
        return grad, None


class Embedding__last_gradient_wins(_Embedding):
    """For a label that appears twice, weight gets only one of the two gradients. Add both of them up."""

    def forward(self, labels):
        return _LastOneWins.apply(self.weight, labels)


class Embedding__ready_made(_Embedding):
    """The rows are right, but PyTorch's own embedding is not allowed here. Index weight with the labels."""

    def forward(self, labels):
        return F.embedding(labels, self.weight)


class Embedding__layer_within(nn.Module):
    """Your parameter belongs to a layer inside your module, so its name has a prefix. Assign it to self.weight."""

    def __init__(self, count, size):
        super().__init__()
        self.inner = _Embedding(count, size)

    def forward(self, labels):
        return self.inner(labels)


def _room(size, kernel_size, padding):
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room


def output_size__one_too_few(size, kernel_size, stride, padding):
    """Your result is one too small. Count the first position too, not only the moves."""
    return _room(size, kernel_size, padding) // stride


def output_size__padding_at_one_end(size, kernel_size, stride, padding):
    """Your result counts the padding once. Count it twice, because there are zeros at both ends."""
    room = size + padding - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__padding_forgotten(size, kernel_size, stride, padding):
    """Your result ignores the padding. Add the zeros at both ends to the length of the side."""
    room = size - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__stride_forgotten(size, kernel_size, stride, padding):
    """Your result ignores the stride. A kernel that moves by 2 has about half as many positions."""
    return _room(size, kernel_size, padding) + 1


def output_size__one_added_too_early(size, kernel_size, stride, padding):
    """You added 1 before you divided by the stride. Divide first, and add 1 to the result."""
    return (_room(size, kernel_size, padding) + 1) // stride


def output_size__float(size, kernel_size, stride, padding):
    """You returned a float. Return an int, rounded down, because a kernel that sticks out does not count."""
    return _room(size, kernel_size, padding) / stride + 1


def output_size__rounded_up(size, kernel_size, stride, padding):
    """You rounded up, which counts a position where the kernel sticks out. Round down."""
    return -(-_room(size, kernel_size, padding) // stride) + 1


def output_size__rounded_to_the_nearest(size, kernel_size, stride, padding):
    """For some sizes your result is one too large, as if you had rounded to the nearest integer. Round down."""
    return round(_room(size, kernel_size, padding) / stride) + 1


def output_size__side_by_stride(size, kernel_size, stride, padding):
    """Your result does not depend on the kernel's length. Subtract it from the side first, because the whole kernel
    must lie inside."""
    _room(size, kernel_size, padding)
    return (size + 2 * padding) // stride


def output_size__padding_not_room(size, kernel_size, stride, padding):
    """You raised an error for a kernel that fits on the side with its zeros. Compare kernel_size with size + 2 *
    padding."""
    if kernel_size > size:
        raise ValueError("the kernel does not fit")
    return _room(size, kernel_size, padding) // stride + 1


def output_size__just_fitting_refused(size, kernel_size, stride, padding):
    """You raised an error for a kernel as long as the side with its zeros. It has one position."""
    room = _room(size, kernel_size, padding)
    if room == 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__nothing_refused(size, kernel_size, stride, padding):
    """Your code accepts a kernel that fits nowhere. Raise a ValueError."""
    return (size + 2 * padding - kernel_size) // stride + 1


def output_size__cut_towards_0(size, kernel_size, stride, padding):
    """With a stride above 1, your code counts a position for a kernel that does not fit. Compare the lengths before you
    divide."""
    room = size + 2 * padding - kernel_size
    places = (room // stride if room >= 0 else -(-room // stride)) + 1
    if places < 1:
        raise ValueError("the kernel does not fit")
    return places


def _correlate(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    return sum(kernel[i, j] * image[i : i + rows, j : j + columns] for i in range(h) for j in range(w))


def correlate__kernel_flipped(image, kernel):
    """Your result is that of a flipped kernel. kernel[0, 0] must meet the upper left element of each patch."""
    return _correlate(image, kernel.flip(0, 1))


def correlate__rows_and_columns_of_the_kernel_swapped(image, kernel):
    """Your result is that of a transposed kernel. The rows of the kernel must meet the rows of the image."""
    return _correlate(image, kernel.T)


def correlate__last_places_missing(image, kernel):
    """Your result lacks the last row and the last column. The kernel fits at H - h + 1 by W - w + 1 positions."""
    return _correlate(image, kernel)[:-1, :-1]


def correlate__as_large_as_the_image(image, kernel):
    """Your result is as large as the image. Keep only the positions where the whole kernel fits."""
    h, w = kernel.shape
    return _correlate(F.pad(image, (0, w - 1, 0, h - 1)), kernel)


def correlate__padded(image, kernel):
    """Your result is larger than it must be, as if you had padded the image. Keep only positions where the whole kernel
    fits."""
    h, w = kernel.shape
    return _correlate(F.pad(image, (w // 2, w // 2, h // 2, h // 2)), kernel)


def correlate__height_and_width_swapped(image, kernel):
    """Your result has H - w + 1 rows and W - h + 1 columns. Subtract h from H, and w from W."""
    (height, width), (h, w) = image.shape, kernel.shape
    padded = F.pad(image, (0, w, 0, h))
    return _correlate(padded, kernel)[: height - w + 1, : width - h + 1]


def correlate__sums_multiplied(image, kernel):
    """You multiplied the sum of the patch by the sum of the kernel. Multiply element by element, then add up."""
    return _correlate(image, torch.ones_like(kernel)) * kernel.sum()


def correlate__means(image, kernel):
    """You divided the sums by the size of the kernel. Return the sums."""
    return _correlate(image, kernel) / kernel.numel()


def correlate__side_by_side(image, kernel):
    """Your kernel moves by its own size. Move it by 1, so that the patches overlap."""
    return _correlate(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]]


def correlate__first_row_only(image, kernel):
    """Only the first row of the kernel counts in your sums. Use all of its elements."""
    return _correlate(image, torch.cat([kernel[:1], torch.zeros_like(kernel[1:])]))


def correlate__product_of_matrices(image, kernel):
    """You multiplied patch and kernel as matrices. Multiply them element by element, then add up."""
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    sums = [(image[i : i + h, j : j + w] @ kernel.T).sum() for i in range(rows) for j in range(columns)]
    return torch.stack(sums).reshape(rows, columns)


def correlate__graph_cut(image, kernel):
    """The values are right, but they have no graph. Compute with image and kernel, without torch.tensor(), item(),
    detach() or no_grad."""
    return _correlate(image.detach(), kernel.detach())


def correlate__always_float32(image, kernel):
    """Your result is float32 although image and kernel are float64. Create new tensors with the dtype of image."""
    (height, width), (h, w) = image.shape, kernel.shape
    out = torch.zeros(height - h + 1, width - w + 1, device=image.device)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def correlate__kernel_cut(image, kernel):
    """A gradient reaches image, but none reaches kernel. Multiply by the elements of kernel itself, without item() or
    detach()."""
    return _correlate(image, kernel.detach())


def correlate__kernel_flipped_in_place(image, kernel):
    """You flipped the argument kernel in place. Multiply the kernel as it is, and do not change it."""
    with torch.no_grad():
        kernel.copy_(kernel.flip(0, 1))
    return _correlate(image, kernel)


def correlate__ready_made(image, kernel):
    """The values are right, but PyTorch's own convolution is not allowed here. Use products and sums."""
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


class _Conv2d(nn.Module):
    """The right one: the mistakes change one thing each."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        bound = (in_channels * kernel_size**2) ** -0.5
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound))

    def lay(self, images, weight, stride=None, padding=None):
        """The convolution without a bias. stride and padding may be two numbers, for the height and the width."""
        stride = self.stride if stride is None else stride
        padding = self.padding if padding is None else padding
        down, across = stride if isinstance(stride, tuple) else (stride, stride)
        rows, columns = padding if isinstance(padding, tuple) else (padding, padding)
        k = weight.shape[-1]
        windows = F.pad(images, (columns, columns, rows, rows)).unfold(2, k, down).unfold(3, k, across)
        return torch.einsum("nchwij,ocij->nohw", windows, weight)

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias[:, None, None]


class Conv2d__plain_tensors(_Conv2d):
    """named_parameters() lists neither weight nor bias. Wrap both in nn.Parameter."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        weight, bias = self.weight.detach(), self.bias.detach()
        del self.weight, self.bias
        self.weight, self.bias = weight, bias


class Conv2d__bias_no_parameter(_Conv2d):
    """named_parameters() lists weight, but not bias. Wrap bias in nn.Parameter."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        bias = self.bias.detach()
        del self.bias
        self.bias = bias


class Conv2d__in_channels_first(_Conv2d):
    """weight has shape (in_channels, out_channels, k, k). The output channels must come first, as in the weight of
    nn.Linear."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach().transpose(0, 1).clone())

    def forward(self, images):
        return self.lay(images, self.weight.transpose(0, 1)) + self.bias[:, None, None]


class Conv2d__one_kernel_for_all_channels(_Conv2d):
    """weight has no dimension for the input channels. Each input channel has its own part of every kernel."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach()[:, 0].clone())


class Conv2d__bias_of_four_dimensions(_Conv2d):
    """bias has four dimensions. Its shape must be (out_channels,), so add dimensions in forward() only."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.bias = nn.Parameter(self.bias.detach().reshape(1, -1, 1, 1))

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias


class Conv2d__bias_for_each_in_channel(_Conv2d):
    """bias has one entry for each input channel. You add bias to the result, so it must have one for each output
    channel."""

    def __init__(self, in_channels, *sizes, **options):
        super().__init__(in_channels, *sizes, **options)
        self.bias = nn.Parameter(self.bias.detach().new_zeros(in_channels))


class Conv2d__standard_normal_start(_Conv2d):
    """Most initial values of weight lie outside [-b, b]. Draw them from a uniform distribution from -b to b."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(torch.randn_like(self.weight))


class Conv2d__start_above_0(_Conv2d):
    """No initial value of weight is negative. Draw from -b to b."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach().abs())


class Conv2d__bound_of_the_channels_alone(_Conv2d):
    """Most initial values of weight lie outside [-b, b]. Use b = 1 / sqrt(in_channels * k * k), with the size of the
    kernel."""

    def __init__(self, in_channels, *sizes, **options):
        super().__init__(in_channels, *sizes, **options)
        self.weight = nn.Parameter(self.weight.detach() * self.kernel_size)


class Conv2d__bound_without_channels(_Conv2d):
    """Initial values of weight lie outside [-b, b]. Use b = 1 / sqrt(in_channels * k * k)."""

    def __init__(self, in_channels, *sizes, **options):
        super().__init__(in_channels, *sizes, **options)
        for parameter in self.parameters():
            parameter.data *= in_channels**0.5


class Conv2d__uniform_from_0_to_1(_Conv2d):
    """Most initial values of weight lie outside [-b, b]. Draw from -b to b, not from 0 to 1 or from -1 to 1."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(torch.rand_like(self.weight))


class Conv2d__bias_starts_at_zero(_Conv2d):
    """The initial values of bias are too close to 0. Draw them like those of weight, from -b to b."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.bias = nn.Parameter(torch.zeros_like(self.bias))


class Conv2d__zeros_at_the_start(_Conv2d):
    """The initial values of weight are too close to 0. Draw them from -b to b."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(torch.zeros_like(self.weight))


class Conv2d__bias_forgotten(_Conv2d):
    """Your result lacks the bias. Add bias[o] to each element of output channel o."""

    def forward(self, images):
        return self.lay(images, self.weight)


class Conv2d__bias_added_for_each_channel(_Conv2d):
    """You added the bias once for each input channel. Add it once to the sum over all channels."""

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias[:, None, None] * images.shape[1]


class Conv2d__bias_along_the_width(_Conv2d):
    """You added the bias along the width, but the output channels are dimension 1. Add bias.view(-1, 1, 1), and keep
    the parameter's shape."""

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias


class Conv2d__bias_along_the_places(_Conv2d):
    """You added the bias along the positions. The output channels come before the positions, so make a column of the
    bias."""

    def forward(self, images):
        sums = self.lay(images, self.weight)
        return (sums.flatten(2) + self.bias).reshape(sums.shape)


class Conv2d__kernel_flipped(_Conv2d):
    """Your result is that of flipped kernels. Multiply each patch by the kernels as they are, as in correlate."""

    def forward(self, images):
        return self.lay(images, self.weight.flip(2, 3)) + self.bias[:, None, None]


class Conv2d__rows_and_columns_swapped(_Conv2d):
    """Your result is that of transposed kernels. The rows of a kernel must meet the rows of the images."""

    def forward(self, images):
        return self.lay(images, self.weight.transpose(2, 3)) + self.bias[:, None, None]


class Conv2d__kernel_with_channels_last(_Conv2d):
    """You listed the elements of a kernel with the channels last, but those of a patch with the channels first. Use one
    order."""

    def forward(self, images):
        patches = F.unfold(images, self.kernel_size, padding=self.padding, stride=self.stride)
        sums = self.weight.permute(0, 2, 3, 1).flatten(1) @ patches
        return sums.reshape(self.lay(images, self.weight).shape) + self.bias[:, None, None]


class Conv2d__first_channel_only(_Conv2d):
    """Only the first input channel counts in your result. Sum over all of them."""

    def forward(self, images):
        return self.lay(images[:, :1], self.weight[:, :1]) + self.bias[:, None, None]


class Conv2d__mean_over_the_channels(_Conv2d):
    """You took the mean over the input channels. Take the sum."""

    def forward(self, images):
        return self.lay(images, self.weight) / images.shape[1] + self.bias[:, None, None]


class Conv2d__channels_summed_first(_Conv2d):
    """You summed the input channels before you weighted them. Each channel has its own part of the kernel."""

    def forward(self, images):
        summed = self.weight.sum(dim=1, keepdim=True)
        return self.lay(images.sum(dim=1, keepdim=True), summed) + self.bias[:, None, None]


class Conv2d__stride_down_only(_Conv2d):
    """Your kernels move by the stride along the height only. Use it along the width too."""

    def forward(self, images):
        return self.lay(images, self.weight, stride=(self.stride, 1)) + self.bias[:, None, None]


class Conv2d__stride_forgotten(_Conv2d):
    """Your kernels move by 1, whatever the stride is. Move them by the stride along both sides."""

    def forward(self, images):
        return self.lay(images, self.weight, stride=1) + self.bias[:, None, None]


class Conv2d__stride_from_the_second_place(_Conv2d):
    """With a stride above 1, your result leaves out the first patch. Start in the upper left corner."""

    def forward(self, images):
        s = self.stride
        return self.lay(images, self.weight, stride=1)[:, :, s - 1 :: s, s - 1 :: s] + self.bias[:, None, None]


class Conv2d__padding_at_one_end(_Conv2d):
    """You added the zeros at one end of each side. Add them at both ends."""

    def forward(self, images):
        padded = F.pad(images, (0, self.padding, 0, self.padding))
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_left_and_right_only(_Conv2d):
    """You added the zeros left and right only. Add them above and below too."""

    def forward(self, images):
        return self.lay(images, self.weight, padding=(0, self.padding)) + self.bias[:, None, None]


class Conv2d__padding_all_on_one_end(_Conv2d):
    """The size is right, but all zeros are at one end of each side. Put half of them at the other end."""

    def forward(self, images):
        padded = F.pad(images, (0, 2 * self.padding, 0, 2 * self.padding))
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_forgotten(_Conv2d):
    """Your result is too small, because it ignores the padding. Add zeros on all four sides of the images."""

    def forward(self, images):
        return self.lay(images, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_with_the_border(_Conv2d):
    """You padded with the values at the border. Pad with zeros."""

    def forward(self, images):
        padded = F.pad(images, [self.padding] * 4, mode="replicate") if len(images) else images
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__zeros_around_the_answer(_Conv2d):
    """You added the zeros around the result. Add them around the images, before the kernels move."""

    def forward(self, images):
        answer = self.lay(images, self.weight, padding=0) + self.bias[:, None, None]
        return F.pad(answer, [self.padding] * 4)


class Conv2d__sides_swapped(_Conv2d):
    """Height and width of your result are swapped. Its shape must be (N, out_channels, H', W')."""

    def forward(self, images):
        answer = self.lay(images, self.weight) + self.bias[:, None, None]
        return answer.reshape(*answer.shape[:2], answer.shape[3], answer.shape[2])


class Conv2d__channels_and_places_mixed(_Conv2d):
    """The shape is right, but the values are in the wrong places. Bring the result to (N, out_channels, positions), and
    reshape this to (N, out_channels, H', W')."""

    def forward(self, images):
        answer = self.lay(images, self.weight) + self.bias[:, None, None]
        return answer.flatten(2).transpose(1, 2).reshape(answer.shape)


class Conv2d__channels_last(_Conv2d):
    """Your result has the output channels last. They must be dimension 1, after the batch."""

    def forward(self, images):
        return (self.lay(images, self.weight) + self.bias[:, None, None]).permute(0, 2, 3, 1)


class Conv2d__graph_cut(_Conv2d):
    """The values are right, but no gradient reaches weight. Use weight itself, without detach(), .data or no_grad."""

    def forward(self, images):
        return self.lay(images, self.weight.detach()) + self.bias[:, None, None]


class Conv2d__ready_made(_Conv2d):
    """The values are right, but PyTorch's own convolution is not allowed here. Use patches and a matrix product."""

    def forward(self, images):
        return F.conv2d(images, self.weight, self.bias, self.stride, self.padding)


def _in_squares(images, size):
    n, c, height, width = images.shape
    if height % size or width % size:
        raise ValueError("the sides can't be cut")
    return images.reshape(n, c, height // size, size, width // size, size)


def _difference(mine, theirs, inputs):
    theirs.load_state_dict(mine.state_dict())
    return mine(inputs) - theirs(inputs)


def difference_to_pytorch__nothing_copied(mine, theirs, inputs):
    """You compared two layers with different weights. First copy the values of mine into theirs."""
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__mine_overwritten(mine, theirs, inputs):
    """You changed the parameters of mine. Copy in the other direction, from mine into theirs."""
    mine.load_state_dict(theirs.state_dict())
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__without_abs(mine, theirs, inputs):
    """Your result is the largest signed difference. Take absolute values first, because -2 is a large
    difference too."""
    return _difference(mine, theirs, inputs).max().item()


def difference_to_pytorch__of_the_maxima(mine, theirs, inputs):
    """You compared only the largest elements of the two results. Subtract the results first, and take absolute
    values."""
    theirs.load_state_dict(mine.state_dict())
    return (mine(inputs).max() - theirs(inputs).max()).abs().item()


def difference_to_pytorch__sum(mine, theirs, inputs):
    """You added up the absolute differences. Return the largest one."""
    return _difference(mine, theirs, inputs).abs().sum().item()


def difference_to_pytorch__mean(mine, theirs, inputs):
    """You returned the mean of the absolute differences. Return the largest one."""
    return _difference(mine, theirs, inputs).abs().mean().item()


def difference_to_pytorch__mean_square(mine, theirs, inputs):
    """You returned the mean of the squared differences. Return the largest absolute difference."""
    return (_difference(mine, theirs, inputs) ** 2).mean().item()


def difference_to_pytorch__norm(mine, theirs, inputs):
    """You returned the root of the sum of the squared differences. Return the largest absolute difference."""
    return _difference(mine, theirs, inputs).norm().item()


def difference_to_pytorch__tensor(mine, theirs, inputs):
    """You returned a tensor. Return a Python float, for example with item()."""
    return _difference(mine, theirs, inputs).abs().max()


def difference_to_pytorch__truth(mine, theirs, inputs):
    """You returned True or False. Return the largest absolute difference as a float."""
    return bool(_difference(mine, theirs, inputs).abs().max() < 1e-6)


def difference_to_pytorch__parameters_shared(mine, theirs, inputs):
    """The two layers share memory now, so training one would change the other. Copy the values into theirs."""
    theirs.load_state_dict(mine.state_dict(), assign=True)
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__copied_by_position(mine, theirs, inputs):
    """Your code accepts parameters with other names or shapes. load_state_dict compares both and raises the error."""
    with torch.no_grad():
        for each, other in zip(theirs.parameters(), mine.parameters(), strict=True):
            each.copy_(other)
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__names_skipped(mine, theirs, inputs):
    """Your code accepts parameters with other names. Raise a RuntimeError, as load_state_dict does with strict=True."""
    theirs.load_state_dict(mine.state_dict(), strict=False)
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__shapes_broadcast(mine, theirs, inputs):
    """Your code accepts parameters with other shapes. Compare the shapes before you copy, and raise a RuntimeError."""
    values = mine.state_dict()
    with torch.no_grad():
        for name, parameter in theirs.named_parameters():
            if name not in values:
                raise RuntimeError(f"{name} is missing")
            parameter.copy_(values[name])
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def max_pool__over_the_squares(images, size):
    """You took the maximum over the squares, not inside each one. Reduce the dimensions of length size."""
    return _in_squares(images, size).amax(dim=(2, 4))


def max_pool__sides_not_split_in_order(images, size):
    """The shape is right, but your squares contain elements from other positions. Split H into (H / size, size), and W
    likewise."""
    n, c, height, width = images.shape
    _in_squares(images, size)
    return images.reshape(n, c, height // size, width // size, size, size).amax(dim=(4, 5))


def max_pool__size_before_squares(images, size):
    """You cut a side into size parts. Cut it into parts of length size: (H / size, size)."""
    n, c, height, width = images.shape
    _in_squares(images, size)
    return images.reshape(n, c, size, height // size, size, width // size).amax(dim=(2, 4))


def max_pool__rows_only(images, size):
    """You took the maximum along the height only. Take it along both sides of a square."""
    return _in_squares(images, size).amax(dim=3).flatten(3)


def max_pool__first_of_each_square(images, size):
    """You returned the upper left element of each square. Return the largest one."""
    _in_squares(images, size)
    return images[:, :, ::size, ::size]


def max_pool__means(images, size):
    """You returned the mean of each square. Return its largest element."""
    return _in_squares(images, size).mean(dim=(3, 5))


def max_pool__smallest(images, size):
    """You returned the smallest element of each square. Return the largest one."""
    return _in_squares(images, size).amin(dim=(3, 5))


def max_pool__places(images, size):
    """You returned the positions of the largest elements. Return the elements."""
    return _in_squares(images, size).transpose(3, 4).flatten(4).argmax(dim=4)


def max_pool__never_below_0(images, size):
    """Your result is 0 for a square of negative values. Return its largest element, although it is negative."""
    return _in_squares(images, size).amax(dim=(3, 5)).clamp(min=0)


def max_pool__over_the_channels(images, size):
    """Your result has one channel. Take the maximum in each channel separately."""
    return _in_squares(images, size).amax(dim=(1, 3, 5))[:, None]


def max_pool__overlapping(images, size):
    """Your squares overlap. Move by size from one square to the next."""
    _in_squares(images, size)
    return images.unfold(2, size, 1).unfold(3, size, 1).amax(dim=(4, 5))


def max_pool__rest_cut_off(images, size):
    """Your code drops rows or columns that are left over. Raise a ValueError if size does not divide both sides."""
    height, width = (side // size * size for side in images.shape[2:])
    return _in_squares(images[:, :, :height, :width], size).amax(dim=(3, 5))


def max_pool__pytorchs_own_error(images, size):
    """PyTorch raised its own RuntimeError. Check both sides first, and raise a ValueError."""
    n, c, height, width = images.shape
    return images.reshape(n, c, height // size, size, width // size, size).amax(dim=(3, 5))


def max_pool__height_unchecked(images, size):
    """Your code raises an error only if size does not divide the width. Check the height too."""
    if images.shape[3] % size:
        raise ValueError("the width can't be cut")
    return max_pool__rest_cut_off(images, size)


def max_pool__width_unchecked(images, size):
    """Your code raises an error only if size does not divide the height. Check the width too."""
    if images.shape[2] % size:
        raise ValueError("the height can't be cut")
    return max_pool__rest_cut_off(images, size)


def max_pool__product_checked(images, size):
    """Your code accepts sides that size does not divide, if their product fits. Check each side by itself."""
    if images.shape[2] * images.shape[3] % size**2:
        raise ValueError("the image can't be cut")
    return max_pool__rest_cut_off(images, size)


def max_pool__both_sides_needed(images, size):
    """Your code raises an error only if size divides neither side. Raise it also if size divides only one of them."""
    if images.shape[2] % size and images.shape[3] % size:
        raise ValueError("the sides can't be cut")
    return max_pool__rest_cut_off(images, size)


def max_pool__always_float32(images, size):
    """Your result is float32 although images is float64. Create new tensors with the dtype of images."""
    largest = _in_squares(images, size).amax(dim=(3, 5))
    out = torch.zeros(largest.shape, device=images.device)
    out[:] = largest
    return out


def max_pool__graph_cut(images, size):
    """The values are right, but they have no graph. Compute with images, without torch.tensor(), item(), detach() or
    no_grad."""
    return _in_squares(images.detach(), size).amax(dim=(3, 5))


def max_pool__gradient_for_all(images, size):
    """The values are right, but each element of a square gets a part of the gradient. Let the gradient reach only the
    largest element."""
    squares = _in_squares(images, size)
    means = squares.mean(dim=(3, 5))
    return means + (squares.amax(dim=(3, 5)) - means).detach()


def max_pool__in_place(images, size):
    """The values are right, but you changed the argument images. Work on a copy."""
    largest = _in_squares(images, size).amax(dim=(3, 5))
    with torch.no_grad():
        images.copy_(largest.repeat_interleave(size, 2).repeat_interleave(size, 3))
    return largest


def max_pool__equal_elements_added(images, size):
    """If several elements of a square are equally large, you added them up. Return the element once."""
    squares = _in_squares(images, size)
    largest = squares.amax(dim=(3, 5), keepdim=True).detach()
    return (squares * (squares == largest)).sum(dim=(3, 5))


def max_pool__full_gradient_for_equal_elements(images, size):
    """If several elements of a square are equally large, each gets the full gradient. Give it to one of them, or divide
    it among them."""
    squares = _in_squares(images, size)
    largest = squares.amax(dim=(3, 5), keepdim=True).detach()
    total = (squares * (squares == largest)).sum(dim=(3, 5))
    return total + (largest.squeeze((3, 5)) - total).detach()


def max_pool__ready_made(images, size):
    """The values are right, but PyTorch's own pooling is not allowed here. Use a new shape and a maximum."""
    _in_squares(images, size)
    return F.max_pool2d(images, size)


class _SmallCNN(nn.Module):
    """The right one: the mistakes change one thing each."""

    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.head = nn.Linear(self.flattened(height, width), classes)

    def flattened(self, height, width):
        return 8 * ((height - 2) // 2) * ((width - 2) // 2)

    def pooled(self, images):
        return F.max_pool2d(torch.relu(self.conv(images)), 2)

    def forward(self, images):
        return self.head(self.pooled(images).flatten(1))


class SmallCNN__size_of_the_image(_SmallCNN):
    """Your flattened size is that of the whole image. The convolution and the pooling make both sides shorter."""

    def flattened(self, height, width):
        return 8 * height * width


class SmallCNN__convolution_forgotten(_SmallCNN):
    """Your flattened size leaves out the convolution. A kernel of 3 without padding makes each side 2 shorter."""

    def flattened(self, height, width):
        return 8 * (height // 2) * (width // 2)


class SmallCNN__pooling_forgotten(_SmallCNN):
    """Your flattened size leaves out the pooling, which halves both sides."""

    def flattened(self, height, width):
        return 8 * (height - 2) * (width - 2)

    def pooled(self, images):
        return torch.relu(self.conv(images))


class SmallCNN__channels_forgotten(_SmallCNN):
    """Your flattened size leaves out the 8 channels that the convolution returns. Multiply by their number."""

    def flattened(self, height, width):
        return ((height - 2) // 2) * ((width - 2) // 2)


class SmallCNN__input_channels(_SmallCNN):
    """Your flattened size uses the channels of the image. Use the 8 channels that the convolution returns."""

    def __init__(self, channels, height, width, classes):
        super().__init__(channels, height, width, classes)
        self.head = nn.Linear(channels * self.flattened(height, width) // 8, classes)


class SmallCNN__size_of_the_example(_SmallCNN):
    """Your flattened size is always 1352, which fits only images of 28 x 28. Compute it from height and width."""

    def flattened(self, height, width):
        return 1352


class SmallCNN__pooling_overlaps(_SmallCNN):
    """Your flattened size belongs to squares that overlap. Pooling moves by 2, which halves both sides."""

    def flattened(self, height, width):
        return 8 * (height - 3) * (width - 3)

    def pooled(self, images):
        return F.max_pool2d(torch.relu(self.conv(images)), 2, stride=1)


class SmallCNN__size_as_a_float(_SmallCNN):
    """The number of inputs of your linear layer is a float. Divide with //, which rounds down and returns an int."""

    def flattened(self, height, width):
        return 8 * (height - 2) / 2 * (width - 2) / 2


class SmallCNN__sigmoid(_SmallCNN):
    """Your predictions are those of a net with the sigmoid in the place of relu. Apply relu."""

    def pooled(self, images):
        return F.max_pool2d(torch.sigmoid(self.conv(images)), 2)


class SmallCNN__channels_alone(_SmallCNN):
    """Your linear layer has 8 inputs, the number of channels. Flattening also multiplies by the height and the
    width."""

    def flattened(self, height, width):
        return 8


class SmallCNN__one_too_few(_SmallCNN):
    """For some images your flattened size is too small. A kernel of 3 has size - 2 positions along a side."""

    def flattened(self, height, width):
        return 8 * ((height - 3) // 2) * ((width - 3) // 2)


class SmallCNN__rounded_up(_SmallCNN):
    """For odd sides your flattened size is too large. Pooling drops the last row or column of an odd side."""

    def flattened(self, height, width):
        return 8 * ((height - 1) // 2) * ((width - 1) // 2)

    def pooled(self, images):
        return F.max_pool2d(torch.relu(self.conv(images)), 2, ceil_mode=True)


class SmallCNN__divided_at_the_end(_SmallCNN):
    """Your flattened size is wrong for odd sides. Halve each side by itself, rounded down, and then multiply."""

    def flattened(self, height, width):
        return 8 * (height - 2) * (width - 2) // 4


class SmallCNN__square_assumed(_SmallCNN):
    """Your flattened size uses the height twice. Compute both sides."""

    def flattened(self, height, width):
        return 8 * ((height - 2) // 2) ** 2


class SmallCNN__lazy(_SmallCNN):
    """Your linear layer does not know its number of inputs before the first call. Compute the number in __init__."""

    def __init__(self, channels, height, width, classes):
        super().__init__(channels, height, width, classes)
        self.head = nn.LazyLinear(classes)


class SmallCNN__padded(_SmallCNN):
    """Your head has the size for a padded image. Use no padding, neither in conv nor in the size of head."""

    def __init__(self, channels, height, width, classes):
        super().__init__(channels, height, width, classes)
        self.conv = nn.Conv2d(channels, 8, 3, padding=1)
        self.head = nn.Linear(8 * (height // 2) * (width // 2), classes)


class SmallCNN__names_changed(_SmallCNN):
    """A layer is missing or has another name. Assign the two layers to self.conv and self.head."""

    def __init__(self, channels, height, width, classes):
        super().__init__(channels, height, width, classes)
        self.layers = nn.ModuleList([self.conv, self.head])
        del self.conv, self.head

    def forward(self, images):
        return self.layers[1](F.max_pool2d(torch.relu(self.layers[0](images)), 2).flatten(1))


class SmallCNN__batch_flattened(_SmallCNN):
    """You flattened the batch too. Keep dimension 0, and flatten from dimension 1 on."""

    def forward(self, images):
        return self.head(self.pooled(images).flatten())


class SmallCNN__not_flattened(_SmallCNN):
    """Your linear layer got a tensor with four dimensions. Flatten each image first, from dimension 1 on."""

    def forward(self, images):
        return self.head(self.pooled(images))


class SmallCNN__one_image_squeezed(_SmallCNN):
    """For one image, your result has lost the dimension of the batch. Don't squeeze it."""

    def forward(self, images):
        return super().forward(images).squeeze(0)


class SmallCNN__without_relu(_SmallCNN):
    """Your predictions are those of a net without relu. Apply it after the convolution."""

    def pooled(self, images):
        return F.max_pool2d(self.conv(images), 2)


class SmallCNN__relu_at_the_end(_SmallCNN):
    """Your predictions are never negative. Don't apply relu after head."""

    def forward(self, images):
        return torch.relu(super().forward(images))


class SmallCNN__softmax_at_the_end(_SmallCNN):
    """Your predictions are softmax values. Return the result of head, without softmax."""

    def forward(self, images):
        return super().forward(images).softmax(dim=1)


class SmallCNN__mean_pooling(_SmallCNN):
    """You pooled with means. Keep the largest element of each square."""

    def pooled(self, images):
        return F.avg_pool2d(torch.relu(self.conv(images)), 2)


class SmallCNN__pixels_before_channels(_SmallCNN):
    """You flattened in another order, with the channels last. Flatten the images as they are, channels first."""

    def forward(self, images):
        return self.head(self.pooled(images).permute(0, 2, 3, 1).flatten(1))


class SmallCNN__graph_cut(_SmallCNN):
    """No gradient reaches conv. Compute all of forward without detach(), .data and no_grad."""

    def forward(self, images):
        return self.head(self.pooled(images).detach().flatten(1))
