"""Who looks again at what is watched, and tells what has changed?

One task in each process looks every few seconds for what is due (bot/tickets/watches.py). Each look is a
durable workflow under a key of the watch and its due time: ask, keep what was found, tell the change. What was
found is kept before it is told, so that the next look does not find the same change again; when Slack takes
no message for hours, it is put back, and the next look tells it.

The order and names of the steps are recorded (see VERSION in bot/jobs before changing them).
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.core.checkup import Target, target_of
from bot.core.errors import InputError, TicketError
from bot.core.model import Answer, Outcome, Question
from bot.core.watch import (
    changes,
    folded,
    gains,
    losses,
    merged,
    own_questions,
    progress,
    selector_questions,
    trouble,
    worth_watching,
)
from bot.core.wire import answer_as_json, answer_from_json, from_json
from bot.jobs import Payload
from bot.lookups.names import NotAskable, public_address, public_name
from bot.slack.blocks import watch as blocks
from bot.slack.blocks import words
from bot.slack.blocks.answer import Message
from bot.slack.client import ATTEMPTS, Poster, error_name, is_passing, worth_repeating
from bot.slack.services import Services
from bot.tickets.ticket import Ticket
from bot.tickets.watches import (
    Kind,
    Place,
    Watch,
    end_watch,
    keep_look,
    note_told,
    put_back,
    put_off,
    set_watch,
    take_due,
    watch_of,
    watch_there,
    watches_of,
)
from bot.tickets.workspace import workspace_settings

LOOK = "watch_look"
ROUND_SECONDS = 5.0
AT_ONCE = 4
"""Looks that one round starts: people who paste a bounce share the same workers."""
CASE_EVERY = timedelta(hours=1)
OWN_EVERY = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=14)
BUDGET = 10.0
"""Seconds for all questions of one look: nobody waits for it."""
_TARGET = 300
_HOW = "Say a domain or an IP address: /bounce watch example.org"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a look has found; recorded, so that a crash does not change what is told."""

    kind: Kind
    before: tuple[Answer, ...]
    after: tuple[Answer, ...]
    look: str | None
    over: bool
    told_ts: str | None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "before": [answer_as_json(answer) for answer in self.before],
            "after": [answer_as_json(answer) for answer in self.after],
            "look": self.look,
            "over": self.over,
            "told_ts": self.told_ts,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Seen":
        return cls(
            kind=Kind(value["kind"]),
            before=tuple(answer_from_json(answer) for answer in value["before"]),
            after=tuple(answer_from_json(answer) for answer in value["after"]),
            look=value["look"],
            over=value["over"],
            told_ts=value["told_ts"],
        )


