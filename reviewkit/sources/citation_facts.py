"""How databases write the facts of a citation: authors, kinds of report, languages, headings of statements."""

from __future__ import annotations

import re
from collections.abc import Iterable

INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s\-\u2010\u2011]?){1,5}\.?")
SHORT_GIVEN = re.compile(r"[A-Z]{1,4}")  # "Luke, TJ": initials already
DOTTED_LAST = re.compile(r"(?P<surname>\S.*?)\s+(?P<initials>(?:[^\W\d_]\.[\-\u2010]?\s?){1,5})")  # "Van der Berg A.B."
SUFFIX = re.compile(r"(?:Jr|Sr|I{1,3}|IV|2nd|3rd|4th)\.?", re.IGNORECASE)


def initials(given: str) -> str:
    """The initials of given names, as they stand in a citation.

    >>> initials("Alex M. T."), initials("Jean-Pierre"), initials("TJ"), initials("D.G.")
    ('AMT', 'JP', 'TJ', 'DG')
    """
    if SHORT_GIVEN.fullmatch(given):
        return given
    names = [name for name in re.split(r"[\s.\-\u2010\u2011]+", given) if name]
    return "".join(name if SHORT_GIVEN.fullmatch(name) and len(name) < 4 else name[0].upper() for name in names)


def author(words: str) -> str:
    """One author as surname and initials; an organisation, or a name that is not parted, as it stands.

    >>> author("Browne, Matthew"), author("Adler D.G."), author("Smith, John Q., Jr."), author("The Kite Group")
    ('Browne M', 'Adler DG', 'Smith JQ Jr', 'The Kite Group')
    """
    words = " ".join(words.split()).rstrip(",;")
    surname, comma, rest = words.partition(",")
    if not comma:
        match = DOTTED_LAST.fullmatch(words)
        return f"{match['surname']} {initials(match['initials'])}" if match else words
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    suffix = next((part.rstrip(".") for part in parts if SUFFIX.fullmatch(part)), "")
    given = next((part for part in parts if not SUFFIX.fullmatch(part)), "")
    if len(given.split()) > 4:  # "Institute of Kites, Department of Wind and Weather, Hill"
        return words
    return " ".join(part for part in (surname.strip(), initials(given), suffix) if part)


# What databases call a kind of publication -> member of ReportKind. "Randomized Controlled Trial" and the like are no
# kind of report; a letter or an editorial is none of the vocabulary's.
REPORT_KINDS = {
    "RETRACTION": "retraction of publication, retraction notice, retraction",
    "CORRECTION": "published erratum, erratum, correction, corrigendum, corrected and republished article, addendum",
    "REGISTRY_ENTRY": "trial registry record, clinical trial registry",
    "PROTOCOL": "clinical trial protocol, study protocol, trial protocol, protocol, clinical study protocol",
    "CONFERENCE_ABSTRACT": "conference abstract, meeting abstract, meeting abstracts, poster, poster abstract, abst,"
    " journal: conference abstract, conference proceeding abstract",
    "PREPRINT": "preprint, posted-content/preprint",
    "DATASET": "dataset, data",
    "JOURNAL_ARTICLE": "journal article, research article, article, jour, ejour, jfull, inpr, review article,"
    " case report, brief report, rapid communication, journal: article, original article, article in press,"
    " systematic review, data paper, methods article, clinical trial article",
    "OTHER": "book, chap, ebook, echap, thes, rprt, pat, blog, book chapter, book section, thesis, dissertation,"
    " report, patent, web page, monograph, reference book, edited book",
}
KIND_OF = {name.strip(): member for member, names in REPORT_KINDS.items() for name in names.split(",")}
RANK = list(REPORT_KINDS)


def report_kind(types: Iterable[str]) -> tuple[str, str] | None:
    """The member of ReportKind that the most particular of some publication types names, and that type; else None.

    >>> report_kind(["Journal Article", "Published Erratum"])
    ('CORRECTION', 'Published Erratum')
    """
    found = [(RANK.index(member), member, words) for words in types if (member := KIND_OF.get(_key(words)))]
    return min(found)[1:] if found else None


