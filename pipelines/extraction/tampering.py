"""Signs that a page was tampered with, or is a copy on a foreign host: by position and structure, then by words.

Intruders and mirror sites keep a government page and add to it: a brand before or after its title, links that no
reader sees, another host. Police reports speak of gambling lawfully, so a word alone is no sign; what counts is where
it stands: in a part of `<title>` that is neither the title as the page prints it, nor the site's, publisher's or
column's name.

* `title_spam`: such a part holds a brand, or is found nowhere else on the page and either names a gambling venue's
  site (…娱乐平台官网) or, on a page that shows a government site's code, is no office's, site's or column's name.
* `hidden_links`: links to foreign hosts in an element that is moved far off the screen, before `<html>`, or in a
  `<marquee>` of no size; in one that is merely undisplayed, shrunk or clipped (menus and layouts are) only to a brand
  or a throw-away domain.
* `offsite_host`: the page shows a government site's code (国办发〔2017〕47号: SiteIDCode, 网站标识码) and is served
  by a host that is neither a government's nor the one that the page names.
* `site_code_mismatch`: the code in the metas and the one in the footer belong to different places.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit

from pipelines.extraction.organisations import is_organisation
from pipelines.extraction.site_names import DOCUMENT_END, SEPARATOR, is_site_name, key

# Names that gambling sites advertise under, and the phrases of their advertisements; and, below, kinds of their trade,
# which a report may be about.
_BRAND_NAMES = (
    r"(?:星空|半岛|欧宝|火狐|爱游戏|江南|九州|云开|完美|博鱼|雷火|澳门|皇冠)(?:体育|电竞|娱乐|国际|app)|凯发|天生赢家|一触即发|AG旗舰|九游(?:会|娱乐|体育)|开云(?:体育|官网|app)|乐鱼(?:体育|官网|app|全站|下载)|米兰体育|亚博(?:体育|官网|app|娱乐)|华体会|ng体育|"
    r"南宫(?:28|娱乐|体育|ng)|必威(?:体育|官网|app)|bet365|威尼斯人|太阳城(?:集团|官网|娱乐)|金沙(?:娱乐|官网|娱乐城|国际)|永利(?:娱乐|皇宫|官网)|葡京|"
    r"万博(?:体育|官网|app|manbetx)|尊龙(?:凯时|官网|人生)|利来国际|龙8国际|鸿运国际|千亿(?:体育|国际)|k8(?:国际|旗舰)|博天堂|环亚(?:娱乐|集团)|新葡|雷火电竞|伟德(?:国际|体育)|"
    r"yabo|leyu|kaiyun|(?:官网|平台|app|网页版|手机版)(?:登录|登陆|注册|下载)?入口|(?:官网|平台|app)(?:登录|登陆|注册|下载)|注册送|首存|老品牌|信誉平台|手机版app"
)
_TRADE = (
    r"百家乐|老虎机|真人(?:娱乐|视讯|荷官)|棋牌|捕鱼|彩票|时时彩|北京赛车|pk10|六合彩|(?:足球|体育|电竞)(?:投注|竞猜)|博彩|娱乐城|"
    r"成人(?:视频|网站|影片)|av在线|女优|私服|代开发票|代孕|迷药|\bcasino|\bslots?\b|baccarat|betting|\bporn"
)
BRANDS = re.compile(f"{_BRAND_NAMES}|{_TRADE}", re.IGNORECASE)
_NAMED = re.compile(_BRAND_NAMES, re.IGNORECASE)
_COLUMN = re.compile(
    r"文件|公开|动态|新闻|要闻|信息|资讯|专题|栏|政策|法规|服务|之窗|互动|办事|公示|公告|通知|工作|政务|党建|图片|视频|发布"
)
# How venues that intruders advertise end their names, and what tells an office's or a public service's site from them.
_VENUE = re.compile(
    r"(?:官网|官方网站?|平台|app|下载|登[录陆]|注册|入口|网址|网页版|手机版|客户端|娱乐|真人|国际|彩金)$", re.IGNORECASE
)
_GAMBLING = re.compile(
    r"娱乐|棋牌|彩票|彩金|博彩|电竞|竞猜|投注|下注|真人|赌|捕鱼|体育(?:平台|app|投注|官网)", re.IGNORECASE
)
_OFFICE = re.compile(
    r"[省市县区州盟旗镇乡厅局委署院部警法学税财]|政|人民|中国|国家|公共|交易|监管|管理|数据|工会|协会|中心|海关|气象|水利|交通|教育|卫生|就业|电视|广播|广电|日报"
)
_CASE = re.compile(
    r"打击|查处|整治|专项|严厉|破获|警方|通报|防范|涉赌|诈骗|案|曝光|禁止|取缔|治理|举报|揭|警惕|行动|处罚|风险"
)
_LINK = re.compile(
    r"<a\b[^<>]{0,300}?href\s*=\s*[\"']?\s*(https?:)?//([^\"'\s/<>:?#]{4,100})[^<>]*>([^<]{0,200})", re.IGNORECASE
)
_HREF_HOST = re.compile(r"href=[\"']?\s?(?:https?:)?//([^\"'\s/<>:?#]{4,100})")
_TAGS = "div|span|p|ul|table|td|font|a|section|dl|h\\d|b"
_AWAY = re.compile(
    rf"<(?:{_TAGS})\b[^<>]{{0,200}}style\s*=\s*[\"'][^\"'<>]{{0,300}}?(?:left|top|text-indent|right|margin(?:-left|-top)?)"
    r"\s*:\s*-\s*\d{4,}|<marquee\b[^<>]{0,200}(?:height|width)\s*=\s*[\"']?[0-5](?:px)?[\"'\s>]",
    re.IGNORECASE,
)
_FAR = re.compile(r":\s*-\s*\d{4}|<marquee", re.IGNORECASE)
"""One of these is in whatever `_AWAY` matches."""
_SHRUNK = re.compile(
    rf"<(?:{_TAGS})\b[^<>]{{0,200}}style\s*=\s*[\"'][^\"'<>]{{0,300}}?(?:display\s*:\s*none|visibility\s*:\s*hidden|"
    r"(?:left|top|text-indent|right)\s*:\s*-\s*\d{3}|font-size\s*:\s*0(?![.\d])|overflow\s*:\s*hidden|opacity\s*:\s*0(?![.\d]))",
    re.IGNORECASE,
)
_HTML_START = re.compile(r"<html\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FOOTER_CODE = re.compile(
    r"(?:网站标识码\s{0,4}[:：]?(?:\s|<[^<>]{0,200}>|&nbsp;){0,8}|site_?code\s*=\s*[\"'\\u027]{0,8})((?:bm|BM)?[0-9]{8}(?:[0-9]{2})?)(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CODE_MARKS = ("网站标识码", "sitecode", "site_code", "siteCode", "SiteCode")
_CODE = re.compile(r"(?:bm\d{8}|\d{10})", re.IGNORECASE)
_GOVERNMENT = re.compile(
    r"(?:^|\.)(?:gov|gob|gouv|govt|gc|go|mil|gov\.[a-z]{2,3}|gob\.[a-z]{2}|gouv\.[a-z]{2}|go\.[a-z]{2}|govt\.[a-z]{2}|mil\.[a-z]{2}|gc\.ca|bund\.de|europa\.eu|int|edu|edu\.[a-z]{2}|ac\.[a-z]{2}|政务|公益)$",
    re.IGNORECASE,
)
_COMMON_HOSTS = re.compile(
    r"(?:^|\.)(?:weibo|qq|weixin|wechat|douyin|toutiao|baidu|bdimg|jiathis|bshare|cnzz|51yes|xinhuanet|news|people|cctv|cnr|cri|china|chinanews|gmw|youth|"
    r"facebook|twitter|x|linkedin|youtube|instagram|google|googletagmanager|pinterest|whatsapp|t|flickr|apple|microsoft|adobe|w3|conac|360|so|sogou|bing|iqiyi|kuaishou|douban|renren|163|sina|sohu|ifeng)"
    r"\.(?:com|cn|net|org|me|com\.cn|org\.cn)$",
    re.IGNORECASE,
)
_THROWAWAY = re.compile(
    r"\.(?:xyz|top|vip|win|bet|casino|icu|cyou|club|loan|men|bid|gdn|sbs|cfd|bond|buzz|fun|pw)$|^\d{5,}\.|"
    r"^(?:\d{1,3}\.){3}\d{1,3}$|^(?:www\.)?[a-z]{0,6}\d{4,}[a-z]{0,3}\.(?:com|net|cc|app|me)$",
    re.IGNORECASE,
)


def read_flags(
    source: str,
    *,
    title: str | None,
    document: str | None,
    names: Iterable[str | None] = (),
    url: str | None = None,
    site_code: str | None = None,
    site_domain: str | None = None,
    catalogued: bool = False,
) -> list[str]:
    """The flags of a page; none on a clean one.

    Args:
        source: the page's markup as decoded.
        title: the report's title as read.
        document: the page's `<title>`.
        names: names of the site, its columns, the publisher and the source.
        url: where the page was fetched, if that is known.
        site_code: meta SiteIDCode. site_domain: meta SiteDomain.
        catalogued: whether the page has a disclosure catalogue's fields (index number, publisher).
    """
    flags = []
    footer = footer_codes(source)
    code = site_code.strip().lower() if site_code and _CODE.fullmatch(site_code.strip()) else None
    official = code is not None or bool(footer)
    if document and spam_part(document, title, names, source=source, official=official):
        flags.append("title_spam")
    host = _host(url)
    home = _host(site_domain if not site_domain or "//" in site_domain else f"//{site_domain.split(',')[0].strip()}")
    if hides_links(source, host or home):
        flags.append("hidden_links")
    if host and _public(host) and not _GOVERNMENT.search(host) and (official or (catalogued and "title_spam" in flags)):
        named = [_host(f"//{d.split('//')[-1].strip()}") for d in (site_domain or "").split(",") if d.strip()]
        if not any(n and _same_site(host, n) for n in named):
            flags.append("offsite_host")
    if code and footer and not any(_same_place(code, f) for f in footer):
        flags.append("site_code_mismatch")
    return flags


def spam_part(
    document: str, title: str | None, names: Iterable[str | None] = (), *, source: str = "", official: bool = False
) -> str | None:
    """The part of a page's `<title>` that was put there by somebody else, None where there is none."""
    known = [k for n in names if n and (k := key(n))]
    flat_title = key(title)
    start = max(source.find("<body"), source.find("</title>"), 0)
    parts = SEPARATOR.split(document)
    if len(parts) < 2:
        return None
    for part in (*parts[:0:-1], parts[0]):
        flat = key(part)
        if len(flat) < 2 or (flat_title and flat in flat_title) or _CASE.search(part):
            continue
        if any(flat == k or (len(flat) >= 4 and (flat in k or k in flat)) for k in known):
            continue
        if DOCUMENT_END.search(part.strip()):
            continue
        if BRANDS.search(part):
            return part
        # A column's or a site's name stands elsewhere too: in the breadcrumb, the logo's text, the footer.
        outermost = part is parts[-1] or part is parts[0]
        if not outermost or not "\u4e00" <= flat[0] <= "\u9fff" or source.find(part.strip(), start) >= 0:
            continue
        venue = _VENUE.search(part.strip()) and not _OFFICE.search(part) and not _COLUMN.search(part)
        if venue and (official or _GAMBLING.search(part)):
            return part
        named = is_site_name(part) or is_organisation(part) or _COLUMN.search(part)
        if official and len(flat) >= 8 and not named and source.count(part.strip()) <= 1:
            # A short form of the title, or an issue's name: the page says most of it in its own words.
            if any(flat[i : i + 5] in source[start:] for i in range(len(flat) - 4)):
                continue
            return part
    return None


