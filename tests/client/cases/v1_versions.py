"""Cases of v1's versions."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client.v1 import versions

LAST = {"pagination": {"hasMore": False}}
VERSION = "/v1/chats/c1/versions/b1"

CASES = [
    Case(
        "v1.chats.find_versions",
        lambda client: client.v1.chats.find_versions("c1", cursor="YQ=="),
        "GET /v1/chats/c1/versions",
        samples.listed(samples.version(), meta={"totalCount": 1}, **LAST),
        [versions.VersionSummary],
        {"cursor": "YQ=="},
    ),
    Case(
        "v1.chats.get_version",
        lambda client: client.v1.chats.get_version("c1", "b1", include_default_files=True),
        f"GET {VERSION}",
        samples.version_detail(),
        versions.VersionDetail,
        {"includeDefaultFiles": "true"},
    ),
    Case(
        "v1.chats.update_version",
        lambda client: client.v1.chats.update_version(
            "c1", "b1", files=[{"name": "a.ts", "content": "", "locked": False}]
        ),
        f"PATCH {VERSION}",
        samples.version_detail(),
        versions.VersionDetail,
        body={"files": [{"name": "a.ts", "content": "", "locked": False}]},
    ),
    Case(
        "v1.chats.delete_version_files",
        lambda client: client.v1.chats.delete_version_files("c1", "b1", file_paths=["a.ts"]),
        f"POST {VERSION}/files/delete",
        samples.version_detail(),
        versions.VersionDetail,
        body={"filePaths": ["a.ts"]},
    ),
    Case(
        "v1.chats.restore",
        lambda client: client.v1.chats.restore("c1", "b1"),
        f"POST {VERSION}/restore",
        samples.version_detail(),
        versions.VersionDetail,
    ),
    Case(
        "v1.chats.download_version",
        lambda client: client.v1.chats.download_version(
            "c1", "b1", format="tarball", include_default_files=False
        ),
        f"GET {VERSION}/download",
        {},
        bytes,
        {"format": "tarball", "includeDefaultFiles": "false"},
    ),
]
