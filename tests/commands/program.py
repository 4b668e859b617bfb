"""Runs the program as its user would: a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


def run(
    *arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None, folder: Path | None = None
) -> Run:
    """Run ``fivefifty`` with ``arguments``; only ``environment`` and the paths of this process are set."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME", "LANG") if name in os.environ
    }
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **(environment or {})},
    )
    return Run(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )
