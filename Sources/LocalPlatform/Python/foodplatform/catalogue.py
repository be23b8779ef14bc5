"""The catalogue in one piece, for a copy on the asker's machine: GET /catalogue, packed once a version."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from . import access, pricing
from . import graph_rows as rows
from .database import Connection, Database, Unavailable
from .refusals import Refusal
from .tokens import Identity

MEDIA = "application/x-ndjson"
_COLUMNS = ("item", "name", "category", "unit", "packSize", "allergens", "supplier", "supplierSku", "priceMinor",
            "inStock")
_STATE = ("SELECT (SELECT version FROM platform.catalogue_version) AS version,"
          " (SELECT count(*) FROM platform.prices WHERE currency = %s)::int AS offers")
# In blocks of 5,000 lines, written by the server: a row each would cost this process more than the rest.
_OFFERS = ("SELECT string_agg(line, E'\\n' ORDER BY nr) AS block FROM (SELECT"
           " row_number() OVER (ORDER BY p.item_code, p.supplier_code) - 1 AS nr,"
           " json_build_array(i.code, i.name, i.category, i.unit, i.pack_size, i.allergens, p.supplier_code,"
           " p.supplier_sku, p.price_minor, p.in_stock)::text AS line FROM platform.prices AS p"
           " JOIN platform.items AS i ON i.code = p.item_code WHERE p.currency = %s) AS lines"
           " GROUP BY nr / 5000 ORDER BY nr / 5000")
# 200,000 offers take a second or two on a small machine
_DEADLINE = 30.0


async def version(connection: Connection, kitchen: str) -> dict[str, Any]:
    """As the API's type CatalogueVersion."""
    currency = (await pricing.kitchen(connection, kitchen))["currency"]
    cursor = await connection.execute(_STATE, (currency,))
    row = await cursor.fetchone()
    assert row is not None
    return {"version": f"{currency}-{row['version']}", "offers": row["offers"],
            "path": f"/catalogue?kitchen={quote(kitchen)}"}


class Bulk:
    """Keeps the packed text of each currency's newest version: few, and a few megabytes each."""

    def __init__(self, database: Database, identify: Callable[[web.Request], Identity | web.Response],
                 refused: Callable[[Refusal], web.Response]) -> None:
        self._database = database
        self._identify = identify
        self._refused = refused
        self._packed: dict[str, tuple[str, bytes]] = {}
        self._packing = asyncio.Lock()

    async def handle(self, request: web.Request) -> web.Response:
        """200 with everything, or 304."""
        who = self._identify(request)
        if isinstance(who, web.Response):
            return who
        try:
            return await self._answer(request, who)
        except Refusal as refusal:
            return self._refused(refusal)
        except Unavailable:
            return self._refused(Refusal("SERVICE_UNAVAILABLE", "the database is not available, try again", retryable=True))

    async def _answer(self, request: web.Request, who: Identity) -> web.Response:
        kitchen = request.query.get("kitchen", "")
        if not who.may_see(kitchen):
            raise Refusal("WRONG_KITCHEN", f"this token is not for kitchen {kitchen[:40]!r}", kitchen=kitchen[:40])
        current = await self._run(who, lambda c: version(c, kitchen), 5.0)
        known = [tag.strip().removeprefix("W/").strip('"') for tag in request.headers.get("If-None-Match", "").split(",")]
        if current["version"] in known:
            return web.Response(status=304, headers={"ETag": f'"{current["version"]}"'})
        name, body = await self._body(who, kitchen, current["version"])
        headers = {"ETag": f'"{name}"', "Vary": "Accept-Encoding", "Cache-Control": "private, no-cache"}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=body, content_type=MEDIA, headers={**headers, "Content-Encoding": "gzip"})
        plain = await asyncio.to_thread(zlib.decompress, body, 31)
        return web.Response(body=plain, content_type=MEDIA, headers=headers)

    async def _body(self, who: Identity, kitchen: str, wanted: str) -> tuple[str, bytes]:
        """One at a time: whoever comes while it is packed takes what the first one packed."""
        currency = wanted.partition("-")[0]
        async with self._packing:
            packed = self._packed.get(currency)
            if packed is None or packed[0] != wanted:
                packed = await self._run(who, lambda c: _pack(c, kitchen), _DEADLINE)
                self._packed[currency] = packed
            return packed

    async def _run(self, who: Identity, work: Callable[[Connection], Awaitable[Any]], deadline: float) -> Any:
        async def as_role(connection: Connection) -> Any:
            await access.become(connection, who)
            return await work(connection)
        return await self._database.run(as_role, deadline=deadline)


async def _pack(connection: Connection, kitchen: str) -> tuple[str, bytes]:
    """The version and the offers belong together: what changed while it was read is read again."""
    await connection.execute("SET LOCAL statement_timeout = '25s'")
    for _ in range(5):
        before = await version(connection, kitchen)
        currency = before["version"].partition("-")[0]
        cursor = await connection.execute("SELECT * FROM platform.suppliers WHERE currency = %s ORDER BY code", (currency,))
        suppliers = [rows.supplier(row) for row in await cursor.fetchall()]
        cursor = await connection.execute(_OFFERS, (currency,))
        blocks = [row["block"] for row in await cursor.fetchall()]
        if (await version(connection, kitchen))["version"] == before["version"]:
            head = {"version": before["version"], "currency": currency, "offers": before["offers"],
                    "suppliers": suppliers, "columns": _COLUMNS}
            parts = [json.dumps(head, ensure_ascii=False), *blocks, json.dumps({"end": before["offers"]}), ""]
            return before["version"], await asyncio.to_thread(_squeeze, parts)
    raise Refusal("SERVICE_UNAVAILABLE", "the catalogue changes too fast to be read, try again", retryable=True)


def _squeeze(parts: list[str]) -> bytes:
    """gzip, at the level that costs least for what it gains."""
    packer = zlib.compressobj(4, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress((part + "\n").encode()) for part in parts[:-1]), packer.flush()])
