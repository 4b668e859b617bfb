"""What a server said, and what people, programs and documents say about it: only the first is a bounce."""

from typing import Any

import pytest

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser

FENCE = "```"

# id, text, facts that must come out
REPLIES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "python's tuple behind a time",
        "mails of the recipe box:\nERROR: 06-Dec-22 10:06:37 \t(551, b'5.7.1 Multiple addresses in a From header are not allowed')\n"
        "could that be it?",
        {"reply": "551"},
    ),
    (
        "a typo that somebody made",
        "typo in the domain, the other client shows it\nSMTP Error (450): Failed to add recipient (4.1.2 <jo@firm.example>: Recipient address "
        "rejected: Domain not found).",
        {"status": "4.1.2"},
    ),
    (
        "a path of an API beside a page with the client's address",
        'password reset broke with the new sender option\n`level=error msg="554 Transaction failed\\nReject due to policy restrictions.\\nFor '
        'explanation visit https://postmaster.firm.example/en/errors?ip=192.0.2.33&c=hi" method=POST path=/api/reset/start`',
        {"reply": "554"},
    ),
    (
        "a server's own page in a list of lines",
        'from the phone app, for days\n["554-Transaction failed", "554-Reject due to policy restrictions.", '
        '"554 For explanation visit https://www.firm.example/help/?id=2&ip=192.0.2.178&c=hd", ""]',
        {"reply": "554"},
    ),
    (
        "the readme names the address",
        "the address is in the README in several places. result:\n```\nFrom: Mail Delivery Subsystem <mailer-daemon@firm.example>\n"
        "X-Failed-Recipients: team@firm.example\nSubject: Delivery Status Notification (Failure)\n\nWe're writing to let you know that the "
        "group you tried to contact (team) may not exist, or you may not have permission to post messages to the group.\n```",
        {"recipient": "team@firm.example"},
    ),
    (
        "must, in the server's own words",
        'checks are all green, still:\n"last_error": "5.7.0 Must issue a STARTTLS command first (530 5.7.0 Must issue a STARTTLS command first)",\n'
        '"message": "Could not send mail to jo@firm.example"',
        {"reply": "530", "status": "5.7.0"},
    ),
    (
        "a port and an arrow before the code",
        "account mails, sometimes:\n[6.8s] mx.firm.example:25 --> 554 5.7.1 rejected by our spam filter",
        {"reply": "554"},
    ),
    (
        "a status before the code",
        "log of last night\n<jo@firm.example>, Result: delayed, Status: 5.7.0 535 Authentication failed: grant is expired, Id: 7",
        {"reply": "535"},
    ),
    (
        "a message and its code as fields",
        'only to our own domain??\nlevel=warning msg="550 5.1.1 User unknown, check the address" code=550 email="jo@firm.example"',
        {"reply": "550", "status": "5.1.1"},
    ),
    (
        "the page of a server, in torn lines",
        "box at home, it says:\n```\nThe address you use is not allowed\n    to 550-5.7.1 send mail directly to us. Use the\n"
        "    relay 550-5.7.1 of your provider. See 550\n    5.7.1  https://support.google.com/mail/?p=NotAuthorizedError\n```",
        {"status": "5.7.1"},
    ),
    (
        "several with what they name",
        "These came back today:\n550 5.1.1 <jo@firm.example> User unknown\n552 5.2.2 <ann@firm.example> Mailbox full\n"
        "554 5.7.1 <bo@other.example> Relay access denied",
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "since a patch, at somebody's own",
        "Since we merged the new template every order mail comes back: 550 5.1.1 <jo@firm.example> User unknown",
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "in the middle of a sentence, in German",
        "Wenn ich an die Bank schreibe, kommt 554 5.7.1 <jo@firm.example>: Relay access denied zurück",
        {"reply": "554"},
    ),
    (
        "in the middle of a sentence, in Spanish",
        "Cuando envío a ese dominio me responde 550 Relay not permitted",
        {"reply": "550"},
    ),
    (
        "an example that is pasted behind a colon",
        "Not each refusal is about the address, e.g.:\n\n550 5.7.1 [192.0.2.9] is listed, mail from it is blocked",
        {"reply": "550"},
    ),
    (
        "a wish behind a case",
        "Bekomme seit gestern „552 5.2.2 Mailbox full“ für jede Mail. Ein besserer Text wäre schön, aber erst die Lösung.",
        {"reply": "552"},
    ),
    (
        "a rule that somebody has to keep",
        'Support told me 100 per hour, I sent 12 and got "450 4.7.1 Rate limit exceeded". What should I change?',
        {"reply": "450"},
    ),
    (
        "milliseconds of a log are no code",
        "the log has it:\n2026-03-04 20:41:44,404 2407 DEBUG app.mail_server: data:\n"
        "2026-03-04 20:41:44,404 2407 DEBUG app.mail_server: (553, 'Relaying disallowed')",
        {"reply": "553"},
    ),
    (
        "a class behind a status of HTTP",
        "The reset page returns a 500 with `twisted.mail._except.SMTPConnectError: Unable to connect to server.`",
        {"reply": None},
    ),
    (
        "the next server's words are its own",
        "<jo@firm.example>:\nRemote host said: 552 Requested action not taken: exceeded storage allocation\n"
        "Remote host said: 553 bad reverse dns of 203.0.113.9",
        {"reply": "553", "recipient": "jo@firm.example"},
    ),
    (
        "quoted, in a sentence of another language",
        "С утра не уходит ничего, «550 message sending for this account is disabled». Пароль менял. Что делать?",
        {"reply": "550"},
    ),
    (
        "a report in quotation marks",
        'Our intern sent the invite from her own account and now\n\n"You have reached a limit for sending mail. Your message '
        'was not sent."\n\nhow long is she locked out?',
        {"reply": None},
    ),
    (
        "a program of a tablet",
        'My iPad says: "Cannot Send Mail. A copy has been placed in your Outbox. The recipient "helen@firm.example" was '
        'rejected by the server because it does not allow relaying."',
        {"recipient": "helen@firm.example"},
    ),
    (
        "a report that is wrapped",
        "ich möchte eine Mail an depot@firm.example senden und erhalte:\n==========\nThis is the mail system at host "
        "mx.own.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more "
        "recipients.\n\n<hk4711 (expanded from <depot@firm.example>): User unknown in\n    virtual alias table\n==========",
        {"recipient": "depot@firm.example"},
    ),
    (
        "a report that says delivered",
        "> This is the MAILER-DAEMON.\n>\n> Your message was successfully delivered to these recipients.\n>\n"
        "> amelie@firm.example: Network error on destination MXs",
        {"recipient": "amelie@firm.example"},
    ),
    (
        "typed off a screen",
        "typed from a photo, sorry:\nAdress not found. Your mesage wasnt delivered to info@firm.example because the address "
        "couldnt be found, or is unable to recieve mail",
        {"recipient": "info@firm.example"},
    ),
    (
        "an introduction in another language",
        "Das steht in der Mail: Ihre Nachricht an team@firm.example konnte nicht zugestellt werden. Das Postfach des "
        "Empfängers ist voll",
        {"recipient": "team@firm.example"},
    ),
    (
        "an introduction of a picture",
        "Screenshot (OCR): \"Domain not found Your message wasn't delivered to jo@firm.example because the domain "
        "firm.example couldn't be found.\"",
        {"recipient": "jo@firm.example"},
    ),
    (
        "behind the reason of a service",
        "HubSpot: Email bounced. Reason: Content. 550 High probability of spam",
        {"reply": "550"},
    ),
    (
        "with a question behind it",
        "5.1.10 RecipientNotFound for jo@firm.example, any clue?",
        {"status": "5.1.10", "recipient": "jo@firm.example"},
    ),
    (
        "a program of Microsoft without words of mail",
        "Outlook: Cannot connect to the server. Error 0x80042109",
        {"reply": None},
    ),
    (
        "a report in quotation marks, and a question",
        "the new client's mailbox: \"The recipient's mailbox is full and can't accept messages now. Please try resending "
        'your message later." - how long do we retry?',
        {"reply": None},
    ),
    (
        "a router of Exim",
        "Exim: jo@firm.example R=virtual_aliases: No Such User Here",
        {"recipient": "jo@firm.example"},
    ),
    (
        "French without its accents",
        "Echec de la remise pour ces destinataires ou groupes :\njo@firm.example\nL'adresse e-mail que vous avez entrée est "
        "introuvable.",
        {"recipient": "jo@firm.example"},
    ),
    (
        "a German report of a group",
        "Die Nachricht an 'Alle' (alle@firm.example) wurde zurückgewiesen: Sie sind nicht berechtigt, an diese Gruppe zu senden.",
        {"recipient": "alle@firm.example"},
    ),
    ("a Japanese report", "配信できませんでした：受信者のメールボックスがいっぱいです", {"reply": None}),
    (
        "behind an introduction",
        "n@shop.example to jo@firm.example fails with this:\n\nMessage rejected: Email address is not verified. The following "
        "identities failed the check in region US-EAST-1: n@shop.example",
        {"reply": None},
    ),
    (
        "a queue",
        "queue says `(TLS error from 'mx.firm.example': STARTTLS not advertised by host.)`",
        {"reply": None},
    ),
    (
        "a sender that Exim could not verify",
        "the log has\n`2017-01-15 12:08:41 H=mx.shop.example [203.0.113.98] sender verify defer for <n@shop.example>: Could not "
        "complete sender verify callout`",
        {"sender": "n@shop.example", "sending_ip": "203.0.113.98"},
    ),
    (
        "a report of sendmail, cut off by hand",
        "The original message was received at Tue, 29 Apr 2025 23:45:23 +0900\nfrom [192.0.2.31]\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<jo@firm.example>\n"
        "    (reason: 552 5.2.3 Message size exceeds fixed maximum message size (10485760))\n\n"
        "   ----- Transcript of session follows -----\n... while talking to mx.firm.example.:\n"
        ">>> MAIL From:<n@shop.example> SIZE=16600348\n<<< 552 5.2.3 Message size exceeds fixed maximum message size (10485760)\n"
        "554 5.0.0 Service unavailable",
        {"reply": "552", "status": "5.2.3", "recipient": "jo@firm.example"},
    ),
    (
        "a conversation with DATA behind a refusal",
        ">>> RCPT To:<jo@firm.example>\n<<< 550 5.7.1 IP address blocked by recipient\n>>> DATA\n<<< 503 Error: need RCPT command",
        {"reply": "550", "status": "5.7.1", "recipient": "jo@firm.example"},
    ),
    (
        "a report without a domain",
        "Hi, what do we answer here?\n\nThis is the mail system at host mx.firm.example.\n\nI'm sorry to have to inform you that "
        "your message could not\nbe delivered to one or more recipients. It's attached below.\n\n"
        "<jo@mx>: can't create user\n    output file. Command output: procmail: Lock failure",
        {"reply": None},
    ),
    (
        "a sender that Exim names first",
        "This message was created automatically by mail delivery software.\n\nA message sent by\n\n  <n@shop.example>\n\n"
        "could not be delivered to one or more of its recipients. The following\naddress(es) failed:\n\n  jo@firm.example\n"
        "    SMTP error from remote mail server after MAIL FROM:<n@shop.example>:\n    550 Bad SPF records for [shop.example]",
        {"reply": "550", "recipient": "jo@firm.example", "sender": "n@shop.example"},
    ),
    (
        "a report of old Exchange",
        "Hi, what do we answer?\n\nYour message\n\n  To: Jo\n  Subject: Offer\n\ndid not reach the following recipient(s):\n\n"
        "jo@firm.example on Thu, 29 Apr 2025\n    The recipient name is not recognized",
        {"recipient": "jo@firm.example"},
    ),
    (
        "a name and its address",
        "Delivery has failed to these recipients:\n\nJo Kim<mailto:jo@firm.example>\nThis message exceeds the maximum message size "
        "allowed.",
        {"recipient": "jo@firm.example"},
    ),
    (
        "a code and German words",
        "550 Ihre Nachricht wurde als unerwünschte Werbung eingestuft",
        {"reply": "550"},
    ),
    ("a code and Polish words", "554 Wykryto zapętlenie poczty", {"reply": "554"}),
    ("a code and Chinese words", "552 环回信件", {"reply": "552"}),
    (
        "a code and Portuguese words",
        "550 <jo@firm.example>... Reencaminhamento negado",
        {"recipient": "jo@firm.example"},
    ),
    (
        "words that Exim puts below an address",
        "jo@firm.example\n    cancelled by timeout_frozen_after",
        {"recipient": "jo@firm.example"},
    ),
    (
        "a file of a mail server",
        "5.3.5 unable to lookup :include: file /etc/mail/lists/staff: No such file or directory",
        {"status": "5.3.5"},
    ),
    (
        "what Exim says of a message that it did not take",
        "A message that you sent was longer than the maximum size allowed on this\nsystem. It was not delivered to any recipients.",
        {"reply": None},
    ),
    (
        "a log line that says sent, and what came back",
        "log says status=sent (250 queued), but she got this back:\n550 5.1.1 <jo@firm.example>: Recipient address rejected: User "
        "unknown",
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "we are rejected",
        'Since Monday we are rejected with "550 5.7.1 Service unavailable; client host [203.0.113.9] blocked"',
        {"reply": "550"},
    ),
    (
        "a code behind the words of a quotation",
        'Kunde ruft an, bekommt "Mailbox des Empfängers ist voll (552 5.2.2)" zurück',
        {"reply": "552", "status": "5.2.2"},
    ),
    (
        "a code behind the words of a display",
        'copier display: "Authentication failed (535)"',
        {"reply": "535"},
    ),
    (
        "a look-up that failed, in a sentence",
        "we mistyped: DNS Error: DNS type 'mx' lookup of firm.exmple responded with code NXDOMAIN",
        {"reply": None},
    ),
    (
        "a status behind the words of a quotation",
        '"Message blocked by your organization\'s policy 5.7.1" when I send to firm.example',
        {"status": "5.7.1"},
    ),
    (
        "a name that could not be resolved",
        "550 5.1.2 Host name could not be resolved: firm.exmple",
        {"reply": "550"},
    ),
    ("a limit that is fixed", "552 5.3.4 Message size exceeds fixed limit", {"reply": "552"}),
    (
        "such as, of our own",
        'We get bounces such as "550 5.7.1 Message rejected due to local policy" since Monday',
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "a permission of mail",
        "Our server answers RCPT TO:<jo@firm.example> with: 550 Permission denied",
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "words on the next line",
        "host mx.firm.example[198.51.100.7] said: 552 5.2.2\n<jo@firm.example>: Mailbox has no room left for this",
        {
            "reply": "552",
            "status": "5.2.2",
            "recipient": "jo@firm.example",
            "rejecting_host": "mx.firm.example",
        },
    ),
    (
        "words on the next line, quoted",
        "> <jo@firm.example>: host mx.firm.example[198.51.100.7] said: 552 5.2.2\n"
        "> <jo@firm.example>: Mailbox has no room left for this\nwhat can we tell her",
        {"reply": "552", "status": "5.2.2", "recipient": "jo@firm.example"},
    ),
    (
        "half quoted",
        "host mx.firm.example[198.51.100.7] said: 550 5.1.1\n> <jo@firm.example>: No such mailbox here",
        {"reply": "550", "status": "5.1.1", "recipient": "jo@firm.example"},
    ),
    (
        "arrows of a debug log",
        "in the debug log only:\nmta: 0x1f: <<< 554-mx.firm.example says no to your mail\n"
        "mta: 0x1f: <<< 554 no PTR record for 192.0.2.9\nmta: 0x1f: state QUIT",
        {"reply": "554", "sending_ip": "192.0.2.9"},
    ),
    (
        "behind a finished sentence",
        "Mailer: SMTP connect() failed. 421 Too many connections from this mail server; come back later",
        {"reply": "421", "temporary": True},
    ),
    (
        "a list of strings",
        '["220 mx.firm.example ESMTP ready","HELO app.shop.example","250 hello","MAIL FROM:<n@shop.example>",'
        '"550 5.7.1 Mail from [192.0.2.9] is refused, it is on our block list","QUIT"]',
        {"reply": "550", "status": "5.7.1", "sender": "n@shop.example", "rejecting_host": "mx.firm.example"},
    ),
    (
        "behind Chinese words",
        "[10:43] 邮件投递失败550 5.1.1 <li@firm.example>: Recipient address rejected: no such mailbox",
        {"reply": "550", "status": "5.1.1", "recipient": "li@firm.example"},
    ),
    (
        "a log of Python, with thousandths",
        "2024-06-05 16:01:33,410 : sending mail failed: (535, b'5.7.8 Username and password not accepted by the mail server')",
        {"reply": "535", "status": "5.7.8", "sending_ip": None},
    ),
    (
        "a trace that quotes the reply again",
        'TransportException: Expected response code "250" but got code "550", with message "550 5.7.1 Relaying denied for '
        "this mail\" in SmtpTransport.php:335\nStack trace:\n#0 SmtpTransport.php(199): assertCode('550 5.7.1 Relaying denied "
        "for this mail', Array)",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "a reply without a word of mail",
        "550 user jo is not known here",
        {"reply": "550"},
    ),
    (
        "a reply with an address behind the hyphen",
        "550-192.0.2.9 is on a black list at zen.spamhaus.org 550 see https://www.spamhaus.org",
        {"reply": "550", "sending_ip": "192.0.2.9", "blocklist": "zen.spamhaus.org"},
    ),
    (
        "a sentence of Outlook's",
        "Your message wasn't delivered because the mailbox of the recipient is full.\nann@firm.example",
        {},
    ),
    (
        "a client's own words",
        "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
        {},
    ),
    (
        "status in the middle of Exchange's report",
        "> mx.firm.example rejected your message to the following e-mail addresses:\n> ann@firm.example\n"
        "> mx.firm.example gave this error:\n> 5.1.1 There is no mailbox of this name at firm.example",
        {"status": "5.1.1", "recipient": "ann@firm.example", "rejecting_host": "mx.firm.example"},
    ),
    (
        "a report behind a sentence of the same words",
        "the mailbox is full, it says\n\nÉchec de la remise pour ces destinataires ou groupes :\n\nJo (jo@firm.example)\n"
        "La boîte aux lettres du destinataire est pleine et ne peut pas accepter de messages.",
        {"recipient": "jo@firm.example"},
    ),
    (
        "senders that Amazon does not know",
        "554 Message rejected: Email address is not verified. The following identities failed the check in region "
        "EU-WEST-2: The shop <n@shop.example>, n@shop.example",
        {"reply": "554", "recipient": None, "sender": "n@shop.example"},
    ),
    (
        "what a server says should be",
        "550 Sender domain should be an existing one, n@shop.example rejected",
        {"reply": "550"},
    ),
    (
        "Exchange's message trace",
        "Reason: [{LED=450 4.7.1 Mailbox is at rest {mx7}};{MSG=SuspiciousRemoteServerError};{FQDN=mx.firm.example};"
        "{IP=198.51.100.7};{LRT=3/4/2024 10:11:12 AM}]",
        {"reply": "450", "status": "4.7.1", "rejecting_host": "mx.firm.example", "sending_ip": None},
    ),
    (
        "Thunderbird, without a code",
        "An error occurred while sending mail. The mail server responded:\nThis mailbox takes no letters.\n"
        'Please check the message recipient "jo@firm.example" and try again.',
        {"reply": None, "recipient": "jo@firm.example"},
    ),
    (
        "Thunderbird in German",
        "Beim Senden der Nachricht ist ein Fehler aufgetreten. Der Mail-Server antwortete: 5.1.1 Nobody of that name. "
        'Bitte überprüfen Sie die Adresse des Empfängers "jo@firm.example".',
        {"status": "5.1.1", "recipient": "jo@firm.example"},
    ),
    (
        "Thunderbird in Polish",
        "Wystąpił błąd podczas wysyłania wiadomości. Odpowiedź serwera: 5.1.1 Nobody of that name. "
        "Proszę sprawdzić adresata wiadomości (jo@firm.example), a następnie ponów próbę.",
        {"status": "5.1.1", "recipient": "jo@firm.example"},
    ),
    (
        "Thunderbird in Spanish",
        "Ocurrió un error al enviar el correo. El servidor de correo ha respondido: 5.1.1 Nobody of that name. "
        'Verifique el destinatario "jo@firm.example" y vuelva a intentarlo.',
        {"status": "5.1.1", "recipient": "jo@firm.example"},
    ),
    (
        "Ruby shows an error",
        'not sent: {"jo@firm.example"=>#<Net::SMTPFatalError: 554 RCPT (jo@firm.example) is nobody here>}',
        {"reply": "554", "recipient": "jo@firm.example"},
    ),
    (
        ".NET, without a code",
        "Mailbox name not allowed. The server response was: no relaying for that recipient here",
        {"reply": None},
    ),
    (
        "Symfony",
        'Failed to authenticate on SMTP server with username "jo" using the following authenticators: "LOGIN", "PLAIN".',
        {"reply": None},
    ),
    ("a mail server's port", "dial tcp 198.51.100.7:587: connect: connection refused", {"reply": None}),
    (
        "a reply after prose that begins like code",
        "switching to a relay today. for each letter it returns 550 5.7.1, Relaying denied.",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "for example",
        "all of them come back today, e.g.:\n550 5.1.1 <jo@firm.example>: Recipient address rejected: nobody here",
        {"reply": "550", "recipient": "jo@firm.example"},
    ),
    (
        "a mail library, without a reason",
        'does anyone know this?\nTraceback (most recent call last):\n  File "mail.py", line 5, in <module>\n'
        "smtplib.SMTPRecipientsRefused: {'jo@firm.example'}",
        {"recipient": "jo@firm.example"},
    ),
    (
        "another mail library",
        "the web mailer logs\n```\nHorde_Smtp_Exception: Message size exceeds fixed limit\n#14 /lib/Horde/Smtp.php(1076): send\n```",
        {"reply": None},
    ),
    (
        "the words of RFC 5321 in a trace",
        "I get this while sending mails\n```\nRequested action not taken: mailbox unavailable\n   at MailKit.Net.Smtp.SmtpClient.RcptTo(MimeMessage m)\n```",
        {"reply": None},
    ),
    (
        "a quotation in a sentence",
        'Our plugin shows "Failed to send test email: Connection refused" since we moved',
        {"reply": None},
    ),
    (
        "a program's words in a sentence",
        "When I press Test on the SMTP page I get: Error: connect ECONNREFUSED 127.0.0.1:587",
        {"reply": None},
    ),
    (
        "on a line of its own",
        "When we send to many at once we get this error.\n\nError: too many recipients from 192.0.2.9",
        {"sending_ip": "192.0.2.9"},
    ),
    (
        "between backticks",
        "I got undelivered mail with the error: `Error: too many hops (in reply to end of DATA command)`",
        {"reply": None},
    ),
    (
        "who is blocked, and a question",
        "Client host [192.0.2.9] blocked using zen.spamhaus.org\nCan you unblock it? I want to send mail.",
        {"sending_ip": "192.0.2.9", "blocklist": "zen.spamhaus.org"},
    ),
    (
        "Amazon through a program",
        "Error in sendInvite: MessageRejected: Email address is not verified. The following identities failed the check "
        "in region EU-1: n@shop.example\nwhat can I do?",
        {"sender": "n@shop.example"},
    ),
    (
        "a status on each line",
        "I sent a letter with a program in it, and this comes:\n5.7.0 This message was blocked because its content presents a potential\n"
        "5.7.0 security issue. Please visit\n5.7.0  https://support.google.com/mail/answer/6590 - gsmtp",
        {"status": "5.7.0", "provider": "google"},
    ),
    (
        "a group of Google's",
        "I wrote to the list. But I got a reply: Hello n@shop.example, We're writing to let you know that the group you tried to "
        "contact (team) may not exist, or you may not have permission to post messages to the group.",
        {"provider": "google"},
    ),
    (
        "a reply behind an equals sign",
        "often this comes:\nServer terminates connection. response=421-4.7.0 Try again later, closing connection. (EHLO)",
        {"reply": "421", "status": "4.7.0"},
    ),
    (
        "what could not be sent, and why",
        "the logs show: error sending message to campaign 7 - 450 Too many recipient attempts. Some get it, some not.",
        {"reply": "450"},
    ),
    (
        "a table of errors with the library's name",
        "MESSAGE\n100.0%\t550 Message rejected\nERROR CLASS\tNet::SMTPFatalError",
        {"reply": "550"},
    ),
    (
        "a server's port and a failure",
        "(connect to mx.firm.example[198.51.100.7]:25: Connection timed out)\nany way to find out why?",
        {"reply": None, "rejecting_host": "mx.firm.example", "sending_ip": None},
    ),
    (
        "a code and a mark of Microsoft's",
        "550 5.7.520 Message blocked because it contains content identified as spam. AS(4810)",
        {"provider": "microsoft"},
    ),
    (
        "a function of a mail library",
        "SMTP Error: data not accepted.\nPHPMailer->smtpSend() [class.phpmailer.php:1038]",
        {"provider": None},
    ),
    (
        "what somebody got, in a sentence that goes on",
        "with the new mail account I get 554 Message refused even though SPF is fine",
        {"reply": "554"},
    ),
    (
        "what a server now returns",
        "since Monday our mail relay is used and it now returns 550 5.7.1 Relaying denied, nothing else",
        {"reply": "550", "status": "5.7.1"},
    ),
    (
        "a recipient, though the sender is at fault",
        "SMTP Error: The following recipients failed: jo@firm.example: Sender address rejected: Domain not found",
        {"recipient": "jo@firm.example", "sender": None},
    ),
]

