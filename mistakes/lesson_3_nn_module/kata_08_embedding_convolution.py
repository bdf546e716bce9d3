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
    """The table is no parameter: a plain tensor as an attribute is nothing that a module knows of, moves or saves."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = torch.randn(count, size)


class Embedding__named_otherwise(_Embedding):
    """The table goes by another name than weight: it is under this name that others will save, load and look for it."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.table = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        return self.table[labels]


class Embedding__columns_for_labels(_Embedding):
    """The two sizes of weight have changed places: a label has a row, so there are count rows of size numbers."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.randn(size, count))

    def forward(self, labels):
        return self.weight.T[labels]


class Embedding__even_start(_Embedding):
    """None of the numbers at the start lies below 0: a normal distribution of mean 0 has as many below as above."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.rand(count, size))


class Embedding__zeros_at_the_start(_Embedding):
    """All the rows are 0 at the start, so all labels mean the same: they are to be drawn at random."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.zeros(count, size))


class Embedding__small_start(_Embedding):
    """The numbers at the start are drawn about 0, but too close to it: their standard deviation must be 1."""

    def __init__(self, count, size):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.randn(count, size) / size**0.5)


class Embedding__labels_as_floats(_Embedding):
    """The labels were made floats, as for a product: places in a table are whole numbers, and stay int64."""

    def forward(self, labels):
        return self.weight[labels.float()]


class Embedding__label_times_a_row(_Embedding):
    """The label was multiplied with, as if label 4 were twice label 2: a label is a name, and has a row of its own."""

    def forward(self, labels):
        return labels[..., None].to(self.weight.dtype) * self.weight[0]


class Embedding__columns_handed_out(_Embedding):
    """The labels were looked up among the columns: the first index of a table is its row."""

    def forward(self, labels):
        return self.weight[:, labels]


class Embedding__flat_list_of_rows(_Embedding):
    """The rows are right, but they lie in one long list: the shape of the labels must come out in front."""

    def forward(self, labels):
        return self.weight[labels.reshape(-1)]


class Embedding__graph_cut(_Embedding):
    """The rows are right, but no gradient finds its way back to the table: it can't learn."""

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
    """Where a label comes up twice, only one of its gradients is left: they must be added up."""

    def forward(self, labels):
        return _LastOneWins.apply(self.weight, labels)


class Embedding__ready_made(_Embedding):
    """The rows are right, but PyTorch's own embedding was to be left aside here: you are to see what it does."""

    def forward(self, labels):
        return F.embedding(labels, self.weight)


class Embedding__layer_within(nn.Module):
    """The table belongs to a layer within yours, so its name has that layer's in front: weight is to be your own."""

    def __init__(self, count, size):
        super().__init__()
        self.inner = _Embedding(count, size)

    def forward(self, labels):
        return self.inner(labels)


def one_hot_product__looked_up(labels, weight):
    """The rows are right, but they were looked up: here they are to be the rows of a product."""
    return weight[labels]


def one_hot_product__columns_guessed(labels, weight):
    """The matrix got as many columns as the largest label asks for: it needs one for each row of weight."""
    return F.one_hot(labels).to(weight.dtype) @ weight


def one_hot_product__int64(labels, weight):
    """A matrix of int64 met one of floats: a product of two matrices does not mix dtypes, so convert one first."""
    return F.one_hot(labels, len(weight)) @ weight


def one_hot_product__always_float32(labels, weight):
    """float32 was written down for the matrix: it must have the dtype of weight, which may be another."""
    return F.one_hot(labels, len(weight)).float() @ weight


def one_hot_product__turned_round(labels, weight):
    """The 1s stand in a column for each label: it must be a row for each, to meet the columns of weight."""
    return F.one_hot(labels, len(weight)).to(weight.dtype).T @ weight


def one_hot_product__one_row_for_all(labels, weight):
    """All labels were put in one row, and came out as a sum of rows: each label needs a row of its own."""
    return F.one_hot(labels, len(weight)).sum(dim=0).to(weight.dtype) @ weight


