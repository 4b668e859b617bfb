"""``fivefifty diagnose``: outputs, exit codes, and clear words for bad input."""

import json
from pathlib import Path

import pytest

from tests.commands.program import run

BOUNCE = b"550 5.1.1 <jane@example.org>: Recipient address rejected: User unknown in local recipient table\n"
MAIL = b"""From: MAILER-DAEMON@mx.example.net
To: bob@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jane@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <jane@example.org>: User unknown

Final-Recipient: rfc822; joe@example.org
Action: failed
Status: 5.2.2
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 552 5.2.2 <joe@example.org>: mailbox is full

--b--
"""


def test_json_is_one_object_with_the_contracts_keys() -> None:
    """``--json`` prints the object that the contract describes, and nothing else."""
    done = run("diagnose", "--json", "--offline", stdin=BOUNCE)
    value = json.loads(done.out)

    assert done.code == 0
    assert (value["schema"], value["id"], value["bounce"], value["cause"]) == (1, None, True, "no-such-user")
    assert {
        "family",
        "party",
        "confidence",
        "variant",
        "matched_text",
        "decided_by",
        "alternatives",
        "title",
        "summary",
        "steps",
        "prevention",
        "links",
        "facts",
        "evidence",
        "results",
    } <= set(value)
    assert value["facts"]["recipient"] == "jane@example.org"
    assert value["results"][0]["facts"] == value["facts"]
    assert value["evidence"] == []


def test_a_mail_gives_one_result_a_recipient(tmp_path: Path) -> None:
    """A DSN that names two recipients has two results, each with its own facts and cause."""
    path = tmp_path / "bounce.eml"
    path.write_bytes(MAIL)
    value = json.loads(run("diagnose", str(path), "--json", "--offline").out)

    assert [(row["recipient"], row["cause"]) for row in value["results"]] == [
        ("jane@example.org", "no-such-user"),
        ("joe@example.org", "mailbox-full"),
    ]


def test_the_answer_is_made_to_be_read() -> None:
    """Without ``--json`` a person reads what happened, who acts and the steps."""
    done = run("diagnose", "--offline", stdin=BOUNCE)

    assert done.code == 0
    assert "What to do" in done.out
    assert "jane@example.org" in done.out
    assert "\x1b[" not in done.out


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x00\x01\x02\xff" * 500 + b"MZ" * 3000, "binary"),
        (b"my order 550 has not arrived", "no bounce found"),
        ("Grüße, ich bin bis Montag nicht im Büro.".encode("latin-1"), "an automatic reply"),
    ],
    ids=["empty", "blank", "binary", "chatter", "auto-reply"],
)
def test_no_bounce_is_exit_code_3_and_one_line(data: bytes, word: str) -> None:
    """One input that is no bounce ends with 3 and says so in one line."""
    done = run("diagnose", "--offline", stdin=data)

    assert done.code == 3
    assert word in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert done.out == ""


def test_without_a_cause_nobody_is_told_to_act_and_nobody_to_rest() -> None:
    """A refusal without a reason is not one where there is nothing to do."""
    done = run("diagnose", "--offline", stdin=b"550 Rejected\n")

    assert "not clear from this text" in done.out
    assert "Nobody has to act" not in done.out


def test_no_bounce_as_json() -> None:
    """``--json`` says so in its object, with no results."""
    done = run("diagnose", "--json", "--offline", stdin=b"my order 550 has not arrived")
    value = json.loads(done.out)

    assert done.code == 3
    assert (value["bounce"], value["cause"], value["results"]) == (False, "not-a-bounce", [])


def test_five_megabytes_are_answered_with_a_notice() -> None:
    """A long paste is cut, its beginning is answered, and the answer says so."""
    done = run("diagnose", "--json", "--offline", stdin=BOUNCE + b"junk " * 1_000_000)
    value = json.loads(done.out)

    assert done.code == 0
    assert value["cause"] == "no-such-user"
    assert value["notices"]


@pytest.mark.parametrize("path", ["/no/such/file.eml", "/"], ids=["missing", "folder"])
@pytest.mark.parametrize("mode", [(), ("--json",), ("--jsonl",)], ids=["text", "json", "jsonl"])
def test_an_unreadable_path_is_exit_code_2(path: str, mode: tuple[str, ...]) -> None:
    """A path that cannot be read ends with 2 and one line that names it."""
    done = run("diagnose", path, "--offline", *mode)

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(f"fivefifty: {path}: ")
    assert len(done.err.splitlines()) == 1


def test_an_unreadable_file_among_others_holds_nothing_up(tmp_path: Path) -> None:
    """The others are answered, and the exit code is 2."""
    (tmp_path / "a.txt").write_bytes(BOUNCE)
    done = run("diagnose", "missing.txt", "a.txt", "--json", "--offline", folder=tmp_path)

    assert done.code == 2
    assert [json.loads(line)["cause"] for line in done.out.splitlines()] == ["no-such-user"]
    assert "missing.txt" in done.err


