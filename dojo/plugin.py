"""The pytest plugin. Its hooks are thin: they call other modules, which do the work."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import shlex
import signal
import sys
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dojo.course.curriculum import Curriculum, Step, read_curriculum, step_of_test
from dojo.course.layout import Course, refuse_unreadable_name, trees_without_tests
from dojo.course.practice import practice_choice
from dojo.failures.diagnosis import diagnose
from dojo.failures.failure import Failure, GivenCode, TestResult, explain
from dojo.failures.foresight import Foreseen
from dojo.failures.rerun import run_plan
from dojo.failures.test_items import (
    COURSE,
    CURRICULUM,
    DEVICES,
    ERROR,
    EXPLANATION,
    ON_RED,
    PATIENCE,
    REUSABLE_FORK,
    STEP,
    WATCH,
    attach_result,
    device_of,
    result_of,
)
from dojo.judging import lockdown, sandbox
from dojo.progress.known_green import KnownGreen
from dojo.progress.memory import Memory
from dojo.reports.step_report import plain_report
from dojo.running import arguments, focus_mode, held_start
from dojo.running.at_a_glance import is_given_code, is_run, report_unwritten
from dojo.running.one_run import RUN, Run
from dojo.running.walk import Walk
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line
from dojo.support.text import harmless
from dojo.support.versions import check_torch
from dojo.testbed import debugging, tampering, torch_private
from dojo.testbed.devices import Device, choose_devices, find_devices
from dojo.testbed.file_access import Cheating, audited
from dojo.testbed.kata_import import KataFinder, kata_module
from dojo.testbed.process_state import snapshot_modules
from dojo.testbed.pytest_private import run_test
from dojo.testbed.test_guard import EndsPytest, Watch, guarded
from dojo.testbed.time_limit import TookTooLong, patience_here, start_limit
from dojo.testbed.tracebacks import frames_within

if TYPE_CHECKING:
    from dojo.card_example import CardExample

forked_tests: Any
try:
    from dojo.running import forked_tests
except ImportError:  # no `resource` on Windows, and no fork either
    forked_tests = None

_FINDER = pytest.StashKey[KataFinder]()
_RANG = pytest.StashKey[float]()
# Whether the step is a repair step whose code is as given.
_IS_GIVEN_CODE = pytest.StashKey[bool]()
# Whether another test of the same step comes next.
_GOES_ON = pytest.StashKey[bool]()
_CANCEL = pytest.StashKey[Callable[[], float]]()
# The time limit for explaining a failure, in seconds. A method of the answer, such as __repr__, may take too long.
_EXPLAINING = 2.0
# The number of characters that are kept from the end of what the learner's code prints.
_PRINTED = 2000
# What pytest reads as the outcome of a test, or of the whole run.
_OUTCOMES = (KeyboardInterrupt, pytest.exit.Exception, pytest.fail.Exception, pytest.skip.Exception, unittest.SkipTest)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the dojo's options."""
    group = parser.getgroup("dojo", "the dojo")
    group.addoption("--all", action="store_true", dest="all_steps", help="run every step, and do not stop at a red one")
    group.addoption(
        "--practice", action="store_true", help="run the practice steps too (in every run: dojo practice on)"
    )
    group.addoption(
        "--step",
        metavar="STEP",
        action="append",
        default=[],
        dest="only_steps",
        help="run only this step, and stop at its first red test; may be repeated",
    )
    group.addoption(
        "--against",
        metavar="DIR",
        help="judge the code in this folder instead of katas/, for example --against=solutions",
    )
    group.addoption(
        "--device", metavar="NAME", action="append", default=[], help="run on this device only; may be repeated"
    )
    group.addoption(
        "--progress-json", metavar="FILE", help="write the result of every step to FILE (the format: docs/progress.md)"
    )
    group.addoption(
        "--isolation",
        choices=["auto", "fork", "spawn"],
        default="auto",
        help="how a red test is run again to find its mistake: in a fork, or in a fresh Python (default: auto)",
    )
    group.addoption("--dojo-judged", dest="judged", metavar="HOW", help="(internal) lock the tests down (dojo.judging)")
    group.addoption(
        "--fresh", action="store_true", help="run green steps again, even if nothing has changed since they were green"
    )
    group.addoption(
        "--dojo-remember",
        action="store_true",
        dest="remember",
        help="(internal) run everything, except steps that are known to be green",
    )
    group.addoption(
        "--dojo-typed", dest="typed", metavar="COMMAND", help="(internal) the command that started this run"
    )
    group.addoption("--dojo-examine", dest="examine", metavar="DIR", help="(internal) run the cases written in DIR")


