"""Habits that are checked, not promised."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from kernenkaart.config import ROOT, Settings
from kernenkaart.db import Model
from kernenkaart.migrations.models import load_models

MODULES = sorted(Path(ROOT, "kernenkaart").rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_400_lines_and_no_function_over_50(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400

    too_long = [
        node.name for node in functions(path) if (node.end_lineno or 0) - node.body[0].lineno >= 50
    ]
    assert too_long == []


def test_every_setting_is_explained() -> None:
    text = Path(ROOT, "docs", "configuratie.md").read_text(encoding="utf-8")

    missing = [f.name for f in fields(Settings) if f"`KERNENKAART_{f.name.upper()}`" not in text]

    assert missing == []


def test_every_model_stands_in_the_glossary() -> None:
    load_models()
    text = Path(ROOT, "docs", "begrippen.md").read_text(encoding="utf-8")

    missing = [
        m.class_.__name__ for m in Model.registry.mappers if f"`{m.class_.__name__}`" not in text
    ]

    assert missing == []


def test_no_municipality_is_named_in_code() -> None:
    named = [
        str(path.relative_to(ROOT)) for path in MODULES if "West Betuwe" in path.read_text("utf-8")
    ]

    assert named == []


def test_no_page_names_a_third_party_host() -> None:
    pattern = re.compile(r"""(?:src|href)=["'](?:https?:)?//(?!\{)""")
    named = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in Path(ROOT, "templates").rglob("*.html")
        for match in pattern.finditer(path.read_text("utf-8"))
        if 'rel="external' not in path.read_text("utf-8")[match.start() - 200 : match.end() + 200]
    ]

    assert named == []
