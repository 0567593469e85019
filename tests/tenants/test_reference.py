"""docs/reference/fields.md tells of each field as it is declared."""

from typing import Annotated, Any

from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from scripts.fields_page import PAGE, render
from tenants.fields import _typed
from tenants.profile import Profile
from tenants.values import Name


def test_the_page_tells_of_each_field_as_it_is_declared() -> None:
    assert PAGE.read_text("utf-8") == render(), "run `make docs`"
    assert all(f"| `{name}` |" in render() for name in Profile.model_fields)


def test_of_several_limits_the_narrowest_is_the_fields() -> None:
    short: Any = Annotated[Name, StringConstraints(max_length=60)]
    _, limit, _ = _typed(FieldInfo.from_annotation(short))
    assert limit == 60
