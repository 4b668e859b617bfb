"""Is an address, a domain or an IP address fit for mail? The pure half of the check before sending.

``questions_for`` says what to look up, ``judge`` reads the answers. A look-up that was not answered is
graded unknown, never good and never bad.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.address import suggest_domain, syntax_fault
from bot.core.evidence.authentication import costs, mechanism, number, text, with_address
from bot.core.evidence.case import listing
from bot.core.evidence.listings import default_lists, entry_for, read_codes, subject_type
from bot.core.model import Answer, Catalogue, Outcome, Question
from bot.core.provider import provider_of_mail

WILDCARD_LABEL = "no-such-name-fivefifty"
"""A name that nobody has; where it takes mail, every name below the domain does."""
MANY_LOOKUPS = 8
SUBMISSION_PORTS = ("465", "587")
"""Ports at which mail programs hand in mail after a login (RFC 8314)."""


class Grade(StrEnum):
    """How good something is, the best first."""

    GOOD = "good"
    WARNING = "warning"
    UNKNOWN = "unknown"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What is checked: ``kind`` is ``address``, ``domain`` or ``ip``."""

    text: str
    kind: str
    subject: str
    """The domain or IP address that is looked up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One finding."""

    check: str
    grade: Grade
    text: str
    fix: str = ""
    evidence: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The verdict on one target."""

    target: Target
    grade: Grade
    lines: tuple[Line, ...]
    provider: str | None = None
    """An id of knowledge/providers.yaml: who has the mail of the domain."""
    suggestion: str | None = None
    """A domain that takes mail and that the target's is probably a typo of."""


def target_of(text: str) -> Target:
    """Tell an address, an IP address and a domain apart by their form alone."""
    text = text.strip()
    if "@" in text:
        return Target(text=text, kind="address", subject=text.rpartition("@")[2].strip().rstrip(".").lower())
    bare = text.removeprefix("[").removesuffix("]")
    if subject_type(bare) != "domain":
        return Target(text=text, kind="ip", subject=bare)
    return Target(text=text, kind="domain", subject=bare.rstrip(".").lower())


def targets_in(text: str) -> list[str]:
    """The targets that people type or paste: by lines, commas and semicolons, and by spaces where each word is one.

    ``Jane Doe <jane@example.org>``, as mail programs copy it, is the address. An address that holds a space by
    mistake stays whole, so that it can be told.
    """
    targets: list[str] = []
    for line in text.replace(",", "\n").replace(";", "\n").splitlines():
        words = line.split()
        named = len(words) > 1 and words[-1].startswith("<") and words[-1].endswith(">") and "@" in words[-1]
        if named:
            targets.append(words[-1][1:-1])
        elif len(words) > 1 and all("." in word.rpartition("@")[2] or ":" in word for word in words):
            targets += words
        elif words:
            targets.append(line.strip())
    return targets


def questions_for(target: Target, catalogue: Catalogue) -> tuple[Question, ...]:
    """What to look up about a target."""
    subject = target.subject
    if target.kind == "ip":
        lists = default_lists(catalogue, "ip", subject_type(subject))
        return (Question(check="ptr", subject=subject), *_listings(subject, lists))
    near = suggest_domain(subject, catalogue)
    mail = [Question(check="mx", subject=subject)]
    if near:
        mail.append(Question(check="mx", subject=near, about="neighbour"))
    if target.kind == "address":
        return () if syntax_fault(target.text) else tuple(mail)
    return (
        *mail,
        Question(check="mx", subject=f"{WILDCARD_LABEL}.{subject}", about="wildcard"),
        *(Question(check=check, subject=subject) for check in ("spf", "dmarc", "dkim", "mta-sts")),
        *_listings(subject, default_lists(catalogue, "domain")),
    )


