"""Static files: an address that changes with the content, small over the line, nothing else."""

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response

from kernenkaart.config import ROOT
from kernenkaart.web.assets import TEGEL, compress, minify, pack, read, tree_version


def url(app: Flask, path: str) -> str:
    return f"/static/{app.extensions['kernenkaart.assets']}/{path}"


def test_a_file_may_be_kept_for_ever(app: Flask) -> None:
    response = app.test_client().get(url(app, "img/tekens.svg"))

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content_type.startswith("image/svg+xml")


def test_an_old_address_still_answers_but_is_not_kept(app: Flask) -> None:
    response = app.test_client().get("/static/oud/img/tekens.svg")

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path",
    ["../setup.cfg", "..%2fsetup.cfg", "css/../../setup.cfg", "/etc/passwd", ".env", "css", ""],
)
def test_nothing_outside_static_is_served(app: Flask, path: str) -> None:
    response = app.test_client().get(url(app, path), follow_redirects=True)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_text_is_compressed_as_the_visitor_asks(app: Flask, coding: str, unpack: object) -> None:
    plain = app.test_client().get(url(app, "css/stijl.css"))
    packed = app.test_client().get(url(app, "css/stijl.css"), headers={"Accept-Encoding": coding})

    assert packed.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert unpack(packed.data) == plain.data  # type: ignore[operator]


def answer(kind: str, cache: str) -> Flask:
    """An app with one address that answers 5 kB of ``kind`` with a validator."""
    app = Flask(__name__)

    @app.get("/")
    def home() -> Response:
        response = Response(b"kern" * 1250, content_type=kind)
        response.headers.update({"ETag": '"5"', "Cache-Control": cache})
        return response

    app.after_request(compress)
    return app


@pytest.mark.parametrize("kind", ["application/geo+json", "application/schema+json", TEGEL])
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_packed_answer_keeps_its_validator(kind: str, coding: str) -> None:
    app = answer(kind, "public, max-age=60")

    packed = app.test_client().get("/", headers={"Accept-Encoding": coding})

    assert packed.headers["Content-Encoding"] == coding
    assert packed.headers["ETag"] == 'W/"5"'


def test_a_tile_is_packed_quickly_also_when_it_is_kept_for_ever() -> None:
    app = answer(TEGEL, "public, max-age=31536000, immutable")

    packed = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})

    assert packed.data == pack(b"kern" * 1250, "gzip", fast=True)


def test_the_stylesheet_is_one_file_of_at_most_14_kb_over_the_line() -> None:
    content = read("css/stijl.css", "css/thema.css")

    assert content is not None
    assert len(brotli.compress(content)) <= 14_000
    assert b"@import" not in content


def test_the_theme_is_the_one_file_another_municipality_swaps(tmp_path: Path) -> None:
    own = tmp_path / "thema.css"
    own.write_text(".voorbeeld-theme{--kk-rivier:#123456}", encoding="utf-8")

    content = read("css/stijl.css", str(own))

    assert content is not None
    assert b"--kk-rivier:#123456" in content
    assert tree_version(str(own)) != tree_version("css/thema.css")


def test_minify_keeps_what_means_something() -> None:
    assert minify("a  b { color : red ; }\n/* x */ c{margin:calc(1px + 2px)}") == (
        "a b{color : red}c{margin:calc(1px + 2px)}"
    )


def test_no_own_file_names_another_host() -> None:
    own = [*Path(ROOT, "static/js").rglob("*.js"), *Path(ROOT, "static/css").glob("*.css")]

    named = [
        str(path)
        for path in own
        if any(
            sign in path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
            for sign in ("http://", "https://")
        )
    ]

    assert named == []
