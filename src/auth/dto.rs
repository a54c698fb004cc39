//! Sign-in as the API shows it.

use super::policy::Role;
use crate::ids::OrgUnitId;
use crate::text::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// User name and password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginIn {
    /// User name.
    #[schema(example = "quantri.tinh")]
    pub username: Label,
    /// Password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 200, example = "mot-mat-khau-dai-va-rieng")]
    pub password: String,
}

/// The password in use and the next.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "mot-mat-khau-dai-va-rieng", "new_password": "mot-mat-khau-khac-va-dai"}))]
pub struct MyPasswordIn {
    /// The password in use.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 200)]
    pub current_password: String,
    /// The next: 12 to 200 characters.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200)]
    pub new_password: String,
}

/// A refresh token.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshIn {
    /// The refresh token of the last sign-in or refresh; it can be used once.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "nhr_3xQ…")]
    pub refresh_token: String,
}

/// Tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensOut {
    /// Access token (JWT): send it as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Life of the access token in seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// The next refresh token. A token that is used twice ends the session.
    pub refresh_token: String,
}

/// An access token of a machine account (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct MachineTokenOut {
    /// Access token (JWT): send it as `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Life of the access token in seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
}

/// Client credentials (RFC 6749, 4.4.2), as a form; or the id and secret by HTTP Basic.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MachineTokenIn {
    /// Always `client_credentials`.
    #[schema(example = "client_credentials", max_length = 100)]
    pub grant_type: String,
    /// Id of the machine account.
    pub client_id: Option<Uuid>,
    /// Its secret.
    #[schema(format = Password, max_length = 200)]
    pub client_secret: Option<String>,
}

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeOut {
    /// Account.
    pub id: Uuid,
    /// Name of the account.
    #[schema(example = "quantri.tinh")]
    pub name: String,
    /// Role.
    pub role: Role,
    /// Unit.
    pub org_unit_id: OrgUnitId,
    /// Name of the unit.
    pub org_unit_name: String,
    /// Kind of the unit.
    #[schema(example = "provincial_committee")]
    pub org_unit_kind: String,
}

/// The public keys that access tokens are signed with (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct JwksOut {
    /// The keys.
    #[schema(value_type = Vec<Object>)]
    pub keys: Vec<serde_json::Value>,
}

/// What a machine needs to know to get a token (RFC 8414).
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizationServerOut {
    /// Issuer in the tokens.
    pub issuer: String,
    /// Path of the token end point.
    pub token_endpoint: String,
    /// Path of the keys.
    pub jwks_uri: String,
    /// Grants.
    pub grant_types_supported: Vec<String>,
    /// How a machine shows its secret.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// None: there is no authorization end point.
    pub response_types_supported: Vec<String>,
}
