"""How are tickets kept in the database? Every table begins with the workspace (``team``).

Schema changes go through migrations/ alone; a test compares the two.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """A point in time: aware, in UTC. SQLite has no time zones, so it keeps the naive UTC value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        dict[str, Any]: Json,
    }


class WorkspaceRow(Base):
    """A Slack workspace: its settings, and the last ticket number given."""

    __tablename__ = "workspaces"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_number: Mapped[int] = mapped_column(server_default=text("0"))
    settings: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    uninstalled_at: Mapped[datetime | None]


class TicketRow(Base):
    """One diagnosed message. Columns that name a person are emptied after the retention time."""

    __tablename__ = "tickets"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    """How many events there are; the next event's ``seq`` is one more."""

    channel: Mapped[str] = mapped_column(String(32))
    post_ts: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    """The bot's answer."""
    asker: Mapped[str] = mapped_column(String(32))

    cause: Mapped[str] = mapped_column(String(80))
    family: Mapped[str] = mapped_column(String(32))
    party: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(Float)
    variant: Mapped[str | None] = mapped_column(String(80))
    reply: Mapped[str | None] = mapped_column(String(8))
    enhanced: Mapped[str | None] = mapped_column(String(16))
    provider: Mapped[str | None] = mapped_column(String(80))
    """Who refused, as the text says."""
    mx_provider: Mapped[str | None] = mapped_column(String(80))
    """Who runs the recipient's mail, by the MX of its domain."""
    recipient: Mapped[str | None] = mapped_column(String(320))
    recipient_domain: Mapped[str | None] = mapped_column(String(255))
    sender: Mapped[str | None] = mapped_column(String(320))
    sender_domain: Mapped[str | None] = mapped_column(String(255))
    sending_ip: Mapped[str | None] = mapped_column(String(64))
    diagnosis: Mapped[dict[str, Any]]
    """The contract's JSON object."""

    raw_text: Mapped[str | None] = mapped_column(Text)
    bounce_key: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the raw text without its white space: the very same bounce, pasted again."""
    masked_text: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the masked text."""

    owner: Mapped[str | None] = mapped_column(String(32))
    urgency: Mapped[str | None] = mapped_column(String(16))
    escalation: Mapped[dict[str, Any] | None]
    """What the requester wrote in the escalation form."""
    escalation_channel: Mapped[str | None] = mapped_column(String(32))
    escalation_ts: Mapped[str | None] = mapped_column(String(32))
    external_url: Mapped[str | None] = mapped_column(String(2000))
    resolved_by: Mapped[str | None] = mapped_column(String(32))
    outcome_cause: Mapped[str | None] = mapped_column(String(80))
    outcome_help: Mapped[str | None] = mapped_column(String(300))
    outcome_text: Mapped[str | None] = mapped_column(Text)

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('diagnosed', 'escalated', 'claimed', 'resolved')", name="status"),
        CheckConstraint("number > 0", name="number"),
        ForeignKeyConstraint(["team"], ["workspaces.team"], ondelete="CASCADE"),
        Index("uq_tickets_post", "team", "channel", "post_ts", unique=True),
        Index(
            "ix_tickets_open",
            "team",
            "number",
            sqlite_where=text("status <> 'resolved'"),
            postgresql_where=text("status <> 'resolved'"),
        ),
        Index("ix_tickets_status", "team", "status", "number"),
        Index("ix_tickets_asker", "team", "asker", "number"),
        Index("ix_tickets_owner", "team", "owner", "number"),
        Index("ix_tickets_cause", "team", "cause", "number"),
        Index("ix_tickets_fingerprint", "team", "fingerprint", "number"),
        Index("ix_tickets_bounce_key", "team", "bounce_key", "number"),
        Index("ix_tickets_recipient", "team", "recipient", "number"),
        Index("ix_tickets_recipient_domain", "team", "recipient_domain", "number"),
        Index("ix_tickets_sender", "team", "sender", "number"),
        Index("ix_tickets_sender_domain", "team", "sender_domain", "number"),
        Index("ix_tickets_sending_ip", "team", "sending_ip", "number"),
        Index("ix_tickets_provider", "team", "provider", "created_at"),
        Index("ix_tickets_mx_provider", "team", "mx_provider", "created_at"),
        # Everything that stats() counts, so that no ticket is read for it.
        Index(
            "ix_tickets_numbers",
            "team",
            "created_at",
            "cause",
            "outcome_cause",
            "provider",
            "escalated_at",
            "claimed_at",
            "resolved_at",
        ),
        Index(
            "ix_tickets_unerased",
            "team",
            "created_at",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
        # Erased tickets in which somebody has written since.
        Index(
            "ix_tickets_touched",
            "team",
            "updated_at",
            sqlite_where=text("erased_at IS NOT NULL AND updated_at > erased_at"),
            postgresql_where=text("erased_at IS NOT NULL AND updated_at > erased_at"),
        ),
        # Words of the masked text. SQLite has the virtual table ticket_words instead (FTS5).
        Index(
            "ix_tickets_words",
            func.to_tsvector(text("'simple'"), text("masked_text")),
            postgresql_using="gin",
        ).ddl_if(dialect="postgresql"),
    )


