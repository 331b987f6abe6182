"""Labelled values of a page: 索引号, 文号, 发布机构, 成文日期, 发布日期, 有效性, 来源 … in any markup.

The names of the fields are those of the disclosure catalogue (《政府信息公开条例》 and the provinces' 目录 rules) and of
the line under a title. A label stands at the start of a cell, element, line or after white space, is written with
spaces inside (索 引 号) or without, and ends with a colon, a closing bracket (【来源】) or its own element's end. What
ends its value is the markup or the next label; a label without a value gives nothing and never takes the next one's.

Rules for labels that could mean two things, decided by their use in the catalogue:

* 信息来源, 稿源, 供稿 are the content's source, not the publisher; 来源 within a longer word (数据来源) is no label.
* 生成日期, 制发日期, 发文日期, 印发日期, 颁布日期 are when the document was drafted; 发布, 公开, 发表, 上网 when it
  was published; a bare 时间 or 日期 is the page's own time line: published, but weaker.
* 更新, 修改 and 失效 dates, 浏览, 字号, 打印, 责任编辑 … are known so that they end a value, and are never one.
* 责任编辑 and 编辑 are not the author; 作者, 撰稿, 记者 are.
* 主题分类 goes before 主题, 信息分类, 组配分类 and 分类 for the subject; 体裁 and 服务对象 are other things.
* 有效期 is a span, not the validity.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.extraction.outline import BLOCK, BLOCK_END, BREAK, CELL, CELL_END, CLOSING, JOINT, OPENING, clean

_SYNONYMS = {
    "index_number": "索引号 索引编号 信息索引号 信息索引 索取号 索引码 公开索引号 目录索引号 信息索取号 索引",
    "document_number": "文号 发文字号 发文文号 文件编号 文件文号 文件号 发文号 公文文号 公文编号 发文编号 文件字号 发布文号 "
    "公告号 公告文号 令号 文件号码 批准文号 文书号 发文序号 信息文号 公文字号 公开文号",
    "publisher": "发布机构 发布单位 发布机关 发布部门 发文机关 发文单位 发文机构 发文部门 公开责任部门 信息公开责任部门 "
    "责任部门 制发机关 制发单位 制定机关 制定单位 制文机关 制作单位 制作机关 公开机构 公开主体 公开单位 公开机关 公开部门 "
    "发布科室 颁布单位 颁布机关 颁布部门 颁发部门 印发机关 印发单位 信息发布机构 信息发布单位 信息生成单位 发布主体 所属单位 "
    "信息公开机构 生成单位 信息所属单位 公布机关 公布单位 出台单位 发布处室 信息发布部门 产生单位 发布者单位",
    "content_source": "来源 信息来源 文章来源 稿件来源 稿源 新闻来源 内容来源 转载自 转自 摘自 供稿 供稿单位 来稿单位 "
    "信息提供 信息提供单位 来源单位 来源部门 文件来源 来源于 信源 资讯来源 来稿 出处 报送单位 信息提供者 供稿部门 发布来源",
    "author": "作者 撰稿 撰稿人 记者 撰文 文章作者 文/图",
    "published": "发布日期 发布时间 公开日期 公开时间 发表日期 发表时间 信息时间 信息日期 信息发布时间 信息发布日期 上网日期 "
    "上网时间 发稿时间 发稿日期 刊发时间 刊登日期 网站发布时间 网上发布时间 上传时间 上传日期 发布于 发表于 公开发布日期 "
    "文章发布时间 稿件发布时间 添加时间 添加日期 录入时间 录入日期 信息公开日期 公开发布时间 加入时间 日期时间 刊发日期 "
    "登载时间 登载日期 挂网时间 挂网日期",
    "time": "时间 日期 公布日期 公布时间 公告日期 公告时间 创建时间 创建日期 发文时间 编辑时间",
    "drafted": "成文日期 成文时间 生成日期 生成时间 制发日期 制发时间 发文日期 印发日期 印发时间 颁布日期 颁布时间 形成日期 "
    "形成时间 签发日期 签发时间 制定日期 制作日期 产生日期 信息生成日期 信息产生日期 信息生成时间 文件日期 成稿日期 行文日期 落款日期",
    "effective": "施行日期 施行时间 生效日期 生效时间 实施日期 实施时间 执行日期 执行时间 开始实施日期 正式实施日期",
    "validity": "有效性 文件有效性 文件状态 是否有效 时效性 时效 效力状态 有效状态 信息有效性 效力 文件时效 文件效力 "
    "时效状态 信息状态 规范性文件有效性 现行有效性 文件时效性 公文时效 公文状态",
    "subject": "主题分类 信息分类 主题 组配分类 信息类别 分类 主题类别 文件分类 类别 信息主题分类 公文种类主题 所属主题 "
    "公开类别 分类名称 内容分类 目录分类 文件类别 信息类型 公开分类 主题名称 所属分类 公开事项分类 栏目分类 "
    "信息所属分类",
    "keywords": "主题词 关键词 关键字 文章关键字 标签 关键字词",
    "title": "标题 名称 信息名称 文件名称 公文名称 文件标题 信息标题 公文标题 题名 法规名称 政策名称 政策标题 文章标题 正标题",
    # Known only so that they end another label's value.
    "noise": "更新时间 更新日期 修改时间 修改日期 最后更新 最后更新时间 最近更新 最后修改时间 失效日期 失效时间 废止日期 "
    "废止时间 截止日期 截止时间 统一编号 公开方式 公开形式 公开范围 公开时限 公开程度 公开期限 公开属性 信息格式 文件格式 "
    "载体类型 体裁 体裁分类 文种 语种 服务对象 服务对象分类 有效期 有效期限 有效期至 浏览次数 浏览量 浏览 点击数 点击次数 点击量 点击率 点击 阅读次数 "
    "阅读量 阅读数 阅读 访问次数 访问量 人气 字号 字体 字体大小 文字大小 字体显示 视力保护色 责任编辑 编辑 责编 审核 审核人 审稿 审签 校对 "
    "监制 签发 签发人 终审 复审 初审 一审 二审 三审 责任审核 编审 编校 录入 录入人 发布人 发布者 发布员 分享 分享到 分享至 打印 收藏 扫一扫 下载 "
    "附件 相关附件 附件下载 文件下载 内容概述 内容概要 概述 摘要 信息摘要 内容摘要 内容提要 简介 备注 登记号 登记编号 备案号 备注信息 "
    "规范性文件编号 规范性文件统一编号 主送 抄送 联系电话 联系人 联系方式 地址 邮编 行政区划 所属区域 地区 地域 适用范围 "
    "保护视力色 背景色 大小 阅读方式 信息编号 效力级别 效力等级 公开目录 目录名称 所属栏目 栏目 频道 当前位置 您的位置 您现在的位置 "
    "您当前的位置 您所在的位置 所在位置 主办单位 承办单位 承办部门 办理结果 公文类型 文件类型 政策类型 政策类别 发文类型 领域分类 "
    "图片来源 数据来源 资料来源 摄影 摄影记者 通讯员 图 版权 声明 相关解读 政策解读 解读 上一篇 下一篇 副标题 浏览字号 默认 信息索引编号说明 发布地区 适用对象 "
    "解密日期 开始时间 结束时间 密级 页数 存放位置 获取方式 依申请公开 责任人 责任单位 负责人 所属行业 行业分类 行业 国民经济行业",
}
_FIELD: dict[str, str] = {}
for _field, _words in _SYNONYMS.items():
    for _word in _words.split():
        _FIELD[_word] = _field

_LONGEST = max(map(len, _FIELD))
_DATED = frozenset(("published", "drafted", "effective", "time"))

# What may end a label: a colon, a closing bracket, white space before a year, its element's end.
_END = re.compile(
    r"[\])】〕）]?\s{0,6}[:：﹕∶︰]|[】\]〕]|(?<=[\u4e00-\u9fff])[ \xa0\u3000\x1e\x1f]{1,12}(?=(?:19|20)\d\d)"
    r"|(?<=[\u4e00-\u9fff])[ \xa0\u3000]{0,8}(?=[\x0b\x1c\x1f])"
)
_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?P<label>published(?: on)?|publish(?:ed)? date|publication date|date published|release date|posted(?: on)?|date posted|"
    r"issued(?: on)?|issue date|date|source|from|author|by|written by|document number|reference(?: number)?|"
    r"last updated|updated(?: on)?|last modified|modified|last reviewed|page last updated)\s{0,3}(?P<end>:)?",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "来源 作者 时间 日期 文号 主题 分类 类别 标题 名称 记者 时效 效力 标签 供稿 索引 浏览 阅读 点击 字号 字体 编辑 审核 录入 打印 下载 分享 收藏 "
    "附件 地址 地区 图 版权 声明 栏目 频道 行业 概述 摘要 简介 备注 解读 大小 默认 校对 签发 摄影 出处 转自 摘自 来稿 撰稿 撰文 责编 监制 人气 "
    "体裁 文种 语种 密级 页数 终审 复审 初审 一审 二审 三审 主送 抄送".split()
)
_COLONS = "：:﹕∶︰"
_WALLS = frozenset("\n\x0b\x1c\x1d\x85")
_PARTS = frozenset("".join(_FIELD))
_STOP = re.compile(
    r"(?:(?<=[\s|丨｜【\[（(])|^)[【\[（(]?\s?(?:打\s?印|字\s?[体号]|大\s{1,3}中\s{1,3}小|我要纠错|内容纠错|纠错|分享|收藏|关闭|返回|浏览|点击|阅读|访问|"
    r"责任编辑|编辑[:：]|扫一扫|保护视力|视力保护|繁体|放大|缩小|下载|文字下载|语音|朗读|听全文|点赞|评论|浏览量|打印本页|A[+\-]|T[|]T|大号|字号)"
    r"|【\s?(?:大|字|打|我|关|返|收)|[\[［]\s?(?:大|字号|打印|关闭)|(?:来源|作者)\s?[:：]"
)
_EDGES = " \t\xa0\u3000|丨｜,，;；、/【[（(［〔<《-—–·:：\u200b"
_BRACKETS = {"】": "【", "]": "[", "）": "（", ")": "(", "］": "［", "〕": "〔", "》": "《"}


TOOLS = frozenset(
    "浏览次数 浏览量 浏览 点击数 点击次数 点击量 点击率 点击 阅读次数 阅读量 阅读数 阅读 访问次数 访问量 人气 字号 字体 字体大小 文字大小 浏览字号 "
    "责任编辑 编辑 责编 审核 更新时间 更新日期 公开方式 公开范围 体裁 有效期 统一编号 失效日期 打印 分享 分享到".split()
)
"""Labels that are no field, but stand with the fields in a report's head."""


