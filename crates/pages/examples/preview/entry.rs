//! Record forms: empty, with mistakes, after a conflict, with duplicates. All invented.

use locale::Locale;
use pages::{
    Conflict, ConflictField, Control, Duplicate, Duplicates, FormField, FormSection, LinkRow, Nav, Protected,
    RecordForm, Shell, Suggestion, Suggestions, picked,
};

use super::samples::{choices, link, nav, pick, shell};

pub fn pages(t: Locale) -> Vec<(&'static str, String)> {
    let wrong = RecordForm {
        sections: sections(t, true),
        errors: vec![pick(t, "拟投资与一期、二期之和不符", "The phases do not add up to the investment")],
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
                note: pick(t, "云川州", "Yunchuan"),
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
        crumbs: vec![link(&pick(t, "推介项目", "Opportunities"), "list.html")],
        title: pick(t, "编辑：云川州绿谷产业园番茄制品精深加工项目", "Edit: Tomato processing, Lügu park"),
        intro: "XM-2026-000101".into(),
        action: "#".into(),
        cancel: "record.html".into(),
        version: "7".into(),
        sections: sections(t, false),
        reason: Some(String::new()),
        ..RecordForm::default()
    }
}

fn sections(t: Locale, wrong: bool) -> Vec<FormSection> {
    let field = |name: &str, zh: &str, en: &str, control| FormField {
        name: name.into(),
        label: pick(t, zh, en),
        control,
        ..FormField::default()
    };
    let line = |value: &str| Control::Text { value: value.into(), max_length: 200 };
    let regions = choices(
        &[("yc", "云川州 Yunchuan", 0), ("dg", "东沟县 Donggou", 1), ("lx", "岭西地区 Lingxi", 0)],
        "yc",
    );
    let sectors =
        choices(&[("C", "C 制造业", 0), ("C14", "C14 食品制造业", 1), ("C17", "C17 纺织业", 1)], "C14");
    let roles = |on: &str| {
        choices(
            &[("offered", &pick(t, "适用", "applies"), 0), ("sought", &pick(t, "拟争取", "sought"), 0)],
            on,
        )
    };
    let approx = choices(
        &[
            ("exact", &pick(t, "准确", "exactly"), 0),
            ("about", &pick(t, "约", "about"), 0),
            ("over", &pick(t, "超", "over"), 0),
        ],
        "about",
    );
    let units = choices(
        &[("yi", &pick(t, "亿元", "CNY 100 m"), 0), ("wan", &pick(t, "万元", "CNY 10,000"), 0)],
        "yi",
    );
    let amount = FormField {
        error: if wrong {
            pick(t, "金额不能超过 10 万亿元，请核对单位。", "More than CNY 10,000 bn; check the unit.")
        } else {
            String::new()
        },
        hint: pick(t, "按备案或可研口径填写", "As filed or in the feasibility study"),
        ..field(
            "investment",
            "拟投资",
            "Investment",
            Control::Amount {
                value: if wrong { "125000000".into() } else { "12.5".into() },
                unit: units,
                approx,
            },
        )
    };
    vec![
        FormSection {
            label: pick(t, "项目", "Project"),
            fields: vec![
                FormField {
                    required: true,
                    wide: true,
                    ..field("title", "项目名称", "Name", line("云川州绿谷产业园番茄制品精深加工项目"))
                },
                field("title_en", "英文名称", "English name", line("")),
                FormField {
                    required: true,
                    error: if wrong {
                        pick(t, "请选择地区。", "Choose a region.")
                    } else {
                        String::new()
                    },
                    ..field("region", "地区", "Region", Control::Region(regions))
                },
                field(
                    "park",
                    "园区",
                    "Park",
                    Control::Record {
                        value: picked("绿谷产业园", "YQ-2026-000012"),
                        suggest: "suggest.html".into(),
                    },
                ),
                field("sector", "行业", "Sector", Control::Sector(sectors)),
                amount,
                FormField {
                    wide: true,
                    ..field(
                        "content",
                        "建设内容",
                        "What is built",
                        Control::Long {
                            value: pick(t, "四条生产线与三万吨气调冷库", "Four lines and a cold store"),
                            max_length: 4000,
                        },
                    )
                },
                field(
                    "form",
                    "合作方式",
                    "Form of cooperation",
                    Control::Many(choices(
                        &[
                            ("sole", &pick(t, "独资", "sole"), 0),
                            ("joint", &pick(t, "合资", "joint"), 0),
                            ("coop", &pick(t, "合作", "cooperation"), 0),
                        ],
                        "joint",
                    )),
                ),
                field(
                    "public",
                    "公开",
                    "Public",
                    Control::Flag {
                        checked: true, text: pick(t, "列入公开推介", "Shown to enterprises")
                    },
                ),
            ],
            ..FormSection::default()
        },
        FormSection {
            label: pick(t, "要素保障", "Land and utilities"),
            hint: pick(t, "不清楚的留空，显示为不详", "Leave empty what is not known"),
            fields: vec![
                field(
                    "land",
                    "用地",
                    "Land",
                    Control::Quantity { value: "320".into(), unit: pick(t, "亩", "mu") },
                ),
                FormField {
                    error: if wrong {
                        pick(t, "应为数字，例如 3.5。", "A number such as 3.5.")
                    } else {
                        String::new()
                    },
                    ..field(
                        "power",
                        "用电",
                        "Power",
                        Control::Quantity {
                            value: if wrong { "充足".into() } else { String::new() },
                            unit: pick(t, "万千瓦时/年", "10 MWh a year"),
                        },
                    )
                },
                field(
                    "water",
                    "用水",
                    "Water",
                    Control::Quantity { value: "12000".into(), unit: pick(t, "立方米/日", "m³ a day") },
                ),
                field("until", "有效至", "Valid until", Control::Date("2027-12-31".into())),
                FormField {
                    wide: true,
                    ..field(
                        "policy",
                        "政策",
                        "Policies",
                        Control::Links {
                            rows: vec![
                                LinkRow {
                                    record: picked("绿谷产业园招商引资优惠政策", "ZC-2025-000014"),
                                    roles: roles("offered"),
                                    error: String::new(),
                                },
                                LinkRow {
                                    record: String::new(),
                                    roles: roles(""),
                                    error: if wrong {
                                        pick(t, "没有找到这份政策。", "No such policy.")
                                    } else {
                                        String::new()
                                    },
                                },
                            ],
                            role_label: t.role().into(),
                            suggest: "suggest.html".into(),
                        },
                    )
                },
            ],
        },
    ]
}

