"""A command of ours: typer's, with the global options on every level, our help, and errors in our form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from typer._click.exceptions import NoSuchOption
from typer._click.parser import _OptionParser
from typer.core import TyperCommand, TyperGroup

from cli.core.options import argument, global_options, option, path_of
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from typer import _click
    from typer._click.shell_completion import CompletionItem

_ = translate.translate

__all__ = ["Command", "Group", "argument", "command", "option"]

Run = Callable[..., "int | None"]

OF_PEOPLE = ("LOGIN", "CODE", "OWNER")
"""What stands in help for a person, a group, and either."""


class Parser(_OptionParser):
    """The parser, which would look for what `-q` is like before it takes it for a flag of one letter."""

    def _match_long_opt(self, opt: str, explicit_value: str | None, state: Any) -> None:
        if opt not in self._long_opt and not opt.startswith("--"):
            raise NoSuchOption(opt, ctx=self.ctx)
        super()._match_long_opt(opt, explicit_value, state)


class Ours:
    """What commands and groups share: global options that a command's own ones go before."""

    params: list[Any]
    _all: list[Any] | None = None

    def make_parser(self, ctx: Any) -> Parser:
        parser = Parser(ctx)
        for param in self.get_params(ctx):
            param.add_to_parser(parser, ctx)
        return parser

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the own parameters and those of the global options whose flags are free."""
        if self._all is None:
            taken = {flag for param in self.params for flag in (*param.opts, *param.secondary_opts)}
            free = [shared for shared in global_options() if not taken & set(shared.opts)]
            self._all = [*self.params, *free]
        return self._all


class Command(Ours, TyperCommand):
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
        super().__init__(name, params=list(params), help=help, add_help_option=False, rich_markup_mode=None)
        self.run, self.example, self.usage, self.shows = run, example, usage, shows

    def get_help(self, ctx: _click.Context) -> str:
        from cli.core import help_page

        return help_page.of_command(self, ctx)

    def invoke(self, ctx: _click.Context) -> int:
        ctx.obj.ran = path_of(ctx).partition(" ")[2]
        if self.shows == "view":
            self.names_somebody(ctx)
        return self.run(ctx.obj, **ctx.params) or 0

    def names_somebody(self, ctx: _click.Context) -> None:
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


class Group(Ours, TyperGroup):
    """Commands by name, each loaded only when it is asked for."""

    def __init__(self, name: str, *, help: str, example: str) -> None:
        super().__init__(name=name, help=help, add_help_option=False, rich_markup_mode=None)
        self.example = example
        self.invoke_without_command = True

    def lines(self) -> list[tuple[str, str, str]]:
        """Return name, one-line help and heading of each command, without loading it where that costs."""
        raise NotImplementedError

    def load(self, name: str) -> Any:
        """Return the command `name`, or None."""
        raise NotImplementedError

    def list_commands(self, ctx: _click.Context) -> list[str]:
        return [name for name, _line, _heading in self.lines()]

    def get_command(self, ctx: _click.Context, cmd_name: str) -> Any:
        return self.load(cmd_name)

    def get_help(self, ctx: _click.Context) -> str:
        from cli.core import help_page

        return help_page.of_group(self, ctx)

    def invoke(self, ctx: _click.Context) -> Any:
        if not ctx._protected_args:  # noqa: SLF001 - where the parser keeps the command's name
            print(self.get_help(ctx))
            return 0
        return super().invoke(ctx)

    def resolve_command(self, ctx: _click.Context, args: list[str]) -> tuple[str | None, Any, list[str]]:
        found = self.load(args[0])
        if found is None and not ctx.resilient_parsing:
            raise unknown(self, ctx, args)
        return (args[0] if found else None), found, args[1:]

    def shell_complete(self, ctx: _click.Context, incomplete: str) -> list[CompletionItem]:
        from typer._click.shell_completion import CompletionItem as Item

        offered = [Item(name, help=_(line)) for name, line, _heading in self.lines() if name.startswith(incomplete)]
        return offered if incomplete[:1] != "-" else super().shell_complete(ctx, incomplete)


ANSWERS: Final = {
    "list": "tracking", "leads": "tracking", "customers": "tracking", "search": "show", "find": "show", "contacts": "show",
    "player": "replay",
}  # fmt: skip
"""What people look for by names that no command has."""

ALIKE: Final = 0.6
"""Names that are less alike than this were not meant."""


def unknown(group: Group, ctx: _click.Context, args: list[str]) -> Problem:
    """Return the problem of a command that doesn't exist, with the one that was meant."""
    from difflib import get_close_matches

    place = path_of(ctx).partition(" ")[2]
    names = group.list_commands(ctx)
    facts = {"command": f"{place} {args[0]}".strip()}
    if answer := ANSWERS.get(args[0].lower()):
        why = marked("There is no command {command}. Did you mean {suggestion}?")
        return Problem("usage.options", why=why, why_facts={**facts, "suggestion": answer}, command=answer)
    alike = get_close_matches(args[0], names, 3, ALIKE)
    # People seldom err in the first letter.
    near = (
        sorted(alike, key=lambda name: name[:1] != args[0][:1])[:1]
        or [name for name in names if name.startswith(args[0])][:1]
    )
    if not near:
        why = marked("There is no command {command}.")
    else:
        why = marked("There is no command {command}. Did you mean {suggestion}?")
        facts["suggestion"] = f"{place} {near[0]}".strip()
    return Problem("usage.options", why=why, why_facts=facts, command=place)