def judge(target: Target, answers: Sequence[Answer], catalogue: Catalogue) -> Report:
    """Grade every answer, and the target as a whole: bad where one line is, unknown where the line that
    matters most could not be checked."""
    fault = syntax_fault(target.text) if target.kind == "address" else None
    if fault:
        line = Line(
            check="syntax",
            grade=Grade.BAD,
            text=f"{fault[0].upper()}{fault[1:]}.",
            fix="Correct the address.",
        )
        return Report(target=target, grade=Grade.BAD, lines=(line,))
    mx = next((a for a in answers if a.question.check == "mx" and a.question.about is None), None)
    if mx is not None and (mx.reason == "nxdomain" or mx.outcome is Outcome.SKIPPED):
        # What does not exist, or must not be asked about, has no records to mend.
        answers = [answer for answer in answers if answer.question.check == "mx"]
    listings = [answer for answer in answers if answer.question.check == "blocklist"]
    knocks = [answer for answer in answers if answer.question.check == "smtp"]
    lines = [grade(answer, catalogue) for answer in answers if _counts(answer)]
    lines += _smtp_lines(target, knocks, catalogue)
    lines += _blocklist_lines(listings, catalogue)
    suggestion = _suggestion(answers)
    if suggestion:
        gone = mx is not None and mx.outcome is Outcome.ABSENT
        grade_ = Grade.BAD if gone else Grade.WARNING
        lines.insert(
            0,
            Line(
                check="typo",
                grade=grade_,
                text=f"{target.subject} looks like a typo of {suggestion}.",
                fix=f"Use {suggestion} if that is meant.",
            ),
        )
    if any(_is_wildcard(answer) for answer in answers) and mx is not None and mx.outcome is Outcome.FOUND:
        lines.append(
            Line(
                check="wildcard",
                grade=Grade.WARNING,
                text=f"Every name below {target.subject} takes mail, as with parked domains.",
                fix="Make sure that this is the domain that you mean.",
            )
        )
    provider = provider_of_mail(catalogue, target.subject, mx.values) if mx is not None else None
    return Report(
        target=target, grade=_whole(lines), lines=tuple(lines), provider=provider, suggestion=suggestion
    )


def grade(answer: Answer, catalogue: Catalogue) -> Line:
    """One answer as a line. Also what a watch compares."""
    if answer.outcome in (Outcome.UNANSWERED, Outcome.SKIPPED):
        if answer.outcome is Outcome.SKIPPED and answer.question.check in ("mx", "ptr"):
            words = f"{answer.question.subject[:200]} is {answer.reason}: nobody outside can look it up."
            return _line(answer, Grade.BAD, words, "Give a public address or name.")
        return _line(answer, Grade.UNKNOWN, answer.detail, "")
    graded, words, fix = _GRADERS[answer.question.check](answer, catalogue)
    return _line(answer, graded, words, fix)


_Graded = tuple[Grade, str, str]


def _mx(answer: Answer, _: Catalogue) -> _Graded:
    domain, hosts = answer.question.subject, listing(answer.values)
    if answer.outcome is Outcome.ABSENT:
        return {
            "nxdomain": (Grade.BAD, f"{domain} does not exist in DNS.", "Check the spelling."),
            "null-mx": (
                Grade.BAD,
                f"{domain} accepts no mail at all (null MX).",
                "Use an address at another domain.",
            ),
        }.get(answer.reason or "", (Grade.BAD, f"{domain} has no server for mail.", "Publish an MX record."))
    return {
        "implicit-mx": (
            Grade.WARNING,
            f"{domain} has no MX record; mail goes to its own address.",
            "Publish an MX record.",
        ),
        "no-address": (
            Grade.BAD,
            f"The mail servers of {domain} ({hosts}) have no address.",
            "Let the MX name a host with an A or AAAA record.",
        ),
        "private-address": (
            Grade.BAD,
            f"The mail servers of {domain} have only private addresses.",
            "Let the MX lead to a public address.",
        ),
        "cname": (
            Grade.WARNING,
            f"An MX of {domain} names an alias, which RFC 2181 forbids.",
            "Let the MX name a host with an address of its own.",
        ),
    }.get(answer.reason or "", (Grade.GOOD, f"Mail for {domain} goes to {hosts}.", ""))


def _ptr(answer: Answer, _: Catalogue) -> _Graded:
    ip, name = answer.question.subject, listing(answer.values, 1)
    if answer.outcome is Outcome.ABSENT:
        return (
            Grade.BAD,
            f"{ip} has no reverse name (PTR).",
            "Ask the hosting company to set the PTR to the name of the mail server.",
        )
    return {
        "unconfirmed": (
            Grade.BAD,
            f"The reverse name {name} does not lead back to {ip}.",
            f"Give {name} an A or AAAA record with {ip}.",
        ),
        "generic": (
            Grade.WARNING,
            f"The reverse name {name} looks generic or dynamic.",
            "Ask the hosting company for a name of your own.",
        ),
    }.get(answer.reason or "", (Grade.GOOD, f"The reverse name is {name} and leads back.", ""))


