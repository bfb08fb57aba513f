"""`careline`: the command line. Each command's options and output lie in `bot/commands/`.

A command's module is imported when that command runs: `careline --help` must not wait for what only
training needs.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bot.errors import CarelineError

COMMANDS = {
    "serve": "Serve the chat on PORT.",
    "train": "Train the model if the training data changed.",
    "check": "Look whether everything is set up right.",
    "evaluate": "Measure the replies on the development set and the blind files.",
    "ask": "Show how one message is understood.",
    "bench": "Measure beside a stock Rasa set-up.",
    "content": "Check, import and export what the bot says.",
    "outage": "Switch the notice of a phone outage.",
    "conversations": "Delete and export conversations.",
    "demo-data": "Make conversations to try the console with.",
    "staff": "Add, list and reset the staff's accounts.",
    "audit": "Check and export the record of who did what.",
    "training": "Corrections; train, compare and promote models beside the running one.",
}
"""Commands in the order of the help; `bot/commands/` has a module for each, a hyphen being `_`."""


class _LazyCommands(TyperGroup):
    """Knows the commands by name, and imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in that has the name and the help of a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in and _load(str(name)), rest


def _load(name: str) -> Any:
    """The command of a module: its `app` if it is a group, else its function of the same name."""
    called = name.replace("-", "_")
    module = importlib.import_module(f"bot.commands.{called}")
    group = getattr(module, "app", None)
    if group is not None:
        command: Any = get_group(group)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name)(getattr(module, called))
        command = get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    name="careline",
    cls=_LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def careline() -> None:
    """Run and look after a Careline chatbot."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. An error that we raised on purpose becomes one line and exit code 1."""
    try:
        app(args=arguments, prog_name="careline")
    except CarelineError as error:
        print(f"careline: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
