"""A resident follows a kern by e-mail, in a real browser and without a script."""

import uuid

from playwright.sync_api import Browser, expect

from kernenkaart.volgen.links import Doel, token_of
from tests.browser.test_plaatsen import in_sql
from tests.served import Served


def test_a_resident_follows_a_kern_confirms_changes_the_rhythm_and_stops(
    browser: Browser, served: Served
) -> None:
    email = f"{uuid.uuid4()}@example.org"
    geheim = served.environ["KERNENKAART_SECRET_KEY"]
    context = browser.new_context(base_url=served.url, java_script_enabled=False)
    page = context.new_page()

    page.goto("/kernen/tricht")
    page.get_by_role("link", name="Volg Tricht", exact=True).click()
    expect(page.locator("#kern")).to_have_value("tricht")
    page.get_by_label("Je e-mailadres").fill(email)
    page.get_by_role("button", name="Volg dit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")

    [(publiek_id,)] = in_sql(
        served,
        "SELECT a.publiek_id FROM abonnement a JOIN volger v ON v.id = a.volger_id"
        f" WHERE v.email = '{email}' AND a.bevestigd_op IS NULL",
    )
    assert isinstance(publiek_id, uuid.UUID)
    page.goto(f"/volgen/bevestig/{token_of(Doel.BEVESTIG, publiek_id, geheim)}")
    page.get_by_role("button", name="Ja, ik wil dit volgen").click()
    expect(page.get_by_role("heading", name="Tricht: alles")).to_be_visible()
    page.get_by_role("button", name="Liever elke dag").click()
    expect(page.get_by_text("elke dag een mail")).to_be_visible()
    page.get_by_role("link", name="Stop met alles").click()
    page.get_by_role("button", name="Stop met alles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gestopt")

    assert in_sql(served, f"SELECT id FROM volger WHERE email = '{email}'") == []
    assert context.cookies() == []
    context.close()
