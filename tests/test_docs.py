"""Do the docs name everything there is? Each command, variable, cause, button, metric and field."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot.catalogue.contract import CAUSES
from bot.catalogue.load import load_catalogue
from bot.cli import cli
from bot.core.model import Answer, Diagnosis, Facts, Link, Outcome, Party, Question, Reader, Result
from bot.core.wire import as_json
from bot.diagnose import Diagnoser
from bot.lookups.asker import CHECKS
from bot.settings import Settings
from bot.slack.manifest import BOT_SCOPES, manifest
from bot.slack.posts import FILE_NAMES
from bot.web.metrics import Metrics
from tests.browser import images

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.glob("*.md"), *DOCS.glob("decisions/*.md"), *ROOT.glob("*.md"), ROOT / "knowledge" / "README.md"]
)
VARIABLES = sorted(field.name.upper() for field in fields(Settings))


FULL = Diagnosis(
    bounce=True,
    results=(
        Result(
            cause="no-such-user",
            family="recipient",
            party=Party.SENDER,
            confidence=0.9,
            facts=Facts(),
            alternatives=(("mailbox-full", 0.1),),
        ),
    ),
    title="",
    summary="",
    steps_by={Reader.WRITER: ("",)},
    links=(Link(title="", url=""),),
    evidence=(Answer(question=Question(check="mx", subject=""), outcome=Outcome.FOUND, detail=""),),
)
"""A diagnosis with one of everything."""


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Each command that people can call, with its words."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"fivefifty {name} {inner}", command.commands[inner]) for inner in command.commands)
        elif command is not None:
            yield f"fivefifty {name}", command


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables, by the first code word of each."""
    found = {}
    for line in text.splitlines():
        name = re.match(r"\| `([^`]+)`", line)
        if name:
            found[name.group(1)] = [cell.strip() for cell in line.strip("|").split("|")]
    return found