def without_spam(title: str) -> str:
    """A title without a brand that stands after (or, when it is shorter, before) a separator; unchanged otherwise.

    For pages that carry the brand wherever they state their title, so that no other place tells.
    """
    if not _NAMED.search(title):
        return title
    parts = SEPARATOR.split(title)
    separators = [m[0] for m in SEPARATOR.finditer(title)]
    start, end = 0, len(parts)
    while end - start > 1 and _is_advertisement(parts[end - 1]):
        end -= 1
    while (
        end - start > 1 and _is_advertisement(parts[start]) and len(parts[start]) < len("".join(parts[start + 1 : end]))
    ):
        start += 1
    out = parts[start]
    for i in range(start + 1, end):
        out += separators[i - 1] + parts[i]
    return out.strip() or title


def _is_advertisement(part: str) -> bool:
    return _NAMED.search(part) is not None and not _CASE.search(part) and not DOCUMENT_END.search(part.strip())


def hides_links(source: str, home: str | None) -> bool:
    """Whether the page holds links to foreign hosts where no reader sees them."""
    foreign = set(_HREF_HOST.findall(source.lower() if "HREF" in source else source))
    # What no link of the page is, none in a hidden part of it can be: most pages need no further look.
    if all(_is_home(host.lower(), home) for host in foreign) or not _foreign(source, home, least=2):
        return False
    start = _HTML_START.search(source, 0, 20_000)
    if start and start.start() > 60:
        before = _COMMENT.sub("", source[: start.start()])
        if _foreign(before, home, least=2):
            return True
    for match in islice(_AWAY.finditer(source), 50) if _FAR.search(source) else ():
        if _foreign(_element(source, match.start()), home, least=2):
            return True
    # Menus, sliders and layouts hide and shrink lawfully: there only what is linked to tells.
    if not _branded(source, home):
        return False
    shrunk = islice(_SHRUNK.finditer(source), 200)
    return any(_branded(_element(source, match.start()), home) for match in shrunk)


