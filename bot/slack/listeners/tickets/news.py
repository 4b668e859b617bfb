"""How do the escalation channel and the requester's thread learn what happened to a ticket?

A durable workflow for each change, keyed by workspace, ticket and the number of the change. It shows the
ticket's present state in the escalation post (made once, then updated in place) and tells the threads one
line. The promise to do so was written with the change itself (bot/tickets/reminders.py), so that a crash
between the change and the workflow loses nothing: the rounds start what was not started.

What was erased goes from our own posts in Slack, too, by a workflow of its own.

The order and names of the steps are recorded (see VERSION in bot/jobs before changing them).
"""

import time
from collections.abc import Mapping, Sequence

import structlog
from slack_sdk.errors import SlackApiError

from bot.core.errors import TicketError
from bot.jobs import Payload, StepFailed
from bot.slack.blocks.answer import Message
from bot.slack.blocks.ticket_post import SHARED, erased_answer, escalation_post, news_line, not_posted
from bot.slack.client import ATTEMPTS, Poster, error_name, is_passing
from bot.slack.services import Services
from bot.tickets.memory import similar, similar_lines
from bot.tickets.reminders import mark_sent, open_news
from bot.tickets.ticket import Event, Ticket

NEWS = "ticket_news"
REDRAW = "ticket_redraw"

log = structlog.get_logger(__name__)


