#!/usr/bin/env python3
"""Checks an export bundle, as docs/reference/bundles.md and docs/reference/seals.md describe it.

Written from these two pages alone, as a second implementation: it shares no code with the service. Needs Python 3.9 or
newer and, for signatures, either the package `cryptography` or OpenSSL 3 as the command `openssl`.

usage: verify_bundle.py [--key FILE]... [--head FILE] [--json] [--crypto auto|cryptography|openssl] BUNDLE...

  BUNDLE      files, plain or gzip; - for standard input
  --key       a public key to trust: base64 or hex of the 32 raw bytes, or a PEM file; may be given more than once
  --head      a published head (JSON) to hold the bundle against; its key is trusted too
  --json      each verdict as a line of JSON

exit codes, the highest of all files
  0  intact; with --key or --head also vouched for by what was given
  1  damaged, or not vouched for by what was given: the first damage is named
  2  not checked, at least one: wrong usage, a file that cannot be read, nothing to check signatures with
"""

import argparse
import base64
import binascii
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

CHUNK = 64 * 1024
LINE_LIMIT = 1048576
NESTING_LIMIT = 100
TEXT_LIMIT = 2097152
WORD_LIMIT = 1024
STREAM_LIMIT = 500000
EXECUTIONS_LIMIT = 1000
KEY_LIMIT = 10000
AWAITED_LIMIT = 100000
PATH_LIMIT = 53
WHOLE_LIMIT = 9007199254740991
SEAL_EVENTS_LIMIT = 10000
HEAD_LIMIT = 16 * 1024
SHOWN = 120

ZEROS = "0" * 64
SEAL_STREAM = "seal-log"
SEAL_PURPOSE = "workflow-execution/seal/1"
BUNDLE_PURPOSE = "workflow-execution/bundle/1"
EXECUTION = "workflowexecution-"
STAGES = {"bundle": 0, "key": 1, "seal": 2, "event": 2, "stub": 2, "claim": 3, "stream": 4, "end": 5}

EXPLANATIONS = {
    "Truncated": "The file broke off: it is not the whole bundle.",
    "Malformed": "The line is not one the format knows, or not written in its one canonical way.",
    "FormatUnknown": "The bundle is of a format this program does not know.",
    "Misplaced": "The line is where one of its kind cannot be.",
    "AlgorithmUnknown": "Another algorithm is named than the one the format allows.",
    "HashDiffers": "The event is not as it was when it was recorded.",
    "StubUnclaimed": "The content of an event is missing, and its stream does not say that it was archived to that file.",
    "PreviousHashDiffers": "The event does not follow the one before it in its stream.",
    "RevisionMissing": "An event of the stream is missing, or there twice.",
    "OrdinalDiffers": "An event of the log is missing, or there twice.",
    "ForeignEvent": "The event is of another execution than the bundle says.",
    "EventMissing": "Events that the seal covers are missing.",
    "RootDiffers": "The events are not those the seal was made over, or not in their order.",
    "ProofDiffers": "The proof does not show that the event is under the seal.",
    "SealDiffers": "The seal does not fit the seal before it, the log, or what the bundle says of it.",
    "KeyDiffers": "Another key was used than the one in force.",
    "SignatureDiffers": "The signature is not by the key, or not over this.",
    "StoreDiffers": "It is of another log.",
    "StreamHeadDiffers": "The bundle says that the stream ends elsewhere than it does.",
    "CountDiffers": "Lines are missing, or there twice.",
    "DigestDiffers": "Bytes were changed after the bundle was made.",
    "KeyUnproven": "Nothing that was given as trusted vouches for the key.",
    "Unsigned": "The bundle is not signed, so nobody vouches that it is whole.",
    "HeadMissing": "The log was cut or rolled back, or the bundle is older than the published head.",
    "HeadDiffers": "The log was written anew: the published head says something else.",
}


class Damage(Exception):
    """The first check that failed."""

    def __init__(self, kind, expected, found="something else", event=None):
        super().__init__(kind)
        self.kind, self.expected, self.found, self.event = kind, expected, found, event


class NotChecked(Exception):
    """Nothing can be said of the bundle."""


# ---------------------------------------------------------------- canonical JSON


def units(text):
    """Length of a text in UTF-16 code units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def sort_key(name):
    """Orders names by their UTF-16 code units."""
    return name.encode("utf-16-be", "surrogatepass")


SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
ESCAPED = re.compile('["\\\\\x00-\x1f\ud800-\udfff]')


def escape(match):
    character = match.group(0)
    return SHORT_ESCAPES.get(character) or "\\u%04x" % ord(character)


def canonical_text(text):
    return '"' + ESCAPED.sub(escape, text) + '"'


def canonical_number(value):
    """As ECMAScript writes a double: its fewest digits d1..dk with the value 0.d1..dk x 10^n."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    n = len(whole) + int(exponent or "0")
    digits = whole + fraction
    n -= len(digits) - len(digits.lstrip("0"))
    digits = digits.lstrip("0").rstrip("0")
    k = len(digits)
    if k <= n <= 21:
        return sign + digits + "0" * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + digits
    point = "." + digits[1:] if k > 1 else ""
    return "%s%s%se%s%d" % (sign, digits[0], point, "+" if n - 1 >= 0 else "-", abs(n - 1))


