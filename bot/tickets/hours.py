"""When is a promise due, counted in business hours?"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FARTHEST_DAYS = 800


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When a team works. ``start`` equal to ``end`` means around the clock."""

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Monday is 0."""
    start: time = time(9)
    end: time = time(17)
    zone: str = "UTC"
    """A name of the IANA time zone database."""

    @property
    def always(self) -> bool:
        return self.start == self.end and set(self.days) == set(range(7))


def due(at: datetime, minutes: int, hours: Hours) -> datetime:
    """The moment when ``minutes`` of business time have passed since ``at``. In UTC.

    An end before the start means that work goes over midnight and belongs to the day on which it began.
    Time is counted on the clock that shows real time, so a day when clocks change has an hour more or less.
    """
    left = timedelta(minutes=minutes)
    zone = ZoneInfo(hours.zone)
    if hours.always or not hours.days:
        return at.astimezone(UTC) + left
    # The shift of yesterday may go on past midnight.
    day = at.astimezone(zone).date() - timedelta(days=1)
    for _ in range(_FARTHEST_DAYS):
        if day.weekday() in hours.days:
            start = datetime.combine(day, hours.start, zone).astimezone(UTC)
            last = day if hours.end > hours.start else day + timedelta(days=1)
            end = datetime.combine(last, hours.end, zone).astimezone(UTC)
            begin = max(start, at.astimezone(UTC))
            if begin < end:
                if begin + left <= end:
                    return begin + left
                left -= end - begin
        day += timedelta(days=1)
    return at.astimezone(UTC) + timedelta(days=_FARTHEST_DAYS)
