#!/usr/bin/env python3
"""Checks the reference data and every programme under examples/: python3 data/check_examples.py

Codes exist, parents exist and form no circle, sources exist, tiles are unique, names are not given twice, fields and
choices are those of data/records.tsv, amounts of real programmes stand where they have a source, and invented regions
share no name with real ones. Prints what is wrong,
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
# Keys of a row that are no fields of its kind; the fields are those of data/records.tsv.
OTHER_KEYS = {"code", "name_zh", "name_en", "aliases", "same_as", "source", "amount"}
# A step of aid money: codes of `domain::aid`, without the five-year plan, which is an amount.
STEPS = {"planned", "issued", "arrived", "disbursed", "contracted", "spent", "accepted", "audited", "handed_over"}
STEP_KEYS = {"step", "value", "unit", "approx", "year", "on", "from", "to", "note", "corrects", "source"}
TASK_KEYS = {"project", "title", "user", "office", "due", "done", "note"}
# Demo users of every programme (crates/luodi/src/demo.rs), beside those that users.toml names.
DEMO_USERS = {"office", "reviewer", "approver", "reader", "audit"}
AID_SHARE_KEYS = {"code", "zh", "en", "step", "minimum", "field", "choices"}
SHARE_KEYS = {"measure", "from", "to", "sending", "receiving"}
FIGURE_KEYS = {"measure", "value", "value_max", "unit", "approx", "role", "hosts", "supporters", "organisation", "event",
               "period", "from", "to", "phrase", "source", "note"}
# Law 9: no facts about residents or workers. Amounts of real programmes are an `amount` or a [[figure]], with a source.
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


def read_kinds():
    """kind -> field -> (type, flags); and the choice lists."""
    kinds, choices = {}, {}
    for line in (ROOT / "data" / "records.tsv").read_text("utf8").splitlines():
        row = line.split("\t")
        if row[0] == "kind" and row[5] != "evidence":
            kinds[row[1]] = {}
        elif row[0] == "field":
            kinds[row[1]][row[2]] = (row[3], row[6].split(",") if len(row) > 6 else [])
        elif row[0] == "choice":
            choices.setdefault(row[1], set()).add(row[2])
    return kinds, choices


KINDS, CHOICES = read_kinds()
STAGES = {line.split("\t")[1] for line in (ROOT / "data" / "stages.tsv").read_text("utf8").splitlines()
          if line.startswith("stage\t")}


def called(kind, entry):
    """The names under which other rows refer to a row."""
    pair = f"{entry['supporting']}>{entry['host']}" if kind == "pairing" and "supporting" in entry else None
    return {name for name in (entry.get("code"), entry.get("name_zh"), pair) if name}


def check_region(where, key, code, regions):
    if code not in regions:
        say(where, f"{key} {code} is not a region")
    elif not regions[code]["name_en"]:
        say(where, f"region {code} has no name_en")


def check_field(where, key, value, kind, regions, known):
    what = KINDS[kind][key][0].split(":")
    if what[0] == "region":
        check_region(where, key, value, regions)
    elif what[0] == "choice" and value not in CHOICES[what[1]]:
        say(where, f"unknown {key} {value}")
    elif what[0] == "stage" and value not in STAGES:
        say(where, f"unknown stage {value}")
    elif what[0] == "date":
        check_date(where, key, value)
    elif what[0] == "record" and value not in known.get(what[1], set()):
        say(where, f"{key} {value} is no {what[1]} of this folder")
    elif what[0] == "links":
        for row in value:
            name = row if isinstance(row, str) else row.get("record")
            if name not in known.get(what[1], set()):
                say(where, f"{key} {name} is no {what[1]} of this folder")
            if not isinstance(row, str) and row.get("role") not in CHOICES[what[2]]:
                say(where, f"{key}: unknown role {row.get('role')}")


def check_entry(where, kind, entry, regions, sources, known, invented):
    for key, (_, flags) in KINDS[kind].items():
        if "required" in flags and key not in entry:
            say(where, f"{key} is missing")
    for key, value in entry.items():
        if key in KINDS[kind]:
            check_field(where, key, value, kind, regions, known)
        elif kind == "enclave" and key == "share":
            for share in value:
                check_share(where, share)
        elif kind in ("aid_project", "aid_contract") and key == "step":
            for step in value:
                check_step(where, step, sources)
        elif key not in OTHER_KEYS:
            say(where, f"unknown key {key}")
        text = value if isinstance(value, str) else ""
        if FORBIDDEN.search(text) or (not invented and AMOUNT.search(text)):
            say(where, f"{key} holds an amount or something law 9 forbids: {value}")
    if entry.get("source") not in sources:
        say(where, f"source {entry.get('source')} is not in programme.toml")


def check_share(where, share):
    if unknown := set(share) - SHARE_KEYS:
        say(where, f"share: unknown keys {sorted(unknown)}")
    if share.get("measure") not in ("output", "tax"):
        say(where, f"share: measure {share.get('measure')} is neither output nor tax")
    for key in ("from", "to"):
        if key == "from" or key in share:
            check_date(where, f"share {key}", share.get(key))
    percents = [share.get(key, "0") for key in ("sending", "receiving")]
    if not all(re.fullmatch(r"\d+(\.\d+)?", text) for text in percents) or not 0 < sum(map(float, percents)) <= 100:
        say(where, f"share: sending and receiving are no percents of a whole: {percents}")


def check_step(where, step, sources):
    if unknown := set(step) - STEP_KEYS:
        say(where, f"step: unknown keys {sorted(unknown)}")
    if step.get("step") not in STEPS:
        say(where, f"unknown step {step.get('step')}")
    if not re.fullmatch(r"\d+(\.\d+)?", step.get("value", "")) or step.get("unit") not in ("wan", "yi", "CNY"):
        say(where, f"step: no amount in yuan: {step}")
    for key in ("on", "from", "to"):
        if key in step:
            check_date(where, f"step {key}", step[key])
    if not {"year", "on", "to"} & set(step):
        say(where, f"step {step.get('step')} has no time")
    if "source" in step and step["source"] not in sources:
        say(where, f"step: source {step['source']} is not in programme.toml")


def check_aid_share(where, rule):
    if set(rule) != AID_SHARE_KEYS:
        say(where, f"aid_share has the keys {sorted(AID_SHARE_KEYS)}: {rule}")
        return
    what = KINDS["aid_project"].get(rule["field"], ("", []))[0].split(":")
    if what[0] != "choice" or not set(rule["choices"]) <= CHOICES[what[1]]:
        say(where, f"aid_share {rule['code']}: no choices of a field: {rule['field']} {rule['choices']}")
    if rule["step"] not in STEPS | {"programmed"}:
        say(where, f"aid_share {rule['code']}: unknown step {rule['step']}")
    if not re.fullmatch(r"\d+(\.\d+)?", rule["minimum"]) or not 0 < float(rule["minimum"]) <= 100:
        say(where, f"aid_share {rule['code']}: minimum is no per cent: {rule['minimum']}")


def check_figure(where, entry, regions, sources, known):
    if unknown := set(entry) - FIGURE_KEYS:
        say(where, f"unknown keys {sorted(unknown)}")
    for key in ("hosts", "supporters"):
        for code in entry.get(key, []):
            check_region(where, key, code, regions)
    for key, kind in (("event", "event"), ("organisation", "organisation")):
        if key in entry and entry[key] not in known[kind]:
            say(where, f"{key} {entry[key]} is no {kind} of this folder")
    if entry.get("source") not in sources:
        say(where, f"source {entry.get('source')} is not in programme.toml")


def read_records(folder):
    """kind -> [(where, entry)], of every record file."""
    tables = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name in ("programme.toml", "users.toml", "reporting.toml", "tasks.toml"):
            continue
        for kind, rows in tomllib.loads(path.read_text("utf8")).items():
            if kind != "figure" and kind not in KINDS:
                say(shown(path), f"[[{kind}]] is no kind of record")
                continue
            for number, entry in enumerate(rows, 1):
                where = f"{shown(path)} [{number}] {entry.get('name_zh', '')}".rstrip()
                tables.setdefault(kind, []).append((where, entry))
    return tables


def check_records(folder, regions, sources, invented):
    tables = read_records(folder)
    known = {kind: set().union(*(called(kind, entry) for _, entry in rows)) for kind, rows in tables.items()}
    for kind, rows in tables.items():
        for where, entry in rows:
            if kind == "figure":
                check_figure(where, entry, regions, sources, known)
            else:
                check_entry(where, kind, entry, regions, sources, known, invented)
        if kind not in ("figure", "cohort"):
            check_unique(f"{shown(folder)} {kind}",
                         [n for _, e in rows for n in [*called(kind, e), *e.get("aliases", [])]])
    check_tasks(folder, known)


def check_tasks(folder, known):
    """Each is on a project of the folder, for a user of the demo or an office of the folder, and says when."""
    path, users = folder / "tasks.toml", folder / "users.toml"
    if not path.exists():
        return
    logins = DEMO_USERS | {user["login"] for user in tomllib.loads(users.read_text("utf8"))["user"]}
    tasks = tomllib.loads(path.read_text("utf8"))["task"]
    for number, task in enumerate(tasks, 1):
        where = f"{shown(path)} [{number}] {task.get('title', '')}".rstrip()
        if unknown := set(task) - TASK_KEYS:
            say(where, f"unknown keys {sorted(unknown)}")
        if not task.get("title"):
            say(where, "title is missing")
        if task.get("project") not in known.get("project", set()):
            say(where, f"{task.get('project')} is no project of this folder")
        if ("user" in task) == ("office" in task):
            say(where, "either a user or an office is to do it")
        if task.get("user", "office") not in logins:
            say(where, f"{task['user']} is no user of the demo")
        if "office" in task and task["office"] not in known.get("office", set()):
            say(where, f"{task['office']} is no office of this folder")
        for key in {"due", "done"} & set(task):
            check_date(where, key, task[key])
        for text in (task.get("title", ""), task.get("note", "")):
            if FORBIDDEN.search(text):
                say(where, f"something law 9 forbids: {text}")
    check_unique(shown(path), [(task.get("project"), task.get("title")) for task in tasks])


def check_unique(where, values):
    seen = set()
    for value in values:
        if value in seen:
            say(where, f"given twice: {value}")
        seen.add(value)


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
    for rule in programme.get("aid_share", []):
        check_aid_share(shown(path), rule)
    check_unique(f"{shown(path)} aid_share", [rule.get("code") for rule in programme.get("aid_share", [])])
    check_records(folder, regions, sources, "regions" in programme)
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
