"""Pictures of numbers that are already in the brief: Vega-Lite specifications from figures, and SVG from those.

A specification holds no text but what the figure holds, and the ticks of its axis. Titles stand beside the picture, in
the page. Colours are the light tokens: the page's style sheet turns exactly these into its own, for dark pages too.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import as_file, files
from math import ceil, floor, log10
from typing import Any

from upwell.evidence.brief.model import Figure, Point, text_of

Spec = dict[str, Any]  # Vega-Lite's own form: JSON

INK, DEEP, STONE, FAINT, BAND, PAPER = "#1b2a33", "#0b4f6c", "#5a6670", "#dcded9", "#c9d9de", "#fbfaf6"
HALO: Spec = {"stroke": PAPER, "strokeWidth": 6, "color": PAPER}
"""Ground under a text, so that a line behind it does not cross it out."""
WIDTH = 360
ROW, LABEL_LINE = 46, 14
LINE_HEIGHT = 170
LETTERS_A_LINE = 52
TICKS_AT_MOST = 5


def spec(figure: Figure) -> Spec:
    """The Vega-Lite specification of a figure."""
    draw: dict[str, Callable[[Figure], Spec]] = {"bars": _bars, "dots": _dots, "line": _line, "ratios": _ratios}
    return draw[figure.kind](figure)


def draw(figures: Sequence[Figure]) -> dict[str, str]:
    """SVG by figure id, ids inside prefixed by it, so that many can stand in one page. Slow once (about 1 CPU s)."""
    return {figure.id: _own_ids(svg(spec(figure)), figure.id) for figure in figures}


def svg(drawing: Spec) -> str:
    """A Vega-Lite specification as SVG, in the brief's own letters."""
    import vl_convert  # noqa: PLC0415  # slow to start: only when a picture is drawn

    _register_fonts()
    drawn: str = vl_convert.vegalite_to_svg(drawing)
    return drawn


@cache
def _register_fonts() -> None:
    import vl_convert  # noqa: PLC0415  # slow to start: only when a picture is drawn

    with as_file(files("upwell.evidence.brief").joinpath("fonts")) as folder:
        vl_convert.register_font_directory(str(folder))


def _own_ids(svg: str, prefix: str) -> str:
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    # The page names the picture as a whole; Vega's own roles inside would announce nameless parts.
    return re.sub(r' (?:role|aria-[a-z]+|class)="[^"]*"', "", svg)


def _ticks(top: float) -> list[float]:
    """From zero to just beyond `top` in steps of 1, 2 or 5 times a power of ten."""
    rough = max(top, 1e-6) / (TICKS_AT_MOST - 1)
    power = 10 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    return [round(step * number, 10) for number in range(ceil(top / step - 1e-9) + 1)]


def _share_ticks(figure: Figure) -> list[float]:
    highest = max([point.high for point in figure.points] + [figure.marked.expected or 0])
    return [tick for tick in _ticks(min(highest, 1)) if tick <= 1]


def _config() -> Spec:
    text = {"font": "Inter", "fontSize": 12, "color": INK}
    axis = {
        "domain": False,
        "ticks": False,
        "gridColor": FAINT,
        "gridWidth": 1,
        "labelColor": STONE,
        "labelFont": "Inter",
        "labelFontSize": 11,
        "labelPadding": 6,
        "title": None,
    }
    return {"aria": False, "background": None, "font": "Inter", "text": text, "axis": axis, "view": {"stroke": None}}


def _whole(layers: list[Spec], height: int) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": height,
        "padding": {"left": 6, "right": 14, "top": 6, "bottom": 4},
        "layer": layers,
        "config": _config(),
    }


def _percent_axis(ticks: list[float], side: str = "x") -> Spec:
    digits = 0 if all(abs(tick * 100 - round(tick * 100)) < 1e-6 for tick in ticks) else 1
    labels = f"format(datum.value * 100, '.{digits}f') + '\u00a0%'"
    axis = {"values": ticks, "labelExpr": labels, "grid": True}
    return {"type": "quantitative", "scale": {"domain": [0, ticks[-1]], "nice": False}, "axis": axis, "field": side}


