"""What can a reader see in a message, and whom does it call?"""

from dataclasses import dataclass
from typing import Any

from bot.playground import forms
from bot.playground.store import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A message as it stands now. ``body`` is Slack's JSON, with ``channel`` in it."""

    team: str
    body: Json

    @property
    def channel(self) -> str:
        return str(self.body["channel"])

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def user(self) -> str | None:
        return self.body.get("user")

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks", ()))

    @property
    def metadata(self) -> Json:
        return dict(self.body.get("metadata", {}))

    @property
    def words(self) -> str:
        """Everything in the blocks that a person can read; the text where there are no blocks."""
        return "\n".join(_words(self.blocks)) if self.blocks else self.text

    @property
    def actions(self) -> list[str]:
        """The action_ids that stand in the message."""
        return [element["action_id"] for _, element in forms.elements(self.blocks)]

    @property
    def mentions(self) -> list[str]:
        """Whom the message would call: ids of people, groups, and here, channel or everyone."""
        return _mentions(self.text, self.blocks)


def _words(value: Any) -> list[str]:
    """Every text in a tree of blocks, in order."""
    if isinstance(value, list):
        inline = all(isinstance(each, dict) and each.get("type") in _INLINE for each in value) and value
        if inline:
            return ["".join(_inline(each) for each in value)]
        return [word for each in value for word in _words(each)]
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            return [value["text"]]
        names = (
            "text",
            "fields",
            "elements",
            "element",
            "accessory",
            "label",
            "hint",
            "options",
            "placeholder",
        )
        return [word for name in names for word in _words(value.get(name))]
    return []


_INLINE = ("text", "link", "user", "channel", "emoji", "broadcast", "usergroup", "date")


def _inline(word: Json) -> str:
    for name in ("text", "url", "name", "fallback"):
        if name in word:
            return str(word[name])
    ids = word.get("user_id") or word.get("channel_id") or word.get("usergroup_id") or word.get("range")
    return f"@{ids}"


def _mentions(text: str, value: Any) -> list[str]:
    found = _mentions_in(text)
    if isinstance(value, list):
        return found + [each for item in value for each in _mentions("", item)]
    if not isinstance(value, dict):
        return found
    if value.get("type") == "mrkdwn":
        return found + _mentions_in(str(value.get("text", "")))
    for name in ("user_id", "usergroup_id", "range"):
        if name in value and value.get("type") in ("user", "usergroup", "broadcast"):
            return [*found, str(value[name])]
    return found + [
        each for item in value.values() if isinstance(item, list | dict) for each in _mentions("", item)
    ]


def _mentions_in(mrkdwn: str) -> list[str]:
    """Whom a text in Slack's mark-up calls: ``<@U…>``, ``<!subteam^S…>``, ``<!here>`` and the like."""
    found = []
    for part in mrkdwn.split("<")[1:]:
        inside = part.split(">")[0].split("|")[0]
        if inside.startswith(("@", "!")) and not inside.startswith("!date^"):
            found.append(inside[1:])
    return found
