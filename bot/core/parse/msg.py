"""Which words stand in an Outlook message file (.msg)?

The file is a compound file whose text properties are UTF-16 streams. A bounce is short, so its streams lie in
one piece nearly always: runs of letters are taken as they come, in the order of the file, and no more is read.
"""

from bot.core.lazy import lazy_re

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LETTERS = rb"(?:[\x09\x0a\x0d\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x05])"
_RUN = lazy_re(_LETTERS + rb"{12,}")
_NAMES = lazy_re(r"^(?:__|Root Entry|IPM\.|/o=|EX$|SMTP$)")


def words_of(data: bytes) -> str:
    """Return the runs of words of a .msg file, the longest of equal ones once, a paragraph each."""
    runs: dict[str, None] = {}
    for match in _RUN.finditer(data):
        text = match[0].decode("utf-16-le", "replace").strip()
        if text and not _NAMES.match(text):
            runs.setdefault(text)
    return "\n\n".join(runs)
