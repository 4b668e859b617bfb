"""What does the lint find, and in which line? One small knowledge base, broken in one place each time."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.catalogue.lint import lint
from bot.catalogue.shape import Finding
from tests.catalogue.base import cause_file, change, write_base
from tests.commands.program import run

TODAY = date(2026, 3, 1)
FULL = "mailbox-full"
BLOCKLISTS = """\
blocklists:
- id: a-list
  name: A list
  operator: Somebody
  kind: none
  aliases: [alist.example]
  delist: {{how: "write to them", by: owner}}
  status: {{state: alive, checked: {checked}}}
  sources: ["https://alist.example/"]
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "knowledge")


def lines(found: list[Finding]) -> list[str]:
    return [str(finding) for finding in found]


def one(found: list[Finding]) -> str:
    """The only finding there is."""
    assert len(found) == 1, lines(found)
    return str(found[0])


def test_a_sound_base_has_no_findings(base: Path) -> None:
    """All that follows breaks this one."""
    assert lines(lint(base=base, today=TODAY)) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title: About mailbox full\n", "", 1, "'title' is a required property"),
        ("title: About", f"title: {'x' * 61}", 4, "title: "),
        ("prevention: []", "prevention: []\ncolour: red", 1, "'colour' was unexpected"),
        ('codes: ["550", "5.2.2"]', 'codes: [550, "5.2.2"]', 13, "write 550 in quotes: codes are text"),
        ('codes: ["550", "5.2.2"]', 'codes: ["550", 5.10]', 13, "write 5.1 in quotes: codes are text"),
        ('codes: ["550", "5.2.2"]', 'codes: ["550", "5.2"]', 13, "'5.2' does not match"),
        ('codes: ["550", "5.2.2"]', 'codes: ["550", "550"]', 13, "non-unique"),
        ('source: "a test"', 'source: ""', 15, "source: "),
        ('    source: "a test"\n', "", 12, "'source' is a required property"),
        ("party: recipient", "party: nobody", 3, "the party of mailbox-full is recipient"),
        ("party: recipient", "party: somebody", 3, "'somebody' is not one of"),
        ("family: recipient", "family: server", 2, "the family of mailbox-full is recipient"),
        ("prevention: []", "prevention: []\nbeats: [no-such-cause]", 9, "'no-such-cause' is no known cause"),
        ("prevention: []", "prevention: []\nprevention: []", 9, "the key 'prevention' stands twice"),
        (
            '- "Look at {recipient}."',
            "- guide: no-such-guide",
            7,
            "the guide 'no-such-guide' is not in guides.yaml",
        ),
        ("{recipient}", "{recipent}", 6, "{recipent} is no slot"),
        ('text: "the', 'text: "<user> the', 14, "<user> is no slot"),
        ('text: "the', 'text: "at mx.example.org the', 14, "'example.org' is only there for examples"),
        ('text: "the', 'text: "at a.test the', 14, "'a.test' is only there for examples"),
        ("id: test-mailbox-full", "id: Not A Slug", 12, "id: "),
        (
            "    codes:",
            "    provider: nobody\n    codes:",
            13,
            "the provider 'nobody' is not in providers.yaml",
        ),
        (
            "variants:",
            'counterexamples: ["552 5.2.2 the mailbox is full, over quota"]\nvariants:',
            11,
            "the counterexample is taken for mailbox-full",
        ),
        (
            'example: "550 5.2.2 <jane@example.org>: the mailbox is full, over quota"',
            'example: "550 5.1.1 no such user here"',
            16,
            "test-mailbox-full: the example is taken for no-such-user",
        ),
    ],
    ids=[
        "missing field",
        "too long",
        "unknown field",
        "unquoted reply code",
        "unquoted status code",
        "half a status code",
        "code twice",
        "empty source",
        "no source",
        "wrong party",
        "no party",
        "wrong family",
        "beats nothing",
        "key twice",
        "unknown guide",
        "unknown slot in prose",
        "unknown slot in a variant",
        "a name for examples in a variant",
        "a top-level domain for tests in a variant",
        "id with spaces",
        "unknown provider",
        "counterexample that fits",
        "example of another cause",
    ],
)
def test_a_fault_in_a_cause_is_found(base: Path, old: str, new: str, line: int, words: str) -> None:
    """With its file, its line and what is wrong."""
    file = cause_file(base, FULL)
    change(file, old, new)
    found = one(lint(base=base))

    assert found.startswith(f"knowledge/causes/recipient/mailbox-full.yaml:{line}: ")
    assert words in found


