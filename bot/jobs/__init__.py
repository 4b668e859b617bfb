"""How does work survive a crash? Durable workflows, kept by DBOS in the database that we have anyway.

A workflow is an async function of one JSON object, registered under a name before the start. ``run``
records it under a key and starts it; the key was recorded by the time ``run`` returns, so Slack can be
acknowledged. The same key again does nothing. What a workflow does to the world stands in steps: a step's
result is recorded, and a workflow that was cut off by a crash is run again with the recorded results in
place of the steps.

Where: on SQLite a second file beside ours (``fivefifty.db`` has ``fivefifty.jobs.db``), because DBOS holds
the write lock of its file often; on PostgreSQL the same database, in the schema ``dbos``.

Who recovers what: every process works under an executor name that it holds a lock on (``fivefifty-1``,
``fivefifty-2`` …, the first free one). A process that died has lost its lock, so the next one to start
takes the name with everything that was left undone; a living process looks after orphans too (``_adopt``).
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._error import DBOSInitializationError, DBOSMaxStepRetriesExceeded

from bot.core.errors import SettingError
from bot.jobs.database import (
    SCHEMA,
    log_through_us,
    prepare_connections,
    prepare_file,
    scrub,
    system_database_url,
)
from bot.jobs.erasing import DONE
from bot.jobs.lease import Lease, number_of, take_lease

T = TypeVar("T")
Payload = dict[str, Any]
"""What a workflow is given: JSON, since it has to be readable after an update of the program."""
Workflow = Callable[[Payload], Awaitable[None]]

VERSION = "1"
"""The version of our workflows' steps. DBOS recovers a workflow only under the version that started it, and
replays its steps by their order: a change in the order or the names of steps needs a new number and the old
code kept until the old workflows are done."""

_RUNNING_LIMIT = 16
"""Workflows that work at once; the others wait in the order of their arrival, already recorded. More would
only share the same database and Slack's rate limits, and each first answer would come later."""
_ADOPT_SECONDS = 20.0
_SWEEP_SECONDS = 3600.0
KEEP_SECONDS = 3 * 86_400.0
"""Finished workflows are forgotten after this; Slack retries an event for a day at most. Their input is
pasted text."""
_DRAIN_SECONDS = 8.0
"""At a stop, running workflows have this long to finish. Platforms send SIGKILL 10 s after SIGTERM at the
earliest."""

log = structlog.get_logger(__name__)


class StepFailed(Exception):
    """A step failed at every attempt. ``__cause__`` is the last error where this process saw it."""


