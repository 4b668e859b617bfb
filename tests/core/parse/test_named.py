"""Whose server answered, by what people say around a reply?"""

import pytest

from bot.core.model import Catalogue, Provider
from bot.core.parse.named import answered
from bot.core.provider import ProviderIndex

INDEX = ProviderIndex(
    Catalogue(
        causes={},
        variants=(),
        providers={
            provider.id: provider
            for provider in (
                Provider(id="google", name="Gmail", mx=("google.com",), names=("gmail", "google")),
                Provider(id="amazonses", name="Amazon SES", mx=("amazonaws.com",), names=("SES", "AWS SES")),
                Provider(id="sendgrid", name="SendGrid", mx=("sendgrid.net",), texts=("sendgrid",)),
                Provider(id="yandex", name="Yandex", mx=("yandex.ru",), names=("yandex", "яндекс")),
                Provider(id="qq", name="QQ", mx=("qq.com",), names=("qq邮箱",)),
                Provider(id="exim", name="Exim", texts=("exim",)),
            )
        },
    )
)


@pytest.mark.parametrize(
    ("words", "provider"),
    [
        ("via aws ses. which of these is it", "amazonses"),
        ("switched from sendgrid to ses last week, now", "amazonses"),
        ("sendgrid, api key as the password:", "sendgrid"),
        ("this is sendgrid, the password is right", "sendgrid"),
        ("yandex for domains, test mail:", "yandex"),
        ("отправляю через яндекс, а в ответ", "yandex"),
        ("wir senden über gmail, seit heute", "google"),
        ("用qq邮箱发信报错：", "qq"),
        ("log from gmail, two lines", "google"),
        ("gmail and yandex went well until today. with sendgrid it stops here", "sendgrid"),
    ],
)
def test_who_somebody_sends_through_has_answered(words: str, provider: str) -> None:
    """The server that somebody hands mail to is named by the way, the account, or who says so."""
    assert answered(INDEX, words, submitted=True) == provider


@pytest.mark.parametrize(
    "words",
    [
        "gmail works, our own server does not",
        "we left sendgrid, the new box says",
        "unlike gmail this one refuses",
        "migrated away from yandex, own server now",
        "before we used sendgrid, now our own",
        "customers with yandex and gmail addresses get nothing",
        "with yandex or with gmail, it is the same",
        "at object.meteor.sendgrid.send (packages/x_sendgrid.js:57)",
        "mail to gmail users stays here",
        "please resend, the sessions end",
        "via exim, the local one",
        "write to jo@gmail or see gmail.com/help",
    ],
)
def test_who_is_only_mentioned_has_not(words: str) -> None:
    """What works, what was left, whose customers are meant, two at once, a part of a name, software."""
    assert answered(INDEX, words, submitted=True) is None


@pytest.mark.parametrize(
    ("words", "provider"),
    [
        ("gmail says this to half of our list", "google"),
        ("blocked by yandex since noon", "yandex"),
        ("яндекс отклоняет всё", "yandex"),
        ("we send this via ses", None),
        ("our login at sendgrid is right", None),
        ("gmail says pass", None),
    ],
)
def test_a_reply_about_a_recipient_is_of_who_is_said_to_answer(words: str, provider: str | None) -> None:
    """Who carries the mail there has not refused the recipient."""
    assert answered(INDEX, words, submitted=False) == provider
