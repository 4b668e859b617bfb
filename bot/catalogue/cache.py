"""Where is what was read of knowledge/ kept, so that the next start takes milliseconds?

In the user's cache folder, under a name made from the path, size and time of change of every file that it comes
from. The values are plain (dict, list, tuple, text, number), written with ``marshal``: it is the fastest to read
and, unlike pickle, runs nothing that it reads. A checksum in front tells a file that is broken.
"""

import gc
import hashlib
import marshal
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.errors import KnowledgeError

_MOST = 8
"""Files that stay: one for each folder and version in use."""
_SUM = 4
"""Bytes of the checksum."""


def cache_file(files: Iterable[Path]) -> Path | None:
    """The file that keeps what comes from ``files``; None where nothing can be kept.

    Raises KnowledgeError when one of them cannot be read.
    """
    folder = _cache_folder()
    if folder is None:
        return None
    # What marshal writes is for one version of Python.
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        try:
            state = path.stat()
        except OSError as error:
            raise KnowledgeError(f"{path}:1: cannot be read: {error.strerror}") from None
        digest.update(f"\0{path}\0{state.st_size}\0{state.st_mtime_ns}".encode())
    return folder / f"knowledge-{digest.hexdigest()[:24]}.marshal"


def read_kept(path: Path) -> dict[str, Any] | None:
    """What ``keep`` has written; None when there is no such file or it is broken."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        data = memoryview(path.read_bytes())
        if zlib.crc32(data[_SUM:]).to_bytes(_SUM, "big") == data[:_SUM]:
            with _no_garbage():
                value = marshal.loads(data[_SUM:])  # noqa: S302 - no code runs, and the checksum is right
            if isinstance(value, dict):
                return value
    return None


def keep(path: Path, value: dict[str, Any]) -> None:
    """Write through a temporary file: another process never reads half a cache. Old ones go; a full disk is no fault."""
    data = marshal.dumps(_shared(value, {}))
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.crc32(data).to_bytes(_SUM, "big") + data)
        Path(name).replace(path)
        old = sorted(path.parent.glob("knowledge-*.*"), key=lambda entry: entry.stat().st_mtime)
        for outdated in old[:-_MOST]:
            outdated.unlink(missing_ok=True)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Look for no garbage meanwhile: there is none, and looking takes as long as reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@cache
def _cache_folder() -> Path | None:
    """The folder for our cache, or None where the home folder cannot be written: then YAML is read each time."""
    base = os.environ.get("XDG_CACHE_HOME")
    with suppress(OSError, RuntimeError):
        folder = (Path(base) if base else Path.home() / ".cache") / "fivefifty"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    return None


def _shared(value: Any, seen: dict[Any, Any]) -> Any:
    """The same value, in which equal texts and numbers are one object: written once, read and held once."""
    if isinstance(value, dict):
        return {_shared(key, seen): _shared(each, seen) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_shared(each, seen) for each in value)
    return seen.setdefault((type(value), value), value)
