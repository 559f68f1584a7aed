"""Whom AsyncV0 tells the key: servers with a trusted certificate, or the environment's proxy."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.client import samples
from tests.client.backend import KEY
from tests.client.listening import against, whole
from v0client import AsyncV0, errors


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.mark.parametrize("trusted", [True, False])
def test_only_servers_with_a_trusted_certificate_hear_the_key(
    certificate: Path, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async def ask() -> tuple[str, int]:
        async with against(whole(), tls=tls) as (client, server):
            await client.v1.user.get()
            return (await client.v1.user.get()).id, server.connections

    if trusted:
        assert asyncio.run(ask()) == (samples.account()["id"], 1)
        return
    with pytest.raises(errors.ConnectionFailed, match="certificate") as caught:
        asyncio.run(ask())
    assert not caught.value.maybe_sent


def test_requests_go_through_the_proxy_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask() -> bytes:
        async with against(whole()) as (proxy, server):
            monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
            async with AsyncV0(KEY, base_url="http://v0.test") as client:
                await client.v1.user.get()
            return server.requests[0]

    assert asyncio.run(ask()).startswith(b"GET http://v0.test/v1/user ")
