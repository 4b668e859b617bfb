"""Two hundred bounces in twenty channels, the process killed with -9 in the middle, and each answered
once."""

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from bot.jobs.database import migrate_jobs
from bot.playground.nameserver import NameServer
from bot.playground.people import Place
from bot.playground.post import Post
from bot.playground.workspace import Workspace
from bot.tickets.database import migrate
from tests.databases import PostgreSQL
from tests.e2e.running import NO_SUCH_USER, ZONE

CHANNELS = [f"support-{number}" for number in range(20)]
POSTS = 200


@asynccontextmanager
async def serve(
    slack: Workspace, dns: NameServer, database_url: str, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``fivefifty serve`` as a process of its own, ready to work; killed at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url.replace("+aiosqlite", "").replace("+psycopg", ""),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DNS_SERVERS": f"127.0.0.1:{dns.port}",
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=environment, cwd=Path(__file__).parents[2]
    )
    try:
        async with aiohttp.ClientSession() as session:
            for _ in range(200):
                await asyncio.sleep(0.05)
                try:
                    async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                        if response.status == 200:
                            break
                except aiohttp.ClientError:
                    continue
            else:
                raise AssertionError("the process does not become ready")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def answered(slack: Workspace, post: Post) -> int:
    return len(slack.replies(post))


async def test_a_kill_in_the_middle_of_a_burst_loses_and_doubles_nothing(
    database_url: str, unused_tcp_port: int
) -> None:
    """Killed three times, wherever it happens to be: between recording, posting, looking up and updating."""
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    places = [Place(name=name) for name in CHANNELS]
    async with (
        NameServer(ZONE) as dns,
        # Slack's own retries span five minutes; these have to outlast a restart on a busy machine.
        Workspace(places=places, retry_delays=(0.5, 2.0, 5.0, 10.0, 20.0)) as slack,
    ):
        slack.request_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
        posts: list[Post] = []

        def posted(wanted: int) -> bool:
            return sum(call.method == "chat.postMessage" for call in slack.calls) >= wanted

        async def paste(first: int, last: int) -> None:
            for number in range(first, last):
                text = NO_SUCH_USER.format(name=f"person{number}")
                posts.append(await slack.post("alice", CHANNELS[number % len(CHANNELS)], text))

        for round_ in range(3):
            async with serve(slack, dns, database_url, unused_tcp_port) as process:
                await paste(round_ * 50, round_ * 50 + 50)
                await slack.wait_for(partial(posted, round_ * 65 + 10), 90.0)
                process.send_signal(signal.SIGKILL)
                await process.wait()
        async with serve(slack, dns, database_url, unused_tcp_port):
            await paste(150, POSTS)

            waiting = deque(posts)

            def done() -> bool:
                while waiting:
                    found = slack.replies(waiting[0])
                    if not found or "Looking up" in found[0].words:
                        return False
                    waiting.popleft()
                return True

            await slack.wait_for(done, 120.0)
            await slack.settled()
            await asyncio.sleep(2.0)

        assert len(posts) == POSTS
        assert [answered(slack, post) for post in posts] == [1] * POSTS
        tickets = {
            reply.words.split("Ticket ")[1].split()[0] for post in posts for reply in slack.replies(post)
        }
        assert len(tickets) == POSTS
        assert not slack.refusals


async def test_a_process_killed_right_after_the_acknowledgement_answers_once_it_is_back(
    database_url: str, unused_tcp_port: int
) -> None:
    """Slack has its 200, so it will not send the event again: the record is all there is."""
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with NameServer(ZONE) as dns, Workspace(retry_delays=()) as slack:
        slack.request_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
        # Posting takes long, so that the process is killed before it.
        slack.slow("chat.postMessage", 5.0)
        async with serve(slack, dns, database_url, unused_tcp_port) as process:
            post = await slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
            await slack.settled()
            process.send_signal(signal.SIGKILL)
            await process.wait()
        acknowledged = [delivered.replies[-1].ok for delivered in slack.deliveries]
        async with serve(slack, dns, database_url, unused_tcp_port):
            await slack.wait_for(lambda: slack.replies(post), 20.0)
            await asyncio.sleep(6.0)

        assert acknowledged == [True]
        assert answered(slack, post) == 1


async def test_a_stop_lets_what_is_under_way_finish(sqlite_url: str, unused_tcp_port: int) -> None:
    """SIGTERM, as a platform sends it at every deployment: exit code 0, and the answer stands."""
    async with NameServer(ZONE) as dns, Workspace() as slack:
        slack.request_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
        slack.slow("chat.update", 1.0)
        async with serve(slack, dns, sqlite_url, unused_tcp_port) as process:
            post = await slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
            # The first answer stands, its update with the evidence is under way: then comes the stop.
            await slack.wait_for(lambda: slack.replies(post), 20.0)
            process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), 15.0)

        assert code == 0
        assert "Looking up" not in slack.replies(post)[0].words


async def test_two_processes_share_the_work(
    postgresql: PostgreSQL, unused_tcp_port_factory: Callable[[], int]
) -> None:
    """One database, two processes; the same post reaches both at once, and one of them answers it."""
    ports = unused_tcp_port_factory(), unused_tcp_port_factory()
    with postgresql.fresh_database() as url:
        migrate(url)
        migrate_jobs(url)
        async with (
            NameServer(ZONE) as dns,
            Workspace() as slack,
            serve(slack, dns, url, ports[0]),
            serve(slack, dns, url, ports[1]),
        ):
            posts: list[Post] = []
            for number in range(10):
                slack.request_url = f"http://127.0.0.1:{ports[0]}/slack/events"
                post = await slack.post("alice", "support", NO_SUCH_USER.format(name=f"person{number}"))
                envelope = await slack.wait_for(partial(_told, slack, post), 30.0)
                slack.request_url = f"http://127.0.0.1:{ports[1]}/slack/events"
                await slack.delivery.event_now(envelope)
                posts.append(post)
            for post in posts:
                await slack.wait_for(partial(slack.replies, post), 60.0)
            await slack.settled()
            await asyncio.sleep(2.0)

            assert [answered(slack, post) for post in posts] == [1] * len(posts)


def _told(slack: Workspace, post: Post) -> dict[str, Any] | None:
    """The event of a post, once it is on its way."""
    events = (delivered.payload for delivered in slack.deliveries)
    return next((envelope for envelope in events if envelope.get("event", {}).get("ts") == post.ts), None)
