//! Documents, the reader, figures and totals. All invented.

use locale::Locale;
use pages::{
    Action, Choice, ClaimCounts, ClaimForm, ClaimPanel, ClaimState, Claims, DocumentDetails, DocumentRow,
    DocumentState, Documents, Field, FigureFilter, FigureForm, FigurePage, FigureRow, Figures, Flash,
    LeftOut, LogEntry, Mark, Nav, Paragraph, Reader, Rectangle, Segment, Shell, Tone, Total, UploadResult,
    Viewer,
};

use super::samples::{choices, count, field, link, money, pick, quote, review, shell, status};

pub fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let nothing = Documents {
        shell: Shell { open_claims: 0, ..shell(locale, Nav::Documents) },
        can_add: true,
        limit: "100 MB".into(),
        ..Documents::default()
    };
    let no_figures =
        Figures { shell: shell(locale, Nav::Figures), filter: filter(locale, false), ..Figures::default() };
    let untouched = Reader { panel: None, ..reader(locale, ClaimState::Open) };
    vec![
        ("documents", documents(locale).render()),
        ("documents-empty", nothing.render()),
        ("reader", reader(locale, ClaimState::Open).render()),
        ("reader-accepted", reader(locale, ClaimState::Accepted).render()),
        ("reader-correct", correcting(locale).render()),
        ("reader-start", untouched.render()),
        ("viewer", viewer(locale).render()),
        ("claims", claims(locale).render()),
        ("figures", list(locale).render()),
        ("figures-empty", no_figures.render()),
        ("figure", figure(locale).render()),
        ("total", total(locale).render()),
    ]
}

fn classes(locale: Locale) -> Vec<Choice> {
    let ordinary = pick(locale, "一般资料", "Ordinary document");
    let contract = pick(locale, "合同", "Contract");
    choices(&[("ordinary", &ordinary, 0), ("contract", &contract, 0)], "ordinary")
}

fn documents(locale: Locale) -> Documents {
    let row = |at: usize, title: String, state, open| DocumentRow {
        code: format!("ZL-2026-00000{at}"),
        title,
        publisher: if at == 3 { String::new() } else { pick(locale, "云川日报", "Yunchuan Daily") },
        published: if at == 3 { String::new() } else { "2026-07-18".into() },
        format: [".docx", ".txt", ".pdf", ".html", ".jpg", ".pdf"][at % 6].into(),
        for_parties: if at == 5 { pick(locale, "合同", "Contract") } else { String::new() },
        state,
        open,
        accepted: at * 4,
        rejected: at,
    };
    let failed = locale.refusal_scanned_pdf(pick(locale, "会议纪要.pdf", "minutes.pdf"), 12);
    Documents {
        shell: shell(locale, Nav::Documents),
        rows: vec![
            row(1, quote(locale).document.label, DocumentState::Ready, 21),
            row(
                2,
                pick(
                    locale,
                    "第三届云川特色产业推介会综述：两地携手共建面向中亚的开放型产业协作新格局",
                    "Third Yunchuan fair: the two regions build an open industrial partnership together",
                ),
                DocumentState::Reading(42),
                0,
            ),
            row(3, pick(locale, "走进岭西", "A visit to Lingxi"), DocumentState::Queued, 0),
            row(4, pick(locale, "签约现场照片", "Photo of the signing"), DocumentState::EvidenceOnly, 0),
            row(5, pick(locale, "会议纪要", "Minutes"), DocumentState::Failed(failed), 0),
        ],
        running: 2,
        can_add: true,
        classes: classes(locale),
        limit: "100 MB".into(),
        results: vec![
            UploadResult {
                file: pick(locale, "年中通报.docx", "bulletin.docx"),
                ok: true,
                message: locale
                    .notice_added(pick(locale, "年中通报.docx", "bulletin.docx"), "ZL-2026-000001"),
                href: Some("reader.html".into()),
            },
            UploadResult {
                file: pick(locale, "汇总.wps", "summary.wps"),
                ok: false,
                message: locale.refusal_save_as(pick(locale, "汇总.wps", "summary.wps"), "WPS", ".docx"),
                href: None,
            },
        ],
        next: None,
    }
}

fn details(locale: Locale) -> DocumentDetails {
    DocumentDetails {
        title: quote(locale).document.label,
        publisher: pick(locale, "云川日报", "Yunchuan Daily"),
        published_on: String::new(),
        publisher_proposed: true,
        about: "ZL-2026-000001 · .docx · 48 KB".into(),
        original_href: Some("#".into()),
        ..DocumentDetails::default()
    }
}

