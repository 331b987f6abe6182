"""Lines that news sites and blogs of western languages set below and between their texts.

Headings of comments, of links to other articles, of sharing and of subjects, in the words of English, German, French,
Spanish and Italian templates. A line counts only when it says nothing else.
"""

from __future__ import annotations

import re

_LATIN = re.compile(r"[\W\d_]*[A-Za-z\u00c0-\u00ff]")
_EDGE = r"^[\W\d_]*"
_END = r"[\s\W\d]*$"
_COMMENTS = re.compile(
    _EDGE + r"(?:(?:all |reader |visitor |user |neueste |leser-?)?(?:comments?|kommentare?|commentaires?|comentarios?|"
    r"commenti|r[ée]actions)|no comments(?: yet)?|be the first to comment|"
    r"comments are closed|keine kommentare|"
    r"(?:add|post|leave|write|submit)(?: a| your| new)? (?:new )?(?:comment|reply|response)|join the (?:conversation|"
    r"discussion|debate)|(?:neuen )?kommentar (?:schreiben|verfassen|hinterlassen|abgeben)|schreibe? (?:einen|"
    r"deinen) kommentar|laisser un commentaire|r[ée]agir|deja un (?:comentario|mensaje)|deja una respuesta|"
    r"lascia un commento|what do you think|was denkst du)" + _END,
    re.I,
)
_COUNTED = re.compile(
    r"^\W*\d+\s*\W{0,3}(?:responses?|replies|reactions?|comments?|kommentare?|commentaires?|comentarios?)\b", re.I
)
_LINKS = re.compile(
    _EDGE + r"(?:related(?: (?:articles?|stories|posts?|content|links|topics|items?|news|coverage|reading|videos?|"
    r"subjects))?|(?:more|other|similar|latest|recent|popular|further|top|trending) (?:articles?|"
    r"stories|posts?|news|reading|headlines|videos)|more on this story|"
    r"most (?:read|popular|viewed|shared|commented)|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)|"
    r"don.t miss|read (?:also|more|next)|also (?:read|see|interesting)|recommended(?: for you| reading| stories)?|"
    r"(?:around|from) (?:the )?web|suggested (?:reads?|reading|articles|posts)|editors?.s? picks?|"
    r"ähnliche (?:artikel|beiträge|themen|meldungen|posts)|(?:das|dies|das thema|diese artikel) könnten?"
    r" (?:sie|dich|dir|ihnen|euch)(?: auch)? (?:interessieren|gefallen)|auch interessant|interessante? artikel|"
    r"(?:mehr|links|passend) zum (?:thema|artikel)|weitere (?:artikel|beiträge|"
    r"meldungen|nachrichten|themen)|(?:lesen sie|lies) (?:auch|mehr)|verwandte (?:artikel|beiträge|themen)|"
    r"kunden kauften auch|[àa] lire (?:aussi|[ée]galement|ailleurs)|sur le m[êe]me (?:sujet|th[èe]me)|"
    r"articles (?:li[ée]s|similaires|associ[ée]s)|la r[ée]daction vous conseille|"
    r"dans la m[êe]me (?:rubrique|cat[ée]gorie)|(?:noticias|art[íi]culos) relacionad[ao]s|"
    r"(?:tambi[ée]n )?te puede interesar|m[áa]s (?:noticias|sobre el tema)|(?:leggi|lees|leia) "
    r"(?:anche|ook|tamb[ée]m)|articoli correlati)" + _END,
    re.I,
)
_LOOSE = re.compile(
    _EDGE + r"(?:(?:more|see also|read more|watch|photos?|pictures|video|lire aussi|mehr|siehe auch|ver tambi[ée]n)"
    r"(?: (?:on|from|in|about|von|aus|zu)\b.{0,50})?|related (?:material|information)|(?:read more|see also|"
    r"read also|more|photos?|pictures|video|watch|listen|related|[àa] lire aussi|lire aussi|lesen sie auch|"
    r"mehr zum thema|lees ook)\s*:.{3,90})$",
    re.I,
)
"""Headings that are a document's own too: a box of links only where links follow or the line is one."""
_SUBJECTS = re.compile(
    _EDGE + r"(?:(?:related )?(?:tags?|topics|keywords?)|schlag(?:wort|wörter|worte)|stichwörter|"
    r"related subjects [A-Z].*|permalink\W+http.*|mots[- ]cl[ée]s|etiquetas|filed (?:under|in|to)|posted in|"
    r"tagged(?: with| as)?|categor(?:y|ies)|kategorien?|"
    r"cat[ée]gories?|getaggt mit|abgelegt unter|veröffentlicht (?:in|unter)|archivado en|"
    r"archiv[ée] sous)(?:\s*[:：].*|" + _END + ")",
    re.I,
)
_SHARING = re.compile(
    _EDGE
    + r"(?:share|share (?:this|it|on|via|with)\b.{0,40}|(?:artikel|beitrag|seite|diesen (?:artikel|beitrag)) teilen|"
    r"teilen(?: (?:mit|auf|sie)\b.{0,30})?|teile (?:diesen|den|das)\b.{0,20}|"
    r"partager(?: (?:cet|la|l.)\W?\w+)?|compartir|condividi|gefällt mir(?: lade)?|like this|tweet(?: this)?|"
    r"print this(?: page| article| story)?|drucken|"
    r"email this(?: page| article| story)?|loading|follow (?:us|me)\b.{0,40}|subscribe|newsletter|"
    r"(?:about|über|zu) (?:the|den|die|der|das)? ?(?:author|writer|autor(?:in)?)|"
    r"(?:previous|next|older|newer|vorheriger?|nächster?|pr[ée]c[ée]dent|suivant|anterior|siguiente)"
    r"(?: (?:post|article|story|entry|page|beitrag|artikel|posts|entries))?|"
    r"zurück(?: zur? .{2,20})?|nach oben|zum seitenanfang|back to (?:the )?(?:top|overview|list)|"
    r"zur startseite|(?:read or )?share this (?:story|article|page)\b.{0,80})" + _END,
    re.I,
)
_ADVERT = re.compile(
    r"^\W*(?:advertisements?|advertising|anzeige|werbung|publicit[ée]|publicidad|pubblicit[àa]|sponsored(?: content)?|"
    r"about these ads|(?:article |story )?continues? (?:reading )?below(?: this ad\w*)?|continue reading|"
    r"share this(?: story| article| page)?|what.s this)\W*$",
    re.I,
)
_CREDIT = re.compile(
    r"^\W*(?:©.{2,60}|.{2,40}©(?:[^.]|\.(?=\w)){2,60}|"
    r".{0,50}(?:Getty Images|/\s?AFP|AP Photo|/\s?Reuters|REUTERS/.{2,30}|Shutterstock|/\s?AP)\W*)$",
    re.I,
)
_BYLINE = re.compile(
    r"^(?:[Bb][Yy]|[Vv]on|[Pp]ar|[Pp]or|[Dd]i)\s+[A-Z\u00c0-\u00de][\w.'’-]+"
    r"(?:,?\s+(?:and |und |et |y |& |van |de |von )?[A-Z\u00c0-\u00de][\w.'’-]+){1,7}(?:,\s.{2,40})?$"
)
_REPLY = re.compile(
    r"\b(?:ago|says|said|wrote|reply|antworten|r[ée]pondre|responder|schrieb|sagt|permalink|report)\b", re.I
)


