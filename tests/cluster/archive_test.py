#!/usr/bin/env python3
"""The image archive is what the OCI image layout says, and depends on its input only."""
import gzip
import hashlib
import io
import json
import pathlib
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "script"))
import oci_archive  # noqa: E402
from oci_archive import Entry  # noqa: E402

ENTRIES = [Entry("/usr/bin/app", b"program", 0o755), Entry("/app", "/usr/bin/app"), Entry("/runs", None, 0o1777)]


class Archive(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "image.tar"

    def write(self, entries) -> bytes:
        self.digest = oci_archive.write(self.path, "example.com/app:1", entries, entrypoint=["/app"])
        return self.path.read_bytes()

    def blob(self, descriptor: dict) -> bytes:
        """The blob, after its digest and size were found right."""
        with tarfile.open(self.path) as archive:
            content = archive.extractfile("blobs/" + descriptor["digest"].replace(":", "/")).read()
        self.assertEqual("sha256:" + hashlib.sha256(content).hexdigest(), descriptor["digest"])
        self.assertEqual(len(content), descriptor["size"])
        return content

    def test_layout(self):
        self.write(ENTRIES)
        with tarfile.open(self.path) as archive:
            self.assertEqual(json.load(archive.extractfile("oci-layout")), {"imageLayoutVersion": "1.0.0"})
            index = json.load(archive.extractfile("index.json"))
        [top] = index["manifests"]
        self.assertEqual(top["digest"], self.digest)
        self.assertEqual(top["annotations"]["io.containerd.image.name"], "example.com/app:1")
        manifest = json.loads(self.blob(top))
        config = json.loads(self.blob(manifest["config"]))
        self.assertEqual(config["config"]["Entrypoint"], ["/app"])
        self.assertEqual(config["config"]["User"], "65532:65532")
        layer = gzip.decompress(self.blob(manifest["layers"][0]))
        self.assertEqual(config["rootfs"]["diff_ids"], ["sha256:" + hashlib.sha256(layer).hexdigest()])
        with tarfile.open(fileobj=io.BytesIO(layer)) as files:
            self.assertEqual(files.getnames(), ["app", "runs", "usr", "usr/bin", "usr/bin/app"], "parents come first")
            self.assertEqual(files.getmember("usr/bin/app").mode, 0o755)
            self.assertEqual(files.getmember("runs").mode, 0o1777)
            self.assertEqual(files.getmember("app").linkname, "/usr/bin/app")

    def test_only_the_input_matters(self):
        self.assertEqual(self.write(ENTRIES), self.write(ENTRIES[::-1]))
        self.assertNotEqual(self.write(ENTRIES), self.write(ENTRIES[1:]))


if __name__ == "__main__":
    unittest.main()
