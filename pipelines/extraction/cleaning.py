"""What on a report's page is not the report: tool bars, meta lines, editors, paging, disclaimers, related links.

Every rule is about the language of such lines or about their form; none names a site. A line is judged by what is left
of it once the words of its kind are taken out: nothing left means that it is of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.extraction import feet
from pipelines.extraction.numbers import is_case_number
from pipelines.extraction.organisations import is_organisation
from pipelines.extraction.site_names import is_site_name

LETTERS = re.compile(r"[\W_]+")

_TOOLS = re.compile(
    r"打印|本页|本文|此文|此页|页面|当前页|关闭|窗口|返回|顶部|首页|列表|上一页|下一页|收藏|加入|设为|字号|"
    r"字体|大小|背景色|默认|超大|浏览|选择|视力|保护色|"
    r"[大中小]|特大|较大|较小|分享|至|到|微信|微博|新浪|腾讯|朋友圈|QQ空间|QQ好友|更多|好友|复制链接|链接|"
    r"网址|推荐|纠错|我要|内容|文章|无障碍|朗读|语音|播报|播放|听|全文|"
    r"友善列印|列印|轉寄|友人|回上一頁|上一頁|下一頁|回首頁|首頁|字級|字型|設定|關閉|視窗|列印本頁|複製|連結|轉寄友人|"
    r"扫一扫|扫码|扫描|二维码|手机|移动端|在|用|打开|观看|查看|阅读|下载|文字版|图片版|转发|举报|点赞|评论|"
    r"发表|保存|另存为|导出|"
    r"PDF|Word|A\+|A-|RSS|订阅|繁体|简体|English|email|e-mail|print|share|tweet|close|back to top|top|"
    r"facebook|twitter|linkedin|whatsapp|xing|reddit|pinterest|tumblr|flipboard|telegram|instagram|empfehlen|teilen|"
    r"drucken|merken|partager|imprimer|compartir|imprimir|this (?:article|story|page|post)|"
    r"copy link|save|pdf|download|subscribe|listen|email this|加大|缩小|放大|恢复|还原|调整|增大|减小|阅读器|"
    r"(?:点击|戳|长按)?(?:上方|下方|上面|下面|左上角|右上角)?(?:的)?蓝色?(?:字体?|文字)|关注(?:我们|公众号)?|识别|长按|"
    r"【|】|网站|错误|功能|背景|颜色|双击|滚屏|自动|正文",
    re.I,
)
_LABEL = (
    r"(?:(?:信息|文章|稿件|内容|新闻|资料|数据|原文)?来源|来\s*源|出处|供稿(?:单位|人)?|发布(?:时间|日期|机构|"
    r"机关|单位|部门|者|人)|公开(?:主体|责任部门)|(?:文件)?(?:状态|有效性)|"
    r"发文(?:时间|日期|机关|单位|字号)|(?:更新|录入|创建|上传|上网|生成|编辑|公开|成文|印发|公布|发稿)(?:时间|"
    r"日期)|时间|日期|发表时间|发布于|"
    r"(?:处理|办理|受理|征集)状态|(?:答复|回复|办理|受理|承办)(?:单位|部门|机构|时间|日期)|"
    r"(?:提交|来信|写信|留言|咨询|提问)(?:人|时间|日期)|信件(?:编号|类型|类别)|"
    r"作者|撰稿|撰文|记者|通讯员|编辑|责任编辑|责编|审核|审校|校对|编审|初审|复审|终审|[一二三]审|[一二三]校|"
    r"摄影|监制|审签|签发|"
    r"拟稿|录入|信息员|发布|"
    r"(?:浏览|点击|阅读|访问|查看)(?:次数|量|数|人次|人数)?|人气|点击率|字号|字体|字体大小|字号大小|文字大小|"
    r"浏览字号|视力保护色|分享|分享到|打印|"
    r"索引号|文号|分类|主题分类|发布机构|信息分类|信息类别|关键词|关键字|标签|主题词|栏目|所属栏目|所属频道|"
    r"(?:所属|信息)?类别|"
    r"(?:發布|發佈|更新|上版|建檔|張貼|刊登)(?:日期|時間|單位|機關)|資料來源|來源|點閱(?:數|次數|率)?|"
    r"瀏覽人次|瀏覽數|作者|單位|"
    r"published|updated|last updated|posted|posted on|date|author|by|source|tags|category|share this|from)"
)
_META_LABEL = re.compile(rf"[\[【（(]?\s*{_LABEL}\s*[:：]", re.I)
_DATE = (
    r"(?:(?:19|"
    r"20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?:[\sT]*\d{1,2}[:：时]\s*\d{1,2}(?:[:：分]\s*\d{1,2})?(?:\.\d+)?[分秒]?)?"
    r"|(?:\d{1,2}:\d\d(?::\d\d)?)|(?:星期|周)[一二三四五六日天])"
)
_DATE_LINE = re.compile(rf"^[\s\[【（(]*(?:{_DATE}[\s,，|]*)+[\]】）)\s]*$")
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|f[eé]v|avr|mai|juin|juil|ao[uû]t|d[eé]c|ene|abr|"
    r"ago|dic|okt|dez|m[aä]r|"
    r"gen|mag|giu|lug|set|ott)[a-zéûç]{0,7}\.?"
)
_ANY_DATE = re.compile(
    rf"{_DATE}|\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?{_MONTHS},?\s+(?:de\s+)?(?:19|20)\d\d|"
    rf"\b{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|"
    rf"th)?,?\s+(?:19|20)\d\d|"
    r"\b\d{1,2}/\d{1,2}/(?:19|20)\d\d",
    re.I,
)
_BYLINE_WORDS = re.compile(
    r"发表[于在]|发布[于在]|更新[于在]|创建[于在]|posted|published|updated|last|modified|written|on|by|at|in|"
    r"am|pm|a\.m\.|p\.m\.|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|date|est|edt|gmt|utc|星期.|周.|min read|minutes? read|"
    r"minutes?|publié|publicado|veröffentlicht|pubblicato|le|el|am|vom|mis à jour",
    re.I,
)
_SAID = re.compile(
    r"[。；！？]|\.(?:docx?|xlsx?|pdf|wps|ofd|rar|zip)$|印发[）)]?$|^\W*(?:自|从|截至|截止)|(?:办公|营业|开放|上班|服务|工作)时间|工作日"
)
_STAMP = re.compile(r"\s*(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?")
HOST = re.compile(r"\b(?:https?://)?(?:[a-z\d-]+\.){1,4}(?:gov|com|org|net|cn|edu)(?:\.[a-z]{2,3})?\b/?", re.I)
"""A site's host, as many lines of date and source begin with it."""
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])")
_CRUMB = re.compile(
    r"^[\s【\[]*(?:您?的?当前(?:所在)?(?:位置|的位置)|您?(?:现在)?(?:所在)?(?:的)?位置(?:是|在)?|您?(?:现在|"
    r"目前)(?:的|所在的)?位置(?:是|在)?|所在位置|导航|You are here)\s*[:：>》]|"
    r"^\s*(?:网站)?(?:首\s*页|Home|主页)\s*(?:[>》»/\\|→＞›·-]|$)",
    re.I,
)
_FOOT = re.compile(
    r"^[\s【\[（(◆■●·*>]*(?:"
    r"(?:上|下|前|后)[一1](?:篇|条|个|则|页)(?:文章|新闻|信息|[:：]|$)|(?:上|下)[一1](?:篇|条)|"
    r"相关(?:文章|新闻|链接|文档|信息|稿件|阅读|报道|内容|资讯|推荐|政策|解读|文件|专题|附件|下载|主题|产品|"
    r"资料|图片|视频|评论|问答|图解|法规|公告|政策解读|解读材料|政策文件)\s*[:：】\]]?\s*$|"
    r"(?:热门|热点|最新|推荐|延伸|精彩|猜你|图片|本类|同类|更多|关联)(?:文章|新闻|推荐|阅读|资讯|信息|专题|"
    r"排行|点击|喜欢|图文|内容|文件|稿件|相关|(?:要闻|动态|公告|通知|报道)\s*$)|(?:点击|浏览|阅读|新闻|热点|热门|一周)排行|"
    r"您?对(?:于)?(?:本|此|该|这)(?:文|页|页面|信息|内容|文章|政策|文件|解读|回复|答复|次).{0,12}(?:满意|评价|帮助|有用)|"
    r"(?:满意度|星级|信息)评价\s*[:：]?|我要评价|"
    r"分享(?:到|至|给|按钮)|扫一扫|扫码|(?:用)?手机(?:扫|查看|浏览|版)|(?:请?使?用|打开)?微信(?:.?扫|公众号二维码)|"
    r"(?:责任)?编辑\s*[:：]|责编\s*[:：]|【?\s*(?:我要)?(?:内容)?纠错|打印本|【?打印|关闭(?:窗口|本页)|"
    r"返回(?:顶部|列表|上一)|"
    r"(?:网站)?版权(?:所有|声明|信息)|copyright|©|all rights reserved|[^\s]{0,12}ICP[备证]|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备|"
    r"隱私權|網站安全政策|著作權|版權所有|網站導覽|政府網站資料開放|相關(?:連結|檔案|新聞|圖片)\s*$|"
    r"(?:网站)?主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|网站标识码|政府网站标识码|[^\s]{0,4}公网安备|"
    r"[\u4e00-\u9fff]{3,24}(?:主办|承办|维护)(?:\s|$)|您是(?:本站)?第\s?\d+\s?位|"
    r"技术支持\s*[:：]|网站地图|联系我们\s*$|关于我们\s*$|友情链接|"
    r"(?:免责|转摘|转载|版权|郑重|特别)声明\s*[:：]|(?:浏览|点击|访问|阅读)(?:次数|量|数)?\s*[:：]|"
    r"(?:\d+ )?(?:comments?|responses?|replies|thoughts?) (?:to|on) [“\"‘'].*$|sign up (?:for|to)|"
    r"(?:网友|最新|全部|热门|精彩|文章|用户|读者)?(?:评论|留言|跟帖)(?:区|"
    r"列表)?\s*(?:[(（]?\s*\d+\s*条?\s*[)）]?)?\s*$|(?:发表|我要|参与)(?:评论|留言)|"
    r"(?:该|本)\S{0,4}(?:共有|已有|已被|被)\S{0,4}\s?\d+\s?(?:次|人)|"
    r"(?:is|was) this page (?:useful|helpful)|(?:help us )?improve this (?:page|site)|"
    r"report (?:an? )?(?:problem|error|issue)|is there anything wrong with this page|was this page helpful|"
    r"thank you for your feedback|follow us|contact us\s*$|about the author"
    r")",
    re.I,
)
_HARD_FOOT = re.compile(
    r"^\W*powered by |[Ii][Cc][Pp][备证]\s*\d|公网安备|网站标识码|版权所有|保留所有权利|隱私權政策|"
    r"網站安全政策|all rights reserved|"
    r"(?:网站)?主办单位\s*[:：]|^copyright|^©",
    re.I,
)
# One of these is in whatever the expressions below them match; looking for it first is cheap.
_HARD_WORDS = re.compile(
    r"owered by|ICP|icp|公网安备|标识码|版权所有|所有权利|隱私權|網站安全|主办|eserved|opyright|OPYRIGHT|©"
)
_NOTICE_WORDS = re.compile(
    r"声明|转载|授权|许可|来源为|侵权|本网|仅供参考|址|下载|安装|浏览|cookies|"
    r"available under|\.gov|ecure|https://|ensitive|fficial website|how you know"
)
_DAY_BOX = re.compile(
    r"\d{1,2}日?\s?(?:19|20)\d\d\s?[-./年]\s?\d{1,2}月?|(?:19|20)\d\d[-./年]\d{1,2}月?\s\d{1,2}日?|"
    r"\d{1,2}[-./月]\d{1,2}日?\s?(?:19|20)\d\d年?"
)
_ADDRESS = re.compile(r"^\W*(?:单位|联系|通讯|办公)?地\s*址\s*[:：].{2,80}(?:电\s*话|邮\s*编|传\s*真)")
_MEETING = re.compile(
    r"^\s*(?:会议)?时\s*间\s*[:：].{4,30}(?:上午|下午|晚上|\d时|\d点|起|至)|^\s*日期\s*[:：].{4,30}(?:上午|下午|"
    r"至)|^\s*(?:会议|活动|举办)?地\s*点\s*[:：]"
)
_BAR = re.compile(r"^\W*[^\s|丨│]{2,12}(?:\s*[|丨│]\s*[^\s|丨│]{2,12}){2,}[\s|丨│]*$")
_SEARCH = re.compile(
    r"^\W*(?:热门搜索|搜索热词|热搜词?|热门?关键词|热词|大家都在搜|热点搜索|热门词|站内搜索|搜索)\s*[:：]"
)
_PAGER = re.compile(r"[下尾末后]一?页|next page", re.I)
_PAGER_WORDS = re.compile(r"\d+|[上下首尾末前后第一共跳转到条记录页]+")
_CLOCK = re.compile(r"\d:\d\d")
_DIGIT = re.compile(r"\d")
_EDITOR = re.compile(
    r"^[\s\[【（(]*(?:(?:责任)?编\s*辑|责编|编审|审核|审校|校对|初审|复审|终审|[一二三]审|[一二三]校|监制|"
    r"录入|录入员|签发|上传|"
    r"终审发布|(?:信息|文字|内容)审核|排版|责任校对|值班(?:编辑|主任|总编)|"
    r"(?:本文|文章)?链接|文章录入|信息来源|文章来源|稿件来源|来源|供稿(?:单位)?|作者)\s*[:：/丨|｜].{0,60}$"
)
_NUMBER_LINE = re.compile(
    r"^[\s（(【\[]*[\u4e00-\u9fffA-Z·]{1,20}(?:字|发|函|规|办|令)?\s*[〔［\[【（(﹝﹙]\s*(?:19|20|２０|"
    r"１９)[\d０-９]{2}\s*[〕］\]】）)﹞﹚]\s*第?\s*[\d０-９—-]{1,6}\s*号[\s）)】\]]*$|"
    r"^[\s（(]*(?:[\u4e00-\u9fff]{2,30}令)?\s*第?\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号[\s）)]*$"
)
_COPY_NOTICE = re.compile(
    r"^.{0,12}(?:转摘|转载|免责|版权)声明\s*[:：]|转载请注明|未经.{0,12}(?:授权|许可).{0,12}(?:转载|不得)|"
    r"注明来源为.{0,40}(?:作品|稿件)|如有侵权|"
    r"本网(?:站)?(?:所)?(?:有)?(?:转载|刊载|登载|提供|发布).{0,60}(?:目的|观点|立场|仅供参考|不代表|不构成)|"
    r"(?:仅供参考).{0,60}(?:不构成|不代表|不负责|不承担)|"
    r"^[\s\W]*(?:地址|单位地址|联系地址)\s*[:：].{2,60}(?:邮编|邮政编码|传真)|"
    r"(?:分辨率|浏览器).{0,40}(?:最佳|效果|浏览|访问)|建议(?:您)?使用.{0,30}浏览器|"
    r"\.gov means it|websites? (?:often )?(?:end in|use|belongs? to).{0,40}\.(?:gov|mil)|^\W*(?:the|"
    r"this) site is secure|https:// (?:ensures|means|lock)|"
    r"\.gov websites? (?:use|belong)|safely connected to the|share sensitive information only|before sharing sensitive|"
    r"^\W*(?:an )?official website of|here.s how you know|official websites use|"
    r"we (?:use|'d like to set|would like to set|’d like to set).{0,40}cookies|all content is available under|"
    r"(?:请|如).{0,20}(?:下载|安装).{0,20}(?:阅读器|浏览器|播放器|Reader)",
    re.I,
)
_ANNEX_HEAD = re.compile(
    r"^[\s【\[]*(?:相关)?附\s*件(?:下载|列表|文件|信息|资料)?\s*\d*\s*[】\]]?\s*[:：]?\s*$|^(?:文档|"
    r"相关)?(?:附件|下载|文件下载|相关下载|资料下载)\s*[:：]?$"
)


