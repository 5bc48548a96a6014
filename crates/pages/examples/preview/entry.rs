//! Record forms: empty, with mistakes, after a conflict, with duplicates. All invented.

use locale::Locale;
use pages::{
    Choice, Conflict, ConflictField, Control, Duplicate, Duplicates, FormField, FormSection, LinkRow, Nav,
    Protected, RecordForm, Shell, Suggestion, Suggestions, picked,
};

use super::samples::{choices, link, nav, say, shell};

pub fn pages(t: Locale) -> Vec<(&'static str, String)> {
    let wrong = RecordForm {
        sections: sections(t, true),
        errors: vec![say(t, "拟投资与一期、二期之和不符|The phases do not add up to the investment")],
        ..form(t)
    };
    let conflict = RecordForm { conflict: Some(conflict(t)), version: "8".into(), ..form(t) };
    let duplicates = RecordForm { duplicates: Some(duplicates(t)), ..form(t) };
    let protected = RecordForm { protected: Some(protected(t)), ..form(t) };
    let suggestions = Suggestions {
        locale: t,
        rows: [("绿谷产业园", "YQ-2026-000012"), ("绿谷食品有限公司", "DW-2026-000177")]
            .map(|(title, code)| Suggestion {
                code: code.into(),
                title: title.into(),
                note: say(t, "云川州|Yunchuan"),
            })
            .into(),
    };
    vec![
        ("form", form(t).render()),
        ("form-wrong", wrong.render()),
        ("form-conflict", conflict.render()),
        ("form-duplicates", duplicates.render()),
        ("form-protected", protected.render()),
        ("suggest", suggestions.render()),
    ]
}

fn form(t: Locale) -> RecordForm {
    RecordForm {
        shell: Shell { groups: nav(t, "opportunities"), ..shell(t, Nav::Elsewhere) },
        crumbs: vec![link(&say(t, "推介项目|Opportunities"), "list.html")],
        title: say(t, "编辑：云川州绿谷产业园番茄制品精深加工项目|Edit: Tomato processing, Lügu park"),
        intro: "XM-2026-000101".into(),
        action: "#".into(),
        cancel: "record.html".into(),
        version: "7".into(),
        sections: sections(t, false),
        reason: Some(String::new()),
        ..RecordForm::default()
    }
}

fn field(t: Locale, name: &str, words: &str, control: Control) -> FormField {
    FormField { name: name.into(), label: say(t, words), control, ..FormField::default() }
}

fn line(value: &str) -> Control {
    Control::Text { value: value.into(), max_length: 200 }
}

fn quantity(t: Locale, value: &str, unit: &str) -> Control {
    Control::Quantity { value: value.into(), unit: say(t, unit) }
}

fn of(t: Locale, list: &[(&str, &str)], on: &str) -> Vec<Choice> {
    let choice = |(value, words): &(&str, &str)| Choice {
        value: (*value).into(),
        label: say(t, words),
        selected: *value == on,
        depth: 0,
    };
    list.iter().map(choice).collect()
}

/// The mistake, where the form has any.
fn error(t: Locale, wrong: bool, words: &str) -> String {
    if wrong { say(t, words) } else { String::new() }
}

fn sections(t: Locale, wrong: bool) -> Vec<FormSection> {
    let project =
        FormSection { label: say(t, "项目|Project"), fields: project(t, wrong), ..FormSection::default() };
    let supplies = FormSection {
        label: say(t, "要素保障|Land and utilities"),
        hint: say(t, "不清楚的留空，显示为不详|Leave empty what is not known"),
        fields: supplies(t, wrong),
    };
    vec![project, supplies]
}

fn project(t: Locale, wrong: bool) -> Vec<FormField> {
    let region = Control::Record { value: picked("云川州", "X10300"), suggest: "suggest.html".into() };
    let sectors =
        choices(&[("C", "C 制造业", 0), ("C14", "C14 食品制造业", 1), ("C17", "C17 纺织业", 1)], "C14");
    let park = Control::Record {
        value: picked("绿谷产业园", "YQ-2026-000012"),
        suggest: "suggest.html".into(),
    };
    let content = Control::Long {
        value: say(t, "四条生产线与三万吨气调冷库|Four lines and a cold store"),
        max_length: 4000,
    };
    let forms =
        of(t, &[("sole", "独资|sole"), ("joint", "合资|joint"), ("coop", "合作|cooperation")], "joint");
    let public = Control::Flag { checked: true, text: say(t, "列入公开推介|Shown to enterprises") };
    let title = field(t, "title", "项目名称|Name", line("云川州绿谷产业园番茄制品精深加工项目"));
    let region = field(t, "region", "地区|Region", region);
    vec![
        FormField { required: true, wide: true, ..title },
        field(t, "title_en", "英文名称|English name", line("")),
        FormField { required: true, error: error(t, wrong, "请选择地区。|Choose a region."), ..region },
        field(t, "park", "园区|Park", park),
        field(t, "sector", "行业|Sector", Control::Sector(sectors)),
        amount(t, wrong),
        FormField { wide: true, ..field(t, "content", "建设内容|What is built", content) },
        field(t, "form", "合作方式|Form of cooperation", Control::Many(forms)),
        field(t, "public", "公开|Public", public),
    ]
}

