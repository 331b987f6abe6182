"""JSON answers: the array of records; title, address, date, numbers by what keys and values mean."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from crawler.platforms.base import Entry
from crawler.platforms.feed import feed_date
from crawler.platforms.finder.dates import date_in_url
from crawler.platforms.finder.links import DOCUMENTS, extension, is_document, resolve
from crawler.platforms.finder.rows import clean_title
from pipelines.errors import ListingError
from pipelines.items import Attachment, Hints, Stamp
from pipelines.messages import say

Record = dict[str, Any]

MAX_RECORDS = 50_000
MAX_DEPTH = 12
WRAPPERS = ("metadata", "meta", "source", "fields", "doc", "document", "article", "info", "data", "detail")
TITLE = [
    "titlenotag",
    "doctitle",
    "title",
    "showtitle",
    "articletitle",
    "filename",
    "infotitle",
    "gazettetitle",
    "policytitle",
    "bt",
    "wjbt",
    "docname",
    "gktitle",
    "tit",
    "subject",
    "headline",
    "name",
]
URL = [
    "docpuburl",
    "url",
    "puburl",
    "link",
    "href",
    "weburl",
    "arturl",
    "linkurl",
    "pageurl",
    "detailurl",
    "chnldocurl",
    "posturl",
    "infourl",
    "contenturl",
    "docurl",
    "staticurl",
    "htmlurl",
    "urls",
    "pcurl",
    "path",
    "filepath",
]
PUBLISHED = [
    "fbrq",
    "displaypublishtime",
    "docreltime",
    "docrelpubtime",
    "publishedtimestr",
    "pubtimestr",
    "pubdate",
    "pubtime",
    "publishdate",
    "publishtime",
    "publishedtime",
    "published",
    "releasetime",
    "releasedate",
    "docpubtime",
    "firstpublishtime",
    "pubdatestr",
    "fbsj",
    "showtime",
    "infodate",
    "opentime",
    "time",
    "savetime",
    "createdate",
    "createtime",
    "crtime",
    "date",
]
DRAFTED = ["cwrq", "ptime", "fwrq", "cwsj", "writetime", "writtendate", "docwritetime"]
PLAIN: dict[str, tuple[str, ...]] = {
    "index_number": ("idxid", "identifier", "indexnumber", "indexno", "syh", "index"),
    "document_number": (
        "documentnumber",
        "fwzh",
        "fileno",
        "filenum",
        "wenhao",
        "pcode",
        "docno",
        "issue",
        "wh",
        "refno",
    ),
    "publisher": (
        "puborg",
        "publisher",
        "fwjgname",
        "fwjg",
        "publishdept",
        "publishunit",
        "fbjg",
        "puborgname",
        "organname",
    ),
    "content_source": ("source", "docsourcename", "contentsource", "sourcename", "sitename", "sitedesc"),
    "validity": ("validity", "yxxname", "effectivestatename", "shixiao", "yxx"),
    "subject": ("zhutiname", "ztflname", "classifythemename", "childtype", "subjectname"),
}
BODY = ("content", "doccontent", "bodyhtml", "articlecontent")
INDEX_NUMBER = re.compile(r"[A-Z0-9]{5,20}/\d{4}-\d{3,9}|\d{5,9}-?[0-9X]?[/-]\d{4}-\d{3,8}")
DOCUMENT_NUMBER = re.compile(r"[一-鿿]{1,14}[〔［\[(（【]\d{4}[〕］\])）】]\s?第?\d{1,5}号")
CALLBACK = re.compile(
    r"^\s*(?:/\*\*/)?\s*(?:[\w.$]{1,80}\s*\(|(?:var|let|const)\s+[\w$]{1,60}\s*=|[\w.$]{1,60}\s*=)\s*"
)
TAG = re.compile(r"<[^<>]{1,300}>")


def key_of(name: str) -> str:
    """A key without case and separators: `pub_time`, `PubTime` and `PUBTIME` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def load(text: str) -> Any:
    """JSON, also wrapped in a callback or an assignment.

    Raises:
        ListingError: it is no JSON.
    """
    text = text.lstrip("\ufeff \r\n\t")
    if text[:1] not in ("{", "[") and (match := CALLBACK.match(text)):
        text = text[match.end() :].rstrip().rstrip(";").rstrip()
        text = text[:-1] if text.endswith(")") else text
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ListingError(say("The answer is no readable JSON: {reason}", reason=str(error)[:100])) from None


