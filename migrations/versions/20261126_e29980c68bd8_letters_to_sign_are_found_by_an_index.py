"""letters to sign are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "e29980c68bd8"
down_revision = "7b1e4c02d9aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(
            "ix_letters_to_sign",
            ["institution_id"],
            unique=False,
            sqlite_where=sa.text("state = 'to_sign'"),
            postgresql_where=sa.text("state = 'to_sign'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_letters_to_sign",
            sqlite_where=sa.text("state = 'to_sign'"),
            postgresql_where=sa.text("state = 'to_sign'"),
        )

