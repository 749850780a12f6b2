"""The web function, put together: each part when a request needs it, so that showing a page loads no AWS client."""

from __future__ import annotations

from reprise.bootstrap.sign_in import SignInParts
from reprise.config import WebSettings
from reprise.environment import Env


class WebParts(SignInParts):
    """Everything the pages need. Raises `ConfigError` at once when a setting is missing."""

    def __init__(self, env: Env) -> None:
        super().__init__(env, WebSettings.read(env))