class _Hooks:
    """The hooks that other plugins may implement."""

    def pytest_dojo_red(self, step: str, kind: str, report: list[Line]) -> None:
        """Called when a test of a step is red, before the mistake is known. `kind` is the kind of the failure.

        It is called again with the same step if the report then says more.
        """

    def pytest_dojo_foreseen(self, foreseen: Foreseen) -> None:
        """Called when a run that nobody has asked for yet has learned how a mistake fails."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hooks above."""
    pluginmanager.add_hookspecs(_Hooks)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Find the course, make `katas` importable, and take over the terminal in focus mode."""
    config.addinivalue_line("markers", "float64: needs float64; runs on the CPU if the device has none")
    root = config.rootpath
    if not ((root / "katas").is_dir() and (root / "tests").is_dir()):
        return
    if config.getoption("help") or config.getoption("version"):
        return
    if config.getoption("judged"):
        # This process, or an xdist worker, holds the verdict.
        lockdown.be_unreadable()
    # Importing torch makes hundreds of thousands of objects, but no garbage.
    gc.disable()
    finished = arguments.finish_old_fork_before(config, root)
    focused = focus_mode.wants_focus(config, root)
    if focused:
        config.args[:] = [arguments.as_argument(config, root / "tests")]
    try:
        refuse_unreadable_name(root)
        check_torch()
        arguments.use_tests_of_named_katas(config, root)
        course = Course.at(root, config.getoption("against"), config.invocation_params.dir)
        config.stash[COURSE] = course
        config.stash[CURRICULUM] = curriculum = read_curriculum(root)
        only = arguments.use_tests_of_named_steps(config, root, curriculum)
        walked = _walked(config, course, curriculum) if focused and not only else tuple(curriculum.steps())
        if config.getoption("device"):
            _devices(config)
    except DojoError as error:
        raise pytest.UsageError(str(error)) from None
    debugging.look_around(config)
    finder = config.stash[_FINDER] = KataFinder(course)
    finder.install()
    json_file = config.getoption("progress_json")
    config.stash[RUN] = Run(
        course,
        curriculum,
        focused,
        config.invocation_params.dir / json_file if json_file else None,
        only,
        config.getoption("device"),
        walked,
        config.getoption("typed") or shlex.join(["pytest", *map(str, config.invocation_params.args)]),
    )
    config.stash[RUN].problems += filter(None, map(curriculum.remark_on, config.getoption("only_steps")))
    if focused:
        focus_mode.install(config)
    if finished and config.pluginmanager.hasplugin("terminalreporter"):
        config.get_terminal_writer().line(finished, light=True)
    _plan(config)


def _walked(config: pytest.Config, course: Course, curriculum: Curriculum) -> tuple[Step, ...]:
    """The steps that a run without a selection walks: all steps if the judged folder is not katas/."""
    practice = not course.judges_own or practice_choice(course.root, option=config.getoption("practice")).practice
    return curriculum.walked(practice=practice)


def _plan(config: pytest.Config) -> None:
    """In a run that chooses its own steps, run only those that are not known to be green."""
    run = config.stash[RUN]
    # A held run is for files that are not saved yet. xdist tells its workers which tests to run.
    is_led = held_start.held() is not None or hasattr(config, "workerinput")
    if not (run.focused or config.getoption("remember")) or not run.judges_own or is_led:
        return
    memory = Memory(run.course.root)
    run.problems += memory.problems
    known = KnownGreen(run.course.root, run.curriculum, memory, config.getoption("device"))
    walk = Walk(config, run, None if config.getoption("fresh") else known)
    config.pluginmanager.register(walk, "dojo-walk")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop making `katas` importable."""
    gc.enable()
    finder = config.stash.get(_FINDER, None)
    if finder is not None:
        finder.uninstall()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Hide all objects made so far from the garbage collector.

    torch's objects stay until the end, and every later collection would visit each of them.
    """
    if COURSE in session.config.stash:
        gc.enable()
        gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep pytest from collecting answers as tests."""
    course = config.stash.get(COURSE, None)
    if course is None:
        return None
    trees = {course.root / name for name in trees_without_tests()}
    return True if trees & {collection_path, *collection_path.parents} else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the `device` fixture once on every device."""
    if "device" not in metafunc.fixturenames or metafunc.config.stash.get(COURSE, None) is None:
        return
    names = [device.name for device in _devices(metafunc.config) if not device.left_out]
    if metafunc.definition.get_closest_marker("float64"):
        able = {device.name for device in _devices(metafunc.config) if device.has_float64}
        names = list(dict.fromkeys(name if name in able else "cpu" for name in names))
    metafunc.parametrize("device", names, indirect=True, ids=names)


@pytest.fixture
def example(request: pytest.FixtureRequest) -> CardExample:
    """The example on the card of the step that the test is about."""
    from dojo.card_example import CardExample

    tampering.guard_new_modules()
    return CardExample(request.config.stash[COURSE].root, request.node.stash[STEP])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note which step each test belongs to; in focus mode, put the tests in the order of the course."""
    course = config.stash.get(COURSE, None)
    if course is None or not items:
        return
    curriculum = config.stash[CURRICULUM]
    steps = {step.id: step for step in curriculum.steps()}
    tests = course.root / "tests"
    for item in items:
        name = step_of_test(getattr(item, "originalname", ""))
        if name and tests in item.path.parents:
            step = steps.get(f"{item.path.relative_to(tests).with_suffix('').as_posix()}/{name}")
            if step is not None:
                item.stash[STEP] = step
    run = config.stash[RUN]
    if run.only:
        chosen = [item for item in items if STEP in item.stash and item.stash[STEP].id in run.only]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen
    if run.focused:
        items[:] = focus_mode.in_order(items, curriculum, [device.name for device in _devices(config)])


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in forks if that is possible. The child of an examination runs its cases instead."""
    folder = session.config.getoption("examine", None)
    if session.testsfailed:
        return None
    if COURSE in session.config.stash:
        tampering.snapshot()
        snapshot_modules()
        if not session.config.pluginmanager.hasplugin("dojo-walk") and folder is None:
            session.config.stash[RUN].will_run({item.stash[STEP]: None for item in session.items if STEP in item.stash})
    if folder is not None:
        run_plan(session.items, Path(folder))
        return True
    if forked_tests is not None and forked_tests.is_wanted(session):
        forked_tests.run(session)
        return True
    if RUN in session.config.stash:
        session.config.stash[RUN].wait_to_be_asked()
    if forked_tests is None:
        return None
    session.config.stash[REUSABLE_FORK] = fork = forked_tests.reusable_fork_for(session)
    if session.config.getoption("judged") and fork is None and not session.config.getoption("numprocesses", None):
        raise pytest.UsageError("The judge runs each test in a fork, and forks are not possible here.")
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a step's test. If the test is red, explain it before its report is passed on."""
    step = item.stash.get(STEP, None)
    if step is None:
        return None
    course = item.config.stash[COURSE]
    item.stash[_IS_GIVEN_CODE] = is_given_code(course, step)
    if not is_run(item):
        report_unwritten(item)
        return True
    fork = item.config.stash.get(REUSABLE_FORK, None)
    if fork is not None:
        fork.run(item, nextitem if nextitem is not None and STEP in nextitem.stash else None)
        return True
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.stash[EXPLANATION] = None
    item.stash[_GOES_ON] = nextitem is not None and nextitem.stash.get(STEP, None) is step
    # pytest keeps the fixtures that the next test shares with this one, so this must be a test that runs.
    for report in run_test(item, nextitem if nextitem is not None and is_run(nextitem) else None):
        report.sections = [(name, harmless(text)) for name, text in report.sections]
        _describe(item, report)
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _describe(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add the result to a report, and replace pytest's text with the learner's report."""
    watch = item.stash.get(WATCH, None)
    notes = [*(watch.notes if watch else []), *_device_notes(item)]
    failure: Failure | None = None
    explanation = item.stash.get(EXPLANATION, None)
    if report.when == "call" and report.failed and explanation is not None:
        failure = explanation.failure
        _note_given_code(item, failure)
        failure.warned = watch.warned if watch else []
        failure.printed = report.capstdout[-_PRINTED:]
        if ON_RED in item.config.stash:
            item.config.stash[ON_RED](result_of(item, failure.harmless(), []))
        diagnose(item, failure, explanation.signature)
        failure.notes = [*notes, *failure.notes]
        failure = failure.harmless()
        if ON_RED in item.config.stash and (failure.diagnosis or failure.clue):
            item.config.stash[ON_RED](result_of(item, failure, []))
        if _shows_learners_report(item.config):
            # pytest shows what was printed in a separate section.
            shown = dataclasses.replace(failure, printed="")
            report.longrepr = plain_report(item.config.stash[COURSE], item.stash[STEP], shown, device_of(item))
    attach_result(report, result_of(item, failure, notes))


def _note_given_code(item: pytest.Item, failure: Failure) -> None:
    """Mark the failure of given code, and remove what helps to find the fault."""
    # Failures of these kinds come from the rest of the file.
    elsewhere = failure.kind in ("broken", "missing", "cheating")
    failure.is_given_code = item.stash.get(_IS_GIVEN_CODE, False) and not elsewhere
    if failure.is_given_code and failure.kind == "error":
        # A second sentence is a clue.
        failure.says = failure.says[:1]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Import the file with the given code, but run that code only if this run shows how it fails."""
    if STEP in pyfuncitem.stash and pyfuncitem.config.getoption("trace"):
        # A debugger that steps from the test into the learner's code must not step through the import of the kata.
        with contextlib.suppress(Exception):
            _answer_of(pyfuncitem.stash[STEP])
    if not pyfuncitem.stash.get(_IS_GIVEN_CODE, False) or pyfuncitem.config.stash[RUN].runs_given_code:
        return
    _answer_of(pyfuncitem.stash[STEP])
    raise GivenCode


def _answer_of(step: Step) -> object:
    """The learner's function or class. Imports its kata first."""
    return getattr(kata_module(step.kata_id), step.name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Guard the run of each step's test: seeds, global settings, input(), and the files of the course."""
    if item.stash.get(STEP, None) is None:
        return (yield)
    course = item.config.stash[COURSE]
    judged = str(course.judged)
    watch = Watch()
    with audited(course) as audit:
        try:
            with guarded(lambda file: file.startswith(judged), not item.stash.get(_GOES_ON, False)) as watch:
                item.stash[WATCH] = watch
                item.stash[_RANG] = 0.0
                yield
                if item.stash[_RANG]:
                    # The code under test has caught the exception, or Python has ignored it, as in __del__.
                    raise TookTooLong(item.stash[_RANG])
        except _OUTCOMES as error:
            _refuse_cheating(item, audit.found, watch)
            if _is_meant(error, course):
                raise
            raise EndsPytest(error).with_traceback(error.__traceback__) from None
        except BaseException:
            _refuse_cheating(item, audit.found, watch)
            raise
        _refuse_cheating(item, audit.found, watch)
    return None


def _is_meant(error: BaseException, course: Course) -> bool:
    """Whether a person or a test raised `error`, and not the code under test."""
    if debugging.was_opened():
        # A person who leaves a debugger ends the run.
        return True
    if isinstance(error, KeyboardInterrupt):
        # Forks ignore Ctrl-C, so in a fork no person raised this.
        return signal.getsignal(signal.SIGINT) != signal.SIG_IGN
    return not isinstance(error, pytest.exit.Exception) and not frames_within(error.__traceback__, course.judged)


def _refuse_cheating(item: pytest.Item, found: Cheating | None, watch: Watch) -> None:
    """Raise Cheating if the code under test cheats, whatever the outcome of the test."""
    # With this fixture, the test itself may replace functions.
    replaced = [] if "monkeypatch" in getattr(item, "fixturenames", ()) else watch.replaced
    if found is None and replaced:
        names = ", ".join(replaced[:3]) + (" …" if len(replaced) > 3 else "")
        found = Cheating(f"Your code replaces {names}, which the tests need. The dojo has undone this.")
    if found is not None:
        # What the code has read stays in memory.
        watch.altered = True
        raise found from None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Turn the exception of a red test into data."""
    if STEP in item.stash and _shows_learners_report(item.config):
        # pytest's own traceback would be thrown away, and making it takes longer than the test.
        item.repr_failure = lambda excinfo, style=None: ""  # type: ignore[method-assign]
    report = yield
    if call.when == "call" and call.excinfo is not None and report.failed and STEP in item.stash:
        error = call.excinfo.value
        name = getattr(item, "originalname", item.name)
        course = item.config.stash[COURSE]
        cancel = start_limit(_EXPLAINING, "signal", lambda: False)
        try:
            item.stash[EXPLANATION] = explain(error, name, item.path, course, item.stash[STEP])
        finally:
            cancel()
        if ERROR in item.stash:
            item.stash[ERROR] = error
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    """Let a step that takes too long fail in the learner's line."""
    if STEP not in item.stash:
        return None
    import pytest_timeout

    item.stash[PATIENCE] = patience = sandbox.PATIENCE if item.config.getoption("judged") else patience_here()
    item.stash[_CANCEL] = start_limit(settings.timeout, settings.method, pytest_timeout.is_debugging, patience)
    return True


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_cancel_timer(item: pytest.Item) -> bool | None:
    """Cancel the limit."""
    cancel = item.stash.get(_CANCEL, None)
    if cancel is None:
        return None
    del item.stash[_CANCEL]
    item.stash[_RANG] = cancel()
    return True


def pytest_enter_pdb(config: pytest.Config, pdb: Any) -> None:
    """Let a debugger begin in the learner's line. Streams and signals that it changes are not restored."""
    course = config.stash.get(COURSE, None)
    if course is not None:
        debugging.note_opened()
        debugging.stop_in(course.judged, pdb)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Listen to the reports in the process that the person started."""
    if RUN in session.config.stash and not hasattr(session.config, "workerinput"):
        listener = _Listener(session)
        session.config.pluginmanager.register(listener, "dojo-listener")
        if session.config.hook.pytest_dojo_red.get_hookimpls():
            session.config.stash[ON_RED] = listener.tell_early


class _Listener:
    """Hooks that need the session."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session
        self.run = session.config.stash[RUN]

    def tell_early(self, result: TestResult) -> None:
        """Call pytest_dojo_red with the result of a red test."""
        assert result.failure is not None
        report = self.run.report_of(result.step, result.failure, result.device)
        hook = self.session.config.hook
        hook.pytest_dojo_red(step=result.step, kind=result.failure.counts_as, report=report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in each outcome. In focus mode, stop at the first red one."""
        if self.run.take(report) and self.run.focused:
            self.session.shouldfail = "the first red step"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take the devices from an xdist worker, because this process has not imported torch."""
        output = getattr(node, "workeroutput", {})
        self.run.problems += output.get("dojo_problems", [])
        devices = output.get("dojo_devices")
        if devices and not self.run.devices:
            self.run.devices = [Device(**device) for device in devices]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make the report of the run, before the terminal reporter prints."""
        config = session.config
        if config.getoption("examine", None) or config.getoption("collectonly"):
            return
        self.run.devices = self.run.devices or config.stash.get(DEVICES, [])
        self.run.close()
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if isinstance(reporter, focus_mode.FocusReporter) and (self.run.outcomes or self.run.left_out):
            reporter.report = self.run.report(reporter)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the progress below pytest's own report."""
        self.run.summary(terminalreporter)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In an xdist worker, end the fork that ran the tests, and send the devices to the main process."""
    fork = session.config.stash.get(REUSABLE_FORK, None)
    if fork is not None:
        fork.close()
    output = getattr(session.config, "workeroutput", None)
    if output is not None and DEVICES in session.config.stash:
        output["dojo_problems"] = torch_private.missing()
        output["dojo_devices"] = [dataclasses.asdict(device) for device in session.config.stash[DEVICES]]


def _devices(config: pytest.Config) -> list[Device]:
    """The devices of this run. Imports torch."""
    if DEVICES not in config.stash:
        asked = config.getoption("device")
        config.stash[DEVICES] = choose_devices(find_devices(asked), asked)
        # A kata's tensors are small, so a second thread costs more than it computes.
        sys.modules["torch"].set_num_threads(1)
    return config.stash[DEVICES]


def _shows_learners_report(config: pytest.Config) -> bool:
    """Whether red tests get the learner's report. --tb=long and other values ask for pytest's own text."""
    return config.getoption("tbstyle", "auto") in ("auto", "short")


def _device_notes(item: pytest.Item) -> list[str]:
    if not item.get_closest_marker("float64"):
        return []
    return [
        f"{device.name} has no float64: {getattr(item, 'originalname', item.name)} ran on the CPU instead."
        for device in item.config.stash.get(DEVICES, [])
        if not device.has_float64 and not device.left_out
    ]
