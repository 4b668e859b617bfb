"""Frames that only a mail server's own sentence has make words a bounce; people's words do not."""

import re

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.parse.signs import elsewhere, failure, kinds, manual, sentences, talk
from bot.core.parse.signs.sign import Sign
from bot.diagnose import Diagnoser


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize(
    ("text", "bounce"),
    [
        ("5.1.0 - Unknown address error 'no mailbox of that name' (delivery attempts: 2)", True),
        ("bob@example.org... Deferred: Connection reset by mx.example.org", True),
        ("The message to bob@example.org was returned because : mailbox quota exceeded", True),
        ("bob@example.org... are you still there?", False),
        ("we gave up after 3 delivery attempts, the parcel is lost", False),
        ("the message to Bob was clear, he bounced back because of it", False),
    ],
    ids=["ironport", "sendmail", "returned because", "chat with dots", "parcel", "a person"],
)
def test_a_servers_frame_speaks_for_a_bounce(diagnoser: Diagnoser, text: str, bounce: bool) -> None:
    """The frame decides, with no code in the words."""
    assert diagnoser.read(text).bounce is bounce


@pytest.mark.parametrize(
    ("text", "bounce"),
    [
        ("Reset link not sent. SMTPServerDisconnected: please run connect() first", True),
        ("Net::SMTPAuthenticationError (530-5.7.0 Authentication Required)", True),
        ("System.Net.Mail.SmtpException : Failure sending mail.", True),
        ("Connection attempt to mail.firm.example:587 failed: connect: Connection refused", True),
        ("Reason: getaddrinfo EAI_AGAIN smtp.firm.example:587", True),
        ("SMTP error: Connection error: invalid peer certificate", True),
        ('level=error msg="Failed to send alert notification email" error=EOF', True),
        ("Error: RCPT TO not accepted from server! in mail.php on line 345", True),
        ("class SMTPServerDisconnected(SMTPException): pass", False),
        ("Reason: getaddrinfo EAI_AGAIN registry.firm.example", False),
        ("Connection attempt to db.firm.example:5432 failed: Connection refused", False),
        ('level=error msg="Failed to send alert notification to pager" error=EOF', False),
        ("create HTTP client: EOF", False),
    ],
)
def test_what_programs_say_that_could_not_send(diagnoser: Diagnoser, text: str, bounce: bool) -> None:
    """A mail library's error counts without a reply; that of another program does not."""
    assert diagnoser.read(text).bounce is bounce


def test_signs_are_found_in_whatever_case_and_in_place() -> None:
    """Matches stand where they stand in the text, also behind a capital İ, which has no small letter of its length."""
    text = "Sayın İLGİLİ: YOUR MESSAGE COULD NOT BE DELIVERED"
    found = sentences.REPORT.search(text)

    assert found is not None
    assert text[found.start() : found.end()] == "YOUR MESSAGE COULD NOT BE DELIVERED"


SIGNS = {
    f"{module.__name__}.{name}": value
    for module in (elsewhere, failure, kinds, manual, sentences, talk)
    for name, value in vars(module).items()
    if isinstance(value, Sign)
}


@pytest.mark.parametrize("name", SIGNS)
def test_signs_are_written_in_lower_case(name: str) -> None:
    """A capital in such a pattern would never be found; after a backslash it is a class of characters."""
    literal = re.sub(r"\\.", "", SIGNS[name]._pattern.pattern)

    assert literal == literal.lower()


@pytest.mark.parametrize(
    ("text", "bounce"),
    [
        ("Wysyłanie nie powiodło się: serwer „smtp.example.pl” poczty wychodzącej (SMTP) nie odpowiada", True),
        ("Posta gönderilemedi: smtp.example.com giden sunucusu (SMTP) ile bağlantı koptu.", True),
        ("Der Postausgangs-Server (SMTP) smtp.example.com ist nicht erreichbar", True),
        ("L’envoi a échoué : la connexion au serveur sortant (SMTP) smtp.example.com a expiré", True),
        ("Skrzynka odbiorcy jest pełna.", True),
        ("Skrzynka odbiorcy jest pelna.", True),
        ("Cześć, czy ktoś wie, jak powiększyć skrzynkę odbiorcy, gdy jest pełna", False),
        ("请问我们的邮箱已满怎么办", False),
        ("Hola, alguien sabe cómo vaciar el buzón lleno de un cliente", False),
        ("Bana kimse posta kutusu dolu dedi mi", False),
    ],
    ids=["polish", "turkish", "german", "french", "bare words", "in ASCII", "polish chat", "chinese chat", "spanish chat", "turkish chat"],
)  # fmt: skip
def test_other_languages_are_heard_and_their_talk_is_not(
    diagnoser: Diagnoser, text: str, bounce: bool
) -> None:
    """What a mail program or server says in another language is a bounce; what people ask there is none."""
    assert diagnoser.read(text).bounce is bounce
