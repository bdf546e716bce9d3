"""From a save to the screen."""
