"""What does the knowledge base say, on one page for people? docs/causes.md is made of it."""

import re
from collections.abc import Iterable, Iterator

from bot.core.advice import advise
from bot.core.model import Catalogue, Cause, Facts, Party, Variant
from bot.core.render import fill

FAMILIES = {
    "recipient": "The recipient's mailbox or address",
    "routing": "The way to the recipient's server",
    "submission": "The sender's own login, account and network",
    "authentication": "Proof of who sends",
    "reputation": "Reputation and blocklists",
    "policy": "Content and rules",
    "throttling": "Too much, too fast",
    "server": "Faults of servers",
    "none": "No bounce, or no reason given",
}
"""Each family with its heading, in the order of the page."""

_PARTIES = {
    Party.SENDER: "the sender's side",
    Party.RECIPIENT: "the recipient's side",
    Party.NOBODY: "nobody",
}
_NOTICE = "<!-- Made by `make page` from knowledge/. Change those files, not this one. -->"
_MARKUP = re.compile(r"[\\`*<\[\]]|(?<!\w)_|_(?!\w)")
_BACKTICKS = re.compile(r"`+")


def page(catalogue: Catalogue) -> str:
    """The page as Markdown: every cause with its texts, links and variants; general phrases only as a count.

    The same catalogue gives the same page, in whatever order its files were read.
    """
    by_family = {
        family: sorted(
            (cause for cause in catalogue.causes.values() if cause.family == family),
            key=lambda cause: cause.slug,
        )
        for family in dict.fromkeys([*FAMILIES, *(cause.family for cause in catalogue.causes.values())])
    }
    lines = [*_head(catalogue, by_family)]
    for family, causes in by_family.items():
        if causes:
            lines += ["", f"## {FAMILIES.get(family, family)}"]
        for cause in causes:
            lines += ["", *_cause(catalogue, cause)]
    return "\n".join(lines) + "\n"


def _head(catalogue: Catalogue, by_family: dict[str, list[Cause]]) -> Iterator[str]:
    variants = [variant for variant in catalogue.variants if not variant.general]
    yield "# Causes"
    yield ""
    yield _NOTICE
    yield ""
    yield (
        f"Everything that fivefifty knows: {len(catalogue.causes)} causes, {len(variants)} wordings of servers "
        f"(variants), {sum('550' in variant.codes for variant in variants)} of them for reply code 550, and "
        f"{len(catalogue.variants) - len(variants)} general phrases."
    )
    yield ""
    yield "In a wording, `<address>`, `<host>`, `<ip>`, `<number>` and `<any>` stand for what changes from mail to mail."
    yield "How to add one: [knowledge/README.md](../knowledge/README.md)."
    yield ""
    yield "| Cause | What happened | Who acts | Variants | For 550 | Phrases |"
    yield "| --- | --- | --- | ---: | ---: | ---: |"
    for causes in by_family.values():
        for cause in causes:
            own = [variant for variant in variants if variant.cause == cause.slug]
            phrases = sum(variant.general for variant in catalogue.variants if variant.cause == cause.slug)
            yield (
                f"| [{cause.slug}](#{cause.slug}) | {_escaped(cause.title)} | {_PARTIES[cause.party]} | {len(own)} | "
                f"{sum('550' in variant.codes for variant in own)} | {phrases} |"
            )


def _cause(catalogue: Catalogue, cause: Cause) -> Iterator[str]:
    def text(words: str) -> str:
        return _escaped(fill(words, Facts(), catalogue.providers))

    yield f"### {cause.slug}"
    yield ""
    yield f"**{_escaped(cause.title)}.** {text(cause.summary)}"
    yield ""
    yield f"Who acts: {_PARTIES[cause.party]}."
    steps = advise(cause, Facts(), catalogue.providers).steps
    yield from _list("What to do", [f"{place}. {_escaped(step)}" for place, step in enumerate(steps, 1)])
    if cause.guide is not None:
        clicks = [f"- {_escaped(each.program)}: {text(each.text)}" for each in cause.guide.clicks]
        yield from _list(cause.guide.title, clicks)
    yield from _list("So that it does not come back", [f"- {text(each)}" for each in cause.prevention])
    yield from _list(
        f"Escalate when {text(_continued(cause.escalation.when))} Collect",
        [f"- {text(each)}" for each in cause.escalation.collect],
    )
    yield from _list("Read more", [f"- [{_escaped(link.title)}]({link.url})" for link in cause.links])
    if cause.beats:
        yield ""
        yield f"Wins over {', '.join(f'[{slug}](#{slug})' for slug in cause.beats)} where both fit."
    yield from _variants(catalogue, cause)


def _variants(catalogue: Catalogue, cause: Cause) -> Iterator[str]:
    own = [variant for variant in catalogue.variants if variant.cause == cause.slug]
    named = sorted(
        (variant for variant in own if not variant.general),
        key=lambda each: (_who(catalogue, each), each.text, each.id),
    )
    phrases = len(own) - len(named)
    also = f" and {_counted(phrases, 'general phrase')}" if phrases else ""
    yield from _list(
        f"{_counted(len(named), 'variant')}{also}", [f"- {_wording(catalogue, each)}" for each in named]
    )


def _wording(catalogue: Catalogue, variant: Variant) -> str:
    notes = [" ".join(variant.codes), _who(catalogue, variant)]
    if variant.party is not None:
        notes.append(f"here {_PARTIES[variant.party]} acts")
    return ", ".join((_code(variant.text), *filter(None, notes)))


def _who(catalogue: Catalogue, variant: Variant) -> str:
    provider = catalogue.providers.get(variant.provider or "")
    return provider.name if provider else variant.provider or ""


def _list(title: str, entries: Iterable[str]) -> Iterator[str]:
    lines = [*entries]
    if lines:
        yield from ("", f"{title}:", "", *lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _continued(sentence: str) -> str:
    """A sentence as the end of another one: small first letter (save names and short forms), and a full stop."""
    if sentence[1:2].islower() or sentence[1:2] == " ":
        sentence = sentence[:1].lower() + sentence[1:]
    return sentence if sentence.endswith(".") else sentence + "."


def _code(text: str) -> str:
    """Words as Markdown's code, however many backticks they hold."""
    text = " ".join(text.split())
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _escaped(text: str) -> str:
    """Words that Markdown takes for words."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split())).replace("|", "\\|")
