"""Pages that are reached by sending a form: what the browser would send, with the page number put in."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit, urlunsplit

from crawler.platforms.base import PageRequest
from crawler.platforms.finder.dom import Document, Element
from crawler.platforms.finder.links import base_url, resolve
from crawler.platforms.finder.script import Outcome

NUMBER_FIELD = re.compile(
    r"(?:\w{1,20}[._])?(?:page(?:no|num|number|index|now|id|current)?|cur(?:rent)?_?page(?:no|num|index)?|now_?page|to_?page|goto_?page|pn)",
    re.I,
)
CALLED = re.compile(r"[\w$.]{1,60}\s*\(\s*(?:[^()]{0,60},\s*)?['\"]?(\d{1,6})['\"]?\s*(?:,[^()]{0,60})?\)")
UNSENT = frozenset({"submit", "image", "button", "reset", "file", "checkbox", "radio"})
MAX_FIELDS = 400
MAX_BODY = 4_000_000
"""Characters; a WebForms page carries its whole state in the form."""


def controls(document: Document, form: Element) -> list[Element]:
    """The form's fields; those that stand outside of it because it was opened within a table belong to it too."""
    inside = document.elements[form.order + 1 : form.last + 1]
    found = [e for e in inside if e.tag in ("input", "select", "textarea", "button")]
    if not found:
        others = [f.order for f in document.elements[form.order + 1 :] if f.tag == "form"]
        end = others[0] if others else len(document.elements)
        found = [e for e in document.elements[form.order + 1 : end] if e.tag in ("input", "select", "textarea")]
    return [e for e in found if e.attrs.get("name") and "disabled" not in e.attrs][:MAX_FIELDS]


def values(document: Document, fields: list[Element]) -> dict[str, str]:
    """What the browser would send of the fields as they stand."""
    sent: dict[str, str] = {}
    for element in fields:
        kind = element.attrs.get("type", "text").lower() if element.tag == "input" else element.tag
        if kind == "button" or (kind in UNSENT and not (kind in ("checkbox", "radio") and "checked" in element.attrs)):
            continue
        value = element.attrs.get("value", "")
        if element.tag == "select":
            inside = document.elements[element.order + 1 : element.last + 1]
            options = [e for e in inside if e.tag == "option" and "value" in e.attrs]
            chosen = [e for e in options if "selected" in e.attrs] or options[:1]
            if not chosen:
                continue
            value = chosen[0].attrs["value"]
        sent[element.attrs["name"]] = value
    return sent


def _form(document: Document, name: str | None, near: Element | None) -> Element | None:
    """The form of that name or id, else the one that an element stands in, else the page's only one."""
    forms = [e for e in document.elements if e.tag == "form"]
    named = [f for f in forms if name and name in (f.attrs.get("name"), f.attrs.get("id"))]
    around = [n for n in (near, *near.up()) if n.tag == "form"] if near is not None else []
    own = [f for f in forms if any("__VIEWSTATE" in c.attrs.get("name", "") for c in controls(document, f))]
    return next(iter([*named, *around, *own, *(forms if len(forms) == 1 else [])]), None)


def submitted(document: Document, url: str, outcome: Outcome, near: Element | None, number: int) -> PageRequest | None:
    """The request that a script's `submit()` makes; None where its form or a field that it sets is not found."""
    form = _form(document, outcome.form, near)
    if form is None:
        return None
    fields = controls(document, form)
    names = {e.attrs["id"]: e.attrs["name"] for e in fields if e.attrs.get("id")}
    names.update({e.attrs["name"]: e.attrs["name"] for e in fields})
    sent = values(document, fields)
    for name, value in outcome.fields.items():
        if name.startswith("__EVENT"):
            sent[name] = value
        elif name in names:
            sent[names[name]] = value
        else:
            return None
    return _request(document, url, form, outcome.action, sent, number)


def numbered(document: Document, url: str, call: str, near: Element | None, number: int) -> PageRequest | None:
    """The next page of `gotoPage(3)` whose function is not in the page: by the form's own field of the page's number.

    Only where the call names the next page and the form says that it shows the page before.
    """
    match = CALLED.search(call)
    form = _form(document, None, near)
    if match is None or form is None or int(match[1]) not in (number, number + 1):
        return None
    sent = values(document, controls(document, form))
    places = [n for n, v in sent.items() if NUMBER_FIELD.fullmatch(n) and v in (str(int(match[1]) - 1), "")]
    if len(places) != 1:
        return None
    sent[places[0]] = match[1]
    return _request(document, url, form, None, sent, number)


def pressed(document: Document, url: str, button: Element, number: int) -> PageRequest | None:
    """The request that a button of a form makes."""
    form = _form(document, button.attrs.get("form"), button)
    if form is None:
        return None
    sent = values(document, controls(document, form))
    if name := button.attrs.get("name"):
        if button.attrs.get("type", "").lower() == "image":
            sent.update({f"{name}.x": "1", f"{name}.y": "1"})
        else:
            sent[name] = button.attrs.get("value", "")
    return _request(document, url, form, button.attrs.get("formaction"), sent, number)


def _request(
    document: Document, url: str, form: Element, action: str | None, sent: dict[str, str], number: int
) -> PageRequest | None:
    where = resolve(base_url(document, url), action or form.attrs.get("action", "") or url)
    if where is None or urlsplit(where).hostname != urlsplit(url).hostname:
        return None
    if form.attrs.get("method", "get").lower() != "post":
        return PageRequest(urlunsplit(urlsplit(where)._replace(query=urlencode(sent))), number + 1)
    body = urlencode(sent)
    if len(body) > MAX_BODY:
        return None
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": url}
    return PageRequest(where, number + 1, "POST", body, headers)
