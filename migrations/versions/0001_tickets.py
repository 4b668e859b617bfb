"""Create the tables of tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=32), nullable=True),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_team", "audit", ["team", "at"])
    op.create_table(
        "incidents",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", "provider", "cause", "opened_at", name=op.f("pk_incidents")),
    )
    op.create_table(
        "workspaces",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("last_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("settings", _JSON, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("uninstalled_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "tickets",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("post_ts", sa.String(length=32), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("variant", sa.String(length=80), nullable=True),
        sa.Column("reply", sa.String(length=8), nullable=True),
        sa.Column("enhanced", sa.String(length=16), nullable=True),
        sa.Column("provider", sa.String(length=80), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=True),
        sa.Column("recipient_domain", sa.String(length=255), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=True),
        sa.Column("sender_domain", sa.String(length=255), nullable=True),
        sa.Column("sending_ip", sa.String(length=64), nullable=True),
        sa.Column("diagnosis", _JSON, nullable=False),
        sa.Column("raw_text", sa.Text(), nullable=True),
        sa.Column("bounce_key", sa.String(length=64), nullable=True),
        sa.Column("masked_text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("urgency", sa.String(length=16), nullable=True),
        sa.Column("escalation", _JSON, nullable=True),
        sa.Column("escalation_channel", sa.String(length=32), nullable=True),
        sa.Column("escalation_ts", sa.String(length=32), nullable=True),
        sa.Column("external_url", sa.String(length=2000), nullable=True),
        sa.Column("resolved_by", sa.String(length=32), nullable=True),
        sa.Column("outcome_cause", sa.String(length=80), nullable=True),
        sa.Column("outcome_help", sa.String(length=300), nullable=True),
        sa.Column("outcome_text", sa.Text(), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("escalated_at", _INSTANT, nullable=True),
        sa.Column("claimed_at", _INSTANT, nullable=True),
        sa.Column("resolved_at", _INSTANT, nullable=True),
        sa.Column("erased_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('diagnosed', 'escalated', 'claimed', 'resolved')", name=op.f("ck_tickets_status")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_tickets_number")),
        sa.ForeignKeyConstraint(
            ["team"], ["workspaces.team"], name=op.f("fk_tickets_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_asker", "tickets", ["team", "asker", "number"])
    op.create_index("ix_tickets_bounce_key", "tickets", ["team", "bounce_key", "number"])
    op.create_index("ix_tickets_cause", "tickets", ["team", "cause", "number"])
    op.create_index("ix_tickets_created", "tickets", ["team", "created_at"])
    op.create_index("ix_tickets_fingerprint", "tickets", ["team", "fingerprint", "number"])
    op.create_index("ix_tickets_incident", "tickets", ["team", "provider", "cause", "created_at"])
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["team", "number"],
        sqlite_where=sa.text("status <> 'resolved'"),
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.create_index("ix_tickets_owner", "tickets", ["team", "owner", "number"])
    op.create_index("ix_tickets_recipient", "tickets", ["team", "recipient", "number"])
    op.create_index("ix_tickets_recipient_domain", "tickets", ["team", "recipient_domain", "number"])
    op.create_index("ix_tickets_sender", "tickets", ["team", "sender", "number"])
    op.create_index("ix_tickets_sender_domain", "tickets", ["team", "sender_domain", "number"])
    op.create_index("ix_tickets_sending_ip", "tickets", ["team", "sending_ip", "number"])
    op.create_index("ix_tickets_status", "tickets", ["team", "status", "number"])
    op.create_index(
        "ix_tickets_unerased",
        "tickets",
        ["team", "created_at"],
        sqlite_where=sa.text("erased_at IS NULL"),
        postgresql_where=sa.text("erased_at IS NULL"),
    )
    op.create_index("uq_tickets_post", "tickets", ["team", "channel", "post_ts"], unique=True)
    op.create_table(
        "corrections",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("was", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "number"],
            ["tickets.team", "tickets.number"],
            name=op.f("fk_corrections_team_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_at", "corrections", ["team", "at"])
    op.create_index("ix_corrections_fingerprint", "corrections", ["team", "fingerprint", "at"])
    op.create_table(
        "events",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "number"],
            ["tickets.team", "tickets.number"],
            name=op.f("fk_events_team_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "number", "seq", name=op.f("pk_events")),
    )
    op.create_index("ix_events_who", "events", ["team", "who"])
    op.create_table(
        "joins",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("post_ts", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "number"],
            ["tickets.team", "tickets.number"],
            name=op.f("fk_joins_team_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "channel", "post_ts", name=op.f("pk_joins")),
    )
    op.create_index("ix_joins_ticket", "joins", ["team", "number"])
    op.create_table(
        "reminders",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "number"],
            ["tickets.team", "tickets.number"],
            name=op.f("fk_reminders_team_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "number", "kind", name=op.f("pk_reminders")),
    )
    op.create_index(
        "ix_reminders_due",
        "reminders",
        ["due_at"],
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_tickets_words ON tickets USING gin (to_tsvector('simple', masked_text))")
    else:
        # The masked text of a ticket never changes, and tickets go only with their workspace.
        op.execute(
            "CREATE VIRTUAL TABLE ticket_words USING fts5(team, number UNINDEXED, words, detail = full)"
        )
        op.execute(
            "CREATE TRIGGER tickets_after_insert AFTER INSERT ON tickets BEGIN "
            "INSERT INTO ticket_words (team, number, words) "
            "VALUES (new.team, new.number, new.masked_text); END"
        )
        op.execute(
            "CREATE TRIGGER tickets_after_delete AFTER DELETE ON tickets BEGIN "
            "DELETE FROM ticket_words WHERE team = old.team AND number = old.number; END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER tickets_after_delete")
        op.execute("DROP TRIGGER tickets_after_insert")
        op.execute("DROP TABLE ticket_words")
    op.drop_table("reminders")
    op.drop_table("joins")
    op.drop_table("events")
    op.drop_table("corrections")
    op.drop_table("tickets")
    op.drop_table("workspaces")
    op.drop_table("incidents")
    op.drop_table("audit")
