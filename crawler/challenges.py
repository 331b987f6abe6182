"""Challenge and block pages: recognised by status, headers and the first bytes, reported, never solved."""

from __future__ import annotations

import re
from collections.abc import Mapping

HEAD = 8192
"""Only so many bytes are looked at: a challenge page is small, and shows what it is at once."""

SIGNS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("jsl", re.compile(rb"__jsl_clearance|__jsluid_[sh]\s*=")),
    ("ruishu", re.compile(rb"\$_ts\s*=\s*window\[|\$_ts\.(?:nsd|cd)|_\$[a-zA-Z0-9]{2}\(\)\s*;?\s*</script>")),
    ("wzws", re.compile(rb"wzwschallenge|wzws_?(?:template|method|confirm)|WZWS_CONFIRM", re.I)),
    ("acw", re.compile(rb"acw_sc__v[23]|var arg1\s*=\s*['\"][0-9A-F]{20,60}['\"]")),
    ("cloudflare", re.compile(rb"/cdn-cgi/challenge-platform|cf-chl-|cf_chl_opt|<title>Just a moment")),
    ("aws-waf", re.compile(rb"awswaf\.com|gokuProps|AwsWafIntegration")),
    (
        "captcha",
        re.compile(rb"geetest|captcha-delivery\.com|_Incapsula_Resource|<title>\s*(?:captcha|robot check)", re.I),
    ),
)
BLOCK_WORDS = re.compile(
    "访问被拦截|访问被拒绝|您的访问被|请求被拦截|请求存在威胁|已被拦截|防火墙拦截|网站防火墙|web应用防火墙|创宇盾|安全狗|云锁|"
    "安全验证|人机验证|访问过于频繁|访问频率过高|拦截编号|事件编号|access denied|request blocked|"
    "your request has been blocked|the requested url was rejected|web application firewall|attention required",
    re.I,
)
TAGS = re.compile(r"<script\b[^>]{0,500}>|<[^<>]{0,500}>")


def challenge_of(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The kind of challenge or block that a response is, or None.

    Args:
        status: HTTP status.
        headers: lower-case names.
        body: as received and decompressed; only its head is read.
    """
    if headers.get("cf-mitigated", "").lower() in ("challenge", "block"):
        return "cloudflare"
    if headers.get("x-amzn-waf-action"):
        return "aws-waf"
    head = body[:HEAD]
    if status == 521 and ("__jsl" in headers.get("set-cookie", "") or b"<script" in head):
        return "jsl"
    if status == 412:
        return "ruishu"
    small = len(body) <= HEAD
    if status < 400 and not small:
        return None  # a whole page may carry a vendor's script beside its content; a challenge is nothing but that
    for name, pattern in SIGNS:
        if pattern.search(head) and (status >= 400 or not _has_content(head)):
            return name
    if status in (401, 403, 405, 406, 418, 493, 503, 567) or status == 200:
        text = _text(head)
        words = BLOCK_WORDS.search(text)
        if words and (status >= 400 or len(TAGS.sub("", text).strip()) < 600):
            return "block-page"
    return None


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("gb18030", "replace")


def _has_content(head: bytes) -> bool:
    """Whether a page has links or paragraphs of its own."""
    return head.count(b"<a ") >= 5 or head.count(b"<p") >= 3 or head.count(b"<li") >= 5
