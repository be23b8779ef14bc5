"""What a kitchen's screen is made of: preview, policies, usual order, favourites, the catalogue in one piece."""

from __future__ import annotations

import gzip
import json
import unittest
import uuid
from datetime import datetime, time, timezone
from typing import Any

from foodplatform import cutoff
from support import PLACE, Case, api, order, rows
from test_moves import mutation

PREVIEW = """query ($input: PreviewInput!) { previewOrder(input: $input) { currency totalMinor allergens
  problems { line code field } orders { supplier { code } totalMinor missingMinor allergens cutOffAt dueAt
  holds { policy kind line } problems { line code } lines { line quantity priceMinor totalMinor inStock item { code } } } } }"""


class Preview(Case):
    """The dry form says what placing would."""

    async def preview(self, kitchen: str, *lines: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.person("kitchen", kitchen).data(
            PREVIEW, input={"kitchen": kitchen, "lines": list(lines)}))["previewOrder"])

    async def test_split_by_supplier(self) -> None:
        meat = rows("SELECT item_code FROM platform.prices WHERE supplier_code = 'METZKER' AND in_stock"
                    " ORDER BY price_minor LIMIT 1")[0]["item_code"]
        found = await self.preview("MUC-01", {"item": "PRO-0101", "quantity": 12, "supplier": "GRUENTAL"},
                                   {"item": meat, "quantity": 1, "supplier": "METZKER"}, {"item": "DRY-0101", "quantity": 1},
                                   {"item": "NOPE", "quantity": 1})
        self.assertEqual(found["problems"], [{"line": 4, "code": "INVALID", "field": "item"}])
        self.assertEqual([(one["supplier"]["code"], [line["line"] for line in one["lines"]]) for one in found["orders"]
                          if one["supplier"]["code"] in ("GRUENTAL", "METZKER")], [("GRUENTAL", [1]), ("METZKER", [2])])
        self.assertEqual(found["totalMinor"], sum(one["totalMinor"] for one in found["orders"]))
        cheapest = rows("SELECT min(price_minor) AS price FROM platform.prices WHERE item_code = 'DRY-0101'"
                        " AND currency = 'EUR' AND in_stock")[0]["price"]
        line = next(line for one in found["orders"] for line in one["lines"] if line["line"] == 3)
        self.assertEqual((line["priceMinor"], line["totalMinor"]), (cheapest, cheapest))
        self.assertEqual(found["allergens"], sorted({one for row in rows(
            "SELECT allergens FROM platform.items WHERE code IN ('PRO-0101', 'DRY-0101', %s)", meat) for one in row["allergens"]}))
        butcher = next(one for one in found["orders"] if one["supplier"]["code"] == "METZKER")
        self.assertEqual([one["code"] for one in butcher["problems"]], ["MIN_ORDER"])
        self.assertEqual(butcher["missingMinor"], 12000 - butcher["totalMinor"])
        # nothing was placed, and nothing was begun: a preview needs no right to order
        seen = (await self.viewer.data(PREVIEW, input={
            "kitchen": "MUC-01", "lines": [{"item": "PRO-0101", "quantity": 12, "supplier": "GRUENTAL"}]}))["previewOrder"]
        self.assertEqual(seen["orders"][0]["totalMinor"], found["orders"][
            [one["supplier"]["code"] for one in found["orders"]].index("GRUENTAL")]["totalMinor"])

    async def test_value_policy(self) -> None:
        wanted = {"item": "PRO-0133", "quantity": 40}
        found = await self.preview("MUC-01", {**wanted, "supplier": "GRUENTAL"})
        self.assertEqual(found["orders"][0]["holds"], [{"policy": "VALUE", "kind": "value", "line": None}])
        said = await self.kitchen.refused(PLACE, input=order(lines=[wanted], acceptHold=False), key=str(uuid.uuid4()))
        self.assertEqual((said["code"], said["problems"][0]["policy"]), ("POLICY_HELD", "VALUE"))
        placed = await self.kitchen.place(lines=[wanted])
        said = await self.operator.refused(mutation("approveOrder"), id=placed["id"], version=1)
        self.assertEqual(said["code"], "POLICY_HELD")
        approved = await self.lead.data(mutation("approveOrder"), id=placed["id"], version=1)
        self.assertEqual(approved["approveOrder"]["status"], "approved")

    async def test_allergen_policy(self) -> None:
        offer = rows("SELECT supplier_code FROM platform.prices WHERE item_code = 'DRY-0136' AND currency = 'EUR' LIMIT 1")[0]
        found = await self.preview("STR-01", {"item": "DRY-0136", "quantity": 1, "supplier": offer["supplier_code"]})
        self.assertEqual(found["orders"][0]["holds"], [{"policy": "STR-01-NUTS", "kind": "allergen", "line": 1}])
        elsewhere = await self.preview("MUC-01", {"item": "DRY-0136", "quantity": 1, "supplier": offer["supplier_code"]})
        self.assertEqual(elsewhere["orders"][0]["holds"], [])

    async def test_budget_policy(self) -> None:
        total = (await self.kitchen.place())["totalMinor"]
        rows("INSERT INTO platform.policies (code, kind, kitchen_code, title, limit_minor, hours)"
             " VALUES ('TEST-BUDGET', 'budget', 'MUC-01', 'a small budget', %s, 1)", total)
        self.addCleanup(rows, "DELETE FROM platform.policies WHERE code = 'TEST-BUDGET'")
        found = await self.preview("MUC-01", {"item": "PRO-0101", "quantity": 10, "supplier": "GRUENTAL"})
        self.assertEqual([one["policy"] for one in found["orders"][0]["holds"]], ["TEST-BUDGET"])


