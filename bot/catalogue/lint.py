"""Is the knowledge base sound? Each finding names file, line and mend.

Checks the shape (schema.json), the contract's causes, ids, references, wordings that two causes
claim, slots, and that every example is diagnosed as its cause and no counterexample is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bot.catalogue.contract import CAUSES
from bot.catalogue.load import knowledge_files, load_catalogue, phrase_id, read_phrases
from bot.core.errors import KnowledgeError
from bot.core.match import literal_words
from bot.core.model import NOT_A_BOUNCE, Catalogue
from bot.core.render import SLOT_WORDS
from bot.data import data_folder
from bot.diagnose import Diagnoser

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLOT = re.compile(r"\{([^{}]*)\}")
_VARIANT_SLOT = re.compile(r"<([^<>]*)>")
_VARIANT_SLOTS = ("ip", "host", "address", "number", "any")
_KINDS = {
    "guides.yaml": "guides",
    "providers.yaml": "providers",
    "domains.yaml": "domains",
    "blocklists.yaml": "blocklists",
    "codes.yaml": "codes",
}


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing that is wrong: ``str()`` gives ``file:line: message``."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def lint(overlay: Path | None = None, *, today: date | None = None) -> list[Finding]:
    """All findings in the built-in folder and an overlay, sorted; empty when all is well."""
    folders = [data_folder("knowledge"), *([overlay] if overlay else [])]
    files = [_File.read(folder, path) for folder in folders for path in knowledge_files(folder)]
    findings = [finding for file in files for finding in file.findings]
    if findings:
        # What is not YAML or not of the right shape cannot be looked at further.
        return sorted(findings)
    findings = [*_complete(files), *_identities(files), *_references(files), *_slots(files)]
    if today is not None:
        findings += _stale(files, today)
    if findings:
        return sorted(findings)
    try:
        catalogue = load_catalogue(overlay)
    except KnowledgeError as error:
        return [Finding("knowledge", 1, str(error))]
    return sorted([*_overlaps(files, catalogue), *_examples(files, catalogue)])


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    shown: str
    kind: str
    value: Any
    lines: Mapping[tuple[Any, ...], int]
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, folder: Path, path: Path) -> "_File":
        shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        first = path.relative_to(folder).parts[0]
        if first == "phrases":
            return cls._read_phrases(path, shown)
        kind = "cause" if first == "causes" else _KINDS.get(first, "")
        try:
            node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            return cls(path, shown, kind, None, {}, (Finding(shown, line, error.problem or "not YAML"),))
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            return cls(path, shown, kind, None, {}, (Finding(shown, 1, str(error).splitlines()[0]),))
        lines: dict[tuple[Any, ...], int] = {}
        findings: list[Finding] = []
        if node is None or not kind:
            message = (
                "the file is empty" if kind else "no file of that name belongs here; see knowledge/README.md"
            )
            return cls(path, shown, kind, None, lines, (Finding(shown, 1, message),))
        value = _plain(node, (), lines, shown, findings)
        findings += _shape(kind, value, lines, shown)
        return cls(path, shown, kind, value, lines, tuple(findings))

    @classmethod
    def _read_phrases(cls, path: Path, shown: str) -> "_File":
        """Phrases as a cause's variants with the line as example, so that the same checks read them."""
        try:
            rows = list(read_phrases(path))
        except KnowledgeError as error:
            return cls(path, shown, "phrases", None, {}, (Finding(shown, 1, str(error)),))
        variants = [{"id": phrase_id(text), "text": text, "example": text} for _, text, _ in rows]
        lines = {("variants", place): number for place, (number, _, _) in enumerate(rows)}
        findings = []
        if path.stem not in CAUSES:
            findings.append(
                Finding(shown, 1, f"{path.stem!r} is no known cause; the file is named after one")
            )
        return cls(path, shown, "phrases", {"cause": path.stem, "variants": variants}, lines, tuple(findings))

    def finding(self, where: Sequence[Any], message: str) -> Finding:
        return Finding(self.shown, _line(self.lines, where), message)

    def variants(self) -> Iterator[tuple[int, dict[str, Any]]]:
        if self.kind in ("cause", "phrases"):
            yield from enumerate(self.value.get("variants") or ())


