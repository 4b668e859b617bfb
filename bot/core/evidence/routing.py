"""What do the MX records of the recipient's domain say about a refusal on the way?"""

from bot.core.evidence.case import Case, absent, found, is_under, listing
from bot.core.evidence.verdict import Finding, for_admin, for_recipient_admin, for_writer
from bot.core.model import Step

# Text causes that say nothing about why, so that a domain without mail explains them better.
_OPEN = ("server-unreachable", "unknown", "relay-denied", "domain-not-hosted")
_SURE = {"name": 0.94, "address": 0.93, "provider": 0.85, "organization": 0.8}
_ROLE = {
    "name": "is an MX of",
    "address": "is a mail server of",
    "provider": "belongs to the provider that has the mail of",
    "organization": "belongs to the same organisation as the mail servers of",
}
_GONE = {
    "nxdomain": "does not exist in DNS (NXDOMAIN)",
    "nodata": "has neither an MX record nor an address",
    "null-mx": "publishes a null MX",
}
_DEMANDS = {"mta-sts": "MTA-STS", "dane": "DANE"}
# First labels of hosts that people hand their mail to, as against hosts that receive for a domain.
_SUBMISSION_LABELS = (
    "smtp",
    "smtps",
    "out",
    "outgoing",
    "relay",
    "submission",
    "mailout",
    "authsmtp",
    "auth",
)


def host_is_a_mail_server_of_the_domain(case: Case) -> Finding | None:
    """An MX of the recipient's domain has to accept mail for it (RFC 5321 section 5.1): it refuses to
    relay because it does not know that the domain is its own."""
    serves = case.host_serves_recipient
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    if not case.is_("relay-denied") or not host or not domain or not found(serves):
        return None
    sure = _SURE.get(serves.reason or "")
    if serves.reason == "organization" and not is_under(host, domain):
        return None  # two hosts of one hosting company say nothing about who has the domain
    if serves.reason == "provider" and case.facts.sender_domain != domain and _is_outgoing(host):
        return None  # a provider's server for outgoing mail: a login may be missing
    if sure is None:
        return None
    seen = f"{host} refused to relay although it {_ROLE[serves.reason or '']} {domain}"
    return Finding(
        cause="domain-not-hosted",
        confidence=sure,
        reason=f"{seen} in DNS: it does not know that it has to accept mail for {domain}.",
        steps=(
            for_writer(
                f"Tell the postmaster of {domain}, by phone or another address, that {host} refuses its mail with this reply.",
                "mx",
            ),
            for_recipient_admin(
                f"The recipient's administrator: add {domain} to the domains that {host} accepts mail for, or point the MX of {domain} to the right server."
            ),
        ),
    )


def host_is_the_senders_own_server(case: Case) -> Finding | None:
    """A server that is no MX of the recipient's domain and belongs to the sender is the one that the
    sender hands mail to; it relays only for those who log in (RFC 6409 section 4.3)."""
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    sender = case.facts.sender_domain
    if not case.is_("relay-denied") or not host or not sender or sender == domain:
        return None
    if not absent(case.host_serves_recipient, "other-hosts"):
        return None
    if not (found(case.host_serves_sender) or is_under(host, sender)):
        return None
    return Finding(
        cause="auth-required",
        confidence=0.92,
        reason=f"{host} is no mail server of {domain} but belongs to the sender's domain {sender}: it is the sender's own outgoing server, and it relays only after a login.",
        steps=(_log_in(host),),
    )


