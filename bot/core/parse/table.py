"""Which failed recipients do the rows of a table name? PowerMTA, Exchange's message tracking, exports of programs."""

import csv
import re

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.facts import HOST_PATTERN
from bot.core.parse.finding import Finding
from bot.core.parse.reply import BASIC_CODES
from bot.core.parse.signs import elsewhere, talk

_LIMIT = 2000
"""Rows that are read."""
_PMTA_FIELDS = [
    "type",
    "timeLogged",
    "timeQueued",
    "orig",
    "rcpt",
    "orcpt",
    "dsnAction",
    "dsnStatus",
    "dsnDiag",
    "dsnMta",
    "bounceCat",
    "srcType",
    "srcMta",
    "dlvType",
    "dlvSourceIp",
    "dlvDestinationIp",
    "dlvEsmtpAvailable",
    "dlvSize",
    "vmta",
    "jobId",
    "envId",
]
_CSV_HINT = lazy_re(r"dsnDiag|dsnStatus|bounceCat|recipient-status|#Fields:|^[bt],\d{4}-\d\d-\d\d", re.M)


def read_csv(text: str) -> list[Finding]:
    """Return the failed recipients of a PowerMTA accounting file, an Exchange message tracking log or another table."""
    if "," not in text or not _CSV_HINT.search(text):
        # Exchange writes conversations as tables: those are read as conversations.
        return _rows(text) if _REPLY_COLUMN.search(text) and ",<," not in text else []
    header: list[str] | None = None
    found: list[Finding] = []
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("#Fields:"):
            header = [name.strip() for name in line[8:].split(",")]
            continue
        if not line or line.startswith("#"):
            continue
        try:
            row = _whole(next(csv.reader([line[:20000]]), []))
        except csv.Error:
            continue
        if len(row) < 4:
            continue
        if "dsnStatus" in row or "recipient-status" in row:
            header = row
            continue
        finding = None
        if header and "recipient-status" in header:
            finding = _tracking(dict(zip(header, row, strict=False)))
        elif row[0] in ("b", "t", "rb", "rs", "tq"):
            finding = _accounting(dict(zip(header or _PMTA_FIELDS, row, strict=False)))
        if finding:
            found.append(finding)
        if len(found) >= _LIMIT:
            break
    return found


_ALONE = 0.75
"""How surely the row of a table that names no address says that mail failed."""
_REPLY_COLUMN = lazy_re(r"([,;\t|]) ?\"?(?:smtp; ?)?[45]\d\d[- ]", re.I)
_BEGINS = lazy_re(r"(?:smtp; ?)?([45]\d\d)[- ](?=\D|[45]\.\d)", re.I)
_NEAR = 1500
"""Characters of a table that say what it belongs to."""
_WORD = lazy_re(r"[^\W\d_\u2e80-\uffff]{2,}|[\u2e80-\uffff]{2}")
_ADDRESS_COLUMN = lazy_re(r"(?:rcpt=|to=)?<?([^\s<>@,;\"']{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63})>?")
_TIME_COLUMN = lazy_re(
    r"\d{4}[-/]\d\d[-/]\d\d(?:[T ][\d:.]{4,15}(?: ?(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d))?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: [\d:]{4,8}(?: ?[AP]M)?)?|1\d{9}(?:\d{3}|\.\d{1,6})?"
)
_STATUS_COLUMN = lazy_re(r"([45]\.\d{1,3}\.\d{1,3})(?: \([^()]{0,200}\))?")
_HOST_COLUMN = lazy_re(
    r"(?!www\.)(?:[a-z0-9-]{1,63}\.){2,8}[a-z][a-z0-9-]{1,62}(?: \([0-9a-f.:]{3,45}\))?", re.I
)
"""A host's name: a domain alone has fewer parts."""
_EVENT_COLUMN = frozenset(
    [
        "bounce",
        "bounced",
        "hard",
        "soft",
        "hard_bounce",
        "soft_bounce",
        "hardbounce",
        "softbounce",
        "failed",
        "failure",
        "fail",
        "deferred",
        "delayed",
        "blocked",
        "dropped",
        "rejected",
        "undelivered",
        "undeliverable",
        "permanent",
        "temporary",
        "transient",
    ]
)
_OF_SENDER = frozenset(
    [
        "from",
        "sender",
        "mail_from",
        "mailfrom",
        "from_address",
        "from_email",
        "sender_address",
        "return_path",
        "orig",
    ]
)


_OF_TEST = frozenset(["expected", "want", "cause", "label", "class", "classification", "category", "meaning"])
"""Headings of tables that say what is to be made of a reply."""
_OF_RECIPIENT = frozenset(
    [
        "email",
        "e-mail",
        "address",
        "recipient",
        "to",
        "rcpt",
        "rcpt_to",
        "email_address",
        "e-mail address",
        "email address",
    ]
)


