"""The admin service: a page of the newest orders and a count, read from the database."""

from __future__ import annotations

from html import escape
from typing import Any

from aiohttp import web

from . import __version__, service
from .database import Connection, Unavailable
from .graph_rows import moment
from .settings import Settings

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Orders</title>
<style>body{{font:15px/1.4 system-ui,sans-serif;margin:2rem}}td,th{{padding:.2rem .8rem;text-align:left}}
td.n{{text-align:right;font-variant-numeric:tabular-nums}}</style>
<h1>Orders</h1><p>{counts}</p><table><tr><th>Order<th>Kitchen<th>Supplier<th>Status<th>Total<th>Due</tr>{rows}</table>
<p>food platform admin {version}</p></html>"""


async def _read(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    cursor = await connection.execute(
        "SELECT id, kitchen, supplier, status, total_minor, currency, due_at FROM galley.orders ORDER BY id DESC LIMIT 50")
    orders = await cursor.fetchall()
    cursor = await connection.execute(
        "SELECT status, sum(orders)::bigint AS orders FROM galley.order_counts GROUP BY status ORDER BY status")
    return orders, await cursor.fetchall()


def _row(order: dict[str, Any]) -> str:
    total = f"{order['total_minor'] / 100:,.2f} {order['currency']}"
    return (f"<tr><td>{order['id']}<td>{escape(order['kitchen'])}<td>{escape(order['supplier'])}"
            f"<td>{escape(order['status'])}<td class=n>{total}<td>{moment(order['due_at'])}</tr>")


async def main(settings: Settings) -> None:
    """Serve until told to end."""
    here = service.Service(settings)
    database = here.use_postgres(size=2)

    async def page(_: web.Request) -> web.Response:
        try:
            orders, counts = await database.run(_read)
        except Unavailable as error:
            return web.Response(status=503, text=f"The order database is not available: {error}\n")
        words = ", ".join(f"{row['orders']:,} {escape(row['status'])}" for row in counts)
        text = _PAGE.format(counts=words, rows="".join(map(_row, orders)), version=__version__)
        return web.Response(text=text, content_type="text/html")
    here.app.router.add_get("/", page)
    await here.serve()


if __name__ == "__main__":
    service.run("admin", main)