def _named(points: Sequence[Point]) -> list[Spec]:
    """One record a row, its label broken into lines; y in pixels from the top, as high as the longest label asks."""
    names = [textwrap.wrap(text_of(point.label), LETTERS_A_LINE) for point in points]
    row = ROW + LABEL_LINE * (max(map(len, names)) - 1)
    return [
        {
            "name": names[number],
            "text": text_of(point.text),
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "colour": DEEP if point.role == "finding" else STONE,
            "y": row * (number + 1) - ROW * 0.34,
            "top": row * number + ROW * 0.34,
            "row": row,
        }
        for number, point in enumerate(points)
    ]


def _height(rows: list[Spec]) -> int:
    return int(rows[0]["row"]) * len(rows)


def _y(rows: list[Spec], field: str = "y") -> Spec:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [_height(rows), 0]}}


def _row_layers(rows: list[Spec], axis: Spec) -> list[Spec]:
    """Interval, label above and number beside, for each row."""
    data = {"values": rows}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    ends = {"x": {**axis, "field": "low"}, "x2": {"field": "high"}, "y": _y(rows)}
    beside = {"align": "left", "dx": 8, "fontWeight": 600, "baseline": "middle"}
    above = {"align": "left", "baseline": "alphabetic", "lineHeight": LABEL_LINE}
    names = {"x": {"value": 0}, "y": _y(rows, "top"), "text": {"field": "name"}}
    numbers = {"x": {**axis, "field": "high"}, "y": _y(rows), "text": {"field": "text"}}
    return [
        {"data": data, "mark": {"type": "rule", "color": PAPER, "strokeWidth": 4}, "encoding": ends},
        {"data": data, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "encoding": ends},
        {"data": data, "mark": {"type": "text", **above, **HALO}, "encoding": names},
        {"data": data, "mark": {"type": "text", **above}, "encoding": names},
        {"data": data, "mark": {"type": "text", **beside, **HALO}, "encoding": numbers},
        {"data": data, "mark": {"type": "text", **beside}, "encoding": {**numbers, "color": colour}},
    ]


def _expected(figure: Figure, axis: Spec) -> list[Spec]:
    """The expected share as a thin upright line, its words above."""
    if figure.marked.expected is None:
        return []
    data = {"values": [{"at": figure.marked.expected, "text": text_of(figure.marked.expected_text)}]}
    at = {"x": {**axis, "field": "at"}}
    beyond = figure.marked.expected > 0.7 * axis["scale"]["domain"][1]
    words = {"type": "text", "align": "right" if beyond else "left", "dx": -4 if beyond else 4, "color": STONE}
    return [
        {"data": data, "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "strokeDash": [4, 3]}, "encoding": at},
        {
            "data": data,
            "mark": {**words, "baseline": "bottom", "fontSize": 11},
            "encoding": {**at, "y": {"value": -3}, "text": {"field": "text"}},
        },
    ]


def _bars(figure: Figure) -> Spec:
    axis, rows = _percent_axis(_share_ticks(figure)), _named(figure.points)
    bar = {
        "data": {"values": rows},
        "mark": {"type": "bar", "height": 16, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {**axis, "field": "value"},
            "x2": {"datum": 0},
            "y": _y(rows),
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }
    return _whole([bar, *_expected(figure, axis), *_row_layers(rows, axis)], _height(rows))


def _dot_layer(rows: list[Spec], axis: Spec) -> Spec:
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": {**axis, "field": "value"},
            "y": _y(rows),
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _dots(figure: Figure) -> Spec:
    axis, rows = _percent_axis(_share_ticks(figure)), _named(figure.points)
    layers = [*_expected(figure, axis), *_row_layers(rows, axis), _dot_layer(rows, axis)]
    return _whole(layers, _height(rows))


def _ratios(figure: Figure) -> Spec:
    """Ratios on a logarithmic scale, where twice and half lie equally far from one."""
    low = min(0.5, *(point.low for point in figure.points))
    high = max(2.0, *(point.high for point in figure.points))
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low * 0.99 <= tick <= high * 1.01]
    scale = {"type": "log", "domain": [low, high * 1.25], "nice": False}
    axis: Spec = {"type": "quantitative", "scale": scale, "axis": {"values": ticks, "grid": True, "format": "~g"}}
    rows = _named(figure.points)
    return _whole([*_expected(figure, axis), *_row_layers(rows, axis), _dot_layer(rows, axis)], _height(rows))


def _line(figure: Figure) -> Spec:
    """A share over time: band of the interval, line and dots, broken where a step is withheld."""
    rows, share = _steps(figure), _percent_axis(_share_ticks(figure))
    first, last = rows[0]["at"], rows[-1]["at"]
    along: Spec = {"type": "quantitative", "scale": {"domain": [first, last], "nice": False}, "axis": None}
    at, value = {**along, "field": "at"}, {**share, "field": "value"}
    part = {"field": "part", "type": "nominal"}
    band = {"x": at, "y": {**share, "field": "low"}, "y2": {"field": "high"}, "detail": part}
    data = {"values": rows}
    layers = [
        *_onset(figure, along, first, last),
        {"data": data, "mark": {"type": "area", "color": BAND, "opacity": 0.7}, "encoding": band},
        *_level(figure, share),
        {
            "data": data,
            "mark": {"type": "line", "color": DEEP, "strokeWidth": 2.5},
            "encoding": {"x": at, "y": value, "detail": part},
        },
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 36, "color": DEEP, "opacity": 1},
            "encoding": {"x": at, "y": value},
        },
        *_ends(figure, rows, at, share),
    ]
    return {**_whole(layers, LINE_HEIGHT), "padding": {"left": 6, "right": 44, "top": 6, "bottom": 4}}


