"""Crawls for the world: the product's own crawl process, started from a warm fork server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Crawls:
    """A fork server; `run` crawls one source and gives its result line, or None when it was killed."""

    env: dict[str, str]
    process: subprocess.Popen[str] = field(init=False)
    log: str = ""

    def __post_init__(self) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("BUREAUWATCH_")}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**clean, **self.env, "PYTHONPATH": str(ROOT)},
        )

    def run(self, source_id: str, *, full: bool = False, kill_after: float | None = None, **env: str) -> Any:
        return self._ask(["--source", source_id, *(["--full"] if full else [])], env, kill_after)

    def reparse(self, **env: str) -> None:
        """Reads the archive again, as `bureauwatch reparse` does."""
        self._ask(None, env, None)

    def _ask(self, args: list[str] | None, env: dict[str, str], kill_after: float | None) -> Any:
        return self.ask(args, env, kill_after)["result"]

    def ask(self, args: list[str] | None, env: dict[str, str], kill_after: float | None = None) -> dict[str, Any]:
        """The forker's whole answer: code, result, all lines of the output, the log's end."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"args": args, "env": env, "kill_after": kill_after}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.log = answer["log"]
        return answer

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()
