"""Which causes fit the words and codes of a rejection?

Signals, from the surest to the weakest: the whole masked text is a known variant (exact); the words
of a variant stand in the text in order (phrase); the text is nearly a variant (fuzzy); single words,
pairs and codes are those that this cause's variants use (words: fitted weights of knowledge/words.json);
the codes are those its variants come with (code). Each signal gives each cause a number; fitted weights
join them into a probability.

An Index is built once from a Catalogue. Finding candidates looks up pairs of neighbouring words, so
that no text is compared with every variant.
"""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from bot.core.calibrate import WEIGHTS, Weights
from bot.core.mask import SLOTS, tokens
from bot.core.model import Candidate, Catalogue, Match, Rejection, Variant

MAX_TOKENS = 400
"""Words of a text that are looked at. The longest documented reply has about 150."""
ANY = 12
"""Words that <any> may stand for."""
MAX_TERMS = 160
"""Words that the word model looks at: the first ones tell the reason, the rest is advice."""
ALWAYS = "always"
"""The term of every text: it holds how common a cause is."""
REMEMBERED = 4096
"""Matches that are kept: a log repeats itself."""
MAX_CANDIDATES = 6
MIN_SCORE = 0.01
"""A candidate below this is not worth naming."""

_CODES = re.compile(
    r"\s*[\[(<\"']*(?:([2-5]\d\d)(?![\w.]))?[\])>\"',:;\s-]*[\[(<\"']*#?(?:([245]\.\d{1,3}\.\d{1,3})(?![\d.]))?[\])>\"':;,\s-]*"
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A variant as matching sees it."""

    variant: Variant
    words: tuple[str, ...]
    """Literal words and slots, <number> left out: digits come and go."""
    literals: int
    weight: float
    """How much the literal words tell: the sum of their rareness, in nats."""


@dataclass(slots=True)
class Signals:
    """What speaks for one cause, in the order of ``calibrate.FEATURES``."""

    phrase: float = 0.0
    phrase_share: float = 0.0
    exact: float = 0.0
    fuzzy: float = 0.0
    words: float = 0.0
    status: float = 0.0
    reply: float = 0.0
    beaten: float = 0.0
    pattern: _Pattern | None = None
    span: tuple[int, int] = (0, 0)

    def row(self) -> tuple[float, ...]:
        return (
            self.phrase,
            self.phrase_share,
            self.exact,
            self.fuzzy,
            self.words,
            self.status,
            self.reply,
            self.beaten,
        )


class Index:
    """The knowledge base, ready for matching. Building takes some ten milliseconds; matching changes nothing."""

    def __init__(self, catalogue: Catalogue, weights: Weights = WEIGHTS) -> None:
        self._causes = tuple(catalogue.causes)
        self._beats = {slug: frozenset(cause.beats) for slug, cause in catalogue.causes.items()}
        self._weights = weights
        self._remember = lru_cache(maxsize=REMEMBERED)(self._match)
        # Every word, host and code that a variant names is literal: so one reading of each is enough.
        everything = _Everything()
        split = [(variant, words_of(variant.text, everything)) for variant in catalogue.variants]
        counts = Counter(word for _, words in split for word in set(words) if word not in SLOTS)
        zones = {str(entry["zone"]).lower() for entry in catalogue.blocklists if entry.get("zone")}
        self.literal = frozenset(counts) | zones
        self._rare = {word: math.log((len(split) + 1) / (count + 0.5)) for word, count in counts.items()}
        self._exact: dict[tuple[str, ...], list[_Pattern]] = defaultdict(list)
        self._by_pair: dict[tuple[str, str], list[_Pattern]] = defaultdict(list)
        self._by_word: dict[str, list[_Pattern]] = defaultdict(list)
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._patterns: list[_Pattern] = []
        for variant, words in split:
            self._add(variant, tuple(words))
        self._words = catalogue.words
        self._status = _code_weights(catalogue, 1, self._causes)
        self._reply = _code_weights(catalogue, 0, self._causes)

    def match(self, rejection: Rejection) -> Match:
        """All causes with a probability worth naming, the best first. Equal texts are matched once."""
        return self._remember(rejection.text, rejection.facts.reply, rejection.facts.status)

    def _match(self, text: str, reply: str | None, status: str | None) -> Match:
        return self._score(self.signals(text, reply, status))

    def signals(self, text: str, reply: str | None = None, status: str | None = None) -> dict[str, Signals]:
        """What speaks for each cause; codes in front of the text win over those given beside it.

        Takes time linear in the text, up to MAX_TOKENS words.
        """
        own_reply, own_status, rest = split_codes(text)
        words = words_of(rest, self.literal)[:MAX_TOKENS]
        signals: dict[str, Signals] = defaultdict(Signals)
        self._phrases(words, signals)
        if not any(signal.exact or signal.phrase_share > 0.8 for signal in signals.values()):
            self._fuzzy(words, signals)
        reply, status = own_reply or reply, own_status or status
        for term in terms(words, reply, status):
            for cause, weight in self._words.get(term, ()):
                signals[cause].words += weight
        self._codes(reply, status, signals)
        self._beaten(signals)
        return signals

    def _add(self, variant: Variant, words: tuple[str, ...]) -> None:
        literals = [word for word in words if word not in SLOTS]
        if not literals:
            return
        rare = self._rare
        weight = sum(rare[word] for word in literals)
        pattern = _Pattern(variant, words, len(literals), weight)
        number = len(self._patterns)
        self._patterns.append(pattern)
        self._exact[words].append(pattern)
        for word in set(literals):
            self._holders[word].append(number)
        pairs = [
            (first, second) for first, second in pairwise(words) if first not in SLOTS and second not in SLOTS
        ]
        if pairs:
            rarest = max(pairs, key=lambda pair: rare[pair[0]] + rare[pair[1]])
            self._by_pair[rarest].append(pattern)
        else:
            self._by_word[max(literals, key=rare.__getitem__)].append(pattern)

    def _phrases(self, words: Sequence[str], signals: dict[str, Signals]) -> None:
        plain = [word for word in words if word not in SLOTS]
        where: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(words):
            where[word].append(position)
        for pattern in self._exact.get(tuple(words), ()):
            _take(signals[pattern.variant.cause], pattern, (0, len(words)), 1.0, exact=True)
        seen: set[int] = set()
        total = max(len(plain), 1)
        for pattern in self._candidates(plain):
            if id(pattern) in seen:
                continue
            seen.add(id(pattern))
            span = _stands_in(pattern.words, pattern.literals, words, where)
            if span is not None:
                _take(signals[pattern.variant.cause], pattern, span, pattern.literals / total, exact=False)

    def _candidates(self, plain: Sequence[str]) -> Iterable[_Pattern]:
        by_pair, by_word = self._by_pair, self._by_word
        for word in set(plain):
            if word in by_word:
                yield from by_word[word]
        for pair in set(pairwise(plain)):
            if pair in by_pair:
                yield from by_pair[pair]

    def _fuzzy(self, words: Sequence[str], signals: dict[str, Signals]) -> None:
        """Compare with the variants that share the most telling words, at most a score of them."""
        plain = [word for word in words if word not in SLOTS][:80]
        known = sorted(
            {word for word in plain if word in self._holders}, key=self._rare.__getitem__, reverse=True
        )
        overlap: dict[int, float] = defaultdict(float)
        for word in known[:12]:
            rareness = self._rare[word]
            for number in self._holders[word]:
                overlap[number] += rareness
        if not overlap:
            return
        text = " ".join(plain)
        best = sorted(
            overlap, key=lambda number: overlap[number] / (8 + self._patterns[number].weight), reverse=True
        )
        for number in best[:16]:
            pattern = self._patterns[number]
            if pattern.literals < 2:
                continue
            literal = " ".join(word for word in pattern.words if word not in SLOTS)
            ratio = max(fuzz.token_sort_ratio(text, literal), 0.92 * fuzz.partial_ratio(literal, text)) / 100
            if ratio < 0.6:
                continue
            signal = signals[pattern.variant.cause]
            value = (ratio - 0.6) / 0.4 * min(overlap[number] / max(pattern.weight, 6.0), 1.0)
            if value > signal.fuzzy:
                signal.fuzzy = value
                if signal.pattern is None:
                    signal.pattern = pattern

    def _codes(self, reply: str | None, status: str | None, signals: dict[str, Signals]) -> None:
        if status is not None:
            for key in (status, status[1:]):
                table = self._status.get(key)
                if table:
                    for cause, weight in table.items():
                        signals[cause].status = weight
                    break
        if reply is not None:
            for cause, weight in self._reply.get(reply, {}).items():
                signals[cause].reply = weight

    def _beaten(self, signals: dict[str, Signals]) -> None:
        """Mark a cause that another one with its words in the text beats, by the data in ``beats``.

        A wording that holds the other's words and more is the more specific one: it is not beaten.
        """
        fitting = [(cause, signal) for cause, signal in signals.items() if signal.phrase]
        for cause, signal in fitting:
            for other, stronger in fitting:
                if (
                    cause in self._beats.get(other, ())
                    and stronger.phrase > 0.4 * signal.phrase
                    and not _holds(signal, stronger)
                ):
                    signal.beaten = 1.0

    def _score(self, signals: Mapping[str, Signals]) -> Match:
        weigh = self._weights.score
        scores = {cause: weigh(signal.row()) for cause, signal in signals.items()}
        if not scores:
            return Match()
        # Causes without any signal have the score 0 and share what is left.
        silent = len(self._causes) - len(scores)
        top = max(max(scores.values()), 0.0)
        powers = {cause: math.exp(score - top) for cause, score in scores.items()}
        total = sum(powers.values()) + silent * math.exp(-top)
        best = heapq.nlargest(MAX_CANDIDATES, powers, key=powers.__getitem__)
        return Match(
            candidates=tuple(
                _candidate(cause, powers[cause] / total, signals[cause])
                for cause in best
                if powers[cause] / total > MIN_SCORE
            )
        )


def split_codes(text: str) -> tuple[str | None, str | None, str]:
    """The reply code, the status code and the words of a reply line: ``550 5.1.1 User unknown``."""
    found = _CODES.match(text)
    if found is None:
        return None, None, text
    return found.group(1), found.group(2), text[found.end() :]


def _candidate(cause: str, probability: float, signal: Signals) -> Candidate:
    pattern = signal.pattern
    if signal.exact:
        kind = "exact"
    elif signal.phrase:
        kind = "phrase"
    elif signal.fuzzy > 0.5:
        kind = "fuzzy"
    elif signal.words > signal.status + signal.reply:
        kind = "words"
    else:
        kind = "code"
    named = pattern.variant.id if pattern is not None and kind in ("exact", "phrase", "fuzzy") else None
    return Candidate(
        cause=cause,
        score=probability,
        signal=kind,
        variant=named,
        words=" ".join(pattern.words) if named and pattern is not None else "",
    )


def _take(signal: Signals, pattern: _Pattern, span: tuple[int, int], share: float, *, exact: bool) -> None:
    value = min(pattern.weight, 30.0) / 10
    if exact:
        signal.exact = 1.0
    if value > signal.phrase or (exact and signal.phrase <= value):
        signal.phrase, signal.pattern, signal.span = value, pattern, span
    signal.phrase_share = max(signal.phrase_share, min(share, 1.0))


def _holds(outer: Signals, inner: Signals) -> bool:
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1] and outer.phrase > inner.phrase


def _stands_in(
    pattern: Sequence[str], literals: int, words: Sequence[str], where: Mapping[str, Sequence[int]]
) -> tuple[int, int] | None:
    """Where the pattern's words stand in ``words``, in order, or None.

    Slots of the text that the pattern does not name are stepped over. A slot of the pattern must be
    there when the pattern has few words of its own; in a long one it may be missing.
    """
    first = next(position for position, word in enumerate(pattern) if word not in SLOTS)
    strict = literals <= 3
    for start in where.get(pattern[first], ()):
        if strict and first and not _slot_before(pattern[:first], words, start):
            continue
        end = _follow(pattern[first:], words, start, strict)
        if end is not None:
            return start, end
    return None


def _slot_before(slots: Sequence[str], words: Sequence[str], start: int) -> bool:
    before = words[max(0, start - 3) : start]
    return all(slot == "<any>" or any(_fits(slot, word) for word in before) for slot in slots)


def _follow(pattern: Sequence[str], words: Sequence[str], start: int, strict: bool) -> int | None:
    position, slack, last = start, 0, start
    wanted: list[str] = []
    for word in pattern:
        if word == "<any>":
            slack = ANY
            continue
        if word in SLOTS:
            wanted.append(word)
            continue
        limit = position + slack
        passed: list[str] = []
        while position < len(words) and words[position] != word:
            if words[position] not in SLOTS and not _is_host(words[position]):
                if position >= limit:
                    return None
            else:
                limit += 1
                passed.append(words[position])
            position += 1
        if position >= len(words):
            return None
        if strict and any(not any(_fits(slot, other) for other in passed) for slot in wanted):
            return None
        wanted, slack = [], 0
        position += 1
        last = position
    if strict and wanted:
        after = words[last : last + 3]
        if any(not any(_fits(slot, other) for other in after) for slot in wanted):
            return None
    return last


def _fits(slot: str, word: str) -> bool:
    return slot == word or (slot == "<host>" and _is_host(word))


def _is_host(word: str) -> bool:
    return "." in word


def words_of(text: str, literal: Container[str]) -> list[str]:
    """The tokens of a text. Digits that nobody names come and go: they are left out."""
    return [word for word in tokens(text, literal) if word != "<number>" and not word.isdigit()]


class _Everything:
    """A container that holds every word: with it nothing but addresses and IPs is masked."""

    def __contains__(self, item: object) -> bool:
        return True


def terms(words: Sequence[str], reply: str | None, status: str | None) -> set[str]:
    """What the word model looks at: words, neighbouring pairs, and the codes (status with and without its class)."""
    kept = [word for word in words if word != "<any>"][:MAX_TERMS]
    found = {ALWAYS, *kept, *(f"{first} {second}" for first, second in pairwise(kept))}
    if reply is not None:
        found.add(f"reply:{reply}")
    if status is not None:
        found.add(f"status:{status}")
        found.add(f"status:{status[1:]}")
    return found


def _code_weights(catalogue: Catalogue, dots: int, causes: Sequence[str]) -> dict[str, dict[str, float]]:
    """For each reply code (dots 0) or status code (dots 1) how much it speaks for each cause, as log odds.

    A status is counted whole and without its class (``.1.1``), as 4.1.1 and 5.1.1 mean the same
    subject and detail (RFC 3463 section 2).
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    for variant in catalogue.variants:
        for code in variant.codes:
            if ("." in code) == bool(dots):
                totals[variant.cause] += 1
                counts[code][variant.cause] += 1
                if dots:
                    counts[code[1:]][variant.cause] += 1
    everything = sum(totals.values()) or 1
    tables: dict[str, dict[str, float]] = {}
    for code, by_cause in counts.items():
        seen = sum(by_cause.values())
        tables[code] = {
            cause: math.log((by_cause[cause] + 1.0 * prior) / (seen + 1.0) / prior)
            for cause in by_cause
            if (prior := (totals[cause] + 2) / (everything + 2 * len(causes)))
        }
    return tables
