"""The measure itself: three kinds of rows, what counts as right, and rows that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.errors import InputError
from bot.core.model import NOT_A_BOUNCE
from bot.evaluate import Item, Report, evaluate
from tests.commands.program import run

CATALOGUE = load_catalogue()
GONE = "550 5.1.1 <jane@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
FULL = "552 5.2.2 <bob@example.org>: Mailbox full"
DSN = """\
From: MAILER-DAEMON@mx.example.net
To: sender@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jane@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <jane@example.org>: Recipient address rejected: User unknown in virtual mailbox table

Final-Recipient: rfc822; bob@example.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <bob@example.org>: Mailbox full

--b--
"""


def corpus(folder: Path, *rows: Any) -> Path:
    """A JSONL file; a row that is a string is written as it stands."""
    file = folder / "corpus.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def measure(folder: Path, *rows: Any) -> Report:
    return evaluate(corpus(folder, *rows), CATALOGUE)


def item(cause: str, answer: str, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "id": "",
        "text": "",
        "cause": cause,
        "accept": (cause,),
        "answer": answer,
        "confidence": 0.9,
        "provider": "",
        "variant": None,
        "bounce": True,
        "answered_bounce": True,
    }
    return Item(**{**values, **changes})


def report(*items: Item) -> Report:
    families = {slug: cause.family for slug, cause in CATALOGUE.causes.items()}
    return Report(items=items, rows=len(items), seconds=1.0, families=families)


def test_replies(tmp_path: Path) -> None:
    """One item a row; an answer in ``accept`` is right."""
    found = measure(
        tmp_path,
        {
            "id": "r1",
            "text": GONE,
            "cause": "no-such-user",
            "accept": ["no-such-user"],
            "provider": "postfix",
        },
        {
            "id": "r2",
            "text": FULL,
            "cause": "mailbox-disabled",
            "accept": ["mailbox-disabled", "mailbox-full"],
        },
        {"id": "r3", "text": FULL, "cause": "no-such-user"},
    )

    assert [each.right for each in found.items] == [True, True, False]
    assert [each.id for each in found.wrong()] == ["r3"]
    assert found.confusions() == [("no-such-user", "mailbox-full", 1)]
    assert found.per_provider()["postfix"] == (1, 1)


def test_mails(tmp_path: Path) -> None:
    """One item a recipient, found by its address, whatever the order; facts are compared in lower case."""
    (tmp_path / "two.eml").write_text(DSN)
    found = measure(
        tmp_path,
        {
            "id": "e1",
            "file": "two.eml",
            "recipients": [
                {"recipient": "BOB@example.org", "reply": "552", "status": "5.2.2", "cause": "mailbox-full"},
                {"recipient": "jane@example.org", "reply": "550", "status": "", "cause": "no-such-user"},
            ],
        },
    )

    assert [(each.answer, each.right) for each in found.items] == [
        ("mailbox-full", True),
        ("no-such-user", True),
    ]
    assert found.per_fact() == {"recipient": (2, 2), "reply": (2, 2), "status": (1, 2)}
    assert found.rows == 1


def test_a_recipient_that_is_not_found_is_wrong(tmp_path: Path) -> None:
    """A missing answer is no answer, never the next one's."""
    (tmp_path / "two.eml").write_text(DSN)
    labels = [
        {"recipient": name, "cause": "mailbox-full"} for name in ("bob@example.org", "carol@example.org")
    ]
    found = measure(tmp_path, {"id": "e1", "file": "two.eml", "recipients": labels})

    assert [each.answer for each in found.items] == ["mailbox-full", "(no answer)"]
    assert (found.accuracy, found.family_accuracy) == (0.5, 0.5)


