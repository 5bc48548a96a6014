#!/usr/bin/env python3
"""Checks the reference data and every programme under examples/: python3 data/check_examples.py

Codes exist, parents exist and form no circle, sources exist, tiles are unique, names are not given twice, values are
of the listed kinds, no amounts are entered, and invented regions share no name with real ones. Prints what is wrong,
one line each, and ends with 1 if anything is.
"""
import datetime
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = "code kind name_zh short_zh name_en parent geo_parent valid_from valid_to aliases".split()
REGION_KINDS = {"country", "province", "prefecture", "county", "corps", "corps_division", "corps_city"}
# file: (table, required keys, optional keys)
TABLES = {
    "offices": ("office", "code name_zh name_en kind for_region source", "region parent"),
    "pairings": ("pairing", "supporting host source", "since note parent"),
    "organisations": ("organisation", "name_zh kind source", "name_en region aliases parent"),
    "parks": ("park", "name_zh kind region source", "name_en aliases supported_by"),
    "events": ("event", "name_zh region organisers source", "name_en date_from date_to"),
    "cohorts": ("cohort", "office name_zh source", "same_as"),
}
KINDS = {
    "office": "front_command sub_command work_team rear_office task_force leading_group",
    "organisation": "enterprise government park_operator chamber association research",
    "park": "industrial border_zone bonded port logistics agricultural tourism technology",
}
REGION_KEYS = ("region", "for_region", "supporting", "host", "supported_by")
DATES = ("date", "date_from", "date_to", "since")
# Law 9: no facts about residents or workers. Amounts enter as claims of a document only.
AMOUNT = re.compile(r"\d\s*(亿|万元|元|%|％|万吨|吨)")
FORBIDDEN = re.compile(r"身份证|民族|宗教|户籍|家庭成员|脱贫户|\d{17}[\dXx]")

problems = []


def say(where, what):
    problems.append(f"{where}: {what}")


def shown(path):
    return path.relative_to(ROOT)


def read_regions(path, known=None):
    """code -> row; reports broken lines, unknown parents and circles."""
    rows = {}
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        where = f"{shown(path)}:{number}"
        if len(cells) != len(COLUMNS):
            say(where, f"{len(cells)} columns, expected {len(COLUMNS)}")
            continue
        row = dict(zip(COLUMNS, cells))
        if row["code"] in rows or row["code"] in (known or {}):
            say(where, f"code {row['code']} given twice")
        if row["kind"] not in REGION_KINDS:
            say(where, f"unknown kind {row['kind']}")
        if not row["name_zh"]:
            say(where, "no name_zh")
        rows[row["code"]] = row
    for row in rows.values():
        for key in ("parent", "geo_parent"):
            if row[key] and row[key] not in rows:
                say(shown(path), f"{row['code']}: {key} {row[key]} is not listed")
        seen, code = set(), row["code"]
        while code and code not in seen:
            seen.add(code)
            code = rows.get(code, {}).get("parent")
        if code:
            say(shown(path), f"{row['code']}: circle of parents")
    return rows


def names(row, short_only=False):
    own = [row["short_zh"], *row["aliases"].split(";")] + ([] if short_only else [row["name_zh"]])
    return {name for name in own if name}


def check_short_names(path, rows):
    """A short name or alias belongs to one valid region and is no other valid region's full name."""
    live = [r for r in rows.values() if not r["valid_to"]]
    owner = {}
    full = {}
    for r in live:
        full.setdefault(r["name_zh"], set()).add(r["code"])
    for r in live:
        for name in names(r, short_only=True):
            if owner.setdefault(name, r["code"]) != r["code"] or full.get(name, {r["code"]}) != {r["code"]}:
                say(shown(path), f"{r['code']}: short name {name} is not unique")


def check_date(where, key, value):
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        say(where, f"{key} is not a date written as YYYY-MM-DD: {value}")


def check_values(where, entry, kind_of, regions, sources):
    for key in REGION_KEYS:
        if key in entry and entry[key] not in regions:
            say(where, f"{key} {entry[key]} is not a region")
        elif key in entry and not regions[entry[key]]["name_en"]:
            say(where, f"region {entry[key]} has no name_en")
    if entry.get("source") not in sources:
        say(where, f"source {entry.get('source')} is not in programme.toml")
    if kind_of in KINDS and entry.get("kind") not in KINDS[kind_of].split():
        say(where, f"unknown kind {entry.get('kind')}")
    for key, value in entry.items():
        if key in DATES:
            check_date(where, key, value)
        if isinstance(value, str) and (AMOUNT.search(value) or FORBIDDEN.search(value)):
            say(where, f"{key} holds an amount or something law 9 forbids: {value}")


