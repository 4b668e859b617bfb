"""What is said about watches: all of it, literally, and within Slack's limits."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.model import Answer, Outcome, Question
from bot.core.watch import Change
from bot.playground.limits import check_message_blocks
from bot.slack.blocks import watch as blocks
from bot.slack.blocks.answer import Message
from bot.tickets.watches import MOST, Kind, Watch

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOSTILE = "<!channel> *bold* <https://evil.example|here> \u202e&amp; " + "x" * 4000


def answer(check: str = "blocklist", subject: str = "203.0.113.9") -> Answer:
    return Answer(question=Question(check=check, subject=subject), outcome=Outcome.FOUND, detail="d")


def a_watch(**more: Any) -> Watch:
    values: dict[str, Any] = {
        "team": "T1",
        "id": "0af1",
        "kind": Kind.CASE,
        "subject": "203.0.113.9",
        "channel": "C0SUPPORT",
        "thread_ts": "1.1",
        "number": 12,
        "who": "U0ALICE",
        "answers": (answer(),),
        "look": None,
        "told_ts": None,
        "set_at": AT,
        "due_at": AT,
        "ends_at": AT + timedelta(days=14),
    }
    return Watch(**{**values, **more})


def change(text: str = "Not on Listy.", before: str = "On Listy.", fix: str = "") -> Change:
    return Change(check="blocklist", subject="203.0.113.9", better=True, text=text, before=before, fix=fix)


def words(said: Message) -> str:
    return json.dumps(said.blocks, ensure_ascii=False)


@pytest.mark.parametrize(
    ("faults", "label"),
    [
        ([], None),
        ([answer()], "Tell me when delisted"),
        ([answer("spf", "ours.example")], "Tell me when mended"),
        ([answer("ptr"), answer()], "Tell me when delisted"),
    ],
)
def test_the_button_says_what_is_waited_for(faults: list[Answer], label: str | None) -> None:
    """No button where there is nothing."""
    assert blocks.button_label(faults) == label


def test_a_case_says_what_how_long_and_where() -> None:
    """And what is wrong now."""
    said = blocks.case_set(a_watch(), new=True, wrong=["On Listy."], fixed=[])

    for part in ("203.0.113.9", "every hour", "14 days", "in this thread", "On Listy.", "/bounce watch"):
        assert part in words(said)


def test_a_second_watch_is_named_as_such() -> None:
    """Nobody believes to have set two."""
    assert "watched already" in words(blocks.case_set(a_watch(), new=False, wrong=[], fixed=[]))
    assert "watched already" in words(blocks.own_set(a_watch(), new=False, wrong=[], silent=[]))


def test_what_is_mended_calls_the_person_who_asked() -> None:
    """With what it is now, and what to do."""
    said = blocks.mended(a_watch(), [change()], [])

    assert {"type": "user", "user_id": "U0ALICE"} in said.blocks[0]["elements"][0]["elements"]
    assert "Not on Listy." in said.text
    assert "Send the mail again" in said.text


def test_a_part_that_is_mended_does_not_say_send_again() -> None:
    """While the rest is still wrong."""
    said = blocks.mended(a_watch(), [change()], ["203.0.113.9 has no reverse name (PTR)."])

    assert "Send the mail again" not in words(said)
    assert "no reverse name" in words(said)


def test_what_got_worse_says_what_it_was_and_the_mend() -> None:
    """On one line for each change."""
    said = blocks.got_worse(a_watch(kind=Kind.OWN), [change("On Listy.", "Not on Listy.", "Delist it.")])

    assert "On Listy. Delist it. Before: Not on Listy." in words(said)


@pytest.mark.parametrize(("days", "said"), [(14, "14 days"), (1, "a day"), (0, "a day")])
def test_giving_up_says_after_how_long(days: int, said: str) -> None:
    """As it was promised."""
    watch = a_watch(ends_at=AT + timedelta(days=days))

    assert f"after {said}" in blocks.given_up(watch, [], ["On Listy."]).text


def test_the_list_has_a_button_for_each() -> None:
    """With who has set it and where; a place or person that is no id of Slack is no markup."""
    said = blocks.listing([a_watch(), a_watch(kind=Kind.OWN, channel="<!here>", who="*x*", number=None)])
    rows = [block for block in said.blocks if "accessory" in block]

    assert [row["accessory"]["value"] for row in rows] == ["0af1", "0af1"]
    assert rows[0]["fields"][0]["text"] == "<#C0SUPPORT>, set by <@U0ALICE>"
    assert rows[1]["fields"][0]["text"] == "a direct message, set by somebody"
    assert "case 12" in rows[0]["text"]["text"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(blocks.listing([a_watch(subject="d" * 255)] * MOST), id="list"),
        pytest.param(blocks.listing([]), id="empty"),
        pytest.param(
            blocks.case_set(a_watch(), new=True, wrong=[HOSTILE] * 40, fixed=[change(HOSTILE)] * 40),
            id="case",
        ),
        pytest.param(
            blocks.own_set(a_watch(), new=True, wrong=[HOSTILE] * 40, silent=[HOSTILE] * 40), id="own"
        ),
        pytest.param(blocks.mended(a_watch(), [change(HOSTILE)] * 40, [HOSTILE] * 40), id="mended"),
        pytest.param(blocks.given_up(a_watch(), [change(HOSTILE)] * 40, [HOSTILE] * 40), id="given-up"),
        pytest.param(blocks.got_worse(a_watch(), [change(HOSTILE, HOSTILE, HOSTILE)] * 40), id="worse"),
        pytest.param(blocks.got_better(a_watch(), [change(HOSTILE)] * 40), id="better"),
        pytest.param(blocks.nothing_left(HOSTILE, [change(HOSTILE)] * 40), id="nothing-left"),
        pytest.param(blocks.elsewhere(blocks.listing([]), HOSTILE), id="elsewhere"),
    ],
)
def test_slack_takes_it_and_reads_no_markup(said: Message) -> None:
    """Whatever stands in the records of strangers."""
    check_message_blocks(said.blocks)

    assert "<!channel>" not in said.text
    assert not [
        element
        for block in said.blocks
        for element in block.get("fields", [])
        if element["type"] == "mrkdwn" and "evil" in element["text"]
    ]
    assert len(said.text) <= 3000
