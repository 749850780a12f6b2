"""Web pages from templates: `templates/web/`. No script, nothing from elsewhere, fit for phones and the dark."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
        self._style = self._text("style.css")

    def front(self) -> WebPage:
        """What this is, and where to go on."""
        return self._page("web/front.html")

    def sign_in_again(self, *, username: str, error: str) -> WebPage:
        """The form. `error` is what went wrong the last time, "" at first; `username` is what was entered then."""
        return self._page("web/sign_in_again.html", username=username, error=error)

    def signed_in_again(self, *, others_ended: bool) -> WebPage:
        """It worked. `others_ended`: the password was another one, and no session from before works any more."""
        return self._page("web/signed_in_again.html", others_ended=others_ended)

    def nothing_here(self) -> WebPage:
        """The link leads nowhere."""
        return self._page("web/nothing_here.html")

    def went_wrong(self) -> WebPage:
        """A mistake of ours."""
        return self._page("web/went_wrong.html")

    def api_docs(self, document: Mapping[str, Any]) -> WebPage:  # Any: a JSON document
        """An OpenAPI document for people."""
        from reprise.rendering.api_docs import in_words, prose

        style = self._style + self._text("api_docs.css")
        return self._page("web/api_docs.html", style, docs=in_words(document), prose=prose)

    def _text(self, name: str) -> str:
        return self._environment.get_template(f"web/{name}").render()

    def _page(self, template: str, style: str | None = None, **values: object) -> WebPage:
        """`style` None: the one of every page."""
        # The style is ours, from the files beside the templates: escaping it would break its hash.
        sheet = Markup(self._style if style is None else style)  # noqa: S704
        html = self._environment.get_template(template).render(app=APP, style=sheet, **values)
        digest = hashlib.sha256(sheet.encode()).digest()
        return WebPage(html=html, style_source=f"'sha256-{b64encode(digest).decode()}'")
