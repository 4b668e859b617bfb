"""Watches in the running bot: set, listed, cancelled, told once, given up. The zone changes while it runs."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.app import build
from bot.jobs.database import migrate_jobs
from bot.lookups.asker import Asker
from bot.playground.nameserver import Fault
from bot.playground.post import Post
from bot.slack.watching import CASE_EVERY, GIVE_UP_AFTER, OWN_EVERY, Seen
from bot.tickets.database import migrate
from bot.tickets.watches import MOST, Kind, Place, Watch, set_watch, watches_of
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.e2e.running import ZONE, Running, running

IP = "203.0.113.9"
TEST_POINTS = """
2.0.0.127.zen.spamhaus.org.  5 IN A 127.0.0.2
test.dbl.spamhaus.org.       5 IN A 127.0.1.2
"""
LISTED = "9.113.0.203.zen.spamhaus.org. 5 IN A 127.0.0.4\n"
PTR = """
9.113.0.203.in-addr.arpa.  5 IN PTR mail.ours.example.
mail.ours.example.         5 IN A 203.0.113.9
"""
MX = "ours.example. 5 IN MX 10 mail.ours.example.\n"
SPF = 'ours.example. 5 IN TXT "v=spf1 ip4:203.0.113.9 -all"\n'
DMARC = '_dmarc.ours.example. 5 IN TXT "v=DMARC1; p=reject"\n'
DKIM = 's1._domainkey.ours.example. 5 IN TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB"\n'
GOOD = ZONE + TEST_POINTS + PTR + MX + SPF + DMARC + DKIM
BLOCKED = f"554 5.7.1 Service unavailable; Client host [{IP}] blocked using zen.spamhaus.org"
# A busy machine is no silent name server.
PATIENT: dict[str, Any] = {"dns_timeout_seconds": 1.0, "lookup_budget_seconds": 3.0}
SPF_FAILED = f"550 5.7.23 SPF: {IP} is not allowed to send mail from ours.example"


@dataclass
class Watcher:
    """The running bot, and a clock that can be turned on."""

    bot: Running
    now: datetime

    @property
    def team(self) -> str:
        return str(self.bot.slack.team.id)

    async def watches(self) -> tuple[Watch, ...]:
        return await watches_of(self.bot.app.services.store.engine, self.team)

    async def type(self, text: str, user: str = "alice", channel: str = "support") -> Post:
        """Type ``/bounce watch …`` and return what is whispered."""
        before = len(self.bot.slack.ephemerals(user))
        await self.bot.slack.slash(user, channel, f"watch {text}".strip())
        return (await self.bot.slack.wait_for(lambda: self.bot.slack.ephemerals(user)[before:]))[-1]

    async def press(self, answer: Post, user: str = "alice") -> Post:
        before = len(self.bot.slack.ephemerals(user))
        await self.bot.slack.click(answer, "blocklist_watch", user)
        return (await self.bot.slack.wait_for(lambda: self.bot.slack.ephemerals(user)[before:]))[-1]

    async def paste(self, text: str) -> Post:
        return await self.bot.final(await self.bot.slack.post("alice", "support", text))

    async def later(self, amount: timedelta, zone: str | None = None) -> None:
        """Let time pass, for the store and for the resolver's cache; look at what is due until nothing is."""
        if zone is not None:
            self.bot.dns.load(zone)
        self.now += amount
        self.turn()
        while await self.bot.app.watching.round():
            await self.bot.quiet()
        await self.bot.quiet()

    def turn(self) -> None:
        services = self.bot.app.services
        services.store.clock = lambda: self.now
        asker = cast(Asker, services.asker)
        passed = (self.now - datetime.now(UTC)).total_seconds()
        asker.resolver._clock = lambda: time.monotonic() + passed
        asker.lists._clock = lambda: time.monotonic() + passed

    def thread(self, answer: Post) -> list[Post]:
        """What the bot has said in a thread after its answer."""
        said = self.bot.slack.messages("support", answer.thread_ts)
        return [post for post in said if post.user == self.bot.slack.team.bot_user_id][1:]

    def said(self, channel: str = "support") -> list[Post]:
        """What the bot has said in a channel itself."""
        us = self.bot.slack.team.bot_user_id
        return [p for p in self.bot.slack.messages(channel) if p.user == us and p.thread_ts in (None, p.ts)]


@pytest.fixture
async def watcher(sqlite_url: str) -> AsyncIterator[Watcher]:
    async with running(sqlite_url, **PATIENT) as bot:
        watcher = Watcher(bot, datetime.now(UTC))
        watcher.turn()
        yield watcher