fn conflict(t: Locale) -> Conflict {
    Conflict {
        who: pick(t, "林晓", "Lin Xiao"),
        when: "2026-11-22 10:12".into(),
        fields: vec![
            ConflictField {
                name: "land".into(),
                label: pick(t, "用地", "Land"),
                opened: pick(t, "280 亩", "280 mu"),
                theirs: pick(t, "300 亩", "300 mu"),
                mine: pick(t, "320 亩", "320 mu"),
                keep_theirs: false,
            },
            ConflictField {
                name: "content".into(),
                label: pick(t, "建设内容", "What is built"),
                opened: pick(t, "四条生产线", "Four lines"),
                theirs: pick(t, "四条生产线、检验中心", "Four lines and a laboratory"),
                mine: pick(t, "四条生产线与三万吨气调冷库", "Four lines and a cold store"),
                keep_theirs: false,
            },
        ],
        taken_over: vec![(
            pick(t, "合作方式", "Form of cooperation"),
            pick(t, "合资、合作", "joint, cooperation"),
        )],
    }
}

fn duplicates(t: Locale) -> Duplicates {
    Duplicates {
        rows: vec![Duplicate {
            record: link(&pick(t, "绿谷番茄制品深加工", "Lügu tomato products"), "record.html"),
            code: "XM-2025-000087".into(),
            facts: pick(t, "云川州 · C14 · 关闭", "Yunchuan · C14 · closed"),
            reasons: vec![
                pick(t, "名称相近", "similar name"),
                pick(t, "同一园区", "same park"),
                pick(t, "同一行业", "same sector"),
            ],
        }],
        may_continue: true,
        different: false,
    }
}

fn protected(t: Locale) -> Protected {
    Protected {
        enterprise: pick(t, "青禾食品集团有限公司", "Qinghe Foods"),
        since: "2026-09-30".into(),
        ask: pick(t, "青禾省前方指挥部招商组 0900-555 0107", "Qinghe front command, 0900-555 0107"),
    }
}
