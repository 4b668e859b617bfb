"""Is a target graded by what is known, and never by what could not be checked?"""

from typing import Any

import pytest

from bot.core.checkup import Grade, grade, judge, questions_for, target_of, targets_in
from bot.core.model import Answer, Catalogue, Outcome, Provider, Question

LISTY: dict[str, Any] = {
    "id": "listy", "name": "Listy", "kind": "ip", "zone": "bl.listy.example", "ask": "default", "subjects": ["ipv4"],
    "match": "exact", "weight": "high", "delist": {"how": "use the form", "url": "https://listy.example/"},
    "listed": [
        {"code": "127.0.0.2", "list": "SPAM", "meaning": "spam source"},
        {"code": "127.0.0.3", "list": "GREY", "meaning": "bulk", "weak": True},
    ],
}  # fmt: skip
MINOR = {**LISTY, "id": "minor", "name": "Minor", "zone": "bl.minor.example", "weight": "low"}
CATALOGUE = Catalogue(
    causes={},
    variants=(),
    providers={
        "bigmail": Provider(id="bigmail", name="Bigmail", mx=("bigmail.example",)),
        "google": Provider(id="google", name="Gmail", domains=("gmail.com",)),
    },
    blocklists=(LISTY, MINOR),
    mail_domains=frozenset({"gmail.com"}),
)
FOUND, ABSENT, UNANSWERED, SKIPPED = Outcome.FOUND, Outcome.ABSENT, Outcome.UNANSWERED, Outcome.SKIPPED


def answer(
    check: str,
    outcome: Outcome,
    reason: str | None = None,
    *values: str,
    subject: str = "good.example",
    about: str | None = None,
) -> Answer:
    question = Question(check=check, subject=subject, about=about)
    return Answer(question=question, outcome=outcome, detail="detail", values=values, reason=reason)


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("Jane@Example.ORG", "address", "example.org"),
        ("example.org.", "domain", "example.org"),
        (" 203.0.113.9 ", "ip", "203.0.113.9"),
        ("[203.0.113.9]", "ip", "203.0.113.9"),
        ("2001:db8::1", "ip", "2001:db8::1"),
        ("a@b@c.example", "address", "c.example"),
        ("", "domain", ""),
    ],
)
def test_the_form_tells_what_a_target_is(text: str, kind: str, subject: str) -> None:
    """Address, IP address or domain."""
    target = target_of(text)

    assert (target.kind, target.subject) == (kind, subject)


def checks(text: str) -> list[str]:
    return [question.check for question in questions_for(target_of(text), CATALOGUE)]


def test_an_address_asks_about_receiving_alone() -> None:
    """The recipient's SPF is not the sender's matter."""
    assert checks("jane@good.example") == ["mx"]


def test_a_broken_address_asks_nothing() -> None:
    """Its syntax says enough."""
    assert checks("jane@@good.example") == []


def test_a_typo_asks_its_neighbour_too() -> None:
    """To confirm the suggestion."""
    asked = questions_for(target_of("jane@gmial.com"), CATALOGUE)

    assert Question(check="mx", subject="gmail.com", about="neighbour") in asked


def test_a_domain_asks_for_all_its_records() -> None:
    """Receiving and sending."""
    assert set(checks("good.example")) == {"mx", "spf", "dmarc", "dkim", "mta-sts"}


def test_an_ip_address_asks_name_and_lists() -> None:
    """The lists that hold such addresses."""
    assert checks("203.0.113.9") == ["ptr", "blocklist", "blocklist"]
    assert checks("2001:db8::1") == ["ptr"]


