"""How long a test waits for what must come: a net under what hangs, no measure of what is quick.

Where tests share two cores with everything else, half a minute may pass between two lines.
"""

from typing import Final

PATIENCE_SECONDS: Final = 90.0  # pytest's own limit, of a whole test, is several times that
