"""How the system asks a process to end: a closed terminal, a service manager. What is then done,
each command says for itself.
"""

from __future__ import annotations

import signal
from typing import Literal


def heeded(name: Literal["SIGHUP", "SIGTERM"]) -> signal.Signals | None:
    """The signal of this name; None where there is none (Windows), or where whoever started this
    process has it ignored, as nohup does with SIGHUP.
    """
    number: signal.Signals | None = getattr(signal, name, None)
    return None if number is None or signal.getsignal(number) == signal.SIG_IGN else number
