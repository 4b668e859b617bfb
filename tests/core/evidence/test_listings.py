"""Is a blocklist's answer read by its meaning? Every entry we have, and codes that mean nothing."""

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.core.evidence.listings import entry_for, read_codes
from bot.core.model import Catalogue, Outcome
from bot.data import data_folder

KNOWLEDGE: Path = data_folder("knowledge")
CONTENT: dict[str, Any] = yaml.safe_load((KNOWLEDGE / "blocklists.yaml").read_text(encoding="utf-8"))
ENTRIES = tuple(CONTENT["blocklists"])
CATALOGUE = Catalogue(causes={}, variants=(), blocklists=ENTRIES)
ASKED = [pytest.param(entry, id=entry["id"]) for entry in ENTRIES if entry.get("listed")]

NO_LISTING = (
    "127.255.255.252",
    "127.255.255.254",
    "127.255.255.255",
    "203.0.113.66",
    "127.0.0.1",
    "127.9.9.9",
)


def codes_of(row: dict[str, Any]) -> list[str]:
    if "bit" in row:
        return [f"127.0.0.{row['bit']}"]
    return str(row["code"]).split("-")


def test_the_file_is_laid_out_as_the_schema_says() -> None:
    """Dates count as text."""
    schema = json.loads((KNOWLEDGE / "schema.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(CONTENT, default=str))

    jsonschema.validate(content, {"$ref": "#/$defs/blocklists", "$defs": schema["$defs"]})


def test_ids_and_zones_are_unique() -> None:
    """A zone leads to one entry."""
    ids = [entry["id"] for entry in ENTRIES]
    zones = [zone for entry in ENTRIES for zone in (entry.get("zone"), *entry.get("zones", ())) if zone]

    assert len(ids) == len(set(ids))
    assert len(zones) == len(set(zones))


@pytest.mark.parametrize("entry", ASKED)
def test_every_code_of_a_list_is_read_as_its_row_says(entry: dict[str, Any]) -> None:
    """Listed codes are listings, with the weight of their row."""
    for row in entry["listed"]:
        for code in codes_of(row):
            verdict = read_codes(entry, [code])

            assert verdict.outcome is Outcome.FOUND
            assert row["meaning"] in verdict.words
            assert (verdict.reason == "policy") == (row.get("blame", True) is False)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        pytest.param(entry, code, id=f"{entry['id']}-{code}")
        for entry in ENTRIES
        if entry.get("listed")
        for code in NO_LISTING
        if not (code == "127.0.0.1" and entry["id"] == "validity-rpbl")  # declares its bit 1
    ],
)
def test_a_refusal_or_a_foreign_answer_is_never_a_listing(entry: dict[str, Any], code: str) -> None:
    """127.255.255.0/24 everywhere, an undeclared 127.0.0.1, what is outside 127/8, and codes in no table."""
    assert read_codes(entry, [code]).outcome is not Outcome.FOUND


@pytest.mark.parametrize(
    ("zone", "codes", "outcome", "reason"),
    [
        ("zen.spamhaus.org", ["127.0.0.10"], Outcome.FOUND, "policy"),
        ("zen.spamhaus.org", ["127.0.0.4", "127.0.0.11"], Outcome.FOUND, "listed"),
        ("zen.spamhaus.org", ["127.255.255.254"], Outcome.UNANSWERED, "refused-by-list"),
        ("zen.spamhaus.org", ["127.0.0.99"], Outcome.UNANSWERED, "unknown-code"),
        ("multi.surbl.org", ["127.0.0.80"], Outcome.FOUND, "listed"),
        ("multi.surbl.org", ["127.0.0.36"], Outcome.FOUND, "weak"),
        ("multi.surbl.org", ["127.0.0.1"], Outcome.UNANSWERED, "refused-by-list"),
        ("multi.uribl.com", ["127.0.0.3"], Outcome.UNANSWERED, "refused-by-list"),
        ("multi.uribl.com", ["127.0.0.4"], Outcome.FOUND, "weak"),
        ("hostkarma.junkemailfilter.com", ["127.0.0.1"], Outcome.ABSENT, "not-a-listing"),
        ("hostkarma.junkemailfilter.com", ["127.0.0.3", "127.0.0.2"], Outcome.FOUND, "listed"),
        ("dbl.spamhaus.org", ["127.0.1.255"], Outcome.UNANSWERED, "refused-by-list"),
        ("bl.score.senderscore.com", ["127.255.255.255"], Outcome.UNANSWERED, "refused-by-list"),
        ("bl.spamcop.net", ["91.195.240.117"], Outcome.UNANSWERED, "foreign-answer"),
        ("bl.spamcop.net", ["127.0.0.2", "91.195.240.117"], Outcome.UNANSWERED, "foreign-answer"),
        ("bl.spamcop.net", [], Outcome.UNANSWERED, "foreign-answer"),
    ],
)
def test_real_answers_are_read_right(zone: str, codes: list[str], outcome: Outcome, reason: str) -> None:
    """Cases that other tools have read wrong."""
    entry = entry_for(CATALOGUE, zone)
    assert entry is not None

    verdict = read_codes(entry, codes)

    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("zen.spamhaus.org", "spamhaus-zen"),
        ("pbl.spamhaus.org", "spamhaus-zen"),
        ("dbl.spamhaus.org", "spamhaus-dbl"),
        ("cbl.abuseat.org", "cbl"),
        ("dul.dnsbl.sorbs.net", "sorbs"),
        ("ix.dnsbl.manitu.net", "nixspam"),
        ("noptr.spamrats.com", "spamrats"),
        ("rbl.spamhaus.org", "spamhaus-invented"),
        ("bl.nobody.example", None),
        ("", None),
        ("net", None),
    ],
)
def test_a_zone_in_a_bounce_leads_to_its_entry(name: str, id_: str | None) -> None:
    """The longest name wins; unknown zones have no entry."""
    entry = entry_for(CATALOGUE, name)

    assert (entry["id"] if entry else None) == id_


def test_no_default_list_is_dead() -> None:
    """Only living lists are asked."""
    asked = [entry for entry in ENTRIES if entry.get("ask") == "default"]

    assert len(asked) == 12
    assert all(entry["status"]["state"] == "alive" for entry in asked)


def test_every_entry_was_looked_at_within_a_year_of_the_last() -> None:
    """Lists die without a word; `fivefifty knowledge lint` says when a date is too old."""
    dates = {entry["status"]["checked"] for entry in ENTRIES}

    assert max(dates) - min(dates) < datetime.timedelta(days=366)
