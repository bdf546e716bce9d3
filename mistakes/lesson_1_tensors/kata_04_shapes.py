"""Wrong answers to katas/lesson_1_tensors/kata_04_shapes.py, each with the sentence that corrects the belief."""

import torch


def flatten_images__batch_flattened_too(images):
    """The batch was flattened along with the images: in this one long row nobody knows where an image ends."""
    return images.flatten()


def flatten_images__channels_as_images(images):
    """The number of rows grew: a -1 in front takes up whatever is left over, and here that was the channels too."""
    return images.reshape(-1, images.shape[-2] * images.shape[-1])


def flatten_images__from_the_third_dimension(images):
    """Dimensions are counted from 0: the batch is dimension 0, and the first that belongs to an image is 1, not 2."""
    return images.flatten(2)


def flatten_images__view_of_a_cut_out(images):
    """view only cuts anew numbers that lie in memory one after another, and those of a part cut out have gaps."""
    return images.view(images.shape[0], -1)


def flatten_images__batch_last(images):
    """The first size counts the rows: here the batch became the columns, and the images were mixed."""
    return images.reshape(-1, images.shape[0])


def flatten_images__scrambled(images):
    """The shape is right and the images are mixed: to cut into columns and transpose is not to cut into rows."""
    return images.reshape(-1, images.shape[0]).t()


def flatten_images__ones_removed_first(images):
    """A batch of one is a batch all the same: whoever removes every dimension of size 1 first loses count of it."""
    return images.squeeze().flatten(1)


def drop_channel__every_one_dropped(images):
    """Every dimension of size 1 is gone, and a batch of one with it: say which dimension you mean."""
    return images.squeeze()


def drop_channel__first_dimension(images):
    """Dimensions are counted from 0, and number 0 is the batch: it stays, even when its size is 1."""
    return images.squeeze(0)


def drop_channel__first_image_only(images):
    """This is the first image, channel and all: an index takes from dimension 0 unless a : stands before it."""
    return images[0]


def drop_channel__answer_not_kept(images):
    """All four dimensions are still there: a method that changes the shape returns a new tensor and leaves the old."""
    images.squeeze(1)
    return images


def drop_channel__in_place(images):
    """You took the dimension from images itself: the caller has lost it too. Make a new tensor or a view of it."""
    return images.squeeze_(1)


def drop_channel__height_and_width_mixed_up(images):
    """Height comes before width: with the two sizes the other way round, the same numbers make another picture."""
    return images.reshape(images.shape[0], images.shape[3], images.shape[2])


def channels_first__cut_anew(images):
    """The shape is right and the picture is scrambled: no dimension was moved, the same numbers were only cut anew."""
    count, height, width, channels = images.shape
    return images.reshape(count, channels, height, width)


def channels_first__numpys_transpose(images):
    """transpose swaps two dimensions and takes no more; what takes the whole order, as NumPy's does, is another."""
    return images.transpose(0, 3, 1, 2)


def channels_first__swapped_with_the_height(images):
    """Your pictures lie on their side: the channels come first, but the width has come to stand before the height."""
    return images.transpose(1, 3)


def channels_first__where_to_for_where_from(images):
    """The order lists, for every place of the answer, which dimension comes there, not where each one goes."""
    return images.permute(0, 2, 3, 1)


def channels_first__before_the_batch(images):
    """The channels came before the batch: the first dimension still counts the images, the channels come second."""
    return images.permute(3, 0, 1, 2)


def channels_first__batch_forgotten(images):
    """The order must name every dimension, those that stay too: the batch is number 0, and the others count from 1."""
    return images.permute(2, 0, 1)


