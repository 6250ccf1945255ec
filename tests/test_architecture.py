"""What holds for the files of the project whatever they do: size, words, names of things.

Which part may import which is checked by import-linter; see `pyproject.toml`.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from meeting.errors import CODES

ROOT = Path(__file__).parents[1]

MOST_LINES = {".py": 400, ".ts": 400, ".svelte": 200}

GENERATED = {"web/src/protocol.ts"}

TEXT = {".css", ".html", ".json", ".md", ".py", ".sh", ".svelte", ".toml", ".ts", ".yaml", ".yml"}

VAGUE = {"base", "common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}


@cache
def files() -> tuple[str, ...]:
    """The files that are, or would be, in the repository; others' clones may have no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file()))


def of_kind(*suffixes: str) -> list[str]:
    return [name for name in files() if Path(name).suffix in suffixes]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_there_are_files_to_look_at() -> None:
    assert {"meeting/errors.py", "tests/test_architecture.py"} <= set(files())


def test_files_are_small() -> None:
    lengths = {name: len(read(name).splitlines()) for name in of_kind(*MOST_LINES)}
    long = {
        name: lines
        for name, lines in lengths.items()
        if lines > MOST_LINES[Path(name).suffix] and name not in GENERATED
    }
    assert long == {}


def test_every_module_says_what_lives_there() -> None:
    silent = [
        name
        for name in of_kind(".py")
        if read(name).strip() and not ast.get_docstring(ast.parse(read(name)))
    ]
    assert silent == []


def test_a_modules_first_words_are_few() -> None:
    long = {
        name: said.count("\n") + 1
        for name in of_kind(".py")
        if name.startswith("meeting/")
        and (said := ast.get_docstring(ast.parse(read(name)))) is not None
        and said.count("\n") + 1 > 6
    }
    assert long == {}


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
    found = [name for name in of_kind(*TEXT) if later.search(read(name))]
    assert found == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.~])/(work|tmp|home|root|Users)/\w|\.\./shared\b")
    found = {
        f"{name}:{number}"
        for name in of_kind(*TEXT)
        if not name.endswith("package-lock.json")
        for number, line in enumerate(read(name).splitlines(), start=1)
        if machine.search(line)
    }
    assert found == set()


def test_packages_come_from_the_public_registries() -> None:
    hosts = {
        host
        for name in files()
        if name.endswith("package-lock.json")
        for host in re.findall(r'"resolved": "https?://([^/"]+)/', read(name))
    }
    assert hosts == set()


def test_names_of_modules_say_what_is_in_them() -> None:
    vague = [
        name
        for name in of_kind(".py", ".ts", ".svelte")
        if name.startswith(("meeting/", "web/src/"))
        and VAGUE & {*Path(name).parent.parts, Path(name).name.split(".")[0]}
    ]
    assert vague == []


def test_rules_and_protocol_read_no_clock_and_roll_no_dice() -> None:
    impure = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "time", "uuid"}
    found = set()
    for name in of_kind(".py"):
        if not name.startswith(("meeting/rules/", "meeting/protocol/")):
            continue
        for node in ast.walk(ast.parse(read(name))):
            if isinstance(node, ast.Import):
                modules = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules = {(node.module or "").split(".")[0]}
            elif isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                called = isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
                modules = {"time"} if called else set()
            else:
                continue
            found |= {f"{name}: {module}" for module in modules & impure}
    assert found == set()


TEXTS = (
    "web/src/i18n/vi.json",
    "web/src/i18n/en.json",
    "meeting/texts/vi.json",
    "meeting/texts/en.json",
)


@pytest.mark.parametrize("name", TEXTS)
def test_every_refusal_has_a_sentence(name: str) -> None:
    texts = json.loads(read(name))
    wordless = [code for code in CODES if not str(texts.get(f"refused.{code}", "")).strip()]
    unknown = [
        key
        for key in texts
        if key.startswith("refused.") and key.removeprefix("refused.") not in CODES
    ]
    assert (wordless, unknown) == ([], [])


@pytest.mark.parametrize("folder", ["web/src/i18n", "meeting/texts"])
def test_both_languages_have_the_same_keys(folder: str) -> None:
    vietnamese, english = (json.loads(read(f"{folder}/{lang}.json")) for lang in ("vi", "en"))
    assert set(vietnamese) ^ set(english) == set()
    assert [key for key, said in vietnamese.items() if not str(said).strip()] == []
