"""Which failed recipients do a mail server's log lines name? Postfix, Exim, sendmail, qmail, OpenSMTPD."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.facts import HOST_PATTERN, first_address
from bot.core.parse.finding import Finding
from bot.core.sparse import SparseRe

_STAMP = lazy_re(
    r"^[^\n]{0,60}?(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s{1,2}\d{1,2}\s\d\d:\d\d|\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\bpostfix[\w/-]*/\w+\[\d+\]:)",
    re.M,
)
_QUEUE_ID = r"(?:[A-F0-9]{6,16}|[0-9A-Za-z]{10,20})"
_TO = lazy_re(r"\bto=(?:(?=<)|(?=[^\s<>,;=]{1,64}@))<?([^<>\s]{1,320}?)(?:>|(?=[,;\s]|$))")
_FROM = lazy_re(r"\bfrom=(?:<([^<>\s]{0,320})>|(?=[^\s<>,;=]{1,64}@)([^<>\s,;]{1,320})(?=[,;\s]|$))")
_RELAY = lazy_re(r"\brelay=([^\s,\[\]]+)(?:\[([^\[\]\s]{2,60})\])?")
_DSN = lazy_re(r"\bdsn=([245]\.\d{1,3}\.\d{1,3})")
_STATUS = lazy_re(
    r"\bstatus=(bounced|deferred|expired|undeliverable|softbounce|sent|deliverable)\b\s*(?:\((.*)\))?", re.S
)
_ID = lazy_re(rf"\]:\s*({_QUEUE_ID}):\s")
_ID_FROM = lazy_re(
    rf"\]:\s*({_QUEUE_ID}):\s+from=(?:<([^<>\s]{{0,320}})>|(?=[^\s<>,;=]{{1,64}}@)([^<>\s,;]{{1,320}})(?=[,;\s]|$))"
)
"""Which message, and who sent it."""
SAID = lazy_re(
    r"(?:host|server)\s+([^\s\[\]()]{1,255})\s*[\[(]([^\[\]()\s]{2,60})[\])](?::\d+)?:?\s*(?:said|refused to talk to me)\s*:\s*(.*)",
    re.S | re.I,
)
_CONNECT = lazy_re(
    r"(?:connect to|connecting to MX server|lost connection with|conversation with|timed out with|refused by|reset by|timeout (?:connecting to|talking to|with)|\bhost)\s+([^\s\[\]()]{1,255})\s?(?:\[([^\[\]\s]{2,60})\])?(?::\d+)?",
    re.I,
)
_REFUSED = lazy_re(
    r"(?P<what>NOQUEUE|"
    + _QUEUE_ID
    + r"|warning)?:?\s*(?:milter-)?(?P<verb>reject|hold|discard|filter|reject_warning):\s+"
    r"(?P<stage>[A-Z-]+(?: [A-Z]+)*)\s+from\s+(?P<host>[^\s\[\]]{1,255})?\[(?P<ip>[^\[\]\s]{2,60})\](?::\d+)?:?\s*(?P<rest>.*)",
    re.S,
)
_REFUSED_TAIL = lazy_re(r";\s*(?:from=<|to=<|proto=|client=|sasl_)")
_PROXY_REJECT = lazy_re(r"\bproxy-reject:\s+(?P<stage>[A-Z-]+):\s+(?P<rest>.*)", re.S)
_EXIM = lazy_re(
    r"(?:(?P<id>[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4})\s+|(?<!\S)(?=[*=]{2} \S{3,320} R=))(?P<flag>\*\*|==)\s+(?P<to>[^\s:<]{1,320})(?P<rest>.*)",
    re.S,
)
_EXIM_HOST = lazy_re(r"\bH=([^\s\[\]()]+)?\s*(?:\(([^()\s]*)\))?\s*\[([^\[\]\s]+)\]")
_EXIM_FROM = lazy_re(r"\b(?:F|P)=<([^<>\s]*)>")
_EXIM_ARRIVAL = lazy_re(
    r"\b([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) <= ([^\s<>]{1,64}@[^\s<>]{1,255})"
)
"""Where a message came from, in Exim's log."""
_QMAIL_INFO = lazy_re(r"\binfo msg (\d+): bytes \d+ from <([^<>\s]{1,320})>")
_EXIM_VERIFY = lazy_re(
    r"H=(?:[^\s\[\]()]+\s)?(?:\([^()\s]*\)\s)?\[(?P<ip>[^\[\]\s]+)\](?::\d+)?[^\n]{0,100}?\s{1,3}sender verify (?P<what>defer|fail) for <(?P<from>[^<>\s]+)>: "
    r"(?P<rest>[^\n`]*(?:\n ?[a-z][^\n`]{0,200}){0,3})"
)
"""What Exim logs of a sender that it could not verify, with or without a refusal behind it."""
_EXIM_REFUSED = lazy_re(
    r"H=(?:(?P<name>[^\s\[\]()]+)\s)?(?:\([^()\s]*\)\s)?\[(?P<ip>[^\[\]\s]+)\](?::\d+)?(?P<mid>(?:[^\n]|\n ?(?=[FXC]=|CV=|rejected|temporarily)){0,200}?)(?:(?:temporarily )?rejected|rejected after)\s+(?P<stage>RCPT|MAIL|EHLO|HELO|DATA|connection|after DATA)"
    r"\s*(?:<(?P<to>[^<>\s]+)>)?:?\s*(?P<rest>[^\n]*)"
)
_SENDMAIL_STAT = lazy_re(r"\bstat=(.*)", re.S)
_SENDMAIL_REPLY = lazy_re(r"\breply=([45]\d\d[ -][^\n]{1,2000}?), stat=")
_SENDMAIL_TO = lazy_re(r"\bto=([^\s]{1,600}?),\s")
_SENDMAIL_REJECT = lazy_re(r"\bruleset=(\w+),\s+arg1=(<?[^\s,]{1,320}>?),.*?\breject=(.*)", re.S)
_SENDMAIL_MILTER = lazy_re(r"\bMilter(?:[^:\n]{0,40}):\s+(?:to=(<[^<>\s]+>),\s+)?.{0,40}\breject=(.*)", re.S)
_SENDMAIL_RELAY = lazy_re(r"\brelay=([^\s,\[\]]+)?\s*\[([^\[\]\s]{2,60})\]")
_QMAIL = lazy_re(r"delivery\s+(\d+):\s+(failure|deferral):\s+(\S+)")
_QMAIL_START = lazy_re(r"starting delivery\s+(\d+):\s+msg\s+(\d+)\s+to\s+(?:remote|local)\s+(\S+@\S+)")
_QMAIL_REMOTE = lazy_re(r"^([0-9.]{7,15}|[0-9a-fA-F:]{3,40})_(?:failed|does_not_like|said|refused)")
_SMTPD = lazy_re(
    r"\bto=<?(?P<to>[^<>\s]+)>?\b.*?\bresult=\"?(?P<result>PermFail|TempFail)\"?.*?\bstat=\"(?P<stat>[^\"]*)\"",
    re.S,
)
_SMTPD_OLD = lazy_re(
    r"\b(?P<result>PermFail|TempFail) for [0-9a-f]{4,20}: (?:[a-z]{1,20}=[^,\n]{0,330}, ){0,9}?to=<(?P<to>[^<>\s]{1,320})>, "
    r"(?:[a-z]{1,20}=[^,\n]{0,330}, ){0,9}?stat=(?P<stat>[^\n`]*)"
)
"""OpenSMTPD before 6.0."""
_SMTPD_HOST = lazy_re(rf"\b(?:relay|host)=\"?(?:smtps?://)?(?:[0-9a-f.:\[\]]+ \()?({HOST_PATTERN})", re.I)
_MAILQ = lazy_re(
    rf"^[ \t]{{0,8}}({_QUEUE_ID})[*!]?\s+\d+\s+(?:[A-Z][a-z]{{2}}\s+[A-Z][a-z]{{2}}\s+\d{{1,2}}\s+\d\d:\d\d(?::\d\d)?)\s+(\S+@\S+)\s*\n\s*\((.{{5,1200}}?)\)\s*\n?((?:\s*[^\s@()]{{1,64}}@[^\s@()]+\s*)+)",
    re.M | re.S,
)
_QUICK = SparseRe(
    r"\"SMTPD\"|status=|stat=|reject|sender verify|\*\*|==|delivery \d+:|result=|refused to talk|connect(?:ing)? to|lost connection|conversation with|\bhost \S+ ?\[|\bsaid:|\d+ (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
)
_LIMIT = 2000
_RECORD = 16_000
"""Characters of one record that are looked at: syslog lines end at 8 KB at most, some hold a reply of many lines."""


