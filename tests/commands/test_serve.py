"""``serve``, ``manifest`` and ``doctor`` as a user runs them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.playground.nameserver import NameServer
from bot.playground.workspace import Workspace
from bot.slack.manifest import BOT_EVENTS, BOT_SCOPES
from bot.tickets.database import make_engine, migrate
from bot.tickets.workspace import WorkspaceSettings, save_settings
from tests.commands.program import Run, run
from tests.databases import PostgreSQL

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "abc"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({**TOKENS, "PORT": "many"}, "PORT"),
        ({**TOKENS, "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({**TOKENS, "DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:9/x"}, "DATABASE_URL"),
        ({**TOKENS, "DATABASE_URL": "sqlite:////proc/no/such/place.db"}, "DATABASE_URL"),
        ({**TOKENS, "KNOWLEDGE_DIR": "/nowhere"}, "KNOWLEDGE_DIR"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(environment: dict[str, str], named: str, tmp_path: Path) -> None:
    """Exit code 2, the variable's name, no traceback and no secret."""
    done = run("serve", environment=environment, folder=tmp_path)

    assert done.code == 2
    assert done.err.startswith("fivefifty: ")
    assert named in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert "s3cret" not in done.err


@pytest.mark.parametrize("migrated", [False, True], ids=["nothing is there", "only our own tables"])
def test_a_server_without_migrations_is_told_in_one_line(
    migrated: bool, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """On PostgreSQL a start changes nothing: neither our tables nor those of the jobs."""
    with postgresql.fresh_database() as url:
        if migrated:
            migrate(url)
        done = run("serve", environment={**TOKENS, "DATABASE_URL": url, "PORT": "0"}, folder=tmp_path)

    assert done.code == 2
    assert done.err == "fivefifty: DATABASE_URL has no up-to-date schema; run: fivefifty migrate\n"


def test_the_manifest_for_socket_mode_is_whole() -> None:
    """YAML, as Slack takes it."""
    found = yaml.safe_load(run("manifest").out)

    assert found["settings"]["socket_mode_enabled"] is True
    assert found["features"]["slash_commands"][0]["command"] == "/bounce"
    assert "url" not in found["features"]["slash_commands"][0]
    assert found["features"]["shortcuts"][0]["callback_id"] == "diagnose_bounce"
    assert found["features"]["app_home"]["home_tab_enabled"] is True
    assert set(found["oauth_config"]["scopes"]["bot"]) == set(BOT_SCOPES)
    assert found["settings"]["event_subscriptions"]["bot_events"] == list(BOT_EVENTS)


@pytest.mark.parametrize(
    "url",
    ["https://bot.example.org", "https://bot.example.org/", "https://bot.example.org/slack/events"],
)
def test_the_manifest_for_http_has_the_address_everywhere(url: str) -> None:
    """Commands, events and interactivity come to one address."""
    found = json.loads(run("manifest", "--json", "--url", url).out)

    address = "https://bot.example.org/slack/events"
    assert found["features"]["slash_commands"][0]["url"] == address
    assert found["settings"]["event_subscriptions"]["request_url"] == address
    assert found["settings"]["interactivity"]["request_url"] == address
    assert found["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize("url", ["http://bot.example.org", "bot.example.org", "https://", "https://[x/", ""])
def test_a_wrong_address_is_told(url: str) -> None:
    """Slack takes https alone."""
    done = run("manifest", "--url", url)

    assert done.code == 2
    assert "https" in done.err
    assert not done.out


def test_the_manifest_keeps_slacks_limits() -> None:
    """Of docs.slack.dev/reference/app-manifest."""
    found = json.loads(run("manifest", "--json").out)
    about, shortcut = found["display_information"], found["features"]["shortcuts"][0]

    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert len(found["features"]["slash_commands"][0]["description"]) <= 2000


def test_a_workspace_with_our_manifest_gives_all_that_the_bot_uses() -> None:
    """Every scope has its reason, and every event its scope."""
    assert all(reason for reason in BOT_SCOPES.values())
    for event, scope in (("message.channels", "channels:history"), ("reaction_added", "reactions:read")):
        assert event in BOT_EVENTS
        assert scope in BOT_SCOPES


async def _doctor(environment: dict[str, str], folder: Path) -> Run:
    # The local Slack answers in this very loop.
    return await asyncio.to_thread(run, "doctor", environment=environment, folder=folder)


async def test_the_doctor_finds_a_healthy_installation(tmp_path: Path) -> None:
    """Exit code 1 here only for what a test has none of: blocklists."""
    async with (
        NameServer(". 60 IN SOA a. b. 1 60 60 60 60\n") as dns,
        Workspace(scopes=sorted(BOT_SCOPES)) as slack,
    ):
        done = await _doctor(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            },
            tmp_path,
        )

    assert f"ok    SLACK_BOT_TOKEN: fivefifty in {slack.team.name}" in done.out
    assert f"ok    all {len(BOT_SCOPES)} scopes are granted" in done.out
    assert "ok    DATABASE_URL" in done.out
    assert "Traceback" not in done.err
    assert not (tmp_path / "fivefifty.db").exists()


async def test_the_doctor_names_each_missing_scope(tmp_path: Path) -> None:
    """What it is for, and what to do."""
    async with NameServer("") as dns, Workspace(scopes=["chat:write", "commands"]) as slack:
        done = await _doctor(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_API_URL": slack.api_url,
                "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            },
            tmp_path,
        )

    assert done.code == 1
    assert "FAIL  the scope files:read is missing" in done.out
    assert "FAIL  SLACK_SIGNING_SECRET is not set" in done.out
    assert "install the app again" in done.out


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("", "ok    no channel for escalations is chosen"),
        ("#escalations", "ok    escalations go to #escalations (ESCALATION_CHANNEL)"),
        ("random", "ok    escalations go to random (ESCALATION_CHANNEL)"),
        (
            "backroom",
            "FAIL  escalations cannot go to backroom (ESCALATION_CHANNEL): there is no such channel",
        ),
        ("C0NOWHERE", "FAIL  escalations cannot go to C0NOWHERE (ESCALATION_CHANNEL): I do not see"),
    ],
    ids=["none", "in it", "can be joined", "private", "unknown"],
)
async def test_the_doctor_looks_at_the_escalation_channel(channel: str, said: str, tmp_path: Path) -> None:
    """Whether escalations can be posted where they are to go."""
    async with NameServer("") as dns, Workspace(scopes=sorted(BOT_SCOPES)) as slack:
        done = await _doctor(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": "s",
                "SLACK_API_URL": slack.api_url,
                "ESCALATION_CHANNEL": channel,
                "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            },
            tmp_path,
        )

    assert said in done.out
    assert "Traceback" not in done.err


