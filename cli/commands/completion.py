"""`sales completion`: the script that lets a shell complete commands, flags and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.core.command import command
from cli.core.options import argument
from infra.errors.problem import not_among
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session

SHELLS = ("bash", "zsh", "fish", "powershell")


@command(
    argument("shell", help=marked("bash, zsh, fish or powershell.")),
    example="sales completion bash >> ~/.bashrc",
    shows="plain",
)
def completion(session: Session, *, shell: str) -> None:
    """Print the completion script of a shell."""
    if shell not in SHELLS:
        raise not_among("SHELL", shell, SHELLS)
    from cli.core.shell_completion import print_script

    print_script(shell)
