"""What does a case look like in the escalation channel, and what is said in the requester's thread?

The post is made to be grasped in five seconds: what, how urgent, whose, then the evidence. It is rendered
anew from the ticket for every state. Internal notes stand here and never in the lines for the thread.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bot.core.wire import from_json
from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message, evidence_lines
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import (
    URGENCY_WORDS,
    Titles,
    cause_words,
    error_text,
    fact_lines,
    fitting,
    moment,
    named_list,
    person,
    shorten,
)
from bot.tickets.ticket import Event, Status, Ticket, Urgency

Limit = Callable[[int], int]

SHARED = "is_ext_shared"
"""Why a case is not posted where people of another company read; Slack itself would take it."""
_NOTES = 3
_SIGNS = {Urgency.HIGH: "❗ ", Urgency.NORMAL: "", Urgency.LOW: ""}


def escalation_post(
    ticket: Ticket,
    *,
    titles: Titles,
    providers: Mapping[str, str],
    permalink: str | None,
    notes: Sequence[Event] = (),
    corrected: Event | None = None,
    context: Sequence[str] = (),
) -> Message:
    """The post of a ticket in its present state. ``corrected`` is its last correction; ``context`` are lines
    about similar cases."""
    title = cause_words(ticket.cause, titles)
    urgency = ticket.escalation.urgency if ticket.escalation else Urgency.NORMAL
    evidence = () if ticket.erased_at else from_json(ticket.diagnosis).evidence

    def make(cut: Limit) -> list[Block]:
        blocks = [
            t.header(f"{_SIGNS[urgency]}Ticket {ticket.number}: {title}"),
            t.rich(_state(ticket, urgency, cut)),
            t.rich(
                t.preformatted(t.clip(error_text(ticket), cut(900))),
                named_list(fact_lines(ticket, titles, providers)),
            ),
            *_escalation(ticket, cut),
        ]
        if corrected is not None:
            was = cause_words(str(corrected.detail.get("cause")), titles)
            comment = t.clip(str(corrected.detail.get("comment") or ""), cut(300))
            said = f" says that it is: {was}" + (f" ({comment})" if comment else "")
            blocks.append(t.rich(t.paragraph(person(corrected.who), t.words(said))))
        if evidence:
            blocks.append(t.context(*evidence_lines(evidence)))
        blocks += [t.context(t.clip(line, cut(280))) for line in context[:3]]
        for note in notes[-_NOTES:]:
            said = t.clip(str(note.detail.get("text", "")), cut(600))
            blocks.append(
                t.rich(
                    t.paragraph(
                        t.words("Internal note by ", bold=True), person(note.who), t.words(f": {said}")
                    )
                )
            )
        links = _links(ticket, permalink)
        if links:
            blocks.append(t.rich(t.paragraph(*links)))
        blocks.append(t.actions(*_buttons(ticket)))
        return blocks

    text = t.fallback(f"Ticket {ticket.number}: {title}. {_state_words(ticket)}")
    return Message(text=text, blocks=fitting(make))


def news_line(ticket: Ticket, event: Event, titles: Titles) -> Message | None:
    """The one line for the requester's thread, or None for what does not concern it (such as notes)."""
    name = f"Ticket {ticket.number} "
    who = person(event.who)
    if event.what == "escalate":
        parts = [t.words(name + "was escalated by "), who, t.words(". An agent will look at it.")]
    elif event.what == "claim":
        parts = [who, t.words(f" takes care of ticket {ticket.number} now.")]
    elif event.what == "hand_over":
        parts = [t.words(name + "was handed over to "), person(str(event.detail.get("to"))), t.words(".")]
    elif event.what == "reopen":
        parts = [t.words(name + "was reopened by "), who, t.words(".")]
    elif event.what == "resolve":
        parts = [t.words(name + "was resolved by "), who, t.words(".")]
        cause = event.detail.get("cause")
        if cause and cause != ticket.cause:
            parts.append(t.words(f" It was: {t.clip(cause_words(str(cause), titles), 100)}."))
        helped = event.detail.get("helped")
        if helped:
            parts.append(t.words(f" What helped: {t.clip(t.commands(str(helped)), 300)}"))
    else:
        return None
    text = "".join(
        f"<@{part['user_id']}>" if part["type"] == "user" else t.escape(part["text"]) for part in parts
    )
    blocks = [t.rich(t.paragraph(*parts))]
    if event.what == "resolve":
        blocks.append(t.actions(t.button("Reopen", "ticket_reopen", str(ticket.number))))
    return Message(text=text, blocks=blocks)


def erased_answer(number: int, why: Literal["deleted", "shared", "erased"]) -> Message:
    """What becomes of an answer: its message was deleted; so it was, but others have posted the same bounce; or
    the texts were erased for another reason."""
    text = {
        "deleted": f"The message was deleted, so its text and addresses are erased. Ticket {number} keeps the rest.",
        "shared": f"The message was deleted. Ticket {number} goes on: others have posted the same bounce.",
        "erased": f"Texts and addresses were erased. Ticket {number} keeps the rest.",
    }[why]
    return Message(text=t.fallback(text), blocks=[t.section(text)])


