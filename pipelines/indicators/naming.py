"""Names a figure from its own clause: the verb, the thing counted, its attributes.

`own_name` works on the words left and right of one figure; what a clause leaves out is filled in by `context`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pipelines.indicators.figures import Figure
from pipelines.indicators.segments import SOFT, TIME
from pipelines.indicators.units import COUNT_DIMENSIONS
from pipelines.indicators.words import (
    ADVERBS,
    AIM,
    AIM_FIRST,
    FATE,
    LEAD,
    LEAD_VERBS,
    LEAD_WORDS,
    LEFT_FIRST,
    LEFT_STRIP,
    LIGHT,
    PREP_ONLY,
    PREPOSITION,
    RIGHT_LAST,
    RIGHT_STRIP,
    SCOPE,
    STRONG,
    leading_verb,
)  # fmt: skip

MAX_NAME = 24
MAX_STRIP = 24
"""So many characters at the end of a left context are looked at for copulas and verbs of reaching."""
_SINCE = re.compile(rf"^[^，,{TIME}]{{2,24}}以来(?:就|共|已)?")
_DURING = re.compile(rf"^(?P<during>[^，,{TIME}]{{2,14}}?)(?:期间|过程中)(?=[\u4e00-\u9fff]{{2}})")
_BY_RULE = re.compile(
    r"^(?:按照|依据|根据|依照|按)[^，]{0,20}?(?:规定|标准|要求|条例|办法|程序)(?:程序|要求|标准)?(?=[\u4e00-\u9fff]{3})"
)
_THIS = re.compile(
    r"^仅?(?:开展)?(?:该|此|这|上述|以上|前述)(?:项|类|一|些|个|起|批|次)?(?:工作|活动|行动|政策|举措|措施|项目|专项行动)?"
    r"(?:就|已|共|便)?(?=[\u4e00-\u9fff]{2})"
)
"""该项工作就…, 上述案件…: words that point back."""
_THIS_FIRST = frozenset("仅开该此这上以前")
_AMONG_ALL = re.compile(r"^[\u4e00-\u9fff]{2,12}中(?:共)?有(?=[\u4e00-\u9fff]{2})")
_TIMES_OF = re.compile(rf"(?:是|为|相当于|达到?){TIME}+(?:同期|全年)?的$")
_AT_TIME = re.compile(rf"(?<=[\u4e00-\u9fff])于{TIME}+")
_PREDICATE = re.compile(
    r"^(?:可以?|发生(?=[于在])|被|将|已|均|全部|得到|实现|纳入|列入|予以|进行|参加|参与|参赛|参会|入选|获|完成|通过|达到|"
    r"成为|开展|通车|开工|投产|占|同比|较(?![大重高多好])|比(?![例重赛])|为(?!主)|用于|分布|来自|累计|以及|上榜|荣获|受到|涉及|在|被评|"
    r"转为|主动|惠及|覆盖|其中|并|于|且|超|同时|继续)"
)
_NOUN_END = re.compile(
    r"(?:包括|包含|中(?=共?有|$|，)|建立|开展|实施|实现|完成|进行|予以|参加|获得|获评|荣获|荣立|荣膺|立功|受奖|获|被|可(?!再生|持续|行)|均|全部|已|将(?!军)|"
    r"用于|提供|推进|通过|达到|成为|纳入|列入|入选|给予|通车|开工|投产|投用|落地|签约|全覆盖|占|同比|较|比上|"
    r"(?<!及)以上|正在|处于|运行|上线|挂牌|分别|共同|并(?=[\u4e00-\u9fff])|达(?!标|州)|为(?=\ue000|$)|涉及|参与|惠及|"
    r"低于|高于|优于|位居|跻身|持续|受到|受益|来自|参赛|来(?=[\u4e00-\u9fff]{1,4}(?:访问|参))|转为|办理|加(?=$)|和(?=$)|"
    r"与(?=$)|及(?=$)|等(?=$)|建成|建设(?=[，。]|$)|改造(?=$)|实现|以及|迎来|在|对(?!外|口|象|策|接|照)|"
    r"作为|总投资|完成投资|投入|合计|累计|共(?![建同享和识产青有]))"
)
_ASIDE_INSIDE = re.compile(
    r"\([^()]{0,12}(?:以下|下同|简称)[^()]{0,30}\)|(?<=[\u4e00-\u9fff])\((?:不?包括|不?包含|不?含|其中|注)[^()]{4,60}\)(?=[\u4e00-\u9fff]{2})"
    rf"|(?<=[\u4e00-\u9fff])\([\u4e00-\u9fff]{{2,16}}(?:[、{SOFT}][\u4e00-\u9fff]{{2,16}}){{1,6}}\)(?=[\u4e00-\u9fff]{{2}})"
)
_ASIDE = re.compile(r"^\([^()]{1,40}\)")
_CLEAN = re.compile(rf"[{TIME}{SOFT}\s]+|\[\d{{1,2}}\]")
_LEAD_NOISE = re.compile(
    r"^(?:[，、,;:。\s和及与]|等|以及|并(?!购)|了|的|个(?![人体案别性])|约(?![谈见束定])|全部|其中)+"
)
_PEAK = re.compile(r"的(?:历史)?(?:峰值|高峰|最高[值点峰]?|高[点位]|最低[值点]?|低[点谷]|水平|规模)")
_SCOPE_ENDS = frozenset("市省县区州国统局院业盟旗镇网会级球")
_ADVERB_HINT = re.compile(rf"[{TIME}共总合累均已先分现目就]")
_NOISE_FIRST = frozenset("，、,;:。 和及与等以并了的个约全其")
_AGENCY = re.compile(
    r"^(?P<who>[\u4e00-\u9fff]{0,10}?(?:机关|部门|法院|检察院|党委|党组|支部|各级|各地|全局|总队|支队|大队|"
    r"分局|派出所|委员会|办公室|救援力量|救援队伍|集团|公司|企业|中心|民警|干警|各级政府|市政府|省政府|县政府|法官|检察官|"
    r"消防救援队伍|联盟))(?=[\u4e00-\u9fff]{2,})(?!的)"
)


_SCOPE_LAST = re.compile(rf"(?:{SCOPE.pattern})$")
_SUBJECT = re.compile(r"(?![在对向从为通按围以经由将把与同和于给据随用被])[\u4e00-\u9fff、“”()]{2,18}$")
_LEAD_LAST = frozenset(word[-1] for word in LEAD_WORDS)
_HONOURS = ("获", "荣获", "入选", "被评", "被授", "上榜", "通过", "纳入", "列入")
_NOMINAL = frozenset(("建设", "改造", "培训", "配置", "推进", "组织", "救助", "扶持", "安装"))
_OF_NOUN = re.compile(
    r"项目|工程|任务|资金|领域|用地|规划|进度|水平|行动|能力|环节|单位|企业|机构|基地|中心|标准|补贴|贷款"
)
_LISTED = re.compile(rf"(?P<verb>(?:{LEAD_VERBS}){{1,2}})(?P<list>[^的]{{4,60}}?)等(?P<noun>[^等的]{{4,14}})$")
"""查处A、B、C等犯罪: the verb and what the list is of name the figure."""


@dataclass(slots=True)
class Own:
    """What a figure's own clause says of it."""

    name: str = ""
    verb: str = ""
    noun: str = ""
    attributes: list[str] = field(default_factory=list)
    subject: str | None = None
    left_only: bool = False
    rest: str = ""
    """The predicate behind the counted noun (入选… in 9所学校入选…)."""
    points_back: bool = False
    """The clause says 该项, 上述: it speaks of what stood before."""
    predicate: bool = False
    """The right side begins with a predicate, its subject stands elsewhere (3起撤诉)."""


