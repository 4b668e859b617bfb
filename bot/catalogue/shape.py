"""Is a file of the knowledge base YAML, and laid out as schema.json says? Each finding has its line.

Files are written by hand, also by a team for its own folder, so nothing is taken on trust: an alias of
YAML is refused (one line of them can stand for gigabytes), and a value that is no value has a line too.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bot.catalogue.contract import CAUSES
from bot.catalogue.load import phrase_id, read_phrases
from bot.core.errors import KnowledgeError
from bot.data import data_folder

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {
    "guides.yaml": "guides",
    "providers.yaml": "providers",
    "domains.yaml": "domains",
    "blocklists.yaml": "blocklists",
    "codes.yaml": "codes",
}
MAX_CHARACTERS = 5_000_000
"""Of one file. The longest of ours has a tenth of it."""
_DEEPEST = 30
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MOST = 50
"""Findings of one file that are told: a file of another kind has thousands."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing that is wrong: ``str()`` gives ``file:line: message``."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """A file as it was read. ``findings`` is empty when its shape is right; then ``value`` is plain data."""

    path: Path
    shown: str
    """The path within its folder, for people."""
    kind: str
    """cause, phrases, guides, providers, domains, blocklists or codes; empty for what does not belong here."""
    value: Any
    lines: Mapping[tuple[Any, ...], int]
    """The line of each value, by its path of keys and places."""
    findings: tuple[Finding, ...] = ()
    own: bool = False
    """True for a file of a team's own folder."""

    def finding(self, where: Sequence[Any], message: str) -> Finding:
        return Finding(self.shown, line_of(self.lines, where), message)

    def variants(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The variants of a cause or the phrases of a file, with their places."""
        if self.kind in ("cause", "phrases"):
            yield from enumerate(self.value.get("variants") or ())


def read_file(folder: Path, path: Path, *, own: bool = False) -> KnowledgeFile:
    """Read and check one file of a knowledge folder. Never raises for what it holds.

    In a team's ``own`` folder a cause that is built in need not be whole: what it leaves out stays.
    """
    shown = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    first = path.relative_to(folder).parts[0]
    if first == "phrases":
        return _read_phrases(path, shown, own)
    kind = "cause" if first == "causes" else _KINDS.get(first, "")

    def broken(line: int, message: str) -> KnowledgeFile:
        return KnowledgeFile(path, shown, kind, None, {}, (Finding(shown, line, message),), own)

    if not kind:
        return broken(1, "no file of that name belongs here; see knowledge/README.md")
    try:
        text = path.read_text("utf-8")
        fault = _fault(text)
        if fault is not None:
            return broken(*fault)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:  # two documents in one file
        return broken(error.problem_mark.line + 1 if error.problem_mark else 1, error.problem or "not YAML")
    except UnicodeDecodeError as error:
        return broken(error.object.count(b"\n", 0, error.start) + 1, "not UTF-8; save the file as UTF-8")
    except OSError as error:
        return broken(1, f"cannot be read: {error.strerror}")
    if node is None:
        return broken(1, "the file is empty")
    lines: dict[tuple[Any, ...], int] = {}
    findings: list[Finding] = []
    value = _plain(node, (), lines, shown, findings)
    if not findings:
        findings = _against_schema(kind, value, lines, shown, own=own)
    return KnowledgeFile(path, shown, kind, value, lines, tuple(sorted(findings)[:_MOST]), own)


def line_of(lines: Mapping[tuple[Any, ...], int], where: Sequence[Any]) -> int:
    """The line of a value, or of the nearest one around it that has a line."""
    path = tuple(where)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _read_phrases(path: Path, shown: str, own: bool) -> KnowledgeFile:
    """Phrases as a cause's variants with the line as example, so that the same checks read them."""
    try:
        rows = list(read_phrases(path))
    except KnowledgeError as error:
        return KnowledgeFile(path, shown, "phrases", None, {}, (Finding(shown, 1, error.args[0]),), own)
    variants: list[dict[str, Any]] = [
        {"id": phrase_id(text), "text": text, "example": text, "whole": whole} for _, text, whole in rows
    ]
    lines = {("variants", place): number for place, (number, _, _) in enumerate(rows)}
    value = {"cause": path.stem, "variants": variants}
    findings = [
        Finding(shown, lines["variants", place], "a phrase has at most 600 characters")
        for place, variant in enumerate(variants)
        if len(variant["text"]) > 600
    ]
    return KnowledgeFile(path, shown, "phrases", value, lines, tuple(findings[:_MOST]), own)


def _fault(text: str) -> tuple[int, str] | None:
    """Why a text is no YAML of ours, with the line; None when it is.

    What could hurt is looked for in the stream of events, before a tree is built: the builder in C runs out
    of stack on deep nesting, and follows aliases however much they stand for.
    """
    if len(text) > MAX_CHARACTERS:
        return 1, f"longer than {MAX_CHARACTERS} characters; split it into several files"
    found = _CONTROL.search(text)
    if found:
        return text.count("\n", 0, found.start()) + 1, f"the character {found.group()!r} does not belong here"
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                return line, "aliases (*name) are not read here; write it out, or put it in quotes"
            if getattr(event, "tag", None) is not None:
                return line, "tags (!name) are not read here; put the text in quotes"
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return line, "nested too deeply"
    except yaml.MarkedYAMLError as error:
        return (error.problem_mark.line + 1 if error.problem_mark else 1), error.problem or "not YAML"
    except (yaml.YAMLError, ValueError) as error:
        return 1, str(error).splitlines()[0]
    return None


def _plain(
    node: yaml.Node,
    where: tuple[Any, ...],
    lines: dict[tuple[Any, ...], int],
    shown: str,
    findings: list[Finding],
) -> Any:
    line = node.start_mark.line + 1
    lines[where] = line
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key, key_line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key, str):
                findings.append(Finding(shown, key_line, "a key must be a word"))
                continue
            if key in result:
                findings.append(Finding(shown, key_line, f"the key {key[:60]!r} stands twice"))
            result[key] = _plain(value_node, (*where, key), lines, shown, findings)
            lines[(*where, key)] = key_line
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(child, (*where, place), lines, shown, findings) for place, child in enumerate(node.value)
        ]
    if node.tag.endswith(":str"):
        return node.value
    # Numbers, dates, booleans and nulls keep their type.
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError):
        findings.append(Finding(shown, line, f"{str(node.value)[:60]!r} is no value; put it in quotes"))
        return None


