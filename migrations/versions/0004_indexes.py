"""Index what counting, similar cases and erasing read.

Each index that goes is the beginning of one that comes, so the code of the version before stays fast.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBERS = (
    "team",
    "created_at",
    "cause",
    "outcome_cause",
    "provider",
    "escalated_at",
    "claimed_at",
    "resolved_at",
)
_TOUCHED = sa.text("erased_at IS NOT NULL AND updated_at > erased_at")


def upgrade() -> None:
    op.create_index("ix_tickets_numbers", "tickets", list(_NUMBERS))
    op.drop_index("ix_tickets_created", "tickets")
    op.create_index("ix_tickets_provider", "tickets", ["team", "provider", "created_at"])
    op.drop_index("ix_tickets_incident", "tickets")
    op.create_index(
        "ix_tickets_touched",
        "tickets",
        ["team", "updated_at"],
        sqlite_where=_TOUCHED,
        postgresql_where=_TOUCHED,
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_touched", "tickets")
    op.create_index("ix_tickets_incident", "tickets", ["team", "provider", "cause", "created_at"])
    op.drop_index("ix_tickets_provider", "tickets")
    op.create_index("ix_tickets_created", "tickets", ["team", "created_at"])
    op.drop_index("ix_tickets_numbers", "tickets")
