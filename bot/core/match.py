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
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.core.calibrate import WEIGHTS, Weights
from bot.core.mask import SLOTS, shown, tokens
from bot.core.model import UNKNOWN, Candidate, Catalogue, Match, Prepared, Rejection, WordModel
from bot.core.words import ALWAYS, WordWeights, terms

MAX_TOKENS = 400
"""Words of a text that are looked at. The longest documented reply has about 150."""
LETTERS = 30
"""Characters that a token and the space after it have at most, on average."""
ANY = 12
"""Words that <any> may stand for."""
REMEMBERED = 4096
"""Matches that are kept: a log repeats itself."""
MAX_PIECES = 8192
"""Pieces between spaces that are kept with their words: some 2 MB."""
MAX_CANDIDATES = 6
FUZZY_TRIES = 12
COMMON = 600
"""A word that so many variants hold tells too little to look for near ones by it."""
SURE = 3.0
"""How far ahead (in nats) the words must put one cause for letters not to be compared."""
KNOWN = 2.5
"""How far ahead (in nats) a reply that is word for word a variant is put."""
OWN = 3.0
"""How far (in nats) a team's own wording is put ahead of all that is built in: about 19 to 1 at the least."""
TELLING = 1.5
"""How much (in nats) a status code must speak for one cause to be a reason by itself."""
DOUBT = 0.5
"""Below this share of the first cause the words leave a doubt."""
IN_DOUBT = 0.3
"""The weight (beside its own) that a status has then."""
UNLEARNT = 2.5
"""How far (in nats) a phrase is put ahead, for each nat of its own, whose words are new to the word model."""
FORGOTTEN = 0.3
"""The share of its terms that a variant may have lost when the word model was fitted: small weights are left out."""
MIN_SCORE = 0.01
"""A candidate below this is not worth naming."""

_CODES = re.compile(
    r"\s*[\[(<\"']*(?:([2-5]\d\d)(?![\w.]))?[\])>\"',:;\s-]*[\[(<\"']*#?(?:([245]\.\d{1,3}\.\d{1,3})(?![\d.]))?[\])>\"':;,\s-]*"
)


@dataclass(slots=True, eq=False)
class _Pattern:
    """A variant as matching sees it. There are thousands of them, so it holds no more than that."""

    id: str
    place: int
    """Of its cause among all causes."""
    codes: tuple[str, ...]
    own: bool
    words: tuple[str, ...]
    """Literal words and slots, <number> left out: digits come and go."""
    literals: tuple[str, ...]
    """The literal words."""
    weight: float
    """How much the literal words tell: the sum of their rareness, in nats."""
    unlearnt: float
    """From 0 to 1: how new its words are to the word model, which was fitted before the variant was written."""


@dataclass(slots=True)
class Signals:
    """What speaks for one cause, in the order of ``calibrate.FEATURES``."""

    phrase: float = 0.0
    phrase_share: float = 0.0
    exact: float = 0.0
    fuzzy: float = 0.0
    beaten: float = 0.0
    words: float = 0.0
    status: float = 0.0
    reply: float = 0.0
    own: bool = False
    """A wording of a team's own folder stands in the text."""
    unlearnt: float = 0.0
    """How far the wording would be ahead, had the word model learnt it."""
    pattern: _Pattern | None = None
    span: tuple[int, int] = (0, 0)

    def row(self) -> tuple[float, ...]:
        return (
            self.phrase,
            self.phrase_share,
            self.exact,
            self.fuzzy,
            self.beaten,
            self.words,
            self.status,
            self.reply,
        )