@lru_cache(maxsize=64)
def clean(text: str) -> str:
    """Words of a name: no times, no spaces, soft signs restored by the caller."""
    return _CLEAN.sub("", text)


@lru_cache(maxsize=64)
def strip_left(text: str) -> str:
    """Without connectives, scopes and adverbs in front."""
    for _ in range(4):
        m = LEFT_STRIP.match(text) if text[:1] in LEFT_FIRST else None
        if not m or not m.end():
            break
        text = text[m.end() :]
    return text


@lru_cache(maxsize=64)
def strip_right(text: str) -> str:
    """Without copulas and verbs of reaching at the end."""
    m = RIGHT_STRIP.search(text, max(0, len(text) - MAX_STRIP)) if text[-1:] in RIGHT_LAST else None
    return text[: m.start()] if m else text


def shorten(text: str) -> tuple[str, str]:
    """Cuts a long left context to its last clause of meaning: (what was cut off, the name)."""
    if len(text) <= 12:
        return "", text
    best = -1
    for m in STRONG.finditer(text):
        rest = len(text) - m.start()
        # 建设等领域: a noun of a list; 被查处, 所查处: no verb of the clause.
        if rest <= 3 or (m.start() and text[m.start() - 1] in "所被和与可") or text[m.end() : m.end() + 1] == "等":
            continue
        if m.start() and m[0] in _NOMINAL and _OF_NOUN.match(text, m.end()):
            # 基础设施建设项目: no verb there.
            continue
        if rest <= 18:
            # The leftmost cut that leaves a name of bearable length.
            best = m.start()
            break
    if best > 0:
        return text[:best], text[best:]
    if best == 0 or len(text) <= 18:
        return "", text
    listed = _LISTED.match(text)
    if listed:
        first = re.split(rf"[、和及与{SOFT}]", listed["list"], maxsplit=1)[0]
        return listed["list"], f"{listed['verb']}{first}等{listed['noun']}" if len(first) <= 12 else text[-MAX_NAME:]
    at = text.rfind("的", 0, len(text) - 2)
    if at > 0 and len(text) - at > 3:
        return text[: at + 1], text[at + 1 :]
    at = max(text.rfind("、", 0, len(text) - 3), text.rfind(SOFT, 0, len(text) - 3))
    if at > 0:
        return text[:at], text[at + 1 :]
    return text[:-MAX_NAME], text[-MAX_NAME:]


