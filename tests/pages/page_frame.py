"""What stands around a report on a large site: bars, menus, lists of other reports, footer. To try samples in it."""

from __future__ import annotations

import re
from pathlib import Path

ABOVE, BESIDE, BELOW = Path(__file__).with_name("page_frame.html").read_text(encoding="utf-8").split("<!--part-->")
LEAKS = ("元旦放假", "消防大检查", "大数据中心", "政务微信")
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_END = re.compile(r"(?:</body>|</html>|\Z)(?!.*</body>)", re.IGNORECASE | re.DOTALL)


def in_frame(markup: str) -> str | None:
    """The page within a layout table with all of these; None for a page without a plain body."""
    if not _BODY.search(markup) or "<frameset" in markup:
        return None
    opened = f'{ABOVE}<table width="1000"><tr><td width="220">{BESIDE}</td><td valign="top">'
    markup = _BODY.sub(lambda m: m[0] + opened, markup, count=1)
    return _END.sub(lambda m: f"</td></tr></table>{BELOW}{m[0]}", markup, count=1)
