"""A group and a planner settle a clash in a browser; the pages hold narrow, wide and for axe."""

from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from kernenkaart.afstemming.botsing_kijken import watch
from kernenkaart.demo.inlog import DOMEIN
from kernenkaart.tijd import today
from tests.browser.conftest import log_in, watched
from tests.browser.test_toegankelijk import look, visit
from tests.served import Served

FEEST = (
    "SELECT a.id FROM activiteit a JOIN lidmaatschap l USING (platform_id)"
    " JOIN gebruiker g ON g.id = l.gebruiker_id"
    f" WHERE g.email = 'platformlid@{DOMEIN}' AND a.status = 'gepubliceerd'"
    " AND a.geom IS NOT NULL AND a.begint_op > now() + interval '5 days' ORDER BY a.begint_op"
)
WERK = (
    "UPDATE werkzaamheid w SET hinder_geom = ST_Buffer(a.geom, 10), hinder = 'beperkt',"
    " eerste_dag = a.begint_op::date - 2, laatste_dag = a.begint_op::date + 2,"
    " vroegst = NULL, laatst = NULL, duur_dagen = NULL"
    " FROM activiteit a WHERE a.id = :feest AND w.id = (SELECT min(id) FROM werkzaamheid"
    " WHERE status = 'verwacht' AND openbaar) RETURNING w.id"
)


def make_clash(served: Served) -> tuple[int, int, int]:
    """Ids of a clash, of its work and of its activity, which is of the demo's platformlid."""
    engine = create_engine(served.environ["KERNENKAART_DATABASE_URL"])
    with Session(engine) as session:
        feest = session.execute(text(FEEST)).scalars().first()
        werk = session.scalar(text(WERK), {"feest": feest})
        watch(session, [werk], [])
        session.commit()
        botsing = session.scalar(
            text("SELECT id FROM botsing WHERE (werkzaamheid_id, activiteit_id) = (:werk, :feest)"),
            {"werk": werk, "feest": feest},
        )
    engine.dispose()
    return botsing, werk, feest


def as_rol(browser: Browser, served: Served, rol: str) -> Page:
    """A tab of its own for this role."""
    context = browser.new_context(base_url=served.url, reduced_motion="reduce", locale="nl-NL")
    page = watched(context.new_page())
    if rol:
        log_in(page, rol)
    return page


def test_a_group_proposes_a_planner_accepts_and_a_resident_reads_it(
    browser: Browser, served: Served
) -> None:
    botsing, werk, feest = make_clash(served)
    adres = f"/afstemming/botsingen/{botsing}"
    straks = today() + timedelta(days=300)
    lid = as_rol(browser, served, "platformlid")
    planner = as_rol(browser, served, "medewerker")
    inwoner = as_rol(browser, served, "")
    wrong = [*visit(lid, adres)]

    lid.goto(f"/activiteiten/{feest}/wijzig")
    lid.fill("#omschrijving", "Met een draaimolen")
    lid.press("#omschrijving", "Tab")
    expect(lid.get_by_role("heading", name="Dit gaat botsen")).to_be_visible()
    wrong += look(lid)
    lid.goto(f"/activiteiten/{feest}")
    lid.locator("#botsingen a").first.click()
    lid.select_option("#oplossing", "verplaats_werk")
    lid.fill("#eerste_dag", straks.strftime("%d-%m-%Y"))
    lid.get_by_role("button", name="Verstuur het voorstel").press("Enter")
    expect(lid.get_by_role("heading", name="Er ligt een voorstel")).to_be_visible()
    wrong += look(lid)

    planner.goto(f"/werkzaamheden/{werk}")
    planner.locator(f"#botsingen a[href='{adres}']").click()
    wrong += look(planner)
    planner.fill("#antwoord", "Dat past ons ook")
    planner.get_by_role("button", name="Dat is goed").press("Enter")
    expect(planner.get_by_text("Afgesproken", exact=True).first).to_be_visible()
    wrong += look(planner)

    wrong += visit(inwoner, f"/activiteiten/{feest}")
    expect(inwoner.get_by_text("Het werk gaat naar").first).to_be_visible()
    expect(inwoner.get_by_text("Dat past ons ook")).to_have_count(0)
    assert wrong == [], "\n".join(wrong)
    assert [*lid.faults, *planner.faults, *inwoner.faults] == []
    for page in (lid, planner, inwoner):
        page.context.close()