def plain_text(value: object) -> str:
    """A value as text without markup (`<em>` of search hits) and entities."""
    if not isinstance(value, str):
        return "" if value is None or isinstance(value, (dict, list, bool)) else str(value)
    return " ".join(re.sub(r"[\u200b-\u200f\ufeff]", "", html.unescape(TAG.sub("", value))).split())


def _unpacked(item: Record) -> Record:
    """A record with what it wraps: the hit of a search engine (`_source`), fields grouped in `metadata`."""
    inner = item.get("source")
    if isinstance(inner, dict):
        return inner
    flat = dict(item)
    for name, value in item.items():
        if isinstance(value, dict) and key_of(name) in WRAPPERS:
            flat.update({k: v for k, v in value.items() if k not in item or item[k] in (None, "")})
    return flat


def arrays(data: Any, depth: int = 0, path: str = "") -> Iterator[tuple[str, list[Record]]]:
    """All arrays of records in an answer, with their paths."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        records: list[Record] = []
        for item in data[:MAX_RECORDS]:
            if isinstance(item, dict):
                records.append(_unpacked(item))
        if records:
            yield path, records
        for item in data[:200]:
            if isinstance(item, (dict, list)):
                yield from arrays(item, depth + 1, path + "[]")
    elif isinstance(data, dict):
        if len(data) >= 3 and all(str(name).isdigit() and isinstance(v, dict) for name, v in data.items()):
            yield path, [_unpacked(v) for v in list(data.values())[:MAX_RECORDS]]  # an array keyed by its indexes
            return
        for name, value in data.items():
            if isinstance(value, str) and value[:1] in "[{" and len(value) > 20 and depth < 4:
                try:
                    value = json.loads(value, strict=False)
                except (ValueError, RecursionError):
                    continue
            if isinstance(value, (dict, list)):
                yield from arrays(value, depth + 1, f"{path}/{name}")


def to_stamp(value: object, zone: str) -> Stamp | None:
    """Epoch seconds or milliseconds, ISO, or a printed date; midnight is a day."""
    moment: Stamp | None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > 10**11 else value
        if not 3 * 10**8 < seconds < 5 * 10**9:
            return None
        moment = datetime.fromtimestamp(seconds, UTC)
    elif isinstance(value, str) and 6 <= len(value.strip()) <= 60:
        text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", value.strip())
        moment = feed_date(text, zone)
        if moment is None and re.fullmatch(r"\d{10}|\d{13}", text):
            return to_stamp(int(text), zone)
    else:
        return None
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(zone)).replace(microsecond=0)
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return moment.date()
    return moment


class Mapping:
    """Which key of a kind of record means what; learned from a sample of records."""

    def __init__(self, records: list[Record]) -> None:
        sample = records[:30]
        names: dict[str, str] = {}
        for record in sample:
            for name in record:
                names.setdefault(key_of(name), name)
        self.names = names
        self.title = self._first(sample, TITLE, self._looks_like_title) or self._by_value(
            sample, self._looks_like_title
        )
        self.url = self._first(sample, URL, _url_in) or self._by_value(sample, _url_in)
        self.dates = [names[k] for k in PUBLISHED if k in names]
        self.drafted = next((names[k] for k in DRAFTED if k in names), None)
        if not self.dates:
            by_value = self._by_value(sample, lambda v: to_stamp(v, "UTC") is not None if isinstance(v, str) else False)
            by_value = by_value or self._by_value(sample, _is_moment)
            self.dates = [by_value] if by_value and by_value != self.drafted else []
        with_title = sum(bool(self.title and plain_text(r.get(self.title))) for r in sample)
        with_url = sum(bool(self.url and _url_in(r.get(self.url))) for r in sample)
        self.fit = (with_title * 0.5 + with_url * 0.3) / len(sample) + (0.2 if self.dates else 0)

    def _first(self, sample: list[Record], keys: list[str], looks: Any) -> str | None:
        best: tuple[float, str] | None = None
        for key in keys:
            name = self.names.get(key)
            if name is None:
                continue
            share = sum(bool(looks(r.get(name))) for r in sample) / len(sample)
            if share >= 0.5 and (best is None or share > best[0] + 0.3):
                best = (share, name)
        return best[1] if best else None

    def _by_value(self, sample: list[Record], looks: Any) -> str | None:
        shares = {
            name: (
                sum(bool(looks(r.get(name))) for r in sample) / len(sample),
                len({str(r.get(name))[:200] for r in sample}),
            )
            for name in self.names.values()
        }
        good = [(share, distinct, name) for name, (share, distinct) in shares.items() if share >= 0.8]
        return max(good)[2] if good else None

    @staticmethod
    def _looks_like_title(value: object) -> bool:
        text = plain_text(value)
        if not 4 <= len(text) <= 300 or _url_in(text) or to_stamp(text, "UTC"):
            return False
        return bool(re.search(r"[一-鿿]{4}", text)) or (len(text.split()) >= 2 and text.isascii())


def _is_moment(value: object) -> bool:
    """Whether a number is a time in milliseconds; ten digits may be an id."""
    return isinstance(value, int) and value > 10**12 and to_stamp(value, "UTC") is not None


def _url_in(value: object) -> str | None:
    """The address in a value: itself, or the `pc` one of a small JSON."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, dict):
        value = value.get("pc") or value.get("url") or next((v for v in value.values() if isinstance(v, str)), None)
    if not isinstance(value, str) or len(value) > 1000 or any(c in value for c in "<>\n "):
        return None
    value = value.strip()
    if re.match(r"(?:https?:)?//|/|\./|\.\./", value) or re.search(
        r"\.(?:s?html?|jsp|aspx?|php|pdf|docx?|xlsx?)(?:\?|$)", value
    ):
        return value
    return None


