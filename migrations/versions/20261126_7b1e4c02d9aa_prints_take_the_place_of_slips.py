"""prints take the place of slips."""

import sqlalchemy as sa
from alembic import op

revision = "7b1e4c02d9aa"
down_revision = "5d675c8cb634"
branch_labels = None
depends_on = None

_OPEN = sa.text("made_at IS NULL OR file_id IS NOT NULL")
_SLIPS = sa.text("slip_file_id IS NOT NULL")


def upgrade() -> None:
    # A slip's file holds a working code. As a print of nothing, the worker deletes it in its next round.
    op.execute(
        "INSERT INTO print_jobs (institution_id, addressing, asked_at, made_at, error, file_id) "
        "SELECT letters.institution_id, 'labels', post_dispatches.created_at, post_dispatches.created_at, '', slip_file_id "
        "FROM post_dispatches JOIN letters ON letters.id = letter_id WHERE slip_file_id IS NOT NULL"
    )
    op.drop_index("ix_post_dispatches_slips", "post_dispatches")
    with op.batch_alter_table("post_dispatches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("presumed_lost_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_post_dispatches_slip_file_id"), type_="foreignkey")
        batch_op.drop_column("slip_file_id")
        batch_op.drop_column("slip_wanted")
    op.create_index("ix_print_jobs_open", "print_jobs", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("ix_print_jobs_open", "print_jobs")
    with op.batch_alter_table("post_dispatches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slip_wanted", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("slip_file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_post_dispatches_slip_file_id"), "files", ["slip_file_id"], ["id"])
        batch_op.drop_column("presumed_lost_on")
    with op.batch_alter_table("post_dispatches", schema=None) as batch_op:
        batch_op.alter_column("slip_wanted", server_default=None)
    op.create_index(
        "ix_post_dispatches_slips", "post_dispatches", ["id"], sqlite_where=_SLIPS, postgresql_where=_SLIPS
    )