@pytest.fixture
async def watcher_on_both(database_url: str) -> AsyncIterator[Watcher]:
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with running(database_url, **PATIENT) as bot:
        watcher = Watcher(bot, datetime.now(UTC))
        watcher.turn()
        yield watcher


async def test_a_listed_address_is_watched_until_it_is_delisted(watcher_on_both: Watcher) -> None:
    """The button under the answer; told once, in the thread, with the person who asked."""
    watcher = watcher_on_both
    watcher.bot.dns.load(GOOD + LISTED)
    answer = await watcher.paste(BLOCKED)
    said = await watcher.press(answer)
    await watcher.later(CASE_EVERY)
    still = watcher.thread(answer)
    await watcher.later(CASE_EVERY, GOOD)
    told = watcher.thread(answer)
    await watcher.later(timedelta(days=30), GOOD + LISTED)

    assert "blocklist_watch" in answer.actions
    assert IP in said.words
    assert "14 days" in said.words
    assert still == []
    assert len(told) == 1
    assert "Not on Spamhaus ZEN" in told[0].words
    assert "Send the mail again" in told[0].words
    assert told[0].mentions == [watcher.bot.slack.team.user("alice")["id"]]
    assert watcher.thread(answer) == told
    assert await watcher.watches() == ()
    assert not watcher.bot.slack.refusals


async def test_it_is_given_up_with_a_word(watcher: Watcher) -> None:
    """After fourteen days, once."""
    watcher.bot.dns.load(GOOD + LISTED)
    answer = await watcher.paste(BLOCKED)
    await watcher.press(answer)
    await watcher.later(GIVE_UP_AFTER - timedelta(minutes=1))
    early = watcher.thread(answer)
    await watcher.later(timedelta(minutes=2))
    await watcher.later(timedelta(days=3))
    told = watcher.thread(answer)

    assert early == []
    assert len(told) == 1
    assert "I stop looking" in told[0].words
    assert "On Spamhaus ZEN" in told[0].words
    assert await watcher.watches() == ()


@pytest.mark.parametrize("kind", ["drop", "servfail", "refused"])
async def test_silence_is_no_delisting(watcher: Watcher, kind: str) -> None:
    """Nor a reason to stop; the answer after it counts."""
    watcher.bot.dns.load(GOOD + LISTED)
    answer = await watcher.paste(BLOCKED)
    await watcher.press(answer)
    watcher.bot.dns.faults.append(Fault(kind=kind, name="zen.spamhaus.org."))
    await watcher.later(CASE_EVERY, GOOD)
    silent = watcher.thread(answer)
    watcher.bot.dns.faults.clear()
    await watcher.later(CASE_EVERY)

    assert silent == []
    assert len(watcher.thread(answer)) == 1


async def test_a_record_that_is_mended(watcher: Watcher) -> None:
    """The SPF record of the sender's domain lets the address send from now on."""
    watcher.bot.dns.load(GOOD.replace("ip4:203.0.113.9", "ip4:192.0.2.1"))
    answer = await watcher.paste(SPF_FAILED)
    said = await watcher.press(answer)
    await watcher.later(CASE_EVERY, GOOD)
    told = watcher.thread(answer)

    assert "SPF of ours.example for 203.0.113.9: fail" in said.words
    assert len(told) == 1
    assert "SPF of ours.example for 203.0.113.9: pass" in told[0].words


async def test_the_button_twice(watcher: Watcher) -> None:
    """Whoever presses it second hears that it is watched already."""
    watcher.bot.dns.load(GOOD + LISTED)
    answer = await watcher.paste(BLOCKED)
    await watcher.press(answer)
    second = await watcher.press(answer, "bob")

    assert "watched already" in second.words
    assert len(await watcher.watches()) == 1


async def test_who_has_joined_a_case_is_told_in_their_thread(watcher: Watcher) -> None:
    """Two people with the same bounce have one ticket and two threads."""
    watcher.bot.dns.load(GOOD + LISTED)
    text = BLOCKED.replace("Service", "<someone@example.org>: Service")
    first = await watcher.paste(text)
    second = await watcher.bot.final(await watcher.bot.slack.post("bob", "support", text))
    await watcher.press(first)
    await watcher.press(second, "bob")
    await watcher.later(CASE_EVERY, GOOD)

    assert "ticket_part" in second.actions
    assert len(watcher.thread(first)) == 1
    assert len(watcher.thread(second)) == 1


