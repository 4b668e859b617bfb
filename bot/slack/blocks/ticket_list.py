"""What do lists of tickets, one whole ticket, numbers and the Home tab look like?"""

import json
from collections.abc import Callable, Mapping, Sequence

from bot.slack.blocks import text as t
from bot.slack.blocks.answer import Message
from bot.slack.blocks.text import Block
from bot.slack.blocks.ticket_parts import (
    STATUS_WORDS,
    URGENCY_WORDS,
    Titles,
    cause_words,
    codes,
    error_text,
    fact_lines,
    fitting,
    moment,
    named_list,
    person,
)
from bot.tickets.stats import Stats
from bot.tickets.ticket import Event, Page, Status, Ticket

PER_PAGE = 10
_EVENTS = 25

_EVENT_WORDS = {
    "diagnosed": "pasted it",
    "looked_up": "looked things up",
    "joined": "pasted the same bounce",
    "parted": "took a post out into its own ticket",
    "passed_on": "passed the case on, since its first message was deleted,",
    "escalate": "escalated it",
    "claim": "claimed it",
    "hand_over": "handed it over",
    "resolve": "resolved it",
    "reopen": "reopened it",
    "note": "noted",
    "linked": "linked an outside ticket",
    "corrected": "corrected it",
    "taken_back": "took the correction back",
    "confirmed": "confirmed the correction",
    "reply_sent": "sent a reply",
    "erased": "erased texts and addresses",
}


def listing(page: Page, *, words: str, titles: Titles) -> Message:
    """One page of tickets, each with a button that shows it, and a button for the next page."""
    said = f"Tickets: {words or 'open'}"
    if not page.tickets:
        text = f"{said}. There are none."
        return Message(text=t.fallback(text), blocks=[t.section(text), _hint()])
    blocks = [t.header(t.clip(said, 150))]
    blocks += [row(ticket, titles) for ticket in page.tickets]
    if page.next is not None:
        # In escapes, words of other scripts would not fit into a button's value.
        value = json.dumps({"words": t.clip(words, 500), "before": page.next}, ensure_ascii=False)
        blocks.append(t.actions(t.button("Older ones", "ticket_page", value)))
    blocks.append(_hint())
    return Message(text=t.fallback(f"{said}: {len(page.tickets)} shown"), blocks=blocks)


def row(ticket: Ticket, titles: Titles) -> Block:
    """A ticket in two lines, with a button that shows it."""
    about = ticket.recipient or ticket.recipient_domain or ticket.sender_domain or ""
    second = " · ".join(part for part in (STATUS_WORDS[ticket.status], codes(ticket), about) if part)
    block = t.section(
        f"{ticket.number}  {t.clip(cause_words(ticket.cause, titles), 100)}\n{t.clip(second, 400)}"
    )
    block["accessory"] = t.button("Show", "ticket_open", str(ticket.number))
    return block


def whole(
    ticket: Ticket,
    events: Sequence[Event],
    *,
    titles: Titles,
    providers: Mapping[str, str],
    permalink: str | None,
    context: Sequence[str] = (),
) -> list[Block]:
    """Everything about one ticket, for members only: it holds the internal notes."""
    head = [t.words(STATUS_WORDS[ticket.status], bold=True)]
    owner = ticket.resolved_by if ticket.status is Status.RESOLVED else ticket.owner
    if owner:
        head += [t.words(" by "), person(owner)]
    head += [t.words(" · asked by "), person(ticket.asker), t.words(" "), moment(ticket.created_at)]
    shown = events[-_EVENTS:]
    title = "History" if len(shown) == len(events) else f"History (the last {_EVENTS} of {len(events)})"

    def make(cut: Callable[[int], int]) -> list[Block]:
        blocks = [
            t.header(f"Ticket {ticket.number}: {cause_words(ticket.cause, titles)}"),
            t.rich(t.paragraph(*head)),
            t.rich(
                t.preformatted(t.clip(error_text(ticket), cut(900))),
                named_list(fact_lines(ticket, titles, providers)),
            ),
        ]
        for pairs in _written(ticket, titles):
            said = [(name, t.clip(value, cut(800))) for name, value in pairs if value]
            if said:
                blocks.append(t.rich(named_list(said)))
        blocks += [t.context(t.clip(line, cut(280))) for line in context[:3]]
        history = [_event(event, titles, cut(400)) for event in shown]
        bullets = {"type": "rich_text_list", "style": "bullet", "elements": history}
        blocks.append(t.rich(t.paragraph(t.words(title, bold=True)), bullets))
        links = [t.link("Open the thread", permalink)] if permalink else []
        if ticket.external_url:
            links += [t.words(" · ")] if links else []
            links.append(t.link("Outside ticket", ticket.external_url))
        if links:
            blocks.append(t.rich(t.paragraph(*links)))
        return blocks

    return fitting(make)


