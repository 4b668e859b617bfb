"""Which host refused, as the words around a reply name it?"""

import re

from bot.core.lazy import lazy_re
from bot.core.parse.facts import HOST_PATTERN
from bot.core.sparse import SparseRe

_H = HOST_PATTERN
_IP = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}:[0-9a-f:.]{2,40})"
_BRACKETED = r"\s*[\[(](?P<{0}>[0-9a-f.:]{{3,45}})[\])]"
# From the surest to the weakest. Each names the host in a group that begins with h, or an IP in one that begins with i.
_PATTERNS = (
    rf"\bhost:?\s+(?P<h>{_H})\.?" + _BRACKETED.format("i"),
    rf"\bhost ['\"](?P<h>{_H})\.?['\"]\s+(?:rejected|said|refused|returned|replied)",
    rf"\bhost:?\s+(?P<h>[a-z0-9-]+|{_H})\s*[\[(](?P<i>/[^\[\]()\s]{{2,80}})[\])]\s*said",
    rf"remote[- ]mta:\s*(?:dns;)?\s*(?:(?P<h>{_H})|\[?(?P<i>{_IP})\]?)",
    rf"(?:while talking to|talking to|remote system:\s*(?:dns;)?|message rejected by:|remote server:)\s*(?:(?P<h>{_H})|\[?(?P<i>{_IP})\]?)",
    rf"(?:connect(?:ion)?|connecting|lost connection|conversation|timeout|socket) (?:to|with|talking to)\s+(?:(?P<h>{_H})|(?P<i>{_IP})\[)",
    rf"(?:delivery error when |when |while |attempt(?:ed|ing)? )?(?:sending|delivering|deliver|relaying|connecting|connected|relay|delivery) (?:mail |message )?(?:to|via|through)\s+(?:host |server |mx )?(?P<h>{_H})"
    + _BRACKETED.format("i"),
    rf"\bby\s+(?P<h>{_H})\.?" + _BRACKETED.format("i"),
    rf"\bH=(?P<h>{_H})" + _BRACKETED.format("i") + r"(?::\d+)?: smtp error from remote",
    rf"\bconnected from\s+\S{{3,255}}\s+\(\S{{3,45}}\)\s+to\s+(?P<h>{_H})",
    rf"(?:timed out|timeout|refused|reset) (?:with|by)\s+(?P<h>{_H})",
    rf"remote (?:mail ?)?server(?: at)?\s+(?P<h>{_H})",
    rf"(?P<h>{_H})"
    + _BRACKETED.format("i")
    + r":?\s*(?:\n\s*)?(?:said|gave this error|refused|rejected|returned|responded)",
    rf"(?P<h>{_H})\s+(?:said|says|gave this error|rejected your message|refused|responded|replied|answered|antwortet|sagt|rejects|returned|tells|dit|dice|hat (?:ihre nachricht|diesen fehler)|gab (?:zurück|diesen)|a (?:rejeté|refusé|généré)|rechazó|generó)\b",
    rf"(?:^|\n)[ \t]{{0,8}}(?P<h>{_H})[ \t]{{0,8}}\n\s{{0,8}}remote server returned",
    rf"(?:connected to (?=\S{{3,45}} but )|remote server \((?=\S{{3,45}}\) issued))(?P<i>{_IP})",
    r"(?P<i>" + _IP + r")\s+(?:failed after i sent|does not like recipient|said|refused|failed)",
    rf"(?:connected to|=== trying|trying|--server|--host|(?:^|[{{,(\n]|\s(?=\w{{1,20}}=))\s*['\"]?(?:host|server|(?:smtp|mail)_?host|hostname|mx|mta|remote[_ ]?(?:mta|server)|mx[_ -]?(?:host|server)|servidor|serveur|serwer|сервер)['\"]?\s*[=:]|remote host[=:])\s*['\"]?(?:(?P<h>{_H})|(?P<i>{_IP})(?=['\"]))",
    rf"\b(?:via|through|error from) ['\"](?P<h>{_H})['\"]",
    rf"_failure, ?['\"<]{{1,3}}(?:(?P<h>{_H})|(?P<i>{_IP})['\">])",
    rf"\b220[ -](?P<h>{_H})\s+(?:e?smtp|microsoft|service|.{{0,40}}e?smtp)",
    rf"\b220[ -]e?smtp (?P<h>{_H})(?!\S)",
    rf"\b250-(?P<h>{_H})(?![^\s\\'\"])",
    rf"\bconnect\(2\) for \"(?P<h>{_H})\"|\bdial tcp (?!127\.)(?P<i>{_IP}):\d",
    rf"(?<!mail system at )\bhost:?\s+(?P<h>{_H})",
    rf"\[(?:\(\d+\) )?(?P<h>{_H})\.?[ \[(]{{1,3}}(?P<i>{_IP})[\])]?(?::\d+)?: (?:timed out|socket error|unable|connection|generic|no route)",
    rf"(?<![\w.@-])(?P<h>{_H}):(?:25|465|587|2525)\b",
    rf"(?:from|by|server)\s+(?P<h>{_H})\s*:?\s*(?:\n|[45]\d\d)",
)
_HINT = SparseRe(
    r"host|remote|talking|250-|:25|:465|:587|dial tcp|via|through|from|connect|sending|deliver|relay|said|says|error|reject|refus|respond|failed|220|by |server|mx|antwort|return|timeout|conversation|tells|serve|servidor|serwer|сервер|_failure",
    re.I,
)
_SPARSE = tuple(SparseRe(pattern, re.I) for pattern in _PATTERNS)
_LOOKED_UP = lazy_re(r"\blookup of $", re.I)
_NOT_HOSTS = lazy_re(
    r"\.(?:py|js|rb|php|java|go|rs|html?|log|txt|eml|json|yaml|yml|conf|cf|exe|zip|pdf|docx?|so|jar|ts)$",
    re.I,
)


def remote_host(text: str) -> str | None:
    """Return the host name (or, without one, the IP) that the words around a reply name as the one that refused."""
    if not _HINT.search(text):
        return None
    for pattern in _SPARSE:
        last: str | None = None
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = groups.get("h") or groups.get("i")
            if name and _LOOKED_UP.search(text, max(0, match.start() - 12), match.start()):
                continue
            if name and not _NOT_HOSTS.search(name):
                last = name
        if last:
            return last
    return None
