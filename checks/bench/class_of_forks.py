"""The time that a class takes: python checks/bench/class_of_forks.py [--forks 1000] [--learners 10000] [--verify]

Makes git forks of this course on disk, each with commits and a progress branch. Times `dojo class` on them three
times: the first time, again, and after 1% of the forks pushed. Then times the page in Chromium, also of a larger class.
With `--verify` the forks are judged too. A tenth of them have answers to the first kata. The others are untouched.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dojo.classroom.class_data import ClassData, Standing, class_data
from dojo.classroom.fork_data import Claim, ClassPush, Fork
from dojo.classroom.page import page_of
from dojo.classroom.published import Compared
from dojo.classroom.roster import Learner
from dojo.course.curriculum import Curriculum, read_curriculum
from dojo.course.layout import file_in, find_root
from dojo.progress.data import CourseVersion
from dojo.progress.reading import parse_progress
from dojo.progress.statuses import GREEN, NOT_RUN, RED

ROOT = find_root(Path(__file__).parent)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)

# Runs at the end of the page: types into the filter and forces a layout each time. Painting is not measured.
PROBE = """<script>
const laid = () => document.body.getBoundingClientRect().height + document.getElementById("table").offsetHeight;
laid();
const timed = change => { const start = performance.now(); change(); laid(); return performance.now() - start; };
const rendered = performance.now(), box = document.getElementById("search");
const times = ["learner 7", "cohort 3", "", "zz", "learner 99", ""].map(text => timed(() => {
  box.value = text; box.dispatchEvent(new Event("input")); }));
const sorts = ["name", "l0", "seen"].map(id => timed(() => document.querySelector(`[data-sort="${id}"]`).click()));
const rows = document.querySelectorAll("tr.row").length;
document.title = JSON.stringify({ rendered, times, sorts, rows });
</script>"""


def progress_of(curriculum: Curriculum, chance: random.Random, green: int, at: datetime.datetime) -> dict[str, Any]:
    """Return a progress file as a fork's CI writes it: the first `green` steps are green, and the next step is red."""
    done = 0
    lessons = []
    for lesson in curriculum.lessons:
        katas = []
        for kata in lesson.katas:
            steps = []
            for step in kata.steps:
                status = GREEN if done < green else RED if done == green else NOT_RUN
                done += 1
                red = status == RED
                steps.append(
                    {
                        "id": step.id,
                        "name": step.name,
                        "status": status,
                        "tests": len(step.tests),
                        "passed": len(step.tests) if status == GREEN else 0,
                        "devices": {"cpu": status, "sim": status},
                        "seconds": 0.01,
                        "notes": [],
                        "failing_test": step.tests[0] if red else None,
                        "failing_device": "cpu" if red else None,
                        "behaviour": "does what it should" if red else None,
                        "failure": {"kind": "value", "says": ["Not so."], "raised": None, "file": None, "line": None}
                        if red
                        else None,
                        "report": [[["called ", "dim"], ["with this", "plain"]]] * 12 if red else [],
                        "diagnosis": {"mistake": f"mistake_{chance.randrange(3)}", "says": "A belief, and the truth."}
                        if red
                        else None,
                    }
                )
            katas.append({"id": kata.id, "number": kata.number, "title": kata.title, "steps": steps})
        lessons.append({"id": lesson.id, "number": lesson.number, "title": lesson.title, "katas": katas})
    every = [step for lesson in lessons for kata in lesson["katas"] for step in kata["steps"]]
    names = ("green", "red", "broken", "ahead", "not_run")
    return {
        "schema": 1,
        "course": {"name": "x", "version": "0.1.0", "commit": None},
        "judged": "katas",
        "made_at": at.isoformat(),
        "python": "3.12.0",
        "torch": "2.6.0",
        "seconds": 30.0,
        "devices": [{"name": "cpu", "status": "run", "reason": ""}],
        "totals": {name: sum(step["status"] == name for step in every) for name in names} | {"steps": len(every)},
        "focus": next((step["id"] for step in every if step["status"] == RED), None),
        "judge": None,
        "lessons": lessons,
    }


