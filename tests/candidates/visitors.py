"""Visitors who go on talking while a model takes over, and remember every reply."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import httpx

QUESTION = "How do I log in to the patient portal?"


@dataclass
class Visitor(threading.Thread):
    """Asks the same thing again and again until it is stopped. `subjects` are of the replies."""

    url: str
    stopping: threading.Event
    subjects: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    slowest: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    problem: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        try:
            with httpx.Client(base_url=f"{self.url}/api/temple", timeout=30) as client:
                self._talk(client)
        except BaseException as error:  # told by the test, in its own thread
            self.problem = error
            raise

    def stored(self) -> tuple[int, int]:
        """How many messages of the visitor and how many turns with a reply the server has."""
        with httpx.Client(base_url=f"{self.url}/api/temple", timeout=30) as client:
            told = client.get("/messages", headers=self.headers).json()["messages"]
        senders = [message["from"] for message in told]
        pairs = zip(senders, senders[1:])
        return senders.count("visitor"), list(pairs).count(("visitor", "bot"))

    def _talk(self, client: httpx.Client) -> None:
        token = client.post("/sessions").json()["token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        while not self.stopping.is_set():
            got = client.post("/messages", json={"text": QUESTION}, headers=self.headers)
            self.statuses.append(got.status_code)
            self.slowest = max(self.slowest, got.elapsed.total_seconds())
            self.subjects.append(got.json()["messages"][0]["subject"])
