"""What the local run changes in the translated template, and that it is no more than that."""

from __future__ import annotations

import pytest

from reprise_dev.local.emulator_limits import API_ID, Json, fitted, route_key

URI = {"Fn::Sub": "arn:…:${ApiFunction.Arn}/invocations"}
INTEGRATION = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": URI, "payloadFormatVersion": "2.0"}}


def _api(**body: object) -> Json:
    paths = {"/api/{proxy+}": {"x-amazon-apigateway-any-method": INTEGRATION}, "/hook": {"post": INTEGRATION}}
    document = {"info": {"title": "reprise"}, "paths": paths, **body}
    return {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": document, "FailOnWarnings": True}}


def _stack(**resources: Json) -> Json:
    return {"Parameters": {"Most": {"Type": "Number", "Default": 5}}, "Resources": resources}


def test_the_body_of_an_api_becomes_routes() -> None:
    resources = fitted(_stack(HttpApi=_api()), {})["Resources"]
    routes = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::ApiGatewayV2::Route"]

    assert [each["RouteKey"] for each in routes] == ["ANY /api/{proxy+}", "POST /hook"]
    assert {each["AuthorizationType"] for each in routes} == {"NONE"}
    for route in routes:
        integration = resources[route["Target"]["Fn::Join"][1][1]["Ref"]]["Properties"]
        assert integration["IntegrationUri"] == URI
        assert integration["PayloadFormatVersion"] == "2.0"


def test_the_api_keeps_the_rest_and_gets_a_known_id() -> None:
    properties = fitted(_stack(HttpApi=_api()), {})["Resources"]["HttpApi"]["Properties"]

    assert properties == {"Name": "reprise", "ProtocolType": "HTTP", "Tags": {"ms-custom-id": API_ID}}


@pytest.mark.parametrize(
    "unknown", [{"x-amazon-apigateway-cors": {}}, {"components": {"securitySchemes": {"Owner": {}}}}]
)
def test_what_would_be_lost_is_refused(unknown: Json) -> None:
    with pytest.raises(ValueError, match="not carried over"):
        fitted(_stack(HttpApi=_api(**unknown)), {})


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [("/a", "get", "GET /a"), ("/$default", "x-amazon-apigateway-any-method", "$default"), ("/b", "put", "PUT /b")],
)
def test_routes_are_named_as_api_gateway_names_them(path: str, method: str, key: str) -> None:
    assert route_key(path, method) == key


@pytest.mark.parametrize(
    ("given", "chosen", "number"),
    [({"Ref": "Most"}, {}, 5), ({"Ref": "Most"}, {"Most": "9"}, 9), (3, {}, 3)],
)
def test_concurrency_becomes_a_number(given: object, chosen: dict[str, str], number: int) -> None:
    source = {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": given}},
    }

    properties = fitted(_stack(Jobs=source), chosen)["Resources"]["Jobs"]["Properties"]

    assert properties == {"BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": number}}


def _role(*statements: Json) -> Json:
    policies = [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Policies": policies}}


def _statements(stack: Json, role: str) -> list[Json]:
    (policy,) = stack["Resources"][role]["Properties"]["Policies"]
    found: list[Json] = policy["PolicyDocument"]["Statement"]
    return found


def test_a_batch_is_allowed_where_its_single_action_is() -> None:
    stack = fitted(_stack(Role=_role({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "q"})), {})

    assert _statements(stack, "Role") == [
        {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:SendMessageBatch"], "Resource": "q"}
    ]


def test_only_conditions_on_an_encryption_context_are_dropped() -> None:
    context = {"Null": {"kms:EncryptionContext:user_id": "false"}}
    other = {"StringEquals": {"aws:SourceAccount": "1"}}
    stack = fitted(
        _stack(
            Role=_role(
                {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "k", "Condition": context},
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "b", "Condition": other},
            )
        ),
        {},
    )

    assert [each.get("Condition") for each in _statements(stack, "Role")] == [None, other]


def test_a_bucket_policy_that_insists_on_tls_is_left_out() -> None:
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}}
    other = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b"}}

    assert set(fitted(_stack(Tls=policy, Other=other), {})["Resources"]) == {"Other"}


def test_everything_else_stays_as_it_is() -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 720}}

    assert fitted(_stack(Queue=queue), {}) == _stack(Queue=queue)


@pytest.mark.parametrize("here", ["python3.11", "python3.13"])
def test_this_machines_python_is_taken_although_lambda_may_not_offer_it(here: str) -> None:
    offered = {"Type": "String", "AllowedValues": ["python3.12", "python3.13"]}
    stack = {"Parameters": {"Runtime": offered}, "Resources": {}}

    assert here in fitted(stack, {"Runtime": here})["Parameters"]["Runtime"]["AllowedValues"]
    assert offered["AllowedValues"] == ["python3.12", "python3.13"]
