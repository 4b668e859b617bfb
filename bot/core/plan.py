"""What has to be looked up to be sure? Chooses the Questions for one rejection.

Only what a rule of bot/core/evidence can use is asked: the MX of the recipient's domain for what may
hang on it, the named blocklist (or the default ones) for the sending address, and the sender's records
where the cause is about them. Private addresses and inner names are turned away by the resolver itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from bot.core.address import suggest_domain
from bot.core.evidence.listings import Entry, default_lists, named_list, subject_type
from bot.core.model import NOT_A_BOUNCE, UNKNOWN, Catalogue, Match, Question, Rejection

MAX_QUESTIONS = 24
CLOSE = 0.85
"""A second cause this near to the best one (as a share of its score) has its questions asked too."""

MAX_TEXT = 4000
_NAME = r"([a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z][a-z0-9-]{1,62})"
_HELO = (
    re.compile(r"<([^<>\s@]{1,253})>: helo command rejected", re.I),
    re.compile(r"\bhelo=<([^<>\s@]{1,253})>", re.I),
    re.compile(r"\b(?:helo|ehlo)(?: name| hostname| string| argument)?[ :=]{1,3}[<\[\"'(]?" + _NAME, re.I),
)
_LISTED_DOMAIN = (
    re.compile(r"(?:/query/domain/|/domain/|[?&]domains?=|[?&]d=|[?&]lookup=)" + _NAME, re.I),
    re.compile(
        r"\b(?:domain|url|uri|link|client host|host)(?: name)?[ :=]{1,3}[<\[\"'(]?(?:https?://)?" + _NAME,
        re.I,
    ),
)


def plan(rejection: Rejection, match: Match, catalogue: Catalogue) -> tuple[Question, ...]:
    """The Questions for one rejection, without repeats, the most telling first, at most MAX_QUESTIONS."""
    wanted: dict[str, None] = {}
    for cause in _causes(match):
        wanted.update(dict.fromkeys(_WANTED.get(cause, ())))
    asked = (question for name in wanted for question in _ASK[name](rejection, catalogue))
    return tuple(dict.fromkeys(asked))[:MAX_QUESTIONS]


def _causes(match: Match) -> Iterator[str]:
    if match.best is None:
        yield UNKNOWN
        return
    for candidate in match.candidates[:3]:
        if candidate.score >= CLOSE * match.best.score and candidate.cause != NOT_A_BOUNCE:
            yield candidate.cause


def _recipient_mx(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("mx", rejection.facts.recipient_domain)


def _receiver(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    """The MX that shows which provider refused, where neither host nor words do."""
    facts = rejection.facts
    return () if facts.provider or rejection.receiving_side else _about("mx", facts.recipient_domain)


def _sender_mx(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("mx", rejection.facts.sender_domain)


def _neighbour(rejection: Rejection, catalogue: Catalogue) -> Iterable[Question]:
    """The domain that the recipient's may be a slip of."""
    domain = rejection.facts.recipient_domain
    near = rejection.facts.suggestion or (suggest_domain(domain, catalogue) if domain else None)
    return _about("mx", near, "neighbour")


