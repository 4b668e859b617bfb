"""Which buttons, forms and shortcuts has the bot, and which of them did a test press?

A test says with ``@pytest.mark.presses("ticket_claim", "resolve_form")`` what it presses: action_ids of buttons and
selects, callback_ids of forms that are sent and of shortcuts. The ``demo`` fixture looks at what reached the bot,
so that nothing is claimed that was not pressed.
"""

import ast
import importlib
import inspect
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bot.slack
from bot.playground.delivery import Delivered
from bot.playground.forms import elements
from bot.playground.server import ApiCall

SLACK = Path(bot.slack.__file__).parent
MINE = Path(__file__).parent


def listened() -> set[str]:
    """Every action_id and callback_id that a listener of the bot waits for, read from its source."""
    found: set[str] = set()
    for path in sorted(SLACK.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            if ast.unparse(node.func) in ("app.action", "app.view", "app.shortcut"):
                found.add(_constraint(node.args[0], path))
    return found


def claimed() -> set[str]:
    """Everything that a browser test says it presses. A claim counts only where the fixture looks after it."""
    found: set[str] = set()
    for path in sorted(MINE.glob("test_*.py")):
        module = importlib.import_module(f"{__package__}.{path.stem}")
        for function in vars(module).values():
            for mark in getattr(function, "pytestmark", ()) if inspect.isfunction(function) else ():
                if mark.name == "presses":
                    assert "demo" in inspect.signature(function).parameters, function.__name__
                    found |= set(mark.args)
    return found


def pressed(deliveries: Sequence[Delivered]) -> set[str]:
    """What reached the bot and was taken; a form that came back with complaints was not sent."""
    return {
        name
        for each in deliveries
        if each.replies and each.replies[-1].ok
        for name in _names(each.payload)
        if each.replies[-1].json.get("response_action") != "errors"
    }


def untaken(deliveries: Sequence[Delivered]) -> list[str]:
    """What people pressed and the bot did not take within Slack's three seconds."""
    return [
        f"{name}: {[reply.reason for reply in each.replies]}"
        for each in deliveries
        for name in _names(each.payload)
        if each.replies and not each.replies[-1].ok
    ]


def offered(calls: Sequence[ApiCall]) -> set[str]:
    """Every action_id and form that the bot has put before people."""
    found: set[str] = set()
    for call in calls:
        view = _structure(call.arguments.get("view")) or {}
        blocks = _structure(call.arguments.get("blocks")) or view.get("blocks") or []
        if view.get("submit"):
            found.add(view["callback_id"])
        for block, element in elements(blocks):
            if block["type"] != "input" or block.get("dispatch_action"):
                found.add(element.get("action_id", f"a {element['type']} without a name"))
    return found


def _constraint(argument: ast.expr, path: Path) -> str:
    """A listener's constraint: a word, a name of its module, or a dict with a callback_id."""
    module = importlib.import_module(
        ".".join((bot.slack.__name__, *path.relative_to(SLACK).with_suffix("").parts))
    )
    value = eval(compile(ast.Expression(argument), str(path), "eval"), vars(module))  # noqa: S307 - our own source
    return str(value["callback_id"] if isinstance(value, dict) else value)


def _names(payload: dict[str, Any]) -> Iterator[str]:
    match payload.get("type"):
        case "block_actions":
            yield from (action["action_id"] for action in payload["actions"])
        case "view_submission":
            yield payload["view"]["callback_id"]
        case "message_action":
            yield payload["callback_id"]


def _structure(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