class Watching:
    """Sets watches and keeps them. Registers its workflow, so it is built before the jobs start."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._engine = services.store.engine
        self._catalogue = services.catalogue
        self._jobs = services.jobs
        self._task: asyncio.Task[None] | None = None
        self._jobs.register(LOOK, self._look)

    def start(self) -> None:
        self._task = asyncio.create_task(self._go())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    # What people ask for

    async def watch_case(self, ticket: Ticket, place: Place, who: str) -> Message:
        """Watch what is wrong in a case, and return the word about it. Raises TicketError."""
        there = await watch_there(self._engine, ticket.team, Kind.CASE, "", place)
        if there is not None:
            return blocks.case_set(there, new=False, wrong=self._left(there.answers), fixed=())
        if ticket.erased_at is not None:
            raise TicketError("The addresses of this case have been erased, so I cannot look again.")
        faults = worth_watching(from_json(ticket.diagnosis), self._catalogue)
        if not faults:
            raise TicketError("The look-ups of this case show nothing that could be waited for.")
        now = await self._ask(ticket.team, [fault.question for fault in faults])
        found = progress(faults, now, self._catalogue)
        if not found.pending:
            return blocks.nothing_left(_subjects(faults), found.fixed)
        at = self._services.store.clock()
        watch, new = await set_watch(
            self._engine,
            ticket.team,
            Kind.CASE,
            _subjects(found.pending),
            place,
            who=who,
            answers=found.pending,
            at=at,
            due_at=at + CASE_EVERY,
            ends_at=await self._end_of(ticket, at),
        )
        return blocks.case_set(watch, new=new, wrong=self._left(found.pending), fixed=found.fixed)

    async def watch_target(self, team: str, channel: str, who: str, text: str) -> Message:
        """Watch a domain daily; an IP address until it is delisted where it is listed now, else daily.

        Raises InputError for what cannot be watched, and TicketError for one too many.
        """
        target = _target(text)
        await self._needs_place(team, channel)
        answers = await self._look_at(team, target, ())
        mx = next((a for a in answers if a.question.check == "mx"), None)
        if mx is not None and mx.reason == "nxdomain":
            raise InputError(
                f"{target.subject} does not exist in DNS, so it is not watched. Is it spelled right?"
            )
        at = self._services.store.clock()
        place = Place(channel=channel)
        listed = [a for a in answers if a.question.check == "blocklist" and trouble(a, self._catalogue)]
        if target.kind == "ip" and listed:
            watch, new = await set_watch(
                self._engine,
                team,
                Kind.CASE,
                target.subject,
                place,
                who=who,
                answers=listed,
                at=at,
                due_at=at + CASE_EVERY,
                ends_at=at + GIVE_UP_AFTER,
            )
            return blocks.case_set(watch, new=new, wrong=self._wrong(listed), fixed=())
        watch, new = await set_watch(
            self._engine,
            team,
            Kind.OWN,
            target.subject,
            place,
            who=who,
            answers=answers,
            at=at,
            due_at=at + OWN_EVERY,
        )
        silent = [answer.detail for answer in answers if answer.outcome is Outcome.UNANSWERED]
        return blocks.own_set(watch, new=new, wrong=self._wrong(answers), silent=silent)

    async def listing(self, team: str) -> Message:
        """Everything that a workspace watches."""
        return blocks.listing(await watches_of(self._engine, team))

    async def cancel(self, team: str, id: str) -> None:
        """End a watch. One that has ended already stays so."""
        if id.isascii() and id.isalnum():
            await end_watch(self._engine, team, id[:32])

    # What is due

    async def round(self) -> int:
        """Start the looks that are due, a few at a time. Returns how many."""
        clock = self._services.store.clock
        due = await take_due(self._engine, clock(), limit=AT_ONCE)
        for watch in due:
            key = f"{watch.team}:watch:{watch.id}:{watch.due_at.isoformat()}"
            await self._jobs.run(LOOK, key, {"team": watch.team, "id": watch.id, "began": time.time()})
            # From here on the look is the job's; whatever becomes of it, there is a next one.
            await put_off(self._engine, watch, _next(watch, clock()))
        return len(due)

    async def _go(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("watching.failed")
            await asyncio.sleep(ROUND_SECONDS)

    # The workflow

    async def _look(self, payload: Payload) -> None:
        jobs, key = self._jobs, self._jobs.key()
        found = await jobs.step(
            "look", lambda: self._look_again(payload), attempts=ATTEMPTS, retry=worth_repeating
        )
        if found is None:
            return
        seen = Seen.from_json(found)
        if not await jobs.step("keep", lambda: self._keep(payload, seen, key), attempts=8):
            return
        try:
            await self._tell(payload, seen)
        except Exception as error:
            if type(error).__module__.startswith("dbos"):
                raise
            cause = error.__cause__ or error
            log.error("watch.given_up", slack_error=error_name(cause), exc_info=error)
            self._services.metrics.failures.labels(where="watch").inc()
            await jobs.step("put_back", lambda: self._put_back(payload, seen, key), attempts=8)

    async def _tell(self, payload: Payload, seen: Seen) -> None:
        jobs, team, id = self._jobs, payload["team"], payload["id"]
        if seen.kind is Kind.CASE:
            found = progress(seen.before, seen.after, self._catalogue)
            left = self._left(found.pending)
            if left and seen.over:
                await self._post(payload, "tell", lambda watch: blocks.given_up(watch, found.fixed, left))
            elif found.fixed:
                await self._post(payload, "tell", lambda watch: blocks.mended(watch, found.fixed, left))
            if seen.over or not found.pending:
                await jobs.step("end", lambda: end_watch(self._engine, team, id), attempts=8)
            return
        changed = changes(seen.before, seen.after, self._catalogue)
        up, down = gains(changed), losses(changed, seen.after)
        if up and seen.told_ts is not None:
            await self._post(
                payload, "better", lambda watch: blocks.got_better(watch, up), under=seen.told_ts
            )
        if down:
            ts = await self._post(payload, "worse", lambda watch: blocks.got_worse(watch, down))
            await jobs.step("told", lambda: self._told(team, id, ts), attempts=8)

    async def _post(
        self, payload: Payload, name: str, say: Callable[[Watch], Message], *, under: str | None = None
    ) -> str:
        """Say it once, where the watch was set; to the person who set it when we may not. Returns the ts, or
        nothing when it does not stand there."""
        team, id = payload["team"], payload["id"]
        watch = await watch_of(self._engine, team, id)
        if watch is None:
            # Cancelled in between. The step is recorded all the same: the order of steps stays.
            return await self._jobs.step(name, _nothing)
        key, said = self._jobs.key(), say(watch)
        there = Poster(
            self._services.clients(team),
            key=f"{key}:{name}",
            channel=watch.channel,
            thread_ts=under or watch.thread_ts,
            after=f"{payload['began'] - 60:.6f}",
            first_run=self._jobs.is_first_run(key),
        )

        async def attempt() -> str:
            try:
                return await there.post(said.text, said.blocks)
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.warning("watch.not_told", team=team, slack_error=error_name(error))
                return await self._tell_person(watch, said, error_name(error))

        return await self._jobs.step(name, attempt, attempts=ATTEMPTS, retry=is_passing)

    # The steps

    async def _look_again(self, payload: Payload) -> dict[str, Any] | None:
        watch = await watch_of(self._engine, payload["team"], payload["id"])
        if watch is None:
            return None
        over = watch.ends_at is not None and self._services.store.clock() >= watch.ends_at
        if watch.kind is Kind.OWN:
            after = await self._look_at(watch.team, target_of(watch.subject), watch.answers, BUDGET)
        elif watch.answers or over:
            after = await self._ask(watch.team, [answer.question for answer in watch.answers], BUDGET)
        else:
            return None  # the look before this one is still telling that all is mended
        seen = Seen(
            kind=watch.kind,
            before=watch.answers,
            after=after,
            look=watch.look,
            over=over,
            told_ts=watch.told_ts,
        )
        return seen.as_json()

    async def _keep(self, payload: Payload, seen: Seen, key: str) -> bool:
        if seen.kind is Kind.CASE:
            answers = progress(seen.before, seen.after, self._catalogue).pending
        else:
            answers = merged(seen.before, seen.after)
        return await keep_look(
            self._engine, payload["team"], payload["id"], look=key, after=seen.look, answers=answers
        )

    async def _put_back(self, payload: Payload, seen: Seen, key: str) -> bool:
        """What could not be told is found again by the next look."""
        if seen.kind is Kind.CASE:
            found = progress(seen.before, seen.after, self._catalogue).fixed
        else:
            found = changes(seen.before, seen.after, self._catalogue)
        untold = {(change.check, change.subject) for change in found}
        lost = [a for a in seen.before if (a.question.check, a.question.subject) in untold]
        await put_back(self._engine, payload["team"], payload["id"], look=f"{key}:back", answers=lost)
        return True

    async def _told(self, team: str, id: str, ts: str) -> bool:
        await note_told(self._engine, team, id, ts or None)
        return True

    async def _tell_person(self, watch: Watch, said: Message, error: str) -> str:
        said = blocks.elsewhere(said, error)
        try:
            await self._services.clients(watch.team).chat_postMessage(
                channel=watch.who, text=said.text, blocks=said.blocks
            )
        except SlackApiError as lost:
            if is_passing(lost):
                raise
            log.error("watch.told_nobody", team=watch.team, slack_error=error_name(lost))
            self._services.metrics.failures.labels(where="watch").inc()
        return ""

    # What they need

    async def _look_at(
        self, team: str, target: Target, kept: Sequence[Answer], budget: float | None = None
    ) -> tuple[Answer, ...]:
        """Everything about an own domain or address; ``kept`` names the DKIM keys that there were."""
        answers = await self._ask(team, own_questions(target, self._catalogue), budget)
        single = await self._ask(team, selector_questions(kept, answers), budget)
        return folded((*answers, *single))

    async def _ask(
        self, team: str, questions: Sequence[Question], budget: float | None = None
    ) -> tuple[Answer, ...]:
        """Without the blocklists that the workspace has switched off."""
        off = (await workspace_settings(self._engine, team)).blocklists_off
        asked = [q for q in questions if not (q.check == "blocklist" and q.about in off)]
        return await self._services.asker.ask(asked, budget=budget)

    async def _needs_place(self, team: str, channel: str) -> None:
        """Raises TicketError where we could not tell anything later."""
        try:
            found = (await self._services.clients(team).conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            if is_passing(error):
                raise TicketError(
                    "Slack does not answer just now, so nothing is watched. Try again."
                ) from error
            raise TicketError(words.NOT_HERE) from error
        if not (found.get("is_im") or found.get("is_member")):
            raise TicketError(words.NOT_HERE)

    async def _end_of(self, ticket: Ticket, at: datetime) -> datetime:
        """A case is watched no longer than its addresses may be kept."""
        days = (await workspace_settings(self._engine, ticket.team)).retention_days
        kept = timedelta(days=days or self._services.settings.retention_days)
        return max(at, min(at + GIVE_UP_AFTER, ticket.created_at + kept))

    def _wrong(self, answers: Sequence[Answer]) -> list[str]:
        return [words for answer in answers if (words := trouble(answer, self._catalogue))]

    def _left(self, answers: Sequence[Answer]) -> list[str]:
        """What is still wrong, and what has never been answered."""
        return [trouble(answer, self._catalogue) or answer.detail for answer in answers]


async def _nothing() -> str:
    return ""


def _target(text: str) -> Target:
    """The domain or address to watch, in its plain form. Raises InputError for anything else."""
    target = target_of(text[:_TARGET])
    if target.kind == "address":
        raise InputError(
            f"An address cannot be watched, its domain can: /bounce watch {target.subject[:253]}"
        )
    try:
        subject = str(public_address(target.subject)) if target.kind == "ip" else public_name(target.subject)
    except NotAskable as error:
        raise InputError(f"I cannot watch that: it is {error}. {_HOW}") from error
    return replace(target, text=subject, subject=subject)


def _next(watch: Watch, at: datetime) -> datetime:
    if watch.kind is Kind.OWN:
        return at + OWN_EVERY
    following = at + CASE_EVERY
    # The last look is on time; should it fail, others follow.
    return watch.ends_at if watch.ends_at is not None and at < watch.ends_at < following else following


def _subjects(answers: Sequence[Answer]) -> str:
    return ", ".join(dict.fromkeys(answer.question.subject for answer in answers))
