"""What all shapes share: the only rooms that know pydantic are these (ADR-0003)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

State = Literal["pending", "syncing", "success", "warning", "error"]


Delivery = Literal["ready", "unconfigured"]


# What the use cases ask of short texts, written down for the OpenAPI document; they check it, and say it better.
ONE_LINE = {"pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$"}


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, hide_input_in_errors=True)


class ResponseBody(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)


def _whole(value: object) -> object:
    """30.0 is a whole number in JSON, which knows no other kind."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