def host_is_an_old_server_of_the_domain(case: Case) -> Finding | None:
    """A host inside the recipient's domain that is no longer in its MX: the domain's mail has moved.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    serves = case.host_serves_recipient
    if not case.is_("relay-denied", "domain-not-hosted") or not host or not domain:
        return None
    if not absent(serves, "other-hosts") or not is_under(host, domain):
        return None
    return Finding(
        cause="domain-not-hosted",
        confidence=0.92,
        reason=f"{host} is not in the MX of {domain} any more: its mail goes to {listing(serves.values)}.",
        steps=_moved(domain, host, serves.values),
        covers=("mx-check",),
    )


def host_is_the_submission_server_of_a_shared_provider(case: Case) -> Finding | None:
    """Sender and recipient are at one provider, and its server for outgoing mail refused: a login is missing.

    RFC 6409 section 4.3: submission needs a login.
    """
    host = case.facts.rejecting_host
    serves = case.host_serves_recipient
    if not case.is_("relay-denied") or not host or not found(serves, "provider", "organization"):
        return None
    if not _is_outgoing(host) or not found(case.host_serves_sender, "provider", "organization"):
        return None
    return Finding(
        cause="auth-required",
        confidence=0.78,
        reason=f"{host} belongs to the provider of sender and recipient and is by its name a server for outgoing mail, which relays only after a login.",
        steps=(_log_in(host),),
    )


def host_is_an_outgoing_server(case: Case) -> Finding | None:
    """Not an MX of the recipient, and named like a server to hand mail to (smtp.isp.example): a login is
    missing.

    RFC 6409 section 4.3: submission needs a login.
    """
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    if not case.is_("relay-denied") or not host or not absent(case.host_serves_recipient, "other-hosts"):
        return None
    if found(case.host_serves_sender) or (domain and is_under(host, domain)):
        return None
    if not _is_outgoing(host):
        return None
    return Finding(
        cause="auth-required",
        confidence=0.78,
        reason=f"{host} is no mail server of {domain}; by its name it is a server for outgoing mail, which relays only after a login.",
        steps=(_log_in(host),),
    )


def mail_of_the_domain_goes_elsewhere(case: Case) -> Finding | None:
    """A mail server brought the mail to a host that is not in the recipient's MX: it follows an old record
    or a route of its own, and that host does not have the domain any more.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    serves = case.host_serves_recipient
    if not host or not domain or not absent(serves, "other-hosts") or is_under(host, domain):
        return None
    if case.is_("domain-not-hosted"):
        return Finding(
            reason=f"{host} does not handle {domain}, and DNS agrees: its mail goes to {listing(serves.values)}.",
            steps=_moved(domain, host, serves.values),
            covers=("mx-check",),
        )
    ours = found(case.host_serves_sender) or (
        case.facts.sender_domain and is_under(host, case.facts.sender_domain)
    )
    if not case.is_("relay-denied") or ours or _is_outgoing(host):
        return None
    if case.spoken_by_a_server and absent(case.host_serves_sender, "other-hosts"):
        return Finding(
            cause="domain-not-hosted",
            confidence=0.72,
            reason=f"{host} is no mail server of {domain}, nor of the sender: mail for {domain} goes to {listing(serves.values)}.",
            steps=_moved(domain, host, serves.values),
            covers=("mx-check",),
        )
    return Finding(
        reason=f"{host} is no mail server of {domain}: its mail goes to {listing(serves.values)}. Either a login is missing at {host}, or mail is still brought to an old server.",
        steps=(
            for_writer(
                f"If {host} is your own outgoing server, log in there: SMTP authentication on, port 587 with STARTTLS or 465 with TLS.",
                "login",
            ),
            *_moved(domain, host, serves.values)[:1],
        ),
        covers=("which-server",),
    )


