"""Questions about a CloudFormation template, for the tests that hold template.yaml to its promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A template is JSON, nested and open-ended; every question asked of it knows what it expects.
Json = dict[str, Any]
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z]+)\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing allowed: `resource` is a name of the template, with what follows its ARN, or "*"."""

    action: str
    resource: str
    condition: str


@dataclass(frozen=True, slots=True)
class Template:
    document: Json

    @property
    def resources(self) -> Mapping[str, Json]:
        found: Mapping[str, Json] = self.document["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, Json]:
        """Properties by name, of every resource of a type."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    def value(self, parameter: str, chosen: Mapping[str, str]) -> str:
        return str(chosen.get(parameter, self.document["Parameters"][parameter].get("Default", "")))

    def statements(self, role: str) -> set[Statement]:
        """Everything a role's own policies allow. Raises `ValueError` where something is not an Allow."""
        policies = self.resources[role]["Properties"].get("Policies", [])
        return set(_statements(policy["PolicyDocument"] for policy in policies))

    def managed_statements(self, policy: str) -> set[Statement]:
        return set(_statements([self.resources[policy]["Properties"]["PolicyDocument"]]))

    def refused(self, chosen: Mapping[str, str]) -> list[str]:
        """The descriptions of every rule's assertion that these parameters break."""
        broken = []
        for rule in self.document["Rules"].values():
            if self.holds(rule.get("RuleCondition", True), chosen):
                broken += [
                    each["AssertDescription"] for each in rule["Assertions"] if not self.holds(each["Assert"], chosen)
                ]
        return broken

    def holds(self, expression: Any, chosen: Mapping[str, str]) -> bool:  # Any: see Json
        """The truth of a condition function, as far as this template uses them."""
        if isinstance(expression, bool):
            return expression
        ((function, argument),) = expression.items()
        if function == "Fn::Equals":
            left, right = (self.text(each, chosen) for each in argument)
            return left == right
        if function == "Condition":
            return self.holds(self.document["Conditions"][argument], chosen)
        parts = [self.holds(each, chosen) for each in argument]
        return {"Fn::Not": not parts[0], "Fn::And": all(parts), "Fn::Or": any(parts)}[function]

    def text(self, value: Any, chosen: Mapping[str, str]) -> str:  # Any: see Json
        """What a value comes to with these parameters; what is a resource's is left as its name."""
        if not isinstance(value, dict):
            return str(value)
        ((function, argument),) = value.items()
        if function == "Ref":
            return self.value(argument, chosen) if argument in self.document["Parameters"] else str(argument)
        if function == "Fn::If":
            condition, then, otherwise = argument
            return self.text(then if self.holds({"Condition": condition}, chosen) else otherwise, chosen)
        if function == "Fn::Sub":
            return _PLACEHOLDER.sub(lambda found: self.text({"Ref": found[1]}, chosen), argument)
        raise ValueError(f"not a text: {value}")

    def variables(self, function: str) -> dict[str, Any]:  # Any: see Json
        """The environment of a function, as written."""
        everywhere: dict[str, Any] = self.document["Globals"]["Function"]["Environment"]["Variables"]  # Any: as above
        own: dict[str, Any] = self.resources[function]["Properties"]["Environment"]["Variables"]  # Any: as above
        return everywhere | own

    def parameters_in(self, value: Any) -> set[str]:  # Any: see Json
        """Every parameter that a value is made of."""
        if isinstance(value, list):
            return set().union(*map(self.parameters_in, value))
        if isinstance(value, dict):
            return self.parameters_in(list(value.values()))
        return {name for name in (value, *_PLACEHOLDER.findall(value)) if name in self.document["Parameters"]}


def _statements(documents: Iterable[Json]) -> Iterator[Statement]:
    for document in documents:
        for statement in document["Statement"]:
            if statement["Effect"] != "Allow":
                raise ValueError(f"not an Allow: {statement}")
            for action in _many(statement["Action"]):
                for resource in _many(statement["Resource"]):
                    yield Statement(action, named(resource), str(statement.get("Condition", "")))


def _many(value: Any) -> list[Any]:  # Any: see Json
    return value if isinstance(value, list) else [value]


def named(resource: Any) -> str:  # Any: see Json
    """`PlaylistsTable` for its ARN, `PlaylistsTable/index/due` for what stands behind it; other texts as they are."""
    if isinstance(resource, str):
        return resource
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return str(name) if attribute == "Arn" else f"{name}.{attribute}"
    if "Ref" in resource:
        return str(resource["Ref"])
    text = str(resource["Fn::Sub"])
    name, arn, rest = text.partition(".Arn}")
    return name.removeprefix("${") + rest if arn else text
