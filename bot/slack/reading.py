"""Which bounces are in a post: in its text, and in the files that it shares?"""

import asyncio
from dataclasses import dataclass, replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.core.errors import InputError
from bot.core.model import Diagnosis
from bot.core.parse.msg import MAGIC, words_of
from bot.diagnose import Reading
from bot.slack import files
from bot.slack.blocks import words
from bot.slack.client import Clients, error_name, is_passing
from bot.slack.diagnosing import Data, Diagnosing
from bot.slack.posts import Post, Upload, text_of, upload_of, uploads_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The bounces of one post, read."""

    readings: tuple[Reading, ...]
    texts: tuple[str, ...]
    """The text of each, for the ticket."""


class PostReader:
    """Reads posts. Raises SlackApiError where Slack has a bad moment; what cannot be read is a word or None."""

    def __init__(
        self, *, diagnosing: Diagnosing, clients: Clients, session: aiohttp.ClientSession, api_url: str
    ) -> None:
        self._diagnosing = diagnosing
        self._clients = clients
        self._session = session
        self._api_url = api_url

    async def read(self, post: Post) -> tuple[Case | None, str, Diagnosis | None]:
        """Return the bounces of a post; a word about files that cannot be read; what the rest is instead."""
        readings: list[Reading] = []
        texts: list[str] = []
        refused = ""
        not_bounce: Diagnosis | None = None
        for data, word in await self._data_of(post):
            refused = refused or word
            if not data:
                continue
            reading = await self._diagnosing.read(data)
            if reading.bounce:
                readings.append(reading)
                texts.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))
            elif not_bounce is None:
                not_bounce = self._diagnosing.alone(reading)
        case = Case(readings=tuple(readings), texts=tuple(texts)) if readings else None
        return case, refused, not_bounce

    async def read_again(self, post: Post) -> Case | None:
        """After a restart: the case of a post that was read by an earlier process."""
        if post.fetch:
            fetched = await self.fetch(post, post.ts)
            if fetched is None:
                return None
            post = fetched
        case, _, _ = await self.read(post)
        if case is None and post.thread_ts and post.thread_ts != post.ts:
            root = await self.fetch(post, post.thread_ts)
            case = (await self.read(root))[0] if root is not None else None
        return case

    async def fetch(self, post: Post, ts: str) -> Post | None:
        """Return the message at ``ts`` with its text; None when it is gone or not ours to read."""
        try:
            page = await self._clients(post.team).conversations_replies(
                channel=post.channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=1
            )
        except SlackApiError as error:
            if is_passing(error):
                raise
            log.info("answer.not_fetched", key=post.key, slack_error=error_name(error))
            return None
        message = next((entry for entry in page.get("messages") or () if entry.get("ts") == ts), None)
        if message is None:
            return None
        return replace(
            post,
            ts=ts,
            text=text_of(message),
            thread_ts=message.get("thread_ts") or None,
            user=post.user or str(message.get("user") or ""),
            uploads=tuple(uploads_of(message)),
            fetch=False,
        )

    async def _data_of(self, post: Post) -> list[tuple[Data, str]]:
        """Return the text and each readable file of a post, and a word for each that cannot be read."""
        found: list[tuple[Data, str]] = [(post.text, "")] if post.text.strip() else []
        for upload in post.uploads[:10]:
            if upload.text:
                found.append((upload.text, ""))
            elif upload.readable:
                found.append(await self._open(post, upload))
            elif post.addressed:
                found.append(
                    ("", f"I cannot read {upload.name or 'this file'}. I read .eml, .msg and .txt files.")
                )
        return found

    async def _open(self, post: Post, upload: Upload) -> tuple[Data, str]:
        client = self._clients(post.team)
        matters = (
            post.addressed
            or upload.name.lower().endswith((".eml", ".msg"))
            or upload.kind in ("email", "eml", "msg", "outlook")
        )
        try:
            if not upload.url:
                response = await client.files_info(file=upload.id)
                upload = upload_of(response["file"])
            data = await files.download(
                self._session, upload.url, token=client.token or "", api_url=self._api_url
            )
        except (InputError, SlackApiError) as error:
            if is_passing(error):
                raise
            log.warning("answer.file_not_read", key=post.key, error=error_name(error) or str(error))
            word = f"I could not read {upload.name or 'the file'}: {error_name(error) or error}."
            return "", word if matters else ""
        if data.startswith(MAGIC):
            # Outlook's own format. Where its words give no bounce, the same mail as .eml may.
            text = await asyncio.to_thread(words_of, data)
            return (text, "") if (await self._diagnosing.read(text)).bounce else ("", words.SAVE_AS_EML)
        if upload.name.lower().endswith(".eml") or upload.kind in ("email", "eml"):
            return data, ""
        return decoded(data), ""


def decoded(data: bytes) -> str:
    """Return the text of a .txt file: UTF-8, UTF-16 with a byte order mark, else Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
