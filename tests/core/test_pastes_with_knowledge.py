"""Bounce or not, and which facts: pastes of our own against the real knowledge base.

The rows are modelled on what people paste: exceptions of libraries, pop-ups of mail programs, reports in
many languages, logs; and on what only looks like that. A wrong yes is worse than a wrong no.
"""

from typing import Any

import pytest

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser

BOUNCES: list[tuple[str, dict[str, Any]]] = [
    (
        "Error: Message failed: 550 5.7.60 SMTP; Client does not have permissions to send as this sender "
        "[PR0P264MB1234.FRAP264.PROD.OUTLOOK.COM]\n"
        "    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19)\n"
        "  code: 'EMESSAGE',\n"
        "  responseCode: 550,\n"
        "  command: 'DATA'",
        {"provider": "microsoft", "reply": "550", "status": "5.7.60"},
    ),
    (
        "{ Error: Invalid login: 535-5.7.8 Username and Password not accepted. Learn more at\n"
        "535 5.7.8  https://support.google.com/mail/?p=BadCredentials a1-2.3 - gsmtp\n"
        "    at SMTPConnection",
        {"provider": "google", "reply": "535", "status": "5.7.8"},
    ),
    (
        "phpmailer debug says SMTP ERROR: RCPT TO command failed: 550 No such recipient here",
        {"reply": "550", "status": None},
    ),
    (
        'Swift_TransportException: Expected response code 250 but got code "530", with message "530 5.7.1 Authentication '
        "required\n"
        '"',
        {"reply": "530", "status": "5.7.1"},
    ),
    (
        "smtplib.SMTPSenderRefused: (530, b'5.7.0 Must issue a STARTTLS command first', 'webmaster@own.example')",
        {"reply": "530", "sender": "webmaster@own.example", "status": "5.7.0"},
    ),
    (
        "raise SMTPAuthenticationError(code, resp)\n"
        "smtplib.SMTPAuthenticationError: (535, b'5.7.3 Authentication unsuccessful "
        "[AM0PR01CA0042.eurprd01.prod.exchangelabs.com]')",
        {"provider": "microsoft", "reply": "535", "status": "5.7.3"},
    ),
    (
        "com.sun.mail.smtp.SMTPSendFailedException: 554 5.2.252 SendAsDenied; own@shop.example not allowed to send as "
        "boss@shop.example",
        {"reply": "554", "status": "5.2.252"},
    ),
    (
        "gomail: could not send email 1: 550 5.7.1 <jo@firm.example>: Relaying denied",
        {"recipient": "jo@firm.example", "reply": "550"},
    ),
    (
        "Net::SMTPServerBusy: 454 4.7.0 Too many login attempts, please try again later",
        {"reply": "454", "status": "4.7.0", "temporary": True},
    ),
    (
        "Net::SMTPFatalError (550 5.1.1 <jo@firm.example>: Recipient address rejected: User unknown in virtual mailbox "
        "table)",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.1.1"},
    ),
    (
        "System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server response was: 5.7.1 Unable to relay "
        "for jo@firm.example\n"
        "   at System.Net.Mail.SmtpTransport.SendMail(MailAddress sender)",
        {"recipient": "jo@firm.example", "reply": None, "status": "5.7.1"},
    ),
    (
        "System.Net.Mail.SmtpException: The SMTP server requires a secure connection or the client was not authenticated. "
        "The server response was: 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication "
        "unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        {"reply": "535", "status": "5.7.139"},
    ),
    ("lettre: permanent error (550): 5.1.1 no such mailbox", {"reply": "550", "status": "5.1.1"}),
    (
        "An error occurred while sending mail. The mail server responded:  5.7.1 <jo@firm.example>: Relay access denied. "
        'Please check the message recipient "jo@firm.example" and try again.',
        {"recipient": "jo@firm.example", "reply": None, "status": "5.7.1"},
    ),
    (
        "Sending reported error (0x800CCC79): 'The server rejected one of the recipients. The server responded: 550 5.7.1 "
        "Relaying not allowed for jo@firm.example'",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.7.1"},
    ),
    (
        "msmtp: recipient address jo@firm.example not accepted by the server\n"
        "msmtp: server message: 550 5.1.1 Mailbox does not exist!\n"
        "msmtp: could not send mail (account default from /etc/msmtprc)",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.1.1"},
    ),
    (
        'Nextcloud: Expected response code "354" but got code "503", with message "503-All RCPT commands were rejected '
        "with this error:\n"
        "503-550 relay not permitted\n"
        '503 Valid RCPT command must precede DATA"',
        {"reply": "503"},
    ),
    (
        "WP Mail SMTP: Error: SMTP Error: data not accepted. SMTP server error: DATA END command failed Detail: Message "
        "contains spam or virus or sender is blocked  SMTP code: 550 Additional SMTP info: 5.7.1",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "Exchange says:\n> #550 5.7.1 RESOLVER.RST.AuthRequired; authentication required ##rfc822;group@firm.example",
        {"provider": "microsoft", "reply": "550", "status": "5.7.1"},
    ),
    (
        "Couldn't deliver the message to the following recipients:\n"
        "jo@firm.example\n"
        "\n"
        "Reported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient jo@firm.example not found by SMTP address "
        "lookup\n"
        "DSN generated by: AM8PR01MB1234.eurprd01.prod.exchangelabs.com",
        {"provider": "microsoft", "recipient": "jo@firm.example", "reply": "550", "status": "5.1.10"},
    ),
    (
        "Sorry, we were unable to deliver your message to the following address.\n"
        "\n"
        "<jo@firm.example>:\n"
        "554: 5.7.1 <jo@firm.example>: Relay access denied",
        {"recipient": "jo@firm.example", "reply": "554", "status": "5.7.1"},
    ),
    (
        "jo@firm.example:\n"
        "SMTP error from remote server for RCPT TO command, host: mx.firm.example (198.51.100.7) reason: 550 5.1.1 unknown "
        "user",
        {
            "recipient": "jo@firm.example",
            "rejecting_host": "mx.firm.example",
            "reply": "550",
            "status": "5.1.1",
        },
    ),
    (
        "postscreen[1]: NOQUEUE: reject: RCPT from [192.0.2.9]:4321: 550 5.7.1 Service unavailable; client [192.0.2.9] "
        "blocked using b.barracudacentral.org; from=<n@shop.example>, to=<jo@firm.example>, proto=ESMTP, helo=<x>",
        {
            "blocklist": "b.barracudacentral.org",
            "provider": None,
            "recipient": "jo@firm.example",
            "reply": "550",
            "sender": "n@shop.example",
            "sending_ip": "192.0.2.9",
        },
    ),
    (
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n"
        "\n"
        "jo@firm.example\n"
        "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n"
        "\n"
        "Diagnoseinformationen für Administratoren:\n"
        "Generierender Server: gw.own.example\n"
        "jo@firm.example\n"
        "Remote Server returned '550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found'",
        {"recipient": "jo@firm.example", "rejecting_host": None, "reply": "550", "status": "5.1.1"},
    ),
    (
        "Échec de la remise pour ces destinataires ou groupes :\n"
        "\n"
        "jo@firm.example\n"
        "La boîte aux lettres du destinataire est pleine.",
        {"recipient": "jo@firm.example", "reply": None},
    ),
    (
        "Recapito non riuscito per i seguenti destinatari o gruppi:\n\njo@firm.example\nIl messaggio è troppo grande.",
        {"recipient": "jo@firm.example"},
    ),
    (
        "Error de entrega a estos destinatarios o grupos:\n\njo@firm.example\nNo se encontró la dirección",
        {"recipient": "jo@firm.example"},
    ),
    (
        "Falha na entrega para estes destinatários ou grupos:\n\njo@firm.example\nA caixa está cheia",
        {"recipient": "jo@firm.example"},
    ),
    (
        "my mails to t-online come back:\n"
        "554 IP=192.0.2.9 - Dialup/transient IP not allowed. Use a mailgateway/smarthost or contact tosa@rx.t-online.de to "
        "clarify. (DIAL)",
        {"provider": "t-online", "reply": "554", "sending_ip": "192.0.2.9"},
    ),
    (
        "421 4.7.0 [192.0.2.9      15] Our system has detected an unusual rate of\n"
        "421-4.7.0 unsolicited mail originating from your IP address. x1-2.3 - gsmtp",
        {
            "provider": "google",
            "reply": "421",
            "sending_ip": "192.0.2.9",
            "status": "4.7.0",
            "temporary": True,
        },
    ),
    (
        "Feb  1 10:00:00 mx postfix/smtp[6]: 4A5B6C7D8E: to=<jo@outlook.com>, "
        "relay=outlook-com.olc.protection.outlook.com[198.51.100.7]:25, delay=2, delays=1/0/1/0, dsn=5.7.1, status=bounced "
        "(host outlook-com.olc.protection.outlook.com[198.51.100.7] said: 550 5.7.1 Unfortunately, messages from "
        "[192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our "
        "block list (S3140). (in reply to MAIL FROM command))",
        {
            "provider": "microsoft",
            "rejecting_host": "outlook-com.olc.protection.outlook.com",
            "reply": "550",
            "sending_ip": "192.0.2.9",
        },
    ),
    (
        "exim: 2025-02-01 10:00:00 1tABCD-000abc-1X ** jo@firm.example <alias@own.example> F=<own@shop.example> "
        "R=dnslookup T=remote_smtp H=mx.firm.example [198.51.100.7]: SMTP error from remote mail server after end of data: "
        "554 5.7.1 spam",
        {"recipient": "jo@firm.example", "rejecting_host": "mx.firm.example", "reply": "554"},
    ),
    (
        "1 of 3 recipients fails with `550-5.1.1 The email account that you tried to reach does not exist. Please try "
        "550-5.1.1 double-checking. 550 5.1.1 x1 - gsmtp` why?",
        {"provider": "google", "reply": "550", "status": "5.1.1"},
    ),
    (
        "swaks:\n ~> RCPT TO:<jo@firm.example>\n<~* 550 5.1.1 <jo@firm.example>: Recipient address rejected: User unknown",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.1.1"},
    ),
    (
        "2024-01-02 03:04:05 CLIENT -> SERVER: RCPT TO:<jo@firm.example>\n"
        "2024-01-02 03:04:05 SERVER -> CLIENT: 550 5.1.1 no mailbox here\n"
        "2024-01-02 03:04:05 SMTP ERROR: RCPT TO command failed: 550 5.1.1 no mailbox here",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.1.1"},
    ),
    (
        "DSN we got:\n"
        "Final-Recipient: rfc822; jo@firm.example\n"
        "Original-Recipient: rfc822;jo@firm.example\n"
        "Action: failed\n"
        "Status: 5.4.1\n"
        "Diagnostic-Code: smtp; 550 5.4.1 Recipient address rejected:\n"
        "    Access denied. [DB8EUR05FT031.eop-eur05.prod.protection.outlook.com\n"
        "    2024-03-04T10:00:00.000Z 08DC3B]",
        {"provider": "microsoft", "recipient": "jo@firm.example", "reply": "550", "status": "5.4.1"},
    ),
    (
        "> Your message to jo@firm.example has been blocked. See technical details below for more information.\n"
        "> The response was:\n"
        "> 550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 blocked",
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.7.350"},
    ),
    (
        "Remote-MTA: dns;mx.firm.example\n"
        "Diagnostic-Code: smtp;451 4.7.500 Server busy. Please try again later from [192.0.2.9]. (S77719)",
        {
            "rejecting_host": "mx.firm.example",
            "reply": "451",
            "sending_ip": "192.0.2.9",
            "status": "4.7.500",
            "temporary": True,
        },
    ),
    (
        "status=deferred (lost connection with mx.firm.example[198.51.100.7] while receiving the initial server greeting)",
        {"rejecting_host": "mx.firm.example", "temporary": True},
    ),
    (
        "The mail server mx.firm.example [198.51.100.7] rejected: 550 5.7.1 blocked by our policy",
        {"rejecting_host": "mx.firm.example", "reply": "550", "status": "5.7.1"},
    ),
    (
        "host mx1.firm.example [198.51.100.7]: 550 SPF check failed: mail from shop.example via 192.0.2.9 is not allowed",
        {"rejecting_host": "mx1.firm.example", "reply": "550", "sending_ip": "192.0.2.9"},
    ),
    (
        "550 5.7.1 Message rejected because of SPF policy. The domain shop.example does not permit 192.0.2.9",
        {"reply": "550", "sending_ip": "192.0.2.9"},
    ),
    ("501 5.1.7 Bad sender address syntax", {"reply": "501", "status": "5.1.7"}),
    (
        "what is that\n```\njo@firm.example (reason: 552 5.2.2 mailbox full)\n```",
        {"recipient": "jo@firm.example", "reply": "552"},
    ),
    (
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<jo@firm.example>\n"
        "    (reason: 550 5.1.1 User unknown)\n"
        "\n"
        "   ----- Transcript of session follows -----\n"
        "... while talking to mx.firm.example.:\n"
        ">>> DATA\n"
        "<<< 550 5.1.1 User unknown",
        {
            "recipient": "jo@firm.example",
            "rejecting_host": "mx.firm.example",
            "reply": "550",
            "status": "5.1.1",
        },
    ),
    (
        "Hi all, since this morning every mail to gmx:\n"
        "host mx00.emig.gmx.net[198.51.100.7] refused to talk to me: 554-gmx.net (mxgmx101) Nemesis ESMTP Service not "
        "available 554-No SMTP service 554-IP address is block listed. 554 For explanation visit "
        "https://www.gmx.net/mail/senderguidelines?ip=192.0.2.9&c=bl",
        {"provider": "gmx", "rejecting_host": "mx00.emig.gmx.net", "reply": "554", "sending_ip": "192.0.2.9"},
    ),
    ("Mailer-Daemon: jo@firm.example\n  retry timeout exceeded", {"recipient": "jo@firm.example"}),
    (
        "Nagios mail kommt nicht an: <mailto:ops@kunde.example|ops@kunde.example>: host mx01.kundenserver.de[198.51.100.7] "
        "said: 550 Requested action not taken: mailbox unavailable (in reply to RCPT TO command)",
        {
            "recipient": "ops@kunde.example",
            "rejecting_host": "mx01.kundenserver.de",
            "reply": "550",
            "status": None,
            "temporary": False,
        },
    ),
    (
        "mail.log\n"
        "```\n"
        "Mar  3 08:00:01 web01 postfix/smtp[991]: 9F3C21A2: to=<anna@t-online.de>, "
        "relay=mx03.t-online.de[198.51.100.7]:25, delay=1.3, delays=0.1/0.02/1.1/0.1, dsn=5.0.0, status=bounced (host "
        "mx03.t-online.de[198.51.100.7] refused to talk to me: 554 IP=192.0.2.9 - None/bad reputation. Ask your postmaster "
        "for help or to contact tosa@rx.t-online.de for reset. (NOWL))\n"
        "```",
        {
            "provider": "t-online",
            "recipient": "anna@t-online.de",
            "rejecting_host": "mx03.t-online.de",
            "reply": "554",
            "sending_ip": "192.0.2.9",
            "status": "5.0.0",
        },
    ),
    (
        "anyone?\n"
        "> <bob@firm.example>: delivery temporarily suspended: connect to\n"
        ">     mx.firm.example[198.51.100.7]:25: Connection refused",
        {"recipient": "bob@firm.example", "rejecting_host": "mx.firm.example", "reply": None},
    ),
    (
        "Google Workspace relay: `550-5.7.1 Invalid credentials for relay [192.0.2.9]. The IP address you've registered in "
        "your G Suite SMTP Relay service doesn't match the domain of the account this email is being sent from. 550 5.7.1 "
        "x1-2.3 - gsmtp`",
        {"provider": "google", "reply": "550", "sending_ip": "192.0.2.9", "status": "5.7.1"},
    ),
    (
        'the printer shows "SMTP error 535 5.7.139 Authentication unsuccessful, basic authentication is disabled. '
        '[LO2P123CA0088.GBRP123.PROD.OUTLOOK.COM 2024-10-01T09:00:00.000Z 08DCE]"',
        {"provider": "microsoft", "reply": "535", "status": "5.7.139"},
    ),
    (
        "from the Gmail app:\n"
        "> Message blocked\n"
        "> Your message to sales@firm.example has been blocked. See technical details below for more information.\n"
        ">\n"
        "> The response from the remote server was:\n"
        "> 554 5.7.1 Recipient address rejected: Access denied",
        {"recipient": "sales@firm.example", "reply": "554", "status": "5.7.1"},
    ),
    (
        "> Delivery incomplete\n"
        "> There was a temporary problem delivering your message to sales@firm.example. Gmail will retry for 46 more "
        "hours. You'll be notified if the delivery fails permanently.",
        {"recipient": "sales@firm.example", "temporary": True},
    ),
    (
        "Undelivered Mail Returned to Sender\n"
        "\n"
        "<x@firm.example>: Host or domain name not found. Name service error for\n"
        "    name=firm.example type=A: Host not found",
        {"recipient": "x@firm.example", "rejecting_host": None, "reply": None, "status": None},
    ),
    ('<x@firm.example>: unknown user: "x"', {"recipient": "x@firm.example"}),
    ("<x@firm.example>: mail for firm.example loops back to myself", {"recipient": "x@firm.example"}),
    (
        "2 mails stuck in the queue:\n"
        "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
        "3F2A91C0D4     2312 Thu Mar  6 12:00:00  shop@own.example\n"
        "(host mx.firm.example[198.51.100.7] said: 450 4.1.8 <shop@own.example>: Sender address rejected: Domain not found "
        "(in reply to RCPT TO command))\n"
        "                                         x@firm.example",
        {
            "recipient": "x@firm.example",
            "rejecting_host": "mx.firm.example",
            "reply": "450",
            "sender": "shop@own.example",
            "status": "4.1.8",
            "temporary": True,
        },
    ),
    (
        "status=bounced (host aspmx.l.google.com[2a00:1450:4013:c07::1a] said: 552-5.7.0 This message was blocked because "
        "its content presents a potential 552-5.7.0 security issue. x - gsmtp (in reply to end of DATA command))",
        {
            "provider": "google",
            "rejecting_host": "aspmx.l.google.com",
            "reply": "552",
            "sending_ip": None,
            "status": "5.7.0",
        },
    ),
    (
        "Outlook sagt: Der Server hat geantwortet: 550 5.1.0 <ich@own.example> sender rejected : authentication failed",
        {"recipient": None, "reply": "550", "sender": "ich@own.example", "status": "5.1.0"},
    ),
    (
        "Le serveur a répondu : 550 5.7.1 Service refused, please try later. OFR_506 [506]",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "smtp.free.fr says 550 5.7.1 spam detected, check your content",
        {"provider": "free", "rejecting_host": "smtp.free.fr", "reply": "550"},
    ),
    (
        "rejected by mx.yandex.ru: 554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc "
        "1709722800-ab",
        {"provider": "yandex", "reply": "554", "status": "5.7.1"},
    ),
    (
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) "
        "[VI1EUR04FT021.eop-eur04.prod.protection.outlook.com]",
        {"provider": "microsoft", "reply": "550", "status": "5.4.1"},
    ),
    (
        "550-5.7.1 [2001:db8::9      19] Gmail has detected that this message is likely\n"
        "550-5.7.1 suspicious due to the very low reputation of the sending domain. - gsmtp",
        {"provider": "google", "reply": "550", "sending_ip": "2001:db8::9"},
    ),
    (
        "553 5.7.2 [TSS09] All messages from 192.0.2.9 will be permanently deferred; Retrying will NOT succeed. See "
        "https://postmaster.yahooinc.com/error-codes",
        {"provider": "yahoo", "reply": "553", "sending_ip": "192.0.2.9", "status": "5.7.2"},
    ),
    (
        "421 4.7.1 : (DYN:T1) https://postmaster.aol.com/error-codes#421dynt1",
        {"reply": "421", "status": "4.7.1", "temporary": True},
    ),
    (
        "554 5.7.1 <out.own.example[192.0.2.9]>: Client host rejected: Access denied",
        {"reply": "554", "sending_ip": "192.0.2.9", "status": "5.7.1"},
    ),
    (
        "mailer: 504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
        {"reply": "504", "status": "5.5.2"},
    ),
    (
        "SMTPRecipientsRefused({'a@firm.example': (450, '4.7.1 <a@firm.example>: Recipient address rejected: Greylisted "
        "for 5 minutes'), 'b@firm.example': (550, '5.1.1 unknown')})",
        {"recipient": "a@firm.example", "reply": "450", "status": "4.7.1", "temporary": True},
    ),
    (
        'Failed to send: &smtp.SMTPError{Code:552, EnhancedCode:smtp.EnhancedCode{5, 2, 2}, Message:"Mailbox of '
        'jo@firm.example is full"}',
        {"reply": "552"},
    ),
    (
        "aiosmtplib.errors.SMTPDataError: (550, '5.7.26 Unauthenticated email from shop.example is not accepted due to "
        "domain\\'s DMARC policy. gsmtp')",
        {"provider": "google", "reply": "550", "sender_domain": "shop.example", "status": "5.7.26"},
    ),
    (
        "error: [SMTPClientError] 552 5.3.4 Message size exceeds fixed limit",
        {"reply": "552", "status": "5.3.4"},
    ),
    (
        'Symfony\\Component\\Mailer\\Exception\\TransportException: Expected response code "250/251/252" but got code '
        '"550", with message "550 5.1.1 <jo@firm.example>: Recipient address rejected: User unknown".',
        {"recipient": "jo@firm.example", "reply": "550", "status": "5.1.1"},
    ),
    (
        "JavaMail: 550-Verification failed for <shop@own.example>\n550-No Such User Here\n550 Sender verify failed",
        {"reply": "550", "sender": "shop@own.example"},
    ),
    (
        "to: jo@firm.example\n"
        "from: shop@own.example\n"
        "error: 554 5.7.1 Service unavailable; Sender address [shop@own.example] blocked using dbl.spamhaus.org; "
        "https://www.spamhaus.org/query/domain/own.example",
        {
            "blocklist": "dbl.spamhaus.org",
            "recipient": "jo@firm.example",
            "reply": "554",
            "sender": "shop@own.example",
        },
    ),
    (
        "550 5.7.1 Mail from 192.0.2.9 refused by blackhole site cbl.abuseat.org",
        {"blocklist": "cbl.abuseat.org", "reply": "550", "sending_ip": "192.0.2.9"},
    ),
    (
        "550 rejected because 192.0.2.9 is in a black list at bl.spamcop.net",
        {"blocklist": "bl.spamcop.net", "reply": "550", "sending_ip": "192.0.2.9"},
    ),
    (
        "521 5.7.1 Service unavailable; client [192.0.2.9] blocked using b.barracudacentral.org",
        {"blocklist": "b.barracudacentral.org", "sending_ip": "192.0.2.9"},
    ),
    (
        "550 5.7.1 Your IP 192.0.2.9 is listed in the Spamhaus PBL, use your provider's relay",
        {"blocklist": None, "sending_ip": "192.0.2.9"},
    ),
    (
        'no code, only this: "The following addresses had delivery problems: <jo@firm.example> Permanent Failure: Other '
        'undefined mail system status"',
        {"recipient": "jo@firm.example"},
    ),
    (
        "kam zurück:\n"
        "> Die folgende Nachricht konnte nicht an alle Empfänger zugestellt werden.\n"
        "> Empfänger: jo@firm.example\n"
        "> Grund: Postfach voll (552 5.2.2)",
        {"recipient": "jo@firm.example", "reply": "552", "status": "5.2.2"},
    ),
    (
        "您的邮件 <http://firm.example|firm.example> 被退回:\n"
        "host mx3.qq.com[198.51.100.7] said: 550 Mailbox unavailable or access denied [abc IP: 192.0.2.9]. "
        "http://service.mail.qq.com/cgi-bin/help?subtype=1 (in reply to RCPT TO command)",
        {"provider": "qq", "rejecting_host": "mx3.qq.com", "reply": "550", "sending_ip": "192.0.2.9"},
    ),
    (
        "Письмо вернулось: host mxs.mail.ru[198.51.100.7] said: 550 spam message rejected. Please visit "
        "http://help.mail.ru/notspam-support/id?c=abc or report details to abuse@corp.mail.ru. Error code: ABC. ID: DEF. "
        "(in reply to end of DATA command)",
        {"provider": "mailru", "recipient": None, "rejecting_host": "mxs.mail.ru", "reply": "550"},
    ),
    (
        "ses console: Amazon SES has sent back: 554 Message rejected: Email address is not verified. The following "
        "identities failed the check in region EU-WEST-1: shop@own.example",
        {"reply": "554"},
    ),
    (
        "typo again: <anna@gmial.com>: Host or domain name not found. Name service error for name=gmial.com type=MX: Host "
        "not found",
        {"recipient": "anna@gmial.com", "suggestion": "gmail.com"},
    ),
    (
        "to=<jo@yaho.com>, relay=none, delay=0.1, dsn=5.4.4, status=bounced (Host or domain name not found. Name service "
        "error for name=yaho.com type=AAAA: Host not found)",
        {"recipient": "jo@yaho.com", "status": "5.4.4", "suggestion": "yahoo.com"},
    ),
    (
        "Action: failed\n"
        "Final-Recipient: rfc822;jo@firm.example\n"
        "Status: 5.1.1\n"
        "Diagnostic-Code: smtp;550 5.1.1 user unknown\n"
        "Remote-MTA: dns;mx.firm.example (198.51.100.7, the server for the domain firm.example.)",
        {"recipient": "jo@firm.example", "rejecting_host": "mx.firm.example", "reply": "550"},
    ),
    (
        "bounce from exchange online:\n"
        "Remote server returned '554 5.4.14 Hop count exceeded - possible mail loop ATTR34 "
        "[DB5EUR01FT010.eop-EUR01.prod.protection.outlook.com]'",
        {"provider": "microsoft", "reply": "554", "status": "5.4.14"},
    ),
    (
        "Postal:\n"
        "Temporary SMTP delivery error when sending to gmail-smtp-in.l.google.com (2a00:1450::1b)\n"
        "\n"
        "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating\n"
        "421 4.7.28 from your IP address. - gsmtp",
        {
            "provider": "google",
            "rejecting_host": "gmail-smtp-in.l.google.com",
            "reply": "421",
            "status": "4.7.28",
            "temporary": True,
        },
    ),
    (
        "LMTP: to=<jo@own.example>, relay=127.0.0.1[127.0.0.1]:10024, dsn=5.7.0, status=bounced (host 127.0.0.1[127.0.0.1] "
        "said: 554 5.7.0 Reject, id=123-01 - SPAM (in reply to end of DATA command))",
        {"recipient": "jo@own.example", "reply": "554", "status": "5.7.0"},
    ),
    (
        "Exim panic? `R=lookuphost T=remote_smtp: SMTP error from remote mail server after initial connection: host "
        "mx.firm.example [198.51.100.7]: 554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.9`",
        {"rejecting_host": "mx.firm.example", "reply": "554", "sending_ip": "192.0.2.9"},
    ),
    (
        "mailcow UI, delayed: host mx.firm.example[198.51.100.7] said: 451 4.3.0 Temporary lookup failure (in reply to "
        "RCPT TO command)",
        {"rejecting_host": "mx.firm.example", "reply": "451", "status": "4.3.0", "temporary": True},
    ),
    (
        "Mailgun log:\n"
        '{"severity": "permanent", "reason": "bounce", "delivery-status": {"message": "550 5.1.1 The email account that '
        'you tried to reach does not exist. gsmtp", "code": 550, "mx-host": "gmail-smtp-in.l.google.com"}, "event": '
        '"failed", "recipient": "jo@gmail.com"}',
        {
            "provider": "google",
            "recipient": "jo@gmail.com",
            "rejecting_host": "gmail-smtp-in.l.google.com",
            "reply": "550",
            "status": "5.1.1",
        },
    ),
    (
        "sendgrid webhook "
        '[{"email":"jo@firm.example","timestamp":1700000000,"smtp-id":"<x@ismtpd>","event":"dropped","reason":"Bounced '
        'Address","status":"5.0.0"}]',
        {"recipient": "jo@firm.example", "status": "5.0.0"},
    ),
    (
        "> **jo@firm.example**\n"
        "> Remote Server returned '550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP. For "
        "more information please go to http://go.microsoft.com/fwlink/?LinkId=526653 AS(7230)'",
        {"provider": "microsoft", "recipient": "jo@firm.example", "reply": "550", "status": "5.7.708"},
    ),
    (
        "Mail konnte nicht gesendet werden. Fehler vom SMTP-Server: 535 5.7.0 Invalid login or password",
        {"reply": "535", "status": "5.7.0"},
    ),
    (
        'Thunderbird: "Beim Senden der Nachricht ist ein Fehler aufgetreten: Der Mail-Server antwortete: 4.3.2 Not '
        'accepting messages at this time 421. Bitte überprüfen Sie"',
        {"status": "4.3.2"},
    ),
    (
        "Erreur SMTP : 550 5.1.1 <jo@orange.fr>: Adresse d au moins un destinataire invalide. Invalid recipient. "
        "OFR204_416 [416]",
        {"provider": "orange", "recipient": "jo@orange.fr", "reply": "550", "status": "5.1.1"},
    ),
    (
        "<jo@firm.example>... Deferred: Connection timed out with mx.firm.example.",
        {"recipient": "jo@firm.example", "rejecting_host": "mx.firm.example", "temporary": True},
    ),
    (
        "The following message to <jo@firm.example> was undeliverable.\n"
        "The reason for the problem:\n"
        "5.1.2 - Bad destination host 'DNS Hard Error looking up firm.example (MX): NXDomain'",
        {"recipient": "jo@firm.example", "status": "5.1.2"},
    ),
    (
        "Delivery to the following recipient failed permanently:\n"
        "\n"
        "     jo@firm.example\n"
        "\n"
        "Technical details of permanent failure:\n"
        "Google tried to deliver your message, but it was rejected by the server for the recipient domain firm.example by "
        "mx.firm.example. [198.51.100.7].\n"
        "\n"
        "The error that the other server returned was:\n"
        "550 5.1.1 User unknown",
        {"recipient": "jo@firm.example", "rejecting_host": "mx.firm.example", "reply": "550"},
    ),
    (
        "bounced!! 554 5.7.1 [P4] Message blocked due to spam content in the message.",
        {"reply": "554", "status": "5.7.1"},
    ),
    (
        "postfix/lmtp: to=<jo@own.example>, relay=mail.own.example[private/dovecot-lmtp], delay=0.1, dsn=5.1.1, "
        "status=bounced (host mail.own.example[private/dovecot-lmtp] said: 550 5.1.1 <jo@own.example> User doesn't exist: "
        "jo@own.example (in reply to RCPT TO command))",
        {"recipient": "jo@own.example", "rejecting_host": "mail.own.example", "reply": "550"},
    ),
    (
        "postfix/smtpd[1]: NOQUEUE: reject: RCPT from mail-ej1-f50.google.com[198.51.100.50]: 454 4.7.1 <jo@firm.example>: "
        "Relay access denied; from=<someone@gmail.com> to=<jo@firm.example> proto=ESMTP helo=<mail-ej1-f50.google.com>",
        {
            "provider": None,
            "rejecting_host": None,
            "reply": "454",
            "sender": "someone@gmail.com",
            "sending_ip": "198.51.100.50",
            "temporary": True,
        },
    ),
    (
        "rspamd/milter: 4A5B6C7D8E: milter-reject: END-OF-MESSAGE from mail.shop.example[192.0.2.9]: 4.7.1 Greylisted, "
        "please try again later; from=<n@shop.example> to=<jo@firm.example> proto=ESMTP helo=<mail.shop.example>",
        {"recipient": "jo@firm.example", "sending_ip": "192.0.2.9", "status": "4.7.1", "temporary": True},
    ),
    (
        "warning: hostname x.example does not resolve\n"
        "NOQUEUE: reject: CONNECT from unknown[192.0.2.9]: 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked "
        "using dnsbl-1.uceprotect.net; IP 192.0.2.9 is UCEPROTECT-Level 1 listed; proto=SMTP",
        {"blocklist": "dnsbl-1.uceprotect.net", "reply": "554", "sending_ip": "192.0.2.9"},
    ),
    (
        "Reporting-MTA: dns; own.example\n"
        "\n"
        "Final-Recipient: rfc822; jo@hotmail.con\n"
        "Action: failed\n"
        "Status: 5.4.4\n"
        "Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error for name=hotmail.con type=A: Host "
        "not found",
        {"recipient": "jo@hotmail.con", "reply": None, "status": "5.4.4", "suggestion": "hotmail.com"},
    ),
    (
        "550 Requested action not taken: mailbox unavailable\n"
        "For explanation visit https://postmaster.web.de/en/case?c=hi&i=ip&v=192.0.2.9&r=abc",
        {"provider": "webde", "reply": "550", "sending_ip": "192.0.2.9"},
    ),
    (
        "[17:21] SMTP< 550-5.7.1 [192.0.2.9] The IP you're using to send mail is not authorized to\n"
        "[17:21] SMTP< 550-5.7.1 send email directly to our servers. Please use the SMTP relay at your\n"
        "[17:21] SMTP< 550 5.7.1 service provider instead. - gsmtp",
        {"provider": "google", "reply": "550", "sending_ip": "192.0.2.9", "status": "5.7.1"},
    ),
    (
        "IOError: 550 b'5.7.1 Client does not have permissions to send as this sender'",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "The recipient server did not accept our requests to connect. [mx.firm.example 198.51.100.7: timed out]",
        {"reply": None},
    ),
    (
        "jo@firm.example\n"
        "Your message wasn't delivered because the recipient's email provider rejected it.\n"
        "\n"
        "Remote Server at firm.example (198.51.100.7) returned '450 4.7.320 Certificate validation failed "
        "[Message=UntrustedRoot]'",
        {
            "recipient": "jo@firm.example",
            "rejecting_host": "firm.example",
            "reply": "450",
            "status": "4.7.320",
            "temporary": True,
        },
    ),
    (
        "SMTP error, RCPT TO:<jo@firm.example> failed: 501 Syntax error in parameters or arguments",
        {"recipient": "jo@firm.example", "reply": "501"},
    ),
    (
        "Your mail to jane doe@firm.example failed: 501 5.1.3 Bad recipient address syntax",
        {"reply": "501", "status": "5.1.3"},
    ),
    (
        "554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using b.barracudacentral.org; "
        "http://www.barracudanetworks.com/reputation/?pr=1&ip=192.0.2.9",
        {"provider": None, "blocklist": "b.barracudacentral.org", "sending_ip": "192.0.2.9"},
    ),
    ("550 5.7.1 XGEMAIL_0008 Command rejected", {"provider": "sophos"}),
    ("554 HL:IHU mx1,QMmowAAXJyA1 192.0.2.1 1528450981", {"provider": "163"}),
    (
        "we relay for gmail users\nrcpt to:<jo@gmail.com>\n550 5.7.1 relaying denied",
        {"provider": None, "recipient": "jo@gmail.com"},
    ),
    (
        "the customer's server refused our mail because an IP of mailgun is listed:\n\n> 550 5.7.1 Service unavailable; Client "
        "host [192.0.2.9] blocked using Spamhaus",
        {"provider": None, "sending_ip": "192.0.2.9"},
    ),
    (
        "SMTP Error: 550 Unauthenticated senders are refused\n\nthis is mailgun, the password is right",
        {"reply": "550", "provider": "mailgun"},
    ),
]

