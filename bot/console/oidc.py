"""Sign-in by a provider of OpenID Connect: code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html, sections 3.1 and 3.1.3.7. Nothing is asked of
the provider before somebody chooses this way in. What it says makes no account.
"""

from __future__ import annotations

import logging
import secrets
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.errors import Unauthorized, Unavailable
from bot.settings import OidcSettings

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a key pair. Never `none`, never one made with the client's secret."""
SCOPE = "openid email"
TIMEOUT_SECONDS = 5.0
"""For each request to the provider: somebody is waiting."""
LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""
_METADATA_SECONDS = 3600.0
"""After this its description is read again, so that a move of its endpoints is noticed."""


@dataclass(frozen=True)
class Begun:
    """What has to be remembered between the way to the provider and the way back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider says it is. `email` only where the provider has verified it."""

    subject: str
    email: str | None


class Provider:
    """The provider of an installation. One instance serves all requests."""

    def __init__(self, settings: OidcSettings):
        self._settings = settings
        self._tls = ssl.create_default_context()  # reading all the authorities takes a while
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._read_at = 0.0
        self._keys: KeySet | None = None

    def begin(self, redirect_uri: str) -> tuple[str, Begun]:
        """The provider's address to send the browser to, and what to remember.

        Raises `Unavailable` where the provider does not answer.
        """
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                self._described()["authorization_endpoint"],
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(url), begun

    def identity(self, code: str, begun: Begun, redirect_uri: str) -> Identity:
        """Change the code of the way back for an ID token, and check that.

        Raises `Unauthorized` for a code or token that does not hold, `Unavailable` where the
        provider does not answer.
        """
        metadata = self._described()
        with self._client(redirect_uri) as client:
            try:
                tokens = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=begun.verifier,
                )
            except httpx.HTTPError as error:
                raise _silent(error) from None
            except Exception as error:  # noqa: BLE001  whatever authlib raises, nobody signs in
                raise _refused(error) from None
        try:
            claims = self._claims(tokens, begun.nonce)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _refused(error) from None
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(str(claims["sub"]), str(email) if email else None)

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._settings.client_id,
            client_secret=str(self._settings.client_secret),
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._client_method(),
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            verify=self._tls,
        )

    def _client_method(self) -> str:
        """How to show the secret: what the provider supports, its default where it says nothing."""
        methods = self._described().get("token_endpoint_auth_methods_supported")
        basic = not methods or "client_secret_basic" in methods
        return "client_secret_basic" if basic else "client_secret_post"

    def _claims(self, tokens: dict[str, Any], nonce: str) -> CodeIDToken:
        token = self._decoded(tokens["id_token"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
                "sub": {"essential": True},
            },
            params={
                "nonce": nonce,
                "client_id": self._settings.client_id,
                "access_token": tokens.get("access_token"),
            },
        )
        claims.validate(now=int(time.time()), leeway=LEEWAY_SECONDS)
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        """The token, its signature checked. A key that is not known yet is asked for once."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)

    def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            found = self._get(self._described()["jwks_uri"])
            signing = [key for key in found.get("keys", []) if key.get("use", "sig") == "sig"]
            self._keys = KeySet.import_key_set({"keys": signing})
        return self._keys

    def _described(self) -> dict[str, Any]:
        """What the provider says of itself. It must call itself as the setting does."""
        with self._lock:
            if not self._metadata or time.monotonic() - self._read_at > _METADATA_SECONDS:
                issuer = self._settings.issuer
                found = self._get(issuer.rstrip("/") + "/.well-known/openid-configuration")
                if found.get("issuer") != issuer:
                    log.error("The OpenID Connect provider calls itself by another issuer.")
                    raise Unavailable("The sign-in provider is not set up rightly.")
                self._metadata, self._read_at = found, time.monotonic()
            return self._metadata

    def _get(self, url: str) -> dict[str, Any]:
        try:
            response = httpx.get(
                url, timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=self._tls
            )
            response.raise_for_status()
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _silent(error) from None
        return found if isinstance(found, dict) else {}


def _silent(error: Exception) -> Unavailable:
    log.error("%s while asking the OpenID Connect provider", type(error).__name__)
    return Unavailable("The sign-in provider does not answer.")


def _refused(error: Exception) -> Unauthorized:
    log.warning("%s in an answer of the OpenID Connect provider", type(error).__name__)
    return Unauthorized("The sign-in provider did not confirm who you are.")