class Index:
    """The knowledge base, ready for matching. Building takes a millisecond where the loader has prepared it, and
    some hundred where not; matching changes nothing that shows."""

    def __init__(self, catalogue: Catalogue, weights: Weights = WEIGHTS) -> None:
        self._causes = tuple(catalogue.causes)
        self._place = {slug: place for place, slug in enumerate(self._causes)}
        self._beats = {
            self._place[slug]: frozenset(self._place[other] for other in cause.beats if other in self._place)
            for slug, cause in catalogue.causes.items()
        }
        self._weights = weights
        self._remember = lru_cache(maxsize=REMEMBERED)(self._match)
        prepared = catalogue.kept or prepare(catalogue)
        zones = {str(entry["zone"]).lower() for entry in catalogue.blocklists if entry.get("zone")}
        self.literal = frozenset(prepared.rare) | zones
        self._pieces: dict[str, list[str]] = {}
        self._rare = prepared.rare
        self._exact = prepared.exact
        self._by_pair = prepared.by_pair
        self._by_word = prepared.by_word
        self._weight = prepared.weights
        self._unlearnt = prepared.unlearnt
        self._codes = prepared.codes
        self._variants = catalogue.variants
        self._patterns: dict[int, _Pattern] = {}
        """Those that texts had so far, by the places of their variants."""
        self._holders: dict[str, list[int]] | None = None
        """For each word the variants that hold it; made when letters are first compared."""
        self._words = WordWeights(catalogue.words, self._causes)

    def match(self, rejection: Rejection) -> Match:
        """All causes with a probability worth naming, the best first.

        Texts that differ only in addresses, hosts and numbers are one text here: they are matched once.
        """
        facts = rejection.facts
        reply, status, rest = split_codes(rejection.text)
        if status is None:
            status = facts.status
            if status is not None and status.endswith(".0.0") and status not in rejection.text:
                status = None  # a report has to give a status: where the server gave none, it says nothing (RFC 3464 2.3.4)
        words = self._words_in(rest)
        return self._remember(" ".join(words), reply or facts.reply, status)

    def may_know(self, text: str) -> bool:
        """Whether a wording that the knowledge base knows may stand in a text: a tenth of the time of a match."""
        _, _, rest = split_codes(text)
        words = self._words_in(rest)
        if " ".join(words) in self._exact:
            return True
        plain = [word for word in words if word not in SLOTS]
        by_pair = self._by_pair
        return not self._by_word.keys().isdisjoint(plain) or any(pair in by_pair for pair in pairwise(plain))

    def signals(self, text: str, reply: str | None = None, status: str | None = None) -> dict[str, Signals]:
        """What speaks for each cause; codes in front of the text win over those given beside it.

        Takes time linear in the text, up to MAX_TOKENS words.
        """
        own_reply, own_status, rest = split_codes(text)
        words = self._words_in(rest)
        found = self._look(" ".join(words), own_reply or reply, own_status or status)
        result = {}
        for place, cause in enumerate(self._causes):
            signals = found.special.get(place) or Signals()
            signals.words = found.words[place]
            signals.status = found.status.get(place, 0.0)
            signals.reply = found.reply.get(place, 0.0)
            result[cause] = signals
        return result

    def _words_in(self, text: str) -> list[str]:
        """The tokens of a text, at most MAX_TOKENS.

        No token spans a space, and most of what stands between two spaces ("unknown;") stood in another text,
        too: pieces whose tokens the knowledge base names, all of them, are kept with their tokens.
        """
        pieces, literal = self._pieces, self.literal
        found: list[str] = []
        for piece in text[: MAX_TOKENS * LETTERS].split():
            words = pieces.get(piece)
            if words is None:
                words = words_of(piece, literal)
                if words and len(pieces) < MAX_PIECES and literal.issuperset(words):
                    pieces[piece] = words
            found += words
        return found[:MAX_TOKENS]

    def _match(self, masked: str, reply: str | None, status: str | None) -> Match:
        found = self._look(masked, reply, status)
        weights = self._weights
        scores = [weights.words * value for value in found.words]
        for place, value in found.status.items():
            scores[place] += weights.status * value
        for place, value in found.reply.items():
            scores[place] += weights.reply * value
        for place, signals in found.special.items():
            scores[place] += weights.special(signals.row())
            if not signals.beaten:
                scores[place] += UNLEARNT * signals.unlearnt
        telling = (
            status is not None
            and not status.endswith(".0")  # other or undefined (RFC 3463 section 3)
            and max(found.status.values(), default=0.0) > TELLING
        )
        for place, signals in found.special.items():
            if telling and self._causes[place] == UNKNOWN:
                continue  # words that give no reason leave it to the code: 550 5.1.1 Recipient address rejected
            if signals.exact and not signals.beaten:
                # What a person wrote down word for word beats what was learnt from other wordings.
                scores[place] = max(scores[place], max(scores) + KNOWN)
        top = max(scores)
        if telling and sum([math.exp(score - top) for score in scores]) > 1 / DOUBT:
            # The words leave a doubt: then the status has more to say; where there are no words, it alone speaks.
            more = IN_DOUBT if found.has_words else 1.0 - weights.status
            for place, value in found.status.items():
                scores[place] += more * value
            top = max(scores)
        for place, signals in found.special.items():
            if signals.own:
                scores[place] = top + OWN + signals.phrase
        top = max(scores)
        total = sum([math.exp(score - top) for score in scores])
        least = top + math.log(MIN_SCORE * total)
        best = sorted(
            [(math.exp(score - top) / total, place) for place, score in enumerate(scores) if score > least],
            reverse=True,
        )
        return Match(
            candidates=tuple(self._candidate(place, share, found) for share, place in best[:MAX_CANDIDATES])
        )

    def _look(self, masked: str, reply: str | None, status: str | None) -> "_Found":
        words = tuple(masked.split())
        totals = self._words.totals(terms(words, reply, status))
        special: dict[int, Signals] = {}
        plain = [word for word in words if word not in SLOTS]
        self._exactly(masked, len(words), reply, status, special)
        self._phrases(words, plain, special)
        if len(special) > 1:
            self._beaten(special)
        # Comparing letters costs ten times what all else does. It is done where the words leave a doubt.
        if not any(signals.exact or signals.phrase_share > 0.8 for signals in special.values()):
            ranked = sorted(totals, reverse=True)
            if len(ranked) > 1 and ranked[1] > ranked[0] - SURE:
                self._fuzzy(plain, special)
        codes = self._codes
        by_status = (codes.get(status) or codes.get(status[1:])) if status is not None else None
        by_reply = codes.get(reply) if reply is not None else None
        return _Found(
            words=totals,
            status=by_status or {},
            reply=by_reply or {},
            special=special,
            has_words=not self._rare.keys().isdisjoint(plain),
        )

    def _pattern(self, place: int) -> _Pattern:
        """A variant as matching sees it; made at its first use."""
        pattern = self._patterns.get(place)
        if pattern is None:
            variant = self._variants[place]
            words = variant.words or literal_words(variant.text)
            literals = tuple([word for word in words if word not in SLOTS])
            pattern = self._patterns[place] = _Pattern(
                id=variant.id,
                place=self._place[variant.cause],
                codes=variant.codes,
                own=variant.own,
                words=words,
                literals=words if len(literals) == len(words) else literals,
                weight=self._weight[place],
                unlearnt=self._unlearnt[place],
            )
        return pattern

    def _exactly(
        self, masked: str, length: int, reply: str | None, status: str | None, special: dict[int, Signals]
    ) -> None:
        """Take the patterns that are the whole text."""
        exact = [self._pattern(place) for place in self._exact.get(masked, ())]
        for pattern in _with_codes(exact, reply, status) if len(exact) > 1 else exact:
            _take(special, pattern, (0, length), 1.0, exact=True)

    def _phrases(self, words: tuple[str, ...], plain: Sequence[str], special: dict[int, Signals]) -> None:
        """Take the patterns whose words stand in the text in order."""
        candidates = self._candidates(plain)
        if not candidates:
            return
        where: dict[str, list[int]] = {}
        for position, word in enumerate(words):
            where.setdefault(word, []).append(position)
        total = max(len(plain), 1)
        for pattern in candidates:
            span = _stands_in(pattern, words, where)
            if span is not None:
                _take(special, pattern, span, len(pattern.literals) / total, exact=False)

    def _candidates(self, plain: Sequence[str]) -> list[_Pattern]:
        """The patterns whose rarest pair of neighbours, or rarest word, stands in the text.

        In the order of the text, as all that follows: of two that weigh the same the first one is named.
        """
        by_pair, by_word = self._by_pair, self._by_word
        found: list[int] = []
        for word in dict.fromkeys(plain):
            if word in by_word:
                found += by_word[word]
        for pair in dict.fromkeys(pairwise(plain)):
            if pair in by_pair:
                found += by_pair[pair]
        return [self._pattern(place) for place in found]

    def _fuzzy(self, plain: Sequence[str], special: dict[int, Signals]) -> None:
        """Compare with the variants that share the most telling words, at most FUZZY_TRIES of them."""
        from rapidfuzz import (
            fuzz,  # where the words decide, no letters are compared and a start is faster without
        )

        if self._holders is None:
            self._holders = self._by_holder()
        rare, weight = self._rare, self._weight
        known = heapq.nlargest(
            8, (word for word in dict.fromkeys(plain[:80]) if word in rare), key=rare.__getitem__
        )
        overlap: dict[int, float] = {}
        for word in known:
            holders = self._holders[word]
            if len(holders) <= COMMON:
                rareness = rare[word]
                for place in holders:
                    overlap[place] = overlap.get(place, 0.0) + rareness
        if not overlap:
            return
        text = " ".join(plain[:80])
        best = heapq.nlargest(FUZZY_TRIES, overlap, key=lambda place: overlap[place] / (8 + weight[place]))
        for place in best:
            pattern = self._pattern(place)
            if len(pattern.literals) < 2:
                continue
            literal = " ".join(pattern.literals)
            ratio = max(fuzz.token_sort_ratio(text, literal), 0.92 * fuzz.partial_ratio(literal, text)) / 100
            if ratio < 0.6:
                continue
            signals = special.setdefault(pattern.place, Signals())
            value = (ratio - 0.6) / 0.4 * min(overlap[place] / max(pattern.weight, 6.0), 1.0)
            if value > signals.fuzzy:
                signals.fuzzy = value
                if not signals.phrase:
                    signals.pattern = pattern

    def _by_holder(self) -> dict[str, list[int]]:
        # What counts only as a whole reply is looked for neither by a pair nor by a word.
        sought = {place for places in (*self._by_pair.values(), *self._by_word.values()) for place in places}
        holders: dict[str, list[int]] = defaultdict(list)
        for masked, places in self._exact.items():
            places = [place for place in places if place in sought]
            for word in {*masked.split()}:
                holders[word] += places
        return holders

    def _beaten(self, special: Mapping[int, Signals]) -> None:
        """Mark a cause that another one with its words in the text beats, by the data in ``beats``.

        A wording that holds the other's words and more, or is the whole text, is the more specific one: it is not beaten.
        """
        for cause, signals in special.items():
            for other, stronger in special.items():
                if (
                    cause in self._beats.get(other, ())
                    and stronger.phrase > 0.4 * signals.phrase
                    and not _holds(signals, stronger)
                    and stronger.exact >= signals.exact
                ):
                    signals.beaten = 1.0

    def _candidate(self, place: int, probability: float, found: "_Found") -> Candidate:
        signals = found.special.get(place)
        pattern = signals.pattern if signals is not None else None
        if signals is not None and signals.exact:
            kind = "exact"
        elif signals is not None and signals.phrase:
            kind = "phrase"
        elif signals is not None and signals.fuzzy > 0.5:
            kind = "fuzzy"
        elif found.has_words:
            kind = "words"
        else:
            kind = "code"
        named = pattern is not None and kind in ("exact", "phrase", "fuzzy")
        return Candidate(
            cause=self._causes[place],
            score=probability,
            signal=kind,
            variant=pattern.id if named and pattern is not None else None,
            words=shown(pattern.words) if named and pattern is not None else "",
        )


