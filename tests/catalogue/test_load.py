"""How knowledge/ becomes a Catalogue: built-in, a team's own folder over it, the cache, broken files."""

import marshal
import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import cache as store
from bot.catalogue import load
from bot.catalogue.contract import CAUSES
from bot.catalogue.load import load_catalogue, phrase_id, read_phrases
from bot.core.decide import parties_of
from bot.core.errors import KnowledgeError
from bot.core.match import prepare
from bot.core.model import Party, Step, WordModel
from tests.catalogue.base import cause_file, change, write_base

FULL = "mailbox-full"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store._cache_folder.cache_clear()
    yield tmp_path / "cache" / "fivefifty"
    store._cache_folder.cache_clear()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "knowledge")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "causes").mkdir(parents=True)
    return folder


def write(own: Path, name: str, text: str) -> None:
    file = own / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_the_built_in_base_holds_every_cause_of_the_contract() -> None:
    """With its family, its party, steps, and nothing of the wrong type."""
    catalogue = load_catalogue()

    assert {slug: (cause.family, cause.party) for slug, cause in catalogue.causes.items()} == dict(CAUSES)
    assert all(cause.summary and cause.escalation.when for cause in catalogue.causes.values())
    assert all(isinstance(code, str) for variant in catalogue.variants for code in variant.codes)
    assert len({variant.id for variant in catalogue.variants}) == len(catalogue.variants)


def test_a_guide_stands_where_a_step_names_it(base: Path) -> None:
    """Its steps, in order, between the others."""
    write(base, "guides.yaml", 'a-guide: {title: A guide, steps: ["One.", "Two."]}')
    change(cause_file(base, FULL), '- "Look at {recipient}."', "- First.\n  - guide: a-guide\n  - Last.")
    steps = load_catalogue(base=base).causes[FULL].steps

    assert [step.text for step in steps] == ["First.", "One.", "Two.", "Last."]


def test_phrases_are_general_variants(base: Path) -> None:
    """One a line; comments and empty lines are none; ``=`` means the whole reply."""
    write(base, "phrases/mailbox-full.txt", "# of all servers\n\nbursting at the seams\n= full\n")
    found = [variant for variant in load_catalogue(base=base).variants if variant.general]

    assert [(variant.text, variant.cause, variant.whole) for variant in found] == [
        ("bursting at the seams", FULL, False),
        ("full", FULL, True),
    ]


def test_the_id_of_a_phrase_is_that_of_its_words(tmp_path: Path) -> None:
    """Two phrases that differ in a sign alone are two; other scripts have ids, too."""
    ids = [phrase_id(text) for text in ("mailbox full", "mailbox, full", "邮箱已满", "x" * 500)]

    assert len(set(ids)) == 4
    assert all(len(each) <= 80 for each in ids)
    assert phrase_id("mailbox full") == ids[0]


def test_a_team_adds_a_variant(base: Path, own: Path) -> None:
    """The texts of the cause stay, and so do its built-in variants."""
    write(
        own,
        "causes/mailbox-full.yaml",
        "cause: mailbox-full\nvariants: [{id: own-full, codes: ['552'], text: our box is full, source: our gateway, "
        "example: 552 our box is full, party: sender}]",
    )
    catalogue = load_catalogue(own, base=base)
    found = {variant.id: variant for variant in catalogue.variants}

    assert catalogue.causes[FULL] == load_catalogue(base=base).causes[FULL]
    assert found["own-full"].party is Party.SENDER
    assert [variant.id for variant in catalogue.variants if variant.own] == ["own-full"]
    assert "test-mailbox-full" in found


def test_a_team_replaces_texts_and_variants(base: Path, own: Path) -> None:
    """What it writes wins, what it leaves out stays."""
    write(
        own,
        "causes/mailbox-full.yaml",
        "cause: mailbox-full\nsteps: [Ask Bob.]\nvariants: [{id: test-mailbox-full, text: other words, "
        "source: our gateway, example: 552 other words}]",
    )
    catalogue = load_catalogue(own, base=base)

    assert catalogue.causes[FULL].steps == (Step(text="Ask Bob."),)
    assert catalogue.causes[FULL].title == "About mailbox full"
    assert [variant.text for variant in catalogue.variants if variant.cause == FULL] == ["other words"]