def split_heads__cut_to_the_final_shape(x, heads):
    """The shape is right, but a head got whole positions and not a piece of each: cutting anew moves no dimension."""
    batch, length, width = x.shape
    return x.reshape(batch, heads, length, width // heads)


def split_heads__not_moved(x, heads):
    """The pieces are cut, but they still stand behind the positions: the heads come second, right after the batch."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads)


def split_heads__dealt_like_cards(x, heads):
    """Your heads take turns, each number to the next head; a piece is made of numbers that stand side by side."""
    batch, length, width = x.shape
    return x.reshape(batch, length, width // heads, heads).permute(0, 3, 1, 2)


def split_heads__size_for_count(x, heads):
    """heads says how many pieces there are, not how long a piece is."""
    return torch.stack(x.split(heads, dim=2), dim=1)


def split_heads__positions_last(x, heads):
    """The last two dimensions changed places: the positions come before the numbers of a piece."""
    batch, length, width = x.shape
    return x.transpose(1, 2).reshape(batch, heads, width // heads, length)


def split_heads__divided_to_a_float(x, heads):
    """A single / makes a float even where nothing is left over, and a size must be an int."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width / heads).transpose(1, 2)


def read_down_columns__row_by_row(x):
    """These are the rows one after another: cut anew, a table is always read along its rows."""
    return x.flatten().clone()


def read_down_columns__view_after_transpose(x):
    """Transposing moves no number in memory, so the columns still have gaps in them, and view can't step over gaps."""
    return x.t().view(-1)


def read_down_columns__clone_keeps_the_gaps(x):
    """clone keeps the order in memory: the copy of a transposed table is stored as before, and view can't read it."""
    return x.t().clone().view(-1)


def read_down_columns__copy_only_if_needed(x):
    """flatten, reshape and contiguous copy only if they must: of one row, or of a transposed table, you got a view."""
    return x.t().flatten()


def read_down_columns__numpys_order(x):
    """NumPy's order="F" does not exist here: to read the columns, turn them into rows first."""
    return x.flatten(order="F")


def read_down_columns__numpys_copy(x):
    """A tensor has no copy(): what makes a copy in NumPy goes by the name of clone here."""
    return x.T.copy().reshape(-1)


def read_down_columns__cut_then_transposed(x):
    """The table was cut to other sizes before its columns were read: these are the columns of another table."""
    return x.reshape(x.shape[1], x.shape[0]).t().flatten()


def read_down_columns__only_transposed(x):
    """The columns became rows, and there are still two dimensions: they must be joined into one."""
    return x.t().clone()


def read_down_columns__turned_in_place(x):
    """You turned x itself, and the caller's table is now transposed: a trailing underscore means in place."""
    return x.t_().flatten().clone()


def as_batch__glued_together(images):
    """The images were glued together along a dimension they had: to count them, a new dimension is needed."""
    return torch.cat(images)


def as_batch__new_dimension_last(images):
    """The new dimension came last: there the images are taken apart number by number, and answer[n] is no image."""
    return torch.stack(images, dim=-1)


def as_batch__tensor_of_tensors(images):
    """torch.tensor is made for Python numbers: a list of tensors that are more than one number each is not for it."""
    return torch.tensor(images)


def as_batch__single_image_without_a_batch(images):
    """A single image came out without its batch: whoever loops over the batch would now loop over its rows."""
    return torch.stack(images).squeeze(0)


def as_batch__filled_by_hand(images):
    """What you create to be filled has the default dtype and lives on the CPU, whatever the images are."""
    batch = torch.zeros(len(images), *images[0].shape)
    for place, image in zip(batch, images, strict=True):
        place.copy_(image)
    return batch


def as_batch__scrambled(images):
    """The shape is right and the images are mixed: the first rows of all of them come before any second row."""
    return torch.cat(images, dim=-1).reshape(len(images), *images[0].shape)


def as_batch__list_returned(images):
    """A list of tensors is no tensor: it has no shape, and nothing can be computed for all images at once."""
    return list(images)


def repeat_each__whole_tensor_again(x, times):
    """The whole tensor came again and again: that is np.tile, and in PyTorch it is what the name repeat stands for."""
    return x.repeat(times)


def repeat_each__multiplied(x, times):
    """A list times 3 is three times as long; a tensor times 3 has as many numbers as before, three times as large."""
    return x * times


def repeat_each__left_as_a_table(x, times):
    """The copies stand side by side, a row for each number; only one dimension is asked for."""
    return x[:, None].repeat(1, times)


def repeat_each__table_of_rows(x, times):
    """Each row of this table is the whole of x: what must come again is each number, and in one dimension."""
    return x.repeat(times, 1)


def repeat_each__sorted_afterwards(x, times):
    """Equal numbers stand together because they were sorted: that they came in order before was luck."""
    return x.repeat(times).sort().values


def repeat_each__numpys_keyword(x, times):
    """NumPy's axis= has no place here: the method has the same name as NumPy's, but it does something else."""
    return x.repeat(times, axis=0)


def independent_rows__same_row_shown_again(row, count):
    """All your rows are the memory of row itself: nothing was copied, one row is only shown several times."""
    return row.expand(count, -1)


def independent_rows__one_copy_for_all(row, count):
    """You made one copy for all rows together: row is safe, but a write to one row shows in all the others."""
    return row.clone().expand(count, -1)


def independent_rows__copy_only_if_needed(row, count):
    """For a single row nothing was copied: an operation that copies only if it must gives you row itself."""
    return row.expand(count, -1).contiguous()


def independent_rows__one_long_row(row, count):
    """The copies came one behind the other in a single dimension: to stand below each other, they need a second one."""
    return row.repeat(count)


def independent_rows__side_by_side(row, count):
    """The sizes were swapped: the first counts the rows, the second says how often a row comes along its own length."""
    return row.repeat(1, count)


def independent_rows__scrambled(row, count):
    """The shape is right, but each number came several times in a row before the next, so the rows are mixed."""
    return row.repeat_interleave(count).reshape(count, row.shape[0])


def independent_rows__as_columns(row, count):
    """Your copies stand side by side as columns: the first dimension counts the copies."""
    return torch.stack([row] * count, dim=1)


def independent_rows__added_to_zeros(row, count):
    """Your whole numbers have become floats, and large ones are rounded: what you make yourself is float32 unless
    told otherwise."""
    return torch.zeros(count, row.shape[0], device=row.device) + row
