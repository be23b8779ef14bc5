"""How large a document may be: a short text can ask for a lot."""

from __future__ import annotations

from typing import Any

from graphql import (DocumentNode, FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode,
                     IntValueNode, OperationDefinitionNode, OperationType, SelectionSetNode, VariableNode)

MOST_LEVELS = 10
MOST_FIELDS = 300
MOST_MUTATIONS = 20
# Each is a transaction of its own.
MOST_QUERIES = 40
# Parts of orders, each read by a query of its own, in one answer.
MOST_PARTS = 1000
_PARTS = frozenset(("lines", "events", "jobs", "agentRuns", "allowedMoves"))
# Introspection as GraphiQL and others send it is deep and harmless: it reads no data.
_INTROSPECTION = frozenset(("__schema", "__type"))


def too_large(document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]) -> str | None:
    """What is too much about it, or none. The document is valid: its fragments make no circle."""
    walk = _Walk(document, variables)
    mutation = operation.operation is OperationType.MUTATION
    if walk.width(operation.selection_set) > (MOST_MUTATIONS if mutation else MOST_QUERIES):
        return f"more than {MOST_MUTATIONS} mutations" if mutation else f"more than {MOST_QUERIES} queries at once"
    return walk.problem(operation.selection_set)


class _Walk:
    def __init__(self, document: DocumentNode, variables: dict[str, Any]) -> None:
        self._fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        self._variables = variables
        self._fields = 0
        self._parts = 0

    def width(self, selections: SelectionSetNode) -> int:
        return sum(1 for _ in self._each(selections, 0))

    def problem(self, selections: SelectionSetNode, level: int = 1, times: int = 1) -> str | None:
        if level > MOST_LEVELS:
            return f"more than {MOST_LEVELS} levels"
        for field in self._each(selections, 0):
            name = field.name.value
            if level == 1 and name in _INTROSPECTION:
                continue
            self._fields += 1
            self._parts += times if name in _PARTS and level > 1 else 0
            if self._fields > MOST_FIELDS:
                return f"more than {MOST_FIELDS} fields"
            if self._parts > MOST_PARTS:
                return f"more than {MOST_PARTS} lines, events, jobs and the like of orders; ask for fewer orders"
            if field.selection_set:
                wrong = self.problem(field.selection_set, level + 1, times * (self._first(field) if level == 1 else 1))
                if wrong:
                    return wrong
        return None

    def _each(self, selections: SelectionSetNode, seen: int) -> Any:
        """The fields, with fragments put in place; bounded, because fragments of fragments multiply."""
        for one in selections.selections:
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                yield from self._each(one.selection_set, seen)
            elif isinstance(one, FragmentSpreadNode) and seen < 50:
                yield from self._each(self._fragments[one.name.value].selection_set, seen + 1)

    def _first(self, field: FieldNode) -> int:
        """How many nodes a list has at most."""
        if field.name.value.endswith("Orders"):
            return 100
        if field.name.value != "orders":
            return 1
        for argument in field.arguments or ():
            if argument.name.value == "first":
                value: Any = argument.value
                if isinstance(value, VariableNode):
                    found = self._variables.get(value.name.value)
                    return found if isinstance(found, int) and not isinstance(found, bool) else 50
                if isinstance(value, IntValueNode):
                    return int(value.value) if len(value.value) < 10 else 1_000_000
        return 50