def test_a_team_has_a_cause_of_its_own(base: Path, own: Path) -> None:
    """With phrases of its own."""
    whole = cause_file(base, FULL).read_text("utf-8").split("variants:")[0].replace(FULL, "gateway-hold")
    write(own, "causes/gateway-hold.yaml", whole + "variants: []\n")
    write(own, "phrases/gateway-hold.txt", "held by the gateway\n")
    catalogue = load_catalogue(own, base=base)

    assert catalogue.causes["gateway-hold"].party is Party.RECIPIENT
    assert [variant.cause for variant in catalogue.variants if variant.general] == ["gateway-hold"]


def test_the_second_start_reads_the_cache(base: Path, cache: Path) -> None:
    """It gives the very same catalogue, and no YAML is read."""
    first = load_catalogue(base=base)
    (file,) = cache.glob("knowledge-*.marshal")
    value = store.read_kept(file)
    assert value is not None
    value["causes"][FULL]["title"] = "From the cache"
    second = load_catalogue(base=base)
    store.keep(file, value)
    third = load_catalogue(base=base)

    assert second == first
    assert third.causes[FULL].title == "From the cache"


def test_keys_that_are_no_words_are_the_same_from_yaml_and_from_the_cache(base: Path) -> None:
    """YAML takes an unquoted 550 for a number, JSON for a word."""
    write(base, "codes.yaml", "replies: {550: refused}\nstatuses: {}\nclasses: {5: permanent}\n")
    first, second = load_catalogue(base=base), load_catalogue(base=base)

    assert first.codes == second.codes
    assert first.codes["replies"] == {"550": "refused"}


def test_a_changed_file_is_read_anew(base: Path) -> None:
    """Its size or its time is another one."""
    load_catalogue(base=base)
    change(cause_file(base, FULL), "About mailbox full", "About a box that is full")

    assert load_catalogue(base=base).causes[FULL].title == "About a box that is full"


def test_what_matching_makes_of_it_is_kept(base: Path) -> None:
    """So the second start prepares nothing, and has the same: looked up by place, in a loop, in a slice."""
    write(base, "phrases/mailbox-full.txt", "bursting at the seams\n= full\n")
    first, second = load_catalogue(base=base), load_catalogue(base=base)

    assert second.kept == first.kept == prepare(first)
    assert [second.variants[place] for place in range(len(second.variants))] == [*first.variants]
    assert second.variants[-2:] == first.variants[-2:]
    assert parties_of(second) == parties_of(first)


def test_what_was_prepared_goes_with_its_variants(base: Path) -> None:
    """Another set of variants is prepared anew, and the same set with another word model."""
    catalogue = load_catalogue(base=base)

    assert catalogue.kept is not None
    assert replace(catalogue, variants=catalogue.variants[:1]).kept is None
    assert replace(catalogue, words=WordModel()).kept is None


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"\x00\xff", b'{"causes": {}'], ids=str)
def test_a_broken_cache_is_made_again(base: Path, cache: Path, junk: bytes) -> None:
    """A disk that was full has left half a file."""
    first = load_catalogue(base=base)
    (file,) = cache.glob("knowledge-*.marshal")
    file.write_bytes(junk)

    assert load_catalogue(base=base) == first


@pytest.mark.parametrize("place", [0, 3, 4, 5, 200, -1])
def test_one_wrong_byte_is_found(base: Path, cache: Path, place: int) -> None:
    """Marshal itself would read on, or give something else."""
    first = load_catalogue(base=base)
    (file,) = cache.glob("knowledge-*.marshal")
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)

    assert store.read_kept(file) is None
    assert load_catalogue(base=base) == first


@pytest.mark.parametrize("value", [[1], "text", None, 550], ids=str)
def test_a_cache_of_something_else_is_no_cache(tmp_path: Path, value: Any) -> None:
    """The checksum alone does not make it one."""
    data = marshal.dumps(value)
    file = tmp_path / "knowledge-0.marshal"
    file.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)

    assert store.read_kept(file) is None