def read_log(text: str) -> list[Finding]:
    """Return a Finding for each failed recipient of the log lines in ``text``; empty when it holds none."""
    if not _QUICK.search(text):
        return []
    queue = _mailq(text)
    if queue:
        return queue
    if '"SMTPD"' in text:
        refused = _hmail(text)
        if refused:
            return refused
    found: list[Finding] = []
    senders: dict[str, str] = {}
    starts: dict[str, tuple[str, str | None]] = {}
    loose: list[Finding] = []
    if "from=" in text:  # a log may be shown with its last line first
        senders.update((match[1], match[2] or match[3] or "") for match in _ID_FROM.finditer(text))
    for whole in _records(text):
        record = whole[:_RECORD]
        identity = _ID.search(record)
        key = identity[1] if identity else ""
        if " <= " in record:
            arrival = _EXIM_ARRIVAL.search(record)
            if arrival:
                senders[arrival[1]] = arrival[2]
        if " from <" in record:
            senders.update(_QMAIL_INFO.findall(record))
        if "starting delivery" in record:
            starts.update(
                {number: (to, senders.get(message)) for number, message, to in _QMAIL_START.findall(record)}
            )
        if not key and senders and ("**" in record or "==" in record):
            exim = _EXIM.search(record)
            key = exim["id"] if exim else ""
        for finding in _record(record, senders.get(key), starts):
            if found and _same_refusal(found[-1], finding):
                found[-1] = replace(found[-1], recipient=finding.recipient)
                continue
            (found if finding.recipient or finding.receiving else loose).append(finding)
        if len(found) >= _LIMIT:
            break
    if not found:
        found = loose[:1] if len({item.text for item in loose}) == 1 else loose
    return found