def _spf(answer: Answer, _: Catalogue) -> _Graded:
    domain, ip = answer.question.subject, answer.question.about
    if ip and answer.outcome is Outcome.FOUND:
        return _spf_for(answer, domain, ip)
    if answer.outcome is Outcome.ABSENT:
        return (
            Grade.WARNING,
            f"{domain} publishes no SPF record.",
            f"Publish as TXT of {domain}: v=spf1 mx ~all, with the includes of your services.",
        )
    lookups = number(answer.values, "lookups") or 0
    dear = listing((f"{term} {count}" for term, count in costs(answer.values)), 8)
    chain = f" ({lookups} of 10 look-ups: {dear})." if dear else ""
    if included := text(answer.values, "chain"):
        chain += f" It includes {included}."
    if void := number(answer.values, "void"):
        chain += f" {void} of 2 look-ups that may lead nowhere do."
    if answer.reason == "permerror":
        problem = text(answer.values, "problem") or "it cannot be evaluated"
        return (
            Grade.BAD,
            f"The SPF record is broken: {problem}.",
            "Mend the record; until then SPF passes for nobody.",
        )
    if answer.reason == "open":
        return Grade.BAD, "The SPF record lets everybody send (+all).", "End the record with ~all or -all."
    if lookups > MANY_LOOKUPS:
        return (
            Grade.WARNING,
            f"The SPF record needs {lookups} of 10 DNS look-ups: {dear or 'the record itself'}.{chain.partition(').')[2]}",
            "Drop includes that you no longer send through.",
        )
    return Grade.GOOD, f"SPF: {answer.values[0] if answer.values else 'published'}{chain}", ""


def _spf_for(answer: Answer, domain: str, ip: str) -> _Graded:
    """The result for one sending address (RFC 7208 section 2.6)."""
    said = f"SPF of {domain} for {ip}: {answer.reason}"
    if answer.reason == "pass":
        term = text(answer.values, "path") or text(answer.values, "matched")
        return Grade.GOOD, f"{said}{f', by {term}' if term else ''}.", ""
    if answer.reason == "permerror":
        problem = text(answer.values, "problem") or "it cannot be evaluated"
        return Grade.BAD, f"{said}, {problem}.", "Mend the record; until then SPF passes for nobody."
    better = with_address(answer.values[0] if answer.values else "v=spf1 ~all", ip)
    fix = (
        f"If it sends for {domain}, publish as TXT: {better}"
        if len(better) <= 200
        else f"If it sends for {domain}, add {mechanism(ip)} to the record, before its “all”."
    )
    return Grade.WARNING if answer.reason == "neutral" else Grade.BAD, f"{said}.", fix


def _helo(answer: Answer, _: Catalogue) -> _Graded:
    name, ip = answer.question.subject, answer.question.about
    if answer.outcome is Outcome.ABSENT:
        return Grade.BAD, f"The HELO name {name} has no address.", f"Give {name} an A or AAAA record."
    if answer.reason == "other-address":
        return (
            Grade.BAD,
            f"The HELO name {name} leads to another address.",
            f"Give {name} an A or AAAA record with {ip}, or let the server greet with another name.",
        )
    return Grade.GOOD, f"The HELO name {name} has an address{f', {ip}' if ip else ''}.", ""


def _dmarc(answer: Answer, _: Catalogue) -> _Graded:
    domain = answer.question.subject
    if answer.reason == "several":
        return Grade.BAD, f"{domain} has several DMARC records, which count as none.", "Keep one."
    if answer.outcome is Outcome.ABSENT:
        return (
            Grade.WARNING,
            f"{domain} has no DMARC record.",
            f"Publish as TXT of _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
        )
    if answer.reason == "broken":
        return Grade.BAD, "The DMARC record has no valid policy.", "Give it p=none, p=quarantine or p=reject."
    if answer.reason == "none":
        return Grade.GOOD, f"DMARC policy: none, so it only watches.{_alignment(answer)}", ""
    return Grade.GOOD, f"DMARC policy: {answer.reason}.{_alignment(answer)}", ""