def prepare(catalogue: Catalogue) -> Prepared:
    """What an Index looks up. Takes a tenth of a second with all that is built in, so the loader keeps it."""
    place_of = {slug: place for place, slug in enumerate(catalogue.causes)}
    # Every word, host and code that a variant names is literal: so one reading of each is enough.
    split = [
        (place, variant, variant.words or literal_words(variant.text))
        for place, variant in enumerate(catalogue.variants)
        if variant.cause in place_of
    ]
    counts = Counter(word for _, _, words in split for word in set(words) if word not in SLOTS)
    rare = {word: math.log((len(split) + 1) / (count + 0.5)) for word, count in counts.items()}
    weights = [0.0] * len(catalogue.variants)
    unlearnt = [0.0] * len(catalogue.variants)
    exact: dict[str, list[int]] = defaultdict(list)
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, variant, words in split:
        literals = [word for word in words if word not in SLOTS]
        if not literals:
            continue
        weights[place] = sum(rare[word] for word in literals)
        unlearnt[place] = _unlearnt(words, catalogue.words)
        exact[" ".join(words)].append(place)
        if variant.whole:
            continue
        pairs = [
            (first, second) for first, second in pairwise(words) if first not in SLOTS and second not in SLOTS
        ]
        if pairs:
            by_pair[max(pairs, key=lambda pair: rare[pair[0]] + rare[pair[1]])].append(place)
        else:
            by_word[max(literals, key=rare.__getitem__)].append(place)
    return Prepared(
        causes=catalogue.causes,
        variants=catalogue.variants,
        words=catalogue.words,
        rare=rare,
        exact=dict(exact),
        by_pair=dict(by_pair),
        by_word=dict(by_word),
        weights=weights,
        unlearnt=unlearnt,
        codes=_code_weights(catalogue, place_of),
        parties={variant.id: variant.party for variant in catalogue.variants if variant.party is not None},
    )


