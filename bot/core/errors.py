"""Which errors can fivefifty raise on purpose?

FivefiftyError                 every error below; its text is written for the person who reads it
├── InputError                 a text, file or flag that cannot be used (exit code 2)
├── SettingError               an environment variable that is wrong or missing (exit code 2)
├── KnowledgeError             a knowledge file that cannot be loaded (exit code 2)
└── TicketError                a ticket action that is not possible; shown to the person who clicked
    └── UninstalledError       the workspace has taken the app out since it asked
"""


class FivefiftyError(Exception):
    """The base of all errors of this project. ``str(error)`` is one line for a person."""


class InputError(FivefiftyError):
    """A text, a file or a flag cannot be used."""


class SettingError(FivefiftyError):
    """An environment variable is wrong or missing. The text names it, what it got and what it takes."""


class KnowledgeError(FivefiftyError):
    """A knowledge file cannot be loaded. The text begins with ``file:line:``."""


class TicketError(FivefiftyError):
    """A ticket action is not possible: the ticket is missing, or another person was first."""


class UninstalledError(TicketError):
    """The workspace has uninstalled the app since it asked: nothing of it is kept any more."""
