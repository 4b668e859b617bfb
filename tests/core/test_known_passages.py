"""A wording that the knowledge base knows, and that stands by itself, is what somebody pasted: whatever is said around it."""

from typing import Any

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.parse.paste.passages import passages
from bot.diagnose import Diagnoser

PASTED: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "quoted by a customer",
        "customer forwarded this, what should she do?\n> Message size exceeds server limit",
        "message-too-large",
        {},
    ),
    (
        "behind a foreign colon",
        "beim Versand der Rechnung kommt immer: 550 Loop detected – woran liegt das?",
        "mail-loop",
        {"reply": "550"},
    ),
    (
        "a status behind a colon",
        "les envois du CRM échouent : 4.3.1 Insufficient system resources",
        "server-error",
        {"status": "4.3.1"},
    ),
    (
        "on its own line, asked about",
        "Server does not support secure authentication, or the password was refused\n\n"
        "TLS required for relaying\nWhat have I configured incorrectly in my mailer?",
        "tls-failure",
        {},
    ),
    (
        "in quotation marks",
        'after the update, when I send mail to them they return "User unknown in virtual mailbox table". Old aliases are fine',
        "no-such-user",
        {},
    ),
    (
        "with the address in the words around it",
        "newsletter for anna@firm.example, since Monday the app shows\n\nRecipient mailbox is full\n\nwhat now?",
        "mailbox-full",
        {"recipient": "anna@firm.example"},
    ),
    (
        "quoted in a foreign sentence",
        "Das Finanzamt bekommt unsere Unterlagen nicht, in Outlook steht 'Message size exceeds fixed maximum message size' und sonst nichts",
        "message-too-large",
        {},
    ),
    (
        "English among characters",
        "我给老师发作业被退回来了，上面写着 Mailbox does not exist on this server 我该怎么办",
        "no-such-user",
        {},
    ),
    (
        "a reply in the middle of a sentence",
        "ma facture au client revient avec 550 mailbox unavailable – qui doit agir ?",
        "mailbox-unavailable",
        {"reply": "550"},
    ),
    (
        "a sentence goes on behind it",
        "mail to the tax office, answer in my inbox: Recipient address rejected: Access denied. Sent again, the same.",
        "policy-violation",
        {},
    ),
    (
        "while sending, in Spanish",
        "Al enviar la factura me contesta 'Message size exceeds fixed maximum message size' y nada más",
        "message-too-large",
        {},
    ),
    (
        "while sending, in Japanese",
        "メールを送ると「Message size exceeds fixed maximum message size」と表示されます",
        "message-too-large",
        {},
    ),
    (
        "in brackets",
        "Le nostre fatture non arrivano, la coda le tiene tutte (Sending failed: Host or network unreachable). Aspetto?",
        "server-unreachable",
        {},
    ),
]
TALKED_ABOUT = [
    (
        "a list of counts",
        "hard bounces\n  157 : mailbox not found\n  64 : connection refused\n  86 : mailbox is full\n",
    ),
    ("a proposal", "we should tell senders that\n> Mailbox is full and over quota\n> please wait"),
    ("a table", "mail codes\n5.7.1 | Delivery not authorized, message refused\n5.2.2 | Mailbox full"),
    ("a phrase of a sentence", 'the mail report says "mailbox full" deferrals are retried, is that new?'),
    (
        "nothing of mail",
        "the crawler says\n> certificate verify failed: unable to get local issuer certificate",
    ),
    ("a web page", "HTTP/1.1 503\n\nService temporarily unavailable, please send mail to the admin"),
    (
        "a label to replace",
        "Dans l'aide du webmail je propose de remplacer 'Message size exceeds fixed maximum message size' par un texte court",
    ),
    (
        "a glossary",
        "glossary of the mail team: is 'Message size exceeds fixed maximum message size' one entry or two?",
    ),
    (
        "what is expected",
        "Expected: a bounce 'Message size exceeds fixed maximum message size' to the sender.\nActual: it was delivered, nothing came back",
    ),
    (
        "a parcel",
        "the parcel came back (Sending failed: Host or network unreachable), who calls the shop?",
    ),
    (
        "a kernel",
        "kernel: mail volume: no space left on device, quota exceeded for uid 550",
    ),
    ("a receipt", "Your mail has been delivered to the recipient.\nThe mailbox will soon be full"),
]


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize(
    ("text", "cause", "facts"), [row[1:] for row in PASTED], ids=[row[0] for row in PASTED]
)
def test_a_known_wording_by_itself_is_a_bounce(
    text: str, cause: str, facts: dict[str, Any], diagnoser: Diagnoser
) -> None:
    """The words around it need not say that mail failed; they may name the addresses."""
    answer = diagnoser.first(diagnoser.read(text))

    assert [item.cause for item in answer.results] == [cause]
    assert {name: getattr(answer.results[0].facts, name) for name in facts} == facts


@pytest.mark.parametrize("text", [row[1] for row in TALKED_ABOUT], ids=[row[0] for row in TALKED_ABOUT])
def test_a_known_wording_that_is_talked_about_is_none(text: str, diagnoser: Diagnoser) -> None:
    """Lists, proposals, other programs and good news hold the same words."""
    assert not diagnoser.read(text).bounce


@pytest.mark.parametrize(
    "text",
    [
        "mail: " * 400,
        "> " * 1400,
        "mail '" * 450,
        "send " + "a, " * 900,
        "邮件" * 1400,
        "mail\n" * 590,
        'mail "' * 400,
    ],
    ids=["colons", "marks", "quotes", "commas", "characters", "lines", "quotations"],
)
def test_passages_are_few(text: str) -> None:
    """However odd a text, what is looked up of it is bounded."""
    assert len(passages(text)) <= 40


def test_a_page_is_not_looked_through() -> None:
    """Beyond a post's length a text has too many passages to be right about one by chance."""
    assert passages("we send mail\n\nMailbox is full\n" * 200) == ()


def test_a_passage_with_a_reason_is_preferred(diagnoser: Diagnoser) -> None:
    """A report's first line says only that it failed; a line below says why."""
    text = (
        "test to the feedback address, must be fixed before launch\nDelivery to the following recipient failed permanently:\n\n"
        "    jo@firm.example\n\nDNS Error: Address resolution of firm.example. failed: Domain name not found"
    )

    assert [item.cause for item in diagnoser.first(diagnoser.read(text)).results] == ["domain-not-found"]