def letters(text: str) -> str:
    """Text reduced to its letters and digits, lower case: how titles are compared."""
    return (text if text.isalnum() else LETTERS.sub("", text)).lower()


def is_tools(text: str) -> bool:
    """A line of page tools: print, close, font size, share, QR code."""
    if len(text) > 120 or "，" in text or "。" in text:
        return False
    if _BAR.match(text) or _SEARCH.match(text):
        return True
    if _PAGER.search(text):
        text = _PAGER_WORDS.sub("", text)
    return not letters(_TOOLS.sub("", text))


def is_meta(text: str) -> bool:
    """A line of the page's own data: date, source, author, views, font size, in any mixture."""
    if _MEETING.search(text):
        return False
    if len(text) > 220:
        return False
    if _DATE_LINE.match(text) or _DAY_BOX.fullmatch(text):
        return True
    if ":" not in text and "：" not in text:
        return False
    if "." in text:
        text = HOST.sub(" ", text)
    printed = text
    if (len(text) < 120 and "：" in text) or ":" in text:
        text = _SPACED.sub("", text)
    found = [m for m in _META_LABEL.finditer(text) if not _within_word(text, m, printed)]
    if not found or found[0].start() > 60:
        return False
    head = text[: found[0].start()]
    most = 24 if _ANY_DATE.search(head) else 8 if len(found) < 3 else 16
    if len(letters(_TOOLS.sub("", _ANY_DATE.sub("", head)))) > most:
        return False
    ends = [*[m.start() for m in found[1:]], len(text)]
    longest = max(len(text[m.end() : end].strip()) for m, end in zip(found, ends, strict=True))
    return longest <= (60 if len(found) > 1 else 44) and not re.search(r"[。！？；]", text)