class News:
    """Tells what happened. Registers its workflow, so it is built before the jobs start."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._jobs = services.jobs
        self._titles = {slug: cause.title for slug, cause in services.catalogue.causes.items()}
        self._providers = {slug: provider.name for slug, provider in services.catalogue.providers.items()}
        self._jobs.register(NEWS, self._tell)
        self._jobs.register(REDRAW, self._redraw)

    @property
    def titles(self) -> Mapping[str, str]:
        return self._titles

    @property
    def providers(self) -> Mapping[str, str]:
        return self._providers

    async def begin(self, ticket: Ticket, *, again: str = "") -> None:
        """Record that a ticket's last change has to be told, and start. The same change is told once;
        ``again`` names another attempt at it."""
        key = f"{ticket.team}:ticket:{ticket.number}:{ticket.version}{again and ':' + again}"
        payload = {"team": ticket.team, "number": ticket.number, "seq": ticket.version, "again": bool(again)}
        await self._jobs.run(NEWS, key, payload)

    async def begin_redraw(self, team: str, number: int, *, answers: bool, key: str) -> None:
        """Record that posts about a ticket have to lose what was erased, and start. ``key`` names the cause."""
        payload = {"team": team, "number": number, "answers": answers}
        await self._jobs.run(REDRAW, f"{team}:redraw:{number}:{key}", payload)

    async def _redraw(self, payload: Payload) -> None:
        """Draw the escalation post anew, and with ``answers`` those, too. Nobody is told."""
        team, number = payload["team"], payload["number"]
        bound = log.bind(team=team, ticket=number)
        try:
            await self._jobs.step(
                "post", lambda: self.redraw_post(team, number), attempts=ATTEMPTS, retry=is_passing
            )
            if payload["answers"]:
                await self._jobs.step(
                    "answers", lambda: self._redraw_answers(team, number), attempts=ATTEMPTS, retry=is_passing
                )
        except (StepFailed, SlackApiError, TicketError) as error:
            cause = error.__cause__ or error
            bound.error("redraw.given_up", error=type(cause).__name__, slack_error=error_name(cause))
            self._services.metrics.failures.labels(where="redraw").inc()

    async def redraw_post(self, team: str, number: int) -> bool:
        """Show a ticket's present state in the escalation post that it has. Returns whether that was done."""
        ticket = await self._store.get(team, number)
        if ticket.escalation_channel is None or ticket.escalation_ts is None:
            return False
        said = await self._post_of(ticket)
        return await self._update(team, ticket.escalation_channel, ticket.escalation_ts, said)

    async def _redraw_answers(self, team: str, number: int) -> bool:
        for post in await self._store.posts(team, number):
            # What the jobs keep of the message for a while goes as well.
            await self._services.answering.forget(team, post.channel, post.post_ts)
            if post.message_ts:
                said = erased_answer(number, "erased")
                await self._update(team, post.channel, post.message_ts, said)
        return True

    async def _update(self, team: str, channel: str, ts: str, said: Message) -> bool:
        """Update a post of ours, if it is still there and still ours to update."""
        try:
            await self._services.clients(team).chat_update(
                channel=channel, ts=ts, text=said.text, blocks=list(said.blocks)
            )
        except SlackApiError as error:
            if is_passing(error):
                raise
            log.info("redraw.not_done", team=team, slack_error=error_name(error))
            return False
        return True

    async def _tell(self, payload: Payload) -> None:
        team, number, seq = payload["team"], payload["number"], payload["seq"]
        bound = log.bind(team=team, ticket=number, seq=seq)
        # What this run has told, and what it has tried to tell: an attempt in doubt is looked for.
        told: set[str] = set()
        tried: set[str] = set()
        try:
            trouble = await self._jobs.step(
                "show", lambda: self._show(payload, tried), attempts=ATTEMPTS, retry=is_passing
            )
            await self._jobs.step(
                "threads",
                lambda: self._threads(payload, trouble, told, tried),
                attempts=ATTEMPTS,
                retry=is_passing,
            )
            await self._jobs.step("kept", lambda: self._kept(team, number, seq), attempts=8)
        except (StepFailed, SlackApiError, TicketError) as error:
            cause = error.__cause__ or error
            bound.error("news.given_up", error=type(cause).__name__, slack_error=error_name(cause))
            self._services.metrics.failures.labels(where="news").inc()

    async def _show(self, payload: Payload, tried: set[str]) -> str:
        """Post or update the escalation post. Returns Slack's word when it cannot be posted."""
        team, number = payload["team"], payload["number"]
        event = await self._event(team, number, payload["seq"])
        while True:
            ticket = await self._store.get(team, number)
            if ticket.escalation is None or ticket.escalation_channel is None:
                return ""
            said = await self._post_of(ticket)
            client = self._services.clients(team)
            try:
                if ticket.escalation_ts is None:
                    if not payload["again"] and (event is None or event.what != "escalate"):
                        return ""  # the escalation itself is being told, and shows the newest state
                    if await self._is_read_by_others(team, ticket.escalation_channel):
                        log.warning("news.not_shown", team=team, ticket=number, slack_error=SHARED)
                        return SHARED
                    await self._post_once(ticket, said, tried)
                else:
                    await client.chat_update(
                        channel=ticket.escalation_channel,
                        ts=ticket.escalation_ts,
                        text=said.text,
                        blocks=list(said.blocks),
                    )
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.warning("news.not_shown", team=team, ticket=number, slack_error=error_name(error))
                return error_name(error) or "unknown_error"
            # Another change may have come in between, and been shown before this one.
            if (await self._store.get(team, number)).version == ticket.version:
                return ""

    async def _is_read_by_others(self, team: str, channel: str) -> bool:
        """Whether people of another company read a channel: agents' notes would stand there."""
        try:
            found = await self._services.clients(team).conversations_info(channel=channel)
        except SlackApiError as error:
            if is_passing(error):
                raise
            return False  # posting says why
        return bool(found["channel"].get("is_ext_shared"))

    async def _post_once(self, ticket: Ticket, said: Message, tried: set[str]) -> None:
        channel = str(ticket.escalation_channel)
        poster = Poster(
            self._services.clients(ticket.team),
            key=f"{ticket.team}:escalation:{ticket.number}",
            channel=channel,
            thread_ts=None,
            after=f"{(ticket.escalated_at or ticket.created_at).timestamp() - 60:.6f}",
            first_run=self._jobs.is_first_run(self._jobs.key()) and "" not in tried,
            join=True,
        )
        tried.add("")
        ts = await poster.post(said.text, said.blocks)
        await self._store.set_escalation_post(ticket.team, ticket.number, channel, ts)

    async def _post_of(self, ticket: Ticket) -> Message:
        events = await self._store.events(ticket.team, ticket.number)
        notes = [event for event in events if event.what == "note"]
        corrected = _corrected(events)
        internal = bool(notes) or (corrected is not None and bool(corrected.detail.get("comment")))
        where = ticket.escalation_channel
        if internal and where is not None and await self._is_read_by_others(ticket.team, where):
            # The channel was shared since: what agents have written for each other stands there no longer.
            notes, corrected = [], None
        return escalation_post(
            ticket,
            titles=self._titles,
            providers=self._providers,
            permalink=await self._permalink(ticket),
            notes=notes,
            corrected=corrected,
            context=similar_lines(await similar(self._store, ticket), self._titles, self._providers),
        )

    async def _permalink(self, ticket: Ticket) -> str | None:
        try:
            found = await self._services.clients(ticket.team).chat_getPermalink(
                channel=ticket.channel, message_ts=ticket.post_ts
            )
        except SlackApiError as error:
            if is_passing(error):
                raise
            return None  # the message was deleted, or we have left the channel
        return str(found["permalink"])

    async def _threads(self, payload: Payload, trouble: str, told: set[str], tried: set[str]) -> bool:
        """Tell each thread of the ticket one line, in the channels where we still may."""
        team, number, seq = payload["team"], payload["number"], payload["seq"]
        ticket = await self._store.get(team, number)
        event = await self._event(team, number, seq)
        line = news_line(ticket, event, self._titles) if event is not None else None
        if trouble and event is not None and (event.what == "escalate" or payload["again"]):
            line = not_posted(ticket, trouble)
        elif payload["again"]:
            return False
        if event is None or line is None:
            return False
        first_run = self._jobs.is_first_run(self._jobs.key())
        for post in await self._store.posts(team, number):
            if post.post_ts in told:
                continue
            poster = Poster(
                self._services.clients(team),
                key=f"{self._jobs.key()}:{post.post_ts}",
                channel=post.channel,
                thread_ts=post.thread_ts,
                after=f"{event.at.timestamp() - 60:.6f}",
                first_run=first_run and post.post_ts not in tried,
            )
            tried.add(post.post_ts)
            try:
                await poster.post(line.text, line.blocks)
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.warning("news.thread_not_told", team=team, ticket=number, slack_error=error_name(error))
            told.add(post.post_ts)
        return True

    async def _event(self, team: str, number: int, seq: int) -> Event | None:
        events = await self._store.events(team, number)
        return next((event for event in events if event.seq == seq), None)

    async def _kept(self, team: str, number: int, seq: int) -> bool:
        promise = await open_news(self._store.engine, team, number)
        # A later change has renewed the promise; keeping it is up to its own news.
        if promise is not None and (await self._store.get(team, number)).version == seq:
            await mark_sent(self._store.engine, promise, self._store.clock())
        return True


def _corrected(events: Sequence[Event]) -> Event | None:
    """The last correction of a ticket, unless it was taken back."""
    found = next((event for event in reversed(events) if event.what in ("corrected", "taken_back")), None)
    return found if found is not None and found.what == "corrected" else None


def again() -> str:
    """A name for another attempt at telling the same change."""
    return f"{time.time():.0f}"
