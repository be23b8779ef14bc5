"""The life of an order: versions, moves, receipts, batches, events."""

from __future__ import annotations

import asyncio
import json
import unittest
import uuid
from typing import Any

from foodplatform import moves, receiving
from foodplatform.jobs_suppliers import DECISIONS, decide
from foodplatform.moves import Act
from foodplatform.refusals import Refusal
from foodplatform.work import WORKER
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from support import FOLDER, NODES, PORTS, Case, database, put, rows


def mutation(name: str, extra: str = "") -> str:
    """A mutation of one order, by its name."""
    kinds = {"reason": "String", "text": "String!", "lines": "[ReceivedLineInput!]", "final": "Boolean!", "request": "ID"}
    given = [one for one in extra.split() if one]
    declared = "".join(f", ${one}: {kinds[one]}" + ("!" if one == "reason" and name in ("holdOrder", "cancelOrder") else "")
                       for one in given)
    passed = "".join(f", {'requestId' if one == 'request' else one}: ${one}" for one in given)
    return f"""mutation ($id: ID!, $version: Int!{declared}) {{ {name}(id: $id, expectedVersion: $version{passed}) {{
      id status version note lines {{ line quantity receivedQuantity damagedQuantity shortQuantity }}
      events {{ move fromStatus toStatus version actor actorRole detail fields }} }} }}"""


class Versions(Case):
    """Nobody acts on what they did not see."""

    async def test_a_changed_order_is_refused_with_what_changed(self) -> None:
        placed = await self.kitchen.place()
        noted = (await self.kitchen.data(mutation("addOrderNote", "text"), id=placed["id"], version=1, text="ring twice"))
        self.assertEqual(noted["addOrderNote"]["version"], 2)
        said = await self.operator.refused(mutation("approveOrder"), id=placed["id"], version=1)
        self.assertEqual((said["code"], said["currentVersion"], said["currentStatus"], said["changedFields"]),
                         ("VERSION_CONFLICT", 2, "submitted", ["note"]))
        self.assertEqual([(one["move"], one["actor"], one["actorRole"], one["version"], one["detail"], one["fields"])
                          for one in said["changes"]],
                         [("note", self.kitchen.subject, "kitchen", 2, "ring twice", ["note"])])

    async def test_of_many_at_once_one_wins(self) -> None:
        placed = await self.kitchen.place()
        people = [self.person("operator") for _ in range(8)]
        answers = await asyncio.gather(*(one.ask(mutation("approveOrder"), id=placed["id"], version=1) for one in people))
        won = [one for one in answers if "errors" not in one]
        self.assertEqual(len(won), 1)
        self.assertEqual({one["errors"][0]["extensions"]["code"] for one in answers if "errors" in one}, {"VERSION_CONFLICT"})
        self.assertEqual([one["move"] for one in rows(
            "SELECT move FROM platform.order_events WHERE order_id = %s ORDER BY id", placed["id"])], ["submit", "approve"])

    async def test_a_request_that_was_carried_out_is_not_a_conflict(self) -> None:
        placed = await self.kitchen.place()
        request = str(uuid.uuid4())
        wanted = {"id": placed["id"], "version": 1, "reason": "kitchen closed", "request": request}
        cancel = mutation("cancelOrder", "reason request")
        answers = await asyncio.gather(*(self.kitchen.data(cancel, **wanted) for _ in range(5)))
        self.assertEqual({(one["cancelOrder"]["status"], one["cancelOrder"]["version"]) for one in answers}, {("cancelled", 2)})
        # somebody else's request of the same name is no excuse
        self.assertEqual((await self.lead.refused(cancel, **wanted))["code"], "VERSION_CONFLICT")
        events = rows("SELECT detail FROM platform.order_events WHERE order_id = %s AND move = 'cancel'", placed["id"])
        self.assertEqual([one["detail"] for one in events], ["kitchen closed"])

    async def test_every_move_tells_and_counts(self) -> None:
        placed = await self.kitchen.place()
        with database() as listener:
            listener.execute("LISTEN galley_orders")
            await self.operator.data(mutation("holdOrder", "reason"), id=placed["id"], version=1, reason="ask the chef")
            told: list[dict[str, Any]] = []

            def heard() -> bool:
                told.extend(json.loads(one.payload) for one in listener.notifies(timeout=0.2))
                return any(int(placed["id"]) in one["ids"] for one in told)

            async def hear() -> bool:
                return await asyncio.to_thread(heard)
            await self.until(hear)
        self.assertEqual(rows("SELECT status, version FROM platform.orders WHERE id = %s", placed["id"]),
                         [{"status": "held", "version": 2}])


