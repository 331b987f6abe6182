"""Which reading this is: a digest of all that decides how a page is read.

Nobody has to remember to raise it, so an upgrade that reads a page otherwise can never look like a bureau's edit.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
READERS: Final = ("extraction", "documents", "indicators")
KINDS: Final = (".py", ".csv", ".json")


def digest(folder: Path = HERE) -> str:
    """Twelve hex digits that change with any rule or table of the readers under a folder."""
    seen = hashlib.sha256()
    files = [folder / "reading.py", *(path for reader in READERS for path in (folder / reader).rglob("*"))]
    for path in sorted(files):
        if path.suffix in KINDS and path.is_file():
            seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:12]


EXTRACTION_VERSION: Final = digest()
"""`reparse` reads again what another version read; crawls never take its difference for a change of the page."""
