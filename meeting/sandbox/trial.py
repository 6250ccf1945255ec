"""The child that opens nothing: it gives up what the others do, and says on stdout what that was.

For whoever asks before there was a file to open. Imports neither PyMuPDF nor Pillow.
"""

from __future__ import annotations

import json
import os
import sys

from meeting.sandbox.confine import limit, shut


def main() -> None:
    settings = json.loads(sys.argv[1])
    confined = limit(memory_bytes=settings["memory_bytes"], cpu_seconds=settings["cpu_seconds"])
    os.write(1, json.dumps(confined + shut()).encode())