def _within_word(text: str, label: re.Match[str], printed: str) -> bool:
    """Whether a label of two characters ends another word (办公时间：, 数据来源：), and is no field of the page."""
    at = label.start()
    if at == 0 or label.end() - at > 3 or not "\u4e00" <= text[at] <= "\u9fff":
        return False
    if not ("\u4e00" <= text[at - 1] <= "\u9fff" and text[at - 1 : label.end()] in printed):
        return False
    dated = _STAMP.match(text, label.end())
    return dated is None or text[dated.end() : dated.end() + 1] in ("至", "起", "前", "到", "-", "—", "（", "(")


def is_byline(text: str) -> bool:
    """A date with little beside it: who wrote, where, at what time. A sentence, an imprint (……印发), a file is none."""
    if len(text) > 90 or not _DIGIT.search(text) or _MEETING.search(text) or _SAID.search(text):
        return False
    if not (found := _ANY_DATE.search(text)):
        return False
    rest = text[: found.start()] + text[found.end() :]
    rest = letters(_TOOLS.sub("", _BYLINE_WORDS.sub("", _ANY_DATE.sub("", rest))))
    if rest.isascii():
        return len(rest) <= 24
    return len(rest) <= (16 if _CLOCK.search(text) and "，" not in text else 10)


def is_meeting(text: str) -> bool:
    """A line that says when or where people meet: the beginning of a notice or record, not of the page's data."""
    return bool(_MEETING.search(text))


