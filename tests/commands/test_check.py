"""``fivefifty check``: verdicts, exit codes and outputs, as a process of its own against a real name server."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator

import pytest

from bot.playground.nameserver import Fault, NameServer
from tests.commands.program import Run, run

ZONES = """
$ORIGIN good.example.
@ MX 10 mx
mx A 203.0.113.5
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject"
$ORIGIN null.example.
@ MX 0 .
9.113.0.203.in-addr.arpa. PTR mail.good.example.
mail.good.example. A 203.0.113.9
2.0.0.127.zen.spamhaus.org. A 127.0.0.2
8.113.0.203.in-addr.arpa. PTR bad.good.example.
bad.good.example. A 203.0.113.8
8.113.0.203.zen.spamhaus.org. A 127.0.0.4
"""


@pytest.fixture
async def server() -> AsyncIterator[NameServer]:
    async with NameServer(ZONES) as running:
        yield running


async def check(server: NameServer, *arguments: str, stdin: bytes = b"", **environment: str) -> Run:
    env = {"DNS_SERVERS": f"127.0.0.1:{server.port}", "DNS_TIMEOUT_SECONDS": "0.5", **environment}
    return await asyncio.to_thread(run, "check", *arguments, stdin=stdin, environment=env)


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        (["jane@good.example"], 0),
        (["good.example"], 0),
        (["203.0.113.9"], 0),
        (["jane@null.example"], 1),
        (["jane@nope.example"], 1),
        (["203.0.113.8"], 1),
        (["10.0.0.1"], 1),
        (["jane@@good.example"], 1),
        (["jane@good.example", "jane@nope.example"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
async def test_the_exit_code_says_whether_all_is_well(
    server: NameServer, targets: list[str], code: int
) -> None:
    """1 when one of them is bad."""
    done = await check(server, *targets)

    assert done.code == code


async def test_the_table_names_reasons_and_mends(server: NameServer) -> None:
    """For people."""
    done = await check(server, "203.0.113.8")

    assert "On Spamhaus ZEN" in done.out
    assert "→ Clean the infected machine" in done.out


async def test_json_is_one_object(server: NameServer) -> None:
    """A verdict for each target, in order, with the evidence."""
    done = await check(server, "good.example", "jane@nope.example", "--json")
    targets = json.loads(done.out)["targets"]

    assert [(t["target"], t["kind"], t["verdict"]) for t in targets] == [
        ("good.example", "domain", "good"),
        ("jane@nope.example", "address", "bad"),
    ]
    assert targets[1]["findings"][0]["evidence"][0]["outcome"] == "absent"


async def test_csv_has_a_row_for_each_finding(server: NameServer) -> None:
    """Cells that a spreadsheet would take for a formula are made text."""
    done = await check(server, "=cmd()@nope.example", "--csv")
    rows = list(csv.reader(io.StringIO(done.out)))

    assert rows[0][0] == "target"
    assert rows[1][0] == "'=cmd()@nope.example"


async def test_a_list_comes_from_standard_input(server: NameServer) -> None:
    """One target a line; a domain is asked about once."""
    done = await check(server, "-", "--json", stdin=b"a@good.example\n\nb@good.example\r\nc@nope.example\n")

    assert [t["verdict"] for t in json.loads(done.out)["targets"]] == ["good", "good", "bad"]
    assert [query.name for query in server.queries].count("good.example") == 1


async def test_a_dead_server_makes_no_verdict(server: NameServer) -> None:
    """Could not check is neither good nor bad, and exits 1."""
    server.faults.append(Fault(kind="drop"))
    done = await check(server, "jane@good.example", "--json")

    assert done.code == 1
    assert json.loads(done.out)["targets"][0]["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["good.example", "--smtp"], b"", "ALLOW_SMTP_PROBE=1"),
        (["good.example", "--json", "--csv"], b"", "choose one"),
        (["-"], b"", "nothing to check"),
        (["-"], b"a@b.example\n" * 501, "501 targets are too many"),
        (["x" * 1001], b"", "longer than 1000 characters"),
        ([], b"", "Missing argument"),
    ],
    ids=["smtp-is-off", "two-outputs", "empty", "too-many", "too-long", "no-target"],
)
async def test_wrong_usage_is_one_clear_line(
    server: NameServer, arguments: list[str], stdin: bytes, words: str
) -> None:
    """Exit code 2, no traceback, and nothing is asked."""
    done = await check(server, *arguments, stdin=stdin)

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert server.queries == []


@pytest.mark.parametrize(
    "target", ["\x1b[31mred", "a\nb", "<!channel>@x", "%s", "＠", "a" * 999, "localhost", "..."]
)
async def test_a_hostile_target_is_bad_and_printed_safely(server: NameServer, target: str) -> None:
    """No control character reaches the terminal, no question the server."""
    done = await check(server, "--", target)

    assert done.code == 1
    assert "\x1b" not in done.out
    assert "Traceback" not in done.err
    assert server.queries == []


async def test_binary_input_is_graded_not_raised(server: NameServer) -> None:
    """A picture instead of a list."""
    done = await check(server, "-", stdin=bytes(range(256)) * 2)

    assert done.code in (1, 2)
    assert "Traceback" not in done.err
