"""What a text is asked for by."""

from enum import StrEnum


class Key(StrEnum):
    """One of the product's own sentences. A subclass is an area, named as the module it is in."""

    @property
    def area(self) -> str:
        """The name of the catalogues that hold the text."""
        return self.__module__.rpartition(".")[2]

    @property
    def msgid(self) -> str:
        """What the text is called in a catalogue."""
        return f"{self.area}.{self.value}"
