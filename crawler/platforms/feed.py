"""RSS and Atom feeds, read with lxml without DTD, entities or network; GBK feeds and 统计局's `<pubTime>` too."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.platforms.base import Detection, Entry, Listing, Page, PageRequest
from crawler.platforms.finder import verdict
from crawler.platforms.finder.dates import find_dates
from crawler.platforms.finder.links import DOCUMENTS, extension, is_document, resolve
from crawler.platforms.finder.rows import clean_title
from pipelines.errors import ListingError
from pipelines.items import Attachment, Hints, Stamp
from pipelines.messages import say

MAX_ITEMS = 50_000
DATE_TAGS = (
    "pubdate",
    "pubtime",
    "published",
    "issued",
    "date",
    "publishdate",
    "publishtime",
    "created",
    "updated",
    "modified",
)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)
DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,20000}\])?\s{0,20}>", re.I)


def xml_root(page: Page) -> etree._Element:
    """The document element, parsed without DTD, entities and network, recovering from small faults.

    Raises:
        ListingError: it is no XML.
    """
    text = DOCTYPE.sub("", DECLARATION.sub("", page.text.lstrip("\ufeff \r\n\t"), count=1), count=1)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ListingError(say("The feed is no readable XML: {reason}", reason=str(error)[:120])) from None
    if root is None:
        raise ListingError(say("The feed is no readable XML: {reason}", reason="-"))
    return root


def local(element: etree._Element) -> str:
    """The tag without its namespace, in lower case; nothing for comments."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def feed_date(text: str, zone: str) -> Stamp | None:
    """RFC 822, ISO 8601 and the plain dates that Chinese feeds print (taken in the source's zone)."""
    text = text.strip()
    if re.match(r"(?:\w{3},\s*)?\d{1,2}\s+\w{3}\s+\d{4}", text):
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            moment = None
        if moment is not None:
            return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
        try:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            moment = None
        if moment is not None:
            return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).astimezone(ZoneInfo(zone))
    found = find_dates(text, zone=zone)
    return found[0].stamp if found else None


class Feed:
    """RSS 0.9 to 2.0, RDF and Atom."""

    name: ClassVar[str] = "feed"

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = zone

    def recognise(self, page: Page) -> Detection:
        """By the document element."""
        head = DOCTYPE.sub("", page.text[:20_000].lstrip("\ufeff \r\n\t"), count=1)
        match = re.match(r"(?:\s|<\?[^>]*\?>|<!--(?:[^-]|-(?!->))*-->)*<(rss|feed|rdf:rdf|channel)\b", head, re.I)
        return Detection(self.name, 0.99, f"<{match[1].lower()}>") if match else Detection(self.name, 0.0)

    def first(self, column_url: str, page: Page | None = None) -> PageRequest:
        """The feed itself."""
        return PageRequest(column_url)

    def read(self, page: Page, request: PageRequest) -> Listing:
        """All items; Atom's `rel=next` leads on.

        Raises:
            ListingError: no XML, no feed, or a feed without items.
        """
        verdict.refuse_broken(page)
        verdict.refuse_challenge(page)
        root = xml_root(page)
        if local(root) not in ("rss", "feed", "rdf", "channel"):
            raise ListingError(say("The XML is no feed: its root is <{root}>", root=local(root)))
        items = [e for e in root.iter() if local(e) in ("item", "entry")][:MAX_ITEMS]
        entries: dict[str, Entry] = {}
        for item in items:
            entry = self._entry(item, resolve(page.url, item.base or "") or page.url)
            if entry is not None:
                entries.setdefault(entry.url, entry)
        if not entries:
            raise ListingError(say("The feed has no items"))
        following = next(
            (e.get("href") for e in root.iter() if local(e) == "link" and e.get("rel") == "next" and local(e.getparent()) in ("feed", "channel")), None)  # fmt: skip  # noqa: E501 - one pattern
        url = resolve(page.url, following) if following else None
        return Listing(
            list(entries.values()),
            PageRequest(url, request.number + 1) if url and url != page.url else None,
            platform=self.name,
        )

    def _entry(self, item: etree._Element, base: str) -> Entry | None:
        """One item; those without an address are left out."""
        url: str | None = None
        hints = Hints()
        dates: dict[str, Stamp] = {}
        for child in item:
            tag, text = local(child), "".join(child.itertext()).strip()
            if tag == "title" and text:
                hints.title = clean_title(re.sub(r"<[^<>]{1,200}>", "", text))[0]
            elif tag == "link":
                rel = child.get("rel", "alternate")
                where = child.get("href") or text
                if rel == "enclosure":
                    self._attach(hints, base, where)
                elif rel == "alternate" and where and url is None:
                    url = resolve(base, where)
            elif tag == "enclosure":
                self._attach(hints, base, child.get("url", ""))
            elif (
                tag == "guid"
                and url is None
                and text.startswith("http")
                and child.get("isPermaLink", "true") != "false"
            ):
                url = resolve(base, text)
            elif tag in DATE_TAGS and text and (stamp := feed_date(text, self.zone)):
                dates.setdefault(tag, stamp)
            elif tag in ("author", "creator", "source") and text and hints.content_source is None and len(text) < 100:
                hints.content_source = text
            elif tag == "encoded" and text:
                hints.body_html = text[:2_000_000]
        hints.published = next((dates[t] for t in DATE_TAGS if t in dates), None)
        return Entry(url, hints, document=is_document(url)) if url else None

    @staticmethod
    def _attach(hints: Hints, base: str, where: str) -> None:
        url = resolve(base, where) if where else None
        if url and is_document(url):
            hints.attachments.append(Attachment(url.rsplit("/", 1)[-1], url, DOCUMENTS.get(extension(url))))


__all__ = ["Feed", "date", "feed_date", "local", "xml_root"]
