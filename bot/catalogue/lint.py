"""Is the knowledge base sound? Each finding names file, line and mend.

Checks the shape (schema.json), the contract's causes, ids, references, wordings that two causes
claim, slots, and that every example is diagnosed as its cause and no counterexample is.
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from bot.catalogue.contract import CAUSES
from bot.catalogue.load import knowledge_files, load_catalogue
from bot.catalogue.shape import Finding, KnowledgeFile, read_file
from bot.core.advice import LEADS
from bot.core.decide import THRESHOLD
from bot.core.errors import KnowledgeError
from bot.core.match import literal_words
from bot.core.model import NOT_A_BOUNCE, UNKNOWN, Catalogue, Facts, Frame, Match, Reader, Rejection
from bot.core.render import CHECKS, SLOT_WORDS
from bot.data import data_folder
from bot.diagnose import Diagnoser

_SLOT = re.compile(r"\{([^{}]*)\}")
_VARIANT_SLOT = re.compile(r"<([^<>]*)>")
_VARIANT_SLOTS = ("ip", "host", "address", "number", "any")
_RESERVED = re.compile(r"\bexample\.(?:com|net|org)\b|\w\.(?:example|test)\b(?!\.)")
"""Names for examples (RFC 2606). In a wording such a name would stand for itself and for no other."""


def lint(
    overlay: Path | None = None, *, today: date | None = None, base: Path | None = None, processes: int = 1
) -> list[Finding]:
    """All findings in the built-in folder and an overlay, sorted; empty when all is well.

    ``today`` asks for entries that nobody has looked at for a year. ``base`` is another folder in place of the
    built-in one. ``processes`` share the diagnosis of the examples: more than one only in a process that has no
    threads, since they are forked.
    """
    base = base or data_folder("knowledge")
    files = [read_file(base, path) for path in knowledge_files(base)]
    if overlay is not None:
        files += [read_file(overlay, path, own=True) for path in knowledge_files(overlay)]
    findings = [finding for file in files for finding in file.findings]
    if findings:
        # What is not YAML or not of the right shape cannot be looked at further.
        return sorted(findings)
    findings = [*_complete(files), *_identities(files), *_references(files), *_slots(files), *_steps(files)]
    if today is not None:
        findings += _stale(files, today)
    if findings:
        return sorted(findings)
    try:
        catalogue = load_catalogue(overlay, base=base)
    except KnowledgeError as error:
        return [Finding("knowledge", 1, str(error))]
    return sorted([*_overlaps(files), *_examples(files, catalogue, processes)])


def processors() -> int:
    """How many processes are worth it here: one where a fork is not safe or not known."""
    return min(len(os.sched_getaffinity(0)), 8) if sys.platform == "linux" else 1


def _complete(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    """Each cause of the contract is there, where it belongs. A team may have causes of its own."""
    built_in = {file.value["cause"] for file in files if file.kind == "cause" and not file.own}
    own = {file.value["cause"] for file in files if file.kind == "cause" and file.own}
    for file in files:
        if file.kind == "cause":
            yield from _in_place(file)
        elif file.kind == "phrases" and file.path.stem not in (built_in | own):
            yield file.finding((), f"{file.path.stem!r} is no known cause; the file is named after one")
    for slug in CAUSES:
        if slug not in built_in:
            yield Finding("knowledge/causes", 1, f"no file for the cause {slug}")


def _in_place(file: KnowledgeFile) -> Iterator[Finding]:
    slug = file.value["cause"]
    if slug not in CAUSES:
        if not file.own:
            yield file.finding(("cause",), f"{slug!r} is no known cause")
        return
    family, party = CAUSES[slug]
    if file.value.get("family", family) != family:
        yield file.finding(("family",), f"the family of {slug} is {family}")
    if file.value.get("party", party) != party:
        yield file.finding(("party",), f"the party of {slug} is {party}")
    if file.path.stem != slug or file.path.parent.name != family:
        yield file.finding(("cause",), f"the file must be causes/{family}/{slug}.yaml")


def _identities(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    """No id twice in one folder. An id of a team's own folder takes the place of a built-in one."""
    seen: dict[tuple[bool, str], str] = {}
    for file in files:
        for place, variant in file.variants():
            where = file.finding(("variants", place, "id"), "")
            key = (file.own, variant["id"])
            if key in seen:
                yield Finding(where.path, where.line, f"the id {variant['id']!r} is taken by {seen[key]}")
            seen[key] = f"{where.path}:{where.line}"


