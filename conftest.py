"""Registers the dojo's plugin, and defines the one fixture that tests of katas use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import torch

pytest_plugins = ["dojo.plugin"]


@pytest.fixture
def device(request: pytest.FixtureRequest) -> torch.device:
    """A device to run on; the plugin repeats the test for every device there is (see --device)."""
    import torch

    return torch.device(request.param)
