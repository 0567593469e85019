"""What a text is asked for by."""

import re
from enum import StrEnum


class Key(StrEnum):
    """One of the product's own sentences. A subclass is an area, named as its catalogues are."""

    @property
    def area(self) -> str:
        """The name of the catalogues that hold the text."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def msgid(self) -> str:
        """What the text is called in a catalogue."""
        return f"{self.area}.{self.value}"