def _plain(
    node: yaml.Node,
    where: tuple[Any, ...],
    lines: dict[tuple[Any, ...], int],
    shown: str,
    findings: list[Finding],
) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key in result:
                findings.append(Finding(shown, key_node.start_mark.line + 1, f"the key {key!r} stands twice"))
            result[key] = _plain(value_node, (*where, key), lines, shown, findings)
            lines[(*where, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(child, (*where, place), lines, shown, findings) for place, child in enumerate(node.value)
        ]
    return yaml.SafeLoader.construct_object(yaml.SafeLoader(""), node) if _is_special(node) else node.value


def _is_special(node: yaml.Node) -> bool:
    """Numbers, dates, booleans and nulls keep their type; text is taken as it stands."""
    return not node.tag.endswith(":str")


def _shape(kind: str, value: Any, lines: Mapping[tuple[Any, ...], int], shown: str) -> list[Finding]:
    schema = json.loads((data_folder("knowledge") / "schema.json").read_text("utf-8"))
    if kind not in schema["$defs"]:
        return []
    validator = Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"})
    return [
        Finding(shown, _line(lines, tuple(error.absolute_path)), _shape_message(error))
        for error in validator.iter_errors(json.loads(json.dumps(value, default=str)))
    ]


def _shape_message(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    return f"{where}: {error.message[:200]}"


def _line(lines: Mapping[tuple[Any, ...], int], where: Sequence[Any]) -> int:
    path = tuple(where)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _complete(files: Sequence[_File]) -> Iterator[Finding]:
    found = {file.value["cause"]: file for file in files if file.kind == "cause"}
    for slug, file in found.items():
        if slug not in CAUSES:
            yield file.finding(("cause",), f"{slug!r} is no known cause")
            continue
        family, party = CAUSES[slug]
        if file.value["family"] != family:
            yield file.finding(("family",), f"the family of {slug} is {family}")
        if file.value["party"] != party:
            yield file.finding(("party",), f"the party of {slug} is {party}")
        if file.path.stem != slug or file.path.parent.name != family:
            yield file.finding(("cause",), f"the file must be causes/{family}/{slug}.yaml")
    for slug in CAUSES:
        if slug not in found:
            yield Finding("knowledge/causes", 1, f"no file for the cause {slug}")


def _identities(files: Sequence[_File]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in files:
        for place, variant in file.variants():
            where = file.finding(("variants", place, "id"), "")
            if variant["id"] in seen:
                yield Finding(
                    where.path, where.line, f"the id {variant['id']!r} is taken by {seen[variant['id']]}"
                )
            seen[variant["id"]] = f"{where.path}:{where.line}"


def _references(files: Sequence[_File]) -> Iterator[Finding]:
    providers = {key for file in files if file.kind == "providers" for key in file.value}
    guides = {key for file in files if file.kind == "guides" for key in file.value}
    for file in files:
        if file.kind != "cause":
            continue
        for place, slug in enumerate(file.value.get("beats") or ()):
            if slug not in CAUSES:
                yield file.finding(("beats", place), f"{slug!r} is no known cause")
        for place, step in enumerate(file.value["steps"]):
            if isinstance(step, dict) and step["guide"] not in guides:
                yield file.finding(("steps", place), f"the guide {step['guide']!r} is not in guides.yaml")
        for place, variant in file.variants():
            if variant.get("provider") and variant["provider"] not in providers:
                yield file.finding(
                    ("variants", place, "provider"),
                    f"the provider {variant['provider']!r} is not in providers.yaml",
                )


def _slots(files: Sequence[_File]) -> Iterator[Finding]:
    for file in files:
        for key in ("title", "summary", "steps", "prevention") if file.kind == "cause" else ():
            for text in _texts(file.value[key]):
                for slot in _SLOT.findall(text):
                    if slot not in SLOT_WORDS:
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


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)]


def _stale(files: Sequence[_File], today: date) -> Iterator[Finding]:
    """Blocklists die without a word: each entry must have been looked at within a year."""
    for file in files:
        if file.kind != "blocklists":
            continue
        entries = file.value["blocklists"] if isinstance(file.value, dict) else file.value
        for place, entry in enumerate(entries):
            if "name" not in entry:  # a team's own switch for a list that we describe
                continue
            checked = (entry.get("status") or {}).get("checked")
            day = date.fromisoformat(str(checked)) if checked else None
            if day is None or (today - day).days > 366:
                yield file.finding(
                    (place,), f"{entry['id']}: look at this list again, last checked {checked}"
                )


def _overlaps(files: Sequence[_File], catalogue: Catalogue) -> Iterator[Finding]:
    """The same wording twice, after masking."""
    seen: dict[tuple[str, ...], tuple[str, str]] = {}
    for file in files:
        for place, variant in file.variants():
            text = literal_words(variant["text"])
            where = file.finding(("variants", place, "text"), "")
            if text in seen:
                other, cause = seen[text]
                what = (
                    "the same wording as"
                    if cause == file.value["cause"]
                    else f"{cause} claims the same wording at"
                )
                yield Finding(where.path, where.line, f"{variant['id']}: {what} {other}")
            else:
                seen[text] = (f"{where.path}:{where.line}", file.value["cause"])


def _examples(files: Sequence[_File], catalogue: Catalogue) -> Iterator[Finding]:
    diagnoser = Diagnoser(catalogue)
    for file in files:
        if file.kind not in ("cause", "phrases"):
            continue
        slug = file.value["cause"]
        for place, variant in file.variants():
            answer = _answer(diagnoser, variant["example"], as_bounce=slug != NOT_A_BOUNCE)
            if answer != slug:
                yield file.finding(
                    ("variants", place, "example"), f"{variant['id']}: the example is taken for {answer}"
                )
        for place, text in enumerate(file.value.get("counterexamples") or ()):
            if _answer(diagnoser, text) == slug:
                yield file.finding(("counterexamples", place), f"the counterexample is taken for {slug}")


def _answer(diagnoser: Diagnoser, text: str, *, as_bounce: bool = False) -> str:
    """The cause of ``text``. A wording may be a fragment that alone is no bounce; ``as_bounce`` takes it for one."""
    reading = diagnoser.read(text)
    if as_bounce and reading.matches:
        reading = replace(reading, bounce=True)
    diagnosis = diagnoser.first(reading)
    return diagnosis.first.cause if diagnosis.first else NOT_A_BOUNCE
