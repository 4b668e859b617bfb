"""``fivefifty doctor``: what is wrong with this installation, and how is it mended?"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import click
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.core.errors import FivefiftyError, SettingError
from bot.settings import Settings


@click.command()
def doctor() -> None:
    """Check tokens, scopes, the database, the knowledge base, DNS and blocklists.

    Says what to do about each failure. Exit code 1 when something failed.
    """
    settings = Settings.from_environment(os.environ)
    sys.exit(1 if asyncio.run(_examine(settings)) else 0)


async def _examine(settings: Settings) -> int:
    """Print a line for each finding; return how many failed."""
    failed = 0
    for check in (_slack, _socket_mode, _database, _escalations, _knowledge, _dns):
        async for good, line, mend in check(settings):
            failed += not good
            click.echo(f"{'ok  ' if good else 'FAIL'}  {line}")
            if mend:
                click.echo(f"      {mend}")
    if failed:
        click.echo(f"\n{failed} of these need a hand.")
    return failed


Findings = AsyncIterator[tuple[bool, str, str]]
"""Whether it is good, what was found, and what to do about it (empty: nothing)."""


async def _slack(settings: Settings) -> Findings:
    from bot.slack.client import error_name, make_client
    from bot.slack.manifest import BOT_SCOPES

    if settings.slack_bot_token is None:
        yield (
            False,
            "SLACK_BOT_TOKEN is not set",
            "Create the app with `fivefifty manifest`, install it, and copy the Bot User OAuth Token "
            "(xoxb-…). The demo needs none.",
        )
        return
    try:
        found = await make_client(settings.slack_bot_token, settings.slack_api_url).auth_test()
    except SlackApiError as error:
        yield (
            False,
            f"SLACK_BOT_TOKEN is refused by Slack: {error_name(error) or 'no reason given'}",
            "Copy the token again (OAuth & Permissions), or install the app into the workspace again.",
        )
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        yield (
            False,
            f"Slack cannot be reached at {settings.slack_api_url}: {type(error).__name__}",
            "Look at the network, a proxy or a firewall: the program needs https to slack.com.",
        )
        return
    yield True, f"SLACK_BOT_TOKEN: {found.get('user')} in {found.get('team')}", ""
    granted = {scope.strip() for scope in str(found.headers.get("x-oauth-scopes") or "").split(",")} - {""}
    missing = sorted(set(BOT_SCOPES) - granted) if granted else []
    for scope in missing:
        yield (
            False,
            f"the scope {scope} is missing; it is needed {BOT_SCOPES[scope]}",
            "Paste the newest `fivefifty manifest` (App Manifest), then install the app again.",
        )
    if granted and not missing:
        yield True, f"all {len(BOT_SCOPES)} scopes are granted", ""
    if settings.slack_app_token is None:
        yield (
            (True, "SLACK_SIGNING_SECRET is set (Slack offers no way to try it)", "")
            if settings.slack_signing_secret
            else (
                False,
                "SLACK_SIGNING_SECRET is not set",
                "Copy it from Basic Information, or set SLACK_APP_TOKEN for Socket Mode.",
            )
        )


async def _socket_mode(settings: Settings) -> Findings:
    from bot.slack.client import error_name, make_client

    if settings.slack_app_token is None:
        return
    try:
        client = make_client(None, settings.slack_api_url)
        await client.apps_connections_open(app_token=settings.slack_app_token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        yield (
            False,
            f"SLACK_APP_TOKEN opens no connection: {error_name(error) or type(error).__name__}",
            "Turn on Socket Mode, and make an app-level token with the scope connections:write.",
        )
        return
    yield True, "SLACK_APP_TOKEN opens a Socket Mode connection", ""


async def _database(settings: Settings) -> Findings:
    from bot.jobs.database import jobs_are_current
    from bot.tickets.database import make_engine, schema_is_current

    url = make_url(settings.database_url)
    shown = f"DATABASE_URL {url.render_as_string(hide_password=True)}"
    on_server = url.get_backend_name() == "postgresql"
    if not on_server and not _is_file(url.database):
        if _can_be_made(url.database):
            yield True, f"{shown}: the file will be made by `fivefifty serve`", ""
        else:
            yield (
                False,
                f"{shown}: its folder is not writable",
                "Choose another place, or give the right to write.",
            )
        return
    engine = make_engine(settings.database_url)
    try:
        current = await schema_is_current(engine)
        jobs_current = not on_server or await asyncio.to_thread(jobs_are_current, settings.database_url)
    except SettingError as error:
        yield False, str(error), "Set another DATABASE_URL, or mend what it names."
        return
    except Exception as error:
        # Whatever the driver says, the person wants it in one line.
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        yield (
            False,
            f"{shown}: {reason}",
            "Is the server up, are name and password right, may we write there?",
        )
        return
    finally:
        await engine.dispose()
    if current and jobs_current:
        yield True, f"{shown}: reached, with the newest schema", ""
    else:
        mend = "Run: fivefifty migrate" if on_server else "`fivefifty serve` and `fivefifty migrate` mend it."
        yield not on_server, f"{shown}: reached, but the schema is not the newest", mend


async def _escalations(settings: Settings) -> Findings:
    """Can the channel that escalations go to be posted in? What the workspace has chosen comes first."""
    from bot.slack.channels import CHANNEL_ID, channel_named, obstacle
    from bot.slack.client import error_name, make_client

    if settings.slack_bot_token is None:
        return  # told by the check of the token
    client = make_client(settings.slack_bot_token, settings.slack_api_url)
    try:
        team = str((await client.auth_test())["team_id"])
        chosen = await _chosen_channel(settings, team)
        named = chosen or settings.escalation_channel
        source = "chosen in /bounce settings" if chosen else "ESCALATION_CHANNEL"
        if named is None:
            yield True, "no channel for escalations is chosen; whoever escalates is asked for one", ""
            return
        found = named if CHANNEL_ID.match(named) else await channel_named(client, named.lstrip("#").lower())
        if found is None:
            trouble = "there is no such channel, or it is private and I am not in it"
        else:
            trouble = await obstacle(client, found, join=False)
    except SlackApiError as error:
        if error_name(error) not in ("invalid_auth", "account_inactive", "token_revoked", "not_authed"):
            yield (
                False,
                f"the channel for escalations cannot be looked at: {error_name(error) or 'no reason given'}",
                "Add the scopes that are missing, then try again.",
            )
        return
    except (aiohttp.ClientError, TimeoutError, OSError):
        return  # told by the check of the token
    if trouble:
        yield (
            False,
            f"escalations cannot go to {named} ({source}): {trouble}",
            "Invite the app there with /invite, or choose another channel: /bounce settings",
        )
    else:
        yield True, f"escalations go to {named} ({source})", ""


async def _chosen_channel(settings: Settings, team: str) -> str | None:
    """What the workspace has chosen, where there is a database that can say."""
    from bot.tickets.database import make_engine, schema_is_current
    from bot.tickets.workspace import workspace_settings

    url = make_url(settings.database_url)
    if url.get_backend_name() != "postgresql" and not _is_file(url.database):
        return None
    engine = make_engine(settings.database_url)
    try:
        if not await schema_is_current(engine):
            return None
        return (await workspace_settings(engine, team)).escalation_channel
    except (SettingError, DBAPIError, OSError):
        return None  # told by the check of the database
    finally:
        await engine.dispose()


def _is_file(name: str | None) -> bool:
    return Path(name or "").is_file()


def _can_be_made(name: str | None) -> bool:
    """Whether a file of this name could be made, folders above it included."""
    for folder in Path(name or "").absolute().parents:
        if folder.exists():
            return folder.is_dir() and os.access(folder, os.W_OK)
    return False


async def _knowledge(settings: Settings) -> Findings:
    from bot.catalogue.load import load_catalogue

    try:
        catalogue = await asyncio.to_thread(load_catalogue, settings.knowledge_dir)
    except FivefiftyError as error:
        yield False, f"the knowledge base cannot be loaded: {error}", "Run: fivefifty knowledge lint"
        return
    yield (
        True,
        f"the knowledge base has {len(catalogue.causes)} causes, {len(catalogue.variants)} wordings",
        "",
    )


async def _dns(settings: Settings) -> Findings:
    from bot.catalogue.load import load_catalogue
    from bot.lookups.probe import probe_dns

    try:
        catalogue = await asyncio.to_thread(load_catalogue, settings.knowledge_dir)
    except FivefiftyError:
        # Told by the check of the knowledge base, which also says which lists there are.
        return
    for probe in await probe_dns(settings, catalogue):
        yield probe.good, probe.text, probe.mend