@pytest.mark.parametrize(
    "recipients", [[], [{"recipient": "", "cause": NOT_A_BOUNCE}]], ids=["empty", "labelled"]
)
def test_a_mail_in_which_nobody_failed(tmp_path: Path, recipients: list[Any]) -> None:
    """Silence is the right answer, a diagnosis is a false alarm."""
    (tmp_path / "hello.eml").write_text("From: a@example.org\nSubject: Hello\n\nHow are you?\n")
    (tmp_path / "two.eml").write_text(DSN)
    quiet = measure(tmp_path, {"id": "e1", "file": "hello.eml", "recipients": recipients})
    loud = measure(tmp_path, {"id": "e2", "file": "two.eml", "recipients": recipients})

    assert (quiet.accuracy, quiet.detection()["precision"]) == (1.0, 1.0)
    assert (loud.accuracy, loud.detection()["precision"]) == (0.0, 0.0)


def test_pastes(tmp_path: Path) -> None:
    """Whether it is a bounce, its cause, and each fact that is labelled."""
    found = measure(
        tmp_path,
        {
            "id": "p1",
            "text": f"hi, what is this?\n> {GONE}",
            "bounce": True,
            "cause": "no-such-user",
            "facts": {"recipient": "jane@example.org", "status": "5.1.1", "sending_ip": None, "reply": "551"},
        },
        {
            "id": "p2",
            "text": "my order 550 has not arrived",
            "bounce": False,
            "cause": NOT_A_BOUNCE,
            "facts": {},
        },
        {"id": "p3", "text": "lunch?", "bounce": True, "cause": "no-such-user", "facts": {"reply": "550"}},
    )

    assert found.detection() == {"accuracy": pytest.approx(2 / 3), "precision": 1.0, "recall": 0.5}
    assert found.per_fact() == {"recipient": (1, 1), "reply": (0, 2), "sending_ip": (1, 1), "status": (1, 1)}


def test_the_family_is_right_where_the_cause_is_near() -> None:
    """Half a mistake; a missing answer and a label of nowhere are whole ones."""
    near = report(item("no-such-user", "mailbox-full"))
    far = report(item("no-such-user", "spf-failed"))
    missing = report(item("of-nowhere", "(no answer)"))

    assert (near.accuracy, near.family_accuracy) == (0.0, 1.0)
    assert (far.family_accuracy, missing.family_accuracy) == (0.0, 0.0)


def test_macro_recall_counts_each_cause_once() -> None:
    """Ninety-nine easy ones do not hide the hard one."""
    found = report(*[item("no-such-user", "no-such-user")] * 99, item("geo-blocked", "spam-content"))

    assert (found.accuracy, found.macro_recall) == (0.99, 0.5)


def test_calibration() -> None:
    """Ten answers at 0.9 of which nine are right have no error; of which none is right, one of 0.9."""
    good = report(*[item("a", "a")] * 9, item("a", "b"))
    bad = report(*[item("a", "b")] * 10)
    sure = report(item("a", "a", confidence=1.0), item("a", "a", confidence=0.0))

    assert good.calibration_error == pytest.approx(0.0)
    assert bad.calibration_error == pytest.approx(0.9)
    assert [(mean, count) for mean, _, count in sure.calibration()] == [(0.0, 1), (1.0, 1)]


