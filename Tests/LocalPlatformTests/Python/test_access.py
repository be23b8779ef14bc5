"""Who may what: in the API by the token's role, and in the database when the API forgot to ask."""

from __future__ import annotations

import base64
import json
import time
import unittest
import uuid

import psycopg
from foodplatform import tokens
from support import FOLDER, KEY, PLACE, Asker, Case, database, order, put, rows
from test_moves import mutation

# mutation -> (the status it starts from, the roles that may)
_ALL = {"kitchen", "operator", "lead"}
_DESK = {"operator", "lead"}
_MATRIX = {"approveOrder": ("submitted", _DESK), "holdOrder": ("submitted", _DESK), "releaseOrder": ("held", _DESK),
           "resendOrder": ("sent", _DESK), "cancelOrder": ("submitted", _ALL)}


class Roles(Case):
    """Every role against every mutation."""

    async def test_matrix(self) -> None:
        for name, (status, allowed) in _MATRIX.items():
            for role in ("viewer", "kitchen", "operator", "lead"):
                placed = await self.kitchen.place()
                version = put(placed["id"], status) if status != "submitted" else 1
                answer = await self.person(role).ask(mutation(name, "reason"), id=placed["id"], version=version, reason="why")
                code = answer["errors"][0]["extensions"]["code"] if answer.get("errors") else None
                self.assertEqual(code, None if role in allowed else "NOT_ALLOWED", f"{role} {name}")

    async def test_kitchens_may_cancel_until_it_is_sent(self) -> None:
        placed = await self.kitchen.place()
        cancel = mutation("cancelOrder", "reason")
        said = await self.kitchen.refused(cancel, id=placed["id"], version=put(placed["id"], "sent"), reason="late")
        self.assertEqual((said["code"], said["because"]), ("NOT_ALLOWED", "ROLE"))

    async def test_kitchens_see_their_own_only(self) -> None:
        placed = await self.kitchen.place()
        self.assertIsNone((await self.berlin.data("query ($id: ID!) { order(id: $id) { id } }", id=placed["id"]))["order"])
        for name in (*_MATRIX, "addOrderNote"):
            extra = "text" if name == "addOrderNote" else "reason"
            said = await self.berlin.refused(mutation(name, extra), id=placed["id"], version=1, **{extra: "why"})
            self.assertEqual(said["code"], "NOT_FOUND", name)
        for query in ('{ orders(filter: {kitchen: "MUC-01"}) { edges { node { id } } } }',):
            self.assertEqual((await self.berlin.data(query))["orders"]["edges"], [])
        for query in ('{ favourites(kitchen: "MUC-01") { pinned } }', '{ usualOrder(kitchen: "MUC-01") { weekday } }',
                      '{ previewOrder(input: {kitchen: "MUC-01", lines: []}) { currency } }'):
            self.assertEqual((await self.berlin.refused(query))["code"], "WRONG_KITCHEN")
        self.assertEqual((await self.berlin.refused(PLACE, input=order(), key=str(uuid.uuid4())))["code"], "WRONG_KITCHEN")
        self.assertEqual([one["code"] for one in (await self.berlin.data("{ kitchens { code } }"))["kitchens"]], ["BER-01"])

    async def test_nobody_without_a_token(self) -> None:
        good = self.viewer.token
        head, payload, signature = good.split(".")

        def part(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
        now = int(time.time())
        claims = {"iss": "foodplatform", "sub": "x", "role": "lead", "kitchens": ["*"], "iat": now, "exp": now + 60}
        bad = ["", "Bearer", "Basic abc", f"Bearer {head}.{payload}.", f"Bearer {head}.{part(claims)}.{signature}",
               f"Bearer {part({'alg': 'none'})}.{part(claims)}.", f"Bearer {tokens.sign(b'another key', 'x', 'lead', ['*'])}",
               f"Bearer {tokens.sign(KEY, 'x', 'lead', ['*'], -1)}", f"Bearer {tokens.sign(KEY, 'x', 'root', ['*'])}",
               f"Bearer {tokens.sign(KEY, 'x', 'kitchen', ['MUC-01,BER-01'])}",
               f"Bearer {tokens.sign(KEY, 'a' + chr(27) + '[2J', 'kitchen', ['*'])}"]
        for header in bad:
            status, answer = await self.viewer.send({"query": "{ viewer { role } }"}, headers={"Authorization": header})
            self.assertEqual((status, answer["errors"][0]["extensions"]["code"]), (401, "UNAUTHENTICATED"), header)

    async def test_token_files(self) -> None:
        files = {"viewer.token": ("viewer", ["*"]), "kitchen.token": ("kitchen", ["*"]), "operator.token": ("operator", ["*"]),
                 "kitchen-MUC-01.token": ("kitchen", ["MUC-01"]), "lead.token": ("lead", ["*"])}
        if not (FOLDER / "secrets" / "lead.token").exists():
            raise unittest.SkipTest("this platform was started by an earlier edition")
        for name, (role, kitchens) in files.items():
            path = FOLDER / "secrets" / name
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, name)
            asker = Asker(self.http, "viewer")
            asker.token = path.read_text()
            found = (await asker.data("{ viewer { role kitchens } }"))["viewer"]
            self.assertEqual((found["role"], found["kitchens"]), (role, kitchens))


