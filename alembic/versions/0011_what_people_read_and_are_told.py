"""What a company's people read of its chats, and what they are told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TALKS = """
INSERT INTO talks (tenant_id, chat_id, assistant, name, last_at)
SELECT threads.tenant_id, threads.chat_id, threads.assistant, '?', max(turns.opened_at)
FROM turns JOIN threads ON threads.id = turns.thread_id
WHERE threads.purpose = 'client'
GROUP BY threads.tenant_id, threads.chat_id, threads.assistant
"""


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_duties_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f("pk_duties")),
    )
    op.create_table(
        "talks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("assistant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=False),
        sa.Column("waiting_since", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_talks_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_talks_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
        sa.UniqueConstraint(
            "chat_id", "tenant_id", "assistant", name=op.f("uq_talks_chat_id_tenant_id_assistant")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_talks_tenant_id_last_at", "talks", ["tenant_id", "last_at"])
    op.create_index(
        "ix_talks_waiting",
        "talks",
        ["tenant_id", "waiting_since"],
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.create_index(
        "ix_talks_worded",
        "talks",
        ["last_at", "id"],
        sqlite_where=sa.text("name <> ''"),
        postgresql_where=sa.text("name <> ''"),
    )
    op.create_table(
        "notices",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("began_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_notices_talk_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_talk_id_began_at", "notices", ["talk_id", "began_at"])
    op.create_table(
        "readings",
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_readings_talk_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("talk_id", "user_id", name=op.f("pk_readings")),
    )
    op.create_table(
        "questions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("turn_id", ROW_ID, nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("notice_id", ROW_ID, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=True),
        sa.Column("settled_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_questions_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_questions_talk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_questions_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("fk_questions_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_questions_turn_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_notice_id", "questions", ["notice_id"])
    op.create_index(
        "ix_questions_open",
        "questions",
        ["tenant_id", "id"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_questions_talk_id", "questions", ["talk_id"])
    op.create_index("ix_questions_tenant_id", "questions", ["tenant_id"])
    op.create_index(
        "ix_questions_untold",
        "questions",
        ["told_at", "id"],
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "quotes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("outbox_id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("notice_id", ROW_ID, nullable=True),
        sa.Column("rewrite_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_quotes_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_quotes_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_quotes_outbox_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("outbox_id", "chat_id", name=op.f("uq_quotes_outbox_id_chat_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quotes_chat_id", "quotes", ["chat_id"])
    op.create_index("ix_quotes_notice_id", "quotes", ["notice_id"])
    op.create_index(
        "ix_quotes_rewrite_at",
        "quotes",
        ["rewrite_at"],
        sqlite_where=sa.text("rewrite_at IS NOT NULL"),
        postgresql_where=sa.text("rewrite_at IS NOT NULL"),
    )
    op.execute(TALKS)


def downgrade() -> None:
    for table in ("quotes", "questions", "readings", "notices", "talks", "duties"):
        op.drop_table(table)
