"""Many made activities, spread over the kernen, so that a page has something to be slow about."""

from kernenkaart.embedded import Cluster

VULLING = """
INSERT INTO activiteit (platform_id, gemeente_id, soort_id, titel, omschrijving, begint_op,
                        eindigt_op, status, geom, demo)
SELECT p.platform_id, k.gemeente_id, s.id, 'Bijeenkomst nummer ' || n,
       'Iedereen is welkom. Er is koffie en thee.', begint, begint + interval '2 hours',
       'gepubliceerd',
       ST_SetSRID(ST_MakePoint(ST_X(k.hart) + 900 * (random() - 0.5),
                               ST_Y(k.hart) + 900 * (random() - 0.5)), 28992), true
FROM generate_series(%(van)s::integer, %(tot)s::integer) n
JOIN LATERAL (SELECT * FROM kern ORDER BY id
              OFFSET n %% (SELECT count(*) FROM kern) LIMIT 1) k ON true
JOIN LATERAL (SELECT platform_id FROM platform_kern WHERE kern_id = k.id
              UNION ALL SELECT id FROM platform LIMIT 1) p ON true
JOIN LATERAL (SELECT id FROM activiteit_soort ORDER BY id OFFSET n %% 10 LIMIT 1) s ON true
JOIN LATERAL (SELECT date_trunc('hour', now())
                     + (n %% 8760) * interval '1 hour' AS begint) b ON true
"""


def fill(cluster: Cluster, aantal: int) -> None:
    """See to it that there are at least ``aantal`` activities."""
    with cluster.connect(role="kernenkaart_beheer") as connection:
        row = connection.execute("SELECT count(*) FROM activiteit").fetchone()
        there = int(row[0]) if row else 0
        connection.execute("SELECT setseed(0.5)")
        connection.execute(VULLING, {"van": there + 1, "tot": aantal})
        connection.execute("ANALYZE")
