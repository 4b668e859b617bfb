"""What does a code, a status or a phrase mean: its variations, causes, fixes and prevention?

``explain 550`` is the overview of the commonest code; ``explain 5.7.26``, ``explain S3150`` and
``explain "relay access denied"`` go into one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.core.advice import advise
from bot.core.decide import THRESHOLD
from bot.core.match import Index, literal_words
from bot.core.model import UNKNOWN, Catalogue, Cause, Facts, Frame, Link, Party, Rejection, Variant
from bot.core.render import fill

MAX_QUERY = 2000
"""Characters of a question that are looked at."""

MOST_WORDINGS = 4
_ALIKE = 85
"""Wordings that are nearer to each other than this (rapidfuzz's ratio, 0 to 100) read alike."""

_CODES = re.compile(r"(?<![\d.])([2-5]\d\d)?[\s-]*#?([245]\.\d{1,3}\.\d{1,3})?(?![\d.])")

_CLASS_X = re.compile(r"(?<![\w.])[xX](?=\.\d{1,3}\.\d{1,3}(?![\d.]))")
_SLOT = re.compile(r"<[a-z]+>:?")
_HINT = "Give a code such as 550 or 5.7.1, or words of the reply."
_PROVIDER_CODE = re.compile(r"[A-Za-z][A-Za-z()-]{0,15}[0-9][\w()-]{0,15}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Variation:
    """One wording of a cause, and who says it."""

    text: str
    """A whole reply."""
    provider: str | None
    """Who sends it, by name; None where many servers do."""
    source: str
    """Where it is documented."""

    @property
    def origin(self) -> str:
        """Who sends it and where that is documented, in a few words."""
        return ", ".join(filter(None, (self.provider, self.source)))


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedCause:
    """One cause behind a code or phrase."""

    cause: str
    title: str
    summary: str
    party: Party
    variations: tuple["Variation", ...]
    """Common wordings: the nearest to what was asked first, else the most typical one."""
    fixes: tuple[str, ...]
    prevention: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The answer to one question; without causes nothing is known of it."""

    query: str
    title: str
    meaning: str
    causes: tuple[ExplainedCause, ...]
    """The likeliest first."""
    links: tuple[Link, ...]
    known: bool = True
    """False when neither a cause nor the meaning of a code is known."""


def explain(catalogue: Catalogue, text: str, *, index: Index | None = None, most: int = 6) -> Explanation:
    """Explain ``text``: a reply code, a status code, a cause's slug or any phrase of a reply.

    At most ``most`` causes are named. An Index is built when none is given.
    """
    # Full-width digits are digits to people.
    query = " ".join(unicodedata.normalize("NFKC", text[: 2 * MAX_QUERY]).split())[:MAX_QUERY]
    # RFC 3463 writes X for the class; a refusal is what people ask about.
    asked = _CLASS_X.sub("5", query)
    reply, status = _codes(asked)
    words = _CODES.sub(" ", asked, count=1).strip(" :-,;\"'“”") if reply or status else query
    causes: list[Cause] = []
    meaning = _meaning(catalogue, reply, status)
    if query.lower() in catalogue.causes:
        causes = [catalogue.causes[query.lower()]]
        meaning = fill(causes[0].summary, Facts(), catalogue.providers)
    elif words:
        causes = _by_provider_code(catalogue, query, most) or _by_words(
            catalogue, index or Index(catalogue), asked, most
        )
    if not causes and (reply or status):
        causes = _by_codes(catalogue, reply, status, most)
    return Explanation(
        query=query,
        title=_title(query, causes, by_words=bool(words), known=bool(meaning)),
        meaning=meaning or ("" if causes else _HINT),
        causes=tuple(_explained(catalogue, cause, reply, status, words) for cause in causes),
        links=tuple(dict.fromkeys(link for cause in causes for link in cause.links))[:6],
        known=bool(causes) or _is_standard(catalogue, reply, status),
    )


def nearest_wording(
    catalogue: Catalogue, cause: str, text: str, variant: str | None = None
) -> Variation | None:
    """The wording of ``cause`` that a reader would compare ``text`` with: ``variant``, where it matched and is the
    reply of a server, else the nearest one. None where the cause has no wording."""
    own = [each for each in catalogue.variants if each.cause == cause and not each.general]
    matched = next((each for each in own if each.id == variant), None)
    asked = " ".join(text.split())[:MAX_QUERY].lower()
    best = matched or max(own, key=lambda each: _nearness(each, asked), default=None)
    return _variation(catalogue, best) if best is not None else None


def _codes(query: str) -> tuple[str | None, str | None]:
    found = _CODES.match(query)
    return (found.group(1), found.group(2)) if found else (None, None)


def _by_provider_code(catalogue: Catalogue, query: str, most: int) -> list[Cause]:
    """The causes of the wordings that carry a provider's own code, such as S3150 or AS(201)."""
    if not _PROVIDER_CODE.fullmatch(query):
        return []
    whole = re.compile(rf"(?<![\w-]){re.escape(query)}(?![\w-])", re.I)
    counts = Counter(
        variant.cause
        for variant in catalogue.variants
        if whole.search(variant.text) or whole.search(variant.example)
    )
    return [catalogue.causes[slug] for slug, _ in counts.most_common(most)]


def _by_words(catalogue: Catalogue, index: Index, query: str, most: int) -> list[Cause]:
    match = index.match(Rejection(text=query, facts=Facts(), frame=Frame.REPLY))
    if match.best is not None and match.best.cause == UNKNOWN and match.best.score >= THRESHOLD:
        return [catalogue.causes[UNKNOWN]]  # such as "rejected": these words give no reason
    fitting = [
        candidate
        for candidate in match.candidates
        # Where no word is known, nothing but the codes has spoken, and they are told by themselves.
        if candidate.cause != UNKNOWN
        and candidate.signal != "code"
        and (candidate.score >= 0.1 or candidate.signal in ("exact", "phrase"))
    ]
    return [
        catalogue.causes[candidate.cause]
        for candidate in fitting[:most]
        if candidate.cause in catalogue.causes
    ]


def _by_codes(catalogue: Catalogue, reply: str | None, status: str | None, most: int) -> list[Cause]:
    counts: Counter[str] = Counter()
    for variant in catalogue.variants:
        if _has_codes(variant, reply, status):
            counts[variant.cause] += 1
    if not counts and status is not None:
        # No wording is known with this very status: those of its subject and detail in another class.
        for variant in catalogue.variants:
            if any(code[1:] == status[1:] for code in variant.codes if "." in code):
                counts[variant.cause] += 1
    return [catalogue.causes[slug] for slug, _ in counts.most_common(most)]


def _has_codes(variant: Variant, reply: str | None, status: str | None) -> bool:
    return all(code in variant.codes for code in (reply, status) if code is not None)


def _meaning(catalogue: Catalogue, reply: str | None, status: str | None) -> str:
    replies, statuses = catalogue.codes.get("replies", {}), catalogue.codes.get("statuses", {})
    parts = []
    if reply is not None:
        parts.append(f"{reply}: {replies.get(reply) or _class_meaning(catalogue, reply)}")
    if status is not None:
        known = statuses.get("X" + status[1:])
        parts.append(f"{status}: {known or _class_meaning(catalogue, status)}")
        if known:
            parts.append(
                f"The first digit {status[0]} means {catalogue.codes.get('classes', {}).get(status[0], 'nothing known')}."
            )
    return " ".join(parts)


def _class_meaning(catalogue: Catalogue, code: str) -> str:
    meaning = catalogue.codes.get("classes", {}).get(code[0], "not a code of a mail server")
    return f"not a standard code; its first digit means {meaning}."


def _is_standard(catalogue: Catalogue, reply: str | None, status: str | None) -> bool:
    replies, statuses = catalogue.codes.get("replies", {}), catalogue.codes.get("statuses", {})
    return reply in replies or (status is not None and "X" + status[1:] in statuses)


def _title(query: str, causes: Sequence[Cause], *, by_words: bool, known: bool) -> str:
    if not causes and not known:
        return f"Nothing is known about “{query[:100]}”"
    if by_words and len(causes) == 1:
        return causes[0].title
    return f"What “{query[:100]}” means"


def _explained(
    catalogue: Catalogue, cause: Cause, reply: str | None, status: str | None, words: str
) -> ExplainedCause:
    variants = [
        variant for variant in catalogue.variants if variant.cause == cause.slug and not variant.general
    ]
    typical = _typical(variants)
    asked = words.lower()
    # Wordings with the code and the words that were asked about come first.
    variants.sort(
        key=lambda variant: (
            not _has_codes(variant, reply, status),
            not all(code in variant.example for code in (reply, status) if code),
            -_nearness(variant, asked) if asked else 0.0,
            -typical[variant.id],
        )
    )
    # Those of different providers come before repeats, and the same words need not be read twice.
    shown: dict[str | None, Variant] = {}
    for variant in variants:
        if len(shown) == MOST_WORDINGS:
            break
        if variant.provider not in shown and not any(
            fuzz.ratio(variant.text.lower(), other.text.lower()) > _ALIKE for other in shown.values()
        ):
            shown[variant.provider] = variant
    nobody = Facts()
    return ExplainedCause(
        cause=cause.slug,
        title=cause.title,
        summary=fill(cause.summary, nobody, catalogue.providers),
        party=cause.party,
        variations=tuple(_variation(catalogue, variant) for variant in shown.values()),
        fixes=advise(cause, nobody, catalogue.providers).steps[:4],
        prevention=tuple(fill(text, nobody, catalogue.providers) for text in cause.prevention[:3]),
    )


def _variation(catalogue: Catalogue, variant: Variant) -> Variation:
    provider = catalogue.providers.get(variant.provider or "")
    name = provider.name if provider else variant.provider
    return Variation(text=variant.example, provider=name, source=variant.source)


def _nearness(variant: Variant, asked: str) -> float:
    """How near a wording is to the words that were asked about: one that has them all, and few others, is the
    nearest."""
    text = " ".join(_SLOT.sub(" … ", variant.text).lower().split())
    whole = asked in text or asked in variant.example.lower()
    return (100.0 if whole else fuzz.token_set_ratio(asked, text) / 2) + fuzz.ratio(asked, text) / 100


def _typical(variants: Sequence[Variant]) -> dict[str, float]:
    """How much of each wording is in other wordings of the same cause too."""
    terms = {variant.id: set(literal_words(variant.text)) for variant in variants}
    common = Counter(term for words in terms.values() for term in words)
    return {
        id_: sum(common[term] for term in words) / len(words) if len(words) > 1 else 0.0
        for id_, words in terms.items()
    }
