"""The house rules that a machine can check: one-way imports, file sizes, words, translations, settings."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("pipelines", "crawler", "scheduler")
MAY_IMPORT = {"pipelines": {"pipelines"}, "crawler": {"pipelines", "crawler"}, "scheduler": set(ROOMS)}
PURE = ("pipelines/extraction", "pipelines/indicators", "pipelines/revisions.py", "pipelines/subscriptions.py")
IMPURE_MODULES = {"scrapy", "requests", "httpx", "urllib.request", "socket", "sqlalchemy", "twisted", "time"}


def sources(*under: str) -> Iterator[tuple[str, ast.Module]]:
    for place in under:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    back = [
        f"{file} imports {name}"
        for file, tree in sources(room)
        for name in imports(tree)
        if name.split(".")[0] in ROOMS and name.split(".")[0] not in MAY_IMPORT[room]
    ]
    assert not back


def test_reading_is_pure() -> None:
    """Readers know no network, no database, no Scrapy and no clock."""
    found = [
        f"{file} imports {name}"
        for file, tree in sources(*(p for p in PURE if (ROOT / p).exists()))
        for name in imports(tree)
        if name in IMPURE_MODULES or name.split(".")[0] in IMPURE_MODULES - {"urllib.request"}
    ]
    clocks = [
        f"{file}:{node.lineno} reads the clock"
        for file, tree in sources(*(p for p in PURE if (ROOT / p).exists()))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.ctx, ast.Load)
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    ]
    assert not found + clocks


def test_no_file_is_too_long() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    long = {
        name: lines
        for name in tracked.stdout.split()
        if (ROOT / name).exists() and (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long


def test_every_message_has_a_chinese_text() -> None:
    chinese: dict[str, str] = {}
    for file in (ROOT / "pipelines/locale/zh").glob("*.json"):
        words = json.loads(file.read_text(encoding="utf-8"))
        assert not {k: v for k, v in words.items() if chinese.get(k, v) != v}, "one text, two translations"
        chinese.update(words)
    missing, fields_differ, used = [], [], set()
    for file, tree in sources(*ROOMS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value)
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args
            ):
                continue
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                if text.value not in chinese:
                    missing.append(f"{file}:{node.lineno}: {text.value}")
                elif set(re.findall(r"{(\w*)", text.value)) != set(re.findall(r"{(\w*)", chinese[text.value])):
                    fields_differ.append(f"{file}:{node.lineno}: {text.value}")
    for page in sorted((ROOT / "scheduler/web/templates").glob("*.html")):
        for double, single in re.findall(r"""say\(\s*(?:"([^"]*)"|'([^']*)')""", page.read_text(encoding="utf-8")):
            used.add(double or single)
            if (double or single) not in chinese:
                missing.append(f"{page.name}: {double or single}")
    assert not missing
    assert not fields_differ
    assert not chinese.keys() - used, "nobody says these any more"


def test_every_setting_is_documented() -> None:
    from pipelines.config import Config

    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert not [name for name in Config.model_fields if f"`{name.upper()}`" not in text]


def test_error_tree_is_drawn() -> None:
    """The tree at the top of errors.py names every class, and no other."""
    tree = ast.parse((ROOT / "pipelines/errors.py").read_text(encoding="utf-8"))
    drawn = set(re.findall(r"\b([A-Z]\w+Error)\b", ast.get_docstring(tree) or ""))
    assert drawn == {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_the_map_is_true_to_the_tree() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    wrong = []
    for row in rows:
        folder = ROOT
        for name in re.findall(r"`([\w/.-]+(?:/|\.py))`", row):
            whole = ROOT / name
            if whole.exists():
                folder = whole if whole.is_dir() else whole.parent
            elif not (folder / name).exists():
                wrong.append(name)
    assert len(rows) > 15
    assert not wrong


def test_documents_name_no_machine() -> None:
    """No path of a developer's machine and no registry host in what is shipped."""
    words = re.compile(r"/work/|/root/|(?<![\w.])/home/\w+/|pypi\.org/simple|files\.pythonhosted")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    files = [f for f in tracked.stdout.split() if f.endswith((".py", ".md", ".toml", ".txt", ".yaml", ".cfg"))]
    found = [
        f
        for f in files
        if f != "tests/test_architecture.py"
        and (ROOT / f).exists()
        and words.search((ROOT / f).read_text(encoding="utf-8"))
    ]
    assert not found
