from flask import Flask

from kernenkaart.app import create_app
from kernenkaart.config import Settings


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
