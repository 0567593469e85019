"""What schemathesis holds each answer against, beside its own checks: loaded by it alone."""

from typing import Any, Final

import schemathesis

SERVER_ERRORS: Final = 500
PAUSED: Final = 503


@schemathesis.check
def is_well_or_paused(_: Any, response: Any, case: Any) -> None:
    """A company that pauses says so to programs: what else is 5xx is a fault of the server's."""
    if response.status_code < SERVER_ERRORS:
        return
    told = f"{case.method} {case.path}: {response.status_code} {response.text[:200]}"
    assert response.status_code == PAUSED, told
    assert response.headers.get("retry-after") == ["300"], told
    assert "paused" in response.text, told
