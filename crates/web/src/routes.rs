//! The one table of routes. A route is registered with who may use it, or not at all.

use crate::guard::{Access, Guard, guard};
use crate::{
    WebState, accounts, aid, aid_export, aid_money, archive, assets, attachments, audit, brochure, bulk,
    calendar, checks, claims, contacts, day, documents, duplicates, entrance, factor, figure_export, figures,
    forms, lights, lists, meeting, mentions, merge, moves, news, nul, overview, people, problems, progress,
    reader, record_figures, records, schedule, search, settings, shares, stages, tasks, totals, viewer,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use std::convert::Infallible;

/// A route as the committed list shows it.
#[derive(Debug, Clone)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path with its parameters.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Collects routes with their access.
pub(crate) struct Routes {
    state: WebState,
    list: Vec<Route>,
    router: Router<WebState>,
}

impl Routes {
    pub(crate) fn into_router(self) -> Router<WebState> {
        self.router
    }

    fn get<H: Handler<T, WebState>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add("GET", MethodFilter::GET, path, access, handler, DefaultBodyLimit::max(0))
    }

    fn post<H: Handler<T, WebState>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add("POST", MethodFilter::POST, path, access, handler, DefaultBodyLimit::max(nul::FORM_BYTES))
    }

    /// A form with files: its handler counts bytes as they come.
    fn upload<H: Handler<T, WebState>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add("POST", MethodFilter::POST, path, access, handler, DefaultBodyLimit::disable())
    }

    fn add<H: Handler<T, WebState>, T: 'static>(
        mut self,
        method: &'static str,
        filter: MethodFilter,
        path: &'static str,
        access: Access,
        handler: H,
        limit: DefaultBodyLimit,
    ) -> Self {
        let in_programme = path.starts_with("/p/{programme}");
        assert_eq!(
            in_programme,
            matches!(access, Access::Right(_)),
            "{path}: a right is held in a programme"
        );
        let guarded = Guard { state: self.state.clone(), access };
        let route =
            on(filter, handler).layer::<_, Infallible>(from_fn_with_state(guarded, guard)).layer(limit);
        self.router = self.router.route(path, route);
        self.list.push(Route { method, path, access });
        self
    }
}

/// Every route, in the order of the table.
#[must_use]
pub fn route_list(state: &WebState) -> Vec<Route> {
    routes(state).list
}

