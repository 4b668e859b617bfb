"""What does Slack have to know about the app? Its manifest, as api.slack.com/apps takes it.

https://docs.slack.dev/reference/app-manifest
"""

from typing import Any

BOT_SCOPES: dict[str, str] = {
    "app_mentions:read": "to answer when it is mentioned",
    "channels:history": "to read what is pasted in public channels that it is in",
    "channels:join": "to join the public channel that escalations go to",
    "channels:read": "to know the channels' names",
    "chat:write": "to answer",
    "commands": "for /bounce and the message shortcut",
    "files:read": "to read bounces that are uploaded as files",
    "groups:history": "to read what is pasted in private channels that it is in",
    "groups:read": "to know the private channels' names",
    "im:history": "to read direct messages to it",
    "im:read": "to know its direct messages",
    "im:write": "to tell one person something",
    "metadata.message:read": "to find its own answer before it posts again",
    "mpim:history": "to read what is pasted in group messages that it is in",
    "mpim:read": "to know the group messages that it is in",
    "reactions:read": "to be asked with the reaction :mag:",
    "team:read": "to name the workspace",
    "usergroups:read": "to know who is in the on-call group",
    "users:read": "to know names, administrators and guests",
}
"""Each scope of the bot, and why it is asked for."""

BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "file_shared",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)

_LONG_DESCRIPTION = (
    "Paste a bounced e-mail into a channel, send it as an .eml file, or react to a message with :mag:. "
    "fivefifty reads the error, looks at live DNS and blocklists, and answers in the thread: what happened, "
    "who has to act, and the steps that solve it, with the evidence. When that does not help, a ticket with "
    "everything known goes to the people who can."
)


def manifest(url: str | None = None) -> dict[str, Any]:
    """Return the manifest: with ``url`` (https, without a path) for HTTP, without for Socket Mode."""
    address = {} if url is None else {"request_url": f"{url}/slack/events"}
    command: dict[str, Any] = {
        "command": "/bounce",
        "description": "Explain a bounced e-mail",
        "usage_hint": "[text of the bounce | explain 5.7.26 | check example.org | watch example.org | tickets | help]",
        "should_escape": False,
    }
    if url is not None:
        command["url"] = f"{url}/slack/events"
    return {
        "display_information": {
            "name": "fivefifty",
            "description": "Explains bounced e-mail: what happened, who has to act, what to do.",
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "fivefifty", "always_online": True},
            "shortcuts": [
                {
                    "name": "Diagnose bounce",
                    "type": "message",
                    "callback_id": "diagnose_bounce",
                    "description": "Explain the bounced e-mail in this message",
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": sorted(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
