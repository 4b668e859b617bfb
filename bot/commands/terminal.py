"""How does a diagnosis look in a terminal?"""

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.core.model import UNKNOWN, Answer, Catalogue, Diagnosis, Match, Outcome, Party, Result
from bot.diagnose import Diagnoser
from bot.explain import Explanation, nearest_wording

PARTY_WORDS = {
    Party.SENDER: "The sender has to act",
    Party.RECIPIENT: "The recipient's side has to act",
    Party.NOBODY: "Nobody has to act",
}
_OUTCOMES = {
    Outcome.FOUND: ("✓", "green"),
    Outcome.ABSENT: ("–", "cyan"),
    Outcome.UNANSWERED: ("?", "yellow"),
    Outcome.SKIPPED: ("·", "bright_black"),
}
_FACTS = (
    ("recipient", "Recipient"),
    ("sender", "Sender"),
    ("sending_ip", "Sending IP"),
    ("rejecting_host", "Refused by"),
    ("blocklist", "Blocklist"),
    ("suggestion", "Did they mean"),
)


def confidence_words(confidence: float) -> str:
    """A confidence as people say it."""
    if confidence >= 0.9:
        return "sure"
    if confidence >= 0.7:
        return "fairly sure"
    if confidence >= 0.5:
        return "likely"
    return "a guess"


def print_diagnosis(diagnosis: Diagnosis, catalogue: Catalogue, console: Console | None = None) -> None:
    """Print one diagnosis for a person: what happened, who has to act, steps, evidence, prevention."""
    console = console or Console(highlight=False, width=None if _is_terminal() else 100)
    first = diagnosis.first
    if first is None:
        return
    console.print(Panel(_head(diagnosis, first, catalogue), border_style="red", padding=(0, 1)))
    for title, texts in (
        ("What to do", diagnosis.steps),
        ("So that it does not come back", diagnosis.prevention),
    ):
        if texts:
            console.print(Text(title, style="bold"))
            console.print(_numbered(texts) if title == "What to do" else _bullets(texts))
        if title == "What to do" and diagnosis.guide is not None:
            console.print(Text(diagnosis.guide.title, style="bold"))
            console.print(_bullets(tuple(f"{each.program}: {each.text}" for each in diagnosis.guide.clicks)))
    if diagnosis.evidence:
        console.print(Text("Evidence", style="bold"))
        console.print(_evidence(diagnosis.evidence))
    if len(diagnosis.results) > 1:
        console.print(Text(f"All {len(diagnosis.results)} recipients", style="bold"))
        console.print(_recipients(diagnosis, catalogue))
    if diagnosis.links:
        console.print(Text("Read more", style="bold"))
        console.print(_bullets(tuple(f"{link.title}: {link.url}" for link in diagnosis.links)))
    for notice in diagnosis.notices:
        console.print(Text(notice, style="yellow"))


def print_signals(diagnoser: Diagnoser, data: str | bytes) -> None:
    """Print which signal spoke for which cause, for each rejection."""
    console = Console(highlight=False, width=None if _is_terminal() else 120)
    reading = diagnoser.read(data)
    for rejection, match in zip(reading.parsed.rejections, reading.matches, strict=True):
        table = Table(title=Text(rejection.text[:200]), box=None, title_justify="left")
        for column in ("cause", "confidence", "signal", "variant", "words"):
            table.add_column(column)
        for candidate in match.candidates[:6]:
            table.add_row(
                candidate.cause,
                f"{candidate.score:.3f}",
                candidate.signal,
                candidate.variant or "",
                Text(candidate.words),
            )
        console.print(table)
        console.print(_bullets(tuple(_nearest(diagnoser.catalogue, rejection.text, match))))


def _nearest(catalogue: Catalogue, text: str, match: Match) -> Iterator[str]:
    """A known wording of each of the likeliest causes, with who says it, to compare with."""
    for candidate in match.candidates[:3]:
        found = nearest_wording(catalogue, candidate.cause, text, candidate.variant)
        if found is not None:
            yield f"{candidate.cause}, nearest known wording: {found.text}   ({found.origin})"