def _same_refusal(verify: Finding, refusal: Finding) -> bool:
    """Whether Exim says in the next line for which recipient a sender had to be verified."""
    return (
        refusal.receiving
        and verify.text.startswith("Sender verify ")
        and refusal.text.strip() == "Sender verify failed"
        and (verify.sender, verify.sending_ip) == (refusal.sender, refusal.sending_ip)
    )


def _records(text: str) -> Iterator[str]:
    """Log records: from one time stamp to the next. Lines that a chat or a mail has wrapped stay together."""
    starts = [match.start() for match in _STAMP.finditer(text)]
    if len(starts) < 2:
        yield text
        return
    if starts[0] > 0:
        yield text[: starts[0]]
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[begin:end]


def _record(record: str, sender: str | None, starts: dict[str, tuple[str, str | None]]) -> Iterator[Finding]:
    status = _STATUS.search(record)
    if status and (status[2] or _TO.search(record) or "relay=" in record):
        yield from _postfix(record, status, sender)
        return
    if "reject" in record:
        refused = _refused(record)
        if refused:
            yield refused
            return
    if "sender verify" in record:
        verify = _EXIM_VERIFY.search(record)
        if verify:
            yield Finding(
                text=f"Sender verify {verify['what']}: {verify['rest']}",
                frame=Frame.LOG,
                strength=1.0,
                sender=verify["from"],
                sending_ip=verify["ip"],
                delayed=verify["what"] == "defer",
                receiving=True,
            )
            return
    if "**" in record or "==" in record:
        exim = _EXIM.search(record)
        if exim:
            found = _exim(exim)
            yield found if found.sender else replace(found, sender=sender or None)
            return
    if "stat=" in record and "status=" not in record:
        smtpd = (_SMTPD if "result=" in record else _SMTPD_OLD).search(record)
        if smtpd:
            host = _SMTPD_HOST.search(record)
            yield Finding(
                text=smtpd["stat"],
                frame=Frame.LOG,
                strength=1.0,
                recipient=smtpd["to"],
                sender=_named(_FROM.search(record)) or sender,
                host=host[1] if host else None,
                delayed=smtpd["result"] == "TempFail",
            )
            return
        for found in _sendmail(record):
            yield found if found.sender or not sender else replace(found, sender=sender)
        return
    if "delivery" in record:
        for qmail in _QMAIL.finditer(record):
            yield _qmail(qmail, starts)
    logged = bool(_ID.search(record)) or "postfix/" in record
    if logged:
        said = SAID.search(record)
        if said and re.search(r"\b[45]\d\d\b|\b[45]\.\d\.\d", said[3][:40]):
            before = _BEFORE_HOST.search(record, 0, said.start())
            yield Finding(
                text=_first_line_of(said[3]),
                frame=Frame.LOG,
                strength=0.95,
                recipient=before[1] if before else None,
                host=said[1],
                sender=sender,
            )
            return
    connect = _CONNECT.search(record)
    if (
        connect
        and (logged or (connect[2] and "\n" not in record.strip(" \n`") and not _ADDRESSED.match(record)))
        and _NO_CONNECTION.search(record, connect.start(), connect.end() + 200)
    ):
        line = record[connect.start() :].partition("\n\n")[0]
        before = _BEFORE_HOST.search(record, 0, connect.start())
        yield Finding(
            text=line,
            frame=Frame.LOG,
            strength=0.9,
            recipient=before[1] if before else None,
            host=connect[1],
            sender=sender,
        )