class Canonical:
    """Writes one value; counts what it wrote, since more than a limit cannot be recorded."""

    def __init__(self):
        self.length = 0

    def write(self, value, depth=0):
        if value is None:
            text = "null"
        elif value is True:
            text = "true"
        elif value is False:
            text = "false"
        elif isinstance(value, str):
            text = canonical_text(value)
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise Damage("Malformed", "a finite number")
            text = canonical_number(value)
        else:
            text = self.write_container(value, depth + 1)
        self.length += units(text)
        if self.length > TEXT_LIMIT:
            raise Damage("Malformed", "content that can be recorded", "more characters")
        return text

    def write_container(self, value, depth):
        if depth > NESTING_LIMIT:
            raise Damage("Malformed", "content that can be recorded", "deeper nesting")
        if isinstance(value, list):
            return "[" + ",".join(self.write(each, depth) for each in value) + "]"
        members = (canonical_text(name) + ":" + self.write(value[name], depth) for name in sorted(value, key=sort_key))
        return "{" + ",".join(members) + "}"


def canonical(value):
    return Canonical().write(value)


# ---------------------------------------------------------------- lines


def no_constant(name):
    raise ValueError(name)


def unique_members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name twice")
    return members


def parse_json(text):
    """Every number becomes a double."""
    try:
        return json.loads(
            text, parse_int=float, parse_float=float, parse_constant=no_constant, object_pairs_hook=unique_members
        )
    except (ValueError, RecursionError):
        raise Damage("Malformed", "JSON", "a text that is none") from None


def is_whole(value, least=0, most=WHOLE_LIMIT):
    return isinstance(value, float) and math.isfinite(value) and value == int(value) and least <= value <= most


def matcher(pattern, limit):
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and units(value) <= limit and compiled.fullmatch(value) is not None


