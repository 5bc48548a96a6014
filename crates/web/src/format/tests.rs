use super::*;
use jiff::civil::date;

const YUAN: i64 = 100;

fn unit(code: &str) -> Unit {
    Unit::from_code(code).expect("in the table")
}

fn shown(locale: Locale, low: i64, high: Option<i64>, code: &str, approx: Approx) -> (String, String) {
    let quantity = Quantity { low, high, unit: unit(code), approx };
    let amount = amount(locale, quantity);
    (crate::labels::one_line(&amount), amount.exact)
}

#[test]
fn money_stands_in_a_readable_unit_with_the_exact_value_beside_it() {
    for (yuan, zh, en, exact) in [
        (39_000_000_000, "390 亿元", "39 CNY bn", "39,000,000,000"),
        (24_618_000_000, "246.18 亿元", "24.618 CNY bn", "24,618,000,000"),
        (12_345_678_901, "123.46 亿元", "12.35 CNY bn", "12,345,678,901"),
        (100_000_000, "1 亿元", "100 CNY m", "100,000,000"),
        (99_995_000, "9,999.5 万元", "99.995 CNY m", "99,995,000"),
        (9_999, "9,999 元", "9,999 CNY", "9,999"),
        (0, "0 元", "0 CNY", "0"),
        (-250_000_000, "-2.5 亿元", "-250 CNY m", "-250,000,000"),
    ] {
        let shown = |locale| shown(locale, yuan * YUAN, None, "CNY", Approx::Exact);
        assert_eq!(shown(Locale::Zh), (zh.to_owned(), format!("{exact} 元")));
        assert_eq!(shown(Locale::En), (en.to_owned(), format!("CNY {exact}")));
    }
}

#[test]
fn fen_are_not_lost() {
    assert_eq!(shown(Locale::Zh, 1_234_567, None, "CNY", Approx::Exact).1, "12,345.67 元");
    for (text, fen) in
        [("12345.67", Some(1_234_567)), ("-0.5", Some(-50)), ("3.000", Some(300)), ("7", Some(700))]
    {
        assert_eq!(parse(text, Unit::cny()), fen);
    }
    for text in ["", ".5", "1.234", "1e3", "99999999999999999999", "１"] {
        assert_eq!(parse(text, Unit::cny()), None, "{text}");
    }
}

#[test]
fn approximations_and_ranges_keep_their_words() {
    let over = shown(Locale::Zh, 39_000_000_000 * YUAN, None, "CNY", Approx::Over);
    assert_eq!(over.0, "超 390 亿元");
    let range =
        |locale| shown(locale, 3_000_000_000 * YUAN, Some(5_000_000_000 * YUAN), "CNY", Approx::About);
    assert_eq!(range(Locale::Zh), ("约 30–50 亿元".into(), "3,000,000,000–5,000,000,000 元".into()));
    assert_eq!(range(Locale::En).0, "about 3–5 CNY bn");
}

#[test]
fn counts_and_rates_carry_their_unit() {
    assert_eq!(shown(Locale::Zh, 129, None, "enterprise", Approx::Exact).0, "129 家企业");
    assert_eq!(shown(Locale::En, 1_290, None, "enterprise", Approx::Nearly).0, "nearly 1,290 enterprises");
    assert_eq!(shown(Locale::Zh, 162_500, None, "%", Approx::Exact), ("16.25%".into(), "16.25%".into()));
    assert_eq!(shown(Locale::Zh, 1_200_000_000, None, "t", Approx::Exact).0, "120 万吨");
    assert_eq!(shown(Locale::En, 1_200_000_000, None, "t", Approx::Exact).0, "1,200,000 t");
}

#[test]
fn periods_are_named_as_people_name_them() {
    let span = |kind, from, to| Period { kind, from: Some(from), to: Some(to) };
    let (first, last) = (date(2023, 1, 1), date(2023, 12, 31));
    for (period, zh, en) in [
        (span(TimeKind::Flow, first, last), "2023年", "2023"),
        (span(TimeKind::Flow, date(2021, 1, 1), date(2025, 12, 31)), "2021—2025年", "2021–2025"),
        (span(TimeKind::Flow, first, date(2023, 1, 31)), "2023年1月", "Jan 2023"),
        (span(TimeKind::Flow, first, date(2023, 6, 30)), "2023年1—6月", "Jan–Jun 2023"),
        (
            span(TimeKind::Flow, first, date(2023, 6, 5)),
            "2023-01-01 至 2023-06-05",
            "2023-01-01 to 2023-06-05",
        ),
        (span(TimeKind::Flow, first, first), "2023-01-01", "2023-01-01"),
        (span(TimeKind::Stock, last, last), "2023-12-31 时点", "as of 2023-12-31"),
        (
            span(TimeKind::Cumulative, first, last),
            "2023-01-01 至 2023-12-31 累计",
            "cumulative 2023-01-01 to 2023-12-31",
        ),
        (
            Period { kind: TimeKind::Cumulative, from: None, to: Some(last) },
            "截至 2023-12-31 累计",
            "cumulative to 2023-12-31",
        ),
    ] {
        assert_eq!(super::period(Locale::Zh, period, Some("去年")), zh);
        assert_eq!(super::period(Locale::En, period, None), en);
    }
    let unknown = Period::unknown(TimeKind::Flow);
    assert_eq!(super::period(Locale::Zh, unknown, Some("近年来")), "“近年来”");
    assert_eq!(super::period(Locale::Zh, unknown, None), "");
}

#[test]
fn instants_stand_in_the_time_zone_of_the_programme() {
    let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
    let at: Timestamp = "2026-11-22T16:30:00Z".parse().expect("an instant");
    assert_eq!(instant(at, &zone), "2026-11-23 00:30");
}

#[test]
fn sizes_are_short() {
    assert_eq!(
        (size(100), size(49_000), size(104_857_600)),
        ("100 B".into(), "48 KB".into(), "100 MB".into())
    );
    assert_eq!(size(1_600_000), "1.5 MB");
}

#[test]
fn a_quantity_is_shown_in_full_and_in_groups_of_three() {
    let mu = domain::Unit::from_code("mu").expect("mu is a unit");
    let scaled = |text: &str| parse(text, mu).expect("a number");
    assert_eq!(exact(Locale::Zh, scaled("4200"), mu), "4,200 亩");
    assert_eq!(exact(Locale::Zh, scaled("1350.5"), mu), "1,350.5 亩");
}
