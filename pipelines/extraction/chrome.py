"""Parts of a page that say by their id or class that they are no part of its text: menus, sidebars, comments, sharing.

Words that templates of all countries use for them, read as whole words of a name.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NEGATIVE = re.compile(
    r"[\s_-](?:nav|navbar|navi|menu|sidebar|aside|side|footer|foot|header|breadcrumbs?|crumbs?|bread|share|sharing|"
    r"bdshare\w*|social|comments?|disqus\w*|respond|related|relate|recommend\w*|"
    r"popular|trending|hot|promo\w*|advert\w*|ads?|sponsor\w*|banner|popup|modal|alert|cookie\w*|consent|newsletter|"
    r"subscribe|subscription|login|search|pagination|pager|paging|prevnext|"
    r"prev|next|print|printer|tools?|toolbar|qrcode|qr|ewm|erweima|copyright|links?|friendlink|hidden|skip|"
    r"sticky|widget|toc|jiathis\w*|bshare\w*|xgxw|xgwz|xglj|xgjd|wz|dqwz|position|location)(?=[\s_-])",
    re.I,
)
"""Names of chrome, believed of parts of a page that hold little of its text."""
_CONTENT = re.compile(r"content|article|detail|entry|main|zoom|wenzhang|zhengwen", re.I)
"""Words beside which a weak name of chrome (content_print, article-tools) says nothing."""
_LONGEST = 600
"""Characters of an id and classes that are looked at."""
_VARIANT = re.compile(
    r"--\S*|\S*layout\S*|\b(?:has|with|no|without)-\S*|(?<=\s)(?:elementor|et_pb|vc|fl|fusion|siteorigin|brxe)[_-]\S*|"
    r"(?<=\s)widget blog(?=\s)"
)
"""What says how an element is laid out, and with what beside it: variants by BEM (`block--variant`), `has-sidebar`, and
the names that page builders and Blogger give to all their parts, the text's too."""
_APART = re.compile(
    r"[\s_-](?:nav|navbar|menu|side-?bar\w*|aside|footer|breadcrumbs?|comments?|comment-?list|disqus\w*|respond|"
    r"related\w*|recommend\w*|popular|trending|advert\w*|sponsor\w*|pagination)(?=[\s_-])",
    re.I,
)
_JUNK = re.compile(
    r"[\s_-](?:newsletter\w*|subscri\w+|sign-?up|related\w*|relate|recommend\w*|shar(?:e|es|ing)|bdshare\w*|"
    r"jiathis\w*|bshare\w*|social\w*|comments?|"
    r"advert\w*|ads?|promo\w*|printer|toolbar|qrcode\w*|ewm|erweima|breadcrumbs?|pagination|pager|copyright|"
    r"prevnext|cookies?|popup|modal|instagram-media|most-read|read-?more|author-?\w*|byline\w*|bio|tags?|tag-?list|(?:post|entry|article)-?"
    r"(?:tags|meta|author)|navbox|catlinks|printfooter|mw-jump-link|noprint|no-print|"
    r"xgxw|xgwz|xglj|xgyd|fenxiang|zrbj|bianji)(?=[\s_-])",
    re.I,
)


@lru_cache(maxsize=4096)
def is_chrome(names: str) -> bool:
    """Whether an element's id or class says that it is page chrome."""
    names = names[:_LONGEST]
    if not _NEGATIVE.search(names):
        return False
    names = _VARIANT.sub("", names)
    return _NEGATIVE.search(names) is not None and (_APART.search(names) is not None or not _CONTENT.search(names))


def is_apart(names: str) -> bool:
    """Whether an element's id or class says that it is a sidebar, a footer, comments: whatever else the name says."""
    names = names[:_LONGEST]
    return _APART.search(names) is not None and _APART.search(_VARIANT.sub("", names)) is not None


@lru_cache(maxsize=4096)
def is_junk(names: str) -> bool:
    """Whether an element inside a body says by its name that it does not belong to it."""
    names = names[:_LONGEST]
    return _JUNK.search(names) is not None and _JUNK.search(_VARIANT.sub("", names)) is not None
