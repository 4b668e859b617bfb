"""In which mail program was the message written? By the headers of the returned message, or by the program's own words.

A program that cannot be told is None: then the answer speaks of all of them.
"""

import re

FAMILIES = ("outlook", "outlook-mac", "thunderbird", "apple-mail", "iphone", "android")
"""The programs that steps are known for."""

_HEADER = re.compile(r"^[> \t]{0,10}(?:X-Mailer|User-Agent):[ \t]{0,5}(\S.{0,120})", re.I | re.M)
_MAILERS = (
    ("iphone mail", "iphone"),
    ("ipad mail", "iphone"),
    ("apple mail", "apple-mail"),
    ("thunderbird", "thunderbird"),
    ("outlook express", None),  # long gone; its menus are other ones
    ("outlook-ios", None),
    ("outlook for android", None),
    ("microsoft-macoutlook", "outlook-mac"),
    ("microsoft outlook", "outlook"),
    ("android", "android"),
)
"""Words in X-Mailer or User-Agent, the first that fits decides."""
_DIALOGS = (
    ("an error occurred while sending mail. the mail server responded", "thunderbird"),
    ("an error occurred sending mail", "thunderbird"),
    ("0x800ccc", "outlook"),  # support.microsoft.com: send and receive errors of Outlook
    ("cannot send message using the server", "apple-mail"),
    ("a copy has been placed in your outbox", "iphone"),
)
"""What a program says when it could not hand over a message."""


def program_in(text: str) -> str | None:
    """The family of the program, one of FAMILIES, or None. The last header counts: the returned message stands
    behind the report about it."""
    program = None
    lowered = text.lower()
    for found in _HEADER.finditer(text) if "x-mailer" in lowered or "user-agent" in lowered else ():
        value = found[1].lower()
        program = next((family for words, family in _MAILERS if words in value), None)
    return program or _by_dialog(lowered)


def program_in_words(text: str) -> str | None:
    """The family by the words of the program's own message, or None."""
    return _by_dialog(text.lower())


def _by_dialog(lowered: str) -> str | None:
    return next((family for words, family in _DIALOGS if words in lowered), None)