def one_hot_product__labels_themselves(labels, weight):
    """The labels were multiplied with as they are: as numbers they mean nothing, they must become 0s and a 1."""
    return labels[:, None].to(weight.dtype) * weight[:1]


def one_hot_product__weight_turned_round(labels, weight):
    """The 1s met the rows of weight: in a product, a row on the left meets the columns on the right as they stand."""
    return F.one_hot(labels, len(weight)).to(weight.dtype) @ weight.T


def one_hot_product__graph_cut(labels, weight):
    """The rows are right, but no gradient finds its way back to weight."""
    return F.one_hot(labels, len(weight)).to(weight.dtype) @ weight.detach()


def one_hot_product__on_the_cpu(labels, weight):
    """The matrix was made on the CPU, whatever device weight lives on: it belongs beside it."""
    ones = torch.zeros(len(labels), len(weight), dtype=weight.dtype)
    ones[torch.arange(len(labels)), labels.cpu()] = 1
    return ones @ weight


def one_hot_product__eye_on_the_cpu(labels, weight):
    """The labels were to pick from a matrix on the CPU, and live elsewhere: make it on the device of weight."""
    return torch.eye(len(weight), dtype=weight.dtype)[labels] @ weight


def _room(size, kernel_size, padding):
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room


def output_size__one_too_few(size, kernel_size, stride, padding):
    """These are the moves from place to place: the place where the kernel lies before the first counts too."""
    return _room(size, kernel_size, padding) // stride


def output_size__padding_at_one_end(size, kernel_size, stride, padding):
    """The zeros were counted once, but they are put at both ends."""
    room = size + padding - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__padding_forgotten(size, kernel_size, stride, padding):
    """The zeros at the ends were not counted: they are room for the kernel too."""
    room = size - kernel_size
    if room < 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__stride_forgotten(size, kernel_size, stride, padding):
    """These are the places for steps of 1: with a larger stride there are fewer."""
    return _room(size, kernel_size, padding) + 1


def output_size__float(size, kernel_size, stride, padding):
    """A float came out: how many places there are is a whole number, and a part of a step makes no place."""
    return _room(size, kernel_size, padding) / stride + 1


def output_size__by_way_of_a_float(size, kernel_size, stride, padding):
    """A float has 53 bits, some 16 digits: numbers larger than that came out rounded. Stay with whole numbers."""
    return int(_room(size, kernel_size, padding) / stride + 1)


