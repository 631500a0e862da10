"""A theme is checked on what pages do with its colours; all pages use one set of classes."""

import re
from pathlib import Path

import pytest

from kernenkaart.config import ROOT, Settings
from kernenkaart.web.thema import contrast, measure, read_colours

OPENT_VAN_SCHIJF = "los.html"  # one file that is sent along, with a policy of its own
CSS = "\n".join(
    re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for path in (ROOT / "static/css/kaart.css", ROOT / "static/css/kernenkaart.css")
)
# class names that are put together from a word of the domain
SAMENGESTELD = re.compile(r"kk-(dag|hinder|merkje|melding|kaart|nummer|speld)--")


def used_text() -> str:
    files = [
        *Path(ROOT, "templates").rglob("*.html"),
        *Path(ROOT, "static/js").rglob("*.js"),
        *Path(ROOT, "kernenkaart").rglob("*.py"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#0e4a58", "#0e4a58", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


def test_every_colour_of_our_theme_can_be_read() -> None:
    too_weak = [
        f"{one.voor} on {one.achter}: {one.contrast:.2f} < {one.minimum}"
        for one in measure(read_colours(Settings().thema))
        if not one.is_genoeg
    ]

    assert too_weak == []


def test_a_theme_that_is_too_light_is_told(tmp_path: Path) -> None:
    own = tmp_path / "thema.css"
    own.write_text(".voorbeeld-theme { --kk-rivier: #8cd; }", encoding="utf-8")

    told = {one.voor for one in measure(read_colours(str(own))) if not one.is_genoeg}

    assert told == {"rivier"}


def test_every_rule_of_the_stylesheet_is_used() -> None:
    text = used_text()
    names = set(re.findall(r"\.(kk-[\w-]*\w)", CSS))

    unused = {
        name
        for name in names
        if not SAMENGESTELD.match(name) and not re.search(rf"(?<![\w-]){name}(?![\w-])", text)
    }

    assert unused == set()


def test_colours_stand_in_the_theme_only() -> None:
    on_screen, _print, _black = CSS.partition("@media print")

    assert re.findall(r"#[0-9a-fA-F]{3,6}\b(?=[^{}]*;)|rgba?\([^)]*\)", on_screen) == []


def test_every_sign_that_is_shown_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/img/tekens.svg").read_text(encoding="utf-8")
    signs = set(re.findall(r'<symbol id="([\w-]+)"', sprite))

    shown = set(re.findall(r"""['"#]((?:i|h|m)-[a-z]+)['"`]""", used_text()))

    assert shown
    assert shown - signs == set()


def test_no_page_carries_a_style_or_a_handler_of_its_own() -> None:
    own = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in Path(ROOT, "templates").rglob("*.html")
        if path.name != OPENT_VAN_SCHIJF
        and (
            found := re.search(
                r"<style\b|\sstyle=|\son(click|change|submit|load|input|key\w+)=|javascript:",
                path.read_text(encoding="utf-8"),
            )
        )
    ]

    assert own == []