NOT_BOUNCES: list[str] = [
    "fix: map 550 5.1.1 to hard bounce, 552 5.2.2 to soft",
    "| code | meaning |\n| 550 | mailbox unavailable |\n| 421 | service not available |\n| 452 | insufficient storage |",
    "421 = service not available, 450 = mailbox busy, 550 = mailbox unavailable. that's the RFC list",
    "smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org\n"
    "unknown_local_recipient_reject_code = 550",
    "/etc/postfix/access:\nfirm.example  550 User unknown\nshop.example REJECT",
    "deny message = 550 relay not permitted\n     hosts = !+relay_from_hosts",
    "Please support Gmail's new 550-5.7.26 bounces in the parser, today it only knows 5.7.1",
    "HTTP 451 Unavailable For Legal Reasons when opening the page",
    "> Thank you for contacting us. Your request (#55017) has been received and is being reviewed by our support staff.",
    "> Bonjour, je suis absent du bureau jusqu'au 3 mars. Réponse automatique.",
    "> Ihre E-Mail wurde empfangen. Abwesenheitsnotiz: ich bin ab Montag wieder da.",
    "> To: own@shop.example\n> Please click the link to confirm that you sent the message and are a human being.",
    "> Your mail to 'list' with the subject\n"
    ">     Offer\n"
    "> Is being held until the list moderator can review it for approval.",
    "it works now, 250 2.0.0 Ok: queued as 4A5B6C7D8E",
    "220 mx.firm.example ESMTP Postfix\n250-mx.firm.example\n250-SIZE 52428800\n250 STARTTLS",
    "expect(parse('550 5.1.1 <a@b.example> User unknown').hard).toBe(true)",
    'func TestBounce(t *testing.T) {\n  in := "550 5.1.1 user unknown"\n  want := Hard\n}',
    "+    ('5.7.1', 'relay access denied'),\n-    ('5.7.0', 'blocked'),",
    "bounces dropped from 550 to 421 this week, great job everyone",
    "room 550 is booked until 4.2.2026",
    "The CSS bounce animation takes 550 ms, should be 421",
    "deploy 5.1.1 failed, rolled back to 5.1.0",
    "customer 554 complains that our mails end up in spam",
    'we get a lot of "user unknown" lately, maybe the import was bad?',
    "our mailbox is full of bounces again, can someone clean that up",
    "how do I tell exim to retry for 5 days instead of 4?",
    "add SPF so that mails are not rejected; see https://support.google.com/mail/answer/81126",
    'Traceback (most recent call last):\n  File "app.py", line 551, in send\nTimeoutError: timed out',
    "ftp> put a.txt\n553 Could not create file.",
    "530 Login incorrect.\nLogin failed. (lftp)",
    "sftp server: 550 Failed to change directory.",
    "SIP/2.0 480 Temporarily Unavailable",
    "nginx: 502 Bad Gateway, sometimes 504",
    "release notes 5.2.2: quota handling improved, mailbox full warnings are sent earlier",
    "Subject: Re: Undelivered mail\nI did not get your mail, can you send it again?",
    "spam score of our newsletter is 5.5.0? looks odd",
    "the 4.4.1 update breaks the relay settings",
    "SELECT * FROM bounces WHERE diag LIKE '550 5.1.1%';",
    "delivered: 5502, bounced: 55, deferred: 21",
    "> Return receipt: the mail that you sent to jo@firm.example was displayed on the recipient's computer",
    "Action: delivered\nFinal-Recipient: rfc822; jo@firm.example\nStatus: 2.0.0",
    "Action: relayed\nFinal-Recipient: rfc822; jo@firm.example\nDiagnostic-Code: smtp; 250 2.1.5 ok",
    "dmarc report: 192.0.2.9 failed SPF 12 times, disposition none",
    "who owns postmaster@shop.example? we must answer abuse reports",
    "is 192.0.2.9 still on zen.spamhaus.org?",
    "greylisting is on for all domains, so first mails take 5 minutes",
    "I turned off the catch-all, unknown users are rejected with 550 now",
    "our MX answers 451 during the nightly backup, that's expected",
    'New blog post: "550 5.7.1 explained" - worth a read?',
    "Jira OPS-550: mail gateway upgrade to 5.1.1 done",
    "the mail team lunch is at 4.50 today, table for 5.5.0? haha",
    "please whitelist 192.0.2.9 on the relay, ticket 55111",
    "is there a bounce-handling rule for 'mailbox full' already?",
    "I see `status=sent (250 2.0.0 OK)` for all of them, so delivered",
    "const SMTP = {550: 'mailbox unavailable', 552: 'quota'};",
    "raise SMTPError(550, '5.1.1 user unknown')  # TODO: nicer text",
    "if code == 550: mark_hard_bounce(recipient)",
    "README: returns `550 5.1.1` when the user does not exist",
    "RFC 5321 says 554 means transaction failed, 421 closing channel",
    "Von 550 Empfängern haben 12 gebounced, das sind 2 %",
    "el rebote es del 5 %, normal",
    "HTTP Error 550 from the CDN?",
    "FTP response 550 /pub/x: No such file or directory",
    "Response: 550 Can't change directory to /uploads: No such file or directory\n"
    "Error: Failed to retrieve directory listing",
    "Status:\tDisconnected from server\nResponse:\t421 No transfer timeout (600 seconds): closing control connection",
    "> Sehr geehrte Damen und Herren, vielen Dank für Ihre Nachricht. Ich bin bis 12.5. nicht im Büro.",
    "> Auto: I'm on parental leave, mails are not forwarded",
    "> Disposition: automatic-action/MDN-sent-automatically; displayed",
    "Delivered-To: jo@firm.example\nReceived-SPF: fail\nAuthentication-Results: spf=fail",
    "Successfully delivered to 5 recipients, 0 bounced",
    "We should reply with 450 instead of 550 while LDAP is down, agree?",
    "error 550 in the accounting software when booking, module 5.7.1",
    "ERROR 1045 (28000): Access denied for user 'mail'@'localhost'",
    "Permission denied (publickey).",
    "relay access for the new printer please, it can't send scans",
    "Connection timed out to the database, again",
    "User unknown in the CRM, please create Jane Doe",
    "quota exceeded on /home, who can clean up?",
    "Access denied when I open the share",
    "Address not found on the map, customer moved",
    "Message not delivered to the driver because the radio was off",
    "bounced cheque of customer 5521",
    "pg_dump: error: query failed: server closed the connection unexpectedly",
    "sshd: Connection refused from 192.0.2.9 port 550",
    "kubectl: connect to 10.0.0.1:6443: connection refused",
    "the DKIM check fails for our newsletter, dashboard is red",
    "SLA: 550 of 554 mails on time",
    "Reminder: quota for on-call is 5.5.0 hours, mailbox duty rotates",
    "docs: document reply code 550 and enhanced status 5.1.1 in the API reference",
    "PR review: why do we return 554 here instead of 550? spec says 5.7.1 is for policy",
    "Wir haben 421 neue Abonnenten und 12 Bounces",
    "test mail arrived, thanks, closing",
    "`Delivered-To` shows the right mailbox, nothing wrong",
    "> Danke für Ihre Bestellung 550-1234, die Rechnung folgt",
    "mail server is up again (downtime 5.2.2 minutes)",
    "Gmail marks our mails as spam since Monday, SPF and DKIM pass",
    "can the bot also explain 4.7.0?",
    "Feature idea: greylisting for new senders, reply 451 for the first try",
    "EHLO says SIZE 52428800, so 50 MB mails are fine",
    "unsubscribes: 554, complaints: 5, bounces: 21",
    "the postmaster page says you must have a PTR record",
    "smtp.example says: 250 Ok, message accepted",
    "someone sends as our CEO, can we block the domain?",
    "ftp: 426 Connection closed; transfer aborted. then 550 Access is denied",
    "postfix/smtpd[1]: connect from unknown[192.0.2.9]\n"
    "postfix/smtpd[1]: disconnect from unknown[192.0.2.9] ehlo=1 quit=1 commands=2",
    "postfix/anvil[3]: statistics: max connection rate 1/60s for (smtp:192.0.2.9) at Feb  1 10:00:00",
    "dovecot: imap-login: Login: user=<jo@own.example>, method=PLAIN, rip=192.0.2.9",
    "fail2ban: 192.0.2.9 banned after 5 failed logins on postfix-sasl",
    "postfix/smtpd[2]: warning: unknown[192.0.2.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
    "> Ihr Ticket #550431 wurde erstellt. Bitte antworten Sie nicht auf diese Nachricht.",
    "Message-ID: <550.5.7.1@x.example> is that a valid id?",
    '{"status": 550, "error": "quota exceeded", "path": "/api/upload"}',
    '{"event": "open", "email": "jo@firm.example"}',
    "can we add 'user unknown' to the list of hard bounces?",
    'I think "recipient address rejected" is enough for the regex',
    'the subject was "Undeliverable: invoice" but the body was empty, customer is angry',
    "Mail delivery failed again for the cron job, I'll look after lunch",
    "our docs: Delivery Status Notifications are sent when a mail could not be delivered",
    "Kann jemand die unzustellbaren Mails von gestern durchsehen?",
    "les messages en échec de remise vont dans quel dossier ?",
    "messages that couldn't be delivered are retried for 5 days, then dropped",
    "TODO: show 'address not found' in the UI",
    "mailbox unavailable during maintenance tonight 22-23h",
    "heads up: returned mail piles up in postmaster@, somebody please triage",
    "Our mail server rejects mails without PTR since today",
    "spamhaus delisted us this morning, all good",
    "please check why jo@firm.example is on the suppression list",
    "add jo@firm.example to the allow list",
    "jo@firm.example: can you join the call?",
    "<@U123> the mail to jo@firm.example didn't arrive",
    "I mailed jo@firm.example twice, no answer and no bounce",
    "Delivery failed at the door, parcel goes back to the depot",
    "The delivery to customer 4711 has failed, truck broke down",
    "undeliverable parcels: 12 this week",
    "This message was blocked by legal, don't send it to the press",
    "recipient not found in the CRM import, row 550",
    "Access denied, please ask IT for the share",
    "Service unavailable since 9:00, status page is red",
    "Too many connections to the DB, raise max_connections",
    "temporary failure in name resolution inside the container",
    "Could not resolve host: api.internal",
    "authentication failed for user deploy",
    "certificate verify failed: self signed certificate in chain",
    "message too large for the queue: kafka says 1048588 bytes",
    "rate limit exceeded, try again in 30 s (GitHub API)",
    "quota exceeded for project mail-prod in region eu-west1",
    "virus found in upload.zip, file was removed",
    "blocked by CORS policy",
    "timeout exceeded while awaiting headers",
    "mails are greylisted for 5 minutes on first contact, that's how it is",
    "Message rejected by reviewer: please fix the typos",
    "account jo@firm.example is disabled in AD since Friday, was that you?",
    "mailbox of jo@firm.example is full at 49 GB, please extend the quota",
    "invite to jo@firm.example bounced, is the address right?",
]


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize(("text", "facts"), BOUNCES)
def test_bounces(text: str, facts: dict[str, Any], diagnoser: Diagnoser) -> None:
    """Every one of these is recognised, with the facts that it states."""
    reading = diagnoser.read(text)
    first = reading.parsed.rejections[0].facts

    assert {name: getattr(first, name) for name in facts} == facts
    assert reading.bounce


@pytest.mark.parametrize("text", NOT_BOUNCES)
def test_silence(text: str, diagnoser: Diagnoser) -> None:
    """None of these makes the bot speak."""
    assert not diagnoser.read(text).bounce