def is_comments(text: str) -> bool:
    """The heading of a page's comments."""
    return len(text) < 60 and bool(_COMMENTS.match(text) or _COUNTED.match(text))


def is_foot(text: str) -> bool:
    """A line with which the part after an article begins, or the heading of a box of links in it."""
    if not _LATIN.match(text):
        return False
    if len(text) > 120:
        return bool(_SUBJECTS.match(text[:40])) and ":" in text[:24]
    return is_comments(text) or is_box(text) or bool(_SUBJECTS.match(text)) or is_sharing(text)


def is_box(text: str) -> bool:
    """The heading of links to other articles."""
    return len(text) < 100 and bool(_LINKS.match(text))


def may_be_box(text: str) -> bool:
    """What can be the heading of links to other articles, where links follow it."""
    return len(text) < 120 and bool(_LATIN.match(text) and (_LINKS.match(text) or _LOOSE.match(text)))


def is_sharing(text: str) -> bool:
    """A line to share, to follow, to leaf: met below texts, and between their parts too."""
    return len(text) < 120 and bool(_SHARING.match(text))


def is_advert(text: str) -> bool:
    """A line that marks an advertisement or a break in the text."""
    return len(text) < 50 and bool(_ADVERT.match(text))


def is_credit(text: str) -> bool:
    """A line that says whose a picture is."""
    return len(text) < 80 and bool(_CREDIT.match(text))


def is_byline(text: str) -> bool:
    """A line that says who wrote the article: By Jane Alder and Tom Hale, Staff Writers."""
    return len(text) < 100 and bool(_BYLINE.match(text))


def is_reply(text: str) -> bool:
    """A line over or under a reader's comment: who, when, answer."""
    return len(text) < 90 and bool(_REPLY.search(text))