is_hash = matcher("[0-9a-f]{64}", 64)
is_instant = matcher(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", 24)
is_stream = matcher("[a-z0-9]+-[a-z0-9-]+", 200)
is_type = matcher("[A-Za-z0-9._-]+", 100)
is_id = matcher("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", 36)


def is_word(value, least=1):
    return isinstance(value, str) and least <= units(value) <= WORD_LIMIT


def is_object(value):
    return isinstance(value, dict)


def is_bytes(count):
    """Base64 of so many bytes, in its one canonical form."""

    def check(value):
        if not is_word(value):
            return False
        try:
            decoded = base64.b64decode(value.encode("ascii"), validate=True)
        except (ValueError, binascii.Error):
            return False
        return len(decoded) == count and base64.b64encode(decoded).decode("ascii") == value

    return check


def exactly(wanted):
    return lambda value: type(value) is type(wanted) and value == wanted


def or_null(rule):
    return lambda value: value is None or rule(value)


def shape(**rules):
    """An object with exactly these members."""
    return lambda value: (
        is_object(value) and value.keys() == rules.keys() and all(rule(value[name]) for name, rule in rules.items())
    )


OF_BOTH = dict(
    hash=is_hash,
    id=is_id,
    position=is_word,
    previousHash=is_hash,
    revision=is_whole,
    schemaVersion=lambda value: is_whole(value, 1),
    stream=is_stream,
    type=is_type,
)
EVENT = shape(data=is_object, metadata=is_object, **OF_BOTH)
STUB = shape(archive=matcher("[A-Za-z0-9][A-Za-z0-9._-]*", 200), **OF_BOTH)
PROOF = shape(
    index=is_whole,
    path=lambda value: isinstance(value, list) and len(value) <= PATH_LIMIT and all(is_hash(each) for each in value),
    seal=is_whole,
)
SCOPE_ALL = shape(kind=exactly("all"))
SCOPE_TIME = shape(kind=exactly("time"), **{"from": or_null(is_instant), "to": or_null(is_instant)})
SCOPE_EXECUTION = shape(kind=exactly("execution"), executionId=is_word, stream=is_stream)
is_execution_id = matcher("[a-z0-9-]+", 200 - len(EXECUTION))


def is_sorted_ids(value):
    """Some, not too many, by name, and none twice."""
    return (
        isinstance(value, list)
        and 1 <= len(value) <= EXECUTIONS_LIMIT
        and all(is_execution_id(each) for each in value)
        and all(before < each for before, each in zip(value, value[1:]))
    )


SCOPE_EXECUTIONS = shape(kind=exactly("executions"), executionIds=is_sorted_ids)
SCOPES = (SCOPE_ALL, SCOPE_TIME, SCOPE_EXECUTION, SCOPE_EXECUTIONS)
HEAD = shape(
    asOf=is_word,
    firstOrdinal=or_null(is_whole),
    format=exactly(1.0),
    kind=exactly("bundle"),
    madeAt=is_instant,
    madeBy=is_word,
    newestSeal=or_null(shape(hash=is_hash, number=is_whole, total=lambda value: is_whole(value, 1))),
    product=exactly("workflow-execution"),
    scope=lambda value: any(rule(value) for rule in SCOPES),
    storeId=is_word,
)


def is_head(line):
    if not HEAD(line):
        return False
    scope, first = line["scope"], line["firstOrdinal"]
    if scope["kind"] == "execution":
        return first is None and scope["stream"] == EXECUTION + scope["executionId"]
    if scope["kind"] == "executions":
        return first is None
    if first is None:
        return False
    return first == 0 if scope["kind"] == "all" else scope["from"] is not None or scope["to"] is not None


PLACES = ({}, {"ordinal": is_whole}, {"ordinal": is_whole, "proof": PROOF})
EVENT_LINES = [shape(kind=exactly("event"), event=EVENT, **place) for place in PLACES]
STUB_LINES = [shape(kind=exactly("stub"), stub=STUB, **place) for place in PLACES]
COUNTS = ("claims", "events", "keys", "seals", "streams", "stubs", "unsealed")
LINES = {
    "bundle": is_head,
    "key": shape(kind=exactly("key"), event=EVENT),
    "seal": shape(kind=exactly("seal"), event=EVENT),
    "event": lambda line: any(rule(line) for rule in EVENT_LINES),
    "stub": lambda line: any(rule(line) for rule in STUB_LINES),
    "claim": shape(kind=exactly("claim"), event=EVENT),
    "stream": shape(kind=exactly("stream"), hash=is_hash, revision=is_whole, stream=is_stream),
    "end": shape(
        kind=exactly("end"),
        counts=shape(**{name: is_whole for name in COUNTS}),
        keyId=or_null(is_hash),
        sha256=is_hash,
        signature=or_null(is_bytes(64)),
    ),
}


def parse_line(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Damage("Malformed", "UTF-8", "bytes that are none") from None
    line = parse_json(text)
    kind = line.get("kind") if is_object(line) else None
    if not isinstance(kind, str) or kind not in LINES:
        raise Damage("Malformed", "a line of a known kind")
    if kind == "bundle":
        number = line.get("format")
        if isinstance(number, float) and math.isfinite(number) and number != 1:
            raise Damage("FormatUnknown", "format 1", canonical_number(number))
    if not LINES[kind](line):
        raise Damage("Malformed", "a %s line with the members of the format" % kind)
    if written(line) != text:
        raise Damage("Malformed", "canonical JSON", "the same written in another way")
    return line


def written(line):
    """The line in canonical JSON. `data` and `metadata` are nested and measured by themselves."""
    parts = []
    for name in sorted(line):
        if name == "event":
            event = line["event"]
            members = ((each, canonical(event[each])) for each in sorted(event))
            value = "{" + ",".join('"%s":%s' % member for member in members) + "}"
        else:
            value = canonical(line[name])
        parts.append('"%s":%s' % (name, value))
    return "{" + ",".join(parts) + "}"


def read_chunks(file):
    while True:
        chunk = file.read(CHUNK)
        if not chunk:
            return
        yield chunk


def unpacked(file):
    chunks = read_chunks(file)
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= 2:
            break
    if start[:2] != b"\x1f\x8b":
        if start:
            yield start
        yield from chunks
        return
    yield from gunzipped(start, chunks)


def gunzipped(start, chunks):
    """One or more members, and nothing after the last."""
    member = zlib.decompressobj(31)
    pending = start
    while True:
        while pending:
            if member.eof:
                if len(pending) == 1 and pending == b"\x1f":
                    pending += next(chunks, b"")
                if pending[:2] != b"\x1f\x8b" and pending != b"\x1f":
                    raise Damage("Malformed", "the end of the file after the gzip member", "more bytes")
                member = zlib.decompressobj(31)
            try:
                out = member.decompress(pending, CHUNK)
            except zlib.error:
                raise Damage("Malformed", "gzip", "bytes that are none") from None
            if out:
                yield out
            pending = member.unused_data if member.eof else member.unconsumed_tail
        pending = next(chunks, b"")
        if not pending:
            break
    if not member.eof:
        raise Damage("Truncated", "the end of the gzip member", "the end of the file")


def read_lines(file):
    rest = b""
    for chunk in unpacked(file):
        rest += chunk
        lines = rest.split(b"\n")
        rest = lines.pop()
        for line in lines:
            must_fit(line)
            yield line
        must_fit(rest)
    if rest:
        raise Damage("Truncated", "a line feed", "the end of the file in the middle of a line")


def must_fit(line):
    if len(line) > LINE_LIMIT:
        raise Damage("Malformed", "a line of at most %d bytes" % LINE_LIMIT, "more")


# ---------------------------------------------------------------- hashes and signatures


def sha256(data):
    return hashlib.sha256(data).digest()


def event_hash(event):
    hashed = ("data", "id", "metadata", "revision", "schemaVersion", "stream", "type")
    members = ",".join('"%s":%s' % (name, canonical(event[name])) for name in hashed)
    return sha256((event["previousHash"] + "{" + members + "}").encode("utf-8")).hex()


def leaf(hash_text):
    return sha256(b"\x00" + bytes.fromhex(hash_text))


def node(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """Merkle tree of RFC 6962; keeps one hash for each perfect subtree, left to right."""

    def __init__(self):
        self.count, self.subtrees = 0, []

    def add(self, hash_text):
        size, top = 1, leaf(hash_text)
        while self.subtrees and self.subtrees[-1][0] == size:
            _, left = self.subtrees.pop()
            size, top = size * 2, node(left, top)
        self.subtrees.append((size, top))
        self.count += 1

    def root(self):
        result = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            result = node(left, result)
        return result.hex()


def root_from_path(hash_text, index, count, path):
    """The root a proof leads to; None when its length is not that of PATH(index, count)."""
    sides = []
    while count > 1:
        k = 1
        while k * 2 < count:
            k *= 2
        if index < k:
            sides.append("right")
            count = k
        else:
            sides.append("left")
            index, count = index - k, count - k
    if len(sides) != len(path):
        return None
    result = leaf(hash_text)
    for side, sibling in zip(reversed(sides), path):
        other = bytes.fromhex(sibling)
        result = node(result, other) if side == "right" else node(other, result)
    return result.hex()


def verify_with_cryptography(public_key, message, signature):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def verify_with_openssl(public_key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        names = {"key": SPKI_PREFIX + public_key, "message": message, "signature": signature}
        for name, content in names.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", os.path.join(folder, "key")]
        command += ["-rawin", "-in", os.path.join(folder, "message"), "-sigfile", os.path.join(folder, "signature")]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, check=False)
        if done.returncode == 0:
            return True
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        if "Signature Verification Failure" in said:
            return False
        raise NotChecked("openssl cannot check an Ed25519 signature (OpenSSL 3 is needed): " + said.strip()[:200])


def has_cryptography():
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: F401
    except ImportError:
        return False
    return True


def verifier_of(choice):
    if choice in ("auto", "cryptography") and has_cryptography():
        return verify_with_cryptography
    if choice in ("auto", "openssl") and shutil.which("openssl"):
        return verify_with_openssl
    raise NotChecked("to check signatures, install the Python package cryptography, or OpenSSL 3")


def key_id(public_key):
    return sha256(public_key).hex()


def seal_message(event_type, data):
    signed = {name: value for name, value in data.items() if name not in ("signature", "previousSignature")}
    return ("%s\n%s\n%s" % (SEAL_PURPOSE, event_type, canonical(signed))).encode("utf-8")


def end_message(line):
    signed = {name: value for name, value in line.items() if name != "signature"}
    return ("%s\n%s" % (BUNDLE_PURPOSE, canonical(signed))).encode("utf-8")


def decode(text):
    return base64.b64decode(text)


KEY_FIELDS = dict(
    format=exactly(1.0),
    algorithm=exactly("ed25519"),
    keyId=is_hash,
    publicKey=is_bytes(32),
    reason=lambda value: is_word(value, 0),
    signature=is_bytes(64),
)
SEAL_FIELDS = {
    "SealKeyIntroduced": shape(**KEY_FIELDS),
    "SealKeyRotated": shape(previousKeyId=is_hash, previousSignature=is_bytes(64), **KEY_FIELDS),
    "LogSealed": shape(
        **{"from": is_whole},
        format=exactly(1.0),
        algorithm=exactly("sha256-rfc6962/ed25519"),
        number=is_whole,
        storeId=is_word,
        events=lambda value: is_whole(value, 1, SEAL_EVENTS_LIMIT),
        position=is_word,
        root=is_hash,
        previousSeal=is_hash,
        keyId=is_hash,
        signature=is_bytes(64),
    ),
}


# ---------------------------------------------------------------- the checks


def must_be(kind, what, expected, found, event=None):
    if expected != found:
        raise Damage(kind, "%s %s" % (what, plain(expected)), plain(found), event)


def plain(value):
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def check_hash(event):
    must_be("HashDiffers", "hash", event_hash(event), event["hash"], event)


class Key:
    def __init__(self, revision, identity, public_key, family):
        self.revision, self.identity, self.public_key, self.family = revision, identity, public_key, family


class Voucher:
    """One kind of anchor: keys that are believed."""

    def __init__(self, identities):
        self.identities = identities
        self.doubted = self.unproven = None

    def families(self, keys):
        return {key.family for key in keys if key.identity in self.identities}

    def seal(self, seal, key, before, keys):
        if before is None or before["number"] + 1 != seal["number"]:
            self.give_up_doubted()
        if key.family in self.families(keys):
            self.doubted = None
        elif self.doubted is None:
            self.doubted = seal["number"]

    def give_up_doubted(self):
        if self.unproven is None:
            self.unproven = self.doubted
        self.doubted = None

    def judge(self, keys, end):
        if keys and keys[-1].family not in self.families(keys):
            raise Damage("KeyUnproven", "the newest key to be vouched for", "that nothing vouches for it")
        self.give_up_doubted()
        if self.unproven is not None:
            raise Damage("KeyUnproven", "the key of seal %s to be vouched for" % plain(self.unproven), "nothing")
        if end["keyId"] is None:
            raise Damage("Unsigned", "a signature of the end line", "none")


class Bundle:
    """Takes the lines of one bundle from top to bottom."""

    def __init__(self, verify, trusted, published):
        self.verify, self.trusted, self.published = verify, trusted, published
        kinds = (trusted, {published["keyId"]} if published else set())
        self.vouchers = [Voucher(identities) for identities in kinds if identities]
        self.head = self.end = None
        self.stage = 0
        self.digest = hashlib.sha256()
        self.keys = []
        self.seals = 0
        self.first_seal = self.last_seal = None
        self.events = self.unsealed = self.rollbacks = 0
        self.ordinal = -1.0
        self.tree = None
        self.streams = {}
        self.stream_lines, self.last_stream = 0, ""
        self.stubs, self.archives = 0, {}
        self.waiting = {}
        self.claims, self.last_claimed = 0, ""
        self.wanted = None
        self.awaited = []
        self.head_found = None

    @property
    def is_run(self):
        return self.head["firstOrdinal"] is not None

    @property
    def scope(self):
        return self.head["scope"]["kind"]

    def take(self, line, data):
        kind = line["kind"]
        self.enter(kind)
        getattr(self, "take_" + kind)(line)
        self.digest.update(data + b"\n")

    def enter(self, kind):
        if self.head is None:
            fits = kind == "bundle"
        else:
            fits = kind != "bundle" and self.end is None and STAGES[kind] >= self.stage
        if not fits or (kind == "seal" and self.unsealed > 0):
            raise Damage("Misplaced", "a line in the order of the format", "a %s line" % kind)
        self.stage = STAGES[kind]

    def take_bundle(self, line):
        self.head = line
        self.ordinal = -1.0 if line["firstOrdinal"] is None else line["firstOrdinal"]
        if self.scope == "execution":
            self.wanted = {line["scope"]["stream"]}
        elif self.scope == "executions":
            self.wanted = {EXECUTION + each for each in line["scope"]["executionIds"]}

    # -- keys

    def checked_seal_event(self, event, types, algorithm):
        if event["stream"] != SEAL_STREAM or event["type"] not in types:
            raise Damage("Malformed", "an event of %s: %s" % (SEAL_STREAM, " or ".join(types)), event["type"], event)
        check_hash(event)
        data = event["data"]
        if data.get("algorithm") != algorithm:
            raise Damage("AlgorithmUnknown", algorithm, str(data.get("algorithm")), event)
        if event["schemaVersion"] != 1 or not SEAL_FIELDS[event["type"]](data):
            raise Damage("Malformed", "an event as seals.md has it", "another one", event)
        if "publicKey" in data and key_id(decode(data["publicKey"])) != data["keyId"]:
            raise Damage("Malformed", "the key id of the key", "another one", event)
        return data

    def take_key(self, line):
        event = line["event"]
        if len(self.keys) >= KEY_LIMIT:
            raise Damage("Malformed", "at most %d key lines" % KEY_LIMIT, "more")
        data = self.checked_seal_event(event, ("SealKeyIntroduced", "SealKeyRotated"), "ed25519")
        is_rotation = event["type"] == "SealKeyRotated"
        last = self.keys[-1] if self.keys else None
        if last is None:
            must_be("KeyDiffers", "first", "SealKeyIntroduced", event["type"], event)
            must_be("KeyDiffers", "revision", 0, event["revision"], event)
        elif event["revision"] <= last.revision:
            raise Damage("KeyDiffers", "a higher revision", plain(event["revision"]), event)
        elif is_rotation:
            must_be("KeyDiffers", "key before", last.identity, data["previousKeyId"], event)
        public_key = decode(data["publicKey"])
        message = seal_message(event["type"], data)
        is_good = self.verify(public_key, message, decode(data["signature"]))
        if is_good and is_rotation:
            is_good = self.verify(last.public_key, message, decode(data["previousSignature"]))
        if not is_good:
            raise Damage("SignatureDiffers", "signatures of " + event["type"], "others", event)
        family = last.family + (0 if is_rotation else 1) if last else 0
        self.keys.append(Key(event["revision"], data["keyId"], public_key, family))

    # -- seals

    def check_covered(self):
        if self.is_run and self.tree is not None:
            must_be("EventMissing", "events under the seal:", self.last_seal["events"], self.tree.count)

    def take_seal(self, line):
        self.check_covered()
        event = line["event"]
        seal = self.checked_seal_event(event, ("LogSealed",), "sha256-rfc6962/ed25519")
        must_be("StoreDiffers", "store", self.head["storeId"], seal["storeId"], event)
        in_force = [key for key in self.keys if key.revision < event["revision"]]
        if not in_force or in_force[-1].identity != seal["keyId"]:
            raise Damage("KeyDiffers", "the key in force", seal["keyId"], event)
        key = in_force[-1]
        if not self.verify(key.public_key, seal_message("LogSealed", seal), decode(seal["signature"])):
            raise Damage("SignatureDiffers", "signature of the seal", "another", event)
        self.check_follows(event, seal)
        self.follow_anchors(event, seal, key)
        record = dict(seal, hash=event["hash"], revision=event["revision"])
        self.first_seal = self.first_seal or record
        self.last_seal = record
        self.seals += 1
        self.tree = Tree()
        if self.is_run:
            self.awaited.append(event["hash"])
            if len(self.awaited) > AWAITED_LIMIT:
                raise Damage("Malformed", "at most %d seals that come later in the log" % AWAITED_LIMIT, "more")

    def check_follows(self, event, seal):
        last, number = self.last_seal, seal["number"]

        def fits(condition, expected):
            if not condition:
                raise Damage("SealDiffers", expected, "seal " + plain(number), event)

        if number == 0:
            fits(seal["from"] == 0 and seal["previousSeal"] == ZEROS, "a first seal that begins the log")
        if last is None:
            fits(self.scope != "all" or number == 0, "seal 0")
        else:
            fits(event["revision"] > last["revision"], "a revision above that of the seal before")
            is_next = number == last["number"] + 1
            fits(is_next or (not self.is_run and number > last["number"]), "the next seal")
            total = last["from"] + last["events"]
            if is_next:
                fits(seal["from"] == total and seal["previousSeal"] == last["hash"], "the seal after the one before")
            fits(seal["from"] >= total, "a seal of later events")
        if self.is_run:
            fits(seal["from"] == self.ordinal, "a seal from ordinal " + plain(self.ordinal))

    def follow_anchors(self, event, seal, key):
        for voucher in self.vouchers:
            voucher.seal(seal, key, self.last_seal, self.keys)
        if self.published and self.published["number"] == seal["number"]:
            self.head_found = event["hash"]

    # -- events

    def take_event(self, line):
        self.take_placed(line["event"], line, self.take_whole)

    def take_stub(self, line):
        self.take_placed(line["stub"], line, self.take_unclaimed)

    def take_whole(self, event):
        check_hash(event)
        self.settle(event)

    def take_placed(self, event, line, take):
        has_ordinal, proof = "ordinal" in line, line.get("proof")
        fits = has_ordinal and proof is None if self.is_run else has_ordinal == (proof is not None)
        if not fits or (proof is not None and self.unsealed > 0):
            raise Damage("Misplaced", "an event line as its scope has them", "another one", event)
        if self.wanted is not None and event["stream"] not in self.wanted:
            raise Damage("ForeignEvent", "a stream of the scope", event["stream"], event)
        if self.is_run:
            must_be("OrdinalDiffers", "ordinal", self.ordinal, line["ordinal"], event)
        self.check_chain(event)
        take(event)
        self.events += 1
        if event["stream"] not in self.streams and len(self.streams) >= STREAM_LIMIT:
            raise Damage("Malformed", "at most %d streams" % STREAM_LIMIT, "more", event)
        self.streams[event["stream"]] = (event["revision"], bytes.fromhex(event["hash"]))
        if self.is_run:
            self.add_to_run(event)
        elif proof is not None:
            self.check_proof(event, line["ordinal"], proof)
        else:
            self.unsealed += 1

    def check_chain(self, event):
        before = self.streams.get(event["stream"])
        if before is not None:
            must_be("RevisionMissing", "revision", before[0] + 1, event["revision"], event)
            must_be("PreviousHashDiffers", "previous hash", before[1].hex(), event["previousHash"], event)
            return
        if self.scope != "time":
            must_be("RevisionMissing", "revision", 0, event["revision"], event)
        if event["revision"] == 0:
            must_be("PreviousHashDiffers", "previous hash", ZEROS, event["previousHash"], event)

    def check_proof(self, event, ordinal, proof):
        seal = self.last_seal
        fits = (
            seal is not None
            and proof["seal"] == seal["number"]
            and proof["index"] < seal["events"]
            and ordinal == seal["from"] + proof["index"]
            and ordinal > self.ordinal
            and root_from_path(event["hash"], int(proof["index"]), int(seal["events"]), proof["path"]) == seal["root"]
        )
        if not fits:
            raise Damage("ProofDiffers", "a proof under the seal before", "another", event)
        self.ordinal = ordinal

    def add_to_run(self, event):
        self.ordinal += 1
        if event["stream"] == SEAL_STREAM and "data" in event:
            self.check_seal_event(event)
        if self.tree is None or self.tree.count == self.last_seal["events"]:
            self.unsealed += 1
            return
        self.tree.add(event["hash"])
        if self.tree.count == self.last_seal["events"]:
            must_be("RootDiffers", "root", self.last_seal["root"], self.tree.root(), event)
            must_be("SealDiffers", "position", self.last_seal["position"], event["position"], event)

    def check_seal_event(self, event):
        if event["type"] == "RollbackAccepted":
            self.rollbacks += 1
        if event["type"] != "LogSealed" or self.first_seal is None:
            return
        number = event["data"].get("number")
        if not isinstance(number, float) or number < self.first_seal["number"]:
            return
        expected = self.awaited.pop(0) if self.awaited else "a seal line before"
        must_be("SealDiffers", "the seal line", expected, event["hash"], event)

    # -- what was archived

    def take_unclaimed(self, stub):
        """The content is not here: an event of its stream has to say that it was archived, and to which file."""
        stream, archive = stub["stream"], stub["archive"]
        if not stream.startswith(EXECUTION):
            raise Damage("StubUnclaimed", "an event of an execution: nothing else is archived", stream, stub)
        before = self.waiting.get(stream, (archive, 0))[0]
        must_be("StubUnclaimed", "the archive", before, archive, stub)
        archive = self.archives.setdefault(archive, archive)
        self.waiting[stream] = (archive, stub["revision"])
        self.stubs += 1

    def settle(self, event):
        """What an event says of the stubs of its stream before it."""
        if event["type"] != "ExecutionArchived" or event["stream"] not in self.waiting:
            return
        archive, revision = self.waiting[event["stream"]]
        claimed = event["data"].get("archive")
        events = event["data"].get("events")
        fits = (
            is_object(claimed)
            and claimed.get("file") == archive
            and isinstance(claimed.get("sha256"), str)
            and isinstance(events, float)
            and revision < events
        )
        if not fits:
            raise Damage("StubUnclaimed", "that its events up to revision %s are in %s" % (plain(revision), archive), event=event)
        del self.waiting[event["stream"]]

    def take_claim(self, line):
        self.check_covered()
        event = line["event"]
        stream = event["stream"]
        if self.scope != "time" or stream <= self.last_claimed or stream not in self.waiting:
            raise Damage("Misplaced", "the claim of a stream with stubs and without one, by stream", "another", event)
        must_be("Malformed", "type", "ExecutionArchived", event["type"], event)
        revision, last_hash = self.streams[stream]
        if event["revision"] <= revision:
            raise Damage("RevisionMissing", "above " + plain(revision), plain(event["revision"]), event)
        if event["revision"] == revision + 1:
            must_be("PreviousHashDiffers", "previous hash", last_hash.hex(), event["previousHash"], event)
        check_hash(event)
        self.settle(event)
        self.last_claimed = stream
        self.claims += 1

    # -- the end

    def take_stream(self, line):
        self.check_covered()
        name = line["stream"]
        if name <= self.last_stream:
            raise Damage("Misplaced", "a stream after " + self.last_stream, name)
        found = self.streams.get(name)
        if found is None or found[0] != line["revision"] or found[1].hex() != line["hash"]:
            raise Damage("StreamHeadDiffers", "the last event of " + name)
        if name in self.waiting:
            archive, revision = self.waiting[name]
            raise Damage(
                "StubUnclaimed",
                "an event of %s that says that revision %s is in %s" % (name, plain(revision), archive),
                "none",
            )
        self.last_stream = name
        self.stream_lines += 1

    def counts(self):
        return {
            "claims": self.claims,
            "events": self.events,
            "keys": len(self.keys),
            "seals": self.seals,
            "streams": self.stream_lines,
            "stubs": self.stubs,
            "unsealed": self.unsealed,
        }

    def take_end(self, line):
        self.check_covered()
        must_be("DigestDiffers", "sha256", self.digest.hexdigest(), line["sha256"])
        must_be("CountDiffers", "counts", self.counts(), {name: int(count) for name, count in line["counts"].items()})
        must_be("CountDiffers", "stream lines", len(self.streams), self.stream_lines)
        if self.wanted is not None:
            must_be("EventMissing", "executions with events:", len(self.wanted), len(self.streams))
        self.check_newest()
        identity, signature = line["keyId"], line["signature"]
        if (identity is None) != (signature is None):
            raise Damage("Malformed", "both of keyId and signature, or none", "one")
        if signature is not None:
            if not self.keys or self.keys[-1].identity != identity:
                raise Damage("KeyDiffers", "the key of the last key line", identity)
            if not self.verify(self.keys[-1].public_key, end_message(line), decode(signature)):
                raise Damage("SignatureDiffers", "the signature of the end line", "another")
        self.end = line

    def check_newest(self):
        newest, last = self.head["newestSeal"], self.last_seal
        if last is not None:
            last = {"hash": last["hash"], "number": last["number"], "total": last["from"] + last["events"]}
        if self.scope == "all":
            must_be("SealDiffers", "seals that are not in the log:", 0, len(self.awaited))
            must_be("SealDiffers", "newest seal", newest, last)
        elif last is not None:
            is_older = newest is None or newest["number"] < last["number"] or newest["total"] < last["total"]
            if is_older or (newest["number"] == last["number"] and newest["hash"] != last["hash"]):
                raise Damage("SealDiffers", "newest seal %s" % newest, str(last))

    def finish(self):
        if self.end is None:
            raise Damage("Truncated", "an end line", "the end of the file")
        if self.published:
            must_be("StoreDiffers", "store", self.head["storeId"], self.published["storeId"])
        if not self.vouchers and self.keys and self.keys[-1].family > 0:
            raise Damage("KeyUnproven", "a later introduced key to be vouched for", "that nothing vouches for it")
        for voucher in self.vouchers:
            voucher.judge(self.keys, self.end)
        if self.published:
            self.check_head()

    def check_head(self):
        number, wanted = self.published["number"], self.published["sealHash"]
        newest = self.head["newestSeal"]
        if newest is None or newest["number"] < number:
            found = "none" if newest is None else plain(newest["number"])
            raise Damage("HeadMissing", "seal %s or a newer one" % plain(number), found)
        for found in (newest["hash"] if newest["number"] == number else None, self.head_found):
            if found is not None:
                must_be("HeadDiffers", "hash of the head", wanted, found)


# ---------------------------------------------------------------- anchors from files


def read_key(path):
    with open(path, "rb") as file:
        text = file.read(HEAD_LIMIT).decode("ascii", "replace").strip()
    pem = re.fullmatch(r"-----BEGIN PUBLIC KEY-----(.*)-----END PUBLIC KEY-----", text, re.DOTALL)
    try:
        if pem:
            decoded = base64.b64decode("".join(pem.group(1).split()), validate=True)
            if decoded[: len(SPKI_PREFIX)] == SPKI_PREFIX:
                decoded = decoded[len(SPKI_PREFIX) :]
        elif re.fullmatch("[0-9a-fA-F]{64}", text):
            decoded = bytes.fromhex(text)
        else:
            decoded = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        decoded = b""
    if len(decoded) != 32:
        raise NotChecked("%s: expected an Ed25519 public key: base64 or hex of 32 bytes, or PEM" % path)
    return decoded


PUBLISHED = shape(
    format=exactly(1.0),
    storeId=is_word,
    number=is_whole,
    total=lambda value: is_whole(value, 1),
    events=lambda value: is_whole(value, 1, SEAL_EVENTS_LIMIT),
    position=is_word,
    root=is_hash,
    previousSeal=is_hash,
    sealHash=is_hash,
    keyId=is_hash,
    publicKey=is_bytes(32),
    signature=is_bytes(64),
    sealedAt=is_instant,
)


def read_head(path, verify):
    with open(path, "rb") as file:
        content = file.read(HEAD_LIMIT + 1)
    try:
        head = parse_json(content.decode("utf-8"))
    except (Damage, UnicodeDecodeError):
        head = None
    if len(content) > HEAD_LIMIT or not PUBLISHED(head) or head["total"] < head["events"]:
        raise NotChecked("%s: expected a published head as docs/reference/seals.md has it" % path)
    public_key = decode(head["publicKey"])
    same = ("storeId", "number", "events", "position", "root", "previousSeal", "keyId")
    sealed = {name: head[name] for name in same}
    sealed.update(format=1.0, algorithm="sha256-rfc6962/ed25519")
    sealed["from"] = head["total"] - head["events"]
    is_good = verify(public_key, seal_message("LogSealed", sealed), decode(head["signature"]))
    if key_id(public_key) != head["keyId"] or not is_good:
        raise NotChecked("%s: the published head does not bear its own signature" % path)
    return head


# ---------------------------------------------------------------- the verdict


def check(file, verify, trusted, published):
    bundle = Bundle(verify, trusted, published)
    number = 1
    try:
        for data in read_lines(file):
            bundle.take(parse_line(data), data)
            number += 1
        bundle.finish()
    except Damage as damage:
        return bundle, number, damage
    return bundle, number - 1, None


def anchor_of(bundle):
    if not bundle.keys:
        return "nobody"
    if bundle.trusted:
        return "given-key"
    return "published-head" if bundle.published else "nobody"


def as_json(bundle, number, damage):
    verdict = {
        "ok": damage is None,
        "lines": number,
        "events": bundle.events,
        "streams": len(bundle.streams),
        "archived": bundle.stubs,
        "archives": list(bundle.archives),
        "seals": bundle.seals,
        "unsealed": bundle.unsealed,
        "anchor": anchor_of(bundle),
        "acceptedRollbacks": bundle.rollbacks,
    }
    if bundle.published:
        verdict["isHeadMet"] = bundle.head_found is not None
    if bundle.end is not None and bundle.end["keyId"] is not None:
        verdict["signedBy"] = bundle.end["keyId"]
    if damage is not None:
        verdict["firstDamage"] = {
            "check": damage.kind,
            "line": number,
            "expected": damage.expected[:SHOWN],
            "found": damage.found[:SHOWN],
            "explanation": EXPLANATIONS[damage.kind],
        }
        if damage.event is not None:
            place = {name: damage.event[name] for name in ("stream", "position")}
            verdict["firstDamage"].update(place, revision=int(damage.event["revision"]))
    return verdict


def counted(count, one):
    return "%d %s%s" % (count, one, "" if count == 1 else "s")


def in_words(bundle, number, damage):
    if damage is not None:
        where = ""
        if damage.event is not None:
            where = " (stream %s, revision %s)" % (damage.event["stream"], plain(damage.event["revision"]))
        yield "DAMAGED: %s in line %d%s" % (damage.kind, number, where)
        yield EXPLANATIONS[damage.kind]
        yield "expected %s, found %s" % (damage.expected[:SHOWN], damage.found[:SHOWN])
        return
    counts, scope = bundle.counts(), bundle.head["scope"]
    what = {
        "all": "the whole log",
        "execution": "execution %s" % scope.get("executionId"),
        "executions": "%d executions" % len(scope.get("executionIds", ())),
        "time": "from %s to %s, rounded outwards to whole seals" % (scope.get("from") or "the beginning", scope.get("to") or "the end"),
    }[scope["kind"]]
    of = (counted(counts["events"], "event"), counted(counts["streams"], "stream"), what, bundle.head["asOf"])
    yield "INTACT: %s of %s, %s, as of %s" % of
    yield "%d of them are under %s with good signatures" % (counts["events"] - counts["unsealed"], counted(counts["seals"], "seal"))
    if counts["stubs"]:
        names = list(bundle.archives)
        more = " and %d more" % (len(names) - 5) if len(names) > 5 else ""
        yield "%d are here by their hashes only: what they said is in the archive files %s%s; verify these too" % (
            counts["stubs"],
            ", ".join(names[:5]),
            more,
        )
    signer = bundle.end["keyId"]
    if counts["unsealed"]:
        who = "only the signature of the bundle speaks for them" if signer else "and nothing else vouches for them"
        verb = "is" if counts["unsealed"] == 1 else "are"
        yield "%d %s not under a seal: %s" % (counts["unsealed"], verb, who)
    inside = "inside it" if bundle.is_run else "before the last one"
    yield "no event is missing %s; that there were no more up to then, %s" % (
        inside,
        "the signature of the bundle says" if signer else "nobody signed",
    )
    if bundle.rollbacks:
        yield "somebody accepted %d times that the log did not bear a published head out" % bundle.rollbacks
    if not bundle.vouchers:
        signed = "signed by key %s: " % signer if signer else "not signed: "
        yield signed + "NOBODY VOUCHES for the keys: give a public key (--key) or a published head (--head)"
        return
    yield "signed by key %s, which a trusted key vouches for" % signer
    if bundle.published and bundle.head_found is not None:
        yield "the seal of the published head is in it"
    elif bundle.published:
        yield "the seal of the published head is not in it: that both are of one history is the word of the signature"


def main(arguments):
    parser = argparse.ArgumentParser(
        description="Checks an export bundle; docs/reference/bundles.md is the format.",
        epilog="exit codes: 0 intact, 1 damaged or not vouched for by what was given, 2 not checked",
    )
    parser.add_argument("bundles", metavar="BUNDLE", nargs="+", help="files, plain or gzip; - for standard input")
    parser.add_argument("--key", action="append", default=[], metavar="FILE", help="a public key to trust")
    parser.add_argument("--head", metavar="FILE", help="a published head to hold the bundle against")
    parser.add_argument("--json", action="store_true", help="each verdict as a line of JSON")
    parser.add_argument("--crypto", choices=("auto", "cryptography", "openssl"), default="auto")
    options = parser.parse_args(arguments)
    try:
        verify = verifier_of(options.crypto)
        published = read_head(options.head, verify) if options.head else None
        trusted = {key_id(read_key(path)) for path in options.key}
    except (NotChecked, OSError, subprocess.SubprocessError) as reason:
        return not_checked(reason)
    return max(verdict(path, options, verify, trusted, published) for path in options.bundles)


def verdict(path, options, verify, trusted, published):
    try:
        with sys.stdin.buffer if path == "-" else open(path, "rb") as file:
            bundle, number, damage = check(file, verify, trusted, published)
    except (NotChecked, OSError, subprocess.SubprocessError) as reason:
        return not_checked(reason)
    if options.json:
        print(json.dumps(dict(as_json(bundle, number, damage), file=path), sort_keys=True))
    else:
        name = [path + ":"] if len(options.bundles) > 1 else []
        print("\n".join([*name, *in_words(bundle, number, damage)]))
    return 0 if damage is None else 1


def not_checked(reason):
    print("NOT CHECKED: %s" % reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
