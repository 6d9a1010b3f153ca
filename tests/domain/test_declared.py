"""Classes declared by their fields, and named tuples: both write their constructors when the first object is made."""

from __future__ import annotations

import copy
import pickle

import pytest

from domain.declared import State, declared, field
from domain.event import EVENTS, Event, event
from domain.rows import NamedTuple


@event("sample.declared")
class Sampled(Event):
    what: str
    count: int = 1
    among: tuple[str, ...] = ()


EVENTS.pop("sample.declared")  # it is nobody's but this file's


@declared
class Box(State):
    """A box."""

    name: str
    size: int = 2
    held: list[str] = field(default_factory=list)

    def hold(self, what: str) -> Box:
        self.held.append(what)
        return self


class Place(NamedTuple):
    """A place."""

    row: int
    column: int = 0

    @property
    def both(self) -> tuple[int, int]:
        return self.row, self.column


class Named(Place):
    """A place with something of its own."""

    @property
    def twice(self) -> int:
        return 2 * self.row


def test_an_event_is_made_by_the_names_of_its_fields() -> None:
    made = Sampled(what="a", among=("b",))
    assert (made.what, made.count, made.among) == ("a", 1, ("b",))
    assert repr(made) == "Sampled(what='a', count=1, among=('b',))"
    assert (made, hash(made)) == (Sampled(what="a", among=("b",)), hash(Sampled(what="a", among=("b",))))
    assert made != Sampled(what="a")


@pytest.mark.parametrize(
    ("given", "named", "why"),
    [
        ((), {}, "Sampled.__init__() missing 1 required keyword-only argument: 'what'"),
        ((), {"what": "a", "other": 1}, "Sampled.__init__() got an unexpected keyword argument 'other'"),
        (("a",), {}, "Sampled.__init__() takes 1 positional argument but 2 were given"),
    ],
)
def test_what_an_event_can_t_be_made_of_is_a_type_error(
    given: tuple[str, ...], named: dict[str, object], why: str
) -> None:
    with pytest.raises(TypeError) as wrong:
        Sampled(*given, **named)  # type: ignore[arg-type]
    assert str(wrong.value) == why


def test_an_event_can_t_be_changed() -> None:
    made = Sampled(what="a")
    with pytest.raises(AttributeError, match="cannot assign to field 'what'"):
        made.what = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="cannot delete field 'what'"):
        del made.what
    with pytest.raises(AttributeError):
        made.other = 1


def test_a_state_can_be_changed_and_shares_nothing_with_another() -> None:
    one, other = Box("a", 3), Box(name="a", size=3)
    assert one == other
    one.size = 4
    assert one.hold("x").held == ["x"]
    assert (other.size, other.held) == (3, [])
    assert one != other
    assert copy.deepcopy(one) == one
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.other = 1  # type: ignore[attr-defined]


def test_a_named_tuple_is_a_tuple_with_names() -> None:
    place = Place(1, column=2)
    assert place == (1, 2) == Place._make([1, 2])
    assert (place.row, place.column, place.both) == (1, 2, (1, 2))
    assert (Place(3), Place(3)._replace(column=4)) == ((3, 0), (3, 4))
    assert (place._asdict(), Place._fields) == ({"row": 1, "column": 2}, ("row", "column"))
    assert repr(place) == "Place(row=1, column=2)"
    assert pickle.loads(pickle.dumps(place)) == copy.deepcopy(place) == place
    match place:
        case Place(row, column):
            assert (row, column) == (1, 2)


def test_a_class_may_be_made_of_a_named_tuple() -> None:
    named = Named(4)
    assert (named, named.twice, type(named._replace(row=5))) == ((4, 0), 8, Named)
    assert repr(named) == "Named(row=4, column=0)"
    assert type(Place(1)) is Place


@pytest.mark.parametrize(
    ("given", "named", "why"),
    [
        ((), {}, "Place.__new__() missing 1 required positional argument: 'row'"),
        ((1, 2, 3), {}, "Place.__new__() takes from 2 to 3 positional arguments but 4 were given"),
        ((1,), {"other": 1}, "Place.__new__() got an unexpected keyword argument 'other'"),
    ],
)
def test_what_a_named_tuple_can_t_be_made_of_is_a_type_error(
    given: tuple[int, ...], named: dict[str, int], why: str
) -> None:
    with pytest.raises(TypeError) as wrong:
        Place(*given, **named)
    assert str(wrong.value) == why


def test_values_of_another_number_are_no_row_of_it() -> None:
    with pytest.raises(TypeError, match="Expected 2 arguments, got 1"):
        Place._make([1])
    with pytest.raises(ValueError, match="unexpected field names"):
        Place(1)._replace(other=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Place(1).row = 2  # type: ignore[misc]
