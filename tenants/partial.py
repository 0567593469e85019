"""A model that may be left out in part: what was said is kept apart from what is a default."""

from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from tenants.values import is_blank, tidy


class Partial(BaseModel):
    """A dump (`model_dump`, `model_dump_json`) holds only what was said; what is blank was not."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _forget_blanks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        tidied = {key: tidy(value) for key, value in data.items()}
        return {
            key: value
            for key, value in tidied.items()
            if not (is_blank(value) or (value in ([], {}) and cls._holds_several(key)))
        }

    @classmethod
    def _holds_several(cls, key: str) -> bool:
        known = cls.model_fields.get(key)
        return known is not None and get_origin(known.annotation) in (tuple, Mapping)

    @model_serializer(mode="wrap")
    def _dump_what_was_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = dump(self)
        return {key: value for key, value in values.items() if key in self.model_fields_set}
