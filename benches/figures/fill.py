"""Fills the first room of a stopped Hubbub's database: fill.py DATABASE MESSAGES

The rows are what the program itself would have written; only the way there is shorter. The newest fifty are the same
however long the room is, so that two rooms differ in their length alone.
"""

import hashlib
import os
import sqlite3
import sys
import time

BODIES = [
    "Morning! Wind forecast for Saturday looks kind.",
    "The four is rigged and on the trailer. Blades are in the long rack, **not** the shed.",
    "Can someone check the spare rigger for seat 3?",
    "> Can someone check the spare rigger for seat 3?\n\nDone, two bolts replaced.",
    "I will bring the trailer round at `06:40`, anyone for coffee at the slip?",
    "Two for me, please. I can take the juniors' minibus.",
    "See https://harbour.example/tides for the tables; slack water is at *eight*.",
    "```\nfn start(heats: &[Heat]) -> Schedule {\n    heats.iter().map(|h| (h.time, h.lane)).collect()\n}\n```",
    "- towels\n- the long rope\n- sun cream",
    "ممتاز، أراكم غدًا",
]

database, count = sys.argv[1], int(sys.argv[2])
with sqlite3.connect(database, isolation_level=None) as db:
    room, rev, seq = db.execute("select id, rev, head_seq from conversations order by id limit 1").fetchone()
    authors = [row[0] for row in db.execute("select user_id from members where conversation_id = ? order by user_id", (room,))]
    now = int(time.time() * 1000)

    def rows():
        for n in range(1, count + 1):
            left = count - n
            body = BODIES[left % len(BODIES)]
            at = now - left * 60_000
            identifier = at.to_bytes(6, "big") + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7)
            digest = hashlib.sha256(f"{room}\n{body}".encode()).digest()
            yield room, seq + n, rev + n, authors[left // 2 % len(authors)], identifier, digest, body, at

    db.execute("begin immediate")
    db.executemany(
        "insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at) values (?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )
    db.execute("update conversations set rev = ?, head_seq = ? where id = ?", (rev + count, seq + count, room))
    db.execute("commit")
    db.execute("pragma wal_checkpoint(truncate)")