/// The table.
pub(crate) fn routes(state: &WebState) -> Routes {
    use Access::{Everywhere, Public, Right, SignedIn};
    use app::Right::{
        AddDocument, ConfirmRole, EnterFigure, Export, ManageUsers, ReviewClaim, View, ViewClaim, ViewTotal,
        ViewUsers, WatchContacts,
    };
    let routes = Routes { state: state.clone(), list: Vec::new(), router: Router::new() };
    let routes = routes
        .get("/healthz", Public, entrance::health)
        .get("/assets/{name}", Public, assets::asset)
        .get("/login", Public, entrance::login_form)
        .post("/login", Public, entrance::login)
        .post("/logout", Public, entrance::logout)
        .post("/locale", Public, entrance::set_language)
        .get("/login/factor", Public, factor::step)
        .post("/login/factor", Public, factor::finish)
        .get("/account", SignedIn, factor::account)
        .get("/account/factor", SignedIn, factor::begin)
        .post("/account/factor", SignedIn, factor::confirm)
        .get("/users", Everywhere(ViewUsers), accounts::list)
        .post("/users", Everywhere(ManageUsers), accounts::add)
        .get("/users/{login}", Everywhere(ViewUsers), accounts::show)
        .post("/users/{login}/roles", Everywhere(ManageUsers), accounts::add_role)
        .post("/users/{login}/roles/{id}/confirm", Everywhere(ConfirmRole), accounts::confirm_role)
        .post("/users/{login}/roles/{id}/remove", Everywhere(ManageUsers), accounts::remove_role)
        .post("/users/{login}/password", Everywhere(ManageUsers), accounts::set_password)
        .post("/users/{login}/disabled", Everywhere(ManageUsers), accounts::set_disabled)
        .post("/users/{login}/factor/reset", Everywhere(ConfirmRole), accounts::reset_factor)
        .get("/contact-views", Everywhere(WatchContacts), contacts::views)
        .get("/", SignedIn, entrance::programmes)
        .get("/p/{programme}", Right(View), overview::show)
        .get("/p/{programme}/documents", Right(View), documents::list)
        .upload("/p/{programme}/documents", Right(AddDocument), documents::add)
        .get("/p/{programme}/documents/progress", Right(View), documents::progress)
        .get("/p/{programme}/documents/{code}", Right(View), reader::show)
        .get("/p/{programme}/documents/{code}/original", Right(View), documents::original)
        .post("/p/{programme}/documents/{code}/details", Right(AddDocument), documents::set_details)
        .post("/p/{programme}/documents/{code}/accept-certain", Right(ReviewClaim), reader::accept_certain)
        .post("/p/{programme}/documents/{code}/figures", Right(EnterFigure), viewer::enter)
        .get("/p/{programme}/claims", Right(ViewClaim), claims::list)
        .get("/p/{programme}/claims/{id}", Right(ViewClaim), claims::show)
        .post("/p/{programme}/claims/{id}/accept", Right(ReviewClaim), claims::accept)
        .post("/p/{programme}/claims/{id}/reject", Right(ReviewClaim), claims::reject)
        .post("/p/{programme}/claims/{id}/correct", Right(ReviewClaim), claims::correct)
        .post("/p/{programme}/claims/{id}/reopen", Right(ReviewClaim), claims::reopen)
        .get("/p/{programme}/news", Right(ViewClaim), news::list)
        .get("/p/{programme}/news/{id}", Right(ViewClaim), news::show)
        .post("/p/{programme}/news/{id}/join", Right(ReviewClaim), news::join)
        .post("/p/{programme}/news/{id}/reject", Right(ReviewClaim), news::reject)
        .post("/p/{programme}/news/{id}/reopen", Right(ReviewClaim), news::reopen)
        .post("/p/{programme}/claims/{id}/name", Right(ReviewClaim), meeting::name)
        .post("/p/{programme}/claims/{id}/join", Right(ReviewClaim), meeting::join)
        .get("/p/{programme}/figures", Right(View), figures::list)
        .get("/p/{programme}/figures.xlsx", Right(Export), figure_export::xlsx)
        .get("/p/{programme}/figures.csv", Right(Export), figure_export::csv)
        .get("/p/{programme}/figures.jsonl", Right(Export), figure_export::json_lines)
        .get("/p/{programme}/figures/{code}", Right(View), figures::show)
        .post("/p/{programme}/figures/{code}/status", Right(EnterFigure), figures::set_status)
        .post("/p/{programme}/figures/{code}/replace", Right(EnterFigure), figures::replace)
        .get("/p/{programme}/totals", Right(ViewTotal), totals::show)
        .get("/p/{programme}/checks", Right(ViewClaim), checks::list)
        .get("/p/{programme}/search", Right(View), search::show);
    import_routes(settings_routes(aid_routes(reporting_routes(follow_routes(record_routes(routes))))))
}

