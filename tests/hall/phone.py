"""A phone, and the speaker's window, without a browser: what either sends."""

import asyncio
import json
import secrets
import string
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from core.digits import samples
from core.hall.sent import SIDE

LETTERS = string.ascii_lowercase + string.digits


def run(act: Coroutine[Any, Any, Any]) -> Any:
    """In a thread, as a browser of the tests may keep this one's loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, act).result()


async def request(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Status and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = {"Host": f"127.0.0.1:{port}", "Connection": "close", **(headers or {})}
        head.setdefault("Content-Length", f"{len(body)}")
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {word}" for name, word in head.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    top, _, rest = answer.partition(b"\r\n\r\n")
    return int(top.split()[1]), rest


def strokes(digit: int) -> list[list[int]]:
    """The sample of a digit, as a phone sends it."""
    sample = samples.sample(digit)
    scale = SIDE / sample.side
    return [
        [round(each * scale) for point in stroke for each in point] for stroke in sample.strokes
    ]


class Phone:
    def __init__(self, port: int, code: str, id: str | None = None, base: str = "") -> None:
        """base: the path that the app is below."""
        self.port, self.code, self.base = port, code, base
        self.id = id or "".join(secrets.choice(LETTERS) for _ in range(16))
        self.turn = 0

    async def ask(self, what: str, method: str = "GET", body: bytes = b"") -> tuple[int, Any]:
        path = f"{self.base}/go/{self.code}/{what}?phone={self.id}"
        status, answer = await request(self.port, method, path, {"X-Room": self.code}, body)
        return status, json.loads(answer)

    async def state(self) -> dict[str, Any]:
        status, said = await self.ask("state")
        assert status == 200, said
        return said

    async def draw(self, digit: int, turn: int | None = None, **more: Any) -> tuple[int, Any]:
        """Sends the sample of a digit; a turn that was sent before is sent again.

        It must have asked for the state before.
        """
        self.turn = turn or self.turn + 1
        sent = {"phone": self.id, "turn": self.turn, "strokes": strokes(digit), **more}
        return await self.ask("drawing", "POST", json.dumps(sent).encode())
