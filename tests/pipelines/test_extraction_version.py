"""What another reading is: every rule and table of the readers counts, nothing else does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.extraction_version import EXTRACTION_VERSION, HERE, READERS, digest
from pipelines.items import Report


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipelines")
    shutil.copy(HERE / "reading.py", folder)
    for reader in READERS:
        shutil.copytree(HERE / reader, folder / reader)
    return folder


def test_every_record_says_which_rules_read_it() -> None:
    assert Report(url="http://a.gov.cn/").extraction_version == EXTRACTION_VERSION
    assert len(EXTRACTION_VERSION) == 12


@pytest.mark.parametrize("file", ["reading.py", *(f"{reader}/__init__.py" for reader in READERS)])
def test_any_changed_rule_is_another_version(readers: Path, file: str) -> None:
    path, version = readers / file, digest(readers)
    before = path.read_bytes()
    path.write_bytes(before + b"# another rule\n")
    assert digest(readers) != version
    path.write_bytes(before)
    assert digest(readers) == version


def test_renamed_and_added_files_count_and_caches_do_not(readers: Path) -> None:
    version = digest(readers)
    cache = readers / "extraction" / "__pycache__" / "title.cpython-311.pyc"
    cache.parent.mkdir(exist_ok=True)
    cache.write_bytes(b"compiled")
    assert digest(readers) == version
    table = readers / "indicators" / "more.csv"
    table.write_text("起,count\n", encoding="utf-8")
    added = digest(readers)
    table.rename(table.with_name("most.csv"))
    assert len({version, added, digest(readers)}) == 3
    table.with_name("most.csv").unlink()