class JoinRow(Base):
    """A later post of the same bounce by somebody else: it has no ticket of its own."""

    __tablename__ = "joins"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    post_ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
    asker: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["team", "number"], ["tickets.team", "tickets.number"], ondelete="CASCADE"),
        Index("ix_joins_ticket", "team", "number"),
    )


class EventRow(Base):
    """One change of a ticket. Never updated, save to erase what names a person."""

    __tablename__ = "events"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(64))
    """From where: ``button``, ``form``, ``command``, ``cli``, ``job``, ``message``."""
    detail: Mapped[dict[str, Any]]

    __table_args__ = (
        ForeignKeyConstraint(["team", "number"], ["tickets.team", "tickets.number"], ondelete="CASCADE"),
        Index("ix_events_who", "team", "who"),
    )


class CorrectionRow(Base):
    """An agent said that the cause was another one. The newest confirmed one of a masked text wins."""

    __tablename__ = "corrections"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The ticket; each has at most one correction, the last one given."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    was: Mapped[str] = mapped_column(String(80))
    cause: Mapped[str] = mapped_column(String(80))
    comment: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        ForeignKeyConstraint(["team", "number"], ["tickets.team", "tickets.number"], ondelete="CASCADE"),
        Index("ix_corrections_fingerprint", "team", "fingerprint", "at"),
        Index("ix_corrections_at", "team", "at"),
    )


class IncidentRow(Base):
    """Many customers, one cause, one provider: announced once."""

    __tablename__ = "incidents"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    provider: Mapped[str] = mapped_column(String(80), primary_key=True)
    cause: Mapped[str] = mapped_column(String(80), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
    customers: Mapped[int]


class ReminderRow(Base):
    """Something to say about a ticket when its time has come, once."""

    __tablename__ = "reminders"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    """A process is sending it; after this time another may try."""
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["team", "number"], ["tickets.team", "tickets.number"], ondelete="CASCADE"),
        Index(
            "ix_reminders_due",
            "due_at",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )


class WatchRow(Base):
    """Something that is looked up again and again: a case until it is mended, or something of the team's own."""

    __tablename__ = "watches"

    team: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(255))
    """The domain or IP address, for people."""
    channel: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    number: Mapped[int | None]
    """The ticket, where a case has one."""
    who: Mapped[str] = mapped_column(String(32))
    state: Mapped[dict[str, Any]]
    """The answers of the last look, as ``evidence`` of the contract."""
    look: Mapped[str | None] = mapped_column(String(160))
    """The key of the look that wrote the state last."""
    told_ts: Mapped[str | None] = mapped_column(String(32))
    """The message that last told of a change for the worse."""
    set_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """When it is given up; None: never."""
    leased_until: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('case', 'own')", name="kind"),
        ForeignKeyConstraint(["team"], ["workspaces.team"], ondelete="CASCADE"),
        ForeignKeyConstraint(["team", "number"], ["tickets.team", "tickets.number"], ondelete="CASCADE"),
        Index("ix_watches_due", "due_at"),
        Index("ix_watches_ticket", "team", "number"),
    )


class AuditRow(Base):
    """Who took data out, erased it or changed the settings."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str | None] = mapped_column(String(32))
    """None: all workspaces."""
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_audit_team", "team", "at"),)


# The same tables for statements: they are typed as tables, which ``TicketRow.__table__`` is not.
WORKSPACES = Base.metadata.tables["workspaces"]
TICKETS = Base.metadata.tables["tickets"]
JOINS = Base.metadata.tables["joins"]
EVENTS = Base.metadata.tables["events"]
CORRECTIONS = Base.metadata.tables["corrections"]
INCIDENTS = Base.metadata.tables["incidents"]
REMINDERS = Base.metadata.tables["reminders"]
WATCHES = Base.metadata.tables["watches"]
AUDIT = Base.metadata.tables["audit"]
