"""The words of the trail."""

from bot.telegram.admin.audit import DID
from db.audit import Deed


def test_each_deed_has_its_words() -> None:
    assert set(DID) == set(Deed)
    assert len(set(DID.values())) == len(Deed)