def read_table(folder, name, regions, sources):
    """The entries of one file, each checked by itself."""
    table, required, optional = TABLES[name]
    path = folder / f"{name}.toml"
    if not path.exists():
        say(shown(folder), f"{name}.toml is missing")
        return []
    content = tomllib.loads(path.read_text("utf8"))
    if set(content) - {table}:
        say(shown(path), f"unknown tables {sorted(set(content) - {table})}")
    for number, entry in enumerate(content.get(table, []), 1):
        where = f"{shown(path)} [{number}] {entry.get('name_zh', '')}".rstrip()
        if missing := set(required.split()) - set(entry):
            say(where, f"missing {sorted(missing)}")
        if unknown := set(entry) - set(required.split()) - set(optional.split()):
            say(where, f"unknown keys {sorted(unknown)}")
        check_values(where, entry, table, regions, sources)
    return content.get(table, [])


def check_unique(where, values):
    seen = set()
    for value in values:
        if value in seen:
            say(where, f"given twice: {value}")
        seen.add(value)


def check_links(folder, tables):
    """What one table says about another: parents, organisers, cohorts."""
    where = shown(folder)
    offices = [o["code"] for o in tables["offices"]]
    organisations = [o["name_zh"] for o in tables["organisations"]]
    pairings = [f"{p['supporting']}>{p['host']}" for p in tables["pairings"]]
    cohorts = [c["name_zh"] for c in tables["cohorts"]]
    check_unique(where, offices + [o["name_zh"] for o in tables["offices"]])
    check_unique(where, organisations + [a for o in tables["organisations"] for a in o.get("aliases", [])])
    check_unique(where, pairings)
    for name in ("parks", "events"):
        check_unique(where, [n for e in tables[name] for n in [e["name_zh"], *e.get("aliases", [])]])
    check_unique(where, [(c["office"], c["name_zh"]) for c in tables["cohorts"]])
    wanted = [(o.get("parent"), offices) for o in tables["offices"]]
    wanted += [(o.get("parent"), organisations) for o in tables["organisations"]]
    wanted += [(p.get("parent"), pairings) for p in tables["pairings"]]
    wanted += [(c["office"], offices) for c in tables["cohorts"]]
    wanted += [(s, cohorts) for c in tables["cohorts"] for s in c.get("same_as", [])]
    wanted += [(o, organisations) for e in tables["events"] for o in e["organisers"]]
    for value, allowed in wanted:
        if value is not None and value not in allowed:
            say(where, f"{value} is not among {allowed[:3]} …")


def check_programme(folder, real):
    path = folder / "programme.toml"
    programme = tomllib.loads(path.read_text("utf8"))
    for key in ("code", "name_zh", "name_en", "time_zone"):
        if not programme.get(key):
            say(shown(path), f"{key} is missing")
    regions = real
    if "regions" in programme:
        own = read_regions(folder / programme["regions"], real)
        check_short_names(folder / programme["regions"], own)
        taken = set().union(*(names(r) for r in real.values()))
        for r in own.values():
            for name in names(r) & taken:
                say(shown(folder), f"invented region {r['code']} bears a real name: {name}")
        regions = real | own
    sources = [s["id"] for s in programme.get("source", [])]
    check_unique(shown(path), sources)
    for source in programme.get("source", []):
        if not source.get("title"):
            say(shown(path), f"source {source['id']} has no title")
        if "date" in source:
            check_date(shown(path), source["id"], source["date"])
    sides = programme.get("side", [])
    check_unique(shown(path), [s["region"] for s in sides])
    check_unique(shown(path), [tuple(s["tile"]) for s in sides if "tile" in s])
    if not any(side["side"] == "host" and "tile" not in side for side in sides):
        say(shown(path), "no host without a tile: the whole that the tiles are parts of")
    for side in sides:
        if side["region"] not in regions or side["side"] not in ("host", "supporting"):
            say(shown(path), f"side {side}")
    for alias in programme.get("alias", []):
        if alias["region"] not in regions:
            say(shown(path), f"alias {alias}")
    tables = {name: read_table(folder, name, regions, sources) for name in TABLES}
    check_links(folder, tables)
    if not (folder / "README.md").exists():
        say(shown(folder), "README.md is missing")
    if "reports" in programme:
        check_reports(folder / programme["reports"])


def check_reports(folder):
    """Generated reports say what they are in their last line of text."""
    files = sorted(p for p in folder.iterdir() if p.is_file())
    if not files:
        say(shown(folder), "no reports")
    for path in files:
        lines = re.sub(r"<[^>]*>", "", path.read_text("utf8")).split("\n")
        last = [line.strip() for line in lines if line.strip()][-1]
        if last != "本文为演示生成，地名与单位均为虚构。":
            say(shown(path), "does not say in its last line that it is generated")


def main():
    path = ROOT / "data" / "regions.tsv"
    real = read_regions(path)
    check_short_names(path, real)
    folders = sorted(p.parent for p in (ROOT / "examples").glob("*/programme.toml"))
    for folder in folders:
        check_programme(folder, real)
    for problem in problems:
        print(problem)
    print(f"{len(real)} regions, {len(folders)} programmes, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
