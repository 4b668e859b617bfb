"""Which words does an HTML part show?"""

import re

from bot.core.lazy import lazy_re

_SCRIPT = lazy_re(r"<(/?)(?:style|script|head)\b[^>]{0,500}>", re.I)
_HTML_BREAK = lazy_re(r"</?(?:br|p|div|tr|li|h[1-6]|table|pre|hr)\b[^<>]{0,2000}>", re.I)
_HTML_TAG = lazy_re(r"<(?![^<>\s]{1,80}@)/?[a-z!][^<>]{0,2000}>", re.I)
HTML_LENGTH = 48 * 1024
"""Characters of a part that are read."""


def html_text(html: str) -> str:
    """Return the words of an HTML part, with line breaks where blocks end."""
    html = html[:HTML_LENGTH]
    html = _without_scripts(html)
    html = re.sub(r"\n[ \t]*", " ", html) if "<pre" not in html.lower() else html
    html = _HTML_BREAK.sub("\n", html)
    html = re.sub(r"</t[dh]>", " ", html, flags=re.I)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", _HTML_TAG.sub("", html)))


def _without_scripts(html: str) -> str:
    """Cut styles, scripts and the head: one pass, so that unclosed tags cost nothing."""
    kept: list[str] = []
    position, depth = 0, 0
    for tag in _SCRIPT.finditer(html):
        if not tag[1]:
            if depth == 0:
                kept.append(html[position : tag.start()])
            depth = 1
        elif depth:
            depth, position = 0, tag.end()
    if depth == 0:
        kept.append(html[position:])
    return " ".join(kept)