class Below(Case):
    """The database refuses what the API should not have let through."""

    def acting(self, role: str, kitchens: str = "*") -> psycopg.Connection[dict[str, object]]:
        """A transaction as the API makes it."""
        connection = database("platform_api")
        self.addCleanup(connection.close)
        connection.execute("SELECT set_config('role', %s, true), set_config('platform.kitchens', %s, true)",
                           (f"platform_api_{role}", kitchens))
        return connection

    def denied(self, connection: psycopg.Connection[dict[str, object]], query: str, *values: object) -> None:
        """42501 is what the database says to somebody who may not."""
        with self.assertRaises(psycopg.errors.InsufficientPrivilege):
            connection.execute(query.encode(), values)

    async def test_the_service_itself_may_nothing(self) -> None:
        for table in ("orders", "order_lines", "order_events", "kitchens", "prices"):
            with database("platform_api") as connection:
                self.denied(connection, f"SELECT * FROM platform.{table}")
        with database("platform_api") as connection:
            self.denied(connection, "SET ROLE platform_worker")

    async def test_viewers_write_nothing(self) -> None:
        placed = await self.kitchen.place()
        for query in ("UPDATE platform.orders SET note = 'x' WHERE id = %s", "DELETE FROM platform.orders WHERE id = %s",
                      "SELECT * FROM platform.orders WHERE id = %s FOR UPDATE",
                      "DELETE FROM platform.order_events WHERE order_id = %s"):
            self.denied(self.acting("viewer"), query, placed["id"])
        self.denied(self.acting("viewer"), "SELECT nextval('platform.orders_id_seq')")

    async def test_moves_that_the_table_does_not_give(self) -> None:
        placed = await self.kitchen.place()
        move = "UPDATE platform.orders SET status = %s WHERE id = %s"
        self.denied(self.acting("kitchen"), move, "approved", placed["id"])
        self.denied(self.acting("operator"), move, "received", placed["id"])
        self.denied(self.acting("lead"), "UPDATE platform.orders SET total_minor = 0 WHERE id = %s", placed["id"])
        self.denied(self.acting("lead"), "UPDATE platform.order_events SET actor = 'x' WHERE order_id = %s", placed["id"])
        self.assertEqual(self.acting("operator").execute(move, ("approved", placed["id"])).rowcount, 1)

    async def test_other_kitchens_rows(self) -> None:
        placed = await self.kitchen.place()
        berlin = self.acting("kitchen", "BER-01")
        for table, column in (("orders", "id"), ("order_lines", "order_id"), ("order_events", "order_id")):
            found = berlin.execute(f"SELECT * FROM platform.{table} WHERE {column} = %s".encode(), (placed["id"],)).fetchall()
            self.assertEqual(found, [], table)
        changed = berlin.execute("UPDATE platform.orders SET note = 'x' WHERE id = %s", (placed["id"],))
        self.assertEqual(changed.rowcount, 0)
        self.assertEqual(berlin.execute("SELECT * FROM platform.idempotency_keys WHERE key LIKE 'MUC%%'").fetchall(), [])
        self.denied(berlin, "INSERT INTO platform.orders (kitchen_code, supplier_code, status, currency, total_minor,"
                            " line_count, due_at, placed_by) VALUES ('MUC-01', 'GRUENTAL', 'submitted', 'EUR', 1, 1, now(), 'x')")
        none = self.acting("kitchen", "")
        self.assertEqual(none.execute("SELECT id FROM platform.orders LIMIT 1").fetchall(), [])

    async def test_events_in_the_name_of_another_role(self) -> None:
        placed = await self.kitchen.place()
        event = "INSERT INTO platform.order_events (order_id, move, to_status, version, actor, actor_role)" \
                " VALUES (%s, 'note', 'submitted', 2, 'somebody', %s)"
        self.denied(self.acting("kitchen"), event, placed["id"], "lead")
        self.denied(self.acting("kitchen", "BER-01"), event, placed["id"], "kitchen")
        self.assertEqual(self.acting("kitchen").execute(event.encode(), (placed["id"], "kitchen")).rowcount, 1)

    async def test_an_order_begins_as_submitted(self) -> None:
        self.denied(self.acting("lead"), "INSERT INTO platform.orders (kitchen_code, supplier_code, status, currency,"
                    " total_minor, line_count, due_at, placed_by) VALUES ('MUC-01', 'GRUENTAL', 'approved', 'EUR', 1, 1,"
                    " now(), 'x')")
        self.assertEqual(rows("SELECT count(*) AS odd FROM platform.orders WHERE placed_by = 'x'"), [{"odd": 0}])
