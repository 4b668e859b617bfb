"""What do SPF, DKIM, DMARC and reverse DNS of the sender say about a refusal?"""

from bot.core.evidence.case import Case, absent, found, listing
from bot.core.evidence.verdict import Finding, for_admin, for_writer
from bot.core.model import Outcome

_SPF = ("spf-failed", "unauthenticated", "dmarc-failed")
_IDENTITY = ("sender-unverifiable", "unknown")
MAX_RECORD = 200


def spf_lacks_the_address(case: Case) -> Finding | None:
    """The record does not authorise the sending address (RFC 7208 section 2.6): show the one that does."""
    spf, ip, domain = case.spf, case.facts.sending_ip, case.rejection.envelope_domain
    if not case.is_(*_SPF) or spf is None or not ip or not found(spf, "fail", "softfail", "neutral"):
        return None
    record = spf.values[0] if spf.values else ""
    better = with_address(record, ip)
    step = (
        f"If {ip} is your server, publish as TXT of {domain}: {better}"
        if len(better) <= MAX_RECORD
        else (f"If {ip} is your server, add {mechanism(ip)} to the SPF record of {domain}, before its “all”.")
    )
    return Finding(
        reason=f"The SPF record of {domain} does not authorise {ip} (result {spf.reason}).",
        steps=(
            for_admin(step, "spf"),
            for_admin(
                f"If {ip} belongs to a service that sends for you, add the include that this service names instead."
            ),
        ),
    )


def spf_is_missing(case: Case) -> Finding | None:
    """No SPF record: nothing can pass (RFC 7208 section 2.6.1, none)."""
    if not case.is_(*_SPF) or not absent(case.spf):
        return None
    domain, ip = case.rejection.envelope_domain, case.facts.sending_ip
    own = f" {mechanism(ip)}" if ip else ""
    # An address in a bounce may be a stranger's: only its owner may let it send.
    whose = f"If {ip} is your server, publish" if ip else "Publish"
    return Finding(
        reason=f"{domain} publishes no SPF record.",
        steps=(
            for_admin(
                f"{whose} as TXT of {domain}: v=spf1 mx{own} ~all, with the include of each service that sends for you before ~all.",
                "spf",
            ),
        ),
    )


def spf_needs_too_many_lookups(case: Case) -> Finding | None:
    """More than ten terms that need DNS are a permanent error (RFC 7208 section 4.6.4)."""
    spf, domain = case.spf, case.rejection.envelope_domain
    if not case.is_(*_SPF) or spf is None or not found(spf, "permerror"):
        return None
    count = number(spf.values, "lookups")
    if count is None or count <= 10:
        return None
    dear = [f"{name} ({cost})" for name, cost in sorted(costs(spf.values), key=lambda cost: -cost[1])]
    drop = f" The dearest: {listing(dear, 4)}." if dear else ""
    return Finding(
        reason=f"The SPF record of {domain} needs {count} DNS look-ups; over 10 it counts as broken for every sender.",
        steps=(
            for_admin(
                f"Drop includes that you no longer send through until at most 10 look-ups are left.{drop}",
                "spf",
            ),
            for_admin("Replace “a” and “mx” by the ip4/ip6 addresses behind them: those cost no look-up."),
        ),
    )


def spf_is_broken(case: Case) -> Finding | None:
    """Two records, a syntax error, too many void look-ups: a permanent error (RFC 7208 sections 4.5, 4.6)."""
    spf, domain = case.spf, case.rejection.envelope_domain
    if not case.is_(*_SPF) or spf is None or not found(spf, "permerror"):
        return None
    if (number(spf.values, "lookups") or 0) > 10:
        return None
    problem = text(spf.values, "problem") or "it cannot be evaluated"
    return Finding(
        reason=f"The SPF record of {domain} is broken: {problem}.",
        steps=(
            for_admin(
                f"Mend the SPF record of {domain} first: {problem}. Until then no server can pass.", "spf"
            ),
        ),
    )


