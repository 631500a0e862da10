"""Make geodata/kernen.geojson: generalised boundaries, a true coverage in whole RD metres;
and geodata/gemeente.geojson, the outline of that same coverage.

    python scripts/generaliseer_kernen.py BRON GEMEENTE --code GM1960 --gemeentenaam NAAM --stad X

BRON is a file (or a folder of files) with one polygon per kern, GEMEENTE a file whose features
together are the municipality. The two need not agree: digitised neighbours overlap, leave slivers,
and a kern may stick out. The way to a coverage is in four steps.

1. All lines are noded together and polygonised. Each face inside the municipality goes to the
   kern that covers it; a face without one, or with several, to the neighbour with the longest
   shared edge.
2. Shared edges are simplified together, so that neighbours keep sharing them.
3. The result is noded on a grid of 1 m and polygonised again. Rounding each vertex by itself would
   make polygons touch and cross; noding on the grid does not.
4. What the file promises is checked; nothing is written when a promise is broken.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer
from shapely import Geometry, MultiPolygon, Polygon

RD = "EPSG:28992"
SNAP_M = 0.1  # digitising noise of the source, closed before anything is compared
HART_M = 100  # a heart given outside its kern comes this far inside
SLIVER_M2 = 10_000.0  # a loose part smaller than this belongs to its neighbour


def read_polygons(path: Path) -> tuple[list[dict[str, object]], np.ndarray]:
    """The properties and the valid RD geometries of a file, or of all GeoJSON files in a folder."""
    files = sorted(path.glob("*.geojson")) if path.is_dir() else [path]
    rows: list[dict[str, object]] = []
    shapes: list[Geometry] = []
    for file in files:
        meta, _, wkb, columns = pyogrio.raw.read(file)
        names = [str(name) for name in meta["fields"]]
        rows += [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        project = Transformer.from_crs(meta["crs"] or "EPSG:4326", RD, always_xy=True)
        shapes += [
            shapely.transform(shape, lambda xy, p=project: np.column_stack(p.transform(*xy.T)))
            for shape in shapely.from_wkb(wkb, on_invalid="fix")
        ]
    return rows, shapely.make_valid(
        shapely.force_2d(shapes), method="structure", keep_collapsed=False
    )


def faces_of(shapes: np.ndarray, grid_m: float) -> np.ndarray:
    """The smallest faces that the outlines of ``shapes`` divide the plane into."""
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=grid_m)
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))


def assign(faces: np.ndarray, shapes: np.ndarray) -> list[Geometry]:
    """``shapes`` rebuilt from ``faces``; a face that is no one's own goes to its best neighbour."""
    inside = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    owners = np.zeros(len(faces), dtype=int)
    which, shape_index = shapely.STRtree(inside).query(shapes, predicate="contains")[::-1]
    owner[which] = shape_index
    np.add.at(owners, which, 1)
    owner[owners > 1] = -1  # an overlap is settled by the longest shared edge, like a gap

    while (loose := np.flatnonzero(owner < 0)).size:
        kernen = [shapely.union_all(faces[owner == index]) for index in range(len(shapes))]
        progress = False
        for face in loose:
            shared = shapely.length(shapely.intersection(shapely.boundary(faces[face]), kernen))
            if shared.max() > 0:
                owner[face], progress = int(shared.argmax()), True
        if not progress:
            raise SystemExit("A part of the municipality touches no kern.")
    return [shapely.union_all(faces[owner == index]) for index in range(len(shapes))]


