"""What does a finding state: who wrote to whom, from which address, refused by which host and provider?"""

import re
from dataclasses import replace
from itertools import islice

from bot.core.address import suggest_domain
from bot.core.lazy import lazy_re
from bot.core.model import Catalogue, Facts, Frame, Origin, Rejection
from bot.core.parse.clean import lowered, one_line
from bot.core.parse.finding import Finding
from bot.core.parse.named import answered
from bot.core.parse.reply import Reply, reply_parts
from bot.core.parse.roles import addresses, first_address, parties
from bot.core.parse.torn import code_apart
from bot.core.provider import index_of
from bot.core.sparse import SparseRe

_IP4 = r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)"
_IP6 = r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{0,4}){0,6}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])|(?<![\w:.])::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])"
IP = lazy_re(rf"{_IP4}|{_IP6}", re.I)
_IP4_ALONE = lazy_re(_IP4)
"""For a text without two colons: in it is no other, and this takes half the time."""
_TIME = lazy_re(r"\d{1,2}:\d\d:\d\d(?::\d\d)?")
HOST_PATTERN = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.){1,8}[a-z][a-z0-9-]{1,62}"
_HOST_ONLY = lazy_re(HOST_PATTERN + r"\.?", re.I)

_NAME_HINT = lazy_re(r"\.[a-z]")

# These patterns are for words in lower case.
# Words right before an IP or a URL that name the machine that connected.
_IP_CONTEXT = lazy_re(
    r"(?:client(?:\s+host)?|ip(?:\s+address)?|ips|address|addr|sender|messages?|mail|e-?mail|connections?|from|host|with the ip:?|server|by ip|"
    r"origin|sending|source|src|dnsbl:rbl\s+\d+|blocked|listed|reject(?:ed)?|for|of|\?ip=|&ip=|[?&]q=|[?&]query=|/query/ip/|bl\?|ip:|ip=|adresse ip(?: source)?|"
    r"relay|\d{3}|\d\.\d{1,3}\.\d{1,3}|-)[\s:=\[(<\"']{0,4}$",
)
_SENDER_DOMAIN = lazy_re(
    r"(?:mail from domain|sending domain|sender(?:'s)? domain|from domain|unauthenticated (?:e-?mail|mail) from|(?:dmarc|spf)\s+(?:policy|record)s?\s+(?:for|of)|"
    r"(?<!by )policy (?:for|of)(?: domain)?|spf_from\"|domain of sender|emails? from|required for (?:e-?mail|mail|messages) from|on behalf of|(?:spf|dkim) domain(?= \[)|header from|spf (?:check|validation) (?:failed )?(?:for|of)|(?:allowed|authori[sz]ed|permitted) to send (?:(?:e-?mail|mail|messages) )?(?:from|for|on behalf of)(?: the domain)?|due to(?= \S{3,253}'s dmarc)|domain does not exist|\bspf(?= \[)|domain(?= \S+ has (?:exceeded|reached)))\s*[:=]?\s*[\[<('\"]?@?("
    + HOST_PATTERN
    + rf")|「({HOST_PATTERN})」からの",
)
_ZONE = lazy_re(
    r"(?:blocked|listed|listing|found|rejected|denied|blacklisted|blocklisted|using|rbl|dnsbl|in|on|by|at|from|via|see|zone|list)\s*(?:using|by|at|in|on|with)?\s*[:\[(\"'<]{0,3}\s*("
    + HOST_PATTERN
    + r")",
)
_ZONE_NAME = lazy_re(
    r"(?:^|\.)(?:zen|sbl|xbl|pbl|sbl-xbl|dbl|css|bl|rbl|dnsbl|dnsbl-\d|cbl|psbl|ubl|ix|dul|black|multi|combined|spam|ips?|b|bb|backscatter|noptr|dyna|safe|truncate|hostkarma|all|list|blacklist|combo|relays|access|wl|db|bogons|korea|l2|dnsrbl|rhsbl|uribl|surbl)\.",
)
_LIST_OWNERS = lazy_re(
    r"(?:^|\.)(?:spamhaus\.(?:org|net)|sorbs\.net|spamcop\.net|barracudacentral\.org|uceprotect\.net|surbl\.org|uribl\.com|abuseat\.org|mailspike\.net|"
    r"manitu\.net|spamrats\.com|gbudb\.net|psbl\.surriel\.com|abusix\.zone|invaluement\.com|senderscore\.com|nordspam\.com|spfbl\.net|0spam\.org|blocklist\.de|"
    r"njabl\.org|dsbl\.org|ahbl\.org|ordb\.org|junkemailfilter\.com|s5h\.net|interserver\.net|fmb\.la|kundenserver\.de|zapbl\.net|inps\.de|wpbl\.info|drbl\.[a-z.]+|"
    r"backscatterer\.org|efnetrbl\.org|dronebl\.org|services\.net|swinog\.ch|anti-spam\.org\.cn|mav\.com\.br|leadmon\.net|lashback\.com|rbl\.jp|suomispam\.net|"
    r"hostkarma\.[a-z.]+|rfc-clueless\.org|rfc-ignorant\.org|dan\.me\.uk|tornevall\.org|mcafee\.com|trustedsource\.org|rbl-plus\.mail-abuse\.org|mail-abuse\.(?:org|com))$",
)
_HOST_IN_REPLY = SparseRe(
    rf"(?:(?<![\w.-])[245]\d\d[- ](?:\d\.\d+\.\d+ )?)({HOST_PATTERN})\.?\s(?:error\b|esmtp\b|\(|closing|service|server not|cmsmtp|too many|cannot|connection|refused|comcast|\S+ esmtp)",
)
_REMOTE = lazy_re(rf"\bat remote (?:mail ?)?server ({HOST_PATTERN})")
_HOSTS = lazy_re(rf"(?<![\w.-]){HOST_PATTERN}")
_SENDER_REFUSED = SparseRe(
    r"verification failed|sender verif|senderrefused|during mail from|sender address rejected|not owned by"
)
"""What is said of a sender, and of no recipient."""
# Begun with the dot and the colon: what begins with one character alone is soon found.
_IP4_HINT = lazy_re(r"\.\d{1,3}\.\d{1,3}\.\d")
_IP6_HINT = lazy_re(r":(?<=[0-9a-f]:)[0-9a-f:]")
_SENDER_DOMAIN_HINT = SparseRe(
    r"domain|policy|on behalf of|required for|からの|unauthenticated|dmarc|spf|to send|email from|emails from|header from"
)
_LIST_HINT = SparseRe(r"block|list|rbl|bl\.|spam|sorbs|abuse|using")
_CONNECTING = lazy_re(r"\bconnect to [^\s\[(]+[\[(]$|/returnc/\w{1,20}/$")
"""Before the address of a server that does not answer, and of the resolver that Spamhaus refuses."""
_MAIL_PORT_HINT = lazy_re(r":(?:25|465|587|2525)\b")
_MAIL_PORT = lazy_re(rf"({_IP4}|{_IP6})\]?:(?:25|465|587|2525)\b", re.I)
"""An address that somebody connects to."""
_OWN_END = lazy_re(r":\d{1,5}->")
"""Behind the address of this end of a connection, as Go writes it."""
_VERSION_BEFORE = lazy_re(r"(?:version|\bv)\s*$")


