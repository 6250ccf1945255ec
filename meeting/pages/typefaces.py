"""Which typefaces of this machine lack Vietnamese letters: those are kept from LibreOffice.

It would take single letters from another face. The page looks patched, and the words of the PDF are
torn: nothing is found in them, and no stamp is seen.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from html import escape
from typing import Final

ASKED: Final = ("fc-list", "--format", "%{family[0]}\\t%{lang}\\n", ":lang=en:symbol=False")
ASKED_SECONDS: Final = 20.0

LIKE_TIMES: Final = frozenset(
    {"Times New Roman", "Liberation Serif", "Tinos", "Nimbus Roman", "TeX Gyre Termes"}
)
"""What official papers are typed in, and faces whose letters are as wide."""

SYSTEMS: Final = "/etc/fonts/fonts.conf"


@dataclass(frozen=True, slots=True)
class Typefaces:
    """`lacking`: families with Latin letters but not all of Vietnamese. `like_times`: whether a
    line typed in Times New Roman is as long here as where it was typed, as far as known.
    """

    lacking: tuple[str, ...] = ()
    like_times: bool = True


def installed() -> Typefaces:
    """Those of this machine, where it is asked in fontconfig's way. Blocks."""
    try:
        listed = subprocess.run(
            ASKED,
            capture_output=True,
            check=True,
            timeout=ASKED_SECONDS,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.SubprocessError):
        return Typefaces()
    return told(listed.stdout)


def told(listed: str) -> Typefaces:
    """By a line for each face: its family, a tab, and its languages with strokes between."""
    every: set[str] = set()
    vietnamese: set[str] = set()
    for line in listed.splitlines():
        family, _, languages = line.partition("\t")
        every.add(family)
        if "vi" in languages.split("|"):
            vietnamese.add(family)
    if not vietnamese:
        return Typefaces(like_times=not every)
    return Typefaces(tuple(sorted(every - vietnamese)), bool(LIKE_TIMES & vietnamese))


def without(lacking: tuple[str, ...]) -> str:
    """A configuration: the system's, but for these families."""
    rejected = "".join(
        f'<pattern><patelt name="family"><string>{escape(family)}</string></patelt></pattern>\n'
        for family in lacking
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f'<fontconfig>\n<include ignore_missing="yes">{SYSTEMS}</include>\n'
        f"<selectfont><rejectfont>\n{rejected}</rejectfont></selectfont>\n</fontconfig>\n"
    )
