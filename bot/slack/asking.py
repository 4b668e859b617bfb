"""How is a question of one person answered to that person alone, and shared when they like it?

``/bounce TEXT`` and the form are durable as posts are: recorded before Slack is acknowledged. There is no
ticket until the answer is shared; then the shared message is the post that the ticket is about.

The text stands in the record of the question alone, which is erased when it was shared: from then on it is
the ticket's, and goes with it. What nobody shares goes after half a day.
"""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.core.errors import InputError, UninstalledError
from bot.core.mask import fingerprint, mask
from bot.core.wire import as_json, from_json
from bot.jobs import Jobs, Payload, StepFailed, Workflow
from bot.slack import files
from bot.slack.answering import RAW_LIMIT, Answering
from bot.slack.blocks import text as t
from bot.slack.blocks import words
from bot.slack.blocks.answer import Message
from bot.slack.client import ATTEMPTS, Clients, Poster, error_name, is_passing, worth_repeating
from bot.slack.diagnosing import Diagnosing
from bot.tickets import recording
from bot.tickets.memory import note_incident
from bot.tickets.rights import erase_post

if TYPE_CHECKING:
    from bot.tickets.store import TicketStore

ASK = "ask"
SHARE = "share"
KEEP_SECONDS = 12 * 3600.0
"""How long an answer can be shared; Slack shows it for that long at most."""
_URL_ATTEMPTS = 10
"""A response_url lives for half an hour; the tenth attempt comes after a quarter."""

log = structlog.get_logger(__name__)


