"""Writes a container image as an OCI archive, without a container engine: one layer, nothing that depends on the time
or the machine. `ctr images import`, `podman load`, `skopeo` and `docker load` (25 and newer) read it."""
import gzip
import hashlib
import io
import json
import platform
import tarfile
import typing

_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


class Entry(typing.NamedTuple):
    """A file of the image, a link (content: where to), or a directory (content: None)."""
    path: str
    content: bytes | str | None
    mode: int = 0o644


def _member(entry: Entry) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(entry.path.lstrip("/"))
    info.mode = entry.mode
    if entry.content is None:
        info.type = tarfile.DIRTYPE
        return info, b""
    if isinstance(entry.content, str):
        info.type, info.linkname = tarfile.SYMTYPE, entry.content
        return info, b""
    info.size = len(entry.content)
    return info, entry.content


def _tar(entries: list[Entry]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            info, content = _member(entry)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def _with_directories(entries: list[Entry]) -> list[Entry]:
    """Parents first, each once, all in a fixed order."""
    known = {entry.path for entry in entries}
    parents = set()
    for entry in entries:
        parts = entry.path.strip("/").split("/")[:-1]
        parents.update("/" + "/".join(parts[:n]) for n in range(1, len(parts) + 1))
    directories = [Entry(path, None, 0o755) for path in parents - known]
    return sorted([*entries, *directories], key=lambda entry: entry.path)


def write(out, name: str, entries: list[Entry], entrypoint: list[str], user: str = "65532:65532", workdir: str = "/",
          environment: dict[str, str] | None = None, labels: dict[str, str] | None = None) -> str:
    """Writes the archive and returns the digest of its manifest."""
    blobs: dict[str, bytes] = {}

    def blob(content: bytes, media_type: str) -> dict:
        digest = hashlib.sha256(content).hexdigest()
        blobs[digest] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    layer = _tar(_with_directories(entries))
    layer_blob = blob(gzip.compress(layer, 6, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip")
    config = {
        "architecture": _ARCHITECTURE[platform.machine()], "os": "linux",
        "config": {"Entrypoint": entrypoint, "User": user, "WorkingDir": workdir, "Labels": labels or {},
                   "Env": [f"{key}={value}" for key, value in (environment or {}).items()]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [layer_blob],
        "config": blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
    }
    top = blob(json.dumps(manifest).encode(), manifest["mediaType"])
    # containerd and docker take the full name from the first, podman and skopeo from the second.
    top["annotations"] = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name}
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [top]}
    files = [Entry("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), Entry("index.json", json.dumps(index).encode())]
    files += [Entry(f"blobs/sha256/{digest}", content) for digest, content in sorted(blobs.items())]
    with open(out, "wb") as file:
        file.write(_tar(files))
    return top["digest"]