class Habits(Case):
    """What is ordered again and again."""

    async def test_usual_order_of_a_weekday(self) -> None:
        cook = self.person("kitchen", "GVA-01")
        rows("UPDATE platform.orders SET placed_at = '2026-01-04 09:00Z' WHERE kitchen_code = 'GVA-01'")
        old = rows("SELECT coalesce(max(id), 0) AS id FROM platform.orders")[0]["id"]
        codes = [row["item_code"] for row in rows(
            "SELECT item_code FROM platform.prices WHERE supplier_code = 'ALPENGUT' AND in_stock AND price_minor > 1500"
            " ORDER BY item_code LIMIT 2")]
        lines = [{"item": code, "quantity": quantity} for code, quantity in zip(codes, (9, 3), strict=True)]
        for _ in range(3):
            await cook.place(kitchen="GVA-01", supplier="ALPENGUT", lines=lines)
        await cook.place(kitchen="GVA-01", supplier="ALPENGUT", lines=[{**lines[0], "quantity": 99}])
        rows("UPDATE platform.orders SET placed_at = '2026-01-05 09:00Z' WHERE kitchen_code = 'GVA-01' AND id > %s", old)
        usual = "query ($day: Int) { usualOrder(kitchen: \"GVA-01\", weekday: $day) { weekday basedOn lines {" \
                " quantity orders offer { item { code } seller { leadTimeHours } } } } }"
        monday = (await cook.data(usual, day=1))["usualOrder"]
        self.assertEqual(monday["basedOn"], 4)
        self.assertEqual([(one["offer"]["item"]["code"], one["quantity"], one["orders"]) for one in monday["lines"]],
                         [(codes[0], 9, 4), (codes[1], 3, 3)])
        self.assertEqual((await cook.data(usual, day=2))["usualOrder"]["lines"], [])
        self.assertEqual((await cook.refused(usual, day=8))["code"], "INVALID")

    async def test_favourites(self) -> None:
        pin = "mutation ($item: ID!, $pinned: Boolean!) { setFavourite(kitchen: \"GVA-01\", item: $item," \
              " supplier: \"ALPENGUT\", pinned: $pinned) }"
        item = rows("SELECT item_code FROM platform.prices WHERE supplier_code = 'ALPENGUT' ORDER BY item_code DESC"
                    " LIMIT 1")[0]["item_code"]
        cook = self.person("kitchen", "GVA-01")
        self.assertEqual(await cook.data(pin, item=item, pinned=True), {"setFavourite": True})
        self.assertEqual(await cook.data(pin, item=item, pinned=True), {"setFavourite": True})
        found = (await cook.data("{ favourites(kitchen: \"GVA-01\") { pinned orders offer { item { code } } } }"))["favourites"]
        self.assertEqual((found[0]["pinned"], found[0]["offer"]["item"]["code"]), (True, item))
        self.assertFalse(any(one["pinned"] for one in found[1:]))
        self.assertEqual(await cook.data(pin, item=item, pinned=False), {"setFavourite": False})
        self.assertEqual((await cook.refused(pin, item="NOPE", pinned=True))["code"], "INVALID")
        self.assertEqual((await self.viewer.refused(pin, item=item, pinned=True))["code"], "NOT_ALLOWED")