def test_an_id_that_stands_twice_is_found(base: Path) -> None:
    """With the place of the other one."""
    change(cause_file(base, FULL), "id: test-mailbox-full", "id: test-no-such-user")

    assert one(lint(base=base)) == (
        "knowledge/causes/recipient/no-such-user.yaml:12: the id 'test-no-such-user' is taken by "
        "knowledge/causes/recipient/mailbox-full.yaml:12"
    )


def test_a_wording_that_two_causes_claim_is_found(base: Path) -> None:
    """Both places are named. Codes, case and punctuation make no difference."""
    change(cause_file(base, FULL), 'text: "the mailbox is full, over quota"', 'text: "NO such user: here!"')
    found = "\n".join(lines(lint(base=base)))

    assert (
        "causes/recipient/no-such-user.yaml:14: test-no-such-user: mailbox-full claims the same wording at"
        in found
    )
    assert "knowledge/causes/recipient/mailbox-full.yaml:14" in found


def test_a_wording_that_stands_twice_in_a_cause_is_found(base: Path) -> None:
    """A copy adds nothing."""
    file = cause_file(base, FULL)
    text = file.read_text("utf-8")
    variant = text[text.index("  - id:") :].replace("test-mailbox-full", "test-again")
    file.write_text(text + variant, encoding="utf-8")

    assert "test-again: the same wording as knowledge/causes/recipient/mailbox-full.yaml:14" in one(
        lint(base=base)
    )


@pytest.mark.parametrize(("codes", "findings"), [('["451", "4.2.1"]', 0), ('["550", "4.2.1"]', 1), ("[]", 1)])
def test_codes_tell_equal_wordings_of_two_causes_apart(base: Path, codes: str, findings: int) -> None:
    """The same words may mean one thing after one code, and another after another one."""
    file = cause_file(base, FULL)
    own = file.read_text("utf-8")
    variant = own[own.index("  - id:") :].replace("test-mailbox-full", "test-again")
    variant = variant.replace('["550", "5.2.2"]', codes).replace('"550 5.2.2', '"451 4.2.1')
    other = cause_file(base, "no-such-user")
    other.write_text(other.read_text("utf-8") + variant, encoding="utf-8")
    found = [line for line in lines(lint(base=base)) if "claims the same wording" in line]

    assert len(found) == findings


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ('"Administrators: restart it."', "write 'by: admin'"),
        ('"The recipient: make room."', "write 'by: recipient'"),
        ('{do: "The recipient\'s administrator: look.", by: admin}', "write 'by: recipient-admin'"),
        ('"Run {check_sender_domain}."', "write 'by: agent'"),
        ("\"Use 'check' on it.\"", "write the command as a slot"),
        ('"If the code begins with 4: wait."', "write 'when: temporary' or 'when: permanent'"),
        ('"A code that begins with a 5? Send it again."', "write 'when: temporary'"),
        ('{do: "Wait.", when: sometimes}', "is not valid under any of the given schemas"),
        ('{do: "Wait.", by: everybody}', "is not valid under any of the given schemas"),
        ('{do: "Wait.", about: the weather}', "is not valid under any of the given schemas"),
        ('{do: "Look at {recipent}.", by: admin}', "{recipent} is no slot"),
    ],
    ids=[
        "an administrator's",
        "a recipient's",
        "another reader's",
        "a command for the writer",
        "a command in words",
        "asks for the code",
        "asks for the other code",
        "unknown time",
        "unknown reader",
        "unknown topic",
        "unknown slot",
    ],
)
def test_a_fault_in_a_step_is_found(base: Path, step: str, words: str) -> None:
    """A letter trusts the reader that a step names."""
    change(cause_file(base, FULL), '"Look at {recipient}."', step)
    found = one(lint(base=base))

    assert words in found
    assert ":7: " in found or ":6: " in found


