"""the second request has a ladder of its own."""

import sqlalchemy as sa
from alembic import op

revision = "a2c7f0e94d18"
down_revision = "b4e8c1d7f206"
branch_labels = None
depends_on = None

_rungs = sa.table(
    "ladder_rungs",
    sa.column("network", sa.String),
    sa.column("purpose", sa.String),
    sa.column("owed", sa.String),
    sa.column("step", sa.Integer),
    sa.column("after", sa.Integer),
)
_LAPSE = 5


def upgrade() -> None:
    """A hub that has ladders gets the one that begins when the second limit has passed."""
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(_rungs)):
        row = {"network": "", "purpose": "clarification", "owed": "second_answer", "step": _LAPSE, "after": 0}
        op.bulk_insert(_rungs, [row])


def downgrade() -> None:
    op.execute(_rungs.delete().where(_rungs.c.owed == "second_answer"))
