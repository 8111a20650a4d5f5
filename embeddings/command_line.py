"""What all commands share: help worded in the chosen language, options of several values, exit codes, errors told."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from embeddings.errors import WenbaoError, told
from embeddings.messages import LANGUAGES, MESSAGES, chosen_language, speaking, use_language
from embeddings.settings import LanguageSettings

DONE, SOME_FAILED, WRONG_USAGE = 0, 1, 2
PATH = click.Path(path_type=Path)


class _Worded:
    """Something with a help text that is a key of the messages: worded when it is shown, when --lang has been read."""

    _help: str | None = None

    @property
    def help(self) -> str | None:
        """The help text in the chosen language."""
        return self._help and MESSAGES.text(self._help)

    @help.setter
    def help(self, key: str | None) -> None:
        self._help = key


class Option(_Worded, click.Option):
    """An option; one that may be repeated takes several values as well (--start A B), `least` of them or more."""

    def __init__(self, *arguments: Any, least: int = 1, **settings: Any) -> None:
        self.least = least
        super().__init__(*arguments, **settings)


option = partial(click.option, cls=Option)


class Command(_Worded, click.Command):
    """A command that also takes --lang."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"context_settings": {"help_option_names": ["-h", "--help"]}, **settings})
        self.params.append(
            Option(
                ["--lang"], type=click.Choice(LANGUAGES), is_eager=True, expose_value=False, callback=_speak, help="help_lang"
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; an option is repeated before each of its values: --start A --start B for --start A B."""
        repeated = [one for one in self.params if isinstance(one, Option) and one.multiple]
        least = {name: one.least for one in repeated for name in one.opts}
        given: list[str] = []
        open_option, values = "", 0
        for place, argument in enumerate([*args, "--"]):
            if argument.startswith("-") and argument != "-":
                if open_option and values < least[open_option]:
                    raise click.BadOptionUsage(open_option, MESSAGES.text("option_without_value", option=open_option), ctx)
                open_option, values = (argument, 0) if argument in least else ("", 0)
                if argument == "--":
                    given += args[place:]
                    break
                if not open_option:
                    given.append(argument)
            else:
                given += [open_option, argument] if open_option else [argument]
                values += 1
        try:
            return super().parse_args(ctx, given)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # a missing value comes without it, and would be told without the usage
            raise


class Group(Command, click.Group):
    """Commands under one name."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which they are written."""
        return list(self.commands)


def _speak(context: click.Context, parameter: click.Parameter, language: str | None) -> None:
    if language is not None:
        use_language(language)


def run(command: click.Command, argv: Sequence[str] | None, name: str, interrupted: str = "interrupted") -> int:
    """Run a command line and return its exit code: 0 done, 1 something failed, 2 wrong usage; errors are told.

    `name` is what it is called by, `interrupted` the key of what is told after Ctrl-C.
    """
    with speaking(chosen_language()):  # given back at the end
        try:
            use_language(LanguageSettings.load().lang)
            with command.make_context(name, list(sys.argv[1:] if argv is None else argv)) as context:
                return int(command.invoke(context) or DONE)
        except click.exceptions.Exit as left:
            return left.exit_code
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except (WenbaoError, OSError) as error:
            print(MESSAGES.text("error", error=told(error)), file=sys.stderr)
            return SOME_FAILED
        except KeyboardInterrupt:
            print(MESSAGES.text(interrupted), file=sys.stderr)
            return SOME_FAILED


def print_json(value: object) -> None:
    """Print what a script reads."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
