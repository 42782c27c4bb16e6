"""letters that are recorded as not answered are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "b4e8c1d7f206"
down_revision = "a7f2d90b4c15"
branch_labels = None
depends_on = None

LAPSED = {"sqlite_where": sa.text("stage = 'lapsed'"), "postgresql_where": sa.text("stage = 'lapsed'")}


def upgrade() -> None:
    with op.batch_alter_table("forwardings", schema=None) as batch_op:
        batch_op.create_index("ix_forwardings_lapsed", ["stage_since"], unique=False, **LAPSED)


def downgrade() -> None:
    with op.batch_alter_table("forwardings", schema=None) as batch_op:
        batch_op.drop_index("ix_forwardings_lapsed", **LAPSED)
