"""A submission is read as it comes: what is no kata is left out, one sentence says so, and the rest is graded."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.judging.submission import read_submission
from dojo.support.errors import DojoError

ONE = "lesson_1_numbers/kata_01_doubling.py"
TWO = "lesson_2_words/kata_01_shouting.py"
BOTH = {ONE: b"def double(x): return 2 * x\n", TWO: b"def shout(text): return text\n"}


@pytest.fixture
def read(course, tmp_path):
    """A way to read a submission: a folder or a zip with these files, or a path."""
    curriculum = read_curriculum(course.root)

    def read(files, kind="folder"):
        if not isinstance(files, dict):
            return read_submission(files, curriculum)
        if kind == "zip":
            path = tmp_path / "ada.zip"
            path.write_bytes(zipped(files))
        else:
            path = tmp_path / "ada"
            for name, data in files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(data)
        return read_submission(path, curriculum)

    return read


def zipped(files, **how):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def under(folder, files=BOTH):
    return {f"{folder}/{name}": data for name, data in files.items()}


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_katas_are_found_wherever_their_folders_are(read, kind):
    assert read(under("katas"), kind).katas == BOTH
    assert read(under("katas"), kind).remarks == ()


def test_folders_of_lessons_alone_are_enough(read):
    assert read(BOTH) == read(BOTH, "zip")
    assert read(BOTH).katas == BOTH


def test_a_folder_too_many_is_named(read):
    found = read(under("Ada/pytorch-dojo/katas"), "zip")
    assert found.katas == BOTH
    assert found.remarks == ("The katas were found in Ada/pytorch-dojo/katas.",)


def test_a_whole_clone_is_read_at_its_katas(read):
    others = {f"{tree}/{name}": b"no" for tree in ("tests", "solutions", "mistakes", ".dojo/kept") for name in BOTH}
    found = read({**others, **under("katas"), "katas/own.py": b"x = 1\n", "katas/lesson_1_numbers/data.csv": b"1"})
    assert found.katas == {**BOTH, "own.py": b"x = 1\n", "lesson_1_numbers/data.csv": b"1"}
    assert found.remarks == ()


def test_solutions_alone_are_no_submission(read):
    found = read(under("solutions"))
    assert found.katas == {}
    assert found.remarks[-1].startswith("There is no kata of this course in the submission (2 files, 0.0 MB). Hand in ")


def test_of_two_copies_the_larger_counts_and_the_other_is_named(read):
    found = read({**under("katas"), f"old/katas/{ONE}": b"old"})
    assert found.katas == BOTH
    assert found.remarks == ("There are katas in old/katas too. These were left out.",)


def test_files_in_no_lessons_folder_are_told_apart_by_their_names(read, course):
    # Two katas may have the same file name: then the steps in the file decide.
    course.write("tests/lesson_2_words/kata_01_doubling.py", "def test_echo__repeats():\n    pass\n")
    found = read_submission_of(course, {"kata_01_doubling.py": b"def echo(text): return text * 2\n"})
    assert found.katas == {"lesson_2_words/kata_01_doubling.py": b"def echo(text): return text * 2\n"}
    assert "The katas are not in the folders of their lessons" in found.remarks[0]
    assert found.remarks[1] == (
        "2 katas are missing: lesson_1_numbers/kata_01_doubling, lesson_2_words/kata_01_shouting. "
        "Their steps count as not written."
    )


def read_submission_of(course, files):
    folder = course.root.parent / "flat"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return read_submission(folder, read_curriculum(course.root))


def test_a_missing_kata_is_named_and_the_others_are_there(read):
    found = read({f"katas/{ONE}": BOTH[ONE]})
    assert list(found.katas) == [ONE]
    assert found.remarks == ("1 kata is missing: lesson_2_words/kata_01_shouting. Its steps count as not written.",)


def test_a_kata_that_does_not_count_is_not_missed(read, course, tmp_path):
    read({f"katas/{ONE}": BOTH[ONE]})
    curriculum = read_curriculum(course.root)
    assert read_submission(tmp_path / "ada", curriculum, {ONE.removesuffix(".py")}).remarks == ()


def test_links_are_left_out_and_nothing_behind_them_is_read(read, tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("password = 1\n")
    read(under("katas"))
    folder = tmp_path / "ada" / "katas"
    (folder / "lesson_1_numbers" / "link.py").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    os.unlink(folder / TWO)
    (folder / TWO).symlink_to(secret)
    found = read(tmp_path / "ada")
    assert found.katas == {ONE: BOTH[ONE]}
    assert "katas/up, katas/lesson_1_numbers/link.py" in found.remarks[0]
    assert found.remarks[0].endswith(" are symbolic links. They were left out.")


def test_a_link_in_a_zip_is_left_out(read, tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(f"katas/{ONE}", BOTH[ONE])
        link = zipfile.ZipInfo(f"katas/{TWO}")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "link.zip").write_bytes(data.getvalue())
    found = read(tmp_path / "link.zip")
    assert list(found.katas) == [ONE]
    assert found.remarks[0] == f"katas/{TWO} is a symbolic link. It was left out."


def test_a_path_that_leads_out_of_a_zip_is_left_out(read):
    files = {**under("katas"), f"../../katas/{ONE}": b"evil", f"/katas/{TWO}": b"evil", f"C:/katas/{ONE}": b"evil"}
    found = read(files, "zip")
    assert found.katas == BOTH
    assert len(found.remarks) == 1
    assert found.remarks[0].endswith(" have paths that lead out of the zip. They were left out.")


def test_backslashes_of_windows_are_folders(read):
    assert read({name.replace("/", "\\"): data for name, data in under("katas").items()}, "zip").katas == BOTH


def test_a_file_in_the_place_of_a_folder_is_left_out(read):
    long = f"katas/{'x' * 300}.py"
    found = read({**under("katas"), "katas/lesson_1_numbers": b"x", long: b"x"}, "zip")
    assert found.katas == BOTH
    assert found.remarks[0].endswith(" have paths that no file can have. They were left out.")


def test_100_mb_of_something_else_costs_no_time_and_no_memory(read, tmp_path):
    (tmp_path / "ada" / "katas").mkdir(parents=True)
    with open(tmp_path / "ada" / "katas" / "model.pt", "wb") as file:
        file.truncate(100_000_000)
    found = read(under("katas"))
    assert found.katas == BOTH
    assert found.remarks == ("katas/model.pt is larger than 8 MB. It was left out.",)
    for name in BOTH:
        os.unlink(tmp_path / "ada" / "katas" / name)
    nothing = read(tmp_path / "ada").remarks[-1]
    assert nothing.startswith(
        "There is no kata of this course in the submission (1 file, 100.0 MB). Hand in the folder"
    )


def test_the_katas_come_before_a_folder_with_very_many_files(read, monkeypatch):
    monkeypatch.setattr("dojo.judging.submission._MOST_ENTRIES", 3)
    found = read({**under("ada/katas"), **{f"ada/data/{number}.png": b"x" for number in range(4)}})
    assert found.katas == BOTH
    assert found.remarks[0] == "The submission has more than 3 files. The others were left out."


def test_a_zip_bomb_is_not_unpacked(read, tmp_path):
    # 40 MB of zeros in a kata, in a zip that claims that there are ten bytes.
    bomb = zipped({f"katas/{ONE}": bytes(40_000_000), f"katas/{TWO}": BOTH[TWO]})
    size = struct.pack("<I", 40_000_000)
    assert bomb.count(size) == 2
    (tmp_path / "bomb.zip").write_bytes(bomb.replace(size, struct.pack("<I", 10)))
    tracemalloc.start()
    found = read(tmp_path / "bomb.zip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000
    assert list(found.katas) == [TWO]
    assert found.remarks[0].startswith(f"katas/{ONE} is ")


def test_a_zip_with_a_million_files_is_refused_before_its_list_is_read(read, tmp_path):
    data = bytearray(zipped(under("katas")))
    # The end of a zip says how long the list of its files is.
    end = data.rfind(b"PK\5\6")
    data[end + 12 : end + 16] = struct.pack("<I", 17_000_000)
    data[0:0] = bytes(17_000_000)
    (tmp_path / "many.zip").write_bytes(data)
    found = read(tmp_path / "many.zip")
    assert found.katas == {}
    assert found.remarks[0] == "many.zip is not a zip that can be read (it lists too many files)."


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_common_compression_is_read(read, tmp_path, compression):
    (tmp_path / "rare.zip").write_bytes(zipped(under("katas"), compression=compression))
    found = read(tmp_path / "rare.zip")
    assert found.katas == {}
    assert found.remarks[0] == f"katas/{ONE} is compressed in a way that is not read here."


def test_a_damaged_zip_and_a_text_are_no_zips(read, tmp_path):
    whole = zipped(under("katas"))
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    assert read(tmp_path / "half.zip").remarks[0] == "half.zip is not a zip that can be read (file is not a zip file)."
    damaged = bytearray(whole)
    place = damaged.index(ONE.encode()) + len(ONE)
    damaged[place : place + 8] = b"\xff" * 8
    (tmp_path / "damaged.zip").write_bytes(damaged)
    found = read(tmp_path / "damaged.zip")
    assert list(found.katas) == [TWO]
    assert found.remarks[0] == f"katas/{ONE} is damaged in the zip."


def test_a_zip_in_a_folder_is_opened(read, tmp_path):
    (tmp_path / "upload").mkdir()
    (tmp_path / "upload" / "katas.zip").write_bytes(zipped(under("katas")))
    assert read(tmp_path / "upload").katas == BOTH


def test_a_path_that_is_not_there_is_the_instructors_mistake(read, tmp_path):
    with pytest.raises(DojoError, match=r"missing\.zip can't be read \(No such file or directory\)\.$"):
        read(tmp_path / "missing.zip")