def _alignment(answer: Answer) -> str:
    """What SPF and DKIM have to vouch for, and whose record it is where that is not the domain's own."""
    domain, where = answer.question.subject, text(answer.values, "at") or ""
    organization = text(answer.values, "organization") or domain
    tags = "".join(answer.values[:1]).replace(" ", "").lower().split(";")
    spf, dkim = (
        f"{domain} itself" if f"{tag}=s" in tags else f"any name of {organization}"
        for tag in ("aspf", "adkim")
    )
    inherited = "" if where in ("", domain) else f" It is that of {where}."
    if spf == dkim:
        return f"{inherited} SPF and DKIM count for {spf}."
    return f"{inherited} SPF counts for {spf}, DKIM for {dkim}."


def _dkim(answer: Answer, _: Catalogue) -> _Graded:
    selectors = listing(answer.values)
    if answer.outcome is Outcome.ABSENT:
        return (
            Grade.BAD,
            f"There is no DKIM key under {selectors or 'that selector'}.",
            "Publish the key, or sign with another selector.",
        )
    if answer.reason == "revoked":
        return (
            Grade.WARNING,
            f"The DKIM key under {selectors} is revoked.",
            "Sign with a key that is published.",
        )
    return Grade.GOOD, f"DKIM key under {selectors}.", ""


def _mta_sts(answer: Answer, _: Catalogue) -> _Graded:
    there = [name for value, name in _TLS.items() if value in answer.values]
    missing = [name for value, name in _TLS.items() if value not in answer.values]
    words = " ".join(
        f"{kind}: {listing(names)}."
        for kind, names in (("In DNS", there), ("Not there, and optional", missing))
        if names
    )
    if answer.reason == "broken":
        return (
            Grade.WARNING,
            f"The MTA-STS record is broken, so it counts as none. {words}",
            f"Keep one TXT at _mta-sts.{answer.question.subject}: v=STSv1; id= and letters and digits.",
        )
    return Grade.GOOD, words, ""


_TLS = {"mta-sts": "MTA-STS", "dane": "DANE", "tlsrpt": "TLS-RPT"}


def _blocklist(answer: Answer, catalogue: Catalogue) -> _Graded:
    entry = entry_for(catalogue, answer.question.about) or {}
    name = str(entry.get("name", answer.question.about))
    if answer.outcome is Outcome.ABSENT:
        return Grade.GOOD, f"Not on {name}.", ""
    verdict = read_codes(entry, answer.values)
    delist = entry.get("delist") or {}
    url = f" {delist['url']}" if delist.get("url") else ""
    step = next((str(row["step"]) for row in verdict.listings if row.get("step")), "")
    fix = (
        step.replace("SUBJECT", answer.question.subject)
        or f"{str(delist.get('how', 'see its page')).capitalize()}.{url}"
    )
    heavy = entry.get("weight") in ("high", "medium") and verdict.reason in ("listed", "policy")
    return Grade.BAD if heavy else Grade.WARNING, f"On {name}: {verdict.words}.", fix


def _smtp(answer: Answer, _: Catalogue) -> _Graded:
    host, port = answer.question.subject, answer.question.about
    if answer.outcome is Outcome.ABSENT:
        return (
            Grade.BAD,
            f"Port {port} of {host} refuses connections.",
            "Check the firewall and the mail service there.",
        )
    certificate = text(("", *answer.values), "certificate")
    if "starttls" not in answer.values and "tls" not in answer.values:
        return Grade.WARNING, f"{host} answers on port {port} without TLS.", "Offer STARTTLS."
    if certificate and certificate != "valid":
        return (
            Grade.WARNING,
            f"{host} answers on port {port}, but its certificate is not valid: {certificate}.",
            "Install a certificate for that name.",
        )
    login = text(("", *answer.values), "auth")
    if port in SUBMISSION_PORTS and not login:
        return (
            Grade.WARNING,
            f"{host} answers on port {port} with TLS, but offers no login.",
            "Turn on SMTP authentication there, or close the port.",
        )
    offered = f", login by {login}" if login else ""
    return Grade.GOOD, f"{host} answers on port {port} with TLS{offered}.", ""


