"""Durable workflows: recorded first, done once, done again after a crash."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bot.core.errors import SettingError
from bot.jobs import Jobs, Payload, StepFailed
from bot.jobs.database import jobs_are_current, migrate_jobs, system_database_url
from bot.jobs.erasing import forget_naming

CRASHER = '''
"""A process that dies in the middle of three workflows."""
import asyncio, os, sys
from bot.jobs import Jobs

async def main(url, trace):
    jobs = Jobs(url)

    async def work(payload):
        async def note(step):
            with open(trace, "a") as file:
                file.write(f"{jobs.key()} {step}\\n")
            return step

        await jobs.step("one", lambda: note("one"))
        await asyncio.sleep(60)

    jobs.register("work", work)
    await jobs.start()
    for number in range(3):
        await jobs.run("work", f"T1:{number}", {"number": number})
    while True:
        await asyncio.sleep(0.02)
        if os.path.exists(trace) and open(trace).read().count("one") == 3:
            await asyncio.sleep(0.3)
            os._exit(9)

asyncio.run(main(sys.argv[1], sys.argv[2]))
'''


@pytest.fixture
def url(database_url: str) -> str:
    """A database with the jobs' schema, SQLite and PostgreSQL."""
    migrate_jobs(database_url)
    return database_url


class Work:
    """What the workflows of a test did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.attempts = 0


@pytest.fixture
async def jobs(url: str) -> AsyncIterator[Jobs]:
    """Jobs that are not started; stopped at the end."""
    made = Jobs(url)
    yield made
    if made.started:
        await made.stop()


async def _until(predicate: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not predicate():
        assert time.monotonic() < end, "it does not come"
        await asyncio.sleep(0.01)


async def test_a_key_is_done_once(jobs: Jobs) -> None:
    """At the same time, and later."""
    work = Work()

    async def workflow(payload: Payload) -> None:
        work.done.append(payload["name"])

    jobs.register("work", workflow)
    await jobs.start()
    first = await asyncio.gather(*(jobs.run("work", "T1:1", {"name": "a"}) for _ in range(10)))
    await _until(lambda: work.done)
    again = await jobs.run("work", "T1:1", {"name": "b"})

    assert sorted(first) == [False] * 9 + [True]
    assert not again
    assert work.done == ["a"]


async def test_what_a_step_gave_is_kept(jobs: Jobs) -> None:
    """None as well as text with everything in it."""
    seen: list[Any] = []

    async def workflow(payload: Payload) -> None:
        for value in (None, "\x00é\U0001f4e7", {"a": [1, None]}, ""):

            async def give(value: Any = value) -> Any:
                return value

            seen.append(await jobs.step("give", give))
        seen.append("end")

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:1", {})
    await _until(lambda: "end" in seen)

    assert seen == [None, "\x00é\U0001f4e7", {"a": [1, None]}, "", "end"]


async def test_a_step_is_repeated_until_it_works(jobs: Jobs) -> None:
    """As often as is allowed, for errors that are worth it."""
    work = Work()

    async def flaky() -> str:
        work.attempts += 1
        if work.attempts < 3:
            raise ConnectionError
        return "worked"

    async def workflow(payload: Payload) -> None:
        work.done.append(
            await jobs.step(
                "flaky", flaky, attempts=5, seconds=0.01, retry=lambda e: isinstance(e, ConnectionError)
            )
        )

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:1", {})
    await _until(lambda: work.done)

    assert work.done == ["worked"]
    assert work.attempts == 3


@pytest.mark.parametrize(
    ("error", "attempts", "raised"),
    [(ConnectionError, 3, StepFailed), (ZeroDivisionError, 1, ZeroDivisionError)],
    ids=["worth it", "not worth it"],
)
async def test_a_step_that_never_works_says_so(
    jobs: Jobs, error: type[Exception], attempts: int, raised: type[Exception]
) -> None:
    """After all attempts, or at once; the cause is to be seen."""
    work = Work()
    caught: list[Exception] = []

    async def broken() -> None:
        work.attempts += 1
        raise error

    async def workflow(payload: Payload) -> None:
        try:
            await jobs.step(
                "broken", broken, attempts=3, seconds=0.01, retry=lambda e: isinstance(e, ConnectionError)
            )
        except Exception as failed:
            caught.append(failed)

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:1", {})
    await _until(lambda: caught)

    assert work.attempts == attempts
    assert isinstance(caught[0], raised)
    assert isinstance(caught[0].__cause__ or caught[0], error)


async def test_work_of_a_dead_process_is_done_by_the_next(url: str, tmp_path: Path) -> None:
    """Its recorded steps are not done again, and nothing counts as fresh."""
    trace = tmp_path / "trace"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CRASHER, url, str(trace), cwd=Path(__file__).parents[1]
    )
    assert await asyncio.wait_for(process.wait(), 60) == 9
    done: list[tuple[str, int, bool]] = []
    jobs = Jobs(url)

    async def workflow(payload: Payload) -> None:
        async def note() -> str:
            done.append((jobs.key(), -1, False))
            return "again"

        await jobs.step("one", note)
        done.append((jobs.key(), payload["number"], jobs.is_first_run(jobs.key())))

    jobs.register("work", workflow)
    await jobs.start()
    try:
        await _until(lambda: len(done) == 3)
        # The last word of a workflow is recorded a moment after its last step.
        for _ in range(200):
            left = await jobs.unfinished()
            if not left:
                break
            await asyncio.sleep(0.01)
    finally:
        await jobs.stop()

    assert sorted(done) == [(f"T1:{number}", number, False) for number in range(3)]
    assert left == 0


async def test_what_was_stopped_goes_on_after_the_next_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop waits a little, but never for ever."""
    monkeypatch.setattr("bot.jobs._DRAIN_SECONDS", 0.1)
    done: list[str] = []

    async def endless(payload: Payload) -> None:
        await asyncio.sleep(3600)

    async def quick(payload: Payload) -> None:
        done.append(payload["name"])

    first = Jobs(url)
    first.register("work", endless)
    await first.start()
    await first.run("work", "T1:1", {"name": "a"})
    await first.stop()
    second = Jobs(url)
    second.register("work", quick)
    await second.start()
    try:
        await _until(lambda: done)
    finally:
        await second.stop()

    assert done == ["a"]


