"""the paper track."""

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "5d675c8cb634"
down_revision = "12d7c283e844"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("number_key", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("sender_name", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("security", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_incoming_letters_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["persons.id"], name=op.f("fk_incoming_letters_registered_by_id")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["files.id"], name=op.f("fk_incoming_letters_scan_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["institutions.id"], name=op.f("fk_incoming_letters_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_letters")),
        sa.UniqueConstraint(
            "institution_id", "year", "running", name=op.f("uq_incoming_letters_institution_id_year_running")
        ),
        sa.UniqueConstraint("request_key", name=op.f("uq_incoming_letters_request_key")),
    )
    with op.batch_alter_table("incoming_letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_letters_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_letters_number_key"), ["number_key"], unique=False)

    op.create_table(
        "print_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("addressing", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["persons.id"], name=op.f("fk_print_jobs_asked_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_print_jobs_file_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_print_jobs_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_jobs")),
    )
    with op.batch_alter_table("print_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_jobs_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "stationeries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column("emblem_id", sa.Integer(), nullable=True),
        sa.Column("archive_classes", sa.String(length=1000), nullable=False),
        sa.Column("signing_office", sa.String(length=400), nullable=False),
        sa.Column("signing_method", sa.String(length=32), nullable=False),
        sa.Column("uses_own_register", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["persons.id"], name=op.f("fk_stationeries_created_by_id")),
        sa.ForeignKeyConstraint(["emblem_id"], ["files.id"], name=op.f("fk_stationeries_emblem_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institutions.id"], name=op.f("fk_stationeries_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stationeries")),
        sa.UniqueConstraint("institution_id", "version", name=op.f("uq_stationeries_institution_id_version")),
    )
    op.create_table(
        "dispositions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["persons.id"], name=op.f("fk_dispositions_by_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["incoming_letters.id"], name=op.f("fk_dispositions_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositions")),
    )
    with op.batch_alter_table("dispositions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispositions_letter_id"), ["letter_id"], unique=False)

    op.create_table(
        "post_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dispatch_id"], ["post_dispatches.id"], name=op.f("fk_post_scans_dispatch_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["files.id"], name=op.f("fk_post_scans_proof_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["persons.id"], name=op.f("fk_post_scans_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_scans")),
        sa.UniqueConstraint("dispatch_id", "at", "kind", name=op.f("uq_post_scans_dispatch_id_at_kind")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("stationery_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("signing_method", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("capacity", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("signing_copy_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_letters_institution_id_number"), type_="unique")
        batch_op.create_index(batch_op.f("ix_letters_about"), ["about"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_letters_institution_id_year_number"), ["institution_id", "year", "number"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_letters_signing_copy_id"), "files", ["signing_copy_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_letters_stationery_id"), "stationeries", ["stationery_id"], ["id"])

    op.execute(
        "UPDATE letters SET about = (SELECT 'forwarding:' || f.id FROM forwardings f WHERE f.letter_id = letters.id) "
        "WHERE id IN (SELECT letter_id FROM forwardings)"
    )
    op.execute("UPDATE letters SET signing_method = 'approval' WHERE signed_at IS NOT NULL")
    _replace_index("ix_letters_to_render", "letters", "state IN ('signed', 'issued') AND file_id IS NULL")

    _series("number_series_by_register", sa.Column("register", sa.String(length=32), nullable=False))
    op.execute(
        "INSERT INTO number_series_by_register (institution_id, register, year, last) "
        "SELECT institution_id, 'out', year, last FROM number_series"
    )
    _take_the_place_of_number_series("number_series_by_register")

    with op.batch_alter_table("post_dispatches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_scan_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("print_job_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_post_dispatches_print_job_id"), ["print_job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_dispatches_tracking_number"), ["tracking_number"], unique=False)
        batch_op.create_index(
            "ix_post_dispatches_under_way",
            ["last_scan_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('posted', 'in_transit', 'attempt_failed')"),
            postgresql_where=sa.text("state IN ('posted', 'in_transit', 'attempt_failed')"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_post_dispatches_print_job_id"), "print_jobs", ["print_job_id"], ["id"]
        )

    _replace_index(
        "ix_post_dispatches_news",
        "post_dispatches",
        "noticed_at IS NULL AND state IN "
        "('posted', 'in_transit', 'attempt_failed', 'delivered', 'returned', 'presumed_lost')",
    )
    op.execute("UPDATE post_dispatches SET last_scan_at = posted_at")
    _tell_the_end_as_a_scan("delivered", "delivered_on", receiver="delivered_to")
    _tell_the_end_as_a_scan("returned", "returned_on", words="return_reason")

    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("incoming_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_responses_incoming_id"), ["incoming_id"])
        batch_op.create_foreign_key(batch_op.f("fk_responses_incoming_id"), "incoming_letters", ["incoming_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_responses_incoming_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_responses_incoming_id"), type_="unique")
        batch_op.drop_column("incoming_id")

    _replace_index(
        "ix_post_dispatches_news",
        "post_dispatches",
        "noticed_at IS NULL AND state IN ('posted', 'delivered', 'returned')",
    )
    with op.batch_alter_table("post_dispatches", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_post_dispatches_print_job_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_post_dispatches_under_way",
            sqlite_where=sa.text("state IN ('posted', 'in_transit', 'attempt_failed')"),
            postgresql_where=sa.text("state IN ('posted', 'in_transit', 'attempt_failed')"),
        )
        batch_op.drop_index(batch_op.f("ix_post_dispatches_tracking_number"))
        batch_op.drop_index(batch_op.f("ix_post_dispatches_print_job_id"))
        batch_op.drop_column("print_job_id")
        batch_op.drop_column("last_scan_at")

    _series("number_series_of_letters")
    op.execute(
        "INSERT INTO number_series_of_letters (institution_id, year, last) "
        "SELECT institution_id, year, last FROM number_series WHERE register = 'out'"
    )
    _take_the_place_of_number_series("number_series_of_letters")
    _replace_index("ix_letters_to_render", "letters", "state = 'signed' AND file_id IS NULL")

    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_letters_stationery_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_letters_signing_copy_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_letters_institution_id_year_number"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_letters_about"))
        batch_op.create_unique_constraint(batch_op.f("uq_letters_institution_id_number"), ["institution_id", "number"])
        batch_op.drop_column("signing_copy_id")
        batch_op.drop_column("void_reason")
        batch_op.drop_column("voided_at")
        batch_op.drop_column("capacity")
        batch_op.drop_column("signing_method")
        batch_op.drop_column("stationery_id")
        batch_op.drop_column("about")

    op.drop_table("post_scans")
    with op.batch_alter_table("dispositions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispositions_letter_id"))

    op.drop_table("dispositions")
    op.drop_table("stationeries")
    with op.batch_alter_table("print_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_jobs_institution_id"))

    op.drop_table("print_jobs")
    with op.batch_alter_table("incoming_letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_letters_number_key"))
        batch_op.drop_index(batch_op.f("ix_incoming_letters_about"))

    op.drop_table("incoming_letters")


