"""A visit on a phone: CPU slowed four times, Fast 3G, first and second time, and panning."""

import urllib.request
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

FAST_3G = {
    "offline": False,
    "latency": 562,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
PHONE = {"width": 390, "height": 844}

WATCH = """
window.__m = {fcp: null, lijst: null, ding: null, tbt: 0};
new PerformanceObserver(l => { for (const e of l.getEntries())
  if (e.name === 'first-contentful-paint') window.__m.fcp = e.startTime; })
  .observe({type: 'paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries())
  window.__m.tbt += Math.max(0, e.duration - 50); }).observe({type: 'longtask', buffered: true});
const kijk = () => {
  const m = window.__m, er = s => document.querySelector(s);
  if (!m.lijst && er('.kk-rij__titel')) m.lijst = performance.now();
  if (!m.ding && er('.leaflet-marker-pane > *')) m.ding = performance.now();
  requestAnimationFrame(kijk);
};
requestAnimationFrame(kijk);
"""


@dataclass
class Bezoek:
    """One visit. Sizes as they came over the line; times in ms since the address was entered."""

    verzoeken: int
    kb: float
    js_kb: float
    fcp_ms: float
    lijst_ms: float
    ding_ms: float | None
    tbt_ms: float
    dom: int

    def row(self) -> dict[str, Any]:
        """For a table."""
        return asdict(self)


class Meter:
    """Counts what comes over the line in a tab."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.kinds: dict[str, str] = {}
        self.sizes: dict[str, float] = {}
        self.cdp.send("Network.enable")
        self.cdp.on("Network.responseReceived", self._kind)
        self.cdp.on("Network.loadingFinished", self._size)

    def _kind(self, event: dict[str, Any]) -> None:
        if (
            not event["response"].get("fromDiskCache")
            and "/achtergrond/" not in event["response"]["url"]
        ):
            self.kinds[event["requestId"]] = event["type"]

    def _size(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def slow(self) -> None:
        """Fast 3G and a processor four times slower."""
        self.cdp.send("Network.emulateNetworkConditions", FAST_3G)
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def kb(self, kind: str = "") -> float:
        """Kilobytes that came over the line, of one kind of resource or all."""
        return round(
            sum(self.sizes.get(i, 0) for i, k in self.kinds.items() if kind in ("", k)) / 1000, 1
        )


def visit(context: BrowserContext, url: str, *, toon_kaart: str | None = None) -> Bezoek:
    """Open ``url`` in a new tab of ``context``, on a slow phone; the tab is closed afterwards.

    Args:
        toon_kaart: selector of the button that asks for the map, pressed when the list is there.
    """
    page = context.new_page()
    page.add_init_script(WATCH)
    meter = Meter(page)
    meter.slow()
    page.goto(url, wait_until="load", timeout=60_000)
    if toon_kaart:
        page.click(toon_kaart)
        page.wait_for_selector(".leaflet-marker-pane > *", timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.__m")
    found = Bezoek(
        verzoeken=len(meter.kinds),
        kb=meter.kb(),
        js_kb=meter.kb("Script"),
        fcp_ms=round(seen["fcp"] or 0),
        lijst_ms=round(seen["lijst"] or 0),
        ding_ms=round(seen["ding"]) if seen["ding"] else None,
        tbt_ms=round(seen["tbt"]),
        dom=page.evaluate("document.getElementsByTagName('*').length"),
    )
    page.close()
    return found


def first_and_second(browser: Browser, url: str, **options: Any) -> tuple[Bezoek, Bezoek]:
    """A first visit with an empty cache, and a second one with what the first left."""
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    first, second = visit(context, url, **options), visit(context, url, **options)
    context.close()
    return first, second


def on_desk(browser: Browser, url: str) -> tuple[float, float]:
    """When the first things stood on the map (ms), and the p95 of a frame while it is dragged.

    Others have been there before, at each process of the server, but not with this browser.
    """
    for _ in range(8):
        with urllib.request.urlopen(url) as answer:
            answer.read()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load")
    page.wait_for_function("window.__m.ding !== null")
    page.wait_for_load_state("networkidle")
    found = float(page.evaluate("window.__m.ding")), pan_p95_ms(page)
    page.close()
    return found


def pan_p95_ms(page: Page) -> float:
    """The 95th percentile of the time between frames while the map is dragged back and forth."""
    box = page.locator(".leaflet-container").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        "() => { window.__f = []; let t = performance.now();"
        " const k = n => { window.__f.push(n - t); t = n; window.__k = requestAnimationFrame(k); };"
        " requestAnimationFrame(k); }"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x + 120 * (1 if step % 20 < 10 else -1) * (step % 10) / 10, y + step)
        page.wait_for_timeout(16)
    page.mouse.up()
    frames = sorted(page.evaluate("() => { cancelAnimationFrame(window.__k); return window.__f; }"))
    return round(float(frames[int(0.95 * (len(frames) - 1))]), 1)
