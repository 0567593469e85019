"""What is wrong where no connection can be had, or used: for the two kinds of database."""

from sqlalchemy.exc import SQLAlchemyError


class Unreachable(SQLAlchemyError):
    """The database's server could not be reached, fell silent, or takes no writes."""