def reminder(ticket: Ticket, kind: str, *, on_call_group: str | None, titles: Titles) -> Message:
    """The word in the escalation channel when a target has passed."""
    title = cause_words(ticket.cause, titles)
    who: list[Block] = []
    if on_call_group:
        who = [{"type": "usergroup", "usergroup_id": on_call_group}, t.words(" ")]
    elif ticket.owner:
        who = [person(ticket.owner), t.words(" ")]
    late = "nobody has claimed" if kind.startswith("first_response") else "the target is over for"
    words = f"{late} ticket {ticket.number}: {title}."
    text = f"{late[:1].upper()}{late[1:]} ticket {ticket.number}: {title}."
    called = "".join(
        f"<@{part['user_id']}> "
        if part["type"] == "user"
        else f"<!subteam^{part['usergroup_id']}> "
        if part["type"] == "usergroup"
        else ""
        for part in who
    )
    said = words if who else text
    return Message(text=called + t.escape(said), blocks=[t.rich(t.paragraph(*who, t.words(said)))])


def incident_post(
    provider: str, cause: str, customers: int, *, titles: Titles, providers: Mapping[str, str]
) -> Message:
    """The notice that many customers hit the same thing."""
    where, what = providers.get(provider, provider), cause_words(cause, titles)
    text = f"Perhaps an incident: {customers} customers within an hour, {what}, at {where}."
    return Message(
        text=t.fallback(text),
        blocks=[
            t.section(text),
            t.context(f"Their tickets: /bounce tickets {cause}. This is said once for one incident."),
        ],
    )


def not_posted(ticket: Ticket, trouble: str) -> Message:
    """The line for the thread when there is no escalation post, for Slack's word ``trouble`` or SHARED."""
    words = {
        "not_in_channel": "I am not in the escalation channel; invite me there",
        "channel_not_found": "the escalation channel is gone, or I am not in it; invite me there",
        "is_archived": "the escalation channel is archived; choose another one in /bounce settings",
        SHARED: "people of another company read the escalation channel; choose another one in /bounce settings",
    }.get(trouble, f"Slack refused it ({trouble})")
    text = f"Ticket {ticket.number} is escalated, but nobody was told: {words}, then press Escalate again."
    return Message(text=t.fallback(text), blocks=[t.section(text)])


def _state(ticket: Ticket, urgency: Urgency, cut: Limit) -> Block:
    if ticket.status is Status.RESOLVED:
        parts = [t.words("Resolved by ", bold=True), person(ticket.resolved_by)]
        if ticket.resolved_at:
            parts += [t.words(" "), moment(ticket.resolved_at)]
        outcome = ticket.outcome
        if outcome and (outcome.helped or outcome.text):
            said = " ".join(filter(None, (t.commands(outcome.helped), outcome.text)))
            parts.append(t.words(": " + t.clip(said, cut(500))))
    elif ticket.status is Status.CLAIMED:
        parts = [t.words("Claimed by ", bold=True), person(ticket.owner)]
        if ticket.claimed_at:
            parts += [t.words(" "), moment(ticket.claimed_at)]
    else:
        parts = [t.words("Waiting for an agent", bold=True)]
    return t.paragraph(
        *parts, t.words(f" · Urgency: {URGENCY_WORDS[urgency]} · Asked by "), person(ticket.asker)
    )


def _state_words(ticket: Ticket) -> str:
    return {
        Status.RESOLVED: "Resolved.",
        Status.CLAIMED: "Claimed.",
    }.get(ticket.status, "Waiting for an agent.")


def _escalation(ticket: Ticket, cut: Limit) -> list[Block]:
    form = ticket.escalation
    if form is None:
        return []
    elements: list[Block] = []
    if form.steps:
        elements += [
            t.paragraph(t.words("Already tried", bold=True)),
            t.bullets([shorten(t.commands(s), cut(150)) for s in form.steps[:12]]),
        ]
    else:
        elements.append(t.paragraph(t.words("Already tried: ", bold=True), t.words("nothing was ticked")))
    pairs = [(shorten(name, 120), t.clip(value, cut(300))) for name, value in form.collected if value]
    if form.contact:
        pairs.append(("Customer", t.clip(form.contact, 300)))
    if pairs:
        elements.append(named_list(pairs))
    blocks = [t.rich(*elements)]
    if form.note:
        blocks.append(
            t.rich(
                t.paragraph(t.words("From ", bold=True), person(form.who), t.words(":")),
                {"type": "rich_text_quote", "elements": [t.words(t.clip(form.note, cut(1500)))]},
            )
        )
    return blocks


def _links(ticket: Ticket, permalink: str | None) -> list[Block]:
    links: list[Block] = []
    if permalink:
        links.append(t.link("Open the thread", permalink))
    if ticket.external_url:
        links += [t.words(" · ")] if links else []
        links.append(t.link("Outside ticket", ticket.external_url))
    return links


def _buttons(ticket: Ticket) -> list[Block]:
    value = str(ticket.number)
    if ticket.status is Status.RESOLVED:
        return [t.button("Reopen", "ticket_reopen", value), t.button("Add note", "ticket_note", value)]
    buttons = []
    if ticket.status is Status.ESCALATED:
        buttons.append(t.button("Claim", "ticket_claim", value, style="primary"))
    buttons += [t.button("Resolve", "ticket_resolve", value), t.button("Add note", "ticket_note", value)]
    if ticket.status is Status.CLAIMED:
        buttons.append(t.button("Hand over", "ticket_hand_over", value))
    buttons += [t.button("Draft reply", "reply_draft", value), t.button("Link", "ticket_link", value)]
    return buttons
