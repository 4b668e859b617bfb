"""Which values travel through fivefifty? Read this first.

A text is parsed into Rejections (one a failed recipient), each Rejection is matched against the
Catalogue into a Match, ``plan`` turns both into Questions, the resolver answers them, and
``decide`` joins everything into a Diagnosis. All values are frozen; a stage returns new ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

NOT_A_BOUNCE = "not-a-bounce"
UNKNOWN = "unknown"


class Party(StrEnum):
    """Who has to act."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    NOBODY = "nobody"


class Kind(StrEnum):
    """What a pasted text or a mail is, by its form alone."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto-reply"
    FEEDBACK_REPORT = "feedback-report"
    RECEIPT = "receipt"  # delivered, read, relayed: no recipient failed
    CHATTER = "chatter"


class Frame(StrEnum):
    """In which form a rejection was found. The order is from the surest to the weakest."""

    DSN = "dsn"  # RFC 3464 fields
    REPORT = "report"  # the prose of a bounce mail: Exim, qmail, Exchange, Gmail …
    LOG = "log"  # a mail server's log line
    EVENT = "event"  # a webhook of an e-mail service: SES, SendGrid …
    REPLY = "reply"  # an SMTP reply line: code and text
    WORDS = "words"  # words alone, no code


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the text itself states. Addresses and hosts are lower-cased; None where it is silent."""

    reply: str | None = None
    """The three-digit SMTP reply code, RFC 5321 section 4.2."""
    status: str | None = None
    """The enhanced status code, RFC 3463, such as ``5.1.1``."""
    recipient: str | None = None
    recipient_domain: str | None = None
    sender: str | None = None
    """The envelope sender or, where the text names only that, the From address."""
    sender_domain: str | None = None
    sending_ip: str | None = None
    """The address that connected to the rejecting server."""
    rejecting_host: str | None = None
    """The host that refused, as named by the text."""
    provider: str | None = None
    """An id of knowledge/providers.yaml: who refused."""
    blocklist: str | None = None
    """The DNS zone of the list that the text names."""
    suggestion: str | None = None
    """The corrected domain, where the recipient's is a typo. The one fact that is not in the text."""
    temporary: bool | None = None
    """True for 4xx and for delay notices, False for what has failed for good, None where the text tells neither."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A DKIM signature, as its header field names it."""

    domain: str
    selector: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where the message that came back says that it comes from, and which way it went. Claims, not facts."""

    author_domain: str | None = None
    """The domain after From:, the one that DMARC is about."""
    envelope_domain: str | None = None
    """The domain of the envelope sender (MAIL FROM), the one that SPF is about."""
    signatures: tuple[Signature, ...] = ()
    mailing_list: str | None = None
    """The address (or the host) of the mailing list that sent it on."""
    forwarder: str | None = None
    """The domain of the mailbox that it was forwarded from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """One failed recipient, and the words that say why."""

    text: str
    """The last remote reply (or, without one, the reporting server's reason) on one line, unwrapped:
    continuation codes of multi-line replies removed, white space collapsed."""
    facts: Facts
    frame: Frame
    context: str = ""
    """Other words of the report about this recipient: the reporting server's summary, the prose."""
    receiving_side: bool = False
    """True for the log of a server that refused: then the reader is the receiver's postmaster."""
    origin: Origin | None = None
    """None where neither headers of the returned message nor the words tell."""
    given_up: bool = False
    """True where the report says that nobody tries any more, whatever code came last."""

    @property
    def author_domain(self) -> str | None:
        """The domain that DMARC is about: that of From, or the sender's where From is not known."""
        return (self.origin.author_domain if self.origin else None) or self.facts.sender_domain

    @property
    def envelope_domain(self) -> str | None:
        """The domain that SPF is about: that of the envelope, or the sender's where that is not known."""
        return (self.origin.envelope_domain if self.origin else None) or self.facts.sender_domain


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What ``parse`` found in one text or mail."""

    kind: Kind
    rejections: tuple[Rejection, ...] = ()
    strength: float = 0.0
    """How surely the form alone says that this is a bounce, 0 to 1. Below 1, the match has a word too."""
    notices: tuple[str, ...] = ()
    """Sentences for the reader, such as that a long input was cut."""
    program: str | None = None
    """The family of the mail program that the message was written in (program.FAMILIES), where the text tells."""
    passages: tuple[str, ...] = ()
    """What stands by itself in a paste that is hardly a bounce by its form: one that is known makes it one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One known wording of a cause. ``text`` is literal, with slots: <ip> <host> <address> <number> <any>."""

    id: str
    cause: str
    text: str
    source: str
    example: str
    provider: str | None = None
    codes: tuple[str, ...] = ()
    """Reply codes ("550") and status codes ("5.1.1") that the wording comes with."""
    party: Party | None = None
    """Where this wording makes another party act than its cause does."""
    general: bool = False
    """True for a phrase of knowledge/phrases: a general way of saying it, not the reply of one server."""
    whole: bool = False
    """True where the wording means its cause only when it is the whole reply."""
    own: bool = False
    """True for a wording of a team's own folder: it wins over what is built in."""
    words: tuple[str, ...] = ()
    """``text`` as matching reads it (match.literal_words), where the loader has kept it; else empty."""


