"""docs/reference/fields.md tells of each field as it is declared."""

from scripts.fields_page import PAGE, render
from tenants.profile import Profile


def test_the_page_tells_of_each_field_as_it_is_declared() -> None:
    assert PAGE.read_text("utf-8") == render(), "run `make docs`"
    assert all(f"| `{name}` |" in render() for name in Profile.model_fields)
