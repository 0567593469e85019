"""Where one person writes by Telegram, another by letter, and a third on a company's page."""

from dataclasses import dataclass, field

from tests.scenarios.letters import Correspondent, PostOffice
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.web import Surfer
from tests.web.reader import Reader

Client = Person | Correspondent | Surfer


@dataclass(frozen=True, slots=True)
class Town:
    """A stage with a post office, and a site."""

    stage: Stage
    office: PostOffice
    url: str
    surfers: list[Surfer] = field(default_factory=list)

    def client(self, channel: str, name: str = "Anna") -> Client:
        """Somebody who writes by this channel."""
        if channel == "telegram":
            return self.stage.person(name)
        if channel == "web":
            surfer = Surfer(self.stage, Reader(self.url))
            self.stage.places.append(surfer)
            self.surfers.append(surfer)
            return surfer
        person = Correspondent(self.stage, self.office, f"{name.lower()}@example.org")
        self.stage.places.append(person)
        return person
