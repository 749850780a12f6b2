"""What a month costs: sums that can be checked by hand, and what may not be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reprise_dev.measuring.costs import ALARMS, SETUPS, Measured, Setup, amounts, bill, tables
from reprise_dev.measuring.figures import Figure, read_figures
from reprise_dev.measuring.item_sizes import item_bytes
from reprise_dev.measuring.marked_text import between, with_between
from reprise_dev.measuring.prices import PRICES, Price, Service

FIGURES = read_figures(Path(__file__).parents[3] / "benchmarks" / "results.jsonl")
HOME = SETUPS[0]


@pytest.fixture(scope="module")
def measured() -> Measured:
    return Measured(FIGURES)


def test_what_is_free_costs_nothing_and_the_rest_its_price() -> None:
    price = Price(service=Service.SQS, what="requests", dollars=0.4, per=1_000_000, free=1_000_000)
    assert price.of(1_000_000) == 0
    assert price.of(3_500_000) == pytest.approx(1.0)
    assert price.of(1_000_000, free_tier=False) == pytest.approx(0.4)


def test_queues_are_asked_day_and_night_whether_or_not_there_is_work(measured: Measured) -> None:
    nobody = Setup(people=0, playlists=0)
    two_queues, five_polls_of_20_s, seconds = 2, 5, 730 * 3600
    assert amounts(nobody, measured)["sqs"] == two_queues * five_polls_of_20_s * seconds / 20
    assert bill(nobody, measured)[Service.SQS] > 0


def test_a_playlist_and_its_event_are_written_at_twice_the_price_and_into_their_indexes(measured: Measured) -> None:
    assert (measured.playlist_units, measured.event_units) == (2, 1)
    together, due_out_and_in, by_playlist = 2 * (2 + 1), 2, 1
    assert measured.units_of_transaction == together + due_out_and_in + by_playlist


def test_what_grows_with_people_grows_with_them_and_nothing_else_does(measured: Measured) -> None:
    one, two = (amounts(replace(HOME, people=number), measured) for number in (1, 2))
    for name in ("writes", "s3 writes", "s3 reads", "api"):
        assert two[name] == pytest.approx(2 * one[name])
    for name in ("ticks", "key", "alarms", "metrics", "dashboards"):
        assert two[name] == one[name]


def test_fewer_ticks_cost_less_but_each_playlist_is_still_looked_at_in_full_once_a_week(measured: Measured) -> None:
    hourly, rarely = (amounts(replace(HOME, interval_minutes=minutes), measured) for minutes in (60, 1440))
    assert rarely["sqs"] < hourly["sqs"]
    assert rarely["writes"] < hourly["writes"] / 2
    assert rarely["s3 writes"] == pytest.approx(hourly["s3 writes"])


def test_an_alarm_more_than_are_free_costs_ten_cents(measured: Measured) -> None:
    assert bill(replace(HOME, alarms=0), measured)[Service.ALARMS] == 0
    assert bill(HOME, measured)[Service.ALARMS] == pytest.approx((ALARMS - 10) * 0.10)


def test_everything_that_has_a_price_is_counted(measured: Measured) -> None:
    for setup in SETUPS:
        counted = amounts(setup, measured)
        assert set(counted) == set(PRICES)
        assert all(amount > 0 for amount in counted.values())


def test_a_figure_that_is_missing_is_not_taken_for_nothing() -> None:
    with pytest.raises(KeyError, match="calls of a changed playlist: server"):
        Measured([figure for figure in FIGURES if figure.name != "calls of a changed playlist: server"])


def test_the_tables_add_up(measured: Measured) -> None:
    rows = _rows(tables(FIGURES))
    services = [rows[service.value] for service in Service]
    for column, setup in enumerate(SETUPS):
        assert float(rows["**together**"][column]) == pytest.approx(sum(bill(setup, measured).values()), abs=0.01)
        assert float(rows["**together**"][column]) == pytest.approx(
            sum(float(each[column]) for each in services), abs=0.05
        )
    assert float(rows["without alarms"][0]) < float(rows["**together**"][0])


def _rows(text: str) -> Mapping[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {first: rest for first, *rest in cells}


def test_dearer_calls_make_a_dearer_month() -> None:
    name = "calls of a changed playlist: transactions"
    more = [_with_value(figure, 3) if figure.name == name else figure for figure in FIGURES]
    assert sum(bill(HOME, Measured(more)).values()) > sum(bill(HOME, Measured(FIGURES)).values())


def _with_value(figure: Figure, value: float) -> Figure:
    return replace(figure, value=value)


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"id": {"S": "Motörhead"}}, 2 + 10),
        ({"n": {"N": "1795715355421"}}, 1 + 8),
        ({"n": {"N": "100"}}, 1 + 2),
        ({"b": {"B": b"1234"}, "yes": {"BOOL": True}, "none": {"NULL": True}}, 1 + 4 + 3 + 1 + 4 + 1),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(item: dict[str, dict[str, object]], size: int) -> None:
    assert item_bytes(item) == size


def test_an_item_of_a_kind_that_is_never_stored_is_refused() -> None:
    with pytest.raises(ValueError, match="holds a L"):
        item_bytes({"list": {"L": []}})


def test_a_marked_part_is_replaced_and_nothing_else() -> None:
    page = "before\n<!-- costs -->\nold\n<!-- /costs -->\nafter\n"
    assert between(page, "costs") == "old"
    assert with_between(page, "costs", "new\nlines") == "before\n<!-- costs -->\nnew\nlines\n<!-- /costs -->\nafter\n"
    assert between(page, "figures") is None
    with pytest.raises(ValueError, match="figures"):
        with_between(page, "figures", "x")
