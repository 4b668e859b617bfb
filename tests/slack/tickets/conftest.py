"""The running bot with a diagnosed bounce in #support."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS

from bot.jobs.database import migrate_jobs
from bot.playground.post import Post
from bot.playground.workspace import Workspace
from bot.tickets.database import migrate
from bot.tickets.store import TicketStore
from bot.tickets.ticket import Ticket
from tests.e2e.running import NO_SUCH_USER, Running, running

BOUNCE = NO_SUCH_USER.format(name="someone")


@dataclass(frozen=True)
class Desk:
    """What people do with tickets, in the words of a test."""

    bot: Running

    @property
    def slack(self) -> Workspace:
        return self.bot.slack

    @property
    def team(self) -> str:
        return self.slack.team.id

    @property
    def store(self) -> TicketStore:
        return self.bot.app.services.store

    def user(self, name: str) -> str:
        return str(self.slack.team.user(name)["id"])

    async def paste(self, user: str = "alice", text: str = BOUNCE, channel: str = "support") -> Post:
        """Paste a bounce and wait for the whole answer."""
        return await self.bot.final(await self.slack.post(user, channel, text))

    async def ticket(self, number: int = 1) -> Ticket:
        return await self.store.get(self.team, number)

    async def fill(self, where: Post | dict[str, Any], action: str, user: str, values: dict[str, Any]) -> Any:
        """Press a button that opens a form, fill it in and submit it. Returns the reply's JSON."""
        await self.slack.click(where, action, user)
        reply = await self.slack.submit(await self.slack.modal(user), values, user)
        await self.settle()
        return reply.json

    async def escalate(self, answer: Post, user: str = "alice", **values: Any) -> Post:
        """Escalate and return the post in the escalation channel."""
        view_values = {"collect_0": "not known", "channel": self.channel("escalations"), **values}
        await self.slack.click(answer, "ticket_escalate", user)
        view = await self.slack.modal(user)
        there = {block.get("block_id") for block in view["blocks"]}
        given = {name: value for name, value in view_values.items() if name in there or name in values}
        await self.slack.submit(view, given, user)
        await self.settle()
        return (await self.slack.wait_for(lambda: self.slack.messages("escalations")))[-1]

    async def press(self, where: Post, action: str, user: str) -> None:
        await self.slack.click(self.slack.now(where), action, user)
        await self.settle()

    async def settle(self) -> None:
        """Wait until every listener has ended (some go on after acknowledging), and every job."""
        while listeners := [task for task in asyncio.all_tasks() if _is_listener(task)]:
            await asyncio.wait(listeners)
        await self.bot.quiet()

    async def named(self, person: str) -> int:
        """How many records of jobs name a person."""
        found = await DBOS.list_workflows_async(workflow_id_prefix=f"{self.team}:")
        steps = [await DBOS.list_workflow_steps_async(each.workflow_id) for each in found]
        return sum(person in repr((each.input, of)) for each, of in zip(found, steps, strict=True))

    def channel(self, name: str) -> str:
        return str(self.slack.team.channel(name)["id"])

    def thread(self, answer: Post) -> list[str]:
        """What the bot has said in the thread after its answer."""
        thread = self.slack.messages("support", answer.thread_ts)
        return [post.words for post in thread if post.user == self.slack.team.bot_user_id][1:]

    def whispers(self, user: str) -> list[str]:
        return [post.text for post in self.slack.ephemerals(user)]


def _is_listener(task: "asyncio.Task[Any]") -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and "slack_bolt" in code.co_filename


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """On SQLite."""
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.db") as bot:
        yield Desk(bot)


@pytest.fixture
async def desk_on_both(database_url: str) -> AsyncIterator[Desk]:
    if database_url.startswith("postgresql"):
        migrate(database_url)
        migrate_jobs(database_url)
    async with running(database_url) as bot:
        yield Desk(bot)