def spf_passes_now(case: Case) -> Finding | None:
    """The record authorises the address today: mended since, or the mail went another way (forwarding).

    RFC 7208 sections 2.6.3 and 11.3; RFC 7960 section 2 for forwarding.
    """
    if not case.is_("spf-failed") or not found(case.spf, "pass"):
        return None
    domain, ip = case.rejection.envelope_domain, case.facts.sending_ip
    return Finding(
        reason=f"SPF of {domain} passes for {ip} now: the record was mended since, or is still spreading.",
        steps=(
            for_writer(
                "Send the message again. If it still fails, the recipient's server knows the old record (wait for its TTL) or got the mail from a forwarder.",
                "spf",
            ),
        ),
    )


def dmarc_alignment_is_lost(case: Case) -> Finding | None:
    """SPF passes and DMARC fails all the same: what passed is not aligned with the From domain, or a
    forwarder broke it (RFC 9989 section 4.4; RFC 7960 section 2)."""
    if not case.is_("dmarc-failed") or not found(case.dmarc, "reject", "quarantine"):
        return None
    if case.all("alignment"):
        return None  # the message's own headers tell more: bot/core/evidence/alignment.py
    domain = case.rejection.author_domain
    policy = case.dmarc.reason if case.dmarc else None
    if found(case.spf, "pass"):
        return Finding(
            reason=f"{domain} asks for {policy}, and SPF passes for the sending address: so the From domain is another one, or a forwarder or list changed the mail.",
            steps=(
                for_admin(
                    f"Sign with DKIM as d={domain}: a DKIM signature survives forwarding, SPF does not.",
                    "alignment",
                ),
                for_admin(
                    "Compare the domain after From: with the envelope sender; one of SPF or DKIM has to pass for the From domain."
                ),
            ),
        )
    if found(case.spf, "fail", "softfail", "neutral") or absent(case.spf):
        return Finding(
            reason=f"{domain} asks receivers to {policy} mail that is not authenticated, and this server is not authorised by SPF.",
            steps=(
                for_admin(
                    f"Send through the servers of {domain}, or let the sending service sign with DKIM as d={domain}.",
                    "alignment",
                ),
            ),
        )
    return None


def dmarc_policy_is_gone(case: Case) -> Finding | None:
    """The refusal names DMARC, and there is no record now: it was changed since, or the From domain is
    another.

    RFC 9989 section 4.10.1: without a record there is no policy.
    """
    if not case.is_("dmarc-failed") or not absent(case.dmarc):
        return None
    domain = case.rejection.author_domain
    return Finding(
        reason=f"{domain} has no DMARC record now: it was removed since, or the From line names another domain."
    )


def dmarc_asks_for_nothing(case: Case) -> Finding | None:
    """A policy of none asks for no refusal (RFC 9989 section 4.7): the receiver goes by a rule of its own."""
    if not case.is_("dmarc-failed") or not found(case.dmarc, "none"):
        return None
    domain = case.rejection.author_domain
    return Finding(
        reason=f"The DMARC policy of {domain} is none: the refusal is the receiver's own rule, or the From line names another domain."
    )


def large_receivers_want_dmarc(case: Case) -> Finding | None:
    """Google and Yahoo want SPF, DKIM and a DMARC record of bulk senders
    (support.google.com/a/answer/81126).
    """
    if not case.is_("unauthenticated") or not absent(case.dmarc):
        return None
    domain = case.rejection.author_domain
    return Finding(
        reason=f"{domain} has no DMARC record, which large receivers want besides SPF and DKIM.",
        steps=(
            for_admin(
                f"Publish as TXT of _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
                "dmarc",
            ),
        ),
    )