async def test_the_doctor_looks_at_the_chosen_channel(tmp_path: Path) -> None:
    """What the workspace has chosen comes before the default of the installation."""
    url = f"sqlite+aiosqlite:///{tmp_path}/fivefifty.db"
    await asyncio.to_thread(migrate, url)
    async with NameServer("") as dns, Workspace(scopes=sorted(BOT_SCOPES)) as slack:
        engine = make_engine(url)
        settings = WorkspaceSettings(escalation_channel=slack.team.channel("backroom")["id"])
        await save_settings(engine, slack.team.id, settings, who="U1", at=datetime.now(UTC))
        await engine.dispose()
        done = await _doctor(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": "s",
                "SLACK_API_URL": slack.api_url,
                "ESCALATION_CHANNEL": "#escalations",
                "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            },
            tmp_path,
        )

    assert "(chosen in /bounce settings): I do not see that channel" in done.out
    assert "Invite the app there with /invite" in done.out
    assert done.code == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "refused by Slack: invalid_auth"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN opens no connection: "),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached"),
        ({"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:9/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////dev/null/bot.db"}, "its folder is not writable"),
        ({"DNS_SERVERS": "127.0.0.1:9"}, "FAIL  DNS"),
    ],
    ids=["token", "app token", "network", "server", "file", "dns"],
)
async def test_the_doctor_names_what_is_wrong(more: dict[str, str], said: str, tmp_path: Path) -> None:
    """Exit code 1, one line for it and one for the mend; no secret and no traceback."""
    async with NameServer("") as dns, Workspace(scopes=sorted(BOT_SCOPES)) as slack:
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": "s",
            "SLACK_API_URL": slack.api_url,
            "DNS_SERVERS": f"127.0.0.1:{dns.port}",
            **more,
        }
        done = await _doctor(environment, tmp_path)

    assert done.code == 1
    assert said in done.out
    assert "s3cret" not in done.out + done.err
    assert "Traceback" not in done.err