def _key(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").split()) if "/" not in words else words.casefold()


RETRACTED = {"retracted publication", "retracted article"}


def is_retracted(words: str) -> bool:
    """Does a publication type, or what stands before a title, mark an article that was withdrawn?

    >>> is_retracted("Retracted Publication"), is_retracted("RETRACTED: Kites"), is_retracted("Retraction of: Kites")
    (True, True, False)
    """
    return _key(words) in RETRACTED or re.match(r"(?:RETRACTED|Retracted)(?: ARTICLE| Article)?\s*:", words) is not None


# ISO 639-1 for what MEDLINE (ISO 639-2) and other databases write.
LANGUAGES = {
    "en": "eng english", "de": "ger deu german", "fr": "fre fra french", "es": "spa spanish", "it": "ita italian",
    "pt": "por portuguese", "nl": "dut nld dutch", "ru": "rus russian", "zh": "chi zho chinese", "ja": "jpn japanese",
    "ko": "kor korean", "fa": "per fas persian farsi", "ar": "ara arabic", "tr": "tur turkish", "pl": "pol polish",
    "cs": "cze ces czech", "sk": "slo slk slovak", "hu": "hun hungarian", "ro": "rum ron romanian",
    "bg": "bul bulgarian", "el": "gre ell greek", "he": "heb hebrew", "da": "dan danish", "sv": "swe swedish",
    "no": "nor norwegian", "nb": "nob", "nn": "nno", "fi": "fin finnish", "is": "ice isl icelandic",
    "uk": "ukr ukrainian", "hr": "hrv scr croatian", "sr": "srp scc serbian", "sl": "slv slovenian",
    "lt": "lit lithuanian",
    "lv": "lav latvian", "et": "est estonian", "ca": "cat catalan", "eu": "baq eus basque", "th": "tha thai",
    "vi": "vie vietnamese", "id": "ind indonesian", "ms": "may msa malay", "hi": "hin hindi", "ur": "urd urdu",
    "ka": "geo kat georgian", "hy": "arm hye armenian", "az": "aze azerbaijani", "mk": "mac mkd macedonian",
    "sq": "alb sqi albanian", "bs": "bos bosnian", "af": "afr afrikaans", "la": "lat latin",
}  # fmt: skip
CODE_OF = {word: code for code, words in LANGUAGES.items() for word in (code, *words.split())} | {
    "multiple languages": "mul",
    "mul": "mul",
    "brazilian portuguese": "pt",
}
CODE = re.compile(r"[a-z]{2,3}")


def language_code(words: str) -> str:
    """The ISO 639 code of a language: of two letters where there is one; ValueError if it is none we know.

    >>> language_code("English"), language_code("ENG"), language_code("en-GB"), language_code("haw")
    ('en', 'en', 'en', 'haw')
    """
    key = " ".join(words.casefold().split())
    code = CODE_OF.get(key) or CODE_OF.get(re.split(r"[-_]", key)[0])
    if code:
        return code
    if CODE.fullmatch(key):
        return key
    raise ValueError("a language or its ISO 639 code, e.g. eng")


# Headings of an article's statements, and labels of an abstract's: alternatives of a pattern, by field.
HEADINGS = {
    "statement.registration": [
        r"(?:clinical |the )?(?:trial|study) registrations?(?: (?:number|details|information|and protocol))?",
        r"registration(?: (?:number|details|of the trial))?|systematic review registration",
        r"clinical ?trials?\.gov(?: (?:identifier|registration|number))?",
        r"(?:clinical )?trial(?: registry)? (?:number|registration number|identifier)",
    ],
    "statement.funding": [
        r"(?:(?:details|sources?|role|statement) of (?:the )?)?(?:funding|financial support|support|sponsorship)"
        r"(?: (?:sources?|statement|information|support|body|details|disclosure|agency|agencies|and support))*",
        r"funders?|grants?(?: (?:support|information|sponsor))?|sources? of (?:financial )?support",
        r"financial support (?:and|&) sponsorship|role of the (?:funding source|funder|sponsor)|sponsor(?:s|ship)?",
    ],
    "statement.coi": [
        r"(?:statement of |declarations? of |potential |author )?(?:conflicts?|conflicting|competing)(?: of)?"
        r"(?: financial)?(?: and conflicting)? interests?(?: (?:statement|disclosures?|declaration))?",
        r"coi(?:-| )statement|declarations? of interests?|duality of interest",
        r"(?:author |financial |authors['\u2019] )?disclosures?(?: statement| of interest)?",
    ],
    "statement.ethics": [
        r"(?:research )?ethic(?:s|al)(?: (?:statement|approvals?|considerations?|aspects?|issues?|committee"
        r"|declaration|review|and dissemination|approval statement|clearance|permission|standards?|guidelines?))*",
        r"(?:statement of )?ethic(?:s|al)(?: approval)?(?:,| and| &)(?: informed)? (?:patient )?consent"
        r"(?: to participate)?(?: statement)?",
        r"institutional review board(?: statement)?|declaration of ethical approval|human subjects? protection",
    ],
    "statement.consent": [
        r"(?:written )?(?:informed|patient|participant) consent(?: (?:statement|procedures?|to participate|process))?",
        r"consent(?: to participate)?|declaration of patient consent",
    ],
    "statement.data": [
        r"(?:patient )?(?:data|materials?)(?:,| and)?(?: (?:code|materials?))? (?:availability|sharing|access)"
        r"(?: (?:statement|plan))?",
        r"availability of (?:supporting )?data(?: and materials?)?|open (?:data|practices statement)",
    ],
    "statement.protocol": [
        r"(?:trial |study )?protocol (?:availability|and (?:statistical )?analysis plan|access|statement)",
        r"(?:access to|availability of) (?:the )?protocol",
    ],
}
STATEMENTS = [(re.compile("|".join(forms), re.IGNORECASE), field) for field, forms in HEADINGS.items()]


def statement_field(heading: str) -> str | None:
    """The statement that stands under a heading, or None.

    >>> statement_field("Competing interests"), statement_field("Results")
    ('statement.coi', None)
    """
    words = " ".join(heading.split()).strip(" .:*")
    return next((field for pattern, field in STATEMENTS if pattern.fullmatch(words)), None) if len(words) < 80 else None
