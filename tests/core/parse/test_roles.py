"""Who is who among the addresses of a text: by fields, by words, by an arrow; and who is nobody of the two."""

import pytest

from bot.core.parse.roles import addresses, parties

SENDER, RECIPIENT = "n@shop.example", "jo@firm.example"

FORMS = {
    "header lines": "From: {s}\nTo: {r}",
    "display names": 'From: "Shop, orders" <{s}>\nTo: Jo Ann <{r}>',
    "long names": "Sender: {s}\nRecipient: {r}",
    "address in the name of the field": "Sender Address:\t{s}\nRecipient Address:\t{r}",
    "keys of a log": "level=error from={s} to={r} msg=failed",
    "brackets in a log": "queue: from=<{s}>, to=<{r}>, relay=none",
    "JSON": '{{"from": "{s}", "to": ["{r}"]}}',
    "JSON with a name": '{{"from":"Shop <{s}>","to":"Jo <{r}>"}}',
    "Python": "{{'sender': '{s}', 'recipient': '{r}'}}",
    "Node": "envelope: {{ from: '{s}', to: [ '{r}' ] }}",
    "print_r": "[from] => {s}\n    [to] => {r}",
    "var_dump": '["from"]=>\n  string(14) "{s}"\n  ["to"]=>\n  string(15) "{r}"',
    "commands": "MAIL FROM:<{s}>\nRCPT TO:<{r}>",
    "options": "swaks --from {s} --to {r}",
    "arrow": "{s} -> {r}",
    "arrow sign": "{s} → {r}",
    "sentence": "{s} sent a mail to {r} this morning",
    "from and to in a sentence": "the invoice from {s} to {r} did not arrive",
    "German": "Absender: {s}\nEmpfänger: {r}",
    "Spanish": "Remitente: {s}\nDestinatario: {r}",
    "French": "Expéditeur : {s}\nDestinataire : {r}",
    "row of a table": "| Sender | {s} |\n| Recipient | {r} |",
    "aligned columns": "Sender                  : {s}\nRecipients              : {{{r}}}",
    "XML": "<from>{s}</from><to>{r}</to>",
    "objects of an API": '{{"from":{{"address":"{s}"}},"to":[{{"email_address":{{"address":"{r}"}}}}]}}',
    "the other way round": "To: {r}\nFrom: {s}",
    "receiver": "not sent (sender={s}, receiver={r})",
    "a call in Python": "smtp.sendmail('{s}', ['{r}'], text)",
    "a trace of PHP": "->_doMailTransaction(object(Swift_Message), '{s}', array('{r}'), array())",
    "short options": "swaks -f {s} -t {r}",
    "German sentence": "die Mail von {s} an {r} kam zurück",
    "Portuguese sentence": "o mail de {s} para {r} voltou",
    "Russian sentence": "письмо от {s} на {r} вернулось",
    "Chinese": "发件人 {s} 收件人 {r}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_both_parties_are_known(form: str) -> None:
    """Whatever wrote it down, the sender is the sender."""
    assert parties(form.format(s=SENDER, r=RECIPIENT)) == (SENDER, RECIPIENT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mails to jo@firm.example fail", (None, RECIPIENT)),
        ("Mail to jo@firm.example comes back", (None, RECIPIENT)),
        ("your message to jo@firm.example was blocked", (None, RECIPIENT)),
        ("nobody knows jo@firm.example", (None, RECIPIENT)),
        ("mail from n@shop.example is refused", (SENDER, None)),
        ("The sender n@shop.example may not use this server, tell jo@firm.example", (SENDER, RECIPIENT)),
        ("over quota: list+jo=firm.example@shop.example", (None, "list+jo=firm.example@shop.example")),
        ("from=<n@shop.example> to=<n@shop.example>", (SENDER, SENDER)),
        ("smtplib.SMTPSenderRefused: (553, b'5.1.8 no', 'n@shop.example')", (SENDER, None)),
        (
            "SMTPSenderRefused: 550\n5.7.1 Unauthorized\nbounce+12@shop.example",
            ("bounce+12@shop.example", None),
        ),
        ("<n@shop.example> is not an authorized sender for <jo@firm.example>", (SENDER, None)),
        (
            "<list-leave-jo=firm.example@lists.example>: unknown",
            (None, "list-leave-jo=firm.example@lists.example"),
        ),
        ("your message wasn't delivered to feedback@firm.example", (None, "feedback@firm.example")),
        ("could not deliver mail to jo@firm.example, ask n@shop.example", (None, RECIPIENT)),
        ("User not local; please try <jo@firm.example>. Can't send mail", (None, None)),
    ],
    ids=[
        "mails to",
        "comes back",
        "your message",
        "named alone",
        "mail from",
        "sender and another",
        "address in an address",
        "to oneself",
        "Python",
        "Odoo",
        "authorized",
        "equals sign",
        "delivered to",
        "deliver mail to",
        "new address",
    ],
)
def test_words_around_an_address(text: str, expected: tuple[str | None, str | None]) -> None:
    """A sentence gives a role; who is named without one is the recipient."""
    assert parties(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "please forward this message to delist@list.example",
        "send an email to unlock@list.example",
        "write to: postmaster@firm.example",
        "contact n@shop.example for help",
        'On Monday "Mail Delivery System" <MAILER-DAEMON@mx.example> wrote',
        "From: Mail Delivery Subsystem <mailer-daemon@mx.example>\nTo: n@shop.example\nSubject: failure notice",
        "Task 'n@shop.example - Sending' reported an error",
        "user=n@shop.example logged in",
        "customer n@shop.example reports: 550 no",
        "#77391 opened by Ann Berg (n@shop.example)",
        "550 no such mailbox\n\n-- \nJo Smith\nAgency Ltd\nn@shop.example | www.shop.example",
        "could not send mail (account n@shop.example from /etc/rc)",
        "not accepted: <0f8fad5b-d9cb-469f-a165-70867728950e@shop.example>",
        "535 authentication failed for n@shop.example",
    ],
    ids=[
        "forward",
        "send",
        "write",
        "contact",
        "daemon wrote",
        "header of the report",
        "task",
        "login",
        "reports",
        "opened by",
        "signature",
        "account",
        "number of a message",
        "failed login",
    ],
)
def test_some_addresses_are_neither(text: str) -> None:
    """Whom to turn to, the report's own addresses and the name of an account are no party of the message."""
    assert parties(text) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Address not found\n--\nYour message to jo@firm.example was not delivered because there is no such user, 550",
        "Error:\n--\n550 5.1.1 jo@firm.example is unknown",
    ],
    ids=["report", "reply"],
)
def test_a_rule_is_no_signature(text: str) -> None:
    """Two dashes may stand above a report's own words."""
    assert parties(text) == (None, RECIPIENT)


def test_an_unnamed_address_is_a_recipient() -> None:
    """Of an address in a reply nothing is said, mostly: it is the one that was asked for."""
    assert list(addresses("550 <jo@firm.example>: no")) == [(RECIPIENT, "recipient")]


@pytest.mark.parametrize(
    "text", ["=" * 50_000, "from=" * 20_000, "a+b=" * 20_000 + "@", "<" * 50_000 + "a@b.example"]
)
def test_bait_costs_little(text: str) -> None:
    """Runs of what labels are made of end soon."""
    assert parties(text)[0] is None
