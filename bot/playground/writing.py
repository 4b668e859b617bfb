"""How does Slack write down what a person types?

Slack escapes ``&``, ``<`` and ``>``, turns addresses, URLs and host names into links, names of people into
mentions, and keeps the same words a second time as a ``rich_text`` block. A bot gets both.
"""

import re
from collections.abc import Mapping
from typing import Any

# Each part is bounded, so that no text makes the search slow.
_TOKEN = re.compile(
    r"(?P<code>`[^`\n]{1,2000}`)"
    r"|(?P<url>https?://[^\s<>|\"]{1,2000})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
    r"|(?P<name>(?<![\w.])@[a-z0-9][a-z0-9._-]{0,79})"
    r"|(?P<channel>(?<![\w&])#[a-z0-9][a-z0-9_-]{0,79})"
    r"|(?P<host>(?<![\w.@-])(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|de|fr|uk|jp|eu|edu|gov)(?![\w-]))"
)


def escape(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encode(typed: str, names: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """Return the ``text`` and the ``blocks`` of a message.

    ``names`` maps what may stand after ``@`` or ``#`` to the id of a person or channel.
    """
    elements: list[dict[str, Any]] = []
    text: list[str] = []
    for number, part in enumerate(typed.split("```")):
        closed = number % 2 == 1 and number < typed.count("```")
        if closed:
            written, words = _line(part, names, code=True)
            elements.append({"type": "rich_text_preformatted", "elements": words})
            text.append(f"```{written}```")
        elif part:
            prefix = "```" if number % 2 else ""
            written, words = _line(prefix + part, names, code=False)
            elements += _paragraphs(prefix + part, names)
            text.append(written)
    blocks = [{"type": "rich_text", "block_id": "typed", "elements": elements}] if elements else []
    return "".join(text), blocks


def _paragraphs(part: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Sections and quotes: Slack keeps lines that begin with ``>`` as a quote."""
    found: list[dict[str, Any]] = []
    for line in part.split("\n"):
        quoted = line.startswith(">")
        kind = "rich_text_quote" if quoted else "rich_text_section"
        _, words = _line(line[1:].removeprefix(" ") if quoted else line, names, code=False)
        if found and found[-1]["type"] == kind:
            found[-1]["elements"] += [{"type": "text", "text": "\n"}, *words]
        elif words or not quoted:
            found.append({"type": kind, "elements": words})
    for element in found:
        element["elements"] = _join(element["elements"])
    return [element for element in found if element["elements"]]


def _line(part: str, names: Mapping[str, str], *, code: bool) -> tuple[str, list[dict[str, Any]]]:
    text: list[str] = []
    words: list[dict[str, Any]] = []
    at = 0
    for found in _TOKEN.finditer(part):
        if found.start() > at:
            text.append(escape(part[at : found.start()]))
            words.append({"type": "text", "text": part[at : found.start()]})
        at = found.end()
        written, word = _token(found, names, code=code)
        text.append(written)
        words.append(word)
    if at < len(part):
        text.append(escape(part[at:]))
        words.append({"type": "text", "text": part[at:]})
    return "".join(text), _join(words)


def _token(found: re.Match[str], names: Mapping[str, str], *, code: bool) -> tuple[str, dict[str, Any]]:
    token = found.group()
    kind = found.lastgroup
    if kind == "url":
        return f"<{escape(token)}>", {"type": "link", "url": token}
    if kind == "mail":
        return f"<mailto:{token}|{token}>", {"type": "link", "url": f"mailto:{token}", "text": token}
    if kind == "host":
        return f"<http://{token}|{token}>", {"type": "link", "url": f"http://{token}", "text": token}
    if kind == "code" and not code:
        return escape(token), {"type": "text", "text": token[1:-1], "style": {"code": True}}
    if kind == "name" and not code:
        if token[1:] in ("here", "channel", "everyone"):
            return f"<!{token[1:]}>", {"type": "broadcast", "range": token[1:]}
        if token[1:] in names:
            return f"<@{names[token[1:]]}>", {"type": "user", "user_id": names[token[1:]]}
    if kind == "channel" and not code and token in names:
        return f"<#{names[token]}|{token[1:]}>", {"type": "channel", "channel_id": names[token]}
    return escape(token), {"type": "text", "text": token}


def _join(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring plain texts as one."""
    joined: list[dict[str, Any]] = []
    for word in words:
        last = joined[-1] if joined else None
        if last and last.keys() == word.keys() == {"type", "text"} and last["type"] == word["type"] == "text":
            joined[-1] = {"type": "text", "text": last["text"] + word["text"]}
        else:
            joined.append(word)
    return joined