class Jobs:
    """Durable workflows of this process. One at a time in a process, since DBOS is one."""

    def __init__(self, database_url: str, *, keep_seconds: float | None = None) -> None:
        """Take the async SQLAlchemy URL of Settings. Opens nothing. Raises SettingError for a database in
        memory."""
        self._url = system_database_url(database_url)
        self._keep_seconds = KEEP_SECONDS if keep_seconds is None else keep_seconds
        self._functions: dict[str, Workflow] = {}
        self._short: dict[str, float] = {}
        self._erased = False
        self._registered: dict[str, Callable[[Payload], Any]] = {}
        self._lease: Lease | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._fresh: set[str] = set()
        self._slots = asyncio.Semaphore(_RUNNING_LIMIT)
        self._keeper: asyncio.Task[None] | None = None
        self.started = False

    def register(self, name: str, function: Workflow, *, keep_seconds: float | None = None) -> None:
        """Make ``function`` known as the workflow ``name``. Only before ``start``.

        With ``keep_seconds``, its records are forgotten sooner than others: half a minute after that at most.
        """
        if self.started:
            raise RuntimeError("workflows are registered before the start")
        self._functions[name] = function
        if keep_seconds is not None:
            self._short[name] = keep_seconds

    async def start(self) -> None:
        """Open the system database, take an executor name and run again what a crash left undone.

        On SQLite the file is created. On PostgreSQL nothing is: raises SettingError when the schema is
        missing.
        """
        if self._url.get_backend_name() == "sqlite":
            await asyncio.to_thread(prepare_file, Path(str(self._url.database)))
        self._lease = await asyncio.to_thread(take_lease, self._url)
        config: DBOSConfig = {
            "name": "fivefifty",
            "system_database_url": self._url.render_as_string(hide_password=False),
            "dbos_system_schema": SCHEMA,
            "executor_id": self._lease.executor,
            "application_version": VERSION,
            "run_migrations": self._url.get_backend_name() == "sqlite",
            "enable_otlp": False,
            "log_level": "ERROR",
        }
        prepare_connections()
        log_through_us()
        DBOS(config=config)
        for name, function in self._functions.items():
            self._registered[name] = DBOS.workflow(name=name, max_recovery_attempts=50)(
                self._guarded(function)
            )
        try:
            # In this thread: DBOS takes the running loop as the one that recovered workflows run on.
            DBOS.launch()
        except Exception as error:
            await asyncio.to_thread(self._shut)
            if isinstance(error, DBOSInitializationError):
                raise SettingError(
                    "DATABASE_URL has no up-to-date schema for durable jobs; run: fivefifty migrate"
                ) from error
            raise
        self.started = True
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Let running workflows finish for a few seconds; what is not finished then goes on after the next
        start."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._running:
            await asyncio.wait(self._running, timeout=_DRAIN_SECONDS)
        for task in list(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=1.0)
        self.started = False
        # DBOS has made its threads the loop's own; they end with it, and others need threads after that.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(self._shut)

    async def run(self, name: str, key: str, payload: Payload) -> bool:
        """Record the workflow ``name`` under ``key`` and start it. Returns False when the key was known
        already.

        When this returns, the workflow is in the database: it will be done, now or after a crash.
        """
        ours = key not in self._fresh
        self._fresh.add(key)
        started = False
        try:
            with SetWorkflowID(key):
                handle = await DBOS.start_workflow_async(self._registered[name], payload)
            # A key that was known is only polled for; DBOS hands out a task for a workflow that it starts
            # here.
            started = hasattr(handle, "task")
        finally:
            # The same key may be under way here already, with its own claim to be fresh.
            if ours and not started:
                self._fresh.discard(key)
        return started

    @property
    def running(self) -> int:
        """How many workflows this process runs now, those that wait for their turn included."""
        return len(self._running)

    def key(self) -> str:
        """The key of the workflow that calls."""
        return str(DBOS.workflow_id)

    def is_first_run(self, key: str) -> bool:
        """True when this very process started the workflow. False after a crash: a step may have happened
        then."""
        return key in self._fresh

    async def step(
        self,
        name: str,
        function: Callable[[], Awaitable[T]],
        *,
        attempts: int = 1,
        seconds: float = 1.0,
        retry: Callable[[BaseException], bool] | None = None,
    ) -> T:
        """Do ``function`` and record its result (JSON or plain values), in a workflow.

        ``attempts`` with ``seconds`` before the second, doubled each time, at most an hour; ``retry`` says
        which errors are worth it, others are raised at once. Raises StepFailed when all attempts have failed,
        or when a step that failed in an earlier process is replayed.
        """

        async def body() -> T:
            try:
                return await function()
            except Exception as error:
                log.info("job.step_failed", step=name, key=self.key(), error=type(error).__name__)
                # What DBOS records and logs has to be picklable and hold no text of anybody's.
                raise _StepError(type(error).__name__) from error

        def worth_it(error: BaseException) -> bool:
            return retry is None or retry(error.__cause__ or error)

        try:
            return await DBOS.run_step_async(
                {
                    "name": name,
                    "retries_allowed": attempts > 1,
                    "max_attempts": attempts,
                    "interval_seconds": seconds,
                    "backoff_rate": 2.0,
                    "should_retry": worth_it,
                },
                body,
            )
        except DBOSMaxStepRetriesExceeded as error:
            last = error.errors[-1] if error.errors else error
            raise StepFailed(f"{name} failed {attempts} times") from (last.__cause__ or last)
        except _StepError as error:
            if isinstance(error.__cause__, Exception):
                raise error.__cause__ from None
            raise StepFailed(f"{name} failed before: {error}") from error

    async def sleep(self, seconds: float) -> None:
        """Sleep in a workflow; a restart does not begin the time anew."""
        await DBOS.sleep_async(seconds)

    async def forget(self, key: str) -> None:
        """Erase what is recorded under ``key``: for a post that was deleted."""
        await DBOS.delete_workflow_async(key)
        self._erased = True

    async def forget_all(self, prefix: str) -> None:
        """Erase everything recorded under keys that begin with ``prefix``: for a workspace that uninstalled
        us."""
        self._erased |= await _forget(workflow_id_prefix=prefix)

    async def forget_done(self, prefix: str, *, name: str | None = None, seconds: float = 0.0) -> None:
        """Erase what is done under keys that begin with ``prefix``, of one workflow or all: what was recorded
        at least ``seconds`` ago."""
        which = {"workflow_id_prefix": prefix or None, "name": name, "end_time": _ago(seconds)}
        self._erased |= await _forget(status=DONE, **which)

    async def payload(self, key: str) -> Payload | None:
        """Return what the workflow of ``key`` was given, or None when it is unknown or was swept away."""
        status = await DBOS.get_workflow_status_async(key)
        arguments = status.input["args"] if status is not None and status.input else ()
        return dict(arguments[0]) if arguments else None

    async def is_known(self, key: str) -> bool:
        """Whether anything is recorded under ``key``: not for one that ``forget`` has erased."""
        found = await DBOS.list_workflows_async(
            workflow_ids=[key], limit=1, load_input=False, load_output=False
        )
        return bool(found)

    async def unfinished(self) -> int:
        """How many workflows are recorded and not done, of all processes."""
        found = await DBOS.list_workflows_async(
            status=["PENDING", "ENQUEUED"], load_input=False, load_output=False, limit=10_000
        )
        return len(found)

    def _guarded(self, function: Workflow) -> Callable[[Payload], Any]:
        async def workflow(payload: Payload) -> None:
            task = asyncio.current_task()
            key = str(DBOS.workflow_id)
            if task is not None:
                self._running.add(task)
            try:
                async with self._slots:
                    await function(payload)
            finally:
                self._fresh.discard(key)
                if task is not None:
                    self._running.discard(task)

        return workflow

    async def _keep(self) -> None:
        """Adopt orphans and sweep what is done, for as long as the process lives."""
        swept = 0.0
        while True:
            await asyncio.sleep(_ADOPT_SECONDS)
            try:
                await self._adopt()
                for name, seconds in self._short.items():
                    await self.forget_done("", name=name, seconds=seconds)
                if time.monotonic() - swept > _SWEEP_SECONDS:
                    swept = time.monotonic()
                    await self._sweep()
                if self._erased:
                    self._erased = False
                    self._erased |= not await asyncio.to_thread(scrub, self._url)
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("jobs.keeping_failed")

    async def _adopt(self) -> None:
        lease = self._lease
        if lease is None:
            return
        await asyncio.to_thread(lease.renew)
        found = await DBOS.list_workflows_async(
            status="PENDING", load_input=False, load_output=False, limit=10_000
        )
        for executor in sorted({status.executor_id or "" for status in found} - {lease.executor, ""}):
            number = number_of(executor)
            if number is None or not await asyncio.to_thread(lease.try_lock, number):
                continue
            try:
                handles = await asyncio.to_thread(DBOS._recover_pending_workflows, [executor])
                log.warning("jobs.adopted", executor=executor, workflows=len(handles))
            finally:
                await asyncio.to_thread(lease.unlock, number)

    async def _sweep(self) -> None:
        self._erased |= await _forget(status=DONE, end_time=_ago(self._keep_seconds))

    def _shut(self) -> None:
        DBOS.destroy(destroy_registry=True)
        if self._lease is not None:
            self._lease.release()
            self._lease = None


async def _forget(**which: Any) -> bool:
    """Erase the workflows that DBOS lists for ``which``, in batches. Returns whether there were any."""
    any_found = False
    while True:
        found = await DBOS.list_workflows_async(limit=500, load_input=False, load_output=False, **which)
        if not found:
            return any_found
        any_found = True
        await DBOS.delete_workflows_async([status.workflow_id for status in found])


def _ago(seconds: float) -> str | None:
    """The moment as DBOS reads it, to the second. None for now: it would leave out the last second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds)) if seconds else None


class _StepError(Exception):
    """An error of a step as it is recorded: by the name of its class alone."""