def _references(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    providers = {key for file in files if file.kind == "providers" for key in file.value}
    guides = {key for file in files if file.kind == "guides" for key in file.value}
    causes = {file.value["cause"] for file in files if file.kind == "cause"}
    for file in files:
        if file.kind != "cause":
            continue
        for place, slug in enumerate(file.value.get("beats") or ()):
            if slug not in causes:
                yield file.finding(("beats", place), f"{slug!r} is no known cause")
        for place, step in enumerate(file.value.get("steps") or ()):
            if isinstance(step, dict) and "guide" in step and step["guide"] not in guides:
                yield file.finding(("steps", place), f"the guide {step['guide']!r} is not in guides.yaml")
        for place, variant in file.variants():
            if variant.get("provider") and variant["provider"] not in providers:
                yield file.finding(
                    ("variants", place, "provider"),
                    f"the provider {variant['provider']!r} is not in providers.yaml",
                )


def _slots(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    for file in files:
        for key in ("title", "summary", "steps", "prevention") if file.kind == "cause" else ():
            for text in _texts(file.value.get(key) or ()):
                for slot in _SLOT.findall(text):
                    if slot not in SLOT_WORDS and slot not in CHECKS:
                        yield file.finding(
                            (key,), f"{{{slot}}} is no slot; those are {', '.join(SLOT_WORDS)}"
                        )
        for place, variant in file.variants():
            for slot in _VARIANT_SLOT.findall(variant["text"]):
                if slot not in _VARIANT_SLOTS and slot.isalpha() and slot.islower():
                    yield file.finding(
                        ("variants", place, "text"),
                        f"<{slot[:40]}> is no slot; those are <ip> <host> <address> <number> <any>",
                    )
            if (found := _RESERVED.search(variant["text"])) is not None:
                yield file.finding(
                    ("variants", place, "text"),
                    f"{found.group()!r} is only there for examples; write <host> or <address> for it",
                )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    return [text for text, _ in _doings(value)]


def _doings(steps: Iterable[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The text of each step, with what else is said about it."""
    for step in steps:
        if isinstance(step, str):
            yield step, {}
        elif isinstance(step, dict) and "do" in step:
            yield step["do"], step


_AS_SLOT = f"write the command as a slot: {', '.join(f'{{{slot}}}' for slot in CHECKS)}"
_CODE_CLASS = re.compile(
    r"\b(?:code|reply|status)\b[^.?]{0,30}\b(?:begins|starts) with (?:a )?[\"'“]?[45](?:xx|\d\d)?(?=\s*[?:,.)])",
    re.I,
)
"""Words of a step that leave to the reader what the answer knows."""


def _steps(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    """Whom a step is for must be said where it counts: a letter to a customer has no step for an administrator."""
    for file in files:
        lists: list[tuple[tuple[Any, ...], Sequence[Any]]] = []
        if file.kind == "cause":
            lists = [(("steps",), file.value.get("steps") or ())]
            for place, text in enumerate(file.value.get("prevention") or ()):
                if "'check'" in text:
                    yield file.finding(("prevention", place), _AS_SLOT)
        elif file.kind == "guides":
            lists = [((name, "steps"), guide["steps"]) for name, guide in (file.value or {}).items()]
        for where, steps in lists:
            if where != ("steps",) and any(isinstance(step, dict) and "guide" in step for step in steps):
                yield file.finding(where, "a guide names no other guide")
            for place, step in enumerate(steps):
                for text, marks in _doings([step]):
                    for words in _misread(text, Reader(marks.get("by", Reader.WRITER)), marks.get("when")):
                        yield file.finding((*where, place), words)


def _misread(text: str, by: Reader, when: str | None) -> Iterator[str]:
    named = next((reader for reader, leads in LEADS.items() if text.startswith(leads)), None)
    if named is not None and named is not by:
        yield f"{text.partition(':')[0]!r} begins a step for {named}: write 'by: {named}'"
    if any(f"{{{slot}}}" in text for slot in CHECKS) and by is not Reader.AGENT:
        yield "a command of ours is for the support person: write 'by: agent'"
    if "'check'" in text:
        yield _AS_SLOT
    if when is None and _CODE_CLASS.search(text):
        yield "the code is known: write 'when: temporary' or 'when: permanent', and leave the condition out"


def _stale(files: Sequence[KnowledgeFile], today: date) -> Iterator[Finding]:
    """Blocklists die without a word: each entry must have been looked at within a year."""
    for file in files:
        if file.kind != "blocklists":
            continue
        entries = file.value["blocklists"] if isinstance(file.value, dict) else file.value
        for place, entry in enumerate(entries):
            if "name" not in entry:  # a team's own switch for a list that we describe
                continue
            checked = (entry.get("status") or {}).get("checked")
            try:
                old = (today - date.fromisoformat(str(checked))).days > 366
            except ValueError:
                old = True
            if old:
                where = ("blocklists", place, "status", "checked")
                yield file.finding(where, f"{entry['id']}: look at this list again, last checked {checked}")


def _overlaps(files: Sequence[KnowledgeFile]) -> Iterator[Finding]:
    """The same wording twice, after masking. Under two causes it may stand where the codes tell which is meant."""
    seen: dict[tuple[str, ...], list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for file, place, variant in _in_use(files):
        text, cause = literal_words(variant["text"]), file.value["cause"]
        where = file.finding(("variants", place, "text"), "")
        for other, its_cause, its_variant in seen[text]:
            if its_cause == cause:
                yield Finding(where.path, where.line, f"{variant['id']}: the same wording as {other}")
            elif file.own or not _told_apart(variant, its_variant):
                what = f"{its_cause} claims the same wording at {other}"
                yield Finding(where.path, where.line, f"{variant['id']}: {what}")
        seen[text].append((f"{where.path}:{where.line}", cause, variant))


def _told_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """By their codes; or one has codes, and the other counts only as a whole reply without any."""
    codes, others = set(one.get("codes") or ()), set(other.get("codes") or ())
    if codes and others:
        return not codes & others
    return bool(codes or others) and bool((other if codes else one).get("whole"))


def _in_use(files: Sequence[KnowledgeFile]) -> Iterator[tuple[KnowledgeFile, int, dict[str, Any]]]:
    """Every variant, save those that a team's own folder has put another one in place of."""
    own = {variant["id"] for file in files if file.own for _, variant in file.variants()}
    for file in files:
        for place, variant in file.variants():
            if file.own or variant["id"] not in own:
                yield file, place, variant


class _Example(NamedTuple):
    """A text of a cause, and how it is read."""

    text: str
    cause: str
    kind: str
    """``words``: nothing to parse; ``fragment``: it may stand in a bounce; ``text``: as anybody would paste it."""


def _examples(files: Sequence[KnowledgeFile], catalogue: Catalogue, processes: int) -> Iterator[Finding]:
    places: list[tuple[KnowledgeFile, tuple[str | int, ...], str]] = []
    examples: list[_Example] = []
    for file, place, variant in _in_use(files):
        slug = file.value["cause"]
        kind = "text" if slug == NOT_A_BOUNCE else "words" if file.kind == "phrases" else "fragment"
        examples.append(_Example(variant["example"], slug, kind))
        places.append((file, ("variants", place, "example"), variant["id"]))
    for file in files:
        for place, text in enumerate(file.value.get("counterexamples") or () if file.kind == "cause" else ()):
            examples.append(_Example(text, file.value["cause"], "text"))
            places.append((file, ("counterexamples", place), ""))
    answers = _answers(Diagnoser(catalogue), examples, processes)
    for (file, at, id_), example, answer in zip(places, examples, answers, strict=True):
        if id_ and answer != example.cause:
            yield file.finding(at, f"{id_}: the example is taken for {answer}")
        elif not id_ and answer == example.cause:
            yield file.finding(at, f"the counterexample is taken for {answer}")


def _answers(diagnoser: Diagnoser, examples: Sequence[_Example], processes: int) -> Sequence[str]:
    if processes < 2:
        return [_answer(diagnoser, example) for example in examples]
    answers = [""] * len(examples)
    with ProcessPoolExecutor(processes, get_context("fork"), _begin, (diagnoser,)) as pool:
        shares = [examples[first::processes] for first in range(processes)]
        for first, share in enumerate(pool.map(_share, shares)):
            answers[first::processes] = share
    return answers


_diagnosers: list[Diagnoser] = []
"""Of a process that does a share: it came with the fork."""


def _begin(diagnoser: Diagnoser) -> None:
    _diagnosers.append(diagnoser)


def _share(examples: Sequence[_Example]) -> list[str]:
    return [_answer(_diagnosers[-1], example) for example in examples]


def _answer(diagnoser: Diagnoser, example: _Example) -> str:
    """The cause that an example is taken for."""
    if example.kind == "words":
        # There are thousands of them, and they hold nothing to parse.
        return _cause(diagnoser.index.match(Rejection(text=example.text, facts=Facts(), frame=Frame.WORDS)))
    reading = diagnoser.read(example.text)
    is_bounce = reading.bounce or example.kind == "fragment"
    return _cause(reading.matches[0]) if reading.matches and is_bounce else NOT_A_BOUNCE


def _cause(match: Match) -> str:
    """What the Diagnosis says where nothing was looked up."""
    best = next((each for each in match.candidates if each.cause != NOT_A_BOUNCE), None)
    return best.cause if best is not None and best.score >= THRESHOLD else UNKNOWN
