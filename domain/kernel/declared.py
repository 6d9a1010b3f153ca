"""Classes that are declared by their fields: what `dataclasses` makes of one, but only once it is needed.

A command loads a hundred such classes and makes a few objects of them, so a constructor is written when the first is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

NOTHING: Final[Any] = object()
"""Stands where a field has no default."""

C = TypeVar("C", bound=type)


class Spec:
    """What a declaration says of a field: its default, or what makes one, and for an action what it is to its user."""

    __slots__ = ("also", "default", "default_factory", "help", "positional")

    def __init__(
        self,
        default: Any = NOTHING,
        default_factory: Callable[[], Any] | None = None,
        help: str = "",
        positional: bool = False,
        also: tuple[str, ...] = (),
    ) -> None:
        self.default, self.default_factory = default, default_factory
        self.help, self.positional, self.also = help, positional, also


def field(*, default_factory: Callable[[], Any]) -> Any:
    """Declare a field whose default is made anew for each object."""
    return Spec(default_factory=default_factory)


class Declared:
    """A frozen object: equal to another of its class whose fields are equal. It is made by the names of its fields."""

    __slots__: tuple[str, ...] = ()
    FIELDS: ClassVar[dict[str, Spec]] = {}

    def __init__(self, /, *given: Any, **named: Any) -> None:
        """Write the constructor of the class, which stands in this one's place from then on, and call it."""
        cls: Any = type(self)
        cls.__init__ = _constructor(cls)
        cls.__init__(self, *given, **named)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__slots__)))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({said})"


class State(Declared):
    """What a subject is, which its events change; it may be made by the order of its fields too."""

    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]
    __delattr__ = object.__delattr__
    __hash__ = None  # type: ignore[assignment]


def with_slots(cls: type) -> Any:
    """Return `cls` with a slot for each field that it declares, in their order."""
    names = dict(cls.__dict__)
    for gone in ("__dict__", "__weakref__"):
        names.pop(gone, None)
    specs = {name: names.pop(name, NOTHING) for name in cls.__annotations__}
    names["__slots__"] = tuple(specs)
    names["FIELDS"] = {name: spec if isinstance(spec, Spec) else Spec(spec) for name, spec in specs.items()}
    names["__init__"] = Declared.__init__  # else a class would inherit the one that was written for another
    made = type(cls)(cls.__name__, cls.__bases__, names)
    made.__qualname__ = cls.__qualname__
    return made


@dataclass_transform(field_specifiers=(field,))
def declared(cls: C) -> C:
    """Declare the state of a subject, or a part of one; the class is a State."""
    return with_slots(cls)  # type: ignore[no-any-return]


def _constructor(cls: type[Declared]) -> Callable[..., None]:
    """Return what takes the fields of `cls` by name, and in their order too where its objects may change."""
    around: dict[str, Any] = {"NOTHING": NOTHING}
    heads, lines = ["self"], ["pass"]
    frozen = not issubclass(cls, State)
    if frozen and cls.FIELDS:
        heads.append("*")
    for name, spec in cls.FIELDS.items():
        value = name
        if spec.default_factory is not None:
            around[f"made_{name}"] = spec.default_factory
            heads.append(f"{name}=NOTHING")
            value = f"made_{name}() if {name} is NOTHING else {name}"
        elif spec.default is NOTHING:
            heads.append(name)
        else:
            around[f"default_{name}"] = spec.default
            heads.append(f"{name}=default_{name}")
        if frozen:
            around[f"set_{name}"] = cls.__dict__[name].__set__
            lines.append(f"set_{name}(self, {value})")
        else:
            lines.append(f"self.{name} = {value}")
    body = "\n    ".join(lines)
    exec(f"def __init__({', '.join(heads)}):\n    {body}", around)
    written: Callable[..., None] = around["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    return written
