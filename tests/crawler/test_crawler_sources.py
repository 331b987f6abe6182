"""Source files: what is enough, what every mistake says, and that none stops the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.platforms import names
from crawler.sources.model import Source
from crawler.sources.registry import CATALOGUE, json_schema, load_sources, parse_source, to_yaml, write_source
from pipelines.errors import SourceError, UnknownNameError

ENOUGH = "id: a-b\nname: 某局\ncolumns:\n  - url: https://e.gov.cn/a/\n"


def test_three_keys_are_enough() -> None:
    source = parse_source(ENOUGH.encode())
    assert (source.id, source.name, source.columns[0].url) == ("a-b", "某局", "https://e.gov.cn/a/")
    assert (source.politeness.delay, source.politeness.concurrency, source.documents) == (2.0, 1, True)


@pytest.mark.parametrize("name", ["d", "a_7", "guiyang-jgj", "a" * 64])
def test_ids(name: str) -> None:
    assert parse_source(ENOUGH.replace("a-b", name).encode()).id == name


def test_all_keys() -> None:
    source = parse_source(
        (
            ENOUGH + "    name: 总结\n    platform: trs\n    keywords: [年度, 总结]\n    max_pages: 3\n"
            "    selectors: {entry: li}\n"
            "jurisdiction: 520100\ntimezone: Asia/Urumqi\nlanguages: [zh]\npaused: unverified\nstart_date: 2021-01-31\n"
            "documents: false\nrender: true\ntls: legacy\nproxy: http://u:p@proxy.example:3128\nheaders: {X-Key: abc}\n"
            "schedule:\n  every: 30m\n  jitter: 2m\n"
            "  windows: [{days: 'mon-fri', from: 20:00, to: '02:00'}, {from: '00:00', to: '24:00'}]\n"
            "politeness: {delay: 0, concurrency: 4, timeout: 10}\n"
            "expect: {max_days_silent: 30, min_entries: 5, fill_rate: {published: 0.9}}\ncontact: mailto:a@b.cn\n"
        ).encode()
    )
    assert source.expect.fill_rate == {"published": 0.9}
    assert source.jurisdiction == "520100"
    assert source.start_date == date(2021, 1, 31)
    assert source.schedule.windows[0].from_ == "20:00", "YAML 1.1 would take it for the number 1200"
    assert parse_source(to_yaml(source).encode()) == source


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (ENOUGH + "\tx: 1\n", 5, "a tab stands here"),
        (ENOUGH + "polteness: {delay: 0}\n", 5, "polteness: unknown key. Did you mean politeness?"),
        (ENOUGH + "politeness:\n  delay: 0\n  dealy: 1\n", 7, "politeness.dealy: unknown key. Did you mean delay?"),
        (ENOUGH + "zzz: 1\n", 5, "Known keys: "),
        (ENOUGH + "documents: maybe\n", 5, "documents: expected true or false, found text"),
        (ENOUGH + "politeness: {delay: fast}\n", 5, "politeness.delay: expected a number, found text"),
        (ENOUGH + "politeness: {delay: -1}\n", 5, "politeness.delay"),
        (ENOUGH + "expect: {fill_rate: 3}\n", 5, "expect.fill_rate"),
        (ENOUGH + "expect: {fill_rate: {titel: 1}}\n", 5, "expect.fill_rate.titel"),
        (ENOUGH + "tls: old\n", 5, "tls: expected 'default' or 'legacy', found 'old'"),
        (ENOUGH + "timezone: Mars/Base\n", 5, "IANA time zone"),
        (ENOUGH + "start_date: yesterday\n", 5, "start_date: expected a date such as 2021-01-31"),
        (ENOUGH + "schedule: {every: 30}\n", 5, "schedule.every: expected text, found a number. Put it in quotes"),
        (ENOUGH + "schedule: {every: 30x}\n", 5, "30m, 6h, 1d"),
        (ENOUGH + "schedule: {every: 30m, cron: '0 9 * * mon'}\n", 5, "either every or cron"),
        (ENOUGH + "schedule: {cron: '61 9 * * *'}\n", 5, "61 is no minute"),
        (ENOUGH + "schedule: {cron: '0 9 5-2 * *'}\n", 5, "5-2 is no day"),
        (ENOUGH + "schedule: {cron: '0 9 * * mon-fry'}\n", 5, "mon-fry is no weekday"),
        (ENOUGH + "schedule: {cron: '*/0 9 * * *'}\n", 5, "*/0 is no minute"),
        (ENOUGH + "schedule: {cron: 'every morning'}\n", 5, "expected five fields"),
        (ENOUGH + "    platform: nosuch\n", 5, "columns[0].platform: There is no platform nosuch. Known are: "),
        (ENOUGH + "    selectors: {entry: 'li[[['}\n", 5, "columns[0].selectors.entry: expected a CSS selector"),
        (ENOUGH + "headers: {'X Y': a}\n", 5, "headers"),
        (ENOUGH + "headers: {X: \"a\\r\\nHost: b\"}\n", 5, "headers"),
        (ENOUGH + "name: 又一个\n", 5, "name: this key stands twice"),
        (ENOUGH + "x: !!python/object:os.system {}\n", 5, "!!python/object:os.system"),
        (ENOUGH + "x: !!python/name:os.system\n", 5, "!!python/name:os.system"),
        (ENOUGH + "x: !!binary aGk=\n", 5, "!!binary"),
        (ENOUGH + "x: [1, 2\n", None, "is no YAML"),
        (ENOUGH + "x: 'open\n", None, "is no YAML"),
        (ENOUGH + "---\nid: c-d\n", None, "is no YAML"),
        (ENOUGH + "  - url: https://e.gov.cn/a/\n", 3, "stands twice"),
        (ENOUGH.replace("https://e", "ftp://e"), 4, "columns[0].url: expected a web address"),
        (ENOUGH.replace("https://e.gov.cn/a/", "https://e:99999/"), 4, "expected a web address"),
        (ENOUGH.replace("a-b", "A b"), 1, "small letters"),
        (ENOUGH.replace("a-b", "a" * 65), 1, "small letters"),
        (ENOUGH.replace("a-b", "a-"), 1, "small letters"),
        (ENOUGH.replace("a-b", "5"), 1, "id: expected text, found a number"),
        (ENOUGH.replace("id: a-b\n", ""), None, "id: this key is missing"),
        ("id: a-b\nname: x\ncolumns: []\n", 3, "columns"),
        ("id: a-b\nname: x\ncolumns: {url: x}\n", 3, "columns: expected a list, found keys and values"),
        ("", None, "is empty"),
        ("# only a comment\n", None, "is empty"),
        ("- a\n", 1, "expected keys and values, found a list"),
        ("just words\n", 1, "expected keys and values, found text"),
        ("? [a]\n: b\n", 1, "expected a plain key"),
        ("a: &a\n  b: *a\n", None, "too large"),
        ("[" * 5000, None, "is n"),
        ("a: " + "x" * 300_000, None, "is larger than 256 KiB"),
        ("b: \x00\n", None, "is no YAML"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_key(text: str, line: int | None, words: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_source(text.encode(), "bureau.yaml")
    message = str(error.value)
    assert words in message
    assert message.startswith("bureau.yaml")
    assert "\n" not in message
    if line is not None:
        assert error.value.line == line


@pytest.mark.parametrize("line", ["0 9 * * 1-5", "*/15 8-18/2 1,15 jan-mar fri-mon", "@daily", "5 4 31 12 7"])
def test_crontab_lines(line: str) -> None:
    assert parse_source(f"{ENOUGH}schedule: {{cron: '{line}'}}\n".encode()).schedule.cron == line


def test_alias_bomb_and_wrong_encoding() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(SourceError, match="aliases"):
        parse_source(bomb.encode())
    with pytest.raises(SourceError, match="UTF-8") as error:
        parse_source(ENOUGH.encode("gb18030"))
    assert error.value.line == 2
    assert parse_source(b"\xef\xbb\xbf" + ENOUGH.encode()).id == "a-b"


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(ENOUGH, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "twin.yml").write_text(ENOUGH, encoding="utf-8")
    (tmp_path / "unreadable.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("no source", encoding="utf-8")
    registry = load_sources(tmp_path)
    assert list(registry.sources) == ["a-b"]
    assert [Path(e.file).name for e in registry.errors] == ["bad.yaml", "twin.yml"]
    assert "the id a-b is taken by good.yaml" in str(registry.errors[1])
    with pytest.raises(SourceError):
        registry.get("bad")
    with pytest.raises(UnknownNameError, match="Did you mean a-b"):
        registry.get("a-c")
    with pytest.raises(SourceError, match="no such folder"):
        load_sources(tmp_path / "none")


def test_a_written_source_reads_back_and_is_never_overwritten(tmp_path: Path) -> None:
    source = Source.model_validate({"id": "a-b", "name": "某局: #1", "columns": [{"url": "https://e.gov.cn/a/"}]})
    path = write_source(source, tmp_path / "new")
    assert load_sources(tmp_path / "new").sources == {"a-b": source}
    assert path.read_text(encoding="utf-8").count("\n") == 4, "only what differs from the defaults"
    with pytest.raises(SourceError, match="is there already"):
        write_source(source, tmp_path / "new")


def test_the_shipped_catalogue_is_sound_and_asleep() -> None:
    registry = load_sources(CATALOGUE)
    assert not registry.errors
    assert len(registry.sources) >= 40
    assert all(source.paused for source in registry.sources.values())
    assert all(source.jurisdiction for source in registry.sources.values())
    assert all(registry.files[name].stem == name for name in registry.sources)


def test_the_schema_knows_every_key() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(Source.model_fields)
    assert "from" in schema["$defs"]["Window"]["properties"]
    assert schema["additionalProperties"] is False


def test_the_documented_source_of_each_family() -> None:
    """docs/sources.md has a file of three lines for every platform, and each of them reads."""
    text = (Path(__file__).parents[2] / "docs/sources.md").read_text(encoding="utf-8")
    part = text.split("## A source of each family")[1].split("```")[1].removeprefix("yaml\n")
    files = part.split("---\n")
    named = [parse_source(file.encode()) and file.split(":")[0].removeprefix("# ") for file in files]
    assert sorted(named) == names()
    assert {len(file.strip().splitlines()) for file in files} == {4}, "a comment and three lines"
