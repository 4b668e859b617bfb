"""How does a post become one answer in its thread, whatever happens in between?

A durable workflow, keyed by the post: read it and give it a ticket, post the answer from the text alone,
look things up, update the answer in place. Each of these is a step; a crash between any two goes on after
the last one done, and a post whose outcome is not known is looked for before it is repeated (client.py).

The order and names of the steps are recorded (see VERSION in bot/jobs before changing them).
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from uuid import uuid4

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.core.errors import InputError, UninstalledError
from bot.core.mask import fingerprint, mask
from bot.core.model import Catalogue, Diagnosis
from bot.core.wire import as_json, from_json
from bot.jobs import Jobs, Payload, StepFailed
from bot.slack import files
from bot.slack.blocks import words
from bot.slack.blocks.answer import Message
from bot.slack.blocks.ticket_post import erased_answer
from bot.slack.client import ATTEMPTS, Clients, Poster, error_name, is_passing, worth_repeating
from bot.slack.diagnosing import Diagnosing
from bot.slack.posts import Post, shared_at, upload_of
from bot.slack.reading import Case, PostReader
from bot.tickets import memory
from bot.tickets.recording import record
from bot.tickets.rights import erase_post
from bot.web.metrics import Metrics

if TYPE_CHECKING:
    from bot.tickets.store import TicketStore

ANSWER = "answer"
ANSWER_UPLOAD = "answer_upload"
RAW_LIMIT = 200_000
"""Characters of a pasted text that a ticket keeps until the retention time is over."""
_KEPT_READINGS = 256
_SHARES_ATTEMPTS = 6

log = structlog.get_logger(__name__)


class Finding(TypedDict):
    """What the first step found out about a post; JSON, since it is recorded."""

    say: Literal["answer", "words", "nothing"]
    diagnosis: dict[str, Any] | None
    ticket: int | None
    looking_up: bool
    notes: list[str]
    part: str | None
    """The ts of a post that has joined another one's ticket."""
    words: str
    about: str
    """The ts of the message that the ticket is about: the post, or the one above it in the thread."""
    thread: str
    """The ts to answer under; of a reaction it is known only now."""


