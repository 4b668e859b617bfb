"""How does knowledge/ become a Catalogue?

YAML is read once; what was read is kept as JSON in the user's cache folder, under a name made from
every file's path, size and time of change, so that the next start takes milliseconds.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.core import mask, match
from bot.core.errors import KnowledgeError
from bot.core.match import literal_words
from bot.core.model import Catalogue, Cause, Escalation, Link, Party, Provider, Variant, WordModel
from bot.data import data_folder

_FORMAT = 4
"""Raised when the cached form changes."""


def load_catalogue(overlay: Path | None = None, *, base: Path | None = None) -> Catalogue:
    """Read the built-in knowledge base and, over it, a team's own folder of the same layout.

    A cause of the overlay replaces the built-in texts that it has, and adds its variants; a variant
    with an id that exists replaces that one. ``base`` is another folder in place of the built-in one.
    Raises KnowledgeError with ``file:line: message``.
    """
    return _build(_read(base or data_folder("knowledge"), overlay), load_words())


def load_words() -> WordModel:
    """The word model of knowledge/words.json, fitted by benchmarks/fit.py; empty when there is none.

    Raises KnowledgeError when the file is there and no such model.
    """
    path = data_folder("knowledge") / "words.json"
    try:
        model = json.loads(path.read_bytes())
        return WordModel(causes=tuple(model["causes"]), terms=dict(model["terms"]))
    except FileNotFoundError:
        return WordModel()
    except (OSError, ValueError, KeyError, TypeError):
        raise KnowledgeError(f"{path}:1: no word model; 'make fit' makes it again") from None


def knowledge_files(folder: Path) -> list[Path]:
    """All files of one knowledge folder that hold knowledge, in a stable order."""
    found = [*folder.rglob("*.yaml"), *folder.glob("phrases/*.txt")]
    # Editors and file systems leave hidden files behind: ".#name.yaml" (a link to nowhere), "._name.yaml".
    return sorted(path for path in found if not path.name.startswith("."))


def read_phrases(path: Path) -> Iterator[tuple[int, str, bool]]:
    """The phrases of one file: line number, text, and whether it counts only as a whole reply.

    One phrase a line; ``#`` begins a comment line, ``=`` a phrase that counts only as a whole reply.
    Raises KnowledgeError when the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise KnowledgeError(f"{path}:1: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise KnowledgeError(f"{path}:1: cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text.removeprefix("=").strip(), text.startswith("=")


def phrase_id(text: str) -> str:
    """The id of a phrase, made from its words: it changes only when they do."""
    slug = "-".join(re.findall(r"\w+", text.lower()))[:60].strip("-")
    return f"phrase-{slug}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def read_yaml(path: Path) -> Any:
    """One YAML file as plain values. Raises KnowledgeError with ``file:line: message``."""
    import yaml  # only here: a start with a cache reads no YAML

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe loader, the C one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(f"{path}:{line}: {error.problem or 'not YAML'}") from None
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{path}:1: {str(error).splitlines()[0]}") from None
    except UnicodeDecodeError:
        raise KnowledgeError(f"{path}:1: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise KnowledgeError(f"{path}:1: cannot be read: {error.strerror}") from None
    except (ValueError, OverflowError) as error:  # such as a date that is none: 2026-02-30
        raise KnowledgeError(f"{path}:1: a value that is none: {error}") from None


def _read(base: Path, overlay: Path | None) -> dict[str, Any]:
    folders = [base, *([overlay] if overlay else [])]
    files = [(folder, path) for folder in folders for path in knowledge_files(folder)]
    cached = _cache_file(files)
    if cached is not None:
        with suppress(OSError, ValueError):
            value = json.loads(cached.read_bytes())
            if isinstance(value, dict):
                return value
    if overlay is not None:
        _check(overlay)
    text = json.dumps(_merge(files, overlay), ensure_ascii=False, separators=(",", ":"), default=str)
    if cached is not None:
        _write_aside(cached, text)
    # What the next start reads is what this one works with, keys that are no text included.
    raw: dict[str, Any] = json.loads(text)
    return raw


def _check(overlay: Path) -> None:
    """A team's own files are checked when they are new, ours in development. Raises KnowledgeError."""
    from bot.catalogue.shape import read_file  # not loaded when the cache serves

    for path in knowledge_files(overlay):
        for finding in read_file(overlay, path, own=True).findings:
            raise KnowledgeError(f"{finding}; 'fivefifty knowledge lint' names all findings")


def _merge(files: Iterable[tuple[Path, Path]], overlay: Path | None) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "causes": {},
        "variants": {},
        "guides": {},
        "providers": {},
        "blocklists": {},
        "mail_domains": [],
        "codes": {},
    }
    for folder, path in files:
        kind = path.relative_to(folder).parts[0]
        if kind == "phrases":
            _merge_phrases(raw, path, own=folder == overlay)
            continue
        content = read_yaml(path)
        try:
            if kind == "causes":
                _merge_cause(raw, content, own=folder == overlay)
            elif kind == "guides.yaml":
                raw["guides"].update(content or {})
            elif kind == "providers.yaml":
                raw["providers"].update({str(key): value for key, value in (content or {}).items()})
            elif kind == "blocklists.yaml":
                entries = content["blocklists"] if isinstance(content, dict) else content
                for entry in entries or ():  # a team's own entry may change one field alone, such as ``ask``
                    raw["blocklists"][entry["id"]] = {
                        **raw["blocklists"].get(entry["id"], {}),
                        **_plain(entry),
                    }
            elif kind == "codes.yaml":
                for name, meanings in content.items():
                    raw["codes"].setdefault(name, {}).update(meanings)
            elif kind == "domains.yaml":
                raw["mail_domains"].extend(content["mail_domains"])
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            what = (
                f"the key {error} is missing"
                if isinstance(error, KeyError)
                else "not laid out as schema.json says"
            )
            raise KnowledgeError(f"{path}:1: {what}; 'fivefifty knowledge lint' tells more") from None
    for variant in raw["variants"].values():
        if not isinstance(variant.get("text"), str):
            raise KnowledgeError(f"causes/{variant['cause']}: the variant {variant['id']!r} has no text")
        variant["words"] = literal_words(variant["text"])
    for cause in raw["causes"].values():
        if not isinstance(cause.get("steps"), list):
            raise KnowledgeError(
                f"causes/{cause['cause']}: it has no steps; 'fivefifty knowledge lint' tells more"
            )
        cause["steps"] = list(_expand(cause["steps"], raw["guides"], cause["cause"]))
    for variant in raw["variants"].values():
        if variant["cause"] not in raw["causes"]:
            raise KnowledgeError(
                f"the phrases of {variant['cause']!r} belong to no cause; name the file after one"
            )
    return raw


def _merge_phrases(raw: dict[str, Any], path: Path, *, own: bool) -> None:
    for _, text, whole in read_phrases(path):
        raw["variants"][phrase_id(text)] = {
            "id": phrase_id(text),
            "cause": path.stem,
            "text": text,
            "source": "",
            "example": text,
            "general": True,
            "whole": whole,
            "own": own,
        }


def _merge_cause(raw: dict[str, Any], content: dict[str, Any], *, own: bool) -> None:
    slug = content["cause"]
    for variant in content.pop("variants", None) or ():
        raw["variants"][variant["id"]] = {**variant, "cause": slug, "own": own}
    raw["causes"][slug] = {**raw["causes"].get(slug, {}), **content}


def _expand(steps: Iterable[Any], guides: Mapping[str, Any], cause: str) -> Iterable[str]:
    """Put the steps of a guide where a step names it. Expanding twice changes nothing."""
    for step in steps:
        if isinstance(step, str):
            yield step
        elif isinstance(step, dict) and step.get("guide") in guides:
            yield from guides[step["guide"]]["steps"]
        else:
            raise KnowledgeError(f"causes/{cause}: the step {step!r} is no text and no guide of guides.yaml")


def _plain(value: Any) -> Any:
    """Dates that YAML made become text, so that the cache is JSON."""
    return json.loads(json.dumps(value, default=str))


def _build(raw: dict[str, Any], words: WordModel) -> Catalogue:
    try:
        causes = {slug: _cause(value) for slug, value in raw["causes"].items()}
        variants = tuple(_variant(value) for value in raw["variants"].values())
        providers = {id_: _provider(id_, value) for id_, value in raw["providers"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"knowledge base: {error!r}; 'fivefifty knowledge lint' tells where") from None
    return Catalogue(
        causes=MappingProxyType(causes),
        variants=variants,
        providers=MappingProxyType(providers),
        blocklists=tuple(raw["blocklists"].values()),
        mail_domains=frozenset(raw["mail_domains"]),
        codes=MappingProxyType(raw["codes"]),
        words=words,
    )


def _cause(value: dict[str, Any]) -> Cause:
    return Cause(
        slug=value["cause"],
        family=value["family"],
        party=Party(value["party"]),
        title=value["title"],
        summary=value["summary"],
        steps=tuple(value["steps"]),
        prevention=tuple(value["prevention"]),
        escalation=Escalation(
            when=value["escalation"]["when"], collect=tuple(value["escalation"]["collect"])
        ),
        lookups=tuple(value.get("lookups") or ()),
        beats=tuple(value.get("beats") or ()),
        links=tuple(Link(title=link["title"], url=link["url"]) for link in value.get("links") or ()),
        counterexamples=tuple(value.get("counterexamples") or ()),
    )


def _variant(value: dict[str, Any]) -> Variant:
    party = value.get("party")
    return Variant(
        id=value["id"],
        cause=value["cause"],
        text=value["text"],
        source=value["source"],
        example=value["example"],
        provider=value.get("provider"),
        codes=tuple(value.get("codes") or ()),
        party=Party(party) if party else None,
        general=value.get("general", False),
        whole=value.get("whole", False),
        own=value.get("own", False),
        words=tuple(value["words"]),
    )


def _provider(id_: str, value: dict[str, Any]) -> Provider:
    lists = {
        name: tuple(value.get(name) or ()) for name in ("mx", "hosts", "domains", "texts", "dkim_selectors")
    }
    return Provider(
        id=id_,
        name=value["name"],
        postmaster=value.get("postmaster"),
        delisting=value.get("delisting"),
        note=value.get("note"),
        **lists,
    )


def _cache_file(files: Iterable[tuple[Path, Path]]) -> Path | None:
    folder = _cache_folder()
    if folder is None:
        return None
    digest = hashlib.sha256(f"{_FORMAT}".encode())
    # The cache holds tokens, so it is another one when the code that makes them changes.
    code = [Path(module.__file__ or "") for module in (mask, match)]
    for path in [*(path for _, path in files), *code]:
        try:
            state = path.stat()
        except OSError as error:
            raise KnowledgeError(f"{path}:1: cannot be read: {error.strerror}") from None
        digest.update(f"\0{path}\0{state.st_size}\0{state.st_mtime_ns}".encode())
    return folder / f"knowledge-{digest.hexdigest()[:24]}.json"


@cache
def _cache_folder() -> Path | None:
    """The folder for our cache, or None where the home folder cannot be written: then YAML is read each time."""
    base = os.environ.get("XDG_CACHE_HOME")
    with suppress(OSError, RuntimeError):
        folder = (Path(base) if base else Path.home() / ".cache") / "fivefifty"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    return None


def _write_aside(path: Path, text: str) -> None:
    """Write through a temporary file: another process never reads half a cache. Old caches go."""
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
        old = sorted(path.parent.glob("knowledge-*.json"), key=lambda entry: entry.stat().st_mtime)
        for outdated in old[:-8]:
            outdated.unlink(missing_ok=True)
