"""How fast are texts read, and how much memory does it take?

Usage: python benchmarks/reading.py [--json]

Reply lines are those examples of the knowledge base that begin with a reply code. Addresses and IPs are
drawn anew (a fixed seed) and a session id is put behind, so that no two lines are equal in the cold
stream, as in a log of failures: every wording comes about seven times. In the stream of new wordings each comes once, which is
the worst that can be. The log-like stream draws from 2,000 lines with Zipf's law. Examples without a code are
measured apart: whether they are bounces at all has to be found out first.
One core, one process. Figures are of this machine: compare ratios.
"""

import gc
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from bot.catalogue.load import load_catalogue
from bot.diagnose import Diagnoser

_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
_REPLY = re.compile(r"[245]\d\d[ -]")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


def main() -> None:
    catalogue = load_catalogue()
    started = time.perf_counter()
    diagnoser = Diagnoser(catalogue)
    build = time.perf_counter() - started
    random.seed(550)
    # One after the other: a loop over all variants would keep them.
    variants = catalogue.variants
    examples = dict.fromkeys(variants[place].example for place in range(len(variants)))
    replies = [text for text in examples if _REPLY.match(text)]
    cold = _stream(replies, 20_000)
    wordings = _stream(replies, len(replies))
    words = _stream([text for text in examples if not _REPLY.match(text)], 5000)
    pool = cold[:2000]
    zipf = random.choices(pool, weights=[1 / rank for rank in range(1, len(pool) + 1)], k=100_000)
    mails = [_dsn(line) for line in cold[:2000]]
    # Patterns are compiled at their first use: that is part of a start, and not of a rate.
    _rate(Diagnoser(catalogue), [*words[:300], *cold[:300], *mails[:50]])
    figures: dict[str, float] = {
        "variants": len(catalogue.variants),
        "index built, ms": build * 1000,
        "whole process: diagnose --offline, ms": _process(),
        "reply lines a second, new wordings": _rate(diagnoser, wordings),
        "reply lines a second, cold": _rate(Diagnoser(catalogue), cold),
        "reply lines a second, log-like": _rate(diagnoser, zipf),
        "lines without a code a second": _rate(diagnoser, words),
        "mails a second": _rate(Diagnoser(catalogue), mails),
    }
    times = sorted(_times(Diagnoser(catalogue), cold))
    figures["one line, median, ms"] = times[len(times) // 2] * 1000
    figures["one line, p99, ms"] = times[int(len(times) * 0.99)] * 1000
    for name, text in _worst(" ".join(examples)).items():
        figures[f"worst case {name}, ms"] = max(_times(diagnoser, [text] * 3)) * 1000
    figures["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if "--json" in sys.argv:
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    else:
        for name, value in figures.items():
            print(f"{name:44} {value:12,.2f}")


def _stream(texts: Sequence[str], size: int) -> list[str]:
    """``size`` lines made of all texts in turn, each line unlike any other, shuffled."""
    lines = [
        f"{_fresh(text)} q{number:05x}si{number:06d}"
        for number, text in enumerate(islice(cycle(texts), size))
    ]
    random.shuffle(lines)
    return lines


def _rate(diagnoser: Diagnoser, texts: Sequence[str | bytes]) -> float:
    gc.collect()  # the reader before this one: a process has one
    started = time.perf_counter()
    for text in texts:
        diagnoser.read(text)
    return len(texts) / (time.perf_counter() - started)


def _times(diagnoser: Diagnoser, texts: Sequence[str | bytes]) -> list[float]:
    result = []
    for text in texts:
        started = time.perf_counter()
        diagnoser.read(text)
        result.append(time.perf_counter() - started)
    return result


def _process() -> float:
    """The best of five whole processes with a warm cache, in milliseconds."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bot", "diagnose", "--offline", "--json"],
            input=b"550 5.1.1 <jane@example.org>: user unknown\n",
            capture_output=True,
            check=True,
        )
        best = min(best, time.perf_counter() - started)
    return best * 1000


def _fresh(text: str) -> str:
    def word(length: int) -> str:
        return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=length))

    text = _ADDRESS.sub(lambda _: f"{word(6)}@{word(8)}.example", text)
    return _IP.sub(lambda _: ".".join(str(random.randint(1, 254)) for _ in range(4)), text)


def _dsn(line: str) -> bytes:
    name = "".join(random.choices("abcdefghij", k=8))
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nTo: {name}@example.com\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b0"\r\n\r\n'
        "--b0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "This is the mail system at host mx.example.net.\r\n\r\nYour message could not be delivered.\r\n\r\n"
        "--b0\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Tue, 24 Nov 2026 06:00:00 +0000\r\n\r\n"
        f"Final-Recipient: rfc822; {name}@example.org\r\nAction: failed\r\nStatus: 5.0.0\r\n"
        f"Remote-MTA: dns; mx.example.org\r\nDiagnostic-Code: smtp; {line.encode('ascii', 'replace').decode()}\r\n\r\n"
        "--b0\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: {name}@example.com\r\nTo: {name}@example.org\r\nSubject: hello\r\n\r\n"
        + "text\r\n" * 40
        + "--b0--\r\n"
    ).encode()


def _worst(words: str) -> dict[str, str | bytes]:
    build: dict[str, Callable[[], str | bytes]] = {
        "64 KB of the knowledge base's words": lambda: "550 " + words[:65_000],
        "1 MB of one letter": lambda: "550 " + "a" * 1_000_000,
        "1 MB of half addresses": lambda: "550 " + "a@" * 500_000,
        "1 MB of brackets": lambda: "<" * 1_000_000,
        "1 MB of lines": lambda: "550 5.1.1 user unknown\n" * 45_000,
        "1 MB of boundaries": lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 250_000,
    }
    return {name: make() for name, make in build.items()}


if __name__ == "__main__":
    main()