def rejection(finding: Finding, catalogue: Catalogue) -> Rejection:
    """Return the Rejection with complete facts."""
    text, own_code, status = reply_parts(finding.text, finding.status)
    code = own_code or finding.code
    if code is None and finding.frame is Frame.WORDS:
        code = code_apart(text) or code_apart(finding.context)
    if code and not own_code and status and status[0] != code[0]:
        status = None
    if code and not own_code and finding.frame is not Frame.WORDS:
        text = f"{code} {text}"
    recipient, sender = finding.recipient, finding.sender
    if "@" in text and (recipient is None or sender is None):
        named, addressed = parties(text)
        sender = sender or named
        recipient = recipient or (addressed if addressed != sender else None)
    host = host_name(finding.host) if finding.host else None
    words = lowered(text)
    names = _HOSTS.findall(words) if _NAME_HINT.search(words) else []
    if host is None and names and finding.frame is not Frame.LOG:
        found = _REMOTE.search(words) if "at remote" in words else _HOST_IN_REPLY.search(words)
        if found:
            host = found[1]
    ip = finding.sending_ip
    if ip is None and _may_name_ip(words):
        ip = sending_ip(text, finding.host or host)
    recipient = _clean_address(recipient)
    sender = _clean_address(sender)
    if recipient is not None and recipient == sender and finding.frame is Frame.REPORT:
        # A report found by its words: they name whoever was refused, here the sender.
        recipient = None if _SENDER_REFUSED.search(f"{words} {lowered(finding.context)}") else recipient
    recipient_domain = recipient.rpartition("@")[2] or None if recipient and "@" in recipient else None
    recipient_domain = recipient_domain or finding.recipient_domain
    sender_domain = sender.rpartition("@")[2] or None if sender and "@" in sender else None
    if sender_domain is None and names and _SENDER_DOMAIN_HINT.search(words):
        sender_domain = _sender_domain(words, recipient_domain)
    list_zone = blocklist(words) if names and _LIST_HINT.search(words) else None
    provider = None
    if not finding.receiving:
        provider = _provider(
            finding, catalogue, host, words, names, own_code, recipient_domain, sender_domain, list_zone
        )
    return Rejection(
        text=text,
        frame=finding.frame,
        context=one_line(finding.context) if finding.context else "",
        receiving_side=finding.receiving,
        given_up=finding.delayed is False and finding.frame in _REPORTS and not finding.receiving,
        origin=_origin(finding.origin, words, recipient_domain) if "dmarc" in words else finding.origin,
        facts=Facts(
            reply=code,
            status=status,
            recipient=recipient,
            recipient_domain=recipient_domain,
            sender=sender,
            sender_domain=sender_domain,
            sending_ip=ip.lower() if ip else None,
            rejecting_host=host,
            provider=provider,
            blocklist=list_zone,
            suggestion=_suggestion(recipient_domain, catalogue) if recipient_domain else None,
            temporary=_temporary(code, status, finding),
        ),
    )


