//! Whether the service lives, whether it can serve, and what it is.

use crate::db::Db;
use crate::error::{AppError, database_away};
use crate::reply::Reply;
use crate::routes::Routes;
use actix_web::get;
use actix_web::web::Data;
use diesel::IntoSql;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use utoipa::ToSchema;

/// Set when the service begins to shut down: readiness turns 503 before connections end.
pub static IS_STOPPING: AtomicBool = AtomicBool::new(false);

/// Who asks wants to know now: a database that does not answer by then is away.
const READY_WAIT: Duration = Duration::from_secs(2);

/// State of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthOut {
    /// Always `ok`; anything else is a problem document.
    #[schema(example = "ok")]
    pub status: String,
}

/// Version of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionOut {
    /// Name of the service.
    #[schema(example = "ngayhoi")]
    pub name: String,
    /// Version, semantic.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Latest migration that this version brings.
    #[schema(example = "20261122100900_10")]
    pub schema: String,
}

/// Tell whether the process lives
#[utoipa::path(tag = "running", security(()), responses((status = 200, body = HealthOut)))]
#[get("/livez")]
pub async fn get_livez() -> Result<Reply, AppError> {
    Reply::plain(&HealthOut { status: "ok".to_owned() })
}

/// Tell whether requests can be served
///
/// 503 while the database is away or the service is shutting down.
#[utoipa::path(tag = "running", security(()), responses((status = 200, body = HealthOut)))]
#[get("/readyz")]
pub async fn get_readyz(db: Data<Db>) -> Result<Reply, AppError> {
    if IS_STOPPING.load(Ordering::Relaxed) {
        return Err(database_away());
    }
    let question = db.read(async |mut conn| {
        let select = diesel::select(true.into_sql::<diesel::sql_types::Bool>());
        Ok(diesel_async::RunQueryDsl::get_result::<bool>(select, &mut conn).await?)
    });
    tokio::time::timeout(READY_WAIT, question).await.map_err(|_| database_away())??;
    Reply::plain(&HealthOut { status: "ok".to_owned() })
}

/// Tell the version
#[utoipa::path(tag = "running", security(()), responses((status = 200, body = VersionOut)))]
#[get("/version")]
pub async fn get_version() -> Result<Reply, AppError> {
    Reply::plain(&VersionOut {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: crate::db::migrate::fingerprint(),
    })
}

/// Routes outside `/api/v1`.
pub fn configure(config: &mut impl Routes) {
    config.service(get_livez).service(get_readyz).service(get_version);
}
