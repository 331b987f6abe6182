"""General articles, most of them of western sites: names of chrome, comments, boxes of links, sections, flags."""

# ruff: noqa: E501 - a page's markup stays on one line

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipelines.extraction import boxes, chrome, feet, trimming
from pipelines.extraction.page import read_page

TEXT = [
    "The harbour authority has closed the eastern breakwater after engineers found cracks in four of its caissons.",
    "Divers had been sent down in March, when a survey by sonar showed that the sea bed beside the wall had sunk.",
    "Fishing boats may still use the western basin, and the ferry keeps to its timetable until the autumn.",
]
LEAD = "The wall stays shut until the autumn, and boats have to moor elsewhere."


@dataclass
class Line:
    text: str
    linked: int = 0
    table: object | None = None


def link(text: str) -> Line:
    return Line(text, len(text))


@pytest.mark.parametrize(
    ("names", "is_chrome"),
    [
        (" nav ", True),
        (" article-comments ", True),
        (" main-sidebar ", True),
        (" content_print ", False),
        (" article-tools ", False),
        (" c-fixed-sidebar-layout--140 ", False),
        (" has-sidebar ", False),
        (" report__section--ads ", False),
        (" text-body ", False),
        (" aside aside secondary ", True),
        (" et_pb_blurb et_pb_blurb_position_left ", False),
        (" blog1 widget blog ", False),
        (" text-2 widget widget_text ", True),
    ],
)
def test_names_of_chrome(names: str, is_chrome: bool) -> None:
    assert chrome.is_chrome(names) == is_chrome


@pytest.mark.parametrize(
    "text",
    [
        "3 Comments",
        "15 » Comentarios ¿Quieres comentar?",
        "Leave a reply",
        "Kommentar schreiben",
        "Related Articles",
        "Das könnte dich auch interessieren:",
        "À lire aussi :",
        "Tags: harbour, council",
        "Getaggt mit: Hafen",
        "Related Subjects Harbours , Ferries",
        "← Previous post",
    ],
)
def test_feet(text: str) -> None:
    assert feet.is_foot(text)


@pytest.mark.parametrize(
    "text",
    [
        "Response",
        "Recommended practices for flood control are listed in the annex.",
        "More from the fund goes to bridges than to roads, the auditors found.",
        "Notes",
        "Commentary on the figures",
        "Shared services between the two counties",
        "相关文章",
    ],
)
def test_headings_of_documents_are_no_feet(text: str) -> None:
    assert not feet.is_foot(text)


def test_bylines_and_credits_are_told_from_sentences() -> None:
    assert feet.is_byline("By Jane Alder and Tom Hale, Staff Writers")
    assert not feet.is_byline("By March the wall had sunk by half a metre")
    assert feet.is_credit("Mandel Ngan / AFP / Getty Images")
    assert not feet.is_credit("Photo: two prints of 35 by 45 millimetres")


def test_comments_need_answers_below_their_heading() -> None:
    text = [Line(t) for t in TEXT]
    read = [Line("Jane, 2 hours ago"), Line("I saw the crack."), link("Reply"), Line("Tom, 3 hours ago"), link("Reply")]
    with_comments = [*text, Line("Comments"), *read]
    assert boxes.without_comments(with_comments, 0, len(with_comments)) == 3
    section = [*text, Line("Comments"), Line("The auditors made two comments on the accounts."), Line("Both were met.")]
    assert boxes.without_comments(section, 0, len(section)) == len(section)


def test_a_box_of_links_goes_with_its_heading() -> None:
    box = [Line("Related articles"), link("Council to vote on the sea wall"), link("What the storm of 2019 cost")]
    lines = [Line(TEXT[0]), *box, Line(TEXT[1]), Line("Advertisement"), Line(TEXT[2])]
    assert boxes.inside(lines, 0, len(lines)) == {1, 2, 3, 5}
    files = [Line("相关下载"), link("附件1：申报表"), link("附件2：名单")]
    assert boxes.inside([Line(TEXT[0]), *files], 0, 4) == set()


def test_equal_paragraphs_are_no_second_copy() -> None:
    assert trimming.without_copies([Line(TEXT[0])] * 5) == 5
    assert trimming.without_copies([Line(t) for t in [*TEXT, *TEXT]]) == 3


def page(inner: str, title: str = "Harbour wall closed") -> bytes:
    return f"<html lang=en><head><title>{title}</title></head><body>{inner}</body></html>".encode()


def test_a_sidebar_longer_than_the_article_is_none_of_it() -> None:
    feed = "".join(
        f"<li><p>{i}:00 The council has published its list of roads for ward {i}, it said.</p></li>" for i in range(30)
    )
    article = "<h1>Harbour wall closed</h1>" + "".join(f"<p>{t}</p>" for t in TEXT)
    report = read_page(page(f"<div><div>{article}</div><aside id=sidebar><ul>{feed}</ul></aside></div>"), url=None)
    assert report.body == "\n".join(TEXT)


def test_a_heading_that_is_a_word_of_the_title_does_not_begin_the_text() -> None:
    inner = f"<h1>Harbour and ferry notices</h1><p>{TEXT[0]}</p><h2>Ferry</h2><p>{TEXT[2]}</p>"
    report = read_page(page(inner, "Harbour and ferry notices"), url=None)
    assert report.body == f"{TEXT[0]}\nFerry\n{TEXT[2]}"


def test_parts_of_a_chrome_name_that_hold_the_text_are_the_text() -> None:
    boxes_ = "".join(
        f"<div class='col'><h3>Part {i}</h3><div class='tools'><p>{t}</p></div></div>" for i, t in enumerate(TEXT)
    )
    body = read_page(page(f"<h1>Harbour wall closed</h1><p>{TEXT[0][:60]}.</p>{boxes_}"), url=None).body
    assert all(text in body for text in TEXT)


