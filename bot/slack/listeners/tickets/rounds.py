"""Who keeps the promises of reminders.py, and erases what is old?

One task in each process looks every few seconds for what is due. What it finds is recorded as a durable
workflow under a key of the promise, so that it is said once, also when several processes look.
"""

import asyncio
import contextlib
import time
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError

from bot.core.errors import TicketError
from bot.jobs import KEEP_SECONDS, Payload, StepFailed
from bot.slack.blocks.answer import Message
from bot.slack.blocks.ticket_post import incident_post, reminder
from bot.slack.client import ATTEMPTS, Poster, error_name, is_passing
from bot.slack.listeners.tickets.news import News
from bot.slack.listeners.tickets.places import Places
from bot.slack.services import Services
from bot.tickets.database import writing
from bot.tickets.hours import due
from bot.tickets.memory import INCIDENT, incident_of
from bot.tickets.reminders import (
    FORGET,
    NEWS,
    ON_CALL,
    ON_CALL_MINUTES,
    REDRAW,
    Due,
    mark_sent,
    plan_once,
    sweep,
    take_due,
)
from bot.tickets.rights import erase_old
from bot.tickets.ticket import Status, Ticket
from bot.tickets.workspace import workspace_settings

REMIND = "ticket_reminder"
ROUND_SECONDS = 5.0
_ERASE_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class Rounds:
    """The task. Registers its workflow, so it is built before the jobs start."""

    def __init__(self, services: Services, news: News) -> None:
        self._services = services
        self._store = services.store
        self._news = news
        self._places = Places(services)
        self._task: asyncio.Task[None] | None = None
        self._erased = 0.0
        services.jobs.register(REMIND, self._remind)

    def start(self) -> None:
        self._task = asyncio.create_task(self._go())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def round(self) -> int:
        """Start everything that is due. Returns how much there was."""
        found = await take_due(self._store.engine, self._store.clock())
        for promise in found:
            if promise.kind == NEWS:
                # It is marked as kept by the news itself.
                await self._news.begin(await self._store.get(promise.team, promise.number))
            elif promise.kind in (REDRAW, FORGET):
                answers = promise.kind == FORGET
                key = f"{promise.kind}:{promise.due_at.isoformat()}"
                await self._news.begin_redraw(promise.team, promise.number, answers=answers, key=key)
            else:
                payload = {
                    "team": promise.team,
                    "number": promise.number,
                    "kind": promise.kind,
                    "due_at": promise.due_at.isoformat(),
                }
                key = f"{promise.team}:reminder:{promise.number}:{promise.kind}:{payload['due_at']}"
                await self._services.jobs.run(REMIND, key, payload)
            await mark_sent(self._store.engine, promise, self._store.clock())
        return len(found)

    async def _go(self) -> None:
        while True:
            try:
                while await self.round():
                    pass
                if time.monotonic() - self._erased > _ERASE_SECONDS:
                    self._erased = time.monotonic()
                    await sweep(self._store.engine, self._store.clock())
                    count = await erase_old(self._store, self._services.settings.retention_days)
                    if count:
                        log.info("rounds.erased", tickets=count)
                    await self._forget_jobs()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("rounds.failed")
            await asyncio.sleep(ROUND_SECONDS)

    async def _forget_jobs(self) -> None:
        """What a job was given is pasted text: no workspace's is kept for longer than its tickets keep theirs."""
        for team in await self._store.teams():
            days = (await workspace_settings(self._store.engine, team)).retention_days
            if days is not None and days * 86_400.0 < KEEP_SECONDS:
                await self._services.jobs.forget_done(f"{team}:", seconds=days * 86_400.0)

    async def _remind(self, payload: Payload) -> None:
        promise = Due(
            team=payload["team"],
            number=payload["number"],
            kind=payload["kind"],
            due_at=datetime.fromisoformat(payload["due_at"]),
        )
        tried: set[str] = set()
        jobs = self._services.jobs
        try:
            if await jobs.step("say", lambda: self._say(promise, tried), attempts=ATTEMPTS, retry=is_passing):
                await jobs.step("next", lambda: self._next(promise), attempts=8)
        except (StepFailed, SlackApiError, TicketError) as error:
            cause = error.__cause__ or error
            log.error("reminder.given_up", error=type(cause).__name__, slack_error=error_name(cause))
            self._services.metrics.failures.labels(where="reminder").inc()

    async def _say(self, promise: Due, tried: set[str]) -> bool:
        """Say it, if it is still true. Returns whether it was said."""
        ticket = await self._store.get(promise.team, promise.number)
        said = await self._words(promise, ticket)
        if said is None:
            return False
        for channel in await self._channels(ticket):
            in_thread = promise.kind != INCIDENT and channel == ticket.escalation_channel
            poster = Poster(
                self._services.clients(promise.team),
                key=self._services.jobs.key(),
                channel=channel,
                thread_ts=ticket.escalation_ts if in_thread else None,
                after=f"{(promise.due_at - timedelta(minutes=1)).timestamp():.6f}",
                first_run=self._services.jobs.is_first_run(self._services.jobs.key())
                and channel not in tried,
                join=True,
            )
            tried.add(channel)
            try:
                await poster.post(said.text, said.blocks)
                return True
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.warning("reminder.not_said", kind=promise.kind, slack_error=error_name(error))
        return False

    async def _channels(self, ticket: Ticket) -> list[str]:
        """Where to say it: beside the case; and where that channel is gone, in the one that is chosen now."""
        try:
            chosen = await self._places.escalations(ticket.team)
        except TicketError:
            if ticket.escalation_channel is None:
                raise
            chosen = None
        places = (ticket.escalation_channel, chosen)
        return list(dict.fromkeys(channel for channel in places if channel is not None))

    async def _words(self, promise: Due, ticket: Ticket) -> Message | None:
        titles, providers = self._news.titles, self._news.providers
        if promise.kind == INCIDENT:
            found = await incident_of(self._store, ticket)
            if found is None:
                return None
            return incident_post(
                found.provider, found.cause, found.customers, titles=titles, providers=providers
            )
        waiting = (Status.ESCALATED,) if promise.kind.startswith("first_response") else _OPEN
        if ticket.status not in waiting:
            return None
        group = None
        if promise.kind in ON_CALL.values():
            group = (await workspace_settings(self._store.engine, promise.team)).on_call_group
            if group is None:
                return None
        return reminder(ticket, promise.kind, on_call_group=group, titles=titles)

    async def _next(self, promise: Due) -> bool:
        """After the reminder to the channel comes the call to the on-call group."""
        second = ON_CALL.get(promise.kind)
        settings = await workspace_settings(self._store.engine, promise.team)
        if second is None or settings.on_call_group is None:
            return False
        when = due(promise.due_at, ON_CALL_MINUTES, settings.hours)
        async with writing(self._store.engine) as connection:
            await plan_once(connection, promise.team, promise.number, second, when)
        return True


_OPEN = (Status.ESCALATED, Status.CLAIMED)
