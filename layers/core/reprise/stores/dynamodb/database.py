"""One DynamoDB client per process, shared by every table, and what all tables have in common.

A client of its own for each model, as pynamodb makes them, would cost each cold start 15 to 20 ms a table.
"""

from __future__ import annotations

import random
import time
import types
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TableError, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

_M = TypeVar("_M", bound=Model)
_T = TypeVar("_T")

# A call that is never answered fails after 23 seconds, which is less than the api function has.
CONNECT_TIMEOUT_S = 1
READ_TIMEOUT_S = 3
# After the first try, with botocore's backoff: throttling and 5xx that last longer raise.
RETRIES = 3

CONFLICT_RETRIES = 5
# Doubled at each retry.
CONFLICT_WAIT_S = 0.02

_CONDITION_FAILED = "ConditionalCheckFailedException"

_KEY_BYTES_MAX = 1024

_lock = Lock()
_connections: dict[tuple[str | None, str | None], Connection] = {}
_bound: dict[tuple[type[Model], str, str | None, str | None], type[Model]] = {}


def bind(model: type[_M], *, table_name: str, region: str | None, endpoint: str | None) -> type[_M]:
    """`model` on the table of that name. `region` and `endpoint` None leave the choice to botocore's own settings."""
    with _lock:
        key = (model, table_name, region, endpoint)
        if key not in _bound:
            _bound[key] = _on_table(model, table_name, _shared(region, endpoint))
        return _bound[key]  # type: ignore[return-value]  # the key's model decides the type


def connection(region: str | None, endpoint: str | None) -> Connection:
    """The connection that transactions go through."""
    with _lock:
        return _shared(region, endpoint)


def could_be_key(text: str) -> bool:
    """False for what no item can be called: DynamoDB refuses the question instead of answering that there is none."""
    try:
        return 0 < len(text.encode()) <= _KEY_BYTES_MAX
    except UnicodeEncodeError:
        return False


def without_conflict(call: Callable[[], _T]) -> _T:
    """What `call` returns, tried again while another transaction is at the same items.

    A conflict says nothing about conditions. One that lasts raises as it is.
    """
    for retry in range(CONFLICT_RETRIES):
        try:
            return call()
        except PynamoDBException as error:
            if not _is_conflict(error):
                raise
        time.sleep(CONFLICT_WAIT_S * 2**retry * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries
    return call()


def condition_held(write: Callable[[], object]) -> bool:
    """Write one item. False when the condition of `write` failed: then nothing was written. Anything else raises."""
    try:
        write()
    except PynamoDBException as error:
        if error.cause_response_code != _CONDITION_FAILED:
            raise
        return False
    return True


def write_together(through: Connection, change: Callable[[TransactWrite], None]) -> bool:
    """Commit what `change` puts into a transaction. False when a condition failed: then nothing was written.

    botocore gives each transaction a token of its own, so its own retries are harmless.
    """

    def commit() -> None:
        with TransactWrite(connection=through) as transaction:
            change(transaction)

    try:
        without_conflict(commit)
    except TransactWriteError as error:
        if "ConditionalCheckFailed" in _reasons(error):
            return False
        raise
    return True


def _shared(region: str | None, endpoint: str | None) -> Connection:
    key = (region, endpoint)
    if key not in _connections:
        _connections[key] = Connection(
            region=region,
            host=endpoint,
            connect_timeout_seconds=CONNECT_TIMEOUT_S,
            read_timeout_seconds=READ_TIMEOUT_S,
            max_retry_attempts=RETRIES,
        )
    return _connections[key]


def _on_table(model: type[_M], table_name: str, shared: Connection) -> type[_M]:
    meta = type("Meta", (), {"table_name": table_name, "region": shared.region, "host": shared.host})
    namespace = {"Meta": meta, "__module__": model.__module__}
    bound: type[_M] = types.new_class(model.__name__, (model,), exec_body=lambda body: body.update(namespace))
    own = bound._get_connection()
    try:
        shared.get_meta_table(table_name)
    except TableError:  # the first model on this table: others on it have the same keys, and nothing else is asked
        shared.add_meta_table(own.get_meta_table())
    own.connection = shared
    return bound


def _is_conflict(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError):
        return _reasons(error) == {"TransactionConflict"}
    return error.cause_response_code == "TransactionConflictException"


def _reasons(error: TransactWriteError) -> set[str]:
    return {reason.code for reason in error.cancellation_reasons if reason is not None}
