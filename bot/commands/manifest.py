"""``fivefifty manifest``: what do I paste when I create the Slack app?"""

import json
from urllib.parse import urlsplit

import click
import yaml

from bot.slack.manifest import manifest as manifest_of


@click.command()
@click.option(
    "--url", metavar="URL", help="Where Slack reaches the program, such as https://bot.example.org."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def manifest(url: str | None, as_json: bool) -> None:
    """Print the manifest to paste at api.slack.com/apps, Create New App, From a manifest.

    With --url the app is for HTTP, without it for Socket Mode.
    """
    found = manifest_of(None if url is None else _base(url))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo(yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=100), nl=False)


def _base(url: str) -> str:
    """The URL without a path: Slack takes https alone, and our path is known."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme != "https" or parts.username or parts.query or parts.fragment:
        takes = "it takes an https URL such as https://bot.example.org"
        raise click.BadParameter(f"got {url[:100]!r}; {takes}", param_hint="--url")
    path = parts.path.rstrip("/").removesuffix("/slack/events")
    return f"https://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}{path}"