async def test_what_was_given_can_be_read_and_forgotten(jobs: Jobs) -> None:
    """By its key, or with everything of a workspace."""

    async def workflow(payload: Payload) -> None:
        return

    jobs.register("work", workflow)
    await jobs.start()
    for key in ("T1:1", "T1:2", "T2:1", "T10:1"):
        await jobs.run("work", key, {"text": key})
    await asyncio.sleep(0.3)
    assert await jobs.payload("T1:1") == {"text": "T1:1"}

    await jobs.forget("T1:1")
    await jobs.forget("unheard of")
    gone = await jobs.payload("T1:1")
    await jobs.forget_all("T1:")

    assert gone is None
    assert await jobs.payload("T1:2") is None
    assert await jobs.payload("T2:1") == {"text": "T2:1"}
    assert await jobs.payload("T10:1") == {"text": "T10:1"}


async def test_what_is_done_is_forgotten(jobs: Jobs) -> None:
    """Of one kind of work, in one workspace; what is under way stays."""
    gate = asyncio.Event()

    async def workflow(payload: Payload) -> None:
        if payload.get("wait"):
            await gate.wait()

    jobs.register("work", workflow)
    jobs.register("other", workflow)
    await jobs.start()
    await jobs.run("work", "T1:done", {})
    await jobs.run("work", "T1:running", {"wait": True})
    await jobs.run("other", "T1:other", {})
    await jobs.run("work", "T2:done", {})
    await _until(lambda: jobs.running == 1)
    await asyncio.sleep(0.2)
    await jobs.forget_done("T1:", name="work", seconds=60)
    young = await jobs.is_known("T1:done")
    await jobs.forget_done("T1:", name="work")
    known = [await jobs.is_known(key) for key in ("T1:done", "T1:running", "T1:other", "T2:done")]

    assert young
    assert known == [False, True, True, True]
    gate.set()


