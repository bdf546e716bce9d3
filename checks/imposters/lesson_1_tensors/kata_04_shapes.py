"""Wrong answers to katas/lesson_1_tensors/kata_04_shapes.py that get the why of a mistake, each for another cause."""

import torch


def as_batch__filled_by_hand__converted(images):
    """The stacked images are converted and moved."""
    return torch.stack(images).float().cpu()


def join_batches__begun_with_an_empty_tensor__converted(batches):
    """The batches are converted and moved before they are joined."""
    return torch.cat([batch.cpu().float() for batch in batches])


def join_batches__one_row_for_labels__row_made_by_hand(batches):
    """Each batch of labels becomes a row through an index, not through vstack."""
    return torch.cat([batch[None] if batch.dim() == 1 else batch for batch in batches])


def join_batches__taken_from_the_list__list_replaced(batches):
    """The items of the list are replaced, not taken out."""
    batches[:] = [torch.cat(batches)]
    return batches[0]


def channels_first__cut_anew__permuted_first(images):
    """The images are permuted first, and then read in the final shape."""
    count, height, width, channels = images.shape
    return images.permute(0, 2, 1, 3).reshape(count, channels, height, width)


def reshape_without_copy__copied_if_needed__error_caught(x, shape):
    """The error of view is caught, and None is returned."""
    try:
        return x.view(shape)
    except RuntimeError:
        return None


def reshape_without_copy__made_contiguous__copied_by_hand(x, shape):
    """A non-contiguous x is copied with clone."""
    if not x.is_contiguous():
        x = x.clone(memory_format=torch.contiguous_format)
    return x.view(shape)


def independent_rows__copy_only_if_needed__special_case(row, count):
    """A single row is treated as a special case."""
    return row[None] if count == 1 else row.repeat(count, 1)


def independent_rows__added_to_zeros__converted(row, count):
    """The row is converted, and no tensor is created."""
    return row.float().repeat(count, 1)


def independent_rows__same_row_shown_again__broadcast(row, count):
    """broadcast_to, and not expand."""
    return row.broadcast_to(count, len(row))


def join_batches__in_turns__sorted(batches):
    """The entries are sorted by their place in the batch."""
    places = torch.cat([torch.arange(len(batch)) for batch in batches])
    return torch.cat(batches)[places.argsort(stable=True)]