def mail_goes_there(case: Case) -> Finding | None:
    """The text does not name the server that refused: say where the mail should go, so that people can compare.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    mx, domain = case.recipient_mx, case.facts.recipient_domain
    if not case.is_("relay-denied", "domain-not-hosted") or case.facts.rejecting_host or not found(mx):
        return None
    return Finding(
        reason=f"Mail for {domain} goes to {listing(mx.values)}; the text does not say which server refused.",
        steps=(
            for_writer(
                f"Which server refused? If it is {listing(mx.values)}, where the mail of {domain} goes, tell the postmaster of {domain}: they have to act. If it is your own outgoing server, sign in to it (port 587).",
                "which-server",
            ),
        ),
        covers=("mx",),
    )


def host_serves_the_domain_it_denies(case: Case) -> Finding | None:
    """The text says that the domain is not hosted there, and the MX points there all the same.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    serves = case.host_serves_recipient
    if not case.is_("domain-not-hosted") or not found(serves, "name", "address", "provider"):
        return None
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    return Finding(
        reason=f"The MX of {domain} points to {host}, which does not handle it: only {domain} or its hosting company can mend that.",
        steps=(
            for_writer(
                f"Tell the owner of {domain} that its MX names {host}, which refuses its mail: the domain must be added there, or the MX changed.",
                "mx",
            ),
        ),
    )


def login_demanded_by_the_recipients_server(case: Case) -> Finding | None:
    """The MX of a domain must take its mail without a login (RFC 5321 section 2.2.1: AUTH is for
    submission).
    """
    if not case.is_("auth-required") or not found(case.host_serves_recipient, "name", "address"):
        return None
    host, domain, sender = case.facts.rejecting_host, case.facts.recipient_domain, case.facts.sender_domain
    if sender == domain or found(case.host_serves_sender):
        return None
    return Finding(
        reason=f"{host} is a mail server of {domain} and should take its mail without a login.",
        steps=(
            for_writer(
                f"If your own mail already goes out with a login, the postmaster of {domain} has to look: its MX {host} demands one from other servers."
            ),
        ),
    )


def domain_does_not_exist(case: Case) -> Finding | None:
    """NXDOMAIN for the recipient's domain (RFC 8020: nothing below it either)."""
    if not case.is_(*_OPEN, "domain-not-found") or not absent(case.recipient_mx, "nxdomain"):
        return None
    domain = case.facts.recipient_domain
    if case.is_("domain-not-found"):
        return Finding(
            reason=f"DNS agrees: the domain {domain} does not exist (NXDOMAIN).", covers=("mx-check",)
        )
    return Finding(
        cause="domain-not-found",
        confidence=0.9,
        reason=f"The domain {domain} does not exist in DNS (NXDOMAIN), so no mail can reach it.",
        # The likely spelling is a step already.
        steps=()
        if case.facts.suggestion
        else (
            for_writer(
                f"Check the spelling of {domain}. If it is right, the domain has lapsed: reach the recipient in another way.",
                "spelling",
            ),
        ),
    )


def mailbox_refused_in_a_domain_that_is_gone(case: Case) -> Finding | None:
    """A server spoke for the mailbox, so the text keeps its cause; but no mail gets there today.

    RFC 5321 section 5.1: without MX and address there is nowhere to bring mail.
    """
    if not case.is_("no-such-user", "mailbox-unavailable"):
        return None
    if not absent(case.recipient_mx, "nxdomain", "nodata", "null-mx"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        reason=f"{domain} {_GONE[case.recipient_mx.reason or '']}: no address there can get mail today.",
        steps=()
        if case.facts.suggestion
        else (for_writer(f"Check the spelling of {domain} letter by letter: as written, it takes no mail."),),
    )


def domain_takes_no_mail(case: Case) -> Finding | None:
    """A null MX says that a domain never accepts mail (RFC 7505)."""
    if not case.is_(*_OPEN, "domain-not-found") or not absent(case.recipient_mx, "null-mx"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        cause="domain-not-found",
        confidence=0.93,
        reason=f"{domain} publishes a null MX (RFC 7505): it says that it accepts no mail at all.",
        steps=(
            for_writer(
                f"Ask the recipient for an address at another domain: {domain} takes no mail by choice."
            ),
        ),
        covers=("mx", "mx-check"),
    )


