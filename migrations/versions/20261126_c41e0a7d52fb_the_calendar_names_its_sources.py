"""the calendar names its sources."""

import sqlalchemy as sa
from alembic import op

revision = "c41e0a7d52fb"
down_revision = "cba577dc05ad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("calendar_versions", schema=None) as batch_op:
        batch_op.alter_column("source", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("calendar_versions", schema=None) as batch_op:
        batch_op.drop_column("source")
