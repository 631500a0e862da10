"""Copy the libraries of the browser from the npm registry into static/, pinned and with licences.

Run by ``make vendor``. The lock file names no registry, so any registry npm is set to will do.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BRON = ROOT / "scripts" / "vendor"
VENDOR = ROOT / "static" / "vendor"

# package, file in it, where it goes below static/
FILES = (
    ("leaflet", "dist/leaflet.js", "vendor/leaflet/leaflet.js"),
    ("leaflet", "dist/leaflet.css", "vendor/leaflet/leaflet.css"),
    ("leaflet", "LICENSE", "vendor/licenties/leaflet-LICENSE.txt"),
    (
        "@geoman-io/leaflet-geoman-free",
        "dist/leaflet-geoman.min.js",
        "vendor/geoman/leaflet-geoman.min.js",
    ),
    (
        "@geoman-io/leaflet-geoman-free",
        "dist/leaflet-geoman.css",
        "vendor/geoman/leaflet-geoman.css",
    ),
    ("@geoman-io/leaflet-geoman-free", "LICENSE", "vendor/licenties/leaflet-geoman-LICENSE.txt"),
    (
        "protomaps-leaflet",
        "dist/protomaps-leaflet.js",
        "vendor/protomaps/protomaps-leaflet.js",
    ),
    ("protomaps-leaflet", "LICENSE", "vendor/licenties/protomaps-leaflet-LICENSE.txt"),
    (
        "@fontsource-variable/noto-sans",
        "files/noto-sans-latin-wght-normal.woff2",
        "fonts/noto-sans-latin-wght-normal.woff2",
    ),
)


def main() -> int:
    """Install what the lock file says, copy the named files, and write VENDOR.md."""
    if shutil.which("npm") is None:
        sys.exit("npm ontbreekt. Installeer Node.js en probeer het opnieuw.")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(BRON / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit"], cwd=folder, check=True)
        rows = [_copy(Path(folder, "node_modules"), *entry) for entry in FILES]
    text = (
        "# Meegeleverde bestanden\n\nGekopieerd door `make vendor`, zoals uitgegeven. De licenties "
        "staan in `licenties/`.\n\n| bestand | pakket | versie | licentie | sha256 |\n"
        "|---|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
        "`css/nlds.css` is een uittreksel van `@utrecht/component-library-css` 9.0.4, "
        "`@nl-design-system-candidate/*-css` en "
        "`@nl-design-system-unstable/voorbeeld-design-tokens` 7.4.1 (alle EUPL-1.2), met alleen "
        "de regels die de pagina's gebruiken.\n"
    )
    (VENDOR / "VENDOR.md").write_text(text, encoding="utf-8")
    return 0


def _copy(modules: Path, package: str, source: str, target: str) -> str:
    about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
    path = ROOT / "static" / target
    path.parent.mkdir(parents=True, exist_ok=True)
    content = (modules / package / source).read_bytes()
    if path.suffix in (".js", ".css"):  # the maps are not shipped
        lines = content.split(b"\n")
        content = b"\n".join(line for line in lines if b"sourceMappingURL=" not in line)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return f"| {target} | {package} | {about['version']} | {about['license']} | `{digest}` |"


if __name__ == "__main__":
    sys.exit(main())