def domain_has_no_mail_host(case: Case) -> Finding | None:
    """Neither MX nor address: there is no host to bring the mail to (RFC 5321 section 5.1)."""
    if not case.is_(*_OPEN, "domain-not-found") or not absent(case.recipient_mx, "nodata"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        cause="domain-not-found",
        confidence=0.9,
        reason=f"{domain} exists but has neither an MX record nor an address, so there is no server to bring its mail to.",
        steps=(
            for_writer(
                f"Check the spelling. If {domain} is right, its owner has to publish an MX record: tell them by phone.",
                "spelling",
            ),
        ),
        covers=("mx", "mx-check"),
    )


def mail_hosts_have_no_address(case: Case) -> Finding | None:
    """MX records that point to names without an address lead nowhere (RFC 5321 section 5.1)."""
    mx = case.recipient_mx
    if not case.is_("server-unreachable", "unknown", "domain-not-found") or not found(mx, "no-address"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        cause="domain-not-found",
        confidence=0.85,
        reason=f"The MX of {domain} names {listing(mx.values)}, and none of these hosts has an address.",
        steps=(
            for_writer(
                f"Tell the owner of {domain}: the MX must name a host that has an A or AAAA record.", "mx"
            ),
        ),
    )


def mail_hosts_are_private(case: Case) -> Finding | None:
    """Private addresses (RFC 1918) cannot be reached from outside."""
    mx = case.recipient_mx
    if not case.is_("server-unreachable", "unknown") or not found(mx, "private-address"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        cause="server-unreachable",
        confidence=0.9,
        reason=f"The mail hosts of {domain} have only private addresses, which nobody outside can reach.",
        steps=(
            for_writer(
                f"Tell the owner of {domain}: its MX leads to a private address in public DNS and must lead to a public one.",
                "mx",
            ),
        ),
    )


def domain_resolves_now(case: Case) -> Finding | None:
    """The text says that the domain was not found; now it is. A fresh record spreads within its negative
    TTL (RFC 2308 section 5), a mended one at once."""
    mx = case.recipient_mx
    if not case.is_("domain-not-found") or not found(mx, None, "implicit-mx", "cname"):
        return None
    domain = case.facts.recipient_domain
    if mx.reason == "implicit-mx":
        return Finding(
            reason=f"{domain} exists but publishes no MX record; mail servers fall back to its web address, which may not take mail.",
            steps=(
                for_writer(
                    f"Check the spelling of {domain}. Its owner should publish an MX record.", "spelling"
                ),
            ),
            covers=("mx", "mx-check"),
        )
    return Finding(
        reason=f"{domain} resolves now: its mail goes to {listing(mx.values)}. The fault is mended or still spreading.",
        steps=(
            for_writer(
                f"Send the message again: {domain} can be found now. If it bounces once more, your server's DNS still has the old answer; wait some hours or ask its administrator to flush the DNS cache."
            ),
        ),
        covers=("mx", "mx-check"),
    )


def only_the_web_address_takes_mail(case: Case) -> Finding | None:
    """Without an MX the domain's own address is tried (RFC 5321 section 5.1), mostly a web server."""
    if not case.is_("server-unreachable") or not found(case.recipient_mx, "implicit-mx"):
        return None
    domain = case.facts.recipient_domain
    return Finding(
        reason=f"{domain} publishes no MX record, so mail is brought to its own address, often a web server without mail.",
        steps=(
            for_writer(f"Check the spelling of {domain}; ask its owner to publish an MX record.", "spelling"),
        ),
    )