def print_explanation(explanation: Explanation) -> None:
    """Print what a code or phrase means, cause by cause."""
    console = Console(highlight=False, width=None if _is_terminal() else 100)
    head = Group(
        *(
            Text(text, style)
            for text, style in ((explanation.title, "bold"), (explanation.meaning, ""))
            if text
        )
    )
    console.print(Panel(head, border_style="cyan", padding=(0, 1)))
    for number, cause in enumerate(explanation.causes, 1):
        console.print(
            Text(f"{number}. {cause.title}", style="bold red"), Text(f"({cause.cause})", style="bright_black")
        )
        console.print(Padding(Text(cause.summary), (0, 0, 0, 3)))
        for title, texts in (
            (
                "Common wordings",
                tuple(
                    f"{each.text}   ({each.origin})" if each.origin else each.text
                    for each in cause.variations
                ),
            ),
            (f"Fixes ({PARTY_WORDS[cause.party].lower()})", cause.fixes),
            ("Prevention", cause.prevention),
        ):
            if texts:
                console.print(Padding(Text(title, style="bold"), (0, 0, 0, 3)))
                console.print(_bullets(texts))
    if explanation.links:
        console.print(Text("Read more", style="bold"))
        console.print(_bullets(tuple(f"{link.title}: {link.url}" for link in explanation.links)))


def _head(diagnosis: Diagnosis, first: Result, catalogue: Catalogue) -> RenderableType:
    about = Text()
    # Without a cause nobody can be named; a party of "nobody" would say that there is nothing to do.
    who = "Who has to act is not clear from this text" if first.cause == UNKNOWN else PARTY_WORDS[first.party]
    about.append(who, style="bold yellow")
    about.append(
        f"   {first.cause}   {confidence_words(first.confidence)} ({first.confidence:.0%})",
        style="bright_black",
    )
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bright_black")
    facts.add_column()
    codes = " ".join(code for code in (first.facts.reply, first.facts.status) if code)
    if codes:
        facts.add_row("Code", Text(codes))
    for name, title in _FACTS:
        value = getattr(first.facts, name)
        if value:
            facts.add_row(title, Text(value))
    provider = catalogue.providers.get(first.facts.provider or "")
    if provider is not None:
        facts.add_row("Provider", Text(provider.name))
    if first.reasons:
        facts.add_row("Why", Text(" ".join(first.reasons)))
    return Group(
        Text(diagnosis.title, style="bold red"), about, Text(), Text(diagnosis.summary), Text(), facts
    )


def _numbered(texts: tuple[str, ...]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="bold", width=4)
    grid.add_column()
    for number, text in enumerate(texts, 1):
        grid.add_row(f"{number}.", Text(text))
    return Padding(grid, (0, 0, 1, 0))


def _bullets(texts: tuple[str, ...]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4)
    grid.add_column()
    for text in texts:
        grid.add_row("•", Text(text))
    return Padding(grid, (0, 0, 1, 0))


def _evidence(answers: tuple[Answer, ...]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", width=4)
    grid.add_column()
    for answer in answers:
        sign, style = _OUTCOMES[answer.outcome]
        text = answer.detail
        if answer.outcome is Outcome.UNANSWERED and "could not check" not in text.lower():
            text = f"Could not check: {text}"
        grid.add_row(Text(sign, style=style), Text(text))
    return Padding(grid, (0, 0, 1, 0))


def _recipients(diagnosis: Diagnosis, catalogue: Catalogue) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    for result in diagnosis.results:
        grid.add_row(
            Text("  " + (result.facts.recipient or "(not named)")),
            Text(catalogue.causes[result.cause].title),
            Text(f"{result.confidence:.0%}", style="bright_black"),
        )
    return Padding(grid, (0, 0, 1, 0))


def _is_terminal() -> bool:
    return Console().is_terminal
