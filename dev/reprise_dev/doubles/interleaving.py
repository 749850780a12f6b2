"""Workers that take turns, one outside call at a time, in an order the test decides.

Each worker is a thread, but only one ever runs: a schedule is repeatable to the last step. A worker can be killed
between any two of its outside calls, as a function is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

_T = TypeVar("_T")
PATIENCE_S = 30.0


class Killed(BaseException):
    """Not an Exception: nothing in the product catches it, as nothing catches the end of a process."""


class Worker(Generic[_T]):
    """Runs `work`, which gets a `gate` to pass before every outside call; stands still at each until `step`.

    When `done`, either `result` holds what was returned, or `error` what was raised (`Killed` if so ended).
    """

    def __init__(self, work: Callable[[Callable[[], None]], _T]) -> None:
        self.done = False
        self.result: _T | None = None
        self.error: BaseException | None = None
        self._killed = False
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._await_stop()

    def step(self) -> None:
        """Let it make its next outside call, and go on until just before the one after that."""
        if not self.done:
            self._go.release()
            self._await_stop()

    def finish(self) -> None:
        """Let it run to its end."""
        while not self.done:
            self.step()

    def kill(self) -> None:
        """End it where it stands. Its outside calls so far have taken effect."""
        self._killed = True
        self.step()

    def _run(self) -> None:
        try:
            self.result = self._work(self._gate)
        except BaseException as error:
            self.error = error
        self.done = True
        self._stopped.release()

    def _gate(self) -> None:
        self._stopped.release()
        self._go.acquire()
        if self._killed:
            raise Killed

    def _await_stop(self) -> None:
        if not self._stopped.acquire(timeout=PATIENCE_S):
            raise TimeoutError("a worker neither ended nor reached an outside call")


class Gated:
    """`port` with a gate before each of its methods; attributes that are no methods are passed through."""

    def __init__(self, port: object, gate: Callable[[], None]) -> None:
        self._port = port
        self._gate = gate

    def __getattr__(self, name: str) -> Any:  # a stand-in for any port
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*args: object, **kwargs: object) -> object:
            self._gate()
            return found(*args, **kwargs)

        return call


def gated(port: _T, gate: Callable[[], None]) -> _T:
    return cast("_T", Gated(port, gate))
