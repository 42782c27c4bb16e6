"""what points to an answer or a file has an index."""

from alembic import op

revision = "4c9e17ad52b8"
down_revision = "d15a8c3e7b40"
branch_labels = None
depends_on = None

_POINTERS = (
    ("mailed_replies", "response_id"),
    ("announced_replies", "response_id"),
    ("letters", "file_id"),
    ("letters", "signing_copy_id"),
)


def upgrade() -> None:
    for table, column in _POINTERS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(_POINTERS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
