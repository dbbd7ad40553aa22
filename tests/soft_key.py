"""A passkey without a device: answers what a browser would, so that a test can answer wrongly as well."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "localhost"
ORIGIN = f"http://{HOST}"


class SoftKey:
    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.pk = secrets.token_bytes(16)

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to being asked for a new key."""
        said = self._said("webauthn.create", options)
        public = ES256.from_cryptography_key(self.private.public_key())
        own = AttestedCredentialData.create(Aaguid.NONE, self.pk, public)
        whole = AttestationObject.create("none", self._data(own), {})
        return self._answer(clientDataJSON=said, attestationObject=whole)

    def shown(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to being asked for this key."""
        said, data = self._said("webauthn.get", options), self._data(None)
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], ORIGIN)

    def _data(self, own: AttestedCredentialData | None) -> AuthenticatorData:
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        if own is not None:
            flags |= AuthenticatorData.FLAG.AT
        return AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), flags, 1, own or b"")

    def _answer(self, **response: bytes) -> dict[str, Any]:
        name = websafe_encode(self.pk)
        words = {key: websafe_encode(value) for key, value in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": words, "clientExtensionResults": {}}