def _element(source: str, start: int) -> str:
    """The element that starts at the offset, at most 4,000 characters of it."""
    name = re.match(r"<(\w+)", source[start : start + 20])
    piece = source[start : start + 4000]
    if not name:
        return piece
    depth = 0
    for tag in re.finditer(rf"<(/?){name[1]}\b", piece, re.IGNORECASE):
        depth += -1 if tag[1] else 1
        if not depth:
            return piece[: tag.start()]
    return piece


def _foreign(piece: str, home: str | None, *, least: int) -> bool:
    """Whether a piece of markup links to foreign hosts: `least` of them, or one with a brand."""
    count = 0
    for match in _LINK.finditer(piece):
        host = match[2].lower()
        if _is_home(host, home):
            continue
        if BRANDS.search(match[3]) or _THROWAWAY.search(host):
            return True
        count += 1
    return count >= least


def _branded(piece: str, home: str | None) -> bool:
    return any(
        not _is_home(match[2].lower(), home) and (BRANDS.search(match[3]) or _THROWAWAY.search(match[2]))
        for match in _LINK.finditer(piece)
    )


def _is_home(host: str, home: str | None) -> bool:
    return bool(
        _GOVERNMENT.search(host)
        or _COMMON_HOSTS.search(host)
        or host.endswith((".org", ".org.cn"))
        or (home and _same_site(host, home))
        or not _public(host)
    )


