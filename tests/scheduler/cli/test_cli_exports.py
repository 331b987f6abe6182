"""Files that spreadsheets and programs open: right types, nothing that runs, Chinese that is readable."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scheduler.exports import FileFormat, neutral, write

ROWS = [
    {
        "id": 1,
        "title": "=cmd|' /C calc'!A0",
        "value": -5.5,
        "day": "2022-01-08",
        "flags": ["a", "b"],
        "extra": {"k": 1},
    },
    {"id": 2, "title": "总结\n第二行", "value": None, "day": None, "flags": [], "extra": None},
]
COLUMNS = ("id", "title", "value", "day", "flags", "extra")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x", "-2+3"])
def test_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3.5", "-11.68%", "1,024", "总结", "", "a=b"])
def test_other_text_and_numbers_stay(text: str) -> None:
    assert neutral(text) == text


def test_csv_in_a_file_has_a_mark_for_excel_and_on_a_stream_none(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    write(ROWS, COLUMNS, "csv", file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    [first, second] = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert first["title"] == "'=cmd|' /C calc'!A0"
    assert first["value"] == "-5.5"
    assert first["flags"] == "a; b"
    assert second["title"] == "总结\n第二行"
    stream = io.StringIO()
    write(ROWS, COLUMNS, "csv", stream)
    assert stream.getvalue().startswith("id,title")


def test_xlsx_has_real_types(tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    rows = [
        *ROWS,
        {"id": 3, "title": "a\x00b\x0b", "value": 10**18, "day": datetime(2022, 1, 8, 18, 30, tzinfo=UTC), "flags": []},
        {"id": 4, "title": "长" * 40_000, "day": "2022-01-08T18:30+08:00"},
    ]
    write(rows, COLUMNS, "xlsx", file)
    sheet = load_workbook(file).active
    cells = list(sheet.iter_rows(min_row=2, values_only=True))
    assert cells[0][2] == -5.5
    assert cells[0][1] == "'=cmd|' /C calc'!A0"
    assert sheet.cell(2, 2).data_type == "s"
    assert cells[0][3] == datetime(2022, 1, 8)
    assert cells[2][3] == datetime(2022, 1, 8, 18, 30)
    assert cells[2][1] == "ab"
    assert cells[2][2] == str(10**18)
    assert len(cells[3][1]) == 32_767
    assert cells[3][3] == datetime(2022, 1, 8, 18, 30)


def test_json_and_jsonl(tmp_path: Path) -> None:
    rows = [
        {
            "at": datetime(2022, 1, 8, tzinfo=UTC),
            "day": date(2022, 1, 8),
            "text": "半\ud800",
            "inner": {"d": date(2022, 1, 9)},
        }
    ]
    stream = io.StringIO()
    write(rows, (), "json", stream)
    assert json.loads(stream.getvalue())[0]["inner"]["d"] == "2022-01-09"
    stream = io.StringIO()
    write(rows * 2, (), "jsonl", stream)
    assert [json.loads(line)["day"] for line in stream.getvalue().splitlines()] == ["2022-01-08"] * 2
    stream = io.StringIO()
    write([], (), "json", stream)
    assert json.loads(stream.getvalue()) == []


@pytest.mark.parametrize("format", ["json", "xlsx"])
def test_a_folder_that_is_not_there_is_told_by_the_files_own_name(tmp_path: Path, format: FileFormat) -> None:
    with pytest.raises(FileNotFoundError) as told:
        write(ROWS, COLUMNS, format, tmp_path / "no" / "r.out")
    assert told.value.filename == str(tmp_path / "no" / "r.out")


def test_a_broken_run_leaves_no_file(tmp_path: Path) -> None:
    def rows():
        yield ROWS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write(rows(), COLUMNS, "csv", tmp_path / "r.csv")
    assert list(tmp_path.iterdir()) == []