def output_size__rounded_up(size, kernel_size, stride, padding):
    """A last step that goes past the end was counted too: there is no place where the kernel sticks out."""
    return -(-_room(size, kernel_size, padding) // stride) + 1


def output_size__side_by_stride(size, kernel_size, stride, padding):
    """The side was divided, whatever the kernel: a longer kernel has fewer places, as it must end within the side."""
    _room(size, kernel_size, padding)
    return (size + 2 * padding) // stride


def output_size__padding_not_room(size, kernel_size, stride, padding):
    """A kernel longer than the side was refused, though it fits with the zeros at the ends."""
    if kernel_size > size:
        raise ValueError("the kernel does not fit")
    return _room(size, kernel_size, padding) // stride + 1


def output_size__just_fitting_refused(size, kernel_size, stride, padding):
    """A kernel exactly as long as the side with its zeros was refused: it has one place."""
    room = _room(size, kernel_size, padding)
    if room == 0:
        raise ValueError("the kernel does not fit")
    return room // stride + 1


def output_size__nothing_refused(size, kernel_size, stride, padding):
    """A number came out though the kernel does not fit: there is no place, and whoever asks should hear of it."""
    return (size + 2 * padding - kernel_size) // stride + 1


def output_size__cut_towards_0(size, kernel_size, stride, padding):
    """With a stride above 1, a kernel too long by little was given a place: compare lengths before you divide."""
    room = size + 2 * padding - kernel_size
    places = (room // stride if room >= 0 else -(-room // stride)) + 1
    if places < 1:
        raise ValueError("the kernel does not fit")
    return places


def _correlate(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    return sum(kernel[i, j] * image[i : i + rows, j : j + columns] for i in range(h) for j in range(w))


def correlate__kernel_turned_round(image, kernel):
    """The kernel was turned round first, as mathematicians' convolution has it: here it is laid on as it is."""
    return _correlate(image, kernel.flip(0, 1))


def correlate__rows_and_columns_of_the_kernel_swapped(image, kernel):
    """The rows of the kernel met the columns of the image: both are laid on each other as they are written."""
    return _correlate(image, kernel.T)


def correlate__last_places_not_held_by(image, kernel):
    """The last row and the last column of places are missing: the kernel fits there too, right at the border."""
    return _correlate(image, kernel)[:-1, :-1]


def correlate__as_large_as_the_image(image, kernel):
    """The answer is as large as the image: only places where the whole kernel fits are asked for."""
    h, w = kernel.shape
    return _correlate(F.pad(image, (0, w - 1, 0, h - 1)), kernel)


def correlate__means(image, kernel):
    """The products were averaged: asked for is their sum, however large the kernel is."""
    return _correlate(image, kernel) / kernel.numel()


def correlate__side_by_side(image, kernel):
    """The kernel jumped by its own size: it is laid on every place, and the patches overlap."""
    return _correlate(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]]


def correlate__first_row_only(image, kernel):
    """Only the first row of the kernel was laid on: all its entries belong to the sum."""
    return _correlate(image, torch.cat([kernel[:1], torch.zeros_like(kernel[1:])]))


def correlate__product_of_matrices(image, kernel):
    """Patch and kernel were multiplied as matrices: each entry meets the one at the same place, and no other."""
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    sums = [(image[i : i + h, j : j + w] @ kernel.T).sum() for i in range(rows) for j in range(columns)]
    return torch.stack(sums).reshape(rows, columns)


def correlate__graph_cut(image, kernel):
    """The numbers are right, but they have no graph: no gradient finds its way back to image and kernel."""
    return _correlate(image.detach(), kernel.detach())


def correlate__always_float32(image, kernel):
    """The answer is float32, whatever image and kernel are: new tensors have that dtype until they are told another."""
    (height, width), (h, w) = image.shape, kernel.shape
    out = torch.zeros(height - h + 1, width - w + 1, device=image.device)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out


def correlate__kernel_cut(image, kernel):
    """Gradients reach the image, but the kernel had none of it: it is what is to be learned."""
    return _correlate(image, kernel.detach())


def correlate__kernel_turned_in_place(image, kernel):
    """The kernel has changed: it was to be laid on as it is, and to stay so."""
    with torch.no_grad():
        kernel.copy_(kernel.flip(0, 1))
    return _correlate(image, kernel)


def correlate__ready_made(image, kernel):
    """The numbers are right, but PyTorch's own convolution was to be left aside: products and a sum are enough."""
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
        """The convolution without a bias."""
        return F.conv2d(
            images,
            weight,
            stride=self.stride if stride is None else stride,
            padding=self.padding if padding is None else padding,
        )

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias[:, None, None]


class Conv2d__plain_tensors(_Conv2d):
    """Neither weight nor bias is a parameter: as plain tensors they are nothing that a module knows of or saves."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        weight, bias = self.weight.detach(), self.bias.detach()
        del self.weight, self.bias
        self.weight, self.bias = weight, bias


class Conv2d__bias_no_parameter(_Conv2d):
    """weight is a parameter, but bias is not: a plain tensor is nothing that a module knows of, moves or saves."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        bias = self.bias.detach()
        del self.bias
        self.bias = bias


class Conv2d__in_channels_first(_Conv2d):
    """The weight has the in channels first: its first index is the output, as with the rows of a linear layer."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach().transpose(0, 1).clone())

    def forward(self, images):
        return self.lay(images, self.weight.transpose(0, 1)) + self.bias[:, None, None]


class Conv2d__one_kernel_for_all_channels(_Conv2d):
    """The weight has no dimension for the in channels: a kernel has weights of its own for each of them."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach()[:, 0].clone())


class Conv2d__bias_of_four_dimensions(_Conv2d):
    """The bias was given more dimensions to fit the images: asked for is (out_channels,); let it fit in forward."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.bias = nn.Parameter(self.bias.detach().reshape(1, -1, 1, 1))

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias


class Conv2d__bias_for_each_in_channel(_Conv2d):
    """The bias has an entry for each in channel: it is added to the answers, so it has one for each out channel."""

    def __init__(self, in_channels, *sizes, **options):
        super().__init__(in_channels, *sizes, **options)
        self.bias = nn.Parameter(self.bias.detach().new_zeros(in_channels))


class Conv2d__standard_normal_start(_Conv2d):
    """The weight starts from numbers that go beyond the bounds: the more inputs a sum has, the smaller they must be."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(torch.randn_like(self.weight))


class Conv2d__start_above_0(_Conv2d):
    """The weight starts from no number below 0: they are to be drawn from -b to b."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(self.weight.detach().abs())


class Conv2d__bound_of_the_channels_alone(_Conv2d):
    """The weight starts from numbers too large: a sum has in_channels * k * k products, and k * k were not counted."""

    def __init__(self, in_channels, *sizes, **options):
        super().__init__(in_channels, *sizes, **options)
        self.weight = nn.Parameter(self.weight.detach() * self.kernel_size)


class Conv2d__zeros_at_the_start(_Conv2d):
    """The weight starts from zeros: then all kernels are alike, and no gradient gets past them."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.weight = nn.Parameter(torch.zeros_like(self.weight))


class Conv2d__bias_forgotten(_Conv2d):
    """Nothing was added to the sums: every out channel has a bias, and it belongs to all its places."""

    def forward(self, images):
        return self.lay(images, self.weight)


class Conv2d__bias_along_the_width(_Conv2d):
    """The bias was lined up with the last dimension, that of the columns: the out channels are dimension 1."""

    def forward(self, images):
        return self.lay(images, self.weight) + self.bias


class Conv2d__kernel_turned_round(_Conv2d):
    """The kernels were turned round first, as mathematicians' convolution has it: here they are laid on as they are."""

    def forward(self, images):
        return self.lay(images, self.weight.flip(2, 3)) + self.bias[:, None, None]


class Conv2d__rows_and_columns_swapped(_Conv2d):
    """The rows of the kernels met the columns of the images: both are laid on each other as they are written."""

    def forward(self, images):
        return self.lay(images, self.weight.transpose(2, 3)) + self.bias[:, None, None]


class Conv2d__first_channel_only(_Conv2d):
    """Only the first in channel counted: the products of all channels go into one sum."""

    def forward(self, images):
        return self.lay(images[:, :1], self.weight[:, :1]) + self.bias[:, None, None]


class Conv2d__mean_over_the_channels(_Conv2d):
    """The channels were averaged: asked for is the sum over all of them."""

    def forward(self, images):
        return self.lay(images, self.weight) / images.shape[1] + self.bias[:, None, None]


class Conv2d__channels_summed_first(_Conv2d):
    """The channels were added up before they were weighted: each meets its own part of the kernel first."""

    def forward(self, images):
        summed = self.weight.sum(dim=1, keepdim=True)
        return self.lay(images.sum(dim=1, keepdim=True), summed) + self.bias[:, None, None]


class Conv2d__stride_down_only(_Conv2d):
    """The kernel moved by the stride down the rows only: it is the same along both sides."""

    def forward(self, images):
        return self.lay(images, self.weight, stride=(self.stride, 1)) + self.bias[:, None, None]


class Conv2d__stride_forgotten(_Conv2d):
    """The kernel moved by 1, whatever the stride: with a larger one, there are fewer places."""

    def forward(self, images):
        return self.lay(images, self.weight, stride=1) + self.bias[:, None, None]


class Conv2d__stride_from_the_second_place(_Conv2d):
    """The first place was left out: the kernel starts at the very corner, and moves by the stride from there."""

    def forward(self, images):
        s = self.stride
        return self.lay(images, self.weight, stride=1)[:, :, s - 1 :: s, s - 1 :: s] + self.bias[:, None, None]


class Conv2d__padding_at_one_end(_Conv2d):
    """The zeros lie at one end of each side only: they belong to both, above and below, left and right."""

    def forward(self, images):
        padded = F.pad(images, (0, self.padding, 0, self.padding))
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_left_and_right_only(_Conv2d):
    """The zeros lie left and right only: above and below there must be as many."""

    def forward(self, images):
        return self.lay(images, self.weight, padding=(0, self.padding)) + self.bias[:, None, None]


class Conv2d__padding_all_on_one_end(_Conv2d):
    """The size is right, but all the zeros lie at one end of each side: half of them belong to the other end."""

    def forward(self, images):
        padded = F.pad(images, (0, 2 * self.padding, 0, 2 * self.padding))
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_forgotten(_Conv2d):
    """No zeros were put around the images: the answer is smaller than asked for."""

    def forward(self, images):
        return self.lay(images, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__padding_with_the_border(_Conv2d):
    """The pixels at the border were repeated outwards: what is put around the images is zeros."""

    def forward(self, images):
        padded = F.pad(images, [self.padding] * 4, mode="replicate") if len(images) else images
        return self.lay(padded, self.weight, padding=0) + self.bias[:, None, None]


class Conv2d__zeros_around_the_answer(_Conv2d):
    """The zeros were put around the answer: they belong around the images, before any kernel is laid on."""

    def forward(self, images):
        answer = self.lay(images, self.weight, padding=0) + self.bias[:, None, None]
        return F.pad(answer, [self.padding] * 4)


class Conv2d__sides_swapped(_Conv2d):
    """The answer has its height for a width: the places lie in rows, and rows come first."""

    def forward(self, images):
        answer = self.lay(images, self.weight) + self.bias[:, None, None]
        return answer.reshape(*answer.shape[:2], answer.shape[3], answer.shape[2])


class Conv2d__channels_and_places_mixed(_Conv2d):
    """The shape is right, but channels and places are mixed up: the channels must stand in front before a reshape."""

    def forward(self, images):
        answer = self.lay(images, self.weight) + self.bias[:, None, None]
        return answer.flatten(2).transpose(1, 2).reshape(answer.shape)


class Conv2d__channels_last(_Conv2d):
    """The out channels came last: PyTorch's images have them right behind the batch."""

    def forward(self, images):
        return (self.lay(images, self.weight) + self.bias[:, None, None]).permute(0, 2, 3, 1)


class Conv2d__size_left_open(_Conv2d):
    """Where there are no images, a -1 in a shape can't be worked out from what is left: name every size."""

    def forward(self, images):
        answer = self.lay(images, self.weight) + self.bias[:, None, None]
        return answer.flatten(2).reshape(len(images), self.weight.shape[0], answer.shape[2], -1)


class Conv2d__graph_cut(_Conv2d):
    """The sums are right, but no gradient finds its way back to weight: the kernels can't learn."""

    def forward(self, images):
        return self.lay(images, self.weight.detach()) + self.bias[:, None, None]


class Conv2d__ready_made(_Conv2d):
    """The numbers are right, but PyTorch's own convolution was to be left aside: patches and a product are enough."""

    def forward(self, images):
        return F.conv2d(images, self.weight, self.bias, self.stride, self.padding)


def _in_squares(images, size):
    n, c, height, width = images.shape
    if height % size or width % size:
        raise ValueError("the sides can't be cut")
    return images.reshape(n, c, height // size, size, width // size, size)


def max_pool__over_the_squares(images, size):
    """The squares met each other, not the numbers within one: the parts of length size are to disappear."""
    return _in_squares(images, size).amax(dim=(2, 4))


def max_pool__sides_not_split_in_order(images, size):
    """The shape is right, but the squares are torn: a reshape keeps the order, so split each side where it stands."""
    n, c, height, width = images.shape
    _in_squares(images, size)
    return images.reshape(n, c, height // size, width // size, size, size).amax(dim=(4, 5))


def max_pool__size_before_squares(images, size):
    """A side became size parts of many, where it must be many parts of size: neighbours were not kept together."""
    n, c, height, width = images.shape
    _in_squares(images, size)
    return images.reshape(n, c, size, height // size, size, width // size).amax(dim=(2, 4))


def max_pool__rows_only(images, size):
    """The largest was taken down the rows only: a square has two sides, and both become shorter."""
    return _in_squares(images, size).amax(dim=3).flatten(3)


def max_pool__means(images, size):
    """These are the means of the squares: asked for is the largest number of each."""
    return _in_squares(images, size).mean(dim=(3, 5))


def max_pool__smallest(images, size):
    """These are the smallest numbers of the squares: asked for are the largest."""
    return _in_squares(images, size).amin(dim=(3, 5))


def max_pool__places(images, size):
    """These are places of the largest numbers, and not the numbers themselves."""
    return _in_squares(images, size).transpose(3, 4).flatten(4).argmax(dim=4)


def max_pool__never_below_0(images, size):
    """0 came out where all the numbers of a square are below 0: one of them is the largest all the same."""
    return _in_squares(images, size).amax(dim=(3, 5)).clamp(min=0)


def max_pool__over_the_channels(images, size):
    """The channels disappeared too: each keeps an answer of its own."""
    return _in_squares(images, size).amax(dim=(1, 3, 5))[:, None]


def max_pool__overlapping(images, size):
    """The squares overlap: they are to lie side by side, each a whole size farther than the one before."""
    _in_squares(images, size)
    return images.unfold(2, size, 1).unfold(3, size, 1).amax(dim=(4, 5))


def max_pool__rest_cut_off(images, size):
    """What was left over was cut off without a word: where size does not divide both sides, raise a ValueError."""
    height, width = (side // size * size for side in images.shape[2:])
    return _in_squares(images[:, :, :height, :width], size).amax(dim=(3, 5))


def max_pool__pytorchs_own_error(images, size):
    """An error came out that speaks of a shape within: ask for the rest first, and raise a ValueError yourself."""
    n, c, height, width = images.shape
    return images.reshape(n, c, height // size, size, width // size, size).amax(dim=(3, 5))


def max_pool__height_unchecked(images, size):
    """Only one of the two sides was asked for its rest: both must be divisible by size."""
    if images.shape[3] % size:
        raise ValueError("the width can't be cut")
    return max_pool__rest_cut_off(images, size)


def max_pool__always_float32(images, size):
    """The answer is float32, whatever images is: new tensors have that dtype until they are told another."""
    largest = _in_squares(images, size).amax(dim=(3, 5))
    out = torch.zeros(largest.shape, device=images.device)
    out[:] = largest
    return out


def max_pool__graph_cut(images, size):
    """The numbers are right, but they have no graph: no gradient finds its way back to the largest."""
    return _in_squares(images.detach(), size).amax(dim=(3, 5))


def max_pool__gradient_for_all(images, size):
    """The numbers are right, but all of a square got a share of the gradient: it belongs to the largest alone."""
    squares = _in_squares(images, size)
    means = squares.mean(dim=(3, 5))
    return means + (squares.amax(dim=(3, 5)) - means).detach()


def max_pool__in_place(images, size):
    """The numbers are right, but images has changed: what was passed in must stay as it is."""
    largest = _in_squares(images, size).amax(dim=(3, 5))
    with torch.no_grad():
        images.copy_(largest.repeat_interleave(size, 2).repeat_interleave(size, 3))
    return largest


def max_pool__ready_made(images, size):
    """The numbers are right, but PyTorch's own pooling was to be left aside: a reshape and a maximum are enough."""
    _in_squares(images, size)
    return F.max_pool2d(images, size)


def _counts(in_channels, out_channels, height, width, k):
    outputs = out_channels * (height - k + 1) * (width - k + 1)
    return out_channels * (in_channels * k * k + 1), outputs * (in_channels * height * width + 1)


def parameter_counts__biases_forgotten(in_channels, out_channels, height, width, kernel_size):
    """These are the weights alone: every output of a layer has a bias too, and it is learned."""
    outputs = out_channels * (height - kernel_size + 1) * (width - kernel_size + 1)
    return out_channels * in_channels * kernel_size**2, outputs * in_channels * height * width


def parameter_counts__one_bias_for_each_layer(in_channels, out_channels, height, width, kernel_size):
    """One bias was counted for each layer: there is one for each of its outputs, or out channels."""
    outputs = out_channels * (height - kernel_size + 1) * (width - kernel_size + 1)
    return out_channels * in_channels * kernel_size**2 + 1, outputs * in_channels * height * width + 1


def parameter_counts__one_bias_for_all_kernels(in_channels, out_channels, height, width, kernel_size):
    """The convolution was given one bias for all its kernels: each out channel has a kernel and a bias of its own."""
    convolution, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    return convolution - out_channels + 1, linear


def parameter_counts__other_way_round(in_channels, out_channels, height, width, kernel_size):
    """The two counts have changed places: that of the convolution comes first."""
    return _counts(in_channels, out_channels, height, width, kernel_size)[::-1]


def parameter_counts__same_size_out(in_channels, out_channels, height, width, kernel_size):
    """The new image was taken to be as large as the old: without padding, a kernel has fewer places than that."""
    convolution, _ = _counts(in_channels, out_channels, height, width, kernel_size)
    return convolution, out_channels * height * width * (in_channels * height * width + 1)


def parameter_counts__a_kernel_for_each_place(in_channels, out_channels, height, width, kernel_size):
    """A kernel was counted for each place: one serves all places, and that is what saves so much."""
    convolution, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    return convolution * (height - kernel_size + 1) * (width - kernel_size + 1), linear


def parameter_counts__in_channels_forgotten(in_channels, out_channels, height, width, kernel_size):
    """The kernel was counted with a single channel: it has weights of its own for each channel of the image."""
    _, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    return out_channels * (kernel_size**2 + 1), linear


def parameter_counts__kernel_of_one_side(in_channels, out_channels, height, width, kernel_size):
    """The kernel was counted as a row: it is a square, with kernel_size rows of kernel_size weights."""
    _, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    return out_channels * (in_channels * kernel_size + 1), linear


def parameter_counts__bias_for_each_channel_of_the_linear_layer(in_channels, out_channels, height, width, kernel_size):
    """The linear layer was given a bias for each channel, as a convolution has: it has one for each new number."""
    convolution, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    places = (height - kernel_size + 1) * (width - kernel_size + 1)
    return convolution, linear - out_channels * places + out_channels


def parameter_counts__places_for_inputs(in_channels, out_channels, height, width, kernel_size):
    """The linear layer was given the channels alone for inputs and outputs: it sees every pixel of each as a number."""
    convolution, _ = _counts(in_channels, out_channels, height, width, kernel_size)
    return convolution, out_channels * (in_channels + 1)


def parameter_counts__ratio(in_channels, out_channels, height, width, kernel_size):
    """A single number came out: both counts are asked for, as a tuple."""
    convolution, linear = _counts(in_channels, out_channels, height, width, kernel_size)
    return linear / convolution


def parameter_counts__list(in_channels, out_channels, height, width, kernel_size):
    """The counts are right, but they came in a list, and a tuple is asked for."""
    return list(_counts(in_channels, out_channels, height, width, kernel_size))


def parameter_counts__floats(in_channels, out_channels, height, width, kernel_size):
    """Floats came out: counts are whole numbers, and these are too large for a float to hold exactly."""
    return tuple(float(count) for count in _counts(in_channels, out_channels, height, width, kernel_size))
