//! Sub-totals: what agreements add up to by region, beside what is stated of their event or framework.

use crate::common::{applications, now};
use app::{Actor, AmountInput, App, EntryForm, LinkInput, RecordFigure, SumLine, SumOf};
use domain::RecordKind;
use domain::check::Verdict;

const YI: i64 = 10_000_000_000;

struct Desk {
    app: App,
    programme: i64,
    operator: Actor,
}

impl Desk {
    async fn all() -> Vec<Self> {
        let desk = |(app, programme)| Self { app, programme, operator: Actor::operator(now()) };
        applications().await.into_iter().map(desk).collect()
    }

    async fn add(&self, kind: RecordKind, title: &str, fields: &[(&str, &str)], amount: &str) -> String {
        let party = |record: &str, role: &str| LinkInput { record: record.into(), role: role.into() };
        let parties = vec![party("砾原省发展改革委", "host"), party("岚湖青禾食品有限公司", "investor")];
        let links = [("party".to_owned(), parties)];
        let form = EntryForm {
            title: Some(title.into()),
            fields: fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            links: links.into_iter().filter(|_| kind == RecordKind::Agreement).collect(),
            amount: (!amount.is_empty()).then(|| yi(amount)),
            ..EntryForm::default()
        };
        let made = self.app.entry_create(&self.operator, self.programme, kind, &form).await;
        made.expect("a right form").code
    }

    async fn sign(&self, of: (&str, &str), title: &str, region: &str, amount: &str) -> String {
        let fields = [("kind", "investment"), ("status", "signed"), ("region", region), of];
        self.add(RecordKind::Agreement, title, &fields, amount).await
    }

    async fn state(&self, of: &str, region: &str, amount: &str) {
        let figure = RecordFigure {
            measure: "signed_contract".into(),
            amount: yi(amount),
            role: "actual".into(),
            period_kind: "flow".into(),
            region: region.into(),
            ..RecordFigure::default()
        };
        self.app.figure_add(&self.operator, self.programme, of, &figure).await.expect("entered");
    }

    async fn lines(&self, code: &str) -> Vec<SumLine> {
        self.app.sum_list(&self.operator, self.programme, code).await.expect("summed")
    }

    /// The lines as (what, stated, sum) in 亿元; regions by their code.
    async fn shown(&self, code: &str) -> Vec<(String, Option<i64>, Option<i64>)> {
        let regions = self.app.regions(&self.operator, self.programme).await.expect("known");
        let of = |of: &SumOf| match of {
            SumOf::Region(id) => regions.region(*id).expect("known").code.clone(),
            other => format!("{other:?}").to_lowercase(),
        };
        let lines = self.lines(code).await;
        let yi = |quantity: Option<domain::Quantity>| quantity.map(|quantity| quantity.low / YI);
        lines.iter().map(|line| (of(&line.of), yi(line.stated), yi(line.sum))).collect()
    }
}

fn yi(value: &str) -> AmountInput {
    AmountInput { value: value.into(), unit: "yi".into(), ..AmountInput::default() }
}

fn row(what: &str, stated: Option<i64>, sum: Option<i64>) -> (String, Option<i64>, Option<i64>) {
    (what.to_owned(), stated, sum)
}

#[tokio::test]
async fn an_events_agreements_are_summed_by_region_beside_what_is_stated() {
    for desk in Desk::all().await {
        let event = desk.add(RecordKind::Event, "秋季签约会", &[("region", "X12900")], "").await;
        assert!(desk.lines(&event).await.is_empty(), "nothing is known yet");
        desk.sign(("event", &event), "甲", "X12901", "3").await;
        desk.sign(("event", &event), "乙", "X12901", "2").await;
        desk.sign(("event", &event), "丙", "X12921", "4").await;
        let rows = desk.shown(&event).await;
        assert_eq!(
            rows,
            [row("whole", None, Some(9)), row("X12901", None, Some(5)), row("X12921", None, Some(4))]
        );
        desk.state(&event, "X12900", "10").await;
        desk.state(&event, "X12901", "5").await;
        desk.state(&event, "X12921", "5").await;
        let lines = desk.lines(&event).await;
        let verdicts: Vec<_> = lines.iter().map(|line| line.verdict).collect();
        let rest = Some(Verdict::Partial { rest: YI });
        assert_eq!(verdicts, [rest, Some(Verdict::Holding), rest, Some(Verdict::Holding)]);
        assert_eq!(desk.shown(&event).await.last(), Some(&row("parts", Some(10), Some(10))));
        assert!(desk.app.verify_totals(&desk.operator, desk.programme).await.expect("counted").is_empty());
    }
}

#[tokio::test]
async fn parts_that_exceed_the_stated_total_show_the_difference() {
    for desk in Desk::all().await {
        let event = desk.add(RecordKind::Event, "秋季签约会", &[("region", "X12900")], "").await;
        for (region, amount) in [("X12900", "10"), ("X12901", "6"), ("X12921", "5")] {
            desk.state(&event, region, amount).await;
        }
        let lines = desk.lines(&event).await;
        let parts = lines.last().expect("parts");
        assert_eq!(parts.verdict, Some(Verdict::NotAgreeing { difference: YI }));
        assert_eq!(parts.sum.map(|sum| sum.low), Some(11 * YI));
        assert!(lines.iter().all(|line| line.of == SumOf::Parts || line.sum.is_none()));
    }
}

#[tokio::test]
async fn a_part_of_the_same_region_counts_where_everything_then_adds_up() {
    for desk in Desk::all().await {
        let event = desk.add(RecordKind::Event, "秋季签约会", &[("region", "X12900")], "").await;
        for (region, amount) in [("X12900", "10"), ("X12901", "6"), ("X12921", "3"), ("X12900", "1")] {
            desk.state(&event, region, amount).await;
        }
        let rows = desk.shown(&event).await;
        assert_eq!(rows[3..], [row("part(none)", Some(1), None), row("parts", Some(10), Some(10))]);
        desk.state(&event, "X12900", "2").await;
        let lines = desk.lines(&event).await;
        assert_eq!(lines.last().and_then(|line| line.verdict), Some(Verdict::Partial { rest: YI }));
    }
}

#[tokio::test]
async fn a_framework_sums_its_children_and_measures_are_never_mixed() {
    for desk in Desk::all().await {
        let fields = [("kind", "framework"), ("status", "signed"), ("region", "X12900")];
        let framework = desk.add(RecordKind::Agreement, "战略合作", &fields, "20").await;
        desk.sign(("parent", &framework), "子一", "X12901", "3").await;
        let intent = [("kind", "intent"), ("status", "signed"), ("region", "X12921"), ("parent", &framework)];
        desk.add(RecordKind::Agreement, "子二", &intent, "8").await;
        let lines = desk.lines(&framework).await;
        let of = |code: &str| {
            let line = lines.iter().find(|line| line.of == SumOf::Whole && line.group.measure.code() == code);
            let line = line.expect("a whole");
            (line.stated.map(|of| of.low / YI), line.sum.map(|of| of.low / YI))
        };
        assert_eq!((of("signed_contract"), of("signed_intent")), ((None, Some(3)), (Some(20), Some(8))));
        let child = desk.sign(("parent", &framework), "子三", "X12901", "1").await;
        assert!(desk.lines(&child).await.is_empty(), "an investment agreement has no children");
    }
}
