"""What all commands share: help worded in the chosen language, options of several values, exit codes, errors told."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from embeddings.errors import WenbaoError, told, unreadable
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
    """An option; one that may be repeated takes several values as well (--start A B), `least` of them or more.

    One with `single` takes a value each time that it is written, so that places may stand behind it.
    """

    def __init__(self, *arguments: Any, least: int = 1, single: bool = False, **settings: Any) -> None:
        self.least, self.single = least, single
        super().__init__(*arguments, **settings)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help; click's own words for defaults and duties give way to ours."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        name, text = record
        return name, text.replace("[default: ", f"[{MESSAGES.text('help_default')}").replace(
            "[required]", f"[{MESSAGES.text('help_required')}]"
        )


option = partial(click.option, cls=Option)


class Command(_Worded, click.Command):
    """A command that also takes --lang."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"context_settings": {"help_option_names": ["-h", "--help"]}, **settings})
        self.params.append(
            Option(["--lang"], type=click.Choice(LANGUAGES), is_eager=True, expose_value=False, help="help_lang")
        )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help, worded as the other options are."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = MESSAGES.text("help_help")
        return found

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that says how it is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=MESSAGES.text("help_usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their heading."""
        options = (one for one in self.get_params(ctx) if isinstance(one, click.Option))
        records = [record for one in options if (record := one.get_help_record(ctx)) is not None]
        if records:
            with formatter.section(MESSAGES.text("help_options")):
                formatter.write_dl(records)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; an option is repeated before each of its values: --start A --start B for --start A B."""
        repeated = [one for one in self.params if isinstance(one, Option) and one.multiple and not one.single]
        least = {name: one.least for one in repeated for name in one.opts}
        given: list[str] = []
        open_option, values = "", 0
        for place, argument in enumerate([*args, "--"]):
            if argument.startswith("-") and argument != "-":
                if open_option and values < least[open_option]:
                    raise WrongUsage(MESSAGES.text("option_without_value", option=open_option), ctx)
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

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands with the first sentence of their help."""
        super().format_options(ctx, formatter)
        room = formatter.width - 6 - max(map(len, self.commands))
        with formatter.section(MESSAGES.text("help_commands")):
            formatter.write_dl([(name, one.get_short_help_str(room)) for name, one in self.commands.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; raises WrongUsage where there is none of that name."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise WrongUsage(MESSAGES.text("usage_no_command", name=args[0]), ctx)
        return super().resolve_command(ctx, args)


class WrongUsage(click.UsageError):
    """A command line that cannot be understood, told in the chosen language."""


def read_field_map(text: str) -> dict[str, str]:
    """Read title=标题,date=日期 as our fields and the file's names of them; raises ValueError with the pair that is none."""
    fields = {}
    for pair in filter(None, (piece.strip() for piece in text.replace("，", ",").split(","))):
        name, sign, own = (part.strip() for part in pair.partition("="))
        if not (name and sign and own):
            raise ValueError(pair)
        fields[name] = own
    return fields


def _fault(error: click.UsageError) -> str:
    """Say what is wrong with a command line: click says it in English alone."""
    hint = ""
    if isinstance(error, click.BadParameter) and error.param is not None:
        hint = error.param.get_error_hint(error.ctx or click.Context(click.Command(""))).replace("'", "")
    match error:
        case WrongUsage():
            return error.message
        case click.NoSuchOption():
            return MESSAGES.text("usage_no_option", name=error.option_name)
        case click.MissingParameter():
            return MESSAGES.text("usage_missing", name=hint)
        case click.BadParameter():
            return MESSAGES.text("usage_bad_value", name=hint)
        case click.BadOptionUsage():
            return MESSAGES.text("option_without_value", option=error.option_name)
        case _:
            return MESSAGES.text("usage_wrong")


def _spoken(arguments: Sequence[str]) -> str | None:
    """Return the language that --lang names, wherever it stands: --help before it is worded in it too."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, sign, value = argument.partition("=")
        chosen = value if sign else next(iter(arguments[place + 1 : place + 2]), "")
        if name == "--lang" and chosen in LANGUAGES:
            return chosen
    return None


def run(command: click.Command, argv: Sequence[str] | None, name: str, interrupted: str = "interrupted") -> int:
    """Run a command line and return its exit code: 0 done, 1 something failed, 2 wrong usage; errors are told.

    `name` is what it is called by, `interrupted` the key of what is told after Ctrl-C.
    """
    with speaking(chosen_language()):  # given back at the end
        try:
            arguments = list(sys.argv[1:] if argv is None else argv)
            use_language(_spoken(arguments) or LanguageSettings.load().lang)
            with command.make_context(name, arguments) as context:
                return int(command.invoke(context) or DONE)
        except click.exceptions.Exit as left:
            return left.exit_code
        except click.UsageError as error:
            usage = f"{error.ctx.get_usage()}\n\n" if error.ctx else ""
            print(usage + MESSAGES.text("error", error=_fault(error)), file=sys.stderr)
            return WRONG_USAGE
        except (WenbaoError, OSError) as error:
            print(MESSAGES.text("error", error=told(error)), file=sys.stderr)
            return SOME_FAILED
        except sqlite3.DatabaseError as error:
            if (told_of := unreadable(error)) is None:
                raise
            print(MESSAGES.text("error", error=told_of), file=sys.stderr)
            return SOME_FAILED
        except KeyboardInterrupt:
            print(MESSAGES.text(interrupted), file=sys.stderr)
            return SOME_FAILED


def print_json(value: object) -> None:
    """Print what a script reads."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