@pytest.mark.parametrize(
    ("words", "command"), [*commands()], ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_every_command_is_in_the_docs(words: str, command: click.Command) -> None:
    """With each of its options in the same row of operations.md."""
    row = rows(page("operations.md")).get(words)

    assert row is not None, f"docs/operations.md: a row for {words} is missing under The commands"
    for option in _options(command):
        assert f"`{option}`" in row[1], f"docs/operations.md: {words} has {option}"


def test_no_command_of_the_docs_is_gone() -> None:
    """What the table names can be called."""
    named = {name for name in rows(page("operations.md")) if name.startswith("fivefifty ")}

    assert named == {words for words, _ in commands()}


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_variable_is_in_the_docs_and_the_example(variable: str) -> None:
    """In the table of operations.md, and as an empty line of .env.example."""
    example = (ROOT / ".env.example").read_text("utf-8").splitlines()

    assert variable in rows(page("operations.md")), f"docs/operations.md: a row for {variable} is missing"
    assert f"{variable}=" in example, f".env.example: {variable}= is missing"


def test_the_example_names_no_variable_that_is_not_read() -> None:
    """A name with a typing mistake would silently do nothing."""
    example = (ROOT / ".env.example").read_text("utf-8")

    assert sorted(re.findall(r"^(\w+)=", example, re.MULTILINE)) == VARIABLES


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_defaults_of_the_docs_are_true(variable: str) -> None:
    """The second column of the table is what an empty environment gives."""
    default = getattr(Settings.from_environment({}), variable.lower())
    shown = rows(page("operations.md"))[variable][1].strip("`")
    plain = {False: "off", (): "", None: ""}.get(default, str(default))

    assert shown == plain.replace("sqlite+aiosqlite", "sqlite")


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_in_the_docs(cause: str) -> None:
    """docs/causes.md has a part for it; `make page` writes that."""
    assert f"### {cause}\n" in page("causes.md"), "run: make page"


def test_every_word_of_the_slash_command_is_in_the_guide() -> None:
    """Support people read the guide, not the code."""
    listeners = (ROOT / "bot" / "slack" / "listeners").rglob("*.py")
    registered = {
        word for path in listeners for word in re.findall(r'\bword\("(\w+)"\)', path.read_text("utf-8"))
    }

    assert {"help", "explain", "check", "tickets", "ticket"} <= registered
    for word in sorted(registered):
        assert f"`/bounce {word}" in page("guide.md"), f"docs/guide.md: /bounce {word} is missing"


def test_every_button_is_in_the_guide() -> None:
    """Each label of a button on a message, save those that only turn pages or open a card."""
    blocks = (ROOT / "bot" / "slack" / "blocks").rglob("*.py")
    source = "\n".join(path.read_text("utf-8") for path in blocks)
    labels = {
        *re.findall(r't\.button\(\s*"([^"]+)"', source),
        *re.findall(r'\("([A-Z][^"]+)", "(?:ticket|correction|reply)_\w+"\)', source),
    }
    labels -= {"Show", "Older ones", "Refresh", "Share here"}

    assert {"Escalate", "Claim", "Confirm correction"} <= labels
    for label in sorted(labels):
        assert label in page("guide.md"), f"docs/guide.md: the button {label} is missing"


def test_every_kind_of_file_is_in_the_guide() -> None:
    """What may be dropped into Slack."""
    for ending in FILE_NAMES:
        assert f"`{ending}`" in page("guide.md"), f"docs/guide.md: files of the kind {ending}"


def test_every_scope_is_in_the_docs() -> None:
    """An admin who approves the app wants to know why."""
    for scope in BOT_SCOPES:
        assert f"`{scope}`" in page("operations.md"), f"docs/operations.md: the scope {scope} is missing"


def test_the_shortcut_is_called_in_the_guide_what_slack_calls_it() -> None:
    """People look for the very words."""
    (shortcut,) = manifest()["features"]["shortcuts"]

    assert f"*{shortcut['name']}*" in page("guide.md")


def test_the_example_of_an_own_wording_works(tmp_path: Path) -> None:
    """People copy it: it is sound, and its answer is the one that it says."""
    (example,) = re.findall(r"```yaml\n# (\S+) in your folder\n(.*?)```", page("operations.md"), re.DOTALL)
    file = tmp_path / example[0]
    file.parent.mkdir(parents=True)
    file.write_text(example[1], "utf-8")
    reply = yaml.safe_load(example[1])["variants"][0]["example"]
    diagnoser = Diagnoser(load_catalogue(tmp_path))
    (result,) = diagnoser.first(diagnoser.read(reply)).results

    assert (result.cause, result.variant, result.party) == (
        "policy-violation",
        "acme-gateway-hold",
        Party.SENDER,
    )


def test_every_metric_is_in_the_docs() -> None:
    """And no other."""
    exposed = Metrics().render().decode()
    names = set(re.findall(r"^# TYPE (fivefifty_\w+) (?:counter|gauge|histogram)", exposed, re.MULTILINE))
    names = {name for name in names if not name.endswith("_created")}

    assert {name for name in rows(page("operations.md")) if name.startswith("fivefifty_")} == names


@pytest.mark.parametrize("address", ["/slack/events", "/healthz", "/readyz", "/metrics"])
def test_every_address_is_in_the_docs(address: str) -> None:
    """What the program listens to, as bot/web/server.py has it."""
    assert f'"{address}"' in (ROOT / "bot" / "web" / "server.py").read_text("utf-8")
    assert f"{address}`" in page("operations.md")


def test_the_example_of_the_json_has_every_field_and_no_other() -> None:
    """The object in json.md is laid out as ``as_json`` lays it out."""
    example = json.loads(re.findall(r"```json\n(.*?)```", page("json.md"), re.DOTALL)[0])

    assert _layout(example) == _layout(as_json(FULL))


@pytest.mark.parametrize("word", [*sorted(CHECKS), *(outcome.value for outcome in Outcome)])
def test_every_check_and_outcome_is_in_the_docs(word: str) -> None:
    """json.md lists what ``check`` and ``outcome`` may hold."""
    assert f"`{word}`" in page("json.md")


def test_every_field_of_the_json_has_a_row() -> None:
    """A field without a word on it is a riddle."""
    names = {name for path in _layout(as_json(FULL)) for name in path}

    for name in sorted(names - {"url"}):
        assert f"`{name}`" in page("json.md"), f"docs/json.md: the field {name} is missing"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    """Files and pictures that a page names are there, and so are the headings."""
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    targets = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'(?:src|srcset)="([^"]+)"', text)]

    for target in targets:
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, heading = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), f"{path.name}: {target} is not there"
        if heading:
            assert heading in _anchors(file.read_text("utf-8")), f"{path.name}: no heading {target}"


@pytest.mark.parametrize("colour", ["light", "dark"])
def test_every_picture_is_shown(colour: str) -> None:
    """Each picture that ``make images`` makes stands in a page, in both colours."""
    made = {f"answer-{cause}-{colour}.webp" for cause in images.CAUSES} | {f"playground-{colour}.webp"}
    text = "\n".join(path.read_text("utf-8") for path in PAGES)
    kept = {path.name for path in (ROOT / "docs/images").glob(f"*-{colour}.webp")}

    assert kept == made
    assert {name for name in made if f"images/{name}" not in text} == set()


def _options(command: click.Command) -> Iterator[str]:
    """The name of each option to be told: the long one where there is one."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield max(parameter.opts, key=len)


def _layout(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """All paths of keys in an object; the entries of a list are one."""
    if isinstance(value, dict):
        return {(*path, key) for key in value} | {
            found for key, inner in value.items() for found in _layout(inner, (*path, key))
        }
    if isinstance(value, list):
        return {found for inner in value for found in _layout(inner, path)}
    return set()


def _anchors(text: str) -> set[str]:
    """The anchors that code hosts make of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
