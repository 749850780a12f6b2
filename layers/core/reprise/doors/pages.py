"""A page as a response, under a policy that lets it load nothing but its own style."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from aws_lambda_powertools.event_handler import Response

_POLICY = "default-src 'none'; style-src {style}; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"


class Page(Protocol):
    """`style_source` is the page's style sheet as a `Content-Security-Policy` source."""

    @property
    def html(self) -> str: ...

    @property
    def style_source(self) -> str: ...


def page_response(
    status: HTTPStatus, page: Page, *, has_form: bool = False, headers: Mapping[str, str] | None = None
) -> Response[str]:
    """`has_form`: the page may send a form, to where it came from."""
    policy = _POLICY.format(style=page.style_source, forms="'self'" if has_form else "'none'")
    # With "no-referrer", which every other response has, browsers would call the form's own origin "null".
    referrer = {"Referrer-Policy": "same-origin"} if has_form else {}
    return Response(
        status_code=int(status),
        content_type="text/html; charset=utf-8",
        body=page.html,
        headers={**(headers or {}), "Content-Security-Policy": policy, **referrer},
    )
