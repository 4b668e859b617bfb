"""A process that is killed loses no escalation, and nobody is told twice."""

import asyncio
import signal

import pytest

from bot.jobs.database import migrate_jobs
from bot.playground.nameserver import NameServer
from bot.playground.workspace import Workspace
from bot.tickets.database import migrate
from tests.e2e.running import NO_SUCH_USER, ZONE
from tests.load.test_crash import serve


@pytest.mark.parametrize("calls", [1, 2], ids=["at the post", "at the thread"])
async def test_killed_while_an_escalation_is_told(
    database_url: str, unused_tcp_port: int, calls: int
) -> None:
    """The form is acknowledged, the process dies while Slack takes its time with the post or with the line in
    the thread: after a restart there is one of each."""
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with NameServer(ZONE) as dns, Workspace() as slack:
        slack.request_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"

        def posted() -> int:
            return sum(call.method == "chat.postMessage" for call in slack.calls)

        async with serve(slack, dns, database_url, unused_tcp_port) as process:
            post = await slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
            answer = (
                await slack.wait_for(
                    lambda: [r for r in slack.replies(post) if "Looking up" not in r.words], 20.0
                )
            )[0]
            await slack.click(answer, "ticket_escalate", "alice")
            view = await slack.modal("alice")
            there = {block.get("block_id") for block in view["blocks"]}
            values = {"collect_0": "not known", "channel": slack.team.channel("escalations")["id"]}
            if calls == 1:
                slack.slow("chat.postMessage", 5.0)
            reply = await slack.submit(view, {k: v for k, v in values.items() if k in there}, "alice")
            if calls == 2:
                await slack.wait_for(lambda: slack.messages("escalations"), 10.0)
                slack.slow("chat.postMessage", 5.0)
            await asyncio.sleep(0.3)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with serve(slack, dns, database_url, unused_tcp_port):
            await slack.wait_for(lambda: slack.messages("escalations"), 20.0)
            await slack.wait_for(lambda: len(slack.replies(post)) == 2, 20.0)
            await asyncio.sleep(6.0)

        assert reply.ok
        assert len(slack.messages("escalations")) == 1
        assert len(slack.replies(post)) == 2
        assert posted() >= 3


async def test_killed_while_a_deletion_is_carried_out(database_url: str, unused_tcp_port: int) -> None:
    """Slack knows that we have heard of the deletion, then the process dies: after a restart the answer has lost
    the addresses, too."""
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with NameServer(ZONE) as dns, Workspace() as slack:
        slack.request_url = f"http://127.0.0.1:{unused_tcp_port}/slack/events"
        async with serve(slack, dns, database_url, unused_tcp_port) as process:
            post = await slack.post("alice", "support", NO_SUCH_USER.format(name="someone"))
            answer = (
                await slack.wait_for(
                    lambda: [r for r in slack.replies(post) if "Looking up" not in r.words], 20.0
                )
            )[0]
            slack.slow("chat.update", 5.0)
            await slack.delete(post)
            await slack.settled()
            process.send_signal(signal.SIGKILL)
            await process.wait()
        kept = slack.now(answer).words
        async with serve(slack, dns, database_url, unused_tcp_port):
            await slack.wait_for(lambda: "erased" in slack.now(answer).words, 20.0)

        assert "someone@example.org" in kept
        assert "someone" not in slack.now(answer).words
