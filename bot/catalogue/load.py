"""How does knowledge/ become a Catalogue?

YAML is read once; what was read, and what matching makes of it, is kept for the next start (cache.py).
"""

import hashlib
import json
import marshal
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, overload

from bot.catalogue.cache import cache_file, keep, read_kept
from bot.core import mask, match, model
from bot.core.errors import KnowledgeError
from bot.core.match import literal_words
from bot.core.model import (
    Catalogue,
    Cause,
    Clicks,
    Escalation,
    Guide,
    Link,
    Party,
    Prepared,
    Provider,
    Reader,
    Step,
    Variant,
    When,
    WordModel,
)
from bot.core.words import STEPS
from bot.data import data_folder


def load_catalogue(overlay: Path | None = None, *, base: Path | None = None) -> Catalogue:
    """Read the built-in knowledge base and, over it, a team's own folder of the same layout.

    A cause of the overlay replaces the built-in texts that it has, and adds its variants; a variant
    with an id that exists replaces that one. ``base`` is another folder in place of the built-in one.
    Raises KnowledgeError with ``file:line: message``.
    """
    folders = [base or data_folder("knowledge"), *([overlay] if overlay else [])]
    files = [(folder, path) for folder in folders for path in knowledge_files(folder)]
    # The cache holds tokens and rows, so it is another one when the code that makes them changes.
    code = (Path(module.__file__ or "") for module in (mask, match, model))
    words = data_folder("knowledge") / "words.json"
    kept = cache_file(
        [*(path for _, path in files), *code, Path(__file__), *([words] if words.exists() else [])]
    )
    value = read_kept(kept) if kept is not None else None
    if value is not None:
        return _from_kept(value)
    raw = _read(files, overlay)
    catalogue = _build(raw, load_words())
    prepared = match.prepare(catalogue)
    if kept is not None:
        keep(kept, _to_keep(raw, catalogue, prepared))
    return replace(catalogue, prepared=prepared)


def load_words() -> WordModel:
    """The word model of knowledge/words.json, fitted by benchmarks/fit.py; empty when there is none.

    Raises KnowledgeError when the file is there and no such model.
    """
    path = data_folder("knowledge") / "words.json"
    try:
        model = json.loads(path.read_bytes())
        # In the smallest form that there is: these are a hundred thousand numbers. The file has them in steps.
        terms = {
            term: (bytes(places), tuple([weight / STEPS for weight in weights]))
            for term, (places, weights) in dict(model["terms"]).items()
        }
        return WordModel(causes=tuple(model["causes"]), terms=terms)
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


def _read(files: Sequence[tuple[Path, Path]], overlay: Path | None) -> dict[str, Any]:
    if overlay is not None:
        _check(overlay)
    # As JSON has it, keys that are no text included: YAML takes an unquoted 550 for a number.
    raw: dict[str, Any] = json.loads(json.dumps(_merge(files, overlay), default=str))
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
        cause["guide"] = _clicks_of(cause["steps"], raw["guides"])
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


def _expand(steps: Iterable[Any], guides: Mapping[str, Any], cause: str) -> Iterable[Mapping[str, Any]]:
    """Put the steps of a guide where a step names it. Expanding twice changes nothing."""
    for step in steps:
        if isinstance(step, str):
            yield {"do": step}
        elif isinstance(step, dict) and isinstance(step.get("do"), str):
            yield step
        elif isinstance(step, dict) and step.get("guide") in guides:
            yield from _expand(guides[step["guide"]]["steps"], {}, cause)
        else:
            raise KnowledgeError(f"causes/{cause}: the step {step!r} is no text and no guide of guides.yaml")


