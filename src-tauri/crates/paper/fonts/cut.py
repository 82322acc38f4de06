#!/usr/bin/env python3
"""Cuts Refbook Sans, the paper's typeface, out of Inter.

Inter (https://rsms.me/inter, SIL Open Font License 1.1; see OFL.txt) as Debian's package `fonts-inter` ships it
(version 3.19), and fonttools 4.68:

    pip install fonttools
    python cut.py /usr/share/fonts/opentype/inter

The same input gives the same bytes. Two weights, each in six parts, so that a document carries only the alphabets
that it uses. What is done to each:

- only the characters of the part are kept, each glyph under exactly one character;
- the tabular figures (feature `tnum`) take the place of the proportional ones, also for signs and separators;
- the em becomes 1000 units, so that a PDF's widths are exact;
- hints, kerning, features and every table that a PDF does not need go; the family is renamed.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

WEIGHTS = ["Regular", "SemiBold"]

# U+25A1, an empty square, stands for every character that no part has.
PARTS = {
    "Basic": [*range(0x20, 0x7F), *map(ord, "§©°·×–—‘’“”„•…€£−□")],
    "Western": range(0xA0, 0x100),
    "Central": range(0x100, 0x180),
    "Extended": [*range(0x180, 0x300), *range(0x1E00, 0x2000), *range(0x2010, 0x2070), *range(0x20A0, 0x20C1),
                 *map(ord, "™№≈≠≤≥←→√∞◊")],
    "Greek": range(0x370, 0x400),
    "Cyrillic": range(0x400, 0x530),
}


def cut(source: Path, weight: str, part: str, wanted: set[int]) -> TTFont:
    font = TTFont(source / f"Inter-{weight}.otf", recalcTimestamp=False)
    figures_become_tabular(font)
    options = subset.Options(
        hinting=False, desubroutinize=True, layout_features=[], notdef_outline=True, glyph_names=False,
        legacy_cmap=False, drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "MVAR", "HVAR", "kern"],
        name_IDs=[], recalc_timestamp=False,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & font.getBestCmap().keys())
    cutter.subset(font)
    scale_upem(font, 1000)
    widths_agree(font)
    rename(font, weight, part)
    return font


def figures_become_tabular(font: TTFont) -> None:
    gsub = font["GSUB"].table
    lookups = {
        index
        for record in gsub.FeatureList.FeatureRecord if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    tabular = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            tabular |= getattr(table, "ExtSubTable", table).mapping
    for table in font["cmap"].tables:
        table.cmap = {code: tabular.get(name, name) for code, name in table.cmap.items()}


def widths_agree(font: TTFont) -> None:
    """Rounding to the new em can leave a figure, or an outline's own idea of its width, a unit off."""
    figures = {name for code, name in font.getBestCmap().items() if chr(code) in "0123456789"}
    glyphs, metrics, top = font.getGlyphSet(), font["hmtx"].metrics, font["CFF "].cff.topDictIndex[0]
    width_of_figures = max((metrics[name][0] for name in figures), default=0)
    for name, (width, bearing) in list(metrics.items()):
        wanted = width_of_figures if name in figures else width
        pen = T2CharStringPen(wanted - top.Private.nominalWidthX, glyphs)
        glyphs[name].draw(pen)
        top.CharStrings[name] = pen.getCharString(top.Private, top.GlobalSubrs)
        metrics[name] = (wanted, bearing)


def rename(font: TTFont, weight: str, part: str) -> None:
    top = font["CFF "].cff
    top.fontNames = [f"RefbookSans{part}-{weight}"]
    for key in ("FullName", "FamilyName", "Notice", "Copyright", "version"):
        top[0].rawDict.pop(key, None)
        if hasattr(top[0], key):
            delattr(top[0], key)
    name = font["name"]
    name.names = []
    name.setName("Copyright 2020 The Inter Project Authors (https://github.com/rsms/inter)", 0, 3, 1, 0x409)
    name.setName(f"Refbook Sans {part}", 1, 3, 1, 0x409)
    name.setName(weight, 2, 3, 1, 0x409)
    name.setName(f"RefbookSans{part}-{weight}", 6, 3, 1, 0x409)
    name.setName("SIL Open Font License, Version 1.1", 13, 3, 1, 0x409)


def main(source: Path) -> None:
    for weight in WEIGHTS:
        taken: set[int] = set()
        for part, wanted in PARTS.items():
            font = cut(source, weight, part, set(wanted) - taken - {0xA0, 0xAD})
            taken |= set(wanted)
            path = Path(__file__).parent / f"{part}-{weight}.otf"
            font.save(path)
            print(f"{path.name}: {len(font.getGlyphOrder())} glyphs, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
