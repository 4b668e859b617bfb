"""Which forms does a ticket have, and what did the person write in them?

Each form is a pure function to a view; each ``…_of`` reads a submitted view. A form knows its ticket by the
number in its private metadata; the workspace is always that of the request, never of the form.
"""

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.core.model import NOT_A_BOUNCE
from bot.core.wire import from_json
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import evidence_lines
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import (
    CHANNEL_SELECT,
    URGENCY_WORDS,
    Titles,
    cause_words,
    error_text,
    fact_lines,
    named_list,
    selected_channel,
    shorten,
)
from bot.tickets.ticket import Escalation, Outcome, Ticket, Urgency

ESCALATE = "escalate_form"
RESOLVE = "resolve_form"
CORRECT = "correct_form"
NOTE = "note_form"
HAND_OVER = "hand_over_form"
LINK = "link_form"

CHANNEL_BLOCK = "channel"
NOTE_BLOCK = "note"
URL_BLOCK = "url"
CAUSE_BLOCK = "cause"
PERSON_BLOCK = "person"

RESOLVE_CAUSE = "resolve_cause"
"""The action of choosing another cause in the form to resolve."""
NOTHING_HELPED = "nothing"
SOMETHING_ELSE = "else"
_HELPED = "helped_"
_MOST_COLLECTED = 4
_CHECKBOXES = 10
"""Slack's limit for one group."""


def escalate_form(
    ticket: Ticket,
    *,
    titles: Titles,
    providers: Mapping[str, str],
    ask_channel: bool,
) -> Block:
    """The escalation form, filled in with what is known. ``ask_channel``: no channel has been chosen yet."""
    diagnosis = from_json(ticket.diagnosis)
    blocks = [
        t.rich(
            t.paragraph(t.words("This goes along, you need not write it:", bold=True)),
            t.preformatted(t.clip(error_text(ticket), 600)),
            named_list(fact_lines(ticket, titles, providers)),
        )
    ]
    if diagnosis.evidence:
        blocks.append(t.context(*evidence_lines(diagnosis.evidence, 5)))
    steps = [_option(step, step_key(step)) for step in _unique(diagnosis.steps)]
    for start in range(0, min(len(steps), 2 * _CHECKBOXES), _CHECKBOXES):
        blocks.append(
            _input(
                f"steps_{start}",
                "What have you tried already?" if start == 0 else "And of these?",
                {"type": "checkboxes", "action_id": "value", "options": steps[start : start + _CHECKBOXES]},
                optional=True,
            )
        )
    for place, item in enumerate(to_collect(ticket)):
        blocks.append(
            _input(
                f"collect_{place}",
                t.clip(item, 200),
                _text(most=1000),
                # The most useful one is asked for; a person who does not know can say so.
                optional=place > 0,
                hint='Write "not known" if you cannot find out.' if place == 0 else None,
            )
        )
    blocks.append(_input(NOTE_BLOCK, "Anything else?", _text(multiline=True, most=2900), optional=True))
    choices = [_plain_option(words, urgency.value) for urgency, words in URGENCY_WORDS.items()]
    blocks.append(
        _input(
            "urgency",
            "How urgent is it?",
            {
                "type": "static_select",
                "action_id": "value",
                "options": choices,
                "initial_option": _plain_option(URGENCY_WORDS[Urgency.NORMAL], Urgency.NORMAL.value),
            },
        )
    )
    blocks.append(_input("contact", "How can the customer be reached?", _text(most=300), optional=True))
    if ask_channel:
        blocks.append(
            _input(
                CHANNEL_BLOCK,
                "To which channel?",
                {"action_id": "value", "placeholder": t.plain("A channel"), **CHANNEL_SELECT},
                hint="An admin can choose one for all: /bounce settings",
            )
        )
    return _view(ESCALATE, f"Escalate ticket {ticket.number}", "Escalate", ticket.number, blocks)


def escalation_of(view: Mapping[str, Any], ticket: Ticket, who: str) -> tuple[Escalation, str | None]:
    """What the person wrote, and the channel where the form asked for one."""
    steps = {step_key(step): step for step in ticket.diagnosis.get("steps", ())}
    tried: list[str] = []
    for start in (0, _CHECKBOXES):
        for option in _entry(view, f"steps_{start}").get("selected_options") or ():
            # The answer may have been updated since the form was opened; then the option's own words count.
            tried.append(steps.get(option["value"], option["text"]["text"]))
    collected = tuple(
        (item, _typed(view, f"collect_{place}"))
        for place, item in enumerate(to_collect(ticket))
        if _typed(view, f"collect_{place}")
    )
    urgency = (_entry(view, "urgency").get("selected_option") or {}).get("value", Urgency.NORMAL.value)
    escalation = Escalation(
        who=who,
        steps=tuple(tried),
        note=_typed(view, NOTE_BLOCK),
        urgency=Urgency(urgency),
        contact=_typed(view, "contact"),
        collected=collected,
    )
    return escalation, selected_channel(_entry(view, CHANNEL_BLOCK))