def _clicks_of(steps: Iterable[Any], guides: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first guide among the steps that says what to click in each mail program."""
    named = (guides.get(step["guide"]) for step in steps if isinstance(step, dict) and "guide" in step)
    return next((guide for guide in named if guide and guide.get("programs")), None)


def _plain(value: Any) -> Any:
    """Dates that YAML made become text."""
    return json.loads(json.dumps(value, default=str))


def _build(raw: dict[str, Any], words: WordModel) -> Catalogue:
    try:
        variants = tuple(_variant(value) for value in raw["variants"].values())
        return _catalogue(raw, variants, words)
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"knowledge base: {error!r}; 'fivefifty knowledge lint' tells where") from None


def _catalogue(raw: dict[str, Any], variants: Sequence[Variant], words: WordModel) -> Catalogue:
    causes = {slug: _cause(value) for slug, value in raw["causes"].items()}
    providers = {id_: _provider(id_, value) for id_, value in raw["providers"].items()}
    return Catalogue(
        causes=MappingProxyType(causes),
        variants=variants,
        providers=MappingProxyType(providers),
        blocklists=tuple(raw["blocklists"].values()),
        mail_domains=frozenset(raw["mail_domains"]),
        codes=MappingProxyType(raw["codes"]),
        words=words,
    )


class _Variants(Sequence[Variant]):
    """Variants that are made when somebody asks for them: one bounce needs a few of ten thousand.

    Until then each is a row of bytes, which takes a quarter of the time to read and half of the memory.
    """

    def __init__(self, rows: Sequence[bytes]) -> None:
        self._rows = rows
        self._made: tuple[Variant, ...] = ()

    def __len__(self) -> int:
        rows = self._rows  # before the other: another thread may be making all
        return len(self._made or rows)

    @overload
    def __getitem__(self, place: int) -> Variant: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Variant, ...]: ...
    def __getitem__(self, place: int | slice) -> Variant | tuple[Variant, ...]:
        if isinstance(place, slice):
            return self._all()[place]
        rows = self._rows
        return self._made[place] if self._made else _of_row(rows[place])

    def __iter__(self) -> Iterator[Variant]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == tuple(other) if isinstance(other, (tuple, _Variants)) else NotImplemented

    def _all(self) -> tuple[Variant, ...]:
        rows = self._rows
        if not self._made:
            self._made = tuple(map(_of_row, rows))
            self._rows = ()
        return self._made


_FIELDS = tuple(field.name for field in fields(Variant))


def _row(variant: Variant) -> bytes:
    """A variant as the plain values of its fields, in order."""
    # Interned words are so again when they are read: one object for all variants that have the word.
    variant = replace(variant, words=tuple(map(sys.intern, variant.words)))
    values = (getattr(variant, name) for name in _FIELDS)
    return marshal.dumps(tuple(value.value if isinstance(value, Party) else value for value in values))


def _of_row(row: bytes) -> Variant:
    values = dict(zip(_FIELDS, marshal.loads(row), strict=True))  # noqa: S302 - of our own cache: no code runs
    return Variant(**{**values, "party": Party(values["party"]) if values["party"] else None})


_PREPARED = tuple(
    field.name for field in fields(Prepared) if field.name not in ("causes", "variants", "words")
)


def _to_keep(raw: dict[str, Any], catalogue: Catalogue, prepared: Prepared) -> dict[str, Any]:
    """All of a catalogue as plain values."""
    return {
        **raw,
        "variants": [_row(variant) for variant in catalogue.variants],
        "words": (catalogue.words.causes, catalogue.words.terms),
        "prepared": {
            **{name: getattr(prepared, name) for name in _PREPARED},
            "parties": {id_: party.value for id_, party in prepared.parties.items()},
        },
    }


def _from_kept(value: dict[str, Any]) -> Catalogue:
    causes, terms = value["words"]
    catalogue = _catalogue(value, _Variants(value["variants"]), WordModel(causes=causes, terms=terms))
    prepared = {
        **value["prepared"],
        "parties": {id_: Party(party) for id_, party in value["prepared"]["parties"].items()},
    }
    return replace(
        catalogue,
        prepared=Prepared(
            causes=catalogue.causes, variants=catalogue.variants, words=catalogue.words, **prepared
        ),
    )


def _cause(value: dict[str, Any]) -> Cause:
    return Cause(
        slug=value["cause"],
        family=value["family"],
        party=Party(value["party"]),
        title=value["title"],
        summary=value["summary"],
        steps=tuple(_step(step) for step in value["steps"]),
        guide=_guide(value["guide"]) if value.get("guide") else None,
        prevention=tuple(value["prevention"]),
        escalation=Escalation(
            when=value["escalation"]["when"], collect=tuple(value["escalation"]["collect"])
        ),
        lookups=tuple(value.get("lookups") or ()),
        beats=tuple(value.get("beats") or ()),
        links=tuple(Link(title=link["title"], url=link["url"]) for link in value.get("links") or ()),
        counterexamples=tuple(value.get("counterexamples") or ()),
    )


def _step(value: Mapping[str, Any]) -> Step:
    return Step(
        text=value["do"],
        by=Reader(value.get("by", Reader.WRITER)),
        when=When(value["when"]) if value.get("when") else None,
        about=value.get("about"),
    )


def _guide(value: Mapping[str, Any]) -> Guide:
    return Guide(
        title=value["title"],
        clicks=tuple(
            Clicks(program=each["name"], family=each["family"], text=each["do"]) for each in value["programs"]
        ),
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
        name: tuple(value.get(name) or ())
        for name in ("mx", "hosts", "domains", "texts", "names", "dkim_selectors")
    }
    return Provider(
        id=id_,
        name=value["name"],
        postmaster=value.get("postmaster"),
        delisting=value.get("delisting"),
        note=value.get("note"),
        **lists,
    )