class Answering:
    """Answers posts. Registers its workflows with ``jobs``, so it is built before the jobs start."""

    def __init__(
        self,
        *,
        diagnosing: Diagnosing,
        reader: PostReader,
        catalogue: Catalogue,
        store: "TicketStore",
        jobs: Jobs,
        clients: Clients,
        session: aiohttp.ClientSession,
        api_url: str,
        metrics: Metrics,
    ) -> None:
        self._diagnosing = diagnosing
        self._reader = reader
        self._catalogue = catalogue
        self._store = store
        self._jobs = jobs
        self._clients = clients
        self._session = session
        self._api_url = api_url
        self._metrics = metrics
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._arrived: dict[str, float] = {}
        jobs.register(ANSWER, self._answer)
        jobs.register(ANSWER_UPLOAD, self._answer_upload)

    async def begin(self, post: Post) -> bool:
        """Record that a post is to be answered, and start. Returns False when that was so already.

        When this returns, Slack can be acknowledged.
        """
        ours = self._arrived.setdefault(post.key, now := time.monotonic()) == now
        post = replace(post, heard_at=self._store.clock().timestamp())
        started = False
        try:
            started = await self._jobs.run(ANSWER, post.key, post.as_json())
        finally:
            if ours and not started:
                self._arrived.pop(post.key, None)
        return started

    async def begin_upload(self, team: str, channel: str, file_id: str) -> bool:
        """The same for a shared file of which Slack told no more than its id and channel."""
        key = f"{team}:{channel}:file:{file_id}"
        return await self._jobs.run(ANSWER_UPLOAD, key, {"team": team, "channel": channel, "file": file_id})

    async def wants(self, post: Post) -> bool:
        """Return True when a post is worth a workflow: chatter is not. Reads the text, about a
        millisecond."""
        if post.addressed or post.fetch or any(upload.readable for upload in post.uploads):
            return True
        return bool(post.text.strip()) and (await self._diagnosing.read(post.text)).bounce

    async def forget(self, team: str, channel: str, ts: str) -> None:
        """Erase what the jobs keep of a post that was deleted."""
        await self._jobs.forget(f"{team}:{channel}:{ts}")

    async def is_deleted(self, team: str, channel: str, ts: str) -> bool:
        """Whether we have heard that a message was deleted, however the two events came in."""
        return await self._jobs.is_known(deletion_key(team, channel, ts))

    def note_fault(self, key: str, error: BaseException) -> str:
        """The traceback goes into the log, under the reference that is returned. ``key`` names what failed."""
        reference = uuid4().hex[:8]
        log.error("answer.failed", key=key, reference=reference, exc_info=error)
        self._metrics.failures.labels(where="answer").inc()
        return reference

    # The workflows

    async def _answer(self, payload: Payload) -> None:
        post = Post.from_json(payload)
        try:
            await self._answer_steps(post)
        except (StepFailed, SlackApiError, InputError) as error:
            cause = error.__cause__ or error
            log.error(
                "answer.given_up", key=post.key, error=type(cause).__name__, slack_error=error_name(cause)
            )
            self._metrics.failures.labels(where="answer").inc()
        except Exception as error:
            if type(error).__module__.startswith("dbos"):
                raise
            if await self.is_deleted(post.team, post.channel, post.ts):
                return  # the record of this very workflow was erased under it
            await self._confess(post, error)
        finally:
            self._cases.pop(post.key, None)
            self._arrived.pop(post.key, None)

    async def _answer_steps(self, post: Post) -> None:
        jobs = self._jobs
        finding = await jobs.step("read", lambda: self._find(post), attempts=ATTEMPTS, retry=worth_repeating)
        if finding["say"] == "nothing":
            return
        if finding["say"] == "words":
            await self._post(post, finding["thread"], words.say(finding["words"]))
            return
        diagnosis, ticket = from_json(finding["diagnosis"] or {}), finding["ticket"]
        first = self._diagnosing.message(
            diagnosis,
            ticket=ticket,
            looking_up=finding["looking_up"],
            notes=finding["notes"],
            part=finding["part"],
        )
        ts = await self._post(post, finding["thread"], first, about=finding["about"], ticket=ticket)
        self._observe(post, self._metrics.first_seconds)
        self._metrics.answers.labels(cause=diagnosis.first.cause if diagnosis.first else "").inc()
        if ts is None or ticket is None:
            return
        if not finding["looking_up"]:
            await jobs.step(
                "remember", lambda: self._remember(post, finding, diagnosis, ticket, ts), attempts=8
            )
            return
        notes = list(finding["notes"])
        looked_up: dict[str, Any] | None = None
        try:
            looked_up = await jobs.step(
                "look_up",
                lambda: self._look_up(post, finding["about"], ticket, ts),
                attempts=ATTEMPTS,
                retry=worth_repeating,
            )
        except Exception as error:
            if type(error).__module__.startswith("dbos"):
                raise
            # The answer from the text stands; it only has to say that it is all there will be.
            reference = self.note_fault(post.key, error)
            notes.append(
                f"The look-ups failed on my side (reference {reference}); this is from the text alone."
            )
        if looked_up is not None:
            # A process of an earlier version has recorded none.
            notes = looked_up.get("ticket_notes", notes)
        final = from_json(looked_up or finding["diagnosis"] or {})
        await jobs.step(
            "update",
            lambda: self._update(post, finding, ts, final, notes),
            attempts=ATTEMPTS,
            retry=is_passing,
        )
        self._observe(post, self._metrics.final_seconds)

    async def _answer_upload(self, payload: Payload) -> None:
        """Find the message that shares a file, and answer that: it may be under way under its own name."""
        team, channel, file_id = payload["team"], payload["channel"], payload["file"]

        async def find() -> dict[str, Any] | None:
            response = await self._clients(team).files_info(file=file_id)
            file = response["file"]
            if not upload_of(file).readable:
                return None
            ts = shared_at(file, channel)
            if ts is None:
                # Slack tells of a file a moment before it knows where the file was shared.
                raise _NotYet(file_id)
            return Post(
                team=team, channel=channel, ts=ts, user=str(file.get("user") or ""), fetch=True
            ).as_json()

        try:
            found = await self._jobs.step(
                "find",
                find,
                attempts=_SHARES_ATTEMPTS,
                retry=lambda e: isinstance(e, _NotYet) or is_passing(e),
            )
        except (StepFailed, SlackApiError) as error:
            log.info("upload.not_found", file=file_id, error=str(error.__cause__ or "")[:100])
            return
        if found is not None:
            await self.begin(Post.from_json(found))

    # The steps

    async def _find(self, post: Post) -> Finding:
        """Read the post and record its ticket. Repeatable: the same post gives the same ticket."""
        known = await self._store.post(post.team, post.channel, post.ts)
        if known is not None and known.message_ts:
            return _nothing()
        if post.fetch:
            fetched = await self._reader.fetch(post, post.ts)
            if fetched is None:
                return _nothing()
            post = fetched
        case, refused, not_bounce = await self._reader.read(post)
        subject = post
        if case is None and post.addressed and post.thread_ts and post.thread_ts != post.ts:
            # "@fivefifty, what is this?" under a bounce is about the bounce.
            root = await self._reader.fetch(post, post.thread_ts)
            root_case = (await self._reader.read(root))[0] if root is not None else None
            if root is not None and root_case is not None:
                answered = await self._store.post(post.team, post.channel, root.ts)
                if answered is not None and answered.message_ts:
                    return _words(words.ALREADY, post)
                case, subject = root_case, replace(root, user=post.user)
        if case is None:
            if refused:
                return _words(refused, post)
            if not post.addressed:
                return _nothing()
            if _asks_for_help(post.text):
                return _words(_HELP_WORDS, post)
            return _words(words.no_bounce(not_bounce), post)
        return await self._record(post, subject, case)

    async def _record(self, post: Post, subject: Post, case: Case) -> Finding:
        diagnosis, looking_up = await self._diagnosing.first(post.team, case.readings)
        if not diagnosis.bounce:
            return _words(words.no_bounce(diagnosis), post) if post.addressed else _nothing()
        value = as_json(diagnosis)
        matched = diagnosis.first.text if diagnosis.first is not None else ""
        try:
            ticket = await record(
                self._store,
                post.team,
                post.channel,
                subject.ts,
                asker=post.user or subject.user or "unknown",
                thread_ts=subject.thread,
                diagnosis=value,
                raw_text="\n\n".join(case.texts)[:RAW_LIMIT],
                masked_text=mask(matched),
                fingerprint=fingerprint(matched),
                asked_at=None if post.heard_at is None else datetime.fromtimestamp(post.heard_at, UTC),
            )
        except UninstalledError:
            return _nothing()
        if await self.is_deleted(post.team, post.channel, subject.ts):
            # A moment ago, before there was anything to erase.
            await erase_post(self._store, post.team, post.channel, subject.ts)
            return _nothing()
        place = await self._store.post(post.team, post.channel, subject.ts)
        notes = await memory.notes(self._store, ticket, place, self._catalogue)
        await memory.note_incident(self._store, ticket)
        self._keep(post.key, case)
        return {
            "say": "answer",
            "diagnosis": value,
            "ticket": ticket.number,
            "looking_up": looking_up,
            "notes": notes,
            "part": subject.ts if place is not None and place.joined else None,
            "words": "",
            "about": subject.ts,
            "thread": post.thread,
        }

    async def _post(
        self, post: Post, thread: str, said: Message, *, about: str = "", ticket: int | None = None
    ) -> str | None:
        """Post once; return the ts, or None when the place is gone or closed to us.

        ``about`` and ``ticket`` say what an answer is about.
        """
        poster = Poster(
            self._clients(post.team),
            key=post.key,
            channel=post.channel,
            thread_ts=thread,
            after=post.ts,
            first_run=self._jobs.is_first_run(post.key),
        )

        posted: list[str] = []

        async def attempt() -> str:
            try:
                if not posted:
                    posted.append(await poster.post(said.text, said.blocks))
                if ticket is not None:
                    await self._note_answer(post, about, ticket, posted[0])
                return posted[0]
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.warning("answer.not_posted", key=post.key, slack_error=error_name(error))
                await self._whisper(post, said)
                return ""

        return await self._jobs.step("post", attempt, attempts=ATTEMPTS, retry=worth_repeating) or None

    async def _note_answer(self, post: Post, about: str, ticket: int, ts: str) -> None:
        """Remember the answer before anything else: whoever deletes the message erases the answer by this. A
        deletion that came while we were posting did not know of it yet."""
        await self._store.set_answer(post.team, ticket, ts, post_ts=about)
        if await self.is_deleted(post.team, post.channel, about):
            gone = (await self._store.get(post.team, ticket)).erased_at is not None
            await self._replace(post, ts, erased_answer(ticket, "deleted" if gone else "shared"))

    async def _whisper(self, post: Post, said: Message) -> None:
        """Where we may not post, a shortcut's asker still gets the answer."""
        if not post.response_url:
            return
        body: dict[str, object] = {"response_type": "ephemeral", "replace_original": False, "text": said.text}
        body["blocks"] = [block for block in said.blocks if block["type"] != "actions"]
        try:
            await files.respond(self._session, post.response_url, body, api_url=self._api_url)
        except InputError as error:
            log.warning("answer.not_whispered", key=post.key, reason=str(error))

    async def _remember(
        self, post: Post, finding: Finding, diagnosis: Diagnosis, ticket: int, ts: str
    ) -> bool:
        """Nothing was to be looked up for the answer. Who runs the recipient's mail is, for similar cases."""
        await self._store.set_answer(post.team, ticket, ts, post_ts=finding["about"])
        notes = await self._diagnosing.notes_of(post.team, post.channel, finding["about"], ticket, diagnosis)
        if notes != finding["notes"]:
            await self._update(post, finding, ts, diagnosis, notes)
        return True

    async def _look_up(self, post: Post, about: str, ticket: int, ts: str) -> dict[str, Any] | None:
        """Ask the world and keep the final diagnosis. None when the post can no longer be read.

        What is returned is the contract's object with ``ticket_notes`` beside it: the lines under the answer.
        """
        await self._store.set_answer(post.team, ticket, ts, post_ts=about)
        case = self._cases.get(post.key) or await self._reader.read_again(post)
        if case is None:
            return None
        final, mail = await self._diagnosing.final(post.team, case.readings)
        value = as_json(final)
        await self._store.update_diagnosis(post.team, ticket, value)
        notes = await self._diagnosing.learn_provider(post.team, post.channel, about, ticket, mail)
        return {**value, "ticket_notes": notes}

    async def _update(
        self, post: Post, finding: Finding, ts: str, diagnosis: Diagnosis, notes: Sequence[str]
    ) -> bool:
        """Draw the answer as its case is now: in the meantime the message may be deleted, or parted from its case."""
        while True:
            place = await self._store.post(post.team, post.channel, finding["about"])
            if place is None or (await self._store.get(post.team, place.number)).erased_at is not None:
                return False  # the message was deleted; its words do not come back
            parted = place.number != finding["ticket"]
            said = self._diagnosing.message(
                diagnosis,
                ticket=place.number,
                notes=() if parted else notes,
                part=None if parted else finding["part"],
            )
            if not await self._replace(post, ts, said):
                return False
            # Whoever presses a button while Slack takes our words is drawn over by them: once more, then.
            after = await self._store.post(post.team, post.channel, finding["about"])
            if after is None or after.number == place.number:
                return True

    async def _replace(self, post: Post, ts: str, said: Message) -> bool:
        """Put other words into a message of ours, if it is still there."""
        try:
            await self._clients(post.team).chat_update(
                channel=post.channel, ts=ts, text=said.text, blocks=list(said.blocks)
            )
        except SlackApiError as error:
            if is_passing(error):
                raise
            # Somebody has deleted the answer, or us from the channel.
            log.warning("answer.not_updated", key=post.key, slack_error=error_name(error))
            return False
        return True

    def _keep(self, key: str, case: Case) -> None:
        self._cases[key] = case
        while len(self._cases) > _KEPT_READINGS:
            self._cases.popitem(last=False)

    def _observe(self, post: Post, histogram: Any) -> None:
        arrived = self._arrived.get(post.key)
        if arrived is not None:
            histogram.observe(time.monotonic() - arrived)

    async def _confess(self, post: Post, error: Exception) -> None:
        """A fault of ours before there was an answer: an honest sentence into the thread."""
        said = words.say(words.fault(self.note_fault(post.key, error)))
        try:
            await self._post(post, post.thread, said)
        except (StepFailed, SlackApiError) as lost:
            log.error("answer.fault_not_told", key=post.key, error=type(lost).__name__)


class _NotYet(Exception):
    """Slack does not know yet where a file was shared."""


_HELP_WORDS = "\n".join(f"{what}: {how}" for what, how in words.HELP)


def _asks_for_help(text: str) -> bool:
    return text.strip().lower().rstrip("?!. ") in ("", "help", "hi", "hello", "hey", "what can you do", "how")


def deletion_key(team: str, channel: str, ts: str) -> str:
    """The key of the workflow that erases what a deleted message has left (listeners/tickets/leaving.py)."""
    return f"{team}:deleted:{channel}:{ts}"


def _nothing() -> Finding:
    return Finding(
        say="nothing",
        diagnosis=None,
        ticket=None,
        looking_up=False,
        notes=[],
        part=None,
        words="",
        about="",
        thread="",
    )


def _words(text: str, post: Post) -> Finding:
    return Finding(
        say="words",
        diagnosis=None,
        ticket=None,
        looking_up=False,
        notes=[],
        part=None,
        words=text,
        about=post.ts,
        thread=post.thread,
    )
