"""Blocks within Slack's limits, whatever was pasted: each is checked by the local Slack's own rules."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.wire import from_json
from bot.playground.limits import check_view
from bot.slack.blocks import text as t
from bot.slack.blocks import ticket_forms, ticket_list, ticket_reply, ticket_settings
from bot.slack.blocks.ticket_parts import person, shorten
from bot.slack.blocks.ticket_post import escalation_post, incident_post, news_line, reminder
from bot.tickets.reply import Draft, Letter, draft
from bot.tickets.stats import Stats
from bot.tickets.ticket import Escalation, Event, Outcome, Page, Status, Ticket, Urgency
from bot.tickets.workspace import WorkspaceSettings
from tests.tickets.samples import a_diagnosis

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG = "<!channel> <@U0CAROL> *bold* 😀 " + "very long words " * 2_000
TITLES = {f"cause-{number}": f"Title {number} " + "x" * 100 for number in range(60)} | {
    "mailbox-full": "Mailbox full"
}


def a_ticket(**more: Any) -> Ticket:
    diagnosis = a_diagnosis(LONG, recipient=LONG, rejecting_host=LONG, blocklist=LONG)
    diagnosis["steps"] = [f"{number} {LONG}" for number in range(30)]
    diagnosis["collect"] = [f"{number} {LONG}" for number in range(12)]
    diagnosis["evidence"] = diagnosis["evidence"] * 40
    values: dict[str, Any] = {
        "team": "T1",
        "number": 2_000_000_000,
        "status": Status.CLAIMED,
        "version": 9,
        "channel": "C1",
        "post_ts": "1.1",
        "thread_ts": "1.1",
        "message_ts": "1.2",
        "asker": "U1",
        "cause": "mailbox-full",
        "family": "recipient",
        "party": "recipient",
        "confidence": 0.9,
        "variant": None,
        "reply": "552",
        "enhanced": "5.2.2",
        "provider": LONG,
        "mx_provider": LONG,
        "recipient": LONG,
        "recipient_domain": LONG,
        "sender": LONG,
        "sender_domain": LONG,
        "sending_ip": LONG,
        "diagnosis": diagnosis,
        "raw_text": LONG,
        "masked_text": LONG,
        "fingerprint": "f",
        "owner": "U2",
        "escalation": Escalation(
            who="U1",
            steps=tuple(f"{number} {LONG}" for number in range(30)),
            note=LONG,
            urgency=Urgency.HIGH,
            contact=LONG,
            collected=tuple((LONG, LONG) for _ in range(4)),
        ),
        "escalation_channel": "C2",
        "escalation_ts": "2.2",
        "external_url": "https://x.example/" + "x" * 1900,
        "resolved_by": "U3",
        "outcome": Outcome(cause="mailbox-full", helped=LONG, text=LONG),
        "created_at": NOW,
        "updated_at": NOW,
        "escalated_at": NOW,
        "claimed_at": NOW,
        "resolved_at": NOW,
        "erased_at": None,
        **more,
    }
    return Ticket(**values)


def events(count: int) -> list[Event]:
    return [
        Event(seq=seq, at=NOW, who="U1", what="note", source="form", detail={"text": LONG})
        for seq in range(1, count + 1)
    ]


def as_home_or_modal(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "modal", "title": t.plain("x", 24), "blocks": blocks}


@pytest.mark.parametrize("status", list(Status))
def test_the_escalation_post(status: Status) -> None:
    """The longest case of each state fits a message: block by block, and as a whole."""
    said = escalation_post(
        a_ticket(status=status),
        titles=TITLES,
        providers={},
        permalink="https://x.slack.com/archives/C1/p1",
        notes=events(50),
        context=[LONG] * 9,
    )
    check_view(as_home_or_modal(said.blocks))

    assert t.weight(said.blocks) <= t.MESSAGE_WEIGHT
    assert len(said.text) < 4000
    assert "<!" not in said.text
    assert "mrkdwn" not in repr(said.blocks)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(
            ticket_forms.escalate_form(a_ticket(), titles=TITLES, providers={}, ask_channel=True),
            id="escalate",
        ),
        pytest.param(ticket_forms.resolve_form(a_ticket(), titles=TITLES, steps=[LONG] * 3), id="resolve"),
        pytest.param(ticket_forms.correct_form(a_ticket(), titles=TITLES, may_confirm=True), id="correct"),
        pytest.param(ticket_forms.note_form(a_ticket()), id="note"),
        pytest.param(ticket_forms.hand_over_form(a_ticket()), id="hand over"),
        pytest.param(ticket_forms.link_form(a_ticket()), id="link"),
        pytest.param(
            ticket_reply.reply_form(
                1, tuple(Letter), draft(from_json(a_ticket().diagnosis), Letter.CUSTOMER_ACTS, providers={})
            ),
            id="reply",
        ),
        pytest.param(
            ticket_settings.settings_form(
                WorkspaceSettings(),
                groups=[ticket_settings.Group(id=f"S{n}", name=LONG) for n in range(150)],
                blocklists=[f"zone{n}.example" for n in range(150)],
                default_channel=None,
                default_days=30,
            ),
            id="settings",
        ),
        pytest.param(
            ticket_list.ticket_view(
                a_ticket(),
                ticket_list.whole(
                    a_ticket(),
                    events(300),
                    titles=TITLES,
                    providers={},
                    permalink="https://x.slack.com/archives/C1/p1",
                    context=[LONG] * 9,
                ),
            ),
            id="card",
        ),
        pytest.param(
            ticket_list.home(
                [a_ticket()] * 40,
                Page(tickets=(a_ticket(),) * 40, next=1),
                Stats(
                    open={Status.CLAIMED: 3},
                    asked=1,
                    escalated=1,
                    resolved=1,
                    causes=tuple((LONG, n) for n in range(8)),
                    providers=tuple((LONG, n) for n in range(8)),
                    corrected=1,
                    confirmed=1,
                    claim_minutes=1.5,
                    resolve_hours=2,
                ),
                titles=TITLES,
                providers={},
            ),
            id="home",
        ),
    ],
)
def test_forms_and_views(view: dict[str, Any]) -> None:
    """The longest values fit; nothing pasted is mark-up."""
    check_view(view)

    assert "mrkdwn" not in repr(view)


def test_a_card_fits_a_message() -> None:
    """The longest history is cut, not refused."""
    card = ticket_list.whole(
        a_ticket(),
        events(300),
        titles=TITLES,
        providers={},
        permalink="https://x.example",
        context=[LONG] * 9,
    )

    assert t.weight(card) <= t.MESSAGE_WEIGHT


def test_messages() -> None:
    """Lists, lines, reminders and notices with the longest values fit a message."""
    page = Page(tickets=(a_ticket(),) * 10, next=5)
    for said in (
        ticket_list.listing(page, words=LONG, titles=TITLES),
        ticket_list.listing(Page(tickets=(), next=None), words=LONG, titles=TITLES),
        reminder(a_ticket(), "resolution", on_call_group="S1", titles=TITLES),
        reminder(a_ticket(), "first_response", on_call_group=None, titles=TITLES),
        incident_post(LONG, LONG, 5, titles=TITLES, providers={}),
    ):
        check_view(as_home_or_modal(said.blocks))

        assert t.weight(said.blocks) <= t.MESSAGE_WEIGHT
        assert said.text


@pytest.mark.parametrize(
    "what", ["note", "diagnosed", "looked_up", "corrected", "linked", "erased", "reply_sent"]
)
def test_what_the_thread_is_not_told(what: str) -> None:
    """Notes and other inner things never become a line in the requester's thread."""
    event = Event(seq=1, at=NOW, who="U1", what=what, source="form", detail={"text": "secret"})

    assert news_line(a_ticket(), event, TITLES) is None


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short.", "Short."),
        ("First sentence that is long enough. " + "More words " * 20, "First sentence that is long enough."),
        ("word " * 40, "word word word word word word word word word word word word word word…"),
        ("x" * 200, "x" * 74 + "…"),
        ("line\nbreak\tand\u202e tricks", "line break and tricks"),
        ("", ""),
    ],
)
def test_shorten(text: str, short: str) -> None:
    """Steps become options of 75 characters, cut where it hurts least."""
    assert shorten(text, 75) == short