class Reader(StrEnum):
    """Who can take a step. A letter holds only the steps of the one it is written to."""

    WRITER = "writer"
    """Whoever wrote the message, with a mail program, a browser and a telephone."""
    ADMIN = "admin"
    """Whoever runs the writer's mail: DNS, servers, the tenant, scripts and devices that send."""
    RECIPIENT = "recipient"
    RECIPIENT_ADMIN = "recipient-admin"
    AGENT = "agent"
    """The support person who reads the answer, and nobody outside."""


class When(StrEnum):
    """Of which failures a step speaks."""

    TEMPORARY = "temporary"
    """The sending server still tries: 4xx, a delay notice."""
    PERMANENT = "permanent"
    """The message came back for good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing to do. Its text may hold ``{recipient}`` slots (render.py)."""

    text: str
    by: Reader = Reader.WRITER
    when: When | None = None
    """None where it helps in both cases."""
    about: str | None = None
    """One of advice.TOPICS: the step goes where something more exact is said about the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clicks:
    """Where something is found in one mail program."""

    program: str
    """Its name, for people: ``Outlook, classic, Windows``."""
    family: str
    """One of program.FAMILIES."""
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """What to click, mail program by mail program."""

    title: str
    clicks: tuple[Clicks, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    when: str
    collect: tuple[str, ...]
    """What human agents need: sentences, in the order of worth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """One cause with everything that fivefifty says about it. Texts may hold ``{recipient}`` slots (render.py)."""

    slug: str
    family: str
    party: Party
    title: str
    summary: str
    steps: tuple[Step, ...]
    prevention: tuple[str, ...]
    escalation: Escalation
    guide: Guide | None = None
    """What to click in each mail program, where a step sends people there."""
    lookups: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    """Slugs of causes that this one wins over when both fit."""
    links: tuple[Link, ...] = ()
    counterexamples: tuple[str, ...] = ()
    """Texts that look like this cause and are not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A mailbox provider, a filter or a mail server product."""

    id: str
    name: str
    mx: tuple[str, ...] = ()
    """Suffixes of MX host names that belong to it."""
    hosts: tuple[str, ...] = ()
    """Suffixes of other host names that belong to it."""
    domains: tuple[str, ...] = ()
    """Mailbox domains that it serves for the public."""
    texts: tuple[str, ...] = ()
    """Literal words that only its replies have."""
    names: tuple[str, ...] = ()
    """What people call it when they tell whose server answered them."""
    dkim_selectors: tuple[str, ...] = ()
    postmaster: str | None = None
    delisting: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WordModel:
    """How much each term (match.terms) speaks for which cause. Fitted by benchmarks/fit.py."""

    causes: tuple[str, ...] = ()
    terms: Mapping[str, tuple[Sequence[int], Sequence[float]]] = field(default_factory=dict)
    """For each term the places of causes in ``causes``, and the weight of each in nats."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """What matching looks up in the variants of a Catalogue (match.prepare), as plain values that a loader can keep.

    Variants stand here as their places in ``variants``, causes as theirs in ``causes``.
    """

    causes: Mapping[str, "Cause"]
    variants: Sequence[Variant]
    words: WordModel
    rare: Mapping[str, float]
    """For each literal word how much it tells, in nats."""
    exact: Mapping[str, Sequence[int]]
    """The variants that have just these words, which stand here with a space between them."""
    by_pair: Mapping[tuple[str, str], Sequence[int]]
    """The variants whose rarest pair of neighbours this is."""
    by_word: Mapping[str, Sequence[int]]
    """The variants without such a pair whose rarest word this is."""
    weights: Sequence[float]
    """For each variant how much its literal words tell together, in nats."""
    unlearnt: Sequence[float]
    """For each variant, from 0 to 1, how new its words are to the word model, which was fitted before it was written."""
    codes: Mapping[str, Mapping[int, float]]
    """For each reply and status code how much it speaks for a cause, as log odds."""
    parties: Mapping[str, Party]
    """The variants that make another party act than their cause does, by their ids."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """The knowledge base, loaded."""

    causes: Mapping[str, Cause]
    variants: Sequence[Variant]
    providers: Mapping[str, Provider] = field(default_factory=lambda: MappingProxyType({}))
    blocklists: tuple[Mapping[str, Any], ...] = ()
    """Entries of knowledge/blocklists.yaml, fields as its schema says."""
    mail_domains: frozenset[str] = frozenset()
    """Well-known mail domains, for typos."""
    words: "WordModel" = field(default_factory=lambda: WordModel())
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """What codes mean by themselves: "replies", "statuses" (with X for the class) and "classes"."""
    prepared: Prepared | None = field(default=None, compare=False, repr=False)
    """What ``match.prepare`` gave, where the loader has kept it. Ask ``kept`` for it."""

    @property
    def kept(self) -> Prepared | None:
        """What the loader has prepared, unless it is of other causes, variants or words than these (``replace``)."""
        kept = self.prepared
        if kept is None or kept.variants is not self.variants:
            return None
        return kept if kept.causes is self.causes and kept.words is self.words else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A cause that fits a rejection, and the signal that says so."""

    cause: str
    score: float
    """0 to 1, before calibration."""
    signal: str
    """exact, phrase, fuzzy, code or words."""
    variant: str | None = None
    words: str = ""
    """The words of the input that the signal rests on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """All causes that fit one rejection, the best first. Empty when nothing fits."""

    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


class Outcome(StrEnum):
    """What a look-up gave. A timeout, a refusal or SERVFAIL is never ``absent``."""

    FOUND = "found"
    ABSENT = "absent"
    UNANSWERED = "unanswered"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing to look up. ``check`` is the name of a file in bot/lookups."""

    check: str
    subject: str
    """The domain, host or IP that is asked about."""
    about: str | None = None
    """A second subject where a check needs one: the IP for SPF, the zone for a blocklist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The outcome of one Question."""

    question: Question
    outcome: Outcome
    detail: str
    """One line for people: what was asked and what came back."""
    values: tuple[str, ...] = ()
    """What came back, for rules: MX host names in order of preference, 127.0.0.x codes, a record's text …"""
    reason: str | None = None
    """Why there is no answer: nxdomain, nodata, servfail, refused, timeout, offline, budget …"""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The diagnosis of one failed recipient."""

    cause: str
    family: str
    party: Party
    confidence: float
    """Calibrated: of the answers given at 0.9, nine in ten are right."""
    facts: Facts
    text: str = ""
    """The words that were matched against the knowledge base, as Rejection.text."""
    variant: str | None = None
    matched_text: str = ""
    decided_by: str = "text"
    """text, code or dns."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """Other causes with their confidence, the likeliest first."""
    reasons: tuple[str, ...] = ()
    """Sentences that say why: which signal, which words, which evidence."""
    given_up: bool = False
    """As Rejection.given_up: no server tries any more, although the code is a temporary one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """The whole answer to one text or mail. Not a bounce: ``results`` is empty."""

    bounce: bool
    results: tuple[Result, ...]
    title: str
    summary: str
    steps: tuple[str, ...] = ()
    """What to do, the likeliest help first, for the support person."""
    steps_by: Mapping[Reader, tuple[str, ...]] = field(default_factory=dict)
    """The same steps by who can take them, as a letter to them says it."""
    guide: Guide | None = None
    """What to click in each mail program. None where the program is known: then it is a step."""
    program: str | None = None
    """As Parsed.program."""
    prevention: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    collect: tuple[str, ...] = ()
    """What to collect before escalating."""
    evidence: tuple[Answer, ...] = ()
    notices: tuple[str, ...] = ()
    confidence: float = 1.0
    """That of the first result; how sure we are that it is no bounce where there is none."""

    @property
    def first(self) -> Result | None:
        """The result that the top level repeats."""
        return self.results[0] if self.results else None