/// Lists, forms and pages of records.
fn record_routes(routes: Routes) -> Routes {
    use Access::Right;
    use app::Right::{
        AddDocument, BulkEdit, EditRecord, EnterFigure, Export, MergeRecord, Undo, View, ViewAudit,
        ViewContact,
    };
    routes
        .get("/p/{programme}/lists/{kind}", Right(View), lists::show)
        .get("/p/{programme}/lists/{kind}/export.xlsx", Right(Export), crate::list_export::xlsx)
        .get("/p/{programme}/lists/{kind}/export.csv", Right(Export), crate::list_export::csv)
        .post("/p/{programme}/lists/{kind}/views", Right(View), crate::list_views::save)
        .post("/p/{programme}/lists/{kind}/views/default", Right(View), crate::list_views::set_default)
        .post("/p/{programme}/lists/{kind}/views/{id}/delete", Right(View), crate::list_views::delete)
        .post("/p/{programme}/lists/{kind}/bulk", Right(BulkEdit), bulk::preview)
        .post("/p/{programme}/lists/{kind}/bulk/done", Right(BulkEdit), bulk::save)
        .get("/p/{programme}/lists/{kind}/new", Right(EditRecord), forms::new)
        .post("/p/{programme}/lists/{kind}/new", Right(EditRecord), forms::create)
        .get("/p/{programme}/suggest/{kind}", Right(View), forms::suggest)
        .get("/p/{programme}/regions", Right(View), crate::regions::index)
        .get("/p/{programme}/regions/{code}", Right(View), progress::region)
        .get("/p/{programme}/lights", Right(View), lights::show)
        .get("/p/{programme}/duplicates", Right(MergeRecord), duplicates::list)
        .post("/p/{programme}/duplicates/different", Right(MergeRecord), duplicates::different)
        .get("/p/{programme}/merge", Right(MergeRecord), merge::show)
        .post("/p/{programme}/merge", Right(MergeRecord), merge::merge)
        .post("/p/{programme}/merge/other", Right(MergeRecord), merge::other)
        .get("/p/{programme}/records", Right(View), records::first)
        .get("/p/{programme}/records/{code}", Right(View), records::show)
        .get("/p/{programme}/records/{code}/edit", Right(EditRecord), forms::edit)
        .post("/p/{programme}/records/{code}/edit", Right(EditRecord), forms::save)
        .get("/p/{programme}/records/{code}/sheet", Right(View), brochure::sheet)
        .get("/p/{programme}/records/{code}/sheet.docx", Right(Export), brochure::sheet_docx)
        .get("/p/{programme}/records/{code}/brief", Right(View), crate::brief::show)
        .get("/p/{programme}/records/{code}/brief.docx", Right(Export), crate::brief::docx)
        .get("/p/{programme}/schedule", Right(View), schedule::show)
        .get("/p/{programme}/schedule.docx", Right(Export), schedule::docx)
        .get("/p/{programme}/schedule.xlsx", Right(Export), schedule::xlsx)
        .get("/p/{programme}/problems", Right(View), problems::show)
        .get("/p/{programme}/problems.docx", Right(Export), problems::docx)
        .get("/p/{programme}/problems.xlsx", Right(Export), problems::xlsx)
        .get("/p/{programme}/records/{code}/solve", Right(View), records::back)
        .post("/p/{programme}/records/{code}/solve", Right(EditRecord), problems::solve)
        .get("/p/{programme}/prospectus", Right(View), brochure::prospectus)
        .get("/p/{programme}/prospectus.docx", Right(Export), brochure::prospectus_docx)
        .get("/p/{programme}/records/{code}/quotes", Right(View), mentions::list)
        .get("/p/{programme}/records/{code}/attachments", Right(View), records::back)
        .post("/p/{programme}/records/{code}/attachments", Right(EditRecord), attachments::add)
        .get("/p/{programme}/records/{code}/upload", Right(View), records::back)
        .upload("/p/{programme}/records/{code}/upload", Right(AddDocument), attachments::upload)
        .post("/p/{programme}/records/{code}/attachments/{id}/remove", Right(EditRecord), attachments::remove)
        .get("/p/{programme}/records/{code}/figures", Right(View), records::back)
        .post("/p/{programme}/records/{code}/figures", Right(EnterFigure), record_figures::add)
        .get("/p/{programme}/records/{code}/shares", Right(View), records::back)
        .post("/p/{programme}/records/{code}/shares", Right(EditRecord), shares::add)
        .post("/p/{programme}/records/{code}/shares/remove", Right(EditRecord), shares::remove)
        .get("/p/{programme}/records/{code}/people", Right(View), records::back)
        .post("/p/{programme}/records/{code}/people", Right(ViewContact), people::add)
        .post("/p/{programme}/records/{code}/people/{id}/remove", Right(ViewContact), people::remove)
        .get("/p/{programme}/records/{code}/erase", Right(ViewContact), contacts::ask)
        .post("/p/{programme}/records/{code}/erase", Right(ViewContact), contacts::erase)
        .get("/p/{programme}/records/{code}/status", Right(View), records::back)
        .get("/p/{programme}/records/{code}/stage", Right(EditRecord), stages::show)
        .post("/p/{programme}/records/{code}/stage", Right(EditRecord), stages::submit)
        .post("/p/{programme}/records/{code}/status", Right(EditRecord), moves::submit)
        .get("/p/{programme}/records/{code}/archive", Right(View), records::back)
        .post("/p/{programme}/records/{code}/archive", Right(EditRecord), archive::archive)
        .post("/p/{programme}/records/{code}/restore", Right(EditRecord), archive::restore)
        .get("/p/{programme}/records/{code}/audit", Right(ViewAudit), audit::show)
        .post("/p/{programme}/changes/{id}/undo", Right(Undo), audit::undo)
}

