"""Masking: variable parts become slots, quickly, whatever the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.mask import SLOTS, fingerprint, mask, shown, tokens


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("User <jane@example.org> unknown", "user <address> unknown"),
        ('User "jane doe"@example.org unknown', "user <address> unknown"),
        ('User <"jane doe"@example.org> unknown', "user <address> unknown"),
        ('say "no" to jane@example.org', "say no to <address>"),
        ("Client host [203.0.113.9] blocked", "client host <ip> blocked"),
        ("IP 2001:db8::1 refused", "ip <ip> refused"),
        ("host mx1.example.org said", "host <host> said"),
        ("queue id 4AF3C2 dropped", "queue id <number> dropped"),
        ("see https://example.org/help?id=77", "see <host>"),
        ("User <address> unknown", "user <address> unknown"),
        ("  Mailbox\tfull \n", "mailbox full"),
        ("Größe überschritten", "groesse ueberschritten"),
        ("", ""),
    ],
    ids=[
        "address",
        "quoted",
        "quoted in brackets",
        "quotation",
        "ipv4",
        "ipv6",
        "host",
        "id",
        "url",
        "slot",
        "space",
        "umlaut",
        "empty",
    ],
)
def test_variable_parts_become_slots(text: str, masked: str) -> None:
    """Addresses, IPs, hosts and numbers become slots; words stay, in lower case."""
    assert mask(text) == masked


@pytest.mark.parametrize("word", ["192.0.2", "a.exe", "5.7.1"], ids=["three numbers", "file", "status"])
def test_what_looks_like_a_host_and_is_none(word: str) -> None:
    """Versions, file names and status codes are not hosts."""
    assert "<host>" not in mask(word)


@pytest.mark.parametrize(
    ("accented", "plain"),
    [
        ("boîte aux lettres supprimée", "boite aux lettres supprimee"),
        ("Empfänger unzulässig", "Empfaenger unzulaessig"),
        ("nie ma takiego użytkownika, błąd", "nie ma takiego uzytkownika, blad"),
        ("İleti gönderilmedi, alıcı yok", "Ileti goenderilmedi, alici yok"),
        ("Empfa\u0308nger unbekannt, boi\u0302te", "Empfaenger unbekannt, boite"),
        ("включён серый список", "включен серый список"),
        ("５５０ Ｕｓｅｒ ｕｎｋｎｏｗｎ", "550 User unknown"),
        ("ﾒｰﾙが拒否", "メールが拒否"),
    ],
    ids=["french", "german", "polish", "turkish", "apart", "russian", "wide", "narrow"],
)
def test_accents_make_no_difference(accented: str, plain: str) -> None:
    """Mail servers write most replies in ASCII: the same sentence with its accents and without is one text."""
    assert mask(accented) == mask(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [("й", "и"), ("の", "は"), ("ご", "こ"), ("사", "자")],
    ids=["cyrillic", "kana", "voiced", "hangul"],
)
def test_letters_of_other_scripts_stay(one: str, other: str) -> None:
    """Only Latin letters lose their marks; elsewhere a mark makes another letter."""
    assert mask(one) == one != mask(other)


@pytest.mark.parametrize(
    "text",
    ["a" + "\u0301\u0323" * 200_000, "\ufdfa" * 12_000, "é" * 200_000, "\u0334\u0315" * 200_000],
    ids=["marks", "expanding", "letters", "marks only"],
)
def test_accents_take_little_time(text: str) -> None:
    """Marks piled up, and letters that stand for many, cost no more than other text."""
    start = time.perf_counter()
    mask(text)

    assert time.perf_counter() - start < 2


def test_words_are_shown_as_they_are_written() -> None:
    """Where a script has no spaces, none are shown."""
    assert shown(tokens("Error: 用户不存在 for jane@example.org")) == "error 用户不存在 for <address>"


def test_literal_words_stay() -> None:
    """Hosts and codes that the knowledge base names are not masked."""
    found = tokens("blocked by zen.spamhaus.org (S3150)", frozenset({"zen.spamhaus.org", "s3150"}))

    assert found == ["blocked", "by", "zen.spamhaus.org", "s3150"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("收件人user@example.com不存在", "收 件 人 <address> 不 存 在"),
        ("メールboxが一杯", "メ ー ル box が 一 杯"),
        ("사서함 용량", "사 서 함 용 량"),
        ("ไม่พบผู้ใช้", " ".join("ไม่พบผู้ใช้")),
    ],
    ids=["chinese", "japanese", "korean", "thai"],
)
def test_scripts_without_spaces_are_read_by_the_character(text: str, masked: str) -> None:
    """A phrase is found inside a run of characters, and an address glued to it is seen."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("RESOLVER.ADR.RecipientNotFound", "resolver adr recipient not found"),
        (
            "QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
            "quota exceeded exception mapi exception shutoff quota exceeded",
        ),
        ("Access-Denied-XM.SSR-001", "access denied xm ssr <number>"),
        ("SpamAssassin", "spamassassin"),
        ("Mail.Example.Org", "<host>"),
    ],
    ids=["error name", "exceptions", "hyphens", "a name of two words", "host in capitals"],
)
def test_names_of_errors_become_words(text: str, masked: str) -> None:
    """The name of an exception is read as the words it is made of; a host is not."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["https://example.org/errors.php#BL000000", "errors.php#BL000000", "https://example.org/a/BL000000?x=1"],
    ids=["fragment", "no scheme", "path"],
)
def test_a_known_code_in_an_address_of_a_page_stays(text: str) -> None:
    """A code that the knowledge base names tells the reason, also at the end of a URL."""
    assert "bl000000" in tokens(text, frozenset({"bl000000"}))


def test_a_known_code_with_a_hyphen_stays_whole() -> None:
    """Providers number their reasons: the number tells them apart."""
    assert tokens("see AUP#I-1310", frozenset({"i-1310"})) == ["see", "aup", "i-1310"]


def test_an_unknown_code_with_a_hyphen_keeps_its_letters() -> None:
    """The letters tell whose code it is, the number may be anything."""
    assert tokens("see AUP#I-1399", frozenset({"i-1310"})) == ["see", "aup", "i", "<number>"]


def test_an_unknown_code_in_an_address_of_a_page_goes() -> None:
    """Ids in a URL are those of one mail."""
    assert "bl000000" not in tokens("https://example.org/errors.php#BL000000", frozenset({"errors"}))


def test_one_fingerprint_for_one_wording() -> None:
    """Texts that differ only in variable parts share a key."""
    assert fingerprint("550 <a@example.org>: no") == fingerprint("550 <b@example.net>: no")


def test_another_wording_has_another_fingerprint() -> None:
    """Texts that differ in words do not share a key."""
    assert fingerprint("user unknown") != fingerprint("user full")


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    """The mask of a mask is the mask, so knowledge and input are treated alike."""
    once = mask(text)

    assert mask(once) == once or any(slot in once for slot in SLOTS)


@pytest.mark.parametrize(
    "bait",
    [
        "a" * 1_000_000,
        "a." * 500_000,
        "@" * 1_000_000,
        "1:" * 500_000,
        "<" * 1_000_000,
        "\0" * 1_000_000,
        "a@" * 500_000,
        "aA" * 500_000,
        "Aaa." * 250_000,
        "不" * 300_000,
        "https://a/" + "a-" * 200_000,
    ],
    ids=[
        "letters",
        "dots",
        "ats",
        "colons",
        "brackets",
        "nuls",
        "half addresses",
        "humps",
        "dotted humps",
        "no spaces",
        "url",
    ],
)
def test_a_megabyte_of_bait_takes_no_long_time(bait: str) -> None:
    """No input makes masking backtrack: a megabyte is done in seconds on any machine."""
    started = time.monotonic()
    mask(bait)

    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "piece",
    [
        "word", "Word", "WORD", "s3150", "S3150", "550", "innerWord", "RecipientNotFound", "a" * 200, "a" * 201, "a_b", "",
        "jane@example.org", "<jane@example.org>:", "<Jane@Example.org>", "\"jane@example.org\",", "jane@", "@example.org",
        "a@b@c.example", "<jane.doe+list@example.org>;", "[203.0.113.9]", "203.0.113.9", "203.0.113.9:", "(203.0.113.9).",
        "203.0.113.9.5", "203.0.113.9a", "203.0.113.", "5.1.1", "mx.example.org", "[mx.example.org]", "ſ", "İ1", "１２",
        "x" * 64 + "@example.org", "x" * 65 + "@example.org", "jane@" + "x" * 255, "jane@" + "x" * 256,
    ],
)  # fmt: skip
def test_a_piece_is_read_as_in_a_text(piece: str) -> None:
    """What stands alone is read in a short way, with the same result."""
    literal = {"s3150", "mx.example.org"}

    assert tokens(piece, literal) == tokens(f"- {piece} -", literal)
    assert tokens(piece) == tokens(f"{piece} -")
