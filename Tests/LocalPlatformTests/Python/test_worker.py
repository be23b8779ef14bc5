"""The worker's side, with real queues and webhooks: policies hold orders, suppliers say what becomes of them.

The last module by its name: the worker would act on the orders of the others.
"""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

from foodplatform import queues
from foodplatform.settings import Settings
from support import FOLDER, PORTS, Case, Service, put, rows
from test_moves import mutation


class Worker(Case):
    """Jobs in, events out."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        secret = str(FOLDER / "secrets" / "redis_platform_app.password")
        with mock.patch.dict(os.environ, {"REDIS_PORT": str(PORTS["redis"]), "REDIS_USERNAME": "platform_app",
                                          "REDIS_PASSWORD_FILE": secret}):
            self.queues = queues.Queues(Settings.read("tests"))
        self.addAsyncCleanup(self.queues.close)
        # what other tests queued is theirs, and would keep this worker busy for a minute
        for name in queues.ALL:
            await self.queues.open(name).obliterate(force=True)
        webhook = Service("webhook").start()
        self.addCleanup(webhook.kill)
        worker = Service("worker", WEBHOOK_URL=webhook.url).start()
        self.addCleanup(worker.kill)

    async def event(self, order_id: str, move: str) -> dict[str, Any]:
        """The order's event of that move, when it is there."""
        async def look() -> Any:
            found = rows("SELECT * FROM platform.order_events WHERE order_id = %s AND move = %s", order_id, move)
            return found[0] if found else None
        return dict(await self.until(look, within=40))

    async def say(self, order_id: str, name: str, decision: str) -> None:
        """Let the supplier of an order act now."""
        await self.queues.add(queues.SUPPLIERS, name, {"orderId": int(order_id), "decision": decision},
                              job_id=f"test-{order_id}-{name}-{decision}")

    async def test_suppliers_and_policies(self) -> None:
        plain = await self.kitchen.place()
        self.assertEqual((await self.event(plain["id"], "send"))["actor_role"], "service")

        seller = rows("SELECT supplier_code, price_minor FROM platform.prices WHERE item_code = 'DRY-0136'"
                      " AND currency = 'EUR' AND in_stock LIMIT 1")[0]
        nuts = await self.person("kitchen", "STR-01").place(kitchen="STR-01", supplier=seller["supplier_code"], lines=[
            {"item": "DRY-0136", "quantity": 16000 // seller["price_minor"] + 1}])
        self.assertIn("peanuts", (await self.event(nuts["id"], "hold"))["detail"])

        # what a person holds, no job releases; sent orders come back to try it, so that the worker leaves them alone
        mine = await self.kitchen.place()
        await self.event(mine["id"], "send")
        version = put(mine["id"], "approved")
        await self.operator.data(mutation("holdOrder", "reason"), id=mine["id"], version=version, reason="mine")
        job = await self.queues.add(queues.ORDERS, "release", {"orderId": int(mine["id"])},
                                    job_id=f"order-{mine['id']}-release")

        async def done() -> bool:
            return (await self.queues.states([(queues.ORDERS, job)]))[0] == "completed"
        await self.until(done)
        self.assertEqual(rows("SELECT status FROM platform.orders WHERE id = %s", mine["id"]), [{"status": "held"}])
        # a job that brings a person's answer does
        await self.queues.add(queues.ORDERS, "release", {"orderId": int(mine["id"])}, job_id=f"answer-{mine['id']}")
        await self.event(mine["id"], "release")

        for decision, move, fields in (("cut", "cut", ["totalMinor", "lines.1.quantity"]), ("delay", "delay", ["dueAt"]),
                                       ("reject", "reject", ["status"])):
            placed = await self.kitchen.place()
            await self.event(placed["id"], "send")
            await self.say(placed["id"], "confirm", decision)
            self.assertEqual((await self.event(placed["id"], move))["fields"], fields)

        short = await self.kitchen.place()
        await self.event(short["id"], "send")
        put(short["id"], "confirmed")
        await self.say(short["id"], "deliver", "short")
        self.assertEqual((await self.event(short["id"], "receive"))["to_status"], "partly_received")
