"""How does Slack say no?

A refusal is Slack's own error string, and where Slack gives them, messages that point at the fault.
"""

from typing import Any


class Refusal(Exception):
    """A call that Slack would refuse. ``error`` is Slack's string, such as ``channel_not_found``."""

    def __init__(self, error: str, *messages: str, **more: Any) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = messages
        self.more = more

    def body(self) -> dict[str, Any]:
        """The JSON object that Slack answers with."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body
