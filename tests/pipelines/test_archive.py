"""The archive: standard WARC, readable at any offset, safe after a crash, evidence of a report."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipelines.archive import Archive, responses, unpack
from pipelines.errors import DiskFullError, StorageError

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
PAGE = "<html><title>通报</title>".encode("gbk") + b"\x00\xff" * 50


def write(archive: Archive, number: int, body: bytes = PAGE, at: datetime = NOW):  # type: ignore[no-untyped-def]
    headers = [("Content-Type", "text/html; charset=GBK"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X", "值")]
    return archive.write(
        f"http://a.gov.cn/{number}.html?q=年", 200, headers, body, at, request_headers={"User-Agent": "t"}
    )


def warc_is_valid(path: Path) -> bool:
    return Checker(type("Options", (), {"inputs": [str(path)], "verbose": False})()).process_all() in (None, 0)


def test_what_was_written_is_read_at_its_place(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        places = [write(archive, n, PAGE + bytes([n])) for n in range(5)]
        for n in (3, 0, 4):
            found = archive.read(places[n].file, places[n].offset)
            assert (found.status, found.body, found.fetched_at) == (200, PAGE + bytes([n]), NOW)
            assert found.url == f"http://a.gov.cn/{n}.html?q=%E5%B9%B4"
            assert [v for k, v in found.headers if k == "Set-Cookie"] == ["a=1", "b=2"]
            assert found.sha256 == places[n].sha256
    path = tmp_path / places[0].file
    assert warc_is_valid(path)
    with path.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["warcinfo"] + ["response", "request"] * 5
    raw = path.read_bytes()[places[2].offset : places[2].offset + places[2].length]
    assert gzip.decompress(raw).startswith(b"WARC/1.1")


def test_writers_do_not_share_a_file_and_days_do_not_mix(tmp_path: Path) -> None:
    with Archive(tmp_path) as one, Archive(tmp_path) as two:
        files = {write(one, 1).file, write(two, 2).file, write(one, 3, at=NOW + timedelta(days=1)).file}
    assert len(files) == 3
    with Archive(tmp_path) as later:
        assert write(later, 4).file in files


def test_file_is_closed_when_it_is_large(tmp_path: Path) -> None:
    with Archive(tmp_path, rotate_at=3000) as archive:
        files = [write(archive, n, bytes(range(256)) * 4).file for n in range(12)]
    assert len(set(files)) > 2
    assert sum(len(list(responses(f))) for f in sorted(tmp_path.rglob("*.gz"))) == 12


@pytest.mark.parametrize("lost", [1, 40, 200])
def test_record_torn_by_a_crash_is_cut_off(tmp_path: Path, lost: int) -> None:
    code = (
        "import sys, os; sys.path.insert(0, sys.argv[2]); from test_archive import *\n"
        "a = Archive(Path(sys.argv[1])); write(a, 1); write(a, 2); os._exit(9)"
    )
    folder = str(Path(__file__).parent)
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path), folder], timeout=60).returncode == 9
    (path,) = tmp_path.rglob("*.warc.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    assert len(list(responses(path))) in (1, 2)
    with Archive(tmp_path) as archive:
        place = write(archive, 3)
        assert archive.read(place.file, place.offset).body == PAGE
    assert place.file == str(path.relative_to(tmp_path))
    assert warc_is_valid(path)


def test_full_disk_is_told_and_leaves_no_torn_record(tmp_path: Path) -> None:
    code = (
        "import sys, resource, signal; sys.path.insert(0, sys.argv[2]); from test_archive import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "import random\n"
        "a = Archive(Path(sys.argv[1])); n = 0\n"
        "try:\n"
        "    for n in range(99): write(a, n, random.Random(n).randbytes(3000))\n"
        "except DiskFullError: print(n); sys.exit(7)"
    )
    folder = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), folder], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 7, done.stderr
    (path,) = tmp_path.rglob("*.warc.gz")
    assert len(list(responses(path))) == int(done.stdout)
    assert warc_is_valid(path)
    assert DiskFullError


@pytest.mark.parametrize("name", ["../x.warc.gz", "/etc/passwd", "a/../../x", ""])
def test_names_do_not_lead_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError):
        Archive(tmp_path / "archive").read(name, 0)


def test_places_that_hold_nothing(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        place = write(archive, 1)
        for offset in (0, 5, 10**9):
            with pytest.raises(StorageError):
                archive.read(place.file, offset)
        with pytest.raises(StorageError):
            archive.read("2020/none.warc.gz", 0)


def test_packed_bodies_are_unpacked_within_bounds() -> None:
    assert unpack(gzip.compress(b"page"), "gzip") == b"page"
    assert unpack(b"page", "gzip") == b"page"
    assert len(unpack(gzip.compress(bytes(10**7)), "gzip", limit=1000)) == 1000


def test_header_that_breaks_lines_stays_one_header(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        place = archive.write("http://a.gov.cn/\r\nX: y", 200, {"A": "b\r\nInjected: 1"}, b"x", NOW)
        found = archive.read(place.file, place.offset)
    assert found.header("injected") is None
    assert found.header("a") == "b Injected: 1"


def test_evidence_holds_every_version_with_hashes_and_times(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parent / "storage"))
    from pipelines.storage.captures import Captures
    from pipelines.storage.evidence import export_evidence
    from pipelines.storage.reports import save_report
    from pipelines.storage.session import open_url

    world_type = __import__("runpy").run_path(str(Path(__file__).parent / "storage/conftest.py"))["World"]
    url = "http://bureau-a.gov.cn/1.html"
    with open_url(f"sqlite:///{tmp_path / 'b.db'}") as database, Archive(tmp_path / "archive") as archive:
        world = world_type(database)
        world.source("bureau-a")
        for version in (1, 2):
            crawl = world.crawl()
            raw = f"version {version}".encode()
            place = archive.write(url, 200, {"Content-Type": "text/html"}, raw, world.now)
            item = world.item(url, body=f"第{version}版的正文内容。" * 20)
            captures = Captures(database)
            item.capture = captures.note(
                place, source_id="bureau-a", crawl_id=crawl, url=url, final_url=url, status=200,
                media_type="text/html", fetched_at=world.now,
            )  # fmt: skip
            captures.flush()
            captures.close()
            with database.transaction() as session:
                save_report(session, item, world.now)
        file = tmp_path / "evidence.warc.gz"
        with database.session() as session:
            assert export_evidence(session, archive, 1, file, now=world.now) == 2
    assert warc_is_valid(file)
    assert [r.body for r in responses(file)] == [b"version 1", b"version 2"]
    with file.open("rb") as stream:
        facts = next(json.loads(r.content_stream().read()) for r in ArchiveIterator(stream) if r.rec_type == "metadata")
    assert [r["number"] for r in facts["revisions"]] == [1, 2]
    assert [c["sha256"] for c in facts["captures"]] == [r.sha256 for r in responses(file)]
