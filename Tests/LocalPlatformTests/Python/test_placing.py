"""An order is placed exactly once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import random
import uuid
from typing import Any

import aiohttp
from support import PLACE, Asker, Case, api, order, rows


class Placing(Case):
    """One key, one order."""

    async def test_same_key_and_content_is_the_same_order(self) -> None:
        key = str(uuid.uuid4())
        first = (await self.kitchen.data(PLACE, input=order(), key=key))["placeOrder"]
        again = (await self.kitchen.data(PLACE, input=order(), key=key))["placeOrder"]
        self.assertEqual((first["replayed"], again["replayed"]), (False, True))
        self.assertEqual(first["order"]["id"], again["order"]["id"])
        events = rows("SELECT * FROM platform.order_events WHERE order_id = %s", first["order"]["id"])
        self.assertEqual([(one["move"], one["actor"], one["version"]) for one in events],
                         [("submit", self.kitchen.subject, 1)])

    async def test_same_key_with_other_content_is_refused(self) -> None:
        key = str(uuid.uuid4())
        placed = await self.kitchen.place(key)
        for changes in ({"note": "other"}, {"lines": [{"item": "PRO-0101", "quantity": 11}]}, {"supplier": "CONTIVO"}):
            said = await self.kitchen.refused(PLACE, input=order(**changes), key=key)
            self.assertEqual((said["code"], said["orderId"]), ("IDEMPOTENCY_KEY_REUSED", placed["id"]))
        # another kitchen's key of the same name is another key
        self.assertNotEqual((await self.berlin.place(key, kitchen="BER-01"))["id"], placed["id"])

    async def test_parallel_duplicates_are_one_order(self) -> None:
        key = str(uuid.uuid4())
        answers = await asyncio.gather(*(self.kitchen.data(PLACE, input=order(), key=key) for _ in range(24)))
        self.assertEqual(len({one["placeOrder"]["order"]["id"] for one in answers}), 1)
        self.assertEqual(sum(not one["placeOrder"]["replayed"] for one in answers), 1)

    async def test_refused_order_uses_up_no_key(self) -> None:
        key = str(uuid.uuid4())
        small = order(lines=[{"item": "PRO-0101", "quantity": 1}])
        self.assertEqual((await self.kitchen.refused(PLACE, input=small, key=key))["code"], "MIN_ORDER")
        await self.kitchen.place(key)

    async def test_everything_wrong_is_said_at_once_beside_its_line(self) -> None:
        rows("UPDATE platform.prices SET in_stock = false WHERE supplier_code = 'GRUENTAL' AND item_code = 'PRO-0109'")
        self.addCleanup(rows, "UPDATE platform.prices SET in_stock = true"
                              " WHERE supplier_code = 'GRUENTAL' AND item_code = 'PRO-0109'")
        said = await self.kitchen.refused(PLACE, key=str(uuid.uuid4()), input=order(lines=[
            {"item": "PRO-0101", "quantity": 10, "expectedPriceMinor": 1}, {"item": "NOPE", "quantity": 1},
            {"item": "PRO-0105", "quantity": 0}, {"item": "PRO-0109", "quantity": 2}]))
        self.assertEqual([(one["line"], one["code"], one["field"]) for one in said["problems"]], [
            (1, "PRICE_CHANGED", "expectedPriceMinor"), (2, "INVALID", "item"), (3, "INVALID", "quantity"),
            (4, "OUT_OF_STOCK", "item")])
        price = rows("SELECT price_minor FROM platform.prices WHERE (supplier_code, item_code) = ('GRUENTAL', 'PRO-0101')")
        self.assertEqual(said["problems"][0]["currentPriceMinor"], price[0]["price_minor"])

    async def test_cut_off_that_has_passed(self) -> None:
        said = await self.kitchen.refused(PLACE, input=order(expectedCutOffAt="2020-01-01T12:00:00Z"), key=str(uuid.uuid4()))
        self.assertEqual(said["code"], "CUTOFF_PASSED")
        self.assertTrue(said["problems"][0]["nextCutOffAt"].endswith("Z"))
        await self.kitchen.place(expectedCutOffAt=said["problems"][0]["nextCutOffAt"])

    async def test_batch_is_all_or_nothing(self) -> None:
        batch = """mutation ($orders: [PlaceInput!]!, $all: Boolean!) { placeOrders(orders: $orders, allOrNothing: $all) {
          replayed order { id } error { code problems { line code } } } }"""
        wanted = [{"input": order(), "idempotencyKey": str(uuid.uuid4())},
                  {"input": order(lines=[{"item": "NOPE", "quantity": 1}]), "idempotencyKey": str(uuid.uuid4())}]
        mine = "SELECT count(*) AS orders FROM platform.orders WHERE placed_by = %s"
        said = await self.kitchen.refused(batch, orders=wanted, all=True)
        self.assertEqual([(one["order"], one["line"], one["code"]) for one in said["problems"]], [(2, 1, "INVALID")])
        self.assertEqual(rows(mine, self.kitchen.subject), [{"orders": 0}])
        parts = (await self.kitchen.data(batch, orders=wanted, all=False))["placeOrders"]
        self.assertTrue(parts[0]["order"])
        self.assertEqual(parts[1]["error"], {"code": "INVALID", "problems": [{"line": 1, "code": "INVALID"}]})
        again = (await self.kitchen.data(batch, orders=wanted[:1], all=True))["placeOrders"]
        self.assertEqual((again[0]["replayed"], again[0]["order"]), (True, parts[0]["order"]))

    async def test_repeating_an_order(self) -> None:
        placed = await self.kitchen.place()
        repeat = """mutation ($id: ID!, $key: ID!) { repeatOrder(id: $id, idempotencyKey: $key) {
          replayed order { id lines { item { code } quantity } } } }"""
        key = str(uuid.uuid4())
        first = (await self.kitchen.data(repeat, id=placed["id"], key=key))["repeatOrder"]
        self.assertNotEqual(first["order"]["id"], placed["id"])
        self.assertEqual([(one["item"]["code"], one["quantity"]) for one in first["order"]["lines"]],
                         [("PRO-0101", 10), ("PRO-0105", 3)])
        again = (await self.kitchen.data(repeat, id=placed["id"], key=key))["repeatOrder"]
        self.assertEqual((again["replayed"], again["order"]), (True, first["order"]))
        self.assertEqual((await self.berlin.refused(repeat, id=placed["id"], key=key))["code"], "NOT_FOUND")


class Interleavings(Case):
    """Clients that give up, ask twice at once, ask again late; and an API that hangs and dies under them."""

    async def test_a_thousand_random_interleavings(self) -> None:
        script = random.Random(20260102)
        mark = uuid.uuid4().hex
        at_once = asyncio.Semaphore(24)
        told: dict[int, set[str]] = {number: set() for number in range(1000)}

        async def one(number: int, plan: list[tuple[str, float]]) -> None:
            asker = Asker(self.http, "kitchen", ("MUC-01",), f"cook-{number}")
            wanted = {"query": PLACE, "variables": {
                "input": order(note=f"{mark} {number}"), "key": f"{mark}-{number}"}}

            async def send(patience: float) -> bool:
                try:
                    _, answer = await asker.send(wanted, timeout=patience)
                except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
                    return False
                if answer.get("errors"):
                    # the one answer that may be: away, try again
                    self.assertEqual(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE")
                    return False
                told[number].add(answer["data"]["placeOrder"]["order"]["id"])
                return True
            async with at_once:
                for step, patience in plan:
                    if step == "twice":
                        await asyncio.gather(send(20), send(patience), send(20))
                    else:
                        await send(patience)

                async def placed() -> bool:
                    return await send(20)
                await self.until(placed, within=60)

        async def killer() -> None:
            for share in (0.2, 0.4, 0.6, 0.8):
                async def far_enough(share: float = share) -> bool:
                    return sum(map(bool, told.values())) > 1000 * share
                await self.until(far_enough, within=200)
                if share == 0.4:
                    api().hang(True)
                    with self.assertRaises(asyncio.TimeoutError):
                        await self.viewer.send({"query": "{ viewer { role } }"}, timeout=1)
                    api().hang(False)
                else:
                    api().kill()
                    await asyncio.to_thread(api().start)
        plans = [[(script.choice(("give up", "give up", "twice")), script.choice((0.001, 0.005, 0.02, 0.05)))
                  for _ in range(script.randint(0, 2))] for _ in told]
        await asyncio.gather(killer(), *(one(number, plan) for number, plan in enumerate(plans)))

        found = rows("SELECT o.note, o.id::text AS id, (SELECT count(*) FROM platform.order_lines WHERE order_id = o.id) AS lines,"
                     " (SELECT count(*) FROM platform.order_events WHERE order_id = o.id AND move = 'submit') AS submits"
                     " FROM platform.orders AS o WHERE note LIKE %s", f"{mark} %")
        self.assertEqual(len(found), 1000)
        by_number: dict[int, Any] = {int(row["note"].split()[1]): row for row in found}
        self.assertEqual(len(by_number), 1000)
        for number, ids in told.items():
            self.assertEqual(ids, {by_number[number]["id"]})
            self.assertEqual((by_number[number]["lines"], by_number[number]["submits"]), (2, 1))
