"""`sportello tenants`: companies in and out of the database."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.ops.database import exclusive
from db.sqlite import driver
from tenants import presets, toml
from tenants.values import NAME_CHARACTERS
from tests.cli.conftest import Sportello

DATABASE = Path("data/sportello.db")
URL = f"sqlite+aiosqlite:///{DATABASE}"


def change_database(*statements: str | tuple[str, Sequence[object]]) -> None:
    """Each statement by itself, or with its values."""
    with closing(driver.connect(DATABASE)) as database, database:
        for statement in statements:
            database.execute(*([statement] if isinstance(statement, str) else statement))


def trail() -> list[tuple[str | None, ...]]:
    """What was written down of all changes: tenant, author, deed, subject, old and new."""
    with closing(driver.connect(DATABASE)) as database:
        columns = "tenant, actor, action, subject, old, new"
        return list(database.execute(f"SELECT {columns} FROM audit ORDER BY id"))  # noqa: S608  # no input is in it


def answer(sportello: Sportello, *arguments: str) -> Any:
    """What a command tells a script."""
    return json.loads(sportello(*arguments, "--json").stdout)


def meet_bot() -> None:
    """As after the first `sportello run`."""
    change_database("INSERT INTO bots (id, tenant_id) VALUES (4711, 1)")


def test_a_preset_becomes_a_tenant(sportello: Sportello) -> None:
    assert sportello("tenants", "apply", "hotel-aurora").stdout == (
        "hotel-aurora: new, version 1\n"
        "No bot is known yet; the first `sportello run` gives its bot to hotel-aurora\n"
    )

    assert sportello("tenants", "list").stdout == (
        "NAME          STATE   VERSION  COMPANY       LANGUAGE  BOTS\n"
        "hotel-aurora  active  1        Hotel Aurora  it        -\n"
    )


@pytest.mark.parametrize("preset", presets.names())
def test_what_was_exported_applies_without_a_change(sportello: Sportello, preset: str) -> None:
    sportello("tenants", "apply", preset)
    sportello("tenants", "export", preset, f"{preset}.toml")

    told = sportello("tenants", "apply", f"{preset}.toml")

    assert told.stdout.startswith(f"{preset}: nothing new, still version 1\n")
    exported = sportello("tenants", "export", preset).stdout
    assert exported == Path(f"{preset}.toml").read_text(encoding="utf-8")
    assert toml.read(exported) == presets.load(preset)


def test_a_change_is_told_field_by_field(sportello: Sportello) -> None:
    Path("gino.toml").write_text(
        'company_name = "Da Gino"\nwelcome = "Ciao"\nknowledge = """\nPizza\nPasta\n"""\n'
    )
    sportello("tenants", "apply", "gino.toml")
    Path("gino.toml").write_text(
        'company_name = "Gino"\npace = "brisk"\nknowledge = """\nPizza\nPesce\nVino\n"""\n'
    )

    told = sportello("tenants", "apply", "gino.toml")

    assert told.stdout.splitlines()[:-1] == [
        "gino: version 1 -> 2",
        "  company_name: Da Gino -> Gino",
        "  welcome: Ciao -> (Buongiorno e grazie per averci scritto. Come posso aiutarLa?)",
        "  pace: (human) -> brisk",
        "  knowledge: 11 -> 16 characters, lines: 1 out, 2 in",
    ]


def test_a_token_in_pieces_is_not_kept(sportello: Sportello) -> None:
    token = "987654321:AAH-x_secret\\u200bsecretsecretsecretsecre"
    Path("gino.toml").write_text(f'company_name = "Gino"\nknowledge = "Ecco {token}!"\n')
    assert "dots are in its place" in sportello("tenants", "apply", "gino.toml").stdout
    exported = sportello("tenants", "export", "gino").stdout
    assert "secret" not in exported
    assert "•!" in exported


def test_a_card_shows_what_was_said_and_what_counts_instead(sportello: Sportello) -> None:
    Path("gino.toml").write_text('company_name = "Da Gino"\nwaiting_seconds = 2.5\n')
    sportello("tenants", "apply", "gino.toml")

    lines = sportello("tenants", "show", "gino").stdout.splitlines()

    assert lines[0] == "gino, version 1, no bots"
    assert "  company_name       Da Gino" in lines
    assert "  waiting_seconds    2.5" in lines
    assert "  pace               (human)" in lines
    assert "  model              (not set)" in lines
    assert lines[-1] == "OpenAI asks about 2 € for 10,000 answers"


def test_of_a_model_whose_price_is_not_known_none_is_told(sportello: Sportello) -> None:
    Path("gino.toml").write_text('model = "qwen3"\n')
    sportello("tenants", "apply", "gino.toml")

    assert "€" not in sportello("tenants", "show", "gino").stdout
    assert answer(sportello, "tenants", "show", "gino")["euros_for_10000_answers"] is None


def test_of_several_things_a_card_tells_the_names(sportello: Sportello) -> None:
    said = """\