fn reader(locale: Locale, state: ClaimState) -> Reader {
    let plain = |zh: &str, en: &str| Segment { text: pick(locale, zh, en), ..Segment::default() };
    let claim = |id: &str, state, certain, zh: &str, en: &str| Segment {
        text: pick(locale, zh, en),
        mark: Some(Mark {
            id: id.into(),
            state,
            certain,
            label: pick(locale, "投资协议额", "Contracts signed"),
            href: None,
        }),
        ..Segment::default()
    };
    let body = |segments| Paragraph { heading: false, segments };
    let mut paragraphs = vec![
        Paragraph {
            heading: true, segments: vec![plain("两地协作结出硕果", "The partnership bears fruit")]
        },
        body(vec![
            plain(
                "今年上半年，青禾省与云川州共举办推介会",
                "In the first half of the year Qinghe and Yunchuan held ",
            ),
            claim("1", ClaimState::Accepted, true, "六场", "six fairs"),
            plain("，集中签约项目合同金额", "; contracts signed come to "),
            claim("2", state, true, "超390亿元", "over CNY 39 billion"),
            plain("，其中云川州", ", of which Yunchuan "),
            claim("3", ClaimState::Open, false, "78.75亿元", "CNY 7.875 billion"),
            plain("、岭西地区", " and Lingxi "),
            claim("4", ClaimState::Corrected, true, "91.95亿元", "CNY 9.195 billion"),
            plain("，到位资金同比增长", "; funds arrived grew by "),
            claim("5", ClaimState::Rejected, false, "两成", "a fifth"),
            plain("。", "."),
        ]),
    ];
    for id in 0..6 {
        let id = format!("9{id}");
        paragraphs.push(body(vec![
            plain("据介绍，园区已入驻", "The park now houses "),
            claim(&id, ClaimState::Open, true, "129家", "129 enterprises"),
            plain("企业，产品销往周边多个地区，冷链与通道建设同步推进，为产业协作打下扎实基础。", " whose goods sell in the regions around; cold stores and corridors are being built beside them."),
        ]));
    }
    Reader {
        shell: shell(locale, Nav::Documents),
        code: "ZL-2026-000001".into(),
        details: details(locale),
        counts: ClaimCounts { open: 21, accepted: 8, corrected: 1, rejected: 2, certain: 14 },
        paragraphs,
        parts: None,
        panel: Some(panel(locale, state)),
        news: None,
        notices: vec![Flash { tone: Tone::Info, text: locale.notice_repaired(12), ..Flash::default() }],
        running: false,
        can_review: true,
        can_edit: true,
    }
}

fn correcting(locale: Locale) -> Reader {
    let mut reader = reader(locale, ClaimState::Open);
    if let Some(panel) = reader.panel.as_mut() {
        panel.form.wrong = pages::Wrong { field: "value".into(), words: locale.login_fill().into() };
    }
    reader
}

fn panel(locale: Locale, state: ClaimState) -> ClaimPanel {
    let accepted = state == ClaimState::Accepted;
    ClaimPanel {
        shell: shell(locale, Nav::Documents),
        id: "2".into(),
        state,
        certain: true,
        quote: pick(locale, "超390亿元", "over CNY 39 billion"),
        measure: pick(locale, "投资协议额", "Contracts signed"),
        value: money(locale, 39000, ("超", "over")),
        fields: vec![
            field(locale.approx(), &pick(locale, "超过", "over")),
            field(locale.role(), &pick(locale, "实际", "actual")),
            field(locale.place(), &pick(locale, "云川州", "Yunchuan")),
            field(locale.period(), &pick(locale, "2026-01-01 至 2026-06-30", "2026-01-01 to 2026-06-30")),
            field(locale.organisation(), ""),
            field(locale.event(), ""),
        ],
        trail: vec![
            Field {
                note: pick(locale, "同句", "same sentence"),
                ..field(locale.measure(), &pick(locale, "合同金额", "contracts"))
            },
            Field {
                note: pick(locale, "标题", "title"),
                ..field(locale.place(), &pick(locale, "云川州", "Yunchuan"))
            },
            Field {
                note: pick(locale, "同句", "same sentence"),
                ..field(locale.period(), &pick(locale, "今年上半年", "first half of the year"))
            },
        ],
        figure: accepted.then(|| link("SJ-2026-000123", "figure.html")),
        attached: accepted,
        form: form(locale),
        can_review: true,
        ..ClaimPanel::default()
    }
}

fn measures(locale: Locale) -> Vec<Choice> {
    choices(
        &[
            ("signed_contract", &pick(locale, "投资协议额", "Contracts signed"), 0),
            ("signed_intent", &pick(locale, "意向及框架额", "Intents and frameworks"), 0),
            ("funds_arrived", &pick(locale, "到位资金(招商口径)", "Funds arrived"), 0),
        ],
        "signed_contract",
    )
}

fn units(locale: Locale) -> Vec<Choice> {
    choices(
        &[("CNY", &pick(locale, "元", "CNY"), 0), ("project", &pick(locale, "个项目", "projects"), 0)],
        "CNY",
    )
}

