"""calls are logged."""

import sqlalchemy as sa
from alembic import op

revision = "a7f2d90b4c15"
down_revision = "b8d40c7a1e52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forwarding_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_calls_by_id")),
        sa.ForeignKeyConstraint(["forwarding_id"], ["forwardings.id"], name=op.f("fk_calls_forwarding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("request_key", name=op.f("uq_calls_request_key")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calls_forwarding_id"), ["forwarding_id"], unique=False)
    op.create_table(
        "call_files",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_files_call_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_call_files_file_id")),
        sa.PrimaryKeyConstraint("call_id", "file_id", name=op.f("pk_call_files")),
    )


def downgrade() -> None:
    op.drop_table("call_files")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calls_forwarding_id"))
    op.drop_table("calls")