_ADDRESSED = lazy_re(r"\s*<[^<>\s]+@[^<>\s]+>:")
"""Postfix reports a recipient so: a sentence of a report, not a line of a log."""
_NO_CONNECTION = lazy_re(
    r"timed? ?out|refused|lost connection|unreachable|no route|reset by peer|handshake|too long|failed", re.I
)


def _postfix(record: str, status: re.Match[str], sender: str | None) -> Iterator[Finding]:
    state, reason = status[1], status[2] or ""
    if state in ("sent", "deliverable"):
        return
    rest = record[status.end(1) :].strip()
    if reason and rest.count("(") > rest.count(")"):
        reason = rest.partition("\n")[0][1:]  # the last bracket is cut off: one inside is no end
    to = _TO.search(record)
    relay = _RELAY.search(record)
    dsn = _DSN.search(record)
    own = _FROM.search(record)
    said = SAID.search(reason)
    host = None
    text = reason
    if said:
        host, text = said[1], said[3]
    else:
        connect = _CONNECT.search(reason)
        if connect:
            host = connect[1]
        elif (
            relay
            and relay[1] not in ("none", "local", "virtual", "dovecot", "procmail", "maildrop", "pipe")
            and "." in relay[1]
        ):
            host = relay[1]
    if state == "expired" and not text:
        text = "expired, returned to sender"
    yield Finding(
        text=text or state,
        context=reason if said else "",
        frame=Frame.LOG,
        strength=1.0,
        recipient=to[1] if to else None,
        sender=(_named(own) if own else sender) or None,
        host=host,
        status=dsn[1] if dsn else None,
        delayed=state in ("deferred", "softbounce"),
    )


