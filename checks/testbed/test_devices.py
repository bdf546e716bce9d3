"""The device fixture, and the messages about devices on which no test runs."""

from __future__ import annotations

import json

import pytest

FAKE = """
import dojo.testbed.devices, dojo.plugin
def find(asked):
    return [dojo.testbed.devices.Device("cpu"), dojo.testbed.devices.Device("meta")]
dojo.plugin.find_devices = find
dojo.testbed.devices._NO_FLOAT64.add("meta")
"""


def test_an_unknown_device_is_refused_with_the_list(course):
    ran = course.pytest("--device", "nosuch")
    assert ran.status == 4
    assert ran.out.startswith("ERROR: --device nosuch: there is no such device here. Choose one of: cpu")


def test_a_test_runs_on_every_device(course):
    course.write("fake.py", FAKE)
    ran = course.pytest("-p", "fake", "--co", "-q", "--all")
    assert "test_double__is_twice_the_input[cpu]" in ran.out
    assert "test_double__is_twice_the_input[meta]" in ran.out


def test_a_device_left_out_is_said_never_silently_absent(course):
    course.write("fake.py", FAKE)
    course.solve()
    ran = course.pytest("-p", "fake", "--device", "cpu", "--progress-json", "p.json")
    assert ran.status == 0
    assert "not run on meta: left out by --device" in ran.lines
    devices = json.loads((course.root / "p.json").read_text())["devices"]
    assert {"name": "meta", "status": "left_out", "reason": "left out by --device"} in devices


def test_float64_runs_on_the_cpu_where_a_device_has_none(course):
    course.write("fake.py", FAKE)
    course.solve()
    path = course.root / course.tests
    path.write_text(
        path.read_text()
        .replace("def test_double__is", "@pytest.mark.float64\ndef test_double__is")
        .replace("import torch\n", "import pytest\nimport torch\n", 1)
    )
    ran = course.pytest("-p", "fake", "--co", "-q", "--all")
    assert "test_double__is_twice_the_input[cpu]" in ran.out
    assert "test_double__is_twice_the_input[meta]" not in ran.out
    only = course.pytest("-p", "fake", "--device", "meta", "-k", "twice")
    assert "1 passed" in only.out
    assert "meta has no float64: test_double__is_twice_the_input ran on the CPU instead." in only.out


@pytest.mark.parametrize("options", [["--device", "cpu"], ["--device=cpu,cpu"]])
def test_narrowing_keeps_focus(course, options):
    assert course.pytest(*options).lines[0].startswith("✗ double")