def test_without_a_place_for_the_cache_the_files_are_read(
    base: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that cannot be written is no fault."""
    (tmp_path / "file").write_text("in the way", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    store._cache_folder.cache_clear()

    assert FULL in load_catalogue(base=base).causes


def test_old_caches_go(base: Path, cache: Path) -> None:
    """The newest few stay: one a folder that is in use."""
    for number in range(12):
        os.utime(cause_file(base, FULL), ns=(number, number))
        load_catalogue(base=base)

    assert len([*cache.glob("knowledge-*")]) == 8


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("causes/x.yaml", "cause: [", "x.yaml:2: "),
        ("causes/x.yaml", "a: 1\nb: &b [*b]", "x.yaml:2: aliases"),
        ("causes/x.yaml", "[" * 100_000, "x.yaml:1: nested too deeply"),
        ("causes/x.yaml", "cause: mailbox-full\ncolour: red", "x.yaml:1: the file: Additional properties"),
        ("causes/x.yaml", "cause: mailbox-full\ntitle: 550", "x.yaml:2: title: 550 is not of type 'string'"),
        ("causes/x.yaml", "cause: mailbox-full\nsteps: Ask Bob.", "x.yaml:2: steps: "),
        (
            "causes/x.yaml",
            "cause: of-our-own\nvariants: []",
            "x.yaml:1: the file: 'escalation' is a required property",
        ),
        ("causes/x.yaml", "cause: mailbox-full\nsummary: 2026-02-30", "x.yaml:2: '2026-02-30' is no value"),
        ("causes/x.yaml", "", "x.yaml:1: the file is empty"),
        ("guides.yaml", "- a list", "guides.yaml:1: the file: "),
        ("providers.yaml", "acme: {colour: red}", "providers.yaml:1: acme: "),
        ("domains.yaml", "mail_domains: example.org", "domains.yaml:1: mail_domains: "),
        (
            "blocklists.yaml",
            "blocklists: [{ask: never}]",
            "blocklists.yaml:1: blocklists.0: 'id' is a required property",
        ),
        ("notes.yaml", "a: b", "notes.yaml:1: no file of that name belongs here"),
        ("phrases/of-nothing.txt", "some words", "'of-nothing' belong to no cause"),
    ],
    ids=[
        "no YAML",
        "alias",
        "deep",
        "unknown field",
        "number for a text",
        "text for a list",
        "half a new cause",
        "no date",
        "empty",
        "guides",
        "providers",
        "domains",
        "blocklists",
        "unknown file",
        "phrases of no cause",
    ],
)
def test_a_teams_broken_file_is_one_line(base: Path, own: Path, name: str, text: str, words: str) -> None:
    """The start stops with the file, the line and what is wrong; nothing is taken half."""
    write(own, name, text)
    with pytest.raises(KnowledgeError) as caught:
        load_catalogue(own, base=base)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("causes/x.yaml", b"a: \xff", "not UTF-8"),
        ("phrases/mailbox-full.txt", b"a\xff", "not UTF-8"),
        ("causes/x.yaml", b"a: \x00", "x.yaml:1: "),
    ],
    ids=["YAML", "phrases", "NUL"],
)
def test_bytes_that_are_no_text_are_one_line(
    base: Path, own: Path, name: str, data: bytes, words: str
) -> None:
    """Of ours and of a team's alike."""
    for folder, overlay in ((own, own), (base, None)):
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        with pytest.raises(KnowledgeError, match=words):
            load_catalogue(overlay, base=base)
        file.unlink()


@pytest.mark.parametrize(
    "text",
    [
        "cause: x",
        "cause: [a]",
        "just words",
        "- a",
        "cause: mailbox-full\nsteps: [1]",
        "cause: mailbox-full\nescalation: soon",
    ],
)
def test_a_built_in_file_that_is_broken_is_one_line(base: Path, text: str) -> None:
    """In development, before the lint has run."""
    write(base, "causes/zzz.yaml", text)

    with pytest.raises(KnowledgeError):
        load_catalogue(base=base)


def test_a_file_that_cannot_be_read_is_one_line(base: Path) -> None:
    """A folder in a file's place."""
    (base / "guides.yaml").mkdir()

    with pytest.raises(KnowledgeError, match=r"guides\.yaml:1: cannot be read"):
        load_catalogue(base=base)


def test_a_link_to_nowhere_is_one_line(base: Path) -> None:
    """The file is named."""
    (base / "guides.yaml").symlink_to(base / "nowhere")

    with pytest.raises(KnowledgeError, match=r"guides\.yaml:1: cannot be read"):
        load_catalogue(base=base)


@pytest.mark.parametrize("text", ["{", "[]", '{"terms": {}}'])
def test_a_broken_word_model_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """It is made by a program, so the line says by which."""
    (tmp_path / "words.json").write_text(text, "utf-8")
    monkeypatch.setattr(load, "data_folder", lambda name: tmp_path)

    with pytest.raises(KnowledgeError, match="make fit"):
        load.load_words()


def test_phrases_keep_their_lines(tmp_path: Path) -> None:
    """For findings: the number is that of the file."""
    file = tmp_path / "x.txt"
    file.write_text("\ufeff# head\n\n one \n=two\n", "utf-8")

    assert [*read_phrases(file)] == [(3, "one", False), (4, "two", True)]
