"""Why a use case said no to a person. Each message is one sentence of our own words, fit to be shown to them."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """What was asked cannot be done as asked; nothing was changed. `sentence` is for the person who asked.

    `code` is the stable name of the kind of refusal, for programs.
    """

    code: ClassVar[str]

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InvalidInput(Refusal):
    """One field holds what it cannot hold. `field` is its name; its value is in no message."""

    code = "invalid-input"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class WrongCredentials(Refusal):
    """The music server does not know this name and password; it does not say which of the two is wrong."""

    code = "wrong-credentials"


class SignInAgain(Refusal):
    """Known, but the music server refuses the stored password: nothing may be done before a new sign-in."""

    code = "sign-in-again"


class TooManyAttempts(Refusal):
    """A rate limit was reached. `retry_after_s` is when, in seconds, the next attempt is counted afresh."""

    code = "too-many-attempts"

    def __init__(self, sentence: str, *, retry_after_s: int) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class NotFound(Refusal):
    """There is no such thing, or it is someone else's: the two look the same (invariant 9)."""

    code = "not-found"


class NotAllowed(Refusal):
    """Known, and still not allowed to do this."""

    code = "not-allowed"


class Conflict(Refusal):
    """Not in the state things are in; the sentence says what to do first."""

    code = "conflict"


class SourceRefused(Refusal):
    """The source of a playlist did not give what was asked of it. `retry_after_s` is the time it named, or None."""

    code = "source-refused"

    def __init__(self, sentence: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s