def _host(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    """Does the host that refused serve the recipient's domain, or the sender's?"""
    facts = rejection.facts
    if facts.rejecting_host and facts.recipient_domain:
        yield Question(check="mx-host", subject=facts.rejecting_host, about=facts.recipient_domain)
    if facts.rejecting_host and facts.sender_domain and facts.sender_domain != facts.recipient_domain:
        yield Question(check="mx-host", subject=facts.rejecting_host, about=facts.sender_domain)


def _ptr(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("ptr", rejection.facts.sending_ip)


def _client_name(rejection: Rejection, catalogue: Catalogue) -> Iterable[Question]:
    """The reverse name of a client that sendmail could not tell by its name."""
    return _ptr(rejection, catalogue) if "ip name " in rejection.text[:MAX_TEXT].lower() else ()


def _spf(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("spf", rejection.envelope_domain, rejection.facts.sending_ip)


def _dmarc(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("dmarc", rejection.author_domain)


def _dkim(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    """The keys of the message's own signatures; without its headers the one that the text names."""
    signatures = rejection.origin.signatures if rejection.origin else ()
    if signatures:
        return [Question(check="dkim", subject=s.domain, about=s.selector) for s in signatures]
    return _about("dkim", rejection.author_domain, selector_in(rejection.text + " " + rejection.context))


def _alignment(rejection: Rejection, _: Catalogue) -> Iterator[Question]:
    """Does what SPF and DKIM vouch for count for the From domain? Only where the message itself tells both.

    The From domain's own SPF record, too: a sending address that is not in it hints at a forwarder.
    """
    origin = rejection.origin
    if origin is None or origin.author_domain is None:
        return
    author = origin.author_domain
    if origin.envelope_domain:
        yield Question(check="alignment", subject=author, about=f"spf:{origin.envelope_domain}")
        if origin.envelope_domain != author and rejection.facts.sending_ip:
            yield Question(check="spf", subject=author, about=rejection.facts.sending_ip)
    for signature in origin.signatures:
        yield Question(check="alignment", subject=author, about=f"dkim:{signature.domain}")


def _mta_sts(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("mta-sts", rejection.facts.recipient_domain)


def _helo(rejection: Rejection, _: Catalogue) -> Iterable[Question]:
    return _about("helo", helo_in(rejection.text), rejection.facts.sending_ip)


def _named_list(rejection: Rejection, catalogue: Catalogue) -> Iterable[Question]:
    """The list that the text names, and no other; the default lists where it names none."""
    facts = rejection.facts
    entry = named_list(catalogue, rejection)
    if entry is None or entry.get("kind") == "none":
        subject = facts.sending_ip
        lists = default_lists(catalogue, "ip", subject_type(subject)) if subject else ()
        return _listings(subject, lists)
    return _listings(_subject_for(entry, rejection), (entry,))


def _domain_lists(rejection: Rejection, catalogue: Catalogue) -> Iterable[Question]:
    entry = named_list(catalogue, rejection, "domain-blocklisted")
    if entry is not None and entry.get("kind") != "none":
        return _listings(_subject_for(entry, rejection), (entry,))
    subject = listed_domain_in(rejection.text) or rejection.facts.sender_domain
    return _listings(subject, default_lists(catalogue, "domain"))


def _weighty_lists(rejection: Rejection, catalogue: Catalogue) -> Iterable[Question]:
    """Lists that large receivers reject on, for refusals that give no list."""
    facts = rejection.facts
    if facts.sending_ip:
        lists = default_lists(catalogue, "ip", subject_type(facts.sending_ip))
        yield from _listings(facts.sending_ip, (entry for entry in lists if entry.get("weight") == "high"))
    lists = default_lists(catalogue, "domain")
    yield from _listings(facts.sender_domain, (entry for entry in lists if entry.get("weight") == "high"))


def selector_in(text: str) -> str | None:
    """The DKIM selector that a text names: ``s=…`` beside a ``d=``, or a name with ``._domainkey.``."""
    for word in text.replace(";", " ").replace(",", " ").replace("(", " ").replace(")", " ").split():
        word = word.strip("<>\"'.:").lower()
        if "._domainkey." in word:
            return _selector(word.partition("._domainkey.")[0])
        if word.startswith(("s=", "selector=")) and "d=" in text.lower():
            return _selector(word.partition("=")[2])
    return None


def helo_in(text: str) -> str | None:
    """The HELO name that a text refuses: ``<name>: Helo command rejected``, ``helo=<name>``, ``HELO name``."""
    for pattern in _HELO:
        found = pattern.search(text[:MAX_TEXT])
        if found:
            return found[1].lower().rstrip(".")
    return None


def listed_domain_in(text: str) -> str | None:
    """The domain that a text says is listed, by the look-up link of a list or after the word domain or URL."""
    for pattern in _LISTED_DOMAIN:
        found = pattern.search(text[:MAX_TEXT])
        if found:
            return found[1].lower().rstrip(".")
    return None


def _selector(text: str) -> str | None:
    fine = 0 < len(text) <= 63 and all(c.isascii() and (c.isalnum() or c in "-_.") for c in text)
    return text if fine else None


def _subject_for(entry: Entry, rejection: Rejection) -> str | None:
    """What the list holds: the domain that the text says is listed, else the sender's; or the sending address."""
    if entry.get("kind") == "domain":
        return listed_domain_in(rejection.text) or rejection.facts.sender_domain
    return rejection.facts.sending_ip


def _listings(subject: str | None, entries: Iterable[Entry]) -> Iterator[Question]:
    for entry in entries:
        if subject and entry.get("zone") and entry.get("ask") != "never":
            yield Question(check="blocklist", subject=subject, about=entry["zone"])


def _about(check: str, subject: str | None, about: str | None = None) -> tuple[Question, ...]:
    return (Question(check=check, subject=subject, about=about),) if subject else ()


_ASK: dict[str, Callable[[Rejection, Catalogue], Iterable[Question]]] = {
    "recipient-mx": _recipient_mx,
    "receiver": _receiver,
    "sender-mx": _sender_mx,
    "neighbour": _neighbour,
    "host": _host,
    "ptr": _ptr,
    "client-name": _client_name,
    "helo": _helo,
    "spf": _spf,
    "dmarc": _dmarc,
    "dkim": _dkim,
    "alignment": _alignment,
    "mta-sts": _mta_sts,
    "named-list": _named_list,
    "domain-lists": _domain_lists,
    "weighty-lists": _weighty_lists,
}
_WANTED: dict[str, tuple[str, ...]] = {
    "no-such-user": ("recipient-mx", "host", "neighbour"),
    "mailbox-unavailable": ("recipient-mx", "neighbour"),
    "mailbox-disabled": ("recipient-mx",),
    "recipient-moved": ("recipient-mx",),
    "domain-not-found": ("recipient-mx", "neighbour"),
    "domain-not-hosted": ("recipient-mx", "host"),
    "relay-denied": ("recipient-mx", "host", "neighbour", "client-name"),
    "mail-loop": ("recipient-mx", "host"),
    "server-unreachable": ("recipient-mx", "host", "neighbour"),
    "tls-failure": ("recipient-mx", "mta-sts"),
    "auth-required": ("recipient-mx", "host"),
    "isp-restricted": ("named-list", "ptr"),
    "sender-unverifiable": ("sender-mx", "spf"),
    "spf-failed": ("spf", "dmarc", "alignment", "receiver"),
    "dkim-failed": ("dkim", "dmarc", "alignment", "receiver"),
    "dmarc-failed": ("dmarc", "spf", "dkim", "alignment", "receiver"),
    "unauthenticated": ("spf", "dkim", "dmarc", "alignment", "ptr", "receiver"),
    "missing-ptr": ("ptr", "receiver"),
    "bad-helo": ("helo", "ptr"),
    "ip-blocklisted": ("named-list", "ptr", "receiver"),
    "domain-blocklisted": ("domain-lists", "receiver"),
    "bad-reputation": ("weighty-lists", "spf", "dmarc", "ptr", "receiver"),
    "spam-content": ("weighty-lists", "spf", "dmarc", "receiver"),
    "sender-blocked": ("weighty-lists", "receiver"),
    "policy-violation": ("weighty-lists", "receiver"),
    "rate-limited": ("weighty-lists", "ptr", "receiver"),
    UNKNOWN: ("recipient-mx", "sender-mx", "neighbour", "weighty-lists"),
}
