"""How fast is a burst answered? Posts in many channels at once, against the real server as a process of its
own.

    python benchmarks/burst.py [--posts 200] [--channels 20] [--database URL] [--kill]

The server talks to a local Slack and a local name server on 127.0.0.1. ``--kill`` kills it with -9 in the
middle and starts it again; then the times hold the restart. Prints seconds; exit code 1 when a post is not
answered exactly once.
"""

import argparse
import asyncio
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.jobs.database import migrate_jobs
from bot.playground.nameserver import NameServer
from bot.playground.people import Place
from bot.playground.post import Post
from bot.playground.workspace import Workspace
from bot.settings import database_url
from bot.tickets.database import migrate

ZONE = "example.org. 60 IN MX 10 mail.example.org.\nmail.example.org. 60 IN A 192.0.2.25"
TEXT = "550 5.1.1 <person{0}@example.org>: Recipient address rejected: User unknown in local recipient table"
GIVE_UP_SECONDS = 120.0


async def main(posts: int, channels: int, url: str, kill: bool) -> int:
    """Run the burst; return the exit code."""
    names = [f"support-{number}" for number in range(channels)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with (
        NameServer(ZONE) as dns,
        Workspace(places=[Place(name=name) for name in names], retry_delays=(0.2, 1.0, 5.0, 20.0)) as slack,
    ):
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        environment = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": url,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            "LOG_LEVEL": "WARNING",
        }
        server = await _serve(environment, port)
        warm = await slack.post("alice", names[0], TEXT.format("-warm"))
        await slack.wait_for(lambda: _final(slack, warm), 30.0)
        alone = []
        for number in range(10):
            began = time.monotonic()
            post = await slack.post("bob", names[0], TEXT.format(f"-alone{number}"))
            await slack.wait_for(lambda post=post: slack.replies(post))  # type: ignore[misc] # bound on purpose
            alone.append(time.monotonic() - began)
            await slack.wait_for(lambda post=post: _final(slack, post))  # type: ignore[misc] # bound on purpose

        sent: list[tuple[Post, float]] = []
        first: dict[str, float] = {}
        final: dict[str, float] = {}
        began = time.monotonic()
        for number in range(posts):
            post = await slack.post("alice", names[number % channels], TEXT.format(number))
            sent.append((post, time.monotonic()))
        killed = not kill
        while len(final) < posts and time.monotonic() - began < GIVE_UP_SECONDS:
            # The local Slack lives in this very process: looking too often would slow it down.
            await asyncio.sleep(0.05)
            for post, at in sent:
                if post.ts in final:
                    continue
                found = slack.replies(post)
                if found:
                    first.setdefault(post.ts, time.monotonic() - at)
                    if "Looking up" not in found[0].words:
                        final[post.ts] = time.monotonic() - at
            if not killed and len(first) > posts // 3:
                server.send_signal(signal.SIGKILL)
                await server.wait()
                server = await _serve(environment, port)
                killed = True
        took = time.monotonic() - began
        await slack.settled()
        await asyncio.sleep(1.0)
        acknowledged = [
            reply.seconds for delivered in slack.deliveries for reply in delivered.replies if reply.ok
        ]
        counts = [len(slack.replies(post)) for post, _ in sent]
        server.terminate()
        await server.wait()

    print(f"one post alone: first answer {_spread(alone)}")
    how = ", killed with -9 in the middle" if kill else ""
    print(f"{posts} posts in {channels} channels{how}: {took:.2f} s in all")
    print(f"  acknowledged  {_spread(acknowledged)}")
    print(f"  first answer  {_spread(list(first.values()))}")
    print(f"  with evidence {_spread(list(final.values()))}")
    doubled = sum(each > 1 for each in counts)
    print(f"  answered once {counts.count(1)}, never {counts.count(0)}, more often {doubled}")
    return 0 if counts == [1] * posts else 1


def _final(slack: Workspace, post: Post) -> bool:
    found = slack.replies(post)
    return bool(found) and "Looking up" not in found[0].words


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    ranked = sorted(seconds)
    p95 = ranked[int(len(ranked) * 0.95)]
    return f"median {statistics.median(ranked):.3f} s, p95 {p95:.3f} s, worst {ranked[-1]:.3f} s"


async def _serve(environment: dict[str, str], port: int) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=environment, cwd=Path(__file__).parents[1]
    )
    async with aiohttp.ClientSession() as session:
        for _ in range(400):
            await asyncio.sleep(0.02)
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return process
            except aiohttp.ClientError:
                continue
    raise RuntimeError("the server does not become ready")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--posts", type=int, default=200)
    arguments.add_argument("--channels", type=int, default=20)
    arguments.add_argument("--database", help="an empty database; the default is a new SQLite file")
    arguments.add_argument("--kill", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.database or f"sqlite:///{folder}/burst.db"
        migrate(database_url(where))
        migrate_jobs(database_url(where))
        sys.exit(asyncio.run(main(chosen.posts, chosen.channels, where, chosen.kill)))