@pytest.mark.parametrize(
    ("found", "graded"),
    [
        (answer("mx", FOUND, None, "mx.good.example"), Grade.GOOD),
        (answer("mx", FOUND, "implicit-mx", "good.example"), Grade.WARNING),
        (answer("mx", FOUND, "no-address", "mx.good.example"), Grade.BAD),
        (answer("mx", FOUND, "private-address", "mx.good.example"), Grade.BAD),
        (answer("mx", FOUND, "cname", "mx.good.example"), Grade.WARNING),
        (answer("mx", ABSENT, "nxdomain"), Grade.BAD),
        (answer("mx", ABSENT, "nodata"), Grade.BAD),
        (answer("mx", ABSENT, "null-mx"), Grade.BAD),
        (answer("mx", UNANSWERED, "timeout"), Grade.UNKNOWN),
        (answer("mx", SKIPPED, "not a domain name"), Grade.BAD),
        (answer("ptr", FOUND, None, "mail.good.example"), Grade.GOOD),
        (answer("ptr", FOUND, "generic", "h9.isp.example"), Grade.WARNING),
        (answer("ptr", FOUND, "unconfirmed", "mail.good.example"), Grade.BAD),
        (answer("ptr", ABSENT, "nxdomain"), Grade.BAD),
        (answer("ptr", UNANSWERED, "servfail"), Grade.UNKNOWN),
        (answer("spf", FOUND, "published", "v=spf1 -all", "lookups=2"), Grade.GOOD),
        (answer("spf", FOUND, "published", "v=spf1 -all", "lookups=9"), Grade.WARNING),
        (answer("spf", FOUND, "permerror", "v=spf1 x", "problem=unknown term x"), Grade.BAD),
        (answer("spf", FOUND, "open", "v=spf1 +all"), Grade.BAD),
        (answer("spf", ABSENT, "none"), Grade.WARNING),
        (answer("spf", UNANSWERED, "timeout"), Grade.UNKNOWN),
        (answer("dmarc", FOUND, "reject", "v=DMARC1; p=reject"), Grade.GOOD),
        (answer("dmarc", FOUND, "none", "v=DMARC1; p=none"), Grade.GOOD),
        (answer("dmarc", FOUND, "broken", "v=DMARC1"), Grade.BAD),
        (answer("dmarc", ABSENT, "several"), Grade.BAD),
        (answer("dmarc", ABSENT, "nodata"), Grade.WARNING),
        (answer("dkim", FOUND, None, "s1"), Grade.GOOD),
        (answer("dkim", FOUND, "revoked", "s1"), Grade.WARNING),
        (answer("dkim", UNANSWERED, "no key"), Grade.UNKNOWN),
        (answer("mta-sts", FOUND, None, "mta-sts"), Grade.GOOD),
        (answer("mta-sts", ABSENT, "nodata"), Grade.GOOD),
        (answer("blocklist", FOUND, "listed", "127.0.0.2", about="bl.listy.example"), Grade.BAD),
        (answer("blocklist", FOUND, "listed", "127.0.0.2", about="bl.minor.example"), Grade.WARNING),
        (answer("blocklist", FOUND, "weak", "127.0.0.3", about="bl.listy.example"), Grade.WARNING),
        (answer("blocklist", ABSENT, "nxdomain", about="bl.listy.example"), Grade.GOOD),
        (answer("blocklist", UNANSWERED, "refused-by-list", about="bl.listy.example"), Grade.UNKNOWN),
        (answer("smtp", FOUND, None, "banner=220 hi", "starttls", "certificate=valid", about="25"), Grade.GOOD),
        (answer("smtp", FOUND, None, "banner=220 hi", "starttls", "certificate=expired", about="25"), Grade.WARNING),
        (answer("smtp", FOUND, None, "banner=220 hi", about="25"), Grade.WARNING),
        (answer("smtp", ABSENT, "connection-refused", about="25"), Grade.BAD),
        (answer("smtp", UNANSWERED, "timeout", about="25"), Grade.UNKNOWN),
    ],
    ids=lambda value: f"{value.question.check}-{value.outcome}-{value.reason}" if isinstance(value, Answer) else str(value),
)  # fmt: skip
def test_every_answer_has_its_grade(found: Answer, graded: Grade) -> None:
    """And a mend where it is bad or a warning."""
    line = grade(found, CATALOGUE)

    assert line.grade is graded
    assert bool(line.fix) or graded in (Grade.GOOD, Grade.UNKNOWN)


def test_the_worst_line_is_the_verdict() -> None:
    """One bad line is enough."""
    answers = [answer("mx", FOUND, None, "mx.good.example"), answer("spf", FOUND, "permerror", "v=spf1 x")]

    assert judge(target_of("good.example"), answers, CATALOGUE).grade is Grade.BAD


def test_what_could_not_be_checked_is_not_good() -> None:
    """The mail servers are what matters."""
    report = judge(target_of("jane@good.example"), [answer("mx", UNANSWERED, "timeout")], CATALOGUE)

    assert report.grade is Grade.UNKNOWN


def test_minor_gaps_do_not_spoil_the_verdict() -> None:
    """Lists that cannot be asked, selectors that cannot be guessed."""
    answers = [
        answer("mx", FOUND, None, "mx.good.example"),
        answer("dkim", UNANSWERED, "no key"),
        answer("blocklist", UNANSWERED, "timeout", about="bl.listy.example"),
    ]

    assert judge(target_of("good.example"), answers, CATALOGUE).grade is Grade.GOOD


