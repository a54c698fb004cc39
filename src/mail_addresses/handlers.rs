//! The own mail address over HTTP.

use super::dto::{MyEmailIn, MyEmailOut};
use super::queries;
use crate::auth::token::SubjectKind;
use crate::call::Call;
use crate::config::Config;
use crate::db::Conn;
use crate::error::{AppError, ErrorCode, FieldError, message};
use crate::events::Event;
use crate::extract::Body;
use crate::ids::UserId;
use crate::reply::Reply;
use actix_web::web::Data;
use actix_web::{delete, get, put};
use serde_json::json;

/// The account of the person who calls; machines get no mail.
fn me(call: &Call) -> Result<UserId, AppError> {
    let actor = call.actor();
    if actor.kind == SubjectKind::User { Ok(UserId(actor.id)) } else { Err(AppError::new(ErrorCode::Forbidden)) }
}

/// Read the own mail address
#[utoipa::path(tag = "auth", responses((status = 200, body = MyEmailOut)))]
#[get("/me/email")]
pub async fn get_my_email(call: Call, config: Data<Config>) -> Result<Reply, AppError> {
    let user = me(&call)?;
    let found = call.read(async |conn| queries::find(conn, user).await).await?;
    let (address, updated_at) = found.unzip();
    Reply::plain(&MyEmailOut { address, is_mail_sent: config.mail.is_some(), updated_at })
}

/// Set the own mail address
///
/// Reminders of reports and duties that go to the caller's body are sent there as well. Nobody else sees the address, and it goes
/// with the account. What was reminded of before is not sent.
#[utoipa::path(tag = "auth", request_body = MyEmailIn, responses((status = 204)))]
#[put("/me/email")]
pub async fn set_my_email(call: Call, body: Body<MyEmailIn>) -> Result<Reply, AppError> {
    let user = me(&call)?;
    let MyEmailIn { address } = body.parse()?;
    address.parse::<lettre::Address>().map_err(|_| no_address())?;
    let me = call.clone();
    call.write(async move |conn| {
        let version = queries::hold_user(conn, user).await?;
        queries::save(conn, user, &address, me.now()).await?;
        tell(&me, conn, user, version).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Forget the own mail address
///
/// What is still queued is not sent. Without an address nothing happens.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[delete("/me/email")]
pub async fn delete_my_email(call: Call) -> Result<Reply, AppError> {
    let user = me(&call)?;
    let me = call.clone();
    call.write(async move |conn| {
        let version = queries::hold_user(conn, user).await?;
        if queries::delete(conn, user).await? {
            tell(&me, conn, user, version).await?;
        }
        Ok(Reply::no_content())
    })
    .await
}

fn no_address() -> AppError {
    AppError::field(FieldError::new("/address", "email", message("Không phải địa chỉ thư điện tử.", "It is no e-mail address.")))
}

async fn tell(call: &Call, conn: &Conn, user: UserId, version: i32) -> Result<(), AppError> {
    let event = Event {
        campaign_id: None,
        org_unit_id: call.actor().org_unit_id,
        resource: "user",
        resource_id: user.into(),
        version,
        action: "email_changed",
        data: json!({}),
    };
    call.record(conn, event).await
}
