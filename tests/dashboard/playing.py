"""Somebody in front of the playground, with a browser that reads along or one that does not."""

from __future__ import annotations

import json
import uuid

from asgiref.sync import async_to_sync
from django.http import HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import reverse

from dashboard.models import Key

PATH = "/v1/chat/completions"


class Visitor:
    """Somebody with a paid plan in v0 in front of the playground."""

    def __init__(self, client: Client, key: Key) -> None:
        self.client, self.key = client, key
        self.url = reverse("playground", args=[key.team.slug])

    def send(self, text: str = "Write a haiku about tea", **fields: object) -> str:
        return self.post(text, **fields).text

    def post(self, text: str, **fields: object) -> HttpResponse:
        told, headers = self.told(text, **fields), {"accept": "text/html"}
        return self.client.post(self.url, told, headers=headers)  # type: ignore[return-value]

    def told(self, text: str, **fields: object) -> dict[str, object]:
        told = {"nonce": uuid.uuid4(), "key": self.key.pk, "model": "v0-1.5-md", "role": "user"}
        return told | {"text": text} | fields

    def listen(self, text: str, **fields: object) -> tuple[int, str]:
        """The status and the whole answer, for a browser that reads along."""
        browser = AsyncClient()
        browser.cookies = self.client.cookies

        async def read() -> tuple[int, str]:
            headers = {
                "accept": "text/event-stream",
                "hx-request": "true",
                "hx-target": "playground",
            }
            answer = await browser.post(self.url, self.told(text, **fields), headers=headers)
            if not isinstance(answer, StreamingHttpResponse):
                return answer.status_code, answer.text
            pieces = [piece async for piece in answer.streaming_content]  # type: ignore[union-attr]
            return answer.status_code, b"".join(pieces).decode()

        return async_to_sync(read)()

    def stream(
        self, text: str = "Write a haiku about tea", **fields: object
    ) -> list[dict[str, str]]:
        status, told = self.listen(text, **fields)
        assert status == 200
        return [json.loads(line.removeprefix("data: ")) for line in told.split("\n\n") if line]
