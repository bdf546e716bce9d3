"""Other right answers to katas/lesson_1_tensors/kata_04_shapes.py: the tests must accept them."""

import torch


def flatten_images__reshape(images):
    return images.reshape(len(images), -1)


def flatten_images__contiguous_view(images):
    return images.contiguous().view(images.size(0), -1)


def flatten_images__image_by_image(images):
    return torch.stack([image.reshape(-1) for image in images])


def as_batch__new_dimension_then_cat(images):
    return torch.cat([image[None] for image in images], dim=0)


def as_batch__filled(images):
    batch = torch.empty(len(images), *images[0].shape, dtype=images[0].dtype, device=images[0].device)
    for n, image in enumerate(images):
        batch[n] = image
    return batch


def as_batch__cut_from_one_row(images):
    return torch.cat([image.reshape(-1) for image in images]).reshape(len(images), *images[0].shape)


def join_batches__one_call_for_each(batches):
    joined = batches[0]
    for batch in batches[1:]:
        joined = torch.concat((joined, batch), dim=0)
    return joined


def join_batches__entries_stacked(batches):
    return torch.stack([entry for batch in batches for entry in batch])


def join_batches__filled(batches):
    sizes = [len(batch) for batch in batches]
    joined = batches[0].new_empty(sum(sizes), *batches[0].shape[1:])
    for place, batch in zip(joined.split(sizes), batches, strict=True):
        place.copy_(batch)
    return joined


def channels_first__movedim(images):
    return images.movedim(-1, 1)


def channels_first__two_swaps(images):
    return images.transpose(2, 3).transpose(1, 2)


def channels_first__channel_by_channel(images):
    return torch.stack([images[..., channel] for channel in range(images.shape[3])], dim=1)


def channels_first__copied(images):
    return torch.einsum("nhwc->nchw", images).contiguous()


def reshape_without_copy__reshaped_and_compared(x, shape):
    y = x.reshape(shape)
    if y.untyped_storage().data_ptr() != x.untyped_storage().data_ptr():
        raise RuntimeError(f"x can't become {shape} without a copy")
    return y


def reshape_without_copy__first_element(x, shape):
    y = torch.reshape(x, shape)
    if y.data_ptr() != x.data_ptr():
        raise RuntimeError("only a copy would have this shape")
    return y


def reshape_without_copy__view_of_sizes(x, shape):
    return torch.Tensor.view(x, *shape)


def drop_channel__indexed(images):
    return images[:, 0]


def drop_channel__reshape(images):
    count, _, height, width = images.shape
    return images.reshape(count, height, width)


def drop_channel__flattened(images):
    return images.flatten(0, 1)


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
