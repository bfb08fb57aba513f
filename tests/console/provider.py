"""A small provider of OpenID Connect: real keys, real codes, and faults that a test can order."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "careline", "a secret of the provider's"


@cache
def keys() -> tuple[RSAKey, RSAKey]:
    """Two keys; making one takes a while."""
    first, second = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in "ab")
    return first, second


@dataclass
class TestProvider:
    """Signs in whoever `claims` describes, without asking.

    `wrong` changes what it gives: claims of the ID token (None takes one away), `key` (`another`,
    `secret`, `none`). `asked` holds what it was asked for, `address` is its own.
    """

    __test__ = False

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._others = cycle(keys())
        self.change_key()

    def change_key(self) -> None:
        """Sign with another key from now on, as providers do now and then."""
        self.key = next(self._others)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _described(self, request: Request) -> Response:
        self.calls.append("described")
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                **self.says,
            }
        )

    async def _keys(self, request: Request) -> Response:
        self.calls.append("keys")
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        self.asked = asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=303)

    async def _token(self, request: Request) -> Response:
        self.calls.append("token")
        form = {key: each[0] for key, each in parse_qs((await request.body()).decode()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked["code_challenge_method"] != "S256" or challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {
                "access_token": "opaque",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": self._id_token(asked["nonce"]),
            }
        )

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            **self.claims,
            **self.wrong,
        }
        how = claims.pop("key", "")
        claims = {key: each for key, each in claims.items() if each is not None}
        if how == "secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))
        kid = self.key.kid
        key = next(self._others) if how == "another" else self.key
        signed = jwt.encode({"alg": "RS256", "kid": kid}, claims, key)
        if how != "none":
            return signed
        head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        return f"{head}.{signed.split('.')[1]}."
