"""The private cluster keeps what it is given and lets nobody else in."""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kernenkaart import embedded
from kernenkaart.embedded import APP, BEHEER, DATABASE, Cluster, ClusterError
from kernenkaart.processen import wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="kernenkaart-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def eigen(place: Path) -> Iterator[Cluster]:
    made = Cluster(place / "postgres")
    made.ensure_running()
    yield made
    made.stop()


def test_data_survive_a_stop_and_a_start(eigen: Cluster) -> None:
    with eigen.connect() as connection:
        connection.execute("CREATE TABLE blijft AS SELECT 'Tricht' AS naam")

    eigen.stop()
    stopped = eigen.pid
    eigen.ensure_running()

    assert stopped is None
    with eigen.connect() as connection:
        assert connection.execute("SELECT naam FROM blijft").fetchall() == [("Tricht",)]


def test_committed_rows_survive_a_killed_server(eigen: Cluster) -> None:
    with eigen.connect() as connection:
        connection.execute("CREATE TABLE overleeft AS SELECT 1 AS een")
    killed = eigen.pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: eigen.exit_code() is not None, 5)
    eigen.ensure_running()

    assert eigen.pid != killed
    with eigen.connect() as connection:
        assert connection.execute("SELECT een FROM overleeft").fetchall() == [(1,)]


def test_a_running_server_is_taken_over(eigen: Cluster) -> None:
    later = Cluster(eigen.map)

    later.ensure_running()

    assert later.pid == eigen.pid


def test_it_listens_on_a_private_socket_only(eigen: Cluster) -> None:
    with eigen.connect() as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()

    assert listens == ("",)
    assert stat.S_IMODE(eigen.socket_map.stat().st_mode) == 0o700
    assert stat.S_IMODE(eigen.map.stat().st_mode) == 0o700


def test_the_app_role_owns_nothing_and_the_owner_is_no_superuser(eigen: Cluster) -> None:
    with eigen.connect() as connection:
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_shdepend WHERE refobjid = %s::regrole AND deptype = 'o'", [APP]
        ).fetchone()
        powerful = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'kernenkaart%'"
            " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)"
        ).fetchall()

    assert (owner, owned, powerful) == ((BEHEER,), (0,), [])


def test_the_app_role_makes_no_tables(eigen: Cluster) -> None:
    with (
        eigen.connect(role=APP) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE van_mij (id int)")


def test_names_sort_the_dutch_way(eigen: Cluster) -> None:
    with eigen.connect() as connection:
        rows = connection.execute(
            "SELECT naam FROM unnest(ARRAY['Est', 'éénhoorn', 'Acquoy', 'deil']) naam"
            ' ORDER BY naam COLLATE "nl-x-icu"'
        ).fetchall()

    assert [naam for (naam,) in rows] == ["Acquoy", "deil", "éénhoorn", "Est"]


def test_a_clone_has_the_rows_of_its_template(eigen: Cluster) -> None:
    eigen.create_database("sjabloon")
    with eigen.connect("sjabloon", BEHEER) as connection:
        connection.execute("CREATE TABLE plek AS SELECT st_point(1, 2) AS punt")

    eigen.create_database("kopie", template="sjabloon")

    with eigen.connect("kopie", BEHEER) as connection:
        assert connection.execute("SELECT st_x(punt) FROM plek").fetchall() == [(1.0,)]
    eigen.drop_database("kopie")
    eigen.drop_database("sjabloon")


def test_the_socket_moves_when_its_path_would_be_too_long(place: Path) -> None:
    deep = place / ("x" * 90) / "postgres"

    found = Cluster(deep)

    assert len(os.fsencode(found.socket_map / ".s.PGSQL.5432")) <= 107
    assert found.socket_map.parent == Path("/tmp")


def test_a_socket_folder_that_is_a_link_is_refused(place: Path) -> None:
    deep = Cluster(place / ("y" * 90) / "postgres", durable=False)
    deep.socket_map.symlink_to(place)

    with pytest.raises(ClusterError, match="niet van ons"):
        deep.ensure_running()

    deep.socket_map.unlink()


def test_a_temporary_cluster_leaves_nothing_behind() -> None:
    with Cluster.tijdelijk() as tijdelijk:
        pid = tijdelijk.pid
        assert pid is not None

    assert not tijdelijk.map.exists()
    assert not Path(f"/proc/{pid}").exists()


@as_root
def test_data_go_elsewhere_when_only_root_can_enter_the_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = place / "alleen-root"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "SYSTEM_MAP", place / "elders")

    found = Cluster(closed / "postgres")

    assert found.map.parent == place / "elders"
    assert Cluster(closed / "postgres").map == found.map


@as_root
def test_data_that_became_unreachable_get_a_clear_line(place: Path) -> None:
    folder = place / "dichtgezet"
    folder.mkdir(mode=0o755)
    filled = Cluster(folder / "postgres").map / "data"
    filled.mkdir()
    (filled / "PG_VERSION").write_text("15")
    folder.chmod(0o700)

    with pytest.raises(ClusterError, match="chmod o\\+x"):
        Cluster(folder / "postgres")
