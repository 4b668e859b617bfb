"""Programs that could not send mail, and everything that only looks like them."""

import time

import pytest

from bot.core.parse.paste.sending import could_not_send

FAILED: list[tuple[str, str, str]] = [
    ("PHPMailer", "Mailer Error: SMTP connect() failed in PHPMailer: Connection refused", "Connection refused"),
    (
        "PHPMailer and TLS",
        "Warning: stream_socket_enable_crypto(): SSL operation failed: certificate verify failed in "
        "/var/www/vendor/phpmailer/phpmailer/src/SMTP.php on line 468",
        "certificate verify failed",
    ),
    (
        "Nodemailer",
        "Error: self signed certificate in certificate chain\n    at TLSSocket.onConnectSecure (_tls_wrap.js:1497:34) {\n"
        "  code: 'ESOCKET',\n  command: 'CONN'\n}",
        "self signed certificate",
    ),
    ("Nodemailer and DNS", "Error: queryA ETIMEOUT smtp.firm.example\n  code: 'EDNS',\n  command: 'CONN'", "ETIMEOUT"),
    (
        "smtplib",
        'Traceback (most recent call last):\n  File "/usr/lib/python3.11/smtplib.py", line 255, in __init__\n'
        "    (code, msg) = self.connect(host, port)\nTimeoutError: timed out",
        "TimeoutError: timed out",
    ),
    (
        "the end of a trace",
        '  File "/usr/lib/python3.8/smtplib.py", line 307, in _get_socket\n    return socket.create_connection((host, port))\n'
        "socket.gaierror: [Errno -2] Name or service not known",
        "gaierror",
    ),
    ("aiosmtplib", "aiosmtplib.errors.SMTPConnectTimeoutError: Timed out connecting to smtp.firm.example on port 587", "Timed out"),
    (
        "Ruby",
        "Net::OpenTimeout (execution expired):\napp/mailers/order_mailer.rb:12:in `confirm'\n/usr/lib/ruby/net/smtp.rb:539",
        "execution expired",
    ),
    (
        "Ruby and TLS",
        "OpenSSL::SSL::SSLError: SSL_connect returned=1 state=error: certificate verify failed (hostname mismatch)\n"
        "/usr/lib/ruby/2.7.0/net/smtp.rb:584:in `tlsconnect'",
        "certificate verify failed",
    ),
    ("JavaMail", "javax.mail.AuthenticationFailedException: failed to connect, no password specified?", "no password"),
    (
        "Spring",
        "org.springframework.mail.MailSendException: Mail server connection failed; nested exception is "
        "com.sun.mail.util.MailConnectException: Couldn't connect to host, port: localhost, 25",
        "Couldn't connect",
    ),
    (".NET", "System.Net.Mail.SmtpException: The operation has timed out.\n   at System.Net.Mail.SmtpClient.Send()", "timed out"),
    ("MailKit", "MailKit.Net.Smtp.SmtpProtocolException: The SMTP server has unexpectedly disconnected.", "disconnected"),
    ("PowerShell", "Send-MailMessage : The operation has timed out.", "timed out"),
    ("Go", "gomail: could not send email 1: x509: certificate signed by unknown authority", "certificate"),
    (
        "Symfony",
        'Connection could not be established with host "smtp.firm.example:587": stream_socket_client(): Unable to connect '
        "(Connection timed out) in vendor/symfony/mailer/Transport: Symfony Mailer",
        "Unable to connect",
    ),
    ("SwiftMailer", "Swift_TransportException: Connection to tcp://smtp.firm.example:587 Timed Out", "Timed Out"),
    ("Zend", "Zend\\Mail\\Protocol\\Exception\\RuntimeException: Could not open socket", "Could not open"),
    ("a sentence", "Invite mail to jo@firm.example could not be sent: Connection refused", "Connection refused"),
    ("a sentence before", "Failed to send password reset mail: connection timed out", "timed out"),
    ("a port", "Cannot open smtp.firm.example:587, giving up", "Cannot open"),
    ("a host between quotation marks", 'Connection to "smtp.firm.example:587" timed out.', "timed out"),
    ("a port behind a quoted host", 'Failed to connect to mailserver at "localhost" port 25, verify your settings', "Failed"),
    ("a program of a phone", "K-9: Authentication failed for outgoing server smtp.firm.example", "Authentication failed"),
    ("an empty answer", 'Expected response code "250" but got empty code.', "empty code"),
]  # fmt: skip
SILENT: list[tuple[str, str]] = [
    ("a question", "How do I set a timeout for nodemailer? By default it waits two minutes."),
    ("a wish", "We should catch SMTPServerDisconnected: Connection unexpectedly closed, and reconnect"),
    ("a handler", "except smtplib.SMTPServerDisconnected:\n    server.connect(host, port)  # refused before"),
    ("a statement", 'raise SMTPServerDisconnected("Connection unexpectedly closed")'),
    ("a statement of Java", 'throw new AuthenticationFailedException("javax.mail: authentication failed");'),
    ("a payment", "Net::OpenTimeout in the import: see the ticket"),
    ("a database", "psycopg2.OperationalError: connection to server at 10.0.4.2, port 5432 failed: Connection timed out"),
    ("a cache", "Error: connect ECONNREFUSED 127.0.0.1:6379"),
    ("a page", "dial tcp 10.1.2.3:443: i/o timeout"),
    ("a mailbox that is read", "MailKit.Net.Imap.ImapProtocolException: The IMAP server has unexpectedly disconnected."),
    (
        "a login to read mail",
        "javax.mail.AuthenticationFailedException: Authentication failed\n\tat com.sun.mail.imap.IMAPStore.connect(IMAPStore.java:7)",
    ),
    ("a comment", "# SMTP connect() failed: connection refused -> check the firewall"),
    ("a text of a program", '"mail.error.connect": "Could not connect to the SMTP mail server"'),
    ("a test", 'Test: expects "SMTP Error: Could not authenticate." when the password is wrong'),
    ("a plan", "Connections to smtp.firm.example:587 will be refused from 22:00 to 23:00."),
    ("a try by hand", "curl: (7) Failed to connect to smtp.firm.example port 587: Connection refused"),
    ("a request", "Can you open port 587 to smtp.firm.example:587? It timed out in the test."),
    ("an archive", "Connection timed out while restoring the mail archive from S3"),
    ("a chat", "Failed to send message to Slack: connection refused"),
    ("no word", "550"),
    ("nothing", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), [row[1:] for row in FAILED], ids=[row[0] for row in FAILED])
def test_the_line_that_says_why(text: str, words: str) -> None:
    """The line names what went wrong; the calls of a trace do not."""
    line = could_not_send(text)

    assert line is not None
    assert words in line
    assert "\n" not in line


@pytest.mark.parametrize("text", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_others_are_silent(text: str) -> None:
    """Who speaks, and of what, has to be a program that sends mail and that it failed."""
    assert could_not_send(text) is None


@pytest.mark.parametrize(
    "bait",
    ["smtplib " + "a-" * 100_000, "mail " * 50_000, "failed to send " + "x " * 100_000, "mail " + "a." * 90_000 + ":25", "refused" * 30_000 + " mail:25"],
    ids=["hyphens", "words", "a sentence", "dots", "refusals"],
)  # fmt: skip
def test_bait_takes_no_time(bait: str) -> None:
    """Only the head is looked at, and nothing in it is tried twice."""
    start = time.perf_counter()
    could_not_send(bait)

    assert time.perf_counter() - start < 0.25
