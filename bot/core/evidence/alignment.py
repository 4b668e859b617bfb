"""Does what SPF and DKIM vouch for count for the From domain, and if not, whose doing is that?

DMARC passes when SPF or DKIM passes for a domain that is aligned with the one after From: (RFC 9989 section
4.4). These rules need the headers of the message that came back; without them authentication.py says what it can.
"""

from bot.core.evidence.authentication import text
from bot.core.evidence.case import Case, absent, found, is_under
from bot.core.evidence.verdict import Finding, for_admin, for_writer
from bot.core.model import Answer, Step

_CAUSES = ("dmarc-failed", "unauthenticated", "spf-failed", "dkim-failed")
_ENFORCED = ("quarantine", "reject")


def what_counts_for_the_from_domain(case: Case) -> Finding | None:
    """Say which domain From has, what was vouched for, and whether that counts (RFC 9989 section 4.4)."""
    if not case.is_(*_CAUSES) or case.rejection.origin is None or not found(case.dmarc, "none", *_ENFORCED):
        return None
    said = [words for words in (_spf_words(case), *_dkim_words(case)) if words]
    if not said:
        return None
    author = case.rejection.author_domain
    return Finding(
        reason=f"From names {author}, whose DMARC policy is {case.dmarc.reason}. {' '.join(said)}",
        steps=() if _list_of(case) or _forwarder_of(case) else _steps(case),
    )


def dmarc_fails_behind_a_list_or_a_forwarder(case: Case) -> Finding | None:
    """A list or a forwarder sends from its own address, which breaks SPF, and may change the text, which breaks
    DKIM; a From domain that publishes reject or quarantine then has its mail refused.

    RFC 7960 sections 3.2 and 4.2; RFC 8617 (ARC); docs.mailman3.org, DMARC mitigations.
    """
    origin, author = case.rejection.origin, case.rejection.author_domain
    if not case.is_(*_CAUSES) or origin is None or not found(case.dmarc, *_ENFORCED):
        return None
    list_, forwarder = _list_of(case), _forwarder_of(case)
    policy, signed = case.dmarc.reason, any(found(answer) for answer in _dkim_alignments(case))
    if list_:
        return Finding(
            reason=f"The message came through the mailing list {list_}: it sends from its own servers, and {author} asks receivers to {policy} such mail.",
            steps=(
                for_writer(
                    f"Tell the owner of the list {list_}: it has to put its own address into the From line of mail from domains that publish p={policy} (Mailman: DMARC mitigation, “munge from”), or leave subject and text unchanged so that the sender's DKIM signature still fits.",
                    "forwarding",
                ),
                *(() if signed else (_sign(author),)),
            ),
        )
    if forwarder:
        return Finding(
            reason=f"The message was forwarded by {forwarder}: its servers are not those of {author}, which asks receivers to {policy} mail that nobody vouches for.",
            steps=(
                for_writer(
                    "Send to the final address directly, without the forwarding; the recipient can tell it.",
                    "forwarding",
                ),
                for_admin(
                    f"Whoever runs the forwarding at {forwarder}: pass the mail on unchanged, so that its DKIM signature still fits, and seal it with ARC. Rewriting the envelope (SRS) mends SPF, but not DMARC."
                ),
                *(() if signed else (_sign(author),)),
            ),
        )
    own = _own_record(case)
    if own is not None and own is not case.spf and found(own, "fail", "softfail", "neutral"):
        return Finding(
            reason=f"{case.facts.sending_ip} is not in the SPF record of the From domain {author}: another service sends for it, or a forwarder passed the mail on.",
        )
    return None


def _spf_words(case: Case) -> str:
    alignment, spf = _spf_alignment(case), case.spf
    domain = case.rejection.envelope_domain
    if alignment is None:
        return ""
    if found(spf, "pass"):
        seen = f"SPF passes for {domain}"
    elif spf is not None and (found(spf) or absent(spf)) and spf.question.about:
        seen = f"SPF does not pass for {domain} (result {spf.reason})"
    else:
        seen = f"SPF is about {domain}"
    return f"{seen}, {_counts(alignment)}."


def _dkim_words(case: Case) -> list[str]:
    return [
        f"DKIM signed as {_domain_in(alignment)}, {_counts(alignment)}."
        for alignment in _dkim_alignments(case)
    ]