fn kinds(locale: Locale) -> Vec<Choice> {
    choices(
        &[
            ("", locale.unknown(), 0),
            ("flow", &pick(locale, "期间", "flow"), 0),
            ("cumulative", &pick(locale, "累计", "cumulative"), 0),
            ("stock", &pick(locale, "时点", "stock"), 0),
        ],
        "flow",
    )
}

fn form(locale: Locale) -> ClaimForm {
    ClaimForm {
        measure: measures(locale),
        value: "39000000000".into(),
        unit: units(locale),
        approx: choices(
            &[("exact", &pick(locale, "（无）", "exact"), 0), ("over", &pick(locale, "超过", "over"), 0)],
            "over",
        ),
        role: choices(
            &[("actual", &pick(locale, "实际", "actual"), 0), ("target", &pick(locale, "目标", "target"), 0)],
            "actual",
        ),
        place: pick(locale, "云川州", "Yunchuan"),
        period_from: "2026-01-01".into(),
        period_to: "2026-06-30".into(),
        period_kind: kinds(locale),
        ..ClaimForm::default()
    }
}

fn viewer(locale: Locale) -> Viewer {
    let scan = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='800' height='560'><rect width='800' height='560' fill='%23fbfaf5'/><g fill='%23999'><rect x='90' y='70' width='420' height='22'/><rect x='90' y='130' width='620' height='12'/><rect x='90' y='160' width='580' height='12'/><rect x='90' y='190' width='600' height='12'/><rect x='90' y='260' width='240' height='16'/></g></svg>";
    Viewer {
        shell: shell(locale, Nav::Documents),
        code: "ZL-2026-000004".into(),
        details: DocumentDetails {
            title: pick(locale, "签约现场照片", "Photo of the signing"),
            ..details(locale)
        },
        image: Some(scan.into()),
        original_href: "#".into(),
        pages: 1,
        rectangles: vec![Rectangle {
            page: 1,
            x: "10.5".into(),
            y: "45".into(),
            width: "33".into(),
            height: "6".into(),
            label: pick(locale, "投资协议额 5.2 亿元", "Contracts signed CNY 0.52 bn"),
            href: "figure.html".into(),
        }],
        form: FigureForm {
            measure: measures(locale),
            unit: units(locale),
            approx: form(locale).approx,
            role: form(locale).role,
            host: regions(locale),
            supporter: regions(locale),
            period_kind: kinds(locale),
            rectangle: Rectangle {
                page: 1,
                x: "11".into(),
                y: "22".into(),
                width: "40".into(),
                height: "8".into(),
                ..Rectangle::default()
            },
            ..FigureForm::default()
        },
        figures: figures(locale, 1),
        notices: Vec::new(),
        can_enter: true,
        can_edit: true,
    }
}

fn regions(locale: Locale) -> Vec<Choice> {
    choices(
        &[
            ("", locale.all(), 0),
            ("xl", &pick(locale, "西岭省", "Xiling"), 0),
            ("yc", &pick(locale, "云川州", "Yunchuan"), 1),
            ("dg", &pick(locale, "东沟县", "Donggou"), 2),
        ],
        "yc",
    )
}

fn claims(locale: Locale) -> Claims {
    let mut rows: Vec<_> = (0..6).map(|_| review(locale)).collect();
    rows[1].certain = true;
    rows[2].role = pick(locale, "目标", "target");
    Claims {
        shell: shell(locale, Nav::Claims),
        rows,
        open: 37,
        news: 3,
        only_certain: false,
        next: Some("#".into()),
    }
}

fn filter(locale: Locale, active: bool) -> FigureFilter {
    FigureFilter {
        region: regions(locale),
        measure: measures(locale),
        from: "2026-01-01".into(),
        status: choices(&[("", locale.all(), 0), ("filed", locale.status_filed(), 0)], ""),
        document: choices(&[("", locale.all(), 0), ("1", &quote(locale).document.label, 0)], ""),
        active,
        ..FigureFilter::default()
    }
}

