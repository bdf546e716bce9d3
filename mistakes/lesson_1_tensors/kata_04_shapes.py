"""Wrong answers to katas/lesson_1_tensors/kata_04_shapes.py, each with the sentence that corrects the belief."""

import math

import torch


def flatten_images__batch_flattened_too(images):
    """Your result has one dimension, so the batch dimension is gone. Join only the dimensions from 1 on."""
    return images.flatten()


def flatten_images__channels_as_images(images):
    """Your result has a row for each channel. Put all channels of an image into one row."""
    return images.reshape(-1, images.shape[-2] * images.shape[-1])


def flatten_images__from_the_third_dimension(images):
    """Your result has three dimensions. Dimensions are counted from 0, so join all of them from dimension 1 on."""
    return images.flatten(2)


def flatten_images__view_of_a_cut_out(images):
    """You called view, which never copies, but images that are cut out need a copy here. reshape and flatten copy if
    they must."""
    return images.view(images.shape[0], -1)


def flatten_images__batch_last(images):
    """The batch is the last size of your result. Make it the first one, so that there is one row for each image."""
    return images.reshape(-1, images.shape[0])


def flatten_images__scrambled(images):
    """The shape is right, but the rows are not the images. Row n must hold the elements of image n in their order."""
    return images.reshape(-1, images.shape[0]).t()


def flatten_images__ones_removed_first(images):
    """If a size is 1, your code can return a wrong shape or raise an error. Say which dimensions to join, and don't
    remove dimensions of size 1."""
    return images.squeeze().flatten(1)


def as_batch__glued_together(images):
    """Your result has no new dimension: it joins the images along a dimension that they have. Stack them along a new
    one."""
    return torch.cat(images)


def as_batch__new_dimension_last(images):
    """Your new dimension is the last one. Make it the first one, so that entry n is image n."""
    return torch.stack(images, dim=-1)


def as_batch__tensor_of_tensors(images):
    """Your code tried to turn an image into a Python number, as torch.tensor(images) does. Join tensors with
    torch.stack."""
    return torch.tensor(images)


def as_batch__single_image_without_a_batch(images):
    """For a single image, your result has no batch dimension. Return the shape (1, *shape)."""
    return torch.stack(images).squeeze(0)


def as_batch__filled_by_hand(images):
    """Your result does not have the dtype or the device of the images. Pass both where you create it, or use
    torch.stack alone."""
    batch = torch.zeros(len(images), *images[0].shape)
    for place, image in zip(batch, images, strict=True):
        place.copy_(image)
    return batch


def as_batch__scrambled(images):
    """The shape is right, but the images are mixed. Entry n must be equal to images[n]."""
    return torch.cat(images, dim=-1).reshape(len(images), *images[0].shape)


def as_batch__list_returned(images):
    """You returned a list of tensors. Join them into one tensor."""
    return list(images)


def as_batch__cat_then_cut(images):
    """You called torch.cat on tensors of shape (), but cat needs at least one dimension. torch.stack makes the new
    dimension itself."""
    return torch.cat(images).reshape(len(images), *images[0].shape)


def join_batches__stacked(batches):
    """Your result has a new dimension that counts the batches. Join them along dimension 0, which they have already."""
    return torch.stack(batches)


def join_batches__stacked_then_flattened(batches):
    """You called torch.stack, which needs batches of one size. torch.cat also accepts a smaller last batch."""
    return torch.stack(batches).flatten(0, 1)


def join_batches__along_the_last_dimension(batches):
    """Your result has longer entries, not more entries. Join the batches along dimension 0."""
    return torch.cat(batches, dim=-1)


def join_batches__begun_with_an_empty_tensor(batches):
    """Your result has another dtype or device than the batches. Don't convert them, and don't join them with an empty
    float32 tensor."""
    joined = torch.tensor([])
    for batch in batches:
        joined = torch.cat([joined, batch])
    return joined


def join_batches__smaller_ones_dropped(batches):
    """Entries are missing: your result leaves out batches of another size. Join all of them, also a smaller last
    batch."""
    return torch.cat([batch for batch in batches if len(batch) == len(batches[0])])


def join_batches__padded(batches):
    """Your result has more entries than all batches together. Don't pad smaller batches, because torch.cat accepts
    different sizes."""
    largest = max(len(batch) for batch in batches)
    joined = torch.zeros(len(batches), largest, *batches[0].shape[1:], dtype=batches[0].dtype, device=batches[0].device)
    for place, batch in zip(joined, batches, strict=True):
        place[: len(batch)] = batch
    return joined.flatten(0, 1)


def join_batches__in_turns(batches):
    """The shape is right, but the entries are in another order. Put all entries of a batch before those of the next
    batch."""
    longest = max(len(batch) for batch in batches)
    return torch.stack([batch[n] for n in range(longest) for batch in batches if n < len(batch)])