class Life(Case):
    """One table of moves."""

    async def test_what_is_not_in_the_table_is_refused_for_every_status(self) -> None:
        placed = await self.kitchen.place()
        table = rows("SELECT move, from_status, roles FROM platform.order_moves")
        names = {"approveOrder": "approve", "holdOrder": "hold", "releaseOrder": "release", "resendOrder": "resend",
                 "cancelOrder": "cancel"}
        for status in [row["status"] for row in rows("SELECT status FROM platform.order_statuses")]:
            for name, move in names.items():
                if any((row["move"], row["from_status"]) == (move, status) for row in table):
                    continue
                version = put(placed["id"], status)
                said = await self.lead.refused(mutation(name, "reason"), id=placed["id"], version=version, reason="why")
                self.assertEqual((said["code"], said["because"], said["currentStatus"]), ("NOT_ALLOWED", "STATUS", status))
                allowed = {row["move"] for row in table if row["from_status"] == status and "lead" in row["roles"]}
                self.assertEqual(set(said["allowedMoves"]), allowed)

    async def test_a_reason_is_needed_and_kept(self) -> None:
        placed = await self.kitchen.place()
        said = await self.operator.refused(mutation("holdOrder", "reason"), id=placed["id"], version=1, reason="  ")
        self.assertEqual((said["code"], said["problems"][0]["field"]), ("INVALID", "reason"))
        held = (await self.operator.data(mutation("holdOrder", "reason"), id=placed["id"], version=1, reason="odd"))["holdOrder"]
        self.assertEqual(held["events"][-1], {
            "move": "hold", "fromStatus": "submitted", "toStatus": "held", "version": 2, "actor": self.operator.subject,
            "actorRole": "operator", "detail": "odd", "fields": ["status"]})
        freed = await self.operator.data(mutation("releaseOrder"), id=placed["id"], version=2)
        self.assertEqual(freed["releaseOrder"]["status"], "approved")

    async def test_batches_decide_each_order_for_itself(self) -> None:
        placed = [await self.kitchen.place() for _ in range(3)]
        refs = [{"id": one["id"], "expectedVersion": version} for one, version in zip(placed, (1, 7, 1), strict=True)]
        found = (await self.operator.data(
            """mutation ($orders: [OrderRef!]!) { cancelOrders(orders: $orders, reason: "closed") {
            id order { status } error { code currentVersion changes { move } } } }""",
            orders=[*refs, {"id": "999999999", "expectedVersion": 1}]))["cancelOrders"]
        self.assertEqual([one["order"] and one["order"]["status"] for one in found], ["cancelled", None, "cancelled", None])
        self.assertEqual(found[1]["error"], {"code": "VERSION_CONFLICT", "currentVersion": 1, "changes": []})
        self.assertEqual(found[3]["error"]["code"], "NOT_FOUND")

    async def test_marked_sets_are_noted_and_received(self) -> None:
        placed = [await self.kitchen.place() for _ in range(2)]
        refs = [{"id": one["id"], "expectedVersion": put(one["id"], "confirmed")} for one in placed]
        noted = (await self.kitchen.data(
            "mutation ($orders: [OrderRef!]!) { addOrderNotes(orders: $orders, text: \"ramp 2\") { order { version note } } }",
            orders=refs))["addOrderNotes"]
        self.assertEqual([one["order"]["note"] for one in noted], ["ramp 2", "ramp 2"])
        refs = [{"id": one["id"], "expectedVersion": note["order"]["version"]}
                for one, note in zip(placed, noted, strict=True)]
        found = (await self.kitchen.data(
            "mutation ($orders: [OrderRef!]!) { receiveOrders(orders: $orders) { order { status } error { code } } }",
            orders=refs))["receiveOrders"]
        self.assertEqual(found, [{"order": {"status": "received"}, "error": None}] * 2)

    async def test_jobs_of_an_order(self) -> None:
        placed = await self.kitchen.place()
        jobs = "query ($id: ID!) { order(id: $id) { jobs { queue id state } agentRuns } }"
        self.assertEqual((await self.viewer.data(jobs, id=placed["id"]))["order"], {
            "jobs": [{"queue": "orders", "id": f"order-{placed['id']}-validate", "state": "waiting"}], "agentRuns": []})
        if rows("SELECT to_regclass('agents.checkpoints') IS NULL AS none") == [{"none": True}]:
            # as LangGraph makes it
            if rows("SELECT to_regnamespace('agents') IS NULL AS none") == [{"none": True}]:
                rows("CREATE SCHEMA agents")
                self.addCleanup(rows, "DROP SCHEMA agents")
            rows("CREATE TABLE agents.checkpoints (thread_id text, checkpoint_ns text, checkpoint_id text,"
                 " PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id))")
            self.addCleanup(rows, "DROP TABLE agents.checkpoints")
            rows("INSERT INTO agents.checkpoints VALUES (%s, '', '1'), (%s, '', '2'), (%s, '', '3')",
                 *(f"order-{placed['id']}{end}" for end in ("-matcher", "-approver", "0-matcher")))
            self.assertEqual((await self.kitchen.data(jobs, id=placed["id"]))["order"], {
                "jobs": [], "agentRuns": [f"order-{placed['id']}-approver", f"order-{placed['id']}-matcher"]})