_GRADERS = {
    "mx": _mx,
    "ptr": _ptr,
    "spf": _spf,
    "dmarc": _dmarc,
    "dkim": _dkim,
    "mta-sts": _mta_sts,
    "helo": _helo,
    "blocklist": _blocklist,
    "smtp": _smtp,
}
# What may stay unknown without making the whole unknown.
_MINOR = ("dkim", "mta-sts", "blocklist", "smtp")


def _line(answer: Answer, graded: Grade, words: str, fix: str) -> Line:
    return Line(check=answer.question.check, grade=graded, text=words, fix=fix, evidence=(answer,))


def _blocklist_lines(answers: Sequence[Answer], catalogue: Catalogue) -> list[Line]:
    """A line for each listing, one for all lists that have nothing, one for all that could not be asked."""
    lines = [grade(answer, catalogue) for answer in answers if answer.outcome is Outcome.FOUND]
    clean = [answer for answer in answers if answer.outcome is Outcome.ABSENT]
    open_ = [answer for answer in answers if answer.outcome is Outcome.UNANSWERED]
    if clean:
        names = listing((_name(answer, catalogue) for answer in clean), 20)
        lines.append(
            Line(check="blocklist", grade=Grade.GOOD, text=f"Not on {names}.", evidence=tuple(clean))
        )
    if open_:
        names = listing((_name(answer, catalogue) for answer in open_), 20)
        lines.append(
            Line(
                check="blocklist",
                grade=Grade.UNKNOWN,
                text=f"Could not ask {names}.",
                fix="Run fivefifty doctor: it says what each list needs.",
                evidence=tuple(open_),
            )
        )
    return lines


def _smtp_lines(target: Target, answers: Sequence[Answer], catalogue: Catalogue) -> list[Line]:
    """What counts of the knocks: port 25 at a mail server, a port for mail programs at a submission host.

    A mail server needs no port for mail programs, and a submission host need not take mail from others.
    """
    lines = []
    for answer in answers:
        line = grade(answer, catalogue)
        is_mx = answer.question.subject != target.subject
        found = {
            a.question.about
            for a in answers
            if a.question.subject == answer.question.subject and a.outcome is Outcome.FOUND
        }
        needed = answer.question.about == "25" if is_mx else not found
        silent = answer.outcome is not Outcome.ABSENT
        if answer.outcome is Outcome.FOUND or needed or (silent and not is_mx):
            lines.append(line)
        elif not is_mx:
            lines.append(
                replace(
                    line,
                    grade=Grade.GOOD,
                    fix="",
                    text=f"Port {answer.question.about} of {answer.question.subject} is not open.",
                )
            )
    return lines


def _name(answer: Answer, catalogue: Catalogue) -> str:
    return str((entry_for(catalogue, answer.question.about) or {}).get("name", answer.question.about))


def _listings(subject: str, entries: Iterable[object]) -> Iterable[Question]:
    for entry in entries:
        if isinstance(entry, dict):
            yield Question(check="blocklist", subject=subject, about=entry["zone"])


def _counts(answer: Answer) -> bool:
    return (
        answer.question.check in _GRADERS
        and answer.question.check not in ("blocklist", "smtp")
        and not (answer.question.check == "mx" and answer.question.about in ("neighbour", "wildcard"))
    )


def _suggestion(answers: Sequence[Answer]) -> str | None:
    for answer in answers:
        if answer.question.about == "neighbour" and answer.outcome is Outcome.FOUND:
            return answer.question.subject
    return None


def _is_wildcard(answer: Answer) -> bool:
    own = answer.question.check == "mx" and answer.question.about == "wildcard"
    return own and answer.outcome is Outcome.FOUND and answer.reason != "implicit-mx"


def _whole(lines: Sequence[Line]) -> Grade:
    grades = [line.grade for line in lines if not (line.grade is Grade.UNKNOWN and line.check in _MINOR)]
    if lines and not grades:
        return Grade.UNKNOWN
    for worst in (Grade.BAD, Grade.UNKNOWN, Grade.WARNING):
        if worst in grades:
            return worst
    return Grade.GOOD