def dkim_key_is_missing(case: Case) -> Finding | None:
    """A signature whose key is not in DNS cannot be verified (RFC 6376 section 6.1.2)."""
    if not case.is_("dkim-failed", "unauthenticated", "dmarc-failed"):
        return None
    for dkim in case.dkim:
        domain, selector = dkim.question.subject, dkim.question.about
        if found(dkim, "revoked"):
            return Finding(
                reason=f"The DKIM key {listing(dkim.values)} of {domain} is revoked (empty p=).",
                steps=(
                    for_admin(
                        "Sign with a key that is published, or publish the new one under its selector.",
                        "dkim",
                    ),
                ),
            )
        if selector and absent(dkim):
            return Finding(
                reason=f"There is no DKIM key {selector}._domainkey.{domain} in DNS.",
                steps=(
                    for_admin(
                        f"Publish the public key as TXT of {selector}._domainkey.{domain}, or sign with a selector that is published.",
                        "dkim",
                    ),
                ),
            )
    return None


def ptr_is_missing(case: Case) -> Finding | None:
    """No reverse DNS: RFC 1912 section 2.1 wants a PTR for every host; large receivers refuse without."""
    if not case.is_("missing-ptr", "bad-helo", "unauthenticated") or not absent(case.ptr):
        return None
    ip = case.facts.sending_ip
    if case.is_("unauthenticated"):  # a lack beside the reason
        return Finding(
            reason=f"{ip} has no reverse DNS name (PTR), which large receivers want, too.",
            steps=(
                for_admin(f"Let the PTR of {ip} be set as well: whoever gives you the address can do it."),
            ),
        )
    return Finding(
        reason=f"{ip} has no reverse DNS name (PTR).",
        steps=(
            for_admin(
                f"Ask the company that gives you the address {ip} (hosting company or ISP) to set its PTR to the full name of your mail server, such as mail.{case.facts.sender_domain or 'your-domain'}. Your own DNS host usually cannot.",
                "ptr",
            ),
            for_admin(
                f"Let that name have an A or AAAA record that leads back to {ip}, and let the server greet with it (Postfix myhostname, Exim primary_hostname, Exchange the FQDN of the send connector).",
                "helo",
            ),
        ),
    )


def relay_is_denied_for_want_of_a_name(case: Case) -> Finding | None:
    """sendmail adds "IP name lookup failed" or "IP name possibly forged" where it cannot tell a client by its
    name (sendmail cf/README, relay by domain)."""
    said = case.rejection.text.lower()
    if not case.is_("relay-denied") or not (
        "ip name lookup failed" in said or "ip name possibly forged" in said
    ):
        return None
    ip = case.facts.sending_ip
    if absent(case.ptr):
        return Finding(
            reason=f"{ip} has no reverse name, so the server cannot tell whether it may relay for it.",
            steps=(
                for_admin(
                    f"Log in to the server (port 587), or let the PTR of {ip} be set if it is allowed to relay by its name."
                ),
            ),
        )
    if found(case.ptr, "unconfirmed"):
        name = _first(case.ptr.values)
        return Finding(
            reason=f"The reverse name of {ip}, {name}, does not lead back to it, so the server does not trust it.",
            steps=(
                for_admin(f"Log in to the server (port 587), or give {name} an A or AAAA record with {ip}."),
            ),
        )
    return None


def ptr_is_not_confirmed(case: Case) -> Finding | None:
    """The PTR name does not lead back to the address (forward-confirmed reverse DNS, RFC 8601 section 3)."""
    if not case.is_("missing-ptr", "bad-helo", "unauthenticated") or not found(case.ptr, "unconfirmed"):
        return None
    ip, name = case.facts.sending_ip, _first(case.ptr.values if case.ptr else ())
    return Finding(
        reason=f"The PTR of {ip} is {name}, but {name} does not lead back to {ip}.",
        steps=(
            for_admin(
                f"Give {name} an A or AAAA record with {ip}, or let the hosting company change the PTR to a name that has one.",
                "ptr",
            ),
        ),
        # Where the greeting is not the matter, this says all about the name.
        covers=("helo",) if case.is_("missing-ptr") else (),
    )


