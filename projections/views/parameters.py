"""Parameters that views share, and what their texts stand for."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from domain.kernel.action import given
from domain.kernel.marks import Role

Customer = Annotated[str, Role("customer")]
Subject = Annotated[str, Role("subject")]
Topic = Annotated[str, Role("topic")]
"""A stage, a role, or a customer."""
Owner = Annotated[str, Role("owner")]
Grade = Annotated[str, Role("grade")]
Metric = Annotated[str, Role("metric")]
By = Literal["channel", "campaign", "owner", "group"]
"""What the leads or the opportunities of a period are told apart by."""
Target = Annotated[str, Role("target")]
EventName = Annotated[str, Role("event-name")]
Department = Annotated[str, Role("department")]
PeriodName = Annotated[str, Role("period")]
PolicyName = Annotated[str, Role("policy")]
Several = Annotated[int, Role("several")]
"""A number of things: one, or more."""
Sum = Annotated[str, Role("sum")]
"""A metric that the team has defined as a sum of amounts."""
Ratio = Annotated[str, Role("ratio")]
"""A share of one, as it is typed: 0.8 or 80%."""

GRADES: Final = ("initial", "high", "key")
"""The grades in the house's words, the least first."""

CUSTOMERS_OWNER: Final = given("Only customers of this owner.", default=None)
CUSTOMERS_GROUP: Final = given("Only customers of this group.", default=None)
ONE_CUSTOMER: Final = given("Only this customer: id, key or exact name.", default=None)
PERSON: Final = given("Only this person.", default=None)
PEOPLE: Final = given("Only the people of this group.", default=None)