class Asking:
    """Answers one person. Registers its workflows with ``jobs``, so it is built before the jobs start."""

    def __init__(
        self,
        *,
        answering: Answering,
        diagnosing: Diagnosing,
        store: "TicketStore",
        jobs: Jobs,
        clients: Clients,
        session: aiohttp.ClientSession,
        api_url: str,
    ) -> None:
        self._answering = answering
        self._diagnosing = diagnosing
        self._store = store
        self._jobs = jobs
        self._clients = clients
        self._session = session
        self._api_url = api_url
        jobs.register(ASK, lambda payload: self._honestly(payload, self._ask), keep_seconds=KEEP_SECONDS)
        jobs.register(SHARE, lambda payload: self._honestly(payload, self._share), keep_seconds=0.0)

    async def begin(
        self, *, key: str, team: str, channel: str, user: str, text: str, response_url: str
    ) -> None:
        """Record the question under ``key``, which begins with the team, and start."""
        payload = {"team": team, "channel": channel, "user": user, "text": text, "response_url": response_url}
        await self._jobs.run(ASK, key, payload)

    async def begin_share(self, key: str, *, team: str, response_url: str) -> bool:
        """Share the answer to the question ``key``. Returns False when it is not known (any more)."""
        asked = await self._jobs.payload(key) if key.startswith(f"{team}:command:") else None
        if asked is None:
            return False
        place = {name: asked[name] for name in ("team", "channel", "user")}
        share = f"{key}:share"
        # Another attempt, after we were not in the channel, say. What is under way stays.
        await self._jobs.forget_done(share)
        since = f"{time.time() - 60:.6f}"
        await self._jobs.run(SHARE, share, {**place, "response_url": response_url, "since": since})
        return True

    async def forget_shared(self, team: str) -> None:
        """Erase what the jobs keep of answers that were shared in a workspace."""
        await self._jobs.forget_done(f"{team}:command:", name=SHARE)

    async def _honestly(self, payload: Payload, steps: Workflow) -> None:
        """Do the steps; whoever asked is told of a fault, with the reference under which it is in the log."""
        key = self._jobs.key()
        try:
            await steps(payload)
        except SlackApiError as error:
            # The message that was shared is gone, say; where there is something to tell, it was told.
            log.error("ask.given_up", key=key, slack_error=error_name(error))
        except Exception as error:
            if type(error).__module__.startswith("dbos"):
                raise
            cause = (error.__cause__ or error) if isinstance(error, StepFailed) else error
            said = words.say(words.fault(self._answering.note_fault(key, cause)))
            try:
                await self._respond(payload["response_url"], {"text": said.text, "blocks": said.blocks})
            except (aiohttp.ClientError, SlackApiError, OSError) as lost:
                log.error("ask.fault_not_told", key=key, error=type(lost).__name__)

    async def _ask(self, payload: Payload) -> None:
        key = self._jobs.key()

        async def diagnose() -> dict[str, Any]:
            return as_json(await self._diagnosing.diagnose(payload["team"], payload["text"]))

        async def reply() -> bool:
            if diagnosis.bounce:
                said = self._diagnosing.message(diagnosis)
                blocks = [*said.blocks, t.actions(t.button("Share here", "answer_share", key))]
                said = Message(text=said.text, blocks=blocks)
            else:
                said = words.say(words.no_bounce(diagnosis))
            return await self._respond(payload["response_url"], {"text": said.text, "blocks": said.blocks})

        value = await self._jobs.step("diagnose", diagnose, attempts=3, retry=worth_repeating)
        diagnosis = from_json(value)
        await self._jobs.step("reply", reply, attempts=_URL_ATTEMPTS, retry=is_passing)

    async def _share(self, payload: Payload) -> None:
        key = self._jobs.key()
        question = key.removesuffix(":share")
        team, channel = payload["team"], payload["channel"]

        async def diagnose() -> dict[str, Any] | None:
            asked = await self._jobs.payload(question)
            return as_json(await self._diagnosing.diagnose(team, asked["text"])) if asked else None

        poster = Poster(
            self._clients(team),
            key=key,
            channel=channel,
            thread_ts=None,
            after=payload["since"],
            first_run=self._jobs.is_first_run(key),
        )

        async def post() -> str:
            said = self._diagnosing.message(diagnosis, notes=(), ticket=None)
            try:
                return await poster.post(said.text, said.blocks)
            except SlackApiError as error:
                if is_passing(error):
                    raise
                word = words.NOT_HERE if error_name(error) in ("not_in_channel", "channel_not_found") else ""
                await self._respond(
                    payload["response_url"],
                    {"text": word or f"Slack does not let me post here: {error_name(error)}"},
                )
                return ""

        async def record() -> int:
            """Give the shared message its ticket; none when it was deleted already, its question erased, or the
            app uninstalled."""
            asked = await self._jobs.payload(question)
            if asked is None or await self._answering.is_deleted(team, channel, ts):
                return 0
            text = diagnosis.first.text if diagnosis.first is not None else ""
            try:
                ticket = await recording.record(
                    self._store,
                    team,
                    channel,
                    ts,
                    asker=payload["user"],
                    thread_ts=ts,
                    diagnosis=value or {},
                    raw_text=asked["text"][:RAW_LIMIT],
                    masked_text=mask(text),
                    fingerprint=fingerprint(text),
                    asked_at=datetime.fromtimestamp(float(payload["since"]), UTC),
                )
            except UninstalledError:
                return 0
            if await self._answering.is_deleted(team, channel, ts):
                # A moment ago, before there was anything to erase.
                await erase_post(self._store, team, channel, ts)
                return 0
            await self._store.set_answer(team, ticket.number, ts, post_ts=ts)
            await note_incident(self._store, ticket)
            return ticket.number

        async def finish() -> bool:
            try:
                notes = await self._diagnosing.notes_of(team, channel, ts, number, diagnosis)
                place = await self._store.post(team, channel, ts)
                part = ts if place is not None and place.joined else None
                said = self._diagnosing.message(diagnosis, ticket=number, notes=notes, part=part)
                await self._clients(team).chat_update(
                    channel=channel, ts=ts, text=said.text, blocks=said.blocks
                )
            except SlackApiError as error:
                if is_passing(error):
                    raise
                log.info("share.not_updated", key=key, slack_error=error_name(error))
            return await self._respond(payload["response_url"], {"delete_original": True})

        async def forget() -> bool:
            await self._jobs.forget(question)
            return True

        jobs = self._jobs
        value = await jobs.step("diagnose", diagnose, attempts=3, retry=worth_repeating)
        if value is None:
            await self._respond(payload["response_url"], {"text": words.OVER})
            return
        diagnosis = from_json(value)
        ts = await jobs.step("post", post, attempts=ATTEMPTS, retry=is_passing)
        if ts:
            number = await jobs.step("record", record, attempts=ATTEMPTS, retry=worth_repeating)
            if number:
                await jobs.step("finish", finish, attempts=ATTEMPTS, retry=is_passing)
            await jobs.step("forget", forget, attempts=8)

    async def _respond(self, url: str, body: dict[str, object]) -> bool:
        try:
            whole = {"response_type": "ephemeral", "replace_original": False, **body}
            await files.respond(self._session, url, whole, api_url=self._api_url)
        except InputError as error:
            log.warning("ask.not_answered", reason=str(error))
            return False
        return True
