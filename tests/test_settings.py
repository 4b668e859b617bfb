"""Settings: each variable read once, a wrong value told in one line that shows no secret."""

import pytest

from bot.core.errors import SettingError
from bot.settings import Settings, database_url


def test_nothing_is_needed() -> None:
    """Without variables every setting has its default."""
    settings = Settings.from_environment({})

    assert (settings.host, settings.port, settings.retention_days) == ("127.0.0.1", 3000, 30)


def test_a_port_opens_the_host() -> None:
    """A platform that sets PORT reaches the program from outside."""
    assert Settings.from_environment({"PORT": "8080"}).host == "0.0.0.0"


def test_a_host_of_ones_own_stays() -> None:
    """HOST wins over what PORT implies."""
    assert Settings.from_environment({"PORT": "8080", "HOST": "127.0.0.1"}).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sqlite:///fivefifty.db", "sqlite+aiosqlite:///fivefifty.db"),
        ("sqlite:////srv/x.db", "sqlite+aiosqlite:////srv/x.db"),
        ("postgres://u:p@db/x", "postgresql+psycopg://u:p@db/x"),
        ("postgresql://u:p@db:5432/x?sslmode=require", "postgresql+psycopg://u:p@db:5432/x?sslmode=require"),
    ],
    ids=["relative", "absolute", "postgres", "postgresql"],
)
def test_database_urls_become_async(value: str, expected: str) -> None:
    """The URLs that people and platforms write are accepted."""
    assert database_url(value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hush@db/x"),
        ("DATABASE_URL", "fivefifty.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgres://u:hush@db"),
        ("DATABASE_URL", "postgres://u:hush@db:none/x"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///nul%00.db"),
        ("ESCALATION_CHANNEL", "on call"),
        ("ESCALATION_CHANNEL", "https://example.slack.com/archives/C1"),
        ("PORT", "http"),
        ("PORT", "99999"),
        ("PORT", "-1"),
        ("DNS_SERVERS", "dns example"),
        ("DNS_SERVERS", "300.1.1.1"),
        ("DNS_SERVERS", "dns.example:port"),
        ("DNS_SERVERS", "-dns.example"),
        ("DNS_SERVERS", "[::1"),
        ("DNS_SERVERS", "[192.0.2.1]:53"),
        ("DNS_SERVERS", "192.0.2.1:0"),
        ("DNS_TIMEOUT_SECONDS", "soon"),
        ("DNS_TIMEOUT_SECONDS", "0"),
        ("DNS_TIMEOUT_SECONDS", "nan"),
        ("LOOKUP_BUDGET_SECONDS", "1e9"),
        ("ALLOW_SMTP_PROBE", "maybe"),
        ("RETENTION_DAYS", "0"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
        ("KNOWLEDGE_DIR", "/no/such/folder"),
        ("SLACK_API_URL", "ftp://example.org"),
        ("SLACK_BOT_TOKEN", "hush-hush"),
        ("SLACK_APP_TOKEN", "hush-hush"),
        ("SPAMHAUS_DQS_KEY", "hush.example.org"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    """The error is one line that begins with the variable and holds no secret."""
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({name: value})

    line = str(caught.value)
    assert line.startswith(name)
    assert "\n" not in line
    assert "hush" not in line


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("192.0.2.1", (("192.0.2.1", 53),)),
        ("192.0.2.1:5353, 127.0.0.1", (("192.0.2.1", 5353), ("127.0.0.1", 53))),
        ("[2001:db8::1]:5353", (("2001:db8::1", 5353),)),
        ("2001:db8::1", (("2001:db8::1", 53),)),
        ("[2001:db8::1]", (("2001:db8::1", 53),)),
        ("localhost:5353", (("127.0.0.1", 5353),)),
        ("dns.Example.org,unbound:5353", (("dns.example.org", 53), ("unbound", 5353))),
        (" , ", ()),
    ],
    ids=["plain", "two", "ipv6 with port", "ipv6", "ipv6 in brackets", "localhost", "names", "empty"],
)
def test_dns_servers_are_read(value: str, expected: tuple[tuple[str, int], ...]) -> None:
    """Servers come with or without a port."""
    assert Settings.from_environment({"DNS_SERVERS": value}).dns_servers == expected


def test_secrets_are_not_in_the_repr() -> None:
    """Printing the settings shows no token, secret or database password."""
    settings = Settings.from_environment(
        {
            "SLACK_BOT_TOKEN": "xoxb-hush",
            "SLACK_SIGNING_SECRET": "hush",
            "SLACK_APP_TOKEN": "xapp-hush",
            "SLACK_CLIENT_SECRET": "hush",
            "TOKEN_ENCRYPTION_KEY": "hush",
            "DATABASE_URL": "postgres://u:hush@db/x",
            "SPAMHAUS_DQS_KEY": "hushhushhush",
        }
    )

    assert "hush" not in repr(settings)
