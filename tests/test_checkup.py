"""Does a check-up ask what it must, once, and knock only where it may?"""

from collections.abc import Sequence

import pytest

from bot.checkup import check_up
from bot.core.checkup import Grade
from bot.core.model import Answer, Catalogue, Outcome, Question

CATALOGUE = Catalogue(causes={}, variants=())
TLS = ("banner=220 hello", "starttls", "certificate=valid")


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
        found = self.answers.get(f"{question.check} {question.subject} {question.about}")
        found = found or self.answers.get(f"{question.check} {question.subject}")
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


async def test_mail_servers_are_looked_at_on_all_ports() -> None:
    """The first two of them, with a budget of their own."""
    desk = Desk({"mx x.example": (None, ("a.x.example", "b.x.example", "c.x.example"))})
    await check_up(["a@x.example"], desk, CATALOGUE, smtp=True)

    knocks = [(question.subject, question.about) for question in desk.asked if question.check == "smtp"]
    assert knocks == [(f"{name}.x.example", port) for name in "ab" for port in ("25", "465", "587")]
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


async def test_a_mail_server_needs_no_port_for_mail_programs() -> None:
    """Port 25 is open, 465 and 587 are not: nothing to mend, and nothing to say."""
    desk = Desk({"mx x.example": (None, ("a.x.example",)), "smtp a.x.example 25": (None, TLS)})
    (report,) = await check_up(["a@x.example"], desk, CATALOGUE, smtp=True)

    assert [line.check for line in report.lines] == ["mx", "smtp"]
    assert report.grade is Grade.GOOD


@pytest.mark.parametrize(
    ("values", "grade", "words"),
    [
        ((*TLS, "auth=PLAIN LOGIN"), Grade.GOOD, "login by PLAIN LOGIN"),
        (TLS, Grade.WARNING, "offers no login"),
    ],
    ids=["login", "no-login"],
)
async def test_a_submission_host_offers_a_login(values: tuple[str, ...], grade: Grade, words: str) -> None:
    """Its port 25 may be closed."""
    desk = Desk(
        {"mx smtp.x.example": ("implicit-mx", ("smtp.x.example",)), "smtp smtp.x.example 587": (None, values)}
    )
    (report,) = await check_up(["smtp.x.example"], desk, CATALOGUE, smtp=True)
    lines = {line.evidence[0].question.about: line for line in report.lines if line.check == "smtp"}

    assert (lines["587"].grade, lines["25"].grade, lines["465"].grade) == (grade, Grade.GOOD, Grade.GOOD)
    assert words in lines["587"].text


async def test_a_domain_and_an_address_together_are_sender_and_server() -> None:
    """May the address send for the domain? With the record to publish."""
    desk = Desk(
        {
            "mx x.example": (None, ("a.x.example",)),
            "spf x.example": ("published", ("v=spf1 mx -all",)),
            "spf x.example 203.0.113.9": ("fail", ("v=spf1 mx -all", "matched=-all")),
        }
    )
    _, report = await check_up(["x.example", "203.0.113.9"], desk, CATALOGUE)
    (line,) = (line for line in report.lines if line.check == "spf")

    assert line.grade is Grade.BAD
    assert line.fix.endswith("v=spf1 mx ip4:203.0.113.9 -all")


async def test_a_host_and_an_address_together_are_name_and_server() -> None:
    """A host greets with its name: the HELO name has to lead to the address."""
    desk = Desk(
        {
            "mx mail.x.example": ("implicit-mx", ("mail.x.example",)),
            "helo mail.x.example 203.0.113.9": ("other-address", ("203.0.113.10",)),
        }
    )
    _, report = await check_up(["mail.x.example", "203.0.113.9"], desk, CATALOGUE)
    (line,) = (line for line in report.lines if line.check == "helo")

    assert line.grade is Grade.BAD


@pytest.mark.parametrize(("domains", "addresses"), [(3, 1), (1, 6), (20, 20), (0, 1)])
async def test_a_long_list_is_not_paired(domains: int, addresses: int) -> None:
    """Its domains and addresses have nothing to do with each other."""
    names = [f"d{n}.example" for n in range(domains)]
    desk = Desk({f"{check} {name}": (None, ("v=spf1",)) for name in names for check in ("mx", "spf")})
    await check_up([*names, *(f"203.0.113.{n}" for n in range(addresses))], desk, CATALOGUE)

    assert not any(q.check == "spf" and q.about is not None for q in desk.asked)


async def test_a_domain_without_spf_is_told_once() -> None:
    """In its own report, not in that of each address."""
    desk = Desk({"mx x.example": (None, ("a.x.example",))})
    _, report = await check_up(["x.example", "203.0.113.9"], desk, CATALOGUE)

    assert not any(line.check == "spf" for line in report.lines)


async def test_a_domain_that_is_not_there_lets_nobody_send() -> None:
    """Its own report says so; the address is not blamed."""
    desk = Desk()
    _, report = await check_up(["x.example", "203.0.113.9"], desk, CATALOGUE)

    assert not any(line.check == "spf" for line in report.lines)


async def test_a_list_that_is_switched_off_is_not_asked() -> None:
    """By its zone."""
    row = {"kind": "ip", "ask": "default", "subjects": ["ipv4"]}
    lists = ({**row, "id": "a", "zone": "a.example"}, {**row, "id": "b", "zone": "b.example"})
    desk = Desk()
    await check_up(
        ["203.0.113.9"], desk, Catalogue(causes={}, variants=(), blocklists=lists), lists_off={"a.example"}
    )

    assert [q.about for q in desk.asked if q.check == "blocklist"] == ["b.example"]
