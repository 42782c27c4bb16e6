"""steps say who approves them."""

import sqlalchemy as sa
from alembic import op

revision = "b8e41d6a2f07"
down_revision = "a2c7f0e94d18"
branch_labels = None
depends_on = None

_rungs = sa.table("ladder_rungs", sa.column("step", sa.Integer), sa.column("approver", sa.String))
_LETTERS = (3, 4, 6)


def upgrade() -> None:
    """Letters were signed before, too; everything else went by itself."""
    with op.batch_alter_table("ladder_rungs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approver", sa.String(length=32), server_default="nobody", nullable=False))
    with op.batch_alter_table("ladder_rungs", schema=None) as batch_op:
        batch_op.alter_column("approver", server_default=None)
    op.execute(_rungs.update().where(_rungs.c.step.in_(_LETTERS)).values(approver="signatory"))


def downgrade() -> None:
    with op.batch_alter_table("ladder_rungs", schema=None) as batch_op:
        batch_op.drop_column("approver")
