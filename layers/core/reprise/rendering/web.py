"""Web pages from templates: `templates/web/`. No script, nothing from elsewhere, fit for phones and the dark."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

APP = "Reprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A page and the one style sheet it may use, as a `Content-Security-Policy` source (`'sha256-…'`)."""

    html: str
    style_source: str


class WebPages:
    """The pages of this instance."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("reprise.rendering"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._style = self._environment.get_template("web/style.css").render()
        digest = hashlib.sha256(self._style.encode()).digest()
        self._style_source = f"'sha256-{b64encode(digest).decode()}'"

    def sign_in_again(self, *, username: str, error: str) -> WebPage:
        """The form. `error` is what went wrong the last time, "" at first; `username` is what was entered then."""
        return self._page("web/sign_in_again.html", username=username, error=error)

    def signed_in_again(self) -> WebPage:
        """It worked."""
        return self._page("web/signed_in_again.html")

    def nothing_here(self) -> WebPage:
        """The link leads nowhere."""
        return self._page("web/nothing_here.html")

    def _page(self, template: str, **values: str) -> WebPage:
        # The style is ours, from the file beside the templates: escaping it would break its hash.
        style = Markup(self._style)  # noqa: S704
        html = self._environment.get_template(template).render(app=APP, style=style, **values)
        return WebPage(html=html, style_source=self._style_source)