pub fn figures(locale: Locale, many: usize) -> Vec<FigureRow> {
    let values = [
        money(locale, 39000, ("超", "over")),
        money(locale, 24618, ("", "")),
        money(locale, 525, ("近", "nearly")),
        count(locale, "129", ("家企业", "enterprises")),
        money(locale, 9195, ("", "")),
    ];
    (0..many)
        .map(|at| FigureRow {
            closed: false,
            code: format!("SJ-2026-{:06}", 123 + at * 7),
            href: "figure.html".into(),
            measure: match at % 5 {
                3 => pick(locale, "企业数", "Enterprises"),
                2 => pick(locale, "到位资金(招商口径)", "Funds arrived"),
                _ => pick(locale, "投资协议额", "Contracts signed"),
            },
            value: values[at % 5].clone(),
            role: if at == 4 { pick(locale, "目标", "target") } else { String::new() },
            host: match at % 3 {
                0 => pick(locale, "云川州", "Yunchuan"),
                1 => pick(locale, "哈勒塔依草原自治州", "Haletay Steppe Prefecture"),
                _ => String::new(),
            },
            supporter: if at % 2 == 0 { pick(locale, "青禾省", "Qinghe") } else { String::new() },
            period: if at % 4 == 3 {
                String::new()
            } else {
                pick(locale, "2026-01 至 2026-06", "2026-01 to 2026-06")
            },
            status: status(locale, at),
            withdrawn: false,
            note: String::new(),
            evidence: (at + 2) % 4,
            document: (at % 4 != 2).then(|| quote(locale).document),
        })
        .collect()
}

fn list(locale: Locale) -> Figures {
    Figures {
        shell: shell(locale, Nav::Figures),
        filter: filter(locale, true),
        rows: figures(locale, 14),
        count: Some(128),
        next: Some("#".into()),
        first: None,
        exports: vec![pages::Link { label: "导出 .xlsx".into(), href: "#".into() }],
    }
}

fn figure(locale: Locale) -> FigurePage {
    let action = |code: &str, label: &str, needs_reason, tone| Action {
        code: code.into(),
        label: label.into(),
        needs_reason,
        tone,
    };
    FigurePage {
        shell: shell(locale, Nav::Figures),
        code: "SJ-2026-000123".into(),
        measure: pick(locale, "投资协议额", "Contracts signed"),
        value: money(locale, 39000, ("超", "over")),
        status: status(locale, 1),
        summary: pick(
            locale,
            "云川州 · 青禾省 · 2026-01 至 2026-06",
            "Yunchuan · Qinghe · 2026-01 to 2026-06",
        ),
        fields: vec![
            field(locale.code_label(), "SJ-2026-000123"),
            field(locale.value(), &pick(locale, "39,000,000,000 元", "CNY 39,000,000,000")),
            field(locale.approx(), &pick(locale, "超过", "over")),
            field(locale.role(), &pick(locale, "实际", "actual")),
            Field {
                href: Some("record.html".into()),
                ..field(locale.host(), &pick(locale, "云川州", "Yunchuan"))
            },
            field(locale.supporter(), &pick(locale, "青禾省", "Qinghe")),
            Field {
                note: pick(locale, "原文：今年上半年", "as written: first half"),
                ..field(locale.period(), "2026-01-01 – 2026-06-30")
            },
            field(locale.organisation(), ""),
            field(locale.event(), ""),
        ],
        log: vec![
            LogEntry {
                when: "2026-11-22 10:02".into(),
                who: pick(locale, "周明远", "Zhou Mingyuan"),
                status: status(locale, 1),
                reason: pick(locale, "与原文一致", "agrees with the text"),
            },
            LogEntry {
                when: "2026-11-22 09:40".into(),
                who: pick(locale, "林晓", "Lin Xiao"),
                status: status(locale, 0),
                reason: String::new(),
            },
        ],
        quotes: vec![quote(locale), quote(locale)],
        replaces: Some(link("SJ-2026-000101", "figure.html")),
        actions: vec![
            action("approve", locale.action_approve(), false, Tone::Good),
            action("return", locale.action_return(), true, Tone::Neutral),
            action("withdraw", locale.action_withdraw(), true, Tone::Bad),
        ],
        ..FigurePage::default()
    }
}

fn total(locale: Locale) -> Total {
    Total {
        shell: shell(locale, Nav::Overview),
        measure: pick(locale, "投资协议额", "Contracts signed"),
        value: Some(money(locale, 39000, ("超", "over"))),
        high: Some(money(locale, 41200, ("", ""))),
        scope: vec![
            pick(locale, "全部受援地", "all host regions"),
            pick(locale, "期间 2026-01 至 2026-06", "flow 2026-01 to 2026-06"),
            pick(locale, "角色：实际", "role: actual"),
            pick(locale, "单位：元", "unit: CNY"),
        ],
        rule: "default-1".into(),
        counted: figures(locale, 3),
        left_out: figures(locale, 3)
            .into_iter()
            .map(|figure| LeftOut {
                figure,
                reason: pick(
                    locale,
                    "地区、时间与活动均被另一条数据包含",
                    "its regions, period and event lie within another figure",
                ),
                because_of: Some(link("SJ-2026-000123", "figure.html")),
            })
            .collect(),
        counted_count: 4,
        left_out_count: 3,
        hidden_counted: 2,
        hidden_left_out: 1,
        note: pick(
            locale,
            "由各分项相加；原文合计 390 亿元，覆盖 97%",
            "sum of items; the stated total of 39 bn is covered to 97%",
        ),
    }
}
