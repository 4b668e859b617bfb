"""Many targets checked at once, within what one message holds."""

import pytest

from bot.core.checkup import Grade, Line, Report, target_of
from bot.playground.limits import check_message_blocks
from bot.slack.blocks import checkup


def reports(grade: Grade, count: int) -> list[Report]:
    said = (Line(check="mx", grade=grade, text="what was found " * 20, fix="what to do " * 20),)
    targets = (target_of(f"{grade.value}{number}.example.org") for number in range(count))
    return [
        Report(target=target, grade=grade, lines=said, provider=None, suggestion=None) for target in targets
    ]


@pytest.mark.parametrize("counts", [(50, 1, 0, 49), (100, 0, 0, 0), (60, 20, 10, 10), (0, 0, 0, 100)])
def test_a_hundred_targets_are_one_message(counts: tuple[int, int, int, int]) -> None:
    """Of each kind that is not fine there is a row, of the others as many as there is room for; all are counted."""
    grades = (Grade.BAD, Grade.WARNING, Grade.UNKNOWN, Grade.GOOD)
    found = [report for grade, count in zip(grades, counts, strict=True) for report in reports(grade, count)]
    said = checkup.table(found)
    check_message_blocks(said.blocks)
    words = str(said.blocks)

    assert sum(words.count(f"{report.target.text}: ") for report in found) <= 53
    assert all(
        f"{grade.value}0.example.org" in words
        for grade, count in zip(grades[:3], counts[:3], strict=True)
        if count
    )
