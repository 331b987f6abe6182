"""The words of alerts in the subscriber's language, which need not be that of the program."""

from __future__ import annotations

ENGLISH = {
    "report.new": "New report",
    "report.revised": "Report revised",
    "report.withdrawn": "Report withdrawn",
    "report.restored": "Report restored",
    "attachment.changed": "Attachment changed",
    "report.tampered": "Page tampered with",
    "indicator.restated": "Figure restated",
    "indicator.threshold": "Figure crossed a threshold",
    "source.failing": "Source failing",
    "source.recovered": "Source recovered",
    "source.silent": "Source silent",
    "source.changed": "Source's site changed",
    "published": "Published",
    "drafted": "Drafted",
    "publisher": "Publisher",
    "document_number": "Document no.",
    "index_number": "Index no.",
    "seen": "Seen at",
    "also": "Also at",
    "figures": "Figures",
    "more": "… and {count} more",
    "changes": "Changes",
    "removed": "removed",
    "none": "none",
    "failure": "Failure",
    "since": "Since",
    "detail": "Details",
    "open": "Open the page",
    "digest": "Events: {count}",
    "storm": "{source}: {count} events at once",
    "test": "Test alert",
    "test_text": "This channel is set up: alerts of bureauwatch will arrive here.",
    "up": "up",
    "down": "down",
    "from": "was",
    "text": "text",
    "old_quote": "Before",
    "new_quote": "Now",
    "earlier_title": "Earlier report",
}
CHINESE = {
    "report.new": "新报告",
    "report.revised": "报告已修改",
    "report.withdrawn": "报告已撤稿",
    "report.restored": "报告已恢复",
    "attachment.changed": "附件已更换",
    "report.tampered": "页面疑被篡改",
    "indicator.restated": "指标数据被订正",
    "indicator.threshold": "指标越过阈值",
    "source.failing": "信源故障",
    "source.recovered": "信源恢复",
    "source.silent": "信源久未更新",
    "source.changed": "网站改版",
    "published": "发布日期",
    "drafted": "成文日期",
    "publisher": "发布机构",
    "document_number": "文号",
    "index_number": "索引号",
    "seen": "发现于",
    "also": "另见",
    "figures": "指标",
    "more": "……另有 {count} 项",
    "changes": "变更",
    "removed": "已删除",
    "none": "无",
    "failure": "故障",
    "since": "起始",
    "detail": "详情",
    "open": "打开页面",
    "digest": "{count} 条动态",
    "storm": "{source} 一次出现 {count} 条动态",
    "test": "测试提醒",
    "test_text": "通道设置成功：bureauwatch 的提醒将发送到这里。",
    "up": "上升",
    "down": "下降",
    "from": "原为",
    "text": "正文",
    "old_quote": "此前",
    "new_quote": "现在",
    "earlier_title": "此前的报告",
}
FIELDS_CHINESE = {
    "title": "标题", "body": "正文", "published": "发布日期", "drafted": "成文日期", "effective": "施行日期",
    "index_number": "索引号", "document_number": "文号", "publisher": "发布机构", "content_source": "来源",
    "author": "作者", "signer": "落款", "signed": "落款日期", "validity": "有效性", "subject": "主题分类",
    "keywords": "主题词", "attachments": "附件", "tables": "表格", "images": "图片", "indicators": "指标",
    "indicator": "指标", "title_raw": "原标题", "language": "语言", "platform": "网站平台", "flags": "标记",
    "state": "状态", "first_seen": "首次发现", "last_changed": "最近变化", "url": "网址",
}  # fmt: skip

FIELDS_ENGLISH = {"title_raw": "title as printed", "body": "text", "indicator": "figure"}


def word(key: str, language: str, **values: object) -> str:
    """A word of alerts; an unknown key is shown as it is."""
    text = (CHINESE if language.startswith("zh") else ENGLISH).get(key, key)
    return text.format(**values) if values else text


def field_name(name: str, language: str) -> str:
    """A report's field as people call it."""
    if language.startswith("zh"):
        return FIELDS_CHINESE.get(name, name)
    return FIELDS_ENGLISH.get(name, name.replace("_", " "))
