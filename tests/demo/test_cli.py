import pytest
from flask import Flask

from kernenkaart.app import create_app
from kernenkaart.config import Settings
from kernenkaart.demo.genereren import MATEN, Maat
from kernenkaart.embedded import Cluster


def test_logins_are_told_only_where_the_demo_is_on(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "logins"])

    assert answer.exit_code != 0
    assert "KERNENKAART_DEMO" in answer.output


def test_removing_a_demo_that_is_not_there_is_no_fault(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "wis"])

    assert answer.exit_code == 0
    assert "Er was geen demo." in answer.output


def test_loading_without_kernen_says_what_to_do_first(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "laad"])

    assert answer.exit_code != 0
    assert "flask kernen importeer" in answer.output


def test_there_are_no_logins_before_there_is_a_demo(settings: Settings) -> None:
    aan = create_app(Settings(**(vars(settings) | {"demo": True})))

    answer = aan.test_cli_runner().invoke(args=["demo", "logins"])

    assert answer.exit_code != 0
    assert "flask demo laad" in answer.output


def test_generating_is_one_command_that_another_takes_back(
    cluster: Cluster, gemigreerd: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.create_database("genereren", template=gemigreerd)
    urls = {
        "database_url": cluster.url("kernenkaart_app", "genereren"),
        "beheer_url": cluster.url("kernenkaart_beheer", "genereren"),
    }
    app = create_app(Settings(**(vars(settings) | urls)))
    monkeypatch.setitem(MATEN, "S", Maat(30, 50, 20, 10))
    run = app.test_cli_runner().invoke

    gemaakt = run(args=["demo", "genereer", "--maat", "S", "--zaad", "7"])
    weg = run(args=["demo", "wis"])
    app.extensions["kernenkaart.engine"].dispose()
    cluster.drop_database("genereren")

    assert gemaakt.exit_code == 0, gemaakt.output
    assert "activiteiten\nwerkzaamheden\ninitiatieven\n" in gemaakt.output
    assert "Gegenereerd: 50 activiteiten, 20 werkzaamheden, 10 initiatieven." in gemaakt.output
    assert "De demo is weg." in weg.output


def test_generating_without_kernen_says_what_to_do_first(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "genereer", "--maat", "S"])

    assert answer.exit_code != 0
    assert "flask kernen importeer" in answer.output