@pytest.mark.parametrize(
    "step",
    [
        '{do: "Administrators: restart it.", by: admin}',
        '{do: "Run {check_sender_domain}.", by: agent}',
        '{do: "Wait.", when: temporary, about: ptr}',
        '"Does the name begin with a 4? Ask."',
        '"Your server\'s code of conduct begins with 5 rules."',
    ],
)
def test_a_sound_step_is_no_finding(base: Path, step: str) -> None:
    """What only looks like a fault stays."""
    change(cause_file(base, FULL), '"Look at {recipient}."', step)

    assert lines(lint(base=base)) == []


def test_a_step_of_a_guide_is_looked_at_too(base: Path) -> None:
    """It stands in several causes."""
    guides = base / "guides.yaml"
    guides.write_text('a-guide:\n  title: A guide\n  steps:\n    - "Administrators: look."\n', "utf-8")

    assert "knowledge/guides.yaml:4: 'Administrators' begins a step for admin" in one(lint(base=base))


def test_a_guide_does_not_name_another_one(base: Path) -> None:
    """Steps are found with one look."""
    guides = base / "guides.yaml"
    guides.write_text("a-guide:\n  title: A guide\n  steps:\n    - guide: b-guide\n", "utf-8")

    assert "a guide names no other guide" in one(lint(base=base))


def test_a_cause_without_a_file_is_found(base: Path) -> None:
    """The contract's causes are all there, always."""
    cause_file(base, "greylisted").unlink()

    assert one(lint(base=base)) == "knowledge/causes:1: no file for the cause greylisted"


def test_a_cause_in_the_wrong_place_is_found(base: Path) -> None:
    """People look for it by family and name."""
    file = cause_file(base, FULL)
    file.rename(base / "causes" / "server" / file.name)

    assert "the file must be causes/recipient/mailbox-full.yaml" in one(lint(base=base))


def test_a_cause_that_nobody_knows_is_found(base: Path) -> None:
    """Slugs are a contract: a new one is made there first."""
    file = cause_file(base, FULL)
    file.with_name("full.yaml").write_text(
        file.read_text("utf-8").replace("cause: mailbox-full", "cause: full").replace("test-", "other-"),
        "utf-8",
    )

    assert "full.yaml:1: 'full' is no known cause" in "\n".join(lines(lint(base=base)))


@pytest.mark.parametrize(
    ("checked", "count"),
    [("2026-02-01", 0), ("2025-02-01", 1), ("soon", 1), ("null", 1)],
    ids=["fresh", "a year ago", "no date", "never"],
)
def test_a_blocklist_that_nobody_has_looked_at_is_found(base: Path, checked: str, count: int) -> None:
    """Lists die without a word."""
    (base / "blocklists.yaml").write_text(BLOCKLISTS.format(checked=checked), "utf-8")
    found = lint(base=base, today=TODAY)

    assert len(found) == count, lines(found)
    assert all(
        finding.line == 8 and "a-list: look at this list again" in finding.message for finding in found
    )


def test_a_file_that_does_not_belong_here_is_found(base: Path) -> None:
    """A name with a typing mistake would silently do nothing."""
    (base / "provider.yaml").write_text("a: b", "utf-8")

    assert "knowledge/provider.yaml:1: no file of that name belongs here" in one(lint(base=base))


def test_what_editors_leave_behind_is_not_looked_at(base: Path) -> None:
    """A lock of Emacs is a link to nowhere, a file of macOS is binary."""
    (base / "causes" / ".#x.yaml").symlink_to(base / "nowhere")
    (base / "causes" / "._x.yaml").write_bytes(b"\x00\x05\x16\x07")

    assert lint(base=base) == []


