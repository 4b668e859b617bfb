"""Does the built wheel carry knowledge/, migrations/ and the console script?

Usage: python tests/wheel_check.py FOLDER_WITH_THE_WHEEL
"""

import sys
import zipfile
from pathlib import Path

WANTED = (
    "bot/cli.py",
    "bot/_data/knowledge/schema.json",
    "bot/_data/knowledge/causes/recipient/no-such-user.yaml",
    "bot/_data/knowledge/words.json",
    "bot/_data/migrations/env.py",
    "bot/_data/migrations/versions/0001_tickets.py",
    "bot/playground/static/index.html",
    "bot/playground/zone/demo.zone",
    "bot/tickets/replies/en.yaml",
)


def main() -> int:
    (wheel,) = Path(sys.argv[1]).glob("fivefifty-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in WANTED if name not in names]
    if not any(name.endswith("entry_points.txt") for name in names):
        missing.append("entry_points.txt")
    for name in missing:
        sys.stderr.write(f"{wheel.name}: {name} is missing\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