def _refused(record: str) -> Finding | None:
    match = _REFUSED.search(record)
    to, sender = _TO.search(record), _FROM.search(record)
    if match:
        rest = match["rest"]
        tail = _REFUSED_TAIL.search(rest)
        text = rest[: tail.start()] if tail else rest.partition("\n\n")[0]
        # What follows stays in the record: postscreen and smtpd put the reason first.
        return Finding(
            text=text.strip().rstrip(";"),
            frame=Frame.LOG,
            strength=1.0 if match["verb"] == "reject" else 0.7,
            recipient=to[1] if to else None,
            sender=_named(sender),
            sending_ip=match["ip"],
            receiving=True,
        )
    exim = _EXIM_REFUSED.search(record)
    if exim:
        own = _EXIM_FROM.search(exim["mid"])
        return Finding(
            text=exim["rest"],
            frame=Frame.LOG,
            strength=1.0,
            recipient=exim["to"] if exim["stage"] != "MAIL" else None,
            sender=exim["to"] if exim["stage"] == "MAIL" else (own[1] if own else None) or None,
            sending_ip=exim["ip"],
            delayed="temporarily rejected" in record,
            receiving=True,
        )
    ruleset = _SENDMAIL_REJECT.search(record)
    if ruleset:
        relay = _SENDMAIL_RELAY.search(record)
        address = ruleset[2].strip("<>")
        return Finding(
            text=_first_line_of(ruleset[3]),
            frame=Frame.LOG,
            strength=1.0,
            recipient=address if ruleset[1] == "check_rcpt" else None,
            sender=address if ruleset[1] == "check_mail" else None,
            sending_ip=relay[2] if relay else None,
            receiving=True,
        )
    milter = _SENDMAIL_MILTER.search(record)
    if milter:
        return Finding(
            text=_first_line_of(milter[2]),
            frame=Frame.LOG,
            strength=1.0,
            recipient=milter[1].strip("<>") if milter[1] else None,
            receiving=True,
        )
    proxy = _PROXY_REJECT.search(record)
    if proxy:
        tail = _REFUSED_TAIL.search(proxy["rest"])
        return Finding(
            text=proxy["rest"][: tail.start()] if tail else proxy["rest"],
            frame=Frame.LOG,
            strength=1.0,
            recipient=to[1] if to else None,
            sender=_named(sender),
            receiving=True,
        )
    return None


def _exim(match: re.Match[str]) -> Finding:
    rest = match["rest"]
    host = _EXIM_HOST.search(rest)
    own = _EXIM_FROM.search(rest)
    reason = re.search(
        r"SMTP error from remote mail server after (?:[^:\n]{0,80}:\s?<[^<>\s]*>[^:\n]{0,80}|[^:\n]{0,400}):\s*(.*)",
        rest,
        re.S,
    )
    named = None
    if reason:
        text = reason[1]
        named = re.match(r"\s*host (\S+) \[[^\[\]\s]+\]:\s*(.*)", text, re.S)
        if named:
            text = named[2]
    else:
        tail = re.search(r"(?:defer \(-?\d+\)[^:\n]{0,200}|[\w\]=\"]):\s(.*)", rest, re.S)
        text = tail[1] if tail else rest
    address = first_address(match["to"]) or match["to"]
    asked = re.search(r"\bMAIL FROM:<([^<>\s]+)>", rest)
    inner = re.search(r"<([^<>\s]+@[^<>\s]+)>", rest[:200]) if "@" not in match["to"] else None
    return Finding(
        text=text.replace("\\n", " "),
        frame=Frame.LOG,
        strength=1.0,
        recipient=inner[1] if inner else address,
        sender=own[1] if own and own[1] else asked[1] if asked else None,
        host=named[1] if named else host[1] or host[3] if host else None,
        delayed=match["flag"] == "==",
    )


def _named(sender: re.Match[str] | None) -> str | None:
    return (sender[1] or sender[2] or None) if sender else None