def _unlearnt(words: Sequence[str], model: WordModel) -> float:
    if not model.terms:
        return 0.0  # nothing was learnt: there is nothing to make up for
    own = [term for term in terms(words, None, None) if term not in SLOTS and term != ALWAYS]
    new = sum(term not in model.terms for term in own) / max(len(own), 1)
    return max(new - FORGOTTEN, 0.0) / (1.0 - FORGOTTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """All signals of one text, by the place of the cause."""

    words: list[float]
    status: Mapping[int, float]
    reply: Mapping[int, float]
    special: dict[int, Signals]
    has_words: bool
    """Whether any word of the text is one that variants use."""


def split_codes(text: str) -> tuple[str | None, str | None, str]:
    """The reply code, the status code and the words of a reply line: ``550 5.1.1 User unknown``."""
    found = _CODES.match(text)
    if found is None:
        return None, None, text
    return found.group(1), found.group(2), text[found.end() :]


def _with_codes(patterns: Sequence[_Pattern], reply: str | None, status: str | None) -> Sequence[_Pattern]:
    """Of equal wordings those whose codes are nearest to the text's: "Unrouteable address" is one thing after 550
    and another one without a code. A team's own wording stands, whatever its codes.
    """

    def nearness(pattern: _Pattern) -> int:
        codes = pattern.codes
        if not codes:
            return 1 if reply is None and status is None else -1
        same_status = status is not None and any(code[1:] == status[1:] for code in codes if "." in code)
        return 2 * same_status + (reply in codes)

    nearest = max(map(nearness, patterns))
    return [pattern for pattern in patterns if pattern.own or nearness(pattern) == nearest]


def _take(
    special: dict[int, Signals], pattern: _Pattern, span: tuple[int, int], share: float, *, exact: bool
) -> None:
    signals = special.get(pattern.place)
    if signals is None:
        signals = special[pattern.place] = Signals()
    value = min(pattern.weight, 30.0) / 10
    if exact:
        signals.exact = 1.0
    # One or two words in a long text are too little to overrule everything.
    own = pattern.own and (exact or len(pattern.literals) > 2)
    # Of two that count alike the one with more words is named: it tells more of the text.
    weight = signals.pattern.weight if signals.pattern is not None and signals.phrase else 0.0
    if (own, value, pattern.weight) > (signals.own, signals.phrase, weight):
        signals.own = own
        signals.phrase, signals.pattern, signals.span = max(value, signals.phrase), pattern, span
        signals.unlearnt = pattern.unlearnt * value
    signals.phrase_share = max(signals.phrase_share, min(share, 1.0))


def _holds(outer: Signals, inner: Signals) -> bool:
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1] and outer.phrase > inner.phrase