def footer_codes(source: str) -> list[str]:
    """The site codes that a page's footer shows: 网站标识码, and the link of 我为政府网站找错."""
    codes: list[str] = []
    for mark in _CODE_MARKS:
        at = source.find(mark)
        while at >= 0 and len(codes) < 20:
            found = _FOOTER_CODE.match(source, at)
            if found and _CODE.fullmatch(found[1]):
                codes.append(found[1].lower())
            at = source.find(mark, at + len(mark))
    return codes


def _same_place(first: str, second: str) -> bool:
    """Whether two site codes are of one city or ministry: bureaus' sites are hosted on their government's."""
    if first[:2] != second[:2]:
        return False
    return first.startswith("bm") or first[:4] == second[:4] or first[2:4] == "00" or second[2:4] == "00"


def _host(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None


def _public(host: str) -> bool:
    """Whether a host is one of the public network: no address, no local or reserved name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith(
            (".test", ".example", ".invalid", ".localhost", ".local", ".internal", ".lan")
        )
    return False


def _same_site(first: str, second: str) -> bool:
    """Whether two hosts share their registrable domain, as near as that is known without a list."""
    return _site(first) == _site(second)


def _site(host: str) -> str:
    labels = host.lower().split(".")
    keep = (
        3
        if len(labels) >= 3
        and len(labels[-1]) == 2
        and labels[-2] in ("com", "net", "org", "gov", "edu", "co", "ac", "go", "gob")
        else 2
    )
    return ".".join(labels[-keep:])
