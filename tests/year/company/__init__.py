"""A company of fifty people and its four quarters of 2024, told from a seed as lines of a batch."""

from __future__ import annotations

from random import Random

from tests.year.company import bends, customers, office, organisation, plans, practices, reviews
from tests.year.company.diary import Diary, Line

CUSTOMERS = 160


def company(seed: int = 2024) -> list[Line]:
    """Return the lines in the order in which they were entered, each with its entry time."""
    diary = Diary(Random(seed))
    organisation.tell(diary)
    practices.tell(diary)
    office.tell(diary)
    plans.tell(diary)
    lives = customers.tell(diary, CUSTOMERS)
    reviews.tell(diary, lives)
    bends.tell(diary)
    bends.came_late(diary)
    organisation.part(diary)
    office.close(diary)
    return diary.lines()
