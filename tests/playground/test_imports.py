"""The stand-in for Slack and the bot know nothing of each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent
PLAYGROUND = ROOT / "playground"


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", sorted(PLAYGROUND.rglob("*.py")), ids=lambda path: path.stem)
def test_the_playground_imports_nothing_from_the_bot(path: Path) -> None:
    """Nor Slack's own packages: a fault in them would not be seen."""
    foreign = [
        name
        for name in imported(path)
        if (name.startswith("bot.") and not name.startswith("bot.playground")) or name.startswith("slack_")
    ]

    assert foreign == []


def test_the_demo_alone_imports_the_playground() -> None:
    """What runs in production carries none of it."""
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if PLAYGROUND not in path.parents
        and any(name.startswith("bot.playground") for name in imported(path))
    }

    assert importers == {"demo.py"}