@pytest.mark.parametrize(
    "article",
    [
        f"<article><h1>Harbour wall closed</h1><p>{TEXT[0]}</p></article>",
        f"<div class='post hentry'><p>{TEXT[0]}</p><p>Seen today.</p></div>",
    ],
)
def test_a_short_marked_article_is_preferred_to_a_long_box_beside_it(article: str) -> None:
    beside = "".join(f"<p>{text}</p>" for text in TEXT * 6)
    menu = "<ul>" + "".join(f"<li><a href='/{i}'>Section number {i}</a></li>" for i in range(30)) + "</ul>"
    body = read_page(page(f"{article}{menu}<div class='extra'><h2>Our paper</h2>{beside}</div>"), url=None).body
    assert body.startswith(TEXT[0])
    assert TEXT[1] not in body


def teasers(tag: str = "li") -> str:
    rows = "".join(
        f"<{tag}><h3><a href='/a/{i}'>{text[:50]}</a></h3><p>{text[50:]}</p></{tag}>" for i, text in enumerate(TEXT)
    )
    return f"<div class='more'><h2>From our pages</h2>{rows}</div>"


def test_teasers_of_other_articles_are_left_out() -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXT)
    body = read_page(page(f"<h1>Harbour wall closed</h1><div>{text}{teasers()}</div>"), url=None).body
    assert TEXT[2] in body
    assert TEXT[0][50:] not in body.split("\n")


def test_features_with_a_link_below_are_no_teasers() -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXT)
    features = "".join(
        f"<li><h3>Part {i}</h3><p>{t[:80]}.</p><p><a href='/{i}'>Learn more about part {i}</a></p></li>"
        for i, t in enumerate(TEXT)
    )
    body = read_page(page(f"<h1>Harbour wall closed</h1><div>{text}<ul>{features}</ul></div>"), url=None).body
    assert TEXT[1][:80] + "." in body.split("\n")


def test_a_credit_may_follow_what_a_picture_shows() -> None:
    assert feet.is_credit("Dam © river.example")
    assert not feet.is_credit("The sign © is printed on every copy. It may not be taken off.")


def test_the_lead_above_the_tools_belongs_to_the_text() -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXT)
    menu = "".join(f"<li><a href='/{i}'>{i} of our sections</a></li>" for i in range(9))
    inner = f"<h1>Harbour wall closed</h1><p>{LEAD}</p><ul class='share'>{menu}</ul><div class='entry'>{text}</div>"
    assert read_page(page(inner), url=None).body.split("\n") == [LEAD, *TEXT]


def test_data_between_lead_and_text_are_read() -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXT)
    data = "<dl><dt>From:</dt><dd><a href='/h'>Harbour office</a></dd><dt>Published</dt><dd>5 March 2026</dd></dl>"
    inner = f"<main><h1>Harbour wall closed</h1><p>{LEAD}</p>{data}<h2>Details</h2><div class='govspeak'>{text}</div></main>"
    report = read_page(page(inner), url=None)
    assert report.body.split("\n") == [LEAD, *TEXT]
    assert report.published is not None
    assert report.published.isoformat().startswith("2026-03-05")


def test_the_owner_of_the_first_picture_is_no_footer() -> None:
    picture = "<figure><img src='/a.jpg'><figcaption>© Harbour Union</figcaption></figure>"
    inner = f"<h1>Harbour wall closed</h1><article>{picture}<p>{TEXT[0]}</p><ul><li>{TEXT[1]}</li></ul></article>"
    assert read_page(page(inner), url=None).body.split("\n") == TEXT[:2]


def test_absurd_attributes_and_wordless_texts_are_flagged() -> None:
    many = " ".join(f"a{i}='{i}'" for i in range(20_000))
    report = read_page(
        page(f"<div {many}><h1>Harbour wall closed</h1>" + "".join(f"<p>{t}</p>" for t in TEXT)), url=None
    )
    assert report.flags == ["attributes_dropped"]
    assert report.confidence <= 0.6
    assert TEXT[1] in report.body
    report = read_page(page("<p>" + "1234567890 " * 50 + "</p>", "x"), url=None)
    assert "no_words" in report.flags
    assert report.confidence <= 0.2


@pytest.mark.parametrize(
    ("document", "shared", "title"),
    [
        ("Harbour wall closed - Eastport Courier", "Harbour wall closed - Eastport Courier", "Harbour wall closed"),
        ("Harbour wall closed • courier.example", None, "Harbour wall closed"),
        ("Eastport Courier | News", None, "Harbour wall closed"),
        ("Harbour shut - GOV.EX", None, "Harbour wall closed"),
    ],
)
def test_the_only_h1_is_the_title(document: str, shared: str | None, title: str) -> None:
    meta = f'<meta property="og:title" content="{shared}">' if shared else ""
    inner = f"<h1>Harbour wall closed</h1><div>Alan Reed · Follow</div><div>May 12, 2024</div><p>{TEXT[0]}</p><p>{TEXT[1]}</p>"
    raw = f"<html lang=en><head><title>{document}</title>{meta}</head><body>{inner}</body></html>".encode()
    assert read_page(raw, url=None).title == title


def test_a_statement_that_broke_at_a_quotation_mark_is_completed() -> None:
    title = '多地检查消防通道 "生命通道"不容占用'
    head = f'<title>{title}_云岭新闻</title><meta property="og:title" content="{title}">'
    inner = f"<h1>{title}</h1><div>2024-05-20 10:00:00　来源: 云岭日报</div><p>昨日，市消防救援支队对全市住宅小区的消防通道进行了检查，共检查小区三百余处。</p>"
    assert read_page(f"<html><head>{head}</head><body>{inner}</body></html>".encode(), url=None).title == title
