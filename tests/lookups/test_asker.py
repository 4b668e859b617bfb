"""Are questions answered in order, in parallel, in time, and without ever raising?"""

import time
from collections.abc import Awaitable, Callable

import pytest

from bot.core.model import Catalogue, Outcome, Question
from bot.lookups.asker import CHECKS, Asker
from bot.lookups.resolver import Resolver
from bot.playground.nameserver import Fault, NameServer

from .conftest import CATALOGUE, LISTS

World = Callable[..., Awaitable[tuple[NameServer, Asker]]]
ZONES = LISTS + "\n".join(
    f"d{n}.example. MX 10 mx.d{n}.example.\nmx.d{n}.example. A 203.0.113.{n}" for n in range(1, 30)
)


def mx(domain: str) -> Question:
    return Question(check="mx", subject=domain)


async def test_answers_come_in_the_order_of_the_questions(world: World) -> None:
    """Whichever is ready first."""
    _, asker = await world(ZONES, Fault(kind="delay", name="d1.example", seconds=0.1))
    questions = [mx(f"d{n}.example") for n in (1, 2, 3)]
    answers = await asker.ask(questions)

    assert [answer.question for answer in answers] == questions


async def test_a_question_asked_twice_is_answered_twice(world: World) -> None:
    """From one look-up."""
    _, asker = await world(ZONES)
    answers = await asker.ask([mx("d1.example"), mx("d1.example")])

    assert answers[0] == answers[1]


async def test_questions_run_in_parallel(world: World) -> None:
    """Twenty with 50 ms each take no second."""
    _, asker = await world(ZONES, latency=0.05)
    started = time.perf_counter()
    await asker.ask([mx(f"d{n}.example") for n in range(1, 21)])

    assert time.perf_counter() - started < 0.8


async def test_what_is_late_is_unanswered_and_the_rest_is_there(world: World) -> None:
    """One deadline for all."""
    _, asker = await world(ZONES, Fault(kind="drop", name="d1.example"), timeout=5, budget=0.3)
    started = time.perf_counter()
    late, there = await asker.ask([mx("d1.example"), mx("d2.example")])

    assert (late.outcome, late.reason) == (Outcome.UNANSWERED, "budget")
    assert there.outcome is Outcome.FOUND
    assert time.perf_counter() - started < 0.6


async def test_no_question_asks_nothing(world: World) -> None:
    """And answers nothing."""
    server, asker = await world(ZONES)

    assert await asker.ask([]) == ()
    assert server.queries == []


async def test_an_unknown_check_is_skipped(world: World) -> None:
    """A newer plan may know more than this program."""
    _, asker = await world(ZONES)
    (answer,) = await asker.ask([Question(check="horoscope", subject="d1.example")])

    assert answer.outcome is Outcome.SKIPPED


@pytest.mark.parametrize("check", sorted(CHECKS))
@pytest.mark.parametrize(
    "subject", ["", "\x00", "a" * 100_000, "localhost", "10.0.0.1", "x y", "＠", "é" * 300, "..", "%s%n", "*"]
)
async def test_hostile_subjects_are_skipped_unasked(world: World, check: str, subject: str) -> None:
    """By every check, without a question to the server."""
    server, asker = await world(ZONES)
    about = {"mx-host": "d1.example", "blocklist": "bl.listy.example"}.get(check)
    (answer,) = await asker.ask([Question(check=check, subject=subject, about=about)])

    assert answer.outcome in (Outcome.SKIPPED, Outcome.UNANSWERED)
    assert server.queries == []
    assert len(answer.detail) < 600
    assert answer.detail.isprintable()


async def test_a_fault_of_ours_is_unanswered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person still gets the other answers."""
    _, asker = await world(ZONES)
    broken = Catalogue(causes={}, variants=(), blocklists=({"no": "id"},))
    asker.catalogue = broken
    bad, good = await asker.ask(
        [Question(check="blocklist", subject="192.0.2.1", about="x.example"), mx("d1.example")]
    )

    assert (bad.outcome, good.outcome) == (Outcome.UNANSWERED, Outcome.FOUND)


async def test_an_asker_without_servers_answers_could_not_check() -> None:
    """No network, no failure."""
    (answer,) = await Asker(Resolver([]), CATALOGUE).ask([mx("d1.example")])

    assert answer.outcome is Outcome.UNANSWERED