def _counts(alignment: Answer) -> str:
    if found(alignment, "identical"):
        return "the very same domain, which counts"
    if found(alignment):
        return f"which counts: both belong to {text(('', *alignment.values), 'organization')}"
    if absent(alignment, "strict"):
        return "which would count if the DMARC record did not demand the very same domain"
    if absent(alignment):
        return "which does not count: it is another organisation"
    return "and whether that counts could not be checked"


def _steps(case: Case) -> tuple[Step, ...]:
    """What the sender can do, where nothing that was vouched for counts, or the signature that counts is broken."""
    spf, signatures, author = _spf_alignment(case), _dkim_alignments(case), case.rejection.author_domain
    every = [alignment for alignment in (spf, *signatures) if alignment is not None]
    if any(absent(alignment, "strict") for alignment in every) and not any(found(a) for a in every):
        tags = " and ".join(dict.fromkeys(_mode_of(a) for a in every if absent(a, "strict")))
        return (
            for_admin(
                f"Take {tags} out of the DMARC record of {author}, so that names below the same organisation count, or send with {author} itself.",
                "alignment",
            ),
        )
    signed = [alignment for alignment in signatures if found(alignment)]
    if signed and not (found(spf) and found(case.spf, "pass")):
        whose = _domain_in(signed[0])
        keys = [a for a in case.dkim if a.question.subject == whose]
        if keys and all(found(key, None) for key in keys):
            return (
                for_admin(
                    f"The DKIM signature of {whose} counts and its key is in DNS, so something changed the message on the way: look for a footer, a changed subject or a virus scanner behind the signing.",
                    "alignment",
                ),
            )
        return ()
    if every and all(absent(alignment) for alignment in every):
        sender = case.rejection.envelope_domain
        return (
            for_admin(
                f"Let the service that sends for {author} (it uses {sender}) sign with DKIM as d={author}: most have that as “domain authentication”.",
                "alignment",
            ),
            for_admin(f"Or give that service a bounce domain below {author}, so that SPF counts."),
        )
    return ()


def _sign(author: str | None) -> Step:
    return for_admin(
        f"For the sender: sign with DKIM as d={author}. A signature outlives forwarding, SPF does not.",
        "alignment",
    )


def _spf_alignment(case: Case) -> Answer | None:
    return case.one("alignment", case.rejection.author_domain, f"spf:{case.rejection.envelope_domain}")


def _dkim_alignments(case: Case) -> tuple[Answer, ...]:
    origin = case.rejection.origin
    wanted = [f"dkim:{signature.domain}" for signature in (origin.signatures if origin else ())]
    answers = (case.one("alignment", case.rejection.author_domain, about) for about in dict.fromkeys(wanted))
    return tuple(answer for answer in answers if answer is not None)


def _own_record(case: Case) -> Answer | None:
    """The From domain's own SPF record, evaluated for the sending address."""
    return (
        case.one("spf", case.rejection.author_domain, case.facts.sending_ip)
        if case.facts.sending_ip
        else None
    )


def _domain_in(alignment: Answer) -> str:
    return (alignment.question.about or "").partition(":")[2]


def _mode_of(alignment: Answer) -> str:
    return "aspf=s" if (alignment.question.about or "").startswith("spf:") else "adkim=s"


def _list_of(case: Case) -> str | None:
    """The mailing list that sent the message on, unless it is one of the From domain's own."""
    name = case.rejection.origin.mailing_list if case.rejection.origin else None
    return name if name and _is_foreign(case, name.rpartition("@")[2]) else None


def _forwarder_of(case: Case) -> str | None:
    """The domain that forwarded the message, unless it is the From domain's own."""
    domain = case.rejection.origin.forwarder if case.rejection.origin else None
    return domain if domain and _is_foreign(case, domain) else None


def _is_foreign(case: Case, domain: str) -> bool:
    """Not the From domain's, and in the way: where SPF counts and passes, nobody's forwarding is."""
    passes = found(_spf_alignment(case)) and found(case.spf, "pass")
    return not passes and not is_under(domain, case.rejection.author_domain or "")


RULES = (what_counts_for_the_from_domain, dmarc_fails_behind_a_list_or_a_forwarder)
