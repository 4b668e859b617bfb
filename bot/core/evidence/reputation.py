"""What do the blocklists say today, and whose move is it?"""

from urllib.parse import urlsplit

from bot.core.evidence.case import Case, absent, found, listing
from bot.core.evidence.listings import Entry, entry_for, read_codes
from bot.core.evidence.verdict import Finding, for_admin, for_writer
from bot.core.model import Answer, Link, Outcome, Step

_LISTED = ("ip-blocklisted", "domain-blocklisted")
_REPUTATION = (
    "bad-reputation",
    "spam-content",
    "sender-blocked",
    "policy-violation",
    "unknown",
    "rate-limited",
)


def still_on_the_named_list(case: Case) -> Finding | None:
    """The list that the bounce names still lists the sender; the code tells which step helps.

    Codes and steps are those of the list's entry in knowledge/blocklists.yaml.
    """
    answer, entry = _named(case)
    if entry is None or answer is None or not found(answer) or not case.is_(*_LISTED, "isp-restricted"):
        return None
    verdict = read_codes(entry, answer.values)
    subject = answer.question.subject
    if verdict.reason == "policy":
        return Finding(
            cause="isp-restricted",
            confidence=0.93,
            reason=f"{subject} is on {entry['name']} by policy ({verdict.words}): this network should not send mail directly. That is no offence.",
            steps=_steps_of(verdict.listings, subject)
            or (
                for_writer(
                    f"Send through your provider's mail server with a login (port 587) instead of directly from {subject}.",
                    "login",
                ),
            ),
            links=_links(entry),
        )
    return Finding(
        reason=f"{subject} is on {entry['name']} now: {verdict.words}.",
        steps=_way_off(entry, verdict.listings, subject),
        covers=("listing",),
        links=_links(entry),
    )


def where_to_ask(case: Case) -> Finding | None:
    """Before any look-up, and for lists that DNS does not show: the way off the list that the text names.

    The pages are those of each entry in knowledge/blocklists.yaml.
    """
    if not case.is_(*_LISTED, "bad-reputation"):
        return None
    answer, entry = _named(case)
    if entry is None or answer is not None:
        return None
    if entry.get("kind") != "none" and not case.is_(*_LISTED):
        return None
    subject = case.facts.sender_domain if entry.get("kind") == "domain" else case.facts.sending_ip
    return Finding(steps=_delisting(entry, subject), links=_links(entry))


def delisted_since(case: Case) -> Finding | None:
    """Listed when it bounced, absent now: nothing to delist, send again.

    RFC 5782 section 2.1: no A record means not listed.
    """
    answer, entry = _named(case)
    if entry is None or answer is None or not absent(answer) or not case.is_(*_LISTED, "isp-restricted"):
        return None
    subject = answer.question.subject
    return Finding(
        reason=f"{subject} is not on {entry['name']} any more: it was delisted since.",
        steps=(
            for_writer(
                f"Send the message again: {subject} is off {entry['name']} now. Receivers may keep the old answer for some hours.",
                "listing",
            ),
        ),
    )


def named_list_could_not_be_asked(case: Case) -> Finding | None:
    """Refused, or no answer: neither listed nor clean (RFC 5782 leaves no other reading)."""
    answer, entry = _named(case)
    if entry is None or not case.is_(*_LISTED, "isp-restricted"):
        return None
    if answer is None or answer.outcome not in (Outcome.UNANSWERED, Outcome.SKIPPED) or _is_dead(entry):
        return None
    subject = answer.question.subject
    return Finding(
        reason=f"Whether {subject} is still on {entry['name']} could not be checked from here.",
        steps=_delisting(entry, subject),
        links=_links(entry),
    )


def dead_list(case: Case) -> Finding | None:
    """A list that was shut down answers nothing or "listed" to everything: the receiver has to remove it.

    RFC 6471 section 3.4; the end of each list is in knowledge/blocklists.yaml.
    """
    if not case.is_(*_LISTED, "isp-restricted", "sender-blocked", "policy-violation"):
        return None
    entry = case.named_list
    if entry is None or not _is_dead(entry):
        return None
    domain = case.facts.recipient_domain
    postmaster = f"the postmaster of {domain}" if domain else "the recipient's postmaster"
    return Finding(
        reason=f"{entry['name']} was shut down and must not be asked any more: the fault is the receiver's, there is nothing to delist.",
        steps=(
            for_writer(
                f"Tell {postmaster}, by another way, that their server still asks {entry['name']}, a dead list, and has to remove it.",
                "listing",
            ),
        ),
    )


def receivers_resolver_is_refused(case: Case) -> Finding | None:
    """A link to the list's refusal page in the bounce: the receiver's resolver was refused and took that
    for a listing (uribl.com/refused.shtml; 127.255.255.x at Spamhaus)."""
    if not case.is_(*_LISTED, "isp-restricted", "policy-violation", "unknown"):
        return None
    text = f"{case.rejection.text} {case.rejection.context}".lower()
    signs = (
        "refused.shtml",
        "127.255.255.25",
        "spamhaus.org/returnc/pub",
        "spamhaus.org/returnc/vol",
        "error: open resolver",
    )
    if not any(sign in text for sign in signs):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        reason="The reply shows the list's answer to a refused resolver, not a listing: nobody is listed.",
        steps=(
            for_writer(
                f"Tell the postmaster of {domain or 'the recipient'} that the list refuses their DNS resolver (public or over its limit) and their server takes that for a listing.",
                "listing",
            ),
        ),
    )


