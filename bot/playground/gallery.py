"""Which bounces does the playground offer to paste?

Twelve causes from every family, in the words that mail servers and mail services publish, some inside of the
chatter they come with; and one text that is no bounce, to which the bot stays silent. Names and addresses
are reserved for documentation (RFC 2606, RFC 5737), but for the mail providers whose words they are.
"""

from dataclasses import dataclass

from bot.playground.store import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One text to paste, or one mail to drop."""

    cause: str
    """The cause that the bot should find; ``not-a-bounce`` where it should be silent."""
    family: str
    title: str
    hint: str
    """What is worth seeing in the answer."""
    text: str
    file: str | None = None
    """Set: the text is dropped as a file of this name."""

    def as_json(self) -> Json:
        return {
            "cause": self.cause,
            "family": self.family,
            "title": self.title,
            "hint": self.hint,
            "text": self.text,
            "file": self.file,
        }


_TOO_LARGE = """\
From: MAILER-DAEMON@mail.acme.example (Mail Delivery System)
To: designer@acme.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Nov 2026 09:14:07 +0100
Message-ID: <20261102081407.4F2A1C0031@mail.acme.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F2A1C0031.1762071247"

--4F2A1C0031.1762071247
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.acme.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<print@oscorp.example>: message size 48211034 exceeds size limit 26214400 of
    server mx.oscorp.example[198.51.100.80]

--4F2A1C0031.1762071247
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.acme.example
X-Postfix-Queue-ID: 4F2A1C0031
Arrival-Date: Mon, 2 Nov 2026 09:14:05 +0100 (CET)

Final-Recipient: rfc822; print@oscorp.example
Action: failed
Status: 5.3.4
Diagnostic-Code: X-Postfix; message size 48211034 exceeds size limit 26214400
    of server mx.oscorp.example[198.51.100.80]

--4F2A1C0031.1762071247
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <designer@acme.example>
From: Designer <designer@acme.example>
To: print@oscorp.example
Subject: Poster, final
Date: Mon, 2 Nov 2026 09:13:58 +0100
Message-ID: <poster-final@acme.example>

--4F2A1C0031.1762071247--
"""


def gallery() -> tuple[Example, ...]:
    """All examples, in the order of the page."""
    return (
        Example(
            cause="ip-blocklisted",
            family="reputation",
            title="Our server is on a blocklist",
            hint="The listing is looked up live.",
            text=(
                "Hi team, since this morning every mail to Globex comes back. Can somebody look?\n"
                "\n"
                "<purchasing@globex.example>: host mx1.globex.example[203.0.113.25] said: 554 5.7.1 Service"
                " unavailable; Client host [192.0.2.44] blocked using zen.spamhaus.org;"
                " https://www.spamhaus.org/query/ip/192.0.2.44 (in reply to RCPT TO command)"
            ),
        ),
        Example(
            cause="domain-not-found",
            family="routing",
            title="A typo in the domain",
            hint="The domain does not exist; the right one is suggested.",
            text=(
                "The customer swears the address is right, but:\n"
                "\n"
                "Address not found\n"
                "Your message wasn't delivered to lena.fischer@gmial.com because the domain gmial.com"
                " couldn't be found. Check for typos or unnecessary spaces and try again.\n"
                "The response was:\n"
                "DNS Error: DNS type 'mx' lookup of gmial.com responded with code NXDOMAIN Domain name not"
                " found: gmial.com"
            ),
        ),
        Example(
            cause="no-such-user",
            family="recipient",
            title="No such mailbox",
            hint="The domain is fine, the mailbox is not there.",
            text=(
                "550 5.1.1 <j.smith@initech.example>: Recipient address rejected: User unknown in virtual"
                " mailbox table"
            ),
        ),
        Example(
            cause="mailbox-full",
            family="recipient",
            title="The mailbox is full",
            hint="The recipient has to act, not us.",
            text=(
                "Third customer today, is this on our side??\n"
                "> <amelie@hooli.example>: host mail.hooli.example[198.51.100.7] said: 552 5.2.2\n"
                ">     <amelie@hooli.example>: Quota exceeded (mailbox for user is full) (in reply to end\n"
                ">     of DATA command)\n"
                "thanks, Priya"
            ),
        ),
        Example(
            cause="auth-required",
            family="submission",
            title="The mail program does not log in",
            hint="What to click in Outlook, Thunderbird and on phones.",
            text=(
                'From a customer with a new laptop: "Sending reported error (0x800CCC79): The server'
                ' responded: 530 5.7.0 Authentication required". He can receive mail, but not send any.'
            ),
        ),
        Example(
            cause="relay-denied",
            family="routing",
            title="Relaying denied",
            hint="The domain's own mail host is looked up.",
            text="554 5.7.1 <orders@umbrella.example>: Relay access denied",
        ),
        Example(
            cause="dmarc-failed",
            family="authentication",
            title="DMARC says reject",
            hint="The policy that the domain publishes is read.",
            text=(
                "550-5.7.26 Unauthenticated email from acme.example is not accepted due to domain's\n"
                "550-5.7.26 DMARC policy. Please contact the administrator of acme.example domain if\n"
                "550-5.7.26 this was a legitimate mail. To learn about the DMARC initiative, go to\n"
                "550 5.7.26 https://support.google.com/mail/?p=DmarcRejection d2e1a72fcca58-7c1 - gsmtp"
            ),
        ),
        Example(
            cause="missing-ptr",
            family="authentication",
            title="No reverse name",
            hint="The reverse DNS of the sending host is looked up.",
            text=("450 4.7.1 Client host rejected: cannot find your reverse hostname, [198.51.100.66]"),
        ),
        Example(
            cause="domain-blocklisted",
            family="reputation",
            title="A listed domain, and a slow list",
            hint="This list does not answer in time: could not check.",
            text=(
                "554 5.7.1 Service unavailable; Sender address [news@deals.example] blocked using"
                " dbl.spamhaus.org; https://www.spamhaus.org/query/domain/deals.example"
            ),
        ),
        Example(
            cause="message-too-large",
            family="policy",
            title="A mail dropped as a file",
            hint="A whole delivery report, as an .eml file.",
            file="undelivered.eml",
            text=_TOO_LARGE,
        ),
        Example(
            cause="greylisted",
            family="throttling",
            title="Come back in five minutes",
            hint="Nobody has to act.",
            text=(
                "450 4.2.0 <billing@wayne.example>: Recipient address rejected: Greylisted, see"
                " http://postgrey.schweikert.ch/help/wayne.example.html"
            ),
        ),
        Example(
            cause="server-error",
            family="server",
            title="Their server is out of disk",
            hint="A fault of the receiving system.",
            text=(
                "Any idea what this means? It came four hours after I sent the offer.\n"
                "    host mx.stark.example [203.0.113.90]\n"
                "    SMTP error from remote mail server after MAIL FROM:<sales@acme.example> SIZE=48211:\n"
                "    452 4.3.1 Insufficient system storage"
            ),
        ),
        Example(
            cause="not-a-bounce",
            family="none",
            title="Not a bounce",
            hint="fivefifty stays silent.",
            text="Can somebody check order 550? The customer says it has not arrived.",
        ),
    )