def _stands_in(
    pattern: _Pattern, words: tuple[str, ...], where: Mapping[str, Sequence[int]]
) -> tuple[int, int] | None:
    """Where the pattern's words stand in ``words``, in order, or None.

    Slots of the text that the pattern does not name are stepped over. A slot of the pattern must be
    there when the pattern has few words of its own; in a long one it may be missing.
    """
    for word in pattern.literals:
        if word not in where:
            return None
    wanted = pattern.words
    if pattern.literals is wanted:
        # Mostly the words stand one right after another.
        start = where[wanted[0]][0]
        if words[start : start + len(wanted)] == wanted:
            return start, start + len(wanted)
    first = 0
    while wanted[first] in SLOTS:
        first += 1
    strict = len(pattern.literals) <= 3
    for start in where[wanted[first]]:
        if strict and first and not _slot_before(wanted[:first], words, start):
            continue
        end = _follow(wanted[first:], words, start, strict)
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


def literal_words(text: str) -> tuple[str, ...]:
    """The tokens of a variant's text, in which every word, host and code stands for itself."""
    return tuple(words_of(text, _Everything()))


class _Everything:
    """A container that holds every word: with it nothing but addresses and IPs is masked."""

    def __contains__(self, item: object) -> bool:
        return True


def _code_weights(catalogue: Catalogue, place: Mapping[str, int]) -> dict[str, dict[int, float]]:
    """For each reply and status code how much it speaks for each cause, as log odds.

    A status is counted whole and without its class (``.1.1``), as 4.1.1 and 5.1.1 mean the same
    subject and detail (RFC 3463 section 2).
    """
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    totals: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for variant in catalogue.variants:
        if variant.cause not in place:
            continue
        cause = place[variant.cause]
        for code in variant.codes:
            is_status = "." in code
            totals[is_status][cause] += 1
            counts[code][cause] += 1
            if is_status:
                counts[code[1:]][cause] += 1
    everything = {is_status: sum(total.values()) or 1 for is_status, total in totals.items()}
    tables: dict[str, dict[int, float]] = {}
    for code, by_cause in counts.items():
        seen = sum(by_cause.values())
        total, all_seen = totals["." in code], everything["." in code]
        tables[code] = {
            cause: math.log((count + prior) / (seen + 1.0) / prior)
            for cause, count in by_cause.items()
            if (prior := (total[cause] + 2) / (all_seen + 2 * len(place)))
        }
    return tables
