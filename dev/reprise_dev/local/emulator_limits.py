"""A translated stack, fitted to what the emulator can do. Everything that is changed here is in docs/local-run.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

# CloudFormation's JSON: nested, open-ended, and mostly passed through.
Json = dict[str, Any]

# The emulator's tag that fixes an API's id; only eight hexadecimal digits are reachable by host name.
API_ID = "feedbeef"
BATCHES = {"sqs:SendMessage": "sqs:SendMessageBatch", "sqs:DeleteMessage": "sqs:DeleteMessageBatch"}
CONTEXT = "kms:EncryptionContext:"
ANY_METHOD = "x-amazon-apigateway-any-method"


def fitted(stack: Json, parameters: Mapping[str, str]) -> Json:
    """The stack as it is handed to the emulator."""
    return with_known_permissions(with_numbers(with_routes(with_this_python(stack, parameters)), parameters))


def with_this_python(stack: Json, parameters: Mapping[str, str]) -> Json:
    """The same stack with this machine's Python among the runtimes: functions run here on no other."""
    offered = stack["Parameters"].get("Runtime")
    if offered is None or parameters["Runtime"] in offered["AllowedValues"]:
        return stack
    runtime = {**offered, "AllowedValues": [*offered["AllowedValues"], parameters["Runtime"]]}
    return {**stack, "Parameters": {**stack["Parameters"], "Runtime": runtime}}


def with_routes(stack: Json) -> Json:
    """The same stack with every HTTP API's body replaced by integrations and routes."""
    resources: Json = {}
    for name, resource in stack["Resources"].items():
        resources[name] = resource
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            properties = dict(resource["Properties"])
            body = properties.pop("Body")
            properties.pop("FailOnWarnings", None)
            resources[name] = {**resource, "Properties": {**properties, **_named(name, body)}}
            resources.update(_routes(name, body))
    return {**stack, "Resources": resources}


def with_numbers(stack: Json, parameters: Mapping[str, str]) -> Json:
    """The same stack with the concurrency of event sources as numbers: the emulator would compare texts."""
    values = {name: each.get("Default") for name, each in stack["Parameters"].items()} | dict(parameters)
    resources = dict(stack["Resources"])
    for name, resource in resources.items():
        scaling = resource.get("Properties", {}).get("ScalingConfig")
        if resource["Type"] == "AWS::Lambda::EventSourceMapping" and isinstance(
            scaling.get("MaximumConcurrency"), dict
        ):
            number = int(values[scaling["MaximumConcurrency"]["Ref"]])
            properties = {**resource["Properties"], "ScalingConfig": {"MaximumConcurrency": number}}
            resources[name] = {**resource, "Properties": properties}
    return {**stack, "Resources": resources}


def with_known_permissions(stack: Json) -> Json:
    """The same stack with its IAM statements as the emulator can read them. Nothing more is allowed than on AWS.

    It cannot see an encryption context, so a condition on one would refuse everything; and it asks for a batch by the
    batch's own name, where AWS asks for the single action. On loopback there is no TLS that a bucket policy could
    insist on.
    """
    resources = dict(stack["Resources"])
    for name, resource in stack["Resources"].items():
        if resource["Type"] == "AWS::S3::BucketPolicy" and "aws:SecureTransport" in json.dumps(resource):
            del resources[name]
        elif resource["Type"] == "AWS::IAM::Role":
            policies = [_known_policy(policy) for policy in resource["Properties"].get("Policies", [])]
            resources[name] = {**resource, "Properties": {**resource["Properties"], "Policies": policies}}
    return {**stack, "Resources": resources}


def _known_policy(policy: Json) -> Json:
    statements = [_known_statement(statement) for statement in policy["PolicyDocument"]["Statement"]]
    return {**policy, "PolicyDocument": {**policy["PolicyDocument"], "Statement": statements}}


def _known_statement(statement: Json) -> Json:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    known = {**statement, "Action": [*actions, *(BATCHES[action] for action in actions if action in BATCHES)]}
    if CONTEXT in json.dumps(known.get("Condition", {})):
        del known["Condition"]
    return known


def _named(name: str, body: Json) -> Json:
    return {
        "Name": body.get("info", {}).get("title") or name,
        "ProtocolType": "HTTP",
        "Tags": {"ms-custom-id": API_ID},
    }


def _routes(api: str, body: Json) -> Iterator[tuple[str, Json]]:
    """An integration and a route for each operation. Raises `ValueError` for what is not carried over."""
    if "securitySchemes" in body.get("components", {}) or "x-amazon-apigateway-cors" in body:
        raise ValueError(f"{api}: authorizers and CORS of the HTTP API are not carried over to the emulator")
    for number, (path, method, operation) in enumerate(_operations(body)):
        integration = operation["x-amazon-apigateway-integration"]
        behind = f"{api}Integration{number}"
        yield (
            behind,
            {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": {"Ref": api},
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationMethod": "POST",
                    "IntegrationUri": integration["uri"],
                    "PayloadFormatVersion": str(integration["payloadFormatVersion"]),
                },
            },
        )
        yield (
            f"{api}Route{number}",
            {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": api},
                    "RouteKey": route_key(path, method),
                    "AuthorizationType": "NONE",
                    "Target": {"Fn::Join": ["/", ["integrations", {"Ref": behind}]]},
                },
            },
        )


def _operations(body: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def route_key(path: str, method: str) -> str:
    """API Gateway's name of a route: `ANY /api/{proxy+}`, or `$default`."""
    if path.lstrip("/") == "$default":
        return "$default"
    return f"{'ANY' if method == ANY_METHOD else method.upper()} {path}"
