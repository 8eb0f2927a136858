"""Geometry of the map: positions, great circles, labels that do not overlap, and the outline of the land."""

import json
import math

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from partners.maps import map_sections
from partners.maps.agreement_map import MapAgreement, draw_map
from partners.maps.clusters import MIN_MARK_DISTANCE, Cluster, MapDot, MapPlace, cluster_places
from partners.maps.great_circle import GeoPoint, angular_distance, great_circle
from partners.maps.labels import DOT_RADIUS, Box, place_labels
from partners.maps.land import land_path, land_rings
from partners.maps.map_sections import (
    ATLANTIC_WORLD_MAP,
    MAX_HEIGHT,
    MAX_ZOOM,
    MIN_HEIGHT,
    PACIFIC_WORLD_MAP,
    choose_map_section,
)
from partners.maps.projections import HEIGHT, WIDTH, Point, svg_arc, svg_line_between

BURNABY, ZHONGSHAN, MARKHAM = GeoPoint(49.2, -123.0), GeoPoint(22.5, 113.4), GeoPoint(43.9, -79.3)
positions = st.builds(GeoPoint, st.floats(-89, 89), st.floats(-180, 180))


def test_pacific_map_has_china_left_of_canada_and_north_up():
    assert PACIFIC_WORLD_MAP.project_point(ZHONGSHAN).x < PACIFIC_WORLD_MAP.project_point(BURNABY).x
    for canvas in (ATLANTIC_WORLD_MAP, PACIFIC_WORLD_MAP, choose_map_section([(BURNABY, ZHONGSHAN)])):
        heights = [canvas.project_point(GeoPoint(latitude, 110)).y for latitude in (60, 40, 25, 0)]
        assert heights == sorted(heights)


def test_distance_between_burnaby_and_zhongshan_is_about_10290_km():
    assert angular_distance(BURNABY, ZHONGSHAN) * 6371 == pytest.approx(10_290, rel=0.01)


@given(positions, positions)
def test_great_circle_has_even_steps_and_exact_ends(a, b):
    way = great_circle(a, b, steps=8)
    assert angular_distance(way[0], a) == pytest.approx(0, abs=1e-5)
    assert angular_distance(way[-1], b) == pytest.approx(0, abs=1e-5)
    steps = [angular_distance(way[i], way[i + 1]) for i in range(len(way) - 1)]
    if len(way) == 9:
        assert max(steps) == pytest.approx(min(steps), abs=1e-4)


def test_great_circle_of_one_place_has_no_length():
    assert great_circle(BURNABY, BURNABY) == [BURNABY, BURNABY]


def fixed_width(name):
    """Return a fixed width for every name."""
    return 60.0


def map_place(name, spot):
    return MapPlace(name, spot)


def test_line_across_the_pacific_is_unbroken():
    near = MapAgreement(map_place("Zhongshan", ZHONGSHAN), map_place("Burnaby", BURNABY), "active")
    far = MapAgreement(map_place("Sydney", GeoPoint(-33.9, 151.2)), map_place("Burnaby", BURNABY), "ended")
    drawn = draw_map([near, far], fixed_width)
    assert drawn.map_section.world_map is PACIFIC_WORLD_MAP
    assert drawn.drawn_line_kinds == ["active", "ended"]
    assert {mark.name for mark in drawn.labels} == {"Zhongshan", "Burnaby", "Sydney"}
    sydney = next(arc for arc in drawn.arcs if arc.kind == "ended")
    assert sydney.path.count("M") == 1  # the arc crosses the Pacific in one piece
    assert (
        svg_arc(great_circle(BURNABY, GeoPoint(-33.9, 151.2)), ATLANTIC_WORLD_MAP).count("M") == 2
    )  # the arc leaves in the west and enters in the east


TORONTO, BEIJING, PARIS, TOKYO = (
    GeoPoint(43.7, -79.4),
    GeoPoint(39.9, 116.4),
    GeoPoint(48.9, 2.4),
    GeoPoint(35.7, 139.7),
)
SYDNEY, NAIROBI, RIO = GeoPoint(-33.9, 151.2), GeoPoint(-1.3, 36.8), GeoPoint(-22.9, -43.2)


@pytest.mark.parametrize(
    ("ties", "world"),
    [
        ([(TORONTO, BEIJING), (BURNABY, ZHONGSHAN)], PACIFIC_WORLD_MAP),
        ([(TORONTO, BEIJING), (BURNABY, SYDNEY)], PACIFIC_WORLD_MAP),
        ([(PARIS, GeoPoint(52.5, 13.4)), (PARIS, GeoPoint(41.9, 12.5))], PACIFIC_WORLD_MAP),
        ([(TORONTO, PARIS), (RIO, NAIROBI), (BURNABY, SYDNEY)], ATLANTIC_WORLD_MAP),
        ([], PACIFIC_WORLD_MAP),
    ],
)
def test_world_map_that_cuts_the_fewest_lines_is_chosen(ties, world):
    assert choose_map_section(ties).world_map is world