def _suggestion(domain: str, catalogue: Catalogue) -> str | None:
    """The domain that was meant: RFC 5321 section 4.1.2 has no dot at the end of a mailbox."""
    found = suggest_domain(domain, catalogue)
    return domain.rstrip(".") or None if found is None and domain.endswith(".") else found


def _origin(origin: Origin | None, words: str, recipient_domain: str | None) -> Origin | None:
    """A refusal that speaks of DMARC names the domain after From:, the one that DMARC is about."""
    if origin is not None and origin.author_domain is not None:
        return origin
    author = None if "mail from domain" in words else _sender_domain(words, recipient_domain)
    return replace(origin or Origin(), author_domain=author) if author else origin


def _provider(
    finding: Finding,
    catalogue: Catalogue,
    host: str | None,
    words: str,
    names: list[str],
    code: str | None,
    recipient_domain: str | None,
    sender_domain: str | None,
    list_zone: str | None,
) -> str | None:
    """Who refused: by the host, else by words that only its replies have, else by hosts that the reply names.

    Mail server software is no one who refuses: Postfix runs at thousands of places. Nor is who keeps the list.
    """
    index = index_of(catalogue)
    keeper = index.by_host(list_zone) if list_zone else None
    found = index.by_host(host) if host else None
    if found is None:
        found = index.by_text(words, services=True)
        found = found if found != keeper else None
    if found is None and code and _GOOGLES.search(words) and "google" in catalogue.providers:
        found = "google"
    if found is None:
        for name in names:
            if name not in (recipient_domain, sender_domain) and not _names_client(words, name):
                owner = index.by_host(name)
                if owner and owner != keeper:
                    found = owner
                    break
    if (
        found is None
        and code
        and recipient_domain
        and finding.frame in (Frame.REPLY, Frame.DSN)
        and host is None
        and code[:2] != "53"
        and "relay" not in words  # the server that is to send it says so, mostly
    ):
        found = index.domains.get(recipient_domain)
    if found is None and finding.context and (code is None or finding.frame is Frame.REPLY) and host is None:
        around = lowered(finding.context).replace(words, " ")
        submitted = (
            recipient_domain is None and not (_may_name_ip(words) and IP.search(words))
        ) or _OF_LOGIN.search(words) is not None
        if (
            submitted or code or _STATUS.search(words)
        ) and "recipient server" not in words:  # else the sender's own speaks
            found = answered(index, around, submitted=submitted)
        found = found or index.by_text(around, services=True, names=False)
    return found


_OF_LOGIN = lazy_re(r"authenti|starttls|send as\b|sender address|not (?:owned|logged)|credential|password")
"""What a server says to whom it knows, or should know: somebody's own."""
_STATUS = lazy_re(r"(?<![\d.])[245]\.\d\.\d{1,3}(?![\d.])")
_GOOGLES = lazy_re(r"(?<=[a-z0-9])s[im]\d{5,10}[a-z]{3}\.\d{1,3}(?![\w.])")
"""The number that ends Google's replies, where ``gsmtp`` behind it is lost: ``k7si1234567abc.12``."""
_BRACKETED = lazy_re(r"\s?[\[(]\s?(?:\d{1,3}\.|[0-9a-f]{1,4}:)")
_NUMBERS_IN_NAME = lazy_re(r"\d{1,3}[.-]\d{1,3}[.-]\d{1,3}[.-]\d{1,3}")


def _names_client(words: str, name: str) -> bool:
    """Whether a reply names a host as the one that connected, or an address at it as sender or recipient."""
    start = words.find(name)
    end = start + len(name)
    if _BRACKETED.match(words, end) or _NUMBERS_IN_NAME.search(name):
        return True
    if words[start - 1 : start] == "@":
        return any(role != "contact" and address.endswith("@" + name) for address, role in addresses(words))
    return False


