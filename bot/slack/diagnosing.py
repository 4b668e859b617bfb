"""What does a text mean in this workspace, and how is that drawn?

Beside what everybody is told, it is what the team has confirmed for a wording, without the blocklists that it has
switched off, and with what it knows of similar cases.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.model import Answer, Diagnosis, Outcome, Question
from bot.core.provider import provider_of_mail
from bot.core.watch import worth_watching
from bot.diagnose import Asker, Diagnoser, Reading
from bot.slack.blocks import answer as a
from bot.slack.blocks.answer import Message
from bot.slack.blocks.watch import button_label
from bot.tickets import memory
from bot.tickets.workspace import workspace_settings

if TYPE_CHECKING:
    from bot.tickets.store import TicketStore

_LONG = 32_000
"""A longer text is read in a thread of its own, so that the others do not wait."""

Data = str | bytes


class Diagnosing:
    """Diagnoses texts for workspaces."""

    def __init__(self, *, diagnoser: Diagnoser, asker: Asker, store: "TicketStore") -> None:
        self._diagnoser = diagnoser
        self._asker = asker
        self._store = store
        self._titles = {slug: cause.title for slug, cause in diagnoser.catalogue.causes.items()}

    async def read(self, data: Data) -> Reading:
        """What a text says by itself."""
        if len(data) <= _LONG:
            return self._diagnoser.read(data)
        return await asyncio.to_thread(self._diagnoser.read, data)

    def alone(self, reading: Reading) -> Diagnosis:
        """The diagnosis of one text by itself, whatever the team has confirmed."""
        return self._diagnoser.first(reading)

    async def first(self, team: str, readings: Sequence[Reading]) -> tuple[Diagnosis, bool]:
        """The diagnosis of a post's bounces from their texts alone, and whether there is anything to look up."""
        found = await self._recall(team, [self._diagnoser.first(reading) for reading in readings])
        return found, any(self._diagnoser.questions(reading) for reading in readings)

    async def final(self, team: str, readings: Sequence[Reading]) -> tuple[Diagnosis, Answer | None]:
        """The diagnosis with its look-ups; and where the first recipient's mail goes, under the same deadline.

        What was answered already is not taken back, also where the team has confirmed meanwhile that it is no bounce:
        the next such message is met with silence.
        """
        questions = list(
            dict.fromkeys(question for reading in readings for question in self._diagnoser.questions(reading))
        )
        where = _mail_question(self._diagnoser.first(readings[0]))
        # The answer's evidence shows what the cause needs, no more.
        everything = dict.fromkeys([*questions, *([where] if where else [])])
        found = dict(zip(everything, await self._ask(team, list(everything)), strict=True))
        answers = tuple(found[question] for question in questions)
        finals = [self._diagnoser.final(reading, answers) for reading in readings]
        recalled = await self._recall(team, finals)
        return recalled if recalled.bounce else _merged(finals), found[where] if where else None

    async def diagnose(self, team: str, data: Data) -> Diagnosis:
        """Return the whole diagnosis of a text in a workspace, look-ups included: for a command, which answers
        once."""
        reading = await self.read(data)
        questions = self._diagnoser.questions(reading)
        answers = await self._ask(team, questions) if questions else ()
        final = self._diagnoser.final(reading, answers)
        return await memory.recall(self._store, self._diagnoser.catalogue, team, final)

    async def notes_of(
        self, team: str, channel: str, ts: str, number: int, diagnosis: Diagnosis
    ) -> list[str]:
        """Look up who runs the recipient's mail, keep it, and return the lines for under a ticket's answer."""
        where = _mail_question(diagnosis)
        answer = (await self._asker.ask([where]))[0] if where is not None else None
        return await self.learn_provider(team, channel, ts, number, answer)

    async def learn_provider(
        self, team: str, channel: str, about: str, number: int, answer: Answer | None
    ) -> list[str]:
        """Keep who runs the recipient's mail, and return the ticket's notes as they are now."""
        catalogue = self._diagnoser.catalogue
        ticket = await self._store.get(team, number)
        if answer is not None and answer.outcome is not Outcome.ABSENT:
            provider = provider_of_mail(catalogue, answer.question.subject, answer.values)
            if provider is not None and provider != ticket.mx_provider:
                ticket = await self._store.set_mx_provider(team, number, provider)
                if ticket.provider is None:
                    await memory.note_incident(self._store, ticket)
        place = await self._store.post(team, channel, about)
        return await memory.notes(self._store, ticket, place, catalogue)

    def message(
        self,
        diagnosis: Diagnosis,
        *,
        ticket: int | None = None,
        looking_up: bool = False,
        notes: Sequence[str] = (),
        part: str | None = None,
    ) -> Message:
        """Return the answer to a bounce as a message."""
        faults = worth_watching(diagnosis, self._diagnoser.catalogue)
        return a.answer(
            diagnosis,
            ticket=ticket,
            looking_up=looking_up,
            titles=self._titles,
            notes=notes,
            part=part,
            watch=button_label(faults),
        )

    async def _recall(self, team: str, diagnoses: Sequence[Diagnosis]) -> Diagnosis:
        """What the team has confirmed about each bounce of a post, as one: those that are none are left out,
        unless all are."""
        catalogue = self._diagnoser.catalogue
        recalled = [await memory.recall(self._store, catalogue, team, each) for each in diagnoses]
        return _merged([each for each in recalled if each.bounce] or recalled[:1])

    async def _ask(self, team: str, questions: Sequence[Question]) -> tuple[Answer, ...]:
        """Ask the world, without the blocklists that the workspace has switched off."""
        off = (await workspace_settings(self._store.engine, team)).blocklists_off
        asked = [
            question
            for question in questions
            if not (question.check == "blocklist" and question.about in off)
        ]
        found = dict(zip(asked, await self._asker.ask(asked), strict=True))
        return tuple(found.get(question) or _switched_off(question) for question in questions)


def _mail_question(diagnosis: Diagnosis) -> Question | None:
    """Where the mail of the first recipient's domain goes."""
    domain = diagnosis.first.facts.recipient_domain if diagnosis.first is not None else None
    return Question(check="mx", subject=domain) if domain else None


def _merged(diagnoses: Sequence[Diagnosis]) -> Diagnosis:
    """Several bounces of one post become one answer: the first one's, with everybody's results."""
    first = diagnoses[0]
    if len(diagnoses) == 1:
        return first
    return replace(
        first,
        results=tuple(result for diagnosis in diagnoses for result in diagnosis.results),
        evidence=tuple(dict.fromkeys(found for diagnosis in diagnoses for found in diagnosis.evidence)),
        notices=(
            f"This post holds {len(diagnoses)} bounces; the steps are those of the first.",
            *dict.fromkeys(notice for diagnosis in diagnoses for notice in diagnosis.notices),
        ),
    )


def _switched_off(question: Question) -> Answer:
    detail = f"{question.about} is switched off in this workspace"
    return Answer(question=question, outcome=Outcome.SKIPPED, detail=detail, reason="switched off")
