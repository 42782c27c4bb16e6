"""focal points, reach and routing."""

import sqlalchemy as sa
from alembic import op

revision = "268f1852af4e"
down_revision = "494162ad487d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["institutions.id"], name=op.f("fk_coverage_office_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_coverage_region_code")),
        sa.PrimaryKeyConstraint("office_id", "region_code", name=op.f("pk_coverage")),
    )
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_region_code"), ["region_code"], unique=False)

    op.create_table(
        "routing_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=True),
        sa.Column("complained_of", sa.String(length=32), nullable=True),
        sa.Column("region_kind", sa.String(length=10), nullable=False),
        sa.Column("region_code", sa.String(length=8), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("copies", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_routing_rules_institution_id")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_routing_rules_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)

    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("old_address", sa.String(length=254), nullable=False),
        sa.Column("new_address", sa.String(length=254), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_address_changes_institution_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_address_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
    )
    with op.batch_alter_table("address_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_address_changes_untold",
            ["id"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )

    op.create_table(
        "contact_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_contact_faults_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_contact_faults_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_faults")),
        sa.UniqueConstraint("source", name=op.f("uq_contact_faults_source")),
    )
    with op.batch_alter_table("contact_faults", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_faults_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(
            "ix_contact_faults_open",
            ["address"],
            unique=False,
            sqlite_where=sa.text("mended_at IS NULL"),
            postgresql_where=sa.text("mended_at IS NULL"),
        )

    op.create_table(
        "reach_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_name", sa.String(length=200), nullable=False),
        sa.Column("successor_title", sa.String(length=200), nullable=False),
        sa.Column("successor_email", sa.String(length=254), nullable=False),
        sa.Column("successor_phone", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_reach_checks_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reach_checks")),
    )
    with op.batch_alter_table("reach_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reach_checks_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reach_checks_asked_on"), ["asked_on"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_handovers_appointment_id")),
        sa.PrimaryKeyConstraint("appointment_id", "ended_on", name=op.f("pk_handovers")),
    )

    op.create_table(
        "forwarding_copies",
        sa.Column("forwarding_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forwarding_id"], ["forwardings.id"], name=op.f("fk_forwarding_copies_forwarding_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_forwarding_copies_institution_id")
        ),
        sa.PrimaryKeyConstraint("forwarding_id", "institution_id", name=op.f("pk_forwarding_copies")),
    )
    with op.batch_alter_table("forwarding_copies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forwarding_copies_institution_id"), ["institution_id"], unique=False)

    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decree_file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_appointments_decree_file_id"), "files", ["decree_file_id"], ["id"])

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.add_column(sa.Column("complained_of", sa.String(length=32), server_default="office", nullable=False))
        batch_op.add_column(sa.Column("complained_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_complaints_complained_of_id"), "institutions", ["complained_of_id"], ["id"]
        )

    with op.batch_alter_table("forwardings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("override_reason", sa.String(length=500), server_default="", nullable=False))

    with op.batch_alter_table("institutions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_email", sa.String(length=254), server_default="", nullable=False))
        batch_op.add_column(sa.Column("whatsapp", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("website", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("letterhead", sa.String(length=300), server_default="", nullable=False))

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("email_dispatches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_email_dispatches_dead_ends",
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('bounced', 'failed')"),
            postgresql_where=sa.text("state IN ('bounced', 'failed')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("email_dispatches", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_email_dispatches_dead_ends",
            sqlite_where=sa.text("state IN ('bounced', 'failed')"),
            postgresql_where=sa.text("state IN ('bounced', 'failed')"),
        )

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_column("verified_at")
        batch_op.drop_column("invited_at")

    with op.batch_alter_table("institutions", schema=None) as batch_op:
        batch_op.drop_column("letterhead")
        batch_op.drop_column("website")
        batch_op.drop_column("whatsapp")
        batch_op.drop_column("second_email")

    with op.batch_alter_table("forwardings", schema=None) as batch_op:
        batch_op.drop_column("override_reason")

    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_complaints_complained_of_id"), type_="foreignkey")
        batch_op.drop_column("complained_of_id")
        batch_op.drop_column("complained_of")

    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appointments_decree_file_id"), type_="foreignkey")
        batch_op.drop_column("decree_file_id")

    op.drop_table("handovers")
    with op.batch_alter_table("forwarding_copies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forwarding_copies_institution_id"))

    op.drop_table("forwarding_copies")
    with op.batch_alter_table("reach_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reach_checks_asked_on"))
        batch_op.drop_index(batch_op.f("ix_reach_checks_appointment_id"))

    op.drop_table("reach_checks")
    with op.batch_alter_table("contact_faults", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_contact_faults_open",
            sqlite_where=sa.text("mended_at IS NULL"),
            postgresql_where=sa.text("mended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_faults_institution_id"))

    op.drop_table("contact_faults")
    with op.batch_alter_table("address_changes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_address_changes_untold",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )

    op.drop_table("address_changes")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_person_id"))

    op.drop_table("absences")
    op.drop_table("routing_rules")
    with op.batch_alter_table("coverage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_region_code"))

    op.drop_table("coverage")
