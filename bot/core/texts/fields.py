"""What the fields of a profile are called, and what is expected of them."""

from collections.abc import Iterator

from bot.core.texts.key import Key
from tenants.fields import FIELDS
from tenants.profile import Profile, Source


def _texts() -> Iterator[str]:
    for name in Profile.model_fields | Source.model_fields:
        yield f"label_{name}"
    for name, field in FIELDS.items():
        yield f"expect_{name}"
        if field.host:
            yield f"host_{name}"
        for choice in field.choices:
            yield f"choice_{choice}"


class Fields(Key):
    """The texts that the declared fields need: `Fields("label_welcome")` is one."""

    _ignore_ = "texts one"
    texts = vars()
    for one in _texts():
        texts[one.upper()] = one
