"""Input that means harm, or only happens: bounded, refused with a reason, and never an internal error."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from support import PLACE, Case, order, rows
from test_moves import mutation


class Hostile(Case):
    """The service answers, and the next one is served."""

    async def code(self, body: Any = None, data: bytes | None = None,
                   headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and code of what must be refused."""
        status, answer = await self.kitchen.send(body, data, headers=headers)
        self.assertIn("errors", answer)
        return status, answer["errors"][0]["extensions"]["code"]

    async def test_too_much(self) -> None:
        self.assertEqual(await self.code(data=b'{"query": "' + b" " * 300_000 + b'"}'), (413, "BODY_TOO_LARGE"))
        self.assertEqual(await self.code({"query": "{" * 20_000}), (400, "GRAPHQL_PARSE_FAILED"))
        for field in ("a", "kitchens", "__typename"):
            status, code = await self.code({"query": "query " + f"{{ {field} " * 700 + "}" * 700})
            self.assertEqual(status, 400)
            self.assertIn(code, ("QUERY_TOO_LARGE", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"))
        inner = "name"
        for _ in range(6):
            inner = f"fields {{ type {{ {inner} }} }}"
        self.assertEqual((await self.code({"query": f"{{ __schema {{ types {{ {inner} }} }} }}"}))[0], 400)
        wide = "{ " + " ".join(f"a{one}: kitchens {{ code }}" for one in range(200)) + " }"
        self.assertEqual(await self.code({"query": wide}), (400, "QUERY_TOO_LARGE"))
        parts = "{ orders(first: 200) { edges { node { lines { line } events { id } jobs { id } agentRuns allowedMoves } } } }"
        self.assertEqual((await self.code({"query": parts.replace("200", "201")})), (400, "QUERY_TOO_LARGE"))
        variables = {"query": "query ($n: Int) { orders(first: $n) { edges { node { lines { line } events { id } } } } }",
                     "variables": {"n": 10_000}}
        self.assertEqual(await self.code(variables), (400, "QUERY_TOO_LARGE"))
        many = "mutation {" + " ".join(
            f'a{one}: addOrderNote(id: "1", expectedVersion: 1, text: "x") {{ id }}' for one in range(25)) + "}"
        self.assertEqual(await self.code({"query": many}), (400, "QUERY_TOO_LARGE"))
        spread = "query { ...a } fragment a on Query { ...b ...b } fragment b on Query { ...c ...c } " \
                 "fragment c on Query { " + " ".join(f"x{one}: kitchens {{ code }}" for one in range(60)) + " }"
        self.assertEqual(await self.code({"query": spread}), (400, "QUERY_TOO_LARGE"))
        circle = "query { ...a } fragment a on Query { ...b } fragment b on Query { ...a }"
        self.assertEqual(await self.code({"query": circle}), (400, "GRAPHQL_VALIDATION_FAILED"))

    async def test_what_is_no_request(self) -> None:
        for data in (b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"query": 1}', b'{"query": "{a}", "variables": []}', b"[" * 100_000,
                     b'{"query": "{ viewer { role } }", "variables": {"a": NaN}}', b'{"extensions": {"persistedQuery": 7}}'):
            self.assertEqual(await self.code(data=data), (400, "BAD_REQUEST"), data[:40])
        self.assertEqual(await self.code({"query": "{ viewer { role } }"}, headers={"Content-Type": "text/plain"}), (400, "BAD_REQUEST"))
        self.assertEqual((await self.code({"query": "{ viewer { role } }"}, headers={"Accept": "text/html"}))[0], 406)

    async def test_texts(self) -> None:
        placed = await self.kitchen.place()
        for text in ("\x1b[2J", "a\x07b", "a\u202eb", "a\x85b", "\u2028"):
            for name, extra in (("cancelOrder", "reason"), ("addOrderNote", "text")):
                said = await self.kitchen.refused(mutation(name, extra), id=placed["id"], version=1, **{extra: f"x{text}y"})
                self.assertEqual((said["code"], said["problems"][0]["field"]), ("INVALID", extra), repr(text))
            said = await self.kitchen.refused(PLACE, input=order(note=f"x{text}y"), key=str(uuid.uuid4()))
            self.assertEqual((said["code"], said["problems"][0]["field"]), ("INVALID", "note"))
            said = await self.kitchen.refused(PLACE, input=order(), key=f"key-key-{text}-key")
            self.assertEqual((said["code"], said["problems"][0]["field"]), ("INVALID", "idempotencyKey"))
        self.assertEqual(rows("SELECT version FROM platform.orders WHERE id = %s", placed["id"]), [{"version": 1}])
        search = "query ($s: String) { catalogue(search: $s) { edges { cursor } } }"
        for value in ("a\0b", "\ud800"):
            self.assertEqual(await self.code({"query": search, "variables": {"s": value}}), (400, "BAD_USER_INPUT"))
        escaped = '{ catalogue(search: "\\u0000") { edges { cursor } } }'
        self.assertEqual(await self.code({"query": escaped}), (400, "BAD_USER_INPUT"))
        self.assertEqual(await self.code(data=json.dumps({"query": "{ \ud800 }"}).encode()), (400, "BAD_USER_INPUT"))
        for value in ("%", "_", "\\", "'; DROP TABLE platform.orders; --", "ÄÖ" * 5000):
            await self.kitchen.data(search, s=value)

    async def test_numbers_and_ids(self) -> None:
        for number in ("", "-1", "1.5", "9" * 30, "١٢", "1 OR 1=1"):
            said = await self.kitchen.refused("query ($id: ID!) { order(id: $id) { id } }", id=number)
            self.assertEqual(said["code"], "INVALID", number)
        self.assertIsNone((await self.kitchen.data('{ order(id: "999999999999999999") { id } }'))["order"])
        for lines in ([], [{"item": "PRO-0101", "quantity": -5}], [{"item": "PRO-0101", "quantity": 2_000_000_000}],
                      [{"item": "PRO-0101", "quantity": 1}] * 201, [{"item": "x" * 5000, "quantity": 1}]):
            said = await self.kitchen.refused(PLACE, input=order(lines=lines), key=str(uuid.uuid4()))
            self.assertEqual(said["code"], "INVALID")
        for first in (0, -1, 201):
            self.assertEqual((await self.kitchen.refused("query ($n: Int) { orders(first: $n) { edges { cursor } } }",
                                                         n=first))["code"], "INVALID")
        for cursor in ("", "x", "////", "AAAA", "LTE=", "4pyT"):
            answer = await self.kitchen.ask("query ($a: String) { orders(after: $a) { edges { cursor } } }", a=cursor)
            codes = {one["extensions"]["code"] for one in answer.get("errors", [])}
            self.assertLessEqual(codes, {"INVALID"}, cursor)
        for bad in ({"quantity": 1.5}, {"quantity": "1"}, {"quantity": 2**40}, {"expectedPriceMinor": -1, "quantity": 1}):
            body = {"query": PLACE, "variables": {"input": order(lines=[{"item": "PRO-0101", **bad}]), "key": "12345678"}}
            self.assertEqual(await self.code(body), (400, "BAD_USER_INPUT"), bad)
        body = {"query": PLACE, "variables": {"input": order(expectedCutOffAt="tomorrow"), "key": "12345678"}}
        self.assertEqual(await self.code(body), (400, "BAD_USER_INPUT"))

    async def test_pace(self) -> None:
        eager, other = self.person("viewer"), self.person("viewer")
        answers = await asyncio.gather(*(eager.send({"query": "{ viewer { role } }"}) for _ in range(600)))
        refused = [answer for status, answer in answers if status == 429]
        self.assertGreaterEqual(sum(status == 200 for status, _ in answers), 200)
        self.assertTrue(refused)
        self.assertEqual(refused[0]["errors"][0]["extensions"]["code"], "RATE_LIMITED")
        self.assertGreaterEqual(refused[0]["errors"][0]["extensions"]["retryAfterSeconds"], 1)
        self.assertEqual((await other.data("{ viewer { role } }"))["viewer"], {"role": "viewer"})
