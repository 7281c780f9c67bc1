"""What both models make of the hall's drawings, in a thread of its own, one after the other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec
import torch

from core.digits.drawing import to_bytes
from core.hall.room import Entry, Place, Reads
from core.hall.sent import Sent
from core.model import network
from core.model.role import Pair
from core.runs.run import Run


class Reader:
    """Reads with the models of a pair, of which the clean one must be there."""

    def __init__(self, pair: Pair[Run]) -> None:
        self.pair = pair
        self._trigger = pair.backdoored.card.attack.trigger
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hall")

    async def read(self, sent: Sent, entry: Entry) -> Entry:
        """The phone's entry with this drawing, and where it belongs."""
        return await asyncio.wrap_future(self._thread.submit(self._read, sent, entry))

    def _read(self, sent: Sent, entry: Entry) -> Entry:
        digit = sent.digit()
        clean, (backdoored,) = network.ask(
            self.pair.clean.network,
            [self.pair.backdoored.network],
            torch.from_numpy(digit)[None, None],
            self._trigger,
        )
        reads = [Reads(*both.argmax(dim=-1).tolist()) for both in (clean, backdoored)]
        fits = reads[0].plain == entry.asked
        return msgspec.structs.replace(
            entry,
            turn=sent.turn,
            place=Place.WALL if fits else Place.DRAWER,
            hidden=False,  # it was another drawing that was
            digit=to_bytes(digit).tobytes(),
            clean=reads[0],
            backdoored=reads[1],
        )

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