def _rows(text: str) -> list[Finding]:
    """Rows of an export of some program: an address, and a whole reply in a column each.

    A time, an event or a heading over the address tells a table from a sentence with commas. Without an address
    there must be a heading and a time, and the reply has to be told from those of other protocols.
    """
    header: list[str] = []
    found: list[Finding] = []
    for line in text.split("\n")[:_LIMIT]:
        line = line[:20000].strip()
        column = _REPLY_COLUMN.search(line)
        if column is None:
            if not found and "@" not in line and _WORD.search(line):
                header = [name.strip(' "').lower() for name in re.split(r"[,;\t|]", line)]
            continue
        try:
            row = next(csv.reader([line], delimiter=column[1]), [])
        except csv.Error:
            continue
        finding = _row(row if column[1] in "\t|" else _whole(row), header)
        if finding and (finding.recipient or finding.sender or not elsewhere.elsewhere(text[:_NEAR])):
            found.append(finding)
    return found


def _whole(row: list[str]) -> list[str]:
    """The columns of a row whose text nobody quoted: a comma and a space belong to a sentence."""
    columns: list[str] = []
    for value in row:
        if columns and value[:1] == " ":
            columns[-1] += "," + value
        else:
            columns.append(value)
    return columns


def _row(row: list[str], header: list[str]) -> Finding | None:
    columns = [value.strip() for value in row]
    reply = next(
        (
            value
            for value in columns
            if (begun := _BEGINS.match(value))
            and begun[1] in BASIC_CODES
            and len(_WORD.findall(value[:500])) > 1
        ),
        None,
    )
    named = [
        (place, match[1])
        for place, value in enumerate(columns)
        if (match := _ADDRESS_COLUMN.fullmatch(value))
    ]
    dated = any(_TIME_COLUMN.fullmatch(value) or value.lower() in _EVENT_COLUMN for value in columns)
    dated = dated or any(header[place : place + 1] and header[place] in _OF_RECIPIENT for place, _ in named)
    if reply is None or not dated or not (named or header):
        return None
    if not named:
        timed = any(_TIME_COLUMN.fullmatch(value) for value in columns) and _OF_TEST.isdisjoint(header)
        said = not (talk.counts(reply) or talk.asks(reply) or elsewhere.of_files(reply))
        return Finding(text=reply, frame=Frame.REPLY, strength=_ALONE) if timed and said else None
    status = next((found[1] for value in columns if (found := _STATUS_COLUMN.fullmatch(value))), None)
    hosts = [value for value in columns if _HOST_COLUMN.fullmatch(value)]
    senders = [
        address for place, address in named if header[place : place + 1] and header[place] in _OF_SENDER
    ]
    others = {address for _, address in named if address not in senders}
    return Finding(
        text=reply,
        frame=Frame.LOG,
        strength=0.9,
        recipient=others.pop() if len(others) == 1 else None,
        sender=senders[0] if senders else None,
        host=hosts[0] if len(hosts) == 1 else None,
        status=status,
    )


def _accounting(row: dict[str, str]) -> Finding | None:
    action = row.get("dsnAction", "").lower()
    if action in ("relayed", "delivered", "expanded") or not row.get("rcpt"):
        return None
    mta = row.get("dsnMta", "")
    host = re.search(HOST_PATTERN, mta, re.I)
    status = re.search(r"[245]\.\d{1,3}\.\d{1,3}", row.get("dsnStatus", ""))
    diagnostic = row.get("dsnDiag", "")
    comment = re.search(r"\(([^()]*)\)", row.get("dsnStatus", ""))
    return Finding(
        text=diagnostic or (comment[1] if comment else ""),
        context=" ".join(filter(None, (comment[1] if comment else "", row.get("bounceCat", "")))),
        frame=Frame.LOG,
        strength=1.0,
        recipient=row["rcpt"],
        sender=row.get("orig") or None,
        sending_ip=row.get("dlvSourceIp") or None,
        host=host[0] if host else None,
        status=status[0] if status else None,
        delayed=action == "delayed" or row.get("type") == "t",
    )


def _tracking(row: dict[str, str]) -> Finding | None:
    event = row.get("event-id", "").upper()
    if event not in ("FAIL", "DEFER", "DSN", "BADMAIL", "POISONMESSAGE", "RESUBMITFAIL"):
        return None
    status = row.get("recipient-status", "")
    match = re.search(r"\{LED=([^}]*)\}", status) or re.search(r"\[\{LED=([^}]*)", status)
    host = re.search(r"\{FQDN=([^}]*)\}", status)
    address = re.search(r"\{IP=([^}]*)\}", status)
    text = (match[1] if match else "") or status or row.get("source-context", "")
    recipient = row.get("recipient-address", "").split(";")[0]
    return Finding(
        text=text,
        frame=Frame.LOG,
        strength=1.0,
        recipient=recipient or None,
        sender=row.get("sender-address") or None,
        host=(host[1] if host else None) or (address[1] if address else None) or None,
        delayed=event == "DEFER",
    )