def without_slivers(shapes: list[Geometry]) -> list[Geometry]:
    """``shapes`` after loose parts of less than ``SLIVER_M2`` went to the best neighbour."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    small = shapely.area(parts) < SLIVER_M2
    kept = [shapely.union_all(parts[(index == i) & ~small]) for i in range(len(shapes))]
    return assign(parts, np.array(kept)) if small.any() else shapes


def generalise(shapes: np.ndarray, gemeente: Geometry, tolerance_m: float) -> list[Geometry]:
    """A coverage of ``gemeente`` in whole metres, one polygon for each of ``shapes``.

    Args:
        shapes: valid RD polygons that roughly tile ``gemeente``.
        gemeente: RD polygon; nothing outside it is kept, nothing inside it is left out.
        tolerance_m: about how far a line may move.
    """
    faces = faces_of(np.append(shapes, gemeente), SNAP_M)
    faces = faces[shapely.contains(gemeente, shapely.point_on_surface(faces))]
    exact = without_slivers(assign(faces, shapes))
    simple = shapely.coverage_simplify(np.array(exact), tolerance_m)
    return assign(faces_of(simple, 1.0), simple)


def check(shapes: list[Geometry], gemeente: Geometry) -> None:
    """Stop unless ``shapes`` is what the README of geodata promises."""
    array = np.array(shapes)
    coordinates = shapely.get_coordinates(array)
    union = shapely.union_all(array)
    promises = {
        "valid polygons": bool(shapely.is_valid(array).all()),
        "whole metres": bool((coordinates == coordinates.round()).all()),
        "neighbours share their edges, no overlap": bool(shapely.coverage_is_valid(array)),
        "no holes": shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0,
        "area within 0.5 %": abs(shapely.area(array).sum() / gemeente.area - 1) < 0.005,
    }
    broken = [name for name, kept in promises.items() if not kept]
    if broken:
        raise SystemExit(f"Not written, broken promise: {'; '.join(broken)}")


def heart(label: Geometry, shape: Geometry) -> Geometry:
    """``label`` in whole metres; if it lies outside ``shape``, the nearest place well inside it."""
    near = shapely.shortest_line(label, shape.buffer(-HART_M))
    inside = label if shape.contains(label) else shapely.get_point(near, -1)
    return shapely.set_precision(inside, 1.0)


def rings(shape: Geometry) -> list[list[list[list[int]]]]:
    """The coordinates of a MultiPolygon of GeoJSON, outer rings counter-clockwise, as integers."""
    multi = MultiPolygon([shape]) if isinstance(shape, Polygon) else shape
    return [
        [[[int(x), int(y)] for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shapely.orient_polygons(shapely.normalize(multi)))
    ]


def write(path: Path, features: list[dict[str, object]]) -> None:
    """Write a FeatureCollection in RD with the old ``crs`` member, one feature per line."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features
    )
    path.write_text(
        f'{{"type":"FeatureCollection","name":"{path.stem}","crs":{json.dumps(crs)},"features":[\n{lines}\n]}}\n',
        encoding="utf-8",
    )


def main() -> None:
    """Read, generalise, check and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("bron", type=Path)
    parser.add_argument("gemeente", type=Path)
    parser.add_argument("--code", required=True, help="CBS code of the municipality")
    parser.add_argument("--gemeentenaam", required=True, help="name of the municipality")
    parser.add_argument("--stad", action="append", default=[], help="a kern with city rights")
    parser.add_argument("--naam", default="name", help="column with the name")
    parser.add_argument("--kerncode", default="wof_id", help="column with the lasting code")
    parser.add_argument("--hart", nargs=2, default=["lbl_lon", "lbl_lat"], help="columns, WGS84")
    parser.add_argument("--tolerantie", type=float, default=10.0, help="metres")
    parser.add_argument("--uit", type=Path, default=Path("geodata"), help="folder")
    args = parser.parse_args()

    rows, shapes = read_polygons(args.bron)
    gemeente = shapely.union_all(read_polygons(args.gemeente)[1], grid_size=SNAP_M)
    result = generalise(shapes, gemeente, args.tolerantie)
    check(result, gemeente)
    to_rd = Transformer.from_crs("EPSG:4326", RD, always_xy=True).transform
    labels = [shapely.Point(to_rd(*(row[name] for name in args.hart))) for row in rows]
    harten = [heart(label, shape) for label, shape in zip(labels, result, strict=True)]
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": str(row[args.kerncode]),
                "naam": row[args.naam],
                "soort": "stad" if row[args.naam] in args.stad else "dorp",
                "gemeente": args.code,
                "hart_x": int(hart.x),
                "hart_y": int(hart.y),
            },
            "geometry": {"type": "MultiPolygon", "coordinates": rings(shape)},
        }
        for row, shape, hart in zip(rows, result, harten, strict=True)
    ]
    features.sort(key=lambda feature: str(feature["properties"]["naam"]))
    write(args.uit / "kernen.geojson", features)
    outline = {
        "type": "Feature",
        "properties": {"code": args.code, "naam": args.gemeentenaam},
        "geometry": {"type": "MultiPolygon", "coordinates": rings(shapely.union_all(result))},
    }
    write(args.uit / "gemeente.geojson", [outline])
    vertices = shapely.get_num_coordinates(result).sum()
    print(f"{len(result)} kernen, {vertices} vertices, {shapely.area(result).sum() / 1e6:.2f} km2")


if __name__ == "__main__":
    main()
