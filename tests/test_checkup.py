"""Does a check-up ask what it must, once, and knock only where it may?"""

from collections.abc import Sequence

from bot.checkup import check_up
from bot.core.checkup import Grade
from bot.core.model import Answer, Catalogue, Outcome, Question

CATALOGUE = Catalogue(causes={}, variants=())


class Desk:
    """Answers from a dictionary; everything else is absent."""

    def __init__(self, answers: dict[str, tuple[str | None, tuple[str, ...]]] | None = None) -> None:
        self.answers = answers or {}
        self.asked: list[Question] = []
        self.budgets: list[float | None] = []

    async def ask(self, questions: Sequence[Question], *, budget: float | None = None) -> tuple[Answer, ...]:
        self.asked += questions
        self.budgets.append(budget)
        return tuple(self._answer(question) for question in questions)

    def _answer(self, question: Question) -> Answer:
        found = self.answers.get(f"{question.check} {question.subject}")
        if found is None:
            return Answer(question=question, outcome=Outcome.ABSENT, detail="", reason="nxdomain")
        return Answer(question=question, outcome=Outcome.FOUND, detail="", reason=found[0], values=found[1])


async def test_reports_come_in_the_order_of_the_targets() -> None:
    """Also for repeats."""
    reports = await check_up(["b@x.example", "a@y.example", "b@x.example"], Desk(), CATALOGUE)

    assert [report.target.text for report in reports] == ["b@x.example", "a@y.example", "b@x.example"]


async def test_a_domain_is_asked_once_for_all_its_addresses() -> None:
    """A list of a thousand customers has few domains."""
    desk = Desk()
    await check_up([f"u{n}@x.example" for n in range(50)], desk, CATALOGUE)

    assert len(desk.asked) == 1


async def test_without_smtp_nobody_knocks() -> None:
    """The default."""
    desk = Desk({"mx x.example": (None, ("mx.x.example",))})
    await check_up(["a@x.example"], desk, CATALOGUE)

    assert not any(question.check == "smtp" for question in desk.asked)


async def test_mail_servers_are_looked_at_on_port_25() -> None:
    """The first two of them, with a budget of their own."""
    desk = Desk({"mx x.example": (None, ("a.x.example", "b.x.example", "c.x.example"))})
    await check_up(["a@x.example"], desk, CATALOGUE, smtp=True)

    knocks = [(question.subject, question.about) for question in desk.asked if question.check == "smtp"]
    assert knocks == [("a.x.example", "25"), ("b.x.example", "25")]
    assert desk.budgets[-1] == 15.0


async def test_a_submission_host_is_looked_at_on_all_ports() -> None:
    """smtp.x.example has an address and no MX."""
    desk = Desk({"mx smtp.x.example": ("implicit-mx", ("smtp.x.example",))})
    await check_up(["smtp.x.example"], desk, CATALOGUE, smtp=True)

    assert [question.about for question in desk.asked if question.check == "smtp"] == ["25", "465", "587"]


async def test_a_closed_port_is_bad() -> None:
    """The MX is there, the server is not."""
    desk = Desk({"mx x.example": (None, ("a.x.example",))})
    (report,) = await check_up(["a@x.example"], desk, CATALOGUE, smtp=True)

    assert report.grade is Grade.BAD


async def test_no_target_is_no_report() -> None:
    """Nothing is asked."""
    desk = Desk()

    assert await check_up([], desk, CATALOGUE) == ()
    assert desk.asked == []
