"""Place names in lists and at clause fronts, by the endings that administrative names carry."""

from __future__ import annotations

import re

from pipelines.indicators.words import LEAD_WORDS

_KIND = (
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|新区|开发区|高新区|经开区|风景区|管委会|管理区|街道|兵团|"
    r"省|市|州|盟|县|区|旗|镇|乡|村|岛|北岸|农场|林区|地区)"
)
PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|"
    "贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
AREAS = "长三角|珠三角|京津冀|粤港澳大湾区|汾渭平原|成渝|长江经济带|长江三角洲|珠江三角洲|苏皖鲁豫交界"
"""Areas of several provinces that national reports speak of."""
_NOT = re.compile(
    r"^(?:[全我本各该每两其某]|所有|其他|分[省市县区地])"
    r"|^(?:偏远|边远)?(?:城市|农村|社区|小区|景区|园区|灌区|校区|学区|牧区|山区|库区|林区|辖区|老区|分区|超市|"
    r"股市|楼市|上市"
    r"|城区|乡村|病区|片区|主城区|中心城区|县城|城镇|乡镇|示范区|开发区)$"
    r"|委|政府|部门|示范|家庭|专业|试点|重点|贫困|美丽|卫生|文明|先进|优秀|生态|特色|中心|国家|级|行政[村区]|自然村|建制|工业|产业|商业|居民|住宅|老旧|"
    r"棚户|功能|保护|服务|城中村|项目|建设|改造|新增|境外|输入|旅游|物流|保税|试验|先导|核心|保障|安置|住房|全[省市县]|实现|企业|生产|"
    r"(?:农村|城镇|城市|周边|贫困|[东中西]部|东北|沿海|沿边|少数民族|牧业|其他)地区"
)
_ONE = rf"(?:[\u4e00-\u9fff]{{1,8}}?{_KIND})"
_PLACE = re.compile(rf"^(?:(?:{PROVINCES})|{_ONE})(?:的?(?:{_ONE}|(?:{PROVINCES})))*$")
_FRONT = re.compile(
    rf"^(?P<place>(?:(?:{AREAS})(?:及周边)?(?:地区|城市群)?|(?:{PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区)?|"
    rf"(?!人均|亿元|每)[\u4e00-\u9fff]{{2,6}}?(?:省|自治区|市|自治州|盟|县|(?<!地)区|地区(?!生产)|旗))(?:[\u4e00-\u9fff]{{1,6}}?(?:市|县|"
    rf"(?<!地)区|地区(?!生产)|旗))?)(?!场|级|委|政|直|民|内|域|外|容|中|长|人|情|交|里)"
)
_LAST = frozenset(name[-1] for name in (*_KIND[3:-1].split("|"), *PROVINCES.split("|")))
_AFTER = re.compile(r"^(?:报告|新增|累计|现有|全市|全省|共|公安|统计|人民|发生|的)?")
_TWO_LEVELS = re.compile(r"^([\u4e00-\u9fff]{1,8}?(?:省|自治区|自治州|市|州|盟|地区))的?([\u4e00-\u9fff]{2,})$")


def is_place(text: str) -> bool:
    """True when the whole text is a place name (福州市, 锡林郭勒盟锡林浩特市, 湖北省武汉市, 北京)."""
    if not 2 <= len(text) <= 20:
        return False
    text = text.strip("、和及")
    if text[-1:] not in _LAST:
        return False
    # 培育家庭农场 begins with a verb; 新建区 is a place all the same.
    verbal = len(text) > 3 and any(text[:size] in LEAD_WORDS for size in (2, 3, 4))
    return not verbal and bool(_PLACE.match(text)) and not _NOT.search(text)


def front_place(text: str) -> str | None:
    """The administrative name at the front of a clause, or None."""
    m = _FRONT.match(text[:16])
    if not m or _NOT.search(m["place"]) or any(m["place"][:size] in LEAD_WORDS for size in (2, 3)):
        return None
    return m["place"]


def split_place(text: str) -> tuple[str, str]:
    """(upper, lower) of a two-level name: 呼伦贝尔市莫力达瓦旗 -> 呼伦贝尔市, 莫力达瓦旗."""
    m = _TWO_LEVELS.match(text)
    return (m[1], m[2]) if m else ("", text)
