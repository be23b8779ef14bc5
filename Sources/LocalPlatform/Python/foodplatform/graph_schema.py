"""The GraphQL types that the API offers. CONTRACT.md explains them; this is their only definition."""

from __future__ import annotations

from graphql import GraphQLSchema, IntValueNode, ValueNode, build_schema

_SDL = '''
"Whole minor units of the currency: 1250 is EUR 12.50."
scalar Minor
"RFC 3339, UTC, with milliseconds."
scalar Time

enum OrderStatus { draft submitted held approved sent confirmed partly_received received rejected cancelled }

type Kitchen { code: ID! name: String! city: String! country: String! region: String! currency: String!
  timeZone: String! holdAboveMinor: Minor! }
type Supplier { code: ID! name: String! country: String! currency: String! leadTimeHours: Int! cutOff: String!
  timeZone: String! minimumOrderMinor: Minor! categories: [String!]! }
type Item { code: ID! name: String! category: String! unit: String! packSize: String! allergens: [String!]! }
"An item as one supplier sells it; the price is for one pack."
type Offer { item: Item! supplier: ID! supplierSku: String! currency: String! priceMinor: Minor! inStock: Boolean! }
type OrderLine { line: Int! item: Item! quantity: Int! receivedQuantity: Int! damagedQuantity: Int!
  priceMinor: Minor! totalMinor: Minor! }
type OrderEvent { id: ID! at: Time! move: String! fromStatus: OrderStatus toStatus: OrderStatus! version: Int!
  actor: String! actorRole: String! detail: String! }
type Order { id: ID! kitchen: ID! supplier: ID! status: OrderStatus! currency: String! totalMinor: Minor!
  lineCount: Int! version: Int! placedAt: Time! dueAt: Time! updatedAt: Time! placedBy: String! note: String!
  isOpen: Boolean! lines: [OrderLine!]! events: [OrderEvent!]! allowedMoves: [String!]! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type OrderEdge { cursor: String! node: Order! }
type OrderConnection { edges: [OrderEdge!]! pageInfo: PageInfo! }
type OfferEdge { cursor: String! node: Offer! }
type OfferConnection { edges: [OfferEdge!]! pageInfo: PageInfo! }

input OrderFilter { status: [OrderStatus!] kitchen: ID supplier: ID open: Boolean late: Boolean minimumMinor: Minor }
input OrderLineInput { item: ID! quantity: Int! expectedPriceMinor: Minor }
input OrderInput { kitchen: ID! supplier: ID! lines: [OrderLineInput!]! note: String = "" }
input ReceivedLineInput { line: Int! received: Int! damaged: Int! = 0 }

type PlacedOrder { order: Order! "true when this key had already placed it" replayed: Boolean! }
enum Decision { approve reject }
type QueuedJob { queue: String! id: ID! }
type Viewer { subject: String! role: String! kitchens: [String!]! }

type Query {
  viewer: Viewer!
  kitchens: [Kitchen!]!
  suppliers: [Supplier!]!
  catalogue(search: String, supplier: ID, first: Int = 50, after: String): OfferConnection!
  order(id: ID!): Order
  orders(filter: OrderFilter, first: Int = 50, after: String): OrderConnection!
}
type Mutation {
  placeOrder(input: OrderInput!, idempotencyKey: ID!): PlacedOrder!
  approve(id: ID!, expectedVersion: Int!, reason: String = ""): Order!
  hold(id: ID!, expectedVersion: Int!, reason: String!): Order!
  release(id: ID!, expectedVersion: Int!, reason: String = ""): Order!
  resend(id: ID!, expectedVersion: Int!): Order!
  cancel(id: ID!, expectedVersion: Int!, reason: String!): Order!
  receive(id: ID!, expectedVersion: Int!, lines: [ReceivedLineInput!], final: Boolean! = false): Order!
  addNote(id: ID!, expectedVersion: Int!, text: String!): Order!
  "Answers the question of an agent's run that waits for a person; the answer goes through the queue."
  resumeRun(thread: ID!, decision: Decision!, reason: String = ""): QueuedJob!
}
'''


def make() -> GraphQLSchema:
    """The schema, ready to execute; Minor is a number beyond GraphQL's 32-bit Int."""
    schema = build_schema(_SDL)
    minor = schema.type_map["Minor"]

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
            raise ValueError("Minor is a whole number from 0 to 2^53 - 1")
        return value

    def literal(node: ValueNode, _: object = None) -> int:
        return parse(int(node.value) if isinstance(node, IntValueNode) else None)
    for name, function in (("parse_value", parse), ("coerce_input_value", parse), ("parse_literal", literal),
                           ("coerce_input_literal", literal)):
        setattr(minor, name, function)
    return schema
