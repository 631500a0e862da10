"""The stand-alone map file: everything inside, nothing fetched, everything pinned."""

import base64
import hashlib
import json
import re

from sqlalchemy.orm import Session

from tests.conftest import ClientFactory
from tests.factories import make_activiteit, make_kern, make_platform, make_werkzaamheid


def test_the_file_carries_all_it_needs(client: ClientFactory, session: Session) -> None:
    kern = make_kern(session, naam="Tricht")
    platform = make_platform(session, kernen=[kern])
    make_activiteit(session, platform=platform, titel="Boekenmarkt </script>")
    make_werkzaamheid(session, titel="Geheim", openbaar=False, geom=kern.hart)

    response = client().get(f"/kernen/{kern.slug}/kaart.html")

    page = response.text
    assert response.headers["Content-Disposition"].startswith("attachment")
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'(src|href)="(?!#|http://127\.0\.0\.1:8000/)', markup)
    assert "@import" not in page
    assert "url(images" not in page
    assert "Boekenmarkt &lt;/script&gt;" in page
    assert "Geheim" not in page
    data = json.loads(re.findall(r'id="kaartgegevens">(.*?)</script>', page)[0])
    assert [ding["titel"] for ding in data["dingen"]] == ["Boekenmarkt </script>"]


def test_what_may_run_is_pinned_by_hash_in_file_and_header(
    client: ClientFactory, session: Session
) -> None:
    kern = make_kern(session)

    response = client().get(f"/kernen/{kern.slug}/kaart.html")

    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    meta = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', response.text)[0]
    assert policy.startswith(meta.replace("&#39;", "'"))
    inline = re.findall(
        r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", response.text, re.DOTALL
    )
    assert len(inline) == 5
    for _tag, text in inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_there_is_no_file_of_a_kern_that_does_not_exist(client: ClientFactory) -> None:
    assert client().get("/kernen/bestaat-niet/kaart.html").status_code == 404
