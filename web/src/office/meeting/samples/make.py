"""Builds the four sample papers beside this file: `python samples/make.py`.

Needs the PyPI packages `typst` and `fontpkg-source-serif-4`. The same source gives the same bytes.
Stops with an error when a Vietnamese letter has no glyph, a paper has the wrong number of pages or
grows too big; nothing is written then.
"""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import drawing
import paper
import report
import resolution
import submission

HERE = Path(__file__).parent
LARGEST = 1_000_000  # bytes of one file
PAPERS: Mapping[str, ModuleType] = {
    "1.1_bao-cao-kinh-te-xa-hoi.pdf": report,
    "2.1_to-trinh-214.pdf": submission,
    "2.2_du-thao-nghi-quyet-chuyen-doi-so.pdf": resolution,
    "4.2_binh-do-huong-tuyen.pdf": drawing,
}


def main() -> None:
    """Build and check everything, then write."""
    paper.require_letters()
    built: dict[str, bytes] = {}
    for name, module in PAPERS.items():
        source = module.source()
        pages = paper.page_count(source)
        if pages != module.PAGES:
            raise SystemExit(f"{name} has {pages} pages, not {module.PAGES}")
        built[name] = paper.compiled(source)
        if len(built[name]) > LARGEST:
            raise SystemExit(f"{name} has {len(built[name])} bytes, more than {LARGEST}")
    for name, content in built.items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