def test_a_measure_of_nothing_divides_by_nothing() -> None:
    """Zero items, zero errors."""
    empty = report()

    assert (empty.accuracy, empty.macro_recall, empty.calibration_error) == (0.0, 0.0, 0.0)
    assert empty.detection() == {"accuracy": 0.0, "precision": 1.0, "recall": 1.0}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("5", "not an object"),
        ({"text": GONE}, "it needs a cause"),
        ({"text": GONE, "cause": 5}, "it needs a cause"),
        ({"text": GONE, "cause": "no-such-user", "accept": "no-such-user"}, "accept must be a list"),
        ({"text": GONE, "cause": "no-such-user", "facts": []}, None),
        ({"text": GONE, "cause": "no-such-user", "facts": ["x"]}, "facts must be an object"),
        ({"cause": "no-such-user"}, "a text or a file"),
        ({"text": 550, "cause": "no-such-user"}, "a text or a file"),
        ({"file": "none.eml", "recipients": []}, "none.eml cannot be read: No such file"),
        ({"file": "a\0b", "recipients": []}, "the name of the file is none"),
        ({"file": ".", "recipients": []}, "cannot be read: Is a directory"),
        ({"file": "none.eml", "recipients": [{}]}, "it needs a cause"),
        ({"file": "none.eml", "recipients": 5}, "recipients must be a list"),
        ({"file": "none.eml", "recipients": ["jane"]}, "recipients must be a list"),
    ],
    ids=[
        "no JSON",
        "deep",
        "number",
        "no label",
        "label of another kind",
        "accept a text",
        "no facts",
        "facts a list",
        "no text",
        "text a number",
        "no file",
        "NUL",
        "folder",
        "no label in a mail",
        "recipients a number",
        "recipients texts",
    ],
)
def test_a_row_that_cannot_be_used_is_told(tmp_path: Path, row: Any, words: str | None) -> None:
    """With its line; the others count."""
    good = {"id": "r1", "text": GONE, "cause": "no-such-user"}
    found = measure(tmp_path, good, "", row, good)
    told = [bad for bad in found.bad if words and words in bad.message]

    assert len(found.items) == (2 if words else 3)
    assert [bad.line for bad in told] == ([3] if words else [])
    assert len(found.bad) == len(told)


def test_signs_that_end_a_line_elsewhere_end_no_row(tmp_path: Path) -> None:
    """U+2028, U+0085 and form feeds may stand within a JSON text; Windows ends lines with two signs."""
    file = tmp_path / "corpus.jsonl"
    row = json.dumps({"text": f"{GONE}\u2028\x85", "cause": "no-such-user"}, ensure_ascii=False)
    file.write_bytes(b"\xef\xbb\xbf" + f"{row}\r\n{row}".encode())
    found = evaluate(file, CATALOGUE)

    assert (len(found.items), found.bad) == (2, ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"text,cause\n550 no,no-such-user\n", "corpus.jsonl:1: not JSON"),
    ],
    ids=["empty", "blank", "binary", "CSV"],
)
def test_a_corpus_without_a_good_row_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    """A measure of nothing would look like one."""
    (tmp_path / "corpus.jsonl").write_bytes(data)

    with pytest.raises(InputError, match=words):
        evaluate(tmp_path / "corpus.jsonl", CATALOGUE)


def test_the_command(tmp_path: Path) -> None:
    """Figures for people and for programs; bad rows on standard error, exit code 1."""
    file = corpus(
        tmp_path,
        {"id": "r1", "text": GONE, "cause": "no-such-user", "provider": "[/red]"},
        {"id": "r2", "text": FULL, "cause": "no-such-user"},
        "{",
    )
    people, program = (
        run("evaluate", str(file), "--errors", "5", "--time"),
        run("evaluate", str(file), "--json"),
    )
    value = json.loads(program.out)

    assert (people.code, program.code) == (1, 1)
    assert (
        people.err
        == f"fivefifty: {file}:3: not JSON; each line is one labelled row\nfivefifty: 1 row was left out\n"
    )
    assert "cause 50.0%" in people.out
    assert "no-such-user taken for mailbox-full" in people.out
    assert "[/red]" in people.out
    assert (value["items"], value["accuracy"], value["bad_rows"]) == (
        2,
        0.5,
        [{"line": 3, "message": "not JSON; each line is one labelled row"}],
    )


def test_the_command_on_a_good_corpus(tmp_path: Path) -> None:
    """Nothing on standard error, exit code 0, also when answers are wrong: that is what it measures."""
    done = run("evaluate", str(corpus(tmp_path, {"text": FULL, "cause": "no-such-user"})), "--json")

    assert (done.code, done.err) == (0, "")


def test_the_command_on_no_file(tmp_path: Path) -> None:
    """One line, exit code 2."""
    done = run("evaluate", str(tmp_path / "none.jsonl"))

    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "none.jsonl: cannot be read" in done.err