@pytest.mark.parametrize(
    ("phrases", "line", "words"),
    [
        ("# a comment\nuser is unknown\nUSER is: unknown\n", 3, "the same wording as"),
        ("\nno such user here\n", 2, "no-such-user"),
        (f"\n\n{'long ' * 200}\n", 3, "at most 600 characters"),
    ],
    ids=["twice", "of another cause", "too long"],
)
def test_a_fault_in_phrases_is_found(base: Path, phrases: str, line: int, words: str) -> None:
    """A line of a text file is looked at like a variant."""
    folder = base / "phrases"
    folder.mkdir()
    (folder / "mailbox-unavailable.txt").write_text(phrases, "utf-8")
    found = lines(lint(base=base))

    assert any(
        each.startswith(f"knowledge/phrases/mailbox-unavailable.txt:{line}: ") and words in each
        for each in found
    ), found


def test_phrases_of_no_cause_are_found(base: Path) -> None:
    """The file's name says the cause."""
    (base / "phrases").mkdir()
    (base / "phrases" / "full.txt").write_text("bursting at the seams\n", "utf-8")

    assert (
        one(lint(base=base))
        == "knowledge/phrases/full.txt:1: 'full' is no known cause; the file is named after one"
    )


BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{here}: &{here} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, here in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (BOMB.encode(), 2, "aliases (*name) are not read here"),
        (b"a: &a [*a]", 1, "aliases"),
        (b"[" * 200_000, 1, "nested too deeply"),
        (b"{a: " * 50_000, 1, "nested too deeply"),
        (b"- " * 50_000 + b"a", 1, "nested too deeply"),
        (b"cause: a\n\tfamily: b\n", 2, ""),
        (b"cause: a\nb: \x00\n", 2, "'\\x00' does not belong here"),
        (b"cause: a\nb: \x1b[31m\n", 2, "'\\x1b' does not belong here"),
        ("cause: ungültig\n".encode("latin-1"), 1, "not UTF-8"),
        ("a: 1\nb: 2\nc: ü\n".encode("cp1252"), 3, "not UTF-8"),
        ("cause: a\n".encode("utf-16"), 1, "not UTF-8"),
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"--- {}\n---\n{}\n", 2, ""),
        (b"just words", 1, "is not of type 'object'"),
        (b"- a\n- b\n", 1, "is not of type 'object'"),
        (b"cause: 2026-02-30\n", 1, "'2026-02-30' is no value; put it in quotes"),
        (b"a: b\nc: !!int d\n", 2, "tags (!name) are not read here"),
        (b"a: b\nc: !!python/object/apply:os.system [ls]\n", 2, "tags (!name) are not read here"),
        (b"c: " + b"9" * 6_000, 1, "is no value"),
        (b"? [a, b]\n: c\n", 1, "a key must be a word"),
        (b"%YAML 9.0\n---\na: b\n", 1, ""),
        (b"a: 'never closed\n\n", 3, ""),
        (b"x" * 5_000_001, 1, "longer than"),
    ],
    ids=[
        "alias bomb",
        "alias of itself",
        "deep brackets",
        "deep braces",
        "deep dashes",
        "tab",
        "NUL",
        "escape",
        "Latin-1",
        "Windows-1252",
        "UTF-16",
        "empty",
        "comment",
        "two documents",
        "words",
        "list",
        "no date",
        "no number",
        "tag of Python",
        "huge number",
        "list as key",
        "another YAML",
        "open quote",
        "huge",
    ],
)
def test_hostile_files_are_findings(base: Path, data: bytes, line: int, words: str) -> None:
    """Whatever stands in a file: a line and a word, quickly, and never a traceback."""
    file = cause_file(base, FULL)
    file.write_bytes(data)
    found = [finding for finding in lint(base=base) if "mailbox-full.yaml" in finding.path]

    assert found
    assert found[0].line == line, lines(found)
    assert words in str(found[0])
    assert all(len(str(finding)) < 500 for finding in found)


