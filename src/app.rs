//! Builds the actix application: the same for the service and for the tests.

use crate::attachments::store::Store;
use crate::auth::actor::Actors;
use crate::auth::token::Keys;
use crate::check_ins::writer::Writer;
use crate::clock::Clock;
use crate::config::Config;
use crate::dashboard::handlers::Overviews;
use crate::db::Db;
use crate::error::{AppError, ErrorCode};
use crate::openapi::Served;
use crate::rate_limit::RateLimits;
use crate::{cors, law, routes};
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::KeepAlive;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// What all workers share.
#[derive(Clone)]
pub struct Shared {
    /// Settings.
    pub config: Config,
    /// URL of the database, the embedded one included.
    pub database_url: String,
    /// The domain's clock.
    pub clock: Clock,
    /// Signing key.
    pub keys: Arc<Keys>,
    /// Rate limits.
    pub limits: Arc<RateLimits>,
    /// The bytes of attachments.
    pub store: Store,
}

/// The application of one worker.
pub fn build(
    shared: &Shared,
    db: Data<Db>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<actix_web::body::BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(db)
        .app_data(Data::new(Actors::default()))
        .app_data(Data::new(Writer::default()))
        .app_data(Data::new(Overviews::default()))
        .app_data(Data::new(shared.clock.clone()))
        .app_data(Data::new(Arc::clone(&shared.keys)))
        .app_data(Data::new(Arc::clone(&shared.limits)))
        .app_data(Data::new(shared.store.clone()))
        .app_data(Data::new(shared.config.clone()))
        .configure(routes::configure)
        .service(web::resource("/api/openapi.json").route(web::get().to(get_openapi)))
        .service(docs())
        .default_service(web::to(answer_unrouted))
        .wrap(from_fn(law::apply))
        .wrap(from_fn(cors::apply))
}

/// Starts the server on a listener that is bound already.
pub fn serve(shared: Shared, listener: TcpListener) -> std::io::Result<Server> {
    let workers = shared.config.workers;
    // Read once, before the first request and not by it.
    Served::get();
    let server = HttpServer::new(move || {
        // A pool is only prepared here: that the database is away is found out by requests, and by readiness.
        #[allow(clippy::expect_used)]
        let db = Data::new(Db::new(&shared.database_url).expect("a pool of checked settings"));
        build(&shared, db)
    })
    .workers(workers)
    // The command line waits for signals itself, and tests must stay stoppable.
    .disable_signals()
    .keep_alive(KeepAlive::Timeout(Duration::from_secs(75)))
    .client_request_timeout(Duration::from_secs(5))
    .shutdown_timeout(10)
    .listen(listener)?;
    Ok(server.run())
}

async fn get_openapi() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header(("Cache-Control", "no-cache")).body(Served::get().text)
}

/// Swagger UI, whole, from the binary.
fn docs() -> utoipa_swagger_ui::SwaggerUi {
    utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/api/openapi.json"))
}

/// 405 with `Allow` where the document knows the path, else 404.
async fn answer_unrouted(request: HttpRequest) -> HttpResponse {
    let allowed = Served::get().methods_of(request.path());
    if allowed.is_empty() {
        return AppError::not_found().error_response();
    }
    let mut response = AppError::new(ErrorCode::MethodNotAllowed).error_response();
    if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}
