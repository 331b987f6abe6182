"""Body containers of the content management systems in use at Chinese bureaus, and of common article markup.

A name is only a candidate: `body.find_body` checks that the element holds the page's text before it is believed, since
columns, empty previews and summaries carry the same names.
"""

from __future__ import annotations

import re

from pipelines.extraction.dom import Element, Page

_IDS = frozenset(
    """
    zoom zoomcon zoomcontent ucap-content vsb_content vsb_content_2 vsb_content_4 vsb_content_500
    vsb_content_501 news_content newscontent_1 newscontent newsconent news_body newsbody xxgkcontent
    xxgk_content info_cont infocontent info_content maincontent maintext main_text mainbody textcontent
    text_content artibody artcontent articlecontent article_content article-content articlebody article_body
    content_body contentbody conttext content_text contenttext detailcontent detail_content detail-content
    js_content js_article_content wzcontent wz_content nr_content fontzoom font_zoom tex_content p-detail
    rwb_zw doc-content doccontent docdetail txt_content bodycontent endtext
    """.split()  # noqa: SIM905
)
"""Of Hanweb, UCAP, VSB and many hand-made templates."""
_CLASSES = frozenset(
    """
    trs_editor trs_ueditor trs_editor_view trs_editor_ctn trs_word trs_web trs_preappend trs_paper_preappend
    trs-editor v_news_content vsbcontent vsbcontent_start vsbcontent_end wp_articlecontent pages_content
    article-content article_content articlecontent article-con article_con article-body article_body
    articlebody article-text news_content news-content newscontent news_con_content newsdetail-content
    news-text news_txt news_conent_two_text zw_content zw-content zwcontent xxgk_content gkml_content gknr
    content_body content-text content_text contenttext conttext detail-content detail_content detailcontent
    detail-text detail_txt xl_content xl-content main_content_text text_content pagecontent_text ue_table
    ueditor-content editor-content wysiwyg entry-content post-content post_content postcontent entry
    article__content article__body story-body story-content storybody rich_media_content rich-text richtext
    govspeak body-content field--name-body field-name-body post-body c-article-body articlecontents
    """.split()  # noqa: SIM905
)
"""Of TRS, VSB, UCAP, gkmlpt, UEditor, WeChat, WordPress, Drupal and GOV.UK."""
_PROPERTY = re.compile(r"\barticleBody\b", re.I)
_SPLIT = re.compile(r"\s+")


def known(page: Page) -> list[Element]:
    """Elements whose name is that of a body container, in document order."""
    found = []
    for element in page.named:
        attributes = element.attributes
        if (attributes.get("id") or "").strip().lower() in _IDS:
            found.append(element)
            continue
        classes = (attributes.get("class") or "").lower()
        if classes and not _CLASSES.isdisjoint(_SPLIT.split(classes)):
            found.append(element)
            continue
        if _PROPERTY.search(attributes.get("itemprop") or ""):
            found.append(element)
    return found
