"""What the commands that make up data share: they refuse where real children are kept, and know their dates."""

from datetime import date

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from pace_site.accounts.command_line import REJECTED, iso_date
from pace_site.front.fiction.recipe import DEFAULT_AS_AT, Recipe, recipe_for


def refuse_in_production() -> None:
    """Stop before anything is written where PRODUCTION is set."""
    if settings.PRODUCTION:
        raise CommandError("This is a production site: it never holds made-up children.", returncode=REJECTED)


def add_as_at(parser: CommandParser) -> None:
    parser.add_argument(
        "--as-at",
        type=iso_date,
        default=DEFAULT_AS_AT,
        metavar="D",
        help=f"The last day of the made-up data; {DEFAULT_AS_AT} unless told.",
    )


def recipe_or_refusal(as_at: date) -> Recipe:
    """The recipe up to `as_at`, or the command's refusal."""
    try:
        return recipe_for(as_at)
    except ValueError as error:
        raise CommandError(str(error), returncode=REJECTED) from None
