"""A command of ours: typer's, with the global options on every level, our help, and errors in our form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand

from cli.core.options import argument, global_options, option, path_of
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from typer import Context

_ = translate.translate

__all__ = ["Command", "Group", "argument", "command", "option"]

Run = Callable[..., "int | None"]

OF_PEOPLE = ("LOGIN", "CODE", "OWNER")
"""What stands in help for a person, a group, and either."""


class Ours(TyperCommand):
    """What commands and groups share: global options that a command's own ones go before."""

    params: list[Any]
    _all: list[Any] | None = None

    def __init__(self, name: str, *, help: str, params: Sequence[Any] = ()) -> None:
        super().__init__(name, params=list(params), help=help, add_help_option=False, rich_markup_mode=None)

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the own parameters and those of the global options whose flags are free."""
        if self._all is None:
            taken = {flag for param in self.params for flag in (*param.opts, *param.secondary_opts)}
            free = [shared for shared in global_options() if not taken & set(shared.opts)]
            self._all = [*self.params, *free]
        return self._all


class Command(Ours):
    """A command that runs `run(session, **parameters)`; its help opens with `example`."""

    def __init__(
        self,
        name: str,
        run: Run,
        *,
        params: Sequence[Any] = (),
        help: str,
        example: str,
        usage: str = "",
        shows: str = "",
    ) -> None:
        """Hold the command. `shows` names the global options that its help spells out: view, action or none."""
        super().__init__(name, params=params, help=help)
        self.run, self.example, self.usage, self.shows = run, example, usage, shows

    def get_help(self, ctx: Any) -> str:
        from cli.core import help_page

        return help_page.of_command(self, ctx)

    def invoke(self, ctx: Any) -> int:
        ctx.obj.ran = path_of(ctx).partition(" ")[2]
        if self.shows == "view":
            self.names_somebody(ctx)
        return self.run(ctx.obj, **ctx.params) or 0

    def names_somebody(self, ctx: Any) -> None:
        """Raise Problem if an option of a view names a person or a group that never was."""
        given = [(each.metavar, ctx.params.get(each.name)) for each in self.params if each.metavar in OF_PEOPLE]
        if any(name for _kind, name in given):
            from cli.views.named import must_be_there

            must_be_there(ctx.obj, [(kind, name) for kind, name in given if name])


def command(
    *params: Any, example: str, name: str = "", shows: str = "view"
) -> Callable[[Callable[..., int | None]], Command]:
    """Make a command of a function `(session, **parameters) -> exit status or None`; its docstring is its help."""

    def declare(run: Run) -> Command:
        doc = " ".join((run.__doc__ or "").split())
        return Command(
            name or run.__name__.replace("_", "-"), run, params=params, help=doc, example=example, shows=shows
        )

    return declare


class Group(Ours):
    """Commands by name, each loaded only when it is asked for: it reads its options, and the words after them are theirs."""

    allow_extra_args = True
    allow_interspersed_args = False

    def __init__(self, name: str, *, help: str, example: str) -> None:
        super().__init__(name, help=help)
        self.example = example

    def lines(self) -> list[tuple[str, str, str]]:
        """Return name, one-line help and heading of each command, without loading it where that costs."""
        raise NotImplementedError

    def load(self, name: str) -> Any:
        """Return the command `name`, or None."""
        raise NotImplementedError

    def get_help(self, ctx: Any) -> str:
        from cli.core import help_page

        return help_page.of_group(self, ctx)

    def invoke(self, ctx: Any) -> Any:
        if not ctx.args:
            print(self.get_help(ctx))
            return 0
        below = self.below(ctx)
        if below is None:
            raise unknown(self, ctx, ctx.args[0])
        with below:
            return below.command.invoke(below)

    def below(self, ctx: Any, **settings: Any) -> Any:
        """Return the context of the command that the words after the options name, or None; `settings` are its own."""
        name, *words = ctx.args
        command = self.load(name)
        return command.make_context(name, words, parent=ctx, **settings) if command else None


ANSWERS: Final = {
    "list": "tracking", "leads": "tracking", "customers": "tracking", "search": "show", "find": "show", "contacts": "show",
    "player": "replay",
}  # fmt: skip
"""What people look for by names that no command has."""

ALIKE: Final = 0.6
"""Names that are less alike than this were not meant."""


def unknown(group: Group, ctx: Context, name: str) -> Problem:
    """Return the problem of a command that doesn't exist, with the one that was meant."""
    from difflib import get_close_matches

    place = path_of(ctx).partition(" ")[2]
    names = [known for known, _line, _heading in group.lines()]
    facts = {"command": f"{place} {name}".strip()}
    if answer := ANSWERS.get(name.lower()):
        why = marked("There is no command {command}. Did you mean {suggestion}?")
        return Problem("usage.options", why=why, why_facts={**facts, "suggestion": answer}, command=answer)
    alike = get_close_matches(name, names, 3, ALIKE)
    # People seldom err in the first letter.
    near = (
        sorted(alike, key=lambda known: known[:1] != name[:1])[:1]
        or [known for known in names if known.startswith(name)][:1]
    )
    if not near:
        why = marked("There is no command {command}.")
    else:
        why = marked("There is no command {command}. Did you mean {suggestion}?")
        facts["suggestion"] = f"{place} {near[0]}".strip()
    return Problem("usage.options", why=why, why_facts=facts, command=place)
