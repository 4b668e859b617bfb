"""Log lines of mail servers, on the sending and on the receiving side."""

import pytest

from bot.core.model import Catalogue, Frame
from bot.core.parse import parse

SENDING = [
    (
        "postfix-bounced",
        "2025-02-01T10:00:00.1+00:00 mx1 postfix/smtp[811]: 4Zk3Qy0Rv9z1: to=<jo@firm.example>, orig_to=<alias@own.example>, "
        "relay=mx.firm.example[2001:db8::25]:25, delay=1.2, delays=0.1/0/0.6/0.5, dsn=5.1.1, status=bounced (host "
        "mx.firm.example[2001:db8::25] said: 550 5.1.1 <jo@firm.example>: no mailbox (in reply to RCPT TO command))",
        ("550", "5.1.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "postfix-sender-from-queue-line",
        "Feb  1 10:00:00 mx postfix/qmgr[5]: 4A5B6C7D8E: from=<own@shop.example>, size=900, nrcpt=1 (queue active)\n"
        "Feb  1 10:00:02 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[198.51.100.7]:25, "
        "delay=2, delays=1/0/1/0, dsn=5.7.1, status=bounced (host mx.firm.example[198.51.100.7] said: 554 5.7.1 no (in reply "
        "to end of DATA command))",
        ("554", "5.7.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "postfix-no-connection",
        "Feb  1 10:00:00 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=none, delay=30, delays=0/0/30/0, "
        "dsn=4.4.1, status=deferred (connect to mx.firm.example[198.51.100.7]:25: Connection timed out)",
        (None, "4.4.1", "jo@firm.example", None, "mx.firm.example", None, True),
    ),
    (
        "exim-failed",
        "2025-02-01 10:00:00 1tABCD-000abc-1X ** jo@firm.example F=<own@shop.example> R=dnslookup T=remote_smtp "
        "H=mx.firm.example [198.51.100.7] X=TLS1.3: SMTP error from remote mail server after RCPT TO:<jo@firm.example>: "
        "550 5.1.1 Unknown mailbox",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "exim-deferred",
        "2025-02-01 10:00:00 1tABCD-000abc-1X == jo@firm.example R=dnslookup T=remote_smtp defer (110): Connection timed out",
        (None, None, "jo@firm.example", None, None, None, True),
    ),
    (
        "sendmail",
        "Feb  1 10:00:00 mx sm-mta[99]: x1A2b3C4d5: to=<jo@firm.example>, ctladdr=<own@shop.example> (8/12), delay=00:00:02, "
        "mailer=esmtp, pri=30000, relay=mx.firm.example. [198.51.100.7], dsn=5.1.1, stat=User unknown",
        (None, "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "exim, with the line of its arrival",
        "2026-03-04 10:00:00 1abCDE-000123-Ab <= own@shop.example H=localhost P=esmtp S=900\n"
        "2026-03-04 10:00:01 1abCDE-000123-Ab ** jo@firm.example R=dnslookup T=remote_smtp H=mx.firm.example [198.51.100.7]: SMTP "
        "error from remote mail server after RCPT TO:<jo@firm.example>: 550 5.1.1 unknown",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "sendmail, with the line of its arrival",
        "Feb  1 10:00:00 mx sm-mta[99]: x1A2b3C4d5: from=<own@shop.example>, size=900, nrcpts=1\n"
        "Feb  1 10:00:02 mx sm-mta[99]: x1A2b3C4d5: to=<jo@firm.example>, delay=00:00:02, mailer=esmtp, "
        "relay=mx.firm.example. [198.51.100.7], dsn=5.1.1, stat=User unknown",
        (None, "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "qmail, with the line of its arrival",
        "@4000000051 info msg 34: bytes 900 from <own@shop.example> qp 7 uid 89\n"
        "@4000000052 starting delivery 12: msg 34 to remote jo@firm.example\n"
        "@4000000053 delivery 12: failure: 198.51.100.7_does_not_like_recipient./Remote_host_said:_550_5.1.1_unknown/"
        "Giving_up_on_198.51.100.7./",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "198.51.100.7", None, False),
    ),
    (
        "a host that nobody knows",
        "Mar 12 07:45:10 mx sendmail[3381]: 52C6jAab003379: to=<jo@firm.examplee>, delay=00:00:00, mailer=esmtp, "
        "relay=firm.examplee, dsn=5.1.2, stat=Host unknown (Name server: firm.examplee: host not found)",
        (None, "5.1.2", "jo@firm.examplee", None, None, None, False),
    ),
    (
        "addresses without brackets",
        "Nov 19 18:56:33 mx postfix/smtp[16524]: E925626DCF: to=jo@firm.example, relay=mx.firm.example[198.51.100.8]:25, "
        "delay=1.2, dsn=5.1.1, status=bounced (host mx.firm.example[198.51.100.8] said: 550 5.1.1 unknown)",
        ("550", "5.1.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "in the midst of a line",
        "again: <jo@firm.example>: host mx.firm.example[198.51.100.40] refused to talk to me: 554 5.7.1 poor reputation",
        ("554", "5.7.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "a queue of sendmail",
        "x9QAB2cd012345    2210 Fri Oct 26 04:11 <own@shop.example>\n       (Deferred: Connection timed out with "
        "mx.firm.example.)\n                                     <jo@firm.example>\n",
        (None, None, "jo@firm.example", "own@shop.example", "mx.firm.example", None, True),
    ),
    (
        "qmail",
        "@4000000052 starting delivery 12: msg 34 to remote jo@firm.example\n"
        "@4000000053 delivery 12: failure: 198.51.100.7_does_not_like_recipient./Remote_host_said:_550_no_such_user_here/"
        "Giving_up_on_198.51.100.7./",
        ("550", None, "jo@firm.example", None, "198.51.100.7", None, False),
    ),
    (
        "powermta-csv",
        "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp\n"
        "b,2025-02-01 10:00:00+0000,2025-02-01 09:59:58+0000,own@shop.example,jo@firm.example,,failed,5.2.2 (mailbox full),"
        '"smtp;552 5.2.2 over quota, sorry",mx.firm.example (198.51.100.7),quota-issues,smtp,src,smtp,192.0.2.9',
        ("552", "5.2.2", "jo@firm.example", "own@shop.example", "mx.firm.example", "192.0.2.9", False),
    ),
    (
        "exchange-tracking",
        "#Fields: date-time,client-ip,event-id,recipient-address,recipient-status,sender-address\n"
        "2025-02-01T10:00:00Z,,FAIL,jo@firm.example,{LED=550 5.1.1 unknown};{FQDN=mx.firm.example};{IP=198.51.100.7},own@shop.example",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "opensmtpd",
        'smtpd[1]: 5d1f mta delivery evpid=1 from=<own@shop.example> to=<jo@firm.example> rcpt=<-> source="192.0.2.9" '
        'relay="198.51.100.7 (mx.firm.example)" delay=1s result="PermFail" stat="550 5.1.1 unknown"',
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "opensmtpd-old",
        'smtp-in: Failed command on session 1a: "RCPT TO:<jo@firm.example>" => 550 unknown\nrelay: PermFail for '
        "6430369adcce4408: session=1a, from=<own@shop.example>, to=<jo@firm.example>, rcpt=<->, source=192.0.2.9, "
        "relay=198.51.100.7 (mx.firm.example), delay=0s, stat=550 5.1.1 unknown",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "sendmail-with-the-reply",
        "sm-mta[99]: x1: to=<jo@firm.example>, ctladdr=<own@shop.example> (33/33), mailer=esmtp, relay=mx.firm.example. "
        "[198.51.100.7], dsn=5.0.0, reply=554 5.7.1 mail from you is refused, stat=Service unavailable",
        ("554", "5.7.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "exim-names-the-host-in-the-error",
        "2025-02-01 10:00:00 1tABCD-000abc-1X ** jo@firm.example R=dnslookup T=remote_smtp: SMTP error from remote mail server "
        "after RCPT TO:<jo@firm.example>: host mx.firm.example [198.51.100.7]: 550 5.1.1 unknown",
        ("550", "5.1.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "exim-debugging",
        "LOG: MAIN\n  ** jo@firm.example R=dnslookup T=remote_smtp H=mx.firm.example [198.51.100.7]: SMTP error from remote mail "
        "server after RCPT TO:<jo@firm.example>: 550 5.1.1 unknown",
        ("550", "5.1.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "postfix-last-line-first",
        "Feb  1 10:00:02 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[198.51.100.7]:25, "
        "dsn=5.1.1, status=bounced (host mx.firm.example[198.51.100.7] said: 550 5.1.1 unknown)\n"
        "Feb  1 10:00:01 mx postfix/qmgr[5]: 4A5B6C7D8E: from=<own@shop.example>, size=900, nrcpt=1 (queue active)",
        ("550", "5.1.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, False),
    ),
    (
        "postfix-of-another-message",
        "Feb  1 10:00:01 mx postfix/qmgr[5]: 99999C7D8E: from=<x@other.example>, size=900, nrcpt=1 (queue active)\n"
        "Feb  1 10:00:02 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[198.51.100.7]:25, "
        "dsn=5.1.1, status=bounced (host mx.firm.example[198.51.100.7] said: 550 5.1.1 unknown)",
        ("550", "5.1.1", "jo@firm.example", None, "mx.firm.example", None, False),
    ),
    (
        "postfix-suspended",
        "Feb  1 10:00:00 mx postfix/error[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=none, delay=9, dsn=4.0.0, status=deferred "
        "(delivery temporarily suspended: SASL authentication failed; server relay.firm.example[198.51.100.7] said: 454 too many)",
        ("454", "4.0.0", "jo@firm.example", None, "relay.firm.example", None, True),
    ),
    (
        "mailq",
        "4A5B6C7D8E    1200 Mon Feb  3 10:00:00  own@shop.example\n(host mx.firm.example[198.51.100.7] said: 451 4.7.1 "
        "greylisted (in reply to RCPT TO command))\n                jo@firm.example\n",
        ("451", "4.7.1", "jo@firm.example", "own@shop.example", "mx.firm.example", None, True),
    ),
]

SENDING.append(
    ("mailq-moved-in", "\n".join("  " + line for line in SENDING[-1][1].split("\n")), SENDING[-1][2])
)
RECEIVING = [
    (
        "postfix",
        "postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 550 5.7.25 Client host rejected: cannot find your "
        "hostname, [192.0.2.9]; from=<n@shop.example> to=<jo@firm.example> proto=ESMTP helo=<x>",
        ("550", "5.7.25", "jo@firm.example", "n@shop.example", "192.0.2.9"),
    ),
    (
        "exim",
        "2025-02-01 10:00:00 H=out.shop.example [192.0.2.9] F=<n@shop.example> rejected RCPT <jo@firm.example>: relay not permitted",
        (None, None, "jo@firm.example", "n@shop.example", "192.0.2.9"),
    ),
    (
        "sendmail",
        "sm-mta[1]: x1: ruleset=check_rcpt, arg1=<jo@firm.example>, relay=out.shop.example [192.0.2.9], reject=550 5.7.1 "
        "<jo@firm.example>... Relaying denied",
        ("550", "5.7.1", "jo@firm.example", None, "192.0.2.9"),
    ),
    (
        "exim-refuses-the-sender",
        "2025-02-01 10:00:00 H=([192.0.2.1]) [192.0.2.9] CV=no rejected MAIL <n@shop.example>: the greeting is an address",
        (None, None, None, "n@shop.example", "192.0.2.9"),
    ),
    (
        "hmailserver",
        '"SMTPD"\t3092\t41\t"2024-08-19 10:02:11.500"\t"192.0.2.9"\t"RECEIVED: MAIL FROM:<n@shop.example>"\n'
        '"SMTPD"\t3092\t41\t"2024-08-19 10:02:11.512"\t"192.0.2.9"\t"RECEIVED: RCPT TO:<jo@firm.example>"\n'
        '"SMTPD"\t3092\t41\t"2024-08-19 10:02:11.527"\t"192.0.2.9"\t"SENT: 550 Delivery is not allowed to this address."',
        ("550", None, "jo@firm.example", "n@shop.example", "192.0.2.9"),
    ),
]

HARMLESS = [
    '"SMTPD"\t3092\t41\t"2024-08-19 10:02:11.527"\t"192.0.2.9"\t"SENT: 250 Queued (0.016 seconds)"',
    "Feb  1 10:00:00 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx[198.51.100.7]:25, dsn=2.0.0, status=sent (250 ok)",
    "Feb  1 10:00:00 mx postfix/qmgr[5]: 4A5B6C7D8E: from=<own@shop.example>, size=900, nrcpt=1 (queue active)",
    "Feb  1 10:00:00 mx postfix/smtp[6]: Verified TLS connection established to mx.firm.example[198.51.100.7]:25: TLSv1.3",
    '2025-02-01 10:00:00 1tABCD-000abc-1X => jo@firm.example R=dnslookup T=remote_smtp H=mx.firm.example [198.51.100.7] C="250 ok"',
    "sm-mta[99]: x1: to=<jo@firm.example>, mailer=esmtp, relay=mx.firm.example. [198.51.100.7], dsn=2.0.0, stat=Sent (ok)",
    "kernel: [551.220113] eth0: link is up, 550 Mb/s",
]


@pytest.mark.parametrize(("text", "facts"), [row[1:] for row in SENDING], ids=[row[0] for row in SENDING])
def test_sending_side(text: str, facts: tuple[object, ...], catalogue: Catalogue) -> None:
    """A line of the sender's log names recipient, remote host and the remote reply."""
    first = parse(text, catalogue).rejections[0]
    got = first.facts

    assert (
        got.reply,
        got.status,
        got.recipient,
        got.sender,
        got.rejecting_host,
        got.sending_ip,
        got.temporary,
    ) == facts
    assert first.frame is Frame.LOG
    assert not first.receiving_side


@pytest.mark.parametrize(("text", "facts"), [row[1:] for row in RECEIVING], ids=[row[0] for row in RECEIVING])
def test_receiving_side(text: str, facts: tuple[object, ...], catalogue: Catalogue) -> None:
    """In the refusing server's own log the client is the sending IP, and no remote host is named."""
    first = parse(text, catalogue).rejections[0]
    got = first.facts

    assert (got.reply, got.status, got.recipient, got.sender, got.sending_ip) == facts
    assert (got.rejecting_host, got.provider, first.receiving_side) == (None, None, True)


@pytest.mark.parametrize("text", HARMLESS)
def test_lines_without_a_failure(text: str, catalogue: Catalogue) -> None:
    """Delivered mail, queue news and other services are no bounces."""
    assert parse(text, catalogue).strength < 0.5


def test_each_line_is_one_rejection(catalogue: Catalogue) -> None:
    """A log of two failures and one success gives two rejections."""
    line = (
        "Feb  1 10:00:0{n} mx postfix/smtp[6]: 4A5B6C7D8{n}: to=<{who}@firm.example>, relay=mx.firm.example[198.51.100.7]:25, "
        "dsn={dsn}, status={state} ({words})\n"
    )
    text = (
        line.format(
            n=1,
            who="a",
            dsn="5.1.1",
            state="bounced",
            words="host mx.firm.example[198.51.100.7] said: 550 no",
        )
        + line.format(n=2, who="b", dsn="2.0.0", state="sent", words="250 ok")
        + line.format(
            n=3,
            who="c",
            dsn="4.7.0",
            state="deferred",
            words="host mx.firm.example[198.51.100.7] said: 421 busy",
        )
    )

    assert [item.facts.recipient for item in parse(text, catalogue).rejections] == [
        "a@firm.example",
        "c@firm.example",
    ]


def test_a_line_cut_off_before_its_last_bracket_keeps_its_words(catalogue: Catalogue) -> None:
    """A bracket inside the reply is not the end of it; what the next line says is no part of it."""
    line = (
        "Feb  1 10:00:02 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[198.51.100.7]:25, delay=2, "
        "dsn=4.0.0, status=deferred (host mx.firm.example[198.51.100.7] refused to talk to me: 554-mx.firm.example (node 3) no "
        "service 554 Bad DNS PTR record"
    )

    [rejection] = parse(f"```\n{line}\n```\nis that us?", catalogue).rejections

    assert rejection.text.endswith("Bad DNS PTR record")