async def test_a_case_that_is_mended_already(watcher: Watcher) -> None:
    """Is not watched: there is nothing to wait for."""
    watcher.bot.dns.load(GOOD + LISTED)
    answer = await watcher.paste(BLOCKED)
    watcher.bot.dns.load(GOOD)
    watcher.now += timedelta(hours=1)
    watcher.turn()
    said = await watcher.press(answer)

    assert "nothing to wait for" in said.words
    assert await watcher.watches() == ()


async def test_no_button_where_nothing_can_be_mended(watcher: Watcher) -> None:
    """A mailbox that does not exist will not come back by looking."""
    watcher.bot.dns.load(GOOD)
    answer = await watcher.paste("550 5.1.1 <someone@example.org>: Recipient address rejected: User unknown")

    assert "blocklist_watch" not in answer.actions


async def test_a_typed_address_that_is_listed(watcher: Watcher) -> None:
    """Is told in the channel when it is off."""
    watcher.bot.dns.load(GOOD + LISTED)
    said = await watcher.type(f"[{IP}]")
    await watcher.later(CASE_EVERY, GOOD)
    told = watcher.said()

    assert "XBL" in said.words
    assert len(told) == 1
    assert "Not on Spamhaus ZEN" in told[0].words
    assert f"/bounce watch {IP}" in told[0].words


async def test_an_own_address_is_watched_daily(watcher: Watcher) -> None:
    """A listing and a lost name are told in the channel, once, with what it was and the mend."""
    watcher.bot.dns.load(GOOD)
    said = await watcher.type(IP)
    await watcher.later(OWN_EVERY)
    quiet = watcher.said()
    await watcher.later(OWN_EVERY, GOOD.replace(PTR, "") + LISTED)
    told = watcher.said()
    for _ in range(3):
        await watcher.later(OWN_EVERY)

    assert "every day" in said.words
    assert quiet == []
    assert len(told) == 1
    assert "On Spamhaus ZEN" in told[0].words
    assert "Before: Not on Spamhaus ZEN" in told[0].words
    assert "has no reverse name" in told[0].words
    assert watcher.said() == told


async def test_what_is_well_again_is_said_under_what_was_told(watcher: Watcher) -> None:
    """And an improvement of what nobody was told of is not."""
    watcher.bot.dns.load(GOOD.replace(DMARC, ""))
    await watcher.type("ours.example")
    await watcher.later(OWN_EVERY, GOOD)
    unasked = watcher.said()
    await watcher.later(OWN_EVERY, GOOD.replace(MX, ""))
    (told,) = watcher.said()
    await watcher.later(OWN_EVERY, GOOD)
    under = watcher.bot.slack.messages("support", told.ts)

    assert unasked == []
    assert len(watcher.said()) == 1
    assert "Better again" in under[-1].words
    assert "mail.ours.example" in under[-1].words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        pytest.param(GOOD.replace(MX, ""), "no server for mail", id="mx"),
        pytest.param(GOOD.replace(SPF, ""), "publishes no SPF record", id="spf"),
        pytest.param(GOOD.replace("-all", "+all"), "lets everybody send", id="spf-open"),
        pytest.param(GOOD.replace(DMARC, ""), "has no DMARC record", id="dmarc"),
        pytest.param(GOOD.replace("p=reject", "p=none"), "DMARC policy: none", id="dmarc-weaker"),
        pytest.param(GOOD.replace(DKIM, ""), "no DKIM key under s1", id="dkim"),
        pytest.param(GOOD + "ours.example.dbl.spamhaus.org. 5 IN A 127.0.1.2\n", "Spamhaus DBL", id="list"),
        pytest.param(ZONE + TEST_POINTS, "does not exist", id="gone"),
    ],
)
async def test_an_own_domain_gets_worse(watcher: Watcher, zone: str, words: str) -> None:
    """Each of its records, and its listing, is told once."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("Ours.Example.")
    await watcher.later(OWN_EVERY, zone)
    await watcher.later(OWN_EVERY)
    told = watcher.said()

    assert len(told) == 1
    assert words in told[0].words
    assert words in told[0].text
    assert not watcher.bot.slack.refusals


@pytest.mark.parametrize("kind", ["drop", "servfail", "refused", "lame", "garbage"])
async def test_a_night_without_dns_is_no_change(watcher: Watcher, kind: str) -> None:
    """What was not answered is neither worse nor better; a change in that night is told after it."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watcher.bot.dns.faults.append(Fault(kind=kind))
    await watcher.later(OWN_EVERY, GOOD.replace(SPF, ""))
    silent = watcher.said()
    watcher.bot.dns.faults.clear()
    await watcher.later(OWN_EVERY)

    assert silent == []
    assert len(watcher.said()) == 1


