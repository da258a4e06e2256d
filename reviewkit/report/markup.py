"""Text as HTML: escaped, marked, shortened, linked. Whatever a document holds stays text and never becomes markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

SHORT = 300  # characters a reader takes in at a glance; longer texts open on demand
KEPT_OF_LONG = 240

# What HTML cannot hold: control characters but tab and line breaks, lone surrogates, noncharacters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\\<>\"'`]+", re.IGNORECASE)
RELATIVE = re.compile(
    r"(?![^/?#]*:)(?!//)"  # no scheme, no other host
    r"[A-Za-z0-9._~!$&()*+,;=:@%/?#\-]+"  # the characters an address is made of (RFC 3986)
)

CONTENT_POLICY = (  # a second lock: even if some text became markup, no browser would run or load anything
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: file: 'self'; base-uri 'none'; form-action 'none'"
)


def escaped(text: str) -> str:
    """`text` as HTML text or attribute value; a control character is shown as its picture.

    >>> escaped('<script>"\\x01')
    '&lt;script&gt;&quot;␁'
    """
    return html.escape(UNPRINTABLE.sub(_picture, text))


def _picture(match: re.Match) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def anchored(href: str | None, inner: str, *, css: str, title: str = "") -> str:
    """`inner` (HTML) as a link, or as plain text where there is no address we may link to."""
    hint = f' title="{escaped(title)}"' if title else ""
    if href is None or not may_link(href):
        return f'<span class="{css}"{hint}>{inner}</span>'
    away = ' rel="noopener noreferrer"' if WEB.fullmatch(href) else ""
    return f'<a class="{css}" href="{escaped(href)}"{hint}{away}>{inner}</a>'


def may_link(href: str) -> bool:
    """Is this a web address, or a relative one of our own? `javascript:` and the like are not.

    >>> may_link("pages/a.txt.html#L3"), may_link("JavaScript:alert(1)"), may_link("//evil.example")
    (True, False, False)
    """
    return bool(WEB.fullmatch(href) or RELATIVE.fullmatch(href))


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (start, end exclusive) in order, those that touch or overlap made one; empty ones left out.

    >>> merged([(4, 9), (0, 5), (12, 12)])
    [(0, 9)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` as HTML with every span in `<mark>`; spans are disjoint and in order, and may reach beyond the text.

    >>> marked("a < b", [(2, 3)])
    'a <mark>&lt;</mark> b'
    """
    return "".join(_pieces(text, spans))


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        start, end = max(start, done), min(end, len(text))
        if start < end:
            yield escaped(text[done:start])
            yield f"<mark>{escaped(text[start:end])}</mark>"
            done = end
    yield escaped(text[done:])


def shortened(text: str, *, mark: str | None = None) -> str:
    """`text` as HTML; one longer than 300 characters shows its beginning and opens on demand.

    `mark` is the class of the mark it stands in: `quote`, `verbatim`, or None for no mark.
    """
    whole = f'<mark class="{mark}">{escaped(text)}</mark>' if mark else escaped(text)
    if len(text) <= SHORT:
        return f'<span dir="auto">{whole}</span>'
    beginning = escaped(text[:KEPT_OF_LONG].rsplit(" ", 1)[0])
    return (
        f'<details class="long"><summary><span class="cut" dir="auto">{beginning} …</span> '
        f'<span class="more">all {len(text):,} characters</span></summary><div dir="auto">{whole}</div></details>'
    )


def style(css: str | None) -> str:
    """The style sheet as an element; a sheet cannot close its own element."""
    return "" if not css else "<style>\n" + css.replace("</", "<\\/") + "</style>\n"


def head(title: str, css: str) -> str:
    """Everything of a page up to and with the start of its body."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n{style(css)}</head>\n"
    )


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "study", "studies"), counted(1200, "study", "studies")
    ('1 study', '1,200 studies')
    """
    return f"{number:,} {one if number == 1 else many}"
