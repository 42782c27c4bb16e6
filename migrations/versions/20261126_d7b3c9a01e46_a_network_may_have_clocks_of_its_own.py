"""a network may have clocks of its own."""

import sqlalchemy as sa
from alembic import op

revision = "d7b3c9a01e46"
down_revision = "c41e0a7d52fb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("network", sa.String(length=32), nullable=False, server_default=""))
        batch_op.drop_constraint("pk_clocks", type_="primary")
        batch_op.create_primary_key("pk_clocks", ["key", "network"])
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.alter_column("network", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM clocks WHERE network <> ''")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_constraint("pk_clocks", type_="primary")
        batch_op.create_primary_key("pk_clocks", ["key"])
        batch_op.drop_column("network")
