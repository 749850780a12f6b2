"""What AWS asks, in US dollars, typed in by hand. They change: https://aws.amazon.com/pricing/ has them as they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REGION = "us-east-1"
AS_OF = "the end of 2025"


class Service(StrEnum):
    LAMBDA = "Lambda"
    DYNAMODB = "DynamoDB, requests"
    DYNAMODB_KEPT = "DynamoDB, storage and backup"
    S3 = "S3"
    SQS = "SQS"
    KMS = "KMS"
    ALARMS = "CloudWatch, alarms"
    CLOUDWATCH = "CloudWatch, logs and metrics; X-Ray"
    DOORS = "API Gateway, EventBridge Scheduler"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """`dollars` for `per` of `what`. `free` of them cost nothing in any month, in every account and for ever."""

    service: Service
    what: str
    dollars: float
    per: int = 1
    free: int = 0

    def of(self, amount: float, *, free_tier: bool = True) -> float:
        return max(0.0, amount - (self.free if free_tier else 0)) * self.dollars / self.per


M = 1_000_000
PRICES = {
    "compute": Price(service=Service.LAMBDA, what="GB-seconds, arm64", dollars=0.0000133334, free=400_000),
    "invocations": Price(service=Service.LAMBDA, what="invocations", dollars=0.20, per=M, free=M),
    "writes": Price(service=Service.DYNAMODB, what="write request units", dollars=0.625, per=M),
    "reads": Price(service=Service.DYNAMODB, what="read request units", dollars=0.125, per=M),
    "table storage": Price(service=Service.DYNAMODB_KEPT, what="GB in tables", dollars=0.25, free=25),
    "backup": Price(service=Service.DYNAMODB_KEPT, what="GB with point-in-time recovery", dollars=0.20),
    "s3 writes": Price(service=Service.S3, what="S3 PUT requests", dollars=5.0, per=M),
    "s3 reads": Price(service=Service.S3, what="S3 GET requests", dollars=0.40, per=M),
    "sqs": Price(service=Service.SQS, what="requests to SQS, empty receives among them", dollars=0.40, per=M, free=M),
    "key": Price(service=Service.KMS, what="customer managed keys", dollars=1.0),
    "kms": Price(service=Service.KMS, what="requests to KMS", dollars=3.0, per=M, free=20_000),
    "alarms": Price(service=Service.ALARMS, what="alarms", dollars=0.10, free=10),
    "metrics": Price(service=Service.CLOUDWATCH, what="metrics of our own", dollars=0.30, free=10),
    "dashboards": Price(service=Service.CLOUDWATCH, what="dashboards", dollars=3.0, free=3),
    "logs": Price(service=Service.CLOUDWATCH, what="GB of logs", dollars=0.50, free=5),
    "traces": Price(service=Service.CLOUDWATCH, what="traces", dollars=5.0, per=M, free=100_000),
    "api": Price(service=Service.DOORS, what="requests to the HTTP API", dollars=1.0, per=M),
    "ticks": Price(service=Service.DOORS, what="ticks of the schedule", dollars=1.0, per=M, free=14 * M),
}
