"""What the agents' models may call. Some calls fail, as they do: a handled failure goes back to the model
as the tool's answer, the other kind ends the attempt and the queue repeats it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool, ToolException

from . import agent_orders
from .agent_orders import Orders
from .faults import Faults

# no supplier answers for these, however often one asks
_NO_PRICE_LIST = 97


class ToolServerDown(Exception):
    """The tool's own server is away; nothing that the model says can help."""


class Tools:
    """All tools, over the platform's database."""

    def __init__(self, orders: Orders, faults: Faults) -> None:
        self._orders = orders
        self._faults = faults

    async def _effort(self, seed: str) -> None:
        await asyncio.sleep(random.Random(seed).uniform(0.02, 0.15))
        if status := self._faults.number("status"):
            raise ToolServerDown(f"the tool server answered {status}")

    async def search_catalogue(self, text: str) -> str:
        """Find an item of the catalogue by what a kitchen calls it."""
        await self._effort(text)
        if random.Random(text).random() < 0.06:
            raise ToolException(f"search index busy, nothing found for {text!r}; ask again with fewer words")
        return "; ".join(await self._orders.items_like(text)) or "no such item"

    async def convert_unit(self, pack: str) -> str:
        """Say what a pack holds in base units."""
        await self._effort(pack)
        return f"{pack} = {len(pack) * 3 % 17 + 1} base units"

    async def price_list(self, supplier: str, order_id: int) -> str:
        """Read the price list of a supplier."""
        await self._effort(f"{supplier}{order_id}")
        if order_id % _NO_PRICE_LIST == 0:
            raise ToolServerDown(f"the price list of {supplier} answered 502 Bad Gateway")
        return f"{await self._orders.offers(supplier)} offers of {supplier}"

    async def open_orders(self, kitchen: str) -> str:
        """Count the open orders of a kitchen."""
        await self._effort(kitchen)
        return f"{await self._orders.open_orders(kitchen)} open orders of {kitchen}"

    async def budget(self, kitchen: str, order_id: int) -> str:
        """Look up what a kitchen may spend without asking."""
        await self._effort(f"{kitchen}{order_id}")
        if order_id % 11 == 0:
            raise ToolException("the budget service answered 429 Too Many Requests; use the kitchen's limit")
        order = await self._orders.order(order_id)
        return f"limit {agent_orders.money(order['hold_above_minor'], order['currency'])}" if order else "no such order"

    def named(self, *names: str) -> list[BaseTool]:
        """Those tools, as a graph takes them."""
        work: dict[str, Callable[..., Awaitable[str]]] = {
            "search_catalogue": self.search_catalogue, "convert_unit": self.convert_unit,
            "price_list": self.price_list, "open_orders": self.open_orders, "budget": self.budget}
        return [StructuredTool.from_function(coroutine=work[name], name=name) for name in names]


HANDLED: Any = (ToolException,)