async def test_a_watch_that_was_set_without_dns(watcher: Watcher) -> None:
    """Begins with the first answers; a fault that was there before is no change."""
    watcher.bot.dns.faults.append(Fault(kind="drop"))
    said = await watcher.type("ours.example")
    watcher.bot.dns.faults.clear()
    await watcher.later(OWN_EVERY, GOOD.replace(DMARC, ""))
    first = watcher.said()
    await watcher.later(OWN_EVERY, GOOD.replace(DMARC, "").replace(SPF, ""))

    assert "Could not be checked" in said.words
    assert first == []
    assert ["SPF" in post.words for post in watcher.said()] == [True]


async def test_listing_and_cancelling(watcher: Watcher) -> None:
    """Everything that is watched, with a button that ends it; then it is silent."""
    watcher.bot.dns.load(GOOD)
    empty = await watcher.type("")
    await watcher.type("ours.example")
    await watcher.later(timedelta(seconds=1))
    await watcher.type(IP, "bob")
    shown = await watcher.type("")
    await watcher.bot.slack.click(shown, "watch_cancel", "alice")
    for _ in range(100):
        if len(await watcher.watches()) == 1:
            break
        await asyncio.sleep(0.05)
    await watcher.later(OWN_EVERY, GOOD.replace(SPF, "") + LISTED)

    assert "Nothing is watched" in empty.words
    assert shown.actions == ["watch_cancel", "watch_cancel"]
    assert "ours.example" in shown.words
    assert [watch.subject for watch in await watcher.watches()] == [IP]
    assert len(watcher.said()) == 1
    assert not watcher.bot.slack.refusals


async def test_the_limit_has_a_clear_word(watcher: Watcher) -> None:
    """And the list with all of them fits a message."""
    at = datetime.now(UTC)
    for number in range(MOST):
        name = f"{number}-" + ".".join(["a" * 60] * 4)
        await set_watch(
            watcher.bot.app.services.store.engine,
            watcher.team,
            Kind.OWN,
            name,
            Place(channel="C1"),
            who="U1",
            answers=(),
            at=at,
            due_at=at + OWN_EVERY,
        )
    watcher.bot.dns.load(GOOD)
    said = await watcher.type("ours.example")
    shown = await watcher.type("")

    assert f"{MOST} things already" in said.words
    assert shown.actions == ["watch_cancel"] * MOST
    assert not watcher.bot.slack.refusals


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("10.0.0.1", "private or reserved"),
        ("127.0.0.1", "private or reserved"),
        ("::1", "private or reserved"),
        ("localhost", "single-label"),
        ("mail.corp", "inner network"),
        ("someone@ours.example", "/bounce watch ours.example"),
        ("nobody-has-this.example", "does not exist"),
        ("not a domain", "not a domain name"),
        ("<!channel> <@U0ALICE> *x*", "cannot watch"),
        ("a." * 3000, "cannot watch"),
        ("x" * 3000, "cannot watch"),
        ("@" * 2000, "watch"),
        ("1.2.3.4.5", "cannot watch"),
        ("../../etc/passwd", "cannot watch"),
        ("ours.example\u202emoc", "cannot watch"),
    ],
)
async def test_what_cannot_be_watched(watcher: Watcher, target: str, word: str) -> None:
    """Is answered with one clear sentence that calls nobody, and nothing is kept."""
    watcher.bot.dns.load(GOOD)
    said = await watcher.type(target)

    assert word in said.words or word in said.text
    assert not said.mentions
    assert await watcher.watches() == ()
    assert not watcher.bot.slack.refusals


async def test_guests_set_no_watches(watcher: Watcher) -> None:
    """Nor see them."""
    said = await watcher.type("ours.example", "dave")

    assert "Only full members" in said.text
    assert await watcher.watches() == ()


async def test_where_the_bot_is_not(watcher: Watcher) -> None:
    """Nothing could be told there later, so it says so now."""
    watcher.bot.dns.load(GOOD)
    said = await watcher.type("ours.example", channel="random")

    assert "/invite" in said.text
    assert await watcher.watches() == ()


