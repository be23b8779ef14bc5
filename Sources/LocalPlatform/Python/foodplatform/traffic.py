"""Kitchens that order: RATE orders a minute through the API's public GraphQL, with a day's rhythm."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from datetime import datetime, timezone
from typing import Any

import aiohttp

from . import log, service, tokens
from .settings import Settings

_WORLD = """{ kitchens { code currency } suppliers { code currency minimumOrderMinor } }"""
_OFFERS = """query ($supplier: ID!, $after: String) { catalogue(supplier: $supplier, first: 200, after: $after) {
  edges { node { item { code } priceMinor inStock } } pageInfo { hasNextPage endCursor } } }"""
_PLACE = """mutation ($input: OrderInput!, $key: ID!) { placeOrder(input: $input, idempotencyKey: $key) {
  replayed order { id } } }"""
# share of the rate in each hour, UTC: two peaks, and never below 30 %
_DAY = (0.3, 0.3, 0.3, 0.3, 0.35, 0.5, 0.8, 1.0, 1.0, 1.0, 0.9, 0.8, 0.7, 0.75, 0.85, 0.95, 1.0, 0.95, 0.85, 0.75,
        0.65, 0.55, 0.45, 0.35)
_NOTES = ("Deliver to the back gate", "No substitutes, please", "Please before 07:00", "Ring twice", "Bitte Rampe 2")
MOST_AT_ONCE = 16
LOOK_AGAIN_SECONDS = 300.0


class Away(Exception):
    """The API does not answer as it should; orders wait."""


class Kitchens:
    """Knows the world as the API tells it, and orders from it."""

    def __init__(self, settings: Settings, http: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._http = http
        self._token = ""
        self._token_until = 0.0
        self._looked = -1e9
        self._kitchens: list[dict[str, Any]] = []
        self._suppliers: list[dict[str, Any]] = []
        self._offers: dict[str, list[dict[str, Any]]] = {}

    async def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        if time.monotonic() > self._token_until:
            self._token = tokens.sign(self._settings.token_key, "traffic", "kitchen", ["*"], 3600)
            self._token_until = time.monotonic() + 3000
        headers = {"Authorization": f"Bearer {self._token}", "apollographql-client-name": "traffic"}
        try:
            async with self._http.post(f"{self._settings.api_url}/graphql", headers=headers,
                                       json={"query": query, "variables": variables}) as answer:
                body = await answer.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, OSError) as error:
            raise Away(log.reason(error)) from None
        if not isinstance(body, dict):
            raise Away("the answer is no object")
        if errors := body.get("errors"):
            code = (errors[0].get("extensions") or {}).get("code", "")
            if code in ("PRICE_CHANGED", "OUT_OF_STOCK", "MIN_ORDER", "INVALID"):
                # a price or a stock has changed since we looked, as happens to every kitchen
                self._looked = -1e9
                return {}
            raise Away(f"{code} {errors[0].get('message', '')}")
        data = body.get("data")
        if not isinstance(data, dict):
            raise Away("the answer has no data")
        return data

    async def look(self) -> None:
        """Read the catalogue, now and then."""
        if time.monotonic() - self._looked < LOOK_AGAIN_SECONDS:
            return
        world = await self._ask(_WORLD)
        offers: dict[str, list[dict[str, Any]]] = {}
        for supplier in world["suppliers"]:
            found: list[dict[str, Any]] = []
            after = None
            while True:
                page = (await self._ask(_OFFERS, supplier=supplier["code"], after=after))["catalogue"]
                found += [edge["node"] for edge in page["edges"] if edge["node"]["inStock"]]
                after = page["pageInfo"]["endCursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
            offers[supplier["code"]] = found
        self._kitchens, self._suppliers, self._offers = world["kitchens"], world["suppliers"], offers
        self._looked = time.monotonic()

    def invent(self) -> dict[str, Any]:
        """An order as a kitchen would write it, at least as large as the supplier wants."""
        kitchen = random.choice(self._kitchens)
        supplier = random.choice([one for one in self._suppliers
                                  if one["currency"] == kitchen["currency"] and self._offers[one["code"]]])
        stock = self._offers[supplier["code"]]
        chosen = random.sample(stock, min(len(stock), random.choices(range(1, 8), [5, 7, 7, 5, 3, 2, 1])[0]))
        lines = [{"item": offer["item"]["code"], "quantity": random.choices([1, 2, 3, 4, 6, 10], [8, 6, 3, 2, 1, 0.3])[0],
                  "expectedPriceMinor": offer["priceMinor"]} for offer in chosen]
        while sum(line["quantity"] * line["expectedPriceMinor"] for line in lines) < supplier["minimumOrderMinor"]:
            random.choice(lines)["quantity"] += 1
        return {"kitchen": kitchen["code"], "supplier": supplier["code"], "lines": lines,
                "note": random.choice(_NOTES) if random.random() < 0.04 else ""}

    async def order(self) -> None:
        """Place one order. A lost answer is asked for again with the same key, so that one order exists."""
        await self.look()
        wanted, key = self.invent(), str(uuid.uuid4())
        for attempt in range(3):
            try:
                await self._ask(_PLACE, input=wanted, key=key)
                return
            except Away:
                if attempt == 2:
                    raise
                await asyncio.sleep(0.5 * 2**attempt * random.uniform(0.7, 1.3))


def share(at: datetime) -> float:
    """The rhythm's share at this moment, without steps at the full hour."""
    hour = at.hour + at.minute / 60
    low = int(hour)
    return _DAY[low] + (_DAY[(low + 1) % 24] - _DAY[low]) * (hour - low)


async def main(settings: Settings) -> None:
    """Order until told to end."""
    stop = asyncio.ensure_future(service.ended())
    at_once = asyncio.Semaphore(MOST_AT_ONCE)
    running: set[asyncio.Task[None]] = set()
    failures = 0

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=6)) as http:
        kitchens = Kitchens(settings, http)

        async def one() -> None:
            nonlocal failures
            try:
                await kitchens.order()
                if failures:
                    log.event("api_back", failures=failures)
                failures = 0
            except Away as error:
                failures += 1
                if failures in (1, 10, 100, 1000):
                    log.event("api_away", failures=failures, error=str(error)[:200])
            finally:
                at_once.release()
        log.event("started", rate_per_minute=settings.rate)
        while not stop.done():
            per_second = max(0.0, settings.rate / 60 * share(datetime.now(timezone.utc)))
            pause = random.expovariate(per_second) if per_second else 60.0
            if failures:
                pause = max(pause, min(30.0, 0.5 * 2 ** min(failures, 6)) * random.uniform(0.7, 1.0))
            await asyncio.wait({stop}, timeout=min(pause, 60.0))
            if stop.done() or not per_second or pause > 60.0:
                continue
            await at_once.acquire()
            task = asyncio.ensure_future(one())
            running.add(task)
            task.add_done_callback(running.discard)
        for task in running:
            task.cancel()


if __name__ == "__main__":
    service.run("traffic", main)
