"""Write docs/reference/settings.md from the descriptions of the settings."""

from pathlib import Path
from typing import Any

from bot.http_settings import HttpSettings
from bot.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"

HEAD = """\
# Settings

Sportello reads them once, at the start, from the environment and from a file `.env` in the
folder that it is started in; the environment wins. An empty variable counts as unset. Nothing
has to be set: with no token and no key the playground stands in for Telegram and for the model.

This page is made from `bot/settings.py` and `bot/http_settings.py` by `make docs`.

| variable | values | default | meaning |
|---|---|---|---|
"""


def render() -> str:
    """The whole page."""
    properties = Settings.model_json_schema()["properties"]
    names = sorted(properties, key=lambda name: name in HttpSettings.model_fields)
    return HEAD + "".join(_row(name, properties[name]) for name in names)


def _row(name: str, schema: dict[str, Any]) -> str:
    cells = (f"`{name.upper()}`", _values(schema), _default(name), schema["description"])
    return f"| {' | '.join(cells)} |\n"


def _values(schema: dict[str, Any]) -> str:
    kind = schema["anyOf"][0] if "anyOf" in schema else schema
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if kind["type"] == "array":
        return "texts" if kind["items"]["type"] == "string" else "numbers"
    if kind["type"] not in {"integer", "number"}:
        texts = {"password": "secret", "path": "path"}
        text = texts.get(kind.get("format", ""), "text")
        return "`true`, `false`" if kind["type"] == "boolean" else text
    if "maximum" in kind:
        return f"{kind['minimum']} to {kind['maximum']}"
    return f"{kind['minimum']} or more"


def _default(name: str) -> str:
    default = getattr(Settings.model_construct(), name)
    match default:
        case None | ():
            return "unset"
        case bool():
            return f"`{str(default).lower()}`"
        case _ if hasattr(default, "get_secret_value"):
            return f"`{default.get_secret_value()}`"
        case _:
            return f"`{default}`"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
