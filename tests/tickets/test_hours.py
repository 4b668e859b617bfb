"""Business time: weekends, nights, clocks that change."""

from datetime import UTC, datetime, time

import pytest

from bot.tickets.hours import Hours, due

OFFICE = Hours(zone="Europe/Berlin")
NIGHT = Hours(days=(0, 1, 2, 3, 4), start=time(22), end=time(6), zone="UTC")
ALWAYS = Hours(days=tuple(range(7)), start=time(0), end=time(0))


@pytest.mark.parametrize(
    ("at", "minutes", "hours", "expected"),
    [
        pytest.param("2026-03-02T09:00", 60, OFFICE, "2026-03-02T10:00", id="within a day"),
        pytest.param("2026-03-02T05:00", 60, OFFICE, "2026-03-02T09:00", id="before the day"),
        pytest.param("2026-03-02T15:30", 60, OFFICE, "2026-03-03T08:30", id="over night"),
        pytest.param("2026-03-06T15:30", 60, OFFICE, "2026-03-09T08:30", id="over the weekend"),
        pytest.param("2026-03-07T12:00", 30, OFFICE, "2026-03-09T08:30", id="from a Saturday"),
        pytest.param("2026-03-02T08:00", 480, OFFICE, "2026-03-02T16:00", id="a whole day to its end"),
        pytest.param("2026-03-02T08:00", 481, OFFICE, "2026-03-03T08:01", id="a minute more"),
        pytest.param("2026-03-27T15:00", 120, OFFICE, "2026-03-30T08:00", id="over the change of clocks"),
        pytest.param("2026-03-02T23:00", 120, NIGHT, "2026-03-03T01:00", id="a night shift"),
        pytest.param("2026-03-03T05:30", 60, NIGHT, "2026-03-03T22:30", id="from night to night"),
        pytest.param("2026-03-07T05:00", 30, NIGHT, "2026-03-07T05:30", id="Friday's shift on Saturday"),
        pytest.param("2026-03-07T12:00", 90, ALWAYS, "2026-03-07T13:30", id="around the clock"),
        pytest.param("2026-03-07T12:00", 90, Hours(days=()), "2026-03-07T13:30", id="no day at all"),
        pytest.param("2026-03-02T09:00", 0, OFFICE, "2026-03-02T09:00", id="at once"),
    ],
)
def test_due(at: str, minutes: int, hours: Hours, expected: str) -> None:
    """The moment when so many business minutes have passed, in UTC."""
    found = due(datetime.fromisoformat(at).replace(tzinfo=UTC), minutes, hours)

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_target_of_a_hundred_years_ends() -> None:
    """A senseless target gives a date, not an endless loop."""
    found = due(datetime(2026, 3, 2, tzinfo=UTC), 50_000_000, OFFICE)

    assert found.year < 2030
