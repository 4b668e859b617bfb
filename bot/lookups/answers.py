"""How does a check say what came back? One readable line, and the outcome that it stands for."""

from bot.core.model import Answer, Outcome, Question
from bot.lookups.resolver import Reply

_WHY = {
    "timeout": "no answer in time",
    "servfail": "the name server failed (SERVFAIL)",
    "refused": "the name server refused (REFUSED)",
    "formerr": "the name server did not understand (FORMERR)",
    "notimp": "the name server cannot do that (NOTIMP)",
    "lame": "the name server is not responsible for it",
    "loop": "its CNAME records lead in a circle",
    "malformed": "the answer was damaged",
    "unreachable": "the name server cannot be reached",
    "limit": "too many questions for one diagnosis",
    "cut-off": "the name server does not know public names",
    "budget": "no time was left",
    "nxdomain": "it does not exist (NXDOMAIN)",
    "nodata": "there is no such record",
}


def found(question: Question, detail: str, values: tuple[str, ...] = (), reason: str | None = None) -> Answer:
    return Answer(question=question, outcome=Outcome.FOUND, detail=line(detail), values=values, reason=reason)


def absent(question: Question, detail: str, reason: str | None, values: tuple[str, ...] = ()) -> Answer:
    return Answer(
        question=question, outcome=Outcome.ABSENT, detail=line(detail), values=values, reason=reason
    )


def unanswered(question: Question, asked: str, reason: str | None) -> Answer:
    """``asked`` names what was asked ("MX of example.org"); the reason's words follow."""
    return Answer(
        question=question,
        outcome=Outcome.UNANSWERED,
        detail=line(f"{asked}: could not check, {why(reason)}"),
        reason=reason,
    )


def skipped(question: Question, asked: str, reason: str | None) -> Answer:
    return Answer(
        question=question,
        outcome=Outcome.SKIPPED,
        detail=line(f"{line(asked, 200)}: not asked, {reason}"),
        reason=reason,
    )


def no_answer(question: Question, asked: str, reply: Reply) -> Answer:
    """The answer for a Reply that is neither found nor absent."""
    if reply.outcome is Outcome.SKIPPED:
        return skipped(question, asked, reply.reason)
    return unanswered(question, asked, reply.reason)


def why(reason: str | None) -> str:
    return _WHY.get(reason or "", reason or "no reason given")


def line(text: str, most: int = 500) -> str:
    """One printable line: what comes from DNS or from a paste may hold anything."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * most]).split())
    return clean if len(clean) <= most else clean[: most - 1] + "…"
