"""Device mistakes are red on a machine without a GPU, with PyTorch's own message and one more sentence."""

from __future__ import annotations

import pytest


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "raised", "clue"),
    [
        (
            "twos = torch.full((2,), 2.0)\nreturn x * twos",
            "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, sim:0 and",
            "x is on sim; twos, made on line 7, is on cpu.",
        ),
        (
            "return x * torch.tensor([2.0, 2.0])",
            "RuntimeError: Expected all tensors to be on the same device",
            "x is on sim; torch.tensor([2.0, 2.0]) here is on cpu.",
        ),
        (
            "layer = torch.nn.Linear(2, 2, bias=False)\nlayer.weight.data = 2 * torch.eye(2)\nreturn layer(x).detach()",
            "RuntimeError: Expected all tensors to be on the same device",
            "layer, made on line 7, is on cpu; x is on sim.",
        ),
        (
            "twos = torch.full((2,), 2.0)\ntwos *= x\nreturn twos",
            "RuntimeError: Expected all tensors to be on the same device",
            "twos, made on line 7, is on cpu; x is on sim.",
        ),
        ("return torch.from_numpy(2 * x.numpy())", "TypeError: can't convert sim:0 device type tensor to numpy.", ""),
        (
            "import numpy as np\nreturn torch.from_numpy(2 * np.asarray(x))",
            "TypeError: can't convert sim:0 device type tensor",
            "",
        ),
    ],
)
def test_a_mixed_line_is_red_and_the_tensors_are_named(course, body, raised, clue):
    course.solve(double=body)
    assert course.pytest("-k", "double").status == 0, "the mistake does not show on the CPU"
    ran = course.pytest(devices="all")
    text = " ".join(ran.out.split())
    assert ran.status == 1
    assert raised in text
    assert clue in text
    assert "dojo/" not in ran.out


def test_a_result_left_on_the_cpu_is_reported_as_a_wrong_device(course):
    course.solve(double="return 2 * x.cpu()")
    ran = course.pytest(devices="all")
    assert "  the test: double is twice the input on sim, a simulated GPU" in ran.lines
    assert "  Your result is on cpu. It must be on sim." in ran.lines
    assert "  called    double(tensor([1. , 2.5], device='sim'))" in ran.lines
    assert "  expected  float32 tensor, shape (2,), on sim" in ran.lines


@pytest.mark.full
def test_a_mistake_that_shows_only_on_the_device_is_diagnosed(course):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(
        path.read_text() + '\n\ndef double__left(x):\n    """It was left behind."""\n    return 2 * x.cpu()\n'
    )
    course.solve(double="return (x + x).to('cpu')")
    for isolation in ("fork", "spawn"):
        assert "It was left behind." in course.pytest("--isolation", isolation, devices="all").out


def test_sim_is_there_by_default_and_can_be_asked_for_or_left_out(course):
    course.solve()
    assert "on cpu and sim in" in course.pytest(devices="all").out
    only = course.pytest("--device", "sim", devices="all")
    assert "on sim in" in only.out
    assert "not run on cpu: left out by --device" in only.lines
    assert "not run on sim: left out by --device" in course.pytest("--device", "cpu", devices="all").lines


@pytest.mark.full
@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("import torch\ndel torch._C._acc", "lacks what `sim` is built from"),
        (
            "import dojo.sim.smoke as s\ndef check(): raise RuntimeError('a gradient is wrong')\ns.check = check",
            "a gradient is wrong",
        ),
        (
            "import torch\ntorch.accelerator.is_available = lambda: True\n"
            "torch.accelerator.current_accelerator = lambda: torch.device('cuda')",
            "a real accelerator (cuda) finds the same mistakes",
        ),
        ("import torch\ntorch._C._get_privateuse1_backend_name = lambda: 'npu'", "another backend (npu)"),
    ],
)
def test_sim_is_left_out_with_one_line_if_it_cannot_be_used(course, patch, reason):
    course.solve()
    course.write("patch.py", patch + "\n")
    ran = course.fresh("-p", "patch", "--all", "--device", "cpu")
    assert ran.status == 0, ran.out
    said = [line for line in ran.lines if line.startswith("not run on sim: ")]
    assert len(said) == 1
    assert reason in said[0]
    asked = course.fresh("-p", "patch", "--device", "sim")
    if "cuda" in reason:
        assert asked.status == 0, "sim may be asked for on a machine with a real accelerator"
    else:
        assert asked.status == 4
        assert asked.out.startswith("ERROR: --device sim: this device can't be used here: ")
        assert reason in asked.out


def test_progress_tells_the_devices_apart(course):
    import json

    course.solve(double="return 2 * x.cpu()")
    course.pytest("--progress-json", "p.json", devices="all")
    step = json.loads((course.root / "p.json").read_text())["lessons"][0]["katas"][0]["steps"][0]
    assert step["devices"] == {"cpu": "green", "sim": "red"}
    assert step["failing_device"] == "sim"
