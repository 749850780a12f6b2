"""A part of a text file that a program writes, between two markers that the file's readers pass over."""

from __future__ import annotations

# How the first and the last marker look in each kind of file.
MARKDOWN = ("<!-- {} -->", "<!-- /{} -->")
YAML = ("  # <{}>", "  # </{}>")


def between(text: str, name: str, markers: tuple[str, str] = MARKDOWN) -> str | None:
    """What stands between the markers of that name, None where there are none."""
    begin, end = (marker.format(name) for marker in markers)
    _, found, rest = text.partition(f"{begin}\n")
    shown, closed, _ = rest.partition(f"\n{end}")
    return shown if found and closed else None


def with_between(text: str, name: str, new: str, markers: tuple[str, str] = MARKDOWN) -> str:
    """The text with `new` between those markers. Raises `ValueError` when it has none."""
    shown = between(text, name, markers)
    begin, end = (marker.format(name) for marker in markers)
    if shown is None:
        raise ValueError(f"there is no {begin} … {end} to put the {name} between")
    before, _, rest = text.partition(f"{begin}\n")
    return f"{before}{begin}\n{new}{rest[len(shown) :]}"
