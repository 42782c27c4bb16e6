"""a clock can stand still."""

import sqlalchemy as sa
from alembic import op

revision = "d15a8c3e7b40"
down_revision = "b8e41d6a2f07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """A pause that lasts is over at once: the date of before counts."""
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_column("paused")
