"""the ladder is made of rows."""

import sqlalchemy as sa
from alembic import op

revision = "e5c81b6fa930"
down_revision = "d7b3c9a01e46"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ladder_rungs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("owed", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_rungs")),
        sa.UniqueConstraint("network", "purpose", "owed", "step", name=op.f("uq_ladder_rungs_network_purpose_owed_step")),
    )
    with op.batch_alter_table("ladder_steps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=500), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_ladder_steps_letter_id"), "letters", ["letter_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("ladder_steps", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ladder_steps_letter_id"), type_="foreignkey")
        batch_op.drop_column("note")
        batch_op.drop_column("letter_id")
    op.drop_table("ladder_rungs")