def is_date(text: str) -> bool:
    """A line that is a date and nothing else, as under a letter."""
    return bool(_DATE_LINE.match(text))


def is_crumb(text: str) -> bool:
    """A breadcrumb."""
    return len(text) < 160 and bool(_CRUMB.match(text))


def is_foot(text: str) -> bool:
    """A line with which the part after the body begins."""
    return (len(text) < 220 and bool(_FOOT.match(text) or feet.is_foot(text))) or is_hard_foot(text)


def is_hard_foot(text: str) -> bool:
    """A line of the site's footer: licence numbers, copyright."""
    return len(text) < 300 and bool(_HARD_WORDS.search(text)) and bool(_HARD_FOOT.search(text))


def is_editor(text: str) -> bool:
    """A line that names editors or the source under the body."""
    return len(text) < 90 and bool(_EDITOR.match(text))


def is_notice(text: str) -> bool:
    """A disclaimer or a note on copying."""
    return len(text) < 400 and bool(_NOTICE_WORDS.search(text)) and bool(_COPY_NOTICE.search(text))


def is_list_row(text: str, linked: int) -> bool:
    """Whether a line is a row of a list of reports: beside its linked characters it holds a date and no words."""
    rest = letters(_ANY_DATE.sub("", text))
    return bool(_ANY_DATE.search(text)) and len(rest) <= linked


def is_address(text: str) -> bool:
    """An address with a telephone number or postal code, as a site's foot gives it."""
    return len(text) < 160 and bool(_ADDRESS.match(text))


def is_number_line(text: str) -> bool:
    """A document number that stands alone on its line."""
    return len(text) <= 48 and bool(_NUMBER_LINE.match(text) or is_case_number(text))


def is_annex_heading(text: str) -> bool:
    """The heading of a box of attachments."""
    return bool(_ANNEX_HEAD.match(text))


def title_keys(titles: Iterable[str | None]) -> set[str]:
    """What the page's titles reduce to, whole and without what a site puts behind them."""
    keys: set[str] = set()
    for title in titles:
        if not title:
            continue
        keys.add(letters(title))
        for part in re.split(r"\s*(?:[-_|—–»>]+|\s·\s)\s*", title):
            if len(letters(part)) >= 6 and not is_site_name(part) and not is_organisation(part):
                keys.add(letters(part))
    return {k for k in keys if len(k) >= 4}
