"""May this server send for this domain? SPF evaluated as a receiver does it (RFC 7208).

The check ``spf`` (subject: the domain; about: the sending IP, or None to look at the record alone): found,
with the result as reason (``pass``, ``fail``, ``softfail``, ``neutral``, ``permerror``; ``published``
without an IP); absent with ``none``; a temporary error is unanswered. Values: the record, then
``lookups=N``, ``void=N``, ``matched=TERM``, ``path=TERM > TERM`` where the term led into other records,
``chain=DOMAIN (DOMAIN, …), …`` for the records that were read, each with those that it includes in brackets,
``problem=WORDS`` and one ``cost=TERM:N`` for each term that needs look-ups.

``spftrace`` evaluates: it has passed the RFC's test suite, takes a resolver of ours and shows each step.
"""

from typing import TYPE_CHECKING, Any

from bot.core.model import Answer, Outcome, Question
from bot.lookups.answers import absent, found, line, no_answer, skipped, unanswered
from bot.lookups.kit import Kit
from bot.lookups.names import NotAskable, public_address
from bot.lookups.resolver import Queries

if TYPE_CHECKING:
    from spftrace import Result

# Nobody sends from here, so every term of a record is walked: for its look-ups without a sender.
_NOBODY = "0.0.0.1"
MAX_QUERIES = 75
MAX_CHAIN = 400


async def check(kit: Kit, question: Question) -> Answer:
    domain, ip = question.subject, question.about
    asked = f"SPF of {domain}" + (f" for {ip}" if ip else "")
    if ip:
        try:
            ip = str(public_address(ip))
        except NotAskable as error:
            return skipped(question, asked, str(error))
    first = await kit.queries.query(domain, "TXT")
    if first.outcome not in (Outcome.FOUND, Outcome.ABSENT):
        return no_answer(question, asked, first)
    if not any(text.lower().startswith(("v=spf1 ", "v=spf1")) for text in first.texts):
        return absent(question, f"{asked}: {domain} publishes no SPF record", "none")
    result = await evaluate(kit.queries, domain, ip or _NOBODY)
    record = _record(result)
    values = (record, *_values(result))
    problem = _problem(result)
    if result.verdict == "temperror":
        return unanswered(question, asked, problem or "a look-up inside the record failed")
    if result.verdict == "none":
        return absent(question, f"{asked}: {domain} publishes no SPF record", "none")
    words = f"{asked}: {result.verdict}"
    if result.verdict == "permerror":
        return found(question, f"{words}, the record is broken: {problem}", values, "permerror")
    if not ip:
        open_to_all = " It lets everybody send." if result.verdict == "pass" else ""
        detail = f"{asked}: {_short(record)} ({result.dns_terms_used} of 10 look-ups).{open_to_all}"
        return found(question, detail, values, "published" if result.verdict != "pass" else "open")
    term = next(
        (v.partition("=")[2] for v in reversed(values[1:]) if v.startswith(("matched=", "path="))), "no term"
    )
    return found(question, f"{words} by {term} in {_short(record)}", values, result.verdict)


async def evaluate(
    queries: Queries, domain: str, ip: str, sender: str | None = None, helo: str = ""
) -> "Result":
    """Run check_host() of RFC 7208 with our resolver, its cache and its deadlines."""
    from spftrace import BaseResolver, Evaluator, Limits

    class Ours(BaseResolver):
        async def _lookup(self, name: str, rtype: str) -> tuple[str, list[str]]:
            reply = await queries.query(name, rtype, any_letters=True)
            if reply.outcome is Outcome.SKIPPED or reply.reason == "nxdomain":
                return "NXDOMAIN", []  # a name that cannot exist in DNS, or one that does not
            if reply.outcome is Outcome.UNANSWERED:
                return ("TIMEOUT" if reply.reason == "timeout" else "SERVFAIL"), []
            if rtype == "TXT":
                return "NOERROR", list(reply.texts)
            if rtype == "MX":
                return "NOERROR", [host for _, host in reply.exchanges]
            return "NOERROR", list(reply.targets if rtype == "PTR" else reply.addresses)

    limits = Limits(audit=True, prefetch=True, max_queries=MAX_QUERIES, time_limit=60)
    evaluator = Evaluator(Ours(), limits, receiver="fivefifty")
    return await evaluator.evaluate(ip, sender or f"postmaster@{domain}", helo or domain)


def _values(result: "Result") -> list[str]:
    values = [f"lookups={result.dns_terms_used}", f"void={result.void_lookups_used}"]
    top = [event.data for event in result.trace.events if event.depth == 0]
    path = _path(result)
    if path:
        values.append(f"matched={path[0]}")
    if len(path) > 1:
        values.append(f"path={' > '.join(path)}")
    chain = _chain(result)
    if chain:
        values.append(f"chain={chain}")
    problem = _problem(result)
    if problem:
        values.append(f"problem={problem}")
    starts: list[dict[str, Any]] = [data for data in top if "dns_terms_used" in data and "raw" in data]
    used = [start["dns_terms_used"] for start in starts] + [result.dns_terms_used]
    for start, before, after in zip(starts, used, used[1:], strict=False):
        if after > before:
            values.append(f"cost={start['raw']}:{after - before}")
    return values


def _path(result: "Result") -> list[str]:
    """The term that decided, and the terms inside of the records that it led to."""
    path: list[str] = []
    for event in reversed(result.trace.events):
        if event.kind == "mech_start" and event.depth < len(path):
            break  # here the term that decided begins
        if event.depth != len(path):
            continue
        if event.kind == "mech_match":
            path.append(str(event.data["raw"]))
        elif event.kind == "recurse_out" and event.data.get("via") == "redirect":
            path.append(f"redirect={event.data['domain']}")
    return path


def _chain(result: "Result") -> str:
    """The other records that were read, each with those that it includes in brackets."""
    top: list[tuple[str, Any]] = []
    open_ = [top]
    for event in result.trace.events:
        if event.kind == "recurse_in":
            inside: list[tuple[str, Any]] = []
            open_[-1].append((str(event.data["domain"]), inside))
            open_.append(inside)
        elif event.kind == "recurse_out" and len(open_) > 1:
            open_.pop()
    return line(_names(top), MAX_CHAIN) if top else ""


def _names(records: list[tuple[str, Any]]) -> str:
    return ", ".join(f"{domain} ({_names(inside)})" if inside else domain for domain, inside in records)


def _problem(result: "Result") -> str | None:
    for event in reversed(result.trace.events):
        if event.kind == "exit":
            return str(event.data.get("reason"))
    if result.verdict == "permerror":
        if result.dns_terms_used > 10:
            return f"it needs {result.dns_terms_used} DNS look-ups, 10 are allowed"
        return f"{result.void_lookups_used} look-ups lead nowhere, 2 are allowed"
    return None


def _record(result: "Result") -> str:
    for event in result.trace.events:
        if event.kind in ("policy_parsed", "parse_error") and event.depth == 0:
            return str(event.data.get("policy", ""))
    return ""


def _short(record: str) -> str:
    return record if len(record) <= 120 else record[:117] + "..."