test_questions = ["Aprite?", "Dove?"]
[[sources]]
name = "Menù"
text = "Pane e vino."
[assistants.soci]
"""
    Path("gino.toml").write_text(said, "utf-8")
    sportello("tenants", "apply", "gino.toml")

    lines = sportello("tenants", "show", "gino").stdout.splitlines()

    assert "  test_questions     Aprite?, Dove?" in lines
    assert "  sources            Menù" in lines
    assert "  assistants         soci" in lines


def test_a_card_as_toml_is_the_export(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")

    card = sportello("tenants", "show", "hotel-aurora", "--toml").stdout

    assert card == sportello("tenants", "export", "hotel-aurora").stdout


def test_an_export_overwrites_only_by_force(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")
    Path("mine.toml").write_text("mine")

    refused = sportello("tenants", "export", "hotel-aurora", "mine.toml")

    assert (refused.exit_code, refused.stderr) == (
        1,
        "sportello: mine.toml is there already; --force replaces it\n",
    )
    assert Path("mine.toml").read_text() == "mine"
    assert sportello("tenants", "export", "hotel-aurora", "mine.toml", "--force").exit_code == 0
    assert Path("mine.toml").read_text(encoding="utf-8").startswith("language = ")


def test_scripts_get_all_of_it_as_json(sportello: Sportello) -> None:
    Path("gino.toml").write_text('company_name = "Da Gino"\n')
    applied = answer(sportello, "tenants", "apply", "gino.toml")
    assert applied == {"name": "gino", "version": 1, "was": None, "bots": []}
    assert answer(sportello, "tenants", "apply", "gino.toml") == applied | {"was": 1}

    exported = {"name": "gino", "version": 1, "toml": 'company_name = "Da Gino"\n'}
    assert answer(sportello, "tenants", "export", "gino") == exported
    assert answer(sportello, "tenants", "export", "gino", "again.toml") == exported
    assert answer(sportello, "tenants", "show", "gino", "--toml") == exported
    assert Path("again.toml").read_text() == exported["toml"]


def test_bots_stay_where_they_are_unless_they_are_taken(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")
    meet_bot()

    hint = sportello("tenants", "apply", "banca-aessefin").stdout
    taken = sportello("tenants", "apply", "banca-aessefin", "--take-bots").stdout

    assert hint.endswith("No bot speaks for it; --take-bots lets all of them do so from now on\n")
    assert taken.endswith("It speaks through: 4711\n")


def test_it_works_beside_a_process_that_serves(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")

    with exclusive(URL):
        told = sportello("tenants", "apply", "banca-aessefin")

    assert told.exit_code == 0


def complaint(sportello: Sportello, *arguments: str, code: int) -> str:
    """The one line that a command which cannot do its work leaves."""
    told = sportello(*arguments)

    assert told.exit_code == code
    assert told.stdout == ""
    assert "Traceback" not in told.stderr
    return told.stderr.removeprefix("sportello: ").removesuffix("\n")


def test_a_tenant_that_is_not_there(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")

    assert complaint(sportello, "tenants", "show", "gino", code=1) == (
        "there is no tenant “gino”; the tenants are: hotel-aurora"
    )


def test_a_profile_that_fits_no_more_is_replaced(sportello: Sportello) -> None:
    Path("gino.toml").write_text('company_name = "Gino"\n')
    sportello("tenants", "apply", "gino.toml")
    change_database("""UPDATE profiles SET body = '{"pace": "snail"}'""")

    for command in ("tenants list", "tenants show gino", "tenants export gino", "check"):
        told = sportello(*command.split())
        assert told.exit_code == 1
        assert "`sportello tenants apply` or `rollback` replaces it" in told.stderr

    applied = sportello("tenants", "apply", "gino.toml")
    assert applied.stdout.startswith("gino: version 1 -> 2\n")
    assert "Gino" in sportello("tenants", "list").stdout
    assert [row[2] for row in trail()] == ["tenants.create", "published"]


def test_a_name_that_is_no_text(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")

    assert complaint(sportello, "tenants", "show", "gin\udcff", code=1).endswith(
        "the tenants are: hotel-aurora"
    )


def test_a_file_that_is_not_there(sportello: Sportello) -> None:
    told = complaint(sportello, "tenants", "apply", "gino.toml", code=1)

    assert told.startswith("“gino.toml” is no file, and none of the presets: hotel-aurora,")


def test_a_file_that_is_no_profile_is_explained_line_by_line(sportello: Sportello) -> None:
    Path("gino.toml").write_text('company_name = "Gino"\npace = "fast"\nhours = 1\n')

    assert complaint(sportello, "tenants", "apply", "gino.toml", code=1).splitlines()[:2] == [
        "gino.toml is no profile:",
        "  Line 2: Pace: choose one of 'human', 'brisk' or 'off'.",
    ]
    assert not DATABASE.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"= ="])
def test_a_file_that_is_no_toml(sportello: Sportello, content: bytes) -> None:
    Path("gino.toml").write_bytes(content)

    assert complaint(sportello, "tenants", "apply", "gino.toml", code=1).startswith(
        "gino.toml is no"
    )


@pytest.mark.parametrize("name", ["Da Gino", "-gino", "a/b", "x" * 65])
def test_a_name_that_no_tenant_can_have(sportello: Sportello, name: str) -> None:
    arguments = ("tenants", "apply", "hotel-aurora", f"--name={name}")

    assert complaint(sportello, *arguments, code=1).endswith("(--name)")


@pytest.mark.parametrize("name", ["", " ", "x" * (NAME_CHARACTERS + 1)])
def test_a_name_that_no_company_can_have(sportello: Sportello, name: str) -> None:
    told = complaint(sportello, "tenants", "create", "--", name, code=1)

    assert told.endswith(f"give the company a name of 1 to {NAME_CHARACTERS} characters")


def test_a_short_name_is_made_of_what_people_call_a_company(sportello: Sportello) -> None:
    made = [
        answer(sportello, "tenants", "create", name)["name"]
        for name in ("Trattoria da Gino", "Trattoria da Gino", "a/b", "Пекарня")
    ]

    assert made == ["trattoria-da-gino", "trattoria-da-gino-2", "a-b", "pekarnya"]


def test_where_there_is_no_database_none_is_made(sportello: Sportello) -> None:
    told = complaint(sportello, "tenants", "list", code=2)

    assert told == f"there is no database at {DATABASE.absolute()}; `sportello run` makes it"
    assert not DATABASE.parent.exists()


def test_a_database_of_a_newer_version_is_left_alone(sportello: Sportello) -> None:
    sportello("tenants", "apply", "hotel-aurora")
    change_database("UPDATE alembic_version SET version_num = '9999', min_code = '9999'")

    assert complaint(sportello, "tenants", "list", code=2) == (
        "the database cannot be used: it was written by a newer version; install that version"
    )


def test_an_old_database_is_not_migrated_under_a_process_that_serves(
    sportello: Sportello,
) -> None:
    sportello("tenants", "apply", "hotel-aurora")
    change_database("DELETE FROM alembic_version")

    with exclusive(URL):
        told = complaint(sportello, "tenants", "list", code=2)

    assert told == f"another `sportello run` is using {DATABASE}; stop it first"


def test_a_file_that_is_no_database(sportello: Sportello) -> None:
    DATABASE.parent.mkdir()
    DATABASE.write_text("Sono un diario segreto, non una base di dati.")

    assert complaint(sportello, "tenants", "list", code=2) == (
        f"{DATABASE.absolute()} is no SQLite database: is it the right file?"
    )