async def test_short_lived_records_go_by_themselves(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of work that is registered so, and of no other."""
    monkeypatch.setattr("bot.jobs._ADOPT_SECONDS", 0.1)

    async def workflow(payload: Payload) -> None:
        return

    jobs.register("short", workflow, keep_seconds=0.0)
    jobs.register("long", workflow, keep_seconds=3600.0)
    await jobs.start()
    await jobs.run("short", "T1:short", {})
    await jobs.run("long", "T1:long", {})
    for _ in range(300):
        if not await jobs.is_known("T1:short"):
            break
        await asyncio.sleep(0.05)

    assert not await jobs.is_known("T1:short")
    assert await jobs.is_known("T1:long")


@pytest.mark.parametrize(
    ("person", "erased", "left"),
    [
        pytest.param("Jane@example.org", 2, 1, id="an address, given or found"),
        pytest.param("U012AB", 1, 0, id="a Slack user"),
        pytest.param("e@example.org", 0, 0, id="the end of another address"),
        pytest.param('"j q"@example.org', 1, 0, id="an address that JSON writes in escapes"),
        pytest.param("max@example.org", 1, 0, id="an address at the beginning of a line"),
        pytest.param("mia@example.org", 1, 0, id="an address behind a sign that mails write as digits"),
        pytest.param(".*", 0, 0, id="a pattern"),
    ],
)
async def test_a_person_is_forgotten_from_outside(
    jobs: Jobs, url: str, person: str, erased: int, left: int
) -> None:
    """What was given to a job and what its steps found; not in another workspace, and not what is under way."""
    gate = asyncio.Event()

    async def workflow(payload: Payload) -> None:
        async def find() -> Any:
            return {"recipient": payload.get("found")}

        await jobs.step("find", find)
        if payload.get("wait"):
            await gate.wait()

    jobs.register("work", workflow)
    await jobs.start()
    payloads: dict[str, Payload] = {
        "T1:given": {"text": "550 <jane@example.org>: unknown"},
        "T1:found": {"found": "jane@example.org"},
        "T1:running": {"text": "jane@example.org", "wait": True},
        "T1:user": {"user": "U012AB", "text": 'to "j q"@example.org'},
        "T1:nobody": {"user": "U012ABC"},
        "T1:lines": {"text": "These failed:\nmax@example.org\n\tuser unknown"},
        "T1:quoted": {"text": "Reply-To: =3Cmia@example.org=3E"},
        "T2:given": {"text": "jane@example.org U012AB"},
    }
    for key, payload in payloads.items():
        await jobs.run("work", key, payload)
    await _until(lambda: jobs.running == 1)
    await asyncio.sleep(0.2)
    counts = await asyncio.to_thread(forget_naming, url, "T1:", person)
    known = [key for key in payloads if await jobs.is_known(key)]

    assert counts == (erased, left)
    assert len(known) == len(payloads) - erased
    assert {"T1:running", "T1:nobody", "T2:given"} <= set(known)
    gate.set()


def test_nobody_is_forgotten_where_nothing_is(tmp_path: Path) -> None:
    """A database without jobs stays so."""
    counts = forget_naming(f"sqlite+aiosqlite:///{tmp_path}/new.db", "T1:", "jane@example.org")

    assert counts == (0, 0)
    assert not list(tmp_path.iterdir())


async def test_old_work_is_swept_away(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its input is pasted text. What is not done is kept, however old."""
    gate = asyncio.Event()

    async def workflow(payload: Payload) -> None:
        if payload["wait"]:
            await gate.wait()

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:done", {"wait": False})
    await jobs.run("work", "T1:running", {"wait": True})
    await asyncio.sleep(0.3)
    await jobs._sweep()
    kept = await jobs.payload("T1:done")
    monkeypatch.setattr(jobs, "_keep_seconds", -5.0)
    await jobs._sweep()

    assert kept is not None
    assert await jobs.payload("T1:done") is None
    assert await jobs.payload("T1:running") is not None
    gate.set()


async def test_orphans_are_adopted(jobs: Jobs, url: str, tmp_path: Path) -> None:
    """A process that lives looks after the work of one that died beside it."""
    done: list[str] = []

    async def workflow(payload: Payload) -> None:
        async def note() -> str:
            return "one"

        await jobs.step("one", note)
        done.append(jobs.key())

    jobs.register("work", workflow)
    await jobs.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CRASHER, url, str(tmp_path / "trace"), cwd=Path(__file__).parents[1]
    )
    assert await asyncio.wait_for(process.wait(), 60) == 9
    assert not done
    await jobs._adopt()
    await _until(lambda: len(done) == 3)

    assert sorted(done) == ["T1:0", "T1:1", "T1:2"]


