"""The GraphQL types that the API offers. CONTRACT.md explains them; this is their only definition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from graphql import GraphQLSchema, IntValueNode, StringValueNode, ValueNode, build_schema

_SDL = '''
"Whole minor units of the currency: 1250 is EUR 12.50."
scalar Minor
"RFC 3339, UTC, with milliseconds."
scalar Time

enum OrderStatus { draft submitted held approved sent confirmed partly_received received rejected cancelled }

type Kitchen { code: ID! name: String! city: String! country: String! region: String! currency: String!
  timeZone: String! holdAboveMinor: Minor! }
type Supplier { code: ID! name: String! country: String! currency: String! leadTimeHours: Int! cutOff: String!
  timeZone: String! minimumOrderMinor: Minor! categories: [String!]!
  "the next moment after which an order counts for a later delivery" nextCutOffAt: Time! }
type Item { code: ID! name: String! category: String! unit: String! packSize: String! allergens: [String!]! }
"An item as one supplier sells it; the price is for one pack."
type Offer { item: Item! supplier: ID! seller: Supplier! supplierSku: String! currency: String! priceMinor: Minor!
  inStock: Boolean! }
"Ordered were quantity + cutQuantity packs; of quantity, shortQuantity will not come; damaged ones are among the received."
type OrderLine { line: Int! item: Item! quantity: Int! receivedQuantity: Int! damagedQuantity: Int!
  shortQuantity: Int! cutQuantity: Int! priceMinor: Minor! totalMinor: Minor! }
type OrderEvent { id: ID! at: Time! move: String! fromStatus: OrderStatus toStatus: OrderStatus! version: Int!
  actor: String! actorRole: String! detail: String! fields: [String!]! requestId: String! }
"A job of a queue that touched the order; state is BullMQ's."
type OrderJob { queue: String! id: ID! state: String! }
type Order { id: ID! kitchen: ID! supplier: ID! status: OrderStatus! currency: String! totalMinor: Minor!
  lineCount: Int! version: Int! placedAt: Time! dueAt: Time! updatedAt: Time! placedBy: String! note: String!
  isOpen: Boolean! lines: [OrderLine!]! events: [OrderEvent!]! allowedMoves: [String!]! jobs: [OrderJob!]!
  agentRuns: [ID!]! }
type OrderMove { move: String! fromStatus: OrderStatus! toStatus: OrderStatus! roles: [String!]! }

type Policy { code: ID! kind: String! kitchen: ID title: String! limitMinor: Minor hours: Int allergens: [String!]! }
type PolicyHit { policy: ID! kind: String! message: String! line: Int }
"Something wrong with a request, beside the order of a batch, the line and the field that it is wrong in."
type Problem { order: Int line: Int field: String code: String! message: String! currentPriceMinor: Minor
  minimumMinor: Minor totalMinor: Minor nextCutOffAt: Time policy: ID }
type Change { move: String! fromStatus: OrderStatus toStatus: OrderStatus! fields: [String!]! version: Int!
  actor: String! actorRole: String! detail: String! at: Time! requestId: String! }
"Why one of a batch was refused: what single mutations say in errors.extensions."
type ActionError { code: String! message: String! problems: [Problem!]! orderId: ID currentVersion: Int
  currentStatus: OrderStatus allowedMoves: [String!] changedFields: [String!] changes: [Change!] }

type CatalogueVersion { version: ID! offers: Int! path: String! }
type UsualLine { offer: Offer! quantity: Int! "in how many orders" orders: Int! }
type UsualOrder { weekday: Int! "orders looked at" basedOn: Int! lines: [UsualLine!]! }
type Favourite { offer: Offer! pinned: Boolean! orders: Int! lastQuantity: Int }

type PreviewLine { line: Int! item: Item quantity: Int! priceMinor: Minor totalMinor: Minor inStock: Boolean }
type PreviewOrder { supplier: Supplier! lines: [PreviewLine!]! totalMinor: Minor! minimumOrderMinor: Minor!
  missingMinor: Minor! allergens: [String!]! cutOffAt: Time! dueAt: Time! holds: [PolicyHit!]! problems: [Problem!]! }
type Preview { kitchen: ID! currency: String! totalMinor: Minor! allergens: [String!]! orders: [PreviewOrder!]!
  "of lines that belong to no order" problems: [Problem!]! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type OrderEdge { cursor: String! node: Order! }
type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! }
type OfferEdge { cursor: String! node: Offer! }
type OfferConnection { edges: [OfferEdge!]! pageInfo: PageInfo! }

input OrderFilter { status: [OrderStatus!] kitchen: ID supplier: ID open: Boolean late: Boolean minimumMinor: Minor }
input OrderLineInput { item: ID! quantity: Int! expectedPriceMinor: Minor }
input OrderInput { kitchen: ID! supplier: ID! lines: [OrderLineInput!]! note: String = ""
  "the cut-off that the kitchen counts on" expectedCutOffAt: Time
  "false: rather refuse than hold" acceptHold: Boolean = true }
input PlaceInput { input: OrderInput! idempotencyKey: ID! }
input PreviewLineInput { item: ID! supplier: ID quantity: Int! expectedPriceMinor: Minor }
input PreviewInput { kitchen: ID! lines: [PreviewLineInput!]! note: String = "" }
"Totals so far, in packs."
input ReceivedLineInput { line: Int! received: Int! damaged: Int short: Int }
input OrderRef { id: ID! expectedVersion: Int! }

type PlacedOrder { order: Order! "true when this key had already placed it" replayed: Boolean! }
type PlaceResult { order: Order replayed: Boolean! error: ActionError }
type ActionResult { id: ID! order: Order error: ActionError }
enum Decision { approve reject }
type QueuedJob { queue: String! id: ID! }
type Viewer { subject: String! role: String! kitchens: [String!]! }

type Query {
  viewer: Viewer!
  kitchens: [Kitchen!]!
  suppliers: [Supplier!]!
  policies(kitchen: ID): [Policy!]!
  orderMoves: [OrderMove!]!
  catalogue(kitchen: ID, search: String, supplier: ID, category: String, first: Int = 50, after: String): OfferConnection!
  catalogueVersion(kitchen: ID!): CatalogueVersion!
  usualOrder(kitchen: ID!, "1 Monday to 7 Sunday; none: today, there" weekday: Int): UsualOrder!
  favourites(kitchen: ID!, first: Int = 50): [Favourite!]!
  order(id: ID!): Order
  orders(filter: OrderFilter, first: Int = 50, after: String): OrderConnection!
  previewOrder(input: PreviewInput!): Preview!
}
type Mutation {
  placeOrder(input: OrderInput!, idempotencyKey: ID!): PlacedOrder!
  placeOrders(orders: [PlaceInput!]!, allOrNothing: Boolean! = true): [PlaceResult!]!
  repeatOrder(id: ID!, idempotencyKey: ID!, expectedVersion: Int, note: String = ""): PlacedOrder!
  approveOrder(id: ID!, expectedVersion: Int!, reason: String = "", requestId: ID = ""): Order!
  holdOrder(id: ID!, expectedVersion: Int!, reason: String!, requestId: ID = ""): Order!
  releaseOrder(id: ID!, expectedVersion: Int!, reason: String = "", requestId: ID = ""): Order!
  resendOrder(id: ID!, expectedVersion: Int!, reason: String = "", requestId: ID = ""): Order!
  cancelOrder(id: ID!, expectedVersion: Int!, reason: String!, requestId: ID = ""): Order!
  receiveOrder(id: ID!, expectedVersion: Int!, lines: [ReceivedLineInput!], final: Boolean! = false,
    requestId: ID = ""): Order!
  addOrderNote(id: ID!, expectedVersion: Int!, text: String!, requestId: ID = ""): Order!
  approveOrders(orders: [OrderRef!]!, reason: String = "", requestId: ID = ""): [ActionResult!]!
  holdOrders(orders: [OrderRef!]!, reason: String!, requestId: ID = ""): [ActionResult!]!
  releaseOrders(orders: [OrderRef!]!, reason: String = "", requestId: ID = ""): [ActionResult!]!
  resendOrders(orders: [OrderRef!]!, reason: String = "", requestId: ID = ""): [ActionResult!]!
  cancelOrders(orders: [OrderRef!]!, reason: String!, requestId: ID = ""): [ActionResult!]!
  "everything came whole"
  receiveOrders(orders: [OrderRef!]!, reason: String = "", requestId: ID = ""): [ActionResult!]!
  addOrderNotes(orders: [OrderRef!]!, text: String!, requestId: ID = ""): [ActionResult!]!
  setFavourite(kitchen: ID!, item: ID!, supplier: ID!, pinned: Boolean!): Boolean!
  "answers the question of an agent's run that waits for a person; the answer goes through the queue"
  resumeRun(thread: ID!, decision: Decision!, reason: String = ""): QueuedJob!
}
'''


def make() -> GraphQLSchema:
    """The schema, ready to execute; Minor is a number beyond GraphQL's 32-bit Int."""
    schema = build_schema(_SDL)
    _accept(schema, "Minor", _minor, lambda node: int(node.value) if isinstance(node, IntValueNode) else None)
    _accept(schema, "Time", _time, lambda node: node.value if isinstance(node, StringValueNode) else None)
    return schema


def _minor(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise ValueError("Minor is a whole number from 0 to 2^53 - 1")
    return value


def _time(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError("Time is RFC 3339 with an offset, such as 2026-01-02T03:04:05Z")
    return at


def _accept(schema: GraphQLSchema, name: str, parse: Callable[[object], object],
            plain: Callable[[ValueNode], object]) -> None:
    scalar = schema.type_map[name]

    def literal(node: ValueNode, _: object = None) -> object:
        return parse(plain(node))
    for attribute, function in (("parse_value", parse), ("coerce_input_value", parse), ("parse_literal", literal),
                                ("coerce_input_literal", literal)):
        setattr(scalar, attribute, function)