async def test_a_channel_that_is_closed_meanwhile(watcher: Watcher) -> None:
    """The person who has set the watch is told directly."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watcher.bot.slack.fail("chat.postMessage", error="not_in_channel")
    await watcher.later(OWN_EVERY, GOOD.replace(SPF, ""))
    direct = [
        call for call in watcher.bot.slack.calls if call.method == "chat.postMessage" and "SPF" in str(call)
    ]

    assert watcher.said() == []
    assert len(direct) == 2
    assert watcher.bot.slack.team.user("alice")["id"] in str(direct[-1])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_slack_fails_while_it_is_told(watcher: Watcher, after: bool) -> None:
    """It is told once all the same, whether the message was posted before the failure or not."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watcher.bot.slack.fail("chat.postMessage", status=500, after=after)
    await watcher.later(OWN_EVERY, GOOD.replace(SPF, ""))

    assert len(watcher.said()) == 1


async def restarted(watcher: Watcher) -> Watcher:
    """The same after a stop and a new start of the program."""
    bot = watcher.bot
    await bot.app.stop()
    app = build(bot.settings)
    await app.start()
    bot.slack.request_url = f"{app.url}/slack/events"
    again = Watcher(replace(bot, app=app), watcher.now)
    again.turn()
    return again


async def test_watches_survive_a_restart(watcher: Watcher) -> None:
    """What has got worse meanwhile is told after it, once."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    again = await restarted(watcher)
    try:
        await again.later(OWN_EVERY * 9, GOOD.replace(SPF, ""))
        await again.later(OWN_EVERY)
    finally:
        await again.bot.app.stop()

    assert len(watcher.said()) == 1


async def test_a_stop_while_it_is_told(watcher: Watcher) -> None:
    """What was found is told by the next process, not lost and not twice."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watcher.bot.dns.load(GOOD.replace(SPF, ""))
    watcher.bot.slack.slow("chat.postMessage", 12.0)
    watcher.now += OWN_EVERY
    watcher.turn()
    await watcher.bot.app.watching.round()
    await asyncio.sleep(1.5)
    again = await restarted(watcher)
    try:
        await again.bot.quiet()
        await again.later(OWN_EVERY)
    finally:
        await again.bot.app.stop()

    assert len(watcher.said()) == 1


async def test_what_could_not_be_told_is_found_again(watcher: Watcher) -> None:
    """After hours of failing, the next look tells it."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watching, (watch,) = watcher.bot.app.watching, await watcher.watches()
    watcher.bot.dns.load(GOOD.replace(SPF, ""))
    watcher.now += timedelta(hours=2)
    watcher.turn()
    payload = {"team": watch.team, "id": watch.id, "began": time.time()}
    found = await watching._look_again(payload)
    assert found is not None
    await watching._keep(payload, Seen.from_json(found), "a look")
    await watching._put_back(payload, Seen.from_json(found), "a look")
    await watcher.later(OWN_EVERY)

    assert len(watcher.said()) == 1


async def test_many_look_at_once(watcher_on_both: Watcher) -> None:
    """Of several rounds at the same moment, one tells."""
    watcher = watcher_on_both
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    watcher.bot.dns.load(GOOD.replace(SPF, ""))
    watcher.now += OWN_EVERY
    watcher.turn()
    await asyncio.gather(*(watcher.bot.app.watching.round() for _ in range(5)))
    await watcher.bot.quiet()

    assert len(watcher.said()) == 1


async def test_a_list_that_is_switched_off(watcher: Watcher) -> None:
    """Is neither asked nor told of."""
    watcher.bot.dns.load(GOOD)
    settings = WorkspaceSettings(blocklists_off=("zen.spamhaus.org",))
    services = watcher.bot.app.services
    await save_settings(services.store.engine, watcher.team, settings, who="U0CAROL", at=datetime.now(UTC))
    await watcher.type(IP)
    await watcher.later(OWN_EVERY, GOOD + LISTED)

    assert watcher.said() == []
    assert not [query for query in watcher.bot.dns.queries if "zen.spamhaus" in query.name]


async def test_help_mentions_it(watcher: Watcher) -> None:
    """With both uses."""
    await watcher.bot.slack.slash("alice", "support", "help")
    said = (await watcher.bot.slack.wait_for(lambda: watcher.bot.slack.ephemerals("alice")))[-1]

    assert "/bounce watch" in said.words


async def test_uninstalling_ends_all(watcher: Watcher) -> None:
    """Nothing is looked up for those who have left."""
    watcher.bot.dns.load(GOOD)
    await watcher.type("ours.example")
    await watcher.bot.slack.uninstall()
    await watcher.bot.slack.settled()
    for _ in range(100):
        if not await watcher.watches():
            break
        await asyncio.sleep(0.05)

    assert await watcher.watches() == ()