@pytest.mark.skipif(sys.platform != "linux", reason="where a fork is safe")
def test_several_processes_find_the_same(base: Path) -> None:
    """In the same order, however the examples are shared."""
    file = cause_file(base, FULL)
    variants = "".join(
        f"""
  - id: test-{place}
    text: "the mailbox is full, number {"x" * place}"
    source: "a test"
    example: "550 5.1.1 no such user here {place}\""""
        for place in range(1, 8)
    )
    file.write_text(file.read_text("utf-8").rstrip("\n") + variants + "\n", "utf-8")
    alone = lines(lint(base=base))
    # A process of its own: this one has threads.
    script = f"import pathlib; from bot.catalogue.lint import lint; print(*lint(base=pathlib.Path({str(base)!r}), processes=3), sep='\\n')"
    command = [sys.executable, "-c", script]
    shared = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert len(alone) >= 7
    assert shared.stdout.splitlines() == alone


def test_a_byte_order_mark_is_no_fault(base: Path) -> None:
    """Windows puts one in front, also in front of the first phrase."""
    file = cause_file(base, FULL)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    (base / "phrases").mkdir()
    (base / "phrases" / "mailbox-full.txt").write_bytes("\ufeff# a comment\n".encode())

    assert lint(base=base) == []


def test_a_folder_with_a_files_name_is_a_finding(base: Path) -> None:
    """It cannot be read, and is named."""
    (base / "guides.yaml").mkdir()

    assert "knowledge/guides.yaml:1: cannot be read" in one(lint(base=base))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own" / "causes"
    folder.mkdir(parents=True)
    return folder


GATEWAY = """\
variants:
  - id: {id}
    codes: ["554", "5.2.2"]
    text: "{text}"
    source: "our gateway"
    example: "554 5.2.2 {text}"
"""


def test_a_team_may_add_a_wording_and_no_more(base: Path, own: Path) -> None:
    """The rest of the cause stays as it is built in."""
    text = "cause: mailbox-full\n" + GATEWAY.format(
        id="gateway-full", text="mailbox quota is full at the gateway"
    )
    (own / "recipient").mkdir()
    (own / "recipient" / "mailbox-full.yaml").write_text(text, "utf-8")

    assert lines(lint(own.parent, base=base)) == []


def test_a_team_may_put_its_own_variant_in_place_of_a_built_in_one(base: Path, own: Path) -> None:
    """The id says which; neither its wording nor its example counts any more."""
    text = "cause: mailbox-full\n" + GATEWAY.format(
        id="test-mailbox-full", text="the mailbox is full, over quota"
    )
    (own / "recipient").mkdir()
    (own / "recipient" / "mailbox-full.yaml").write_text(text, "utf-8")

    assert lines(lint(own.parent, base=base)) == []


def test_a_team_may_have_a_cause_of_its_own(base: Path, own: Path) -> None:
    """It has to be whole; its family is one of ours."""
    whole = cause_file(base, FULL).read_text("utf-8").split("variants:")[0].replace(FULL, "gateway-hold")
    (own / "gateway-hold.yaml").write_text(whole + "variants: []\n", "utf-8")
    sound = lint(own.parent, base=base)
    (own / "gateway-hold.yaml").write_text("cause: gateway-hold\nvariants: []\n", "utf-8")
    half = lint(own.parent, base=base)

    assert lines(sound) == []
    assert any(
        "own/causes/gateway-hold.yaml:1: " in line and "required property" in line for line in lines(half)
    )


def test_a_team_that_takes_a_built_in_wording_is_told(base: Path, own: Path) -> None:
    """Two causes would claim it: the id has to be the same."""
    text = "cause: mailbox-full\n" + GATEWAY.format(id="gateway", text="no such user here")
    (own / "recipient").mkdir()
    (own / "recipient" / "mailbox-full.yaml").write_text(text, "utf-8")

    assert "no-such-user claims the same wording" in "\n".join(lines(lint(own.parent, base=base)))


def test_the_command_prints_findings_and_fails(own: Path) -> None:
    """``file:line: message``, exit code 1."""
    (own / "x.yaml").write_text("cause: mailbox-full\ncolour: red\n", "utf-8")
    done = run("knowledge", "lint", str(own.parent))

    assert done.code == 1
    assert (
        "own/causes/x.yaml:1: the file: Additional properties are not allowed ('colour' was unexpected)"
        in done.out
    )
    assert "Traceback" not in done.err
