"""Who answers the Questions of a plan? All of them in parallel, under one deadline, none ever raising."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.evidence.listings import subject_type
from bot.core.model import Answer, Catalogue, Question
from bot.lookups import alignment, blocklists, dkim, dmarc, helo, mx, mx_host, ptr, smtp, spf, tls
from bot.lookups.answers import skipped, unanswered
from bot.lookups.blocklists import Lists
from bot.lookups.kit import Kit
from bot.lookups.names import NotAskable, public_name
from bot.lookups.resolver import Queries, Resolver
from bot.lookups.smtp import Prober

if TYPE_CHECKING:
    from bot.settings import Settings

Check = Callable[[Kit, Question], Awaitable[Answer]]

CHECKS: Mapping[str, Check] = {
    "mx": mx.check,
    "mx-host": mx_host.check,
    "ptr": ptr.check,
    "helo": helo.check,
    "spf": spf.check,
    "dkim": dkim.check,
    "dmarc": dmarc.check,
    "alignment": alignment.check,
    "mta-sts": tls.check,
    "blocklist": blocklists.check,
    "smtp": smtp.check,
}
MAX_QUERIES = 250
"""DNS messages for one diagnosis."""


class Asker:
    """Answers Questions from live DNS. One for the whole program: it shares its resolver and cache.

    ``budget`` is the time for all questions of one call, in seconds. Without a ``prober`` no mail server is
    ever connected to.
    """

    def __init__(
        self,
        resolver: Resolver,
        catalogue: Catalogue,
        *,
        budget: float = 3.0,
        dqs_key: str | None = None,
        prober: Prober | None = None,
    ) -> None:
        self.resolver = resolver
        self.catalogue = catalogue
        self.budget = budget
        self.lists = Lists(dqs_key)
        self.prober = prober

    @classmethod
    def from_settings(cls, settings: "Settings", catalogue: Catalogue) -> "Asker":
        return cls(
            Resolver.from_settings(settings),
            catalogue,
            budget=settings.lookup_budget_seconds,
            dqs_key=settings.spamhaus_dqs_key,
            prober=Prober() if settings.allow_smtp_probe else None,
        )

    async def ask(self, questions: Sequence[Question], *, budget: float | None = None) -> tuple[Answer, ...]:
        """One Answer a Question, in the same order. Never raises: what fails or is late is unanswered."""
        budget = self.budget if budget is None else budget
        kit = Kit(
            queries=Queries(self.resolver, MAX_QUERIES),
            catalogue=self.catalogue,
            lists=self.lists,
            prober=self.prober,
        )
        tasks = {
            question: asyncio.create_task(_answer(kit, question)) for question in dict.fromkeys(questions)
        }
        if not tasks:
            return ()
        try:
            await asyncio.wait(tasks.values(), timeout=budget)
        finally:
            late = [task for task in tasks.values() if not task.done()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return tuple(_result(question, tasks[question], budget) for question in questions)

    async def close(self) -> None:
        await self.resolver.close()


async def _answer(kit: Kit, question: Question) -> Answer:
    started = time.perf_counter()
    check = CHECKS.get(question.check)
    if check is None:
        return skipped(question, f"{question.check} of {question.subject}", "no such check")
    try:
        ready = _ready(question)
    except NotAskable as error:
        return skipped(question, f"{question.check} of {question.subject}", str(error))
    answer = await check(kit, ready)
    return replace(answer, question=question, seconds=round(time.perf_counter() - started, 4))


def _ready(question: Question) -> Question:
    """The question with names as they are queried. Raises NotAskable for what must not be."""
    if question.check in ("ptr", "blocklist"):  # addresses; these checks look at their subject themselves
        return question
    subject = question.subject
    if question.check == "mx-host":
        if subject_type(subject.strip("[]")) == "domain":
            subject = public_name(subject)
        return replace(question, subject=subject, about=public_name(question.about or ""))
    return replace(question, subject=public_name(subject))


def _result(question: Question, task: "asyncio.Task[Answer]", budget: float) -> Answer:
    asked = f"{question.check} of {question.subject}"
    if task.cancelled():
        return replace(unanswered(question, asked, "budget"), seconds=budget)
    error = task.exception()
    if error is not None:
        # A fault of ours: the person still gets an answer, and the log has the whole story.
        import structlog  # slow to import, and this should never happen

        structlog.get_logger(__name__).error("check failed", check=question.check, exc_info=error)
        return unanswered(question, asked, "an internal error, it is in the log")
    return task.result()
