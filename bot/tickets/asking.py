"""Which tickets does somebody ask for with a few words: open, mine, a domain, an address, an IP, a text?"""

import re
from collections.abc import Collection
from ipaddress import ip_address

from bot.tickets.ticket import Filters, Status

_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]{0,200})?>")
_DOMAIN = re.compile(r"[^\s@./]{1,63}(?:\.[^\s@./]{1,63}){1,20}")
_STATUSES = frozenset(status.value for status in Status)
_MOST = 500


def filters_of(words: str, *, me: str, causes: Collection[str]) -> Filters:
    """The filters that ``words`` name. Several narrow the list; what is no filter is searched as text.

    Nothing at all means the open tickets. ``all`` means all. A cause whose name is a word like others
    (``unknown``) is a filter where it is no part of a text: "user unknown" is one.
    """
    words = words.strip()[:_MOST]
    if not words:
        return Filters(open_only=True)
    statuses: list[Status] = []
    open_only = False
    person: str | None = None
    named: list[str] = []
    domain: str | None = None
    address: str | None = None
    ip: str | None = None
    rest: list[str] = []
    for word in words.split():
        lower = word.lower().strip(",;")
        mention = _PERSON.fullmatch(word)
        if mention:
            person = mention.group(1)
        elif lower == "open":
            open_only = True
        elif lower == "mine":
            person = me
        elif lower == "all":
            continue
        elif lower in _STATUSES:
            statuses.append(Status(lower))
        elif lower in causes:
            named.append(lower)
            if "-" not in lower:
                rest.append(word)
        elif _is_ip(lower):
            ip = lower
        elif "@" in lower.strip("@<>"):
            address = lower.strip("<>")
        elif _DOMAIN.fullmatch(lower):
            domain = lower
        else:
            rest.append(word)
    if all(word.lower().strip(",;") in named for word in rest):
        rest.clear()
    else:
        named = [cause for cause in named if "-" in cause]
    return Filters(
        statuses=tuple(statuses),
        open_only=open_only,
        person=person,
        cause=named[-1] if named else None,
        domain=domain,
        address=address,
        ip=ip,
        words=" ".join(rest),
    )


def _is_ip(word: str) -> bool:
    try:
        ip_address(word.strip("[]"))
    except ValueError:
        return False
    return True