def _replace_index(name: str, table: str, condition: str) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, ["id"], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def _series(name: str, *register: sa.Column) -> None:
    """Numbers by office, year and, if told, register. A primary key cannot be changed in place on SQLite."""
    key = ["institution_id", *(column.name for column in register), "year"]
    op.create_table(
        name,
        sa.Column("institution_id", sa.Integer(), nullable=False),
        *register,
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    with op.batch_alter_table("number_series", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_number_series_institution_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("pk_number_series"), type_="primary")
    with op.batch_alter_table(name, schema=None) as batch_op:
        batch_op.create_primary_key(batch_op.f("pk_number_series"), key)
        batch_op.create_foreign_key(
            batch_op.f("fk_number_series_institution_id"), "institutions", ["institution_id"], ["id"]
        )


def _take_the_place_of_number_series(name: str) -> None:
    op.drop_table("number_series")
    op.rename_table(name, "number_series")


def _tell_the_end_as_a_scan(state: str, day: str, receiver: str = "", words: str = "") -> None:
    """From now on the end of an envelope follows from its scans: noon in Jakarta of the day that was noted."""
    dispatches = sa.table(
        "post_dispatches",
        sa.column("id"),
        sa.column("state"),
        sa.column(day, sa.Date()),
        *map(sa.column, filter(None, (receiver, words))),
    )
    moment = sa.DateTime(timezone=True)
    scans = sa.table(
        "post_scans",
        *(sa.column(name, moment) for name in ("at", "recorded_at")),
        *map(sa.column, ("dispatch_id", "kind", "place", "receiver", "words")),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(dispatches).where(dispatches.c.state == state)).mappings().all():
        noon = datetime.combine(row[day], time(5), UTC)
        told = {"dispatch_id": row["id"], "kind": state, "place": "", "at": noon, "recorded_at": noon}
        told |= {"receiver": row[receiver] if receiver else "", "words": row[words] if words else ""}
        connection.execute(scans.insert().values(told))