def _written(ticket: Ticket, titles: Titles) -> list[list[tuple[str, str]]]:
    """What people wrote: when they escalated, and when they resolved."""
    form, outcome = ticket.escalation, ticket.outcome
    groups = []
    if form is not None:
        asked = [(t.clip(what, 120), said) for what, said in form.collected]
        tried = " ".join(form.steps)
        urgency = URGENCY_WORDS[form.urgency]
        first = [("Urgency", urgency), ("Already tried", tried)]
        groups.append([*first, *asked, ("Note", form.note), ("Customer", form.contact)])
    if outcome is not None:
        was = cause_words(outcome.cause or ticket.cause, titles)
        groups.append(
            [("It was", was), ("What helped", t.commands(outcome.helped)), ("In words", outcome.text)]
        )
    return groups


def ticket_buttons(ticket: Ticket, *, unconfirmed: bool) -> Block:
    """What an agent can do with a ticket from its card."""
    value = str(ticket.number)
    buttons = {
        Status.DIAGNOSED: [("Escalate", "ticket_escalate"), ("Resolve", "ticket_resolve")],
        Status.ESCALATED: [("Claim", "ticket_claim"), ("Resolve", "ticket_resolve")],
        Status.CLAIMED: [("Resolve", "ticket_resolve"), ("Hand over", "ticket_hand_over")],
        Status.RESOLVED: [("Reopen", "ticket_reopen")],
    }[ticket.status]
    buttons += [("Add note", "ticket_note"), ("Draft reply", "reply_draft"), ("Link", "ticket_link")]
    if unconfirmed:
        buttons.append(("Confirm correction", "correction_confirm"))
    return t.actions(*(t.button(label, action, value) for label, action in buttons))


def ticket_view(ticket: Ticket, blocks: list[Block]) -> Block:
    """The same as a modal."""
    return {
        "type": "modal",
        "callback_id": "ticket_view",
        "title": t.plain(f"Ticket {ticket.number}", 24),
        "close": t.plain("Close", 24),
        "blocks": blocks,
    }


def numbers(found: Stats, titles: Titles, providers: Mapping[str, str]) -> Message:
    """``/bounce stats``."""
    open_now = sum(found.open.values())
    pairs = [
        ("Open now", f"{open_now}" + _states(found)),
        ("Asked", f"{found.asked}"),
        ("Escalated", f"{found.escalated}"),
        ("Resolved", f"{found.resolved}"),
        ("Corrected by agents", f"{found.corrected}, {found.confirmed} of them confirmed"),
    ]
    if found.claim_minutes is not None:
        pairs.append(("From escalation to claim", f"{found.claim_minutes:g} minutes (median)"))
    if found.resolve_hours is not None:
        pairs.append(("From escalation to resolution", f"{found.resolve_hours:g} hours (median)"))
    blocks = [t.header("Bounces of the last 30 days"), t.rich(named_list(pairs))]
    for title, counted, names in (
        ("Commonest causes", found.causes, titles),
        ("Commonest providers", found.providers, providers),
    ):
        if counted:
            lines = [(names.get(slug, slug), str(count)) for slug, count in counted]
            blocks.append(t.rich(t.paragraph(t.words(title, bold=True)), named_list(lines)))
    return Message(text=t.fallback(f"{found.asked} bounces in 30 days, {open_now} open now"), blocks=blocks)


def home(
    mine: Sequence[Ticket], open_ones: Page, found: Stats, *, titles: Titles, providers: Mapping[str, str]
) -> Block:
    """The Home tab of a member."""
    blocks = [t.header("My tickets")]
    blocks += [row(ticket, titles) for ticket in mine[:10]] or [t.section("You have no open ticket.")]
    blocks += [t.divider(), t.header("The team's open tickets")]
    blocks += [row(ticket, titles) for ticket in open_ones.tickets[:15]] or [t.section("None. Well done.")]
    if open_ones.next is not None:
        blocks.append(t.context("There are more: /bounce tickets open"))
    blocks += [t.divider(), *numbers(found, titles, providers).blocks]
    blocks.append(t.actions(t.button("Refresh", "home_refresh", "home")))
    return {"type": "home", "blocks": blocks}


def home_for_guests() -> Block:
    """The Home tab of people who see no tickets."""
    return {
        "type": "home",
        "blocks": [
            t.header("I explain bounced e-mail"),
            t.section("Paste a bounce in a channel that I am in. I answer in its thread."),
        ],
    }


def _event(event: Event, titles: Titles, limit: int) -> Block:
    what = _EVENT_WORDS.get(event.what, event.what)
    more = ""
    if event.what == "note":
        more = f": {t.clip(str(event.detail.get('text', '')), limit)}"
    elif event.what == "corrected":
        more = f" to: {cause_words(str(event.detail.get('cause')), titles)}"
        if event.detail.get("comment"):
            more += f" ({t.clip(str(event.detail['comment']), limit)})"
    parts = [moment(event.at), t.words("  "), person(event.who), t.words(f" {what}{more}")]
    if event.what in ("hand_over", "passed_on"):
        parts += [t.words(" to "), person(str(event.detail.get("to")))]
    return t.paragraph(*parts)


def _states(found: Stats) -> str:
    if not found.open:
        return ""
    said = ", ".join(f"{count} {STATUS_WORDS[status].lower()}" for status, count in found.open.items())
    return f" ({said})"


def _hint() -> Block:
    return t.context(
        "/bounce tickets open, mine, all, resolved, a cause, a domain, an address, an IP or words of the bounce"
    )