def test_only_silent_lists_leave_an_address_unknown() -> None:
    """Nothing at all was learnt."""
    answers = [answer("blocklist", UNANSWERED, "timeout", about="bl.listy.example")]

    assert judge(target_of("203.0.113.9"), answers, CATALOGUE).grade is Grade.UNKNOWN


def test_clean_and_silent_lists_are_one_line_each() -> None:
    """A dozen lines of "not listed" help nobody."""
    answers = [
        answer("blocklist", ABSENT, "nxdomain", about="bl.listy.example"),
        answer("blocklist", UNANSWERED, "timeout", about="bl.minor.example"),
    ]
    report = judge(target_of("203.0.113.9"), answers, CATALOGUE)

    assert [line.text for line in report.lines] == ["Not on Listy.", "Could not ask Minor."]


@pytest.mark.parametrize(
    ("mx", "graded"),
    [(answer("mx", ABSENT, "nxdomain", subject="gmial.com"), Grade.BAD), (answer("mx", FOUND, None, "mx.x.example", subject="gmial.com"), Grade.WARNING)],
    ids=["gone", "there"],
)  # fmt: skip
def test_a_confirmed_neighbour_is_suggested(mx: Answer, graded: Grade) -> None:
    """A domain that does take mail may still be a typo."""
    near = answer("mx", FOUND, None, "mx.gmail.com", subject="gmail.com", about="neighbour")
    report = judge(target_of("jane@gmial.com"), [mx, near], CATALOGUE)

    assert report.suggestion == "gmail.com"
    assert report.grade is graded


def test_an_unconfirmed_neighbour_is_not_suggested() -> None:
    """It could not be checked."""
    near = answer("mx", UNANSWERED, "timeout", subject="gmail.com", about="neighbour")
    report = judge(
        target_of("jane@gmial.com"), [answer("mx", ABSENT, "nxdomain", subject="gmial.com"), near], CATALOGUE
    )

    assert report.suggestion is None


def test_a_wildcard_is_a_warning() -> None:
    """Parked domains take mail for every name."""
    answers = [
        answer("mx", FOUND, None, "mx.good.example"),
        answer("mx", FOUND, None, "mx.good.example", subject="no-such.good.example", about="wildcard"),
    ]

    assert judge(target_of("good.example"), answers, CATALOGUE).grade is Grade.WARNING


def test_the_provider_behind_the_mx_is_named() -> None:
    """By the suffix of its mail hosts."""
    report = judge(target_of("good.example"), [answer("mx", FOUND, None, "a.bigmail.example")], CATALOGUE)

    assert report.provider == "bigmail"


def test_a_domain_that_is_gone_has_no_records_to_mend() -> None:
    """One line says it all."""
    answers = [
        answer("mx", ABSENT, "nxdomain"),
        answer("spf", ABSENT, "none"),
        answer("dmarc", ABSENT, "nodata"),
    ]

    assert len(judge(target_of("good.example"), answers, CATALOGUE).lines) == 1


@pytest.mark.parametrize(
    "text", ["", "@", "@@", "\x00", "a" * 10_000, "jane@", "@good.example", "jane doe@good.example"]
)
def test_hostile_targets_are_graded_without_raising(text: str) -> None:
    """And never good."""
    target = target_of(text)
    answers = [
        Answer(question=question, outcome=SKIPPED, detail="skipped", reason="not a domain name")
        for question in questions_for(target, CATALOGUE)
    ]

    assert judge(target, answers, CATALOGUE).grade is Grade.BAD


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("example.org", ["example.org"]),
        ("a@x.example b@y.example 203.0.113.9", ["a@x.example", "b@y.example", "203.0.113.9"]),
        ("a@x.example, b@y.example;c.example\n\n2001:db8::1", ["a@x.example", "b@y.example", "c.example", "2001:db8::1"]),
        ('Doe Jane <jane@x.example>, "Bob" <bob@y.example>', ["jane@x.example", "bob@y.example"]),
        ("jane doe@x.example", ["jane doe@x.example"]),
        ("a b@@x.example", ["a b@@x.example"]),
        ("localhost", ["localhost"]),
        (" ,; \n ", []),
        ("", []),
        ("<@U1> <!channel>", ["<@U1> <!channel>"]),
    ],
)  # fmt: skip
def test_targets_are_told_apart_as_people_type_them(text: str, targets: list[str]) -> None:
    """Lists of mail programs, lines of a spreadsheet; a slip stays whole so that it can be told."""
    assert targets_in(text) == targets


def test_a_megabyte_of_commas_is_no_target() -> None:
    """And takes no time."""
    assert targets_in("," * 1_000_000) == []
