"""Which steps help in this very case, and who can take each of them?

The knowledge base has the steps of a cause; evidence adds some that are about this case. Here those are left out
that speak of another case: of a delay where the message has come back, of what the evidence says more exactly, of
all mail programs where one is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.model import Cause, Facts, Guide, Provider, Reader, Step, When
from bot.core.render import fill

TOPICS: Mapping[str, str] = {
    "spelling": "is the recipient's address spelled right",
    "which-server": "which server refused",
    "mail-program": "where it is in the mail program",
    "login": "log in to the outgoing server",
    "ptr": "the reverse name of the sending address",
    "helo": "the name that the sending server greets with",
    "spf": "the SPF record of the sender's domain",
    "dkim": "the DKIM signature and its key",
    "alignment": "SPF or DKIM for the From domain",
    "forwarding": "a mailing list or a forwarding",
    "dmarc": "the DMARC record of the From domain",
    "sender-domain": "the sender's domain in DNS",
    "own-address": "does the sender's own address take mail",
    "listing": "which list it is, and the way off it",
    "abuse": "find and stop the reason of a listing",
    "mx": "who has to mend the MX records of the recipient's domain",
    "mx-check": "what the MX records of the recipient's domain are",
}
"""What a step may be ``about``. A step of the knowledge base goes where evidence speaks of the same."""

LEADS: Mapping[Reader, tuple[str, ...]] = {
    Reader.ADMIN: ("Administrators: ",),
    Reader.RECIPIENT: ("The recipient: ",),
    Reader.RECIPIENT_ADMIN: ("The recipient's administrator: ",),
}
"""How a step names whom it is for. In a letter to that very person the lead goes."""

_UNSURE = {When.TEMPORARY: "Only delayed? ", When.PERMANENT: "Has it come back for good? "}
"""Put before a step where the text does not tell which of both it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    steps: tuple[str, ...]
    """All steps, the likeliest help first."""
    steps_by: Mapping[Reader, tuple[str, ...]]
    """The same by who can take them, without the lead that names whom they are for."""
    guide: Guide | None
    """What to click in each mail program, where the steps name none of them."""


def advise(
    cause: Cause,
    facts: Facts,
    providers: Mapping[str, Provider],
    *,
    seen: Sequence[Step] = (),
    covered: Iterable[str] = (),
    when: When | None = None,
    program: str | None = None,
) -> Advice:
    """The steps of ``cause`` for this case.

    ``seen`` are steps that evidence adds: they come first, and hold their facts already. ``covered`` are the TOPICS
    that these are about. ``program`` is one of program.FAMILIES.
    """
    clicks = [each for each in cause.guide.clicks if each.family == program] if cause.guide else []
    guide = cause.guide if cause.guide and not clicks else None
    known = {*covered, *(step.about for step in seen if step.about)}
    steps = [*seen]
    for step in cause.steps:
        if step.about == "mail-program" and clicks:
            steps += (Step(text=f"{each.program}: {each.text}") for each in clicks)
        elif step.about not in known and (when is None or step.when in (None, when)):
            text = _unsure(step, when) + fill(step.text, facts, providers)
            steps.append(step if text == step.text else replace(step, text=text))
    return Advice(
        steps=tuple(dict.fromkeys(step.text for step in steps)),
        # Where a whole guide goes along, the short words for it would say the same twice.
        steps_by=_by_reader(step for step in steps if guide is None or step.about != "mail-program"),
        guide=guide,
    )


def when_of(facts: Facts, *, given_up: bool = False) -> When | None:
    """Whether the sending server still tries; None where the text does not tell. ``given_up``: it said that it
    does not, whatever code it heard last."""
    if given_up:
        return When.PERMANENT
    if facts.temporary is None:
        return None
    return When.TEMPORARY if facts.temporary else When.PERMANENT


def _unsure(step: Step, when: When | None) -> str:
    return _UNSURE[step.when] if step.when is not None and when is None else ""


def _by_reader(steps: Iterable[Step]) -> Mapping[Reader, tuple[str, ...]]:
    own: dict[Reader, dict[str, None]] = {}
    for step in steps:
        own.setdefault(step.by, {})[_without_lead(step.text, step.by)] = None
    return {reader: tuple(texts) for reader, texts in own.items()}


def _without_lead(text: str, reader: Reader) -> str:
    for lead in LEADS.get(reader, ()):
        if text.startswith(lead):
            rest = text.removeprefix(lead)
            return rest[:1].upper() + rest[1:]
    return text
