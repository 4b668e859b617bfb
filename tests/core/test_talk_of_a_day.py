"""What a support channel writes in a day: who tells of mail that failed is heard, who speaks of mail in general is not."""

import pytest

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser

HEARD = [
    ("a code for another", "the contact form is dead\n\nError: Expected smtp code 250, got 550"),
    (
        "erlang",
        "newsletter job log: {:error, {:no_more_hosts, {:permanent_failure, 'mx.firm.example', :auth_failed}}}",
    ),
    (
        "rust",
        "panicked: Error { kind: Permanent(Code { severity: PermanentNegativeCompletion, category: MailSystem, detail: Zero }) }",
    ),
    (
        "indonesian login",
        "sejak tadi pagi formulir kontak mati. Kesalahan SMTP: Tidak dapat mengautentikasi.",
    ),
    ("french login", "depuis hier plus de notifications\nErreur SMTP : Impossible de s'authentifier."),
    ("japanese login", "問い合わせフォームが止まりました\nSMTP エラー: 認証できませんでした。"),
    (
        "pear",
        "webmail log: SMTP Error: Failed to add recipient 'jo@firm.example'. Sending elsewhere is not allowed. (Code: 554)",
    ),
    (
        "a reason in a log",
        'nothing leaves\nINFO delivery{id=7 nrcpt=1}: smtp::outbound: event="unavailable" reason="STARTTLS was not offered by host"',
    ),
    (
        "a sentence that sending failed",
        "cron log of the shop:\nException while trying to send the invoice email: peer closed the stream",
    ),
    (
        "a message in JSON",
        'app log:\n{"level":3,"app":"mail","message":"Could not send message: the server refused the sender"}',
    ),
    ("a command of the shell", "backup script since Monday:\ns-nail: could not connect: Connection refused"),
    (
        "o servidor responde",
        "o servidor responde 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1), e agora?",
    ),
    (
        "import of addresses",
        'import went wrong in one row: 501 5.1.3 Invalid address: "anna maria@firm.example"',
    ),
    ("return of mail", "return mail every time: 550 5.1.1 No such user here"),
    ("nothing more was said", "nothing more was said: 554 5.0.0 Rejected"),
    (
        "question before a reply",
        "what do they want? 550-Requested action not taken: mailbox unavailable 550-Reject due to policy restrictions.",
    ),
    (
        "qmail gave up",
        "unable to connect to remote server [192.0.2.7:25]: Operation timed out I'm not going to try again; this message has been in the queue too long.",
    ),
    (
        "automatically rejected",
        "Your message to anna@firm.example was automatically rejected: Not enough disk space",
    ),
    (
        "they take no mail from",
        "Your mail to the following recipients could not be delivered because they are not accepting mail from news@shop.example: anna",
    ),
    (
        "polish words around qmail s",
        "Klient wysłał do nas, co to znaczy?\nNiestety wiadomosc nie mogla zostac wyslana.\n\n<sklep@firma.example>:\nmaildrop: maildir over quota.\n\n--- Below this line is a copy of the message.",
    ),
    (
        "sentry says authentication extension",
        "Sentry nous dit:\n\n> SMTP AUTH extension not supported by server.\n\nPlus personne ne reçoit d'invitation",
    ),
    (
        "customer forwarded this your",
        'customer forwarded this: "Your message to info@firm.example couldn\'t be delivered. The mailbox is full." what now?',
    ),
    (
        "getting error authentication failed",
        "getting 535 5.7.8 Error: authentication failed from our shop since I changed the password",
    ),
    (
        "my newsletter tool shows",
        "My newsletter tool shows SMTP error: 421 Too many messages from your IP, try again later",
    ),
    (
        "hi we can t",
        "hi, we can't mail anybody at yahoo:\n421 4.7.0 [TSS04] Messages from 192.0.2.4 temporarily deferred due to unexpected volume",
    ),
    (
        "any idea remote server",
        "any idea?\n```\nRemote server returned '550 5.4.1 Recipient address rejected: Access denied'\n```",
    ),
    ("le client reçoit boîte", 'Le client reçoit "552 5.2.2 Boîte aux lettres pleine" quand il nous écrit'),
    ("phpmailer smtp error could", "PHPMailer: SMTP Error: Could not authenticate."),
    (
        "our form stopped log",
        'Our form stopped. Log: "SMTP connect() failed. https://github.com/PHPMailer/PHPMailer/wiki/Troubleshooting"',
    ),
    (
        "javax mail messagingexception could",
        "javax.mail.MessagingException: Could not connect to SMTP host: smtp.firm.example, port: 465, response: -1",
    ),
    ("smtplib smtpdataerror b message", "smtplib.SMTPDataError: (554, b'5.7.1 Message rejected as spam')"),
    ("dial tcp i o", "dial tcp 192.0.2.3:587: i/o timeout while sending the invite mails"),
    (
        "error connect econnrefused when",
        "Error: connect ECONNREFUSED 127.0.0.1:25 when a user resets the password",
    ),
    (
        "thunderbird sending of the",
        "Thunderbird: Sending of the message failed. The message could not be sent using Outgoing server (SMTP) smtp.firm.example for an unknown reason.",
    ),
    (
        "outlook says x ccc",
        "Outlook says: 0x800CCC0F the connection to the server was interrupted, when sending",
    ),
    (
        "iphone cannot send mail",
        'iPhone: "Cannot Send Mail. A copy has been placed in your Outbox. The recipient was rejected by the server because it does not allow relaying."',
    ),
    ("mail to the bank", 'mail to the bank comes back: "Message rejected due to SPF policy"'),
    ("zustellung an chef firma", "Zustellung an chef@firma.example fehlgeschlagen: Postfach voll"),
    ("no se pudo entregar", "No se pudo entregar el mensaje a ventas@tienda.example: el buzón está lleno"),
    ("bounce from t online", 'bounce from T-Online: "Mailbox unavailable or access denied"'),
    (
        "sendgrid activity deferred the",
        'SendGrid activity: "Deferred - 450 4.2.1 The user you are trying to contact is receiving mail too quickly"',
    ),
    ("all at once deferred", "all at once: Deferred: Connection timed out with mx1.firm.example."),
    (
        "exim s mainlog bob",
        "Exim's mainlog: == bob@firm.example R=dnslookup T=remote_smtp defer (-44): SMTP error from remote mail server after RCPT TO: 451 greylisted",
    ),
    ("qmail sorry i couldn", "qmail: Sorry, I couldn't find any host named frim.example. (#5.1.2)"),
    ("what does this want", "what does this want from me? 554 5.7.5 Permanent error evaluating DMARC policy"),
    (
        "administrative prohibition on every",
        '"550 Administrative prohibition" on every mail to the university, help',
    ),
    ("why do i get", "why do I get `553 5.7.1 Sender address rejected: not owned by user`?"),
    (
        "subject undelivered mail returned",
        "Subject: Undelivered Mail Returned to Sender\nThis is the mail system at host mail.firm.example.\nI'm sorry to have to inform you that your message could not be delivered to one or more recipients.",
    ),
    (
        "google groups we re",
        'Google Groups: "We\'re writing to let you know that the group you tried to contact (team) may not exist, or you may not have permission to post messages to the group."',
    ),
    ("ihre e mail an", "Ihre E-Mail an kontakt@verein.example wurde abgelehnt: Nachricht zu groß"),
    (
        "smtp error failed to",
        'SMTP Error (550): Failed to add recipient "bob@firm.example" (5.1.1 <bob@firm.example>: Recipient address rejected: User unknown)',
    ),
    ("roundcube shows smtp error", "Roundcube shows: SMTP Error (-1): Connection to server failed."),
    (
        "ses email address is",
        "SES: Email address is not verified. The following identities failed the check in region EU-WEST-1: shop@firm.example",
    ),
    (
        "com amazonaws services simpleemail",
        "com.amazonaws.services.simpleemail.model.MessageRejectedException: Email address is not verified",
    ),
    (
        "microsoft your message wasn",
        "Microsoft 365: \"Your message wasn't delivered because the recipient's email provider rejected it.\" any ideas?",
    ),
    (
        "returned host mx firm",
        "Returned: host mx.firm.example[192.0.2.8] said: 550 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org",
    ),
    (
        "my mails to my",
        'my mails to my own address at work: "The email account that you tried to reach is over quota."',
    ),
    ("could not send smtp", "could not send: SMTP 503 5.5.1 Error: need MAIL command"),
    (
        "nextcloud says the invitation",
        'Nextcloud says "The invitation mail could not be sent: Expected response code 250 but got code 554, with message "554 5.7.1 Sender rejected""',
    ),
    ("error sending mail missing", 'Error sending mail: Missing or invalid credentials "PLAIN" (Gmail)'),
    (
        "office smtp authentication unsuccessful",
        "Office 365 SMTP: 535 5.7.139 Authentication unsuccessful, the user credentials were incorrect",
    ),
    (
        "i sent to hanna",
        "I sent to hanna@gmial.example and got \"DNS Error: 12345 DNS type 'mx' lookup of gmial.example responded with code NXDOMAIN\"",
    ),
    ("mailer daemon told me", 'Mailer-Daemon told me "retry timeout exceeded" for the notary\'s address'),
    ("the scanner can t", 'the scanner can\'t scan to mail: "SMTP: 530 Must issue a STARTTLS command first"'),
    ("konica minolta server connection", "Konica Minolta: Server connection error, 454 TLS not available"),
    (
        "gitlab net readtimeout net",
        "Gitlab: Net::ReadTimeout (Net::ReadTimeout with #<TCPSocket:(closed)>) from the mailer queue",
    ),
    (
        "exim to gmx again",
        "Exim to GMX again: rita@firm.example 550 Requested action not taken: mailbox unavailable",
    ),
    (
        "the check returns for",
        'the check returns, for that provider only: "mx.firm.example 550 inconsistent or no DNS PTR record for 203.0.113.3"',
    ),
    (
        "hundreds in mqueue deferred",
        "hundreds in mqueue: (Deferred: 450 Client host rejected: cannot find your hostname)",
    ),
    (
        "sending hangs theirs or",
        "sending hangs, theirs or ours?\n`postfix/smtp[99]: 3C1D8C1D99: Server certificate not trusted`",
    ),
    (
        "why me failure notice",
        "why me?\n> Failure Notice\n> Your message sent to ann@firm.example has failed to be delivered.\n> Remote host said :\n> Your mail was denied.",
    ),
    ("ab smtp data unable", "[10:00:00.001][ab12] SMTP[DATA]: < 435 Unable to authenticate at present"),
    (
        "rejected due to poor",
        "554 rejected due to poor reputation of the sender, only some recipients. From my old box the same recipient works. What could we do?",
    ),
    ("there was a problem", "There was a problem with SMTP: Start TLS failed"),
    (
        "je cite le journal",
        "Je cite le journal :\n\n> SMTP AUTH extension not supported by server.\n\nLes nouveaux ne peuvent plus s'inscrire",
    ),
]
SILENT = [
    ("a toast to translate", 'todo: show "Failed to send email: {reason}" in the toast'),
    ("busy", "I can't send the mail - busy with the release"),
    ("who reviews", "problem sending the e-mail newsletter draft to review: who has time?"),
    ("a tuple of a queue", "{error, {permanent_failure, timeout}} in the rabbitmq consumer"),
    ("the manual of a printer", "Erreur SMTP : voir la page 4 du manuel"),
    ("a chat bot", "could not send message: channel_not_found, the bot is not in the room"),
    ("a webhook", "failed to deliver webhook mail: event queue of the crm is full"),
    (
        "new article",
        'new article is up: "SMTP Error 450 - Mailbox temporarily unavailable is what you see when a mailbox is locked" https://help.example',
    ),
    (
        "from a help",
        'from Yahoo\'s help: if you see "421 Message temporarily deferred - [numeric code]" in your logs, people have complained. worth adding to our FAQ?',
    ),
    (
        "lua rejects",
        "if not ok then\n  kumo.reject(552, string.format('5.6.0 invalid From header'))\nend\nlocal f = function()\n  return msg:from_header()\nend",
    ),
    (
        "the article lacks a code",
        "If the mailbox is gone, the NDR is **550 5.1.10 Recipient not found**\n\n550 5.1.10 should be added to the page about NDRs",
    ),
    (
        "expected an error like",
        "1) mail somebody whose name server is down\nExpected: an error like\n> Delivery to the following recipient failed permanently: x@firm.example\nWhat happens: nothing",
    ),
    (
        "list of codes with glosses",
        "Liste: 550 5.1.1 User unknown (neznámý), 451 Local problem (místní), 554 Transaction failed (selhala). Dáme na intranet.",
    ),
    (
        "messaggi più frequenti",
        'Messaggi di errore più frequenti\n"MAILBOX FULL" La casella di utente@posta.example ha raggiunto il limite.\n"RELAYING NOT ALLOWED (550 Relay Disabled)" Il server SMTP non è configurato.',
    ),
    ("un 421 significa", "421 significa que el servicio no está disponible. En este artículo lo vemos"),
    (
        "comment behind catch",
        "catch (Exception e)  // The server response was: 5.7.1 Unable to relay\n{\n    Store(e.Message);\n}\ncan this go?",
    ),
    (
        "alert that opens no file",
        'lvl=eror msg="Failed to send alert notification email" logger=alerting.notifier.email error="open : no such file or directory"',
    ),
    (
        "release the worker now",
        "Release 3.2: the worker now retries `451 4.7.1 Greylisted, try again later` with a backoff of 5 minutes.",
    ),
    (
        "what is the difference",
        "What is the difference between 550 5.1.1 User unknown and 550 5.2.1 Mailbox disabled? Asking for the help article.",
    ),
    (
        "if a customer sees",
        'If a customer sees "554 5.7.1 Relay access denied", tell them to switch SMTP AUTH on.',
    ),
    (
        "feature show a friendly",
        "Feature: show a friendly message when the server returns 552 5.2.2 Mailbox full",
    ),
    (
        "in rfc a is",
        'In RFC 5321 a 550 is "Requested action not taken: mailbox unavailable (e.g., mailbox not found, no access, or command rejected for policy reasons)".',
    ),
    (
        "the macro for blocked",
        "The macro for blocked senders:\n> 550 5.7.1 Your message was rejected because of our policy. Contact your administrator.",
    ),
    (
        "our exim acl deny",
        "our Exim ACL:\n```\ndeny  message = 550 5.7.1 We do not accept mail from $sender_host_address\n      dnslists = zen.spamhaus.org\n```",
    ),
    (
        "smtpd recipient restrictions reject",
        "smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policy\nsmtpd_reject_footer = \\c. For help call +49 30 1234",
    ),
    (
        "we log bounces to",
        "We log bounces to BigQuery: SELECT reason, COUNT(*) FROM bounces WHERE code = 550 GROUP BY reason",
    ),
    (
        "code meaning what to",
        "| Code | Meaning | What to do |\n| 421 | Service not available | retry later |\n| 550 | Mailbox unavailable | check the address |",
    ),
    (
        "service not available mailbox",
        "421 = service not available, 450 = mailbox busy, 550 = mailbox unavailable",
    ),
    ("subscribers left the list", "450 subscribers left the list today, 12 more than last week."),
    (
        "the parcel came back",
        "The parcel came back: addressee unknown at this address. Support asks what to do.",
    ),
    (
        "the direct debit bounced",
        'the direct debit bounced, the bank says "account closed". Who calls the customer?',
    ),
    ("bounce rate of the", "Bounce rate of the landing page went from 45 % to 55.0 %"),
    ("proftpd answers upload report", "ProFTPD answers 550 upload/report.csv: Permission denied"),
    ("user logged in incoming", "230 User logged in. 550 /incoming: No such file or directory"),
    ("curl the requested url", "curl: (22) The requested URL returned error: 503 Service Unavailable"),
    (
        "http unavailable for legal",
        "HTTP 451 Unavailable For Legal Reasons when opening the docs from Turkey",
    ),
    (
        "sip temporarily unavailable sip",
        "SIP/2.0 480 Temporarily Unavailable\nSIP/2.0 503 Service Unavailable",
    ),
    (
        "mysql error access denied",
        "mysql: ERROR 1045 (28000): Access denied for user 'mail'@'localhost' (using password: YES)",
    ),
    (
        "nginx upstream timed out",
        'nginx: upstream timed out (110: Connection timed out) while connecting to upstream, client: 192.0.2.4, request: "POST /mail/send HTTP/1.1"',
    ),
    (
        "def test reject assert",
        'def test_reject():\n    assert server.rcpt("<bob@example.org>") == (550, b"5.1.1 User unknown")',
    ),
    (
        "const bounces mailbox unavailable",
        "const BOUNCES = {\n  '550': 'Mailbox unavailable',\n  '552': 'Mailbox full',\n};",
    ),
    (
        "expected ok but the",
        'Expected "250 OK" but the stub returned "550 5.1.1 no such user" - fixed the stub',
    ),
    ("i think the bot", "I think the bot should answer 550 pastes only in this channel"),
    ("your order has left", "Your order 550-5.7.1 has left our warehouse"),
    ("out of office i", "Out of office: I'm away until Monday. For urgent matters mail help@example.org"),
    ("read offer your message", "Read: Offer 4711\nYour message was read on Monday, 3 March 2025 10:11:12"),
    (
        "delivered your message to",
        "Delivered: your message to bob@example.org was delivered successfully. No delivery notification will be sent by the destination.",
    ),
    (
        "postfix smtp a b",
        "postfix/smtp[123]: A1B2C3D4E5: to=<bob@example.org>, relay=mx.example.org[192.0.2.9]:25, delay=1.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F8E7D)",
    ),
    (
        "reminder from june google",
        "Reminder: from 1 June, Google rejects unauthenticated mail (550 5.7.26). All customers with own domains need DKIM before that.",
    ),
    (
        "heads up microsoft will",
        'Heads-up: Microsoft will start rejecting with "550 5.7.515 Access denied, sending domain does not meet the required authentication level" in May.',
    ),
    ("pr parse host x", 'PR #88 parse "host x said: 550 5.1.1" lines, so that the recipient is filled in'),
    ("we should classify mailbox", "We should classify `552 5.2.2 mailbox full` as soft, not as hard"),
    (
        "the parser drops everything",
        'The parser drops everything after "said:" in lines such as "host mx said: 550 5.7.1 blocked"',
    ),
    ("could somebody add message", "Could somebody add 5.4.316 Message expired to the list of codes?"),
    ("is there any way", "Is there any way to turn off NDRs for internal senders in Exchange?"),
    ("how long does postfix", "how long does Postfix keep a message in the queue before it bounces?"),
    (
        "can you please check",
        "Can you please check if our IP is listed at Spamhaus? We plan a campaign tomorrow.",
    ),
    ("we were listed at", "We were listed at Spamhaus last week, delisted yesterday, all fine now."),
    ("the mailbox full problem", "The mailbox full problem of Mrs. Miller is solved, thanks!"),
    (
        "fixed relaying denied was",
        'fixed: "550 5.7.1 Relaying denied" was caused by a wrong smarthost. Closing.',
    ),
    (
        "channel maintenance tonight smtp",
        "@channel maintenance tonight 22:00, SMTP will answer 421 for up to 10 minutes",
    ),
    (
        "deploy log pulling image",
        "Deploy log\n[12:01:02] pulling image mailer:5.7.1\n[12:01:09] 550 files copied\n[12:01:10] done",
    ),
    ("step loss acc", "Step 550/1200 loss 5.4.1 acc 0.88"),
    ("version of the mail", "Version 4.4.2 of the mail plugin breaks the contact form layout"),
    ("zabbix problem smtp service", "Zabbix: PROBLEM SMTP service is down on mail.example.org since 12:03"),
    (
        "nagios critical socket timeout",
        "Nagios: CRITICAL - Socket timeout after 10 seconds on smtp.example.org:25",
    ),
    ("smtp banner check mail", "SMTP banner check: 220 mail.example.org ESMTP Postfix"),
    (
        "telnet mail example org",
        "telnet mail.example.org 25\n220 mail.example.org ESMTP\nQUIT\n221 2.0.0 Bye",
    ),
    (
        "swaks output looks good",
        "swaks output looks good: <~ 250 2.1.5 Ok, <- 354 End data, 250 2.0.0 Ok: queued as ABC",
    ),
    ("dmarc aggregate report for", "DMARC aggregate report for example.org: 550 messages, 12 failed SPF"),
    (
        "the customer s text",
        'The customer\'s text for the website: "If your e-mail could not be delivered, please call us."',
    ),
    ("in our template delivery", 'In our template: "Delivery to {{recipient}} failed: {{reason}}"'),
    (
        "translate please your message",
        'Translate please: "Your message could not be delivered because the mailbox is full."',
    ),
    (
        "german wording ok ihre",
        'German wording ok? "Ihre Nachricht konnte nicht zugestellt werden, weil das Postfach voll ist."',
    ),
    (
        "the docs say that",
        'The docs say that Gmail answers "421-4.7.28 our system has detected an unusual rate of unsolicited mail" when you send too fast',
    ),
    (
        "ses sandbox messages to",
        "SES sandbox: messages to bounce@simulator.amazonses.com return 550 5.1.1 as they should",
    ),
    (
        "test plan send to",
        "Test plan: 1. send to a full mailbox, expect 452 4.2.2; 2. send to an unknown user, expect 550 5.1.1",
    ),
    (
        "auth log sshd failed",
        "auth.log: sshd[123]: Failed password for invalid user mail from 192.0.2.4 port 22 ssh2",
    ),
    (
        "dovecot imap login disconnected",
        "dovecot: imap-login: Disconnected (auth failed, 3 attempts): user=<bob@example.org>",
    ),
    ("kubectl get pods mailer", "kubectl get pods: mailer-0 0/1 CrashLoopBackOff 550"),
    ("slack api ok false", 'Slack API: {"ok":false,"error":"channel_not_found"}'),
    (
        "twilio unreachable destination handset",
        "Twilio: 30003 Unreachable destination handset, SMS to +49 170 was undelivered",
    ),
    (
        "git push rejected remote",
        "Git push rejected: remote: error: GH001: Large files detected. message rejected by hook",
    ),
    (
        "ldap error code acceptsecuritycontext",
        "LDAP: error code 49 - 80090308: AcceptSecurityContext error, data 52e",
    ),
    (
        "the printer bounces jobs",
        'The printer bounces jobs back with "mailbox full" since the update of its firmware',
    ),
    (
        "suppression list export has",
        "Suppression list export has 5500 rows, which column is the bounce reason?",
    ),
    ("why does mailchimp count", "Why does Mailchimp count 4.2.2 as a soft bounce and SendGrid doesn't?"),
    ("anyone know a good", "Anyone know a good tool that tells you what a bounce code means?"),
    ("do we answer or", "Do we answer 550 or 450 for unknown users during the migration?"),
    ("during the migration we", "During the migration we reject with 450 4.3.2 so that nothing is lost"),
    ("as of v the", "As of v2 the library raises SMTPRecipientsRefused instead of returning False"),
    ("except smtplib smtpserverdisconnected reconnect", "except smtplib.SMTPServerDisconnected: reconnect()"),
    (
        "the monitor only alerts",
        'The monitor only alerts on "Connection refused" from smtp.example.org:587, not on timeouts. Should it?',
    ),
    ("cloudflare error web server", "Cloudflare error 521, web server is down"),
    (
        "jira your email could",
        'Jira: "Your email could not be sent to the following users" banner is too wide on mobile',
    ),
    (
        "error text in the",
        'Error text in the app is wrong: it says "Message not delivered" although the toast is for SMS',
    ),
    ("whatsapp says message not", "WhatsApp says message not delivered to +49 170 1234567"),
    ("i was bounced from", "I was bounced from the meeting, the link says access denied"),
    (
        "today s numbers delivered",
        "Today's numbers: delivered 98.2 %, bounced 1.1 % (550: 320, 552: 41, 421: 17)",
    ),
    (
        "top bounce reasons last",
        "Top bounce reasons last week: 1) mailbox full 2) user unknown 3) blocked by Outlook",
    ),
    ("spam filter of the", "spam filter of the customer quarantined our mail, nothing bounced"),
    ("mails arrive but in", "mails arrive, but in the junk folder. SPF, DKIM and DMARC pass. What else?"),
    ("postfix docs soft bounce", 'Postfix docs: "soft_bounce = yes" turns 5xx into 4xx replies'),
    ("do not reply in", "Do not reply 554 5.7.1 in the postscreen config, use drop instead"),
    (
        "the old mx still",
        'The old MX still answers "550 5.1.2 We don\'t handle mail for example.com" on purpose, leave it',
    ),
    ("x handle handle handle", "- [x] handle 421 - [ ] handle 450 - [ ] handle 550"),
    ("closes treat mailbox full", 'closes #12: treat "Mailbox full" as temporary'),
    ("err mailbox full the", '  "err.mailbox_full": "The mailbox of {name} is full",'),
    ("case return user unknown", 'case 550: return "User unknown"'),
    ("code label mailbox unavailable", '{"code":550,"label":"mailbox unavailable","retry":false}'),
    (
        "mailbox unavailable hard mailbox",
        "550,mailbox unavailable,hard\n552,mailbox full,soft\n421,try later,soft",
    ),
    ("please don t retry", "please don't retry on error 450, the relay does that by itself"),
    (
        "editors want a list",
        'editors want a list with a reason, "unknown recipient", "blocked by sender", for our mails',
    ),
    ("we count mailbox full", 'we count "mailbox full", "user unknown" and "blocked" in our mail statistics'),
    (
        "relay log session from",
        "relay log: session=1, from=<ann@firm.example>, to=<bob@firm.example>, stat=250 31107db5 Message accepted for delivery",
    ),
    (
        "docs please fix your",
        "docs: please fix\n5.7.1 Your message can't be delivered because a recipient is blocked by the tenant's list.\nto say 5.7.703. That doc is outdated.",
    ),
    (
        "this section gives the",
        "this section gives the impression that both limits end in\n554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException\nbut mails over the rate are only delayed. Please make the docs clear",
    ),
    (
        "diff handlers handle handle",
        '```diff\n handlers = {\n-    550: handle_550,\n+    550: handle_any,\n     552: lambda _: "Storage allocation exceeded",\n```',
    ),
    (
        "cette erreur indique que",
        "Cette erreur indique que votre domaine a envoyé trop de spam :\nL-SPAM20\n550 5.7.1 envoi bloqué",
    ),
    ("access denied for user", "access denied for user 'shop'@'10.0.0.7' (using password: YES)"),
    ("actions conf reject message", 'actions.conf:\nreject = 15;\nmessage = "Message rejected as spam";'),
]


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(load_catalogue())


@pytest.mark.parametrize("text", [row[1] for row in HEARD], ids=[row[0] for row in HEARD])
def test_somebodys_failed_mail_is_heard(diagnoser: Diagnoser, text: str) -> None:
    """In a sentence or two, in whatever way a program or a server said it."""
    assert diagnoser.read(text).bounce


@pytest.mark.parametrize("text", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_documents_plans_tests_and_other_programs_are_not(diagnoser: Diagnoser, text: str) -> None:
    """The words and numbers are those of bounces, and nobody's mail came back."""
    assert not diagnoser.read(text).bounce