# id, text
TALK: list[tuple[str, str]] = [
    (
        "members of an enum",
        "ok for the mail lib?\n\tMailboxUnavailable = 550,\n\tExceededStorageAllocation = 552,\n\tMailboxNameNotAllowed = 553,",
    ),
    (
        "a backend that fails on purpose",
        "for the settings:\nclass Failing(EmailBackend):\n    def send_messages(self, messages):\n        raise smtplib.SMTPRecipientsRefused({\n"
        "            'jo@firm.example': (450, b'Recipient unknown')\n        })",
    ),
    (
        "a file that FTP cannot write",
        "pdfs to the box: `550 unable to open /Box/Test for writing.` reading works",
    ),
    (
        "a web page of a mail service",
        "the mailgun webhooks fail\nexception: ERROR - Internal Server Error: /mailgun/tracking/",
    ),
    (
        "what a server notes of a list",
        "several a minute, harmless?\n`Jun 14 08:53:43 mx postfix/dnsblog[27951]: warning: dnsblog_query: lookup error for DNS query "
        "4.3.2.1.list.firm.example: Host or domain name not found. Name service error for name=4.3.2.1.list.firm.example type=A: Host not found`",
    ),
    (
        "a change to review",
        'review pls: domains with aliases alone are refused with "relay access denied". To fix it, look there, too',
    ),
    (
        "a request for a page",
        "docs request for the error page\n550 5.5.0\nRequested action not taken: mailbox unavailable",
    ),
    ("what must be answered", "Mails über 25 MB müssen mit Code 552 abgelehnt werden, passt das so?"),
    (
        "what will be answered",
        'from May on they will be designated as "550 5.7.515 Access denied, the domain does not meet the level"',
    ),
    (
        "names of exit codes",
        "the mail wrapper checks these:\nEX_NOUSER User name not recognized.\nEX_NOHOST Host name not recognized.\nEX_TEMPFAIL Message was queued.",
    ),
    (
        "an answer of IMAP",
        "copying mail: could not append to INBOX: 35 NO [SERVERBUG] Internal error occurred. Refer to server log for more information.",
    ),
    (
        "reasons of a manual",
        "Why didn't my email get delivered? It can be:\n  • DNS related issues.\n  • Mailbox is over quota (5.2.2 error).\n"
        "  • A virus was attached to the message.",
    ),
    (
        "a wish",
        'Any failure while sending the newsletter shows a catch-all. It would help to show the actual one, say "Invalid '
        'recipient address".',
    ),
    (
        "a list of meanings",
        'Common Plesk errors (internal wiki): "Relay access denied" = no SMTP auth. "User unknown" = typo. "Mailbox full" = '
        "they must clean up. Please link this page in tickets",
    ),
    (
        "a list of meanings in another language",
        "Популярные ошибки: «550 message sending for this account is disabled» — чаще всего решается сменой пароля; "
        "«Mailbox Full» — подождать. Добавим в базу знаний?",
    ),
    (
        "a list of a manual in another language",
        "説明: 550-5.1.1 double-checking the address for typos、【内容】mailbox is full、【内容】Unrouteable address — エラーの一覧",
    ),
    (
        "a report without a failure",
        "Your message was successfully delivered to these recipients.\n\namelie@firm.example: delivered to the mailbox",
    ),
    ("a section of a standard", "RFC 5321 4.2.3: 450 Requested mail action not taken: mailbox unavailable"),
    ("a word of another language", '"Unzustellbar" ist das deutsche Wort für undeliverable'),
    (
        "a wish in another language",
        "Kannst du bitte das Postfach von jo@firm.example vergrößern? Es ist fast voll.",
    ),
    ("a statistic", "| reason | count |\n| --- | --- |\n| user unknown | 312 |\n| mailbox full | 77 |"),
    (
        "a template",
        'Our bounce template: "Your message to {recipient} could not be delivered because {reason}."',
    ),
    ("a trial", 'To test, send to bounce@simulator.amazonses.com and you get "550 5.1.1 user unknown"'),
    (
        "what a setting would do",
        "reject from any sender for any reason would produce\n5.5.0  go away\nthe default would be the 5.5.0 as it is now.",
    ),
    (
        "how a report begins",
        "Postfix's reports begin with 'This is the mail system at host', qmail's with 'Hi. This is the qmail-send program'.",
    ),
    ("what somebody told", "told her it's \"550 5.1.1 user unknown\", so a typo, she'll call them"),
    (
        "what somebody wrote",
        "Wrote back to the customer: the recipient's mailbox is full, please try again later",
    ),
    ("a change", 'bounce: handle "Recipient address rejected: Access denied" (#1234)'),
    (
        "a wish for a text",
        'Wish: show our own text in place of "552 5.2.2 Mailbox full" when the domain has one.',
    ),
    (
        "a wish in German",
        "Funktionswunsch: statt „550 5.1.1 User unknown“ einen eigenen Text je Domain erlauben.",
    ),
    (
        "what should come later",
        "Right now unknown users are deferred. I'd rather have `550 No such user here`, is there a switch?",
    ),
    (
        "a case that is supposed",
        "What would Exchange do if our server said 452 Too many recipients after the first one?",
    ),
    (
        "a test double in French",
        "J'ai ajouté aux tests unitaires un faux serveur qui répond `450 Mailbox busy`, relecture ?",
    ),
    (
        "a test double in Japanese",
        "単体テスト用のモックで「550 User unknown」を返すようにしました。レビューお願いします。",
    ),
    (
        "a translation in Polish",
        "Jak przetłumaczyć „Relay access denied”? Tłumaczenie w programie pocztowym jest puste.",
    ),
    (
        "a document in Spanish",
        "En el manual la tabla pone «552 Message size exceeds limit» de ejemplo, ¿la muevo al glosario?",
    ),
    (
        "what servers do",
        "Some providers answer 421 Too many connections, others just hang up. Which one is kinder?",
    ),
    (
        "errors like one",
        "Delivery errors like “550 Mailbox unavailable” end up as an exception, best practice is to catch them.",
    ),
    ("hearsay in Japanese", "相手が拒否設定だと 550 User unknown みたいなのが返るらしい"),
    (
        "a page for others",
        "KB page for the wiki:\n> If you are receiving this bounce:\n> 550 5.7.1 Message rejected as spam\n> Change your password.",
    ),
    (
        "an explanation",
        "explanation by the author: a client outside the net will be refused with the error `Relay access denied`, so add the net",
    ),
    (
        "a class for it in Portuguese",
        "Como vocês classificam 550 5.1.1 <jo@firm.example>: Recipient address rejected no painel, hard ou soft?",
    ),
    ("a class for it in Chinese", "报表里 452 Too many recipients 应该归为硬退还是软退？"),
    (
        "a test server in Russian",
        "Тестовый сервер пусть всегда отвечает «550 Relay not permitted», где это настроить?",
    ),
    (
        "a map that is moved in",
        "our map:\n   @old.example     error:450 temporary failure for old.example\nis that right?",
    ),
    ("a line of a change", "-  message: '550 5.7.1 Relaying denied'\n+  message: 'Please log in first'"),
    (
        "what comes soon, in Spanish",
        "A partir del lunes el servidor responderá 452 Too many recipients a las listas grandes",
    ),
    ("what is wanted, in French", "Notre filtre répond « 550 Relay not permitted » aux robots, c'est voulu"),
    (
        "a step of a test",
        "Given a closed account\nWhen I send to it\nThen the server replies '550 Account closed'",
    ),
    ("a line of properties", "this one?\nmail.text.closed=550 Account closed, sorry"),
    (
        "a receipt in Swedish",
        "Leveransen till följande mottagare är slutförd, men inget leveransmeddelande skickades av målservern:\n\n"
        "jo@firm.example\n\nÄmne: Offert",
    ),
    ("nothing happened", "Theoretical question: may a server answer 554 5.7.1 Access denied before HELO?"),
    ("so many things, aloud", "550 EMAILS WERE SENT, 3 BOUNCED"),
    ("so many things in another language", "550 писем отправлено, 3 вернулись"),
    ("a colleague and an address", "jo@firm.example\n    can you call her? she does not answer"),
    ("a plan", "From 1 June mails without TLS will be rejected with 550 5.7.10 Encryption needed."),
    ("an offer", 'we can add your domain so that you no longer get "550 5.7.1 Message rejected"'),
    (
        "a rule of a program in words",
        "SMTP 550 5.1.1 User unknown is mapped to BounceType.HARD in BounceMapper.java:42",
    ),
    ("a trial that went well", "The simulator returned: smtp; 550 5.1.1 user unknown, so our handler works"),
    ("a listing that ended", "https://www.spamhaus.org/query/ip/203.0.113.9 says not listed any more"),
    ("a report of TLS", 'The TLS report (rua) counts 12 failures "certificate-expired" for mx.firm.example'),
    ("a code in a quotation that is asked about", 'what does "mailbox full (552)" mean?'),
    ("a macro", 'the macro says "Your mailbox is full (552)" and nobody reads it'),
    ("a number in a quotation", 'she said "see you in room (550)" and left'),
    ("a way of calling it", 'I only call it "a hard bounce (550)" when the address is gone'),
    ("a section in a quotation", 'see chapter "Mail 5.1.1" in the book, it is not there'),
    ("asked in German", 'Was bedeutet "550 5.7.1 Message rejected" genau?'),
    ("asked in Italian", 'Cosa vuol dire "550 mailbox unavailable"?'),
    ("solved, in German", "Der Fehler 550 5.1.1 ist seit gestern behoben"),
    ("solved, in Portuguese", "O erro 550 5.1.1 já foi resolvido"),
    ("a plan in German", 'Wir lehnen ab morgen Mails ohne PTR mit "550 5.7.25 no PTR" ab'),
    ("so many in French", "550 participants inscrits, 3 refusés"),
    ("so many in Spanish", "550 usuarios nuevos, 12 bloqueados por spam"),
    ("so many in Russian", "550 пользователей, 3 заблокированы"),
    ("so many in Japanese", "550 件の注文があり、3 件は拒否されました"),
    ("bills in German", "553 Rechnungen sind nicht bezahlt"),
    ("orders in German", "421 Bestellungen wurden storniert, nicht geliefert"),
    ("a row of a manual, in quotation marks", '"| 550 | mailbox unavailable | the user does not exist |"'),
    (
        "a manual with headings",
        "**550 5.1.1 User unknown**\nThe address does not exist. Check the spelling.\n\n**552 5.2.2 Mailbox full**\n"
        "The recipient has no room left.\n\n**554 5.7.1 Relay access denied**\nLog in to your outgoing server first.",
    ),
    (
        "a manual with remedies",
        "Error: 550 Mailbox not found\nCause: the address has a typo.\nSolution: check the address.\n\n"
        "Error: 552 Message size exceeds limit\nCause: the attachment is too big.\nSolution: use a link.",
    ),
    (
        "a list of what to do",
        "550 5.1.1 User unknown - remove the address from the list\n552 5.2.2 Mailbox full - try again after 3 days\n"
        "421 4.7.0 Try again later - slow down",
    ),
    (
        "the usual ones, each explained",
        "wiki page:\nRemote host said: 551 Requested action not taken: mailbox full\nTheir mailbox is full.\n"
        "Remote host said: 552 Requested action not taken: exceeded storage allocation\nThe attachments were too large.\n"
        "Remote host said: 553 bad reverse dns\nSomething about your reverse DNS is causing this.",
    ),
    (
        "in general",
        'If you see "550 5.7.26 This mail is unauthenticated" your SPF or DKIM record is missing. Add the records.',
    ),
    (
        "such as, of others",
        "When the recipient's mailbox is full, the sender gets a message such as \"552 5.2.2 The email account that you "
        'tried to reach is over quota". Nothing to do on our side.',
    ),
    ("a delivery", "Your message to jo@firm.example has been delivered."),
    ("a delivery, asked about", "what is this about?\nYour message to jo@firm.example was delivered."),
    (
        "what a server should say",
        "the milter should answer `550 5.7.1 Rejected by policy` and not a bare 550",
    ),
    ("what it says instead", "it returns 421 instead of `550 5.1.1 User unknown`, so they retry for days"),
    ("a noun", "clients choke on `552 5.2.2 Mailbox full` replies, I'll open a ticket with them"),
    ("a rule", "the parser maps `550 5.1.1 User unknown` to hard"),
    ("treated as", 'until now "452 4.3.1 Insufficient system storage" was treated as a hard bounce'),
    ("a question about meaning", "what does '550 5.7.1 Relaying denied' mean? asking for the help page"),
    ("a title", "How to fix '554 5.7.1 Relay access denied' in your mail program: turn on authentication"),
    ("for example", 'For example: "550 5.1.1 <x@firm.example>: Recipient address rejected: no such user"'),
    ("in brackets", 'the webhook carries the words of the server (e.g. "smtp; 550 5.1.1 user unknown")'),
    ("codes of a standard", "RFC 5321: 550 Requested action not taken: mailbox unavailable"),
    ("a status of a standard", "RFC 3463 has 5.2.2 for a mailbox that is full, that's what we use"),
    ("an article", "after a 5.2.2 because of a full mailbox we wait two days and send again"),
    ("a code that ends a sentence", "she got a report with 550 5.5.3. I looked, and nobody documents it."),
    ("when it is said", "450 while greylisted, 250 afterwards, that's how our mail server works"),
    ("an order", "order 550-5.7.1 was rejected by the warehouse, the address is unknown there"),
    ("rolled back", "the mail job fails with error 550, rolled back to 5.7.1"),
    ("rooms", "552 rooms booked, quota of the block exceeded, ask the hotel"),
    ("a chat program", "Your message could not be sent: you are rate limited in this Slack channel"),
    (
        "a list",
        "550 User unknown\n551 User not local\n552 Mailbox full\n553 Mailbox name not allowed\n554 Transaction failed",
    ),
    (
        "a list of statuses",
        "5.1.1 Bad mailbox\n5.2.2 Mailbox full\n5.7.1 Delivery not authorized\n4.2.2 Mailbox full",
    ),
    (
        "a sentence of codes",
        "the most frequent: 421 (service unavailable), 450 (mailbox busy), 550 (mailbox unavailable), 554 (failed)",
    ),
    ("a heading", "Status\n550 5.5.0\nDescription\nMailbox unavailable\nplease add it to the table"),
    (
        "advice on a reply",
        "452 mailbox full should be handled as a passing failure in our importer. Patch follows.",
    ),
    ("advice on another", "550 user unknown must not be retried, it must be treated as final"),
    (
        "what a test is for",
        "The test checks that the server answers `451 Local error in processing` when the handler raises.",
    ),
    (
        "the beginning of a report",
        'It stops with "Delivery to the following recipient failed permanently:". We gave up.',
    ),
    (
        "what a server could say, on a line of its own",
        "With a filter on recipients you could return:\n```553 Requested action not taken: mailbox name not allowed```",
    ),
    ("a change", 'Add an option to reply with "421 Service unavailable, try again later" while we migrate'),
    (
        "a change, told by its outcome",
        "PR: a letter with two dates is now rejected with\n\n`550 5.7.1 RFC5322 requirement error: too many Date fields`",
    ),
    (
        "what was said before",
        "It says `554 5.7.1 Blocked by policy` now instead of\n\n`550 5.7.1 Relaying denied`",
    ),
    ("a question about a code", "Should a full list return 452 4.5.3 Too many recipients? We give 552 now."),
    (
        "a range of codes",
        "* Content: what to do about error code 550 5.1.1 through 5.1.20 in Exchange Online",
    ),
    (
        "a table",
        "|5.7.512|`Access denied, message must be RFC 5322 compliant`|No From field.|\n"
        "|5.7.513|`Client host blocked by customer block list`|Ask them.|",
    ),
    ("what a status means", "5.7.1 indicates that the sender is not authorized to send to the recipient"),
    (
        "what another status means",
        "Error 5.7.1 is an access denied error, for recipients that accept no mail from you",
    ),
    ("a row of a table", "Status code | Meaning\n5.7.1 | Delivery not authorized, message refused"),
    (
        "what a code usually means",
        '550 - "no such user here" - usually this is given when somebody has mistyped an address of that server',
    ),
    ("what an interface says now", 'The plugin now shows "SMTP Error: Could not authenticate." in red'),
    ("a translation", 'Translated string: "SMTP Error: data not accepted." -> "Daten nicht angenommen."'),
    (
        "a document",
        'In the docs of the mail server: "Client host rejected: cannot find your hostname" is logged',
    ),
    ("a release", 'Release notes: fixed "Unable to connect with STARTTLS" on PHP 8'),
    ("a commit", "[mailer] fix TLS setup failed: retry once (#12)"),
    (
        "a counter",
        "it counts lines that have `Connection timed out` in mails' logs, add `No route to host` as well",
    ),
    (
        "a code that is spoken of",
        'after the upload it returned a 552 error, standardized as "disk full" in mails',
    ),
    (
        "one code instead of another",
        "users get 554 instead of 550 from the mail server, the spec has no rule for it",
    ),
    ("a port that answers", "connect to mx.firm.example:25 works again since noon"),
]