@cache
def _validator(kind: str, whole: bool) -> Draft202012Validator:
    schema = json.loads((data_folder("knowledge") / "schema.json").read_text("utf-8"))
    definitions = schema["$defs"]
    if kind == "cause" and not whole:
        definitions = {**definitions, "cause": {**definitions["cause"], "required": ["cause"]}}
    return Draft202012Validator(_without_references(definitions[kind], definitions))


def _without_references(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with each ``$ref`` replaced by what it names: looking them up takes a third of all checking."""
    if isinstance(schema, list):
        return [_without_references(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        rest = {key: value for key, value in schema.items() if key not in ("$ref", "description")}
        return _without_references({**named, **rest}, definitions)
    return {key: _without_references(value, definitions) for key, value in schema.items()}


def _against_schema(
    kind: str, value: Any, lines: Mapping[tuple[Any, ...], int], shown: str, *, own: bool
) -> list[Finding]:
    built_in = isinstance(value, dict) and value.get("cause") in CAUSES
    validator = _validator(kind, not (own and built_in))
    plain = json.loads(json.dumps(value, default=str))
    return [
        Finding(shown, line_of(lines, tuple(error.absolute_path)), _message(error))
        for error in validator.iter_errors(plain)
    ]


def _message(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path) or "the file"
    if "codes" in error.absolute_path and error.validator == "type" and not isinstance(error.instance, list):
        return f"{where}: write {str(error.instance)[:40]} in quotes: codes are text"
    said = " ".join(str(error.message).split())
    return f"{where}: {said if len(said) <= 200 else said[:120] + ' … ' + said[-79:]}"