def unwrapped(url: str) -> str:
    """The target of a counting redirect (`visit/link.do?url=…`), else the address itself."""
    parts = urlsplit(url)
    if re.search(r"link\.do$|redirect|jump|goto", parts.path):
        inner = parse_qs(parts.query).get("url", [""])[0]
        if inner.startswith(("http://", "https://")):
            return inner
    return url


def entry_of(record: Record, mapping: Mapping, base: str, zone: str, url_of: Any = None) -> Entry | None:
    """A record as an entry; None without an address."""
    found = url_of(record) if url_of else None
    raw = found or (_url_in(record.get(mapping.url)) if mapping.url else None)
    url = resolve(base, raw) if raw else None
    if url is None:
        return None
    url = unwrapped(url)
    hints = Hints()
    if mapping.title and (text := plain_text(record.get(mapping.title))):
        hints.title = clean_title(text)[0]
    stamps = [(name, s) for name in mapping.dates if (s := to_stamp(record.get(name), zone))]
    if stamps:
        day = date_in_url(url)
        exact = [s for name, s in stamps if day and _day(s) == day and key_of(name) in ("docreltime", "docpubtime")]
        first = key_of(stamps[0][0])
        hints.published = exact[0] if exact and first in ("pubdate", "pubtime") else stamps[0][1]
    if mapping.drafted:
        hints.drafted = to_stamp(record.get(mapping.drafted), zone)
    fill(record, mapping, hints)
    for key in BODY:
        body = record.get(mapping.names.get(key, ""))
        if isinstance(body, str) and len(body) > 200 and re.search(r"</?(?:p|div|br|table)\b", body, re.I):
            hints.body_html = body[:2_000_000]
            break
    hints.attachments = files_of(record, base)
    pinned = str(record.get(mapping.names.get("topstatus", ""), record.get(mapping.names.get("istop", ""), "0"))) in (
        "1",
        "True",
        "true",
    )
    return Entry(url, hints, pinned, is_document(url))


def _day(stamp: Stamp) -> object:
    return stamp.date() if isinstance(stamp, datetime) else stamp


def fill(record: Record, mapping: Mapping, hints: Hints) -> None:
    """Numbers and offices, by key, then by the shape of values."""
    for field_name, keys in PLAIN.items():
        for key in keys:
            text = plain_text(record.get(mapping.names.get(key, "")))
            if not text or len(text) > 200 or (field_name in ("validity",) and not re.search(r"[一-鿿]", text)):
                continue
            if field_name == "index_number" and not re.search(r"\d{3}", text):
                continue
            if field_name == "publisher" and not re.search(r"[一-鿿A-Za-z]{2}", text):
                continue
            setattr(hints, field_name, text)
            break
    for value in record.values():
        if isinstance(value, str) and len(value) <= 60:
            text = value.strip()
            if hints.index_number is None and INDEX_NUMBER.fullmatch(text):
                hints.index_number = text
            elif hints.document_number is None and DOCUMENT_NUMBER.fullmatch(text):
                hints.document_number = text


