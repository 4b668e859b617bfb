"""``fivefifty diagnose``: what happened to this mail?"""

import json
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import click

from bot.catalogue.load import load_catalogue
from bot.commands.environment import asker, settings, standard_input
from bot.core.errors import InputError
from bot.core.model import Diagnosis
from bot.core.wire import as_json
from bot.diagnose import Diagnoser
from bot.settings import Settings

MAX_BYTES = 32 * 1024 * 1024
"""More of one input is not read: the longest mail that big providers take is about 25 MB."""
UNREADABLE_EXIT = 2
NOT_A_BOUNCE_EXIT = 3


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--json", "one_object", is_flag=True, help="Print one JSON object for each input, one a line.")
@click.option(
    "--jsonl",
    "rows",
    is_flag=True,
    help='Read rows {"id", "text"} or {"id", "file"} and print one result a line.',
)
@click.option("--offline", is_flag=True, help="Look nothing up.")
@click.option("--explain", "why", is_flag=True, help="Show which signals spoke for which cause.")
def diagnose(files: tuple[str, ...], one_object: bool, rows: bool, offline: bool, why: bool) -> None:
    """Diagnose a bounce: a text, a log line or a whole mail (.eml).

    FILE is read, or standard input when there is none or it is "-". Exit code 3 means that the one
    input is not a bounce.
    """
    current = settings()
    diagnoser = Diagnoser(load_catalogue(current.knowledge_dir))
    if rows:
        work = _run_rows(files, diagnoser, current, offline=offline)
    else:
        work = _run(files, diagnoser, current, offline=offline, one_object=one_object, why=why)
    sys.exit(_finish(work, offline=offline))


def _finish(work: Coroutine[None, None, int], *, offline: bool) -> int:
    """Run to the end. Offline nothing waits for the network: no event loop is loaded, a tenth of a start."""
    if not offline:
        import asyncio

        return asyncio.run(work)
    try:
        work.send(None)
    except StopIteration as done:
        return int(done.value)
    raise RuntimeError("something waited while offline")


async def _run(
    files: tuple[str, ...],
    diagnoser: Diagnoser,
    current: Settings,
    *,
    offline: bool,
    one_object: bool,
    why: bool,
) -> int:
    if not files and standard_input().isatty():
        click.echo("Paste the bounce, then press Ctrl-D:", err=True)
    bounces = []
    unreadable = False
    async with asker(current, diagnoser.catalogue, offline=offline) as ask:
        for name in files or ("-",):
            try:
                data = _read(name)
            except InputError as error:
                # The other files are read all the same.
                unreadable = True
                click.echo(f"fivefifty: {error}", err=True)
                continue
            diagnosis = await diagnoser.diagnose(data, ask)
            bounces.append(diagnosis.bounce)
            problem = _problem(data)
            if one_object:
                click.echo(json.dumps(as_json(diagnosis), ensure_ascii=False))
            elif diagnosis.bounce:
                _print(diagnosis, diagnoser, data, why=why)
            if not diagnosis.bounce:
                click.echo(
                    f"fivefifty: {'standard input' if name == '-' else name}: {problem or diagnosis.title[:1].lower() + diagnosis.title[1:]}; "
                    "give the text of the reply, or the whole mail saved as .eml",
                    err=True,
                )
    if unreadable:
        return UNREADABLE_EXIT
    return 0 if len(bounces) > 1 or bounces[0] else NOT_A_BOUNCE_EXIT


async def _run_rows(files: tuple[str, ...], diagnoser: Diagnoser, current: Settings, *, offline: bool) -> int:
    failed = False
    async with asker(current, diagnoser.catalogue, offline=offline) as ask:
        for name in files or ("-",):
            folder = Path() if name == "-" else Path(name).parent
            for number, line in enumerate(_lines(name), 1):
                if not line.strip():
                    continue
                row_id: Any = None
                try:
                    row_id, data = _row(line, folder)
                    diagnosis = await diagnoser.diagnose(data, ask)
                    result = {**as_json(diagnosis), "id": row_id}
                except _RowError as error:
                    failed = True
                    result = {"id": error.row_id, "error": {"line": number, "message": str(error)}}
                click.echo(json.dumps(result, ensure_ascii=False))
    return 1 if failed else 0


class _RowError(Exception):
    """One row cannot be used; the others go on."""

    def __init__(self, message: str, row_id: Any = None) -> None:
        super().__init__(message)
        self.row_id = row_id


def _row(line: bytes, folder: Path) -> tuple[Any, str | bytes]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise _RowError("not JSON") from None
    if not isinstance(row, dict):
        raise _RowError('not an object; a row is {"id": …, "text": …} or {"id": …, "file": …}')
    row_id = row.get("id")
    if isinstance(row.get("text"), str):
        return row_id, row["text"]
    if isinstance(row.get("file"), str):
        try:
            return row_id, _read_file(folder / row["file"])
        except InputError as error:
            raise _RowError(str(error), row_id) from None
    raise _RowError('neither "text" nor "file" is a text', row_id)


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from standard_input()
        return
    try:
        with Path(name).open("rb") as file:
            yield from file
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(name, error)) from None


def _read(name: str) -> bytes:
    if name == "-":
        return standard_input().read(MAX_BYTES)
    return _read_file(Path(name))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(str(path), error)) from None


def _unreadable(name: str, error: OSError | ValueError) -> str:
    what = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
    return f"{name}: cannot be read: {what}; give the path of a text or .eml file, or - for standard input"


def _problem(data: bytes) -> str | None:
    if not data.strip():
        return "the input is empty"
    head = data[:4096]
    # UTF-16 text has NULs too, but then a byte order mark or one in every second place.
    if (
        b"\0" in head
        and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
        and head.count(b"\0") < len(head) // 3
    ):
        return "the input is binary, not a text or a mail"
    return None


def _print(diagnosis: Diagnosis, diagnoser: Diagnoser, data: bytes, *, why: bool) -> None:
    from bot.commands.terminal import print_diagnosis, print_signals

    print_diagnosis(diagnosis, diagnoser.catalogue)
    if why:
        print_signals(diagnoser, data)
