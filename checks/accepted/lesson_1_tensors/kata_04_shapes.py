"""Other right answers to katas/lesson_1_tensors/kata_04_shapes.py: the tests must accept them."""

import torch


def flatten_images__reshape(images):
    return images.reshape(len(images), -1)


def flatten_images__contiguous_view(images):
    return images.contiguous().view(images.size(0), -1)


def flatten_images__image_by_image(images):
    return torch.stack([image.reshape(-1) for image in images])


def drop_channel__indexed(images):
    return images[:, 0]


def drop_channel__reshape(images):
    count, _, height, width = images.shape
    return images.reshape(count, height, width)


def drop_channel__averaged(images):
    return images.mean(dim=1)


def drop_channel__flattened(images):
    return images.flatten(0, 1)


def channels_first__movedim(images):
    return images.movedim(-1, 1)


def channels_first__two_swaps(images):
    return images.transpose(2, 3).transpose(1, 2)


def channels_first__channel_by_channel(images):
    return torch.stack([images[..., channel] for channel in range(images.shape[3])], dim=1)


def channels_first__copied(images):
    return torch.einsum("nhwc->nchw", images).contiguous()


def split_heads__chunks(x, heads):
    return torch.stack(x.chunk(heads, dim=-1), dim=1)


def split_heads__unflatten(x, heads):
    return x.unflatten(-1, (heads, -1)).permute(0, 2, 1, 3).contiguous()


def split_heads__sliced(x, heads):
    size = x.shape[-1] // heads
    return torch.stack([x[:, :, head * size : (head + 1) * size] for head in range(heads)], dim=1)


def split_heads__transposed_first(x, heads):
    batch, length, width = x.shape
    return x.transpose(1, 2).reshape(batch, heads, width // heads, length).transpose(2, 3)


def read_down_columns__columns_joined(x):
    return torch.cat(x.unbind(1))


def read_down_columns__laid_out_anew(x):
    return x.t().clone(memory_format=torch.contiguous_format).view(-1)


def read_down_columns__loop(x):
    rows, columns = x.shape
    return torch.stack([x[row, column] for column in range(columns) for row in range(rows)])


def read_down_columns__copied_first(x):
    return x.clone().T.reshape(-1)


def read_down_columns__filled(x):
    numbers = torch.empty(x.numel(), dtype=x.dtype, device=x.device)
    numbers.view(x.shape[1], x.shape[0]).copy_(x.t())
    return numbers


def as_batch__new_dimension_then_cat(images):
    return torch.cat([image[None] for image in images], dim=0)


def as_batch__filled(images):
    batch = torch.empty(len(images), *images[0].shape, dtype=images[0].dtype, device=images[0].device)
    for n, image in enumerate(images):
        batch[n] = image
    return batch


def as_batch__cat_then_cut(images):
    return torch.cat(images).reshape(len(images), *images[0].shape)


def repeat_each__expanded(x, times):
    return x.unsqueeze(1).expand(-1, times).reshape(-1)


def repeat_each__indexed(x, times):
    return x[torch.arange(len(x) * times, device=x.device) // times]


def repeat_each__transposed(x, times):
    return x.repeat(times, 1).t().flatten()


def repeat_each__loop(x, times):
    return torch.stack([number for number in x for _ in range(times)])


def independent_rows__expand_then_clone(row, count):
    return row.expand(count, -1).clone()


def independent_rows__stacked(row, count):
    return torch.stack([row] * count)


def independent_rows__tile(row, count):
    return row.tile((count, 1))


def independent_rows__filled(row, count):
    rows = torch.empty(count, row.shape[0], dtype=row.dtype, device=row.device)
    rows[:] = row
    return rows