/// What is to be done: tasks, my day, the calendar.
fn follow_routes(routes: Routes) -> Routes {
    use Access::Right;
    use app::Right::{EditRecord, Export, ManageSettings, View};
    routes
        .get("/p/{programme}/day", Right(View), day::show)
        .post("/p/{programme}/day/seen", Right(View), day::seen)
        .get("/p/{programme}/summary", Right(View), crate::weekly::show)
        .post("/p/{programme}/summary", Right(View), crate::weekly::save)
        .post("/p/{programme}/summary/again", Right(View), crate::weekly::again)
        .get("/p/{programme}/settings/robots", Right(ManageSettings), settings::robots::show)
        .post("/p/{programme}/settings/robots", Right(ManageSettings), settings::robots::add)
        .post("/p/{programme}/settings/robots/{code}/remove", Right(ManageSettings), settings::robots::remove)
        .post("/p/{programme}/settings/robots/{code}/again", Right(ManageSettings), settings::robots::again)
        .get("/p/{programme}/calendar", Right(View), calendar::show)
        .get("/p/{programme}/calendar.ics", Right(Export), calendar::ics)
        .get("/p/{programme}/records/{code}/tasks", Right(View), records::back)
        .post("/p/{programme}/records/{code}/tasks", Right(EditRecord), tasks::add)
        .post("/p/{programme}/tasks/{id}/done", Right(View), tasks::done)
        .post("/p/{programme}/tasks/{id}/remove", Right(EditRecord), tasks::remove)
}

/// Sheets on their way in, the cells that values came from, and lists for programs to read.
fn import_routes(routes: Routes) -> Routes {
    use crate::imports;
    use Access::Right;
    use app::Right::{BulkEdit, Export, View};
    routes
        .get("/p/{programme}/lists/{kind}/export.jsonl", Right(Export), crate::list_export::json_lines)
        .get("/p/{programme}/imports", Right(BulkEdit), imports::list)
        .get("/p/{programme}/imports/ledgers/{ledger}", Right(BulkEdit), imports::ledger)
        .upload("/p/{programme}/imports", Right(BulkEdit), imports::add)
        .get("/p/{programme}/imports/{id}", Right(BulkEdit), imports::show)
        .post("/p/{programme}/imports/{id}/mapping", Right(BulkEdit), imports::map)
        .post("/p/{programme}/imports/{id}/sheet", Right(BulkEdit), imports::sheet)
        .post("/p/{programme}/imports/{id}/decide", Right(BulkEdit), imports::decide)
        .post("/p/{programme}/imports/{id}/commit", Right(BulkEdit), imports::commit)
        .post("/p/{programme}/imports/{id}/cancel", Right(BulkEdit), imports::cancel)
        .get("/p/{programme}/imports/{id}/file", Right(BulkEdit), imports::file)
        .get("/p/{programme}/imports/{id}/wrong.xlsx", Right(BulkEdit), imports::wrong)
        .get("/p/{programme}/imports/{id}/rows/{row}", Right(View), imports::cell)
        .get("/p/{programme}/records/{code}/cells", Right(View), imports::cells)
}

/// Rounds of reporting, and filings.
fn reporting_routes(routes: Routes) -> Routes {
    use crate::reporting::{self, filing, filing_forms as filed, round, round_forms as rounds, sheets};
    use Access::Right;
    use app::Right::{EditRecord, Export, FileReport, ReviewFigure, View};
    routes
        .get("/p/{programme}/reporting", Right(View), reporting::list)
        .get("/p/{programme}/reporting/{code}", Right(View), round::show)
        .get("/p/{programme}/reporting/{code}/export.xlsx", Right(Export), sheets::compiled)
        .get("/p/{programme}/reporting/{code}/export.csv", Right(Export), sheets::compiled_csv)
        .get("/p/{programme}/reporting/{code}/export.jsonl", Right(Export), sheets::compiled_lines)
        .get("/p/{programme}/reporting/{code}/export.docx", Right(Export), sheets::compiled_docx)
        .get("/p/{programme}/reporting/{code}/sheets.xlsx", Right(Export), sheets::all)
        .get("/p/{programme}/reporting/{code}/lines", Right(View), rounds::back)
        .post("/p/{programme}/reporting/{code}/lines", Right(EditRecord), rounds::add_line)
        .post("/p/{programme}/reporting/{code}/lines/remove", Right(EditRecord), rounds::remove_line)
        .get("/p/{programme}/reporting/{code}/units", Right(View), rounds::back)
        .post("/p/{programme}/reporting/{code}/units", Right(EditRecord), rounds::add_units)
        .post("/p/{programme}/reporting/{code}/units/remove", Right(EditRecord), rounds::remove_unit)
        .post("/p/{programme}/reporting/{code}/send", Right(EditRecord), rounds::send)
        .post("/p/{programme}/reporting/{code}/remind", Right(EditRecord), rounds::remind)
        .post("/p/{programme}/reporting/{code}/close", Right(EditRecord), rounds::close)
        .get("/p/{programme}/reporting/{code}/reopen", Right(View), rounds::back)
        .post("/p/{programme}/reporting/{code}/reopen", Right(EditRecord), rounds::reopen)
        .get("/p/{programme}/reporting/{code}/next", Right(View), rounds::back)
        .post("/p/{programme}/reporting/{code}/next", Right(EditRecord), rounds::next)
        .get("/p/{programme}/filings/{code}", Right(View), filing::show)
        .post("/p/{programme}/filings/{code}", Right(FileReport), filed::save)
        .get("/p/{programme}/filings/{code}/sheet.xlsx", Right(View), sheets::one)
        .get("/p/{programme}/filings/{code}/sheets/{digest}", Right(View), sheets::returned)
        .get("/p/{programme}/filings/{code}/state", Right(View), filed::back)
        .post("/p/{programme}/filings/{code}/state", Right(ReviewFigure), filed::set_state)
        .get("/p/{programme}/filings/{code}/correct", Right(View), filed::back)
        .post("/p/{programme}/filings/{code}/correct", Right(FileReport), filed::correct)
        .get("/p/{programme}/filings/{code}/upload", Right(View), filed::back)
        .upload("/p/{programme}/filings/{code}/upload", Right(FileReport), filed::upload)
}