def listed_by_a_weighty_list(case: Case) -> Finding | None:
    """A judgement on reputation while a list that large receivers use lists the sender: start there.

    The weights are those of knowledge/blocklists.yaml.
    """
    hits = _weighty(case, "listed")
    if not hits or not case.is_(*_REPUTATION, *_LISTED):
        return None
    answer, entry = hits[0]
    verdict = read_codes(entry, answer.values)
    subject = answer.question.subject
    return Finding(
        reason=f"{subject} is on {entry['name']} ({verdict.words}), which large receivers use.",
        steps=_way_off(entry, verdict.listings, subject),
        covers=("listing",),
        links=_links(entry),
    )


def not_meant_to_send_directly(case: Case) -> Finding | None:
    """On a policy list (PBL) that large receivers use, though the bounce does not name it: no offence, and
    perhaps the reason (Spamhaus PBL: end users log in to their own provider).

    spamhaus.org/blocklists/policy-blocklist.
    """
    hits = _weighty(case, "policy")
    if not hits or not case.is_(*_REPUTATION, *_LISTED):
        return None
    answer, entry = hits[0]
    verdict = read_codes(entry, answer.values)
    subject = answer.question.subject
    return Finding(
        reason=f"{subject} is on {entry['name']} by policy ({verdict.words}); receivers that use it refuse mail sent directly from there.",
        steps=_steps_of(verdict.listings, subject),
    )


def listed_elsewhere(case: Case) -> Finding | None:
    """Listings that the bounce does not name are background: they may or may not have to do with it.

    RFC 6471 section 2: each receiver chooses its lists.
    """
    told = [entry["id"] for reason in ("listed", "policy") for _, entry in _weighty(case, reason)[:1]]
    hits = [entry["name"] for _, entry in _unnamed(case) if entry["id"] not in told]
    if not hits or not case.is_(*_REPUTATION, *_LISTED):
        return None
    return Finding(reason=f"Also listed, perhaps without a part in this bounce: {listing(hits, 5)}.")


def on_no_list_that_was_asked(case: Case) -> Finding | None:
    """No public list has the sender: then the provider's own list or judgement refused.

    RFC 6471 section 2: each receiver chooses its lists.
    """
    if not case.is_("ip-blocklisted", "bad-reputation") or case.named_list is not None:
        return None
    asked = case.all("blocklist")
    clean = [answer for answer in asked if absent(answer)]
    if not clean or any(found(answer) for answer in asked):
        return None
    open_ = len(asked) - len(clean)
    missing = f" ({open_} could not be asked)" if open_ else ""
    return Finding(
        reason=f"{clean[0].question.subject} is on none of the {len(clean)} public lists that answered{missing}: the receiver goes by a list or judgement of its own."
    )


def _named(case: Case) -> tuple[Answer | None, Entry | None]:
    """The entry of the list that the text names, and the answer for it."""
    entry = case.named_list
    if entry is None:
        return None, None
    for answer in case.all("blocklist"):
        if answer.question.about == entry.get("zone"):
            return answer, entry
    return None, entry


def _unnamed(case: Case) -> list[tuple[Answer, Entry]]:
    """Listings on lists that the text does not name."""
    named = case.named_list
    hits = []
    for answer in case.all("blocklist"):
        entry = entry_for(case.catalogue, answer.question.about)
        if entry is not None and entry is not named and found(answer):
            hits.append((answer, entry))
    return hits


def _weighty(case: Case, reason: str) -> list[tuple[Answer, Entry]]:
    """Those of them on lists that large receivers reject on, for this reason."""
    return [
        (answer, entry)
        for answer, entry in _unnamed(case)
        if entry.get("weight") == "high" and read_codes(entry, answer.values).reason == reason
    ]


def _is_dead(entry: Entry) -> bool:
    return entry.get("ask") == "never" and bool((entry.get("status") or {}).get("state") == "dead")


def _steps_of(rows: tuple[Entry, ...], subject: str) -> tuple[Step, ...]:
    """What the codes themselves ask for. A policy listing is left by logging in, all others by whoever runs the
    address or the domain."""
    return tuple(
        dict.fromkeys(
            for_writer(text, "login") if row.get("blame", True) is False else for_admin(text, "abuse")
            for row in rows
            if (text := str(row.get("step") or "").replace("SUBJECT", subject))
        )
    )


def _way_off(entry: Entry, rows: tuple[Entry, ...], subject: str) -> tuple[Step, ...]:
    """What the codes ask for, then the list's own way off, where they do not name its page already."""
    steps = _steps_of(rows, subject)
    page = urlsplit(str((entry.get("delist") or {}).get("url") or "")).hostname
    if page and any(page in step.text for step in steps):
        return steps
    return (*steps, *_delisting(entry, subject))


def _delisting(entry: Entry, subject: str | None) -> tuple[Step, ...]:
    delist = entry.get("delist") or {}
    if not delist.get("how"):
        return ()
    url = f" {delist['url']}" if delist.get("url") else ""
    if delist.get("by") == "nobody":
        return (for_admin(f"{entry['name']}: {delist['how']}.{url}", "listing"),)
    whose = f" for {subject}" if subject else ""
    return (for_admin(f"Removal from {entry['name']}{whose}: {delist['how']}.{url}", "listing"),)


def _links(entry: Entry) -> tuple[Link, ...]:
    url = (entry.get("delist") or {}).get("url")
    return (Link(title=f"{entry['name']}: look-up and removal", url=url),) if url else ()


RULES = (
    still_on_the_named_list,
    listed_by_a_weighty_list,
    where_to_ask,
    delisted_since,
    named_list_could_not_be_asked,
    dead_list,
    receivers_resolver_is_refused,
    not_meant_to_send_directly,
    listed_elsewhere,
    on_no_list_that_was_asked,
)

TEXT_RULES = (where_to_ask, dead_list, receivers_resolver_is_refused)
"""Those of RULES that need no answer: the text names a list."""
