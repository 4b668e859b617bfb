"""Where are the project's data folders, in a checkout and in an installed wheel?"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Return the folder ``knowledge`` or ``migrations``.

    A wheel carries them inside the package (``bot/_data``), a checkout has them beside it.
    Raises FileNotFoundError when neither is there, which means a broken installation.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name}/ is missing: install fivefifty again")
