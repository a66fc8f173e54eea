"""A server on Django Channels as its documentation has it: a group for the subscribers, and an echo.

daphne bell:application
"""

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)


class Subscriber(AsyncWebsocketConsumer):
    """Hears the bell."""

    async def connect(self) -> None:
        await self.channel_layer.group_add("bell", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("bell", self.channel_name)

    async def rung(self, event: dict[str, str]) -> None:
        """Somebody rang."""
        await self.send(text_data=event["said"])


class Publisher(AsyncWebsocketConsumer):
    """Rings the bell."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send("bell", {"type": "rung", "said": text_data})


class Echo(AsyncWebsocketConsumer):
    """Says it back."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data)


routes = [path("", Subscriber.as_asgi()), path("publish", Publisher.as_asgi()), path("echo", Echo.as_asgi())]
application = ProtocolTypeRouter({"websocket": URLRouter(routes)})
