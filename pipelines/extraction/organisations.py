"""Names of government bodies: what they end in, told from sentences, persons and page furniture.

The endings are the kinds of bodies of the state's, the party's and the people's congress organs
(《国务院行政机构设置和编制 管理条例》 and the usual public institutions), and their everyday short forms (发改委,
市府办, 交管局).
"""

from __future__ import annotations

import re

_ENDINGS = (
    "人民政府|政府|国务院|办公厅|办公室|委员会|常委会|常务委员会|管委会|指挥部|领导小组|管理局|总局|分局|公安局|厅|局|委|部|署|院|处|"
    "中心|总队|支队|大队|中队|站|所|会|社|校|学院|大学|医院|法院|检察院|银行|支行|海关|公司|集团|团|队|馆|厂|库|办|科|股|司|区|"
    "联合会|协会|学会|工会|联席会议|专班|小组|街道|镇|乡|政务网|网|网站|日报|晚报|时报|电视台|广播电台|通讯社|报|频道|府"
)
_ORGANISATION = re.compile(
    rf"[\u4e00-\u9fffA-Za-z·（）()、“”\d\s]{{0,60}}(?:{_ENDINGS})(?:[（(][^（）()]{{1,20}}[)）])?"
)
_SIGNER_END = re.compile(
    r"(?:政府|国务院|办公厅|办公室|委员会|常委会|指挥部|领导小组|厅|局|委|部|署|院|处|中心|总队|支队|大队|站|所|会|社|校|学院|大学|"
    r"医院|银行|海关|公司|集团|队|馆|办|科|股|司|小组|镇|乡|街道|府|联席会议|专班)(?:[（(][^（）()]{1,20}[)）])?(?:[（(]?(?:代章|印章|盖章|公章|章)[)）]?)?$"
)
_TITLED_PERSON = re.compile(
    r"^(?:代)?(?:总\s?理|主\s?席|省\s?长|市\s?长|州\s?长|县\s?长|区\s?长|盟\s?长|旗\s?长|部\s?长|主\s?任|局\s?长|署\s?长|行\s?长|厅\s?长|院\s?长|委员长|自治区主席)"
    r"[\s:：]{0,6}[\u4e00-\u9fff·]{1,6}(?:\s{1,3}[\u4e00-\u9fff])?$"
)
_SENTENCE = re.compile(r"[。；;！!？?：:，,《》]")


def is_organisation(text: str) -> bool:
    """Whether the text reads as the name of a body (or several), by its ending."""
    text = text.strip()
    return 2 <= len(text) <= 80 and _ORGANISATION.fullmatch(text) is not None


def is_titled_person(text: str) -> bool:
    """Whether a line is an office holder's name with the office (县长 马某)."""
    return _TITLED_PERSON.match(text.strip()) is not None


def is_signer(text: str) -> bool:
    """Whether a short line at a document's foot names who signs: a body, or an office holder with the office."""
    text = text.strip()
    if not 2 <= len(text) <= 60:
        return False
    return bool(_TITLED_PERSON.match(text) or (_SIGNER_END.search(text) and not _SENTENCE.search(text)))