def join_batches__last_batch_first(batches):
    """The shape is right, but the batches are in reverse order. Begin with the first batch."""
    return torch.cat(batches[::-1])


def join_batches__list_of_entries(batches):
    """You returned a list. Join the batches into one tensor."""
    return [entry for batch in batches for entry in batch]


def join_batches__added(batches):
    """Your result has no more entries than one batch. Join the batches along dimension 0, and don't add their
    values."""
    joined = torch.zeros_like(batches[0])
    for batch in batches:
        joined = joined + batch
    return joined


def join_batches__one_row_for_labels(batches):
    """Your code fails for batches with one dimension, for example labels. Join them along dimension 0, and add no
    dimension."""
    return torch.vstack(batches)


def join_batches__taken_from_the_list(batches):
    """The result is right, but you changed the list of batches. Read the list, and don't remove or replace its
    items."""
    joined = batches.pop(0)
    while batches:
        joined = torch.cat([joined, batches.pop(0)])
    return joined


def channels_first__cut_anew(images):
    """The shape is right, but the channels are mixed. Move them with permute, and don't reshape, because reshape moves
    no dimension."""
    count, height, width, channels = images.shape
    return images.reshape(count, channels, height, width)


def channels_first__numpys_transpose(images):
    """You passed four dimensions to transpose, which swaps only two. permute accepts the whole order, as np.transpose
    does."""
    return images.transpose(0, 3, 1, 2)


def channels_first__swapped_with_the_height(images):
    """Your result has the shape (N, C, W, H), so the images lie on their side. Height comes before width."""
    return images.transpose(1, 3)


def channels_first__where_to_for_where_from(images):
    """Your result has the shape (N, W, C, H). For each dimension of the result, tell permute which dimension of images
    goes there."""
    return images.permute(0, 2, 3, 1)


def channels_first__before_the_batch(images):
    """Your result has the shape (C, N, H, W). Keep the batch first, and put the channels second."""
    return images.permute(3, 0, 1, 2)


def channels_first__batch_forgotten(images):
    """You named three dimensions of a tensor that has four. Name all of them, also the batch, which is dimension 0."""
    return images.permute(2, 0, 1)


def channels_first__pixels_out_of_order(images):
    """Each channel has the right elements, but in the wrong order. Move the channels with permute, keep height before
    width, and don't reshape."""
    count, height, width, channels = images.shape
    return images.permute(0, 3, 2, 1).reshape(count, channels, height, width)


def channels_first__shape_of_the_images(images):
    """Your result still has the shape of images. Return what permute returns, without a reshape."""
    return images.permute(0, 3, 1, 2).reshape(images.shape)


def reshape_without_copy__copied_if_needed(x, shape):
    """Your code raised no error, although the result needs a copy. reshape and contiguous copy if they must, but view
    raises an error."""
    return x.reshape(shape)


def reshape_without_copy__made_contiguous(x, shape):
    """For a non-contiguous x, your result does not share memory with x. contiguous copies such an x, so call view on x
    itself."""
    return x.contiguous().view(shape)


def reshape_without_copy__always_copied(x, shape):
    """The numbers are right, but your result does not share memory with x. Return a view, not a copy."""
    return x.clone().view(shape)


def reshape_without_copy__refuses_what_is_not_contiguous(x, shape):
    """Your code raised an error, although no copy is needed. Some views of a non-contiguous tensor are possible, so let
    view decide."""
    if not x.is_contiguous():
        raise RuntimeError("x is not contiguous")
    return x.view(shape)


def reshape_without_copy__order_of_the_memory(x, shape):
    """For a non-contiguous x, your elements are not in the order of x. Read x row by row, as view does."""
    strides = [math.prod(shape[d + 1 :]) for d in range(len(shape))]
    return x.as_strided(shape, strides)


def reshape_without_copy__column_by_column(x, shape):
    """The shape is right, but the elements are in another order. Read x row by row, without a transpose."""
    return x.permute(*reversed(range(x.dim()))).reshape(shape)


def reshape_without_copy__shape_of_x_changed(x, shape):
    """You changed the shape of x itself. Return a view of x, which can have a different shape."""
    x.data = x.detach().view(shape)
    return x


def drop_channel__every_one_dropped(images):
    """If N, H or W is 1, your result loses this dimension too. Say which dimension to remove."""
    return images.squeeze()


def drop_channel__first_dimension(images):
    """Your result still has the channel dimension if N > 1. Dimensions are counted from 0, so remove dimension 1."""
    return images.squeeze(0)


def drop_channel__first_image_only(images):
    """Your result has the shape of one image. An index selects from dimension 0, unless a : comes before it."""
    return images[0]


def drop_channel__height_dropped(images):
    """Your result has only two dimensions. Every index removes one dimension, so index only the channel."""
    return images[:, 0, 0]


def drop_channel__answer_not_kept(images):
    """Your result still has dimension 1. squeeze(1) returns a new tensor without it, and so does the index [:, 0]."""
    images.squeeze(1)
    return images