/// The ledger of aid money, and entering its steps.
fn aid_routes(routes: Routes) -> Routes {
    use Access::Right;
    use app::Right::{EnterFigure, Export, View};
    routes
        .get("/p/{programme}/aid", Right(View), aid::show)
        .get("/p/{programme}/aid/figures", Right(View), aid::figures)
        .get("/p/{programme}/aid/export.xlsx", Right(Export), aid_export::xlsx)
        .get("/p/{programme}/aid/export.csv", Right(Export), aid_export::csv)
        .get("/p/{programme}/aid/export.jsonl", Right(Export), aid_export::json_lines)
        .get("/p/{programme}/records/{code}/aid-step", Right(View), records::back)
        .post("/p/{programme}/records/{code}/aid-step", Right(EnterFigure), aid_money::add)
}

/// Pages of settings.
fn settings_routes(routes: Routes) -> Routes {
    use Access::Right;
    use app::Right::{ManageSettings, View, ViewAudit};
    routes
        .get("/p/{programme}/settings", Right(View), settings::show)
        .get("/p/{programme}/settings/audit", Right(ViewAudit), settings::history::show)
        .get("/p/{programme}/settings/regions", Right(View), settings::regions::show)
        .post("/p/{programme}/settings/regions", Right(ManageSettings), settings::regions::save)
        .post("/p/{programme}/settings/regions/add", Right(ManageSettings), settings::regions::add)
        .post(
            "/p/{programme}/settings/regions/{code}/remove",
            Right(ManageSettings),
            settings::regions::remove,
        )
        .get("/p/{programme}/settings/names", Right(View), settings::regions::names)
        .post("/p/{programme}/settings/names", Right(ManageSettings), settings::regions::add_name)
        .post(
            "/p/{programme}/settings/names/{name}/remove",
            Right(ManageSettings),
            settings::regions::remove_name,
        )
        .get("/p/{programme}/settings/stages", Right(View), settings::stages::show)
        .post("/p/{programme}/settings/stages", Right(ManageSettings), settings::stages::save)
        .post("/p/{programme}/settings/stages/add", Right(ManageSettings), settings::stages::add)
        .post("/p/{programme}/settings/stages/{code}/remove", Right(ManageSettings), settings::stages::remove)
        .get("/p/{programme}/settings/aid-shares", Right(View), settings::aid_shares::show)
        .post("/p/{programme}/settings/aid-shares", Right(ManageSettings), settings::aid_shares::save)
        .post("/p/{programme}/settings/aid-shares/add", Right(ManageSettings), settings::aid_shares::add)
        .post(
            "/p/{programme}/settings/aid-shares/{code}/remove",
            Right(ManageSettings),
            settings::aid_shares::remove,
        )
        .get("/p/{programme}/settings/labels", Right(View), settings::labels::show)
        .post("/p/{programme}/settings/labels", Right(ManageSettings), settings::labels::save)
        .post(
            "/p/{programme}/settings/labels/{list}/{code}/reset",
            Right(ManageSettings),
            settings::labels::reset,
        )
        .get("/p/{programme}/settings/units", Right(View), settings::switches::units)
        .post("/p/{programme}/settings/units", Right(ManageSettings), settings::switches::save_unit)
        .get("/p/{programme}/settings/switches", Right(ManageSettings), settings::switches::show)
        .post("/p/{programme}/settings/switches", Right(ManageSettings), settings::switches::save)
}
