"""Which Slack messages are asked of us, and what text do they hold?

Pure: an event's JSON in, a Post out, or None for silence. Silence is for edits, joins, our own messages and
other bots' (save those that are allowed); whether a Post is a bounce is somebody else's question.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

EMAIL_APP = "A0F81496D"
"""Slack's own e-mail app (slack.com/apps/A0F81496D-email), which posts what is mailed to a channel."""
SLACKBOT = "USLACKBOT"
TEXT_LIMIT = 256_000
"""Characters of a post that travel on. Slack allows 40,000; the parser cuts at 64 KB with a notice."""
FILE_NAMES = (".eml", ".txt", ".msg", ".log", ".mbox")
FILE_TYPES = ("email", "eml", "text", "txt", "plain_text", "msg", "outlook", "log")
"""Slack's own names for kinds of files (``filetype``)."""

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message", "bot_message"})
"""Subtypes by which somebody says something. All others are edits, joins, topics, reminders …"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file of a post, as far as Slack told."""

    id: str
    name: str
    kind: str = ""
    """Slack's ``filetype``."""
    size: int = 0
    url: str = ""
    """Empty when Slack did not tell: ``files.info`` knows."""
    text: str = ""
    """The text of a mail that Slack's e-mail app has opened already."""

    @property
    def readable(self) -> bool:
        """Whether it can be a bounce by its name or kind."""
        return self.name.lower().endswith(FILE_NAMES) or self.kind.lower() in FILE_TYPES


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One message that may want an answer."""

    team: str
    channel: str
    ts: str
    """When it was posted, which is its name within the channel."""
    user: str
    """Who gets the answer: the author, or who asked about the message."""
    text: str = ""
    thread_ts: str | None = None
    uploads: tuple[Upload, ...] = ()
    addressed: bool = False
    """Somebody asks us: then something that is no bounce gets a word, too."""
    fetch: bool = False
    """Its text is not known yet: a reaction names only the message."""
    response_url: str | None = None
    """Where a shortcut can be answered when we are not in the channel."""
    heard_at: float | None = None
    """When we were asked, in seconds since 1970; None: by an earlier version."""

    @property
    def key(self) -> str:
        """One post, one answer: ``team:channel:ts``, however and however often it arrives."""
        return f"{self.team}:{self.channel}:{self.ts}"

    @property
    def thread(self) -> str:
        """The ts to answer under."""
        return self.thread_ts or self.ts

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Post":
        return cls(**{**value, "uploads": tuple(Upload(**upload) for upload in value["uploads"])})


def of_message(
    event: Mapping[str, Any],
    *,
    team: str,
    us: str | None = None,
    allowed_bots: Collection[str] = (EMAIL_APP,),
) -> Post | None:
    """Return the Post of a ``message`` or ``app_mention`` event, or None when it is not for us.

    ``us`` is our bot user; ``allowed_bots`` holds ids of bots, of their apps or of their users.
    """
    if event.get("subtype") not in _SPOKEN or event.get("hidden") or "edited" in event:
        return None
    channel, ts = event.get("channel"), event.get("ts")
    if not isinstance(channel, str) or not isinstance(ts, str) or not _may_speak(event, us, allowed_bots):
        return None
    addressed = (
        event.get("type") == "app_mention"
        or event.get("channel_type") == "im"
        or (us is not None and f"<@{us}>" in str(event.get("text") or ""))
    )
    return Post(
        team=team,
        channel=channel,
        ts=ts,
        thread_ts=event.get("thread_ts") or None,
        user=str(event.get("user") or ""),
        text=text_of(event),
        uploads=tuple(uploads_of(event)),
        addressed=addressed and not is_bot(event),
    )


def deleted_ts(event: Mapping[str, Any]) -> str | None:
    """Return the ts of the message that an event says was deleted, or None.

    A message with replies leaves a tombstone in its place: Slack tells of that as of a change
    (https://github.com/slack-edge/slack-edge/pull/10), and of its removal once more when the replies are gone.
    """
    if event.get("type") != "message":
        return None
    if event.get("subtype") == "message_deleted":
        ts = event.get("deleted_ts")
    else:
        changed = event.get("message") if event.get("subtype") == "message_changed" else None
        message = changed if isinstance(changed, Mapping) else {}
        ts = message.get("ts") if message.get("subtype") == "tombstone" else None
    return ts if isinstance(ts, str) else None


def is_bot(event: Mapping[str, Any]) -> bool:
    """Return True when a program has posted the message."""
    return bool(event.get("bot_id")) or event.get("subtype") == "bot_message" or event.get("user") == SLACKBOT


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message as its author typed it: no mentions, no escapes, no Slack markup.

    Rich text blocks hold what was typed; a message's ``text`` has been escaped and its links marked. What a
    forwarded message or an allowed bot says in attachments follows below.
    """
    typed = "\n".join(_typed(block) for block in _objects(message.get("blocks")))
    parts = [typed.strip() or unescape(str(message.get("text") or ""))]
    for attachment in _objects(message.get("attachments")):
        inner = unescape(str(attachment.get("text") or attachment.get("fallback") or ""))
        parts.append(_forwarded(attachment) or "\n".join((str(attachment.get("pretext") or ""), inner)))
    return "\n".join(part.strip() for part in parts if part.strip())[:TEXT_LIMIT]


def unescape(text: str) -> str:
    """Return mrkdwn ``text`` as it was typed: links by their label, mentions gone, entities decoded.

    https://docs.slack.dev/messaging/formatting-message-text#parsing
    """
    return html.unescape(_MARKED.sub(_as_typed, text)) if "<" in text or "&" in text else text


def uploads_of(message: Mapping[str, Any]) -> Iterator[Upload]:
    """Yield the files of a message, those that were deleted or hidden by a plan's limit left out."""
    for file in _objects(message.get("files")):
        if isinstance(file.get("id"), str) and file.get("mode") not in ("tombstone", "hidden_by_limit"):
            yield upload_of(file)


def upload_of(file: Mapping[str, Any]) -> Upload:
    """Return an Upload of Slack's file object, of an event or of ``files.info``."""
    mail = str(file.get("plain_text") or "") if file.get("mode") == "email" else ""
    size = file.get("size")
    return Upload(
        id=str(file.get("id") or ""),
        name=str(file.get("name") or file.get("title") or ""),
        kind=str(file.get("filetype") or ""),
        size=size if isinstance(size, int) else 0,
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
        text=mail[:TEXT_LIMIT],
    )


def shared_at(file: Mapping[str, Any], channel: str) -> str | None:
    """Return the ts of the message that shares a file in a channel, from the ``shares`` of ``files.info``."""
    shares = file.get("shares")
    for kind in ("public", "private"):
        places = shares.get(kind) if isinstance(shares, Mapping) else None
        for entry in _objects(places.get(channel) if isinstance(places, Mapping) else None):
            if isinstance(entry.get("ts"), str):
                return str(entry["ts"])
    return None


_MARKED = re.compile(r"<([^<>\n]{1,4000})>")


def _as_typed(found: re.Match[str]) -> str:
    inside = found.group(1)
    target, bar, label = inside.partition("|")
    if target.startswith(("@", "!")):
        # Someone is called; ``<!date^…|label>`` and the like keep their label.
        return label if bar and target.startswith("!") else ""
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("mailto:"):
        return label or target[len("mailto:") :]
    if target.startswith(("http://", "https://", "tel:", "ftp://", "slack://")):
        return label or target
    return found.group()


def _may_speak(event: Mapping[str, Any], us: str | None, allowed: Collection[str]) -> bool:
    user = event.get("user")
    if us is not None and user == us:
        return False
    if not is_bot(event):
        return bool(user)
    raw = event.get("bot_profile")
    profile: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    known_as = {event.get("bot_id"), event.get("app_id"), profile.get("app_id"), profile.get("id"), user}
    if known_as & set(allowed):
        return True
    # Slackbot hands over what is mailed to a channel or to a person; it is the e-mail app by another name.
    mailed = any(upload.kind == "email" for upload in uploads_of(event))
    return user == SLACKBOT and EMAIL_APP in allowed and mailed


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a JSON array; nothing for whatever else stands there."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _forwarded(attachment: Mapping[str, Any]) -> str:
    """The typed text of a message that was forwarded into another one."""
    texts: list[str] = []
    for entry in _objects(attachment.get("message_blocks")):
        message = entry.get("message")
        texts += [
            _typed(block)
            for block in _objects(message.get("blocks") if isinstance(message, Mapping) else None)
        ]
    return "\n".join(texts).strip()


def _typed(block: Mapping[str, Any]) -> str:
    """The text of a rich_text block; of other blocks nothing, since people cannot type them."""
    return "\n".join(_lines(block.get("elements"), depth=0)) if block.get("type") == "rich_text" else ""


def _lines(elements: Any, depth: int) -> Iterator[str]:
    for element in _objects(elements):
        if element.get("type") != "rich_text_list":
            yield "".join(_inline(part) for part in _objects(element.get("elements")))
        elif depth < 8:
            yield from _lines(element.get("elements"), depth + 1)


def _inline(part: Mapping[str, Any]) -> str:
    kind = part.get("type")
    if kind == "text":
        return str(part.get("text") or "")
    if kind == "link":
        return str(part.get("text") or str(part.get("url") or "").removeprefix("mailto:"))
    if kind == "emoji":
        # A log line such as 10:100:20 holds an emoji's name by chance.
        return f":{part.get('name')}:"
    if kind == "color":
        return str(part.get("value") or "")
    if kind == "date":
        return str(part.get("fallback") or "")
    return ""
