"""Names of sites, of their columns and of public bodies, as they stand beside a title in a page's `<title>`."""

from __future__ import annotations

import re
from collections.abc import Sequence

SEPARATOR = re.compile(r"\s*(?:--+|[-_|｜丨—–»>«~·]|::?|：：)\s*")
_KEY = re.compile(r"[\W_]+")
_SITE_END = re.compile(
    r"(?:网|网站|门户|门户网站|平台|首页|主页|专栏|频道|信息公开|政府网|政务网|公开网|官网|在线|之窗|Home|GOV\.UK|官方网站|移动版|手机版|电脑版)$"
)
DOCUMENT_END = re.compile(
    r"(?:通知|办法|规定|条例|细则|意见|公告|通告|公示|决定|方案|规划|报告|总结|计划|要点|批复|函|指南|纲要|解读|说明|目录|清单|名单|预案|规程|标准|制度|年报|公报|简报|令|法|章程|答复|回复|问答|数据|情况|"
    r"通报|月报|季报|快报|纪要|指引|名录|统计表|一览表|分析|简析|综述)"
    r"(?:[（(][^（）()]{1,12}[)）])?$"
)
_ORGANISATION_END = re.compile(
    r"^[\u4e00-\u9fff]{2,24}(?:厅|局|委|委员会|政府|部|办公室|办公厅|院|中心|总队|支队|大队|署)$"
)


def key(text: str | None) -> str:
    """The form in which titles are compared: letters and digits alone, in lower case."""
    return _KEY.sub("", text).lower() if text else ""


def is_organisation_name(part: str) -> bool:
    """Whether a part is a public body's name and nothing else."""
    return _ORGANISATION_END.search(part.strip()) is not None


def is_site_name(text: str) -> bool:
    """Whether a text ends as names of sites do, and not as titles of documents."""
    return _SITE_END.search(text.strip()) is not None and DOCUMENT_END.search(text.strip()) is None


def trim_site(document: str, sites: Sequence[str] = (), columns: Sequence[str] = ()) -> str | None:
    """A `<title>` without the site's and the columns' names at its end or its start.

    A part after a separator goes when it is a known name, ends as sites do (…网, …门户网站), or is a body's name; and
    one more short one before it, for systems write title_column_site. Parts of the title itself stay.
    """
    names = {key(n) for n in (*sites, *columns) if n}
    parts = SEPARATOR.split(document)
    separators = [m[0] for m in SEPARATOR.finditer(document)]
    end = len(parts)
    while end > 1 and _is_name(parts[end - 1], names):
        end -= 1
    if end < len(parts) and end > 1 and _is_column(parts[end - 1]) and len(key("".join(parts[: end - 1]))) >= 8:
        end -= 1
    start = 0
    while start < end - 1 and (key(parts[start]) in names or is_site_name(parts[start])):
        start += 1
    out = parts[start]
    for i in range(start + 1, end):
        out += separators[i - 1] + parts[i]
    return out.strip() or None


def _is_column(part: str) -> bool:
    """Whether a part between title and site reads as a column: systems write title_column_site."""
    return len(key(part)) <= 8 and "\u4e00" <= part.strip()[:1] <= "\u9fff"


def _is_name(part: str, names: set[str]) -> bool:
    flat = key(part)
    if not flat or flat in names or is_site_name(part):
        return True
    if any(len(flat) >= 4 and (flat in n or n in flat) for n in names if len(n) >= 4):
        return True
    return _ORGANISATION_END.search(part.strip()) is not None