class Catalogue(Case):
    """A copy for the console, and how it knows that it is old."""

    async def fetch(self, **headers: str) -> tuple[int, str, bytes]:
        given = {"Authorization": f"Bearer {self.kitchen.token}", "Accept-Encoding": "identity", **headers}
        async with self.http.get(f"{api().url}/catalogue?kitchen=MUC-01", headers=given, auto_decompress=False) as answer:
            return answer.status, answer.headers.get("ETag", ""), await answer.read()

    async def test_whole_packed_and_only_when_it_changed(self) -> None:
        status, tag, body = await self.fetch()
        self.assertEqual(status, 200)
        head, *offers, end = [json.loads(line) for line in body.decode().splitlines()]
        wanted = rows("SELECT item_code, supplier_code, price_minor FROM platform.prices WHERE currency = 'EUR'"
                      " ORDER BY item_code, supplier_code")
        self.assertEqual((head["offers"], end, f'"{head["version"]}"'), (len(wanted), {"end": len(wanted)}, tag))
        at = [head["columns"].index(name) for name in ("item", "supplier", "priceMinor")]
        self.assertEqual([tuple(one[column] for column in at) for one in offers], [tuple(row.values()) for row in wanted])
        self.assertEqual(gzip.decompress((await self.fetch(**{"Accept-Encoding": "gzip"}))[2]), body)
        self.assertEqual((await self.fetch(**{"If-None-Match": tag}))[::2], (304, b""))
        rows("UPDATE platform.prices SET in_stock = in_stock WHERE (supplier_code, item_code) = ('GRUENTAL', 'PRO-0101')")
        status, newer, _ = await self.fetch(**{"If-None-Match": tag})
        self.assertEqual(status, 200)
        self.assertNotEqual(newer, tag)
        version = (await self.kitchen.data('{ catalogueVersion(kitchen: "MUC-01") { version offers path } }'))["catalogueVersion"]
        self.assertEqual(version, {"version": newer.strip('"'), "offers": len(wanted), "path": "/catalogue?kitchen=MUC-01"})

    async def test_pages_are_the_same_as_the_whole(self) -> None:
        query = "query ($after: String) { catalogue(kitchen: \"MUC-01\", first: 200, after: $after) { edges { node {" \
                " supplier item { code } } } pageInfo { hasNextPage endCursor } } }"
        found, after = [], None
        while True:
            page = (await self.kitchen.data(query, after=after))["catalogue"]
            found += [(edge["node"]["item"]["code"], edge["node"]["supplier"]) for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        self.assertEqual(found, [tuple(row.values()) for row in rows(
            "SELECT item_code, supplier_code FROM platform.prices WHERE currency = 'EUR' ORDER BY 1, 2")])

    async def test_whose_it_is(self) -> None:
        for kitchen, token, status in (("BER-01", self.kitchen.token, 403), ("NOPE", self.viewer.token, 404), ("", "", 401)):
            async with self.http.get(f"{api().url}/catalogue?kitchen={kitchen}",
                                     headers={"Authorization": f"Bearer {token}"}) as answer:
                self.assertEqual(answer.status, status)
                self.assertIn("errors", await answer.json())


class CutOff(unittest.TestCase):
    """The next cut-off, on the supplier's own clock."""

    def test_before_after_and_through_summer_time(self) -> None:
        supplier = {"time_zone": "Europe/Berlin", "cut_off": time(22, 0)}

        def following(text: str) -> str:
            return cutoff.following(supplier, datetime.fromisoformat(text)).astimezone(timezone.utc).isoformat()
        self.assertEqual(following("2026-01-10T20:59:59+00:00"), "2026-01-10T21:00:00+00:00")
        self.assertEqual(following("2026-01-10T21:00:00+00:00"), "2026-01-11T21:00:00+00:00")
        # the night of 29 March is an hour shorter
        self.assertEqual(following("2026-03-28T22:00:00+00:00"), "2026-03-29T20:00:00+00:00")
        self.assertEqual(following("2026-07-10T19:00:00+00:00"), "2026-07-10T20:00:00+00:00")
