"""Keep who runs the recipient's mail (by the MX of its domain) with each ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Earlier tickets stay without: it is looked up, and similar cases are those of the last week.
    op.add_column("tickets", sa.Column("mx_provider", sa.String(length=80), nullable=True))
    op.create_index("ix_tickets_mx_provider", "tickets", ["team", "mx_provider", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_tickets_mx_provider", "tickets")
    op.drop_column("tickets", "mx_provider")