def files_of(record: Record, base: str) -> list[Attachment]:
    """Attachments that a record lists (`attachment`, `articleFiles`, `fileList` …)."""
    found: dict[str, Attachment] = {}
    for name, value in record.items():
        if key_of(name) not in (
            "attachment",
            "attachments",
            "articlefiles",
            "filelist",
            "files",
            "attachlist",
            "appendix",
        ):
            continue
        if isinstance(value, str) and value[:1] == "[":
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                continue
        for item in value if isinstance(value, list) else []:
            if not isinstance(item, dict):
                continue
            keys = {key_of(k): v for k, v in item.items()}
            where = next(
                (
                    keys[k]
                    for k in ("filepath", "url", "path", "fileurl", "href", "link")
                    if isinstance(keys.get(k), str) and keys[k]
                ),
                None,
            )
            label = next(
                (
                    keys[k]
                    for k in ("filename", "name", "title", "filetitle")
                    if isinstance(keys.get(k), str) and keys[k]
                ),
                None,
            )
            url = resolve(base, where) if where else None
            if url:
                found.setdefault(
                    url,
                    Attachment(
                        label or url.rsplit("/", 1)[-1], url, DOCUMENTS.get(extension(url) or extension(label or ""))
                    ),
                )
    return list(found.values())


def best_records(data: Any) -> tuple[list[Record], Mapping] | None:
    """The array of publications: the best fitting one, with others of the very same make added."""
    scored = []
    for path, records in arrays(data):
        mapping = Mapping(records)
        if mapping.title and mapping.fit >= 0.6:
            scored.append((mapping.fit * (1 + min(len(records), 30) / 30), path, records, mapping))
    if not scored:
        return None
    scored.sort(key=lambda s: -s[0])
    _, _, records, mapping = scored[0]
    alike = list(records)
    for _, _, others, other in scored[1:]:
        if set(others[0]) == set(records[0]) and other.url == mapping.url and others is not records:
            alike += others
    return alike, mapping


TOTALS = {
    "pages": ("totalpages", "totalpage", "pagecount", "pages", "pagetotal", "totalpagecount"),
    "entries": (
        "total",
        "totalcount",
        "recordcount",
        "totalelements",
        "postcount",
        "totalrecord",
        "totalrecords",
        "count",
        "totalnum",
    ),
    "size": ("pagesize", "rows", "size", "perpage", "prepage", "limit"),
    "current": ("pagenumber", "pageno", "pagenum", "currentpage", "current", "pageindex", "page", "curpage"),
}


def totals(data: Any) -> dict[str, int]:
    """Page count, record count, page size and page number that an answer states, the outermost first."""
    found: dict[str, int] = {}
    queue: list[tuple[Any, int]] = [(data, 0)]
    while queue:
        node, depth = queue.pop(0)
        if not isinstance(node, dict) or depth > 4:
            continue
        for name, value in node.items():
            key = key_of(name)
            if isinstance(value, (int, str)) and not isinstance(value, bool) and re.fullmatch(r"\d{1,9}", str(value)):
                for kind, keys in TOTALS.items():
                    if key in keys:
                        found.setdefault(kind, int(value))
            elif isinstance(value, dict):
                queue.append((value, depth + 1))
    return found


MORE_KEYS = ("hasnextpage", "hasnext", "hasmore", "more", "nextpageavailable")
LAST_KEYS = ("islastpage", "lastpage", "last", "islast", "isend")


def more_follows(data: Any) -> bool | None:
    """What an answer says in so many words of a next page (`hasNextPage`, `isLastPage`); None when it says nothing."""
    queue: list[tuple[Any, int]] = [(data, 0)]
    while queue:
        node, depth = queue.pop(0)
        if not isinstance(node, dict) or depth > 3:
            continue
        for name, value in node.items():
            key = key_of(name)
            if isinstance(value, bool) and key in MORE_KEYS:
                return value
            if isinstance(value, bool) and key in LAST_KEYS:
                return not value
            queue.append((value, depth + 1))
    return None
