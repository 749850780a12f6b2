"""A refusal has the same code in the core and in the problem document that the API makes of it."""

from __future__ import annotations

import pytest

from api.problems import problem_of
from reprise.domain.refusals import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refusal,
    SignInAgain,
    SourceRefused,
    TooManyAttempts,
    WrongCredentials,
)

EACH: list[Refusal] = [
    Conflict("No."),
    InvalidInput("name", "No."),
    NotAllowed("No."),
    NotFound("No."),
    SignInAgain("No."),
    SourceRefused("No."),
    TooManyAttempts("No.", retry_after_s=1),
    WrongCredentials("No."),
]


@pytest.mark.parametrize("refusal", EACH, ids=lambda refusal: refusal.code)
def test_the_problem_bears_the_code_of_the_refusal(refusal: Refusal) -> None:
    assert problem_of(refusal).code == refusal.code


def test_no_kind_of_refusal_is_left_out_and_no_two_share_a_code() -> None:
    assert {type(refusal) for refusal in EACH} == set(Refusal.__subclasses__())
    assert len({refusal.code for refusal in EACH}) == len(EACH)