def ptr_looks_generic(case: Case) -> Finding | None:
    """Names made from the address mark dynamic or unnamed hosts; receivers refuse them by pattern.

    senderscorecertified.com/about/reverse_dns.php, naming conventions; spamauditor.org, check_reverse_dns_list.
    """
    if not case.is_("missing-ptr", "bad-helo", "isp-restricted", "ip-blocklisted") or not found(
        case.ptr, "generic"
    ):
        return None
    ip, name = case.facts.sending_ip, _first(case.ptr.values if case.ptr else ())
    if case.is_("isp-restricted"):
        return Finding(
            reason=f"The reverse name of {ip}, {name}, looks like a dynamic or home connection, which fits the refusal.",
            steps=(
                for_writer(
                    "Send through your provider's or company's mail server with a login (port 587), not straight from this address.",
                    "login",
                ),
            ),
        )
    return Finding(
        reason=f"The reverse name of {ip}, {name}, is made from the address, as for dynamic hosts; many receivers refuse such names.",
        steps=(
            for_admin(
                f"Ask the hosting company to set the PTR of {ip} to a name of your own, such as mail.{case.facts.sender_domain or 'your-domain'}, and give that name an A or AAAA record with {ip}.",
                "ptr",
            ),
        ),
        # Where the greeting is not the matter, this says all about the name.
        covers=("helo",) if case.is_("missing-ptr") else (),
    )


def ptr_is_right_now(case: Case) -> Finding | None:
    """Reverse DNS is confirmed today: mended since the bounce.

    RFC 8601 section 3 for the confirmation, RFC 1035 section 3.2.1 for the TTL.
    """
    if not case.is_("missing-ptr") or case.ptr is None or not found(case.ptr, None):
        return None
    ip = case.facts.sending_ip
    return Finding(
        reason=f"The reverse DNS of {ip} is {_first(case.ptr.values)} and leads back: it is right now.",
        steps=(for_writer("Send the message again; receivers may know the old answer for some hours."),),
        covers=("ptr", "helo"),
    )


def helo_is_no_public_name(case: Case) -> Finding | None:
    """A HELO name has to be a full domain name or an address literal (RFC 5321 section 4.1.4)."""
    helo = next(iter(case.all("helo")), None)
    if not case.is_("bad-helo") or helo is None or helo.outcome is not Outcome.SKIPPED:
        return None
    return Finding(
        reason=f"The server greets as “{helo.question.subject[:80]}”, which is {helo.reason or 'no public name'}.",
        steps=(
            for_admin(
                "Let the mail server greet with its full public name, the one that its PTR has (Postfix: myhostname; Exim: primary_hostname; Exchange: the FQDN of the send connector).",
                "helo",
            ),
        ),
    )


def helo_leads_nowhere(case: Case) -> Finding | None:
    """Receivers refuse a HELO name without an address (RFC 5321 section 4.1.4 lets them look)."""
    helo = next(iter(case.all("helo")), None)
    if not case.is_("bad-helo") or not absent(helo):
        return None
    name, ip = helo.question.subject, case.facts.sending_ip or "the server's address"
    return Finding(
        reason=f"The HELO name {name} has no address in DNS.",
        steps=(
            for_admin(
                f"Give {name} an A or AAAA record with {ip}, or let the server greet with a name that has one (Postfix: myhostname; Exim: primary_hostname; Exchange: the FQDN of the send connector).",
                "helo",
            ),
        ),
    )


def helo_names_another_host(case: Case) -> Finding | None:
    """A HELO name that leads elsewhere looks forged to receivers that compare.

    fastmail.help, best practices for SMTP servers: HELO and reverse name have to match.
    """
    helo = next(iter(case.all("helo")), None)
    if not case.is_("bad-helo") or not found(helo, "other-address"):
        return None
    name, ip = helo.question.subject, case.facts.sending_ip
    return Finding(
        reason=f"The HELO name {name} leads to {listing(helo.values, 2)}, not to {ip}.",
        steps=(
            for_admin(
                f"Let the server greet with the name that the PTR of {ip} has, and give that name an A or AAAA record with {ip} (Postfix: myhostname; Exim: primary_hostname; Exchange: the FQDN of the send connector).",
                "helo",
            ),
        ),
    )