def wrong_host_was_tried(case: Case) -> Finding | None:
    """The connection failed to a host that is not in the MX: an old DNS answer or a fixed route.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    serves = case.host_serves_recipient
    if not case.is_("server-unreachable") or not absent(serves, "other-hosts"):
        return None
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    return Finding(
        reason=f"Mail was brought to {host}, but {domain} has its mail at {listing(serves.values)}.",
        steps=(
            for_admin(
                f"Administrators: look at the sending server's routes (transport map, smart host) and DNS cache: {host} is not in the MX of {domain}.",
                "mx",
            ),
        ),
    )


def unknown_user_at_a_host_that_left(case: Case) -> Finding | None:
    """A server without the domain's MX that says "no such user" may only have lost the mailbox in a move.

    RFC 5321 section 5.1: the MX says where mail goes.
    """
    host, domain = case.facts.rejecting_host, case.facts.recipient_domain
    serves = case.host_serves_recipient
    if not case.is_("no-such-user") or not host or not domain or not case.spoken_by_a_server:
        return None
    if not absent(serves, "other-hosts"):
        return None
    return Finding(
        reason=f"{host} is not in the MX of {domain} (now {listing(serves.values)}). If the domain has moved, the mailbox may exist at the new server.",
        steps=(
            for_admin(
                f"Administrators: if the address is right, the sending server still brings mail for {domain} to {host}. Remove that route or the old local domain there, then send again."
            ),
        ),
    )


def alias_as_mail_host(case: Case) -> Finding | None:
    """An MX must not name an alias (RFC 2181 section 10.3, RFC 5321 section 5.1)."""
    mx = case.recipient_mx
    if not case.is_("server-unreachable", "mail-loop", "relay-denied") or not found(mx, "cname"):
        return None
    return Finding(
        reason=f"An MX of {case.facts.recipient_domain} names an alias (CNAME), which RFC 2181 forbids and some servers refuse."
    )


def tls_is_demanded_by_the_domain(case: Case) -> Finding | None:
    """MTA-STS (RFC 8461) and DANE (RFC 7672) tell senders to use verified TLS or not to deliver."""
    tls = case.one("mta-sts", case.facts.recipient_domain)
    if not case.is_("tls-failure") or tls is None:
        return None
    domain = case.facts.recipient_domain
    if found(tls):
        ways = " and ".join(name for key, name in _DEMANDS.items() if key in tls.values)
        return Finding(
            reason=f"{domain} tells senders to deliver only over verified TLS ({ways}).",
            steps=(
                for_recipient_admin(
                    f"The recipient's administrator: compare the certificate of the mail servers of {domain} with their MX names. Under {ways} a wrong or expired certificate stops all mail.",
                    "mx",
                ),
            ),
        )
    if absent(tls):
        return Finding(
            reason=f"{domain} has neither MTA-STS nor DANE records: the demand for TLS is a rule of one of the two servers, not of the domain's DNS."
        )
    return None


def _is_outgoing(host: str) -> bool:
    return host.partition(".")[0].rstrip("0123456789-") in _SUBMISSION_LABELS


def _log_in(host: str) -> Step:
    return for_writer(
        f"Turn on SMTP authentication in the mail program for {host}: the full address as user name, "
        "port 587 with STARTTLS (or 465 with TLS) instead of 25. Then send again.",
        "login",
    )


def _moved(domain: str | None, host: str | None, to: tuple[str, ...]) -> tuple[Step, ...]:
    return (
        for_admin(
            f"Administrators: mail for {domain} now goes to {listing(to)}, but the sending server still delivers to {host}. Remove {domain} from its local domains and fixed routes, and flush its DNS cache.",
            "mx",
        ),
        for_writer(
            f"Give this bounce and the new MX ({to[0]}) to whoever runs the sending server. Then send again."
        ),
    )


RULES = (
    host_is_a_mail_server_of_the_domain,
    host_is_the_senders_own_server,
    host_is_an_old_server_of_the_domain,
    host_is_the_submission_server_of_a_shared_provider,
    host_is_an_outgoing_server,
    mail_of_the_domain_goes_elsewhere,
    mail_goes_there,
    host_serves_the_domain_it_denies,
    login_demanded_by_the_recipients_server,
    domain_does_not_exist,
    mailbox_refused_in_a_domain_that_is_gone,
    domain_takes_no_mail,
    domain_has_no_mail_host,
    mail_hosts_have_no_address,
    mail_hosts_are_private,
    domain_resolves_now,
    only_the_web_address_takes_mail,
    wrong_host_was_tried,
    unknown_user_at_a_host_that_left,
    alias_as_mail_host,
    tls_is_demanded_by_the_domain,
)