def pushes_of(curriculum: Curriculum, chance: random.Random, green: int) -> list[dict[str, Any]]:
    """Return a history of twenty pushes that ends at `green` steps."""
    ids = [step.id for step in curriculum.steps()]
    at = NOW - datetime.timedelta(days=chance.uniform(0, 12))
    pushes = []
    for number in range(20):
        then = max(0, green - number * 2 // 3)
        focus = ids[then] if then < len(ids) else None
        totals = {"green": then, "red": int(focus is not None), "broken": 0, "ahead": 0}
        totals["not_run"] = len(ids) - then - totals["red"]
        line = {"made_at": at.isoformat(timespec="seconds"), "commit": None, "totals": totals | {"steps": len(ids)}}
        pushes.append(line | {"green": [], "red": [], "focus": focus})
        at -= datetime.timedelta(hours=chance.uniform(5, 60))
    return pushes[::-1]


def make_fork(folder: Path, number: int, curriculum: Curriculum, *, again: bool = False) -> None:
    """Make a bare fork with a commit in katas/ and a branch `progress`. With `again`, add a push to it."""
    chance = random.Random(number)
    green = chance.randrange(sum(1 for _ in curriculum.steps()))
    pushes = pushes_of(curriculum, chance, green)
    if again:
        pushes.append(pushes[-1] | {"made_at": NOW.isoformat()})
    progress = progress_of(curriculum, chance, green, datetime.datetime.fromisoformat(pushes[-1]["made_at"]))
    if not again:
        subprocess.run(["git", "clone", "-q", "--bare", str(ROOT), str(folder)], check=True)
    head = subprocess.run(
        ["git", "-C", str(folder), "symbolic-ref", "HEAD"], capture_output=True, text=True, check=True
    )
    branch = head.stdout.strip()
    kata = file_in("katas", next(curriculum.katas()).id)
    text = (ROOT / kata).read_text(encoding="utf-8")
    if number % 10 == 0:
        # A comment makes the answers of each fork different.
        answers = (ROOT / kata.replace("katas", "solutions", 1)).read_text(encoding="utf-8")
        text = f"{answers}# {number} {again}\n"
    files = {
        branch: {kata: text},
        "refs/heads/progress": {
            "progress.json": json.dumps(progress, indent=1),
            "history.jsonl": "".join(json.dumps(push) + "\n" for push in pushes),
        },
    }
    stream = b""
    for ref, contents in files.items():
        stream += f"commit {ref}\ncommitter x <x@y.z> {int(time.time())} +0000\ndata 4\npush".encode()
        if ref == branch or again:
            stream += f"\nfrom {ref}^0".encode()
        for path, text in contents.items():
            data = text.encode()
            stream += f"\nM 100644 inline {path}\ndata {len(data)}\n".encode() + data
        stream += b"\n\n"
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, check=True)


def timed(folder: Path, roster: Path, what: str, *options: str) -> None:
    """Run `dojo class`. Print the time that it took, and its line about the forks."""
    command = [sys.executable, "-m", "dojo", "class", str(roster), "--out", str(folder / "out"), *options]
    started = time.perf_counter()
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    print(f"{what}: {seconds:.1f} s   ({ran.stdout.strip().splitlines()[-2] if ran.stdout else ran.stderr.strip()})")


