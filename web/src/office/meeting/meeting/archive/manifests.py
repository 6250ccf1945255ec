"""The manifests of a bag (RFC 8493): every file is named, none beside, each as summed up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from meeting.archive.digests import Digest
from meeting.archive.opening import UNREADABLE, Opened

ALGORITHMS: Final = ("sha256", "sha512")
DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def compare(bag: Opened, digests: Mapping[str, Digest]) -> Iterator[tuple[str, str]]:
    """What is wrong, as a code and the path of the file."""
    payload = {path for path in bag.paths if path.startswith("data/")}
    tags = {
        path for path in bag.paths if path not in payload and not path.startswith("tagmanifest-")
    }
    for algorithm in ALGORITHMS:
        for kind, files in (("manifest", payload), ("tagmanifest", tags)):
            yield from _one(bag, f"{kind}-{algorithm}.txt", algorithm, files, digests)
    expected = {f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS}
    for path in sorted(set(bag.paths) - payload - tags - expected):
        yield "file_extra", path
    try:
        if bag.read("bagit.txt") != DECLARATION:
            yield "file_changed", "bagit.txt"
    except (KeyError, *UNREADABLE):
        yield "file_missing", "bagit.txt"


def _one(
    bag: Opened, manifest: str, algorithm: str, files: set[str], digests: Mapping[str, Digest]
) -> Iterator[tuple[str, str]]:
    try:
        listed = read_manifest(bag.read(manifest))
    except KeyError:
        yield "file_missing", manifest
        return
    except UNREADABLE:
        yield "file_unreadable", manifest
        return
    for path in sorted(set(listed) | files):
        if path not in bag.paths:
            yield "file_missing", path
        elif path not in listed:
            yield "file_extra", path
        elif path in digests and getattr(digests[path], algorithm) != listed[path]:
            yield "file_changed", path


def read_manifest(body: bytes) -> dict[str, str]:
    """Checksums by path, as we write them. Raises ValueError: it is written another way."""
    listed: dict[str, str] = {}
    text = body.decode()
    if text and not text.endswith("\n"):
        raise ValueError("cut short")
    for line in text.split("\n")[:-1]:
        checksum, gap, path = line.partition("  ")
        if not gap or not path or path in listed:
            raise ValueError("no manifest")
        listed[path] = checksum
    return listed