class Pair(NamedTuple):
    """A label with its value as printed; `field` is the record's name for it. Offsets are those of the label."""

    field: str
    label: str
    value: str
    start: int
    end: int


def read_labels(text: str, *, limit: int = 400) -> list[Pair]:
    """All labelled values of an outline (or of plain text), in order; pairs without a value have an empty one.

    Args:
        text: an outline, up to where the body starts.
        limit: pairs at most (a hostile page may hold a million).
    """
    if BLOCK_END not in text:
        text = text.replace(BLOCK, BREAK)  # plain text: its lines end values
    marks: list[tuple[int, int, str]] = []
    last = 0
    for match in _END.finditer(text):
        found = _label_before(text, match.start(), last)
        if found is None:
            continue
        start, word = found
        if not _is_label(text, start, match, word):
            continue
        last = match.end()
        marks.append((start, last, word))
        if len(marks) >= limit:
            break
    pairs = []
    for i, (start, end, word) in enumerate(marks):
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        value = _value(text, end, min(stop, end + 600), alone=_opens(text, start))
        pairs.append(Pair(_FIELD[word], word, value, start, end))
    return pairs


def _opens(text: str, start: int) -> bool:
    """Whether a label is the first thing in its block or cell, so that its value may stand in the next one."""
    before = text[max(0, start - 60) : start].rstrip(" \xa0\u3000\x1e\x1f【[")
    return not before or before[-1] in (BLOCK, CELL)


