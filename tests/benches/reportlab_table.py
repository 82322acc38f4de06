"""Draws the statement's table with reportlab, and prints the median of its runs in seconds."""

import io
import json
import sys
import time

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

HEAD = ["Invoice", "Period", "Why", "Base", "Rate", "Commission"]
STYLE = TableStyle([
    ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8),
    ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
    ("ALIGN", (3, 0), (-1, -1), "RIGHT"),
    ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
])


def draw(rows):
    start = time.perf_counter()
    table = Table([HEAD, *rows], repeatRows=1)
    table.setStyle(STYLE)
    SimpleDocTemplate(io.BytesIO(), pagesize=A4).build([table])
    return time.perf_counter() - start


rows = [row + [""] * (len(HEAD) - len(row)) for row in json.loads(sys.stdin.readline())]
for times in sys.stdin:
    print(sum(draw(rows) for _ in range(int(times))), flush=True)
