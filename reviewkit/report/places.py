"""A place as words, as a link into the page of its document, and as the id that waits there.

A page is `pages/<document>.html`; lines and table rows have the ids `L125`, lines of a PDF `P3L12`, parts of a JSON
document `J/<pointer>`, elements of XML and HTML `X/<path>`, cells of a workbook `S/<sheet>/<cell>`.
"""

from __future__ import annotations

import hashlib
import re

from reviewkit.model import Place, plain_xpath

PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._\-]{0,119}")
ENDS_LIKE_OURS = re.compile(r"-[0-9a-f]{12}$")  # a plain name must not be taken for one we made
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")  # device names of Windows, whatever the ending

MARGIN = 24  # characters of a pointer that fit beside a value


def page_name(document: str) -> str:
    """The file name of a document's page: the document's own name where that is safe, else a safe one with a hash.

    Two different documents never get the same name.

    >>> page_name("IRCT1.txt"), page_name("sub folder/a#1?.txt")
    ('IRCT1.txt.html', 'sub_folder_a_1_.txt-d74c0ee8158a.html')
    """
    if PLAIN_NAME.fullmatch(document) and not ENDS_LIKE_OURS.search(document) and not RESERVED.match(document):
        return document + ".html"
    digest = hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    readable = re.sub(r"[^A-Za-z0-9._\-]", "_", document)[-80:].lstrip(".-") or "document"
    return ("_" if RESERVED.match(readable) else "") + f"{readable}-{digest}.html"


def page_href(place: Place) -> str:
    """The address of a place in the page of its document, relative to the folder that holds `pages/`."""
    anchor = place_id(place)
    return f"pages/{page_name(place.document)}" + (f"#{anchor}" if anchor else "")


def place_id(place: Place) -> str | None:
    """The id of a place in its page; None for a place that is the whole document."""
    if place.pointer is not None:
        return pointer_id(place.pointer)
    if place.xpath is not None:
        return xpath_id(place.xpath)
    if place.sheet is not None:
        return "S/" + _as_address(place.sheet).replace("/", "_2f_") + (f"/{place.cell}" if place.cell else "")
    if place.page is not None:
        return f"P{place.page}" + ("" if place.line is None else f"L{place.line}")
    number = place.line if place.line is not None else place.row
    return None if number is None else f"L{number}"


def xpath_id(xpath: str) -> str:
    """The id of an element or attribute, the same for every way of writing its XPath.

    >>> xpath_id("/html/body/div[1]/p[2]"), xpath_id("/*[local-name()='a']/@id")
    ('X/html/body/div/p_5b_2_5d_', 'X/a/_40_id')
    """
    return "X" + _as_address(plain_xpath(xpath))


def pointer_id(pointer: str) -> str:
    """The id of a JSON pointer, in characters that an address may hold as they are.

    >>> pointer_id("/arms/0/a b")
    'J/arms/0/a_20_b'
    """
    return "J" + _as_address(pointer)


def _as_address(words: str) -> str:
    """Words in characters that an address may hold as they are."""
    return re.sub(r"[^A-Za-z0-9/.~\-]", lambda match: f"_{ord(match[0]):x}_", words)


def short_place(place: Place) -> str:
    """A place in two or three words, for a link beside a value: `line 125`, `row 3`, `designInfo/allocation`."""
    if place.pointer is not None:
        return _short_pointer(place.pointer)
    parts = [f"{word} {number}" for word in ("page", "line", "row") if (number := getattr(place, word)) is not None]
    parts += [part for part in (place.sheet, place.cell) if part]
    return ", ".join(parts) or (_short_xpath(place.xpath) if place.xpath else "document")


def _short_xpath(xpath: str) -> str:
    """The last two steps of an XPath, or the last alone where two are too long for a margin."""
    steps = plain_xpath(xpath).split("/")[-2:]
    last_two = "/".join(steps).lstrip("/")
    return (last_two if len(last_two) <= MARGIN else steps[-1]) or "whole document"


def _short_pointer(pointer: str) -> str:
    """The last two steps of a pointer, or the last alone where two are too long for a margin."""
    steps = pointer.split("/")[-2:]
    last_two = "/".join(steps).lstrip("/")
    return (last_two if len(last_two) <= MARGIN or steps[-1].isdecimal() else steps[-1]) or "whole document"
