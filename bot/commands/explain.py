"""``fivefifty explain``: what does a code or a phrase mean?"""

import sys

import click

from bot.catalogue.load import load_catalogue
from bot.commands.environment import settings
from bot.explain import explain as explain_text


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="CODE-OR-PHRASE...")
def explain(words: tuple[str, ...]) -> None:
    """Explain a reply code (550), a status (5.7.26), a provider's code (S3150) or a phrase of a reply.

    Shows what it means, its common wordings, causes, fixes and prevention. "explain 550" is the overview.
    """
    from bot.commands.terminal import print_explanation

    explanation = explain_text(load_catalogue(settings().knowledge_dir), " ".join(words))
    print_explanation(explanation)
    sys.exit(0 if explanation.known else 1)
