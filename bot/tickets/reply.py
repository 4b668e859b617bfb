"""What do we write to the one who has to act?

A letter is made from the diagnosis alone: its facts, its steps, its evidence. Notes, other tickets and what
was written in forms are not at hand here, so they cannot slip in. Words are data: a language is a file in
bot/tickets/replies.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.model import Diagnosis, Facts, Outcome, Party

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


def letters_for(diagnosis: Diagnosis) -> tuple[Letter, ...]:
    """The letters that make sense for a case, the likeliest first."""
    first = diagnosis.first
    if first is None:
        return (Letter.CUSTOMER_WAITS,)
    if first.party is Party.RECIPIENT:
        return (Letter.CUSTOMER_WAITS, Letter.RECIPIENT_ADMIN, Letter.OWN_POSTMASTER)
    if first.party is Party.NOBODY:
        return (Letter.CUSTOMER_WAITS, Letter.OWN_POSTMASTER)
    if first.family == "reputation":
        return (Letter.OWN_POSTMASTER, Letter.DELISTING, Letter.CUSTOMER_ACTS)
    if first.family == "authentication":
        return (Letter.OWN_POSTMASTER, Letter.CUSTOMER_ACTS)
    return (Letter.CUSTOMER_ACTS, Letter.OWN_POSTMASTER, Letter.RECIPIENT_ADMIN)


def draft(
    diagnosis: Diagnosis, letter: Letter, *, providers: Mapping[str, str], language: str = "en"
) -> Draft:
    """Write one letter. Raises KeyError for an unknown language."""
    words = _words(language)
    entry = words["letters"][letter.value]
    first = diagnosis.first
    facts = first.facts if first is not None else Facts()
    values = {
        "title": diagnosis.title,
        "summary": diagnosis.summary,
        "steps": "\n".join(f"{number}. {step}" for number, step in enumerate(diagnosis.steps, 1)),
        "error": "\n".join(f"  {line}" for line in ((first.text if first else "") or "-").splitlines()),
        "clients": _client_steps(first.cause if first is not None else "", words),
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
        "recipient": facts.recipient or facts.recipient_domain or words["unknown_recipient"],
        "sender": facts.sender or facts.sender_domain or "-",
        "sending_ip": facts.sending_ip or "-",
        "provider": providers.get(facts.provider or "", facts.provider or "-"),
    }
    body = f"{words['greeting']}\n\n{_fill(entry['body'], values).strip()}\n\n{words['closing']}\n"
    return Draft(
        letter=letter, to=entry["to"], subject=" ".join(_fill(entry["subject"], values).split()), body=body
    )


def addressee(letter: Letter, language: str = "en") -> str:
    """To whom a letter goes, in words."""
    return str(_words(language)["letters"][letter.value]["to"])


def _fill(text: str, values: Mapping[str, str]) -> str:
    # One pass, so that a slot's name inside a pasted text stays text.
    return _SLOT.sub(lambda found: values.get(found.group(1), found.group()), text)


def _client_steps(cause: str, words: Mapping[str, Any]) -> str:
    """Where a customer finds it in Outlook, Thunderbird, Apple Mail and on phones; empty where there is nothing
    to find."""
    for group in words["clients"]:
        if cause in group["causes"]:
            return f"\n\n{group['lead']}\n{_lines(group['steps'])}"
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
    return "\n".join(f"- {item}" for item in items) or "-"


@cache
def _words(language: str) -> dict[str, Any]:
    if language not in languages():
        raise KeyError(language)
    words: dict[str, Any] = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return words
