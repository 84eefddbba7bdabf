"""Where the text gateway hands over what people sent: known by its token, each message once by its id."""

from __future__ import annotations

import hmac

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from timebank.channels import texts
from timebank.channels.schemas import TextBody, TextOut
from timebank.context import Context
from timebank.errors import NotSignedIn
from timebank.web.request import Request

BODY_SIZE_MAX = 8_000


@post(
    "/api/texts", operation_id="ApiTakeText", status_code=200, request_max_body_size=BODY_SIZE_MAX, exclude_from_csrf=True,
)  # fmt: skip
async def take_text(request: Request, ctx: NamedDependency[Context], data: JSONBody[TextBody]) -> TextOut:
    """A text message from the gateway, with its token as bearer; the same id again changes nothing."""
    given = request.headers.get("authorization", "")
    wanted = f"Bearer {ctx.settings.sms_token}"
    if not ctx.settings.sms_token or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NotSignedIn()
    taken = await texts.take(ctx, gateway_id=data.id, sender=data.sender, words=data.text)
    return TextOut(act=taken.act, deed=taken.deed)


handlers = [take_text]