def sender_domain_is_unknown(case: Case) -> Finding | None:
    """A sender whose domain does not exist or takes no mail cannot get a bounce, so receivers refuse it
    (RFC 5321 section 3.3 lets them)."""
    mx, domain = case.sender_mx, case.facts.sender_domain
    if not case.is_(*_IDENTITY) or mx is None or not absent(mx, "nxdomain", "nodata", "null-mx"):
        return None
    what = {
        "nxdomain": "does not exist in DNS",
        "nodata": "has neither an MX record nor an address",
        "null-mx": "publishes a null MX: it takes no mail, so no answer can reach its senders (RFC 7505 section 4.2)",
    }[mx.reason or ""]
    return Finding(
        cause="sender-unverifiable" if case.is_("unknown") else None,
        confidence=0.7 if case.is_("unknown") else None,
        reason=f"The sender's domain {domain} {what}.",
        steps=(
            for_writer(
                f"Send from an address whose domain takes mail; check the spelling of {domain} in the program that sends.",
                "sender-domain",
            ),
        ),
    )


def sender_domain_is_fine(case: Case) -> Finding | None:
    """The sender's domain takes mail now: the mailbox itself or the receiver's call-back is the matter.

    RFC 5321 section 3.3: a server may refuse senders that it cannot answer.
    """
    mx = case.sender_mx
    if not case.is_("sender-unverifiable") or not found(mx, None):
        return None
    return Finding(
        reason=f"The sender's domain {case.facts.sender_domain} takes mail (at {listing(mx.values)}): the address itself may not exist there, or its server refuses the receiver's check.",
        steps=(
            for_writer(
                "Send a test message to the sender's own address: if it bounces, create that mailbox or send from one that exists.",
                "own-address",
            ),
        ),
        covers=("sender-domain",),
    )


# Reading and writing the values of an SPF answer: the record first, then "key=value".


def number(values: tuple[str, ...], key: str) -> int | None:
    found = text(values, key)
    return int(found) if found is not None and found.isdigit() else None


def text(values: tuple[str, ...], key: str) -> str | None:
    return next((value.partition("=")[2] for value in values[1:] if value.startswith(key + "=")), None)


def mechanism(ip: str) -> str:
    return f"ip6:{ip}" if ":" in ip else f"ip4:{ip}"


def with_address(record: str, ip: str) -> str:
    """The SPF record with the address authorised: before its first ``all`` or ``redirect`` (RFC 7208
    section 5.1).
    """
    terms = record.split()
    place = next(
        (
            i
            for i, term in enumerate(terms)
            if term.lower().lstrip("+-~?") == "all" or term.lower().startswith("redirect=")
        ),
        len(terms),
    )
    return " ".join([*terms[:place], mechanism(ip), *terms[place:]])


def costs(values: tuple[str, ...]) -> list[tuple[str, int]]:
    """The terms of the record that need look-ups, with how many each needs."""
    found = []
    for value in values[1:]:
        if value.startswith("cost="):
            term, _, count = value.removeprefix("cost=").rpartition(":")
            if count.isdigit():
                found.append((term, int(count)))
    return found


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else "?"


RULES = (
    spf_lacks_the_address,
    spf_is_missing,
    spf_needs_too_many_lookups,
    spf_is_broken,
    spf_passes_now,
    dmarc_alignment_is_lost,
    dmarc_policy_is_gone,
    dmarc_asks_for_nothing,
    large_receivers_want_dmarc,
    dkim_key_is_missing,
    ptr_is_missing,
    relay_is_denied_for_want_of_a_name,
    ptr_is_not_confirmed,
    ptr_looks_generic,
    ptr_is_right_now,
    helo_is_no_public_name,
    helo_leads_nowhere,
    helo_names_another_host,
    sender_domain_is_unknown,
    sender_domain_is_fine,
)
