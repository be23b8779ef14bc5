"""The three agents as LangGraph graphs: normaliser, matcher, approver.

normaliser: reads the order, normalises its lines in parallel branches, asks a subgraph that searches the
catalogue with tools when a branch is unsure, and writes down what it found.
matcher: three branches judge suppliers by price, lead time and record; a model decides, with tools.
approver: a model looks at the risk with tools, then a person is asked, and the graph waits.
"""

from __future__ import annotations

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.types import Send, interrupt

from .agent_models import call, model, results
from .agent_orders import Orders, money
from .agent_tools import HANDLED, Tools
from .faults import Faults

NAMES = ("normaliser", "matcher", "approver")
BRANCHES = 3


class State(TypedDict, total=False):
    """What a run knows; every graph uses a part of it."""

    order_id: int
    order: dict[str, Any]
    lines: list[dict[str, Any]]
    unsure: Annotated[list[str], operator.add]
    found: Annotated[list[str], operator.add]
    messages: Annotated[list[AnyMessage], add_messages]
    decision: str


class Said(TypedDict):
    """What a subgraph hands back: adding its whole state would count everything twice."""

    messages: Annotated[list[AnyMessage], add_messages]


class Graphs:
    """Builds the graphs over the platform's data and tools."""

    def __init__(self, orders: Orders, faults: Faults) -> None:
        self._orders = orders
        self._faults = faults
        self._tools = Tools(orders, faults)

    def build(self, saver: Any) -> dict[str, Any]:
        """Every graph, ready to run."""
        made = {"normaliser": self._normaliser(), "matcher": self._matcher(), "approver": self._approver()}
        return {name: graph.compile(checkpointer=saver, name=name) for name, graph in made.items()}

    async def _read_order(self, state: State) -> dict[str, Any]:
        order = await self._orders.order(state["order_id"])
        if order is None:
            raise LookupError(f"order {state['order_id']} does not exist")
        return {"order": order}

    # the SKU normaliser

    def _normaliser(self) -> Any:
        graph = StateGraph(State)
        graph.add_node("read_order", self._read_lines)
        graph.add_node("normalise", self._normalise)
        graph.add_node("catalogue", self._catalogue().compile())
        graph.add_node("conclude", self._conclude_names)
        graph.add_edge(START, "read_order")
        graph.add_conditional_edges("read_order", self._branches, ["normalise", "conclude"])
        graph.add_conditional_edges("normalise", lambda state: "catalogue" if state.get("unsure") else "conclude",
                                    ["catalogue", "conclude"])
        graph.add_edge("catalogue", "conclude")
        graph.add_edge("conclude", END)
        return graph

    async def _read_lines(self, state: State) -> dict[str, Any]:
        read = await self._read_order(state)
        return read | {"lines": await self._orders.lines(state["order_id"])}

    @staticmethod
    def _branches(state: State) -> list[Send] | str:
        lines = state.get("lines") or []
        if not lines:
            return "conclude"
        return [Send("normalise", {"order_id": state["order_id"], "lines": lines[first::BRANCHES]})
                for first in range(min(BRANCHES, len(lines)))]

    @staticmethod
    async def _normalise(state: State) -> dict[str, Any]:
        found, unsure = [], []
        for line in state["lines"]:
            # every eighth item is written in a way that rules cannot read
            if (len(line["name"]) + int(state["order_id"])) % 8 == 0:
                unsure.append(line["name"])
            else:
                found.append(f"{line['item_code']} x {line['quantity']}")
        return {"found": found, "unsure": unsure}

    def _catalogue(self) -> Any:
        def script(messages: list[BaseMessage]) -> AIMessage:
            asked = str(messages[0].content).split(": ", 1)[-1].split(", ")
            answers = results(messages)
            if not answers:
                return AIMessage("", tool_calls=[call("search_catalogue", number, text=name)
                                                 for number, name in enumerate(asked[:3])])
            if answers[-1].status == "error" and len(answers) < 6:
                return AIMessage("", tool_calls=[call("search_catalogue", len(answers), text=asked[0].split(" ")[0])])
            if len(answers) == 1:
                return AIMessage("", tool_calls=[call("convert_unit", 1, pack=asked[0])])
            return AIMessage(f"matched {len(asked)} of {len(asked)}")
        chat = model(script, self._faults, "catalogue")

        async def ask(state: State) -> dict[str, Any]:
            return {"messages": [HumanMessage("Which catalogue items are these: " + ", ".join(state["unsure"]))]}

        async def think(state: State) -> dict[str, Any]:
            return {"messages": [await chat.ainvoke(state["messages"])]}
        graph = StateGraph(State, output_schema=Said)
        graph.add_node("ask", ask)
        graph.add_node("think", think)
        graph.add_node("tools", ToolNode(self._tools.named("search_catalogue", "convert_unit"),
                                         handle_tool_errors=HANDLED))
        graph.add_edge(START, "ask")
        graph.add_edge("ask", "think")
        graph.add_conditional_edges("think", _tools_or("end"), {"tools": "tools", "end": END})
        graph.add_edge("tools", "think")
        return graph

    @staticmethod
    async def _conclude_names(state: State) -> dict[str, Any]:
        return {"decision": f"{len(state.get('found') or [])} by rule, {len(state.get('unsure') or [])} by search"}

    # the supplier matcher

    def _matcher(self) -> Any:
        def script(messages: list[BaseMessage]) -> AIMessage:
            _, supplier, order_id = str(messages[0].content).split("|")
            if not results(messages):
                return AIMessage("", tool_calls=[call("price_list", 0, supplier=supplier, order_id=int(order_id))])
            return AIMessage(f"keep {supplier}")
        chat = model(script, self._faults, "matcher")

        def judge(name: str, key: str) -> Any:
            async def branch(state: State) -> dict[str, Any]:
                rivals = await self._orders.rivals(state["order_id"])
                best = min(rivals, key=lambda one: one[key], default=None)
                return {"found": [f"{name}: {best['supplier'] if best else 'nobody'}"]}
            return branch

        async def decide(state: State) -> dict[str, Any]:
            asked = state.get("messages") or [
                HumanMessage(f"{'; '.join(state['found'])}|{state['order']['supplier_code']}|{state['order_id']}")]
            answer = await chat.ainvoke(asked)
            new: list[BaseMessage] = [answer] if state.get("messages") else [*asked, answer]
            return {"messages": new, "decision": str(answer.content)}
        graph = StateGraph(State)
        graph.add_node("read_order", self._read_order)
        graph.add_node("decide", decide)
        graph.add_node("tools", ToolNode(self._tools.named("price_list"), handle_tool_errors=HANDLED))
        graph.add_edge(START, "read_order")
        branches = {"by_price": "total", "by_lead_time": "hours", "by_record": "lines"}
        for name, key in branches.items():
            graph.add_node(name, judge(name, key))
            graph.add_edge("read_order", name)
        graph.add_edge(list(branches), "decide")
        graph.add_conditional_edges("decide", _tools_or("end"), {"tools": "tools", "end": END})
        graph.add_edge("tools", "decide")
        return graph

    # the order approver

    def _approver(self) -> Any:
        def script(messages: list[BaseMessage]) -> AIMessage:
            _, kitchen, order_id = str(messages[0].content).split("|")
            if not results(messages):
                return AIMessage("", tool_calls=[call("budget", 0, kitchen=kitchen, order_id=int(order_id)),
                                                 call("open_orders", 1, kitchen=kitchen)])
            return AIMessage("above the limit: a person decides")
        chat = model(script, self._faults, "approver")

        async def assess(state: State) -> dict[str, Any]:
            asked = state.get("messages") or [
                HumanMessage(f"May this order go out?|{state['order']['kitchen_code']}|{state['order_id']}")]
            answer = await chat.ainvoke(asked)
            return {"messages": [answer] if state.get("messages") else [*asked, answer]}

        async def ask_person(state: State) -> dict[str, Any]:
            order = await self._orders.order(state["order_id"]) or state["order"]
            if order["status"] != "held":
                return {"decision": f"decided already: the order is {order['status']}"}
            total = money(order["total_minor"], order["currency"])
            answer = interrupt({
                "question": f"Release order {order['id']} of {order['kitchen_code']}, {total}?",
                "order_id": order["id"], "options": ["approve", "reject"]})
            said = answer if isinstance(answer, dict) else {"decision": str(answer)}
            return {"decision": f"{said.get('decision', '?')} by {said.get('by', 'somebody')}"}

        async def conclude(state: State) -> dict[str, Any]:
            return {"found": [state["decision"]]}
        graph = StateGraph(State)
        graph.add_node("read_order", self._read_order)
        graph.add_node("assess", assess)
        graph.add_node("tools", ToolNode(self._tools.named("budget", "open_orders"), handle_tool_errors=HANDLED))
        graph.add_node("ask_person", ask_person)
        graph.add_node("conclude", conclude)
        graph.add_edge(START, "read_order")
        graph.add_edge("read_order", "assess")
        graph.add_conditional_edges("assess", _tools_or("ask_person"), ["tools", "ask_person"])
        graph.add_edge("tools", "assess")
        graph.add_edge("ask_person", "conclude")
        graph.add_edge("conclude", END)
        return graph


def _tools_or(other: str) -> Any:
    def choose(state: State) -> str:
        last = state["messages"][-1]
        return "tools" if isinstance(last, AIMessage) and last.tool_calls else other
    return choose
