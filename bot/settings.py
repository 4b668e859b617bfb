"""What is fivefifty told from outside? Every variable, its default and its reason in one place.

Nothing is read at import: ``Settings.from_environment(os.environ)`` reads once, at the start of a
command. A wrong value raises SettingError with one line that names the variable, what it got and
what it takes. Secrets are never part of that line, nor of ``repr``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.core.errors import SettingError

DEFAULT_SLACK_API_URL = "https://slack.com/api/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings; the field names are the variables' names in lower case."""

    slack_bot_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    """Set: Socket Mode instead of HTTP."""
    slack_client_id: str | None = None
    slack_client_secret: str | None = field(default=None, repr=False)
    token_encryption_key: str | None = field(default=None, repr=False)
    slack_api_url: str = DEFAULT_SLACK_API_URL
    """Ends with a slash. GovSlack and tests have their own."""
    database_url: str = field(default="sqlite+aiosqlite:///fivefifty.db", repr=False)
    """An async SQLAlchemy URL, made from what DATABASE_URL holds. It may hold a password."""
    host: str = "127.0.0.1"
    port: int = 3000
    dns_servers: tuple[tuple[str, int], ...] = ()
    """IP address or host name, and port, of each; empty for the system's own. Names are resolved by who asks."""
    dns_timeout_seconds: float = 1.5
    """One query."""
    lookup_budget_seconds: float = 3.0
    """All look-ups of one diagnosis."""
    spamhaus_dqs_key: str | None = field(default=None, repr=False)
    allow_smtp_probe: bool = False
    escalation_channel: str | None = None
    knowledge_dir: Path | None = None
    retention_days: int = 30
    log_format: str = "console"
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables. An empty value counts as not set. Raises SettingError."""
        env = {name: value.strip() for name, value in environment.items() if value.strip()}
        port_is_set = "PORT" in env
        return cls(
            slack_bot_token=_token(env, "SLACK_BOT_TOKEN", "xoxb-"),
            slack_signing_secret=env.get("SLACK_SIGNING_SECRET"),
            slack_app_token=_token(env, "SLACK_APP_TOKEN", "xapp-"),
            slack_client_id=env.get("SLACK_CLIENT_ID"),
            slack_client_secret=env.get("SLACK_CLIENT_SECRET"),
            token_encryption_key=env.get("TOKEN_ENCRYPTION_KEY"),
            slack_api_url=_http_url(env, "SLACK_API_URL", DEFAULT_SLACK_API_URL),
            database_url=database_url(env.get("DATABASE_URL", "sqlite:///fivefifty.db")),
            # A platform that sets PORT routes to the container from outside.
            host=env.get("HOST", "0.0.0.0" if port_is_set else "127.0.0.1"),  # noqa: S104 - see above
            port=_whole_number(env, "PORT", 3000, 0, 65535),
            dns_servers=_servers(env),
            dns_timeout_seconds=_seconds(env, "DNS_TIMEOUT_SECONDS", 1.5),
            lookup_budget_seconds=_seconds(env, "LOOKUP_BUDGET_SECONDS", 3.0),
            spamhaus_dqs_key=_dqs_key(env),
            allow_smtp_probe=_switch(env, "ALLOW_SMTP_PROBE"),
            escalation_channel=_channel(env, "ESCALATION_CHANNEL"),
            knowledge_dir=_folder(env, "KNOWLEDGE_DIR"),
            retention_days=_whole_number(env, "RETENTION_DAYS", 30, 1, 36500),
            log_format=_one_of(env, "LOG_FORMAT", "console", ("console", "json")),
            log_level=_one_of(
                env, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), upper=True
            ),
        )


def database_url(text: str) -> str:
    """Turn what people write in DATABASE_URL into an async SQLAlchemy URL.

    ``postgres://`` and ``postgresql://`` become ``postgresql+psycopg://``, ``sqlite:///file`` becomes
    ``sqlite+aiosqlite:///file``. Raises SettingError; the line never shows a password.
    """
    scheme, separator, rest = text.partition("://")
    takes = "takes sqlite:///path/to/file.db or postgresql://user:password@host/name"
    if not separator:
        raise SettingError(f"DATABASE_URL is not a database URL; it {takes}")
    scheme = scheme.lower()
    if scheme in ("sqlite", "sqlite+aiosqlite"):
        if not rest.startswith("/") or not rest.strip("/"):
            raise SettingError(f"DATABASE_URL names no file (sqlite needs three slashes); it {takes}")
        name = unquote(rest.partition("?")[0]).lstrip("/")
        if name.lower() == ":memory:" or "\0" in name:
            raise SettingError(f"DATABASE_URL names no file that tickets could be kept in; it {takes}")
        return f"sqlite+aiosqlite://{rest}"
    if scheme in ("postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"):
        try:
            parts = urlsplit(f"postgresql://{rest}")
            parts.port  # noqa: B018 - raises ValueError when it is no number
        except ValueError:
            raise SettingError(f"DATABASE_URL has a wrong host or port; it {takes}") from None
        if not parts.path.strip("/"):
            raise SettingError(f"DATABASE_URL names no database; it {takes}")
        return f"postgresql+psycopg://{rest}"
    raise SettingError(f"DATABASE_URL is of the kind {scheme[:20]!r}, which is not known; it {takes}")


def _token(env: Mapping[str, str], name: str, prefix: str) -> str | None:
    value = env.get(name)
    if value is not None and not value.startswith(prefix):
        raise SettingError(
            f"{name} got something that is no such token; it takes one that begins with {prefix}"
        )
    return value


def _http_url(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name, default)
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise SettingError(f"{name} got {value[:80]!r}; it takes an http or https URL")
    return value if value.endswith("/") else value + "/"


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise SettingError(f"{name} got {value[:40]!r}; it takes a whole number from {low} to {high}")
    return int(value)


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    value = env.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) or not 0 < float(value) <= 60:
        raise SettingError(
            f"{name} got {value[:40]!r}; it takes seconds, more than 0 and at most 60, such as 1.5"
        )
    return float(value)


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "off").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise SettingError(f"{name} got {value[:40]!r}; it takes on or off")


def _one_of(
    env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...], *, upper: bool = False
) -> str:
    value = env.get(name, default)
    value = value.upper() if upper else value.lower()
    if value not in choices:
        raise SettingError(f"{name} got {value[:40]!r}; it takes one of {', '.join(choices)}")
    return value


def _channel(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name)
    # Slack's own rule: no spaces, and no punctuation but these.
    if value is not None and not re.fullmatch(r"#?[\w-]{1,80}", value):
        raise SettingError(
            f"{name} got {value[:80]!r}; it takes a channel's id such as C0123456789, or its name"
        )
    return value


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name)
    if value is None:
        return None
    folder = Path(value)
    if not folder.is_dir():
        raise SettingError(
            f"{name} got {value[:200]!r}, which is no folder; it takes a folder laid out as knowledge/"
        )
    return folder


def _dqs_key(env: Mapping[str, str]) -> str | None:
    value = env.get("SPAMHAUS_DQS_KEY")
    # The key becomes a DNS label; anything else would be asked of a stranger.
    if value is not None and not re.fullmatch(r"[A-Za-z0-9]{8,63}", value):
        raise SettingError(
            "SPAMHAUS_DQS_KEY got something that is no such key; it takes 8 to 63 letters and digits"
        )
    return value


# A name that the machine's own resolver may know: one label is enough ("unbound" in a container network).
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){0,20}[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?"
)


def _servers(env: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    servers: list[tuple[str, int]] = []
    for part in env.get("DNS_SERVERS", "").split(","):
        entry = part.strip()
        if not entry:
            continue
        host, port = entry, "53"
        if entry.startswith("["):
            host, closed, rest = entry[1:].partition("]")
            port = rest[1:] if rest.startswith(":") else "53" if not rest else "?"
            good = bool(closed) and _is_address(host, 6)
        elif entry.count(":") == 1:
            host, port = entry.split(":")
            good = _is_address(host, 4) or _is_name(host)
        else:
            good = _is_address(host) or _is_name(host)
        if not (good and port.isascii() and port.isdecimal() and 0 < int(port[:9]) < 65536):
            raise SettingError(
                f"DNS_SERVERS got {entry[:80]!r}; it takes host names or IP addresses with or without a port, "
                "such as 192.0.2.53,127.0.0.1:5353,[2001:db8::53]:53,dns.example.org"
            )
        # Not left to the system's resolver, which may put ::1 before it.
        servers.append(("127.0.0.1" if host.lower() == "localhost" else host.lower(), int(port)))
    return tuple(servers)


def _is_address(host: str, version: int | None = None) -> bool:
    try:
        return ip_address(host).version == (version or ip_address(host).version)
    except ValueError:
        return False


def _is_name(host: str) -> bool:
    name = host.lower().removesuffix(".")
    # What ends in digits was meant for an address (WHATWG URL, "ends in a number").
    return _HOST_NAME.fullmatch(name) is not None and not name.rpartition(".")[2].isdigit()
