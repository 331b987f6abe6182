"""The JSON record that some platforms write into a report's page, for a script to render.

Guangdong's gkmlpt writes `window._CONFIG = {… DETAIL: {…}}` with `gkml_data` (identifier, document_number, publisher,
and `date` = when drafted, epoch seconds); Jiangxi's UCAP writes `articleList: […]`; newer sites are Vue, React or
Next pages with `__NEXT_DATA__` or `__INITIAL_STATE__`. A record is an object that has a title and a body's markup;
its other members are found by the names that these platforms and the TRS and UCAP interfaces use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipelines.extraction.dates import parse_date
from pipelines.items import Attachment, Hints, Stamp

_START = re.compile(
    r"(?:\b(?:DETAIL|articleDetail|articleInfo|articleData|articleList|infoDetail|docInfo|pageData|newsDetail)[\"']?"
    r"\s{0,4}[:=]\s{0,4}(?:JSON\.parse\()?|__(?:INITIAL_STATE|INITIAL_DATA|PRELOADED_STATE|NUXT)__\s{0,4}=\s{0,4}"
    r"|\b(?:detail|article|news|info)[\"']?\s{0,4}[:=]\s{0,4}(?=\{\s{0,40}\")"
    r"|<script[^<>]{0,200}(?:__NEXT_DATA__|application/json)[^<>]{0,200}>\s{0,40})(?=[{\[])"
)
_MARKERS = (
    "DETAIL",
    "articleD",
    "articleI",
    "articleL",
    "Detail",
    "docInfo",
    "pageData",
    "_STATE__",
    "__N",
    "application/json",
    *(
        f'{name}{joint}{{"'
        for name in ("detail", "article", "news", "info")
        for joint in (":", ": ", '":', '": ', "=", " = ")
    ),
)
_MARKER = re.compile("|".join(map(re.escape, _MARKERS)))
_NEAR = 300
_MOST_MARKERS = 4_000
_MAX_SOURCE = 8_000_000
_MAX_OBJECTS = 4_000
_MAX_DEPTH = 8
_FORBIDDEN = re.compile(r"[^a-z0-9]")

_NAMES = {
    "title": ("title", "doctitle", "articletitle", "infotitle", "newstitle", "filetitle", "showtitle"),
    "body": (
        "content", "doccontent", "dochtmlcon", "htmlcontent", "articlecontent", "contenthtml", "infocontent",
        "newscontent", "body", "txt",
    ),
    "published": (
        "displaypublishtime", "date", "pubdate", "publishdate", "docreltime", "docpubtime", "releasetime",
        "releasedate", "pubtime", "firstpublishtime", "publishtime",
    ),
    "drafted": ("writtendate", "draftdate", "cwrq", "scrq", "generatedate"),
    "index_number": ("identifier", "idxid", "indexnumber", "indexno", "indexnum", "syh"),
    "document_number": ("documentnumber", "filenum", "filenumber", "docno", "docnumber", "fwzh", "wenhao", "wh"),
    "publisher": ("publisher", "publishorg", "puborg", "puborgan", "fbjg", "publishunit", "organname"),
    "content_source": ("source", "contentsource", "docsource", "docsourcename", "infosource"),
}  # fmt: skip
_FILES = ("attachment", "attachments", "articlefiles", "files", "filelist", "appendix", "attachlist", "annex")
_URLS = ("url", "fileurl", "path", "filepath", "href", "downloadurl", "srcfile")
_FILE_NAMES = ("name", "filename", "title", "oldname", "originalname")


def read_record(source: str, zone: str = "Asia/Shanghai") -> Hints | None:
    """The detail record in a page's source, None where there is none.

    Only strict JSON is read, with bounds on size, depth and number of objects; scripts are never evaluated.
    """
    if len(source) > _MAX_SOURCE or ('{"' not in source and "{\n" not in source):
        return None
    if not any(marker in source for marker in _MARKERS):
        return None
    decoder = json.JSONDecoder()
    for count, match in enumerate(_starts(source)):
        if count >= 8:
            break
        try:
            data, _ = decoder.raw_decode(source, match.end())
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            record = _record(item, zone)
            if record:
                return record
    return None


def _starts(source: str) -> Iterator[re.Match[str]]:
    """Where JSON begins after one of the names; only around the markers, for the pattern is slow on long scripts."""
    at = done = 0
    for _ in range(_MOST_MARKERS):
        if (found := _MARKER.search(source, at)) is None:
            return
        at = found.end()
        if match := _START.search(source, max(done, found.start() - _NEAR), found.end() + _NEAR):
            at = done = match.end()
            yield match


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects within decoded JSON, outer ones first."""
    level, count = [data], 0
    for _ in range(_MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            count += 1
            if count > _MAX_OBJECTS:
                return
            if isinstance(item, dict):
                yield item
                below.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                below.extend(v for v in item[:200] if isinstance(v, dict | list))
        level = below


def _record(item: dict[str, Any], zone: str) -> Hints | None:
    flat = {_FORBIDDEN.sub("", k.lower()): v for k, v in item.items()}
    title, body = _text(flat, "title"), _text(flat, "body")
    if not title or not body or len(body) < 30 or "<" not in body:
        return None
    inner = next((v for k, v in flat.items() if k.endswith("data") and isinstance(v, dict) and "identifier" in v), {})
    catalogue = {_FORBIDDEN.sub("", k.lower()): v for k, v in inner.items()}
    hints = Hints(title=title, body_html=body)
    hints.published = _date(flat, "published", zone)
    drafted = parse_date(catalogue["date"], zone) if isinstance(catalogue.get("date"), int | str) else None
    hints.drafted = _day(drafted) or _date({**flat, **catalogue}, "drafted", zone)
    hints.index_number = _text(catalogue, "index_number") or _text(flat, "index_number")
    hints.document_number = _text(catalogue, "document_number") or _text(flat, "document_number")
    hints.publisher = _text(catalogue, "publisher") or _text(flat, "publisher")
    hints.content_source = _text(flat, "content_source")
    hints.attachments = list(_attachments(flat))
    return hints


def _text(flat: dict[str, Any], field: str) -> str | None:
    for name in _NAMES[field]:
        value = flat.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _date(flat: dict[str, Any], field: str, zone: str) -> Stamp | None:
    for name in _NAMES[field]:
        value = flat.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value:
            stamp = parse_date(value, zone)
            if stamp:
                return stamp
    return None


def _day(stamp: Stamp | None) -> Stamp | None:
    """A drafted day: the platforms store it as that day's midnight."""
    return stamp.date() if isinstance(stamp, datetime) else stamp


def _attachments(flat: dict[str, Any]) -> Iterator[Attachment]:
    for name in _FILES:
        files = flat.get(name)
        if isinstance(files, str) and files[:1] == "[":
            try:
                files = json.loads(files)
            except (ValueError, RecursionError):
                continue
        if not isinstance(files, list):
            continue
        for file in files[:100]:
            if not isinstance(file, dict):
                continue
            members = {_FORBIDDEN.sub("", str(k).lower()): v for k, v in file.items()}
            url = next((members[n] for n in _URLS if isinstance(members.get(n), str) and members[n]), None)
            label = next((members[n] for n in _FILE_NAMES if isinstance(members.get(n), str) and members[n]), None)
            if url:
                yield Attachment(name=label or url.rsplit("/", 1)[-1], url=url)