def in_chromium(page: Path, what: str) -> None:
    """Print the size of a page, and the times of drawing, filtering and sorting."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    text = page.read_text(encoding="utf-8")
    print(f"{what}: {len(text.encode()) / 1e6:.2f} MB")
    if chromium is None:
        print("  no Chromium here")
        return
    probed = page.with_name("probed.html")
    # The page allows only its own script, and the measured copy has another script.
    probed.write_text(re.sub(r"<meta http-equiv.*?>", "", text).replace("</body>", PROBE + "</body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,900"]
    blank = probed.with_name("blank.html")
    blank.write_text("<p>nothing")
    wall = {}
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *options, f"--user-data-dir={profile}"]
        ran = subprocess.run([*command, "--dump-dom", probed.as_uri()], capture_output=True, text=True, check=False)
        for shown in (blank, page):
            started = time.perf_counter()
            picture = f"--screenshot={profile}/x.png"
            subprocess.run([*command, picture, shown.as_uri()], capture_output=True, check=False)
            wall[shown] = time.perf_counter() - started
    found = re.search(r"<title>(\{.*?\})</title>", ran.stdout)
    if found is None:
        print("  not measured")
        return
    told = json.loads(found[1].replace("&quot;", '"'))
    filters, sorts = (", ".join(f"{each:.0f}" for each in told[key]) for key in ("times", "sorts"))
    print(f"  laid out {told['rendered']:.0f} ms after it was asked for; rows in the page: {told['rows']}")
    print(f"  filters {filters} ms; sorts {sorts} ms (script and layout)")
    print(f"  Chromium from start to picture {wall[page]:.1f} s; of an empty page {wall[blank]:.1f} s")


def larger(curriculum: Curriculum, number: int) -> ClassData:
    """Return the data of a class of `number` learners, without forks."""
    standings = []
    for n in range(number):
        chance = random.Random(n)
        green = chance.randrange(sum(1 for _ in curriculum.steps()))
        pushes = pushes_of(curriculum, chance, green)
        made_at = datetime.datetime.fromisoformat(pushes[-1]["made_at"])
        history = [ClassPush(push["made_at"], None, push["totals"]["green"], push["focus"]) for push in pushes]
        fork = Fork(f"https://example.org/learner{n}/course.git", history=history)
        data = json.dumps(progress_of(curriculum, chance, green, made_at)).encode()
        fork.progress = Claim.of(parse_progress(data, fork.url))
        learner = Learner(f"learner {n}", fork.url, {"group": f"cohort {n % 40}"})
        standings.append(Standing(learner, fork, Compared("x", NOW.isoformat(), [], [])))
    return class_data(curriculum, CourseVersion("A large class", ""), standings, NOW)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forks", type=int, default=1000)
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--verify", action="store_true")
    arguments = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    curriculum = read_curriculum(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        numbers = range(arguments.forks)
        forks = [folder / "forks" / f"{number}.git" for number in numbers]
        started = time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda number: make_fork(forks[number], number, curriculum), numbers))
        print(f"{len(forks)} forks made in {time.perf_counter() - started:.0f} s; {os.cpu_count()} cores")
        roster = folder / "roster.csv"
        lines = [f"learner {number},{fork},cohort {number % 40}\n" for number, fork in enumerate(forks)]
        roster.write_text("name,url,group\n" + "".join(lines))
        timed(folder, roster, "first fetch")
        timed(folder, roster, "again, nothing changed")
        if arguments.verify:
            timed(folder, roster, "every fork judged", "--verify")
            timed(folder, roster, "again, judged where needed", "--verify")
        for number in range(0, len(forks), 100):
            make_fork(forks[number], number, curriculum, again=True)
        timed(folder, roster, "again, 1% changed", *(["--verify"] if arguments.verify else []))
        cache = sum(path.stat().st_size for path in (folder / "out" / "cache").rglob("*") if path.is_file())
        print(f"cache: {cache / 1e6:.1f} MB; class.json: {(folder / 'out' / 'class.json').stat().st_size / 1e6:.1f} MB")
        in_chromium(folder / "out" / "index.html", f"page of {len(forks)} learners")
        started = time.perf_counter()
        page = folder / "large.html"
        page.write_text(page_of(larger(curriculum, arguments.learners), [], []), encoding="utf-8")
        in_chromium(page, f"page of {arguments.learners} learners")


if __name__ == "__main__":
    main()
