"""Static files under an address that changes with their content, and compressed answers.

All of ``static/`` has one version in its address (``/static/<version>/js/…``), so that modules can
import one another by relative path and a browser may keep everything for ever.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request

from kernenkaart.config import ROOT, Settings

STATIC = ROOT / "static"
TEKST = re.compile(r"text/|application/([\w.]+\+)?(json|xml)|image/svg")
TEGEL = "application/vnd.mapbox-vector-tile"
KLEIN = 500  # below this many bytes compressing costs more than it saves
THEMA = "css/thema.css"
STIJL = "css/stijl.css"  # made of three sheets, so that a visitor fetches one
SOORTEN = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def init_assets(app: Flask, settings: Settings) -> None:
    """Serve static files, compress answers, and give templates ``asset_url``."""
    version = tree_version(settings.thema)
    app.extensions["kernenkaart.assets"] = version

    def asset_url(path: str) -> str:
        return f"/static/{version}/{path}"

    def static(version: str, path: str) -> Response:
        content = read(path, settings.thema)
        if content is None:
            abort(404)
        kind = SOORTEN.get(Path(path).suffix) or mimetypes.guess_type(path)[0]
        response = Response(content, content_type=kind or "application/octet-stream")
        known = version == current_app.extensions["kernenkaart.assets"]
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if known else "no-cache"
        )
        return response

    static.guard = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/static/<version>/<path:path>", "static", static)
    app.jinja_env.globals["asset_url"] = asset_url
    app.after_request(compress)


def files() -> dict[str, Path]:
    """All static files by their path; nothing outside ``static/`` can be asked for."""
    return {
        path.relative_to(STATIC).as_posix(): path
        for path in sorted(STATIC.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def tree_version(thema: str) -> str:
    """A short hash of all static files and the theme."""
    digest = hashlib.sha256(theme_text(thema).encode())
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def read(path: str, thema: str) -> bytes | None:
    """The content of a static file; None when there is none of that name."""
    if path == STIJL:
        # the theme comes after the design system: it says the same things, and must win
        system, own = (
            (STATIC / "css" / name).read_text(encoding="utf-8")
            for name in ("nlds.css", "kernenkaart.css")
        )
        return minify("\n".join((system, theme_text(thema), own))).encode()
    found = files().get(path)
    return found.read_bytes() if found else None


def theme_text(thema: str) -> str:
    """Our tokens, and after them those of the municipality's own file: what that leaves out stays.

    Args:
        thema: a path in ``static/``, or an absolute one.
    """
    files = dict.fromkeys((STATIC / THEMA, STATIC / thema))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def minify(css: str) -> str:
    """CSS without comments and without white space that means nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def compress(response: Response) -> Response:
    """Brotli or gzip for what is worth it, when the visitor takes it.

    The validator stays the same but for being weak: who sends it back, as a condition for reading
    or for writing, means the thing and not how it was packed.
    """
    kind = response.content_type or ""
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.status_code in (204, 206, 304)
        or "Content-Encoding" in response.headers
        or not (kind == TEGEL or TEKST.match(kind))
    ):
        return response
    response.vary.add("Accept-Encoding")
    accepted = request.accept_encodings
    # there are few files, and no end of tiles
    keep = kind != TEGEL and "immutable" in response.headers.get("Cache-Control", "")
    content = response.get_data()
    if len(content) < KLEIN:
        return response
    for coding in ("br", "gzip"):
        if accepted[coding]:
            packed = _packed_once(content, coding) if keep else pack(content, coding, fast=True)
            response.set_data(packed)
            response.headers["Content-Encoding"] = coding
            etag, _weak = response.get_etag()
            if etag:
                response.set_etag(etag, weak=True)
            break
    return response


@lru_cache(maxsize=256)
def _packed_once(content: bytes, coding: str) -> bytes:
    return pack(content, coding, fast=False)


def pack(content: bytes, coding: str, *, fast: bool) -> bytes:
    """``content`` in ``br`` or ``gzip``; fast for what is made anew each time."""
    if coding == "br":
        # a large window costs more to set up than a page costs to pack
        packed = brotli.compress(content, quality=4, lgwin=18) if fast else brotli.compress(content)
        return bytes(packed)
    return gzip.compress(content, compresslevel=5 if fast else 9, mtime=0)
