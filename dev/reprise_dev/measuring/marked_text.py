"""A part of a text file that a program writes, between two markers that Markdown does not show."""

from __future__ import annotations


def between(text: str, name: str) -> str | None:
    """What stands between `<!-- name -->` and `<!-- /name -->`, None where there are no such markers."""
    begin, end = _markers(name)
    _, found, rest = text.partition(f"{begin}\n")
    shown, closed, _ = rest.partition(f"\n{end}")
    return shown if found and closed else None


def with_between(text: str, name: str, new: str) -> str:
    """The text with `new` between those markers. Raises `ValueError` when it has none."""
    shown = between(text, name)
    begin, end = _markers(name)
    if shown is None:
        raise ValueError(f"there is no {begin} … {end} to put the {name} between")
    before, _, rest = text.partition(f"{begin}\n")
    return f"{before}{begin}\n{new}{rest[len(shown) :]}"


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- /{name} -->"
