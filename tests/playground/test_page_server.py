"""Who may use the page's addresses, and what they refuse."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.page import Page
from bot.playground.workspace import Workspace

OURS = {"X-Playground": "1"}


@pytest.fixture
async def served() -> AsyncIterator[Workspace]:
    """A workspace with its page; no bot listens."""
    slack = Workspace(request_url="http://127.0.0.1:9/slack/events", retry_delays=(), ack_seconds=0.2)
    page = Page(slack=slack, switchers=["alice", "bob"])
    slack.extra_routes = page.routes()
    await slack.start()
    yield slack
    page.close()
    await slack.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def do(http: aiohttp.ClientSession, slack: Workspace, **wanted: Any) -> dict[str, Any]:
    async with http.post(f"{slack.url}/page/do", json=wanted, headers=OURS) as answer:
        body: dict[str, Any] = await answer.json()
        return body


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/page/state", "/page/events", "/page/file/F0"])
async def test_another_host_name_is_turned_away(
    served: Workspace, http: aiohttp.ClientSession, path: str
) -> None:
    """A web site whose name leads to 127.0.0.1 (DNS rebinding) reads nothing."""
    async with http.get(f"{served.url}{path}", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Playground": "1", "Origin": "https://evil.example"}, {"X-Playground": "1", "Origin": "null"}],
    ids=["a plain form", "another site", "a sandboxed frame"],
)
async def test_another_site_cannot_act(
    served: Workspace, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    """Only the page's own requests are carried out."""
    wanted = {"do": "post", "user": "alice", "channel": "support", "text": "forged"}
    async with http.post(f"{served.url}/page/do", json=wanted, headers=headers) as answer:
        assert answer.status == 403
    assert not served.messages("support")


async def test_the_page_may_load_nothing_from_elsewhere(
    served: Workspace, http: aiohttp.ClientSession
) -> None:
    """The content security policy allows the page's own scripts and styles alone."""
    async with http.get(served.url) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["../page.py", "..%2Fpage.py", "page.py", "nothing.js", ".hidden.js"])
async def test_only_the_pages_own_files_are_served(
    served: Workspace, http: aiohttp.ClientSession, name: str
) -> None:
    """No way out of the folder."""
    async with http.get(f"{served.url}/static/{name}") as answer:
        assert answer.status == 404


async def test_a_file_is_saved_and_never_shown(served: Workspace, http: aiohttp.ClientSession) -> None:
    """Whatever a file claims to be, the browser gets bytes to save."""
    post = await served.upload("alice", "support", "x.html", b"<script>alert(1)</script>")
    async with http.get(f"{served.url}/page/file/{post.body['files'][0]['id']}") as answer:
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.content_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"do": "dance"}, "unknown action"),
        ({"do": "post", "channel": "support", "text": "  "}, "empty"),
        ({"do": "post", "channel": "nowhere", "text": "x"}, "no channel"),
        ({"do": "post", "channel": "support"}, "text"),
        ({"do": "slash", "channel": "support", "text": "/bounce x", "thread_ts": "1.1"}, "in threads"),
        ({"do": "edit", "channel": "C0SUPPORT", "ts": "1.1", "text": "x"}, "gone"),
        ({"do": "click", "channel": "C0SUPPORT", "ts": "1.1", "block_id": "b", "action_id": "a"}, "gone"),
        ({"do": "submit", "view": "V0"}, "not open"),
        ({"do": "control", "name": "volume", "value": 11}, "no such switch"),
    ],
    ids=["unknown", "empty", "no channel", "no text", "in a thread", "edit", "click", "submit", "switch"],
)
async def test_what_cannot_be_done_is_said(
    served: Workspace, http: aiohttp.ClientSession, wanted: dict[str, Any], words: str
) -> None:
    """One sentence for the person, and the page goes on."""
    answer = await do(http, served, user="alice", **wanted)

    assert answer["ok"] is False
    assert words in answer["error"]


async def test_another_persons_message_cannot_be_changed(
    served: Workspace, http: aiohttp.ClientSession
) -> None:
    """Neither edited nor deleted."""
    post = await served.post("bob", "support", "mine")
    for what in ("edit", "delete"):
        answer = await do(http, served, do=what, user="alice", channel=post.channel, ts=post.ts, text="yours")
        assert answer["ok"] is False

    assert served.now(post).text == "mine"


def buttons(*values: str) -> list[dict[str, Any]]:
    """A row of buttons with one action id, without a block id: each message gets another one."""
    label = {"type": "plain_text", "text": "Press"}
    return [
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "go", "text": label, "value": value} for value in values
            ],
        }
    ]


@pytest.mark.parametrize(
    ("there_now", "told"), [(("7",), True), (("7", "8"), False), ((), False)], ids=["one", "two", "none"]
)
async def test_a_press_reaches_a_message_that_was_replaced_meanwhile(
    served: Workspace, http: aiohttp.ClientSession, there_now: tuple[str, ...], told: bool
) -> None:
    """The page knew the block ids of before. Of several buttons with one action id, none is guessed."""
    team = served.team
    before = served.world.post(
        team, team.channel("support"), bot=served.world.bot_author(team), text="x", blocks=buttons("7")
    )
    press = {"channel": before["channel"], "ts": before["ts"], "block_id": before["blocks"][0]["block_id"]}
    blocks = buttons(*there_now) if there_now else []
    served.world.update(team, before, {"text": "y", "blocks": blocks})
    answer = await do(http, served, do="click", user="alice", action_id="go", **press)

    assert ("not there any more" in answer["error"]) is not told
    assert ("did not take this" in answer["error"]) is told


async def test_a_bot_that_does_not_answer_is_told_to_the_person(
    served: Workspace, http: aiohttp.ClientSession
) -> None:
    """As Slack shows it."""
    answer = await do(http, served, do="slash", user="alice", channel="support", text="/bounce help")

    assert answer["ok"] is False
    assert "dispatch_failed" in served.ephemerals("alice")[0].text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\x00"], ids=["nothing", "a list", "half", "bytes"])
async def test_bodies_that_are_no_action_break_nothing(
    served: Workspace, http: aiohttp.ClientSession, body: bytes
) -> None:
    """A clear answer, and the server lives."""
    headers = {**OURS, "Content-Type": "application/json"}
    async with http.post(f"{served.url}/page/do", data=body, headers=headers) as answer:
        assert answer.status == 200
        assert (await answer.json())["ok"] is False
