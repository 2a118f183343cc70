"""First schema: members, vault, cells, situations, séances, rappels, charter, journal.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The journal's triggers as they were at this revision: the package has moved on since.
_REFUSED = "le journal ne se modifie pas"
_APPEND_ONLY = ("journal_event", "journal_checkpoint")

# INSERT OR REPLACE deletes without firing delete triggers: the insert ones close that door.
_SQLITE = {
    **{
        f"{table}_no_{verb.lower()}": f"BEFORE {verb} ON {table}"
        for table in _APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    },
    "journal_head_no_delete": "BEFORE DELETE ON journal_head",
    "journal_head_grows": ("BEFORE UPDATE ON journal_head WHEN NEW.size IS NOT OLD.size + 1"),
    "journal_head_once": ("BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head)"),
    "journal_checkpoint_once": (
        "BEFORE INSERT ON journal_checkpoint"
        " WHEN EXISTS (SELECT 1 FROM journal_checkpoint WHERE size = NEW.size)"
    ),
    "journal_event_next": (
        "BEFORE INSERT ON journal_event WHEN NEW.seq IS NOT (SELECT size FROM journal_head)"
    ),
}


def upgrade() -> None:
    op.create_table(
        "browser_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
    )
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_session_member"), ["member"], unique=False)

    op.create_table(
        "cell",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cadence", sa.String(length=120), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cell")),
    )
    op.create_table(
        "compartment",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_compartment")),
    )
    op.create_table(
        "compartment_version",
        sa.Column("compartment", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bucket_bits", sa.Integer(), nullable=False),
        sa.Column("deposit_public", sa.LargeBinary(), nullable=False),
        sa.Column("recovery", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("compartment", "version", name=op.f("pk_compartment_version")),
    )
    op.create_table(
        "local_term",
        sa.Column("list", sa.String(length=32), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("list", "code", name=op.f("pk_local_term")),
    )
    op.create_table(
        "member",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invitation", sa.String(length=64), nullable=True),
        sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("locked_key", sa.LargeBinary(), nullable=True),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("nom", sa.LargeBinary(), nullable=False),
        sa.Column("prenom", sa.LargeBinary(), nullable=False),
        sa.Column("fonction", sa.LargeBinary(), nullable=False),
        sa.Column("institution", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("invitation", name=op.f("uq_member_invitation")),
        sa.UniqueConstraint("login", name=op.f("uq_member_login")),
        sa.UniqueConstraint("reference", name=op.f("uq_member_reference")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "seance",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lieu", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seance")),
        sa.UniqueConstraint("reference", name=op.f("uq_seance_reference")),
    )
    with op.batch_alter_table("seance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seance_cell"), ["cell"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "signin_attempt",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_signin_attempt")),
    )
    op.create_table(
        "situation",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=12), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=12), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("facets", sa.LargeBinary(), nullable=False),
        sa.Column("faits_date", sa.LargeBinary(), nullable=False),
        sa.Column("faits_lieu", sa.LargeBinary(), nullable=False),
        sa.Column("recit", sa.LargeBinary(), nullable=False),
        sa.Column("implication", sa.LargeBinary(), nullable=False),
        sa.Column("classe", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation")),
        sa.UniqueConstraint("reference", name=op.f("uq_situation_reference")),
    )
    with op.batch_alter_table("situation", schema=None) as batch_op:
        batch_op.create_index("ix_situation_cell_id", ["cell", "id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("seance", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "situation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f("fk_agenda_item_seance")),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_agenda_item_situation")
        ),
        sa.PrimaryKeyConstraint("seance", "situation", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_situation"), ["situation"], unique=False)

    op.create_table(
        "convocation",
        sa.Column("seance", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["seance"], ["seance.id"], name=op.f("fk_convocation_seance")),
        sa.PrimaryKeyConstraint("seance", "member", name=op.f("pk_convocation")),
    )
    op.create_table(
        "grant_key",
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("compartment", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compartment", "version"],
            ["compartment_version.compartment", "compartment_version.version"],
            name=op.f("fk_grant_key_compartment"),
        ),
        sa.PrimaryKeyConstraint("member", "compartment", "version", name=op.f("pk_grant_key")),
    )
    op.create_table(
        "name_bucket",
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column(
            "situation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["situation"], ["situation.id"], name=op.f("fk_name_bucket_situation")
        ),
        sa.PrimaryKeyConstraint("cell", "bucket", "situation", name=op.f("pk_name_bucket")),
    )
    with op.batch_alter_table("name_bucket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_bucket_situation"), ["situation"], unique=False)

    op.create_table(
        "person",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "situation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("nom", sa.LargeBinary(), nullable=False),
        sa.Column("prenoms", sa.LargeBinary(), nullable=False),
        sa.Column("naissance", sa.LargeBinary(), nullable=False),
        sa.Column("lieu_naissance", sa.LargeBinary(), nullable=False),
        sa.Column("adresse", sa.LargeBinary(), nullable=False),
        sa.Column("telephone", sa.LargeBinary(), nullable=False),
        sa.Column("lien", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["situation"], ["situation.id"], name=op.f("fk_person_situation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_situation"), ["situation"], unique=False)

    op.create_table(
        "rappel",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=48), nullable=False),
        sa.Column(
            "situation", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attend", sa.String(length=12), nullable=False),
        sa.Column("t1_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("t2_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("t3_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etat", sa.LargeBinary(), nullable=False),
        sa.Column("nom", sa.LargeBinary(), nullable=False),
        sa.Column("prenoms", sa.LargeBinary(), nullable=False),
        sa.Column("naissance", sa.LargeBinary(), nullable=False),
        sa.Column("lieu_naissance", sa.LargeBinary(), nullable=False),
        sa.Column("faits_date", sa.LargeBinary(), nullable=False),
        sa.Column("faits_lieu", sa.LargeBinary(), nullable=False),
        sa.Column("recit", sa.LargeBinary(), nullable=False),
        sa.Column("implication", sa.LargeBinary(), nullable=False),
        sa.Column("informe_par", sa.LargeBinary(), nullable=False),
        sa.Column("repondu_par", sa.LargeBinary(), nullable=False),
        sa.Column("observation", sa.LargeBinary(), nullable=False),
        sa.Column("issue", sa.LargeBinary(), nullable=False),
        sa.Column("tenu_le", sa.LargeBinary(), nullable=False),
        sa.Column("forme", sa.LargeBinary(), nullable=False),
        sa.Column("tenu_par", sa.LargeBinary(), nullable=False),
        sa.Column("delegation", sa.LargeBinary(), nullable=False),
        sa.Column("presents", sa.LargeBinary(), nullable=False),
        sa.Column("impossibilite", sa.LargeBinary(), nullable=False),
        sa.Column("rendu_par", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["situation"], ["situation.id"], name=op.f("fk_rappel_situation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rappel")),
        sa.UniqueConstraint("reference", name=op.f("uq_rappel_reference")),
    )
    with op.batch_alter_table("rappel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rappel_attend"), ["attend"], unique=False)
        batch_op.create_index(batch_op.f("ix_rappel_cell"), ["cell"], unique=False)
        batch_op.create_index(batch_op.f("ix_rappel_situation"), ["situation"], unique=False)

    op.create_table(
        "record_wrap",
        sa.Column(
            "record",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("compartment", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deposited", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compartment", "version"],
            ["compartment_version.compartment", "compartment_version.version"],
            name=op.f("fk_record_wrap_compartment"),
        ),
        sa.PrimaryKeyConstraint("record", "compartment", name=op.f("pk_record_wrap")),
    )
    op.create_table(
        "charter_mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "maire",
                "elu_delegue",
                "coordonnateur",
                "correspondant_justice_ville",
                "commissaire",
                "chef_pm",
                "education_nationale",
                "conseil_departemental",
                "pjj",
                "prevention_specialisee",
                "veille_educative",
                "renseignement_territorial",
                "parquet",
                "signaleur",
                "dpo",
                "administrateur",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cell", sa.String(length=20), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_mandate")),
    )
    with op.batch_alter_table("charter_mandate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charter_mandate_member"), ["member"], unique=False)

    op.create_table(
        "charter_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_text")),
        sa.UniqueConstraint("cell", "version", name=op.f("uq_charter_text_cell_version")),
    )
    op.create_table(
        "charter_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=12), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cell", "version"],
            ["charter_text.cell", "charter_text.version"],
            name=op.f("fk_charter_signature_cell_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_signature")),
        sa.UniqueConstraint(
            "member", "cell", "version", name=op.f("uq_charter_signature_member_cell_version")
        ),
    )
    op.create_table(
        "journal_checkpoint",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.String(length=27), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=10), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_journal_checkpoint")),
    )
    op.create_table(
        "journal_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("time", sa.String(length=27), autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(length=26), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=122), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=10), autoincrement=False, nullable=False),
        sa.Column("object", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("cell", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("article", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("detail", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("motive", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_event")),
    )
    with op.batch_alter_table("journal_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_event_actor_time"), ["actor", "time"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_journal_event_object_time"), ["object", "time"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_journal_event_time"), ["time"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("frontier", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    for statement in create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("journal_head")
    with op.batch_alter_table("journal_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_event_time"))
        batch_op.drop_index(batch_op.f("ix_journal_event_object_time"))
        batch_op.drop_index(batch_op.f("ix_journal_event_actor_time"))

    op.drop_table("journal_event")
    op.drop_table("journal_checkpoint")
    op.drop_table("charter_signature")
    op.drop_table("charter_text")
    with op.batch_alter_table("charter_mandate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charter_mandate_member"))

    op.drop_table("charter_mandate")
    op.drop_table("record_wrap")
    with op.batch_alter_table("rappel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rappel_situation"))
        batch_op.drop_index(batch_op.f("ix_rappel_cell"))
        batch_op.drop_index(batch_op.f("ix_rappel_attend"))

    op.drop_table("rappel")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_situation"))

    op.drop_table("person")
    with op.batch_alter_table("name_bucket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_bucket_situation"))

    op.drop_table("name_bucket")
    op.drop_table("grant_key")
    op.drop_table("convocation")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_situation"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("situation", schema=None) as batch_op:
        batch_op.drop_index("ix_situation_cell_id")

    op.drop_table("situation")
    op.drop_table("signin_attempt")
    op.drop_table("setting")
    with op.batch_alter_table("seance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seance_cell"))

    op.drop_table("seance")
    op.drop_table("reference_counter")
    op.drop_table("member")
    op.drop_table("local_term")
    op.drop_table("compartment_version")
    op.drop_table("compartment")
    op.drop_table("cell")
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_browser_session_member"))

    op.drop_table("browser_session")


def create_statements(dialect_name: str) -> tuple[str, ...]:
    return {"sqlite": _sqlite, "postgresql": _postgresql}[dialect_name]()


def drop_statements(dialect_name: str) -> tuple[str, ...]:
    if dialect_name == "sqlite":
        return tuple(f"DROP TRIGGER {name}" for name in _SQLITE)
    tables = {"postgresql": (*_APPEND_ONLY, "journal_head")}[dialect_name]
    return (
        "DROP TRIGGER journal_head_grows ON journal_head",
        *(f"DROP TRIGGER {table}_stays ON {table}" for table in tables),
        "DROP FUNCTION journal_refuse()",
    )


def _sqlite() -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for name, when in _SQLITE.items()
    )


def _postgresql() -> tuple[str, ...]:
    refuse = (
        "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    return (
        refuse,
        *(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()"
            for table in _APPEND_ONLY
        ),
        "CREATE TRIGGER journal_head_stays BEFORE DELETE OR TRUNCATE ON journal_head"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head FOR EACH ROW"
        " WHEN (NEW.size IS DISTINCT FROM OLD.size + 1)"
        " EXECUTE FUNCTION journal_refuse()",
    )
