"""Create the table of watches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("state", _JSON, nullable=False),
        sa.Column("look", sa.String(length=160), nullable=True),
        sa.Column("told_ts", sa.String(length=32), nullable=True),
        sa.Column("set_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=True),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('case', 'own')", name=op.f("ck_watches_kind")),
        sa.ForeignKeyConstraint(
            ["team"], ["workspaces.team"], name=op.f("fk_watches_team"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team", "number"],
            ["tickets.team", "tickets.number"],
            name=op.f("fk_watches_team_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_watches")),
    )
    op.create_index("ix_watches_due", "watches", ["due_at"])
    op.create_index("ix_watches_ticket", "watches", ["team", "number"])


def downgrade() -> None:
    op.drop_table("watches")