# id, text
MACHINES: list[tuple[str, str]] = [
    (
        "a table in a program",
        '{"bounced", "host sm-mta[1236]: 494CMcXQ: to=<jo@firm.example>, dsn=5.1.1, stat=User unknown", "494CMcXQ", true},\n'
        "table test for the log parser, ok to merge?",
    ),
    ("a rule of a program", 'bounce_rules.yaml: - match: "user unknown" action: suppress'),
    ("a server of mailboxes", "POP3 -ERR mailbox locked"),
    ("a catalogue of texts", 'msgid "Mailbox full"\nmsgstr "Postfach voll"'),
    ("a file of texts", 'en.yml: mailbox_full: "The recipient\'s mailbox is full"'),
    ("a parcel", "Parcel 550554 undeliverable: recipient unknown"),
    ("a store of objects", "s3: 503 Slow Down"),
    ("a map of sendmail", "firm.example  error:5.1.1 user unknown"),
    ("a rule of sendmail", 'R$* $#error $@ 5.7.1 $: "550 Relaying denied"'),
    ("a map of Postfix", "reject_code_map: 550 5.7.1 <jo@firm.example>: Recipient address rejected"),
    ("a text with its label", 'training example: text="550 5.1.1 User unknown", label="no-such-user"'),
    ("a row of a corpus", '{"text": "552 5.2.2 Mailbox full", "cause": "mailbox-full"}'),
    (
        "a log of a mail that was sent in the end",
        "postfix/smtp[12]: 4A5B6C7D8E: to=<jo@firm.example>, relay=mx.firm.example[203.0.113.25]:25, delay=301, dsn=2.0.0, "
        "status=sent (250 2.0.0 Ok; first try was 451 4.7.1 Greylisted)",
    ),
    ("a server of files", "550 Permission denied."),
    ("a server of files, through a library", "ftplib.error_perm: 550 Permission denied."),
    ("a log of a copy", "INFO:pyftpsync:FEAT command failed: '550 Permission denied.'"),
    ("a transfer", "Response: 550 Permission denied\nError: Critical file transfer error"),
    ("a disk", "disk quota exceeded on build-7"),
    ("a service behind a name of mail", "Error: getaddrinfo ENOTFOUND api.mailchimp.com"),
    ("FTP", "Command: STOR a.csv\nResponse: 552 Transfer aborted. Disk quota exceeded"),
    ("FTP, told by its other codes", "331 Password required\n530 Login authentication failed"),
    ("FTP, bare", "530 Not logged in"),
    ("FTP, a path", "550 /htdocs/index.php: Permission denied"),
    ("HTTP", "503 Service Unavailable from the checkout API"),
    ("HTTP with a quota", "503 over quota, says the maps service"),
    ("IMAP", "A7 NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"),
    ("POP3", "-ERR [AUTH] Username and password not accepted."),
    ("a mock", "mock.expects(:rcpt).returns('550 5.1.1 no such user')"),
    (
        "a unit test in Go",
        "--- FAIL: TestRcpt (0.00s)\n    rcpt_test.go:42: got 550 5.1.1 user unknown, want 250",
    ),
    ("a unit test in JavaScript", '  Expected: "550 5.1.1 User unknown"\n  Received: "250 OK"'),
    ("a failed assertion", "AssertionError: '550 5.1.1 User unknown' != '550 5.1.1 user unknown'"),
    ("a diff", '-    return "550 5.1.1 mailbox unavailable"\n+    return "550 5.1.1 no such user"'),
    ("a variable", 'SMTP_REJECT_TEXT="550 5.7.1 Message rejected"'),
    ("a setting", 'reject_message: "554 5.7.1 Spam message rejected"'),
    ("a map", "spammer.example 550 5.7.1 Go away\ngood.example   OK"),
    ("YAML", "- code: 550\n  text: User unknown\n- code: 552\n  text: Mailbox full"),
    ("quoted strings", 'nobody@firm.example: "550 no such user"\nfull@firm.example: "552 mailbox full"'),
    (
        "a conversation that went well",
        "220 mx.firm.example ESMTP\nquit\n221 Closing\nConnection closed by foreign host.",
    ),
    (
        "authentication results",
        "Authentication-Results: mx.firm.example; spf=fail smtp.mailfrom=shop.example; dmarc=fail",
    ),
    ("a DMARC report", "<row><disposition>reject</disposition><spf>fail</spf><dkim>fail</dkim></row>"),
    ("counted hosts", "    471 bl.spamcop.net\n    150 zen.spamhaus.org"),
    ("a relay of another kind", '["OK","1f",false,"rate-limited: you are sending too many messages"]'),
    ("no mail host", "getaddrinfo ENOTFOUND api.shop.example"),
    ("a virus scanner", "ClamAV: /srv/upload/offer.pdf: Heuristics.Phishing.Email.SpoofedDomain FOUND"),
    ("a directory", "auth: Error: ldap(jo@firm.example): unknown user"),
    (
        "a filter of log lines",
        "failregex = ^%(__prefix_line)sNOQUEUE: reject: RCPT from \\S+\\[<HOST>\\]: 554 5\\.7\\.1 Service unavailable",
    ),
    ("a regular expression", r"bounced if it matches 550 5\.1\.1 .*User unknown"),
    ("a format", "```\n552 5.5.3 Maximum limit of %v recipients reached\n```"),
    (
        "a run of tests",
        '3 passed / 0 failed\n- posted `status=5.1.1`, `diagnosticCode="smtp; 550 recipient <jo@firm.example> denied"`',
    ),
    (
        "a report about TLS",
        '{"policies":[{"policy":{"policy-type":"sts"},"summary":{"total-failure-session-count":3},'
        '"failure-details":[{"result-type":"sts-policy-fetch-error"}]}]}',
    ),
    (
        "a text of a mail library",
        "$LANG['recipients_failed'] = 'SMTP Error: The following recipients failed: ';",
    ),
    ("a statement", 'log.error("Failed to send email: %s", err)'),
    ("a handler", "except smtplib.SMTPRecipientsRefused:\n    log.error('all recipients were refused')"),
    (
        "IMAP of a mail client",
        "Connected to imaps://imap.firm.example:993/\nS: A1 NO AUTHENTICATE failed.\nS: A2 NO LOGIN failed.",
    ),
    (
        "an event that is noted",
        "INFO SPF EHLO check failed (smtp.spf-ehlo-fail) remoteIp = 2001:db8::1, result = No SPF record",
    ),
    ("a database", "We get this error in the mail service: Error: connect ECONNREFUSED 127.0.0.1:5432"),
    ("a missing module", "The mail module fails to build: Error: Cannot find module 'nodemailer'"),
    ("a server that does not start", "The SMTP server fails to start: Permission denied /var/run/smtp.sock"),
    ("another port", "dial tcp 198.51.100.7:6379: connect: connection refused"),
]


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize(("text", "facts"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_a_servers_words_are_heard(text: str, facts: dict[str, Any], diagnoser: Diagnoser) -> None:
    """Whatever stands around them: they are a bounce, with the facts that they state."""
    reading = diagnoser.read(text)
    first = reading.parsed.rejections[0].facts

    assert reading.bounce
    assert {name: getattr(first, name) for name in facts} == facts


@pytest.mark.parametrize("text", [row[1] for row in TALK], ids=[row[0] for row in TALK])
def test_talk_about_replies_is_talk(text: str, diagnoser: Diagnoser) -> None:
    """People write about what servers say, will say and should say. Nobody's mail came back."""
    assert not diagnoser.read(text).bounce


@pytest.mark.parametrize("text", [row[1] for row in MACHINES], ids=[row[0] for row in MACHINES])
def test_other_machines_use_the_same_numbers(text: str, diagnoser: Diagnoser) -> None:
    """Other protocols, tests, configuration and reports are silent."""
    assert not diagnoser.read(text).bounce


@pytest.mark.parametrize("text", [row[1] for row in TALK], ids=[row[0] for row in TALK])
def test_talk_in_a_quotation_stays_talk(text: str, diagnoser: Diagnoser) -> None:
    """A colleague's sentence does not become a server's by being quoted."""
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))

    assert not diagnoser.read(quoted).bounce
