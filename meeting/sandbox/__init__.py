"""What is done to untrusted files, in child processes that can hurt nobody.

Imports the standard library, PyMuPDF, Pillow and zlib-ng, and of ours nothing beyond this folder.
Each child is a module with a `main`; `command` is how its parent starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
CONFINED: Final = ("memory", "time", "calls", "network", "files")
"""What a child may have given up, as it says itself (confine.py)."""

NICE: Final = 10
"""How far a child stands back behind the server: drawing pages, behind turning them."""

START: Final = (
    "import gc; gc.disable(); import os, sys;"
    f" os.name == 'posix' and (os.setpgid(0, 0), os.nice({NICE}));"
    " sys.path.insert(0, sys.argv.pop(1));"
    " from importlib import import_module; child = import_module(sys.argv.pop(1));"
    " gc.enable(); gc.freeze(); child.main()"
)
"""A group of its own, as Ctrl-C is for the server; but no session: Linux shares the processor out
by session first (sched(7), autogroup), and `nice` says nothing between two of them.

What a library leaves behind when it is read is not looked through for garbage: all of it stays, and
a tenth of the start would go by with that.
"""


def command(child: str, settings: str) -> tuple[str, ...]:
    """The command that starts a child of this folder, cut off from the user's own Python settings.

    Args:
        child: its module, such as `worker`.
        settings: JSON, the child's only argument.
    """
    return sys.executable, "-I", "-c", START, str(ROOT), f"{__name__}.{child}", settings