@given(st.lists(st.tuples(positions, positions), min_size=1, max_size=8), st.lists(positions, max_size=4))
def test_section_of_world_map_contains_every_place_shown(ways, more):
    canvas = choose_map_section(ways, more)
    assert 1 <= canvas.zoom <= MAX_ZOOM
    assert min(MIN_HEIGHT, HEIGHT) <= canvas.height <= max(MAX_HEIGHT, HEIGHT)
    for spot in (*more, *(end for way in ways for end in way)):
        if -54 < spot.latitude < 83:  # the world map ends there; no city lies beyond
            point = canvas.project_point(spot)
            assert -1 <= point.x <= WIDTH + 1
            assert -1 <= point.y <= canvas.height + 1


def test_nearby_places_are_shown_larger_than_distant_ones():
    assert choose_map_section([(ZHONGSHAN, BEIJING)]).zoom == MAX_ZOOM
    assert choose_map_section([(ZHONGSHAN, TORONTO)]).zoom < 2


@pytest.mark.parametrize("world", [ATLANTIC_WORLD_MAP, PACIFIC_WORLD_MAP], ids=lambda world: world.name)
def test_line_over_the_pole_is_a_curve_that_does_not_follow_the_edge(world):
    torn = svg_arc(great_circle(TORONTO, BEIJING), world)
    assert torn.count("M") == 2
    for part in torn.split("M")[1:]:
        xs = [float(point.split()[0]) for point in part.split("L")]
        assert max(xs) - min(xs) < world.width / 5
    assert ("Q" in svg_line_between(TORONTO, BEIJING, world)) == (
        world is PACIFIC_WORLD_MAP
    )  # the other one cuts it
    assert "Q" not in svg_line_between(BURNABY, ZHONGSHAN, world)


def test_map_states_when_a_line_continues_at_another_edge():
    over = MapAgreement(map_place("Toronto", TORONTO), map_place("Beijing", BEIJING), "active")
    far = MapAgreement(map_place("Rio", RIO), map_place("Nairobi", NAIROBI), "active")
    assert not draw_map([over], fixed_width).has_interrupted_line
    assert draw_map([over, far], fixed_width).has_interrupted_line


def test_atlantic_world_map_is_centred_on_greenwich():
    assert (
        map_sections.ATLANTIC_WORLD_MAP.project_point(GeoPoint(0, 0))
        == map_sections.ATLANTIC_WORLD_MAP.origin
    )
    assert map_sections.ATLANTIC_WORLD_MAP.project_point(GeoPoint(0, 180)).x == pytest.approx(
        560 + 206 * 2.70663, abs=0.2
    )  # the extent of the map
    for spot in (GeoPoint(lat, lon) for lat in (-54, 0, 83) for lon in (-180, 0, 180)):
        x, y = map_sections.ATLANTIC_WORLD_MAP.project_point(spot)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert map_sections.ATLANTIC_WORLD_MAP.hides_ring([GeoPoint(-70, 0), GeoPoint(-80, 10)])


def test_pacific_world_map_is_cut_in_the_atlantic():
    west, east = (
        map_sections.PACIFIC_WORLD_MAP.project_point(GeoPoint(65, -31)),
        map_sections.PACIFIC_WORLD_MAP.project_point(GeoPoint(65, -29)),
    )
    assert west.x > 560 > east.x
    assert (
        map_sections.PACIFIC_WORLD_MAP.project_point(GeoPoint(0, 150))
        == map_sections.PACIFIC_WORLD_MAP.origin
    )