def _label_before(text: str, end: int, floor: int) -> tuple[int, str] | None:
    """The longest label that ends at the offset, and where it starts; white space and inline joints within are skipped."""
    chars: list[str] = []
    places: list[int] = []
    position, gap = end - 1, 0
    while position >= floor and len(chars) < _LONGEST and gap <= 12:
        char = text[position]
        if char.isspace() or char == "·":
            if char in _WALLS and chars:
                break
            gap += 1
        elif char in _PARTS:
            chars.append(char)
            places.append(position)
            gap = 0
        else:
            break
        position -= 1
    for length in range(len(chars), 1, -1):
        word = "".join(chars[length - 1 :: -1])
        if word in _FIELD:
            return places[length - 1], word
    if chars and chars[0] in _FIELD:
        return places[0], chars[0]
    return None


def _is_label(text: str, start: int, match: re.Match[str], word: str) -> bool:
    """Whether a label's word stands where a label stands, not within running text."""
    before = text[start - 1] if start else "\n"
    ending = match[0].strip()
    if ending and ending[-1] in _COLONS:
        if len(ending) > 1 and before not in "【[〔（(":
            return False
        # 数据来源：, 办理时间：; but 新华社发布时间： (the space between two fields was lost).
        return not _is_word(before) or (word not in _COMMON and len(word) >= 4)
    if ending:
        return before in "【[〔"
    # Without a colon: alone in its cell or element, or a date's label with white space before the year.
    lead = text[max(0, start - 12) : start].rstrip(" \xa0\u3000")
    if lead and not JOINT.match(lead[-1]):
        return False
    if JOINT.search(text, start, match.start()):
        # Parts of a label in elements of their own: it ends where the cell does, not within.
        tail = text[match.end() : match.end() + 40].lstrip(" \xa0\u3000\x1f")
        if tail[:1] not in (BLOCK_END, CELL_END):
            return False
    year_follows = text[match.end() : match.end() + 2].isdecimal()
    return not year_follows or _FIELD[word] in _DATED


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "_-"


