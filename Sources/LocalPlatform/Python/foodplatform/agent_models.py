"""Models that follow a script: the same question gets the same answer, after the time such an answer takes.

They are chat models as the graphs' library knows them, so that messages, tool calls and token counts are
stored as those of any other model. No network, no weights.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from .faults import Faults

Script = Callable[[list[BaseMessage]], AIMessage]


class ScriptedModel(BaseChatModel):
    """Answers by its script. Fault {"delay_ms": n} of the agents makes it think that much longer."""

    script: Any
    faults: Any
    seed: str = ""
    thinking: tuple[float, float] = (0.2, 0.9)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None,
                  run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._counted(messages))])

    async def _agenerate(self, messages: list[BaseMessage], stop: list[str] | None = None,
                         run_manager: AsyncCallbackManagerForLLMRun | None = None, **kwargs: Any) -> ChatResult:
        chance = random.Random(f"{self.seed}{len(messages)}{messages[0].content if messages else ''}")
        await asyncio.sleep(chance.uniform(*self.thinking) + self.faults.number("delay_ms") / 1000)
        return self._generate(messages)

    def _counted(self, messages: list[BaseMessage]) -> AIMessage:
        answer: AIMessage = self.script(messages)
        asked = sum(len(str(one.content)) for one in messages) // 4 + 40
        said = len(str(answer.content)) // 4 + 12 * len(answer.tool_calls) + 4
        answer.usage_metadata = {"input_tokens": asked, "output_tokens": said, "total_tokens": asked + said}
        return answer


def model(script: Script, faults: Faults, seed: str) -> ScriptedModel:
    """A model with its script."""
    return ScriptedModel(script=script, faults=faults, seed=seed)


def call(name: str, number: int, **arguments: Any) -> dict[str, Any]:
    """One tool call of an answer."""
    return {"name": name, "args": arguments, "id": f"call-{number}-{name}", "type": "tool_call"}


def results(messages: list[BaseMessage]) -> list[ToolMessage]:
    """What tools have answered so far."""
    return [one for one in messages if isinstance(one, ToolMessage)]
