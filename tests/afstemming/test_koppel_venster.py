"""The best days for two works are those that a search of every way to place both finds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kernenkaart.afstemming.botsing_regels import botsing_regels, classify
from kernenkaart.afstemming.koppel_beeld import without_overlap
from kernenkaart.afstemming.koppel_models import Kant
from kernenkaart.afstemming.koppel_regels import VAST, Werk
from kernenkaart.afstemming.koppel_venster import Beletsel, Venster, find_venster
from kernenkaart.afstemming.koppel_woorden import sentences, tell_venster
from kernenkaart.tijd import Periode
from kernenkaart.werkzaamheden.models import Diepte, Status

DAG = date(2027, 4, 1)
REGELS = botsing_regels()
TOEN = date(2027, 1, 31)  # before all that is planned here
MARGE = REGELS.andere_tijd_dagen
TITELS = {Kant.A: "Nieuwe kabels", Kant.B: "Nieuwe klinkers"}


def day(nummer: int) -> date:
    return DAG + timedelta(days=nummer)


def make_werk(
    number: int, van: int, tot: int, *, voor: int = 0, na: int = 0, **values: Any
) -> Werk:
    """A work from day ``van`` up to ``tot``, that can be ``voor`` days earlier, ``na`` later."""
    defaults: dict[str, Any] = {
        "soort": "", "diepte": Diepte.RIOOL, "status": Status.VERWACHT, "hinder": True,
        "duur": tot - van + 1,
    }  # fmt: skip
    return Werk(
        id=number, eerste=day(van), laatste=day(tot), vroegst=day(van - voor), laatst=day(tot + na),
        **defaults | values,
    )  # fmt: skip


def make_feest(van: int, tot: int, kant: Kant = Kant.A, **values: Any) -> Beletsel:
    defaults: dict[str, Any] = {"activiteit_id": 100 + van, "titel": "Kermis", "zelfde_plek": True}
    return Beletsel(kant=kant, dagen=Periode(day(van), day(tot)), **defaults | values)


@st.composite
def werken(draw: st.DrawFn, number: int) -> Werk:
    van = draw(st.integers(0, 20))
    tot = van + draw(st.integers(0, 8))
    return make_werk(
        number, van, tot, voor=draw(st.integers(0, 12)), na=draw(st.integers(0, 12)),
        duur=draw(st.integers(1, tot - van + 1)),
        status=draw(st.sampled_from([Status.VERWACHT, Status.BEVESTIGD, Status.BEZIG])),
    )  # fmt: skip


@st.composite
def feesten(draw: st.DrawFn) -> Beletsel:
    van = draw(st.integers(-12, 45))
    return make_feest(
        van, van + draw(st.integers(0, 4)), draw(st.sampled_from(list(Kant))),
        zelfde_plek=draw(st.booleans()),
        deel=draw(st.sampled_from([None, None, (0, 0), (1, 3)])),
    )  # fmt: skip


PAREN = st.tuples(werken(1), werken(2))
FEESTEN = st.lists(feesten(), max_size=4)


def find(paar: tuple[Werk, Werk], feesten: list[Beletsel], vandaag: date = TOEN) -> Any:
    return find_venster(dict(zip(Kant, paar, strict=True)), feesten, vandaag, MARGE)


def clashes(feest: Beletsel, begin: date, duur: int) -> tuple[int, int]:
    """Days at once, and 1 if it is in the way without: as the botsingswacht says it."""
    van, tot = feest.deel or (0, duur - 1)
    werk = Periode(begin + timedelta(days=van), begin + timedelta(days=tot))
    afstand_m = 0.0 if feest.zelfde_plek else REGELS.dichtbij_m
    uitkomst = classify(afstand_m, werk, feest.dagen, REGELS)
    return (uitkomst.dagen, int(not uitkomst.dagen)) if uitkomst else (0, 0)


def cost_of(
    paar: tuple[Werk, Werk], begin: tuple[date, date], feesten: list[Beletsel]
) -> tuple[int, ...]:
    """What a way to place both costs, day by day: fewer days at once, clashes, days moved."""
    a, b = ({w + timedelta(days=n) for n in range(werk.duur)}
            for w, werk in zip(begin, paar, strict=True))  # fmt: skip
    dagen = vlakbij = geschoven = zeker = 0
    for kant, werk, dag in zip(Kant, paar, begin, strict=True):
        for feest in feesten:
            if feest.kant is kant:
                samen, dichtbij = clashes(feest, dag, werk.duur)
                dagen, vlakbij = dagen + samen, vlakbij + dichtbij
        kan = [werk.eerste + timedelta(days=n)
               for n in range((werk.laatste - werk.eerste).days + 2 - werk.duur)]  # fmt: skip
        schuift = min(abs((dag - een).days) for een in kan)
        geschoven += schuift
        zeker += schuift * (VAST[werk.status] == max(VAST[w.status] for w in paar)
                            and paar[0].status is not paar[1].status)  # fmt: skip
    return (-len(a & b), dagen, vlakbij, geschoven, zeker, sum((d - DAG).days for d in begin))


def search(paar: tuple[Werk, Werk], feesten: list[Beletsel]) -> tuple[int, ...] | None:
    """The least cost of all ways in which both share a day; knows nothing of what is tested."""
    begin = [
        [day(n) for n in range(-30, 80)
         if (werk.eerste <= day(n) if werk.status is Status.BEZIG else werk.vroegst <= day(n))
         and day(n + werk.duur - 1) <= (werk.laatste if werk.status is Status.BEZIG
                                        else werk.laatst)]
        for werk in paar
    ]  # fmt: skip
    kosten = (cost_of(paar, (p, q), feesten) for p in begin[0] for q in begin[1])
    return min((kost for kost in kosten if kost[0] < 0), default=None)


def cost_found(
    paar: tuple[Werk, Werk], venster: Venster, feesten: list[Beletsel]
) -> tuple[int, ...]:
    a, b = (venster.verplaatsing[kant].eerste for kant in Kant)
    return cost_of(paar, (a, b), feesten)


@given(PAREN, FEESTEN)
@settings(max_examples=50, deadline=None)
def test_no_other_way_to_place_both_is_better(
    paar: tuple[Werk, Werk], feesten: list[Beletsel]
) -> None:
    venster = find(paar, feesten)

    best = search(paar, feesten)

    assert (venster is None) == (best is None)
    if venster:
        assert cost_found(paar, venster, feesten) == best
        assert bool(venster.in_de_weg) == (best[1:3] != (0, 0))
        for kant, werk in zip(Kant, paar, strict=True):
            een = venster.verplaatsing[kant]
            assert werk.vroegst <= een.eerste
            assert een.laatste <= werk.laatst
            assert (een.laatste - een.eerste).days + 1 == werk.duur


@given(PAREN, FEESTEN, st.integers(-400, 400))
@settings(max_examples=50, deadline=None)
def test_moving_everything_by_the_same_days_changes_nothing(
    paar: tuple[Werk, Werk], feesten: list[Beletsel], dagen: int
) -> None:
    def later(dag: date | None) -> Any:
        return dag + timedelta(days=dagen) if dag else None

    anders = [
        replace(w, **{n: later(getattr(w, n)) for n in ("eerste", "laatste", "vroegst", "laatst")})
        for w in paar
    ]  # fmt: skip
    feest = [
        replace(f, dagen=Periode(later(f.dagen.eerste), later(f.dagen.laatste))) for f in feesten
    ]

    een = find(paar, feesten)
    ander = find((anders[0], anders[1]), feest, later(TOEN))

    assert (een is None) == (ander is None)
    if een and ander:
        assert [later(een.eerste), later(een.laatste)] == [ander.eerste, ander.laatste]
        moves = [
            [w.verplaatsing[kant].schuift_dagen for kant in Kant] for w in (een, ander)
        ]  # fmt: skip
        assert moves[0] == moves[1]


@given(PAREN, FEESTEN, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_more_slack_never_makes_it_worse(
    paar: tuple[Werk, Werk], feesten: list[Beletsel], voor: int, na: int
) -> None:
    ruimer = (
        replace(
            paar[0],
            vroegst=paar[0].vroegst - timedelta(days=voor),
            laatst=paar[0].laatst + timedelta(days=na),
        ),
        paar[1],
    )

    eng, ruim = find(paar, feesten), find(ruimer, feesten)

    if eng:
        assert ruim
        assert cost_found(paar, ruim, feesten) <= cost_found(paar, eng, feesten)


def test_the_fair_is_gone_round_with_the_days_that_belong_to_it() -> None:
    kabels = make_werk(1, 19, 30, voor=30)
    klinkers = make_werk(2, 10, 21, voor=20, na=5, status=Status.BEVESTIGD)
    kermis = make_feest(19, 23, titel="Kermis Tricht", zeker=False)

    venster = find((kabels, klinkers), [kermis])

    # seven days in between are a clash still, eight are not
    assert (venster.eerste, venster.laatste) == (day(-1), day(10))
    assert venster.in_de_weg == []
    assert tell_venster(venster, TITELS, TOEN) == [
        "Samen kan van wo 31 maart t/m zo 11 april.",
        "Kermis Tricht (waarschijnlijk di 20 t/m za 24 april) valt daar dan buiten.",
        "Werk 1, Nieuwe kabels: wo 31 maart t/m zo 11 april. Dat is 20 dagen eerder.",
        "Werk 2, Nieuwe klinkers: wo 31 maart t/m zo 11 april. Dat is 11 dagen eerder.",
    ]


def test_what_cannot_be_free_is_told_with_what_is_in_the_way() -> None:
    paar = make_werk(1, 0, 9), make_werk(2, 5, 14, voor=5)

    zinnen = tell_venster(find(paar, [make_feest(8, 8)]), TITELS, TOEN)

    assert zinnen[0] == (
        "Geen enkele periode is helemaal vrij. Het minst in de weg is het van do 1 t/m za 10 april."
    )
    assert zinnen[1] == "Let op: Kermis (vr 9 april) is dan 1 dag in dezelfde tijd."
    assert zinnen[-1] == ("Werk 2, Nieuwe klinkers: do 1 t/m za 10 april. Dat is 5 dagen eerder.")


def test_of_many_in_the_way_three_are_named_and_the_others_counted() -> None:
    paar = make_werk(1, 0, 9), make_werk(2, 0, 9)
    feesten = [make_feest(dag, dag) for dag in range(5)] + [make_feest(0, 0, Kant.B)]

    zinnen = tell_venster(find(paar, feesten), TITELS, TOEN)

    assert sum(zin.startswith("Let op: Kermis") for zin in zinnen) == 3
    assert zinnen[4] == "Zo zijn er nog 2."


def test_nothing_moves_into_the_past_and_what_has_begun_stays() -> None:
    bezig = make_werk(1, 0, 20, voor=5, na=5, status=Status.BEZIG)
    ander = make_werk(2, 30, 34, voor=30)

    venster = find((bezig, ander), [], vandaag=day(10))

    assert venster.verplaatsing[Kant.A].schuift_dagen == 0
    assert venster.verplaatsing[Kant.B].eerste == day(16)
    assert find((make_werk(1, 0, 4), ander), [], vandaag=day(10)) is None


def test_the_surer_work_stays_where_it_is() -> None:
    zeker = make_werk(1, 0, 4, na=20, status=Status.BEVESTIGD)
    ander = make_werk(2, 8, 12, voor=20)

    moves: Mapping[Kant, Any] = find((zeker, ander), []).verplaatsing

    assert [moves[kant].schuift_dagen for kant in Kant] == [0, -8]


def test_a_kind_without_a_name_of_its_own_is_no_adverb_in_a_sentence() -> None:
    reden = {"code": "volgorde", "eerst": "Anders", "dan": "Riool", "verkeerd": False}

    assert sentences([reden]) == ["Beste volgorde: eerst het andere werk, dan riool."]


def test_names_of_months_leave_one_another_room_on_a_phone() -> None:
    strepen = [(0.0, "feb 2027"), (8.0, "maa"), (16.0, "apr"), (24.0, "mei"), (95.0, "jan 2028")]

    namen = dict(without_overlap(strepen))

    assert namen == {0.0: "feb 2027", 8.0: "", 16.0: "", 24.0: "mei", 95.0: ""}