_CONTROL = lazy_re(r"\bctladdr=<?([^<>\s(),]{1,64}@[^<>\s(),]{1,255})")
"""The controlling user of a delivery: who sent the message, where it was sent from here."""
_BEFORE_HOST = lazy_re(r"<([^<>\s]{1,64}@[^<>\s]{1,255})>:\s{1,4}$")
_HMAIL = lazy_re(
    r"^\"SMTPD\"\t\d+\t(\d+)\t\"[^\"\n]{4,40}\"\t\"([0-9a-f.:]{3,45})\"\t\"(RECEIVED|SENT): ([^\n]{1,2000}?)\"?[ \t]*$",
    re.M,
)
"""A line of hMailServer's log of the server's side."""
_COMMANDS = lazy_re(r"(MAIL FROM|RCPT TO):\s?<([^<>\s]{0,320})>", re.I)


def _hmail(text: str) -> list[Finding]:
    """What hMailServer refused: the session tells the client's IP, the sender and the recipient."""
    found: list[Finding] = []
    said: dict[tuple[str, str], str] = {}
    for line in _HMAIL.finditer(text):
        session, ip, direction, words = line.groups()
        if direction == "RECEIVED":
            command = _COMMANDS.match(words)
            if command:
                said[session, command[1].upper()] = command[2]
        elif words[:1] in "45" and words[3:4] in (" ", "-"):
            found.append(
                Finding(
                    text=words,
                    frame=Frame.LOG,
                    strength=1.0,
                    recipient=said.get((session, "RCPT TO")) or None,
                    sender=said.get((session, "MAIL FROM")) or None,
                    sending_ip=ip,
                    receiving=True,
                )
            )
        if len(found) >= _LIMIT:
            break
    return found


def _sendmail(record: str) -> Iterator[Finding]:
    stat = _SENDMAIL_STAT.search(record)
    to = _SENDMAIL_TO.search(record)
    if not stat or not to or re.match(r"(?:Sent|queued)\b", stat[1], re.I):
        return
    dsn = _DSN.search(record)
    relay = re.search(r"\brelay=([^\s,\[\]]+)", record)
    host = relay[1].rstrip(".") if relay and "." in relay[1] else None
    text = _first_line_of(stat[1])
    answer = _SENDMAIL_REPLY.search(record) if "reply=" in record else None
    if answer:
        text = answer[1]
    if text.startswith("Host unknown"):
        host = None  # there was nobody to talk to
    own = _CONTROL.search(record)
    for address in to[1].split(","):
        yield Finding(
            text=text,
            frame=Frame.LOG,
            strength=1.0,
            recipient=address.strip("<> "),
            sender=own[1] if own else None,
            host=host,
            status=dsn[1] if dsn else None,
            delayed=stat[1].lower().startswith("deferred"),
        )


def _qmail(match: re.Match[str], starts: dict[str, tuple[str, str | None]]) -> Finding:
    recipient, sender = starts.get(match[1], (None, None))
    raw = match[3]
    remote = _QMAIL_REMOTE.match(raw)
    words = raw.replace("_", " ").replace("/", " ").strip()
    said = re.search(r"Remote host said:\s*(.*)", words)
    return Finding(
        text=said[1] if said else words,
        context=words if said else "",
        frame=Frame.LOG,
        strength=1.0,
        recipient=recipient,
        sender=sender,
        host=remote[1] if remote else None,
        delayed=match[2] == "deferral",
    )


def _mailq(text: str) -> list[Finding]:
    found = []
    for match in _MAILQ.finditer(text):
        said = SAID.search(match[3])
        connect = None if said else _CONNECT.search(match[3])
        for recipient in match[4].split():
            found.append(
                Finding(
                    text=said[3] if said else match[3],
                    frame=Frame.LOG,
                    strength=1.0,
                    recipient=recipient,
                    sender=match[2],
                    host=said[1] if said else connect[1] if connect else None,
                    delayed=True,
                )
            )
    return found


def _first_line_of(text: str) -> str:
    """The record's rest: up to an empty line or a line that begins anew."""
    return re.split(r"\n\s*\n|\n(?=[A-Z#>`])", text, maxsplit=1)[0]
