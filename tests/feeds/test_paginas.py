"""The ways to put a calendar, or one activity, in the calendar that somebody uses already."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from lxml import html
from sqlalchemy.orm import Session

from kernenkaart.activiteiten.models import Status
from kernenkaart.tijd import AMSTERDAM
from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform, moment
from tests.feeds.lezers import entries, entry


def links(body: bytes) -> list[str]:
    """All addresses in the content of a page."""
    found: list[str] = html.fromstring(body).xpath("//main//a/@href")
    return found


def query(adres: str) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(adres).query).items()}


def test_the_page_of_a_kern_leads_to_the_page_and_the_feeds(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(session)
    slug = een.platform.kernen[0].slug

    body = client().get(f"/kernen/{slug}").data

    assert f"/kernen/{slug}/agenda" in links(body)
    soorten = {"application/atom+xml": "feed.atom", "text/calendar": "kalender.ics"}
    for soort, naam in soorten.items():
        assert html.fromstring(body).xpath(f"//head/link[@type='{soort}']/@href") == [
            f"/kernen/{slug}/{naam}"
        ]


def test_each_way_to_follow_a_kern_leads_to_its_calendar(
    client: ClientFactory, session: Session
) -> None:
    platform = make_platform(session)
    een = make_activiteit(session, platform=platform)
    visitor = client()
    slug = platform.kernen[0].slug

    page = visitor.get(f"/kernen/{slug}/agenda").data

    [adres] = html.fromstring(page).xpath("//textarea/text()")
    webcals = [link for link in links(page) if link.startswith("webcal:")]
    google = next(link for link in links(page) if "google" in link)
    outlook = next(link for link in links(page) if "outlook" in link)
    assert f"webcal:{adres.partition(':')[2]}" in webcals
    assert query(google)["cid"] in webcals
    assert query(outlook)["url"] == adres
    for webcal in webcals:
        delen = urlsplit(webcal)
        body = visitor.get(f"{delen.path}?{delen.query}").data
        assert [str(event["UID"]) for event in entries(body)] == [str(een.uid)]


def test_a_choice_in_the_list_can_be_followed(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session)
    visitor = client()
    body = visitor.get(f"/activiteiten?kern={kern.slug}&soort=markt&q=boek&wanneer=jaar").data
    [agenda] = [link for link in links(body) if link.startswith("/agenda")]

    page = visitor.get(agenda)

    [adres] = html.fromstring(page.data).xpath("//textarea/text()")
    assert query(agenda) == {"kern": kern.slug, "soort": "markt", "q": "boek"}
    assert query(adres) == query(agenda)


def test_one_activity_goes_along_as_a_file_or_to_a_page_of_others(
    client: ClientFactory, session: Session
) -> None:
    een = make_activiteit(
        session,
        begint_op=datetime(2027, 6, 12, 10, tzinfo=AMSTERDAM),
        eindigt_op=datetime(2027, 6, 12, 16, tzinfo=AMSTERDAM),
        plek_naam="Dorpshuis",
    )
    visitor = client()

    page = visitor.get(f"/activiteiten/{een.id}").data

    google = query(next(link for link in links(page) if "google" in link))
    outlook = query(next(link for link in links(page) if "outlook" in link))
    assert google["dates"] == "20270612T080000Z/20270612T140000Z"
    assert (google["text"], google["action"]) == (een.titel, "TEMPLATE")
    assert (outlook["startdt"], outlook["enddt"]) == (
        "2027-06-12T08:00:00Z",
        "2027-06-12T14:00:00Z",
    )
    [bestand] = [link for link in links(page) if link.endswith(".ics")]
    assert str(entry(visitor.get(bestand).data)["UID"]) == str(een.uid)


def test_whole_days_go_along_as_days(client: ClientFactory, session: Session) -> None:
    een = make_activiteit(
        session,
        begint_op=datetime(2027, 6, 10, tzinfo=AMSTERDAM),
        eindigt_op=datetime(2027, 6, 14, tzinfo=AMSTERDAM),
        hele_dag=True,
    )

    page = client().get(f"/activiteiten/{een.id}").data

    google = query(next(link for link in links(page) if "google" in link))
    outlook = query(next(link for link in links(page) if "outlook" in link))
    assert google["dates"] == "20270610/20270614"
    assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == (
        "2027-06-10",
        "2027-06-13",
        "true",
    )


def test_what_is_over_or_called_off_is_not_offered(client: ClientFactory, session: Session) -> None:
    voorbij = make_activiteit(session, begint_op=moment(-3, 10), eindigt_op=moment(-3, 12))
    afgelast = make_activiteit(session, status=Status.AFGELAST)

    pages = [client().get(f"/activiteiten/{een.id}").data for een in (voorbij, afgelast)]

    assert [link for page in pages for link in links(page) if ".ics" in link] == []
