"""The map in Chromium: what happens when the background fails, and what a keyboard meets."""

from playwright.sync_api import Browser, Page, expect

from tests.served import Served

GETEKEND = ".leaflet-kkgrond-pane canvas.leaflet-tile-loaded"  # kernen, from tiles

INKT = """pane => {
    let inkt = 0;
    for (const vel of document.querySelectorAll(`.leaflet-${pane}-pane canvas`)) {
        const { data } = vel.getContext("2d").getImageData(0, 0, vel.width, vel.height);
        for (let i = 3; i < data.length; i += 4) if (data[i]) inkt += 1;
    }
    return inkt;
}"""


def test_kernen_and_things_are_drawn_from_tiles_that_are_kept_for_good(page: Page) -> None:
    tiles = []
    page.on("response", lambda answer: tiles.append(answer) if "/tegels/" in answer.url else None)

    page.goto("/")
    page.wait_for_selector(GETEKEND)
    page.wait_for_selector(".leaflet-kkstip-pane canvas.leaflet-tile-loaded")

    assert page.evaluate(INKT, "kkgrond") > 10_000
    assert page.evaluate(INKT, "kkstip") > 20
    assert {answer.status for answer in tiles} <= {200, 204}
    assert all("immutable" in answer.headers["cache-control"] for answer in tiles)
    assert page.locator(".kk-kernnaam").count() > 10


def test_dots_follow_the_filters_and_are_left_out_where_tiles_cannot_know(page: Page) -> None:
    page.goto("/?soort=projecten&wanneer=alles")
    page.wait_for_selector(".leaflet-kkstip-pane canvas.leaflet-tile-loaded")
    tegels = page.evaluate("KK.data(KK.map).tegels.dingen")

    page.locator("#f-kern").select_option("tricht")
    page.wait_for_url("**kern=tricht**")

    assert "/tegels/projecten/" in tegels
    expect(page.locator(".leaflet-kkstip-pane canvas")).to_have_count(0)


def test_without_tiles_the_markers_stand_by_themselves(page: Page) -> None:
    page.route("**/tegels/**", lambda route: route.abort())
    page.route("**/protomaps/**", lambda route: route.abort())

    page.goto("/")
    page.wait_for_selector(".kk-bol")
    page.locator(".kk-bol").first.click(force=True)

    page.wait_for_url("**/?kader=*")


def test_the_whole_country_is_one_map_with_a_list_beside_it(page: Page) -> None:
    page.goto("/landelijk")
    page.wait_for_selector(GETEKEND)

    expect(page.get_by_role("heading", level=1)).to_have_text("Wat gebeurt er in alle gemeenten?")
    page.get_by_role("button", name="Uitzoomen").click()
    page.wait_for_url("**/landelijk?kader=*")
    page.get_by_role("button", name="Uitzoomen").click()
    expect(page.locator(".kk-groepkop").first).to_have_text("Begint binnenkort")
    expect(page.locator(".kk-bol").first).to_be_visible()


def test_markers_are_no_tab_stops_and_the_map_can_be_skipped(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector(".leaflet-marker-icon")

    assert page.locator(".leaflet-marker-icon[tabindex='0']").count() == 0
    expect(page.get_by_role("link", name="Sla de kaart over")).to_have_count(1)


def test_another_size_of_the_window_asks_nothing_and_keeps_the_address(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector(GETEKEND)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.set_viewport_size({"width": 1000, "height": 700})
    page.wait_for_timeout(700)  # longer than the map waits to stand still

    assert [url for url in asked if "/tegels/" not in url] == []
    assert page.evaluate("location.search") == ""
    page.evaluate("KK.map.panBy([200, 0], {animate: false})")
    page.wait_for_url("**/?kader=*")


def test_tiles_that_cannot_be_had_are_told_and_can_be_tried_again(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(base_url=served.url)
    page = context.new_page()
    gevraagd: list[str] = []
    lukt = False
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )

    def tile(route: object) -> None:
        gevraagd.append(route.request.url)  # type: ignore[attr-defined]
        if lukt:
            route.fulfill(body=png, content_type="image/png")  # type: ignore[attr-defined]
        else:
            route.fulfill(status=404)  # type: ignore[attr-defined]

    # the page says that there is a background; the tiles themselves are the test's
    page.route("**/achtergrond/**", tile)
    page.route(
        "**/", lambda route: route.fulfill(response=(answer := route.fetch()), body=aan(answer))
    )

    def aan(answer: object) -> str:
        text: str = answer.text()  # type: ignore[attr-defined]
        return text.replace('data-fotos=""', 'data-fotos="standaard"')

    page.goto("/")
    melding = page.locator("[data-achtergrond-weg]")
    expect(melding).to_contain_text(
        "Achtergrondkaart niet bereikbaar. Kernen en punten kloppen wel."
    )
    expect(page.locator("[data-bron=eigen]")).to_be_visible()
    page.wait_for_selector(".kk-bol")

    lukt = True
    melding.get_by_role("button", name="Probeer opnieuw").click()
    expect(melding).to_be_hidden()
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator("[data-bron=achtergrond]")).to_be_visible()
    assert gevraagd
    context.close()
