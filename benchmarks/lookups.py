"""How long do look-ups take, and how many are open at once? Run: python -m benchmarks.lookups

Against the test name server on 127.0.0.1 with 20 ms latency, in one process and one event loop. Exits with 1
when a figure is over its limit.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from bot.catalogue.load import load_catalogue
from bot.checkup import check_up
from bot.core.model import Catalogue, Diagnosis, Outcome
from bot.diagnose import Diagnoser
from bot.lookups.asker import Asker
from bot.lookups.resolver import Resolver
from bot.playground.nameserver import Fault, NameServer

LATENCY = 0.02
MANY = 100
BLACK_HOLE = "bl.spamcop.net"


def zones(catalogue: Catalogue) -> str:
    """A hundred customers with everything that mail needs, and the test entries of the lists."""
    lines = []
    for n in range(MANY):
        domain, ip = f"customer{n}.example", f"203.0.{113 + n // 250}.{n % 250 + 1}"
        reverse = ".".join(reversed(ip.split(".")))
        lines += [
            f"{domain}. MX 10 mx1.{domain}.\n{domain}. MX 20 mx2.{domain}.",
            f"mx1.{domain}. A {ip}\nmx2.{domain}. A {ip}",
            f'{domain}. TXT "v=spf1 mx include:_spf.{domain} -all"',
            f'_spf.{domain}. TXT "v=spf1 a:mx1.{domain} ip4:198.51.100.0/24 ~all"',
            f'_dmarc.{domain}. TXT "v=DMARC1; p=reject"',
            f'selector1._domainkey.{domain}. TXT "v=DKIM1; p=MIGf"',
            f"{reverse}.in-addr.arpa. PTR mx1.{domain}.",
            f"{reverse}.zen.spamhaus.org. A 127.0.0.4",
        ]
    for entry in catalogue.blocklists:
        if entry.get("ask") != "default":
            continue
        row = entry["listed"][0]
        code = f"127.0.0.{row['bit']}" if "bit" in row else str(row["code"]).partition("-")[0]
        v4 = "ipv4" in entry["subjects"]
        v6 = "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"
        test = (
            (entry.get("test") or {}).get("listed", "test")
            if entry["kind"] == "domain"
            else "2.0.0.127"
            if v4
            else v6
        )
        lines.append(f"{test}.{entry['zone']}. A {code}")
    return "\n".join(lines)


def bounces() -> list[str]:
    """A hundred refusals of different kinds, each about another domain and address."""
    kinds = (
        "550 5.7.1 Service refused; client host [{ip}] is on our block list, contact postmaster@{domain}",
        "Oct  3 10:00:00 mx postfix/smtp[9]: 4F2: to=<bob@{domain}>, relay=old.host.example[198.51.100.9]:25, delay=1, "
        "dsn=5.7.1, status=bounced (host old.host.example[198.51.100.9] said: 554 5.7.1 <bob@{domain}>: Relay access denied)",
        "550 5.7.23 SPF validation failed: {ip} is not allowed to send mail; sender domain: {domain}",
        "550 5.7.25 [{ip}] The IP address sending this message does not have a PTR record",
        "550 5.4.4 <bob@{domain}>: Host or domain name not found. Name service error for name={domain} type=MX",
    )
    return [
        kinds[n % len(kinds)].format(
            domain=f"customer{n}.example", ip=f"203.0.{113 + n // 250}.{n % 250 + 1}"
        )
        for n in range(MANY)
    ]


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, object]:
    started = time.perf_counter()
    result = await work()
    return time.perf_counter() - started, result


class Figures:
    failed = False

    def show(self, what: str, value: float, limit: float, unit: str = "s") -> None:
        good = value <= limit
        self.failed |= not good
        print(f"{'ok  ' if good else 'OVER'}  {what:<76} {value:8.3f} {unit:<4} (at most {limit:g})")


async def one_list_silent_one_server_dead(catalogue: Catalogue, figures: Figures) -> None:
    """Each diagnosis with a cold cache, the dead server first in the list."""
    diagnoser = Diagnoser(catalogue)
    seconds, gaps = [], 0
    async with (
        NameServer(zones(catalogue), [Fault(kind="drop", name=BLACK_HOLE)], latency=LATENCY) as living,
        NameServer("", [Fault(kind="drop")]) as dead,
    ):
        for text in bounces()[:40]:
            resolver = Resolver([("127.0.0.1", dead.port), ("127.0.0.1", living.port)])
            asker = Asker(resolver, catalogue)
            took, diagnosis = await timed(lambda text=text, asker=asker: diagnoser.diagnose(text, asker))
            await asker.close()
            assert isinstance(diagnosis, Diagnosis)
            seconds.append(took)
            gaps += sum(
                answer.outcome is Outcome.UNANSWERED and answer.question.about != BLACK_HOLE
                for answer in diagnosis.evidence
            )
    figures.show(
        "one list black-holed, one server dead, cold cache: 95th percentile",
        statistics.quantiles(seconds, n=20)[18],
        2.5,
    )
    figures.show("the same: look-ups missing besides the black-holed list", gaps, 0, "")


async def many_at_once(catalogue: Catalogue, figures: Figures) -> None:
    diagnoser = Diagnoser(catalogue)
    async with NameServer(zones(catalogue), latency=LATENCY) as server:
        asker = Asker(Resolver([("127.0.0.1", server.port)]), catalogue)
        texts = bounces()
        took, diagnoses = await timed(
            lambda: asyncio.gather(*(diagnoser.diagnose(text, asker) for text in texts))
        )
        first = len(server.queries)
        again, _ = await timed(lambda: asyncio.gather(*(diagnoser.diagnose(text, asker) for text in texts)))
        await asker.close()
    assert isinstance(diagnoses, list)
    asked = sum(len(diagnosis.evidence) for diagnosis in diagnoses)
    gaps = sum(a.outcome is Outcome.UNANSWERED for diagnosis in diagnoses for a in diagnosis.evidence)
    print(f"      {MANY} diagnoses, {asked} questions, {first} DNS messages")
    figures.show(f"{MANY} diagnoses at once: the last one is ready after", took, 3.0)
    figures.show("the same: open DNS queries at most", server.most_open, 63, "")
    figures.show("the same: questions without an answer", gaps, 0, "")
    figures.show("the same once more, within the TTL", again, 3.0)
    figures.show("the same once more: DNS messages", len(server.queries) - first, 0, "")


async def check_of_a_domain(catalogue: Catalogue, figures: Figures) -> None:
    seconds = []
    async with NameServer(zones(catalogue), latency=LATENCY) as server:
        for n in range(20):
            asker = Asker(Resolver([("127.0.0.1", server.port)]), catalogue)
            took, _ = await timed(
                lambda n=n, asker=asker: check_up([f"customer{n}.example"], asker, catalogue)
            )
            seconds.append(took)
            await asker.close()
        figures.show("check of a domain, cold cache: slowest of 20", max(seconds), 1.5)
        environment = {**os.environ, "DNS_SERVERS": f"127.0.0.1:{server.port}"}
        took, _ = await timed(lambda: program(environment, "check", "customer1.example"))
        figures.show("fivefifty check of a domain, whole process", took, 1.5)
        before = len(server.queries)
        await program(environment, "diagnose", "--offline", "-", text=bounces()[1])
        figures.show("diagnose --offline: DNS messages", len(server.queries) - before, 0, "")


async def program(environment: dict[str, str], *arguments: str, text: str = "") -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    await process.communicate(text.encode())


async def main() -> int:
    catalogue = load_catalogue()
    figures = Figures()
    await one_list_silent_one_server_dead(catalogue, figures)
    await many_at_once(catalogue, figures)
    await check_of_a_domain(catalogue, figures)
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