async def test_the_work_of_the_living_is_left_alone(jobs: Jobs) -> None:
    """An executor's name is locked for as long as it lives."""
    work = Work()
    gate = asyncio.Event()

    async def workflow(payload: Payload) -> None:
        work.attempts += 1
        await gate.wait()

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:1", {})
    await jobs._adopt()
    await asyncio.sleep(1.5)

    assert work.attempts == 1
    gate.set()


def test_the_jobs_of_a_file_lie_beside_it() -> None:
    """In a second file, since they hold its lock often."""
    url = system_database_url("sqlite+aiosqlite:////var/lib/bot/fivefifty.db")

    assert url.database == "/var/lib/bot/fivefifty.jobs.db"


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite://"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    """Nothing would be durable."""
    with pytest.raises(SettingError, match="memory"):
        system_database_url(url)


async def test_a_server_without_the_schema_says_what_to_run(database_url: str) -> None:
    """A start changes nothing on a server; a file is simply made."""
    jobs = Jobs(database_url)
    if database_url.startswith("sqlite"):
        await jobs.start()
        await jobs.stop()
        return
    with pytest.raises(SettingError, match="fivefifty migrate"):
        await jobs.start()

    assert not jobs_are_current(database_url)
    migrate_jobs(database_url)
    migrate_jobs(database_url)
    assert jobs_are_current(database_url)


async def test_a_server_that_is_away_is_told_in_one_line() -> None:
    """Without its password."""
    jobs = Jobs("postgresql+psycopg://bot:s3cret@127.0.0.1:9/bot")

    with pytest.raises(SettingError, match="cannot be reached") as caught:
        await jobs.start()

    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    """With its path."""
    (tmp_path / "taken").write_text("")
    jobs = Jobs(f"sqlite+aiosqlite:///{tmp_path}/taken/bot.db")

    with pytest.raises(SettingError, match="cannot be written"):
        await jobs.start()


async def test_an_old_sqlite_tells_the_time_to_the_millisecond(tmp_path: Path) -> None:
    """DBOS needs it from Python 3.12 on, whatever SQLite the system has: Debian 12's does not know it."""
    jobs = Jobs(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    await jobs.start()
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/other.db")
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text("SELECT unixepoch('subsec') * 1000")).scalar_one()
    engine.dispose()
    await jobs.stop()

    assert abs(found / 1000 - time.time()) < 60


async def test_the_files_of_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was forgotten is in none of them, while the program runs."""
    monkeypatch.setattr("bot.jobs._ADOPT_SECONDS", 0.05)
    jobs = Jobs(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    done: list[str] = []

    async def workflow(payload: Payload) -> None:
        done.append(payload["text"])

    jobs.register("work", workflow)
    await jobs.start()
    await jobs.run("work", "T1:1", {"text": "jane@example.org"})
    await _until(lambda: done)
    with sqlite3.connect(tmp_path / "bot.jobs.db") as connection:
        (kept,) = connection.execute("SELECT inputs FROM workflow_input").fetchone()
    connection.close()
    before = _files(tmp_path)
    await jobs.forget("T1:1")
    await _until(lambda: kept.encode() not in _files(tmp_path), 10)
    await jobs.stop()

    assert kept.encode() in before


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