@pytest.mark.parametrize("user", ["U1> <!channel>", "x", "", "U" * 40, "channel", "U1\n"])
def test_only_users_are_called(user: str) -> None:
    """What is no user id is literal text."""
    assert person(user)["type"] == "text"


def test_a_tried_command_is_said_as_slack_has_it() -> None:
    """In the form, and in the post that follows it."""
    ticket = a_ticket()
    step = "Run fivefifty check example.org: it shows SPF."
    ticket = replace(ticket, diagnosis={**ticket.diagnosis, "steps": [step]})
    view = ticket_forms.escalate_form(ticket, titles=TITLES, providers={}, ask_channel=False)

    assert "Run /bounce check example.org: it shows SPF." in str(view)
    assert "fivefifty" not in str(view)


def test_a_form_without_steps_or_collect() -> None:
    """A bare diagnosis still gives a form that Slack takes."""
    ticket = a_ticket()
    bare = {**ticket.diagnosis, "steps": [], "collect": [], "evidence": [], "alternatives": []}
    view = ticket_forms.escalate_form(
        replace(ticket, diagnosis=bare), titles=TITLES, providers={}, ask_channel=False
    )
    check_view(view)

    assert not any(block.get("block_id") == "steps_0" for block in view["blocks"])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("short\n\nletter\n", id="short"),
        pytest.param(
            "\n".join(f"{number}. a step of some length, with words" for number in range(200)), id="lines"
        ),
        pytest.param("x" * 7_000, id="one line"),
        pytest.param("\U0001f600" * 3_100, id="wide"),
    ],
)
def test_a_long_letter_is_whole(body: str) -> None:
    """What one field cannot hold goes on in the next; nothing is lost but line ends between them."""
    written = Draft(letter=Letter.CUSTOMER_ACTS, to="x", subject="s", body=body)
    view = ticket_reply.reply_form(1, list(Letter), written)
    fields = [
        block["element"]["initial_value"]
        for block in view["blocks"]
        if str(block.get("block_id")).startswith("body_")
    ]
    check_view(view)

    assert "".join("".join(fields).split()) == "".join(body.split())
    assert all(len(field.encode("utf-16-le")) <= 6_000 for field in fields)
