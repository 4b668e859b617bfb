"""Which wordings are missing: the query, and ``fivefifty knowledge gaps`` on each database."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.core.model import UNKNOWN
from bot.tickets.corrections import correct
from bot.tickets.gaps import Gap, gaps
from bot.tickets.rights import erase_old
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Outcome
from tests.tickets.conftest import Clock
from tests.tickets.samples import a_diagnosis, a_ticket

ODD = "550 xyzzy plugh for <jane@example.org>"
OTHER = "550 frobnicated"


async def unknown(store: TicketStore, text: str = ODD, team: str = "T1", post_ts: str = "1.1") -> int:
    """Record a post of ``text`` that got ``unknown``; its number."""
    diagnosis = a_diagnosis(text, cause=UNKNOWN, family="none", reply="550", status=None)
    return (await a_ticket(store, team, text=text, diagnosis=diagnosis, post_ts=post_ts, join=False)).number


async def listed(store: TicketStore, *teams: str) -> list[Gap]:
    return [gap async for gap in gaps(store.engine, teams)]


async def run(url: str, *arguments: str) -> Result:
    """Run one command in a thread of its own, as it has its own event loop."""
    variable = {"DATABASE_URL": url.replace("+aiosqlite", "").replace("+psycopg", "")}
    return await asyncio.to_thread(CliRunner().invoke, cli, ["knowledge", "gaps", *arguments], env=variable)


async def test_the_commonest_come_first(store: TicketStore) -> None:
    """Texts that differ only in their slots are one gap, counted over workspaces."""
    await unknown(store, OTHER)
    await unknown(store, ODD, post_ts="2.1")
    await unknown(store, ODD.replace("jane", "bob"), "T2")
    found = await listed(store, "T1", "T2")

    assert [(gap.masked_text, gap.times, gap.workspaces) for gap in found] == [
        ("<number> xyzzy plugh for <address>", 2, 2),
        ("<number> frobnicated", 1, 1),
    ]


async def test_equally_common_ones_come_the_newest_first(store: TicketStore, clock: Clock) -> None:
    """What happens now matters more than what happened last year."""
    await unknown(store, ODD, "T2")
    clock.pass_by(days=1)
    await unknown(store, OTHER, "T1")
    found = await listed(store, "T1", "T2")

    assert [gap.masked_text for gap in found] == [
        "<number> frobnicated",
        "<number> xyzzy plugh for <address>",
    ]


async def test_what_was_answered_and_not_corrected_is_no_gap(store: TicketStore) -> None:
    """An answer that nobody has doubted is no work."""
    await a_ticket(store)

    assert await listed(store, "T1") == []


async def test_a_corrected_answer_is_a_gap(store: TicketStore) -> None:
    """With what people said it was, the commonest first."""
    for number in range(3):
        await a_ticket(store, post_ts=f"{number}.0", join=False)
        await correct(store, "T1", number + 1, "U1", "mailbox-disabled" if number else "no-such-user")
    (gap,) = await listed(store, "T1")

    assert (gap.times, gap.unknown, gap.corrected) == (3, 0, 3)
    assert gap.said == (("mailbox-disabled", 2), ("no-such-user", 1))


@pytest.mark.parametrize(("cause", "count"), [("mailbox-disabled", 1), ("mailbox-full", 0), (None, 0)])
async def test_a_ticket_resolved_with_another_cause_is_a_gap(
    store: TicketStore, cause: str | None, count: int
) -> None:
    """The form on resolving asks what it really was; the same cause, or none, is no correction."""
    await a_ticket(store)
    await store.resolve("T1", 1, "U1", Outcome(cause=cause))

    assert len(await listed(store, "T1")) == count


async def test_unknown_and_corrected_counts_once(store: TicketStore) -> None:
    """A ticket is one ticket."""
    await correct(store, "T1", await unknown(store), "U1", "mailbox-disabled")
    (gap,) = await listed(store, "T1")

    assert (gap.times, gap.unknown, gap.corrected) == (1, 1, 1)


async def test_other_workspaces_are_not_looked_at(store: TicketStore) -> None:
    """One team's list holds nothing of another's."""
    await unknown(store, ODD, "T1")
    await unknown(store, OTHER, "T2")

    assert [gap.masked_text for gap in await listed(store, "T2")] == ["<number> frobnicated"]


async def test_after_the_retention_time_the_words_are_gone(store: TicketStore, clock: Clock) -> None:
    """The gap stays, with its masked text, and names nobody."""
    await unknown(store)
    before = (await listed(store, "T1"))[0]
    clock.pass_by(days=40)
    await erase_old(store, 30)
    (after,) = await listed(store, "T1")

    assert before.text == ODD
    assert (after.text, after.times) == (None, 1)
    assert "jane" not in repr(after)


async def test_the_command_as_json(database_url: str, store: TicketStore) -> None:
    """One object, masked texts alone: no address of anybody."""
    await correct(store, "T1", await unknown(store), "U1", "mailbox-disabled")
    result = await run(database_url, "--json")
    value = json.loads(result.stdout)

    assert result.exit_code == 0
    assert value["settled"] == 0
    assert value["gaps"][0]["text"] == "<number> xyzzy plugh for <address>"
    assert value["gaps"][0]["said"] == [{"cause": "mailbox-disabled", "times": 1}]
    assert value["gaps"][0]["codes"] == ["550"]
    assert "jane" not in result.stdout


async def test_the_command_as_a_table(database_url: str, store: TicketStore) -> None:
    """A line each, with counts and codes; the sum on standard error."""
    await unknown(store)
    result = await run(database_url)

    assert "xyzzy plugh for <address>" in result.stdout
    assert "jane" not in result.stdout
    assert result.stderr == "1 gap.\n"


async def test_what_is_known_by_now_is_left_out(database_url: str, store: TicketStore) -> None:
    """Once the variant is there the gap is settled, though its tickets stay; ``--all`` shows it."""
    await unknown(store, "552 5.2.2 <jane@example.org>: Mailbox full")
    await unknown(store, ODD, post_ts="2.1")
    short = await run(database_url, "--json")
    long = await run(database_url, "--json", "--all")

    assert [gap["text"] for gap in json.loads(short.stdout)["gaps"]] == ["<number> xyzzy plugh for <address>"]
    assert json.loads(short.stdout)["settled"] == 1
    assert sorted(gap["settled"] for gap in json.loads(long.stdout)["gaps"]) == [False, True]


async def test_a_correction_against_todays_answer_is_not_settled(
    database_url: str, store: TicketStore
) -> None:
    """The knowledge base says one thing, people another: somebody has to look."""
    await a_ticket(store)
    await correct(store, "T1", 1, "U1", "mailbox-disabled")
    (gap,) = json.loads((await run(database_url, "--json")).stdout)["gaps"]

    assert (gap["today"], gap["settled"]) == ("mailbox-full", False)


async def test_no_more_than_asked_for(database_url: str, store: TicketStore) -> None:
    """``-n`` cuts the list at the commonest."""
    await unknown(store, OTHER)
    await unknown(store, OTHER, post_ts="2.1")
    await unknown(store, ODD, post_ts="3.1")
    found = json.loads((await run(database_url, "--json", "-n", "1")).stdout)["gaps"]

    assert [gap["text"] for gap in found] == ["<number> frobnicated"]


async def test_a_history_without_gaps(database_url: str, store: TicketStore) -> None:
    """Nothing to do is one line and exit code 0."""
    result = await run(database_url, "--team", "T1")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No gaps.\n")


async def test_hostile_words_stay_words(database_url: str, store: TicketStore) -> None:
    """Markup, control characters and a very long text are printed as one short row."""
    await unknown(store, "550 [bold red]xyzzy[/] \x1b[31m plugh " + "frob " * 20_000)
    result = await run(database_url)

    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert len(result.stdout) < 5_000
