"""How large DynamoDB takes an item to be: that decides what writing it costs.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# An item as the API shows it: each value under the letters of its type. Any: as many types as DynamoDB has.
Item = Mapping[str, Mapping[str, Any]]


def item_bytes(item: Item) -> int:
    """Names and values together. Raises `ValueError` for a type that no table of ours holds."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "B":
        return len(held)
    if kind == "N":
        return (len(Decimal(held).normalize().as_tuple().digits) + 1) // 2 + 1
    if kind in {"BOOL", "NULL"}:
        return 1
    if kind == "SS":
        return sum(len(each.encode()) for each in held)
    raise ValueError(f"no item of ours holds a {kind}")