def take_noun(right: str, limit: int = 16) -> tuple[str, str]:
    """The counted noun at the front of the right context, and what follows it."""
    right = right.lstrip(" " + TIME)
    m = _NOUN_END.search(right, 1)
    while m and m.start() < 2 and not right[: m.start()].strip():
        m = _NOUN_END.search(right, m.end())
    if m and m[0] in ("在", "对"):
        # 2个在境外实施侵害的犯罪团伙: the noun stands behind its attribute.
        behind = re.match(r"[^，。;]{2,30}的([\u4e00-\u9fff“”]{2,12})$", right)
        if behind:
            return behind[1], ""
    end = m.start() if m else len(right)
    noun = right[:end]
    at = noun.find("的")
    if at > 0 and (len(noun) > 12 or (len(noun) - at <= 3 and at >= 2)):
        noun = noun[:at]
    if len(noun) > limit:
        noun = noun[:limit]
    return noun, right[len(noun) :]


def ends_in_verb(text: str) -> bool:
    """True when a verb is the last word, as far as the list of verbs knows."""
    return text[-1:] in _LEAD_LAST and any(text[-size:] in LEAD_WORDS for size in range(1, 9))


def own_name(left: str, right: str, figure: Figure) -> Own:
    """The name of a figure by its own clause; `name` is empty where the clause says nothing."""
    own = Own()
    raw_left = left
    if "以来" in left:
        left = _SINCE.sub("", left)
    if "中" in left:
        left = _AMONG_ALL.sub("", left)
    if TIME in left:
        left = _AT_TIME.sub("", _TIMES_OF.sub("", left))
    left = strip_left((_ASIDE_INSIDE.sub("", left) if "(" in left else left).strip())
    core = strip_right(left)
    bare = clean(ADVERBS.sub("", core) if _ADVERB_HINT.search(core) else core)
    if bare[:1] in _NOISE_FIRST:
        bare = _LEAD_NOISE.sub("", bare)
    if bare[:1] in AIM_FIRST:
        bare = strip_left(AIM.sub("", bare)) or bare
    if bare[:1] in ("按", "依", "根"):
        bare = _BY_RULE.sub("", bare)
    back = _THIS.match(bare) if bare[:1] in _THIS_FIRST else None
    if back:
        own.points_back, bare = True, bare[back.end() :]
    during = _DURING.match(bare) if "期间" in bare or "过程中" in bare else None
    if during:
        own.attributes.append(during["during"] + "期间")
        bare = strip_left(bare[during.end() :])
    at_verb = _SCOPE_LAST.search(bare) if bare[-1:] in _SCOPE_ENDS else None
    if at_verb and ends_in_verb(bare[: at_verb.start()]):
        # 共造成全国25万人次受灾: the scope stands between the verb and the figure.
        bare = bare[: at_verb.start()]
    scope_only = not bare or (bare[0] in "全我本市省区县" and not SCOPE.sub("", bare))
    of = bare.endswith("的") or (bare.endswith("等") and len(bare) > 1)
    last_verb = None
    for m in LEAD.finditer(bare) if bare else ():
        # 创作发布: verbs in a row are one.
        if last_verb is None or m.start() != last_verb.end() or m.end() - last_verb.start() > 6:
            last_verb = m
    verb_end = last_verb is not None and ends_in_verb(bare)
    counted = figure.dimension in COUNT_DIMENSIONS or figure.unit is None
    right_text = right.lstrip(" ")
    if right_text.startswith("("):
        right_text = _ASIDE.sub("", right_text)
    if right_text[:1] == "、" or _PEAK.match(right_text):
        # 发生131起、同比持平; 达到7.6亿人的峰值: no noun that is counted.
        right_text = ""
    has_right = (bool(clean(right_text)) and right_text[0] not in '“"') or right_text[:1] == "“"
    prep_only = bool(PREP_ONLY.search(bare)) and not bare.endswith(("参与", "给予", "授予", "合同", "共同"))
    want_right = has_right and (
        (counted and (not bare or scope_only or of or verb_end or prep_only or not _PREDICATE.match(right_text)))
        or (not counted and (not bare or verb_end or of or scope_only))
    )
    both = want_right and counted and bare and not (of or verb_end or scope_only or prep_only)
    if both and (leading_verb(right_text) or FATE.match(right_text)):
        # A noun on both sides: the classifier counts the right one, unless that begins with a verb.
        want_right = False
    if want_right and not right_text.startswith(("的", ")", "左右")):
        return _from_right(own, bare, right_text, last_verb, verb_end, of, scope_only, prep_only)
    if right_text.startswith("的") and (want_right or (figure.dimension == "percent" and len(right_text) > 2)):
        return _from_right(
            own, bare if bare else clean(raw_left), right_text[1:], last_verb, verb_end, of, scope_only, prep_only
        )
    own.left_only = True
    if scope_only and bare:
        own.name = ""
        return own
    cut, name = shorten(LIGHT.sub("", bare))
    who = _AGENCY.match(name)
    if who and len(name) - who.end() >= 2 and (LEAD.match(name, who.end()) or who["who"] in ("党委", "党组", "支部")):
        own.subject = who["who"]
        name_without = name[who.end() :]
        name = name_without if leading_verb(name_without) else name
    while len(name) > 3 and PREPOSITION.match(name):
        stripped = PREPOSITION.sub("", name, count=1)
        name = _LEAD_NOISE.sub("", strip_left(stripped))
        if stripped == name == "":
            break
    own.verb = leading_verb(name)
    own.noun = name[len(own.verb) :]
    if name.startswith("实现") and len(name) >= 6:
        name = name[2:]
    own.name = name
    if cut and cut.endswith("的"):
        own.attributes.append(cut.rstrip("的")[-16:])
    elif own.subject is None and own.verb in ("实现", "完成") and _SUBJECT.match(cut):
        # 金融业实现增加值: who did it names the measure.
        own.subject = cut
    return own