fn amount(t: Locale, wrong: bool) -> FormField {
    let control = Control::Amount {
        value: if wrong { "125000000".into() } else { "12.5".into() },
        unit: of(t, &[("yi", "亿元|CNY 100 m"), ("wan", "万元|CNY 10,000")], "yi"),
        approx: of(t, &[("exact", "准确|exactly"), ("about", "约|about"), ("over", "超|over")], "about"),
    };
    FormField {
        error: error(
            t,
            wrong,
            "金额不能超过 10 万亿元，请核对单位。|More than CNY 10,000 bn; check the unit.",
        ),
        hint: say(t, "按备案或可研口径填写|As filed or in the feasibility study"),
        ..field(t, "investment", "拟投资|Investment", control)
    }
}

fn supplies(t: Locale, wrong: bool) -> Vec<FormField> {
    let power = quantity(t, if wrong { "充足" } else { "" }, "万千瓦时/年|10 MWh a year");
    vec![
        field(t, "land", "用地|Land", quantity(t, "320", "亩|mu")),
        FormField {
            error: error(t, wrong, "应为数字，例如 3.5。|A number such as 3.5."),
            ..field(t, "power", "用电|Power", power)
        },
        field(t, "water", "用水|Water", quantity(t, "12000", "立方米/日|m³ a day")),
        field(t, "until", "有效至|Valid until", Control::Date("2027-12-31".into())),
        policies(t, wrong),
    ]
}

fn policies(t: Locale, wrong: bool) -> FormField {
    let roles = |on: &str| of(t, &[("offered", "适用|applies"), ("sought", "拟争取|sought")], on);
    let first = LinkRow {
        record: picked("绿谷产业园招商引资优惠政策", "ZC-2025-000014"),
        roles: roles("offered"),
        error: String::new(),
    };
    let blank = LinkRow {
        roles: roles(""),
        error: error(t, wrong, "没有找到这份政策。|No such policy."),
        ..LinkRow::default()
    };
    let control = Control::Links {
        rows: vec![first, blank],
        role_label: t.role().into(),
        suggest: "suggest.html".into(),
    };
    FormField { wide: true, ..field(t, "policy", "政策|Policies", control) }
}

fn conflict(t: Locale) -> Conflict {
    Conflict {
        who: say(t, "林晓|Lin Xiao"),
        when: "2026-11-22 10:12".into(),
        fields: vec![
            ConflictField {
                name: "land".into(),
                label: say(t, "用地|Land"),
                opened: say(t, "280 亩|280 mu"),
                theirs: say(t, "300 亩|300 mu"),
                mine: say(t, "320 亩|320 mu"),
                keep: String::new(),
            },
            ConflictField {
                name: "content".into(),
                label: say(t, "建设内容|What is built"),
                opened: say(t, "四条生产线|Four lines"),
                theirs: say(t, "四条生产线、检验中心|Four lines and a laboratory"),
                mine: say(t, "四条生产线与三万吨气调冷库|Four lines and a cold store"),
                keep: String::new(),
            },
        ],
    }
}

fn duplicates(t: Locale) -> Duplicates {
    Duplicates {
        rows: vec![Duplicate {
            record: link(&say(t, "绿谷番茄制品深加工|Lügu tomato products"), "record.html"),
            code: "XM-2025-000087".into(),
            facts: say(t, "云川州 · C14 · 关闭|Yunchuan · C14 · closed"),
            reasons: vec![
                say(t, "名称相近|similar name"),
                say(t, "同一园区|same park"),
                say(t, "同一行业|same sector"),
            ],
        }],
        may_continue: true,
        different: false,
    }
}

fn protected(t: Locale) -> Protected {
    Protected {
        enterprise: say(t, "青禾食品集团有限公司|Qinghe Foods"),
        since: "2026-09-30".into(),
        ask: say(t, "青禾省前方指挥部招商组 0900-555 0107|Qinghe front command, 0900-555 0107"),
    }
}
