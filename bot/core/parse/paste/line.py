"""Is a text a bare one-line reply, the commonest input of bulk work?"""

from bot.core.lazy import lazy_re
from bot.core.model import Frame
from bot.core.parse.finding import Finding
from bot.core.parse.reply import BASIC_CODES, find_status
from bot.core.parse.signs import elsewhere, failure, talk


def read_line(text: str) -> Finding | None:
    """Read a bare one-line reply, the commonest input of bulk work, in a short way. None for anything else."""
    if len(text) > 2000 or not _BARE.match(text):
        return None
    if "`" in text or "|" in text or "<mailto:" in text or "<http" in text or not text.isascii():
        return None
    if "&" in text and ";" in text:
        return None  # an entity, perhaps: &lt;
    status = find_status(text) is not None
    if not status and text.lstrip()[:3] not in BASIC_CODES:
        return None
    strength = _strength(text.lstrip(), status)
    return Finding(text=text, frame=Frame.REPLY, strength=strength) if strength else None


_BARE = lazy_re(r"\s*([45]\d\d)(?!\s*[=|→])(?:[ -](?:\d\.\d{1,3}\.\d{1,3}[ :])?)[^\n`]{3,2000}\s*\Z")


def _strength(line: str, status: bool) -> float:
    """How surely a line that begins with a code is a reply, by a look at its words that costs little; 0 for not told.

    ``status``: it has a status code behind the reply code, so it needs no word of failure.
    """
    # A page that a reply points at is no talk of HTTP.
    words = _PLAIN_WORD.findall(line.lower().replace("http://", ""))
    if not _ODD_WORDS.isdisjoint(words) or "=>" in line or "'," in line or '",' in line:
        return 0.0
    if talk.asks(line) or talk.counts(line):
        return 0.0
    if status:
        return 0.9
    if "permission" in words or "privileges" in words:
        return 0.0  # FTP, perhaps
    if line[4:5] == "/":
        return 0.0  # a path: FTP
    if _FAILURE_WORDS.isdisjoint(words) and not failure.FAILURE.search(line):
        return 0.0
    if talk.THINGS.match(line) or (
        elsewhere.HTTP.search(line) and not failure.MAIL.search(line.lower().replace("quota", ""))
    ):
        return 0.0
    return 0.75


_ODD_WORDS = frozenset(
    [
        "ftp",
        "ftps",
        "sftp",
        "lftp",
        "vsftpd",
        "filezilla",
        "file",
        "files",
        "directory",
        "folder",
        "login",
        "path",
        "stor",
        "retr",
        "mkd",
        "cwd",
        "http",
        "nginx",
        "apache",
        "curl",
        "misdirected",
        "gateway",
        "sip",
        "ssh",
        "mysql",
        "postgres",
        "sasl",
        "insert",
        "select",
        "update",
        "regexp",
        "assert",
        "assertequal",
        "expect",
        "const",
        "string",
        "raise",
        "upload",
        "transfer",
        "control",
        "port",
        "logged",
    ]
)
_FAILURE_WORDS = frozenset(
    [
        "rejected",
        "reject",
        "denied",
        "blocked",
        "refused",
        "not",
        "unknown",
        "invalid",
        "unavailable",
        "exceeded",
        "exceeds",
        "full",
        "limit",
        "error",
        "no",
        "disabled",
        "unable",
        "cannot",
        "closed",
        "closing",
        "deferred",
        "many",
        "large",
        "quota",
        "spam",
        "virus",
        "policy",
        "listed",
        "relay",
        "relaying",
        "expired",
        "timeout",
        "suspended",
        "bad",
        "must",
        "required",
        "prohibited",
        "temporarily",
        "failed",
        "failure",
    ]
)
_PLAIN_WORD = lazy_re(r"[a-z]+")
