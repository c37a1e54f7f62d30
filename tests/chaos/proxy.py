"""A TCP proxy that can cut, delay, swallow and refuse: between the services and a server."""

import asyncio
import contextlib
import threading

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 65_536


class Proxy:
    """Stands before one port, on a port of its own, in a thread of its own."""

    def __init__(self, target_port: int) -> None:
        self.connections = 0
        self.port = 0
        self._target_port = target_port
        self._delay_seconds = 0.0
        self._open: asyncio.Event
        self._answering: asyncio.Event
        self._server: asyncio.Server
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def cut(self) -> None:
        """End every connection at once; new ones are taken."""
        self._loop.call_soon_threadsafe(self._cut)

    def delay(self, seconds: float) -> None:
        """Let everything that passes wait this long, in both directions."""
        self._delay_seconds = seconds

    def swallow(self) -> None:
        """Let nothing pass and nobody know: what is sent waits, as on a line that is dead."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def swallow_answers(self) -> None:
        """Let the server hear everything and nobody hear the server."""
        self._loop.call_soon_threadsafe(self._answering.clear)

    def shut(self) -> None:
        """Refuse every connection, and end those that there are."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()

    def heal(self) -> None:
        self._delay_seconds = 0.0
        asyncio.run_coroutine_threadsafe(self._heal(), self._loop).result()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._open = asyncio.Event()
        self._answering = asyncio.Event()
        self._loop.run_until_complete(self._heal())
        self.port = self._server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _heal(self) -> None:
        self._open.set()
        self._answering.set()
        if not self.port or not self._server.is_serving():
            self._server = await asyncio.start_server(self._connect, LOOPBACK, self.port)

    async def _shut(self) -> None:
        self._server.close()
        self._cut()

    def _cut(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(OSError, asyncio.CancelledError):
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target_port)
            both = asyncio.gather(
                self._pass(reader, far_writer, self._open),
                self._pass(far_reader, writer, self._answering),
            )
            task = asyncio.ensure_future(both)
            self._tasks.add(task)
            try:
                await task
            finally:
                self._tasks.discard(task)
                far_writer.transport.abort()
        writer.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event
    ) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            if self._delay_seconds:
                await asyncio.sleep(self._delay_seconds)
            await self._open.wait()
            await gate.wait()
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError  # one end has gone: so does the other