def _from_right(own: Own, bare: str, right: str, last_verb: re.Match[str] | None, verb_end: bool, of: bool,
                scope_only: bool, prep_only: bool) -> Own:  # fmt: skip
    noun, rest = take_noun(right)
    noun = clean(noun)
    begins = bool(_PREDICATE.match(right) or FATE.match(right))
    own.predicate = begins and not verb_end
    if own.predicate:
        text = LIGHT.sub("", clean(right))
        own.name = text[:18]
        own.noun = ""
        if bare and not scope_only and not prep_only and not of:
            own.subject = bare[-14:]
        return own
    own.noun = noun
    name = noun
    honoured = rest.startswith(_HONOURS)
    if rest and not verb_end and (len(noun) <= 3 or not bare or scope_only or prep_only or honoured):
        # What the counted things do is what the figure says: 9所学校入选…
        more = LIGHT.sub("", clean(rest))
        if (
            more not in ("", "中", "里", "内")
            and more[0] not in "，、的和及共"
            and not re.match(r"累计|作为|中，?共?有", more)
        ):
            name = (noun + more)[: max(len(noun), 17)]
            own.rest = name[len(noun) :]
    listing = leading_verb(bare) if of and bare.endswith("等") else ""
    if listing:
        # 抽查甲局、乙镇等5个单位: the verb before the list is that of what is counted.
        own.verb = listing
        name = own.verb + name
    if of:
        attribute = bare.rstrip("的等")
        own.attributes.append(attribute[-20:])
    elif verb_end and last_verb:
        own.verb = bare[last_verb.start() :]
        name = own.verb + name
        before = bare[: last_verb.start()]
        if before and not PREPOSITION.match(before) and len(before) <= 14:
            own.subject = before
        elif len(before) > 2:
            own.attributes.append(PREPOSITION.sub("", before)[-16:])
    elif bare and not scope_only and not prep_only:
        tail = SCOPE.sub("", bare)
        if last_verb and len(bare) - last_verb.start() <= 8:
            tail = SCOPE.sub("", bare[last_verb.start() :])
            own.verb = last_verb[0]
        if len(tail) <= 8 and not PREPOSITION.match(tail):
            name = tail + name
        else:
            own.attributes.append(PREPOSITION.sub("", tail)[-16:])
    own.name = name
    return own