def test_land_across_the_antimeridian_is_drawn_on_both_sides():
    island = [GeoPoint(60, 160), GeoPoint(60, -160), GeoPoint(50, -160), GeoPoint(50, 160), GeoPoint(60, 160)]
    drawn = land_path([island], map_sections.ATLANTIC_WORLD_MAP)
    assert drawn.count("M") == 2
    numbers = [float(n) for n in drawn.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert not [x for x in numbers[::2] if 200 < x < 900]


def test_nearby_places_share_a_mark_named_after_the_one_with_most_agreements():
    foshan = map_place("Foshan", GeoPoint(23.0, 113.1))
    ties = [
        MapAgreement(map_place("Zhongshan", ZHONGSHAN), map_place("Burnaby", BURNABY), "unknown"),
        MapAgreement(map_place("Zhongshan", ZHONGSHAN), map_place("Markham", MARKHAM), "active"),
        MapAgreement(foshan, map_place("Burnaby", BURNABY), "in_force"),
        MapAgreement(foshan, map_place("Zhongshan", ZHONGSHAN), "active"),
    ]
    drawn = draw_map(ties, fixed_width)
    mark = drawn.labels[0]
    assert (mark.name, mark.place_count, mark.place.name) == ("Zhongshan", 2, "Zhongshan")
    assert [(arc.kind, arc.agreement_count) for arc in drawn.arcs] == [("in_force", 2), ("active", 1)]
    assert draw_map(ties, fixed_width, arcs=1).omitted_agreement_count == 2


@given(
    st.lists(st.tuples(st.floats(-60, 75), st.floats(-180, 180)), min_size=1, max_size=120),
    st.integers(1, 40),
)
def test_map_marks_are_apart_and_contain_every_place_once(spots, most):
    dots = [
        MapDot(
            map_place(str(n), GeoPoint(*at)),
            map_sections.ATLANTIC_WORLD_MAP.project_point(GeoPoint(*at)),
            n % 5,
        )
        for n, at in enumerate(spots)
    ]
    groups = cluster_places(dots, max_marks=most)
    assert len(groups) <= most
    assert sorted(int(one.name) for group in groups for one in group.places) == list(range(len(spots)))
    for number, one in enumerate(groups):
        for other in groups[number + 1 :]:
            assert math.dist(one.point, other.point) >= MIN_MARK_DISTANCE


@given(
    st.lists(st.tuples(st.floats(20, 50), st.floats(100, 130), st.floats(20, 120)), min_size=1, max_size=30)
)
def test_map_labels_overlap_neither_each_other_nor_a_dot(places):
    widths = {str(n): width for n, (_lat, _lon, width) in enumerate(places)}
    dots = [
        (map_place(str(n), GeoPoint(lat, lon)), PACIFIC_WORLD_MAP.project_point(GeoPoint(lat, lon)))
        for n, (lat, lon, _width) in enumerate(places)
    ]
    named = place_labels([Cluster(known, point, [known]) for known, point in dots], widths.__getitem__)
    labels = [
        (label, label_area(label, widths[known.name]))
        for (known, _point), label in zip(dots, named, strict=True)
        if label.is_labelled
    ]
    circles = [
        (point, Box(point.x - DOT_RADIUS, point.y - DOT_RADIUS, point.x + DOT_RADIUS, point.y + DOT_RADIUS))
        for _place, point in dots
    ]
    boxes = [box for _label, box in labels]
    assert not [1 for number, box in enumerate(boxes) for other in boxes[number + 1 :] if box.touches(other)]
    assert all(box.left >= 0 and box.right <= WIDTH for box in boxes)
    assert not [
        1
        for label, box in labels
        for at, circle in circles
        if at != (label.x, label.y) and box.touches(circle)
    ]


def label_area(label, width):
    """Return the area of a label on the map, less the rounding error."""
    left = {"start": label.text_x, "middle": label.text_x - width / 2, "end": label.text_x - width}[
        label.anchor
    ]
    return Box(left + 0.1, label.text_y - 12.9, left + width - 0.1, label.text_y + 2.9)


def square(size):
    return [
        GeoPoint(60, -160),
        GeoPoint(60, -160 + size),
        GeoPoint(60 - size, -160 + size),
        GeoPoint(60 - size, -160),
        GeoPoint(60, -160),
    ]


def test_land_outline_is_closed_and_omits_tiny_islands():
    assert land_path([square(10)]).endswith("Z")
    assert land_path([square(0.01)]) == ""


def test_antarctica_is_omitted_from_the_map():
    assert land_path([[GeoPoint(-65, 20), GeoPoint(-65, 30), GeoPoint(-70, 30), GeoPoint(-65, 20)]]) == ""


def test_land_outline_is_clipped_at_the_map_edges():
    drawn = land_path([square(40)])
    numbers = [float(n) for n in drawn.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert max(numbers[1::2]) <= HEIGHT + 5
    assert min(numbers) >= -5


def test_map_arc_with_negative_index_is_drawn_in_reverse():
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [1, 0]], [[0, 0], [0, 1], [1, -1]]],
        "objects": {"land": {"geometries": [{"arcs": [[[0, -2]]]}]}},
    }
    assert land_rings(topology) == [[GeoPoint(0, 0), GeoPoint(0, 1), GeoPoint(1, 0), GeoPoint(0, 0)]]


@pytest.mark.parametrize("sheet", map_sections.WORLD_MAPS, ids=lambda sheet: sheet.name)
def test_land_in_the_template_equals_the_output_of_the_draw_command(sheet):
    topology = json.loads((settings.NODE_MODULES / "world-atlas/land-110m.json").read_text())
    template = (settings.BASE_DIR / f"templates/components/charts/land_{sheet.name}.svg").read_text()
    assert land_path(land_rings(topology), sheet) in template


def test_only_a_limited_number_of_map_labels_is_placed():
    """Marks beyond that number keep their place but get no name, even with enough room."""
    dots = [
        (map_place(str(n), GeoPoint(30, 110)), Point(40 + 15 * (n % 60), 100 + 200 * (n // 60)))
        for n in range(62)
    ]
    named = place_labels([Cluster(known, point, [known]) for known, point in dots], lambda name: 1)
    assert named[0].is_labelled
    assert [one.is_labelled for one in named[60:]] == [False, False]
