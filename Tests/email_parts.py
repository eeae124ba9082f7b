"""What Python's email reads in each of the files named: one line a part, tabs between

file's name, place, content type, number of header fields, SHA-256 of the decoded content ("-" for a container).
Line ends of contents are LF: they depend on the store.
"""

import email
import email.policy
import hashlib
import sys


def walk(name, message, place):
    container = message.is_multipart()
    digest = "-"
    if not container:
        content = message.get_payload(decode=True) or b""
        digest = hashlib.sha256(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).hexdigest()
    print(name, place, message.get_content_type(), len(message.keys()), digest, sep="\t")
    if container:
        for number, child in enumerate(message.get_payload(), 1):
            walk(name, child, f"{place}.{number}")


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    walk(path.rsplit("/", 1)[-1], message, "1")