def to_collect(ticket: Ticket) -> list[str]:
    """What the cause asks to collect, without what the ticket knows already: nothing is asked twice."""
    items = [str(item) for item in ticket.diagnosis.get("collect", ())]
    return [item for item in items if not _known(item, ticket)][:_MOST_COLLECTED]


def resolve_form(ticket: Ticket, *, titles: Titles, steps: Sequence[str], cause: str | None = None) -> Block:
    """How did it end? The likely causes, and the steps of ``cause`` (ours, until another one is chosen), are
    one click away. The list of steps has the cause in its name: Slack keeps what was chosen in a field of the
    same name."""
    cause = cause or ticket.cause
    likely = _unique([ticket.cause, *(each["cause"] for each in ticket.diagnosis.get("alternatives", ()))])
    helped = [
        *(_option(step, step_key(step)) for step in _unique(steps)[:20]),
        _plain_option("Something else (write it below)", SOMETHING_ELSE),
        _plain_option("Nothing, it is closed without a mend", NOTHING_HELPED),
    ]
    select = {**_cause_select(likely, titles, initial=cause), "action_id": RESOLVE_CAUSE}
    blocks = [
        {**_input(CAUSE_BLOCK, "What was it really?", select), "dispatch_action": True},
        _input(
            f"{_HELPED}{cause}",
            "What helped?",
            {"type": "static_select", "action_id": "value", "options": helped},
            optional=True,
        ),
        _input(NOTE_BLOCK, "In your words", _text(multiline=True, most=2900), optional=True),
    ]
    return _view(RESOLVE, f"Resolve ticket {ticket.number}", "Resolve", ticket.number, blocks)


def chosen_cause(view: Mapping[str, Any]) -> str | None:
    """The cause that is chosen in the form to resolve."""
    chosen = (_entry(view, CAUSE_BLOCK).get("selected_option") or {}).get("value")
    return str(chosen) if chosen else None


def outcome_of(view: Mapping[str, Any], steps: Sequence[str]) -> Outcome:
    """What was chosen; ``steps`` are those of the chosen cause, whole."""
    block = next((name for name in view["state"]["values"] if name.startswith(_HELPED)), _HELPED)
    option = _entry(view, block).get("selected_option") or {}
    whole = {step_key(step): step for step in steps}
    value = option.get("value")
    helped = (
        "" if value in (None, SOMETHING_ELSE, NOTHING_HELPED) else whole.get(value, option["text"]["text"])
    )
    return Outcome(cause=chosen_cause(view), helped=helped, text=_typed(view, NOTE_BLOCK))


def correct_form(
    ticket: Ticket, *, corrected_to: str | None = None, titles: Titles, may_confirm: bool
) -> Block:
    """What would have been right? The alternatives first, then every cause. ``may_confirm``: agents can make
    it the answer for this wording from now on. Where somebody has corrected it already, that can be taken back."""
    likely = _unique(each["cause"] for each in ticket.diagnosis.get("alternatives", ()))
    said = [t.paragraph(t.words("I said: ", bold=True), t.words(cause_words(ticket.cause, titles)))]
    if corrected_to is not None:
        likely = _unique((ticket.cause, *likely))
        back = t.words(". To take that back, choose what I said.")
        words = t.words(cause_words(corrected_to, titles))
        said.append(t.paragraph(t.words("Corrected to: ", bold=True), words, back))
    blocks = [
        t.rich(*said, t.preformatted(t.clip(error_text(ticket), 600))),
        _input(
            CAUSE_BLOCK, "What is it?", _cause_select(likely, titles, without=corrected_to or ticket.cause)
        ),
        _input(
            NOTE_BLOCK,
            "How can one tell?",
            _text(multiline=True, most=1000),
            optional=True,
            hint="For your team: it stands on the ticket's card, never in the thread.",
        ),
    ]
    if may_confirm:
        always = _plain_option("Always say this for this wording, in this workspace", "always")
        always["description"] = t.plain("Only if the words of the bounce themselves mean it.", t.OPTION_LIMIT)
        element = {"type": "checkboxes", "action_id": "value", "options": [always]}
        blocks.append(_input("always", "For all", element, optional=True))
    return _view(CORRECT, "Not right?", "Correct", ticket.number, blocks)


def correction_of(view: Mapping[str, Any]) -> tuple[str, str, bool]:
    """The cause that was chosen, the comment, and whether it is to be said always."""
    always = bool(_entry(view, "always").get("selected_options"))
    return _entry(view, CAUSE_BLOCK)["selected_option"]["value"], _typed(view, NOTE_BLOCK), always


def note_form(ticket: Ticket) -> Block:
    blocks = [
        _input(
            NOTE_BLOCK,
            "Internal note",
            _text(multiline=True, most=2900),
            hint="For agents only: it never appears in the requester's thread.",
        )
    ]
    return _view(NOTE, f"Note on ticket {ticket.number}", "Add note", ticket.number, blocks)


def note_of(view: Mapping[str, Any]) -> str:
    return _typed(view, NOTE_BLOCK)


