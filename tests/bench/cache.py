"""A tile that the shipped nginx has kept, beside the same bytes as a file of the same nginx."""

import math
import statistics
from pathlib import Path

import urllib3

from tests.bench.last import rate
from tests.nginx import nginx
from tests.served import Served, free_port

ROUNDS = 9
ZOOM = 14
BESTAND = """
    server {{
        listen 127.0.0.1:{port};
        sendfile on;
        open_file_cache max=10000 inactive=60s;
        root {map};
    }}
"""


def cached_ratio(served: Served, folder: Path) -> tuple[float, float]:
    """The rate of a kept tile divided by that of a file, and how large both are in kB.

    One process of nginx serves both, without TLS, in interleaved rounds; the median. The file
    holds the tile as it was packed, so that both send the same bytes.

    Args:
        served: the application, with things in its kernen.
        folder: empty.
    """
    files, own = folder / "bestanden", folder / "nginx"
    files.mkdir()
    own.mkdir()
    path = tile_path(served.url)
    port = free_port()
    with nginx(served.url, own, BESTAND.format(port=port, map=files), workers=1) as running:
        kept, file = f"http://127.0.0.1:{running.kaal}{path}", f"http://127.0.0.1:{port}/tegel"
        tile = urllib3.request("GET", kept, headers={"Accept-Encoding": "br"}, decode_content=False)
        (files / "tegel").write_bytes(tile.data)
        rate(kept), rate(file)  # warm
        found = statistics.median(rate(kept) / rate(file) for _ in range(ROUNDS))
        again = urllib3.request("HEAD", kept, headers={"Accept-Encoding": "br"})
        if again.headers["X-Cache-Status"] != "HIT":
            raise SystemExit(f"nginx bewaart {path} niet")
    return found, len(tile.data) / 1000


def tile_path(url: str) -> str:
    """The tile with all layers around one of the activities, with its version."""
    place = urllib3.request("GET", f"{url}/api/v1/collections/activiteiten/items?limit=1").json()
    lon, lat = place["features"][0]["geometry"]["coordinates"]
    version = urllib3.request("GET", f"{url}/tegels/alles.json").json()["tiles"][0].split("?")[1]
    x = (lon + 180) / 360
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"/tegels/alles/{ZOOM}/{int(x * 2**ZOOM)}/{int(y * 2**ZOOM)}.mvt?{version}"
