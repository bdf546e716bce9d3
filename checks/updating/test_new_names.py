"""A step in a learner's file gets a new name: whatever means the step changes, and nothing else does."""

from __future__ import annotations

import pytest

from dojo.updating.new_names import with_new_name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def old(x):\n    return x\n", "def new(x):\n    return x\n"),
        ("class old(Base):\n    pass\n", "class new(Base):\n    pass\n"),
        ("@wrapped\nasync  def old():\n    pass\n", "@wrapped\nasync  def new():\n    pass\n"),
        # Calls of itself, calls by other functions, defaults and decorators.
        ("def old(n):\n    return n and old(n - 1)\n", "def new(n):\n    return n and new(n - 1)\n"),
        (
            "def old(): 1\n\n\ndef b(f=old): return 'é', old\n",
            "def new(): 1\n\n\ndef b(f=new): return 'é', new\n",
        ),
        ("def old(): pass\n\n\n@old\ndef b(): pass\n", "def new(): pass\n\n\n@new\ndef b(): pass\n"),
        # Local names, arguments, attributes, keywords and texts are not the step.
        ("def old(): pass\n\n\ndef b(old): return old\n", "def new(): pass\n\n\ndef b(old): return old\n"),
        (
            "def old(): pass\n\n\ndef b():\n    old = 1\n    return old\n",
            "def new(): pass\n\n\ndef b():\n    old = 1\n    return old\n",
        ),
        (
            "def old(): 1\n\n\ndef b(m): return m.old(old=1)\n",
            "def new(): 1\n\n\ndef b(m): return m.old(old=1)\n",
        ),
        ("def old():\n    '''old'''  # old\n", "def new():\n    '''old'''  # old\n"),
        (
            "def old(): pass\n\n\nB = lambda old: old\nC = [old for old in D]\nE = lambda: old\n",
            "def new(): pass\n\n\nB = lambda old: old\nC = [old for old in D]\nE = lambda: new\n",
        ),
        # A method of this name is not the step, and a method sees the step.
        (
            "def old(): pass\n\n\nclass B:\n    def old(self):\n        return old()\n",
            "def new(): pass\n\n\nclass B:\n    def old(self):\n        return new()\n",
        ),
    ],
)
def test_whatever_means_the_step_is_renamed(before, after):
    assert with_new_name(before, "old", "new") == after


@pytest.mark.parametrize(
    "text",
    [
        "def other(): pass\n",
        "def old(): pass\n\n\ndef new(): pass\n",
        "def old(): pass\n\n\nnew = 1\n",
        "def old(:\n",
        "def old(): pass\n\n\ndef b():\n    global old\n    old = 1\n",
    ],
)
def test_in_doubt_nothing_is_renamed(text):
    assert with_new_name(text, "old", "new") is None