def drop_channel__in_place(images):
    """You changed the shape of images itself. Methods with an underscore at the end do this, but squeeze
    returns a new tensor."""
    return images.squeeze_(1)


def drop_channel__summed(images):
    """Your result has another dtype than images. Remove the dimension of size 1 without arithmetic or conversion."""
    return images.sum(dim=1)


def drop_channel__averaged(images):
    """You called mean, which raises an error for integers. You can remove a dimension of size 1 without arithmetic."""
    return images.mean(dim=1)


def drop_channel__height_and_width_mixed_up(images):
    """Your result has the shape (N, W, H). Keep height before width."""
    return images.reshape(images.shape[0], images.shape[3], images.shape[2])


def split_heads__cut_to_the_final_shape(x, heads):
    """The shape is right, but a head got whole positions, not a piece of each. Split the last dimension first, then
    swap two dimensions."""
    batch, length, width = x.shape
    return x.reshape(batch, heads, length, width // heads)


def split_heads__not_moved(x, heads):
    """Your result has the shape (B, L, heads, D // heads). Swap the positions with the heads."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads)


def split_heads__dealt_like_cards(x, heads):
    """The shape is right, but your pieces are not made of neighboring features. Split D into (heads, D // heads), in
    this order."""
    batch, length, width = x.shape
    return x.reshape(batch, length, width // heads, heads).permute(0, 3, 1, 2)


def split_heads__size_for_count(x, heads):
    """Your result has pieces of `heads` features. `heads` is the number of pieces, and each has D // heads features."""
    return torch.stack(x.split(heads, dim=2), dim=1)


def split_heads__positions_last(x, heads):
    """Your result has the shape (B, heads, D // heads, L). The positions come before the features of a piece."""
    batch, length, width = x.shape
    return x.transpose(1, 2).reshape(batch, heads, width // heads, length)


def split_heads__transposed_then_cut(x, heads):
    """The shape is right, but your pieces mix features of different positions. Split the last dimension before you
    swap dimensions."""
    batch, length, width = x.shape
    return x.transpose(1, 2).reshape(batch, heads, length, width // heads)


def split_heads__divided_to_a_float(x, heads):
    """You passed a float as a size. / always returns a float in Python, so divide with //."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width / heads).transpose(1, 2)


def repeat_each__whole_tensor_again(x, times):
    """You repeated the whole tensor, as np.tile does. PyTorch's name for np.repeat is repeat_interleave."""
    return x.repeat(times)


def repeat_each__multiplied(x, times):
    """Your result has no more elements than x. x * times multiplies the values: it does not repeat them, as it would
    for a list."""
    return x * times


def repeat_each__left_as_a_table(x, times):
    """Your result has the shape (N, times). Flatten it to one dimension."""
    return x[:, None].repeat(1, times)


def repeat_each__table_of_rows(x, times):
    """Your result has the shape (times, N). Return one dimension, with the copies of an element next to each other."""
    return x.repeat(times, 1)


def repeat_each__sorted_afterwards(x, times):
    """Your result is sorted, but x is not. Keep the elements in the order of x."""
    return x.repeat(times).sort().values


def repeat_each__numpys_keyword(x, times):
    """You passed axis= to repeat, which has no such argument. PyTorch's name for np.repeat is repeat_interleave."""
    return x.repeat(times, axis=0)


def independent_rows__same_row_shown_again(row, count):
    """All rows of your result share memory with `row`. Copy after expand, or use repeat, which always copies."""
    return row.expand(count, -1)


def independent_rows__one_copy_for_all(row, count):
    """Your rows don't share memory with `row`, but they share memory with each other. Make a copy for each row, for
    example with repeat."""
    return row.clone().expand(count, -1)


def independent_rows__copy_only_if_needed(row, count):
    """For a single row, your result shares memory with `row`. contiguous and reshape copy only if they must, but
    repeat and clone always do."""
    return row.expand(count, -1).contiguous()


def independent_rows__one_long_row(row, count):
    """Your result has one dimension. Return two dimensions: the first one counts the rows."""
    return row.repeat(count)


def independent_rows__side_by_side(row, count):
    """Your result is one row that is too long. Repeat along dimension 0, not along dimension 1."""
    return row.repeat(1, count)


def independent_rows__scrambled(row, count):
    """The shape is right, but your rows are not equal to `row`. Repeat `row` as a whole, not each element."""
    return row.repeat_interleave(count).reshape(count, row.shape[0])


def independent_rows__as_columns(row, count):
    """Your copies are columns. Put them below each other, so that the first dimension counts them."""
    return torch.stack([row] * count, dim=1)


def independent_rows__added_to_zeros(row, count):
    """Your result does not have the dtype of `row`. Don't convert it, and pass a dtype to functions like
    torch.zeros."""
    return torch.zeros(count, row.shape[0], device=row.device) + row