class Receiving(Case):
    """Goods come whole, in parts, broken, or not at all."""

    async def confirmed(self) -> tuple[str, int]:
        """An order on its way: ten packs of the first line, three of the second."""
        placed = await self.kitchen.place()
        return placed["id"], put(placed["id"], "confirmed")

    async def receive(self, order_id: str, version: int, lines: list[dict[str, int]] | None, final: bool = False) -> Any:
        return (await self.kitchen.data(mutation("receiveOrder", "lines final"), id=order_id, version=version, lines=lines,
                                        final=final))["receiveOrder"]

    async def test_in_parts_with_damage_and_shortage(self) -> None:
        number, version = await self.confirmed()
        first = await self.receive(number, version, [{"line": 1, "received": 6, "damaged": 2}])
        self.assertEqual(first["status"], "partly_received")
        self.assertEqual(first["events"][-1]["fields"], ["status", "lines.1.received", "lines.1.damaged"])
        second = await self.receive(number, first["version"], [{"line": 1, "received": 9, "short": 1}])
        # what was counted as damaged before stays so
        self.assertEqual(second["lines"][0], {"line": 1, "quantity": 10, "receivedQuantity": 9, "damagedQuantity": 2,
                                              "shortQuantity": 1})
        self.assertEqual(second["status"], "partly_received")
        third = await self.receive(number, second["version"], [{"line": 2, "received": 3}])
        self.assertEqual(third["status"], "received")
        self.assertEqual(third["events"][-1]["detail"], "line 1: 9 of 10, 2 damaged, 1 will not come")

    async def test_whole_and_final(self) -> None:
        number, version = await self.confirmed()
        whole = await self.receive(number, version, None)
        self.assertEqual([one["receivedQuantity"] for one in whole["lines"]], [10, 3])
        number, version = await self.confirmed()
        final = await self.receive(number, version, [{"line": 1, "received": 4}], final=True)
        self.assertEqual((final["status"], [one["shortQuantity"] for one in final["lines"]]), ("received", [6, 3]))

    async def test_impossible_counts(self) -> None:
        number, version = await self.confirmed()
        for line, field in (({"line": 1, "received": 11}, "received"), ({"line": 1, "received": -1}, "received"),
                            ({"line": 1, "received": 2, "damaged": 3}, "damaged"), ({"line": 9, "received": 1}, "line"),
                            ({"line": 1, "received": 9, "short": 2}, "short")):
            said = await self.kitchen.refused(mutation("receiveOrder", "lines"), id=number, version=version, lines=[line])
            self.assertEqual((said["code"], said["problems"][0]["field"], said["problems"][0]["line"]),
                             ("INVALID", field, line["line"]))
        self.assertEqual(rows("SELECT version FROM platform.orders WHERE id = %s", number), [{"version": version}])

    async def test_suppliers_cut_and_delay(self) -> None:
        number, _ = await self.confirmed()
        before = rows("SELECT total_minor, due_at FROM platform.orders WHERE id = %s", number)[0]
        async with await AsyncConnection.connect(
                host="127.0.0.1", port=PORTS[NODES[0]], user="platform_worker", dbname="platform", row_factory=dict_row,
                passfile=str(FOLDER / "secrets" / "platform_worker.pgpass")) as worker:
            act = Act(WORKER, int(number))
            await receiving.cut(worker, act, {1: 5})
            await moves.delay(worker, act, 10)
            with self.assertRaises(Refusal):
                await receiving.cut(worker, act, {1: 6})
            await worker.commit()
        lines = rows("SELECT quantity, cut_quantity FROM platform.order_lines WHERE order_id = %s ORDER BY line", number)
        self.assertEqual([(one["quantity"], one["cut_quantity"]) for one in lines], [(5, 5), (3, 0)])
        after = rows("SELECT total_minor, due_at FROM platform.orders WHERE id = %s", number)[0]
        price = rows("SELECT price_minor FROM platform.order_lines WHERE order_id = %s AND line = 1", number)[0]
        self.assertEqual(before["total_minor"] - after["total_minor"], 5 * price["price_minor"])
        self.assertEqual((after["due_at"] - before["due_at"]).total_seconds(), 600)
        events = rows("SELECT move, fields, detail, actor FROM platform.order_events WHERE order_id = %s ORDER BY id", number)
        self.assertEqual([(one["move"], one["fields"]) for one in events[-2:]],
                         [("cut", ["totalMinor", "lines.1.quantity"]), ("delay", ["dueAt"])])


class Suppliers(unittest.TestCase):
    """What a supplier does follows from the seed."""

    def test_the_same_seed_decides_the_same(self) -> None:
        first = [decide(1, number) for number in range(2000)]
        self.assertEqual(first, [decide(1, number) for number in range(2000)])
        self.assertNotEqual(first, [decide(2, number) for number in range(2000)])
        self.assertEqual(set(first), set(DECISIONS))
        self.assertEqual({decide(1, number, "reject") for number in range(50)}, {"reject"})
