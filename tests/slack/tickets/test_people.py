"""Who may do what: members, guests, strangers, agents, admins."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import TicketError
from bot.slack.listeners.tickets.people import People
from bot.tickets.workspace import WorkspaceSettings

USERS: dict[str, dict[str, Any]] = {
    "UMEMBER": {"team_id": "T1", "real_name": "Mia Member", "tz": "Europe/Berlin"},
    "UAGENT": {"team_id": "T1"},
    "UADMIN": {"team_id": "T1", "is_admin": True},
    "UOWNER": {"team_id": "T1", "is_owner": True},
    "UGUEST": {"team_id": "T1", "is_restricted": True},
    "USINGLE": {"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True},
    "USTRANGER": {"team_id": "T2", "is_stranger": True},
    "UOTHER": {"team_id": "T2"},
    "UGRID": {"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}},
    "UGONE": {"team_id": "T1", "deleted": True},
    "UBOT": {"team_id": "T1", "is_bot": True},
    "UBADADMIN": {"team_id": "T2", "is_admin": True},
}


class FakeSlack(AsyncWebClient):
    """Says who people are, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-fake")
        self.asked = 0

    async def users_info(self, *, user: str, **_: Any) -> Any:
        self.asked += 1
        if user == "UBROKEN":
            raise SlackApiError("no", {"ok": False, "error": "missing_scope"})
        if user not in USERS:
            raise SlackApiError("no", {"ok": False, "error": "user_not_found"})
        return {"user": USERS[user]}

    async def usergroups_users_list(self, *, usergroup: str, **_: Any) -> Any:
        if usergroup == "SGONE":
            raise SlackApiError("no", {"ok": False, "error": "no_such_subteam"})
        return {"users": ["UAGENT", "UGUEST", "USTRANGER"]}


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def people(slack: FakeSlack) -> People:
    return People(lambda team: slack)


@pytest.mark.parametrize(
    ("user", "member"),
    [
        ("UMEMBER", True),
        ("UADMIN", True),
        ("UGRID", True),
        ("UGUEST", False),
        ("USINGLE", False),
        ("USTRANGER", False),
        ("UOTHER", False),
        ("UGONE", False),
        ("UBOT", False),
        ("UUNKNOWN", False),
        ("UBADADMIN", False),
    ],
)
async def test_members(people: People, user: str, member: bool) -> None:
    """Full members of this very workspace, and nobody else."""
    assert (await people.person("T1", user)).member is member


@pytest.mark.parametrize(
    ("user", "group", "may"),
    [
        ("UMEMBER", None, True),
        ("UGUEST", None, False),
        ("UAGENT", "S1", True),
        ("UMEMBER", "S1", False),
        ("UADMIN", "S1", True),
        ("UGUEST", "S1", False),
        ("USTRANGER", "S1", False),
        ("UMEMBER", "SGONE", False),
        ("UADMIN", "SGONE", True),
    ],
)
async def test_agents(people: People, user: str, group: str | None, may: bool) -> None:
    """Every full member, or the members of the chosen group and the admins; never a guest."""
    settings = WorkspaceSettings(agents_group=group)
    if may:
        await people.needs_agent("T1", user, settings)
    else:
        with pytest.raises(TicketError):
            await people.needs_agent("T1", user, settings)


@pytest.mark.parametrize(
    ("user", "group", "may"),
    [
        ("UADMIN", None, True),
        ("UOWNER", None, True),
        ("UMEMBER", None, False),
        ("UAGENT", "S1", True),
        ("UGUEST", "S1", False),
        ("UBADADMIN", None, False),
        ("UMEMBER", "SGONE", False),
    ],
)
async def test_settings(people: People, user: str, group: str | None, may: bool) -> None:
    """Admins of this workspace, and the group that they have chosen."""
    assert await people.may_set("T1", user, WorkspaceSettings(settings_group=group)) is may


async def test_slack_that_does_not_say(people: People) -> None:
    """Nobody is let in on a guess."""
    with pytest.raises(TicketError, match="did not tell me who you are"):
        await people.needs_member("T1", "UBROKEN")


async def test_it_is_asked_once_a_minute(people: People, slack: FakeSlack) -> None:
    """Ten clicks of one person are one question to Slack; a failure is not remembered."""
    for _ in range(10):
        await people.person("T1", "UMEMBER")
    for _ in range(2):
        with pytest.raises(TicketError):
            await people.person("T1", "UBROKEN")

    assert slack.asked == 3


async def test_names_in_forms(people: People) -> None:
    """Forms show no mentions, so names stand there; who cannot be named is somebody else."""
    said = "claimed by <@UMEMBER>, not <@UBROKEN> or <@UUNKNOWN>"

    assert await people.in_words("T1", said) == "claimed by Mia Member, not somebody else or somebody else"
