"""What db raises; turns translates it."""


class DatabaseError(Exception):
    """The database cannot be used; the text is one line for the host."""


class Stale(Exception):
    """The turn has another owner or is closed: the operation was not applied."""


class Gone(Exception):
    """The tenant was deleted meanwhile: nothing was done."""


class AddressTaken(Exception):
    """Another site of the company has one of the addresses, `origin`: nothing was done."""

    def __init__(self, origin: str, site: str) -> None:
        super().__init__(origin)
        self.origin, self.site = origin, site  # as people call it


class NoTenant(LookupError):
    """No tenant has this name; `known` are the names that there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.known = name, known
