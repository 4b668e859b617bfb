"""Can a team switch a blocklist off or on without describing it again?"""

import json
from pathlib import Path

import jsonschema
import pytest

from bot.catalogue.lint import lint
from bot.catalogue.load import load_catalogue
from bot.core.evidence.listings import default_lists, entry_for
from bot.data import data_folder


def overlay(folder: Path, text: str) -> Path:
    (folder / "blocklists.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_list_is_switched_off(tmp_path: Path) -> None:
    """Its description stays, so a bounce that names it is still understood."""
    catalogue = load_catalogue(overlay(tmp_path, "blocklists: [{id: sem-black, ask: never}]"))

    assert "sem-black" not in {entry["id"] for entry in default_lists(catalogue, "ip")}
    assert entry_for(catalogue, "bl.spameatingmonkey.net") is not None


def test_a_list_is_switched_on(tmp_path: Path) -> None:
    """Barracuda, once the resolver is registered."""
    catalogue = load_catalogue(overlay(tmp_path, "blocklists: [{id: barracuda, ask: default}]"))

    assert "barracuda" in {entry["id"] for entry in default_lists(catalogue, "ip", "ipv4")}


def test_a_switch_passes_the_lint(tmp_path: Path) -> None:
    """It has no date of its own to go stale."""
    found = lint(overlay(tmp_path, "blocklists: [{id: sem-black, ask: never}]"))

    assert not [finding for finding in found if "blocklists.yaml" in str(finding.path)]


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        ({"id": "sem-black", "ask": "never"}, True),
        ({"id": "sem-black", "ask": "sometimes"}, False),
        ({"id": "sem-black"}, False),
        ({"id": "sem-black", "ask": "never", "zone": "x.example"}, False),
    ],
    ids=["switch", "unknown-word", "nothing-said", "half-an-entry"],
)
def test_the_schema_takes_a_switch_or_a_whole_entry(entry: dict[str, str], good: bool) -> None:
    """And nothing between."""
    schema = json.loads((data_folder("knowledge") / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/blocklists", "$defs": schema["$defs"]})

    assert validator.is_valid({"blocklists": [entry]}) is good