def test_several_files_give_one_line_each(tmp_path: Path) -> None:
    """Several FILEs with ``--json`` print one object a line, and end well though one is no bounce."""
    (tmp_path / "a.txt").write_bytes(BOUNCE)
    (tmp_path / "b.txt").write_bytes(b"hello")
    done = run("diagnose", "a.txt", "b.txt", "--json", "--offline", folder=tmp_path)

    assert done.code == 0
    assert [json.loads(line)["bounce"] for line in done.out.splitlines()] == [True, False]


def test_rows_keep_order_and_ids_and_a_bad_row_fails_alone(tmp_path: Path) -> None:
    """``--jsonl`` answers each row under its id; a bad row is told with its line, the rest go on."""
    (tmp_path / "bounce.eml").write_bytes(MAIL)
    rows = [
        json.dumps({"id": "a", "text": BOUNCE.decode()}),
        "{not json",
        json.dumps({"id": 7, "file": "bounce.eml"}),
        json.dumps({"id": "c", "file": "missing.eml"}),
        json.dumps({"id": "d"}),
        "[1]",
        json.dumps({"id": "e", "text": "my order 550"}),
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    done = run("diagnose", "--jsonl", "--offline", str(tmp_path / "rows.jsonl"))
    values = [json.loads(line) for line in done.out.splitlines()]

    assert done.code == 1
    assert [value["id"] for value in values] == ["a", None, 7, "c", "d", None, "e"]
    assert [value["error"]["line"] for value in values if "error" in value] == [2, 4, 5, 6]
    assert values[2]["results"][1]["cause"] == "mailbox-full"


def test_half_of_a_surrogate_pair_upsets_no_row() -> None:
    """JSON can hold what no encoding can; the rows after it are answered, too."""
    rows = b'{"id": "\\ud800", "text": "550 5.1.1 \\ud800 user unknown"}\n{"id": 2, "text": "550 user unknown"}\n'
    done = run("diagnose", "--jsonl", "--offline", stdin=rows)
    values = [json.loads(line) for line in done.out.splitlines()]

    assert done.code == 0
    assert [value["id"] for value in values] == ["\ud800", 2]
    assert [value["bounce"] for value in values] == [True, True]


def test_rows_that_are_well_end_with_0() -> None:
    """``--jsonl`` never ends with 3: a row that is no bounce is an answer."""
    done = run("diagnose", "--jsonl", "--offline", stdin=b'{"id": 1, "text": "hello"}\n')

    assert done.code == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://x"), ("DNS_SERVERS", "300.0.0.1"), ("KNOWLEDGE_DIR", "/no/such")],
    ids=["database", "dns", "knowledge"],
)
def test_a_wrong_variable_is_exit_code_2(name: str, value: str) -> None:
    """A wrong variable stops the start with one line that names it."""
    done = run("diagnose", "--offline", stdin=BOUNCE, environment={name: value})

    assert done.code == 2
    assert name in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_broken_overlay_is_told_with_file_and_line(tmp_path: Path) -> None:
    """A knowledge folder that is no YAML stops with its file and line."""
    (tmp_path / "causes" / "recipient").mkdir(parents=True)
    (tmp_path / "causes" / "recipient" / "no-such-user.yaml").write_text("cause: no-such-user\nvariants: [\n")
    done = run("diagnose", "--offline", stdin=BOUNCE, environment={"KNOWLEDGE_DIR": str(tmp_path)})

    assert done.code == 2
    assert "no-such-user.yaml:" in done.err
    assert "Traceback" not in done.err


def test_an_overlay_adds_variants(tmp_path: Path) -> None:
    """A team's own variant decides, without copying the built-in cause."""
    folder = tmp_path / "causes" / "policy"
    folder.mkdir(parents=True)
    (folder / "policy-violation.yaml").write_text(
        "cause: policy-violation\n"
        "variants:\n"
        "  - id: ours-gatekeeper\n"
        "    codes: ['550']\n"
        "    text: 'the zorbling gatekeeper said no'\n"
        "    source: our own server\n"
        "    example: '550 the zorbling gatekeeper said no'\n"
    )
    done = run(
        "diagnose",
        "--json",
        "--offline",
        stdin=b"550 the zorbling gatekeeper said no",
        environment={"KNOWLEDGE_DIR": str(tmp_path)},
    )

    assert json.loads(done.out)["variant"] == "ours-gatekeeper"


def test_explain_shows_the_signals() -> None:
    """``--explain`` shows which signal spoke for which cause."""
    done = run("diagnose", "--offline", "--explain", stdin=BOUNCE)

    assert "signal" in done.out
    assert "no-such-user" in done.out


def test_explain_shows_a_known_wording_to_compare_with() -> None:
    """With who says it and where that is documented."""
    done = run("diagnose", "--offline", "--explain", stdin=b"550 5.7.1 <bob@a.example>: Relay access denied")

    assert "relay-denied, nearest known wording: 554 5.7.1 jane@example.org: Relay access denied" in " ".join(
        done.out.split()
    )
    assert "postfix src/smtpd/smtpd_check.c" in " ".join(done.out.split())
