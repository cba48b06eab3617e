"""image.py PROGRAM ARCHIVE [NAME:TAG]: the program, the shared libraries it names, and CA certificates. See script/image."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import oci_archive  # noqa: E402
from oci_archive import Entry  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
USER = "65532:65532"
PASSWD = b"root:x:0:0:root:/:/none\nsurgeproof:x:65532:65532:surgeproof:/runs:/none\n"


def shared_libraries(program: pathlib.Path) -> list[Entry]:
    """Where the loader of this machine finds them is where the loader in the image looks."""
    named = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    if "not found" in named:
        raise SystemExit(f"image: a library is missing:\n{named}")
    paths = set(re.findall(r"(/\S+) \(0x", named))
    return [Entry(path, pathlib.Path(path).read_bytes(), 0o755) for path in paths]


def stripped(program: pathlib.Path) -> bytes:
    with tempfile.NamedTemporaryFile() as out:
        done = subprocess.run(["strip", "--strip-all", "-o", out.name, program], check=False)
        return (pathlib.Path(out.name) if done.returncode == 0 else program).read_bytes()


def main(program: str, archive: str, name: str = "") -> None:
    binary = pathlib.Path(program)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    name = name or f"localhost/surgeproof:{version}"
    scenarios = [Entry(f"/scenarios/{file.name}", file.read_bytes()) for file in sorted((ROOT / "scenarios").glob("*.yaml"))]
    entries = [
        Entry("/surgeproof", stripped(binary), 0o755),
        *shared_libraries(binary), *scenarios,
        Entry(CERTIFICATES, pathlib.Path(CERTIFICATES).read_bytes()),
        Entry("/etc/nsswitch.conf", b"hosts: files dns\n"),
        Entry("/etc/passwd", PASSWD),
        Entry("/runs", None, 0o1777),   # the working directory: runs are written here
        Entry("/tmp", None, 0o1777),
    ]
    digest = oci_archive.write(archive, name, entries, entrypoint=["/surgeproof"], user=USER, workdir="/runs",
                               environment={"SSL_CERT_FILE": CERTIFICATES, "HOME": "/runs"},
                               labels={"org.opencontainers.image.title": "surgeproof", "org.opencontainers.image.version": version})
    size = pathlib.Path(archive).stat().st_size / 2**20
    print(f"{archive}: {name}, {len(entries)} entries, {size:.1f} MiB, {digest}")


if __name__ == "__main__":
    main(*sys.argv[1:])