def host_name(text: str) -> str | None:
    """Return the host name or IP that the text holds, lower-cased, without brackets and a final dot."""
    name = text.strip().strip("[]()<>'\"").rstrip(".").lower()
    if _HOST_ONLY.fullmatch(name):
        return name
    found = _NAMED_HOST.search(name) or IP.search(name)
    return found[0] if found else None


_NAMED_HOST = lazy_re(HOST_PATTERN)


def _may_name_ip(words: str) -> bool:
    """Whether an IP may stand in a text, by a look that costs little."""
    return (words.count(".") > 2 and _IP4_HINT.search(words) is not None) or (
        words.count(":") > 1 and _IP6_HINT.search(words) is not None
    )


def sending_ip(text: str, host: str | None = None) -> str | None:
    """Return the IP that a reply says connected: never the refusing host's own, a loopback or a version number."""
    candidates: list[tuple[str, str]] = []
    servers = {found[1] for found in _MAIL_PORT.finditer(text)} if _MAIL_PORT_HINT.search(text) else ()
    for match in islice((IP if text.count(":") > 1 else _IP4_ALONE).finditer(text), 50):
        ip = match[0]
        if _TIME.fullmatch(ip) or (host and ip in host) or ip.startswith("127.") or ip == "0.0.0.0":  # noqa: S104  (compared, not bound)
            continue
        before = text[max(0, match.start() - 40) : match.start()].lower()
        if host and before.rstrip("[(. ").endswith(host.lower().rstrip(".")):
            continue
        if _CONNECTING.search(before) or ip in servers:
            continue
        if _OWN_END.match(text, match.end()):
            continue
        if (before.endswith(" - ") and "TSS" in text) or _VERSION_BEFORE.search(before):
            continue  # Yahoo ends its TSS replies with a number of four parts
        candidates.append((ip, before))
    if len(candidates) > 1:
        for ip, before in candidates:
            if _IP_CONTEXT.search(before):
                return ip
    return candidates[0][0] if candidates else None


def blocklist(words: str) -> str | None:
    """Return the DNS zone of the blocklist that a reply (in lower case) names."""
    for match in _HOSTS.finditer(words):
        zone = match[0].rstrip(".")
        if match.start() and words[match.start() - 1] in "/@":
            continue
        if words.endswith("blocked using ", 0, match.start()):
            return zone
        if zone.startswith("www.") or not (_ZONE_NAME.match(zone) or "bl." in zone):
            continue
        if _LIST_OWNERS.search(zone) or _ZONE.search(words[max(0, match.start() - 24) : match.end()]):
            return zone
    return None


def _sender_domain(words: str, recipient_domain: str | None) -> str | None:
    for match in _SENDER_DOMAIN.finditer(words):
        domain = (match[1] or match[2]).rstrip(".")
        if domain != recipient_domain:
            return domain
    return None


_KEY = lazy_re(r"^(?:rcpt|recipient|to|from|orig|sender|e-?mail|mail_from|rcpt_to)=(?=[^@]{1,64}@)")
"""What a log puts before an address without a space."""


def _clean_address(address: str | None) -> str | None:
    if not address:
        return None
    cleaned = _KEY.sub("", address.strip().strip("<>*~").strip().lower())
    return None if not cleaned or _HIDDEN.fullmatch(cleaned) else cleaned


_HIDDEN = lazy_re(r"[\W_x]+|redacted|removed|hidden|masked|anonymi[sz]ed|private")
"""What somebody put in the place of an address."""


_REPORTS = (Frame.DSN, Frame.REPORT, Frame.LOG, Frame.EVENT)
"""Where the reporting server says itself whether it still tries."""


def _temporary(code: str | None, status: str | None, finding: Finding) -> bool | None:
    """True for 4xx and for delays; the last remote reply counts more than the queue's state in a log.

    A notice with ``Action: delayed`` tells that the server still tries, whatever was replied (RFC 3464 section 2.3.3).

    Without a code only words say that a failure is for good: that a server gave up (``given_up``) tells nothing of
    the failure.
    """
    if finding.delayed and finding.frame is Frame.DSN:
        return True
    if code or status:
        return (code or status or "")[0] == "4"
    return finding.delayed if finding.delayed or finding.frame in _OF_WORDS else None


_OF_WORDS = (Frame.REPORT, Frame.WORDS)


__all__ = [
    "HOST_PATTERN",
    "IP",
    "Reply",
    "addresses",
    "blocklist",
    "first_address",
    "host_name",
    "rejection",
    "sending_ip",
]
