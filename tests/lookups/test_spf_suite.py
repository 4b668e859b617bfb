"""Does SPF come out as RFC 7208 says? The RFC's test suite, through our resolver and a real name server.

The suite (rfc7208-tests.yml, with its BSD licence beside it) is the one that pyspf 2.0.14 ships.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.lookups.resolver import Queries, Resolver
from bot.lookups.spf import evaluate
from bot.playground.nameserver import Fault, NameServer

SUITE = Path(__file__).parent / "rfc7208" / "rfc7208-tests.yml"


class Latin(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The suite holds a few Latin-1 bytes."""


def scenarios() -> Iterator[Any]:
    yield from yaml.load_all(SUITE.read_bytes().decode("latin-1"), Loader=Latin)


CASES = [
    pytest.param(scenario["zonedata"], case, id=f"{number}-{name}")
    for number, scenario in enumerate(scenarios())
    for name, case in scenario["tests"].items()
]


TYPES = ("A", "AAAA", "MX", "PTR", "TXT")


def zone(data: dict[str, list[Any]]) -> tuple[str, list[Fault]]:
    """The suite's zone data as zone text. SPF entries are TXT, unless the name has TXT entries of its own."""
    lines, faults = [], []
    for name, entries in data.items():
        has_txt = any(isinstance(entry, dict) and "TXT" in entry for entry in entries)
        for entry in entries:
            if entry == "TIMEOUT":  # for the types that the name has no records of
                there = {
                    "TXT" if kind == "SPF" else kind
                    for other in entries
                    if isinstance(other, dict)
                    for kind, value in other.items()
                    if value != "NONE" and not (kind == "SPF" and has_txt)
                }
                faults += [
                    Fault(kind="drop", name=name, rdtype=kind, below=False)
                    for kind in TYPES
                    if kind not in there
                ]
                continue
            ((kind, value),) = entry.items()
            if kind == "SPF" and has_txt:
                continue
            if value == "NONE":
                continue
            lines.append(record(name, "TXT" if kind == "SPF" else kind, value))
    return "\n".join(lines), faults


def record(name: str, kind: str, value: Any) -> str:
    owner = "".join(c if c.isalnum() or c in "-_.*" else f"\\{ord(c):03d}" for c in name) + "."
    if kind == "TXT":
        parts = (value if isinstance(value, list) else [value]) or [""]
        return f"{owner} TXT " + " ".join(quoted(str(part)) for part in parts)
    if kind == "MX":
        return f"{owner} MX {value[0]} {value[1].rstrip('.')}."
    return f"{owner} {kind} {value.rstrip('.')}." if kind in ("PTR", "CNAME") else f"{owner} {kind} {value}"


def quoted(text: str) -> str:
    pieces = [text[i : i + 255] for i in range(0, len(text), 255)] or [""]
    escaped = (
        "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\{ord(c):03d}" for c in piece)
        for piece in pieces
    )
    return " ".join(f'"{piece}"' for piece in escaped)


@pytest.mark.parametrize(("data", "case"), CASES)
async def test_the_result_is_that_of_the_suite(data: dict[str, list[Any]], case: dict[str, Any]) -> None:
    """Each case gives one of the results that the suite allows."""
    text, faults = zone(data)
    expected = case["result"] if isinstance(case["result"], list) else [case["result"]]
    domain = case["mailfrom"].rpartition("@")[2] or case["helo"]
    async with NameServer(text, faults) as server:
        resolver = Resolver([("127.0.0.1", server.port)], timeout=1.5)
        result = await evaluate(
            Queries(resolver), domain, str(case["host"]), sender=case["mailfrom"], helo=case["helo"]
        )
        await resolver.close()

    assert result.verdict in expected
