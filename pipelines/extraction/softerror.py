"""Pages served as if they were reports, and are none: "not found" under status 200, challenges, errors, log-ins.

Such a page says what it is in its title or in one short line, and says next to nothing else. So a verdict always needs
both: the words, and the lack of a text. A report *about* maintenance or about lost pages is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.extraction import addresses
from pipelines.extraction.cleaning import letters

Kind = Literal["soft_404", "blocked", "error_page", "login_page"]

_SHORT = 260
"""Letters of a body that may still be an error's explanation."""
_LINE = 70
"""Letters of a line or title that states an error."""

_VENDORS = re.compile(
    r"__jsl_clearance|wzwschallenge|wzws_?(?:template|method|confirm)|acw_sc__v\d|\$_ts\s*=\s*window|"
    r"cf_chl_opt|cf-chl-|"
    r"/cdn-cgi/challenge-platform|awsWafCookieDomainList|AwsWafIntegration|_Incapsula_Resource|window\.gokuProps|"
    r"px-captcha|geetest|/_guard/|sec_cpt|bm-verify|TSPD/|_waf_",
    re.I,
)
_COOKIE_SCRIPT = re.compile(r"document\s*(?:\.\s*cookie|\[\s*[\"']cookie[\"']\s*\])\s*=|setCookie\s*\(", re.I)
_RELOAD = re.compile(r"location\s*(?:\.\s*(?:reload|replace|href)|\[|=)|window\s*\[\s*[\"']location", re.I)
_BLOCKED = re.compile(
    r"just a moment|attention required|checking (?:your|if the site connection)|verify (?:you are|"
    r"that you are) (?:a )?human|"
    r"access (?:denied|to this page has been denied)|请(?:完成|进行)(?:安全|人机|滑动)?验证|人机(?:身份)?验证|"
    r"安全验证|滑动验证|"
    r"(?:访问|请求|操作)(?:过于|太)?频繁|(?:访问|请求)(?:已|被)?(?:被)?(?:拦截|阻断|拒绝|禁止)|"
    r"存在(?:安全)?威胁|创宇盾|云防护|网站防火墙|安全狗|"
    r"疑似(?:黑客)?攻击|IP(?:地址)?(?:已)?被(?:禁止|封|拉黑|限制)|enable javascript and cookies|浏览器安全检查",
    re.I,
)
_MISSING = re.compile(
    r"^\W*(?:error|http|错误)?\W*404\W*(?:error|错误|not found|页面(?:不存在|未找到)?|found)?\W*$|"
    r"page (?:not found|cannot be found|can ?not be found|does ?n[o']t exist|no longer exists)|"
    r"404\W{0,3}(?:not found|错误|页面|找不到|未找到)|^\W*not found\W*$|(?:we )?(?:can ?not|can['’]t|"
    r"could ?n[o'’]t) find (?:the|that|this) page|"
    r"(?:页面|网页|文件|信息|文章|内容|地址|资源|栏目|链接|新闻|记录|数据)(?:\w{0,4})?(?:不存在|未找到|找不到|"
    r"没(?:有)?找到|丢失|已(?:经)?(?:被)?(?:删除|移除|下线|下架|撤销|失效|过期|移走|关闭))|"
    r"(?:找不到|未找到|没有找到|无法找到|没找到)(?:您|你|该|此|这个|相关|对应|请求|所|要|指定|"
    r"任何)?.{0,8}(?:页面|网页|文件|信息|文章|内容|资源|记录)|"
    r"(?:您|你)(?:所)?(?:访问|请求|查看|浏览|要找|查找|打开|寻找)的.{0,14}(?:不存在|删除|找不到|丢失|失效|"
    r"下线|移除|未找到|出错|飞走|迷路|走丢)|"
    r"该(?:页面|信息|文章|内容|网页|文件)(?:已|不|暂)|(?:页面|网页)(?:走丢|迷路|跑丢|飞走|失联)|"
    r"没有权限(?:访问|查看)|參數錯誤|参数错误|非法(?:参数|访问|请求)|頁面不存在|找不到(?:網頁|頁面)",
    re.I,
)
_BROKEN = re.compile(
    r"\b(?:50[0-4]|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out)\b|"
    r"http status \d{3}|http (?:error )?[45]\d\d|whitelabel error page|runtime error|server error in|"
    r"error establishing a database|"
    r"(?:服务器|系统|网站|程序|数据库|应用程序|服务)(?:\w{0,6})?(?:错误|异常|出错|繁忙|故障|无法访问|不可用|连接失败)|"
    r"(?:网站|系统|平台|页面|服务器|本站|服务|栏目)(?:\w{0,4})?(?:正在)?(?:维护|升级|建设|改版|调整|"
    r"关闭)(?:维护|升级|改造)?(?:中|之中|期间)|正在(?:维护|升级|建设|改版)(?:中)?|"
    r"under (?:maintenance|construction)|(?:temporarily|currently) (?:down|unavailable)|be right back|"
    r"站点(?:已)?(?:关闭|暂停|停止)|"
    r"it works!|welcome to nginx|apache2? (?:ubuntu |debian )?default page|域名(?:未备案|已过期|到期|出售)",
    re.I,
)
_ABOUT = re.compile(r"关于|公告|通知|通告|公示|办法|规定|报告|意见|方案|总结|notice of|announce", re.I)
_LOGIN = re.compile(r"登\s*[录陆]|log ?in|sign ?in|身份认证|统一认证|验证码|用户名|密码|password", re.I)
_PASSWORD = re.compile(r"<input[^<>]{0,200}type\s*=\s*[\"']?password", re.I)
_HOME = re.compile(r"(?:首页|门户网站|官方网站|官网|门户|政府网|信息网|欢迎您|home|home page|homepage)$", re.I)
_PARTS = re.compile(r"[-_|—–]")
_JSON_ERROR = re.compile(
    r"^\s*\{[^{}]{0,400}\"(?:error|err|msg|message|errmsg|errmessage|errcode|code|status|state|success)\"\s*:", re.I
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a page is instead of a report (a flag of the record), and the words or structure that show it."""

    kind: Kind
    evidence: str


def classify(
    *,
    title: str | None,
    lines: Sequence[str],
    body: str,
    markup: str = "",
    url: str | None = None,
    status: int | None = None,
    links: int = 0,
) -> Verdict | None:
    """Says whether a page is an error in a report's clothes.

    Args:
        title: the content of `<title>`.
        lines: the page's visible lines.
        body: the text that was read as its body.
        markup: the source; its first 64 KB are looked at.
        url: the page's address.
        status: the response's status, where it is known.
        links: how many links the page shows.

    Returns:
        The verdict, None for a page that may well be a report.
    """
    title = " ".join((title or "").split())
    size = len(letters(body))
    shown = sum(len(letters(line)) for line in lines[:400])
    head = markup[:65_536]
    if status is not None and status >= 400:
        kind: Kind = (
            "soft_404"
            if status in (404, 410)
            else "blocked"
            if status in (401, 403, 405, 412, 418, 429, 521)
            else "error_page"
        )
        return Verdict(kind, f"status {status}")
    if shown < 400 and (found := _VENDORS.search(head)):
        return Verdict("blocked", found[0])
    if shown < 60 and _COOKIE_SCRIPT.search(head) and _RELOAD.search(head):
        return Verdict("blocked", "a script that sets a cookie and loads again")
    if url and links >= 40 and "。" not in body and _is_deep(url) and _HOME.search(title) and not _PARTS.search(title):
        return Verdict("soft_404", f"a home page: {title[:60]}")
    if size > _SHORT:
        return None
    # A line of signs without letters may be very long.
    claims = [title[:1000], *(line[:1000] for line in lines[:120] if len(letters(line)) <= _LINE)]
    for kind, pattern in (("blocked", _BLOCKED), ("soft_404", _MISSING), ("error_page", _BROKEN)):
        for i, claim in enumerate(claims):
            if not claim or (i == 0 and len(letters(claim)) > _LINE) or _ABOUT.search(claim):
                continue
            found = pattern.search(claim)
            # A line elsewhere on a full page (a legend, a link) is no statement of the page's about itself.
            if (
                found
                and (i == 0 or shown < 400 or claim in body)
                and (size <= 120 or i == 0 or len(letters(claim)) * 3 > size)
            ):
                return Verdict(kind, claim[:80])
    if size < 160 and not _ABOUT.search(title) and _PASSWORD.search(markup) and (_LOGIN.search(title) or shown < 80):
        return Verdict("login_page", title[:80] or "a password field")
    if not title and not markup.lstrip().startswith("<") and _JSON_ERROR.match(markup):
        return Verdict("error_page", markup.strip()[:80])
    return None


def _is_deep(url: str) -> bool:
    """Whether an address is that of a single page: digits in its path."""
    path = addresses.parts(url).path
    return path.count("/") >= 2 and bool(re.search(r"\d{3,}|\.s?html?$", path)) and not re.search(r"/index\.\w+$", path)
