"""How is a file or a ``response_url`` reached without being sent elsewhere?

Addresses come from outside. Our token goes to Slack's own hosts and to the host of SLACK_API_URL alone,
over https there; redirects are not followed.
"""

from urllib.parse import urlsplit

import aiohttp

from bot.core.errors import InputError

MAX_BYTES = 5 * 1024 * 1024
"""More of a file is not read. The report stands at the beginning of a bounce, the returned mail behind it."""
_SLACK_HOSTS = (
    "slack.com",
    "slack-files.com",
    "slack-edge.com",
    "slack-gov.com",
    "slack-files-gov.com",
)
_CHUNK = 65_536


def is_slack_address(url: str, api_url: str) -> bool:
    """Return True for an https address of Slack's, or one at the very scheme, host and port of
    ``api_url``."""
    try:
        parts, ours = urlsplit(url), urlsplit(api_url)
        same_place = (parts.scheme, parts.hostname, parts.port) == (ours.scheme, ours.hostname, ours.port)
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or not parts.hostname:
        return False
    if same_place:
        return True
    host = parts.hostname.lower()
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and any(host == known or host.endswith("." + known) for known in _SLACK_HOSTS)
    )


async def download(session: aiohttp.ClientSession, url: str, *, token: str, api_url: str) -> bytes:
    """Return a file's first 5 MB. Raises InputError for a place that is not Slack's or that gives no file,
    aiohttp.ClientError and TimeoutError for what may work later."""
    if not is_slack_address(url, api_url):
        raise InputError("the file does not lie at Slack")
    timeout = aiohttp.ClientTimeout(total=30, connect=5)
    headers = {"Authorization": f"Bearer {token}"}
    async with session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
        if response.status == 429 or response.status >= 500:
            response.raise_for_status()
        # Without the scope files:read Slack sends people to its sign-in page.
        if response.status != 200:
            raise InputError(f"Slack does not give the file (HTTP {response.status})")
        found = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            found += chunk
            if len(found) >= MAX_BYTES:
                break
    return bytes(found[:MAX_BYTES])


async def respond(
    session: aiohttp.ClientSession, response_url: str, message: dict[str, object], *, api_url: str
) -> None:
    """Send a message to a ``response_url``. Raises InputError when it is not Slack's or no longer valid,
    aiohttp.ClientError and TimeoutError for what may work later."""
    if not is_slack_address(response_url, api_url):
        raise InputError("the response_url does not lie at Slack")
    timeout = aiohttp.ClientTimeout(total=20, connect=5)
    async with session.post(response_url, json=message, timeout=timeout, allow_redirects=False) as response:
        if response.status == 429 or response.status >= 500:
            response.raise_for_status()
        if response.status != 200:
            raise InputError(f"Slack does not take the response (HTTP {response.status})")
