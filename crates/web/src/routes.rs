//! The one table of routes. A route is registered with who may use it, or not at all.

use crate::guard::{Access, Guard, guard};
use crate::{WebState, assets, entrance};
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
        self.add("POST", MethodFilter::POST, path, access, handler, DefaultBodyLimit::max(1 << 20))
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
    use Access::{Public, SignedIn};
    let routes = Routes { state: state.clone(), list: Vec::new(), router: Router::new() };
    routes
        .get("/healthz", Public, entrance::health)
        .get("/assets/{name}", Public, assets::asset)
        .get("/login", Public, entrance::login_form)
        .post("/login", Public, entrance::login)
        .post("/logout", Public, entrance::logout)
        .post("/locale", Public, entrance::set_language)
        .get("/", SignedIn, entrance::programmes)
}