def hand_over_form(ticket: Ticket) -> Block:
    select = {"type": "users_select", "action_id": "value", "placeholder": t.plain("A person")}
    blocks = [_input(PERSON_BLOCK, "Who takes it?", select)]
    return _view(HAND_OVER, f"Hand over ticket {ticket.number}", "Hand over", ticket.number, blocks)


def hand_over_of(view: Mapping[str, Any]) -> str:
    return str(_entry(view, PERSON_BLOCK).get("selected_user") or "")


def link_form(ticket: Ticket) -> Block:
    element: Block = {"type": "url_text_input", "action_id": "value"}
    if ticket.external_url:
        element["initial_value"] = ticket.external_url
    blocks = [
        _input(
            URL_BLOCK,
            "Ticket in another system",
            element,
            optional=True,
            hint="Such as Zendesk or Jira. Leave it empty to remove the link.",
        )
    ]
    return _view(LINK, f"Link ticket {ticket.number}", "Link", ticket.number, blocks)


def link_of(view: Mapping[str, Any]) -> str:
    return _typed(view, URL_BLOCK)


def number_of(view: Mapping[str, Any]) -> int:
    """The ticket of a submitted form."""
    return int(json.loads(view["private_metadata"])["ticket"])


def step_key(step: str) -> str:
    """A short name of a step for an option's value, which takes at most 150 characters."""
    return sha256(step.encode("utf-8", "replace")).hexdigest()[:16]


_FACT_WORDS = (
    ("recipient's address", "recipient"),
    ("recipient address", "recipient"),
    ("recipient's domain", "recipient_domain"),
    ("sending ip address", "sending_ip"),
    ("sending ip", "sending_ip"),
    ("sender's address", "sender"),
    ("sender address", "sender"),
    ("sender's domain", "sender_domain"),
    ("recipient", "recipient"),
    ("sender", "sender"),
)
_FILL = re.compile(r"\b(?:the|and|exact|full|your|its|of)\b|[,.\s]")


def _known(item: str, ticket: Ticket) -> bool:
    words = item.lower()
    if ticket.reply and words.startswith(("the full reply", "the whole bounce", "the full bounce")):
        return True  # the pasted text is in the ticket
    facts: list[str | None] = []
    for phrase, fact in _FACT_WORDS:
        if phrase in words:
            words = words.replace(phrase, "")
            facts.append(getattr(ticket, fact))
    return bool(facts) and all(facts) and not _FILL.sub("", words)


def _cause_select(
    likely: Sequence[str], titles: Titles, *, initial: str | None = None, without: str | None = None
) -> Block:
    def option(cause: str) -> Block:
        return _plain_option(cause_words(cause, titles), cause)

    likely = [cause for cause in likely if cause in titles and cause != without][:10]
    rest = sorted(
        (cause for cause in titles if cause not in likely and cause not in (without, NOT_A_BOUNCE)),
        key=lambda cause: titles[cause].lower(),
    )
    if without != NOT_A_BOUNCE and NOT_A_BOUNCE in titles:
        rest.append(NOT_A_BOUNCE)
    groups = []
    if likely:
        groups.append({"label": t.plain("Likely"), "options": [option(cause) for cause in likely]})
    if rest:
        groups.append({"label": t.plain("All causes"), "options": [option(cause) for cause in rest[:100]]})
    select: Block = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": t.plain("Choose a cause"),
        "option_groups": groups,
    }
    if initial in titles:
        select["initial_option"] = option(str(initial))
    return select


def _option(words: str, value: str) -> Block:
    """An option; what its 75 characters cannot hold goes on in the description below it."""
    words = " ".join(t.clean(t.commands(words)).split())
    label = shorten(words, t.OPTION_LIMIT)
    made = _plain_option(label, value)
    rest = words[len(label.rstrip("…")) :].strip() if words.startswith(label.rstrip("…")) else ""
    if rest:
        made["description"] = t.plain(shorten(rest, t.OPTION_LIMIT), t.OPTION_LIMIT)
    return made


def _plain_option(words: str, value: str) -> Block:
    return {"text": t.plain(words, t.OPTION_LIMIT), "value": value}


def _text(*, multiline: bool = False, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value", "max_length": most}
    if multiline:
        element["multiline"] = True
    return element


def _input(
    block_id: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None
) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": t.plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = t.plain(hint)
    return made


def _view(callback_id: str, title: str, submit: str, number: int, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": t.plain(title, 24),
        "submit": t.plain(submit, 24),
        "close": t.plain("Cancel", 24),
        "private_metadata": json.dumps({"ticket": number}),
        "blocks": blocks,
    }


def _entry(view: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    # Every block has one element.
    entries: list[Any] = list(view["state"]["values"].get(block_id, {}).values())
    entry: Mapping[str, Any] = (entries[0] if entries else None) or {}
    return entry


def _typed(view: Mapping[str, Any], block_id: str) -> str:
    return str(_entry(view, block_id).get("value") or "").strip()


def _unique(items: Any) -> list[str]:
    return list(dict.fromkeys(str(item) for item in items))
