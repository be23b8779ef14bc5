"""Runs that a console must tell apart, made by whatever LangGraph is installed, in the schema `agents`.

The same scenario for every generation: the rows differ, what they mean does not. Thread ids say what became
of each. Run by `record`; the connection comes from the PG* variables.
"""

import operator
import os
import sys
from typing import Annotated, Any, TypedDict

import psycopg
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, Send, interrupt
from psycopg.rows import dict_row


class State(TypedDict, total=False):
    order_id: int
    found: Annotated[list[str], operator.add]
    messages: Annotated[list[AnyMessage], add_messages]
    piece: str


class Said(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


@tool
def price(item: str) -> str:
    """The price of an item."""
    if item == "unknown":
        raise ValueError("no price for unknown")
    return "12.50"


def ask(state: State) -> dict[str, Any]:
    return {"messages": [HumanMessage("what does it cost?")]}


def think(state: State) -> dict[str, Any]:
    if any(one.type == "tool" for one in state["messages"]):
        return {"messages": [AIMessage("12.50, and one unknown")]}
    calls = [{"name": "price", "args": {"item": item}, "id": f"call-{item}"} for item in ("rice", "unknown")]
    return {"messages": [AIMessage("", tool_calls=calls, usage_metadata={
        "input_tokens": 40, "output_tokens": 12, "total_tokens": 52})]}


def needs_tools(state: State) -> str:
    last = state["messages"][-1]
    return "tools" if getattr(last, "tool_calls", None) else END


def catalogue() -> Any:
    """The subgraph: a model and its tools, one of whose calls fails and is handled."""
    graph = StateGraph(State, output=Said) if "output" in StateGraph.__init__.__code__.co_varnames \
        else StateGraph(State, output_schema=Said)
    graph.add_node("ask", ask)
    graph.add_node("think", think)
    graph.add_node("tools", ToolNode([price], handle_tool_errors=True))
    graph.add_edge(START, "ask")
    graph.add_edge("ask", "think")
    graph.add_conditional_edges("think", needs_tools, ["tools", END])
    graph.add_edge("tools", "think")
    return graph.compile()


def normaliser(saver: Any) -> Any:
    """Parallel branches by Send and by edges, then the subgraph."""
    graph = StateGraph(State)
    graph.add_node("read", lambda state: {"found": ["read"]})
    graph.add_node("part", lambda state: {"found": [state["piece"]]})
    graph.add_node("left", lambda state: {"found": ["left"]})
    graph.add_node("right", lambda state: {"found": ["right"]})
    graph.add_node("catalogue", catalogue())
    graph.add_edge(START, "read")
    graph.add_conditional_edges("read", lambda state: [Send("part", {"piece": name}) for name in ("a", "b")], ["part"])
    graph.add_edge("part", "left")
    graph.add_edge("part", "right")
    graph.add_edge(["left", "right"], "catalogue")
    graph.add_edge("catalogue", END)
    return graph.compile(checkpointer=saver)


def approver(saver: Any, trouble: str = "") -> Any:
    """Two nodes, a question, an end; or trouble in the middle."""
    def middle(state: State) -> dict[str, Any]:
        if trouble == "raise":
            raise RuntimeError("the price list answered 502")
        if trouble == "die":
            os._exit(0)
        return {"found": ["checked"]}

    def question(state: State) -> dict[str, Any]:
        answer = interrupt({"question": f"Release order {state['order_id']}?", "options": ["approve", "reject"]})
        return {"found": [str(answer)]}
    graph = StateGraph(State)
    graph.add_node("check", middle)
    graph.add_node("ask_person", question)
    graph.add_node("conclude", lambda state: {"found": ["end"]})
    graph.add_edge(START, "check")
    graph.add_edge("check", "ask_person")
    graph.add_edge("ask_person", "conclude")
    graph.add_edge("conclude", END)
    return graph.compile(checkpointer=saver)


def config(graph: str, order: int, thread: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread},
            "metadata": {"graph": graph, "order_id": order, "queue": "agents", "job_id": f"order-{order}-{graph}"}}


def main() -> None:
    connection = psycopg.connect("options='-c search_path=agents'", autocommit=True, prepare_threshold=None,
                                 row_factory=dict_row)
    saver: Any = PostgresSaver(connection)
    saver.setup()
    normaliser(saver).invoke({"order_id": 1}, config("normaliser", 1, "order-1-done"))
    approver(saver).invoke({"order_id": 2}, config("approver", 2, "order-2-waiting"))
    resumed = approver(saver)
    for _ in range(2):
        resumed.invoke({"order_id": 3}, config("approver", 3, "order-3-resumed-twice"))
        resumed.invoke(Command(resume="approve"), config("approver", 3, "order-3-resumed-twice"))
    try:
        approver(saver, "raise").invoke({"order_id": 4}, config("approver", 4, "order-4-failed"))
    except RuntimeError:
        pass
    sys.stdout.flush()
    # a worker that dies in the middle: nothing after this line is written
    approver(saver, "die").invoke({"order_id": 5}, config("approver", 5, "order-5-abandoned"))


main()
