"""GraphQL over HTTP with the status codes that an Apollo server gives, so that clients meet the real thing.

400: not JSON, does not parse, does not validate, unknown operation, wrong variables, too much of it. 401: no
valid token. 405: mutation by GET. 406: nothing acceptable. 413: too long. 429: too often. Everything a resolver
says is 200 with `errors`.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from aiohttp import web
from graphql import (DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode,
                     OperationType, execute, get_operation_ast, parse, validate)
from graphql.execution.values import get_variable_values

from . import graph_limits, log, texts
from .tokens import Identity

MOST_BYTES = 256 * 1024
MEDIA = ("application/graphql-response+json", "application/json")


class Endpoint:
    """POST and GET /graphql."""

    def __init__(self, schema: GraphQLSchema, identify: Callable[[web.Request], Identity | web.Response],
                 roots: Callable[[Identity], object]) -> None:
        self._schema = schema
        self._identify = identify
        self._roots = roots
        self._persisted: OrderedDict[str, str] = OrderedDict()

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one operation."""
        media = _acceptable(request.headers.get("Accept", "*/*"))
        if media is None:
            return errors(406, "application/json", "BAD_REQUEST", "can answer " + " or ".join(MEDIA))
        if request.method not in ("GET", "POST"):
            return web.Response(status=405, headers={"Allow": "GET, POST"})
        if request.content_type != "application/json" and not (
                request.headers.get("apollo-require-preflight") or request.headers.get("x-apollo-operation-name")):
            return errors(400, media, "BAD_REQUEST", "send Content-Type: application/json (guards against forged requests)")
        # whoever is nobody, or comes too often, is not listened to
        who = self._identify(request)
        if isinstance(who, web.Response):
            return who
        try:
            body = await _body(request)
        except web.HTTPRequestEntityTooLarge:
            return errors(413, media, "BODY_TOO_LARGE", f"a body has at most {MOST_BYTES} bytes")
        except ValueError as error:
            return errors(400, media, "BAD_REQUEST", str(error))
        prepared = self._prepare(body, request.method, media)
        if isinstance(prepared, web.Response):
            return prepared
        document, name, variables = prepared
        result = execute(self._schema, document, root_value=self._roots(who), variable_values=variables,
                         operation_name=name)
        if not isinstance(result, ExecutionResult):
            result = await result
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [_formatted(error) for error in result.errors]
        answer["data"] = result.data
        return web.json_response(answer, content_type=media)

    def _prepare(self, body: dict[str, Any], method: str,
                 media: str) -> tuple[DocumentNode, str | None, dict[str, Any]] | web.Response:
        query, name, variables = body.get("query"), body.get("operationName"), body.get("variables")
        variables = {} if variables is None else variables
        digest = _digest(body.get("extensions"))
        if isinstance(digest, str) and query is None:
            query = self._persisted.get(digest)
            if query is None:
                return errors(200, media, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        if not isinstance(query, str) or not isinstance(variables, dict) or not isinstance(name, str | None):
            return errors(400, media, "BAD_REQUEST", "the body needs query (text), variables (object), operationName (text)")
        if not _storable(query) or not _storable(variables):
            return errors(400, media, "BAD_USER_INPUT", "a text holds NUL or half of a character")
        if isinstance(digest, str):
            if hashlib.sha256(query.encode()).hexdigest() != digest:
                return errors(400, media, "BAD_REQUEST", "provided sha does not match query")
            if len(query) <= 20_000:
                self._persisted[digest] = query
            while len(self._persisted) > 500:
                self._persisted.popitem(last=False)
        try:
            document = parse(query, max_tokens=3000)
            wrong = validate(self._schema, document, max_errors=10)
        except GraphQLError as error:
            return _refused(media, "GRAPHQL_PARSE_FAILED", [error])
        except RecursionError:
            return errors(400, media, "QUERY_TOO_LARGE", "the query is nested too deeply")
        if wrong:
            return _refused(media, "GRAPHQL_VALIDATION_FAILED", wrong)
        operation = get_operation_ast(document, name)
        if not isinstance(operation, OperationDefinitionNode):
            return errors(400, media, "OPERATION_RESOLUTION_FAILURE", "no such operation in the document")
        if method == "GET" and operation.operation is not OperationType.QUERY:
            return web.Response(status=405, headers={"Allow": "POST"})
        coerced = get_variable_values(self._schema, operation.variable_definitions or (), variables, max_errors=10)
        if isinstance(coerced, list):
            return _refused(media, "BAD_USER_INPUT", coerced)
        if too_much := graph_limits.too_large(document, operation, variables):
            return errors(400, media, "QUERY_TOO_LARGE", too_much)
        return document, name, variables


def _digest(extensions: object) -> object:
    """The hash of a persisted query, if there is one; whatever else stands there is nobody's."""
    asked = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    return asked.get("sha256Hash") if isinstance(asked, dict) else None


def _storable(value: object, level: int = 0) -> bool:
    """No text in it that the database could not even read. A query may write NUL as an escape."""
    if isinstance(value, str):
        return texts.storable(value) and "\\u0000" not in value and "\\u{0" not in value
    if isinstance(value, dict):
        return level < 20 and all(_storable(key, level + 1) and _storable(one, level + 1) for key, one in value.items())
    if isinstance(value, list):
        return level < 20 and all(_storable(one, level + 1) for one in value)
    return True


async def _body(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        found: dict[str, Any] = dict(request.query)
        for key in ("variables", "extensions"):
            if key in found:
                found[key] = _parsed(found[key])
        return found
    body = _parsed(await request.read())
    if not isinstance(body, dict):
        raise ValueError("the body is not an object (batches are off)")
    return body


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ValueError("the request is not JSON") from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _acceptable(header: str) -> str | None:
    """The first of ours that the header allows; weights are not weighed, both say the same."""
    wanted = [part.split(";")[0].strip().lower() for part in header.split(",")]
    for media in MEDIA:
        if media in wanted:
            return media
    return "application/json" if {"*/*", "application/*", ""} & set(wanted) else None


def _formatted(error: GraphQLError) -> dict[str, Any]:
    """An error of ours keeps its code; an unexpected one says nothing about our insides."""
    if error.extensions and "code" in error.extensions:
        return {**error.formatted}
    original = error.original_error
    if original is None:
        return {**error.formatted, "extensions": {"code": "BAD_USER_INPUT"}}
    log.event("resolver_failed", path=error.path, error=log.reason(original))
    return {**error.formatted, "message": "internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}


def _refused(media: str, code: str, errors: list[GraphQLError]) -> web.Response:
    answer = {"errors": [{**error.formatted, "extensions": {"code": code}} for error in errors]}
    return web.json_response(answer, status=400, content_type=media)


def errors(status: int, media: str, code: str, message: str, **details: Any) -> web.Response:
    """One error and no data. `details` go into its extensions; a pause to be made also into the header."""
    headers = {"Retry-After": str(details["retryAfterSeconds"])} if "retryAfterSeconds" in details else {}
    return web.json_response({"errors": [{"message": message, "extensions": {"code": code, **details}}]}, status=status,
                             content_type=media, headers=headers)