def _steps(figure: Figure) -> list[dict[str, Any]]:
    """One record a step that may be shown; at: months, or the step's number where the release names no month."""
    return [
        {
            "at": number if point.month is None else point.month,
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "part": point.part,
            "text": text_of(point.text),
        }
        for number, point in enumerate(figure.points)
    ]


def _ends(figure: Figure, rows: list[Spec], at: Spec, share: Spec) -> list[Spec]:
    """The last number beside its dot, and under the picture where time begins and ends."""
    names = [
        {"x": 0, "text": text_of(figure.points[0].label), "align": "left"},
        {"x": WIDTH, "text": text_of(figure.points[-1].label), "align": "right"},
    ]
    under: list[Spec] = [
        {
            "data": {"values": [name]},
            "mark": {"type": "text", "align": name["align"], "baseline": "top", "color": STONE, "fontSize": 11},
            "encoding": {"x": {"value": name["x"]}, "y": {"value": LINE_HEIGHT + 8}, "text": {"field": "text"}},
        }
        for name in names
    ]
    last = {
        "data": {"values": rows[-1:]},
        "mark": {"type": "text", "align": "left", "dx": 8, "color": DEEP, "fontWeight": 600},
        "encoding": {"x": at, "y": {**share, "field": "value"}, "text": {"field": "text"}},
    }
    return [last, *under]


def _level(figure: Figure, share: Spec) -> list[Spec]:
    if figure.marked.expected is None:
        return []
    data = {"values": [{"at": figure.marked.expected, "text": text_of(figure.marked.expected_text)}]}
    level = {"y": {**share, "field": "at"}}
    words = {"type": "text", "align": "right", "baseline": "top", "dy": 5, "dx": -2, "color": STONE, "fontSize": 11}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "strokeDash": [4, 3]},
            "encoding": level,
        },
        {"data": data, "mark": words, "encoding": {**level, "x": {"value": WIDTH}, "text": {"field": "text"}}},
    ]


def _onset(figure: Figure, along: Spec, first: int, last: int) -> list[Spec]:
    """The onset as an upright line with its words, its interval shaded behind."""
    marked = figure.marked
    if marked.onset is None or not first <= marked.onset <= last:
        return []
    low = max(first, marked.onset if marked.onset_low is None else marked.onset_low)
    high = min(last, marked.onset if marked.onset_high is None else marked.onset_high)
    data = {"values": [{"at": marked.onset, "low": low, "high": high, "text": text_of(marked.onset_text)}]}
    late = marked.onset > (first + last) / 2
    words = {
        "type": "text",
        "align": "right" if late else "left",
        "dx": -4 if late else 4,
        "color": INK,
        "baseline": "bottom",
        "fontSize": 11,
    }
    at = {"x": {**along, "field": "at"}}
    return [
        {
            "data": data,
            "mark": {"type": "rect", "color": FAINT, "opacity": 0.6},
            "encoding": {"x": {**along, "field": "low"}, "x2": {"field": "high"}},
        },
        {"data": data, "mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": at},
        {"data": data, "mark": words, "encoding": {**at, "y": {"value": -3}, "text": {"field": "text"}}},
    ]