def _value(text: str, start: int, stop: int, *, alone: bool = True) -> str:
    """The text from the label's end to the joint, the stop word or the label that ends it."""
    depth = base = 0
    parts: list[str] = []
    climbed = inside = 0
    found = False
    position = start
    cell_closed = False
    while position < stop:
        joint = JOINT.search(text, position, stop)
        piece_end = joint.start() if joint else stop
        if piece_end > position:
            piece = text[position:piece_end]
            if piece.strip():
                if not found and climbed and depth <= base and cell_closed:
                    break  # text after a row's or block's end is another thing
                if not found:
                    found, inside = True, depth
                parts.append(piece)
            elif found:
                parts.append(piece)
        if joint is None:
            break
        position = joint.end()
        char = joint[0]
        if char in OPENING:
            if found and char in ("\n", CELL):
                break
            depth += 1
        elif char in CLOSING:
            depth -= 1
            solid = char in (BLOCK_END, CELL_END)
            if found:
                if solid or depth < base or (base < 0 and inside > base and depth <= base):
                    break
            elif depth < base:
                base = depth
                if solid:
                    climbed += 1
                    if climbed > 1 or not alone:
                        break
                    cell_closed = True
            elif solid and climbed:
                break  # the sibling that should hold the value is empty
        else:
            break
    value = clean("".join(parts))
    cut = _STOP.search(value)
    if cut:
        value = value[: cut.start()]
    return trim(value)


def trim(value: str) -> str:
    """A value without what separates it from its neighbours, and without brackets that are open at one end only."""
    value = value.strip().rstrip(_EDGES).lstrip(" \t\xa0\u3000|丨｜,，;；、:：")
    while value and value[-1] in _BRACKETS and _BRACKETS[value[-1]] not in value:
        value = value[:-1].rstrip(_EDGES)
    return value.strip()


def read_english_labels(text: str, *, limit: int = 50) -> list[Pair]:
    """Labelled values of an English page's head: Published, Source, Author, By, From, Reference, Last updated."""
    marks = []
    for match in _ENGLISH.finditer(text):
        before = text[: match.start()].rstrip(" \xa0")[-1:]
        if before and not JOINT.match(before) and before not in "|·•-–—,":
            continue
        tail = text[match.end() : match.end() + 12].lstrip(" \xa0")
        word = " ".join(match["label"].lower().split())
        if not match["end"] and not (tail and (tail[0] in CLOSING or (word in _ENGLISH_BARE and tail[:1].isalnum()))):
            continue
        marks.append((match.start(), match.end(), word))
        if len(marks) >= limit:
            break
    pairs = []
    for i, (start, end, word) in enumerate(marks):
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        pairs.append(Pair(_english_field(word), word, _value(text, end, min(stop, end + 300)), start, end))
    return pairs


_ENGLISH_BARE = frozenset(
    (
        "published",
        "published on",
        "posted",
        "posted on",
        "issued",
        "issued on",
        "updated",
        "updated on",
        "last updated",
        "by",
    )
)


def _english_field(word: str) -> str:
    if "updated" in word or "modified" in word or "reviewed" in word:
        return "noise"
    if word == "date":
        return "time"
    if word in ("source",):
        return "content_source"
    if word == "from":
        return "publisher"
    if word in ("author", "by", "written by"):
        return "author"
    if "number" in word or "reference" in word:
        return "document_number"
    return "published"
