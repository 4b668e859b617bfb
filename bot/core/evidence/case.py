"""What does a rule look at? One rejection, the cause that its text supports, and the answers about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from bot.core.evidence.listings import Entry, named_list
from bot.core.model import UNKNOWN, Answer, Catalogue, Facts, Frame, Match, Outcome, Rejection


@dataclass(frozen=True, kw_only=True)
class Case:
    rejection: Rejection
    match: Match
    answers: tuple[Answer, ...]
    catalogue: Catalogue

    @property
    def facts(self) -> Facts:
        return self.rejection.facts

    @property
    def cause(self) -> str:
        """The best cause of the text alone."""
        best = self.match.best
        return best.cause if best is not None else UNKNOWN

    def is_(self, *causes: str) -> bool:
        return self.cause in causes

    @cached_property
    def named_list(self) -> Entry | None:
        """The blocklist that the text names."""
        return named_list(self.catalogue, self.rejection, self.cause)

    @property
    def spoken_by_a_server(self) -> bool:
        """True where a mail server wrote down whom it spoke to (a report or a log), so that the
        rejecting host is the one that the recipient's mail was brought to."""
        return self.rejection.frame in (Frame.DSN, Frame.REPORT, Frame.LOG)

    def all(self, check: str) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.question.check == check)

    def one(self, check: str, subject: str | None, about: str | None = None) -> Answer | None:
        """The answer to this very question, if it was asked."""
        for answer in self.all(check):
            if answer.question.subject == subject and (about is None or answer.question.about == about):
                return answer
        return None

    # The questions that ``plan`` asks, by their role in the case.

    @property
    def recipient_mx(self) -> Answer | None:
        return self.one("mx", self.facts.recipient_domain)

    @property
    def sender_mx(self) -> Answer | None:
        return self.one("mx", self.facts.sender_domain)

    @property
    def host_serves_recipient(self) -> Answer | None:
        return self.one("mx-host", self.facts.rejecting_host, self.facts.recipient_domain)

    @property
    def host_serves_sender(self) -> Answer | None:
        return self.one("mx-host", self.facts.rejecting_host, self.facts.sender_domain)

    @property
    def spf(self) -> Answer | None:
        return self.one("spf", self.rejection.envelope_domain)

    @property
    def dmarc(self) -> Answer | None:
        return self.one("dmarc", self.rejection.author_domain)

    @property
    def dkim(self) -> tuple[Answer, ...]:
        """About the keys of the message's own signatures, or of the From domain."""
        origin = self.rejection.origin
        own = {self.rejection.author_domain, *(s.domain for s in (origin.signatures if origin else ()))}
        return tuple(answer for answer in self.all("dkim") if answer.question.subject in own)

    @property
    def ptr(self) -> Answer | None:
        return self.one("ptr", self.facts.sending_ip)


def found(answer: Answer | None, *reasons: str | None) -> TypeGuard[Answer]:
    """Was it found (for one of these reasons, where some are given)?"""
    return _is(answer, Outcome.FOUND, reasons)


def absent(answer: Answer | None, *reasons: str | None) -> TypeGuard[Answer]:
    """Was it surely absent (for one of these reasons)? Never true of what could not be checked."""
    return _is(answer, Outcome.ABSENT, reasons)


def listing(names: Iterable[str], at_most: int = 3) -> str:
    """``a, b and 2 more``."""
    names = list(names)
    rest = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + rest


def is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _is(answer: Answer | None, outcome: Outcome, reasons: tuple[str | None, ...]) -> bool:
    return answer is not None and answer.outcome is outcome and (not reasons or answer.reason in reasons)
