"""What do we write to the one who has to act?

A letter is made from the diagnosis alone: its facts, its evidence, and those of its steps that the reader of the
letter can take. Notes, other tickets and what was written in forms are not at hand here, so they cannot slip in.
Words are data: a language is a file in bot/tickets/replies.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.advice import when_of
from bot.core.model import UNKNOWN, Diagnosis, Facts, Guide, Outcome, Party, Reader, When

_FOLDER = Path(__file__).parent / "replies"
_SLOT = re.compile(r"\{([a-z_]+)\}")


class Letter(StrEnum):
    """To whom."""

    CUSTOMER_ACTS = "customer_acts"
    CUSTOMER_WAITS = "customer_waits"
    RECIPIENT_ADMIN = "recipient_admin"
    OWN_POSTMASTER = "own_postmaster"
    DELISTING = "delisting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    letter: Letter
    to: str
    subject: str
    body: str


def languages() -> tuple[str, ...]:
    """The languages that letters can be written in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


_READERS = {
    Letter.CUSTOMER_ACTS: Reader.WRITER,
    Letter.CUSTOMER_WAITS: Reader.WRITER,
    Letter.RECIPIENT_ADMIN: Reader.RECIPIENT_ADMIN,
    Letter.OWN_POSTMASTER: Reader.ADMIN,
}
"""Whose steps a letter holds."""


def letters_for(diagnosis: Diagnosis) -> tuple[Letter, ...]:
    """The letters that make sense for a case, the likeliest first."""
    first = diagnosis.first
    if first is None:
        return (Letter.CUSTOMER_WAITS,)
    if first.cause == UNKNOWN:
        return (Letter.CUSTOMER_ACTS, Letter.OWN_POSTMASTER, Letter.RECIPIENT_ADMIN)
    if first.party is Party.RECIPIENT:
        return (Letter.CUSTOMER_WAITS, Letter.RECIPIENT_ADMIN, Letter.OWN_POSTMASTER)
    if first.party is Party.NOBODY:
        return (Letter.CUSTOMER_WAITS, Letter.OWN_POSTMASTER)
    if first.family == "reputation":
        return (Letter.OWN_POSTMASTER, Letter.DELISTING, Letter.CUSTOMER_ACTS)
    if first.family == "authentication":
        return (Letter.OWN_POSTMASTER, Letter.CUSTOMER_ACTS)
    if first.family == "submission":
        return (Letter.CUSTOMER_ACTS, Letter.OWN_POSTMASTER)
    return (Letter.CUSTOMER_ACTS, Letter.OWN_POSTMASTER, Letter.RECIPIENT_ADMIN)


def draft(
    diagnosis: Diagnosis, letter: Letter, *, providers: Mapping[str, str], language: str = "en"
) -> Draft:
    """Write one letter. Raises KeyError for an unknown language."""
    words = _words(language)
    entry = words["letters"][letter.value]
    values = _values(diagnosis, letter, providers, words)
    subject = next(filled for part in entry["subject"] if (filled := _fill(part, values)))
    parts = [filled.strip("\n") for part in entry["body"] if (filled := _fill(part, values))]
    body = "\n\n".join([words["greeting"], *parts, words["closing"]]) + "\n"
    return Draft(letter=letter, to=entry["to"], subject=" ".join(subject.split()), body=body)


def addressee(letter: Letter, language: str = "en") -> str:
    """To whom a letter goes, in words."""
    return str(_words(language)["letters"][letter.value]["to"])


_HERE = "\0"
"""The value of a slot that says only that its part belongs into this letter."""


def _values(
    diagnosis: Diagnosis, letter: Letter, providers: Mapping[str, str], words: Mapping[str, Any]
) -> dict[str, str]:
    """What each slot stands for; an empty value leaves out the parts that have the slot."""
    first = diagnosis.first
    facts = first.facts if first is not None else Facts()
    reader = _READERS.get(letter)
    steps = diagnosis.steps_by.get(reader, ()) if reader is not None else ()
    recipient = facts.recipient or facts.recipient_domain or ""
    if first is not None and first.cause == "recipient-moved" and recipient in first.text.lower():
        recipient = ""  # the address in such a reply may be the new one
    delayed = first is not None and when_of(facts, given_up=first.given_up) is When.TEMPORARY
    # There the mend is in DNS and on servers; what the writer can do only helps meanwhile.
    passed_on = (
        first is not None
        and first.family in ("authentication", "reputation")
        and first.cause != "sender-unverifiable"  # often a slip in the account's settings
    )
    nobody = first is None or first.party is Party.NOBODY
    listed = facts.sending_ip or facts.sender_domain or ""
    if first is not None and first.cause == "domain-blocklisted":
        listed = facts.sender_domain or ""
    return {
        "title": diagnosis.title,
        "summary": diagnosis.summary,
        "steps": "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        "acts": _HERE if steps and not passed_on else "",
        "pass_on": _HERE if passed_on or not steps else "",
        "on_the_side": _HERE if steps and passed_on else "",
        "error": "\n".join(f"  {line}" for line in (first.text if first else "").splitlines()),
        "clients": _clients(first.cause if first else "", diagnosis.guide, words) if steps else "",
        "facts": _lines(_facts(facts, providers, words["labels"])),
        "evidence": _lines(
            [
                each.detail
                if each.outcome is not Outcome.UNANSWERED
                else f"{words['could_not_check']}: {each.detail}"
                for each in diagnosis.evidence
                if each.outcome is not Outcome.SKIPPED
            ]
        ),
        "at": f" to {recipient}" if recipient else _HERE,
        "delayed": _HERE if delayed else "",
        "returned": "" if delayed else _HERE,
        "waits": "" if nobody else _HERE,
        "nobody_acts": _HERE if nobody else "",
        "recipient": recipient,
        "unnamed": "" if recipient else _HERE,
        "sender": facts.sender or facts.sender_domain or "",
        "sending_ip": facts.sending_ip or "",
        "listed": listed,
        "unlisted": "" if listed else _HERE,
        "provider": providers.get(facts.provider or "", facts.provider or ""),
    }


def _fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its slots filled; empty where one of them is empty."""
    if any(not values.get(name, _HERE) for name in _SLOT.findall(text)):
        return ""
    # One pass, so that a slot's name inside a pasted text stays text.
    return _SLOT.sub(lambda found: values.get(found.group(1), found.group()), text).replace(_HERE, "")


def _clients(cause: str, guide: Guide | None, words: Mapping[str, Any]) -> str:
    """Where a customer finds it in Outlook, Thunderbird, Apple Mail and on phones; empty where there is nothing
    to find."""
    if guide is not None:
        return f"{guide.title}:\n\n" + _lines([f"{each.program}: {each.text}" for each in guide.clicks])
    for group in words["clients"]:
        if cause in group["causes"]:
            return f"{group['lead']}\n\n{_lines(group['steps'])}"
    return ""


def _facts(facts: Facts, providers: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    pairs = (
        ("codes", " ".join(code for code in (facts.reply, facts.status) if code)),
        ("recipient", facts.recipient or facts.recipient_domain),
        ("sender", facts.sender or facts.sender_domain),
        ("sending_ip", facts.sending_ip),
        ("rejecting_host", facts.rejecting_host),
        ("provider", providers.get(facts.provider or "", facts.provider)),
        ("blocklist", facts.blocklist),
    )
    return [f"{labels[name]}: {value}" for name, value in pairs if value]


def _lines(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


@cache
def _words(language: str) -> dict[str, Any]:
    if language not in languages():
        raise KeyError(language)
    words: dict[str, Any] = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return words
